"""A state, checked: piece by piece, each step with its verdict and its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from lrcore.verify import Context, Step
from lrcore.verify.check import Derivation
from lrcore.verify.conditions import unknowns

from .finding import Piece, find
from .guessing import missing
from .table import Row, State, context_of

MOST_REPAIRS, MOST_PIECES = 4, 200


@dataclass
class Checked:
    """One step where it stands: ``left`` and ``right`` are the places of its sides, ``first`` says whether it opens a
    chain.
    """

    step: Step
    piece: Piece
    left: tuple[int, int]
    right: tuple[int, int]
    first: bool
    latex: bool
    after: Context
    decided: Any = None


@dataclass
class Desk:
    """A whole text, checked piece by piece; what a piece defines or assumes holds for those after it."""

    state: State
    locked: bool = False
    steps: list[Checked] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    guesses: list[Row] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    tries: int = MOST_REPAIRS
    more: int = 0
    context: Context = field(default_factory=Context)

    def run(self) -> Desk:
        """Check it; every text gets an answer."""
        rows = self.state.rows
        self.context, self.problems = context_of(rows, self.state.layout)
        found = find(self.state.text, {row.name for row in rows if row.name.isalpha()})
        self.pieces, self.more = found[:MOST_PIECES], max(0, len(found) - MOST_PIECES)
        if not self.locked:
            self.guesses = missing(self.state.text, self.pieces, self.context)
            if self.guesses:
                self.context, _ = context_of((*rows, *self.guesses), self.state.layout)
        self._check_pieces()
        return self

    def _check_pieces(self) -> None:
        context, conditions, trees = self.context, list[Any](), list[Any]()
        for piece in self.pieces:
            wrong = sum(1 for one in self.steps if not one.step.verdict.holds)
            checked = _Piece(piece, context, wrong < MOST_REPAIRS, self.locked)
            checked.conditions = list(conditions)
            self.steps += checked.steps_of()
            context, conditions = checked.context, checked.conditions
            trees += getattr(checked, "text_trees", [])
            context.unknowns = None
            context.unknowns = unknowns(context, trees)


class _Piece(Derivation):
    """The check of one piece, which remembers where the sides of each step are."""

    def __init__(self, piece: Piece, context: Context, repairs: bool, locked: bool) -> None:
        super().__init__(piece.reads, context, repairs, locked=locked)
        self.piece = piece
        self.sides: list[tuple[tuple[int, int], tuple[int, int], bool]] = []

    def _chain(self, chain: Any) -> None:
        before = len(self.steps)
        super()._chain(chain)
        count = len(self.steps) - before
        if count == len(chain.relations):
            self.sides += [(chain.spans[k], chain.spans[k + 1], k == 0) for k in range(count)]
        else:
            self.sides += [((0, 0), (0, len(self.text)), True)] * count

    def _placed(self, span: tuple[int, int]) -> tuple[int, int]:
        r"""A side's place in the whole text, with the ``\left`` that the reader passes over."""
        dress = _DRESS.search(self.text, 0, span[0])
        start = dress.start() if dress else span[0]
        return _shift((start, span[1]), self.piece.start)

    def steps_of(self) -> list[Checked]:
        steps = self.report().steps
        sides = self.sides if len(self.sides) == len(steps) else [((0, 0), (0, len(self.text)), True)] * len(steps)
        moved = [_moved(step, self.piece.start) for step in steps]
        return [
            Checked(
                step,
                self.piece,
                self._placed(left),
                self._placed(right),
                first,
                self.latex,
                self.context,
                self.decided.get(k),
            )
            for k, (step, (left, right, first)) in enumerate(zip(moved, sides))
        ]


_DRESS = re.compile(r"\\(?:left|big|Big|bigg|Bigg|bigl|Bigl|biggl|Biggl)\s*$")


def _shift(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _moved(step: Step, by: int) -> Step:
    return replace(step, span=_shift(step.span, by) if step.span else None)
