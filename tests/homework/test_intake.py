"""What comes in, whatever one student makes of it, costs that student a clear line; the honest class loses nothing."""

import json
import os
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework.__main__ import main
from lrcore.homework.grade import listing, notebooks
from lrcore.homework.grade.progress import Progress
from lrcore.homework.grade.right_input import fitting
from lrcore.homework.grade.roster import Roster
from lrcore.homework.grade.submissions import collect
from lrcore.homework.sandbox import protocol
from lrcore.homework.submitting import checksum
from tests.work import ends

HONEST = ("ada", "ben", "cleo")
TWENTY = 20_000_000


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 10, 12, 0, 0)), data)
    return path


def sorted_out(path, files, assignment="hw1", known=()):
    """Whose each file is, of whom a person decides, and why files were put aside."""
    files = files if isinstance(files, dict) else {name: name for name in files}
    found = collect(zipped(path, files), assignment, known=known)
    return {one.student: one.member for one in found.submissions}, dict(found.unclear), dict(found.aside)


@pytest.fixture
def taken(tmp_path, course):
    """What is graded and what a person gets, of a zip with these files."""

    def take(files, course=course, students=(*HONEST, "mal", "nix", "olo")):
        roster = Roster(tuple(students))
        found = collect(zipped(tmp_path / "in.zip", files), course.assignment.name, known=roster.students)
        fits = fitting(found, course, roster)
        return {one.student for one in fits.submissions}, dict(fits.unclear), dict(fits.aside)

    return take


def honest(course, *students):
    return {f"{one}/quiz.ipynb": small.hand_in(course, one) for one in students or HONEST}


def changed(data, change):
    found = json.loads(data)
    change(found)
    return json.dumps(found).encode()


def stripped(data):
    """As some tools save it: no metadata, neither of the notebook nor of a cell."""

    def strip(found):
        found["metadata"] = {}
        for cell in found["cells"]:
            cell["metadata"] = {}

    return changed(data, strip)


def with_factor(data, number):
    """With another number in the locked cell."""

    def put(found):
        next(one for one in found["cells"] if one["source"].startswith("factor =")).update(source=f"factor = {number}")

    return changed(data, put)


def other(data, name="exam"):
    return changed(data, lambda found: found["metadata"]["lrcore"].update(assignment=name))


# ---------------------------------------------------------------------- one file that hangs the reading


@pytest.mark.parametrize("piece", [b'"\\', b'\\"', b'"', b'\\\\"', b"[{"])
def test_a_string_that_nobody_closed_is_read_in_one_pass(piece):
    data = (b'{"cells": [{"text": "' + piece * TWENTY)[:TWENTY]
    with ends():
        with pytest.raises(notebooks.Unusable):
            notebooks.read(data)
        assert protocol.read((data,), TWENTY).forged


def test_a_notebook_that_was_cut_off_in_its_output_takes_nobodys_time(course, taken):
    cut = b'{"cells": [{"text": "' + b'\\"' * 9_000_000
    with ends():
        graded, unclear, _ = taken({**honest(course), "mal/quiz.ipynb": cut})
    assert (graded, unclear) == ({*HONEST, "mal"}, {})


