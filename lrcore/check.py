r"""Is this gradient right? Central differences and the complex step at a random point, and a report to read.

The checklist behind the defaults: float64, a random point (at a minimum every factor error hides), centred
differences, relative error, and the worst entry named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore.errors import InputError, ShapeError
from lrcore.shapes import Array, count, one_of, positive, real

_TINY = np.finfo(float).tiny
_EPS = np.finfo(float).eps
# the error that rounding a loss of size 1 leaves in its measured slope, with room to spare
_ROUNDING: dict[str, Callable[[float], float]] = {
    "central differences": lambda eps: 8 * eps ** (2 / 3),
    "complex step": lambda eps: 100 * eps,
}
_SINGLE = float(np.finfo(np.float32).eps)
_COARSE = "f is computed in float32, which is too coarse for its slope here; give f and its data float64"
_HIDDEN = "the slope is so small beside the loss that rounding hides it; check at another W, or with smaller targets"


def central_differences(f: Callable[[Array], Any], W: Any, *, step: float | None = None) -> Array:
    r"""Derivative of a number f(W) with respect to every entry of W: :math:`(f(W + hE) - f(W - hE))/2h`.

    Exact up to rounding for a quadratic, off by :math:`h^2 f'''/6` in general; h defaults to
    :math:`\varepsilon^{1/3}\max(1, |W_k|)`, where the two errors balance.

    Parameters
    ----------
    f : takes an array shaped like W, returns a number      W : array of any shape

    Returns
    -------
    array shaped like W

    Explained in the chapter *One sample*.
    """
    step = None if step is None else positive("step", step)
    return _differences(f, real("W", W).astype(np.float64), step, _EPS)


def _differences(f: Callable[[Array], Any], W: Array, step: float | None, eps: float) -> Array:
    slopes = np.empty_like(W)
    for where in np.ndindex(W.shape):
        h = step or eps ** (1 / 3) * max(1.0, abs(W[where]))
        up, down = W.copy(), W.copy()
        up[where] += h
        down[where] -= h
        width = up[where] - down[where]
        if width == 0:
            raise InputError(f"step is {h:g}, but beside {W[where]:g} it is lost by rounding; give a larger one.")
        slopes[where] = (_number(f(up)) - _number(f(down))) / width
    return slopes


def complex_step(f: Callable[[Array], Any], W: Any, *, step: float = 1e-20) -> Array:
    r"""Derivative by :math:`\operatorname{Im} f(W + ihE)/h`: no subtraction, so no cancellation.

    f must be plain arithmetic that accepts complex numbers: ``R * R``, not ``abs(R)``.

    Explained in the chapter *One sample*.
    """
    W, step = real("W", W).astype(np.float64), positive("step", step)
    slopes = np.empty_like(W)
    for where in np.ndindex(W.shape):
        shifted = W.astype(complex)
        shifted[where] += 1j * step
        value = f(shifted)
        if not (isinstance(value, complex | np.generic | np.ndarray) and np.iscomplexobj(value)):
            _number(value)
            raise InputError("f returned a real number for complex weights; use plain arithmetic (no abs, no float()).")
        slopes[where] = _number(value.imag) / step
    return slopes


def relative_error(a: Any, b: Any) -> Array:
    r"""Entrywise :math:`|a - b| / \max(|a|, |b|)`, zero where both are zero; a and b have the same shape."""
    a, b = real("a", a).astype(np.float64), real("b", b).astype(np.float64)
    if a.shape != b.shape:
        raise ShapeError(f"a has shape {a.shape} and b has shape {b.shape}, but they must be the same.")
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), _TINY)


def _number(value: Any) -> float:
    value = real("the value of f", value, finite=False)
    if value.size != 1:
        raise ShapeError(f"f returned an array of shape {value.shape}, but a number is expected: a loss is one number.")
    number = float(value.reshape(()))
    if not np.isfinite(number):
        raise InputError(f"f returned {number}, but a finite number is expected; try another W, or smaller numbers.")
    return number


@dataclass(frozen=True)
class GradientReport:
    """What a gradient check found. True when it passed; prints as a few lines for a person.

    ``error`` is the largest difference of an entry, relative to the larger of the two gradients' largest entries;
    ``tolerance`` is what was allowed, which is more than was asked for where the rounding of the loss is larger.
    """

    ok: bool
    error: float
    tolerance: float
    worst: tuple[int, ...]
    yours: float
    measured: float
    cause: str
    method: str

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.ok:
            return f"gradient agrees with {self.method}: largest error {self.error:.1e} (allowed {self.tolerance:.0e})"
        if not self.worst and np.isnan(self.yours):
            return f"gradient cannot be right: {self.cause}"
        place = f" at entry {list(self.worst)}" if self.worst else ""
        return (
            f"gradient disagrees with {self.method}: error {self.error:.1e} (allowed {self.tolerance:.0e})\n"
            f"  worst{place}: yours {self.yours:.10g}, measured {self.measured:.10g}\n"
            f"  likely cause: {self.cause}"
        )

    __repr__ = __str__


def check_gradient(
    f: Callable[[Array], Any],
    grad: Callable[[Array], Any],
    W: Any,
    *,
    method: str = "central differences",
    tolerance: float = 1e-6,
    sizes: Mapping[str, int] | None = None,
    seed: int | None = 0,
) -> GradientReport:
    """Compare ``grad(W)`` with the slope of ``f``, measured at a random point near W.

    Parameters
    ----------
    f : takes an array shaped like W, returns the loss      grad : takes the same, returns an array shaped like W
    W : array (a number counts as one); random normal numbers are added to it, unless ``seed`` is None
    method : "central differences" or "complex step"
    sizes : what N, M, D are, so that a lost 1/N can be named, for example ``{"N": 5}``

    Returns
    -------
    GradientReport, true when the gradient passed

    Raises
    ------
    InputError
        the method is unknown, or f does not return one number.

    Explained in the chapter *One sample*.
    """
    methods = {"central differences": central_differences, "complex step": complex_step}
    method = one_of("method", method, methods)
    W, tolerance = real("W", W).astype(np.float64), positive("tolerance", tolerance)
    sizes = {name: count(name, size) for name, size in (sizes or {}).items()}
    if seed is not None:
        W = W + np.random.default_rng(count("seed", seed, least=0)).standard_normal(W.shape)
    yours = real("the gradient", grad(W.copy()), finite=False).astype(np.float64)
    measured, size = methods[method](f, W.copy()), abs(_number(f(W.copy())))
    report = _compare(yours, measured, tolerance, sizes, _ROUNDING[method](_EPS) * size, _HIDDEN, method)
    if report or not _is_single(f, W):
        return report
    measured = _differences(f, W, None, _SINGLE) if method == "central differences" else measured
    rounding, method = _ROUNDING[method](_SINGLE), f"{method} of a loss in float32"
    return _compare(yours, measured, max(tolerance, rounding), sizes, rounding * size, _COARSE, method)


def _is_single(f: Callable[[Array], Any], W: Array) -> bool:
    """Are all values of f numbers of float32, at points where a loss in float64 would have more digits?"""
    random = np.random.default_rng(0)
    values = [_number(f(W + random.standard_normal(W.shape))) for _ in range(3)]
    with np.errstate(over="ignore"):
        return all(float(np.float32(value)) == value for value in values)


def _compare(
    yours: Array, measured: Array, tolerance: float, sizes: Mapping[str, int], noise: float, hidden: str, method: str
) -> GradientReport:
    """The report, where the measured slope has this noise; ``hidden`` is what to say where the noise hides it."""
    if cause := _impossible(yours, measured, tolerance):
        return GradientReport(False, np.inf, tolerance, (), np.nan, np.nan, cause, method)
    gap = np.abs(yours - measured)
    worst = tuple(int(k) for k in np.unravel_index(int(np.argmax(gap)), gap.shape))
    size = max(np.abs(yours).max(), np.abs(measured).max(), _TINY)
    error, tolerance = float(gap[worst] / size), float(max(tolerance, noise / size))
    if noise > 0.01 * size and gap.any():
        cause = hidden
    elif not agrees(yours, measured, tolerance):
        cause = likely_cause(yours, measured, tolerance, sizes)
    return GradientReport(
        not cause, error, tolerance, worst, float(yours[worst]), float(measured[worst]), cause, method
    )


def _impossible(yours: Array, measured: Array, tolerance: float) -> str:
    if yours.shape == measured.shape:
        return "" if np.isfinite(yours).all() else "it holds NaN or infinity"
    cause = f"its shape is {yours.shape}, but a gradient has the shape of its variable, {measured.shape}"
    turned = yours.T.shape == measured.shape and agrees(yours.T, measured, tolerance)
    return cause + ("; it is right when transposed" if turned else "")


def agrees(a: Array, b: Array, tolerance: float) -> bool:
    """Whether the largest difference is within ``tolerance`` of the largest entry."""
    return bool(np.abs(a - b).max() <= tolerance * max(np.abs(a).max(), np.abs(b).max()))


def likely_cause(yours: Array, measured: Array, tolerance: float, sizes: Mapping[str, int]) -> str:
    """Name the simplest change that would mend the gradient: a sign, a factor, a transpose, some entries."""
    for name, factor in _factors(sizes):
        if agrees(factor * yours, measured, tolerance):
            return name
    if yours.ndim == 2 and yours.shape[0] == yours.shape[1] and agrees(yours.T, measured, tolerance):
        return "it is transposed"
    weight = float((yours * yours).sum())
    ratio = float((yours * measured).sum()) / weight if weight else 0.0
    if weight and agrees(ratio * yours, measured, tolerance):
        return f"a constant factor: times {ratio:.6g} it is right"
    wrong = np.abs(yours - measured) > tolerance * max(np.abs(yours).max(), np.abs(measured).max())
    if wrong.sum() < wrong.size:
        return f"{wrong.sum()} of {wrong.size} entries are wrong, the others agree; look at what is special about them"
    return "no single sign, factor or transpose mends it; check a term or the order of a product"


def _factors(sizes: Mapping[str, int]) -> list[tuple[str, float]]:
    halves = [("a factor 2 is lost: times 2 it is right", 2.0), ("a factor 2 too many: times 1/2 it is right", 0.5)]
    known = [(s, float(n)) for s, n in sizes.items() if n > 2]
    means = [(f"the 1/{s} is lost: divided by {s} it is right", 1 / n) for s, n in known]
    means += [(f"the 2/{s} is lost: times 2/{s} it is right", 2 / n) for s, n in known]
    sums = [(f"a factor {s} is lost: times {s} it is right", n) for s, n in known]
    signed = [(f"the sign and a factor: {name}, with the other sign", -value) for name, value in [*halves, *means]]
    return [("the sign: times -1 it is right", -1.0), *halves, *means, *sums, *signed]
