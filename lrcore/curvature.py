"""Which learning rates can work: what the curvature of the loss says of them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lrcore._exact.spectra import spectrum
from lrcore.errors import InputError
from lrcore.losses import scale
from lrcore.model import design
from lrcore.shapes import Array, count, damping, in_range, inputs


class Step(NamedTuple):
    """The numbers by which each step is taken."""

    rate: float
    momentum: float
    intercept: bool


@dataclass(frozen=True)
class Rates:
    """The learning rates that full-batch descent can use on this data, and the curvatures they come from."""

    largest: float
    best: float
    lambda_max: float
    lambda_min: float
    condition: float
    momentum: float
    short_rank: bool

    def __str__(self) -> str:
        lost = " (the smallest that is not zero: the columns are dependent)" if self.short_rank else ""
        with_momentum = f" with momentum {self.momentum:g}" if self.momentum else ""
        return (
            f"curvature between {self.lambda_min:.4g}{lost} and {self.lambda_max:.4g}, condition number of the Hessian "
            f"{self.condition:.4g}\n"
            f"largest stable rate{with_momentum}: below {self.largest:.4g}\n"
            f"best constant rate without momentum: {self.best:.4g}, each step leaves at most "
            f"{(self.condition - 1) / (self.condition + 1):.4g} of the error"
        )

    __repr__ = __str__


def rates(X: Any, *, convention: str = "mean", intercept: bool = True, D: int = 1, momentum: float = 0.0) -> Rates:
    r"""Largest stable and best constant learning rate of full-batch descent.

    .. math:: \eta_{\text{largest}} := \frac{2(1+\beta)}{\lambda_{\max}}, \qquad
              \eta_{\text{best}} := \frac{2}{\lambda_{\max} + \lambda_{\min}}, \qquad
              1 - \eta_{\text{best}} \lambda_{\min} = -(1 - \eta_{\text{best}} \lambda_{\max})

    with the largest and smallest non-zero eigenvalue of the Hessian of the chosen convention, the bias column
    included when there is an intercept.

    Parameters
    ----------
    X : (N, M) array      D : number of outputs (it matters for ``convention="mean_all"`` alone)

    Returns
    -------
    Rates; a rate is in units of W squared over those of the loss

    Raises
    ------
    InputError
        the loss is flat, or its curvature is beyond a floating-point number.

    Derived in the chapter *Descent*.
    """
    X, momentum = inputs(X), damping(momentum)
    return rates_for(X, scale(convention, (len(X), count("D", D))), intercept, momentum)


def rates_for(X: Array, c: float, intercept: bool, momentum: float) -> Rates:
    """:func:`rates` of arrays that have been read already, for the gradient's factor c."""
    A = (design(X) if intercept else X).astype(np.float64, copy=False)
    rank, singular = spectrum(A)
    with np.errstate(over="ignore", under="ignore"):
        top, low = (float(c * singular[k] ** 2) for k in (0, max(rank - 1, 0)))
    _usable(A, top, low)
    return Rates(2 * (1 + momentum) / top, 2 / (top + low), top, low, top / low, momentum, rank < A.shape[1])


def rate_of_batches(X: Array, c: float, intercept: bool, momentum: float) -> float:
    """A rate at which batches of any size are stable: 1 over the curvature of the steepest sample, for the factor c."""
    with np.errstate(over="ignore", under="ignore"):
        steepest = c * len(X) * float((X * X).sum(axis=1).max() + intercept)
    _usable(X, steepest, steepest, intercept)
    return (1 - momentum) / steepest


def _usable(A: Array, top: float, low: float, intercept: bool = False) -> None:
    """Refuse curvatures that say nothing about the data: zero, too large or too small for a float."""
    if not (intercept or A.any()):
        raise InputError("X is zero everywhere, so the loss is flat and no rate is better than another.")
    in_range("the curvature of the loss", top)
    if not low > np.finfo(float).tiny:
        raise InputError("X holds numbers too small to be squared: its curvature is lost; measure X in smaller units.")
