r"""The derivation of a derivative: from a loss and a variable to the finished gradient, line by line with its rules.

What stands outermost is differentiated first, one rule at one place a line; a definition is put in only where nothing
else can be done, and folded again at the end where its whole right side stands. By differentials the lines are about
:math:`\mathrm df`, and the last reads the gradient off. Each line is proved before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Options
from lrcore.verify.read.document import read_expression
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Problem, Unreadable
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import typed_alone
from lrcore.verify.why.canonical import canonical, terms, total
from lrcore.verify.why.equations import EQUATION, is_equation
from lrcore.verify.why.explain import Line
from lrcore.verify.why.layout import in_columns
from lrcore.verify.why.reading_off import derivative_of, turned
from lrcore.verify.why.rewriting import FAULTS
from lrcore.verify.why.search import READ
from lrcore.verify.why.shapes import Scope, size_node
from lrcore.verify.why.shortening import shortened
from lrcore.verify.why.strategies import carried_out, manners, unfinished
from lrcore.verify.why.writing import written

STYLES = ("rules", "index", "differential")
PLAIN = (
    "sum rule", "linearity", "differential of a linear expression", "product written as a sum",
    "sum as a matrix product", "delta picks a term", "entry of a sum", "entry of a multiple", "entry of a transpose",
    "derivative of the variable by itself", "transpose of a product", "transpose of a sum", "derivative of a constant",
)  # fmt: skip


class NotDerived(Exception):
    """What was asked for can't be derived with the rules of the catalogue; the sentence says what is left."""


