"""Who is in the class: a plain list, Canvas's gradebook or Moodle's grading worksheet, as the LMS exports them."""

import csv
import io
import re
from dataclasses import dataclass, field
from itertools import zip_longest
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
    """The text of a table as spreadsheets save it: UTF-8, UTF-16 with its mark or without, or Windows' own encoding.

    Raises
    ------
    InputError
        it is a spreadsheet's own file under this name.
    """
    data = path.read_bytes()
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{path} is no text but a spreadsheet's own file (.xlsx, .ods, .xls); save it as CSV.")
    return re.sub("[\ufeff\u200b\u2060]", "", _decoded(data))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    begin = data[:400]
    high, low = begin[::2].count(0), begin[1::2].count(0)  # every second byte of a plain letter is zero in UTF-16
    if 4 * max(high, low) > len(begin):
        return data.decode("utf-16-be" if high > low else "utf-16-le")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def table_cells(path: Path) -> list[list[str]]:
    """The cells of a table, row by row; a comma, a semicolon or a tab stands between them, by its first line."""
    text = as_saved(path).lstrip("\r\n")
    first, *rest = re.split(r"\r\n?|\n", text, maxsplit=1)
    said = re.fullmatch(r'"?sep=(.)"?[,;\t]*', first.strip(" "))  # how a spreadsheet is told
    mark = said[1] if said else max(",;\t|", key=first.count)
    lines = io.StringIO("".join(rest) if said else text, newline="")
    return list(csv.reader(lines, delimiter=mark, skipinitialspace=True, strict=True))


def table_rows(path: Path, needed: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """The rows of a table by the names in its first line, in small letters; what is missing in a row is empty.

    Raises
    ------
    InputError
        it cannot be read, a needed column is not there, or a row has something that belongs to no column, or two
        things for one.
    """
    try:
        header, *rows = table_cells(path) or [[]]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read ({error}): is a quotation mark not closed?") from error
    names = ["_".join(name.casefold().split()) for name in header]
    if header and not set(needed) <= set(names):
        columns = f"{', '.join(needed[:-1])} and {needed[-1]}"
        raise InputError(f"{path} needs the columns {columns} in its first row, as the grader wrote them.")
    return [_named(names, row, f"{path}, row {place}") for place, row in enumerate(rows, start=2)]


def _named(names: list[str], row: list[str], where: str) -> dict[str, str]:
    found = dict.fromkeys(filter(None, names), "")
    for name, cell in zip_longest(names, row[: len(names)] + [one for one in row[len(names) :] if one.strip()]):
        if not (cell or "").strip():
            continue
        if not name:
            raise InputError(
                f"{where}: {cell[:60]!r} stands in no column that has a name; name the column in the first row, or put "
                "a text with commas or semicolons in it into quotation marks."
            )
        text = re.sub(r"\r\n?", "\n", re.sub(r"^'(?=[=+@-])", "", cell))
        if found[name] not in ("", text):
            raise InputError(
                f"{where}: two columns are named {name}, with {found[name][:60]!r} and {text[:60]!r}; leave one."
            )
        found[name] = text
    return found


def read_roster(path: Path) -> Roster:
    """Read a class list in any of the three forms; which it is, its header says."""
    try:
        first, *others = table_cells(path) or [[]]
        header = tuple(first)
        rows = [{key: cell for key, cell in zip_longest(header, row, fillvalue="") if key} for row in others if row]
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


def _id(path: Path, text: str) -> str:
    try:
        return safe_id(text)
    except InputError as error:
        raise InputError(f"The class list {path} has its ids in the first column, and {error}") from None


def read_class(path: Path) -> list[str]:
    """The ids of a class list: a text file with one a line, or the first column of a CSV (a header 'id' is skipped)."""
    try:
        rows = [row[0].strip() for row in table_cells(path) if row and row[0].strip()]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(
            f"The class list {path} cannot be read ({error}); give a text file with one id a line."
        ) from error
    ids = [
        _id(path, row)
        for k, row in enumerate(rows)
        if k or row.lower() not in ("id", "student", "username", "login_id")
    ]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise InputError(f"The class list {path} names {twice[0]} twice.")
    if not ids:
        raise InputError(f"The class list {path} names nobody.")
    return ids
