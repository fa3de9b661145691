"""Breaks the prover, one operator, constant or guard at a time, and lists what nothing notices.

Run: ``python benchmarks/prover_mutants.py --minutes 45 --seed 1 --processes 2``. Mutants are drawn in the random order
of the seed until the time is over (``--minutes 0``: all); what was tried stands in ``_build/prover_mutants.jsonl``, and
a later run on the same source and tests goes on from there. A mutant is put to what runs one of its lines: the tests in
``TESTS``, and the verdict and stamp of every step of ``tests/verify/identities.py``, ``tests/verify/corpus.py``,
``tests/test_false_proofs.py`` and of the book's pages; with ``--most 100`` to the hundred quickest of each of these two
kinds. Tests that are slow are left out; the results name them. What runs a line is told by ``coverage``
(``pip install coverage==7.17.5``).
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from kept import keep  # noqa: E402
from mutation import VERIFY, Mutant, broken_tree, in_a_fork, lines_of, mutants, name_of_function, sources  # noqa: E402

TESTS = [
    "tests/verify/test_rules.py",
    "tests/verify/test_typing.py",
    "tests/verify/test_certificate.py",
    "tests/verify/test_proof_sizes.py",
    "tests/verify/test_false_laws.py",
    "tests/verify/test_consequences.py",
    "tests/verify/test_inequality.py",
    "tests/verify/test_derivation.py",
    "tests/verify/test_elaborate.py",
    "tests/verify/test_differentials.py",
]
SLOW = 0.5  # seconds of the processor that a question may take
JOURNAL = ROOT / "_build" / "prover_mutants.jsonl"
Line = tuple[str, int]


@dataclass
class Question:
    """Something the prover is asked, what it answered as it is, and how long that took, its lines being counted."""

    name: str
    ask: Callable[[], str]
    answer: str = ""
    seconds: float = 0.0


# ---------------------------------------------------------------------- what is asked


def verdicts(text: str, given: dict[str, Any]) -> str:
    """What is said of each step of a text, with its stamp."""
    from lrcore.verify import Context, derivation

    report = derivation(text, Context(**given), repairs=False)
    return " ".join(f"{step.verdict.value} {step.certificate}".strip() for step in report.steps)


def verdicts_of_page(path: Path) -> str:
    """What is said of each equation of a page of the book."""
    from lrcore.verify.page.gate import check_page

    steps = [step for one in check_page(path.read_text(encoding="utf-8")).checked for step in one.report.steps]
    return " ".join(f"{step.verdict.value} {step.certificate}".strip() for step in steps)


def texts() -> list[Question]:
    """The identities, the corpus, the texts that were once called proved, and the pages of the book."""
    from tests.test_false_proofs import CASES
    from tests.test_false_proofs import SHAPES as DECLARED
    from tests.verify.corpus import CORPUS
    from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

    given = {"shapes": SHAPES, "symmetric": SYMMETRIC}
    found = [(text, text, given) for pair in IDENTITIES for text in pair]
    found += [(name, text, declared) for name, declared, text, _ in CORPUS]
    found += [(name, text, {"shapes": DECLARED}) for name, (text, *_) in CASES.items()]
    pages = sorted((ROOT / "book").glob("**/*.md"))
    return [Question(f"verdict: {name[:70]}", partial(verdicts, text, given)) for name, text, given in found] + [
        Question(f"verdict: {path.name}", partial(verdicts_of_page, path)) for path in pages
    ]


def answer_of_test(item: pytest.Item) -> str:
    """Nothing where a test passes, and else the end of what it says."""
    reports = runtestprotocol(item, log=False, nextitem=None)
    failed = [one for one in reports if one.failed]
    return str(failed[0].longrepr).splitlines()[-1][:90] if failed else ""


def forget() -> None:
    """Empties what the tests keep of earlier answers."""
    for name, module in list(sys.modules.items()):
        if module is not None and name.split(".")[0] in ("tests", "lrcore"):
            for one in list(vars(module).values()):
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


class TooSlow(Exception):
    """A question takes more time than it may."""


def _too_slow(*_: object) -> None:
    raise TooSlow


def answered_in_time(question: Question, limit: float) -> tuple[str, float]:
    """What is answered, and the seconds of the processor; cut off soon after the limit."""
    forget()
    signal.signal(signal.SIGVTALRM, _too_slow)
    started = process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, 1.2 * limit)
    try:
        return question.ask(), process_time() - started
    except TooSlow:
        return "", process_time() - started
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def measured(questions: list[Question]) -> dict[Line, list[Question]]:
    """Asks each question, so that it has its answer and its time; which of them run a line of the mutated files, but
    for those that are slow.
    """
    cover = Coverage(data_file=None, include=[str(path) for path in sources()], config_file=False)
    cover.start()
    for number, one in enumerate(questions):
        cover.switch_context(str(number))
        one.answer, one.seconds = answered_in_time(one, SLOW)
    cover.stop()
    found: dict[Line, list[Question]] = {}
    for path in sources():
        for line, numbers in cover.get_data().contexts_by_lineno(str(path)).items():
            asked = [questions[int(number)] for number in sorted(numbers, key=int) if number]
            found[str(path.relative_to(VERIFY)), line] = [one for one in asked if one.seconds <= SLOW]
    return found


# ---------------------------------------------------------------------- one mutant


def first_changed(questions: list[Question]) -> str:
    """The first question that a broken prover answers in another way or takes five times as long for, or nothing."""
    for one in questions:
        found, seconds = answered_in_time(one, max(2.0, 5 * one.seconds))
        if seconds > max(2.0, 5 * one.seconds):
            return f"{one.name}: takes too much time"
        if found != one.answer:
            return f"{one.name}: {one.answer[:60]} becomes {found[:60]}"
    return ""


def anew(files: list[str]) -> str:
    """The same for a prover that was loaded anew: the tests in files, then the verdicts."""
    answers = {one.name: one.answer for one in ASKED}
    if pytest.main(["-q", "-x", "-p", "no:cacheprovider", *files]):
        return f"a test in {', '.join(files)}"
    changed = [one for one in texts() if one.name in answers and one.ask() != answers[one.name]]
    return changed[0].name if changed else ""


def quickest(questions: list[Question], most: int) -> list[Question]:
    """The tests and then the texts, the quickest first; ``most`` of each, or all where that is 0."""
    asked = sorted(questions, key=lambda one: one.seconds)
    kinds = ([one for one in asked if one.name.startswith(kind)] for kind in ("test", "verdict"))
    return [one for kind in kinds for one in kind[: most or None]]


ASKED: list[Question] = []
RUNS: dict[Line, list[Question]] = {}


def tried(mutant: Mutant, most: int) -> dict[str, Any]:
    """What notices a mutant, among the questions that run one of its lines."""
    tree, node = broken_tree(mutant)
    if name_of_function(tree, node):
        lines = {(mutant.file, k) for k in lines_of(tree, node)}
        asked = {id(one): one for line in lines for one in RUNS.get(line, ())}
        first = quickest(list(asked.values()), most)
        found = in_a_fork(mutant, first_changed, first, seconds=20 + 3 * sum(one.seconds for one in first))
        return {**asdict(mutant), "asked": len(first), "noticed by": found}
    found = in_a_fork(mutant, anew, TESTS[:2], seconds=200)
    return {**asdict(mutant), "asked": len(ASKED), "noticed by": found}


# ---------------------------------------------------------------------- the run


def state_of_source() -> str:
    """A short digest of the prover and of what it is asked."""
    files = [*sorted(VERIFY.glob("**/*.py")), *sorted((ROOT / "tests/verify").glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def journal(state: str) -> Iterator[dict[str, Any]]:
    """What earlier runs on the same source and tests found."""
    if JOURNAL.is_file():
        for line in JOURNAL.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            if found.pop("state") == state:
                yield found


class Run:
    """The mutation run, inside of a session of pytest that collected the tests."""

    def __init__(self, options: argparse.Namespace):
        self.options = options

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        started, state = perf_counter(), state_of_source()
        every = [Question(f"test: {one.nodeid}", partial(answer_of_test, one)) for one in session.items] + texts()
        RUNS.update(measured(every))
        say(f"{sum(one.seconds for one in every):.0f} s of the processor for all questions")
        ASKED[:] = [one for one in every if one.seconds <= SLOW]
        forget()
        gc.collect()
        gc.freeze()  # what is never collected is never copied by a fork
        say(f"{len(ASKED)} questions measured in {perf_counter() - started:.0f} s")
        drawn = [one for path in sources() for one in mutants(path)]
        Random(self.options.seed).shuffle(drawn)
        known = {(one["file"], one["number"]) for one in journal(state)}
        left = [one for one in drawn if (one.file, one.number) not in known]
        shares = [left[k :: self.options.processes] for k in range(self.options.processes)]
        workers = [self.worker(share, state, started) for share in shares]
        for one in workers:
            os.waitpid(one, 0)
        slow = sorted(one.name for one in every if one.seconds > SLOW)
        found = summary(list(journal(state)), len(drawn), self.options.seed, slow, state)
        keep("prover_mutants", "a sample", {**found, "questions of each kind at most": self.options.most or "all"})
        return True

    def worker(self, left: list[Mutant], state: str, started: float) -> int:
        """A process of its own that tries some of the mutants and writes each into the journal."""
        if child := os.fork():
            return child
        try:
            for mutant in left:
                if self.options.minutes and perf_counter() - started > 60 * self.options.minutes:
                    break
                found = tried(mutant, self.options.most)
                with JOURNAL.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"state": state, **found}) + "\n")
        finally:
            os._exit(0)


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def summary(found: list[dict[str, Any]], of: int, seed: int, slow: list[str], state: str) -> dict[str, Any]:
    """The results as they are kept."""
    survivors = [one for one in found if not one["noticed by"]]
    files = Counter(one["file"] for one in found)
    noticed = Counter(one["file"] for one in found if one["noticed by"])
    return {
        "of": of,
        "drawn": len(found),
        "seed": seed,
        "noticed": len(found) - len(survivors),
        "noticed by a test": sum(one["noticed by"].startswith(("test", "a test")) for one in found),
        "state of the source": state,
        "by file": {file: f"{noticed[file]} of {files[file]}" for file in sorted(files)},
        "tests": TESTS,
        "left out because they are slow": slow,
        "survivors": sorted(survivors, key=lambda one: (one["file"], one["line"], one["number"])),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=45, help="when to stop (0: when all were tried)")
    parser.add_argument("--most", type=int, default=0, help="questions of each kind that a mutant is put to (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    JOURNAL.parent.mkdir(exist_ok=True)
    arguments = ["-q", "-s", "-p", "no:cacheprovider", "--rootdir", str(ROOT), *(str(ROOT / one) for one in TESTS)]
    return int(pytest.main(arguments, plugins=[Run(options)]))


if __name__ == "__main__":
    sys.exit(main())
