"""What was found of a claim, kept while one text is read in one way after another: most of its claims stay the same.

A claim is known by its whole typed tree: names, shapes, definitions, the sizes and starts of its indices, which are
told apart by the order in which they stand. Equal trees get equal numbers, so that two claims are one only where
nothing differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import effort
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.memory import Memory, running


def recalled(claim: Claim, what: str, find: Callable[[Claim], Any]) -> Any:
    """What ``find`` finds of a claim, or found before; what was left for want of work is tried anew, and what depends
    on inequalities that were taken as given is not kept.
    """
    kept = running()
    if kept is None or claim.within:
        return find(claim)
    key = what, _key(claim, kept)
    if key not in kept.found:
        found = find(claim)
        if effort.is_exhausted():
            return found
        kept.found[key] = found
    return kept.found[key]


def _key(claim: Claim, kept: Memory) -> Any:
    """What tells a claim from all others, kept with the claim."""
    known = claim.__dict__.get("_key")
    if known is None or known[0] is not kept:
        tree = _Numbered(kept)
        free = tuple((tree.index(one), one.name) for one in claim.free)  # by whose names a counterexample is told
        sides = tree.number(claim.left), tree.number(claim.right), free
        symbols = tuple((name, tree.number(one)) for name, one in claim.symbols.items())
        known = kept, (*sides, claim.variables, symbols, tuple(claim.sizes), claim.least_size, claim.decimal)
        claim.__dict__["_key"] = known
    return known[1]


class _Numbered:
    """The trees of one claim, numbered; the numbers of nodes and indices are kept, for a tree shares its parts."""

    def __init__(self, kept: Memory):
        self.kept = kept
        self.nodes: dict[int, int] = {}
        self.places: dict[int, int] = {}

    def number(self, node: c.Core) -> int:
        if id(node) not in self.nodes:
            parts = (type(node), *(self.part(getattr(node, one.name)) for one in fields(node)))
            self.nodes[id(node)] = self.kept.trees.setdefault(parts, len(self.kept.trees))
        return self.nodes[id(node)]

    def index(self, one: c.IVar) -> Any:
        place = self.places.setdefault(id(one), len(self.places))
        return ("index", place, self.part(one.dim), one.start)

    def part(self, value: Any) -> Any:
        if isinstance(value, c.Core):
            return ("tree", self.number(value))
        if isinstance(value, c.IVar):
            return self.index(value)
        if isinstance(value, c.Dim):
            return ("size", value.poly, self.part(value.made_of))
        if isinstance(value, c.IConst):
            return ("place", value.place, self.part(value.end))
        if isinstance(value, c.IShift):
            return ("shift", self.index(value.index), self.part(value.whole))
        if isinstance(value, tuple):
            return tuple(map(self.part, value))
        return (type(value), value)
