"""Honest derivations of all assignments earn everything, and none earns more than it shows."""

import pytest

from benchmarks.fair_marks import STUDENTS, marked, samples

SAMPLES = samples()
QUICK = [one for place, one in enumerate(SAMPLES) if place % 9 == 0]


@pytest.mark.parametrize("place", range(len(QUICK)), ids=lambda place: f"{QUICK[place].homework} {QUICK[place].about}")
def test_a_derivation_earns_what_it_shows(place):
    sample = QUICK[place]
    found, _ = marked(sample, STUDENTS[place % len(STUDENTS)])
    share = found.points / found.out_of
    if sample.honest:
        assert share == 1 or found.for_a_person, found.says
    else:
        assert share <= sample.shows + 0.01, found.says
        assert not found.for_a_person


def test_both_kinds_come_from_all_six_assignments():
    for honest in (True, False):
        assert {one.homework for one in SAMPLES if one.honest is honest} == {f"hw{k}" for k in range(1, 7)}
