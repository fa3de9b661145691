"""Linear regression, derived and checked: the library behind the book.

The letters, everywhere the same::

    N, M, D   samples, input features, outputs
    X         (N, M)  inputs, one sample a row
    W, b      (M, D) weights, (D,) bias, which stands for the 1 x D row; one output: w (M,), b a number
    Y, Y_hat  (N, D)  targets and predictions, Y_hat = X W + 1 b; one output: y (N,)
    R         (N, D)  residual Y_hat - Y, always with this sign
    L         the loss, a number; by default (1/N) * sum of the squares of R
    c         the factor in the gradient c * X.T @ R that the convention of the loss decides

Importing ``lrcore`` loads nothing but this file; each module is loaded when it is first used.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_MODULES = (
    "accumulate",
    "check",
    "closed_form",
    "data",
    "descent",
    "errors",
    "gradient",
    "loss",
    "model",
    "plots",
    "symbolic",
    "verify",
    "widgets",
)
_NAMES = {
    "fit": "closed_form",
    "Fit": "closed_form",
    "descend": "descent",
    "Path": "descent",
    "rates": "descent",
    "housing": "data",
    "synthetic": "data",
    "Dataset": "data",
    "predict": "model",
    "design": "model",
    "check_gradient": "check",
    "CONVENTIONS": "loss",
    "ShapeError": "errors",
    "InputError": "errors",
}
__all__ = sorted([*_MODULES, *_NAMES])


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(import_module(f"lrcore.{_NAMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"lrcore.{name}")
    raise AttributeError(f"lrcore has no {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
