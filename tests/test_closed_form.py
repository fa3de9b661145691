"""The closed form: exact rationals, certified values of NIST, scikit-learn, numpy's least squares, and the geometry."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles import cases, close, exact_solution, whole
from sklearn.linear_model import LinearRegression, Ridge

from lrcore import fit
from lrcore.closed_form import cholesky, qr, spectrum, svd
from lrcore.data import housing, synthetic
from lrcore.errors import InputError, RankWarning, ShapeError
from lrcore.gradients import gradient
from lrcore.losses import loss
from lrcore.model import design

METHODS = ("cholesky", "qr", "svd")


def solve(method, A, Y):
    return {"cholesky": cholesky, "qr": qr, "svd": lambda A, Y: svd(A, Y)[0]}[method](A, Y)


def quietly(*args, **kwargs):
    """fit, where a warning about the rank is expected and not the subject."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        return fit(*args, **kwargs)


@st.composite
def tall(draw):
    """X (N, M) and Y (N, D) of whole numbers with [1 | X] of full rank."""
    M, D = draw(st.sampled_from([(1, 2), (2, 3), (3, 1), (2, 1)]))
    N = M + 1 + draw(st.integers(1, 3))
    X, Y = draw(whole((N, M))), draw(whole((N, D)))
    assume(np.linalg.matrix_rank(design(X)) == M + 1)
    return X, Y


@given(tall(), st.sampled_from(METHODS))
def test_each_solver_gives_the_exact_rational_solution(problem, method):
    A, Y = design(problem[0]), problem[1]
    wanted = exact_solution(A, Y)
    tolerance = 1e-14 * np.linalg.cond(A) ** (2 if method == "cholesky" else 1) * max(1, np.abs(wanted).max()) * 10
    np.testing.assert_allclose(solve(method, A, Y), wanted, rtol=0, atol=tolerance)


@given(tall(), st.sampled_from(["auto", *METHODS]))
def test_fit_gives_the_exact_rational_weights_and_bias(problem, method):
    X, Y = problem
    wanted = exact_solution(design(X), Y)
    found = fit(X, Y, method=method)
    tolerance = 1e-13 * found.condition * max(1, np.abs(wanted).max())
    np.testing.assert_allclose(found.W, wanted[1:], rtol=0, atol=tolerance)
    np.testing.assert_allclose(found.b, wanted[0], rtol=0, atol=tolerance)
    assert found.rank == X.shape[1] + 1 and found.condition == pytest.approx(np.linalg.cond(design(X)), rel=1e-9)


@given(tall())
def test_fit_without_an_intercept_gives_the_exact_rational_weights(problem):
    X, Y = problem
    assume(np.linalg.matrix_rank(X) == X.shape[1])
    found = fit(X, Y, intercept=False)
    wanted = exact_solution(X, Y)
    tolerance = 1e-13 * found.condition * max(1, np.abs(wanted).max())
    np.testing.assert_allclose(found.W, wanted, rtol=0, atol=tolerance)
    assert (found.b == 0).all() and found.b.shape == (Y.shape[1],) and found.rank == X.shape[1]


