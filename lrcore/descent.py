r"""Gradient descent: full-batch, mini-batch, stochastic, with momentum; and which rates can work.

.. math:: V_{t+1} = \beta V_t - \eta\, \nabla L(W_t), \qquad W_{t+1} = W_t + V_{t+1}
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from lrcore.closed_form import spectrum
from lrcore.errors import DivergenceWarning, InputError, warn
from lrcore.gradient import readable
from lrcore.loss import scale
from lrcore.model import design
from lrcore.one_pass import Workspace
from lrcore.shapes import Array, Problem, count, in_range, inputs, positive, problem, shown, targets, yes_or_no
from lrcore.spectra import lengths_of

_RUNAWAY = 1e12


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

    .. math:: \eta < \frac{2(1+\beta)}{\lambda_{\max}}, \qquad
              \eta_{\text{best}} = \frac{2}{\lambda_{\max} + \lambda_{\min}}

    with the largest and smallest non-zero eigenvalue of the Hessian of the chosen convention, the bias column
    included when there is an intercept.

    Parameters
    ----------
    X : (N, M) array      D : number of outputs (it matters for ``convention="mean_all"`` alone)

    Derived in the chapter *Descent*.
    """
    momentum = _momentum(momentum)
    A = (design(X) if intercept else inputs(X)).astype(np.float64, copy=False)
    rank, singular = spectrum(A)
    c = scale(convention, (A.shape[0], count("D", D)))
    with np.errstate(over="ignore", under="ignore"):
        top, low = (float(c * singular[k] ** 2) for k in (0, max(rank - 1, 0)))
    _usable(A, top, low)
    return Rates(2 * (1 + momentum) / top, 2 / (top + low), top, low, top / low, momentum, rank < A.shape[1])


def _usable(A: Array, top: float, low: float) -> None:
    """Refuse curvatures that say nothing about the data: zero, too large or too small for a float."""
    if not A.any():
        raise InputError("X is zero everywhere, so the loss is flat and no rate is better than another.")
    in_range("the curvature of the loss", top)
    if not low > np.finfo(float).tiny:
        raise InputError("X holds numbers too small to be squared: its curvature is lost; measure X in smaller units.")


@dataclass(frozen=True)
class Path:
    """Where descent went. Iterate t is ``W[t], b[t]``, with its loss and the norm of its gradient.

    Shapes: W (T + 1, M) or (T + 1, M, D); b (T + 1,) or (T + 1, D); losses and gradient_norms (T + 1,).
    """

    W: Array
    b: Array
    losses: Array
    gradient_norms: Array
    rate: float
    convention: str
    diverged: bool
    reason: str

    @property
    def steps(self) -> int:
        """Number of steps taken."""
        return len(self.losses) - 1

    @property
    def final(self) -> tuple[Array, Array]:
        """The last W and b."""
        return self.W[-1], self.b[-1]

    def __str__(self) -> str:
        fall = f"loss {self.losses[0]:.6g} -> {self.losses[-1]:.6g}"
        return f"{self.steps} steps at rate {self.rate:.4g}: {fall}. {self.reason}"

    __repr__ = __str__


def descend(
    X: Any,
    Y: Any,
    *,
    rate: float | None = None,
    steps: int = 100,
    start: tuple[Any, Any] | None = None,
    intercept: bool = True,
    batch: int | None = None,
    momentum: float = 0.0,
    convention: str = "mean",
    tolerance: float = 0.0,
    seed: int = 0,
    progress: bool = True,
) -> Path:
    r"""Descend the loss and keep the whole path.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array
    rate : learning rate; by default the best constant one (full batch), or 1 over the steepest sample's curvature
    start : (W, b) to start from, by default zeros
    batch : samples a step: None for all N, 1 for stochastic descent; every sample comes once in an epoch
    tolerance : stop when the gradient's norm has fallen to this fraction of its first value
    progress : show a bar when it takes longer than a second

    Returns
    -------
    Path; its ``reason`` says why it stopped

    Raises
    ------
    InputError, ShapeError
        in one sentence, with what to do.

    Warns
    -----
    DivergenceWarning
        the loss grew 1e12-fold; the path ends there, or at the last iterate before an overflow.

    Derived in the chapter *Descent*.
    """
    X = inputs(X)
    Y = targets(X, Y)
    given = problem(X, Y, *_start(X, Y, start))
    steps, momentum = count("steps", steps, least=0), _momentum(momentum)
    intercept = yes_or_no("intercept", intercept)
    tolerance = positive("tolerance", tolerance, zero=True)
    size = _batch(batch, X.shape[0])
    rate = _default_rate(given, size, intercept, convention, momentum) if rate is None else positive("rate", rate)
    space = Workspace(given.X, given.Y, given.W.astype(float), given.b, squares=True)
    iterates = _walk(given, space, rate, size, momentum, intercept, convention, count("seed", seed, least=0))
    return _record(iterates, given, space, steps, tolerance, rate, momentum, convention, intercept, progress)


