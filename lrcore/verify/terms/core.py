"""The typed tree: every node knows its shape, every ambiguity of writing is settled. All engines read this and
nothing else.

Everything is a matrix; a number is 1 x 1. Derivatives are reduced to one node, the partial derivative of a number by
one entry, and arrays of them are built entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lrcore.verify.terms.errors import Outside

Mono = tuple[tuple[str, int], ...]


@dataclass(frozen=True, eq=False)
class Dim:
    """A size: a polynomial in the named sizes. ``made_of`` says how an index of this size is put together, if it is."""

    poly: tuple[tuple[Mono, int], ...]
    made_of: tuple[Any, ...] | None = None

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Dim) and self.poly == other.poly)

    def __hash__(self) -> int:
        return hash(self.poly)

    def __add__(self, other: Dim) -> Dim:
        return _dim(dict(self.poly), other.poly, 1)

    def __sub__(self, other: Dim) -> Dim:
        return _dim(dict(self.poly), other.poly, -1)

    def __mul__(self, other: Dim) -> Dim:
        total: dict[Mono, int] = {}
        for left, a in self.poly:
            for right, b in other.poly:
                mono = _mono(left, right)
                total[mono] = total.get(mono, 0) + a * b
        return _dim(total, (), 1)

    def constant(self) -> int | None:
        """The number it is, or None where it depends on a named size."""
        if not self.poly:
            return 0
        return self.poly[0][1] if len(self.poly) == 1 and not self.poly[0][0] else None

    def value(self, sizes: dict[str, int]) -> int:
        """The number it is at these sizes."""
        total = 0
        for mono, coefficient in self.poly:
            for name, power in mono:
                coefficient *= sizes[name] ** power
            total += coefficient
        return total

    def may_be_negative(self) -> bool:
        """Whether it is below 0 at some positive sizes, as far as its coefficients tell."""
        return any(a < 0 for mono, a in self.poly if mono) or self.value(dict.fromkeys(self.names(), 1)) < 0

    def names(self) -> frozenset[str]:
        """The named sizes it is made of, kept with the size."""
        known: frozenset[str] | None = self.__dict__.get("_names")
        if known is None:
            known = frozenset(name for mono, _ in self.poly for name, _ in mono)
            object.__setattr__(self, "_names", known)
        return known

    def __str__(self) -> str:
        parts = []
        for mono, coefficient in sorted(self.poly, key=lambda item: (-len(item[0]), item)):
            body = " ".join(name if power == 1 else f"{name}^{power}" for name, power in mono)
            size = str(abs(coefficient)) if abs(coefficient) != 1 or not body else ""
            parts.append((" - " if coefficient < 0 else " + ") + (size + " " + body).strip())
        text = "".join(parts) or " + 0"
        return text[3:] if text.startswith(" + ") else "-" + text[3:]


def _mono(left: Mono, right: Mono) -> Mono:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _dim(start: dict[Mono, int], more: Iterable[tuple[Mono, int]], sign: int) -> Dim:
    for mono, coefficient in more:
        start[mono] = start.get(mono, 0) + sign * coefficient
    return Dim(tuple(sorted((mono, value) for mono, value in start.items() if value)))


def size(name: str) -> Dim:
    """A named size."""
    return Dim(((((name, 1),), 1),))


def fixed(value: int) -> Dim:
    """A size that is a number."""
    return Dim((((), value),)) if value else Dim(())


D1 = fixed(1)
Shape = tuple[Dim, Dim]
SCALAR: Shape = (D1, D1)


def sign_of(order: tuple[int, ...]) -> int:
    """The sign of a permutation: -1 to the number of pairs that stand in the wrong order."""
    return (-1) ** sum(order[a] > order[b] for a in range(len(order)) for b in range(a + 1, len(order)))


def pair(a: Dim, b: Dim) -> Dim:
    """The size a*b of an index that is a pair of indices."""
    if a == D1:
        return b
    if b == D1:
        return a
    return Dim((a * b).poly, ("pair", a, b))


def parts(dims: tuple[Dim, ...]) -> Dim:
    """The size of an index that runs through several blocks in turn."""
    if len(dims) == 1:
        return dims[0]
    total = fixed(0)
    for one in dims:
        total = total + one
    return Dim(total.poly, ("parts", dims))


def parts_of(dim: Dim) -> tuple[Dim, ...]:
    """The sizes of the blocks that an index of this size runs through."""
    sizes: tuple[Dim, ...] = (dim.made_of or ((), ()))[1]
    return sizes


def shape_text(shape: Shape) -> str:
    """A shape in a sentence."""
    if shape == SCALAR:
        return "a number"
    return f"{shape[0]} x {shape[1]}"


# Indices: a variable (its size may be found out after it was made) or a fixed place counted from 0.


@dataclass(eq=False)
class IVar:
    """An index variable; identity is what tells two apart. ``start`` is its first value where a sum says it."""

    name: str
    dim: Dim | None = None
    start: int | None = None

    def __repr__(self) -> str:
        return self.name


def range_of(index: IVar) -> Dim:
    """The size that an index variable runs over."""
    if index.dim is None:
        raise Outside("The range of an index is not known.")
    return index.dim


@dataclass(frozen=True)
class IConst:
    """A fixed place, counted from 0; with ``end``, the size of its slot, counted from the end, as in x_n."""

    place: int
    end: Dim | None = None


@dataclass(frozen=True)
class IShift:
    """An index variable that runs through all places of a slot but the first: the i of w_i, for i from 1 to n, where
    the entries are w_0, ..., w_n.
    """

    index: IVar
    whole: Dim


Index = IVar | IConst | IShift | None


@dataclass(frozen=True, eq=False, repr=False)
class Core:
    """A typed expression."""

    shape: Shape


@dataclass(frozen=True, eq=False, repr=False)
class Const(Core):
    value: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class SizeOf(Core):
    dim: Dim


@dataclass(frozen=True, eq=False, repr=False)
class IndexValue(Core):
    """An index used as a number, counted from ``first``."""

    index: IVar
    first: int


@dataclass(frozen=True, eq=False, repr=False)
class Var(Core):
    """A symbol without a definition; ``constant`` is "pi" or "e" for these numbers, which are no variables."""

    name: str
    symmetric: bool = False
    constant: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Defined(Core):
    name: str
    body: Core


@dataclass(frozen=True, eq=False, repr=False)
class With(Core):
    """``body`` with the named variables standing for other values."""

    body: Core
    values: tuple[tuple[str, Core], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Plus(Core):
    terms: tuple[Core, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Scale(Core):
    by: Core
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Times(Core):
    left: Core
    right: Core


@dataclass(frozen=True, eq=False, repr=False)
class Entrywise(Core):
    left: Core
    right: Core


@dataclass(frozen=True, eq=False, repr=False)
class KronOf(Core):
    left: Core
    right: Core


@dataclass(frozen=True, eq=False, repr=False)
class Transposed(Core):
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Inverse(Core):
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Power(Core):
    """A number (or each entry) to a whole power, which may be negative."""

    arg: Core
    exponent: int


@dataclass(frozen=True, eq=False, repr=False)
class Apply(Core):
    """exp, log, sqrt or abs of each entry."""

    fn: str
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Core):
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Det(Core):
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Vec(Core):
    """The columns stacked; ``by_rows`` for the rows."""

    arg: Core
    by_rows: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class DiagOf(Core):
    """A vector as a diagonal matrix, or the diagonal of a matrix as a column, by the shape."""

    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Total(Core):
    """The sum of all entries."""

    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Pick(Core):
    """One entry, a number."""

    arg: Core
    i: Index
    j: Index


@dataclass(frozen=True, eq=False, repr=False)
class SumOver(Core):
    """The sum over an index; ``skip`` are indices it stays away from, ``lo`` and ``hi`` a part of its range."""

    index: IVar
    body: Core
    skip: tuple[Index, ...] = ()
    lo: Core | None = None
    hi: Core | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Same(Core):
    """Kronecker's delta of two indices."""

    i: Index
    j: Index


