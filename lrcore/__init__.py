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

__version__ = "0.2.0"

#: Each name that the package gives, and the module that holds it; a module under its own name has none in it.
_NAMES = {
    "loss": "losses",
    "gradient": "gradients",
    "predict": "model",
    "design": "model",
    "fit": "closed_form",
    "Fit": "fitted",
    "Fits": "stacks",
    "Statistics": "_statistics.statistics",
    "Interval": "_statistics.statistics",
    "Summary": "_statistics.summary",
    "LeastSquares": "estimator",
    "formula": "formulas",
    "Formula": "formulas",
    "descend": "descent",
    "Path": "descent",
    "Rule": "descent",
    "State": "descent",
    "rates": "curvature",
    "check_gradient": "check",
    "check_derivation": "checker.derivations",
    "housing": "data",
    "synthetic": "data",
    "Dataset": "data",
    "CONVENTIONS": "losses",
    "ShapeError": "errors",
    "InputError": "errors",
}
_MODULES = {
    "accumulate": "_scale.accumulate",
    "check": "check",
    "closed_form": "closed_form",
    "data": "data",
    "curvature": "curvature",
    "descent": "descent",
    "errors": "errors",
    "gradients": "gradients",
    "losses": "losses",
    "model": "model",
    "plots": "figures.plots",
    "portable": "portable",
    "symbolic": "symbolic",
    "verify": "verify",
    "widgets": "widgets",
}
__all__ = sorted([*_MODULES, *_NAMES])
__path__.append(f"{__path__[0]}/_former")  # modules under the names they had: old notebooks go on importing them


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"lrcore.{_MODULES[name]}")
    if name not in _NAMES:
        raise AttributeError(f"lrcore has no {name!r}; it has: {', '.join(__all__)}")
    module = import_module(f"lrcore.{_NAMES[name]}")
    if name in ("gradient", "loss"):  # modules once: what they held can still be had from the function
        vars(getattr(module, name)).update((key, value) for key, value in vars(module).items() if key[0] != "_")
    globals()[name] = found = getattr(module, name)  # the next time it is there
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
