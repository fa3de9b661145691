"""Sums, products and quotients, by precedence: each level reads the tighter one below it."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.ellipsis import elide_sum
from lrcore.verify.read.latex.cursor import END, Cursor, Tokens
from lrcore.verify.read.latex.doubtful_calls import call_before
from lrcore.verify.read.latex.groups import is_letter, shown_token
from lrcore.verify.read.latex.lookahead import starts_d, starts_factor
from lrcore.verify.read.tokens import DEPTH_LIMIT, argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import latex

LONGEST = 300
_TIMES = ("cdot", "times")
_BINARY = {"odot": s.Had, "circ": s.Had, "otimes": s.Kron}


def read_group(c: Cursor, tokens: Tokens, what: str = "expression") -> s.Node:
    """The tree of a group of tokens, all of them."""
    if not tokens:
        c.fail(f"The {what} is empty here.", c.tokens[c.at - 1].span if c.tokens else None)
    return read_whole(c.within(tokens))


def read_whole(c: Cursor) -> s.Node:
    """The tree of everything that is left."""
    node = read_sum(c)
    if c.peek() is not END:
        c.fail(f"`{shown_token(c.peek())}` is not expected here.")
    return node


def read_sum(c: Cursor) -> s.Node:
    """Terms joined by + and -."""
    c.depth += 1
    if c.depth > DEPTH_LIMIT:
        c.fail("The expression is nested too deeply to be read.")
    start = c.here()[0]
    terms = [read_signed_term(c)]
    while c.peek().kind in ("+", "-"):
        if c.is_command("dots", ahead=1) and c.peek(2).kind in ("+", "-"):
            if c.next().kind == "-":
                c.fail("Dots behind a minus: write what they leave out as a sum.")
            terms.append(s.Dots(span=c.next().span))
        else:
            terms.append(read_signed_term(c))
    c.depth -= 1
    if any(isinstance(one, s.Dots) for one in terms):
        terms = elide_sum(terms, c.context.lookup)
    return s.add(terms, span=c.since(start))


def read_signed_term(c: Cursor) -> s.Node:
    if c.peek().kind not in ("+", "-"):
        return read_term(c)
    start, minuses = c.here()[0], 0
    while c.peek().kind in ("+", "-"):
        minuses += c.next().kind == "-"
    node = read_term(c)
    return s.Neg(node, span=c.since(start)) if minuses % 2 else node


def read_term(c: Cursor) -> s.Node:
    """Runs of factors joined by the signs of the Hadamard and Kronecker products, or Frobenius's colon."""
    start = c.here()[0]
    node = read_product(c)
    while c.is_command(*_BINARY) or c.peek().kind == ":":
        sign = c.next().text
        right = read_product(c)
        if sign == ":":
            node = s.Call("frobenius", (node, right), span=c.since(start))
        else:
            node = _BINARY[sign](node, right, span=c.since(start))
    return node


def read_product(c: Cursor) -> s.Node:
    """A product of factors; ``2/N X`` is (2/N) X."""
    start = c.here()[0]
    begun, factors, signs = c.at, [c.grammar.factor(c)], set()
    stars: list[s.Span] = []
    calls: list[s.Called] = []
    while True:
        token = c.peek()
        if token.kind == "/":
            factors, stars, calls = [_slash(c, factors, calls, start)], [], []
        elif token.kind == "*" or (token.kind == "cmd" and token.text in _TIMES):
            if token.kind == "*":
                stars.append(token.span)
            signs.add(c.next().text)
            begun = c.at
            factors.append(_factor_after(c, shown_token(token)))
        elif starts_factor(c):
            _must_be_apart(c)
            _must_be_factor(c, factors[-1])
            opened = c.at
            factors.append(c.grammar.factor(c))
            calls += call_before(c, factors[-2], factors[-1], begun, opened)
            begun = opened
        else:
            product = s.mul(factors, signs == {"cdot"}, span=c.since(start))
            if isinstance(product, s.Mul) and (stars or calls):
                return replace(product, stars=tuple(stars), called=tuple(calls))
            return product
        if len(factors) > LONGEST:
            c.fail(f"This product has more than {LONGEST} factors.")


def _factor_after(c: Cursor, sign: str) -> s.Node:
    """The factor after a written sign, which may have a minus."""
    if c.peek() is END:
        c.fail(f"After `{sign}` a factor is missing.")
    return read_signed_term(c) if c.peek().kind in ("+", "-") else c.grammar.factor(c)


_ONE_THING = [["letter", ")"], ["num", ")"]]


def _must_be_apart(c: Cursor) -> None:
    """``1 2`` is typeset as 12, and may be meant as a product."""
    before, here = c.tokens[c.at - 1], c.peek()
    if before.kind == here.kind == "num" and (before.end < here.start or here.text[0] == "."):
        c.fail("Two numbers stand side by side; write them as one, or a dot between them.", (before.start, here.end))
    if before.kind == "num" and here.text == "frac" and before.end == here.start and _is_of_numbers(c):
        c.fail("Is this a mixed number or a product? Write a plus or a dot.", (before.start, here.end))
    if here.kind == "num" and here.text == "1" and c.peek(1).kind != "_" and before.kind != "num":
        c.fail("Is this the number 1 or a column of ones? Leave it out, or write \\mathbf{1}_N.", here.span)


def _must_be_factor(c: Cursor, before: s.Node) -> None:
    """``f^2(s)`` and ``\\frac{df}{ds}(t)`` hold the value of a function to most, and a product to nobody."""
    if c.peek().kind not in ("(", "[") and not c.is_command("{"):
        return
    derived = isinstance(before, s.Deriv)
    while isinstance(before, s.Pow | s.Inv | s.T | s.Prime | s.Deriv):
        before = _inside(before)
    symbol = c.context.lookup(before.id) if isinstance(before, s.Name) else None
    if symbol is None or symbol.definition is None:
        return
    if symbol.params or (derived and [one.kind for one in c.tokens[c.at + 1 : c.at + 3]] in _ONE_THING):
        c.fail(
            f"Is this {latex(symbol.key)} at what stands in the brackets, or a product? Write \\cdot for the product."
        )


def _inside(node: s.Pow | s.Inv | s.T | s.Prime | s.Deriv) -> s.Node:
    return node.base if isinstance(node, s.Pow) else node.f if isinstance(node, s.Deriv) else node.arg


def _is_of_numbers(c: Cursor) -> bool:
    """Whether a fraction that stands here is one of two numbers, such as ``\\frac12``."""
    tokens = list(c.tokens[c.at :])
    above, at = argument(tokens, 1)
    below, _ = argument(tokens, at)
    return [one.kind for one in (*above, *below)] == ["num", "num"]


def _slash(c: Cursor, factors: list[s.Node], calls: list[s.Called], start: int) -> s.Node:
    slash = c.next()
    if isinstance(factors[-1], s.Diff) and starts_d(c):
        last = c.grammar.slash_derivative(c, factors[-1])
        return s.mul([*factors[:-1], last], span=c.since(start))
    below = c.grammar.factor(c)
    follows = c.peek()
    if is_letter(follows) and follows.start == c.tokens[c.at - 1].end and isinstance(below, s.Num | s.Name):
        c.fail(
            "Does the letter stand below the line too? Write \\frac, or a space before it.",
            (slash.start, follows.end),
        )
    above = s.mul(factors, span=(start, slash.start))
    return s.Div(replace(above, called=tuple(calls)) if isinstance(above, s.Mul) else above, below, span=c.since(start))
