r"""Small problems that are easy: one factor, one correction, and a bound that says whether it was enough.

.. math:: B := X - 1 m^\top, \qquad V := Y - 1 l^\top, \qquad B^\top B\, W = B^\top V, \qquad b = l - m^\top W

with the means m and l. The residual that corrects W is taken in the processor's extended precision, of 64 bits or more.
"""

from functools import partial
from math import inf, sqrt

import numpy as np

from lrcore._exact.solution import Found
from lrcore.shapes import Array

_SMALL, _WIDE = 1 << 13, 32  # numbers of X, and columns, where numpy's overhead is what a fit costs
_CONDITION, _FAR = 1e5, 1e5  # of B with columns of one length, squared; and of means beside spreads
_EPS = float(np.finfo(np.float64).eps)
_EXTENDED, _ROUNDING = np.longdouble, float(np.finfo(np.longdouble).eps) / 2
_NEAR_ZERO = _EPS / 32  # of how large a bias could be with these targets: what may be left to correct
_LEFT = _EPS  # of a number: what may be left to correct, by a bound that is seldom reached to a tenth


def small(X: object) -> bool:
    """Is X an array of so few numbers?"""
    return type(X) is np.ndarray and X.size <= _SMALL


def suits(X: Array, D: int) -> bool:
    """Is X small, with more samples than unknowns, and is there an extended precision?"""
    N, M = X.shape
    return _ROUNDING < _EPS / 1000 and N * M * D <= _SMALL and M <= _WIDE and N > M + 1


def solve(X: Array, Y: Array, intercept: bool, exact: bool = True) -> Found | None:
    """The fit of X (N, M) and Y (N, D), each sample counting one; None where it may be less than exact.

    Unless it is to be ``exact``, a bias that is near zero, as that of centred data is, may have fewer digits.
    """
    (N, M), first = X.shape, int(intercept)
    Z = np.concatenate((X, Y), axis=1)
    centre = np.add.reduce(Z) / N * first
    C = Z - centre
    gram = C.T.dot(C)
    length = np.sqrt(gram.diagonal())
    if not _comparable(length.tolist(), (centre * sqrt(N)).tolist()):
        return None
    inverse = _inverse(gram[:M, :M], length[:M])
    if inverse is None:
        return None
    far_centre = centre.astype(_EXTENDED)
    Z = Z - far_centre
    B, R = Z[:, :M], Z[:, M:]
    W = inverse.dot(gram[:M, M:]).astype(_EXTENDED)
    R -= B.dot(W)
    move = inverse.dot(B.T.dot(R).astype(np.float64)).astype(_EXTENDED)
    R -= B.dot(move)
    W += move
    level, left = far_centre[M:] + np.add.reduce(R) / N * first, Z.T.dot(R).astype(np.float64)
    theta, reach = np.empty((M + first, Y.shape[1])), np.empty(M + first)
    theta[first:], reach[first:] = W, np.sqrt(inverse.diagonal())
    if intercept:
        theta[0], reach[0] = level - far_centre[:M].dot(W), sqrt(1 / N + centre[:M].dot(inverse).dot(centre[:M]))
    size, norms, error = np.abs(theta), np.sqrt(left[M:].diagonal()), np.empty(theta.shape)
    slopes = np.abs(left[:M]) + sqrt(N) * _ROUNDING * (length[:M, None] * norms)  # and what their sums may have lost
    error[first:] = np.abs(inverse).dot(slopes)
    lost = (M + 4) * _ROUNDING * (length[M:] + length[:M].dot(size[first:]))
    if intercept:
        far = np.abs(centre)
        error[0] = far[:M].dot(error[1:] + 4 * _ROUNDING * size[1:]) + _ROUNDING * (4 * far[M:] + norms)
    error += reach[:, None] * lost
    enough = error <= _LEFT * size
    if intercept and not exact:
        enough[0] |= error[0] <= _NEAR_ZERO * reach[0] * length[M:]
    if not enough.all():
        return None
    error += _EPS / 2 * size
    standard_error = reach[:, None] * (norms / sqrt(N - M - first))
    numbers = {"residual_norms": norms, "r_squared": 1 - (norms / length[M:]) ** 2, "level": level.astype(np.float64)}
    for name, value in (("", theta), ("_error", error), ("_se", standard_error)):
        numbers[f"W{name}"], numbers[f"b{name}"] = value[first:], value[0] if first else np.zeros(len(norms))
    return Found(numbers, M + first, partial(_condition, N, centre[:M], gram[:M, :M], first), "cholesky", centre[:M])


def _comparable(lengths: list[float], means: list[float]) -> bool:
    """Can the lengths of the centred columns be squared and inverted, and are means not too large beside them?"""
    return all(
        1e-100 < length < 1e100 and abs(mean) < _FAR * length for length, mean in zip(lengths, means, strict=True)
    )


def _inverse(gram: Array, length: Array) -> Array | None:
    """The inverse of B^T B, with columns of one length on the way; None where the condition number is large."""
    scale = length * length[:, None]
    alike = gram / scale
    try:
        inverse = np.linalg.inv(alike)
    except np.linalg.LinAlgError:
        return None
    if not np.vdot(inverse, inverse) * np.vdot(alike, alike) < _CONDITION**2:
        return None
    inverse /= scale
    return inverse


def _condition(N: int, mean: Array, gram: Array, first: int) -> float:
    """The condition number of [1 | X], or of X, by the factor R that the means and B^T B have."""
    R = np.zeros((len(mean) + first, len(mean) + first))
    R[first:, first:] = np.linalg.cholesky(gram).T
    if first:
        R[0, 0] = sqrt(N)
        R[0, 1:] = mean * sqrt(N)
    sigma = np.linalg.svd(R, compute_uv=False).tolist()
    return sigma[0] / sigma[-1] if sigma[-1] > 0 else inf
