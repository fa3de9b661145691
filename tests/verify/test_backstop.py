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


def test_no_engine_looks_at_a_clock():
    stages = Path(effort.__file__).parents[1]
    engines = [path for stage in ("terms", "refute", "prove") for path in (stages / stage).glob("*.py")]
    assert len(engines) > 20
    for path in engines:
        assert not re.search(r"\b(time|perf_counter|monotonic)\b\(|import time", path.read_text("utf-8")), path.name


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
