r"""The readable functions on any array library: the same lines run on torch, JAX, CuPy, Dask or strict arrays.

They follow the Python array API: operators, and a namespace that the array itself names. Nothing is checked or moved:
the arrays stay on their device, and automatic differentiation goes through. numpy's own arrays are better served by
:mod:`lrcore.gradients`, which checks its input and works in blocks.
"""

from importlib import import_module
from typing import Any

from lrcore.errors import InputError
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


def loss(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> Any:
    r"""Loss :math:`\frac c2 \sum R_{ij}^2`, an array without axes; shapes as in :func:`lrcore.losses.loss`."""
    R = predict(X, W, b) - Y
    return scale(convention, R.shape) / 2 * namespace(X).sum(R * R)


def gradient(X: Any, Y: Any, W: Any, b: Any = 0.0, *, convention: str = "mean") -> tuple[Any, Any]:
    r"""Gradient :math:`c\, X^\top R` and :math:`c\, 1^\top R`; shapes as in :func:`lrcore.gradients.gradient`."""
    R = predict(X, W, b) - Y
    c = scale(convention, R.shape)
    return c * (X.T @ R), c * namespace(X).sum(R, axis=0)
