"""Inverses and determinants of matrices that are written over the legs L0 and L1."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from lrcore.verify.prove.arithmetic import delta, fresh, legs_of, mul, replace_labels
from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.collecting import frozen, key_of, simplify
from lrcore.verify.prove.reciprocals import content_of, reciprocal
from lrcore.verify.prove.state import Frozen, Poly, Slot, State, Term
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside


def inverse_of(state: State, data: Frozen, dim: c.Dim, i: Slot, j: Slot) -> Poly:
    """The inverse of a matrix given over the legs."""
    if set(legs_of(data)) - {"L0", "L1"}:
        raise Outside("The inverse of a matrix that changes with an index is not part of the normal form.")
    if not data:
        raise Outside("The inverse of zero does not exist.")
    diagonal = [one for term in data if (one := _diagonal(term)) is not None]
    if len(diagonal) == len(data):
        below = reciprocal(state, simplify(state, diagonal))
        return mul(state, delta(i, j), replace_labels(below, {"L0": i}))
    content, data = content_of(state, data)
    flipped = frozen(state, replace_labels(data, {"L0": "L1", "L1": "L0"}))
    straight = frozen(state, data)
    key, other = key_of(state, straight), key_of(state, flipped)
    if other < key:
        straight, i, j = flipped, j, i
    atom = _inverse_atom(state, min(key, other), straight, key == other)
    state.dims.setdefault("L0", dim)
    for place in (0, 1):
        state.slot_dims.setdefault((atom, place), dim)
    return mul(state, content, [(1, (), ((atom, (i, j)),), ())])


def _inverse_atom(state: State, key: Any, data: Frozen, symmetric: bool) -> int:
    known = state.named.get(("inverse", key))
    if known is None:
        known = state.named["inverse", key] = state.table.number(Atom("inv", key, data), symmetric)
    return known


def _diagonal(term: Term) -> Term | None:
    """A term delta(L0, L1) f(L0) without its delta, or None."""
    if not any(factor[0] == DELTA and set(factor[1]) == {"L0", "L1"} for factor in term[2]):
        return None
    factors = tuple((a, tuple("L0" if x == "L1" else x for x in labels)) for a, labels in term[2] if a != DELTA)
    return term[0], term[1], factors, term[3]


def expanded(state: State, cells: list[list[Poly]]) -> Poly:
    """A determinant, by permutations."""
    size, out = len(cells), Poly()
    for order in permutations(range(size)):
        product: Poly = [(c.sign_of(order), (), (), ())]
        for r, k in enumerate(order):
            product = mul(state, product, fresh(state, cells[r][k]))
        out += product
    return out
