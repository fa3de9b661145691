"""The name that stands here, without the scripts after it: a letter or a word, in its font, under its accents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import extent, script_text, unwrapped
from lrcore.verify.read.latex.lookahead import at_end, letter_run, starts_name
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms.errors import Fault, Kind
from lrcore.verify.terms.names import make_key, swap_case
from lrcore.verify.terms.words import ACCENTS, FONTS, GREEK

_PLAIN = ("mathit", "textit", "it", "mathnormal")
_DRESSES = {"b": "mathbf", "c": "mathcal", "d": "mathbb", "f": "mathfrak"}
_JOINING = frozenset(("implies", "if", "iff", "when", "whenever", "then", "because", "since", "unless", "otherwise"))
_ARROWS = {"vec": "vec", "overrightarrow": "vec"}


@dataclass(frozen=True, slots=True)
class Base:
    """A name before its scripts; ``sub`` and ``sup`` stand below its accent or in its font."""

    letters: str
    accents: tuple[str, ...] = ()
    font: str = ""
    dress: str = ""
    sub: Tokens | None = None
    sup: Tokens | None = None

    def key(self) -> str:
        return make_key(self.letters, self.accents, script_text(self.sub), script_text(self.sup))


def read_base(c: Cursor) -> Base:
    token = c.next()
    if token.kind == "text":
        if token.text.strip() in _JOINING:
            c.fail(
                f"Does the word `{token.text.strip()}` belong to the formula? Put it between two formulas.", token.span
            )
        return Base(token.text.strip().replace(" ", ""))
    if token.kind == "letter":
        return Base(_letters(c, token))
    if token.text in ACCENTS:
        base = base_inside(c, c.group(), token)
        return replace(base, accents=(*base.accents, ACCENTS[token.text]))
    if token.text in FONTS:
        base = base_inside(c, c.group(), token, joined=True)
        return replace(base, font=FONTS[token.text] or base.font, dress=_dress(base, token.text))
    return Base(token.text)


def _dress(base: Base, command: str) -> str:
    """The look of a letter by which authors tell names apart; a word is upright anyway."""
    if command in _PLAIN or (len(base.letters) > 1 and base.letters not in GREEK):
        return base.dress
    return _DRESSES.get(FONTS[command], _ARROWS.get(command, "mathrm"))


def fail_unknown(c: Cursor, token: Token) -> NoReturn:
    r"""Refuse a command that nothing here gives a meaning; ``\pm`` has two."""
    if token.text in ("pm", "mp"):
        c.fail(f"`\\{token.text}` says two things at once; write one line for each sign.", token.span)
    hint = f"; give its \\newcommand{{\\{token.text}}}{{...}}" if token.text.isalpha() else ""
    c.fail(f"`\\{token.text}` is not known here{hint}.", token.span, Fault(Kind.UNKNOWN_COMMAND, token.text))


def base_inside(c: Cursor, tokens: Tokens, around: Token, joined: bool = False) -> Base:
    """The name inside an accent or a font; ``joined`` takes several letters as one word."""
    tokens = unwrapped(tokens)
    if not tokens:
        c.fail("A name is missing here.", around.span)
    if len(tokens) == 1 and tokens[0].kind == "num":
        return Base(tokens[0].text)
    if joined and len(tokens) > 1 and all(one.kind in ("letter", "num") for one in tokens):
        return Base("".join(one.text for one in tokens))
    inner = c.within(tokens)
    if not starts_name(inner):
        if tokens[0].kind == "cmd" and tokens[0].text.isalpha():
            fail_unknown(c, tokens[0])
        c.fail("A name is expected here.", extent(tokens))
    base = read_base(inner)
    while inner.peek().kind in ("_", "^"):
        below = inner.next().kind == "_"
        if (base.sub if below else base.sup) is not None:
            c.fail("Two scripts stand at one place of a name.", extent(tokens))
        base = replace(base, sub=inner.group()) if below else replace(base, sup=inner.group())
    if not at_end(inner):
        c.fail("An accent stands over one name only.", extent(tokens))
    return base


def _letters(c: Cursor, token: Token) -> str:
    """One letter, or the longest declared word that begins with it."""
    c.at -= 1
    run = letter_run(c)
    length = _length_of_name(c, run)
    c.at += length
    return run[:length]


def _length_of_name(c: Cursor, run: str) -> int:
    for length in range(len(run), 1, -1):
        if c.is_known(run[:length]) or (length == len(run) and _is_known_with_scripts(c, run)):
            return length
    strange = [one for one in run if one != "I" and not is_declared_letter(c, one)]
    is_word = run.isupper() and (len(strange) == len(run) > 1 or (len(strange) > 0 and len(run) > 2))
    return len(run) if is_word else 1


def _is_known_with_scripts(c: Cursor, run: str) -> bool:
    return c.context.begins(run) and not are_known(c, run)


def is_declared_letter(c: Cursor, letter: str) -> bool:
    return c.is_known(letter) or c.is_known(swap_case(letter)) or c.context.is_size(letter)


def are_known(c: Cursor, letters: str) -> bool:
    return all(c.is_known(one) or c.context.is_size(one) for one in letters)
