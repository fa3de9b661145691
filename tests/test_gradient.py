"""Gradients, Jacobians, the Hessian and a layer's backward pass, each against an oracle that shares no code with it.

The oracles: exact differences in rational arithmetic (a quadratic's central difference has no error), HIPS autograd,
central differences, and the numbers that PyTorch computed.
"""

import warnings

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import CONVENTION_NAMES, cases, close, exact_loss, exact_slopes, whole

from lrcore import gradients as g
from lrcore.check import central_differences
from lrcore.data import torch_reference
from lrcore.errors import InputError, ShapeError
from lrcore.losses import loss
from lrcore.model import design, predict, stack

conventions = st.sampled_from(CONVENTION_NAMES)
FACTORS = {
    "half_mean": lambda N, D: 1 / (2 * N),
    "sum": lambda N, D: 1.0,
    "mean": lambda N, D: 1 / N,
    "mean_all": lambda N, D: 1 / (N * D),
}


def example(N=4, M=3, D=2, seed=0):
    random = np.random.default_rng(seed)
    tail = () if D is None else (D,)
    return (random.normal(size=s) for s in ((N, M), (N, *tail), (M, *tail), tail))


def automatic(X, Y, W, b, convention):
    """dL/dW and dL/db by HIPS autograd, from the loss written out anew."""
    factor = FACTORS[convention](X.shape[0], Y[0].size)
    written = lambda W, b: factor * anp.sum((anp.dot(X, W) + b - Y) ** 2)  # noqa: E731
    return autograd.grad(written, 0)(W, b), autograd.grad(written, 1)(W, b)


@given(cases(), conventions)
def test_the_gradient_is_the_exact_slope_of_the_exact_loss(case, convention):
    X, Y, W, b = case
    dW, db = g.gradient(*case, convention=convention)
    scale = 8 * 8 * 8 * 5 * 5
    assert close(dW, exact_slopes(lambda V: exact_loss(X, Y, V, b, convention), W), scale)
    assert close(db, exact_slopes(lambda v: exact_loss(X, Y, W, v, convention), b), scale)


@pytest.mark.parametrize("convention", CONVENTION_NAMES)
@pytest.mark.parametrize(
    ("N", "M", "D"), [(4, 3, 2), (2, 5, 3), (1, 3, 2), (3, 1, 2), (3, 2, 1), (1, 1, 1), (5, 4, None)]
)
def test_the_gradient_is_that_of_automatic_differentiation(N, M, D, convention):
    X, Y, W, b = example(N, M, D)
    for mine, theirs in zip(
        g.gradient(X, Y, W, b, convention=convention), automatic(X, Y, W, b, convention), strict=True
    ):
        assert close(mine, theirs, 10)


@given(cases(single=True), conventions)
def test_loop_and_sum_and_matrix_product_are_one_gradient(case, convention):
    dw, db = g.gradient(*case, convention=convention)
    for form in (g.loop, g.summed):
        slow_dw, slow_db = form(*case, convention=convention)
        assert isinstance(slow_db, float) and close(slow_dw, dw, 1e5) and close(slow_db, db, 1e5)


@given(cases(single=False), conventions)
def test_index_by_index_and_matrix_product_are_one_gradient(case, convention):
    for slow, fast in zip(
        g.by_index(*case, convention=convention), g.gradient(*case, convention=convention), strict=True
    ):
        assert close(slow, fast, 1e5)


@given(cases())
def test_by_default_every_form_takes_the_mean_over_the_samples(case):
    single = case.Y.ndim == 1
    for form in (g.gradient, *((g.loop, g.summed) if single else (g.by_index,))):
        for default, named in zip(form(*case), form(*case, convention="mean"), strict=True):
            assert np.array_equal(default, named)


@given(cases())
def test_by_default_the_bias_is_zero_in_every_form(case):
    X, Y, W, b = case
    single = Y.ndim == 1
    for form in (g.gradient, *((g.loop, g.summed) if single else (g.by_index,))):
        for default, named in zip(form(X, Y, W), form(X, Y, W, np.zeros_like(b)), strict=True):
            assert np.array_equal(default, named)
    for default, named in zip(g.one_sample(X[0], Y[0], W), g.one_sample(X[0], Y[0], W, np.zeros_like(b)), strict=True):
        assert np.array_equal(default, named)


