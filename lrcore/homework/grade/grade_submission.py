"""Grading one submission: its code answers in the sandbox, its answers are compared here.

What comes back is plain data (:class:`Graded`), the same bytes for the same submission, secret and assignment.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from lrcore.homework.grade import notebooks
from lrcore.homework.grade.grade_answer import AnswerMark
from lrcore.homework.grade.placing import untouched
from lrcore.homework.grade.proving import PROVING, proved_apart
from lrcore.homework.grade.submissions import alike
from lrcore.homework.release.assignment import Assignment, Cell, Room
from lrcore.homework.release.questions import Question
from lrcore.homework.release.variants import prepare
from lrcore.homework.sandbox import bubblewrap, protocol
from lrcore.homework.sandbox.protocol import Said
from lrcore.homework.sandbox.rehearsal import rehearse
from lrcore.homework.sandbox.watch import Limits

_ON_HIDDEN = "stopped on hidden inputs"


@dataclass(frozen=True)
class CellMark:
    """What one graded cell earned; ``points`` is None while it waits for a person and the machine has no mark for it.

    ``lines`` are those of a derivation with what is said of each, ``shows`` the stages of its way and whether it
    reached them, ``mistake`` what its first wrong line missed, ``asked`` the text of the question in this
    student's variant, ``key`` what the teacher would answer there, for whoever marks it.
    """

    id: str
    points: float | None
    out_of: float
    says: tuple[str, ...] = ()
    example: str = ""
    given: str = ""
    first_wrong: str = ""
    for_a_person: bool = False
    lines: tuple[tuple[str, str, bool], ...] = ()
    shows: tuple[tuple[str, bool], ...] = ()
    mistake: str = ""
    asked: str = ""
    key: str = ""


@dataclass(frozen=True)
class Graded:
    """A graded submission. ``status`` is ok, or names what was wrong with it as a whole."""

    student: str
    status: str
    cells: tuple[CellMark, ...]
    remarks: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The status as the student is told it: nothing of how a run with hidden inputs ended."""
        return "; ".join(one for one in self.status.split("; ") if one != _ON_HIDDEN) or "ok"

    @property
    def points(self) -> float:
        """The sum of what is marked."""
        return round(sum(cell.points or 0.0 for cell in self.cells), 2)

    @property
    def waiting(self) -> int:
        """How many answers a person has still to mark: until then the points are at least what is earned."""
        return sum(cell.for_a_person for cell in self.cells)

    @property
    def total(self) -> float | None:
        """The same for a table; None where nothing was marked, since that is no zero."""
        return None if self.cells and all(cell.points is None for cell in self.cells) else self.points


@dataclass(frozen=True)
class Course:
    """What the grader needs besides a submission; plain data, so that it can be sent to another process."""

    assignment: Assignment
    secret: bytes = field(repr=False)
    variants: bool = True
    limits: Limits = field(default_factory=Limits)
    formulas: Limits = PROVING


def grade(data: bytes, student: str, course: Course) -> Graded:
    """Grade one notebook."""
    _walls_hold()
    try:
        notebook = notebooks.read(data)
    except notebooks.Unusable as error:
        return _nothing(course.assignment, student, str(error))
    whose = notebook.student if alike(notebook.student, student) else student  # as the release's list wrote the id
    prepared = prepare(course.assignment, course.secret, whose, variants=course.variants)
    ready = notebooks.ready(notebook, prepared)
    remarks = list(ready.remarks)
    if course.variants and notebook.student not in (whose, ""):
        remarks.append("The notebook was given out to another student; it was marked against the variant of this one.")
    runs = dict[str, tuple[_Run, _Run]]()
    for room, names in _rooms(course.assignment).items():
        run = _Run(ready, {name: prepared.questions[name] for name in names}, course, room)
        about = "" if room == course.assignment.room_of(_NO_CELL) else f"{', '.join(names)}: "
        remarks += [about + remark for remark in run.to_the_end()]
        runs |= dict.fromkeys(names, (run, run.on_hidden_inputs()))
    marks = []
    for cell in course.assignment.graded:
        asked = _asked(prepared.cells, cell.id)
        if cell.written:
            key = next(one.source for one in prepared.cells if one.id == cell.id)
            marks.append(replace(_written(cell.id, cell.points, ready.written.get(cell.id, ""), asked), key=key))
        else:
            marks.append(_marked(cell.id, cell.points, prepared.questions[cell.id], *runs[cell.id], asked))
    status = _status(list(runs.values()), marks)
    if status == "ok" and untouched(notebook.cells, course.assignment.cells):
        status = "as it was given out"
    return Graded(student, status, tuple(marks), tuple(dict.fromkeys(remarks)))


