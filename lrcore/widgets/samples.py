"""Samples that one drags, and the sum over them that is the gradient."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore.descent import rates
from lrcore.errors import InputError, ShapeError
from lrcore.gradients import gradient
from lrcore.losses import loss
from lrcore.shapes import Array, count, inputs, real, targets
from lrcore.widgets.control import Control


class Samples(Control):
    r"""Drag a sample, or the weights: line, squares, bowl and gradient follow; :math:`X^\top r` grows sample by sample.

    In the plane of (w, b) each sample pulls by :math:`-\eta \frac2N r_i (x_i, 1)`; head to tail the pulls are a step of
    descent. The traits ``X, Y, w, b`` and ``step``, how many samples are added, follow the page, and can be set.

    Parameters
    ----------
    X : (N, 1) array      Y : (N,) array      w, b : the weight and the bias at first

    Used in the chapter *N samples*.
    """

    _module = "samples"
    _height = 40
    X: Any = t.List().tag(sync=True)
    Y: Any = t.List().tag(sync=True)
    w = t.Float(0.0).tag(sync=True)
    b = t.Float(0.0).tag(sync=True)
    rate = t.Float(1.0).tag(sync=True)
    step = t.Int(0).tag(sync=True)

    def __init__(self, X: Any, Y: Any, *, w: float = 0.0, b: float = 0.0) -> None:
        X = inputs(X)
        Y = targets(X, Y)
        if X.shape[1] != 1 or Y.ndim != 1:
            raise ShapeError(f"X has shape {X.shape} and Y {Y.shape}, but (N, 1) and (N,) are expected: one feature.")
        w, b = float(real("w", w)), float(real("b", b))
        rate = 0.45 * rates(X).largest
        super().__init__(X=X.tolist(), Y=Y.tolist(), w=w, b=b, rate=rate, step=len(X))

    @property
    def sums(self) -> Array:
        r"""What :math:`(X^\top r, 1^\top r)` is after each sample, (N + 1, 2)."""
        X, Y = np.array(self.X), np.array(self.Y)
        found = [gradient(X[:n], Y[:n], [self.w], self.b, convention="sum") for n in range(1, len(X) + 1)]
        return np.array([[0.0, 0.0], *([dW.item() / 2, np.asarray(db).item() / 2] for dW, db in found)])

    def said(self) -> str:
        """The gradient of the mean loss and the loss, over all samples."""
        X, Y = np.array(self.X), np.array(self.Y)
        dw, db = 2 / len(X) * self.sums[-1]
        now = loss(X, Y, [self.w], self.b)
        return f"Over {len(X)} samples, ∂L/∂w is {dw:.4g} and ∂L/∂b is {db:.4g}; the loss is {now:.4g}."

    @t.validate("step")
    def _step(self, proposal: Any) -> int:
        return min(count("step", proposal["value"], least=0), len(self.X) or proposal["value"])

    @t.validate("X", "Y")
    def _data(self, proposal: Any) -> list[Any]:
        name, before = proposal["trait"].name, np.shape(getattr(self, proposal["trait"].name))
        given = real(name, proposal["value"])
        if before != (0,) and given.shape != before:
            raise InputError(f"{name} has shape {given.shape}, but {before} is expected, as at first.")
        return given.tolist()
