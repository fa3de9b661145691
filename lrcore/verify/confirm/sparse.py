"""Engine 3, the fast road: sympy's sparse polynomials, where both sides are polynomials in the entries.

The typed tree is walked by the code of :mod:`lrcore.verify.confirm.entries`; what stands in the entries differs.
An element of a sympy polynomial ring is multiplied out as it is made, so that equality is ``==``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from lrcore.verify.confirm.entries import Entries
from lrcore.verify.decide.claims import Claim
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside, Undefined


class Grid:
    """A matrix of ring elements, with those of sympy's matrix operations that the walk uses."""

    def __init__(self, rows: int, cols: int, cells: list[Any]):
        self.rows, self.cols, self.cells = rows, cols, cells

    def __getitem__(self, place: tuple[int, int]) -> Any:
        row, col = place
        if not (0 <= row < self.rows and 0 <= col < self.cols):
            raise IndexError(place)
        return self.cells[row * self.cols + col]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cells)

    def __add__(self, other: Grid) -> Grid:
        return Grid(self.rows, self.cols, [a + b for a, b in zip(self.cells, other.cells, strict=True)])

    def __mul__(self, other: Grid) -> Grid:
        columns = [other.cells[k :: other.cols] for k in range(other.cols)]
        rows = [self.cells[k * self.cols : (k + 1) * self.cols] for k in range(self.rows)]
        return Grid(self.rows, other.cols, [_dot(row, column) for row in rows for column in columns])

    def applyfunc(self, fn: Callable[[Any], Any]) -> Grid:
        return Grid(self.rows, self.cols, [fn(x) for x in self.cells])

    def multiply_elementwise(self, other: Grid) -> Grid:
        return Grid(self.rows, self.cols, [a * b for a, b in zip(self.cells, other.cells, strict=True)])

    @property
    def T(self) -> Grid:
        return Grid(self.cols, self.rows, [self[r, k] for k in range(self.cols) for r in range(self.rows)])

    def trace(self) -> Any:
        return sum((self[k, k] for k in range(self.rows)), start=0 * self[0, 0])

    def diagonal(self) -> Grid:
        return Grid(1, self.rows, [self[k, k] for k in range(self.rows)])

    def vec(self) -> Grid:
        return Grid(self.rows * self.cols, 1, self.T.cells)


def _dot(row: list[Any], column: list[Any]) -> Any:
    return sum((a * b for a, b in zip(row, column, strict=True) if a and b), start=0 * row[0])


