"""exp, log, roots and absolute values, each in one form for equal contents.

An atom log q is log|q|, so that log(a b) = log|a| + log|b| wherever the left side exists, and exp of it is |q|.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from lrcore.verify.prove.arithmetic import fresh, instance, mul, power_of, raised, scale
from lrcore.verify.prove.atoms import Atom
from lrcore.verify.prove.collecting import simplify
from lrcore.verify.prove.networks import Factor, Labels
from lrcore.verify.prove.reciprocals import content_of, over_inside, recip_inside, reciprocal, with_legs
from lrcore.verify.prove.state import ONE_TERM, Log, Poly, State, Term
from lrcore.verify.terms.errors import Outside


def function(state: State, fn: str, terms: Poly) -> Poly:
    """exp, log, sqrt or abs of a polynomial."""
    return _FUNCTIONS[fn](state, terms)


def _fn_exp(state: State, terms: Poly) -> Poly:
    out = [ONE_TERM]
    signed = _is_positive(state, _odd_logs(state, terms))
    for coefficient, powers, factors, bound in terms:
        whole = Fraction(coefficient)
        base: Poly = [(Fraction(1, whole.denominator), powers, factors, bound)]
        out = mul(state, out, _exp_power(state, base, whole.numerator, signed))
    return out


def _exp_power(state: State, base: Poly, exponent: int, signed: bool) -> Poly:
    """exp(k q); exp(k log|q|) is |q|^k, and q^k where k is even or the product of all such q is positive."""
    log = _log_of(state, base[0]) if base[0][0] == 1 else None
    if log is not None:
        inside = instance(state, state.table[log[0]], log[1])
        if exponent % 2 and not signed and not _is_positive(state, frozenset({log})):
            inside = _fn_abs(state, simplify(state, inside))
        return _fallback_power(state, inside, exponent)
    atom = with_legs(state, "exp", base)
    if exponent < 0:
        atom = reciprocal(state, atom)
    return _fallback_power(state, atom, abs(exponent))


def _fallback_power(state: State, terms: Poly, exponent: int) -> Poly:
    if exponent < 0:
        terms, exponent = reciprocal(state, simplify(state, terms)), -exponent
    if exponent > 8:
        raise Outside("A power above 8 under exp is not multiplied out.")
    return raised(state, terms, exponent)


def _log_of(state: State, term: Term) -> Log | None:
    """The logarithm that a term is a multiple of."""
    _, powers, factors, bound = term
    if bound or len(powers) + len(factors) != 1 or (powers and powers[0][1] != 1):
        return None
    atom, labels = (powers[0][0], ()) if powers else factors[0]
    return (atom, labels) if state.table[atom].kind == "log" else None


def _odd_logs(state: State, terms: Poly) -> frozenset[Log]:
    """The logarithms log|q| that stand an odd number of times in a sum."""
    found: frozenset[Log] = frozenset()
    for term in terms:
        log = _log_of(state, term)
        if log is not None and Fraction(term[0]).denominator == 1 and term[0] % 2:
            found ^= {log}
    return found


def written_log(state: State, terms: Poly) -> Poly:
    """The logarithm of what is positive, for else it would not exist; it is noted down of which q this says that their
    product is positive.
    """
    out = _fn_log(state, terms)
    atoms = {atom for _, powers, factors, _ in terms for atom, _ in (*powers, *factors)}
    rewritten = len(terms) > 1 and recip_inside(state, terms) is not None
    if not rewritten and not any(_hides_signs(state, atom) for atom in atoms):
        rest = _less_what_is_known(state, _odd_logs(state, out))
        if rest:
            state.positive[min(rest, key=repr)] = rest
    return out


def _is_positive(state: State, logs: frozenset[Log]) -> bool:
    """Whether the product of the q under these logarithms is positive, by what is known of such products."""
    return bool(logs) and not _less_what_is_known(state, logs)


def _less_what_is_known(state: State, logs: frozenset[Log]) -> frozenset[Log]:
    """What is left to ask about the sign of a product when those known to be positive are taken out of it."""
    for first, known in state.positive.items():
        if first in logs:
            logs ^= known
    return logs


def _hides_signs(state: State, atom: int) -> bool:
    """Whether the logarithm of it is a sum in which logarithms of other numbers may stand, of any sign."""
    info = state.table[atom]
    return info.kind in ("sqrt", "exp", "abs") or (info.kind == "over" and _hides_signs(state, info.data))


def _fn_log(state: State, terms: Poly) -> Poly:
    if not terms:
        raise Outside("The logarithm of zero does not exist.")
    if len(terms) > 1:
        if (below := _below(state, terms)) is not None:
            above = simplify(state, mul(state, below, fresh(state, terms)))
            return _fn_log(state, above) + scale(_fn_log(state, below), -1)
        if (common := _common(terms)) is not None:
            left = [(value, powers, _less(factors, common), bound) for value, powers, factors, bound in terms]
            return _log_atom(state, *common) + _fn_log(state, left)
        content, rest = content_of(state, terms)
        inverse = _log_term(state, (1 / Fraction(content[0][0]), tuple((a, -e) for a, e in content[0][1]), (), ()))
        return inverse + with_legs(state, "log", rest)
    return _log_term(state, terms[0])


def _below(state: State, terms: Poly) -> Poly | None:
    """What a term of a sum is divided by, at open indices: log(1 - 1/q) is log(q - 1) - log q."""
    over, recip = over_inside(state, terms), recip_inside(state, terms)
    if over is not None:
        return [(1, (), (over,), ())]
    return None if recip is None else instance(state, state.table[recip[0]], recip[1])


def _common(terms: Poly) -> Factor | None:
    """A factor at open indices that all terms of a sum have."""
    open_ones = [[one for one in factors if not set(one[1]) & set(bound)] for _, _, factors, bound in terms]
    return next((one for one in open_ones[0] if one[1] and all(one in each for each in open_ones[1:])), None)


def _less(factors: tuple[Factor, ...], one: Factor) -> tuple[Factor, ...]:
    place = factors.index(one)
    return factors[:place] + factors[place + 1 :]


def _log_term(state: State, term: Term) -> Poly:
    coefficient, powers, factors, bound = term
    if coefficient < 0:
        return with_legs(state, "log", [term])
    out = _log_number(state, Fraction(coefficient))
    for atom, exponent in powers:
        out += scale(_log_atom(state, atom, ()), exponent)
    if bound:
        return out + with_legs(state, "log", [(1, (), factors, bound)])
    for atom, labels in factors:
        out += _log_atom(state, atom, labels)
    return out


def _log_atom(state: State, atom: int, labels: Labels) -> Poly:
    info = state.table[atom]
    if info.kind == "exp":
        return instance(state, info, labels)
    if info.kind == "recip":
        return scale(_fn_log(state, instance(state, info, labels)), -1)
    if info.kind == "over":
        return scale(_log_atom(state, info.data, labels), -1)
    if info.kind == "sqrt":
        return scale(_fn_log(state, instance(state, info, labels)), Fraction(1, 2))
    if info.kind == "abs":
        return _fn_log(state, instance(state, info, labels))
    return with_legs(state, "log", power_of(atom) if not labels else [(1, (), ((atom, labels),), ())])


def _log_number(state: State, value: Fraction) -> Poly:
    out = []
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime, exponent in _primes(part).items():
            atom = state.table.number(Atom("number", f"log {prime}"))
            out += scale(power_of(atom), sign * exponent)
    return out


def _fn_sqrt(state: State, terms: Poly) -> Poly:
    if not terms:
        return []
    common = _square_part([Fraction(term[0]) for term in terms])
    root = with_legs(state, "sqrt", [(term[0] / common**2, *term[1:]) for term in terms])
    if terms and len(terms) == 1 and terms[0][0] == common**2 and terms[0][1:] == ((), (), ()):
        root = [ONE_TERM]
    return scale(root, common)


def _fn_abs(state: State, terms: Poly) -> Poly:
    """|c q| = |c| |q| for a number c."""
    if not terms:
        return []
    if all(_is_not_negative(state, one) for one in terms):
        return terms
    first = Fraction(terms[0][0])
    if len(terms) == 1 and terms[0][1:] == ((), (), ()):
        return scale([ONE_TERM], abs(first))
    return scale(with_legs(state, "abs", [(term[0] / first, *term[1:]) for term in terms]), abs(first))


def _is_not_negative(state: State, term: Term) -> bool:
    """Whether a term is a positive multiple of exponentials, roots, absolute values and sizes."""
    atoms = [*(atom for atom, exponent in term[1] if exponent % 2), *(atom for atom, _ in term[2])]
    kinds = [state.table[state.table[atom].data if state.table[atom].kind == "over" else atom].kind for atom in atoms]
    return term[0] > 0 and all(kind in ("exp", "sqrt", "abs", "size") for kind in kinds)


def _primes(value: int) -> dict[int, int]:
    out: dict[int, int] = {}
    prime = 2
    while value > 1:
        if prime * prime > value:
            prime = value
        while value % prime == 0:
            out[prime] = out.get(prime, 0) + 1
            value //= prime
        prime += 1
        if prime > 10_000:
            out[value] = 1
            break
    return out


def _square_part(values: list[Fraction]) -> Fraction:
    """The largest rational whose square can be taken out of all coefficients, from the first of them."""
    first = abs(values[0])
    top, below = isqrt(first.numerator), isqrt(first.denominator)
    if top * top == first.numerator and below * below == first.denominator and first:
        return Fraction(top, below)
    return Fraction(1)


_FUNCTIONS: dict[str, Callable[[State, Poly], Poly]] = {
    "exp": _fn_exp,
    "log": _fn_log,
    "sqrt": _fn_sqrt,
    "abs": _fn_abs,
}
