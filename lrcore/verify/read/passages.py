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

from lrcore.verify.read import left_over
from lrcore.verify.read.clauses import denied, linked
from lrcore.verify.read.delimiters import RELATION, blank, delimited, is_mathematics
from lrcore.verify.read.macros import relations, uses, without_definitions
from lrcore.verify.read.marks import GOES_ON, OPERATOR_FIRST, Marks, is_quoted, is_step, letters_of, list_mark, mark_of
from lrcore.verify.read.neighbours import Piece, doubts, is_bracketed
from lrcore.verify.read.prose import (
    Doubt,
    asked_of,
    begins_in_prose,
    is_conjunction,
    is_mention,
    lost_beside,
    may_be_factor,
    parted,
    remarks,
    runs_of_prose,
    without_references,
)
from lrcore.verify.read.vocabulary import (
    COMMON,
    OPERATES_BEFORE,
    OPERATIONS,
    QUALIFIED,
    SHORT,
    changes,
    names_operation,
    without_prose,
)
from lrcore.verify.terms.errors import Fault, Kind, Unreadable
from lrcore.verify.terms.memory import once

_NEVER_FIRST = re.compile(r"\s*(?:[*/@·]|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
_UNFINISHED = re.compile(r"(?:=|[+\-−*/@(,&]|\\\\|\\cdot|\\times)\s*$")
_OPERATION = re.compile(rf"(?<![\\A-Za-z{{_])(?:{'|'.join(OPERATIONS)})(?![A-Za-z(\[_.])")
_LAYOUT = re.compile(r"\\(?:label|tag|ref|eqref)\*?\s*\{[^{}]*\}|\\(?:nonumber|notag|hfill|q?quad|[,;!])(?![A-Za-z])")
_SET_IN = r"(?:\s|\$|\\[\[\]()])*"  # what formulas are set in
_NOTHING = re.compile(rf"{_SET_IN}(?:,?\s*(?:which|that) (?:is|equals|gives)|i\.e\.|or)?:?{_SET_IN}")
_RELATION_FIRST = re.compile(r"\s*(?:&\s*)?=")
_WORDS_ALONE = re.compile(r"\s*\\text\{[^{}$]*\}\s*\\\\\s*")
_MARK = re.compile(r"[ \t]*(?:[-*•–+][ \t]+|(\()?(\d{1,2}|[a-z]|[ivx]+)[.)][ \t]*)")
_BOLD = re.compile(r"(?<![\w*)\]}])\*\*(?=[^\s*])([^\n]{0,300}?[^\s*])\*\*(?![\w*({\\])")
_SHAPE = re.compile(r"\(\w+,(?:\s*\w+)?\)\s*")
_CLOSED_OUT = re.compile(r"(?<!\\)%[^\n]*\Z")
_LABEL = re.compile(r"\s*(?:\\text(?:bf)?\{[^{}]*:\s*\}|[A-Z]{2,5}\s*:(?!=))")
_NUMPY = re.compile(r"@|\*|\.T\b|\[|//|[a-z0-9_]\w*\(")
_SLASH = re.compile(r"(?<!\w)d\w+\s*/\s*d\w+")
_HEAD = re.compile(r"^[ \t]*([A-Za-z][A-Za-z]+)\s*(?:\([\w\s,;\\]*\)\s*)?:?=(?!=)", re.M)
_ARTICLE_DEFINED = re.compile(r"(?<![\\A-Za-z0-9_^{])([AaI])[ \t]*&?[ \t]*(?::?=(?!=)|\\(?:coloneqq|triangleq)\b)")
_DENIAL = "Do the words beside this formula deny it or ask whether it holds? Leave them out."
_PUNCTUATION = " \t,;:.!?()–—-"
_BEHIND = re.compile(r"[ \t,;:(–—-]*[^\n$\\.,;:()]*")  # up to the end of the phrase
_DASH = re.compile(r"\w[ \t]*[-−][ \t]*$")
_ONLY_RELATION = re.compile(r"\s*(?:\\[A-Za-z]+|[=<>≤≥≈])\s*")
_LABEL_ALONE = re.compile(
    r"\s*(?:[^\s=+*/^\\_(){}<>≤≥−-]{1,12}:|[A-Z]\d+\.|\[\d+\]|vs\.?|~{2,}\s*\(\d{1,3}[a-z]?\))\s*"
)  # of a line or an answer: A:
_ENDED = re.compile(rf"[{left_over.ENDS}]")
_SPACE = re.compile(r"\s+")
_ROW_ENDS = re.compile(r"\\\\(?:\[[^\[\]\n]*\])?\s*$")
_AT_END_OF_ROW = re.compile(
    r"\\text(?:rm|it|bf|normal)?\s{0,9}\{\s{0,9}([(,][^(){}$\\]{0,200}[),])[\s.,;]{0,9}\}"
    r"(?=[ \t.,;&]*(?:\\\\|\\end\b|\n|$))"
)
_TYPESET = re.compile(r"\\[A-Za-z]|\$|[_^]\{")
_TEX = re.compile(r"\\[A-Za-z]|\^|\$|_\{")


@dataclass(frozen=True)
class Passage:
    """Mathematics that reaches from ``start`` to ``end``; ``text`` is as long, with blanks for what is prose.

    ``goes_on`` where it begins with a relation and stands by itself; ``problem`` where it can't be told what belongs
    to it; ``link`` says how it follows from the one before.
    """

    start: int
    end: int
    text: str
    plain: bool = False
    problem: Unreadable | None = None
    link: str = ""

    def runs(self) -> Iterator[tuple[int, int]]:
        """From where to where it stands in the text, without its blanks."""
        yield from ((self.start + one.start(), self.start + one.end()) for one in re.finditer(r"\S+", self.text))

    @property
    def reads(self) -> str:
        """The text for the prover; a last space of LaTeX says which language it is where nothing else does."""
        return self.text + r"\," if self.plain else self.text


@dataclass
class _Search:
    """A text on its way through: what was found, and whether the line before ends in a formula."""

    text: str
    marks: Marks
    tex: bool
    found: list[Passage] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    open: bool = False
    touched: Unreadable | None = None
    silent: list[tuple[int, int]] = field(default_factory=list)

    def add(self, start: int, end: int, part: str, problem: Unreadable | None = None) -> None:
        part = _LABEL.sub(blank, part, count=1) if _LABEL.match(part) else part
        self.found.append(Passage(start, end, part, problem=problem))

    def go_on(self, start: int, end: int, part: str, problem: Unreadable | None = None) -> None:
        """The rest of the passage before, on another line or behind words."""
        last = self.found[-1]
        if _ENDED.search(self.text, last.end, start) and not GOES_ON.match(part):
            told = "Does the formula end at this mark? What stands behind it would go on with it; take the mark out."
            problem = problem or Unreadable(told, (last.end, start))
        between = re.sub(r"[^\n]", " ", self.text[last.end : start])
        self.found[-1] = Passage(last.start, end, f"{last.text}{between}{part}", problem=last.problem or problem)

    def ask(self, place: int, asked: Unreadable | None) -> None:
        """Note what is asked of a passage; the first question stays."""
        one = self.found[place]
        self.found[place] = replace(one, problem=one.problem or asked)

    def ask_beside(self) -> None:
        """Ask about what stands beside the passages and is no prose."""
        wholes = [(one.start, one.end) for one in self.pieces if one.place is not None and not one.bare]
        wholes += [run for one in self.found for run in one.runs()]
        parts = [(one.start, one.end) for one in self.pieces if one.place is None and not one.bare]
        left = left_over.outside(self.text, wholes, parts, self.silent)
        spans = [(one.start, one.end) for one in self.found]
        for place, asked in (*doubts(self.pieces, left), *left_over.asked(left, spans)):
            self.ask(place, asked)

    def is_half(self) -> bool:
        """Whether the passage before holds no relation yet: the next line goes on with it."""
        return bool(self.found) and not RELATION.search(self.found[-1].text)


def find(text: str, names: Collection[str] = ()) -> list[Passage]:
    """The mathematics of a text, in reading order; ``names`` are words that are symbols and no prose."""
    return list(once(_found, text, frozenset(one for one in names if one in text)))


def _found(text: str, names: frozenset[str]) -> tuple[Passage, ...]:
    text, own = without_definitions(text)
    related = {one for one in names if one[:1] == "\\"} | relations(own)
    heads = set(_ARTICLE_DEFINED.findall(text))
    heads |= {one for one in _HEAD.findall(text) if one.lower() not in COMMON | SHORT | OPERATIONS or one == "loss"}
    marks = Marks(frozenset(names) | heads, is_quoted(text), list_mark(text), *letters_of(text))
    search = _Search(text, marks, bool(_TEX.search(text)))
    at = 0
    for opened, start, end, closed in [*delimited(text), (len(text), len(text), len(text), len(text))]:
        _add_lines(search, at, opened)
        inside = text[start:end]
        gap = _SPACE.sub(_one_space, text[at:opened])
        problem = None
        behind = _BEHIND.match(text, closed)
        if comment := _CLOSED_OUT.search(inside):
            told = "The dollar behind this % would be a part of the comment; take the sign out."
            problem = Unreadable(told, (start + comment.start(), closed))
        elif behind and (changes(behind[0]) or QUALIFIED.search(behind[0])):
            words = behind[0].strip(_PUNCTUATION)
            told = f"Do the words `{words}` change this formula? Write what they mean as a sign."
            problem = Unreadable(told, behind.span())
        if _DASH.search(gap):
            told = "Is this dash a minus? Write it into the formula, or a colon for it."
            problem = Unreadable(told, (opened - 1, closed))
        if OPERATES_BEFORE.search(gap):
            said = "Do the words before this formula belong to it? Write the sign that they stand for."
            problem = Unreadable(said, (opened, closed))
        says = is_mathematics(inside) and not _ONLY_RELATION.fullmatch(inside)
        if end > start and (says or uses(inside, related)):
            search.add(start, end, inside, search.touched or problem)
            search.pieces.append(Piece(opened, closed, inside, len(search.found) - 1))
        elif inside.strip():
            search.pieces.append(Piece(opened, closed, inside))
        if closed > opened:
            search.open, search.touched = False, None
        at = closed
    search.ask_beside()
    for place, one in enumerate(search.found):
        if place:
            between = text[search.found[place - 1].end : one.start]
            on = "on" if _NOTHING.fullmatch(between) and _RELATION_FIRST.match(one.text) else ""
            search.found[place] = replace(one, link=linked(between) or on)
        if denied(text, one.start, one.end):
            search.ask(place, Unreadable(_DENIAL, (one.start, one.end)))
    latex = bool(re.search(r"\\|\^|\$", text))
    tex = bool(_TYPESET.search(text))
    return tuple(
        _questioned(replace(one, plain=_is_plain(one, latex, text)), search.marks.names, tex) for one in search.found
    )


def _is_plain(one: Passage, latex: bool, text: str) -> bool:
    """``dr/dw = X`` is LaTeX between dollars, where the lines around it are, and where it is a derivative; NumPy has
    ``grad``.
    """
    if re.search(r"[\\{}^$]", one.text):
        return False
    if text[: one.start].rstrip()[-1:] == "$":
        return True
    return not _NUMPY.search(one.text) and (latex or bool(_SLASH.search(one.text)))


def _questioned(one: Passage, names: frozenset[str], tex: bool) -> Passage:
    """A passage with a word such as *times* in it, which would be read letter by letter, or with a tilde, which is a
    space in TeX alone.
    """
    tilde = re.search(r"=~|~=" if tex else "~", one.text)
    if one.problem is None and tilde is not None:
        place = (one.start + tilde.start(), one.start + tilde.end())
        return replace(one, problem=Unreadable("What does ~ mean here? Write the relation that is meant.", place))
    found = next((word for word in _OPERATION.finditer(_without_reasons(one.text)) if word[0] not in names), None)
    if one.problem is not None or found is None:
        return one
    place = (one.start + found.start(), one.start + found.end())
    return replace(one, problem=Unreadable(f"`{found[0]}` is a word; write the sign that it stands for.", place))


def _without_reasons(text: str) -> str:
    r"""With blanks for reasons at the ends of rows, as in ``\text{(power rule)}``, that speak of operations and ask for
    none; by now their brackets may be commas.
    """
    text = _AT_END_OF_ROW.sub(lambda one: one[0] if names_operation(one[1]) else " " * len(one[0]), text)
    return without_prose(text)


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
    last = search.pieces[-1] if search.pieces and not whole else None
    if last is not None and last.end == start and not last.is_whole and (word := left_over.COMPOUND.match(line)):
        line = blank(word) + line[word.end() :]
    touched, search.touched = search.touched, None
    if not line.strip() or (not whole and not line.strip(" \t,.;:()")):
        search.open = search.open and not whole
        return
    if search.open and search.found and _unbalanced(search.found[-1].text):
        search.go_on(start, end, line, problem)
        return
    search.marks.open = search.open
    line = without_references(_unbold(line, search.marks))
    search.marks.row = whole and _row_ended(search, start)
    lead, asked = mark_of(search.marks, line, start) if whole else (0, None)
    if asked and search.open:  # what stands above may go on here
        search.ask(-1, asked)
    search.silent.append((start, start + lead))
    line = _undressed(" " * lead + line[lead:], search.marks.names)
    problem = problem or asked
    parts, wrong = parted(line, search.marks.names)
    formulas = [part for part in parts if RELATION.search(line[slice(*part)]) or _unbalanced(line[slice(*part)])]
    if not formulas and not (search.open and whole and _continues(search, line, parts)):
        _without_equation(search, line, parts, wrong, start, whole, problem)
        return
    _add_formulas(search, line, parts, formulas, problem or touched or asked_of(wrong, line, start), start, whole)


def _row_ended(search: _Search, start: int) -> bool:
    r"""Whether the line above ends in ``\\\\``."""
    first = search.text.rfind("\n", 0, max(start - 1, 0)) + 1
    return first < start and _ROW_ENDS.search(_without_comment(search, first, start - 1)[0]) is not None


def _unbold(line: str, marks: Marks) -> str:
    """Without the stars of bold type, where they stand in pairs and are no power: one end has no factor beside it, or
    words stand between them.
    """

    def bare(bold: re.Match[str]) -> str:
        before, after = line[: bold.start()].rstrip(), line[bold.end() :].lstrip()
        free = before[-1] in "=+-/(,;:<>|" if before else not marks.open
        ends = not after or after[0] in "=/),.;:<>|"
        if not (free or ends or begins_in_prose(bold[1], marks.names)):
            return bold[0]
        return f"  {bold[1]}{': ' if is_step(bold[1]) else '  '}"

    return _BOLD.sub(bare, line)


def _undressed(line: str, names: frozenset[str]) -> str:
    """With commas for the brackets of a remark."""
    for first, last in remarks(line, names):
        line = f"{line[:first]},{line[first + 1 : last - 1]},{line[last:]}"
    return line


def _continues(search: _Search, line: str, parts: list[tuple[int, int]]) -> bool:
    """Whether a line without a relation goes on with the formula of the line above."""
    if len(parts) != 1 or line[: parts[0][0]].strip():
        return False
    unfinished = bool(_UNFINISHED.search(search.found[-1].text))
    return unfinished or bool(OPERATOR_FIRST.match(line[parts[0][0] :]))


def _without_equation(
    search: _Search, line: str, parts: list[tuple[int, int]], wrong: list[Doubt], start: int, whole: bool,
    problem: Unreadable | None,
) -> None:  # fmt: skip
    """A line without an equation is a remark; what may go on with the formula above is asked about."""
    if not whole:
        names = search.marks.names
        beside = [part for part in parts if not is_mention(line, part) or may_be_factor(line, part, names)]
        if not runs_of_prose(line, search.marks.names):
            beside = _unsaid(search, line, start)
        beside = [part for part in beside if not is_conjunction(line, part)]
        search.pieces += [Piece(start + first, start + last, line[first:last], bare=True) for first, last in beside]
        search.touched = _operated(search, line, start)
        if search.touched and search.found and "\n" not in search.text[search.found[-1].end : start]:
            search.ask(-1, search.touched)
        return
    if not _LAYOUT.sub("", line).strip() or _LABEL_ALONE.fullmatch(line) or is_bracketed(line):
        return
    if re.fullmatch(r"\s*[-+*/−–]\s*", line):
        search.touched = Unreadable(
            "Does this sign belong to the next line? Write it there, or take it out.", place_of(line, start)
        )
        return
    words = re.findall(r"[A-Za-z]+", line)
    if words and all(one.lower() in OPERATIONS for one in words) and not re.search(r"[^A-Za-z\s]", line):
        asked = "Does this word belong to the next line? Write the sign that it stands for there, or leave it out."
        search.touched = Unreadable(asked, place_of(line, start))
    was_open, search.open = search.open, False
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    opening = re.match(r"[a-z]+", _LAYOUT.sub("", line).strip())
    all_symbols = len(parts) == 1 and line[slice(*parts[0])].strip(" \t,.;:") == line.strip(" \t,.;:")
    symbols = all_symbols and re.search(r"[^\W_]", line) is not None
    half = was_open and search.is_half()
    if was_open and _WORDS_ALONE.fullmatch(line):  # a row of words between two rows of one formula
        search.go_on(start + first, start + last, line[first:last], problem)
        search.open = True
        return
    if was_open and not half and (symbols or (opening and opening[0] in OPERATIONS)):
        told = "Does this line go on with the formula above? Begin it with a sign, or leave it out."
        doubt = Unreadable(told, (start + first, start + last), fault=Fault(Kind.BROKEN_OFF))
        search.go_on(start + first, start + last, line[first:last], doubt)
        search.open = True
    elif symbols:
        (search.go_on if half else search.add)(start + first, start + last, line[first:last], problem)
        search.open = True


def _operated(search: _Search, line: str, start: int) -> Unreadable | None:
    """What is asked of a word such as *times* at an end of what stands beside a formula."""
    words = [one for run in runs_of_prose(line, search.marks.names) for one in run]
    beyond = (line[: words[0].start()], line[words[-1].end() :]) if words else ()
    for one, rest in zip((words[0], words[-1]) if words else (), beyond):
        if one[0].lower() in OPERATIONS and not rest.strip() and names_operation(line[one.start() : words[-1].end()]):
            place = (start + one.start(), start + one.end())
            return Unreadable("Does this word belong to the formula beside it? Put a comma between them.", place)
    return None


def _unsaid(search: _Search, line: str, start: int) -> list[tuple[int, int]]:
    """What stands beside a formula with no word: all of it, but for the mark of a list, the number of a line in front
    and that of an equation behind.
    """
    end = start + len(line)
    environment = search.text.startswith("\\begin", end) or search.text[:start].endswith("}")
    bare = line
    mark = _MARK.match(line) if start == 0 or search.text[start - 1] == "\n" else None
    if mark and not environment and not (mark[1] and mark[2] in search.marks.names):
        bare = blank(mark) + line[mark.end() :]
    if not environment and search.text[end : end + 1] in ("", "\r", "\n"):
        bare = re.sub(r"\(\d+\)(?=[\s.,;]*$)", blank, bare)
    if not re.search(r"[^\W_]|[-+−\[\]{}()]", bare):
        return []
    return [(len(bare) - len(bare.lstrip()), len(bare.rstrip()))]


def place_of(line: str, start: int) -> tuple[int, int]:
    """Where the text of a line lies, without the space around it."""
    return start + len(line) - len(line.lstrip()), start + len(line.rstrip())


def _add_formulas(
    search: _Search, line: str, parts: list[tuple[int, int]], formulas: list[tuple[int, int]],
    problem: Unreadable | None, start: int, whole: bool,
) -> None:  # fmt: skip
    """The formulas of a line, each a passage or the rest of the one before; nothing else in it may be mathematics."""
    problem = problem or _stray_dollar(line, start) or lost_beside(line, parts, formulas, start)
    begun = False
    for first, last in formulas or parts:
        part = line[first:last]
        alone = not begun and bool(line[:first].strip())
        unfinished = (
            search.open and not alone and bool(search.found) and bool(_UNFINISHED.search(search.found[-1].text))
        )
        continues = search.open and not begun and not alone and (GOES_ON.match(part) or _goes_on_by_operator(part))
        half = search.open and not begun and not alone and search.is_half()
        if search.found and (unfinished or continues or half or (begun and GOES_ON.match(part))):
            search.go_on(start + first, start + last, part, problem)
        else:
            search.add(start + first, start + last, part, problem)
        if not whole:
            search.pieces.append(Piece(start + first, start + last, part, len(search.found) - 1, bare=True))
        begun = True
    search.open = True


def _stray_dollar(line: str, start: int) -> Unreadable | None:
    """A dollar that opens or closes nothing."""
    stray = re.search(r"(?<!\\)\$+", line)
    if stray is None:
        return None
    place = (start + stray.start(), start + stray.end())
    return Unreadable("This dollar has no partner; close the formula, or take it out.", place)


def _goes_on_by_operator(part: str) -> bool:
    if _NEVER_FIRST.match(part):
        return True
    return bool(OPERATOR_FIRST.match(part)) and ("=" not in part or part.lstrip()[0] == "+")


def _without_comment(search: _Search, start: int, end: int) -> tuple[str, Unreadable | None]:
    """A line without its comment: # in Python, % in TeX; what may be more than a comment is asked about."""
    line = search.text[start:end]
    match = re.search(r"(?<!\\)%.*$" if search.tex else r"#.*$|^\s*%.*$", line)
    ends = search.text[end : end + 1] in ("", "\r", "\n")
    if match is None or not ends:  # a formula stands behind the sign
        stray = None if search.tex else re.search("%", line)
        if stray is None or not RELATION.search(line):
            return line, None
        place = (start + stray.start(), start + stray.end())
        return line, Unreadable("% stands for no operation here; write what it is to mean.", place)
    search.silent.append((start + match.start(), end))
    problem = None
    if not _is_comment(search, start, match):
        told = f"Is `{match[0].strip()}` a comment or a part of the line? Put words into it, or take the sign out."
        problem = Unreadable(told, (start + match.start(), end))
        if not line[: match.start()].strip() and search.found:
            search.ask(-1, problem)
    return line[: match.start()] + blank(match), problem


def _is_comment(search: _Search, start: int, match: re.Match[str]) -> bool:
    """Whether what stands behind a line is words, or LaTeX's empty comment at the end of a row; a line of its own is a
    comment unless it may go on with the formula above.
    """
    words, before = match[0].lstrip("#% \t"), search.text[: start + match.start()]
    own_line = not before[before.rfind("\n") + 1 :].strip()
    if not words.strip():
        return before.rstrip().endswith(("}", r"\\")) or (own_line and not search.open)
    if own_line:
        return not (search.open and (OPERATOR_FIRST.match(words) or GOES_ON.match(words)))
    long = any(set(one) - search.marks.names for one in re.findall(r"[A-Za-z][a-z]{2,}", words))
    return long or bool(_SHAPE.fullmatch(words) or runs_of_prose(words, search.marks.names))


def _one_space(match: re.Match[str]) -> str:
    """A run of space as one character, since what follows looks back over it from each of its places."""
    return "\n" if "\n" in match[0] else " "


def _unbalanced(part: str) -> bool:
    return part.count("{") > part.count("}") or part.count(r"\begin{") > part.count(r"\end{")
