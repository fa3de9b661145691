"""What the numerics are compared with: exact rational arithmetic without a line of ``lrcore``, and random problems.

The problems have small whole numbers as entries: floats hold them exactly, and no wrong term can hide in rounding.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

CONVENTION_NAMES = ("half_mean", "sum", "mean", "mean_all")
EPS = np.finfo(float).eps


class Case(NamedTuple):
    """X (N, M), Y, W, b with one output (1-D Y) or several (2-D Y)."""

    X: np.ndarray
    Y: np.ndarray
    W: np.ndarray
    b: np.ndarray


def whole(shape, size=8):
    """Arrays of whole numbers from -size to size, as floats."""
    return arrays(np.float64, shape, elements=st.integers(-size, size).map(float))


@st.composite
def cases(draw, single=None, distinct=True):
    """Problems whose N, M and D are pairwise different (D is 1 for a 1-D y, which may then meet N or M)."""
    single = draw(st.booleans()) if single is None else single
    sizes = st.permutations([1, 2, 3, 4, 5]) if distinct else st.lists(st.integers(1, 4), min_size=3, max_size=3)
    N, M, D = draw(sizes)[:3]
    tail = () if single else (D,)
    return Case(draw(whole((N, M))), draw(whole((N, *tail))), draw(whole((M, *tail))), draw(whole(tail)))


def rows(A):
    """The entries of a vector, matrix or number as a list of rows of exact fractions; a vector is one column."""
    A = np.asarray(A)
    if A.ndim == 0:
        A = A[None, None]
    elif A.ndim == 1:
        A = A[:, None]
    return [[Fraction(float(entry)) for entry in row] for row in A]


def product(A, B):
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*B, strict=True)] for row in A]


def exact_residual(X, Y, W, b):
    """X W + 1 b - Y in fractions; b is a number or one entry for each output."""
    bias = [Fraction(float(entry)) for entry in np.broadcast_to(b, np.asarray(W).shape[1:]).reshape(-1)]
    return [
        [p + c - y for p, c, y in zip(ps, bias, ys, strict=True)]
        for ps, ys in zip(product(rows(X), rows(W)), rows(Y), strict=True)
    ]


def exact_loss(X, Y, W, b, convention="mean"):
    """The loss by its definition: the sum of squares times the factor that its name says."""
    R = exact_residual(X, Y, W, b)
    N, D = len(R), len(R[0])
    factor = {"half_mean": Fraction(1, 2 * N), "sum": 1, "mean": Fraction(1, N), "mean_all": Fraction(1, N * D)}
    return factor[convention] * sum(r * r for row in R for r in row)


def exact_slopes(f, W):
    """Derivative of a quadratic f by every entry of W, exactly: (f(W + E) - f(W - E)) / 2 has no error at all."""
    W = np.asarray(W, dtype=float)
    slopes = np.empty(W.shape)
    for where in np.ndindex(W.shape):
        up, down = W.copy(), W.copy()
        up[where] += 1
        down[where] -= 1
        slopes[where] = float((f(up) - f(down)) / 2)
    return slopes


def solved(A, B):
    """A^-1 B in fractions."""
    system = [left + right for left, right in zip(A, B, strict=True)]
    P = len(system)
    for k in range(P):
        pivot = next(i for i in range(k, P) if system[i][k])
        system[k], system[pivot] = system[pivot], system[k]
        system[k] = [entry / system[k][k] for entry in system[k]]
        for i in range(P):
            if i != k:
                system[i] = [a - system[i][k] * b for a, b in zip(system[i], system[k], strict=True)]
    return [row[P:] for row in system]


def exact_inverse(A):
    """A^-1 in fractions."""
    return solved(A, [[Fraction(int(i == j)) for j in range(len(A))] for i in range(len(A))])


def normal_equations(A, Y, weights=None):
    """A^T Omega A and A^T Omega Y in fractions."""
    A, Y = rows(A), rows(Y)
    counts = [Fraction(float(weight)) for weight in (np.ones(len(A)) if weights is None else weights)]
    At = [[count * entry for count, entry in zip(counts, column, strict=True)] for column in zip(*A, strict=True)]
    return product(At, A), product(At, Y)


def exact_solution(A, Y, weights=None):
    """Solve the (weighted) normal equations A^T A W = A^T Y in fractions; A has full column rank."""
    return np.array([[float(entry) for entry in row] for row in solved(*normal_equations(A, Y, weights))])


def exact_ridge(X, y, ridge, intercept, weights=None):
    """(b, W) in fractions, of (A^T A + lambda I) theta = A^T y; the bias is not penalised."""
    gram, right = normal_equations(np.c_[np.ones(len(X)), X] if intercept else X, y, weights)
    for k in range(int(intercept), len(gram)):
        gram[k][k] += Fraction(ridge)
    return [row[0] for row in solved(gram, right)]


def close(got, wanted, scale=1.0):
    """Equal up to a few roundings of numbers as large as ``scale`` or as ``wanted``."""
    got, wanted = np.asarray(got, dtype=float), np.asarray(wanted, dtype=float)
    assert got.shape == wanted.shape, f"shape {got.shape}, but {wanted.shape} is expected"
    np.testing.assert_allclose(got, wanted, rtol=64 * EPS, atol=64 * EPS * scale)
    return True
