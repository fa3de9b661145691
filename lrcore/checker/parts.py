r"""A document in parts: headings begin a new one, in which letters may mean something else.

Each part is checked by itself, with the definitions from before that it speaks of and doesn't make anew; the rest of
the text is blanked, so that every place in a part is its place in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

Span = tuple[int, int]
MOST = 40
_HEADING = re.compile(
    r"^[ \t]*(?:\#{1,6}[ \t]+[^\s=+*/<>−-].*|-{3,}[ \t]*|\*{3,}[ \t]*|\\(?:sub)*(?:section|paragraph)\*?\s*\{.*"
    r"|\d{1,2}[.)][ \t]+[A-Z][^=$]*|\d+ Answers?\b.*"
    r"|\*\*[^*$\n]*(?:\\\(.*\\\)[^*$\n]*)?\*\*[ \t]*:?[ \t]*"
    r"|(?:Answer|Solution|Question|Exercise)s?(?:[ \t]*\d+)?[ \t]*[.:]?)$",
    re.M,
)


def parts(text: str) -> list[Span]:
    """Where the parts of a text lie; one, where it has no headings."""
    starts = [match.start() for match in _HEADING.finditer(text) if not _inside(text, match.start())]
    bounds = sorted({0, *starts, len(text)})
    found = [(start, end) for start, end in pairwise(bounds) if "=" in text[start:end] or ":" in text[start:end]]
    return found if 1 < len(found) <= MOST else [(0, len(text))]


def _inside(text: str, place: int) -> bool:
    """Whether a place lies between two ``$$`` or in an environment."""
    before = text[:place]
    return before.count("$$") % 2 == 1 or before.count(r"\begin{") != before.count(r"\end{")


def paragraph(text: str, span: Span) -> Span:
    """The paragraph around a formula, delimiters and all."""
    start = text.rfind("\n\n", 0, span[0])
    end = text.find("\n\n", span[1])
    return (start + 2 if start >= 0 else 0), (end if end >= 0 else len(text))


def blanked(text: str, kept: Iterable[Span]) -> str:
    """The text with nothing but what is kept, each character at its place."""
    out = [one if one == "\n" else " " for one in text]
    for start, end in kept:
        out[start:end] = text[start:end]
    return "".join(out).rstrip()


def latest(key: str, earlier: Sequence[dict[str, Span]]) -> Span | None:
    """Where a name was last defined before."""
    return next((one[key] for one in reversed(earlier) if key in one), None)
