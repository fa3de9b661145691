"""What an inverse, a reciprocal or a root cancels."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.prove.arithmetic import fresh, instance, mul, powers_left, raised, replace_labels, scale, with_power
from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.collecting import simplify
from lrcore.verify.prove.networks import Factors, Label, Labels, match, pieces
from lrcore.verify.prove.reciprocals import reciprocal
from lrcore.verify.prove.rules import use_rules
from lrcore.verify.prove.state import Poly, State, Term


def cancelled(state: State, term: Term) -> Poly | None:
    """One step of A times its inverse, or None where there is nothing to cancel."""
    if state.rules:
        ruled = use_rules(state, term)
        if ruled is not None:
            return ruled
    for atom, exponent in term[1]:
        new = _cancel_power(state, term, atom, exponent)
        if new is not None:
            return new
    for place, (atom, _) in enumerate(term[2]):
        kind = state.table[atom].kind
        if kind == "inv":
            new = _cancel_inverse(state, term, place)
        elif kind == "recip":
            new = _cancel_reciprocal(state, term, place)
        elif kind == "over":
            new = _cancel_over(state, term, place)
        elif kind in ("sqrt", "abs"):
            new = _cancel_roots(state, term, place)
        else:
            continue
        if new is not None:
            return new
    return None


def _cancel_power(state: State, term: Term, atom: int, exponent: int) -> Poly | None:
    info = state.table[atom]
    if info.kind in ("sqrt", "abs") and (exponent >= 2 or exponent < 0):
        steps = exponent // 2
        rest = [with_power(term, atom, exponent - 2 * steps)]
        inner = _square(state, info, ())
        return mul(state, rest, raised(state, inner if steps > 0 else reciprocal(state, inner), abs(steps)))
    if info.kind == "recip" and exponent < 0:
        return mul(state, [with_power(term, atom, 0)], raised(state, instance(state, info, ()), -exponent))
    if info.kind == "recip":
        return _lead_step(state, term, atom, None, ())
    return None


def _cancel_reciprocal(state: State, term: Term, place: int) -> Poly | None:
    atom, labels = term[2][place]
    return _lead_step(state, term, atom, place, labels)


def _lead_step(state: State, term: Term, atom: int, place: int | None, labels: Labels) -> Poly | None:
    """lead * R = 1 - rest * R for R = 1/(lead + rest)."""
    lead, rest = lead_of(state, atom)
    without = [factor for k, factor in enumerate(term[2]) if k != place]
    powers = powers_left(term[1], lead[1])
    if powers is None:
        return None
    legs: dict[Label, Label] = {f"L{k}": label for k, label in enumerate(labels)}
    for used, _ in match(lead[2], lead[3], without, term[3], legs, state.table.symmetric):
        gone = {label for k in used for label in without[k][1]} & set(term[3])
        left = tuple(factor for k, factor in enumerate(without) if k not in used)
        still = {label for _, slots in left for label in slots} | set(labels)
        bound = tuple(one for one in term[3] if one not in gone or one in still)
        base = (Fraction(term[0]) / lead[0], powers, left, bound)
        one = [with_power(base, atom, -1, relative=True)] if place is None else [base]
        again = base if place is None else (base[0], base[1], (*left, (atom, labels)), bound)
        inner = fresh(state, replace_labels(rest, legs))
        return one + scale(mul(state, [again], inner), -1)
    return None


def lead_of(state: State, atom: int) -> tuple[Term, Poly]:
    """The largest term of a reciprocal's polynomial, and the others."""
    found = state.leads.get(atom)
    if found is None:
        data = list(state.table[atom].data or ())
        best = max(range(len(data)), key=lambda k: (len(data[k][2]), sum(p for _, p in data[k][1]), -k))
        found = state.leads[atom] = (data[best], data[:best] + data[best + 1 :])
    return found


def _cancel_inverse(state: State, term: Term, place: int) -> Poly | None:
    atom, labels = term[2][place]
    found = inverse_lead(state, atom)
    if found is None:
        return None
    lead = found[0]
    without = [factor for k, factor in enumerate(term[2]) if k != place]
    for slot in (0, 1):
        met, other = labels[slot], labels[1 - slot]
        if met not in term[3] or sum(one == met for _, slots in without for one in slots) != 1 or met == other:
            continue
        near, far = ("L1", "L0") if slot == 0 else ("L0", "L1")
        for used, given in match(lead[2], lead[3], without, term[3], {near: met}, state.table.symmetric):
            ends = (met, other, near, far)
            done = _inverse_step(state, term, (atom, labels), found, without, used, given, ends)
            if done is not None:
                return done
    return None


