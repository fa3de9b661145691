r"""The tokens of LaTeX, and their dress (fonts, spacing, colours, sizes of brackets), which is taken off."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from lrcore.verify.read.delimiters import is_claim
from lrcore.verify.read.layout import may_be_mathematics
from lrcore.verify.terms.errors import Offer, Unreadable
from lrcore.verify.terms.words import (
    ACCENTS,
    CHARACTERS,
    FONTS,
    IGNORED,
    LOWERED,
    RAISED,
    RELATIONS,
    SAME,
    SIZES,
    UNICODE,
    WITH_ARGUMENT,
)

LENGTH_LIMIT, TOKEN_LIMIT, DEPTH_LIMIT = 20_000, 20_000, 60


@dataclass(frozen=True)
class Token:
    """``kind``: cmd, letter, num, text, begin, end, or the character itself for braces, scripts, signs and brackets."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


_PATTERN = re.compile(
    r"(?P<comment>(?<!\\)%[^\n\v]*)|(?P<line>\v)|(?P<space>[^\S\v]+)"
    r"|\\(?P<env>begin|end)\s*\{(?P<name>[A-Za-z]+\*?)\}"
    r"|\\(?P<row>\\|cr(?![A-Za-z]))\*?(?:\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|bp|pc|sp)\s*\])?"
    r"|\\(?P<cmd>[A-Za-z]+\*?|\\|[^A-Za-z\s])|(?P<ctrlspace>\\\s)"
    r"|(?P<scientific>[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+(?![0-9A-Za-z^_]))|(?P<num>[0-9]+(?:\{,\}[0-9]{3})+|[0-9]+(?:\.[0-9]+)?|\.[0-9]+(?![0-9]))|(?P<dots>\.\.\.+|…|⋯|⋮|⋱)|(?P<def>:=|::=|≔)|(?P<rel><=|>=|==|!=)"
    r"|(?P<star>(?<=[^\W\d_])\*(?=\s*(?:[=≈,;&)]|\.?\s*$|\\\\)|\s+[-−+]\s))"
    rf"|(?P<sup>[{''.join(RAISED)}]+)|(?P<sub>[{''.join(LOWERED)}]+)"
    r"|(?P<letter>[^\W\d_][\u0302-\u0304\u0307]*)|(?P<char>.)",
    re.S,
)
BODY_OF_TWO = {"textcolor", "colorbox", "href", "enclose"}
BODY = {"boxed", "fbox", "tcbhighmath", "eqalign", "displaylines"}
_CHANGED = ("strike", "longdiv", "radical", "actuarial", "phasor", "arrow")  # of \\enclose
_BARE_LENGTH = {"kern", "mkern", "hskip"}
STRUCK = {"cancel", "bcancel", "xcancel", "not", "sout", "st"}
_TEXT = {"text", "textrm", "textnormal", "mbox", "hbox", "textit", "textbf", "textsf"}
_ROWS_OF_TEXT = {"intertext", "shortintertext"}
_FORMULA = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$|\\\((.+?)\\\)", re.S)
TAKES_ONE = set(ACCENTS) | set(FONTS) - {"bf", "rm", "cal", "it", "sf"}


