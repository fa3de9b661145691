"""Who is in the class: a plain list, Canvas's gradebook or Moodle's grading worksheet, as the LMS exports them."""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from lrcore.errors import InputError
from lrcore.homework.submitting import safe_id


@dataclass(frozen=True)
class Roster:
    """The ids of a class, the LMS's numbers for them, and the LMS's own rows, to be handed back with marks."""

    students: tuple[str, ...]
    numbers: dict[str, str] = field(default_factory=dict)
    kind: str = "list"
    header: tuple[str, ...] = ()
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def late(self) -> set[str]:
        """Who is late by Moodle's worksheet: its zip does not say."""
        return {student for student, row in self.rows.items() if re.search(r"\d [a-z]+ late", row.get("Status", ""))}


def as_saved(path: Path) -> str:
    """The text of a table as spreadsheets save it: UTF-8, UTF-16, or Windows' own encoding."""
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def separator(text: str) -> str:
    """What stands between the cells of a table: a comma, a semicolon or a tab, by its first line."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def table_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table by the names in its first line; what is missing in a row is empty.

    Raises
    ------
    InputError
        it cannot be read.
    """
    try:
        text = as_saved(path)
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator(text))
        return [{key.strip(): value or "" for key, value in row.items() if key} for row in rows]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error


def read_roster(path: Path) -> Roster:
    """Read a class list in any of the three forms; which it is, its header says."""
    try:
        text = as_saved(path)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator(text))
        header = tuple(reader.fieldnames or ())
        rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"The class list {path} cannot be read ({error}).") from error
    if "ID" in header and {"Student", "LastName"} & set(header):  # Canvas's names come in one column or in two
        return _lms(path, "canvas", header, rows, "ID", ("SIS Login ID", "SIS User ID", "ID"))
    if {"Identifier", "Grade"} <= set(header):
        return _lms(
            path, "moodle", header, rows, "Identifier", ("Username", "ID number", "Email address", "Identifier")
        )
    return Roster(tuple(sorted(read_class(path))))


def _lms(
    path: Path, kind: str, header: tuple[str, ...], rows: list[dict[str, str]], number: str, names: tuple[str, ...]
) -> Roster:
    students, numbers, kept = list[str](), dict[str, str](), dict[str, dict[str, str]]()
    column = next(name for name in names if name in header)
    for row in rows:
        digits = "".join(one for one in row[number] if one.isdigit())
        if not digits:  # Canvas has a row of points possible, and a test student
            continue
        student = safe_id(row[column].removeprefix("Participant ").strip() or digits)
        if student in kept:
            raise InputError(f"The class list {path} names {student} twice.")
        students.append(student)
        numbers[digits], kept[student] = student, row
    if not students:
        raise InputError(f"The class list {path} names nobody.")
    return Roster(tuple(sorted(students)), numbers, kind, header, kept)


def read_class(path: Path) -> list[str]:
    """The ids of a class list: a text file with one a line, or the first column of a CSV (a header 'id' is skipped)."""
    try:
        text = as_saved(path)
        table = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
        rows = [row[0].strip() for row in table if row and row[0].strip()]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(
            f"The class list {path} cannot be read ({error}); give a text file with one id a line."
        ) from error
    ids = [
        safe_id(row) for k, row in enumerate(rows) if k or row.lower() not in ("id", "student", "username", "login_id")
    ]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise InputError(f"The class list {path} names {twice[0]} twice.")
    if not ids:
        raise InputError(f"The class list {path} names nobody.")
    return ids
