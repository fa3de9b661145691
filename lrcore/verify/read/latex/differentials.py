"""Differentials: ``dX``, ``d(XY)``, ``\\mathrm{d} L``."""

from __future__ import annotations

from lrcore.verify.read.latex.cursor import Cursor
from lrcore.verify.read.latex.groups import turn
from lrcore.verify.read.latex.lookahead import is_transpose_ahead, starts_factor, starts_name
from lrcore.verify.read.latex.scripts import subscript, superscript
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s


def past_d(c: Cursor) -> Token:
    """The d itself, with the group in which it may stand upright."""
    token = c.next()
    if token.kind == "cmd" and token.text != "partial":
        c.group()
    return token


def read_differential(c: Cursor, token: Token) -> s.Node:
    """d binds to the next name or bracket; powers belong to it, a transpose does not."""
    start = c.here()[0]
    if not (starts_factor(c) or starts_name(c)):
        c.fail("After this d a symbol is missing.", token.span)
    arg = _argument(c)
    while c.peek().kind in ("^", "_") and not is_transpose_ahead(c):
        apply = superscript if c.next().kind == "^" else subscript
        arg = apply(c, arg, c.group(), start)
    return s.Diff(arg, span=c.since(token.start))


def _argument(c: Cursor) -> s.Node:
    """A name without its transposes, so that ``dE^T`` is (dE)^T."""
    if not starts_name(c):
        return c.grammar.primary(c)
    stop = c.at
    node = c.grammar.primary(c)
    turned = 0
    while isinstance(node, (s.T, s.Prime)) and turned < 4:
        node, turned = node.arg, turned + 1
    if turned:
        c.at = _first_transpose(c, stop)
    return node


def _first_transpose(c: Cursor, start: int) -> int:
    """Where the first transposing script after ``start`` stands."""
    end, depth = c.at, 0
    for place in range(start, end):
        c.at = place
        depth += turn(c.peek())
        if depth == 0 and (c.peek().kind == "'" or is_transpose_ahead(c)):
            return place
    return end
