"""Sums over an index."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped
from lrcore.verify.type.arithmetic import _number
from lrcore.verify.type.entries import Entries


class Sums(Entries):
    """Types sums, and what bounds their index."""

    def _sum(self, node, want):
        if node.index in self.claim_free:
            raise IllTyped(
                f"The index {node.index} is summed over and is free as well; give the sum another letter"
                " (the value may be right, the line is not).",
                node.span,
            )
        index = c.IVar(node.index, None, True)
        lo, hi = self._range(node, index)
        self.scopes.append({node.index: index})
        body = self.type(node.body, want)
        skip = tuple(self.index(s.Name(one), index.dim, False) for one in node.exclude) if index.dim else ()
        self.scopes.pop()
        if index.dim is None:
            raise IllTyped(
                f"Nothing after the sum carries its index {node.index}, and it has no range; "
                "write the index or the range.",
                node.span,
            )
        if skip or body.shape == c.SCALAR:
            return c.SumOver(body.shape, index, body, skip, lo, hi)
        return self._sum_of_matrices(index, body)

    def _sum_of_matrices(self, index, body):
        return c.SumOver(body.shape, index, body)

    def _range(self, node, index):
        """Sets the size of a full range; gives back the ends of a part of one."""
        if node.hi is None:
            return None, None
        lo = _number(node.lo) if node.lo is not None else Fraction(1)
        hi = self._dim(node.hi)
        if lo is not None and hi is not None and lo in (0, 1):
            index.dim, index.start = hi - c.fixed(int(lo) - 1), int(lo)
            return None, None
        low = self.type(node.lo) if node.lo is not None else c.Const(c.SCALAR, Fraction(1))
        return low, self.type(node.hi)
