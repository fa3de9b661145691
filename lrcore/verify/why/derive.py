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
from lrcore.verify.why import algebra as a
from lrcore.verify.why import differentiation as d
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.catalogue import RULES, Rule
from lrcore.verify.why.explain import Line
from lrcore.verify.why.rewriting import FAULTS, rewrites
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.writing import written

MOST_LINES = 40
STYLES = ("rules", "index")


def _named(*functions: object) -> tuple[Rule, ...]:
    return tuple(one for one in RULES if one.apply in functions)


_FINISHING = (
    d.constant_vanishes, d.derivative_of_the_variable, d.power_rule, d.derivative_of_a_function,
    d.derivative_of_a_quadratic_form, d.derivative_of_a_linear_form, d.derivative_of_an_affine_map,
    d.derivative_of_a_determinant, d.linearity, d.chain_rule, d.sum_rule, d.product_rule, d.repeated_derivative,
)  # fmt: skip
_OPENING = (
    a.definition_unfolded,
    a.linearity_of_the_trace,
    a.norm_as_product,
    a.frobenius_as_trace,
    a.expansion,
    a.cyclic_trace,
)
_INDEX = (
    a.definition_unfolded, a.norm_as_sum, a.trace_as_a_sum, a.entry_of_a_sum, a.entry_of_a_transpose,
    a.sum_as_a_matrix_product,
)  # fmt: skip
_TIDYING = (a.transpose_of_a_product, a.transpose_of_a_sum, a.symmetric_matrix, a.delta_picks_a_term, a.sum_of_a_sum)


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
    lines = [Line(written(node, scope.context), "", (), node)]
    order = (*_INDEX, *_FINISHING) if style == "index" else (*_FINISHING, *_OPENING)
    steps = [_named(one) for one in order]
    while (found := _next(node, scope, steps)) is not None and len(lines) < MOST_LINES:
        lines.append(found)
        node = found.tree or node
    if any(isinstance(one, s.Deriv) for one in s.walk(node)):
        left = next(one for one in s.walk(node) if isinstance(one, s.Deriv))
        raise NotDerived(f"No rule of the catalogue leads on from {written(left, scope.context)}.")
    lines += _folded(node, start, scope)
    _prove(lines, scope.context)
    return Derivation(tuple(lines), lines[-1].latex)


def _next(node: s.Node, scope: Scope, steps: list[tuple[Rule, ...]]) -> Line | None:
    """The next line: the first rule that applies inside a derivative or to one; then tidying."""
    if any(isinstance(one, s.Deriv) for one in s.walk(node)):
        for rules in steps:
            for rule, place, new in rewrites(node, scope, rules):
                if new != node and (rule.apply in _FINISHING or _inside_a_derivative(node, place)):
                    return Line(written(new, scope.context), rule.name, place, new)
    for rule, place, new in rewrites(node, scope, _named(*_TIDYING)):
        if new != node:
            return Line(written(new, scope.context), rule.name, place, new)
    return None


def _inside_a_derivative(node: s.Node, place: tuple[int, ...]) -> bool:
    for number in place:
        if isinstance(node, s.Deriv):
            return True
        node = list(s.children(node))[number]
    return isinstance(node, s.Deriv)


def _folded(node: s.Node, start: s.Deriv, scope: Scope) -> list[Line]:
    """The result with a definition of the reader folded where its whole right side stands."""
    named = [name for name, symbol in scope.context.symbols.items() if symbol.definition is not None]
    lines = []
    for name in sorted(named, key=lambda one: -len(repr(scope.definition(one)))):
        body = scope.definition(name)
        if body is None or name in s.names(start):
            continue
        whole = canonical(body, scope)
        if not isinstance(whole, (s.Add, s.Mul)):
            continue
        new = canonical(_replaced(node, whole, s.Name(name)), scope)
        if new != node:
            lines.append(Line(written(new, scope.context), "definition folded", (), new))
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
