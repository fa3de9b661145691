"""Engine 2: exact evaluation. Both sides at small whole numbers, derivatives by dual numbers; nothing is shared with
engine 1.
"""

from __future__ import annotations

from contextlib import contextmanager
from fractions import Fraction
from itertools import permutations, product

from lrcore.verify.terms import core as c
from lrcore.verify.terms import effort
from lrcore.verify.terms.errors import Outside, Undefined
from lrcore.verify.terms.exact_numbers import PI, Dual, apply, as_decimal, epsilon, power, real, reciprocal, tidy

WORK_LIMIT = 400_000


class Exact:
    """Evaluates typed trees at one point: sizes, values of the variables, directions of the differentials."""

    def __init__(self, sizes, values, variables=frozenset(), decimal=False, budget=WORK_LIMIT):
        self.sizes, self.values, self.variables, self.decimal = sizes, values, variables, decimal
        self.over: dict = {}
        self.memo: dict = {}
        self.closed: dict = {}
        self.tag = 0
        self.work, self.budget = 0, budget

    def spend(self, amount):
        self.work += amount
        if self.work > self.budget:
            raise Outside("The evaluation needs more work than its budget.")
        effort.spend(amount)

    def shape(self, node):
        return node.shape[0].value(self.sizes), node.shape[1].value(self.sizes)

    def value(self, node: c.Core, env) -> list:
        """The matrix of values, as a list of rows."""
        effort.spend(4)
        if not self._is_closed(node):
            return getattr(self, "_" + type(node).__name__.lower())(node, env)
        found = self.memo.get(id(node))
        if found is None:
            found = self.memo[id(node)] = getattr(self, "_" + type(node).__name__.lower())(node, env)
        return found

    def number(self, node, env):
        return self.value(node, env)[0][0]

    def _is_closed(self, node):
        """Whether no index variable from outside occurs in the node, so that its value can be kept."""
        found = self.closed.get(id(node))
        if found is None:
            found = self.closed[id(node)] = not _open_indices(node)
        return found

    @contextmanager
    def _with_values(self, new):
        saved = self.over, self.memo
        self.over, self.memo = {**self.over, **new}, {}
        try:
            yield
        finally:
            self.over, self.memo = saved

    def plain(self, value):
        return as_decimal(value) if self.decimal else tidy(value)

    # ------------------------------------------------------------------ leaves

    def _const(self, node, env):
        return [[self.plain(node.value)]]

    def _sizeof(self, node, env):
        return [[self.plain(node.dim.value(self.sizes))]]

    def _indexvalue(self, node, env):
        return [[self.plain(env[node.index] + node.first)]]

    def _var(self, node, env):
        if node.name in self.over:
            return self.over[node.name]
        if node.name == "the number pi":
            return [[PI]]
        if node.name == "the number e":
            return [[apply("exp", as_decimal(1))]]
        return self.values[node.name]

    def _defined(self, node, env):
        if node.name in self.over:
            return self.over[node.name]
        return self.value(node.body, {})

    def _with(self, node, env):
        new = {name: self.value(value, env) for name, value in node.values}
        with self._with_values(new):
            return self.value(node.body, env)

    # ------------------------------------------------------------------ algebra

    def _plus(self, node, env):
        return _add([self.value(term, env) for term in node.terms])

    def _scale(self, node, env):
        by = self.number(node.by, env)
        return [[by * x for x in row] for row in self.value(node.arg, env)]

    def _times(self, node, env):
        left, right = self.value(node.left, env), self.value(node.right, env)
        columns = list(zip(*right))
        self.spend(len(left) * len(right) * len(columns))
        return [[_dot(row, column) for column in columns] for row in left]

    def _entrywise(self, node, env):
        left, right = self.value(node.left, env), self.value(node.right, env)
        return [[a * b for a, b in zip(x, y)] for x, y in zip(left, right)]

    def _kronof(self, node, env):
        left, right = self.value(node.left, env), self.value(node.right, env)
        self.spend(len(left) * len(left[0]) * len(right) * len(right[0]))
        return [[a * b for a in x for b in y] for x in left for y in right]

    def _transposed(self, node, env):
        return [list(row) for row in zip(*self.value(node.arg, env))]

    def _inverse(self, node, env):
        matrix = self.value(node.arg, env)
        self.spend(len(matrix) ** 3)
        return _inverse(matrix)

    def _power(self, node, env):
        return [[power(x, node.exponent) for x in row] for row in self.value(node.arg, env)]

    def _apply(self, node, env):
        return [[apply(node.fn, x) for x in row] for row in self.value(node.arg, env)]

    def _trace(self, node, env):
        return [[sum(row[k] for k, row in enumerate(self.value(node.arg, env)))]]

    def _det(self, node, env):
        matrix = self.value(node.arg, env)
        if len(matrix) > 5:
            raise Outside("A determinant above 5 x 5 is not evaluated.")
        self.spend(10 ** len(matrix) // 20)
        return [[_determinant(matrix)]]

    def _vec(self, node, env):
        matrix = self.value(node.arg, env)
        return [[x] for row in (matrix if node.by_rows else zip(*matrix)) for x in row]

    def _diagof(self, node, env):
        matrix = self.value(node.arg, env)
        if node.shape[1] == c.D1:
            return [[row[k]] for k, row in enumerate(matrix)]
        flat = [x for row in matrix for x in row]
        return [[x if r == k else 0 for k in range(len(flat))] for r, x in enumerate(flat)]

    def _total(self, node, env):
        return [[sum(x for row in self.value(node.arg, env) for x in row)]]

    # ------------------------------------------------------------------ indices

    def _place(self, index, env):
        if index is None:
            return 0
        if isinstance(index, c.IVar):
            return env[index]
        if isinstance(index, c.IShift):
            return env[index.index] + 1
        return index.place if index.end is None else index.end.value(self.sizes) - 1

    def _pick(self, node, env):
        matrix = self.value(node.arg, env)
        i, j = self._place(node.i, env), self._place(node.j, env)
        if i >= len(matrix) or j >= len(matrix[0]):
            raise Undefined("a place outside the matrix")
        return [[matrix[i][j]]]

    def _sumover(self, node, env):
        skip = {self._place(one, env) for one in node.skip}
        total = None
        for place in self._run(node, env):
            if place in skip:
                continue
            self.spend(1)
            value = self.value(node.body, {**env, node.index: place})
            total = value if total is None else _add([total, value])
        rows, cols = self.shape(node)
        return total if total is not None else [[0] * cols for _ in range(rows)]

    def _run(self, node, env):
        size = node.index.dim.value(self.sizes)
        if node.lo is None and node.hi is None:
            return range(size)
        low, high = int(real(self.number(node.lo, env))), int(real(self.number(node.hi, env)))
        if low < 1 or high > size:
            raise Undefined("a range that leaves the matrix")
        return range(low - 1, high)

    def _same(self, node, env):
        return [[int(self._place(node.i, env) == self._place(node.j, env))]]

    def _make(self, node, env):
        rows, cols = self.shape(node)
        self.spend(rows * cols)
        return [
            [self.number(node.body, {**env, **self._bind(node.i, r), **self._bind(node.j, k)}) for k in range(cols)]
            for r in range(rows)
        ]

    def _bind(self, index, place):
        if index is None:
            return {}
        if isinstance(index, tuple):
            first, second = index
            a, b = divmod(place, second.dim.value(self.sizes))
            return {first: a, second: b}
        return {index: place}

    # ------------------------------------------------------------------ derivatives

    def _partial(self, node, env):
        self.tag += 1
        tag = self.tag
        matrix = [list(row) for row in self.value(node.by, {})]
        i, j = self._place(node.i, env), self._place(node.j, env)
        if i >= len(matrix) or j >= len(matrix[0]):
            raise Undefined("a place outside the matrix")
        matrix[i][j] = _raise(matrix[i][j], 1, tag)
        with self._with_values({node.name: matrix}):
            result = self.number(node.f, env)
        return [[epsilon(result, tag)]]

    def _differential(self, node, env):
        self.tag += 1
        tag = self.tag
        moved = {}
        for name in self.variables:
            here, along = self.over.get(name) or self.values[name], self.values["d " + name]
            moved[name] = [[_raise(x, y, tag) for x, y in zip(p, q)] for p, q in zip(here, along)]
        with self._with_values(moved):
            result = self.value(node.arg, env)
        return [[epsilon(x, tag) for x in row] for row in result]

    # ------------------------------------------------------------------ constant arrays

    def _ones(self, node, env):
        rows, cols = self.shape(node)
        return [[1] * cols for _ in range(rows)]

    def _eye(self, node, env):
        rows, cols = self.shape(node)
        return [[int(r == k) for k in range(cols)] for r in range(rows)]

    def _zeros(self, node, env):
        rows, cols = self.shape(node)
        return [[0] * cols for _ in range(rows)]

    def _blocks(self, node, env):
        out = []
        for row in node.rows:
            cells = [self.value(cell, env) for cell in row]
            out += [[x for cell in cells for x in cell[r]] for r in range(len(cells[0]))]
        return out


def _raise(value, by, tag):
    return Dual(value, by, tag)


def _dot(row, column):
    total = 0
    for a, b in zip(row, column):
        total = total + a * b
    return total


def _add(matrices):
    first, *rest = matrices
    for other in rest:
        first = [[a + b for a, b in zip(x, y)] for x, y in zip(first, other)]
    return first


def _inverse(matrix):
    size = len(matrix)
    rows = [list(row) + [int(r == k) for k in range(size)] for r, row in enumerate(matrix)]
    for col in range(size):
        pivot = next((r for r in range(col, size) if real(rows[r][col]) != 0), None)
        if pivot is None:
            raise Undefined("the inverse of a singular matrix")
        rows[col], rows[pivot] = rows[pivot], rows[col]
        below = reciprocal(rows[col][col])
        rows[col] = [_tidy(x * below) for x in rows[col]]
        for r in range(size):
            factor = rows[r][col]
            if r != col and (isinstance(factor, Dual) or factor != 0):
                rows[r] = [_tidy(x - factor * y) for x, y in zip(rows[r], rows[col])]
    return [row[size:] for row in rows]


def _tidy(value):
    return tidy(value) if isinstance(value, Fraction) else value


def _determinant(matrix):
    size, total = len(matrix), 0
    for order in permutations(range(size)):
        inversions = sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
        term = 1 - 2 * (inversions % 2)
        for r, k in enumerate(order):
            term = term * matrix[r][k]
        total = total + term
    return total


def _open_indices(node) -> bool:
    """Whether the node uses an index variable that nothing inside it binds."""
    used: set = set()
    bound: set = set()
    seen: set[int] = set()  # a part that stands in many places is looked at once
    stack = [node]
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, c.Defined):
            continue
        if isinstance(one, (c.SumOver, c.IndexValue)):
            (bound if isinstance(one, c.SumOver) else used).add(one.index)
            used.update(x for x in getattr(one, "skip", ()) if isinstance(x, c.IVar))
        elif isinstance(one, c.Make):
            for index in (one.i, one.j):
                bound.update(index if isinstance(index, tuple) else (index,))
        elif isinstance(one, (c.Pick, c.Same, c.Partial)):
            used.update(_variable(x) for x in (one.i, one.j) if isinstance(x, (c.IVar, c.IShift)))
        stack.extend(c.below(one))
    return bool(used - bound)


def _variable(index):
    return index.index if isinstance(index, c.IShift) else index


def needs_decimals(*nodes: c.Core) -> bool:
    """Whether a root, logarithm, exponential or pi occurs."""
    for node in nodes:
        for one in c.everything(node):
            if isinstance(one, c.Apply) and one.fn != "abs":
                return True
            if isinstance(one, c.Var) and one.name.startswith("the number"):
                return True
    return False


def free_places(free, sizes):
    """Every choice of values for the free indices."""
    runs = [range(one.dim.value(sizes)) for one in free]
    for places in product(*runs):
        yield dict(zip(free, places))
