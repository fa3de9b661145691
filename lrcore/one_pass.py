r"""The gradient in one pass: each block of rows is used twice while it is in the cache, so main memory reads X once.

The readable form, ``R = X @ W + b - Y`` and ``c * (X.T @ R)``, reads X for the residual and then again. On a million
rows the time is that of reading, so half of it goes. See the chapter *What the closed form costs*.
"""

import numpy as np

from lrcore import blocks
from lrcore.shapes import Array


class Workspace:
    """Room for one block and for the sums, so that a gradient after the first allocates nothing.

    ``dW`` and ``db`` hold the last gradient; ``squares`` the sum of the squares of its residual.
    """

    def __init__(self, X: Array, Y: Array, W: Array, b: Array) -> None:
        dtype, tail = np.result_type(X, Y, W, b), Y.shape[1:]
        rows = blocks.rows(X.dtype.itemsize * X.shape[1] + 2 * dtype.itemsize * Y[0].size)
        self.spans = list(blocks.spans(len(X), rows if worth_it(X, Y[0].size) else len(X)))
        self.R = np.empty((self.spans[0].stop, *tail), dtype)
        self.part, self.dW = np.empty((2, X.shape[1], *tail), dtype)
        self.row, self.db = np.empty(tail, dtype), np.empty(tail, dtype)
        self.squares = 0.0

    def gradient(self, X: Array, Y: Array, W: Array, b: Array, c: float) -> tuple[Array, Array]:
        """c X^T R and c 1^T R, in this workspace's own arrays: copy them to keep them."""
        self.dW[...], self.db[...], self.squares = 0.0, 0.0, 0.0
        for rows in self.spans:
            self._add(X[rows], Y[rows], W, b)
        self.dW *= c
        self.db *= c
        return self.dW, self.db

    def _add(self, X: Array, Y: Array, W: Array, b: Array) -> None:
        R = self.R[: len(X)]
        np.matmul(X, W, out=R)
        R += b
        R -= Y
        np.matmul(X.T, R, out=self.part)
        self.dW += self.part
        self.db += R.sum(axis=0, out=self.row)
        flat = R.reshape(-1)
        self.squares += float(flat @ flat)


def worth_it(X: Array, D: int) -> bool:
    """Is reading X dearer than multiplying it, or would numpy copy it first? Else the readable form is as fast.

    Up to some eight times the cache of one core, the cache that the cores share holds X for the second reading.
    """
    strided = not (X.flags.c_contiguous or X.flags.f_contiguous)
    return D <= 16 and X.nbytes > (1 if strided else 8) * blocks.cache_bytes()
