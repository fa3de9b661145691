"""Fits of many small problems at once: X (K, N, M), as numpy's ``linalg`` takes stacks of matrices."""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from lrcore._exact import many
from lrcore.errors import InputError, RankWarning, ShapeError, warn
from lrcore.fit_message import message
from lrcore.fitted import Fit
from lrcore.shapes import METHODS, Array, no_overflow, one_of, positive, real, yes_or_no

_FIELDS = ("W", "b", "W_error", "b_error", "W_se", "b_se", "residual_norms", "r_squared", "level", "centre")


@dataclass(frozen=True, eq=False, repr=False)
class Fits(Fit):
    """K fits, each field of a :class:`~lrcore.fitted.Fit` with a leading axis, such as W (K, M); ``fits[k]`` is one.

    ``others`` are those that are not easy and were fitted one by one.
    """

    others: dict[int, Fit] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.W)

    def __iter__(self) -> Iterator[Fit]:
        return (self[k] for k in range(len(self)))

    def __getitem__(self, k: int) -> Fit:
        """The fit of problem k."""
        k = range(len(self))[k]
        if k in self.others:
            return self.others[k]
        fields: dict[str, Any] = {name: getattr(self, name)[k] for name in _FIELDS}
        said = message(fields, 0, 0, "cholesky", 0.0, "")
        return Fit(
            **fields,
            rank=np.asarray(self.rank).tolist()[k],
            conditioning=partial(_one, self, k),
            method="cholesky",
            message=said,
            data=tuple(each[k] if isinstance(each, np.ndarray) else each for each in self.data),
        )

    @no_overflow
    def predict(self, X: Any, interval: str = "", level: float = 0.95) -> Array:
        """Predictions (K, n) or (K, n, D) for new inputs X (K, n, M), or X (n, M) for all problems.

        Intervals are those of one fit, ``fits[k].predict(X, "prediction")``.

        Raises
        ------
        ShapeError
            X does not fit the weights.
        """
        if interval:
            raise InputError(f"these are {len(self)} fits; take one for its intervals, such as fits[0].predict(...).")
        X, W = real("X", X), self.W if self.W.ndim == 3 else self.W[..., None]
        if X.ndim not in (2, 3) or X.shape[-1] != W.shape[1] or (X.ndim == 3 and len(X) != len(W)):
            raise ShapeError(
                f"X has shape {X.shape}, but ({len(W)}, n, {W.shape[1]}) is expected, or (n, {W.shape[1]}) for all."
            )
        found = (X - self.centre[:, None]) @ W + self.level.reshape(len(W), 1, -1)
        return found if self.W.ndim == 3 else found[..., 0]

    def __str__(self) -> str:
        return f"{len(self)} fits. {self.message}"

    __repr__ = __str__


def _one(fits: Fits, k: int) -> float:
    return float(np.asarray(fits.condition)[k])


def fit(one: Callable[..., Fit], X: Any, Y: Any, intercept: bool, ridge: float, weights: Any, method: str) -> Fits:
    """:func:`lrcore.fit` of X (K, N, M) and Y (K, N) or (K, N, D): together where they are easy, else one by one."""
    X, Y = (real(name, value).astype(np.float64, copy=False) for name, value in (("X", X), ("Y", Y)))
    if Y.ndim not in (2, 3) or Y.shape[:2] != X.shape[:2]:
        raise ShapeError(
            f"X has shape {X.shape} and Y has shape {Y.shape}, but X (K, N, M) goes with Y (K, N), or (K, N, D)."
        )
    weights = None if weights is None else real("weights", weights)
    if weights is not None and weights.shape != X.shape[:2]:
        raise ShapeError(
            f"X has shape {X.shape} and weights has shape {weights.shape}, but one weight a sample is expected."
        )
    options: dict[str, Any] = {"intercept": yes_or_no("intercept", intercept)}
    options |= {"ridge": positive("ridge", ridge, zero=True), "method": one_of("method", method, METHODS)}
    found: dict[str, Array] = {"fine": np.zeros(len(X), dtype=bool)}
    if weights is None and not ridge and method in ("auto", "cholesky"):
        found = many.solve(X, Y.reshape(*X.shape[:2], -1), intercept)
    hard = np.flatnonzero(np.logical_not(found["fine"])).tolist()
    others, said = _one_by_one(partial(one, **options), X, Y, weights, hard)
    fields: dict[str, Any] = {name: _gathered(name, found, others, Y.ndim == 2) for name in _FIELDS}
    fields["rank"] = np.full(len(X), X.shape[2] + intercept)
    fields["method"] = np.full(len(X), "cholesky", dtype=object)
    for k, fitted in others.items():
        fields["rank"][k], fields["method"][k] = fitted.rank, fitted.method
    known = {"m": fields["centre"], "gram": np.moveaxis(found["gram"], -1, 0)} if "gram" in found else {}
    conditioning: Any = partial(_conditions, X.shape[1], known, others, len(X), int(intercept))
    data = (X, Y, weights, options["ridge"], options["intercept"])
    return Fits(**fields, conditioning=conditioning, message=said, others=others, data=data)


def _one_by_one(
    one: Callable[..., Fit], X: Array, Y: Array, weights: Array | None, hard: list[int]
) -> tuple[dict[int, Fit], str]:
    """The fits of these problems, and what is to be said of them all: one warning for as many as there are."""
    others, doubtful = dict[int, Fit](), list[int]()
    for k in hard:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", RankWarning)
            try:
                others[k] = one(X[k], Y[k], weights=None if weights is None else weights[k])
            except InputError as error:
                raise type(error)(f"problem {k} (the first is 0): {error}") from error
        doubtful += [k] * any(issubclass(warning.category, RankWarning) for warning in caught)
    if not doubtful:
        return others, f"{len(X) - len(hard)} together by the normal equations, {len(hard)} one by one."
    first = doubtful[0]
    said = f"Problem {first} (the first is 0), one of {len(doubtful)} that are so: {others[first].message}"
    warn(said, RankWarning)
    return others, said


def _gathered(name: str, found: dict[str, Array], others: dict[int, Fit], single: bool) -> Array:
    """A field of all fits, the problems in the first axis."""
    if name not in found:
        return np.stack([getattr(fitted, name) for fitted in others.values()])
    value = np.ascontiguousarray(np.moveaxis(found[name], -1, 0))
    value = value[..., 0] if single and name != "centre" else value
    for k, fitted in others.items():
        value[k] = getattr(fitted, name)
    return value


def _conditions(N: int, known: dict[str, Array], others: dict[int, Fit], K: int, first: int) -> Array:
    condition = np.empty(K)
    easy = [k for k in range(K) if k not in others]
    if easy:
        condition[easy] = many.conditions(N, known["m"][easy], known["gram"][easy], first)
    for k, fitted in others.items():
        condition[k] = fitted.condition
    return condition
