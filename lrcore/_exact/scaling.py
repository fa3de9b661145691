r"""The problem of a fit, measured so that nothing is rounded, and given out by blocks of rows.

The problem is :math:`\min \sum_i \omega_i\, \|x_i^\top W + b - y_i\|^2 + \lambda \|W\|^2`. All is measured in powers of
two, which is exact: no column of X or Y has an entry above 1. Ridge is M more samples (0, e_k) without intercept and of
weight lambda. The factor sees A T, whose columns are centred and of one size; what is solved is the problem as given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lrcore._exact.extended import Pair, add, bits, pair, power_above, times, total, two_product
from lrcore._fast import blocks, threads
from lrcore._fast.blocks import means, reduce_rows
from lrcore.errors import InputError
from lrcore.progress import told
from lrcore.shapes import Array, sample_weights

_WORTH = 1 << 17  # so many numbers of X and Y are worth a thread


@dataclass(frozen=True)
class Scaling:
    """Powers of two in which all is measured, and T, by which theta = (b, W) = T z.

    ``x`` (M,), ``y`` (D,) and ``weight`` are units, ``size`` (P,) the power of two above each column of A;
    T says W = z_W / width and b = z_0 - centre^T W, and nothing of b without an intercept.
    """

    intercept: bool
    x: Array
    y: Array
    weight: float
    size: Array
    centre: Array
    width: Array

    def columns(self, A: Array) -> Array:
        """A T: columns that are centred and of one size."""
        if not self.intercept:
            return A / self.width
        return np.hstack([A[:, :1], (A[:, 1:] - A[:, :1] * self.centre) / self.width])

    def theta(self, z: Array) -> Pair:
        """T z as a pair: the weights are exact."""
        first = int(self.intercept)
        W = z[first:] / self.width[:, None]
        if not first:
            return pair(W)
        if not self.centre.any():
            return pair(np.vstack([z[:1], W]))
        bias = add(pair(z[:1]), total(two_product(W, -self.centre[:, None])))
        return Pair(np.vstack([bias.high, W]), np.vstack([bias.low, np.zeros_like(W)]))

    def at_centre(self, theta: Pair) -> Array:
        """The predictions at the centre of the columns, (D,): b + centre^T W, where what they share cancels."""
        first = int(self.intercept)
        if not first:
            return np.zeros(theta.high.shape[1])
        moved = times(Pair(theta.high[1:], theta.low[1:]), self.centre[:, None])
        return add(Pair(theta.high[:1], theta.low[:1]), total(moved)).high[0]

    def transposed(self, g: Pair) -> Array:
        """T^T g, rounded once: where the parts of g cancel, the pair keeps the digits."""
        if not self.intercept:
            return g.high / self.width[:, None]
        top = Pair(*(np.broadcast_to(part[:1], part[1:].shape) for part in g))
        rows = add(Pair(g.high[1:], g.low[1:]), times(top, -self.centre[:, None]))
        return np.vstack([g.high[:1], rows.high / self.width[:, None]])

    def moved(self, Z: Array, largest: bool = False) -> Array:
        """T Z in floats; with ``largest`` how large it can be where Z is known by its absolute values alone."""
        first = int(self.intercept)
        moved = Z.copy()
        W = moved[first:]
        W /= self.width[:, None]
        if first and self.centre.any():
            moved[0] += (np.abs(self.centre) if largest else -self.centre) @ W
        return moved

    def as_given(self, R: Array) -> Array:
        """R T^-1: from a factor of A T that of [1 | X] in its own units; infinite where they overflow."""
        first = int(self.intercept)
        inner = R[:, first:] * self.width
        if not first:
            return inner * self.x
        return np.hstack([R[:, :1], (inner + R[:, :1] * self.centre) * self.x])


@dataclass(frozen=True)
class System:
    """X (N, M), Y (N, D), the weights (N, 1) or None and ridge, measured as ``scaling`` says.

    ``shift`` (D,) was taken from Y and belongs to the bias: an output that is constant is zero, and its fit exact.
    ``middle`` (D,) is half way between the least and the largest of each output.
    ``digits`` are wanted; without, what costs little more than float64.
    """

    X: Array
    Y: Array
    weights: Array | None
    penalty: float
    shift: Array
    middle: Array
    scaling: Scaling
    digits: int | None = None

    @property
    def P(self) -> int:
        """Number of unknowns of each output."""
        return self.X.shape[1] + self.scaling.intercept

    @property
    def plain(self) -> bool:
        """Every row counts the same."""
        return self.weights is None and not self.penalty

    @property
    def ridge(self) -> Array:
        """The penalty on each weight, in units of x, which are not below the root of lambda; (M,)."""
        return self.penalty / self.scaling.x / self.scaling.x

    @property
    def samples(self) -> int:
        """N, and M more where there is ridge."""
        return self.X.shape[0] + (self.X.shape[1] if self.penalty else 0)

    @property
    def block(self) -> int:
        """Rows of a block: A, one part of it, and some eight arrays like Y are worked on together."""
        return min(blocks.rows(8 * (2 * self.P + 8 * self.Y.shape[1]), share=2), self.X.shape[0])

    @property
    def in_one_block(self) -> bool:
        """Are all rows one block, those of ridge included?"""
        return self.block == self.samples and len(self.shares) == 1

    @property
    def shares(self) -> list[slice]:
        """The rows of X that each of our threads takes."""
        N = self.X.shape[0]
        count = min(threads.available(), N * (self.P + self.Y.shape[1]) // _WORTH)
        return list(blocks.spans(N, -(-N // max(1, count))))

    @property
    def bits(self) -> int:
        """How many bits a part of A may have, for sums over a block of rows and over a row."""
        return bits(max(self.block, self.P))

    def roots(self) -> Array:
        """The root of each row's weight, the rows of ridge last; (N, 1) or (N + M, 1)."""
        weights = np.ones((self.X.shape[0], 1)) if self.weights is None else self.weights
        return np.sqrt(np.vstack([weights, self.ridge[:, None]]) if self.penalty else weights)


