"""The entry at a place of every node of a typed tree: what the normal form and the certified statement share.

An entry is written by a :class:`Writer`, as a polynomial over atoms (:mod:`.polynomials`) or in the language of
statements (:mod:`.elaborate`), who has rules of their own for inverses, functions and derivatives. A place in an index
is None where its size is 1, ("P", k, place) in block k, ("Q", place, place, dim, dim) for a pair, else what the writer
takes for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, ClassVar, Protocol

from lrcore.verify.prove.state import Blocks, Env, Slot
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside

Rule = Callable[[Any, Any, Slot, Slot, Env], Any]


class Writer(Protocol):
    """``blocks`` are the sizes that blocks split, ``over`` the names that stand for something else, ``opaque`` those
    that a derivative is taken by, with their letters for as long, ``aliases`` the letters that were made for that.
    """

    rules: ClassVar[Mapping[type[c.Core], Rule]]
    blocks: Blocks
    over: dict[str, Any]
    opaque: dict[str, str]
    aliases: dict[str, str]

    def spend(self) -> None:
        """One more entry."""

    def number(self, value: Fraction | int) -> Any: ...

    def size(self, dim: c.Dim) -> Any: ...

    def variable(self, name: str, i: Slot, j: Slot, node: c.Var | None = None) -> Any: ...

    def plus(self, terms: list[Any]) -> Any: ...

    def times(self, left: Any, right: Any) -> Any: ...

    def summed(self, index: Any, term: Any) -> Any: ...

    def delta(self, a: Any, b: Any) -> Any: ...

    def index(self, dim: c.Dim, name: str) -> Any:
        """A new index of this size."""

    def place(self, number: int, dim: c.Dim) -> Slot:
        """A fixed place, counted from 0."""

    def number_of(self, place: Slot) -> int | None:
        """The number of a fixed place."""

    def is_written_out(self, dim: c.Dim) -> bool:
        """Whether sums over this size are written out place by place."""


def entry(w: Writer, node: c.Core, i: Slot, j: Slot, env: Env) -> Any:
    """The entry (i, j)."""
    w.spend()
    return w.rules[type(node)](w, node, i, j, env)


# ---------------------------------------------------------------------- places


def learn_blocks(blocks: Blocks, nodes: Iterable[c.Core]) -> None:
    """How block matrices split their sizes; every index of such a size is split alike."""
    for node in nodes:
        shifts = [c.parts((c.D1, x.whole - c.D1)) for x in c.indices(node) if isinstance(x, c.IShift)]
        for dim in (*node.shape, *shifts):
            if dim.made_of is None or dim.made_of[0] != "parts" or dim.constant() is not None:
                continue
            if blocks.setdefault(dim.poly, dim).made_of != dim.made_of:
                raise Outside("One size is split into blocks in two ways.")


def run(w: Writer, dim: c.Dim, name: str = "") -> list[tuple[Slot, tuple[Any, ...]]]:
    """The places in an index of this size, each with the indices that run for it."""
    if dim == c.D1:
        return [(None, ())]
    if w.is_written_out(dim):
        return [(w.place(k, dim), ()) for k in range(dim.constant() or 0)]
    if dim.made_of and dim.made_of[0] == "pair":
        first, second = dim.made_of[1:]
        return [(("Q", a, b, first, second), x + y) for a, x in run(w, first) for b, y in run(w, second)]
    if dim.poly in w.blocks:
        dims = c.parts_of(w.blocks[dim.poly])
        return [(("P", k, place), new) for k, one in enumerate(dims) for place, new in run(w, one)]
    index = w.index(dim, name)
    return [(index, (index,))]


def places(w: Writer, shape: c.Shape, free: list[c.IVar]) -> Iterator[tuple[Slot, Slot, Env, tuple[Any, ...]]]:
    """Every kind of place: one for an ordinary size, one for each block or entry of a split one."""
    envs: list[tuple[Env, tuple[Any, ...]]] = [({}, ())]
    for one in free:
        runs = [(env, got, run(w, c.range_of(one), one.name)) for env, got in envs]
        envs = [({**env, one: place}, (*got, *new)) for env, got, every in runs for place, new in every]
    for env, got in envs:
        for i, new in run(w, shape[0]):
            for j, more in run(w, shape[1]):
                yield i, j, env, (*got, *new, *more)


def total(w: Writer, dim: c.Dim, make: Callable[[Slot], Any], name: str = "") -> Any:
    """The sum of make(place) over an index of this size."""
    terms = []
    for place, indices in run(w, dim, name):
        term = make(place)
        for index in reversed(indices):
            term = w.summed(index, term)
        terms.append(term)
    return w.plus(terms)


def split(w: Writer, place: Slot, first: c.Dim, second: c.Dim) -> tuple[Slot, Slot]:
    """A place in a pair as its two parts."""
    if first == c.D1:
        return None, place
    if second == c.D1:
        return place, None
    if isinstance(place, tuple) and place[0] == "Q" and place[3:] == (first, second):
        return place[1], place[2]
    number, size = w.number_of(place), second.constant()
    if number is not None and size is not None:
        return w.place(number // size, first), w.place(number % size, second)
    raise Outside("Two orders of stacking meet in one index.")


def place_of(w: Writer, index: c.Index, dim: c.Dim, env: Env) -> Slot:
    """The place of an index in a slot of this size."""
    if index is None:
        return None
    if isinstance(index, c.IVar):
        if index not in env:
            raise Outside("An index has no value here.")
        return env[index]
    if isinstance(index, c.IShift):
        inner = place_of(w, index.index, dim, env)
        return w.place(1 + (w.number_of(inner) or 0), dim) if w.is_written_out(index.whole) else ("P", 1, inner)
    if index.end is None:
        return fixed(w, index.place, dim)
    last = index.end.constant()
    if last is None:
        raise Outside("The last place of an open range has no name.")
    return fixed(w, last - 1, dim)


def fixed(w: Writer, place: int, dim: c.Dim) -> Slot:
    """The place of this number; behind the first of an open size it lies in one block or the next, as the size is."""
    if dim == c.D1:
        return None
    if w.is_written_out(dim):
        return w.place(place, dim)
    if dim.made_of and dim.made_of[0] == "pair":
        first, second = dim.made_of[1:]
        if second.constant() is None:
            raise Outside("A fixed place in an index that is a pair has no name.")
        a, b = divmod(place, second.constant())
        return ("Q", fixed(w, a, first), fixed(w, b, second), first, second)
    if dim.poly in w.blocks:
        for k, one in enumerate(c.parts_of(w.blocks[dim.poly])):
            size = one.constant()
            if size is None and place:
                raise Outside("In which block a fixed place lies rests on the sizes.")
            if size is None or place < size:
                return ("P", k, fixed(w, place, one))
            place -= size
        raise Outside("A fixed place lies outside its blocks.")
    return w.place(place, dim)


def same(w: Writer, a: Slot, b: Slot) -> Any:
    """The delta of two places."""
    if a == b:
        return w.number(1)
    if isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0]:
        if a[0] == "P":
            return same(w, a[2], b[2]) if a[1] == b[1] else w.number(0)
        if a[3:] == b[3:]:
            return w.times(same(w, a[1], b[1]), same(w, a[2], b[2]))
    if isinstance(a, tuple) or isinstance(b, tuple) or a is None or b is None:
        raise Outside("Two ways of splitting one index meet.")
    return w.delta(a, b)


def in_blocks(w: Writer, place: Slot, dims: tuple[c.Dim, ...]) -> list[tuple[int, Slot, Any]]:
    """Each block that a place may fall into, the place inside, and whether it does, as a number."""
    if len(dims) == 1:
        return [(0, place, w.number(1))]
    sizes = [dim.constant() or 0 for dim in dims]
    inside = [(k, fixed(w, p, dim)) for k, dim in enumerate(dims) for p in range(sizes[k])] if all(sizes) else []
    number = w.number_of(place)
    if inside and number is not None:
        return [(*inside[number], w.number(1))]
    if isinstance(place, tuple) and place[0] == "P":
        return [(place[1], place[2], w.number(1))]
    if not inside or place is None or isinstance(place, tuple):
        raise Outside("An index into a block matrix does not say which block.")
    return [(k, inner, w.delta(place, n)) for n, (k, inner) in enumerate(inside)]


# ---------------------------------------------------------------------- names


def _var(w: Writer, node: c.Var, i: Slot, j: Slot, env: Env) -> Any:
    if w.over.get(node.name) is not None and node.name not in w.opaque:
        return _replaced(w, node.name, i, j)
    return w.variable(w.opaque.get(node.name, node.name), i, j, node)


def _defined(w: Writer, node: c.Defined, i: Slot, j: Slot, env: Env) -> Any:
    if node.name in w.opaque:
        return w.variable(w.opaque[node.name], i, j)
    if w.over.get(node.name) is not None:
        return _replaced(w, node.name, i, j)
    return entry(w, node.body, i, j, {})


def _replaced(w: Writer, name: str, i: Slot, j: Slot) -> Any:
    saved = w.over, w.opaque
    body, w.over, w.opaque, env = w.over[name]
    try:
        return entry(w, body, i, j, env)
    finally:
        w.over, w.opaque = saved


def _with(w: Writer, node: c.With, i: Slot, j: Slot, env: Env) -> Any:
    over, opaque = w.over, w.opaque
    new = {name: (value, over, opaque, env) for name, value in node.values}
    w.over = {**over, **new}
    # What is differentiated by is the variable outside, not the one replaced here.
    w.opaque = {name: letter for name, letter in opaque.items() if name not in new}
    try:
        return entry(w, node.body, i, j, env)
    finally:
        w.over, w.opaque = over, opaque


@contextmanager
def varying(w: Writer, name: str) -> Iterator[str]:
    """In here a name stands for itself, because a derivative is taken by it, under the letter that this gives: one of
    its own inside a function at other arguments, where the variable outside may stand beside it.
    """
    over, opaque = w.over, w.opaque
    letter = opaque.get(name, name)
    if over:
        letter = f"{name}'{len(w.aliases) + 1}"
        w.aliases[letter] = name
    w.opaque = {**opaque, name: letter}
    w.over = {one: value for one, value in over.items() if one != name}
    try:
        yield letter
    finally:
        w.over, w.opaque = over, opaque


def is_put_back(w: Writer, node: c.Partial, letter: str) -> bool:
    """Whether what is differentiated by has to stand in the derivative again, in the place of its letter."""
    return w.opaque.get(node.name) != letter and (isinstance(node.by, c.Defined) or letter != node.name)


# ---------------------------------------------------------------------- what is written alike in every language


def _plus(w: Writer, node: c.Plus, i: Slot, j: Slot, env: Env) -> Any:
    return w.plus([entry(w, one, i, j, env) for one in node.terms])


def _scale(w: Writer, node: c.Scale, i: Slot, j: Slot, env: Env) -> Any:
    return w.times(entry(w, node.by, None, None, env), entry(w, node.arg, i, j, env))


def _times(w: Writer, node: c.Times, i: Slot, j: Slot, env: Env) -> Any:
    inner = node.left.shape[1] if node.left.shape[1].made_of else node.right.shape[0]
    return total(w, inner, lambda k: w.times(entry(w, node.left, i, k, env), entry(w, node.right, k, j, env)))


def _entrywise(w: Writer, node: c.Entrywise, i: Slot, j: Slot, env: Env) -> Any:
    return w.times(entry(w, node.left, i, j, env), entry(w, node.right, i, j, env))


def _kronof(w: Writer, node: c.KronOf, i: Slot, j: Slot, env: Env) -> Any:
    a, b = split(w, i, node.left.shape[0], node.right.shape[0])
    p, q = split(w, j, node.left.shape[1], node.right.shape[1])
    return w.times(entry(w, node.left, a, p, env), entry(w, node.right, b, q, env))


def _trace(w: Writer, node: c.Trace, i: Slot, j: Slot, env: Env) -> Any:
    return total(w, node.arg.shape[0], lambda k: entry(w, node.arg, k, k, env))


def _vec(w: Writer, node: c.Vec, i: Slot, j: Slot, env: Env) -> Any:
    rows, cols = node.arg.shape
    r, k = split(w, i, rows, cols) if node.by_rows else split(w, i, cols, rows)[::-1]
    return entry(w, node.arg, r, k, env)


def _diagof(w: Writer, node: c.DiagOf, i: Slot, j: Slot, env: Env) -> Any:
    if node.shape[1] == c.D1:
        return entry(w, node.arg, i, i, env)
    r, k = (i, None) if node.arg.shape[1] == c.D1 else (None, i)
    return w.times(same(w, i, j), entry(w, node.arg, r, k, env))


def _total(w: Writer, node: c.Total, i: Slot, j: Slot, env: Env) -> Any:
    rows, cols = node.arg.shape
    return total(w, rows, lambda p: total(w, cols, lambda q: entry(w, node.arg, p, q, env)))


def _pick(w: Writer, node: c.Pick, i: Slot, j: Slot, env: Env) -> Any:
    rows, cols = node.arg.shape
    return entry(w, node.arg, place_of(w, node.i, rows, env), place_of(w, node.j, cols, env), env)


def _sumover(w: Writer, node: c.SumOver, i: Slot, j: Slot, env: Env) -> Any:
    if node.lo is not None or node.hi is not None:
        raise Outside("A sum over a part of a range is not part of the normal form.")
    dim = c.range_of(node.index)

    def body(place: Slot) -> Any:
        inner = {**env, node.index: place}
        term = entry(w, node.body, i, j, inner)
        for one in node.skip:
            there = w.times(w.number(-1), same(w, place, place_of(w, one, dim, inner)))
            term = w.times(term, w.plus([w.number(1), there]))
        return term

    return total(w, dim, body, node.index.name)


def _same(w: Writer, node: c.Same, i: Slot, j: Slot, env: Env) -> Any:
    if isinstance(node.i, c.IConst) and isinstance(node.j, c.IConst):
        if node.i.end or node.j.end:
            raise Outside("The last place of an open range has no name.")
        return w.number(int(node.i.place == node.j.place))
    dim = next((c.range_of(one) for one in (node.i, node.j) if isinstance(one, c.IVar)), c.D1)
    return same(w, place_of(w, node.i, dim, env), place_of(w, node.j, dim, env))


def _make(w: Writer, node: c.Make, i: Slot, j: Slot, env: Env) -> Any:
    return entry(w, node.body, None, None, {**env, **_bind(w, node.i, i), **_bind(w, node.j, j)})


def _bind(w: Writer, variable: c.IVar | tuple[c.IVar, c.IVar] | None, place: Slot) -> Env:
    if variable is None:
        return {}
    if not isinstance(variable, tuple):
        return {variable: place}
    return dict(zip(variable, split(w, place, c.range_of(variable[0]), c.range_of(variable[1]))))


def _blocks(w: Writer, node: c.Blocks, i: Slot, j: Slot, env: Env) -> Any:
    rows = in_blocks(w, i, tuple(row[0].shape[0] for row in node.rows))
    cols = in_blocks(w, j, tuple(cell.shape[1] for cell in node.rows[0]))
    cells = ((a, b, entry(w, node.rows[r][k], p, q, env)) for r, p, a in rows for k, q, b in cols)
    return w.plus([w.times(w.times(a, b), one) for a, b, one in cells])


def outside(w: Writer, node: c.Core, i: Slot, j: Slot, env: Env) -> Any:
    raise Outside("An index stands as a number.")


RULES: dict[type[c.Core], Rule] = {
    c.Const: lambda w, node, i, j, env: w.number(node.value),
    c.SizeOf: lambda w, node, i, j, env: w.size(node.dim),
    c.IndexValue: outside,
    c.Var: _var,
    c.Defined: _defined,
    c.With: _with,
    c.Plus: _plus,
    c.Scale: _scale,
    c.Times: _times,
    c.Entrywise: _entrywise,
    c.KronOf: _kronof,
    c.Transposed: lambda w, node, i, j, env: entry(w, node.arg, j, i, env),
    c.Trace: _trace,
    c.Vec: _vec,
    c.DiagOf: _diagof,
    c.Total: _total,
    c.Pick: _pick,
    c.SumOver: _sumover,
    c.Same: _same,
    c.Make: _make,
    c.Ones: lambda w, node, i, j, env: w.number(1),
    c.Eye: lambda w, node, i, j, env: same(w, i, j),
    c.Zeros: lambda w, node, i, j, env: w.number(0),
    c.Blocks: _blocks,
}
