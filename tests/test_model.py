"""Predictions, the design matrix, and the bias on top of the weights."""

import numpy as np
import pytest
from hypothesis import given
from oracles import cases, close, product, rows

from lrcore.errors import InputError, ShapeError
from lrcore.model import design, predict, stack, unstack


@given(cases())
def test_a_prediction_is_the_product_and_the_bias_in_exact_arithmetic(case):
    X, _, W, b = case
    bias = np.broadcast_to(b, W.shape[1:]).reshape(-1)
    wanted = [[float(p) + c for p, c in zip(row, bias, strict=True)] for row in product(rows(X), rows(W))]
    assert np.array_equal(predict(X, W, b), np.array(wanted).reshape(len(X), *W.shape[1:]))


@given(cases())
def test_a_prediction_without_a_bias_is_one_with_the_bias_zero(case):
    assert np.array_equal(predict(case.X, case.W), predict(case.X, case.W, np.zeros_like(case.b)))


@given(cases(single=False))
def test_a_number_for_a_bias_stands_for_every_output(case):
    assert np.array_equal(predict(case.X, case.W, 3.0), predict(case.X, case.W, np.full(case.W.shape[1], 3.0)))


@given(cases())
def test_predictions_are_linear_in_weights_and_bias_together(case):
    X, _, W, b = case
    assert np.array_equal(predict(X, 3 * W, 3 * b), 3 * predict(X, W, b))
    assert np.array_equal(predict(X, W + 1, b + 1), predict(X, W, b) + predict(X, np.ones_like(W), np.ones_like(b)))


@given(cases())
def test_the_design_matrix_carries_the_bias_as_its_first_weight(case):
    X, _, W, b = case
    A = design(X)
    assert A.shape == (X.shape[0], X.shape[1] + 1) and (A[:, 0] == 1).all() and np.array_equal(A[:, 1:], X)
    assert close(A @ stack(W, b), predict(X, W, b), 100)


@given(cases())
def test_unstack_undoes_stack(case):
    theta = stack(case.W, case.b)
    W, b = unstack(theta)
    assert theta.shape == (case.W.shape[0] + 1, *case.W.shape[1:])
    assert np.array_equal(W, case.W) and np.array_equal(b, case.b)


def test_float32_stays_float32():
    X, W = np.ones((3, 2), np.float32), np.ones((2, 4), np.float32)
    assert design(X).dtype == predict(X, W).dtype == predict(X, W, 2.5).dtype == np.float32
    assert predict(X, W, np.ones(4)).dtype == np.float64


@pytest.mark.parametrize(
    ("W", "b"), [(np.ones(3), np.ones(1)), (np.ones((3, 2)), 0.0), (np.ones((3, 2)), np.ones(3)), (1.0, 1.0)]
)
def test_stack_refuses_a_bias_that_has_not_one_entry_an_output(W, b):
    with pytest.raises(ShapeError, match="but b needs one entry for each output"):
        stack(W, b)


def test_stack_refuses_weights_of_three_axes():
    with pytest.raises(ShapeError, match="but b needs one entry for each output"):
        stack(np.ones((3, 2, 2)), np.ones((2, 2)))


@pytest.mark.parametrize("theta", [np.ones(1), np.float64(1), np.ones((1, 3)), np.ones((2, 2, 2))])
def test_unstack_refuses_what_has_no_weight_below_the_bias(theta):
    with pytest.raises(ShapeError, match=r"but \(M \+ 1,\) or \(M \+ 1, D\) with M of at least 1 is expected"):
        unstack(theta)


def test_a_prediction_that_overflows_is_said_and_not_infinite():
    with pytest.raises(InputError, match=r"^the result of predict overflows: it is beyond the largest floating-point"):
        predict([[1e200]], [1e200])
