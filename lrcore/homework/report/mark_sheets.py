"""Marks as files: ``marks.csv``, the forms that Canvas and Moodle import, and the table of answers that a person marks.

A cell of text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.grade.grade_submission import Graded
from lrcore.homework.grade.roster import Roster
from lrcore.homework.release.assignment import Assignment

WRITTEN = ("student", "question", "points", "out_of", "comment", "answer")


Entered = dict[tuple[str, str], tuple[float | None, str]]  # (student, question) -> (points, comment)


def harmless(value: Any) -> Any:
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
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def write_marks(out: Path, assignment: Assignment, graded: Iterable[Graded], late: set[str]) -> None:
    """``marks.csv``: a row a student, a column a question; an empty cell waits for a person."""
    names = [cell.id for cell in assignment.graded]
    header = ["student", "total", "out_of", "status", "late", *names]
    rows = []
    for one in graded:
        points = {cell.id: cell.points for cell in one.cells}
        given = [number(points.get(name)) for name in names]
        rows.append(
            [
                one.student,
                number(one.points),
                number(assignment.points),
                one.status,
                "late" if one.student in late else "",
                *given,
            ]
        )
    write_table(out / "marks.csv", header, rows)


def write_canvas(out: Path, assignment: Assignment, graded: Sequence[Graded], roster: Roster | None) -> None:
    """The form that Canvas's gradebook imports; with its own export as class list, the rows are Canvas's own."""
    marks = {one.student: number(one.points) for one in graded}
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
                row = {**roster.rows[one.student], "Grade": number(one.points)}
                rows.append([row.get(name, "") for name in header])
        write_table(out / "marks_moodle.csv", header, rows)
        return
    write_table(
        out / "marks_moodle.csv",
        ["username", assignment.title, "feedback"],
        ([one.student, number(one.points), "" if one.status == "ok" else one.status] for one in graded),
    )


# ---------------------------------------------------------------------- what a person marks


def write_written(path: Path, graded: Iterable[Graded]) -> None:
    """The answers that a person marks; points and comments that stand there already are kept."""
    entered = read_written(path) if path.exists() else {}
    rows = []
    for one in graded:
        for cell in one.cells:
            points, comment = entered.get((one.student, cell.id), (None, ""))
            if cell.for_a_person or points is not None:  # a mark of the machine that a person corrects stays corrected
                answer = " ".join(cell.given.split())[:2000]
                rows.append([one.student, cell.id, number(points), number(cell.out_of), comment, answer])
    there = {(row[0], row[1]) for row in rows}
    rows += [  # of students or questions that were not graded this time: nothing that was entered is lost
        [student, question, number(points), "", comment, ""]
        for (student, question), (points, comment) in entered.items()
        if points is not None and (student, question) not in there
    ]
    write_table(path, WRITTEN, rows)


def read_written(path: Path) -> dict[tuple[str, str], tuple[float | None, str]]:
    """What a person entered: (student, question) -> (points, comment).

    Raises
    ------
    InputError
        the file is not such a table, or points are not a number from 0 to what the question is worth; the row is named.
    """
    try:
        text = _as_saved(path.read_bytes())
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error
    found = {}
    for place, row in enumerate(rows, start=2):
        if not {"student", "question", "points"} <= set(row):
            raise InputError(f"{path} needs the columns student, question and points, as the grader wrote them.")
        found[row["student"], row["question"]] = (_points(row, path, place), row.get("comment") or "")
    return found


def _as_saved(data: bytes) -> str:
    """The text of a table as spreadsheets save it: UTF-8, or Windows' own encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def write_changed(
    out: Path, graded: Iterable[Graded], entered: dict[tuple[str, str], tuple[float | None, str]]
) -> None:
    """``corrected.csv``: which marks a person gave or changed, from what to what, and why."""
    rows = []
    for one in graded:
        for cell in one.cells:
            points, reason = entered.get((one.student, cell.id), (None, ""))
            if points is not None and points != cell.points:
                rows.append([one.student, cell.id, number(cell.points), number(points), reason])
    write_table(out / "corrected.csv", ["student", "question", "machine", "person", "reason"], rows)


def _points(row: dict[str, str], path: Path, place: int) -> float | None:
    text = (row["points"] or "").strip().replace(",", ".")
    if not text:
        return None
    most = float(row.get("out_of") or "inf")
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points <= most:
        raise InputError(
            f"{path}, row {place}: points are {text!r}, but a number from 0 to {number(most)} is expected."
        )
    return points


def merged(graded: Graded, entered: dict[tuple[str, str], tuple[float | None, str]]) -> Graded:
    """The result with a person's marks in it; they replace the grader's own.

    Raises
    ------
    InputError
        a mark of the machine is changed, and the comment gives no reason.
    """
    cells, open_ = [], False
    for cell in graded.cells:
        points, comment = entered.get((graded.student, cell.id), (None, ""))
        if points is not None and points != cell.points and not cell.for_a_person and not comment.strip():
            raise InputError(
                f"written.csv changes {cell.id} of {graded.student} from {number(cell.points)} to {number(points)} "
                "without a reason; say why in the column comment."
            )
        if points is not None and points > cell.out_of:
            raise InputError(
                f"written.csv gives {graded.student} {number(points)} points for {cell.id}, which is worth "
                f"{number(cell.out_of)}; give at most that."
            )
        if points is not None:
            says = (*cell.says, *([comment] if comment else []))
            cell = replace(cell, points=points, says=says, for_a_person=False)
        open_ = open_ or cell.for_a_person
        cells.append(cell)
    status = (
        graded.status
        if open_
        else "; ".join(one for one in graded.status.split("; ") if one != "needs a person") or "ok"
    )
    return replace(graded, cells=tuple(cells), status=status)


def write_aside(out: Path, aside: Iterable[tuple[str, str]]) -> None:
    """What was put aside, and why."""
    write_table(out / "put_aside.csv", ["file", "why"], aside)
