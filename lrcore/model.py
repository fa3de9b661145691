"""The model: predictions, the design matrix with its column of ones, the bias as a row."""

from typing import Any

import numpy as np

from lrcore.errors import ShapeError
from lrcore.shapes import Array, inputs, no_overflow, real, weights


@no_overflow
def predict(X: Any, W: Any, b: Any = 0.0) -> Array:
    r"""Predictions :math:`\hat Y = XW + 1_N b`.

    Parameters
    ----------
    X : (N, M) array      W : (M,) or (M, D) array      b : number, or (D,) array that stands for the row 1 x D

    Returns
    -------
    Y_hat : (N,) or (N, D) array

    Raises
    ------
    ShapeError
        names both shapes and the axis that disagrees.

    Defined in the chapters *N samples* and *Many outputs*.
    """
    X = inputs(X)
    return predict_unchecked(X, *weights(X, W, b))


def predict_unchecked(X: Array, W: Array, b: Array) -> Array:
    """:func:`predict` for arrays that have been read already."""
    return X @ W + b


def design(X: Any) -> Array:
    r"""Design matrix :math:`[1_N \mid X]`, which carries the bias as its first weight.

    Parameters
    ----------
    X : (N, M) array

    Returns
    -------
    (N, M + 1) array

    Defined in the chapter *Closed form*.
    """
    X = inputs(X)
    return np.hstack([np.ones((X.shape[0], 1), dtype=X.dtype), X])


def stack(W: Any, b: Any) -> Array:
    """Put the bias on top of the weights: (M,) and a number give (M + 1,); (M, D) and (D,) give (M + 1, D)."""
    W, b = real("W", W), real("b", b)
    if W.ndim not in (1, 2) or b.ndim != W.ndim - 1 or (b.ndim and b.shape[0] != W.shape[1]):
        raise ShapeError(f"W has shape {W.shape} and b has shape {b.shape}, but b needs one entry for each output.")
    return np.concatenate([b[None], W])


def unstack(theta: Any) -> tuple[Array, Array]:
    """Take stacked weights apart again into W and b; the inverse of :func:`stack`."""
    theta = real("theta", theta)
    if theta.ndim not in (1, 2) or theta.shape[0] < 2:
        raise ShapeError(f"theta has shape {theta.shape}, but (M + 1,) or (M + 1, D) with M of at least 1 is expected.")
    return theta[1:], theta[0]
