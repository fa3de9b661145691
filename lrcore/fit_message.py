"""How a fit was found, in one sentence; and a warning where the samples do not decide it."""

import numpy as np

from lrcore.errors import RankWarning, warn
from lrcore.shapes import Array

_DOUBTFUL = 1e-8  # of the largest weight: half of the digits are gone
_BY = {
    "cholesky": "the normal equations (Cholesky)",
    "dual": "the normal equations in the space of the samples (Cholesky)",
    "qr": "QR",
    "rational": "fractions",
    "svd": "SVD",
}


def message(numbers: dict[str, Array], rank: int, columns: int, method: str, ridge: float, reason: str) -> str:
    """How a fit was found; or, as a warning too, what neither the samples nor ridge decide, for this ``reason``."""
    error, size = (np.abs(numbers[name]).max(axis=0) if ridge else np.zeros(1) for name in ("W_error", "W"))
    if ridge and ((error > _DOUBTFUL * size) & (size > 0)).any():
        said = f"Not certain: X has rank {rank} of {columns}, and ridge {ridge:g} is too small to decide what rounding "
        said += f"hides; W may be off by {error.max():.1g}; take a larger ridge."
    elif rank < columns and not ridge:
        said = f"Not unique: {reason}. This is the solution of minimum norm, by {_BY[method]}."
        error = numbers["W_error"]
        if np.isinf(error[:1] if error.strides[0] == 0 else error).any():
            said += " Exactly, they are not quite: rounding hides how they differ, so no error of W is estimated."
    else:
        return f"Solved by {_BY[method]}{f' with ridge {ridge:g}' if ridge else ''}."
    warn(said, RankWarning)
    return said


def digits_of(*numbers: tuple[Array, Array]) -> int:
    """How many decimal digits of each number are right at least, by its error: 0 to 15; a zero is right or is not."""
    left = 15
    for value, error in numbers:
        size = np.abs(value)
        relative = np.divide(error, size, out=np.where(np.asarray(error) > 0, 1.0, 0.0), where=size > 0)
        left = min(left, int(np.floor(-np.log10(np.maximum(relative, 1e-15).max()))))
    return max(left, 0)


def not_unique(X: Array, intercept: bool) -> str:
    """Why the weights are not unique, where they are not."""
    N, columns = len(X), X.shape[1] + intercept
    if columns > N:
        return f"{N} samples cannot fix {columns} unknowns"
    constant = np.flatnonzero(X.min(axis=0) == X.max(axis=0))
    if intercept and len(constant):
        return f"column {constant[0]} of X is constant and repeats the intercept; leave it out"
    return "columns of X are dependent"
