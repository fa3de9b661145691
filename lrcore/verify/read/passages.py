r"""Where the mathematics stands in what somebody wrote: formulas go to the reader, prose is set aside as a remark.

A text has mathematics between dollars, brackets and environments, or lines of mathematics with words around them, or
both. A :class:`Passage` is as long as the part of the text that it stands for, with blanks for what is prose, so that
every place that the prover names is a place of the text.

Between dollars all is mathematics. In a line without them words are set aside only where nothing can be meant by them
but prose: before a formula after a colon or a word such as *so*, behind it after a comma or a word such as *because*.
Where a word or a dash may belong to the formula, and where a piece of mathematics would be lost between words, the
passage has a ``problem`` and is not decided.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from lrcore.verify.terms.errors import Offer, Unreadable
from lrcore.verify.terms.words import GREEK, words

_ENVIRONMENTS = (
    "equation|align|alignat|gather|multline|eqnarray|displaymath|flalign|aligned|alignedat|gathered|split|math"
)
_OPENING = re.compile(
    rf"\$\$|(?<!\\)\$|(?<!\\)\\\[|(?<!\\)\\\(|\\begin\{{((?:{_ENVIRONMENTS})\*?)\}}|^```[ ]*math[ ]*$", re.M
)
_CLOSING = {"$$": "$$", "$": "$", r"\[": r"\]", r"\(": r"\)"}
_RELATION = re.compile(
    r"=|\\(?:le|ge|leq|geq|coloneqq|triangleq|equiv|approx|in|to|implies|iff|Rightarrow|Leftrightarrow|leftarrow|gets)"
    r"(?![A-Za-z])|[≤≥≈≜∈←]|(?<![<\-])<|(?<!-)>"
)
_GOES_ON = re.compile(r"(?:&|\\\\|\\quad|\s)*(?::?=|[<>]|\\(?:equiv|approx|le|ge|leq|geq|coloneqq)(?![A-Za-z])|[≤≥≈])")
_OPERATOR_FIRST = re.compile(r"(?:&|\s)*(?:[+*/@·]|-(?!\s*$)|−|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
_NEVER_FIRST = re.compile(r"\s*(?:[*/@·]|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
_UNFINISHED = re.compile(r"(?:=|[+\-−*/@(,&]|\\\\|\\cdot|\\times)\s*$")
_WORD = re.compile(r"(?<![\\A-Za-z0-9_^{}.])[A-Za-z][A-Za-z'’-]*(?![A-Za-z0-9_^({\[.@])|(?<=[a-z])\.(?=\s|$)")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]*)+")
_NUMBER = re.compile(r"[ \t]*(?:(\()?(\d{1,2})([.)])[ \t]+|(?:Step|step|Line|line)[ \t]*\d+[.:)]?[ \t]*)")
_BULLET = re.compile(r"[ \t]*([-*•–+])[ \t]+(?=\S)")
_LABEL = re.compile(r"\s*(?:\\text(?:bf)?\{[^{}]*:\s*\}|[A-Z]{2,5}\s*:(?!=))")
_SIGN = re.compile(r"[\\^_@*/=+]|[∂∇∑Σ√ᵀ²]|\.T\b|\w\(")
_MENTION = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\w|\{[^{}]*\}))?(?:\^(?:\w|\{[^{}]*\}|\*))?")
_MENTIONS = re.compile(rf"(?:{_MENTION.pattern}\s*,\s*)+")
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
AFTER = frozenset(
    words(
        "and or but so where with since because for hence thus therefore as by when if which whose that then we is are "
        "holds follows means gives yields implies due using let here while whereas although"
    )
)
BEFORE = frozenset(
    words(
        "is are be get gets got give gives have has had obtain obtains so thus that then hence therefore since because "
        "let define set where with and for to into yields yield means implies becomes as by now also recall note write "
        "writes here if when or but call put say find finds compute see equation know assume suppose using use via "
        "from we finally first next again only namely denote read reads follows follow it we"
    )
)
ARTICLES = frozenset(words("the a an our my its this that each every his her their your"))
OPERATIONS = frozenset(
    words(
        "times plus minus over divided multiplied added subtracted transpose transposed inverse inverted squared "
        "square cubed twice thrice half double doubled halved negative negated root dot cross power modulo mod without"
    )
)
_NAMES = frozenset([*words("tr det log ln exp diag vec MSE RSS SSE"), *GREEK])
_NUMPY = re.compile(r"@|\*|\.T\b|\[|//|[a-z0-9_]\w*\(")
_NEAR = 60
_SLASH = re.compile(r"(?<!\w)d\w+\s*/\s*d\w+")
_HEAD = re.compile(r"^[ \t]*([A-Za-z][A-Za-z]+)\s*(?:\([^()=]*\)\s*)?:?=(?!=)", re.M)
_TEX = re.compile(r"\\[A-Za-z]|\^|\$|_\{")


@dataclass(frozen=True)
class Passage:
    """Mathematics that reaches from ``start`` to ``end``; ``text`` is as long, with blanks for what is prose.

    ``goes_on`` where it begins with a relation and stands by itself; ``problem`` where it can't be told what belongs
    to it.
    """

    start: int
    end: int
    text: str
    plain: bool = False
    problem: Unreadable | None = None

    @property
    def reads(self) -> str:
        """The text for the prover; a last space of LaTeX says which language it is where nothing else does."""
        return self.text + r"\," if self.plain else self.text


@dataclass
class _Search:
    """A text on its way through: what was found, and whether the line before ends in a formula."""

    text: str
    names: frozenset[str]
    quoted: bool
    listed: str
    found: list[Passage] = field(default_factory=list)
    open: bool = False
    numbers: set[int] = field(default_factory=set)
    bullet: str = ""
    touched: Unreadable | None = None

    def add(self, start: int, end: int, part: str, problem: Unreadable | None = None) -> None:
        part = _LABEL.sub(_blank, part, count=1) if _LABEL.match(part) else part
        self.found.append(Passage(start, end, part, problem=problem))

    def go_on(self, start: int, end: int, part: str, problem: Unreadable | None = None) -> None:
        """The rest of the passage before, on another line or behind words."""
        last = self.found[-1]
        between = re.sub(r"[^\n]", " ", self.text[last.end : start])
        self.found[-1] = Passage(last.start, end, f"{last.text}{between}{part}", problem=last.problem or problem)

    def is_half(self) -> bool:
        """Whether the passage before holds no relation yet: the next line goes on with it."""
        return bool(self.found) and not _RELATION.search(self.found[-1].text)


def find(text: str, names: Collection[str] = ()) -> list[Passage]:
    """The mathematics of a text, in reading order; ``names`` are words that are symbols and no prose."""
    heads = {one for one in _HEAD.findall(text) if one.lower() not in _COMMON | _SHORT - {"loss"} or one == "loss"}
    search = _Search(text, frozenset(names) | heads, _is_quoted(text), _list_mark(text))
    at = 0
    for opened, start, end, closed in [*_delimited(text), (len(text), len(text), len(text), len(text))]:
        _add_lines(search, at, opened)
        if end > start and _is_mathematics(text[start:end]):
            search.add(start, end, text[start:end], search.touched)
        if closed > opened:
            search.open, search.touched = False, None
        at = closed
    return _in_one_language(text, search.found)


def _in_one_language(text: str, found: list[Passage]) -> list[Passage]:
    """``dr/dw = X`` is LaTeX where the lines around it are, and where it is a derivative; NumPy has ``grad``."""
    latex = bool(re.search(r"\\|\^|\$", text))

    def plain(one: Passage) -> bool:
        bare = not re.search(r"[\\{}^$]", one.text) and not _NUMPY.search(one.text)
        return bare and (latex or bool(_SLASH.search(one.text)))

    return [replace(one, plain=plain(one)) for one in found]


# ---------------------------------------------------------------------- formulas between delimiters


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
    bare = re.sub(r"\\(?:begin|end)\{[^}]*\}", "", inside)
    range_of = re.fullmatch(r"[a-z]=\d,?(?:\\l?dots|\.\.\.|…),?\w*", re.sub(r"\s", "", bare))
    return bool(_RELATION.search(bare)) and not range_of


# ---------------------------------------------------------------------- lines without delimiters


def _is_quoted(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(line.lstrip().startswith(">") for line in lines)


def _list_mark(text: str) -> str:
    """The mark that every line with an equation begins with, where there are two or more of them: a list."""
    lines = [line for line in text.splitlines() if _RELATION.search(line)]
    marks = {match[1] if (match := _BULLET.match(line)) else "" for line in lines}
    return marks.pop() if len(marks) == 1 and len(lines) > 1 else ""


def _add_lines(search: _Search, start: int, end: int) -> None:
    at = start
    for line in search.text[start:end].splitlines(keepends=True):
        stop = at + len(line.rstrip("\r\n"))
        whole = (at == 0 or search.text[at - 1] == "\n") and (stop == len(search.text) or search.text[stop] in "\r\n")
        _add_line(search, at, stop, whole)
        at += len(line)


def _add_line(search: _Search, start: int, end: int, whole: bool) -> None:
    """Add the mathematics of one line, or of what stands beside the dollars of one where it is not ``whole``."""
    line, problem = _without_comment(search, start, end)
    search.touched = None
    if not line.strip() or (not whole and not line.strip(" \t,.;:()")):
        search.open = search.open and not whole
        return
    if search.open and search.found and _unbalanced(search.found[-1].text):
        search.go_on(start, end, line, problem)
        return
    line = _unbold(line)
    lead, asked = _marker(search, line, start) if whole else (0, None)
    if asked and search.open:  # what stands above may go on here
        search.found[-1] = replace(search.found[-1], problem=search.found[-1].problem or asked)
    line = _undressed(" " * lead + line[lead:], search.names)
    problem = problem or asked
    parts, wrong = _parted(line, search.names)
    formulas = [part for part in parts if _RELATION.search(line[slice(*part)]) or _unbalanced(line[slice(*part)])]
    if not formulas and not (search.open and whole and _continues(search, line, parts)):
        _without_equation(search, line, parts, wrong, start, whole, problem)
        return
    _add_formulas(search, line, parts, formulas, problem or _told(wrong, line, start), start, whole)


def _unbold(line: str) -> str:
    """Without the stars of bold type around the line."""
    return line.replace("**", "  ") if line.lstrip().startswith("**") else line


def _undressed(line: str, names: frozenset[str]) -> str:
    """With commas for the brackets of a remark."""
    for first, last in _remarks(line, names):
        line = f"{line[:first]},{line[first + 1 : last - 1]},{line[last:]}"
    return line


def _continues(search: _Search, line: str, parts: list[tuple[int, int]]) -> bool:
    """Whether a line without a relation goes on with the formula of the line above."""
    if len(parts) != 1 or line[: parts[0][0]].strip():
        return False
    unfinished = bool(_UNFINISHED.search(search.found[-1].text))
    return unfinished or bool(_OPERATOR_FIRST.match(line[parts[0][0] :]))


def _without_equation(
    search: _Search, line: str, parts: list[tuple[int, int]], wrong: list[_Wrong], start: int, whole: bool,
    problem: Unreadable | None,
) -> None:  # fmt: skip
    """A line without an equation is a remark; what may go on with the formula above is asked about."""
    if not whole:
        search.touched = _touching(search, line, parts, start)
        if search.touched and search.found and "\n" not in search.text[search.found[-1].end : start]:
            above = search.found[-1]
            search.found[-1] = replace(above, problem=above.problem or search.touched)
        return
    was_open, search.open = search.open, False
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    opening = re.match(r"[a-z]+", line.strip())
    if was_open and opening and opening[0] in OPERATIONS:
        said = _Wrong(first, last, "Does this line go on with the formula above? Write it with signs, or leave it out.")
        search.go_on(start + first, start + last, line[first:last], _told([said], line, start))
        return
    all_symbols = len(parts) == 1 and line[slice(*parts[0])].strip(" \t,.;:") == line.strip(" \t,.;:")
    if whole and all_symbols and re.search(r"[^\W_]", line):
        add = search.go_on if was_open and search.is_half() else search.add
        add(start + first, start + last, line[first:last], problem)
        search.open = True


def _touching(search: _Search, line: str, parts: list[tuple[int, int]], start: int) -> Unreadable | None:
    """Mathematics without words that touches a formula between delimiters, as the 2 in ``2\\begin{aligned}``."""
    if _runs(line, search.names) or (not parts and not re.search(r"[-+*/−]", line)):
        return None
    bare = re.sub(r"^[ \t]*(?:[-*•+–][ \t]+|\(?(?:\d{1,2}|[a-z]|[ivx]+)[.)][ \t]*)", "", line)
    environment = search.text.startswith("\\begin", start + len(line)) or search.text[:start].endswith("}")
    bare = line if environment else re.sub(r"\(\d+\)", "", bare)
    if not re.search(r"[^\W_]|[-+*/−]", bare):
        return None
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    said = "This stands outside of the formula beside it; write it into the formula, or leave it out."
    return Unreadable(said, (start + first, start + last))


def _add_formulas(
    search: _Search, line: str, parts: list[tuple[int, int]], formulas: list[tuple[int, int]],
    problem: Unreadable | None, start: int, whole: bool,
) -> None:  # fmt: skip
    """The formulas of a line, each a passage or the rest of the one before; nothing else in it may be mathematics."""
    problem = problem or _lost(line, parts, formulas, start) or (None if whole else _beside(search, line, start))
    begun = False
    for first, last in formulas or parts:
        part = line[first:last]
        alone = not begun and bool(line[:first].strip())
        unfinished = (
            search.open and not alone and bool(search.found) and bool(_UNFINISHED.search(search.found[-1].text))
        )
        continues = search.open and not begun and not alone and (_GOES_ON.match(part) or _goes_on_by_operator(part))
        half = search.open and not begun and not alone and search.is_half()
        if search.found and (unfinished or continues or half or (begun and _GOES_ON.match(part))):
            search.go_on(start + first, start + last, part, problem)
        else:
            search.add(start + first, start + last, part, problem)
        begun = True
    search.open = True


def _goes_on_by_operator(part: str) -> bool:
    if _NEVER_FIRST.match(part):
        return True
    return bool(_OPERATOR_FIRST.match(part)) and ("=" not in part or part.lstrip()[0] == "+")


def _without_comment(search: _Search, start: int, end: int) -> tuple[str, Unreadable | None]:
    """A line without its comment: # in Python, % in TeX."""
    line, tex = search.text[start:end], bool(_TEX.search(search.text))
    match = re.search(r"(?<!\\)%.*$" if tex else r"#.*$|^\s*%.*$", line)
    if match is not None:
        line = line[: match.start()] + _blank(match)
    stray = None if tex else re.search("%", line)
    if stray is None or not _RELATION.search(line):
        return line, None
    place = (start + stray.start(), start + stray.end())
    return line, Unreadable("% stands for no operation here; write what it is to mean.", place)


