r"""Sums: ``\sum_{i=1}^N``, ``\sum_{i \neq j}``, ``\sum x_i``. A sum covers everything to its right in the same term."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.functions import read_limits
from lrcore.verify.read.latex.groups import extent, is_letter
from lrcore.verify.read.latex.precedence import read_group, read_signed_term, read_sum
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Fault, Kind
from lrcore.verify.terms.indices import free_indices

_INDEX_COMMANDS = ("ell", "alpha", "beta", "mu", "nu")


def read_sum_sign(c: Cursor, token: Token) -> s.Node:
    low, high = read_limits(c)
    letters, excluded, first = _indices(c, low)
    last = read_group(c, high, "upper limit") if high else None
    if last is None and first not in (None, s.ONE):
        c.fail("The upper end of this sum is missing.", token.span)
    body = _body(c)
    for letter in reversed(letters or [_implied_index(c, body, token)]):
        away = tuple(other for one, other in excluded if one == letter)
        body = s.Sum(letter, body, None if last is None else first, last, away, span=c.since(token.start))
    return body


def read_product_sign(c: Cursor, token: Token) -> s.Node:
    """A product over an index, of factors that are positive as those of a likelihood are: exp of the sum of their
    logarithms.
    """
    node = read_sum_sign(c, token)
    sums: list[s.Sum] = []
    while len(sums) < 2 and isinstance(node, s.Sum) and node.span == c.since(token.start):
        sums.append(node)
        node = node.body
    beside: tuple[s.Node, ...] = ()  # a second product is no factor of the first
    factors = node.factors if isinstance(node, s.Mul) else ()
    if place := next((k for k, one in enumerate(factors) if k and _is_product(one)), 0):
        node, beside = s.mul(factors[:place]), factors[place:]
    node = s.Call("log", (node,), span=node.span)
    for one in reversed(sums):
        node = replace(one, body=node)
    node = s.Call("exp", (node,), span=c.since(token.start))
    return s.mul((node, *beside), span=node.span) if beside else node


def _is_product(node: s.Node) -> bool:
    inner = node.args[0] if isinstance(node, s.Call) and node.fn == "exp" else node
    while isinstance(inner, s.Sum):
        inner = inner.body
    return isinstance(node, s.Call) and isinstance(inner, s.Call) and inner.fn == "log"


def _indices(c: Cursor, low: Tokens) -> tuple[list[str], list[tuple[str, str]], s.Node | None]:
    """The letters under a sum, pairs of those that stay apart, and the lower end."""
    letters: list[str] = []
    excluded: list[tuple[str, str]] = []
    first = None
    for part in _parts(low):
        sign = next((place for place, one in enumerate(part) if _joins(one)), len(part))
        here = part[sign].text if sign < len(part) else ""
        if here not in ("", "=", "neq"):
            c.fail("A sum over a named set is not read; write its first and last index.", extent(part))
        own = _letters(c, part[:sign])
        letters += own
        if here == "=":
            first = read_group(c, part[sign + 1 :], "lower limit")
        elif here == "neq":
            excluded += [(one, other) for one in own for other in _letters(c, part[sign + 1 :])]
    return letters, excluded, first


def _joins(token: Token) -> bool:
    return token.kind in ("=", "<") or (token.kind == "cmd" and token.text in ("neq", "in", "le"))


def _letters(c: Cursor, tokens: Tokens) -> list[str]:
    if not tokens or not all(
        is_letter(one) and (one.kind == "letter" or one.text in _INDEX_COMMANDS) for one in tokens
    ):
        c.fail("The index of a sum is a letter.", extent(tokens))
    return [one.text for one in tokens]


def _parts(tokens: Tokens) -> list[Tokens]:
    """What stands under a sum, split at commas and at breaks; ``i=1,j=1`` gives two parts."""
    parts: list[Tokens] = [[]]
    for token in tokens:
        if token.kind == "," or (token.kind == "cmd" and token.text == "\\"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _body(c: Cursor) -> s.Node:
    """To the end of the term; ``wide`` readings reach over + and - as well."""
    if c.wide:
        return read_sum(c)
    start = c.here()[0]
    return replace(read_signed_term(c), span=c.since(start))


def _implied_index(c: Cursor, body: s.Node, token: Token) -> str:
    """A bare sum runs over the one index that its terms carry."""
    letters = free_indices(body, c.context)
    if len(letters) != 1:
        c.fail("This sum has no index, and its terms do not carry exactly one.", token.span, Fault(Kind.NO_INDEX))
    return letters.pop()
