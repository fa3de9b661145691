r"""Mathematics side by side with no word between: ``2 $w = w$``, ``$s = s$ $+ t$``, ``$w$ = $w$``. One may belong to
the other, and neither is decided before it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lrcore.verify.read.delimiters import RELATION
from lrcore.verify.read.left_over import ENDS
from lrcore.verify.read.marks import GOES_ON
from lrcore.verify.terms.errors import Unreadable

_NEAR = 60
_ASKED = "Does this belong to the formula beside it? Write both between one pair of dollars, or words between them."
_PERSON = re.compile(
    r"(?:[ \t]+(?:also |then |now |first |just )?(?:think|got|get|guess|hope|found|find|used|use|am|have|had|wrote"
    r"|write|see|saw|believe|suppose|would|will|can|could|did|do|tried|try|derived?|obtain(?:ed)?|want(?:ed)?|need|know|computed?"
    r"|calculated?|differentiated?|took|take|expand(?:ed)?|wonder|set|let|applied|apply|read|ended|arrived?|say|said"
    r"|assumed?|started?|was)|['’](?:d|m|ve|ll))\b"
)
_ASKS = re.compile(r"\b(?:am|did|do|have|should|can|could|may)\s$", re.I)
_MENTION = re.compile(r"\s*(?:\\[A-Za-z]+|[A-Za-z])(?:_\w)?\s*")
_GOES_ON = re.compile(r"\s*(?:[-+*/−^]|(?:\\[A-Za-z]+|[=<>≤≥≈])\s*$)")


@dataclass(frozen=True)
class Piece:
    """Mathematics from ``start`` to ``end``, its delimiters included; ``place`` is that of its passage, where it has
    one, and ``bare`` is what has no delimiters.
    """

    start: int
    end: int
    text: str
    place: int | None = None
    bare: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is an equation, and no part of one."""
        return self.place is not None and RELATION.search(self.text) is not None


def doubts(pieces: Sequence[Piece], text: str) -> Iterator[tuple[int, Unreadable]]:
    """What is asked of which passage, by its place."""
    mathematics = [one for one in pieces if not (one.bare and one.text == "I" and _is_person(one, text))]
    for first, second in pairwise(sorted(mathematics, key=lambda one: one.start)):
        if _may_be_one(first, second, text):
            asked = Unreadable(_ASKED, (first.start, second.end))
            yield from ((one.place, asked) for one in (first, second) if one.place is not None)


def _is_person(piece: Piece, text: str) -> bool:
    """Whether an I is who speaks, and no identity matrix."""
    asks = _ASKS.search(text, max(piece.start - _NEAR, 0), piece.start)
    return bool(_PERSON.match(text, piece.end) or (asks and re.match(r"[ \t]+[a-z]{2}", text[piece.end :])))


def _is_told_of(first: Piece, second: Piece, text: str) -> bool:
    """Whether words stand before the one of two that is no equation, or behind it."""
    before, behind = text[max(first.start - _NEAR, 0) : first.start], text[second.end : second.end + _NEAR]
    found = re.search(r"[^\W\d_]\s*$", before) if not first.is_whole else re.match(r"\s*[^\W\d_]", behind)
    return found is not None


def _may_be_one(first: Piece, second: Piece, text: str) -> bool:
    """Whether two neighbours may belong together; words part them, and punctuation does."""
    between = re.sub(rf"[{ENDS}]", " ", text[first.end : second.start])
    goes_on = not first.is_whole and bool(GOES_ON.match(second.text)) and not _MENTION.fullmatch(first.text)
    if goes_on:
        return True
    if re.search(r"[^\W_]|\x00", between):
        return False
    loose = not (first.is_whole and second.is_whole)
    if loose and (first if not first.is_whole else second).bare:
        return "\n" not in between
    if between.strip():
        return loose and not between.strip(" \t()[]{}") and not _is_told_of(first, second, text)
    if "\n" not in between:
        return loose or first.bare != second.bare
    begins = re.match(r"\s*[-+*/−\d]", first.text) if not first.is_whole else None
    return bool(begins or (not second.is_whole and _GOES_ON.match(second.text)))
