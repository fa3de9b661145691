"""Words in a line of mathematics: which are prose, and which may belong to a formula.

Words are set aside only where nothing can be meant by them but prose: before a formula after a colon or a word such as
*so*, behind it after a comma or a word such as *because*. What may belong to a formula is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.words import GREEK, words

_WORD = re.compile(r"(?<![\\A-Za-z0-9_^{}.])[A-Za-z][A-Za-z'’-]*(?![A-Za-z0-9_^({\[.@])|(?<=[a-z])\.(?=\s|$)")
_MENTION = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\w|\{[^{}]*\}))?(?:\^(?:\w|\{[^{}]*\}|\*))?")
_MENTIONS = re.compile(rf"(?:{_MENTION.pattern}\s*,\s*)+")
SHORT = frozenset(words("so we is be of to in it if as or an at on by do my no us up a I"))
COMMON = frozenset(
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
# Words behind a formula that say the contrary of it.
_UNTRUE = (
    r"(?:impossible|absurd|nonsense|contradictory|contradicts?|false|untrue|wrong|incorrect"
    r"|never(?!\s+fails?\b)|fails?\b(?!\s+to be))\b"
)
_NOT = r"(?:not|cannot|n['’]t)"
_OF_A_CLAIM = (
    r"(?:true|so|valid|right|correct|the case|always|generally|necessarily|in general|an? (?:equality|identity)"
    r"|satisfied|given|hold|follow|imply|mean|apply|work|have|be)\b"
)
# Words before a formula that deny it, or operate on it.
DENIED_BEFORE = re.compile(
    r"\b(?:false|untrue|wrong|not true|impossible|absurd) that\s*$|\bnever (?:have|get|holds?)\s*$"
    r"|\b(?:nobody|no one|mistake|mistaken|wrongly|fallacy|myth|cannot|can['’]t|never)\b[^.;:\n$]*"
    r"\b(?:that|thinks?|claims?|says?|believes?|have|gets?)\s*$",
    re.I,
)
OPERATES_BEFORE = re.compile(
    r"\b(?:negative|opposite|inverse|reciprocal|transpose|trace|square|root|half|double|twice) of"
    r"\s*(?:\$|\\\(|\\\[)?\s*$",
    re.I,
)
DENIED = re.compile(
    rf"[\s(,]*(?:which |that |it |this )?(?:{_UNTRUE}|(?:is|are|was) (?:\w+ly )?{_UNTRUE}"
    rf"|(?:is|are|was|does|do|did|can|may|need|must)?\s*{_NOT}\s+{_OF_A_CLAIM}|{_NOT}\s*(?:[).,;:!]|$))",
    re.I,
)
_NAMES = frozenset([*words("tr det log ln exp diag vec MSE RSS SSE"), *GREEK])
_NEAR = 60
_BARS = re.compile(r"\\\||\\[lr]?[vV]ert(?![A-Za-z])|\|\||‖|\|")


def begins_in_prose(rest: str, names: frozenset[str]) -> bool:
    found = list(_WORD.finditer(rest))
    if not found or found[0].start() != len(rest) - len(rest.lstrip()):
        return False
    return _is_prose(found, 0, rest, names)


@dataclass(frozen=True)
class Doubt:
    """Words of a line that may belong to a formula, with what is asked about them."""

    start: int
    end: int
    says: str = ""


def asked_of(wrong: list[Doubt], line: str, start: int) -> Unreadable | None:
    if not wrong:
        return None
    first = wrong[0]
    written = " ".join(line[first.start : first.end].split())
    said = first.says or (
        f"Do the words `{written}` belong to the formula? Put the formula between dollars, or a comma between them."
    )
    return Unreadable(said, (start + first.start, start + first.end))


def parted(line: str, names: frozenset[str]) -> tuple[list[tuple[int, int]], list[Doubt]]:
    """The parts of a line that stand between its runs of prose, and the runs that may be more than that."""
    runs = runs_of_prose(line, names)
    ends = [0, *(edge for run in runs for edge in (run[0].start(), run[-1].end())), len(line)]
    parts = []
    for first, last in zip(ends[::2], ends[1::2]):
        while first < last and line[first] in " \t,:;.!?–—" and not _begins_mathematics(line, first):
            first += 1
        while first < last and line[last - 1] in " \t,:;.?" and line[max(last - 2, 0)] != "\\":
            last -= 1
        told_of = _MENTIONS.match(line, first, last)
        if told_of and re.search(r"[A-Za-z]\s+$", line[max(first - _NEAR, 0) : first]):
            first = told_of.end()  # "for the weights w, L = ..." speaks of w
        if first < last and line[first:last].strip("()\"' -"):
            parts.append((first, last))
    return parts, [wrong for run in runs if (wrong := _entangled(line, run)) is not None]


def _begins_mathematics(line: str, at: int) -> bool:
    """Whether a full stop begins a number, or a dash with no word before it a line."""
    if line[at] == ".":
        return line[at + 1 : at + 2].isdigit()
    return line[at] in "–—" and not line[:at].strip()


def runs_of_prose(line: str, names: frozenset[str]) -> list[list[re.Match[str]]]:
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


def remarks(line: str, names: frozenset[str]) -> list[tuple[int, int]]:
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


def _entangled(line: str, run: list[re.Match[str]]) -> Doubt | None:
    """Whether a run of words may belong to the formulas beside it: no punctuation parts them, and no word that does."""
    first, last = run[0], run[-1]
    before, after = _beside_of(first.start(), last.end(), line)
    here = Doubt(first.start(), last.end())
    if after and OPERATES_BEFORE.search(line[: last.end()]):
        return here
    if before.endswith("(") and after.startswith(")"):
        return None
    before, after = before.rstrip("("), after.lstrip(")")
    if before.strip() and before.rstrip()[-1] not in ",.;:!?—–" and first[0].lower() not in AFTER | {"."}:
        return here
    if re.search(r"[=+*/@^<>]$", before.rstrip()):
        return here
    words_in = [one[0].lower() for one in run if one[0] != "."]
    if not after or last[0] == "." or after[0] in ",.;:!?—–" or not words_in or words_in[-1] in BEFORE | ARTICLES:
        return None
    named = len(words_in) > 1 and any(one in ARTICLES for one in words_in[:-1]) and words_in[-1] not in OPERATIONS
    return None if named else here


def lost_beside(
    line: str, parts: list[tuple[int, int]], formulas: list[tuple[int, int]], start: int
) -> Unreadable | None:
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


def _is_prose(found: list[re.Match[str]], place: int, line: str, names: frozenset[str]) -> bool:
    word = found[place][0]
    if word in names or word in _NAMES:
        return False
    if word == "." or word.lower() in COMMON or _is_long(word, names):
        return not _is_operand(found[place], line) or word.lower() in COMMON - {"loss"}
    near = [found[k][0].lower() for k in (place - 1, place + 1) if 0 <= k < len(found)]
    first = found[place].start()
    short = word.lower() if not line[max(first - _NEAR, 0) : first].strip(" \t,.;:(") else word
    if short not in SHORT or (word in ("a", "I") and not any(one in COMMON for one in near)):
        return False
    return not _is_operand(found[place], line) and not (len(word) > 1 and all(one in names for one in word))


def _is_long(word: str, names: frozenset[str]) -> bool:
    """Whether it looks like a word: ``least-squares`` does, ``Ax-b`` and a product of declared letters do not."""
    parts = re.split(r"[-'’]", word)
    looks = all(
        len(one) >= 3 or one.lower() in SHORT | COMMON or (k and one in ("s", "t", "re", "ve", "ll"))
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
