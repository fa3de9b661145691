"""From what was handed in to all that a teacher and a class get: marks, forms for the LMS, feedback, a summary."""

import argparse
import csv
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from lrcore.errors import InputError
from lrcore.homework.grade.belonging import Belonging, fingerprint, keep, require
from lrcore.homework.grade.grade_class import get_ready, grade_all, keep_unclear, kept_before, to_a_person
from lrcore.homework.grade.grade_submission import CellMark, Course, Graded
from lrcore.homework.grade.right_input import fitting
from lrcore.homework.grade.roster import Roster, read_roster
from lrcore.homework.grade.submissions import Collected, collect
from lrcore.homework.release.assignment import Assignment, load
from lrcore.homework.release.variants import prepare, read_secret
from lrcore.homework.report import corrections, mark_sheets
from lrcore.homework.report.feedback import write_feedback
from lrcore.homework.report.summary import write_summary
from lrcore.homework.sandbox.rehearsal import rehearse


def grade_course(options: argparse.Namespace, executor: Executor | None = None) -> str:
    """Grade a class; returns what to tell the teacher. ``executor`` may be a Dask cluster's, for a large class."""
    _apart(options.submissions, options.out)
    rehearse()
    get_ready()
    assignment = load(options.assignment)
    course = Course(assignment, read_secret(options.secret), variants=not options.same)
    prepare(assignment, course.secret)  # an assignment that asks nothing, or fails, is said before anybody is graded
    roster = None if options.roster is None else read_roster(options.roster)
    numbers, known = (roster.numbers, roster.students) if roster else ({}, ())
    collected = collect(options.submissions, assignment.name, due=options.due, ids=numbers, known=known)
    of_class = [student for student, _ in collected.lost if student in known]
    if not collected.submissions and not collected.unclear and not of_class:
        raise InputError(
            f"No notebook of {assignment.name} was found in {options.submissions}: {_why(collected.aside)}"
        )
    collected = fitting(collected, course, roster, progress=True)
    of = Belonging(assignment.name, fingerprint(course.secret), roster)
    last = require(options.out / "graded", of)
    _written_can_be_read(assignment, options.out, {*known, *(one.student for one in collected.submissions)})
    options.out.mkdir(parents=True, exist_ok=True)
    keep(options.out / "graded", replace(of, students=last.students if last else None))
    before = kept_before(options.out / "graded")
    graded = grade_all(
        collected.submissions,
        course,
        options.out / "graded",
        executor=executor,
        workers=options.workers,
        again=options.again,
    )
    unclear = _unclear(collected, course)
    keep_unclear(options.out / "graded", unclear)
    graded = sorted([*graded, *unclear], key=lambda one: one.student)
    late = {one.student for one in collected.submissions if one.late or (roster and one.student in roster.late)}
    _write_late(options.out, late)
    mark_sheets.write_aside(options.out, collected.aside)
    changes = _changes(before, graded, options.out) if options.again else ""
    said = write_all(assignment, options.out, graded, roster) + changes
    entered = corrections.read_written(options.out / "written.csv", graded)
    still = [corrections.merged(one, entered) for one in graded]
    return said + _aside(collected.aside, options.out) + _waiting(still, options)


def _apart(submissions: Path, out: Path) -> None:
    """What is written must not lie among what was handed in: next time it would be taken for it."""
    if out.resolve().is_relative_to(submissions.resolve()):
        raise InputError(f"{out} lies in the folder of the submissions, {submissions}; name another for the marks.")
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is there, and it is no folder; name a folder for the marks.")


def _written_can_be_read(assignment: Assignment, out: Path, students: Iterable[str]) -> None:
    """What a person entered is read before anything is graded: a slip in it is said at once."""
    _saved_as_something_else(out / "written.csv")
    if (out / "written.csv").exists():
        corrections.read_written(out / "written.csv", [_nothing(assignment, student) for student in students])


def _unclear(collected: Collected, course: Course) -> list[Graded]:
    """Students of whom two files came, or none that can be taken: no marks before a person has looked, and no zero."""
    return [to_a_person(student, course, why) for student, why in collected.unclear]


def merge_course(name: str, out: Path, roster: Path | None) -> str:
    """Write everything again with the marks that a person entered.

    Raises
    ------
    InputError
        nothing was graded there, or it is of another assignment or class.
    """
    before = kept_before(out / "graded")
    if not before:
        raise InputError(f"Nothing was graded into {out} yet; grade first.")
    _saved_as_something_else(out / "written.csv")
    assignment = load(name)
    given = None if roster is None else read_roster(roster)
    of = require(out / "graded", Belonging(assignment.name, roster=given))
    students = sorted(before) if of is None or of.students is None else of.students
    if gone := [student for student in students if student not in before]:
        raise InputError(f"{out / 'graded' / gone[0]}.json is gone or cannot be read; grade again, then merge.")
    graded = [before[student] for student in students]
    return write_all(assignment, out, graded, given or (of.roster if of else None))