def scan(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while (match := _PATTERN.match(text, at)) is not None:
        kind, start, end = match.lastgroup, *match.span()
        at = end
        if kind in ("comment", "space", "ctrlspace"):
            continue
        if kind == "name":
            tokens.append(Token(match["env"], match["name"], start, end))
        elif kind in ("row", "line"):
            tokens.append(Token("cmd", "\\", start, end))
        elif kind == "cmd" and (words := _words(text, match)):
            tokens += words
            at = words[-1].end
        elif kind == "cmd":
            tokens.append(Token("cmd", match["cmd"], start, end))
        elif kind == "dots":
            tokens.append(Token("cmd", "dots", start, end))
        elif kind == "def":
            tokens.append(Token("cmd", "coloneqq", start, end))
        elif kind in ("sup", "sub"):
            tokens += _small(kind, match[0], start, end)
        elif kind == "star":  # w* = ...
            tokens += [Token("^", "^", start, start), Token("*", "*", start, end)]
        elif kind == "scientific":
            raise _power_of_ten(match[0], start, end)
        elif kind in ("num", "letter", "rel"):
            tokens += _letters(kind, match[0], start, end)
        else:
            tokens += _character(match[0], start, end)
    _must_be_flat(tokens)
    return tokens


def _must_be_flat(tokens: Sequence[Token]) -> None:
    """Braces stand in one another a few times in what people write; looking for the end of each takes long."""
    depth = 0
    for one in tokens:
        depth += (one.kind == "{") - (one.kind == "}")
        if depth > 2 * DEPTH_LIMIT:
            raise Unreadable("The expression is nested too deeply to be read.", one.span)


def _power_of_ten(text: str, start: int, end: int) -> Unreadable:
    """What is asked of ``1e-3``, which a calculator writes, and which is 1 e - 3 in a formula."""
    number, exponent = re.split("[eE]", text)
    power = f"10^{{{int(exponent)}}}"
    meant = power if number == "1" else rf"{number} \cdot {power}"
    letter = f"{number} e {exponent[0]} {exponent[1:]}" if exponent[0] in "+-" else f"{number} e \\cdot {exponent}"
    offers = (Offer(meant, start, end, meant), Offer(letter, start, end, letter))
    return Unreadable(f"Is {text} a number in scientific notation, or is the e in it a letter?", (start, end), offers)


def _words(text: str, match: re.Match[str]) -> list[Token]:
    r"""What ``\text{...}`` holds: words, and the formulas between dollars that are more than a mention. Those of
    ``\intertext`` are a row.
    """
    opened = re.compile(r"\s*\{").match(text, match.end())
    if match["cmd"] not in _TEXT | _ROWS_OF_TEXT or not opened:
        return []
    depth, at = 1, opened.end()
    while at < len(text) and depth:
        depth += (text[at] == "{") - (text[at] == "}")
        at += 1
    start, first, last = match.start(), opened.end(), at - 1
    found: list[Token] = []
    for one in _FORMULA.finditer(text, first, last):
        inside = one.span(1 if one[1] else 2)
        if is_claim(text[slice(*inside)], text[first : one.start()]):
            found += [Token("text", text[first : one.start()], start, one.start())]
            found += [replace(t, start=t.start + inside[0], end=t.end + inside[0]) for t in scan(text[slice(*inside)])]
            start = first = one.end()
    found.append(Token("text", text[first:last], start, at))
    if match["cmd"] in _ROWS_OF_TEXT:
        found = [Token("cmd", "\\", match.start(), match.start()), *found, Token("cmd", "\\", at, at)]
    return found


def _letters(kind: str, text: str, start: int, end: int) -> list[Token]:
    if kind == "rel":
        return (
            [Token("cmd", {"<=": "le", ">=": "ge", "==": "=", "!=": "neq"}[text], start, end)]
            if text != "=="
            else [Token("=", "=", start, end)]
        )
    if kind == "num":
        return [Token("num", text.replace("{,}", ""), start, end)]
    base, *marks = list(unicodedata.normalize("NFD", text))
    accents = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot"}
    if marks and all(mark in accents for mark in marks):
        return [*(Token("cmd", accents[mark], start, end) for mark in marks), *_letters("letter", base, start, end)]
    if text in CHARACTERS:
        return _character(text, start, end)
    if text in UNICODE:
        return [Token("cmd", UNICODE[text], start, end)]
    return [Token("letter", text, start, end)]


def _small(kind: str, text: str, start: int, end: int) -> list[Token]:
    """Small raised or lowered characters as a script: ``x₁²`` is ``x_{1}^{2}``."""
    sign, letters = ("^", RAISED) if kind == "sup" else ("_", LOWERED)
    inner = scan("".join(letters[one] for one in text))
    opened, closed = (Token(one, one, start, end) for one in "{}")
    return [Token(sign, sign, start, end), opened, *(replace(one, start=start, end=end) for one in inner), closed]


def _character(char: str, start: int, end: int) -> list[Token]:
    known = CHARACTERS.get(char)
    if known is None:
        return [Token(char, char, start, end)]
    return (
        [replace(token, start=start, end=end) for token in scan(known)]
        if known != char
        else [Token(char, char, start, end)]
    )


def argument(tokens: list[Token], at: int, depth: int = 0) -> tuple[list[Token], int]:
    """One argument: a group without its braces, or one token (a number gives its first digit)."""
    if at >= len(tokens):
        return [], at
    first = tokens[at]
    if first.kind == "{":
        end = closing(tokens, at)
        return tokens[at + 1 : end], end + 1
    if first.kind == "num" and first.text[0] == ".":
        raise Unreadable("How far does this argument reach? Put all of it in braces.", first.span)
    if first.kind == "num" and len(first.text) > 1:
        digit = replace(first, text=first.text[0], end=first.start + 1)
        tokens[at : at + 1] = [digit, replace(first, text=first.text[1:], start=first.start + 1)]
        return [digit], at + 1
    if first.kind == "cmd" and first.text in TAKES_ONE:
        if depth > DEPTH_LIMIT:
            raise Unreadable("The accents of this name are nested too deeply to be read.", first.span)
        inner, after = argument(tokens, at + 1, depth + 1)
        last = replace(inner[-1] if inner else first, kind="}", text="}")
        return [first, replace(first, kind="{", text="{"), *inner, last], after
    return [first], at + 1


def closing(tokens: list[Token], at: int) -> int:
    """The place of the brace that closes the one at ``at``."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += (tokens[place].kind == "{") - (tokens[place].kind == "}")
        if depth == 0:
            return place
    raise Unreadable("This brace is never closed.", tokens[at].span)


# ---------------------------------------------------------------------- the package physics


_BARS = {"norm": ("|", "|"), "abs": ("vert", "vert")}
_DERIVATIVES = {"dv": ("letter", "d"), "pdv": ("cmd", "partial")}
_PHYSICS = {*_BARS, *_DERIVATIVES, "qty", "grad"}


def without_physics(tokens: Sequence[Token], own: Collection[str]) -> list[Token]:
    """The tokens with the package's macros written out, but for names that the text defines of its ``own``."""
    tokens, at = list(tokens), 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "cmd" and token.text.rstrip("*") in _PHYSICS - set(own):
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


# ---------------------------------------------------------------------- dress


def undress(tokens: Iterable[Token]) -> list[Token]:
    """Without what only looks: brackets' sizes, colours, labels, boxes, spaces."""
    out, at = [], 0
    tokens = list(tokens)
    struck = _struck(tokens)
    while at < len(tokens):
        token = tokens[at]
        if token.kind != "cmd":
            out += [] if token.kind == "~" else [token]
            at += 1
        elif token.text in IGNORED:
            at += 1
            if token.text in ("left", "right", "middle") and at < len(tokens) and tokens[at].kind == ".":
                at += 1
            elif token.text in SIZES and at < len(tokens):  # the bracket begins where its size does
                tokens[at] = replace(tokens[at], start=token.start)
        elif token.text in WITH_ARGUMENT:
            at = _set_aside(tokens, at)
        elif token.text in BODY_OF_TWO or token.text in BODY:
            if token.text in BODY_OF_TWO:
                look, at = argument(tokens, at + 1)
                _must_be_layout(token, look)
                if token.text == "enclose" and any(word in "".join(one.text for one in look) for word in _CHANGED):
                    _must_cancel(token, look, struck)
                at -= 1
            body, at = argument(tokens, at + 1)
            tokens[at:at] = body
        elif token.text in STRUCK:
            body, at = argument(tokens, at + 1)
            _must_cancel(token, body, struck)
            tokens[at:at] = body
        else:
            out.append(_renamed(token))
            at += 1
    _must_be_in_braces(out)
    return _numbered(tokens, _signed_scripts(out))


def _set_aside(tokens: list[Token], at: int) -> int:
    """Past a command whose argument says nothing, which is looked at."""
    token = tokens[at]
    if token.text in _BARE_LENGTH and at + 1 < len(tokens) and tokens[at + 1].kind != "{":
        signs = at + 1 + (tokens[at + 1].kind == "-")
        body = tokens[at + 1 : signs + 3]
        at = signs + 3
    else:
        body, at = argument(tokens, at + 1)
    _must_be_layout(token, body)
    return at


def _must_be_layout(command: Token, body: Sequence[Token]) -> None:
    if may_be_mathematics(command.text, _as_written(body)):
        said = rf"Does what stands in \{command.text} belong to the line? Write it outside, or leave it out."
        raise Unreadable(said, (command.start, max(one.end for one in (command, *body))))


def _as_written(tokens: Sequence[Token]) -> str:
    """The tokens as a text, with spaces where they are apart."""
    out, end = "", tokens[0].start if tokens else 0
    for one in tokens:
        mark = "\\" if one.kind == "cmd" and one.text[:1].isalpha() else ""
        out += (" " if one.start > end else "") + mark + one.text
        end = one.end
    return out


def _struck(tokens: list[Token]) -> Counter[tuple[str, ...]]:
    """What is struck out in a formula, each with how often."""
    places = [k for k, one in enumerate(tokens) if one.kind == "cmd" and one.text in STRUCK]
    return Counter(tuple(one.text for one in argument(list(tokens), k + 1)[0]) for k in places)


def _must_cancel(sign: Token, body: list[Token], struck: Counter[tuple[str, ...]]) -> None:
    """Terms that cancel are struck out twice at least, and read; one alone may be meant to be gone."""
    if len(body) == 1 and (body[0].kind in "=<>" or body[0].text in RELATIONS):
        raise Unreadable("This relation is struck out; write the one that is meant.", sign.span)
    if not body or sign.text in ("sout", "st") or struck[tuple(one.text for one in body)] < 2:
        said = "Is what is struck out a part of the line? Write it without the command, or leave it out."
        raise Unreadable(said, (sign.start, max(one.end for one in (sign, *body))))


def _must_be_in_braces(tokens: list[Token]) -> None:
    """``s^10`` is typeset as the power 1 and a 0; who writes it means ten, and ``e^st`` and ``s^1/2`` are alike."""
    for k, token in enumerate(tokens[1:-1], 1):
        if token.kind not in ("^", "_"):
            continue
        at = k + 2 if tokens[k + 1].kind == "-" and k + 2 < len(tokens) else k + 1
        first, *behind = tokens[at : at + 3]
        if first.kind == "num" and len(first.text) > 1:
            raise Unreadable("How far does this script reach? Put all of it in braces.", (token.start, first.end))
        if token.kind == "^" and behind and behind[0].start == first.start + len(first.text):
            _must_end(tokens[k - 1], token, first, behind)


def _must_end(base: Token, sign: Token, first: Token, behind: list[Token]) -> None:
    """What stands behind a power without a space may be meant to belong to it."""
    half = (first.text, behind[0].text) == ("1", "/")
    letters = first.kind in ("num", "letter") and behind[0].kind == "letter" and first.text != "T"
    of_e = base.text == "e" and letters and [one.text for one in behind] != ["e", "^"]
    if half or of_e:
        raise Unreadable("How far does this power reach? Put all of it in braces.", (sign.start, behind[0].end))


def _signed_scripts(tokens: Iterable[Token]) -> list[Token]:
    """``A^-1`` as ``A^{-1}``: a sign alone is no script."""
    out: list[Token] = []
    for token in tokens:
        if len(out) > 1 and out[-1].kind == "-" and out[-2].kind == "^" and token.kind in ("num", "letter", "cmd"):
            minus = out.pop()
            out += [replace(minus, kind="{", text="{"), minus, token, replace(token, kind="}", text="}")]
        else:
            out.append(token)
    return out


def _renamed(token: Token) -> Token:
    text = SAME.get(token.text, token.text)
    if text in ("=", "*", "<", ">", "[", "]", ":", "_", "^"):
        return Token(text, text, token.start, token.end)
    return token if text == token.text else replace(token, text=text)


def _numbered(before: list[Token], tokens: list[Token]) -> list[Token]:
    """Without an equation number ``~~~(4)`` at the end."""
    gap = [one.kind == "~" or (one.kind == "cmd" and one.text in ("quad", "qquad")) for one in before[-5:-3]]
    if gap == [True, True] and [one.kind for one in before[-3:]] == ["(", "num", ")"]:
        return tokens[:-3]
    return tokens
