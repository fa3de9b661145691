"""From the typed tree to a statement in index notation: what a claim says, entry by entry.

Every node of the typed tree has an entry at each place (:mod:`.entries`); this writes it down in the language of
:mod:`.statements`. A size that is 1 has no index, an index of a pair is two indices, and an index through blocks is one
for each block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations
from typing import Any, ClassVar

from lrcore.verify import statements as t
from lrcore.verify.prove.atoms import flatten
from lrcore.verify.prove.entries import (
    RULES,
    Rule,
    entry,
    fixed,
    is_put_back,
    learn_blocks,
    place_of,
    places,
    run,
    varying,
)
from lrcore.verify.prove.state import Blocks, Env, Slot
from lrcore.verify.statements import ONE, Index, Term, add, mul, power
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside

NODE_LIMIT, DETERMINANT = 20_000, 4


def elaborated(claim: Claim, given: Sequence[Claim] = (), relation: str = "=") -> t.Statement:
    """The statement that a claim makes, under the equations in ``given``."""
    scribe = scribe_for(claim, given)
    claims = tuple(_equations(scribe, claim))
    if relation in ("<=", "<"):
        claims, relation = tuple(t.Equation(one.right, one.left, one.free) for one in claims), ">="
    return t.Statement(claims, tuple(one for each in given for one in _equations(scribe, each)), relation)


@dataclass
class Scribe:
    """What one statement is written from: the nodes and symbols of its claims, and the sizes that have a letter."""

    nodes: list[c.Core]
    symbols: dict[str, c.Var]
    variables: list[str]
    blocks: Blocks = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    opaque: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    over: dict[str, Any] = field(default_factory=dict)
    work: int = 0
    rules: ClassVar[Mapping[type[c.Core], Rule]]

    def spend(self) -> None:
        self.work += 1
        if self.work > NODE_LIMIT:
            raise Outside("The statement would be too long.")

    def number(self, value: Fraction | int) -> Term:
        return ONE if value == 1 else t.Num(value)

    def size(self, dim: c.Dim) -> Term:
        if str(dim) in self.kinds:
            return t.Size(str(dim))
        powers = [(value, (t.Size(name, exponent) for name, exponent in mono)) for mono, value in dim.poly]
        return add(*(mul(self.number(value), *sizes) for value, sizes in powers))

    def variable(self, name: str, i: Slot, j: Slot, node: c.Var | None = None) -> Term:
        if node is not None and node.constant == "e":
            return t.Fn("exp", ONE)
        return self.entry(name, i, j, node is not None and node.symmetric)

    def entry(self, name: str, i: Slot, j: Slot, symmetric: bool = False) -> t.Entry:
        at: list[t.Place] = []
        forms = [_form(flatten(one, at)) for one in (i, j)]
        if symmetric and forms[1] < forms[0]:
            return self.entry(name, j, i, True)
        mark = "" if set("".join(forms)) <= {"*", "1"} else f"[{''.join(forms)}]"
        return t.Entry(t.Letter(name + mark, self.kinds_of(name, at), symmetric and forms == ["*", "*"]), tuple(at))

    def kinds_of(self, name: str, at: list[t.Place]) -> tuple[t.Kind, ...]:
        """The sizes of the slots; a fixed place does not say its own."""
        if all(isinstance(one, Index) for one in at):
            return tuple(one.kind for one in at if isinstance(one, Index))
        dims = [dim for dim in self.shape_of(self.aliases.get(name, name)) if dim.constant() != 1]
        if len(dims) != len(at) or any(_is_split(self, dim) for dim in dims):
            raise Outside("A fixed place in a split index has no name.")
        return tuple(dim.constant() or str(dim) for dim in dims)

    def shape_of(self, name: str) -> c.Shape:
        defined = (node.shape for node in self.nodes if isinstance(node, c.Defined) and node.name == name)
        shape = self.symbols[name].shape if name in self.symbols else next(defined, None)
        if shape is None:
            raise Outside("A symbol has no shape here.")
        return shape

    def plus(self, terms: list[Term]) -> Term:
        return add(*terms)

    def times(self, left: Term, right: Term) -> Term:
        return mul(left, right)

    def summed(self, index: Index, term: Term) -> Term:
        """The sum; where derivatives stand inside, they are carried out later, and a delta is left as it is."""
        return t.Sum(index, term) if _holds_derivative(term) else t.total(index, term)

    def delta(self, a: t.Place, b: t.Place) -> Term:
        return t.delta(a, b)

    def index(self, dim: c.Dim, name: str) -> Index:
        kind = dim.constant() or str(dim)
        capital = isinstance(kind, str) and len(kind) == 1 and kind.isupper()
        return Index(name or (str(kind).lower() if capital else "i"), kind)

    def place(self, number: int, dim: c.Dim) -> int:
        return number

    def number_of(self, place: Slot) -> int | None:
        return place if isinstance(place, int) else None

    def is_written_out(self, dim: c.Dim) -> bool:
        return False


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


def _equations(scribe: Scribe, claim: Claim) -> Iterator[t.Equation]:
    """One equation for each kind of place."""
    for i, j, env, indices in places(scribe, claim.left.shape, claim.free):
        left, right = (entry(scribe, side, i, j, env) for side in (claim.left, claim.right))
        yield t.Equation(left, right, indices)


def _form(structure: Any) -> str:
    """How an index is put together: * for a letter or place, 1 for a size of 1, blocks by number, pairs in brackets."""
    match structure:
        case None:
            return "1"
        case ("P", block, inner):
            return f"{block + 1}:{_form(inner)}"
        case ("Q", first, second, *_):
            return f"({_form(first)}{_form(second)})"
    return "*"


# ---------------------------------------------------------------------- what is written in a way of its own


def number_at(scribe: Scribe, node: c.Core, env: Env) -> Term:
    found: Term = entry(scribe, node, None, None, env)
    return found


def _entrywise(scribe: Scribe, node: c.Entrywise, i: Slot, j: Slot, env: Env) -> Term:
    left = entry(scribe, node.left, i, j, env)
    return power(left, 2) if node.left is node.right else mul(left, entry(scribe, node.right, i, j, env))


def _inverse(scribe: Scribe, node: c.Inverse, i: Slot, j: Slot, env: Env) -> Term:
    if node.shape[0] == c.D1:
        return _reciprocal(number_at(scribe, node.arg, env))
    return t.Fn("inv", *_matrix(scribe, node.arg, env), _plain(i, j))


def _matrix(scribe: Scribe, node: c.Core, env: Env) -> tuple[Term, tuple[Index, Index]]:
    """The entries of a square matrix at two new indices."""
    r, k = _plain(*(run(scribe, node.shape[0])[0][0] for _ in range(2)))
    return entry(scribe, node, r, k, env), (r, k)


def _plain(*values: Slot) -> tuple[Any, ...]:
    if not all(isinstance(one, (Index, int)) for one in values):
        raise Outside("The inverse or determinant of a matrix in blocks is not part of the language.")
    return values


def _reciprocal(term: Term) -> Term:
    """1/term, with numbers and sizes turned over by themselves."""
    factors = term.factors if isinstance(term, t.Mul) else (term,)
    out: list[Term] = []
    rest: list[Term] = []
    for one in factors:
        if isinstance(one, t.Num) and one.value != 0:
            out.append(t.Num(1 / Fraction(one.value)))
        elif isinstance(one, t.Size):
            out.append(t.Size(one.name, -one.power))
        elif isinstance(one, t.Pow):
            out.append(power(_reciprocal(one.base), one.exponent))
        elif one is not ONE:
            rest.append(one)
    return mul(*out, *([t.Fn("recip", mul(*rest))] if rest else []))


def _power(scribe: Scribe, node: c.Power, i: Slot, j: Slot, env: Env) -> Term:
    base = entry(scribe, node.arg, i, j, env)
    return power(base if node.exponent >= 0 else _reciprocal(base), abs(node.exponent))


def _det(scribe: Scribe, node: c.Det, i: Slot, j: Slot, env: Env) -> Term:
    size = node.arg.shape[0].constant()
    if size is None or size > DETERMINANT:
        return t.Fn("det", *_matrix(scribe, node.arg, env))
    at = [fixed(scribe, k, node.arg.shape[0]) for k in range(size)]
    terms = []
    for order in permutations(range(size)):
        cells = (entry(scribe, node.arg, at[r], at[k], env) for r, k in enumerate(order))
        terms.append(mul(scribe.number(c.sign_of(order)), *cells))
    return add(*terms)


def _partial(scribe: Scribe, node: c.Partial, i: Slot, j: Slot, env: Env) -> Term:
    by = node.by
    where = [place_of(scribe, index, dim, env) for index, dim in zip((node.i, node.j), by.shape)]
    symmetric = isinstance(by, c.Var) and by.symmetric
    with varying(scribe, node.name) as letter:
        at = scribe.entry(letter, where[0], where[1], symmetric)
        result = t.Diff(number_at(scribe, node.f, env), at.letter, at.at)
        slots = [(scribe.entry(letter, p, q, symmetric), p, q) for p, q, *_ in places(scribe, by.shape, [])]
    if not is_put_back(scribe, node, letter):
        return result
    return t.Put(result, tuple((one.letter, one.at, entry(scribe, by, p, q, {})) for one, p, q in slots))  # type: ignore[misc]


def _differential(scribe: Scribe, node: c.Differential, i: Slot, j: Slot, env: Env) -> Term:
    """The sum of all derivatives times the differentials of the entries."""
    if scribe.over:
        raise Outside("A differential where a name stands for another value is not part of the language.")
    body, terms = entry(scribe, node.arg, i, j, env), []
    for symbol in [scribe.symbols[name] for name in scribe.variables if name in scribe.symbols]:
        for p, q, _, indices in places(scribe, symbol.shape, []):
            one, step = (scribe.entry(name, p, q, symbol.symmetric) for name in (symbol.name, "d " + symbol.name))
            term: Term = t.Mul((t.Diff(body, one.letter, one.at), step))
            for index in indices[::-1]:
                term = t.Sum(index, term)
            terms.append(term)
    return add(*terms)


def _holds_derivative(term: Term) -> bool:
    match term:
        case t.Diff() | t.Put():
            return True
        case t.Add(parts) | t.Mul(parts):
            return any(map(_holds_derivative, parts))
        case t.Sum(_, body) | t.Fn(_, body) | t.Pow(body):
            return _holds_derivative(body)
    return False


Scribe.rules = RULES | {
    c.Entrywise: _entrywise,
    c.Inverse: _inverse,
    c.Power: _power,
    c.Apply: lambda scribe, node, i, j, env: t.Fn(node.fn, entry(scribe, node.arg, i, j, env)),
    c.Det: _det,
    c.Partial: _partial,
    c.Differential: _differential,
}
