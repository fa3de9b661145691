"""Whether a tree says all that was written: each token lies in a leaf, or is what the node around it is written with.

The tokens are those of one side, and the spans of the tree point at the same text. Where a macro puts several tokens at
one place, any node around it may have made them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from lrcore.verify.read.tokens import Token, argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import LABEL
from lrcore.verify.terms.words import FONTS, FUNCTIONS, words

# What says nothing: brackets, the frame of a matrix, fonts (those that tell names apart are part of a name).
LAYOUT_KINDS = frozenset(("(", ")", "[", "]", "{", "}", "&", "begin", "end"))
LAYOUT_COMMANDS = frozenset(("\\", "{", "}", "quad", "hline", *FONTS))
# A command, and the argument or script of it that is a remark: 0 the first argument, else the script.
REMARKS = {"overset": 0, "stackrel": 0, "underset": 0, "underbrace": "_", "overbrace": "^"}

_LEAVES = (s.Num, s.Name, s.Slice, s.Dots, s.Build)
_MADE_OF: dict[type[s.Node], frozenset[str]] = {
    s.Add: frozenset("+-"),
    s.Neg: frozenset("+-"),
    s.Mul: frozenset(("cdot", "times", "*")),
    s.Had: frozenset(("odot", "circ")),
    s.Kron: frozenset(("otimes",)),
    s.Div: frozenset(("frac", "/")),
    s.Pow: frozenset(("^", "odot", "circ")),
    s.T: frozenset(words("^ T top t intercal transpose tp ' prime")),
    s.Prime: frozenset(words("^ ' prime")),
    s.Inv: frozenset(words("^ - 1 T top t")),
    s.At: frozenset(words(", ; | mid vert ' _")),
    s.Entry: frozenset("_^,"),
    s.Block: frozenset(words(", ; | mid vert")),
    s.Delta: frozenset(words("delta _ , = neq if when for where otherwise else 1 I")),
    s.Deriv: frozenset(words("frac partial nabla d / _ ^ , 1 2")),
    s.Diff: frozenset(words("partial d")),
    s.Shaped: frozenset(words("_ times ,")),
    s.Special: frozenset(words("0 1 I _ times , ^ T top t")),
}
_NORM = frozenset(words("| vert ^ _ 2"))
_CALLED_BY = {
    **dict.fromkeys(("bars", "det", *s.NORMS, *s.NORMS.values(), "norml1"), _NORM),
    "inner": frozenset(words("langle rangle , mid")) | _NORM,
    "frobenius": frozenset(":"),
    "overline": frozenset(("overline", "bar")),
    "expectation": frozenset(("mathbb", "E")),
    "variance": frozenset(("mathbb", "V", *"Var")),
    "larger": frozenset(("max", ",")),
    "step": frozenset(words("1 I 0 _ < > le ge")),
    "sqrt": frozenset(("sqrt",)),
    "exp": frozenset("e^"),
    "sigmoid": frozenset(("sigma", "'")),
    "total": frozenset(("sum", *"sum")),
    "mean": frozenset("mean"),
    "missing_d": _MADE_OF[s.Deriv],
}
_LABELLED = frozenset(words("1 I = _ ^ ,"))  # 1[y_i = k]
_SUM = frozenset(
    words("sum s u m p r o d prod _ ^ = , neq 1")
)  # one without a sign was written with dots, and its terms were compared
_NAMES_ONLY = ("argmin", "argmax", "min", "max")  # nothing is claimed by what these stand for
for _name, _fn in FUNCTIONS.items():
    _CALLED_BY[_fn] = _CALLED_BY.get(_fn, frozenset()) | {_name, "^", *_name}


def uncovered(tokens: Sequence[Token], tree: s.Node) -> list[s.Span]:
    """The places of the tokens that are no part of the tree."""
    if not tokens:
        return []
    first = min(one.start for one in tokens)
    nodes = [one for one in s.walk(tree) if one.span is not None]
    owners = _owners(nodes, first, max(one.end for one in tokens))
    indices = {name for one in nodes if isinstance(one, s.Sum) for name in (one.index, *one.exclude)}
    signs = {one.start for one in tokens if one.text == "sum"}
    at_place = Counter(one.span for one in tokens)
    aside = _remarks(tokens) | _silent_signs(tokens) | _macros(tokens) | _marks(tokens, owners, first)

    def is_said(token: Token) -> bool:
        if at_place[token.span] > 1:
            around = [one for one in nodes if one.span and one.span[0] <= token.start < one.span[1]]
            return any(_made(one, token.text.strip(), indices, signs) for one in around)
        start = token.start - first
        if token.kind == "num" and len(token.text) == token.end - token.start:  # as ``x_12`` is x_1 times 2
            return all(_made(*each, indices, signs) for each in zip(owners[start:], token.text))
        return _made(owners[start], token.text.strip(), indices, signs)

    return [one.span for place, one in enumerate(tokens) if not (place in aside or _is_layout(one) or is_said(one))]


def _is_layout(token: Token) -> bool:
    return token.kind in LAYOUT_KINDS or (token.kind == "cmd" and token.text in LAYOUT_COMMANDS)


def _silent_signs(tokens: Sequence[Token]) -> set[int]:
    """The places of signs that begin a term and whose minuses cancel, which says nothing."""
    found: set[int] = set()
    for signs, run in groupby(enumerate(tokens), lambda one: one[1].kind in ("+", "-")):
        places = [place for place, _ in run] if signs else []
        before = tokens[places[0] - 1] if places and places[0] else None
        begins = (
            before is None
            or before.kind in ("(", "[", "{", "&", ",", "^", "_", "begin")
            or before.text in ("cdot", "times", "\\")
        )
        if begins and sum(tokens[place].kind == "-" for place in places) % 2 == 0:
            found |= set(places)
    return found


def _macros(tokens: Sequence[Token]) -> set[int]:
    """Where a macro changes the order of its arguments or repeats one, places do not tell what stands where."""
    found: set[int] = set()
    furthest = 0
    for one in tokens:
        if one.start < furthest and one.end < furthest:
            inside = range(one.start, furthest)
            found |= {k for k, other in enumerate(tokens) if other.start in inside}
        furthest = max(furthest, one.end)
    return found


def _owners(nodes: Sequence[s.Node], first: int, end: int) -> list[s.Node | None]:
    """The innermost node at each place of the text."""
    owners: list[s.Node | None] = [None] * (end - first)
    for node in nodes:
        if node.span is not None:
            start, stop = max(node.span[0] - first, 0), min(node.span[1], end) - first
            owners[start:stop] = [node] * (stop - start)
    return owners


def _made(node: s.Node | None, text: str, indices: set[str], signs: set[int]) -> bool:
    """Whether a node is written with this token, besides its parts."""
    if node is None or node.span is None:
        return False
    if isinstance(node, _LEAVES):
        return True
    if isinstance(node, s.Call):
        return node.fn in _NAMES_ONLY or text in _CALLED_BY.get(node.fn, ())
    if isinstance(node, s.Sum):
        return node.span[0] not in signs or text in indices or text in _SUM
    if isinstance(node, s.Entry) and isinstance(node.base, s.Name) and node.base.id.endswith(LABEL):
        return text in _LABELLED
    return text in _MADE_OF.get(type(node), ())


def _remarks(tokens: Sequence[Token]) -> set[int]:
    """The places among the tokens of what is written over or under an expression, and of how columns are set."""
    found: set[int] = set()
    for at, one in enumerate(tokens):
        if one.kind == "begin":
            found |= set(_columns(tokens, at))
        elif one.kind == "cmd" and one.text in REMARKS:
            found |= {at, *_remark_of(list(tokens), at)}
    return found


def _marks(tokens: Sequence[Token], owners: list[s.Node | None], first: int) -> set[int]:
    """The places of the marks of norms and of inner products."""
    found: set[int] = set()
    for at, one in enumerate(tokens):
        owner = owners[one.start - first]
        if one.kind == "_" and isinstance(owner, s.Call) and _CALLED_BY.get(owner.fn, frozenset()) >= _NORM:
            found |= set(range(at, argument(list(tokens), at + 1)[1]))
    return found


def _columns(tokens: Sequence[Token], at: int) -> range:
    opened = tokens[at + 1].kind if at + 1 < len(tokens) else ""
    close = "]" if opened == "[" else "}" if opened == "{" and tokens[at].text == "array" else ""
    stop = next((k for k in range(at, len(tokens)) if tokens[k].kind == close), at)
    return range(at, stop)


def _remark_of(tokens: list[Token], at: int) -> range:
    script, after = REMARKS[tokens[at].text], argument(tokens, at + 1)[1]
    if script == 0:
        return range(at + 1, after)
    if after < len(tokens) and tokens[after].kind == script:
        return range(after, argument(tokens, after + 1)[1])
    return range(0)
