"""What a teacher mixes up, and what systems make of names: refused with a sentence or listed, never graded to zero."""

import json
import zipfile
from dataclasses import replace

import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework.grade.right_input import fitting
from lrcore.homework.grade.roster import Roster
from lrcore.homework.grade.submissions import alike, collect
from lrcore.homework.release.student_versions import student_version
from lrcore.homework.release.variants import prepare

CLASS = ("Alice", "bob", "0012345", "x.y@uni.edu")


@pytest.fixture
def taken(tmp_path, course):
    """What is graded, what a person gets, and what is put aside, of a zip with these files."""

    def take(files, students=CLASS, course=course):
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        roster = Roster(tuple(students))
        collected = collect(tmp_path / "in.zip", course.assignment.name, known=roster.students)
        found = fitting(collected, course, roster)
        return {one.student: one.member for one in found.submissions}, dict(found.unclear), dict(found.aside)

    return take


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("alice/quiz.ipynb", "Alice"),
        ("ALICE/quiz.ipynb", "Alice"),
        ("quiz_alice.ipynb", "Alice"),
        ("Quiz_ALICE.IPYNB", "Alice"),
        ("alice_quiz.ipynb", "Alice"),
        ("Bob-Quiz.ipynb", "bob"),
        ("quiz-bob.ipynb", "bob"),
        ("12345/quiz.ipynb", "0012345"),
        ("quiz_012345.ipynb", "0012345"),
        ("X.Y@Uni.edu/quiz.ipynb", "x.y@uni.edu"),
        ("bob/quiz.ipynb.txt", "bob"),
        ("bob/quiz.ipynb.json", "bob"),
        ("bob/My homework (final) 2.ipynb", "bob"),
        ("bob\\quiz.ipynb", "bob"),
        (" bob /quiz.ipynb", "bob"),
        (" quiz_bob.ipynb", "bob"),
        ("quiz_bob.ipynb.ipynb", "bob"),
    ],
)
def test_a_name_that_differs_from_the_list_as_systems_make_it_is_the_students(name, student, course, taken):
    notebook = small.hand_in(course, student)
    graded, unclear, aside = taken({name: notebook})
    assert (graded, unclear, aside) == ({student: name}, {}, {})


def test_a_number_whose_zeros_a_spreadsheet_took_is_marked_against_the_variant_of_the_release(course):
    from lrcore.homework.grade.grade_submission import grade

    graded = grade(small.hand_in(course, "0012345"), "12345", course)
    assert (graded.student, graded.points, graded.remarks) == ("12345", 12, ())


@pytest.mark.parametrize("name", ["alice/quiz.ipynb", "ALICE/quiz.ipynb"])
def test_where_a_list_tells_two_by_case_alone_nobody_is_guessed(name, course, taken):
    files = {name: small.hand_in(course, "alice"), "bob/quiz.ipynb": small.hand_in(course, "bob")}
    graded, _, aside = taken(files, ("Alice", "aLICE", "bob"))
    assert graded == {"bob": "bob/quiz.ipynb"}
    assert "is not in the class list" in aside[name]


