"""Formulas between dollars, brackets and environments."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENVIRONMENTS = (
    "equation|align|alignat|gather|multline|eqnarray|displaymath|flalign|aligned|alignedat|gathered|split|math"
)
_OPENING = re.compile(
    rf"\$\$|\{{math\}}`|(?<!\\)\$`(?=[^`\n]*`\$)|(?<!\\)\$|(?<!\\)\\\[|(?<!\\)\\\(|\\begin\{{((?:{_ENVIRONMENTS})\*?)\}}"
    r"|^```[ ]*(?:math|\{math\})[ ]*$",
    re.M,
)
_CLOSING = {"{math}`": "`", "$`": "`$", "$$": "$$", "$": "$", r"\[": r"\]", r"\(": r"\)"}
RELATION = re.compile(
    r"=|\\(?:le|ge|leq|geq|leqslant|geqslant|lt|gt|ll|gg|propto|cong|simeq|coloneqq|triangleq|equiv|approx|in|to|implies|iff|Rightarrow|Leftrightarrow|leftarrow|gets)"
    r"(?![A-Za-z])|[≤≥≈≜≡∈←≪≫]|[^\s$]\s*(?:≠|\\neq?(?![A-Za-z]))|(?<![<\-])<|(?<!-)>"
)

_INDICES = re.compile(r"\s*[i-n]\s*(?:\\(?:neq?|lt|gt|leq?|geq?)(?![A-Za-z])|[<>≠≤≥])\s*[i-n]\s*[.,]?\s*")
_IN = re.compile(r"\\in(?![A-Za-z])|∈")
_BEGINS_ON = re.compile(r"\s*(?:[-+*/−^·]|\d|\\(?:cdot|times)(?![A-Za-z]))")
_LEADS_TO_ONE = re.compile(r"\b(?:by|of|with|to|from|into|at)\s*$")
_LONG_WORD = re.compile(r"(?<!\\)\b[A-Za-z]{2,}\b")
_MENTIONED = re.compile(r"\$[^$]*\$|\\\(.*?\\\)", re.S)
_BOUND = re.compile(r"\\?\w+\s*(?:[<>≤≥]=?|\\[lg]eq?(?![A-Za-z]))\s*\\?\w+")


def blank(found: re.Match[str]) -> str:
    """As many lines as were found, and nothing but blanks on them."""
    return re.sub(r"[^\n]", " ", found[0])


def delimited(text: str) -> Iterator[tuple[int, int, int, int]]:
    """(opening, first, last, closing) of each part between delimiters; an environment keeps its own."""
    at = 0
    while (match := _OPENING.search(text, at)) is not None:
        opening = match[0]
        if match[1]:
            close = text.find(rf"\end{{{match[1]}}}", match.end())
            end = close + len(rf"\end{{{match[1]}}}")
            bounds = (match.start(), match.start(), end, end)
        else:
            closing = _CLOSING.get(opening, "```")
            close = _closing(text, closing, match.end())
            bounds = (match.start(), match.end(), close, close + len(closing))
        if close < 0:
            at = match.end()
            continue
        yield bounds
        at = bounds[3]


def _closing(text: str, closing: str, at: int) -> int:
    close = text.find(closing, at)
    while closing == "$" and close > 0 and text[close - 1] == "\\":
        close = text.find(closing, close + 1)
    if closing == "$" and "\n\n" in text[at:close]:
        return -1  # a price, and no mathematics
    return close


def is_mathematics(inside: str) -> bool:
    """Whether it says something: a lone symbol, a range of an index and an order of two do not."""
    bare = re.sub(r"\\(?:begin|end)\{[^}]*\}", "", inside)
    range_of = re.fullmatch(r"[a-z]=\d,?(?:\\l?dots|\.\.\.|…),?\w*", re.sub(r"\s", "", bare))
    return bool(RELATION.search(bare)) and not range_of and not _INDICES.fullmatch(bare)


def is_claim(inside: str, led: str = "") -> bool:
    """Whether a formula among words, which lead to it, is more than a symbol that they mention, a range, or a set that
    something is in: an equation, or what may go on with one.
    """
    begins = _BEGINS_ON.match(inside) and not _LEADS_TO_ONE.search(led)
    return is_mathematics(_IN.sub(" ", inside)) or bool(begins)


def holds_claim(words: str) -> bool:
    """Whether an equation stands among words without dollars; a bound of a symbol is a condition."""
    for known in (_MENTIONED, _LONG_WORD, _BOUND):
        words = known.sub(" ", words)
    words = words.strip(" ()[].,;:")
    return is_mathematics(_IN.sub(" ", words)) or words[:1] in tuple("+*/^·−")
