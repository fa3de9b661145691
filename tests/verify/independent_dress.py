"""The marks that stand around a formula and are no part of it, as the judge sees them: blanked, so that places stay."""

from __future__ import annotations

import re
from typing import Any

from tests.verify.independent_tokens import OPERATIONS

_LETTER = re.compile(r"(?m)^[ \t]*\(?([A-Ha-h]|[ivx]+)[.)][ \t]+")
_STEP = re.compile(r"(?mi)^[ \t]*(?:step|line) ?\d+[:.),](?!\d)")
_NUMBER = re.compile(r"(?m)^[ \t]*\(\d+\)[ \t]*(?=\\begin\{)")
_BOLD = re.compile(r"(?<!\S)\*\*(?=\S)([^*\n]*?[^*\s])\*\*(?![^\s.,;:)])")
_TICK = re.compile(r"(?m)^[ \t]*✓|[✓□][ \t.,;:✓□]*$")
_NAMED = re.compile(r"([A-Z][a-z]+)[.:]?|(?:[Ss]tep|[Ll]ine) \d+[.:]?")


def undressed(text: str, table: Any) -> str:
    """The text without the marks of its lines; a letter that is a symbol, and stars that may be powers, stay."""
    text = _TICK.sub(_blank, _NUMBER.sub(_blank, _STEP.sub(_blank, text)))
    text = _BOLD.sub(lambda bold: _unbold(bold, text), text)
    return _LETTER.sub(lambda one: one[0] if _is_symbol(one[1], text[one.end() :], table) else _blank(one), text)


def _unbold(bold: re.Match[str], text: str) -> str:
    named = _NAMED.fullmatch(bold[1])
    if named and (named[1] or "").lower() not in OPERATIONS:
        return _blank(bold)
    before = text[: bold.start()].rpartition("\n")[2].strip()
    behind = text[bold.end() :].partition("\n")[0].strip()
    return f"  {bold[1]}  " if not before or not behind else bold[0]


def _is_symbol(letter: str, rest: str, table: Any) -> bool:
    return table.has(letter) or re.search(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", rest) is not None


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
