r"""Marking a derivation: points stand on milestones, not on lines.

The prover of :mod:`lrcore.verify` says of every step whether it holds. Here is decided what a proved step is worth.

What a side of an equation still has to do is read off by crossing derivatives out. Multiply each derivative in it by 0:
what vanishes was all still to be done, what stays the same is finished. So no step can be padded past a milestone:
adding :math:`A - A`, or 0 times anything, changes nothing that counts.
"""

from collections.abc import Iterator

from lrcore.homework.grade.oracle import Oracle, plainly
from lrcore.homework.grade.sides import Sides
from lrcore.homework.release.tasks import DerivationMark, Milestone, Task
from lrcore.verify import (
    STUMBLED,
    Context,
    Problem,
    Report,
    Step,
    Verdict,
    derivation,
    implies,
    read_expression,
    to_latex,
    to_text,
)
from lrcore.verify import syntax as s

__all__ = ["DerivationMark", "Milestone", "Task", "expression_is", "mark"]
LONGEST = 8_000


def mark(text: str, task: Task) -> DerivationMark:
    """Mark a derivation typed by a student, in LaTeX or in the NumPy-like language."""
    if len(text) > LONGEST:
        return _nothing(
            task, f"It is {len(text)} characters long, and at most {LONGEST} are read: leave out what is not needed."
        )
    if not text.strip():
        return _nothing(task, "Nothing was written.")
    report = (implies if task.given else derivation)(text, task.context)
    if not report.steps:
        return _nothing(task, "No equation was found in it; write each line with an equals sign.")
    return _Marking(task, report).result()


def _nothing(task: Task, says: str) -> DerivationMark:
    return DerivationMark(0.0, task.points, (False,) * len(task.milestones), says)


def expression_is(text: str, expected: str, context: Context) -> tuple[bool, str]:
    """Whether a typed expression equals the expected one for all sizes, carried out; and why not."""
    if not text.strip():
        return False, "nothing was written"
    if len(text) > LONGEST:
        return False, f"it is {len(text)} characters long, and at most {LONGEST} are read"
    try:
        given, right = read_expression(text, context), read_expression(expected, context)
    except (Problem, RecursionError) as error:
        return False, f"it cannot be read: {error}"
    if any(isinstance(node, s.Deriv | s.Diff) for node in s.walk(given)):
        return False, "a derivative in it is not carried out"
    hidden = {name for name in s.names(given) if _is_loss(name, context)}
    if hidden:
        return False, f"it still holds {', '.join(sorted(hidden))}; write it with the symbols of the model"
    for write in (to_latex, to_text):
        step = derivation(f"{write(right)} = {write(given)}", context).steps[-1]
        if step.verdict is not Verdict.UNREADABLE:
            break
    return step.verdict is Verdict.PROVED, "" if step.verdict is Verdict.PROVED else step.message


def _is_loss(name: str, context: Context) -> bool:
    symbol = context.lookup(name)
    return symbol is not None and symbol.definition is not None and name in ("L", "J")


