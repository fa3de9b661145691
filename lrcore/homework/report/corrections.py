"""What a person marks: ``written.csv``, a table that a spreadsheet edits, and what was changed by whom and why.

Any mark can be given or changed there, a machine's too: a row with student, question, points and the reason. It stands
when all is graded again. ``corrected.csv`` says what is changed now; ``audit.csv`` only grows, a row for each change.
"""

import getpass
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from lrcore.errors import InputError
from lrcore.homework.grade.grade_submission import CellMark, Graded
from lrcore.homework.grade.roster import table_rows
from lrcore.homework.grade.submissions import alike
from lrcore.homework.report.mark_sheets import number, write_table

WRITTEN = ("student", "question", "points", "out_of", "comment", "answer", "key", "why", "machine", "by")
_AUDIT = ("time", "by", "student", "question", "machine", "before", "now", "reason")


class Entry(NamedTuple):
    """What a person entered for a question of a student; ``more`` stands in columns of their own."""

    points: float | None = None
    comment: str = ""
    by: str = ""
    more: tuple[tuple[str, str], ...] = ()


Entered = Mapping[tuple[str, str], Entry]
_NOTHING = Entry()
_TAKEN_BACK = "the change was taken back"


def write_written(path: Path, graded: Sequence[Graded]) -> None:
    """The answers that a person marks, first those over which the machine stumbled; what stands there is kept."""
    entered = read_written(path, graded) if path.exists() else {}
    own = tuple(dict.fromkeys(name for entry in entered.values() for name, _ in entry.more))
    waiting = list[tuple[bool, list[str]]]()
    for one in graded:
        for cell in one.cells:
            entry = entered.get((one.student, cell.id), _NOTHING)
            if cell.for_a_person or entry != _NOTHING:
                stumbled = cell.for_a_person and bool(cell.says)
                waiting.append((not stumbled, _row(one.student, cell, entry)))
    rows = [row for _, row in sorted(waiting, key=lambda pair: pair[0])]
    there = {(row[0], row[1]) for row in rows}
    rows += [  # of students or questions that were not graded this time: nothing that was entered is lost
        [student, question, number(entry.points), "", entry.comment, "", "", "", "", entry.by]
        for (student, question), entry in entered.items()
        if entry != _NOTHING and (student, question) not in there
    ]
    found = (dict(entered.get((row[0], row[1]), _NOTHING).more) for row in rows)
    write_table(
        path, (*WRITTEN, *own), [[*row, *(more.get(name, "") for name in own)] for row, more in zip(rows, found)]
    )


def _row(student: str, cell: CellMark, entry: Entry) -> list[str]:
    answer = " ".join(cell.given.split())[:2000]
    why = " ".join(" ".join(cell.says).split())[:300] if cell.for_a_person else ""
    key = " ".join(cell.key.split())[:2000]
    given = [number(entry.points), number(cell.out_of), entry.comment]
    return [student, cell.id, *given, answer, key, why, number(cell.points), entry.by]


def read_written(path: Path, graded: Sequence[Graded] = ()) -> dict[tuple[str, str], Entry]:
    """What a person entered, by student and question as ``graded`` has them: case and leading zeros make no other.

    Raises
    ------
    InputError
        the file is not such a table, points are not a number from 0 to what the question is worth, or a question has
        two marks; the row is named.
    """
    found = dict[tuple[str, str], Entry]()
    students, worth = {one.student for one in graded}, {cell.id: cell.out_of for one in graded for cell in one.cells}
    for place, row in enumerate(table_rows(path, ("student", "question", "points")), start=2):
        student = _meant(row["student"].strip().lstrip("'’"), students, alike)
        question = _meant(row["question"].strip(), worth, lambda one, other: one.casefold() == other.casefold())
        points = _points(row, path, place, worth.get(question, float("inf")))
        before = found.get((student, question), _NOTHING)
        if before.points is not None and points is not None and points != before.points:
            raise InputError(
                f"{path}, row {place}: {question} of {student} has {number(before.points)} points in a row above and "
                f"{number(points)} here; leave one of them."
            )
        comment = " ".join(dict.fromkeys(filter(None, (before.comment, row.get("comment", "").strip()))))
        given = points if before.points is None else before.points
        more = dict(before.more) | {name: text for name, text in row.items() if name not in WRITTEN and text}
        found[student, question] = Entry(given, comment, before.by or row.get("by", "").strip(), tuple(more.items()))
    return found


def _meant(name: str, known: Collection[str], same: Callable[[str, str], bool]) -> str:
    """The one known name that a name means, where there is just one; else the name as it is."""
    found = [name] if name in known else [one for one in known if same(name, one)]
    return found[0] if len(found) == 1 else name


