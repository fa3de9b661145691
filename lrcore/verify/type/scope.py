"""What one claim knows of its names, indices and sizes while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul
from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.type.context import Context

_ENTRYWISE = ("exp", "log", "sigmoid", "tanh", "sinh", "cosh", "relu", "larger", "sign", "step")
# A rule types one kind of node; the shape is what the place asks for, for 0, 1 and I without a size.
Rule = Callable[["Scope", Any, c.Shape | None], c.Core]


@dataclass(slots=True)
class Scope:
    """One claim, so that no index of one claim can be seen by another; filled in as its nodes are typed.

    ``claim_free`` are the letters free in the written claim, ``free`` their variables as far as they were met, and
    ``bound`` those of the sums around the place, innermost last. ``by_entries`` says that an entrywise product or
    function is written. ``bodies`` are the typed definitions and ``open`` the names of those being typed. ``starts`` is
    where the entries of an array are counted from, ``notes`` what was taken to be meant, ``ones`` the sizes of the
    columns of ones.
    """

    context: Context
    rules: Mapping[type[s.Node], Rule]
    row_reading: bool
    derives: bool
    claim_free: set[str]
    by_entries: bool = False
    open: tuple[str, ...] = ()
    bodies: dict[str, c.Core] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    free: dict[str, c.IVar] = field(default_factory=dict)
    bound: list[dict[str, c.IVar]] = field(default_factory=list)
    ones: set[c.Dim] = field(default_factory=set)

    def type(self, node: s.Node, want: c.Shape | None = None) -> c.Core:
        """The typed tree of ``node``, by the rule for its kind."""
        return self.rules[node.__class__](self, node, want)

    def inside(self, name: str, claim_free: set[str]) -> Scope:
        """The scope of the definition of ``name``, which has indices of its own."""
        names = (*self.open, name)
        shared = self.bodies, self.notes, self.starts
        symbol = self.context.lookup(name)
        body = None if symbol is None else symbol.definition
        by_entries = self.by_entries or (body is not None and works_by_entries(body))
        return Scope(self.context, self.rules, self.row_reading, self.derives, claim_free, by_entries, names, *shared)

    @contextmanager
    def binding(self, *indices: c.IVar | None) -> Iterator[None]:
        """The inside of a sum, or of a matrix given by its entries."""
        self.bound.append({one.name: one for one in indices if one is not None})
        try:
            yield
        finally:
            self.bound.pop()

    def index(self, name: str) -> c.IVar | None:
        """The index that a letter means here, if it was met before."""
        for names in reversed(self.bound):
            if name in names:
                return names[name]
        return self.free.get(name)

    def free_index(self, name: str) -> c.IVar:
        """The index that a letter means here, a new free one if need be."""
        known = self.index(name)
        if known is None:
            known = self.free[name] = c.IVar(name)
        return known

    def size(self, node: s.Node) -> c.Dim | None:
        """A size from what was written, as ``N``, ``n+1``, ``2``; None for what is no size."""
        if isinstance(node, s.Num) and node.value.denominator == 1:
            return c.fixed(int(node.value))
        if isinstance(node, s.Name) and self.context.is_size(node.id):
            return c.size(node.id)
        if isinstance(node, s.Neg):
            inner = self.size(node.arg)
            return None if inner is None else c.fixed(0) - inner
        if not isinstance(node, (s.Add, s.Mul)):
            return None
        dims = [self.size(one) for one in s.children(node)]
        known = [one for one in dims if one is not None]
        return reduce(add if isinstance(node, s.Add) else mul, known) if len(known) == len(dims) else None


def works_by_entries(node: s.Node) -> bool:
    """Whether a tree has a product or a function that is taken entry by entry, if of arrays."""
    calls = s.walk(node) if s.holds(node, s.Call) else ()
    return s.holds(node, s.Had) or any(isinstance(one, s.Call) and one.fn in _ENTRYWISE for one in calls)
