"""Student's t and Fisher's F, of scipy, which is asked for where one of them is needed and is nowhere else."""

from typing import Any

import numpy as np

from lrcore.shapes import Array

#: What is said where scipy is not there.
MISSING = "p-values and intervals need the distributions of scipy, which is not installed; run: pip install scipy"


def known() -> bool:
    """Is scipy there?"""
    try:
        _functions()
    except ImportError:
        return False
    return True


def two_sided(t: Array, freedom: int) -> Array:
    """How likely Student's t is at least as far from zero as ``t``."""
    return 2 * _functions().stdtr(freedom, -np.abs(t))


def reach(level: float, freedom: int) -> float:
    """How far from zero Student's t reaches with this probability."""
    return float(_functions().stdtrit(freedom, (1 + level) / 2))


def above(f: Array, numerator: int, denominator: int) -> Array:
    """How likely Fisher's F is at least ``f``."""
    return _functions().fdtrc(numerator, denominator, f)


def _functions() -> Any:
    try:
        from scipy import special
    except ImportError as error:
        raise ImportError(MISSING) from error
    return special
