"""How far a solution may be off: what residuals in twice the precision cannot see, and what is left to correct."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lrcore._exact.extended import Pair
from lrcore._exact.factor import Factor
from lrcore._exact.scaling import System
from lrcore.shapes import Array

_EPS = float(np.finfo(float).eps)
_EXTENDED = _EPS**2


@dataclass(frozen=True)
class Bound:
    """What the factor says of errors: how far they carry, and how much of one a correction leaves."""

    system: System
    factor: Factor
    samples: Factor

    @cached_property
    def inverse(self) -> Array:
        """R^-1."""
        return self.factor.inverse

    @cached_property
    def sensitivity(self) -> Array:
        """Lengths of the rows of T R^-1, (P, 1): how far a residual of length one can move each unknown."""
        return np.linalg.norm(self.system.scaling.moved(self.inverse), axis=1)[:, None]

    @cached_property
    def sensitivity_to_targets(self) -> Array:
        """The same for an error of Y alone, (P, 1), of which a penalty leaves less."""
        if not self.system.penalty:
            return self.sensitivity
        kept = self.samples.R @ self.inverse
        rounding = _EPS * self.factor.condition * np.linalg.norm(self.samples.R) * np.linalg.norm(self.inverse)
        moved = np.linalg.norm(self.system.scaling.moved(self.inverse @ kept.T), axis=1)[:, None]
        return np.minimum(self.sensitivity, moved + rounding * self.sensitivity)

    @cached_property
    def rate(self) -> float:
        """How much of an error a correction is to leave; the normal equations square the condition number."""
        return 8 * _EPS * float(self.factor.condition ** (2 if self.factor.Q is None else 1))

    def remaining(self, size: Array, d: Array | None, rate: float) -> Array:
        """What a correction leaves of the error: of z, which moved by ``size``, and of d, which carries back to z."""
        share = min(1.0, 2 * max(rate, self.rate))
        moved = self.largest_change(size * share)
        return moved if d is None else moved + self.sensitivity * share * np.linalg.norm(d, axis=0)

    def unseen(self, theta: Pair, squares: Array, count: int) -> Array:
        r"""What residuals of ``count`` parts cannot see, carried to the unknowns.

        An error of the residual is an error of Y and is carried once. One of :math:`A^\top d` is carried twice, but is
        smaller where all rows are one block: then nothing large is rounded, for the large parts of it cancel exactly.
        """
        system = self.system
        cut, many = _EPS * 2.0 ** (-system.bits * count), np.sqrt(system.samples) * system.P
        once, twice = max(cut, _EXTENDED), max(cut, _EXTENDED * (2.0**-system.bits if system.in_one_block else 1.0))
        together = np.linalg.norm(self.sensitivity[:, 0] * system.scaling.size)
        of_targets = self.sensitivity_to_targets * once * (1 + np.abs(theta.high).sum(axis=0))
        return 4 * many * (of_targets + self.sensitivity * together * twice * np.sqrt(squares))

    def largest_change(self, size: Array) -> Array:
        """How large T z can be where no entry of z is larger than ``size``, one number an output."""
        return self.system.scaling.moved(np.multiply.outer(np.ones(self.system.P), size), largest=True)
