"""Calls in LaTeX: whether a bracket after a name holds arguments or a factor."""

from __future__ import annotations

import re

from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import GREEK_LETTERS
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.core import SCALAR
from lrcore.verify.terms.names import latex, split_key, swap_case

_QUANTITIES = set("abckpqrstuvwxyz")  # letters of values more often than of functions


class Calls(Stream):
    """The part of the reader that reads calls."""

    def called(self, node, start):
        """``J(W)``: a call where the name is a function and the brackets hold bare names, a product else."""
        if not isinstance(node, (s.Name, s.Entry)):
            return node
        if self.peek().kind == "'" and isinstance(node, s.Name):
            return self.primed_call(node, start)
        if self.peek().kind != "(":
            return node
        name = node if isinstance(node, s.Name) else node.base
        if not isinstance(name, s.Name) or not self.may_be_called(name.id):
            return node
        if isinstance(node, s.Entry) and not self.known(name.id) and self.known(swap_case(name.id)):
            return node
        place = self.at
        arguments = self.arguments()
        if arguments is None or not self.fits(name.id, arguments):
            self.at = place
            arguments = self.expressions(name.id)
        if arguments is not None:
            span = self.span_from(start)
            call = s.At(name, tuple(arguments), span=span)
            return call if isinstance(node, s.Name) else s.Entry(call, node.indices, node.zero, span=span)
        self.at = place
        return node

    def primed_call(self, node, start):
        """``C'(w)`` is the derivative of C by w."""
        place, primes = self.at, 0
        while self.peek().kind == "'":
            self.next()
            primes += 1
        call = self.called(node, start) if self.peek().kind == "(" and self.may_be_called(node.id) else node
        if not isinstance(call, s.At):
            self.at = place
            return node
        for _ in range(primes):
            call = s.Prime(call, span=self.span_from(start))
        return call

    def may_be_called(self, key):
        symbol = self.context.lookup(key)
        if symbol is None:
            return not self.context.is_size(key)
        if symbol.definition is not None or symbol.params or symbol.shape is None:
            return True
        return symbol.shape == SCALAR and key.split("_")[0] not in GREEK_LETTERS

    def arguments(self):
        """Bare names in brackets, separated by commas, semicolons or bars; None for anything else."""
        self.next()
        found = []
        while True:
            if not self.starts_name():
                return None
            start = self.here()[0]
            if self.special_ahead():
                return None
            base, accents, font, sub, sup = self.base_name()
            found.append(self.with_scripts(base, accents, font, sub, sup, start))
            token = self.next()
            if token.kind == ")":
                return found
            if token.kind not in (",", ";", "|") and not (token.kind == "cmd" and token.text in ("mid", "vert")):
                return None

    def expressions(self, key):
        """The arguments of a function that is known to be one, such as x + h; ``g(1 - g)`` is a product."""
        symbol = self.context.lookup(key)
        if symbol is None or not symbol.params:
            return None
        place, saved = self.at, self.bars
        self.next()
        self.bars = []
        found = [self.sum()]
        while self.peek().kind in (",", ";"):
            self.next()
            found.append(self.sum())
        self.bars = saved
        own = any(isinstance(one, s.Name) and one.id == key for arg in found for one in s.walk(arg))
        if self.peek().kind == ")" and not own:
            self.must_be_call(key, symbol, found, self.tokens[place])
        if self.next().kind == ")" and len(found) == len(symbol.params) and not own:
            return found
        self.at = place
        return None

    def must_be_call(self, key, symbol, found, opened):
        """``a(1 - y)`` where ``a(z)`` was written: the value at 1 - y to one author and a product to another."""
        held = set().union(*(s.names(one) for one in found))
        bases = {split_key(one)[0] for one in held}
        plain = split_key(key)[0] in _QUANTITIES and not all(isinstance(one, s.Num) for one in found)
        if plain and not bases & {split_key(one)[0] for one in symbol.params}:
            self.fail(
                f"Is this {latex(key)} at what stands in the brackets, or {latex(key)} times it? Write \\cdot for the "
                "product.",
                (opened.start, self.peek().end),
            )

    def special_ahead(self):
        return self.peek().kind == "letter" and self.peek().text == "I" and not self.known("I")

    def fits(self, key, arguments):
        """Whether these can be arguments of the function, and not factors."""
        symbol = self.context.lookup(key)
        if symbol is None or symbol.definition is None:
            return True
        if len(symbol.params) == len(arguments):
            return True
        depends = self.context.depends(key)
        bases = {re.split("[_^]", name)[0] for name in depends}
        for arg in arguments:
            name = arg if isinstance(arg, s.Name) else getattr(arg, "base", None)
            if not isinstance(name, s.Name):
                return False
            if name.id not in depends and re.split("[_^]", name.id)[0] not in bases and name.id not in symbol.params:
                return symbol.shape is None and not self.known(name.id)
        return True
