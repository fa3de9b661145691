"""From the typed tree to a statement in index notation: what a claim says, entry by entry.

Every node of the typed tree has an entry at each place; this writes it down in the language of :mod:`.statements`. A
size that is 1 has no index, an index of a pair is two indices, and an index through blocks is one for each block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations
from typing import Any

from lrcore.verify.prove.indices import learn_blocks
from lrcore.verify.prove.state import Blocks
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside

# isort: off
from lrcore.verify.statements import (
    ONE,
    ZERO,
    Add,
    Diff,
    Entry,
    Equation,
    Fn,
    Index,
    Letter,
    Mul,
    Num,
    Place,
    Pow,
    Put,
    Size,
)
from lrcore.verify.statements import Statement, Sum, Term, add, delta, is_zero, minus, mul, power, total
# isort: on

NODE_LIMIT, DETERMINANT = 20_000, 4
Value = Any  # of an index: None (size 1), a place, ("P", k, value) in block k, ("Q", value, value, dim, dim) for a pair
Env = dict[c.IVar, Value]


def elaborated(claim: Claim, given: Sequence[Claim] = (), relation: str = "=") -> Statement:
    """The statement that a claim makes, under the equations in ``given``."""
    scribe = scribe_for(claim, given)
    claims = tuple(one for each in [claim] for one in _equations(scribe, each))
    if relation in ("<=", "<"):
        claims, relation = tuple(Equation(one.right, one.left, one.free) for one in claims), ">="
    return Statement(claims, tuple(one for each in given for one in _equations(scribe, each)), relation)


@dataclass
class Scribe:
    """What one statement is written from: the nodes and symbols of its claims, how blocks split sizes, the sizes that
    have a letter, the names that a derivative is taken by with their letters, and those that stand for something else.
    """

    nodes: list[c.Core]
    symbols: dict[str, c.Var]
    variables: list[str]
    blocks: Blocks = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    opaque: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    over: dict[str, Any] = field(default_factory=dict)
    work: int = 0


def scribe_for(claim: Claim, given: Sequence[Claim] = ()) -> Scribe:
    """Who writes the statement of a claim under the equations in ``given``."""
    nodes = [node for one in (claim, *given) for node in one.nodes]
    symbols = {name: node for one in (claim, *given) for name, node in one.symbols.items()}
    scribe = Scribe(nodes, symbols, sorted(claim.variables))
    learn_blocks(scribe.blocks, nodes)
    dims = (dim for node in nodes for dim in node.shape if dim.constant() is None)
    scribe.kinds = {str(dim) for dim in dims if not _is_split(scribe, dim)}
    return scribe


def _is_split(scribe: Scribe, dim: c.Dim) -> bool:
    return dim.poly in scribe.blocks or bool(dim.made_of and dim.made_of[0] == "pair")


def _equations(scribe: Scribe, claim: Claim) -> list[Equation]:
    """One equation for each kind of place."""
    envs: list[tuple[Env, tuple[Index, ...]]] = [({}, ())]
    for one in claim.free:
        envs = [
            ({**env, one: v}, (*got, *new)) for env, got in envs for v, new in _run(scribe, c.range_of(one), one.name)
        ]
    out = []
    for env, got in envs:
        for i, new in _run(scribe, claim.left.shape[0]):
            for j, more in _run(scribe, claim.left.shape[1]):
                left, right = (_entry(scribe, side, i, j, env) for side in (claim.left, claim.right))
                out.append(Equation(left, right, (*got, *new, *more)))
    return out


def _run(scribe: Scribe, dim: c.Dim, name: str = "") -> list[tuple[Value, tuple[Index, ...]]]:
    """The values of an index of this size, each with the index letters in it."""
    if dim.constant() == 1:
        return [(None, ())]
    if dim.made_of and dim.made_of[0] == "pair":
        first, second = dim.made_of[1:]
        return [(("Q", a, b, first, second), x + y) for a, x in _run(scribe, first) for b, y in _run(scribe, second)]
    if dim.poly in scribe.blocks:
        dims = c.parts_of(scribe.blocks[dim.poly])
        return [(("P", k, value), new) for k, one in enumerate(dims) for value, new in _run(scribe, one)]
    kind = dim.constant() or str(dim)
    index = Index(name or (kind.lower() if isinstance(kind, str) and len(kind) == 1 and kind.isupper() else "i"), kind)
    return [(index, (index,))]


def _summed(scribe: Scribe, dim: c.Dim, make: Callable[[Value], Term], name: str = "") -> Term:
    terms = []
    for value, indices in _run(scribe, dim, name):
        term = make(value)
        for index in reversed(indices):
            term = over(index, term)
        terms.append(term)
    return add(*terms)


def place_of(scribe: Scribe, index: c.Index, dim: c.Dim, env: Env) -> Value:
    """The value of an index where it stands."""
    if index is None:
        return None
    if isinstance(index, c.IVar):
        if index not in env:
            raise Outside("An index has no value here.")
        return env[index]
    if isinstance(index, c.IShift):
        return ("P", 1, place_of(scribe, index.index, dim, env))
    if index.end is not None and index.end.constant() is None:
        raise Outside("The last place of an open range has no name in a statement.")
    place = index.place if index.end is None else (index.end.constant() or 0) - 1
    return _fixed(scribe, place, dim)


def _fixed(scribe: Scribe, place: int, dim: c.Dim) -> Value:
    if dim.constant() == 1:
        return None
    if dim.made_of and dim.made_of[0] == "pair":
        first, second = dim.made_of[1:]
        if second.constant() is None:
            raise Outside("A fixed place in an index that is a pair has no name.")
        a, b = divmod(place, second.constant())
        return ("Q", _fixed(scribe, a, first), _fixed(scribe, b, second), first, second)
    if dim.poly in scribe.blocks:
        for k, one in enumerate(c.parts_of(scribe.blocks[dim.poly])):
            size = one.constant()
            if size is None and place:
                raise Outside("In which block a fixed place lies rests on the sizes.")
            if size is None or place < size:
                return ("P", k, _fixed(scribe, place, one))
            place -= size
    return place


def _split(scribe: Scribe, value: Value, first: c.Dim, second: c.Dim) -> tuple[Value, Value]:
    """A pair index as its two parts."""
    if first == c.D1:
        return None, value
    if second == c.D1:
        return value, None
    if isinstance(value, tuple) and value[0] == "Q" and value[3:] == (first, second):
        return value[1], value[2]
    if isinstance(value, int) and second.constant() is not None:
        a, b = divmod(value, second.constant() or 1)
        return a, b
    raise Outside("Two orders of stacking meet in one index.")


def _same_place(scribe: Scribe, a: Value, b: Value) -> Term:
    if isinstance(a, (Index, int)) and isinstance(b, (Index, int)):
        return delta(a, b)
    if a is None and b is None:
        return ONE
    if isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0]:
        if a[0] == "P":
            return _same_place(scribe, a[2], b[2]) if a[1] == b[1] else ZERO
        if a[3:] == b[3:]:
            return mul(_same_place(scribe, a[1], b[1]), _same_place(scribe, a[2], b[2]))
    raise Outside("Two ways of splitting one index meet.")


def _entry(scribe: Scribe, node: c.Core, i: Value, j: Value, env: Env) -> Term:
    scribe.work += 1
    if scribe.work > NODE_LIMIT:
        raise Outside("The statement would be too long.")
    rule = _RULES.get(type(node))
    if rule is None:
        raise Outside("This is not part of the language.")
    return rule(scribe, node, i, j, env)


def number_at(scribe: Scribe, node: c.Core, env: Env) -> Term:
    return _entry(scribe, node, None, None, env)


def _const(scribe: Scribe, node: c.Const, i: Value, j: Value, env: Env) -> Term:
    return ONE if node.value == 1 else Num(node.value)


def _sizeof(scribe: Scribe, node: c.SizeOf, i: Value, j: Value, env: Env) -> Term:
    return of_size(scribe, node.dim)


def of_size(scribe: Scribe, dim: c.Dim) -> Term:
    if str(dim) in scribe.kinds:
        return Size(str(dim))
    return add(*(mul(*_number(value), *(Size(name, exponent) for name, exponent in mono)) for mono, value in dim.poly))


def _var(scribe: Scribe, node: c.Var, i: Value, j: Value, env: Env) -> Term:
    if scribe.over.get(node.name) is not None and node.name not in scribe.opaque:
        return _replaced(scribe, node.name, i, j)
    if node.constant == "e":
        return Fn("exp", ONE)
    return entry_of(scribe, scribe.opaque.get(node.name, node.name), i, j, node.symmetric)


def entry_of(scribe: Scribe, name: str, i: Value, j: Value, symmetric: bool = False) -> Entry:
    if symmetric and _form(i) != _form(j) and _form(j) < _form(i):
        return entry_of(scribe, name, j, i, True)
    at = (*_flat(i), *_flat(j))
    kinds = (*_kinds(i), *_kinds(j))
    form = _form(i) + _form(j)
    mark = "" if form.replace("*", "").replace("1", "") == "" else f"[{form}]"
    plain = symmetric and len(at) == 2 and _form(i) == _form(j) == "*"
    return Entry(Letter(name + mark, _kinds_of(scribe, name, at, kinds), plain), at)


def _kinds_of(scribe: Scribe, name: str, at: tuple[Place, ...], kinds: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sizes of the slots; a fixed place does not say its own."""
    if None not in kinds:
        return kinds
    name = scribe.aliases.get(name, name)
    shape = scribe.symbols[name].shape if name in scribe.symbols else _shape_of(scribe, name)
    dims = [dim for dim in shape if dim.constant() != 1]
    if len(dims) != len(kinds) or any(_is_split(scribe, dim) for dim in dims):
        raise Outside("A fixed place in a split index has no name.")
    return tuple(dim.constant() or str(dim) for dim in dims)


