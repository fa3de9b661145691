"""Rank, method and solution, three steps with one factor: refined where it is unique, the shortest where it is not."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from lrcore._exact import covariance, dual, nearly, rational, squares
from lrcore._exact.bounds import Bound
from lrcore._exact.extended import Pair
from lrcore._exact.factor import Factor, of_all, of_samples, scaled_targets
from lrcore._exact.refine import refined
from lrcore._exact.scaling import System
from lrcore._exact.spectra import count_clear, lengths_of, singular_values
from lrcore._fast.blocks import reduce_rows
from lrcore.errors import InputError
from lrcore.progress import step
from lrcore.shapes import Array, in_range

_EPS = float(np.finfo(float).eps)


class Found(NamedTuple):
    """The fields of a Fit that have an axis of outputs, by name; and what was found on the way.

    The condition number is a function, for it is seldom asked for and dear on a small problem.
    """

    numbers: dict[str, Array]
    rank: int
    condition: Callable[[], float]
    method: str
    centre: Array


def solve(system: System, method: str) -> Found:
    """The rank and condition of the samples, then the method, then the solution."""
    if method == "auto" and (wide := dual.factored(system)):
        return _in_few_samples(system, *wide)
    if method in ("auto", "cholesky"):
        if (apart := nearly.apart(system)) and (found := _set_apart(system, apart)):
            return found
        if tall := squares.solve(system):
            return _by_squares(system, tall)
    if method == "auto" and (short := dual.shortest(system)):
        centre = system.scaling.centre * system.scaling.x
        numbers = _with_bias(system, short, system.scaling.x.max())
        return Found(numbers, len(system.X), partial(float, np.inf), "dual", centre)
    samples = of_samples(system, method)
    rank = count_clear(samples.sigma, max(len(system.X), system.P))
    unique = rank == system.P
    given = system.scaling.as_given(samples.R)
    in_range("the length of a column of X", lengths_of(given))
    condition = partial(_condition, given) if unique else partial(float, np.inf)
    centre = system.scaling.centre * system.scaling.x
    if not (unique or system.penalty or method in ("auto", "svd")):
        raise InputError(f"the columns do not determine the weights, so {method} has no answer; use auto or svd.")
    if method == "auto":
        method = "cholesky" if samples.Q is None else "qr"
    if unique or system.penalty:
        factor = of_all(system, samples, method)
        if unique or factor.determines(system):
            return Found(_unique(system, factor, samples), rank, condition, method, centre)
        if rational.few(system):
            return Found(_in_units(system, *rational.solve(system)), rank, condition, "rational", centre)
    numbers = _shortest(system, samples, rank)
    if not system.penalty and rational.few(system) and rational.rank(system) > rank:
        numbers |= {name: np.full_like(numbers[name], np.inf) for name in ("W_error", "b_error")}
    return Found(numbers, rank, condition, "svd", centre)


def _condition(R: Array) -> float:
    sigma = singular_values(R)
    return float(sigma[0] / sigma[-1]) if sigma[-1] > 0 else float("inf")


def _in_few_samples(system: System, factor: dual.Dual, rank: int) -> Found:
    found = refined(system, factor, dual.DualBound(system, factor, factor))
    numbers = _in_units(system, found.theta, found.error, found.squares)
    return Found(numbers, rank, partial(float, np.inf), "dual", system.scaling.centre * system.scaling.x)


def _by_squares(system: System, found: squares.Squares) -> Found:
    """The numbers of a Fit from the normal equations in twice the precision, whose inverse has its digits, too."""
    freedom = len(system.X) - system.P
    reach = np.sqrt(found.spread.diagonal())[:, None]
    standard_error = reach * np.sqrt(found.squares / freedom)
    level = _at_centre(system, found)
    numbers = _in_units(system, found.theta, found.error, found.squares, standard_error, level, found.whole)
    centre = system.scaling.centre * system.scaling.x
    return Found(numbers, system.P, partial(_of_squares, found), "cholesky", centre)


def _set_apart(system: System, apart: nearly.Apart) -> Found | None:
    """The numbers of a Fit from a system whose columns were set apart; None where that one is not easy."""
    easy, freedom, whole = apart.system, len(system.X) - system.P, None
    if tall := squares.solve(easy, 1.0):  # lstsq has far fewer digits of all of them
        theta, error, left, whole, level = tall.theta, tall.error, tall.squares, tall.whole, _at_centre(easy, tall)
        before = np.sqrt(tall.spread.diagonal())[:, None]
        after = np.sqrt(apart.rows(apart.rows(tall.spread).T).diagonal())[:, None]
        R, scaling = np.linalg.cholesky(tall.H).T, tall.scaling
    else:
        samples = of_samples(easy, "auto")
        bound = Bound(easy, samples, samples)
        if samples.Q is not None or bound.rate > covariance.DOUBTFUL:
            return None
        found = refined(easy, samples, bound)
        theta, error, left, level = found.theta, found.error, found.squares, easy.scaling.at_centre(found.theta)
        before, after = bound.sensitivity, lengths_of(apart.rows(easy.scaling.moved(bound.inverse)).T)[:, None]
        R, scaling = samples.R, easy.scaling
    error, centre = apart.error(error, theta, left, before, after), system.scaling.centre * system.scaling.x
    level = apart.at(centre, level, theta) if system.scaling.intercept else level
    theta = apart.theta(theta)
    if system.digits and not (error <= 10.0**-system.digits / 2 * np.abs(theta.high)).all():
        return None
    numbers = _in_units(easy, theta, error, left, after * np.sqrt(left / freedom), level, whole)
    return Found(numbers, system.P, partial(_of_apart, apart, scaling.as_given(R)), "cholesky", centre)


def _of_apart(apart: nearly.Apart, R: Array) -> float:
    return _condition(apart.without(R))


def _at_centre(system: System, found: squares.Squares) -> Array:
    """The prediction at the centre, from that at one that is only near."""
    moved: Array = found.level + (system.scaling.centre - found.scaling.centre) @ found.theta.high[-system.X.shape[1] :]
    return moved


def _of_squares(found: squares.Squares) -> float:
    """The condition number of [1 | X] in its own units, by A^T A and its inverse."""
    R = found.scaling.as_given(np.linalg.cholesky(found.H).T)
    in_range("the length of a column of X", lengths_of(R))
    unit = np.hstack([np.ones(int(found.scaling.intercept)), found.scaling.x])
    spread = found.spread / unit / unit[:, None]
    return float(np.linalg.norm(R, 2) * np.sqrt(np.linalg.norm(spread, 2)))


def _unique(system: System, factor: Factor, samples: Factor) -> dict[str, Array]:
    bound = Bound(system, factor, samples)
    found = refined(system, factor, bound)
    freedom = len(system.X) - system.P
    known = freedom > 0 and not system.penalty
    standard_error = covariance.deviations(system, bound) * np.sqrt(found.squares / freedom) if known else None
    return _in_units(system, found.theta, found.error, found.squares, standard_error)


def _in_units(
    system: System,
    theta: Pair,
    error: Array,
    left: Array,
    standard_error: Array | None = None,
    level: Array | None = None,
    whole: Array | None = None,
) -> dict[str, Array]:
    """The fields of a Fit, out of the powers of two; ``level`` at the centre and ``whole`` where they are known."""
    scaling, first = system.scaling, int(system.scaling.intercept)
    error = error + _EPS / 2 * np.abs(theta.high)
    standard_error = np.full_like(error, np.nan) if standard_error is None else standard_error
    unit = scaling.y / np.hstack([np.ones(first), scaling.x])[:, None]
    none, fields = np.zeros(len(left)), dict[str, Array]()
    for name, value in (("", theta.high * unit), ("_error", error * unit), ("_se", standard_error * unit)):
        fields |= {f"W{name}": value[first:], f"b{name}": value[0] if first else none.copy()}
    fields["b"] = fields["b"] + system.shift
    level = scaling.at_centre(theta) if level is None else level
    fields["level"] = level * scaling.y + system.shift
    return _checked(system, fields, left, whole)


def _checked(system: System, fields: dict[str, Array], squares: Array, whole: Array | None = None) -> dict[str, Array]:
    norms = np.sqrt(squares) * system.scaling.y * system.scaling.weight
    in_range("the fit", fields["W"], fields["b"], norms)
    whole = _about_mean(system) if whole is None else whole
    return fields | {"residual_norms": norms, "r_squared": 1 - _over(squares, whole)}


def _over(squares: Array, whole: Array) -> Array:
    """NaN where Y is constant."""
    return np.divide(squares, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _about_mean(system: System) -> Array:
    """The weighted squares of Y about its mean (about zero without intercept)."""
    Y = system.Y / system.scaling.y
    weights = np.ones((len(Y), 1)) if system.weights is None else system.weights
    if system.scaling.intercept:
        for _ in range(2):  # the second takes what rounding left in the mean, which a small spread would show
            Y = Y - reduce_rows(np.add, weights * Y) / weights.sum()
    return reduce_rows(np.add, weights * Y * Y)


def _shortest(system: System, samples: Factor, rank: int) -> dict[str, Array]:
    """Minimum norm, or ridge on dependent columns: one power of two for all columns, since lengths are compared."""
    scaling, first, root = system.scaling, int(system.scaling.intercept), np.sqrt(system.penalty)
    unit = max(scaling.x.max(), np.ldexp(1.0, np.frexp(root)[1]))
    R, right = samples.R, samples.right
    assert samples.Q is not None
    targets = scaled_targets(system)[: len(samples.Q)]
    outside, whole = lengths_of(targets - samples.Q @ right), lengths_of(targets)
    scale, size = scaling.width * scaling.x / unit, max(system.X.shape)
    W, W_error, left = minimum_norm(
        R[first:, first:] * scale, right[first:], rank - first, size, (root / unit) ** 2, outside, whole
    )
    mean, moves = (right[0] / R[0, 0], R[0, 1:] / R[0, 0] * scale) if first else (np.zeros_like(outside), 0 * scale)
    length = lengths_of(W)
    grown = whole / np.abs(R[0, 0]) + np.linalg.norm(scale) * length
    at_means = np.vstack([moves, scaling.centre * (scaling.x / unit)]) @ W
    W = W * (scaling.y / unit)
    return _with_bias(system, dual.Shortest(W, W_error[0], length, left, grown, mean, moves, at_means), unit)


def _with_bias(system: System, found: dual.Shortest, unit: float) -> dict[str, Array]:
    """The fields of a Fit from the shortest weights, whose errors are in ``unit``: one an output."""
    scaling, first, W, mean = system.scaling, system.scaling.intercept, found.W, found.mean
    fields = {"W": W, "W_error": np.broadcast_to(found.error * (scaling.y / unit), W.shape)}
    fields["W_se"] = np.broadcast_to(np.nan, W.shape)
    far = scaling.centre * (scaling.x / unit)
    fields["b_error"] = np.zeros_like(mean)
    if first:
        mean = mean - found.at_means[0]
        mean_error = np.abs(found.moves).sum() * found.error + max(system.X.shape) * _EPS * found.grown
        far_error = np.abs(far).sum() * found.error + _EPS * np.linalg.norm(far) * found.length
        fields["b_error"] = mean_error + far_error + _EPS * np.abs(mean)
    bias = mean - found.at_means[1] if first else mean
    fields["b"], fields["level"] = ((number * scaling.y + system.shift) for number in (bias, mean))
    fields["b_error"] = fields["b_error"] * scaling.y
    return _checked(system, fields | {"b_se": np.full_like(mean, np.nan)}, found.left**2)


def minimum_norm(
    A: Array,
    B: Array,
    rank: int,
    size: int,
    ridge: float = 0.0,
    outside: Array | float = 0.0,
    whole: Array | float = 0.0,
) -> tuple[Array, Array, Array]:
    """The shortest W that brings A W nearest to B, how far it may be off, and the norms of what is left.

    The rank is known; A is as exact as a matrix whose larger side is ``size``, ``outside`` are the norms of what no W
    can reach, and ``whole`` those of what B was cut from, whose rounding it has. Ridge turns 1/s into s/(s^2 + lambda),
    also for the s that are dropped because rounding hides them: each may be anything up to what is taken for zero.
    """
    step("SVD", 8 * A.size * min(A.shape))
    U, sigma, Vt = np.linalg.svd(A, full_matrices=False)
    clear = count_clear(sigma, size)
    if rank > clear and not ridge:
        raise InputError(
            "the columns of X are dependent and too different in size to tell which of them are; standardise X first."
        )
    rank, hidden = min(rank, clear), size * _EPS * sigma.max(initial=0)
    sigma = sigma[:rank]
    W = Vt[:rank].T @ ((U[:, :rank].T @ B).T * (sigma / (sigma**2 + ridge))).T
    left = np.hypot(lengths_of(B - A @ W), outside)
    stretch = sigma[0] / sigma[-1] if rank else 1.0
    error = 4 * size * _EPS * stretch * (lengths_of(W) + ((stretch * left + whole) / sigma[0] if rank else 0.0))
    if ridge:
        peak = min(hidden, np.sqrt(ridge))
        error = error + left * peak / (peak**2 + ridge)
    return W, np.broadcast_to(error, W.shape), left
