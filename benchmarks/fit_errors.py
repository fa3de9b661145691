"""Whether a fit ever lies further from the exact solution than it says: 10,000 random problems of two hard kinds.

    python benchmarks/fit_errors.py [COUNT]

Weights many orders of magnitude apart, and solutions of minimum norm, each against exact rationals; the problems are
those of ``tests/test_fit_errors.py``, with other seeds. Figures go to ``benchmarks/results/fit_errors.json``.
"""

import sys
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
import test_fit_errors as hard  # noqa: E402
from oracles import exact_ridge  # noqa: E402

from benchmarks.kept import keep  # noqa: E402
from lrcore import fit  # noqa: E402
from lrcore.errors import InputError  # noqa: E402

FIRST, COUNT = 1_000_000, 10_000


def shortest(seed: int) -> tuple[Any, Any, Any]:
    X, y, intercept, weights = hard.dependent(seed)
    b, W, _ = hard.exact_shortest(X, y, intercept, weights)
    return fit(X, y, intercept=intercept, weights=weights), b, W


def orders_apart(seed: int) -> tuple[Any, Any, Any]:
    X, y, intercept, weights = hard.orders_apart(seed)
    found = fit(X, y, intercept=intercept, weights=weights)
    if found.rank < X.shape[1] + intercept:  # by rounding, which the warning says
        b, W, _ = hard.exact_shortest(X, y, intercept, weights)
        return found, b, W
    exact = exact_ridge(X, y, 0, intercept, weights)
    return found, exact[0] if intercept else Fraction(0), exact[intercept:]


def judged(make: Callable[[int], tuple[Any, Any, Any]], count: int) -> dict[str, Any]:
    """How many numbers were judged, how many lay outside of what was said, and how much was said."""
    numbers, outside, unsaid, refused, digits, examples = 0, 0, 0, 0, list[float](), list[int]()
    for seed in range(FIRST, FIRST + count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found, b, W = make(seed)
            except InputError:  # one sentence in place of an answer
                refused += 1
                continue
        if not np.isfinite(found.W_error).all():
            unsaid += 1
            continue
        wrong = hard.exceeded(found, b, W)
        numbers += 1 + len(W)
        outside += len(wrong)
        examples += [seed] * bool(wrong)
        largest = np.abs(found.W).max()
        if largest > 0:
            digits.append(float(-np.log10(max(found.W_error.max() / largest, 1e-17))))
    quarters = [round(float(one), 1) for one in np.quantile(digits, [0.01, 0.25, 0.5])]
    return {
        "problems": count,
        "numbers": numbers,
        "outside of what was said": outside,
        "of the seeds": examples[:20],
        "without an estimate": unsaid,
        "refused in a sentence": refused,
        "digits that were said (1 %, quarter, median)": quarters,
    }


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    for name, make in (("minimum norm", shortest), ("weights orders apart", orders_apart)):
        found = judged(make, count // 2)
        print(name, found)
        keep("fit_errors", name, found)


if __name__ == "__main__":
    main()
