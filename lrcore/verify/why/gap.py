"""A gap between two lines, filled; and hints for what comes next, each stronger than the one before."""

from __future__ import annotations

from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Options
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.derive import NotDerived
from lrcore.verify.why.explain import Why, explain
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import part_at
from lrcore.verify.why.writing import written


def fill(before: str, wanted: str, context: Context) -> Why:
    """The lines, with their rules, that lead from a line to the one that was wanted.

    Raises :class:`NotDerived` with a sentence where the two are not equal for all sizes.
    """
    return _filled(before, wanted, context)[0]


def hints(before: str, wanted: str, context: Context) -> tuple[str, ...]:
    """What comes next after a line on the way to another: which rule, on which part, and the line itself."""
    why, part = _filled(before, wanted, context)
    if not why.lines:
        return ("The two lines say the same: only the order of terms and factors differs.",)
    first = why.lines[0]
    found = [f"The next rule: {first.rule}."]
    if part:
        found.append(f"It is used on this part: {part}.")
    return (*found, f"The next line: {first.latex}.")


def _filled(before: str, wanted: str, context: Context) -> tuple[Why, str]:
    checked = examine(f"{before} = {wanted}", context, Options(repairs=0, certify=False))
    steps = checked.report.steps
    if [one.verdict for one in steps] != [Verdict.PROVED] or not checked.decided:
        said = steps[0].message if steps else "There is no line here."
        raise NotDerived(f"The one line does not lead to the other: {said}")
    (step,) = checked.decided.values()
    why = explain(step, checked.context)
    scope = Scope(checked.context, step.claim.variables)
    start = canonical(step.left, scope)
    if not why.lines or not why.lines[0].place:
        return why, ""
    try:
        return why, written(part_at(start, why.lines[0].place), scope)
    except (IndexError, StopIteration):  # a rule used from right to left: the place is one of the next line
        return why, ""
