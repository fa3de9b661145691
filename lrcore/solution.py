"""Rank first, then a method, then the solution: refined where it is unique, the shortest one where it is not."""

from typing import NamedTuple

import numpy as np

from lrcore.blocks import down
from lrcore.errors import InputError
from lrcore.factor import Normal, by_cholesky, by_rows, normal, safe, stacked, unscaled
from lrcore.refine import Factor, Solution, refined
from lrcore.shapes import Array, in_range
from lrcore.spectra import count_clear, lengths_of, of_factor
from lrcore.system import System

_EPS = float(np.finfo(float).eps)


class Found(NamedTuple):
    """The fields of a Fit that are numbers, by name and each with an axis of outputs; and what was found on the way."""

    numbers: dict[str, Array]
    rank: int
    condition: float
    method: str


def solve(given: System, method: str) -> Found:
    """Find rank and condition, choose the method, factor and refine."""
    equations, ridge = normal(given), given.penalty
    cheap = given.X.shape[0] >= given.P and safe(equations.plain) and safe(equations.gram)
    R = np.linalg.cholesky(equations.plain).T if cheap else _rows_factor(given)
    larger = max(given.X.shape[0], given.P)
    rank, _ = of_factor(R, larger)  # of centred columns: a large mean beside a small spread is no dependence
    _, sigma = of_factor(unscaled(given, R), larger)
    unique = rank == given.P
    determined = unique or (bool(ridge) and of_factor(_rows_factor(given, all_rows=True), larger)[0] == given.P)
    condition = float(sigma[0] / sigma[-1]) if unique and sigma[-1] > 0 else float("inf")
    chosen = _choose(method, determined, cheap and unique, ridge)
    numbers = _unique(given, equations, chosen, bool(ridge)) if determined or chosen != "svd" else None
    return Found(numbers or _shortest(given, rank), rank, condition, chosen)


def _rows_factor(given: System, all_rows: bool = False) -> Array:
    """R of the samples alone, ridge left out, or of all rows."""
    rows = stacked(given)[0]
    return np.asarray(np.linalg.qr(rows if all_rows else rows[: given.X.shape[0]], mode="r"))


def _choose(method: str, unique: bool, cheap: bool, ridge: float) -> str:
    if not unique and (not ridge or method == "auto"):
        if method in ("cholesky", "qr"):
            raise InputError(f"the columns do not determine the weights, so {method} has no answer; use auto or svd.")
        return "svd"
    if method != "auto":
        return method
    return "cholesky" if cheap else "qr"


def _unique(given: System, equations: Normal, method: str, biased: bool) -> dict[str, Array]:
    factor, x, residual = _factored(given, equations, method)
    solution = refined(given, factor, x, residual)
    freedom = given.X.shape[0] - given.P
    deviation = np.full(len(solution.squares), np.nan)
    if freedom > 0 and not biased:
        deviation = np.sqrt(solution.squares / freedom)
    return _in_units(given, solution, deviation)


def _factored(given: System, equations: Normal, method: str) -> tuple[Factor, Array, Array | None]:
    if method != "cholesky":
        return by_rows(given, method)
    try:
        return by_cholesky(given, equations)
    except np.linalg.LinAlgError as error:
        raise InputError(
            f"the columns of X (shape {given.X.shape}) are dependent to working precision, so X^T X has no Cholesky "
            "factor; use svd, or auto, which chooses."
        ) from error


def _in_units(given: System, solution: Solution, deviation: Array) -> dict[str, Array]:
    first = int(given.intercept)
    error = solution.error + _EPS / 2 * np.abs(solution.theta.high)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        scale = given.y_unit / np.hstack([np.ones(first), given.x_unit])[:, None]
        theta, error, se = (value * scale for value in (solution.theta.high, error, solution.reach * deviation))
        norms = np.sqrt(solution.squares) * given.y_unit * given.weight_unit
    none = np.zeros((1, len(norms)))
    numbers = {"residual_norms": norms, "r_squared": _r_squared(given, solution.squares)}
    for name, value in (("", theta), ("_error", error), ("_se", se)):
        numbers |= {f"W{name}": value[first:], f"b{name}": (value[:1] if first else none)[0]}
    in_range("the fit", numbers["W"], numbers["b"], norms)
    return numbers


def _r_squared(given: System, squares: Array) -> Array:
    """1 - the squares left over the squares about the mean (about zero without intercept); NaN where Y is constant."""
    Y = given.Y / given.y_unit
    weights = 1.0 if given.weights is None else given.weights
    if given.intercept:
        Y = Y - down(np.add, weights * Y) / (len(Y) if given.weights is None else given.weights.sum())
    total = down(np.add, weights * Y * Y)
    return 1 - np.divide(squares, total, out=np.full_like(total, np.nan), where=total > 0)


def _shortest(given: System, rank: int) -> dict[str, Array]:
    """Minimum norm, or ridge on dependent columns: one power of two for all columns, since lengths are compared."""
    root = 1.0 if given.weights is None else np.sqrt(given.weights)
    root_ridge = np.sqrt(given.penalty)
    A, B = given.X / given.x_unit - given.centre, given.Y / given.y_unit
    unit = max(given.x_unit.max(), np.ldexp(1.0, np.frexp(root_ridge)[1]))
    y_mean = (root**2 * B).sum(axis=0) / (root**2 * np.ones((len(B), 1))).sum() * given.intercept
    A = root * A * (given.x_unit / unit)
    W, W_error, left = minimum_norm(
        A, root * (B - y_mean), rank - given.intercept, max(A.shape), (root_ridge / unit) ** 2
    )
    squares = left**2
    with np.errstate(over="ignore", invalid="ignore"):
        b = y_mean - (given.centre * (given.x_unit / unit)) @ W if given.intercept else np.zeros_like(y_mean)
        b_error = np.abs(given.centre * (given.x_unit / unit)) @ W_error + _EPS * np.abs(y_mean)
        W, W_error = (value * given.y_unit / unit for value in (W, W_error))
        b, b_error = b * given.y_unit, b_error * given.y_unit * given.intercept
        norms = np.sqrt(squares) * given.y_unit * given.weight_unit
    in_range("the fit", W, b, norms)
    none, nothing = np.full_like(W, np.nan), np.full_like(b, np.nan)
    errors = {"W_error": W_error, "b_error": b_error, "W_se": none, "b_se": nothing}
    return {"W": W, "b": b, "residual_norms": norms, "r_squared": _r_squared(given, squares)} | errors


def minimum_norm(A: Array, B: Array, rank: int, size: int, ridge: float = 0.0) -> tuple[Array, Array, Array]:
    """The shortest W that brings A W nearest to B, how far it may be off, and the norms of what is left of B.

    The rank is known; A is as exact as a matrix whose larger side is ``size``. Ridge turns 1/s into s/(s^2 + lambda).
    """
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    clear = count_clear(sigma, size)
    if rank > clear and not ridge:
        raise InputError(
            "the columns of X are dependent and too different in size to tell which of them are; standardise X first."
        )
    rank = min(rank, clear)
    sigma = sigma[:rank]
    W = Vt[:rank].T @ ((U[:, :rank].T @ B).T * (sigma / (sigma**2 + ridge))).T
    left = lengths_of(B - A @ W)
    stretch = sigma[0] / sigma[-1] if rank else 1.0
    longest = lengths_of(W) + (stretch * left / sigma[0] if rank else 0.0)
    return W, np.broadcast_to(size * _EPS * stretch * longest, W.shape), left