@given(cases())
def test_the_gradient_of_n_samples_is_the_mean_of_the_gradients_of_each(case):
    X, Y, W, b = case
    each = [g.one_sample(x, y, W, b) for x, y in zip(X, Y, strict=True)]
    dW, db = g.gradient(*case)
    assert close(np.mean([dw for dw, _ in each], axis=0), dW, 1e4)
    assert close(np.mean([d for _, d in each], axis=0), db, 1e4)


@given(cases())
def test_the_gradient_of_one_sample_is_the_exact_slope(case):
    X, Y, W, b = case
    x, y = X[0], Y[0]
    dw, db = g.one_sample(x, y, W, b)
    assert np.array_equal(dw, exact_slopes(lambda V: exact_loss(X[:1], Y[:1], V, b, "sum"), W))
    assert np.array_equal(db, exact_slopes(lambda v: exact_loss(X[:1], Y[:1], W, v, "sum"), b))


@given(cases(), conventions, st.randoms(use_true_random=False))
def test_the_order_of_the_samples_does_not_matter(case, convention, random):
    X, Y, W, b = case
    order = random.sample(range(len(X)), len(X))
    pair = g.gradient(X[order], Y[order], W, b, convention=convention), g.gradient(*case, convention=convention)
    for shuffled, plain in zip(*pair, strict=True):
        assert close(shuffled, plain, 1e5)


@given(cases())
def test_shifting_the_targets_and_the_bias_together_changes_no_gradient(case):
    X, Y, W, b = case
    for shifted, plain in zip(g.gradient(X, Y - 7, W, b - 7), g.gradient(*case), strict=True):
        assert np.array_equal(shifted, plain)


@given(cases())
def test_the_gradient_is_linear_in_targets_weights_and_bias_together(case):
    X, Y, W, b = case
    for scaled, plain in zip(g.gradient(X, -2 * Y, -2 * W, -2 * b), g.gradient(*case), strict=True):
        assert np.array_equal(scaled, -2 * plain)


@given(cases(single=False))
def test_one_column_of_many_outputs_is_the_problem_of_one_output(case):
    X, Y, W, b = case
    dW, db = g.gradient(*case)
    for j in range(Y.shape[1]):
        dw, d = g.gradient(X, Y[:, j], W[:, j], b[j])
        assert close(dW[:, j], dw, 1e5) and close(db[j], d, 1e5)


@given(cases())
def test_the_jacobians_are_those_of_the_prediction(case):
    X, _, W, _ = case
    dw, db = g.jacobian(X)
    w = W.reshape(X.shape[1], -1)[:, 0]
    assert close(dw, np.stack([exact_column(X, w, k) for k in range(X.shape[1])], axis=1))
    assert close(db[:, 0], predict(X, w, 1.0) - predict(X, w, 0.0)) and db.shape == (len(X), 1)


def exact_column(X, w, k):
    e = np.eye(len(w))[k]
    return (predict(X, w + e) - predict(X, w - e)) / 2


def test_the_jacobian_is_a_copy_so_that_writing_to_it_spares_the_data():
    X = np.ones((2, 2))
    g.jacobian(X)[0][:] = 7
    assert (X == 1).all()


@given(cases(single=False))
def test_every_entry_of_the_tensor_is_a_slope_of_the_prediction(case):
    X, _, W, _ = case
    T = g.jacobian_tensor(X, W.shape[1])
    for k, l in np.ndindex(W.shape):  # noqa: E741
        E = np.zeros(W.shape)
        E[k, l] = 1
        assert np.array_equal(T[:, :, k, l], (predict(X, W + E) - predict(X, W - E)) / 2)


@given(cases(single=False))
def test_both_kronecker_forms_hold_the_numbers_of_the_tensor(case):
    X, _, W, _ = case
    D = W.shape[1]
    columns, rows, T = g.jacobian_columns(X, D), g.jacobian_rows(X, D), g.jacobian_tensor(X, D)
    (N, M) = X.shape
    assert columns.shape == rows.shape == (N * D, M * D)
    for i, j, k, l in np.ndindex(T.shape):  # noqa: E741
        assert columns[j * N + i, l * M + k] == rows[i * D + j, k * D + l] == T[i, j, k, l]


@given(cases(single=False))
def test_each_kronecker_form_goes_with_its_own_vec(case):
    X, _, W, _ = case
    D = W.shape[1]
    assert close(g.jacobian_columns(X, D) @ g.vec(W), g.vec(X @ W), 100)
    assert close(g.jacobian_rows(X, D) @ W.reshape(-1), (X @ W).reshape(-1), 100)


