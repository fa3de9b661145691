r"""What the prose around a formula takes for granted: equations after words such as *where* and *since*, and matrices
that it calls symmetric.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lrcore.verify import Passage

from .table import Row

Span = tuple[int, int]
_NEAR = 60
_REST = (
    r"(?:\s+(?:that|the|we|have|by|so|each|all|every|columns?|rows?|weights?|data|condition|constraint|are|is|and))*"
    r"[\s,:(]*(?:\$\$?|\\\(|\\\[)?\s*$"
)
_SUPPOSED = re.compile(
    r"\b(?:assum\w+|suppos\w+|let|given|if|provided|when|subject to|such that|s\.\s?t\.|constraint|hypothesis"
    rf"|orthonormal|normali[sz]ed|cent(?:ered|red)){_REST}",
    re.I,
)
_STATED = re.compile(rf"\b(?:where|since|because|as|with|under){_REST}", re.I)
_SIMPLE = re.compile(
    r"\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\^\{?(?:\\top|T|2)\}?)?|\\math\w+\s*\{?[A-Za-z01]\}?(?:_\{?\w+\}?)?"
    r"|\d+(?:_\{?\w+\}?)?"
)
_DOLLAR = r"(?:\$|\\\(|\\\))?\s*"
_NAME = rf"{_DOLLAR}(?:\\(?:mathbf|boldsymbol|bm|mathrm)\s*\{{?\s*)?(\\?[A-Za-z]+)\s*\}}?\s*{_DOLLAR}"
_SYMMETRIC = re.compile(
    rf"{_NAME}(?:is|being)\s+(?:a\s+|also\s+|an\s+)?(?:real\s+)?symmetric|symmetric\s+(?:\w+\s+){{0,2}}{_NAME}"
)
_DENIED = re.compile(r"\b(?:not|n['’]t|need not|any|no|non)\b[^.]*$", re.I)


def assumed(text: str, pieces: Iterable[Passage]) -> tuple[Span, ...]:
    """The formulas before which the prose says that they are given. *Since* and *where* state facts as well, so that
    after them a formula counts as given only where one of its sides is no more than a name or a constant.
    """
    found = []
    for one in pieces:
        before = text[max(one.start - _NEAR, 0) : one.start]
        sides = [side.strip(" $.,;&\n") for side in text[one.start : one.end].split("=")]
        if _SUPPOSED.search(before) or (_STATED.search(before) and any(map(_SIMPLE.fullmatch, sides))):
            found.append((one.start, one.end))
    return tuple(found)


def with_symmetry(text: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """The guesses, with the matrices that the text calls symmetric so."""
    found = dict(rows)
    for word in re.finditer("symmetric", text):
        begin = max(word.start() - _NEAR, 0)
        for match in _SYMMETRIC.finditer(text[: word.end() + _NEAR], begin):
            key = (match[1] or match[2]).lstrip("\\")
            row = found.get(key)
            before = text[max(match.start() - _NEAR, 0) : match.start()]
            if row is not None and _is_square(row.shape) and not _DENIED.search(before):
                found[key] = replace(row, meaning="symmetric")
    return found


def _is_square(shape: str) -> bool:
    rows, _, cols = shape.partition(" x ")
    return bool(cols) and rows == cols
