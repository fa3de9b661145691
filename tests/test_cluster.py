"""Fit and gradient on Dask arrays, on worker processes of their own, one of which dies in the middle."""

import os
import signal
import threading

import numpy as np
import pytest

from lrcore import fit
from lrcore.errors import InputError, ShapeError
from lrcore.gradients import gradient
from tests.waiting import comes_true

WHY = "Dask is not installed: pip install lrcore[dask] runs these tests"
da = pytest.importorskip("dask.array", reason=WHY)
distributed = pytest.importorskip("distributed", reason=WHY)
pytestmark = pytest.mark.filterwarnings("default")  # a killed worker leaves sockets, and says so


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def problem(D=None):
    random = np.random.default_rng(0)
    return random.normal(size=(4000, 5)) + 3, random.normal(size=(4000,) if D is None else (4000, D))


@pytest.mark.parametrize("D", [None, 2])
def test_a_fit_on_the_cluster_is_the_fit(client, D):
    X, Y = problem(D)
    found, wanted = fit(da.from_array(X, chunks=(700, 2)), da.from_array(Y, chunks=999)), fit(X, Y)
    for name in ("W", "b", "residual_norms", "W_se", "b_se", "r_squared"):
        np.testing.assert_allclose(getattr(found, name), getattr(wanted, name), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(fit(da.from_array(X), Y, ridge=2.0).W, fit(X, Y, ridge=2.0).W, rtol=1e-12)


@pytest.mark.parametrize("D", [None, 2])
def test_a_gradient_on_the_cluster_is_the_gradient(client, D):
    X, Y = problem(D)
    W, b = np.ones((5, *Y.shape[1:])), np.ones(Y.shape[1:])
    for convention in ("mean", "sum", "mean_all", "half_mean"):
        got = gradient(da.from_array(X, chunks=(700, 2)), da.from_array(Y, chunks=999), W, b, convention=convention)
        for mine, wanted in zip(got, gradient(X, Y, W, b, convention=convention), strict=True):
            np.testing.assert_allclose(mine, wanted, rtol=1e-11)
    dW, db = gradient(da.from_array(X, chunks=(700, 2)), da.from_array(Y, chunks=999), W, intercept=False)
    np.testing.assert_allclose(dW, gradient(X, Y, W)[0], rtol=1e-11)
    assert not np.any(db) and np.shape(db) == b.shape


def held(block, first):
    """A block of numbers; the worker that asks first says who it is, and goes no further."""
    try:
        with open(first, "x") as file:
            file.write(f"{os.getpid()}.")
        threading.Event().wait()
    except FileExistsError:
        pass
    return block


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(client, tmp_path):
    X, Y = problem()
    first, killed = tmp_path / "first", []
    lazy = da.from_array(X, chunks=(250, 5)).map_blocks(held, str(first), dtype=float, meta=np.empty((0, 0)))

    def kill():
        if comes_true(lambda: first.exists() and first.read_text().endswith(".")):
            killed.append(int(first.read_text()[:-1]))
            os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = fit(lazy, Y)
    killer.join()
    assert killed
    assert killed[0] not in client.run(os.getpid).values()
    np.testing.assert_allclose(found.W, fit(X, Y).W, rtol=1e-12)


def test_what_a_cluster_cannot_do_is_said_in_one_sentence(client):
    X, Y = (da.from_array(A, chunks=1000) for A in problem())
    with pytest.raises(InputError, match=r"^X is a Dask array, which is fitted by QR without weights; leave out"):
        fit(X, Y, weights=np.ones(4000))
    with pytest.raises(ShapeError, match=r"^X has shape \(4000, 5\) and Y has shape \(3999,\), but"):
        fit(X, Y[1:])
    bad = X.copy()
    bad[7, 1] = np.nan
    with pytest.raises(InputError, match=r"^X is nan at index \[7, 1\]"):
        fit(bad, Y)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda X, y: fit(X[X[:, 0] > 0], y), r"^X or Y has chunks of unknown size; call compute_chunk_sizes"),
        (lambda X, y: fit(X, None), r"^Y holds Python objects"),
        (lambda X, y: gradient(X, y, [[1, 2], [3]]), r"^W is ragged"),
        (lambda X, y: gradient(X, y, np.ma.masked_equal([1.0, 2.0], 2.0)), r"^W has 1 masked entries"),
        (lambda X, y: gradient(X[:0], y[:0], np.ones(2)), r"^Y is empty"),
    ],
)
def test_what_does_not_fit_together_is_refused_in_a_sentence_before_any_work(call, said):
    X = da.from_array(np.arange(8.0).reshape(4, 2), chunks=(2, 2))
    with pytest.raises(InputError, match=said):
        call(X, np.arange(4.0))
    assert np.array_equal(gradient(X, [0.0, 1, 2, 3], [1.0, 1.0])[0], gradient(X, np.arange(4.0), np.ones(2))[0])
