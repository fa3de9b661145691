r"""The independent judge reads: a text becomes tokens, each with its place, and nothing is passed over in silence.

This module and its three neighbours import nothing of the prover. What they do not know they do not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


class NotRead(Exception):
    """The text, or a part of it, has no reading here; the message says why."""


@dataclass(frozen=True)
class Tok:
    """One token. ``kind`` is cmd, let, num, op, text (a word of prose), nl (a line's end) or end."""

    kind: str
    text: str
    at: int


END = Tok("end", "", 10**9)


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(text.split())


GREEK = words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho "
    "varrho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
    "Omega ell"
)
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "vec": "vec", "dot": "dot", "ddot": "ddot", "check": "check",
}  # fmt: skip
BOLD = words("mathbf boldsymbol bm bf textbf mathcal cal mathscr mathbb mathfrak pmb")
UPRIGHT = words("mathrm rm mathit mathsf operatorname mathop mathnormal it sf")
SPACES = words(
    ", ; : ! quad_ displaystyle textstyle scriptstyle limits nolimits nonumber notag noindent left right "
    "big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr strut mathstrut middle"
) | {" "}
WITH_ARGUMENT = words("tag label hphantom phantom vphantom color hspace vspace")
SAME = {
    "tfrac": "frac", "dfrac": "frac", "cfrac": "frac", "leq": "le", "geq": "ge", "leqslant": "le", "geqslant": "ge",
    "ast": "*", "intercal": "top", "Rightarrow": "implies", "Longrightarrow": "implies", "Leftrightarrow": "iff",
    "Longleftrightarrow": "iff", "lVert": "|", "rVert": "|", "Vert": "|", "lvert": "vert", "rvert": "vert",
    "qquad": "quad", "newline": "\\", "cr": "\\", "equiv": "=", "colon": ":", "bullet": "cdot", "cdots": "dots",
    "ldots": "dots", "vdots": "dots", "ddots": "dots", "lbrace": "{", "rbrace": "}", "triangledown": "nabla",
    "triangleq": "coloneqq", "trace": "tr", "Tr": "tr", "mbox": "text", "textrm": "text", "lbrack": "[",
    "rbrack": "]", "ne": "neq", "therefore": "text_", "blacksquare": "text_", "square": "text_",
}  # fmt: skip
CHARACTERS = dict.fromkeys("−–—‒", "-") | {
    "·": r"\cdot ", "⋅": r"\cdot ", "×": r"\times ", "⊗": r"\otimes ", "⊙": r"\odot ", "∂": r"\partial ",
    "∇": r"\nabla ", "∑": r"\sum ", "⊤": r"\top ", "‖": r"\| ", "≤": r"\le ", "≥": r"\ge ", "⟹": r"\implies ",
    "⇒": r"\implies ", "⟨": r"\langle ", "⟩": r"\rangle ", "′": "'", "’": "'", "½": r"\frac{1}{2}",
    "ᵀ": "^T", "²": "^2", "³": "^3", "ᵢ": "_i", "ⱼ": "_j", "ₖ": "_k", "ₙ": "_n", "⁻": "^-", "¹": "1",
    "ŷ": r"\hat y", "\u00a0": " ", "\t": " ",
}  # fmt: skip
_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
CHARACTERS |= dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", [rf"\{one} " for one in _LETTERS.split()], strict=True))
NEUTRAL = words(
    "hence so thus then therefore and we get have where with since because that which is the of by gives "
    "obtain note clearly indeed finally here now let or also for all loss gradient hessian first next this "
    "define start from setting its to zero it scalar similarly equivalently in other words know see follows "
    "up factor rule chain definition differentiating expand edit thanks"
)
JOINS = ("and", "or", "so", "where", "with", "then", "hence")
OPERATIONS = {
    "times": [("cmd", "times")], "plus": [("op", "+")], "minus": [("op", "-")],
    "transpose": [("op", "^"), ("let", "T")], "transposed": [("op", "^"), ("let", "T")],
    "squared": [("op", "^"), ("num", "2")],
    "inverse": [("op", "^"), ("op", "{"), ("op", "-"), ("num", "1"), ("op", "}")],
    "twice": [("num", "2")], "half": [("num", "0.5")], "negative": [("op", "-")],
}  # fmt: skip
_SPLIT = re.compile(
    r"(?P<cmd>\\(?:[A-Za-z]+\*?|[^A-Za-z]))|(?P<nl>\n)|(?P<space> +)|(?P<num>\d+\.\d+|\.\d+|\d)"
    r"|(?P<word>[A-Za-z]+)|(?P<op>.)",
    re.S,
)


