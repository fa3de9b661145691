"""What the page needs to know of X and Y: the numbers, or for a crowd their Gram matrix and a sample to draw."""

import warnings
from typing import Any

import numpy as np

from lrcore.closed_form import fit
from lrcore.descent import rates
from lrcore.errors import RankWarning, ShapeError
from lrcore.model import design, stack
from lrcore.shapes import Array

_CROWD = 4000
_DRAWN = 200


def describe(X: Array, Y: Array, *, intercept: bool, seed: int, names: tuple[Any, Any]) -> dict[str, Any]:
    r"""The problem as JSON: with :math:`A = [1_N \mid X]`, the Gram matrix :math:`G = A^\top A` and the minimum.

    Up to 4000 numbers are sent as they are. Beyond, the page computes with G and the minimum alone, which is all that
    full-batch descent needs, and draws 200 of the samples.

    Parameters
    ----------
    X : (N, M) array      Y : (N,) or (N, D) array      names : of the features and of the outputs, or None
    """
    Y = Y.reshape(len(Y), -1)
    A = design(X) if intercept else X
    best = _minimum(X, Y, intercept)
    curvature = rates(X, convention="sum", intercept=intercept)
    whole = X.size + Y.size <= _CROWD
    rows = slice(None) if whole else np.linspace(0, len(X) - 1, _DRAWN).astype(int)
    random = np.random.default_rng(seed).bit_generator.state["state"]
    features, outputs = _names(names[0], X.shape[1], "x"), _names(names[1], Y.shape[1], "y")
    return {
        "N": len(X),
        "M": X.shape[1],
        "D": Y.shape[1],
        "intercept": intercept,
        "whole": whole,
        "X": X[rows].tolist() if whole else _rounded(X[rows]),
        "Y": Y[rows].tolist() if whole else _rounded(Y[rows]),
        "G": (A.T @ A).tolist(),
        "best": best.tolist(),
        "floor": ((A @ best - Y) ** 2).sum(axis=0).tolist(),
        "curvature": [curvature.lambda_max / 2, curvature.lambda_min / 2],
        "features": features,
        "outputs": outputs,
        "terms": ["bias", *features] if intercept else features,
        "random": {key: str(value) for key, value in random.items()},
    }


def _minimum(X: Array, Y: Array, intercept: bool) -> Array:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        found = fit(X, Y, intercept=intercept)
    return stack(found.W, found.b) if intercept else found.W


def _rounded(A: Array) -> list[list[float]]:
    return [[float(f"{value:.4g}") for value in row] for row in A]


def _names(given: Any, count: int, letter: str) -> list[str]:
    if given is None:
        return [letter] if count == 1 else [f"{letter}{k + 1}" for k in range(count)]
    names = [str(name) for name in given]
    if len(names) != count:
        raise ShapeError(f"{len(names)} names are given for {count} columns; give one name a column.")
    return names
