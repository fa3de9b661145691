r"""What the prose around a formula takes for granted: equations after words such as *where* and *since*, and matrices
that it calls symmetric. Where a clause says anything beside that, nothing is taken.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from lrcore.verify import Passage, denies, macros, said_before, stated, supposed, unhedged

from .table import Row

Span = tuple[int, int]
_LONGEST = 300
HELD_BY_A_BRACE = "what the brace holds"
_SIMPLE = re.compile(
    r"\\?[A-Za-z]+(?:_\{?\w+\}?)?(?:\^\{?(?:\\top|T|2)\}?)?|\\math\w+\s*\{?[A-Za-z01]\}?(?:_\{?\w+\}?)?"
    r"|\d+(?:_\{?\w+\}?)?"
)
_SOLUTION = re.compile(
    r"\^\s*\{?\s*(?:\*|\\star|\\ast)|[A-Za-z]\*(?=\s*[=$)])|\\(?:wide)?hat(?![A-Za-z])|[A-Za-z]\u0302"
)
_ORDER = re.compile(r"[<>≤≥]|\\(?:leq?|geq?|neq?)(?![A-Za-z])")
_FOR_SUCH = re.compile(
    r"\b(?:for|if|when|where|whenever|with|assum\w+|suppos\w+|provided|let|given)(?:\s+(?:that|all|any|every|some))*\s*$",
    re.I,
)
_CONSTANT = re.compile(r"\d+|I(?:_\{?\w+\}?)?|\\(?:mathbf|mathbb|boldsymbol|bm|mathrm)\s*\{?[01I]\}?(?:_\{?\w+\}?)?")
_SINCE = re.compile(
    r"(?:\$\$?|\\[\])])?[ ,]*(?:(?:since|because|as|where|given|for|with|assuming)\b)[^.;:=\n]*",
    re.I,
)
_AND = re.compile(r"(?:\$\$?|\\[\])])?[\s,]*and\s+(?:\$\$?|\\[\[(])?")
_WHAT_FOLLOWS = re.compile(r"(?:\$\$?|\\[\])])?+[\s,]*(?:then|we|it|so|hence|thus|this|the|and|\$)", re.I)
_CONCLUDES = re.compile(
    r"\b(?:then|so|thus|hence|therefore|follows|implies|gives?|yields?"
    r"|(?:we|I) (?:get|got|have|obtain|find|found|see))\b",
    re.I,
)
EXPECTS = re.compile(
    r"\\mathbb\s*\{?\s*E(?![A-Za-z])|\\(?:operatorname|mathrm|text)\s*\{(?:E|Var)\}|(?<![A-Za-z\\])E\s*(?:\\left\s*)?\["
)
_NOISE = r"\\(?:var)?epsilon|[εϵ]|\\xi|[XYZxyz]"
_INDICES = re.compile(
    r"\b(?:for|if|when|where|whenever|with|case|unless|otherwise)\b[^\x00.]{0,12}?(?<![A-Za-z_\\])([a-z])\s*"
    r"(=|\\neq?(?![A-Za-z])|≠|!=)\s*([a-z])(?![A-Za-z_])",
    re.I,
)
_LETTERS_OF_NOISE = re.compile(r"\\(?:var)?epsilon|[εϵ]|\\xi")
_MOMENT = re.compile(
    r"(?:\\mathbb\s*\{?\s*E\s*\}?|\\(?:operatorname|mathrm|text)\s*\{(?:E|Var)\}|E)\s*(?:\\left\s*)?[\[(]\s*"
    rf"(?:{_NOISE})(?:\s*(?:{_NOISE})\s*\^\s*\{{?(?:T|\\top)\}}?|\s*\^\s*\{{?2\}}?)?\s*(?:\\right\s*)?[\])]"
)
_ADDED_UP = re.compile(
    r"\\sum|[∑Σᵀ‖]|\\top|\\\||\^\s*\{?\s*(?:T|\\intercal)|\\(?:operatorname|mathrm|mathbf|tr)\b|[A-Z]|'"
)
_DERIVED = re.compile(
    r"\\(?:hat|widehat|bar|overline|tilde|epsilon|varepsilon|partial|nabla)|[\u0302-\u0304ε∂∇]|(?<![A-Za-z\\])[re](?![A-Za-z])"
)
_DOLLAR = r"(?:\$ ?|\\\(|\\\))?"
_NAME = rf"{_DOLLAR}(?:\\(?:mathbf|boldsymbol|bm|mathrm)\s*\{{?)?\\?[A-Za-z]+(?:_\w|_\{{\w+\}})?\}}? ?{_DOLLAR}"
_NAMES = rf"{_NAME}(?:\s*(?:,|\band\b)\s*{_NAME}){{0,8}}\s*"
_LEAD = (
    r"(?:(?:an?|then|so|now|here|also|and|but|suppose|assume|assuming|supposing|let|given|since|because|as|where|with|for"
    r"|when|whenever|if|provided|that|us|we|know|take|recall|note|have|hence|thus|therefore|both|the|every|all|each|data"
    r"|weight|gram|kernel|covariance|hessian|matrix|matrices|moreover|again|further|first|by|assumption|hypothesis)\s+)*"
)
_ADJECTIVE = (
    r"(?:(?:real|square|(?:positive|negative)(?:[- ](?:semi-?)?definite)?|(?:semi-?)?definite|invertible|nonsingular"
    r"|regular|given|known|constant|fixed|full|dense|spd|psd|valued)\b)"
)
_ADJECTIVES = rf"(?:{_ADJECTIVE}[ -])*"
_SYMMETRIC = rf"{_ADJECTIVES}(?:symmetric|diagonal)(?:(?:\s+and)?\s+{_ADJECTIVE})*"
_NOUN = r"(?:\s*(?:matrix|matrices|kernel|covariance|hessian|weights|\$[^$]*\\times[^$]*\$))*"
_GOES_ON = (
    r"(?:\s*(?:then|so|we|have|get|obtain|find|it|follows|that|this|gives|yields|hence|thus|the|gradient|derivative"
    r"|becomes|is|and))*"
)
_SAID = re.compile(
    rf"\W*{_LEAD}(?:(?P<one>{_NAMES})(?:(?:is|are|being|be|as|to\s+be)\s+)?(?:also\s+|again\s+|always\s+|both\s+)?"
    rf"(?:an?\s+|any\s+|some\s+|the\s+)?(?:{_ADJECTIVES}(?:matrix|matrices)\s+(?:that|which)\s+(?:is|are)\s+)?"
    rf"{_SYMMETRIC}{_NOUN}"
    rf"|(?:an?\s+|any\s+|some\s+)?{_SYMMETRIC}{_NOUN}\s+(?P<two>{_NAMES})){_GOES_ON}[\s()]*",
    re.I,
)
_BESIDE = re.compile(
    rf"\W*{_LEAD}{_NAMES}(?:(?:is|are|be|being)\s+)?(?:an?\s+|the\s+)?(?:real\s+|fixed\s+|given\s+)?"
    rf"(?:columns?|vectors?|rows?|matrix|matrices|numbers?|scalars?|samples?|weights?|size|square|constant|invertible)\W*",
    re.I,
)
_WORD = re.compile(r"[\w-]*(?:symmetric|(?P<also>diagonal))\b", re.I)  # what is diagonal is symmetric, too
_EDGE = re.compile(r"[.,;:!?()](?=\s|$|\$)|\n[ \t]*\n|(?<=[)])\s|\$\$|\\\[|\\begin|\$[^$]*=[^$]*\$")
_LED = re.compile(
    r"(?P<lead>.*)(?P<rest>\b(?:where|with|since|because|assuming|given|for)\b.*?symmetric.*)", re.I | re.S
)
_HEDGES = re.compile(
    r"\b(?:not|no|never|only|even|just|unless|except|whether|if|fails?|wrong|false|untrue|without|but|apart)\b|n['’]t\b",
    re.I,
)
_FORMULA = re.compile(r".*=.*|\W*\\?[A-Za-z]+\([^()]*\)?\s*", re.S)
_TARGET = r"\$?\\?(?:(?:mathbf|boldsymbol|bm)\s*\{?)?([yYtT])(?![A-Za-z])"
_ONE_HOT = re.compile(
    rf"one[- ]hot(?:[- ](?:encoded|vectors?|labels?|targets?|rows?|matrix|encoding|of|for|the|are|is))*\s+{_TARGET}"
    rf"|{_TARGET}[\w{{}}]*\$?\s+(?:is |are |be |being )?(?:a |the )?one[- ]hot",
    re.I,
)
_EACH = re.compile(r"\b(?:row|column)[- ]?wise\b|\b(?:each|every|per|of the) (?:row|column)s?\b", re.I)
_SAMPLE = r"\s*(?:\\left)?\(\s*(?:\\(?:mathbf|boldsymbol|bm)\s*\{?\s*)?x\s*\}?\s*"
_FEATURES = re.compile(rf"(\\(?:phi|varphi|psi)){_SAMPLE}(?:_|\^\s*\{{?\s*\()")
_OF_ALL = re.compile(rf"\\(?:phi|varphi|psi){_SAMPLE}\)|\\partial\s*\{{?\s*(?:\\mathbf\s*\{{?)?x|\\nabla_\{{?x")
_FIXED = re.compile(
    r"\b(?:class|label|category|fixed|fix)\b(?:(?!\$)[^.\n=]){0,40}?\$?(?<![A-Za-z\\_])([cijklnty])(?![A-Za-z])\$?"
)
_LOSS = re.compile(r"(?<![A-Za-z\\_{])(?P<name>\\ell|[LJEC])\s*(?:\([^()=]*\))?\s*&?\s*:?=(?P<body>[^=$]*)")
_TURNS = re.compile(r"\s*(?:which|but|or|if|when|only|except|unless|though|although|not|whether)\b", re.I)
_CONDITION = re.compile(r"\b(?:if|when|whenever|provided)\b", re.I)
_ANEW = re.compile(
    r"\b(?:in general|generally|otherwise|elsewhere|else|if not|without (?:this|that|it|the|assuming)|always"
    r"|in (?:all|every|any) cases?|in every other case|(?:drop|lift|remove|give up|forget)(?:s|ped|ping|ed|ing)?"
    r" (?:this|that|the) (?:assumption|hypothesis|condition|premise|restriction)|no longer (?:assume|suppose))\b",
    re.I,
)
_SENTENCE_ENDS = re.compile(r"[.!?](?=\s|$)|\n[ \t]*\n")
_HEADING = re.compile(r"^(?:#{1,6}[ \t]|\\(?:sub)*section\b)", re.M)
_CONTINUES = re.compile(
    r"[\s.!?)]*(?:and |but |or )?(?:then|so|hence|thus|therefore|consequently|accordingly|it follows|this|that|which"
    r"|whence|in (?:this|that|such a|particular|either)|under (?:this|that|these|the same)|with (?:this|that|these)"
    r"|by (?:this|that)|here|because|since|indeed|we (?:then|thus|therefore)|substituting|inserting|plugging)\b",
    re.I,
)
_FOR_ANY = re.compile(r"\b(?:for|let)\b[^.$]{0,20}\b(?:any|general|arbitrary|every)\b", re.I)


def assumed(text: str, pieces: Iterable[Passage]) -> tuple[Span, ...]:
    """The formulas before which the prose says that they are given. *Since* and *where* state facts as well, so that
    after them a formula counts as given only where one of its sides is no more than a name or a constant.
    """
    found = []
    for one in pieces:
        sides = [side.strip(" $.,;&\n") for side in text[one.start : one.end].split("=")]
        told = any(map(_SIMPLE.fullmatch, sides)) or (len(sides) == 2 and _SOLUTION.search(text, one.start, one.end))
        fact = bool(told) and stated(text, one.start, one.end)
        if _ORDER.search(text[one.start : one.end]):
            fact = _FOR_SUCH.search(said_before(text, one.start)) is not None and unhedged(text, one.start, one.end)
        if fact or supposed(text, one.start, one.end):
            found.append((one.start, one.end))
    return tuple(found)


def behind(text: str, pieces: Sequence[Passage], given: tuple[Span, ...]) -> tuple[Span, ...]:
    """Those of the ``given`` formulas that end the sentence of the formula before, as in ``a = b since c = d``."""
    places = [(one.start, one.end) for one in pieces]
    found: list[Span] = []
    for before, one in pairwise(places):
        between = text[before[1] : one[0]]
        listed = before in found and _AND.fullmatch(between) is not None
        taken = any(one[0] <= start < one[1] for start, _ in given)
        if not taken or ":=" in text[slice(*before)] or not (listed or _SINCE.fullmatch(between)):
            continue
        if not _WHAT_FOLLOWS.match(text[one[1] :]) or _AND.match(text[one[1] :]):
            found.append(one)
    return tuple(found)


def constraints(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    r"""The formulas that say what data add up to, such as ``\sum_i y_i = 1`` and ``U^\top U = I``: a constant at one of
    two sides, at the other no estimate, no mean and no residual, and nothing said against it.
    """
    found = []
    for start, end in spans:
        bare = re.sub(r"_\{[^{}]*\}", "", unicodedata.normalize("NFD", text[start:end]))
        sides = [side.strip(" $.,;&\n") for side in bare.split("=")]
        constant = [bool(_CONSTANT.fullmatch(side)) for side in sides]
        named = any(re.fullmatch(r"\\?[A-Za-z]+(?:_\w)?", side) for side in sides if not _CONSTANT.fullmatch(side))
        claims = named or _DERIVED.search(bare) or _CONCLUDES.search(said_before(text, start))
        if (
            len(sides) == 2
            and sum(constant) == 1
            and not claims
            and _ADDED_UP.search(bare)
            and unhedged(text, start, end)
        ):
            found.append((start, end))
    return tuple(found)


def braced(text: str) -> Iterator[Row]:
    r"""The names that stand at braces, ``\underbrace{Xw - y}_{e}``, and elsewhere too: what the brace holds."""
    for one in re.finditer(r"\\(under|over)brace(?![A-Za-z])", text):
        body, end = macros.group(text, one.end())
        script = re.match(r"\s*[_^]", text[end:])
        if script and (script[0].strip() == "_") == (one[1] == "under"):
            name, last = macros.group(text, end + script.end())
            used = re.search(rf"(?<![A-Za-z\\{{]){re.escape(name)}(?![A-Za-z}}])", text[: one.start()] + text[last:])
            if re.fullmatch(r"\\?[A-Za-z]+", name.strip()) and used:
                yield Row(name.strip(), "", HELD_BY_A_BRACE, body.strip(), True)


def one_hot(text: str) -> set[str]:
    """The names of targets that the words call one-hot."""
    return {one[1] or one[2] for one in _ONE_HOT.finditer(text) if not denies(said_before(text, one.start()))}


def samples(text: str) -> str:
    """Whether the samples of a matrix whose softmax is taken are its rows or its columns, where the text says it."""
    if (said := _EACH.search(text)) is not None:
        return "columns" if "col" in said[0].lower() else "rows"
    data = r"(?:\\math(?:bf|rm)\s*\{?\s*)?X"
    by_rows, by_columns = rf"=\s*{data}\b\}}?\s*(?:@|\\?[WΘ])", rf"=\s*[W](?:\s*@)?\s*{data}(?![A-Za-z_])"
    found = [side for side, form in (("rows", by_rows), ("columns", by_columns)) if re.search(form, text)]
    return found[0] if len(found) == 1 else ""


def fixed_indices(text: str) -> dict[str, str]:
    r"""The losses that rest on an index which the words fix, as *the right class is k* does for ``L = -z_k + ...``, and
    the features ``\phi(x_n)`` that a text never defines or differentiates, with no index of their own.
    """
    found = {}
    if (features := _FEATURES.search(text)) and not _OF_ALL.search(text):
        found[features[1].lstrip("\\")] = ""
    for letter in {one[1] for one in _FIXED.finditer(text)}:
        index = rf"_\s*\{{?\s*{letter}(?![A-Za-z])"
        for head in _LOSS.finditer(text):
            free = re.search(index, head["body"]) and not re.search(rf"\\sum\s*{index}", head["body"])
            if free and not re.search(rf"(?<![A-Za-z\\]){re.escape(head['name'])}\s*_", text):
                found[head["name"].lstrip("\\")] = letter
    return found


def moments(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    r"""The formulas that say what noise is on the average, such as ``E[\epsilon] = 0``: no claims, but how it is."""
    found = []
    for start, end in spans:
        left, _, right = text[start:end].partition("=")
        said = _MOMENT.fullmatch(left.strip(" $.,;&\n")) and not EXPECTS.search(right)
        if _LETTERS_OF_NOISE.search(text) and not _LETTERS_OF_NOISE.search(left):
            continue  # what holds on the average of the rest follows from that of the noise
        if said and not _CONCLUDES.search(said_before(text, start)) and unhedged(text, start, end):
            found.append((start, end))
    return tuple(found)


def some_indices(text: str, start: int, end: int, letters: Collection[str]) -> str:
    """What the sentence of a formula says of two of its indices, as in *for i \\ne j*; empty where it says nothing."""
    before, behind = text[max(start - 80, 0) : start], text[end : end + 60]
    lead, rest = re.split(r"[.;]\s|\n\s*\n", before)[-1], re.split(r"[.;](?:\s|$)|\n\s*\n", behind)[0]
    found = [one for one in _INDICES.finditer(f"{lead} \x00 {rest}") if {one[1], one[3]} <= set(letters)]
    return f"{found[0][1]} {found[0][2]} {found[0][3]}" if found else ""


def anew(text: str) -> tuple[int, ...]:
    """The places from which on the prose speaks of the general case again."""
    return tuple(one.start() for one in _ANEW.finditer(text))


def ended(text: str, pieces: Sequence[Passage], given: Iterable[Span]) -> tuple[tuple[Span, int], ...]:
    """The suppositions, each with the place from which on the text no more says that they hold: the end of the sentence
    that begins with *if*, where the next does not go on with it, and the next heading for all others.
    """
    found = []
    for start, end in given:
        last = next((one.start() for one in _HEADING.finditer(text, end)), len(text))
        if _CONDITION.search(said_before(text, start)):
            after = next((one.end for one in pieces if one.start >= end), end)
            ends = (one.end() for one in _SENTENCE_ENDS.finditer(text, after, last))
            last = next((place for place in ends if not _CONTINUES.match(text, place)), last)
        found.append(((start, end), last))
    return tuple(found)


def with_symmetry(text: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """The guesses, with the matrices that the text calls symmetric so."""
    found = dict(rows)
    said = [(_names(clause), plain) for clause, plain in _clauses(text)]
    doubted = set().union(*(names for names, plain in said if not plain))
    for names, plain in said:
        for key in names - doubted if plain else ():
            row = found.get(key)
            if row is not None and _is_square(row.shape):
                found[key] = replace(row, meaning="symmetric")
    return found


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """The clauses that speak of symmetry, each with whether it says plainly which matrix is symmetric."""
    edges = [0, *(edge for one in _EDGE.finditer(text) for edge in one.span()), len(text)]
    for word in _WORD.finditer(text):
        start = edges[bisect_right(edges, word.start()) - 1]
        end = edges[bisect_left(edges, word.end())]
        clause, rest = text[start:end], text[end:]
        said = _said(clause)
        if said is None and word["also"]:
            continue
        if said is None or rest.startswith("?") or (rest[:1] in ",:;(" and _TURNS.match(rest[1:])):
            yield text[max(start, word.start() - _LONGEST) : min(end, word.end() + _LONGEST)], False
            continue
        named = "one" if said["one"] else "two"
        place = clause.index(said[0]) + said.start(named) - said.start()
        plain = not denies(said_before(text, start + place))
        if _CONDITION.search(clause):
            plain = plain and not _ANEW.search(rest) and not _FOR_ANY.search(rest)
        yield said[named], plain


def _said(clause: str) -> re.Match[str] | None:
    """What a clause says, if that is which matrix is symmetric; beside it another may say what something else is."""
    if len(clause) > _LONGEST:
        return None
    if (whole := _SAID.fullmatch(clause)) is not None:
        return whole
    led = _LED.fullmatch(clause)
    if led and not _HEDGES.search(led["lead"]) and (found := _SAID.fullmatch(clause, led.start("rest"))):
        return found
    parts = re.split(r"\band\b", clause)
    said = [one for one in map(_SAID.fullmatch, parts) if one is not None]
    others = [one for one in parts if _SAID.fullmatch(one) is None]
    return (
        said[0] if len(said) == 1 and all(_FORMULA.fullmatch(one) or _BESIDE.fullmatch(one) for one in others) else None
    )


def _names(words: str) -> set[str]:
    bare = re.sub(r"\\(?:mathbf|boldsymbol|bm|mathrm)\b", "", words)
    return {one.lstrip("\\") for one in re.findall(r"\\?[A-Za-z]+(?:_\w)?", bare)}


def _is_square(shape: str) -> bool:
    rows, _, cols = shape.partition(" x ")
    return bool(cols) and rows == cols
