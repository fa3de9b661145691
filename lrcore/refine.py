r"""Least squares to the last digit: a factor in float64, corrections from residuals in twice the precision.

Only the factor is rounded, A T = Q R. What is solved is the problem as it was given; see ``lrcore.system``.
"""

from dataclasses import dataclass
from functools import partial, reduce
from typing import NamedTuple

import numpy as np

from lrcore import blocks, threads
from lrcore.errors import InputError
from lrcore.extended import Pair, Parts, add, pair, parts, product, times
from lrcore.shapes import Array
from lrcore.system import System, back, each_block, forth, roots

_STEPS, _PARTS = 12, 5
_EPS = float(np.finfo(float).eps)
_EXTENDED = _EPS**2


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
    if factor.Q is None and rate > 0.5:
        raise InputError(f"the condition number, {kappa:.2g}, is too large to be squared by Cholesky; use qr, or auto.")
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
    f = None if residual is None else np.empty_like(residual.high)
    found = threads.each(partial(_measured, system, theta, residual, count, f), system.shares)
    gathered = reduce(add, (g for g, _ in found))
    return f, forth(system, gathered), np.add.reduce([squares for _, squares in found])


@np.errstate(all="ignore")  # each thread's own
def _measured(
    system: System, theta: Pair, residual: Pair | None, count: int, f: Array | None, share: slice
) -> tuple[Pair, Array]:
    """One thread's part of :func:`measure`: A^T times what is measured, and the squares; its rows of f are filled."""
    exact = system.bits
    gathered, squares = pair(np.zeros_like(theta.high)), np.zeros(theta.high.shape[1])
    for A, Y, weights, rows, size in each_block(system, share):
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
    return gathered, squares


def _transposed(cut: Parts) -> Parts:
    return Parts([head.T for head in cut.heads], [tail.T for tail in cut.tails])


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
    once, twice = max(cut, _EXTENDED), max(cut, _EXTENDED * (2.0**-system.bits if system.in_one_block else 1.0))
    together = np.linalg.norm(reach[:, 0] * system.size)
    return 4 * many * reach * (once * (1 + np.abs(theta.high).sum(axis=0)) + together * twice * np.sqrt(squares))
