"""From the two sides of a line to a claim: how it may be meant, and by which names it varies."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.decide.claims import Claim, prove
from lrcore.verify.decide.progress import Progress
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, OneSided, Problem, Unreadable
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.type.blocks import adopts
from lrcore.verify.type.typist import Typist


class Claiming(Progress):
    """Types the sides of a line, in the way that was most likely meant."""

    def _reader(self, einstein, hint):
        def read(left, right):
            self.einstein, self.hint = einstein, hint
            return self._claim_of(left, right)

        return read

    def _claim_of(self, left, right):
        return self._typed(left, right)[0]

    def _typed(self, left, right, row_reading=False, one_sided=False):
        typist = Typist(self.context, row_reading, one_sided)
        typed = typist.sides(left, right, self.einstein, self.hint)
        free = list(typist.free.values())
        for one in free:
            if one.dim is None:
                raise IllTyped(f"The range of the index {one.name} does not follow from where it stands.", left.span)
        return Claim(*typed, free, self._variables(left, right, typed)), typist

    def _typed_some_way(self, chain, left, right):
        """The plain reading; where it has no meaning, rows for x_i or sums that reach over a minus, and that is
        said.
        """
        try:
            claim, typist = self._typed(left, right)
            return claim, tuple(typist.notes)
        except OneSided as error:
            doubled = self._attempt(*(with_two_indices(side, self.context) for side in (left, right)))
            if doubled is not None:
                return doubled[0], ("a sum with two different indices runs over both", *doubled[1].notes)
            claim, typist = self._typed(left, right, one_sided=True)
            if prove(claim)[0]:
                return claim, ("an index on one side alone: it holds for every value of it", *typist.notes)
            raise error
        except IllTyped as error:
            if has_row(left, right):
                read = self._attempt(left, right, True)
                if read is not None:
                    return read[0], ("x_i is read as a row", *read[1].notes)
            other = self._wide(chain, left, right)
            if other is not None:
                return other[0], ("the sum is read as reaching over the sign", *other[1].notes)
            raise error

    def _attempt(self, left, right, row_reading=False):
        try:
            return self._typed(left, right, row_reading)
        except Problem:
            return None

    def _wide(self, chain, left, right):
        if not any(isinstance(one, s.Sum) for side in (left, right) for one in s.walk(side)):
            return None
        try:
            narrow, wide = chain.read(self.context), chain.read(self.context, True)
        except Problem:
            return None
        if wide == narrow or left not in narrow or right not in narrow:
            return None
        return self._attempt(wide[narrow.index(left)], wide[narrow.index(right)])

    def _variables(self, left, right, typed):
        """The symbols that differentials vary: declared, or those whose d is written, or what the innermost d'd
        names rest on.
        """
        if not any(isinstance(one, c.Differential) for side in typed for one in c.everything(side)):
            return frozenset()
        if self.context.variables is not None:
            return self.context.variables
        if self.varied is None:
            self.varied = self._written_differentials()
        return self.varied

    def _written_differentials(self):
        named = {
            one.id
            for tree in self.text_trees
            for node in s.walk(tree)
            if isinstance(node, s.Diff)
            for one in [node.arg]
            if isinstance(one, s.Name) and self.context.lookup(one.id) is not None
        }
        primitive = {name for name in named if self.context.lookup(name).definition is None}
        if not primitive:
            deepest = [
                name for name in named if not any(self.context.depends(name) & {other} for other in named - {name})
            ]
            primitive = (
                set().union(*(self.context.primitives(name) for name in deepest)) if deepest else self._all_primitives()
            )
        return frozenset(primitive) - self.context.constants

    def _all_primitives(self):
        names = set().union(*(s.names(tree) for tree in self.text_trees)) if self.text_trees else set()
        return set().union(*(self.context.primitives(name) for name in names)) if names else set()

    def _said(self, left, right):
        return f"{to_latex(left)} = {to_latex(right)}"

    def _chain_shape(self, sides):
        """The shape of the first side of the chain that has one of its own."""
        for side in sides:
            if adopts(side):
                continue
            try:
                return Typist(self.context).type(side).shape
            except (IllTyped, Unreadable):
                continue
        return None


def same_tree(a, b):
    return a is not None and (a == b or bare(a) == bare(b))


def bare(node):
    """The tree without what only the two languages write differently."""
    node = s.rebuild(node, bare)
    if isinstance(node, s.Entry) and node.zero:
        return s.Entry(
            node.base, tuple(s.num(one.value + 1) if isinstance(one, s.Num) else one for one in node.indices)
        )
    if isinstance(node, s.Sum):
        whole = node.lo is None or node.lo == s.ONE
        return s.Sum(node.index, node.body, None if whole else node.lo, None if whole else node.hi, node.exclude)
    if isinstance(node, s.Pow):
        return s.Pow(node.base, node.exponent)
    if isinstance(node, s.Call) and node.fn.startswith("norm"):
        return replace(node, fn="norm2" if node.fn in s.NORMS.values() else "norm")
    if isinstance(node, (s.Mul, s.Star)):
        factors = [part for one in s.children(node) for part in (one.factors if isinstance(one, s.Mul) else (one,))]
        return s.Mul(tuple(factors))
    return node


def has_row(*nodes):
    """Whether x_i of a matrix stands somewhere, and nowhere with a transpose, which would settle what it is."""
    rows = [one for node in nodes for one in s.walk(node) if isinstance(one, s.Entry) and len(one.indices) == 1]
    turned = [
        one
        for node in nodes
        for one in s.walk(node)
        if isinstance(one, (s.T, s.Prime)) and isinstance(one.arg, s.Entry)
    ]
    return bool(rows) and not turned


def with_two_indices(node, context):
    """Sums over i that stays away from a j which nothing binds, as sums over both."""
    node = s.rebuild(node, lambda child: with_two_indices(child, context))
    if isinstance(node, s.Sum) and len(node.exclude) == 1 and node.exclude[0] in free_indices(node, context):
        return s.Sum(node.exclude[0], node, span=node.span)
    return node


def matters(named, variables, name) -> bool:
    return name.removeprefix("d ") in named and not (name.startswith("d ") and name[2:] not in variables)


def derives(claim) -> bool:
    return any(isinstance(one, (c.Partial, c.Differential)) for one in claim.nodes)
