"""The clock ends what the budgets of work let through: an honest CHECKED, said to be the clock's, and never kept."""

import importlib
from pathlib import Path

import pytest

from lrcore.verify import Context, Verdict, clock
from lrcore.verify.check import Derivation
from lrcore.verify.errors import OutOfTime

CONTEXT = Context(shapes={"A": ("N", "N"), "B": ("N", "N")})
LONG = r"\operatorname{tr}((A + B)^6) = \operatorname{tr}((B + A)^6)"


def test_without_time_a_step_is_given_up_and_says_so():
    state = Derivation(LONG, CONTEXT)
    state.seconds = 0.0
    (step,) = state.report().steps
    assert step.verdict is Verdict.CHECKED and step.out_of_time
    assert step.message.startswith("Gave up after 0 s")


def test_with_time_the_same_step_is_proved_and_the_clock_had_no_say():
    (step,) = Derivation(LONG, CONTEXT).report().steps
    assert step.verdict is Verdict.PROVED and not step.out_of_time


def test_the_clock_ends_work_of_its_own_step_alone():
    with clock.within(0.0) as time, pytest.raises(OutOfTime):
        clock.tick()
    assert time.struck
    clock.tick()


def test_a_page_that_the_clock_had_a_say_in_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "book" / "_ext"))
    checked = importlib.import_module("checked")
    page = "| Symbol | Shape | Meaning |\n|---|---|---|\n| $A$ | $N \\times N$ | any |\n\n$$\nA + A = 2 A\n$$ (twice)\n"
    kept, ended = tmp_path / "kept.json", tmp_path / "ended.json"
    assert checked.keep(kept, page, tmp_path / "page.md")["ok"] and kept.is_file()
    monkeypatch.setattr(clock, "SECONDS", 0.0)
    found = checked.keep(ended, page.replace("A + A = 2 A", LONG.replace("B", "A")), tmp_path / "page.md")
    assert found["equations"][0]["steps"][0]["out_of_time"] and not ended.exists()