def _shape_of(scribe: Scribe, name: str) -> c.Shape:
    found = next((node.shape for node in scribe.nodes if isinstance(node, c.Defined) and node.name == name), None)
    if found is None:
        raise Outside("A symbol has no shape here.")
    return found


def _replaced(scribe: Scribe, name: str, i: Value, j: Value) -> Term:
    saved = scribe.over, scribe.opaque
    body, scribe.over, scribe.opaque, env = scribe.over[name]
    try:
        return _entry(scribe, body, i, j, env)
    finally:
        scribe.over, scribe.opaque = saved


def _defined(scribe: Scribe, node: c.Defined, i: Value, j: Value, env: Env) -> Term:
    if node.name in scribe.opaque:
        return entry_of(scribe, scribe.opaque[node.name], i, j)
    if scribe.over.get(node.name) is not None:
        return _replaced(scribe, node.name, i, j)
    return _entry(scribe, node.body, i, j, {})


def _with(scribe: Scribe, node: c.With, i: Value, j: Value, env: Env) -> Term:
    over, opaque = scribe.over, scribe.opaque
    new = {name: (value, over, opaque, env) for name, value in node.values}
    scribe.over = {**over, **new}
    # What is differentiated by is the variable outside, not the one replaced here.
    scribe.opaque = {name: letter for name, letter in opaque.items() if name not in new}
    try:
        return _entry(scribe, node.body, i, j, env)
    finally:
        scribe.over, scribe.opaque = over, opaque


