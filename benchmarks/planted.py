"""Mistakes planted in other people's notes, in steps that are proved there: how many of them the command refuses.

    python benchmarks/planted.py FOLDER ... [--count 500] [--list]

A step is changed as people slip: a sign, a factor, a lost transpose, square, inverse or term, an index. The page is
then read anew as a whole, with one slip in a paragraph at a time. A slip is refused where an error stands at its step;
``quiet`` is what was found there instead.
What is proved though it was changed is listed for a person to read: it is right all the same, or the proof is false.
The notes are not part of this project; ``results/planted.json`` keeps the figures, put in by hand.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lrcore.checker.derivations import CheckedDerivation
from lrcore.notes.checking import Asked, Finding, decided, of
from lrcore.notes.choosing import chosen
from lrcore.notes.sources import Unusable, source
from lrcore.verify import NoReader, Problem, Verdict

COUNT, SEED = 500, 20
RANK = ("error", "note", "none")
# A slip is a pattern and what takes its place; what stands in an index or an exponent is no sign.
SLIPS = (
    ("sign", r"(?<=[\w}\)\]\s])\+(?=\s*[\w\\({\[])", "-"),
    ("sign", r"(?<=[\w}\)\]\s])-(?=\s*[\w\\({\[])", "+"),
    ("factor", r"\A\s*(?=[A-Za-z\\(\[])", "2 "),
    ("factor", r"(?<![\w^_{.])[2-9](?![\w.])", "7"),
    ("transpose", r"\^(?:\\top|T|\{\\top\}|\{T\}|\\intercal)(?![A-Za-z])|(?<=\w)'(?!')", ""),
    ("square", r"\^(?:2|\{2\})", ""),
    ("inverse", r"\^\{-1\}", ""),
    ("index", r"_(?:i\b|\{i\})", "_j"),
    ("lost term", r"(?<=[\w}\)\]])\s*[+-]\s*[\w\\^]+\s*\Z", ""),
)


@dataclass(frozen=True)
class Slip:
    file: str
    kind: str
    line: int
    last: int
    was: str
    now: str
    start: int
    end: int
    paragraph: int


def slips(name: str) -> list[Slip]:
    """Every slip in a step that is proved on this page."""
    try:
        given = source(name)
        asked = Asked()
        report, _ = decided(given, asked.context(Path(name).parent), asked)
    except (Unusable, NoReader, Problem, ValueError):
        return []
    if not isinstance(report, CheckedDerivation):
        return []
    return [one for step in report.steps for one in _of_step(step, report.report.text, given.text, name)]


def _of_step(step, read, text, name) -> Iterator[Slip]:
    if step.verdict is not Verdict.PROVED or step.sides is None or step.relation != "=":
        return
    start, end = step.sides[1]
    if read[start:end] != text[start:end]:
        return
    right = text[start:end]
    lines = [text.count("\n", 0, at) + 1 for at in (step.sides[0][0], end)]
    for kind, pattern, put in SLIPS:
        for found in re.finditer(pattern, right):
            now = right[: found.start()] + put + right[found.end() :]
            if _deep(right, found.start()) and kind in ("sign", "factor"):
                continue
            if now.split() != right.split():
                yield Slip(name, kind, *lines, right, now, start, end, len(re.findall(r"\n\s*\n", text[:start])))


def _deep(text: str, at: int) -> bool:
    """Whether a place lies in an index or an exponent."""
    opened: list[str] = []
    for k, sign in enumerate(text[:at]):
        if sign == "{":
            opened.append(text[k - 1 : k] if k else "")
        elif sign == "}" and opened:
            opened.pop()
    return any(one in "_^" for one in opened if one)


def passes(every: list[Slip]) -> list[list[Slip]]:
    """The slips of a page in rounds: in each of them one to a paragraph, from the last to the first."""
    steps: dict[int, list[Slip]] = {}
    for one in every:
        steps.setdefault(one.paragraph, []).append(one)
    longest = max(map(len, steps.values()), default=0)
    return [[own[k] for _, own in sorted(steps.items(), reverse=True) if k < len(own)] for k in range(longest)]


def judged(planted: list[Slip]) -> list[tuple[Slip, str]]:
    """What is found of the changed steps: the rule that is worst among those at its lines."""
    text = source(planted[0].file).text
    for one in planted:
        text = text[: one.start] + one.now + text[one.end :]
    found = [one for one in of(source(planted[0].file, text), Asked()).findings if one.rule != "taken"]
    return [(one, _worst([each for each in found if one.line <= each.line <= one.last])) for one in planted]


def _worst(found: list[Finding]) -> str:
    found.sort(key=lambda one: (RANK.index(one.level), one.rule == "proved"))
    return found[0].rule if found else "nothing"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="list each with what was found of it")
    options = parser.parse_args()
    names = chosen(options.folders, None)
    rounds, done = [], []
    with ProcessPoolExecutor(options.jobs) as pool:
        for page in pool.map(slips, names):
            rounds += passes(page)
        Random(SEED).shuffle(rounds)
        for one in pool.map(judged, rounds):
            done += one
            for slip, rule in one if options.list else ():
                print(f"{slip.file}:{slip.line}: {rule}: {slip.kind}: {slip.was!r} -> {slip.now!r}", file=sys.stderr)
            if len(done) >= options.count:
                pool.shutdown(cancel_futures=True)
                break
    refused = sum(rule in ("refuted", "ill-typed") for _, rule in done)
    kinds = Counter(slip.kind for slip, _ in done)
    caught = Counter(slip.kind for slip, rule in done if rule in ("refuted", "ill-typed"))
    figures = {
        "files": len(names),
        "slips in steps that are proved": sum(map(len, rounds)),
        "planted": len(done),
        "refused": refused,
        "share": round(refused / max(len(done), 1), 3),
        "quiet": dict(Counter(rule for _, rule in done if rule not in ("refuted", "ill-typed")).most_common()),
        "kinds": {kind: f"{caught[kind]} of {count}" for kind, count in sorted(kinds.items())},
    }
    json.dump(figures, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
