r"""Checks mathematics: each line of a derivation, for all sizes, with a proof or a counterexample.

>>> from lrcore.verify import Context, derivation
>>> ctx = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"L": r"\frac1N \|Xw - y\|^2"})
>>> derivation(r"\nabla_w L = \frac{2}{N} X^\top (Xw - y)", ctx).steps[0].verdict.value
'PROVED'

What stands here is all that others use; the folders are the stages behind it, each handing values to the next:
``read`` a text, ``type`` it, ``refute`` it by exact points or ``prove`` it, ``decide``, ``show``; ``confirm`` asks
sympy, ``page`` does it for a whole page, ``why`` names the rules that a step rests on and writes derivations. Neither
numpy nor sympy is loaded, and nothing that a reader typed is ever evaluated.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lrcore.verify.decide.claims import decide as decide_claim
from lrcore.verify.decide.definitions import is_density_alone
from lrcore.verify.decide.pipeline import STUMBLED, Examined, examine, implies, stamped
from lrcore.verify.decide.remarked import remarked
from lrcore.verify.decide.state import Decided, Options
from lrcore.verify.derivations import derivation, mended
from lrcore.verify.prove.book import Book
from lrcore.verify.prove.book import reading as with_certificates
from lrcore.verify.prove.book import writing as keeping_certificates
from lrcore.verify.prove.normal import prove as prove_claim
from lrcore.verify.read import macros
from lrcore.verify.read.clauses import before as said_before
from lrcore.verify.read.clauses import denies, says_symmetric, stated, supposed, unhedged
from lrcore.verify.read.delimiters import is_mathematics
from lrcore.verify.read.document import Chain, is_latex, read_chains, read_expression
from lrcore.verify.read.families import families
from lrcore.verify.read.latex import read_expression as read_latex
from lrcore.verify.read.numpy_like import is_code
from lrcore.verify.read.numpy_like import read as read_numpy
from lrcore.verify.read.passages import Passage, find
from lrcore.verify.read.vocabulary import OPERATIONS
from lrcore.verify.refute.mutants import mutants
from lrcore.verify.show.html import ASSUMED, assumption, formula
from lrcore.verify.show.printing import to_latex, to_text
from lrcore.verify.show.report import Report
from lrcore.verify.terms import names, syntax, words
from lrcore.verify.terms.claim import Condition
from lrcore.verify.terms.errors import Fault, Kind, Problem
from lrcore.verify.terms.memory import remembering
from lrcore.verify.terms.report import Change, Counterexample, Step, Verdict
from lrcore.verify.type.context import LAYOUTS, Context, Symbol
from lrcore.verify.type.declared import shape_of

if TYPE_CHECKING:
    from lrcore.verify.confirm.identity import Confirmation
    from lrcore.verify.confirm.second_opinion import second_opinion
    from lrcore.verify.page.gate import (
        Checked,
        PageReport,
        as_judged,
        check_page,
        check_shown,
        declared,
        page_context,
    )
    from lrcore.verify.page.items import equations, items, symbol_table
    from lrcore.verify.page.project import Project, project_file
    from lrcore.verify.page.shown import HEADINGS, Equation, NoReader, Unread, mark_in, table_symbols
    from lrcore.verify.why.catalogue import RULES, Rule
    from lrcore.verify.why.closed import closed_form
    from lrcore.verify.why.derive import STYLES, Derivation, NotDerived, derive
    from lrcore.verify.why.explain import Why, explain, explained
    from lrcore.verify.why.gap import fill, hints, hints_after
    from lrcore.verify.why.meant import meant
    from lrcore.verify.why.sizes import with_shapes

# What asks sympy or reads whole pages is loaded when it is first used: a cell that checks one line needs neither.
_LATER = {
    **dict.fromkeys(("Confirmation", "second_opinion"), "confirm.second_opinion"),
    **dict.fromkeys(
        ("Checked", "PageReport", "as_judged", "check_page", "check_shown", "declared", "page_context"), "page.gate"
    ),
    **dict.fromkeys(("equations", "items", "symbol_table"), "page.items"),
    **dict.fromkeys(("Project", "project_file"), "page.project"),
    **dict.fromkeys(("HEADINGS", "Equation", "NoReader", "Unread", "mark_in", "table_symbols"), "page.shown"),
    **dict.fromkeys(("RULES", "Rule"), "why.catalogue"),
    **dict.fromkeys(("closed_form",), "why.closed"),
    **dict.fromkeys(("STYLES", "Derivation", "NotDerived", "derive"), "why.derive"),
    **dict.fromkeys(("fill", "hints", "hints_after"), "why.gap"),
    **dict.fromkeys(("meant",), "why.meant"),
    **dict.fromkeys(("with_shapes",), "why.sizes"),
    **dict.fromkeys(("Why", "explain", "explained"), "why.explain"),
}

__all__ = [
    "ASSUMED",
    "HEADINGS",
    "LAYOUTS",
    "OPERATIONS",
    "RULES",
    "STUMBLED",
    "STYLES",
    "Book",
    "Chain",
    "Change",
    "Checked",
    "Condition",
    "Confirmation",
    "Context",
    "Counterexample",
    "Decided",
    "Derivation",
    "Equation",
    "Examined",
    "Fault",
    "Kind",
    "NoReader",
    "NotDerived",
    "Options",
    "PageReport",
    "Passage",
    "Problem",
    "Project",
    "Report",
    "Rule",
    "Step",
    "Symbol",
    "Unread",
    "Verdict",
    "Why",
    "as_judged",
    "assumption",
    "check_page",
    "check_shown",
    "closed_form",
    "decide_claim",
    "declared",
    "denies",
    "derivation",
    "derive",
    "equations",
    "examine",
    "explain",
    "explained",
    "families",
    "fill",
    "find",
    "formula",
    "hints",
    "hints_after",
    "implies",
    "is_code",
    "is_density_alone",
    "is_latex",
    "is_mathematics",
    "items",
    "keeping_certificates",
    "macros",
    "mark_in",
    "meant",
    "mended",
    "mutants",
    "names",
    "page_context",
    "project_file",
    "prove_claim",
    "read_chains",
    "read_expression",
    "read_latex",
    "read_numpy",
    "remarked",
    "remembering",
    "said_before",
    "says_symmetric",
    "second_opinion",
    "shape_of",
    "stamped",
    "stated",
    "supposed",
    "symbol_table",
    "syntax",
    "table_symbols",
    "to_latex",
    "to_text",
    "unhedged",
    "with_certificates",
    "with_shapes",
    "words",
]


if not TYPE_CHECKING:  # or mypy takes every name for one that is there

    def __getattr__(name: str) -> Any:
        if name not in _LATER:
            raise AttributeError(f"lrcore.verify has no {name!r}; it has: {', '.join(__all__)}")
        return getattr(import_module(f"lrcore.verify.{_LATER[name]}"), name)
