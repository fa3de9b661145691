"""Honest derivations of all assignments earn everything, and none earns more than it shows."""

import pytest

from benchmarks.fair_marks import DATA, FILES, STUDENTS, figures, marked, samples

SAMPLES = samples(DATA / "derivations.txt")
QUICK = [one for place, one in enumerate(SAMPLES) if place % 9 == 0]
OF_OTHERS = [file for file in FILES if file.stem != "derivations"]


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


@pytest.mark.parametrize("file", OF_OTHERS, ids=lambda file: file.stem)
def test_of_derivations_by_others_hardly_one_is_marked_unfairly(file):
    honest, dishonest, _ = figures(file, students=STUDENTS[:1], each=20)
    assert honest.unfair <= 1 and honest.person <= 0.2 * honest.number
    assert dishonest.unfair <= 1 and dishonest.person <= 2


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_both_kinds_come_from_all_six_assignments(file):
    for honest in (True, False):
        assert {one.homework for one in samples(file) if one.honest is honest} == {f"hw{k}" for k in range(1, 7)}
