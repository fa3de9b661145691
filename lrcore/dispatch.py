"""Which code takes X: the only place where a fit or a gradient leaves the readable lines.

=============================  ==========================================  ==================================
X                              ``lr.fit``                                  ``lr.gradient``
=============================  ==========================================  ==================================
a Dask array, on a cluster     a triangle a block, merged (``_scale``)     a gradient a block, summed
larger than the cache          by blocks of rows and threads (``_exact``)  one pass by blocks (``_fast``)
small, of one precision        the same, in one block                      the readable form, fewer arrays
anything else                  the same, in float64                        the readable form
=============================  ==========================================  ==================================
"""

from collections.abc import Callable
from typing import Any

from lrcore._fast import one_pass
from lrcore.shapes import Array, is_dask

Gradient = Callable[[Array, Array, Array, Any, float], tuple[Array, Array]]


def on_cluster(X: Any) -> Any:
    """The module that fits and differentiates on a cluster, where X lives there; else None."""
    if not is_dask(X):
        return None
    from lrcore._scale import cluster  # here, because few have a cluster

    return cluster


def gradient_for(X: Array, Y: Array, W: Array, b: Any, readable: Gradient) -> Gradient:
    """The function of (X, Y, W, b, c) that takes these arrays; b is None, a float or an array."""
    if one_pass.worth_it(X, Y):
        return one_pass.by_blocks
    if (b is None or type(b) is float or b.dtype is X.dtype) and X.dtype is Y.dtype is W.dtype:
        return one_pass.at_once
    return readable
