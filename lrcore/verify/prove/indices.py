"""Indices of entries: how one runs over its size, is split into a pair or into blocks, and is the same as another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lrcore.verify.prove.arithmetic import mul, new_label
from lrcore.verify.prove.atoms import DELTA
from lrcore.verify.prove.state import ONE_TERM, Blocks, Env, Labels, Poly, Slot, State
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside


def learn_blocks(blocks: Blocks, nodes: Iterable[c.Core]) -> None:
    """How block matrices split their sizes; every index of such a size is split alike."""
    for node in nodes:
        shifts = [x.whole for x in c.indices(node) if isinstance(x, c.IShift)]
        for dim in (*node.shape, *(c.parts((c.D1, whole - c.D1)) for whole in shifts)):
            parts = dim.made_of and dim.made_of[0] == "parts" and dim.constant() is None
            if parts and blocks.setdefault(dim.poly, dim).made_of != dim.made_of:
                raise Outside("One size is split into blocks in two ways.")


def run(state: State, dim: c.Dim) -> list[tuple[Slot, Labels]]:
    """The values of an index of this size, each with the labels that are summed over for it."""
    constant = dim.constant()
    if constant == 1:
        return [(None, ())]
    if constant is not None:
        if constant > 24:
            raise Outside("A fixed size above 24 is not written out.")
        return [(("P", k, None), ()) for k in range(constant)]
    if dim.made_of and dim.made_of[0] == "pair":
        first, second = dim.made_of[1:]
        return [(("Q", a, b, first, second), x + y) for a, x in run(state, first) for b, y in run(state, second)]
    if dim.poly in state.blocks:
        dims = c.parts_of(state.blocks[dim.poly])
        return [(("P", k, index), labels) for k, one in enumerate(dims) for index, labels in run(state, one)]
    label = new_label(state, dim)
    return [(label, (label,))]


def split(index: Slot, first: c.Dim, second: c.Dim) -> tuple[Slot, Slot]:
    """A pair index as its two parts."""
    if first == c.D1:
        return None, index
    if second == c.D1:
        return index, None
    if isinstance(index, tuple) and index[0] == "Q" and index[3:] == (first, second):
        return index[1], index[2]
    if isinstance(index, tuple) and index[0] == "P" and index[2] is None and second.constant():
        a, b = divmod(index[1], second.constant())
        return ("P", a, None), ("P", b, None)
    raise Outside("Two orders of stacking meet in one index.")


def place_of(index: c.Index, env: Env) -> Slot:
    """The value of an index variable, or a fixed place."""
    if index is None:
        return None
    if isinstance(index, c.IVar):
        if index not in env:
            raise Outside("An index has no value here.")
        return env[index]
    if isinstance(index, c.IShift):
        return _shifted(place_of(index.index, env), index.whole)
    if index.end is not None:
        raise Outside("The last place of an open range is not part of the normal form.")
    return f"#{index.place}"


def _shifted(value: Slot, whole: c.Dim) -> Slot:
    if whole.constant() is not None:
        return ("P", 1 + (value[1] if value else 0), None)
    return ("P", 1, value)


def fixed(state: State, index: c.Index, dim: c.Dim, env: Env) -> Slot:
    """A fixed place in an index that is split."""
    value = place_of(index, env)
    if isinstance(value, str) and value.startswith("#"):
        if dim.constant() is not None:
            return ("P", int(value[1:]), None)
        if dim.poly in state.blocks:
            return into_block(int(value[1:]), c.parts_of(state.blocks[dim.poly]))
    return value


def same(state: State, a: Slot, b: Slot) -> Poly:
    """The delta of two indices."""
    if a == b:
        return [ONE_TERM]
    if isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0]:
        if a[0] == "P":
            return same(state, a[2], b[2]) if a[1] == b[1] else []
        if a[3:] == b[3:]:
            return mul(state, same(state, a[1], b[1]), same(state, a[2], b[2]))
    if isinstance(a, tuple) or isinstance(b, tuple) or a is None or b is None:
        raise Outside("Two ways of splitting one index meet.")
    return [(1, (), ((DELTA, (a, b)),), ())]


def block_of(index: Slot, dims: tuple[c.Dim, ...]) -> tuple[int, Slot]:
    """Which block an index falls into, and the index inside."""
    if len(dims) == 1:
        return 0, index
    if not isinstance(index, tuple) or index[0] != "P":
        raise Outside("An index into a block matrix does not say which block.")
    if all(dim.constant() is not None for dim in dims):
        return _fixed_block(index[1], dims)
    return index[1], index[2]


def _fixed_block(place: int, dims: tuple[c.Dim, ...]) -> tuple[int, Slot]:
    for k, dim in enumerate(dims):
        size = dim.constant() or 0
        if place < size:
            return k, (None if dim == c.D1 else ("P", place, None))
        place -= size
    raise Outside("An index lies outside its block matrix.")


def into_block(place: int, dims: tuple[c.Dim, ...]) -> Slot:
    """A fixed place in blocks: behind the first of an open size it lies in one block or the next, as the size is."""
    for k, dim in enumerate(dims):
        constant = dim.constant()
        if constant is None and place:
            raise Outside("In which block a fixed place lies rests on the sizes.")
        if constant is None:
            return ("P", k, "#0")
        if place < constant:
            return ("P", k, None if dim == c.D1 else ("P", place, None))
        place -= constant
    raise Outside("A fixed place lies outside its blocks.")


def shape_of(slots: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(one if one in (None, "*") else one[0] for one in slots)
