"""The gradient by blocks of rows: the readable form's numbers, without its copies."""

import tracemalloc

import numpy as np
import pytest
from oracles import close

from lrcore import gradients
from lrcore._fast import blocks, one_pass
from lrcore.descent import descend
from lrcore.errors import InputError


@pytest.fixture(autouse=True)
def small_cache(monkeypatch):
    """A cache so small that every problem here is cut into blocks."""
    monkeypatch.setattr(blocks, "cache_bytes", lambda: 2048)
    monkeypatch.setattr(blocks, "shared_bytes", lambda: 4096)
    monkeypatch.setattr(blocks, "_LEAST", 1)


LAYOUTS = {
    "rows": np.ascontiguousarray,
    "columns": np.asfortranarray,
    "every other row": lambda X: np.repeat(X, 2, axis=0)[::2],
    "every other column": lambda X: np.repeat(X, 2, axis=1)[:, ::2],
    "backwards": lambda X: X[::-1, ::-1].copy()[::-1, ::-1],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("N", "M", "D"), [(301, 11, None), (97, 40, 3), (50, 300, 2), (1000, 3, 1), (7, 2, 5)])
def test_blocks_give_the_numbers_of_the_readable_form(N, M, D, dtype, layout):
    random, tail = np.random.default_rng(N), () if D is None else (D,)
    X, Y, W, b = (random.normal(size=s).astype(dtype) for s in ((N, M), (N, *tail), (M, *tail), tail))
    X = LAYOUTS[layout](X)
    space = one_pass.Workspace(X, Y, W, b, squares=True)
    R = X.astype(float) @ W + b - Y
    tolerance = 200 * np.finfo(dtype).eps * np.sqrt(N * M)
    for got in (gradients.gradient(X, Y, W, b), space.gradient(X, Y, W, b, 2 / N)):
        np.testing.assert_allclose(got[0], 2 / N * (X.T.astype(float) @ R), rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(got[1], 2 / N * R.sum(axis=0), rtol=tolerance, atol=tolerance)
        assert got[0].dtype == got[1].dtype == dtype
    assert space.squares == pytest.approx((R**2).sum(), rel=float(tolerance))
    assert len(space.shares[0].spans) > 1 or not space.in_blocks


def test_a_precision_that_differs_is_that_of_the_more_precise():
    X, Y = np.random.default_rng(0).normal(size=(400, 9)).astype(np.float32), np.ones(400, np.float32)
    got = gradients.gradient(X, Y, np.ones(9))
    assert got[0].dtype == np.float64 and close(
        got[0], 2 / 400 * X.T.astype(float) @ (X.astype(float) @ np.ones(9) - Y), 10
    )


def test_what_is_not_finite_is_still_found():
    X = np.ones((400, 9))
    X[397, 3] = np.nan
    with pytest.raises(InputError, match=r"^X is nan at index \[397, 3\]"):
        gradients.gradient(X, np.ones(400), np.ones(9))


def peak(function):
    """Bytes that were held at most beyond those held before."""
    function()
    tracemalloc.start()
    function()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_a_gradient_after_the_first_allocates_nothing_that_grows_with_the_data():
    W, b, held = np.ones((10, 2)), np.ones(2), []
    for N in (20_000, 80_000):
        X, Y = np.ones((N, 10)), np.ones((N, 2))
        space = one_pass.Workspace(X, Y, W, b)
        held.append(peak(lambda X=X, Y=Y, space=space: space.gradient(X, Y, W, b, 1.0)))
    assert held[1] < held[0] + 4096 < 100_000
    assert peak(lambda: gradients.readable(X, Y, W, b, 1.0)) > 80_000 * 2 * 8


def test_a_view_with_strides_is_not_copied():
    X = np.ones((20000, 20))[:, ::2]
    most = peak(lambda: gradients.gradient(X, np.ones(20000), np.ones(10)))
    assert most < X.nbytes / 2


def test_the_steps_of_descent_allocate_nothing_that_grows_with_the_data():
    random = np.random.default_rng(0)
    X, y = random.normal(size=(20000, 5)), random.normal(size=20000)
    few, many = (peak(lambda steps=steps: descend(X, y, rate=0.1, steps=steps, progress=False)) for steps in (2, 20))
    assert many - few < 20000 * 8 / 10


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("N", "M", "D"), [(301, 11, None), (97, 40, 3), (1000, 3, 1), (7, 2, 5)])
def test_without_an_intercept_blocks_give_the_numbers_of_a_bias_of_zero(N, M, D, dtype):
    random, tail = np.random.default_rng(N), () if D is None else (D,)
    X, Y, W = (random.normal(size=s).astype(dtype) for s in ((N, M), (N, *tail), (M, *tail)))
    (dW, db), wanted = gradients.gradient(X, Y, W, intercept=False), gradients.gradient(X, Y, W)
    np.testing.assert_array_equal(dW, wanted[0])
    assert not np.any(db) and np.any(wanted[1])
    assert (dW.dtype, np.shape(db), np.asarray(db).dtype) == (dtype, tail, dtype)


@pytest.mark.parametrize("intercept", [False, True])
def test_outputs_that_outgrow_the_cache_are_worked_on_in_parts(intercept, monkeypatch):
    monkeypatch.setattr(blocks, "cache_bytes", lambda: 1 << 15)
    monkeypatch.setattr(blocks, "shared_bytes", lambda: 1 << 25)
    parts, at_once = [], one_pass.at_once
    monkeypatch.setattr(one_pass, "at_once", lambda X, *rest: parts.append(len(X)) or at_once(X, *rest))
    X, Y, W, b = (np.random.default_rng(0).normal(size=s) for s in ((1000, 4), (1000, 10), (4, 10), 10))
    got = gradients.gradient(X, Y, W, b if intercept else 0.0, intercept=intercept)
    assert parts == [1000, 204, 204, 204, 204, 184]
    R = X @ W + intercept * b - Y
    np.testing.assert_allclose(got[0], 2 / 1000 * X.T @ R, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(got[1], 2 / 1000 * intercept * R.sum(axis=0), rtol=1e-12, atol=1e-13)
