"""A gap between two lines, filled; and hints for what comes next, each stronger than the one before."""

from __future__ import annotations

from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Decided, Options
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.derive import NotDerived
from lrcore.verify.why.explain import Why, explain
from lrcore.verify.why.layout import in_columns
from lrcore.verify.why.reading_off import derivative_of
from lrcore.verify.why.rewriting import FAULTS
from lrcore.verify.why.search import READ
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import carried_out, manners, part_at, unfinished
from lrcore.verify.why.writing import as_typed, written


def fill(before: str, wanted: str, context: Context) -> Why:
    """The lines, with their rules, that lead from a line to the one that was wanted.

    Raises :class:`NotDerived` with a sentence where the two are not equal for all sizes.
    """
    return _filled(before, wanted, context)[0]


def hints(before: str, wanted: str, context: Context) -> tuple[str, ...]:
    """What comes next after a line on the way to another: which rule, on which part, and the line itself."""
    return tuple(f"{says} {latex}." if latex else says for says, latex in _hints(before, wanted, context))


def hints_after(step: Decided, context: Context, wanted: str = "") -> tuple[tuple[str, str], ...]:
    """What comes next after a proved step, each hint as its words and its formula: on the way to a line that is wanted,
    or to carry out the derivatives that its right side has left.

    Raises :class:`NotDerived` with a sentence where nothing is left to be done, or no way is known.
    """
    scope = Scope(context, step.claim.variables)
    try:
        before = as_typed(step.right, scope)
        if not wanted:
            node = canonical(in_columns(step.right, scope), scope)
            if unfinished(node, scope) is None:
                if (read := _read_off(step, node, scope, context)) is not None:
                    return read
                raise NotDerived("No derivative is left in your last line.")
            differential = any(isinstance(one, s.Diff) for one in s.walk(node))
            styles = ("differential",) if differential else manners(node, scope)
            lines = next((found for style in styles if (found := carried_out(node, scope, style))), [])
            if not lines:
                raise NotDerived("No rule of the catalogue is known to lead on from your last line.")
            rule, place, first = lines[0]
            try:
                return _hints(before, written(lines[-1][2], scope), context)
            except NotDerived:  # the way as a whole is not read again: then its first line
                wanted, part = written(first, scope), written(part_at(node, place), scope)
            if not _equal(before, wanted, context):
                raise NotDerived("No rule of the catalogue is known to lead on from your last line.")
            return (f"The next rule: {rule.name}.", ""), ("It is used on this part:", part), ("The next line:", wanted)
    except FAULTS:
        raise NotDerived("No rule of the catalogue is known to lead on from your last line.") from None
    return _hints(before, wanted, context)


def _read_off(step: Decided, node: s.Node, scope: Scope, context: Context) -> tuple[tuple[str, str], ...] | None:
    """The hint after the last line of a differential: what its gradient is."""
    left = canonical(in_columns(step.with_sums().left, scope), scope)
    changes = {one.arg for one in s.walk(node) if isinstance(one, s.Diff)}
    if not isinstance(left, s.Diff) or len(changes) != 1:
        return None
    (by,) = changes
    if not isinstance(by, s.Name) or (gradient := derivative_of(node, by, scope.varying(by.id))) is None:
        return None
    derivative, value = (written(one, scope) for one in (s.Deriv(left.arg, (by,)), gradient))
    if not _equal(derivative, value, context):
        return None
    return (f"The next rule: {READ.name}.", ""), ("The next line:", f"{derivative} = {value}")


def _equal(left: str, right: str, context: Context) -> bool:
    report = examine(f"{left} = {right}", context, Options(repairs=0, certify=False)).report
    return [one.verdict for one in report.steps] == [Verdict.PROVED]


def _hints(before: str, wanted: str, context: Context) -> tuple[tuple[str, str], ...]:
    why, part = _filled(before, wanted, context)
    if not why.lines:
        if why.named:
            return (("The two lines say the same: only the order of terms and factors differs.", ""),)
        raise NotDerived("No rule of the catalogue is known to lead on from your last line.")
    first = why.lines[0]
    on = (("It is used on this part:", part),) if part else ()
    return ((f"The next rule: {first.rule}.", ""), *on, ("The next line:", first.latex))


def _filled(before: str, wanted: str, context: Context) -> tuple[Why, str]:
    checked = examine(f"{before} = {wanted}", context, Options(repairs=0, certify=False))
    steps = checked.report.steps
    if [one.verdict for one in steps] != [Verdict.PROVED] or not checked.decided:
        said = steps[0].message if steps else "There is no line here."
        raise NotDerived(f"The one line does not lead to the other: {said}")
    (step,) = checked.decided.values()
    why = explain(step, checked.context)
    scope = Scope(checked.context, step.claim.variables)
    start = canonical(in_columns(step.with_sums().left, scope), scope)
    if not why.lines or not why.lines[0].place:
        return why, ""
    try:
        return why, written(part_at(start, why.lines[0].place), scope)
    except (IndexError, StopIteration):  # a rule used from right to left: the place is one of the next line
        return why, ""
