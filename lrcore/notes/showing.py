"""What a person is shown of a file: a line of counts, then each failing line with a caret below the part at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lrcore.verify import Checked, PageReport, Unread, Why

from .sources import Source

if TYPE_CHECKING:
    from lrcore.checker.derivations import CheckedDerivation


def lines(given: Source, report: PageReport | CheckedDerivation, why: bool) -> Iterator[str]:
    """The report of a file, and why each proved step holds where that was asked for."""
    if isinstance(report, PageReport):
        yield from _summary(given, report)
    else:
        yield f"{given.name}: {report}"
    if why:
        yield from _reasons(report)


def no_alarms(number: int) -> Iterator[str]:
    """What is said where steps do not hold, and nobody said what their letters are."""
    if number:
        which = "1 of these is" if number == 1 else f"{number} of these are"
        yield f"{which} no alarm: nobody said what the letters are, and it may be a model or a condition. Declare them."


def place(given: Source, one: Unread) -> str:
    """Where something stands, for a sentence about it."""
    if one.file:
        return f"line {one.line} of {one.file}"
    return _of_file(given, one.line)


def placed(given: Source, said: str) -> str:
    """A sentence with the lines of the file in the place of those of the text that was made of it."""
    return re.sub(r"\b(l|L)ine (\d+)\b", lambda one: one[1] + _of_file(given, int(one[2]))[1:], said)


def _of_file(given: Source, number: int) -> str:
    file, line = given.place(number)
    return f"line {line}" + (f" of {file}" if file != given.name else "")


def _reasons(report: PageReport | CheckedDerivation) -> Iterator[str]:
    """Why each proved step holds, a line for each of its rules."""
    if isinstance(report, PageReport):
        for one in report.checked:
            named = one.equation.label or f"line {one.equation.line}"
            yield from _because({f"{named}, step {number + 1}": why for number, why in one.reasons.items()})
    else:
        yield from _because({f"Step {number + 1}": why for number, why in report.reasons.items()})


def _because(reasons: dict[str, Why]) -> Iterator[str]:
    for named, why in reasons.items():
        said = ", ".join(why.rules) if why.named and why.rules else why.how
        yield f"{named}: {said}"
        yield from (f"    = {line.latex}    [{line.rule}]" for line in why.lines if len(why.lines) > 1)


def _summary(given: Source, page: PageReport) -> Iterator[str]:
    counts = ", ".join(f"{number} {what}" for what, number in page.counts().items())
    yield f"{given.name}: {len(page.checked)} equations ({counts})"
    yield from page.problems
    for one in page.failing:
        yield from _failure(given, one)
    for one in page.checked:
        if one.kind == "exempt":
            yield f"{_line(given, one)}: exempt {one.reason}"
    yield from (f"{given.name}: {place(given, one)}: not read: {one.why}" for one in page.unread)
    yield "All of them hold." if page.ok else _left(page)


def _left(page: PageReport) -> str:
    """What keeps a page from passing, counted."""
    counts = {
        "do not pass": len(page.failing),
        "were not read": len(page.unread),
        "of the declarations are not understood": len(page.problems),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) + "."


def _line(given: Source, one: Checked) -> str:
    file, line = (one.equation.file, one.equation.line) if one.equation.file else given.place(one.equation.line)
    return f"{file}:{line}"


def _failure(given: Source, one: Checked) -> Iterator[str]:
    label = f" ({one.equation.label})" if one.equation.label else ""
    yield f"{_line(given, one)}{label}: {one.reason}"
    step = next((step for step in one.report.steps if not step.verdict.holds), None)
    if step is None:
        return
    yield from ("    " + line for line in one.report.caret(step).splitlines())
    if step.counterexample:
        yield f"    {step.counterexample}"
    if step.repair:
        yield f"    {step.repair}"
