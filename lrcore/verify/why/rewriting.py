"""One rule at one place of an expression: every line that it may become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.catalogue import RULES, Rule
from lrcore.verify.why.shapes import Scope, Unknown

Place = tuple[int, ...]
FAULTS = (Unknown, Problem, ArithmeticError, IndexError)


def rewrites(node: s.Node, scope: Scope, rules: tuple[Rule, ...] = RULES) -> Iterator[tuple[Rule, Place, s.Node]]:
    """Each rule at each place, with the whole expression after it in canonical form, as long as the work lasts: a line
    costs as much as it has parts.
    """
    for rule, place, new in _within(node, scope, rules):
        scope.work -= _parts(new)
        if scope.work < 0:
            return
        try:
            yield rule, place, canonical(new, scope)
        except FAULTS:
            continue


def _parts(node: s.Node) -> int:
    """How many nodes an expression has."""
    known: int | None = node.__dict__.get("_parts")
    if known is None:
        known = 1 + sum(map(_parts, s.children(node)))
        object.__setattr__(node, "_parts", known)
    return known


def _within(node: s.Node, scope: Scope, rules: tuple[Rule, ...]) -> list[tuple[Rule, Place, s.Node]]:
    """Each rule at each place of a part, with the part after it; found once for a part that stands in several lines."""
    if rules not in scope.rewritten:
        scope.rewritten[rules] = frozenset(kind for rule in rules for kind in rule.on), {}
    used_on, known = scope.rewritten[rules]
    if node not in known:
        if s.kinds_below(node).isdisjoint(used_on):
            return []
        scope.work -= len(rules) // 4  # each of them is tried here
        if scope.work < 0:
            return []
        known[node] = [*_here(node, scope, rules), *_below(node, scope, rules)]
    return known[node]


def _here(node: s.Node, scope: Scope, rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, Place, s.Node]]:
    for rule in rules:
        if not isinstance(node, rule.on):
            continue
        try:
            found = list(rule.apply(node, scope))
        except FAULTS:
            continue
        for one in found:
            yield rule, (), one


def _below(node: s.Node, scope: Scope, rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, Place, s.Node]]:
    if isinstance(node, s.Deriv):  # what is differentiated may be rewritten, what it is by may not
        own = set().union(*map(s.occurring, node.wrt))
        for rule, place, new in _within(node.f, scope, rules):
            if rule.back == "definition folded" and _times(own, new) < _times(own, node.f):
                continue  # by this name it is differentiated
            yield rule, (0, *place), replace(node, f=new)
        return
    node = opened(node)
    for number, child in enumerate(s.children(node)):
        for rule, place, new in _within(child, scope, rules):
            if isinstance(node, s.Entry) and isinstance(new, s.Block) and not place:
                continue  # an entry of a matrix is not taken from the matrix written out in entries
            yield rule, (number, *place), with_child(node, number, new)


def _times(names: set[str], node: s.Node) -> int:
    """How often any of these names stands in an expression."""
    if names.isdisjoint(s.occurring(node)):
        return 0
    return sum(isinstance(one, s.Name) and one.id in names for one in s.walk(node))


def opened(node: s.Node) -> s.Node:
    """A sum over a letter that nothing inside can bind, so that a sum that a rule makes inside takes no letter of it;
    anything else as it is.
    """
    if not (isinstance(node, s.Sum) and node.index.startswith("§")):
        return node
    known: s.Node | None = node.__dict__.get("_opened")
    if known is None:
        letter = node.index.replace("§", "free_")
        known = replace(node, index=letter, body=s.substitute(node.body, {node.index: s.Name(letter)}))
        object.__setattr__(node, "_opened", known)
    return known


def with_child(node: s.Node, number: int, new: s.Node) -> s.Node:
    """The node with one of its children replaced, by its place among them."""
    count = -1

    def change(child: Any) -> Any:
        nonlocal count
        count += 1
        return new if count == number else child

    return s.rebuild(node, change)
