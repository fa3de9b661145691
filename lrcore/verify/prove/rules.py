"""Equations taken as given, used as rules from their largest term to the others."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.prove.arithmetic import add_powers, fresh, mul, powers_left, replace_labels
from lrcore.verify.prove.networks import Label, match
from lrcore.verify.prove.state import Poly, State, Term


def add_rule(state: State, terms: Poly) -> None:
    """An equation ``terms = 0`` over the legs L0, L1, ..., to be used as a rule for its largest term."""
    if not terms:
        return
    terms = _without_sizes(state, terms)
    best = next((k for k, term in enumerate(terms) if solved(state, terms, k)), None)
    if best is None:
        best = max(range(len(terms)), key=lambda k: (len(terms[k][2]), sum(abs(p) for _, p in terms[k][1])))
    state.rules.append((terms[best], terms[:best] + terms[best + 1 :]))


def _without_sizes(state: State, terms: Poly) -> Poly:
    """The equation times what its terms share of the sizes, which are never zero."""
    powers = [dict(term[1]) for term in terms]
    sizes = {atom for one in powers for atom in one if state.table[atom].kind == "size"}
    shared = tuple((atom, -min(one.get(atom, 0) for one in powers)) for atom in sorted(sizes))
    return [(value, add_powers(own, shared), f, bound) for value, own, f, bound in terms]


def solved(state: State, terms: Poly, k: int) -> bool:
    """Whether term k is a lone variable that the other terms do not hold: the equation is solved for it."""
    factors, powers = terms[k][2], terms[k][1]
    if len(factors) + len(powers) != 1:
        return False
    atom = factors[0][0] if factors else powers[0][0]
    plain = state.table[atom].kind == "var" and (not powers or powers[0][1] == 1)
    others = {one for m, term in enumerate(terms) if m != k for one, _ in (*term[2], *term[1])}
    return plain and atom not in others and (not factors or len(set(factors[0][1])) == len(factors[0][1]))


def use_rules(state: State, term: Term) -> Poly | None:
    for lead, rest in state.rules:
        powers = powers_left(term[1], lead[1])
        if powers is None or not (lead[2] or lead[1]):
            continue
        for used, given in match(lead[2], lead[3], list(term[2]), term[3], {}, state.table.symmetric):
            inner = {given[one] for one in lead[3]}
            left = tuple(factor for k, factor in enumerate(term[2]) if k not in used)
            bound = tuple(one for one in term[3] if one not in inner)
            legs: dict[Label, Label] = {leg: label for leg, label in given.items() if isinstance(leg, str)}
            base = (-Fraction(term[0]) / lead[0], powers, left, bound)
            return mul(state, [base], fresh(state, replace_labels(rest, legs)))
    return None
