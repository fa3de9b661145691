r"""Equations in running text, between single dollars, and what comments on a page say about them::

    <!-- verify: with $S$ : M x M, symmetric; $L := w^\top S w$ -->   declares and defines, up to the next heading
    <!-- verify: with $U$ : M x M; given $U^\top U = I$ -->           and says what holds there
    <!-- verify: inline wrong REFUTED -->     in the next paragraph an equation is wrong on purpose
    <!-- verify: inline condition -->         in the next paragraph an equation holds for some values alone

A *setting* such as ``N = 3`` or ``x = (2, 3)`` gives a value and claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lrcore.verify.page.shown import Scope, Symbol

_RELATION = re.compile(r"(?<![<>!:\\])=|:=|\\coloneqq|\\triangleq|\\equiv\b|\\[lg]eq?(?:slant)?\b|[≤≥≡≜]")
_SIDES = re.compile(r"(?<![<>!:\\])=|\\leq?\b|\\geq?\b")
_SCRIPT = re.compile(r"[_^]\s*\{[^{}]*\}")
_NUMBER = r"-?\s*[\d.]+(?:\{,\}\d+)*(?:\s*\\times\s*10\^\{?-?\d+\}?)?"
_VALUE = re.compile(rf"\(?\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\)?")
_CONTRARY = dict.fromkeys(("<", "lt", "ll"), r"\ge ") | dict.fromkeys((">", "gt", "gg"), r"\le ")
_LETTER = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_\w|_\{\w+\})?(?:\^\*)?")
_STRICT = re.compile(r"\\(?:neq?|lt|gt|ll|gg)(?![A-Za-z])|≠|(?<![-<])[<](?![-<=/!])|(?<![->])[>](?![>=])")
_ANY = re.compile(rf"{_RELATION.pattern}|\\approx\b|≈|\\neq?(?![A-Za-z])|≠|(?<=\w )[<>](?= \w)")
_SETTING = re.compile(rf"(?<![\w\\^_}}])\w+\s*[=<>]\s*{_NUMBER}(?![\w^_\\({{]|\s*[*+/·-])")
_INDEX = re.compile(r"[i-mpq]")


def is_relation(latex: str) -> bool:
    """Whether a relation stands in it outside of scripts, with something on both sides."""
    bare = _SCRIPT.sub("", latex)
    return bool(_RELATION.search(bare)) and all(side.strip() for side in _RELATION.split(bare))


def is_strict(latex: str) -> bool:
    """Whether a strict order or an inequation stands in it, and no equation."""
    bare = _SCRIPT.sub("", latex)
    return bool(_STRICT.search(bare)) and not _RELATION.search(bare)


def is_shown(latex: str) -> bool:
    """Whether anything stands in it that is to be decided or listed: an equation, an order, an inequation."""
    return is_relation(latex) or is_strict(latex)


def contrary(latex: str) -> str:
    """The contrary of a strict order: where it holds always, the order never does."""
    return _STRICT.sub(lambda sign: _CONTRARY.get(sign[0].strip("\\"), "="), latex)


def is_bare(text: str) -> bool:
    """Whether text without delimiters holds a relation that claims something: ``N = 4`` and ``threads=2`` do not."""
    rest = _SETTING.sub(" ", text)
    return bool(_ANY.search(rest)) and all(re.search(r"\w", side) for side in _ANY.split(rest))


def is_setting(latex: str) -> bool:
    """Whether it gives a name a value, or two indices one: nothing is claimed."""
    sides = [side.strip() for side in _SIDES.split(latex)]
    if len(sides) != 2:
        return False
    if all(map(_INDEX.fullmatch, sides)):
        return True
    return bool(_LETTER.fullmatch(sides[0]) and _VALUE.fullmatch(sides[1]))


def scope_end(line: int) -> Scope:
    """Where local symbols end: at a heading, or where others begin."""
    return Scope(line)


def scopes_said(said: str, line: int) -> Iterator[Scope]:
    """What a comment brings for the lines below it, after what ends there, or for the whole page."""
    if said.startswith("with "):
        yield scope_end(line)
        yield scope(said.removeprefix("with "), line)
    if said.startswith("page with "):
        yield replace(scope(said.removeprefix("page with "), line), whole=True)


def of_running_text(said: str) -> str | None:
    """What a comment says of the running text below it."""
    return said.removeprefix("inline ").strip() if said.startswith("inline ") else None


def scope(said: str, line: int) -> Scope:
    """What a comment declares and defines for the lines below it."""
    symbols, definitions, given = [], [], []
    for part in said.split(";"):
        part = part.strip().replace("$", "")
        if part.startswith("given "):
            given.append(part.removeprefix("given ").strip())
        elif ":=" in part or r"\coloneqq" in part:
            definitions.append(part)
        elif part:
            name, _, about = part.partition(":")
            symbols.append(symbol_of(name, about, line))
    return Scope(line, tuple(symbols), tuple(definitions), given=tuple(given))


def symbol_of(name: str, about: str, line: int = 0) -> Symbol:
    """A symbol declared in a line, ``S`` with ``M x M, symmetric``; a shape may stand in brackets, ``(N, D)``."""
    shape, meaning = re.fullmatch(r"\s*((?:\([^()]*\)|[^,])*)\s*,?\s*(.*)", about, re.DOTALL).groups()  # type: ignore[union-attr]
    return Symbol(name.strip(), shape.strip(), meaning.strip(), line)
