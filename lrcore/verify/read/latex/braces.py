r"""Groups in braces, and expressions with a label: ``\underbrace{X}_{N \times M}``, ``\overset{!}{X}``."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex.calls import read_call
from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import in_braces, is_font
from lrcore.verify.read.latex.indices import read_shape
from lrcore.verify.read.latex.lookahead import starts_factor, starts_name
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.read.latex.scripts import read_scripts
from lrcore.verify.read.latex.words import read_word
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s

_TAKES_ARGUMENT = {"mathbf", "boldsymbol", "mathrm", "text", "vec", "mathcal", "mathbb", "bm", "operatorname"}


def read_braces(c: Cursor) -> s.Node:
    opened = c.peek()
    tokens = c.group()
    if not tokens:
        return c.grammar.primary(c) if starts_factor(c) else c.fail("This group is empty.", opened.span)
    if len(tokens) > 1 and is_font(tokens[0]) and tokens[0].text not in _TAKES_ARGUMENT:
        return _in_font(c, tokens[0], tokens[1:])
    node = replace(read_group(c, tokens, "group"), span=c.since(opened.start))
    return read_call(c, node, opened.start) if isinstance(node, s.Name) else node


def _in_font(c: Cursor, font: Token, rest: Tokens) -> s.Node:
    r"""``{\bf A}``: a group that opens with a font."""
    kind = {"bf": "mathbf", "cal": "mathcal"}.get(font.text, "mathrm")
    braces = in_braces(rest, replace(font, start=font.end))
    braces[-1] = replace(braces[-1], start=rest[-1].end, end=rest[-1].end)
    c.tokens[c.at : c.at] = [replace(font, text=kind), *braces]
    return read_scripts(c, read_word(c), font.start) if starts_name(c) else c.grammar.primary(c)


def read_underbrace(c: Cursor, token: Token) -> s.Node:
    """What stands over the brace; a shape below it is an assertion, and anything else there a remark."""
    inner = read_group(c, c.group(), "group")
    sizes: tuple[s.Node, ...] = ()
    if c.peek().kind == "_":
        c.next()
        sizes = read_shape(c, c.group())
    return _shaped(c, inner, sizes, token)


def read_overbrace(c: Cursor, token: Token) -> s.Node:
    inner = read_group(c, c.group(), "group")
    if c.peek().kind == "^":
        c.next()
        c.group()
    return _shaped(c, inner, (), token)


def read_overset(c: Cursor, token: Token) -> s.Node:
    c.group()
    return _shaped(c, read_group(c, c.group()), (), token)


def read_underset(c: Cursor, token: Token) -> s.Node:
    sizes = read_shape(c, c.group())
    return _shaped(c, read_group(c, c.group()), sizes, token)


def _shaped(c: Cursor, node: s.Node, sizes: tuple[s.Node, ...], token: Token) -> s.Node:
    span = c.since(token.start)
    return s.Shaped(node, sizes, span=span) if sizes else replace(node, span=span)
