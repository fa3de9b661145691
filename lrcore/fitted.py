"""What :func:`lrcore.fit` gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore.model import predict
from lrcore.shapes import Array


@dataclass(frozen=True, eq=False)
class Fit:
    """A least-squares fit and what can be said of it.

    W (M,) or (M, D); b a number or (D,); ``rank`` and ``condition`` (2-norm) of X, the column of ones included and
    ridge left out; ``residual_norms`` the norm of the residual of each output, in the targets' units.

    ``W_error`` and ``b_error`` bound, by estimate, how far each number is from the exact solution for the numbers that
    were given; ``W_se`` and ``b_se`` are standard errors (NaN with ridge, or where the weights are not unique);
    ``r_squared`` is one an output; ``names`` are the columns' names, where X had them.
    """

    W: Array
    b: Array
    rank: int
    condition: float
    method: str
    residual_norms: Array
    message: str
    W_error: Array
    b_error: Array
    W_se: Array
    b_se: Array
    r_squared: Array
    names: tuple[str, ...] = ()

    def predict(self, X: Any) -> Array:
        """Predictions for new inputs X (N, M)."""
        return predict(X, self.W, self.b)

    def __str__(self) -> str:
        norms = ", ".join(f"{norm:.6g}" for norm in np.atleast_1d(self.residual_norms))
        said = f"{self.message} Rank {self.rank}, condition number of X {self.condition:.4g}, |residual| {norms}."
        if not self.names:
            return said
        width = max(map(len, self.names))
        rows = (" ".join(f"{w:>12.6g}" for w in np.atleast_1d(row)) for row in self.W)
        return "\n".join([said, *(f"  {name:<{width}} {row}" for name, row in zip(self.names, rows, strict=True))])

    __repr__ = __str__
