"""A derivative that is asked for, with the reason for each line: what *Derive anything* shows, and takes away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lrcore.verify import ASSUMED, Context, Derivation, NotDerived, closed_form, derive, is_latex, shape_of, with_shapes

from .checked_text import CheckedText
from .table import Refused, Row, State, read_state
from .typeset import shown

STYLES = ("rules", "differential", "index")
LONGEST = 2_000
_HEAD = re.compile(r"^\s*\\?[^\W\d]\w*\s*(?:\([^()=]*\))?\s*:?=(?!=)")


@dataclass(frozen=True)
class Example:
    """What may be tried: a title, what is differentiated, by what, in which style, with which symbols."""

    title: str
    loss: str
    by: str
    rows: tuple[tuple[str, str], ...]
    style: str = "rules"

    def to_list(self) -> list[Any]:
        return [self.title, self.loss, self.by, self.style, [[name, shape, "", ""] for name, shape in self.rows]]


_DATA = (("X", "N x M"), ("w", "M"), ("y", "N"))
EXAMPLES = (
    Example("mean squared error", r"\frac1N \|X w - y\|^2", "w", _DATA),
    Example("many outputs", r"\frac1N \|X W - Y\|_F^2", "W", (("X", "N x M"), ("W", "M x D"), ("Y", "N x D"))),
    Example("ridge", r"\frac1N \|X w - y\|^2 + \lambda \|w\|^2", "w", (*_DATA, (r"\lambda", "scalar"))),
    Example("weighted", r"(y - X w)^\top C (y - X w)", "w", (*_DATA, ("C", "N x N")), "differential"),
    Example("by one weight", r"\frac1N \|X w - y\|^2", "w", _DATA, "index"),
    Example(
        "logistic regression", r"\mathbf 1_N^\top \log(\mathbf 1_N + \exp(X w)) - y^\top X w", "w", _DATA,
        "differential",
    ),
    Example("log-sum-exp", r"\log \sum_{i=1}^K \exp(z_i) - y^\top z", "z", (("z", "K"), ("y", "K")), "differential"),
    Example(
        "two layers", r"\|\sigma(X W) v - y\|^2", "W",
        (("X", "N x M"), ("W", "M x H"), ("v", "H"), ("y", "N")), "differential",
    ),
    Example(
        "covariance of a Gaussian", r"\log\det S + x^\top S^{-1} x", "S", (("S", "M x M"), ("x", "M")), "differential"
    ),
    Example("Rayleigh quotient", r"\frac{w^\top A w}{w^\top w}", "w", (("A", "M x M"), ("w", "M"))),
)  # fmt: skip


def derived(asked: dict[str, Any]) -> dict[str, Any]:
    """The lines of a derivation with their rules, what was taken for want of a shape, and the texts to take away."""
    loss, by, style = (asked.get(key) for key in ("loss", "by", "style"))
    if not isinstance(loss, str) or not isinstance(by, str) or style not in STYLES:
        raise Refused(f"What is differentiated, by what, and the style are wanted: one of {', '.join(STYLES)}.")
    if max(len(loss), len(by)) > LONGEST:
        raise Refused(f"Up to {LONGEST} characters are read here.")
    loss, by = _HEAD.sub("", loss, count=1).strip(), by.strip()
    state = read_state({"text": "", "rows": asked.get("rows", [])})
    context, guesses, problems = _read(loss, by, state)
    if problems:
        raise Refused(next(iter(problems.values())))
    try:
        found = (closed_form if asked.get("closed") is True else derive)(loss, by, context, str(style))
    except NotDerived as fault:
        raise Refused(str(fault)) from None
    rows = [*state.rows, *guesses]
    return {
        "lines": [_line(found, number, context, by) for number in range(len(found.lines))],
        "result": {"latex": shown(found.result, True), "written": found.result},
        "rows": [row.to_list() for row in guesses],
        "assumes": [_assumed(one) for one in found.assumes],
        "latex": _as_latex(found),
        "markdown": found._repr_markdown_(),
        "cell": _as_cell(loss, by, str(style), rows, "closed_form" if asked.get("closed") is True else "derive"),
    }


def _read(loss: str, by: str, state: State) -> tuple[Context, list[Row], dict[int, str]]:
    """The symbols of the table, and a guess for each that it lacks."""
    text = rf"\nabla_{{{by}}} \left({loss}\right) = 0" if is_latex(loss) else f"grad({loss}, {by}) = 0"
    checked = CheckedText(State(text, state.rows), finish=False).run()
    return checked.context, [row for row in checked.guesses if row.shape], checked.problems


def _assumed(said: str) -> dict[str, str]:
    """A condition: its formula, and its words."""
    words = ASSUMED.fullmatch(said)
    return {"latex": "", "says": said} if words is None else {"latex": shown(words[2], True), "says": words[3]}


def _line(found: Derivation, number: int, context: Context, by: str) -> dict[str, str]:
    one = found.lines[number]
    sizes = with_shapes(one, context, by)
    return {"latex": shown(one.latex, True), "written": one.latex, "sizes": shown(sizes, True), "rule": one.rule}


def _as_latex(found: Derivation) -> str:
    """An ``align*`` with each rule beside its line."""
    lines = []
    for number, (latex, rule) in enumerate(found.written):
        left, sign, right = latex.partition("= ") if number else (latex, "", "")
        said = rf" && \text{{{rule}}}" if rule else ""
        lines.append(f"  {left.strip()} &{sign}{right}{said}" if sign else f"  &{latex}{said}")
    return "\n".join(["\\begin{align*}", " \\\\\n".join(lines), "\\end{align*}"]) + "\n"


def _as_cell(loss: str, by: str, style: str, rows: list[Row], function: str) -> str:
    """Python that derives it again; what a reader typed stands in it as strings."""
    shapes = {row.name: tuple(str(one) for one in shape_of(row.shape) or ()) for row in rows if row.shape}
    definitions = {row.name: row.definition for row in rows if row.definition}
    return "\n".join(
        [
            f"from lrcore.verify import Context, {function}",
            "",
            f"context = Context(shapes={shapes!r}, definitions={definitions!r})",
            f"{function}({loss!r}, {by!r}, context, style={style!r})",
            "",
        ]
    )
