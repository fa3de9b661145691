"""Arrays that are written out: ones, zeros, unit matrices, blocks, lists with dots."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable, Unsized
from lrcore.verify.type.scope import Scope

Cells = list[list[c.Core | None]]
_ASKED = {
    "eye": "What size has this I? It does not follow from its place; write it, as in I_M.",
    "zero": "What size has this 0? It does not follow from its place; write it, as in 0_M.",
    "ones": "How many ones are these? It does not follow from their place; write the size, as in 1_N.",
}


def adopts(node: s.Node) -> bool:
    """Whether a node takes its shape from the place where it stands."""
    return (isinstance(node, s.Num) and node.value == 0) or unsized(node)


def unsized(node: s.Node) -> bool:
    """Whether a node is a constant array whose size is not written."""
    return special_kind(node)[0] is not None


def special_kind(node: s.Node, flipped: bool = False) -> tuple[str | None, bool]:
    """The kind of a constant array without a size under transposes and signs, and whether it is flipped."""
    if isinstance(node, s.Special) and not node.sizes:
        return node.kind, flipped
    if isinstance(node, (s.T, s.Prime)):
        return special_kind(node.arg, not flipped)
    if isinstance(node, (s.Neg, s.Inv, s.Diff)):
        return special_kind(node.arg, flipped)
    if not isinstance(node, s.Mul) or len(node.factors) != 2:
        return None, flipped
    constant = all(isinstance(one, s.Num) or unsized(one) for one in node.factors)
    return special_kind(node.factors[1], flipped) if constant else (None, flipped)


def special(scope: Scope, node: s.Special, want: c.Shape | None) -> c.Core:
    """Zeros, ones or I, of the size that is written or that the place has."""
    dims = [dim for one in node.sizes if (dim := scope.size(one)) is not None]
    if len(dims) < len(node.sizes):
        raise IllTyped("The size of this constant matrix is not a declared size.", node.span)
    if len(dims) > 2 or (node.kind == "eye" and len(set(dims)) > 1):
        wrong = "The identity is square" if node.kind == "eye" else "An array has one size or two"
        raise IllTyped(f"{wrong}, and here stand other sizes.", node.span)
    shape = _special_shape(scope, node.kind, dims, want)
    if shape is None:
        raise Unsized(_ASKED[node.kind], node.span)
    if node.kind == "zero":
        return c.Zeros(shape)
    if node.kind == "ones":
        scope.ones.add(shape[0])
        if not dims and c.D1 not in shape:
            scope.notes["1 stands for the matrix of ones"] = None
        return ones(shape)
    if shape[0] != shape[1]:
        raise IllTyped(f"The identity is square, and this place asks for {c.shape_text(shape)}.", node.span)
    return c.Const(c.SCALAR, Fraction(1)) if shape == c.SCALAR else c.Eye(shape)


def _special_shape(scope: Scope, kind: str, dims: list[c.Dim], want: c.Shape | None) -> c.Shape | None:
    if dims:
        return dims[0], dims[0] if kind == "eye" else (*dims, c.D1)[1]
    if kind == "zero" or want not in (None, c.SCALAR):  # a number beside I or 1 does not make it 1 x 1
        return want
    return column(next(iter(scope.ones))) if kind == "ones" and len(scope.ones) == 1 else None


def column(length: c.Dim | None, flipped: bool = False) -> c.Shape | None:
    """The shape of a column, or of a row, as far as its length is known."""
    return None if length is None else (c.D1, length) if flipped else (length, c.D1)


def ones(shape: c.Shape) -> c.Core:
    """1 in every entry."""
    return c.Const(c.SCALAR, Fraction(1)) if shape == c.SCALAR else c.Ones(shape)


def block(scope: Scope, node: s.Block, want: c.Shape | None) -> c.Core:
    """A matrix of cells, each a number or a block that fits its row and its column."""
    if len({len(row) for row in node.rows}) > 1:
        raise IllTyped("The rows of this matrix have different numbers of cells.", node.span)
    cells: Cells = [[None if adopts(cell) else scope.type(cell) for cell in row] for row in node.rows]
    filled = _filled(scope, node, cells)
    heights, widths = [row[0].shape[0] for row in filled], [cell.shape[1] for cell in filled[0]]
    for row, written, height in zip(filled, node.rows, heights):
        for cell, said, width in zip(row, written, widths):
            if cell.shape != (height, width):
                raise IllTyped(
                    f"A cell of this matrix is {c.shape_text(cell.shape)} where its row and column leave room for "
                    f"{c.shape_text((height, width))}.",
                    said.span or node.span,
                )
    return c.Blocks((c.parts(tuple(heights)), c.parts(tuple(widths))), tuple(map(tuple, filled)))


def _filled(scope: Scope, node: s.Block, cells: Cells) -> list[list[c.Core]]:
    """Types the cells without a size of their own: those first whose room is known, then the rest."""
    places = [(r, k) for r, row in enumerate(cells) for k, cell in enumerate(row) if cell is None]
    while places:
        rooms = {(r, k): (_common(cells[r], 0), _common([row[k] for row in cells], 1)) for r, k in places}
        r, k = min(places, key=lambda at: _unknown(node.rows[at[0]][at[1]], *rooms[at]))
        places.remove((r, k))
        cells[r][k] = _fill(scope, node.rows[r][k], *rooms[r, k])
    return [[cell for cell in row if cell is not None] for row in cells]


def _common(cells: list[c.Core | None], axis: int) -> c.Dim | None:
    return next((cell.shape[axis] for cell in cells if cell is not None), None)


def _unknown(cell: s.Node, height: c.Dim | None, width: c.Dim | None) -> int:
    """How many sizes of a cell's room are still open; of an identity one is enough."""
    missing = (height is None) + (width is None)
    return 0 if missing < 2 and special_kind(cell)[0] == "eye" else missing


