"""Which of several files of one student counts. Nothing is taken in silence: what is not clear, a person decides.

Clear are files of the same contents, the one that ``submit`` wrote, and the one with the assignment's own name beside
notes with other names. A notebook as it was given out says nothing beside one that was worked on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lrcore.errors import InputError
from lrcore.homework.sandbox.protocol import Forged, strict_json
from lrcore.homework.submitting import checksum

if TYPE_CHECKING:
    from lrcore.homework.grade.submissions import Submission

_MOST, _NAMED = 6, 5
_SMALL = 3_000_000  # what submit wrote holds no outputs, nor does what was given out
_OPEN = ("raise NotImplementedError()", "YOUR ANSWER HERE")


def chosen(
    found: Iterable[Submission],
) -> tuple[list[Submission], list[tuple[str, str]], list[tuple[str, str]]]:
    """The one file of each student, what was put aside for it, and the students between whose files none can choose."""
    by_student: dict[str, list[Submission]] = {}
    for one in sorted(found, key=lambda one: (one.order, one.member)):
        by_student.setdefault(one.student, []).append(one)
    kept: list[Submission] = []
    aside, unclear = list[tuple[str, str]](), list[tuple[str, str]]()
    for student, files in sorted(by_student.items()):
        if (best := _best(files)) is None:
            names = _names(files)
            count = "two" if len(files) == 2 else f"{len(files):,}"
            unclear.append((student, f"{count} files, {names}: leave the one that counts and grade again"))
            aside += [(one.member, f"{student} handed in {names}: a person has to choose") for one in files]
            continue
        kept.append(best)
        why = "handed in a newer one, one with the assignment's name, or one that submit wrote"
        aside += [(one.member, f"{student} {why}: {best.member}") for one in files if one is not best]
    return kept, aside, unclear


def _names(files: Sequence[Submission]) -> str:
    named = [one.member for one in files[:_NAMED]]
    return " and ".join([*named, f"{len(files) - _NAMED:,} more"] if len(files) > _NAMED else named)


def _best(files: Sequence[Submission]) -> Submission | None:
    """The file that counts; None where nothing says so. The last is the newest of those whose names fit best."""
    if len(files) == 1:
        return files[0]
    if len(files) > _MOST or len({one.sender for one in files}) > 1:
        return None
    read = [(one, _Contents(one)) for one in files]
    worked_on = [one for one in read if not one[1].as_given_out] or read
    of_submit = [one for one in worked_on if one[1].is_as_submit_wrote]
    own = [one for one in worked_on if one[0].order[0] == 2]
    clear = all(one.order[0] in (0, 2) for one, _ in worked_on)
    for of_a_kind in (worked_on, of_submit, own if clear else []):
        if len({contents.digest for _, contents in of_a_kind}) == 1:
            return of_a_kind[-1][0]
    return None


class _Contents:
    """What has to be known of a file to choose: what it says, and what ``submit`` or nobody made of it."""

    def __init__(self, one: Submission):
        self.digest, self.is_as_submit_wrote, self.as_given_out = f"unread {one.member}", False, False
        try:
            data = one.read()
            self.digest = hashlib.sha256(data).hexdigest()
            found = strict_json(data.decode("utf-8-sig"), _SMALL, deepest=60, nan=True)
        except (InputError, Forged, ValueError):
            return
        cells = found.get("cells") if isinstance(found, dict) else None
        if isinstance(cells, list):
            about = _inside(found, "metadata", "lrcore")
            self.is_as_submit_wrote = _inside(about, "checksum") == checksum(cells)
            self.as_given_out = _is_untouched(cells)


def _is_untouched(cells: list[Any]) -> bool:
    """Whether every answer is open, as it was given out; without the names of answers, whether any is."""
    answers = [one for one in cells if _inside(one, "metadata", "nbgrader", "solution") is True]
    texts = [str(_inside(one, "source")) for one in answers or cells]
    is_open = [any(mark in text for mark in _OPEN) for text in texts]
    return all(is_open) if answers else any(is_open)


def _inside(found: object, *names: str) -> Any:
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found
