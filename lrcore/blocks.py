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
_LONG = 1024


@cache
def cache_bytes() -> int:
    """Size of the cache that one core has for itself (its second level), asked of the system; 1 MiB if nobody knows."""
    return _from_sysfs() or _from_sysconf() or _DEFAULT


def _from_sysfs() -> int:
    try:
        text = Path("/sys/devices/system/cpu/cpu0/cache/index2/size").read_text(encoding="ascii").strip()
        return int(text.rstrip("KM")) << {"K": 10, "M": 20}.get(text[-1], 0)
    except (OSError, ValueError, IndexError):
        return 0


def _from_sysconf() -> int:
    try:
        return max(os.sysconf("SC_LEVEL2_CACHE_SIZE"), 0)
    except (AttributeError, OSError, ValueError):
        return 0


def rows(row_bytes: int, share: float = 0.5) -> int:
    """How many rows of this size fill the given share of the cache."""
    return max(_LEAST, int(share * cache_bytes()) // max(row_bytes, 1))


def spans(N: int, size: int) -> Iterator[slice]:
    """0..N cut into spans of ``size`` rows, the last one shorter."""
    return (slice(start, min(start + size, N)) for start in range(0, N, size))


def down(ufunc: np.ufunc, A: NDArray[Any]) -> NDArray[Any]:
    """``ufunc`` over the rows of A (N, M): numpy pays for each row, so many short ones are taken as one long row."""
    N, M = A.shape
    many = _LONG // M
    if many < 2 or 4 * many > N or not A.flags.c_contiguous:
        return ufunc.reduce(A, axis=0)
    cut = N - N % many
    folded = ufunc.reduce(A[:cut].reshape(-1, many * M), axis=0).reshape(many, M)
    return ufunc.reduce(np.vstack([folded, A[cut:]]), axis=0)
