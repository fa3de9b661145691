"""Two columns and a target above their plane: the projection, and what happens as the columns become one."""

import warnings
from typing import Any

import numpy as np
import traitlets as t

from lrcore.closed_form import fit
from lrcore.errors import InputError, RankWarning, ShapeError
from lrcore.shapes import Array, real
from lrcore.widgets.control import Control


class Columns(Control):
    r"""Drag the weights until the residual stands upright; turn one column to the other and see the bowl flatten.

    There are three samples, so that the space of the samples can be drawn. The traits ``angle``, in degrees between the
    columns, and ``w`` follow the page, and can be set.

    Parameters
    ----------
    y : (3,) array, the target; the columns lie in the plane of its first two axes      w : the weights at first

    Used in the chapter *Closed form*.
    """

    _module = "columns"
    _height = 34
    y: Any = t.List().tag(sync=True)
    w: Any = t.List().tag(sync=True)
    angle = t.Int(70).tag(sync=True)

    def __init__(self, y: Any = (1.3, 0.9, 1.4), *, w: Any = (0.4, -0.6), angle: int = 70) -> None:
        super().__init__(y=_vector("y", y, 3), w=_vector("w", w, 2), angle=angle)

    @property
    def X(self) -> Array:
        """The columns at the current angle, (3, 2)."""
        turn = np.radians(self.angle)
        c, s = (0.0, 1.0) if self.angle == 90 else (np.cos(turn), np.sin(turn))
        return np.array([[1.0, c], [0.0, s], [0.0, 0.0]])

    @property
    def best(self) -> Array:
        """The weights of least squares, the shortest where there are many."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RankWarning)
            return fit(self.X, np.array(self.y), intercept=False).W

    def said(self) -> str:
        """The cost at the current weights and at the best ones."""
        at, least = (float(((self.X @ w - self.y) ** 2).sum()) for w in (np.array(self.w), self.best))
        return (
            f"At {self.angle} degrees between the columns the cost is {at:.4g}; the least is {least:.4g}, "
            f"at w = ({self.best[0]:.3g}, {self.best[1]:.3g})."
        )

    @t.validate("angle")
    def _angle(self, proposal: Any) -> int:
        if not 0 <= proposal["value"] <= 90:
            raise InputError(f"angle is {proposal['value']}, but whole degrees from 0 to 90 are expected.")
        return proposal["value"]

    @t.validate("w")
    def _w(self, proposal: Any) -> list[float]:
        return _vector("w", proposal["value"], 2)


def _vector(name: str, given: Any, size: int) -> list[float]:
    found = real(name, given)
    if found.shape != (size,):
        raise ShapeError(f"{name} has shape {found.shape}, but ({size},) is expected.")
    return found.tolist()