# NIST Statistical Reference Datasets, linear regression, https://www.itl.nist.gov/div898/strd/lls/lls.shtml
NORRIS_TEXT = """
    0.1 0.2 338.8 337.4 118.1 118.2 888 884.6 9.2 10.1 228.1 226.5 668.5 666.3 998.5 996.3 449.1 448.6 778.9 777
    559.2 558.2 0.3 0.4 0.1 0.6 778.1 775.5 668.8 666.9 339.3 338 448.9 447.5 10.8 11.6 557.7 556 228.3 228.1 998 995.8
    888.8 887.6 119.6 120.2 0.3 0.3 0.6 0.3 557.6 556.8 339.3 339.1 888 887.2 998.5 999 778.9 779 10.2 11.1 117.6 118.3
    228.9 229.2 668.4 669.1 449.2 448.9 0.2 0.5
"""
NORRIS = np.array(NORRIS_TEXT.split(), dtype=float).reshape(-1, 2)
NORRIS_CERTIFIED = (-0.262323073774029, 1.00211681802045)
LONGLEY_TEXT = """
    60323 83.0 234289 2356 1590 107608 1947 61122 88.5 259426 2325 1456 108632 1948
    60171 88.2 258054 3682 1616 109773 1949 61187 89.5 284599 3351 1650 110929 1950
    63221 96.2 328975 2099 3099 112075 1951 63639 98.1 346999 1932 3594 113270 1952
    64989 99.0 365385 1870 3547 115094 1953 63761 100.0 363112 3578 3350 116219 1954
    66019 101.2 397469 2904 3048 117388 1955 67857 104.6 419180 2822 2857 118734 1956
    68169 108.4 442769 2936 2798 120445 1957 66513 110.8 444546 4681 2637 121950 1958
    68655 112.6 482704 3813 2552 123366 1959 69564 114.2 502601 3931 2514 125368 1960
    69331 115.7 518173 4806 2572 127852 1961 70551 116.9 554894 4007 2827 130081 1962
"""
LONGLEY = np.array(LONGLEY_TEXT.split(), dtype=float).reshape(-1, 7)
LONGLEY_CERTIFIED = (
    -3482258.63459582,
    15.0618722713733,
    -0.358191792925910e-01,
    -2.02022980381683,
    -1.03322686717359,
    -0.511041056535807e-01,
    1829.15146461355,
)


def digits(got, certified):
    return -np.log10(np.max(np.abs(np.asarray(got) / np.asarray(certified) - 1)))


def test_norris_has_its_certified_coefficients():
    found = fit(NORRIS[:, 1:], NORRIS[:, 0])
    assert digits([found.b, found.W[0]], NORRIS_CERTIFIED) > 12
    assert found.residual_norms == pytest.approx(np.sqrt(26.6173985294224), rel=1e-12)  # the certified sum of squares


def test_longley_which_is_ill_conditioned_has_its_certified_coefficients():
    found = fit(LONGLEY[:, 1:], LONGLEY[:, 0])
    assert digits([found.b, *found.W], LONGLEY_CERTIFIED) > 9
    assert found.method == "cholesky" and found.condition > 1e9  # centred and of one size, the columns are harmless
    assert found.residual_norms == pytest.approx(np.sqrt(836424.055505915), rel=1e-10)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("D", [None, 3])
def test_fit_agrees_with_scikit_learn(intercept, D):
    data = synthetic(30, 4, D, seed=3)
    found = fit(data.X, data.Y, intercept=intercept)
    theirs = LinearRegression(fit_intercept=intercept).fit(data.X, data.Y)
    assert close(found.W, theirs.coef_.T, 100)
    assert close(found.b, np.broadcast_to(theirs.intercept_, found.b.shape), 100)
    assert close(found.predict(data.X), theirs.predict(data.X), 100)


@pytest.mark.parametrize("method", ["auto", *METHODS])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("ridge", [1e-3, 1.0, 50.0])
def test_ridge_agrees_with_scikit_learn_and_leaves_the_bias_alone(ridge, intercept, method):
    data = synthetic(20, 3, 2, seed=5)
    found = fit(data.X, data.Y, ridge=ridge, intercept=intercept, method=method)
    theirs = Ridge(alpha=ridge, fit_intercept=intercept, solver="cholesky").fit(data.X, data.Y)
    np.testing.assert_allclose(found.W, theirs.coef_.T, rtol=1e-12)
    np.testing.assert_allclose(found.b, np.broadcast_to(theirs.intercept_, 2), rtol=1e-12, atol=1e-15)
    assert found.message.endswith(f"with ridge {ridge:g}.")


def test_the_ridge_solution_is_where_the_penalised_gradient_vanishes():
    data = synthetic(20, 3, seed=6)
    found = fit(data.X, data.Y, ridge=2.5)
    dw, db = gradient(data.X, data.Y, found.W, found.b, convention="sum")
    np.testing.assert_allclose(dw + 2 * 2.5 * found.W, 0, atol=1e-12)
    assert abs(db) < 1e-12


