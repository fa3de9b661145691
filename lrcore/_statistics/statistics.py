r"""The statistics of a fit: what its samples say of the scatter, of the weights, and of themselves."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from lrcore._statistics import basis, distributions
from lrcore._statistics.basis import Basis
from lrcore._statistics.summary import Summary, summary_of
from lrcore.errors import InputError
from lrcore.shapes import Array, one_of, positive

#: How standard errors may be found: for one scatter in all samples, or for a scatter of its own in each.
ERRORS = ("usual", "HC0", "HC1", "HC2", "HC3")
_ALONE = 1e-11  # of a leverage below one: what rounding leaves of a sample that alone fixes a weight
_CHANGED = 1e-7
_EPS = float(np.finfo(float).eps)


class Interval(NamedTuple):
    """Predictions with the ends of their intervals and the standard errors behind these; each (N,) or (N, D)."""

    value: Array
    low: Array
    high: Array
    standard_error: Array


@dataclass(frozen=True, eq=False)
class Statistics:
    """What the samples of a least-squares fit say: ``fit(X, y).statistics``.

    There are N samples that count and P unknowns, the bias first where there is one: ``names``. The variance s^2 is the
    sum of the squared residuals r, each times its sample's weight, over N - P; the covariance is s^2 (A^T Omega A)^-1
    with the design matrix A and the weights in Omega; h are leverages, the diagonal of the hat matrix.

    Arrays have an axis of outputs, (N, D) or (P, D), where the fit has one. Rows of samples with weight zero are NaN.

    Derived in the chapter *What the numbers mean*.
    """

    basis: Basis
    names: tuple[str, ...]
    coefficients: Array
    r_squared: Array
    weights: Array
    single: bool

    @property
    def counted(self) -> Any:
        """Which samples count, (N,): those whose weight is not zero."""
        return self.weights > 0

    @property
    def N(self) -> int:
        """How many samples count."""
        return len(self.basis.Q)

    @property
    def P(self) -> int:
        """Unknowns of each output, the bias included."""
        return len(self.names)

    @property
    def freedom(self) -> int:
        """Degrees of freedom, N - P.

        Raises
        ------
        InputError
            there are none.
        """
        if self.N <= self.P:
            raise InputError(
                f"{self.N} samples for {self.P} unknowns are fitted exactly, so nothing is left to tell how far "
                "targets scatter; give more samples than unknowns."
            )
        return self.N - self.P

    @cached_property
    def scatter(self) -> Array:
        """s, the standard error of the regression, in units of Y; of each output."""
        scaling = self.basis.system.scaling
        return self._shaped(self._root * scaling.y * scaling.weight)

    @cached_property
    def leverage(self) -> Array:
        """How strongly each sample pulls on its own prediction: the diagonal of the hat matrix, (N,)."""
        return self._spread(self._leverage[:, None])[:, 0]

    @cached_property
    def residuals(self) -> Array:
        """Y_hat - Y, right to its last digits also where the two are nearly equal."""
        R = self.basis.R * self.basis.system.scaling.y
        weights = self.basis.system.weights
        return self._shaped(self._spread(R if weights is None else R / np.sqrt(weights)))

    @cached_property
    def standardised(self) -> Array:
        """Residuals over their standard errors, r / (s sqrt(1 - h)): internally studentised, with the sign of R."""
        return self._shaped(self._spread(self._internal))

    @cached_property
    def studentised(self) -> Array:
        """The same with the s of a fit without the sample: externally studentised, with Student's distribution."""
        left = self.freedom - np.square(self._internal)
        with np.errstate(all="ignore"):
            found = self._internal * np.sqrt((self.freedom - 1) / left)
        return self._shaped(self._spread(found))

    @cached_property
    def cooks_distance(self) -> Array:
        """How far all predictions move without the sample: r^2 h / (s^2 P (1 - h)^2)."""
        h = self._leverage[:, None]
        return self._shaped(self._spread(np.square(self._internal) / self.P * h / self._apart[:, None]))

    def covariance(self, errors: str = "usual") -> Array:
        r"""Covariance of the coefficients, (P, P), or (D, P, P).

        Parameters
        ----------
        errors : "usual", or for samples of unequal scatter "HC0" to "HC3", of the squared residuals divided by 1;
            (N - P)/N; 1 - h; (1 - h)^2

        Raises
        ------
        InputError
            a sample has leverage one, which HC2 and HC3 divide by.
        """
        return self._of_outputs([B @ B.T for B in self._moves(errors)])

    def standard_errors(self, errors: str = "usual") -> Array:
        """Standard errors of the coefficients, (P,) or (P, D): the roots of the diagonal of :meth:`covariance`."""
        return self._shaped(np.stack([np.linalg.norm(B, axis=1) for B in self._moves(errors)], axis=1))

    @property
    def standard_error_bounds(self) -> Array:
        """How far the usual standard errors may be off, by estimate, as ``W_error`` says it of the weights."""
        share, length = self.basis.lost
        scaling, G = self.basis.system.scaling, np.linalg.norm(self.basis.G, axis=1)[:, None]
        unit = scaling.y / np.hstack([np.ones(int(scaling.intercept)), scaling.x])[:, None]
        return self._shaped(unit * G * ((share + 4 * self.P * _EPS) * self._root + length / np.sqrt(self.freedom)))

    def t(self, errors: str = "usual") -> Array:
        """Coefficients over their standard errors."""
        with np.errstate(all="ignore"):
            return self.coefficients / self.standard_errors(errors)

    def p(self, errors: str = "usual") -> Array:
        """How likely a t at least as large would be, of either sign, if the true coefficient were zero; needs scipy."""
        return distributions.two_sided(self.t(errors), self.freedom)

    def intervals(self, level: float = 0.95, errors: str = "usual") -> tuple[Array, Array]:
        """The ends of the coefficients' confidence intervals; needs scipy."""
        reach = distributions.reach(_level(level), self.freedom) * self.standard_errors(errors)
        return self.coefficients - reach, self.coefficients + reach

    def f(self, errors: str = "usual") -> Array:
        """Fisher's F of all weights against none but the bias; with robust errors Wald's."""
        first = int(self.basis.system.scaling.intercept)
        one_of("errors", errors, ERRORS)
        with np.errstate(all="ignore"):
            if errors == "usual":
                found = np.square(self._explained[first:]).sum(axis=0) / (self.P - first) / np.square(self._root)
                return self._shaped(found)
        found = []
        for z, scale in zip(self._explained.T, self._scales(errors).T, strict=True):
            _, R = np.linalg.qr(self.basis.Q[:, first:] * scale[:, None])
            found.append(np.square(np.linalg.solve(R.T, z[first:])).sum() / (self.P - first))
        return self._shaped(np.array(found))

    def f_p(self, errors: str = "usual") -> Array:
        """How likely an F at least as large would be if all true weights were zero; needs scipy."""
        first = int(self.basis.system.scaling.intercept)
        return distributions.above(self.f(errors), self.P - first, self.freedom)

    @property
    def adjusted_r_squared(self) -> Array:
        """1 - (1 - R^2) (N - 1)/(N - P), which a useless column does not raise; N in place of N - 1 without a bias."""
        first = int(self.basis.system.scaling.intercept)
        return 1 - (1 - self.r_squared) * ((self.N - first) / self.freedom)

    @property
    def log_likelihood(self) -> Array:
        """The logarithm of the largest likelihood: of normal errors whose variance is the mean square that is left."""
        with np.errstate(all="ignore"):
            variance = np.square(self.scatter) * ((self.N - self.P) / self.N)
            return (np.log(self.weights[self.counted]).sum() - self.N * (np.log(2 * np.pi * variance) + 1)) / 2

    @property
    def aic(self) -> Array:
        """Akaike's criterion, 2 P - 2 log-likelihood; the variance is not counted as an unknown."""
        return 2 * self.P - 2 * self.log_likelihood

    @property
    def bic(self) -> Array:
        """The Bayesian criterion, P log N - 2 log-likelihood."""
        return self.P * np.log(self.N) - 2 * self.log_likelihood

    def around(self, X: Array, value: Array, of: str, level: float) -> Interval:
        """Intervals at inputs X (n, M): of the mean of samples there, "confidence", or of one, "prediction"."""
        extra = int(one_of("interval", of, ("confidence", "prediction")) == "prediction")
        length = np.linalg.norm(self.basis.rows(X), axis=1)[:, None]
        scatter = np.reshape(self.scatter, (1, -1))
        error = self._shaped(np.hypot(length * scatter, extra * scatter))
        reach = distributions.reach(_level(level), self.freedom) * error
        return Interval(value, value - reach, value + reach, error)

    def summary(self, fitted: Any, *, level: float = 0.95, errors: str = "usual", output: int | None = None) -> Summary:
        """All of it as a table, of one output; see :meth:`lrcore.fitted.Fit.summary`."""
        return summary_of(self, fitted, _level(level), one_of("errors", errors, ERRORS), output)

    @cached_property
    def _leverage(self) -> Array:
        return np.square(self.basis.Q).sum(axis=1)

    @cached_property
    def _apart(self) -> Array:
        """1 - h; NaN where a sample alone fixes a weight."""
        left = 1 - self._leverage
        return np.where(left > _ALONE, left, np.nan)

    @cached_property
    def _root(self) -> Array:
        """s of each output, in the system's units."""
        return np.linalg.norm(self.basis.R, axis=0) / np.sqrt(self.freedom)

    @cached_property
    def _internal(self) -> Array:
        with np.errstate(all="ignore"):
            return self.basis.R / (self._root * np.sqrt(self._apart)[:, None])

    @cached_property
    def _explained(self) -> Array:
        """Q^T Y (P, D), Y centred first where there is a bias."""
        system = self.basis.system
        Y, root = (
            system.Y / system.scaling.y,
            np.ones((self.N, 1)) if system.weights is None else np.sqrt(system.weights),
        )
        if system.scaling.intercept:
            for _ in range(2):
                Y = Y - (root * root * Y).sum(axis=0) / np.square(root).sum()
        return self.basis.Q.T @ (root * Y)

    def _scales(self, errors: str) -> Array:
        """By how much each sample's scatter is believed to be, (N, D)."""
        if errors in ("HC2", "HC3") and np.isnan(self._apart).any():
            row = int(np.flatnonzero(self._spread(np.isnan(self._apart)[:, None].astype(float))[:, 0] == 1)[0])
            raise InputError(
                f"sample {row} has leverage 1 (it alone fixes a weight), and {errors} would divide by zero; "
                "take HC0 or HC1."
            )
        if errors == "HC1":
            return self.basis.R * np.sqrt(self.N / self.freedom)
        powers = {"HC0": 0.0, "HC2": 0.5, "HC3": 1.0}
        return self.basis.R / self._apart[:, None] ** powers[errors] if powers[errors] else self.basis.R

    def _moves(self, errors: str) -> list[Array]:
        """Of each output B, (P, ...), with B B^T the covariance of its coefficients."""
        one_of("errors", errors, ERRORS)
        scaling, G = self.basis.system.scaling, self.basis.G
        unit = 1 / np.hstack([np.ones(int(scaling.intercept)), scaling.x])[:, None]
        if errors == "usual":
            return [unit * G * (s * y) for s, y in zip(self._root, scaling.y, strict=True)]
        scales = self._scales(errors)
        return [unit * (G @ (self.basis.Q * r[:, None]).T) * y for r, y in zip(scales.T, scaling.y, strict=True)]

    def _spread(self, rows: Array) -> Array:
        """Rows of the samples that count, put where these stand; NaN for the others."""
        if len(rows) == len(self.counted):
            return rows
        found = np.full((len(self.counted), rows.shape[1]), np.nan)
        found[self.counted] = rows
        return found

    def _shaped(self, A: Array) -> Array:
        return A[..., 0] if self.single else A

    def _of_outputs(self, found: list[Array]) -> Array:
        return found[0] if self.single else np.stack(found)


