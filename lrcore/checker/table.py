"""What a derivation rests on, as the page keeps it: a text, a table of symbols, a layout. And the context it gives.

Everything comes from a reader, perhaps by a link from somebody else: it is bounded here, and read as text alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from lrcore.verify import LAYOUTS, Context, Problem, says_symmetric, shape_of
from lrcore.verify import macros as written

LONGEST, MOST_ROWS, LONGEST_CELL, MOST_STRUCK = 20_000, 60, 2_000, 60


@dataclass(frozen=True)
class Row:
    """One symbol: its name, its shape as written, what it means, and what it is short for, if it is."""

    name: str
    shape: str = ""
    meaning: str = ""
    definition: str = ""
    guessed: bool = False

    def to_list(self) -> list[str]:
        return [self.name, self.shape, self.meaning, self.definition]


@dataclass(frozen=True)
class State:
    """A whole derivation with what it rests on, ``without`` the hypotheses that the reader has struck out."""

    text: str = ""
    rows: tuple[Row, ...] = ()
    layout: str = "gradient"
    given: tuple[str, str] | None = None
    without: tuple[str, ...] = ()


class Refused(ValueError):
    """The state is not one that the page makes; the message says why."""


def read_state(given: object) -> State:
    """A state from what JSON gives, or a sentence about what is wrong with it."""
    if not isinstance(given, Mapping):
        raise Refused("A derivation is kept as an object with a text and a table, and this is neither.")
    text, rows = given.get("text", ""), given.get("rows", [])
    if not isinstance(text, str) or not isinstance(rows, list):
        raise Refused("The text has to be a string and the table a list of rows.")
    if len(text) > LONGEST:
        raise Refused(f"The text has {len(text)} characters, and up to {LONGEST} are read: check it in parts.")
    if len(rows) > MOST_ROWS:
        raise Refused(f"The table has {len(rows)} rows, and up to {MOST_ROWS} are read: leave out what is not used.")
    layout = given.get("layout", "gradient")
    if layout not in LAYOUTS:
        raise Refused(f"The layout is one of {', '.join(LAYOUTS)}.")
    return State(text, tuple(_row(one) for one in rows), layout, without=_struck(given.get("without", [])))


def _struck(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Refused("What is struck out has to be a list of strings.")
    if len(given) > MOST_STRUCK or any(len(one) > LONGEST_CELL for one in given):
        raise Refused(f"Up to {MOST_STRUCK} hypotheses of {LONGEST_CELL} characters can be struck out.")
    return tuple(given)


def _row(given: object) -> Row:
    if not isinstance(given, list) or not 1 <= len(given) <= 4 or not all(isinstance(cell, str) for cell in given):
        raise Refused("A row of the table is a list of strings: symbol, shape, meaning, definition.")
    if any(len(cell) > LONGEST_CELL for cell in given):
        raise Refused(f"A cell of the table has more than {LONGEST_CELL} characters.")
    return Row(*(cell.strip() for cell in given))


def context_of(
    rows: tuple[Row, ...],
    layout: str = "gradient",
    base: Context | None = None,
    macros: written.Macros | None = None,
) -> tuple[Context, dict[int, str]]:
    """The context that a table gives, added to ``base``, and a sentence for each row that is not understood."""
    context, problems = Context(layout=layout) if base is None else base.copy(), {}
    context.macros = written.over(macros or {}, context.macros)
    sizes = {word for row in rows for one in shape_of(row.shape) or () for word in re.findall(r"[^\W\d]\w*", str(one))}
    for place, row in sorted(enumerate(rows), key=lambda one: _has_font(one[1].name)):
        said = _attempt(lambda row=row: declare(context, row, sizes), row)
        if said:
            problems[place] = said
    for place, row in enumerate(rows):
        if row.definition and place not in problems:
            said = _attempt(lambda row=row: _define(context, row), row)
            if said:
                problems[place] = said
                _forget(context, row.name)
    return context, problems


def _define(context: Context, row: Row) -> None:
    if re.search(r"(?<!\\)%", row.definition):
        raise ValueError("what stands behind % would be a comment; take it out, or write the sign that is meant.")
    context.define(row.name, row.definition)


def _has_font(name: str) -> bool:
    """Names in plain letters are declared first, so that a bold letter beside its plain one is another name."""
    return bool(re.match(r"\\(?:mathbf|boldsymbol|bm|bf|mathcal|mathbb|mathfrak)(?![A-Za-z])", name.lstrip("{ ")))


def _forget(context: Context, name: str) -> None:
    """A name without a shape and without a definition that was understood is no symbol."""
    symbol = context.lookup(context.key(name))
    if symbol is not None and symbol.shape is None:
        del context.symbols[symbol.key]


def _attempt(act: Any, row: Row) -> str:
    try:
        act()
    except (Problem, ValueError, RecursionError) as problem:
        what = f"The row of {row.name}" if row.name else "A row without a symbol"
        return f"{what} is not understood: {problem}"
    return ""


def declare(context: Context, row: Row, sizes: set[str]) -> None:
    """One row, without its definition, into a context; ``sizes`` are the letters that shapes are made of."""
    if not row.name:
        if not any((row.shape, row.meaning, row.definition)):
            return
        raise ValueError("write a symbol, as LaTeX or as a plain name.")
    shape = shape_of(row.shape)
    if row.definition and not row.shape:
        before = set(context.symbols)
        if context.reserve(row.name, row.definition) in before:
            raise ValueError("this symbol stands in the table twice; take one row out.")
        return
    key = context.key(row.name)
    if key in context.symbols:
        raise ValueError("this symbol stands in the table twice; take one row out.")
    if shape is None or (shape == () and key in sizes):
        context.sizes.add(key)
        return
    if not is_shape(row.shape):
        raise ValueError(f"the shape {row.shape!r} is none; write N x M, N for a column, 1 x D for a row, or scalar.")
    for one in shape:
        context.sizes |= set(re.findall(r"[^\W\d]\w*", str(one)))
    context.declare(row.name, shape)
    if says_symmetric(row.meaning):
        context.symbols[key] = replace(context.symbols[key], symmetric=True)


def is_shape(written: str) -> bool:
    """Whether it gives at most two sizes, each a number, a name, or a sum of these."""
    right = re.compile(r"(\d+|[^\W\d]\w*)([+-]?(\d+|[^\W\d]\w*))*")
    words, shape = written.split(), shape_of(written) or ()
    apart = any(one.isalnum() and two.isalnum() and "x" not in (one, two) for one, two in pairwise(words))
    return not apart and len(shape) <= 2 and all(right.fullmatch(str(one)) for one in shape)
