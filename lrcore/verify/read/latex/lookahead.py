"""What can begin or end where the cursor stands."""

from __future__ import annotations

from lrcore.verify.read.latex.cursor import END, Cursor
from lrcore.verify.read.latex.groups import GREEK_LETTERS, superscript_kind
from lrcore.verify.read.tokens import argument
from lrcore.verify.terms.words import ACCENTS, FONTS, NO_FACTOR

_NAME_COMMANDS = GREEK_LETTERS | set(ACCENTS) | set(FONTS)
_FACTOR_KINDS = {"letter", "num", "(", "[", "{", "begin", "text"}
_UPRIGHT = ("mathrm", "operatorname", "rm", "text")
_AFTER_D = {"det", "log", "ln", "tr", "|", "lVert", "Vert", "exp", "langle", "operatorname"}
LONGEST_WORD = 30


def starts_name(c: Cursor, ahead: int = 0) -> bool:
    token = c.peek(ahead)
    return token.kind in ("letter", "text") or (token.kind == "cmd" and token.text in _NAME_COMMANDS)


def starts_factor(c: Cursor) -> bool:
    """Whether a factor can begin here."""
    token = c.peek()
    if token.kind == "cmd":
        return not closes_bars(c) if token.text in ("|", "vert") else token.text not in NO_FACTOR
    return token.kind in _FACTOR_KINDS or (token.kind == "|" and not closes_bars(c))


def is_double_bar(c: Cursor) -> bool:
    return c.is_command("|") or (c.peek().kind == "|" and c.peek(1).kind == "|")


def closes_bars(c: Cursor) -> bool:
    """Whether what stands here closes the innermost bars; of two bars in ``|A||B|`` the first does."""
    if not c.bars:
        return False
    if c.bars[-1] == "|":
        return c.peek().kind == "|" or c.is_command("vert")
    return is_double_bar(c)


def starts_d(c: Cursor, ahead: int = 0) -> bool:
    r"""Whether ``\partial``, an upright d, or a d that is no symbol stands here."""
    token = c.peek(ahead)
    if token.kind == "letter":
        return token.text == "d" and is_differential_d(c, ahead)
    if token.kind == "text":
        return token.text.strip() == "d"
    if token.kind != "cmd" or token.text not in _UPRIGHT:
        return token.kind == "cmd" and token.text == "partial"
    after = c.peek(ahead + 1)
    if after.kind == "{":
        return c.peek(ahead + 2).text == "d" and c.peek(ahead + 3).kind == "}"
    return after.text == "d" and after.kind == "letter"


def is_differential_d(c: Cursor, ahead: int = 0) -> bool:
    """A letter d before a name or a bracket, where d is no declared symbol."""
    if c.is_known("d") or "d" in c.context.named:
        return False
    follow = c.peek(ahead + 1)
    if c.context.is_size("d"):
        return starts_name(c, ahead + 1) and not c.context.is_size(follow.text)
    return (
        starts_name(c, ahead + 1)
        or follow.kind in ("(", "[", "{")
        or (follow.kind == "/" and starts_d(c, ahead + 2))
        or (follow.kind == "cmd" and follow.text in _AFTER_D)
    )


def starts_fraction_d(c: Cursor) -> bool:
    r"""Whether a numerator or denominator is that of a derivative: ``d``, ``dL``, ``\partial^2 f``."""
    if c.peek().kind == "letter" and c.peek().text == "d" and not c.is_known("d"):
        if len(c.tokens) == 1 or c.peek(1).kind == "^":
            return True
        return is_differential_d(c) or starts_name(c, 1) or c.peek(1).kind in ("(", "[", "{")
    return starts_d(c)


def is_transpose_ahead(c: Cursor) -> bool:
    if c.peek().kind != "^":
        return False
    return superscript_kind(argument(list(c.tokens), c.at + 1)[0], c.context) in ("T", "'", "-T")


def letter_run(c: Cursor) -> str:
    """The letters that stand here side by side, with nothing between."""
    text, ahead = "", 0
    while c.peek(ahead).kind == "letter" and ahead < LONGEST_WORD:
        if ahead and c.peek(ahead).start != c.peek(ahead - 1).end:
            break
        text += c.peek(ahead).text
        ahead += 1
    return text


def at_end(c: Cursor) -> bool:
    return c.peek() is END
