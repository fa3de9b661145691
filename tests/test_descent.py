"""Descent: each step by hand, the rates at which it converges and diverges, and that divergence is said."""

import inspect
import sys
import typing
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles import CONVENTION_NAMES, cases, close

from lrcore import descent, descent_advice, progress
from lrcore.closed_form import fit
from lrcore.data import housing, standardise, synthetic
from lrcore.descent import Path, descend, rates
from lrcore.errors import DivergenceWarning, InputError
from lrcore.gradients import gradient, hessian
from lrcore.losses import loss
from lrcore.model import design, stack

conventions = st.sampled_from(CONVENTION_NAMES)
DATA = synthetic(20, 3, 2, seed=3)
SINGLE = synthetic(12, 2, seed=1)


def quietly(*args, **kwargs):
    """descend, where a warning of divergence is expected and not the subject."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        return descend(*args, progress=False, **kwargs)


@given(cases(), conventions, st.booleans(), st.sampled_from([0.0, 0.5]))
def test_each_full_step_is_the_rule_written_out(case, convention, intercept, momentum):
    X, Y, W, b = case
    assume(any(slope.any() for slope in (gradient(*case) if intercept else gradient(*case)[:1])))
    path = quietly(
        X, Y, rate=1e-3, steps=3, start=(W, b), momentum=momentum, convention=convention, intercept=intercept
    )
    V, v = np.zeros_like(W), np.zeros_like(b)
    for t in range(4):
        assert close(path.W[t], W, 1e3) and close(path.b[t], b, 1e3)
        assert close(path.losses[t], loss(X, Y, W, b, convention=convention), 1e4)
        dW, db = gradient(X, Y, W, b, convention=convention)
        norm = np.sqrt((dW**2).sum() + (db**2).sum() * intercept)
        assert close(path.gradient_norms[t], norm, 1e6)
        V, v = momentum * V - 1e-3 * dW, momentum * v - 1e-3 * db
        W, b = W + V, b + v * intercept
    assert path.steps == 3 and not path.diverged and path.rate == 1e-3 and path.convention == convention


def test_the_first_iterate_is_the_start_and_the_default_start_is_zero():
    path = descend(DATA.X, DATA.Y, steps=2)
    assert (path.W[0] == 0).all() and (path.b[0] == 0).all() and path.W.shape == (3, 3, 2) and path.b.shape == (3, 2)
    start = np.ones((3, 2)), 5.0
    path = descend(DATA.X, DATA.Y, steps=0, start=start)
    assert path.steps == 0 and (path.W[0] == 1).all() and path.b[0].tolist() == [5, 5]
    assert path.final[0] is not None and np.array_equal(path.final[1], path.b[-1])


def test_the_shapes_of_the_path_of_one_output():
    path = descend(SINGLE.X, SINGLE.Y, steps=4)
    assert path.W.shape == (5, 2) and path.b.shape == path.losses.shape == path.gradient_norms.shape == (5,)


@pytest.mark.parametrize("convention", CONVENTION_NAMES)
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("D", [1, 2])
def test_the_rates_are_those_of_the_hessian_s_eigenvalues(convention, intercept, D):
    values = np.linalg.eigvalsh(hessian(DATA.X, D=D, convention=convention, intercept=intercept))
    found = rates(DATA.X, convention=convention, intercept=intercept, D=D)
    assert found.lambda_max == pytest.approx(values[-1]) and found.lambda_min == pytest.approx(values[0])
    assert found.largest == pytest.approx(2 / values[-1]) and found.best == pytest.approx(2 / (values[-1] + values[0]))
    assert found.condition == pytest.approx(values[-1] / values[0]) and not found.short_rank
    with_momentum = rates(DATA.X, convention=convention, intercept=intercept, D=D, momentum=0.5)
    assert with_momentum.largest == pytest.approx(3 / values[-1]) and with_momentum.best == found.best


def test_by_default_the_rates_count_the_bias_and_take_the_mean():
    values = np.linalg.eigvalsh(hessian(DATA.X, intercept=True))
    assert rates(DATA.X).lambda_max == pytest.approx(values[-1])
    assert rates(DATA.X).lambda_max != pytest.approx(rates(DATA.X, intercept=False).lambda_max, rel=1e-3)


def along_the_steepest_direction(data, convention, intercept):
    """A start that differs from the minimum along the eigenvector of the largest eigenvalue alone."""
    D = data.Y[0].size
    A = design(data.X) if intercept else data.X
    H = hessian(data.X, D=1, convention=convention, intercept=intercept)
    direction = np.linalg.eigh(H)[1][:, -1]
    best = np.linalg.lstsq(A, data.Y, rcond=None)[0]
    theta = best + (direction if D == 1 and data.Y.ndim == 1 else direction[:, None] * np.ones(D))
    return (theta[1:], theta[0]) if intercept else (theta, np.zeros(data.Y.shape[1:]))


@pytest.mark.parametrize("convention", CONVENTION_NAMES)
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("data", [DATA, SINGLE], ids=["many outputs", "one output"])
def test_just_below_the_largest_rate_it_converges_and_just_above_it_diverges(data, convention, intercept, momentum):
    limit = rates(data.X, convention=convention, intercept=intercept, D=data.Y[0].size, momentum=momentum).largest
    start = along_the_steepest_direction(data, convention, intercept)
    options = {"start": start, "convention": convention, "intercept": intercept, "momentum": momentum, "steps": 400}
    A = design(data.X) if intercept else data.X
    R = A @ np.linalg.lstsq(A, data.Y, rcond=None)[0] - data.Y
    shape = (len(R), 1) if R.ndim == 1 else R.shape
    least = (R**2).sum() / {"half_mean": 2 * shape[0], "sum": 1, "mean": shape[0], "mean_all": R.size}[convention]
    below = quietly(data.X, data.Y, rate=0.97 * limit, **options)
    above = quietly(data.X, data.Y, rate=1.03 * limit, **options)
    first = below.losses[0] - least
    assert below.losses[-1] - least < 1e-3 * first and not below.diverged
    assert above.losses[-1] - least > 1e3 * first


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.1, 1.3])
def test_each_step_multiplies_the_error_along_an_eigenvector_by_one_minus_rate_times_curvature(factor):
    found = rates(SINGLE.X)
    rate = factor * found.best
    path = quietly(SINGLE.X, SINGLE.Y, rate=rate, steps=5, start=along_the_steepest_direction(SINGLE, "mean", True))
    best = fit(SINGLE.X, SINGLE.Y)
    errors = np.linalg.norm(np.column_stack([path.W - best.W, path.b - best.b]), axis=1)
    np.testing.assert_allclose(errors[1:] / errors[:-1], abs(1 - rate * found.lambda_max), rtol=1e-8)


def test_the_best_rate_beats_its_neighbours_in_the_worst_case():
    found = rates(SINGLE.X)
    worst = lambda rate: max(abs(1 - rate * v) for v in (found.lambda_min, found.lambda_max))  # noqa: E731
    kappa = found.condition
    assert worst(found.best) == pytest.approx((kappa - 1) / (kappa + 1))
    assert worst(found.best) < worst(0.98 * found.best) and worst(found.best) < worst(1.02 * found.best)
    assert f"{(kappa - 1) / (kappa + 1):.4g} of the error" in str(found)


@given(cases())
def test_by_default_descent_takes_the_best_rate_and_never_climbs(case):
    X, Y, W, b = case
    assume(np.ptp(X) > 0)
    path = quietly(X, Y, start=(W, b), steps=20)
    assert path.rate == rates(X).best and not path.diverged
    assert (np.diff(path.losses) <= 1e-12 * path.losses[0] + 1e-25).all()


@pytest.mark.parametrize("intercept", [True, False])
def test_descent_meets_the_closed_form(intercept):
    path = descend(DATA.X, DATA.Y, steps=2000, tolerance=1e-14, intercept=intercept)
    found = fit(DATA.X, DATA.Y, intercept=intercept)
    np.testing.assert_allclose(path.final[0], found.W, atol=1e-12)
    np.testing.assert_allclose(path.final[1], found.b, atol=1e-12)
    assert path.reason == "The gradient is as small as was asked." and path.steps < 2000
    assert path.gradient_norms[-1] <= 1e-14 * path.gradient_norms[0] < path.gradient_norms[-2]


def test_descent_meets_the_closed_form_on_the_housing_data():
    data = housing()
    Z, _, _ = standardise(data.X)
    path = descend(Z, data.Y, steps=300, progress=False)
    np.testing.assert_allclose(path.final[0], fit(Z, data.Y).W, rtol=1e-9)


def test_momentum_reaches_the_minimum_in_fewer_steps_where_the_condition_is_bad():
    data = synthetic(60, 3, condition=10, seed=2)
    plain = descend(data.X, data.Y, steps=5000, tolerance=1e-6)
    kappa = rates(data.X).condition
    beta = ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2
    rate = (2 / (np.sqrt(rates(data.X).lambda_max) + np.sqrt(rates(data.X).lambda_min))) ** 2
    heavy = descend(data.X, data.Y, steps=5000, tolerance=1e-6, momentum=beta, rate=rate)
    assert heavy.steps * 5 < plain.steps < 5000


def test_from_zero_it_reaches_the_minimum_norm_solution_where_the_rank_is_short():
    X = np.random.default_rng(1).normal(size=(10, 3))
    X[:, 2] = X[:, 0] + X[:, 1]
    y = np.arange(10.0)
    found = rates(X, intercept=False)
    assert found.short_rank and "(the smallest that is not zero: the columns are dependent)" in str(found)
    values = np.linalg.eigvalsh(hessian(X))
    assert found.lambda_min == pytest.approx(values[1]) and found.lambda_max == pytest.approx(values[2])
    path = descend(X, y, intercept=False, steps=3000, tolerance=1e-14)
    np.testing.assert_allclose(path.final[0], np.linalg.pinv(X, rcond=1e-10) @ y, atol=1e-12)


def test_the_rank_of_the_rates_is_that_of_the_fit_whatever_the_units():
    X = np.random.default_rng(1).normal(size=(10, 2)) * [1, 1e-15]
    assert not rates(X).short_rank and fit(X, np.arange(10.0)).rank == 3
    assert rates((np.arange(6.0) ** 2).reshape(3, 2).astype(np.float32)).short_rank is False
    assert rates(np.ones((4, 2), np.float32)).short_rank is True


def test_too_few_samples_are_a_short_rank():
    found = rates(np.array([[1.0, 2.0, 3.0]]), intercept=False, convention="sum")
    assert found.short_rank and found.lambda_min == found.lambda_max == pytest.approx(28) and found.condition == 1


@pytest.mark.parametrize("batch", [1, 3, 7, 11])
def test_an_epoch_takes_every_sample_once(batch, monkeypatch):
    seen = []
    plain = descent.readable
    monkeypatch.setattr(descent, "readable", lambda X, Y, W, b, c: seen.append((Y.tolist(), c)) or plain(X, Y, W, b, c))
    epoch = -(-12 // batch)
    quietly(SINGLE.X, SINGLE.Y, batch=batch, steps=3 * epoch, rate=1e-3)
    for start in range(0, 3 * epoch, epoch):
        once = [y for ys, _ in seen[start : start + epoch] for y in ys]
        assert sorted(once) == sorted(SINGLE.Y.tolist())
    assert [c for _, c in seen] == [pytest.approx(2 / len(ys)) for ys, _ in seen]  # the mean over the batch
    orders = [[y for ys, _ in seen[k : k + epoch] for y in ys] for k in (0, epoch)]
    assert orders[0] != orders[1]


def test_with_the_sum_a_batch_stands_for_all_samples(monkeypatch):
    seen = []
    plain = descent.readable
    monkeypatch.setattr(descent, "readable", lambda *a: seen.append(a[-1]) or plain(*a))
    quietly(SINGLE.X, SINGLE.Y, batch=4, steps=3, rate=1e-3, convention="sum")
    assert seen[:3] == [pytest.approx(2 * 12 / 4)] * 3


def test_the_seed_decides_the_order_and_a_batch_of_all_needs_none():
    runs = [quietly(SINGLE.X, SINGLE.Y, batch=1, steps=9, seed=s).W for s in (0, 0, 1)]
    assert np.array_equal(runs[0], runs[1]) and not np.array_equal(runs[0], runs[2])
    full = [quietly(SINGLE.X, SINGLE.Y, batch=b, steps=9, seed=s).W for b, s in ((None, 0), (12, 5))]
    assert np.array_equal(*full)


@pytest.mark.parametrize("convention", CONVENTION_NAMES)
@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_the_default_rate_of_small_batches_is_stable(convention, batch, momentum):
    path = quietly(DATA.X, DATA.Y, batch=batch, steps=600, convention=convention, momentum=momentum)
    steepest = (1 + (DATA.X**2).sum(axis=1)).max()
    c = {"half_mean": 1, "sum": 2 * 20, "mean": 2, "mean_all": 1}[convention]
    assert path.rate == pytest.approx((1 - momentum) / (c * steepest))
    assert not path.diverged and path.losses[-1] < 0.05 * path.losses[0]


def test_stochastic_descent_without_noise_finds_the_truth():
    data = synthetic(30, 2, noise=0.0, seed=4)
    path = quietly(data.X, data.Y, batch=1, steps=3000)
    np.testing.assert_allclose(path.final[0], data.W, atol=1e-10)


def test_without_an_intercept_the_bias_stays_where_it_started():
    path = descend(SINGLE.X, SINGLE.Y, intercept=False, steps=5, start=(np.zeros(2), 3.0), momentum=0.5)
    assert (path.b == 3).all() and not np.array_equal(path.W[0], path.W[-1])


def test_a_gradient_that_vanishes_ends_the_descent():
    path = descend([[1.0], [2.0]], [0.0, 0.0], steps=50)
    assert path.steps == 0 and path.reason == "The gradient has vanished."


def test_divergence_is_said_with_the_rates_that_would_work():
    found = rates(SINGLE.X)
    with pytest.warns(DivergenceWarning) as caught:
        path = descend(SINGLE.X, SINGLE.Y, rate=3 * found.largest, steps=500)
    assert path.diverged and path.steps < 500 and str(caught[0].message) == path.reason
    assert path.losses[-1] > 1e12 * path.losses[0] >= path.losses[-2]
    assert path.reason == (
        f"It diverged: at step {path.steps} the loss had grown from {path.losses[0]:.4g} to {path.losses[-1]:.4g}; "
        f"the rate was {3 * found.largest:.4g}, the largest stable one is {found.largest:.4g} for full batches; "
        f"try {found.best:.4g} or less."
    )
    assert caught[0].filename == __file__  # the line of the reader, not of the library
    assert str(path).endswith(path.reason) and str(path).startswith(f"{path.steps} steps at rate ")


def test_divergence_with_momentum_names_the_limit_of_momentum():
    path = quietly(SINGLE.X, SINGLE.Y, rate=5 * rates(SINGLE.X).largest, steps=500, momentum=0.9)
    limit = rates(SINGLE.X, momentum=0.9).largest
    assert f"the largest stable one with momentum 0.9 is {limit:.4g}" in path.reason
    assert f"with momentum 0.9: below {limit:.4g}" in str(rates(SINGLE.X, momentum=0.9))


@pytest.mark.parametrize("rate", [1e160, 1e300, 1.7e308])
def test_an_overflow_is_said_and_no_infinity_or_nan_is_kept(rate):
    with pytest.warns(DivergenceWarning, match="more than a floating-point number can hold"):
        path = descend(SINGLE.X, SINGLE.Y, rate=rate, steps=50)
    assert path.diverged
    for series in (path.W, path.b, path.losses, path.gradient_norms):
        assert np.isfinite(series).all() and len(series) == path.steps + 1


def test_a_loss_that_starts_at_zero_does_not_look_like_divergence():
    X, w = np.array([[0.1, 0.3], [0.7, 0.2], [0.5, 0.9]]), np.array([0.3, 0.7])
    path = descend(X, X @ w, start=(w * (1 + 1e-16), 0.0), steps=50)
    assert not path.diverged


def test_a_long_run_shows_a_bar_and_a_quiet_one_does_not(monkeypatch, capsys):
    shown = []
    fake = lambda numbered, **options: shown.append(options) or numbered  # noqa: E731
    monkeypatch.setattr("tqdm.auto.tqdm", fake)
    descend(SINGLE.X, SINGLE.Y, steps=3)
    descend(SINGLE.X, SINGLE.Y, steps=3, progress=False)
    assert len(shown) == 1 and shown[0]["total"] == 4 and shown[0]["delay"] == 1.0


def test_without_tqdm_descent_goes_on_without_a_bar(monkeypatch):
    monkeypatch.setattr(progress, "find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "tqdm.auto", raising=False)
    assert descend(SINGLE.X, SINGLE.Y, steps=3).steps == 3
    assert "tqdm.auto" not in sys.modules


def test_float32_data_descend_in_float64():
    path = descend(SINGLE.X.astype(np.float32), SINGLE.Y.astype(np.float32), steps=3)
    assert path.W.dtype == path.losses.dtype == np.float64 and isinstance(path, Path)


def test_descent_does_not_write_to_what_it_is_given():
    X, y, W = SINGLE.X.copy(), SINGLE.Y.copy(), np.ones(2)
    descend(X, y, start=(W, 0.0), steps=3)
    assert np.array_equal(X, SINGLE.X) and np.array_equal(y, SINGLE.Y) and (W == 1).all()


def test_stacked_weights_take_the_same_path():
    whole_path = descend(design(SINGLE.X), SINGLE.Y, intercept=False, rate=0.05, steps=4)
    path = descend(SINGLE.X, SINGLE.Y, rate=0.05, steps=4)
    assert close(whole_path.W[-1], stack(*path.final), 10)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rate": 0}, r"^rate is 0, but a number greater than zero is expected\.$"),
        ({"rate": -0.1}, r"^rate is -0\.1, but a number greater than zero is expected\.$"),
        ({"rate": np.nan}, r"^rate is nan, but a number greater than zero is expected\.$"),
        ({"rate": "fast"}, r"^rate is 'fast', but a number greater than zero is expected\.$"),
        ({"rate": True}, r"^rate is True, but a number greater than zero is expected\.$"),
        ({"steps": -1}, r"^steps is -1, but a whole number of at least 0 is expected\.$"),
        ({"steps": 1e3}, r"^steps is 1000\.0, but a whole number of at least 0 is expected\.$"),
        ({"tolerance": -1}, r"^tolerance is -1, but a number zero or more is expected\.$"),
        ({"momentum": 1}, r"^momentum is 1, but a number from 0 to below 1 is expected\.$"),
        ({"momentum": -0.5}, r"^momentum is -0\.5, but a number zero or more is expected\.$"),
        ({"batch": 0}, r"^batch is 0, but a whole number of at least 1 is expected\.$"),
        ({"batch": 13}, r"^batch is 13, but there are only 12 samples; give at most 12, or None for all\.$"),
        ({"seed": -1}, r"^seed is -1, but a whole number of at least 0 is expected\.$"),
        ({"convention": "mse"}, r"^convention is 'mse', but one of half_mean, sum, mean, mean_all is expected\.$"),
        (
            {"start": np.zeros(2)},
            r"^start is array\(\[0\., 0\.\]\), but a pair \(W, b\) is expected; write \(W, 0\.0\) for no",
        ),
        ({"start": (np.zeros(2),)}, r"^start is \(array\(\[0\., 0\.\]\),\), but a pair \(W, b\) is expected"),
        (
            {"start": (np.zeros(3), 0.0)},
            r"^X has shape \(12, 2\) and W has shape \(3,\): the columns of X meet the rows of W",
        ),
        ({"start": (np.full(2, 1e200), 0.0)}, r"^the loss or its gradient at the start overflows: "),
    ],
)
def test_what_descent_cannot_do_is_said_in_one_sentence(options, sentence):
    with pytest.raises(InputError, match=sentence):
        descend(SINGLE.X, SINGLE.Y, **{"rate": 0.1, **options})


@pytest.mark.parametrize("batch", [None, 1])
def test_a_flat_loss_has_no_best_rate(batch):
    with pytest.raises(
        InputError, match=r"^X is zero everywhere, so the loss is flat and no rate is better than another\.$"
    ):
        descend(np.zeros((3, 2)), np.ones(3), intercept=False, batch=batch)


@pytest.mark.parametrize(
    ("X", "sentence"),
    [
        ([[1e200], [2e200]], r"^the curvature of the loss overflows: .*; measure X, Y or W in larger units\.$"),
        (
            [[1e-200], [2e-200]],
            r"^X holds numbers too small to be squared: its curvature is lost; measure X in smaller units\.$",
        ),
    ],
)
def test_a_curvature_that_floats_cannot_hold_is_refused(X, sentence):
    with pytest.raises(InputError, match=sentence):
        rates(X, intercept=False)


@pytest.mark.parametrize("batch", [None, 1])
def test_the_default_rate_of_numbers_that_floats_cannot_square_is_refused(batch):
    with pytest.raises(InputError, match=r"^the curvature of the loss overflows: "):
        descend([[1e200], [2e200]], [1.0, 2.0], batch=batch)
    with pytest.raises(InputError, match=r"^X holds numbers too small to be squared: its curvature is lost"):
        descend([[1e-200], [2e-200]], [1.0, 2.0], batch=batch, intercept=False)


def test_rates_refuse_a_momentum_of_one_and_no_outputs():
    with pytest.raises(InputError, match=r"^momentum is 1\.5, but a number from 0 to below 1 is expected\.$"):
        rates(SINGLE.X, momentum=1.5)
    with pytest.raises(InputError, match=r"^D is 0, but a whole number of at least 1 is expected\.$"):
        rates(SINGLE.X, D=0)


def test_the_rates_print_what_they_are():
    assert str(rates([[3.0], [-1.0], [1.0]], convention="sum", intercept=False)) == (
        "curvature between 22 and 22, condition number of the Hessian 1\n"
        "largest stable rate: below 0.09091\n"
        "best constant rate without momentum: 0.04545, each step leaves at most 0 of the error"
    )
    assert repr(rates(SINGLE.X)) == str(rates(SINGLE.X))


def test_slopes_whose_squares_vanish_have_not_vanished():
    X, y = np.array([[1.0, 2], [2, 1], [3, 5], [4, 3]]), np.array([1.0, 2, 3, 5])
    path = descend(X, y * 1e-170, steps=5, progress=False)
    assert path.steps == 5 and 0 < path.gradient_norms[0] < 1e-168


def test_a_path_that_diverged_is_given_back_also_where_no_limit_can_be_said():
    X, y = np.array([[1.0, 2], [2, 1], [3, 5], [4, 3]]), np.array([1.0, 2, 3, 5])
    with pytest.warns(DivergenceWarning, match="which is too large; try a smaller one"):
        path = descend(X * [1, 1e-160], y, rate=50.0, steps=100, progress=False)
    assert path.diverged and path.steps < 100


def test_intercept_is_true_or_false():
    with pytest.raises(InputError, match=r"^intercept is 'no', but True or False is expected\.$"):
        descend(np.ones((2, 1)), np.ones(2), intercept="no", progress=False)


@pytest.mark.parametrize("batch", [None, 1, 5, 12])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("cuts", [(1,), (3, 12, 13), (24,)])
def test_descent_goes_on_from_a_path_as_if_it_had_never_stopped(batch, momentum, cuts):
    options = {"rate": 1e-3, "batch": batch, "momentum": momentum, "seed": 4}
    whole = quietly(SINGLE.X, SINGLE.Y, steps=40, **options)
    ends, path = [*cuts, 40], None
    for done, end in zip([0, *cuts], ends, strict=True):
        path = quietly(SINGLE.X, SINGLE.Y, steps=end - done, start=path, **options)
        assert np.array_equal(path.W, whole.W[done : end + 1]) and np.array_equal(path.b, whole.b[done : end + 1])
        assert np.array_equal(path.losses, whole.losses[done : end + 1])
    other = quietly(SINGLE.X, SINGLE.Y, steps=5, start=path.state, **options)
    assert np.array_equal(other.W[0], whole.W[-1])


def test_a_rule_is_its_settings_and_from_a_path_descent_goes_on_by_the_same_rule():
    settings = {"rate": 1e-3, "momentum": 0.5, "batch": 5, "seed": 3, "intercept": False, "convention": "sum"}
    rule = descent.Rule(**settings)
    whole, by_rule = quietly(SINGLE.X, SINGLE.Y, steps=9, **settings), quietly(SINGLE.X, SINGLE.Y, steps=4, rule=rule)
    assert by_rule.rule == whole.rule == rule and by_rule.convention == "sum"
    assert np.array_equal(by_rule.W, whole.W[:5])
    assert np.array_equal(quietly(SINGLE.X, SINGLE.Y, steps=5, start=by_rule).W, whole.W[4:])
    faster = quietly(SINGLE.X, SINGLE.Y, steps=5, start=by_rule, rate=2e-3)
    assert faster.rate == 2e-3 and faster.rule.batch == 5 and not np.array_equal(faster.W[1], whole.W[5])
    assert quietly(SINGLE.X, SINGLE.Y, steps=5, start=by_rule.state).rule == descent.Rule()
    assert len(inspect.signature(descend).parameters) <= 9
    for what in (0.1, by_rule):
        with pytest.raises(
            InputError, match=r"^rule is .*, but a Rule is expected; write rule=lr\.Rule\(rate=\.\.\.\)\.$"
        ):
            descend(SINGLE.X, SINGLE.Y, rule=what)
    with pytest.raises(TypeError, match=r"^descend has no setting 'momentun'; it has rate, momentum, batch"):
        descend(SINGLE.X, SINGLE.Y, momentun=0.5)


def test_from_weights_alone_descent_begins_at_rest_with_a_shuffle_of_its_own():
    options = {"rate": 1e-3, "batch": 5, "momentum": 0.9}
    path = quietly(SINGLE.X, SINGLE.Y, steps=4, **options)
    rested = quietly(SINGLE.X, SINGLE.Y, steps=3, start=path.final, **options)
    gone_on = quietly(SINGLE.X, SINGLE.Y, steps=3, start=path, **options)
    assert np.array_equal(rested.W[0], gone_on.W[0]) and not np.allclose(rested.W[1], gone_on.W[1], rtol=1e-6)


def test_the_state_of_another_problem_is_refused():
    path = quietly(SINGLE.X, SINGLE.Y, steps=2)
    with pytest.raises(InputError, match=r"the columns of X meet the rows of W"):
        descend(DATA.X, DATA.Y, start=path)


@pytest.mark.parametrize("batch", [None, 5])
@pytest.mark.parametrize(("every", "steps"), [(1, 7), (3, 7), (3, 9), (50, 7), (4, 0)])
def test_what_is_recorded_is_each_so_many_th_iterate_and_the_last(batch, every, steps):
    options = {"rate": 1e-3, "batch": batch, "momentum": 0.5, "steps": steps}
    whole, some = quietly(SINGLE.X, SINGLE.Y, **options), quietly(SINGLE.X, SINGLE.Y, record_every=every, **options)
    wanted = sorted({*range(0, steps + 1, every), steps})
    assert some.at.tolist() == wanted and some.steps == whole.steps == steps
    assert whole.at.tolist() == list(range(steps + 1))
    for name in ("W", "b", "losses", "gradient_norms"):
        assert np.array_equal(getattr(some, name), getattr(whole, name)[wanted])
    assert np.array_equal(some.state.vW, whole.state.vW) and some.state.shuffle == whole.state.shuffle


def test_between_records_small_batches_look_at_no_more_than_their_rows(monkeypatch):
    seen, plain = [], descent.Workspace.gradient
    monkeypatch.setattr(descent.Workspace, "gradient", lambda *given: seen.append(len(given[1])) or plain(*given))
    quietly(SINGLE.X, SINGLE.Y, rate=1e-3, steps=40, batch=3, record_every=20)
    assert seen == [12, 12, 12]
    seen.clear()
    quietly(SINGLE.X, SINGLE.Y, rate=1e-3, steps=6, record_every=3)
    assert len(seen) == 7


def test_by_default_small_batches_of_large_data_look_at_all_of_them_seldom(monkeypatch):
    X = np.random.default_rng(0).normal(size=(20_000, 20))
    y = X.sum(axis=1)
    path = quietly(X, y, rate=1e-3, steps=60, batch=32)
    assert path.at.tolist() == [0, 23, 46, 60] and path.steps == 60
    each = quietly(X, y, rate=1e-3, steps=60, batch=32, record_every=1)
    assert np.array_equal(each.W[path.at], path.W) and np.array_equal(each.losses[path.at], path.losses)
    assert quietly(X, y, rate=1e-3, steps=3).at.tolist() == [0, 1, 2, 3]
    assert quietly(X[:1500], y[:1500], rate=1e-3, steps=3, batch=1).at.tolist() == [0, 1, 2, 3]


def test_divergence_between_records_is_said_at_the_next_one():
    limit = rates(SINGLE.X).largest
    with pytest.warns(DivergenceWarning, match=r"^It diverged: at step \d+0 the loss"):
        path = descend(SINGLE.X, SINGLE.Y, rate=3 * limit, steps=500, record_every=10, progress=False)
    assert path.diverged and np.isfinite(path.losses).all() and path.steps % 10 == 0
    with pytest.raises(InputError, match=r"^record_every is 0, but a whole number of at least 1 is expected\.$"):
        descend(SINGLE.X, SINGLE.Y, record_every=0)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_three_steps_are_those_of_exact_rationals(momentum):
    X, y, rate = np.array([[1.0, 2], [3, -1], [0, 1], [2, 2], [-1, 4]]), np.array([1.0, 2, -1, 0, 3]), 2.0**-6
    path = quietly(X, y, rate=rate, steps=3, momentum=momentum)
    w, b, vw, vb = [Fraction(0)] * 2, Fraction(0), [Fraction(0)] * 2, Fraction(0)
    for t in range(3):
        r = [
            Fraction(x) * w[0] + Fraction(z) * w[1] + b - Fraction(target) for (x, z), target in zip(X, y, strict=True)
        ]
        dw = [Fraction(2, 5) * sum(one * Fraction(x) for one, x in zip(r, X[:, k], strict=True)) for k in range(2)]
        db = Fraction(2, 5) * sum(r)
        beta, eta = Fraction(momentum), Fraction(rate)
        vw, vb = [beta * v - eta * d for v, d in zip(vw, dw, strict=True)], beta * vb - eta * db
        w, b = [one + v for one, v in zip(w, vw, strict=True)], b + vb
        np.testing.assert_allclose(path.W[t + 1], [float(one) for one in w], rtol=1e-14)
        assert path.b[t + 1] == pytest.approx(float(b), rel=1e-14)


def unlike_columns(seed=0, N=300):
    """Columns of very different size, far from zero: descent on them is slow."""
    random = np.random.default_rng(seed)
    X = np.c_[random.normal(3000, 1000, N), random.normal(size=N), random.uniform(1900, 2000, N)]
    return X, X @ [0.01, 50, 1] + random.normal(size=N)


@pytest.mark.parametrize(
    "options", [{}, {"batch": 10}, {"momentum": 0.9}, {"convention": "sum"}, {"record_every": 300}]
)
def test_a_descent_that_is_merely_slow_says_so_and_what_helps(options):
    X, y = unlike_columns()
    path = quietly(X, y, steps=1000, **options)
    found = fit(X, y)
    least = loss(X, y, found.W, found.b, convention=options.get("convention", "mean"))
    said = f"It took all the steps it was given, and it is slow: the least loss is {least:.4g}, but along the flattest"
    assert path.reason.startswith(said) and path.reason.endswith(
        "standardise the columns of X first (lr.data.standardise)."
    )
    Z, _, _ = standardise(X)
    assert quietly(Z, y, steps=1000, **options).reason == "It took all the steps it was given."
    ratio = options.get("momentum", 0.0)
    share = rates(X, convention=options.get("convention", "mean")).lambda_min * path.rate / (1 - ratio)
    assert f"a step takes only {share:.1g} of the error" in path.reason


def test_a_rate_that_is_too_small_or_columns_that_nearly_agree_are_told_apart():
    Z, _, _ = standardise(unlike_columns()[0])
    y = unlike_columns()[1]
    assert f"take a larger rate, up to {rates(Z).best:.4g}." in quietly(Z, y, rate=1e-5, steps=1000).reason
    hard = synthetic(60, 3, condition=1000, seed=2)
    assert "lr.fit finds the least loss at once." in quietly(hard.X, hard.Y, steps=500).reason
    twice = np.c_[Z[:, :1], 2000 * Z[:, :1], 1e-3 * Z[:, 1:2]]
    with warnings.catch_warnings(action="error"):
        assert "and it is slow" in quietly(twice, y, steps=500).reason


def test_the_least_loss_is_found_by_blocks_of_rows(monkeypatch):
    X, y = unlike_columns()
    whole = quietly(X, y, steps=1000).reason
    monkeypatch.setattr(descent_advice, "_ROWS", 7)
    assert quietly(X, y, steps=1000).reason == whole and "it is slow" in whole


def test_the_least_loss_is_not_looked_for_where_that_costs_more_than_the_descent(monkeypatch):
    monkeypatch.setattr(descent, "of_slowness", None)
    assert quietly(*unlike_columns(), batch=1, steps=8999).reason == "It took all the steps it was given."


def test_an_editor_offers_each_setting_of_a_rule():
    taken = typing.get_type_hints(descend, include_extras=True)["settings"]
    assert typing.get_type_hints(typing.get_args(taken)[0]) == typing.get_type_hints(descent.Rule)
