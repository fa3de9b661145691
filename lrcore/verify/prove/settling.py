"""Whether a polynomial is zero, if need be after multiplying through by what stands below or under an inverse."""

from __future__ import annotations

from lrcore.verify.prove.arithmetic import fresh, mul, new_label, replace_labels
from lrcore.verify.prove.collecting import collect, spelled
from lrcore.verify.prove.networks import Label, Labels
from lrcore.verify.prove.reciprocals import one_over
from lrcore.verify.prove.state import Collected, Poly, State, Term

ROUNDS = 8


def settle(state: State, terms: Poly) -> bool:
    """Whether the polynomial is zero, if need be after multiplying through by what stands below or under an
    inverse.
    """
    left = collect(state, terms)
    for _ in range(ROUNDS):
        if not left:
            return True
        through = _through_number(state, left) or _through_matrix(state, left)
        if through is None:
            return False
        left = collect(state, through)
    return not left


def _through_number(state: State, collected: Collected) -> Poly | None:
    terms = spelled(state, collected)
    found = _denominator(state, terms)
    if found is None:
        return None
    atom, labels = found
    most = max(_count(term, atom, labels) for term in terms)
    out = []
    for term in terms:
        have = _count(term, atom, labels)
        piece = [_without(term, atom, labels)]
        for _ in range(most - have):
            piece = mul(state, piece, one_over(state, atom, labels))
        out += piece
    return out


def _denominator(state: State, terms: Poly) -> tuple[int, Labels] | None:
    """A reciprocal that can be multiplied away: of a number, or with free indices alone."""
    for _, powers, factors, bound in terms:
        for atom, exponent in powers:
            if exponent > 0 and state.table[atom].kind == "recip":
                return atom, ()
        for atom, labels in factors:
            if state.table[atom].kind in ("recip", "over") and not set(labels) & set(bound):
                return atom, labels
    return None


def _through_matrix(state: State, collected: Collected) -> Poly | None:
    """A times the whole, where the inverse of A carries a free index."""
    terms = spelled(state, collected)
    for _, _, factors, bound in terms:
        for atom, labels in factors:
            if state.table[atom].kind != "inv":
                continue
            for slot in (0, 1):
                if labels[slot] not in bound and (atom, 0) in state.slot_dims:
                    return _multiplied(state, terms, atom, labels[slot], slot)
    return None


def _multiplied(state: State, terms: Poly, atom: int, free: Label, slot: int) -> Poly | None:
    if (free, slot) in state.multiplied:
        return None
    dim = state.slot_dims[atom, 0]
    inner, outer = new_label(state, dim), new_label(state, dim)
    state.multiplied.add((outer, slot))
    moved = [(a, b, f, bound + (inner,)) for a, b, f, bound in replace_labels(terms, {free: inner})]
    legs: dict[Label, Label] = {"L0": outer, "L1": inner} if slot == 0 else {"L0": inner, "L1": outer}
    return mul(state, moved, replace_labels(fresh(state, list(state.table[atom].data or ())), legs))


def _count(term: Term, atom: int, labels: Labels) -> int:
    if not labels:
        return abs(int(dict(term[1]).get(atom, 0)))
    return sum(factor == (atom, labels) for factor in term[2])


def _without(term: Term, atom: int, labels: Labels) -> Term:
    coefficient, powers, factors, bound = term
    if not labels:
        return coefficient, tuple(one for one in powers if one[0] != atom), factors, bound
    return coefficient, powers, tuple(one for one in factors if one != (atom, labels)), bound
