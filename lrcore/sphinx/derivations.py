"""A derivation that goes through several displayed equations, as one list of lines that can be played.

Its author names the equations, in order, in a comment where it begins; ``label:1`` is the first of a display alone::

    <!-- derivation: loss outer inner chain gradient -->

Its lines are what the page prints, each with its reason, and between them the lines that lead to one where it takes
more than one rule. Everything in it is proved, defined or given, or the build warns and there is no list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Found = dict[str, Any]
COMMENT = re.compile(r"(?:<!--)?\s*derivation:\s*(.*?)\s*(?:-->)?\s*", re.DOTALL)
MOST_BETWEEN = 15  # lines that lead to a printed one; a longer way is named by its rules
MOST_NAMES = 4
RELATIONS = {"<=": r"\le", ">=": r"\ge"}
WITHOUT_PROOF = {"DEFINITION": "definition", "CONDITION": "taken as given"}


@dataclass(frozen=True)
class Line:
    """A line as LaTeX and the rule that leads to it. ``label`` is that of the equation that prints it, and ``whole``
    says why it holds where the lines between are left out; both are empty in a line between. It goes on from the line
    with the number ``after``: None is the one before it, -1 its own left side, its own number is a beginning.
    """

    latex: str
    rule: str
    label: str = ""
    whole: str = ""
    after: int | None = None


class CannotBePlayed(ValueError):
    """Why the equations that a comment names make no derivation."""


def named_in(comment: str) -> list[str] | None:
    """The equations that a comment makes a derivation of; None where it is another comment."""
    found = COMMENT.fullmatch(comment)
    return found[1].split() if found else None


def lines_of(names: list[str], equations: Mapping[str, Found]) -> list[Line]:
    """The lines of a derivation through these equations, each said once."""
    found: list[Line] = []
    said: dict[tuple[str, str], int] = {}  # the number of the line that says it, by both sides
    end = ""  # the right side that the last line ends with
    for name in names:
        for label, step in _steps(name, equations):
            left, right = step["understood"]
            if (left, right) not in said:
                found += _lines(step, label, left == end, said, len(found))
                said[left, right] = len(found) - 1
            end = right
    return found


def _steps(name: str, equations: Mapping[str, Found]) -> Iterator[tuple[str, Found]]:
    label, _, number = name.partition(":")
    if label not in equations:
        raise CannotBePlayed(f"no equation has the label {label!r}")
    steps = equations[label]["steps"]
    if number and not (number.isdigit() and 0 < int(number) <= len(steps)):
        raise CannotBePlayed(f"{label!r} has {len(steps)} equations, and {number!r} is none of them")
    for step in [steps[int(number) - 1]] if number else steps:
        if step["verdict"] not in ("PROVED", *WITHOUT_PROOF):
            raise CannotBePlayed(f"{label!r} is not proved")
        yield label, step


def _lines(step: Found, label: str, goes_on: bool, said: dict[tuple[str, str], int], number: int) -> Iterator[Line]:
    """The lines of a step: those that lead to it, unless they are many or known already, and what is printed."""
    sign = RELATIONS.get(step["relation"], step["relation"])
    last = f"{sign} {_alone(step['right'])}"
    if step["verdict"] in WITHOUT_PROOF:
        reason = WITHOUT_PROOF[step["verdict"]]
        yield Line(f"{_alone(step['left'])} {last}", reason, label, reason, number)
        return
    begin, after = ("", None) if goes_on else (_alone(step["left"]), -1)
    why = step.get("why") or {"rules": [], "size": None, "how": "", "lines": [], "start": ""}
    *between, end = why["lines"] or [{"rule": ""}]
    if not 0 < len(between) <= MOST_BETWEEN:
        yield Line(f"{begin} {last}", _reason(why), label, _reason(why), after)
        return
    equations = not why["start"]  # the lines of what follows from another equation are equations themselves
    claims = [tuple(one["latex"].split(" = ", 1)) if equations else (why["start"], one["latex"]) for one in between]
    known = max((n for n, claim in enumerate(claims, 1) if claim in said), default=0)
    after = said[claims[known - 1]] if known else after
    begun = begin
    for one, claim in list(zip(between, claims, strict=True))[known:]:
        yield Line(one["latex"] if equations else f"{begun} = {one['latex']}", one["rule"], after=after)
        begun, after = "", None
        said[claim] = number
        number += 1
    yield Line(f"{begin} {last}", end["rule"], label, _reason(why), after)


def _alone(side: str) -> str:
    """A side without the marks that line it up with others."""
    return re.sub(r"\A(?:\{\})?\s*&|&\s*\Z", "", side).strip()


def _reason(why: Found) -> str:
    """The rules of a step in a few words."""
    names = list(dict.fromkeys(why["rules"]))
    few = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
    return few if few and why["size"] is not None else why["how"] or "proved"
