"""What the scale and the mean of a feature do to the valley, to the best rate and to the number of steps."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore.descent import Rates, rates
from lrcore.errors import InputError, ShapeError
from lrcore.shapes import Array, count, inputs, positive, real
from lrcore.widgets.control import Control


class Conditioning(Control):
    """Scale the second of two features and watch the valley of the loss narrow.

    The trait ``scale`` follows the page, and can be set. There is no intercept: centre the columns first.

    Parameters
    ----------
    X : (N, 2) array      scale : what the second column is multiplied by      features : two names

    Raises
    ------
    ShapeError, InputError
        X does not have two columns, or they are parallel, so that the valley has no bottom.

    Used in the chapter *Descent*.
    """

    _module = "conditioning"
    _height = 26
    N = t.Int(1).tag(sync=True)
    G: Any = t.List().tag(sync=True)
    equal = t.Float(1.0).tag(sync=True)
    scale = t.Float(1.0).tag(sync=True)
    features: Any = t.List().tag(sync=True)

    def __init__(self, X: Any, *, scale: float = 1.0, features: tuple[str, str] = ("x1", "x2")) -> None:
        X = inputs(X)
        if X.shape[1] != 2:
            raise ShapeError(f"X has shape {X.shape}, but two columns are expected: (N, 2).")
        if rates(X, intercept=False).short_rank:
            raise InputError(
                "The two columns of X are parallel, so the loss has no single minimum; give another column."
            )
        self._X = X
        G = X.T @ X
        equal = float(np.sqrt(G[0, 0] / G[1, 1]))
        super().__init__(N=len(X), G=G.tolist(), equal=equal, scale=scale, features=[str(name) for name in features])

    @property
    def X(self) -> Array:
        """The features, the second one scaled."""
        return self._X * np.array([1.0, self.scale])

    @property
    def rates(self) -> Rates:
        """What :func:`lrcore.curvature.rates` says of the scaled features."""
        return rates(self.X, intercept=False)

    def said(self) -> str:
        """Condition number and best rate at the current scale."""
        now = self.rates
        spoken = f"condition number {now.condition:.4g}, best rate {now.best:.4g}"
        return f"{self.features[1]} times {self.scale:.3g}: {spoken}."

    @t.validate("scale")
    def _scale(self, proposal: Any) -> float:
        return positive("scale", proposal["value"])


class Standardising(Control):
    """Take the mean off a feature, divide by its deviation, and watch the valley turn upright and become round.

    The trait ``step`` follows the page, and can be set: at 0 the feature is as given, at 2 its mean is 0, at 4 its
    deviation is 1 too; 1 and 3 are half way there.

    Parameters
    ----------
    x : (N,) array, which is not constant      feature : its name

    Raises
    ------
    ShapeError, InputError
        x is not one column of numbers, or has no deviation to divide by.

    Used in the chapter *Descent*.
    """

    _module = "standardising"
    _height = 28
    x: Any = t.List().tag(sync=True)
    feature = t.Unicode("x").tag(sync=True)
    step = t.Int(4).tag(sync=True)

    def __init__(self, x: Any, *, feature: str = "x", step: int = 4) -> None:
        given = real("x", x)
        if given.ndim != 1:
            raise ShapeError(f"x has shape {given.shape}, but (N,) is expected: one feature.")
        if not given.size or given.std() == 0:
            raise InputError("x is the same in all samples, so it has no deviation to divide by; give another feature.")
        super().__init__(x=given.tolist(), feature=feature, step=step)

    @property
    def X(self) -> Array:
        """The column of ones, and the feature at the current step, (N, 2)."""
        x = np.array(self.x)
        off, by = x.mean() * min(1.0, self.step / 2), x.std() ** max(0.0, self.step / 2 - 1)
        return np.column_stack([np.ones(len(x)), (x - off) / by])

    @property
    def rates(self) -> Rates:
        """What :func:`lrcore.curvature.rates` says of both columns."""
        return rates(self.X, intercept=False)

    def said(self) -> str:
        """Mean, deviation and condition number at the current step."""
        x = self.X[:, 1]
        return (
            f"{self.feature} with mean {x.mean():.3g} and deviation {x.std():.3g}: "
            f"the condition number of the valley is {self.rates.condition:.4g}."
        )

    @t.validate("step")
    def _step(self, proposal: Any) -> int:
        return min(count("step", proposal["value"], least=0), 4)
