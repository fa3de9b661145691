"""Calls: whether a bracket after a name holds arguments or a factor."""

from __future__ import annotations

import re

from lrcore.verify.read.latex.cursor import Cursor, Symbol
from lrcore.verify.read.latex.groups import GREEK_LETTERS
from lrcore.verify.read.latex.lookahead import starts_name
from lrcore.verify.read.latex.names import read_base
from lrcore.verify.read.latex.precedence import read_sum
from lrcore.verify.read.latex.symbols import read_symbol
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.core import D1, SCALAR
from lrcore.verify.terms.names import latex, split_key, swap_case

_QUANTITIES = set("abckpqrstuvwxyz")  # letters of values more often than of functions


def read_call(c: Cursor, node: s.Node, start: int) -> s.Node:
    """``J(W)``: a call where the name is a function and the brackets hold bare names, a product else."""
    name = node.base if isinstance(node, s.Entry) else node
    if not isinstance(name, s.Name):
        return node
    if c.peek().kind == "'" and node is name:
        return _primed_call(c, node, start)
    if c.peek().kind != "(" or not _may_be_called(c, name.id):
        return node
    if node is not name and not c.is_known(name.id) and c.is_known(swap_case(name.id)):
        return node
    place = c.at
    arguments = _names(c)
    if arguments is None or not _fit(c, name.id, arguments):
        c.at = place
        arguments = _expressions(c, name.id)
    if arguments is None:
        c.at = place
        if node is name:
            _must_be_product(c, name.id)
        return node
    call = s.At(name, tuple(arguments), span=c.since(start))
    return s.Entry(call, node.indices, node.zero, span=call.span) if isinstance(node, s.Entry) else call


def _must_be_product(c: Cursor, key: str) -> None:
    """``L(0)`` and ``L(w + h)``, where L is defined, are values of L to most and products to others."""
    symbol, opened = c.context.lookup(key), c.peek()
    if symbol is None or symbol.definition is None or opened.start > c.tokens[c.at - 1].end:
        return
    if symbol.shape is not None and D1 not in symbol.shape:  # a matrix
        return
    number = [one.kind for one in c.tokens[c.at + 1 : c.at + 3]] == ["num", ")"]
    if number or split_key(key)[0] not in _QUANTITIES | GREEK_LETTERS:
        c.fail(
            f"Is this {latex(key)} at what stands in the brackets, or {latex(key)} times it? Write \\cdot for the "
            "product, or define it as a function.",
            (opened.start, opened.end),
        )


def _primed_call(c: Cursor, name: s.Name, start: int) -> s.Node:
    """``C'(w)`` is the derivative of C by w."""
    place = c.at
    while c.peek().kind == "'":
        c.next()
    primes = c.at - place
    call: s.Node = name
    if c.peek().kind == "(":
        call = read_call(c, name, start)
    if not isinstance(call, s.At):
        c.at = place
        return name
    for _ in range(primes):
        call = s.Prime(call, span=call.span)
    return call


def _may_be_called(c: Cursor, key: str) -> bool:
    if c.context.fixed.get(key) == "":  # the features of a sample
        return True
    symbol = c.context.lookup(key)
    if symbol is None:
        return not c.context.is_size(key)
    if symbol.definition is not None or symbol.params or symbol.shape is None:
        return True
    return symbol.shape == SCALAR and key.split("_")[0] not in GREEK_LETTERS


def _names(c: Cursor) -> list[s.Node] | None:
    """Bare names in brackets, separated by commas, semicolons or bars; None for anything else."""
    c.next()
    found: list[s.Node] = []
    while starts_name(c) and not _is_identity(c):
        start = c.here()[0]
        found.append(read_symbol(c, read_base(c), start))
        if isinstance(found[-1], s.Inv):  # B (A^{-1})^T is a product
            return None
        token = c.next()
        if token.kind == ")":
            return found
        if token.kind not in (",", ";", "|") and not (token.kind == "cmd" and token.text in ("mid", "vert")):
            break
    return None


def _is_identity(c: Cursor) -> bool:
    return c.peek().kind == "letter" and c.peek().text == "I" and not c.is_known("I")


def _expressions(c: Cursor, key: str) -> list[s.Node] | None:
    """The arguments of a function that is known to be one, such as x + h; ``g(1 - g)`` is a product."""
    symbol = c.context.lookup(key)
    if symbol is None or not symbol.params:
        return None
    opened, saved = c.next(), c.bars
    c.bars = []
    found = [read_sum(c)]
    while c.peek().kind in (",", ";"):
        c.next()
        found.append(read_sum(c))
    c.bars = saved
    held = set().union(*(s.names(one) for one in found))
    if c.peek().kind != ")" or key in held:
        return None
    _must_be_call(c, key, symbol, found, held, opened)
    c.next()
    return found if len(found) == len(symbol.params) else None


def _must_be_call(c: Cursor, key: str, symbol: Symbol, found: list[s.Node], held: set[str], opened: Token) -> None:
    """``a(1 - y)`` where ``a(z)`` was written: the value at 1 - y to one author and a product to another."""
    loose = not any(c.is_known(one) for one in symbol.params)  # a placeholder is no variable that a quantity rests on
    plain = split_key(key)[0] in _QUANTITIES and not loose and not all(isinstance(one, s.Num) for one in found)
    if plain and not {split_key(one)[0] for one in held} & {split_key(one)[0] for one in symbol.params}:
        c.fail(
            f"Is this {latex(key)} at what stands in the brackets, or {latex(key)} times it? Write \\cdot for the "
            "product.",
            (opened.start, c.peek().end),
        )


def _fit(c: Cursor, key: str, arguments: list[s.Node]) -> bool:
    """Whether these can be arguments of the function, and not factors."""
    symbol = c.context.lookup(key)
    if symbol is None or symbol.definition is None or len(symbol.params) == len(arguments):
        return True
    depends = c.context.depends(key)
    bases = {re.split("[_^]", name)[0] for name in depends}
    for arg in arguments:
        name = arg.base if isinstance(arg, (s.Entry, s.Pow)) else arg
        if not isinstance(name, s.Name):
            return False
        if name.id not in depends and re.split("[_^]", name.id)[0] not in bases and name.id not in symbol.params:
            return symbol.shape is None and not c.is_known(name.id)
    return True
