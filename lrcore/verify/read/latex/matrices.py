"""Matrices and vectors that are written out."""

from __future__ import annotations

from lrcore.verify.read.ellipsis import elide_matrix
from lrcore.verify.read.latex.cursor import END, Cursor, Tokens
from lrcore.verify.read.latex.groups import turn
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import MATRICES, ROWS

_CALLS = {"vmatrix": "det", "Vmatrix": "norm"}


def read_environment(c: Cursor) -> s.Node:
    opened = c.next()
    if opened.text in ROWS:
        c.fail("An environment of equations stands inside a formula.", opened.span)
    if opened.text not in MATRICES:
        c.fail(f"The environment {opened.text} is not read inside a formula.", opened.span)
    _past_columns(c, opened)
    rows = _rows(c, opened)
    node = _matrix(c, rows, c.since(opened.start))
    fn = _CALLS.get(opened.text)
    return s.Call(fn, (node,), span=node.span) if fn else node


def _past_columns(c: Cursor, opened: Token) -> None:
    """Past how the columns are set, ``{cc}`` or ``[c]``."""
    if opened.text == "array" and c.peek().kind == "{":
        c.group()
    if c.peek().kind == "[":
        while c.peek().kind != "]" and c.peek() is not END:
            c.next()
        c.next()


def _rows(c: Cursor, opened: Token) -> list[list[Tokens]]:
    """Rows of cells, each a list of tokens."""
    rows: list[list[Tokens]] = [[[]]]
    depth = 0
    while True:
        token = c.next()
        if token is END:
            c.fail("This matrix is never closed.", opened.span)
        depth += (token.kind == "begin") - (token.kind == "end") + turn(token)
        if token.kind == "end" and depth < 0:
            return [row for row in rows if any(row)]
        if depth == 0 and token.kind == "&":
            rows[-1].append([])
        elif depth == 0 and token.kind == "cmd" and token.text == "\\":
            rows.append([[]])
        elif not (token.kind == "cmd" and token.text in ("hline", "cline")):
            rows[-1][-1].append(token)


def _matrix(c: Cursor, rows: list[list[Tokens]], span: s.Span) -> s.Node:
    if not rows:
        c.fail("This matrix is empty.", span)
    grid = [[_cell(c, tokens, span) for tokens in row] for row in rows]
    if any(isinstance(cell, s.Dots) for row in grid for cell in row):
        return elide_matrix(grid, span, c.context.lookup)
    if len({len(row) for row in grid}) > 1:
        c.fail("The rows of this matrix have different numbers of cells.", span)
    return s.Block(tuple(map(tuple, grid)), span=span)


def _cell(c: Cursor, tokens: Tokens, span: s.Span) -> s.Node:
    if len(tokens) == 1 and tokens[0].kind == "cmd" and tokens[0].text == "dots":
        return s.Dots(span=tokens[0].span)
    if not tokens:
        c.fail("A cell of this matrix is empty.", span)
    return read_group(c, tokens, "cell")
