"""Standard errors against exact rationals: their squares have the condition number squared, yet they keep digits."""

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from nist import SETS
from oracles import exact_inverse, exact_ridge, normal_equations, rows

from lrcore import fit
from lrcore._exact import covariance, easy, scaling
from lrcore._fast import blocks, threads


def exact_standard_errors(X, y, intercept, weights=None):
    """Roots of s^2 times the diagonal of (A^T Omega A)^-1, all but the roots in fractions."""
    A = np.c_[np.ones(len(X)), X] if intercept else X
    inverse = exact_inverse(normal_equations(A, y, weights)[0])
    theta = exact_ridge(X, y, 0, intercept, weights)
    counts = [Fraction(float(weight)) for weight in (np.ones(len(A)) if weights is None else weights)]
    fitted = [sum(a * t for a, t in zip(row, theta, strict=True)) for row in rows(A)]
    squares = sum(w * (f - Fraction(float(v))) ** 2 for w, f, v in zip(counts, fitted, y, strict=True))
    return np.array([sqrt(inverse[k][k] * squares / (len(A) - len(theta))) for k in range(len(theta))])


def standard_errors(found, intercept):
    return np.r_[found.b_se, found.W_se] if intercept else found.W_se


def nearly_dependent(seed):
    """X whose last column follows from the others but for 1 to 13 digits; with weights, or without."""
    random = np.random.default_rng(seed)
    N, M = int(random.integers(8, 14)), int(random.integers(2, 4))
    X = random.normal(size=(N, M)) * 10.0 ** random.uniform(-3, 3, size=M) + random.choice([0, 100])
    X[:, -1] = X[:, :-1].sum(axis=1) * (1 + 10.0 ** -(seed % 13) * random.normal(size=N))
    return X, random.normal(size=N), bool(random.integers(2)), random.uniform(0.1, 9, N) if seed % 2 else None


@pytest.mark.parametrize("name", [name for name in SETS if name != "Wampler1"])  # which fits exactly
def test_each_certified_set_has_its_standard_errors_to_fourteen_digits(name):
    given = SETS[name]
    found = standard_errors(fit(given.X, given.y, intercept=given.intercept), given.intercept)
    np.testing.assert_allclose(found, exact_standard_errors(given.X, given.y, given.intercept), rtol=1e-14)


def test_nearly_dependent_columns_have_theirs_to_thirteen_digits(monkeypatch):
    monkeypatch.setattr(easy, "_SMALL", 0)
    for seed in range(60):
        X, y, intercept, weights = nearly_dependent(seed)
        found = fit(X, y, intercept=intercept, weights=weights)
        if found.rank == X.shape[1] + intercept:
            wanted = exact_standard_errors(X, y, intercept, weights)
            np.testing.assert_allclose(standard_errors(found, intercept), wanted, rtol=1e-13, err_msg=str(seed))


def test_large_problems_have_eight_digits_at_least(monkeypatch):
    monkeypatch.setattr(covariance, "_FEW", 0)
    monkeypatch.setattr(easy, "_SMALL", 0)
    for seed in range(40):
        X, y, intercept, weights = nearly_dependent(seed)
        found = fit(X, y, intercept=intercept, weights=weights)
        if found.rank == X.shape[1] + intercept:
            wanted = exact_standard_errors(X, y, intercept, weights)
            np.testing.assert_allclose(standard_errors(found, intercept), wanted, rtol=1e-8, err_msg=str(seed))


@pytest.mark.parametrize("cut", ["blocks", "shares"])
def test_of_many_blocks_and_of_the_shares_of_threads_too(cut, monkeypatch):
    random = np.random.default_rng(0)
    X, y = random.normal(size=(90, 2)), random.normal(size=90)
    X = np.c_[X, X.sum(axis=1) + 1e-9 * random.normal(size=90)]
    if cut == "blocks":
        monkeypatch.setattr(blocks, "cache_bytes", lambda: 1024)
    else:
        monkeypatch.setattr(threads, "available", lambda: 3)
        monkeypatch.setattr(scaling, "_WORTH", 64)
    np.testing.assert_allclose(standard_errors(fit(X, y), True), exact_standard_errors(X, y, True), rtol=1e-14)


def test_easy_problems_have_theirs_to_ten_digits():
    taken = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        X = random.normal(size=(30, 2)) @ [[1, 0.9], [0, 0.3]] + 5
        y = X @ [1, 2] + random.normal(size=30)
        taken += easy.solve(X, y[:, None], True) is not None
        np.testing.assert_allclose(standard_errors(fit(X, y), True), exact_standard_errors(X, y, True), rtol=1e-10)
    assert taken > 10


def exceeded(statistics, wanted):
    """Where a standard error is further from the exact one, which is rounded itself, than it says."""
    far = np.abs(statistics.standard_errors() - wanted)
    return far > statistics.standard_error_bounds + 2 * np.spacing(wanted)


@pytest.mark.parametrize("name", SETS)
def test_the_standard_errors_of_each_certified_set_are_as_near_as_they_say(name):
    given = SETS[name]
    statistics = fit(given.X, given.y, intercept=given.intercept).statistics
    assert not exceeded(statistics, exact_standard_errors(given.X, given.y, given.intercept)).any()
    if name not in ("Wampler1", "Wampler2"):  # which are fitted exactly, or nearly
        assert (statistics.standard_error_bounds < 1e-11 * statistics.standard_errors()).all()


def test_standard_errors_of_nearly_dependent_columns_are_as_near_as_they_say():
    judged = 0
    for seed in range(60):
        X, y, intercept, weights = nearly_dependent(seed)
        found = fit(X, y, intercept=intercept, weights=weights)
        if found.rank == X.shape[1] + intercept:
            judged += 1
            assert not exceeded(found.statistics, exact_standard_errors(X, y, intercept, weights)).any(), seed
    assert judged > 40
