"""The entries of typed trees as polynomials over atoms (Einstein notation)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lrcore.verify.prove.arithmetic import fresh, mul, of_size, power_of, replace_labels, scale, spend, standing
from lrcore.verify.prove.atoms import DELTA, Atom, flatten, restore
from lrcore.verify.prove.calculus import derive
from lrcore.verify.prove.collecting import frozen, key_of, simplify
from lrcore.verify.prove.functions import function, written_log
from lrcore.verify.prove.indices import block_of, fixed, place_of, run, same, shape_of, split
from lrcore.verify.prove.matrices import expanded, inverse_of
from lrcore.verify.prove.reciprocals import reciprocal
from lrcore.verify.prove.state import ONE_TERM, Env, Frozen, Labels, Leaf, Poly, Slot, State
from lrcore.verify.prove.substitution import substitute
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside

POWER_LIMIT = 12


def entry(state: State, node: c.Core, i: Slot, j: Slot, env: Env) -> Poly:
    """The entry (i, j) as a polynomial."""
    spend(state, 1)
    return _RULES[type(node)](state, node, i, j, env)


def summed(state: State, dim: c.Dim, make: Callable[[Slot], Poly]) -> Poly:
    """The sum of make(index) over an index of this size."""
    out: Poly = []
    for index, labels in run(state, dim):
        terms = make(index)
        out += [(a, b, f, bound + labels) for a, b, f, bound in terms] if labels else terms
    return out


def _const(state: State, node: c.Const, i: Slot, j: Slot, env: Env) -> Poly:
    value = node.value
    return [(value.numerator if value.denominator == 1 else value, (), (), ())] if value else []


def _sizeof(state: State, node: c.SizeOf, i: Slot, j: Slot, env: Env) -> Poly:
    return of_size(state, node.dim)


def _indexvalue(state: State, node: c.IndexValue, i: Slot, j: Slot, env: Env) -> Poly:
    raise Outside("An index stands as a number.")


def _var(state: State, node: c.Var, i: Slot, j: Slot, env: Env) -> Poly:
    if state.over.get(node.name) is not None and node.name not in state.opaque:
        return _replaced(state, node.name, i, j)
    name = state.opaque.get(node.name, node.name)
    return of_variable(state, name, i, j, node.symmetric or node.name in state.mirrored)


def _replaced(state: State, name: str, i: Slot, j: Slot) -> Poly:
    body, over, opaque, env = state.over[name]
    saved = state.over, state.opaque
    state.over, state.opaque = over, opaque
    try:
        return entry(state, body, i, j, env)
    finally:
        state.over, state.opaque = saved


def of_variable(state: State, name: str, i: Slot, j: Slot, symmetric: bool = False) -> Poly:
    labels: list[Any] = []
    slots = (flatten(i, labels), flatten(j, labels))
    if symmetric and slots[0] != slots[1] and repr(slots[1]) < repr(slots[0]):
        return of_variable(state, name, j, i, True)
    both = symmetric and slots == ("*", "*")
    atom = state.table.number(Atom("var", name, None, slots), both)
    if not labels:
        return power_of(atom)
    return [(1, (), (standing(state, atom, labels),), ())]


def _defined(state: State, node: c.Defined, i: Slot, j: Slot, env: Env) -> Poly:
    if node.name in state.opaque:
        return of_variable(state, state.opaque[node.name], i, j)
    if state.over.get(node.name) is not None:
        return _replaced(state, node.name, i, j)
    return entry(state, node.body, i, j, {})


def _with(state: State, node: c.With, i: Slot, j: Slot, env: Env) -> Poly:
    over, opaque = state.over, state.opaque
    names = {name for name, _ in node.values}
    state.over = {**over, **{name: (value, over, opaque, env) for name, value in node.values}}
    # What is differentiated by is the variable outside, not the one replaced here.
    state.opaque = {name: alias for name, alias in opaque.items() if name not in names}
    try:
        return entry(state, node.body, i, j, env)
    finally:
        state.over, state.opaque = over, opaque


def _plus(state: State, node: c.Plus, i: Slot, j: Slot, env: Env) -> Poly:
    return [term for one in node.terms for term in entry(state, one, i, j, env)]


def _scale(state: State, node: c.Scale, i: Slot, j: Slot, env: Env) -> Poly:
    return mul(state, entry(state, node.by, None, None, env), entry(state, node.arg, i, j, env))


def _times(state: State, node: c.Times, i: Slot, j: Slot, env: Env) -> Poly:
    inner = node.left.shape[1] if node.left.shape[1].made_of else node.right.shape[0]
    return summed(
        state, inner, lambda k: mul(state, entry(state, node.left, i, k, env), entry(state, node.right, k, j, env))
    )


def _entrywise(state: State, node: c.Entrywise, i: Slot, j: Slot, env: Env) -> Poly:
    return mul(state, entry(state, node.left, i, j, env), entry(state, node.right, i, j, env))


def _kronof(state: State, node: c.KronOf, i: Slot, j: Slot, env: Env) -> Poly:
    a, b = split(i, node.left.shape[0], node.right.shape[0])
    p, q = split(j, node.left.shape[1], node.right.shape[1])
    return mul(state, entry(state, node.left, a, p, env), entry(state, node.right, b, q, env))


def _transposed(state: State, node: c.Transposed, i: Slot, j: Slot, env: Env) -> Poly:
    return entry(state, node.arg, j, i, env)


def _inverse(state: State, node: c.Inverse, i: Slot, j: Slot, env: Env) -> Poly:
    return inverse(state, node.arg, i, j, env)


def _power(state: State, node: c.Power, i: Slot, j: Slot, env: Env) -> Poly:
    if abs(node.exponent) > POWER_LIMIT:
        raise Outside("A power above 12 is not multiplied out.")
    if node.exponent < 0:
        base = simplify(state, entry(state, node.arg, i, j, env))
        below = reciprocal(state, base)
        out = below
        for _ in range(-node.exponent - 1):
            out = mul(state, out, fresh(state, below))
        return out
    out = [ONE_TERM]
    for _ in range(node.exponent):
        out = mul(state, out, entry(state, node.arg, i, j, env))
    return out


def _apply(state: State, node: c.Apply, i: Slot, j: Slot, env: Env) -> Poly:
    arg = node.arg
    if node.fn == "exp" and isinstance(arg, c.Apply) and arg.fn == "log":
        return entry(state, arg.arg, i, j, env)
    if node.fn != "log":
        return function(state, node.fn, simplify(state, entry(state, arg, i, j, env)))
    if isinstance(arg, c.Apply) and arg.fn == "abs":
        return function(state, "log", simplify(state, entry(state, arg.arg, i, j, env)))
    return written_log(state, simplify(state, entry(state, arg, i, j, env)))


def _trace(state: State, node: c.Trace, i: Slot, j: Slot, env: Env) -> Poly:
    return summed(state, node.arg.shape[0], lambda k: entry(state, node.arg, k, k, env))


def _det(state: State, node: c.Det, i: Slot, j: Slot, env: Env) -> Poly:
    return determinant(state, node.arg, env)


def _vec(state: State, node: c.Vec, i: Slot, j: Slot, env: Env) -> Poly:
    rows, cols = node.arg.shape
    if node.by_rows:
        r, k = split(i, rows, cols)
        return entry(state, node.arg, r, k, env)
    q, p = split(i, cols, rows)
    return entry(state, node.arg, p, q, env)


def _diagof(state: State, node: c.DiagOf, i: Slot, j: Slot, env: Env) -> Poly:
    if node.shape[1] == c.D1:
        return entry(state, node.arg, i, i, env)
    r, k = (i, None) if node.arg.shape[1] == c.D1 else (None, i)
    return mul(state, same(state, i, j), entry(state, node.arg, r, k, env))


def _total(state: State, node: c.Total, i: Slot, j: Slot, env: Env) -> Poly:
    rows, cols = node.arg.shape
    return summed(state, rows, lambda p: summed(state, cols, lambda q: entry(state, node.arg, p, q, env)))


def _pick(state: State, node: c.Pick, i: Slot, j: Slot, env: Env) -> Poly:
    rows, cols = node.arg.shape
    return entry(state, node.arg, fixed(state, node.i, rows, env), fixed(state, node.j, cols, env), env)


def _sumover(state: State, node: c.SumOver, i: Slot, j: Slot, env: Env) -> Poly:
    if node.lo is not None or node.hi is not None:
        raise Outside("A sum over a part of a range is not part of the normal form.")

    def body(index: Slot) -> Poly:
        inner = {**env, node.index: index}
        terms = entry(state, node.body, i, j, inner)
        for other in node.skip:
            apart = [ONE_TERM] + scale(same(state, index, place_of(other, inner)), -1)
            terms = mul(state, terms, apart)
        return terms

    return summed(state, c.range_of(node.index), body)


def _same(state: State, node: c.Same, i: Slot, j: Slot, env: Env) -> Poly:
    dim = next((c.range_of(one) for one in (node.i, node.j) if isinstance(one, c.IVar)), c.D1)
    return same(state, fixed(state, node.i, dim, env), fixed(state, node.j, dim, env))


def _make(state: State, node: c.Make, i: Slot, j: Slot, env: Env) -> Poly:
    return entry(state, node.body, None, None, {**env, **_bind(node.i, i), **_bind(node.j, j)})


def _bind(variable: c.IVar | tuple[c.IVar, c.IVar] | None, value: Slot) -> Env:
    if variable is None:
        return {}
    if not isinstance(variable, tuple):
        return {variable: value}
    parts = split(value, c.range_of(variable[0]), c.range_of(variable[1]))
    return dict(zip(variable, parts))


def _ones(state: State, node: c.Ones, i: Slot, j: Slot, env: Env) -> Poly:
    return [ONE_TERM]


def _eye(state: State, node: c.Eye, i: Slot, j: Slot, env: Env) -> Poly:
    return same(state, i, j)


def _zeros(state: State, node: c.Zeros, i: Slot, j: Slot, env: Env) -> Poly:
    return []


def _blocks(state: State, node: c.Blocks, i: Slot, j: Slot, env: Env) -> Poly:
    heights = tuple(row[0].shape[0] for row in node.rows)
    widths = tuple(cell.shape[1] for cell in node.rows[0])
    r, i = block_of(i, heights)
    k, j = block_of(j, widths)
    return entry(state, node.rows[r][k], i, j, env)


def _partial(state: State, node: c.Partial, i: Slot, j: Slot, env: Env) -> Poly:
    """Without the equations taken as given: they hold at a point, and a derivative looks beside it."""
    where = (fixed(state, node.i, node.by.shape[0], env), fixed(state, node.j, node.by.shape[1], env))
    opaque, name = state.opaque, _alias(state, node.name)
    state.opaque = {**opaque, node.name: name}
    given, state.rules = state.rules, []
    saved, state.over = state.over, {name: value for name, value in state.over.items() if name != node.name}
    try:
        inside = simplify(state, entry(state, node.f, None, None, env))
        result = derive(state, inside, _by_entry(state, name, where))
    finally:
        state.over, state.rules, state.opaque = saved, given, opaque
    if opaque.get(node.name) != name and (isinstance(node.by, c.Defined) or name != node.name):
        result = put_back(state, simplify(state, result), name, node.by)
    return result


def _alias(state: State, name: str) -> str:
    """The name that a variable has while a derivative is taken by it: one of its own inside a function at other
    arguments, where the variable outside may stand beside it.
    """
    if not state.over:
        return state.opaque.get(name, name)
    state.aliases += 1
    return f"{name}'{state.aliases}"


def _by_entry(state: State, name: str, where: tuple[Slot, Slot]) -> Leaf:
    labels: list[Any] = []
    slots = (flatten(where[0], labels), flatten(where[1], labels))

    def leaf(info: Atom, here: Labels) -> Poly:
        if info.name != name:
            return []
        if info.slots != slots:
            if shape_of(info.slots) != shape_of(slots):
                raise Outside("Two ways of splitting one index meet.")
            return []
        return [(1, (), tuple((DELTA, pair) for pair in zip(here, labels)), ())]

    return leaf


def _differential(state: State, node: c.Differential, i: Slot, j: Slot, env: Env) -> Poly:
    given, state.rules = state.rules, []
    inside = simplify(state, entry(state, node.arg, i, j, env))

    def leaf(info: Atom, here: Labels) -> Poly:
        if info.name not in state.variables:
            return []
        atom = state.table.number(Atom("step", info.name, None, info.slots))
        return [(1, (), (standing(state, atom, here),), ())] if here else power_of(atom)

    result = derive(state, inside, leaf)
    state.rules = given
    return result


def put_back(state: State, terms: Poly, name: str, by: c.Core) -> Poly:
    """The atoms of a name that counted as independent, replaced by what it stands for."""

    def value(info: Atom, labels: Labels) -> Poly:
        supply = iter(labels)
        return entry(state, by, restore(info.slots[0], supply), restore(info.slots[1], supply), {})

    return substitute(state, terms, name, value)


def inverse(state: State, node: c.Core, i: Slot, j: Slot, env: Env) -> Poly:
    """The entry (i, j) of the inverse of ``node``."""
    factors = _square_factors(node)
    if len(factors) > 1:
        return _inverse_product(state, factors[::-1], i, j, env)
    if isinstance(node, c.Inverse):
        return entry(state, node.arg, i, j, env)
    if isinstance(node, c.Transposed):
        return inverse(state, node.arg, j, i, env)
    if isinstance(node, c.Defined) and node.name not in state.opaque and node.name not in state.over:
        return inverse(state, node.body, i, j, {})
    if isinstance(node, c.Scale):
        below = reciprocal(state, simplify(state, entry(state, node.by, None, None, env)))
        return mul(state, below, inverse(state, node.arg, i, j, env))
    dim = node.shape[0]
    if (size := dim.constant()) is not None:
        return _small_inverse(state, node, size, i, j, env)
    data = _matrix(state, node, dim, env)
    return inverse_of(state, data, dim, i, j)


def _inverse_product(state: State, factors: list[c.Core], i: Slot, j: Slot, env: Env) -> Poly:
    if len(factors) == 1:
        return inverse(state, factors[0], i, j, env)
    return summed(
        state,
        factors[0].shape[0],
        lambda k: mul(state, inverse(state, factors[0], i, k, env), _inverse_product(state, factors[1:], k, j, env)),
    )


def _matrix(state: State, node: c.Core, dim: c.Dim, env: Env) -> Frozen:
    """A matrix over the legs L0 and L1."""
    index = run(state, dim)
    if len(index) != 1 or not isinstance(index[0][0], int):
        raise Outside("The inverse of a matrix in blocks is not part of the normal form.")
    state.dims["L0"] = state.dims["L1"] = dim
    return frozen(state, entry(state, node, "L0", "L1", env))


def _small_inverse(state: State, node: c.Core, size: int, i: Slot, j: Slot, env: Env) -> Poly:
    """Cramer's rule, for a fixed small size."""
    if size > 3:
        raise Outside("The inverse of a fixed size above 3 is not written out.")
    cells = [
        [simplify(state, entry(state, node, ("P", r, None), ("P", k, None), env)) for k in range(size)]
        for r in range(size)
    ]
    if not isinstance(i, tuple) or not isinstance(j, tuple):
        raise Outside("An index of a small matrix has no fixed place.")
    minor = [[cells[r][k] for k in range(size) if k != i[1]] for r in range(size) if r != j[1]]
    above = scale(expanded(state, minor), (-1) ** (i[1] + j[1]))
    return mul(state, above, reciprocal(state, simplify(state, expanded(state, cells))))


