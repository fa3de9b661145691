r"""The closed form: normal equations by Cholesky, QR, SVD, ridge; and :func:`fit`, which chooses.

With an intercept the columns are centred first: the bias is then :math:`b = \bar y - \bar x^\top W`, it is never
penalised, and the minimum-norm solution is minimal in W alone.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore.errors import InputError, RankWarning, ShapeError
from lrcore.model import design, predict
from lrcore.shapes import Array, in_range, inputs, no_overflow, one_of, positive, real, targets

_CHOLESKY_SAFE = 1e4


@no_overflow
def cholesky(A: Any, Y: Any) -> Array:
    r"""Solve the normal equations :math:`A^\top A W = A^\top Y` by Cholesky: cheap, but the condition number squares.

    Parameters
    ----------
    A : (N, P) array of rank P      Y : (N,) or (N, D) array

    Returns
    -------
    W : (P,) or (P, D) array

    Raises
    ------
    InputError
        A^T A is not positive definite to working precision.

    Derived in the chapter *Closed form*.
    """
    A, Y = _read(A, Y)
    in_range("A^T A", gram := A.T @ A)
    try:
        L = np.linalg.cholesky(gram)
    except np.linalg.LinAlgError as error:
        raise InputError(
            f"the columns of A (shape {A.shape}) are dependent to working precision, so A^T A has no Cholesky factor; "
            "use svd, or fit, which chooses."
        ) from error
    return np.linalg.solve(L.T, np.linalg.solve(L, A.T @ Y))


@no_overflow
def qr(A: Any, Y: Any) -> Array:
    r"""Least squares by :math:`A = QR`, :math:`R\,W = Q^\top Y`: the condition number enters once.

    Parameters, returns as :func:`cholesky`.

    Raises
    ------
    InputError
        R has a zero on its diagonal: the columns are dependent.

    Derived in the chapter *Closed form*.
    """
    A, Y = _read(A, Y)
    if A.shape[0] < A.shape[1]:
        raise InputError(f"A has shape {A.shape}, fewer rows than columns, so W is not determined; use svd.")
    Q, R = np.linalg.qr(A)
    if not np.abs(np.diag(R)).min() > 0:
        raise InputError(f"the columns of A (shape {A.shape}) are dependent, so W is not determined; use svd.")
    return np.linalg.solve(R, Q.T @ Y)


@no_overflow
def svd(A: Any, Y: Any) -> tuple[Array, int]:
    r"""Least squares of minimum norm by :math:`A = U \Sigma V^\top`, :math:`W = V \Sigma^{+} U^\top Y`; also the rank.

    Works for any shape and rank: singular values below max(N, P) eps sigma_max count as zero.

    Derived in the chapter *Closed form*.
    """
    A, Y = _read(A, Y)
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    rank = _count(sigma, A)
    return Vt[:rank].T @ ((U[:, :rank].T @ Y).T / sigma[:rank]).T, rank


def _count(sigma: Array, A: Array) -> int:
    """How many singular values are not rounding errors; none, where all are zero."""
    return int((sigma > max(A.shape) * np.finfo(A.dtype).eps * sigma[0]).sum())


def _read(A: Any, Y: Any) -> tuple[Array, Array]:
    A = real("A", A)
    if A.ndim != 2:
        raise ShapeError(f"A has shape {A.shape}, but a matrix is expected, one sample a row.")
    return A, targets(A, Y, names=("A", "Y"))


@dataclass(frozen=True)
class Fit:
    """A least-squares fit and what can be said of it.

    W (M,) or (M, D); b a number or (D,); ``rank`` and ``condition`` (2-norm) of X, the column of ones included and
    ridge left out; ``residual_norms`` the norm of the residual of each output, in the targets' units.
    """

    W: Array
    b: Array
    rank: int
    condition: float
    method: str
    residual_norms: Array
    message: str

    def predict(self, X: Any) -> Array:
        """Predictions for new inputs X (N, M)."""
        return predict(X, self.W, self.b)

    def __str__(self) -> str:
        norms = ", ".join(f"{norm:.6g}" for norm in np.atleast_1d(self.residual_norms))
        return f"{self.message} Rank {self.rank}, condition number {self.condition:.4g}, |residual| {norms}."

    __repr__ = __str__


def fit(X: Any, Y: Any, *, intercept: bool = True, ridge: float = 0.0, method: str = "auto") -> Fit:
    r"""Weights and bias that minimise :math:`\|XW + 1_N b - Y\|_F^2 + \lambda \|W\|_F^2`.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array      ridge : lambda, zero or more; the bias is not penalised
    method : "auto", "cholesky", "qr" or "svd"; auto takes Cholesky where squaring the condition number is harmless,
        else QR, and SVD where the columns do not determine the weights

    Returns
    -------
    Fit

    Raises
    ------
    ShapeError, InputError
        in one sentence, with what to do.

    Warns
    -----
    RankWarning
        the columns are dependent or N is too small: the minimum-norm solution is returned.

    Derived in the chapter *Closed form*.
    """
    X = inputs(X).astype(np.float64, copy=False)
    Y = targets(X, Y).astype(np.float64, copy=False)
    ridge = positive("ridge", ridge, zero=True)
    full = design(X) if intercept else X
    rank, sigma = spectrum(full)
    condition = float(sigma[0] / sigma[-1]) if rank == full.shape[1] and sigma[-1] > 0 else float("inf")
    chosen = _choose(method, rank == full.shape[1], condition, ridge)
    with np.errstate(over="ignore", invalid="ignore"):
        W, b = _solve(X, Y, rank, intercept, ridge, chosen)
        norms = _lengths(X @ W + b - Y)
    in_range("the fit", W, b, norms)
    message = _message(X, rank, full.shape[1], chosen, intercept, ridge)
    return Fit(W, b, rank, condition, chosen, norms, message)


def _solve(X: Array, Y: Array, rank: int, intercept: bool, ridge: float, method: str) -> tuple[Array, Array]:
    """Centre, scale by a power of two (exact, so that squares neither overflow nor vanish), solve, undo both."""
    x_mean, y_mean = (X.mean(axis=0), Y.mean(axis=0)) if intercept else (np.zeros(X.shape[1]), np.zeros(Y.shape[1:]))
    in_range("the mean of X or Y", x_mean, y_mean)
    A = X - x_mean
    if intercept:
        A[:, _constant(X)] = 0  # the mean of equal numbers may differ from them by rounding
    unit = np.ldexp(1.0, np.frexp(max(np.abs(A).max(), np.sqrt(ridge)))[1] - 1)
    A, B, ridge = A / unit, Y - y_mean, ridge / unit / unit
    if method == "svd":
        W = _by_svd(A, B, rank - bool(intercept), ridge) / unit
    else:
        W = {"cholesky": cholesky, "qr": qr}[method](*_augment(A, B, ridge)) / unit
    return W, np.asarray(y_mean - x_mean @ W)


def _by_svd(A: Array, B: Array, rank: int, ridge: float) -> Array:
    """:func:`svd` where the rank is known already; ridge turns each 1/sigma into sigma/(sigma^2 + lambda)."""
    lengths = _lengths(A)
    if rank == A.shape[1] and not ridge:  # the answer is unique, so units need not matter
        return (svd(A / lengths, B)[0].T / lengths).T
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    clear = _count(sigma, A)
    if rank > clear and not ridge:
        raise InputError(
            "the columns of X are dependent and too different in size to tell which of them are; standardise X first."
        )
    rank = min(rank, clear)
    weight = sigma[:rank] / (sigma[:rank] ** 2 + ridge)
    return Vt[:rank].T @ ((U[:, :rank].T @ B).T * weight).T


def _augment(X: Array, Y: Array, ridge: float) -> tuple[Array, Array]:
    """Ridge as plain least squares: sqrt(lambda) I goes with X and zeros with Y, the larger on top, as QR likes it."""
    if not ridge:
        return X, Y
    M = X.shape[1]
    root, zeros = np.sqrt(ridge) * np.eye(M), np.zeros((M, *Y.shape[1:]))
    if np.sqrt(ridge) > np.abs(X).max():
        return np.vstack([root, X]), np.concatenate([zeros, Y])
    return np.vstack([X, root]), np.concatenate([Y, zeros])


def spectrum(A: Array) -> tuple[int, Array]:
    """Rank, judged with columns of equal length, so that units do not matter; and the singular values of A as it is."""
    lengths = _lengths(A)
    in_range("the length of a column of X", lengths)
    if not lengths.any():
        return 0, np.zeros(min(A.shape))
    R = np.linalg.qr(A, mode="r")
    equal = np.linalg.svd(R / np.where(lengths > 0, lengths, 1), compute_uv=False)
    return _count(equal, A), np.linalg.svd(R, compute_uv=False)


def _lengths(A: Array) -> Array:
    """2-norms of the columns, also where the squares of the entries would overflow or vanish."""
    largest = np.abs(A).max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        return largest * np.linalg.norm(A / np.where(largest > 0, largest, 1), axis=0)


def _constant(X: Array) -> Any:
    return X.min(axis=0) == X.max(axis=0)


def _choose(method: str, full_rank: bool, condition: float, ridge: float) -> str:
    method = one_of("method", method, ("auto", "cholesky", "qr", "svd"))
    if not full_rank and (not ridge or method == "auto"):
        if method in ("cholesky", "qr"):
            raise InputError(f"the columns do not determine the weights, so {method} has no answer; use auto or svd.")
        return "svd"
    if method != "auto":
        return method
    return "cholesky" if condition < _CHOLESKY_SAFE else "qr"


def _message(X: Array, rank: int, columns: int, method: str, intercept: bool, ridge: float) -> str:
    by = {"cholesky": "the normal equations (Cholesky)", "qr": "QR", "svd": "SVD"}[method]
    if rank == columns or ridge:
        return f"Solved by {by}{f' with ridge {ridge:g}' if ridge else ''}."
    reason = (
        f"{X.shape[0]} samples cannot fix {columns} unknowns" if X.shape[0] < columns else "columns of X are dependent"
    )
    constant = [int(k) for k in np.flatnonzero(_constant(X))] if intercept else []
    if constant and X.shape[0] >= columns:
        reason = f"column {constant[0]} of X is constant and repeats the intercept; leave it out"
    message = f"Not unique: {reason}. This is the solution of minimum norm, by {by}."
    warnings.warn(message, RankWarning, stacklevel=3)
    return message
