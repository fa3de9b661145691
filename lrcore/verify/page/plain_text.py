r"""Pages that are not Markdown: the equations of a TeX file, and the places in reStructuredText that are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lrcore.verify.page.running_text import is_relation, scope, scope_end
from lrcore.verify.page.shown import LABEL_IN_TEX, MARK, Equation, Item, Unread

_READ = r"equation|align|alignat|gather|multline|eqnarray|displaymath|flalign"
_NOT_READ = r"dmath|dgroup|dseries|IEEEeqnarray|empheq|math|subeqnarray|xalignat|xxalignat"
_LITERAL = r"verbatim|Verbatim|lstlisting|minted|comment"
_PIECE = re.compile(
    rf"\\begin\{{(?P<code>(?:{_LITERAL})\*?)\}}.*?(?:\\end\{{(?P=code)\}}|\Z)"
    r"|(?P<comment>(?<!\\)%[^\n]*)"
    rf"|(?P<equation>\\begin\{{(?P<name>(?:{_READ})\*?)\}}.*?\\end\{{(?P=name)\}})"
    r"|(?<!\\)\$\$(?P<dollars>.*?)(?<!\\)\$\$"
    r"|(?<!\\)\\\[(?P<bracket>.*?)\\\]"
    rf"|(?P<unread>(?<!\\)\$\$|(?<!\\)\\\[|\\begin\{{(?:{_READ}|{_NOT_READ})\*?\}})"
    r"|(?<![\\$])\$(?P<inline>[^$]+?)(?<!\\)\$|\\\((?P<round>.*?)\\\)"
    r"|(?P<section>\\(?:chapter|(?:sub)*section)\b)",
    re.DOTALL,
)
_IN_RST = re.compile(r"^[ \t]*\.\. math::", re.MULTILINE)


def tex(text: str) -> Iterator[Item]:
    """The equations of a TeX file; a comment ``% <!-- verify: ... -->`` marks the one on the next line."""
    marks: dict[int, str] = {}
    for piece in _PIECE.finditer(text):
        line = text.count("\n", 0, piece.start()) + 1
        shown = piece["equation"] or piece["dollars"] or piece["bracket"]
        inline = piece["inline"] or piece["round"]
        if piece["comment"]:
            yield from _comment(piece["comment"], line, marks)
        elif piece["section"]:
            yield scope_end(line)
        elif piece["unread"]:
            yield Unread(f"`{piece['unread']}` opens an equation here that has no end or is of no kind known", line)
        elif shown:
            label = LABEL_IN_TEX.search(shown)
            down = shown[: len(shown) - len(shown.lstrip())].count("\n")
            yield Equation(shown.strip(), line + down, label[1] if label else None, marks.get(line))
        elif inline and is_relation(inline):
            yield Equation(inline, line, None, _inline(marks.get(line)), inline=True)


def _comment(text: str, line: int, marks: dict[int, str]) -> Iterator[Item]:
    for said in MARK.findall(text):
        marks[line + 1] = said
        if said.startswith("with "):
            yield scope_end(line)
            yield scope(said.removeprefix("with "), line)


def _inline(said: str | None) -> str | None:
    return said.removeprefix("inline ").strip() if said and said.startswith("inline ") else None


def restructured(text: str) -> Iterator[Item]:
    """Where reStructuredText has its equations: none of them is read."""
    for found in _IN_RST.finditer(text):
        line = text.count("\n", 0, found.end()) + 1
        why = "equations of reStructuredText are decided by Sphinx alone, as it builds; write the page in MyST Markdown"
        yield Unread(why, line, shown=True)