# ---------------------------------------------------------------------- what stands before a line


def _marker(search: _Search, line: str, start: int) -> tuple[int, Unreadable | None]:
    """How much of a line is a mark of a list, a quotation or a number, and what has to be asked about it."""
    quote = _QUOTE.match(line)
    lead = quote.end() if quote and (search.quoted or not search.open) else 0
    number = _NUMBER.match(line, lead)
    if number is not None:
        return _numbered(search, line, number, start)
    bullet = _BULLET.match(line, lead)
    if bullet is None:
        search.bullet = ""
        return lead, None
    mark, rest = bullet[1], line[bullet.end() :]
    if _begins_in_prose(rest, search.names):
        return bullet.end(), None
    return _bulleted(search, mark, rest, bullet, start, lead)


def _bulleted(
    search: _Search, mark: str, rest: str, bullet: re.Match[str], start: int, lead: int
) -> tuple[int, Unreadable | None]:
    """A mark before mathematics: of a list, an operation, or one can't tell."""
    before, search.bullet = search.bullet, mark
    if not _RELATION.search(rest):
        return (bullet.end() if mark == "•" else lead), None
    if mark == search.listed or (mark == before and mark in "*•"):
        return bullet.end(), None
    if not search.open:
        if mark in "*•":
            return bullet.end(), None
        if mark == "+":
            return lead, None
    place = (start + bullet.start(1), start + bullet.end(1))
    what = {"-": "a minus", "–": "a minus", "+": "a plus", "*": "a product", "•": "a product"}[mark]
    told = f"Is this {what} or the mark of a list? Write {what} without a space after it, or take the mark out."
    offers = (
        Offer(f"It is {what}", start + bullet.start(1), start + bullet.end(), "-" if mark in "-–" else mark),
        Offer("It marks a list", start + bullet.start(1), start + bullet.end(), ""),
    )
    return lead, Unreadable(told, place, offers)


