"""Words in a line of mathematics: which are prose, and which may belong to a formula.

Words are set aside only where nothing can be meant by them but prose: before a formula after a colon or a word such as
*so*, behind it after a comma or a word such as *because*. What may belong to a formula is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lrcore.verify.read.clauses import denies
from lrcore.verify.read.left_over import ENDS
from lrcore.verify.read.vocabulary import (
    AFTER,
    ARTICLES,
    BEFORE,
    COMMON,
    DENIED,
    FOREIGN,
    OPERATES_BEFORE,
    OPERATIONS,
    QUALIFIED,
    SHORT,
    changes,
)
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.words import GREEK, words

_REFERENCE = (
    r"(?<=[a-z.,)\]] )(?:\(\d{1,2}[a-z]?\)|\[\d{1,2}\]|\d{1,2}(?:\.\d{1,2})*)(?=[ \t]*(?:[.,;:)\]]|$|[A-Za-z]{2}))"
)
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
_WORD = re.compile(
    rf"(?<![\w.])(?:[A-Za-z]\.){{2,5}}(?=[\s,;:)\]]|$)|{_REFERENCE}"
    rf"|(?<![\\{_LETTER}0-9_^{{}}.])[{_LETTER}][{_LETTER}'’-]*(?![{_LETTER}0-9_^({{\[@]|\.\w)|(?<=[a-z])\.(?=\s|$)"
)
_IN_BRACKETS = re.compile(
    r"(?<=\s)(?:\(((?:[^()]|\(\d{1,2}[a-z]?\))*)\)|\[((?:[^\[\]()]|\[\d{1,2}\]|\(\d{1,2}[a-z]?\))*)\])"
)
_MENTION = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\w|\{[^{}]*\}))?(?:\^(?:\w|\{[^{}]*\}|\*))?")
_MENTIONS = re.compile(rf"(?:{_MENTION.pattern}\s*,\s*)*{_MENTION.pattern}\s*(?:,|:(?!=))\s*")
_LISTED = re.compile(rf"(?<![\\A-Za-z])([A-Za-z]{{2,}})\s+(?:{_MENTION.pattern}\s*,\s*)+$")
_QUANTIFIED = re.compile(
    r"(?:for|with|where)(?:\s+(?:all|any|every|each|both|some))?"
    r"(?:\s+(?:real|symmetric|square|invertible|constant|fixed|positive|definite|numbers|scalars|columns|vectors"
    r"|matrix|matrices))*",
    re.I,
)
_QUANTITIES = re.compile(
    rf"{_MENTION.pattern}(?:\s*(?:,(?:\s*and)?|and)\s*{_MENTION.pattern})*\s*(?:(?:[.,;:!)]|\s[A-Za-z]{{2}}).*)?", re.S
)
_OF_SEVERAL = frozenset(words("all any every each both some numbers scalars columns vectors matrices weights"))
_NAMES = frozenset([*words("tr det log ln exp diag vec MSE RSS SSE"), *GREEK])
_ABBREVIATIONS = frozenset(words("QED WLOG i.e. e.g. q.e.d. w.l.o.g. w.r.t. a.k.a. I.e. E.g. Q.E.D. W.l.o.g."))
_REFERRING = frozenset(words("by see from using use via in into of with combining recall compare cf ref"))
_NUMBERED = frozenset(
    words(
        "eq eqs equation equations line lines step steps formula formulas lemma theorem rule case part claim section "
        "chapter page figure table exercise problem example"
    )
)
_OF_A_SYMBOL = frozenset(words("for to into by from using via let define call put find compute set we"))
_NEAR = 60
_MOST = 12  # as many words and numbers are looked at in a list of references
_FAR = 240  # how far back a word is looked for that denies what follows
_BARS = re.compile(r"\\\||\\[lr]?[vV]ert(?![A-Za-z])|\|\||‖|\|")
_NUMBERS = r"\(\d{1,3}[a-z]?\)(?:\s*(?:,|and|&|,\s*and)\s*\(\d{1,3}[a-z]?\))*"
_EQUATIONS = r"(?:[Ee]q(?:s|ns?|uations?)?|[Ll]ines?|[Ss]teps?)\.?[\s~]*"
_LED = r"(?:[Bb]y|[Ff]rom|[Uu]sing|[Vv]ia|[Ss]ee|[Tt]hrough)\s+"
_REFERENCE = rf"(?<![\w\\])(?:{_LED}(?:{_EQUATIONS})?|{_EQUATIONS}){_NUMBERS}"
_REMARK = re.compile(
    r"(?<=[ \t])\("
    r"(?=(?:for|see|since|because|where|which|this|here|note|recall|using|with|when|if|that|we|as) [a-z]{2})"
)
_REFERENCES = re.compile(rf"\(\s*{_REFERENCE}\s*\)|{_REFERENCE}")


def without_references(line: str) -> str:
    """With commas for references such as *by (1)*, which name equations and are no part of one."""
    return _REFERENCES.sub(lambda one: one[0] if _is_term(one, line) else ",".ljust(len(one[0])), line)


def _is_term(match: re.Match[str], line: str) -> bool:
    """Whether an operator or a relation stands beside it: then it is no reference."""
    before, after = _beside_of(match.start(), match.end(), line)
    operators = tuple("=<>+-−*/@^_·(")
    return before.endswith(operators) or after.startswith((*operators[:-1], "\\cdot", "\\times", "'"))


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
        while first < last and line[first] in " \t,:;.!?–—✓✔☑✅" and not _begins_mathematics(line, first):
            first += 1
        while first < last and line[last - 1] in " \t,:;.?" + ENDS and line[max(last - 2, 0)] != "\\":
            if line.endswith("...", first, last):  # an equation that goes on
                break
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
    """Brackets with words in them behind a formula, as in ``a = b (chain rule)`` and ``a = b [by (2)]``."""
    spans = []
    for match in _IN_BRACKETS.finditer(line):
        inside = match[1] or match[2] or ""
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
    led = line[max(last.end() - _FAR, 0) : last.end()]
    if after and OPERATES_BEFORE.search(led):
        return here
    is_label = not line[: first.start()].strip() and after.startswith(":")
    written = line[first.start() : last.end()]
    if (len(run) == 1 and not is_label and changes(first[0])) or QUALIFIED.search(written):
        return here
    if (before and DENIED.match(written)) or (after and denies(led)):
        return Doubt(here.start, here.end, "Do the words beside this formula deny it? Leave them out.")
    if before.endswith("(") and after.startswith(")"):
        return None
    before, after = before.rstrip("("), after.lstrip(")")
    if before.strip() and before.rstrip()[-1] not in ",.;:!?—–" and first[0].lower() not in AFTER | {"."}:
        return here
    if re.search(r"[=+*/@^<>]$", before.rstrip()):
        return here
    if _QUANTIFIED.fullmatch(written) and _QUANTITIES.fullmatch(after):
        return None
    words_in = [one[0].lower() for one in run if one[0] != "."]
    if not after or last[0] == "." or after[0] in ",.;:!?—–" or not words_in or words_in[-1] in BEFORE | ARTICLES:
        return None
    named = len(words_in) > 1 and any(one in ARTICLES for one in words_in[:-1]) and words_in[-1] not in OPERATIONS
    return None if named else here


def is_mention(line: str, part: tuple[int, int]) -> bool:
    """Whether a part of a line is a symbol that the words before it speak of."""
    before = line[max(part[0] - _NEAR, 0) : part[0]]
    if _MENTION.fullmatch(line[slice(*part)].strip(" ()")) is None:
        return False
    if (listed := _LISTED.search(before)) is not None:
        return listed[1].lower() in _OF_SEVERAL
    told_of = re.search(r"([A-Za-z]+)\s*$", before)
    return told_of is not None and told_of[1].lower() not in OPERATIONS


def is_conjunction(line: str, part: tuple[int, int]) -> bool:
    """Whether a letter is a word of another language, as the y in ``por columna, y``: words that are not English stand
    in the line, and one right beside it.
    """
    if line[slice(*part)].strip() not in ("y", "e", "o", "a", "é", "à", "è"):
        return False
    foreign = any(one[0].lower() in FOREIGN or not one[0].isascii() for one in _WORD.finditer(line))
    before, after = line[max(part[0] - _NEAR, 0) : part[0]], line[part[1] : part[1] + _NEAR]
    return foreign and bool(re.search(r"[^\W\d_]{4,},?\s*$", before) or re.match(r"\s+[^\W\d_]{4,}", after))


def may_be_factor(line: str, part: tuple[int, int], names: frozenset[str]) -> bool:
    """Whether a symbol right before a formula in dollars, behind a word such as *so*, may belong to the formula."""
    led = re.search(r"([A-Za-z]+)\s*$", line[max(part[0] - _NEAR, 0) : part[0]])
    symbol = line[slice(*part)].strip()
    if led is None or led[1].lower() not in (AFTER | BEFORE) - _OF_A_SYMBOL or line[part[1] :].strip():
        return False
    return symbol in names or symbol != "a"


def lost_beside(
    line: str, parts: list[tuple[int, int]], formulas: list[tuple[int, int]], start: int
) -> Unreadable | None:
    """Mathematics beside a formula of the same line that no relation holds, but for a symbol that prose mentions."""
    for part in parts:
        if not formulas or part in formulas or line[slice(*part)] == r"\\":
            continue
        if not is_mention(line, part):
            lone = line[slice(*part)].strip()
            said = f"`{lone}` stands beside an equation and in none; put each formula between dollars."
            return Unreadable(said, (start + part[0], start + part[1]))
    return None


def _is_prose(found: list[re.Match[str]], place: int, line: str, names: frozenset[str]) -> bool:
    word = found[place][0]
    if word in names or word in _NAMES:
        return False
    if _is_title(found[place], line, names) or re.fullmatch(r"I['’](?:m|d|ve|ll)", word):
        return True
    if word[0] in "([" or word[0].isdigit():
        return _is_reference(found, place, line, names)
    if word in _ABBREVIATIONS:
        return not _is_operand(found[place], line)
    if word == "." or word.lower() in COMMON | FOREIGN or _is_long(word, names):
        return not _is_operand(found[place], line) or word.lower() in COMMON - {"loss"}
    first = found[place].start()
    led = line[max(first - _NEAR, 0) : first]
    short = word.lower() if not led.strip(" \t,.;:(") or re.search(r"[.!?]\s+$", led) else word
    if short not in SHORT or (len(word) == 1 and not _leads_to_word(found, place, line, names)):
        return False
    letters = len(word) > 1 and all(one in names for one in word) and not _leads_on(found, place, line, names)
    return not _is_operand(found[place], line) and not letters


def _is_title(match: re.Match[str], line: str, names: frozenset[str]) -> bool:
    """Whether a line begins with capitals and a colon, as in ``GLS: ...``."""
    word, behind = match[0], line[match.end() : match.end() + 2]
    opens = behind[:1] == ":" and behind != ":=" and not line[: match.start()].strip()
    return opens and len(word) > 2 and word.isupper() and not names.issuperset(word)


def _is_reference(found: list[re.Match[str]], place: int, line: str, names: frozenset[str]) -> bool:
    """Whether a number in brackets is that of an equation or a book, as in *by (2)* and *from (1) and (2)*; a factor
    has mathematics behind it.
    """
    if _beside_of(*found[place].span(), line)[1][:1].isalpha():
        behind = found[place + 1 : place + 2]
        apart = not behind or line[found[place].end() : behind[0].start()].strip()
        if apart or not _is_prose(found, place + 1, line, names):
            return False
    for k in range(place - 1, max(place - _MOST, -1), -1):
        if line[found[k].end() : found[k + 1].start()].strip(" ,"):
            return False
        before = found[k][0].lower()
        if before not in (".", "and") and before[0].isalpha():
            return before in _NUMBERED or (before in _REFERRING and not found[place][0][0].isdigit())
    return False


def _leads_on(found: list[re.Match[str]], place: int, line: str, names: frozenset[str]) -> bool:
    """Whether an article, a long word or the number of an equation stands right behind a word, as in *by the chain
    rule*: then it is no product of letters.
    """
    behind = found[place + 1] if place + 1 < len(found) else None
    if behind is None or line[found[place].end() : behind.start()].strip():
        return False
    word = behind[0]
    article = len(word) > 1 and word.lower() in ARTICLES
    return article or _is_long(word, names) or (word[0] in "([" and found[place][0].lower() in _REFERRING)


def _leads_to_word(found: list[re.Match[str]], place: int, line: str, names: frozenset[str]) -> bool:
    """Whether a word of prose stands right behind a letter: then *A*, *a* and *I* are words, and symbols else."""
    behind = found[place + 1] if place + 1 < len(found) else None
    if behind is None or len(behind[0]) < 2 or line[found[place].end() : behind.start()].strip():
        return False
    return _is_prose(found, place + 1, line, names)


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
    """How many brackets, and bars of a norm, are open at each place of a line; a bracket that begins a remark, as in
    *(for example ...)*, is none.
    """
    bars = {match.start() for match in _BARS.finditer(line)}
    remarks = {match.start() for match in _REMARK.finditer(line)}
    depths, opened, inside, depth = [], dict.fromkeys("{([", 0), 0, 0
    pairs = dict(zip("})]", "{(["))
    for place, char in enumerate(line):
        depths.append(depth)
        if char in opened:
            opened[char] += place not in remarks
        elif char in pairs:
            opened[pairs[char]] = max(opened[pairs[char]] - 1, 0)
        elif place in bars:
            inside = 1 - inside
        else:
            continue
        depth = sum(opened.values()) + inside
    return depths
