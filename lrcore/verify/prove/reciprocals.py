"""Reciprocals of polynomials, each in one form for equal contents."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

from lrcore.verify.prove.arithmetic import add_powers, fresh, instance, legs_of, mul, power_of, replace_labels, standing
from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.collecting import frozen, key_of, simplify
from lrcore.verify.prove.networks import Labels
from lrcore.verify.prove.state import Frozen, Poly, State, Term
from lrcore.verify.terms.errors import Outside


def reciprocal(state: State, terms: Poly) -> Poly:
    """1 / polynomial, which is simplified already."""
    if not terms:
        raise Outside("This divides by zero.")
    if len(terms) == 1:
        return _reciprocal_term(state, terms[0])
    below = over_inside(state, terms)
    if below is not None:
        up: Poly = [(1, (), (below,), ())]
        return mul(state, up, reciprocal(state, simplify(state, mul(state, up, fresh(state, terms)))))
    inside = recip_inside(state, terms)
    if inside is not None:  # 1 / (1 - 1/q) is q / (q - 1)
        divisor = instance(state, state.table[inside[0]], inside[1])
        left = simplify(state, mul(state, divisor, fresh(state, terms)))
        return mul(state, fresh(state, divisor), reciprocal(state, left))
    content, rest = content_of(state, terms)
    return mul(state, simplify(state, content), with_legs(state, "recip", rest))


def recip_inside(state: State, terms: Poly) -> tuple[int, Labels] | None:
    """The reciprocal of a sum that stands in some of the terms and not in others, at open indices."""
    held: list[set[tuple[int, Labels]]] = [
        {
            (atom, labels)
            for atom, labels in (*((atom, ()) for atom, exponent in powers if exponent > 0), *factors)
            if state.table[atom].kind == "recip" and not set(labels) & set(bound)
        }
        for _, powers, factors, bound in terms
    ]
    some = held[0].union(*held) - held[0].intersection(*held) if held else set()
    return min(some, key=repr) if some else None


def over_inside(state: State, terms: Poly) -> tuple[int, Labels] | None:
    """A factor that stands below a line inside the polynomial, at open indices."""
    for _, _, factors, bound in terms:
        for atom, labels in factors:
            if state.table[atom].kind == "over" and not set(labels) & set(bound):
                return (state.table[atom].data, labels)
    return None


def _reciprocal_term(state: State, term: Term) -> Poly:
    coefficient, powers, factors, bound = term
    turned = tuple((atom, -exponent) for atom, exponent in powers)
    out = simplify(state, [(1 / Fraction(coefficient), turned, (), ())])
    if not bound:
        for atom, labels in factors:
            out = mul(state, out, one_over(state, atom, labels))
        return out
    return mul(state, out, with_legs(state, "recip", [(1, (), factors, bound)]))


def one_over(state: State, atom: int, labels: Labels) -> Poly:
    info = state.table[atom]
    if atom == DELTA:
        raise Outside("This divides by a delta, which is zero off the diagonal.")
    if info.kind == "recip":
        return instance(state, info, labels)
    if info.kind == "over":
        return [(1, (), ((info.data, labels),), ())]
    if info.kind == "sqrt":  # 1/sqrt q is sqrt(q) / q
        return mul(state, [(1, (), ((atom, labels),), ())], reciprocal(state, instance(state, info, labels)))
    if info.kind == "abs":  # 1/|q| is |q| / q^2
        once = reciprocal(state, instance(state, info, labels))
        return mul(state, [(1, (), ((atom, labels),), ())], mul(state, once, fresh(state, once)))
    new = state.table.number(Atom("over", f"over {atom}", atom))
    return [(1, (), (standing(state, new, labels),), ())]


def with_legs(state: State, kind: str, terms: Poly) -> Poly:
    """The atom for a function of this polynomial, with the open labels as its legs in an order of its own."""
    legs = legs_of(terms)
    if len(legs) > 4:
        raise Outside("A function of more than four indices is not part of the normal form.")
    best: Any = None
    for order in permutations(legs):
        data = frozen(state, replace_labels(terms, {label: f"L{k}" for k, label in enumerate(order)}))
        key = key_of(state, data)
        if best is None or key < best[0]:
            best = (key, data, order)
    key, data, order = best
    atom = state.named.get((kind, key))
    if atom is None:
        atom = state.named[kind, key] = state.table.number(Atom(kind, key, data))
    if not order:
        return power_of(atom)
    return [(1, (), (standing(state, atom, order),), ())]


def content_of(state: State, data: Frozen) -> tuple[Poly, Poly]:
    """What can be taken out of every term; the reciprocal of it, and the rest."""
    lead = max(data, key=lambda term: (len(term[2]), repr(term[1:3])))
    coefficient = Fraction(lead[0])
    common = dict(lead[1])
    for _, powers, _, _ in data:
        here = dict(powers)
        for atom in set(common) | set(here):
            common[atom] = min(common.get(atom, 0), here.get(atom, 0))
    common = {atom: exponent for atom, exponent in common.items() if exponent}
    down = tuple(sorted((atom, -exponent) for atom, exponent in common.items()))
    rest: Poly = [(value / coefficient, add_powers(powers, down), f, bound) for value, powers, f, bound in data]
    return [(1 / coefficient, down, (), ())], rest
