"""Matrices and vectors that are written out."""

from __future__ import annotations

from dataclasses import dataclass

from lrcore.verify.read.ellipsis import elide_matrix
from lrcore.verify.read.latex.cursor import END, Cursor, Tokens
from lrcore.verify.read.latex.groups import turn
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import MATRICES, ROWS

_CASES = {"cases", "dcases", "rcases"}
_IF, _ELSE = {"", "if", "when", "for", "where"}, {"otherwise", "else"}
_CALLS = {"vmatrix": "det", "Vmatrix": "norm"}


def read_environment(c: Cursor) -> s.Node:
    opened = c.next()
    if opened.text in _CASES:
        return _by_index(c, opened)
    if opened.text in ROWS:
        c.fail("An environment of equations stands inside a formula.", opened.span)
    if opened.text not in MATRICES:
        c.fail(f"The environment {opened.text} is not read inside a formula.", opened.span)
    _past_columns(c, opened)
    rows = _rows(c, opened)
    node = _matrix(c, rows, c.since(opened.start))
    fn = _CALLS.get(opened.text)
    return s.Call(fn, (node,), span=node.span) if fn else node


def _by_index(c: Cursor, opened: Token) -> s.Node:
    r"""Cases by index, ``A`` where i = k and ``B`` else, with Kronecker's delta."""
    rows = _rows(c, opened)
    span = c.since(opened.start)
    if len(rows) != 2 or any(len(row) != 2 for row in rows):
        c.fail("Of cases, those are read in which one holds where two indices are equal and the other else.", span)
    (one, same), (other, differ) = ((read_group(c, row[0], "case"), _condition(c, row[1])) for row in rows)
    if same.relation == "neq" or differ.relation == "=":
        one, same, other, differ = other, differ, one, same
    letters = {name.id for name in same.indices}
    alike = differ.relation == "else" or {name.id for name in differ.indices} == letters
    if same.relation != "=" or differ.relation == "=" or not alike or len(letters) != 2:
        c.fail("One of these cases has to hold where two indices are equal, the other where they differ.", span)
    equal = s.Delta(*same.indices, span=same.span)
    unequal = s.Delta(*(differ.indices or same.indices), span=differ.span)
    rest = s.Mul((s.Add((s.num(1), s.Neg(unequal))), other))
    return s.Add((s.Mul((equal, one)), rest), span=span)


@dataclass(frozen=True)
class _Case:
    """When a case holds: a relation between two indices, or ``else``."""

    relation: str
    indices: tuple[s.Name, ...]
    span: s.Span | None


def _condition(c: Cursor, tokens: Tokens) -> _Case:
    span = (tokens[0].start, tokens[-1].end) if tokens else None
    said = [one for one in tokens if one.kind not in ("{", "}") and one.text.strip(" ,.") not in _IF]
    if all(one.text.strip(" ,.") in _ELSE for one in said):
        return _Case("else", (), span)
    relation = {"=": "=", "neq": "neq", "ne": "neq", "!=": "neq"}.get(said[1].text, "") if len(said) == 3 else ""
    if not relation or any(len(one.text) != 1 or not one.text.isalpha() for one in said[::2]):
        c.fail("A case says for which indices it holds, as in i = j.", span)
    return _Case(relation, tuple(s.Name(one.text, span=one.span) for one in said[::2]), span)


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
    if (diagonal := _diagonal(rows)) is not None:
        column = elide_matrix([[_cell(c, one, span)] for one in diagonal], span, c.context.lookup)
        return s.Call("diag", (column,), span=span)
    grid = [_cells(c, row, span) for row in rows]
    if any(isinstance(cell, s.Dots) for row in grid for cell in row):
        return elide_matrix(grid, span, c.context.lookup)
    if len({len(row) for row in grid}) > 1:
        c.fail("The rows of this matrix have different numbers of cells.", span)
    return s.Block(tuple(map(tuple, grid)), span=span)


def _diagonal(rows: list[list[Tokens]]) -> list[Tokens] | None:
    """The cells of a diagonal with dots in it, where nothing stands beside it but zeros, dots and empty cells."""
    if len(rows) < 3 or any(len(row) != len(rows) for row in rows):
        return None
    beside = [cell for r, row in enumerate(rows) for k, cell in enumerate(row) if r != k]
    diagonal = [row[k] for k, row in enumerate(rows)]
    zeros = [not cell or [one.text for one in cell] == ["0"] for cell in beside]
    if not any(map(_is_dots, diagonal)) or not any(zeros):
        return None
    return diagonal if all(zero or _is_dots(cell) for zero, cell in zip(zeros, beside)) else None


def _cells(c: Cursor, row: list[Tokens], span: s.Span) -> list[s.Node]:
    """The cells of a row; between dots an empty one holds dots, too."""
    if any(row) and all(_is_dots(tokens) for tokens in row if tokens):
        return [s.Dots(span=tokens[0].span if tokens else span) for tokens in row]
    return [_cell(c, tokens, span) for tokens in row]


def _is_dots(tokens: Tokens) -> bool:
    return len(tokens) == 1 and tokens[0].kind == "cmd" and tokens[0].text == "dots"


def _cell(c: Cursor, tokens: Tokens, span: s.Span) -> s.Node:
    if _is_dots(tokens):
        return s.Dots(span=tokens[0].span)
    if not tokens:
        c.fail("A cell of this matrix is empty.", span)
    return read_group(c, tokens, "cell")
