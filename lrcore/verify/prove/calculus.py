"""The derivative of a polynomial over atoms: delete one atom, put its derivative there, chain rule through the
compound ones.
"""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.prove.atoms import DELTA
from lrcore.verify.terms.errors import Outside


def derive(algebra, terms, leaf):
    """The derivative; ``leaf(atom, labels)`` is that of a variable."""
    out = []
    for term in terms:
        coefficient, powers, factors, bound = term
        for place, (atom, exponent) in enumerate(powers):
            inner = _of_atom(algebra, atom, (), leaf)
            if inner:
                rest = list(powers)
                rest[place] = (atom, exponent - 1)
                left = tuple(one for one in rest if one[1])
                out += algebra.mul([(coefficient * exponent, left, factors, bound)], inner)
        for place, (atom, labels) in enumerate(factors):
            inner = _of_atom(algebra, atom, labels, leaf)
            if inner:
                out += algebra.mul([(coefficient, powers, factors[:place] + factors[place + 1 :], bound)], inner)
    return out


def _of_atom(algebra, atom, labels, leaf):
    info = algebra.table[atom]
    if info.kind == "var":
        return leaf(info, labels)
    if info.kind in ("delta", "size", "number"):
        return []
    method = _RULES.get(info.kind)
    if method is None:
        raise Outside(f"There is no rule for the derivative of {info.kind}.")
    return method(algebra, atom, info, labels, leaf)


def _inside(algebra, info, labels, leaf):
    return derive(algebra, algebra.instance(info, labels), leaf)


def _self(algebra, atom, labels, exponent=1):
    if not labels:
        return algebra.power_of(atom, exponent)
    return [(1, (), ((atom, labels),) * exponent, ())]


def _inverse(algebra, atom, info, labels, leaf):
    """- A^-1 dA A^-1"""
    dim = algebra.table.memo[("dim", atom, 0)]
    p, q = algebra.label(dim), algebra.label(dim)
    inner = _inside(algebra, info, (p, q), leaf)
    if not inner:
        return []
    frame = (-1, (), ((atom, (labels[0], p)), (atom, (q, labels[1]))), (p, q))
    return algebra.mul([frame], inner)


def _determinant(algebra, atom, info, labels, leaf):
    """det A tr(A^-1 dA)"""
    dim = algebra.table.memo[("det dim", atom)]
    p, q = algebra.label(dim), algebra.label(dim)
    inner = _inside(algebra, info, (p, q), leaf)
    if not inner:
        return []
    inverse = algebra.inverse_of(info.data, dim, q, p)
    frame = [(a, b, f, bound + (p, q)) for a, b, f, bound in inverse]
    return algebra.mul(algebra.power_of(atom), algebra.mul(frame, inner))


def _reciprocal(algebra, atom, info, labels, leaf):
    """- dq / q^2"""
    inner = _inside(algebra, info, labels, leaf)
    return algebra.mul(algebra.scale(_self(algebra, atom, labels, 2), -1), inner) if inner else []


def _over(algebra, atom, info, labels, leaf):
    inner = _of_atom(algebra, info.data, labels, leaf)
    return algebra.mul(algebra.scale(_self(algebra, atom, labels, 2), -1), inner) if inner else []


def _exp(algebra, atom, info, labels, leaf):
    inner = _inside(algebra, info, labels, leaf)
    return algebra.mul(_self(algebra, atom, labels), inner) if inner else []


def _log(algebra, atom, info, labels, leaf):
    inner = _inside(algebra, info, labels, leaf)
    return algebra.mul(algebra.reciprocal(algebra.instance(info, labels)), inner) if inner else []


def _sqrt(algebra, atom, info, labels, leaf):
    """dq / (2 sqrt q), written with the root above"""
    inner = _inside(algebra, info, labels, leaf)
    if not inner:
        return []
    half = algebra.scale(_self(algebra, atom, labels), Fraction(1, 2))
    return algebra.mul(algebra.mul(half, algebra.reciprocal(algebra.instance(info, labels))), inner)


def _abs(algebra, atom, info, labels, leaf):
    if _inside(algebra, info, labels, leaf):
        raise Outside("The derivative of an absolute value is not part of the normal form.")
    return []


_RULES = {
    "abs": _abs,
    "inv": _inverse,
    "det": _determinant,
    "recip": _reciprocal,
    "over": _over,
    "exp": _exp,
    "log": _log,
    "sqrt": _sqrt,
}
assert DELTA == 0
