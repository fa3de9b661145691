"""The one syntax tree that both input languages give: what was written, before anybody asks what it means.

Nodes are frozen and compare by what they say; ``span`` (start and end in the source text) takes no part in that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True, eq=False, repr=False)
class Node:
    """Any piece of mathematics. What dataclass would write for each class stands here once: importing stays cheap."""

    span: Span | None = field(default=None, kw_only=True)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            type(self) is type(other)
            and hash(self) == hash(other)
            and all(getattr(self, name) == getattr(other, name) for name in parts(self))
        )

    def __hash__(self) -> int:
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            known = hash((type(self).__name__, *(getattr(self, name) for name in parts(self))))
            object.__setattr__(self, "_hash", known)
        return known

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(repr(getattr(self, name)) for name in parts(self))})"


@dataclass(frozen=True, eq=False, repr=False)
class Num(Node):
    value: Fraction


@dataclass(frozen=True, eq=False, repr=False)
class Name(Node):
    """A symbol, a size or an index, by its plain key (``y_hat``, ``beta_0_hat``). ``dress`` is the font or the arrow
    that it is written with, which takes no part in comparisons.
    """

    id: str
    dress: str = field(default="", kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class Add(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Neg(Node):
    arg: Node


@dataclass(frozen=True)
class Called:
    """A name before a bracket, which may be a function: with an ``argument`` where the bracket holds no more than a
    name, a number or a list, ``worded`` where the name is written as those of functions are, and ``surely`` in a font
    that is theirs alone.
    """

    key: str
    place: Span
    argument: bool
    worded: bool
    surely: bool


@dataclass(frozen=True, eq=False, repr=False)
class Mul(Node):
    """A product; whether of numbers or of matrices is for the types to say. ``dot`` marks a written dot, ``code`` the
    ``@`` of NumPy, to which a column that is declared N x 1 is no vector. ``stars`` are the places where a star is
    written, ``called`` names before a bracket; of ``columns`` alone NumPy's outer product is one. These three take no
    part in comparisons.
    """

    factors: tuple[Node, ...]
    dot: bool = False
    code: bool = False
    stars: tuple[Span, ...] = field(default=(), kw_only=True)
    called: tuple[Called, ...] = field(default=(), kw_only=True)
    columns: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class Star(Node):
    """A star: a number times anything, entrywise between equal shapes in NumPy; where the text is not ``code``, it may
    be meant as the product of matrices, too. ``sign`` is its place.
    """

    left: Node
    right: Node
    code: bool = field(default=True, kw_only=True)
    sign: Span | None = field(default=None, kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class Had(Node):
    left: Node
    right: Node


@dataclass(frozen=True, eq=False, repr=False)
class Kron(Node):
    left: Node
    right: Node


@dataclass(frozen=True, eq=False, repr=False)
class Div(Node):
    num: Node
    den: Node


@dataclass(frozen=True, eq=False, repr=False)
class Pow(Node):
    """A power; ``entrywise`` for NumPy's ``**`` and for the power with a circle."""

    base: Node
    exponent: Node
    entrywise: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class T(Node):
    arg: Node


@dataclass(frozen=True, eq=False, repr=False)
class Inv(Node):
    arg: Node


@dataclass(frozen=True, eq=False, repr=False)
class Prime(Node):
    """A prime: the transpose of a matrix, the derivative of a function of one number."""

    arg: Node


@dataclass(frozen=True, eq=False, repr=False)
class Call(Node):
    """A named operation: tr det logdet vec rvec diag exp log sqrt sigmoid tanh total mean inner frobenius abs bars, and
    the norms: norm (without a mark), normf (Frobenius's), norml2 and norml1 (with the mark 2 or 1); norm2, normf2 and
    norml22 are squares. NumPy's inner product is that of ``columns`` alone.
    """

    fn: str
    args: tuple[Node, ...]
    columns: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class At(Node):
    """A function at other arguments than its own: RSS(beta_hat)."""

    fn: Node
    args: tuple[Node, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Slice(Node):
    """The colon of ``X[i, :]``."""


@dataclass(frozen=True, eq=False, repr=False)
class Entry(Node):
    """``base[i, j]``; ``zero`` says that numbers count from 0 (the NumPy-like language)."""

    base: Node
    indices: tuple[Node, ...]
    zero: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Sum(Node):
    """A sum over an index, but for the values of ``exclude``; the range may be left to the slots it stands in."""

    index: str
    body: Node
    lo: Node | None = None
    hi: Node | None = None
    exclude: tuple[str, ...] = ()
    zero: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Delta(Node):
    i: Node
    j: Node


@dataclass(frozen=True, eq=False, repr=False)
class Deriv(Node):
    """The derivative of f by each of ``wrt`` in turn; ``kind`` is auto, grad or jac, ``nabla`` says how it is written
    and takes no part in comparisons.
    """

    f: Node
    wrt: tuple[Node, ...]
    kind: str = "auto"
    nabla: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, eq=False, repr=False)
class Diff(Node):
    """The differential d(arg)."""

    arg: Node


