"""Features that one chooses, and one row that is taken out: what becomes of the weights and of the residuals."""

from itertools import combinations
from typing import Any

import numpy as np
import traitlets as t

from lrcore.closed_form import fit
from lrcore.errors import InputError, ShapeError
from lrcore.shapes import Array, count, inputs, targets
from lrcore.widgets.control import Control

_DRAWN = 120
_MOST = 6  # features: every choice of them is fitted


class Houses(Control):
    r"""Choose the features of a model, take one row out and put it back: weights, residuals, that row's price.

    Every choice is fitted by :func:`lrcore.closed_form.fit`, with the row and without it; a weight is said for each
    unit of its feature and drawn for each standard deviation. The traits ``chosen``, the numbers of the features, and
    ``whole``, whether the row is in, follow the page, and can be set.

    Parameters
    ----------
    X : (N, M) array, M at most 6      Y : (N,) array      row : the one that is taken out
    features : names of the columns      names : of the row, of the target, of its unit

    Used in the chapter *The housing data*.
    """

    _module = "houses"
    _height = 36
    X: Any = t.List().tag(sync=True)
    Y: Any = t.List().tag(sync=True)
    std: Any = t.List().tag(sync=True)
    fits: Any = t.Dict().tag(sync=True)
    features: Any = t.List().tag(sync=True)
    names: Any = t.List().tag(sync=True)
    chosen: Any = t.List().tag(sync=True)
    whole = t.Bool(True).tag(sync=True)

    def __init__(self, X: Any, Y: Any, *, row: int, features: Any, names: Any = ("the row", "y", "")) -> None:
        X = inputs(X)
        Y = targets(X, Y)
        if Y.ndim != 1 or X.shape[1] > _MOST or len(features) != X.shape[1]:
            raise ShapeError(
                f"X has shape {X.shape}, Y {Y.shape} and there are {len(features)} names, but (N, M) with M at most "
                f"{_MOST}, (N,) and a name for each feature are expected."
            )
        if count("row", row, least=0) >= len(X):
            raise InputError(f"row is {row}, but there are only {len(X)} rows, counted from 0.")
        drawn = np.r_[row, np.linspace(0, len(X) - 1, min(_DRAWN, len(X))).astype(int)]  # the row comes first
        super().__init__(
            X=X[drawn].tolist(),
            Y=Y[drawn].tolist(),
            std=X.std(axis=0).tolist(),
            fits=_fits(X, Y, row),
            features=[str(name) for name in features],
            names=[str(name) for name in names],
            chosen=list(range(X.shape[1])),
        )

    @property
    def model(self) -> dict[str, Any]:
        """Bias and weights, root mean square and explained share of the model that is chosen."""
        found: dict[str, Any] = self.fits[_key(self.chosen, self.whole)]
        return found

    def said(self) -> str:
        """What the model explains, and what it predicts for the row."""
        b, *w = self.model["theta"]
        at = b + sum(weight * self.X[0][k] for weight, k in zip(w, self.chosen, strict=True))
        names = ", ".join(self.features[k] for k in self.chosen) or "the mean alone"
        out = "" if self.whole else f", fitted without {self.names[0]},"
        return (
            f"The model of {names}{out} explains {self.model['share']:.1%} of the variance and predicts "
            f"{at:,.4g} {self.names[2]} for {self.names[0]}."
        )

    @t.validate("chosen")
    def _chosen(self, proposal: Any) -> list[int]:
        found = sorted(set(proposal["value"]))
        if any(not 0 <= k < len(self.features) for k in found):
            raise InputError(f"chosen is {proposal['value']}, but numbers of features below {len(self.features)} are.")
        return found


def _key(chosen: Any, whole: bool) -> str:
    return "".join(map(str, chosen)) + ("" if whole else "-")


def _fits(X: Array, Y: Array, row: int) -> dict[str, dict[str, Any]]:
    """Every choice of features, with the row and without it."""
    found, keep = {}, np.arange(len(X)) != row
    for whole, (x, y) in {True: (X, Y), False: (X[keep], Y[keep])}.items():
        total = ((y - y.mean()) ** 2).sum()
        for size in range(X.shape[1] + 1):
            for chosen in combinations(range(X.shape[1]), size):
                model = fit(x[:, chosen], y) if chosen else None
                theta = [float(y.mean())] if model is None else [float(model.b), *model.W.tolist()]
                left = float(((y - theta[0] - x[:, chosen] @ theta[1:]) ** 2).sum())
                found[_key(chosen, whole)] = {
                    "theta": theta,
                    "spread": float(np.sqrt(left / len(y))),
                    "share": 1 - left / total,
                }
    return found
