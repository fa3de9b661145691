r"""Fits of data that never are in memory at once: blocks of rows go in, a triangle of (1 + M + D)^2 numbers stays.

.. math:: R_1^\top R_1 + R_2^\top R_2 = S^\top S, \qquad S = \begin{bmatrix} R_1 \\ R_2 \end{bmatrix}

The triangle of all rows is the triangle of the triangles of its parts (TSQR), so parts can be made anywhere, in any
order, and merged. The normal equations would merge as well, but square the condition number; a triangle does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial, reduce
from importlib import import_module
from typing import Any

import numpy as np

from lrcore._exact.scaling import measured
from lrcore._exact.solution import Found, minimum_norm, solve
from lrcore._exact.spectra import lengths_of, rank_of, singular_values
from lrcore._fast.blocks import means, reduce_rows
from lrcore.errors import InputError, ShapeError
from lrcore.fit_message import message
from lrcore.fitted import Fit
from lrcore.shapes import Array, column_names, count, in_range, positive, real, samples, shown, yes_or_no

_EPS = float(np.finfo(float).eps)
_MERGED = 64  # roundings of a triangle that was merged many times, in units of those of one


@dataclass(frozen=True, eq=False)
class Accumulator:
    """The triangle of the rows [1 | X - centre | Y - centre] that were taken in, and how many they were.

    A value: :meth:`add` and :meth:`merge` return a new one. ``centre`` (M + D,) is the mean of the first rows,
    because a triangle of rows far from zero would lose the digits in which they differ. ``names`` are those of X's
    columns, where it had them.
    """

    triangle: Array
    centre: Array
    samples: int
    outputs: int
    single: bool
    names: tuple[str, ...] = ()

    def add(self, X: object, Y: object) -> "Accumulator":
        """These rows too: X (n, M) and Y (n,) or (n, D)."""
        return self.merge(of_rows(X, Y))

    def merge(self, other: "Accumulator") -> "Accumulator":
        """The rows of both."""
        if not isinstance(other, Accumulator):
            raise InputError(f"other is {shown(other)}, but an Accumulator is expected; make one with of_rows(X, Y).")
        if self._kind() != other._kind():
            raise ShapeError(
                f"one part has {self._kind()} and another {other._kind()}, but parts of one problem agree."
            )
        if self.names and other.names and self.names != other.names:
            raise InputError(
                f"one part has the columns {', '.join(self.names)} and another {', '.join(other.names)}, but parts of "
                "one problem have the same columns in the same order."
            )
        rows = np.vstack([self.triangle, _shifted(other.triangle, other.centre - self.centre)])
        names = self.names or other.names
        return replace(self, triangle=_triangle(rows), samples=self.samples + other.samples, names=names)

    def fit(self, *, intercept: bool = True, ridge: float = 0.0) -> Fit:
        """:func:`lrcore.fit` of all rows taken in, to the digits that a triangle keeps; its errors say how many.

        Derived in the chapter *What the closed form costs*.
        """
        with np.errstate(all="ignore"):
            return self._fit(yes_or_no("intercept", intercept), positive("ridge", ridge, zero=True))

    def _fit(self, intercept: bool, ridge: float) -> Fit:
        M, N, first = len(self.centre) - self.outputs, self.samples, int(intercept)
        P, raw = M + first, _shifted(self.triangle, self.centre)
        R = self.triangle if intercept else raw
        A, B = R[first:, 1 : 1 + M], R[first:, 1 + M :]
        rank = rank_of(R[:, 1 - first : 1 + M], max(N, P))
        if rank == P or ridge:
            found = solve(measured(A, B, None, ridge, False), "auto")
        else:
            found = _shortest(A, B, rank - first, N, P)
        numbers = found.numbers
        x_mean, y_mean = np.split(self.centre + R[0, 1:] / R[0, 0], [M])
        x_size, y_size = np.split(lengths_of(raw[:, 1:]) / abs(R[0, 0]), [M])  # root mean squares
        numbers["W_error"] = W_error = numbers["W_error"] + _lost(A, B, numbers, ridge)
        freedom, W = N - P, numbers["W"]
        numbers["level"] = y_mean * first
        numbers["W_se"] = numbers["W_se"] * (np.sqrt((len(A) - M) / freedom) if freedom > 0 else np.nan)
        if intercept:
            numbers["b"] = y_mean - x_mean @ W
            numbers["b_error"] = np.abs(x_mean) @ W_error + 8 * _EPS * (y_size + x_size @ np.abs(W))
            numbers["b_se"] = _bias_se(A, numbers, x_mean, N, freedom)
        in_range("the fit", W, numbers["b"], numbers["residual_norms"], W_error)
        sigma = singular_values(raw[:, 1 - first : 1 + M])
        condition = float(sigma[0] / sigma[-1]) if rank == P else float("inf")
        reason = f"{N} samples cannot fix {P} unknowns" if N < P else "columns of X are dependent"
        said = message(numbers, rank, P, found.method, ridge, reason)
        fields: dict[str, Any] = numbers
        if self.single:
            fields = {name: value[..., 0].copy()[()] for name, value in numbers.items()}
        fields["centre"] = x_mean * first
        fields |= {"rank": rank, "conditioning": partial(float, condition), "method": found.method, "message": said}
        return Fit(**fields, names=self.names)

    def _kind(self) -> str:
        D = "one output" if self.single else f"{self.outputs} outputs in two dimensions"
        return f"{len(self.centre) - self.outputs} features and {D}"


def of_rows(X: object, Y: object) -> Accumulator:
    """Take in rows that fit in memory: X (n, M), Y (n,) or (n, D)."""
    names = column_names(X)
    X, Y = (A.astype(np.float64, copy=False) for A in samples(X, Y))
    both = np.hstack([X, Y.reshape(len(Y), -1)])
    low, high = reduce_rows(np.minimum, both), reduce_rows(np.maximum, both)
    centre = np.where(low == high, low, means(both))  # the mean of a constant, which rounding would miss
    rows = np.hstack([np.ones((len(X), 1)), both - centre])
    triangle = _triangle(rows)
    in_range("the sum of the squares of X or Y", triangle)
    return Accumulator(triangle, centre, len(X), both.shape[1] - X.shape[1], Y.ndim == 1, names)


def of_blocks(blocks: Iterable[tuple[Any, Any]]) -> Accumulator:
    """Take in pairs (X, Y) from an iterator, one after the other; memory holds one of them at a time.

    Raises
    ------
    InputError
        there is none.
    """
    parts = (_of_block(number, block) for number, block in enumerate(_each(blocks)))
    first = next(parts, None)
    if first is None:
        raise InputError("there are no blocks of rows to take in; give at least one pair (X, Y).")
    return reduce(Accumulator.merge, parts, first)


def _each(blocks: object) -> Iterable[Any]:
    if not isinstance(blocks, Iterable):
        raise InputError(f"blocks is {shown(blocks)}, but an iterator of pairs (X, Y) is expected.")
    return blocks


def _of_block(number: int, block: object) -> Accumulator:
    if not isinstance(block, tuple | list) or len(block) != 2:
        raise InputError(f"block {number} (the first is 0) is {shown(block)}, but a pair (X, Y) is expected.")
    try:
        return of_rows(*block)
    except InputError as error:
        raise type(error)(f"block {number} (the first is 0): {error}") from error


def of_arrays(X: Any, Y: Any, *, rows: int = 16384) -> Accumulator:
    """Take in arrays by slices of so many rows: memory-mapped files, or whatever gives rows as ``X[start:stop]``."""
    rows = count("rows", rows)
    N, others = _shape("X", X)[0], _shape("Y", Y)[0]
    if others != N:
        raise ShapeError(f"X has {N} rows and Y has {others}, but one target a sample is expected.")
    return of_blocks((X[k : k + rows], Y[k : k + rows]) for k in range(0, N, rows))


def _shape(name: str, value: object) -> tuple[int, ...]:
    shape = getattr(value, "shape", None)
    if shape is None and isinstance(value, list | tuple):
        shape = (len(value),)
    if not shape or not hasattr(value, "__getitem__"):
        raise InputError(f"{name} is {shown(value)}, but an array whose rows can be sliced is expected.")
    return tuple(shape)


def of_parquet(
    path: object, target: str | list[str], *, features: list[str] | None = None, rows: int = 16384
) -> Accumulator:
    """Take in a Parquet file by batches; ``target`` names the column of y, or the columns of Y. Needs pyarrow."""
    try:
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError("a Parquet file is read with pyarrow, which is not installed; install pyarrow.") from error
    try:
        file = parquet.ParquetFile(path)
    except (OSError, TypeError, ValueError) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}.") from error
    there = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]  # of pandas, no feature
    names = [target] if isinstance(target, str) else _names("target", target)
    features = [name for name in there if name not in names] if features is None else _names("features", features)
    for name in [*names, *features]:
        if there.count(name) != 1:
            found = "no column" if name not in there else "more than one column"
            raise InputError(f"the file has {found} {name!r}; it has {', '.join(there)}.")
    batches = file.iter_batches(batch_size=count("rows", rows), columns=[*features, *names])
    taken = of_blocks((_numbers(batch, features), _numbers(batch, target)) for batch in batches)
    return replace(taken, names=tuple(features))


def _names(what: str, names: object) -> list[str]:
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        raise InputError(f"{what} is {shown(names)}, but names of columns are expected, one at least.")
    return list(names)


def _numbers(batch: Any, names: str | list[str]) -> Array:
    if isinstance(names, str):
        return real(names, batch.column(names).to_numpy(zero_copy_only=False), finite=False)
    if not names:
        raise InputError("the file has no column beside the target; it needs a feature at least.")
    return np.column_stack([_numbers(batch, name) for name in names])


def _triangle(rows: Array) -> Array:
    """R of these rows, with as many rows as columns: a short block has zeros below."""
    R = np.asarray(np.linalg.qr(rows, mode="r"))
    return np.vstack([R, np.zeros((R.shape[1] - len(R), R.shape[1]))])


def _shifted(triangle: Array, by: Array) -> Array:
    """The factor of rows that are measured from a centre that lies lower by so much."""
    return np.hstack([triangle[:, :1], triangle[:, 1:] + triangle[:, :1] * by])


def _lost(A: Array, B: Array, numbers: dict[str, Array], ridge: float) -> Array:
    """What orthogonal transformations may cost: eps times the condition number, its square for the residual.

    Where that hides what ridge alone decides, the weights may be all that ridge allows: up to half of B over its root.
    """
    rows, rounding = np.vstack([A, np.sqrt(ridge) * np.eye(A.shape[1])]), 8 * len(A) * _EPS
    length = lengths_of(rows)
    length = np.where(length > 0, length, 1)
    sigma = np.linalg.svd(rows / length, compute_uv=False)
    clear = sigma[sigma > len(A) * _EPS * sigma[0]] if sigma[0] > 0 else np.ones(1)
    if ridge and sigma[-1] < 2 * rounding:
        return np.broadcast_to(lengths_of(B) / np.sqrt(ridge), numbers["W"].shape)
    size = lengths_of(numbers["W"] * length[:, None]) / clear[-1] + numbers["residual_norms"] / clear[-1] ** 2
    return rounding * size / length[:, None]


def _shortest(A: Array, B: Array, rank: int, N: int, P: int) -> Found:
    """The solution of minimum norm of A W = B, where merging left more rounding than one factorisation would."""
    W, error, left = minimum_norm(A, B, rank, _MERGED * max(N, P))
    whole, none = lengths_of(B), np.full(B.shape[1], np.nan)
    share = 1 - np.divide(left, whole, out=np.full_like(whole, np.nan), where=whole > 0) ** 2
    numbers = {"W": W, "W_error": error, "W_se": np.full_like(W, np.nan), "residual_norms": left, "r_squared": share}
    return Found(
        numbers | {"b": 0 * left, "b_error": 0 * left, "b_se": none},
        rank,
        partial(float, np.inf),
        "svd",
        np.zeros(A.shape[1]),
    )


def _bias_se(A: Array, numbers: dict[str, Array], mean: Array, N: int, freedom: int) -> Array:
    """s sqrt(1/N + m^T (A^T A)^-1 m), with m the mean of the columns."""
    if freedom <= 0 or np.isnan(numbers["W_se"]).any():
        return np.full(len(numbers["b"]), np.nan)
    R = np.asarray(np.linalg.qr(A, mode="r"))
    return numbers["residual_norms"] / np.sqrt(freedom) * np.sqrt(1 / N + (np.linalg.solve(R.T, mean) ** 2).sum())
