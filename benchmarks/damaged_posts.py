"""``python benchmarks/damaged_posts.py``: 100,000 damaged texts through the one function of page and terminal.

The texts are our own derivations, pasted with nothing beside them: cut off, with holes, with pieces put in, and noise.
Each gets an answer; counted are those that the checker stumbled over, and those that take more than two seconds of
processor time. Figures go to ``results/damaged_posts.json``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

from kept import keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.checker.gallery import CASES  # noqa: E402
from lrcore.checker.service import answer  # noqa: E402
from lrcore.verify import STUMBLED  # noqa: E402
from tests.checker.worked_solutions import SOLUTIONS, WRONG  # noqa: E402
from tests.verify.corpus import CORPUS  # noqa: E402
from tests.verify.damage import damaged  # noqa: E402

SECONDS, KEPT_EVERY = 2.0, 1_000


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--strings", type=int, default=100_000)
    options = parser.parse_args()
    pool = [text for _, _, text, _ in CORPUS] + [text for ways in SOLUTIONS.values() for text in ways]
    pool += [*WRONG.values()] + [part for case in CASES for part in case.text.split("\n\n")]
    rng, counts, times = Random(15), Counter(), []
    for number in range(1, options.strings + 1):
        text = damaged(rng.choice(pool), rng)
        before = process_time()
        found = answer(json.dumps({"do": "check", "state": {"text": text, "rows": []}}))
        times.append(process_time() - before)
        if STUMBLED in found:
            counts["stumbled"] += 1
            print(f"stumbled: {text!r}", flush=True)
        counts["with a step"] += bool(json.loads(found).get("steps"))
        if times[-1] > SECONDS:
            counts["slow"] += 1
            print(f"{times[-1]:.1f} s: {text!r}", flush=True)
        if number % KEPT_EVERY == 0:
            keep("damaged_posts", "damaged texts", figures(counts, times))
    print(figures(counts, times))
    return 1 if counts["stumbled"] else 0


def figures(counts: Counter[str], times: list[float]) -> dict[str, float]:
    return {
        "texts": len(times), "with a step": counts["with a step"], "stumbled": counts["stumbled"],
        f"over {SECONDS:g} s": counts["slow"], "median ms": round(1e3 * median(times), 1),
        "slowest, s": round(max(times), 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
