r"""Many small problems at once: the steps of ``easy`` for all of them together, the residual as a pair of floats.

.. math:: B := X - 1 m^\top, \qquad V := Y - 1 l^\top, \qquad B^\top B\, W = B^\top V, \qquad b = l - m^\top W

with the means m and l. One correction of W is enough where the condition number is small. Samples stand in the last
axis of large arrays, (K, M, N), and the problems in that of small ones, (M, D, K): numpy works along the last axis, and
pays for each line of it.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np

from lrcore._exact.extended import Pair, Parts, add, bits, collect, pair, parts, times, total, two_sum
from lrcore.shapes import Array

_TOGETHER = 1 << 18  # numbers of X and Y that are worked on together
_WIDE, _CONDITION = 32, 1e5  # columns; and the condition number of X with columns of one length, squared
_EPS = float(np.finfo(np.float64).eps)


@np.errstate(all="ignore")
def solve(X: Array, Y: Array, intercept: bool) -> dict[str, Array]:
    """The fields of K fits, of X (K, N, M) and Y (K, N, D), and which of them, (K,), are ``fine``: right to the digit.

    Of the others the numbers mean nothing. The problems stand in the last axis. ``gram`` is B^T B.
    """
    if X.shape[1] <= X.shape[2] + 1 or X.shape[2] > _WIDE:
        return {"fine": np.zeros(len(X), dtype=bool)}
    found = _by_blocks(X, Y, int(intercept), 1)
    hard = np.logical_not(found["fine"])
    if hard.any():
        for name, better in _by_blocks(X[hard], Y[hard], int(intercept), 2).items():
            found[name][..., hard] = better
    return found


def _by_blocks(X: Array, Y: Array, first: int, count: int) -> dict[str, Array]:
    step = max(1, _TOGETHER // (X[0].size + Y[0].size))
    found = [_solve(X[k : k + step], Y[k : k + step], first, count) for k in range(0, len(X), step)]
    return {name: np.concatenate([one[name] for one in found], axis=-1) for name in found[0]}


class Normal(NamedTuple):
    """The normal equations of the centred columns: means, as pairs, lengths, B^T B, B^T V, and what solves them."""

    m: Pair
    level: Pair
    columns: Array
    targets: Array
    gram: Array
    right: Array
    inverse: Array
    condition: Array

    def at_means(self, W: Array, mean: Array | float = 0.0) -> Pair:
        """The prediction at m.high for these weights, where the residual would else have this mean."""
        return two_sum(self.level.high, self.level.low + mean - (self.m.low * W).sum(axis=0))


def _solve(X: Array, Y: Array, first: int, count: int) -> dict[str, Array]:
    N, X, Y = X.shape[1], np.ascontiguousarray(X.mT), np.ascontiguousarray(Y.mT)
    given = _normal(X, Y, first)
    W, m, exact = _times(given.inverse, given.right), given.m.high, bits(max(N, X.shape[1]))
    size = _power_above(given.columns + sqrt(N) * np.abs(m))
    start = add(given.at_means(W), total(times(pair(W), -m)))
    R, mean, slopes = _residual(X, Y, W, start, size, exact, count)
    mean *= first
    slopes -= N * m * mean
    move = _times(given.inverse, slopes)
    R -= _turned(move) @ X
    R -= R @ np.full((N, 1), first / N)
    norms = np.sqrt(_small(np.einsum("kdn,kdn->kd", R, R)))[None]
    theta = two_sum(W, move)
    level = given.at_means(theta.high, mean)
    bias = add(level, total(times(theta, -m))).high
    row = {"b": bias, "level": level.high, "residual_norms": norms, "r_squared": 1 - (norms / given.targets) ** 2}
    unseen = 4 * sqrt(N) * (len(W) + 1) * max(_EPS * 2.0 ** (-exact * count), _EPS**2)
    found = {"W": theta.high, "centre": m[:, 0], "gram": given.gram}
    return found | {name: value[0] for name, value in row.items()} | _bounds(N, first, unseen, given, move, W, row)


def _normal(X: Array, Y: Array, first: int) -> Normal:
    """The means, and what rounding took from them, which a small spread would show."""
    N, ones = X.shape[2], np.full((X.shape[2], 1), first / X.shape[2])
    m, level = X @ ones, Y @ ones
    B, V = X - m, Y - level
    m, level = Pair(_small(m), _small(B @ ones)), Pair(_small(level.mT), _small((V @ ones).mT))
    gram = _small(B @ B.mT) - N * m.low * m.low.transpose(1, 0, 2)
    right = _small(B @ V.mT) - N * m.low * level.low
    targets = np.sqrt(_small(np.einsum("kdn,kdn->kd", V, V))[None] - N * level.low**2)
    columns = np.sqrt(np.einsum("mmk->mk", gram))[:, None]
    return Normal(m, level, columns, targets, gram, right, *_inverse(gram, columns))


def _bounds(
    N: int, first: int, unseen: float, given: Normal, move: Array, W: Array, row: dict[str, Array]
) -> dict[str, Array]:
    """How far W and b may be off and their standard errors, as ``easy`` has them; and whether that is little enough."""
    M, m, size, norms = len(W), np.abs(given.m.high), np.abs(W), row["residual_norms"]
    whole = given.columns + sqrt(N) * m  # no less than the lengths before the means were taken
    of_targets = unseen * (given.targets + sqrt(N) * np.abs(given.level.high) + (whole * size).sum(axis=0))
    kept = 8 * (M + 1) * N * _EPS * given.condition * np.sqrt(np.square(given.columns * move).sum(axis=0))
    reach, deviation = np.sqrt(np.einsum("mmk->mk", given.inverse))[:, None], norms / sqrt(N - M - first)
    left = reach * of_targets + _times(np.abs(given.inverse), whole * (unseen * norms)) + kept / given.columns
    fine = (given.condition < _CONDITION) & (left <= _EPS * size).all(axis=(0, 1))
    for length in (given.columns, given.targets):
        fine &= ((length > 1e-100) & (length < 1e100)).all(axis=(0, 1))
    found = {"W_error": left + _EPS / 2 * size, "W_se": reach * deviation}
    if not first:
        return found | {"b_error": 0 * norms[0], "b_se": 0 * norms[0], "fine": fine}
    left = (of_targets + unseen * norms + kept) / sqrt(N) + (m * left).sum(axis=0)
    b_se = np.sqrt(1 / N + (given.m.high * _times(given.inverse, given.m.high)).sum(axis=0)) * deviation
    fine &= (left <= _EPS * np.abs(row["b"])).all(axis=(0, 1))
    return found | {"b_error": (left + _EPS / 2 * np.abs(row["b"]))[0], "b_se": b_se[0], "fine": fine}


def _residual(X: Array, Y: Array, W: Array, b: Pair, size: Array, exact: int, count: int) -> tuple[Array, Array, Array]:
    """R = Y - X W - 1 b, its means, and X^T R.

    X, W and R are cut into ``count`` heads of so many bits, whose products are added exactly, and a tail; ``size``
    (M, 1, K) is a power of two above X's columns.
    """
    cut, N = parts(X, exact, count, _large(size)), X.shape[2]
    weights = parts(W, exact, count, _power_above((size * np.abs(W)).max(axis=0)) / size)
    fitted = _product(Parts(*(list(map(_turned, some)) for some in weights)), cut)
    R = add(add(pair(Y), Pair(-fitted.high, -fitted.low)), Pair(-_turned(b.high), -_turned(b.low)))
    norms = np.sqrt(np.einsum("kdn,kdn->kd", R.high, R.high))
    rest = parts(R.high, exact, count, _power_above(norms)[..., None], R.low)
    slopes = _product(cut, Parts(*([part.mT for part in some] for some in rest))).high
    sums = [part @ np.ones((N, 1)) for part in (*rest.heads, rest.tails[-1])]
    return R.high, _small(np.add.reduce(sums).mT) / N, _small(slopes)


def _product(A: Parts, B: Parts) -> Pair:
    """A @ B: the products of heads are exact, only the last and smallest sum is rounded."""
    count = len(A.heads)
    levels = [np.add.reduce([A.heads[i] @ B.heads[k - i] for i in range(k + 1)]) for k in range(count)]
    last = [A.heads[i] @ B.tails[count - i] for i in range(count)]
    return collect(levels, np.add.reduce([*last, A.tails[-1] @ B.tails[0]]))


def _small(A: Array) -> Array:
    """(K, a, b) as (a, b, K)."""
    return np.ascontiguousarray(np.moveaxis(A, 0, -1))


def _large(A: Array) -> Array:
    """(a, b, K) as (K, a, b)."""
    return np.ascontiguousarray(np.moveaxis(A, -1, 0))


def _turned(A: Array) -> Array:
    """(a, b, K) as (K, b, a)."""
    return np.ascontiguousarray(A.T)


def _times(A: Array, B: Array) -> Array:
    """The products of K matrices (a, b, K) and (b, c, K)."""
    return (A[:, :, None] * B).sum(axis=1)


def _inverse(gram: Array, length: Array) -> tuple[Array, Array]:
    """(B^T B)^-1 by Gauss and Jordan, columns of one length on the way, and the condition number; NaN if singular."""
    scale = length * length.transpose(1, 0, 2)
    alike = gram / scale
    A = alike.copy()
    for j in range(len(A)):
        pivot, column = A[j, j].copy(), A[:, j].copy()
        row = A[j] / pivot
        A -= column[:, None] * row
        A[j], A[:, j], A[j, j] = row, -column / pivot, 1 / pivot
    return A / scale, np.sqrt(np.square(alike).sum(axis=(0, 1)) * np.square(A).sum(axis=(0, 1)))


def _power_above(A: Array) -> Array:
    """A power of two that is no smaller; 1 where all is zero."""
    return np.where(A > 0, np.ldexp(1.0, np.frexp(A)[1]), 1.0)


def conditions(N: int, m: Array, gram: Array, first: int) -> Array:
    """The condition numbers of [1 | X], or of X, (K,), by the factors that m (K, M) and B^T B (K, M, M) have."""
    K, M = m.shape
    R = np.zeros((K, M + first, M + first))
    R[:, first:, first:] = np.linalg.cholesky(gram).mT
    if first:
        R[:, 0, 0], R[:, 0, 1:] = sqrt(N), m * sqrt(N)
    sigma = np.linalg.svd(R, compute_uv=False)
    return np.divide(sigma[:, 0], sigma[:, -1], out=np.full(K, np.inf), where=sigma[:, -1] > 0)
