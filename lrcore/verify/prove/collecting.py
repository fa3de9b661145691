"""Like terms together: deltas used up, sums that nothing needs turned into sizes, one key for equal networks."""

from __future__ import annotations

from collections.abc import Iterable

from lrcore.verify.prove.arithmetic import lean, mul, new_label, of_size, renamed, spend
from lrcore.verify.prove.atoms import DELTA
from lrcore.verify.prove.networks import Factor, Label, order, piece_order, pieces
from lrcore.verify.prove.state import Coefficient, Collected, Frozen, Key, Poly, State, Term


def collect(state: State, terms: Frozen) -> Collected:
    """Like terms together: canonical key -> coefficient; equal polynomials give equal dictionaries."""
    total: Collected = {}
    waiting: Collected = {}
    for term in terms:
        _add(waiting, _keyed(state, term), 1)
    while waiting:
        spend(state, 1)
        key, value = waiting.popitem()
        simpler = _simpler(state, key)
        if simpler is None:
            _add(total, ((key, 1),), value)
        else:
            _add(waiting, simpler, value)
    return total


def _add(total: Collected, more: Iterable[tuple[Key, Coefficient]], by: Coefficient) -> None:
    for key, coefficient in more:
        value = total.get(key, 0) + coefficient * by
        if value:
            total[key] = value
        elif key in total:
            del total[key]


def _keyed(state: State, term: Term) -> list[tuple[Key, Coefficient]]:
    """The keys of a term without its deltas, each with its coefficient; what has a key is kept as a term, too."""
    found = []
    for simple in _contract(state, term):
        key = _key(state, simple)
        state.terms.setdefault(key, (1, *simple[1:]))
        found.append((key, lean(simple[0])))
    return found


def _simpler(state: State, key: Key) -> list[tuple[Key, Coefficient]] | None:
    """What one step of cancelling makes of a term, or None; found once, for terms come back."""
    place = (len(state.rules), key)
    if place not in state.simpler:
        new = state.cancel(state, state.terms[key]) if state.cancel else None
        state.simpler[place] = None if new is None else [one for term in new for one in _keyed(state, term)]
    return state.simpler[place]


def spelled(state: State, collected: Collected) -> Poly:
    """The polynomial again, with new summed labels."""
    return [spelled_term(state, key, value) for key, value in collected.items()]


def simplify(state: State, terms: Poly) -> Poly:
    return spelled(state, collect(state, terms))


def frozen(state: State, terms: Frozen) -> Frozen:
    """A polynomial with its terms in one order."""
    collected = collect(state, terms)
    return tuple(spelled_term(state, key, collected[key]) for key in sorted(collected, key=repr))


def key_of(state: State, terms: Frozen) -> str:
    """One text for equal polynomials."""
    return repr(sorted(collect(state, list(terms)).items(), key=repr))


def _key(state: State, term: Term) -> Key:
    _, powers, factors, bound = term
    keyed = [state.canon.piece(tuple(group), labels) for group, labels in pieces(factors, bound)]
    return powers, tuple(sorted(keyed, key=piece_order) if len(keyed) > 1 else keyed)


def spelled_term(state: State, key: Key, coefficient: Coefficient) -> Term:
    powers, keyed = key
    factors: list[Factor] = []
    bound: list[Label] = []
    for piece in keyed:
        new: dict[Label, Label] = {}
        for atom, labels in piece:
            for place, label in enumerate(labels):
                if isinstance(label, int) and label < 0 and label not in new:
                    new[label] = new_label(state, state.slot_dims[atom, place])
            factors.append((atom, tuple(new.get(one, one) for one in labels)))
        bound.extend(new.values())
    return coefficient, powers, tuple(factors), tuple(bound)


def _contract(state: State, term: Term) -> Poly:
    """Deltas used up where they can be; a summed label that occurs nowhere becomes its size."""
    coefficient, powers, factors, bound = term
    if any(atom == DELTA for atom, _ in factors):
        left = _use_deltas(term)
        if left is None:
            return []
        term = left
        coefficient, powers, factors, bound = term
    used = {label for _, labels in factors for label in labels}
    idle = [label for label in bound if label not in used]
    if not idle:
        return [term]
    rest = [(coefficient, powers, factors, tuple(label for label in bound if label in used))]
    for label in idle:
        rest = mul(state, rest, of_size(state, state.dims[label]))
    return rest


def _use_deltas(term: Term) -> Term | None:
    coefficient, powers, factors, bound = term[0], term[1], list(term[2]), set(term[3])
    kept: list[Factor] = []
    while True:
        place = next((k for k, (atom, _) in enumerate(factors) if atom == DELTA), None)
        if place is None:
            break
        a, b = factors.pop(place)[1]
        if a == b:
            continue
        if a not in bound and b not in bound:
            if isinstance(a, str) and isinstance(b, str) and a[0] == b[0] == "#":
                return None
            a, b = sorted((a, b), key=order, reverse=True)
            kept = [*renamed(kept, a, b), (DELTA, (b, a))]
        else:
            a, b = (a, b) if a in bound else (b, a)
            bound.discard(a)
            kept = list(renamed(kept, a, b))
        factors = list(renamed(factors, a, b))
    deltas = [(atom, tuple(sorted(labels, key=order))) for atom, labels in kept if labels[0] != labels[1]]
    return coefficient, powers, (*factors, *dict.fromkeys(deltas)), tuple(bound)
