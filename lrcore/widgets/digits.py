"""How many digits each way to solve the normal equations leaves, as the columns become dependent."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore import closed_form
from lrcore.data import synthetic
from lrcore.shapes import Array, count
from lrcore.widgets.control import Control

_WEIGHTS = np.array([1.0, -2.0, 3.0, 5.0])
_POWERS = np.arange(0, 14.1, 0.5)
_ALL = 16.0  # the digits of a float64


def _solved_by_fit(A: Array, y: Array) -> Array:
    return closed_form.fit(A, y, intercept=False).W


SOLVERS = {"Cholesky": closed_form.cholesky, "QR": closed_form.qr, "fit": _solved_by_fit}


class DigitsLeft(Control):
    r"""Slide the condition number and see digits go: of Cholesky on :math:`X^\top X`, of QR, and of ``fit``.

    The weights are known exactly, so each digit can be counted: :math:`-\log_{10}` of the largest relative error. The
    trait ``step`` follows the page, and can be set: the condition number is ``10 ** powers[step]``.

    Parameters
    ----------
    N : number of samples      seed : of the four columns

    Used in the chapter *What the closed form costs*.
    """

    _module = "digits"
    _height = 30
    powers: Any = t.List().tag(sync=True)
    left: Any = t.Dict().tag(sync=True)
    step = t.Int(0).tag(sync=True)

    def __init__(self, N: int = 100, *, seed: int = 7, step: int = 12) -> None:
        N, seed = count("N", N, least=len(_WEIGHTS)), count("seed", seed, least=0)
        left: dict[str, list[float]] = {name: [] for name in SOLVERS}
        for power in _POWERS:
            A = synthetic(N, len(_WEIGHTS), condition=float(10**power), noise=0.0, seed=seed).X
            A = np.round(A * 2.0**40) / 2.0**40  # so few bits that A @ w is exact
            for name, solve in SOLVERS.items():
                left[name].append(_digits(solve, A))
        super().__init__(powers=_POWERS.tolist(), left=left, step=step)

    def said(self) -> str:
        """The digits that are left at the current condition number."""
        parts = ", ".join(f"{name} {values[self.step]:.1f}" for name, values in self.left.items())
        return f"Condition number 10^{self.powers[self.step]:g}: of 16 digits are right by {parts}."

    @t.validate("step")
    def _step(self, proposal: Any) -> int:
        return min(count("step", proposal["value"], least=0), len(_POWERS) - 1)


def _digits(solve: Any, A: Array) -> float:
    """How many digits of the worst weight are right; none where the solver gives up."""
    try:
        error = np.abs(solve(A, A @ _WEIGHTS) / _WEIGHTS - 1).max()
    except (ValueError, np.linalg.LinAlgError):
        return 0.0
    return float(np.clip(-np.log10(max(error, 1e-16)), 0, _ALL))