@dataclass(frozen=True)
class Derivation:
    """``lines`` with their rules; ``result`` is what stands at the end, as LaTeX; ``assumes`` what it rests on."""

    lines: tuple[Line, ...]
    result: str
    assumes: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(one.rule for one in self.lines if one.rule)

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Each line as it is read, with ``=`` before it where it goes on with the line above, and its rule."""
        first, *rest = self.lines
        signed = ((one.latex if " = " in one.latex else f"= {one.latex}", one.rule) for one in rest)
        return ((first.latex, ""), *signed)

    def _repr_markdown_(self) -> str:
        """A display a line, and its rule below."""
        parts = [f"$$\n{latex}\n$$" + (f"\n\n*{rule}*" if rule else "") for latex, rule in self.written]
        return "\n\n".join(parts) + "\n"


def derive(loss: str, by: str, context: Context, style: str = "rules") -> Derivation:
    """The derivative of ``loss`` by ``by`` (a name, or an entry such as w_k), in the symbols of ``context``.

    Raises :class:`NotDerived` with a sentence where no rule leads on, or a line could not be proved.
    """
    if style not in STYLES:
        raise ValueError(f"The style is one of {', '.join(STYLES)}, and not {style!r}.")
    f, variable = asked(loss, by, context)
    scope = Scope(context)
    try:
        if style == "index" and isinstance(variable, s.Name) and not scope.number(variable):
            letters = ("k",) if c.D1 in scope.shape(variable) else ("k", "l")
            variable = s.Entry(variable, tuple(map(s.Name, letters)))
        if style == "index" and not scope.number(canonical(f, scope)):
            places = [letter for letter, dim in zip("ij", scope.shape(canonical(f, scope))) if dim != c.D1]
            f = s.Entry(f, tuple(map(s.Name, places)))
        f = _with_ones(f, scope)
        if style == "differential":
            return _by_differentials(f, variable, context)
        return _by_rules(s.Deriv(f, (variable,)), scope, style)
    except (*FAULTS, RecursionError):
        raise NotDerived(f"The derivative of {loss} by {by} is beyond the rules of the catalogue.") from None


def _with_ones(node: s.Node, scope: Scope) -> s.Node:
    """The expression with a column of ones where a number is added to each entry of an array."""
    node = s.rebuild(node, lambda child: _with_ones(child, scope))
    if not isinstance(node, s.Add):
        return node
    shapes = [_shape(one, scope) for one in node.terms]
    rows, cols = next((one for one in shapes if one not in (None, c.SCALAR)), c.SCALAR)
    ones: list[s.Node] = [s.Special("ones", (size_node(rows),))] if rows != c.D1 else []
    ones += [s.T(s.Special("ones", (size_node(cols),)))] if cols != c.D1 else []
    return s.add(
        [s.mul([one, *ones]) if shape == c.SCALAR else one for one, shape in zip(node.terms, shapes, strict=True)]
    )


def _shape(node: s.Node, scope: Scope) -> c.Shape | None:
    """The shape of a part; None where it is told by its place alone."""
    try:
        return None if isinstance(node, s.Special) and not node.sizes else scope.shape(node)
    except FAULTS:
        return None


def asked(loss: str, by: str, context: Context) -> tuple[s.Node, s.Node]:
    """What is differentiated and by what, read; a sentence where one of them is missing or not understood."""
    for given, what, example in ((loss, "what is differentiated", r"\|Xw - y\|^2"), (by, "the variable", "w")):
        if not given.strip():
            raise NotDerived(f"It is not said {what}; give it, such as {example}.")
    read = []
    for given in (loss, by):
        try:
            read.append(read_expression(given, context))
        except Problem as problem:
            raise NotDerived(f"{given}: this is not understood: {problem}") from None
        except RecursionError:
            raise NotDerived(f"{given[:60]} ...: this is nested too deeply to be read.") from None
    f, variable = read
    base = variable.base if isinstance(variable, s.Entry) else variable
    if not isinstance(base, s.Name):
        raise NotDerived(f"{by}: one differentiates with respect to a symbol or an entry of one, such as w or w_k.")
    for name in sorted(s.occurring(f) | {base.id}):
        if name == base.id and context.lookup(name) is None:
            raise NotDerived(f"{by} is not declared; give its shape.")
    try:
        typed_alone(f, context)
    except (IllTyped, Unreadable) as problem:
        if not any(isinstance(one, s.At) for one in s.walk(f)):
            raise NotDerived(f"{loss}: {problem}") from None
    except Problem:
        pass  # what the place would have told
    known = s.occurring(f)
    if base.id not in known.union(*map(context.depends, known)):
        raise NotDerived(f"{by} does not stand in {loss}: the derivative is zero.")
    return f, variable


# ---------------------------------------------------------------------- by known rules, and by indices


def _by_rules(start: s.Deriv, scope: Scope, style: str) -> Derivation:
    node = canonical(in_columns(start, scope), scope)
    left: s.Node = node
    unproved = None
    for manner in ("index",) if style == "index" else manners(node, scope):
        if manner == "index" and style == "rules" and (found := _by_differentials_if_it_goes(start, scope)):
            return found
        lines = [Line(written(node, scope), "", (), node)]
        for rule, place, line in carried_out(node, scope, manner):
            lines.append(Line(written(line, scope), rule.name, place, line))
        end = lines[-1].tree or node
        stuck = unfinished(end, scope)
        if stuck is not None:
            left = stuck
            continue
        lines += _shortened(end, scope)
        lines += _folded(lines[-1].tree or end, start, scope)
        try:
            lines = _proved(_together(lines), lines[0].latex, scope)
        except NotDerived as fault:
            unproved = fault
            continue
        return Derivation(tuple(lines), lines[-1].latex)
    raise unproved or NotDerived(f"No rule of the catalogue leads on from {written(left, scope)}.")


def _shortened(node: s.Node, scope: Scope) -> list[Line]:
    """The lines that bring a result into its shortest form."""
    return [Line(written(line, scope), rule.name, place, line) for rule, place, line in shortened(node, scope)]


def _by_differentials_if_it_goes(start: s.Deriv, scope: Scope) -> Derivation | None:
    """The derivation by differentials, which need no entries."""
    if not isinstance(start.wrt[0], s.Name):
        return None
    try:
        return _by_differentials(start.f, start.wrt[0], scope.context)
    except (NotDerived, *FAULTS):
        return None


def _together(lines: list[Line]) -> list[Line]:
    """The lines; of one plain rule that is used several times in a row, at one place after the other, the last."""
    again = [one.rule in PLAIN and one.rule == after.rule for one, after in pairwise(lines)]
    return [one for one, passed in zip(lines, [*again, False], strict=True) if not passed]


def _folded(node: s.Node, start: s.Node, scope: Scope) -> list[Line]:
    """The result with a definition of the reader folded where its whole right side stands."""
    named = [name for name, symbol in scope.context.symbols.items() if symbol.definition is not None]
    lines = []
    for name in sorted(named, key=lambda one: -len(repr(scope.definition(one)))):
        body = scope.definition(name)
        if body is None or name in s.occurring(start):
            continue
        whole = canonical(body, scope)
        if not isinstance(whole, s.Add | s.Mul):
            continue
        new = canonical(_replaced(node, whole, s.Name(name)), scope)
        if new != node:
            lines.append(Line(written(new, scope), "definition folded", (), new))
            node = new
    return lines


def _replaced(node: s.Node, old: s.Node, new: s.Node) -> s.Node:
    return new if node == old else s.rebuild(node, lambda child: _replaced(child, old, new))


# ---------------------------------------------------------------------- by differentials


def _by_differentials(f: s.Node, by: s.Node, context: Context) -> Derivation:
    if not isinstance(by, s.Name):
        raise NotDerived(
            "Differentials are for a derivative with respect to a whole symbol, indices for an entry of it."
        )
    varied = context.copy()
    varied.variables = frozenset([by.id])
    scope = Scope(varied, frozenset([by.id]))
    node = canonical(s.Diff(f), scope)
    lines = [Line(written(node, scope), "", (), node)]
    for rule, place, line in carried_out(node, scope, "differential"):
        lines.append(Line(written(line, scope), rule.name, place, line))
    end = lines[-1].tree or node
    if (left := unfinished(end, scope)) is not None:
        raise NotDerived(f"No rule of the catalogue leads on from {written(left, scope)}.")
    gradient = derivative_of(end, by, scope)
    if gradient is None:
        raise NotDerived(f"The gradient is not read off from {written(end, scope)}.")
    lines = _proved(_together(lines), lines[0].latex, scope)
    if isinstance(canonical(in_columns(s.Deriv(f, (by,)), scope), scope), s.T):  # the reader lays it out as a row
        gradient = total([turned(one, scope) for one in terms(gradient)], scope)
    left_side = written(canonical(in_columns(s.Deriv(f, (by,)), scope), scope), scope)
    results = [Line(written(gradient, scope), READ.name, (), gradient)]
    for rule, place, line in carried_out(gradient, scope, "rules"):
        results.append(Line(written(line, scope), rule.name, place, line))
    results += _shortened(results[-1].tree or gradient, scope)
    results += _folded(results[-1].tree or gradient, f, scope)
    results = _proved([lines[0], *results], left_side, Scope(context))[1:]
    whole = s.Call(EQUATION, (canonical(in_columns(s.Deriv(f, (by,)), scope), scope), gradient))
    results[0] = replace(results[0], latex=f"{left_side} = {results[0].latex}", tree=whole)
    return Derivation((*lines, *results), results[-1].latex.rpartition(" = ")[2])


# ---------------------------------------------------------------------- the proof of the lines


def _proved(lines: list[Line], left: str, scope: Scope) -> list[Line]:
    """The lines, each proved equal to what was asked by the prover that judges a reader's own, or to the line before
    it. Where the prover finds its way from one order of an entrywise product alone, it is written in that order.
    """
    found = lines[:1]
    for one in lines[1:]:
        tree = one.tree
        if tree is None or is_equation(tree):
            found.append(one)
            continue
        known = dict.fromkeys((left, found[-1].latex))
        spelled = dict.fromkeys((one.latex, written(tree, scope, reciprocals_first=True)))
        new = next((new for new in spelled for old in known if _equal(old, new, scope.context)), None)
        if new is None:
            raise NotDerived(f"This line could not be proved and is not shown: {one.latex}")
        found.append(replace(one, latex=new))
    return found


def _equal(known: str, line: str, context: Context) -> bool:
    report = examine(f"{known} = {line}", context, Options(repairs=0, certify=False)).report
    return [step.verdict for step in report.steps] == [Verdict.PROVED]
