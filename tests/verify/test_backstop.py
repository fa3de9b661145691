"""What the engines' own budgets let through ends at one limit of work: an honest CHECKED, the same everywhere."""

import re
from pathlib import Path

import pytest

from lrcore.verify import Context, Verdict
from lrcore.verify.certificate import Refused
from lrcore.verify.decide.pipeline import examine
from lrcore.verify.decide.state import Options
from lrcore.verify.prove import certify
from lrcore.verify.terms import effort
from lrcore.verify.terms.errors import OutOfWork, Outside

CONTEXT = Context(shapes={"A": ("N", "N"), "B": ("N", "N")})
LONG = r"\operatorname{tr}((A + B)^6) = \operatorname{tr}((B + A)^6)"
SHORT = r"\operatorname{tr}(A B) = \operatorname{tr}(B A)"


def decided(limit):
    (step,) = examine(LONG, CONTEXT, Options(effort=limit)).report.steps
    return step


def test_with_too_little_work_a_step_is_given_up_and_says_so():
    step = decided(100)
    assert step.verdict is Verdict.CHECKED and step.out_of_work
    assert step.message.startswith("Gave up: too much work for one step")


def test_with_enough_work_the_same_step_is_proved():
    step = decided(effort.LIMIT)
    assert step.verdict is Verdict.PROVED and not step.out_of_work


def test_the_work_decides_and_not_the_machine():
    least = next(limit for limit in range(1_000, 100_000, 1_000) if decided(limit).verdict is Verdict.PROVED)
    assert decided(least - 1_000).out_of_work
    assert [decided(least).verdict for _ in range(3)] == [Verdict.PROVED] * 3


def test_the_limit_ends_work_of_its_own_step_alone():
    with effort.within(10) as work, pytest.raises(OutOfWork):
        effort.spend(11)
    assert work.exhausted
    effort.spend(10**9)


CLOCK = re.compile(
    r"\b(?:perf_counter|monotonic|process_time|thread_time|time|clock_gettime|now|today)(?:_ns)?\s*\(|import\s+time\b"
    r"|from\s+time\s+import|import\s+datetime|from\s+datetime\s+import|\btimeit\b|\bsignal\b|\balarm\b|\bTimer\b"
)
# Where a clock is read, and what of it is left over: the milliseconds that a report shows, and nothing is decided by.
SHOWN = {"verify/decide/pipeline.py", "verify/page/gate.py"}
FOR_DISPLAY = re.compile(
    r"from time import perf_counter\n|\bstarted = perf_counter\(\)\n|1e3 \* \(perf_counter\(\) - started\)"
)


def test_no_clock_is_read_where_it_could_decide_a_verdict():
    house = Path(effort.__file__).parents[2]
    files = [path for room in ("verify", "checker") for path in sorted((house / room).rglob("*.py"))]
    stages = {path.relative_to(house).parts[1] for path in files}
    assert len(files) > 100 and {"terms", "read", "type", "refute", "prove", "decide", "why", "confirm"} <= stages
    for path in files:
        name, code = path.relative_to(house).as_posix(), path.read_text("utf-8")
        bare = FOR_DISPLAY.sub("", code) if name in SHOWN else code
        assert not CLOCK.search(bare), f"{name}: {CLOCK.search(bare)}"
        assert name not in SHOWN or bare != code, f"{name} reads no clock any more"


def test_the_time_that_is_shown_decides_nothing(monkeypatch):
    before = examine(SHORT, CONTEXT, Options()).report.steps
    ticks = iter(range(0, 10**9, 10**5))
    monkeypatch.setattr("lrcore.verify.decide.pipeline.perf_counter", lambda: next(ticks))
    after = examine(SHORT, CONTEXT, Options()).report.steps
    assert before == after and after[0].milliseconds >= 1e8


def searching(monkeypatch, error):
    """A search for certificates with an error of its own."""

    def stumbling(statement):
        raise error

    monkeypatch.setattr(certify, "certificate_for", stumbling)


@pytest.mark.parametrize("error", [KeyError("x"), TypeError("x"), ValueError("x"), ZeroDivisionError("x")])
def test_an_error_of_the_search_is_not_taken_for_a_missing_certificate_and_costs_the_reader_the_stamp_alone(
    error, monkeypatch
):
    claim = examine(SHORT, CONTEXT, Options()).decided[0].claim
    searching(monkeypatch, error)
    with pytest.raises(type(error)):
        certify.certify(claim)
    (step,) = examine(SHORT, CONTEXT, Options()).report.steps
    assert step.verdict is Verdict.PROVED and not step.certificate


@pytest.mark.parametrize("error", [Refused("x"), Outside("x"), RecursionError()])
def test_what_has_no_certificate_is_no_error(error, monkeypatch):
    claim = examine(SHORT, CONTEXT, Options()).decided[0].claim
    assert certify.certify(claim) is not None
    searching(monkeypatch, error)
    assert certify.certify(claim) is None
