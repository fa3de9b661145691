"""What a folder of marks is of: the assignment, the secret, the class, and whom the last run graded.

Marks that a person gave stand in that folder by student and question. Other assignments have the same names of
questions, so nothing else may be written there.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lrcore.errors import InputError
from lrcore.homework.grade.roster import Roster
from lrcore.homework.grade.submissions import bare


@dataclass(frozen=True)
class Belonging:
    """``secret`` is a fingerprint, ``students`` are those of the last run; None where nobody has said yet."""

    assignment: str
    secret: str | None = None
    roster: Roster | None = None
    students: tuple[str, ...] | None = None


def fingerprint(secret: bytes) -> str:
    """By what a secret is known again, and cannot be found."""
    return hashlib.sha256(b"whose marks these are\x00" + secret).hexdigest()[:32]


_FILE = "_about.json"  # no student's id begins so


def kept(folder: Path) -> Belonging | None:
    """What the folder is of; None for a new one.

    Raises
    ------
    InputError
        what stands there cannot be read.
    """
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        roster, students = found["class"], found["students"]
        return Belonging(
            str(found["assignment"]),
            found["secret"],
            None if roster is None else _roster(roster),
            None if students is None else tuple(students),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder / _FILE}, which says whose marks these are, cannot be read ({type(error).__name__}); grade into "
            "a new folder."
        ) from error


def _roster(found: dict[str, Any]) -> Roster:
    return Roster(**{**found, "students": tuple(found["students"]), "header": tuple(found["header"])})


def keep(folder: Path, belonging: Belonging) -> None:
    """Write it down."""
    found = {
        "assignment": belonging.assignment,
        "secret": belonging.secret,
        "class": None if belonging.roster is None else asdict(belonging.roster),
        "students": belonging.students,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def require(folder: Path, belonging: Belonging) -> Belonging | None:
    """What the folder is of, where that is this.

    Raises
    ------
    InputError
        it holds marks of another assignment, drawn from another secret, or of another class.
    """
    before = kept(folder)
    if before is None:
        return None
    if before.assignment != belonging.assignment:
        raise InputError(
            f"{folder} holds the marks of {before.assignment}, not of {belonging.assignment}; name another folder."
        )
    if None not in (before.secret, belonging.secret) and before.secret != belonging.secret:
        raise InputError(
            f"The marks in {folder} were made with another secret; give --secret the file of the release, or name "
            "another folder."
        )
    if before.roster is not None and belonging.roster is not None:
        theirs, given = _ids(before.roster.students), _ids(belonging.roster.students)
        if 2 * len(theirs & given) < min(len(theirs), len(given)):
            raise InputError(
                f"{folder} holds the marks of another class: of the {len(given)} in this class list it has "
                f"{len(theirs & given)}; give the list that it was graded with, or name another folder."
            )
    return before


def _ids(students: Iterable[str]) -> set[str]:
    return {bare(one) for one in students}
