r"""Gradients, Jacobians, the Hessian, and a layer's backward pass.

The slow forms follow the derivation index by index; the fast ones are what one would use. Tests compare them.
A gradient has the shape of its variable; a Jacobian has a row per output and a column per input.
"""

from typing import Any, cast

import numpy as np

from lrcore._fast import fast_path
from lrcore.dispatch import gradient_for, on_cluster
from lrcore.errors import ShapeError
from lrcore.losses import scale
from lrcore.model import design, predict_unchecked
from lrcore.shapes import Array, Problem, count, has_bias, in_range, inputs, no_overflow, problem, real


@no_overflow
def one_sample(x: Any, y: Any, w: Any, b: Any = 0.0) -> tuple[Array, Array]:
    r"""Gradient of :math:`L = \sum_j (\hat y_j - y_j)^2` for a single sample.

    .. math:: \hat y := x^\top W + b, \qquad L := \|\hat y - y\|^2, \qquad
              \partial L/\partial W = 2\,x(\hat y - y), \qquad \partial L/\partial b = 2(\hat y - y)

    Parameters
    ----------
    x : (M,) array      y : number or (D,) array      w : (M,) or (M, D) array      b : number or (D,) array

    Returns
    -------
    dw : array shaped like w      db : number or (D,) array

    Derived in the chapter *One sample*.
    """
    x, y = real("x", x), real("y", y)
    if x.ndim != 1 or y.ndim > 1:
        raise ShapeError(
            f"x has shape {x.shape} and y has shape {y.shape}, but one sample is an x of shape (M,) "
            "with a number y, or (D,) for D outputs."
        )
    X, Y, w, b, _ = problem(x[None, :], y[None], w, b)
    r = (predict_unchecked(X, w, b) - Y)[0]
    return np.multiply.outer(x, 2 * r), 2 * r


@no_overflow
def loop(X: Any, y: Any, w: Any, b: Any = 0.0, *, convention: str = "mean") -> tuple[Array, float]:
    r"""Gradient for one output, entry by entry: :math:`\partial L/\partial w_k = c \sum_i r_i x_{ik}`, as two loops.

    Shapes as in :func:`gradient` with a 1-D y. Derived in the chapter *N samples*.
    """
    X, y, w, b, _ = _single(problem(X, y, w, b))
    N, M = X.shape
    c = scale(convention, y.shape)
    dw, db = np.zeros(M), 0.0
    for i in range(N):
        r = sum(X[i, k] * w[k] for k in range(M)) + b - y[i]
        db += c * r
        for k in range(M):
            dw[k] += c * r * X[i, k]
    return dw, float(db)


@no_overflow
def summed(X: Any, y: Any, w: Any, b: Any = 0.0, *, convention: str = "mean") -> tuple[Array, float]:
    r"""Gradient for one output, as a sum of columns: :math:`\partial L/\partial w = c \sum_i r_i x_i`.

    Shapes as in :func:`gradient` with a 1-D y. Derived in the chapter *N samples*.
    """
    X, y, w, b, _ = _single(problem(X, y, w, b))
    r = predict_unchecked(X, w, b) - y
    c = scale(convention, r.shape)
    return np.asarray(c * sum(r_i * x_i for r_i, x_i in zip(r, X, strict=True))), float(c * sum(r))


