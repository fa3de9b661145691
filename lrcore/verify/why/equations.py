"""Rules of whole equations, written ``Call("=", (left, right))``: what is done to both sides of one that was given."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical, factors, power, product, terms, total
from lrcore.verify.why.shapes import Scope

Results = Iterator[s.Node]
EQUATION = "="


def equated(left: s.Node, right: s.Node, scope: Scope) -> s.Node:
    """An equation as an expression, in canonical form; a zero stands on the right."""
    left, right = canonical(left, scope), canonical(right, scope)
    return s.Call(EQUATION, (right, left) if s.is_zero(left) else (left, right))


def is_equation(node: s.Node) -> bool:
    """Whether a line is a whole equation."""
    return isinstance(node, s.Call) and node.fn == EQUATION


def _sides(node: s.Node) -> tuple[s.Node, s.Node] | None:
    return (node.args[0], node.args[1]) if isinstance(node, s.Call) and node.fn == EQUATION else None


def moving_a_term(node: s.Node, scope: Scope) -> Results:
    """a + b = c is a = c - b."""
    if not (sides := _sides(node)):
        return
    left, right = sides
    for source, one in ((0, left), (1, right)):
        for term in terms(one):
            minus = product([s.num(-1), term], scope)
            if not s.is_zero(term):
                new = total([left, minus], scope), total([right, minus], scope)
                if (new != (right, left) and not s.is_zero(new[source])) or len(terms(one)) == 1:
                    yield equated(*new, scope)


def multiplying_by_a_number(node: s.Node, scope: Scope) -> Results:
    """Both sides multiplied by a number: by what stands below in one of their terms, or divided by what stands in front
    of all.
    """
    if not (sides := _sides(node)):
        return
    found: list[s.Node] = []
    for side in sides:
        for term in terms(side):
            numbers = [one for one in factors(term) if scope.number(one)]
            if numbers and not s.is_zero(term):
                found.append(power(product(numbers, scope), -1, scope))
                found += [power(one, -1, scope) for one in numbers if one != s.ZERO]
    for by in dict.fromkeys(found):
        if by != s.ONE:
            yield equated(_times([by], sides[0], [], scope), _times([by], sides[1], [], scope), scope)


def multiplying_by_an_inverse(node: s.Node, scope: Scope) -> Results:
    """Both sides multiplied from one side by an inverse, where that cancels something."""
    if not (sides := _sides(node)):
        return
    for by in scope.multipliers:
        for before, after in (([by], []), ([], [by])):
            try:
                left, right = (_times(before, one, after, scope) for one in sides)
                yield equated(left, right, scope)
            except ArithmeticError:
                continue


def transposing_both_sides(node: s.Node, scope: Scope) -> Results:
    """a = b is a^T = b^T."""
    if sides := _sides(node):
        left, right = (s.T(one) for one in sides)
        yield equated(left, right, scope)


def _times(before: list[s.Node], side: s.Node, after: list[s.Node], scope: Scope) -> s.Node:
    """The side multiplied term by term by a number, or as a whole by a matrix."""
    if s.is_zero(side):
        return side
    if all(map(scope.number, (*before, *after))):
        return total([product([*before, one, *after], scope) for one in terms(side)], scope)
    chain = [*before, *factors(side), *after] if not isinstance(side, s.Add) else [*before, side, *after]
    for one, other in itertools.pairwise(chain):
        if not scope.number(one) and not scope.number(other) and scope.shape(one)[1] != scope.shape(other)[0]:
            raise ArithmeticError
    return product(chain, scope)
