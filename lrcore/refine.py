r"""Least squares to the last digit: a factor in float64, corrections from residuals in twice the precision.

The problem is :math:`\min \sum_i \omega_i\, \|x_i^\top W + b - y_i\|^2 + \lambda \|W\|^2`. All is measured in powers of
two, which is exact: no column of X or Y has an entry above 1. Ridge is M more samples (0, e_k) without intercept and of
weight lambda. Only the *factor* sees rounded columns, centred and of one size: A T = Q R. What is solved is the problem
as it was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lrcore import blocks
from lrcore.extended import Pair, Parts, add, bits, pair, parts, product, times, total, two_product
from lrcore.shapes import Array

_STEPS, _PARTS = 12, 5
_EPS = float(np.finfo(float).eps)
_EXTENDED = _EPS**2


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
        return min(blocks.rows(8 * (2 * self.P + 8 * self.Y.shape[1])), self.X.shape[0])

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


def each_block(system: System) -> Iterator[Block]:
    """The rows of the problem, block by block, those of ridge last."""
    (N, M), first = system.X.shape, int(system.intercept)
    for rows in blocks.spans(N, system.block):
        A = np.ones((rows.stop - rows.start, system.P))
        np.divide(system.X[rows], system.x_unit, out=A[:, first:])
        weights = None if system.weights is None else system.weights[rows]
        yield Block(A, system.Y[rows] / system.y_unit, weights, rows, system.size)
    if system.ridge is not None:
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


class Factor(NamedTuple):
    """A T = Q R; Q is None where R comes from the normal equations."""

    Q: Array | None
    R: Array

    def correction(self, f: Array | None, g: Array) -> tuple[Array, Array | None]:
        """Solve d + A T x = f, (A T)^T d = g for x and d; without Q, g is the right side of the normal equations."""
        h = np.linalg.solve(self.R.T, g)
        if self.Q is None or f is None:
            return np.linalg.solve(self.R, h), None
        inside = self.Q.T @ f - h
        return np.linalg.solve(self.R, inside), f - self.Q @ inside


@dataclass(frozen=True)
class Solution:
    """theta = (b, W) as a pair, in the powers of two; how far it may be off; weighted squares left; T R^-1; steps."""

    theta: Pair
    error: Array
    squares: Array
    reach: Array
    steps: int


def refined(system: System, factor: Factor, x: Array, first: Array | None) -> Solution:
    """Correct x until nothing is left to correct, or corrections no longer shrink.

    ``first`` is d of the first solution, each row times the root of its weight; None with a factor without Q. Rounding
    of d returns in x times the condition number squared: d is a pair, too.
    """
    residual = None if first is None else pair(first)
    reach, kappa = _reach(system, factor.R)
    theta, last, count = back(system, x), np.abs(x).max(axis=0), 2
    small = _EPS * _spread_out(system, last)
    rate = 8 * _EPS * kappa * (kappa if factor.Q is None else 1.0)
    for step in range(1, _STEPS + 1):
        f, g, squares = measure(system, theta, residual, count)
        move, d = factor.correction(f, g)
        if d is not None and residual is not None:
            residual = add(residual, pair(d if system.plain else d * roots(system)))
        change, size = back(system, move), np.abs(move).max(axis=0)
        theta, rate = add(theta, change), max(rate, _ratio(size, last)) if step == 1 else _ratio(size, last)
        unseen, wanted = _floor(system, theta, squares, reach, count), _EPS / 16 * np.maximum(np.abs(theta.high), small)
        error = _spread_out(system, size * min(1.0, 2 * rate)) + unseen
        if (error <= wanted).all() or (count == _PARTS and rate > 0.5) or not size.any():
            break
        last, count = size, count + (count < _PARTS and bool((unseen > wanted / 2).any() or rate > 0.5))
    if system.ridge is None:  # by Pythagoras, what the last step took away
        squares = np.maximum(squares - ((factor.R @ move) ** 2).sum(axis=0), 0)
    return Solution(theta, error, squares, reach, step)


def _spread_out(system: System, size: Array) -> Array:
    """How large T x can be where no entry of x is larger than ``size``, which is one number an output."""
    inner = np.multiply.outer(1 / system.spread, size)
    return np.vstack([size + np.abs(system.centre) @ inner, inner]) if system.intercept else inner


def measure(system: System, theta: Pair, residual: Pair | None, count: int) -> tuple[Array | None, Array, Array]:
    """One pass over the data: what the factor corrects, f and g, and the weighted squares of Y - A theta."""
    exact = system.bits
    f = None if residual is None else np.empty_like(residual.high)
    gathered, squares = pair(np.zeros_like(theta.high)), np.zeros(theta.high.shape[1])
    for A, Y, weights, rows, size in each_block(system):
        cut = parts(A, exact, count, size)
        fitted = product(cut, theta, exact, size)
        R = add(pair(Y), Pair(-fitted.high, -fitted.low))
        weighted = R if weights is None else times(R, weights)
        if rows.start < len(system.X):  # the penalty is not of the residual
            squares += blocks.down(np.add, R.high * weighted.high)
        if residual is not None and f is not None:
            negative = Pair(-residual.high[rows], -residual.low[rows])
            f[rows] = add(weighted, negative).high
            f[rows] /= 1.0 if weights is None else np.sqrt(np.where(weights > 0, weights, 1))
            weighted = negative
        gathered = add(gathered, product(_transposed(cut), weighted, exact))
    return f, forth(system, gathered), squares


def _transposed(cut: Parts) -> Parts:
    return Parts([head.T for head in cut.heads], [tail.T for tail in cut.tails])


def roots(system: System) -> Array:
    """The root of each row's weight, the rows of ridge last."""
    weights = np.ones((system.X.shape[0], 1)) if system.weights is None else system.weights
    return np.sqrt(weights if system.ridge is None else np.vstack([weights, system.ridge[:, None]]))


def _reach(system: System, R: Array) -> tuple[Array, float]:
    """Lengths of the rows of T R^-1: how far a residual of length one can move each unknown; and the condition of R."""
    inverse = np.linalg.solve(R, np.eye(len(R)))
    first = int(system.intercept)
    if first:
        inverse[1:] /= system.spread[:, None]
        moved = np.vstack([inverse[:1] - system.centre @ inverse[1:], inverse[1:]])
    else:
        moved = inverse / system.spread[:, None]
    return np.linalg.norm(moved, axis=1)[:, None], float(np.linalg.cond(R / np.linalg.norm(R, axis=0)))


def _ratio(size: Array, last: Array) -> float:
    """How much of the last correction came back, at worst over the outputs."""
    return float((size / np.where(last > 0, last, 1)).max())


def _floor(system: System, theta: Pair, squares: Array, reach: Array, count: int) -> Array:
    r"""What residuals in twice the precision cannot see, carried to the unknowns.

    An error of the residual is an error of Y and is carried once. One of :math:`A^\top d` is carried twice, but is
    smaller where all rows are one block: then nothing large is rounded, for the large parts of it cancel exactly.
    """
    cut, many = _EPS * 2.0 ** (-system.bits * count), np.sqrt(system.samples) * system.P
    one_block = system.block == system.samples
    once, twice = max(cut, _EXTENDED), max(cut, _EXTENDED * (2.0**-system.bits if one_block else 1.0))
    together = np.linalg.norm(reach[:, 0] * system.size)
    return 4 * many * reach * (once * (1 + np.abs(theta.high).sum(axis=0)) + together * twice * np.sqrt(squares))
