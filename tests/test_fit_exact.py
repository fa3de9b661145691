"""Fit against exact rational arithmetic: hundreds of problems, most near singular, each right to the last digit."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nist import SETS
from oracles import exact_solution

from lrcore import accumulate, fit
from lrcore._exact import scaling
from lrcore._fast import blocks, threads
from lrcore.closed_form import qr
from lrcore.errors import InputError, RankWarning, ShapeError
from lrcore.gradients import gradient
from lrcore.model import design

ULP = np.finfo(float).eps


def near_singular(seed):
    """X whose last column almost follows from the others; columns far from zero and in units far apart; two outputs."""
    random = np.random.default_rng(seed)
    N, M = random.integers(6, 12), random.integers(2, 5)
    X = random.normal(size=(N, M))
    X[:, -1] = X[:, :-1] @ random.normal(size=M - 1) + 10.0 ** -random.integers(0, 13) * random.normal(size=N)
    X += 10.0 ** random.integers(-2, 5) * random.integers(0, 2)
    return X * 10.0 ** random.integers(-8, 8, size=M), random.normal(size=(N, 2))


def fitted(X, Y, **options):
    """The numbers of a fit, bias first, with their errors; None where the columns count as dependent."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        try:
            found = fit(X, Y, **options)
        except InputError:
            return None
    if not np.isfinite(found.condition):
        return None
    if not options.get("intercept", True):
        return found.W, found.W_error
    return np.vstack([found.b, found.W]), np.vstack([found.b_error, found.W_error])


def off(found, wanted):
    """The largest relative error, and whether each number is as near as its error says."""
    numbers, errors = found
    return np.abs(numbers / wanted - 1).max(), (np.abs(numbers - wanted) <= errors + ULP / 2 * np.abs(wanted)).all()


@pytest.mark.parametrize("method", ["auto", "qr"])
def test_two_hundred_near_singular_problems_are_solved_to_the_last_digit(method):
    judged = 0
    for seed in range(200):
        X, Y = near_singular(seed)
        found = fitted(X, Y, method=method)
        if found is None:
            continue
        error, honest = off(found, exact_solution(design(X), Y))
        assert error <= ULP and honest, f"seed {seed}: off by {error:.1e}"
        judged += 1
    assert judged > 180


def test_without_an_intercept_too_and_by_the_svd():
    for seed in range(60):
        X, Y = near_singular(seed)
        found = fitted(X, Y, intercept=False, method="svd")
        if found is not None:
            error, honest = off(found, exact_solution(X, Y))
            assert error <= ULP and honest


def test_plain_qr_would_fail_these_tests():
    X, Y = near_singular(3)
    wanted = exact_solution(design(X), Y)
    assert np.abs(qr(design(X), Y) / wanted - 1).max() > 1e-12


