"""From the typed tree to a statement in index notation: what a claim says, entry by entry.

Every node of the typed tree has an entry at each place; this writes it down in the language of :mod:`.statements`. A
size that is 1 has no index, an index of a pair is two indices, and an index through blocks is one for each block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside

# isort: off
from lrcore.verify.statements import (
    ONE,
    ZERO,
    Add,
    Diff,
    Entry,
    Equation,
    Fn,
    Index,
    Letter,
    Mul,
    Num,
    Place,
    Pow,
    Put,
    Size,
)
from lrcore.verify.statements import Statement, Sum, Term, add, delta, is_zero, minus, mul, power, total
# isort: on

NODE_LIMIT, EXPANDED, DETERMINANT = 20_000, 24, 4
Value = Any  # of an index: None (size 1), a place, ("P", k, value) in block k, ("Q", value, value, dim, dim) for a pair
Env = dict[c.IVar, Value]


def elaborated(claim: Claim, given: Sequence[Claim] = (), relation: str = "=") -> Statement:
    """The statement that a claim makes, under the equations in ``given``."""
    scribe = Scribe(claim, given)
    claims = tuple(one for each in [claim] for one in scribe.equations(each))
    if relation in ("<=", "<"):
        claims, relation = tuple(Equation(one.right, one.left, one.free) for one in claims), ">="
    return Statement(claims, tuple(one for each in given for one in scribe.equations(each)), relation)


class Scribe:
    """Writes down the entries of typed trees, for one statement."""

    def __init__(self, claim: Claim, given: Sequence[Claim]):
        self.nodes = [node for one in (claim, *given) for node in one.nodes]
        self.symbols = {name: node for one in (claim, *given) for name, node in one.symbols().items()}
        self.variables = sorted(claim.variables)
        self.opaque: set[str] = set()
        self.over: dict[str, Any] = {}
        self.blocks: dict[Any, c.Dim] = {}
        self.work = 0
        for node in self.nodes:
            shifts = [x.whole for x in (getattr(node, "i", None), getattr(node, "j", None)) if isinstance(x, c.IShift)]
            for dim in (*node.shape, *(c.parts((c.D1, whole - c.D1)) for whole in shifts)):
                self.learn(dim)
        self.kinds = {str(dim) for node in self.nodes for dim in node.shape if _atomic(dim) and not self.is_split(dim)}

    def learn(self, dim: c.Dim) -> None:
        """How blocks split a size; every index of such a size is split alike."""
        parts = dim.made_of and dim.made_of[0] == "parts" and dim.constant() is None
        if parts and self.blocks.setdefault(dim.poly, dim).made_of != dim.made_of:
            raise Outside("One size is split into blocks in two ways.")

    def is_split(self, dim: c.Dim) -> bool:
        return dim.poly in self.blocks or bool(dim.made_of and dim.made_of[0] == "pair")

    def equations(self, claim: Claim) -> list[Equation]:
        """One equation for each kind of place."""
        envs: list[tuple[Env, tuple[Index, ...]]] = [({}, ())]
        for one in claim.free:
            envs = [({**env, one: v}, (*got, *new)) for env, got in envs for v, new in self.run(_dim(one), one.name)]
        out = []
        for env, got in envs:
            for i, new in self.run(claim.left.shape[0]):
                for j, more in self.run(claim.left.shape[1]):
                    left, right = (self.entry(side, i, j, env) for side in (claim.left, claim.right))
                    out.append(Equation(left, right, (*got, *new, *more)))
        return out

    # ------------------------------------------------------------------ indices

    def run(self, dim: c.Dim, name: str = "") -> list[tuple[Value, tuple[Index, ...]]]:
        """The values of an index of this size, each with the index letters in it."""
        if dim.constant() == 1:
            return [(None, ())]
        if dim.made_of and dim.made_of[0] == "pair":
            first, second = dim.made_of[1:]
            return [(("Q", a, b, first, second), x + y) for a, x in self.run(first) for b, y in self.run(second)]
        if dim.poly in self.blocks:
            dims = (self.blocks[dim.poly].made_of or ())[1]
            return [(("P", k, value), new) for k, one in enumerate(dims) for value, new in self.run(one)]
        kind = dim.constant() or str(dim)
        index = Index(
            name or (kind.lower() if isinstance(kind, str) and len(kind) == 1 and kind.isupper() else "i"), kind
        )
        return [(index, (index,))]

    def summed(self, dim: c.Dim, make: Callable[[Value], Term], name: str = "") -> Term:
        terms = []
        for value, indices in self.run(dim, name):
            term = make(value)
            for index in reversed(indices):
                term = over(index, term)
            terms.append(term)
        return add(*terms)

    def place(self, index: c.Index, dim: c.Dim, env: Env) -> Value:
        """The value of an index where it stands."""
        if index is None:
            return None
        if isinstance(index, c.IVar):
            if index not in env:
                raise Outside("An index has no value here.")
            return env[index]
        if isinstance(index, c.IShift):
            return ("P", 1, self.place(index.index, dim, env))
        if index.end is not None and index.end.constant() is None:
            raise Outside("The last place of an open range has no name in a statement.")
        place = index.place if index.end is None else (index.end.constant() or 0) - 1
        return self.fixed(place, dim)

    def fixed(self, place: int, dim: c.Dim) -> Value:
        if dim.constant() == 1:
            return None
        if dim.made_of and dim.made_of[0] == "pair":
            first, second = dim.made_of[1:]
            if second.constant() is None:
                raise Outside("A fixed place in an index that is a pair has no name.")
            a, b = divmod(place, second.constant())
            return ("Q", self.fixed(a, first), self.fixed(b, second), first, second)
        if dim.poly in self.blocks:
            for k, one in enumerate((self.blocks[dim.poly].made_of or ())[1]):
                size = one.constant()
                if size is None or place < size:
                    return ("P", k, self.fixed(place, one))
                place -= size
        return place

    def split(self, value: Value, first: c.Dim, second: c.Dim) -> tuple[Value, Value]:
        """A pair index as its two parts."""
        if first == c.D1:
            return None, value
        if second == c.D1:
            return value, None
        if isinstance(value, tuple) and value[0] == "Q" and value[3:] == (first, second):
            return value[1], value[2]
        if isinstance(value, int) and second.constant() is not None:
            a, b = divmod(value, second.constant() or 1)
            return a, b
        raise Outside("Two orders of stacking meet in one index.")

    def same(self, a: Value, b: Value) -> Term:
        if isinstance(a, (Index, int)) and isinstance(b, (Index, int)):
            return delta(a, b)
        if a is None and b is None:
            return ONE
        if isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0]:
            if a[0] == "P":
                return self.same(a[2], b[2]) if a[1] == b[1] else ZERO
            if a[3:] == b[3:]:
                return mul(self.same(a[1], b[1]), self.same(a[2], b[2]))
        raise Outside("Two ways of splitting one index meet.")

    # ------------------------------------------------------------------ entries

    def entry(self, node: c.Core, i: Value, j: Value, env: Env) -> Term:
        self.work += 1
        if self.work > NODE_LIMIT:
            raise Outside("The statement would be too long.")
        found: Term = getattr(self, "_" + type(node).__name__.lower())(node, i, j, env)
        return found

    def number(self, node: c.Core, env: Env) -> Term:
        return self.entry(node, None, None, env)

    def _const(self, node: c.Const, i: Value, j: Value, env: Env) -> Term:
        return ONE if node.value == 1 else Num(node.value)

    def _sizeof(self, node: c.SizeOf, i: Value, j: Value, env: Env) -> Term:
        return self.size(node.dim)

    def size(self, dim: c.Dim) -> Term:
        if str(dim) in self.kinds:
            return Size(str(dim))
        return add(
            *(mul(*_number(value), *(Size(name, exponent) for name, exponent in mono)) for mono, value in dim.poly)
        )

    def _var(self, node: c.Var, i: Value, j: Value, env: Env) -> Term:
        if self.over.get(node.name) is not None and node.name not in self.opaque:
            return self.replaced(node.name, i, j)
        if node.constant == "e":
            return Fn("exp", ONE)
        return self.variable(node.name, i, j, node.symmetric)

    def variable(self, name: str, i: Value, j: Value, symmetric: bool = False) -> Entry:
        if symmetric and _form(i) != _form(j) and _form(j) < _form(i):
            return self.variable(name, j, i, True)
        at = (*_flat(i), *_flat(j))
        kinds = (*_kinds(i), *_kinds(j))
        form = _form(i) + _form(j)
        mark = "" if form.replace("*", "").replace("1", "") == "" else f"[{form}]"
        plain = symmetric and len(at) == 2 and _form(i) == _form(j) == "*"
        return Entry(Letter(name + mark, self.kinds_of(name, at, kinds), plain), at)

    def kinds_of(self, name: str, at: tuple[Place, ...], kinds: tuple[Any, ...]) -> tuple[Any, ...]:
        """The sizes of the slots; a fixed place does not say its own."""
        if None not in kinds:
            return kinds
        shape = self.symbols[name].shape if name in self.symbols else self.shape_of(name)
        dims = [dim for dim in shape if dim.constant() != 1]
        if len(dims) != len(kinds) or any(self.is_split(dim) for dim in dims):
            raise Outside("A fixed place in a split index has no name.")
        return tuple(dim.constant() or str(dim) for dim in dims)

    def shape_of(self, name: str) -> c.Shape:
        found = next((node.shape for node in self.nodes if isinstance(node, c.Defined) and node.name == name), None)
        if found is None:
            raise Outside("A symbol has no shape here.")
        return found

    def replaced(self, name: str, i: Value, j: Value) -> Term:
        body, outer = self.over[name]
        saved, self.over = self.over, outer
        try:
            return self.entry(body, i, j, {})
        finally:
            self.over = saved

    def _defined(self, node: c.Defined, i: Value, j: Value, env: Env) -> Term:
        if node.name in self.opaque:
            return self.variable(node.name, i, j)
        if self.over.get(node.name) is not None:
            return self.replaced(node.name, i, j)
        return self.entry(node.body, i, j, {})

    def _with(self, node: c.With, i: Value, j: Value, env: Env) -> Term:
        saved = self.over
        self.over = {**saved, **{name: (value, saved) for name, value in node.values}}
        try:
            return self.entry(node.body, i, j, env)
        finally:
            self.over = saved

    def _plus(self, node: c.Plus, i: Value, j: Value, env: Env) -> Term:
        return add(*(self.entry(one, i, j, env) for one in node.terms))

    def _scale(self, node: c.Scale, i: Value, j: Value, env: Env) -> Term:
        return mul(self.number(node.by, env), self.entry(node.arg, i, j, env))

    def _times(self, node: c.Times, i: Value, j: Value, env: Env) -> Term:
        inner = node.left.shape[1] if node.left.shape[1].made_of else node.right.shape[0]
        return self.summed(inner, lambda k: mul(self.entry(node.left, i, k, env), self.entry(node.right, k, j, env)))

    def _entrywise(self, node: c.Entrywise, i: Value, j: Value, env: Env) -> Term:
        if node.left is node.right:
            return power(self.entry(node.left, i, j, env), 2)
        return mul(self.entry(node.left, i, j, env), self.entry(node.right, i, j, env))

    def _kronof(self, node: c.KronOf, i: Value, j: Value, env: Env) -> Term:
        a, b = self.split(i, node.left.shape[0], node.right.shape[0])
        p, q = self.split(j, node.left.shape[1], node.right.shape[1])
        return mul(self.entry(node.left, a, p, env), self.entry(node.right, b, q, env))

    def _transposed(self, node: c.Transposed, i: Value, j: Value, env: Env) -> Term:
        return self.entry(node.arg, j, i, env)

    def _inverse(self, node: c.Inverse, i: Value, j: Value, env: Env) -> Term:
        if node.shape[0] == c.D1:
            return self.reciprocal(self.number(node.arg, env))
        return Fn("inv", *self.matrix(node.arg, env), self.plain(i, j))

    def matrix(self, node: c.Core, env: Env) -> tuple[Term, tuple[Index, Index]]:
        """The entries of a square matrix at two new indices."""
        (r, _), (k, _) = (*self.run(node.shape[0]), (None, ()))[:1] + (*self.run(node.shape[0]), (None, ()))[:1]
        self.plain(r, k)
        return self.entry(node, r, k, env), (r, k)

    def plain(self, *values: Value) -> tuple[Place, ...]:
        if not all(isinstance(one, (Index, int)) for one in values):
            raise Outside("The inverse or determinant of a matrix in blocks is not part of the language.")
        return values

    def reciprocal(self, term: Term) -> Term:
        """1/term, with numbers and sizes turned over by themselves."""
        factors = term.factors if isinstance(term, Mul) else (term,)
        out: list[Term] = []
        rest: list[Term] = []
        for one in factors:
            if isinstance(one, Num) and one.value != 0:
                out.append(Num(1 / Fraction(one.value)))
            elif isinstance(one, Size):
                out.append(Size(one.name, -one.power))
            elif isinstance(one, Pow):
                out.append(power(self.reciprocal(one.base), one.exponent))
            elif one is not ONE:
                rest.append(one)
        return mul(*out, *([Fn("recip", mul(*rest))] if rest else []))

    def _power(self, node: c.Power, i: Value, j: Value, env: Env) -> Term:
        base = self.entry(node.arg, i, j, env)
        return power(base if node.exponent >= 0 else self.reciprocal(base), abs(node.exponent))

    def _apply(self, node: c.Apply, i: Value, j: Value, env: Env) -> Term:
        return Fn(node.fn, self.entry(node.arg, i, j, env))

    def _trace(self, node: c.Trace, i: Value, j: Value, env: Env) -> Term:
        return self.summed(node.arg.shape[0], lambda k: self.entry(node.arg, k, k, env))

    def _det(self, node: c.Det, i: Value, j: Value, env: Env) -> Term:
        size = node.arg.shape[0].constant()
        if size is None or size > DETERMINANT:
            return Fn("det", *self.matrix(node.arg, env))
        dim, terms = node.arg.shape[0], []
        for order in permutations(range(size)):
            sign = (-1) ** sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
            cells = (self.entry(node.arg, self.fixed(r, dim), self.fixed(k, dim), env) for r, k in enumerate(order))
            terms.append(mul(*_number(sign), *cells))
        return add(*terms)

    def _vec(self, node: c.Vec, i: Value, j: Value, env: Env) -> Term:
        rows, cols = node.arg.shape
        if node.by_rows:
            r, k = self.split(i, rows, cols)
            return self.entry(node.arg, r, k, env)
        q, p = self.split(i, cols, rows)
        return self.entry(node.arg, p, q, env)

    def _diagof(self, node: c.DiagOf, i: Value, j: Value, env: Env) -> Term:
        if node.shape[1] == c.D1:
            return self.entry(node.arg, i, i, env)
        r, k = (i, None) if node.arg.shape[1] == c.D1 else (None, i)
        return mul(self.same(i, j), self.entry(node.arg, r, k, env))

    def _total(self, node: c.Total, i: Value, j: Value, env: Env) -> Term:
        rows, cols = node.arg.shape
        return self.summed(rows, lambda p: self.summed(cols, lambda q: self.entry(node.arg, p, q, env)))

    def _pick(self, node: c.Pick, i: Value, j: Value, env: Env) -> Term:
        rows, cols = node.arg.shape
        return self.entry(node.arg, self.place(node.i, rows, env), self.place(node.j, cols, env), env)

    def _sumover(self, node: c.SumOver, i: Value, j: Value, env: Env) -> Term:
        if node.lo is not None or node.hi is not None:
            raise Outside("A sum over a part of a range is not part of the language.")
        dim = _dim(node.index)

        def body(value: Value) -> Term:
            inner = {**env, node.index: value}
            apart = (add(ONE, minus(self.same(value, self.place(one, dim, inner)))) for one in node.skip)
            return mul(self.entry(node.body, i, j, inner), *apart)

        return self.summed(dim, body, node.index.name)

    def _same(self, node: c.Same, i: Value, j: Value, env: Env) -> Term:
        dim = next((one.dim for one in (node.i, node.j) if isinstance(one, c.IVar) and one.dim), c.D1)
        return self.same(self.place(node.i, dim, env), self.place(node.j, dim, env))

    def _make(self, node: c.Make, i: Value, j: Value, env: Env) -> Term:
        return self.number(node.body, {**env, **self.bind(node.i, i), **self.bind(node.j, j)})

    def bind(self, variable: Any, value: Value) -> Env:
        if variable is None:
            return {}
        if not isinstance(variable, tuple):
            return {variable: value}
        return dict(zip(variable, self.split(value, variable[0].dim, variable[1].dim)))

    def _ones(self, node: c.Ones, i: Value, j: Value, env: Env) -> Term:
        return ONE

    def _eye(self, node: c.Eye, i: Value, j: Value, env: Env) -> Term:
        return self.same(i, j)

    def _zeros(self, node: c.Zeros, i: Value, j: Value, env: Env) -> Term:
        return ZERO

    def _blocks(self, node: c.Blocks, i: Value, j: Value, env: Env) -> Term:
        heights = tuple(row[0].shape[0] for row in node.rows)
        widths = tuple(cell.shape[1] for cell in node.rows[0])
        terms = []
        for r, row, is_row in self.in_blocks(i, heights):
            for k, col, is_col in self.in_blocks(j, widths):
                terms.append(mul(is_row, is_col, self.entry(node.rows[r][k], row, col, env)))
        return add(*terms)

    def in_blocks(self, value: Value, dims: tuple[c.Dim, ...]) -> list[tuple[int, Value, Term]]:
        """Each block that an index may fall into, the index inside, and whether it does, as a number."""
        if len(dims) == 1:
            return [(0, value, ONE)]
        if isinstance(value, tuple) and value[0] == "P":
            return [(value[1], value[2], ONE)]
        sizes = [dim.constant() for dim in dims]
        if None in sizes or not isinstance(value, (int, Index)):
            raise Outside("An index into a block matrix does not say which block.")
        places = [(k, self.fixed(p, dim)) for k, dim in enumerate(dims) for p in range(dim.constant() or 0)]
        found = [(k, inner, delta(value, n)) for n, (k, inner) in enumerate(places)]
        return [one for one in found if not is_zero(one[2])]

    # ------------------------------------------------------------------ derivatives

    def _partial(self, node: c.Partial, i: Value, j: Value, env: Env) -> Term:
        name, by = node.name, node.by
        where = (self.place(node.i, by.shape[0], env), self.place(node.j, by.shape[1], env))
        new, saved = name not in self.opaque, self.over
        self.opaque.add(name)
        self.over = {one: value for one, value in saved.items() if one != name}
        try:
            symmetric = isinstance(by, c.Var) and by.symmetric
            at = self.variable(name, *where, symmetric)
            result: Term = Diff(self.number(node.f, env), at.letter, at.at)
            slots = [
                (self.variable(name, p, q, symmetric), p, q)
                for p, _ in self.run(by.shape[0])
                for q, _ in self.run(by.shape[1])
            ]
        finally:
            self.over = saved
            if new:
                self.opaque.discard(name)
        if new and (isinstance(by, c.Defined) or saved.get(name) is not None):
            values: Any = ((one.letter, one.at, self.entry(by, p, q, {})) for one, p, q in slots)
            return Put(result, tuple(values))
        return result

    def _differential(self, node: c.Differential, i: Value, j: Value, env: Env) -> Term:
        """The sum of all derivatives times the differentials of the entries."""
        if self.over:
            raise Outside("A differential where a name stands for another value is not part of the language.")
        body, terms = self.entry(node.arg, i, j, env), []
        for name in self.variables:
            symbol = self.symbols.get(name)
            if symbol is None:
                continue
            for p, new in self.run(symbol.shape[0]):
                for q, more in self.run(symbol.shape[1]):
                    entry, step = (self.variable(one, p, q, symbol.symmetric) for one in (name, "d " + name))
                    term: Term = Mul((Diff(body, entry.letter, entry.at), step))
                    for index in (*more, *new):
                        term = Sum(index, term)
                    terms.append(term)
        return add(*terms)


def over(index: Index, term: Term) -> Term:
    """The sum; where derivatives stand inside, they are carried out later, and a delta is left as it is."""
    return Sum(index, term) if _holds_derivative(term) else total(index, term)


def _holds_derivative(term: Term) -> bool:
    match term:
        case Diff() | Put():
            return True
        case Add(parts) | Mul(parts):
            return any(map(_holds_derivative, parts))
        case Sum(_, body) | Fn(_, body):
            return _holds_derivative(body)
    return hasattr(term, "base") and _holds_derivative(term.base)


def _atomic(dim: c.Dim) -> bool:
    return dim.constant() is None


def _dim(index: c.IVar) -> c.Dim:
    if index.dim is None:
        raise Outside("The range of an index is not known.")
    return index.dim


def _number(value: Any) -> tuple[Term, ...]:
    return () if value == 1 else (Num(value),)


def _flat(value: Value) -> tuple[Place, ...]:
    if value is None:
        return ()
    if isinstance(value, tuple):
        return _flat(value[2]) if value[0] == "P" else (*_flat(value[1]), *_flat(value[2]))
    return (value,)


def _kinds(value: Value) -> tuple[Any, ...]:
    return tuple(one.kind if isinstance(one, Index) else None for one in _flat(value))


def _form(value: Value) -> str:
    """How an index is put together: * for a letter or place, 1 for a size of 1, blocks by number, pairs in brackets."""
    if value is None:
        return "1"
    if isinstance(value, tuple):
        return f"{value[1] + 1}:{_form(value[2])}" if value[0] == "P" else f"({_form(value[1])}{_form(value[2])})"
    return "*"


__all__ = ["EXPANDED", "Scribe", "elaborated"]
