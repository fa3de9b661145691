# ruff: noqa: E501  (a row of tasks a line)
"""How many proved steps are explained by named rules, and how many gradients of a list are derived.

    python benchmarks/reasons.py [--out benchmarks/results/reasons.json]

The steps are those of the book, of the corpus of the tests, and of the identities; each line of a derived
gradient is proved by the prover before it counts.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.verify import Context, NotDerived, derive, explain  # noqa: E402
from tests.verify.proved import SOURCES  # noqa: E402

CONTEXT = Context(
    shapes={
        "X": ("N", "M"), "w": ("M",), "y": ("N",), "W": ("M", "D"), "Y": ("N", "D"), "A": ("M", "M"), "S": ("M", "M"),
        "B": ("N", "N"), "G": ("N", "N"), "H": ("M", "N"), "x": ("N",), "z": ("N",), "b": ("M",), "lambda": (), "t": (), "c": (),
    },
    symmetric=["S"],
)  # fmt: skip
TASKS = [
    (r"\frac1N \|X w - y\|^2", "w"), (r"\frac12 \|y - X w\|^2", "w"), (r"\|X w - y\|^2 + \lambda \|w\|^2", "w"),
    (r"(y - X w)^\top B (y - X w)", "w"), (r"(X w - y)^\top (X w - y)", "w"), (r"\|X w - y\|^2", "y"),
    (r"\frac1N \|X W - Y\|_F^2", "W"), (r"\|X W - Y\|_F^2 + \lambda \|W\|_F^2", "W"), (r"\|X W - Y\|_F^2", "X"),
    (r"\operatorname{tr}((X W - Y)^\top (X W - Y))", "W"), (r"w^\top A w", "w"), (r"w^\top S w - b^\top w", "w"),
    (r"b^\top w", "w"), (r"X w", "w"), (r"X w - y", "w"), (r"x^\top G z", "G"), (r"x^\top G^\top z", "G"), (r"x^\top G x", "G"),
    (r"\operatorname{tr}(G)", "G"), (r"\operatorname{tr}(B G)", "G"), (r"\operatorname{tr}(B G^\top)", "G"),
    (r"\operatorname{tr}(G^2)", "G"), (r"\operatorname{tr}(W^\top A W)", "W"), (r"\operatorname{tr}(G^{-1})", "G"),
    (r"x^\top G^{-1} z", "G"), (r"\det G", "G"), (r"\log\det G", "G"), (r"\|G\|_F^2", "G"), (r"\|w\|", "w"),
    (r"\|x - z\|^2", "x"), (r"\frac{w^\top A w}{w^\top w}", "w"), (r"\log(1 + \exp(b^\top w))", "w"), (r"\sigma(b^\top w)", "w"),
    (r"\sum_{i=1}^N \log(1 + \exp(-y_i (X w)_i))", "w"), (r"\frac1N \sum_{i=1}^N (c x_i - z_i)^2", "c"),
    (r"\frac1N \sum_{i=1}^N (c x_i + t - z_i)^2", "t"), (r"t^3 + 2 t", "t"), (r"\exp(t^2)", "t"), (r"t \exp(t)", "t"),
    (r"\log(c t)", "t"),
]  # fmt: skip


def explained(source: str) -> dict[str, object]:
    """How many of the proved steps of a source have a path of named rules, of what size, in what time."""
    sizes, times, missing = [], [], []
    for one in SOURCES[source]():
        if one.relation != "=":
            continue
        started = process_time()
        why = explain(one.state.decided[one.number], one.state.context)
        times.append(1e3 * (process_time() - started))
        if why.size is None:
            missing.append(one.name)
        else:
            sizes.append(why.size)
    times.sort()
    return {
        "steps": len(times),
        "explained": len(sizes),
        "median size": sorted(sizes)[len(sizes) // 2],
        "median ms": round(times[len(times) // 2], 2),
        "99th percentile ms": round(times[len(times) * 99 // 100], 1),
        "without a path": missing,
    }


def derived() -> dict[str, object]:
    """How many tasks are derived in each style, with every line proved."""
    found: dict[str, object] = {}
    for style in ("rules", "index"):
        missing, times = [], []
        for loss, by in TASKS:
            started = process_time()
            try:
                derive(loss, by, CONTEXT, style)
            except NotDerived:
                missing.append(f"{loss} by {by}")
            times.append(1e3 * (process_time() - started))
        found[style] = {
            "tasks": len(TASKS), "derived": len(TASKS) - len(missing), "not derived": missing,
            "median ms": round(sorted(times)[len(times) // 2], 1),
        }  # fmt: skip
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "reasons.json")
    options = parser.parse_args()
    measured = {"explain": {name: explained(name) for name in SOURCES}, "derive": derived()}
    options.out.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for part in measured.values():
        for name, numbers in part.items():
            short = {key: value for key, value in numbers.items() if not isinstance(value, list)}
            print(name, short, *(f"{key}: {len(value)}" for key, value in numbers.items() if isinstance(value, list)))


if __name__ == "__main__":
    main()
