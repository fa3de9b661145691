"""The value of a normal form at a point, computed by summing over every label: the bridge between the two engines in
tests.
"""

from fractions import Fraction
from itertools import product
from math import exp, log, prod, sqrt

import numpy as np


def value(normal, terms, sizes, values, labels=None):
    """The number that a polynomial over networks has where the free labels have these values."""
    return sum((_term(normal, term, sizes, values, labels or {}) for term in terms), Fraction(0))


def _term(normal, term, sizes, values, labels):
    coefficient, powers, factors, bound = term
    number = Fraction(coefficient) * prod(
        (_atom(normal, a, (), sizes, values) ** e for a, e in powers), start=Fraction(1)
    )
    groups = [({label}, []) for label in bound]
    for atom, slots in factors:
        own = set(slots) & set(bound)
        met = [one for one in groups if one[0] & own]
        groups = [one for one in groups if not one[0] & own]
        groups.append((own.union(*(one for one, _ in met)), [(atom, slots), *(x for _, those in met for x in those)]))
    for summed, those in groups:
        number *= _summed(normal, those, sorted(summed), sizes, values, labels)
    return number


def _summed(normal, factors, bound, sizes, values, labels):
    """The sum over the bound labels of factors that share them: sums that share none are multiplied afterwards."""
    runs = [range(normal.dims[label].value(sizes)) for label in bound]
    total = Fraction(0)
    for places in product(*runs):
        here = {**labels, **dict(zip(bound, places))}
        found = 1
        for atom, slots in factors:
            where = tuple(here[x] if x in here else int(x[1:]) for x in slots)
            found *= _atom(normal, atom, where, sizes, values)
        total += found
    return total


def _atom(normal, atom, places, sizes, values):
    info = normal.table[atom]
    if info.kind == "delta":
        return Fraction(int(places[0] == places[1]))
    if info.kind == "size":
        return Fraction(sizes[info.name])
    if info.kind == "var":
        supply = iter(places)
        row, col = (0 if slot is None else next(supply) for slot in info.slots)
        return Fraction(values[info.name][row][col])
    legs = {f"L{k}": place for k, place in enumerate(places)}
    if info.kind == "recip":
        return 1 / value(normal, info.data, sizes, values, legs)
    if info.kind == "over":
        return 1 / _atom(normal, info.data, places, sizes, values)
    if info.kind == "number":
        return log(int(info.name.removeprefix("log ")))
    if info.kind in ("inv", "det"):
        return _matrix(normal, atom, places, sizes, values)
    return FUNCTIONS[info.kind](value(normal, info.data, sizes, values, legs))


FUNCTIONS = {"exp": exp, "log": lambda x: log(abs(x)), "sqrt": sqrt, "abs": abs}


def _matrix(normal, atom, places, sizes, values):
    """An entry of an inverse, or a determinant, of the matrix over the legs."""
    info = normal.table[atom]
    dim = normal.det_dims[atom] if info.kind == "det" else normal.slot_dims[atom, 0]
    here = range(dim.value(sizes))
    rows = [[float(value(normal, info.data, sizes, values, {"L0": r, "L1": k})) for k in here] for r in here]
    return float(np.linalg.det(rows) if info.kind == "det" else np.linalg.inv(rows)[places])
