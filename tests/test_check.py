"""The gradient check: its derivatives, and that it finds each classic error, names it, and does not cry wolf."""

from fractions import Fraction

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import cases, exact_loss, exact_slopes

from lrcore.check import (
    agrees,
    central_differences,
    check_gradient,
    complex_step,
    likely_cause,
    relative_error,
)
from lrcore.data import housing, standardise, synthetic
from lrcore.errors import InputError, ShapeError
from lrcore.gradients import gradient
from lrcore.losses import loss, of_residual

METHODS = ("central differences", "complex step")
RANDOM = np.random.default_rng(11)
X, Y, W = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(5, 2)), RANDOM.normal(size=(3, 2))
SQUARE = RANDOM.normal(size=(5, 2))  # with W (2, 2), whose gradient may be transposed unseen


def f(V):
    """The loss as plain arithmetic, so that a complex step passes through."""
    return of_residual(X @ V - Y)


def df(V):
    return 2 / 5 * X.T @ (X @ V - Y)


@given(cases())
def test_central_differences_are_the_exact_slopes_of_a_quadratic(case):
    X, Y, W, b = case
    measured = central_differences(lambda V: loss(X, Y, V, b), W, step=0.5)
    wanted = exact_slopes(lambda V: exact_loss(X, Y, V, b), W)
    np.testing.assert_allclose(measured, wanted, atol=1e-10 * max(1, float(exact_loss(*case))))


@pytest.mark.parametrize("measure", [central_differences, complex_step])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (2, 1, 2)])
def test_both_measure_what_automatic_differentiation_derives(measure, shape):
    W = np.random.default_rng(1).normal(size=shape)
    rough = lambda V: (np.sin(V) * np.exp(V / 3) + V**3).sum()  # noqa: E731
    wanted = autograd.grad(lambda V: anp.sum(anp.sin(V) * anp.exp(V / 3) + V**3))(W)
    rtol = 1e-14 if measure is complex_step else 1e-8
    measured = measure(rough, W)
    assert measured.shape == shape
    np.testing.assert_allclose(measured, wanted, rtol=rtol)


def test_central_differences_are_off_by_h_squared_times_the_third_derivative_over_six():
    h = 0.01
    error = central_differences(lambda w: (w**3).sum(), np.array([2.0]), step=h) - 12.0
    assert error == pytest.approx(h**2 * 6 / 6, rel=1e-6)


def test_the_default_step_grows_with_the_weight():
    seen = []
    central_differences(lambda w: seen.append(w.item()) or 0.0, np.array([1e6]))
    h = Fraction(seen[0]) - 10**6
    assert float(h) == pytest.approx(np.finfo(float).eps ** (1 / 3) * 1e6, rel=1e-3)


def test_a_complex_step_loses_nothing_where_differences_lose_everything():
    slope = complex_step(lambda w: (w * w).sum() + 1e12, np.array([1e-3]))
    assert slope[0] == pytest.approx(2e-3, rel=1e-15)


def test_a_function_that_writes_to_its_argument_is_still_measured():
    def spoils(w):
        w *= w
        return w.sum()

    W = np.array([1.0, 2.0])
    assert np.allclose(central_differences(spoils, W), [2, 4]) and W.tolist() == [1.0, 2.0]
    assert check_gradient(spoils, lambda w: 2 * w, W)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [(1.0, 1.0, 0.0), (1.0, 2.0, 0.5), (0.0, 0.0, 0.0), (0.0, 1e-300, 1.0), (-1.0, 1.0, 2.0), (-4.0, -3.0, 0.25)],
)
def test_the_relative_error_is_the_gap_beside_the_larger_of_the_two(a, b, wanted):
    assert relative_error(a, b) == relative_error(b, a) == wanted
    assert relative_error([[a]], [[b]]).tolist() == [[wanted]]


def test_the_relative_error_of_different_shapes_is_refused():
    with pytest.raises(ShapeError, match=r"^a has shape \(2,\) and b has shape \(2, 1\), but they must be the same\.$"):
        relative_error([1.0, 2.0], [[1.0], [2.0]])


@pytest.mark.parametrize("method", METHODS)
def test_a_right_gradient_passes(method):
    report = check_gradient(f, df, W, method=method)
    assert report and report.ok and bool(report) is True
    assert report.error < (1e-13 if method == "complex step" else 1e-8)
    assert str(report) == f"gradient agrees with {method}: largest error {report.error:.1e} (allowed 1e-06)"
    assert repr(report) == str(report) and report.cause == ""


