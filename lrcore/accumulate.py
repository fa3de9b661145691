r"""Fits of data that never are in memory at once: blocks of rows go in, a triangle of (1 + M + D)^2 numbers stays.

.. math:: R_1^\top R_1 + R_2^\top R_2 = S^\top S, \qquad S = \begin{bmatrix} R_1 \\ R_2 \end{bmatrix}

The triangle of all rows is the triangle of the triangles of its parts (TSQR), so parts can be made anywhere, in any
order, and merged. The normal equations would merge as well, but square the condition number; a triangle does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from importlib import import_module
from typing import Any

import numpy as np

from lrcore.blocks import down
from lrcore.closed_form import fit
from lrcore.errors import InputError, ShapeError
from lrcore.fitted import Fit
from lrcore.shapes import Array, count, in_range, inputs, positive, targets
from lrcore.spectra import of_factor

_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Accumulator:
    """The triangle of the rows [1 | X - centre | Y - centre] that were taken in, and how many they were.

    A value: :meth:`add` and :meth:`merge` return a new one. ``centre`` (M + D,) is the mean of the first rows,
    because a triangle of rows far from zero would lose the digits in which they differ.
    """

    triangle: Array
    centre: Array
    samples: int
    outputs: int
    single: bool

    def add(self, X: Any, Y: Any) -> "Accumulator":
        """These rows too: X (n, M) and Y (n,) or (n, D)."""
        return self.merge(of_rows(X, Y))

    def merge(self, other: "Accumulator") -> "Accumulator":
        """The rows of both."""
        if self._kind() != other._kind():
            raise ShapeError(
                f"one part has {self._kind()} and another {other._kind()}, but parts of one problem agree."
            )
        rows = np.vstack([self.triangle, _shifted(other.triangle, other.centre - self.centre)])
        return replace(self, triangle=_triangle(rows), samples=self.samples + other.samples)

    def fit(self, *, intercept: bool = True, ridge: float = 0.0) -> Fit:
        """:func:`lrcore.fit` of all rows taken in, to the digits that a triangle keeps; its errors say how many.

        Derived in the chapter *What the closed form costs*.
        """
        M, N = len(self.centre) - self.outputs, self.samples
        first = int(intercept)
        R = self.triangle if intercept else _shifted(self.triangle, self.centre)
        A, B = R[first:, 1 : 1 + M], R[first:, 1 + M :]
        found = fit(A, B, intercept=False, ridge=positive("ridge", ridge, zero=True))
        x_mean, y_mean = np.split(self.centre, [M])
        below, right = R[0, 1 : 1 + M] / R[0, 0], R[0, 1 + M :] / R[0, 0]
        b = (y_mean + right) - (x_mean + below) @ found.W if intercept else np.zeros(self.outputs)
        raw = _shifted(self.triangle, self.centre)[:, 1 - first : 1 + M]
        rank, sigma = of_factor(raw, max(N, M + first))
        error = _lost(A, found)
        freedom = N - M - first
        inflate = np.sqrt((len(A) - M) / freedom) if freedom > 0 else np.nan
        b_se = _bias_se(A, found, x_mean + below, N, freedom) if intercept else np.zeros(self.outputs)
        return self._shaped(
            replace(
                found,
                b=b,
                rank=found.rank + first,
                condition=float(sigma[0] / sigma[-1]) if rank == M + first else float("inf"),
                W_error=found.W_error + error,
                b_error=np.abs(x_mean + below) @ (found.W_error + error) + _EPS * np.abs(b) if intercept else b,
                W_se=found.W_se * inflate,
                b_se=b_se,
            )
        )

    def _kind(self) -> str:
        D = "one output" if self.single else f"{self.outputs} outputs in two dimensions"
        return f"{len(self.centre) - self.outputs} features and {D}"

    def _shaped(self, found: Fit) -> Fit:
        in_range("the fit", found.W, found.b, found.residual_norms)
        if not self.single:
            return found
        names = ("W", "b", "residual_norms", "W_error", "b_error", "W_se", "b_se", "r_squared")
        return replace(found, **{name: getattr(found, name)[..., 0] for name in names})


def of_rows(X: Any, Y: Any) -> Accumulator:
    """Take in rows that fit in memory: X (n, M), Y (n,) or (n, D)."""
    X = inputs(X).astype(np.float64, copy=False)
    Y = targets(X, Y).astype(np.float64, copy=False)
    both = np.hstack([X, Y.reshape(len(Y), -1)])
    centre = down(np.add, both) / len(both)
    in_range("the mean of X or Y", centre)
    rows = np.hstack([np.ones((len(X), 1)), both - centre])
    return Accumulator(_triangle(rows), centre, len(X), both.shape[1] - X.shape[1], Y.ndim == 1)


def of_blocks(blocks: Iterable[tuple[Any, Any]]) -> Accumulator:
    """Take in pairs (X, Y) from an iterator, one after the other; memory holds one of them at a time.

    Raises
    ------
    InputError
        there is none.
    """
    parts = (of_rows(X, Y) for X, Y in blocks)
    first = next(parts, None)
    if first is None:
        raise InputError("there are no blocks of rows to take in; give at least one pair (X, Y).")
    return reduce(Accumulator.merge, parts, first)


def of_arrays(X: Any, Y: Any, *, rows: int = 16384) -> Accumulator:
    """Take in arrays by slices of so many rows: memory-mapped files, or whatever gives rows as ``X[start:stop]``."""
    rows = count("rows", rows)
    if len(X) != len(Y):
        raise ShapeError(f"X has {len(X)} rows and Y has {len(Y)}, but one target a sample is expected.")
    return of_blocks((np.asarray(X[k : k + rows]), np.asarray(Y[k : k + rows])) for k in range(0, len(X), rows))


def of_parquet(
    path: Any, target: str | list[str], *, features: list[str] | None = None, rows: int = 16384
) -> Accumulator:
    """Take in a Parquet file by batches; ``target`` names the column of y, or the columns of Y. Needs pyarrow."""
    try:
        file = import_module("pyarrow.parquet").ParquetFile(path)
    except ImportError as error:
        raise InputError("a Parquet file is read with pyarrow, which is not installed; install pyarrow.") from error
    names = [target] if isinstance(target, str) else list(target)
    features = [name for name in file.schema_arrow.names if name not in names] if features is None else features
    missing = [name for name in [*names, *features] if name not in file.schema_arrow.names]
    if missing:
        raise InputError(f"the file has no column {missing[0]!r}; it has {', '.join(file.schema_arrow.names)}.")
    batches = file.iter_batches(batch_size=count("rows", rows), columns=[*features, *names])
    return of_blocks((_numbers(batch, features), _numbers(batch, target)) for batch in batches)


def _numbers(batch: Any, names: str | list[str]) -> Array:
    if isinstance(names, str):
        return batch.column(names).to_numpy(zero_copy_only=False)
    return np.column_stack([batch.column(name).to_numpy(zero_copy_only=False) for name in names])


def _triangle(rows: Array) -> Array:
    """R of these rows, with as many rows as columns: a short block has zeros below."""
    R = np.asarray(np.linalg.qr(rows, mode="r"))
    return np.vstack([R, np.zeros((R.shape[1] - len(R), R.shape[1]))])


def _shifted(triangle: Array, by: Array) -> Array:
    """The factor of rows that are measured from a centre that lies lower by so much."""
    return np.hstack([triangle[:, :1], triangle[:, 1:] + triangle[:, :1] * by])


def _lost(A: Array, found: Fit) -> Array:
    """What orthogonal transformations may cost: eps times the condition number, its square for the residual."""
    length = np.linalg.norm(A, axis=0)
    length = np.where(length > 0, length, 1)
    sigma = np.linalg.svd(A / length, compute_uv=False)
    low = sigma[sigma > len(A) * _EPS * sigma[0]][-1:] if sigma[0] > 0 else np.ones(1)
    size = np.linalg.norm(found.W * length[:, None], axis=0) / low + found.residual_norms / low**2
    return 8 * len(A) * _EPS * size / length[:, None]


def _bias_se(A: Array, found: Fit, mean: Array, N: int, freedom: int) -> Array:
    """s sqrt(1/N + m^T (A^T A)^-1 m), with m the mean of the columns."""
    if freedom <= 0 or np.isnan(found.W_se).any():
        return np.full(found.W.shape[1], np.nan)
    R = np.linalg.qr(A, mode="r")
    return (
        found.residual_norms / np.sqrt(freedom) * np.sqrt(1 / N + (np.linalg.solve(np.asarray(R).T, mean) ** 2).sum())
    )
