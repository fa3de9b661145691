r"""What a derivation is worth: where it starts, where it ends, whether the lines between hold, and how far each goes.

A way has stages. For a gradient: the derivative is taken apart; it is carried out; it is written as was asked. A step
that takes apart and carries out at once is a jump: the engine of reasons says which rules lie between, and it loses
(size - limit) / (size of the whole way) of the points. What is still to be done on a side is read off by crossing its
derivatives out (:mod:`lrcore.homework.grade.sides`), so that what cancels, or is 0, or the derivative of a symbol by
itself, counts for nothing. A wrong line costs the stages that it covers, once. What the machine cannot decide goes to a
person, with the reason.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from lrcore.homework.grade.oracle import Oracle, plainly, terms, times
from lrcore.homework.grade.own_letters import linked, own
from lrcore.homework.grade.sides import Sides
from lrcore.homework.release.tasks import DerivationMark, Lost, Task
from lrcore.verify import (
    LAYOUTS,
    STUMBLED,
    Context,
    Examined,
    NotDerived,
    Options,
    Problem,
    Step,
    Verdict,
    derive,
    examine,
    explain,
    meant,
)
from lrcore.verify import syntax as s

LONGEST = 8_000
_MOST_NAMED = 3  # rules that are named beside a line
_LOOKED_FOR = 40  # lines that are tried to find them
STAGES = {
    "derivative": ("takes the derivative apart", "carries it out", "writes it as was asked"),
    "solve": ("takes the derivative apart", "carries it out", "states the normal equations", "solves them"),
    "rewrite": ("multiplies out", "gathers the answer"),
}
_SUPPOSED = re.compile(r"\b(?:assum|suppos)\w*(?:\s+(?:that|we|have|now))*[\s,:(]*(?:\$\$?|\\\[|\\\()?\s*$", re.I)
_IMPLIED = "an index that stands twice is summed over"  # said by the checker of a step
_BRIEF = Options(repairs=3)
_DEFINITIONS = {"definition unfolded", "definition folded", "definition"}
_RULES_TO_SOLVE = 4  # set to zero, move a term, factor out, multiply by the inverse
_APART, _DONE = 1, 2  # stages of a derivative; 0 is what was asked


def mark(text: str, task: Task) -> DerivationMark:
    """Mark a derivation typed by a student, in LaTeX or in the NumPy-like language."""
    if len(text) > LONGEST:
        return _nothing(
            task, f"It is {len(text)} characters long, and at most {LONGEST} are read: leave out what is not needed."
        )
    if not text.strip():
        return _nothing(task, "Nothing was written.")
    found = _examined(text, task, task.context)
    if not found.report.steps:
        return _nothing(task, "No equation was found in it; write each line with an equals sign.")
    return _Marking(task, found).result()


def _examined(text: str, task: Task, context: Context) -> Examined:
    """The lines, decided: in the layout in which most of them have a meaning, with the student's letters linked in."""
    options = replace(_BRIEF, follow=task.given is not None)
    found = examine(text, context, options)
    if own(found.context, task.context):
        context_of_both = linked(found.context, task.context, Oracle(found.context, found.report.text))
        if context_of_both is not None:
            context = context_of_both
            found = examine(text, context, options)
    if not any(step.verdict is Verdict.ILL_TYPED for step in found.report.steps):
        return found
    others = []
    for layout in LAYOUTS:
        other = context.copy()
        other.layout = layout
        if layout != context.layout:
            others.append(examine(text, other, options))
    return min((found, *others), key=_misfits)


def _misfits(found: Examined) -> int:
    """How many lines do not hold."""
    return sum(not step.verdict.holds and step.verdict is not Verdict.CONDITION for step in found.report.steps)


def _nothing(task: Task, says: str) -> DerivationMark:
    return DerivationMark(0.0, task.points, says, tuple((one, False) for one in STAGES[task.kind]))


