"""Entries, rows and columns: which index runs over which axis, and from where."""

from __future__ import annotations

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.terms.names import latex, swap_case
from lrcore.verify.type.context import Symbol
from lrcore.verify.type.scope import Scope

_NO_INDEX = "Indices are letters or numbers, and this is neither."


def place(scope: Scope, node: s.Node, dim: c.Dim, zero: bool, first: int = 1) -> c.Index:
    """An index in a slot of the given size; ``zero``: numbers count from 0, ``first``: where the entries start."""
    if isinstance(node, s.Num):
        return _fixed(node, dim, 0 if zero else first)
    if not isinstance(node, s.Name) or (scope.index(node.id) is None and scope.size(node) == dim):
        return _last(scope, node, dim, zero or first == 0)
    index = scope.free_index(node.id)
    if index.dim is None:
        index.dim = dim
    elif first == 0 and not zero and index.dim + c.D1 == dim:
        return c.IShift(index, dim)
    elif index.dim != dim:
        raise IllTyped(
            f"The index {node.id} runs over {index.dim} here and over {dim} there; one index has one range.",
            node.span,
        )
    return index


def _fixed(node: s.Num, dim: c.Dim, first: int) -> c.Index:
    at, size = int(node.value) - first, dim.constant()
    if at < 0 or node.value.denominator != 1 or (size is not None and at >= size):
        raise IllTyped(
            f"There is no entry {node.value}: the entries are counted from {first} to {dim}.",
            node.span,
        )
    return None if dim == c.D1 else c.IConst(at)


def _last(scope: Scope, node: s.Node, dim: c.Dim, from_zero: bool) -> c.Index:
    """The n of ``x_n``, and the n-1 where the entries are counted from 0."""
    end = scope.size(node)
    if end is None or end != dim - c.fixed(int(from_zero)):
        raise Unreadable(_NO_INDEX, node.span)
    return c.IConst(-1, dim)


def entry(scope: Scope, node: s.Entry, want: c.Shape | None) -> c.Core:
    """An entry of a vector or of a matrix, or a whole row or column of one."""
    base, indices = _base(scope, node), node.indices
    if len(indices) == 4:
        return _four(scope, base, indices, node.zero)
    typed = scope.type(base)
    if typed.shape == c.SCALAR and isinstance(base, s.Name):
        raise Unreadable(
            f"{latex(base.id)} is a number and has no entries; declare this as a name of its own.", node.span
        )
    if len(indices) == 1:
        return _one(scope, base, typed, indices[0], node.zero)
    if len(indices) != 2:
        raise IllTyped(f"A matrix has two indices, and here are {len(indices)}.", node.span)
    return _two(scope, base, typed, (indices[0], indices[1]), node.zero)


def _base(scope: Scope, node: s.Entry) -> s.Node:
    """x_{ij} is an entry of X where no x is declared or x is a vector, and x_i its row i where none is declared."""
    base = node.base
    if not isinstance(base, s.Name):
        return base
    symbol, other = scope.context.lookup(base.id), scope.context.lookup(swap_case(base.id))
    if other is None:
        return base
    small = symbol is not None and _is_vector(symbol) and base.id[:1].islower()
    if symbol is None or (len(node.indices) == 2 and small and other.shape is not None and not _is_vector(other)):
        return s.Name(swap_case(base.id), span=base.span)
    return base


def _is_vector(symbol: Symbol | None) -> bool:
    return symbol is not None and symbol.shape is not None and c.D1 in symbol.shape


def _one(scope: Scope, base: s.Node, typed: c.Core, written: s.Node, zero: bool) -> c.Core:
    first = _first(scope, base)
    if c.D1 not in typed.shape:
        return _row(scope, typed, written, zero, first)
    at_row = typed.shape[1] == c.D1
    index = place(scope, written, typed.shape[0] if at_row else typed.shape[1], zero, first)
    _same_start(scope, base, written, index, 0, zero)
    return c.Pick(c.SCALAR, typed, *((index, None) if at_row else (None, index)))