def test_vec_stacks_the_columns():
    assert g.vec([[1, 2, 3], [4, 5, 6]]).tolist() == [1, 4, 2, 5, 3, 6]


@given(cases(single=False), st.data())
def test_the_backward_pass_is_the_exact_slope_of_the_weighted_output(case, data):
    X, Y, W, b = case
    G = data.draw(whole(Y.shape))
    dX, dW, db = g.layer_backward(G, X, W)
    assert np.array_equal(dX, slopes_of_output(lambda V: (G * predict(V, W, b)).sum(), X))
    assert np.array_equal(dW, slopes_of_output(lambda V: (G * predict(X, V, b)).sum(), W))
    assert np.array_equal(db, slopes_of_output(lambda v: (G * predict(X, W, v)).sum(), b))


def slopes_of_output(f, A):
    slopes = np.empty_like(A)
    for where in np.ndindex(A.shape):
        E = np.zeros_like(A)
        E[where] = 1
        slopes[where] = (f(A + E) - f(A - E)) / 2
    return slopes


@given(cases(single=False))
def test_the_backward_pass_of_the_loss_s_own_slope_is_the_gradient(case):
    X, Y, W, b = case
    G = 2 / len(X) * (predict(X, W, b) - Y)
    _, dW, db = g.layer_backward(G, X, W)
    for mine, wanted in zip((dW, db), g.gradient(*case), strict=True):
        assert close(mine, wanted, 1e5)


@pytest.mark.parametrize(("torch_name", "convention"), [("mean_over_N_D", "mean_all"), ("sum_over_N", "mean")])
def test_the_linear_layer_gives_pytorch_s_numbers_to_the_last_bits(torch_name, convention):
    stored = torch_reference()
    X, Y = stored["inputs"]["X"], stored["inputs"]["Y"]
    W, b = stored["inputs"]["linear"]["W"], stored["inputs"]["linear"]["b"]
    theirs = stored["linear"][torch_name]
    assert loss(X, Y, W, b, convention=convention) == pytest.approx(theirs["loss"], rel=4e-16)
    dX, dW, db = g.layer_backward(theirs["gradients"]["Y_hat"], X, W)
    for mine, name in ((dX, "X"), (dW, "W"), (db, "b")):
        np.testing.assert_array_max_ulp(mine, theirs["gradients"][name], maxulp=4)
    for mine, name in zip(g.gradient(X, Y, W, b, convention=convention), ("W", "b"), strict=True):
        np.testing.assert_array_max_ulp(mine, theirs["gradients"][name], maxulp=8)
    assert np.array_equal(theirs["nn_linear"]["weight"], W.T)
    np.testing.assert_array_max_ulp(theirs["nn_linear"]["weight_grad"], dW.T, maxulp=4)
    np.testing.assert_array_max_ulp(theirs["nn_linear"]["bias_grad"], db, maxulp=4)


@pytest.mark.parametrize(("torch_name", "convention"), [("mean_over_N_D", "mean_all"), ("sum_over_N", "mean")])
def test_two_layers_by_hand_give_pytorch_s_numbers(torch_name, convention):
    stored = torch_reference()
    X, Y, P = stored["inputs"]["X"], stored["inputs"]["Y"], stored["inputs"]["two_layers"]
    theirs = stored["two_layers"][torch_name]
    H = np.tanh(predict(X, P["W1"], P["b1"]))
    c = {"mean_all": 2 / Y.size, "mean": 2 / len(Y)}[convention]
    G = c * (predict(H, P["W2"], P["b2"]) - Y)
    dH, dW2, db2 = g.layer_backward(G, H, P["W2"])
    dX, dW1, db1 = g.layer_backward(dH * (1 - H**2), X, P["W1"])
    for mine, name in ((dH, "H"), (dW2, "W2"), (db2, "b2"), (dX, "X"), (dW1, "W1"), (db1, "b1")):
        np.testing.assert_allclose(mine, theirs["gradients"][name], rtol=1e-13, atol=1e-15)
    assert loss(H, Y, P["W2"], P["b2"], convention=convention) == pytest.approx(theirs["loss"], rel=1e-14)


