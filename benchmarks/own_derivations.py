"""``python benchmarks/own_derivations.py FOLDER``: what strangers wrote, pasted as it is, and with a table beside it.

The folder holds ``corpus`` (``derivations.json``, ``strangers.json``: texts with a table and the verdict that each step
deserves) and ``sources`` (the documents of the Errata page); neither is part of this repository. Everything goes
through the function behind page, notebook and terminal. Counted are steps decided as expected, left open, right and
refused, wrong and proved; the figures go to ``results/own.json``, the texts that fail to the terminal alone. Times are
of the processor, so that other work on the machine makes no difference; inference is what it takes to guess the table.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from kept import keep
from verify_corpus import SAME, Decided, context_of, fits

from lrcore.checker.checked_text import CheckedStep, CheckedText
from lrcore.checker.guesses import missing
from lrcore.checker.table import State
from lrcore.data import errata
from lrcore.verify import Context, Options, Problem, examine, find

FALSE = {"REFUTED", "ILL_TYPED", "STATIONARY"}
OPEN = {"CHECKED", "UNREADABLE", "OPEN"}
BEYOND = re.compile(
    r"\\sigma\b|\\log|\\ln|\\exp|e\^|softmax|sigmoid|tanh|kernel|\\phi|\\Phi|\\mathbb\{?E|\\det|\|A\||logit"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder with corpus/ and sources/")
    parser.add_argument("--list", action="store_true", help="print what is not decided as expected, with its text")
    parser.add_argument("--only", default="", help="names of entries, separated by commas")
    options = parser.parse_args()
    for name in ("strangers", "derivations"):
        entries = json.loads((options.folder / "corpus" / f"{name}.json").read_text(encoding="utf-8"))
        if options.only:
            entries = [one for one in entries if one["id"] in options.only.split(",")]
        if not entries:
            continue
        for table in (False, True):
            found = counted(entries, table, options.list or bool(options.only))
            part = f"{name}, {'with its table' if table else 'raw'}"
            print(part, json.dumps(found, indent=1))
            if not options.only:
                keep("own", part, found)
    if not options.only:
        found = documents(options.folder / "sources", options.list)
        print("documents", json.dumps(found, indent=1))
        keep("own", "documents", found)


def table_of(entry: dict[str, Any]) -> Context:
    """The table of an entry, with what it says of entries that are 0 or 1."""
    context = context_of(entry)
    for name in re.findall(r"\b([A-Za-z])_i in \{0,\s*1\}", entry.get("assumptions", "")):
        law = f"{name}_i^2 = {name}_i"
        found = examine(law, context, Options(formula=True, assumed=((0, len(law)),))).conditions
        context.given += tuple(replace(one, step=-1) for one in found)
    return context


def scope(entry: dict[str, Any]) -> str:
    return entry.get("scope") or ("beyond" if BEYOND.search(entry["latex"]) else "linear")


def counted(entries: list[dict[str, Any]], table: bool, listed: bool) -> dict[str, Any]:
    """What became of the derivations, those about linear models and the others apart."""
    found: dict[str, Counter[str]] = {"linear": Counter(), "beyond": Counter()}
    times: list[float] = []
    slowest = 0.0
    for entry in entries:
        started = process_time()
        try:
            steps, answered, named = checked(entry["latex"], table_of(entry) if table else None)
        except (Problem, ValueError) as problem:
            print(f"{entry['id']}: the table is not understood: {problem}")
            steps, answered, named = [], None, False
        taken = 1e3 * (process_time() - started)
        times.append(taken / max(1, len(steps)))
        slowest = max(slowest, taken)
        wanted = [SAME.get(one, one) for one in entry["expected"]]
        steps, said = verdicts(steps, wanted, entry if table else None)
        total = found[scope(entry)]
        if answered is not None and not as_expected(wanted, said, table):
            total["asked"] += 1
            _, after = verdicts(answered, wanted, entry if table else None)
            total["as expected after the first answer"] += (good := as_expected(wanted, after, table))
            if good:
                total["as expected"] += 1
        tally(total, wanted, said, table, named)
        if listed and not as_expected(wanted, said, table) and not (answered is not None and good):
            tell(entry, wanted, steps, table)
    return {
        **{name: {**one, "share": share(one)} for name, one in found.items()},
        "median ms a step": round(median(times), 1),
        "slowest text, ms": round(slowest),
    }  # fmt: skip


def verdicts(
    steps: list[CheckedStep], wanted: list[str], entry: dict[str, Any] | None
) -> tuple[list[CheckedStep], list[str]]:
    """The steps that the corpus has a verdict for, which are the equations, and what is said of them; a name that the
    table of the ``entry`` defines may be proved where the text defines it.
    """
    if len(steps) != len(wanted):
        steps = [one for one in steps if one.step.relation == "="] or steps
    said = [one.step.verdict.value for one in steps]
    if entry is not None and len(said) == len(wanted):
        context = context_of(entry)
        found = Decided(said, context, tuple(one.step.left for one in steps))
        said = [
            "DEFINITION" if a == "DEFINITION" and found.fits(k, a) else b for k, (a, b) in enumerate(zip(wanted, said))
        ]
    return steps, said


def as_expected(wanted: list[str], said: list[str], table: bool) -> bool:
    return len(wanted) == len(said) and all(decided(a, b, table) for a, b in zip(wanted, said))


def share(total: Counter[str]) -> float:
    return round(total["as expected"] / max(1, total["derivations"]), 3)


def tally(total: Counter[str], wanted: list[str], said: list[str], table: bool, named: bool) -> None:
    pairs = list(zip(wanted, said))
    total["derivations"] += 1
    whole = len(wanted) == len(said)
    total["as expected"] += as_expected(wanted, said, table)
    total["another number of steps"] += not whole
    total["steps"] += len(wanted)
    total["steps as expected"] += sum(decided(a, b, table) for a, b in pairs) if whole else 0
    if whole:
        total["steps left open"] += sum(b in OPEN and not fits(a, b) for a, b in pairs)
        total["right and refused"] += sum(a == "PROVED" and b in FALSE for a, b in pairs)
        proved = sum(b == "PROVED" and not fits(a, "PROVED") and a != "any" and wrong(a) for a, b in pairs)
        total[
            "wrong by a table that is not given, right in the convention that is named" if named else "wrong and proved"
        ] += proved


def wrong(wanted: str) -> bool:
    return bool({"REFUTED", "ILL_TYPED"} & set(wanted.split(" or ")))


def decided(wanted: str, found: str, table: bool) -> bool:
    """Whether a verdict is the expected one. Where the table alone defines a name and there is none, a line that says
    what the name is defines it, and a line that holds by that table's assumption is a condition.
    """
    if wanted == "any" or fits(wanted, found):
        return True
    if wrong(wanted):
        return found in FALSE or (not table and found == "DEFINITION")
    return (
        not table and wanted in ("PROVED", "DEFINITION", "CONDITION") and found in ("DEFINITION", "CONDITION", "PROVED")
    )


def checked(text: str, context: Context | None) -> tuple[list[CheckedStep], list[CheckedStep] | None, bool]:
    """The steps of a text; those after the first answer to each question that it asks, where it asks any; and whether
    a convention was taken and named.
    """
    found = CheckedText(State(text), base=context).run()
    named = bool(found.taken or found.layout)
    answers = tuple(one.choices[0].row for one in found.asked.values() if one.choices)
    if not answers:
        return found.steps, None, named
    return found.steps, CheckedText(State(text, answers), base=context).run().steps, named


def tell(entry: dict[str, Any], wanted: list[str], steps: list[CheckedStep], table: bool) -> None:
    print("=" * 100)
    print(f"{entry['id']} {'TABLE' if table else 'RAW'} ({scope(entry)}): {entry['latex']}")
    print(f"    expected {wanted}; {entry.get('note', '')}")
    print(f"    shapes {entry.get('shapes') or entry.get('symbols')} definitions {entry.get('definitions')}")
    for number, one in enumerate(steps):
        a = wanted[number] if number < len(wanted) else "-"
        mark = " " if decided(a, one.step.verdict.value, table) else ("!" if one.step.verdict.value in FALSE else "?")
        where = f"{one.step.left} {one.step.relation} {one.step.right}"[:150]
        print(f"  {mark} {one.step.verdict.value:10} ({a}) {where}")
        print(f"        {one.step.message[:200]} {one.step.counterexample or ''} {'; '.join(one.step.assumes)}")


# ---------------------------------------------------------------------- the three documents


def documents(folder: Path, listed: bool) -> dict[str, Any]:
    """How many formulas of the documents, pasted whole, get the verdicts of the Errata page."""
    found: Counter[str] = Counter()
    guessed: list[float] = []
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}
    for document in errata():
        formulas = [one["latex"] for one in document["formulas"]]
        name = max(texts, key=lambda one: sum(placed(latex, texts[one]) is not None for latex in formulas))
        text = texts[name]
        started = process_time()
        pieces = find(text)
        missing(text, pieces, Context())
        guessed.append(1e3 * (process_time() - started))
        started = process_time()
        whole = CheckedText(State(text)).run()
        print(f"{name[:3]}: {len(whole.steps)} steps in {1e3 * (process_time() - started):.0f} ms")
        for formula in document["formulas"]:
            place = placed(formula["latex"], text)
            inside = [one for one in whole.steps if place and place[0] <= one.left[0] and one.right[1] <= place[1] + 2]
            said = [one.step.verdict.value for one in inside]
            agree = len(said) == len(formula["verdicts"]) and all(same(a, b) for a, b in zip(formula["verdicts"], said))
            found["formulas"] += 1
            found["as the Errata say"] += agree
            as_raw = len(said) == len(formula["verdicts"]) and all(
                decided(a, b, False) for a, b in zip(formula["verdicts"], said)
            )
            found["defined by the text, and by the table of the Errata"] += as_raw and not agree
            found["not found in the text"] += place is None
            found["right and refused"] += sum(a == "PROVED" and b in FALSE for a, b in zip(formula["verdicts"], said))
            found["wrong and proved"] += sum(a in FALSE and b == "PROVED" for a, b in zip(formula["verdicts"], said))
            if listed and not agree:
                print(f"{formula['number']}: {formula['latex']}\n    expected {formula['verdicts']}, found {said}")
                for one in inside:
                    print(f"       {one.step.verdict.value} {one.step.left} = {one.step.right}: {one.step.message}")
    return {**found, "inference, median ms a page": round(median(guessed), 1)}


def same(wanted: str, found: str) -> bool:
    return wanted == found or (wanted in FALSE and found in FALSE)


def placed(latex: str, text: str) -> tuple[int, int] | None:
    """Where a formula stands in a text, whatever its white space."""
    pattern = r"\s*".join(map(re.escape, re.findall(r"\S", latex.rstrip(" ,."))))
    match = re.search(pattern, text)
    return match.span() if match else None


if __name__ == "__main__":
    main()
