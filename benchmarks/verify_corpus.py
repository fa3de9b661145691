"""``python benchmarks/verify_corpus.py FOLDER``: derivations of other people, with the verdicts they deserve.

The folder holds ``derivations.json`` and ``strangers.json``: texts as their authors typed them, with a table and the
expected verdict of each step. They stay under their own licences and are no part of this repository. Counted are steps,
those decided as expected, and, most of all, wrong steps that were called proved and right ones that were refused, these
with their ids and why; the numbers go to ``results/corpus.json``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kept import keep

from lrcore.verify import Context, Problem, derivation
from lrcore.verify.read.document import name_key

SAME = {"DEF": "DEFINITION"}
FALSE = {"REFUTED", "ILL_TYPED", "STATIONARY"}
FUNCTIONS = {
    r"\bS\(": "sum(", r"\brow\((\w+),\s*(\w+)\)": r"\1[\2,:].T", r"\bcol\((\w+),\s*(\w+)\)": r"\1[:,\2]",
    r"\bfmap\(sigm,\s*": "sigmoid(", r"\bsigm\(": "sigmoid(", r"\bblk\(": "block("}  # fmt: skip
NO_PART = re.compile(r"\b(?:drop|for)\b")  # of the language in which a table defines its names
# Why a right step is refused or a wrong one proved, where somebody has looked at it.
REASONS = {
    "g18": "right only where X is 0 or 1, which this table does not say",
    "m11": "right only under hypotheses that stand beside the text, and that a table cannot say",
    "j36": "x_i is column i of a table with one sample a column; rows alone can be named so",
}


@dataclass(frozen=True)
class Decided:
    """What was said of each step of a derivation, under the definitions of its table."""

    verdicts: list[str]
    context: Context | None = None
    lefts: tuple[str, ...] = ()

    def fits(self, place: int, wanted: str) -> bool:
        """Whether a step has the verdict that it deserves; what the table defines already may be proved instead."""
        found = self.verdicts[place]
        return fits(wanted, found) or (
            wanted == "DEFINITION" and found == "PROVED" and self._is_defined(self.lefts[place])
        )

    def _is_defined(self, left: str) -> bool:
        try:
            symbol = self.context and self.context.lookup(self.context.key(re.sub(r"\(.*\)$", "", left.strip())))
        except Problem:
            return False
        return symbol is not None and symbol.definition is not None


def fits(wanted: str, found: str) -> bool:
    return wanted == "any" or found in wanted.split(" or ") or (found == "STATIONARY" and "REFUTED" in wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description="Decide other people's derivations and count what was expected.")
    parser.add_argument("folder", type=Path, help="the folder with derivations.json and strangers.json")
    parser.add_argument("--list", action="store_true", help="print every derivation that is not decided as expected")
    parser.add_argument("--dry", action="store_true", help="keep the results that are written as they are")
    options = parser.parse_args()
    for name in ("derivations", "strangers"):
        entries = json.loads((options.folder / f"{name}.json").read_text(encoding="utf-8"))
        found = counted(entries, options.list)
        print(name, found)
        if not options.dry:
            keep("corpus", name, found)


def counted(entries: list[dict[str, Any]], listed: bool) -> dict[str, Any]:
    """How many steps there are, are decided as expected, and are decided wrongly, these with their ids and reasons."""
    total: Counter[str] = Counter({"wrong and proved": 0, "right and refused": 0, "not carried over": 0})
    odd: dict[str, str] = {}
    for entry in entries:
        wanted, said = [SAME.get(one, one) for one in entry["expected"]], decided(entry)
        found, places = said.verdicts, range(min(len(wanted), len(said.verdicts)))
        fitting = [said.fits(k, wanted[k]) for k in places]
        whole = len(wanted) == len(found)
        proved = [k for k in places if not fitting[k] and found[k] == "PROVED"]
        refused = [k for k in places if wanted[k] == "PROVED" and found[k] in FALSE]
        total["steps"] += len(wanted)
        total["as expected"] += sum(fitting) if whole else 0
        total["whole derivations as expected"] += whole and all(fitting)
        total["wrong and proved"] += len(proved)
        total["right and refused"] += len(refused)
        total["not read"] += found.count("UNREADABLE")
        total["not carried over"] += said.context is None
        if proved or refused:
            odd[entry["id"]] = REASONS.get(entry["id"], "nobody has looked at it yet")
        if listed and (not whole or not all(fitting)):
            print(f"{entry['id']}: expected {wanted}, found {found}")
    return {"derivations": len(entries), **total, "looked at": odd}


def decided(entry: dict[str, Any]) -> Decided:
    """What is said of a derivation; nothing where its table cannot be written in the language of tables."""
    try:
        context = context_of(entry)
    except (Problem, ValueError):
        return Decided([])
    steps = derivation(entry["latex"], context, repairs=False).steps
    return Decided([step.verdict.value for step in steps], context, tuple(step.left for step in steps))


def context_of(entry: dict[str, Any]) -> Context:
    return Context(**given_of(entry))


def given_of(entry: dict[str, Any]) -> dict[str, Any]:
    """What declares the symbols of an entry; definitions are read from their Python form."""
    macros = entry.get("macros") or {}
    shapes = {expanded(name, macros): shape_of(shape) for name, shape in entry.get("symbols", {}).items()}
    shapes |= entry.get("shapes", {})
    definitions = defined(entry, macros, shapes)
    layout = "denominator" if entry.get("layout", "").startswith("denominator") else "gradient"
    more = {**entry.get("options", {})}
    symmetric = [*called_symmetric(entry.get("assumptions", ""), shapes), *more.pop("symmetric", [])]
    return {
        "shapes": shapes, "definitions": definitions, "symmetric": symmetric, "macros": macros or None,
        "layout": more.pop("layout", layout), **more,
    }  # fmt: skip


def called_symmetric(told: str, shapes: dict[str, Any]) -> list[str]:
    """The matrices in front of the word *symmetric*, as in ``P, Sigma symmetric``, which may lack their backslash."""
    names = re.findall(r"([A-Z]\w*)(?=(?:(?!\bnot\b)[^.])*\bsymmetric)", told)
    return [name for name in shapes if re.sub(r"\W", "", re.sub(r"\\(?:boldsymbol|mathbf)", "", name)) in names]


def expanded(name: str, macros: dict[str, str]) -> str:
    """A name without the macros of its document."""
    for _ in range(4):
        for macro, body in macros.items():
            if "#1" in body:
                name = re.sub(
                    re.escape(macro) + r"\{(\w|\\\w+)\}", lambda found, body=body: body.replace("#1", found[1]), name
                )
            elif "[" not in macro:
                name = re.sub(re.escape(macro) + r"(?![A-Za-z])", lambda _, body=body: body, name)
    return name


def in_python(latex: str) -> str:
    """A name as tables write it."""
    square = latex.removesuffix("^2")
    key = name_key(square)[0]
    key = "lam" if key == "lambda" else key
    return f"({key}**2)" if square != latex else key


def shape_of(given: list[str]) -> tuple[str | int, ...]:
    """A shape without a last 1, so that a row keeps its first."""
    sizes: list[str | int] = [1 if one == "1" else one for one in given]
    return tuple(one for one in sizes if one != 1) if sizes[-1:] == [1] or len(sizes) < 2 else tuple(sizes)


def defined(entry: dict[str, Any], macros: dict[str, str], shapes: dict[str, Any]) -> dict[str, str]:
    """The definitions of an entry in the language of tables, without those that have no form in it."""
    spelled: dict[str, str] = {}
    lost: set[str] = set()
    found = {}
    given = entry.get("definitions", {})
    pythons = entry.get("python_names", {})
    for latex, python in pythons.items():
        if latex not in given:
            spelled[python] = in_python(expanded(latex, macros))
    for latex, body in given.items():
        python, name = pythons.get(latex, ""), expanded(latex, macros)
        if "\\" not in body and (NO_PART.search(body) or lost & set(re.findall(r"\w+", body))):
            lost.add(python)
            continue
        rows = [key for key, one in pythons.items() if shapes.get(expanded(key, macros), ())[:1] == (1,)]
        for one in (pythons[key] for key in rows):
            body = re.sub(rf"\b{one}\[(\w+)\]", rf"{one}[0,\1]", body)
        found[name] = translated(body, spelled)
        if python:
            taken = in_python(name) in spelled.values()  # names that differ in their font alone
            spelled[python] = f"({found[name]})" if taken or name.endswith("^2") else in_python(name)
    return found


def translated(body: str, names: dict[str, str]) -> str:
    if "\\" in body:
        return body
    body = re.sub(r"\bS\((\w+),\s*\w+,", r"sum(\1,", body)
    for pattern, new in FUNCTIONS.items():
        body = re.sub(pattern, new, body)
    return re.sub(r"[A-Za-z]\w*", lambda match: names.get(match[0], match[0]), body)


if __name__ == "__main__":
    main()
