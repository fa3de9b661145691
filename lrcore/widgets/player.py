"""Gradient descent that one plays, scrubs and drags."""

import warnings
from typing import Any

import numpy as np
import traitlets as t

from lrcore.descent import Path, descend, rates
from lrcore.errors import DivergenceWarning, InputError
from lrcore.losses import CONVENTIONS
from lrcore.model import stack, unstack
from lrcore.shapes import Array, count, inputs, one_of, positive, real, targets
from lrcore.widgets.control import Control
from lrcore.widgets.problem import describe


class DescentPlayer(Control):
    """Play descent on this data: the line and its residual squares, the loss over the weights, the loss by step.

    Everything can be moved in the page, without Python: play, step, speed and scrub; the learning rate, up to the
    stable limit and past it; the start, by dragging; the convention of the loss, the batch size, the momentum. With a
    kernel the traits follow, and can be set: ``rate, convention, batch, momentum, start, steps, step``.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array
    rate : learning rate; by default half of the best constant one, so that there is something to see
    start : (W, b) to start from, by default zeros; without an intercept b is 0
    batch : samples a step, None for all      steps : how many to show
    minimum : mark the weights of the closed form
    features, outputs : names, for the axes

    Raises
    ------
    InputError, ShapeError
        in one sentence, with what to do.

    Used in every chapter that descends.
    """

    _module = "player"
    _height = 40
    problem = t.Dict().tag(sync=True)
    minimum = t.Bool(False).tag(sync=True)
    rate = t.Float(1.0).tag(sync=True)
    convention = t.Unicode("mean").tag(sync=True)
    batch = t.Int(1).tag(sync=True)
    momentum = t.Float(0.0).tag(sync=True)
    start: Any = t.List().tag(sync=True)
    steps = t.Int(40).tag(sync=True)
    step = t.Int(0).tag(sync=True)

    def __init__(
        self,
        X: Any,
        Y: Any,
        *,
        rate: float | None = None,
        convention: str = "mean",
        batch: int | None = None,
        momentum: float = 0.0,
        start: tuple[Any, Any] | None = None,
        intercept: bool = True,
        steps: int = 40,
        seed: int = 0,
        minimum: bool = False,
        features: Any = None,
        outputs: Any = None,
    ) -> None:
        X = inputs(X).astype(float)
        Y = targets(X, Y).astype(float)
        self._X, self._Y, self._intercept = X, Y, intercept
        self._seed = count("seed", seed, least=0)
        limit = rates(X, convention=convention, intercept=intercept, D=Y[0].size)
        rate = limit.best / 2 if rate is None else rate
        where = descend(X, Y, rate=rate, steps=0, start=start, intercept=intercept, progress=False)
        super().__init__(
            problem=describe(X, Y, intercept=intercept, seed=seed, names=(features, outputs)),
            rate=rate,
            convention=convention,
            batch=len(X) if batch is None else batch,
            momentum=momentum,
            start=_rows(where, intercept),
            steps=steps,
            minimum=minimum,
        )

    @property
    def path(self) -> Path:
        """The path of :func:`lrcore.descent.descend` under the current settings."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DivergenceWarning)
            return descend(
                self._X,
                self._Y,
                rate=self.rate,
                steps=self.steps,
                start=self._start(),
                intercept=self._intercept,
                batch=self.batch,
                momentum=self.momentum,
                convention=self.convention,
                seed=self._seed,
                progress=False,
            )

    def said(self) -> str:
        """Where descent stands."""
        path = self.path
        step = min(self.step, path.steps)
        limit = rates(
            self._X,
            convention=self.convention,
            intercept=self._intercept,
            D=self._Y[0].size,
            momentum=self.momentum,
        ).largest
        return (
            f"Step {step} of {path.steps}: loss {path.losses[step]:.4g}, gradient of length "
            f"{path.gradient_norms[step]:.3g}; learning rate {self.rate:.4g}, the stable limit is {limit:.4g}."
        )

    def _start(self) -> tuple[Array, Array]:
        theta = np.array(self.start).reshape(-1, *self._Y.shape[1:])
        return unstack(theta) if self._intercept else (theta, np.zeros(self._Y.shape[1:]))

    @t.validate("rate")
    def _rate(self, proposal: Any) -> float:
        return positive("rate", proposal["value"])

    @t.validate("convention")
    def _convention(self, proposal: Any) -> str:
        return one_of("convention", proposal["value"], CONVENTIONS)

    @t.validate("batch")
    def _batch(self, proposal: Any) -> int:
        size, N = count("batch", proposal["value"]), len(self._X)
        if size > N:
            raise InputError(f"batch is {size}, but there are only {N} samples; give at most {N}, or None for all.")
        return size

    @t.validate("momentum")
    def _momentum(self, proposal: Any) -> float:
        if positive("momentum", proposal["value"], zero=True) >= 1:
            raise InputError(f"momentum is {proposal['value']:g}, but a number from 0 to below 1 is expected.")
        return proposal["value"]

    @t.validate("steps", "step")
    def _counts(self, proposal: Any) -> int:
        name = proposal["trait"].name
        return count(name, proposal["value"], least=int(name == "steps"))

    @t.validate("start")
    def _started(self, proposal: Any) -> list[list[float]]:
        given = real("start", proposal["value"])
        shape = (self._X.shape[1] + self._intercept, self._Y[0].size)
        if given.shape != shape:
            raise InputError(f"start has shape {given.shape}, but {shape} is expected, the bias on top of the weights.")
        return given.tolist()


def _rows(path: Path, intercept: bool) -> list[list[float]]:
    """Where a path starts, as rows, the bias on top where there is one."""
    W, b = path.W[0], path.b[0]
    if not intercept and np.any(b):
        raise InputError(f"start has the bias {b}, but without an intercept it is 0; leave it out or give 0.")
    theta = stack(W, b) if intercept else W
    return theta.reshape(len(theta), -1).tolist()
