r"""A page, read: its equations, with their labels and lines, its symbols, and what nobody could read.

A page is MyST Markdown (see ``markdown.py``), TeX or reStructuredText (see ``plain_text.py``).
Nothing is judged here; :mod:`lrcore.verify.decide.pipeline` decides what the equations found here are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from lrcore.verify.page import markdown, plain_text
from lrcore.verify.page.shown import HEADINGS, Equation, Item, Symbol, Unread


def items(
    text: str, file: Path | None = None, within: tuple[Path, ...] = (), headings: Sequence[str] = HEADINGS
) -> list[Item]:
    """Everything of a page that a check looks at, in reading order.

    ``file`` is where the text comes from: its ending tells the language, and what it includes lies beside it. It is
    itself included by the files ``within``. ``headings`` are those of a table that declares symbols.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    language = file.suffix if file else ""
    if language == ".tex" or (not language and r"\begin{document}" in text):
        return plain_text.tex(text)
    if language == ".rst":
        return list(plain_text.restructured(text))
    if language == ".ipynb":
        return [Unread("notebooks are not read; pair it with a Markdown page", 1, shown=True)]
    read = partial(items, headings=headings)
    return list(markdown.items(text, (*within, file.resolve()) if file else (), read, headings))


def equations(text: str) -> list[Equation]:
    """All display equations of a page, in reading order."""
    return [one for one in items(text) if isinstance(one, Equation) and not one.inline]


def symbol_table(text: str, headings: Sequence[str] = HEADINGS) -> list[Symbol]:
    """The rows of every ``| Symbol | Shape | Meaning |`` table of a page, or of those with other ``headings``; several
    names in one cell give several rows.
    """
    return [one for one in items(text, headings=headings) if isinstance(one, Symbol)]
