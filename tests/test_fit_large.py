"""Large fits, which go the quick ways: tall ones by their squares, wide ones in the space of the samples."""

import tracemalloc
import warnings
from fractions import Fraction

import numpy as np
import pytest

from lrcore import fit
from lrcore._exact import factor, nearly, refine, squares
from lrcore._fast import blocks
from lrcore.errors import InputError, RankWarning


def solved(A, B):
    """A^-1 B in fractions."""
    rows = [[Fraction(entry) for entry in [*a, *b]] for a, b in zip(A.tolist(), B.tolist(), strict=True)]
    for k, pivot in enumerate(rows):
        for i, row in enumerate(rows):
            if i != k and row[k]:
                share = row[k] / pivot[k]
                rows[i] = [entry - share * other for entry, other in zip(row, pivot, strict=True)]
    return [[entry / row[k] for entry in row[len(rows) :]] for k, row in enumerate(rows)]


def exactly(X, Y, intercept):
    """The least-squares solution, exactly, the bias first: floats as whole numbers over one denominator."""
    A = np.column_stack([np.ones(len(X)), X]) if intercept else X
    unit = max(Fraction(entry).denominator for entry in np.hstack([A, Y]).ravel().tolist())
    A, Y = (np.array([[int(Fraction(entry) * unit) for entry in row] for row in B.tolist()], object) for B in (A, Y))
    return solved(A.T @ A, A.T @ Y)


def shortest_exactly(X, Y):
    """The shortest W of a wide problem of whole numbers with intercept: N X is centred without rounding."""
    N = len(X)
    B, V = (N * A - A.sum(axis=0) for A in (X.astype(int).astype(object), Y.astype(int).astype(object)))
    u = np.array(solved(B @ B.T + 1, V))
    return B.T @ u


def beyond(found, wanted, intercept):
    """The largest of how far each number is off over what it says of that, and of its relative error."""
    theta, error = (
        np.vstack([top[None], rest]) if intercept else rest
        for top, rest in zip((found.b, found.b_error), (found.W, found.W_error), strict=True)
    )
    off = [
        [float(abs(Fraction(t) - w)) for t, w in zip(*rows, strict=True)]
        for rows in zip(theta.tolist(), wanted, strict=True)
    ]
    return (np.array(off) / error).max(), (np.array(off) / np.abs(theta)).max()


def tall(N, M, D, apart=1.0, far=0.0, seed=0):
    random = np.random.default_rng(seed)
    X = random.normal(size=(N, M))
    X[:, 1] = X[:, 0] + X[:, 1] / apart
    X += far
    return X, random.normal(size=(N, D)) + 3 + X.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(
    ("shape", "apart", "far"),
    [
        ((1000, 10, 1), 1, 0),
        ((1000, 4, 20), 1, 0),
        ((2000, 5, 2), 1e5, 0),
        ((1000, 9, 1), 1, 1e4),
        ((900, 3, 12), 1e3, 50),
        ((1700, 3, 2), 1e4, 3),
        ((300, 6, 60), 1, 50),
        ((500, 4, 20), 1e3, 1e3),
    ],
)
def test_tall_fits_are_exact_or_say_how_far_they_are_off(shape, apart, far, intercept, monkeypatch):
    X, Y = tall(*shape, apart, far)
    taken, solve = [], squares.solve
    monkeypatch.setattr(squares, "solve", lambda *given: taken.append(found := solve(*given)) or found)
    found = fit(X, Y, intercept=intercept)
    over, relative = beyond(found, exactly(X, Y, intercept), intercept)
    assert over <= 1
    assert relative < (5e-16 if apart == 1 else 1e-11)
    if intercept or not far:
        assert taken[0] is not None