def statistics_of(fitted: Any) -> Statistics:
    """The statistics of a :class:`lrcore.fitted.Fit`, from the samples that it was given.

    Raises
    ------
    InputError
        they have none (ridge, dependent columns), the samples were not kept, or they are no longer what was fitted.
    """
    if fitted.data is None:
        raise InputError(
            "this fit was made block by block and kept no samples, so it has no statistics beyond W_se, b_se and "
            "r_squared; fit the samples at once, lr.fit(X, Y)."
        )
    X, Y, weights, ridge, intercept = fitted.data
    if X.ndim == 3:
        raise InputError(f"these are {len(X)} fits; take the statistics of one, such as fits[0].statistics.")
    if ridge:
        raise InputError("ridge moves the weights on purpose, so their standard errors say little; fit without ridge.")
    X, Y = (A.astype(np.float64, copy=False) for A in (X, Y))
    found = basis.of(X, Y.reshape(len(Y), -1), weights, intercept)
    coefficients = np.concatenate([np.reshape(fitted.b, (1, *fitted.W.shape[1:]))[: int(intercept)], fitted.W])
    _unchanged(found, coefficients.reshape(len(coefficients), -1))
    names = ["bias"] * intercept + list(fitted.names or (f"W[{k}]" for k in range(X.shape[1])))
    counts = np.ones(len(X)) if weights is None else np.asarray(weights, dtype=float)
    return Statistics(found, tuple(names), coefficients, fitted.r_squared, counts, Y.ndim == 1)


def _unchanged(found: Basis, coefficients: Array) -> None:
    """Refuse samples that were changed in place after they were fitted."""
    first, system = int(found.system.scaling.intercept), found.system
    theta = found.theta * system.scaling.y / np.hstack([np.ones(first), system.scaling.x])[:, None]
    theta[:first] += system.shift
    far = np.abs(theta - coefficients) > _CHANGED * np.abs(coefficients) + 1e-300
    if far[first:].any() or not system.X.size:
        raise InputError("X or Y was changed after it was fitted; fit again for its statistics.")


def _level(level: Any) -> float:
    level = positive("level", level)
    if level >= 1:
        raise InputError(f"level is {level:g}, but a probability between 0 and 1 is expected, such as 0.95.")
    return level
