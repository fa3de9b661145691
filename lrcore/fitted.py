"""What :func:`lrcore.fit` gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lrcore.errors import InputError, RankWarning, warn
from lrcore.model import predict_unchecked
from lrcore.shapes import Array, column_names, inputs, no_overflow, weights

_SHOWN, _WIDE = 20, 6  # weights and outputs that are printed
_DOUBTFUL = 1e-8  # of the largest weight: half of the digits are gone
_BY = {"cholesky": "the normal equations (Cholesky)", "qr": "QR", "svd": "SVD", "rational": "fractions"}


@dataclass(frozen=True, eq=False)
class Fit:
    """A least-squares fit and what can be said of it.

    W (M,) or (M, D); b a number or (D,); ``rank`` of X, the column of ones included and ridge left out, and
    ``conditioning`` its condition number; ``residual_norms`` the norm of the residual of each output, in units of Y.

    ``W_error`` and ``b_error`` bound, by estimate, how far each number is from the exact solution for the numbers that
    were given; ``W_se`` and ``b_se`` are standard errors, right to eight digits or more (NaN with ridge, or where the
    weights are not unique);
    ``r_squared`` is one an output, NaN where Y is constant; ``names`` are the columns' names, where X had them.
    ``level`` is the prediction at ``centre`` (M,), the mean of the inputs: far from zero it has digits that b has lost.
    ``method`` is "cholesky", "qr", "svd", or "rational": exact fractions, for few data and a very small ridge.
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

    @cached_property
    def condition(self) -> float:
        """Condition number (2-norm) of X, the column of ones included and ridge left out; infinite if dependent."""
        return self.conditioning()

    @no_overflow
    def predict(self, X: Any) -> Array:
        """Predictions (N,) or (N, D) for new inputs X (N, M), whose columns are taken by name where both have names.

        Raises
        ------
        InputError
            a column that was fitted is missing, or another one is there.
        """
        given = column_names(X)
        order: Any = slice(None)
        if self.names and given not in ((), self.names):
            if sorted(given) != sorted(self.names) or len(set(given)) < len(given):
                raise InputError(
                    f"X has the columns {', '.join(given)}, but {', '.join(self.names)} were fitted; give those."
                )
            order = [given.index(name) for name in self.names]
        X = inputs(X)
        W, level = weights(X, self.W, self.level)
        return predict_unchecked(X[:, order] - self.centre, W, level)

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


def message(numbers: dict[str, Array], rank: int, columns: int, method: str, ridge: float, reason: str) -> str:
    """How a fit was found; or, as a warning too, what neither the samples nor ridge decide, for this ``reason``."""
    error, size = (np.abs(numbers[name]).max(axis=0) if ridge else np.zeros(1) for name in ("W_error", "W"))
    if ridge and ((error > _DOUBTFUL * size) & (size > 0)).any():
        said = f"Not certain: X has rank {rank} of {columns}, and ridge {ridge:g} is too small to decide what rounding "
        said += f"hides; W may be off by {error.max():.1g}; take a larger ridge."
    elif rank < columns and not ridge:
        said = f"Not unique: {reason}. This is the solution of minimum norm, by SVD."
    else:
        return f"Solved by {_BY[method]}{f' with ridge {ridge:g}' if ridge else ''}."
    warn(said, RankWarning)
    return said
