r"""Least squares to the last digit: a factor in float64, corrections from residuals in twice the precision.

Only the factor is rounded, A T = Q R. What is solved is the problem as it was given; see ``lrcore._exact.scaling``.
"""

from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from lrcore._exact.bounds import Bound
from lrcore._exact.extended import Pair, Parts, add, pair, parts, product, times
from lrcore._exact.factor import Factor, scaled_targets
from lrcore._exact.scaling import System, each_block
from lrcore._fast import blocks, threads
from lrcore.shapes import Array

_STEPS, _PARTS = 12, 5
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Solution:
    """theta = (b, W) as a pair, in the powers of two; how far it may be off; weighted squares left; steps taken."""

    theta: Pair
    error: Array
    squares: Array
    steps: int


def refined(system: System, factor: Factor, bound: Bound) -> Solution:
    """Correct the factor's solution until nothing is left to correct, or corrections no longer shrink.

    Rounding of the residual d returns in z times the condition number squared: with Q it is a pair, too.
    """
    z, residual = factor.solution, _first_residual(system, factor)
    theta, last, rate, count = system.scaling.theta(z), np.abs(z).max(axis=0), bound.rate, 2
    least, part = _EPS * bound.largest_change(last), max(_EPS / 16, 10.0**-system.digits / 2 if system.digits else 0)
    for step in range(1, _STEPS + 1):
        f, g, squares = measure(system, theta, residual, count)
        move, d = factor.correction(f, g)
        if d is not None and residual is not None:
            residual = add(residual, pair(d if system.plain else d * system.roots()))
        theta, size = add(theta, system.scaling.theta(move)), np.abs(move).max(axis=0)
        came_back = float((size / np.where(last > 0, last, 1)).max())
        rate = max(rate, came_back) if step == 1 else came_back
        unseen, wanted = bound.unseen(theta, squares, count), part * np.maximum(np.abs(theta.high), least)
        error = bound.remaining(size, d, rate) + unseen
        if (error <= wanted).all() or (count == _PARTS and rate > 0.5) or not size.any():
            break
        last, count = size, count + (count < _PARTS and bool((unseen > wanted / 2).any() or rate > 0.5))
    if not system.penalty:  # by Pythagoras, what the last step took away
        squares = np.maximum(squares - ((factor.R @ move) ** 2).sum(axis=0), 0)
    return Solution(theta, error, squares, step)


def _first_residual(system: System, factor: Factor) -> Pair | None:
    """Y less what the factor explains of it, each row times the root of its weight; not needed without Q."""
    if factor.Q is None:
        return None
    left = scaled_targets(system) - factor.Q @ factor.right
    return pair(left if system.plain else left * system.roots())


def measure(system: System, theta: Pair, residual: Pair | None, count: int) -> tuple[Array | None, Array, Array]:
    """One pass over the data: what the factor corrects, f and g, and the weighted squares of Y - A theta."""
    f = None if residual is None else np.empty_like(residual.high)
    found = threads.each(partial(_measured, system, theta, residual, count, f), system.shares)
    gathered = reduce(add, (g for g, _ in found))
    return f, system.scaling.transposed(gathered), np.add.reduce([squares for _, squares in found])


@np.errstate(all="ignore")  # each thread's own
def _measured(
    system: System, theta: Pair, residual: Pair | None, count: int, f: Array | None, share: slice
) -> tuple[Pair, Array]:
    """One thread's part of :func:`measure`: A^T times what is measured, and the squares; its rows of f are filled."""
    N, exact = len(system.X), system.bits
    gathered, squares = pair(np.zeros_like(theta.high)), np.zeros(theta.high.shape[1])
    if system.penalty and share.stop == N:
        gathered = _of_penalty(system, theta, residual, f)
    for A, Y, weights, rows, size in each_block(system, share, "correction"):
        cut = parts(A, exact, count, size)
        fitted = product(cut, theta, exact, size)
        R = add(pair(Y), Pair(-fitted.high, -fitted.low))
        weighted = R if weights is None else times(R, weights)
        squares += blocks.reduce_rows(np.add, R.high * weighted.high)
        if residual is not None and f is not None:
            negative = Pair(-residual.high[rows], -residual.low[rows])
            f[rows] = add(weighted, negative).high
            f[rows] /= 1.0 if weights is None else np.sqrt(np.where(weights > 0, weights, 1))
            weighted = negative
        gathered = add(gathered, product(_transposed(cut), weighted, exact))
    return gathered, squares


def _of_penalty(system: System, theta: Pair, residual: Pair | None, f: Array | None) -> Pair:
    """The samples that ridge stands for, (0, e_k) with target 0: not in the squares, and no matrix is needed."""
    N, first = len(system.X), int(system.scaling.intercept)
    weighted = times(Pair(-theta.high[first:], -theta.low[first:]), system.ridge[:, None])
    if residual is not None and f is not None:
        negative = Pair(-residual.high[N:], -residual.low[N:])
        f[N:] = add(weighted, negative).high / np.sqrt(np.where(system.ridge > 0, system.ridge, 1))[:, None]
        weighted = negative
    none = np.zeros((first, theta.high.shape[1]))
    return Pair(np.vstack([none, weighted.high]), np.vstack([none, weighted.low]))


def _transposed(cut: Parts) -> Parts:
    return Parts([head.T for head in cut.heads], [tail.T for tail in cut.tails])
