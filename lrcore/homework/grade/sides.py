"""What a side of an equation still has to do, read off by crossing its derivatives out."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from lrcore.homework.grade.oracle import Oracle, plainly, terms, times
from lrcore.homework.release.tasks import Task
from lrcore.verify import names
from lrcore.verify import syntax as s

_INDEXED = (s.Sum, s.Entry, s.Delta)


class Sides:
    """The sides of one derivation, as its task sees them."""

    def __init__(self, task: Task, ask: Oracle):
        self.task, self.ask = task, ask

    def left_to_do(self, tree: s.Node) -> str:
        """``all``: crossing the derivatives out leaves zero; ``nothing``: it changes nothing; else ``some``."""
        crossed, count = self._crossed(tree, big=True)
        if not count:
            return "nothing"
        if self.ask.equal(crossed, times(s.ZERO, tree)):
            small, _ = self._crossed(tree, big=False)
            return "start" if self.ask.equal(small, tree) else "all"
        return "nothing" if self.ask.equal(crossed, tree) else "some"

    def _crossed(self, tree: s.Node, big: bool) -> tuple[s.Node, int]:
        """The tree with derivatives times 0, and how many; without ``big``, only those of what is linear."""
        count = 0

        def cross(node: s.Node) -> s.Node:
            nonlocal count
            degree = self._degree_of(node)
            if degree == 1 or (degree > 1 and big):
                count += 1
                return times(s.ZERO, node)
            return s.rebuild(node, cross)

        return cross(tree), count

    def _degree_of(self, node: s.Node) -> int:
        """The degree, in what it is taken by, of what a derivative is taken of; 0 for all that is no work."""
        if isinstance(node, s.Deriv):
            by = {name for name in self._symbols(node.wrt[0]) if self.rests(name)}
            degree = 0 if self._bare(node.f) else max((self.degree(node.f, name) for name in by), default=0)
            between = self.task.by not in by  # a derivative between two links alone, as that of r by r, shows nothing
            return 0 if between and degree == 1 and not self._is_named(node.f) else degree
        if isinstance(node, s.Diff):
            return 0 if self._bare(node.arg) and self._primitive(node.arg) else self.degree(node.arg, self.task.by)
        return 0

    def _bare(self, node: s.Node) -> bool:
        """Whether only one symbol stands there, so that differentiating it is no work: dw, or dw_l/dw_k."""
        return (isinstance(node, s.Name | s.Entry) and self._primitive(node)) or len(self._symbols(node)) == 0

    def _primitive(self, node: s.Node) -> bool:
        found = [self.task.context.lookup(name) for name in self._symbols(node)]
        return all(one is not None and one.definition is None for one in found)

    def _symbols(self, node: s.Node) -> set[str]:
        return {name for name in map(self._declared, _letters(node)) if self.task.context.lookup(name) is not None}

    def _declared(self, name: str) -> str:
        """The symbol that a name means: r_n is a row of R where no r is declared."""
        other = names.swap_case(name)
        return other if self.task.context.lookup(name) is None and self.task.context.lookup(other) else name

    def without_constants(self, node: s.Node) -> s.Node:
        """What is left of a product when factors that do not depend on what is varied are taken off."""
        while isinstance(node, s.Mul | s.Star | s.Div | s.Neg):
            varied = [one for one in s.children(node) if self._varies(one)]
            if len(varied) != 1 or (isinstance(node, s.Div) and varied[0] is not node.num):
                return node
            node = varied[0]
        return node

    def _varies(self, node: s.Node) -> bool:
        derived = any(isinstance(one, s.Deriv | s.Diff) for one in s.walk(node))
        return derived or any(map(self.rests, self._symbols(node)))

    def rests(self, name: str) -> bool:
        """Whether a symbol is what the task differentiates by, or is defined through it."""
        return name == self.task.by or self.task.by in self.task.context.depends(name)

    def degree(self, node: s.Node, name: str, depth: int = 0) -> int:
        """An upper bound of the degree of an expression in a name, through definitions."""
        if depth > 20:
            return 9
        if isinstance(node, s.Name):
            if self._declared(node.id) == name:
                return 1
            symbol = self.task.context.lookup(self._declared(node.id))
            inside = symbol.definition if symbol is not None else None
            return self.degree(inside, name, depth + 1) if inside is not None else 0
        if isinstance(node, s.Entry):
            return self.degree(node.base, name, depth)
        below = [self.degree(child, name, depth) for child in s.children(node)]
        if isinstance(node, s.Add | s.Block):
            return max(below, default=0)
        if isinstance(node, s.Pow) and isinstance(node.exponent, s.Num):
            return int(below[0] * node.exponent.value) if node.exponent.value > 0 else 9
        if isinstance(node, s.Call) and node.fn in ("norm2", "normf2"):
            return 2 * sum(below)
        return sum(below)

    def by_another(self, tree: s.Node) -> bool:
        """Whether all its differentials are of symbols that do not rest on what the task differentiates by."""
        found = [one.arg for one in s.walk(tree) if isinstance(one, s.Diff)]
        return bool(found) and not any(map(self.rests, set().union(*map(self._symbols, found))))

    def by_product_rule(self, tree: s.Node) -> bool:
        """Whether a sum has two terms with differentials of which one is the other, transposed: dr'r + r'dr."""
        for node in s.walk(tree):
            differentials = [] if not isinstance(node, s.Add) else [
                term for term in terms(node) if any(isinstance(one, s.Diff) for one in s.walk(term))
            ]  # fmt: skip
            for one, other in combinations(differentials, 2):
                if plainly(one) != plainly(other) and self.ask.equal(one, other):
                    return True
        return False

    # ------------------------------------------------------------------ what was asked

    def is_asked(self, tree: s.Node | None, whole: bool) -> bool:
        """Whether a side is what was asked for: the derivative, or (not ``whole``) an entry or the differential."""
        if isinstance(tree, s.Entry):
            return not whole and self.is_asked(tree.base, whole=False)
        if isinstance(tree, s.Diff):
            return not whole and self._is_the_loss(tree.arg)
        if not isinstance(tree, s.Deriv) or len(tree.wrt) != 1 or not self._is_the_loss(tree.f):
            return False
        by = tree.wrt[0]
        names = s.names(by) & {self.task.by}
        return bool(names) and (not whole or isinstance(by, s.Name) or not self.task.matrix)

    def _is_named(self, node: s.Node) -> bool:
        return self.task.of in s.names(node)

    def _is_the_loss(self, node: s.Node) -> bool:
        if isinstance(node, s.Name | s.At):
            return self.task.of in s.names(node)
        return self.degree(node, self.task.by) > 1 and self.ask.equal(node, self.ask.form(self.task.of))

    def mentions_loss(self, tree: s.Node) -> bool:
        return self.task.of in s.names(tree)

    def in_form(self, tree: s.Node) -> bool:
        return not self.task.matrix or not any(isinstance(node, _INDEXED) for node in s.walk(tree))

    # ------------------------------------------------------------------ a loss that is a sum

    def but_for_a_part(self, tree: s.Node, head: s.Node | None) -> bool:
        """Whether what is carried out is the derivative of some terms of the loss, and the rest is still to be done."""
        found = [(term, self.left_to_do(term)) for term in terms(tree)]
        done = [term for term, left in found if left == "nothing"]
        if not done or any(left == "some" for _, left in found):
            return False
        return any(self.ask.equal(s.Add(tuple(done)), _derivative_of(part, head)) for part in self._parts())

    def _parts(self) -> Iterator[s.Node]:
        """Some of the terms of what is differentiated, but not all of them."""
        symbol = self.task.context.lookup(self.task.of)
        found = [] if symbol is None or symbol.definition is None else list(terms(symbol.definition))
        for number in range(1, len(found)):
            yield from (s.Add(some) for some in combinations(found, number))

    def by_sum_rule(self, tree: s.Node) -> bool:
        """Whether the derivatives are those of parts of the loss, as the terms of its sum over the samples are, and
        none is that of a multiple of it.
        """
        parts = [
            node.f if isinstance(node, s.Deriv) else node.arg
            for node in s.walk(tree)
            if isinstance(node, s.Deriv | s.Diff)
        ]
        whole = [self.mentions_loss(part) or self._is_multiple(part) for part in parts]
        summed = any(
            isinstance(node, s.Deriv | s.Diff)
            for one in s.walk(tree)
            if isinstance(one, s.Sum)
            for node in s.walk(one.body)
        )
        return (len(parts) > 1 or summed) and not any(whole)

    def _is_multiple(self, part: s.Node) -> bool:
        return any(self.ask.equal(times(one, part), self.ask.form(self.task.of)) for one in self.ask.factors())


def _letters(node: s.Node) -> set[str]:
    """The names in it that are no indices of entries."""
    if isinstance(node, s.Name):
        return {node.id}
    below = (node.base,) if isinstance(node, s.Entry) else s.children(node)
    return set().union(*map(_letters, below))


def _derivative_of(part: s.Node, head: s.Node | None) -> s.Node:
    """The derivative that a chain begins with, taken of something else."""
    if isinstance(head, s.Entry):
        return replace(head, base=_derivative_of(part, head.base))
    return replace(head, f=part) if isinstance(head, s.Deriv) else s.Diff(part)
