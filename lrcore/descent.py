r"""Gradient descent: full-batch, mini-batch, stochastic, with momentum.

.. math:: V_{\text{new}} := \beta V - \eta\, \partial L/\partial W, \qquad W_{\text{new}} := W + V_{\text{new}}
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Unpack

import numpy as np

from lrcore._exact.spectra import lengths_of
from lrcore._fast.one_pass import Workspace
from lrcore.curvature import Rates, Step, rate_of_batches, rates, rates_for
from lrcore.descent_advice import of_divergence, of_slowness
from lrcore.descent_settings import Settings
from lrcore.errors import DivergenceWarning, InputError, warn
from lrcore.gradients import readable
from lrcore.losses import scale
from lrcore.progress import bar
from lrcore.shapes import Array, count, damping, in_range, positive, problem, samples, shown, yes_or_no

__all__ = ["Path", "Rates", "Rule", "State", "descend", "rates"]
_QUICK = 1 << 14  # so many numbers of X are looked at in the time that a step takes beside its own rows
_RUNAWAY, _ALL = 1e12, "It took all the steps it was given."


@dataclass(frozen=True)
class Rule:
    """How each step is taken: a setting of :func:`descend` each, which says what it means."""

    rate: float | None = None
    momentum: float = 0.0
    batch: int | None = None
    seed: int = 0
    intercept: bool = True
    convention: str = "mean"


class Shuffle(NamedTuple):
    """The random generator when this epoch began, and how many samples of the epoch have been taken."""

    generator: dict[str, Any]
    taken: int


@dataclass(frozen=True, eq=False)
class State:
    """Where descent stands: W and b, their velocities, and the shuffle. Start from it to go on as if never stopped."""

    W: Array
    b: Array
    vW: Array
    vb: Array
    shuffle: Shuffle

    def step(self, dW: Array, db: Array, rule: Step, shuffle: Shuffle) -> "State":
        """The state after a step down this gradient."""
        vW, vb = rule.momentum * self.vW - rule.rate * dW, rule.momentum * self.vb - rule.rate * db
        return State(self.W + vW, self.b + vb if rule.intercept else self.b, vW, vb, shuffle)


@dataclass(frozen=True, eq=False)
class Path:
    """Where descent went. Iterate t, ``W[t], b[t]``, was reached after ``at[t]`` steps; by default t steps.

    Shapes for T + 1 iterates: W (T + 1, M) or (T + 1, M, D); b (T + 1,) or (T + 1, D); at, losses and gradient_norms,
    of all samples, (T + 1,). ``state`` is where it stopped, ``rule`` how it went: ``descend(..., start=path)`` goes on
    from there, by the same rule.
    """

    W: Array
    b: Array
    losses: Array
    gradient_norms: Array
    rate: float
    rule: Rule
    diverged: bool
    reason: str
    at: Any
    state: State

    @property
    def steps(self) -> int:
        """Number of steps taken."""
        return int(self.at[-1])

    @property
    def convention(self) -> str:
        """The convention of the losses."""
        return self.rule.convention

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
    rule: Rule | None = None,
    steps: int = 100,
    start: Any = None,
    tolerance: float = 0.0,
    record_every: int | None = None,
    progress: bool = True,
    **settings: Unpack[Settings],
) -> Path:
    r"""Descend the loss and keep the path: ``descend(X, Y, rate=0.1, steps=50)``.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array
    start : (W, b) to start from, by default zeros; or a Path or its State, to go on with its velocity and shuffle, and
        with the rule of the path where none is given
    tolerance : stop when the gradient's norm has fallen to this fraction of its first value
    record_every : keep and judge each so-many-th iterate and the last; by default each, but with small batches of large
        data, where the loss of all samples is dear, as many as cost about what the steps do
    progress : show a bar when it takes longer than a second
    rule, settings : how each step is taken, as a :class:`Rule` or setting by setting; a setting goes before a rule:

        - rate: by default the best constant one (full batch), or 1 over the steepest sample's curvature
        - momentum: beta, from 0 to below 1
        - batch: samples a step: None for all N, 1 for stochastic descent; every sample comes once in an epoch
        - seed: of the shuffle; the same seed, the same path
        - intercept: False leaves the bias where it started
        - convention: of the loss, see :data:`lrcore.losses.CONVENTIONS`

    Returns
    -------
    Path; its ``reason`` says why it stopped, and what helps where it is slow

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
    X, Y = samples(X, Y)
    rule = _rule(rule, start, settings)
    state = _start(X, Y, start, count("seed", rule.seed, least=0))
    steps, tolerance = count("steps", steps, least=0), positive("tolerance", tolerance, zero=True)
    size, c = _batch(rule.batch, len(X)), scale(rule.convention, Y.shape)
    seldom = 1 if size == len(X) else max(1, X.size // (_QUICK + X[:size].size))
    every = seldom if record_every is None else count("record_every", record_every)
    task = Task(X, Y, _step(X, rule, c, size), c, size, Workspace(X, Y, state.W, state.b, squares=True))
    trail, batches = Trail(state), task.batches(state.shuffle)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in bar(range(steps + 1), "descent", progress):
            if t % every == 0 or t == steps:
                if trail.ends(t, state, *task.measure(state), tolerance):
                    break
            elif size == len(X):
                task.measure(state)
            if t < steps:
                state = task.step(state, *next(batches))
    reason = _reason(task, trail)
    Ws, bs, losses, norms, at = map(np.array, zip(*trail.kept, strict=True))
    return Path(Ws, bs, losses, norms, task.rule.rate, rule, bool(trail.diverged), reason, at, trail.state)


def _rule(rule: Any, start: Any, settings: Settings) -> Rule:
    rule = rule or (start.rule if isinstance(start, Path) else Rule())
    if not isinstance(rule, Rule):
        raise InputError(f"rule is {shown(rule)}, but a Rule is expected; write rule=lr.Rule(rate=...).")
    if unknown := settings.keys() - Rule.__annotations__.keys():
        raise TypeError(f"descend has no setting {min(unknown)!r}; it has {', '.join(Rule.__annotations__)}.")
    return replace(rule, **settings)


def _step(X: Array, rule: Rule, c: float, size: int) -> Step:
    """The numbers of a rule, read, and its rate, which these data decide where it names none."""
    momentum, intercept = damping(rule.momentum), yes_or_no("intercept", rule.intercept)
    if rule.rate is not None:
        rate = positive("rate", rule.rate)
    elif size == len(X):
        rate = rates_for(X, c, intercept, momentum).best
    else:
        rate = rate_of_batches(X, c, intercept, momentum)
    return Step(rate, momentum, intercept)


class Task(NamedTuple):
    """The problem, the rule, the gradient's factor c for all samples, the size of a batch, and room to work in."""

    X: Array
    Y: Array
    rule: Step
    c: float
    size: int
    space: Workspace

    def measure(self, state: State) -> tuple[float, float]:
        """The loss of all samples and the norm of its gradient; infinite or NaN where they overflow."""
        dW, db = self.space.gradient(self.X, self.Y, state.W, state.b, self.c)
        norm = float(np.sqrt((dW * dW).sum() + (db * db).sum() * self.rule.intercept))
        if norm == 0:  # the squares may vanish where the slopes do not
            norm = float(lengths_of(np.append(dW, db if self.rule.intercept else 0.0)[:, None])[0])
        return self.c / 2 * self.space.squares, norm

    def step(self, state: State, rows: Any, shuffle: Shuffle) -> State:
        """One step down the gradient of these rows; that of all samples has just been measured."""
        if self.size == len(self.X):
            return state.step(self.space.dW, self.space.db, self.rule, shuffle)
        c = self.c * len(self.X) / len(rows)
        return state.step(*readable(self.X[rows], self.Y[rows], state.W, state.b, c), self.rule, shuffle)

    def batches(self, shuffle: Shuffle) -> Iterator[tuple[Any, Shuffle]]:
        """The rows of each step, without end, and how the shuffle stands after them."""
        N, random, taken = len(self.X), np.random.default_rng(), shuffle.taken
        random.bit_generator.state = shuffle.generator
        while self.size == N:
            yield slice(None), shuffle
        while True:
            begun, order = random.bit_generator.state, random.permutation(N)
            for k in range(taken, N, self.size):
                yield order[k : k + self.size], Shuffle(begun, k + self.size)
            taken = 0


@dataclass
class Trail:
    """The iterates that were kept, the state of the last of them, and why it ended."""

    state: State
    kept: list[tuple[Array, Array, float, float, int]] = field(default_factory=list)
    diverged: tuple[()] | tuple[int, float, float] = ()
    reason: str = ""

    def ends(self, t: int, state: State, loss: float, norm: float, tolerance: float) -> bool:
        """Keep this iterate, if it is finite; is it the last?"""
        if t == 0:
            in_range("the loss or its gradient at the start", loss, norm)
        if fine := bool(np.isfinite([loss, norm]).all()):
            self.kept.append((state.W, state.b, loss, norm, t))
            self.state = state
        _, _, first, steepest, _ = self.kept[0]
        if not (fine and loss <= _RUNAWAY * max(first, np.finfo(float).tiny)):
            self.diverged = t, first, loss
        elif norm <= tolerance * steepest:
            self.reason = "The gradient has vanished." if norm == 0 else "The gradient is as small as was asked."
        else:
            return False
        return True


def _reason(task: Task, trail: Trail) -> str:
    """Why it ended, and what to do where it diverged or is slow."""
    (*_, first, _, _), (*_, last, _, steps) = trail.kept[0], trail.kept[-1]
    if trail.diverged:
        at, *grown = trail.diverged
        warn(said := f"It diverged: at step {at} {of_divergence(task.X, task.c, task.rule, *grown)}", DivergenceWarning)
        return said
    if trail.reason or steps * task.size < 10 * task.X.size:  # to look for the least loss would cost more than this
        return trail.reason or _ALL
    advice = of_slowness(task.X, task.c, task.rule, steps, first, last, task.space.dW, task.space.db)
    return f"{_ALL[:-1]}, and {advice}" if advice else _ALL


def _start(X: Array, Y: Array, start: Any, seed: int) -> State:
    """The state to start from: the one given, or one at rest at (W, b), or at zero."""
    start = start.state if isinstance(start, Path) else start
    if isinstance(start, State):
        problem(X, Y, start.W, start.b, finite=False)
        return start
    if start is None:
        start = np.zeros((X.shape[1], *Y.shape[1:])), np.zeros(Y.shape[1:])
    if not isinstance(start, list | tuple) or len(start) != 2:
        raise InputError(f"start is {shown(start)}, but a pair (W, b) is expected; write (W, 0.0) for no bias.")
    given = problem(X, Y, *start, finite=False)
    W, b = given.W.astype(float), np.array(np.broadcast_to(given.b, Y.shape[1:]), dtype=float)
    generator = dict(np.random.default_rng(seed).bit_generator.state)
    return State(W, b, np.zeros_like(W), np.zeros_like(b), Shuffle(generator, 0))


def _batch(batch: int | None, N: int) -> int:
    size = N if batch is None else count("batch", batch)
    if size > N:
        raise InputError(f"batch is {batch}, but there are only {N} samples; give at most {N}, or None for all.")
    return size