def determinant(state: State, node: c.Core, env: Env) -> Poly:
    """The determinant of ``node``: a product's factor by factor, a small one written out."""
    factors = _square_factors(node)
    if len(factors) > 1:
        out = [ONE_TERM]
        for one in factors:
            out = mul(state, out, determinant(state, one, env))
        return out
    if isinstance(node, c.Transposed):
        return determinant(state, node.arg, env)
    if isinstance(node, c.Inverse):
        return reciprocal(state, simplify(state, determinant(state, node.arg, env)))
    if isinstance(node, c.Defined) and node.name not in state.opaque and node.name not in state.over:
        return determinant(state, node.body, {})
    if isinstance(node, c.Eye):
        return [ONE_TERM]
    size = node.shape[0].constant()
    if size is not None and size <= 4:
        rows = [[entry(state, node, ("P", r, None), ("P", k, None), env) for k in range(size)] for r in range(size)]
        return expanded(state, rows)
    return _det_atom(state, node, env)


def _det_atom(state: State, node: c.Core, env: Env) -> Poly:
    dim = node.shape[0]
    data = _matrix(state, node, dim, env)
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


_RULES: dict[type[c.Core], Callable[[State, Any, Slot, Slot, Env], Poly]] = {
    c.Const: _const,
    c.SizeOf: _sizeof,
    c.IndexValue: _indexvalue,
    c.Var: _var,
    c.Defined: _defined,
    c.With: _with,
    c.Plus: _plus,
    c.Scale: _scale,
    c.Times: _times,
    c.Entrywise: _entrywise,
    c.KronOf: _kronof,
    c.Transposed: _transposed,
    c.Inverse: _inverse,
    c.Power: _power,
    c.Apply: _apply,
    c.Trace: _trace,
    c.Det: _det,
    c.Vec: _vec,
    c.DiagOf: _diagof,
    c.Total: _total,
    c.Pick: _pick,
    c.SumOver: _sumover,
    c.Same: _same,
    c.Make: _make,
    c.Ones: _ones,
    c.Eye: _eye,
    c.Zeros: _zeros,
    c.Blocks: _blocks,
    c.Partial: _partial,
    c.Differential: _differential,
}
