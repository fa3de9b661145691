r"""LaTeX as a list of tokens, with its macros expanded and its dress taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lrcore.verify.read.macros import Macro, Macros, by_name, in_force, together, without_definitions
from lrcore.verify.read.tokens import (
    BODY,
    BODY_OF_TWO,
    LENGTH_LIMIT,
    STRUCK,
    TAKES_ONE,
    TOKEN_LIMIT,
    Token,
    argument,
    scan,
    undress,
    without_physics,
)
from lrcore.verify.terms.errors import Unreadable

_Own = Mapping[str, tuple[Macro, ...]]  # the macros of a text by their names
_ARGUMENTS = dict.fromkeys(TAKES_ONE | {"sqrt", *BODY, *STRUCK}, 1) | dict.fromkeys(
    ("frac", "tfrac", "dfrac", "cfrac", "overset", "underset", "stackrel", *BODY_OF_TWO), 2
)
_NO_ARGUMENT = frozenset(("=", "&", "}", "^", "_", "\\", ")", "]", ",", "end"))


def tokenize(text: str, macros: Macros | None = None, start: int | None = None) -> list[Token]:
    """The tokens of a text that begins at ``start`` of a whole, where a macro holds from the place of its definition
    on.
    """
    if len(text) > LENGTH_LIMIT:
        raise Unreadable(f"The text has {len(text)} characters; up to {LENGTH_LIMIT} are read at once.")
    text, own = without_definitions(text)
    table = by_name(together(macros or {}, own))
    tokens = scan(text)
    if table:
        tokens = _expand(tokens, table, start)
    return undress(without_physics(tokens, set(table)))


def _expand(tokens: list[Token], macros: _Own, start: int | None, depth: int = 0) -> list[Token]:
    """The tokens with macros written out; the text begins at ``start``, from which the places of definitions count."""
    if depth > 12 or len(tokens) > TOKEN_LIMIT:
        raise Unreadable("The macros of this text expand without end.")
    out: list[Token] = []
    tokens, at, changed = list(tokens), 0, False
    while at < len(tokens):
        token = tokens[at]
        if (macro := _meant(tokens, at, macros, start)) is not None:
            body, at = _call(tokens, at, macro)
            _must_not_join(out, body, tokens[at : at + 1])
            out += body
            changed = True
        else:
            _in_braces(tokens, at, macros)
            out.append(token)
            at += 1
    return _expand(out, macros, start, depth + 1) if changed else out


def _meant(tokens: list[Token], at: int, macros: _Own, start: int | None) -> Macro | None:
    """The macro at a place; the star of one that knows none stands behind it."""
    token = tokens[at]
    if token.kind != "cmd":
        return None
    place = None if start is None else token.start + start
    macro = in_force(macros, token.text, place)
    if macro is None and token.text[:-1] and token.text[-1] == "*":
        macro = in_force(macros, token.text[:-1], place)
        if macro is not None and not macro.starred:
            tokens.insert(at + 1, Token("*", "*", token.end - 1, token.end))
    return macro


def _in_braces(tokens: list[Token], at: int, macros: _Own) -> None:
    r"""A macro that is an argument is one as a whole: ``\frac1\c`` is ``\frac{1}{\c}``."""
    token = tokens[at]
    count = _ARGUMENTS.get(token.text, 0) if token.kind == "cmd" else 0
    at += 1
    if count and at < len(tokens) and tokens[at].kind == "[":
        at = next((k for k in range(at, len(tokens)) if tokens[k].kind == "]"), at) + 1
    for _ in range(count):
        if at < len(tokens) and tokens[at].kind == "cmd" and tokens[at].text in macros:
            one = tokens[at]
            tokens[at : at + 1] = [replace(one, kind="{", text="{"), one, replace(one, kind="}", text="}")]
        if at < len(tokens):
            at = argument(tokens, at)[1]


def _must_not_join(before: Sequence[Token], body: Sequence[Token], after: Sequence[Token]) -> None:
    """``2\\c`` with a 3 for the macro is typeset as 23."""
    numbers = [bool(one) and one[0].kind == "num" for one in (before[-1:], body[:1], body[-1:], after)]
    if (numbers[0] and numbers[1]) or (numbers[2] and numbers[3]):
        raise Unreadable("Two numbers stand side by side; write a dot between them.", (body[0].start, body[-1].end))


def _call(tokens: list[Token], at: int, macro: Macro) -> tuple[list[Token], int]:
    """A macro's body; its tokens stand where the macro does, and behind an argument where that one ends."""
    here, at = tokens[at].span, at + 1
    if macro.problem:
        raise Unreadable(macro.problem, here)
    arguments: dict[str, list[Token]] = {}
    ends = dict.fromkeys(macro.names or (), here)
    first = 1
    if macro.names is not None:
        arguments, at = _bracket_arguments(tokens, at, list(macro.names))
        ends = dict.fromkeys(arguments, tokens[at - 1].span)
    elif macro.default is not None:
        arguments["#1"], at = _option(tokens, at, macro.default, here)
        ends["#1"] = tokens[at - 1].span
        first = 2
    for number in range(first, macro.count + 1):
        if at >= len(tokens) or tokens[at].kind in _NO_ARGUMENT or tokens[at].text in _NO_ARGUMENT:
            raise Unreadable("An argument of this macro is missing.", here)
        arguments[f"#{number}"], at = argument(tokens, at)
        ends[f"#{number}"] = tokens[at - 1].span
    return _filled(scan(macro.body), arguments, ends, here), at


def _option(tokens: list[Token], at: int, default: str, here: tuple[int, int]) -> tuple[list[Token], int]:
    """An argument in square brackets, or what stands for it."""
    if at >= len(tokens) or tokens[at].kind != "[":
        return [replace(one, start=here[0], end=here[1]) for one in scan(default)], at
    depth = 0
    for place in range(at, len(tokens)):
        depth += (tokens[place].kind in "[{") - (tokens[place].kind in "]}")
        if depth == 0:
            return tokens[at + 1 : place], place + 1
    raise Unreadable("This bracket is never closed.", tokens[at].span)


def _filled(
    body: list[Token], arguments: dict[str, list[Token]], ends: dict[str, tuple[int, int]], here: tuple[int, int]
) -> list[Token]:
    out, place = [], 0
    while place < len(body):
        token = body[place]
        key = token.text
        if token.kind == "#" and place + 1 < len(body):
            key = "#" + body[place + 1].text[:1]
            body[place + 1] = replace(body[place + 1], text=body[place + 1].text[1:])
            place += not body[place + 1].text
        if key in arguments:
            out += arguments[key]
            here = max(here, ends[key])
        elif token.kind != "#":
            out.append(replace(token, start=here[0], end=here[1]))
        place += 1
    return out


def _bracket_arguments(tokens: list[Token], at: int, names: list[str]) -> tuple[dict[str, list[Token]], int]:
    if at >= len(tokens) or tokens[at].kind != "[":
        return {}, at
    parts: list[list[Token]] = [[]]
    at += 1
    while at < len(tokens) and tokens[at].kind != "]":
        if tokens[at].kind == ",":
            parts.append([])
        else:
            parts[-1].append(tokens[at])
        at += 1
    if len(parts) > len(names):
        raise Unreadable("This macro does not take as many arguments.", tokens[at - 1].span)
    return dict(zip(names, parts)), at + 1
