r"""Names of symbols: ``\hat{\beta}_0``, ``β̂_0`` and ``beta_0_hat`` are one name.

A key is base, then subscripts, then superscripts after ``^``, then accents: ``beta_0_hat``, ``a^(2)``. Fonts and
arrows do not count, except where two declared names differ in nothing else.
"""

from __future__ import annotations

import re
import unicodedata

from lrcore.verify.terms.words import GREEK, UNICODE

UNKNOWN_LETTERS = {"w", "W", "beta", "theta", "b", "a", "alpha", "B", "Theta", "v", "c", "mu"}
NUMBER_LETTERS = {"n", "m", "k", "p", "q", "d", "N", "M", "K", "D", "T", "lambda", "eta", "gamma", "tau"}
_COMBINING = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot"}
_PLAIN = {"lam": "lambda", "lamda": "lambda", "eps": "epsilon", "sig": "sigma"}
_ORDER = ("hat", "bar", "tilde", "dot", "ddot", "check", "breve", "acute", "grave", "underline", "ring", "star")


def plain_key(text: str) -> str:
    """The key of a name typed plainly, such as ``y_hat`` or ``β̂``."""
    base: str | None = None
    subs: list[str] = []
    accents: list[str] = []
    for word in _without_combining(text, accents).split("_"):
        if word in _ORDER and base is not None:
            accents.append(word)
        elif base is None:
            base = word
        elif word:
            subs.append(word)
    base = _PLAIN.get(base or "", base or "")
    return make_key(UNICODE.get(base, base), tuple(accents), "".join(subs))


def _without_combining(text: str, accents: list[str]) -> str:
    kept = []
    for char in unicodedata.normalize("NFD", text):
        if char in _COMBINING:
            accents.append(_COMBINING[char])
        else:
            kept.append(char)
    return "".join(kept)


def make_key(base: str, accents: tuple[str, ...] = (), sub: str = "", sup: str = "") -> str:
    """The key of a name put together from its parts; a raised star is an accent."""
    if sup in ("*", "star"):
        accents, sup = (*accents, "star"), ""
    return (
        base + (f"_{sub}" if sub else "") + (f"^{sup}" if sup else "") + "".join(f"_{one}" for one in sorted(accents))
    )


LABEL = "label"


def label_key(key: str) -> str:
    """The key of the matrix that has a 1 in each row, at the label of the sample, for labels of this name."""
    base, accents, sub, sup = split_key(key)
    return make_key(base, accents, sub, sup + LABEL)


def split_key(key: str) -> tuple[str, tuple[str, ...], str, str]:
    """base, accents, subscript and superscript of a key."""
    words = key.split("_")
    accents = []
    while len(words) > 1 and words[-1] in _ORDER:
        accents.append(words.pop())
    body, _, sup = "_".join(words).partition("^")
    base, _, sub = body.partition("_")
    return base, tuple(sorted(accents)), sub, sup


def swap_case(key: str) -> str:
    """x for X and X for x, accents and all."""
    base, *rest = re.split(r"(?=[_^])", key, maxsplit=1)
    other = base[:1].swapcase() + base[1:]
    if len(base) > 1 and other not in GREEK:
        return key
    return other + "".join(rest)


def latex(key: str) -> str:
    r"""The key written as LaTeX: ``beta_0_hat`` gives ``\hat{\beta}_{0}``."""
    base, accents, sub, sup = split_key(key)
    text = rf"\mathbf{{{base}}}" if base.isdigit() else _letter(base)
    for accent in accents:
        text = text + "^{*}" if accent == "star" else rf"\{accent}{{{text}}}"
    return text + (f"_{{{_letter(sub)}}}" if sub else "") + (f"^{{{sup}}}" if sup else "")


def _letter(base: str) -> str:
    if base in GREEK:
        return "\\" + base
    return base if len(base) <= 1 or base.isdigit() else rf"\mathrm{{{base}}}"


def python(key: str) -> str:
    """The key as a Python name, as the NumPy-like language spells it."""
    return "lam" if key == "lambda" else re.sub(r"^lambda(?=_)", "lam", re.sub(r"\W", "_", key))