def _points(row: Mapping[str, str], path: Path, place: int, most: float) -> float | None:
    text = row["points"].strip().lstrip("'’")
    if not text:
        return None
    out_of, points = _float(row.get("out_of", ""), float("inf")), _float(text, -1.0)
    if out_of != most == _float(row.get("comment", ""), -1.0):
        raise InputError(
            f"{path}, row {place}: it says out of {number(out_of)}, and the comment is {number(most)}; put "
            f"{text},{number(out_of)} into quotation marks if these are the points."
        )
    most = min(most, out_of)
    if not 0 <= points <= most or points == float("inf"):
        raise InputError(
            f"{path}, row {place}: points are {text!r}, but a number from 0 to {number(most)} is expected."
        )
    return points


def _float(text: str, otherwise: float) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return otherwise


def merged(graded: Graded, entered: Entered) -> Graded:
    """The result with a person's marks in it; they replace the grader's own."""
    cells, open_, changed = list[CellMark](), False, False
    for cell in graded.cells:
        entry = entered.get((graded.student, cell.id), _NOTHING)
        if _counts(cell, entry):
            says = (*cell.says, *([entry.comment] if entry.comment else []))
            cell, changed = replace(cell, points=entry.points, says=says, for_a_person=False), True
        open_ = open_ or cell.for_a_person
        cells.append(cell)
    if open_ or not changed:
        return replace(graded, cells=tuple(cells))
    status = "; ".join(one for one in graded.status.split("; ") if one != "needs a person") or "ok"
    return replace(graded, cells=tuple(cells), status=status)


def _counts(cell: CellMark, entry: Entry) -> bool:
    """Whether an entry gives a mark: one of the machine's is changed with a reason, or not at all.

    A mark that waits may be raised without one: it is at least what the machine gives.
    """
    if entry.points is None:
        return False
    free = cell.for_a_person and entry.points >= (cell.points or 0.0)
    return free or entry.points == cell.points or bool(entry.comment)


def without_reason(graded: Iterable[Graded], entered: Entered) -> list[str]:
    """What is not taken: a change of the machine's mark that nobody gives a reason for."""
    return [
        f"{cell.id} of {one.student} from {number(cell.points)} to {number(entry.points)}"
        for one in graded
        for cell in one.cells
        if (entry := entered.get((one.student, cell.id), _NOTHING)).points is not None and not _counts(cell, entry)
    ]


def without_points(graded: Iterable[Graded], entered: Entered) -> list[str]:
    """Comments on the machine's marks that come without points."""
    found = [(one.student, cell) for one in graded for cell in one.cells if not cell.for_a_person]
    entries = [(student, cell.id, entered.get((student, cell.id), _NOTHING)) for student, cell in found]
    return [f"{student} {name}" for student, name, entry in entries if entry.points is None and entry.comment]


# ---------------------------------------------------------------------- what was changed


def _changes(graded: Iterable[Graded], entered: Entered) -> Iterable[tuple[str, CellMark, Entry]]:
    for one in graded:
        for cell in one.cells:
            entry = entered.get((one.student, cell.id), _NOTHING)
            if _counts(cell, entry):
                yield one.student, cell, entry


def write_changed(out: Path, graded: Iterable[Graded], entered: Entered) -> None:
    """``corrected.csv``: which marks a person gave, confirmed or changed, from what to what, and why."""
    rows = [
        [student, cell.id, number(cell.points), number(entry.points), entry.comment]
        for student, cell, entry in _changes(graded, entered)
    ]
    write_table(out / "corrected.csv", ["student", "question", "machine", "person", "reason"], rows)


def note(out: Path, graded: Sequence[Graded], entered: Entered) -> None:
    """``audit.csv``: a row for each mark that a person gives, changes or takes back, under those that stand there.

    Who: the column ``by`` of written.csv, else whoever runs the grader.
    """
    path = out / "audit.csv"
    rows = [[row.get(name, "") for name in _AUDIT] for row in table_rows(path)] if path.exists() else []
    last = {(row[2], row[3]): (row[6], row[7], row[1]) for row in rows}
    now = {
        (student, cell.id): (number(cell.points), number(entry.points), entry.comment, entry.by)
        for student, cell, entry in _changes(graded, entered)
    }
    machine = {(one.student, cell.id): number(cell.points) for one in graded for cell in one.cells}
    for about in last.keys() - now.keys():
        if about in machine and last[about][1] != _TAKEN_BACK:
            now[about] = (machine[about], machine[about], _TAKEN_BACK, "")
    when = datetime.now(UTC).isoformat(timespec="seconds")
    new = [
        [when, by or _me(), *about, before, last.get(about, [before])[0], points, reason]
        for about, (before, points, reason, by) in sorted(now.items())
        if about not in last or last[about] != (points, reason, by or last[about][2])
    ]
    if new:
        write_table(path, _AUDIT, [*rows, *new])


def _me() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
