"""A state, checked: each step with its verdict and its place in the text, as plain values for a view to draw."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any

from lrcore.verify import Context, Step, Verdict
from lrcore.verify.check import Derivation
from lrcore.verify.conditions import unknowns
from lrcore.verify.names import latex as latex_name
from lrcore.verify.reading import is_latex

from .advice import advise, names_of
from .finding import Piece, find
from .guessing import missing, question
from .repairing import resized, tidied
from .table import Row, State, context_of
from .typeset import shown

MOST_REPAIRS, MOST_PIECES = 4, 200
WORDS = {
    "PROVED": "holds",
    "REFUTED": "does not hold",
    "ILL_TYPED": "has no meaning",
    "CHECKED": "not proved",
    "UNREADABLE": "not read",
    "DEFINITION": "definition",
    "CONDITION": "condition",
}
_ASSUMED = re.compile(r"(.*?) (is invertible|is not zero|is positive|is not negative|is a number|holds|is symmetric)")
_NO_EQUATION = "This line holds no equation"


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
    claim: Any = None


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
        names = names_of([row.name for row in rows])
        found = find(self.state.text, names)
        self.pieces, self.more = found[:MOST_PIECES], max(0, len(found) - MOST_PIECES)
        if not self.locked:
            self.guesses = missing(self.state.text, self.pieces, self.context)
            if self.guesses:
                self.context, _ = context_of((*rows, *self.guesses), self.state.layout)
        self._check_pieces()
        return self

    def _check_pieces(self) -> None:
        context, conditions, trees = self.context, [], []
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
        super().__init__(piece.text, context, repairs, locked=locked)
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
            Checked(step, self.piece, self._placed(left), self._placed(right), first, self.latex, self.context, self.claims.get(k))
            for k, (step, (left, right, first)) in enumerate(zip(moved, sides))
        ]


_DRESS = re.compile(r"\\(?:left|big|Big|bigg|Bigg|bigl|Bigl|biggl|Biggl)\s*$")


def _shift(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _moved(step: Step, by: int) -> Step:
    return replace(step, span=_shift(step.span, by) if step.span else None)


# ---------------------------------------------------------------------- for the view


def view(desk: Desk) -> dict[str, Any]:
    """All that a view draws, in values that JSON knows."""
    text = desk.state.text
    breaks = [match.start() for match in re.finditer("\n", text)]
    steps = [_step(one, desk, breaks) for one in desk.steps]
    wrong = next((k for k, one in enumerate(desk.steps) if not one.step.verdict.holds), None)
    return {
        "steps": steps,
        "first_wrong": wrong,
        "ok": bool(steps) and wrong is None,
        "summary": summary(steps, wrong, desk),
        "mathematics": [[piece.start, piece.end] for piece in desk.pieces],
        "questions": [_question(row) for row in desk.guesses],
        "problems": {str(place): said for place, said in desk.problems.items()},
    }


def _question(row: Row) -> dict[str, Any]:
    return {"row": row.to_list(), "latex": shown(row.name, True), "asks": question(row)}


def _step(one: Checked, desk: Desk, breaks: list[int]) -> dict[str, Any]:
    step, text = one.step, desk.state.text
    whole = (one.left[0], max(one.right[1], one.left[1]))
    mark = step.span or whole
    at = mark[0] if step.verdict in (Verdict.UNREADABLE, Verdict.ILL_TYPED) else one.right[0]
    found = advise(step, text, (one.piece.start, one.piece.end), one.latex, desk.context) if not step.verdict.holds else None
    return {
        "line": bisect_right(breaks, max(at - 1, 0)) + 1 if at else 1,
        "span": list(whole),
        "mark": list(mark),
        "verdict": step.verdict.value,
        "word": WORDS[step.verdict.value],
        "says": step.message,
        "written": _written(one, text),
        "latex": _latex(one, text),
        "example": _example(step),
        "repair": _repair(one, desk),
        "advice": found and {"says": found.says, "changes": [list(change) for change in found.changes]},
        "adopt": _adopt(one, desk),
        "assumes": [_assumed(said) for said in step.assumes],
        "engines": list(step.engines),
    }


def _written(one: Checked, text: str) -> str:
    start = one.left[0] if one.first else one.right[0]
    lead = "" if one.first or not one.step.relation else f"{one.step.relation} "
    return lead + " ".join(text[start : one.right[1]].split())[:300]


def _latex(one: Checked, text: str) -> str:
    """The step typeset: both sides where it opens a chain, and from the relation on where it goes on with one."""
    if one.left == one.right or not one.step.relation:
        return shown(text[one.piece.start : one.piece.end], one.latex) if one.latex else ""
    right = shown(text[slice(*one.right)], one.latex)
    left = shown(text[slice(*one.left)], one.latex) if one.first else ""
    relation = {"<=": r"\le", ">=": r"\ge", "in": r"\in", "approx": r"\approx", ":=": ":="}.get(
        one.step.relation, one.step.relation
    )
    return f"{left} {relation} {right}" if right and (left or not one.first) else ""


def _example(step: Step) -> dict[str, Any] | None:
    if step.counterexample is None:
        return None
    found = step.counterexample.to_dict()
    values = [{"name": name, "latex": _value_name(name), "rows": rows} for name, rows in found["values"].items()]
    sizes = [{"name": name, "value": value} for name, value in found["sizes"].items()]
    places = [{"name": name, "value": value} for name, value in found["places"].items()]
    return {"sizes": sizes, "values": values, "places": places, "left": found["left"], "right": found["right"]}


def _value_name(name: str) -> str:
    return shown(f"d{latex_name(name[2:])}" if name.startswith("d ") else latex_name(name), True)


def _repair(one: Checked, desk: Desk) -> dict[str, Any] | None:
    step = one.step
    says, new = step.repair, step.mended
    if says is None and step.verdict is Verdict.REFUTED and desk.tries > 0:
        desk.tries -= 1
        says, new = resized(desk.state.text[slice(*one.left)], desk.state.text[slice(*one.right)], one.after)
    if not says or not new:
        return None
    start, end = one.left if step.mended_side == "left" else one.right
    new = tidied(new, one.latex, desk.context)
    return {"says": says, "from": start, "to": end, "text": new, "latex": shown(new, one.latex)}


def _adopt(one: Checked, desk: Desk) -> dict[str, Any] | None:
    """Where a line says what the table says differently, the table can take the line's word."""
    if desk.locked or not one.first or one.step.verdict is not Verdict.REFUTED:
        return None
    for place, row in enumerate(desk.state.rows):
        if row.definition and _same_name(row.name, one.step.left, desk.context):
            body = desk.state.text[slice(*one.right)].strip()
            return {"row": place, "definition": body, "says": f"Take it as the definition of {row.name} instead"}
    return None


