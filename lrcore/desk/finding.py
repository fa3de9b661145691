r"""The mathematics in what somebody pasted: equations go to the prover, prose is kept as remarks.

A text has either mathematics between dollars, brackets and environments, or lines of mathematics with words around
them, or both. A :class:`Piece` has the length of the part of the text that it stands for: what is no mathematics in
it is blank, so that every place the prover names is a place of the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lrcore.verify.words import GREEK, words

_ENVIRONMENTS = "equation|align|gather|multline|eqnarray|displaymath|flalign|aligned|split|math"
_OPENING = re.compile(
    rf"\$\$|(?<!\\)\$|(?<!\\)\\\[|(?<!\\)\\\(|\\begin\{{((?:{_ENVIRONMENTS})\*?)\}}|^```[ ]*math[ ]*$", re.M
)
_CLOSING = {"$$": "$$", "$": "$", r"\[": r"\]", r"\(": r"\)"}
_RELATION = re.compile(r"=|\\(?:le|ge|leq|geq|coloneqq|triangleq|equiv|approx|in)(?![A-Za-z])|[≤≥≈≜∈]|(?<![<\-])<|>")
_GOES_ON = re.compile(r"(?:&|\\\\|\\quad|\s)*(?::?=|\\(?:equiv|approx|le|ge|leq|geq|coloneqq)(?![A-Za-z])|[≤≥≈])")
_OPERATOR_FIRST = re.compile(r"(?:&|\s)*(?:[+*/@·]|-(?!\s*$)|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
_UNFINISHED = re.compile(r"(?:=|[+\-*/@(,&]|\\\\|\\cdot|\\times)\s*$")
_WORD = re.compile(r"(?<![\\A-Za-z0-9_^{}.])[A-Za-z][A-Za-z'’-]*(?![A-Za-z0-9_^({\[.@])|(?<=[a-z])\.(?=\s|$)")
_MARKER = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:[-*•][ \t]+|\(?\d{1,2}[.)][ \t]+|(?:Step|step|Line|line)[ \t]*\d+[.:)]?[ \t]*)?"
)
_LABEL = re.compile(r"\s*(?:\\text(?:bf)?\{[^{}]*:\s*\}|[A-Z]{2,5}\s*:(?!=))")
_COMMENT = re.compile(r"(?<!\\)[#%].*$")
_SIGN = re.compile(r"[\\^_@*/=+]|[∂∇∑Σ√ᵀ²]|\.T\b|\w\(")
_SHORT = frozenset(words("so we is be of to in it if as or an at on by do my no us up a I"))
_COMMON = frozenset(
    words(
        "the then that this there where with which when using use used gives give get got have has had from for and "
        "but because since hence thus therefore now first second next finally let define defined gradient derivative "
        "rule chain product are was all any each both same side sides left right line step put plug set setting "
        "obtain yields means equals equal here into also scalar constant know note not our out too via per its can "
        "one two will would should shape layer loss"
    )
)
_NAMES = frozenset([*words("tr det log ln exp diag vec MSE RSS SSE"), *GREEK])
_NUMPY = re.compile(r"@|\*|\.T\b|\[|//|[a-z0-9_]\w*\(")
_SLASH = re.compile(r"(?<!\w)d\w+\s*/\s*d\w+")


@dataclass(frozen=True)
class Piece:
    """Mathematics that reaches from ``start`` to ``end``; ``text`` is as long, with blanks for what is prose."""

    start: int
    end: int
    text: str
    plain: bool = False

    @property
    def reads(self) -> str:
        """The text for the prover; a last space of LaTeX says which language it is where nothing else does."""
        return self.text + r"\," if self.plain else self.text


def find(text: str, names: Collection[str] = ()) -> list[Piece]:
    """The mathematics of a text, in reading order; ``names`` are words that are symbols and no prose."""
    pieces: list[Piece] = []
    at = 0
    for opened, start, end, closed in [*_delimited(text), (len(text), len(text), len(text), len(text))]:
        _add_lines(text, at, opened, names, pieces)
        if end > start and _is_mathematics(text[start:end]):
            _add(text, start, end, text[start:end], pieces)
        at = closed
    return _in_one_language(text, pieces)


def _in_one_language(text: str, pieces: list[Piece]) -> list[Piece]:
    """``dr/dw = X`` is LaTeX where the lines around it are, and where it is a derivative; NumPy has ``grad``."""
    latex = bool(re.search(r"\\|\^|\$", text))

    def plain(piece: Piece) -> bool:
        bare = not re.search(r"[\\{}^$]", piece.text) and not _NUMPY.search(piece.text)
        return bare and (latex or bool(_SLASH.search(piece.text)))

    return [Piece(one.start, one.end, one.text, plain(one)) for one in pieces]


def _delimited(text: str) -> Iterator[tuple[int, int, int, int]]:
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


def _is_mathematics(inside: str) -> bool:
    """Whether it says something: a lone symbol or a range of an index does not."""
    bare = re.sub(r"\\(?:begin|end)\{[^}]*\}|\s", "", inside)
    return bool(_RELATION.search(bare)) and not re.fullmatch(r"[a-z]=\d,?(?:\\l?dots|\.\.\.|…),?\w*", bare)


# ---------------------------------------------------------------------- lines without delimiters


def _add_lines(text: str, start: int, end: int, names: Collection[str], pieces: list[Piece]) -> None:
    at, open_piece = start, False
    for line in text[start:end].splitlines(keepends=True):
        open_piece = _add_line(text, at, at + len(line.rstrip("\r\n")), names, pieces, open_piece)
        at += len(line)


def _add_line(text: str, start: int, end: int, names: Collection[str], pieces: list[Piece], open_piece: bool) -> bool:
    """Add the mathematics of one line; tell whether the next line may go on with it."""
    line = _COMMENT.sub(_blank, text[start:end])
    marker = _MARKER.match(line)
    lead = marker.end() if marker else 0
    line = " " * lead + line[lead:]
    if not line.strip() or line.lstrip().startswith("**"):
        return False
    if open_piece and pieces and _unbalanced(pieces[-1].text):
        _go_on(text, start, end, line, pieces)
        return True
    found = False
    for first, last in _between_words(line, names):
        part = line[first:last]
        unfinished = open_piece and bool(pieces) and bool(_UNFINISHED.search(pieces[-1].text))
        after_words = not found and bool(line[:first].strip())
        if (pieces and (found or open_piece) and not after_words and _GOES_ON.match(part)) or unfinished:
            _go_on(text, start + first, start + last, part, pieces)
        elif _GOES_ON.match(part):
            continue
        elif pieces and open_piece and not found and _OPERATOR_FIRST.match(part) and "=" not in part:
            _go_on(text, start + first, start + last, part, pieces)
        elif _RELATION.search(part) or (_SIGN.search(part) and part.strip() == line.strip()):
            _add(text, start + first, start + last, part, pieces)
        else:
            continue
        found = open_piece = True
    return found


def _between_words(line: str, names: Collection[str]) -> list[tuple[int, int]]:
    """The parts of a line that stand between its runs of prose."""
    found = [match for match in _WORD.finditer(line) if _depth(line, match.start()) == 0]
    prose = [match.span() for k, match in enumerate(found) if _is_prose(found, k, line, names)]
    ends = [0, *(edge for span in prose for edge in span), len(line)]
    parts = []
    for first, last in zip(ends[::2], ends[1::2]):
        trimmed = line[first:last]
        first += len(trimmed) - len(trimmed.lstrip(" \t,:;.–—"))
        last -= len(trimmed) - len(trimmed.rstrip(" \t,:;."))
        if first < last:
            parts.append((first, last))
    return parts


def _is_prose(found: list[re.Match[str]], place: int, line: str, names: Collection[str]) -> bool:
    word = found[place][0]
    if word in names or word in _NAMES:
        return False
    if word == "." or word.lower() in _COMMON or (len(word) >= 4 and word[1:].islower()):
        return not _is_operand(found[place], line) or word.lower() in _COMMON - {"loss"}
    near = [found[k][0].lower() for k in (place - 1, place + 1) if 0 <= k < len(found)]
    return word in _SHORT and (word not in ("a", "I") or any(one in _COMMON for one in near))


def _is_operand(match: re.Match[str], line: str) -> bool:
    """Whether a relation or an operator stands beside the word: then it is a name."""
    before, after = line[: match.start()].rstrip()[-1:], line[match.end() :].lstrip()[:1]
    return before in tuple("=+*/@-(") or after in tuple("=+*/@") or line[match.end() :].lstrip()[:2] == ":="


def _depth(line: str, at: int) -> int:
    return line.count("{", 0, at) - line.count("}", 0, at)


# ---------------------------------------------------------------------- pieces


def _add(text: str, start: int, end: int, part: str, pieces: list[Piece]) -> None:
    """A piece of its own, or the rest of the one before where it begins with an equals sign."""
    part = _LABEL.sub(_blank, part, count=1) if _LABEL.match(part) else part
    if pieces and _GOES_ON.match(part):
        _go_on(text, start, end, part, pieces)
    else:
        pieces.append(Piece(start, end, part))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _go_on(text: str, start: int, end: int, part: str, pieces: list[Piece]) -> None:
    last = pieces[-1]
    between = re.sub(r"[^\n]", " ", text[last.end : start])
    pieces[-1] = Piece(last.start, end, f"{last.text}{between}{part}")


def _unbalanced(part: str) -> bool:
    return part.count("{") > part.count("}") or part.count(r"\begin{") > part.count(r"\end{")