def uneven(seed):
    """Columns of very different size, far from zero, two of them nearly one, and noise of any size."""
    random = np.random.default_rng(seed)
    M, D = int(random.integers(1, 9)), int(random.choice([1, 2, 8, 20]))
    N = int(random.integers(max(3 * M // 2 + 3, 8192 // (M + D) + 1), 8192 // (M + D) + 1500))
    X = random.normal(size=(N, M)) if seed % 3 else np.exp(random.normal(size=(N, M)))
    X = X * 10.0 ** random.uniform(-3, 3, size=M) + random.choice([0, 0, 1, 1e3, 1e6]) * 10.0 ** random.uniform(-2, 1)
    X[:, 1] = X[:, 0] * random.choice([1, 1e3]) + X[:, 1] * 10.0 ** -random.uniform(0, 7)
    noise = 10.0 ** random.uniform(-2, 2), 10.0 ** random.uniform(-6, 3)
    return X, X @ random.normal(size=(M, D)) * noise[0] + random.normal(size=(N, D)) * noise[1] + random.choice(
        [0, 1e4]
    )


@pytest.mark.parametrize("seed", [324, 395, 1146])
def test_tall_fits_of_columns_that_are_nearly_one_are_as_near_as_they_say(seed):
    X, Y = uneven(seed)
    assert beyond(fit(X, Y), exactly(X, Y, True), True)[0] <= 1


def test_what_tall_fits_say_beside_the_weights_is_what_the_other_way_says(monkeypatch):
    X, Y = tall(3000, 6, 3, 1e5, 20)
    quick = fit(X, Y)
    monkeypatch.setattr(squares, "solve", lambda *given: None)
    monkeypatch.setattr(nearly, "apart", lambda *given: None)
    slow = fit(X, Y)
    assert (quick.method, slow.method) == ("cholesky", "qr")
    for name in ("residual_norms", "r_squared", "W_se", "b_se", "level", "condition"):
        np.testing.assert_allclose(getattr(quick, name), getattr(slow, name), rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("case", ["dependent", "explained", "too close"])
def test_tall_fits_that_squares_cannot_tell_go_the_other_way(case):
    X, Y = tall(3000, 6, 1, 1e9 if case == "too close" else 1)
    if case == "dependent":
        X[:, 2] = X[:, 0]
        with pytest.warns(RankWarning):
            assert fit(X, Y).rank == 6
    elif case == "explained":
        found = fit(X, 2 * X[:, :1])
        assert found.W[0] == 2 and found.residual_norms < 1e-14
    else:
        assert fit(X, Y).method == "qr"


def test_more_outputs_than_columns_are_fitted_as_each_alone(monkeypatch):
    random = np.random.default_rng(3)
    X, Y = random.normal(size=(190, 150)), random.normal(size=(190, 40)) * 10.0 ** random.uniform(-3, 3, size=40)
    together = fit(X, Y)
    monkeypatch.setattr(squares, "solve", lambda *given: None)
    apart = fit(X, Y, digits=15)
    for name in ("W", "b", "W_se", "b_se", "residual_norms", "r_squared", "level"):
        one, other = getattr(together, name), getattr(apart, name)
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-13 * np.abs(other).max(), err_msg=name)
    for name in ("W", "b"):
        off = np.abs(getattr(together, name) - getattr(apart, name))
        assert (off <= getattr(together, f"{name}_error") + getattr(apart, f"{name}_error")).all()
        largest = np.abs(getattr(apart, name)).max(axis=0)
        assert (getattr(together, f"{name}_error") <= 1e-14 * np.maximum(largest, np.abs(apart.W).max(axis=0))).all()


def test_one_sample_decides_the_bias_alone():
    X, Y = np.arange(1.0, 9001).reshape(1, -1), np.array([[3.0, -4.0]])
    with pytest.warns(RankWarning, match="1 samples cannot fix 9001 unknowns"):
        found = fit(X, Y)
    assert not found.W.any() and not found.W_error.any() and found.W.shape == (9000, 2)
    assert (found.b == Y[0]).all() and (found.predict(X) == Y).all() and found.rank == 1


@pytest.mark.parametrize("outputs", [1, 12])
def test_wide_fits_are_the_shortest_solution_within_their_error(outputs):
    random, (N, M) = np.random.default_rng(1), (15, 600) if outputs > 3 else (40, 220)
    X, Y = random.integers(-9, 10, (N, M)).astype(float), random.integers(-9, 10, (N, outputs)).astype(float)
    with pytest.warns(RankWarning, match="minimum norm, by the normal equations in the space of the samples"):
        found = fit(X, Y)
    wanted = shortest_exactly(X, Y).astype(float)
    assert (found.method, found.rank, found.condition) == ("dual", N, np.inf)
    assert np.abs(found.W - wanted).max() < 1e-15
    assert (np.abs(found.W - wanted) <= found.W_error).all()
    assert (np.abs(found.b - (Y - X @ wanted).mean(axis=0)) <= found.b_error + 1e-15).all()
    np.testing.assert_allclose(found.predict(X), Y, atol=1e-12)


def test_wide_fits_whose_samples_repeat_go_by_singular_values():
    random = np.random.default_rng(2)
    X, y = random.normal(size=(40, 220)), random.normal(size=40)
    X[1] = X[0]
    with pytest.warns(RankWarning, match="minimum norm, by SVD"):
        found = fit(X, y)
    assert (found.method, found.rank) == ("svd", 39)
    wanted = np.linalg.lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]
    np.testing.assert_allclose(found.W, wanted, atol=1e-12)


def test_digits_are_what_is_wanted_and_the_result_says_what_was_reached():
    X, Y = tall(3000, 6, 1, 1e6, 0)
    reached = {digits: fit(X, Y, digits=digits) for digits in (None, 8, 15)}
    assert 10 <= reached[None].digits < 15 == reached[15].digits and reached[8].digits >= 8
    assert (reached[None].method, reached[15].method) == ("cholesky", "qr")
    wanted = exactly(X, Y, True)
    for found in reached.values():
        over, relative = beyond(found, wanted, True)
        assert over <= 1 and relative <= 10.0**-found.digits
    lstsq = np.linalg.lstsq(np.column_stack([np.ones(len(X)), X]), Y, rcond=None)[0]
    assert beyond(reached[None], wanted, True)[1] < np.abs(lstsq / np.array(wanted).astype(float) - 1).max()


@pytest.mark.parametrize("digits", [0, 16, 1.5, True, "15"])
def test_digits_that_no_float_has_are_refused(digits):
    with pytest.raises(InputError, match=r"^digits is "):
        fit(np.ones((3, 1)), np.ones(3), digits=digits)


def test_few_digits_take_fewer_corrections(monkeypatch):
    (X, Y), passes = tall(300, 20, 1, 1e9), []
    measure = refine.measure
    monkeypatch.setattr(refine, "measure", lambda *given: passes.append(1) or measure(*given))
    few = fit(X, Y, digits=3)
    count = len(passes)
    many = fit(X, Y)
    assert count < len(passes) - count
    assert 3 <= few.digits < many.digits == 15
    assert (np.abs(few.W - many.W) <= few.W_error + many.W_error).all()


@pytest.mark.parametrize("count", [1, 2])
def test_centres_are_taken_from_heads_without_rounding(count):
    X = 3e4 + np.exp(np.random.default_rng(4).normal(size=(50, 2)))
    centre = np.array([0, 2.0**-19 * 12345, 4e3, 4e3 + 2.0**-17])
    given = squares.Given(X, X[:, :1], np.full(4, 8.0), centre, 3, 1, 20, True)
    head, second, last, tail = squares._Room(given, count, slice(4), 50, [(X, 1), (X[:, :1], 3)]).filled(slice(0, 50))
    for column, row in ((0, 1), (1, 2), (0, 3)):
        for k in range(50):
            wanted = Fraction(X[k, column]) / 8 - Fraction(centre[row])
            assert Fraction(head[row, k]) + Fraction(tail[row, k]) == wanted
            assert head[row, k] * 2.0**19 % 1 == 0 and abs(tail[row, k]) <= 2.0**-19
            parts = {1: [last], 2: [second, last]}[count]
            assert sum(Fraction(part[row, k]) for part in parts) == Fraction(tail[row, k])


def test_a_factor_by_blocks_of_rows_is_one_of_all_rows(monkeypatch):
    monkeypatch.setattr(blocks, "cache_bytes", lambda: 1 << 10)
    B = tall(1003, 7, 1, 1e7)[0]
    Q, R = factor._by_blocks(given := B.copy())
    assert Q is given  # no other is made
    np.testing.assert_allclose(Q.T @ Q, np.eye(7), atol=1e-14)
    np.testing.assert_allclose(Q @ R, B, atol=1e-14)
    assert not np.tril(R, -1).any()
    short = B[:60].copy()
    assert factor._by_blocks(short)[0] is not short


@pytest.mark.parametrize("weighted", [False, True])
def test_fits_by_blocks_are_exact_where_no_squares_will_do(weighted, monkeypatch):
    monkeypatch.setattr(blocks, "cache_bytes", lambda: 1 << 10)
    (X, Y), counts = tall(700, 4, 2, 1e8, 20), np.random.default_rng(0).integers(1, 3, size=700)
    found = fit(X, Y, weights=counts if weighted else None)
    every = (np.repeat(X, counts, axis=0), np.repeat(Y, counts, axis=0)) if weighted else (X, Y)
    over, relative = beyond(found, exactly(*every, True), True)
    assert found.method == "qr" and over <= 1 and relative < 1e-15


@pytest.mark.parametrize(
    ("case", "times"),
    [("easy", 0.4), ("weighted", 0.8), ("dependent", 1.6), ("close", 2.4), ("wide", 1.6), ("wide with ridge", 4.2)],
)
def test_a_fit_takes_no_more_memory_than_a_few_times_that_of_its_data(case, times, monkeypatch):
    """Of numpy's own count of what it allocates, with blocks that are small beside these data."""
    monkeypatch.setattr(blocks, "cache_bytes", lambda: 1 << 15)
    X, Y = tall(30_000, 12, 1, 1e8 if case == "close" else 1)
    options = {"weighted": {"weights": np.linspace(1, 2, len(X))}, "wide with ridge": {"ridge": 1.0}}.get(case, {})
    if case == "dependent":
        X[:, 2] = X[:, 0]
    elif case.startswith("wide"):
        X, Y = tall(240, 3000, 1)
    with warnings.catch_warnings(action="ignore", category=RankWarning):
        fit(X[:50], Y[:50], ridge=options.get("ridge", 0.0))
        tracemalloc.start()
        fit(X, Y, **options)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < times * X.nbytes


def nearly_dependent(seed):
    """Columns that follow from others but for a part in a hundred to a part in a million; far from zero, uneven."""
    random = np.random.default_rng(seed)
    M, D = int(random.integers(2, 8)), int(random.integers(1, 3))
    N = 9000 // (M + D) + int(random.integers(1, 200))
    X, order = random.normal(size=(N, M)), random.permutation(M)
    for k in range(int(random.integers(1, M // 2 + 1))):
        a, b = order[2 * k], order[2 * k + 1]
        others = np.where(np.arange(M) == b, 0, random.normal(size=M))
        X[:, b] = (X @ others if seed % 2 else X[:, a]) + X[:, b] * 10.0 ** -random.uniform(2, 3.5 if seed % 2 else 6)
    X = (X + random.choice([0, 100.0]) * random.normal(size=M)) * 10.0 ** random.uniform(-4, 4, size=M)
    return X, (X / np.abs(X).max(axis=0)) @ random.normal(size=(M, D)) + random.normal(size=(N, D)) / 10 + 3


@pytest.mark.parametrize("seed", range(8))
def test_columns_that_are_nearly_dependent_are_set_apart_and_fitted_within_their_error(seed, monkeypatch):
    (X, Y), taken, apart = nearly_dependent(seed), [], nearly.apart
    monkeypatch.setattr(nearly, "apart", lambda *given: taken.append(found := apart(*given)) or found)
    found = fit(X, Y, intercept=seed != 1)
    wanted = exactly(X, Y, seed != 1)
    over, relative = beyond(found, wanted, seed != 1)
    assert taken[0] is not None and found.method == "cholesky" and found.digits >= 9
    assert over <= 1 and relative < 1e-11
    if seed != 1:  # where b and what the weights make of the centre nearly cancel
        moved = sum(Fraction(float(c)) * w[0] for c, w in zip(found.centre, wanted[1:], strict=True))
        assert found.level[0] == pytest.approx(float(wanted[0][0] + moved), rel=1e-14)


def test_columns_that_are_set_apart_have_the_statistics_of_the_other_way(monkeypatch):
    for outputs in (2, 1):  # by squares in twice the precision, and by corrections
        X, Y = tall(600, 60, outputs, 1e6, 3)
        if outputs == 2:
            X, Y = X[:, :40], np.repeat(Y, 5, axis=1)
        quick = fit(X, Y)
        with monkeypatch.context() as patch:
            patch.setattr(nearly, "apart", lambda *given: None)
            patch.setattr(squares, "solve", lambda *given: None)
            slow = fit(X, Y)
        assert (quick.method, slow.method) == ("cholesky", "qr")
        for name in ("W", "b", "residual_norms", "r_squared", "W_se", "b_se", "level", "condition"):
            np.testing.assert_allclose(getattr(quick, name), getattr(slow, name), rtol=1e-9, err_msg=name)


def test_only_columns_that_are_nearly_dependent_everywhere_are_set_apart(monkeypatch):
    X, Y = tall(2000, 5, 1, 1e6)
    found, apart = [], nearly.apart
    monkeypatch.setattr(nearly, "apart", lambda *given: found.append(taken := apart(*given)) or taken)
    X[::2, 1] = np.random.default_rng(1).normal(size=1000)  # of every second sample alone
    assert fit(X, Y).digits == 15 and found == [None]
    X[:, 1] = X[:, 0]
    with pytest.warns(RankWarning):
        assert fit(X, Y).rank == 5 and found == [None, None]
    X, Y = tall(2000, 5, 1, 1e6)
    assert fit(X, Y, weights=np.ones(2000)).digits == 15 and found[2:] in ([], [None])
