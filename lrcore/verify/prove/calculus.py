"""The derivative of a polynomial over atoms: delete one atom, put its derivative there, chain rule through the
compound ones.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from lrcore.verify.prove.arithmetic import instance, mul, new_label, power_of, scale
from lrcore.verify.prove.atoms import Atom
from lrcore.verify.prove.matrices import inverse_of
from lrcore.verify.prove.networks import Labels
from lrcore.verify.prove.reciprocals import reciprocal
from lrcore.verify.prove.state import Leaf, Poly, State


def derive(state: State, terms: Poly, leaf: Leaf) -> Poly:
    """The derivative; ``leaf(atom, labels)`` is that of a variable."""
    out = []
    for term in terms:
        coefficient, powers, factors, bound = term
        for place, (atom, exponent) in enumerate(powers):
            inner = _of_atom(state, atom, (), leaf)
            if inner:
                rest = list(powers)
                rest[place] = (atom, exponent - 1)
                left = tuple(one for one in rest if one[1])
                out += mul(state, [(coefficient * exponent, left, factors, bound)], inner)
        for place, (atom, labels) in enumerate(factors):
            inner = _of_atom(state, atom, labels, leaf)
            if inner:
                out += mul(state, [(coefficient, powers, factors[:place] + factors[place + 1 :], bound)], inner)
    return out


def _of_atom(state: State, atom: int, labels: Labels, leaf: Leaf) -> Poly:
    info = state.table[atom]
    if info.kind == "var":
        return leaf(info, labels)
    if info.kind in ("delta", "size", "step", "number"):
        return []
    return _RULES[info.kind](state, atom, info, labels, leaf)


def _inside(state: State, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    return derive(state, instance(state, info, labels), leaf)


def _self(atom: int, labels: Labels, exponent: int = 1) -> Poly:
    if not labels:
        return power_of(atom, exponent)
    return [(1, (), ((atom, labels),) * exponent, ())]


def _inverse(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    """- A^-1 dA A^-1"""
    dim = state.slot_dims[atom, 0]
    p, q = new_label(state, dim), new_label(state, dim)
    inner = _inside(state, info, (p, q), leaf)
    if not inner:
        return []
    frame = (-1, (), ((atom, (labels[0], p)), (atom, (q, labels[1]))), (p, q))
    return mul(state, [frame], inner)


def _determinant(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    """det A tr(A^-1 dA)"""
    dim = state.det_dims[atom]
    p, q = new_label(state, dim), new_label(state, dim)
    inner = _inside(state, info, (p, q), leaf)
    if not inner:
        return []
    inverse = inverse_of(state, info.data, dim, q, p)
    frame = [(a, b, f, bound + (p, q)) for a, b, f, bound in inverse]
    return mul(state, power_of(atom), mul(state, frame, inner))


def _reciprocal(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    """- dq / q^2"""
    inner = _inside(state, info, labels, leaf)
    return mul(state, scale(_self(atom, labels, 2), -1), inner) if inner else []


def _over(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    inner = _of_atom(state, info.data, labels, leaf)
    return mul(state, scale(_self(atom, labels, 2), -1), inner) if inner else []


def _exp(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    inner = _inside(state, info, labels, leaf)
    return mul(state, _self(atom, labels), inner) if inner else []


def _log(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    inner = _inside(state, info, labels, leaf)
    return mul(state, reciprocal(state, instance(state, info, labels)), inner) if inner else []


def _sqrt(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    """dq / (2 sqrt q), written with the root above"""
    inner = _inside(state, info, labels, leaf)
    if not inner:
        return []
    half = scale(_self(atom, labels), Fraction(1, 2))
    return mul(state, mul(state, half, reciprocal(state, instance(state, info, labels))), inner)


def _abs(state: State, atom: int, info: Atom, labels: Labels, leaf: Leaf) -> Poly:
    """|q| dq / q, where q is not zero"""
    inner = _inside(state, info, labels, leaf)
    return (
        mul(state, mul(state, _self(atom, labels), reciprocal(state, instance(state, info, labels))), inner)
        if inner
        else []
    )


_RULES: dict[str, Callable[[State, int, Atom, Labels, Leaf], Poly]] = {
    "abs": _abs,
    "inv": _inverse,
    "det": _determinant,
    "recip": _reciprocal,
    "over": _over,
    "exp": _exp,
    "log": _log,
    "sqrt": _sqrt,
}