def _numbered(search: _Search, line: str, number: re.Match[str], start: int) -> tuple[int, Unreadable | None]:
    """``2.`` and ``2)`` are numbers of lines; ``(2)`` is one where (1) stood before, or else it may be a factor."""
    if number[2] is None:
        return number.end(), None
    rest, counted = line[number.end() :], int(number[2])
    if _OPERATOR_FIRST.match(rest) or _GOES_ON.match(rest):
        return 0, None
    follows = counted == 1 or counted - 1 in search.numbers
    search.numbers.add(counted)
    if not number[1] or follows or _begins_in_prose(rest, search.names) or not _RELATION.search(rest):
        return number.end(), None
    place = (start + number.start(2) - 1, start + number.end(3))
    told = f"Is ({counted}) the number of this line or a factor? Leave it out, or write the factor without brackets."
    offers = (Offer("It is a number of a line", place[0], place[1], ""), Offer("It is a factor", *place, str(counted)))
    return 0, Unreadable(told, place, offers)


def _begins_in_prose(rest: str, names: frozenset[str]) -> bool:
    found = list(_WORD.finditer(rest))
    if not found or found[0].start() != len(rest) - len(rest.lstrip()):
        return False
    return _is_prose(found, 0, rest, names)


# ---------------------------------------------------------------------- words and formulas


