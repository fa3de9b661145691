"""What was verified, for a notebook and for a terminal: a sentence, which opens to the line and both sides in sympy."""

from __future__ import annotations

from html import escape
from itertools import product
from typing import Any

import sympy as sp

from lrcore._printed.entries import Value, is_matrix
from lrcore._printed.verifying import Line, Verified

FOLDED, LONGEST = 400, 4000  # characters of LaTeX


class Shown:
    """The equations that were verified by one call; a notebook shows them as the value of its cell."""

    def __init__(self, found: list[Verified]):
        self.found = found

    def __repr__(self) -> str:
        return "\n".join(_sentence(one) for one in self.found)

    def _repr_html_(self) -> str:
        return "".join(f'<details class="lr-holds">{_one(one)}</details>' for one in self.found)


def _sentence(one: Verified) -> str:
    equation = one.equation
    name = f"({equation.number}) {equation.label}" if equation.number else "Your equation"
    sizes = ", ".join(f"{key} = {value}" for key, value in one.sizes.items())
    ways = {line.said for line in one.lines if line.said}
    how = f" It follows: {'; '.join(sorted(ways))}." if ways else ""
    return f"{name} holds, entry by entry, at {sizes}.{how}"


def _one(one: Verified) -> str:
    values = "".join(_line(line) for line in one.lines)
    sentence = escape(_sentence(one), quote=False).replace(" = ", "&nbsp;=&nbsp;")  # a size stays on its line
    return f"<summary>{sentence}</summary>{_math(one.equation.latex)}{values}"


def _line(line: Line) -> str:
    sides = [_latex(line, side) for side in line.sides]
    seen = _math(" = ".join(sides))
    if sum(map(len, sides)) <= FOLDED:
        return seen
    rows = "".join(_math(("= " if number else "") + side) for number, side in enumerate(sides))
    return f'<details class="lr-sides"><summary>Both sides, as sympy has them</summary>{rows}</details>'


def _latex(line: Line, values: dict[tuple[int, ...], Value]) -> str:
    """One side: over one free index a column, over two a matrix, else the first of its values."""
    whole = _whole(line, values)
    text = str(sp.latex(whole, mat_str="bmatrix", mat_delim=""))
    if len(text) <= LONGEST:
        return text
    first = next(iter(whole)) if is_matrix(whole) else whole
    more = rf" \quad\text{{(entry 1 of {len(whole)})}}" if is_matrix(whole) else ""
    text = str(sp.latex(first))
    return (
        text + more if len(text) <= LONGEST else rf"\text{{a sum of {len(sp.Add.make_args(sp.expand(first)))} terms}}"
    )


def _whole(line: Line, values: dict[tuple[int, ...], Value]) -> Any:
    ranges = [sorted({place[k] for place in values}) for k in range(len(line.letters))]
    first = next(iter(values.values()))
    if not line.letters or len(line.letters) > 2 or is_matrix(first):
        return first
    rows, columns = ranges[0], (ranges[1] if len(ranges) == 2 else [0])
    cells = [values[place[: len(line.letters)]] for place in product(rows, columns)]
    return sp.Matrix(len(rows), len(columns), cells)


def _math(latex: str) -> str:
    return f'<div class="math notranslate nohighlight">\\[{escape(latex, quote=False)}\\]</div>'