def _walk(
    given: Problem,
    space: Workspace,
    rate: float,
    size: int,
    momentum: float,
    intercept: bool,
    convention: str,
    seed: int,
) -> Iterator[tuple[Array, Array]]:
    """Yield W_0, b_0, W_1, b_1, ... without end; whoever takes one leaves the gradient of all samples in ``space``."""
    X, Y = given.X, given.Y
    W, b = given.W.astype(float), np.array(np.broadcast_to(given.b, Y.shape[1:]), dtype=float)
    vW, vb = np.zeros_like(W), np.zeros_like(b)
    N = X.shape[0]
    for rows in _batches(N, size, seed):
        yield W, b
        c = scale(convention, Y.shape) * N / len(Y[rows])
        with np.errstate(over="ignore", invalid="ignore"):
            dW, db = (space.dW, space.db) if size == N else readable(X[rows], Y[rows], W, b, c)
            vW, vb = momentum * vW - rate * dW, momentum * vb - rate * db
            W, b = W + vW, b + vb if intercept else b


def _batches(N: int, size: int, seed: int) -> Iterator[Any]:
    random = np.random.default_rng(seed)
    while size == N:
        yield slice(None)
    while True:
        order = random.permutation(N)
        yield from [order[k : k + size] for k in range(0, N, size)]


def _record(
    iterates: Iterator[tuple[Array, Array]],
    given: Problem,
    space: Workspace,
    steps: int,
    tolerance: float,
    rate: float,
    momentum: float,
    convention: str,
    intercept: bool,
    progress: bool,
) -> Path:
    Ws, bs, losses, norms = list[Array](), list[Array](), list[float](), list[float]()
    reason, diverged = "It took all the steps it was given.", False
    for t, (W, b) in enumerate(_bar(iterates, steps, progress)):
        loss, norm = _measure(given, space, W, b, convention, intercept)
        if t == 0:
            in_range("the loss or its gradient at the start", loss, norm)
        if np.isfinite([loss, norm]).all():
            Ws.append(W)
            bs.append(b)
            losses.append(loss)
            norms.append(norm)
        diverged = not (len(losses) == t + 1 and loss <= _RUNAWAY * max(losses[0], np.finfo(float).tiny))
        if diverged:
            D = given.Y[0].size
            try:
                limit = rates(given.X, convention=convention, intercept=intercept, D=D, momentum=momentum)
            except InputError:  # the curvature vanishes and gives no limit; that it diverged is a fact all the same
                limit = None
            reason = _say_divergence(t, losses[0], loss, rate, limit)
            break
        if norm <= tolerance * norms[0]:
            reason = "The gradient has vanished." if norm == 0 else "The gradient is as small as was asked."
            break
    return Path(np.array(Ws), np.array(bs), np.array(losses), np.array(norms), rate, convention, diverged, reason)


def _measure(
    given: Problem, space: Workspace, W: Array, b: Array, convention: str, intercept: bool
) -> tuple[float, float]:
    """The loss of all samples and the norm of its gradient; infinite or NaN where they overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        c = scale(convention, given.Y.shape)
        dW, db = space.gradient(given.X, given.Y, W, b, c)
        norm = float(np.sqrt((dW * dW).sum() + (db * db).sum() * intercept))
        if norm == 0:  # the squares may vanish where the slopes do not
            norm = float(lengths_of(np.append(dW, db if intercept else 0.0)[:, None])[0])
        return c / 2 * space.squares, norm


def _bar(iterates: Iterator[Any], steps: int, progress: bool) -> Iterator[Any]:
    numbered = (iterate for _, iterate in zip(range(steps + 1), iterates, strict=False))
    if not progress or find_spec("tqdm") is None:
        return numbered
    from tqdm.auto import tqdm

    return iter(tqdm(numbered, total=steps + 1, desc="descent", unit="step", delay=1.0, leave=False))


def _say_divergence(steps: int, first: float, last: float, rate: float, limit: Rates | None) -> str:
    grown = f"{last:.4g}" if np.isfinite(last) else "more than a floating-point number can hold"
    reason = f"It diverged: at step {steps} the loss had grown from {first:.4g} to {grown}; the rate was {rate:.4g}, "
    if limit is None:
        reason += "which is too large; try a smaller one."
    else:
        with_momentum = f" with momentum {limit.momentum:g}" if limit.momentum else ""
        reason += f"the largest stable one{with_momentum} is {limit.largest:.4g} for full batches; "
        reason += f"try {limit.best:.4g} or less."
    warn(reason, DivergenceWarning)
    return reason


def _default_rate(given: Problem, size: int, intercept: bool, convention: str, momentum: float) -> float:
    D = given.Y[0].size
    if size == given.X.shape[0]:
        return rates(given.X, convention=convention, intercept=intercept, D=D, momentum=momentum).best
    A = design(given.X) if intercept else given.X
    with np.errstate(over="ignore", under="ignore"):
        steepest = scale(convention, given.Y.shape) * A.shape[0] * float((A * A).sum(axis=1).max())
    _usable(A, steepest, steepest)
    return (1 - momentum) / steepest


def _start(X: Array, Y: Array, start: Any) -> tuple[Any, Any]:
    if start is None:
        return np.zeros((X.shape[1], *Y.shape[1:])), np.zeros(Y.shape[1:])
    if not isinstance(start, list | tuple) or len(start) != 2:
        raise InputError(f"start is {shown(start)}, but a pair (W, b) is expected; write (W, 0.0) for no bias.")
    return start[0], start[1]


def _batch(batch: int | None, N: int) -> int:
    size = N if batch is None else count("batch", batch)
    if size > N:
        raise InputError(f"batch is {batch}, but there are only {N} samples; give at most {N}, or None for all.")
    return size


def _momentum(momentum: Any) -> float:
    momentum = positive("momentum", momentum, zero=True)
    if momentum >= 1:
        raise InputError(f"momentum is {momentum:g}, but a number from 0 to below 1 is expected.")
    return momentum
