r"""Documents as they are: of a ``.tex`` file the preamble and the definitions of its macros are taken off, each
character of the rest at its place; a table of Markdown gives its cells, a notebook the text of its own.
"""

from __future__ import annotations

import json
import re

from lrcore.verify import is_mathematics
from lrcore.verify import macros as written

_BEGIN, _END = re.compile(r"\\begin\s*\{document\}"), re.compile(r"\\end\s*\{document\}")
_ASIDE = re.compile(
    r"\\(?:documentclass|usepackage|RequirePackage|geometry|title|author|date|bibliography|bibliographystyle|input|include|subfile"
    r"|pagestyle|setlength|hypersetup|theoremstyle|graphicspath)\s*(?:\[[^\]]*\])?\s*(?:\{[^{}]*\}\s*){1,2}"
    r"|\\(?:maketitle|tableofcontents|newpage|clearpage|noindent|medskip|bigskip|smallskip|centering|item)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{(?:itemize|enumerate|description|proof|theorem|lemma|proposition|corollary|remark|example"
    r"|definition|center|quote|abstract|solution|exercise|problem|figure|table|minipage)\*?\}(?:\[[^\]]*\])?"
)
_HEADING = re.compile(r"^([ \t]*)\\(?:(?:sub)*(?:section|paragraph)|chapter|part)\*?\s*(?=\{)", re.M)
_DEF = re.compile(r"^[ \t]*def\s+\w+\(.*\).*:[ \t]*$", re.M)
_NO_FORMULA = re.compile(
    r"^[ \t]*(?:def\s+\w+\(.*\).*:|(?:import|from)\s.*|\w+(?:,\s*\w+)*\s*=\s*(?:len\(\w+\)|\w+\.shape(?:\[[01]\])?)"
    r'|""".*""")[ \t]*$',
    re.M,
)
_SUM = re.compile(r"Σ(?=[ᵢⱼₖₙ])")
_TABLE = re.compile(  # of Markdown: a row, a row of dashes, rows
    r"^[^\n|]*(?:(?<!\\)\|[^\n|]*)+\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|[ \t|:-]*"
    r"(?:\n[^\n]*\|[^\n]*)*$",
    re.M,
)
_CELL = re.compile(r"(?:\\.|[^\n|\\])+")


def plain(text: str) -> tuple[str, dict[str, tuple[written.Macro, ...]]]:
    """The text without its preamble and its definitions, every character that is left at its place, and its macros."""
    out = _SUM.sub("∑", text)
    if _DEF.search(out):  # Python: what a function returns is called so
        out = _NO_FORMULA.sub(lambda match: written.blank(match[0], 0, len(match[0])), out)
        out = re.sub(r"^([ \t]*)return(?=\s)", r"\1ret  =", out, flags=re.M)
    out, macros = written.without_definitions(out)
    begin, finish = _BEGIN.search(out), _END.search(out)
    if begin is not None:
        out = written.blank(out, 0, begin.end())
    if finish is not None:
        out = written.blank(out, finish.start(), len(out))
    for match in _ASIDE.finditer(out) if macros or begin is not None or "\\documentclass" in text else ():
        out = written.blank(out, match.start(), match.end())
    return _with_headings(_TABLE.sub(_by_cells, out)), macros


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
