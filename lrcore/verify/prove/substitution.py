"""Values put in for a variable, inside of functions and inverses as well."""

from __future__ import annotations

from lrcore.verify.prove.arithmetic import fresh, instance, mul, power_of, raised
from lrcore.verify.prove.atoms import Atom
from lrcore.verify.prove.collecting import frozen, simplify
from lrcore.verify.prove.functions import function
from lrcore.verify.prove.matrices import inverse_of
from lrcore.verify.prove.networks import Labels
from lrcore.verify.prove.reciprocals import reciprocal
from lrcore.verify.prove.state import Poly, State, Value
from lrcore.verify.terms.errors import Outside


def substitute(state: State, terms: Poly, name: str, value: Value) -> Poly:
    """Every variable of this name replaced by value(atom, labels), inside compounds as well."""
    out: Poly = []
    for coefficient, powers, factors, bound in terms:
        product: Poly = [(coefficient, (), (), bound)]
        for atom, exponent in powers:
            product = mul(state, product, _power_put(state, atom, exponent, name, value))
        for atom, labels in factors:
            product = mul(state, product, _put(state, atom, labels, name, value))
        out += product
    return out


def _power_put(state: State, atom: int, exponent: int, name: str, value: Value) -> Poly:
    if not _mentions(state, atom, name):
        return power_of(atom, exponent)
    one = simplify(state, _put(state, atom, (), name, value))
    if exponent < 0:
        one = reciprocal(state, one)
    return raised(state, one, abs(exponent))


def _put(state: State, atom: int, labels: Labels, name: str, value: Value) -> Poly:
    info = state.table[atom]
    if not _mentions(state, atom, name):
        return [(1, (), ((atom, labels),), ())] if labels else power_of(atom)
    if info.kind == "var":
        return value(info, labels)
    if info.kind == "over":
        return reciprocal(state, simplify(state, _put(state, info.data, labels, name, value)))
    if info.kind in ("inv", "det"):
        return _put_matrix(state, atom, info, labels, name, value)
    inside = simplify(state, substitute(state, instance(state, info, labels), name, value))
    return reciprocal(state, inside) if info.kind == "recip" else function(state, info.kind, inside)


def _put_matrix(state: State, atom: int, info: Atom, labels: Labels, name: str, value: Value) -> Poly:
    if info.kind == "det":
        raise Outside("A determinant of a name that counted as independent is not put back.")
    inside = frozen(state, substitute(state, fresh(state, list(info.data)), name, value))
    return inverse_of(state, inside, state.slot_dims[atom, 0], *labels)


def _mentions(state: State, atom: int, name: str) -> bool:
    info = state.table[atom]
    if info.kind == "var":
        return info.name == name
    if info.kind == "over":
        return _mentions(state, info.data, name)
    if not info.data:
        return False
    inner = {one for _, powers, factors, _ in info.data for one, _ in (*powers, *factors)}
    return any(_mentions(state, one, name) for one in inner)