class _Marking:
    """One derivation on its way through the stages."""

    def __init__(self, task: Task, found: Examined):
        self.given_task, self.found, self.report = task, found, found.report
        self.task = task.within(found.context)
        self.ask = Oracle(found.context, found.report.text)
        self.sides = Sides(self.task, self.ask)
        self.stages = STAGES[task.kind]
        self.at = 0  # the stage that is reached, by a good line or a bad one
        self.earned: set[int] = set()
        self.lost: list[Lost] = []
        self.between: tuple[str, ...] = ()
        self.wrong: list[int] = []
        self.reasons: list[str] = []  # why a person has to look
        self.notes: list[str] = []
        self.lines = [""] * len(self.report.steps)
        self.good = [False] * len(self.report.steps)
        self.carried = ""
        self.started = False
        self.mistake = ""
        self.slips: set[int] = set()  # wrong only by a sign or a factor
        self.beside: set[int] = set()  # lines that follow from a mistake, which has cost its points
        self.astray = False  # the last line about what is asked does not hold, and nothing has come back to it
        self.posed = False  # the equation that may be assumed was written out
        self.assumed = False  # something was assumed that the task has not given
        self.led_nowhere: set[int] = set()  # wrong lines that nothing can follow: what they cover is missing at the end

    # ------------------------------------------------------------------ the result

    def result(self) -> DerivationMark:
        for chain in self._chains():
            if not self._walk(chain):
                break
        if self.ask.out_of_work:
            self.reasons.append("A comparison needed too much work; a person has to read it.")
        self._ending()
        share = max(0.0, 1.0 - sum(one.share for one in self.lost))
        points = round(share * self.task.points, 2)
        shows = tuple((says, k + 1 in self.earned) for k, says in enumerate(self.stages))
        person = bool(self.reasons) and points < self.task.points
        first = min(self.wrong) if self.wrong else None
        return DerivationMark(
            points,
            self.task.points,
            self._says(points),
            shows,
            tuple(self.lines),
            tuple(self.lost),
            self.between,
            first,
            person,
            self.report,
            self.mistake,
            tuple(self.good),
        )

    def _ending(self) -> None:
        """What is missing at the end; where every line is proved, only what can be shown costs points."""
        last, whole = self.at, len(self.stages)
        if last >= whole:
            return
        unseen = [k for k in range(last + 1, whole + 1) if k not in self.earned]
        if not unseen:
            return
        missing = ", then ".join(self.stages[k - 1] for k in unseen)
        if self.started or last:
            says = f"It does not end at the answer: no line that holds {missing}."
        else:
            says = f"No line starts at what is asked: it begins with {self._asked()}."
        self.lost.append(Lost(max(0.0, len(unseen) / whole - self._paid()), says))
        if self.report.ok and not self.wrong and not last and self._answer_stands_there():
            self.reasons.append(
                "The answer stands there, but not on a way from what is asked; a person has to read it."
            )

    def _paid(self) -> float:
        """What wrong lines have cost that nothing could follow: it is not to be paid again where it is missing."""
        return sum(one.share for one in self.lost if one.line in self.led_nowhere)

    def _asked(self) -> str:
        if self.task.kind == "rewrite":
            return self.task.begins
        return rf"\frac{{\partial {self.task.of}}}{{\partial {self.task.by}}}"

    def _answer_stands_there(self) -> bool:
        """Whether a side that is no repetition says the answer, and was not assumed."""
        if self.started:
            return False
        for step in self.report.steps:
            if step.verdict is not Verdict.PROVED or step.left == step.right:
                continue
            head, end = self.ask.tree(step.left), self.ask.tree(step.right)
            if head is None or end is None or self._level(end) < _DONE or not _derivatives(head):
                continue
            if self.ask.equal(end, self._derivative()):
                return True
        return False

    def _derivative(self) -> s.Node:
        return self.ask.form(rf"\frac{{\partial {self.task.of}}}{{\partial {self._by()}}}")

    def _by(self) -> str:
        return self.task.by if len(self.task.by) == 1 else "\\" + self.task.by.lstrip("\\")

    # ------------------------------------------------------------------ one chain

    def _chains(self) -> Iterator[list[int]]:
        """The steps of each chain of equals signs."""
        chain: list[int] = []
        for place, step in enumerate(self.report.steps):
            if chain and step.left != self.report.steps[chain[-1]].right:
                yield chain
                chain = []
            chain.append(place)
        yield chain

    def _walk(self, chain: list[int]) -> bool:
        """Go through one chain; False where marking has to stop."""
        head = self.ask.tree(self.report.steps[chain[0]].left)
        kind = self._head(head)
        self.started = self.started or kind in ("asked", "begins")
        sound, afresh = True, False
        for place in chain:
            step = self.report.steps[place]
            if self._redefines(step):
                self._wrong(place, 1)
                self.notes.append(f"Line {place + 1} gives a new meaning to a symbol that the task has given.")
                return False
            if step.verdict is Verdict.DEFINITION:
                self.lines[place], self.good[place] = "a definition", True
                continue
            before = self.at
            holds, follows = self._judge(place, step, kind, place == chain[0])
            if kind == "asked" and holds and place not in self.beside and self.astray:
                afresh = afresh or self._reach(step, kind, head) == _APART
                self.astray = not afresh
            if sound and (holds or follows) and not self._says_nothing(step):
                self._step(place, step, kind, holds, head)
            if not holds and place in self.wrong:
                covered = max(1, self._reach(step, kind, head) - before)
                slip = (
                    place in self.slips and before >= _APART
                )  # a sign or a factor, lost where a derivative is carried out
                self._wrong_costs(place, 1 if slip else covered)
                self.astray = self.task.kind == "derivative"
                if not follows:
                    self.led_nowhere.add(place)
            sound = sound and (holds or follows)
            self.good[place] = holds and place not in self.beside
            self.lines[place] = self._with_rules(place, step, self.lines[place] or self._plainly_says(step, holds))
        return True

    def _plainly_says(self, step: Step, holds: bool) -> str:
        if holds and step.left == step.right:
            return "holds; it says the same again and earns nothing"
        return "holds" if holds else ""

    def _with_rules(self, place: int, step: Step, words: str) -> str:
        """The words for a line that holds, with the rules that it takes where they are few."""
        plain = words == "holds" or words.startswith("holds; ")
        decided = self.found.decided.get(place) if plain and step.verdict is Verdict.PROVED else None
        if decided is None or decided.relation != "=" or step.left == step.right:
            return words
        why = explain(decided, self.found.context, _LOOKED_FOR)
        rules = list(dict.fromkeys(why.rules)) if why.size is not None else []
        return f"holds: {', '.join(rules)}{words[5:]}" if 0 < len(rules) <= _MOST_NAMED else words

    def _says_nothing(self, step: Step) -> bool:
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        return left is None or right is None or plainly(left) == plainly(right)

    def _head(self, head: s.Node | None) -> str:
        """What a chain begins with: what is asked, the loss that is written out, the given side, a part, or else."""
        if head is None:
            return ""
        if self.task.kind == "rewrite":
            begins = self.ask.form(self.task.begins)
            head = head.base if isinstance(head, s.Entry) else head
            return "begins" if plainly(head) == plainly(begins) or self.ask.equal(head, begins) else ""
        if self.sides.is_asked(self.sides.without_constants(head), whole=False):
            return "asked"
        if isinstance(head, s.Name | s.At) and self.task.of in s.names(head):
            return "loss"
        return "part" if _derivatives(head) else ""

    def _judge(self, place: int, step: Step, kind: str, first: bool) -> tuple[bool, bool]:
        """Whether a step holds, and whether what comes after it can still be followed."""
        if step.verdict is Verdict.PROVED:
            leaning = (self.task.given is None or self.assumed) and self._leans_on_the_condition(step)
            if leaning:
                self.notes.append(f"Line {place + 1} rests on an equation that was assumed and earns nothing.")
            if _IMPLIED in step.assumes and self._writes_sums():
                said = f"Line {place + 1} leaves out a sum, and other lines write theirs; a person has to read it."
                self.reasons.append(said)
                return False, True
            return not leaning, True
        if step.verdict in (Verdict.CONDITION, Verdict.STATIONARY):
            if self.task.given is not None and self._is_given(step):
                self.lines[place] = "the condition that may be assumed"
                sides = (self.ask.tree(step.left), self.ask.tree(step.right))
                self.posed = self.posed or not any(side is None or _derivatives(side) for side in sides)
                return True, True
            self.wrong.append(place)
            self.assumed = True
            self.notes.append(f"Line {place + 1} does not hold in general, and the task has not given it.")
            return False, False
        if step.verdict is Verdict.CHECKED and self.assumed:
            return False, True  # it rests on what was assumed, which has cost its points
        if step.verdict is Verdict.CHECKED:
            self.reasons.append(f"Line {place + 1} agrees with numbers but was not proved; a person has to read it.")
            return False, True
        if step.verdict is Verdict.UNREADABLE or (step.verdict is Verdict.ILL_TYPED and step.relation == ":="):
            self.reasons.append(f"Line {place + 1} could not be read ({step.message}); a person has to read it.")
            return False, True
        if step.out_of_work or step.message.startswith(STUMBLED):
            self.reasons.append(f"Line {place + 1} was not decided by the checker; a person has to read it.")
            return False, True
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        if letter := self._by_a_letter(left, right):
            said = f"How what line {place + 1} differentiates rests on {letter} is not known; a person has to read it."
            self.reasons.append(said)
            return False, True
        factor = self.ask.factor(left, right) if step.verdict is Verdict.REFUTED else ""
        if kind == "asked" and first and factor and factor == self.carried:
            self.lines[place] = "follows from the mistake before, which has cost its points"
            self.beside.add(place)
            return True, True
        self.carried = self.carried or factor
        if not self.wrong:
            self._name_the_mistake(place, step)
        self.wrong.append(place)
        if factor:
            self.slips.add(place)
        return False, bool(step.repair or factor)

    def _by_a_letter(self, *sides: s.Node | None) -> str:
        """A letter of the student's own by which something is differentiated that is not known to rest on it."""
        own_names = set(own(self.task.context, self.given_task.context))
        for node in (one for side in sides if side is not None for one in s.walk(side)):
            if isinstance(node, s.Deriv) and len(node.wrt) == 1:
                by = s.names(node.wrt[0]) & own_names
                below = set().union(*map(self.task.context.depends, s.names(node.f))) | s.names(node.f)
                if by and not by & below and any(map(self._rests, s.names(node.f))):
                    return min(by)
        return ""

    def _name_the_mistake(self, place: int, step: Step) -> None:
        decided = self.found.decided.get(place)
        if decided is not None and step.mended:
            said = meant(decided, step.mended, step.mended_side, self.found.context)
            if said is not None:
                self.mistake = str(said)

    def _writes_sums(self) -> bool:
        """Whether a side writes a sum out: then one that is left out may have been forgotten."""
        sides = (self.ask.tree(text) for step in self.report.steps for text in (step.left, step.right))
        return any(isinstance(node, s.Sum) for side in sides if side is not None for node in s.walk(side))

    def _is_given(self, step: Step) -> bool:
        """Whether an equation is the one that may be assumed, or that with its terms on other sides."""
        assert self.task.given is not None
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        if left is None or right is None:
            return False
        given = tuple(map(self.ask.form, self.task.given))
        apart = s.Add((left, s.neg(right)))
        meant = given[0] if s.is_zero(given[1]) else s.Add((given[0], s.neg(given[1])))
        return any(self.ask.equal(times(one, apart), meant) for one in self.ask.factors(signs=True))

    def _same(self, step: Step, meant: tuple[str, str]) -> bool:
        return self.ask.same_equation(self.ask.tree(step.left), self.ask.tree(step.right), meant)

    def _redefines(self, step: Step) -> bool:
        """Whether a line gives a new meaning to a symbol of the task."""
        refused = step.relation == ":=" and step.verdict is Verdict.ILL_TYPED
        if not refused and step.verdict is not Verdict.DEFINITION:
            return False
        tree = self.ask.tree(step.left)
        tree = tree.base if isinstance(tree, s.Entry) else tree
        name = tree.id if isinstance(tree, s.Name) else next(iter(s.names(tree)), "") if tree else ""
        symbol = self.given_task.context.lookup(name)
        return self.task.context.is_size(name) or (symbol is not None and (refused or symbol.definition is None))

    def _wrong(self, place: int, covers: int) -> None:
        self.wrong.append(place)
        self._wrong_costs(place, covers)

    def _wrong_costs(self, place: int, covers: int) -> None:
        self.lost.append(Lost(covers / len(self.stages), f"Line {place + 1} does not hold.", place))

    # ------------------------------------------------------------------ what a step reaches

    def _reach(self, step: Step, kind: str, head: s.Node | None) -> int:
        """The stage of the right side of a step."""
        after = self.ask.tree(step.right)
        if after is None:
            return 0
        if kind == "asked":
            return self._level(after, head)
        if kind == "loss":
            return _APART if self._written_out(after) else 0
        if kind == "part":
            return _APART if self._is_a_part(head) and self._level(after) >= _DONE else 0
        return 0

    def _step(self, place: int, step: Step, kind: str, holds: bool, head: s.Node | None) -> None:
        if self.task.kind == "rewrite":
            if kind == "begins" and holds:
                self._rewritten(place, step)
            return
        reached = self._reach(step, kind, head)
        assumed = step.verdict in (Verdict.CONDITION, Verdict.STATIONARY)
        if self.task.kind == "solve" and assumed:
            reached = self._solved(step)
        elif self.task.kind == "solve" and kind == "":
            reached = self._solved(step) if holds else 0
            if reached > self.at + 1 and reached > _DONE and self.at >= _DONE:
                self._jump_over_an_equation(place)
                self.at += 1
        elif kind == "asked" and self.astray and reached > self.at and holds and place not in self.beside:
            self._pasted(place, reached)
            return
        elif kind == "asked" and self.at < _APART and reached >= _DONE and holds and self._is_supposed(step):
            self._pasted(place, reached, "is assumed, and not derived")
            return
        elif kind == "asked" and self.at < _APART and reached >= _DONE and holds:
            self._jump(place, head)
            self.at = _APART
        slip = place in self.slips and self.at >= _APART
        self._arrive(place, reached, holds, slip)

    def _is_supposed(self, step: Step) -> bool:
        """Whether the words before an equation say that it is assumed."""
        return bool(step.sides and _SUPPOSED.search(self.report.text[: step.sides[0][0]][-60:]))

    def _pasted(self, place: int, reached: int, why: str = "does not follow from the lines before it") -> None:
        """What is asked stands there, behind a line that does not hold and does not lead to it."""
        share = max(0.0, (reached - self.at) / len(self.stages) - self._paid())
        self.at = reached
        self.lines[place] = f"holds, but {why}"
        self.lost.append(Lost(share, f"Line {place + 1} {why}.", place))

    def _arrive(self, place: int, reached: int, holds: bool, slip: bool = False) -> None:
        if reached <= self.at:
            return
        if reached > _DONE and self.task.kind == "solve" and self.at < _DONE:
            stated = self.posed or reached == _DONE + 1 or _DONE + 1 in self.earned
            if holds and reached not in self.earned and stated:  # solving alone, without the gradient
                self.earned.add(reached)
            return
        new = range(self.at + 1, reached + 1)
        self.at = reached
        if slip:
            self.earned.update(new[1:])
        if holds:
            self.earned.update(new)
            share = self.task.points * len(new) / len(self.stages)
            says = " and ".join(self.stages[k - 1] for k in new)
            self.lines[place] = self.lines[place] or f"holds; {says} ({share:.3g} points)"
        elif place not in self.wrong:
            self.lost.append(Lost(len(new) / len(self.stages), f"Line {place + 1} was not proved.", place))

    # ------------------------------------------------------------------ derivatives

    def _level(self, side: s.Node, head: s.Node | None = None) -> int:
        """The stage that a side has reached: 0 where nothing is done, up to the answer as it was asked."""
        side = self._opened(side)
        if isinstance(side, s.Build):  # an array of dots is as far as its entries are
            return min(_DONE, self._level(side.body, head))
        if self.sides.by_another(side):
            return 0
        if any(self.sides.is_asked(one, whole=False) for one in s.walk(side)):
            return 0
        left = self.sides.left_to_do(side)
        if left == "start":
            return _APART if self.sides.by_sum_rule(side) else 0
        if left == "all" or (left == "some" and head is not None and self.sides.but_for_a_part(side, head)):
            return _APART
        if left != "nothing":
            return 0
        if self.sides.by_product_rule(side) or (self.at < _APART and self._is_termwise(side)):
            return _APART
        if self.sides.mentions_loss(side):
            return 0
        if self.task.kind == "solve":
            return _DONE
        whole = head is not None and self.sides.is_asked(head, whole=True)
        return _DONE + 1 if whole and self.sides.in_form(side) else _DONE

    def _is_termwise(self, side: s.Node) -> bool:
        """Whether the squares that the loss was written out in are left standing: each term was derived by itself."""
        if not any(isinstance(one, s.Sum) for one in s.walk(side)):
            return False
        written = (step.right for step in self.report.steps if step.left == self.task.of and step.verdict.holds)
        trees = [tree for tree in map(self.ask.tree, written) if tree is not None]
        squares = [one.base for tree in trees for one in s.walk(tree) if isinstance(one, s.Pow)]
        inner = [plainly(one) for one in squares if _holds_a_sum(one) and self.task.by in s.names(one)]
        return any(plainly(one) in inner for one in s.walk(side))

    def _opened(self, side: s.Node) -> s.Node:
        """The side with a letter of the student's own put in that hides a derivative or the loss."""
        for name in s.names(side):
            symbol = self.task.context.lookup(name)
            if symbol is None or symbol.definition is None or self.given_task.context.lookup(name) is not None:
                continue
            if _derivatives(symbol.definition) or self.task.of in s.names(symbol.definition):
                return self._opened(s.substitute(side, {name: symbol.definition}))
        return side

    def _written_out(self, side: s.Node) -> bool:
        """Whether the loss is multiplied out: a sum in which no square and no product of sums holds what is varied."""
        by, degree = self.task.by, self.sides.degree
        side = self._without_factor(side)
        if any(map(self._rests, s.names(side))) or len(list(terms(side))) < 2:
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
        """What a number stands in front of."""
        while isinstance(side, s.Mul | s.Star | s.Div | s.Neg):
            held = [one for one in s.children(side) if self.sides.degree(one, self.task.by)]
            if len(held) != 1:
                break
            side = held[0]
        return side

    def _rests(self, name: str) -> bool:
        return name != self.task.by and self.task.by in self.task.context.depends(name)

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
        own = {name for name in used if self.given_task.context.lookup(name) is None}
        if isinstance(f, s.Name | s.Entry) and used == {self.task.by}:
            return False
        if by == self.task.by:
            return self.sides.degree(f, by) > 0 and used - own <= known
        return self._rests(by) and (self.task.of in used or any(map(self._rests, used))) and f != s.Name(by)

    # ------------------------------------------------------------------ jumps

    @cached_property
    def _way(self) -> tuple[str, ...]:
        """The rules of the whole way, found by the engine of reasons."""
        context = self.given_task.context
        style = "rules"
        try:
            return derive(self.task.of, self._by(), context, style).rules
        except (NotDerived, Problem, RecursionError):
            return ()

    def _jump(self, place: int, head: s.Node | None) -> None:
        rules = self._way
        by = head.wrt[0] if isinstance(head, s.Deriv) else None
        if isinstance(by, s.Call):  # by vec(W): the way was measured by another one
            rules = ()
        self._goes_over(place, rules, len(rules) + (_RULES_TO_SOLVE if self.task.kind == "solve" else 0))

    def _goes_over(self, place: int, rules: Sequence[str], whole: int, least: float = 0.0) -> None:
        if not rules:
            self.reasons.append(f"How much line {place + 1} jumps over is not known; a person has to read it.")
            self.lost.append(Lost(1 / len(self.stages), f"Line {place + 1} is a step of unknown size.", place))
            return
        size = len(rules)
        if size <= self.task.steps:
            return
        named = ", ".join(dict.fromkeys(one for one in rules if one not in _DEFINITIONS)) or rules[0]
        self.between = (*self.between, *rules)
        self.lines[place] = f"holds, but is a jump; between lie: {named}"
        says = f"Line {place + 1} is a jump of {size} elementary rules, and {self.task.steps} are allowed: {named}."
        self.lost.append(Lost(max(least, (size - self.task.steps) / max(whole, size)), says, place))

    # ------------------------------------------------------------------ equations that are solved

    def _solved(self, step: Step) -> int:
        """The stage that an equation reaches: that of the normal equations, or the last where it is solved for."""
        if step.verdict not in (Verdict.PROVED, Verdict.CONDITION):
            return 0
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        if left is None or right is None or _derivatives(left) or _derivatives(right):
            return 0
        ends = self.task.ends
        alone = plainly(left) == s.Name(self.task.by) and self.sides.degree(right, self.task.by) == 0
        if alone and (self._same(step, (ends[0], ends[1])) if ends else self._leans_on_the_condition(step)):
            return len(self.stages)
        sides = [{self._holds_the_unknown(one) for one in terms(side)} for side in (left, right)]
        apart = sides in ([{True}, {False}], [{False}, {True}]) and not (s.is_zero(left) or s.is_zero(right))
        rests = self._leans_on_the_condition(step) if step.verdict is Verdict.PROVED else self._is_given(step)
        return _DONE + 1 if apart and rests else 0

    def _leans_on_the_condition(self, step: Step) -> bool:
        return any(one.endswith(" holds") for one in step.assumes)

    def _holds_the_unknown(self, term: s.Node) -> bool:
        return self.sides.degree(term, self.task.by) > 0

    def _jump_over_an_equation(self, place: int) -> None:
        step = self.found.decided.get(place)
        why = explain(step, self.found.context) if step is not None else None
        rules = why.rules if why is not None and why.size is not None else ()
        rules = rules or ("moving a term to the other side", "factoring out", "multiplying both sides by a matrix")
        self._goes_over(place, rules, _RULES_TO_SOLVE + len(self._way), 1 / len(self.stages))

    # ------------------------------------------------------------------ nothing differentiated

    def _rewritten(self, place: int, step: Step) -> None:
        after = self.ask.tree(step.right)
        if after is None:
            return
        whole = not isinstance(self.ask.tree(step.left), s.Entry)
        if self._gathered(after) and self.at == 0:
            self._goes_over(place, ("expansion", "factoring out"), 2)
            self.at = 1
            self._arrive(place, 2, True)
            return
        decided = self.found.decided.get(place)
        why = explain(decided, self.found.context) if decided is not None else None
        if why is None or why.size is None:
            if self.at < len(self.stages):
                self.reasons.append(f"How much line {place + 1} does is not known; a person has to read it.")
        else:
            rules = [one for one in why.rules if one not in _DEFINITIONS]
            if len(rules) <= self.task.steps:
                self.lines[place] = "holds: " + (", ".join(dict.fromkeys(why.rules)) or "the order of terms")
        if self._gathered(after) and whole:
            self._arrive(place, 2, True)
        elif not any(_holds_a_sum(one) or self._hides_a_sum(one, self.task.context) for one in terms(after)):
            self._arrive(place, 1, True)

    def _gathered(self, side: s.Node) -> bool:
        """Whether a sum has the terms that were asked for, or a term for each of the symbols that were."""
        if self.ask.has_terms(side, self.task.ends):
            return True
        wanted = [plainly(self.ask.form(one)) for one in self.task.ends]
        if not all(isinstance(one, s.Name | s.Special) for one in wanted):
            return False
        for term in terms(side):
            match = next((one for one in wanted if one in _factors(plainly(term))), None)
            if match is None or self._hides_a_sum(term):
                return False
            wanted.remove(match)
        return not wanted

    def _hides_a_sum(self, node: s.Node, context: Context | None = None) -> bool:
        """Whether a symbol that the task defines is left in it, here or (with a context) under a student's letter."""
        for name in s.names(node):
            given = self.given_task.context.lookup(name)
            if given is not None and given.definition is not None:
                return True
            letter = context.lookup(name) if context is not None and given is None else None
            if letter is not None and letter.definition and self._hides_a_sum(letter.definition, context):
                return True
        return False

    # ------------------------------------------------------------------ words

    def _says(self, points: float) -> str:
        if points == self.task.points:
            return "Complete, and every line holds."
        said = []
        if self.wrong:
            said.append(f"The first line that does not hold is number {min(self.wrong) + 1}.")
            said += [self.mistake] * bool(self.mistake)
        said += dict.fromkeys((*self.notes, *self.reasons))
        said += [one.says for one in self.lost if one.line is None or one.line not in self.wrong]
        return " ".join(dict.fromkeys(said))


def _derivatives(node: s.Node) -> bool:
    return any(isinstance(one, s.Deriv | s.Diff) for one in s.walk(node))


def _factors(node: s.Node) -> list[s.Node]:
    if isinstance(node, s.Mul):
        return [inner for one in node.factors for inner in _factors(one)]
    return _factors(node.arg) if isinstance(node, s.Neg) else [node]


def _holds_a_sum(node: s.Node) -> bool:
    return any(isinstance(one, s.Add) for one in s.walk(node))


def _is_a_sum(node: s.Node) -> bool:
    while isinstance(node, s.T | s.Neg):
        node = next(iter(s.children(node)))
    return isinstance(node, s.Add)


__all__ = ["STAGES", "mark"]
