"""Marks as files: ``marks.csv``, the forms that Canvas and Moodle import.

A cell of text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lrcore.homework.grade.grade_submission import Graded
from lrcore.homework.grade.roster import Roster
from lrcore.homework.release.assignment import Assignment


def harmless(value: object) -> Any:
    """Text that no spreadsheet takes for a formula; numbers as they are, and the dash with which Moodle says never."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") and value != "-":
        return "'" + value
    return value


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([harmless(one) for one in header])
    writer.writerows([harmless(one) for one in row] for row in rows)
    path.write_text(visible(text.getvalue()), encoding="utf-8")


def visible(text: str) -> str:
    """Text that any file can hold and that shows what it is.

    Control characters, halves of characters, and marks that turn the direction of reading become the mark for a
    character that is none.
    """
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\u200e\u200f]", "\ufffd", text)


def number(value: float | None) -> str:
    """Points as they stand in a table: 12, 7.5, or nothing where there are none."""
    return "" if value is None else f"{value + 0.0:.2f}".rstrip("0").rstrip(".")


def write_marks(out: Path, assignment: Assignment, graded: Iterable[Graded], late: set[str]) -> None:
    """``marks.csv``: a row a student, a column a question.

    An empty cell waits for a person. A number may wait too: it is what is earned whatever a person finds besides. Where
    anything waits, ``waits`` names it, and the total is said to be "at least".
    """
    names = [cell.id for cell in assignment.graded]
    header = ["student", "total", "total_is", "out_of", "status", "late", "waits", *names]
    rows = []
    for one in graded:
        points = {cell.id: cell.points for cell in one.cells}
        given = [number(points.get(name)) for name in names]
        rows.append(
            [
                one.student,
                number(one.total),
                "at least" if one.waiting and one.total is not None else "",
                number(assignment.points),
                one.status,
                "late" if one.student in late else "",
                " ".join(cell.id for cell in one.cells if cell.for_a_person),
                *given,
            ]
        )
    write_table(out / "marks.csv", header, rows)


def write_canvas(out: Path, assignment: Assignment, graded: Sequence[Graded], roster: Roster | None) -> None:
    """The form that Canvas's gradebook imports; with its own export as class list, the rows are Canvas's own."""
    marks = {one.student: _grade(one) for one in graded}
    names = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    rows = []
    for student in sorted(marks):
        mine = (
            roster.rows.get(student, {})
            if roster is not None and roster.kind == "canvas"
            else {"SIS Login ID": student}
        )
        rows.append([*(mine.get(name, "") for name in names), marks[student]])
    column = _canvas_column(assignment, roster)
    possible = ["    Points Possible", "", "", "", "", number(assignment.points)]
    write_table(out / "marks_canvas.csv", [*names, column], [possible, *rows])


def _canvas_column(assignment: Assignment, roster: Roster | None) -> str:
    """The column of this assignment in Canvas's export, with Canvas's number in it, else its title."""
    header = roster.header if roster is not None else ()
    numbered = re.compile(re.escape(assignment.title) + r"( \(\d+\))?")
    return next((name for name in header if numbered.fullmatch(name)), assignment.title)


def write_moodle(out: Path, assignment: Assignment, graded: Sequence[Graded], roster: Roster | None) -> None:
    """The form that Moodle imports: its own grading worksheet filled in, or user names with grades."""
    if roster is not None and roster.kind == "moodle":
        header = roster.header
        rows = []
        for one in graded:
            if one.student in roster.rows:
                row = {**roster.rows[one.student], "Grade": _grade(one)}
                rows.append([row.get(name, "") for name in header])
        write_table(out / "marks_moodle.csv", header, rows)
        return
    write_table(
        out / "marks_moodle.csv",
        ["username", assignment.title, "feedback"],
        ([one.student, _grade(one), _said(one)] for one in graded),
    )


def _grade(one: Graded) -> str:
    """The total as an LMS gets it: it has no "at least" beside a grade, so there is none while an answer waits."""
    return "" if one.waiting else number(one.total)


def _said(one: Graded) -> str:
    """What the student is told beside the total."""
    told = [part for part in one.told.split("; ") if part not in ("ok", "needs a person")]
    return "; ".join([*told, *([f"at least: {waits(one.waiting)} for a person"] if one.waiting else [])])


def waits(count: int) -> str:
    return "1 answer waits" if count == 1 else f"{count} answers wait"


def write_aside(out: Path, aside: Iterable[tuple[str, str]]) -> None:
    """What was put aside, and why."""
    write_table(out / "put_aside.csv", ["file", "why"], aside)
