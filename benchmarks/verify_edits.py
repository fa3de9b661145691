"""Edits of texts by the ten thousand: what is still proved, and what an independent judge says of it.

Run: ``python benchmarks/verify_edits.py [--count N] [--corpus FOLDER] [--surface S] [--jobs J] [--first B]``. Texts
in which something is proved are changed by one token, word, bracket, dollar or line break at random. What the library
and the page still call proved is read and evaluated by a reader that shares no code with the prover
(``tests/verify/independent.py``). The folder may hold ``derivations.json`` and ``strangers.json``, other people's
texts, which are no part of this repository; those that the judge reads as they are take part. What the judge
contradicts or cannot read is listed in ``results/edits.json`` with its text, but for those of the folder.

The edits come in blocks, each with a seed of its own; a block that is done is kept in ``_build``, so that a run that
was stopped goes on where it was. ``--count 0`` writes down what there is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kept import keep
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verify_corpus import given_of  # noqa: E402

from lrcore.verify import Problem  # noqa: E402
from tests.verify.edits import Edit, Entry, edits, pool  # noqa: E402
from tests.verify.edits_judged import Judged, in_library, judge  # noqa: E402

SEED, BLOCK, LISTED = 7, 250, 3000
SURFACES = ("library", "page")


def main() -> None:
    parser = argparse.ArgumentParser(description="Edit proved texts at random and judge what is still proved.")
    parser.add_argument("--count", type=int, default=25_000, help="how many edits at each surface (25,000)")
    parser.add_argument("--first", type=int, default=0, help="the block to begin with (0)")
    parser.add_argument("--corpus", type=Path, help="a folder with derivations.json and strangers.json")
    parser.add_argument("--surface", choices=SURFACES, action="append", help="where (at both)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (1)")
    options = parser.parse_args()
    entries = pool() + (of_folder(options.corpus) if options.corpus else [])
    for surface in options.surface or SURFACES:
        done = ROOT / "_build" / f"edits-{surface}.jsonl"
        wanted = range(options.first, options.first + options.count // BLOCK)
        blocks = sorted(set(wanted) - {one["block"] for one in kept(done)})
        done.parent.mkdir(exist_ok=True)
        with get_context("fork").Pool(options.jobs) as pool_of, done.open("a", encoding="utf-8") as file:
            found = pool_of.imap_unordered(partial(of_block, entries, surface), blocks)
            for one in tqdm(found, total=len(blocks), desc=surface):
                file.write(json.dumps(one) + "\n")
                file.flush()
        result = summary(surface, list(kept(done)), entries)
        print(surface, json.dumps({key: value for key, value in result.items() if not isinstance(value, list)}))
        keep("edits", surface, result)


def kept(done: Path) -> Iterator[dict[str, Any]]:
    """The blocks that are done."""
    if done.is_file():
        yield from map(json.loads, done.read_text(encoding="utf-8").splitlines())


def seed(surface: str, block: int) -> int:
    """No edit of one surface is one of the other."""
    return SEED + block + 100_000 * SURFACES.index(surface)


def of_block(entries: list[Entry], surface: str, block: int) -> dict[str, Any]:
    """What the judge says of each step that is still proved after the edits of one block."""
    steps, stumbled = [], []
    for edit in edits(entries, BLOCK, seed(surface, block)):
        try:
            found = list(judge(edit, (surface,)))
        except Exception as error:  # an error of the prover's own: listed, and the run goes on
            stumbled.append([edit.entry.name, edit.kind, surface, edit.text, repr(error)])
            continue
        steps += [{"kind": one.edit.kind, "said": one.said, "why": one.why, "listed": listed(one)} for one in found]
    return {"block": block, "steps": steps, "stumbled": stumbled}


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
            if any(verdict == "PROVED" for verdict, _ in steps) and is_judged(entry):
                entries.append(entry)
    return entries


def is_judged(entry: Entry) -> bool:
    """Whether the judge reads a text as it was written and agrees with all that is proved in it; else its word on what
    has been made of the text says nothing.
    """
    return all(one.said == "agrees" for one in judge(Edit("as it was written", entry, entry.text), ("library",)))


def summary(surface: str, blocks: list[dict[str, Any]], entries: list[Entry]) -> dict[str, Any]:
    steps = [step for one in sorted(blocks, key=lambda one: one["block"]) for step in one["steps"]]
    said = Counter(one["said"] for one in steps)
    return {
        "texts": len(entries),
        "lines proved in them": sum(lines_proved(one) for one in entries),
        "edits": BLOCK * len(blocks),
        "seeds": [seed(surface, one["block"]) for one in sorted(blocks, key=lambda one: one["block"])],
        "steps still proved": len(steps),
        **{f"judge: {word}": said[word] for word in ("agrees", "disagrees", "not read")},
        "read by the judge, per cent": round(100 * (1 - said["not read"] / max(len(steps), 1)), 1),
        "still proved, by kind of edit": dict(Counter(one["kind"] for one in steps)),
        "stumbled": [text for one in blocks for text in one.get("stumbled", ())],
        "contradicted": [one["listed"] for one in steps if one["said"] == "disagrees"][:LISTED],
        "why not read": dict(Counter(one["why"] for one in steps if one["said"] == "not read").most_common(40)),
        "not read": [one["listed"] for one in steps if one["said"] == "not read"][:LISTED],
    }


def lines_proved(entry: Entry) -> int:
    return sum(verdict == "PROVED" for verdict, _ in in_library(entry.text, entry.given))


def listed(one: Judged) -> list[str]:
    """One step for the list; of other people's texts the name alone."""
    text = "" if one.edit.entry.name.startswith("corpus ") else one.edit.text
    return [one.edit.entry.name, one.edit.kind, one.surface, text, one.why]


if __name__ == "__main__":
    main()