class _Marking:
    """One derivation on its way through the milestones."""

    def __init__(self, task: Task, report: Report):
        self.task, self.report = task, report
        self.ask = Oracle(task.context, report.text)
        self.sides = Sides(task, self.ask)
        self.passed: set[int] = set()  # milestones that were reached, by a good step or a bad one
        self.earned: set[int] = set()  # those that count
        self.forgiven: set[int] = set()  # those that a bad step reached besides the one that it costs
        self.wrong: list[int] = []
        self.person = False
        self.notes: list[str] = []
        self.carried = ""

    def result(self) -> DerivationMark:
        for chain in self._chains():
            if not self._walk(chain):
                break
        if self.ask.out_of_work:
            self.person = True
            self.notes.append("A comparison needed too much work; a person has to read it.")
        milestones = self.task.milestones
        if self.report.ok and not self.wrong and len(self.earned) < len(milestones):
            self.person = True  # every line is proved: whether the way was shown, a person decides
        if len(self.wrong) == 1:
            self.earned |= self.forgiven
        points = sum(milestones[k].points for k in self.earned)
        reached = tuple(k in self.earned for k in range(len(milestones)))
        first = self.wrong[0] if self.wrong else None
        return DerivationMark(points, self.task.points, reached, self._says(), first, self.person, self.report)

    def _chains(self) -> Iterator[list[int]]:
        """The steps of each chain of equals signs."""
        chain: list[int] = []
        for place, step in enumerate(self.report.steps):
            if chain and step.left != self.report.steps[chain[-1]].right:
                yield chain
                chain = []
            chain.append(place)
        yield chain

    # ------------------------------------------------------------------ one chain

    def _walk(self, chain: list[int]) -> bool:
        """Go through one chain; False where marking has to stop."""
        steps = [self.report.steps[place] for place in chain]
        head = self.ask.tree(steps[0].left)
        begins, listed = self.sides.is_asked(head, whole=False), self._begins_as_told(head)
        sound = True
        for place, step in zip(chain, steps):
            if self._redefines(step):
                self.wrong.append(place)
                self.notes.append(f"Line {place + 1} gives a new meaning to a symbol that the task has given.")
                return False
            if step.verdict is Verdict.DEFINITION:
                self.ask.definitions.append(f"{step.left} := {step.right}")
                continue
            holds, follows = self._judge(place, step, begins and step is steps[0])
            after = self.ask.tree(step.right)
            if begins and sound:
                self._differentiated(after, holds, head)
            if holds and sound:
                self._stated(step, after, listed)
            sound = sound and (holds or follows)
        return True

    def _judge(self, place: int, step: Step, from_head: bool) -> tuple[bool, bool]:
        """Whether a step holds, and whether what comes after it can still be followed."""
        if step.verdict is Verdict.PROVED:
            return not self._leans(step), True
        if step.verdict is Verdict.CONDITION:
            if self._is_given(step):
                return True, True
            self.wrong.append(place)
            self.notes.append(f"Line {place + 1} does not hold in general, and the task has not given it.")
            return False, False
        if step.verdict is Verdict.CHECKED:
            self.person = True
            self.notes.append(f"Line {place + 1} agrees with numbers but could not be proved; a person has to read it.")
            return False, True
        if step.out_of_work or step.message.startswith(STUMBLED):
            self.person = True
            self.notes.append(f"Line {place + 1} was not decided by the checker; a person has to read it.")
            return False, True
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        factor = self.ask.factor(left, right) if step.verdict is Verdict.REFUTED else ""
        if from_head and factor and factor == self.carried:
            return True, True  # the same mistake as before, carried forward: it has cost its points already
        self.carried = self.carried or factor
        self.wrong.append(place)
        return False, bool(step.repair or factor)

    def _leans(self, step: Step) -> bool:
        """Whether a proof rests on a condition that the task does not give."""
        leaning = [one for one in step.assumes if one.endswith(" holds")]
        return bool(leaning) and self.task.given is None

    def _is_given(self, step: Step) -> bool:
        return self.task.given is not None and self._same(step, self.task.given)

    def _same(self, step: Step, meant: tuple[str, str]) -> bool:
        return self.ask.same_equation(self.ask.tree(step.left), self.ask.tree(step.right), meant)

    def _redefines(self, step: Step) -> bool:
        if step.relation == ":=" and step.verdict is Verdict.ILL_TYPED:
            return True
        if step.verdict is not Verdict.DEFINITION:
            return False
        tree = self.ask.tree(step.left)
        name = tree.id if isinstance(tree, s.Name) else next(iter(s.names(tree)), "") if tree else ""
        symbol = self.task.context.lookup(name)
        return self.task.context.is_size(name) or (symbol is not None and symbol.definition is None)

    # ------------------------------------------------------------------ milestones of a derivative

    def _differentiated(self, after: s.Node | None, holds: bool, head: s.Node | None) -> None:
        """Milestones that a step to this side passes."""
        whole, reached = self.sides.is_asked(head, whole=True), list[int]()
        for k, milestone in enumerate(self.task.milestones):
            if (
                milestone.kind in ("apart", "done", "answer")
                and k not in self.passed
                and self._shows(milestone, after, head, whole)
            ):
                first = not any(one < k for one in self.passed) and k > 0 and self._needs_one_before(k)
                if first:
                    continue  # a jump: nothing was shown on the way
                self.passed.add(k)
                reached.append(k)
        if holds:
            self.earned.update(reached)
        elif self.carried:  # a lost factor costs one milestone, also where the step takes two at once
            self.forgiven.update(reached[1:])

    def _needs_one_before(self, k: int) -> bool:
        return any(one.kind in ("apart", "terms") for one in self.task.milestones[:k])

    def _shows(self, milestone: Milestone, side: s.Node | None, head: s.Node | None, whole: bool) -> bool:
        if side is None:
            return False
        left = self.sides.left_to_do(side)
        if milestone.kind == "apart":
            split = left == "start" and bool(milestone.forms) and self.sides.by_sum_rule(side)
            partly = left == "some" and self.sides.but_for_a_part(side, head)
            return (left == "all" or split or partly) and not self.sides.is_asked(side, whole=False)
        if left != "nothing" or self.sides.mentions_loss(side):
            return False
        return milestone.kind == "done" or (whole and self.sides.in_form(side))

    # ------------------------------------------------------------------ milestones that are said

    def _stated(self, step: Step, after: s.Node | None, listed: bool) -> None:
        for k, milestone in enumerate(self.task.milestones):
            if k in self.passed or not milestone.forms:
                continue
            if milestone.kind == "states":
                said = self._same(step, (milestone.forms[0], milestone.forms[1]))
            else:
                said = listed and self.ask.has_terms(after, milestone.forms)
            if said:
                self._earn_stated(k)

    def _begins_as_told(self, head: s.Node | None) -> bool:
        begins = self.ask.form(self.task.begins) if self.task.begins else None
        return head is not None and begins is not None and plainly(head) == plainly(begins)

    def _earn_stated(self, k: int) -> None:
        last = k == len(self.task.milestones) - 1
        if last and k > 0 and not self.passed:
            return  # a jump to the end
        self.passed.add(k)
        self.earned.add(k)

    # ------------------------------------------------------------------ words

    def _says(self) -> str:
        said = []
        if self.wrong:
            said.append(f"The first line that does not hold is number {self.wrong[0] + 1}.")
        said += dict.fromkeys(self.notes)
        missing = [one.says for k, one in enumerate(self.task.milestones) if k not in self.earned]
        if missing and not self.wrong and self.report.ok and not self.notes:
            said.append(f"What you wrote is true, now show how: {'; '.join(missing)}.")
        elif missing:
            said.append(f"Not shown by a line that holds: {'; '.join(missing)}.")
        return " ".join(said) or "Complete, and every line holds."
