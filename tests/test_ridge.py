"""Ridge against exact rational arithmetic, where neither the samples nor a tiny penalty decide in floats."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from oracles import exact_ridge

from lrcore import accumulate, fit
from lrcore._exact import dual, rational, refine
from lrcore.errors import InputError, RankWarning

HALF = Fraction(1, 2**53)


def off(found, wanted):
    """How far each number of a fit is off, in fractions, and what its error and its rounding allow."""
    numbers = [*np.atleast_1d(found.b)[len(wanted) == len(found.W) :], *found.W]
    errors = [*np.atleast_1d(found.b_error)[len(wanted) == len(found.W) :], *found.W_error]
    distances = [abs(Fraction(float(number)) - one) for number, one in zip(numbers, wanted, strict=True)]
    return distances, [Fraction(float(error)) + HALF * abs(one) for error, one in zip(errors, wanted, strict=True)]


def almost_dependent(seed):
    """X whose last column almost follows (condition 1e8 to 1e17), and a ridge of 1e-34 to 1e-10."""
    random = np.random.default_rng(seed)
    N, M = random.integers(5, 10), random.integers(2, 5)
    X, y = random.normal(size=(N, M)), random.normal(size=N)
    X[:, -1] = X[:, :-1] @ random.integers(-2, 3, size=M - 1) + X[:, -1] * 10.0 ** -random.uniform(8, 17)
    return X, y, 10.0 ** random.uniform(-34, -10), bool(random.integers(2))


def quietly(*args, **options):
    """A fit, and whether it warned."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = fit(*args, **options)
    return found, [str(warning.message) for warning in caught]


E = 2.0**-48
CLOSE = np.array([[1, 1], [1, 1 + E], [1, 1], [1, 1 - E], [2, 2]]), np.array([1.0, 2, 3, 5, 7])


def test_two_columns_that_differ_by_a_few_units_in_the_last_place_have_their_ridge_solution():
    X, y = CLOSE
    found, wanted = fit(X, y, intercept=False, ridge=7.9e-31), exact_ridge(X, y, 7.9e-31, False)
    assert found.W[0] == float(wanted[0]) and found.W[1] == float(wanted[1])
    assert 3.97e14 < found.W[0] < 3.98e14 and found.rank == 1 and "by fractions with ridge" in found.message
    left = sum(
        (Fraction(b) - sum(Fraction(a) * w for a, w in zip(row, wanted, strict=True))) ** 2
        for row, b in zip(X.tolist(), y.tolist(), strict=True)
    )
    assert found.residual_norms == pytest.approx(float(left) ** 0.5, rel=1e-15)


@pytest.mark.parametrize("part", range(3))
def test_no_ridge_result_claims_a_digit_that_it_does_not_have(part):
    judged = {"rational": 0, "qr": 0, "cholesky": 0}
    for seed in range(150 * part, 150 * part + 150):
        X, y, ridge, intercept = almost_dependent(seed)
        found, said = quietly(X, y, ridge=ridge, intercept=intercept)
        wanted = exact_ridge(X, y, ridge, intercept)
        distances, allowed = off(found, wanted)
        assert all(map(Fraction.__le__, distances, allowed)), f"seed {seed}"
        assert said or max(distances[intercept:]) <= Fraction(1, 10**7) * max(map(abs, wanted[intercept:])), seed
        judged[found.method] += 1
    assert min(judged.values()) > 0, judged


def few_bits(seed):
    """X on a coarse grid, whose last column differs from a sum of the others by a few bits far behind."""
    random = np.random.default_rng(seed)
    N, M = int(random.integers(5, 10)), int(random.integers(2, 4))
    X = np.round(8 * random.normal(size=(N, M))) / 8
    others = X[:, :-1] @ random.integers(1, 3, size=M - 1)
    X[:, -1] = others + np.round(2**10 * random.normal(size=N)) * 2.0 ** -random.integers(35, 52)
    return X, random.normal(size=N), 10.0 ** random.uniform(-34, -24), bool(random.integers(2))


