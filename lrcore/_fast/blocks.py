"""Blocks of rows that stay in the cache while they are worked on, so that main memory is read once."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DEFAULT = 1 << 20
_LEAST = 16
_LONG, _WORTH, _SMALL = 1024, 8192, 1 << 15


@cache
def cache_bytes() -> int:
    """Size of the cache that one core has for itself (its second level), asked of the system; 1 MiB if nobody knows."""
    return _size_of(2) or _DEFAULT


@cache
def shared_bytes() -> int:
    """Size of the cache that the cores share (the third level), at most 32 times one core's own; 8 times if unknown.

    A virtual machine is told the size of a cache that it shares with others: hence the bound.
    """
    return min(_size_of(3) or 8 * cache_bytes(), 32 * cache_bytes())


def _size_of(level: int) -> int:
    """Bytes of the cache of this level, 0 where the system does not say."""
    try:
        folder = Path(f"/sys/devices/system/cpu/cpu0/cache/index{level}")
        text = (folder / "size").read_text(encoding="ascii").strip()
        return int(text.rstrip("KM")) << {"K": 10, "M": 20}.get(text[-1], 0)
    except (OSError, ValueError, IndexError):
        pass
    try:
        return max(os.sysconf(f"SC_LEVEL{level}_CACHE_SIZE"), 0)
    except (AttributeError, OSError, ValueError):
        return 0


def rows(row_bytes: int, share: float = 0.5) -> int:
    """How many rows of this size fill the given share of the cache."""
    return max(_LEAST, int(share * cache_bytes()) // max(row_bytes, 1))


def spans(stop: int, size: int, start: int = 0) -> Iterator[slice]:
    """start..stop cut into spans of ``size`` rows, the last one shorter."""
    return (slice(k, min(k + size, stop)) for k in range(start, stop, size))


def reduce_rows(ufunc: np.ufunc, A: NDArray[Any]) -> NDArray[Any]:
    """``ufunc`` over the rows of A (N, M): numpy pays for each row, so many short ones are taken as one long row."""
    N, M = A.shape
    many = _LONG // M
    if many < 2 or 4 * many > N or not A.flags.c_contiguous:
        return ufunc.reduce(A, axis=0)
    cut = N - N % many
    folded = ufunc.reduce(A[:cut].reshape(-1, many * M), axis=0).reshape(many, M)
    return ufunc.reduce(np.vstack([folded, A[cut:]]), axis=0)


def sum_of_rows(R: NDArray[Any]) -> NDArray[Any]:
    """1^T R for R (N, D): a product where R is small, which is quicker to start."""
    return np.ones(len(R), R.dtype).dot(R) if R.size < _SMALL else reduce_rows(np.add, R)


def long_row(b: Any, N: int, D: int) -> Any:
    """What :func:`add_to_rows` adds to N rows: b (D,), repeated where that is dear a row; a number stays one."""
    if N * D < _WORTH or np.ndim(b) == 0:
        return b
    return np.tile(b, max(1, min(N, _LONG // D)))


def add_to_rows(R: NDArray[Any], long: Any) -> None:
    """R (N, D) += b, given as :func:`long_row`: numpy pays for each row, so many short ones are taken as one."""
    D = R.shape[-1]
    if R.ndim == 1 or np.size(long) <= D:
        R += long
        return
    N = len(R)
    cut = N - N % (long.size // D)
    folded = R[:cut].reshape(-1, long.size)
    folded += long
    R[cut:] += long[:D]


def means(A: NDArray[Any], weights: NDArray[Any] | None = None) -> NDArray[Any]:
    """Means of the columns, also where their sums overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = reduce_rows(np.add, A) / len(A) if weights is None else (weights.T @ A)[0] / weights.sum()
    return mean if np.isfinite(mean).all() else (A / 4 / len(A)).sum(axis=0) * 4
