r"""Pages that are not Markdown: the equations of a TeX file, and the places in reStructuredText that are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lrcore.verify.page.running_text import is_bare, is_shown, of_running_text, scope_end, scopes_said
from lrcore.verify.page.shown import LABEL_IN_TEX, MARK, Equation, Item, Macros, Unread
from lrcore.verify.read import macros
from lrcore.verify.read.delimiters import blank

_READ = r"equation|align|alignat|gather|multline|eqnarray|displaymath|flalign"
_LITERAL = r"verbatim|Verbatim|lstlisting|minted|comment"
_PIECE = re.compile(
    rf"\\begin\{{(?P<code>(?:{_LITERAL})\*?)\}}.*?(?:\\end\{{(?P=code)\}}|\Z)"
    r"|(?P<comment>(?<!\\)%[^\n]*)"
    rf"|(?P<equation>\\begin\{{(?P<name>(?:{_READ})\*?)\}}.*?\\end\{{(?P=name)\}})"
    r"|(?<!\\)\$\$(?P<dollars>.*?)(?<!\\)\$\$"
    r"|(?<!\\)\\\[(?P<bracket>.*?)\\\]"
    rf"|(?P<unread>(?P<opens>(?<!\\)\$\$|(?<!\\)\\\[|\\begin\{{(?:{_READ})\*?\}}).*?(?:(?=\n[ \t]*\n)|\Z))"
    r"|(?<![\\$])\$(?P<inline>[^$]+?)(?<!\\)\$|\\\((?P<round>.*?)\\\)"
    r"|(?P<section>\\(?:chapter|(?:sub)*section)\b)",
    re.DOTALL,
)
_INCLUDED = re.compile(r"(?<!\\)\\(?:input|include|subfile|subimport|import)\b\s*(?:\{[^{}]*\}|[^\s{}]+)")
_BEGIN, _END = r"\begin{document}", r"\end{document}"
# What is set up, called or shown as it is, and states nothing.
_NO_TEXT = re.compile(
    r"\\verb\*?([^\w\s]).*?\1|\\(?:url|lstinline|label|ref|eqref|cite\w*|\w*(?:setup|set|path))\*?\s*\{[^{}]*\}"
    r"|(?<=[\w}*])\[[^\[\]]*\]"
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([^{}]+)\}")
_IN_RST = re.compile(r"^[ \t]*\.\. math::", re.MULTILINE)


def tex(text: str) -> list[Item]:
    """The equations of a TeX file, and what it holds beside them; a comment ``% <!-- verify: ... -->`` marks the one on
    the next line.
    """
    own = [Macros(text, 1)] if macros.without_definitions(text)[1] else []
    return [*own, *sorted([*_pieces(text), *_left_over(text)], key=lambda one: one.line)]


def _pieces(text: str) -> Iterator[Item]:
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
            yield Unread(f"`{piece['opens']}` opens an equation here that has no end", line)
        elif shown:
            label = LABEL_IN_TEX.search(shown)
            down = shown[: len(shown) - len(shown.lstrip())].count("\n")
            yield Equation(shown.strip(), line + down, label[1] if label else None, marks.get(line))
        elif inline and is_shown(inline):
            yield Equation(inline, line, None, of_running_text(marks.get(line, "")), inline=True)


def _left_over(text: str) -> Iterator[Unread]:
    """What is included, and relations outside of all that is read, each with the environment that it stands in."""
    rest = _body(_PIECE.sub(_aside, text))
    for found in _INCLUDED.finditer(rest):
        yield Unread(f"`{found[0]}` includes a file that is not read", rest.count("\n", 0, found.start()) + 1)
    rest = _NO_TEXT.sub(blank, macros.without_definitions(_INCLUDED.sub(blank, rest))[0])
    own = macros.without_definitions(text)[1]
    for name in (name for name, one in own.items() if any(map(is_bare, macros.bodies({name: one})))):
        for found in re.finditer(rf"{re.escape(name)}(?![A-Za-z])", rest):
            why = f"the macro `{name}` holds an equation that is not read"
            yield Unread(why, rest.count("\n", 0, found.start()) + 1)
    within: list[tuple[str, int]] = []
    told: set[int] = set()
    for number, line in enumerate(rest.split("\n"), 1):
        marks = _ENVIRONMENT.findall(line)
        within += [(name, number) for how, name in marks if how == "begin"]
        name, at = within[-1] if within else ("", number)
        if is_bare(_ENVIRONMENT.sub(" ", line)) and at not in told:
            told.add(at)
            holds = f"the environment {name} holds an equation that" if name else "an equation stands here that"
            yield Unread(f"{holds} is not read; write it between `\\[` and `\\]`", at, bare=True, until=number)
        for _ in range(min(sum(how == "end" for how, _ in marks), len(within))):
            within.pop()


def _body(text: str) -> str:
    """The text between the beginning and the end of the document, each line in its place."""
    head, begun, rest = text.partition(_BEGIN)
    return "\n" * head.count("\n") + rest.partition(_END)[0] if begun else text


def _aside(piece: re.Match[str]) -> str:
    """Nothing for what is read, and a letter for a formula that may be part of a longer one."""
    alone = piece["inline"] or piece["round"]
    left = blank(piece)
    return f"x{left[1:]}" if alone and not is_shown(alone) else left


def _comment(text: str, line: int, marks: dict[int, str]) -> Iterator[Item]:
    for said in MARK.findall(text):
        marks[line + 1] = said
        yield from scopes_said(said, line)


def restructured(text: str) -> Iterator[Item]:
    """Where reStructuredText has its equations: none of them is read."""
    for found in _IN_RST.finditer(text):
        line = text.count("\n", 0, found.end()) + 1
        why = "equations of reStructuredText are decided by Sphinx alone, as it builds; write the page in MyST Markdown"
        yield Unread(why, line, shown=True)