def test_a_correction_that_is_small_by_chance_is_not_taken_for_the_last_one():
    """Rounding leaves a share of each correction, the condition number's, however small the correction is."""
    for seed in (422, 468, 746, 883, 976, 1124, 1390):
        X, y, ridge, intercept = few_bits(seed)
        found, _ = quietly(X, y, ridge=ridge, intercept=intercept)
        distances, allowed = off(found, exact_ridge(X, y, ridge, intercept))
        assert all(map(Fraction.__le__, distances, allowed)), f"seed {seed}"


def test_a_residual_that_is_still_wrong_is_no_converged_fit():
    first = np.array([-0.625, -0.875, 0.625, 0.5, 1.5, 1.25])
    far = [[100736, -2224000], [194304, 922752], [-874624, 6144], [1285376, 574080], [-477696, 2804480]]
    X = first[:, None] + np.array([*far, [-1369088, 2385920]]) * 2.0**-60
    y = np.array([0.19958517834781467, 0.11742402288156102, -0.04413274761808911])
    y, ridge = np.r_[y, 1.1304178019380158, -1.4246226816592276, -1.1107701781527808], 6.5602158645207605e-34
    distances, allowed = off(fit(X, y, ridge=ridge, intercept=False), exact_ridge(X, y, ridge, False))
    assert all(map(Fraction.__le__, distances, allowed))


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_however_early_the_corrections_end_the_error_covers_what_they_left(steps, monkeypatch):
    monkeypatch.setattr(refine, "_STEPS", steps)
    judged = 0
    for seed in range(200):
        for problem in (few_bits, almost_dependent):
            X, y, ridge, intercept = problem(seed)
            found, _ = quietly(X, y, ridge=ridge, intercept=intercept)
            distances, allowed = off(found, exact_ridge(X, y, ridge, intercept))
            assert all(map(Fraction.__le__, distances, allowed)), f"{problem.__name__} {seed}: {found.W}"
            judged += found.method == "qr"
    assert judged > 100


def test_where_fractions_are_too_dear_the_error_says_so_and_a_warning_too(monkeypatch):
    monkeypatch.setattr(rational, "few", lambda system: False)
    judged = 0
    for seed in range(300):
        X, y, ridge, intercept = almost_dependent(seed)
        found, said = quietly(X, y, ridge=ridge, intercept=intercept)
        if found.method != "svd":
            continue
        distances, allowed = off(found, exact_ridge(X, y, ridge, intercept))
        assert all(map(Fraction.__le__, distances, allowed)), f"seed {seed}"
        assert len(said) == 1 and said[0] == found.message
        judged += 1
    assert judged > 5


def test_a_doubtful_ridge_is_said_with_its_rank_and_what_to_do():
    random = np.random.default_rng(0)
    X = random.normal(size=(20_000, 3))
    X[:, 2] = X[:, 0] + X[:, 1]
    with pytest.warns(
        RankWarning, match=r"^Not certain: X has rank 3 of 4, and ridge 1e-30 is too small .* take a larg"
    ):
        found = fit(X, random.normal(size=20_000), ridge=1e-30)
    assert found.W_error.min() > 1e10
    _, said = quietly(X, random.normal(size=20_000), ridge=1e-3)
    assert not said


@pytest.mark.parametrize("weighted", [False, True])
def test_several_outputs_weights_and_a_bias_are_solved_in_fractions_too(weighted):
    random = np.random.default_rng(3)
    X, Y = random.normal(size=(7, 2)), random.normal(size=(7, 2))
    X[:, 1] = X[:, 0] * (1 + 2.0**-51)
    weights = random.uniform(0.1, 3, size=7) if weighted else None
    found, _ = quietly(X, Y, ridge=1e-33, weights=weights)
    assert found.method == "rational"
    for j in range(2):
        wanted = exact_ridge(X, Y[:, j], 1e-33, True, weights)
        np.testing.assert_array_max_ulp([found.b[j], *found.W[:, j]], [float(one) for one in wanted], 1)