@dataclass(frozen=True, eq=False, repr=False)
class Special(Node):
    """A constant array: kind is ones, eye or zero; sizes may be left to the place where it stands."""

    kind: str
    sizes: tuple[Node, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Block(Node):
    """A matrix written out in rows of cells, each a number or a block."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Build(Node):
    """The array whose entry (i, j) is ``body``, as dots or [a_ij]_ij say it; rows and cols are its sizes, None where
    the slots in which the letter stands tell them.
    """

    i: str
    rows: Node | None
    j: str
    cols: Node | None
    body: Node


@dataclass(frozen=True, eq=False, repr=False)
class Shaped(Node):
    """An assertion about the shape, from an underbrace."""

    arg: Node
    sizes: tuple[Node, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Dots(Node):
    """The dots of an elided sum or matrix, before they are understood."""


def parts(node: Node) -> tuple[str, ...]:
    """The names of the fields that hold parts of the expression: all but the span, which is given by its name."""
    return node.__match_args__


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, kept with the node."""
    known: tuple[Node, ...] | None = node.__dict__.get("_children")
    if known is None:
        known = tuple(_nodes([getattr(node, name) for name in parts(node)]))
        object.__setattr__(node, "_children", known)
    return known


def _nodes(values: Iterable[object]) -> list[Node]:
    found: list[Node] = []
    for item in values:
        if isinstance(item, Node):
            found.append(item)
        elif isinstance(item, tuple):
            found += _nodes(item)
    return found


def walk(node: Node) -> tuple[Node, ...]:
    """The node and everything below it, from left to right, kept with the node."""
    known: tuple[Node, ...] | None = node.__dict__.get("_all")
    if known is None:
        found, stack = [], [node]
        while stack:
            found.append(one := stack.pop())
            if below := children(one):
                stack += below[::-1]
        known = tuple(found)
        object.__setattr__(node, "_all", known)
    return known


def kinds_below(node: Node) -> frozenset[type[Node]]:
    """The types of the nodes of an expression, kept with it; and that of any node."""
    known: frozenset[type[Node]] | None = node.__dict__.get("_kinds")
    if known is None:
        known = frozenset([Node, *map(type, walk(node))])
        object.__setattr__(node, "_kinds", known)
    return known


def holds(node: Node, *kinds: type[Node]) -> bool:
    """Whether a node of one of these kinds stands in a tree."""
    return not kinds_below(node).isdisjoint(kinds)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node over changed children."""
    new = {name: _changed(getattr(node, name), change) for name in parts(node)}
    if all(new[key] is getattr(node, key) for key in new):
        return node
    return replace(node, **new)


def _changed(value: object, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_changed(item, change) for item in value)
        return value if all(a is b for a, b in zip(new, value)) else new
    return value


def substitute(node: Node, table: dict[str, Node]) -> Node:
    """Names replaced by nodes, all at once. An index that a sum binds hides the name it shares, and is renamed where a
    node that is put in has the same letter.
    """
    if isinstance(node, Name):
        return table.get(node.id, node)
    if occurring(node).isdisjoint(table):
        return node
    if isinstance(node, (Sum, Build)):
        bound = [node.index] if isinstance(node, Sum) else [node.i, node.j]
        table = {key: value for key, value in table.items() if key not in bound}
        inside = names(node)
        taken = set().union(*(names(value) for key, value in table.items() if key in inside))
        for letter in bound:
            if letter in taken:
                node = _renamed(node, letter, _unused(letter, taken | inside | set(bound)))
    return rebuild(node, lambda child: substitute(child, table))


def _renamed(node: Sum | Build, letter: str, new: str) -> Sum | Build:
    """The same sum (or matrix with dots) over another letter."""
    inside = substitute(node.body, {letter: Name(new)})
    if isinstance(node, Sum):
        return replace(node, index=new, body=inside)
    return replace(node, i=new, body=inside) if node.i == letter else replace(node, j=new, body=inside)


def _unused(letter: str, taken: set[str]) -> str:
    free = (f"{letter}_{number}" for number in range(1, 10_000))
    return next(one for one in free if one not in taken)


def names(node: Node) -> set[str]:
    """Every name that occurs."""
    return set(occurring(node))


_NONE: frozenset[str] = frozenset()


def occurring(node: Node) -> frozenset[str]:
    """Every name that occurs, kept with the node."""
    known: frozenset[str] | None = node.__dict__.get("_names")
    if known is None:
        known = frozenset([node.id]) if isinstance(node, Name) else _NONE.union(*map(occurring, children(node)))
        object.__setattr__(node, "_names", known)
    return known


NORMS = {"norm": "norm2", "normf": "normf2", "norml2": "norml22"}


def num(value: int | Fraction) -> Num:
    """A number."""
    return Num(Fraction(value))


ZERO, ONE = num(0), num(1)


def mul(factors: Iterable[Node], dot: bool = False, span: Span | None = None) -> Node:
    """A product, of one factor the factor itself."""
    factors = tuple(factors)
    return factors[0] if len(factors) == 1 else Mul(factors, dot, span=span)


def add(terms: Iterable[Node], span: Span | None = None) -> Node:
    """A sum, of one term the term itself."""
    terms = tuple(terms)
    return terms[0] if len(terms) == 1 else Add(terms, span=span)


def neg(node: Node) -> Node:
    """Minus; of what has a minus, that without it."""
    return node.arg if isinstance(node, Neg) else Neg(node, span=node.span)


def is_zero(node: Node) -> bool:
    """Whether a side is 0, or its transpose."""
    if isinstance(node, T):
        return is_zero(node.arg)
    return (isinstance(node, Num) and node.value == 0) or (isinstance(node, Special) and node.kind == "zero")
