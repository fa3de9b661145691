"""Which product, which power: arithmetic between things of a shape."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable, Unsized
from lrcore.verify.type.blocks import adopts, special_kind, unsized
from lrcore.verify.type.state import State, is_zero


class Arithmetic(State):
    """Types sums, products, quotients, powers, transposes and inverses."""

    def _add(self, node, want):
        typed = self._terms(node, want)
        first = next((term for term in typed if not is_zero(term)), typed[0])
        for term, written in zip(typed, node.terms):
            if term.shape != first.shape and not (is_zero(term) and term.shape == c.SCALAR):
                raise IllTyped(_cannot_add(first.shape, term.shape), written.span or node.span)
        return c.Plus(first.shape, tuple(term for term in typed if term.shape == first.shape))

    def _terms(self, node, want):
        """The typed terms; 0, I and 1 without a size take the shape of the first term that has one."""
        typed, late, shape = [], [], want
        for place, term in enumerate(node.terms):
            try:
                typed.append(None if adopts(term) and shape is None else self.type(term, shape))
            except Unsized:
                if place == len(node.terms) - 1 and shape is not None:
                    raise
                typed.append(None)
            if typed[-1] is None:
                late.append(place)
            elif shape is None and not is_zero(typed[-1]):
                shape = typed[-1].shape
        for place in late:
            typed[place] = self.type(node.terms[place], shape)
        return typed

    def _neg(self, node, want):
        arg = self.type(node.arg, want)
        return c.Scale(arg.shape, c.Const(c.SCALAR, Fraction(-1)), arg)

    def _mul(self, node, want):
        typed = [None if unsized(factor) else self.type(factor) for factor in node.factors]
        for place, factor in enumerate(node.factors):
            if typed[place] is None:
                typed[place] = self.type(factor, self._room(typed, place, want, factor))
        result = typed[0]
        for factor, written in zip(typed[1:], node.factors[1:]):
            result = self._times(result, factor, node, written)
        return result

    def _room(self, typed, place, want, factor):
        """The shape that the neighbours leave for I, 1 or 0 without a size."""
        left = next((x.shape[1] for x in reversed(typed[:place]) if x is not None and x.shape != c.SCALAR), None)
        right = next((x.shape[0] for x in typed[place + 1 :] if x is not None and x.shape != c.SCALAR), None)
        kind, flipped = special_kind(factor)
        if kind == "ones":
            dim = (right if flipped else left) or self._end_of(typed, place, want, flipped)
            return dim and ((c.D1, dim) if flipped else (dim, c.D1))
        if left is not None or right is not None:
            return (left or right, right or left)
        return want

    def _end_of(self, typed, place, want, flipped):
        """The size that a column of ones at the left end of a product has from the whole, or a row at its right end."""
        others = typed[place + 1 :] if flipped else typed[:place]
        ends = all(x is not None and x.shape == c.SCALAR for x in others)
        if ends and want is not None and want != c.SCALAR:
            return want[1] if flipped else want[0]
        return None

    def _times(self, left, right, node, written):
        if left.shape == c.SCALAR:
            return c.Scale(right.shape, left, right)
        if right.shape == c.SCALAR:
            return c.Scale(left.shape, right, left)
        if left.shape[1] == right.shape[0]:
            return c.Times((left.shape[0], right.shape[1]), left, right)
        if node.dot and left.shape == right.shape and left.shape[1] == c.D1:
            return c.Times(c.SCALAR, c.Transposed(left.shape[::-1], left), right)
        raise IllTyped(_cannot_multiply(left.shape, right.shape), written.span or node.span)

    def _star(self, node, want):
        left, right = self.type(node.left), self.type(node.right)
        if c.SCALAR in (left.shape, right.shape):
            return self._times(left, right, node, node.right)
        return self._entrywise(left, right, node)

    def _had(self, node, want):
        return self._entrywise(self.type(node.left), self.type(node.right), node)

    def _entrywise(self, left, right, node):
        if left.shape != right.shape:
            raise IllTyped(
                f"An entrywise product needs equal shapes, and these are {c.shape_text(left.shape)} "
                f"and {c.shape_text(right.shape)}"
                + ("; for the matrix product write @." if isinstance(node, s.Star) else "."),
                node.span,
            )
        return c.Entrywise(left.shape, left, right)

    def _kron(self, node, want):
        left, right = (self.type(one, self._square(one)) for one in (node.left, node.right))
        shape = (c.pair(left.shape[0], right.shape[0]), c.pair(left.shape[1], right.shape[1]))
        return c.KronOf(shape, left, right)

    def _square(self, node):
        if unsized(node):
            raise IllTyped("I needs its size here, as in I_D.", node.span)
        return

    def _div(self, node, want):
        below = self.type(node.den)
        if below.shape != c.SCALAR:
            raise IllTyped(
                f"You can divide by a number only, and this is {c.shape_text(below.shape)}; write an inverse.",
                node.den.span,
            )
        above = self.type(node.num, want)
        return c.Scale(above.shape, c.Power(c.SCALAR, below, -1), above)

    def _pow(self, node, want):
        base = self.type(node.base, want)
        exponent = _number(node.exponent)
        if exponent is None:
            raise Unreadable(
                "Powers with a number in the exponent are read, and this exponent is none.", node.exponent.span
            )
        if base.shape == c.SCALAR or node.entrywise:
            return self._number_power(base, exponent, node)
        return self._matrix_power(base, exponent, node)

    def _number_power(self, base, exponent, node):
        if exponent.denominator == 2:
            root = c.Apply(base.shape, "sqrt", base)
            return root if exponent == Fraction(1, 2) else c.Power(base.shape, root, exponent.numerator)
        if exponent.denominator != 1:
            raise Unreadable("Whole and half powers are read, and this one is neither.", node.exponent.span)
        return c.Power(base.shape, base, int(exponent))

    def _matrix_power(self, base, exponent, node):
        if base.shape[0] != base.shape[1]:
            if self.context.square_is_norm and exponent == 2 and base.shape[1] == c.D1:
                return c.Times(c.SCALAR, c.Transposed(base.shape[::-1], base), base)
            raise IllTyped(
                f"A power needs a number or a square matrix, and this is {c.shape_text(base.shape)}; "
                "for the sum of squares write \\|v\\|^2 or v^\\top v.",
                node.span,
            )
        if exponent.denominator != 1 or abs(exponent) > 12:
            raise Unreadable("Whole powers of a matrix up to 12 are read.", node.exponent.span)
        result = base if exponent > 0 else c.Inverse(base.shape, base)
        one = result
        for _ in range(abs(int(exponent)) - 1):
            result = c.Times(base.shape, result, one)
        return result if exponent else c.Eye(base.shape)

    def _t(self, node, want):
        arg = self.type(node.arg, want and want[::-1])
        return c.Transposed(arg.shape[::-1], arg)

    def _inv(self, node, want):
        arg = self.type(node.arg, want)
        if arg.shape == c.SCALAR:
            return c.Power(c.SCALAR, arg, -1)
        if arg.shape[0] != arg.shape[1]:
            raise IllTyped(f"Only a square matrix has an inverse, and this is {c.shape_text(arg.shape)}.", node.span)
        return c.Inverse(arg.shape, arg)


def _number(node) -> Fraction | None:
    if isinstance(node, s.Num):
        return node.value
    if isinstance(node, s.Neg):
        inner = _number(node.arg)
        return None if inner is None else -inner
    if isinstance(node, s.Div):
        top, below = _number(node.num), _number(node.den)
        return None if top is None or not below else top / below
    return None


def _cannot_add(first, other):
    text = f"You can add equal shapes only, and these are {c.shape_text(first)} and {c.shape_text(other)}"
    if c.SCALAR in (first, other):
        return text + "; for the same number in every entry write it times a matrix of ones."
    if first == other[::-1]:
        return text + "; one of them needs a transpose."
    if c.D1 in (other[0], first[0]) and first[1] == other[1]:
        return text + "; for the same row in every row write \\mathbf 1_N times it."
    return text + "."


def _cannot_multiply(left, right):
    text = f"The product does not exist: {c.shape_text(left)} times {c.shape_text(right)}"
    if left[0] == right[0]:
        return text + "; with the first factor transposed it would."
    if left[1] == right[1]:
        return text + "; with the second factor transposed it would."
    if right[1] == left[0]:
        return text + "; in the other order it would."
    return text + "."
