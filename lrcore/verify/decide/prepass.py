"""What a whole text tells about each of its lines: names explained later, functions, indices that count from 0."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from lrcore.verify.decide.defining import Defining, head_of
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.names import NUMBER_LETTERS

LARGEST = 2000


class LookingAhead(Defining):
    """Reads all lines before the first is judged."""

    def _look_ahead(self, chains):
        """What the whole text tells about each line: which names differentials vary, which count from 0."""
        trees = []
        scratch, self.context = self.context, self.context.copy()
        for chain in chains:
            try:
                sides = self._sides(chain)
            except (Problem, RecursionError):
                continue
            if any(too_large(side) for side in sides):
                continue
            trees += sides
            self._declare_head(chain, sides)
        self.context = scratch
        self.text_trees = trees
        self.context.prime_variable = self._prime_variable(trees)
        self._count_from_zero(trees)
        self._functions(trees)
        self.context.numbers = plain_numbers(trees)

    def _heads(self, chains):
        """(place, head, body, chain) of the chains that begin with a name that nothing explains yet, once each."""
        found: dict[str, tuple] = {}
        for place, chain in enumerate(chains):
            try:
                sides = self._sides(chain)
            except (Problem, RecursionError):
                continue
            if chain.relations[:1] in (["="], [":="]) and self._is_new(sides[0]):
                head = head_of(sides[0])
                found.setdefault(head[0], (place, head, sides[1], chain))
        return found

    def _hoist(self, place, chain, heads):
        """What a text says after ``where``, and what it uses before it is explained, holds for this line already."""
        try:
            used = set().union(*map(s.names, self._sides(chain)))
        except (Problem, RecursionError):
            return
        late = [one for key, one in heads.items() if one[0] > place and (key in used or one[3].link == "where")]
        for _, head, body, origin in [*late, *late]:
            if id(origin) in self.hoisted or head[0] in self.context.numbers:
                continue
            try:
                self._define(head, body)
                self.hoisted.add(id(origin))
            except (Problem, RecursionError):
                continue

    def _functions(self, trees):
        """A definition that the text writes as a function of declared names is one: ``f(x)``, and then ``f(x + h)``."""
        calls = (one for tree in trees for one in s.walk(tree) if isinstance(one, s.At))
        for call in calls:
            names = tuple(one.id for one in call.args if isinstance(one, s.Name))
            symbol = self.context.lookup(call.fn.id) if isinstance(call.fn, s.Name) else None
            if symbol is None or symbol.definition is None or symbol.params or len(names) != len(call.args):
                continue
            if set(names) <= self.context.depends(symbol.key):
                self.context.symbols[symbol.key] = replace(symbol, params=names)

    def _declare_head(self, chain, sides):
        head = head_of(sides[0]) if chain.relations else None
        if head is not None and self.context.lookup(head[0]) is None and not self.context.is_size(head[0]):
            try:
                self._define(head, sides[1])
            except (Problem, RecursionError, IndexError):
                return

    def _prime_variable(self, trees):
        for tree in trees:
            for one in s.walk(tree):
                if isinstance(one, s.Prime) and isinstance(one.arg, s.At) and isinstance(one.arg.args[0], s.Name):
                    return one.arg.args[0].id
        return self.context.prime_variable

    def _count_from_zero(self, trees):
        for tree in trees:
            for one in s.walk(tree):
                if isinstance(one, s.Entry) and not one.zero and isinstance(one.base, s.Name) and s.ZERO in one.indices:
                    symbol = self.context.lookup(one.base.id)
                    if symbol is not None:
                        self.context.symbols[symbol.key] = replace(symbol, zero_based=True)


def plain_numbers(trees) -> frozenset[str]:
    """Letters such as n and lambda that stand as numbers throughout: taken as numbers where nothing declares them."""
    arrays: set[str] = set()
    for tree in trees:
        for one in s.walk(tree):
            if isinstance(one, (s.T, s.Prime, s.Inv, s.Diff)):
                arrays |= s.names(one.arg)
            elif isinstance(one, s.Entry):
                arrays |= s.names(one.base)
            elif isinstance(one, (s.Call, s.Had, s.Kron)):
                arrays |= {name.id for name in s.children(one) if isinstance(name, s.Name)}
            elif isinstance(one, s.Deriv):
                arrays |= set().union(*(s.names(by) for by in one.wrt)) - {"lambda"}
    return frozenset(NUMBER_LETTERS - arrays)


def too_large(side):
    return sum(1 for _ in islice(s.walk(side), LARGEST + 1)) > LARGEST
