"""What stands on the line of a formula and was read as words: it is shown, so that nobody takes it for proved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lrcore.verify.read.left_over import LISTED
from lrcore.verify.read.macros import without_definitions
from lrcore.verify.read.passages import find
from lrcore.verify.read.vocabulary import says_something
from lrcore.verify.terms.syntax import Span

LONGEST = 160
_TEXT = re.compile(
    r"\\(?:text(?:rm|it|bf|normal)?|mbox|intertext|shortintertext|footnote|tag\*?)\s*\{((?:[^{}$]|\$[^{}$]*\$)*)\}"
)
_COMMENT = re.compile(r"(?<!\\)%([^\n]*)")
_ALONE = re.compile(r"(?<![\w'’.])(?:[^\W\d_aAI]|\d+)(?![\w'’])")
_LEAD = re.compile(r"\s*\(?(?:\d{1,2}|[A-Ha-h]|[ivx]+)[.)]")
_ROLE = re.compile(r"\{math\}`")
_WORDS = re.compile(r"[^\n\v]+")


def asides(text: str, names: Collection[str]) -> Iterator[tuple[Span, str]]:
    """The place and the words of each remark on a line with a formula, where one of its words is on no list of words
    that leave a formula as it is, or where a letter, a number or a sign stands in it; ``names`` are words that are
    symbols.
    """
    text = without_definitions(text)[0]
    left, lines = list(text), set()
    for one in find(text, names):
        for place, char in enumerate(one.text, one.start):
            if not char.isspace():
                left[place] = "\v"
                lines.add(text.count("\n", 0, place))
        said = (inside for inside in _TEXT.finditer(one.text) if says_something(inside[1]) or _holds_sign(inside[1]))
        for inside in (*said, *_COMMENT.finditer(one.text)):
            start, end = one.start + inside.start(1), one.start + inside.end(1)
            left[start:end] = text[start:end]
    at = 0
    bare = _ROLE.sub(lambda role: " " * len(role[0]), "".join(left))
    for number, line in enumerate(bare.split("\n")):
        for found in _WORDS.finditer(line) if number in lines else ():
            lead = _LEAD.match(line) if found.start() == 0 else None
            words = found[0][lead.end() if lead else 0 :].strip(" \t$`,;:.!?()[]{}\\*#%>|-–—")
            if words and _is_shown(words) and words not in names:
                start = at + line.index(words, found.start())
                yield (start, start + len(words)), shortened(_closed(words, line[start - at + len(words) :]))
        at += len(line) + 1


def _is_shown(words: str) -> bool:
    """Whether a word of a remark may say something, or a letter, a number or a sign in it."""
    words = re.sub(r"\$[^$\n]*(?:\$|$)", "", words)
    return says_something(words) or _ALONE.search(words) is not None or _holds_sign(words)


def _holds_sign(words: str) -> bool:
    """Whether a sign stands there that is no punctuation, end mark or layout."""
    return any(not one.isalnum() and not one.isspace() and one not in LISTED for one in words)


def _closed(words: str, behind: str) -> str:
    """The words with the bracket that closes one of theirs."""
    last = behind[:1]
    opened = {")": "(", "]": "["}.get(last)
    return words + last if opened and words.count(opened) > words.count(last) else words


def shortened(words: str) -> str:
    """The words in one line, cut where they go on for long."""
    told = " ".join(words.split())
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1].rstrip()}…"
