"""Which code takes X: the only place where a fit or a gradient leaves the readable lines.

=============================  ==========================================  ==================================
X                              ``lr.fit``                                  ``lr.gradient``
=============================  ==========================================  ==================================
many problems, (K, N, M)       together, the easy ones (``stacks``)        -
a Dask array, on a cluster     a triangle a block, merged (``_scale``)     a gradient a block, summed
larger than the cache          by blocks of rows and threads (``_exact``)  one pass by blocks (``_fast``)
small, of one precision        one look and one correction, where easy     the readable form, fewer arrays
anything else                  the same, in float64                        the readable form
=============================  ==========================================  ==================================
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import numpy as np

from lrcore import stacks
from lrcore._exact import easy
from lrcore._exact.solution import Found
from lrcore._fast import one_pass
from lrcore._fast.threads import single_threaded_blas
from lrcore.progress import passes
from lrcore.shapes import Array, is_dask
from lrcore.stacks import Fits

Gradient = Callable[[Array, Array, Array, Any, float], tuple[Array, Array]]


def on_cluster(X: Any) -> Any:
    """The module that fits and differentiates on a cluster, where X lives there; else None."""
    if not is_dask(X):
        return None
    from lrcore._scale import cluster  # here, because few have a cluster

    return cluster


def on_stacks(X: Any) -> Callable[..., Fits] | None:
    """What fits many problems at once, where X (K, N, M) holds many; else None."""
    if isinstance(X, list | tuple):
        with suppress(ValueError):  # ragged, which is said where X is read
            X = np.asarray(X)
    return stacks.fit if getattr(X, "ndim", 2) == 3 and not is_dask(X) else None


@contextmanager
def _alone(progress: bool) -> Iterator[None]:
    with single_threaded_blas(), passes(progress):
        yield


def fitting(X: Any, progress: bool) -> AbstractContextManager[None]:
    """The BLAS as it is where X is small; else in one thread, for a fit has threads of its own, and with a bar."""
    return nullcontext() if easy.small(X) else _alone(progress)


def small_fit(
    X: Array, Y: Array, weights: Any, ridge: float, intercept: bool, method: str, digits: int | None
) -> Found | None:
    """The fit of X (N, M) and Y (N, D) where it is small and easy, and nothing is asked of it that is dear."""
    if weights is None and not ridge and method in ("auto", "cholesky") and easy.suits(X, Y.shape[1]):
        return easy.solve(X, Y, intercept, exact=digits is not None)
    return None


def gradient_for(X: Array, Y: Array, W: Array, b: Any, readable: Gradient) -> Gradient:
    """The function of (X, Y, W, b, c) that takes these arrays; b is None, a float or an array."""
    if one_pass.worth_it(X, Y):
        return one_pass.by_blocks
    if (b is None or type(b) is float or b.dtype is X.dtype) and X.dtype is Y.dtype is W.dtype:
        return one_pass.at_once
    return one_pass.without_bias if b is None else readable
