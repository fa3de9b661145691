"""Small questions about a few tokens."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex.cursor import Known, Tokens
from lrcore.verify.read.tokens import Token, argument, closing
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import FONTS, GREEK

GREEK_LETTERS = set(GREEK)
_SCRIPT_FONTS = {"{", "}", "mathsf", "mathrm", "rm", "sf", "text", "mathbf", "mathit", "boldsymbol", "mathtt", "bf"}
_SCRIPTS = (
    dict.fromkeys(("T", "top", "t", "intercal", "transpose", "tp"), "T")
    | dict.fromkeys(("-T", "-top", "-1T", "T-1", "top-1", "-t"), "-T")
    | {"prime": "'", "-1": "-1", "star": "*", "dagger": "dagger", "+": "+", "*": "*", "H": "H"}
)
_INDEX_LETTERS = set("abcdijklmnpqrst")


def is_letter(token: Token) -> bool:
    return token.kind == "letter" or (token.kind == "cmd" and token.text in GREEK_LETTERS)


def is_font(token: Token) -> bool:
    return token.kind == "cmd" and token.text in FONTS


def extent(tokens: Tokens) -> s.Span | None:
    """From the first of the tokens to the last."""
    return (tokens[0].start, tokens[-1].end) if tokens else None


def turn(token: Token) -> int:
    """How a token changes the depth of braces and brackets: 1, -1 or 0."""
    return (token.kind in ("{", "(", "[")) - (token.kind in ("}", ")", "]"))


def script_text(tokens: Tokens | None) -> str:
    """The letters and signs of a script, without fonts."""
    if not tokens:
        return ""
    written = [one for one in tokens if one.kind not in ("{", "}") and not is_font(one)]
    return "".join(one.text.strip().replace(" ", "") for one in written)


def names_a_number(key: str, context: Known) -> bool:
    """Whether a name is declared as a number."""
    symbol = context.lookup(key)
    return symbol is not None and symbol.shape is not None and all(one.constant() == 1 for one in symbol.shape)


def superscript_kind(tokens: Tokens, context: Known) -> str | None:
    """T, -1, -T, ' and the like, or None; a declared t or T is an exponent."""
    if any((one.kind, one.text) == ("cmd", "{") for one in tokens):
        return None
    words = [one.text for one in tokens if one.text not in _SCRIPT_FONTS]
    if names_a_number("".join(words).strip("-1"), context):
        return None
    if words and set(words) <= {"'", "prime"}:
        return "'"
    return _SCRIPTS.get("".join(words))


def is_sample(tokens: Tokens) -> bool:
    """``(i)``, the number of a sample."""
    return [one.kind for one in tokens] in (["(", "letter", ")"], ["(", "num", ")"])


def looks_like_index(tokens: Tokens) -> bool:
    """One or two small letters from the middle of the alphabet, or numbers, or anything with a comma."""
    if any(one.kind == "," for one in tokens):
        return True
    if [one.text for one in tokens[:2]] in (["y", "_"], ["t", "_"], ["c", "_"]):  # the label of a sample, as in f_{y_i}
        return True
    if len(tokens) > 2 or all(one.kind == "num" for one in tokens):
        return False
    return all(one.kind == "num" or (one.kind == "letter" and one.text in _INDEX_LETTERS) for one in tokens)


def is_label(tokens: Tokens) -> bool:
    """``new`` in ``x_{new}``: three letters are no indices of a vector or a matrix."""
    kinds = [one.kind for one in tokens if one.kind not in ("{", "}") and not is_font(one)]
    return kinds == ["text"] or (len(kinds) > 2 and set(kinds) == {"letter"})


def split_at_commas(tokens: Tokens) -> list[Tokens]:
    parts: list[Tokens] = [[]]
    depth = 0
    for token in tokens:
        depth += turn(token)
        if token.kind == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def unwrapped(tokens: Tokens) -> Tokens:
    while tokens and tokens[0].kind == "{" and closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def without_scripts(tokens: Tokens) -> Tokens:
    tokens, out, at = list(tokens), [], 0
    while at < len(tokens):
        if tokens[at].kind in ("_", "^"):
            at = argument(tokens, at + 1)[1]
        else:
            out.append(tokens[at])
            at += 1
    return out


def in_braces(tokens: Tokens, like: Token) -> Tokens:
    return [replace(like, kind="{", text="{"), *tokens, replace(like, kind="}", text="}")]


def each_in_font(font: Token, tokens: Tokens) -> Tokens:
    """The tokens with the font over each of their letters; scripts keep theirs."""
    outside = {id(one) for one in without_scripts(tokens)}
    out: Tokens = []
    for one in tokens:
        mine = replace(font, start=one.start, end=one.start)
        out += [mine, *in_braces([one], one)] if is_letter(one) and id(one) in outside else [one]
    return out


def shown_token(token: Token) -> str:
    return ("\\" if token.kind == "cmd" and token.text.isalpha() else "") + (token.text or "the end")
