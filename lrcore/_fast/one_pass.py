r"""The gradient in one pass: each block of rows is used twice while it is in the cache, so main memory reads X once.

The readable form, ``R = X @ W + b - Y`` and ``c * (X.T @ R)``, reads X for the residual and then again. On a million
rows the time is that of reading, so half of it goes. Data that the cache holds are best left whole: the same form with
fewer arrays on the way. See the chapter *What the closed form costs*.
"""

from typing import Any

import numpy as np

from lrcore._fast import blocks, threads
from lrcore.shapes import Array

_MANY = 128  # with fewer rows in a block, packing W for each of them shows
_FLAT = 32  # columns of X up to which multiplying is so quick that reading R shows
_BUSY = 8  # operations on a number in the time that memory takes to send it
_SHARE = 1.5  # a block in units of a core's own cache: the next level is as fast, and threads hand over less often


def at_once(X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array]:
    """c X^T R and c 1^T R, the readable form with fewer arrays on the way; without a bias (None) the latter is zero."""
    if W.ndim == 2 and len(W) <= _FLAT and Y.nbytes > blocks.cache_bytes() and (rows := _rows_of(Y)) >= _MANY:
        return _in_parts(X, Y, W, b, c, rows)
    add = b is not None and not (type(b) is float and not b)
    if W.ndim == 1:
        R = X.dot(W)
        if add:
            R += b
        R -= Y
        dW = R.dot(X)
    else:
        R = X @ W
        if add:
            blocks.add_to_rows(R, blocks.long_row(b, *R.shape))
        R -= Y
        dW = X.T @ R
    dW *= c
    if b is None:
        return dW, np.zeros(W.shape[1:], W.dtype)
    return dW, c * (np.add.reduce(R) if W.ndim == 1 else blocks.sum_of_rows(R))


def without_bias(X: Array, Y: Array, W: Array, b: None, c: float) -> tuple[Array, Array]:
    """The readable form without a bias."""
    return c * (X.T @ (X @ W - Y)), np.zeros(W.shape[1:])


def _rows_of(Y: Array) -> int:
    """Rows of Y and R that a core's own cache holds."""
    return blocks.rows(2 * Y.itemsize * Y.shape[1], share=1)


def _in_parts(X: Array, Y: Array, W: Array, b: Any, c: float, rows: int) -> tuple[Array, Array]:
    """The same where R outgrows a core's own cache, and X is flat: R is worked on while it is there."""
    (dW, db), *others = (at_once(X[part], Y[part], W, b, c) for part in blocks.spans(len(X), rows))
    for more, row in others:
        dW += more
        db += row
    return dW, db


def by_blocks(X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array]:
    """c X^T R and c 1^T R by blocks of rows; without a bias (None) zero for the latter."""
    return Workspace(X, Y, W, b).gradient(X, Y, W, b, c)


class Workspace:
    """Room for the sums and for one block a thread, so that a gradient after the first allocates nothing.

    ``dW`` and ``db`` hold the last gradient; ``squares``, if asked for, the sum of the squares of its residual.
    """

    def __init__(self, X: Array, Y: Array, W: Array, b: Any, squares: bool = False) -> None:
        dtype, D = np.result_type(X, Y, W, 0.0 if b is None else b), Y[0].size
        self.in_blocks = worth_it(X, Y)
        rows = block_rows(X, D, dtype.itemsize) if self.in_blocks else len(X)
        count = max(1, min(threads.available(), _bytes(X, Y) // (4 * blocks.cache_bytes()))) if self.in_blocks else 1
        spans = blocks.spans(len(X), -(-len(X) // count))
        self.shares = [Share(X, Y, dtype, share, rows, squares) for share in spans]
        self.dW, self.db = np.empty((X.shape[1], *Y.shape[1:]), dtype), np.empty(Y.shape[1:], dtype)
        self.squares = 0.0

    def gradient(self, X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array]:
        """c X^T R and c 1^T R, in this workspace's own arrays: copy them to keep them."""
        if self.in_blocks:
            with threads.single_threaded_blas():
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

    def __init__(self, X: Array, Y: Array, dtype: Any, share: slice, rows: int, squares: bool) -> None:
        tail, rows = Y.shape[1:], min(rows, share.stop - share.start)
        self.spans = [slice(k, min(k + rows, share.stop)) for k in range(share.start, share.stop, rows)]
        self.R, self.ones = np.empty((rows, *tail), dtype), np.ones(rows, dtype)
        self.X = None if _goes_to_blas(X, dtype) else np.empty((rows, X.shape[1]), dtype)
        # np.dot lets the other threads go on while it works; np.matmul does so less often, but copies no columns
        self.product = np.matmul if self.X is None and not X.flags.c_contiguous else np.dot
        self.part, self.dW = np.empty((2, X.shape[1], *tail), dtype)
        self.row, self.db = np.empty(tail, dtype), np.empty(tail, dtype)
        self.wants_squares, self.squares = squares, 0.0

    @np.errstate(over="ignore", invalid="ignore", under="ignore")  # each thread's own
    def take(self, X: Array, Y: Array, W: Array, b: Any) -> None:
        """The sums over these rows: X^T R, 1^T R and, if asked for, the squares of R."""
        self.dW[...], self.db[...], self.squares = 0.0, 0.0, 0.0
        none = b is None or (type(b) is float and not b)
        bias = None if none else blocks.long_row(b, len(self.R), self.R[0].size)
        for rows in self.spans:
            self._add(X[rows], Y[rows], W, bias, b is not None)

    def _add(self, X: Array, Y: Array, W: Array, bias: Any, sums: bool) -> None:
        R = self.R[: len(X)]
        if self.X is not None:
            np.copyto(self.X[: len(X)], X)
            X = self.X[: len(X)]
        self.product(X, W, out=R)
        if bias is not None:
            blocks.add_to_rows(R, bias)
        R -= Y
        self.product(X.T, R, out=self.part)
        self.dW += self.part
        if sums:
            self.db += np.dot(self.ones[: len(X)], R, out=self.row)
        if self.wants_squares:
            flat = R.reshape(-1)
            self.squares += float(flat.dot(flat))


def worth_it(X: Array, Y: Array) -> bool:
    """Do the data outgrow the cache while reading them is dearer than multiplying, or would numpy copy X first?

    A product of matrices uses each number of X for D outputs and each of Y for M inputs: with many of both, multiplying
    is all that counts, and the BLAS does it best in one piece.
    """
    if X.nbytes < blocks.cache_bytes() // 16:
        return False
    if not (X.flags.c_contiguous or X.flags.f_contiguous):
        return True
    M, D = X.shape[1], Y[0].size
    if _bytes(X, Y) < blocks.shared_bytes() or M * D >= _BUSY * (M + 4 * D):
        return False
    return D == 1 or block_rows(X, D, X.itemsize) >= _MANY


def _bytes(X: Array, Y: Array) -> int:
    """What a gradient reads and writes: X, Y, and R twice."""
    return X.nbytes + 3 * X.itemsize * Y.size


def block_rows(X: Array, D: int, itemsize: int) -> int:
    """Rows of X, R and Y that are worked on together."""
    return blocks.rows(X.itemsize * X.shape[1] + 2 * itemsize * D, share=_SHARE)


def _goes_to_blas(X: Array, dtype: Any) -> bool:
    """Rows or columns lie whole in memory, and in the precision of the result: else a product copies them."""
    return X.dtype == dtype and X.itemsize in X.strides and min(X.strides) > 0
