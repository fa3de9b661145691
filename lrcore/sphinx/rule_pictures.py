# ruff: noqa: E501  (a picture a line)
"""Pictures of rules at small sizes, as SVG in the page: for the rules where a reader would rather look than read."""

from __future__ import annotations

from html import escape

CELL = 14


def picture(rule: str) -> str:
    """The picture of a rule, with its description for those who hear it; empty where words say as much."""
    if rule not in PICTURES:
        return ""
    width, height, body, says = PICTURES[rule]
    return (
        f'<svg class="lr-picture" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(says)}">{body}</svg>'
    )


def _grid(x: int, y: int, rows: int, columns: int, lit: set[tuple[int, int]], colour: str) -> str:
    """A matrix as squares, those in ``lit`` filled with the colour of an object."""
    return "".join(
        f'<rect x="{x + CELL * j}" y="{y + CELL * i}" width="{CELL}" height="{CELL}" stroke="var(--of-{colour}, currentColor)" '
        f'fill="{f"var(--of-{colour}, currentColor)" if (i, j) in lit else "none"}"/>'
        for i in range(rows)
        for j in range(columns)
    )


def _sign(x: int, y: int, sign: str) -> str:
    return f'<text x="{x}" y="{y}" fill="currentColor" font-size="13" text-anchor="middle">{sign}</text>'


_ROW = {(1, 0), (1, 1), (1, 2)}
_COLUMN = {(0, 1), (1, 1), (2, 1)}
_ARROW = '<path d="M30 22 A24 24 0 0 1 70 22" fill="none" stroke="currentColor"/><path d="M30 22 l7 -3 l-5 -5 z" fill="currentColor"/>'
PICTURES = {
    "product written as a sum": (
        160, 58,
        _grid(4, 8, 3, 3, _ROW, "X") + _grid(60, 8, 3, 2, _COLUMN, "w") + _sign(100, 33, "=") + _grid(112, 8, 3, 2, {(1, 1)}, "y"),
        "Row 2 of the first matrix, column 2 of the second, entry (2, 2) of the product: the index that is summed runs along both.",
    ),
    "sum as a matrix product": (
        160, 58,
        _grid(4, 8, 3, 3, _ROW, "X") + _grid(60, 8, 3, 2, _COLUMN, "w") + _sign(100, 33, "=") + _grid(112, 8, 3, 2, {(1, 1)}, "y"),
        "Entry (2, 2) of a product: the index that is summed runs along row 2 of the first matrix and down column 2 of the second.",
    ),
    "delta picks a term": (
        110, 58,
        _grid(4, 22, 1, 3, {(0, 1)}, "g") + _grid(60, 8, 3, 1, {(1, 0)}, "w") + _sign(85, 33, "=") + _grid(94, 22, 1, 1, {(0, 0)}, "w"),
        "A row with a single 1 in place 2, times a column: entry 2 of the column is left.",
    ),
    "a column of ones sums": (
        112, 58,
        _grid(4, 22, 1, 3, {(0, 0), (0, 1), (0, 2)}, "g") + _grid(60, 8, 3, 1, {(0, 0), (1, 0), (2, 0)}, "r") + _sign(85, 33, "=")
        + _grid(94, 22, 1, 1, {(0, 0)}, "r"),
        "A row of ones times a column: every entry is taken once, and the sum of all is left.",
    ),
    "cyclic trace": (
        100, 62,
        _ARROW + _sign(22, 36, "A") + _sign(50, 58, "B") + _sign(78, 36, "C")
        + '<path d="M28 44 L42 54 M58 54 L72 44" stroke="currentColor"/>',
        "A, B and C on a ring, the arrow from C back to A: wherever one begins to read, each keeps its neighbours.",
    ),
}  # fmt: skip
