"""The test for the fast path: arrays that need no reading, which on a small problem is dearer than the gradient."""

import math
from typing import Any

import numpy as np

from lrcore.shapes import Array

_ARRAY, _DOUBLE, _SINGLE = np.ndarray, np.dtype(np.float64), np.dtype(np.float32)


def applies(X: Any, Y: Any, W: Any, b: Any) -> bool:
    """Are all numpy's own arrays of one precision, and do they fit together? Else they must be read.

    That the entries are finite is not asked: see :func:`finite`.
    """
    if not (type(X) is type(Y) is type(W) is _ARRAY):
        return False
    kind = X.dtype
    if not ((kind is _DOUBLE or kind is _SINGLE) and Y.dtype is kind and W.dtype is kind and X.ndim == 2):
        return False
    (N, M), tail = X.shape, W.shape[1:]
    if not (N and M and W.size and W.shape == (M, *tail) and Y.shape == (N, *tail)):
        return False
    return type(b) is float or (type(b) is _ARRAY and b.dtype is kind and b.shape == tail)


def finite(dW: Array, db: Array) -> bool:
    """Are all entries finite? Judged by the sum of their squares, and one by one only where that is not."""
    if db.ndim == 0:
        squares, last = dW.dot(dW), db
    else:
        squares, last = np.vdot(dW, dW), db.dot(db)
    if math.isfinite(squares) and math.isfinite(last):
        return True
    return bool(np.isfinite(dW).all() and np.isfinite(db).all())
