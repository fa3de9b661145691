"""The replay of an explanation: each rule is used again at the place that it names, and must give the line.

Nothing of the search is used here: a path that was found by whatever means counts only if its rules lead, line by line,
from the left side of the step to exactly its right side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lrcore.verify.decide.state import Decided
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.context import Context
from lrcore.verify.why.canonical import canonical, with_size
from lrcore.verify.why.catalogue import RULES, Rule
from lrcore.verify.why.layout import in_columns
from lrcore.verify.why.reading_off import derivative_of
from lrcore.verify.why.reason import ENTRYWISE, GIVEN, Line, Why
from lrcore.verify.why.shapes import Scope, Unknown

TAKEN, READ = "taking the differential", "reading the gradient off the differential"
_NAMED: dict[str, list[Rule]] = {}
for _rule in RULES:
    for _name in {_rule.name, _rule.back}:
        _NAMED.setdefault(_name, []).append(_rule)


def replayed(why: Why, step: Decided, context: Context) -> str:
    """What is wrong with an explanation; empty where each rule gives its line and the last is the right side."""
    scope, step = Scope(context, step.claim.variables), step.with_sums()
    left, right = _sides(step.left, step.right, scope)
    given = [_sides(*one, scope) for one in step.said]
    scope.given = tuple(given)
    before, end, lines = left, right, list(why.lines)
    if not lines:
        return "" if left == right or not why.named else "there are no lines"
    if lines and lines[0].rule == GIVEN.name and not lines[0].place and _equation(lines[0]):
        found = _equation(lines[0])
        if found not in given and found[::-1] not in given:
            return "line 1: this equation was not given"
        scope.given = tuple(one for one in given if one not in (found, found[::-1]))
        scope.multipliers = _multipliers([*found, left, right])
        before, end = lines[0].tree or left, _as_equation(left, right)
        lines = lines[1:]
    elif lines and lines[0].rule == ENTRYWISE:
        before, lines = lines[0].tree or left, lines[1:]
        at = tuple(s.Name(letter) for letter in "ij" if letter in s.occurring(before) - s.occurring(left))
        if before != canonical(s.Entry(left, at), scope):
            return "line 1: these are not the entries of the left side"
        end = canonical(s.Entry(right, at), scope)
    inside: tuple[s.Name, Scope] | None = (
        None  # what is varied, from the differential that is taken to what is read off
    )
    for number, line in enumerate(lines, start=1):
        after = line.tree
        if after is None:
            return f"line {number}: there is no line"
        if line.rule == TAKEN and isinstance(before, s.Deriv) and isinstance(before.wrt[0], s.Name) and not line.place:
            inside = before.wrt[0], scope.varying(before.wrt[0].id)
            given_so = len(before.wrt) == 1 and after == canonical_or_none(s.Diff(before.f), inside[1])
        elif line.rule == READ and inside is not None:
            given_so, inside = derivative_of(before, inside[0], inside[1]) == after, None
        else:
            given_so = _one_rule(before, after, line, scope if inside is None else inside[1])
        if not given_so:
            return f"line {number}: {line.rule} does not give it"
        before = after
    if inside is not None:
        return "no gradient is read off"
    return "" if before == end else "the last line is not the right side"


def _sides(left: s.Node, right: s.Node, scope: Scope) -> tuple[s.Node, s.Node]:
    first, second = (canonical(in_columns(one, scope), scope) for one in (left, right))
    return _sized(first, second, scope)


def _one_rule(before: s.Node, after: s.Node, line: Line, scope: Scope) -> bool:
    """Whether the rule at its place leads from one line to the next, or from the next back to the one."""
    rules = _NAMED.get(line.rule, [])
    return any(
        canonical_or_none(new, scope) == goal
        for start, goal in ((before, after), (after, before))
        for rule in rules
        for new in _used(start, line.place, rule, scope)
    )


def canonical_or_none(node: s.Node, scope: Scope) -> s.Node | None:
    """The canonical form, and None where it has none."""
    try:
        return canonical(node, scope)
    except (Unknown, Problem, ArithmeticError, IndexError):
        return None


def _used(node: s.Node, place: tuple[int, ...], rule: Rule, scope: Scope) -> Iterator[s.Node]:
    """What a rule makes of the part at a place."""
    if not place:
        if isinstance(node, rule.on):
            try:
                yield from list(rule.apply(node, scope))
            except (Unknown, Problem, ArithmeticError, IndexError):
                return
        return
    if isinstance(node, s.Sum) and node.index.startswith("§"):
        letter = "free_" + node.index[1:]
        node = replace(node, index=letter, body=s.substitute(node.body, {node.index: s.Name(letter)}))
    parts = list(s.children(node))
    if place[0] < len(parts):
        for new in _used(parts[place[0]], place[1:], rule, scope):
            yield _exchanged(node, place[0], new)


def _exchanged(node: s.Node, number: int, new: s.Node) -> s.Node:
    places = iter(range(len(list(s.children(node)))))
    return s.rebuild(node, lambda child: new if next(places) == number else child)


def _equation(line: Line) -> tuple[s.Node, ...]:
    tree = line.tree
    return tree.args if isinstance(tree, s.Call) and tree.fn == "=" else ()


def _as_equation(left: s.Node, right: s.Node) -> s.Node:
    return s.Call("=", (right, left) if s.is_zero(left) else (left, right))


def _multipliers(sides: list[s.Node]) -> tuple[s.Node, ...]:
    inverses = {one for side in sides for one in s.walk(side) if isinstance(one, s.Inv)}
    return tuple(sorted(inverses | {one.arg for one in inverses}, key=repr))


def _sized(left: s.Node, right: s.Node, scope: Scope) -> tuple[s.Node, s.Node]:
    """An I or 1 without a size has that of the other side."""
    for one, other, turned in ((left, right, False), (right, left, True)):
        try:
            sized = with_size(one, scope.shape(other))
        except (Unknown, Problem, ArithmeticError, IndexError):
            continue
        return (other, sized) if turned else (sized, other)
    return left, right