@dataclass(frozen=True)
class _Wrong:
    """Words of a line that may belong to a formula, with what is asked about them."""

    start: int
    end: int
    says: str = ""


def _told(wrong: list[_Wrong], line: str, start: int) -> Unreadable | None:
    if not wrong:
        return None
    first = wrong[0]
    written = " ".join(line[first.start : first.end].split())
    said = first.says or (
        f"Do the words `{written}` belong to the formula? Put the formula between dollars, or a comma between them."
    )
    return Unreadable(said, (start + first.start, start + first.end))


def _parted(line: str, names: frozenset[str]) -> tuple[list[tuple[int, int]], list[_Wrong]]:
    """The parts of a line that stand between its runs of prose, and the runs that may be more than that."""
    runs = _runs(line, names)
    ends = [0, *(edge for run in runs for edge in (run[0].start(), run[-1].end())), len(line)]
    parts = []
    for first, last in zip(ends[::2], ends[1::2]):
        while first < last and line[first] in " \t,:;.!?–—":
            first += 1
        while first < last and line[last - 1] in " \t,:;.!?" and line[max(last - 2, 0)] != "\\":
            last -= 1
        told_of = _MENTIONS.match(line, first, last)
        if told_of and re.search(r"[A-Za-z]\s+$", line[max(first - _NEAR, 0) : first]):
            first = told_of.end()  # "for the weights w, L = ..." speaks of w
        if first < last and line[first:last].strip("()\"' -"):
            parts.append((first, last))
    return parts, [wrong for run in runs if (wrong := _entangled(line, run)) is not None]


