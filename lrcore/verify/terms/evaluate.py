"""The one evaluator: the values of a typed tree at one point, in whatever ring its entries are taken from.

A matrix is a list of rows. What may stand in the rows (fractions with dual parts, polynomials, sympy's expressions) is
the ring's business, and so is how it inverts a matrix or takes a derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any, Protocol

from lrcore.verify.terms import core as c
from lrcore.verify.terms import effort
from lrcore.verify.terms.errors import Undefined

Matrix = list[list[Any]]
Env = Mapping[c.IVar, int]
VISIT = 4  # what a look at one node costs


class Ring(Protocol):
    """What can stand in the entries of a matrix; elements have + and * of their own."""

    @property
    def zero(self) -> Any: ...

    @property
    def one(self) -> Any: ...

    def number(self, value: Fraction | int) -> Any: ...

    def constant(self, name: str) -> Any: ...

    def power(self, x: Any, exponent: int) -> Any: ...

    def apply(self, fn: str, x: Any) -> Any: ...

    def inverse(self, matrix: Matrix) -> Matrix: ...

    def determinant(self, matrix: Matrix) -> Any: ...

    def whole(self, x: Any) -> int: ...

    def spend(self, amount: int) -> None: ...

    def moved(self, x: Any, along: Any, mark: int) -> Any:
        """x and ``along`` times the infinitesimal of this number."""

    def slope(self, x: Any, mark: int) -> Any:
        """What stands with the infinitesimal, where it is zero otherwise."""


@dataclass(frozen=True)
class At:
    """A point: the ring, the sizes, the values of the variables, and the directions ``along`` which those vary that
    differentials are taken of. ``over`` are names that stand for other values for a while; ``known`` keeps the values
    of nodes without free indices. ``marks`` infinitesimals are in use.
    """

    ring: Ring
    sizes: dict[str, int]
    values: dict[str, Matrix]
    along: dict[str, Matrix] = field(default_factory=dict)
    over: dict[str, Matrix] = field(default_factory=dict)
    known: dict[int, Matrix] = field(default_factory=dict)
    marks: int = 0


def putting(at: At, new: dict[str, Matrix]) -> At:
    """The point with other values for some names."""
    return At(at.ring, at.sizes, at.values, at.along, {**at.over, **new}, {}, at.marks)


def moving(at: At, new: dict[str, Matrix]) -> At:
    """The point with values that hold one more infinitesimal."""
    return At(at.ring, at.sizes, at.values, at.along, {**at.over, **new}, {}, at.marks + 1)


def value(node: c.Core, at: At, env: Env) -> Matrix:
    """The matrix of values at a point, for these values of the free indices."""
    effort.spend(VISIT)
    free = node.__dict__.get("_free")
    if free_indices(node) if free is None else free:
        return _RULES[type(node)](node, at, env)
    found = at.known.get(id(node))
    if found is None:
        found = at.known[id(node)] = _RULES[type(node)](node, at, env)
    return found


def number(node: c.Core, at: At, env: Env) -> Any:
    return value(node, at, env)[0][0]


def shape(node: c.Core, at: At) -> tuple[int, int]:
    return node.shape[0].value(at.sizes), node.shape[1].value(at.sizes)


def free_places(free: Sequence[c.IVar], sizes: dict[str, int]) -> Iterator[dict[c.IVar, int]]:
    """Every choice of values for the free indices."""
    if not free:
        return iter([{}])
    runs = [range(c.range_of(one).value(sizes)) for one in free]
    return (dict(zip(free, places, strict=True)) for places in product(*runs))


# ---------------------------------------------------------------------- free indices

_NONE: frozenset[c.IVar] = frozenset()
_WITH_INDICES = frozenset((c.Defined, c.IndexValue, c.SumOver, c.Make, c.Partial, c.Pick, c.Same))


def free_indices(node: c.Core) -> frozenset[c.IVar]:
    """The index variables of a node that nothing inside it binds, kept with the node."""
    known: frozenset[c.IVar] | None = node.__dict__.get("_free")
    if known is None:
        known = _free_indices(node)
        object.__setattr__(node, "_free", known)
    return known


def _free_indices(node: c.Core) -> frozenset[c.IVar]:
    parts = c.below(node)
    if type(node) not in _WITH_INDICES:
        return _NONE.union(*map(free_indices, parts)) if parts else _NONE
    if isinstance(node, c.Defined):
        return _NONE
    if isinstance(node, c.IndexValue):
        return frozenset({node.index})
    found = free_indices(node.f) if isinstance(node, c.Partial) else _NONE.union(*map(free_indices, parts))
    if isinstance(node, (c.Pick, c.Same, c.Partial, c.SumOver)):
        places = (one.index if isinstance(one, c.IShift) else one for one in c.indices(node))
        found = found.union(one for one in places if isinstance(one, c.IVar))
    if isinstance(node, c.SumOver):
        return found - {node.index}
    if isinstance(node, c.Make):
        return found.difference(*(one if isinstance(one, tuple) else (one,) for one in (node.i, node.j)))
    return found


# ---------------------------------------------------------------------- matrices


def entrywise(change: Callable[..., Any], *matrices: Matrix) -> Matrix:
    """A matrix of the same shape, each entry made of those of the others at its place."""
    return [[change(*cells) for cells in zip(*rows, strict=True)] for rows in zip(*matrices, strict=True)]


def filled(rows: int, cols: int, entry: Callable[[int, int], Any]) -> Matrix:
    return [[entry(r, k) for k in range(cols)] for r in range(rows)]


def plus(matrices: Sequence[Matrix]) -> Matrix:
    first, *rest = matrices
    for other in rest:
        first = [[a + b for a, b in zip(x, y)] for x, y in zip(first, other)]
    return first


def _dot(row: Sequence[Any], column: Sequence[Any], zero: Any) -> Any:
    total = zero
    for a, b in zip(row, column):
        if a and b:
            total = total + a * b
    return total


def _turned(matrix: Matrix) -> Matrix:
    return [list(row) for row in zip(*matrix)]


# ---------------------------------------------------------------------- leaves


def _var(node: c.Var, at: At, env: Env) -> Matrix:
    if node.constant:
        return [[at.ring.constant(node.constant)]]
    return at.over[node.name] if node.name in at.over else at.values[node.name]


def _with(node: c.With, at: At, env: Env) -> Matrix:
    return value(node.body, putting(at, {name: value(one, at, env) for name, one in node.values}), env)


# ---------------------------------------------------------------------- algebra


def _scale(node: c.Scale, at: At, env: Env) -> Matrix:
    by = number(node.by, at, env)
    return [[by * x for x in row] for row in value(node.arg, at, env)]


def _times(node: c.Times, at: At, env: Env) -> Matrix:
    left, columns = value(node.left, at, env), _turned(value(node.right, at, env))
    at.ring.spend(len(left) * len(left[0]) * len(columns))
    return [[_dot(row, column, at.ring.zero) for column in columns] for row in left]


def _entrywise(node: c.Entrywise, at: At, env: Env) -> Matrix:
    return entrywise(lambda a, b: a * b, value(node.left, at, env), value(node.right, at, env))


def _kron(node: c.KronOf, at: At, env: Env) -> Matrix:
    left, right = value(node.left, at, env), value(node.right, at, env)
    at.ring.spend(len(left) * len(left[0]) * len(right) * len(right[0]))
    return [[a * b for a in x for b in y] for x in left for y in right]


def _inverse(node: c.Inverse, at: At, env: Env) -> Matrix:
    matrix = value(node.arg, at, env)
    at.ring.spend(len(matrix) ** 3)
    return at.ring.inverse(matrix)


def _trace(node: c.Trace, at: At, env: Env) -> Matrix:
    matrix = value(node.arg, at, env)
    return [[sum((row[k] for k, row in enumerate(matrix)), start=at.ring.zero)]]


def _vec(node: c.Vec, at: At, env: Env) -> Matrix:
    matrix = value(node.arg, at, env)
    return [[x] for row in (matrix if node.by_rows else _turned(matrix)) for x in row]


def _diag(node: c.DiagOf, at: At, env: Env) -> Matrix:
    matrix = value(node.arg, at, env)
    if node.shape[1] == c.D1:
        return [[row[k]] for k, row in enumerate(matrix)]
    flat = [x for row in matrix for x in row]
    return filled(len(flat), len(flat), lambda r, k: flat[r] if r == k else at.ring.zero)


def _blocks(node: c.Blocks, at: At, env: Env) -> Matrix:
    out = []
    for row in node.rows:
        cells = [value(cell, at, env) for cell in row]
        out += [[x for cell in cells for x in cell[r]] for r in range(len(cells[0]))]
    return out


# ---------------------------------------------------------------------- indices


def place(index: c.Index, at: At, env: Env) -> int:
    """Where an index stands, counted from 0."""
    match index:
        case None:
            return 0
        case c.IVar():
            return env[index]
        case c.IShift(index=inner):
            return env[inner] + 1
    return index.place if index.end is None else index.end.value(at.sizes) - 1


def _within(matrix: Matrix, i: int, j: int) -> tuple[int, int]:
    if i >= len(matrix) or j >= len(matrix[0]):
        raise Undefined("a place outside the matrix")
    return i, j


def _pick(node: c.Pick, at: At, env: Env) -> Matrix:
    matrix = value(node.arg, at, env)
    i, j = _within(matrix, place(node.i, at, env), place(node.j, at, env))
    return [[matrix[i][j]]]


def _sum(node: c.SumOver, at: At, env: Env) -> Matrix:
    skip = {place(one, at, env) for one in node.skip}
    total = None
    for here in _run(node, at, env):
        if here in skip:
            continue
        at.ring.spend(1)
        found = value(node.body, at, {**env, node.index: here})
        total = found if total is None else plus([total, found])
    return total if total is not None else filled(*shape(node, at), lambda r, k: at.ring.zero)


def _run(node: c.SumOver, at: At, env: Env) -> range:
    size = c.range_of(node.index).value(at.sizes)
    if node.lo is None or node.hi is None:
        return range(size)
    low, high = at.ring.whole(number(node.lo, at, env)), at.ring.whole(number(node.hi, at, env))
    if low < 1 or high > size:
        raise Undefined("a range that leaves the matrix")
    return range(low - 1, high)


def _make(node: c.Make, at: At, env: Env) -> Matrix:
    rows, cols = shape(node, at)
    at.ring.spend(rows * cols)

    def entry(r: int, k: int) -> Any:
        return number(node.body, at, {**env, **_bind(node.i, r, at), **_bind(node.j, k, at)})

    return filled(rows, cols, entry)


def _bind(index: c.IVar | tuple[c.IVar, c.IVar] | None, here: int, at: At) -> Env:
    if index is None:
        return {}
    if isinstance(index, tuple):
        first, second = index
        a, b = divmod(here, c.range_of(second).value(at.sizes))
        return {first: a, second: b}
    return {index: here}


# ---------------------------------------------------------------------- derivatives


def _partial(node: c.Partial, at: At, env: Env) -> Matrix:
    """How f moves when one entry moves."""
    mark = at.marks + 1
    matrix = [list(row) for row in value(node.by, at, {})]
    i, j = _within(matrix, place(node.i, at, env), place(node.j, at, env))
    matrix[i][j] = at.ring.moved(matrix[i][j], at.ring.one, mark)
    return [[at.ring.slope(number(node.f, moving(at, {node.name: matrix}), env), mark)]]


def _differential(node: c.Differential, at: At, env: Env) -> Matrix:
    """How the matrix moves when all that varies moves along its direction."""
    mark = at.marks + 1
    moved = {
        name: entrywise(lambda x, y: at.ring.moved(x, y, mark), at.over.get(name) or at.values[name], direction)
        for name, direction in at.along.items()
    }
    return entrywise(lambda x: at.ring.slope(x, mark), value(node.arg, moving(at, moved), env))


_RULES: dict[type[c.Core], Callable[[Any, At, Env], Matrix]] = {
    c.Const: lambda node, at, env: [[at.ring.number(node.value)]],
    c.SizeOf: lambda node, at, env: [[at.ring.number(node.dim.value(at.sizes))]],
    c.IndexValue: lambda node, at, env: [[at.ring.number(env[node.index] + node.first)]],
    c.Var: _var,
    c.Defined: lambda node, at, env: at.over[node.name] if node.name in at.over else value(node.body, at, {}),
    c.With: _with,
    c.Plus: lambda node, at, env: plus([value(term, at, env) for term in node.terms]),
    c.Scale: _scale,
    c.Times: _times,
    c.Entrywise: _entrywise,
    c.KronOf: _kron,
    c.Transposed: lambda node, at, env: _turned(value(node.arg, at, env)),
    c.Inverse: _inverse,
    c.Power: lambda node, at, env: entrywise(lambda x: at.ring.power(x, node.exponent), value(node.arg, at, env)),
    c.Apply: lambda node, at, env: entrywise(lambda x: at.ring.apply(node.fn, x), value(node.arg, at, env)),
    c.Trace: _trace,
    c.Det: lambda node, at, env: [[at.ring.determinant(value(node.arg, at, env))]],
    c.Vec: _vec,
    c.DiagOf: _diag,
    c.Total: lambda node, at, env: [[sum((x for row in value(node.arg, at, env) for x in row), start=at.ring.zero)]],
    c.Pick: _pick,
    c.SumOver: _sum,
    c.Same: lambda node, at, env: [[at.ring.one if place(node.i, at, env) == place(node.j, at, env) else at.ring.zero]],
    c.Make: _make,
    c.Partial: _partial,
    c.Differential: _differential,
    c.Ones: lambda node, at, env: filled(*shape(node, at), lambda r, k: at.ring.one),
    c.Eye: lambda node, at, env: filled(*shape(node, at), lambda r, k: at.ring.one if r == k else at.ring.zero),
    c.Zeros: lambda node, at, env: filled(*shape(node, at), lambda r, k: at.ring.zero),
    c.Blocks: _blocks,
}