def tokens(
    text: str, macros: dict[str, str] | None = None, start: int = 0, known: frozenset[str] = frozenset()
) -> list[Tok]:
    """The tokens of a formula; ``known`` are words of several letters that are names."""
    if r"\newcommand" in text or r"\def" in text:
        raise NotRead("a macro is defined in the text")
    text = re.sub(r"(?<!\\)%[^\n]*", lambda found: " " * len(found[0]), text)
    spelled, places = "", []
    for at, char in enumerate(text):
        new = CHARACTERS.get(char, char)
        spelled += new
        places += [at] * len(new)
    places.append(len(text))
    out: list[Tok] = []
    for match in _SPLIT.finditer(spelled):
        kind, what, at = match.lastgroup or "", match[0], places[match.start()] + start
        if kind == "space":
            continue
        if kind == "cmd":
            name = what[1:]
            name = SAME.get(name, name)
            out.append(Tok("text", name, at) if name == "text_" else Tok("cmd", name, at))
        elif kind == "word":
            script = [one.text for one in out[-2:]]
            out += _word(what, at, script[-1:] in (["_"], ["^"]) or script in (["_", "{"], ["^", "{"]), known)
        else:
            out.append(Tok(kind, what, at))
    for k in range(1, len(out) - 1):  # up to a factor
        if out[k].text == "a" and out[k].kind == "let" and out[k - 1].kind == out[k + 1].kind == "text":
            out[k] = Tok("text", "a", out[k].at)
    found = _dressed(_expanded(out, macros or {}))
    return [Tok("let", one.text, one.at) if one.kind == "text" and one.text in known else one for one in found]


def _word(what: str, at: int, script: bool, known: frozenset[str]) -> list[Tok]:
    """Letters, or a word of prose, or an operation that somebody wrote as a word."""
    if not script and len(what) > 1 and what not in known:
        if what.lower() in OPERATIONS:
            return [Tok(kind, text, at) for kind, text in OPERATIONS[what.lower()]]
        if what.lower() in NEUTRAL:
            return [Tok("text", what, at)]
    if what in known:
        return [Tok("let", what, at)]
    return [Tok("let", one, at + k) for k, one in enumerate(what)]


def group(toks: list[Tok], at: int) -> tuple[list[Tok], int]:
    """The tokens of one argument, without its braces, and the place after it."""
    if at >= len(toks):
        raise NotRead("an argument is missing")
    if not (toks[at].kind == "op" and toks[at].text == "{"):
        return [toks[at]], at + 1
    depth, end = 0, at
    while end < len(toks):
        if toks[end].kind == "op":
            depth += (toks[end].text == "{") - (toks[end].text == "}")
        if depth == 0:
            return toks[at + 1 : end], end + 1
        end += 1
    raise NotRead("a brace is not closed")


def _expanded(toks: list[Tok], macros: dict[str, str], depth: int = 0) -> list[Tok]:
    """The document's own macros, written out."""
    if not macros:
        return toks
    if depth > 8:
        raise NotRead("macros without end")
    out: list[Tok] = []
    at, changed = 0, False
    while at < len(toks):
        one = toks[at]
        body = macros.get("\\" + one.text) if one.kind == "cmd" else None
        at += 1
        if body is None:
            out.append(one)
            continue
        changed = True
        arguments: list[list[Tok]] = []
        for _ in range(max([int(d) for d in re.findall(r"#(\d)", body)], default=0)):
            inner, at = group(toks, at)
            arguments.append(inner)
        for k, piece in enumerate(re.split(r"#(\d)", body)):
            out += arguments[int(piece) - 1] if k % 2 else [replace(t, at=one.at) for t in tokens(piece)]
    return _expanded(out, macros, depth + 1) if changed else out


def _dressed(toks: list[Tok]) -> list[Tok]:
    """Without the layout: spaces, sizes of brackets, tags, colours."""
    out: list[Tok] = []
    at = 0
    while at < len(toks):
        one = toks[at]
        at += 1
        if one.kind == "cmd" and one.text in ("left", "right") and at < len(toks) and toks[at].text == ".":
            at += 1
        elif one.kind == "cmd" and one.text in SPACES:
            continue
        elif (
            one.kind == "cmd"
            and one.text in BOLD | UPRIGHT
            and at < len(toks)
            and (toks[at].kind, toks[at].text) == (one.kind, one.text)
        ):
            continue  # a font twice
        elif one.kind == "cmd" and one.text in WITH_ARGUMENT:
            _, at = group(toks, at)
        elif one.kind == "cmd" and one.text in ("text", "intertext", "shortintertext"):
            inner, at = group(toks, at)
            out.append(Tok("text", "".join(t.text for t in inner), one.at))
        elif (
            one.kind == "cmd"
            and one.text in UPRIGHT
            and [t.text for t in toks[at : at + 3]] in [["{", w, "}"] for w in JOINS]
        ):
            _, at = group(toks, at)
            out.append(Tok("text", "and", one.at))
        elif one.kind == "cmd" and one.text in ("overset", "stackrel"):
            _, at = group(toks, at)
            inner, at = group(toks, at)
            out += inner
        elif one.kind == "op" and one.text == "~":
            continue
        elif one.kind == "cmd" and one.text == "\\" and at < len(toks) and toks[at].text in ("[", "*"):
            if toks[at].text == "[":
                end = at
                while end < len(toks) and toks[end].text != "]":
                    end += 1
                inside = "".join(t.text for t in toks[at + 1 : end])
                at = end + 1 if re.fullmatch(r"[\d.]+(pt|ex|em|mm)", inside) else at
            else:
                at += 1
            out.append(one)
        else:
            out.append(one)
    return out
