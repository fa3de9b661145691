"""What a call costs beside the work itself: small fits beside numpy's least squares, small batches beside a plain loop.

    python benchmarks/overheads.py

Best of many calls in one thread, in seconds of the processor. Figures go to ``benchmarks/results/overheads.json``.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
import numpy as np  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

import lrcore as lr  # noqa: E402

RESULTS = ROOT / "benchmarks/results/overheads.json"
FITS = [(20, 2, 1), (50, 3, 1), (100, 5, 1), (500, 10, 1), (50, 3, 4)]
STACKS = [(10_000, 50, 3), (10_000, 20, 2), (1_000, 100, 10)]
GRADIENTS = [(50, 3, 1), (100, 5, 1), (2_000, 20, 1), (500, 10, 4)]
ROWS, BATCH, STEPS = 200_000, 32, 200


def best(call: Callable[[], Any], count: int) -> float:
    """Seconds of the quickest of so many calls, after a few that are not counted."""
    took = []
    for _ in range(count + 3):
        begin = time.process_time()
        call()
        took.append(time.process_time() - begin)
    return min(took[3:])


def small_fits() -> list[dict[str, Any]]:
    random, found = np.random.default_rng(0), []
    for N, M, D in FITS:
        X = random.normal(size=(N, M))
        Y = X @ random.normal(size=(M, D)) + 2 + random.normal(size=(N, D))
        A, Y = np.column_stack([np.ones(N), X]), Y if D > 1 else Y[:, 0]
        calls: dict[str, Callable[[], Any]] = {
            "fit": lambda X=X, Y=Y: lr.fit(X, Y),
            "lstsq": lambda A=A, Y=Y: np.linalg.lstsq(A, Y, rcond=None),
        }
        times = {name: round(1e6 * best(call, 3000), 1) for name, call in calls.items()}
        found.append({"N": N, "M": M, "D": D, "microseconds": times})
    return found


def many_fits() -> list[dict[str, Any]]:
    """K problems at once, beside numpy's normal equations of all of them."""
    random, found = np.random.default_rng(0), []
    for K, N, M in STACKS:
        X = random.normal(size=(K, N, M))
        Y = (X @ random.normal(size=(K, M, 1)))[..., 0] + 2 + random.normal(size=(K, N))

        def normal(X: Any = X, Y: Any = Y) -> None:
            A = np.concatenate([np.ones((*X.shape[:2], 1)), X], axis=2)
            np.linalg.solve(A.mT @ A, A.mT @ Y[..., None])

        calls: dict[str, Callable[[], Any]] = {"fit": lambda X=X, Y=Y: lr.fit(X, Y), "normal equations": normal}
        times = {name: round(1e3 * best(call, 20), 1) for name, call in calls.items()}
        found.append({"K": K, "N": N, "M": M, "milliseconds": times, "one by one": len(lr.fit(X, Y).others)})
    return found


def gradients() -> list[dict[str, Any]]:
    """The gradient beside numpy's line with the bias, X^T R and the sum of R."""
    random, found = np.random.default_rng(0), []
    for N, M, D in GRADIENTS:
        X, W, Y = random.normal(size=(N, M)), random.normal(size=(M, D)), random.normal(size=(N, D))
        W, Y = (W, Y) if D > 1 else (W[:, 0], Y[:, 0])

        def line(X: Any = X, Y: Any = Y, W: Any = W) -> tuple[Any, Any]:
            R = X @ W - Y
            return 2 / len(X) * (X.T @ R), 2 / len(X) * R.sum(axis=0)

        calls: dict[str, Callable[[], Any]] = {"gradient": lambda X=X, Y=Y, W=W: lr.gradient(X, Y, W), "line": line}
        times = {name: round(1e6 * best(call, 3000), 1) for name, call in calls.items()}
        found.append({"N": N, "M": M, "D": D, "microseconds": times})
    return found


def small_batches() -> dict[str, float]:
    random = np.random.default_rng(0)
    X = random.normal(size=(ROWS, 20))
    y = X.sum(axis=1) + random.normal(size=ROWS)

    def plain() -> None:
        w, b, order = np.zeros(20), 0.0, np.random.default_rng(0).permutation(ROWS)
        for start in range(0, STEPS * BATCH, BATCH):
            rows = order[start : start + BATCH]
            R = X[rows] @ w + b - y[rows]
            w, b = w - 1e-3 * 2 / BATCH * (X[rows].T @ R), b - 1e-3 * 2 / BATCH * R.sum()

    def descend(every: int | None) -> Callable[[], Any]:
        return lambda: lr.descend(X, y, rate=1e-3, steps=STEPS, batch=BATCH, record_every=every, progress=False)

    calls = {
        "plain loop": plain,
        "descend, first and last recorded": descend(STEPS),
        "descend as it comes": descend(None),
        "descend, each recorded": descend(1),
    }
    counts = (20, 20, 20, 3)
    return {name: round(1e3 * best(call, count), 1) for (name, call), count in zip(calls.items(), counts, strict=True)}


if __name__ == "__main__":
    threadpool_limits(1)
    results = {"fits": small_fits(), "many at once": many_fits(), "gradients": gradients()}
    results |= {"200 steps of 32 of 200,000 rows, milliseconds": small_batches()}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))
