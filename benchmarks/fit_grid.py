"""Fits of many shapes beside ``np.linalg.lstsq``: tall, square, wide, many outputs; and data of kinds that are harder.

    python benchmarks/fit_grid.py

Seconds of the processor in one thread, the two in turn, medians: what others do on the machine disturbs both. Figures
go to ``benchmarks/results/numerics.json``, from which README's table is made, as by ``benchmarks/numerics.py``.
"""

import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
import numpy as np  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

import lrcore as lr  # noqa: E402

RESULTS = ROOT / "benchmarks/results/numerics.json"
SIZES, OUTPUTS = (1, 5, 20, 100, 500, 1_000, 2_000, 5_000), (1, 20, 200, 5_000)
LARGE = [(100_000, 5, 1), (500_000, 5, 1), (50_000, 20, 1), (600, 1_200, 1), (4_000, 2_000, 1)]
HARD = [
    (1_000, 500, 1),
    (1_000, 500, 20),
    (1_000, 500, 200),
    (5_000, 100, 20),
    (500, 100, 200),
    (5_000, 20, 200),
    (500, 20, 200),
    (100, 20, 5_000),
    (100_000, 5, 1),
    (500_000, 5, 1),
    (50_000, 20, 1),
    (500, 2_000, 20),
]
NEARLY, UNEQUAL, DEPENDENT = "two columns nearly one (condition 1e6)", "columns of sizes 1e-4 to 1e4", "two columns one"
MOST, LEAST, ROUNDS = 6e9, 1e-3, 5  # operations of lstsq, its seconds from which on a shape counts, and turns


def shapes() -> list[tuple[int, int, int]]:
    """The grid, without what takes lstsq minutes or no time at all; and shapes from reports."""
    grid = [(N, M, D) for N in SIZES for M in SIZES for D in OUTPUTS]
    return [s for s in grid if 2e5 < 4 * s[0] * s[1] * (min(s[:2]) + s[2]) < MOST] + LARGE


def seconds(call: Callable[[], Any], count: int) -> float:
    begin = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - begin) / count


def data(N: int, M: int, D: int, kind: str) -> tuple[Any, Any]:
    """Random X and Y of this kind, "" for columns that are independent."""
    random = np.random.default_rng(0)
    X = random.normal(size=(N, M))
    if kind in (NEARLY, DEPENDENT):
        X[:, 1] = X[:, 0] + (X[:, 1] / 1e6 if kind == NEARLY else 0)
    Y = random.normal(size=(N, D)) + X.sum(axis=1, keepdims=True)
    return X * (10.0 ** np.linspace(-4, 4, M) if kind == UNEQUAL else 1), Y


def measured(N: int, M: int, D: int, kind: str = "") -> dict[str, Any] | None:
    """Both in turn; None where lstsq takes less than a millisecond."""
    X, Y = data(N, M, D, kind)

    def lstsq() -> Any:
        return np.linalg.lstsq(np.column_stack([np.ones(N), X]), Y, rcond=None)

    def ours() -> Any:
        return lr.fit(X, Y)

    seconds(lstsq, 1)
    once = seconds(lstsq, 1)
    if once < LEAST:
        return None
    count, found = max(1, int(0.02 / once)), ours()
    turns = [(seconds(lstsq, count), seconds(ours, count)) for _ in range(ROUNDS if once < 0.2 else 2)]
    theirs, mine = (round(1e3 * median(column), 2) for column in zip(*turns, strict=True))
    times = {"lstsq": theirs, "fit": mine}
    return {"N": N, "M": M, "D": D, "kind": kind, "ms": times, "digits": found.digits, "by": found.method}


def grid() -> dict[str, Any]:
    """All shapes, some of them of each kind, and the load of the machine before and after."""
    cases = [(*shape, "") for shape in shapes()]
    cases += [(*shape, kind) for kind in (NEARLY, UNEQUAL, DEPENDENT) for shape in HARD]
    before, rows = os.getloadavg()[0], list[dict[str, Any]]()
    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings(action="ignore"):
        for case in cases:
            if row := measured(*case):
                print(*case, row["ms"], round(row["ms"]["fit"] / row["ms"]["lstsq"], 2), row["by"], flush=True)
                rows.append(row)
    return {"rows": rows, "load": [round(load, 1) for load in (before, os.getloadavg()[0])]}


if __name__ == "__main__":
    import numerics_report

    results = json.loads(RESULTS.read_text(encoding="utf-8")) | {"grid": grid()}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    numerics_report.write(results)