def wrong_entry(V):
    G = df(V).copy()
    G[2, 1] += 1.0
    return G


ERRORS = {
    "the sign: times -1 it is right": lambda V: -df(V),
    "a factor 2 is lost: times 2 it is right": lambda V: df(V) / 2,
    "a factor 2 too many: times 1/2 it is right": lambda V: df(V) * 2,
    "the 1/N is lost: divided by N it is right": lambda V: df(V) * 5,
    "the 2/N is lost: times 2/N it is right": lambda V: df(V) * 5 / 2,
    "a factor N is lost: times N it is right": lambda V: df(V) / 5,
    "the 1/D is lost: divided by D it is right": lambda V: df(V) * 7,
    "the sign and a factor: a factor 2 is lost: times 2 it is right, with the other sign": lambda V: -df(V) / 2,
    "the sign and a factor: the 1/N is lost: divided by N it is right, with the other sign": lambda V: -df(V) * 5,
    "a constant factor: times 0.3 it is right": lambda V: df(V) / 0.3,
    "1 of 6 entries are wrong, the others agree; look at what is special about them": wrong_entry,
    "no single sign, factor or transpose mends it; check a term or the order of a product": lambda V: V + 10.0,
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cause", ERRORS)
def test_each_classic_error_is_found_and_named(cause, method):
    report = check_gradient(f, ERRORS[cause], W, method=method, sizes={"N": 5, "D": 7})
    assert not report and report.cause == cause


def test_without_sizes_a_lost_n_is_a_constant_factor():
    assert check_gradient(f, lambda V: df(V) * 5, W).cause == "a constant factor: times 0.2 it is right"


def test_a_transposed_gradient_is_named():
    A = RANDOM.normal(size=(2, 2))
    square = check_gradient(lambda V: ((SQUARE @ V - Y) ** 2).sum(), lambda V: (2 * SQUARE.T @ (SQUARE @ V - Y)).T, A)
    assert not square and square.cause == "it is transposed"
    oblong = check_gradient(f, lambda V: df(V).T, W)
    assert not oblong and oblong.cause == (
        "its shape is (2, 3), but a gradient has the shape of its variable, (3, 2); it is right when transposed"
    )
    neither = check_gradient(f, lambda V: -df(V).T, W)
    assert neither.cause.endswith("its variable, (3, 2)")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_fails(bad):
    report = check_gradient(f, lambda V: np.where(np.eye(3, 2) == 1, bad, df(V)), W)
    assert not report and report.cause == "it holds NaN or infinity"
    assert str(report) == "gradient cannot be right: it holds NaN or infinity"


def test_the_report_names_the_worst_entry_and_both_values():
    report = check_gradient(f, wrong_entry, W, seed=None)
    assert report.worst == (2, 1)
    assert report.yours == pytest.approx(df(W)[2, 1] + 1) and report.measured == pytest.approx(df(W)[2, 1])
    assert report.error == pytest.approx(1 / max(np.abs(df(W)).max(), np.abs(report.yours)), rel=1e-6)
    lines = str(report).splitlines()
    assert lines[0] == f"gradient disagrees with central differences: error {report.error:.1e} (allowed 1e-06)"
    assert lines[1] == f"  worst at entry [2, 1]: yours {report.yours:.10g}, measured {report.measured:.10g}"
    assert lines[2] == f"  likely cause: {report.cause}" and len(lines) == 3


def test_a_gradient_by_a_number_has_no_entry_to_name():
    report = check_gradient(lambda w: w * w, lambda w: 3 * w, 2.0)
    assert not report and "  worst: yours" in str(report) and report.worst == ()


def test_the_point_is_random_unless_it_is_asked_not_to_be():
    zero = np.zeros((3, 2))
    lazy = lambda V: 2 / 5 * X.T @ -Y  # noqa: E731  right at W = 0 alone
    assert check_gradient(f, lazy, zero, seed=None)
    assert not check_gradient(f, lazy, zero)
    points = []
    for seed in (0, 0, 1):
        check_gradient(f, lambda V: points.append(V) or df(V), zero, seed=seed)
    assert np.array_equal(points[0], points[1]) and not np.array_equal(points[0], points[2])
    assert np.array_equal(points[0], np.random.default_rng(0).standard_normal((3, 2)))


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1.0, 1e6, 1e12])
def test_units_change_no_verdict(unit):
    small = lambda V: of_residual(unit * X @ V - unit * Y)  # noqa: E731
    right = lambda V: unit**2 * df(V)  # noqa: E731
    for method in METHODS:
        assert check_gradient(small, right, W, method=method)
        for factor in (-1, 2, 0.5, 1.001):
            assert not check_gradient(small, lambda V, c=factor: c * right(V), W, method=method)


