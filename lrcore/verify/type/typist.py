"""From what was written to what is meant: shapes, the ranges of indices, which product, which derivative.

:data:`RULES` says which function types which kind of node; :func:`typed_sides` types both sides of a claim.
"""

from __future__ import annotations

from dataclasses import dataclass

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Fault, IllTyped, Kind, OneSided, Problem
from lrcore.verify.terms.indices import free_indices, sum_repeated
from lrcore.verify.type import arithmetic, blocks, calls, derivatives, entries, functions, powers, sums, symbols
from lrcore.verify.type.blocks import adopts
from lrcore.verify.type.context import Context
from lrcore.verify.type.scope import Rule, Scope, works_by_entries

RULES: dict[type[s.Node], Rule] = {
    s.Num: symbols.number,
    s.Name: symbols.name,
    s.Add: arithmetic.add,
    s.Neg: arithmetic.neg,
    s.Mul: arithmetic.mul,
    s.Star: arithmetic.star,
    s.Had: arithmetic.had,
    s.Kron: arithmetic.kron,
    s.Div: arithmetic.div,
    s.Pow: powers.power,
    s.Inv: powers.inverse,
    s.T: powers.transpose,
    s.Prime: calls.prime,
    s.At: calls.at,
    s.Call: functions.call,
    s.Entry: entries.entry,
    s.Slice: entries.colon,
    s.Delta: entries.delta,
    s.Sum: sums.sum_over,
    s.Deriv: derivatives.derivative,
    s.Diff: derivatives.differential,
    s.Special: blocks.special,
    s.Block: blocks.block,
    s.Build: blocks.build,
    s.Shaped: blocks.shaped,
    s.Dots: blocks.dots,
}


@dataclass(frozen=True)
class Manner:
    """How sides are read: with sums that Einstein's convention leaves unwritten in the ``chain`` that they stand in,
    with the shape of a chain whose sides have none of their own, with rows for x_i, with an index that is free on one
    side alone, with the ``ranges`` that free indices have elsewhere.
    """

    einstein: bool = False
    chain: tuple[s.Node, ...] = ()
    hint: c.Shape | None = None
    rows: bool = False
    one_sided: bool = False
    ranges: tuple[tuple[str, c.Dim], ...] = ()


@dataclass(frozen=True)
class Sides:
    """Both sides of a claim, typed alike; the indices free in it; what was taken for granted, as sentences."""

    left: c.Core
    right: c.Core
    free: tuple[c.IVar, ...]
    notes: tuple[str, ...]


PLAIN = Manner()


def typed_sides(left: s.Node, right: s.Node, context: Context, manner: Manner = PLAIN) -> Sides:
    """Both sides of an equation."""
    if manner.einstein:
        left, right = sum_repeated([left, right], context, manner.chain)
    held = free_indices(left, context), free_indices(right, context)
    scope = _scope(context, (left, right), held[0] | held[1], manner.rows)
    scope.free = {name: c.IVar(name, dim) for name, dim in manner.ranges if name in held[0] | held[1]}
    if manner.einstein:
        scope.notes["an index that stands twice is summed over"] = None
    if adopts(left):
        typed_right = scope.type(right, manner.hint)
        typed_left = scope.type(left, typed_right.shape)
    else:
        typed_left = scope.type(left)
        typed_right = scope.type(right, typed_left.shape)
        _same_shape(typed_left, typed_right, right)
        if not manner.one_sided:
            _same_indices((left, right), (held[0] & scope.free.keys(), held[1] & scope.free.keys()))
    return Sides(typed_left, typed_right, _ranged(scope, left), tuple(scope.notes))


def ranges_in(tree: s.Node, context: Context) -> dict[str, c.Dim]:
    """The ranges that the free indices of one expression have by where they stand; none if it has no meaning."""
    scope = _scope(context, (tree,), free_indices(tree, context))
    try:
        scope.type(tree)
    except (Problem, RecursionError):
        return {}
    return {name: one.dim for name, one in scope.free.items() if one.dim is not None}


def typed_alone(tree: s.Node, context: Context, want: c.Shape | None = None) -> c.Core:
    """One expression by itself; ``want`` is the shape that its place asks for, for 0, 1 and I without a size."""
    return _scope(context, (tree,), set()).type(tree, want)


def _scope(context: Context, sides: tuple[s.Node, ...], free: set[str], row_reading: bool = False) -> Scope:
    derives = any(s.holds(side, s.Deriv, s.Diff) for side in sides)
    by_entries = any(map(works_by_entries, sides))
    return Scope(context, RULES, row_reading, derives, free, by_entries)


def _ranged(scope: Scope, left: s.Node) -> tuple[c.IVar, ...]:
    for one in scope.free.values():
        if one.dim is None:
            raise IllTyped(f"The range of the index {one.name} does not follow from where it stands.", left.span)
    return tuple(scope.free.values())


def _same_shape(left: c.Core, right: c.Core, node: s.Node) -> None:
    if left.shape != right.shape:
        said = f"The left side is {c.shape_text(left.shape)} and the right side is {c.shape_text(right.shape)}"
        turned = left.shape == right.shape[::-1] and (isinstance(left, c.Make) or isinstance(right, c.Make))
        raise IllTyped(said + _layout_hint(left, right), node.span, fault=Fault(Kind.LAYOUT) if turned else None)


def _layout_hint(left: c.Core, right: c.Core) -> str:
    if left.shape != right.shape[::-1] or left.shape[0] == left.shape[1]:
        return "; both sides of = must have the same shape."
    if isinstance(left, c.Make) or isinstance(right, c.Make):
        return (
            "; one is the transpose of the other, and which is meant depends on the layout: "
            "here a gradient has the shape of its variable and a Jacobian one row per output."
        )
    return "; one side needs a transpose."


def _same_indices(sides: tuple[s.Node, s.Node], held: tuple[set[str], set[str]]) -> None:
    lost = min(held[0] ^ held[1], default=None)
    if lost is None or not all(map(s.names, sides)):  # x_i = 0, and \sum_k y_{ik} = 1, hold for each i
        return
    place = 0 if lost in held[0] else 1
    raise OneSided(
        f"The index {lost} is free on the {('left', 'right')[place]} side alone; "
        "sum over it, or let it stand on both sides.",
        sides[place].span,
    )
