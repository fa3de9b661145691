"""What :func:`lrcore.fit` gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lrcore._statistics.statistics import Statistics, statistics_of
from lrcore._statistics.summary import Summary
from lrcore.errors import InputError
from lrcore.fit_message import digits_of
from lrcore.shapes import Array, column_names, in_range, inputs, weights

_SHOWN, _WIDE = 20, 6  # weights and outputs that are printed


@dataclass(frozen=True, eq=False)
class Fit:
    """A least-squares fit and what can be said of it.

    W (M,) or (M, D); b a number or (D,); ``rank`` of X, the column of ones included and ridge left out, and
    ``conditioning`` its condition number; ``residual_norms`` the norm of the residual of each output, in units of Y.

    ``W_error`` and ``b_error`` bound, by estimate, how far each number is from the exact solution for the numbers that
    were given (of the columns taken as dependent, where they are so to rounding; infinite where few data show that they
    are not so exactly); ``W_se`` and ``b_se`` are standard errors, right to eight digits or more (NaN with ridge, or
    where the weights are not unique);
    ``r_squared`` is one an output, NaN where Y is constant; ``names`` are the columns' names, where X had them.
    ``level`` is the prediction at ``centre`` (M,), the mean of the inputs: far from zero it has digits that b has lost.
    ``data`` are the samples, as they were given, for ``statistics`` (None where a fit kept none).
    ``method`` is "cholesky", "qr", "svd", "dual" (more columns than samples), or "rational":
    exact fractions, for few data and a very small ridge.
    """

    W: Array
    b: Array
    rank: int
    conditioning: Callable[[], float]
    method: str
    residual_norms: Array
    message: str
    W_error: Array
    b_error: Array
    W_se: Array
    b_se: Array
    r_squared: Array
    centre: Array
    level: Array
    names: tuple[str, ...] = ()
    data: Any = None

    @cached_property
    def condition(self) -> float:
        """Condition number (2-norm) of X, the column of ones included and ridge left out; infinite if dependent."""
        return self.conditioning()

    @cached_property
    def digits(self) -> int:
        """How many decimal digits of each number in W and b are right at least, by the estimate of its error."""
        return digits_of((self.W, self.W_error), (self.b, self.b_error))

    @cached_property
    def statistics(self) -> Statistics:
        """Standard errors, t, p, intervals, leverages, Cook's distances: see :class:`lrcore.Statistics`."""
        return statistics_of(self)

    def summary(self, *, level: float = 0.95, errors: str = "usual", output: int | None = None) -> Summary:
        """The coefficients with standard errors, t, p and confidence intervals, and what else is said of a fit.

        Parameters
        ----------
        level : of the confidence intervals
        errors : "usual", or "HC0" to "HC3" for samples of unequal scatter
        output : which one, counted from 0, where there are several

        Returns
        -------
        Summary: print it, show it in a notebook, or take ``summary.as_dict()``

        Raises
        ------
        InputError
            nothing can be said of the scatter, or of the weights: too few samples, dependent columns, ridge.

        Derived in the chapter *What the numbers mean*.
        """
        return self.statistics.summary(self, level=level, errors=errors, output=output)

    def predict(self, X: Any, interval: str = "", level: float = 0.95) -> Any:
        """Predictions (N,) or (N, D) for new inputs X (N, M), whose columns are taken by name where both have names.

        With ``interval`` an :class:`lrcore.Interval`, value, low and high, which holds at this ``level`` the mean of
        samples with these inputs ("confidence") or one such sample ("prediction"); it needs scipy.

        Raises
        ------
        InputError
            a column that was fitted is missing, or another one is there.
        """
        rows = self._rows(X)
        with np.errstate(over="ignore", invalid="ignore"):
            value = (rows - self.centre) @ self.W + self.level
        in_range("the result of predict", value)
        return self.statistics.around(rows, value, interval, level) if interval else value

    def _rows(self, X: Any) -> Array:
        """X read, its columns in the order of those that were fitted."""
        given = column_names(X)
        order: Any = slice(None)
        if self.names and given not in ((), self.names):
            if sorted(given) != sorted(self.names) or len(set(given)) < len(given):
                raise InputError(
                    f"X has the columns {', '.join(given)}, but {', '.join(self.names)} were fitted; give those."
                )
            order = [given.index(name) for name in self.names]
        X = inputs(X)
        weights(X, self.W)  # do they fit together?
        return X[:, order]

    def __str__(self) -> str:
        norms = ", ".join(f"{norm:.6g}" for norm in np.atleast_1d(self.residual_norms))
        said = f"{self.message} Rank {self.rank}, condition number of X {self.condition:.4g}, |residual| {norms}."
        names = self.names or [f"W[{k}]" for k in range(len(self.W))]
        table = [("bias", self.b), *zip(names[:_SHOWN], self.W, strict=False)]
        width = max(len(name) for name, _ in table)
        rows = [f"  {name:<{width}} {_row(numbers)}" for name, numbers in table]
        more = len(names) - _SHOWN
        return "\n".join([said, *rows, *([f"  and {more} more weights"] if more > 0 else [])])

    __repr__ = __str__


def _row(numbers: Array) -> str:
    numbers = np.atleast_1d(numbers)
    return " ".join(f"{number:>12.6g}" for number in numbers[:_WIDE]) + " ..." * (len(numbers) > _WIDE)
