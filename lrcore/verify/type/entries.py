"""Entries, rows and columns: which index runs over which axis, and from where."""

from __future__ import annotations

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.terms.names import latex, swap_case
from lrcore.verify.type.state import State


class Entries(State):
    """Types what has indices."""

    def index(self, node, dim, zero, first=1):
        """An index in a slot of the given size."""
        if isinstance(node, s.Num):
            place = int(node.value) - (0 if zero else first)
            size = dim.constant()
            if place < 0 or node.value.denominator != 1 or (size is not None and place >= size):
                raise IllTyped(
                    f"There is no entry {node.value}: the entries are counted from {0 if zero else first} to {dim}.",
                    node.span,
                )
            return None if dim == c.D1 else c.IConst(place)
        if not isinstance(node, s.Name):
            return self._end_place(node, dim, zero, first)
        variable = self._bound(node.id)
        if variable is None:
            variable = self.free[node.id] = c.IVar(node.id)
        if variable.dim is None:
            variable.dim = dim
        elif first == 0 and not zero and variable.dim + c.D1 == dim:
            return c.IShift(variable, dim)
        elif variable.dim != dim:
            raise IllTyped(
                f"The index {node.id} runs over {variable.dim} here and over {dim} there; one index has one range.",
                node.span,
            )
        return variable

    def _end_place(self, node, dim, zero, first):
        end = self._dim(node)
        if end is None or end != dim - c.fixed(1 if zero or first == 0 else 0):
            raise Unreadable("Indices are letters or numbers, and this is neither.", node.span)
        return c.IConst(-1, dim)

    def _entry(self, node, want):
        base, indices = self._entry_base(node)
        typed = self.type(base)
        zero, first = node.zero, self._first(base)
        vector = c.D1 in typed.shape
        if len(indices) == 1 and not vector:
            return self._row(typed, indices[0], zero, first)
        if len(indices) == 1:
            at_row = typed.shape[1] == c.D1
            index = self.index(indices[0], typed.shape[0] if at_row else typed.shape[1], zero, first)
            self._same_start(base, indices[0], index, 0, zero)
            return c.Pick(c.SCALAR, typed, *((index, None) if at_row else (None, index)))
        if len(indices) == 4:
            return self._four(base, indices, zero)
        if len(indices) != 2:
            raise IllTyped(f"A matrix has two indices, and here are {len(indices)}.", node.span)
        return self._two(base, typed, indices, zero, first)

    def _same_start(self, base, written, index, slot, zero):
        """The entries of an array are counted from 0 or from 1 throughout: sums over both are about other entries."""
        while isinstance(base, (s.T, s.Diff)):
            base, slot = base.arg, 1 - slot if isinstance(base, s.T) else slot
        if zero or not isinstance(base, s.Name) or not isinstance(index, c.IVar) or index.start is None:
            return
        symbol = self._symbol(base.id)
        vector = symbol is not None and symbol.shape is not None and c.D1 in symbol.shape
        known = (
            0 if vector and symbol.zero_based else self.starts.setdefault((base.id, 0 if vector else slot), index.start)
        )
        if known != index.start:
            raise IllTyped(
                f"The index {index.name} runs from {index.start} here, and the entries of {latex(base.id)} are counted "
                f"from {known} elsewhere in this text.",
                written.span,
            )

    def _two(self, base, typed, indices, zero, first):
        row, col = indices
        if isinstance(row, s.Slice) and isinstance(col, s.Slice):
            return typed
        if isinstance(row, s.Slice):
            i = c.IVar("r", typed.shape[0], True)
            return c.Make(
                (typed.shape[0], c.D1),
                i,
                None,
                c.Pick(c.SCALAR, typed, i, self.index(col, typed.shape[1], zero, first)),
            )
        i = self.index(row, typed.shape[0], zero, first)
        if isinstance(col, s.Slice):
            j = c.IVar("c", typed.shape[1], True)
            return c.Make((c.D1, typed.shape[1]), None, j, c.Pick(c.SCALAR, typed, i, j))
        j = self.index(col, typed.shape[1], zero, first)
        for slot, (written, index) in enumerate(((row, i), (col, j))):
            self._same_start(base, written, index, slot, zero)
        return c.Pick(c.SCALAR, typed, i, j)

    def _row(self, typed, index, zero, first):
        """x_i of a matrix X is its row i, written as a column."""
        self.rows_read = True
        if isinstance(index, s.Slice):
            return typed
        i, j = self.index(index, typed.shape[0], zero, first), c.IVar("c", typed.shape[1], True)
        body = c.Pick(c.SCALAR, typed, i, j)
        if self.row_reading:
            return c.Make((c.D1, typed.shape[1]), None, j, body)
        return c.Make((typed.shape[1], c.D1), j, None, body)

    def _four(self, base, indices, zero):
        if isinstance(base, s.Deriv) and len(base.wrt) == 1:
            top, by = s.Entry(base.f, indices[:2], zero), s.Entry(base.wrt[0], indices[2:], zero)
            return self.type(s.Deriv(top, (by,), span=base.span))
        raise IllTyped("Four indices belong to the derivative of a matrix by a matrix only.", base.span)

    def _entry_base(self, node):
        """x_{ij} is an entry of X where no x is declared, and x_i its row i."""
        base = node.base
        if isinstance(base, s.Name) and self._symbol(base.id) is None:
            other = swap_case(base.id)
            if self._symbol(other) is not None:
                return s.Name(other, span=base.span), node.indices
        if isinstance(base, s.Name) and len(node.indices) == 2:
            symbol, other = self._symbol(base.id), self._symbol(swap_case(base.id))
            small = symbol is not None and c.D1 in (symbol.shape or ()) and base.id[:1].islower()
            if small and other is not None and other.shape and c.D1 not in other.shape:
                return s.Name(swap_case(base.id), span=base.span), node.indices
        return base, node.indices

    def _first(self, base):
        if isinstance(base, (s.T, s.Diff)):
            return self._first(base.arg)
        symbol = self._symbol(base.id) if isinstance(base, s.Name) else None
        return 0 if symbol is not None and symbol.zero_based else 1

    def _slice(self, node, want):
        raise Unreadable("A colon stands for a whole row or column, inside brackets only.", node.span)

    def _delta(self, node, want):
        pair = []
        for one, other in ((node.i, node.j), (node.j, node.i)):
            known = isinstance(other, s.Name) and self._bound(other.id)
            dim = known.dim if known else None
            pair.append(self._loose_index(one, dim))
        i, j = pair
        if isinstance(i, c.IVar) and isinstance(j, c.IVar):
            if i.dim is None and j.dim is not None:
                i.dim = j.dim
            elif j.dim is None:
                j.dim = i.dim
            elif i.dim != j.dim:
                raise IllTyped(
                    f"The delta compares {i.name}, which runs over {i.dim}, with {j.name}, which runs over {j.dim}.",
                    node.span,
                )
        return c.Same(c.SCALAR, i, j)

    def _loose_index(self, node, dim):
        if dim is not None or isinstance(node, s.Num):
            return self.index(node, dim or c.size("n"), False)
        variable = self._bound(node.id)
        if variable is None:
            variable = self.free[node.id] = c.IVar(node.id)
        return variable
