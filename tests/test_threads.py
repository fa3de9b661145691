"""Shares of the rows on threads of their own, and a BLAS that keeps to one meanwhile."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from lrcore._fast import blocks, threads
from lrcore._fast.one_pass import Workspace
from lrcore.errors import InputError
from lrcore.gradients import gradient


def blas_threads():
    return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}


@pytest.fixture
def two_threads(monkeypatch):
    """A BLAS that was given two threads, whatever this machine has."""
    threads._blas.cache_clear()  # another library's BLAS may have been loaded by a test since the first look
    with threadpool_limits(limits=2, user_api="blas"):
        monkeypatch.setattr(threads, "available", lambda: 2)
        yield


def test_each_gives_the_results_in_the_order_of_the_shares_and_works_beside_the_caller():
    here, meet = threading.get_ident(), threading.Barrier(2, timeout=30)
    found = threads.each(lambda share: (share, threading.get_ident(), meet.wait()), [1, 2])
    assert [share for share, _, _ in found] == [1, 2]
    assert found[0][1] == here and found[1][1] != here


def test_the_blas_keeps_to_one_thread_until_the_last_one_is_done(two_threads):
    assert blas_threads() == {2}
    with threads.single_threaded_blas():
        assert blas_threads() == {1}
        with threads.single_threaded_blas():
            assert blas_threads() == {1}
        assert blas_threads() == {1}
    assert blas_threads() == {2}


def test_an_error_gives_the_blas_its_threads_back(two_threads):
    def fail():
        with threads.single_threaded_blas():
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert blas_threads() == {2}


def test_without_threadpoolctl_one_thread_does_all(monkeypatch):
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    threads._blas.cache_clear()
    threads.available.cache_clear()
    try:
        assert threads.available() == 1
        with threads.single_threaded_blas():
            assert blas_threads()
    finally:
        threads._blas.cache_clear()
        threads.available.cache_clear()


def test_where_no_thread_may_be_started_one_does_all(two_threads, monkeypatch):
    def refused(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.undo()
    threads.available.cache_clear()
    monkeypatch.setattr(threading.Thread, "start", refused)
    try:
        assert threads.available() == 1
    finally:
        threads.available.cache_clear()


@pytest.mark.parametrize("D", [None, 3])
def test_a_gradient_of_three_shares_is_that_of_one(monkeypatch, D):
    random, tail = np.random.default_rng(0), () if D is None else (D,)
    X, Y, W, b = (random.normal(size=shape) for shape in ((700_001, 20), (700_001, *tail), (20, *tail), tail))
    monkeypatch.setattr(threads, "available", lambda: 3)
    monkeypatch.setattr(blocks, "shared_bytes", lambda: 1 << 24)
    space = Workspace(X, Y, W, b, squares=True)
    assert [share.spans[0].start for share in space.shares] == [0, 233_334, 466_668]
    assert space.shares[-1].spans[-1].stop == len(X)
    R = X @ W + b - Y
    for got, wanted in zip(space.gradient(X, Y, W, b, 2.0), (2 * X.T @ R, 2 * R.sum(axis=0)), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-9)
    assert space.squares == pytest.approx((R * R).sum())


def test_an_entry_that_is_not_finite_is_found_in_another_thread_s_share(monkeypatch):
    monkeypatch.setattr(threads, "available", lambda: 2)
    monkeypatch.setattr(blocks, "shared_bytes", lambda: 1 << 24)
    X, y = np.ones((600_000, 20)), np.ones(600_000)
    y[599_999] = np.inf
    with pytest.raises(InputError, match=r"^Y is inf at index \[599999\]"):
        gradient(X, y, np.ones(20))


def test_at_the_end_of_a_program_one_thread_does_all():
    code = (
        "import atexit, numpy as np\nfrom lrcore._fast import blocks\nfrom lrcore.gradient import gradient\n"
        "blocks.shared_bytes = lambda: 1 << 20\n"
        "atexit.register(lambda: print(gradient(np.ones((1_000_000, 10)), np.ones(1_000_000), np.ones(10))[1]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.strip() == "18.0", done.stderr[-300:]
