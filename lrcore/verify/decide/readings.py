"""From the two sides of a line to a claim: how it may be meant, and by which names it varies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lrcore.verify.decide.state import Line, Reading, State
from lrcore.verify.prove.normal import prove
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import IllTyped, OneSided, Problem, Unreadable
from lrcore.verify.terms.indices import free_indices, uses_einstein
from lrcore.verify.type.blocks import adopts
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import PLAIN, Manner, ranges_in, typed_alone, typed_sides

LARGEST = 20_000  # of nodes, with every definition put in


@dataclass(frozen=True)
class Typed:
    """A claim, and what was taken for granted in reading it."""

    claim: Claim
    notes: tuple[str, ...] = ()


def typed(left: s.Node, right: s.Node, state: State, manner: Manner = PLAIN) -> Typed:
    """The claim that two sides are equal, read in one manner."""
    both = typed_sides(left, right, state.context, manner)
    if c.unfolded(both.left) + c.unfolded(both.right) > LARGEST:
        raise Unreadable("With its definitions put in, this line is too long to be decided; say it in shorter steps.")
    claim = Claim(both.left, both.right, list(both.free), within=state.orders)
    if any(isinstance(one, c.Differential) for one in claim.nodes):
        claim.variables = _varied_by_differentials(state)
    return Typed(claim, both.notes)


def reader(state: State, manner: Manner) -> Reading:
    """What types other sides in the same manner."""
    return lambda left, right: typed(left, right, state, manner).claim


def manner_of(line: Line, state: State) -> Manner:
    """The manner that a whole line asks for."""
    context = state.context
    hint = _shape_of_chain(line.sides, context) if len(line.sides) > 2 else None
    return Manner(uses_einstein(list(line.sides), context, state.summed), line.sides, hint)


def _shape_of_chain(sides: Sequence[s.Node], context: Context) -> c.Shape | None:
    """The shape of the first side of the chain that has one of its own."""
    for side in sides:
        if adopts(side):
            continue
        try:
            return typed_alone(side, context).shape
        except (IllTyped, Unreadable):
            continue
    return None


def typed_some_way(line: Line, left: s.Node, right: s.Node, state: State, manner: Manner) -> Typed:
    """The plain reading; where it has no meaning, rows for x_i or sums that reach over a minus, and that is said."""
    try:
        return typed(left, right, state, manner)
    except OneSided as error:
        return _for_every_index(left, right, state, manner, error)
    except IllTyped as error:
        rows = replace(manner, rows=True)
        if _has_row(left, right) and (found := _attempt(left, right, state, rows)) is not None:
            return _noting("x_i is read as a row", found)
        wide = reaching_over_the_sign(line, left, right, state.context)
        if wide is not None and (found := _attempt(*wide, state, manner)) is not None:
            return _noting("the sum is read as reaching over the sign", found)
        ranges = _ranges_around(line, left, right, state)
        if ranges and (found := _attempt(left, right, state, replace(manner, ranges=ranges))) is not None:
            return found
        raise error


def _ranges_around(line: Line, left: s.Node, right: s.Node, state: State) -> tuple[tuple[str, c.Dim], ...]:
    """The ranges of the letters that the chain, else the text, uses as indices of one range alone."""
    letters = free_indices(left, state.context) & free_indices(right, state.context)
    found: dict[str, set[c.Dim]] = {}
    for trees in (line.sides, state.trees):
        open_ = letters - found.keys()
        for tree in trees if open_ else ():
            for name, dim in ranges_in(tree, state.context).items() if open_ & s.names(tree) else ():
                if name in open_:
                    found.setdefault(name, set()).add(dim)
    return tuple((name, dims.pop()) for name, dims in sorted(found.items()) if len(dims) == 1)


def _for_every_index(left: s.Node, right: s.Node, state: State, manner: Manner, error: OneSided) -> Typed:
    context = state.context
    doubled = _attempt(_with_two_indices(left, context), _with_two_indices(right, context), state, manner)
    if doubled is not None:
        return _noting("a sum with two different indices runs over both", doubled)
    found = typed(left, right, state, replace(manner, one_sided=True))
    if prove(found.claim)[0]:
        return _noting("an index on one side alone: it holds for every value of it", found)
    raise error


def _noting(note: str, found: Typed) -> Typed:
    return replace(found, notes=(note, *found.notes))


def _attempt(left: s.Node, right: s.Node, state: State, manner: Manner) -> Typed | None:
    try:
        return typed(left, right, state, manner)
    except Problem:
        return None


def reaching_over_the_sign(line: Line, left: s.Node, right: s.Node, context: Context) -> tuple[s.Node, s.Node] | None:
    """Both sides with sums that cover the terms behind a plus or minus too, where that makes a difference."""
    if not s.holds(left, s.Sum) and not s.holds(right, s.Sum):
        return None
    try:
        narrow, wide = line.chain.read(context), line.chain.read(context, True)
    except Problem:
        return None
    if wide == narrow or left not in narrow or right not in narrow:
        return None
    return wide[narrow.index(left)], wide[narrow.index(right)]


def _has_row(*nodes: s.Node) -> bool:
    """Whether x_i of a matrix stands somewhere, and nowhere with a transpose, which would settle what it is."""
    walked = [one for node in nodes for one in s.walk(node)]
    rows = any(isinstance(one, s.Entry) and len(one.indices) == 1 for one in walked)
    turned = any(isinstance(one, (s.T, s.Prime)) and isinstance(one.arg, s.Entry) for one in walked)
    return rows and not turned


def _with_two_indices(node: s.Node, context: Context) -> s.Node:
    """Sums over i that stays away from a j which nothing binds, as sums over both."""
    node = s.rebuild(node, lambda child: _with_two_indices(child, context))
    if isinstance(node, s.Sum) and len(node.exclude) == 1 and node.exclude[0] in free_indices(node, context):
        return s.Sum(node.exclude[0], node, span=node.span)
    return node


# ---------------------------------------------------------------------- what differentials vary


def _varied_by_differentials(state: State) -> frozenset[str]:
    if state.context.variables is not None:
        return frozenset(state.context.variables)
    if state.varied is None:
        state.varied = _written_differentials(state)
    return state.varied


def _written_differentials(state: State) -> frozenset[str]:
    """Those whose d is written in the text, or what the innermost d'd names rest on."""
    context = state.context
    nodes = [node.arg for tree in state.trees for node in s.walk(tree) if isinstance(node, s.Diff)]
    bare = [_without_entry(one) for one in nodes]
    named = {one.id for one in bare if isinstance(one, s.Name) and context.lookup(one.id) is not None}
    primitive = {name for name in named if context.symbols[name].definition is None}
    if not primitive:
        deepest = [name for name in named if not any(context.depends(name) & {other} for other in named - {name})]
        names = deepest or set().union(*(s.names(tree) for tree in state.trees))
        primitive = set().union(*(context.primitives(name) for name in names))
    return frozenset(primitive) - context.constants


