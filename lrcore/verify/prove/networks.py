r"""Networks: products of atoms :math:`X_{ik} W_{kj}` joined by summed indices, and their canonical form.

A term is ``(coefficient, powers, factors, bound)``: powers of numbers ``((atom, exponent), ...)``, factors
``((atom, labels), ...)``, and the labels that are summed over. Atoms are small integers, labels are integers, or
strings for legs (``L0``) and fixed places (``#0``). The canonical form of a term does not depend on how its summed
labels are called; two equal terms have one key. Connected pieces are named one by one, so that repeated factors cost
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lrcore.verify.terms import effort
from lrcore.verify.terms.errors import Outside

Label = int | str  # of an index: a number where it is summed over, "L0" for a leg, "#0" for a fixed place
Labels = tuple[Label, ...]
Factor = tuple[int, Labels]
Factors = Sequence[Factor]
Colours = dict[Label, int]
Piece = tuple[Factor, ...]  # a connected piece with its summed labels renamed
Match = tuple[tuple[int, ...], dict[Label, Label]]

DELTA = 0
LEAF_LIMIT = 2000


def order(label: Label) -> tuple[int, int, str]:
    """Free labels in one order, whatever they are."""
    return (0, label, "") if isinstance(label, int) else (1, 0, label)


def pieces(factors: Factors, bound: Iterable[Label]) -> list[tuple[list[Factor], set[Label]]]:
    """The connected pieces: factors that share a summed label stand together."""
    bound = set(bound)
    groups: list[tuple[list[Factor], set[Label]]] = []
    for factor in factors:
        labels = {label for label in factor[1] if label in bound}
        merged = [factor]
        rest = []
        for group in groups:
            if labels & group[1]:
                merged = group[0] + merged
                labels |= group[1]
            else:
                rest.append(group)
        groups = [*rest, (merged, labels)]
    return groups


class Canon:
    """Canonical names for pieces; ``symmetric`` are the atoms whose two slots may be exchanged."""

    def __init__(self, symmetric: set[int]) -> None:
        self.symmetric = symmetric
        self.memo: dict[Piece, Piece] = {}

    def piece(self, factors: Factors, labels: set[Label]) -> Piece:
        """The key of one connected piece: its factors with summed labels renamed -1, -2, ..."""
        if not labels:
            return tuple(sorted(map(self._sorted_slots, factors), key=_factor_order))
        raw = self._raw(factors, labels)
        if raw not in self.memo:
            self.memo[raw] = self._best(factors, labels)
        return self.memo[raw]

    def _raw(self, factors: Factors, labels: set[Label]) -> Piece:
        seen: dict[Label, int] = {}
        out = []
        for atom, slots in factors:
            out.append((atom, tuple(seen.setdefault(one, ~len(seen)) if one in labels else one for one in slots)))
        return tuple(out)

    def _sorted_slots(self, factor: Factor) -> Factor:
        atom, slots = factor
        if atom in self.symmetric and len(slots) == 2 and order(slots[1]) < order(slots[0]):
            return atom, slots[::-1]
        return factor

    def _best(self, factors: Factors, labels: set[Label]) -> Piece:
        self.leaves = 0
        leaves = list(self._leaves(factors, self._refine(factors, dict.fromkeys(labels, 0))))
        return min(leaves, key=piece_order) if len(leaves) > 1 else leaves[0]

    def _leaves(self, factors: Factors, colours: Colours) -> Iterator[Piece]:
        tie = self._tie(colours)
        if tie is None:
            self.leaves += 1
            if self.leaves > LEAF_LIMIT:
                raise Outside("The network is too symmetric to be named within the budget.")
            effort.spend(effort.LEAF * len(factors))
            yield self._rename(factors, colours)
            return
        for label in tie:
            split = {one: 2 * colour + 1 for one, colour in colours.items()}
            split[label] -= 1
            yield from self._leaves(factors, self._refine(factors, split))

    def _tie(self, colours: Colours) -> list[Label] | None:
        classes: dict[int, list[Label]] = {}
        for label, colour in colours.items():
            classes.setdefault(colour, []).append(label)
        tied = [(len(group), colour) for colour, group in classes.items() if len(group) > 1]
        return classes[min(tied)[1]] if tied else None

    def _refine(self, factors: Factors, colours: Colours) -> Colours:
        count = len(set(colours.values()))
        while count < len(colours):
            signs: dict[Label, list[Any]] = {label: [] for label in colours}
            for atom, slots in factors:
                seen = [(-1, colours[one]) if one in colours else order(one) for one in slots]
                both = atom in self.symmetric and len(slots) == 2
                for place, one in enumerate(slots):
                    if one in signs:
                        mark: tuple[Any, ...]
                        if both:
                            mark = (atom, -1, seen[1 - place], one == slots[1 - place])
                        elif slots.count(one) == 1:
                            mark = (atom, place, *seen, (place,))
                        else:
                            mark = (atom, place, *seen, tuple(k for k, other in enumerate(slots) if other == one))
                        signs[one].append(mark)
            known = {label: (colours[label], tuple(sorted(marks))) for label, marks in signs.items()}
            ranks = {sign: rank for rank, sign in enumerate(sorted(set(known.values())))}
            colours = {label: ranks[sign] for label, sign in known.items()}
            if len(ranks) == count:
                return colours
            count = len(ranks)
        ranked = {colour: rank for rank, colour in enumerate(sorted(colours.values()))}
        return {label: ranked[colour] for label, colour in colours.items()}

    def _rename(self, factors: Factors, colours: Colours) -> Piece:
        names = {label: ~colour for label, colour in colours.items()}
        renamed = (self._sorted_slots((atom, tuple(names.get(one, one) for one in slots))) for atom, slots in factors)
        return tuple(sorted(renamed, key=_factor_order))


def _factor_order(factor: Factor) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    return factor[0], tuple(map(order, factor[1]))


def piece_order(piece: Piece) -> tuple[tuple[int, tuple[tuple[int, int, str], ...]], ...]:
    return tuple(map(_factor_order, piece))


def match(
    pattern: Factors,
    pattern_bound: Iterable[Label],
    factors: Factors,
    bound: Iterable[Label],
    legs: dict[Label, Label],
    symmetric: set[int],
) -> Iterator[Match]:
    """Ways to find ``pattern`` inside ``factors``: yields (indices of the factors used, labels given to the legs).

    A summed label of the pattern goes to a summed label that occurs nowhere else; legs already given a label keep it.
    """
    pattern = _connected_first(pattern, legs)
    yield from _match(pattern, 0, set(pattern_bound), factors, set(bound), dict(legs), (), symmetric)


def _connected_first(pattern: Factors, legs: dict[Label, Label]) -> list[Factor]:
    known = set(legs)
    rest, out = list(pattern), []
    while rest:
        best = max(rest, key=lambda factor: sum(one in known for one in factor[1]))
        rest.remove(best)
        out.append(best)
        known |= set(best[1])
    return out


def _match(
    pattern: Factors,
    at: int,
    pattern_bound: Iterable[Label],
    factors: Factors,
    bound: Iterable[Label],
    given: dict[Label, Label],
    used: tuple[int, ...],
    symmetric: set[int],
) -> Iterator[Match]:
    if at == len(pattern):
        if _closed(pattern_bound, given, factors, used):
            yield used, given
        return
    atom, slots = pattern[at]
    for place, (other, labels) in enumerate(factors):
        if other != atom or place in used:
            continue
        turns = (labels, labels[::-1]) if atom in symmetric and len(labels) == 2 else (labels,)
        for turned in turns:
            new = _unify(slots, turned, pattern_bound, bound, given)
            if new is not None:
                yield from _match(pattern, at + 1, pattern_bound, factors, bound, new, (*used, place), symmetric)


def _unify(
    slots: Labels, labels: Labels, pattern_bound: Iterable[Label], bound: Iterable[Label], given: dict[Label, Label]
) -> dict[Label, Label] | None:
    new = dict(given)
    for slot, label in zip(slots, labels):
        if slot in new:
            if new[slot] != label:
                return None
        elif slot in pattern_bound:
            if label not in bound or label in new.values():
                return None
            new[slot] = label
        elif isinstance(slot, str) and slot.startswith("L"):
            new[slot] = label
        elif slot != label:
            return None
    return new


def _closed(pattern_bound: Iterable[Label], given: dict[Label, Label], factors: Factors, used: tuple[int, ...]) -> bool:
    inner = {given[one] for one in pattern_bound}
    return all(place in used or inner.isdisjoint(labels) for place, (_, labels) in enumerate(factors))
