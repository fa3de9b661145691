"""Sums of networks: add, multiply, rename their labels."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction
from functools import reduce

from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.networks import Factors, Label, Labels, order
from lrcore.verify.prove.state import ONE_TERM, Coefficient, Frozen, Poly, Powers, Relabelling, State, Term
from lrcore.verify.terms import core as c
from lrcore.verify.terms import effort
from lrcore.verify.terms.errors import Outside


def legs_of(terms: Frozen) -> list[Label]:
    """The labels of a polynomial that no sum binds."""
    found: dict[Label, bool] = {}
    for _, _, factors, bound in terms:
        for _, labels in factors:
            for label in labels:
                if label not in bound:
                    found[label] = True
    return sorted(found, key=order)


def spend(state: State, amount: int) -> None:
    state.work += amount
    if state.work > state.budget:
        raise Outside("The normal form needs more terms than its budget.")
    effort.spend(amount)


def lean(value: Coefficient) -> Coefficient:
    """A coefficient as a whole number where it is one, for these are faster."""
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value


def new_label(state: State, dim: c.Dim) -> int:
    state.next_label += 1
    state.dims[state.next_label] = dim
    return state.next_label


def mul(state: State, left: Poly, right: Poly) -> Poly:
    """The product of polynomials whose summed labels are already different."""
    spend(state, len(left) * len(right) + 1)
    if len(left) == 1 and left[0] == ONE_TERM:
        return right
    return [_product(a, b) for a in left for b in right]


def raised(state: State, terms: Poly, exponent: int) -> Poly:
    """A polynomial to a power that is not negative."""
    return reduce(lambda out, _: mul(state, out, fresh(state, terms)), range(exponent), [ONE_TERM])


def scale(terms: Poly, by: Coefficient) -> Poly:
    return [(term[0] * by, *term[1:]) for term in terms] if by != 1 else terms


def fresh(state: State, terms: Frozen) -> Poly:
    """The same polynomial with new summed labels."""
    return [_fresh_term(state, term) for term in terms]


def _fresh_term(state: State, term: Term) -> Term:
    if not term[3]:
        return term
    new = {one: new_label(state, state.dims[one]) for one in term[3]}
    return relabelled(term, new)


def replace_labels(terms: Frozen, table: Relabelling) -> Poly:
    return [relabelled(term, table) for term in terms]


def power_of(atom: int, exponent: int = 1) -> Poly:
    return [(1, ((atom, exponent),), (), ())]


def delta(a: Label, b: Label) -> Poly:
    """1 where two places agree, else 0."""
    return [ONE_TERM] if a == b else [(1, (), ((DELTA, (a, b)),), ())]


def of_size(state: State, dim: c.Dim) -> Poly:
    """A size as a polynomial in the named sizes."""
    out: Poly = []
    for mono, coefficient in dim.poly:
        powers = tuple(sorted((state.table.number(Atom("size", name)), power) for name, power in mono))
        out.append((coefficient, powers, (), ()))
    return out


def standing(state: State, atom: int, labels: Sequence[Label]) -> tuple[int, Labels]:
    """A factor; remembers the size of each slot."""
    for place, label in enumerate(labels):
        if label in state.dims:
            state.slot_dims.setdefault((atom, place), state.dims[label])
    return (atom, tuple(labels))


def instance(state: State, info: Atom, labels: Labels) -> Poly:
    """The polynomial inside a compound atom, its legs at the given labels."""
    return fresh(state, replace_labels(info.data, {f"L{k}": label for k, label in enumerate(labels)}))


def _product(a: Term, b: Term) -> Term:
    powers = add_powers(a[1], b[1]) if a[1] and b[1] else a[1] or b[1]
    return a[0] * b[0], powers, a[2] + b[2], a[3] + b[3]


def relabelled(term: Term, table: Relabelling) -> Term:
    coefficient, powers, factors, bound = term
    factors = tuple((atom, tuple(table.get(one, one) for one in labels)) for atom, labels in factors)
    return coefficient, powers, factors, tuple(table.get(one, one) for one in bound)


def renamed(factors: Factors, old: Label, new: Label) -> Factors:
    return [(atom, tuple(new if one == old else one for one in labels)) for atom, labels in factors]


def with_power(term: Term, atom: int, exponent: int, relative: bool = False) -> Term:
    powers = dict(term[1])
    powers[atom] = powers.get(atom, 0) + exponent if relative else exponent
    if not powers[atom]:
        del powers[atom]
    return term[0], tuple(sorted(powers.items())), term[2], term[3]


def powers_left(powers: Powers, taken: Powers, loose: Container[int] = ()) -> Powers | None:
    """The powers that are left, or None where there are not enough; those of ``loose`` may go below zero."""
    have = dict(powers)
    if any(have.get(atom, 0) < exponent for atom, exponent in taken if atom not in loose):
        return None
    return add_powers(powers, tuple((atom, -exponent) for atom, exponent in taken))


def add_powers(left: Powers, right: Powers) -> Powers:
    powers = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))
