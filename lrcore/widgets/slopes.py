"""Slopes that one touches: the secant of one sample's loss, and the partial derivatives of a function of two."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore.errors import InputError
from lrcore.gradients import one_sample
from lrcore.shapes import positive, real
from lrcore.widgets.control import Control


def _finite(widget: Any, proposal: Any) -> float:
    """Read a number that a plot can show."""
    return float(real(proposal["trait"].name, proposal["value"]))


class Secant(Control):
    r"""Drag the weight and shrink the distance: the secant of :math:`L = (wx - y)^2` turns into its tangent.

    The traits ``w`` and ``h`` follow the page, and can be set.

    Parameters
    ----------
    x, y : one sample      w : the weight at first      h : the distance at first

    Used in the chapter *One sample*.
    """

    _module = "secant"
    _height = 29
    x = t.Float(1.0).tag(sync=True)
    y = t.Float(0.0).tag(sync=True)
    w = t.Float(0.0).tag(sync=True)
    h = t.Float(1.0).tag(sync=True)

    def __init__(self, x: float, y: float, *, w: float = 0.0, h: float = 1.0) -> None:
        if not x:
            raise InputError("x is 0, so the loss does not depend on w; give another number.")
        super().__init__(x=x, y=y, w=w, h=h)

    @property
    def slope(self) -> float:
        """The derivative of the loss with respect to the weight."""
        return float(one_sample(np.array([self.x]), self.y, np.array([self.w]), 0.0)[0][0])

    def said(self) -> str:
        """The slopes of the tangent and of the secant."""
        secant = self.slope + self.h * self.x**2
        return (
            f"At w = {self.w:.3g} the tangent has the slope {self.slope:.4g}, a secant over {self.h:.3g} {secant:.4g}."
        )

    _numbers = t.validate("x", "y", "w")(_finite)

    @t.validate("h")
    def _h(self, proposal: Any) -> float:
        return positive("h", proposal["value"], zero=True)


class Partials(Control):
    r"""Drag a point in the plane: the slopes of :math:`f = s^2 t + 3t` along each axis, and the gradient they make.

    The traits ``s`` and ``t`` follow the page, and can be set.

    Used in *A refresher*.
    """

    _module = "partials"
    _height = 24
    s = t.Float(1.0).tag(sync=True)
    t = t.Float(0.5).tag(sync=True)

    @property
    def gradient(self) -> tuple[float, float]:
        """Both partial derivatives."""
        return 2 * self.s * self.t, self.s**2 + 3

    def said(self) -> str:
        """The partial derivatives at the point."""
        by_s, by_t = self.gradient
        return f"At s = {self.s:.3g}, t = {self.t:.3g}, ∂f/∂s is {by_s:.4g} and ∂f/∂t is {by_t:.4g}."
