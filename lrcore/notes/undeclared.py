"""A page that declares nothing, read as the command reads it: each of its equations with the verdict it has there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lrcore.checker.derivations import CheckedDerivation, check_derivation
from lrcore.verify import (
    HEADINGS,
    Checked,
    Context,
    Equation,
    PageReport,
    Step,
    Verdict,
    as_judged,
    check_page,
)

from .checking import RULES, alarms, beyond, declares, stands_in, told_as
from .sources import Source


def as_the_command_says(
    given: Source, context: Context, headings: Sequence[str] = HEADINGS, why: bool = False
) -> PageReport | None:
    """The equations of a page with what the reading of the whole text says of each; None where the page declares
    symbols by a table with these ``headings``, or carries marks.
    """
    if declares(given, headings):
        return None
    page = check_page(given.text, context, inline=True, why=why, file=given.file, headings=headings)
    found = check_derivation(given.prose, context, why)
    checked = tuple(_with_verdict(one, found, given) for one in page.checked)
    lost = tuple(replace(one, line=given.place(one.line)[1]) for one in beyond(found, page.unread))
    return PageReport(checked, page.problems, lost, page.told)


def _with_verdict(one: Checked, found: CheckedDerivation, given: Source) -> Checked:
    """An equation with the steps of the text that stand in it; one with none keeps what it has."""
    if one.equation.file or one.kind == "macros":
        return one
    start, end = _place(one.equation, given.prose)
    here = [k for k, step in enumerate(found.steps) if step.sides and start <= step.sides[0][0] < end]
    equation = replace(one.equation, line=given.place(one.equation.line)[1])
    if not here:
        return replace(one, equation=equation)
    alarm = alarms(found)
    steps = [_told(found.steps[k], alarm[k], _shapes(one.equation.latex, found)) for k in here]
    return as_judged(equation, steps, {n: found.reasons[k] for n, k in enumerate(here) if k in found.reasons})


def _place(equation: Equation, text: str) -> tuple[int, int]:
    """Where an equation stands in a text, by its line where it is written otherwise there."""
    lines = text.split("\n")
    begins = sum(len(line) + 1 for line in lines[: equation.line - 1])
    at = text.find(equation.latex, begins)
    if at >= 0 and not text[begins:at].count("\n"):
        return at, at + len(equation.latex)
    return begins, begins + sum(len(line) + 1 for line in lines[equation.line - 1 :][: equation.latex.count("\n") + 1])


def _told(step: Step, alarm: bool, shapes: tuple[str, ...]) -> Step:
    """A step with what its letters were taken for; what is no alarm is open, or a setting."""
    step = replace(step, assumes=(*step.assumes, *shapes))
    rule = told_as(step, alarm)
    if rule not in ("given", "guessed", "stationary") or step.verdict is Verdict.CONDITION:
        return step
    return replace(
        step, verdict=Verdict.CONDITION if rule == "given" else Verdict.OPEN, message=RULES[rule][0],
        counterexample=None, repair=None, mended=None, mistake="",
    )  # fmt: skip


def _shapes(latex: str, found: CheckedDerivation) -> tuple[str, ...]:
    r"""The shapes that were taken for want of a declaration of letters in an equation, as ``X \in \mathbb{R}^{N}``."""
    rows = [one.split(" : ", 1) for one in found.taken if " : " in one and " := " not in one]
    written = [(name, shape) for name, shape in rows if stands_in(name, latex)]
    sizes = [(name, "" if shape == "scalar" else shape.replace(" x ", r" \times ")) for name, shape in written]
    return tuple(rf"{name} \in \mathbb{{R}}" + (f"^{{{size}}}" if size else "") for name, size in sizes)
