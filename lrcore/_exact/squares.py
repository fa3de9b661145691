r"""Tall problems in one pass: the normal equations themselves in twice the precision, and no second look at the data.

With B the columns, centred near enough and in powers of two, and V the targets, likewise,

.. math:: H := B^\top B, \qquad g := B^\top V, \qquad H z = g, \qquad \|V - Bz\|^2 = \|V\|^2 - z^\top g

Entries are cut into heads so short that their products and the sums of these over all rows are exact; what is left is
small, and so is its rounding. What centring rounds is kept beside the heads. Squaring the condition number then takes
digits that are there to spare; ``solve`` says how far a number may be off, and gives up where that is too far.
"""

from dataclasses import replace
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np

from lrcore._exact.extended import (
    Pair,
    add,
    bits,
    collect,
    pair,
    parts,
    power_above,
    product,
    times,
    total,
    two_product,
)
from lrcore._exact.scaling import Scaling, System
from lrcore._exact.spectra import SMALL, inverse_of_triangle, norm_of
from lrcore._fast import blocks, threads
from lrcore.progress import told
from lrcore.shapes import Array

_WORTH, _TALL = 1 << 13, 1.1  # numbers of X and Y, and rows a column, from which the one pass is cheaper
_WIDE = 128  # columns up to which it is, where two heads are needed or the outputs are few
_EASY, _HARD = 1e5, 1e13  # condition numbers, squared, that one head and two bear
_NARROW, _FEW = 50, 8  # columns up to which, and outputs from which, one pass is cheaper than a factor and two passes
_HEADS, _STEPS, _MANY, _LOOK = 2, 12, 16, 1 << 18  # rows a column, and numbers, of which a few are looked at first
_EPS = float(np.finfo(float).eps)
_SETTLED = 1e-20  # of a solution: what corrections may leave, which is not seen
_NEAR, _TINY = 0.25, 1e-290  # of a spread: means that are left where they are; units that can be divided by
_LONG, _SHARE = 48, 2.0  # columns that are worked on row by row; and a block in units of a core's own cache
_AHEAD, _SMALL = 64.0, 1024.0  # of lstsq's digits; and of the largest, numbers that may have fewer, unless P is large
_LEFT = 2 * _EPS  # of a number: what may be left to correct, by a bound that is seldom reached to a tenth


class Squares(NamedTuple):
    """In powers of two: theta, its error, the squares left and those about the mean, H, T H^-1 T^T, and T.

    ``level`` is predicted at the centre of T, which is only near the mean.
    """

    theta: Pair
    level: Array
    error: Array
    squares: Array
    whole: Array
    H: Array
    spread: Array
    scaling: Scaling


class Given(NamedTuple):
    """X and Y; what the columns of [1 | X | Y] are measured by, and their centres then; P unknowns an output.

    ``short`` bits has a head, so that twice the sum over all rows is exact, and so many have the centres; ``symmetric``
    says that the outputs are so few that each is multiplied with each.
    """

    X: Array
    Y: Array
    unit: Array
    centre: Array
    P: int
    first: int
    short: int
    symmetric: bool


