"""Edits of texts by the ten thousand: what is still proved, and what an independent judge says of it.

Run: ``python benchmarks/verify_edits.py [--count N] [--corpus FOLDER]``. Texts in which something is proved are changed
by one token, word, bracket, dollar or line break at random. What the library and the page still call proved is read and
evaluated by a reader that shares no code with the prover (``tests/verify/independent.py``). The folder may hold
``derivations.json`` and ``strangers.json``, other people's texts, which are no part of this repository. What the judge
contradicts or cannot read is listed in ``results/edits.json`` with its text, but for those of the folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from kept import keep
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verify_corpus import given_of  # noqa: E402

from lrcore.verify import Problem  # noqa: E402
from tests.verify.edits import Entry, edits, pool  # noqa: E402
from tests.verify.edits_judged import Judged, in_library, judge  # noqa: E402

SEED, LISTED = 7, 300


def main() -> None:
    parser = argparse.ArgumentParser(description="Edit proved texts at random and judge what is still proved.")
    parser.add_argument("--count", type=int, default=50_000, help="how many edits (50,000)")
    parser.add_argument("--corpus", type=Path, help="a folder with derivations.json and strangers.json")
    parser.add_argument("--surface", choices=["library", "page"], action="append", help="where (at both)")
    options = parser.parse_args()
    surfaces = tuple(options.surface or ("library", "page"))
    entries = pool() + (of_folder(options.corpus) if options.corpus else [])
    found = [
        one for edit in tqdm(edits(entries, options.count, SEED), total=options.count) for one in judge(edit, surfaces)
    ]
    result = summary(found, entries, options.count)
    print(json.dumps({key: value for key, value in result.items() if not isinstance(value, list)}, indent=1))
    keep("edits", " and ".join(surfaces), result)


def of_folder(folder: Path) -> list[Entry]:
    """Other people's texts with their tables, where something in them is proved."""
    entries = []
    for name in ("derivations", "strangers"):
        for one in json.loads((folder / f"{name}.json").read_text(encoding="utf-8")):
            try:
                entry = Entry(f"corpus {one['id']}", given_of(one), one["latex"])
                steps = in_library(entry.text, entry.given)
            except (Problem, ValueError):  # a table that can't be read
                continue
            if any(verdict == "PROVED" for verdict, _ in steps):
                entries.append(entry)
    return entries


def summary(found: list[Judged], entries: list[Entry], count: int) -> dict[str, Any]:
    said = Counter(one.said for one in found)
    return {
        "texts": len(entries),
        "edits": count,
        "steps still proved": len(found),
        **{f"judge: {word}": said[word] for word in ("agrees", "disagrees", "not read")},
        "read by the judge, per cent": round(100 * (1 - said["not read"] / max(len(found), 1)), 1),
        "still proved, by kind of edit": dict(Counter(one.edit.kind for one in found)),
        "contradicted": [listed(one) for one in found if one.said == "disagrees"][:LISTED],
        "why not read": dict(Counter(one.why for one in found if one.said == "not read").most_common(40)),
        "not read": [listed(one) for one in found if one.said == "not read"][:LISTED],
    }


def listed(one: Judged) -> list[str]:
    """One step for the list; of other people's texts the name alone."""
    text = "" if one.edit.entry.name.startswith("corpus ") else one.edit.text
    return [one.edit.entry.name, one.edit.kind, one.surface, text, one.why]


if __name__ == "__main__":
    main()
