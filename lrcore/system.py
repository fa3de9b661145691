r"""The problem of a fit, measured so that nothing is rounded, and given out by blocks of rows.

The problem is :math:`\min \sum_i \omega_i\, \|x_i^\top W + b - y_i\|^2 + \lambda \|W\|^2`. All is measured in powers of
two, which is exact: no column of X or Y has an entry above 1. Ridge is M more samples (0, e_k) without intercept and of
weight lambda. T makes columns that are centred and of one size, for the factor alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lrcore import blocks, threads
from lrcore.extended import Pair, add, bits, pair, times, total, two_product
from lrcore.shapes import Array

_WORTH = 1 << 17  # so many numbers of X and Y are worth a thread


@dataclass(frozen=True)
class System:
    """X (N, M), Y (N, D) and how they are measured.

    ``weights`` (N, 1) or None, in units of ``weight_unit**2``; ``penalty`` is lambda in the same units, and
    ``ridge`` (M,) or None what it is for each column in units of x_unit, which then is not below the root of lambda;
    ``size`` (P,) is the power of two above each column of A; T is made of ``centre`` and ``spread``.
    """

    X: Array
    Y: Array
    weights: Array | None
    ridge: Array | None
    intercept: bool
    penalty: float
    x_unit: Array
    y_unit: Array
    weight_unit: float
    size: Array
    centre: Array
    spread: Array

    @property
    def P(self) -> int:
        """Number of unknowns of each output."""
        return self.X.shape[1] + self.intercept

    @property
    def plain(self) -> bool:
        """Every row counts the same."""
        return self.weights is None and self.ridge is None

    @property
    def samples(self) -> int:
        """N, and M more where there is ridge."""
        return self.X.shape[0] + (self.X.shape[1] if self.ridge is not None else 0)

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
        """Bits of a head of A, so that products by blocks are exact."""
        return bits(max(self.block, self.P))


class Block(NamedTuple):
    """Some rows of the problem: A = [1 | X], Y, the weights (or None), which rows they are, how large a column is."""

    A: Array
    Y: Array
    weights: Array | None
    rows: slice
    size: Array


def each_block(system: System, share: slice | None = None) -> Iterator[Block]:
    """The rows of the problem, or of a thread's share of them, block by block, those of ridge last."""
    (N, M), first = system.X.shape, int(system.intercept)
    start, stop = (0, N) if share is None else (share.start, share.stop)
    for rows in blocks.spans(stop, system.block, start):
        A = np.ones((rows.stop - rows.start, system.P))
        np.divide(system.X[rows], system.x_unit, out=A[:, first:])
        weights = None if system.weights is None else system.weights[rows]
        yield Block(A, system.Y[rows] / system.y_unit, weights, rows, system.size)
    if system.ridge is not None and stop == N:
        A, none = np.eye(M, system.P, first), np.zeros((M, system.Y.shape[1]))
        yield Block(A, none, system.ridge[:, None], slice(N, N + M), np.ones(system.P))


def columns(system: System, block: Block) -> tuple[Array, Array]:
    """The rows of A T and of Y as the factor sees them: centred, of one size, each times the root of its weight."""
    B, Y = block.A, block.Y
    if system.intercept:
        B = np.hstack([B[:, :1], (B[:, 1:] - B[:, :1] * system.centre) / system.spread])
    else:
        B = B / system.spread
    if block.weights is None:
        return B, Y
    root = np.sqrt(block.weights)
    return root * B, root * Y


def back(system: System, x: Array) -> Pair:
    """T x as a pair: the weights are x / spread, exactly; the bias is x_0 less centre^T W."""
    first = int(system.intercept)
    W = x[first:] / system.spread[:, None]
    if not first:
        return pair(W)
    bias = add(pair(x[:1]), total(two_product(W, -system.centre[:, None])))
    return Pair(np.vstack([bias.high, W]), np.vstack([bias.low, np.zeros_like(W)]))


def forth(system: System, g: Pair) -> Array:
    """T^T g, rounded once: where the parts of g cancel, the pair keeps the digits."""
    first = int(system.intercept)
    rows = Pair(g.high[first:], g.low[first:])
    if first:
        top = Pair(np.broadcast_to(g.high[:1], rows.high.shape), np.broadcast_to(g.low[:1], rows.low.shape))
        rows = add(rows, times(top, -system.centre[:, None]))
    inner = rows.high / system.spread[:, None]
    return np.vstack([g.high[:1], inner]) if first else inner


def roots(system: System) -> Array:
    """The root of each row's weight, the rows of ridge last."""
    weights = np.ones((system.X.shape[0], 1)) if system.weights is None else system.weights
    return np.sqrt(weights if system.ridge is None else np.vstack([weights, system.ridge[:, None]]))
