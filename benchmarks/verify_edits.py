"""Proved lines, edited at random as texts: whatever is still proved has to agree with an independent reader.

Run: ``python benchmarks/verify_edits.py [--count 50000] [--seed 0] [--corpus FOLDER]``. ``FOLDER`` holds
``derivations.json`` and ``strangers.json``, derivations of other people that are not part of the book; what is kept of
them is their name, and no text.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kept import keep
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lrcore.verify import Problem  # noqa: E402
from tests.verify.book_read import pages, read_page  # noqa: E402
from tests.verify.edits import Entry, edits, pool  # noqa: E402
from tests.verify.edits_judged import Judged, in_library, judge  # noqa: E402

MOST_LISTED = 400


def strangers(folder: Path) -> Iterator[Entry]:
    """The derivations of other people, where something in them is proved with their table."""
    for file in ("derivations.json", "strangers.json"):
        for one in json.loads((folder / file).read_text(encoding="utf-8")):
            shapes = {name: _shape(dims) for name, dims in (one.get("shapes") or one.get("symbols") or {}).items()}
            given: dict[str, Any] = {"shapes": shapes, "macros": one.get("macros") or {}}
            entry = Entry(f"{file}: {one['id']}", given, one["latex"])
            if any(verdict == "PROVED" for verdict, _ in _attempt(entry)):
                yield entry


def _shape(dims: list[str]) -> tuple[str, ...]:
    return tuple(str(one) for one in dims) if dims != ["1", "1"] else ()


def _attempt(entry: Entry) -> list[tuple[str, tuple[int, int]]]:
    try:
        return in_library(entry.text, entry.given)
    except (Problem, ValueError):  # a table that is none
        return []


def book() -> Iterator[Entry]:
    """Equations of the book that are proved with the table and the definitions above them alone."""
    for name, text in pages():
        for latex, given in {one.latex: one.given for one in read_page(name, text) if one.verdict == "PROVED"}.items():
            entry = Entry(f"{name}: {latex}", given, latex)
            if any(verdict == "PROVED" for verdict, _ in _attempt(entry)):
                yield entry


def line(one: Judged, own: set[str]) -> dict[str, str]:
    """What is kept of one step; of the texts of other people their name alone."""
    shown = {"text": one.edit.text, "step": one.step} if one.edit.entry.name in own else {}
    return {"entry": one.edit.entry.name, "kind": one.edit.kind, "surface": one.surface, "why": one.why, **shown}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    entries = [*pool(), *book()]
    own = {one.name for one in entries}
    entries += list(strangers(options.corpus)) if options.corpus else []
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    listed: dict[str, list[dict[str, str]]] = {"disagrees": [], "not read": []}
    with tqdm(edits(entries, options.count, options.seed), total=options.count) as bar:
        for edit in bar:
            for one in judge(edit):
                counts[f"{one.surface}: {one.said}"] += 1
                kinds.setdefault(edit.kind, Counter())[one.said] += 1
                if one.said in listed:
                    listed[one.said].append(line(one, own))
                    bar.set_postfix(disagrees=len(listed["disagrees"]), unread=len(listed["not read"]))
    proved = sum(counts.values())
    found = {
        "entries": len(entries),
        "steps proved before": sum(verdict == "PROVED" for one in entries for verdict, _ in _attempt(one)),
        "edits": options.count,
        "still proved": proved,
        "judged": round(1 - len(listed["not read"]) / max(proved, 1), 4),
        "by surface": dict(sorted(counts.items())),
        "by kind": {kind: dict(sorted(one.items())) for kind, one in sorted(kinds.items())},
        "disagrees": listed["disagrees"],
        "why not read": dict(Counter(one["why"] for one in listed["not read"]).most_common()),
        "not read": listed["not read"][:MOST_LISTED],
        "seconds": round(time.perf_counter() - started),
    }
    keep("edits", "edited texts", found)
    print(f"{proved} steps still proved, {found['judged']:.1%} judged, {len(listed['disagrees'])} disagree")
    return 1 if listed["disagrees"] else 0


if __name__ == "__main__":
    sys.exit(main())
