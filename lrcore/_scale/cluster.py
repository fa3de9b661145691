"""The same fit and gradient on Dask arrays: each worker reduces its own rows, and only triangles and sums travel.

Dask schedules, moves and repeats: what a lost worker had is made again elsewhere. Nothing imports Dask before a Dask
array comes in (``pip install lrcore[dask]``). See the chapter *What the closed form costs*.
"""

from importlib import import_module
from typing import Any

import numpy as np

from lrcore._fast.one_pass import Workspace
from lrcore._scale.accumulate import Accumulator, of_rows
from lrcore.errors import InputError, ShapeError
from lrcore.fitted import Fit
from lrcore.losses import scale
from lrcore.shapes import Array, in_range, is_dask, problem, real


def fit(X: object, Y: object, intercept: bool, ridge: float, weights: object, method: str) -> Fit:
    """:func:`lrcore.fit` by a triangle of each block of rows, merged two by two."""
    if weights is not None or method not in ("auto", "qr"):
        raise InputError("X is a Dask array, which is fitted by QR without weights; leave out weights and method.")
    parts = [_delayed(of_rows)(x, y) for x, y in _blocks(X, Y)]
    while len(parts) > 1:
        pairs = [_delayed(Accumulator.merge)(*pair) for pair in zip(parts[::2], parts[1::2], strict=False)]
        parts = pairs + parts[len(pairs) * 2 :]
    return parts[0].compute().fit(intercept=intercept, ridge=ridge)


def gradient(X: Any, Y: Any, W: Any, b: Any, convention: str, intercept: bool) -> tuple[Array, Array]:
    """:func:`lrcore.gradients.gradient` as the sum of the gradients of the blocks."""
    W, b = real("W", W), real("b", b)
    blocks = _blocks(X, Y)
    c = scale(convention, (X.shape[0], *np.shape(Y)[1:]))
    parts = [_delayed(_of_block)(x, y, W, b) for x, y in blocks]
    with np.errstate(over="ignore", invalid="ignore"):
        dW, db = (np.asarray(sum(part)) * c for part in zip(*_delayed(list)(parts).compute(), strict=True))
    in_range("the result of gradient", dW, db)
    return dW, db if intercept else 0 * db


def _of_block(X: Array, Y: Array, W: Array, b: Array) -> tuple[Array, Array]:
    given = problem(X, Y, W, b)
    return Workspace(*given[:4]).gradient(*given[:4], 1.0)


def _blocks(X: Any, Y: Any) -> list[tuple[Any, Any]]:
    """The blocks of rows of both, cut at the same rows and across all columns."""
    if hasattr(X, "to_dask_array") or hasattr(Y, "to_dask_array"):
        raise InputError("X or Y is a Dask frame, but arrays are expected; write X.to_dask_array(lengths=True).")
    Y = Y if is_dask(Y) else real("Y", Y, finite=False)
    if any(np.isnan(size) for size in (*X.shape, *Y.shape)):
        raise InputError("X or Y has chunks of unknown size; call compute_chunk_sizes() on it first.")
    if X.ndim != 2 or Y.ndim not in (1, 2) or X.shape[0] != Y.shape[0] or 0 in X.shape:
        raise ShapeError(
            f"X has shape {X.shape} and Y has shape {Y.shape}, but (N, M) and (N,) or (N, D) are expected."
        )
    X = X.rechunk({1: -1})
    Y = import_module("dask.array").asarray(Y).rechunk((X.chunks[0], *([-1] * (Y.ndim - 1))))
    return list(zip(X.to_delayed().ravel(), Y.to_delayed().ravel(), strict=True))


def _delayed(function: object) -> Any:
    return import_module("dask").delayed(function)
