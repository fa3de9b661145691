r"""What a page shows: its equations, with their labels and lines, its symbols, and what nobody could read.

A page is MyST Markdown (:mod:`lrcore.verify.markdown`), TeX or reStructuredText (:mod:`lrcore.verify.plain_text`).
Nothing is judged here; :mod:`lrcore.verify.check` decides what the equations found here are worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_DERIVATIVE = re.compile(
    r"\\partial(?![A-Za-z])|\\nabla(?![A-Za-z])"
    r"|\\[dtc]?frac\s*\{\s*(?:\\mathrm\s*\{?\s*d\s*\}?|d)(?:\s*\^\s*\{?\d\}?)?(?![a-z])[^}]*\}?"
    r"|(?<![A-Za-z\\_^{])d\s*\\?[A-Z({\\]|\\mathrm\s*\{\s*d\s*\}|(?<![A-Za-z\\_^{])d[a-z](?![a-z])"
)
_DEFINITION = re.compile(r":=|\\coloneqq(?![A-Za-z])|\\triangleq(?![A-Za-z])|\\vcentcolon\s*=")
LABEL_IN_TEX = re.compile(r"\\label\s*\{([^}]*)\}")
MARK = re.compile(r"<!--\s*verify:\s*(.*?)\s*-->", re.DOTALL)


@dataclass(frozen=True)
class Equation:
    """One equation of a page, as it stands there, on a line of its own or in running text (``inline``).

    ``line`` is the line (from 1) on which its LaTeX begins, in the page or in the ``file`` that the page includes.
    ``mark`` is the text of a ``<!-- verify: ... -->`` comment on the line above, or None; it says what kind of
    equation this is where that cannot be seen.
    """

    latex: str
    line: int
    label: str | None = None
    mark: str | None = None
    inline: bool = False
    file: str = ""

    @property
    def has_derivative(self) -> bool:
        r"""Whether a \partial, a \nabla, a d/dx or a differential stands in it."""
        return bool(_DERIVATIVE.search(self.latex))

    @property
    def is_definition(self) -> bool:
        r"""Whether ``:=``, ``\coloneqq`` or ``\triangleq`` stands in it."""
        return bool(_DEFINITION.search(self.latex))


@dataclass(frozen=True)
class Symbol:
    """One row of a symbol table: the name as LaTeX, its shape as written, what it means, and the line it is on."""

    name: str
    shape: str
    meaning: str
    line: int = 0
    file: str = ""


@dataclass(frozen=True)
class Scope:
    """From this line to the next heading these symbols and definitions hold as well; none where a scope ends."""

    line: int
    symbols: tuple[Symbol, ...] = ()
    definitions: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Unread:
    """Something that looks like an equation and was not read, with a sentence that says why.

    ``shown`` says that Sphinx shows it as an equation, where whoever builds the page meets it again.
    """

    why: str
    line: int
    file: str = ""
    shown: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """Why equations that a page shows, and that are written elsewhere, as in docstrings, are not checked."""

    why: str
    line: int
    file: str = ""


Item = Equation | Symbol | Scope | Unread | Elsewhere


class NoReader(Exception):
    """A package that reads pages is not installed; the sentence names it."""


def items(text: str, file: Path | None = None, within: tuple[Path, ...] = ()) -> list[Item]:
    """Everything of a page that a check looks at, in reading order.

    ``file`` is where the text comes from: its ending tells the language, and what it includes lies beside it. It is
    itself included by the files ``within``.
    """
    from . import markdown, plain_text

    language = file.suffix if file else ""
    if language == ".tex" or (not language and r"\begin{document}" in text):
        return list(plain_text.tex(text))
    if language == ".rst":
        return list(plain_text.restructured(text))
    if language == ".ipynb":
        return [Unread("notebooks are not read; pair it with a Markdown page", 1, shown=True)]
    return list(markdown.items(text, (*within, file.resolve()) if file else ()))


def equations(text: str) -> list[Equation]:
    """All display equations of a page, in reading order."""
    return [one for one in items(text) if isinstance(one, Equation) and not one.inline]


def symbol_table(text: str) -> list[Symbol]:
    """The rows of every ``| Symbol | Shape | Meaning |`` table of a page; several names in one cell give several
    rows.
    """
    return [one for one in items(text) if isinstance(one, Symbol)]


Cell = tuple[str, list[str]]


def table_symbols(header: list[Cell], rows: list[tuple[int, list[Cell]]]) -> Iterator[Symbol]:
    """The symbols of a table, each cell given as its text and its formulas; none where it is no symbol table."""
    names = [text.lower().strip("* ") for text, _ in header]
    if "symbol" not in names or "shape" not in names:
        return
    meaning = names.index("meaning") if "meaning" in names else None
    for line, cells in rows:
        said = cells[meaning][0] if meaning is not None else ""
        yield from _symbols(cells[names.index("symbol")], cells[names.index("shape")], said, line)


def _symbols(symbol: Cell, shape: Cell, said: str, line: int) -> Iterator[Symbol]:
    shapes = shape[1]
    shape_text = shapes[0] if len(shapes) == 1 else shape[0].replace("$", "")
    names = [name.strip() for group in symbol[1] or [symbol[0].strip("`")] for name in _split_names(group)]
    each = shapes if len(shapes) == len(names) > 1 else [shape_text] * len(names)
    return (Symbol(name, one.strip(), said, line) for name, one in zip(names, each) if name)


def _split_names(group: str) -> list[str]:
    r"""``N, M, D`` is three names; ``x_{i,j}`` is one."""
    depth, start, names = 0, 0, []
    for place, char in enumerate(group):
        depth += (char in "{([") - (char in "})]")
        if char == "," and depth == 0:
            names.append(group[start:place])
            start = place + 1
    return [*names, group[start:]]
