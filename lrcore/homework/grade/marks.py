r"""What a derivation is worth: where it starts, where it ends, whether the lines between hold, and how far each goes.

A way has stages. For a gradient: the derivative is taken apart; it is carried out; it is written as was asked. A step
that takes apart and carries out at once is a jump: the engine of reasons says which rules lie between, and it loses
(size - limit) / (size of the whole way) of the points. What is still to be done on a side is read off by crossing its
derivatives out (:mod:`lrcore.homework.grade.seen`, ``sides``), so that what cancels, or is 0, or the derivative of a
symbol by itself, counts for nothing. A wrong line costs the stages that it covers, once. What the machine cannot decide
goes to a person, with the reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lrcore.homework.grade.oracle import Oracle, terms
from lrcore.homework.grade.own_letters import linked, own
from lrcore.homework.grade.seen import APART, DONE, STAGES, Seen, derivatives, holds_a_sum
from lrcore.homework.grade.sides import Sides
from lrcore.homework.release.tasks import DerivationMark, Lost, Task
from lrcore.verify import (
    LAYOUTS,
    Context,
    Examined,
    Options,
    Step,
    Verdict,
    examine,
    explain,
    meant,
)
from lrcore.verify import syntax as s

LONGEST = 8_000
_MOST_NAMED = 3  # rules that are named beside a line
_LOOKED_FOR = 40  # lines that are tried to find them
_TO_A_PERSON = "; a person has to read it."
_BRIEF = Options(repairs=3)
_DEFINITIONS = {"definition unfolded", "definition folded", "definition"}
_RULES_TO_SOLVE = 4  # set to zero, move a term, factor out, multiply by the inverse


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
    others = [examine(text, other, options) for other in _otherwise(found, context, task)]
    return min((found, *others), key=_misfits)


def _otherwise(found: Examined, context: Context, task: Task) -> Iterator[Context]:
    """How else the lines may be meant: in another layout; or with differentials of what is asked alone, though others
    are written, as in dr = d(Xw) - dy = X dw."""
    verdicts = {step.verdict for step in found.report.steps}
    if Verdict.ILL_TYPED in verdicts:
        for layout in LAYOUTS:
            if layout != context.layout:
                other = context.copy()
                other.layout = layout
                yield other
    varied = set().union(*(one.claim.variables for one in found.decided.values()))
    if Verdict.REFUTED in verdicts and task.by in varied and len(varied) > 1:
        other = context.copy()
        other.variables = frozenset([task.by])
        yield other


def _misfits(found: Examined) -> int:
    """How many lines do not hold."""
    return sum(not step.verdict.holds and step.verdict is not Verdict.CONDITION for step in found.report.steps)


def _nothing(task: Task, says: str) -> DerivationMark:
    return DerivationMark(0.0, task.points, says, tuple((one, False) for one in STAGES[task.kind]))


class _Marking:
    """One derivation on its way through the stages."""

    def __init__(self, task: Task, found: Examined):
        self.found, self.report = found, found.report
        self.task = task.within(found.context)
        self.ask = Oracle(found.context, found.report.text)
        self.seen = Seen(task, self.task, found, self.ask, Sides(self.task, self.ask))
        self.stages = STAGES[task.kind]
        self.at = 0  # the stage that is reached, by a good line or a bad one
        self.earned: set[int] = set()
        self.lost: list[Lost] = []
        self.between: tuple[str, ...] = ()
        self.wrong: list[int] = []
        self.reasons: list[str] = []  # why a person has to look
        self.notes: list[str] = []
        self.lines = [""] * len(self.report.steps)
        self.earns: dict[int, str] = {}  # what is said of a line that holds and reaches something new
        self.good = [False] * len(self.report.steps)
        self.carried = ""
        self.started = False
        self.mistake = ""
        self.beside: set[int] = set()  # lines that follow from a mistake, which has cost its points
        self.astray = False  # the last line about what is asked does not hold, and nothing has come back to it
        self.posed = False  # the equation that may be assumed was written out
        self.assumed = False  # something was assumed that the task has not given
        self.led_nowhere: set[int] = set()  # wrong lines that nothing can follow: what they cover is missing at the end
        self.repaid = 0.0  # of what these lines have cost

    # ------------------------------------------------------------------ the result

    def result(self) -> DerivationMark:
        for chain in self._chains():
            if not self._walk(chain):
                break
        if self.ask.out_of_work:
            self.reasons.append(f"A comparison needed too much work{_TO_A_PERSON}")
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
            says = f"No line starts at what is asked: it begins with {self.seen.asked()}."
        self.lost.append(Lost(self._unpaid(len(unseen) / whole), says))
        if self.report.ok and not self.wrong and not last and self._answer_stands_there():
            self.reasons.append(f"The answer stands there, but not on a way from what is asked{_TO_A_PERSON}")

    def _unpaid(self, share: float) -> float:
        """A share, less what wrong lines have cost that nothing could follow: what is missing is paid for once."""
        paid = sum(one.share for one in self.lost if one.line in self.led_nowhere) - self.repaid
        self.repaid += min(paid, share)
        return max(0.0, share - paid)

    def _answer_stands_there(self) -> bool:
        """Whether a side that is no repetition says the answer, and was not assumed."""
        if self.started:
            return False
        for step in self.report.steps:
            if step.verdict is not Verdict.PROVED or step.left == step.right:
                continue
            head, end = self.ask.tree(step.left), self.ask.tree(step.right)
            if head is None or end is None or self.seen.level(end) < DONE or not derivatives(head):
                continue
            if self.ask.equal(end, self.seen.derivative()):
                return True
        return False

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
        kind = self.seen.begins_with(head)
        self.started = self.started or kind in ("asked", "begins")
        sound, afresh = True, False
        for place in chain:
            step = self.report.steps[place]
            if self.seen.redefines(step):
                self._wrong(place, 1)
                self.notes.append(f"Line {place + 1} gives a new meaning to a symbol that the task has given.")
                return False
            if step.verdict is Verdict.DEFINITION:
                self.lines[place], self.good[place] = "a definition", True
                continue
            before = self.at
            holds, follows = self._judge(place, step, kind, place == chain[0])
            if kind == "asked" and holds and place not in self.beside and self.astray:
                afresh = afresh or self.seen.stage_of(step, kind, head, self.at < APART) == APART
                self.astray = not afresh
            if sound and (holds or follows) and not self.seen.says_nothing(step):
                self._step(place, step, kind, holds, head)
            if not holds and place in self.wrong:
                covered = max(1, self.seen.stage_of(step, kind, head, self.at < APART) - before)
                self._wrong_costs(place, covered)
                self.astray = self.task.kind == "derivative"
                if not follows:
                    self.led_nowhere.add(place)
            sound = sound and (holds or follows)
            self.good[place] = holds and place not in self.beside
            self.lines[place] = self.lines[place] or (self._plainly_says(place, step) if holds else "")
        return True

    def _plainly_says(self, place: int, step: Step) -> str:
        """That a line holds, by which rules, and what it earns."""
        if step.left == step.right:
            return f"holds{self.earns.get(place, '; it says the same again and earns nothing')}"
        return f"holds{self._rules(place, step)}{self.earns.get(place, '')}"

    def _rules(self, place: int, step: Step) -> str:
        """The rules that a proved line takes, where they are few."""
        decided = self.found.decided.get(place) if step.verdict is Verdict.PROVED else None
        if decided is None or decided.relation != "=":
            return ""
        why = explain(decided, self.found.context, _LOOKED_FOR)
        rules = list(dict.fromkeys(why.rules)) if why.size is not None else []
        return f": {', '.join(rules)}" if 0 < len(rules) <= _MOST_NAMED else ""

    def _judge(self, place: int, step: Step, kind: str, first: bool) -> tuple[bool, bool]:
        """Whether a step holds, and whether what comes after it can still be followed."""
        if step.verdict is Verdict.PROVED:
            leaning = (self.task.given is None or self.assumed) and self.seen.leans_on_the_condition(step)
            if leaning:
                self.notes.append(f"Line {place + 1} rests on an equation that was assumed and earns nothing.")
            if step.implied_sum and self.seen.writes_sums():
                self.reasons.append(f"Line {place + 1} leaves out a sum, and other lines write theirs{_TO_A_PERSON}")
                return False, True
            return not leaning, True
        if step.verdict in (Verdict.CONDITION, Verdict.STATIONARY):
            if self.task.given is not None and self.seen.is_given(step):
                self.lines[place] = "the condition that may be assumed"
                sides = (self.ask.tree(step.left), self.ask.tree(step.right))
                self.posed = self.posed or not any(side is None or derivatives(side) for side in sides)
                return True, True
            self.wrong.append(place)
            self.assumed = True
            self.notes.append(f"Line {place + 1} does not hold in general, and the task has not given it.")
            return False, False
        if step.verdict is Verdict.CHECKED and self.assumed:
            return False, True  # it rests on what was assumed, which has cost its points
        if step.verdict is Verdict.CHECKED:
            self.reasons.append(f"Line {place + 1} agrees with numbers but was not proved{_TO_A_PERSON}")
            return False, True
        if step.verdict is Verdict.UNREADABLE or (step.verdict is Verdict.ILL_TYPED and step.relation == ":="):
            self.reasons.append(f"Line {place + 1} could not be read ({step.message}){_TO_A_PERSON}")
            return False, True
        if step.verdict is Verdict.OPEN or step.out_of_work:
            self.reasons.append(f"Line {place + 1} was not decided by the checker{_TO_A_PERSON}")
            return False, True
        left, right = self.ask.tree(step.left), self.ask.tree(step.right)
        if letter := self.seen.by_a_letter(left, right):
            what = f"How what line {place + 1} differentiates rests on {letter} is not known"
            self.reasons.append(f"{what}{_TO_A_PERSON}")
            return False, True
        factor = self.ask.factor(left, right) if step.verdict is Verdict.REFUTED else ""
        if kind == "asked" and first and factor and factor == self.carried:
            self.lines[place] = "follows from the mistake before, which has cost its points"
            self.beside.add(place)
            return True, True
        self.carried = self.carried or factor
        if not self.wrong and factor == "-1":
            self.mistake = "With the other sign it would hold."
        elif not self.wrong:
            self._name_the_mistake(place, step)
            self.mistake = self.mistake or ("With another factor it would hold." if factor else "")
        self.wrong.append(place)
        return False, bool(step.repair or factor)

    def _name_the_mistake(self, place: int, step: Step) -> None:
        decided = self.found.decided.get(place)
        if decided is not None and step.mended:
            said = meant(decided, step.mended, step.mended_side, self.found.context)
            if said is not None:
                self.mistake = str(said)

    def _wrong(self, place: int, covers: int) -> None:
        self.wrong.append(place)
        self._wrong_costs(place, covers)

    def _wrong_costs(self, place: int, covers: int) -> None:
        self.lost.append(Lost(covers / len(self.stages), f"Line {place + 1} does not hold.", place))

    # ------------------------------------------------------------------ what a step reaches

    def _step(self, place: int, step: Step, kind: str, holds: bool, head: s.Node | None) -> None:
        if self.task.kind == "rewrite":
            if kind == "begins" and holds:
                self._rewritten(place, step)
            return
        reached = self.seen.stage_of(step, kind, head, self.at < APART)
        assumed = step.verdict in (Verdict.CONDITION, Verdict.STATIONARY)
        if self.task.kind == "solve" and assumed:
            reached = self.seen.solved(step)
        elif self.task.kind == "solve" and kind == "":
            reached = self.seen.solved(step) if holds else 0
            if reached > self.at + 1 and reached > DONE and self.at >= DONE:
                self._jump_over_an_equation(place)
                self.at += 1
        elif kind == "asked" and self.astray and reached > self.at and holds and place not in self.beside:
            self._pasted(place, reached)
            return
        elif kind == "asked" and self.at < APART and reached >= DONE and holds and self.seen.is_supposed(step):
            self._pasted(place, reached, "is assumed, and not derived")
            return
        elif kind == "asked" and self.at < APART and reached >= DONE and holds:
            self._jump(place, head)
            self.at = APART
        self._arrive(place, reached, holds)

    def _pasted(self, place: int, reached: int, why: str = "does not follow from the lines before it") -> None:
        """What is asked stands there, behind a line that does not hold and does not lead to it."""
        share = self._unpaid((reached - self.at) / len(self.stages))
        self.at = reached
        self.lines[place] = f"holds, but {why}"
        self.lost.append(Lost(share, f"Line {place + 1} {why}.", place))

    def _arrive(self, place: int, reached: int, holds: bool) -> None:
        if reached <= self.at:
            return
        if reached > DONE and self.task.kind == "solve" and self.at < DONE:
            stated = self.posed or reached == DONE + 1 or DONE + 1 in self.earned
            if holds and reached not in self.earned and stated:  # solving alone, without the gradient
                self.earned.add(reached)
            return
        new = range(self.at + 1, reached + 1)
        self.at = reached
        if holds:
            self.earned.update(new)
            share = self.task.points * len(new) / len(self.stages)
            says = " and ".join(self.stages[k - 1] for k in new)
            self.earns[place] = f"; {says} ({share:.3g} points)"
        elif place not in self.wrong:
            self.lost.append(Lost(len(new) / len(self.stages), f"Line {place + 1} was not proved.", place))

    # ------------------------------------------------------------------ jumps

    def _jump(self, place: int, head: s.Node | None) -> None:
        rules = self.seen.way
        by = head.wrt[0] if isinstance(head, s.Deriv) else None
        if isinstance(by, s.Call):  # by vec(W): the way was measured by another one
            rules = ()
        self._goes_over(place, rules, len(rules) + (_RULES_TO_SOLVE if self.task.kind == "solve" else 0))

    def _goes_over(self, place: int, rules: Sequence[str], whole: int, least: float = 0.0) -> None:
        if not rules:
            self.reasons.append(f"How much line {place + 1} jumps over is not known{_TO_A_PERSON}")
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

    def _jump_over_an_equation(self, place: int) -> None:
        step = self.found.decided.get(place)
        why = explain(step, self.found.context) if step is not None else None
        rules = why.rules if why is not None and why.size is not None else ()
        rules = rules or ("moving a term to the other side", "factoring out", "multiplying both sides by a matrix")
        self._goes_over(place, rules, _RULES_TO_SOLVE + len(self.seen.way), 1 / len(self.stages))

    # ------------------------------------------------------------------ nothing differentiated

    def _rewritten(self, place: int, step: Step) -> None:
        after = self.ask.tree(step.right)
        if after is None:
            return
        before = self.ask.tree(step.left)
        if self.at == 0 and before is not None and self.seen.gathered(before):
            self.lost.append(Lost(1.0, f"Line {place + 1} begins with the answer.", place))
            self.at = len(self.stages)
        elif self.at == 0 and before is not None and self._is_multiplied_out(before):
            says = f"Line {place + 1} begins with what is multiplied out already."
            self.lost.append(Lost(1 / len(self.stages), says, place))
            self.at = 1
        whole = not isinstance(before, s.Entry)
        if self.seen.gathered(after) and self.at == 0:
            self._goes_over(place, ("expansion", "factoring out"), 2)
            self.at = 1
            self._arrive(place, 2, True)
            return
        decided = self.found.decided.get(place)
        why = explain(decided, self.found.context) if decided is not None else None
        if why is None or why.size is None:
            if self.at < len(self.stages):
                self.reasons.append(f"How much line {place + 1} does is not known{_TO_A_PERSON}")
        else:
            rules = [one for one in why.rules if one not in _DEFINITIONS]
            if len(rules) <= self.task.steps:
                self.lines[place] = "holds: " + (", ".join(dict.fromkeys(why.rules)) or "the order of terms")
        if self.seen.gathered(after) and whole:
            self._arrive(place, 2, True)
        elif self._is_multiplied_out(after):
            self._arrive(place, 1, True)

    def _is_multiplied_out(self, side: s.Node) -> bool:
        return not any(holds_a_sum(one) or self.seen.hides_a_sum(one, self.task.context) for one in terms(side))

    # ------------------------------------------------------------------ words

    def _says(self, points: float) -> str:
        if points == self.task.points and self.reasons:  # what is not decided costs nothing where the rest is enough
            return " ".join(["Complete.", *(one.replace(_TO_A_PERSON, ".") for one in dict.fromkeys(self.reasons))])
        if points == self.task.points:
            return "Complete, and every line holds."
        said = []
        if self.wrong:
            said.append(f"The first line that does not hold is number {min(self.wrong) + 1}.")
            said += [self.mistake] * bool(self.mistake)
        said += dict.fromkeys((*self.notes, *self.reasons))
        said += [one.says for one in self.lost if one.line is None or one.line not in self.wrong]
        return " ".join(dict.fromkeys(said))


__all__ = ["STAGES", "mark"]
