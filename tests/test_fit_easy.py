"""Small and easy problems: the quick way through a fit is as exact as the long one, and is left where it may not be."""

from fractions import Fraction

import numpy as np
import pytest
from oracles import exact_ridge

from lrcore import fit
from lrcore._exact import easy
from lrcore.model import design

EPS = float(np.finfo(float).eps)


def usual(seed):
    """What people fit: columns in units of their own, some of them alike, some far from zero, targets with noise."""
    random = np.random.default_rng(seed)
    N, M = int(random.integers(4, 60)), int(random.integers(1, 5))
    X = random.choice([0, 50]) + random.normal(size=(N, M)) * 10.0 ** random.uniform(-1, 2, size=M)
    if seed % 3 == 0:
        X[:, -1] = 0.7 * X[:, 0] + 0.3 * X[:, -1]
    y = random.choice([0, 100]) + X @ random.normal(size=M) + random.normal(size=N)
    if seed % 4 == 1:  # sorted columns, whose sums go far and come back
        X, y = np.sort(X, axis=0), np.sort(y)
    if seed % 5 == 2:
        X, y = np.round(X), np.round(y)
    return X, y, bool(seed % 7)


def test_the_quick_way_is_right_to_half_a_unit_in_the_last_place_and_its_error_covers_it():
    taken, worst = 0, Fraction(0)
    for seed in range(150):
        X, y, intercept = usual(seed)
        found = easy.solve(X, y[:, None], intercept) if easy.suits(X, 1) else None
        if found is None:
            continue
        taken += 1
        wanted = exact_ridge(X, y, 0, intercept)
        for name, exact in (("b", wanted[:intercept]), ("W", wanted[intercept:])):
            for got, error, one in zip(found.numbers[name].ravel(), found.numbers[f"{name}_error"].ravel(), exact):
                off = abs(Fraction(float(got)) - one)
                assert off <= Fraction(float(error)) and error <= 1.5 * EPS * abs(got), seed
                worst = max(worst, off / abs(one))
    assert taken > 90 and worst <= Fraction(EPS) * 51 / 100


@pytest.mark.parametrize("N", [20, 50, 200])
def test_most_problems_of_a_few_comparable_columns_are_easy(N):
    random, taken = np.random.default_rng(0), 0
    for _ in range(50):
        X = random.normal(size=(N, 3)) * [1, 10, 0.1] + [0, 20, 1]
        y = X @ [2.0, -0.5, 10] + 5 + random.normal(size=N)
        taken += easy.solve(X, y[:, None], True) is not None
    assert taken > 45


def test_a_bias_near_zero_is_found_quickly_within_its_error_and_to_the_last_digit_where_digits_are_wanted(monkeypatch):
    taken, solve = [], easy.solve
    monkeypatch.setattr(easy, "solve", lambda *given, **how: taken.append(found := solve(*given, **how)) or found)
    for seed in range(12):
        random = np.random.default_rng(seed)
        X = random.normal(size=(40, 4))
        X -= X.mean(axis=0)
        y = X @ [2.0, -0.5, 1, 0.2] + random.normal(size=40) / 10
        y -= y.mean() * (seed % 2)
        monkeypatch.setattr(
            easy, "solve", lambda *given, **how: (found := solve(*given, **how), taken.append(found))[0]
        )
        found, wanted = fit(X, y), exact_ridge(X, y, 0, True)
        off = [abs(Fraction(float(got)) - one) for got, one in zip([found.b, *found.W], wanted, strict=True)]
        said = [found.b_error, *found.W_error]
        assert all(o <= Fraction(float(error)) for o, error in zip(off, said, strict=True)), seed
        assert found.b_error < EPS / 16 and (found.W_error < 2 * EPS).all()
        assert fit(X, y, digits=15).digits == 15 or seed % 2  # of nothing there are no digits
    assert None not in taken[::2] and taken[1::2].count(None) > 8


def test_what_else_a_fit_says_is_the_same_both_ways(monkeypatch):
    for seed in range(40):
        X, y, intercept = usual(seed)
        Y = np.c_[y, X[:, 0] ** 2] if seed % 2 else y
        quick = fit(X, Y, intercept=intercept)
        with monkeypatch.context() as without:
            without.setattr(easy, "_ROUNDING", EPS)  # a processor without an extended precision
            full = fit(X, Y, intercept=intercept)
        for name in ("W", "b", "residual_norms", "W_se", "b_se", "r_squared", "centre", "level", "condition"):
            one, other = getattr(quick, name), getattr(full, name)
            assert np.shape(one) == np.shape(other) and type(one) is type(other)
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12 if name == "r_squared" else 0)
        assert (quick.rank, quick.method, quick.message) == (full.rank, full.method, full.message)
        assert (quick.W_error <= full.W_error + EPS * np.abs(quick.W)).all()


def test_the_condition_number_of_the_quick_way_is_that_of_the_design_matrix():
    X = np.random.default_rng(0).normal(size=(30, 3)) * [1, 1e3, 1e-3] + [0, 5e3, 0]
    y = X @ [1, 2e-3, 3e3] + np.random.default_rng(1).normal(size=30)
    for intercept, A in ((True, design(X)), (False, X)):
        found = easy.solve(X, y[:, None], intercept)
        assert found is not None and found.condition() == pytest.approx(np.linalg.cond(A), rel=1e-9)


def test_a_usual_small_problem_takes_the_quick_way_and_a_hard_one_the_long_one(monkeypatch):
    random = np.random.default_rng(0)
    X = random.normal(size=(50, 3))
    y = X @ [1, 2, 3] + 1 + random.normal(size=50)
    monkeypatch.setattr("lrcore.closed_form.solve", None)  # the long way
    assert fit(X, y).rank == 4 and fit(X, y, intercept=False).rank == 3
    far, alike, constant = X + 1e7, np.c_[X, X[:, :1] + 1e-4 * y[:, None]], np.full(50, 3.0)
    tiny = X * 1e-150
    for harder in ((far, y), (alike, y), (X, constant), (tiny, y), (X[:4], y[:4]), (np.c_[X, X[:, 0]], y)):
        with pytest.raises(TypeError):
            fit(*harder)
    for options in ({"ridge": 1.0}, {"weights": np.ones(50)}, {"method": "qr"}):
        with pytest.raises(TypeError):
            fit(X, y, **options)


def test_a_small_fit_calls_no_more_than_it_needs(monkeypatch):
    """Its time is that of numpy's calls: one inverse, and neither a factor nor singular values until they are asked."""
    for name in ("qr", "svd", "cholesky", "eigh", "eigvalsh", "solve"):
        monkeypatch.setattr(np.linalg, name, None)
    X = np.random.default_rng(0).normal(size=(50, 3))
    found = fit(X, X @ [1, 2, 3] + 1 + np.random.default_rng(1).normal(size=50))
    with pytest.raises(TypeError):
        found.condition  # noqa: B018


@pytest.mark.parametrize("kind", [np.float32, np.int64, bool])
def test_other_kinds_of_numbers_take_it_too(kind, monkeypatch):
    random = np.random.default_rng(0)
    X, y = (random.normal(size=(50, 3)) * 3).round().clip(0).astype(kind), random.normal(size=50) + 2
    monkeypatch.setattr("lrcore.closed_form.solve", None)
    assert fit(X, y).W.dtype == np.float64