def test_a_vanishing_ridge_leads_to_the_minimum_norm_solution():
    X, y = np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]]), np.array([1.0, 2.0, 3.0])
    short = quietly(X, y)
    for ridge in (1e-9, 1e-20, 1e-300):
        found = fit(X, y, ridge=ridge)
        np.testing.assert_allclose(found.W, short.W, rtol=1e-8)
        assert found.rank == 2 and found.condition == np.inf


@pytest.mark.parametrize("unit", [1e-200, 1e-100, 1e100, 1e200])
@pytest.mark.parametrize("method", ["auto", *METHODS])
def test_a_ridge_far_from_the_size_of_the_data_neither_overflows_nor_vanishes(unit, method):
    X, y = np.array([[1.0, 2.0], [2.0, 1.0], [4.0, 1.0]]), np.array([1.0, 2.0, 3.0])
    found = fit(X * unit, y, ridge=1.0, intercept=False, method=method)
    wanted = X.T @ y * unit if unit < 1 else fit(X, y, intercept=False).W / unit
    np.testing.assert_allclose(found.W, wanted, rtol=1e-12)


def test_a_large_ridge_leaves_the_mean():
    found = fit(synthetic(9, 2, seed=1).X, np.arange(9.0), ridge=1e12)
    assert np.abs(found.W).max() < 1e-10 and found.b == pytest.approx(4.0)


@given(tall())
def test_the_gradient_vanishes_at_the_fit_and_no_other_weights_are_better(problem):
    X, Y = problem
    found = fit(X, Y)
    dW, db = gradient(X, Y, found.W, found.b)
    assert max(np.abs(dW).max(), np.abs(db).max()) < 1e-11 * found.condition * max(1, np.abs(found.W).max())
    best = loss(X, Y, found.W, found.b)
    for shift in (1e-3, -1e-3):
        assert loss(X, Y, found.W + shift, found.b) > best and loss(X, Y, found.W, found.b + shift) > best


@given(tall())
def test_what_another_guess_costs_is_its_distance_through_x(problem):
    X, Y = problem
    A, found = design(X), exact_solution(design(X), Y)
    other = found + 1.0
    gap = np.sum((A @ other - Y) ** 2) - np.sum((A @ found - Y) ** 2)
    assert gap == pytest.approx(np.sum((A @ (other - found)) ** 2), rel=1e-9)


@given(tall(), st.randoms(use_true_random=False))
def test_laws_of_the_fit(problem, random):
    X, Y = problem
    found = fit(X, Y)
    tolerance = {"rtol": 0, "atol": 1e-11 * found.condition**2 * max(1, np.abs(found.W).max(), np.abs(found.b).max())}
    order = random.sample(range(len(X)), len(X))
    np.testing.assert_allclose(fit(X[order], Y[order]).W, found.W, **tolerance)
    np.testing.assert_allclose(fit(X, 4 * Y + 3).W, 4 * found.W, **tolerance)
    np.testing.assert_allclose(fit(X, 4 * Y + 3).b, 4 * found.b + 3, **tolerance)
    np.testing.assert_allclose(fit(X + 5, Y).W, found.W, **tolerance)
    np.testing.assert_allclose(fit(8 * X, Y).W, found.W / 8, **tolerance)
    np.testing.assert_allclose(fit(X, Y[:, 0]).W, found.W[:, 0], **tolerance)


def test_residual_norms_are_one_an_output_and_no_mean():
    data = synthetic(30, 2, 3, seed=8)
    found = fit(data.X, data.Y)
    R = data.Y - found.predict(data.X)
    assert close(found.residual_norms, np.sqrt((R**2).sum(axis=0)))
    assert np.shape(fit(data.X, data.Y[:, 0]).residual_norms) == ()