def solve(system: System, small: float = _SMALL) -> Squares | None:
    """The solution by H and g; None where the problem is not tall, or less than exact by them.

    Numbers that are ``small`` times smaller than the largest may have fewer digits.
    """
    (N, M), D, scaling = system.X.shape, system.Y.shape[1], system.scaling
    first = int(scaling.intercept)
    if not system.plain or N < _TALL * system.P or N * (M + D) < _WORTH or (M > _WIDE and max(_FEW, M // _MANY) > D):
        return None
    level = system.middle / scaling.y * first
    unit = np.hstack([np.ones(first), scaling.x * scaling.width, scaling.y])
    centre = np.hstack([np.zeros(first), scaling.centre / scaling.width, level])
    short = bits(-(-N // 8))
    centre = parts(np.where(np.abs(centre) < _NEAR, 0, centre), short, 1, 2.0).heads[0]
    if not (unit.min() > _TINY and unit.max() < 1 / _TINY and np.abs(centre).max() < 2.0 ** (50 - short)):
        return None
    scaling = replace(scaling, centre=centre[first : system.P] * scaling.width)
    given = Given(system.X, system.Y, unit, centre, system.P, first, short, system.P >= D)
    seen = 1.0
    if N >= _MANY * system.P and (D < _FEW or N * (M + D) > _LOOK):  # a look at a few rows
        few = _Room(given, 1, slice(system.P), 4 * system.P, [(system.X, first)]).filled(slice(0, 4 * system.P))[0]
        length = np.linalg.norm(few, axis=1)
        seen = _condition(few.dot(few.T) / length / length[:, None])
    if system.P > _NARROW and D < _FEW and seen < _EASY:
        return None
    for count in range(1 if seen < _EASY else _HEADS, 2 if M > _WIDE else _HEADS + 1):
        if seen < _HARD and (found := _solved(given, count, system, scaling, small)):
            return found
    return None


def _solved(given: Given, count: int, system: System, scaling: Scaling, small: float) -> Squares | None:
    """The solution by so many heads, where its error is small enough."""
    products, targets = reduce(_added, threads.each(partial(_pass, given, count), system.shares))
    P, digits = given.P, system.digits
    H, g = (Pair(*(part[:, cut] for part in products)) for cut in (slice(P), slice(P, None)))
    length = np.sqrt(H.high.diagonal())
    alike = H.high / length / length[:, None]
    inverse, seen = _inverse(alike)
    if not seen < (_EASY if count == 1 else _HARD):
        return None
    inverse /= length
    inverse /= length[:, None]
    z, remaining, rounding = _corrected(H, g, inverse, seen, 1 if count == 1 else 3)
    left: Array = add(targets, Pair(*(-part for part in _dots(z, g)))).high
    size, whole = np.abs(z.high), np.sqrt(targets.high)
    cut = 4 * np.sqrt(len(given.X)) * _EPS * 2.0 ** ((1 - given.short) * count)  # a tail is half a unit of its head
    # roundings of entries are of either sign: they add up as the squares do, and twice that is not reached
    along, together = (2 * np.linalg.norm(each, axis=0) for each in (length[:, None] * size, size))
    if not (cut * whole * (1 + together) <= _EPS * left).all():
        return None
    lost = np.multiply.outer(length, cut * (1 + together) + rounding * along)
    lost += cut * (whole + along)
    error = scaling.moved(remaining + 2 * np.sqrt(np.square(inverse) @ np.square(lost)), largest=True)
    theta = add(scaling.theta(z.high), pair(scaling.moved(z.low)))
    level = z.high[0] + given.centre[P:] if given.first else np.zeros(len(left))
    if given.first:
        top = add(Pair(theta.high[0], theta.low[0]), pair(given.centre[P:]))
        theta = Pair(*(np.vstack([one, part[1:]]) for one, part in zip(top, theta, strict=True)))
    size = np.abs(theta.high)
    wanted = max(_LEFT * (8 if P > _WIDE else 1), 10.0**-digits / 2 if digits else _EPS * np.sqrt(seen) / _AHEAD)
    least = size.max(axis=0) / (1 if P > _WIDE else small)
    enough = error <= wanted * (size if digits else np.maximum(size, least))
    if not enough.all():
        return None
    spread = _spread(H, inverse, scaling, seen)
    return Squares(theta, level, error, left, _about_mean(given, targets, g), H.high, spread, scaling)


def _about_mean(given: Given, targets: Pair, g: Pair) -> Array:
    """The squares of the targets about their means, which the centres only come near; about zero without intercept."""
    if not given.first:
        return targets.high
    N, sums = len(given.X), Pair(g.high[0], g.low[0])
    squares = add(two_product(sums.high, -sums.high), pair(-2 * sums.high * sums.low))
    return np.maximum(add(times(targets, float(N)), squares).high / N, 0)


def _spread(H: Pair, inverse: Array, scaling: Scaling, seen: float) -> Array:
    """T H^-1 T^T: in twice the precision where columns are nearly one, which cancels in it far from zero."""
    if seen < _EASY:
        return scaling.moved(scaling.moved(inverse).T)
    T, size = scaling.moved(np.eye(len(inverse))), np.ones(len(inverse))
    z = _corrected(H, pair(T.T), inverse, seen, 3)[0]
    unit = power_above(T.T)[:, None]
    cut = parts(T / unit, bits(len(size)), 3, size)
    found: Array = product(cut, z, bits(len(size)), size).high * unit
    return found


def _corrected(H: Pair, right: Pair, inverse: Array, seen: float, count: int) -> tuple[Pair, Array, float]:
    """H^-1 right as a pair, what corrections leave of its error, and what rounds H z, over lengths.

    ``seen`` is the condition number of H, and ``count`` are the heads of it.
    """
    size, length = power_above(H.high), np.sqrt(H.high.diagonal())[:, None]
    exact = bits(len(size))
    cut = parts(H.high, exact, count, size, H.low)
    z = pair(inverse @ right.high)
    last, rate = np.linalg.norm(length * z.high, axis=0), 8 * _EPS * seen
    for _ in range(_STEPS):
        fitted = product(cut, z, exact, size)
        move = inverse @ add(right, Pair(-fitted.high, -fitted.low)).high
        z, moved = add(z, pair(move)), np.linalg.norm(length * move, axis=0)
        left = moved * np.maximum(rate, np.divide(moved, last, out=np.ones_like(last), where=last > 0))
        if (left <= _SETTLED * np.linalg.norm(length * z.high, axis=0)).all():
            break
        last = moved
    return z, left / length, 4 * np.sqrt(len(size)) * _EPS * 2.0 ** (-exact * count)


def _dots(a: Pair, b: Pair) -> Pair:
    """The sums over rows of a b."""
    high, low = two_product(a.high, b.high)
    both = total(add(Pair(high, low), pair(a.high * b.low + a.low * b.high)))
    return Pair(both.high[0], both.low[0])


def _inverse(alike: Array) -> tuple[Array, float]:
    """The inverse of H, its columns brought to one length, and its condition number, infinite where it has none."""
    try:
        if len(alike) <= SMALL:
            return np.linalg.inv(alike), _condition(alike)
        K = inverse_of_triangle(np.linalg.cholesky(alike).T) if len(alike) > _WIDE else None
        inverse: Array = np.linalg.inv(alike) if K is None else K @ K.T
    except np.linalg.LinAlgError:
        return alike, float("inf")
    at_most = float(np.linalg.norm(alike) * np.linalg.norm(inverse))
    return inverse, at_most if at_most < _EASY else norm_of(alike) * norm_of(inverse)


def _condition(alike: Array) -> float:
    """The condition number of H, its columns brought to one length."""
    if not np.isfinite(alike).all():
        return float("inf")
    values = np.linalg.eigvalsh(alike)
    return float(values[-1] / values[0]) if values[0] > 0 else float("inf")


def _added(one: tuple[Pair, Pair], other: tuple[Pair, Pair]) -> tuple[Pair, Pair]:
    return add(one[0], other[0]), add(one[1], other[1])


@np.errstate(all="ignore")  # each thread's own
def _pass(given: Given, count: int, share: slice) -> tuple[Pair, Pair]:
    """One thread's part of B^T [B | V], and of the squares of V."""
    P, K, first = given.P, len(given.unit), given.first
    cut = K if given.symmetric else P
    step = share.stop - share.start
    step = -(-step // max(1, round(step / blocks.rows(8 * (count + 2) * K, share=_SHARE))))
    own = _Room(given, count, slice(cut), step, [(given.X, first), (given.Y, P)][: 1 + given.symmetric])
    others = _Room(given, count, slice(cut, K), step, [(given.Y, 0)])
    levels, rest = [np.zeros((cut, K)) for _ in range(count)], np.zeros((cut, K))
    squares = [np.zeros(K - cut) for _ in range(count + 1)]
    for rows in told(blocks.spans(share.stop, step, share.start), "normal equations", share.stop):
        head, second, last, tail = own.filled(rows)
        levels[0][:, :cut] += head @ head.T
        if count > 1:
            exact = head @ second.T
            levels[1][:, :cut] += exact + exact.T
        # half of what is behind the exact products, which are alike on both sides of the diagonal
        part = (head + tail / 2) @ tail.T if count == 1 else head @ last.T + tail @ tail.T / 2
        rest[:, :cut] += part + part.T
        if given.symmetric:
            continue
        target, behind_it, over, left = others.filled(rows)
        both = np.vstack([head, last] if count == 1 else [head, second, last]) @ target.T
        levels[0][:, cut:] += both[:cut]
        squares[0] += _lengths(target, target)
        if count > 1:
            levels[1][:, cut:] += both[cut : 2 * cut]
            levels[1][:, cut:] += head @ behind_it.T
            squares[1] += 2 * _lengths(target, behind_it)
        rest[:, cut:] += both[-cut:]
        rest[:, cut:] += (head + tail) @ left.T if count == 1 else head @ over.T + tail @ left.T
        squares[-1] += 2 * _lengths(target, over) + _lengths(left, left)
    found = collect(levels, rest)
    if not given.symmetric:
        return found, collect(squares[:-1], squares[-1])
    diagonal = Pair(*(part.diagonal()[P:].copy() for part in found))
    return Pair(*(part[:P] for part in found)), diagonal


def _lengths(A: Array, B: Array) -> Array:
    """The sums of products of each row."""
    return np.einsum("ij,ij->i", A, B)


class _Room:
    """Room for a block of rows of some columns of [1 | X | Y], each column in a row: its heads, and what they leave.

    Centres have the bits of a head, from which they are taken without rounding.
    """

    def __init__(self, given: Given, count: int, which: slice, rows: int, sources: list[tuple[Array, int]]) -> None:
        self.each, self.centre, self.sources = 1 / given.unit[which, None], given.centre[which, None], sources
        self.grids = [2.0 ** (54 - given.short * (k + 1)) for k in range(count)]
        order: Any = "F" if len(self.each) > _LONG else "C"  # numpy works along the axis that lies together
        self.parts = [np.empty((len(self.each), rows), order=order) for _ in range(2 * count)]
        self.far = bool(self.centre.any())

    def filled(self, rows: slice) -> tuple[Array, Array, Array, Array]:
        """Of these rows the first head, the second one, the last tail, and all that the first head leaves.

        With one head the other three are one.
        """
        head, tail, *others = (part[:, : rows.stop - rows.start] for part in self.parts)
        tail[: self.sources[0][1]] = 1.0
        for source, start in self.sources:
            stop = start + source.shape[1]
            np.multiply(source[rows].T, self.each[start:stop], out=tail[start:stop])
        np.add(tail, self.grids[0], out=head)
        head -= self.grids[0]
        tail -= head
        if self.far:
            head -= self.centre
        if not others:
            return head, tail, tail, tail
        second, last = others
        np.add(tail, self.grids[1], out=second)
        second -= self.grids[1]
        np.subtract(tail, second, out=last)
        return head, second, last, tail
