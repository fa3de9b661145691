"""The six assignments: the solution gets everything, an empty notebook nothing, and each has what it owes."""

import json
import re
from pathlib import Path

import pytest

from homework import small
from lrcore.homework.grade.grade_submission import Course, grade
from lrcore.homework.release.assignment import load
from lrcore.homework.release.dry_run import solved
from lrcore.homework.release.student_versions import student_version
from lrcore.homework.release.variants import prepare

SIX = [f"hw{k}" for k in range(1, 7)]


@pytest.mark.parametrize("name", SIX)
def test_solution_gets_full_marks_and_an_empty_notebook_none(name):
    assignment = load(name)
    course = Course(assignment, small.SECRET)
    prepared = prepare(assignment, small.SECRET, "alice")
    given = student_version(prepared, "alice")
    graded = grade(json.dumps(solved(prepared, given)).encode(), "alice", course)
    assert [
        (cell.id, cell.says) for cell in graded.cells if cell.points is not None and cell.points < cell.out_of
    ] == []
    assert (graded.status, graded.remarks) == ("needs a person", ())
    empty = grade(json.dumps(given).encode(), "alice", course)
    assert (empty.points, empty.status) == (0, "as it was given out")


@pytest.mark.parametrize("name", SIX)
def test_every_variant_can_be_solved(name):
    assignment = load(name)
    for student in ("s1", "s2", "s3", "s4", "s5"):
        prepared = prepare(assignment, small.SECRET, student)
        assert set(prepared.questions) == {cell.id for cell in assignment.graded if not cell.written}


@pytest.mark.parametrize("name", SIX)
def test_each_mixes_code_a_derivation_a_formula_a_number_with_its_unit_and_words_and_says_what_it_is_worth(name):
    assignment = load(name)
    questions = [one for asked in prepare(assignment, small.SECRET, "alice").questions.values() for one in asked]
    assert {"function", "derivation", "expression", "quantity"} <= {one.kind for one in questions}
    assert sum(cell.written for cell in assignment.graded) == 1
    assert "housing(" in "".join(cell.source for cell in assignment.cells), "a question on real data"
    head = assignment.cells[0].source
    assert "**You will**" in head
    assert f"Points: {assignment.points:g}" in head
    assert 45 <= int(re.search(r"Time: about (\d+) minutes", head)[1]) <= 90
    headings = [
        float(one)
        for cell in assignment.cells
        if cell.kind == "markdown"
        for one in re.findall(r"\((\d+) points\)", cell.source)
    ]
    assert sum(headings) == assignment.points


@pytest.mark.parametrize("name", SIX)
def test_solution_is_not_found_by_the_library_it_is_to_replace(name):
    assignment = load(name)
    assert name == "hw6" or "gradient" in assignment.without


@pytest.mark.parametrize("name", SIX)
def test_chapter_for_teachers_says_the_points_and_the_minutes_of_each(name):
    chapter = (Path(__file__).resolve().parents[2] / "book" / "teaching.md").read_text(encoding="utf-8")
    row = re.search(rf"\| `{name}` \|[^|]*\| (\d+) \| (\d+) \|", chapter)
    assignment = load(name)
    minutes = re.search(r"Time: about (\d+) minutes", assignment.cells[0].source)
    assert (float(row[1]), row[2]) == (assignment.points, minutes[1])
