"""From the data as it was given to a factor of it: exact units, centring, and the cheapest method that is safe."""

from functools import partial
from typing import NamedTuple

import numpy as np

from lrcore import threads
from lrcore.blocks import down
from lrcore.extended import power_above
from lrcore.refine import Factor
from lrcore.shapes import Array
from lrcore.system import System, columns, each_block, roots

_CHOLESKY_SAFE, _ALIKE = 1e4, 1e3


def system(X: Array, Y: Array, weights: Array | None, ridge: float, intercept: bool) -> System:
    """Measure X (N, M) and Y (N, D) in powers of two and find the centre and the spread of the columns."""
    weight_unit = 1.0
    if weights is not None:
        keep = weights[:, 0] > 0
        weight_unit = float(np.ldexp(1.0, np.frexp(np.sqrt(weights.max()))[1]))
        X, Y, weights = X[keep], Y[keep], weights[keep] / weight_unit**2
    root = float(np.sqrt(ridge)) / weight_unit
    low, high = down(np.minimum, X), down(np.maximum, X)
    if intercept and (low == high).any():  # a constant column is the intercept again: nothing of it is left for W
        X, low, high = (np.where(low == high, 0.0, part) for part in (X, low, high))
    largest = np.maximum(high, -low)
    x_unit, y_unit = power_above(np.maximum(largest, root)[None]), power_above(Y)
    size = np.hstack([np.ones(int(intercept)), power_above(largest[None]) / x_unit])
    centre = means(X, weights) / x_unit if intercept else np.zeros(X.shape[1])
    widest = np.maximum(np.maximum(high / x_unit - centre, centre - low / x_unit), root / x_unit)
    each = (ridge / weight_unit**2 / x_unit / x_unit) if ridge else None
    spread = power_above(widest[None])
    return System(X, Y, weights, each, intercept, root**2, x_unit, y_unit, weight_unit, size, centre, spread)


def means(X: Array, weights: Array | None = None) -> Array:
    """Means of the columns, also where their sums overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = down(np.add, X) / len(X) if weights is None else down(np.add, weights * X) / weights.sum()
    return mean if np.isfinite(mean).all() else (X / 4 / len(X)).sum(axis=0) * 4


class Normal(NamedTuple):
    """The normal equations of the columns as the factor sees them: without ridge, with it, and their right side."""

    plain: Array
    gram: Array
    right: Array


def normal(system: System) -> Normal:
    """One pass: B^T B and B^T Y by blocks of rows."""
    plain, gram, right = (
        sum(each) for each in zip(*threads.each(partial(_normal, system), system.shares), strict=True)
    )
    return Normal(plain, plain + gram, right)


@np.errstate(all="ignore")  # each thread's own
def _normal(system: System, share: slice) -> tuple[Array, Array, Array]:
    P, N = system.P, system.X.shape[0]
    plain, gram, right = np.zeros((P, P)), np.zeros((P, P)), np.zeros((P, system.Y.shape[1]))
    for block in each_block(system, share):
        B, Y = columns(system, block)
        (plain if block.rows.start < N else gram).__iadd__(B.T.dot(B))
        right += B.T.dot(Y)
    return plain, gram, right


def stacked(system: System) -> tuple[Array, Array]:
    """All rows of A T and of Y, those of ridge last."""
    B, Y = np.empty((system.samples, system.P)), np.empty((system.samples, system.Y.shape[1]))
    for block in each_block(system):
        B[block.rows], Y[block.rows] = columns(system, block)
    return B, Y


def by_cholesky(system: System, equations: Normal) -> tuple[Factor, Array, None]:
    """R from the normal equations, and their solution; LinAlgError where they are not positive definite."""
    R = np.linalg.cholesky(equations.gram).T
    return Factor(None, R), np.linalg.solve(R, np.linalg.solve(R.T, equations.right)), None


def by_rows(system: System, method: str) -> tuple[Factor, Array, Array]:
    """Q and R of all rows, by Householder's QR or from the SVD; the solution, and its residual times root weights."""
    B, Y = stacked(system)
    if method == "qr":
        Q, R = _householder(B)
    else:
        Q, sigma, Vt = np.linalg.svd(B, full_matrices=False)
        R = sigma[:, None] * Vt
    inside = Q.T @ Y
    residual = Y - Q @ inside
    return Factor(Q, R), np.linalg.solve(R, inside), residual if system.plain else residual * roots(system)


def _householder(B: Array) -> tuple[Array, Array]:
    """Q and R, the rows sorted by size where weights make it very different: else the large ones swamp the small."""
    size = np.abs(B).max(axis=1)
    if size.max() < _ALIKE * size[size > 0].min(initial=np.inf):
        return np.linalg.qr(B)
    order = np.argsort(-size, kind="stable")
    sorted_Q, R = np.linalg.qr(B[order])
    Q = np.empty_like(sorted_Q)
    Q[order] = sorted_Q
    return Q, R


def safe(gram: Array) -> bool:
    """Is the condition number small enough to be squared? Judged with columns of one length."""
    length = np.sqrt(np.diag(gram))
    if not (length > 0).all():
        return False
    values = np.linalg.eigvalsh(gram / length / length[:, None])
    return bool(values[0] * _CHOLESKY_SAFE**2 > values[-1])


def unscaled(system: System, R: Array) -> Array:
    """R T^-1: a factor of [1 | X] itself, in its own units; infinite where they overflow."""
    first = int(system.intercept)
    inner = R[:, first:] * system.spread
    with np.errstate(over="ignore"):
        if not first:
            return inner * system.x_unit
        return np.hstack([R[:, :1], (inner + R[:, :1] * system.centre) * system.x_unit])
