r"""Documents as they are: of a ``.tex`` file the preamble and the definitions of its macros are taken off, each
character of the rest at its place; a table of Markdown gives its cells, a notebook the text of its own.
"""

from __future__ import annotations

import json
import re

from lrcore.verify import is_mathematics
from lrcore.verify import macros as written

from .python_code import as_equations

_BEGIN, _END = re.compile(r"\\begin\s*\{document\}"), re.compile(r"\\end\s*\{document\}")
_PREAMBLE = re.compile(
    r"\\(?:documentclass|usepackage)(?![A-Za-z])|\\begin\s*\{(?:itemize|enumerate|proof|theorem|lemma|example|solution)"
)
_ASIDE = re.compile(
    r"\\(?:documentclass|usepackage|RequirePackage|geometry|title|author|date|bibliography|bibliographystyle|input|include|subfile"
    r"|pagestyle|setlength|hypersetup|theoremstyle|graphicspath)\s*(?:\[[^\]]*\])?\s*(?:\{[^{}]*\}\s*){1,2}"
    r"|\\(?:maketitle|tableofcontents|newpage|clearpage|noindent|medskip|bigskip|smallskip|centering|item)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{(?:itemize|enumerate|description|proof|theorem|lemma|proposition|corollary|remark|example"
    r"|definition|center|quote|abstract|solution|exercise|problem|figure|table|minipage)\*?\}(?:\[[^\]]*\])?"
)
_EMPTY = re.compile(r"\$\$\s*\$\$|(?<!\$)\$\s*\$(?!\$)")
_SAYS_NOTHING = re.compile(  # neither in words nor in a formula
    r"~?\\(?:label|eqref|ref|cref|autoref|cite[a-z]*)\s*(?:\[[^\]\n]*\])?\{[^{}\n]*\}"
    r"|\\vspace\*?\{[\d.]+ ?[a-z]{2}\}|\\(?:noindent|smallskip|medskip|bigskip|hfill|qed|qedhere)(?![A-Za-z])"
    r"|\$\s*\\(?:square|blacksquare|Box|qed)\s*\$"
)
_WORDS = re.compile(
    r"(?<![^\s~])\\(?:textbf|textit|textsl|textsc|emph|underline|footnote)"
    r"\{(?=[^{}]*[^\W\d_]{3})([^{}$\\\n=+*/^]*\s[^{}$\\\n=+*/^]*)\}"
)
_HEADING = re.compile(r"^([ \t]*)\\(?:(?:sub)*(?:section|paragraph)|chapter|part)\*?\s*(?=\{)", re.M)
_SHAPE = re.compile(r"^[ \t]*(\w+),\s*(\w+)\s*=\s*(\w+)\.shape[ \t]*$", re.M)
_SUM = re.compile(r"Σ(?=[ᵢⱼₖₙ])")
_BARE_SUM = re.compile(r"Σ(?=[ \t]*(?:[A-Za-zα-ω]+[ᵢⱼₖₙ]|\([^\n]*[ᵢⱼₖₙ]))")  # what follows is indexed, and Σ no matrix
_MATRIX = re.compile(r"Σ[ \t]*(?:[⁻^'ᵀ=∈:)]|is\b)|[A-Za-zᵀ₀-₉][ \t]*Σ[ \t]*\w|det[ (]*Σ")
_TABLE = re.compile(  # of Markdown: a row, a row of dashes, rows
    r"^[^\n|]*(?:(?<!\\)\|[^\n|]*)+\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|[ \t|:-]*"
    r"(?:\n[^\n]*\|[^\n]*)*$",
    re.M,
)
_ARRAY = re.compile(
    r"(?P<open>\\left\s*(?:\.|\\\{)\s*)?\\begin\s*\{array\}\s*\{[^{}]*\}(?P<rows>(?:(?!\\begin|\\end).)*)"
    r"\\end\s*\{array\}(?P<close>\s*\\right\s*\.)?",
    re.S,
)
_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "sigma": "σ",
}  # fmt: skip
_SPELT = re.compile(rf"(?<![\w.])(d?)({'|'.join(_GREEK)})(?![\w(.])")
_TYPED = re.compile(r"^(?=.*=)(?=.*(?:\^|\|\|))(?!.*(?:@|\*\*|\.T\b|\bnp\.|\.dot)).*$", re.M)  # no Python
_CELL = re.compile(r"(?:\\.|[^\n|\\])+")


