"""A state, checked: each step with its verdict and its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lrcore.verify import Context, Examined, Options, Passage, Step, examine, find

from .guesses import missing
from .table import Row, State, context_of

MOST_REPAIRS, MOST_PIECES = 4, 200
Span = tuple[int, int]


@dataclass
class CheckedStep:
    """One step where it stands: ``left`` and ``right`` are the places of its sides, ``first`` says whether it opens a
    chain.
    """

    step: Step
    piece: Passage
    left: Span
    right: Span
    first: bool
    latex: bool
    after: Context
    decided: Any = None


@dataclass
class CheckedText:
    """A whole text, checked with its table: what stands in the text goes before a guess."""

    state: State
    locked: bool = False
    steps: list[CheckedStep] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    guesses: list[Row] = field(default_factory=list)
    pieces: list[Passage] = field(default_factory=list)
    tries: int = MOST_REPAIRS
    more: int = 0
    context: Context = field(default_factory=Context)
    base: Context | None = None

    def run(self) -> CheckedText:
        """Check it; every text gets an answer."""
        rows = self.state.rows
        self.context, self.problems = context_of(rows, self.state.layout, self.base)
        found = find(self.state.text, self.context.words())
        self.pieces, self.more = found[:MOST_PIECES], max(0, len(found) - MOST_PIECES)
        if not self.locked:
            self.guesses = missing(self.state.text, self.pieces, self.context)
            if self.guesses:
                self.context, _ = context_of((*rows, *self.guesses), self.state.layout, self.base)
        text = self.state.text[: self.pieces[-1].end] if self.more else self.state.text
        given = frozenset(self.context.symbols) if self.locked else frozenset()
        check = examine(text, self.context, Options(repairs=MOST_REPAIRS, locked=given))
        self.steps = [self._placed(step, check, number) for number, step in enumerate(check.report.steps)]
        return self

    def _placed(self, step: Step, check: Examined, number: int) -> CheckedStep:
        piece = self._piece_at(step.sides[0] if step.sides else step.span or (0, 0))
        left, right = step.sides or ((piece.start, piece.start), (piece.start, piece.end))
        left, right = (_dressed(self.state.text, one) for one in (left, right))
        decided = check.decided.get(number)
        return CheckedStep(step, piece, left, right, step.opens, step.latex, check.context, decided)

    def _piece_at(self, span: Span) -> Passage:
        """The passage that a place of the text belongs to."""
        before = [one for one in self.pieces if one.start <= span[0]]
        return before[-1] if before else Passage(0, len(self.state.text), self.state.text)


_DRESS = re.compile(r"\\(?:left|big|Big|bigg|Bigg|bigl|Bigl|biggl|Biggl)\s*$")


def _dressed(text: str, span: Span) -> Span:
    r"""A side's place with the ``\left`` that the reader passes over."""
    dress = _DRESS.search(text, 0, span[0])
    return (dress.start() if dress else span[0], span[1])
