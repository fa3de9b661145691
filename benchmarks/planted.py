"""Mistakes planted in other people's notes, in steps that are proved there: how many of them the command refuses.

    python benchmarks/planted.py FOLDER ... [--count 500] [--list] [--keep FILE]

A step is changed as people slip: a sign, a factor, a lost transpose, square, inverse or term, an index. The page is
then read anew as a whole, with one slip in a paragraph at a time. A slip is refused where an error stands at its step
or at the one that goes on from it: in a chain a = b = c a slip in b makes two steps false. ``quiet`` is what was found
there instead.

What is proved though it was changed is no mistake, or the proof is false. It is looked at once more by sympy, with
entries or numbers in the place of the letters and nothing of the search for proofs, and counted apart:
"right all the same" where sympy agrees and nothing is taken for a letter that is not in the page without slips;
"right in another convention, which is named" where sympy agrees and the page leaves it open, as the factor of a loss
that it nowhere defines; "proved and not confirmed" is to be read by a person. Neither of the first two is among the
``mistakes``.
The notes are not part of this project; ``results/planted.json`` keeps the figures, put in by hand. ``--keep`` appends
what was found, round by round, to a file, and a run that was broken off goes on from there.
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

from lrcore.checker.checked_text import CheckedText
from lrcore.checker.derivations import CheckedDerivation
from lrcore.checker.interpret import LAYOUTS
from lrcore.checker.table import State
from lrcore.notes.checking import Asked, Finding, decided, of
from lrcore.notes.choosing import chosen
from lrcore.notes.sources import Unusable, source
from lrcore.verify import NoReader, Problem, Verdict, second_opinion

COUNT, SEED = 500, 20
RANK = ("error", "note", "none")
REFUSED = ("refuted", "ill-typed")
RIGHT, CONVENTION, UNCONFIRMED = "right all the same", "right in another convention", "proved and not confirmed"
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
    taken: frozenset[str]  # what the page takes its letters for


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
    taken = _taken(report)
    following = [*report.steps[1:], None]
    pairs = zip(report.steps, following)
    return [one for step, after in pairs for one in _of_step(step, after, report.report.text, given.text, name, taken)]


def _of_step(step, after, read, text, name, taken) -> Iterator[Slip]:
    if step.verdict is not Verdict.PROVED or step.sides is None or step.relation != "=":
        return
    start, end = step.sides[1]
    if read[start:end] != text[start:end]:
        return
    right = text[start:end]
    goes_on = after is not None and after.sides is not None and after.sides[0] == step.sides[1]
    lines = [text.count("\n", 0, at) + 1 for at in (step.sides[0][0], after.sides[1][1] if goes_on else end)]
    for kind, pattern, put in SLIPS:
        for found in re.finditer(pattern, right):
            now = right[: found.start()] + put + right[found.end() :]
            if _deep(right, found.start()) and kind in ("sign", "factor"):
                continue
            if now.split() != right.split():
                paragraph = len(re.findall(r"\n\s*\n", text[:start]))
                yield Slip(name, kind, *lines, right, now, start, end, paragraph, taken)


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
    done = [(one, _worst([each for each in found if one.line <= each.line <= one.last])) for one in planted]
    return [(one, _looked_at(one, text, planted) if rule == "proved" else rule) for one, rule in done]


def _worst(found: list[Finding]) -> str:
    found.sort(key=lambda one: (RANK.index(one.level), one.rule != "proved"))
    return found[0].rule if found else "nothing"


def _looked_at(slip: Slip, text: str, planted: list[Slip]) -> str:
    """What a changed step is that is proved: sympy decides its claim, and what is taken is compared."""
    start = slip.start + sum(len(one.now) - len(one.was) for one in planted if one.start < slip.start)
    given = source(slip.file, text)
    asked = Asked()
    checked = CheckedText(State(given.prose), base=asked.context(Path(slip.file).parent)).run()
    step = next((one for one in checked.steps if one.step.sides and one.step.sides[1][0] == start), None)
    if step is None or step.decided is None or step.step.verdict is not Verdict.PROVED:
        return UNCONFIRMED
    if second_opinion(step.decided.claim, step.decided.given).agrees is not True:
        return UNCONFIRMED
    report, _ = decided(given, asked.context(Path(slip.file).parent), asked)
    return RIGHT if _taken(report) <= slip.taken else CONVENTION


def _taken(report: CheckedDerivation) -> frozenset[str]:
    """What the letters of a page are taken for, and the layout of its derivatives."""
    layouts = (one for step in report.steps for one in step.assumes if one in LAYOUTS.values())
    return frozenset((*report.taken, *layouts))


def kept(file: Path | None) -> dict[tuple[str, ...], list[str]]:
    """What an earlier run has found of a round, by what was planted in it."""
    lines = file.read_text("utf-8").splitlines() if file and file.exists() else []
    return {tuple(line["planted"]): line["rules"] for line in map(json.loads, lines)}


def planted_in(one: list[Slip]) -> tuple[str, ...]:
    return tuple(f"{Path(slip.file).name}:{slip.line}:{slip.start}: {slip.kind}: {slip.now}" for slip in one)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a file for what is found, round by round")
    parser.add_argument("--list", action="store_true", help="list each with what was found of it")
    options = parser.parse_args()
    files = chosen(options.folders, None)
    rounds, done = [], []
    with ProcessPoolExecutor(options.jobs) as pool:
        for page in pool.map(slips, files):
            rounds += passes(page)
        Random(SEED).shuffle(rounds)
        before = kept(options.keep)
        ahead = pool.map(judged, [one for one in rounds if planted_in(one) not in before])
        for planted in rounds:
            names = planted_in(planted)
            one = list(zip(planted, before[names])) if names in before else next(ahead)
            if options.keep and names not in before:
                with options.keep.open("a", encoding="utf-8") as file:
                    print(json.dumps({"planted": names, "rules": [rule for _, rule in one]}), file=file)
            done += one
            for slip, rule in one if options.list else ():
                print(f"{slip.file}:{slip.line}: {rule}: {slip.kind}: {slip.was!r} -> {slip.now!r}", file=sys.stderr)
            if len(done) >= options.count:
                pool.shutdown(cancel_futures=True)
                break
    refused = sum(rule in REFUSED for _, rule in done)
    mistakes = [(slip, rule) for slip, rule in done if rule not in (RIGHT, CONVENTION)]
    kinds = Counter(slip.kind for slip, _ in mistakes)
    caught = Counter(slip.kind for slip, rule in mistakes if rule in REFUSED)
    figures = {
        "files": len(files),
        "slips in steps that are proved": sum(map(len, rounds)),
        "planted": len(done),
        "right all the same": sum(rule == RIGHT for _, rule in done),
        "right in another convention, which is named": sum(rule == CONVENTION for _, rule in done),
        "mistakes": len(mistakes),
        "refused": refused,
        "share of all that was planted": round(refused / max(len(done), 1), 3),
        "share": round(refused / max(len(mistakes), 1), 3),
        "quiet": dict(Counter(rule for _, rule in mistakes if rule not in REFUSED).most_common()),
        "kinds": {kind: f"{caught[kind]} of {count}" for kind, count in sorted(kinds.items())},
    }
    json.dump(figures, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
