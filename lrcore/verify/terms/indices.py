"""Which indices of an expression are free, and the sums that Einstein's convention leaves unwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from lrcore.verify.terms import syntax as s


class Sizes(Protocol):
    """What knows which names are sizes, as a context does."""

    def is_size(self, key: str) -> bool:
        """Whether the name is that of a size."""


def free_indices(node: s.Node, context: Sizes, bound: frozenset[str] = frozenset()) -> set[str]:
    """The letters that stand in index slots and are bound by no sum."""
    if not s.holds(node, s.Entry, s.Delta, s.Sum, s.Build):
        return set()
    if isinstance(node, s.Entry):
        here = {one.id for one in node.indices if isinstance(one, s.Name) and one.id not in bound}
        return here | free_indices(node.base, context, bound)
    if isinstance(node, s.Delta):
        return {one.id for one in (node.i, node.j) if isinstance(one, s.Name) and one.id not in bound}
    if isinstance(node, s.Sum):
        inside = bound | {node.index}
        ends = [one for one in (node.lo, node.hi) if isinstance(one, s.Name) and not context.is_size(one.id)]
        held = {one.id for one in ends if one.id not in bound} | {one for one in node.exclude if one not in bound}
        return held | free_indices(node.body, context, inside)
    if isinstance(node, s.Build):
        return free_indices(node.body, context, bound | {node.i, node.j})
    found: set[str] = set()
    for child in s.children(node):
        found |= free_indices(child, context, bound)
    return found


def uses_einstein(sides: list[s.Node], context: Sizes, summed: frozenset[str] = frozenset()) -> bool:
    """Whether a chain leaves sums unwritten: no sum is written, and a letter that stands twice is missing on some
    side. A text that has ``summed`` over a letter by a sign writes the sums over it.
    """
    if any(s.holds(side, s.Sum) for side in sides):
        return False
    held = [free_indices(side, context) for side in sides]
    return any(
        _twice_everywhere(side, letter, context)
        for side, letters in zip(sides, held)
        for letter in letters - summed
        if not all(letter in other for other in held)
    )


def sum_repeated(sides: list[s.Node], context: Sizes, chain: Sequence[s.Node] = ()) -> list[s.Node]:
    """Einstein's convention: a letter that stands twice in every term that holds it, on these sides and those of the
    ``chain`` that they stand in, is summed over.
    """
    everywhere = [*sides, *chain]
    letters = set().union(*(free_indices(side, context) for side in everywhere))
    keep = {
        one
        for one in letters
        if not all(_twice_everywhere(side, one, context) for side in everywhere if one in free_indices(side, context))
    }
    return [_einstein(side, keep, context) for side in sides]


def _twice_everywhere(node: s.Node, letter: str, context: Sizes) -> bool:
    """Whether the letter stands at least twice in each term in which it stands at all."""
    if isinstance(node, (s.Add, s.Block)):
        return all(
            _twice_everywhere(one, letter, context) for one in s.children(node) if letter in free_indices(one, context)
        )
    if isinstance(node, s.Mul):
        holding = [one for one in node.factors if letter in free_indices(one, context)]
        return len(holding) > 1 or all(_twice_everywhere(one, letter, context) for one in holding)
    if isinstance(node, (s.Neg, s.T, s.Diff)):
        return _twice_everywhere(node.arg, letter, context)
    if isinstance(node, s.Deriv):
        return _twice_everywhere(node.f, letter, context)
    if isinstance(node, s.Div):
        return _twice_everywhere(node.num, letter, context)
    if isinstance(node, s.Sum):
        return _twice_everywhere(node.body, letter, context)
    if isinstance(node, s.Entry):
        return sum(isinstance(one, s.Name) and one.id == letter for one in node.indices) > 1
    return False


def _einstein(node: s.Node, keep: set[str], context: Sizes) -> s.Node:
    if isinstance(node, s.Mul):
        return _einstein_product(node, keep, context)
    if isinstance(node, s.Deriv):
        return s.Deriv(_einstein(node.f, keep, context), node.wrt, node.kind, span=node.span)
    if isinstance(node, s.Entry):
        letters = [one.id for one in node.indices if isinstance(one, s.Name)]
        twice = {one for one in letters if letters.count(one) > 1 and one not in keep}
        return _wrap(node, sorted(twice))
    if isinstance(node, (s.Add, s.Neg, s.Div, s.T, s.Diff, s.Block, s.Sum)):
        return s.rebuild(node, lambda child: _einstein(child, keep, context))
    return node


def _einstein_product(node: s.Mul, keep: set[str], context: Sizes) -> s.Node:
    held = [free_indices(one, context) for one in node.factors]
    here = {one for group in held for one in group if one not in keep and sum(one in other for other in held) > 1}
    factors = tuple(_einstein(one, keep | here, context) for one in node.factors)
    return _wrap(s.Mul(factors, node.dot, span=node.span), sorted(here))


def _wrap(node: s.Node, letters: list[str]) -> s.Node:
    for one in letters:
        node = s.Sum(one, node, span=node.span)
    return node


def sizes_as_indices(sides: Sequence[s.Node], context: Sizes) -> tuple[tuple[s.Node, ...], tuple[str, ...]]:
    """Sides in which sums are left unwritten, with other letters for sizes that stand in index slots alone, as the d of
    ``X_{ad}``: they are indices there, and what holds for each of them holds for the last. And those letters.
    """
    if not uses_einstein(list(sides), context):
        return tuple(sides), ()
    slots = set().union(*(free_indices(side, context) for side in sides))
    found = sorted(one for one in slots if context.is_size(one) and not any(_is_counted(side, one) for side in sides))
    new = {one: f"{one}'" for one in found}
    return tuple(_with_letters(side, new) for side in sides), tuple(found)


def _is_counted(node: s.Node, letter: str) -> bool:
    """Whether a letter stands anywhere but in an index slot."""
    if isinstance(node, s.Name):
        return node.id == letter
    if isinstance(node, s.Entry):
        rest = [one for one in node.indices if not isinstance(one, s.Name)]
        return any(_is_counted(one, letter) for one in (node.base, *rest))
    if isinstance(node, s.Delta):
        return any(_is_counted(one, letter) for one in (node.i, node.j) if not isinstance(one, s.Name))
    return isinstance(node, (s.Build, s.Special, s.Shaped)) or any(_is_counted(one, letter) for one in s.children(node))


def _with_letters(node: s.Node, new: Mapping[str, str]) -> s.Node:
    if isinstance(node, s.Name):
        return s.Name(new.get(node.id, node.id), dress=node.dress, span=node.span)
    return s.rebuild(node, lambda child: _with_letters(child, new))
