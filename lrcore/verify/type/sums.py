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
    index = c.IVar(node.index, None, True)
    lo, hi = _range(scope, node, index)
    with scope.binding(index):
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


def _range(scope: Scope, node: s.Sum, index: c.IVar) -> tuple[c.Core | None, c.Core | None]:
    """Sets the size of a full range; gives back the ends of a part of one."""
    if node.hi is None:
        return None, None
    lo = Fraction(1) if node.lo is None else constant(node.lo)
    hi = scope.size(node.hi)
    if lo is not None and hi is not None and lo in (0, 1):
        index.dim, index.start = hi - c.fixed(int(lo) - 1), int(lo)
        if index.dim.may_be_negative():
            raise Unreadable(
                "This range is empty at some sizes; say it with a sum over a range that is not.", node.span
            )
        return None, None
    low = c.Const(c.SCALAR, Fraction(1)) if node.lo is None else scope.type(node.lo)
    return low, scope.type(node.hi)