def _inverse_step(
    state: State,
    term: Term,
    factor: tuple[int, Labels],
    found: tuple[Term, Poly],
    without: Factors,
    used: tuple[int, ...],
    given: dict[Label, Label],
    ends: tuple[Label, Label, Label, Label],
) -> Poly | None:
    """A^-1 times the largest term of A is 1 less A^-1 times the others."""
    (lead, rest), (met, other, near, far) = found, ends
    left = tuple(one for k, one in enumerate(without) if k not in used)
    inner = {given[one] for one in lead[3]}
    bound = tuple(one for one in term[3] if one not in inner)
    base = Fraction(term[0]) / lead[0]
    powers = powers_left(term[1], lead[1])
    if powers is None:
        return None
    unit: Term = (base, powers, (*left, (DELTA, (given[far], other))), tuple(one for one in bound if one != met))
    again: Term = (-base, powers, (*left, factor), bound)
    swapped = fresh(state, replace_labels(rest, {near: met, far: given[far]}))
    return [unit, *mul(state, [again], swapped)]


def inverse_lead(state: State, atom: int) -> tuple[Term, Poly] | None:
    """The largest term of a matrix under an inverse in which each leg stands once, and the others; None if there
    is none.
    """
    if atom not in state.leads:
        data = list(state.table[atom].data or ())
        usable = [k for k in range(len(data)) if _legs_once(data[k])]
        joined = [k for k in usable if len(pieces(data[k][2], data[k][3])) == 1] or usable
        widest = max((len(data[k][2]) for k in joined), default=0)
        usable = [k for k in joined if len(data[k][2]) == widest]
        state.leads[atom] = (data[usable[0]], data[: usable[0]] + data[usable[0] + 1 :]) if usable else None
    return state.leads[atom]


def _cancel_over(state: State, term: Term, place: int) -> Poly | None:
    """x_i times 1/x_i."""
    atom, labels = term[2][place]
    inside = state.table[atom].data
    for k, factor in enumerate(term[2]):
        if factor == (inside, labels):
            factors = tuple(one for m, one in enumerate(term[2]) if m not in (k, place))
            return [(term[0], term[1], factors, term[3])]
    return _apart(state, term, place)


def _apart(state: State, term: Term, place: int) -> Poly | None:
    """1/(x_i (a x_i + c)) is (1/x_i - a/(a x_i + c)) / c, for a number c."""
    over, labels = term[2][place]
    for k, (atom, slots) in enumerate(term[2]):
        if state.table[atom].kind != "recip":
            continue
        lead, rest = lead_of(state, atom)
        if lead[1] or lead[3] or len(lead[2]) != 1 or len(rest) != 1 or any(rest[0][1:]):
            continue
        (inside, legs) = lead[2][0]
        at: dict[Label, Label] = {f"L{n}": label for n, label in enumerate(slots)}
        if inside != state.table[over].data or tuple(at.get(one, one) for one in legs) != labels:
            continue
        share = Fraction(term[0]) / rest[0][0]
        one, other = (tuple(x for m, x in enumerate(term[2]) if m != gone) for gone in (k, place))
        return [(share, term[1], one, term[3]), (-share * lead[0], term[1], other, term[3])]
    return None


def _cancel_roots(state: State, term: Term, place: int) -> Poly | None:
    factor = term[2][place]
    for k, other in enumerate(term[2]):
        if k != place and other == factor:
            factors = tuple(one for m, one in enumerate(term[2]) if m not in (k, place))
            return mul(state, [(term[0], term[1], factors, term[3])], _square(state, state.table[factor[0]], factor[1]))
    return None


def _square(state: State, info: Atom, labels: Labels) -> Poly:
    """The square of a root, which is what stands below it, or of an absolute value."""
    inner = instance(state, info, labels)
    return inner if info.kind == "sqrt" else simplify(state, mul(state, inner, fresh(state, inner)))


def _legs_once(term: Term) -> bool:
    labels = [label for _, slots in term[2] for label in slots]
    plain = all(atom != DELTA for atom, _ in term[2])
    return plain and labels.count("L0") == 1 and labels.count("L1") == 1
