"""What an explanation is: the lines with their rules, and how it is said where no path of named rules was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lrcore.verify.terms import syntax as s
from lrcore.verify.why.catalogue import RULES
from lrcore.verify.why.rewriting import Place

FALLBACK = "both sides in index notation"
GIVEN = next(one for one in RULES if one.name == "equation that was given")
ENTRYWISE = "entry by entry"
FREE = "order of terms and factors"


@dataclass(frozen=True)
class Line:
    """A line of an explanation: what it says, the rule that led to it, and which part of the line before it changed
    (a path of children in its canonical form; where the rule is used from right to left, of this line).
    """

    latex: str
    rule: str
    place: Place = ()
    tree: s.Node | None = None


@dataclass(frozen=True)
class Why:
    """``rules`` by name, in order; ``lines`` after each of them, the last is the right side, the first comes after
    ``start``; ``size`` is their number, and None where no path was found: then ``how`` says what the proof rests on.
    """

    rules: tuple[str, ...]
    lines: tuple[Line, ...]
    size: int | None
    how: str = ""
    start: str = ""

    @property
    def named(self) -> bool:
        """Whether rules, or the free moves alone, explain the step."""
        return self.size is not None

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain values: the rules, and the lines with the rule that led to each."""
        lines = [{"latex": one.latex, "rule": one.rule} for one in self.lines]
        return {"rules": list(self.rules), "size": self.size, "how": self.how, "start": self.start, "lines": lines}


UNEXPLAINED = Why((), (), None, FALLBACK)