@pytest.mark.parametrize("shape", [(2, 4), (1, 3), (3, 3), (1, 1)])
@pytest.mark.parametrize("intercept", [True, False])
def test_too_few_samples_give_the_minimum_norm_solution_and_say_so(shape, intercept):
    random = np.random.default_rng(7)
    X, Y = random.normal(size=shape), random.normal(size=(shape[0], 2))
    if not intercept and shape[0] >= shape[1]:
        assert fit(X, Y, intercept=False).rank == shape[1]
        return
    with pytest.warns(
        RankWarning, match=rf"^Not unique: {shape[0]} samples cannot fix {shape[1] + intercept} unknowns\."
    ):
        found = fit(X, Y, intercept=intercept)
    centred = (X - X.mean(axis=0), Y - Y.mean(axis=0)) if intercept else (X, Y)
    wanted = np.linalg.pinv(centred[0], rcond=1e-12) @ centred[1]
    np.testing.assert_allclose(found.W, wanted, atol=1e-13)
    np.testing.assert_allclose(found.predict(X), Y, atol=1e-12)
    assert (found.method, found.rank, found.condition) == ("svd", shape[0], np.inf)


def test_dependent_columns_give_the_minimum_norm_solution_and_say_so():
    random = np.random.default_rng(2)
    X = random.normal(size=(8, 3))
    X[:, 2] = X[:, 0] - 2 * X[:, 1]
    y = random.normal(size=8)
    with pytest.warns(
        RankWarning, match=r"^Not unique: columns of X are dependent\. This is the solution of minimum norm"
    ):
        found = fit(X, y)
    wanted = np.linalg.pinv(X - X.mean(axis=0), rcond=1e-12) @ (y - y.mean())
    np.testing.assert_allclose(found.W, wanted, atol=1e-13)
    assert found.rank == 3 and "by SVD" in found.message and str(found).startswith(found.message)


def test_columns_that_add_up_to_the_intercept_are_dependent():
    X = np.array([[1.0, 1999.0], [2.0, 1998.0], [4.0, 1996.0], [7.0, 1993.0]])
    with pytest.warns(RankWarning, match="columns of X are dependent") as caught:
        found = fit(X, np.array([1.0, 2.0, 4.0, 7.0]))
    assert caught[0].filename == __file__  # the line of the reader, not of the library
    np.testing.assert_allclose(found.W, [0.5, -0.5], rtol=1e-12)
    np.testing.assert_allclose(found.b, 1000.0, rtol=1e-12)


@pytest.mark.parametrize("value", [0.1, 0.0, 1e8 + 0.1, 1e-200, -7.3])
@pytest.mark.parametrize("beside", [False, True])
def test_a_constant_column_gets_no_weight_and_is_named(value, beside):
    random = np.random.default_rng(4)
    X, y = np.full((7, 1), value), random.normal(size=7)
    X = np.hstack([random.normal(size=(7, 1)), X]) if beside else X
    sentence = rf"^Not unique: column {int(beside)} of X is constant and repeats the intercept; leave it out\."
    with pytest.warns(RankWarning, match=sentence):
        found = fit(X, y)
    assert found.W[-1] == 0 and found.rank == 1 + beside
    alone = fit(X[:, :1], y) if beside else None
    np.testing.assert_allclose(found.b, alone.b if beside else y.mean(), rtol=1e-12)


def test_a_constant_column_without_an_intercept_is_a_column_like_any_other():
    found = fit(np.full((4, 1), 2.0), np.array([1.0, 2.0, 3.0, 6.0]), intercept=False)
    assert found.W[0] == pytest.approx(1.5) and found.rank == 1


@pytest.mark.parametrize("unit", [1e-200, 1e-20, 1e20, 1e200])
@pytest.mark.parametrize("method", ["auto", "qr", "svd"])
def test_units_do_not_matter_where_the_answer_is_unique(unit, method):
    data = synthetic(12, 3, seed=9)
    units = np.array([1.0, unit, 1.0])
    found, plain = fit(data.X * units, data.Y, method=method), fit(data.X, data.Y)
    np.testing.assert_allclose(found.W * units, plain.W, rtol=1e-12)
    assert found.rank == 4


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1e200])
@pytest.mark.parametrize("method", ["auto", *METHODS])
def test_neither_squares_that_vanish_nor_squares_that_overflow_reach_the_answer(unit, method):
    X = np.array([[1.0, 2.0], [2.0, 1.0], [4.0, 1.0]])
    found = fit(X * unit, np.array([1.0, 2.0, 3.0]), intercept=False, method=method)
    plain = fit(X, np.array([1.0, 2.0, 3.0]), intercept=False)
    np.testing.assert_allclose(found.W * unit, plain.W, rtol=1e-12)
    assert found.rank == 2 and found.condition == pytest.approx(plain.condition)


