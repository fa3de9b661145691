"""Brackets and bars around an expression."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.ellipsis import elide_matrix
from lrcore.verify.read.latex.cursor import END, Cursor
from lrcore.verify.read.latex.groups import shown_token, turn
from lrcore.verify.read.latex.lookahead import closes_bars, is_double_bar, is_transpose_ahead
from lrcore.verify.read.latex.precedence import read_sum
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s

_CLOSE = {"(": ")", "[": "]"}


def read_bracket(c: Cursor) -> s.Node:
    """A sum in brackets; in square ones also the blocks of a row."""
    opened = c.next()
    saved, c.bars = c.bars, []
    cells = [read_sum(c)]
    listed = opened.kind == "[" or (c.peek().kind == "," and _holds_dots(c))
    while listed and (c.is_command("mid", "vert") or c.peek().kind in ("|", "&", ",", ";")):
        c.next()
        cells.append(s.Dots(span=c.next().span) if c.is_command("dots") else read_sum(c))
    c.bars = saved
    close(c, opened, _CLOSE[opened.kind])
    if any(isinstance(one, s.Dots) for one in cells):
        turned = opened.kind == "(" and not is_transpose_ahead(
            c
        )  # (a_1, ..., a_n) is a column, and with ^T it is a row
        return elide_matrix([[one] for one in cells] if turned else [cells], c.since(opened.start), c.context.lookup)
    if len(cells) > 1:
        return s.Block((tuple(cells),), span=c.since(opened.start))
    return replace(cells[0], span=c.since(opened.start))


def _holds_dots(c: Cursor) -> bool:
    """Whether dots stand between the commas up to the end of the brackets."""
    depth, ahead = 0, 0
    while depth >= 0 and c.peek(ahead) is not END:
        if not depth and c.peek(ahead).kind == "," and c.is_command("dots", ahead=ahead + 1):
            return True
        depth += turn(c.peek(ahead))
        ahead += 1
    return False


def close(c: Cursor, opened: Token, kind: str) -> None:
    """The closing bracket; half-open pairs such as ``[0, 1)`` are not read."""
    if c.peek() is END:
        c.fail("This bracket is never closed.", opened.span)
    if c.peek().kind != kind:
        c.fail(f"`{kind}` was expected here, and not `{shown_token(c.peek())}`.")
    c.next()


def read_bars(c: Cursor) -> s.Node:
    r"""``|A|`` and ``\|x\|``."""
    opened, double = c.peek(), is_double_bar(c)
    _past_bar(c, double)
    c.bars.append("||" if double else "|")
    node = read_sum(c)
    if not closes_bars(c):
        c.fail("These bars are never closed.", opened.span)
    c.bars.pop()
    _past_bar(c, double)
    return s.Call("norm" if double else "bars", (node,), span=c.since(opened.start))


def _past_bar(c: Cursor, double: bool) -> None:
    c.at += 2 if double and c.peek().kind == "|" else 1


def read_written_brace(c: Cursor, opened: Token) -> s.Node:
    r"""``\{ ... \}``, which around one symbol that is a whole side would be a set."""
    node = read_sum(c)
    if not c.is_command("}"):
        c.fail("This brace is never closed.", opened.span)
    c.next()
    if isinstance(node, (s.Name, s.Num, s.Entry)) and c.tokens[0] is opened and c.peek() is END:
        c.fail("Do these braces stand for a set? Write round brackets where they are brackets.", opened.span)
    return replace(node, span=c.since(opened.start))
