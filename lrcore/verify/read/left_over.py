r"""What is left of a text when its formulas are taken out. Words and numbers there are judged with the prose; of the
rest, punctuation, end marks, marks of lists and layout say nothing, and anything else is asked about.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from lrcore.verify.read.delimiters import blank
from lrcore.verify.terms.errors import Unreadable

WHOLE, PART = "\x00", "\x01"  # a character of an equation, and of other mathematics between delimiters
_NEAR = 60

_LAYOUT = re.compile(
    r"https?://\S+|\[\^\w+\]|\{[\w:-]+\}`[^`\n]*`|</?(?:br|b|i|em|strong|p|div|span|li|ul|ol|center)\s*/?>"
    r"|\\[A-Za-z]+\*?|\\\\|\\[,;:!% ]|\\$|(?<=\w)/(?=\w)|(?<=\w )&(?= \w)|(?<=\w )#(?=\d)"
    r"|^[ \t]*(?:`{3,}|~{3,})[^`\n]*$|^[ \t]*<!--[^\n]*-->[ \t]*$"
    r"|^[ \t]*(?:#{1,6}(?=[ \t])|(?:>[ \t]*)+|(?:[-+–—•‣▪●►▸➤◦*][ \t]+))",
    re.M,
)
_RULE = re.compile(r"[ \t]*(?:([-=*_~`:#])(?:[ \t]*\1){2,}[ \t]*|(?=[^|]*\|)(?=[^-]*-)[|:\- \t]+)\r?")
_TABLE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|", re.M)
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*\r?")
_OPENS, _CLOSES = r"(?<![\w\x00\x01*)\]])", r"(?![\w\x00\x01*(])"
_PAIRS = (
    re.compile(rf"{_OPENS}(\*{{1,3}}|_{{1,3}})(?=[^\s*_])((?:[^\n]|\n(?!\s)){{0,300}}?[^\s*_])(\1){_CLOSES}"),
    re.compile(rf"{_OPENS}([\"'`])(?=\S)([^\"'`\n]{{0,300}}?\S)(\1){_CLOSES}"),
    re.compile(rf"{_OPENS}([‘‚])([^‘’\n]{{1,300}})(’){_CLOSES}"),
    re.compile(r"(``)([^`'\n]{1,300})('')"),
)
_WORD = re.compile(r"I['’][md](?![^\W_])|[^\W_]+(?:[_'’‐-][^\W_]+)*(?<=\w\w)['’]?|[^\W_]")
_CHECKED = "✓✔☑✅"
_BOXES = "□■◻◼▢▪▫▮∎⬛⬜◽◾"
ENDS = _CHECKED + _BOXES
_COMPOUND = re.compile(r"(?:th|st|nd|rd|[^\W\d_]{4,})(?![\w-])")
_ARROWS = "⇒⟹⇔⟺→⟶"
_DASHES = "-–—―‐‑"
_QUOTES = "\"'’`"
_SILENT = _CHECKED + ",;?()[]{}∵∴“”„«»‹›\ufe0f\u200b\u200c\u200d\ufeff\u00ad"
_BULLETS = "•‣▪●►▸➤◦*"
LISTED = frozenset(_SILENT + ENDS + _ARROWS + _DASHES + _QUOTES + _BULLETS + ".:…!/&")


def outside(
    text: str, wholes: Iterable[tuple[int, int]], parts: Iterable[tuple[int, int]], silent: Iterable[tuple[int, int]]
) -> str:
    """The text with marks for formulas and with blanks for layout and for what is ``silent``; no place of it moves."""
    left = list(re.sub("[\x00\x01]", "\x02", text))
    for mark, spans in ((" ", silent), (PART, parts), (WHOLE, wholes)):
        for start, end in spans:
            left[start:end] = [one if one == "\n" else mark for one in left[start:end]]
    bare = _LAYOUT.sub(blank, "".join(left))
    for pair in _PAIRS:
        bare = pair.sub(lambda one: " " * len(one[1]) + one[2] + " " * len(one[3]), bare)
    if _TABLE.search(bare):
        bare = "\n".join(line.replace("|", " ") if _ROW.fullmatch(line) else line for line in bare.split("\n"))
    return bare


def strays(left: str) -> Iterator[tuple[int, int]]:
    """The places of what is neither a formula nor a word, and says something."""
    at = 0
    for line in left.split("\n"):
        if not _RULE.fullmatch(line):
            rest = _WORD.sub(blank, line)
            for found in re.finditer(r"[^\s\x00\x01]+", rest):
                bad = [k for k in range(*found.span()) if not _is_listed(line, k)]
                if bad:
                    yield at + bad[0], at + bad[-1] + 1
        at += len(line) + 1


def _is_listed(line: str, k: int) -> bool:
    """Whether a sign says nothing where it stands."""
    sign, before, after = line[k], line[max(k - _NEAR, 0) : k], line[k + 1 : k + _NEAR]
    last, following = before.rstrip()[-1:], after.lstrip()[:1]
    if sign in _SILENT:
        return True
    if sign in ".:…":
        beside = {before.rstrip(" .:…")[-1:], after.lstrip(" .:…")[:1]}
        closes = sign != "…" and before[-1:] in (WHOLE, PART)
        return closes or beside == {WHOLE} or not beside <= {WHOLE, PART}
    if sign == "!":
        return re.search(r"[^\W\d_]{2}[!?]*$", before) is not None
    if sign in _QUOTES:
        return re.search(r"\w\w[.,!?]?$", before) is not None or (not before.strip() and following.isalpha())
    if sign in _DASHES:
        if sign != "—" and following in (WHOLE, PART) and following:
            return False  # a minus, perhaps
        if before[-1:] == PART and _COMPOUND.match(after):
            return True  # an $n$-dimensional vector
        return _is_word(last) or (_is_word(following) and last != PART)
    if sign == "~":
        return re.search(r"[^\W_][.,:;)]?$", before) is not None and bool(after[:1].strip())
    if sign in "§№¶":
        return following.isdigit()
    if sign in _BOXES:
        return bool(last) and not (following in (WHOLE, PART) or _is_word(following))
    if sign in _ARROWS:
        return last != PART and following != PART and (bool(following) or sign not in "→⟶")
    return False


def _is_word(char: str) -> bool:
    return char.isalnum() or (char != "" and char in "-–—―,.;:)")


def asked(left: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Unreadable]]:
    """What is asked of which passage about what is left beside it; ``spans`` are those of the passages, in order."""
    starts, ends = [one[0] for one in spans], [one[1] for one in spans]
    for start, end in strays(left):
        before, after = bisect_right(ends, start) - 1, bisect_left(starts, end)
        beside = [place for place in (before, after) if 0 <= place < len(spans)]
        near = [place for place in beside if not _is_apart(left, spans[place], (start, end))]
        told = f"What does `{left[start:end].strip()}` mean here? Write it into the formula, or leave it out."
        yield from ((place, Unreadable(told, (start, end))) for place in near)


def _is_apart(left: str, passage: tuple[int, int], stray: tuple[int, int]) -> bool:
    """Whether a line's end and words stand between, or a line's end and words are on the stray's own line."""
    between = left[passage[1] : stray[0]] if passage[1] <= stray[0] else left[stray[1] : passage[0]]
    if "\n" not in between:
        return False
    line = left[left.rfind("\n", 0, stray[0]) + 1 : (left + "\n").index("\n", stray[1])]
    return re.search(r"[^\W_]|\x00", between.strip(WHOLE) + line) is not None