def _same_name(name: str, written: str, context: Context) -> bool:
    try:
        return len(written) < 60 and context.key(written) == context.key(name)
    except Exception:  # a left side that is no name
        return False


def _assumed(said: str) -> dict[str, str]:
    match = _ASSUMED.fullmatch(said)
    if match is None:
        return {"latex": "", "says": said}
    return {"latex": shown(match[1], True), "says": match[2] if shown(match[1], True) else said}


def summary(steps: list[dict[str, Any]], wrong: int | None, desk: Desk) -> str:
    """The whole in a sentence, for the eye and for the ear."""
    if not steps:
        return "No equation was found yet. Write one with =, a line each." if desk.state.text.strip() else ""
    if wrong is not None:
        found = steps[wrong]
        said = f"Line {found['line']} {found['word']}: {found['says']}"
        return said + (f" {found['repair']['says']}" if found["repair"] else "")
    count = sum(1 for one in steps if one["verdict"] == "PROVED")
    proved = "1 step is proved" if count == 1 else f"{count} steps are proved"
    others = len(steps) - count
    rest = "" if not others else f"; {others} more {'is' if others == 1 else 'are'} no claim" if others != len(steps) else ""
    if count == 0:
        return "Nothing is claimed yet: definitions and conditions alone."
    return f"Every line holds: {proved} for all sizes{rest}." + ("" if not desk.guesses else " Some shapes are guessed.")


__all__ = ["Checked", "Desk", "is_latex", "summary", "view"]
