r"""One mark of a text changed where a line has no meaning: a transpose that was lost, an index for another.

The shapes of undeclared letters are guessed from such a line too, so that the text is read anew with each change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

Span = tuple[int, int]
MOST_CHANGES = 8
_INDEX = re.compile(r"_\s*(?:\{\s*)?(?P<below>[a-z])(?![A-Za-z])|\^\s*\{\s*\((?P<above>[a-z])\)\s*\}")
_SCRIPT = r"(?:\s*_\s*(?:\{[^{}]*\}|\w)|\s*\^\s*\{\s*\([^{}]*\)\s*\})*"
_FACTOR = re.compile(
    rf"(?P<letter>\\(?:mathbf|boldsymbol|bm|mb|mathsf|vec|hat)\s*\{{[^{{}}]*\}}|\\[A-Z][A-Za-z]*|(?<![A-Za-z\\])[A-Za-z]"
    rf"|(?<=[A-Za-z}}])(?<!\\)[A-Z]|\\(?:alpha|beta|theta|phi|omega)(?![A-Za-z])){_SCRIPT}|(?P<group>\))"
)
_TRANSPOSED = re.compile(r"\s*\}?\s*(?:\^|')")
#: How a text writes that something is transposed; where none is, its author may leave transposes out.
TRANSPOSE = re.compile(
    r"\^\s*\{?\s*(?:\\top|\\intercal|\\mathrm\s*\{?\s*T|\\mathsf\s*\{?\s*T|T)(?![A-Za-z])|(?<=[\w})])'"
)


@dataclass(frozen=True)
class Mark:
    """What takes the place of a part of the text, and that part; ``start`` and ``end`` are its place."""

    start: int
    end: int
    was: str
    now: str

    @property
    def says(self) -> str:
        return f"Right with one change: {self.now} for {self.was}."

    def put(self, text: str) -> str:
        return text[: self.start] + self.now + text[self.end :]

    def before(self, place: int) -> int:
        """Where a place of the changed text was before."""
        return place if place <= self.start else max(place - len(self.now) + self.end - self.start, self.end)


def marks(text: str, new: Span, side: Span, fault: Span) -> list[Mark]:
    """The changes that may give a step a meaning: of an index in what is new in it, and of a transpose in the part of a
    side that is at fault.
    """
    found = [*_letters(text, new)]
    if TRANSPOSE.search(text):
        found += _transposes(text, side, fault)
    return found[:MOST_CHANGES]


def _letters(text: str, side: Span) -> Iterator[Mark]:
    """Another index for one that stands once."""
    places = [one.span(one.lastgroup or 0) for one in _INDEX.finditer(text, *side)]
    number = Counter(text[start:end] for start, end in places)
    for start, end in places:
        was = text[start:end]
        if number[was] == 1:
            yield from (Mark(start, end, was, now) for now in number if now != was)


def _transposes(text: str, side: Span, fault: Span) -> Iterator[Mark]:
    """A transpose at each factor of what is at fault, and at the factor before it."""
    found = list(_FACTOR.finditer(text, *side))
    before = [one for one in found if one.end() <= fault[0]][-1:]
    for one in (*before, *(one for one in found if fault[0] <= one.start() and one.end() <= fault[1])):
        if _TRANSPOSED.match(text, one.end()):
            continue
        if one["group"]:
            yield Mark(one.start(), one.end(), ")", r")^\top")
        else:
            yield Mark(*one.span(), one[0], rf"{{{one[0]}}}^\top" if one[0] != one["letter"] else rf"{one[0]}^\top")
