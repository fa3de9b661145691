"""From a gradient to the closed form: set it to zero, multiply through, bring what has no variable to the right, take
the variable out, and multiply by the inverse, with its condition. Each equation is proved to follow from the last.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Options
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.why import algebra as a
from lrcore.verify.why.canonical import canonical, coefficient, factors, product, terms, total
from lrcore.verify.why.derive import Derivation, NotDerived, asked, derive
from lrcore.verify.why.differentiation import eye
from lrcore.verify.why.equations import EQUATION, is_equation
from lrcore.verify.why.reason import Line
from lrcore.verify.why.rewriting import FAULTS, rewrites
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import named
from lrcore.verify.why.writing import written

MOST_LINES = 12
ZEROED = "setting the gradient to zero"
_BY_A_NUMBER, _MOVED = "multiplying both sides by a number", "moving a term to the other side"
_INVERTED = "multiplying both sides by a matrix"
_EXPANSION = named(a.expansion)
_SUMS = named(a.expansion, a.sum_of_a_sum, a.constant_in_a_sum)


def closed_form(loss: str, by: str, context: Context, style: str = "rules") -> Derivation:
    """The derivation of the gradient, and on from there to the value of the variable where it vanishes.

    Raises :class:`NotDerived` where the gradient is not linear in the variable, with the variable at the right end of
    each of its terms.
    """
    found = derive(loss, by, context, style)
    variable = asked(loss, by, context)[1]
    last = found.lines[-1].tree
    if not isinstance(variable, s.Name) or last is None:
        raise NotDerived(f"The equation is solved for a whole symbol, such as w, and not for {by}.")
    scope = Scope(context)
    gradient = last.args[1] if isinstance(last, s.Call) and is_equation(last) else last
    try:
        lines = _solved(gradient, variable, scope)
    except (*FAULTS, RecursionError):
        raise NotDerived(f"The equation is beyond the rules that solve for {by}.") from None
    return Derivation((*found.lines, *lines), lines[-1].latex.partition(" = ")[2], _assumed(lines, context))


def _solved(gradient: s.Node, by: s.Name, scope: Scope) -> list[Line]:
    lines = [_line(gradient, s.ZERO, ZEROED, scope)]
    left = gradient
    while (opened := canonical(_unfolded(left, by, scope), scope)) != left:
        lines.append(_line(left := opened, s.ZERO, "definition unfolded", scope))
    if (through := _multiplied(left, by, scope)) != left:
        lines.append(_line(left := through, s.ZERO, _BY_A_NUMBER, scope))
    while (whole := _expanded(left, by, scope)) is not None and len(lines) < MOST_LINES:
        lines.append(_line(left := whole[1], s.ZERO, whole[0], scope))
    moving = [one for one in terms(left) if by.id in s.occurring(one)]
    still = [one for one in terms(left) if by.id not in s.occurring(one)]
    if not moving:
        raise NotDerived(f"The gradient does not depend on {by.id}: it vanishes nowhere, or everywhere.")
    sign = -1 if all(coefficient(one)[0] < 0 for one in moving) else 1
    moving = [product([s.num(sign), one], scope) for one in moving]
    right = total([product([s.num(-sign), one], scope) for one in still], scope)
    if still:
        lines.append(_line(total(moving, scope), right, _MOVED, scope))
    matrix = total([_before(one, by, scope) for one in moving], scope)
    if len(moving) > 1:
        lines.append(_line(product([matrix, by], scope), right, "factoring out", scope))
    elif (front := [one for one in factors(matrix) if scope.number(one)]) and matrix != s.ONE:
        over = s.Pow(product(front, scope), s.num(-1))
        matrix, right = product([over, matrix], scope), product([over, right], scope)
        lines.append(_line(product([matrix, by], scope), right, _BY_A_NUMBER, scope))
    if matrix == s.ONE or isinstance(matrix, s.Special):
        return lines
    if scope.number(matrix):
        lines.append(_line(by, product([s.Pow(matrix, s.num(-1)), right], scope), _BY_A_NUMBER, scope))
    else:
        lines.append(_line(by, product([s.Inv(matrix), right], scope), _INVERTED, scope))
    return lines


def _unfolded(node: s.Node, by: s.Name, scope: Scope) -> s.Node:
    """The expression with each name that rests on the variable in the words of its definition."""
    if isinstance(node, s.Name) and node != by and by.id in scope.context.depends(node.id):
        body = scope.definition(node.id)
        if body is None:
            raise NotDerived(f"{written(node, scope)} rests on {by.id} and is not put in by this rule.")
        return body
    return s.rebuild(node, lambda child: _unfolded(child, by, scope))


def _line(left: s.Node, right: s.Node, rule: str, scope: Scope) -> Line:
    tree = s.Call(EQUATION, (left, right))
    return Line(written(tree, scope), rule, (), tree)


def _multiplied(node: s.Node, by: s.Name, scope: Scope) -> s.Node:
    """The sum without what its terms have in common in front, and without what stands below them."""
    amounts = [coefficient(one)[0] for one in terms(node)]
    common = Fraction(gcd(*(one.numerator for one in amounts)), lcm(*(one.denominator for one in amounts)))
    common = -common if all(one < 0 for one in amounts) else common
    below = [
        s.Pow(one.base, s.num(-one.exponent.value))
        for term in terms(node)
        for one in factors(term)
        if isinstance(one, s.Pow) and isinstance(one.exponent, s.Num) and one.exponent.value < 0
        and scope.number(one) and by.id not in s.occurring(one)
    ]  # fmt: skip
    times = [s.Num(1 / common), *(one.base if one.exponent == s.ONE else one for one in dict.fromkeys(below))]
    return total([product([*times, one], scope) for one in terms(node)], scope)


def _expanded(node: s.Node, by: s.Name, scope: Scope) -> tuple[str, s.Node] | None:
    """The sum with a product multiplied out, or a sum split, in which the variable stands inside brackets."""
    for number, term in enumerate(terms(node)):
        bracketed = [one for one in factors(term) if isinstance(one, s.Add) and by.id in s.occurring(one)]
        summed = [one for one in factors(term) if isinstance(one, s.Sum) and by.id in s.occurring(one)]
        for rule, place, new in rewrites(term, scope, _SUMS if summed else _EXPANSION) if bracketed or summed else ():
            if summed or place == ():
                return rule.name, total([*terms(node)[:number], new, *terms(node)[number + 1 :]], scope)
    return None


def _before(term: s.Node, by: s.Name, scope: Scope) -> s.Node:
    """What stands before the variable in a term that ends with it; nothing but a number is that times I."""
    *rest, last = factors(term)
    if scope.number(by):
        rest, last = [one for one in factors(term) if one != by], by
        fits = len(rest) == len(factors(term)) - 1
    else:
        fits = last == by
    if not fits or any(by.id in s.occurring(one) for one in rest):
        raise NotDerived(f"The gradient is not solved for {by.id}: it does not stand alone at the end of each term.")
    matrix = product(rest, scope)
    return matrix if scope.number(by) or not scope.number(matrix) else product([matrix, eye(by, scope)], scope)


def _assumed(lines: list[Line], context: Context) -> tuple[str, ...]:
    """What the equations rest on, after each was proved to follow from the one before."""
    found: list[str] = []
    for before, after in pairwise(lines):
        text = rf"{before.latex} \implies {after.latex}"
        steps = examine(text, context, Options(repairs=0, certify=False)).report.steps
        if not steps or steps[-1].verdict is not Verdict.PROVED:
            raise NotDerived(f"This line could not be proved and is not shown: {after.latex}")
        found += [one for one in steps[-1].assumes if one not in found and not one.endswith(" holds")]
    return tuple(found)
