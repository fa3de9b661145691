r"""What can stand on a page: equations, with their labels and lines, symbols, and places that nobody could read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DEFINITION = re.compile(r":=|\\coloneqq(?![A-Za-z])|\\triangleq(?![A-Za-z])|\\vcentcolon\s*=")
LABEL_IN_TEX = re.compile(r"\\label\s*\{([^}]*)\}")
MARK = re.compile(r"<!--\s*verify:\s*(.*?)\s*-->", re.DOTALL)


def mark_in(text: str) -> str | None:
    """What a comment says of the equation below it; None where it is another comment."""
    found = MARK.search(text)
    return found[1] if found else None


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
    """From this line to the next heading these symbols and definitions hold as well, and the equations that are
    ``given``; none where a scope ends. Those of a ``whole`` page hold to its end.
    """

    line: int
    symbols: tuple[Symbol, ...] = ()
    definitions: tuple[str, ...] = ()
    file: str = ""
    whole: bool = False
    given: tuple[str, ...] = ()

    @property
    def is_end(self) -> bool:
        return not (self.symbols or self.definitions or self.given)


@dataclass(frozen=True)
class Unread:
    """Something that looks like an equation and was not read, with a sentence that says why.

    ``shown`` says that Sphinx shows it as an equation, where whoever builds the page meets it again; where it is
    ``bare`` it stands in the text without delimiters, up to the line ``until``, as in a text that is pasted. What
    ``declares`` symbols and is not understood is a mistake of the page.
    """

    why: str
    line: int
    file: str = ""
    shown: bool = False
    bare: bool = False
    until: int = 0
    declares: bool = False


@dataclass(frozen=True)
class Told:
    """The author says that cells of the page print formulas with their verdicts, so that these need no mark."""

    why: str
    line: int
    file: str = ""


@dataclass(frozen=True)
class Macros:
    r"""A text of the page that defines macros by ``\newcommand``; what they mean holds on all of it."""

    text: str
    line: int
    file: str = ""


Item = Equation | Symbol | Scope | Unread | Told | Macros


class NoReader(Exception):
    """A package that reads pages is not installed; the sentence names it."""


Cell = tuple[str, list[str]]
HEADINGS = ("symbol", "shape", "meaning")  # of a table that declares; the last may be missing


def table_symbols(
    header: list[Cell], rows: list[tuple[int, list[Cell]]], headings: Sequence[str] = HEADINGS
) -> Iterator[Symbol]:
    """The symbols of a table, each cell given as its text and its formulas; none where it is no symbol table."""
    names = [text.lower().strip("* ") for text, _ in header]
    symbol, shape, *more = headings
    if symbol not in names or shape not in names:
        return
    meaning = next((names.index(one) for one in more if one in names), None)
    for line, cells in rows:
        said = cells[meaning][0] if meaning is not None else ""
        yield from _symbols(cells[names.index(symbol)], cells[names.index(shape)], said, line)


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
