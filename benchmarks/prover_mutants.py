"""Breaks the prover, one operator, constant or guard at a time, and lists what nothing notices.

Run: ``python benchmarks/prover_mutants.py --minutes 45 --seed 1``. Mutants are drawn in a random order until the time
is over (``--minutes 0``: all). One is noticed if a rewrite rule no longer proves what it should or proves its false
neighbour, if an attack on the checker succeeds, or if a verdict or a stamp changes on a text of
``tests/verify/identities.py`` and ``tests/verify/corpus.py`` that runs the changed function. What survives is asked
whether it changes a verdict on the equations of the book, and whether the tests of the types notice it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from kept import keep  # noqa: E402
from mutation import VERIFY, Mutant, broken_tree, in_a_fork, mutants, name_of_function, sources  # noqa: E402


def broken_rule() -> str:
    """The rewrite rule that proves too little or too much, or nothing."""
    from tests.verify import test_rules as rules

    for rule, (true, false) in rules.RULES.items():
        if not rules.prove(rules.claim_of(true))[0]:
            return f"does not prove: {rule}"
        if rules.prove(rules.claim_of(false))[0]:
            return f"proves the neighbour of: {rule}"
    for rule, (premise, true, false) in rules.GIVEN.items():
        given = [rules.claim_of(premise)]
        if not rules.follows(rules.claim_of(true), given) or rules.follows(rules.claim_of(false), given):
            return f"premise: {rule}"
    return ""


def open_attack() -> str:
    """The attack on the checker of certificates that succeeds, or nothing."""
    from lrcore.verify.certificate import Refused, check
    from tests.verify.attacks import ATTACKS

    for name, (statement, steps) in ATTACKS.items():
        try:
            check(statement, (tuple(steps),))
            return f"lets through: {name}"
        except Refused:
            continue
    return ""


def texts() -> list[tuple[str, dict[str, Any]]]:
    """The identities and the corpus, with what their tables declare."""
    from tests.verify.corpus import CORPUS
    from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

    declared = {"shapes": SHAPES, "symmetric": SYMMETRIC}
    identities = [(text, declared) for pair in IDENTITIES for text in pair]
    return identities + [(text, given) for _, given, text, _ in CORPUS]


def verdicts(text: str, given: dict[str, Any]) -> list[str]:
    """What is said of each step of a text."""
    from lrcore.verify import Context, derivation

    report = derivation(text, Context(**given), repairs=False)
    return [f"{step.verdict.value} {step.certificate}" for step in report.steps]


Expected = list[list[str]]
Runs = dict[tuple[str, str], list[int]]  # (file, function) -> the texts that run it


def as_it_is() -> tuple[Expected, Runs]:
    """The verdicts of the prover as it is, and which functions each text runs."""
    runs: dict[tuple[str, str], set[int]] = defaultdict(set)
    expected, place = [], 0

    def called(frame: Any, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(VERIFY)):
            file = code.co_filename[len(str(VERIFY)) + 1 :]
            runs[file, code.co_qualname.split(".<")[0]].add(place)

    sys.settrace(called)
    for place, (text, given) in enumerate(texts()):  # noqa: B007
        expected.append(verdicts(text, given))
    sys.settrace(None)
    return expected, {key: sorted(found) for key, found in runs.items()}


def noticed(quick: bool = True, expected: Expected = (), places: list[int] = ()) -> str:  # type: ignore[assignment]
    """What gives the broken prover away, or nothing."""
    if quick and (found := broken_rule() or open_attack()):
        return found
    every = texts()
    for place in places:
        now = verdicts(*every[place])
        if now != expected[place]:
            return f"{every[place][0][:60]}: {' '.join(expected[place])} becomes {' '.join(now)}"
    return ""


def by_the_rules_of_types() -> str:
    """Whether the tests of the types notice the broken prover."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return str(pytest.main(["-q", "-x", "-p", "no:cacheprovider", str(ROOT / "tests/verify/test_typing.py")]) or "")


def of_the_book() -> str:
    """The verdicts on the equations of the book, as one text."""
    from tests.verify.proved import of_book

    return str(Counter(f"{one.name} {one.relation}" for one in of_book()))


def tried(mutant: Mutant, expected: Expected, runs: Runs, ask: Callable[..., str] = noticed) -> str:
    """What notices a mutant, or nothing."""
    name = name_of_function(*broken_tree(mutant))
    places = list(runs.get((mutant.file, name), [])) if name else list(range(len(expected)))
    Random(1).shuffle(places)
    return in_a_fork(mutant, ask, True, expected, places)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=45, help="when to stop (0: when all were tried)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    every = [one for path in sources() for one in mutants(path)]
    Random(options.seed).shuffle(every)
    started, (expected, runs), book = perf_counter(), as_it_is(), in_a_fork(None, of_the_book)
    print(f"prepared in {perf_counter() - started:.0f} s", flush=True)
    killed: Counter[str] = Counter()
    survivors: list[dict[str, Any]] = []
    for mutant in every:
        if options.minutes and perf_counter() - started > 60 * options.minutes:
            break
        found = tried(mutant, expected, runs)
        killed[mutant.file] += bool(found)
        if not found:
            same = in_a_fork(mutant, of_the_book) == book
            types = bool(in_a_fork(mutant, by_the_rules_of_types))
            told = {"changes a verdict on the book": not same, "noticed by tests/verify/test_typing.py": types}
            survivors.append({**asdict(mutant), **told})
        print(f"{mutant.file}:{mutant.line} {mutant.what}: {found or survivors[-1]}", flush=True)
    drawn = killed.total() + len(survivors)
    print(f"{killed.total()} of {drawn} noticed, in {perf_counter() - started:.0f} s")
    found = {"of": len(every), "drawn": drawn, "seed": options.seed, "noticed": killed.total()}
    keep("prover_mutants", "a sample", {**found, "noticed by file": dict(killed), "survivors": survivors})
    return 0


if __name__ == "__main__":
    sys.exit(main())
