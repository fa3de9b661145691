"""Lines that define: what is new, what a text may say again, functions and placeholders."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.decide.assumptions import assumptions
from lrcore.verify.decide.claiming import Claiming, same_tree
from lrcore.verify.decide.claims import decide
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Problem
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.terms.names import latex, make_key, split_key, swap_case
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Symbol
from lrcore.verify.type.typist import Typist


class Defining(Claiming):
    """Keeps the definitions of a derivation."""

    def _sides(self, chain):
        r"""The sides of a chain; ``s^2 = ...`` with no s known defines the square as a name of its own."""
        sides = chain.read(self.context)
        square = sides[0]
        if not (isinstance(square, s.Pow) and isinstance(square.base, s.Name) and square.exponent == s.num(2)):
            return sides
        base, accents, below, above = split_key(square.base.id)
        if above or not chain.relations or square.entrywise or not self._is_new(square.base):
            return sides
        return [s.Name(make_key(base, accents, below, "2"), span=square.span), *sides[1:]]

    def _define_heads(self, chain, sides):
        """``y = f(x) = body`` defines both, f first."""
        self.heads = set()
        unknown = [k for k in range(len(sides) - 1) if self._is_new(sides[k]) and chain.relations[k] in ("=", ":=")]
        if len(unknown) < 2 or unknown != list(range(len(unknown))):
            return
        try:
            for k in reversed(unknown):
                self._define(head_of(sides[k]), sides[k + 1])
                self.heads.add(k)
        except (Problem, RecursionError):
            self.heads.clear()

    def _is_new(self, side):
        head = head_of(side)
        return head is not None and self.context.lookup(head[0]) is None and not self.context.is_size(head[0])

    def _is_definition(self, chain, sides, place, relation):
        head = head_of(sides[place])
        if relation == ":=" or place in self.heads or (place == 0 and id(chain) in self.hoisted):
            return True
        if place == 0 and self._is_square(sides[0], sides[1]):
            return True
        if place or head is None:
            return False
        key = head[0]
        if self.context.is_size(key):
            return False
        symbol = self.context.lookup(key)
        if symbol is None:
            return self.context.lookup(swap_case(key)) is None or not head[1]
        return not self.steps and same_tree(as_called(symbol, head), sides[1])

    def _is_square(self, left, right):
        """``v^2 = v^T v`` for a column is a convention, and no claim."""
        if not (isinstance(left, s.Pow) and isinstance(left.base, s.Name) and left.exponent == s.num(2)):
            return False
        symbol = self.context.lookup(left.base.id)
        column = symbol is not None and symbol.shape is not None and symbol.shape[0] != symbol.shape[1]
        return column and right == s.Mul((s.T(left.base), left.base))

    def _definition(self, sides, place, relation):
        head, body = head_of(sides[place]), sides[place + 1]
        if head is None and relation == ":=":
            head, body = head_of(sides[place + 1]), sides[place]
        if head is None:
            square = self._square_convention(sides[place], body)
            if square:
                return square
            raise IllTyped("Only a name, an entry of one or a function of names can be defined.", sides[place].span)
        symbol = self.context.lookup(head[0])
        known = as_called(symbol, head)
        if head[0] in self.locked and not same_tree(known, body):
            raise IllTyped("This symbol is given and can't be defined anew; use another letter.", sides[place].span)
        if symbol is not None and symbol.definition is not None and self.redefine and relation == ":=":
            self.context.symbols[head[0]] = replace(symbol, definition=None)
            symbol = self.context.lookup(head[0])
        if symbol is not None and symbol.definition is not None and not same_tree(known, body):
            return self._redefinition(symbol, sides[place], body)
        if symbol is not None and symbol.definition is None and head[0] in s.names(body):
            Typist(self.context).sides(sides[place], body)
            return Verdict.DEFINITION, "An update: the new value stands on the left.", {}
        if symbol is not None and symbol.definition is not None:
            Typist(self.context).type(body)
        self._define(head, body)
        more = {"assumes": assumptions([body], self.context) + self._placeholders(head[0])}
        return Verdict.DEFINITION, "A definition; nothing is claimed.", more

    def _square_convention(self, left, right):
        """``v^2 := v^T v``"""
        if isinstance(left, s.Pow) and isinstance(left.base, s.Name) and left.exponent == s.num(2):
            self.context.square_is_norm = True
            return Verdict.DEFINITION, "A convention: from here on the square of a column is v^T v.", {}
        return None

    def _redefinition(self, symbol, left, body):
        said = left if symbol.params and isinstance(left, s.At) else s.Name(symbol.key, span=left.span)
        claim, _ = self._typed(said, body)
        decision = decide(claim)
        if decision.proved:
            return Verdict.DEFINITION, "This is defined already, and says the same.", {}
        raise IllTyped("This symbol is defined already, and differently; use another letter.", left.span)

    def _define(self, head, body):
        key, indices, params = head
        old = self.context.lookup(key)
        self.context.define_node(key, body, indices, params)
        try:
            typist = Typist(self.context)
            shape = typist.type(s.Name(key)).shape
        except Problem:
            if params and old is None and self._has_placeholders(key, params):
                self.context.symbols[key] = replace(self.context.lookup(key), placeholder=True)
                return
            if old is None:
                del self.context.symbols[key]
            else:
                self.context.symbols[key] = old
            raise
        if indices or old is None:
            symbol = self.context.lookup(key)
            self.context.symbols[key] = replace(symbol, shape=shape)

    def _placeholders(self, key):
        symbol = self.context.lookup(key)
        return tuple(f"{latex(one)} is a placeholder" for one in symbol.params) if symbol.placeholder else ()

    def _has_placeholders(self, key, params):
        """Whether a function makes sense for numbers in the place of its parameters, for indices, or for rows of the
        matrix that has the capital letter: ``h(x) = a + b x``, and then ``h(x_i)``.
        """
        if set(params) <= free_indices(self.context.lookup(key).definition, self.context):
            return True
        for rows in (False, True):
            trial = self.context.copy()
            for one in params:
                table = trial.lookup(swap_case(one))
                row = rows and trial.lookup(one) is None and table is not None and table.shape is not None
                trial.symbols[one] = Symbol(one, (table.shape[1], c.D1) if row else c.SCALAR)
            try:
                Typist(trial).type(s.Name(key))
                return True
            except Problem:
                continue
        return False


def as_called(symbol, head):
    """The definition of a symbol with the parameters that a head such as ``f(s)`` gives it, or None."""
    if symbol is None or symbol.definition is None:
        return None
    params = head[2]
    if not params or params == symbol.params:
        return symbol.definition
    if len(params) != len(symbol.params):
        return symbol.definition if not symbol.params else None
    return s.substitute(symbol.definition, {old: s.Name(new) for old, new in zip(symbol.params, params)})


def head_of(node):
    """(key, indices, parameters) of what can be defined: a name, an entry, a function of names."""
    if isinstance(node, s.Name):
        return node.id, (), ()
    if (
        isinstance(node, s.At)
        and isinstance(node.fn, s.Name)
        and all(isinstance(a, (s.Name, s.Entry)) for a in node.args)
    ):
        return node.fn.id, (), tuple(arg.id for arg in node.args if isinstance(arg, s.Name))
    if isinstance(node, s.Entry) and isinstance(node.base, s.Name):
        letters = tuple(one.id for one in node.indices if isinstance(one, s.Name))
        return (node.base.id, letters, ()) if len(letters) == len(node.indices) else None
    return None
