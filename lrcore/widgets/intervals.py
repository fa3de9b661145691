"""What a confidence interval is: a hundred data sets of one truth, an interval from each, and how many hold it."""

from typing import Any

import numpy as np
import traitlets as t

from lrcore.shapes import Array, count, one_of
from lrcore.widgets.control import Control

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
SCATTERS = {"equal": "the same everywhere", "growing": "growing with x"}
_N, _SETS, _SHOWN, _SLOPE = 30, 2000, 100, 2.0
_UNIT = 1000  # what is shown is told the page in thousandths, which are short
_X = np.linspace(0, 1, _N) ** 2


class ConfidenceIntervals(Control):
    """Slide the level and see how many of a hundred intervals hold the true slope, and of two thousand.

    The scatter may grow with x, and the standard errors may be the usual ones or HC3. The traits ``step`` (the place of
    the level), ``scatter`` and ``errors`` follow the page, and can be set.

    Parameters
    ----------
    seed : of the data sets

    Used in the chapter *What the numbers mean*.
    """

    _module = "intervals"
    _height = 30
    levels: Any = t.List().tag(sync=True)
    reach: Any = t.List().tag(sync=True)
    truth = t.Float(_SLOPE).tag(sync=True)
    runs: Any = t.Dict().tag(sync=True)
    covered: Any = t.Dict().tag(sync=True)
    step = t.Int(0).tag(sync=True)
    scatter = t.Unicode("equal").tag(sync=True)
    errors = t.Unicode("usual").tag(sync=True)

    def __init__(self, *, seed: int = 4, step: int = 5, scatter: str = "equal", errors: str = "usual") -> None:
        reach = np.array([student(level, _N - 2) for level in LEVELS])
        runs, covered = {}, {}
        for name in SCATTERS:
            value, usual, robust = slopes(drawn(name, seed))
            kinds = {"usual": usual, "HC3": robust}
            columns = {"value": value, **kinds}
            runs[name] = {
                key: np.rint(numbers[:_SHOWN] * _UNIT).astype(int).tolist() for key, numbers in columns.items()
            }
            covered[name] = {
                key: [float((np.abs(value - _SLOPE) <= far * error).mean()) for far in reach]
                for key, error in kinds.items()
            }
        super().__init__(
            levels=list(LEVELS),
            reach=reach.tolist(),
            runs=runs,
            covered=covered,
            step=step,
            scatter=scatter,
            errors=errors,
        )

    def said(self) -> str:
        """How many of the intervals hold the truth at the current level."""
        run = {name: np.array(values) / _UNIT for name, values in self.runs[self.scatter].items()}
        holds = np.abs(run["value"] - self.truth) <= self.reach[self.step] * run[self.errors]
        share = self.covered[self.scatter][self.errors][self.step]
        said = f"At a level of {100 * self.levels[self.step]:g} %, {holds.sum()} of these {_SHOWN} intervals hold the "
        return said + f"true slope {self.truth:g}; of {_SETS} data sets {100 * share:.1f} % do."

    @t.validate("step")
    def _step(self, proposal: Any) -> int:
        return min(count("step", proposal["value"], least=0), len(LEVELS) - 1)

    @t.validate("scatter")
    def _scatter(self, proposal: Any) -> str:
        return one_of("scatter", proposal["value"], SCATTERS)

    @t.validate("errors")
    def _errors(self, proposal: Any) -> str:
        return one_of("errors", proposal["value"], ("usual", "HC3"))


def drawn(scatter: str, seed: int) -> tuple[Array, Array]:
    """x (N,) and the targets (K, N) of K data sets: a line of slope 2 and normal noise."""
    noise = np.random.default_rng(seed).standard_normal((_SETS, _N))
    size = np.full(_N, 0.5) if scatter == "equal" else 0.1 + 1.2 * _X**2
    return _X, 1 + _SLOPE * _X + size * noise


def slopes(data: tuple[Array, Array]) -> tuple[Array, Array, Array]:
    """Of each data set the slope, its usual standard error and HC3's, each (K,)."""
    x, Y = data
    z = x - x.mean()
    square = z @ z
    slope = Y @ z / square
    R = Y.mean(axis=1)[:, None] + slope[:, None] * z - Y
    usual = np.sqrt((R * R).sum(axis=1) / (len(x) - 2) / square)
    leverage = 1 / len(x) + z * z / square
    robust = np.sqrt(((R / (1 - leverage) * z) ** 2).sum(axis=1)) / square
    return slope, usual, robust


def student(level: float, freedom: int) -> float:
    """How far Student's t reaches with this probability, to seven digits, without scipy.

    It is sqrt(freedom) tan u, where u has the density cos(u)^(freedom - 1).
    """
    u = np.linspace(0, np.pi / 2, 20_001)
    density = np.cos(u) ** (freedom - 1)
    steps = (density[1:] + density[:-1]) / 2
    share = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    return float(np.sqrt(freedom) * np.tan(np.interp(level, share, u)))
