r"""How a text of LaTeX falls into chains ``a = b = c``: rows, separators, reasons in words, implications."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lrcore.verify.read.clauses import denies
from lrcore.verify.read.coverage import uncovered
from lrcore.verify.read.delimiters import holds_claim
from lrcore.verify.read.expansion import tokenize
from lrcore.verify.read.latex import read_sizes, read_tokens
from lrcore.verify.read.latex.cursor import Known
from lrcore.verify.read.macros import Macros
from lrcore.verify.read.remarks import holds_words, is_remark
from lrcore.verify.read.tokens import Token, argument, closing
from lrcore.verify.read.vocabulary import AFTER, ARTICLES, BEFORE, DENIED, QUALIFIED, changes, names_operation
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Fault, Kind, Unreadable
from lrcore.verify.terms.words import FONTS, MATRICES, RELATIONS, ROWS

_LINKS = {"implies": "implies", "iff": "iff", "therefore": "implies", "Longrightarrow": "implies"}
_HENCE = re.compile(r"\b(hence|thus|so|therefore|implies|gives|then|consequently|yields|that is|i\.e\.)\b", re.I)
_REASON = re.compile(r"\W*(?:since|because|as|by|using|where|with|for|if|recall|note)\b", re.I)
_WHERE = re.compile(r"\b(where|with|letting|denoting|defining)\b", re.I)
_NAME_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NUMBER_OF_LINE = re.compile(r"[(\[]?(?:\d{1,2}|[a-z]|[ivx]+)[)\].:]")
_CONNECTIVES = {
    "and",
    "so",
    "hence",
    "thus",
    "where",
    "with",
    "for",
    "because",
    "if",
    "then",
    "or",
    "since",
    "by",
    "iff",
    "as",
    "let",
    "const",
}


@dataclass
class Raw:
    """A chain before its sides are read: token lists joined by relations."""

    sides: list[list[Token]] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    link: str = ""
    open: bool = False
    problem: Unreadable | None = None
    place: tuple[int, int] | None = None
    reason: bool = False

    def read(self, context: Known, wide: bool = False) -> list[s.Node]:
        """The trees of the sides; an unreadable one raises."""
        if self.relations == ["->"] and any(one.kind == ":" for one in self.sides[0]):
            return [s.Dots(), s.Dots()]
        kinds = ["", *self.relations]
        return [
            _set(side, context) if kind == "in" else read_tokens(side, context, wide)
            for kind, side in zip(kinds, self.sides)
        ]

    def left_out(self, trees: Sequence[s.Node]) -> list[s.Span]:
        """The places of tokens that the trees do not hold; what stands in a set is a shape and no expression."""
        kinds = ["", *self.relations] if self.relations != ["->"] else []
        read = [(side, tree) for kind, side, tree in zip(kinds, self.sides, trees) if kind != "in"]
        return [span for side, tree in read for span in uncovered(side, tree)]

    def span(self, place: int) -> s.Span:
        if self.place is not None:
            return self.place
        side = self.sides[place]
        if side:
            return side[0].start, side[-1].end
        after = next((one[0].start for one in self.sides[place:] if one), 0)
        return after, after


def chains(
    formulas: list[tuple[int, str]], macros: Macros, found: list[Raw] | None = None, begins: int = 0,
    links: Mapping[int, str] | None = None,
) -> list[Raw]:  # fmt: skip
    """The chains of the formulas of a text, each given with its place; ``found`` are those before them. The text
    ``begins`` there in the one that its macros are of; ``links`` say how the formula at a place follows from the one
    before.
    """
    found = [] if found is None else found
    for start, piece in formulas:
        before = len(found)
        try:
            tokens = tokenize(_with_lines(piece), macros, start + begins)
            flat = _flat([Token(t.kind, t.text, t.start + start, t.end + start) for t in tokens])
            segments = _segments(flat)
        except Unreadable as problem:
            found.append(Raw([[]], problem=problem, place=(start, start + len(piece))))
            continue
        if before and segments and not segments[0].sides[0] and segments[0].relations:
            segments = _carried_on(segments, found, (links or {}).get(start) == "on")
        _assemble(segments, found)
        if before and len(found) > before and found[before].open:
            found[before].open = False
        link = (links or {}).get(start, "")
        if len(found) > before and link != "on":
            found[before].link = found[before].link or link
    return found


def _carried_on(segments: list[_Segment], found: list[Raw], next_to_it: bool) -> list[_Segment]:
    """A formula of its own that begins with = goes on with the chain before it, if that stands right before it, or
    there is one and no more.
    """
    first, *rest = segments
    alone = len(found) == 1 or (next_to_it and found[-1].problem is None)
    if alone and not found[-1].open:
        _continue_with_relation(found[-1], first)
        return rest
    asked = Unreadable("This formula begins with a relation, and several stand before it; repeat its left side here.")
    asked.span = first.sides[1][0].span if first.sides[1] else None
    found.append(Raw(first.sides, first.relations, first.link, problem=asked))
    return rest


def _set(tokens: Sequence[Token], context: Known) -> s.Node:
    r"""``\mathbb R^{M \times N}`` as a zero matrix of that shape; a set without a shape as dots."""
    words = [one.text for one in tokens if one.kind not in ("{", "}")]
    if words[:2] not in (["mathbb", "R"], ["mathbf", "R"]) and words[:1] != ["R"]:
        return s.Dots()
    place = next((k for k, one in enumerate(tokens) if one.kind == "^"), None)
    if place is None:
        return s.ZERO
    group, _ = argument(list(tokens), place + 1)
    return s.Special("zero", read_sizes(group, context))


_STARTS_ON = re.compile(
    r"\s*(?:[-+*/=<>&,.;:)\]}−]|\\(?:cdot|times|odot|otimes|le|ge|leq|geq|approx|equiv|quad|right)\b)"
)
_ENDS_OPEN = re.compile(r"(?:[-+*/=<>&,(\[{−]|\\(?:cdot|times|odot|otimes|le|ge|leq|geq|approx|left))\s*$")


def _with_lines(piece: str) -> str:
    """An empty line is a break, and so is a line's end where a whole equation stands on both sides of it, in a text
    that writes no breaks of its own. A break is one character, so that all places stay.
    """
    piece = re.sub(r"\n(?=[^\S\n]*\n)", "\v", piece.replace("\v", " "))
    if re.search(r"\\\\|\\cr\b|\\newline", piece):
        return piece
    out = current = ""
    for line in piece.splitlines(keepends=True):
        if _whole(current) and _whole(line) and not _STARTS_ON.match(line) and not _ENDS_OPEN.search(current):
            out, current = out[:-1] + "\v", ""
        out, current = out + line, current + line
    return out


def _whole(line: str) -> bool:
    """Whether a line holds a relation outside all brackets, and closes the brackets that it opens."""
    depth, found = 0, False
    for char in re.sub(r"(?<!\\)%[^\n]*", "", line):
        depth += (char in "({[") - (char in ")}]")
        found = found or (char == "=" and depth == 0)
    return found and depth == 0


# ---------------------------------------------------------------------- rows


def _flat(tokens: list[Token]) -> list[Token]:
    """The tokens without environments of equations; matrices stay."""
    out, stack, at = [], [], 0
    tokens = _bare(tokens)
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.kind == "begin":
            rows = token.text in ROWS or (token.text == "array" and _holds_relation(tokens, at))
            stack.append(rows)
            if (
                rows
                and token.text in ("array", "alignat", "alignat*", "alignedat")
                and at < len(tokens)
                and tokens[at].kind == "{"
            ):
                at = closing(tokens, at) + 1
            if rows and at < len(tokens) and tokens[at].kind == "[" and token.text in ("aligned", "split", "gathered"):
                at += 3
            out.append(_row_break(token) if rows else token)
        elif token.kind == "end":
            if not stack:
                raise Unreadable(f"\\end{{{token.text}}} has no beginning.", token.span)
            out.append(_row_break(token) if stack.pop() else token)
        else:
            out.append(token)
    return out


def _row_break(token: Token) -> Token:
    """Where an environment of equations begins or ends, a row does."""
    return Token("cmd", "\\", token.start, token.end)


def _bare(tokens: list[Token]) -> list[Token]:
    """Without braces that stand around a whole equation, as those of a colour do."""
    drop: set[int] = set()
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        free = before is None or place - 1 in drop or before.kind not in ("cmd", "_", "^", "}", "begin")
        if token.kind == "{" and free:
            end = closing(tokens, place)
            if any(_relation(one) and depth == 0 for one, depth in _depths(tokens[place + 1 : end])):
                drop |= {place, end}
    return [one for place, one in enumerate(tokens) if place not in drop]


def _depths(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    depth = 0
    for token in tokens:
        depth -= token.kind in ("}", ")", "]", "end")
        yield token, depth
        depth += token.kind in ("{", "(", "[", "begin")


def _holds_relation(tokens: Sequence[Token], at: int) -> bool:
    depth = 0
    for token in tokens[at:]:
        if token.kind == "end" and token.text in MATRICES | ROWS and depth == 0:
            return False
        depth += (token.kind in ("begin", "{", "(", "[")) - (token.kind in ("end", "}", ")", "]"))
        if depth == 0 and token.kind == "=":
            return True
    return False


@dataclass
class _Segment:
    """Sides and relations between two separators; ``row`` and ``link`` say what stood before."""

    sides: list[list[Token]]
    relations: list[str]
    row: bool
    link: str
    amp: bool = False
    words: str = ""

    def empty(self) -> bool:
        return not self.relations and not self.sides[0]


def _segments(tokens: list[Token]) -> list[_Segment]:
    current = _Segment([[]], [], True, "")
    found, depth, matrices, at = [current], 0, 0, 0

    def cut(row: bool = False, link: str = "", words: str = "") -> None:
        nonlocal current
        if current.empty():
            current.row, current.link = current.row or row, link or current.link
            current.words = words or ("" if row else current.words)
        else:
            current = _Segment([[]], [], row, link, words=words)
            found.append(current)

    while at < len(tokens):
        token = tokens[at]
        at += 1
        matrices += (token.kind == "begin") - (token.kind == "end")
        if token.kind == "cmd" and token.text in ("overset", "stackrel", "underset"):
            relation, at = _dressed_relation(tokens, at)
            if relation is None:
                current.sides[-1].append(token)
                continue
            if depth == 0:
                current.relations.append(relation)
                current.sides.append([])
            continue
        depth += (token.kind in ("{", "(", "[") or (token.kind == "cmd" and token.text in ("{", "langle"))) - (
            token.kind in ("}", ")", "]") or (token.kind == "cmd" and token.text in ("}", "rangle"))
        )
        depth = max(depth, 0)
        if matrices or (depth and not _is_break(token)) or token.kind == "end":
            current.sides[-1].append(token)
        elif _is_break(token):
            if depth == 0:
                cut(row=True)
        elif token.kind == "&":
            current.amp = current.amp or current.empty()
        elif token.kind == ":" and at < len(tokens) and tokens[at].kind == "=":
            at += 1
            current.relations.append(":=")
            current.sides.append([])
        elif said := _relation(token):
            current.relations.append(said)
            current.sides.append([])
        elif token.kind == "," and _is_dots(tokens, at) and (_is_range(current) or not current.relations):
            at = _past_range(tokens, at)
            _drop_range(current)
            cut()
        elif token.kind == "," and _is_dots(tokens, at):  # an equation that these would end; the reader asks
            current.sides[-1].append(token)
        elif token.kind == "," and _FOR_ALL.search(current.words) and not current.relations:
            cut(words=current.words)  # for all a, b
        elif token.kind in (",", ";", "$") or (token.kind == "cmd" and token.text == "quad") or token.kind == ".":
            cut()
        elif token.kind == "cmd" and token.text == "forall":
            last = next((k for k in range(at, len(tokens)) if _is_break(tokens[k])), len(tokens))
            if _says_more(tokens[at:last]):
                current.sides[-1].append(token)
            else:
                at = last
        elif token.kind == "cmd" and token.text in _LINKS:
            cut(link=_LINKS[token.text])
        elif token.kind == "text" and _is_row(tokens, at - 1) and (denies(token.text) or names_operation(token.text)):
            raise Unreadable("Do these words deny the next line, or change it? Leave them out.", token.span)
        elif token.kind == "text" and _is_remark(token.text, current) and _is_apart(tokens, at - 1, current):
            cut(link=_link(token.text, current), words=token.text)
        else:
            current.sides[-1].append(token)
    return [one for one in found if not one.empty()]


def _is_apart(tokens: Sequence[Token], at: int, current: _Segment) -> bool:
    """Whether words in a formula are no part of it: punctuation or a gap parts them from it, or a word that does."""
    words = re.findall(r"[A-Za-z.]+", tokens[at].text.lower())
    text = tokens[at].text.strip()
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    begins = current.empty() or not current.sides[-1] or tokens[at - 1].kind in ("&", "(", ",")
    free = (
        after is None
        or after.kind in ("&", "text", "=", ",", ";", ")", "end")
        or _is_break(after)
        or after.text == "quad"
    )
    led = begins or not words or text[0] in ",.;:(–—" or words[0] in AFTER
    followed = free or not words or text[-1] in ",.;:)–—" or words[-1] in BEFORE | ARTICLES or _FOR_ALL.search(text)
    return bool(led and followed)


def _link(text: str, current: _Segment) -> str:
    """What words between two formulas say about the second; ``and`` goes on with what was said."""
    if _HENCE.search(text):
        return "hence"
    goes_on = current.link == "where" and text.strip(" ,;.").lower() == "and"
    return "where" if goes_on or _WHERE.search(text) else ""


def _is_row(tokens: Sequence[Token], at: int) -> bool:
    """Whether a token stands alone in its row."""
    return all(not one or _is_break(one[0]) for one in (tokens[:at][-1:], tokens[at + 1 : at + 2]))


def _is_break(token: Token) -> bool:
    return token.kind == "cmd" and token.text == "\\"


def _relation(token: Token) -> str | None:
    if token.kind in ("=", "<", ">"):
        return token.kind
    return RELATIONS.get(token.text) if token.kind == "cmd" else None


def _dressed_relation(tokens: Sequence[Token], at: int) -> tuple[str | None, int]:
    r"""``\overset{(1)}{=}`` is =, ``\stackrel{def}{=}`` is :=; None where it is no relation."""
    above, after = argument(list(tokens), at)
    symbol, after = argument(list(tokens), after)
    relation = _relation(symbol[0]) if len(symbol) == 1 else None
    if relation is None:
        return None, at
    words = "".join(one.text for one in above)
    if relation == "=" and words in ("def", "mathrmdef", "triangle", "Delta", "delta"):
        return ":=", after
    if not is_remark(above):
        raise Unreadable(
            "What stands at this relation may change it; write the relation that is meant.", symbol[0].span
        )
    return relation, after


def _is_remark(text: str, before: _Segment) -> bool:
    r"""Whether what ``\text`` holds is prose: words and no name, or the number of an equation behind it."""
    word = text.strip(" ()[].,;:")
    if _may_change(text) or (before.empty() and denies(text)):
        return False
    if not word:
        return text.strip() == "" or text.strip()[0] in ".,;:"
    if not holds_words(text):
        return before.empty() and _NUMBER_OF_LINE.fullmatch(text.strip()) is not None
    return not _NAME_WORD.fullmatch(word) or word.lower() in _CONNECTIVES or text.strip() != word


def _may_change(text: str) -> bool:
    """Whether words in a formula may deny it, change what it says, or say more."""
    return bool(DENIED.match(text) or QUALIFIED.search(text) or changes(text) or holds_claim(text))


def _past_range(tokens: Sequence[Token], at: int) -> int:
    """Past ``\\dots, n`` of ``i = 1, \\dots, n``."""
    at += 1
    if at < len(tokens) and tokens[at].kind == ",":
        at += 1
    while at < len(tokens) and (tokens[at].kind in ("letter", "num", "+", "-")):
        at += 1
    return at


def _is_dots(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].kind == "cmd" and tokens[at].text == "dots"


def _says_more(tokens: Sequence[Token]) -> bool:
    """Whether more than a range or a set stands behind a sign such as *for all*: an equation of its own."""
    dots = any(_is_dots(tokens, k) for k in range(len(tokens)))
    return not dots and any(_relation(one) not in (None, "in") for one in tokens)


def _is_range(segment: _Segment) -> bool:
    """``i = 1`` before the dots is a range and no equation."""
    if segment.relations[-1:] != ["="]:
        return False
    index, low = segment.sides[-2:]
    return [one.kind for one in index] == ["letter"] and [one.kind for one in low] == ["num"]


def _drop_range(segment: _Segment) -> None:
    if _is_range(segment):
        segment.sides[-2:] = [[]]
        segment.relations.pop()
    else:
        segment.sides[-1] = []


# ---------------------------------------------------------------------- chains


def _joined(segments: Iterable[_Segment]) -> list[_Segment]:
    """A side alone in its row goes together with the next row, which begins with the relation; not where it may go on
    with the row above.
    """
    out: list[_Segment] = []
    for one in segments:
        if out and one.row and one.relations and not one.sides[0] and not one.link and _stands_alone(out):
            before = out.pop()
            one = _Segment([before.sides[0], *one.sides[1:]], one.relations, before.row, before.link, one.amp)
        out.append(one)
    return out


def _stands_alone(segments: Sequence[_Segment]) -> bool:
    last = segments[-1]
    begins = len(segments) == 1 or last.link or not last.row
    return begins and not last.relations and not _only_text(last.sides[0])


def _assemble(segments: Iterable[_Segment], found: list[Raw]) -> None:
    first, stray = len(found), []
    for one in _joined(segments):
        last = found[-1] if len(found) > first else None
        if last is not None and not one.sides[0] and one.relations and one.link in ("", "where", "hence"):
            _continue_with_relation(_spoken_of(found[first:], one) if one.row else last, one)
        elif last is not None and last.open and not one.link:
            _complete(last, one)
        elif not one.relations and last is not None and _is_told(one, last):
            found.append(Raw([one.sides[0]], problem=_beside(one), reason=True))
        elif not one.relations and last is not None:
            _loose(last, one)
        elif not one.relations:
            stray += [one] if not _set_aside(one) else []
        else:
            found.append(Raw(one.sides, one.relations, one.link, reason=not one.row and bool(_REASON.match(one.words))))
            _note_open(found[-1])
    if stray and len(found) > first:
        found[first].problem = found[first].problem or _beside(stray[0])
    elif stray:
        found.append(Raw([stray[0].sides[0]]))


def _is_told(one: _Segment, last: Raw) -> bool:
    """Whether a piece is told in words behind the equations, *So the weights are w and the bias is b*: it is not read,
    and changes none of them.
    """
    begins = one.row or bool(last.problem and last.reason)
    return begins and bool(_TELLS.fullmatch(one.words)) and not names_operation(one.words) and not denies(one.words)


def _spoken_of(found: Sequence[Raw], row: _Segment) -> Raw:
    """The chain that the next row goes on with: not one that is the reason for the chain before it, nor the definition
    of a letter that the row itself uses.
    """
    written = [one.text for side in row.sides for one in side]
    if len(found) > 1 and _defines(found[-1], written):
        found[-1].reason = True
    return next((one for one in reversed(found) if not one.reason), found[-1])


def _defines(chain: Raw, written: Sequence[str]) -> bool:
    """Whether a chain defines a name by := that is among what is written."""
    head = [one.text for one in chain.sides[0]]
    places = range(len(written) - len(head) + 1) if chain.relations == [":="] and head else ()
    return any(written[k : k + len(head)] == head for k in places)


def _beside(one: _Segment) -> Unreadable:
    """What is no equation and stands beside one would be lost."""
    tokens = one.sides[0]
    return Unreadable(
        "This stands beside an equation and in none; write it into one, or leave it out.",
        (tokens[0].start, tokens[-1].end),
    )


def _continue_with_relation(last: Raw, one: _Segment) -> None:
    """A row that begins with a relation goes on with the chain; a relation written twice at the break counts once."""
    sides, relations = one.sides[1:], one.relations
    if last.open:
        last.open = False
        relations = relations[1:] if relations[0] == last.relations[-1] else relations
        last.sides.pop()
        if len(relations) == len(one.relations):
            last.problem = last.problem or Unreadable("Two relations follow each other.")
            relations = relations[1:]
        last.sides.append(sides[0])
        last.sides += sides[1:]
        last.relations += relations
    else:
        last.sides += sides
        last.relations += relations
    _note_open(last)


def _complete(last: Raw, one: _Segment) -> None:
    last.sides.pop()
    last.sides += one.sides
    last.relations += one.relations
    last.open = False
    _note_open(last)


def _note_open(chain: Raw) -> None:
    if not chain.sides[-1]:
        chain.open = True


_TELLS = re.compile(
    r"\s*(?:so|and|thus|hence|then|therefore|here)?,?\s*(?:the|our|its) (?:\w+ ){1,3}(?:is|are)\s*", re.I
)
_BINARY = {"+", "-", "*", "/"}


def _loose(last: Raw, one: _Segment) -> None:
    """A piece without a relation: the rest of a broken line, a remark, or nothing that can be judged."""
    head = one.sides[0][0]
    tail = last.sides[-1][-1] if last.sides[-1] else head
    joins = any(
        one.kind in _BINARY or (one.kind == "cmd" and one.text in ("cdot", "times", "odot", "otimes"))
        for one in (head, tail)
    )
    if one.row and joins and not one.words:
        last.sides[-1] = last.sides[-1] + one.sides[0]
    elif one.row and not one.link and not _set_aside(one):
        last.problem = last.problem or Unreadable(
            "This row holds no relation and does not go on with the row above.",
            (head.start, one.sides[0][-1].end),
            fault=Fault(Kind.BROKEN_OFF),
        )  # fmt: skip
    elif not _set_aside(one):
        last.problem = last.problem or _beside(one)


_DECORATIONS = {"square", "blacksquare", "Box", "qed", "qedsymbol", "checkmark", "dots", "therefore", "because"}
_FOR_ALL = re.compile(r"\bfor\s+(?:all|any|each|every)\s*$|\bfor\s*$", re.I)


def _set_aside(one: _Segment) -> bool:
    """Whether a piece beside an equation says nothing that could change it: words, the number of the equation, the
    index in "for all i", an end mark.
    """
    tokens = one.sides[0]
    kinds = [token.kind for token in tokens]
    if _only_text(tokens) or kinds in (["(", "num", ")"], ["[", "text", "]"]):
        return True
    if _FOR_ALL.search(one.words) and set(kinds) <= {"letter", ","}:
        return True
    if all(token.kind == "cmd" and token.text in _DECORATIONS for token in tokens):
        return True
    if one.row and kinds[0] == "text" and _is_a_sentence(tokens):
        return True
    font = tokens[0].kind == "cmd" and tokens[0].text in FONTS and kinds[1:2] == ["{"] and kinds[-1] == "}"
    return font and "".join(token.text for token in tokens[2:-1]) in _CONNECTIVES


def _is_a_sentence(tokens: Sequence[Token]) -> bool:
    """Whether words stand between all the letters that they mention, as in ``\\text{column } l \\text{ of } R``."""
    tokens = tokens[:-1] if tokens[-1].kind in (":", ".", ",") else tokens
    words = [one for one in tokens if one.kind == "text"]
    apart = all("text" in (one.kind, other.kind) for one, other in pairwise(tokens))
    mentions = all(one.kind in ("text", "letter") for one in tokens)
    return apart and mentions and _only_text(words) and sum(len(one.text.split()) for one in words) > 2


def _only_text(tokens: Iterable[Token]) -> bool:
    return all(one.kind in ("(", ")") or (one.kind == "text" and not _may_change(one.text)) for one in tokens)