def test_who_is_being_read_is_shown(course, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(Progress, "at_work", lambda self, students: said.append(*students))
    fitting(collect(zipped(tmp_path / "in.zip", honest(course)), "quiz"), course, None)
    assert said == list(HONEST)


@pytest.mark.parametrize(
    "value",
    [
        {"array": [[1]], "shape": [1]},
        {"array": [{}], "shape": [1]},
        {"array": [True], "shape": [1]},
        {"array": [None], "shape": [1]},
        {"array": [1], "shape": [True]},
        {"array": [1], "shape": [1.0]},
        {"array": [1], "shape": []},
        {"array": [1], "shape": [-1]},
        {"array": [1], "shape": [4194304, 4194304, 1048576]},
        {"array": [], "shape": [0, 9999999, 9999999, 9999999]},
        {"array": [1], "shape": [10**400]},
    ],
)
def test_an_array_that_fits_no_shape_costs_its_own_answer_alone(value):
    said = [json.dumps([{"value": one}]) for one in (value, {"array": [[1, "nan"], [3, 4]], "shape": [2, 2]})]
    lines = [json.dumps({"answer": f"a{k}", "said": one}).encode() for k, one in enumerate(said)]
    found = protocol.read(tuple(lines), 10**6)
    assert "cannot be read" in found.answers["a0"][0].trouble
    assert found.answers["a1"][0].value.shape == (2, 2)
    assert not found.forged


# ---------------------------------------------------------------------- whose file it is


TREE = {"submitted/ada/hw1/hw1.ipynb": "ada", "submitted/ben/hw1/hw1.ipynb": "ben"}
DIGITS = "9" * 5000


@pytest.mark.parametrize(
    "more", ["README.txt", "notes.ipynb", ".", "..", "/", "submitted/", f"hw1_mal ({DIGITS}).ipynb",
             f"mal_2_{DIGITS}_hw1.ipynb", "1_" * 30_000 + "\n.ipynb", "a/" * 30_000 + "hw1.ipynb", "submitted/x.ipynb"],
)  # fmt: skip
def test_a_file_beside_the_others_changes_nothing_for_them(more, tmp_path):
    with ends():
        found, _, aside = sorted_out(tmp_path / "x.zip", {**{name: name for name in TREE}, more: b"x"})
    assert {name: student for student, name in found.items() if name in TREE} == TREE
    assert more in aside or more in found.values() or more.endswith("/")


@pytest.mark.parametrize(
    ("name", "student"), [(f"hw1_mal ({DIGITS}).ipynb", "mal"), (f"mal_2_{DIGITS}_hw1.ipynb", "2")]
)
def test_a_number_of_many_digits_hides_nobody(name, student, tmp_path):
    found = collect(zipped(tmp_path / "x.zip", {name: b"x", **TREE}), "hw1")
    assert {one.member: one.student for one in found.submissions} == TREE
    assert [one for one, _ in found.lost] == [student]


def test_a_member_without_a_name_changes_nothing(tmp_path):
    found, _, aside = sorted_out(tmp_path / "x.zip", ["", *TREE])
    assert {name: student for student, name in found.items()} == TREE
    assert aside[""] == "its name names no file"


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (["500/hw1_1.ipynb"], ()),
        (["500/hw1_1.ipynb"], ("1",)),
        (["500/hw1_1.ipynb"], ("1", "500")),
        (["500/B_1_assignsubmission_file_/hw1.ipynb"], ()),
        (["500/hw1_1.ipynb", "500/hw1_2.ipynb"], ("1", "2", "500")),
    ],
)
@pytest.mark.parametrize("stem", ["in", "500"])
def test_a_sole_submitter_hands_in_for_nobody_else(names, known, stem, tmp_path):
    found, unclear, _ = sorted_out(tmp_path / f"{stem}.zip", names, known=known)
    assert {*found, *unclear} == {"500"}


@pytest.mark.parametrize(
    "names",
    [
        ["export/hw1_1.ipynb", "export/hw1_2.ipynb"],
        ["export/A_1_assignsubmission_file_/a.ipynb", "export/B_2_assignsubmission_file_/b.ipynb"],
        ["export/a_1_10_hw1.ipynb", "export/b_2_11_hw1.ipynb"],
        ["in/1/hw1.ipynb", "in/2/hw1.ipynb"],
        ["submitted/1/hw1.ipynb", "submitted/2/hw1.ipynb"],
    ],
)
@pytest.mark.parametrize("known", [(), ("1", "2")])
@pytest.mark.parametrize("beside", [[], ["readme.txt"], ["what.ipynb"]])
def test_the_folder_around_a_class_is_nobodys(names, known, beside, tmp_path):
    found, _, _ = sorted_out(tmp_path / "in.zip", [*names, *beside], known=known)
    assert {student: found[student] for student in "12"} == dict(zip("12", names))


