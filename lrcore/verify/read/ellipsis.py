r"""What dots leave out: ``x_1 + \dots + x_n`` is a sum over the place where its ends differ, and so are rows and
columns.
"""

from __future__ import annotations

from dataclasses import fields

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable


def elide_sum(terms: list[s.Node]) -> list[s.Node]:
    """Terms with dots among them, the dots and their neighbours replaced by sums."""
    while True:
        place = next((k for k, one in enumerate(terms) if isinstance(one, s.Dots)), None)
        if place is None:
            return terms
        if place == 0 or place + 1 >= len(terms):
            raise Unreadable("Dots stand between terms; write the first terms and the last one.", terms[place].span)
        terms = _one_sum(terms, place)


def _one_sum(terms, place):
    before, last = terms[place - 1], terms[place + 1]
    letter = _letter(*terms)
    found = general(before, last, letter)
    if found is None:
        raise Unreadable("What these dots leave out does not follow from the terms around them.", terms[place].span)
    template, low, high = found
    start, first = place - 1, low
    while start > 0 and first.value > 0 and _at(template, letter, first.value - 1) == terms[start - 1]:
        start, first = start - 1, s.num(first.value - 1)
    if start == place - 1 and first.value > 1:
        raise Unreadable("What these dots leave out does not follow from the terms around them.", terms[place].span)
    span = (terms[start].span[0], last.span[1]) if terms[start].span and last.span else None
    node: s.Node
    if isinstance(template, s.Neg):
        node = s.Neg(s.Sum(letter, template.arg, first, high, span=span), span=span)
    else:
        node = s.Sum(letter, template, first, high, span=span)
    return [*terms[:start], node, *terms[place + 2 :]]


def _letter(*nodes):
    """A letter for the index that occurs nowhere in the terms."""
    used = set().union(*(s.names(node) for node in nodes))
    used |= {one.index for node in nodes for one in s.walk(node) if isinstance(one, s.Sum)}
    return next(one for one in "ijklpqrst" + "abcdefgh" if one not in used)


def _at(template, letter, value):
    return s.substitute(template, {letter: s.num(value)})


def general(first: s.Node, last: s.Node, letter: str):
    """(template, first value, last value) if the two differ in one index alone, else None."""
    ends: dict[str, s.Node] = {}
    template = _merge(first, last, letter, ends)
    if template is None or "low" not in ends:
        return None
    return template, ends["low"], ends["high"]


def _merge(a, b, letter, ends):
    if a == b:
        return a
    if isinstance(a, s.Num) and isinstance(b, (s.Name, s.Num, s.Add)) and a.value.denominator == 1:
        if ends.setdefault("low", a) != a or ends.setdefault("high", b) != b:
            return None
        return s.Name(letter, span=a.span)
    if type(a) is not type(b):
        return None
    new = {}
    for one in fields(a):
        if one.name == "span":
            continue
        merged = _merge_value(getattr(a, one.name), getattr(b, one.name), letter, ends)
        if merged is None:
            return None
        new[one.name] = merged[0]
    return type(a)(**new, span=a.span)


def _merge_value(a, b, letter, ends):
    if isinstance(a, s.Node):
        merged = _merge(a, b, letter, ends) if isinstance(b, s.Node) else None
        return None if merged is None else (merged,)
    if isinstance(a, tuple):
        if not isinstance(b, tuple) or len(a) != len(b):
            return None
        parts = [_merge_value(x, y, letter, ends) for x, y in zip(a, b)]
        return None if None in parts else (tuple(one[0] for one in parts),)
    return (a,) if a == b else None


# ---------------------------------------------------------------------- matrices


def elide_matrix(grid, span) -> s.Node:
    """A matrix with dots, as blocks whose entries follow a rule."""
    dotted = [k for k, row in enumerate(grid) if all(isinstance(one, s.Dots) for one in row)]
    full = [_row(row, span) for k, row in enumerate(grid) if k not in dotted]
    if len({len(row) for row in full}) != 1:
        raise Unreadable("The rows of this matrix do not follow one rule.", span)
    if not dotted:
        return _blocks(full, span)
    if len(dotted) > 1 or dotted[0] == 0 or dotted[0] == len(grid) - 1:
        raise Unreadable("Dots stand between the first rows and the last one, once.", span)
    return _stack(full, dotted[0], span)


def _row(row, span):
    """A row with its dots replaced: explicit cells and runs (Build of one row)."""
    place = next((k for k, one in enumerate(row) if isinstance(one, s.Dots)), None)
    if place is None:
        return list(row)
    if place == 0 or place != len(row) - 2:
        raise Unreadable("Dots stand between the first cells and the last one, once in a row.", span)
    letter = "j" if "j" not in set().union(*map(s.names, _cells_of(row))) else _letter(*_cells_of(row))
    found = general(row[place - 1], row[-1], letter)
    if found is None and row[place - 1] == row[-1]:
        raise Unreadable("How many equal cells these dots stand for does not follow.", span)
    if found is None:
        raise Unreadable("What these dots leave out does not follow from the cells around them.", span)
    template, low, high = found
    start = place - 1
    while start > 0 and low.value > 0 and _at(template, letter, low.value - 1) == row[start - 1]:
        start, low = start - 1, s.num(low.value - 1)
    return [*row[:start], s.Build("_", s.ONE, letter, _count(low, high, span), template)]


def _cells_of(row):
    return [one for one in row if not isinstance(one, s.Dots)]


def _count(low, high, span):
    if low.value == 1:
        return high
    if low.value == 0:
        return s.Add((high, s.ONE))
    raise Unreadable("Dots run from place 1 or 0; here they begin elsewhere.", span)


def _stack(rows, dotted, span):
    """The rows above the dots and the one below follow one rule in the row index."""
    above, last = rows[:dotted], rows[-1]
    if len(rows) != dotted + 1:
        raise Unreadable("One row stands below the dots.", span)
    letter = next(
        one for one in "iklpqrst" if not any(one in s.names(cell) | _bound(cell) for cell in above[-1] + last)
    )
    found = general(_as_node(above[-1]), _as_node(last), letter)
    if found is None:
        raise Unreadable("What these dots leave out does not follow from the rows around them.", span)
    template, low, high = found
    start = len(above) - 1
    while start > 0 and low.value > 0 and _at(template, letter, low.value - 1) == _as_node(above[start - 1]):
        start, low = start - 1, s.num(low.value - 1)
    count = _count(low, high, span)
    body = [_tall(cell, letter, count) for cell in template.rows[0]]
    stacked = [*(list(row) for row in above[:start]), body]
    return _blocks(stacked, span)


def _bound(cell):
    return {cell.j} if isinstance(cell, s.Build) else set()


def _as_node(row):
    return s.Block((tuple(row),))


def _tall(cell, letter, count):
    if isinstance(cell, s.Build):
        return s.Build(letter, count, cell.j, cell.cols, cell.body)
    return s.Build(letter, count, "_", s.ONE, cell)


def _blocks(rows, span):
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return s.Block(tuple(tuple(row) for row in rows), span=span)
