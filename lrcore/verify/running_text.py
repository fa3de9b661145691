r"""Equations in running text, between single dollars, and what comments on a page say about them::

    <!-- verify: with $S$ : M x M, symmetric; $L := w^\top S w$ -->   declares and defines, up to the next heading
    <!-- verify: inline wrong REFUTED -->     in the next paragraph an equation is wrong on purpose
    <!-- verify: inline condition -->         in the next paragraph an equation holds for some values alone

A *setting* such as ``N = 3`` or ``x = (2, 3)`` gives a value and claims nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .page import MARK, Equation, Symbol

_INLINE = re.compile(r"(?<![\\$`])\$(?!\$)([^$\n]+?)(?<!\\)\$(?!\$)")
_RELATION = re.compile(r"(?<![<>!:\\])=|:=|\\coloneqq|\\le\b|\\ge\b|\\leq\b|\\geq\b")
_SIDES = re.compile(r"(?<![<>!:\\])=|\\leq?\b|\\geq?\b")
_SCRIPT = re.compile(r"[_^]\s*\{[^{}]*\}")
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.M | re.S)
_NUMBER = r"-?\s*[\d.]+(?:\{,\}\d+)*(?:\s*\\times\s*10\^\{?-?\d+\}?)?"
_VALUE = re.compile(rf"\(?\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\)?")
_LETTER = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_\w|_\{\w+\})?(?:\^\*)?")
_INDEX = re.compile(r"[i-mpq]")


@dataclass(frozen=True)
class Scope:
    """From this line to the next heading these symbols and definitions hold as well; none where a scope ends."""

    symbols: tuple[Symbol, ...] = ()
    definitions: tuple[str, ...] = ()


def inline_equations(text: str) -> list[Equation]:
    """The equations in running text, each with the mark of its paragraph."""
    found: list[Equation] = []
    mark = None
    for number, line in enumerate(_prose(text).splitlines(), 1):
        said = MARK.search(line)
        if said and said[1].startswith("inline "):
            mark = said[1].removeprefix("inline ").strip()
        elif not line.strip():
            mark = None
        elif not line.lstrip().startswith(("|", "<!--")):
            found += [Equation(one, number, None, mark) for one in _INLINE.findall(line) if is_relation(one)]
    return found


def _prose(text: str) -> str:
    """The page without code and display equations, line for line."""
    bare = _FENCED.sub(lambda match: "\n" * match[0].count("\n"), text)
    bare = re.sub(r"\$\$.*?\$\$", lambda match: "\n" * match[0].count("\n"), bare, flags=re.S)
    return re.sub(r"`[^`\n]*`", "", bare)


def is_relation(latex: str) -> bool:
    """Whether a relation stands in it outside of scripts, with something on both sides."""
    bare = _SCRIPT.sub("", latex)
    return bool(_RELATION.search(bare)) and all(side.strip() for side in _RELATION.split(bare))


def is_setting(latex: str) -> bool:
    """Whether it gives a name a value, or two indices one: nothing is claimed."""
    sides = [side.strip() for side in _SIDES.split(latex)]
    if len(sides) != 2:
        return False
    if all(map(_INDEX.fullmatch, sides)):
        return True
    return bool(_LETTER.fullmatch(sides[0]) and _VALUE.fullmatch(sides[1]))


def scopes(text: str) -> list[tuple[int, Scope]]:
    """Where local symbols begin and, at the next heading, end."""
    found: list[tuple[int, Scope]] = []
    for number, line in enumerate(_prose(text).splitlines(), 1):
        said = MARK.search(line)
        if said and said[1].startswith("with "):
            found += [(number, one) for one in (Scope(), _scope(said[1].removeprefix("with "), number))]
        elif line.startswith("#"):
            found.append((number, Scope()))
    return found


def _scope(said: str, line: int) -> Scope:
    symbols, definitions = [], []
    for part in said.split(";"):
        part = part.strip().replace("$", "")
        if ":=" in part or r"\coloneqq" in part:
            definitions.append(part)
        elif part:
            name, _, about = part.partition(":")
            shape, _, meaning = about.partition(",")
            symbols.append(Symbol(name.strip(), shape.strip(), meaning.strip(), line))
    return Scope(tuple(symbols), tuple(definitions))
