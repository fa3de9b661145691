"""What stands on the line of a formula and was read as words: it is shown, so that nobody takes it for proved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lrcore.verify.read.passages import find
from lrcore.verify.read.vocabulary import says_something
from lrcore.verify.terms.syntax import Span

LONGEST = 160
_TEXT = re.compile(r"\\(?:text(?:rm|it|bf|normal)?|mbox|intertext|shortintertext|footnote|tag\*?)\s*\{([^{}$]*)\}")
_ROLE = re.compile(r"\{math\}`")
_WORDS = re.compile(r"[^\n\v]+")


def asides(text: str, names: Collection[str]) -> Iterator[tuple[Span, str]]:
    """The place and the words of each remark on a line with a formula, where one of its words is on no list of words
    that leave a formula as it is; ``names`` are words that are symbols.
    """
    left, lines = list(text), set()
    for one in find(text, names):
        for place, char in enumerate(one.text, one.start):
            if not char.isspace():
                left[place] = "\v"
                lines.add(text.count("\n", 0, place))
        for inside in _TEXT.finditer(one.text):
            start, end = one.start + inside.start(1), one.start + inside.end(1)
            left[start:end] = text[start:end]
    at = 0
    bare = _ROLE.sub(lambda role: " " * len(role[0]), "".join(left))
    for number, line in enumerate(bare.split("\n")):
        for found in _WORDS.finditer(line) if number in lines else ():
            words = found[0].strip(" \t$`,;:.!?()[]{}\\*>-–—")
            if says_something(words) and words not in names:
                start = at + line.index(words, found.start())
                yield (start, start + len(words)), shortened(words)
        at += len(line) + 1


def shortened(words: str) -> str:
    """The words in one line, cut where they go on for long."""
    told = " ".join(words.split())
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1].rstrip()}…"
