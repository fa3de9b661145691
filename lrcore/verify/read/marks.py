"""What stands before a line and is no mathematics: the mark of a list or a quotation, the number of a line.

A dash may be a minus and a number in brackets a factor. Where one can't tell, it is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lrcore.verify.read.delimiters import RELATION
from lrcore.verify.read.prose import begins_in_prose
from lrcore.verify.read.vocabulary import SHORT
from lrcore.verify.terms.errors import Offer, Unreadable

GOES_ON = re.compile(r"(?:&|\\\\|\\quad|\s)*(?::?=|[<>]|\\(?:equiv|approx|le|ge|leq|geq|coloneqq)(?![A-Za-z])|[≤≥≈])")
OPERATOR_FIRST = re.compile(r"(?:&|\s)*(?:[+*/@·]|[-–—](?!\s*$)|−|\\cdot(?![A-Za-z])|\\times(?![A-Za-z]))")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]*)+")
_LETTER = re.compile(r"[ \t]*(\((?![A-Z]))?([a-hA-H]|i{1,3}|iv|vi{0,3}|ix)([.)])[ \t]+(?=\S)")
_SPACE = r"(?:[ \t~]|\\[,;:! ]|\\q?quad(?![A-Za-z]))+"
_NUMBER = re.compile(rf"[ \t]*(\()?(\d{{1,2}})([.)]){_SPACE}")
_STEP = re.compile(r"[ \t]*(?:step|line)[ \t]*(\d{1,3})(?:[ \t]*[.:),;—](?!\d))?[ \t]*", re.I)
_ALPHABET = tuple("abcdefgh")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_BULLET = re.compile(r"[ \t]*([-*•–—+])[ \t]+(?=\S)")


@dataclass
class Marks:
    """What is known of the marks of a text: whether all of it is quoted or a list, the letters that lines begin with
    and those in formulas, the numbers and the bullet before; ``open`` where the line above ends in a formula, ``row``
    where it ends in the break of a row.
    """

    names: frozenset[str]
    quoted: bool
    listed: str
    letters: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    numbers: set[int] = field(default_factory=set)
    bullet: str = ""
    open: bool = False
    row: bool = False


def is_quoted(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(line.lstrip().startswith(">") for line in lines)


def letters_of(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The letters that may be those of lines, and the letters of the text that stand in no long word."""
    led, bare = set(), []
    for line in text.splitlines():
        match = _LETTER.match(line)
        led |= {match[2]} if match else set()
        bare.append(line[match.end() if match else 0 :])
    short = re.findall(r"(?<![A-Za-z])[A-Za-z]{1,3}(?![A-Za-z])", "\n".join(bare))
    return frozenset(led), frozenset("".join(one for one in short if one not in SHORT))


def list_mark(text: str) -> str:
    """The mark that every line with an equation begins with, where there are two or more of them: a list. Rows of a
    formula are none.
    """
    lines = [line for line in text.splitlines() if RELATION.search(line)]
    if any(line.rstrip().endswith(r"\\") for line in lines):
        return ""
    marks = {match[1] if (match := _BULLET.match(line)) else "" for line in lines}
    return marks.pop() if len(marks) == 1 and len(lines) > 1 else ""


def mark_of(marks: Marks, line: str, start: int) -> tuple[int, Unreadable | None]:
    """How much of a line is a mark of a list, a quotation or a number, and what has to be asked about it."""
    quote = _QUOTE.match(line)
    lead = quote.end() if quote and (marks.quoted or not marks.open) else 0
    number = _NUMBER.match(line, lead)
    if number is not None:
        return _numbered(marks, line, number, start)
    step = _STEP.match(line, lead)
    if step is not None:
        return _stepped(marks, line, step, start)
    letter = _LETTER.match(line, lead)
    if letter is not None:
        return _lettered(marks, line, letter, start)
    bullet = _BULLET.match(line, lead)
    if bullet is None:
        marks.bullet = ""
        return lead, None
    mark, rest = bullet[1], line[bullet.end() :]
    if begins_in_prose(rest, marks.names):
        return bullet.end(), None
    return _bulleted(marks, mark, rest, bullet, start, lead)


