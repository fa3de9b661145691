"""What the steps of a derivation show, each by itself: where a chain begins, how far a side has come."""

import re
from dataclasses import dataclass
from functools import cached_property

from lrcore.homework.grade.oracle import Oracle, plainly, terms, times
from lrcore.homework.grade.own_letters import own
from lrcore.homework.grade.sides import Sides
from lrcore.homework.release.tasks import Task
from lrcore.verify import Context, Examined, NotDerived, Problem, Step, Verdict, derive
from lrcore.verify import syntax as s

STAGES = {
    "derivative": ("takes the derivative apart", "carries it out", "writes it as was asked"),
    "solve": ("takes the derivative apart", "carries it out", "states the normal equations", "solves them"),
    "rewrite": ("multiplies out", "gathers the answer"),
}
APART, DONE = 1, 2  # stages of a derivative; 0 is what was asked
_SUPPOSED = re.compile(r"\b(?:assum|suppos)\w*(?:\s+(?:that|we|have|now))*[\s,:(]*(?:\$\$?|\\\[|\\\()?\s*$", re.I)


@dataclass(frozen=True)
class Seen:
    """A derivation as its task sees it: ``given`` is the task as set, ``task`` with the student's own letters."""

    given: Task
    task: Task
    found: Examined
    ask: Oracle
    sides: Sides

    # ------------------------------------------------------------------ what was asked

    def asked(self) -> str:
        if self.task.kind == "rewrite":
            return self.task.begins
        return rf"\frac{{\partial {self.task.of}}}{{\partial {self.task.by}}}"

    def derivative(self) -> s.Node:
        return self.ask.form(rf"\frac{{\partial {self.task.of}}}{{\partial {self._by()}}}")

    def _by(self) -> str:
        return self.task.by if len(self.task.by) == 1 else "\\" + self.task.by.lstrip("\\")

    def begins_with(self, head: s.Node | None) -> str:
        """What a chain begins with: what is asked, the loss that is written out, the given side, a part, or else."""
        if head is None:
            return ""
        if self.task.kind == "rewrite":
            begins = self.ask.form(self.task.begins)
            head = self._unnamed(head.base if isinstance(head, s.Entry) else head, begins)
            return "begins" if plainly(head) == plainly(begins) or self.ask.equal(head, begins) else ""
        bare = self.sides.without_constants(head)
        if self.sides.is_asked(bare.arg if isinstance(bare, s.T | s.Prime) else bare, whole=False):
            return "asked"
        if isinstance(head, s.Name | s.At) and self.task.of in s.names(head):
            return "loss"
        return "part" if derivatives(head) else ""

    def _unnamed(self, head: s.Node, begins: s.Node) -> s.Node:
        """What the task begins with, where a letter of the student's own is defined as that; all else as it is."""
        symbol = self.task.context.lookup(head.id) if isinstance(head, s.Name) else None
        named = symbol is not None and symbol.definition is not None and plainly(symbol.definition) == plainly(begins)
        return begins if named else head

    def is_supposed(self, step: Step) -> bool:
        """Whether the words before an equation say that it is assumed."""
        return bool(step.sides and _SUPPOSED.search(self.found.report.text[: step.sides[0][0]][-60:]))

    def says_nothing(self, step: Step) -> bool:
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        return left is None or right is None or plainly(left) == plainly(right)

    def same(self, step: Step, meant: tuple[str, str]) -> bool:
        return self.ask.same_equation(self.ask.tree(step.left), self.ask.tree(step.right), meant)

    def is_given(self, step: Step) -> bool:
        """Whether an equation is the one that may be assumed, or that with its terms on other sides."""
        assert self.task.given is not None
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        if left is None or right is None:
            return False
        given = tuple(map(self.ask.form, self.task.given))
        apart = s.Add((left, s.neg(right)))
        meant = given[0] if s.is_zero(given[1]) else s.Add((given[0], s.neg(given[1])))
        return any(self.ask.equal(times(one, apart), meant) for one in self.ask.factors(signs=True))

    def writes_sums(self) -> bool:
        """Whether a side writes a sum out: then one that is left out may have been forgotten."""
        sides = (self.ask.tree(text) for step in self.found.report.steps for text in (step.left, step.right))
        return any(isinstance(node, s.Sum) for side in sides if side is not None for node in s.walk(side))

    def by_a_letter(self, *sides: s.Node | None) -> str:
        """A letter of the student's own by which something is differentiated that is not known to rest on it."""
        own_names = set(own(self.task.context, self.given.context))
        for node in (one for side in sides if side is not None for one in s.walk(side)):
            if isinstance(node, s.Deriv) and len(node.wrt) == 1:
                by = s.names(node.wrt[0]) & own_names
                below = set().union(*map(self.task.context.depends, s.names(node.f))) | s.names(node.f)
                if by and not by & below and any(map(self._is_between, s.names(node.f))):
                    return min(by)
        return ""

    def redefines(self, step: Step) -> bool:
        """Whether a line gives a new meaning to a symbol of the task."""
        refused = step.relation == ":=" and step.verdict is Verdict.ILL_TYPED
        if not refused and step.verdict is not Verdict.DEFINITION:
            return False
        tree = self.ask.tree(step.left)
        tree = tree.base if isinstance(tree, s.Entry) else tree
        name = tree.id if isinstance(tree, s.Name) else next(iter(s.names(tree)), "") if tree else ""
        symbol = self.given.context.lookup(name)
        return self.task.context.is_size(name) or (symbol is not None and (refused or symbol.definition is None))

    def stage_of(self, step: Step, kind: str, head: s.Node | None, nothing_apart: bool = False) -> int:
        """The stage of the right side of a step."""
        after = self.ask.tree(step.right)
        if after is None:
            return 0
        if kind == "asked":
            return self.level(after, head, nothing_apart)
        if kind == "loss":
            return APART if self._written_out(after) else 0
        if kind == "part":
            part = self._is_a_part(head) and not s.is_zero(
                after
            )  # that a difference of equals is constant shows nothing
            return APART if part and self.level(after) >= DONE else 0
        return 0

    def level(self, side: s.Node, head: s.Node | None = None, nothing_apart: bool = False) -> int:
        """The stage that a side has reached: 0 where nothing is done, up to the answer as it was asked."""
        side = self._opened(side)
        if isinstance(side, s.Build):  # an array of dots is as far as its entries are
            return min(DONE, self.level(side.body, head, nothing_apart))
        if self.sides.by_another(side):
            return 0
        if any(self.sides.is_asked(one, whole=False) for one in s.walk(side)):
            return 0
        left = self.sides.left_to_do(side)
        if left == "start":
            return APART if self.sides.by_sum_rule(side) else 0
        if left == "all" or (left == "some" and head is not None and self.sides.but_for_a_part(side, head)):
            return APART
        if left != "nothing":
            return 0
        if self.sides.by_product_rule(side) or (nothing_apart and self._is_termwise(side)):
            return APART
        if self.sides.mentions_loss(side):
            return 0
        if self.task.kind == "solve":
            return DONE
        whole = head is not None and self.sides.is_asked(head, whole=True)
        return DONE + 1 if whole and self.sides.in_form(side) else DONE

    def _is_termwise(self, side: s.Node) -> bool:
        """Whether the squares that the loss was written out in are left standing: each term was derived by itself."""
        if not any(isinstance(one, s.Sum) for one in s.walk(side)):
            return False
        written = (step.right for step in self.found.report.steps if step.left == self.task.of and step.verdict.holds)
        trees = [tree for tree in map(self.ask.tree, written) if tree is not None]
        squares = [one.base for tree in trees for one in s.walk(tree) if isinstance(one, s.Pow)]
        inner = [plainly(one) for one in squares if holds_a_sum(one) and self.task.by in s.names(one)]
        return any(plainly(one) in inner for one in s.walk(side))

    def _opened(self, side: s.Node) -> s.Node:
        """The side with a letter of the student's own put in that hides a derivative or the loss."""
        for name in s.names(side):
            symbol = self.task.context.lookup(name)
            if symbol is None or symbol.definition is None or self.given.context.lookup(name) is not None:
                continue
            if derivatives(symbol.definition) or self.task.of in s.names(symbol.definition):
                return self._opened(s.substitute(side, {name: symbol.definition}))
        return side

    def _written_out(self, side: s.Node) -> bool:
        """Whether the loss is multiplied out: a sum in which no square and no product of sums holds what is varied."""
        by, degree = self.task.by, self.sides.degree
        side = self._without_factor(side)
        if any(map(self._is_between, s.names(side))) or len(list(terms(side))) < 2:
            return False
        for node in s.walk(side):
            within = [one for one in s.children(node) if degree(one, by) and _is_a_sum(one)]
            if isinstance(node, s.Add):
                continue
            squared = isinstance(node, s.Pow) or (isinstance(node, s.Call) and node.fn.startswith("norm"))
            if len(within) > (0 if squared else 1):
                return False
        return True

    def _without_factor(self, side: s.Node) -> s.Node:
        """What a number or a trace stands in front of."""
        while isinstance(side, s.Mul | s.Star | s.Div | s.Neg) or (isinstance(side, s.Call) and side.fn == "tr"):
            held = [one for one in s.children(side) if self.sides.degree(one, self.task.by)]
            if len(held) != 1:
                break
            side = held[0]
        return side

    def _is_between(self, name: str) -> bool:
        """Whether a symbol is defined through what the task differentiates by."""
        return name != self.task.by and self.sides.rests(name)

    def _is_a_part(self, head: s.Node | None) -> bool:
        """Whether a derivative is one that the chain rule needs: of the loss by a symbol on the way, or of that."""
        if isinstance(head, s.T | s.Entry):
            return self._is_a_part(next(iter(s.children(head))))
        if isinstance(head, s.Diff):
            f, by = head.arg, self.task.by
        elif isinstance(head, s.Deriv):
            if len(head.wrt) != 1:
                return False
            f, by = head.f, next((name for name in s.names(head.wrt[0]) if self.task.context.lookup(name)), "")
        else:
            return False
        known = self.task.context.depends(self.task.of) | {self.task.of}
        used = {name for name in s.names(f) if self.task.context.lookup(name) is not None}
        own = {name for name in used if self.given.context.lookup(name) is None}
        if used == {self.task.by} and self.sides.degree(f, self.task.by) < 2:
            return False
        if by == self.task.by:
            return self.sides.degree(f, by) > 0 and used - own <= known
        return self._is_between(by) and (self.task.of in used or any(map(self._is_between, used))) and f != s.Name(by)

    @cached_property
    def way(self) -> tuple[str, ...]:
        """The rules of the whole way, found by the engine of reasons."""
        try:
            return derive(self.task.of, self._by(), self.given.context, "rules").rules
        except (NotDerived, Problem, RecursionError):
            return ()

    def solved(self, step: Step) -> int:
        """The stage that an equation reaches: that of the normal equations, or the last where it is solved for."""
        if step.verdict not in (Verdict.PROVED, Verdict.CONDITION):
            return 0
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        if left is None or right is None or derivatives(left) or derivatives(right):
            return 0
        ends = self.task.ends
        alone = plainly(left) == s.Name(self.task.by) and self.sides.degree(right, self.task.by) == 0
        if alone and (self.same(step, (ends[0], ends[1])) if ends else self.leans_on_the_condition(step)):
            return len(STAGES[self.task.kind])
        sides = [{self._holds_the_unknown(one) for one in terms(side)} for side in (left, right)]
        apart = sides in ([{True}, {False}], [{False}, {True}]) and not (s.is_zero(left) or s.is_zero(right))
        rests = self.leans_on_the_condition(step) if step.verdict is Verdict.PROVED else self.is_given(step)
        return DONE + 1 if apart and rests else 0

    def leans_on_the_condition(self, step: Step) -> bool:
        return bool(step.follows_from)

    def _holds_the_unknown(self, term: s.Node) -> bool:
        return self.sides.degree(term, self.task.by) > 0

    def gathered(self, side: s.Node) -> bool:
        """Whether a sum has the terms that were asked for, or a term for each of the symbols that were."""
        if self.ask.has_terms(side, self.task.ends):
            return True
        wanted = [plainly(self.ask.form(one)) for one in self.task.ends]
        if not all(isinstance(one, s.Name | s.Special) for one in wanted):
            return False
        for term in terms(side):
            match = next((one for one in wanted if one in _factors(plainly(term))), None)
            if match is None or self.hides_a_sum(term):
                return False
            wanted.remove(match)
        return not wanted

    def hides_a_sum(self, node: s.Node, context: Context | None = None) -> bool:
        """Whether a symbol that the task defines is left in it, here or (with a context) under a student's letter."""
        for name in s.names(node):
            given = self.given.context.lookup(name)
            if given is not None and given.definition is not None:
                return True
            letter = context.lookup(name) if context is not None and given is None else None
            if letter is not None and letter.definition and self.hides_a_sum(letter.definition, context):
                return True
        return False


def derivatives(node: s.Node) -> bool:
    return any(isinstance(one, s.Deriv | s.Diff) for one in s.walk(node))


def _factors(node: s.Node) -> list[s.Node]:
    if isinstance(node, s.Mul):
        return [inner for one in node.factors for inner in _factors(one)]
    return _factors(node.arg) if isinstance(node, s.Neg) else [node]


def holds_a_sum(node: s.Node) -> bool:
    return any(isinstance(one, s.Add) for one in s.walk(node))


def _is_a_sum(node: s.Node) -> bool:
    while isinstance(node, s.T | s.Neg):
        node = next(iter(s.children(node)))
    return isinstance(node, s.Add)