def _plus(scribe: Scribe, node: c.Plus, i: Value, j: Value, env: Env) -> Term:
    return add(*(_entry(scribe, one, i, j, env) for one in node.terms))


def _scale(scribe: Scribe, node: c.Scale, i: Value, j: Value, env: Env) -> Term:
    return mul(number_at(scribe, node.by, env), _entry(scribe, node.arg, i, j, env))


def _times(scribe: Scribe, node: c.Times, i: Value, j: Value, env: Env) -> Term:
    inner = node.left.shape[1] if node.left.shape[1].made_of else node.right.shape[0]
    return _summed(
        scribe, inner, lambda k: mul(_entry(scribe, node.left, i, k, env), _entry(scribe, node.right, k, j, env))
    )


def _entrywise(scribe: Scribe, node: c.Entrywise, i: Value, j: Value, env: Env) -> Term:
    if node.left is node.right:
        return power(_entry(scribe, node.left, i, j, env), 2)
    return mul(_entry(scribe, node.left, i, j, env), _entry(scribe, node.right, i, j, env))


def _kronof(scribe: Scribe, node: c.KronOf, i: Value, j: Value, env: Env) -> Term:
    a, b = _split(scribe, i, node.left.shape[0], node.right.shape[0])
    p, q = _split(scribe, j, node.left.shape[1], node.right.shape[1])
    return mul(_entry(scribe, node.left, a, p, env), _entry(scribe, node.right, b, q, env))