def _bulleted(
    marks: Marks, mark: str, rest: str, bullet: re.Match[str], start: int, lead: int
) -> tuple[int, Unreadable | None]:
    """A mark before mathematics: of a list, an operation, or one can't tell."""
    before, marks.bullet = marks.bullet, mark
    if marks.row and mark in "-–—+":  # rows of a formula are no list
        return lead, None
    if not RELATION.search(rest):
        return (bullet.end() if mark == "•" else lead), None
    if mark == marks.listed or (mark == before and mark in "*•"):
        return bullet.end(), None
    if not marks.open:
        if mark in "*•":
            return bullet.end(), None
        if mark == "+":
            return lead, None
    place = (start + bullet.start(1), start + bullet.end(1))
    what = {"-": "a minus", "–": "a minus", "—": "a minus", "+": "a plus", "*": "a product", "•": "a product"}[mark]
    told = f"Is this {what} or the mark of a list? Write {what} without a space after it, or take the mark out."
    offers = (
        Offer(f"It is {what}", start + bullet.start(1), start + bullet.end(), "-" if mark in "-–—" else mark),
        Offer("It marks a list", start + bullet.start(1), start + bullet.end(), ""),
    )
    return lead, Unreadable(told, place, offers)


def _lettered(marks: Marks, line: str, letter: re.Match[str], start: int) -> tuple[int, Unreadable | None]:
    """``a)``, ``(b)``, ``C.`` and ``ii.`` are letters of lines; one that is a symbol, too, may be a factor where none
    of its neighbours in the alphabet begins a line.
    """
    name = letter[2]
    if not _has_neighbour(name, marks.letters) and _goes_on(marks, line[letter.end() :]):
        return 0, None
    symbol = name in marks.names or name in marks.used
    if not symbol or _has_neighbour(name, marks.letters) or begins_in_prose(line[letter.end() :], marks.names):
        return letter.end(), None
    place = (start + letter.start(1 if letter[1] else 2), start + letter.end(3))
    written = line[letter.start(1 if letter[1] else 2) : letter.end(3)]
    told = f"Is {written} the letter of this line or a factor? Leave it out, or write the factor alone."
    offers = (Offer("It is the letter of a line", *place, ""), Offer("It is a factor", *place, name))
    return 0, Unreadable(told, place, offers)


def _goes_on(marks: Marks, rest: str) -> bool:
    """Whether a line may go on with the formula above: it holds no relation, and no words."""
    return marks.open and not RELATION.search(rest) and not begins_in_prose(rest, marks.names)


def _has_neighbour(name: str, letters: frozenset[str]) -> bool:
    """Whether the letter before or after this one begins a line, too."""
    lower = name.lower()
    for order in (_ALPHABET, _ROMAN):
        if lower in order:
            at = order.index(lower)
            beside = {order[k] for k in (at - 1, at + 1) if 0 <= k < len(order)}
            if beside & {one.lower() for one in letters if one.islower() == name.islower()}:
                return True
    return False


def is_step(words: str) -> bool:
    """Whether it says which line this is, without a colon."""
    return re.fullmatch(r"\s*(?:step|line)\s*\d+\s*", words, re.I) is not None


def _stepped(marks: Marks, line: str, step: re.Match[str], start: int) -> tuple[int, Unreadable | None]:
    """``Step 2:`` says which line it is; without the colon the number may be a factor."""
    rest = line[step.end() :]
    if step[0].rstrip()[-1:].isdigit() and rest.strip() and not begins_in_prose(rest, marks.names):
        place = (start + step.start(1), start + step.end(1))
        told = f"Is {step[1]} the number of this line or a factor? Write a colon behind it, or the factor alone."
        offers = (
            Offer("It is the number of a line", *place, f"{step[1]}:"),
            Offer("It is a factor", start + len(step[0]) - len(step[0].lstrip()), place[1], step[1]),
        )
        return 0, Unreadable(told, place, offers)
    return step.end(), None


def _numbered(marks: Marks, line: str, number: re.Match[str], start: int) -> tuple[int, Unreadable | None]:
    """``2.`` and ``2)`` are numbers of lines; ``(2)`` is one where (1) stood before, or else it may be a factor."""
    rest, counted = line[number.end() :], int(number[2])
    if OPERATOR_FIRST.match(rest) or GOES_ON.match(rest):
        return 0, None
    if counted - 1 not in marks.numbers and _goes_on(marks, rest):
        return 0, None
    follows = counted == 1 or counted - 1 in marks.numbers
    marks.numbers.add(counted)
    if not number[1] or follows or begins_in_prose(rest, marks.names) or not RELATION.search(rest):
        return number.end(), None
    place = (start + number.start(2) - 1, start + number.end(3))
    told = f"Is ({counted}) the number of this line or a factor? Leave it out, or write the factor without brackets."
    offers = (Offer("It is a number of a line", place[0], place[1], ""), Offer("It is a factor", *place, str(counted)))
    return 0, Unreadable(told, place, offers)
