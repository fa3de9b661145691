"""Sums over an index."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.type.entries import place
from lrcore.verify.type.powers import constant
from lrcore.verify.type.scope import Scope


def sum_over(scope: Scope, node: s.Sum, want: c.Shape | None) -> c.Core:
    """A sum; where no range is written, its index has that of the slots in which it stands."""
    if node.index in scope.claim_free:
        raise IllTyped(
            f"The index {node.index} is summed over and is free as well; give the sum another letter"
            " (the value may be right, the line is not).",
            node.span,
        )
    index = c.IVar(node.index)
    lo, hi = _range(scope, node, index)
    if index.start != 1 or not _is_shortened(scope, node):
        return _summed(scope, node, want, index, lo, hi)
    try:
        return _summed(scope, node, want, index, lo, hi)
    except IllTyped as error:  # a part of a range, as in the sum of x_i up to M - 1
        try:
            return _summed(scope, node, want, c.IVar(node.index), *_ends(scope, node))
        except IllTyped:
            raise error from None


def _summed(
    scope: Scope, node: s.Sum, want: c.Shape | None, index: c.IVar, lo: c.Core | None, hi: c.Core | None
) -> c.Core:
    with scope.binding(index):
        body = scope.type(node.body, want)
        if index.dim is None and lo is not None:
            _count(scope, node, index)
            lo = hi = None
            body = scope.type(node.body, want)
        skip: tuple[c.Index, ...] = ()
        if index.dim is not None:
            skip = tuple(place(scope, s.Name(one), index.dim, False) for one in node.exclude)
    if index.dim is None:
        raise IllTyped(
            f"Nothing after the sum carries its index {node.index}, and it has no range; write the index or the range.",
            node.span,
        )
    return c.SumOver(body.shape, index, body, skip, lo, hi)


def _is_shortened(scope: Scope, node: s.Sum) -> bool:
    """Whether the upper end is a size less a number."""
    end = scope.size(node.hi) if node.hi is not None else None
    return end is not None and any(not powers and number < 0 for powers, number in end.poly)


def _count(scope: Scope, node: s.Sum, index: c.IVar) -> None:
    """The range of an index that no array carries: as many numbers as there are from its lower to its upper end."""
    first = constant(node.lo) if node.lo is not None else None
    last = scope.size(node.hi) if node.hi is not None else None
    if first is None or last is None or first.denominator != 1:
        raise Unreadable("How many terms this sum has can't be told; write its ends as numbers or sizes.", node.span)
    _set_range(node, index, last, int(first))


def _set_range(node: s.Sum, index: c.IVar, last: c.Dim, first: int) -> None:
    index.dim, index.start = last - c.fixed(first - 1), first
    if index.dim.may_be_negative():
        raise Unreadable("This range is empty at some sizes; say it with a sum over a range that is not.", node.span)


def _range(scope: Scope, node: s.Sum, index: c.IVar) -> tuple[c.Core | None, c.Core | None]:
    """Sets the size of a full range; gives back the ends of a part of one."""
    if node.hi is None:
        return None, None
    lo = Fraction(1) if node.lo is None else constant(node.lo)
    hi = scope.size(node.hi)
    if lo is not None and hi is not None and lo in (0, 1):
        _set_range(node, index, hi, int(lo))
        return None, None
    return _ends(scope, node)


def _ends(scope: Scope, node: s.Sum) -> tuple[c.Core, c.Core]:
    assert node.hi is not None
    low = c.Const(c.SCALAR, Fraction(1)) if node.lo is None else scope.type(node.lo)
    return low, scope.type(node.hi)
