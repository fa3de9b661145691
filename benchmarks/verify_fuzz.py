"""Random expressions through both engines, damaged texts through the reader: nothing disagrees, crashes or hangs.

Run: ``python benchmarks/verify_fuzz.py [--cases 10000] [--strings 100000]``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from time import perf_counter

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from lrcore.verify import (  # noqa: E402
    STUMBLED,
    Context,
    derivation,
)
from lrcore.verify import syntax as s  # noqa: E402
from tests.verify.damage import damaged  # noqa: E402
from tests.verify.errata_table import FORMULAS  # noqa: E402
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC  # noqa: E402
from tests.verify.random_expressions import expressions  # noqa: E402
from tests.verify.test_engines_agree import agree  # noqa: E402

SECONDS = 2.0


def expressions_agree(cases: int) -> None:
    """Values and gradients by the normal form and by exact evaluation."""
    quiet = settings(max_examples=cases // 2, deadline=None, suppress_health_check=list(HealthCheck), database=None)

    @quiet
    @given(expressions(depth=3), st.integers(0, 9))
    def values(tree, seed):
        agree(tree, seed)

    @quiet
    @given(expressions(depth=2), st.sampled_from(["A", "P", "x", "z", "a"]), st.integers(0, 9))
    def gradients(tree, name, seed):
        agree(s.Deriv(tree, (s.Name(name),)), seed)

    started = perf_counter()
    values()
    gradients()
    seconds = perf_counter() - started
    print(f"{2 * (cases // 2)} expressions and gradients agree, in {seconds:.0f} s")
    keep("verify", "engines agree", {"cases": 2 * (cases // 2), "disagreements": 0, "seconds": round(seconds)})


def strings_are_survived(count: int) -> int:
    """Damaged LaTeX and noise; a verdict each, in time."""
    context = Context(shapes=SHAPES, symmetric=SYMMETRIC, definitions={"L": r"\frac1N\|XW-Y\|_F^2"})
    pool = [text for pair in IDENTITIES for text in pair] + [one[3] for one in FORMULAS]
    rng, counts, slow, started = Random(0), Counter(), [], perf_counter()
    for number in range(count):
        text = damaged(rng.choice(pool), rng)
        before = perf_counter()
        report = derivation(text, context, repairs=number % 10 == 0)
        counts.update(step.verdict.value for step in report.steps)
        assert STUMBLED not in str(report), repr(text)
        if perf_counter() - before > SECONDS:
            slow.append((perf_counter() - before, text))
    print(f"{count} strings in {perf_counter() - started:.0f} s: {dict(counts)}; {len(slow)} over {SECONDS} s")
    for seconds, text in slow[:10]:
        print(f"  {seconds:.1f} s: {text!r}")
    found = {"strings": count, "verdicts": dict(sorted(counts.items())), "crashes": 0, f"over {SECONDS:g} s": len(slow)}
    keep("verify", "damaged texts", found)
    return len(slow)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--strings", type=int, default=100_000)
    options = parser.parse_args()
    expressions_agree(options.cases)
    return 1 if strings_are_survived(options.strings) else 0


if __name__ == "__main__":
    sys.exit(main())