def _fill(scope: Scope, cell: s.Node, height: c.Dim | None, width: c.Dim | None) -> c.Core:
    kind, flipped = special_kind(cell)
    if kind == "ones":
        room = column(width, True) if flipped else column(height or next(iter(scope.ones), None))
    elif kind == "eye":
        length = height or width
        room = None if length is None else (length, width or length)
    elif {height, width} - {None, c.D1} and None in (height, width):
        raise Unsized("How large is this block of zeros? Write its size, as in 0_{N \\times M}.", cell.span)
    else:
        room = (height or c.D1, width or c.D1)
    return scope.type(cell, room)


def build(scope: Scope, node: s.Build, want: c.Shape | None) -> c.Core:
    """The array that a general entry describes; where its sizes are not said, the slots of its letters tell them."""
    sizes = [None if one is None else scope.size(one) for one in (node.rows, node.cols)]
    if any(size is None and one is not None for size, one in zip(sizes, (node.rows, node.cols), strict=True)):
        raise IllTyped("The size of this matrix, from its last index, is not a declared size.", node.span)
    i, j = (
        c.IVar(name, None, True) if dim is None else bound_index(name, dim)
        for name, dim in zip((node.i, node.j), sizes, strict=True)
    )
    with scope.binding(i, j):
        body = scope.type(node.body)
    for one in (i, j):
        if one is not None and one.dim is None:
            one.dim = _by_a_delta(one, body)
        if one is not None and one.dim is None:
            raise Unreadable(f"What {one.name} runs over is not told by the slots in which it stands.", node.span)
    rows, cols = (c.D1 if one is None else c.range_of(one) for one in (i, j))
    if body.shape != c.SCALAR:
        raise IllTyped(
            f"An entry of this matrix is {c.shape_text(body.shape)}; entries are numbers.", node.body.span or node.span
        )
    return c.Make((rows, cols), i, j, body)


def _by_a_delta(index: c.IVar, body: c.Core) -> c.Dim | None:
    """The range of an index that stands in deltas alone: that of what it is compared with."""
    for one in c.everything(body):
        if isinstance(one, c.Same) and any(side is index for side in (one.i, one.j)):
            other = one.j if one.i is index else one.i
            if isinstance(other, c.IVar) and other.dim is not None:
                return other.dim
    return None


def bound_index(name: str, dim: c.Dim) -> c.IVar | None:
    """An index that runs through a whole axis; an axis of one place needs none."""
    return None if dim == c.D1 else c.IVar(name, dim)


def shaped(scope: Scope, node: s.Shaped, want: c.Shape | None) -> c.Core:
    """What stands over a brace that says its shape."""
    arg = scope.type(node.arg, want)
    dims = tuple(dim for one in node.sizes if (dim := scope.size(one)) is not None)
    if len(dims) == len(node.sizes) and dims != arg.shape:
        said = c.shape_text((dims[0], dims[1]))
        raise IllTyped(f"The brace says {said}, and what is above it is {c.shape_text(arg.shape)}.", node.span)
    return arg


def dots(scope: Scope, node: s.Dots, want: c.Shape | None) -> c.Core:
    """Dots that the reader did not understand."""
    raise Unreadable("What these dots leave out does not follow from the terms around them.", node.span)
