"""Formulas such as ``price ~ size + C(floors)``, read by formulaic, as inputs and targets with names.

A formula is Python: what stands between its operators is run on the columns. Never take one from a stranger.
"""

import re
from dataclasses import dataclass
from typing import Any

from lrcore.errors import InputError
from lrcore.shapes import shown

_ONES = "Intercept"
_COLOURS = re.compile(r"[\u29da\u29db]|\x1b?\[[\d;]*m")  # what formulaic marks a place with, on a terminal


@dataclass(frozen=True, eq=False)
class Formula:
    """X (N, M) and y (N,) that a formula makes of a frame, both of pandas, and whether it has an intercept.

    ``lr.fit(made.X, made.y, intercept=made.intercept).predict(made.of(new))`` fits it and predicts for a new frame,
    whose categories, centres and scales are those of the frame that was fitted.
    """

    X: Any
    y: Any
    intercept: bool
    spec: Any

    def of(self, frame: Any) -> Any:
        """The inputs (n, M) that the formula makes of another frame; targets are not needed.

        Raises
        ------
        InputError
            the frame lacks a column, or has a gap in one.
        """
        made, _ = _without_ones(_made(self.spec.rhs, frame))
        return made


def formula(text: str, frame: Any) -> Formula:
    """The inputs and targets of a formula: ``formula("price ~ size + C(floors)", frame)``.

    Parameters
    ----------
    text : a formula as R and statsmodels write it: ``y ~ a + b``, ``a:b``, ``a*b``, ``C(a)`` for categories, ``- 1``
        without an intercept, ``np.log(a)``
    frame : of pandas, or what can be one

    Returns
    -------
    Formula

    Raises
    ------
    InputError
        the formula has no ``~`` or more than one target, names a column that is not there, or meets a gap.
    ImportError
        formulaic is not installed.

    Used in the chapter *What the numbers mean*.
    """
    if not isinstance(text, str) or "~" not in text:
        raise InputError(f"the formula is {shown(text)}, but one such as 'price ~ size + C(floors)' is expected.")
    made = _made(text, frame)
    if made.lhs.shape[1] != 1:
        raise InputError(
            f"the left side of {text!r} makes {made.lhs.shape[1]} columns, but one target is expected; fit each alone."
        )
    X, intercept = _without_ones(made.rhs)
    if X.shape[1] == 0:
        raise InputError(f"the right side of {text!r} has no inputs; name one column at least.")
    return Formula(X, made.lhs.iloc[:, 0], intercept, made.model_spec)


def _made(text: Any, frame: Any) -> Any:
    try:
        import formulaic
    except ImportError as error:
        raise ImportError(
            "formulas are read by formulaic, which is not installed; run: pip install formulaic"
        ) from error
    try:
        return formulaic.model_matrix(text, frame, context={}, na_action="raise", output="pandas")
    except ImportError:
        raise
    except Exception as error:  # whatever the code in a formula raises
        said = " ".join(_COLOURS.sub("", str(error)).split())
        raise InputError(f"the formula cannot be read with this frame: {said[:300]}") from error


def _without_ones(X: Any) -> tuple[Any, bool]:
    """The columns without that of ones, which is the intercept's."""
    there = _ONES in X.columns
    return (X.drop(columns=_ONES) if there else X), there