@pytest.mark.parametrize("relative", [3e-6, 1e-4])
def test_an_error_just_above_the_tolerance_is_found_and_one_below_is_not(relative):
    assert not check_gradient(f, lambda V: df(V) * (1 + relative), W)
    assert check_gradient(f, lambda V: df(V) * (1 + relative), W, tolerance=2 * relative)
    assert check_gradient(f, lambda V: df(V) * (1 + 1e-7), W)


def test_a_loss_that_is_large_beside_its_slopes_is_not_taken_for_a_wrong_gradient():
    data = housing()
    Z, _, _ = standardise(data.X)
    cost = lambda w: loss(Z, data.Y, w)  # noqa: E731
    slope = lambda w: gradient(Z, data.Y, w)[0]  # noqa: E731
    report = check_gradient(cost, slope, np.zeros(5))
    assert report and 1e-6 < report.tolerance < 1e-3 and "(allowed 2e-04)" in str(report)
    assert not check_gradient(cost, lambda w: 1.01 * slope(w), np.zeros(5))
    assert check_gradient(
        lambda w: of_residual(Z @ w - data.Y), slope, np.zeros(5), method="complex step", tolerance=1e-12
    )


def test_where_rounding_hides_the_slope_the_check_says_so_and_does_not_pass():
    hidden = lambda w: 1e14 + (w * w).sum()  # noqa: E731
    report = check_gradient(hidden, lambda w: 3 * w, np.ones(2))
    assert not report and report.cause.startswith(
        "the slope is so small beside the loss that rounding hides it; check at"
    )


def test_a_constant_loss_has_the_gradient_zero():
    assert check_gradient(lambda w: 3.0, np.zeros_like, np.ones(2))
    assert not check_gradient(lambda w: 0.0, np.ones_like, np.ones(2))


@given(st.floats(1e-9, 1e9), st.floats(0, 1e-3))
def test_agreement_is_relative_to_the_largest_entry(size, tolerance):
    a = np.array([1.0, 0.0]) * size
    assert agrees(a, a, tolerance)
    assert agrees(a, a + size * tolerance * 0.99, max(tolerance, 1e-12))
    assert not agrees(a, a + np.array([0.0, size * (2 * tolerance + 1e-9)]), tolerance)


def test_a_factor_of_a_size_below_three_is_not_guessed():
    # at N = 2 a lost 2/N is no error, and a lost 1/N cannot be told from a lost 1/2
    cause = likely_cause(np.array([2.0]), np.array([1.0]), 1e-6, {"N": 2})
    assert cause == "a factor 2 too many: times 1/2 it is right"
    assert likely_cause(np.zeros(2), np.ones(2), 1e-6, {}) == (
        "no single sign, factor or transpose mends it; check a term or the order of a product"
    )


@pytest.mark.parametrize("measure", [central_differences, complex_step])
@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        (np.ones(2), r"^f returned an array of shape \(2,\), but a number is expected: a loss is one number\.$"),
        (None, r"^the value of f holds Python objects, but real numbers are expected"),
        ("low", r"^the value of f holds text, but real numbers are expected"),
        ([[1.0], [2.0, 3.0]], r"^the value of f is ragged: its rows differ in length"),
        ([], r"^the value of f is empty"),
        (np.nan, r"^f returned nan, but a finite number is expected; try another W, or smaller numbers\.$"),
        (np.inf, r"^f returned inf, but a finite number is expected"),
    ],
)
def test_a_loss_is_one_finite_number(measure, returned, sentence):
    with pytest.raises(InputError, match=sentence):
        measure(lambda w: returned, np.ones(2))