def _transposed(scribe: Scribe, node: c.Transposed, i: Value, j: Value, env: Env) -> Term:
    return _entry(scribe, node.arg, j, i, env)


def _inverse(scribe: Scribe, node: c.Inverse, i: Value, j: Value, env: Env) -> Term:
    if node.shape[0] == c.D1:
        return _reciprocal(scribe, number_at(scribe, node.arg, env))
    return Fn("inv", *_matrix(scribe, node.arg, env), _plain(scribe, i, j))


def _matrix(scribe: Scribe, node: c.Core, env: Env) -> tuple[Term, tuple[Index, Index]]:
    """The entries of a square matrix at two new indices."""
    (r, _), (k, _) = (*_run(scribe, node.shape[0]), (None, ()))[:1] + (*_run(scribe, node.shape[0]), (None, ()))[:1]
    _plain(scribe, r, k)
    return _entry(scribe, node, r, k, env), (r, k)


def _plain(scribe: Scribe, *values: Value) -> tuple[Place, ...]:
    if not all(isinstance(one, (Index, int)) for one in values):
        raise Outside("The inverse or determinant of a matrix in blocks is not part of the language.")
    return values


def _reciprocal(scribe: Scribe, term: Term) -> Term:
    """1/term, with numbers and sizes turned over by themselves."""
    factors = term.factors if isinstance(term, Mul) else (term,)
    out: list[Term] = []
    rest: list[Term] = []
    for one in factors:
        if isinstance(one, Num) and one.value != 0:
            out.append(Num(1 / Fraction(one.value)))
        elif isinstance(one, Size):
            out.append(Size(one.name, -one.power))
        elif isinstance(one, Pow):
            out.append(power(_reciprocal(scribe, one.base), one.exponent))
        elif one is not ONE:
            rest.append(one)
    return mul(*out, *([Fn("recip", mul(*rest))] if rest else []))


def _power(scribe: Scribe, node: c.Power, i: Value, j: Value, env: Env) -> Term:
    base = _entry(scribe, node.arg, i, j, env)
    return power(base if node.exponent >= 0 else _reciprocal(scribe, base), abs(node.exponent))


def _apply(scribe: Scribe, node: c.Apply, i: Value, j: Value, env: Env) -> Term:
    return Fn(node.fn, _entry(scribe, node.arg, i, j, env))


def _trace(scribe: Scribe, node: c.Trace, i: Value, j: Value, env: Env) -> Term:
    return _summed(scribe, node.arg.shape[0], lambda k: _entry(scribe, node.arg, k, k, env))


def _det(scribe: Scribe, node: c.Det, i: Value, j: Value, env: Env) -> Term:
    size = node.arg.shape[0].constant()
    if size is None or size > DETERMINANT:
        return Fn("det", *_matrix(scribe, node.arg, env))
    dim, terms = node.arg.shape[0], []
    for order in permutations(range(size)):
        sign = (-1) ** sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
        cells = (
            _entry(scribe, node.arg, _fixed(scribe, r, dim), _fixed(scribe, k, dim), env) for r, k in enumerate(order)
        )
        terms.append(mul(*_number(sign), *cells))
    return add(*terms)


def _vec(scribe: Scribe, node: c.Vec, i: Value, j: Value, env: Env) -> Term:
    rows, cols = node.arg.shape
    if node.by_rows:
        r, k = _split(scribe, i, rows, cols)
        return _entry(scribe, node.arg, r, k, env)
    q, p = _split(scribe, i, cols, rows)
    return _entry(scribe, node.arg, p, q, env)


