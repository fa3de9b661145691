"""Names before a bracket that nothing declares: a function at its argument to one author, a factor to another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lrcore.verify.read.latex.cursor import Cursor
from lrcore.verify.read.latex.groups import GREEK_LETTERS
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import split_key

_FUNCTIONS = {"phi", "varphi", "psi", "Phi", "Psi", "ell", "zeta", "chi", "Gamma"}
_FONTS = {"mathbb", "mathcal", "cal", "mathscr", "mathfrak"}
_WORD = re.compile(r"[A-Z][a-z]{2,}")


def call_before(c: Cursor, before: s.Node, inside: s.Node, begun: int, opened: int) -> Iterator[s.Called]:
    """What stands before the bracket at ``opened``, as a factor whose tokens begin at ``begun``."""
    opening = c.tokens[opened]
    bars = opening.kind == "|" or (opening.kind, opening.text) in (("cmd", "|"), ("cmd", "vert"))
    if not bars and opening.kind not in ("(", "[") and (opening.kind, opening.text) != ("cmd", "{"):
        return
    name, alone = before, True
    while isinstance(name, s.Pow | s.Inv | s.Prime | s.Entry):
        alone = alone and isinstance(name, s.Entry)
        name = name.arg if isinstance(name, s.Inv | s.Prime) else name.base
    if isinstance(name, s.Name):
        argument = (
            alone and not bars and isinstance(_in_bracket(inside, opening.start), s.Name | s.Num | s.Entry | s.Block)
        )
        place = (c.tokens[begun].start, opening.end)
        in_font = {one.text for one in c.tokens[begun:opened] if one.kind == "cmd"} & _FONTS
        worded = bool(in_font) or _is_worded(c, name.id, opened)
        if worded or not bars:
            yield s.Called(name.id, place, argument, worded, "mathbb" in in_font)


def _in_bracket(node: s.Node, start: int) -> s.Node:
    """What a bracket holds, without a power or a transpose behind it."""
    while isinstance(node, s.Pow | s.Inv | s.T | s.Prime):
        inner = node.base if isinstance(node, s.Pow) else node.arg
        if inner.span is None or inner.span[0] != start:
            break
        node = inner
    return node


def _is_worded(c: Cursor, key: str, opened: int) -> bool:
    """Whether a name is written as functions are: as a word, or by a letter that is used so."""
    base = split_key(key)[0]
    if base in _FUNCTIONS or (len(base) > 1 and base.isalpha() and base not in GREEK_LETTERS):
        return True
    first = opened
    while first and c.tokens[first - 1].kind == "letter" and c.tokens[first - 1].end == c.tokens[first].start:
        first -= 1
    return _WORD.fullmatch("".join(one.text for one in c.tokens[first:opened])) is not None
