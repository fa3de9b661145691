r"""From a differential to the derivative: the array G of :math:`\mathrm df = \operatorname{tr}(G^\top \mathrm dv)`, and
the Jacobian J of :math:`\mathrm df = J\, \mathrm dv`.

A differential is linear in the change. What multiplies it is followed from the outside to the change itself, and each
layer on the way tells how: a factor in front comes back transposed, an entrywise factor as it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical, factors, product, terms, total, transposed
from lrcore.verify.why.shapes import Scope, size_node


def derivative_of(node: s.Node, by: s.Name, scope: Scope) -> s.Node | None:
    """The gradient of a number, or the Jacobian of a column by a column, from its differential; else None."""
    if s.is_zero(node):
        return s.ZERO
    if scope.number(node):
        return _through(node, s.ONE, s.Diff(by), scope)
    if scope.number(by):
        return None if (parts := _per_change(node, s.Diff(by), scope)) is None else parts
    if scope.shape(node)[1] == c.D1 == scope.shape(by)[1]:
        return _jacobian(node, s.Diff(by), scope)
    return None


def _per_change(node: s.Node, change: s.Diff, scope: Scope) -> s.Node | None:
    """What multiplies a change that is a number, in every term."""
    found = []
    for term in terms(node):
        rest = [one for one in factors(term) if one != change]
        if len(rest) != len(factors(term)) - 1 or any(_moves(one, change) for one in rest):
            return None
        found.append(product(rest, scope))
    return total(found, scope)


def _moves(node: s.Node, change: s.Diff) -> bool:
    return any(one == change for one in s.walk(node))


def _through(node: s.Node, before: s.Node, change: s.Diff, scope: Scope) -> s.Node | None:
    """The gradient of the inner product of ``before`` with a part that is linear in the change."""
    if node == change:
        return before
    match node:
        case s.Add(terms=parts):
            return _total((_through(one, before, change, scope) for one in parts), scope)
        case s.T(arg=arg):
            return _through(arg, turned(before, scope), change, scope)
        case s.Had(left=left, right=right) if _moves(left, change) != _moves(right, change):
            still, moving = (right, left) if _moves(left, change) else (left, right)
            return _through(moving, _entrywise(before, still, scope), change, scope)
        case s.Call(fn="tr", args=(arg,)):
            eye = s.Special("eye", (size_node(scope.shape(arg)[0]),))
            return _through(arg, product([before, eye], scope), change, scope)
        case s.Sum(index=index) if not {index} & s.occurring(before):
            inside = _through(node.body, before, change, scope)
            return None if inside is None else canonical(s.Sum(index, inside, node.lo, node.hi, node.exclude), scope)
        case s.Mul(factors=parts):
            return _through_a_product(parts, before, change, scope)
    return None


def _through_a_product(parts: tuple[s.Node, ...], before: s.Node, change: s.Diff, scope: Scope) -> s.Node | None:
    moving = [k for k, one in enumerate(parts) if _moves(one, change)]
    if len(moving) != 1:
        return None
    (k,) = moving
    numbers = [one for j, one in enumerate(parts) if j != k and scope.number(one)]
    first, last = (
        product([one for one in side if not scope.number(one)], scope) for side in (parts[:k], parts[k + 1 :])
    )
    if scope.number(parts[k]) and not (scope.number(first) and scope.number(last)):
        rest = product([first, last], scope)  # a number times an array
        inner = product([turned(before, scope), rest], scope)
        before = inner if scope.number(inner) else s.Call("tr", (inner,))
        first = last = s.ONE
    new = product([*numbers, turned(first, scope), before, turned(last, scope)], scope)
    return _through(parts[k], new, change, scope)


def _jacobian(node: s.Node, change: s.Diff, scope: Scope) -> s.Node | None:
    """The matrix that takes the change, a column, to a column that is linear in it."""
    if node == change:
        return s.Special("eye", (size_node(scope.shape(change.arg)[0]),))
    match node:
        case s.Add(terms=parts):
            return _total((_jacobian(one, change, scope) for one in parts), scope)
        case s.Had(left=left, right=right) if _moves(left, change) != _moves(right, change):
            still, moving = (right, left) if _moves(left, change) else (left, right)
            inner = _jacobian(moving, change, scope)
            return None if inner is None else product([s.Call("diag", (still,)), inner], scope)
        case s.Mul(factors=parts):
            moving_at = [k for k, one in enumerate(parts) if _moves(one, change)]
            if len(moving_at) != 1:
                return None
            (k,) = moving_at
            others = [*parts[:k], *parts[k + 1 :]]
            if scope.number(parts[k]):
                gradient = _through(parts[k], s.ONE, change, scope)
                return None if gradient is None else product([*others, turned(gradient, scope)], scope)
            inner = _jacobian(parts[k], change, scope) if scope.shape(parts[k])[1] == c.D1 else None
            return None if inner is None else product([*others, inner], scope)
    return None


def _total(found: Iterable[s.Node | None], scope: Scope) -> s.Node | None:
    parts = []
    for one in found:
        if one is None:
            return None
        parts.append(one)
    return total(parts, scope)


def turned(node: s.Node, scope: Scope) -> s.Node:
    """The transpose, carried to the factors and terms."""
    match node:
        case s.Mul(factors=parts) if not scope.number(node):
            return product([turned(one, scope) for one in reversed(parts)], scope)
        case s.Had(left=left, right=right):
            return canonical(s.Had(turned(left, scope), turned(right, scope)), scope)
    return transposed(node, scope)


def _entrywise(before: s.Node, still: s.Node, scope: Scope) -> s.Node:
    """The entrywise product; a factor of ones alone leaves the other as it is, and numbers stay in front."""
    numbers = [one for one in factors(before) if scope.number(one)]
    rest = [one for one in factors(before) if not scope.number(one)]
    if rest and all(_ones(one) for one in rest):
        return product([*numbers, still], scope)
    if not rest:
        return product([*numbers, still], scope)
    return product([*numbers, canonical(s.Had(s.mul(rest), still), scope)], scope)


def _ones(node: s.Node) -> bool:
    node = node.arg if isinstance(node, s.T) else node
    return isinstance(node, s.Special) and node.kind == "ones"
