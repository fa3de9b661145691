"""Entries as polynomials over atoms (Einstein notation), for the normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Any, ClassVar

from lrcore.verify.prove.arithmetic import (
    delta,
    lean,
    mul,
    new_label,
    of_size,
    power_of,
    raised,
    replace_labels,
    scale,
    spend,
    standing,
)
from lrcore.verify.prove.atoms import DELTA, Atom, flatten, restore
from lrcore.verify.prove.calculus import derive
from lrcore.verify.prove.collecting import frozen, key_of, simplify
from lrcore.verify.prove.entries import RULES, Rule, entry, fixed, is_put_back, place_of, run, total, varying
from lrcore.verify.prove.functions import function, written_log
from lrcore.verify.prove.matrices import expanded, inverse_of
from lrcore.verify.prove.networks import Labels
from lrcore.verify.prove.reciprocals import reciprocal
from lrcore.verify.prove.state import ONE_TERM, Blocks, Env, Frozen, Poly, Slot, State
from lrcore.verify.prove.substitution import substitute
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside

POWER_LIMIT, LARGEST = 12, 24


@dataclass
class Normal:
    """Who writes down polynomials for one check; ``variables`` are the symbols that differentials vary, ``mirrored``
    the matrices that are symmetric by a premise. Sums over a size that is a number are written out.
    """

    state: State
    variables: frozenset[str] = frozenset()
    mirrored: set[str] = field(default_factory=set)
    blocks: Blocks = field(default_factory=dict)
    over: dict[str, Any] = field(default_factory=dict)
    opaque: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    rules: ClassVar[Mapping[type[c.Core], Rule]]

    def spend(self) -> None:
        spend(self.state, 1)

    def number(self, value: Fraction | int) -> Poly:
        return [(lean(value), (), (), ())] if value else []

    def size(self, dim: c.Dim) -> Poly:
        return of_size(self.state, dim)

    def variable(self, name: str, i: Slot, j: Slot, node: c.Var | None = None) -> Poly:
        symmetric = node is not None and (node.symmetric or node.name in self.mirrored)
        labels: list[Any] = []
        slots = (flatten(i, labels), flatten(j, labels))
        if symmetric and slots[0] != slots[1] and repr(slots[1]) < repr(slots[0]):
            return self.variable(name, j, i, node)
        atom = self.state.table.number(Atom("var", name, None, slots), symmetric and slots == ("*", "*"))
        return [(1, (), (standing(self.state, atom, labels),), ())] if labels else power_of(atom)

    def plus(self, terms: list[Poly]) -> Poly:
        return [one for each in terms for one in each]

    def times(self, left: Poly, right: Poly) -> Poly:
        return mul(self.state, left, right)

    def summed(self, index: int, term: Poly) -> Poly:
        return [(value, powers, factors, (*bound, index)) for value, powers, factors, bound in term]

    def delta(self, a: Any, b: Any) -> Poly:
        return delta(a, b)

    def index(self, dim: c.Dim, name: str) -> int:
        return new_label(self.state, dim)

    def place(self, number: int, dim: c.Dim) -> Slot:
        return f"#{number}" if dim.constant() is None else ("P", number, None)

    def number_of(self, place: Slot) -> int | None:
        return place[1] if isinstance(place, tuple) and place[0] == "P" and place[2] is None else None

    def is_written_out(self, dim: c.Dim) -> bool:
        if (size := dim.constant()) is not None and size > LARGEST:
            raise Outside("A fixed size above 24 is not written out.")
        return size is not None


def _power(w: Normal, node: c.Power, i: Slot, j: Slot, env: Env) -> Poly:
    if abs(node.exponent) > POWER_LIMIT:
        raise Outside("A power above 12 is not multiplied out.")
    if node.exponent < 0:
        return raised(w.state, reciprocal(w.state, simplify(w.state, entry(w, node.arg, i, j, env))), -node.exponent)
    return raised(w.state, entry(w, node.arg, i, j, env), node.exponent)


def _apply(w: Normal, node: c.Apply, i: Slot, j: Slot, env: Env) -> Poly:
    arg = node.arg
    if node.fn == "exp" and isinstance(arg, c.Apply) and arg.fn == "log":
        return entry(w, arg.arg, i, j, env)
    if node.fn != "log":
        return function(w.state, node.fn, simplify(w.state, entry(w, arg, i, j, env)))
    if isinstance(arg, c.Apply) and arg.fn == "abs":
        return function(w.state, "log", simplify(w.state, entry(w, arg.arg, i, j, env)))
    return written_log(w.state, simplify(w.state, entry(w, arg, i, j, env)))


# ---------------------------------------------------------------------- derivatives


@contextmanager
def _without_premises(state: State) -> Iterator[None]:
    """Without the equations taken as given: they hold at a point, and a derivative looks beside it."""
    given, state.rules = state.rules, []
    try:
        yield
    finally:
        state.rules = given


def _partial(w: Normal, node: c.Partial, i: Slot, j: Slot, env: Env) -> Poly:
    labels: list[Any] = []
    ends = zip((node.i, node.j), node.by.shape)
    slots = tuple([flatten(place_of(w, index, dim, env), labels) for index, dim in ends])
    with varying(w, node.name) as letter, _without_premises(w.state):

        def leaf(info: Atom, here: Labels) -> Poly:
            if info.name != letter:
                return []
            if _shapes(info.slots) != _shapes(slots):
                raise Outside("Two ways of splitting one index meet.")
            met = info.slots == slots
            return [(1, (), tuple((DELTA, pair) for pair in zip(here, labels)), ())] if met else []

        result = derive(w.state, simplify(w.state, entry(w, node.f, None, None, env)), leaf)
    return _put_back(w, simplify(w.state, result), letter, node.by) if is_put_back(w, node, letter) else result


def _shapes(slots: tuple[Any, ...]) -> list[Any]:
    return [one if one in (None, "*") else one[0] for one in slots]


def _put_back(w: Normal, terms: Poly, name: str, by: c.Core) -> Poly:
    """The atoms of a name that counted as independent, replaced by what it stands for."""

    def value(info: Atom, labels: Labels) -> Poly:
        supply = iter(labels)
        return entry(w, by, restore(info.slots[0], supply), restore(info.slots[1], supply), {})

    return substitute(w.state, terms, name, value)


def _differential(w: Normal, node: c.Differential, i: Slot, j: Slot, env: Env) -> Poly:
    def leaf(info: Atom, here: Labels) -> Poly:
        if info.name not in w.variables:
            return []
        atom = w.state.table.number(Atom("step", info.name, None, info.slots))
        return [(1, (), (standing(w.state, atom, here),), ())] if here else power_of(atom)

    with _without_premises(w.state):
        return derive(w.state, simplify(w.state, entry(w, node.arg, i, j, env)), leaf)


# ---------------------------------------------------------------------- inverses and determinants


def inverse(w: Normal, node: c.Core, i: Slot, j: Slot, env: Env) -> Poly:
    """The entry (i, j) of the inverse of ``node``."""
    first, *others = _square_factors(node)[::-1]
    if others:
        rest = reduce(lambda one, factor: c.Times(node.shape, factor, one), others)
        return total(
            w, first.shape[0], lambda k: mul(w.state, inverse(w, first, i, k, env), inverse(w, rest, k, j, env))
        )
    if isinstance(node, c.Inverse):
        return entry(w, node.arg, i, j, env)
    if isinstance(node, c.Transposed):
        return inverse(w, node.arg, j, i, env)
    if isinstance(node, c.Defined) and node.name not in w.opaque and node.name not in w.over:
        return inverse(w, node.body, i, j, {})
    if isinstance(node, c.Scale):
        below = reciprocal(w.state, simplify(w.state, entry(w, node.by, None, None, env)))
        return mul(w.state, below, inverse(w, node.arg, i, j, env))
    dim = node.shape[0]
    if (size := dim.constant()) is not None:
        return _small_inverse(w, node, size, i, j, env)
    return inverse_of(w.state, _matrix(w, node, dim, env), dim, i, j)


def _matrix(w: Normal, node: c.Core, dim: c.Dim, env: Env) -> Frozen:
    """A matrix over the legs L0 and L1."""
    index = run(w, dim)
    if len(index) != 1 or not isinstance(index[0][0], int):
        raise Outside("The inverse of a matrix in blocks is not part of the normal form.")
    w.state.dims["L0"] = w.state.dims["L1"] = dim
    return frozen(w.state, entry(w, node, "L0", "L1", env))


def _cells(w: Normal, node: c.Core, size: int, env: Env) -> list[list[Poly]]:
    at = [fixed(w, k, node.shape[0]) for k in range(size)]
    return [[simplify(w.state, entry(w, node, r, k, env)) for k in at] for r in at]


def _small_inverse(w: Normal, node: c.Core, size: int, i: Slot, j: Slot, env: Env) -> Poly:
    """Cramer's rule, for a fixed small size."""
    if size > 3:
        raise Outside("The inverse of a fixed size above 3 is not written out.")
    if not isinstance(i, tuple) or not isinstance(j, tuple):
        raise Outside("An index of a small matrix has no fixed place.")
    cells = _cells(w, node, size, env)
    minor = [[cells[r][k] for k in range(size) if k != i[1]] for r in range(size) if r != j[1]]
    above = scale(expanded(w.state, minor), (-1) ** (i[1] + j[1]))
    return mul(w.state, above, reciprocal(w.state, simplify(w.state, expanded(w.state, cells))))


