"""What to do where a descent diverged, or would take for ever: one sentence each."""

import numpy as np

from lrcore._exact.spectra import count_clear, of_equal_columns
from lrcore.curvature import Step, rates_for
from lrcore.errors import InputError
from lrcore.model import design
from lrcore.shapes import Array

_ROWS = 4096  # of X at a time, so that no copy of it is made
_FAR, _NOISE = 0.01, 1e-6  # of the last loss and of the first: less is not worth a word


def of_divergence(X: Array, c: float, rule: Step, first: float, last: float) -> str:
    """Which rates would not have diverged, where the loss had grown from ``first`` to ``last``."""
    much = f"{last:.4g}" if np.isfinite(last) else "more than a floating-point number can hold"
    said = f"the loss had grown from {first:.4g} to {much}; the rate was {rule.rate:.4g}, "
    try:
        limit = rates_for(X, c, rule.intercept, rule.momentum)
    except InputError:  # the curvature vanishes and gives no limit; that it diverged is a fact all the same
        return said + "which is too large; try a smaller one."
    with_momentum = f" with momentum {rule.momentum:g}" if rule.momentum else ""
    said += f"the largest stable one{with_momentum} is {limit.largest:.4g} for full batches; "
    return said + f"try {limit.best:.4g} or less."


def of_slowness(X: Array, c: float, rule: Step, steps: int, first: float, last: float, dW: Array, db: Array) -> str:
    r"""What the least loss is and how to get there, where these steps have not got far; else nothing.

    .. math:: L - L_{\min} = \tfrac12 \operatorname{tr}\, g^\top (c A^\top A)^{-1} g

    ``first`` and ``last`` are losses, dW and db the last gradient.
    """
    g, unit = dW.reshape(len(dW), -1), int(rule.intercept)
    if unit:
        g = np.vstack([db.reshape(1, -1), g])
    R = np.zeros((0, len(g)))
    for start in range(0, len(X), _ROWS):
        rows = X[start : start + _ROWS]
        R = np.asarray(np.linalg.qr(np.vstack([R, design(rows) if unit else rows]), mode="r"))
    _, sigma, Vt = np.linalg.svd(R)
    rank = count_clear(sigma, max(len(X), len(g)))
    along = (Vt[:rank] @ g).T / sigma[:rank]
    fall = float((along * along).sum()) / (2 * c)
    top, low = (c * float(sigma[k]) ** 2 for k in (0, rank - 1))
    share = low * rule.rate / (1 - rule.momentum)
    if steps * share >= 1 or not fall > max(_FAR * last, _NOISE * first):
        return ""
    said = f"it is slow: the least loss is {max(last - fall, 0.0):.4g}, but along the flattest direction a step takes "
    said += f"only {share:.1g} of the error; "
    if steps * low / (top + low) >= 1:
        return said + f"take a larger rate, up to {2 / (top + low):.4g}."
    alike = of_equal_columns(R[unit:, unit:])
    if 10 * alike[0] ** 2 < top / low * alike[-1] ** 2:
        return said + "standardise the columns of X first (lr.data.standardise)."
    return said + "the columns nearly depend on each other; lr.fit finds the least loss at once."
