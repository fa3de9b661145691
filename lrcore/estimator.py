"""``fit`` as an estimator of scikit-learn: for its pipelines, its cross-validation and its searches."""

from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from lrcore.closed_form import fit
from lrcore.fitted import Fit
from lrcore.shapes import Array


class LeastSquares(RegressorMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """Least squares, with ridge or without: ``LeastSquares().fit(X, y).predict(X)``.

    Parameters
    ----------
    intercept, ridge, method : as :func:`lrcore.closed_form.fit` takes them

    Fitted, it has ``fit_``, the :class:`lrcore.fitted.Fit` with its summary and its intervals; ``coef_`` (M,) or (D, M)
    and ``intercept_``, as scikit-learn lays them out; and ``n_features_in_`` and ``feature_names_in_``.
    """

    def __init__(self, *, intercept: bool = True, ridge: float = 0.0, method: str = "auto"):
        self.intercept, self.ridge, self.method = intercept, ridge, method

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "LeastSquares":
        """Fit; the names of a frame's columns are kept."""
        A, B = validate_data(self, X, y, multi_output=True, y_numeric=True, dtype=np.float64)
        found = fit(A, B, intercept=self.intercept, ridge=self.ridge, weights=sample_weight, method=self.method)
        self.fit_: Fit = replace(found, names=tuple(getattr(self, "feature_names_in_", ())))
        self.coef_, self.intercept_ = self.fit_.W.T, self.fit_.b
        return self

    def predict(self, X: Any) -> Array:
        """Predictions (N,) or (N, D)."""
        check_is_fitted(self)
        found: Array = self.fit_.predict(validate_data(self, X, reset=False, dtype=np.float64))
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