@dataclass(frozen=True, eq=False, repr=False)
class Make(Core):
    """The matrix with the number ``body`` at (i, j)."""

    i: IVar | tuple[IVar, IVar] | None
    j: IVar | tuple[IVar, IVar] | None
    body: Core


@dataclass(frozen=True, eq=False, repr=False)
class Partial(Core):
    """The derivative of the number ``f`` by one entry of the named variable, which counts as independent."""

    f: Core
    name: str
    by: Core
    i: Index
    j: Index


@dataclass(frozen=True, eq=False, repr=False)
class Differential(Core):
    arg: Core


@dataclass(frozen=True, eq=False, repr=False)
class Ones(Core):
    pass


@dataclass(frozen=True, eq=False, repr=False)
class Eye(Core):
    pass


@dataclass(frozen=True, eq=False, repr=False)
class Zeros(Core):
    pass


@dataclass(frozen=True, eq=False, repr=False)
class Blocks(Core):
    rows: tuple[tuple[Core, ...], ...]


def indices(node: Core) -> tuple[Index, ...]:
    """The indices that a node stands at, or stays away from."""
    if isinstance(node, (Pick, Same, Partial)):
        return node.i, node.j
    return node.skip if isinstance(node, SumOver) else ()


def below(node: Core) -> tuple[Core, ...]:
    """The typed nodes directly below (definitions included), kept with the node."""
    known: tuple[Core, ...] | None = node.__dict__.get("_below")
    if known is None:
        names: tuple[str, ...] = node.__match_args__[1:]  # all but the shape
        known = tuple(_cores([getattr(node, name) for name in names]))
        object.__setattr__(node, "_below", known)
    return known


def _cores(values: Iterable[object]) -> list[Core]:
    found: list[Core] = []
    for item in values:
        if isinstance(item, Core):
            found.append(item)
        elif isinstance(item, tuple):
            found += _cores(item)
    return found


def everything(*sides: Core) -> list[Core]:
    """The nodes and all below them, each node once."""
    seen: dict[int, Core] = {}
    for side in sides:
        stack = [side]
        while stack:
            one = stack.pop()
            if id(one) not in seen:
                seen[id(one)] = one
                stack += below(one)
    return list(seen.values())


def unfolded(node: Core) -> int:
    """How many nodes there are where a part that stands in several places, such as a definition, counts each time;
    kept with the node.
    """
    known: int | None = node.__dict__.get("_unfolded")
    if known is None:
        known = 1 + sum(map(unfolded, below(node)))
        object.__setattr__(node, "_unfolded", known)
    return known
