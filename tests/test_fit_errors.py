"""No error that a fit states is exceeded: weights orders apart and shortest solutions against exact rationals."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from oracles import exact_ridge, product, rows, solved

from lrcore import fit
from lrcore.errors import RankWarning


def transposed(A):
    return [list(column) for column in zip(*A, strict=True)]


def independent(A):
    """Which columns of A are independent of those before them."""
    left, chosen = [row[:] for row in A], []
    for k in range(len(left[0])):
        pivot = next((i for i in range(len(chosen), len(left)) if left[i][k]), None)
        if pivot is None:
            continue
        top = len(chosen)
        left[top], left[pivot] = left[pivot], left[top]
        for i in range(top + 1, len(left)):
            share = left[i][k] / left[top][k]
            left[i] = [a - share * b for a, b in zip(left[i], left[top], strict=True)]
        chosen.append(k)
    return chosen


def exact_shortest(X, y, intercept, weights=None):
    """b, W and the rank of the centred columns: A = C G with independent columns C, z for C, then the shortest W."""
    A, y = rows(X), [row[0] for row in rows(y)]
    counts = [Fraction(float(weight)) for weight in (np.ones(len(A)) if weights is None else weights)]
    centre, mean = [Fraction(0)] * len(A[0]), Fraction(0)
    if intercept:
        centre = [sum(w * a for w, a in zip(counts, column, strict=True)) / sum(counts) for column in transposed(A)]
        mean = sum(w * v for w, v in zip(counts, y, strict=True)) / sum(counts)
    A = [[a - m for a, m in zip(row, centre, strict=True)] for row in A]
    chosen = independent(A)
    C = [[row[k] for k in chosen] for row in A]
    G = solved(product(transposed(C), C), product(transposed(C), A))
    weighted = [[w * c for c in row] for w, row in zip(counts, C, strict=True)]
    z = solved(product(transposed(weighted), C), product(transposed(weighted), [[v - mean] for v in y]))
    W = [row[0] for row in product(transposed(G), solved(product(G, transposed(G)), z))]
    return mean - sum(m * w for m, w in zip(centre, W, strict=True)), W, len(chosen)


def dependent(seed):
    """Too few samples, columns that follow from others, units far apart, two samples that nearly agree."""
    random, kind = np.random.default_rng(seed), seed % 5
    N, M = int(random.integers(2, 6)), 4
    if kind == 0:
        X = random.normal(size=(N, N + int(random.integers(1, 4))))
    elif kind == 1:
        X = np.round(random.normal(size=(N + 3, 3)) * 4)
        X[:, 2] = X[:, 0] + X[:, 1]
    elif kind == 2:
        X = np.round(random.normal(size=(N + 2, 2)) * 8) / 8
        X = np.c_[X, X[:, 0] * 2.0 ** int(random.integers(-6, 7))]
    elif kind == 3:
        X = np.round(random.normal(size=(3, 5)) * 8)
        X[2] = X[0] + X[1]
    else:
        X = random.normal(size=(int(random.integers(2, 4)), M)) * 10.0 ** random.uniform(-4, 4, size=M)
    if kind in (0, 4) and random.integers(3) == 0:
        X[-1] = X[0] + 10.0 ** -random.uniform(0, 10) * random.normal(size=X.shape[1])
    y = random.normal(size=len(X)) * 10.0 ** random.integers(-5, 5)
    return X, y, bool(random.integers(2)), 10.0 ** random.uniform(-3, 3, len(X)) if random.integers(2) else None


def exceeded(found, b, W):
    """The numbers of a fit that lie further from the exact ones than it says."""
    numbers = zip([found.b, *found.W], [found.b_error, *found.W_error], [b, *W], strict=True)
    return [
        one
        for got, error, one in numbers
        if np.isfinite(error) and abs(Fraction(float(got)) - one) > Fraction(float(error))
    ]


@pytest.mark.parametrize("part", range(3))
def test_the_error_of_a_shortest_solution_is_never_exceeded(part):
    small = 0
    for seed in range(100 * part, 100 * part + 100):
        X, y, intercept, weights = dependent(seed)
        with pytest.warns(RankWarning):
            found = fit(X, y, intercept=intercept, weights=weights)
        b, W, rank = exact_shortest(X, y, intercept, weights)
        assert found.rank == rank + intercept and not exceeded(found, b, W) and np.isfinite(found.W_error).all(), seed
        small += found.W_error.max() <= 1e-9 * np.abs(found.W).max()
    assert small > 75  # it says something


def orders_apart(seed):
    """Weights up to twenty orders apart, on rows that may be of very different size themselves."""
    random = np.random.default_rng(seed)
    N, M = int(random.integers(4, 9)), int(random.integers(1, 4))
    X = random.normal(size=(N, M))
    if seed % 3 == 0:
        X *= 10.0 ** random.integers(-10, 11, size=(N, 1))
    elif seed % 3 == 1 and M > 1:
        X[:, -1] = X[:, :-1].sum(axis=1) + X[:, -1] * 10.0 ** -random.uniform(0, 10)
    y = random.normal(size=N) * 10.0 ** (random.integers(-8, 9, N) if seed % 4 == 0 else 0)
    return X, y, bool(random.integers(2)), 10.0 ** random.uniform(-5, 5, N) * 10.0 ** random.uniform(-5, 5, N)


@pytest.mark.parametrize("part", range(2))
def test_the_error_of_a_fit_whose_weights_are_orders_apart_is_never_exceeded(part):
    judged = 0
    for seed in range(150 * part, 150 * part + 150):
        X, y, intercept, weights = orders_apart(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RankWarning)
            found = fit(X, y, intercept=intercept, weights=weights)
        if found.rank < X.shape[1] + intercept:
            assert np.isinf(found.W_error).all() and "so no error of W is estimated" in found.message, seed
            continue
        wanted = exact_ridge(X, y, 0, intercept, weights)
        assert not exceeded(found, wanted[0] if intercept else Fraction(0), wanted[intercept:]), seed
        judged += 1
    assert judged > 120


def test_columns_that_depend_but_for_rounding_have_no_error_and_say_so():
    X = np.array([[1, 2, 3], [4, 5, 9], [7, 8, 15], [2, 9, 11.0]]) / 10
    assert X[0, 0] + X[0, 1] != X[0, 2]
    with pytest.warns(RankWarning, match="Exactly, they are not quite"):
        found = fit(X, np.arange(4.0), intercept=False)
    assert found.rank == 2 and np.isinf(found.W_error).all()
    with pytest.warns(RankWarning, match=r"by SVD\.$"):
        found = fit(np.round(10 * X), np.arange(4.0), intercept=False)
    assert found.rank == 2 and (found.W_error < 1e-12).all()
    with pytest.warns(RankWarning, match="Exactly, they are not quite"):
        found = fit(np.c_[X, X[:, 0]], np.arange(4.0), intercept=False)  # one column exactly, one by rounding
    assert found.rank == 2 and np.isinf(found.W_error).all()
