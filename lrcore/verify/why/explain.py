"""Why a proved step holds: a short list of elementary rules that leads from its left side to its right side.

Both sides are rewritten, one rule at one place at a time, until they meet in one canonical form; then every line
between is proved by the prover before it is shown. What is not found within the work that is given has no reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from lrcore.verify.decide.pipeline import Examined
from lrcore.verify.decide.state import Decided, Sides
from lrcore.verify.prove.normal import follows, prove
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import OneSided, Problem
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import typed_sides
from lrcore.verify.why.canonical import canonical, with_size
from lrcore.verify.why.equations import is_equation
from lrcore.verify.why.layout import in_columns
from lrcore.verify.why.reason import ENTRYWISE, FALLBACK, FREE, GIVEN, UNEXPLAINED, Line, Why
from lrcore.verify.why.replay import replayed
from lrcore.verify.why.rewriting import FAULTS
from lrcore.verify.why.search import BUDGET, READ, TAKEN, Move, from_given, paths, through
from lrcore.verify.why.shapes import Scope, Unknown
from lrcore.verify.why.writing import as_typed, lettered, written

MOST_WAYS = 3  # that are looked at for a step
OPENING = 60  # lines that are tried where both sides are opened
WORK = 290  # parts of lines that may be written for each line of the budget, over all that is tried for a step


def explain(step: Decided, context: Context, budget: int = BUDGET) -> Why:
    """Why a proved equation holds; ``context`` is that of the text it stands in, with its definitions."""
    scope, typed = Scope(context, step.claim.variables), (step.left, step.right)
    step, scope.work = step.with_sums(), WORK * budget
    scope.sums = tuple(_sums(step, scope))
    try:
        start, goal = _sides(step.left, step.right, scope)
        scope.given = tuple(_sides(*one, scope) for one in step.said)
        equation = from_given((start, goal), scope, 3 * budget) if scope.given else None
        scope.work = WORK * budget
        if equation is not None:
            why = _why(step, typed, [Move(GIVEN, (), equation[0]), *equation[1]], scope)
        else:
            why = _first_named(step, typed, islice(paths(start, goal, scope, budget), MOST_WAYS), scope)
    except (*FAULTS, RecursionError):
        return UNEXPLAINED
    if not why.named:
        scope.work = WORK * OPENING // 2
        why = _opened(step, typed, start, goal, scope) or why
    return UNEXPLAINED if replayed(why, step, context) else why


def _sums(step: Decided, scope: Scope) -> Iterator[s.Sum]:
    """The sums of a step as they were typed, then those of the definitions that it rests on."""
    names = sorted(scope.names(step.left) | scope.names(step.right))
    for node in (step.left, step.right, *filter(None, map(scope.definition, names))):
        yield from (one for one in s.walk(node) if isinstance(one, s.Sum))


def _first_named(step: Decided, typed: Sides, ways: Iterable[Sequence[Move]], scope: Scope) -> Why:
    """The first way whose lines are all proved and that is more than multiplying out; else the first that is that."""
    fallback = UNEXPLAINED
    for way in ways:
        why = _why(step, typed, way, scope)
        if why.named:
            return why
        fallback = fallback if fallback.lines else why
    return fallback


def _why(step: Decided, typed: Sides, found: Sequence[Move] | None, scope: Scope) -> Why:
    """A path as it is shown, between the sides as they were typed, with each of its lines proved."""
    if found is None:
        return UNEXPLAINED
    if not found:
        return Why((), (), 0, FREE)
    lines = [Line(written(one.line, scope), one.name, one.place, one.line) for one in found]
    whole = is_equation(found[-1].line)
    if not _all_hold(step, found if whole else found[:-1], scope):
        return UNEXPLAINED
    if not whole:
        lines[-1] = replace(lines[-1], latex=as_typed(typed[1], scope))
    rules, begin = tuple(one.rule for one in lines), "" if whole else as_typed(typed[0], scope)
    if _only_multiplied_out(found):
        return Why(rules, tuple(lines), None, FALLBACK, begin)
    return Why(rules, tuple(lines), len(lines), start=begin)


def _opened(step: Decided, typed: Sides, start: s.Node, goal: s.Node, scope: Scope) -> Why | None:
    """Both sides opened in index notation, entry by entry, until they meet; the rules are those of the opening."""
    if step.given:
        return None
    try:
        at = tuple(s.Name(letter) for letter, dim in zip("ij", scope.shape(start)) if dim != c.D1)
        if any(one.id in s.occurring(start) | s.occurring(goal) for one in at):
            return None
        sides = [canonical(s.Entry(one, at), scope) if at else one for one in (start, goal)]
        found = through("entries", sides[0], sides[1], scope, OPENING)
    except (*FAULTS, RecursionError):
        return None
    if not found:
        return None
    whole = replace(step, left=s.Entry(step.left, at), right=s.Entry(step.right, at)) if at else step
    if not all(_holds(whole, one.line, scope) for one in found):
        return None
    lines = [Line(written(one.line, scope), one.name, one.place, one.line) for one in found]
    begin, end = (as_typed(s.Entry(one, at) if at else one, scope) for one in typed)
    lines[-1] = replace(lines[-1], latex=end)
    if at:
        lines = [Line(written(sides[0], scope), ENTRYWISE, (), sides[0]), *lines]
    return Why(tuple(one.rule for one in lines), tuple(lines), None, FALLBACK, begin)


def explained(found: Examined, budget: int = BUDGET) -> dict[int, Why]:
    """Why each proved equation of a text holds, by the number of its step."""
    steps = found.report.steps
    proved = {n: one for n, one in found.decided.items() if steps[n].verdict.value == "PROVED" and one.relation == "="}
    return {number: explain(one, found.context, budget) for number, one in sorted(proved.items())}


def _sides(left: s.Node, right: s.Node, scope: Scope) -> tuple[s.Node, s.Node]:
    """Both sides in canonical form; an I or 1 without a size has that of the other side."""
    start, goal = (canonical(in_columns(one, scope), scope) for one in (left, right))
    try:
        return with_size(start, scope.shape(goal)), goal
    except FAULTS:
        pass
    try:
        return start, with_size(goal, scope.shape(start))
    except FAULTS:
        return start, goal


def _all_hold(step: Decided, found: Sequence[Move], scope: Scope) -> bool:
    """Whether each line is proved: equal to the left side, to the line before it, which is, or to the right side; that
    of a differential to the first of these.
    """
    before, change = step.left, None
    for one in found:
        line = lettered(one.line, scope)
        if one.rule is READ:
            change = None
        if one.rule is TAKEN:
            change = one.line, scope.varying(_varied(before, step.left, scope))
        elif change is not None:
            if not _same_differential(*change, one.line):
                return False
        elif not _holds(step, one.line, scope):
            sides = ((before, line), (line, step.right))
            if step.given or is_equation(one.line) or not any(_proved(step, *two) for two in sides):
                return False
        before = line
    return True


def _proved(step: Decided, left: s.Node, right: s.Node) -> bool:
    try:
        return prove(step.read(left, right))[0]
    except (Problem, RecursionError):
        return False


def _varied(before: s.Node, left: s.Node, scope: Scope) -> str:
    """What the derivative is taken by whose differential comes next."""
    for side in (before, left):
        node = side.arg if isinstance(side, s.T) else side
        if isinstance(node, s.Deriv) and isinstance(node.wrt[0], s.Name):
            return node.wrt[0].id
    raise Unknown


def _same_differential(first: s.Node, scope: Scope, line: s.Node) -> bool:
    """Whether a line is proved to be the differential that the lines began with."""
    try:
        typed = typed_sides(lettered(first, scope), lettered(line, scope), scope.context)
        return prove(Claim(typed.left, typed.right, list(typed.free), scope.varied))[0]
    except (Problem, RecursionError):
        return False


def _holds(step: Decided, line: s.Node, scope: Scope) -> bool:
    """Whether the prover proves a line between: equal to the left side, as the step itself is, or an equation that
    follows from what was given.
    """
    try:
        if is_equation(line) and isinstance(line, s.Call):
            left, right = (lettered(one, scope) for one in line.args)
            claim = step.read(left, right)
        else:
            claim = _read(step, lettered(line, scope))
        return follows(claim, step.given) if step.given else prove(claim)[0]
    except (Problem, RecursionError):
        return False


def _read(step: Decided, line: s.Node) -> Claim:
    """The claim that the left side is a line, also where an index of it has dropped out."""
    try:
        return step.read(step.left, line)
    except OneSided:
        return step.read(step.left, s.Add((line, s.Mul((s.ZERO, step.left)))))


def _only_multiplied_out(moves: Sequence[Move]) -> bool:
    """Whether both sides were only multiplied out until they agreed: that is no reason."""
    names = {one.name for one in moves}
    return names == {"expansion", "factoring out"}


__all__ = ["FALLBACK", "Line", "Why", "explain", "explained"]