_NO_CELL = Cell("code", "")


def _rooms(assignment: Assignment) -> dict[Room, list[str]]:
    """Which questions are answered in which sandbox: one that leaves out more has a sandbox of its own."""
    found = dict[Room, list[str]]()
    for cell in assignment.graded:
        if not cell.written:
            found.setdefault(assignment.room_of(cell), []).append(cell.id)
    return found


@cache
def _walls_hold() -> None:
    """Once in each process that grades, wherever it runs: nobody is graded where the sandbox does not hold."""
    rehearse()


def _nothing(assignment: Assignment, student: str, says: str) -> Graded:
    """Nothing can be read: no marks, and no zero before a person has looked."""
    marks = tuple(CellMark(cell.id, None, cell.points, (says,), for_a_person=True) for cell in assignment.graded)
    return Graded(student, f"not readable: {says}; needs a person", marks)


def _status(runs: "list[tuple[_Run, _Run]]", marks: list[CellMark]) -> str:
    found = sorted({one for run, _ in runs for one in run.statuses})
    found += [_ON_HIDDEN] if any(hidden.statuses - run.statuses for run, hidden in runs) else []
    found += ["needs a person"] if any(mark.for_a_person for mark in marks) else []
    return "; ".join(found) or "ok"


# ---------------------------------------------------------------------- the sandbox, again where it died


class _Run:
    """Runs the sandbox until every question was asked; what kills it costs the cell or the question that did.

    Everything that a student is told comes from a run that has no hidden input in it. The hidden ones are put to a run
    of their own, of which nothing but right or wrong is kept: code that looks for its inputs finds none to tell.
    """

    def __init__(
        self, ready: notebooks.Ready, questions: dict[str, tuple[Question, ...]], course: Course, room: Room,
        *, shown: bool = True,
    ):  # fmt: skip
        self.ready, self.questions, self.course, self.statuses = ready, questions, course, set[str]()
        self.room = room
        self.answers: dict[str, tuple[Said, ...]] = {}
        self.skip: set[int] = set()
        self.errors: dict[int, str] = {}
        self.cells: list[dict[str, Any]] = [{"source": source, "questions": []} for source in ready.sources]
        self.asked_after = ready.asked_after
        for name, asked in questions.items():
            place = max(ready.asked_after.get(name, 0), 0)
            self.cells[place]["questions"] += [
                _put(f"{name}/{k}", question, shown)
                for k, question in enumerate(asked)
                if shown or question.kind == "function"
            ]

    def on_hidden_inputs(self) -> "_Run":
        """A run with the hidden inputs, for the functions that gave a value for one that may be shown."""
        run = _Run(self.ready, self.questions, self.course, self.room, shown=False)
        run.skip, last = set(self.skip), -1
        for place, cell in enumerate(run.cells):
            cell["questions"] = [one for one in cell["questions"] if self._has_answered(one["id"])]
            if cell["questions"]:
                last = place
        run.cells = run.cells[: last + 1]  # what comes after has nothing to be asked
        if run.cells:
            run.to_the_end()
        return run

    def _has_answered(self, name: str) -> bool:
        return any(not one.trouble for one in self.answers.get(name, ()))

    def to_the_end(self) -> list[str]:
        """Run; returns remarks for the student."""
        cpu, wall, remarks = 0.0, 0.0, list[str]()
        limits = self.course.limits
        for _ in range(2 * len(self.cells) + 20):
            left = replace(
                limits, total_cpu=max(1, int(limits.total_cpu - cpu)), total_wall=max(1.0, limits.total_wall - wall)
            )
            job = {"cells": self.cells, "skip": sorted(self.skip), "answered": sorted(self.answers)}
            outcome = bubblewrap.run(job, left, *self.room)
            cpu, wall = cpu + outcome.cpu, wall + outcome.wall
            found = protocol.read(outcome.lines, limits.output)
            if self._note(found, outcome.ended, remarks):
                break
            if cpu >= limits.total_cpu or wall >= limits.total_wall:
                break
        return remarks

    def _note(self, found: protocol.Transcript, ended: str, remarks: list[str]) -> bool:
        """Keep what a run gave; True when there is nothing more to ask."""
        known, before = {question["id"] for cell in self.cells for question in cell["questions"]}, len(self.answers)
        for name, said in found.answers.items():
            if name in known:
                self.answers.setdefault(name, said)
            else:
                found.forged = True
        self.errors.update({place: error for place, error in found.cells.items() if error})
        remarks += [f"The grader has no module {name}; what is taken from it does nothing." for name in found.lacking]
        remarks += [f"The grader leaves out the line {line!r}." for line in found.left[:5]]
        if found.forged:
            self.statuses.add("forged output")
            remarks.append("Something in the notebook wrote into the grader's own output; it gained nothing.")
        if len(self.answers) >= len(known):
            return True
        if found.finished and found.at == len(self.cells) - 1:  # something was written into an answer, and spoilt it
            for name in known if len(self.answers) == before else ():
                self.answers.setdefault(name, (Said(trouble="no answer came from it"),))
            return len(self.answers) >= len(known)
        why = _ENDINGS.get(ended, _ENDINGS["closed"])
        self.statuses.add(why[0])
        if found.asking in known:
            self.answers.setdefault(found.asking, (Said(trouble=why[1]),))
        elif found.at in range(len(self.cells)) and found.at not in self.skip:
            self.skip.add(found.at)
            self.errors[found.at] = why[1]
        else:
            return True
        return False


