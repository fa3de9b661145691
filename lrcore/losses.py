r"""The loss, and the one table of its conventions.

All four are a multiple of the same sum of squares, written so that the gradient's factor is c:

.. math:: L = \frac c2 \sum_{i=1}^N \sum_{j=1}^D R_{ij}^2, \qquad \partial L/\partial W = c\, X^\top R
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lrcore.model import predict_unchecked
from lrcore.shapes import Array, no_overflow, one_of, problem


@dataclass(frozen=True)
class Convention:
    """One way to weigh the sum of squares: its factor, the gradient's factor c, and who writes it so."""

    name: str
    loss_latex: str
    gradient_latex: str
    gradient_factor: Callable[[int, int], float]
    used_by: str


#: The four conventions in use, by name; the table in the chapter *Notation* is made from this.
#:
#: :meta hide-value:
CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention(
            "half_mean", r"\frac{1}{2N}", r"\frac{1}{N}", lambda N, D: 1 / N, "the learner's question; many courses"
        ),
        Convention("sum", r"1", r"2", lambda N, D: 2.0, "least squares in statistics; the closed form"),
        Convention("mean", r"\frac{1}{N}", r"\frac{2}{N}", lambda N, D: 2 / N, "this book, unless it says otherwise"),
        Convention("mean_all", r"\frac{1}{ND}", r"\frac{2}{ND}", lambda N, D: 2 / (N * D), "PyTorch's MSELoss"),
    )
}


def scale(convention: str, shape: tuple[int, ...]) -> float:
    """Return c, the factor in the gradient ``c * X.T @ R``, for a residual of this shape, (N,) or (N, D).

    Raises
    ------
    InputError
        the convention is not in :data:`CONVENTIONS`.

    Derived in the chapter *N samples*.
    """
    known = CONVENTIONS.get(convention) if type(convention) is str else None
    known = known or CONVENTIONS[one_of("convention", convention, CONVENTIONS)]
    return known.gradient_factor(shape[0], shape[1] if len(shape) == 2 else 1)


@no_overflow
def residual(X: Any, Y: Any, W: Any, b: Any = 0.0) -> Array:
    r"""Residual :math:`R = XW + 1_N b - Y`, prediction minus target, of the shape of the targets.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array      W : (M,) or (M, D) array      b : number or (D,) array

    Raises
    ------
    ShapeError
        names both shapes and the axis that disagrees.

    Defined in the chapter *N samples*.
    """
    given = problem(X, Y, W, b)
    return predict_unchecked(given.X, given.W, given.b) - given.Y


def of_residual(R: Any, convention: str = "mean") -> Any:
    """Loss of a residual R, (N,) or (N, D), in its units squared; plain arithmetic, for the complex step."""
    return scale(convention, R.shape) / 2 * (R * R).sum()


@no_overflow
def loss(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> float:
    r"""Loss of the weights W and the bias b on the samples X, Y.

    .. math:: L = \frac c2 \sum_{i=1}^N \sum_{j=1}^D (\hat Y_{ij} - Y_{ij})^2

    with c = 2/N for ``convention="mean"`` (see :data:`CONVENTIONS`).

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array      W : (M,) or (M, D) array      b : number or (D,) array

    Returns
    -------
    L : float, in the targets' units squared

    Raises
    ------
    ShapeError, InputError
        in one sentence, with what to do.

    Defined in the chapters *One sample*, *N samples* and *Many outputs*.
    """
    return float(of_residual(residual(X, Y, W, b), convention))