def plain(text: str) -> tuple[str, dict[str, tuple[written.Macro, ...]]]:
    """The text without its preamble and its definitions, every character that is left at its place, and its macros."""
    out = _SUM.sub("∑", text if "\\" in text else _TYPED.sub(_from_the_keyboard, text))
    out = out if _MATRIX.search(out) else _BARE_SUM.sub("∑", out)
    out = _SHAPE.sub(_blank, out)
    out = as_equations(out)
    out, macros = written.without_definitions(before := out)
    for match in _EMPTY.finditer(out) if macros else ():
        if before[match.start() : match.end()] != match[0]:  # nothing but definitions stood between the dollars
            out = written.blank(out, match.start(), match.end())
    begin, finish = _BEGIN.search(out), _END.search(out)
    if begin is not None:
        out = written.blank(out, 0, begin.end())
    if finish is not None:
        out = written.blank(out, finish.start(), len(out))
    for match in _SAYS_NOTHING.finditer(out):
        out = written.blank(out, match.start(), match.end())
    out = _WORDS.sub(lambda one: f"{' ' * (one.start(1) - one.start())}{one[1]} ", out)
    for match in _ASIDE.finditer(out) if macros or begin is not None or _PREAMBLE.search(text) else ():
        out = written.blank(out, match.start(), match.end())
    return _with_headings(_TABLE.sub(_by_cells, _ARRAY.sub(_as_rows, out))), macros


def _from_the_keyboard(line: re.Match[str]) -> str:
    """A line of mathematics as one types it, each character at its place: lambda, grad f, A^(-1)."""
    found = re.sub(r"\^\((-1|T|2)\)", r"^{\1}", line[0])
    found = re.sub(r"(?<![\w∇])grad(?=[ _][A-Za-z])", "   ∇", found)
    return _SPELT.sub(lambda one: (one[1] + _GREEK[one[2]]).rjust(len(one[0])), found)


def _as_rows(match: re.Match[str]) -> str:
    """An array whose rows are equations, as handwriting recognition gives it, without the braces around the rows."""
    text, start = match[0], match.start()
    spans, at = [], match.start("rows") - start
    while (opened := re.compile(r"(?:\s|&|\\\\|~)*\{").match(text, at)) is not None:
        _, end = written.group(text, opened.end() - 1)
        if end > match.end("rows") - start:
            return text
        spans.append((opened.end() - 1, end - 1))
        at = end
    rest = text[at : match.end("rows") - start]
    if not spans or re.search(r"[^\s&\\.,;~]", rest) or not any("=" in text[a:b] for a, b in spans):
        return text
    if bool(match["open"]) == bool(match["close"]):
        for group in ("open", "close") if match["open"] else ():
            text = written.blank(text, match.start(group) - start, match.end(group) - start)
    for a, b in spans:
        text = text[:a] + " " + text[a + 1 : b] + " " + text[b + 1 :]
    return text


def _blank(match: re.Match[str]) -> str:
    return written.blank(match[0], 0, len(match[0]))


def shapes_in_code(text: str) -> str:
    r"""What lines such as ``n, m = X.shape`` say, as a formula says it: ``X \in \mathbb{R}^{n \times m}``."""
    return " ".join(rf"{name} \in \mathbb{{R}}^{{{rows} \times {cols}}}" for rows, cols, name in _SHAPE.findall(text))


def _by_cells(table: re.Match[str]) -> str:
    """A table of Markdown with each cell on a line of its own; one that says no equation is set aside."""
    kept = _CELL.sub(lambda cell: cell[0] if is_mathematics(cell[0]) else " " * len(cell[0]), table[0])
    return re.sub(r"(?<!\\)\|", "\n", kept)


def _with_headings(text: str) -> str:
    r"""``\section{The loss}`` as a heading of Markdown, which is as long."""
    for match in reversed(list(_HEADING.finditer(text))):
        title, end = written.group(text, match.end())
        if "\n" not in title:
            mark = match[1] + "#".ljust(match.end() - match.start() - len(match[1]) + 1)
            text = text[: match.start()] + mark + title + " " * (end - match.end() - 1 - len(title)) + text[end:]
    return text


def of_notebook(text: str) -> str | None:
    """The text of an ``.ipynb``: its cells of prose, one after the other; None where it is no notebook."""
    if not re.match(r"\s*\{", text) or '"cells"' not in text:
        return None
    try:
        cells = json.loads(text)["cells"]
        found = ["".join(one["source"]) for one in cells if one.get("cell_type") == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return "\n\n".join(one.strip() for one in found if one.strip())