def _without_entry(node: s.Node) -> s.Node:
    """What stands under an index, a transpose or a vec: d(W_mj) and d vec(W) vary W."""
    while isinstance(node, (s.Entry, s.T, s.Prime)) or (isinstance(node, s.Call) and node.fn in ("vec", "rvec")):
        node = node.base if isinstance(node, s.Entry) else next(iter(s.children(node)))
    return node


def derives(claim: Claim) -> bool:
    return any(isinstance(one, (c.Partial, c.Differential)) for one in claim.nodes)


def differentiated(claim: Claim, context: Context) -> frozenset[str]:
    """The undefined symbols that the derivatives of a claim are taken by."""
    by = {one.name for one in claim.nodes if isinstance(one, c.Partial)}
    if any(isinstance(one, c.Differential) for one in claim.nodes):
        by |= claim.variables
    return frozenset(by).union(*map(context.primitives, by))


# ---------------------------------------------------------------------- the same in both languages


def same_tree(a: s.Node | None, b: s.Node) -> bool:
    return a is not None and (a == b or _bare(a) == _bare(b))


def _bare(node: s.Node) -> s.Node:
    """The tree without what only the two languages write differently."""
    node = s.rebuild(node, _bare)
    if isinstance(node, s.Entry) and node.zero:
        counted = tuple(s.num(one.value + 1) if isinstance(one, s.Num) else one for one in node.indices)
        return s.Entry(node.base, counted)
    if isinstance(node, s.Sum):
        whole = node.lo is None or node.lo == s.ONE
        return s.Sum(node.index, node.body, None if whole else node.lo, None if whole else node.hi, node.exclude)
    if isinstance(node, s.Pow):
        return s.Pow(node.base, node.exponent)
    if isinstance(node, s.Call) and node.fn.startswith("norm"):
        return replace(node, fn="norm2" if node.fn in s.NORMS.values() else "norm")
    if isinstance(node, (s.Mul, s.Star)):
        return s.Mul(tuple(p for one in s.children(node) for p in (one.factors if isinstance(one, s.Mul) else (one,))))
    return node
