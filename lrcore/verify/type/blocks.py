"""Arrays that are written out: ones, zeros, unit vectors, blocks, diag(...), lists with dots."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable, Unsized
from lrcore.verify.type.state import State


class Blocks(State):
    """Types arrays that are given by their parts."""

    def _special(self, node, want):
        dims = [self._dim(one) for one in node.sizes]
        if None in dims:
            raise IllTyped("The size of this constant matrix is not a declared size.", node.span)
        if node.kind == "zero":
            return self._zero(node, dims, want)
        if not dims and want == c.SCALAR:
            want = None  # a number beside it does not make it 1 x 1
        if node.kind == "ones":
            return self._ones(node, (dims[0], dims[1] if len(dims) > 1 else c.D1) if dims else want)
        shape = (dims[0], dims[0]) if dims else want
        if shape is None:
            raise Unsized("What size has this I? It does not follow from its place; write it, as in I_M.", node.span)
        if shape[0] != shape[1]:
            raise IllTyped(f"The identity is square, and this place asks for {c.shape_text(shape)}.", node.span)
        return c.Const(c.SCALAR, Fraction(1)) if shape == c.SCALAR else c.Eye(shape)

    def _zero(self, node, dims, want):
        shape = (dims[0], dims[1] if len(dims) > 1 else c.D1) if dims else want
        if shape is None:
            raise Unsized("What size has this 0? It does not follow from its place; write it, as in 0_M.", node.span)
        return c.Zeros(shape)

    def _ones(self, node, shape):
        if shape is None and len(self.ones_dims) == 1:
            (dim,) = self.ones_dims
            shape = (dim, c.D1)
        if shape is None:
            raise Unsized(
                "How many ones are these? It does not follow from their place; write the size, as in 1_N.", node.span
            )
        self.ones_dims.add(shape[0])
        if not node.sizes and c.D1 not in shape:
            self.notes["1 stands for the matrix of ones"] = True
        return c.Const(c.SCALAR, Fraction(1)) if shape == c.SCALAR else c.Ones(shape)

    def _block(self, node, want):
        wide = max(len(row) for row in node.rows)
        if any(len(row) != wide for row in node.rows):
            raise IllTyped("The rows of this matrix have different numbers of cells.", node.span)
        cells: list[list[Any]] = []
        for row in node.rows:
            cells.append([None if adopts(cell) or unsized(cell) else self.type(cell) for cell in row])
        heights, widths = self._fill_all(node, cells)
        self._check_cells(node, cells, heights, widths)
        return c.Blocks((c.parts(tuple(heights)), c.parts(tuple(widths))), tuple(map(tuple, cells)))

    def _fill_all(self, node, cells):
        """Types the cells without a size of their own: those first whose room is known, then the rest."""
        places = [(r, k) for r, row in enumerate(cells) for k, cell in enumerate(row) if cell is None]
        while True:
            heights = [self._common(row, 0) for row in cells]
            widths = [self._common([row[k] for row in cells], 1) for k in range(len(cells[0]))]
            if not places:
                return heights, widths
            r, k = min(places, key=lambda place: self._unknown(node, heights, widths, *place))
            places.remove((r, k))
            cells[r][k] = self._fill(node.rows[r][k], heights[r], widths[k])

    def _unknown(self, node, heights, widths, r, k):
        """How many sizes of a cell's room are still open; of an identity one is enough."""
        missing = (heights[r] is None) + (widths[k] is None)
        kind, _ = special_kind(node.rows[r][k])
        return (0 if missing < 2 else 2) if kind == "eye" else missing

    def _common(self, cells, axis):
        return next((cell.shape[axis] for cell in cells if cell is not None), None)

    def _fill(self, cell, height: Any, width: Any):
        kind, flipped = special_kind(cell)
        if kind == "ones":
            tall: Any = height or next(iter(self.ones_dims), None)
            return self.type(cell, (c.D1, width) if flipped else (tall, c.D1))
        if kind == "eye":
            return self.type(cell, (height or width, width or height))
        if {height, width} - {None, c.D1} and None in (height, width):
            raise Unsized("How large is this block of zeros? Write its size, as in 0_{N \\times M}.", cell.span)
        return self.type(cell, (height or c.D1, width or c.D1))

    def _check_cells(self, node, cells, heights, widths):
        for r, row in enumerate(cells):
            for k, cell in enumerate(row):
                if cell.shape != (heights[r], widths[k]):
                    raise IllTyped(
                        f"A cell of this matrix is {c.shape_text(cell.shape)} where its row and column leave room for "
                        f"{c.shape_text((heights[r], widths[k]))}.",
                        node.rows[r][k].span or node.span,
                    )

    def _build(self, node, want):
        rows, cols = self._dim(node.rows), self._dim(node.cols)
        if rows is None or cols is None:
            raise IllTyped("The size of this matrix, from its last index, is not a declared size.", node.span)
        i = None if rows == c.D1 else c.IVar(node.i, rows, True)
        j = None if cols == c.D1 else c.IVar(node.j, cols, True)
        self.scopes.append({name: one for name, one in ((node.i, i), (node.j, j)) if one is not None})
        body = self.type(node.body)
        self.scopes.pop()
        if body.shape != c.SCALAR:
            raise IllTyped(
                f"An entry of this matrix is {c.shape_text(body.shape)}; entries are numbers.",
                node.body.span or node.span,
            )
        return c.Make((rows, cols), i, j, body)

    def _shaped(self, node, want):
        arg = self.type(node.arg, want)
        dims = [self._dim(one) for one in node.sizes]
        if None not in dims and tuple(dims) != arg.shape:
            said = c.shape_text((dims[0], dims[1]))
            raise IllTyped(f"The brace says {said}, and what is above it is {c.shape_text(arg.shape)}.", node.span)
        return arg

    def _dots(self, node, want):
        raise Unreadable("What these dots leave out does not follow from the terms around them.", node.span)


def adopts(node):
    return (isinstance(node, s.Num) and node.value == 0) or unsized(node)


def unsized(node):
    kind, _ = special_kind(node)
    return kind is not None


def special_kind(node, flipped=False):
    """The kind of a constant array without a size under transposes and signs, and whether it is flipped."""
    if isinstance(node, s.Special) and not node.sizes:
        return node.kind, flipped
    if isinstance(node, (s.T, s.Prime)):
        return special_kind(node.arg, not flipped)
    if isinstance(node, (s.Neg, s.Inv, s.Diff)):
        return special_kind(node.arg, flipped)
    if (
        isinstance(node, s.Mul)
        and all(isinstance(one, s.Num) or unsized(one) for one in node.factors)
        and len(node.factors) == 2
    ):
        return special_kind(node.factors[1], flipped)
    return None, flipped
