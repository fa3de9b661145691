r"""Twice the precision of float64, out of float64: sums and products together with their rounding errors.

A pair (high, low) stands for high + low, with \|low\| at most half a unit in the last place of high: about 32 digits.
What makes it possible are transformations without error: the sum or product of two floats *and* what rounding took from
it are both floats. A product of matrices is cut into parts so short that the BLAS multiplies and adds them exactly.

T. Ogita, S. Rump, S. Oishi, *Accurate sum and dot product* (2005); K. Ozaki and others, *Error-free transformations of
matrix multiplication* (2012). Used in the chapter *What the closed form costs*.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from lrcore._fast.blocks import reduce_rows
from lrcore.shapes import Array

_SPLITTER, _SMALL = 2.0**27 + 1, 1 << 15


class Pair(NamedTuple):
    """The unevaluated sum high + low."""

    high: Array
    low: Array


def two_sum(a: Any, b: Any) -> Pair:
    """a + b = high + low exactly (Knuth)."""
    high = a + b
    virtual = high - a
    return Pair(high, (a - (high - virtual)) + (b - virtual))


def fast_two_sum(a: Any, b: Any) -> Pair:
    """a + b = high + low exactly, where a is the larger of the two (Dekker)."""
    high = a + b
    return Pair(high, b - (high - a))


def split(a: Any) -> Pair:
    """a = high + low with at most 26 bits each (Veltkamp), so that products of halves are exact; below 2**996."""
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return Pair(high, a - high)


def two_product(a: Any, b: Any) -> Pair:
    """a b = high + low exactly (Dekker), but for underflow."""
    high = a * b
    (a1, a2), (b1, b2) = split(a), split(b)
    return Pair(high, a2 * b2 - (((high - a1 * b1) - a2 * b1) - a1 * b2))


def add(x: Pair, y: Pair) -> Pair:
    """The sum of two pairs."""
    high, low = two_sum(x.high, y.high)
    return fast_two_sum(high, low + (x.low + y.low))


def times(x: Pair, a: Any) -> Pair:
    """A pair times a float."""
    high, low = two_product(x.high, a)
    return fast_two_sum(high, low + x.low * a)


def pair(a: Any) -> Pair:
    """A float as a pair."""
    a = np.asarray(a, dtype=np.float64)
    return Pair(a, np.zeros(a.shape))


def total(x: Pair) -> Pair:
    """The sum of the rows of a pair, one row: what all of them have on one grid is added exactly."""
    if len(x.high) == 1:
        return x
    grid = _above(4.0 * len(x.high) * np.abs(x.high).max(axis=0))
    head = x.high + grid
    head -= grid
    rest = x.high - head
    rest += x.low
    return two_sum(np.add.reduce(head, axis=0, keepdims=True), np.add.reduce(rest, axis=0, keepdims=True))


class Parts(NamedTuple):
    """A = heads[0] + heads[1] + ... + tails[-1]; tails[k] is what is left of A after k heads."""

    heads: list[Array]
    tails: list[Array]


def bits(inner: int) -> int:
    """How many bits a head may have, so that a sum of ``inner`` products, taken a few times, fits 53 bits."""
    return (53 - int(np.ceil(np.log2(4 * inner)))) // 2


def parts(A: Array, bits: int, count: int, size: Any = 1.0, low: Array | None = None) -> Parts:
    r"""Cut A, or the pair (A, low), into ``count`` heads of so many bits on one grid.

    ``size`` is a power of two that no entry exceeds.

    .. math:: h = (\sigma + a) - \sigma, \qquad \sigma = 2^{53 - \text{bits}} \cdot \text{size}

    rounds a to a multiple of :math:`2^{-\text{bits}}` size, and a - h has no error.
    """
    heads, tails = list[Array](), [A]
    for k in range(count):
        sigma = size * 2.0 ** (53 - bits * (k + 1))
        head = tails[-1] + sigma
        head -= sigma
        heads.append(head)
        tails.append(tails[-1] - head)
        if low is not None:
            tails[-1], low = two_sum(tails[-1], low)
    return Parts(heads, tails)


def power_above(A: Array) -> Array:
    """The power of two just above the largest absolute value of each column; 1 where all are zero."""
    if A.size < _SMALL:
        return _above(np.maximum.reduce(np.abs(A), axis=0))
    return _above(np.maximum(reduce_rows(np.maximum, A), -reduce_rows(np.minimum, A)))


def _above(largest: Array) -> Array:
    exponent = np.minimum(np.frexp(largest)[1], 1023)
    return np.where(largest > 0, np.ldexp(1.0, exponent), 1.0)


def product(A: Parts, B: Pair, bits: int, size: Any = 1.0) -> Pair:
    """A @ B: the products of heads are exact, only the last and smallest sum is rounded.

    ``size`` is what the columns of A were cut by: the rows of B are cut by its inverse, so that all products meet on
    one grid.
    """
    count, D = len(A.heads), B.high.shape[1]
    size = np.reshape(size, (-1, 1))
    right = parts(B.high, bits, count, power_above(size * B.high) / size, B.low)
    levels = [np.zeros((A.tails[0].shape[0], D)) for _ in range(count)]
    rest = A.tails[count].dot(B.high)
    for i, head in enumerate(A.heads):
        together = head.dot(np.hstack([*right.heads[: count - i], right.tails[count - i]]))
        for j in range(count - i):
            levels[i + j] += together[:, j * D : (j + 1) * D]
        rest += together[:, -D:]
    return collect(levels, rest)


def collect(levels: Sequence[Array], rest: Array) -> Pair:
    """Add from the small to the large, keeping what rounding takes."""
    total = pair(rest)
    for level in reversed(levels):
        high, low = two_sum(level, total.high)
        total = fast_two_sum(high, low + total.low)
    return total
