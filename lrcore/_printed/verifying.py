"""One printed equation, verified: its lines written out side by side, and compared at each ``=``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import sympy as sp

from lrcore._printed.book import Printed, context_of, define, sides_of, sizes_on, varied
from lrcore._printed.deciding import differing_point, follow, is_zero
from lrcore._printed.entries import Entries, Places, Value, is_matrix, shape
from lrcore._printed.refusals import Refused, Undecided
from lrcore.verify import Chain, Context, read_chains, syntax

SHOWN, LONG = 3, 120  # entries that differ, and how many characters (or operations) of each
FEW = 4  # letters whose values are told


@dataclass(frozen=True)
class Line:
    """The sides of one line as sympy has them, for each choice of its free indices."""

    letters: tuple[str, ...]
    sides: tuple[dict[tuple[int, ...], Value], ...]
    said: str = ""


@dataclass(frozen=True)
class Verified:
    equation: Printed
    sizes: dict[str, int]
    lines: tuple[Line, ...]


def verify(equation: Printed, given: dict[str, int]) -> Verified:
    """Every line of an equation that is more than a definition.

    Raises
    ------
    Refused, Undecided
        which begin with the label.
    """
    try:
        return _verified(equation, given)
    except (Refused, Undecided) as error:
        raise type(error)(f"{equation.name}: {error}") from None


def _verified(equation: Printed, given: dict[str, int]) -> Verified:
    context, sizes = context_of(equation), sizes_on(equation.page, given)
    lines, premises = [], []
    chains = read_chains(equation.latex, context, formula=True)
    if not chains:
        raise Undecided("There is no equation in it.")
    for number, chain in enumerate(chains):
        sides = sides_of(chain, context)
        if chain.relations == [":="]:
            define(sides, context)
            continue
        if not chain.relations or set(chain.relations) != {"="}:
            raise Undecided("Sympy compares the two sides of an =, and here is none.")
        entries = Entries(context, sizes, varied(equation, context))
        line = _line(sides, chain, context, entries)
        if number + 1 < len(chains) and chains[number + 1].link == "implies":
            premises += list(_gaps(line))
        elif chain.link == "implies":
            lines.append(Line(line.letters, line.sides, follow(_gaps(line), premises)))
        else:
            _compare(line)
            lines.append(line)
    if not lines:
        raise Undecided("This is a definition: it says what a letter means, and there is nothing to verify.")
    return Verified(equation, sizes, tuple(lines))


def _line(sides: list[syntax.Node], chain: Chain, context: Context, entries: Entries) -> Line:
    if not any(context.lookup(name) for side in sides for name in syntax.names(side)):
        raise Undecided("It speaks of no letter of the chapter.")
    if any(one == other for one, other in pairwise(sides)):
        raise Refused("Both sides of an = are written alike, which says nothing.")
    letters = [one for one in _free(sides, context) if one != "pi" or context.lookup(one)]
    if missing := [one for one in letters if entries.range_of(one, syntax.Add(tuple(sides)), {}) is None]:
        raise Undecided(f"What {missing[0]} means is not said in this chapter.")
    ranges = [range(entries.range_of(one, syntax.Add(tuple(sides)), {}) or 0) for one in letters]
    places: list[tuple[int, ...]] = list(product(*ranges))
    values = [{one: entries.value(side, dict(zip(letters, one, strict=True))) for one in places} for side in sides]
    return Line(tuple(letters), tuple(values))


def _free(sides: list[syntax.Node], context: Context) -> list[str]:
    """The indices that no sum binds, in the order in which they stand there."""
    found: dict[str, None] = {}

    def look(node: syntax.Node, bound: frozenset[str]) -> None:
        if isinstance(node, syntax.Sum):
            bound |= {node.index}
        if isinstance(node, syntax.Build):
            bound |= {node.i, node.j}
        inside = node.indices if isinstance(node, syntax.Entry) else ()
        inside = (node.i, node.j) if isinstance(node, syntax.Delta) else inside
        for one in inside:
            if isinstance(one, syntax.Name) and one.id not in bound and not context.is_size(one.id):
                found[one.id] = None
        for one in syntax.children(node):
            look(one, bound)

    for side in sides:
        look(side, frozenset())
    return list(found)


def _pairs(line: Line) -> Iterator[tuple[int, tuple[int, ...], Value, Value]]:
    for number, (left, right) in enumerate(zip(line.sides, line.sides[1:], strict=False), start=1):
        for place in left:
            yield number, place, left[place], _alike(left[place], right[place])


def _alike(left: Value, right: Value) -> Value:
    """The right side in the shape of the left one: a bare 0 stands for a matrix of zeros."""
    if shape(left) == shape(right):
        return right
    if not is_matrix(right) and right == 0:
        return sp.zeros(*shape(left))
    raise Refused("Its sides have different shapes: {} x {} and {} x {}.".format(*shape(left), *shape(right)))


def _gaps(line: Line) -> Iterator[Any]:
    for _, _, left, right in _pairs(line):
        gap = left - right
        yield from gap if is_matrix(gap) else [gap]


def _compare(line: Line) -> None:
    """Refuse a line whose sides differ, and show where: the first entries at the first = that fails."""
    wrong: list[tuple[int, str]] = []
    for number, place, left, right in _pairs(line):
        if wrong and wrong[0][0] != number:
            break
        for where, a, b in _entries(left, right):
            if not is_zero(sp.sympify(a - b, strict=True), (sp.sympify(a, strict=True), sp.sympify(b, strict=True))):
                wrong.append((number, _told(dict(zip(line.letters, place, strict=True)), where, a, b)))
            if len(wrong) == SHOWN:
                break
        if len(wrong) == SHOWN:
            break
    if wrong:
        which = "the two sides differ" if len(line.sides) == 2 else f"the sides of = number {wrong[0][0]} differ"
        lines = "".join(f"\n  {told}" for _, told in wrong)
        raise Refused(f"It does not hold; {which}.{lines}")


def _entries(left: Value, right: Value) -> Iterator[tuple[str, Any, Any]]:
    if not is_matrix(left):
        yield "", left, right
        return
    for i, k in product(range(left.rows), range(left.cols)):
        yield f"row {i + 1}, column {k + 1}" if left.cols > 1 else f"row {i + 1}", left[i, k], right[i, k]


def _told(places: Places, where: str, a: object, b: object) -> str:
    at = ", ".join([*(f"{key} = {place + 1}" for key, place in places.items()), *([where] if where else [])])
    return f"{at + ': ' if at else ''}{_text(a)} on the left and {_text(b)} on the right{_in_numbers(a, b)}"


def _in_numbers(a: Any, b: Any) -> str:
    """Numbers at which two sides with roots or functions differ: their form alone may not show it."""
    letters = (a - b).free_symbols
    if len(letters) > FEW or (a - b).is_rational_function(*letters) or not (at := differing_point(a - b)):
        return ""
    values = [str(sp.N(side.xreplace(at), 3)) for side in (a, b)]
    return f" ({values[0]} and {values[1]} at {', '.join(f'{_text(one)} = {value}' for one, value in at.items())})"


def _text(value: object) -> str:
    """An expression in a line of text, the end of a long one left out."""
    text = re.sub(r"[{}\\]", "", str(sp.expand(value) if sp.count_ops(value) < LONG else value))
    return text if len(text) <= LONG else f"{text[:LONG]} ..."
