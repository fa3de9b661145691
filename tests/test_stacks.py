"""Many small problems at once: as exact as one by one, which is what the hard ones among them are."""

import copy
from fractions import Fraction

import numpy as np
import pytest
from oracles import exact_ridge

from lrcore import fit
from lrcore._exact import many
from lrcore.errors import InputError, RankWarning, ShapeError

EPS = float(np.finfo(float).eps)
NUMBERS = ("W", "b", "W_se", "b_se", "residual_norms", "r_squared", "centre", "level", "condition")


def usual(K, N, M, seed=0, far=0.0):
    """K problems whose columns have units of their own, some of them alike; and targets with noise."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(K, N, M))
    X[::3, :, -1] = 0.7 * X[::3, :, 0] + 0.3 * X[::3, :, -1]
    X = far + X * 10.0 ** random.uniform(-2, 2, size=(K, 1, M))
    return X, (X @ random.normal(size=(K, M, 1)))[..., 0] + random.choice([0, 100], size=(K, 1)) + random.normal(
        size=(K, N)
    )


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("far", [0.0, 50.0, -4e6])
@pytest.mark.parametrize(("N", "M"), [(12, 1), (30, 3), (9, 5)])
def test_what_is_solved_together_is_right_to_half_a_unit_in_the_last_place_and_its_error_covers_it(
    N, M, far, intercept
):
    X, Y = usual(20, N, M, seed=N, far=far)
    found = many.solve(X, Y[..., None], intercept)
    assert found["fine"].sum() >= (20 if far == 0 else 3 * intercept)
    for k in np.flatnonzero(found["fine"]):
        wanted = exact_ridge(X[k], Y[k], 0, intercept)
        for name, exact in (("b", wanted[:intercept]), ("W", wanted[intercept:])):
            for got, error, one in zip(found[name][..., k].ravel(), found[f"{name}_error"][..., k].ravel(), exact):
                off = abs(Fraction(float(got)) - one)
                assert off <= Fraction(float(error)) and error <= 1.5 * EPS * abs(got), (k, name)
                assert off <= Fraction(51, 100) * Fraction(EPS) * abs(one)


@pytest.mark.parametrize("D", [None, 2])
@pytest.mark.parametrize("intercept", [True, False])
def test_a_stack_says_of_each_problem_what_a_fit_of_it_alone_says(D, intercept):
    X, Y = usual(30, 20, 3)
    X[4, :, 2] = 5.0  # constant
    X[7, :, 1] = X[7, :, 0] * (1 + 1e-9 * np.arange(20))  # hard
    Y = Y if D is None else np.stack([Y, -Y + X[..., 0] ** 2], axis=2)
    if intercept:
        with pytest.warns(
            RankWarning, match=r"^Problem 4 \(the first is 0\), one of 1 that are so: Not unique: column 2 of"
        ):
            found = fit(X, Y)
    else:
        found = fit(X, Y, intercept=False)
    assert (
        len(found) == 30
        and {7} <= found.others.keys()
        and len(found.others) < 6
        and repr(found).startswith("30 fits. ")
    )
    for k, one in enumerate(found):
        if intercept and k == 4:
            continue
        alone = fit(X[k], Y[k], intercept=intercept)
        for name in NUMBERS:
            for got in (getattr(found, name)[k], getattr(one, name)):
                assert np.shape(got) == np.shape(getattr(alone, name))
                np.testing.assert_allclose(got, getattr(alone, name), rtol=1e-9, atol=1e-12)
        assert (one.rank, one.method, one.message, found.rank[k]) == (
            alone.rank,
            alone.method,
            alone.message,
            alone.rank,
        )
        np.testing.assert_allclose(found.predict(X)[k], alone.predict(X[k]), rtol=1e-12)
        np.testing.assert_allclose(found.predict(X[0])[k], alone.predict(X[0]), rtol=1e-9)


@pytest.mark.parametrize("far", [0.0, 3e3])
def test_residuals_that_are_small_beside_the_targets_keep_their_digits(far):
    X, noise = usual(20, 12, 2, seed=3, far=far)
    X, Y = np.round(X * 64) / 64, np.round(noise) * 2.0**-42
    Y += X[..., 0] * 3 - X[..., 1] + 7
    found = many.solve(X, Y[..., None], True)
    for k in np.flatnonzero(found["fine"]):
        theta = exact_ridge(X[k], Y[k], 0, True)
        left = [Fraction(y) - theta[0] - sum(Fraction(a) * w for a, w in zip(x, theta[1:])) for x, y in zip(X[k], Y[k])]
        assert found["residual_norms"][0, k] == pytest.approx(float(sum(one * one for one in left)) ** 0.5, rel=1e-12)
    assert found["fine"].sum() > 10


def test_weights_ridge_and_other_methods_are_taken_one_by_one():
    X, Y = usual(3, 9, 2)
    weights = np.random.default_rng(1).uniform(1, 2, size=(3, 9))
    for options in ({"ridge": 0.5}, {"method": "svd"}, {"weights": weights}):
        found = fit(X, Y, **options)
        assert len(found.others) == 3
        for k in range(3):
            mine = {**options, "weights": weights[k]} if "weights" in options else options
            assert np.array_equal(found.W[k], fit(X[k], Y[k], **mine).W) and found.method[k] == found[k].method


def test_a_usual_stack_is_solved_together_and_a_large_one_by_parts(monkeypatch):
    X, Y = usual(200, 50, 3)
    whole = fit(X, Y)
    assert len(whole.others) <= 1
    monkeypatch.setattr(many, "_TOGETHER", 1000)
    assert np.array_equal(fit(X, Y).W, whole.W)
    assert np.array_equal(fit(list(X), Y.tolist()).W, whole.W)
    for other in (copy.copy(whole), copy.deepcopy(whole)):
        assert other[3].condition == whole[3].condition and whole[-1].W is not None
    with pytest.raises(IndexError):
        whole[200]


def test_shapes_that_do_not_go_together_and_problems_that_cannot_be_solved_are_said():
    X, Y = usual(4, 9, 2)
    for y in (Y[0], Y[:3], Y[:, :8], Y[..., None, None]):
        with pytest.raises(
            ShapeError, match=r"^X has shape \(4, 9, 2\) and Y has shape .*, but X \(K, N, M\) goes with Y"
        ):
            fit(X, y)
    with pytest.raises(ShapeError, match=r"one weight a sample is expected"):
        fit(X, Y, weights=np.ones(9))
    with pytest.raises(InputError, match=r"^X is nan at index \[1, 2, 0\]"):
        fit(np.where(np.arange(72).reshape(4, 9, 2) == 22, np.nan, X), Y)
    with pytest.raises(ShapeError, match=r"^X has shape \(3, 5, 2\), but \(4, n, 2\) is expected, or \(n, 2\) for all"):
        fit(X, Y).predict(np.ones((3, 5, 2)))
    X[2, :, 1] = X[2, :, 0]
    with pytest.raises(InputError, match=r"^problem 2 \(the first is 0\): the columns do not determine the weights"):
        fit(X, Y, method="qr")