def determinant(w: Normal, node: c.Core, env: Env) -> Poly:
    """The determinant of ``node``: a product's factor by factor, a small one written out."""
    factors = _square_factors(node)
    if len(factors) > 1:
        return reduce(lambda out, one: mul(w.state, out, determinant(w, one, env)), factors, [ONE_TERM])
    if isinstance(node, c.Transposed):
        return determinant(w, node.arg, env)
    if isinstance(node, c.Inverse):
        return reciprocal(w.state, simplify(w.state, determinant(w, node.arg, env)))
    if isinstance(node, c.Defined) and node.name not in w.opaque and node.name not in w.over:
        return determinant(w, node.body, {})
    if isinstance(node, c.Eye):
        return [ONE_TERM]
    size = node.shape[0].constant()
    if size is not None and size <= 4:
        return expanded(w.state, _cells(w, node, size, env))
    return _det_atom(w, node, env)


def _det_atom(w: Normal, node: c.Core, env: Env) -> Poly:
    state, dim = w.state, node.shape[0]
    data = _matrix(w, node, dim, env)
    if not data:
        return []
    flipped = frozen(state, replace_labels(data, {"L0": "L1", "L1": "L0"}))
    best = min((key_of(state, one), k) for k, one in enumerate((data, flipped)))
    known = state.named.get(("det", best[0]))
    if known is None:
        known = state.table.number(Atom("det", best[0], (data, flipped)[best[1]]))
        state.named["det", best[0]] = known
        state.det_dims[known] = dim
    return power_of(known)


def _square_factors(node: c.Core) -> list[c.Core]:
    """The square factors of a product of square matrices, in order; just the node where there are none."""
    if isinstance(node, c.Times) and node.shape[0] == node.shape[1] == node.left.shape[1]:
        return _square_factors(node.left) + _square_factors(node.right)
    return [node]


Normal.rules = RULES | {
    c.Inverse: lambda w, node, i, j, env: inverse(w, node.arg, i, j, env),
    c.Power: _power,
    c.Apply: _apply,
    c.Det: lambda w, node, i, j, env: determinant(w, node.arg, env),
    c.Partial: _partial,
    c.Differential: _differential,
}
