"""Other people's notes, as they are: how many of their steps are decided, refused, asked about; each alarm is listed.

    python benchmarks/other_notes.py FOLDER ... [--list]

The notes are not part of this project; ``results/other_notes.json`` keeps the figures of folders that were looked at.
"""

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from lrcore.notes.checking import Asked, result
from lrcore.notes.choosing import chosen

CLAIMS = ("proved", "undecided", "open", "guessed", "stationary", "condition")
DECIDED = ("proved", "refuted", "ill-typed", "contradicted")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--list", action="store_true", help="list each alarm with its place")
    options = parser.parse_args()
    names, started = chosen(options.folders, None), time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(result, names, [Asked()] * len(names), chunksize=4))
    findings = [one for each in results for one in each.findings if one.rule != "taken"]
    rules = Counter(one.rule for one in findings)
    alarms = [one for one in findings if one.level == "error"]
    if options.list:
        for one in alarms:
            print(f"{one.file}:{one.line}: {one.rule}: {one.message}\n    {' '.join(one.latex.split())}")
    claims = len(alarms) + sum(rules[rule] for rule in CLAIMS)
    figures = {
        "files": len(names),
        "files without an equation": sum(bool(one.empty) for one in results),
        "files that cannot be used": sum(bool(one.fault) for one in results),
        "steps": len(findings),
        **dict(sorted(rules.items())),
        "alarms": len(alarms),
        "decided of what is read as a claim": round(sum(rules[rule] for rule in DECIDED) / max(claims, 1), 3),
        "seconds": round(time.perf_counter() - started, 1),
    }
    json.dump(figures, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
