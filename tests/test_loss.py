"""The loss under its four conventions, against exact rational arithmetic."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import CONVENTION_NAMES, cases, close, exact_loss, exact_residual
from sklearn.metrics import mean_squared_error

from lrcore.errors import InputError
from lrcore.losses import CONVENTIONS, loss, of_residual, residual, scale

conventions = st.sampled_from(CONVENTION_NAMES)


@given(cases(), conventions)
def test_the_loss_is_the_definition_in_exact_arithmetic(case, convention):
    value = loss(*case, convention=convention)
    assert isinstance(value, float)
    assert close(value, float(exact_loss(*case, convention)))


@given(cases())
def test_the_residual_is_prediction_minus_target(case):
    R = residual(*case)
    assert R.shape == case.Y.shape
    assert np.array_equal(R.reshape(len(R), -1), np.array(exact_residual(*case), dtype=float))


@given(cases())
def test_the_book_s_convention_is_the_mean_over_the_samples(case):
    assert loss(*case) == loss(*case, convention="mean")


@given(cases())
def test_by_default_the_bias_is_zero(case):
    X, Y, W, b = case
    assert loss(X, Y, W) == loss(X, Y, W, np.zeros_like(b))
    assert np.array_equal(residual(X, Y, W), residual(X, Y, W, np.zeros_like(b)))


@given(cases(), conventions, st.randoms(use_true_random=False))
def test_the_order_of_the_samples_does_not_matter(case, convention, random):
    order = random.sample(range(len(case.X)), len(case.X))
    shuffled = loss(case.X[order], case.Y[order], case.W, case.b, convention=convention)
    assert close(shuffled, loss(*case, convention=convention))


@given(cases(), conventions)
def test_shifting_the_targets_and_the_bias_together_changes_nothing(case, convention):
    X, Y, W, b = case
    assert loss(X, Y + 3, W, b + 3, convention=convention) == loss(X, Y, W, b, convention=convention)


@given(cases(), conventions)
def test_scaling_targets_weights_and_bias_scales_the_loss_by_the_square(case, convention):
    X, Y, W, b = case
    assert loss(X, 4 * Y, 4 * W, 4 * b, convention=convention) == 16 * loss(X, Y, W, b, convention=convention)


@given(cases(), st.sampled_from(["half_mean", "mean", "mean_all"]))
def test_repeating_every_sample_leaves_a_mean_as_it_is_and_doubles_the_sum(case, convention):
    X, Y, W, b = case
    twice = np.concatenate([X, X]), np.concatenate([Y, Y]), W, b
    assert close(loss(*twice, convention=convention), loss(*case, convention=convention))
    assert loss(*twice, convention="sum") == 2 * loss(*case, convention="sum")


@given(cases(single=False))
def test_mean_all_is_scikit_learn_s_mean_squared_error(case):
    X, Y, W, b = case
    assert close(loss(*case, convention="mean_all"), mean_squared_error(Y, X @ W + b))


@pytest.mark.parametrize("name", CONVENTION_NAMES)
@pytest.mark.parametrize("shape", [(3,), (3, 4), (1,), (1, 1), (5, 2)])
def test_the_table_s_latex_says_the_factor_that_the_code_uses(name, shape):
    N, D = shape[0], shape[1] if len(shape) == 2 else 1
    convention = CONVENTIONS[name]
    values = []
    for latex in (convention.loss_latex, convention.gradient_latex):
        parts = re.fullmatch(r"\\frac\{(\d)\}\{(2?)(N?)(D?)\}", latex)
        top, two, n, d = parts.groups() if parts else (latex, "", "", "")
        values.append(int(top) / ((2 if two else 1) * (N if n else 1) * (D if d else 1)))
    assert values[1] == 2 * values[0] == pytest.approx(scale(name, shape), rel=1e-15)
    assert convention.name == name and convention.used_by


def test_there_are_exactly_the_four_conventions():
    assert tuple(CONVENTIONS) == CONVENTION_NAMES


def test_a_complex_step_passes_through_the_loss_of_a_residual():
    r = np.array([1.0, 2.0, 4.0])
    slope = of_residual(r + 1e-20j * np.array([0, 1, 0]), "sum").imag / 1e-20
    assert slope == pytest.approx(4.0, rel=1e-15)


@pytest.mark.parametrize("convention", ["MSE", "", None, [1], 3, np.ones(2)])
def test_an_unknown_convention_is_refused(convention):
    with pytest.raises(InputError, match="but one of half_mean, sum, mean, mean_all is expected"):
        loss([[1.0]], [1.0], [1.0], convention=convention)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_loss_that_overflows_is_said_and_not_infinite(dtype):
    huge = np.sqrt(np.finfo(dtype).max) * dtype(2)
    with pytest.raises(InputError, match=r"^the result of loss overflows: .*; measure X, Y or W in larger units\.$"):
        loss(np.array([[huge]]), np.zeros(1, dtype), np.ones(1, dtype))


def test_subnormal_numbers_are_numbers():
    assert loss([[5e-324]], [0.0], [1.0]) == 0.0
    assert residual([[5e-324]], [0.0], [1.0])[0] == 5e-324
