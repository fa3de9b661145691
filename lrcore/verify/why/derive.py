"""The derivation of a derivative: from a loss and a variable to the finished gradient, line by line with its rules.

What stands outermost is differentiated first, one rule at one place a line; a definition is put in only where nothing
else can be done, and folded again at the end where its whole right side stands. Each line is proved before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Options
from lrcore.verify.read.document import read_expression
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.explain import Line
from lrcore.verify.why.rewriting import FAULTS
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import carried_out, unfinished
from lrcore.verify.why.writing import written

STYLES = ("rules", "index")


class NotDerived(Exception):
    """What was asked for can't be derived with the rules of the catalogue; the sentence says what is left."""


@dataclass(frozen=True)
class Derivation:
    """``lines`` with their rules; ``result`` is the last of them, as LaTeX."""

    lines: tuple[Line, ...]
    result: str

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(one.rule for one in self.lines if one.rule)


def derive(loss: str, by: str, context: Context, style: str = "rules") -> Derivation:
    """The derivative of ``loss`` by ``by`` (a name, or an entry such as w_k), in the symbols of ``context``.

    Raises :class:`NotDerived` with a sentence where no rule leads on, or a line could not be proved.
    """
    if style not in STYLES:
        raise ValueError(f"The style is one of {', '.join(STYLES)}, and not {style!r}.")
    try:
        f, variable = read_expression(loss, context), read_expression(by, context)
    except Problem as problem:
        raise NotDerived(f"{loss}, {by}: this is not understood: {problem}") from None
    if isinstance(variable, s.Name) and context.lookup(variable.id) is None:
        raise NotDerived(f"{by} is not declared; give its shape.")
    scope = Scope(context)
    if style == "index" and isinstance(variable, s.Name) and not scope.number(variable):
        letters = ("k",) if scope.shape(variable)[1].constant() == 1 else ("k", "l")
        variable = s.Entry(variable, tuple(map(s.Name, letters)))
    try:
        return _derived(s.Deriv(f, (variable,)), scope, style)
    except (*FAULTS, RecursionError):
        raise NotDerived(f"The derivative of {loss} by {by} is beyond the rules of the catalogue.") from None


def _derived(start: s.Deriv, scope: Scope, style: str) -> Derivation:
    node = canonical(start, scope)
    lines = [Line(written(node, scope), "", (), node)]
    for rule, place, line in carried_out(node, scope, style):
        lines.append(Line(written(line, scope), rule.name, place, line))
    node = lines[-1].tree or node
    if (left := unfinished(node, scope)) is not None:
        raise NotDerived(f"No rule of the catalogue leads on from {written(left, scope)}.")
    lines += _folded(node, start, scope)
    _prove(lines, scope.context)
    return Derivation(tuple(lines), lines[-1].latex)


def _folded(node: s.Node, start: s.Deriv, scope: Scope) -> list[Line]:
    """The result with a definition of the reader folded where its whole right side stands."""
    named = [name for name, symbol in scope.context.symbols.items() if symbol.definition is not None]
    lines = []
    for name in sorted(named, key=lambda one: -len(repr(scope.definition(one)))):
        body = scope.definition(name)
        if body is None or name in s.occurring(start):
            continue
        whole = canonical(body, scope)
        if not isinstance(whole, (s.Add, s.Mul)):
            continue
        new = canonical(_replaced(node, whole, s.Name(name)), scope)
        if new != node:
            lines.append(Line(written(new, scope), "definition folded", (), new))
            node = new
    return lines


def _replaced(node: s.Node, old: s.Node, new: s.Node) -> s.Node:
    return new if node == old else s.rebuild(node, lambda child: _replaced(child, old, new))


def _prove(lines: list[Line], context: Context) -> None:
    """Every line is proved equal to what was asked, by the prover that judges a reader's own."""
    for one in lines[1:]:
        report = examine(f"{lines[0].latex} = {one.latex}", context, Options(repairs=0, certify=False)).report
        if [step.verdict for step in report.steps] != [Verdict.PROVED]:
            raise NotDerived(f"This line could not be proved and is not shown: {one.latex}")