def _runs(line: str, names: frozenset[str]) -> list[list[re.Match[str]]]:
    """The words of prose in a line, those together that nothing but spaces and punctuation parts."""
    depths = _depths(line)
    found = [one for one in _WORD.finditer(line) if depths[one.start()] == 0]
    runs: list[list[re.Match[str]]] = []
    for k, one in enumerate(found):
        if not _is_prose(found, k, line, names):
            continue
        between = line[runs[-1][-1].end() : one.start()] if runs else "x"
        if re.fullmatch(r"[\s,:;.!?()'\"–—-]*", between):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _remarks(line: str, names: frozenset[str]) -> list[tuple[int, int]]:
    """Brackets with words in them behind a formula, as in ``a = b (chain rule)``."""
    spans = []
    for match in re.finditer(r"(?<=\s)\(([^()]*)\)", line):
        inside = match[1]
        found = list(_WORD.finditer(inside))
        prose = [one for k, one in enumerate(found) if _is_prose(found, k, inside, names)]
        rest = re.sub(r"[\s,:;.!?'-]", "", _without(inside, prose))
        if prose and prose[0].start() == len(inside) - len(inside.lstrip()) and (not rest or _MENTION.fullmatch(rest)):
            spans.append(match.span())
    return spans


def _without(text: str, found: list[re.Match[str]]) -> str:
    for one in reversed(found):
        text = text[: one.start()] + text[one.end() :]
    return text


def _entangled(line: str, run: list[re.Match[str]]) -> _Wrong | None:
    """Whether a run of words may belong to the formulas beside it: no punctuation parts them, and no word that does."""
    first, last = run[0], run[-1]
    before, after = _beside_of(first.start(), last.end(), line)
    here = _Wrong(first.start(), last.end())
    if before.endswith("(") and after.startswith(")"):
        return None
    before, after = before.rstrip("("), after.lstrip(")")
    if before.strip() and before.rstrip()[-1] not in ",.;:!?—–" and first[0].lower() not in AFTER | {"."}:
        return here
    if re.search(r"[=+*/@^<>]$", before.rstrip()):
        return here
    words_in = [one[0].lower() for one in run if one[0] != "."]
    if not after or last[0] == "." or after[0] in ",.;:!?—–(" or not words_in or words_in[-1] in BEFORE | ARTICLES:
        return None
    named = len(words_in) > 1 and any(one in ARTICLES for one in words_in[:-1]) and words_in[-1] not in OPERATIONS
    return None if named else here


