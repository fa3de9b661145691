"""How fast the prover is: import, normal form, a whole step, the whole book cold, and what sympy and the mutants cost.

Run: ``python benchmarks/verify_speed.py [--sympy] [--mutants]``. Aims: 150 ms to import, 1 ms (median) a step without
its certificate, 3 ms with it, 2 s the whole book. Times are the processor's, but for the import.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.verify import (  # noqa: E402
    Context,
    Options,
    check_page,
    derivation,
    examine,
    prove_claim,
)
from tests.verify.errata_table import CORRECTIONS, FORMULAS  # noqa: E402
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC  # noqa: E402


def import_time(repeats: int = 7) -> float:
    """Milliseconds that ``import lrcore.verify`` takes in a new interpreter, once it is compiled."""
    code = "import time; t = time.perf_counter(); import lrcore.verify; print(1e3 * (time.perf_counter() - t))"
    with TemporaryDirectory() as cache:
        given = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        given.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-c", code]
        runs = [subprocess.run(command, cwd=ROOT, env=given, capture_output=True, check=True) for _ in range(repeats)]
    return min(float(run.stdout) for run in runs)


def texts():
    """(text, context) of every identity and every formula of the documents."""
    algebra = Context(shapes=SHAPES, symmetric=SYMMETRIC)
    for pair in IDENTITIES:
        yield from ((text, algebra) for text in pair)
    for _, given, _, latex in FORMULAS + CORRECTIONS:
        yield latex, Context(**given)


def steps(certify: bool) -> list[float]:
    """Milliseconds of each step in all (reading, types, points, proof), with its certificate or without."""
    whole = []
    for text, context in texts():
        started = process_time()
        found = examine(text, context, Options(repairs=0, certify=certify))
        decided = sum(bool(step.engines) for step in found.report.steps)
        whole += [1e3 * (process_time() - started) / decided] * decided if decided else []
    return whole


def forms() -> list[float]:
    """Milliseconds of each normal form."""
    found = []
    for text, context in texts():
        for decided in examine(text, context, Options(repairs=0, certify=False)).decided.values():
            started = process_time()
            prove_claim(decided.claim)
            found.append(1e3 * (process_time() - started))
    return found


def book(sympy: bool, mutants: bool) -> tuple[float, int, int, int]:
    """Seconds, equations, failing equations and mutants of the whole book."""
    started, equations, failing, changed = process_time(), 0, 0, 0
    for page in sorted((ROOT / "book").glob("*.md")):
        report = check_page(page.read_text(encoding="utf-8"), sympy=sympy, mutants=mutants)
        equations += len(report.checked)
        failing += len(report.failing)
        changed += sum(one.mutants for one in report.checked)
    return process_time() - started, equations, failing, changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sympy", action="store_true", help="time the book with sympy as well")
    parser.add_argument("--mutants", action="store_true", help="time the book with its mutants as well")
    options = parser.parse_args()
    loading = import_time()
    print(f"import                            {loading:8.1f} ms")
    derivation("x = x", Context(shapes={"x": ("n",)}))
    milliseconds = {"import": loading}
    measured = {"normal form": forms(), "step without certificate": steps(False), "step": steps(True)}
    for what, times in measured.items():
        milliseconds[f"{what}, median"] = median(times)
        print(f"{what + ', median':<33} {median(times):8.2f} ms   of {len(times)}, slowest {max(times):.1f} ms")
    seconds = {"book, cold": _book("book, cold", False, False)}
    if options.sympy:
        seconds["book, with sympy"] = _book("book, with sympy", True, False)
    if options.mutants:
        seconds["book, with mutants"] = _book("book, with mutants", False, True)
    rounded = ({key: round(value, 2) for key, value in one.items()} for one in (milliseconds, seconds))
    keep("verify", "speed", dict(zip(("milliseconds", "seconds"), rounded)))


def _book(what, sympy, mutants):
    seconds, equations, failing, changed = book(sympy, mutants)
    more = f", {changed} mutants" if changed else ""
    print(f"{what:<20} {seconds:8.2f} s    {equations} equations, {failing} failing{more}")
    return seconds


if __name__ == "__main__":
    main()