_ENDINGS = {
    "memory": ("out of memory", "it used more memory than it may"),
    "cpu": ("out of time", "it used up its computing time (a loop that does not end?)"),
    "asleep": ("asleep", "it slept or waited until it was stopped"),
    "wall": ("out of time", "it took too long by the clock (does it sleep or wait?)"),
    "processes": ("too many processes", "it started more processes than it may"),
    "output": ("output flood", "it wrote more than the grader reads"),
    "closed": ("ended early", "it ended the program, or was stopped (a loop that does not end, or too much memory?)"),
}


def _put(name: str, question: Question, shown: bool) -> dict[str, Any]:
    """A question as the sandbox gets it: a name, inputs that may be shown or hidden ones, nothing of what is right."""
    cases: list[Any] = [[_sent(one) for one in case.inputs] for case in question.cases if case.shown == shown]
    return {"id": name, "name": question.name, "cases": cases if question.kind == "function" else [None]}


def _sent(value: object) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": value.tolist()}
    return value.item() if isinstance(value, np.generic) else value


# ---------------------------------------------------------------------- marks


def _marked(name: str, points: float, questions: tuple[Question, ...], run: _Run, hidden: _Run, asked: str) -> CellMark:
    nothing = (Said(trouble="no answer came from it"),)
    said, on_hidden = (
        [one.answers.get(f"{name}/{k}") or nothing for k in range(len(questions))] for one in (run, hidden)
    )
    found = [_graded(*one, run.course.formulas) for one in zip(questions, said, on_hidden)]
    share = sum(one.share for one in found) / len(found)
    open_ = any(one.person and one.share == 0 for one in found)  # the machine has no mark for it, and no zero
    says = [f"{question.name}: {text}" for question, one in zip(questions, found) for text in one.says]
    failed = run.errors.get(run.asked_after.get(name, -1), "")
    if failed and share < 1:
        says.append(f"the cell stopped with {failed}")
    return CellMark(
        name,
        None if open_ else round(points * share, 2),
        points,
        tuple(says),
        example=next((one.example for one in found if one.example), ""),
        given="\n\n".join(one.given for one in found if one.given),
        first_wrong=next((one.first_wrong for one in found if one.first_wrong), ""),
        for_a_person=any(one.person for one in found),
        lines=sum((one.lines for one in found), ()),
        shows=sum((one.shows for one in found), ()),
        mistake=next((one.mistake for one in found if one.mistake), ""),
        asked=asked,
    )


def _graded(
    question: Question, said: tuple[Said, ...], hidden: tuple[Said, ...] = (), formulas: Limits = PROVING
) -> AnswerMark:
    """What an answer is worth; where the grader itself fails over it, a person marks it, and the rest is graded."""
    try:
        return proved_apart(question, said, hidden, formulas)
    except Exception as error:
        shown = next((one.value for one in said if isinstance(one.value, str)), "")
        why = f"the grader stumbled over it ({type(error).__name__}); a person marks it"
        return AnswerMark(0.0, (why,), given=shown, person=True)


def _written(name: str, points: float, text: str, asked: str) -> CellMark:
    if text.strip() in ("", "YOUR ANSWER HERE"):
        return CellMark(name, 0.0, points, ("nothing was written",), asked=asked)
    return CellMark(name, None, points, given=text[:20_000], for_a_person=True, asked=asked)


def _asked(cells: tuple[Cell, ...], name: str) -> str:
    """What was asked there, with the numbers of the variant: the last text before the cell, without its heading."""
    text = ""
    for cell in cells:
        if cell.id == name:
            break
        if cell.kind == "markdown" and cell.source.strip().startswith("#"):
            text = cell.source.strip().partition("\n")[2].strip()
    return text