def with_a_large_residual(seed, N=9):
    """Two columns that differ by 1e-6 to 1e-9 of their size, and a residual up to 1e4 times what they explain."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(N, 2))
    X[:, 1] = X[:, 0] + 10.0 ** -random.integers(6, 10) * X[:, 1]
    w, normal = np.array([[1.0], [-2.0]]), np.linalg.qr(np.hstack([design(X), random.normal(size=(N, 1))]))[0][:, 3:]
    return X, X @ w + 10.0 ** random.integers(0, 5) * normal


@pytest.mark.parametrize("method", ["auto", "svd"])
def test_a_small_answer_with_a_large_residual_is_right_where_the_condition_number_enters_twice(method):
    for seed in range(40):
        X, Y = with_a_large_residual(seed)
        error, honest = off(fitted(X, Y, method=method), exact_solution(design(X), Y))
        assert error <= ULP and honest, f"seed {seed}: off by {error:.1e}"


def test_of_many_blocks_too_and_what_their_sums_lose_is_in_the_error(monkeypatch):
    monkeypatch.setattr(blocks, "cache_bytes", lambda: 1024)
    for seed in range(20):
        X, Y = with_a_large_residual(seed, N=60)
        error, honest = off(fitted(X, Y), exact_solution(design(X), Y))
        assert error <= 1e-14 and honest, f"seed {seed}: off by {error:.1e}"


@pytest.mark.parametrize("method", ["auto", "qr", "svd"])
def test_of_the_shares_of_many_threads_too(monkeypatch, method):
    monkeypatch.setattr(threads, "available", lambda: 3)
    monkeypatch.setattr(scaling, "_WORTH", 64)
    for seed in (*range(20), *range(205, 280)):
        X, Y = with_a_large_residual(seed, N=61)
        error, honest = off(fitted(X, Y, method=method), exact_solution(design(X), Y))
        assert error <= 1e-12 and honest, f"seed {seed}: off by {error:.1e}"
    random = np.random.default_rng(0)
    X, Y, weights = random.normal(size=(61, 3)), random.normal(size=(61, 2)), random.uniform(1, 2, size=61)
    shared = fit(X, Y, weights=weights, ridge=0.5)
    monkeypatch.setattr(threads, "available", lambda: 1)
    alone = fit(X, Y, weights=weights, ridge=0.5)
    np.testing.assert_array_max_ulp(shared.W, alone.W, 1)
    np.testing.assert_array_max_ulp(shared.b, alone.b, 1)
    assert shared.residual_norms == pytest.approx(alone.residual_norms, rel=1e-14)


@given(st.integers(0, 10**6), st.sampled_from(["auto", "cholesky", "qr", "svd"]))
def test_weights_that_are_squares_are_rows_times_their_roots(seed, method):
    random = np.random.default_rng(seed)
    X, Y = random.normal(size=(8, 3)), random.normal(size=(8, 2))
    roots = random.integers(1, 9, size=8).astype(float)
    X, Y = (np.round(A * 2.0**40) / 2.0**40 for A in (X, Y))  # so that a root times an entry is exact
    wanted = exact_solution(roots[:, None] * design(X), roots[:, None] * Y)
    found = fitted(X, Y, weights=roots**2, method=method)
    error, honest = off(found, wanted)
    assert error <= ULP and honest


def test_a_weight_of_three_is_a_sample_taken_three_times_and_a_weight_of_zero_none():
    random = np.random.default_rng(1)
    X, y, counts = random.normal(size=(7, 2)), random.normal(size=7), np.array([3, 0, 1, 1, 2, 0, 1])
    once, repeated = fit(X, y, weights=counts), fit(np.repeat(X, counts, axis=0), np.repeat(y, counts))
    np.testing.assert_array_max_ulp(once.W, repeated.W, 1)
    np.testing.assert_array_max_ulp(once.b, repeated.b, 1)
    assert once.residual_norms == pytest.approx(repeated.residual_norms, rel=1e-14)
    assert once.r_squared == pytest.approx(repeated.r_squared, rel=1e-14)
    assert once.condition == pytest.approx(repeated.condition)


@pytest.mark.parametrize("unit", [1e-300, 1e-100, 1.0, 1e100, 1e300])
def test_the_unit_of_the_weights_does_not_matter(unit):
    random = np.random.default_rng(2)
    X, y, weights = random.normal(size=(7, 2)), random.normal(size=7), random.uniform(0.1, 1, size=7)
    np.testing.assert_allclose(fit(X, y, weights=weights * unit).W, fit(X, y, weights=weights).W, rtol=1e-15)


@pytest.mark.parametrize("method", ["auto", "cholesky", "qr", "svd"])
@pytest.mark.parametrize("root", [2.0**-20, 0.5, 4.0, 2.0**20])
def test_ridge_is_solved_to_the_last_digit(root, method):
    for seed in range(20):
        X, Y = near_singular(seed)
        if method == "cholesky" and root < 1:
            continue
        found = fit(X, Y, ridge=root**2, intercept=False, method=method)
        wanted = exact_solution(np.vstack([X, root * np.eye(X.shape[1])]), np.vstack([Y, np.zeros((X.shape[1], 2))]))
        assert np.abs(found.W / wanted - 1).max() <= ULP


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        (np.ones(3), r"^X has shape \(4, 1\) and weights has shape \(3,\), but one weight a sample is expected\.$"),
        ([1, 1, 1, -2], r"^weights reach from -2 to 1, but zero or more, not all zero, is expected\.$"),
        (np.zeros(4), r"^weights reach from 0 to 0, but zero or more, not all zero, is expected\.$"),
        ([1, 1, 1, np.nan], r"^weights is nan at index \[3\]; remove or fill such entries first\.$"),
    ],
)
def test_weights_that_cannot_be_used_are_said_in_one_sentence(weights, sentence):
    with pytest.raises((InputError, ShapeError), match=sentence):
        fit([[1.0], [2.0], [4.0], [5.0]], np.ones(4), weights=weights)


def test_standard_errors_are_roots_of_the_diagonal_of_the_covariance():
    random = np.random.default_rng(4)
    X, Y, weights = random.normal(size=(20, 3)) + 5, random.normal(size=(20, 2)), random.uniform(0.5, 2, size=20)
    found = fit(X, Y, weights=weights)
    A, R = design(X), Y - found.predict(X)
    inverse = np.linalg.inv(A.T @ (weights[:, None] * A))
    variance = (weights[:, None] * R**2).sum(axis=0) / (20 - 4)
    wanted = np.sqrt(np.diag(inverse)[:, None] * variance)
    np.testing.assert_allclose(np.vstack([found.b_se, found.W_se]), wanted, rtol=1e-11)
    assert fit(X, Y[:, 0]).W_se.shape == (3,) and np.shape(fit(X, Y[:, 0]).b_se) == ()


def test_there_are_no_standard_errors_where_there_is_no_freedom_or_a_penalty():
    X, y = np.array([[1.0], [2.0]]), np.array([1.0, 3.0])
    assert np.isnan(fit(X, y).W_se).all() and np.isnan(fit(np.vstack([X, X]), [1, 2, 3, 4], ridge=1.0).W_se).all()


def test_r_squared_compares_with_the_mean_or_with_zero():
    random = np.random.default_rng(6)
    X, y = random.normal(size=(9, 2)), random.normal(size=9) + 3
    for intercept, about in ((True, y.mean()), (False, 0.0)):
        found = fit(X, y, intercept=intercept)
        left = ((y - found.predict(X)) ** 2).sum()
        assert found.r_squared == pytest.approx(1 - left / ((y - about) ** 2).sum(), rel=1e-13)
    assert np.isnan(fit(X, np.full(9, 2.0)).r_squared)


class Frame:
    """What pandas and polars frames have in common: columns with names, and numbers for numpy."""

    def __init__(self, values, columns):
        self.values, self.columns = np.asarray(values), columns

    def __array__(self, dtype=None, copy=None):
        return self.values


def test_a_frame_is_read_and_its_column_names_are_shown():
    X, y = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [5.0, 7.0]]), np.array([1.0, 2.0, 4.0, 4.0])
    found = fit(Frame(X, ["rooms", "age"]), y)
    assert found.names == ("rooms", "age") and (found.W == fit(X, y).W).all()
    assert str(found).splitlines()[2:] == [f"  rooms {found.W[0]:>12.6g}", f"  age   {found.W[1]:>12.6g}"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_of_pandas_and_polars_are_read_as_they_are(library):
    frames = pytest.importorskip(library)
    X = frames.DataFrame({"rooms": [1.0, 2.0, 3.0, 5.0], "age": [2, 1, 5, 7]})
    y = frames.Series([1.0, 2.0, 4.0, 4.0])
    found = fit(X, y)
    assert found.names == ("rooms", "age") and (found.W == fit(np.asarray(X), np.asarray(y)).W).all()
    np.testing.assert_array_equal(gradient(X, y, found.W, found.b)[0], gradient(np.asarray(X), y, found.W, found.b)[0])
    found = accumulate.of_blocks([(X, y), (X[:3], y[:3])]).fit()
    assert pytest.approx(fit(np.asarray(X), np.asarray(y), weights=[2, 2, 2, 1]).W) == found.W


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ([1.0, None, 3.0, 5.0], r"^X is nan at index \[1, 0\]; remove or fill such entries first\.$"),
        (["a", "b", "c", "d"], r"^X holds (text|Python objects), but real numbers are expected; convert it to floats"),
    ],
)
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_with_gaps_or_text_are_refused_in_one_sentence(library, column, sentence):
    X = pytest.importorskip(library).DataFrame({"rooms": column})
    with pytest.raises(InputError, match=sentence):
        fit(X, np.ones(4))


@pytest.mark.parametrize("use", [lambda X: fit(X, np.ones(3)), lambda X: gradient(X, np.ones(3), np.ones(2))])
@pytest.mark.parametrize(
    ("X", "sentence"),
    [
        (np.ma.masked_array(np.ones((3, 2)), np.eye(3, 2)), r"^X has 2 masked entries; drop those samples or fill"),
        (np.array([[1, None], [2, 3], [4, 5]]), r"^X holds Python objects, but real numbers are expected"),
        (np.array([[2**60 + 1, 1], [2, 3], [4, 5]]), r"^X holds integers beyond 2\*\*53, which float64 rounds"),
        (np.ones((3, 2)) * 1j, r"^X holds complex numbers, but real numbers are expected"),
        (np.float16([[1, np.inf], [2, 3], [4, 5]]), r"^X is inf at index \[0, 1\]"),
        (np.ones((3, 2, 1)), r"^X has shape \(3, 2, 1\)"),
    ],
)
def test_what_is_no_matrix_of_real_numbers_is_said_in_one_sentence(X, sentence, use):
    with pytest.raises((InputError, ShapeError), match=sentence):
        use(X)


def test_integers_are_read_as_float64():
    X = np.array([[1, 2], [2, 1], [3, 5], [5, 7]], dtype=np.int8)
    assert (fit(X, [1, 2, 4, 4]).W == fit(X.astype(float), [1.0, 2, 4, 4]).W).all()


def test_sparse_matrices_are_refused_with_a_way_out():
    from scipy.sparse import csr_array

    with pytest.raises(InputError, match=r"^X is a sparse matrix, but a dense array .* write X\.toarray\(\) if"):
        fit(csr_array(np.eye(3)), np.ones(3))


def test_half_precision_is_read_as_float64():
    X = np.arange(6, dtype=np.float16).reshape(3, 2) ** 2
    assert fit(X[:, :1], np.ones(3)).W.dtype == np.float64


def digits(got, wanted):
    return -np.log10(max(np.max(np.abs(np.asarray(got) / np.asarray(wanted) - 1)), 1e-16))


@pytest.mark.parametrize("name", SETS)
def test_each_certified_set_is_the_exact_solution_of_what_float64_holds_of_it(name):
    given = SETS[name]
    found = fit(given.X, given.y, intercept=given.intercept)
    A = design(given.X) if given.intercept else given.X
    numbers = np.r_[found.b, found.W] if given.intercept else found.W
    errors = np.r_[found.b_error, found.W_error] if given.intercept else found.W_error
    wanted = exact_solution(A, given.y)[:, 0]
    assert found.rank == len(given.beta) and digits(numbers, wanted) >= 15.6
    assert (np.abs(numbers - wanted) <= errors + ULP / 2 * np.abs(wanted)).all()
    # the certified decimals are the solution for the printed decimals: rounding those to float64 has a price of its own
    assert digits(numbers, given.beta) > (7.5 if name == "Filip" else 13)
    standard_errors = np.r_[found.b_se, found.W_se] if given.intercept else found.W_se
    np.testing.assert_allclose(standard_errors, given.se, rtol=1e-7 if name == "Filip" else 1e-10, atol=1e-9)


def test_the_residual_of_a_ridge_fit_is_that_of_its_predictions():
    X, Y = near_singular(1)
    found = fit(X, Y, ridge=2.0)
    np.testing.assert_allclose(found.residual_norms, np.linalg.norm(Y - found.predict(X), axis=0), rtol=1e-12)


def test_the_shortest_solution_is_as_near_as_its_error_says():
    X, Y = np.random.default_rng(8).normal(size=(3, 5)), np.ones((3, 1))
    with pytest.warns(RankWarning):
        found = fit(X, Y, intercept=False)
    basis = fit(X.T, np.eye(5), intercept=False).W.T  # the pseudo-inverse of X, to the last digit
    assert (np.abs(found.W - basis @ Y) <= found.W_error).all() and found.W_error.max() < 1e-13


def test_a_spread_that_is_small_beside_the_mean_is_no_dependence():
    far = 1e15 + np.arange(3.0)[:, None]
    for found in (fit(far, [0.0, 2, 4]), accumulate.of_rows(far, [0.0, 2, 4]).fit()):
        assert found.rank == 2 and found.W == 2
    assert pytest.approx(2) == fit(far, [0.0, 2, 4], ridge=1e-9).W
    seconds = 1.7e9 + np.arange(100_000) / 1e6
    assert fit(seconds[:, None], 2 * (seconds - seconds[0])).W == 2


def test_a_tiny_ridge_decides_what_the_columns_do_not():
    X, y = [[1, 1], [2, 2 + 8.9e-16], [3, 3], [5, 5 - 8.9e-16]], np.array([[1.0], [3], [2], [5]])
    A = np.vstack([design(np.array(X, float)), np.sqrt(1e-20) * np.eye(2, 3, 1)])
    wanted = exact_solution(A, np.vstack([y, np.zeros((2, 1))]))[1:]
    found = fit(X, y[:, 0], ridge=1e-20)
    np.testing.assert_allclose(found.W, [float(one[0]) for one in wanted], rtol=1e-9)


def test_cholesky_is_refused_where_it_would_lose_every_digit():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(6, 2)), random.normal(size=6)
    X = np.c_[X, X[:, 0] + 1e-9 * y]
    A = np.c_[np.ones(6), X - X.mean(axis=0)]
    condition = np.linalg.cond(A / np.linalg.norm(A, axis=0))
    sentence = rf"^the condition number, {condition:.1e}, is too large to be squared by Cholesky".replace("+", r"\+")
    with pytest.raises(InputError, match=sentence):
        fit(X, y, method="cholesky")


@pytest.mark.parametrize("given", [{"weights": [5e307, 1, 1, 1]}, {"weights": [1e-300] * 4, "ridge": 1e308}])
def test_weights_and_ridge_beyond_all_floats_are_refused(given):
    with pytest.raises(InputError, match=r"^weights or ridge are too large; divide"):
        fit([[1.0, 2], [2, 1], [3, 5], [4, 3]], [1.0, 2, 3, 5], **given)


def test_extreme_units_end_in_numbers_or_a_sentence_and_never_in_a_warning():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(6, 2)), random.normal(size=6)
    with warnings.catch_warnings(action="error"), np.errstate(all="raise"):
        for columns, ridge in ((X * [1, 1e-300], 1.0), (X * 1e-300, 1.0), (X * 1e300, 0.0), (X, 1e-300)):
            try:
                found = fit(columns, y, ridge=ridge)
            except InputError:
                continue
            assert np.isfinite(found.W).all()


def test_a_bias_that_is_left_out_is_a_number_of_its_own():
    found = fit([[1.0], [2.0]], [1.0, 3.0], intercept=False)
    assert isinstance(found.b, float) and found.b == 0 and found != fit([[1.0], [2.0]], [1.0, 3.0])
    many = fit([[1.0], [2.0]], [[1.0], [3.0]], intercept=False)
    many.b[...] = 7
    assert many.b_error == 0
    with pytest.raises(InputError, match=r"^intercept is 'no', but True or False is expected\.$"):
        fit([[1.0], [2.0]], [1.0, 3.0], intercept="no")


@pytest.mark.parametrize(
    ("X", "y", "weights"),
    [
        ([[-4e-4, 7e-4], [3e6, -3e6], [9, 7], [0.05, -0.03]], [2, -3, 2, -1], [1e-4, 1e8, 1e-7, 1]),
        (
            [[0, -5e-6, 2e-6], [0.05, 0.04, 0.05], [-7e6, 8e6, -3e6], [-8e5, 5e5, -9e5], [7e6, -6e6, -2e6]],
            [-6, -5, -4, -7, -9],
            [1e3, 1e-3, 1e-6, 1e-8, 1e10],
        ),
    ],
)
def test_rows_whose_weights_are_orders_apart_are_fitted_to_the_last_digit(X, y, weights):
    X, y = np.array(X, float), np.array(y, float)[:, None]
    wanted = exact_solution(X, y, weights=weights)
    found = fit(X, y[:, 0], weights=weights, intercept=False)
    off = np.abs(found.W - [float(one[0]) for one in wanted])
    assert (off <= found.W_error).all() and (off <= 4 * ULP * np.abs(found.W)).all()


@pytest.mark.parametrize("options", [{}, {"ridge": 0.5}, {"weights": np.arange(1.0, 11)}, {"method": "svd"}])
def test_a_constant_target_is_its_own_fit_at_any_size(options):
    for seed in range(60):
        random = np.random.default_rng(seed)
        X, value = random.normal(size=(10, 2)), random.choice([-1, 1]) * 10.0 ** random.uniform(-250, 250)
        found = fit(X, np.full(10, value), **options)
        assert (found.W == 0).all() and found.b == value and found.residual_norms == 0 and np.isnan(found.r_squared)
    both = fit(X, np.c_[np.full(10, value), X[:, 0]], **options)
    assert both.b[0] == value and np.isnan(both.r_squared[0]) and both.r_squared[1] > 0.9


def test_a_constant_target_of_dependent_columns_or_merged_rows_is_its_own_fit_too():
    X, y = np.c_[np.arange(5.0), 2 * np.arange(5.0)], np.full(5, 0.1)
    with pytest.warns(RankWarning):
        found = fit(X, y)
    merged = accumulate.of_arrays(X[:, :1], y, rows=2).fit()
    for one in (found, merged):
        assert (one.W == 0).all() and one.b == 0.1 and np.isnan(one.r_squared)


def test_predictions_take_the_columns_by_name():
    X, y = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [5.0, 7.0]]), np.array([1.0, 2.0, 4.0, 4.0])
    found = fit(Frame(X, ["rooms", "age"]), y)
    wanted = found.predict(X)
    assert (found.predict(Frame(X[:, ::-1], ["age", "rooms"])) == wanted).all()
    assert (found.predict(Frame(X, ["rooms", "age"])) == wanted).all() and (
        fit(X, y).predict(Frame(X, "ab")) == wanted
    ).all()
    for columns in (["rooms", "floors"], ["rooms", "rooms"], ["rooms"]):
        sentence = rf"^X has the columns {', '.join(columns)}, but rooms, age were fitted; give those\.$"
        with pytest.raises(InputError, match=sentence):
            found.predict(Frame(X[:, : len(columns)], columns))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_that_mix_kinds_of_numbers_are_read_with_their_names(library):
    frames = pytest.importorskip(library)
    table = {"rooms": [1, 2, 3, 5], "age": [0.5, 1.0, 2.0, 7.0], "garden": [True, False, True, True]}
    X = frames.table(table) if library == "pyarrow" else frames.DataFrame(table)
    y, numbers = np.array([1.0, 2.0, 4.0, 4.5]), np.array([*map(list, table.values())], float).T
    found = fit(X, y)
    assert found.names == ("rooms", "age", "garden") and (found.W == fit(numbers, y).W).all()
    np.testing.assert_allclose(found.predict(X), found.predict(numbers), rtol=1e-14)
    given = np.ones(3), 0.5
    np.testing.assert_allclose(gradient(X, y, *given)[0], gradient(numbers, y, *given)[0], rtol=1e-14)


def test_a_frame_of_pandas_that_mixes_numbers_with_text_or_large_integers_is_refused():
    pandas = pytest.importorskip("pandas")
    for column, said in ((["a", "b"], "X holds Python objects"), ([2**60 + 1, True], "X holds integers beyond 2")):
        with pytest.raises(InputError, match=said):
            fit(pandas.DataFrame({"age": [0.5, 1.0], "other": column}, dtype=object), np.ones(2))


@pytest.mark.parametrize("seed", [15, 1036, 1142, 1462])
def test_rows_fifty_orders_apart_are_fitted_to_the_last_digit(seed):
    random = np.random.default_rng(seed)
    N, M = int(random.integers(4, 9)), int(random.integers(2, 4))
    X = np.round(random.normal(size=(N, M)) * 10) * 10.0 ** random.integers(-10, 11, size=(N, 1))
    Y, weights = np.round(random.normal(size=(N, 1)) * 10), 10.0 ** random.integers(-25, 26, size=N)
    wanted, found = exact_solution(X, Y, weights=weights), fit(X, Y, weights=weights, intercept=False)
    assert (np.abs(found.W - wanted) <= found.W_error + ULP * np.abs(wanted)).all()
    np.testing.assert_allclose(found.W, wanted, rtol=1e-14)


@pytest.mark.parametrize("N", range(3, 12))
@pytest.mark.parametrize("value", [0.1, 1.1, 1e5 / 3, -7.7])
def test_merged_rows_of_a_constant_have_its_very_value(N, value):
    merged = accumulate.of_arrays(np.arange(float(N))[:, None], np.full(N, value), rows=7).fit()
    assert merged.W == 0 and merged.b == value and np.isnan(merged.r_squared)