def test_residual_norms_neither_overflow_nor_vanish():
    for unit in (1e-200, 1e200):
        found = fit([[0.0], [1.0], [2.0]], np.array([0.0, 1.0, 0.0]) * unit)
        assert found.residual_norms / unit == pytest.approx(np.sqrt(2 / 3))


def test_dependent_columns_of_very_different_size_are_refused_and_not_dropped():
    x, z = np.random.default_rng(3).normal(size=(2, 9))
    with pytest.raises(
        InputError, match=r"^the columns of X are dependent and too different in size .*; standardise X first"
    ):
        fit(np.column_stack([x, x, 1e-17 * z]), x + z)


def test_float32_is_solved_in_float64():
    data = synthetic(40, 3, condition=3e4, seed=2)
    X, y = data.X.astype(np.float32), data.Y.astype(np.float32)
    found = fit(X, y)
    assert found.W.dtype == np.float64
    np.testing.assert_allclose(found.W, np.linalg.lstsq(design(X.astype(float)), y.astype(float))[0][1:], rtol=1e-9)


def test_auto_takes_cholesky_where_it_is_safe_and_qr_where_it_is_not():
    for condition, method in ((10, "cholesky"), (1e3, "cholesky"), (1e6, "qr"), (1e10, "qr")):
        data = synthetic(50, 3, condition=condition, seed=1)
        assert fit(data.X, data.Y).method == method


@pytest.mark.parametrize("condition", [1e2, 1e5])
def test_cholesky_loses_twice_the_digits_that_qr_loses(condition):
    data = synthetic(200, 4, condition=condition, noise=0.0, seed=4)
    X, Y = data.X, data.X @ data.W
    lost = {method: np.abs(solve(method, X, Y) / data.W - 1).max() for method in METHODS}
    assert lost["qr"] < 1e-14 * condition and lost["svd"] < 1e-14 * condition
    assert lost["cholesky"] < 1e-14 * condition**2


def test_cholesky_s_loss_is_real():
    data = synthetic(200, 4, condition=1e6, noise=0.0, seed=4)
    lost = {m: np.abs(solve(m, data.X, data.X @ data.W) / data.W - 1).max() for m in ("cholesky", "qr")}
    assert lost["cholesky"] > 100 * lost["qr"]


def test_the_housing_data_fit_has_scikit_learn_s_predictions():
    data = housing(outputs=("price", "grade"))
    found = fit(data.X, data.Y)
    theirs = LinearRegression().fit(data.X, data.Y)
    np.testing.assert_allclose(found.predict(data.X), theirs.predict(data.X), rtol=1e-9)
    assert found.rank == 6 and found.condition**2 == pytest.approx(5.687e10, rel=1e-3)


@given(cases(), st.sampled_from([0, 1]))
def test_the_spectrum_is_numpy_s_rank_and_singular_values(case, copies):
    A = np.hstack([case.X, case.X[:, :copies]])
    rank, sigma = spectrum(A)
    wanted = np.linalg.svd(A, compute_uv=False)
    assert rank == np.linalg.matrix_rank(A)
    np.testing.assert_allclose(sigma, wanted, atol=1e-13 * max(1, wanted[0]))


def test_svd_gives_the_rank_and_numpy_s_minimum_norm_solution():
    A = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    for Y in (np.arange(4.0), np.arange(8.0).reshape(4, 2) ** 2):
        W, rank = svd(A, Y)
        wanted, _, wanted_rank, _ = np.linalg.lstsq(A, Y, rcond=None)
        assert close(W, wanted, 10) and rank == wanted_rank == 2
    W, rank = svd(np.zeros((3, 2)), np.ones(3))
    assert rank == 0 and (W == 0).all()