@pytest.mark.parametrize("convention", CONVENTION_NAMES)
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize(("N", "M", "D"), [(4, 3, 2), (5, 1, 3), (1, 2, 1), (2, 4, 3)])
def test_the_hessian_is_the_jacobian_of_the_gradient(N, M, D, intercept, convention):
    X, Y, W, b = example(N, M, D)
    A, theta = (design(X), stack(W, b)) if intercept else (X, W)
    H = g.hessian(X, D=D, convention=convention, intercept=intercept)
    for column, (j, k) in enumerate(np.ndindex(D, len(theta))):
        E = np.zeros(theta.shape)
        E[k, j] = 1
        up, down = (g.gradient(A, Y, theta + s * E, convention=convention)[0] for s in (1, -1))
        assert close(H[:, column], g.vec((up - down) / 2), 100)
    assert np.array_equal(H, H.T) and np.linalg.eigvalsh(H).min() > -1e-12


def test_the_hessian_of_one_output_needs_no_d():
    X = next(example())
    assert close(g.hessian(X), 2 / 4 * X.T @ X, 10)


def test_a_hessian_by_second_differences_of_the_loss():
    X, Y, w, b = example(D=None)
    slopes = lambda v: central_differences(lambda u: loss(X, Y, u, b), v, step=1.0)  # noqa: E731
    H = np.stack([(slopes(w + e) - slopes(w - e)) / 2 for e in np.eye(3)], axis=1)
    np.testing.assert_allclose(g.hessian(X), H, rtol=1e-12)


def test_float32_stays_float32_and_is_right_to_its_own_precision():
    X, Y, W, b = example()
    small = [A.astype(np.float32) for A in (X, Y, W, b)]
    for mine, wanted in zip(g.gradient(*small), g.gradient(*(A.astype(float) for A in small)), strict=True):
        assert mine.dtype == np.float32
        np.testing.assert_allclose(mine, wanted, rtol=2e-6, atol=2e-6)
    assert g.gradient(*small[:3])[0].dtype == np.float32


def test_views_with_strides_and_fortran_order_give_the_same_gradient():
    X, Y, W, b = example(8, 6)
    for view in (
        np.repeat(X, 2, axis=0)[::2],
        np.asfortranarray(X),
        X[::-1][::-1],
        np.kron(X, np.ones((1, 2)))[:, ::2],
    ):
        for mine, plain in zip(g.gradient(view, Y, W, b), g.gradient(X, Y, W, b), strict=True):
            assert close(mine, plain, 10)


def test_inputs_are_not_written_to():
    given_arrays = tuple(example())
    copies = [A.copy() for A in given_arrays]
    g.gradient(*given_arrays)
    g.by_index(*given_arrays)
    for A, copy in zip(given_arrays, copies, strict=True):
        assert np.array_equal(A, copy)


def test_forms_for_one_output_refuse_many_and_the_other_way_round():
    X, Y, W, b = example()
    for form in (g.loop, g.summed):
        with pytest.raises(
            ShapeError, match=r"^Y has shape \(4, 2\), but this form is for one output: give y of shape"
        ):
            form(X, Y, W, b)
    with pytest.raises(ShapeError, match=r"^Y has shape \(4,\), but \(N, D\) is expected here; write Y\[:, None\]"):
        g.by_index(X, Y[:, 0], W[:, 0])


def test_one_sample_says_what_a_sample_is():
    with pytest.raises(
        ShapeError, match=r"^x has shape \(1, 2\) and y has shape \(\), but one sample is an x of shape"
    ):
        g.one_sample([[1.0, 2.0]], 1.0, [1.0, 2.0])
    with pytest.raises(ShapeError, match=r"^x has shape \(2,\) and y has shape \(1, 1\), but one sample"):
        g.one_sample([1.0, 2.0], [[1.0]], [1.0, 2.0])


def test_the_backward_pass_names_what_it_was_given():
    X, G, W, _ = example()
    with pytest.raises(ShapeError, match=r"^G has shape \(4,\), but \(N, D\) is expected; write G\[:, None\]"):
        g.layer_backward(G[:, 0], X, W[:, 0])
    with pytest.raises(ShapeError, match=r"^X has shape \(4, 3\) and G has shape \(3, 2\): axis 0 counts the samples"):
        g.layer_backward(G[:3], X, W)
    with pytest.raises(ShapeError, match=r"^G has shape \(4, 1\) and W has shape \(3, 2\): axis 1 counts the outputs"):
        g.layer_backward(G[:, :1], X, W)
    with pytest.raises(InputError, match=r"^G is nan at index \[0, 0\]"):
        g.layer_backward(np.full((4, 2), np.nan), X, W)