def test_a_complex_value_needs_complex_weights():
    with pytest.raises(InputError, match=r"^the value of f holds complex numbers, but real numbers are expected"):
        central_differences(lambda w: 1j, np.ones(2))


def test_a_complex_step_through_abs_is_refused_instead_of_giving_zero():
    with pytest.raises(
        InputError, match=r"^f returned a real number for complex weights; use plain arithmetic \(no abs, no"
    ):
        complex_step(lambda w: (abs(w) ** 2).sum(), np.ones(2))


def test_a_step_that_rounding_swallows_is_refused():
    with pytest.raises(InputError, match=r"^step is 1e-30, but beside 1 it is lost by rounding; give a larger one\.$"):
        central_differences(np.sum, np.ones(2), step=1e-30)


@pytest.mark.parametrize("step", [0, -1, np.nan, "small"])
def test_a_step_is_positive(step):
    for measure in (central_differences, complex_step):
        with pytest.raises(InputError, match=r"^step is .*, but a number greater than zero is expected\.$"):
            measure(np.sum, np.ones(2), step=step)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"method": "forward"}, r"^method is 'forward', but one of central differences, complex step is expected\.$"),
        ({"tolerance": 0}, r"^tolerance is 0, but a number greater than zero is expected\.$"),
        ({"seed": -1}, r"^seed is -1, but a whole number of at least 0 is expected\.$"),
        ({"sizes": {"N": 2.5}}, r"^N is 2\.5, but a whole number of at least 1 is expected\.$"),
    ],
)
def test_options_that_cannot_be_used_are_refused(options, sentence):
    with pytest.raises(InputError, match=sentence):
        check_gradient(f, df, W, **options)


@pytest.mark.parametrize("returned", [None, "g", 1j * np.ones((3, 2)), (np.ones((3, 2)), np.ones(2))])
def test_a_gradient_that_is_no_array_of_numbers_is_refused(returned):
    with pytest.raises(InputError, match=r"^the gradient "):
        check_gradient(f, lambda V: returned, W)


DATA32 = synthetic(20, 3, 2, seed=1)
SINGLE = [A.astype(np.float32) for A in (DATA32.X, DATA32.Y)]


def loss_in_single(V):
    R = SINGLE[0] @ V.astype(np.float32) - SINGLE[1]
    return (R * R).sum() / np.float32(len(R))


def gradient_in_single(V):
    return np.float32(2 / len(SINGLE[0])) * SINGLE[0].T @ (SINGLE[0] @ V.astype(np.float32) - SINGLE[1])


@pytest.mark.parametrize("as_float", [True, False])
@pytest.mark.parametrize("seed", range(5))
def test_a_loss_in_float32_is_no_fault_of_the_formula(as_float, seed):
    f = (lambda V: float(loss_in_single(V))) if as_float else loss_in_single
    report = check_gradient(f, gradient_in_single, DATA32.W, sizes={"N": 20}, seed=seed)
    assert report and "of a loss in float32" in str(report) and report.tolerance < 0.01


@pytest.mark.parametrize("factor", [-1.0, 0.5, 20.0, 1.02])
def test_a_wrong_formula_in_float32_is_still_named(factor):
    report = check_gradient(loss_in_single, lambda V: factor * gradient_in_single(V), DATA32.W, sizes={"N": 20})
    says = {-1.0: "the sign", 0.5: "a factor 2 is lost", 20.0: "the 1/N is lost", 1.02: "a constant factor"}[factor]
    assert not report and says in report.cause


def test_a_loss_in_float32_that_hides_its_slope_is_said_to_be_too_coarse():
    report = check_gradient(lambda V: loss_in_single(V) + np.float32(1e6), gradient_in_single, DATA32.W)
    assert not report and report.cause.startswith("f is computed in float32, which is too coarse")


def test_a_complex_step_through_a_loss_in_single_precision_is_measured():
    def f(V):
        R = SINGLE[0] @ V.astype(np.complex64 if np.iscomplexobj(V) else np.float32) - SINGLE[1]
        return (R * R).sum() / np.float32(len(R))

    assert isinstance(f(DATA32.W + 0j), np.complex64)
    assert check_gradient(f, gradient_in_single, DATA32.W, method="complex step", sizes={"N": 20})
    assert not check_gradient(f, lambda V: -gradient_in_single(V), DATA32.W, method="complex step", sizes={"N": 20})
