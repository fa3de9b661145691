"""Shapes of parts of a syntax tree, as far as rules ask for them: whether a part is a number, a column, a matrix."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.names import swap_case
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import typed_alone

ENTRYWISE = ("exp", "log", "sqrt", "sigmoid", "tanh", "sinh", "cosh", "abs", "relu", "sign", "step")


class Unknown(Exception):
    """The shape of a part is not told by the part alone."""


_NUMBERS = {"tr", "det", "total", "logdet", "mean", "inner", "frobenius", *s.NORMS, *s.NORMS.values(), "norml1", "bars"}


class Scope:
    """The symbols of one derivation, with what was found out about the shapes of parts."""

    def __init__(self, context: Context, varied: frozenset[str] = frozenset()) -> None:
        self.context, self.varied = context, varied
        self.known: dict[s.Node, s.Node] = {}
        self.shapes: dict[s.Node, c.Shape] = {}
        self.rewritten: dict[Any, tuple[frozenset[type[s.Node]], dict[s.Node, list[Any]]]] = {}
        self.relevant: dict[tuple[int, ...], tuple[Any, ...]] = {}
        self.multipliers: tuple[s.Node, ...] = ()
        self.given: tuple[tuple[s.Node, s.Node], ...] = ()
        self.rows: dict[str, str] = {}
        self.sums: tuple[s.Sum, ...] = ()  # as the reader wrote them
        self.work: float = inf

    def varying(self, name: str) -> Scope:
        """The same symbols, where differentials vary one of them alone."""
        context = self.context.copy()
        context.variables = frozenset([name])
        found = Scope(context, frozenset([name]))
        found.work, found.rows, found.sums = self.work, self.rows, self.sums
        return found

    def number(self, node: s.Node) -> bool:
        """Whether a part is a number."""
        if isinstance(node, s.Special) and not node.sizes:
            return False
        return self.shape(node) == c.SCALAR

    def definition(self, name: str) -> s.Node | None:
        symbol = self.context.lookup(name)
        return symbol.definition if symbol is not None and not symbol.indices else None

    def table_of(self, node: s.Node) -> s.Node | None:
        """The matrix X where x stands for its rows or entries; the reader's spelling is kept for what is written."""
        if not isinstance(node, s.Name) or self.context.lookup(node.id) is not None:
            return None
        other = swap_case(node.id)
        symbol = self.context.lookup(other)
        if symbol is None or symbol.shape is None or c.D1 in symbol.shape:
            return None
        self.rows[other] = node.id
        return s.Name(other)

    def symmetric(self, node: s.Node) -> bool:
        symbol = self.context.lookup(node.id) if isinstance(node, s.Name) else None
        return symbol is not None and symbol.symmetric

    def names(self, node: s.Node) -> frozenset[str]:
        """The names below a part, with those that its definitions rest on."""
        found = s.occurring(node)
        return found.union(*map(self.context.depends, found))

    def shape(self, node: s.Node) -> c.Shape:
        """The shape of a part, which is found once."""
        if node not in self.shapes:
            self.shapes[node] = self._shape(node)
        return self.shapes[node]

    def _shape(self, node: s.Node) -> c.Shape:
        match node:
            case s.Num() | s.Delta():
                return c.SCALAR
            case s.Name(id=key):
                return self._of_name(key)
            case s.Add(terms=terms):
                return self._first(terms)
            case s.Neg(arg=arg) | s.Sum(body=arg) | s.Inv(arg=arg) | s.Diff(arg=arg):
                return self.shape(arg)
            case s.Pow(base=base):
                return self.shape(base)
            case s.Div(num=num):
                return self.shape(num)
            case s.Had(left=left, right=right) | s.Star(left=left, right=right):
                return self.shape(right) if self.number(left) else self.shape(left)
            case s.T(arg=arg) | s.Prime(arg=arg):
                rows, cols = self.shape(arg)
                return cols, rows
            case s.Mul(factors=factors):
                whole = [one for one in map(self.shape, factors) if one != c.SCALAR]
                return (whole[0][0], whole[-1][1]) if whole else c.SCALAR
            case s.Entry(base=base, indices=indices) if any(isinstance(one, s.Slice) for one in indices):
                rows, cols = self.shape(base)
                return (c.D1, cols) if isinstance(indices[-1], s.Slice) else (rows, c.D1)
            case s.Entry():
                return c.SCALAR
            case s.Build(rows=first, cols=second, i=i, j=j):
                return c.D1 if i == "_" else self.size(first), c.D1 if j == "_" else self.size(second)
            case s.Special(sizes=sizes) if sizes:
                height = self.size(sizes[0])
                width = height if node.kind == "eye" else self.size(sizes[1]) if len(sizes) > 1 else c.D1
                return height, width
            case s.Call(fn=fn, args=args):
                if fn in _NUMBERS:
                    return c.SCALAR
                if fn in ENTRYWISE:
                    return self.shape(args[0])
            case s.Deriv(f=f, wrt=(by,)):
                return self._of_derivative(self.shape(f), self.shape(by))
        try:
            return typed_alone(node, self.context).shape
        except (Problem, RecursionError):
            raise Unknown from None

    def size(self, node: s.Node | None) -> c.Dim:
        """The size that an expression says."""
        match node:
            case s.Num(value=value) if value.denominator == 1 and value >= 0:
                return c.fixed(int(value))
            case s.Name(id=key) if self.context.is_size(key):
                return c.size(key)
            case s.Add(terms=terms):
                found = [self.size(one) for one in terms]
                return sum(found[1:], found[0])
            case s.Mul(factors=factors):
                total = c.D1
                for one in factors:
                    total = total * self.size(one)
                return total
        raise Unknown

    def summed_over(self, node: s.Sum) -> c.Dim | None:
        """How many terms a sum has that begins with the first: as it says, or by the places that its index has."""
        try:
            if node.hi is not None:
                return self.size(node.hi) if node.lo == s.ONE else None
        except (Unknown, Problem):
            return None
        return next(self._places(node.body, node.index), None)

    def _places(self, node: s.Node, index: str) -> Iterator[c.Dim]:
        if isinstance(node, s.Entry):
            at = [n for n, one in enumerate(node.indices) if one == s.Name(index)]
            try:
                shape = self.shape(node.base) if at else c.SCALAR
            except (Unknown, Problem):
                shape = c.SCALAR
            yield from (shape[n] for n in at if shape[n] != c.D1)
        for child in s.children(node):
            yield from self._places(child, index)

    def _first(self, terms: tuple[s.Node, ...]) -> c.Shape:
        """The shape of a sum: that of the first of its terms which has one of its own."""
        for one in terms:
            try:
                return self.shape(one)
            except Unknown:
                continue
        raise Unknown

    def _of_name(self, key: str) -> c.Shape:
        symbol = self.context.lookup(key)
        if symbol is None or (symbol.shape is None and symbol.definition is None):
            return c.SCALAR
        if symbol.shape is not None:
            return symbol.shape
        if symbol.definition is None or symbol.indices:
            return typed_alone(s.Name(key), self.context).shape
        return self.shape(symbol.definition)

    def _of_derivative(self, f: c.Shape, by: c.Shape) -> c.Shape:
        if f == c.SCALAR:
            return by
        if by == c.SCALAR:
            return f
        if f[1] == by[1] == c.D1:
            return f[0], by[0]
        raise Unknown


def size_node(dim: c.Dim) -> s.Node:
    """A size as an expression: a number, a name, or a sum of products of these."""
    terms: list[s.Node] = []
    for mono, amount in dim.poly:
        names = [s.Name(name) for name, power in mono for _ in range(power)]
        terms.append(s.mul([*([s.num(amount)] if amount != 1 or not names else []), *names]))
    return s.add(terms) if terms else s.ZERO