def _lost(line: str, parts: list[tuple[int, int]], formulas: list[tuple[int, int]], start: int) -> Unreadable | None:
    """Mathematics beside a formula of the same line that no relation holds, but for a symbol that prose mentions."""
    for part in parts:
        written = line[slice(*part)].strip(" ()")
        if not formulas or part in formulas:
            continue
        told_of = re.search(r"([A-Za-z]+)\s*$", line[max(part[0] - _NEAR, 0) : part[0]])
        mention = _MENTION.fullmatch(written) and told_of and told_of[1].lower() not in OPERATIONS
        if not mention:
            lone = line[slice(*part)].strip()
            said = f"`{lone}` stands beside an equation and in none; put each formula between dollars."
            return Unreadable(said, (start + part[0], start + part[1]))
    return None


def _beside(search: _Search, line: str, start: int) -> Unreadable | None:
    """A relation that reaches into the dollars beside it."""
    bare = line.strip()
    text, end = search.text, start + len(line)
    into = re.search(r"[=<>+*/]$", bare) and end < len(text) and text[end] in "$\\"
    out_of = re.match(r"[=<>+*/]", bare) and start > 0 and text[start - 1] in "$)"
    if not into and not out_of:
        return None
    return Unreadable("This equation stands half outside of its dollars; put all of it between them.", (start, end))


def _is_prose(found: list[re.Match[str]], place: int, line: str, names: frozenset[str]) -> bool:
    word = found[place][0]
    if word in names or word in _NAMES:
        return False
    if word == "." or word.lower() in _COMMON or _is_long(word, names):
        return not _is_operand(found[place], line) or word.lower() in _COMMON - {"loss"}
    near = [found[k][0].lower() for k in (place - 1, place + 1) if 0 <= k < len(found)]
    first = found[place].start()
    short = word.lower() if not line[max(first - _NEAR, 0) : first].strip(" \t,.;:(") else word
    if short not in _SHORT or (word in ("a", "I") and not any(one in _COMMON for one in near)):
        return False
    return not _is_operand(found[place], line) and not (len(word) > 1 and all(one in names for one in word))


def _is_long(word: str, names: frozenset[str]) -> bool:
    """Whether it looks like a word: ``least-squares`` does, ``Ax-b`` and a product of declared letters do not."""
    parts = re.split(r"[-'’]", word)
    looks = all(
        len(one) >= 3 or one.lower() in _SHORT | _COMMON or (k and one in ("s", "t", "re", "ve", "ll"))
        for k, one in enumerate(parts)
    )
    letters = word.replace("-", "")
    return looks and len(word) >= 4 and word[1:].islower() and not all(one in names for one in letters)


def _is_operand(match: re.Match[str], line: str) -> bool:
    """Whether a relation or an operator stands beside the word: then it is a name."""
    before, after = _beside_of(match.start(), match.end(), line)
    return before[-1:] in tuple("=+*/@-(") or after[:1] in tuple("=+*/@") or after[:2] == ":="


def _beside_of(start: int, end: int, line: str) -> tuple[str, str]:
    """What stands next to a part of a line, on its left and on its right; a window keeps long lines fast."""
    return line[max(start - _NEAR, 0) : start].rstrip(), line[end : end + _NEAR].lstrip()


_BARS = re.compile(r"\\\||\\[lr]?[vV]ert(?![A-Za-z])|\|\||‖|\|")


def _depths(line: str) -> list[int]:
    """How many brackets, and bars of a norm, are open at each place of a line."""
    bars = {match.start() for match in _BARS.finditer(line)}
    depths, opened, inside = [], dict.fromkeys("{([", 0), 0
    pairs = dict(zip("})]", "{(["))
    for place, char in enumerate(line):
        depths.append(sum(opened.values()) + inside)
        if char in opened:
            opened[char] += 1
        elif char in pairs:
            opened[pairs[char]] = max(opened[pairs[char]] - 1, 0)
        elif place in bars:
            inside = 1 - inside
    return depths


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _unbalanced(part: str) -> bool:
    return part.count("{") > part.count("}") or part.count(r"\begin{") > part.count(r"\end{")
