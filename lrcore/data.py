"""Data: seeded synthetic sets whose truth is known, King County's house sales, and PyTorch's reference numbers."""

from __future__ import annotations  # a signature that names np.random would load it, a tenth of a short start

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from lrcore.errors import InputError
from lrcore.shapes import Array, count, in_range, inputs, positive, some_names

HOUSING_FEATURES = ("sqft_living", "bedrooms", "bathrooms", "floors", "yr_built")
HOUSING_OUTPUTS = ("price", "grade")


@dataclass(frozen=True)
class Dataset:
    """Inputs X (N, M), targets Y (N,) or (N, D), their names, and where they are known the true W and b."""

    X: Array
    Y: Array
    features: tuple[str, ...]
    outputs: tuple[str, ...]
    W: Array | None = None
    b: Array | None = None

    def __repr__(self) -> str:
        return f"Dataset(X {self.X.shape}: {', '.join(self.features)}; Y {self.Y.shape}: {', '.join(self.outputs)})"


def synthetic(
    N: int, M: int, D: int | None = None, *, condition: float | None = None, noise: float = 0.1, seed: int = 0
) -> Dataset:
    r"""Seeded data :math:`Y = XW + 1_N b + \text{noise}` whose truth is known.

    Parameters
    ----------
    N, M : samples and features      D : outputs; None gives a 1-D y with a 1-D w
    condition : condition number of X, whose columns then have mean 0; 1 or more, for N > M >= 2; None: any
    noise : standard deviation of the normal noise, in the targets' units
    seed : the same seed always gives the same data

    Returns
    -------
    Dataset

    Raises
    ------
    InputError
        a size below 1, a condition below 1, or one that these sizes cannot have.

    Used in every chapter.
    """
    N, M, outputs = count("N", N), count("M", M), 1 if D is None else count("D", D)
    noise = positive("noise", noise, zero=True)
    random = np.random.default_rng(count("seed", seed, least=0))
    X: Array = random.standard_normal((N, M))
    X = X if condition is None else _conditioned(X, positive("condition", condition), random)
    W, b = random.normal(size=(M, outputs)).round(1) + 1.0, random.normal(size=outputs).round(1)
    Y = X @ W + b + noise * random.standard_normal((N, outputs))
    features = tuple(f"x{k + 1}" for k in range(M))
    names = tuple(f"y{j + 1}" for j in range(outputs))
    if D is None:
        return Dataset(X, Y[:, 0], features, ("y",), W[:, 0], b[0])
    return Dataset(X, Y, features, names, W, b)


def _conditioned(X: Array, condition: float, random: np.random.Generator) -> Array:
    N, M = X.shape
    if N <= M or M == 1 or condition < 1:
        raise InputError(
            f"condition is {condition:g} for N = {N} samples of M = {M} features, but it is 1 or more, "
            "and only N > M with M of at least 2 leave a choice of it."
        )
    Q, _ = np.linalg.qr(X - X.mean(axis=0))
    mix, _ = np.linalg.qr(random.standard_normal((M, M)))
    return np.sqrt(N) * (Q * np.geomspace(1.0, 1.0 / condition, M)) @ mix.T


@cache
def _king_county() -> tuple[tuple[str, ...], Array]:
    import gzip

    with gzip.open(str(files("lrcore") / "datasets" / "king_county.csv.gz"), "rt", encoding="ascii") as lines:
        names = tuple(next(lines).strip().split(","))
        return names, np.loadtxt(lines, delimiter=",")


def housing(*, features: tuple[str, ...] = HOUSING_FEATURES, outputs: tuple[str, ...] = ("price",)) -> Dataset:
    """House sales of King County, Washington, May 2014 to May 2015: 21,613 of them.

    Parameters
    ----------
    features : any of price (USD), grade (1-13), sqft_living (square feet), bedrooms, bathrooms, floors, yr_built
    outputs : likewise; one output gives a 1-D y

    Returns
    -------
    Dataset with X (21613, M) and Y (21613,) or (21613, D), in the units above

    Raises
    ------
    InputError
        a name that is not in the file, or no name at all.

    Used in the chapter *The housing data*; source and licence are in ``lrcore/datasets/README.md``.
    """
    names, table = _king_county()
    some_names("features", features)
    some_names("outputs", outputs)
    for name in (*features, *outputs):
        if name not in names:
            raise InputError(f"{name!r} is not a column of the housing data; it has {', '.join(names)}.")
    X = table[:, [names.index(name) for name in features]]
    Y = table[:, [names.index(name) for name in outputs]]
    return Dataset(X, Y[:, 0] if len(outputs) == 1 else Y, tuple(features), tuple(outputs))


def standardise(X: Any) -> tuple[Array, Array, Array]:
    r"""Columns shifted to mean 0 and scaled to standard deviation 1: :math:`(x_{ik} - \mu_k)/\sigma_k`.

    Parameters
    ----------
    X : (N, M) array

    Returns
    -------
    Z : (N, M) array      mean : (M,) array      std : (M,) array, dividing by N

    Raises
    ------
    InputError
        a column is constant, so that it has no scale, or too large or too small to be squared.

    Explained in the chapters *Descent* and *The housing data*.
    """
    X = inputs(X)
    constant = np.flatnonzero(X.min(axis=0) == X.max(axis=0))
    if constant.size:
        k = int(constant[0])
        raise InputError(f"column {k} of X is constant ({X[0, k]:g} everywhere) and cannot be scaled; leave it out.")
    with np.errstate(over="ignore", invalid="ignore"):
        mean = X.mean(axis=0)
        Z = X - mean
        rest = Z.mean(axis=0)  # what rounding took from the mean: all of a spread of one unit in the last place
        Z -= rest
        std = np.sqrt((Z * Z).mean(axis=0))
    in_range("the standard deviation of X", mean, std)
    if not std.min() > np.sqrt(np.finfo(X.dtype).tiny):
        raise InputError(f"column {int(std.argmin())} of X is too small to be squared; measure it in smaller units.")
    return Z / std, mean + rest, std


def torch_reference() -> dict[str, Any]:
    """Inputs and gradients that PyTorch computed, with the versions that made them (``benchmarks/torch_backward.py``).

    Lists become float64 arrays. Used in the chapter *From here to backpropagation*.
    """
    return _stored("torch_backward.json")


def three_lines() -> dict[str, Any]:
    """What statsmodels and JAX computed, with the versions that made it (``benchmarks/three_lines.py``).

    Lists become float64 arrays. Used in the chapter *From gradient to trust*.
    """
    return _stored("three_lines.json")


def _stored(name: str) -> Any:
    return _arrays(json.loads((files("lrcore") / "datasets" / name).read_text(encoding="utf-8")))


def errata() -> list[dict[str, Any]]:
    """The formulas of the three documents behind the book: number, LaTeX, context, expected verdicts, note, correction.

    Used in the chapter *Errata*, which checks every one of them.
    """
    found: list[dict[str, Any]] = json.loads((files("lrcore") / "datasets" / "errata.json").read_text(encoding="utf-8"))
    return found


def _arrays(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _arrays(item) for key, item in value.items()}
    text = isinstance(value, list) and isinstance(value[0], str)
    return np.array(value, dtype=float) if isinstance(value, list) and not text else value
