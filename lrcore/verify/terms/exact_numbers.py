"""Exact numbers: whole numbers and fractions, fifty-digit decimals where a root or a logarithm leaves no choice, and
dual numbers over both.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Context as DecimalContext
from decimal import Decimal, InvalidOperation, localcontext
from fractions import Fraction
from typing import Any

from lrcore.verify.terms.errors import Outside, Undefined

DIGITS = 60
LONGEST = 100_000  # bits of a power
TOLERANCE = Decimal(10) ** -35
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534")
_PRECISE = DecimalContext(prec=DIGITS)
NOISE = Decimal(10) ** -45  # a decimal below it is zero but for rounding
Number = Any  # int, Fraction or Decimal, or a Dual over them


class Dual:
    """a + b eps with eps^2 = 0; ``tag`` keeps the derivatives of a second derivative apart."""

    __slots__ = ("eps", "re", "tag")

    def __init__(self, re: Number, eps: Number, tag: int):
        self.re, self.eps, self.tag = re, eps, tag

    def __add__(self, other: Number) -> Any:
        if isinstance(other, Dual) and other.tag == self.tag:
            return Dual(self.re + other.re, self.eps + other.eps, self.tag)
        if isinstance(other, Dual) and other.tag > self.tag:
            return Dual(self + other.re, other.eps, other.tag)
        return Dual(self.re + other, self.eps, self.tag)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.re, -self.eps, self.tag)

    def __sub__(self, other: Number) -> Any:
        return self + (-other)

    def __rsub__(self, other: Number) -> Any:
        return -self + other

    def __mul__(self, other: Number) -> Any:
        if isinstance(other, Dual) and other.tag == self.tag:
            return Dual(self.re * other.re, self.re * other.eps + self.eps * other.re, self.tag)
        if isinstance(other, Dual) and other.tag > self.tag:
            return Dual(self * other.re, self * other.eps, other.tag)
        return Dual(self.re * other, self.eps * other, self.tag)

    __rmul__ = __mul__


def real(value: Number) -> Number:
    """The number without its infinitesimal parts."""
    while isinstance(value, Dual):
        value = value.re
    return value


def epsilon(value: Number, tag: int) -> Number:
    """The part of eps with this tag."""
    if not isinstance(value, Dual):
        return 0
    if value.tag == tag:
        return value.eps
    if value.tag < tag:
        return 0
    return Dual(epsilon(value.re, tag), epsilon(value.eps, tag), value.tag)


def reciprocal(value: Number) -> Number:
    if isinstance(value, Dual):
        inverse = reciprocal(value.re)
        return Dual(inverse, -(value.eps * inverse) * inverse, value.tag)
    if vanishes(value):
        raise Undefined("a division by zero")
    if isinstance(value, Decimal):
        return 1 / value
    return tidy(Fraction(1, value) if isinstance(value, int) else 1 / value)


def vanishes(value: Number) -> bool:
    """Whether a number is zero, but for the rounding of decimals."""
    return abs(value) < NOISE if isinstance(value, Decimal) else value == 0


def tidy(value: Number) -> Number:
    """A whole fraction as an int, which is several times faster."""
    return value.numerator if type(value) is Fraction and value.denominator == 1 else value


def power(value: Number, exponent: int) -> Number:
    if exponent < 0:
        return reciprocal(power(value, -exponent))
    if isinstance(value, (int, Fraction)):
        if exponent * max(value.numerator.bit_length(), value.denominator.bit_length()) > LONGEST:
            raise Outside("The numbers of this line become too long.")
        return value**exponent
    result: Number = 1
    for _ in range(exponent):
        result = result * value
    return result


def apply(fn: str, value: Number) -> Number:
    """exp, log, sqrt or abs, with derivatives."""
    if isinstance(value, Dual):
        inner = apply(fn, value.re)
        return Dual(inner, value.eps * _slope(fn, value.re, inner), value.tag)
    try:
        return _FUNCTIONS[fn](value)
    except InvalidOperation:
        raise Undefined(f"{fn} of {value}") from None


def _slope(fn: str, at: Number, value: Number) -> Number:
    if fn == "exp":
        return value
    if fn == "log":
        return reciprocal(at)
    if fn == "sqrt":
        return reciprocal(value * 2)
    if real(at) == 0:
        raise Undefined("the derivative of an absolute value at 0")
    return 1 if real(at) > 0 else -1


def _log(value: Number) -> Decimal:
    if value <= 0 or vanishes(value):
        raise Undefined("the logarithm of a number that is not positive")
    return Decimal(value).ln()


def _sqrt(value: Number) -> Decimal:
    if value < 0:
        raise Undefined("the root of a negative number")
    return Decimal(value).sqrt()


def _exp(value: Number) -> Decimal:
    if abs(value) > 200:
        raise Undefined("an exponential too large to be written out")
    return Decimal(value).exp()


_FUNCTIONS: dict[str, Callable[[Number], Number]] = {"exp": _exp, "log": _log, "sqrt": _sqrt, "abs": abs}


def same(left: Number, right: Number) -> bool:
    """Equal: exactly, or to 35 digits for decimals."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        left, right = Decimal(left), Decimal(right)
        return bool(abs(left - right) <= TOLERANCE * max(Decimal(1), abs(left), abs(right)))
    return bool(left == right)


def high_precision() -> AbstractContextManager[DecimalContext]:
    """The arithmetic of decimals in a ``with`` block."""
    return localcontext(_PRECISE)


def as_decimal(value: Fraction | Decimal | int) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)
