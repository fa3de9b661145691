"""Python's threads for blocks of rows: each takes a share of the rows while the BLAS keeps to one thread.

A BLAS splits one product between its threads and waits for the last of them. A block that fits the cache takes a few
microseconds, and the waiting is dearer than that. So the rows are split instead, once. threadpoolctl says how many
threads there are and keeps the BLAS to one meanwhile; without it all work is done in one.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from threading import Lock, Thread
from typing import Any, TypeVar

_Result = TypeVar("_Result")
_lock = Lock()
_inside = 0
_limits: Any = None


@cache
def _blas() -> Any:
    """The BLAS that numpy has loaded, as threadpoolctl sees it; None where it does not."""
    try:
        found = import_module("threadpoolctl").ThreadpoolController().select(user_api="blas")
    except ImportError:
        return None
    return found if found.info() else None


@cache
def available() -> int:
    """How many threads the BLAS was given at the first call, at most one a core; one, where nobody can tell."""
    blas = _blas()
    given = min(max(each["num_threads"] for each in blas.info()), os.cpu_count() or 1) if blas else 1
    return given if given > 1 and _allowed() else 1


def _allowed() -> bool:
    """May this process start a thread? A sandbox may say no."""
    try:
        Thread(target=int).start()
    except RuntimeError:
        return False
    return True


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(available() - 1, 1), thread_name_prefix="lrcore")


if hasattr(os, "register_at_fork"):  # a child process has the pool's queue, but not its threads
    os.register_at_fork(after_in_child=_pool.cache_clear)


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """The BLAS keeps to one thread until the last of those who asked for it is done."""
    global _inside, _limits
    blas = _blas() if available() > 1 else None
    with _lock:
        _inside += 1
        if _inside == 1 and blas:
            _limits = blas.limit(limits=1)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0 and _limits:
                _limits.restore_original_limits()
                _limits = None


def each(function: Callable[[Any], _Result], shares: Sequence[Any]) -> list[_Result]:
    """``function`` of every share: of the first one here, of the others in the pool."""
    try:
        waiting = [_pool().submit(function, share) for share in shares[1:]]
    except RuntimeError:  # the interpreter is on its way out and starts no more work
        return [function(share) for share in shares]
    return [function(shares[0]), *(later.result() for later in waiting)]