@pytest.mark.parametrize("method", ["qr", "cholesky"])
def test_a_method_that_cannot_decide_is_refused_and_no_ridge_is_no_excuse(method):
    X, y = CLOSE
    with pytest.raises(InputError, match=rf"^the columns do not determine the weights, so {method} has no answer"):
        fit(X, y, intercept=False, method=method)
    if method == "cholesky":
        with pytest.raises(InputError, match=r"is too large to be squared by Cholesky"):
            fit(X, y, intercept=False, method=method, ridge=7.9e-31)


def test_a_penalty_that_is_all_there_is_leaves_small_errors_of_small_weights():
    X, y = np.array([[1.0, 2.0], [2.0, 1.0], [4.0, 1.0]]) * 1e-100, np.array([1.0, 2.0, 3.0])
    found = fit(X, y, ridge=1.0, intercept=False)
    assert (found.W_error <= 1e-15 * np.abs(found.W)).all()


def test_merged_rows_with_a_tiny_ridge_claim_no_digit_that_they_do_not_have():
    for seed in range(200):
        X, y, ridge, intercept = almost_dependent(seed)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found = accumulate.of_arrays(X, y, rows=3).fit(intercept=intercept, ridge=ridge)
        wanted = exact_ridge(X, y, ridge, intercept)
        distances, allowed = off(found, wanted)
        assert all(map(Fraction.__le__, distances, allowed)), f"seed {seed}"
        assert caught or max(distances[intercept:]) <= Fraction(1, 10**7) * max(map(abs, wanted[intercept:]))


def wide(seed):
    """More columns than samples, of different sizes and far from zero; ridge from small to large; perhaps weights."""
    random = np.random.default_rng(seed)
    N = int(random.integers(2, 6))
    M = N + int(random.integers(1, 5))
    X = random.normal(size=(N, M)) * 10.0 ** random.uniform(-2, 2, size=M) + random.choice([0.0, 30.0, 1e5])
    weights = 10.0 ** random.uniform(-2, 2, size=N) if seed % 3 == 0 else None
    return X, random.normal(size=N), 10.0 ** random.uniform(-3, 6), bool(random.integers(2)), weights


def test_wide_data_are_solved_in_the_space_of_the_samples_to_the_last_digit(monkeypatch):
    monkeypatch.setattr(dual, "_WORTH", 0)
    taken = 0
    for seed in range(150):
        X, y, ridge, intercept, weights = wide(seed)
        found = fit(X, y, ridge=ridge, intercept=intercept, weights=weights)
        taken += found.method == "dual"
        distances, allowed = off(found, exact_ridge(X, y, ridge, intercept, weights))
        assert all(far <= most for far, most in zip(distances, allowed, strict=True)), seed
        assert (found.W_error <= 2e-15 * np.abs(found.W).max()).all(), seed
        other = fit(X, y, ridge=ridge, intercept=intercept, weights=weights, method="qr")
        assert found.rank == other.rank and found.condition == other.condition == np.inf
        np.testing.assert_allclose(found.r_squared, other.r_squared, atol=1e-13)
        np.testing.assert_allclose(found.residual_norms, other.residual_norms, rtol=1e-9, atol=5e-12)
        np.testing.assert_allclose(found.predict(X), other.predict(X), rtol=1e-9, atol=5e-12)
    assert taken > 70


def test_wide_data_of_several_outputs_are_solved_as_each_alone():
    random = np.random.default_rng(5)
    X, Y = random.normal(size=(60, 150)) + 3, random.normal(size=(60, 3))
    found = fit(X, Y, ridge=2.0)
    assert found.method == "dual" and "in the space of the samples (Cholesky) with ridge 2" in found.message
    for j in range(3):
        np.testing.assert_allclose(found.W[:, j], fit(X, Y[:, j], ridge=2.0, method="qr").W, rtol=1e-13)


def test_wide_data_whose_rank_or_ridge_squaring_would_hide_are_left_to_the_other_ways():
    random = np.random.default_rng(6)
    X, y = random.normal(size=(60, 150)), random.normal(size=60)
    assert fit(X, y, ridge=1.0).method == "dual"
    assert fit(X, y, ridge=1e-9).method == "qr"
    twice = np.vstack([X[:-1], X[:1]])
    assert fit(twice, y, ridge=1.0).method == "qr" and fit(twice, y, ridge=1.0).rank == 59
