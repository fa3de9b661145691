"""The search for a path of rules from one expression to another: deterministic, and bounded by work, not by time.

First where the two differ is looked at alone; then both sides are rewritten at once, the line that looks most like the
other side first; then derivatives are carried out as in a derivation, and the rest is searched for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush

from lrcore.verify.terms import syntax as s
from lrcore.verify.why import algebra as a
from lrcore.verify.why import arrays as r
from lrcore.verify.why import differentials as df
from lrcore.verify.why import differentiation as d
from lrcore.verify.why import equations as e
from lrcore.verify.why import number_rules as n
from lrcore.verify.why.canonical import canonical, key
from lrcore.verify.why.catalogue import RULES, Rule
from lrcore.verify.why.equations import EQUATION, equated
from lrcore.verify.why.reading_off import derivative_of
from lrcore.verify.why.rewriting import FAULTS, Place, opened, rewrites, with_child
from lrcore.verify.why.shapes import Scope
from lrcore.verify.why.strategies import carried_out, manners, unfinished

BUDGET = 300  # of lines that are tried
_Back = dict[s.Node, tuple[s.Node, Rule, Place] | None]


@dataclass(frozen=True)
class Move:
    """A rule that leads to a line, and the place in the line before it that changed; ``backward`` where the rule is
    used from right to left: then the place is one of the new line.
    """

    rule: Rule
    place: Place
    line: s.Node
    backward: bool = False

    @property
    def name(self) -> str:
        return self.rule.back if self.backward else self.rule.name


Path = list[Move]


def paths(start: s.Node, goal: s.Node, scope: Scope, budget: int = BUDGET) -> Iterator[Path]:
    """Rules with the lines after them from one expression to another, found in one way after the other."""
    if start == goal:
        yield []
        return
    styles = tuple(dict.fromkeys((*manners(start, scope), *manners(goal, scope))))
    ways: list[tuple[int, Callable[[], Path | None]]] = [
        (3, lambda: _taken_apart("unfolded", start, goal, scope)),
        (10, lambda: _where_they_differ(start, goal, scope, budget // 2)),
        (18, lambda: meeting(start, goal, scope, budget)),
        *((8, partial(through, style, start, goal, scope, budget // 5)) for style in styles),
        (8, lambda: _by_differentials(start, goal, scope, budget // 5)),
        *((18, partial(through, style, start, goal, scope, budget)) for style in styles if scope.given),
    ]
    for share, way in ways:
        if (found := _within(scope, 1000 * share, way)) is not None:
            yield found


def _within(scope: Scope, share: int, way: Callable[[], Path | None]) -> Path | None:
    """What a way finds with a share of the work that is left."""
    before = scope.work
    scope.work = min(share, before)
    try:
        return way()
    finally:
        scope.work = before - share + scope.work if share < before else scope.work


def from_given(goal: tuple[s.Node, s.Node], scope: Scope, budget: int = BUDGET) -> tuple[s.Node, Path] | None:
    """An equation that was given, and what is done to both of its sides until it is the one to be shown."""
    given, end = scope.given, equated(*goal, scope)
    inverses = {one for side in goal for one in s.walk(side) if isinstance(one, s.Inv)}
    for number, (left, right) in reversed(list(enumerate(given))):
        start = equated(left, right, scope)
        own = {one for side in (left, right) for one in s.walk(side) if isinstance(one, s.Inv)}
        around = inverses | {one.arg for one in own - inverses}
        scope.multipliers = tuple(sorted(around, key=key))
        scope.given = (*given[:number], *given[number + 1 :])
        try:
            found = meeting(start, end, scope, budget)
        finally:
            scope.given, scope.multipliers = given, ()
        if found is not None:
            return start, found
    return None


# ---------------------------------------------------------------------- the part that differs


def _where_they_differ(start: s.Node, goal: s.Node, scope: Scope, budget: int) -> Path | None:
    """A path for the one part in which the two differ, put back into the whole."""
    place: Place = ()
    one, other = start, goal
    wholes: list[tuple[s.Node, int]] = []
    while (child := _one_child(one, other)) is not None:
        number, one, other, parent = child
        wholes.append((parent, number))
        place = (*place, number)
    if not place:
        return None
    inner = meeting(one, other, scope, budget)
    if inner is None:
        return None
    moves: Path = []
    for move in inner:
        line = move.line
        for parent, number in reversed(wholes):
            line = with_child(parent, number, line)
        moves.append(Move(move.rule, (*place, *move.place), canonical(line, scope), move.backward))
    return moves if moves and moves[-1].line == goal else None


def _one_child(one: s.Node, other: s.Node) -> tuple[int, s.Node, s.Node, s.Node] | None:
    if type(one) is not type(other) or isinstance(one, s.Deriv):
        return None
    one, other = opened(one), opened(other)
    mine, theirs = list(s.children(one)), list(s.children(other))
    if len(mine) != len(theirs):
        return None
    unequal = [k for k, (x, y) in enumerate(zip(mine, theirs)) if x != y]
    if len(unequal) != 1 or with_child(one, unequal[0], theirs[unequal[0]]) != other:
        return None
    k = unequal[0]
    return k, mine[k], theirs[k], one


# ---------------------------------------------------------------------- from both sides at once


def meeting(start: s.Node, goal: s.Node, scope: Scope, budget: int) -> Path | None:
    """Both sides are rewritten until they meet; the line that looks most like the other side, and has the fewest rules
    behind it, comes first.
    """
    if start == goal:
        return []
    rules = relevant(start, goal, scope)
    seen: tuple[_Back, _Back] = ({start: None}, {goal: None})
    looks = _look(start), _look(goal)
    waiting: tuple[list[tuple[int, int, int, s.Node]], ...] = ([(0, 0, 0, start)], [(0, 0, 0, goal)])
    spent, side = 0, 1
    while (waiting[0] or waiting[1]) and spent < budget:
        side = 1 - side if waiting[1 - side] else side
        _, depth, _, node = heappop(waiting[side])
        for rule, place, new in rewrites(node, scope, rules):
            if new in seen[side]:
                continue
            spent += 1
            seen[side][new] = (node, rule, place)
            if new in seen[1 - side]:
                return _joined(seen, new)
            far = _difference(_look(new), looks[1 - side])
            heappush(waiting[side], (2 * depth + far, depth + 1, spent, new))
    return None


_BY_INDEX = (
    a.norm_as_sum, a.trace_as_a_sum, a.column_of_ones_sums, a.entry_of_a_multiple,
    a.sum_as_a_matrix_product, d.derivative_entry_by_entry,
)  # fmt: skip

_OF_EQUATIONS = (
    e.moving_a_term, e.multiplying_by_a_number, e.multiplying_by_an_inverse, e.transposing_both_sides,
)  # fmt: skip


def relevant(start: s.Node, goal: s.Node, scope: Scope) -> tuple[Rule, ...]:
    """The rules that have to do with what stands on the two sides, with definitions put in."""
    nodes = [one for side in (start, goal) for one in _everything(side, scope)]
    types = {type(one) for one in nodes}
    left_out: list[object] = []
    if not types & {s.Sum, s.Entry, s.Delta, s.Build}:
        left_out += _BY_INDEX
    if s.Block not in types:
        left_out.append(r.matrix_written_out)
    if not scope.given:
        left_out.append(n.given_equation)
    if not (isinstance(start, s.Call) and start.fn == EQUATION):
        left_out += _OF_EQUATIONS
    out = tuple(map(id, left_out))
    if out not in scope.relevant:
        scope.relevant[out] = tuple(one for one in RULES if one.apply not in left_out)
    return scope.relevant[out]


def _everything(node: s.Node, scope: Scope) -> list[s.Node]:
    found, waiting, seen = list(s.walk(node)), [*s.occurring(node)], set[str]()
    while waiting:
        name = waiting.pop()
        symbol = scope.context.lookup(name)
        if name not in seen and symbol is not None and symbol.definition is not None:
            seen.add(name)
            found += s.walk(symbol.definition)
            waiting += s.occurring(symbol.definition)
    return found


def _look(node: s.Node) -> Counter[str]:
    """What a line is made of, counted."""
    known: Counter[str] | None = node.__dict__.get("_look")
    if known is None:
        known = Counter([node.id if isinstance(node, s.Name) else type(node).__name__])
        for child in s.children(node):
            known.update(_look(child))
        object.__setattr__(node, "_look", known)
    return known


def _difference(one: Counter[str], other: Counter[str]) -> int:
    return sum(abs(one[key] - other[key]) for key in {*one, *other})


def _joined(seen: tuple[_Back, _Back], middle: s.Node) -> Path:
    forward: Path = []
    node = middle
    while (back := seen[0][node]) is not None:
        forward.append(Move(back[1], back[2], node))
        node = back[0]
    forward.reverse()
    node = middle
    while (back := seen[1][node]) is not None:
        forward.append(Move(back[1], back[2], back[0], True))
        node = back[0]
    return forward


# ---------------------------------------------------------------------- derivatives first


TAKEN = next(one for one in RULES if one.apply is df.taking_the_differential)
READ = next(one for one in RULES if one.apply is df.reading_off)


def _by_differentials(start: s.Node, goal: s.Node, scope: Scope, budget: int) -> Path | None:
    """From the derivative of a number by an array to its differential, line by line to what stands beside the change,
    from there to the gradient, and on to the other side.
    """
    if not isinstance(start, s.Deriv) or len(start.wrt) != 1 or not isinstance(start.wrt[0], s.Name):
        return None
    by = start.wrt[0]
    inside = scope.varying(by.id)
    try:
        node = canonical(s.Diff(start.f), inside)
        lines = carried_out(node, inside, "differential")
        end = lines[-1][2] if lines else node
        gradient = None if unfinished(end, inside) else derivative_of(end, by, inside)
        if gradient is None:
            return None
        rest = next(paths(gradient, goal, scope, budget // 2), None)
    except (*FAULTS, RecursionError):
        return None
    if rest is None:
        return None
    taken = [Move(rule, place, line) for rule, place, line in lines]
    return [Move(TAKEN, (), node), *taken, Move(READ, (), gradient), *rest]


def through(style: str, start: s.Node, goal: s.Node, scope: Scope, budget: int) -> Path | None:
    """Both sides rewritten in one style as far as it leads, and a path between what they become."""
    try:
        tidy = style == "index"
        first, second = carried_out(start, scope, style, tidy), carried_out(goal, scope, style, tidy)
    except (*FAULTS, RecursionError):
        return None
    if not first and not second:
        return None
    ends = first[-1][2] if first else start, second[-1][2] if second else goal
    middle = [] if ends[0] == ends[1] else _where_they_differ(*ends, scope, budget // 2)
    if middle is None:
        middle = _within(scope, 40 * budget, partial(meeting, *ends, scope, budget)) or _multiplied_out(*ends, scope)
    if middle is None:
        return None
    forth = [Move(rule, place, line) for rule, place, line in first]
    lines = [goal, *(line for _, _, line in second)]
    back = [Move(rule, place, lines[k], True) for k, (rule, place, _) in enumerate(second)]
    return _without_detours([*forth, *middle, *reversed(back)], start)


def _multiplied_out(start: s.Node, goal: s.Node, scope: Scope) -> Path | None:
    """Both sides taken apart by one rule after the other as far as it leads, and the first line that is one of both:
    with names as they stand, then with definitions put in.
    """
    whole = "numbers" if "logistic" in (*manners(start, scope), *manners(goal, scope)) else "algebra"
    for style in ("collected", whole):
        if (found := _taken_apart(style, start, goal, scope)) is not None:
            return found
    return None


def _taken_apart(style: str, start: s.Node, goal: s.Node, scope: Scope) -> Path | None:
    try:
        sides = [carried_out(one, scope, style) for one in (start, goal)]
    except (*FAULTS, RecursionError):
        return None
    lines = [[one, *(line for _, _, line in taken)] for one, taken in zip((start, goal), sides, strict=True)]
    met = next((one for one in lines[0] if one in lines[1]), None)
    if met is None:
        return None
    ends = [one.index(met) for one in lines]
    forth = [Move(rule, place, line) for rule, place, line in sides[0][: ends[0]]]
    back = [Move(rule, place, lines[1][k], True) for k, (rule, place, _) in enumerate(sides[1][: ends[1]])]
    return [*forth, *reversed(back)]


def _without_detours(moves: Sequence[Move], start: s.Node) -> Path:
    """The path without what leads from a line back to the same line."""
    lines = [start, *(one.line for one in moves)]
    kept: Path = []
    place = 0
    while place < len(moves):
        last = max(k for k, line in enumerate(lines) if line == lines[place])
        if last == len(moves):
            break
        kept.append(moves[last])
        place = last + 1
    return kept
