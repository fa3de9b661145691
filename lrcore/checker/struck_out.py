"""What the check takes from the words of a text: conditions that it supposes, names that it gives, matrices that it
calls symmetric. Each can be struck out, and the check goes on as if it were not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrcore.verify import Verdict, said_before, syntax

if TYPE_CHECKING:
    from .checked_text import CheckedStep

Span = tuple[int, int]
CONDITION, DEFINITION, SYMMETRIC = "condition", "definition", "symmetric"
SAYS = " is symmetric"
_NAMES = re.compile(
    r"\b(?:let|assum\w+|suppos\w+|where|with|defin\w+|denot\w+|set(?:ting)?|put|writ\w+|call|given|for|since|as)\b",
    re.I,
)
_OPENING, _CLOSING = re.compile(r"(?:\$\$?|\\\(|\\\[)\s*$"), re.compile(r"\s*[.,;]?\s*(?:\$\$?|\\\)|\\\])")


@dataclass(frozen=True)
class Hypothesis:
    """What is taken, as it is ``written`` (by this it is struck out), which kind it is, and where it stands."""

    written: str
    kind: str
    place: Span | None = None
    latex: bool = True
    struck: bool = False

    @property
    def says(self) -> str:
        """What it does, in words."""
        return {CONDITION: "is taken as given", DEFINITION: "gives a name", SYMMETRIC: ""}[self.kind]


def is_symmetric(name: str) -> str:
    """What is written of a matrix that the prose calls symmetric."""
    return name + SAYS


def hypotheses(steps: list[CheckedStep], text: str, given: Iterable[Span]) -> list[Hypothesis]:
    """The conditions and names that a text is taken to give, conditions at the places where it calls them ``given``;
    equations that it goes on from or solves are none.
    """
    found, spans = [], list(given)
    for number, one in enumerate(steps):
        alone = one.first and (number + 1 == len(steps) or steps[number + 1].first)
        kind = _kind(one, text, spans) if alone else ""
        if kind:
            place = (one.left[0], one.right[1])
            found.append(Hypothesis(" ".join(text[slice(*place)].split()), kind, place, one.latex))
    return found


def _kind(one: CheckedStep, text: str, given: Sequence[Span]) -> str:
    step = one.step
    if step.verdict is Verdict.CONDITION:
        called = any(start <= one.left[0] < end for start, end in given)
        sets = one.decided is not None and isinstance(one.decided.left, syntax.Name)
        return CONDITION if called or sets or step.relation != "=" else ""
    named = step.verdict is Verdict.DEFINITION and step.relation in ("=", ":=")
    return DEFINITION if named and _NAMES.search(said_before(text, one.left[0])) else ""


def without(text: str, struck: Iterable[Hypothesis]) -> str:
    """The text with nothing where these stand, each character of the rest at its place."""
    for one in struck:
        if one.place is not None:
            start, end = one.place
            before, after = _OPENING.search(text[:start]), _CLOSING.match(text, end)
            if before and after:
                start, end = before.start(), after.end()
            text = text[:start] + re.sub(r"\S", " ", text[start:end]) + text[end:]
    return text
