"""Powers, inverses, transposes."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Unreadable
from lrcore.verify.type.scope import Scope

LARGEST = 1000


def power(scope: Scope, node: s.Pow, want: c.Shape | None) -> c.Core:
    """A power of a number, of each entry, or of a square matrix, with a number in the exponent; of a positive number
    any power.
    """
    base = scope.type(node.base, want)
    exponent = constant(node.exponent)
    if exponent is None and base.shape == c.SCALAR and not node.entrywise and is_power(node):
        log = s.Call("log", (node.base,), span=node.base.span)
        return scope.type(s.Call("exp", (s.Mul((node.exponent, log), span=node.span),), span=node.span))
    if exponent is None:
        raise Unreadable(
            "Powers with a number in the exponent are read, and this exponent is none.", node.exponent.span
        )
    if abs(exponent) > LARGEST:
        raise Unreadable(f"Powers up to {LARGEST} are read.", node.exponent.span)
    if base.shape == c.SCALAR or node.entrywise:
        return _number_power(base, exponent, node)
    if base.shape[0] != base.shape[1]:
        return _square_of_column(scope, base, exponent, node)
    return _matrix_power(base, exponent, node)


def is_power(node: s.Pow) -> bool:
    """Whether a name in the exponent makes a power of a positive number, as in ``p^y (1 - p)^{1-y}``; above a letter it
    may as well count layers or steps.
    """
    if constant(node.exponent) is not None:
        return False
    entries = s.holds(node.exponent, s.Entry)
    return entries or not isinstance(node.base, s.Name) or bool(s.names(node.exponent) & {"y", "n", "N"})


def constant(node: s.Node) -> Fraction | None:
    """The number that is written, as 2, -1 or 1/2; None for anything else."""
    if isinstance(node, s.Num):
        return node.value
    if isinstance(node, s.Neg):
        inner = constant(node.arg)
        return None if inner is None else -inner
    if isinstance(node, s.Div):
        top, below = constant(node.num), constant(node.den)
        return None if top is None or not below else top / below
    return None


def _number_power(base: c.Core, exponent: Fraction, node: s.Pow) -> c.Core:
    if exponent.denominator == 2:
        root = c.Apply(base.shape, "sqrt", base)
        return root if exponent == Fraction(1, 2) else c.Power(base.shape, root, exponent.numerator)
    if exponent.denominator != 1:
        raise Unreadable("Whole and half powers are read, and this one is neither.", node.exponent.span)
    return c.Power(base.shape, base, int(exponent))


def _square_of_column(scope: Scope, base: c.Core, exponent: Fraction, node: s.Pow) -> c.Core:
    """``v^2`` is v^T v where the text has said so, and the power of each entry beside an entrywise product."""
    if scope.by_entries and not scope.context.square_is_norm and c.D1 in base.shape:
        scope.notes["a power of a column is that of each entry"] = None
        return _number_power(base, exponent, node)
    if scope.context.square_is_norm and exponent == 2 and base.shape[1] == c.D1:
        return c.Times(c.SCALAR, c.Transposed(base.shape[::-1], base), base)
    raise IllTyped(
        f"A power needs a number or a square matrix, and this is {c.shape_text(base.shape)}; "
        "for the sum of squares write \\|v\\|^2 or v^\\top v.",
        node.span,
    )


def _matrix_power(base: c.Core, exponent: Fraction, node: s.Pow) -> c.Core:
    if exponent.denominator != 1 or abs(exponent) > 12:
        raise Unreadable("Whole powers of a matrix up to 12 are read.", node.exponent.span)
    one = base if exponent > 0 else c.Inverse(base.shape, base)
    factors = [one] * abs(int(exponent))
    return reduce(lambda left, right: c.Times(base.shape, left, right), factors) if factors else c.Eye(base.shape)


def transpose(scope: Scope, node: s.T, want: c.Shape | None) -> c.Core:
    """Rows as columns."""
    arg = scope.type(node.arg, want and want[::-1])
    return c.Transposed(arg.shape[::-1], arg)


def inverse(scope: Scope, node: s.Inv, want: c.Shape | None) -> c.Core:
    """The inverse of a square matrix, or of a number."""
    arg = scope.type(node.arg, want)
    if arg.shape == c.SCALAR:
        return c.Power(c.SCALAR, arg, -1)
    if arg.shape[0] != arg.shape[1]:
        raise IllTyped(f"Only a square matrix has an inverse, and this is {c.shape_text(arg.shape)}.", node.span)
    return c.Inverse(arg.shape, arg)
