"""What the prover says of an edited text, in the library and on the page, and what the judge says of that."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.interpret import LAYOUTS
from lrcore.checker.table import Refused, read_state
from lrcore.checker.view import view
from lrcore.verify import Context, Options, examine
from tests.verify.edits import Edit
from tests.verify.independent import Reading
from tests.verify.independent_tokens import NotRead

AS_TABLE = {"shapes", "symmetric", "definitions", "layout"}


@dataclass(frozen=True)
class Judged:
    """One step that is still proved: agrees, disagrees or not read, and why."""

    edit: Edit
    surface: str
    step: str
    said: str
    why: str


def in_library(text: str, given: dict[str, Any]) -> list[tuple[str, tuple[int, int]]]:
    """(verdict, place) of each step."""
    found = examine(text, Context(**given), Options(repairs=0, certify=False))
    return [(step.verdict.value, step.span or (0, 0)) for step in found.report.steps]


def rows_of(given: dict[str, Any]) -> list[list[str]]:
    """The table as a reader of the page fills it in."""
    rows = []
    definitions = dict(given.get("definitions", {}))
    for name, shape in given.get("shapes", {}).items():
        dims = [shape] if isinstance(shape, str) else [str(one) for one in shape]
        meaning = "symmetric" if name in given.get("symmetric", ()) else ""
        rows.append([name, " x ".join(dims) or "scalar", meaning, definitions.pop(name, "")])
    return [*rows, *([name, "", "", text] for name, text in definitions.items())]


def on_page(text: str, given: dict[str, Any]) -> tuple[list[tuple[str, tuple[int, int]]], dict[str, Any]]:
    """(verdict, place) of each step, and the table with what the page has guessed and shown, the layout too."""
    state = {"text": text, "rows": rows_of(given), "layout": given.get("layout", "gradient")}
    try:
        checked = CheckedText(read_state(state), finish=False, tries=0).run()
        found = view(checked)
    except Refused:
        return [], given
    steps = [(one["verdict"], (one["span"][0], one["span"][1])) for one in found["steps"]]
    told = {one["says"] for step in found["steps"] for one in step["assumes"]}
    given = {**given, "layout": next((one for one in LAYOUTS if LAYOUTS[one] in told), state["layout"])}
    more = [question["row"] for question in found["questions"]]
    more += [[row.name, row.shape, "", row.definition] for one in checked.taken for row in (one.choices[0].row,)]
    if not more:
        return steps, given
    shapes, definitions = dict(given.get("shapes", {})), dict(given.get("definitions", {}))
    for name, shape, _, definition in more:
        if (len(name) == 1 and name in "ijklmt") or name.startswith("\\mathrm{"):
            continue  # an index, or letters run together that the page asks about
        if definition:
            definitions[name] = definition
        elif shape and shape != "size":
            shapes[name] = () if shape == "scalar" else tuple(shape.split(" x "))
    return steps, {**given, "shapes": shapes, "definitions": definitions}


def judge(edit: Edit, surfaces: tuple[str, ...] = ("library", "page")) -> Iterator[Judged]:
    """The judge's word on each step that is still proved."""
    for surface in surfaces:
        if surface == "page" and set(edit.entry.given) - AS_TABLE:
            continue
        given = edit.entry.given
        if surface == "library":
            steps = in_library(edit.text, given)
        else:
            steps, given = on_page(edit.text, given)
        yield from judged_steps(edit, surface, steps, given)


def judged_steps(edit: Edit, surface: str, steps: Any, given: dict[str, Any]) -> Iterator[Judged]:
    if not any(verdict == "PROVED" for verdict, _ in steps):
        return
    reading: Reading | str
    try:
        reading = Reading(edit.text, given)
    except NotRead as problem:
        reading = str(problem)
    assumed: tuple[tuple[int, int], ...] = ()
    asked = [span for verdict, span in steps if verdict == "UNREADABLE"]
    for place, (verdict, span) in enumerate(steps):
        others = tuple(one for k, (_, one) in enumerate(steps) if k != place)
        if verdict == "CONDITION":
            assumed += (span,)
        if verdict == "PROVED":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                said = ("not read", reading) if isinstance(reading, str) else reading.verdict(span, assumed, others)
                if said[0] == "disagrees" and asked:
                    said = beside(edit.text, span, asked, given, assumed) or said
            yield Judged(edit, surface, edit.text[span[0] : span[1]], *said)


def beside(text: str, span: Any, asked: list[Any], given: dict[str, Any], assumed: Any) -> tuple[str, str] | None:
    """The judge's word without the other lines that the prover asks about, where there are such."""
    mine, blanked = lines_of(text, span), text
    for other in asked:
        start, end = lines_of(text, other)
        if start < mine[1] and mine[0] < end:  # on one line with it
            start, end = other
        if end <= span[0] or span[1] <= start:
            blanked = blanked[:start] + re.sub(r"[^\n]", " ", blanked[start:end]) + blanked[end:]
    if blanked == text:
        return None
    try:
        return Reading(blanked, given).verdict(span, assumed)
    except NotRead as problem:
        return "not read", str(problem)


def lines_of(text: str, span: Any) -> tuple[int, int]:
    """From where to where the lines of a place reach."""
    end = text.find("\n", max(span[1] - 1, span[0]))
    return text.rfind("\n", 0, span[0]) + 1, len(text) if end < 0 else end
