"""``python benchmarks/verify_corpus.py FOLDER``: derivations of other people, with the verdicts they deserve.

The folder holds ``derivations.json`` and ``strangers.json``: texts as their authors typed them, with a table and the
expected verdict of each step. They stay under their own licences and are no part of this repository. Counted are steps,
those decided as expected, and, most of all, wrong steps that were called proved and right ones that were refused; the
numbers go to ``results/corpus.json``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from kept import keep

from lrcore.verify import Context, Problem, derivation
from lrcore.verify.read.document import name_key

SAME = {"DEF": "DEFINITION"}
FALSE = {"REFUTED", "ILL_TYPED", "STATIONARY"}
FUNCTIONS = {r"\bS\(": "sum(", r"\brow\((\w+),\s*(\w+)\)": r"\1[\2,:]", r"\bcol\((\w+),\s*(\w+)\)": r"\1[:,\2]"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Decide other people's derivations and count what was expected.")
    parser.add_argument("folder", type=Path, help="the folder with derivations.json and strangers.json")
    parser.add_argument("--list", action="store_true", help="print every derivation that is not decided as expected")
    options = parser.parse_args()
    found = {}
    for name in ("derivations", "strangers"):
        entries = json.loads((options.folder / f"{name}.json").read_text(encoding="utf-8"))
        found[name] = counted(entries, options.list)
        print(name, found[name])
        keep("corpus", name, found[name])


def counted(entries: list[dict[str, Any]], listed: bool) -> dict[str, int]:
    """How many steps there are, are decided as expected, and are decided wrongly."""
    total: Counter[str] = Counter()
    for entry in entries:
        wanted, said = [SAME.get(one, one) for one in entry["expected"]], verdicts(entry)
        total["steps"] += len(wanted)
        total["as expected"] += sum(fits(a, b) for a, b in zip(wanted, said)) if len(wanted) == len(said) else 0
        total["whole derivations as expected"] += len(wanted) == len(said) and all(map(fits, wanted, said))
        pairs = list(zip(wanted, said))
        total["wrong and proved"] += sum(not fits(a, b) and b == "PROVED" and not fits(a, "PROVED") for a, b in pairs)
        total["right and refused"] += sum(a == "PROVED" and b in FALSE for a, b in pairs)
        total["not read"] += said.count("UNREADABLE")
        if listed and said != wanted:
            print(f"{entry['id']}: expected {wanted}, found {said}")
    return {"derivations": len(entries), **total}


def fits(wanted: str, found: str) -> bool:
    return found in wanted.split(" or ") or (found == "STATIONARY" and "REFUTED" in wanted)


def verdicts(entry: dict[str, Any]) -> list[str]:
    try:
        context = context_of(entry)
    except (Problem, ValueError):
        return []
    return [step.verdict.value for step in derivation(entry["latex"], context, repairs=False).steps]


def context_of(entry: dict[str, Any]) -> Context:
    return Context(**given_of(entry))


def given_of(entry: dict[str, Any]) -> dict[str, Any]:
    """What declares the symbols of an entry; definitions are read from their Python form."""
    names = {python: name_key(latex)[0] for latex, python in entry.get("python_names", {}).items()}
    shapes = {name: tuple(one for one in shape if one != "1") for name, shape in entry.get("symbols", {}).items()}
    shapes |= entry.get("shapes", {})
    told = entry.get("assumptions", "")
    symmetric = [one for one in re.findall(r"([A-Z]\w*)(?=[^.]*symmetric)", told) if one in shapes]
    definitions = {name: translated(body, names) for name, body in entry.get("definitions", {}).items()}
    layout = "denominator" if entry.get("layout", "").startswith("denominator") else "gradient"
    more = {**entry.get("options", {})}
    symmetric += more.pop("symmetric", [])
    return {
        "shapes": shapes, "definitions": definitions, "symmetric": symmetric, "macros": entry.get("macros"),
        "layout": more.pop("layout", layout), **more,
    }  # fmt: skip


def translated(body: str, names: dict[str, str]) -> str:
    if "\\" in body:
        return body
    body = re.sub(r"\bS\((\w+),\s*\w+,", r"sum(\1,", body)
    for pattern, new in FUNCTIONS.items():
        body = re.sub(pattern, new, body)
    return re.sub(r"[A-Za-z]\w*", lambda match: names.get(match[0], match[0]), body)


if __name__ == "__main__":
    main()
