"""How fast the prover is: import, normal form, a whole step, the whole book cold, and what sympy and the mutants cost.

Run: ``python benchmarks/verify_speed.py [--sympy] [--mutants]``. Aims: 150 ms to import, 1 ms (median) a normal form,
5 ms a step without sympy, 5 s the whole book.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

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


def steps() -> tuple[list[float], list[float]]:
    """Milliseconds of each normal form and of each step in all (reading, types, points, proof)."""
    forms, whole = [], []
    for text, context in texts():
        found = examine(text, context, Options(repairs=0))
        whole += [step.milliseconds for step in found.report.steps if step.engines]
        for decided in found.decided.values():
            started = perf_counter()
            prove_claim(decided.claim)
            forms.append(1e3 * (perf_counter() - started))
    return forms, whole


def book(sympy: bool, mutants: bool) -> tuple[float, int, int, int]:
    """Seconds, equations, failing equations and mutants of the whole book."""
    started, equations, failing, changed = perf_counter(), 0, 0, 0
    for page in sorted((ROOT / "book").glob("*.md")):
        report = check_page(page.read_text(encoding="utf-8"), sympy=sympy, mutants=mutants)
        equations += len(report.checked)
        failing += len(report.failing)
        changed += sum(one.mutants for one in report.checked)
    return perf_counter() - started, equations, failing, changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sympy", action="store_true", help="time the book with sympy as well")
    parser.add_argument("--mutants", action="store_true", help="time the book with its mutants as well")
    options = parser.parse_args()
    loading = import_time()
    print(f"import                {loading:8.1f} ms")
    derivation("x = x", Context(shapes={"x": ("n",)}))
    forms, whole = steps()
    print(f"normal form, median   {median(forms):8.2f} ms   of {len(forms)}, slowest {max(forms):.1f} ms")
    print(f"step, median          {median(whole):8.2f} ms   of {len(whole)}, slowest {max(whole):.1f} ms")
    milliseconds = {"import": loading, "normal form, median": median(forms), "step, median": median(whole)}
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