def test_two_files_that_mean_one_student_are_both_shown(course, taken):
    files = {"alice/quiz.ipynb": small.hand_in(course, "Alice"), "ALICE/quiz.ipynb": small.hand_in(course, "Alice")}
    graded, unclear, _ = taken({**files, "bob/quiz.ipynb": small.hand_in(course, "bob")})
    assert graded == {"bob": "bob/quiz.ipynb"}
    assert "ALICE/quiz.ipynb and alice/quiz.ipynb" in unclear["Alice"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bob/quiz.zip", "it is an archive"),
        ("bob/quiz.py", "it is no notebook"),
        ("bob/quiz.html", "it is no notebook"),
        ("bob/quiz.ipynb.pdf", "it is no notebook"),
        ("bob/quiz", "it is no notebook"),
        ("quiz_bob.tar.gz", "it is an archive, and nothing is unpacked here"),
        ("quiz_bob.ipynb.7z", "it is an archive, and nothing is unpacked here"),
        ("quiz_bob.ipynb.bak", "it is no notebook"),
        ("bob.nb.html", "it is no notebook"),
        ("bob/.ipynb_checkpoints/quiz-checkpoint.ipynb", "a copy that Jupyter keeps for itself"),
        ("bob\\..\\quiz.ipynb", "its name leaves the folder"),
    ],
)
def test_who_handed_in_something_else_goes_to_a_person(name, why, course, taken):
    graded, unclear, aside = taken({name: b"x", "alice/quiz.ipynb": small.hand_in(course, "Alice")})
    assert graded == {"Alice": "alice/quiz.ipynb"}
    assert why in aside[name]
    assert why in unclear["bob"] or ".." in name


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/bob/._quiz.ipynb", "bob/._quiz.ipynb", ".DS_Store", "bob/.ipynb_checkpoints/quiz-checkpoint.ipynb"],
)
def test_what_systems_leave_beside_a_notebook_takes_nothing_of_it(name, course, taken, tmp_path):
    files = {name: b"x", "bob/quiz.ipynb": small.hand_in(course, "bob")}
    graded, unclear, _ = taken(files)
    assert (graded, unclear) == ({"bob": "bob/quiz.ipynb"}, {})
    for path, data in files.items():
        (tmp_path / "folder" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "folder" / path).write_bytes(data)
    assert [one.member for one in collect(tmp_path / "folder", "quiz").submissions] == ["bob/quiz.ipynb"]


def whole_class(course):
    return {f"{one}/quiz.ipynb": small.hand_in(course, one) for one in CLASS}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda c: replace(c, secret=b"the secret of last term"),
            "The secret or the assignment is not that of the release",
        ),
        (lambda c: replace(c, variants=False), "grade them without --same"),
        (lambda c: replace(c, assignment=replace(c.assignment, name="exam")), "the notebook is of quiz, not of exam"),
    ],
)
def test_what_belongs_to_another_course_is_refused_whole(change, says, course, taken):
    with pytest.raises(InputError, match=says):
        taken(whole_class(course), course=change(course))
    graded, _, _ = taken(whole_class(course))
    assert set(graded) == set(CLASS)


def test_another_class_list_is_refused_and_one_stranger_is_listed(course, taken):
    with pytest.raises(InputError, match="is not in the class list"):
        taken(whole_class(course), ("carol", "dave"))
    graded, _, aside = taken({**whole_class(course), "eve/quiz.ipynb": small.hand_in(course, "eve")})
    assert set(graded) == set(CLASS)
    assert aside["eve/quiz.ipynb"] == "eve is not in the class list"


def test_the_folder_of_the_release_is_not_graded_to_zero(course, taken):
    def given(student):
        return json.dumps(student_version(prepare(course.assignment, small.SECRET, student), student)).encode()

    files = {f"{one}/quiz.ipynb": given(one) for one in CLASS}
    with pytest.raises(InputError, match="all 4 notebooks of quiz are as they were given out"):
        taken(files)
    graded, _, _ = taken({**files, "bob/quiz.ipynb": small.hand_in(course, "bob", multiple="", lines="", length="")})
    assert set(graded) == set(CLASS)


def test_files_of_another_assignment_under_this_ones_name_are_refused(course, taken):
    files = {
        f"{one}/quiz.ipynb": small.hand_in(course, one).replace(b'"assignment": "quiz"', b'"assignment": "hw2"')
        for one in CLASS
    }
    with pytest.raises(InputError, match="the notebook is of hw2, not of quiz"):
        taken(files)
    mixed = {**whole_class(course), "bob/quiz.ipynb": files["bob/quiz.ipynb"]}
    graded, unclear, _ = taken(mixed)
    assert "bob" not in graded
    assert "the notebook is of hw2" in unclear["bob"]


def test_other_numbers_in_one_notebook_are_said_and_change_nothing(course):
    from lrcore.homework.grade.grade_submission import grade

    made = json.loads(small.hand_in(course))
    locked = next(cell for cell in made["cells"] if cell["source"].startswith("factor ="))
    locked["source"] = "factor = 7"
    graded = grade(json.dumps(made).encode(), "alice", course)
    assert graded.points == 12
    assert "The numbers in 'variant' are not those drawn for this student, which count." in graded.remarks


def test_ids_are_alike_in_case_and_zeros_alone():
    assert alike("007", "7")
    assert alike("Ada", "aDA")
    assert not alike("a07", "a7")
    assert not alike("70", "7")
    assert not alike("", "0")