def write_all(assignment: Assignment, out: Path, graded: Sequence[Graded], roster: Roster | None) -> str:
    """Write marks, forms, feedback and summary; returns a sentence.

    Raises
    ------
    InputError
        the folder is of another assignment or class, written.csv cannot be read, or, when all is written, a mark in it
        that is changed without a reason.
    """
    written = out / "written.csv"
    of = Belonging(assignment.name, roster=roster, students=tuple(one.student for one in graded))
    last = require(out / "graded", of)
    by_machine = _with_missing(assignment, graded, roster)
    corrections.write_written(written, by_machine)
    entered = corrections.read_written(written, by_machine)
    keep(out / "graded", replace(of, secret=last.secret if last else None))
    handed_in = {one.student for one in graded}
    everybody = [corrections.merged(one, entered) for one in by_machine]
    marked = [one for one in everybody if one.student in handed_in]
    corrections.write_changed(out, by_machine, entered)
    corrections.note(out, by_machine, entered)
    mark_sheets.write_marks(out, assignment, everybody, _read_late(out))
    mark_sheets.write_canvas(out, assignment, everybody, roster)
    mark_sheets.write_moodle(out, assignment, everybody, roster)
    pages = _pages(assignment, out, marked)
    if bare := corrections.without_reason(by_machine, entered):
        raise InputError(
            f"written.csv changes {', '.join(bare)} without a reason, so that mark is left as it was, and all else is "
            "written; say why in the column comment."
        )
    lost = sum(one.total is None for one in marked)
    left = f", and {lost} could not be" if lost else ""
    return (
        f"Graded {len(marked) - lost} of {assignment.title}{left}. Marks in {out / 'marks.csv'}, "
        f"feedback in {out / 'feedback'}, the class in {out / 'summary.html'}."
        f"{pages}{_lost(by_machine, entered)}"
    )


def _saved_as_something_else(written: Path) -> None:
    """A spreadsheet likes to save beside the table: what was entered there must not be left out without a word."""
    for path in written.parent.glob("written*"):
        newer = not written.exists() or path.stat().st_mtime > written.stat().st_mtime
        if path.suffix.lower() in (".xlsx", ".xls", ".ods", ".numbers", ".txt", ".tsv", ".csv") and newer:
            raise InputError(f"{path} is newer than {written.name}; save what counts as {written.name}, or remove it.")


def _pages(assignment: Assignment, out: Path, marked: Sequence[Graded]) -> str:
    """Write feedback and summary; a page that cannot be written is said, and costs nobody else theirs."""
    failed = []
    for one in marked:
        try:
            write_feedback(out / "feedback", assignment, one)
        except (ValueError, TypeError, RecursionError, ArithmeticError, LookupError) as error:
            failed.append(f"feedback/{one.student}.html ({type(error).__name__})")
    try:
        write_summary(out, assignment, marked)
    except (ValueError, TypeError, RecursionError, ArithmeticError, LookupError) as error:
        failed.append(f"summary.html ({type(error).__name__})")
    return f"\nNot written, the marks are: {', '.join(failed)}." if failed else ""


def _lost(graded: Sequence[Graded], entered: corrections.Entered) -> str:
    """Rows of written.csv that change nothing: their student or question is not there, or they have no points."""
    there = {(one.student, cell.id) for one in graded for cell in one.cells}
    lost = [f"{student} {question}" for (student, question), entry in entered.items()
            if (entry.points is not None or entry.comment) and (student, question) not in there]  # fmt: skip
    said = f"\nIn written.csv no student of this class has the question: {', '.join(lost)}." if lost else ""
    only_words = corrections.without_points(graded, entered)
    return said + (f"\nIn written.csv a comment without points changes no mark: {', '.join(only_words)}."
                   if only_words else "")  # fmt: skip


def _waiting(graded: Sequence[Graded], options: argparse.Namespace) -> str:
    waiting = sum(one.waiting for one in graded)
    roster = f" --class {options.roster}" if options.roster else ""
    command = f"python -m lrcore.homework merge {options.assignment} {options.out}{roster}"
    students = sum(one.waiting > 0 for one in graded)
    said = (
        f"\n{mark_sheets.waits(waiting)} for a person: enter points in {options.out / 'written.csv'}, then\n  {command}"
        f"\nUntil then the forms for Canvas and Moodle have no grade for {students} student{'s' * (students > 1)}."
    )
    return said if waiting else ""


def _with_missing(assignment: Assignment, graded: Sequence[Graded], roster: Roster | None) -> list[Graded]:
    handed_in = {one.student for one in graded}
    missing = [] if roster is None else [student for student in roster.students if student not in handed_in]
    return sorted([*graded, *(_nothing(assignment, student) for student in missing)], key=lambda one: one.student)


def _nothing(assignment: Assignment, student: str) -> Graded:
    cells = tuple(CellMark(cell.id, 0.0, cell.points) for cell in assignment.graded)
    return Graded(student, "handed in nothing", cells)


def _why(aside: Sequence[tuple[str, str]]) -> str:
    return f"{aside[0][0]}: {aside[0][1]}." if aside else "it is empty."


def _aside(aside: Sequence[tuple[str, str]], out: Path) -> str:
    were = "1 file was" if len(aside) == 1 else f"{len(aside)} files were"
    return f"\n{were} put aside: {out / 'put_aside.csv'} says why." if aside else ""


def _changes(before: dict[str, Graded], graded: Sequence[Graded], out: Path) -> str:
    rows = []
    for one in graded:
        old = {cell.id: cell.points for cell in before[one.student].cells} if one.student in before else {}
        rows += [
            [one.student, c.id, mark_sheets.number(old.get(c.id)), mark_sheets.number(c.points)]
            for c in one.cells
            if old.get(c.id) != c.points
        ]
    mark_sheets.write_table(out / "changes.csv", ["student", "question", "before", "now"], rows)
    return f"\n{len({row[0] for row in rows})} students have other marks than before: {out / 'changes.csv'}."


def _write_late(out: Path, late: set[str]) -> None:
    mark_sheets.write_table(out / "graded" / "late.csv", ["student"], [[one] for one in sorted(late)])


def _read_late(out: Path) -> set[str]:
    path = out / "graded" / "late.csv"
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"] for row in csv.DictReader(file)}