def _row(scope: Scope, typed: c.Core, written: s.Node, zero: bool, first: int) -> c.Core:
    """x_i of a matrix X is its row i, written as a column."""
    if isinstance(written, s.Slice):
        return typed
    j = c.IVar("c", typed.shape[1])
    body = c.Pick(c.SCALAR, typed, place(scope, written, typed.shape[0], zero, first), j)
    if scope.row_reading:
        return c.Make((c.D1, typed.shape[1]), None, j, body)
    return c.Make((typed.shape[1], c.D1), j, None, body)


def _two(scope: Scope, base: s.Node, typed: c.Core, indices: tuple[s.Node, s.Node], zero: bool) -> c.Core:
    first, (row, col) = _first(scope, base), indices
    rows, cols = typed.shape
    if isinstance(row, s.Slice) and isinstance(col, s.Slice):
        return typed
    if isinstance(row, s.Slice):
        r = c.IVar("r", rows)
        return c.Make((rows, c.D1), r, None, c.Pick(c.SCALAR, typed, r, place(scope, col, cols, zero, first)))
    i = place(scope, row, rows, zero, first)
    if isinstance(col, s.Slice):
        k = c.IVar("c", cols)
        return c.Make((c.D1, cols), None, k, c.Pick(c.SCALAR, typed, i, k))
    j = place(scope, col, cols, zero, first)
    for slot, (written, index) in enumerate(((row, i), (col, j))):
        _same_start(scope, base, written, index, slot, zero)
    return c.Pick(c.SCALAR, typed, i, j)


def _four(scope: Scope, base: s.Node, indices: tuple[s.Node, ...], zero: bool) -> c.Core:
    if isinstance(base, s.Deriv) and len(base.wrt) == 1:
        top, by = s.Entry(base.f, indices[:2], zero), s.Entry(base.wrt[0], indices[2:], zero)
        return scope.type(s.Deriv(top, (by,), span=base.span))
    raise IllTyped("Four indices belong to the derivative of a matrix with respect to a matrix only.", base.span)


def _first(scope: Scope, base: s.Node) -> int:
    """Whether the entries of an array are counted from 0 or from 1."""
    if isinstance(base, (s.T, s.Diff)):
        return _first(scope, base.arg)
    symbol = scope.context.lookup(base.id) if isinstance(base, s.Name) else None
    return 0 if symbol is not None and symbol.zero_based else 1


def _same_start(scope: Scope, base: s.Node, written: s.Node, index: c.Index, slot: int, zero: bool) -> None:
    """The entries of an array are counted from 0 or from 1 throughout: sums over both are about other entries."""
    while isinstance(base, (s.T, s.Diff)):
        base, slot = base.arg, 1 - slot if isinstance(base, s.T) else slot
    if zero or not isinstance(base, s.Name) or not isinstance(index, c.IVar) or index.start is None:
        return
    vector = _is_vector(scope.context.lookup(base.id))
    from_zero = vector and _first(scope, base) == 0
    known = 0 if from_zero else scope.starts.setdefault((base.id, 0 if vector else slot), index.start)
    if known != index.start:
        raise IllTyped(
            f"The index {index.name} runs from {index.start} here, and the entries of {latex(base.id)} are counted "
            f"from {known} elsewhere in this text.",
            written.span,
        )


def colon(scope: Scope, node: s.Slice, want: c.Shape | None) -> c.Core:
    """A colon that stands for no row and no column."""
    raise Unreadable("A colon stands for a whole row or column, inside brackets only.", node.span)


def delta(scope: Scope, node: s.Delta, want: c.Shape | None) -> c.Core:
    """Kronecker's delta, of two indices of one range."""
    return c.Same(c.SCALAR, _compared(scope, node.i, node.j), _compared(scope, node.j, node.i))


def _compared(scope: Scope, node: s.Node, other: s.Node) -> c.Index:
    """One index of a delta, in the range of the other where that is known."""
    known = scope.index(other.id) if isinstance(other, s.Name) else None
    dim = None if known is None else known.dim
    if dim is not None or isinstance(node, s.Num):
        return place(scope, node, dim or c.size("n"), False)
    if not isinstance(node, s.Name):
        raise Unreadable(_NO_INDEX, node.span)
    return scope.free_index(node.id)
