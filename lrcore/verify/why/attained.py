"""The repair of what holds only where a gradient vanishes: the value that the left side has everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lrcore.verify.decide.pipeline import Examined
from lrcore.verify.decide.state import Decided
from lrcore.verify.prove.normal import prove
from lrcore.verify.show.printing import to_text
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.report import Step, Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.layout import in_columns
from lrcore.verify.why.rewriting import FAULTS
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import carried_out, manners, unfinished
from lrcore.verify.why.writing import lettered, written

SAYS = "Right for all values with the gradient itself."
AS_BEFORE = "Right for all values with what stands on the left."


def attained(found: Examined) -> tuple[Step, ...]:
    """The steps; one that holds only where a gradient vanishes, and has no repair, gets the gradient for one."""
    steps = list(found.report.steps)
    for number, step in enumerate(steps):
        decided = found.decided.get(number)
        if step.verdict is Verdict.STATIONARY and not step.repair and decided is not None:
            steps[number] = _mended(step, decided, found.context)
    return tuple(steps)


def _mended(step: Step, decided: Decided, context: Context) -> Step:
    start = _opened(decided.left, context)
    if not _derives(start):
        return _with(step, AS_BEFORE, decided.left, Scope(context))
    for value, scope in _values(start, decided, context):
        if _holds(decided, value, scope):
            return _with(step, SAYS, value, scope)
    return step


def _with(step: Step, says: str, value: s.Node, scope: Scope) -> Step:
    """The step with a repair of its right side, in the language of its line."""
    mended = written(value, scope) if step.latex else to_text(lettered(value, scope))
    return replace(step, repair=says, mended=mended, mended_side="right")


def _opened(node: s.Node, context: Context) -> s.Node:
    """A side, and for a name what defines it."""
    symbol = context.lookup(node.id) if isinstance(node, s.Name) else None
    return node if symbol is None or symbol.definition is None else symbol.definition


def _derives(node: s.Node) -> bool:
    return any(isinstance(one, s.Deriv | s.Diff) for one in s.walk(node))


def _values(start: s.Node, decided: Decided, context: Context) -> Iterator[tuple[s.Node, Scope]]:
    """What is left of a side when its derivatives are carried out, in one manner after the other."""
    varied = context.copy()
    varied.variables = decided.claim.variables or varied.variables
    scope = Scope(varied, frozenset(decided.claim.variables))
    differential = any(isinstance(one, s.Diff) for one in s.walk(start))
    try:
        node = canonical(in_columns(start, scope), scope)
        for manner in ("differential",) if differential else manners(node, scope):
            lines = carried_out(node, scope, manner)
            end = lines[-1][2] if lines else node
            if unfinished(end, scope) is None:
                yield end, scope
    except (*FAULTS, RecursionError):
        return


def _holds(decided: Decided, value: s.Node, scope: Scope) -> bool:
    try:
        return prove(decided.read(decided.left, lettered(value, scope)))[0]
    except (Problem, RecursionError):
        return False
