r"""What dots leave out: ``x_1 + \dots + x_n`` is a sum over the place where its ends differ, and so are rows and
columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.names import make_key, split_key

Row = list[s.Node]
Known = Callable[[str], object]  # what is known of a name, or None


@dataclass(frozen=True)
class _Rule:
    """Terms that differ in one number alone: ``body`` with ``letter`` from ``low`` to ``high``."""

    letter: str
    body: s.Node
    low: s.Num
    high: s.Node

    def extended(self, before: Sequence[s.Node], known: Known) -> tuple[int, _Rule]:
        """The rule from the first term of the run that ends ``before``, and where that one stands."""
        place, low = len(before), self.low
        while place and low.value > 0 and self._at(low.value - 1) == _with_entries(before[place - 1], self.body, known):
            place, low = place - 1, s.Num(low.value - 1, span=low.span)
        return place, _Rule(self.letter, self.body, low, self.high)

    def _at(self, value: Any) -> s.Node:
        return s.substitute(self.body, {self.letter: s.num(value)})


def _rule(first: s.Node, last: s.Node, letter: str, known: Known) -> _Rule | None:
    """What two terms follow, if they differ in one number alone."""
    ends: dict[str, Any] = {}
    body = _merge(_with_entries(first, last, known), last, letter, ends)
    return _Rule(letter, body, ends["low"], ends["high"]) if body is not None and ends else None


def _with_entries(node: s.Node, like: s.Node, known: Known) -> s.Node:
    """``x_1`` as an entry of x, where x_n beside it is one and nothing makes x_1 a name of its own."""
    counts = {one.base.id: len(one.indices) for one in s.walk(like)
              if isinstance(one, s.Entry) and isinstance(one.base, s.Name)}  # fmt: skip
    table: dict[str, s.Node] = {}
    for one in s.walk(node):
        if isinstance(one, s.Name) and one.id not in table and known(one.id) is None:
            base, accents, sub, sup = split_key(one.id)
            stem = make_key(base, accents)
            if sub.isdigit() and not sup and counts.get(stem) in (1, len(sub)):
                digits = [sub] if counts[stem] == 1 else list(sub)
                table[one.id] = s.Entry(
                    s.Name(stem, span=one.span), tuple(s.num(int(k)) for k in digits), span=one.span
                )
    return s.substitute(node, table) if table else node


def _merge(a: Any, b: Any, letter: str, ends: dict[str, Any]) -> Any:
    """What two nodes, or tuples of them, have in common, with the letter where they differ; None for nothing."""
    if a == b:
        return a
    if isinstance(a, s.Num) and isinstance(b, (s.Name, s.Num, s.Add)) and a.value.denominator == 1:
        same = ends.setdefault("low", a) == a and ends.setdefault("high", b) == b
        return s.Name(letter, span=a.span) if same else None
    if type(a) is not type(b):
        return None
    if isinstance(a, tuple) and len(a) == len(b):
        parts = tuple(_merge(one, other, letter, ends) for one, other in zip(a, b))
        return None if None in parts else parts
    if not isinstance(a, s.Node):
        return None
    new: dict[str, Any] = {}
    for name in s.parts(a):
        mine, theirs = getattr(a, name), getattr(b, name)
        new[name] = _merge(mine, theirs, letter, ends)
        if new[name] is None and not mine is theirs is None:
            return None
    return replace(a, **new)


def _unused(nodes: Sequence[s.Node], letters: str) -> str:
    """A letter for the index that occurs nowhere in the nodes."""
    used = set().union(*(s.names(node) for node in nodes))
    used |= {one.index for node in nodes for one in s.walk(node) if isinstance(one, s.Sum)}
    return next(one for one in letters if one not in used)


def _fail(what: str, span: s.Span | None) -> NoReturn:
    raise Unreadable(f"What these dots leave out does not follow from the {what} around them.", span)


# ---------------------------------------------------------------------- sums


def elide_sum(terms: list[s.Node], known: Known) -> list[s.Node]:
    """Terms with dots among them, the dots and their neighbours replaced by sums; what is ``known`` of a name keeps
    ``x_1`` from being read as an entry of x.
    """
    while True:
        place = next((k for k, one in enumerate(terms) if isinstance(one, s.Dots)), None)
        if place is None:
            return terms
        if place == 0 or place + 1 >= len(terms):
            raise Unreadable("Dots stand between terms; write the first terms and the last one.", terms[place].span)
        terms = _one_sum(terms, place, known)


def _one_sum(terms: list[s.Node], place: int, known: Known) -> list[s.Node]:
    before, last = terms[place - 1], terms[place + 1]
    rule = _rule(before, last, _unused(terms, "ijklpqrstabcdefgh"), known)
    if rule is None:
        _fail("terms", terms[place].span)
    start, rule = rule.extended(terms[: place - 1], known)
    if start == place - 1 and rule.low.value > 1:
        _fail("terms", terms[place].span)
    span = _hull(terms[start], last)
    negative = isinstance(rule.body, s.Neg)
    body = rule.body.arg if isinstance(rule.body, s.Neg) else rule.body
    node: s.Node = s.Sum(rule.letter, body, rule.low, rule.high, span=span)
    return [*terms[:start], s.Neg(node, span=span) if negative else node, *terms[place + 2 :]]


def _hull(first: s.Node, last: s.Node) -> s.Span | None:
    return (first.span[0], last.span[1]) if first.span and last.span else None


# ---------------------------------------------------------------------- matrices


def elide_matrix(grid: list[Row], span: s.Span, known: Known) -> s.Node:
    """A matrix with dots, as blocks whose entries follow a rule; ``known`` as for sums."""
    dotted = [k for k, row in enumerate(grid) if all(isinstance(one, s.Dots) for one in row)]
    full = [_row(row, span, known) for k, row in enumerate(grid) if k not in dotted]
    if len({len(row) for row in full}) != 1:
        raise Unreadable("The rows of this matrix do not follow one rule.", span)
    if not dotted:
        return _blocks(full, span)
    if len(dotted) > 1 or dotted[0] == 0 or dotted[0] == len(grid) - 1:
        raise Unreadable("Dots stand between the first rows and the last one, once.", span)
    return _stack(full, dotted[0], span, known)


def _row(row: Row, span: s.Span, known: Known) -> Row:
    """A row with its dots replaced: explicit cells and runs (Build of one row)."""
    place = next((k for k, one in enumerate(row) if isinstance(one, s.Dots)), None)
    if place is None:
        return row
    if place == 0 or place != len(row) - 2:
        raise Unreadable("Dots stand between the first cells and the last one, once in a row.", span)
    rule = _rule(row[place - 1], row[-1], _unused(row, "jiklpqrstabcdefgh"), known)
    if rule is None and row[place - 1] == row[-1]:
        raise Unreadable("How many equal cells these dots stand for does not follow.", span)
    if rule is None:
        _fail("cells", span)
    start, rule = rule.extended(row[: place - 1], known)
    run = _hull(row[start], row[-1])
    return [*row[:start], s.Build("_", s.ONE, rule.letter, _count(rule, span), rule.body, span=run)]


def _count(rule: _Rule, span: s.Span) -> s.Node:
    if rule.low.value == 1:
        return rule.high
    if rule.low.value == 0:
        return s.Add((rule.high, s.ONE), span=rule.high.span)
    raise Unreadable("Dots run from place 1 or 0; here they begin elsewhere.", span)


def _stack(rows: list[Row], dotted: int, span: s.Span, known: Known) -> s.Node:
    """The rows above the dots and the one below follow one rule in the row index."""
    above, last = [s.Block((tuple(row),)) for row in rows[:dotted]], rows[-1]
    if len(rows) != dotted + 1:
        raise Unreadable("One row stands below the dots.", span)
    bound = [s.Name(one.j) for one in (*rows[dotted - 1], *last) if isinstance(one, s.Build)]
    letter = _unused([*rows[dotted - 1], *last, *bound], "iklpqrst")
    rule = _rule(above[-1], s.Block((tuple(last),)), letter, known)
    if rule is None:
        _fail("rows", span)
    start, rule = rule.extended(above[:-1], known)
    count = _count(rule, span)
    cells = rule.body.rows[0] if isinstance(rule.body, s.Block) else ()
    return _blocks([*rows[:start], [_tall(cell, rule.letter, count, span) for cell in cells]], span)


def _tall(cell: s.Node, letter: str, count: s.Node, span: s.Span) -> s.Node:
    if isinstance(cell, s.Build):
        return s.Build(letter, count, cell.j, cell.cols, cell.body, span=span)
    return s.Build(letter, count, "_", s.ONE, cell, span=span)


def _blocks(rows: list[Row], span: s.Span) -> s.Node:
    if len(rows) == len(rows[0]) == 1:
        return replace(rows[0][0], span=span)
    return s.Block(tuple(map(tuple, rows)), span=span)
