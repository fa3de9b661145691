r"""Subscripts: sizes, as in ``I_{N \times D}``, and indices, as in ``x_{ij}``."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import GREEK_LETTERS, is_letter, split_at_commas, unwrapped
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.core import D1
from lrcore.verify.terms.names import swap_case

_INDEX_COMMANDS = GREEK_LETTERS | {"cdot"}


def read_sizes(c: Cursor, tokens: Tokens) -> tuple[s.Node, ...]:
    """The sizes written under a constant matrix: N, or N \\times D."""
    parts: list[Tokens] = [[]]
    for token in tokens:
        if _is_times(token) or token.kind == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(read_group(c, part, "size") for part in parts)


def read_shape(c: Cursor, tokens: Tokens) -> tuple[s.Node, ...]:
    r"""``M \times N`` under a brace or a name asserts a shape; anything else gives nothing."""
    if sum(map(_is_times, tokens)) != 1 or any(one.kind == "text" for one in tokens):
        return ()
    return read_sizes(c, [one for one in tokens if one.kind not in ("(", ")")])


def _is_times(token: Token) -> bool:
    return token.kind == "cmd" and token.text == "times"


def read_indices(c: Cursor, tokens: Tokens, key: str = "") -> tuple[s.Node, ...]:
    """``ij``, ``i,j``, ``i1``, ``11`` as indices of the array ``key``."""
    parts = [one for one in tokens if one.kind not in ("{", "}")]
    if not parts:
        c.fail("An index is missing here.")
    if parts[0].kind in ("(", "[") or (parts[0].kind, parts[0].text) == ("cmd", "{"):
        c.fail("An index in brackets is part of a name, and the name is not declared with it.", parts[0].span)
    if any(one.kind == "," for one in parts):
        return tuple(read_index(c, part) for part in split_at_commas(tokens))
    if not all(one.kind in ("letter", "num") or (one.kind == "cmd" and one.text in _INDEX_COMMANDS) for one in parts):
        return (read_index(c, tokens),)
    if len(parts) == 1 and parts[0].text.isdigit() and is_matrix(c, key):
        return tuple(s.Num(Fraction(digit), span=parts[0].span) for digit in parts[0].text)
    return tuple(read_index(c, [one]) for one in parts)


def is_matrix(c: Cursor, key: str) -> bool:
    for one in (key, swap_case(key)):
        symbol = c.context.lookup(one)
        if symbol is not None and symbol.shape is not None and D1 not in symbol.shape:
            return True
    return False


def read_index(c: Cursor, tokens: Tokens) -> s.Node:
    tokens = unwrapped(tokens)
    if not tokens:
        c.fail("An index is missing here.")
    if len(tokens) > 1:
        return read_group(c, tokens, "index")
    token = tokens[0]
    if is_letter(token):
        return s.Name(token.text, span=token.span)
    if token.kind in (":", "*") or (token.kind == "cmd" and token.text == "cdot"):
        return s.Slice(span=token.span)
    if token.kind == "num" and not token.text.isdigit():
        c.fail("An index is a whole number or a letter.", token.span)
    return read_group(c, tokens, "index")
