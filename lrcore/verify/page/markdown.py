r"""MyST Markdown: its equations, tables and comments, found by the parser that MyST itself is built on.

Code stays code, since the parser knows what it is. What looks like a display equation to a person and is none to MyST
(an opening ``$$`` without its end, a fence with ``math``, ``\[``, an environment that MyST does not know) is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lrcore.verify.page import front_matter, plain_text
from lrcore.verify.page.running_text import is_bare, is_relation, is_shown, of_running_text, scope_end, scopes_said
from lrcore.verify.page.shown import (
    HEADINGS,
    LABEL_IN_TEX,
    MARK,
    Cell,
    Equation,
    Item,
    Macros,
    NoReader,
    Symbol,
    Told,
    Unread,
    table_symbols,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_DIRECTIVE = re.compile(r"\{([\w:+-]+)\}\s*(.*)")
_OPTION = re.compile(r"\s*:([\w-]+):\s*(.*)$")
_LABEL_AFTER = re.compile(r"\s*\(([^()\s]+)\)")
_BEGIN = re.compile(r"\\begin\{([^{}]+)\}")
_IN_HTML = re.compile(
    r"\$\$.+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)|\\begin\{(\w+\*?)\}.+?\\end\{\1\}",
    re.DOTALL,
)
_TYPESET = {"math", "latex", "tex", "amsmath", "katex", "mathjax", "asciimath", "mathml", "equation"}
_RELATION_FIRST, _RELATION_LAST = re.compile(r":?=(?!=)|[≤≥≈]"), re.compile(r"(?<![=!])=$|[≤≥≈]$")
_DEFINES = re.compile(r"\\(?:(?:re|provide)?newcommand|providecommand|DeclareMathOperator|def)(?![A-Za-z])")
_MATHML = re.compile(r"<math\b", re.I)
_SAID_BY_TAG = re.compile(r"(?:alt|title|aria-label)\s*=\s*(['\"])(.*?)\1", re.I | re.S)
_RAW_HTML = "an equation in raw HTML is not read; write it in Markdown"
TOLD = "told by cells"
# What stands in these is shown as it is, or is no prose.
LITERAL = {
    *("code", "code-block", "code-cell", "sourcecode", "literalinclude", "parsed-literal", "highlight", "mermaid"),
    "blanks",  # a derivation to be filled in: lrcore.checker.blanks proves it
    *("raw", "toctree", "doctest", "testcode", "prompt", "csv-table", "bibliography", "autofunction", "automodule"),
}


Reader = Callable[[str, Path, tuple[Path, ...]], list[Item]]


def items(text: str, files: tuple[Path, ...], read: Reader, headings: Sequence[str] = HEADINGS) -> Iterator[Item]:
    """The equations, symbols, scopes and unread places of a page, which is the last of these files; each of them is
    included by the one before, and ``read`` reads what this one includes.
    """
    return _Page(text.split("\n"), files, read, headings).items(_tokens(text))


def _tokens(text: str) -> list[Token]:
    return _parser().parse(text + "\n", {})  # a rule of MyST looks one character beyond a last line without its end


@cache
def _parser() -> MarkdownIt:
    """The parser with what MyST adds to it, and two rules more for what MyST takes for plain text."""
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.amsmath import amsmath_plugin
        from mdit_py_plugins.attrs import attrs_block_plugin
        from mdit_py_plugins.colon_fence import colon_fence_plugin
        from mdit_py_plugins.deflist import deflist_plugin
        from mdit_py_plugins.dollarmath import dollarmath_plugin
        from mdit_py_plugins.dollarmath.index import math_inline_dollar
        from mdit_py_plugins.footnote import footnote_plugin
        from mdit_py_plugins.front_matter import front_matter_plugin
        from mdit_py_plugins.myst_blocks import myst_block_plugin
        from mdit_py_plugins.myst_role import myst_role_plugin
        from mdit_py_plugins.myst_role.index import myst_role
    except ImportError as missing:
        raise NoReader(
            f"Markdown pages are read with markdown-it-py and mdit-py-plugins, and {missing.name} is not installed: "
            "`pip install markdown-it-py mdit-py-plugins`."
        ) from None
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, footnote_plugin, amsmath_plugin):
        parser.use(plugin)
    for plugin in (colon_fence_plugin, deflist_plugin, attrs_block_plugin):
        parser.use(plugin)
    parser.disable(["footnote_inline", "footnote_tail"])
    parser.inline.ruler.at("math_inline", _placed(math_inline_dollar(allow_double=True)))
    parser.inline.ruler.at("myst_role", _placed(myst_role))
    parser.inline.ruler.before("math_inline", "code_of_tex", _placed(_tex_in_text))
    parser.inline.ruler.after("math_inline", "unclosed", _placed(_unclosed))
    return parser


_Rule = Callable[["StateInline", bool], bool]


def _placed(rule: _Rule) -> _Rule:
    """The rule, noting in its token on which line of the paragraph it begins."""

    def placed(state: StateInline, silent: bool) -> bool:
        start = state.pos
        found = rule(state, silent)
        if found and not silent:
            state.tokens[-1].meta["lines_down"] = state.src.count("\n", 0, start)
        return found

    return placed


def _unclosed(state: StateInline, silent: bool) -> bool:
    """Two dollars that no rule took."""
    if not state.src.startswith("$$", state.pos):
        return False
    return _unread(state, silent, 2, "`$$` opens an equation here that does not end in this paragraph")


def _tex_in_text(state: StateInline, silent: bool) -> bool:
    r"""An equation between ``\[`` and ``\]`` or ``\(`` and ``\)``, or an environment in the middle of prose."""
    source, at = state.src, state.pos
    for opening, closing, dollars in ((r"\[", r"\]", "$$"), (r"\(", r"\)", "$")):
        if source.startswith(opening, at) and is_relation(source[at + 2 :].partition(closing)[0]):
            return _unread(state, silent, 2, f"`{opening}` is a bracket in Markdown; write `{dollars}`")
    begin = _BEGIN.match(source, at)
    if not begin:
        return False
    end = source.find(rf"\end{{{begin[1]}}}", at)
    why = f"the environment {begin[1]} is no equation in Markdown; write `$$`"
    return _unread(state, silent, (end if end > 0 else begin.end()) - at, why)


def _unread(state: StateInline, silent: bool, length: int, why: str) -> bool:
    if not silent:
        state.push("unread", "", 0).content = why
    state.pos += length
    return True


@dataclass
class _Page:
    """One walk over the tokens of a page, or of the inside of a directive that begins ``above`` lines further down."""

    lines: list[str]
    files: tuple[Path, ...]
    read: Reader
    headings: Sequence[str] = HEADINGS
    above: int = 0
    marks: dict[int, str] = field(default_factory=dict)  # line below a comment -> what the comment says

    def items(self, tokens: list[Token]) -> Iterator[Item]:
        table = None
        for token in tokens:
            if token.type == "table_open":
                table = _Table()
            elif token.type == "table_close" and table:
                yield from table.symbols(self.headings)
                table = None
            elif table:
                yield from table.add(token, self.above)
            else:
                yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Item]:
        line = self.above + 1 + (token.map[0] if token.map else 0)
        if token.type == "front_matter":
            yield from front_matter.declared(token.content, line + 1)
        elif token.type == "heading_open":
            yield scope_end(line)
        elif token.type in ("math_block", "math_block_label", "amsmath"):
            yield self._equation(token.content, line, token.info or None)
        elif token.type == "html_block":
            yield from self._comment(token, line)
            yield from _in_html(token.content, line)
        elif token.type in ("fence", "colon_fence"):
            yield from self._fence(token, line)
        elif token.type == "inline":
            yield from self._running(token.children or [], line)

    def _equation(self, latex: str, line: int, label: str | None) -> Equation:
        """``line`` is where its first sign stands, which may be a dollar."""
        in_tex = LABEL_IN_TEX.search(latex)
        down = latex[: len(latex) - len(latex.lstrip())].count("\n")
        mark = self.marks.get(line)
        return Equation(latex.strip(), line + down, label or (in_tex and in_tex[1]) or None, mark)

    def _comment(self, token: Token, line: int) -> Iterator[Item]:
        for said in MARK.findall(token.content):
            self.marks[self.above + 1 + (token.map or [0, 0])[1]] = said
            if said.startswith(TOLD):
                yield Told(said.removeprefix(TOLD).strip(), line)
            yield from scopes_said(said, line)

    # ------------------------------------------------------------------ running text

    def _running(self, children: list[Token], line: int) -> Iterator[Item]:
        for before, token, after in zip([None, *children], children, [*children[1:], None]):
            at = line + token.meta.get("lines_down", 0)
            if token.type == "unread":
                yield Unread(token.content, at)
            elif token.type == "math_inline_double":
                label = _LABEL_AFTER.match(after.content) if after and after.type == "text" else None
                yield self._equation(token.content, at, label and label[1])
            elif token.type == "text" and _joins(before, token.content, after):
                yield Unread("an equation stands half outside of its dollars; put all of it between them", at)
            elif token.type == "text" and is_bare(token.content) and not any(one.type == "unread" for one in children):
                why = "an equation stands in the text without dollars; put it between them"
                down = 0 if "lines_down" in token.meta else _breaks_before(token, children)
                yield Unread(why, at + down, bare=True)
            elif token.type == "code_inline" and _in_dollars(before, after) and is_relation(token.content):
                yield Unread("an equation between dollars and backticks is code in MyST; write `$`", at, bare=True)
            elif token.type == "html_inline" and _MATHML.match(token.content):
                yield Unread(_RAW_HTML, at)
            elif token.type == "image" and _told(token):
                yield Unread("an equation stands in the words of an image; write it beside it", at)
            elif token.type in ("link_open", "html_inline") and is_bare(_hidden(token)):
                yield Unread("an equation stands in the words of a link or an image; write it beside it", at)
            elif _is_formula(token) and _DEFINES.search(token.content):
                yield Macros(token.content, at)
            elif _is_formula(token) and is_shown(token.content):
                yield Equation(token.content, at, None, self._mark_of_paragraph(at), inline=True)

    def _mark_of_paragraph(self, line: int) -> str | None:
        """What the comment in front of these lines says of running text; an empty line ends its say."""
        at = line
        while at not in self.marks and at > self.above + 1 and self.lines[at - self.above - 2].strip(" \t>"):
            at -= 1
        return of_running_text(self.marks.get(at, ""))

    # ------------------------------------------------------------------ directives

    def _fence(self, token: Token, line: int) -> Iterator[Item]:
        directive = _DIRECTIVE.match(token.info.strip())
        if not directive:
            kind = token.info.strip().split(" ")[0].lower()
            if kind == "math" or (kind in _TYPESET and is_bare(token.content)):
                why = f"a fence with `{kind}` is code in MyST; write `{{math}}`"
                yield Unread(why, line, bare=kind != "math", until=line + token.content.count("\n"))
            return
        name, argument = directive[1], directive[2]
        if name == "math":
            yield self._math(argument, token.content.split("\n"), line)
        elif name == "include":
            yield from self._include(argument, token.content, line)
        elif name in LITERAL and argument.strip().lower() in _TYPESET and is_bare(token.content):
            why = f"what `{name}` shows as {argument.strip()} is code in MyST; write `{{math}}`"
            yield Unread(why, line, bare=True, until=line + token.content.count("\n"))
        elif name == "raw" and is_bare(re.sub(r"<[^<>]*>", " ", token.content)):
            yield Unread(f"an equation in raw {argument or 'text'} is not read; write it in Markdown", line)
        elif name == "eval-rst":
            yield from (replace(one, line=one.line + line) for one in plain_text.restructured(token.content))
        elif name not in LITERAL:
            yield from self._inside(argument, line - 1)
            yield from self._inside(token.content, line)

    def _inside(self, text: str, above: int) -> Iterator[Item]:
        """A directive such as ``{note}`` holds prose again, equations among it."""
        return _Page(text.split("\n"), self.files, self.read, self.headings, above).items(_tokens(text))

    def _math(self, argument: str, body: list[str], line: int) -> Equation:
        label, skip = None, 0
        for skip, given in enumerate([*body, ""]):  # noqa: B007
            option = _OPTION.match(given)
            if not option:
                break
            label = option[2].strip() if option[1] in ("label", "name") else label
        rest = "\n".join(body[skip:])
        first = line if argument or not rest.strip() else line + 1 + skip
        one = self._equation(f"{argument}\n{rest}" if argument else rest.rstrip(), first, label)
        return replace(one, mark=self.marks.get(line))

    def _include(self, name: str, options: str, line: int) -> Iterator[Item]:
        """What stands in an included file, with its lines there."""
        if ":literal:" in options or ":code:" in options:
            return
        path = (self.files[-1].parent / name).resolve() if self.files else None
        if not path or options.strip() or path in self.files or not path.is_file():
            why = "takes a part of it" if options.strip() else "can't find it or is reading it already"
            yield Unread(f"{name} is included, and the checker {why}", line, shown=True)
            return
        for one in self.read(path.read_text(encoding="utf-8"), path, self.files):
            yield replace(one, file=one.file or name)


def _in_html(html: str, line: int) -> Iterator[Unread]:
    """Equations in raw HTML, which Markdown hands on as they stand."""
    bare = re.sub(r"<!--.*?-->", lambda match: re.sub(r"[^\n]", " ", match[0]), html, flags=re.DOTALL)
    for found in _IN_HTML.finditer(bare):
        if is_relation(found[0]):
            yield Unread(_RAW_HTML, line + bare.count("\n", 0, found.start()))
    for found in _SAID_BY_TAG.finditer(bare):
        if is_bare(found[2]):
            yield Unread(_RAW_HTML, line + bare.count("\n", 0, found.start()))
    for found in _MATHML.finditer(bare):
        yield Unread(_RAW_HTML, line + bare.count("\n", 0, found.start()))


def _in_dollars(before: Token | None, after: Token | None) -> bool:
    """Whether the text on both sides of a piece has a dollar right beside it."""
    if before is None or after is None or before.type != "text" or after.type != "text":
        return False
    return before.content.endswith("$") and after.content.startswith("$")


def _breaks_before(token: Token, children: list[Token]) -> int:
    """How many lines of its paragraph end before a piece of text."""
    place = next(k for k, one in enumerate(children) if one is token)
    return sum(one.type in ("softbreak", "hardbreak") for one in children[:place])


def _joins(before: Token | None, text: str, after: Token | None) -> bool:
    """Whether a relation in the text between two pieces has a formula on one side, and something on the other."""
    opens, closes = (one is not None and _is_formula(one) for one in (before, after))
    first, last = _RELATION_FIRST.match(text.strip()), _RELATION_LAST.search(text.strip())
    alone = first is not None and first[0] == text.strip()
    if alone:
        return opens and closes
    return (opens and first is not None) or (closes and last is not None)


def _told(image: Token) -> bool:
    """Whether the words of an image hold an equation."""
    children = image.children or []
    formulas = any(_is_formula(one) and is_relation(one.content) for one in children)
    return formulas or any(one.type in ("text", "math_inline_double") and is_bare(one.content) for one in children)


def _hidden(token: Token) -> str:
    """What a link or a tag says where a pointer rests on it, or to who can't see it."""
    if token.type == "link_open":
        return str(token.attrs.get("title", ""))
    return " ".join(said for _, said in _SAID_BY_TAG.findall(token.content))


def _is_formula(token: Token) -> bool:
    return token.type == "math_inline" or (token.type == "myst_role" and token.meta["name"] == "math")


@dataclass
class _Table:
    """The cells of a table, gathered as its tokens pass."""

    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)

    def add(self, token: Token, above: int) -> Iterator[Equation | Unread]:
        """Takes a token; the equations of a cell are equations in running text."""
        if token.type == "tr_open":
            self.rows.append((above + 1 + (token.map or [0])[0], []))
        elif token.type == "inline":
            line, cells = self.rows[-1]
            formulas = [one.content for one in token.children or [] if _is_formula(one)]
            cells.append((token.content, formulas))
            for one in token.children or []:
                if one.type == "unread":
                    yield Unread(one.content, line)
                elif one.type == "math_inline_double":
                    yield Equation(one.content.strip(), line)
            yield from (Equation(one, line, inline=True) for one in formulas if is_shown(one))
            if any(one.type == "image" and _told(one) for one in token.children or []):
                yield Unread("an equation stands in the words of an image; write it beside it", line)

    def symbols(self, headings: Sequence[str]) -> Iterator[Symbol]:
        (_, header), *rows = self.rows
        return table_symbols(header, rows, headings)