class _Makers:
    """What the walk asks of ``sympy``: matrices and numbers, made of elements of one ring."""

    def __init__(self, ring: Any):
        self.ring = ring
        self.Matrix: Any = _MatrixMaker(ring)

    def Integer(self, value: int) -> Any:
        return self.ring(value)

    def Rational(self, above: int, below: int) -> Any:
        return self.ring(self.ring.domain(above) / self.ring.domain(below))

    def zeros(self, rows: int, cols: int) -> Grid:
        return Grid(rows, cols, [self.ring(0)] * (rows * cols))

    def ones(self, rows: int, cols: int) -> Grid:
        return Grid(rows, cols, [self.ring(1)] * (rows * cols))

    def eye(self, size: int) -> Grid:
        return self.Matrix(size, size, lambda r, k: self.ring(int(r == k)))

    def diag(self, *cells: Any) -> Grid:
        return self.Matrix(len(cells), len(cells), lambda r, k: cells[r] if r == k else self.ring(0))

    def kronecker_product(self, a: Grid, b: Grid) -> Grid:
        rows, cols = a.rows * b.rows, a.cols * b.cols
        return self.Matrix(rows, cols, lambda r, k: a[r // b.rows, k // b.cols] * b[r % b.rows, k % b.cols])


class _MatrixMaker:
    def __init__(self, ring: Any):
        self.ring = ring

    def __call__(self, *given: Any) -> Grid:
        if len(given) == 1:
            rows = [[self.ring(x) for x in row] for row in given[0]]
            return Grid(len(rows), len(rows[0]), [x for row in rows for x in row])
        rows, cols, entry = given
        return Grid(rows, cols, [self.ring(entry(r, k)) for r in range(rows) for k in range(cols)])

    def hstack(self, *parts: Grid) -> Grid:
        cells = [part[r, k] for r in range(parts[0].rows) for part in parts for k in range(part.cols)]
        return Grid(parts[0].rows, sum(part.cols for part in parts), cells)

    def vstack(self, *parts: Grid) -> Grid:
        return Grid(sum(part.rows for part in parts), parts[0].cols, [x for part in parts for x in part.cells])


class Sparse(Entries):
    """Both sides as matrices of polynomials; raises Outside where one of them is none."""

    def __init__(self, claim: Claim, sizes: dict[str, int], first: str = ""):
        """``first`` is the symbol whose entries lead the order of the monomials."""
        super().__init__(claim, sizes)
        names = sorted(_names(claim, sizes), key=lambda one: one[0] != first)
        polys = self.sp.polys
        ring = polys.rings.PolyRing([f"x{k}" for k in range(len(names) + 1)], self.sp.QQ, polys.orderings.lex)
        self.generators = dict(zip(names, ring.gens, strict=False))
        self.t = ring.gens[-1]
        self.sp = _Makers(ring)

    def _zero(self, difference: Any) -> bool:
        return not difference

    def symbols(self, name: str, shape: Any, symmetric: bool = False) -> Grid:
        if name not in self.matrices:
            rows, cols = (dim.value(self.sizes) for dim in shape)
            cell = lambda r, k: self.generators[(name, *(sorted((r, k)) if symmetric else (r, k)))]  # noqa: E731
            self.matrices[name] = self.sp.Matrix(rows, cols, cell)
        return self.matrices[name]

    def _scale(self, node: Any, env: Any) -> Grid:
        factor = self.number(node.by, env)
        return self.matrix(node.arg, env).applyfunc(lambda x: factor * x)

    def _inverse(self, node: c.Core, env: Any) -> Any:
        raise Outside("An inverse is no polynomial.")

    _apply = _det = _inverse

    def _power(self, node: Any, env: Any) -> Grid:
        return self.matrix(node.arg, env).applyfunc(lambda x: self._raised(x, node.exponent))

    def _raised(self, x: Any, exponent: Any) -> Any:
        if exponent != int(exponent) or (exponent < 0 and not x.is_ground):
            raise Outside("A negative power is no polynomial.")
        if exponent >= 0:
            return x ** int(exponent)
        if not x:
            raise Undefined("a division by zero")
        return self.sp.ring(x.LC ** int(exponent))

    def _partial(self, node: Any, env: Any) -> Any:
        value = self.over.get(node.name)
        own = value is None and isinstance(node.by, c.Var)
        stand = self.symbols(node.name if own else "by " + node.name, node.by.shape, own and node.by.symmetric)
        saved, self.over = self.over, {**self.over, node.name: stand}
        inside = self.number(node.f, env)
        self.over = saved
        result = inside.diff(stand[self._place(node.i, env), self._place(node.j, env)])
        if own:
            return self.one(result)
        value = self.matrix(node.by, {}) if value is None else value
        return self.one(result.compose(list(zip(stand, value, strict=True))) if result else result)

    def _differential(self, node: Any, env: Any) -> Grid:
        shifted = {}
        for name in self.claim.variables:
            symbol = self.claim.symbols().get(name)
            if symbol is not None:
                base = self.over.get(name, self.symbols(name, symbol.shape, symbol.symmetric))
                moved = self.symbols("d " + name, symbol.shape, symbol.symmetric)
                shifted[name] = base + moved.applyfunc(lambda x: self.t * x)
        saved, self.over = self.over, {**self.over, **shifted}
        inside = self.matrix(node.arg, env)
        self.over = saved
        return inside.applyfunc(lambda x: x.diff(self.t).subs(self.t, 0))


def _names(claim: Claim, sizes: dict[str, int]) -> list[tuple[str, int, int]]:
    """Every entry that a symbol stands for: of the variables, of their differentials, and of names that stand in."""
    shapes: dict[str, Any] = {}
    for node in claim.nodes:
        if isinstance(node, c.Var):
            if node.name.startswith("the number"):
                raise Outside("A number like pi is no polynomial.")
            shapes |= {node.name: node.shape, "d " + node.name: node.shape}
        if isinstance(node, c.Partial):
            shapes["by " + node.name] = node.by.shape
    counted = [(name, range(a.value(sizes)), range(b.value(sizes))) for name, (a, b) in shapes.items()]
    return [(name, r, k) for name, rows, cols in counted for r, k in product(rows, cols)]


__all__ = ["Sparse"]
