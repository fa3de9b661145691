"""Small questions about a few tokens."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.tokens import Token, argument, closing
from lrcore.verify.terms.names import FONTS, GREEK

GREEK_LETTERS = set(GREEK)
END = Token("", "", -1, -1)
TRANSPOSES = {"T", "top", "t", "prime", "intercal", "transpose", "mathsf{T}", "tp"}


def each_in_font(font, tokens):
    """The tokens with the font over each of their letters; scripts keep theirs."""
    out = []
    outside = {id(one) for one in without_scripts(tokens)}
    for one in tokens:
        if is_letter(one) and id(one) in outside:
            brace = [replace(one, kind=kind, text=kind) for kind in "{}"]
            out += [font, brace[0], one, brace[1]]
        else:
            out.append(one)
    return out


def is_letter(token):
    return token.kind == "letter" or (token.kind == "cmd" and token.text in GREEK_LETTERS)


def without_scripts(tokens):
    tokens, out, at = list(tokens), [], 0
    while at < len(tokens):
        if tokens[at].kind in ("_", "^"):
            at = argument(tokens, at + 1)[1]
        else:
            out.append(tokens[at])
            at += 1
    return out


def unwrapped(tokens):
    while tokens and tokens[0].kind == "{" and closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def script_text(tokens):
    if tokens is None:
        return ""
    return "".join(
        one.text.strip().replace(" ", "")
        for one in tokens
        if one.kind not in ("{", "}") and not (one.kind == "cmd" and one.text in FONTS)
    )


def is_sample(tokens):
    return len(tokens) == 3 and tokens[0].kind == "(" and tokens[2].kind == ")" and tokens[1].kind in ("letter", "num")


def looks_like_index(tokens):
    """One or two small letters from the middle of the alphabet, or numbers, or anything with a comma."""
    if any(one.kind == "," for one in tokens):
        return True
    if all(one.kind == "num" for one in tokens):
        return False
    return (
        all(one.kind == "num" or (one.kind == "letter" and one.text in "abcdijklmnpqrst") for one in tokens)
        and len(tokens) <= 2
    )


def split_at_commas(tokens):
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind in "({[") - (token.kind in ")}]") if len(token.kind) == 1 else 0
        if token.kind == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def names_a_number(key, context):
    """Whether a name is declared as a number."""
    symbol = context.lookup(key)
    return symbol is not None and symbol.shape is not None and all(one.constant() == 1 for one in symbol.shape)


def superscript_kind(tokens, context):
    """T, -1, -T, ' and the like, or None; a declared t or T is an exponent."""
    words = [one.text for one in tokens if one.kind not in ("{", "}")]
    words = [
        one
        for one in words
        if one not in ("mathsf", "mathrm", "rm", "sf", "text", "mathbf", "mathit", "boldsymbol", "mathtt", "bf")
    ]
    text = "".join(words)
    if names_a_number(text.strip("-1"), context):
        return None
    if text in TRANSPOSES:
        return "'" if text == "prime" else "T"
    if set(text) == {"'"} or set(words) == {"prime"}:
        return "'"
    if text in ("-1", "-1"):
        return "-1"
    if text in ("-T", "-top", "-1T", "T-1", "top-1", "-t"):
        return "-T"
    text = "*" if text == "star" else text
    return text if text in ("dagger", "+", "*", "H") else None


def shown_token(token):
    return ("\\" if token.kind == "cmd" and token.text.isalpha() else "") + (token.text or "the end")
