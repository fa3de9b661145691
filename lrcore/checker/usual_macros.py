r"""Macros of documents whose definition a text does not bring along: a closed list of usual names, each with what it is
short for, chosen by how the text uses it (``\pd{f}{x}``, ``\pd[x] f``). A ``\newcommand`` of the text goes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from lrcore.verify import macros as written

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon eta theta lambda mu nu xi pi rho sigma tau phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Sigma Phi Psi Omega"
)
_LETTER = rf"[A-Za-z]|{_GREEK.replace(' ', '|')}"
# What a name is short for, where it stands as a raised sign, before [..], before {..}{..}, before {..}, or alone.
_RAISED = {r"\top": "T tran trans transp transpose tp tpose intercal tr"}
_BRACKETS = {
    r"[v]": (r"\frac{\partial}{\partial v}", "pd pdiff pder pderiv partd"),
    r"[v] ": (r"\frac{\mathrm{d}}{\mathrm{d} v}", "od tdiff deriv der"),
    r"[i, n]": (r"\frac{1}{n} \sum_{i=1}^{n}", "avgsum meansum avg"),
}
_TWO = {
    r"\frac{\partial #1}{\partial #2}": "pd pdiff pder pderiv partd pdfrac parder partialderiv pfrac",
    r"\frac{\mathrm{d} #1}{\mathrm{d} #2}": "od tdiff deriv der ddfrac diff dif totd",
    r"\langle #1, #2 \rangle": "inner ip innerp dotp dotprod innerprod iprod scal",
}
_ONE = {
    r"#1^\top": "tran trans transp transpose tp tpose",
    r"\frac{\partial}{\partial #1}": "pd pdiff pder pderiv partd",
    r"\mathbf{#1}": "mb vb vect mat bld matr mx bs mbf bfx mbs vbf mtx",
    r"\left(#1\right)": "paren prn parens pa",
    r"\left[#1\right]": "brac brk bracket sbrac",
    r"\mathrm{d} #1": "dif diff dd",
}
_ALONE = {
    r"\mathrm{d}": "dif diff dd rd ud",
    r"\frac{1}{2}": "half onehalf",
    r"\mathbb{R}": "R RR reals Reals real",
    r"\mathbf{1}": "ones one vone bone",
    r"\mathcal{L}": "loss Loss",
    r"\mathrm{MSE}": "MSE mse",
    r"\mathrm{RSS}": "RSS rss SSR",
}
_ACCENTED = re.compile(rf"(?P<letter>{_LETTER})(?P<accent>hat|bar|tilde)|(?P<before>hat|bar|til)(?P<name>{_LETTER})")
_BOLD = re.compile(
    rf"(?:bf|bs|b|v|mb|vec|m|mat)(?P<letter>{_LETTER})|(?P<name>[A-Za-z])(?:mat|vec)|(?P<capital>[ABDFGHKMUWXY])"
)
# Known names of LaTeX, and abbreviations of environments, that look like one of a letter.
_OTHERS = {
    *[
        "hbar",
        "rvec",
        "beta",
        "bm",
        "bf",
        "be",
        "ba",
        "bea",
        "mp",
        "mu",
        "mb",
        "mi",
        "bp",
        "mho",
        "veta",
        "matrix",
        "zeta",
    ]
}
_VARIATION = re.compile(
    r"\\[dt]?frac\s*\{\s*\\delta(?![A-Za-z])(?!\s*[_^])[^{}=+-]*\}"
    r"\s*\{\s*\\delta(?![A-Za-z])\s*(?:\\[A-Za-z]+|[A-Za-z])(?![A-Za-z])[^=+-]{0,20}?\}"
)
_USED = re.compile(r"(?P<raised>\^\s*\{?\s*)?\\(?P<name>[A-Za-z]+)(?P<after>\s*(?:\[|\{)?)")


def usual(text: str, own: written.Macros = MappingProxyType({})) -> dict[str, str]:
    r"""The macros that a text uses and does not define as its ``own``, as a table of ``\newcommand``: ``{"\\tran":
    "#1^\\top"}``.
    """
    found: dict[str, str] = {}
    whole = " ".join((text, *written.bodies(own)))
    for match in _USED.finditer(whole):
        name = match["name"]
        if rf"\{name}" in own or any(key == rf"\{name}" or key.startswith(rf"\{name}[") for key in found):
            continue
        for key, body in _readings(name, match, whole):
            found[key] = body
            break
    if "\\delta" not in own and _only_variations(whole):
        found["\\delta"] = r"\partial"
    return found


def _only_variations(text: str) -> bool:
    r"""Whether each ``\delta`` of a text stands in a fraction such as ``\frac{\delta L}{\delta w}``: a derivative."""
    rest = _VARIATION.sub("", text)
    return rest != text and re.search(r"\\delta(?![A-Za-z])", rest) is None


def said(text: str, table: dict[str, str]) -> list[str]:
    """What is said of a formula that uses some of them."""
    names = {key.partition("[")[0]: body for key, body in table.items()}
    used = dict.fromkeys(rf"\{one}" for one in re.findall(r"\\([A-Za-z]+)", text))
    return [f"{one} is taken as {_shown(names[one])}" for one in used if one in names]


def _shown(body: str) -> str:
    return re.sub(r"#1", "A", re.sub(r"#2", "B", body))


def _readings(name: str, use: re.Match[str], text: str) -> Iterator[tuple[str, str]]:
    """The meanings of a name in this use, the first of which is taken."""
    if use["raised"]:
        yield from _of(_RAISED, name)
        return
    opening = use["after"].strip()
    if opening == "[":
        for arguments, (body, names) in _BRACKETS.items():
            if name in names.split():
                yield rf"\{name}{arguments.strip()}", body
        return
    if opening == "{":
        if re.match(r"\s*\{", text[_closing(text, use.end() - 1) :]):
            yield from _of(_TWO, name)
        yield from _of(_ONE, name)
    yield from _of(_ALONE, name)
    if name not in _OTHERS:
        if letter := _ACCENTED.fullmatch(name):
            accent = {"til": "tilde"}.get(letter["before"] or "", letter["before"]) or letter["accent"]
            yield rf"\{name}", rf"\{accent}{{{_letter(letter['letter'] or letter['name'])}}}"
        elif bold := _BOLD.fullmatch(name):
            yield rf"\{name}", _letter(bold["letter"] or bold["name"] or bold["capital"])


def _of(table: dict[str, str], name: str) -> Iterator[tuple[str, str]]:
    for body, names in table.items():
        if name in names.split():
            yield rf"\{name}", body


def _letter(name: str) -> str:
    return name if len(name) == 1 else rf"\{name}"


def _closing(text: str, at: int) -> int:
    """Where the group that opens at a place ends."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place + 1
    return len(text)
