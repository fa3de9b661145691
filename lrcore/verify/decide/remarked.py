"""Steps with the remarks that stand beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from lrcore.verify.read.asides import asides
from lrcore.verify.terms.report import Span, Step


def remarked(steps: Sequence[Step], text: str, names: Collection[str]) -> tuple[Step, ...]:
    """The steps, each with the words on its line that were set aside: those behind it, and those before the first."""
    found: dict[int, tuple[str, ...]] = {}
    for place, words in asides(text, names) if steps else ():
        beside = _beside(steps, text, place)
        if beside is not None:
            found[beside] = (*found.get(beside, ()), words)
    return tuple(replace(step, remarks=found[k]) if k in found else step for k, step in enumerate(steps))


def _beside(steps: Sequence[Step], text: str, place: Span) -> int | None:
    """The step that ends last before a place of its line, or else the first behind it."""
    line = text.count("\n", 0, place[0])
    spans = [(one.sides and (one.sides[0][0], one.sides[1][1])) or one.span or (0, len(text)) for one in steps]
    here = [k for k, (start, end) in enumerate(spans) if text.count("\n", 0, start) <= line <= text.count("\n", 0, end)]
    before = [k for k in here if spans[k][0] <= place[0]]
    return before[-1] if before else here[0] if here else None