class Block(NamedTuple):
    """Rows of A = [1 | X] and of Y in powers of two, their weights or None, where they stand, and A's sizes."""

    A: Array
    Y: Array
    weights: Array | None
    rows: slice
    size: Array

    def scaled(self, scaling: Scaling) -> tuple[Array, Array]:
        """The rows of A T and of Y as the factor sees them: each times the root of its weight."""
        B = scaling.columns(self.A)
        if self.weights is None:
            return B, self.Y
        root = np.sqrt(self.weights)
        return root * B, root * self.Y


def each_block(system: System, share: slice | None = None, does: str = "columns") -> Iterator[Block]:
    """The samples of this share, or all, block by block; ``does`` is what the bar calls this pass."""
    first, scaling = int(system.scaling.intercept), system.scaling
    start, stop = (0, len(system.X)) if share is None else (share.start, share.stop)
    for rows in told(blocks.spans(stop, system.block, start), does, stop):
        A = np.ones((rows.stop - rows.start, system.P))
        np.divide(system.X[rows], scaling.x, out=A[:, first:])
        weights = None if system.weights is None else system.weights[rows]
        yield Block(A, system.Y[rows] / scaling.y, weights, rows, scaling.size)


def ridge_rows(system: System) -> Block:
    """The samples (0, e_k) that ridge stands for."""
    (N, M), D = system.X.shape, system.Y.shape[1]
    A = np.eye(M, system.P, int(system.scaling.intercept))
    return Block(A, np.zeros((M, D)), system.ridge[:, None], slice(N, N + M), np.ones(system.P))


def measured(X: Array, Y: Array, weights: Any, ridge: float, intercept: bool, digits: int | None = None) -> System:
    """Measure X (N, M) and Y (N, D) in powers of two and find the centre and the width of the columns."""
    weights, unit, square = sample_weights(X, weights), 1.0, 1.0
    if weights is not None:
        keep = weights[:, 0] > 0
        unit = float(np.ldexp(1.0, np.frexp(np.sqrt(weights.max()))[1]))
        square = float(np.square(unit))
        X, Y, weights = (X, Y, weights) if keep.all() else (X[keep], Y[keep], weights[keep])
        weights = weights / square
    if not np.isfinite([square, ridge / square]).all():
        raise InputError("weights or ridge are too large; divide all of them by one factor.")
    root = float(np.sqrt(ridge)) / unit
    X, low, high = _without_constants(X, intercept)[:3]
    Y, y_low, y_high, shift = _without_constants(Y, intercept)
    y = power_above(np.maximum(y_high, -y_low)[None])
    mean = means(X, weights) if intercept else np.zeros(X.shape[1])
    x, size, centre, width = measures(low, high, mean, root)
    scaling = Scaling(intercept, x, y, unit, np.hstack([np.ones(int(intercept)), size]), centre, width)
    return System(X, Y, weights, ridge / square, shift, y_low / 2 + y_high / 2, scaling, digits)


def measures(low: Array, high: Array, mean: Array, root: float = 0.0) -> tuple[Array, Array, Array, Array]:
    """The unit of columns with these least and largest entries, and in it their size, centre and width."""
    largest = np.maximum(high, -low)
    x = power_above(np.maximum(largest, root)[None])
    centre = mean / x
    widest = np.maximum(np.maximum(high / x - centre, centre - low / x), root / x)
    return x, power_above(largest[None]) / x, centre, power_above(widest[None])


def _without_constants(A: Array, intercept: bool) -> tuple[Array, Array, Array, Array]:
    """A, the least and the largest entry of its columns, and what was taken away: beside an intercept, constants."""
    low, high = reduce_rows(np.minimum, A), reduce_rows(np.maximum, A)
    same = (low == high) & intercept
    if not same.any():
        return A, low, high, np.zeros(len(low))
    A, zero = np.where(same, 0.0, A), np.where(same, 0.0, low)
    return A, zero, np.where(same, 0.0, high), np.where(same, low, 0.0)
