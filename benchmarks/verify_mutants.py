"""Every one-change mutant of the identities is refuted, ill typed, or certified equal by sympy.

Run: ``python benchmarks/verify_mutants.py``.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.verify import (  # noqa: E402
    Context,
    Problem,
    decide_claim,
    examine,
    mutants,
    read_chains,
    second_opinion,
)
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC  # noqa: E402

CONTEXT = Context(shapes=SHAPES, symmetric=SYMMETRIC)


def judged(text):
    """(what was changed, verdict, claim) of each mutant of either side."""
    read = examine(text, CONTEXT).decided[0].read
    left, right = read_chains(text, CONTEXT)[0].read(CONTEXT)
    for what, pair in _pairs(left, right):
        try:
            claim = read(*pair)
        except Problem:
            yield what, "ill typed", None
            continue
        decision = decide_claim(claim)
        verdict = "proved" if decision.proved else "refuted" if decision.point else "undecided"
        yield what, verdict, claim


def _pairs(left, right):
    yield from ((what, (left, mutant)) for what, mutant in mutants(right, CONTEXT))
    yield from ((what, (mutant, right)) for what, mutant in mutants(left, CONTEXT))


def main() -> int:
    started, counts, wrong = perf_counter(), Counter(), []
    for pair in IDENTITIES:
        for text in pair:
            for what, verdict, claim in judged(text):
                counts[verdict] += 1
                if verdict in ("proved", "undecided"):
                    certified = second_opinion(claim).agrees
                    said = {True: "agrees", False: "contradicts", None: "is silent"}[certified]
                    counts[f"{verdict}, sympy {said}"] += 1
                    wrong += [f"{text}: {what}"] if certified is False else []
    total = sum(counts[one] for one in ("ill typed", "refuted", "proved", "undecided"))
    print(f"{total} mutants in {perf_counter() - started:.1f} s: {dict(sorted(counts.items()))}")
    print("\n".join(wrong) or "No false accept, no false reject.")
    found = {
        "mutants": total,
        "identities": len(IDENTITIES),
        "false accepts": len(wrong),
        **dict(sorted(counts.items())),
    }
    keep("verify", "mutants of the identities", found)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
