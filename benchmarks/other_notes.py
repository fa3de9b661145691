"""Other people's notes, as they are: how many of their steps are decided, refused, asked about; each alarm is listed.

    python benchmarks/other_notes.py FOLDER ... [--list] [--jobs 1] [--keep FILE]

The notes are not part of this project; ``results/other_notes.json`` keeps the figures of folders that were looked at.
A file that is kept gets the findings of each page as soon as they are there, and a second run goes on from it.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import process_time
from typing import Any

from lrcore.notes.checking import Asked, result
from lrcore.notes.choosing import chosen

CLAIMS = ("proved", "undecided", "open", "guessed", "stationary", "condition")
DECIDED = ("proved", "refuted", "ill-typed", "contradicted")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--list", action="store_true", help="list each alarm with its place")
    parser.add_argument("--jobs", type=int, default=2, help="how many pages are read at a time")
    parser.add_argument("--keep", type=Path, default=None, help="a file for the findings of each page")
    options = parser.parse_args()
    pages = list(looked_at(chosen(options.folders, None), options.keep, options.jobs))
    findings = [one for page in pages for one in page["findings"] if one["rule"] != "taken"]
    if options.list:
        for one in (one for one in findings if one["level"] == "error"):
            print(f"{one['file']}:{one['line']}: {one['rule']}: {one['message']}\n    {' '.join(one['latex'].split())}")
    json.dump(figures(pages, findings), sys.stdout, indent=1)
    print()


def looked_at(names: list[str], keep: Path | None, jobs: int) -> Iterator[dict[str, Any]]:
    """The findings of each page, those first that were kept."""
    lines = keep.read_text(encoding="utf-8").splitlines() if keep is not None and keep.exists() else []
    known = {page["name"]: page for page in map(json.loads, lines)}
    yield from (known[name] for name in names if name in known)
    with ProcessPoolExecutor(jobs) as pool:
        for page in pool.map(_page, [name for name in names if name not in known]):
            if keep is not None:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(page) + "\n")
            yield page


def _page(name: str) -> dict[str, Any]:
    started = process_time()
    found = result(name, Asked())
    findings = [one.to_dict() for one in found.findings]
    seconds = round(process_time() - started, 2)
    return {"name": name, "fault": found.fault, "empty": found.empty, "cpu": seconds, "findings": findings}


def figures(pages: list[dict[str, Any]], findings: list[dict[str, Any]]) -> dict[str, Any]:
    rules = Counter(one["rule"] for one in findings)
    alarms = sum(one["level"] == "error" for one in findings)
    claims = alarms + sum(rules[rule] for rule in CLAIMS)
    return {
        "files": len(pages),
        "files without an equation": sum(bool(one["empty"]) for one in pages),
        "files that cannot be used": sum(bool(one["fault"]) for one in pages),
        "steps": len(findings),
        **dict(sorted(rules.items())),
        "alarms": alarms,
        "decided of what is read as a claim": round(sum(rules[rule] for rule in DECIDED) / max(claims, 1), 3),
        "seconds of processor time": round(sum(one["cpu"] for one in pages), 1),
    }


if __name__ == "__main__":
    main()
