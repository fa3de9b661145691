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
from lrcore.shapes import shown


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
    r"""Predictions :math:`XW + 1_N b`; shapes as in :func:`lrcore.model.predict`.

    Raises
    ------
    ShapeError
        the columns of X do not meet the rows of W, or b has not the shape of one prediction.
    """
    _fit_together(X=X, W=W, b=b)
    return X @ W + b


def residual(X: Any, Y: Any, W: Any, b: Any = 0.0) -> Any:
    r"""Residual :math:`XW + 1_N b - Y`; shapes as in :func:`lrcore.losses.residual`.

    Raises
    ------
    ShapeError
        as :func:`predict`, or Y has not the shape of the predictions.
    """
    _fit_together(X=X, Y=Y, W=W, b=b)
    return X @ W + b - Y


def _fit_together(**arrays: Any) -> None:
    """Refuse shapes that do not fit, which an array library may broadcast; Dask's unknown lengths fit any other."""
    shapes = {name: _shape(name, array) for name, array in arrays.items()}
    X, W, b = shapes["X"], shapes["W"], shapes["b"]
    Y = shapes.get("Y", (*X[:1], *W[1:]))
    known = all(size == size for size in (*X[:1], *Y[:1]))  # Dask says NaN where it does not know
    fine = len(X) == 2 and len(W) in (1, 2) and X[1:] == W[:1] and b in ((), W[1:])
    if not fine or not Y or Y[1:] != W[1:] or (known and Y[0] != X[0]):
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ShapeError(
            f"the shapes are {given}, but X (N, M), Y (N,), W (M,) and a number b go together, or X (N, M), Y (N, D), "
            "W (M, D) and b (D,); reshape one of them."
        )


def _shape(name: str, array: Any) -> tuple[Any, ...]:
    if isinstance(array, int | float):
        return ()
    if not hasattr(array, "shape"):
        raise InputError(f"{name} is {shown(array)}, but an array is expected; make it one of your library's first.")
    return tuple(array.shape)


def loss(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> Any:
    r"""Loss :math:`\frac c2 \sum R_{ij}^2`, an array without axes; shapes as in :func:`lrcore.losses.loss`."""
    R = residual(X, Y, W, b)
    return scale(convention, R.shape) / 2 * namespace(X).sum(R * R)


def gradient(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> tuple[Any, Any]:
    r"""Gradient :math:`c\, X^\top R` and :math:`c\, 1^\top R`; shapes as in :func:`lrcore.gradients.gradient`."""
    R = residual(X, Y, W, b)
    c = scale(convention, R.shape)
    return c * (X.T @ R), c * namespace(X).sum(R, axis=0)