def _diagof(scribe: Scribe, node: c.DiagOf, i: Value, j: Value, env: Env) -> Term:
    if node.shape[1] == c.D1:
        return _entry(scribe, node.arg, i, i, env)
    r, k = (i, None) if node.arg.shape[1] == c.D1 else (None, i)
    return mul(_same_place(scribe, i, j), _entry(scribe, node.arg, r, k, env))


def _total(scribe: Scribe, node: c.Total, i: Value, j: Value, env: Env) -> Term:
    rows, cols = node.arg.shape
    return _summed(scribe, rows, lambda p: _summed(scribe, cols, lambda q: _entry(scribe, node.arg, p, q, env)))


def _pick(scribe: Scribe, node: c.Pick, i: Value, j: Value, env: Env) -> Term:
    rows, cols = node.arg.shape
    return _entry(scribe, node.arg, place_of(scribe, node.i, rows, env), place_of(scribe, node.j, cols, env), env)


def _sumover(scribe: Scribe, node: c.SumOver, i: Value, j: Value, env: Env) -> Term:
    if node.lo is not None or node.hi is not None:
        raise Outside("A sum over a part of a range is not part of the language.")
    dim = c.range_of(node.index)

    def body(value: Value) -> Term:
        inner = {**env, node.index: value}
        apart = (add(ONE, minus(_same_place(scribe, value, place_of(scribe, one, dim, inner)))) for one in node.skip)
        return mul(_entry(scribe, node.body, i, j, inner), *apart)

    return _summed(scribe, dim, body, node.index.name)


def _same(scribe: Scribe, node: c.Same, i: Value, j: Value, env: Env) -> Term:
    dim = next((one.dim for one in (node.i, node.j) if isinstance(one, c.IVar) and one.dim), c.D1)
    return _same_place(scribe, place_of(scribe, node.i, dim, env), place_of(scribe, node.j, dim, env))


def _make(scribe: Scribe, node: c.Make, i: Value, j: Value, env: Env) -> Term:
    return number_at(scribe, node.body, {**env, **_bind(scribe, node.i, i), **_bind(scribe, node.j, j)})


def _bind(scribe: Scribe, variable: Any, value: Value) -> Env:
    if variable is None:
        return {}
    if not isinstance(variable, tuple):
        return {variable: value}
    return dict(zip(variable, _split(scribe, value, variable[0].dim, variable[1].dim)))


def _ones(scribe: Scribe, node: c.Ones, i: Value, j: Value, env: Env) -> Term:
    return ONE


def _eye(scribe: Scribe, node: c.Eye, i: Value, j: Value, env: Env) -> Term:
    return _same_place(scribe, i, j)


def _zeros(scribe: Scribe, node: c.Zeros, i: Value, j: Value, env: Env) -> Term:
    return ZERO


def _blocks(scribe: Scribe, node: c.Blocks, i: Value, j: Value, env: Env) -> Term:
    heights = tuple(row[0].shape[0] for row in node.rows)
    widths = tuple(cell.shape[1] for cell in node.rows[0])
    terms = []
    for r, row, is_row in _in_blocks(scribe, i, heights):
        for k, col, is_col in _in_blocks(scribe, j, widths):
            terms.append(mul(is_row, is_col, _entry(scribe, node.rows[r][k], row, col, env)))
    return add(*terms)


def _in_blocks(scribe: Scribe, value: Value, dims: tuple[c.Dim, ...]) -> list[tuple[int, Value, Term]]:
    """Each block that an index may fall into, the index inside, and whether it does, as a number."""
    if len(dims) == 1:
        return [(0, value, ONE)]
    if isinstance(value, tuple) and value[0] == "P":
        return [(value[1], value[2], ONE)]
    sizes = [dim.constant() for dim in dims]
    if None in sizes or not isinstance(value, (int, Index)):
        raise Outside("An index into a block matrix does not say which block.")
    places = [(k, _fixed(scribe, p, dim)) for k, dim in enumerate(dims) for p in range(dim.constant() or 0)]
    found = [(k, inner, delta(value, n)) for n, (k, inner) in enumerate(places)]
    return [one for one in found if not is_zero(one[2])]


