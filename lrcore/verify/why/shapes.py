"""Shapes of parts of a syntax tree, as far as rules ask for them: whether a part is a number, a column, a matrix."""

from __future__ import annotations

from functools import lru_cache

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import typed_alone


class Unknown(Exception):
    """The shape of a part is not told by the part alone."""


_NUMBERS = {"tr", "det", "total", "logdet", "mean", "inner", "frobenius", *s.NORMS, *s.NORMS.values(), "norml1", "bars"}


class Scope:
    """The symbols of one derivation, with what was found out about the shapes of parts."""

    def __init__(self, context: Context, varied: frozenset[str] = frozenset()) -> None:
        self.context, self.varied = context, varied
        self.known: dict[s.Node, s.Node] = {}
        self.shape = lru_cache(maxsize=None)(self._shape)
        self.names = lru_cache(maxsize=None)(self._names)

    def number(self, node: s.Node) -> bool:
        """Whether a part is a number."""
        return self.shape(node) == c.SCALAR

    def definition(self, name: str) -> s.Node | None:
        symbol = self.context.lookup(name)
        return symbol.definition if symbol is not None and not symbol.indices else None

    def symmetric(self, node: s.Node) -> bool:
        symbol = self.context.lookup(node.id) if isinstance(node, s.Name) else None
        return symbol is not None and symbol.symmetric

    def _names(self, node: s.Node) -> frozenset[str]:
        """The names below a part, with those that its definitions rest on."""
        found = s.names(node)
        return frozenset(found).union(*(self.context.depends(one) for one in found))

    def _shape(self, node: s.Node) -> c.Shape:
        match node:
            case s.Num() | s.Delta() | s.Entry(indices=_) if not _partial(node):
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
            case s.Call(fn=fn, args=args):
                if fn in _NUMBERS:
                    return c.SCALAR
                if fn in ("exp", "log", "sqrt", "sigmoid", "tanh", "abs"):
                    return self.shape(args[0])
            case s.Deriv(f=f, wrt=(by,)):
                return self._of_derivative(self.shape(f), self.shape(by))
        try:
            return typed_alone(node, self.context).shape
        except (Problem, RecursionError):
            raise Unknown from None

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
        if f == c.SCALAR and self.context.layout != "jacobian":
            return by
        if by == c.SCALAR:
            return f
        if f[1] == by[1] == c.D1 and self.context.layout == "gradient":
            return f[0], by[0]
        raise Unknown


def _partial(node: s.Node) -> bool:
    """Whether an entry may be a row or column: one with a colon, or one index of a matrix."""
    return isinstance(node, s.Entry)