def test_of_nbgraders_tree_only_this_assignments_folders_are_taken(tmp_path):
    first = [f"submitted/{one}/hw1/hw1.ipynb" for one in (*HONEST, "mal")]
    found, unclear, aside = sorted_out(tmp_path / "x.zip", [*first, "submitted/ada/hw2/hw2.ipynb"], "hw2")
    assert (found, unclear) == ({"ada": "submitted/ada/hw2/hw2.ipynb"}, {})
    assert aside[first[0]] == "it lies in the folder of hw1, not of hw2"
    found, _, _ = sorted_out(tmp_path / "x.zip", [*first, "submitted/ada/hw2/hw2.ipynb"], "hw1")
    assert set(found) == {*HONEST, "mal"}


def test_a_folder_of_ones_own_is_not_taken_for_another_assignments(tmp_path):
    names = ["submitted/ada/hw2/hw2.ipynb", "submitted/ben/my work/hw2.ipynb", "submitted/cleo/hw2.ipynb"]
    found, _, _ = sorted_out(tmp_path / "x.zip", names, "hw2")
    assert found == dict(zip(HONEST, names))


# ---------------------------------------------------------------------- folders


def write(folder, name, data="{}"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data, encoding="utf-8")


def test_nothing_of_a_folder_is_left_out_in_silence(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    for name in ("ada/hw1.ipynb", "hidden/.hw1.ipynb", "inner/.work/hw1.ipynb", "locked/hw1.ipynb"):
        write(folder, name)
    for name in ("ada/.git/config", "ada/.DS_Store", "ada/.venv/lib/x.py", "ada/timestamp.txt"):
        write(folder, name)
    os.symlink(folder / "ada", folder / "linked.doe")
    scandir = os.scandir

    def refuse(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(listing.os, "scandir", refuse)
    found = collect(folder, "hw1")
    assert [one.member for one in found.submissions] == ["ada/hw1.ipynb"]
    assert [student for student, _ in found.lost] == ["hidden", "inner", "linked.doe", "locked"]
    assert [name for name, _ in found.aside] == ["hidden/.hw1.ipynb", "inner/.work/hw1.ipynb", "linked.doe", "locked"]


def test_deep_and_many_folders_cost_their_own_student_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "_MOST", 50)
    folder = tmp_path / "in"
    for one in HONEST:
        write(folder, f"{one}/hw1.ipynb")
    for number in range(100):
        (folder / "many" / f"x{number}" / "y").mkdir(parents=True)
    here = os.open(folder, os.O_RDONLY)
    for name in ["deep", *["n"] * 1500]:
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    found = collect(folder, "hw1")
    subprocess.run(["rm", "-rf", folder / "deep"], check=True)  # what tidies up after tests walks it by recursion
    assert [one.student for one in found.submissions] == list(HONEST)
    assert [student for student, _ in found.lost] == ["deep", "many"]
    assert "nested more than 30 folders deep" in dict(found.lost)["deep"]
    assert listing._TOO_MANY in dict(found.lost)["many"]
    names = [*(f"mal/{number}.ipynb" for number in range(100)), *(f"{one}/hw1.ipynb" for one in HONEST)]
    graded, unclear, _ = sorted_out(tmp_path / "x.zip", names)
    assert (set(graded), set(unclear)) == (set(HONEST), {"mal"})


def test_a_long_timestamp_is_not_read_to_its_end(tmp_path, monkeypatch):
    write(tmp_path / "in", "ada/hw1.ipynb")
    write(tmp_path / "in", "ada/timestamp.txt", "2026-11-12 09:00:00 UTC" + " " * 100_000)
    read = []
    real = listing.read_file
    monkeypatch.setattr(listing, "read_file", lambda path, most: read.append(most) or real(path, most))
    (member,) = listing.members(tmp_path / "in")
    assert (read, member.when) == ([100], 1794474000.0)


# ---------------------------------------------------------------------- two files of one student


def submitted(data, name="ada"):
    """As ``submit`` writes it."""

    def sign(found):
        found["metadata"]["lrcore"].update(submitted_by=name, checksum=checksum(found["cells"]))

    return changed(data, sign)


@pytest.fixture(scope="module")
def versions(course):
    blank = dict.fromkeys(("multiple", "lines", "length"), "# YOUR CODE HERE\nraise NotImplementedError()")
    worked = small.hand_in(course, "ada")
    return {
        "blank": small.hand_in(course, "ada", **blank, words="YOUR ANSWER HERE"),
        "worked": worked,
        "again": small.hand_in(course, "ada", length="length = '1 m'"),
        "submitted": submitted(worked),
        "touched": submitted(worked).replace(b"I think so.", b"I thought."),
        "notes": json.dumps({"cells": [], "metadata": {}}).encode(),
        "broken": b"{",
    }


@pytest.mark.parametrize(
    ("files", "counts"),
    [
        ({"ada/quiz.ipynb": "blank", "ada/quiz_ada.ipynb": "submitted"}, "ada/quiz_ada.ipynb"),
        ({"ada/quiz.ipynb": "again", "ada/quiz_ada.ipynb": "submitted"}, "ada/quiz_ada.ipynb"),
        ({"ada/quiz.ipynb": "blank", "ada/mine.ipynb": "worked"}, "ada/mine.ipynb"),
        ({"ada/quiz.ipynb": "worked", "ada/scratch.ipynb": "notes"}, "ada/quiz.ipynb"),
        ({"ada/quiz.ipynb": "worked", "ada/quiz (1).ipynb": "worked"}, "ada/quiz.ipynb"),
        ({"j_1_10_quiz.ipynb": "blank", "j_1_11_quiz_j.ipynb": "submitted"}, "j_1_11_quiz_j.ipynb"),
        ({"quiz_ada.ipynb": "worked", "quiz_ada (1).ipynb": "worked"}, "quiz_ada (1).ipynb"),
        ({"ada/quiz.ipynb": "worked", "ada/quiz (1).ipynb": "again"}, None),
        ({"ada/quiz.ipynb": "worked", "ada/quiz_ada.ipynb": "touched"}, None),
        ({"ada/quiz.ipynb": "worked", "ada/quiz_ada.ipynb": "broken"}, None),
        ({"ada/one.ipynb": "worked", "ada/two.ipynb": "again"}, None),
        ({"j_1_10_quiz.ipynb": "worked", "j_1_11_quiz-1.ipynb": "again"}, None),
        ({"quiz_ada.ipynb": "worked", "quiz_ada (1).ipynb": "again"}, None),
        ({"ada/quiz.ipynb": "worked", "ADA/quiz.ipynb": "worked"}, None),
        ({f"ada/{number}.ipynb": "worked" for number in range(20)}, None),
    ],
)
def test_of_two_files_the_clear_one_is_taken_and_else_none(files, counts, versions, tmp_path):
    data = {name: versions[version] for name, version in files.items()}
    found, unclear, aside = sorted_out(
        tmp_path / "x.zip", {**data, "ben/quiz.ipynb": "{}"}, "quiz", ("ada", "ben", "1")
    )
    assert found.pop("ben") == "ben/quiz.ipynb"
    assert list(found.values()) == ([counts] if counts else [])
    assert set(aside) == {*files} - {counts}
    if counts is None:
        (said,) = unclear.values()
        assert all(name in said for name in sorted(files)[:1])


# ---------------------------------------------------------------------- another assignment, release, secret


def test_one_file_with_other_numbers_stops_nobody(course, taken):
    files = {name: stripped(data) for name, data in honest(course).items()}
    graded, unclear, _ = taken({**files, "mal/quiz.ipynb": with_factor(small.hand_in(course, "mal"), 7)})
    assert (graded, unclear) == ({*HONEST, "mal"}, {})  # the numbers of the others are the right ones: hers are told
    graded, unclear, _ = taken({"mal/quiz.ipynb": with_factor(small.hand_in(course, "mal"), 7)})
    assert (graded, list(unclear)) == (set(), ["mal"])
    assert "the numbers in the notebook" in unclear["mal"]


def test_one_file_of_another_assignment_stops_nobody(course, taken):
    exam = {"mal/quiz.ipynb": other(small.hand_in(course, "mal"))}
    graded, unclear, _ = taken(exam)
    assert (graded, list(unclear)) == (set(), ["mal"])
    graded, unclear, _ = taken({**exam, **{f"{one}/quiz.ipynb": b"{" for one in HONEST}})
    assert (graded, list(unclear)) == (set(HONEST), ["mal"])
    three = {f"{one}/quiz.ipynb": other(small.hand_in(course, one)) for one in ("mal", "nix", "olo")}
    graded, unclear, _ = taken({**honest(course, "ada"), **three})
    assert (graded, list(unclear)) == ({"ada"}, ["mal", "nix", "olo"])
    with pytest.raises(InputError, match="of exam, not of quiz"):
        taken(three)


def test_a_stranger_beside_a_file_that_cannot_be_read_stops_nobody(course, taken):
    for name in ("ada/quiz.ipynb", "ada/quiz.pdf"):
        graded, unclear, aside = taken({name: b"{", **honest(course, "zoe")})
        assert "ada" in graded | set(unclear)
        assert aside["zoe/quiz.ipynb"] == "zoe is not in the class list"
    with pytest.raises(InputError, match="zoe is not in the class list"):
        taken(honest(course, "zoe"))


def test_a_sole_file_that_is_no_notebook_goes_to_a_person(course, tmp_path):
    (tmp_path / "quiz.md").write_text(small.SOURCE, encoding="utf-8")
    (tmp_path / "secret").write_bytes(small.SECRET)
    (tmp_path / "class.csv").write_text("id\nada\nben\n", encoding="utf-8")
    zipped(tmp_path / "in.zip", {"ada/quiz.pdf": b"x"})
    words = ["grade", *(str(tmp_path / name) for name in ("quiz.md", "in.zip", "marks"))]
    assert main([*words, "--class", str(tmp_path / "class.csv"), "--secret", str(tmp_path / "secret")]) == 0
    ada, ben = (tmp_path / "marks" / "marks.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert "ada/quiz.pdf was put aside: it is no notebook" in ada
    assert "handed in nothing" in ben


def test_notebooks_that_do_not_say_whose_they_are_are_no_variants(course, taken):
    same = replace(course, variants=False)
    files = {f"{one}/quiz.ipynb": stripped(small.hand_in(course, "everybody")) for one in HONEST}
    graded, unclear, _ = taken(files, same)
    assert (graded, unclear) == (set(HONEST), {})
    with pytest.raises(InputError, match="grade them without --same"):
        taken(honest(course), same)


@pytest.mark.parametrize("make", [lambda data: data, stripped])
def test_a_wrong_secret_is_known_also_where_names_were_stripped(make, course, taken):
    files = {name: make(data) for name, data in honest(course).items()}
    with pytest.raises(InputError, match="The secret or the assignment is not that of the release"):
        taken(files, replace(course, secret=b"the secret of last term"))
    unreadable = {f"{one}/quiz.ipynb": b"{" for one in ("mal", "nix", "olo")}
    with pytest.raises(InputError, match="The secret or the assignment is not that of the release"):
        taken({**files, **unreadable}, replace(course, secret=b"the secret of last term"))
    assert taken(files)[0] == set(HONEST)


def test_another_assignment_is_known_by_its_texts_where_names_were_stripped(course, taken):
    def another(data):
        return stripped(data.replace(b"# Quiz", b"# Exam").replace(b"## ", b"## Part ").replace(b"check(", b"test("))

    files = {name: another(data) for name, data in honest(course).items()}
    with pytest.raises(InputError, match="without the headings and cells of this assignment"):
        taken(files)
    right = {name: stripped(data) for name, data in honest(course).items()}
    graded, unclear, _ = taken({**right, "mal/quiz.ipynb": files["ada/quiz.ipynb"]})
    assert (graded, list(unclear)) == (set(HONEST), ["mal"])
