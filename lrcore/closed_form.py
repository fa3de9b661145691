r"""The closed form: normal equations by Cholesky, QR, SVD, ridge; and :func:`fit`, which chooses.

With an intercept the columns are centred first: the bias is then :math:`b = \bar y - \bar x^\top W`, it is never
penalised, and the minimum-norm solution is minimal in W alone.
"""

from typing import Any, cast

import numpy as np

from lrcore import shapes
from lrcore._exact.scaling import measured
from lrcore._exact.solution import solve
from lrcore._exact.spectra import count_clear, spectrum
from lrcore.dispatch import fitting, on_cluster, on_stacks, small_fit
from lrcore.errors import InputError
from lrcore.fit_message import message, not_unique
from lrcore.fitted import Fit
from lrcore.shapes import Array, equations, in_range, no_overflow, one_of, own, positive, samples, yes_or_no

__all__ = ["Fit", "cholesky", "fit", "qr", "spectrum", "svd"]


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
    A, Y = equations(A, Y)
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
    A, Y = equations(A, Y)
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
    A, Y = equations(A, Y)
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    rank = count_clear(sigma, max(A.shape))
    return Vt[:rank].T @ ((U[:, :rank].T @ Y).T / sigma[:rank]).T, rank


def fit(
    X: Any,
    Y: Any,
    *,
    intercept: bool = True,
    ridge: float = 0.0,
    weights: Any = None,
    method: str = "auto",
    digits: int | None = None,
    progress: bool = True,
) -> Fit:
    r"""Weights and bias that minimise :math:`\|\Omega^{1/2}(XW + 1_N b - Y)\|_F^2 + \lambda \|W\|_F^2`.

    The columns are centred and brought to one size, factored, and the solution is corrected with residuals in twice the
    precision until it is the exact solution, rounded to 15 digits or more; ``W_error`` says where it is less (see
    ``lrcore._exact.refine``), as with ``digits``.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array      ridge : lambda, zero or more; the bias is not penalised
        or K problems at once, X (K, N, M) and Y (K, N) or (K, N, D)
    weights : (N,) array, zero or more: how much each sample counts (the diagonal of Omega); by default all count one
    method : "auto", "cholesky", "qr" or "svd"; auto takes Cholesky where squaring the condition number is harmless,
        else QR, and SVD where the columns do not determine the weights
    digits : how many of each number are wanted, 1 to 15; by default 15, and fewer, but no fewer than
        ``np.linalg.lstsq`` gives, where 15 would take much longer: of large data with a condition number of 1e5 or
        more, and of numbers a thousand times smaller than the largest. ``Fit.digits`` says how many there are
    progress : show a bar, on a terminal and in a notebook, when it takes longer than a second

    Returns
    -------
    Fit; W is in units of Y over those of X, b in those of Y; of K problems :class:`lrcore.stacks.Fits`

    Raises
    ------
    ShapeError, InputError
        in one sentence, with what to do.

    Warns
    -----
    RankWarning
        the columns are dependent or N is too small: the minimum-norm solution is returned; or ridge is so small that
        rounding hides what it decides, and ``W_error`` says how far W may be off.

    Derived in the chapters *Closed form* and *What the closed form costs*.
    """
    if cluster := on_cluster(X):
        return cast(Fit, cluster.fit(X, Y, intercept, ridge, weights, method))
    if together := on_stacks(X):
        return together(fit, X, Y, intercept, ridge, weights, method)
    names, intercept, digits = shapes.column_names(X), yes_or_no("intercept", intercept), shapes.digits(digits)
    # The BLAS keeps to one thread from the first look on: one that it once called waits for more, on a core of ours.
    with fitting(X, yes_or_no("progress", progress)), np.errstate(all="ignore"):
        given = samples(X, Y)
        X, Y = (A.astype(np.float64, copy=False) for A in given)
        ridge = positive("ridge", ridge, zero=True)
        method = one_of("method", method, shapes.METHODS)
        many = Y.reshape(len(Y), -1)
        quick = small_fit(X, many, weights, ridge, intercept, method, digits)
        found = quick or solve(measured(X, many, weights, ridge, intercept, digits), method)
    numbers: dict[str, Any] = {name: own(A[..., 0] if Y.ndim == 1 else A) for name, A in found.numbers.items()}
    reason = not_unique(X, intercept) if found.rank < (columns := X.shape[1] + intercept) else ""
    said = message(found.numbers, found.rank, columns, found.method, ridge, reason)
    numbers |= {"centre": found.centre, "names": names, "data": (*given, weights, ridge, intercept)}
    return Fit(**numbers, rank=found.rank, conditioning=found.condition, method=found.method, message=said)