def _partial(scribe: Scribe, node: c.Partial, i: Value, j: Value, env: Env) -> Term:
    name, by = node.name, node.by
    where = (place_of(scribe, node.i, by.shape[0], env), place_of(scribe, node.j, by.shape[1], env))
    over, opaque, letter = scribe.over, scribe.opaque, _letter(scribe, name)
    scribe.opaque = {**opaque, name: letter}
    scribe.over = {one: value for one, value in over.items() if one != name}
    try:
        symmetric = isinstance(by, c.Var) and by.symmetric
        at = entry_of(scribe, letter, *where, symmetric)
        result: Term = Diff(number_at(scribe, node.f, env), at.letter, at.at)
        slots = [
            (entry_of(scribe, letter, p, q, symmetric), p, q)
            for p, _ in _run(scribe, by.shape[0])
            for q, _ in _run(scribe, by.shape[1])
        ]
    finally:
        scribe.over, scribe.opaque = over, opaque
    if opaque.get(name) != letter and (isinstance(by, c.Defined) or letter != name):
        values: Any = ((one.letter, one.at, _entry(scribe, by, p, q, {})) for one, p, q in slots)
        return Put(result, tuple(values))
    return result


def _letter(scribe: Scribe, name: str) -> str:
    """The letter of what is differentiated by: one of its own inside a function at other arguments, where the variable
    outside may stand beside it.
    """
    if not scribe.over:
        return scribe.opaque.get(name, name)
    letter = f"{name}'{len(scribe.aliases) + 1}"
    scribe.aliases[letter] = name
    return letter


def _differential(scribe: Scribe, node: c.Differential, i: Value, j: Value, env: Env) -> Term:
    """The sum of all derivatives times the differentials of the entries."""
    if scribe.over:
        raise Outside("A differential where a name stands for another value is not part of the language.")
    body, terms = _entry(scribe, node.arg, i, j, env), []
    for name in scribe.variables:
        symbol = scribe.symbols.get(name)
        if symbol is None:
            continue
        for p, new in _run(scribe, symbol.shape[0]):
            for q, more in _run(scribe, symbol.shape[1]):
                entry, step = (entry_of(scribe, one, p, q, symbol.symmetric) for one in (name, "d " + name))
                term: Term = Mul((Diff(body, entry.letter, entry.at), step))
                for index in (*more, *new):
                    term = Sum(index, term)
                terms.append(term)
    return add(*terms)


def over(index: Index, term: Term) -> Term:
    """The sum; where derivatives stand inside, they are carried out later, and a delta is left as it is."""
    return Sum(index, term) if _holds_derivative(term) else total(index, term)


def _holds_derivative(term: Term) -> bool:
    match term:
        case Diff() | Put():
            return True
        case Add(parts) | Mul(parts):
            return any(map(_holds_derivative, parts))
        case Sum(_, body) | Fn(_, body):
            return _holds_derivative(body)
    return hasattr(term, "base") and _holds_derivative(term.base)


def _number(value: Any) -> tuple[Term, ...]:
    return () if value == 1 else (Num(value),)


def _flat(value: Value) -> tuple[Place, ...]:
    if value is None:
        return ()
    if isinstance(value, tuple):
        return _flat(value[2]) if value[0] == "P" else (*_flat(value[1]), *_flat(value[2]))
    return (value,)


def _kinds(value: Value) -> tuple[Any, ...]:
    return tuple(one.kind if isinstance(one, Index) else None for one in _flat(value))


def _form(value: Value) -> str:
    """How an index is put together: * for a letter or place, 1 for a size of 1, blocks by number, pairs in brackets."""
    if value is None:
        return "1"
    if isinstance(value, tuple):
        return f"{value[1] + 1}:{_form(value[2])}" if value[0] == "P" else f"({_form(value[1])}{_form(value[2])})"
    return "*"


_RULES: dict[type[c.Core], Callable[[Scribe, Any, Value, Value, Env], Term]] = {
    c.Const: _const,
    c.SizeOf: _sizeof,
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

__all__ = ["elaborated"]
