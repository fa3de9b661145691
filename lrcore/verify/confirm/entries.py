"""Engine 3: sympy. Explicit symbolic entries on the grid of ``proof_sizes``; where inverses or functions occur, exact
rational points.

Loaded only when it is asked for. Nothing is ever parsed by sympy: the entries are built from the typed tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lrcore.verify.decide.claims import Claim, draw
from lrcore.verify.prove.proof_sizes import grid_points, proof_sizes
from lrcore.verify.refute.exact import free_places
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside, Undefined

GRID_LIMIT, ENTRY_LIMIT = 64, 400


@dataclass(frozen=True)
class Confirmation:
    """``how``: "symbolic entries" (a proof), "rational points" or "gave up"; ``agrees`` and how many points were
    looked at.
    """

    agrees: bool | None
    how: str
    points: int
    sizes: dict[str, list[int]]

    @property
    def proof(self) -> bool:
        """Whether it is a proof by itself, and not a second look."""
        return self.agrees is True and self.how == "symbolic entries"


def confirm(claim: Claim, limit: int = GRID_LIMIT) -> Confirmation:
    """What sympy says about a claim."""
    try:
        grid = proof_sizes(claim)
        points = grid_points(grid)
        if len(points) > limit or _entries(claim, points[-1]) > ENTRY_LIMIT:
            raise Outside("The grid is too large.")
    except Outside:
        return _rational(claim)
    agrees = all(_equal(claim, sizes) for sizes in points)
    return Confirmation(agrees, "symbolic entries", len(points), grid)


def _equal(claim, sizes) -> bool:
    """Polynomials where both sides are such, else expressions that are expanded."""
    from lrcore.verify.confirm.sparse import Sparse

    try:
        return Sparse(claim, sizes).equal()
    except Outside:
        return Entries(claim, sizes).equal()


def _entries(claim, sizes):
    return sum(one.shape[0].value(sizes) * one.shape[1].value(sizes) for one in claim.symbols().values())


def _rational(claim):
    """Exact rational numbers in sympy, at a few points."""
    tried = 0
    for number in range(6):
        sizes, values = draw(claim, number)
        try:
            if not Entries(claim, sizes, values).equal():
                return Confirmation(False, "rational points", tried + 1, {})
        except (Undefined, Outside, ZeroDivisionError):
            continue
        tried += 1
        if tried == 2:
            break
    return Confirmation(True if tried else None, "rational points" if tried else "gave up", tried, {})


class Entries:
    """Both sides written out in symbols, at one choice of sizes; with ``values``, the symbols are put in at the end."""

    def __init__(self, claim: Claim, sizes: dict[str, int], values=None):
        import sympy

        self.sp: Any = sympy
        self.claim, self.sizes, self.values = claim, sizes, values
        self.over: dict[str, Any] = {}
        self.matrices: dict[str, Any] = {}
        self.known: dict[str, Any] = {}

    def equal(self) -> bool:
        """Whether the difference of the sides expands to zero, entry by entry."""
        for places in free_places(self.claim.free, self.sizes):
            left, right = self.matrix(self.claim.left, places), self.matrix(self.claim.right, places)
            if not all(self._zero(a - b) for a, b in zip(left, right)):
                return False
        return True

    def _zero(self, difference):
        if self.values is None:
            return self.sp.expand(difference) == 0
        value = difference
        if value.has(self.sp.zoo, self.sp.nan):
            raise Undefined("a division by zero")
        if value.is_Rational:
            return value == 0
        return abs(self.sp.N(value, 40)) < self.sp.Float("1e-25", 40)

    # ------------------------------------------------------------------ symbols

    def symbols(self, name, shape, symmetric=False):
        """The matrix of symbols for a variable, or of its numbers at a rational point; made once."""
        if name not in self.matrices and self.values is not None and name in self.values:
            self.matrices[name] = self.sp.Matrix(self.values[name])
        if name not in self.matrices:
            rows, cols = (dim.value(self.sizes) for dim in shape)
            key = name.replace(" ", "_")
            real = not name.startswith("d ")

            def make(r, k):
                r, k = sorted((r, k)) if symmetric else (r, k)
                return self.sp.Symbol(f"{key}_{r}_{k}", real=real)

            self.matrices[name] = self.sp.Matrix(rows, cols, make)
        return self.matrices[name]

    def matrix(self, node: c.Core, env):
        return getattr(self, "_" + type(node).__name__.lower())(node, env)

    def number(self, node, env):
        return self.matrix(node, env)[0, 0]

    def one(self, value):
        return self.sp.Matrix([[value]])

    def shape(self, node):
        return node.shape[0].value(self.sizes), node.shape[1].value(self.sizes)

    # ------------------------------------------------------------------ nodes

    def _const(self, node, env):
        return self.one(self.sp.Rational(node.value.numerator, node.value.denominator))

    def _sizeof(self, node, env):
        return self.one(self.sp.Integer(node.dim.value(self.sizes)))

    def _indexvalue(self, node, env):
        return self.one(self.sp.Integer(env[node.index] + node.first))

    def _var(self, node, env):
        if node.name.startswith("the number"):
            return self.one({"pi": self.sp.pi, "e": self.sp.E}[node.name[-2:].strip()])
        return self.over[node.name] if node.name in self.over else self.symbols(node.name, node.shape, node.symmetric)

    def _defined(self, node, env):
        if node.name in self.over:
            return self.over[node.name]
        if self.over:
            return self.matrix(node.body, {})
        if node.name not in self.known:
            self.known[node.name] = self.matrix(node.body, {})
        return self.known[node.name]

    def _with(self, node, env):
        values = {name: self.matrix(value, env) for name, value in node.values}
        saved, self.over = self.over, {**self.over, **values}
        result = self.matrix(node.body, env)
        self.over = saved
        return result

    def _plus(self, node, env):
        total = self.matrix(node.terms[0], env)
        for term in node.terms[1:]:
            total = total + self.matrix(term, env)
        return total

    def _scale(self, node, env):
        return self.number(node.by, env) * self.matrix(node.arg, env)

    def _times(self, node, env):
        return self.matrix(node.left, env) * self.matrix(node.right, env)

    def _entrywise(self, node, env):
        return self.matrix(node.left, env).multiply_elementwise(self.matrix(node.right, env))

    def _kronof(self, node, env):
        return self.sp.kronecker_product(self.matrix(node.left, env), self.matrix(node.right, env))

    def _transposed(self, node, env):
        return self.matrix(node.arg, env).T

    def _inverse(self, node, env):
        matrix = self.matrix(node.arg, env)
        if matrix.rows > 3 and self.values is None:
            raise Outside("The inverse of a symbolic matrix above 3 x 3 is not written out.")
        if matrix.det() == 0:
            raise Undefined("the inverse of a singular matrix")
        return matrix.inv()

    def _power(self, node, env):
        return self.matrix(node.arg, env).applyfunc(lambda x: x**node.exponent)

    def _apply(self, node, env):
        fn = {"exp": self.sp.exp, "log": self.sp.log, "sqrt": self.sp.sqrt, "abs": self.sp.Abs}[node.fn]
        inside = self.matrix(node.arg, env)
        if node.fn in ("log", "sqrt") and any(x.is_number and not x.is_nonnegative for x in inside):
            raise Undefined(f"{node.fn} of a negative number")
        return inside.applyfunc(fn)

    def _trace(self, node, env):
        return self.one(self.matrix(node.arg, env).trace())

    def _det(self, node, env):
        return self.one(self.matrix(node.arg, env).det(method="berkowitz"))

    def _vec(self, node, env):
        matrix = self.matrix(node.arg, env)
        return (matrix.T if node.by_rows else matrix).vec()

    def _diagof(self, node, env):
        matrix = self.matrix(node.arg, env)
        return self.sp.diag(*matrix) if node.shape[1] != c.D1 else matrix.diagonal().T

    def _total(self, node, env):
        return self.one(sum(self.matrix(node.arg, env)))

    def _place(self, index, env):
        if index is None:
            return 0
        if isinstance(index, c.IVar):
            return env[index]
        if isinstance(index, c.IShift):
            return env[index.index] + 1
        return index.place if index.end is None else index.end.value(self.sizes) - 1

    def _pick(self, node, env):
        return self.one(self.matrix(node.arg, env)[self._place(node.i, env), self._place(node.j, env)])

    def _sumover(self, node, env):
        if node.lo is not None or node.hi is not None:
            raise Outside("A sum over a part of a range is not written out.")
        skip = {self._place(one, env) for one in node.skip}
        total = self.sp.zeros(*self.shape(node))
        for place in range(node.index.dim.value(self.sizes)):
            if place not in skip:
                total = total + self.matrix(node.body, {**env, node.index: place})
        return total

    def _same(self, node, env):
        return self.one(self.sp.Integer(int(self._place(node.i, env) == self._place(node.j, env))))

    def _make(self, node, env):
        rows, cols = self.shape(node)
        entry = lambda r, k: self.number(node.body, {**env, **self._bind(node.i, r), **self._bind(node.j, k)})  # noqa: E731
        return self.sp.Matrix(rows, cols, entry)

    def _bind(self, index, place):
        if index is None:
            return {}
        if isinstance(index, tuple):
            a, b = divmod(int(place), index[1].dim.value(self.sizes))
            return {index[0]: a, index[1]: b}
        return {index: int(place)}

    def _partial(self, node, env):
        """The name stands for symbols of its own while the derivative is taken, and for its value after."""
        value = self.over.get(node.name)
        stand = self.symbols("by " + node.name, node.by.shape)
        saved, self.over = self.over, {**self.over, node.name: stand}
        inside = self.number(node.f, env)
        self.over = saved
        result = self.sp.diff(inside, stand[self._place(node.i, env), self._place(node.j, env)])
        value = self.matrix(node.by, {}) if value is None else value
        return self.one(result.subs(dict(zip(stand, value)), simultaneous=True))

    def _differential(self, node, env):
        """d/dt of the expression at W + t dW, at t = 0."""
        t = self.sp.Dummy("t")
        shifted = {}
        for name in self.claim.variables:
            symbol = self.claim.symbols().get(name)
            if symbol is None:
                continue
            base = self.over.get(name, self.symbols(name, symbol.shape, symbol.symmetric))
            shifted[name] = base + t * self.symbols("d " + name, symbol.shape, symbol.symmetric)
        saved, self.over = self.over, {**self.over, **shifted}
        inside = self.matrix(node.arg, env)
        self.over = saved
        return inside.applyfunc(lambda x: self.sp.diff(x, t).subs(t, 0))

    def _ones(self, node, env):
        return self.sp.ones(*self.shape(node))

    def _eye(self, node, env):
        return self.sp.eye(self.shape(node)[0])

    def _zeros(self, node, env):
        return self.sp.zeros(*self.shape(node))

    def _blocks(self, node, env):
        rows = [self.sp.Matrix.hstack(*(self.matrix(cell, env) for cell in row)) for row in node.rows]
        return self.sp.Matrix.vstack(*rows)


__all__ = ["Confirmation", "Entries", "confirm"]
