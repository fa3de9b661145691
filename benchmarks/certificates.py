"""How much of what is proved is certified as well, by what kind of certificate, and how long that takes.

Run: ``python benchmarks/certificates.py [--mutants]``. Aims: at most 5 % of the book's proved steps without a
certificate, 10 % of the corpus; 3 ms (median) a step with its proof; 2 s the whole book. With ``--mutants``: the
certificates of 1,000 proved claims, whole and damaged, offered for refuted mutants of those claims; none passes.
Times are the processor's.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from itertools import chain
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.verify.prove.certify import certify  # noqa: E402
from lrcore.verify.prove.normal import prove  # noqa: E402
from tests.verify import mutated_claims  # noqa: E402
from tests.verify.proved import SOURCES, of_book, of_corpus, of_identities, of_identities_in_latex  # noqa: E402
from tests.verify.terms_at_numbers import Undefined, holds, points  # noqa: E402


def measured(steps) -> dict:
    """Counts, times and names of what is not covered, for the proved steps of one source."""
    kinds, missing, times, proofs, false, tried = Counter(), [], [], [], [], Counter()
    for one in steps:
        started = process_time()
        prove(one.claim)
        between = process_time()
        found = certify(one.claim, one.given, one.relation)
        times.append(1e3 * (process_time() - between))
        proofs.append(1e3 * (between - started))
        if found is None:
            missing.append(one.name)
            continue
        kinds[found.kind] += 1
        count = agreeing(found.statement)
        tried["never" if count == 0 else "tried"] += 1
        false += [one.name] if count is None else []
    return {
        "proved steps": len(times),
        "certified": sum(kinds.values()),
        "not covered, percent": round(100 * len(missing) / len(times), 1),
        "not covered": missing,
        "kinds": dict(sorted(kinds.items())),
        "certificate, ms (median)": round(median(times), 2),
        "certificate, ms (all)": round(sum(times)),
        "certificate, ms (slowest)": round(max(times)),
        "proof, ms (median)": round(median(proofs), 2),
        "proof and certificate, ms (median)": round(median(a + b for a, b in zip(times, proofs)), 2),
        "tried at numbers": tried["tried"],
        "exist at no number that was tried": tried["never"],
        "false at numbers": false,
    }


def agreeing(statement) -> int | None:
    """At how many points the statement holds; None where it fails at one."""
    count = 0
    for point in points(statement, 4):
        try:
            if not holds(statement, point):
                return None
        except Undefined:
            continue
        count += 1
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", action="store_true", help="offer certificates for refuted mutants as well")
    options = parser.parse_args()
    wrong = 0
    for name, steps in SOURCES.items():
        found = measured(list(steps()))
        print(name, found)
        keep("certificates", name, found)
        wrong += len(found["false at numbers"])
    if options.mutants:
        started = perf_counter()
        proved = chain(of_book(), of_corpus(), of_identities(), of_identities_in_latex())
        claims = list(proved)
        offered, passed = mutated_claims.offer(claims, limit=4, every=1, rng=Random(7))
        found = {"proved claims": len(claims), "offered": offered, "passed": [f"{a}: {b}" for a, b in passed]}
        print(found, f"{perf_counter() - started:.0f} s")
        keep("certificates", "offered for mutants", found)
        wrong += len(passed)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
