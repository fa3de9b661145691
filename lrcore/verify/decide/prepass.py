"""What a whole text tells about each of its lines: names explained later, functions, indices that count from 0."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lrcore.verify.decide.definitions import Head, define, head_of, is_new, sides_of, takes_numbers
from lrcore.verify.decide.doubtful import Kinds, may_be_functions
from lrcore.verify.decide.renamed import looks
from lrcore.verify.decide.state import State
from lrcore.verify.read.document import Chain
from lrcore.verify.read.families import families
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.names import NUMBER_LETTERS, swap_case
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import typed_alone

LARGEST = 2000


@dataclass(frozen=True)
class Later:
    """A definition that a text holds: its place, its head, its body and the chain it stands in."""

    place: int
    head: Head
    body: s.Node
    chain: Chain


def look_ahead(chains: Sequence[Chain], state: State) -> None:
    """Read all lines before the first is judged: which names are functions, which count from 0, what a prime means."""
    _tell_apart(chains, state.context)
    scratch = state.context.copy()
    state.trees = _trees(chains, scratch)
    nodes = [node for tree in state.trees for node in s.walk(tree)]
    kinds: Kinds = defaultdict(list)
    for one in nodes:
        kinds[type(one)].append(one)
    state.looks = looks(kinds[s.Name], state.context, state.options.guessed)
    if state.options.signs:
        known = [symbol.definition for symbol in state.context.symbols.values() if symbol.definition is not None]
        all_nodes = [*nodes, *(one for body in known for one in s.walk(body))]
        state.summed = frozenset(one.index for one in all_nodes if isinstance(one, s.Sum))
    state.doubtful = may_be_functions(kinds, scratch, state.options.guessed)
    state.context.prime_variable = _prime_variable(kinds[s.Prime], state.context)
    state.context.by_entries = _by_entries(kinds[s.Entry])
    _count_from_zero(kinds[s.Entry], state.context)
    _note_functions(kinds[s.At], state.context)
    state.context.numbers = _plain_numbers(kinds) | _bare_parameters(kinds[s.Prime], kinds[s.At], scratch)


def _trees(chains: Sequence[Chain], scratch: Context) -> tuple[s.Node, ...]:
    """All sides that can be read, under the definitions before them."""
    trees: list[s.Node] = []
    for chain in chains:
        try:
            sides = sides_of(chain, scratch)
        except (Problem, RecursionError):
            continue
        if any(map(too_large, sides)):
            continue
        trees += sides
        head = head_of(sides[0]) if chain.relations and is_new(sides[0], scratch) else None
        if head is not None and len(sides) > 1:
            _try_to_define(head, sides[1], scratch)
    return tuple(trees)


def _try_to_define(head: Head, body: s.Node, context: Context) -> bool:
    try:
        define(head, body, context)
    except (Problem, RecursionError):
        return False
    return True


def definitions_in(chains: Sequence[Chain], context: Context) -> list[Later]:
    """The chains that begin with a name that nothing explains yet, once each."""
    found: dict[str, Later] = {}
    for place, chain in enumerate(chains):
        if any(one.link in ("iff", "under") for one in chains[place : place + 2] if one is not chains[0]):
            continue  # it holds in some cases alone
        try:
            sides = sides_of(chain, context)
        except (Problem, RecursionError):
            continue
        head = head_of(sides[0])
        if head is not None and chain.relations[:1] in (["="], [":="]) and is_new(sides[0], context):
            found.setdefault(head.key, Later(place, head, sides[1], chain))
    return list(found.values())


_BARE_NABLA = re.compile(r"(?:\\nabla|∇)\s*(\\?[A-Za-z]+)")


def hoist(place: int, chain: Chain, definitions: Sequence[Later], state: State) -> None:
    """What a text says after ``where``, and what it uses before it is explained, holds for this line already."""
    after = [one for one in definitions if one.place > place]
    if not after:
        return
    try:
        used = set().union(*map(s.names, sides_of(chain, state.context)))
    except (Problem, RecursionError):  # as a bare nabla before anything says what L rests on
        written = state.text[chain.spans[0][0] : chain.spans[-1][1]] if chain.spans else ""
        used = {one.lstrip("\\") for one in _BARE_NABLA.findall(written)}
    late: list[Later] = []
    while more := [one for one in after if one not in late and (one.head.key in used or one.chain.link == "where")]:
        late += more
        used = used.union(*(s.names(one.body) for one in more))
    while any(_hoisted(one, state) for one in late):
        pass


def _hoisted(one: Later, state: State) -> bool:
    """Whether a later definition is one from now on: not before what it is made of."""
    plain = one.head.key in state.context.numbers and one.chain.relations[0] != ":="
    if id(one.chain) in state.hoisted or plain:
        return False
    if not _try_to_define(one.head, one.body, state.context):
        return False
    state.hoisted.add(id(one.chain))
    return True


def _note_functions(calls: Sequence[s.At], context: Context) -> None:
    """A definition that the text writes as a function of declared names is one: ``f(x)``, and then ``f(x + h)``."""
    for call in calls:
        names = tuple(one.id for one in call.args if isinstance(one, s.Name))
        symbol = context.lookup(call.fn.id) if isinstance(call.fn, s.Name) else None
        if symbol is None or symbol.definition is None or symbol.params or len(names) != len(call.args):
            continue
        if set(names) <= context.depends(symbol.key):
            context.symbols[symbol.key] = replace(symbol, params=names)


def _prime_variable(primes: Sequence[s.Prime], context: Context) -> str | None:
    for one in primes:
        if isinstance(one.arg, s.At) and isinstance(one.arg.args[0], s.Name):
            return one.arg.args[0].id
    return context.prime_variable


def _bare_parameters(primes: Sequence[s.Prime], calls: Sequence[s.At], context: Context) -> frozenset[str]:
    """The z of ``g'(z) = 2 z``, where g is a function of a number and nothing else says what z is: a number, too."""
    found = set()
    for function, name in dict.fromkeys(filter(None, (_bare_call(one.arg) for one in primes))):
        symbol = context.lookup(function)
        if symbol is None or symbol.definition is None or symbol.params != (name,):
            continue
        given = [one.args[0] for one in calls if one.fn == s.Name(function) and one.args[0] != s.Name(name)]
        head = Head(function, (), symbol.params)
        if takes_numbers(head, context) and all(_is_number(one, context) for one in given):
            found.add(name)
    return frozenset(one for one in found if context.lookup(one) is None and not context.is_size(one))


