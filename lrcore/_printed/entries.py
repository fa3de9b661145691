"""An expression of the book, written out in sympy: every matrix in symbols, every derivative taken by ``sympy.diff``.

It starts from the syntax tree of what is printed and shares nothing else with the prover: what a product, a sum or a
derivative means is said here once more, at sizes that are numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import product
from typing import Any

import sympy as sp

from lrcore._printed.refusals import Refused, Undecided
from lrcore.verify import Context, names
from lrcore.verify import syntax as s

Value = Any  # an expression, or a matrix of expressions with more than one entry
Places = dict[str, int]  # the place of each index, from 0
LARGEST_INVERSE = 3
EACH = {"exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "tanh": sp.tanh, "sigmoid": lambda x: 1 / (1 + sp.exp(-x))}


def is_matrix(value: Value) -> bool:
    return isinstance(value, sp.MatrixBase)


def shape(value: Value) -> tuple[int, int]:
    return tuple(value.shape) if is_matrix(value) else (1, 1)


def plain(value: Value) -> Value:
    """A number, also where it came as a 1 x 1 matrix."""
    return value[0, 0] if is_matrix(value) and value.shape == (1, 1) else value


def each(value: Value, change: Callable[[Any], Any]) -> Value:
    return value.applyfunc(change) if is_matrix(value) else change(value)


def number(value: Value, what: str) -> Any:
    if is_matrix(value):
        raise Refused(f"{what} has to be a number, and is {_times(value)}.")
    return value


def _times(value: Value) -> str:
    return "{} x {}".format(*shape(value))


class Entries:
    """What names stand for at these sizes; ``instead`` holds the values of names that stand for something else."""

    def __init__(
        self, context: Context, sizes: dict[str, int], varied: set[str], instead: dict[str, Value] | None = None
    ):
        self.context, self.sizes, self.varied = context, sizes, varied
        self.instead = instead or {}
        self.known: dict[str, Value] = {}

    def with_values(self, values: dict[str, Value]) -> Entries:
        return Entries(self.context, self.sizes, self.varied, {**self.instead, **values})

    def value(self, node: s.Node, at: Places) -> Value:
        rule = getattr(self, f"_{type(node).__name__.lower()}", None)
        if rule is None:
            raise Undecided(f"What is written as {type(node).__name__} is not written out in sympy.")
        return plain(rule(node, at))

    # ------------------------------------------------------------------ names

    def _name(self, node: s.Name, at: Places) -> Value:
        key = node.id
        if key in self.instead:
            return self.instead[key]
        if key in at:
            return sp.Integer(at[key] + 1)
        if key in self.sizes:
            return sp.Integer(self.sizes[key])
        if key not in self.known:
            self.known[key] = self._named(key)
        return self.known[key]

    def _named(self, key: str) -> Value:
        symbol = self.context.lookup(key)
        if symbol is None and key == "pi":
            return sp.pi
        if symbol is None:
            raise Undecided(f"What {key} means is not said in this chapter.")
        if symbol.definition is None:
            return self.symbols(key)
        if not symbol.indices:
            return self.value(symbol.definition, {})
        rows, columns = self.shape_of(key)
        places = [dict(zip(symbol.indices, one, strict=False)) for one in product(range(rows), range(columns))]
        return sp.Matrix(rows, columns, [self.value(symbol.definition, one) for one in places])

    def shape_of(self, key: str) -> tuple[int, int]:
        symbol = self.context.lookup(key)
        if symbol is None or symbol.shape is None:
            raise Undecided(f"The shape of {key} is not said in this chapter.")
        rows, columns = (one.value(self.sizes) for one in symbol.shape)
        return rows, columns

    def symbols(self, key: str, before: str = "") -> Value:
        """A letter for each entry; ``before`` is the d of a differential."""
        rows, columns = self.shape_of(key)
        letter = names.latex(key)
        letter = before + (f"({letter})" if "_" in letter and (rows, columns) != (1, 1) else letter)

        def entry(i: int, k: int) -> Any:
            places = [str(place + 1) for place, size in ((i, rows), (k, columns)) if size > 1]
            return sp.Symbol(letter + ("_{" + "".join(places) + "}" if places else ""), real=True)

        return plain(sp.Matrix(rows, columns, entry))

    def _at(self, node: s.At, at: Places) -> Value:
        if not isinstance(node.fn, s.Name):
            raise Undecided("Only a named function can have arguments.")
        symbol = self.context.lookup(node.fn.id)
        if symbol is None or symbol.definition is None or len(symbol.params) != len(node.args):
            raise Undecided(f"What {node.fn.id} does with its arguments is not said in this chapter.")
        values = {key: self.value(one, at) for key, one in zip(symbol.params, node.args, strict=True)}
        return self.with_values(values).value(symbol.definition, {})

    # ------------------------------------------------------------------ numbers and products

    def _num(self, node: s.Num, at: Places) -> Value:
        return sp.Rational(node.value.numerator, node.value.denominator)

    def _add(self, node: s.Add, at: Places) -> Value:
        terms = [self.value(one, at) for one in node.terms]
        for one in terms[1:]:
            _same_shape("A sum", terms[0], one)
        return reduce(lambda a, b: a + b, terms)

    def _neg(self, node: s.Neg, at: Places) -> Value:
        return -self.value(node.arg, at)

    def _mul(self, node: s.Mul, at: Places) -> Value:
        return reduce(times, (self.value(one, at) for one in node.factors))

    def _had(self, node: s.Had, at: Places) -> Value:
        left, right = self.value(node.left, at), self.value(node.right, at)
        _same_shape("An entrywise product", left, right)
        return left.multiply_elementwise(right) if is_matrix(left) else left * right

    def _kron(self, node: s.Kron, at: Places) -> Value:
        left, right = self.value(node.left, at), self.value(node.right, at)
        return sp.kronecker_product(left, right) if is_matrix(left) and is_matrix(right) else left * right

    def _div(self, node: s.Div, at: Places) -> Value:
        below = number(self.value(node.den, at), "What is divided by")
        if below == 0:
            raise Refused("It divides by zero.")
        return self.value(node.num, at) / below

    def _pow(self, node: s.Pow, at: Places) -> Value:
        base, exponent = self.value(node.base, at), number(self.value(node.exponent, at), "An exponent")
        if not is_matrix(base) or node.entrywise:
            return each(base, lambda x: x**exponent)
        if base.rows != base.cols or not exponent.is_Integer or exponent < 0:
            raise Undecided(f"A power of what is {_times(base)} is not written out.")
        return base**exponent

    def _t(self, node: s.T, at: Places) -> Value:
        value = self.value(node.arg, at)
        return value.T if is_matrix(value) else value

    def _inv(self, node: s.Inv, at: Places) -> Value:
        value = self.value(node.arg, at)
        if not is_matrix(value):
            return 1 / value
        if value.rows != value.cols:
            raise Refused(f"What is {_times(value)} has no inverse.")
        if value.rows > LARGEST_INVERSE:
            raise Undecided(
                f"The inverse of what is {_times(value)} is too large to be written out; take smaller sizes."
            )
        if sp.expand(value.det()) == 0:
            raise Refused("It takes the inverse of a matrix that has none.")
        return value.adjugate() / value.det()

    def _shaped(self, node: s.Shaped, at: Places) -> Value:
        value = self.value(node.arg, at)
        said = tuple(int(self.value(one, at)) for one in node.sizes)
        if (*said, 1)[:2] != shape(value):
            raise Refused(f"What is said to be {' x '.join(map(str, said))} is {_times(value)}.")
        return value

    # ------------------------------------------------------------------ arrays

    def _special(self, node: s.Special, at: Places) -> Value:
        sizes = [int(self.value(one, at)) for one in node.sizes]
        if not sizes:
            raise Undecided(f"The size of {node.kind} is not written.")
        if node.kind == "eye":
            return sp.eye(sizes[0])
        return (sp.ones if node.kind == "ones" else sp.zeros)(*(*sizes, 1)[:2])

    def _block(self, node: s.Block, at: Places) -> Value:
        cells = [[self.value(one, at) for one in row] for row in node.rows]
        try:
            rows = [sp.Matrix.hstack(*(one if is_matrix(one) else sp.Matrix([[one]]) for one in row)) for row in cells]
            return sp.Matrix.vstack(*rows)
        except sp.matrices.exceptions.ShapeError as error:
            raise Refused("The blocks of a matrix don't fit together.") from error

    def _build(self, node: s.Build, at: Places) -> Value:
        rows, columns = (
            self.range_of(letter, node.body, at) if size is None else int(self.value(size, at))
            for letter, size in ((node.i, node.rows), (node.j, node.cols))
        )
        if rows is None or columns is None:
            raise Undecided("How large this array is is not written.")
        return sp.Matrix(rows, columns, lambda i, j: self.value(node.body, {**at, node.i: int(i), node.j: int(j)}))

    def _entry(self, node: s.Entry, at: Places) -> Value:
        if not all(isinstance(one, s.Name | s.Num) for one in node.indices):
            raise Undecided("An index that is no letter and no number is not written out.")
        table, base = self._table(node), self.array(node, at)
        places = [int(self.value(one, at)) - 1 for one in node.indices]
        if table and 0 <= places[0] < shape(base)[0]:
            return base[places[0], :].T
        if len(places) == 1 and 1 not in shape(base):
            raise Refused(f"One index does not tell an entry of what is {_times(base)}.")
        if len(places) == 1:
            places = [0, places[0]] if shape(base)[0] == 1 else [places[0], 0]
        if is_matrix(base) and all(0 <= place < size for place, size in zip(places, base.shape, strict=True)):
            return base[places[0], places[1]]
        raise Refused("An index stands in a place where it has more values than there are entries.")

    def array(self, node: s.Entry, at: Places) -> Value:
        """What the indices of an entry count in."""
        return self.value(self._table(node) or node.base, at)

    def _table(self, node: s.Entry) -> s.Name | None:
        """The matrix whose rows, written as columns, have the small letter: x_i is row i of X."""
        if isinstance(node.base, s.Name) and not self._means(node.base.id) and len(node.indices) == 1:
            table = names.swap_case(node.base.id)
            return s.Name(table) if self._means(table) else None
        return None

    def _means(self, key: str) -> bool:
        return key in self.instead or self.context.lookup(key) is not None

    def _delta(self, node: s.Delta, at: Places) -> Value:
        return sp.Integer(int(self.value(node.i, at) == self.value(node.j, at)))

    def _sum(self, node: s.Sum, at: Places) -> Value:
        size = self.range_of(node.index, node.body, at)
        first = 1 if node.lo is None else int(self.value(node.lo, at))
        last = size if node.hi is None else int(self.value(node.hi, at))
        if last is None:
            raise Undecided(f"How far {node.index} runs is not written.")
        if size is not None and not 1 <= first <= last <= size:
            raise Refused(f"The index {node.index} runs to {last}, in a place that has {size} entries.")
        left_out = {at[one] for one in node.exclude if one in at}
        terms = [
            self.value(node.body, {**at, node.index: k - 1}) for k in range(first, last + 1) if k - 1 not in left_out
        ]
        return reduce(lambda a, b: a + b, terms)

    def range_of(self, letter: str, node: s.Node, at: Places) -> int | None:
        """How many values an index has, by the places where it stands; None where none of them tells."""
        found = {size for one in s.walk(node) for size in self._ranges(letter, one, at)}
        if len(found) > 1:
            raise Refused(
                f"The index {letter} stands in places of different sizes: {', '.join(map(str, sorted(found)))}."
            )
        return found.pop() if found else None

    def _ranges(self, letter: str, node: s.Node, at: Places) -> list[int]:
        if not isinstance(node, s.Entry) or s.Name(letter) not in node.indices:
            return []
        inside = {one: 0 for one in s.names(node.base) if not self._means(one) and one not in self.sizes}
        rows, columns = shape(self.array(node, {**inside, **at}))
        along = rows if self._table(node) or columns == 1 else columns
        sizes = [along] if len(node.indices) == 1 else [rows, columns]
        return [size for one, size in zip(node.indices, sizes, strict=False) if one == s.Name(letter)]

    # ------------------------------------------------------------------ functions

    def _call(self, node: s.Call, at: Places) -> Value:
        values = [self.value(one, at) for one in node.args]
        if node.fn in EACH and len(values) == 1:
            return each(values[0], EACH[node.fn])
        rule = _CALLS.get(node.fn)
        if rule is None:
            raise Undecided(f"The function {node.fn} is not written out in sympy.")
        return rule(*(one if is_matrix(one) else sp.Matrix([[one]]) for one in values))

    # ------------------------------------------------------------------ derivatives

    def _deriv(self, node: s.Deriv, at: Places) -> Value:
        if isinstance(node.f, s.At) and (moved := self._elsewhere(node.f, node, at)) is not None:
            return moved
        bases = {one.id for by in node.wrt for one in s.walk(by) if isinstance(one, s.Name) and self._defined(one.id)}
        stands = {key: self._stand(key) for key in bases}
        scene = self.with_values(stands)
        result = scene.value(node.f, at)
        for by in node.wrt:
            result = plain(derivative(result, scene.value(by, at)))
        back = {
            old: new
            for key, stand in stands.items()
            for old, new in zip(_flat(stand), _flat(self.value(s.Name(key), {})), strict=True)
        }
        return each(result, lambda x: x.subs(back, simultaneous=True)) if back else result

    def _elsewhere(self, f: s.At, node: s.Deriv, at: Places) -> Value | None:
        """``d f(a) / d w`` where a is not w: the derivative of f, taken at a."""
        symbol = self.context.lookup(f.fn.id) if isinstance(f.fn, s.Name) else None
        if symbol is None or len(symbol.params) != len(f.args):
            return None
        moved = {key: one for key, one in zip(symbol.params, f.args, strict=True) if one != s.Name(key)}
        by = {name for one in node.wrt for name in s.names(one)}
        if not by & set(moved) or any(by & s.names(one) for one in moved.values()):
            return None
        here = s.At(f.fn, tuple(map(s.Name, symbol.params)))
        value = self.value(s.Deriv(here, node.wrt, node.kind), at)
        back = {
            old: new
            for key, one in moved.items()
            for old, new in zip(_flat(self.value(s.Name(key), {})), _flat(self.value(one, at)), strict=True)
        }
        return each(value, lambda x: x.subs(back, simultaneous=True))

    def _defined(self, key: str) -> bool:
        if key in self.sizes:
            return False
        symbol = self.context.lookup(key)
        return key in self.instead or (symbol is not None and symbol.definition is not None)

    def _stand(self, key: str) -> Value:
        """Letters of their own for the entries of a name that is defined, while a derivative is taken by it."""
        return plain(sp.Matrix(*shape(self.value(s.Name(key), {})), lambda i, k: sp.Dummy(real=True)))

    def _diff(self, node: s.Diff, at: Places) -> Value:
        """d f is what f gains when each varied name W moves on to W + t dW: its derivative by t, at t = 0."""
        t = sp.Dummy("t", real=True)
        free = [key for key in sorted(self.varied) if not self._defined(key) and self.context.lookup(key)]
        moved = {key: self.symbols(key) + t * self.symbols(key, "d") for key in free}
        return each(self.with_values(moved).value(node.arg, at), lambda x: sp.diff(x, t).subs(t, 0))


def _flat(value: Value) -> list[Any]:
    return list(value) if is_matrix(value) else [value]


def _same_shape(what: str, left: Value, right: Value) -> None:
    if shape(left) != shape(right):
        raise Refused(f"{what} joins what is {_times(left)} and what is {_times(right)}.")


def times(left: Value, right: Value) -> Value:
    """The product of numbers and matrices; what comes out as one entry is a number."""
    if is_matrix(left) and is_matrix(right) and left.cols != right.rows:
        raise Refused(f"A product joins what is {_times(left)} and what is {_times(right)}.")
    return plain(left * right)


def derivative(value: Value, by: Value) -> Value:
    """Of a number: the shape of ``by``. Of a column by a column: a row per entry of the value."""
    if not all(one.is_Symbol for one in _flat(by)):
        raise Undecided("A derivative is taken by a symbol or by entries of one, and here it is not.")
    if not is_matrix(value):
        return each(by, lambda x: sp.diff(value, x))
    if not is_matrix(by):
        return each(value, lambda x: sp.diff(x, by))
    if value.cols == 1 and by.cols == 1:
        return sp.Matrix(value.rows, by.rows, lambda i, k: sp.diff(value[i], by[k]))
    raise Undecided(f"How the derivatives of what is {_times(value)} by what is {_times(by)} are arranged is not said.")


def _total(matrix: Value) -> Any:
    return sp.Add(*matrix)


def _squares(matrix: Value) -> Any:
    return sp.Add(*(x**2 for x in matrix))


def _trace(matrix: Value) -> Any:
    if matrix.rows != matrix.cols:
        raise Refused(f"What is {_times(matrix)} has no trace.")
    return matrix.trace()


def _inner(left: Value, right: Value) -> Any:
    _same_shape("An inner product", left, right)
    return _total(left.multiply_elementwise(right))


_CALLS: dict[str, Callable[..., Value]] = {
    "tr": _trace,
    "det": lambda matrix: matrix.det(),
    "vec": lambda matrix: matrix.vec(),
    "rvec": lambda matrix: matrix.T.vec(),
    "diag": lambda matrix: sp.diag(*matrix) if 1 in matrix.shape else matrix.diagonal().T,
    "total": _total,
    "inner": _inner,
    "frobenius": _inner,
    **dict.fromkeys(("norm2", "normf2", "norml22"), _squares),
    **dict.fromkeys(("norm", "normf", "norml2"), lambda matrix: sp.sqrt(_squares(matrix))),
}
