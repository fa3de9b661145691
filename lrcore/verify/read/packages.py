r"""Macros of the package physics as plain LaTeX, for a text that uses them and does not define them: ``\dv``, ``\pdv``,
``\qty``, ``\norm``, ``\abs`` and ``\grad``. A text's own macro of the same name comes first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from lrcore.verify.read.tokens import Token, argument, closing
from lrcore.verify.terms.errors import Unreadable

_BARS = {"norm": ("|", "|"), "abs": ("vert", "vert")}
_DERIVATIVES = {"dv": ("letter", "d"), "pdv": ("cmd", "partial")}
NAMES = {*_BARS, *_DERIVATIVES, "qty", "grad"}


def plain(tokens: Sequence[Token], own: Collection[str]) -> list[Token]:
    """The tokens with the package's macros written out, but for names that the text defines of its ``own``."""
    tokens, at = list(tokens), 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "cmd" and token.text.rstrip("*") in NAMES - set(own):
            at = _written_out(tokens, at, token.text.rstrip("*"))
        else:
            at += 1
    return tokens


def _written_out(tokens: list[Token], at: int, name: str) -> int:
    """Put plain LaTeX in the macro's place; where to read on (inside it, for there may be more)."""
    here, behind = tokens[at], tokens[at + 1 : at + 2]
    in_braces = bool(behind) and behind[0].kind == "{"
    if name == "grad":
        tokens[at] = replace(here, text="nabla")
    elif name == "qty":
        if in_braces:
            end = closing(tokens, at + 1)
            tokens[end] = replace(tokens[end], kind=")", text=")")
            tokens[at + 1] = replace(tokens[at + 1], kind="(", text="(")
        del tokens[at]
        return at
    elif name in _BARS and in_braces:
        end = closing(tokens, at + 1)
        left, right = (Token("cmd", one, here.start, here.end) for one in _BARS[name])
        tokens[at : end + 1] = [tokens[at + 1], left, *tokens[at + 2 : end], right, tokens[end]]
    elif name in _DERIVATIVES:
        _derivative(tokens, at, Token(*_DERIVATIVES[name], here.start, here.end))
    return at + 1


def _derivative(tokens: list[Token], at: int, d: Token) -> None:
    r"""``\dv{x}``, ``\dv{f}{x}``, ``\dv[2]{f}{x}`` and ``\pdv{f}{x}{y}`` as fractions."""
    here, end, order = tokens[at], at + 1, list[Token]()
    if end < len(tokens) and tokens[end].kind == "[":
        close = next((k for k in range(end, len(tokens)) if tokens[k].kind == "]"), end)
        order, end = tokens[end + 1 : close], close + 1
    parts: list[list[Token]] = []
    while end < len(tokens) and tokens[end].kind == "{" and len(parts) < (2 if d.text == "d" else 3):
        part, end = argument(tokens, end)
        parts.append(part)
    if not parts or (order and len(parts) > 2):
        raise Unreadable("Of this derivative the function or the variable is missing, as in \\dv{f}{x}.", here.span)
    above, below = ([], parts) if len(parts) == 1 else (parts[0], parts[1:])
    opened, closed, left, right = (replace(here, kind=one, text=one) for one in "{}()")
    raised = [replace(here, kind="^", text="^"), opened, *order, closed] if order else []
    if len(below) == 2:
        raised_above = [replace(here, kind="^", text="^"), opened, replace(here, kind="num", text="2"), closed]
    else:
        raised_above = raised
    function = above if len(above) < 2 else [left, *above, right]
    under = [one for part in below for one in (d, *part, *raised)]
    tokens[at:end] = [
        replace(here, text="frac"), opened, d, *raised_above, *function, closed, opened, *under, closed,
    ]  # fmt: skip
