"""Why a proved step holds: a short list of elementary rules that leads from its left side to its right side.

Both sides are rewritten, one rule at one place at a time, until they meet in one canonical form; then every line
between is proved by the prover before it is shown. What is not found within the work that is given has no reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from lrcore.verify.decide.pipeline import Examined
from lrcore.verify.decide.state import Decided
from lrcore.verify.prove.normal import follows, prove
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.context import Context
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.catalogue import Rule
from lrcore.verify.why.rewriting import FAULTS, Place, rewrites
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.writing import lettered, written

BUDGET = 400  # of lines that are tried
FALLBACK = "both sides in index notation"
FREE = "order of terms and factors"


@dataclass(frozen=True)
class Line:
    """A line of an explanation: what it says, the rule that led to it, and which part of the line before it changed
    (a path of children in its canonical form; where the rule is used from right to left, of this line).
    """

    latex: str
    rule: str
    place: Place = ()
    tree: s.Node | None = None


@dataclass(frozen=True)
class Why:
    """``rules`` by name, in order; ``lines`` after each of them, the last is the right side; ``size`` is their number,
    and None where no path was found: then ``how`` says what the proof rests on.
    """

    rules: tuple[str, ...]
    lines: tuple[Line, ...]
    size: int | None
    how: str = ""

    @property
    def named(self) -> bool:
        """Whether rules, or the free moves alone, explain the step."""
        return self.size is not None


UNEXPLAINED = Why((), (), None, FALLBACK)
_Back = dict[s.Node, tuple[s.Node, Rule, Place] | None]


def explain(step: Decided, context: Context, budget: int = BUDGET) -> Why:
    """Why a proved equation holds; ``context`` is that of the text it stands in, with its definitions."""
    scope = Scope(context, step.claim.variables)
    try:
        start, goal = canonical(step.left, scope), canonical(step.right, scope)
        path = _path(start, goal, scope, budget)
    except (*FAULTS, RecursionError):
        return UNEXPLAINED
    if path is None or _only_multiplied_out(path):
        return UNEXPLAINED
    lines = tuple(Line(written(node, context), name, place, node) for name, place, node, _ in path)
    if not all(_holds(step, one.tree) for one in lines[:-1] if one.tree is not None):
        return UNEXPLAINED
    if not lines:
        return Why((), (), 0, FREE)
    last = Line(to_latex(step.right), lines[-1].rule, lines[-1].place, goal)
    return Why(tuple(one.rule for one in lines), (*lines[:-1], last), len(lines))


def explained(found: Examined, budget: int = BUDGET) -> dict[int, Why]:
    """Why each proved equation of a text holds, by the number of its step."""
    steps = found.report.steps
    proved = {n: one for n, one in found.decided.items() if steps[n].verdict.value == "PROVED" and one.relation == "="}
    return {number: explain(one, found.context, budget) for number, one in sorted(proved.items())}


def _holds(step: Decided, line: s.Node) -> bool:
    """Whether the prover proves a line between: equal to the left side, as the step itself is."""
    try:
        claim = step.read(step.left, lettered(line))
        return follows(claim, step.given) if step.given else prove(claim)[0]
    except (Problem, RecursionError):
        return False


def _path(start: s.Node, goal: s.Node, scope: Scope, budget: int) -> list[tuple[str, Place, s.Node, bool]] | None:
    """Rules with the lines after them from one side to the other, found from both sides at once: the line that looks
    most like the other side, and has the fewest rules behind it, is rewritten first.
    """
    seen: tuple[_Back, _Back] = ({start: None}, {goal: None})
    if start == goal:
        return []
    looks = _look(start), _look(goal)
    waiting: tuple[list[tuple[int, int, int, s.Node]], ...] = ([(0, 0, 0, start)], [(0, 0, 0, goal)])
    spent, side = 0, 1
    while (waiting[0] or waiting[1]) and spent < budget:
        side = 1 - side if waiting[1 - side] else side
        _, depth, _, node = heappop(waiting[side])
        for rule, place, new in rewrites(node, scope):
            spent += 1
            if new in seen[side]:
                continue
            seen[side][new] = (node, rule, place)
            if new in seen[1 - side]:
                return _joined(seen, new)
            far = _difference(_look(new), looks[1 - side])
            heappush(waiting[side], (2 * depth + far, depth + 1, spent, new))
    return None


def _look(node: s.Node) -> Counter[str]:
    """What a line is made of, counted."""
    return Counter(one.id if isinstance(one, s.Name) else type(one).__name__ for one in s.walk(node))


def _difference(one: Counter[str], other: Counter[str]) -> int:
    return sum((one - other).values()) + sum((other - one).values())


def _joined(seen: tuple[_Back, _Back], middle: s.Node) -> list[tuple[str, Place, s.Node, bool]]:
    forward: list[tuple[str, Place, s.Node, bool]] = []
    node = middle
    while (back := seen[0][node]) is not None:
        forward.append((back[1].name, back[2], node, True))
        node = back[0]
    forward.reverse()
    node = middle
    while (back := seen[1][node]) is not None:
        forward.append((back[1].back, back[2], back[0], False))
        node = back[0]
    return forward


def _only_multiplied_out(path: Sequence[tuple[str, Place, s.Node, bool]]) -> bool:
    """Whether both sides were only multiplied out until they agreed: that is no reason."""
    names = {name for name, *_ in path}
    return names == {"expansion", "factoring out"}
