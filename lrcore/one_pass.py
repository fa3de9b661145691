r"""The gradient in one pass: each block of rows is used twice while it is in the cache, so main memory reads X once.

The readable form, ``R = X @ W + b - Y`` and ``c * (X.T @ R)``, reads X for the residual and then again. On a million
rows the time is that of reading, so half of it goes. See the chapter *What the closed form costs*.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from lrcore import blocks, threads
from lrcore.shapes import Array

_SHARED = 8  # what the cores share holds about so many times the cache of one
_LINE = 64  # bytes that memory sends at once
_MANY = 128  # with fewer rows, packing W for each block shows
_SPLIT = 1 << 17  # with fewer numbers, to keep the BLAS to one thread is as dear as its waiting
_BUSY = 8  # operations on a number in the time that memory takes to send it


class Workspace:
    """Room for the sums and for one block a thread, so that a gradient after the first allocates nothing.

    ``dW`` and ``db`` hold the last gradient; ``squares`` the sum of the squares of its residual.
    """

    def __init__(self, X: Array, Y: Array, W: Array, b: Any) -> None:
        dtype, D = np.result_type(X, Y, W, b), Y[0].size
        self.in_blocks = worth_it(X, Y)
        rows = block_rows(X, D, dtype.itemsize) if self.in_blocks else len(X)
        count = max(1, min(threads.available(), X.nbytes // (4 * blocks.cache_bytes()))) if self.in_blocks else 1
        self.shares = [Share(X, Y, dtype, share, rows) for share in blocks.spans(len(X), -(-len(X) // count))]
        self.dW, self.db = np.empty((X.shape[1], *Y.shape[1:]), dtype), np.empty(Y.shape[1:], dtype)
        self.squares = 0.0

    def gradient(self, X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array]:
        """c X^T R and c 1^T R, in this workspace's own arrays: copy them to keep them."""
        if self.in_blocks:
            with threads.alone():
                threads.each(lambda share: share.take(X, Y, W, b), self.shares)
        else:
            self.shares[0].take(X, Y, W, b)
        self.dW[...], self.db[...], self.squares = 0.0, 0.0, 0.0
        for share in self.shares:
            self.dW += share.dW
            self.db += share.db
            self.squares += share.squares
        self.dW *= c
        self.db *= c
        return self.dW, self.db


class Share:
    """The rows of one thread, its room for a block of them, and their sums."""

    def __init__(self, X: Array, Y: Array, dtype: Any, share: slice, rows: int) -> None:
        tail, rows = Y.shape[1:], min(rows, share.stop - share.start)
        self.spans = [slice(k, min(k + rows, share.stop)) for k in range(share.start, share.stop, rows)]
        self.R, self.bias = np.empty((rows, *tail), dtype), np.zeros((rows, *tail), dtype)
        self.ones = np.ones(rows, dtype)
        self.X = None if _goes_to_blas(X, dtype) else np.empty((rows, X.shape[1]), dtype)
        self.touched = X.flags.c_contiguous and rows < len(X) and X.nbytes > _SHARED * blocks.cache_bytes()
        self.part, self.dW = np.empty((2, X.shape[1], *tail), dtype)
        self.row, self.db = np.empty(tail, dtype), np.empty(tail, dtype)
        self.squares = 0.0

    def take(self, X: Array, Y: Array, W: Array, b: Any) -> None:
        """The sums over these rows: X^T R, 1^T R and the squares of R."""
        with np.errstate(over="ignore", invalid="ignore"):  # errstate is each thread's own
            self.dW[...], self.db[...], self.squares, self.bias[...] = 0.0, 0.0, 0.0, b
            for rows in self.spans:
                self._add(self._block(X[rows]), Y[rows], W)

    def _block(self, X: Array) -> Array:
        if self.X is not None:
            np.copyto(self.X[: len(X)], X)
            return self.X[: len(X)]
        if self.touched:  # one number a cache line: memory is read faster so than by a product
            np.add.reduce(X.reshape(-1)[:: _LINE // X.itemsize])
        return X

    def _add(self, X: Array, Y: Array, W: Array) -> None:
        R = self.R[: len(X)]
        np.matmul(X, W, out=R)
        R += self.bias[: len(X)]
        R -= Y
        np.matmul(X.T, R, out=self.part)
        self.dW += self.part
        self.db += np.dot(self.ones[: len(X)], R, out=self.row)
        flat = R.reshape(-1)
        self.squares += float(flat @ flat)


def at_once(X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array]:
    """c X^T R and c 1^T R of data that the cache holds: the readable form with fewer arrays on the way."""
    R = X.dot(W)
    R += b
    R -= Y
    dW = X.T.dot(R)
    dW *= c
    return dW, c * (np.add.reduce(R) if R.ndim == 1 else np.ones(len(R), R.dtype).dot(R))


def undivided(form: Callable[..., tuple[Array, Array]], X: Array, Y: Array, W: Array, b: Any, c: float) -> Any:
    """``form`` on all rows in one piece, and on one thread where those of the BLAS would wait longer than they work."""
    if X.size < _SPLIT or not _reading_counts(X, Y):
        return form(X, Y, W, b, c)
    with threads.alone():
        return form(X, Y, W, b, c)


def worth_it(X: Array, Y: Array) -> bool:
    """Is reading dearer than multiplying, or would numpy copy X first? Else the readable form is as fast.

    A product of matrices uses each number of X for D outputs and each of Y for M inputs: with many of both, multiplying
    is all that counts, and the BLAS does it best in one piece.
    """
    if X.nbytes < blocks.cache_bytes() // 16:
        return False
    if not (X.flags.c_contiguous or X.flags.f_contiguous):
        return True
    large, D = X.nbytes + 3 * X.itemsize * Y.size > _SHARED * blocks.cache_bytes(), Y[0].size
    return large and _reading_counts(X, Y) and (D == 1 or block_rows(X, D, X.itemsize) >= _MANY)


def _reading_counts(X: Array, Y: Array) -> bool:
    """Does it take longer to read X, Y and R than to multiply them?"""
    M, D = X.shape[1], Y[0].size
    return M * D < _BUSY * (M + 4 * D)


def block_rows(X: Array, D: int, itemsize: int) -> int:
    """Rows of X, R, the bias and Y that together fit the cache of one core."""
    return blocks.rows(X.itemsize * X.shape[1] + 3 * itemsize * D, share=0.75)


def _goes_to_blas(X: Array, dtype: Any) -> bool:
    """Rows or columns lie whole in memory, and in the precision of the result: else a product copies them."""
    return X.dtype == dtype and X.itemsize in X.strides and min(X.strides) > 0