def _bare_call(node: s.Node) -> tuple[str, str] | None:
    """The function and the name in ``g(z)``."""
    if not isinstance(node, s.At) or not isinstance(node.fn, s.Name) or len(node.args) != 1:
        return None
    (name,) = node.args
    return (node.fn.id, name.id) if isinstance(name, s.Name) else None


def _is_number(node: s.Node, context: Context) -> bool:
    try:
        return typed_alone(node, context).shape == c.SCALAR
    except (Problem, RecursionError):
        return False


def _by_entries(entries: Sequence[s.Entry]) -> frozenset[str]:
    """The arrays of which the text writes entries."""
    bases = {one.base.id for one in entries if isinstance(one.base, s.Name)}
    return frozenset(bases | {swap_case(one) for one in bases})


def _tell_apart(chains: Sequence[Chain], context: Context) -> None:
    """Notes the numbers of which the text defines entries, as in ``L = sum_i L_i`` with ``L_i = ...``."""
    read = []
    for chain in chains:
        try:
            read.append(chain.read(context))
        except (Problem, RecursionError):
            continue

    def is_number(key: str) -> bool | None:
        return None if context.lookup(key) is None else _is_number(s.Name(key), context)

    context.families |= families(read, is_number)


def _count_from_zero(entries: Sequence[s.Entry], context: Context) -> None:
    for one in entries:
        if not one.zero and isinstance(one.base, s.Name) and s.ZERO in one.indices:
            symbol = context.lookup(one.base.id)
            if symbol is not None:
                context.symbols[symbol.key] = replace(symbol, zero_based=True)


def _plain_numbers(kinds: Kinds) -> frozenset[str]:
    """Letters such as n and lambda that stand as numbers throughout: taken as numbers where nothing declares them."""
    inside = [one.arg for kind in (s.T, s.Prime, s.Inv, s.Diff) for one in kinds[kind]]
    inside += [one.base for one in kinds[s.Entry]]
    beside = [
        name.id
        for kind in (s.Call, s.Had, s.Kron)
        for one in kinds[kind]
        for name in s.children(one)
        if isinstance(name, s.Name)
    ]
    by = {name for one in kinds[s.Deriv] for each in one.wrt for name in s.occurring(each)} - {"lambda"}
    return frozenset(NUMBER_LETTERS.difference(*map(s.occurring, inside), beside, by))


def too_large(side: s.Node) -> bool:
    return len(s.walk(side)) > LARGEST