def test_vec_is_for_matrices():
    with pytest.raises(ShapeError, match=r"^A has shape \(3,\), but a matrix is expected\.$"):
        g.vec([1.0, 2.0, 3.0])


@pytest.mark.parametrize("D", [0, -1, 1.5, True, "2", None])
def test_the_number_of_outputs_is_a_whole_number(D):
    for form in (g.jacobian_tensor, g.jacobian_rows, g.jacobian_columns, lambda X, D: g.hessian(X, D=D)):
        with pytest.raises(InputError, match=r"^D is .*, but a whole number of at least 1 is expected\.$"):
            form([[1.0]], D)


@pytest.mark.parametrize("where", ["X", "Y"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_the_fast_gradient_finds_what_is_not_finite_although_it_looks_only_at_the_result(where, bad, weight):
    X, Y, W, b = example()
    {"X": X, "Y": Y}[where][2, 1] = bad
    with pytest.raises(InputError, match=rf"^{where} is {bad} at index \[2, 1\]; remove or fill such entries first\.$"):
        g.gradient(X, Y, weight * W, b)


@pytest.mark.parametrize(
    "call",
    [
        lambda: g.gradient([[1e200]], [0.0], [1e150]),
        lambda: g.loop([[1e200]], [0.0], [1e150]),
        lambda: g.summed([[1e200]], [0.0], [1e150]),
        lambda: g.by_index([[1e200]], [[0.0]], [[1e150]]),
        lambda: g.one_sample([1e200], 0.0, [1e150]),
        lambda: g.layer_backward([[1e200]], [[1e200]], [[1.0]]),
        lambda: g.hessian([[1e200]]),
    ],
)
def test_a_gradient_that_overflows_is_said_and_not_infinite(call):
    with pytest.raises(InputError, match=r"^the result of \w+ overflows: .*; measure X, Y or W in larger units\.$"):
        call()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("D", [None, 2])
def test_a_gradient_whose_square_is_beyond_all_floats_is_no_reason_to_warn(dtype, D):
    tail, large = () if D is None else (D,), 1e20 if dtype is np.float32 else 1e155
    with warnings.catch_warnings(action="error"), np.errstate(all="raise"):
        dW, db = g.gradient(np.ones((2, 1), dtype), np.full((2, *tail), large, dtype), np.ones((1, *tail), dtype))
        assert np.all(dW == dtype(-2 * large)) and np.all(db == dtype(-2 * large))
        g.gradient(np.full((2, 1), 1e-30, dtype), np.full((2, *tail), 1e-30, dtype), np.ones((1, *tail), dtype))
        with pytest.raises(InputError, match="overflows"):
            g.gradient(np.ones((2, 1), np.float32), np.ones(2, np.float32), np.ones(1, np.float32), 1e39)


def test_the_precision_of_the_bias_counts_whatever_the_size(monkeypatch):
    for rows in (100, 300_000):
        X, Y, W = np.ones((rows, 2), np.float32), np.ones((rows, 3), np.float32), np.ones((2, 3), np.float32)
        assert g.gradient(X, Y, W, np.zeros(3))[0].dtype == np.float64
        assert g.gradient(X, Y, W, np.zeros(3, np.float32))[0].dtype == np.float32


@pytest.mark.parametrize("D", [None, 3])
def test_without_an_intercept_there_is_no_bias_and_its_gradient_is_zero(D):
    X, Y, W, b = example(D=D)
    for case in ((X, Y, W), (X.tolist(), Y.tolist(), W.tolist()), (X, Y.astype(np.float32), W), (X, Y, W, 0 * b)):
        dW, db = g.gradient(*case, intercept=False)
        assert close(dW, g.gradient(*case)[0]) and not np.any(db) and np.shape(db) == b.shape
    for bias in (b + 1, 1.0):
        with pytest.raises(InputError, match=r"^b is not zero, but intercept=False says that there is no bias"):
            g.gradient(X, Y, W, bias, intercept=False)
    with pytest.raises(InputError, match=r"^intercept is "):
        g.gradient(X, Y, W, intercept="no")
    with pytest.raises(InputError, match=r"^X "):
        g.gradient(X * np.inf, Y, W, intercept=False)
