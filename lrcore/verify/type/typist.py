"""From what was written to what is meant: shapes, the ranges of indices, which product, which derivative.

One :class:`Typist` serves one claim, so that no index of one claim can be seen by another.
"""

from __future__ import annotations

from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, OneSided, Undeclared
from lrcore.verify.terms.indices import free_indices, sum_repeated, uses_einstein
from lrcore.verify.terms.names import latex
from lrcore.verify.type.blocks import Blocks, adopts
from lrcore.verify.type.calls import Calls
from lrcore.verify.type.derivatives import differentiate
from lrcore.verify.type.functions import Functions
from lrcore.verify.type.sums import Sums


class Typist(Functions, Calls, Sums, Blocks):
    """Types the sides of one claim. ``free`` collects the free indices by name, ``assumes`` what must hold."""

    def sides(self, left: s.Node, right: s.Node, einstein=False, hint=None) -> tuple[c.Core, c.Core]:
        """Both sides of an equation, typed alike; ``hint`` is the shape where neither side has one of its own."""
        if einstein:
            left, right = sum_repeated([left, right], self.context)
        self.derives = any(isinstance(one, (s.Deriv, s.Diff)) for side in (left, right) for one in s.walk(side))
        self.claim_free = free_indices(left, self.context) | free_indices(right, self.context)
        if adopts(left):
            typed_right = self.type(right, hint)
            return self.type(left, typed_right.shape), typed_right
        typed_left = self.type(left)
        typed_right = self.type(right, typed_left.shape)
        self._same_shape(typed_left, typed_right, right)
        self._same_indices(left, right)
        return typed_left, typed_right

    def _same_shape(self, left, right, node):
        if left.shape != right.shape:
            raise IllTyped(
                f"The left side is {c.shape_text(left.shape)} and the right side is {c.shape_text(right.shape)}"
                + self._layout_hint(left, right),
                node.span,
            )

    def _layout_hint(self, left, right):
        if left.shape == right.shape[::-1] and left.shape[0] != left.shape[1]:
            if isinstance(left, c.Make) or isinstance(right, c.Make):
                return (
                    "; one is the transpose of the other, and which is meant depends on the layout: "
                    "here a gradient has the shape of its variable and a Jacobian one row per output."
                )
            return "; one side needs a transpose."
        return "; both sides of = must have the same shape."

    def _same_indices(self, left, right):
        a, b = free_indices(left, self.context), free_indices(right, self.context)
        zero = [side for side in (left, right) if isinstance(side, s.Num) and side.value == 0]
        if a != b and not zero and not self.one_sided:
            lost = sorted(a ^ b)
            side = "left" if lost[0] in a else "right"
            raise OneSided(
                f"The index {lost[0]} is free on the {side} side alone; sum over it, or let it stand on both sides.",
                (left if side == "left" else right).span,
            )

    def _num(self, node, want):
        if node.value == 0 and want is not None and want != c.SCALAR:
            return c.Zeros(want)
        return c.Const(c.SCALAR, node.value)

    def _name(self, node, want):
        bound = self._bound(node.id)
        if bound is not None:
            return c.IndexValue(c.SCALAR, bound, 1 if bound.start is None else bound.start)
        symbol = self._symbol(node.id)
        if symbol is not None:
            return self._value(symbol, node)
        if self.context.is_size(node.id):
            return c.SizeOf(c.SCALAR, c.size(node.id))
        if node.id in ("pi", "e"):
            return c.Var(c.SCALAR, f"the number {node.id}")
        if node.id in self.context.numbers:
            return c.Var(c.SCALAR, node.id)
        raise Undeclared(
            node.id,
            f"{latex(node.id)} has no shape: declare it, as in `{latex(node.id)} : N x 1`, or define it with :=.",
            node.span,
        )

    def _value(self, symbol, node):
        if symbol.definition is None:
            return c.Var(symbol.shape, symbol.key, symbol.symmetric)
        if symbol.key not in self.bodies:
            self.bodies[symbol.key] = self._body(symbol, node)
        body = self.bodies[symbol.key]
        return c.Defined(body.shape, symbol.key, body)

    def _body(self, symbol, node):
        self.bodies[symbol.key] = _Circular(symbol.key)
        typist = Typist(self.context, self.row_reading)
        typist.bodies, typist.notes, typist.derives, typist.starts = self.bodies, self.notes, self.derives, self.starts
        definition = symbol.definition
        if symbol.indices:
            body = typist.indexed_definition(symbol)
        else:
            if uses_einstein([definition, s.ZERO], self.context):
                (definition,) = sum_repeated([definition], self.context)
            typist.claim_free = free_indices(definition, self.context)
            body = typist.type(definition, symbol.shape)
            if typist.free:
                raise IllTyped(
                    f"The definition of {latex(symbol.key)} leaves the index {next(iter(typist.free))} open; "
                    "sum over it.",
                    node.span,
                )
        if symbol.shape is not None and symbol.shape != body.shape:
            raise IllTyped(
                f"{latex(symbol.key)} is declared {c.shape_text(symbol.shape)} "
                f"and defined as {c.shape_text(body.shape)}.",
                definition.span,
            )
        return body

    def indexed_definition(self, symbol):
        """``y_i := ...`` defines the whole vector (or matrix) entry by entry."""
        body_node = symbol.definition
        self.claim_free = free_indices(body_node, self.context)
        body = self.type(body_node)
        if body.shape != c.SCALAR and len(symbol.indices) == 1:
            raise IllTyped(
                f"The entry {latex(symbol.key)} is defined as {c.shape_text(body.shape)}; an entry is a number."
            )
        index: list[Any] = [self.free.get(name) for name in symbol.indices]
        if any(one is None or one.dim is None for one in index):
            raise IllTyped(f"The range of an index of {latex(symbol.key)} does not follow from its definition.")
        rows, cols = (*(one.dim for one in index), c.D1)[:2]
        return c.Make((rows, cols), index[0], index[1] if len(index) > 1 else None, body)

    def _deriv(self, node, want):
        return differentiate(self, node)

    def _diff(self, node, want):
        arg = self.type(node.arg, want)
        return c.Differential(arg.shape, arg)


class _Circular:
    """Stands for a definition while it is being typed."""

    def __init__(self, key):
        self.key = key

    @property
    def shape(self):
        raise IllTyped(f"The definition of {latex(self.key)} uses itself.")