@no_overflow
def by_index(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> tuple[Array, Array]:
    r"""Gradient for many outputs, index by index: :math:`\partial L/\partial W_{kj} = c \sum_i R_{ij} X_{ik}`.

    Shapes as in :func:`gradient` with a 2-D Y. Derived in the chapter *Many outputs*.
    """
    X, Y, W, b, single = problem(X, Y, W, b)
    if single:
        raise ShapeError(f"Y has shape {Y.shape}, but (N, D) is expected here; write Y[:, None] for one output.")
    (N, M), D = X.shape, W.shape[1]
    R = predict_unchecked(X, W, b) - Y
    c = scale(convention, R.shape)
    dW, db = np.zeros((M, D)), np.zeros(D)
    for j in range(D):
        db[j] = c * sum(R[i, j] for i in range(N))
        for k in range(M):
            dW[k, j] = c * sum(R[i, j] * X[i, k] for i in range(N))
    return dW, db


def gradient(
    X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean", intercept: bool = True
) -> tuple[Array, Array]:
    r"""Gradient of the loss with respect to the weights and the bias.

    .. math:: \partial L/\partial W = c\, X^\top (XW + 1_N b - Y), \qquad
              \partial L/\partial b = c\, 1_N^\top (XW + 1_N b - Y)

    with c = 2/N for ``convention="mean"`` (see :data:`lrcore.losses.CONVENTIONS`).

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array      W : (M,) or (M, D) array      b : number or (D,) array
    intercept : without, there is no bias: b is left at zero, and db is zero

    Returns
    -------
    dW : array shaped like W      db : number, or (D,) array

    Raises
    ------
    ShapeError
        names both shapes and the axis that disagrees.
    InputError
        an entry is not a finite real number, the convention is unknown, or there is a bias without an intercept.

    Derived in the chapters *N samples* and *Many outputs*; the pass by blocks of rows that large data take is that of
    *What the closed form costs*.
    """
    intercept = intercept is True or has_bias(intercept, b)
    if fast_path.applies(X, Y, W, b):
        given: tuple[Any, Any, Any, Any] = (X, Y, W, b)
    elif cluster := on_cluster(X):
        return cast(tuple[Array, Array], cluster.gradient(X, Y, W, b, convention, intercept))
    else:
        given = problem(X, Y, W, b, finite=False)[:4]
    dW, db, fine = _unread(*given[:3], given[3] if intercept else None, scale(convention, given[1].shape))
    if not fine:  # the inputs are looked at only now: what is not finite there is not finite here
        problem(X, Y, W, b)
        in_range("the result of gradient", dW, db)
    return dW, db[()]


@np.errstate(over="ignore", invalid="ignore", under="ignore")
def _unread(X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array, bool]:
    """The gradient of arrays whose entries nobody has looked at, and whether all of it is finite; b None is no bias."""
    dW, db = gradient_for(X, Y, W, b, readable)(X, Y, W, b, c)
    return dW, db, fast_path.finite(dW, db)


def readable(X: Array, Y: Array, W: Array, b: Any, c: float) -> tuple[Array, Array]:
    """What :func:`gradient` computes, as it is derived; the scalar goes last, so that no copy of X is scaled."""
    R = X @ W + b - Y
    return c * (X.T @ R), c * R.sum(axis=0)


def _single(given: Problem) -> Problem:
    if not given.single:
        raise ShapeError(f"Y has shape {given.Y.shape}, but this form is for one output: give y of shape (N,).")
    return given


def jacobian(X: Any) -> tuple[Array, Array]:
    r"""Jacobians of :math:`\hat y = Xw + 1_N b`: with respect to w it is X itself, to b a column of ones (N x 1).

    Derived in the chapter *N samples*, which answers whether X^T "is the Jacobian".
    """
    X = inputs(X)
    return X.copy(), np.ones((X.shape[0], 1))


def jacobian_tensor(X: Any, D: int) -> Array:
    r"""The four-index derivative :math:`\partial \hat Y_{ij}/\partial W_{kl} = X_{ik}\,\delta_{jl}`.

    Parameters
    ----------
    X : (N, M) array      D : number of outputs

    Returns
    -------
    (N, D, M, D) array, indexed [i, j, k, l]

    Derived in the chapter *Many outputs*.
    """
    X, D = inputs(X), count("D", D)
    return np.einsum("ik,jl->ijkl", X, np.eye(D))


def jacobian_columns(X: Any, D: int) -> Array:
    r"""The same numbers as a matrix under column-stacking vec: :math:`I_D \otimes X`, of shape (N D, M D).

    Derived in the chapter *Many outputs*.
    """
    return np.kron(np.eye(count("D", D)), inputs(X))


def jacobian_rows(X: Any, D: int) -> Array:
    r"""The same numbers as a matrix under numpy's row-major reshape: :math:`X \otimes I_D`, of shape (N D, M D).

    Derived in the chapter *Many outputs*.
    """
    return np.kron(inputs(X), np.eye(count("D", D)))


def vec(A: Any) -> Array:
    """Stack the columns of an (N, D) array into an (N D,) array, as mathematics does: ``A.reshape(-1)`` stacks rows."""
    A = real("A", A)
    if A.ndim != 2:
        raise ShapeError(f"A has shape {A.shape}, but a matrix is expected.")
    return A.reshape(-1, order="F")


@no_overflow
def layer_backward(G: Any, X: Any, W: Any) -> tuple[Array, Array, Array]:
    r"""Backward pass of a linear layer :math:`\hat Y = XW + 1_N b`, given :math:`G = \partial L/\partial \hat Y`.

    .. math:: G := \partial L/\partial \hat Y, \qquad \partial L/\partial X = G W^\top, \qquad
              \partial L/\partial W = X^\top G, \qquad \partial L/\partial b = 1_N^\top G

    Parameters
    ----------
    G : (N, D) array      X : (N, M) array      W : (M, D) array

    Returns
    -------
    dX : (N, M) array      dW : (M, D) array      db : (D,) array

    Derived in the chapter *From here to backpropagation*.
    """
    X, G, W, _, single = problem(X, G, W, y="G")
    if single:
        raise ShapeError(f"G has shape {G.shape}, but (N, D) is expected; write G[:, None] for one output.")
    return G @ W.T, X.T @ G, G.sum(axis=0)


@no_overflow
def hessian(X: Any, *, D: int = 1, convention: str = "mean", intercept: bool = False) -> Array:
    r"""Hessian of the loss with respect to the stacked columns of W: :math:`c\, I_D \otimes X^\top X`, everywhere.

    Parameters
    ----------
    X : (N, M) array      D : number of outputs
    intercept : put the column of ones before X, so that the bias is the first weight of each output

    Returns
    -------
    (D P, D P) array with P = M, or M + 1 with ``intercept``

    Derived in the chapter *Closed form*.
    """
    A = design(X) if intercept else inputs(X)
    D = count("D", D)
    return scale(convention, (A.shape[0], D)) * np.kron(np.eye(D), A.T @ A)
