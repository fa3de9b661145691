r"""The readable functions on any array library: the same lines run on torch, JAX, CuPy, Dask or strict arrays.

They follow the Python array API: operators, and a namespace that the array itself names. Shapes are checked, for arrays
of any library would broadcast (N,) against (N, 1) in silence; no entry is looked at or moved: the arrays stay on their
device, and automatic differentiation goes through. numpy's own arrays are better served by
:mod:`lrcore.gradients`, which checks its input and works in blocks.
"""

from importlib import import_module
from typing import Any

from lrcore.errors import InputError, ShapeError
from lrcore.losses import scale


def namespace(X: Any) -> Any:
    """The functions that go with an array; for libraries that do not name theirs (torch), array-api-compat does."""
    if hasattr(X, "__array_namespace__"):
        return X.__array_namespace__()
    try:
        return import_module("array_api_compat").array_namespace(X)
    except (ImportError, TypeError) as error:
        raise InputError(
            f"X is a {type(X).__name__}, which names no array namespace; install array-api-compat or use numpy."
        ) from error


def predict(X: Any, W: Any, b: Any = 0.0) -> Any:
    r"""Predictions :math:`XW + 1_N b`; shapes as in :func:`lrcore.model.predict`."""
    return X @ W + b


def residual(X: Any, Y: Any, W: Any, b: Any = 0.0) -> Any:
    r"""Residual :math:`XW + 1_N b - Y`; shapes as in :func:`lrcore.losses.residual`.

    Raises
    ------
    ShapeError
        Y has not the shape of the predictions, or b not that of one of their rows.
    """
    shapes = [tuple(getattr(A, "shape", ())) for A in (X, Y, W, b)]
    (N, rows), tail = (shape[:1] for shape in shapes[:2]), shapes[2][1:]
    known = all(size == size for size in N + rows)  # Dask says NaN where it does not know
    if shapes[1] != rows + tail or not rows or shapes[3] not in ((), tail) or (known and rows != N):
        given = ", ".join(f"{name} {shape}" for name, shape in zip("XYWb", shapes, strict=True))
        raise ShapeError(
            f"the shapes are {given}, but (N, M), (N,), (M,) and a number go together, or (N, M), (N, D), (M, D) and "
            "(D,); reshape one of them."
        )
    return predict(X, W, b) - Y


def loss(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> Any:
    r"""Loss :math:`\frac c2 \sum R_{ij}^2`, an array without axes; shapes as in :func:`lrcore.losses.loss`."""
    R = residual(X, Y, W, b)
    return scale(convention, R.shape) / 2 * namespace(X).sum(R * R)


def gradient(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> tuple[Any, Any]:
    r"""Gradient :math:`c\, X^\top R` and :math:`c\, 1^\top R`; shapes as in :func:`lrcore.gradients.gradient`."""
    R = residual(X, Y, W, b)
    c = scale(convention, R.shape)
    return c * (X.T @ R), c * namespace(X).sum(R, axis=0)
