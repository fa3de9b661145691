r"""The columns of the design matrix, orthonormal, and what takes them back: all that the statistics of a fit need.

.. math:: \Omega^{1/2} A\, G = Q, \qquad Q^\top Q = I, \qquad (A^\top \Omega A)^{-1} = G G^\top

with the weights of the samples in Omega. Leverages are the squared lengths of the rows of Q, standard errors lengths of
rows of G: nothing cancels. A K, with K near the inverse of the factor, is formed in twice the precision; why Q loses
nothing by the condition number is said in ``lrcore._exact.covariance``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore._exact.bounds import Bound
from lrcore._exact.covariance import parts_of, times_inverse
from lrcore._exact.extended import Pair, add, pair, parts, power_above, product
from lrcore._exact.factor import of_all, of_samples
from lrcore._exact.refine import refined
from lrcore._exact.scaling import System, each_block, measured
from lrcore._exact.spectra import count_clear
from lrcore._fast.threads import single_threaded_blas
from lrcore.errors import InputError
from lrcore.shapes import Array

_PARTS = 4  # of A, for residuals of a fit: some 90 bits


@dataclass(frozen=True)
class Basis:
    """Q (N, P), G (P, P) and R (N, D) = A theta - Y, weighted by the roots of the weights, in the system's units.

    ``theta`` (P, D) is the solution, ``K`` and ``C`` make G = K C^-T.
    """

    system: System
    K: Array
    C: Array
    Q: Array
    R: Array
    theta: Array

    @property
    def G(self) -> Array:
        return np.linalg.solve(self.C, self.K.T).T

    def rows(self, X: Array) -> Array:
        """The rows of Q that new inputs X (n, M) would have, each of weight one."""
        scaling = self.system.scaling
        A = np.hstack([np.ones((len(X), int(scaling.intercept))), X / scaling.x])
        size = np.maximum(scaling.size, power_above(A))
        B = times_inverse(A, self.K, parts_of(self.system, self.K) + 1, self.system.bits, size)
        return np.linalg.solve(self.C, B.T).T / scaling.weight


def of(X: Array, Y: Array, weights: Any, intercept: bool) -> Basis:
    """The basis of X (N, M), and what a fit of Y (N, D) leaves; samples that count nothing are left out.

    Raises
    ------
    InputError
        the columns do not determine the weights.
    """
    with single_threaded_blas(), np.errstate(all="ignore"):
        system = measured(X, Y, weights, 0.0, intercept)
        samples = of_samples(system, "auto")
        if count_clear(samples.sigma, max(len(system.X), system.P)) < system.P:
            raise InputError(
                "the columns do not determine the weights, which therefore have no standard errors; "
                "leave out the columns that depend on others."
            )
        factor = of_all(system, samples, "cholesky" if samples.Q is None else "qr")
        bound = Bound(system, factor, samples)
        theta, K = refined(system, factor, bound).theta, system.scaling.moved(bound.inverse)
        count = parts_of(system, K)
        B, R = np.empty((len(system.X), system.P)), np.empty(system.Y.shape)
        for A, targets, counts, where, size in each_block(system):
            root = 1.0 if counts is None else np.sqrt(counts)
            B[where] = root * times_inverse(A, K, count, system.bits, size)
            fitted = product(parts(A, system.bits, _PARTS, size), theta, system.bits, size)
            R[where] = root * add(fitted, pair(-targets)).high
        C = np.linalg.cholesky(B.T @ B)
        return Basis(system, K, C, np.linalg.solve(C, B.T).T, R, _sum(theta))


def _sum(theta: Pair) -> Array:
    return theta.high + theta.low