def test_solvers_keep_float32():
    A, Y = synthetic(9, 2, seed=1).X.astype(np.float32), np.ones(9, np.float32)
    assert cholesky(A, Y).dtype == qr(A, Y).dtype == svd(A, Y)[0].dtype == np.float32


SHORT = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: cholesky(-np.ones((3, 2)), np.ones(3)),
            r"^the columns of A \(shape \(3, 2\)\) are dependent to working",
        ),
        (
            lambda: cholesky([[1e200], [1.0]], [1.0, 1.0]),
            r"^A\^T A overflows: .*; measure X, Y or W in larger units\.$",
        ),
        (
            lambda: qr(np.ones((2, 3)), np.ones(2)),
            r"^A has shape \(2, 3\), fewer rows than columns, so W is not determined; use",
        ),
        (
            lambda: qr([[1.0, 0.0], [2.0, 0.0]], np.ones(2)),
            r"^the columns of A \(shape \(2, 2\)\) are dependent, so W is not",
        ),
        (
            lambda: fit(SHORT, np.ones(3), method="qr"),
            r"^the columns do not determine the weights, so qr has no answer; use auto or",
        ),
        (
            lambda: fit(SHORT, np.ones(3), method="cholesky"),
            r"^the columns do not determine the weights, so cholesky has no",
        ),
        (
            lambda: fit(SHORT, np.ones(3), method="lu"),
            r"^method is 'lu', but one of auto, cholesky, qr, svd is expected\.$",
        ),
        (
            lambda: fit(SHORT, np.ones(3), method=["qr"]),
            r"^method is \['qr'\], but one of auto, cholesky, qr, svd is expected\.$",
        ),
        (lambda: fit(SHORT, np.ones(3), ridge=-1), r"^ridge is -1, but a number zero or more is expected\.$"),
        (lambda: fit(SHORT, np.ones(3), ridge=True), r"^ridge is True, but a number zero or more is expected\.$"),
        (
            lambda: fit([[1.7e308], [1.6e308], [1.5e308]], np.ones(3)),
            r"overflows: .* measure X, Y or W in larger units\.$",
        ),
        (lambda: fit([[1e-300], [2e-300]], [1e100, 1e150], intercept=False), r"^the fit overflows: "),
    ],
)
def test_what_cannot_be_solved_is_said_in_one_sentence(call, sentence):
    with pytest.raises(InputError, match=sentence):
        call()


@pytest.mark.parametrize("solver", [cholesky, qr, svd])
def test_solvers_name_the_matrix_as_they_were_given_it(solver):
    with pytest.raises(ShapeError, match=r"^A has shape \(3,\), but a matrix is expected, one sample a row\.$"):
        solver(np.ones(3), np.ones(3))
    with pytest.raises(ShapeError, match=r"^A has shape \(3, 2\) and Y has shape \(2,\): axis 0 counts the samples"):
        solver(SHORT, np.ones(2))


def test_fit_does_not_write_to_what_it_is_given():
    X, y = np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]]), np.array([1.0, 2.0, 3.0])
    copies = X.copy(), y.copy()
    quietly(X, y, intercept=True)
    quietly(X, y, intercept=False)
    assert np.array_equal(X, copies[0]) and np.array_equal(y, copies[1])


def test_a_fit_prints_what_can_be_said_of_it():
    found = fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.0])
    said = "Solved by the normal equations (Cholesky). Rank 2, condition number of X 2.924, |residual| 0.816497."
    assert str(found) == repr(found) == f"{said}\n  bias     0.333333\n  W[0] {found.W[0]:>12.6g}"


def test_a_constant_column_gets_no_weight_under_ridge_or_beside_tiny_columns():
    y = np.array([1.0, 2.0, 4.0])
    assert fit(np.full((3, 1), 0.1), y, ridge=1e-40, method="qr").W[0] == 0
    X = np.column_stack([np.array([1.0, 2.0, 3.0]) * 1e-15, np.full(3, 0.1)])
    np.testing.assert_allclose(quietly(X, y).W, [1.5e15, 0.0], rtol=1e-9)
