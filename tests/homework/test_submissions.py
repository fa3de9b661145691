"""What was handed in is found, whatever the LMS calls it; what is dangerous is put aside and harms nothing."""

import os
import stat
import zipfile
from datetime import datetime

import pytest

from lrcore.errors import InputError
from lrcore.homework.notebooks import LARGEST
from lrcore.homework.roster import read_roster
from lrcore.homework.submissions import collect


def zipped(path, *names, **data):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 10, 12, 0, 0)), "{}")
    return path


def found(collected):
    return {one.student: one.member for one in collected.submissions}


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("doejane_12345_67890_hw1.ipynb", "12345"),
        ("doejane_LATE_12345_67890_hw1-2.ipynb", "12345"),
        ("Jane Doe_12345_assignsubmission_file_/hw1.ipynb", "12345"),
        ("Jane Doe_12345_assignsubmission_file/anything.ipynb", "12345"),
        ("submitted/jane/hw1/hw1.ipynb", "jane"),
        ("jane/hw1.ipynb", "jane"),
        ("hw1_jane.ipynb", "jane"),
        ("hw1_jane (3).ipynb", "jane"),
        ("hw1_jane.doe@uni.edu.ipynb", "jane.doe@uni.edu"),
        ("jane.ipynb", "jane"),
    ],
)
def test_every_way_of_naming_a_file_gives_its_student(tmp_path, name, student):
    assert found(collect(zipped(tmp_path / "x.zip", name), "hw1")) == {student: name}
    (tmp_path / "folder" / name).parent.mkdir(parents=True)
    (tmp_path / "folder" / name).write_text("{}")
    assert found(collect(tmp_path / "folder", "hw1")) == {student: name}


def test_late_is_what_canvas_calls_so_and_what_comes_after_the_hour(tmp_path):
    path = zipped(tmp_path / "x.zip", "a_LATE_1_2_hw1.ipynb", "b_3_4_hw1.ipynb")
    assert {one.student: one.late for one in collect(path, "hw1").submissions} == {"1": True, "3": False}
    early = collect(path, "hw1", due=datetime(2026, 11, 10, 11, 0))
    assert {one.student: one.late for one in early.submissions} == {"1": True, "3": True}


def test_nbgraders_timestamp_decides_what_is_late(tmp_path):
    folder = tmp_path / "submitted" / "jane" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text("2026-11-12 09:00:00.000000 UTC")
    assert collect(tmp_path / "submitted", "hw1", due=datetime(2026, 11, 11)).submissions[0].late
    assert not collect(tmp_path / "submitted", "hw1", due=datetime(2026, 11, 14)).submissions[0].late


def test_of_several_the_newest_counts(tmp_path):
    names = ["j_1_2_hw1.ipynb", "j_1_3_hw1-1.ipynb", "j_1_4_hw1-10.ipynb", "j_1_5_hw1-2.ipynb"]
    collected = collect(zipped(tmp_path / "x.zip", *names), "hw1")
    assert found(collected) == {"1": "j_1_4_hw1-10.ipynb"}
    assert len(collected.aside) == 3


@pytest.mark.parametrize("name", ["../x.ipynb", "/etc/x.ipynb", "a/../../x.ipynb", "a\\..\\x.ipynb"])
def test_name_that_leaves_its_folder_is_put_aside(tmp_path, name):
    collected = collect(zipped(tmp_path / "x.zip", name, "good.ipynb"), "hw1")
    assert found(collected) == {"good": "good.ipynb"}
    assert collected.aside[0][1] == "its name leaves the folder"


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    os.symlink(tmp_path / "secret.txt", folder / "alice.ipynb")
    os.symlink(tmp_path, folder / "loop")
    os.mkfifo(folder / "bob.ipynb")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        link = zipfile.ZipInfo("alice.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(tmp_path / "secret.txt"))
    assert dict(collect(folder, "hw1").aside) == {
        "alice.ipynb": "it is a link, and links are not followed",
        "bob.ipynb": "it is not a file",
    }
    assert collect(folder, "hw1").submissions == ()
    assert dict(collect(tmp_path / "x.zip", "hw1").aside) == {"alice.ipynb": "it is a link, and links are not followed"}


def test_link_that_takes_a_files_place_after_collecting_is_not_followed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "alice.ipynb").write_text("{}")
    one = collect(folder, "hw1").submissions[0]
    (folder / "alice.ipynb").unlink()
    os.symlink("/etc/passwd", folder / "alice.ipynb")
    with pytest.raises(OSError, match="symbolic links"):
        one.read()


def test_bomb_is_put_aside_before_it_is_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("alice.ipynb", b"0" * (LARGEST + 1000))
    assert "would unpack to" in collect(tmp_path / "x.zip", "hw1").aside[0][1]


def test_broken_zip_and_missing_folder_are_said_in_one_sentence(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(InputError, match="neither a folder nor a complete zip"):
        collect(tmp_path / "x.zip", "hw1")
    with pytest.raises(InputError, match="There are no submissions at"):
        collect(tmp_path / "nothing", "hw1")


CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1: One sample (77)\n    Points Possible,,,,,20\n" + (
    '"Doe, Jane",12345,u1,jane,A,\n"Roe, =Rick",12346,u2,rick,A,\n'
)
MOODLE = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n" + (
    "Participant 12345,Jane Doe,jane@uni.edu,Submitted,,20,\n"
)


def test_an_lms_list_turns_its_numbers_into_ids(tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    roster = read_roster(tmp_path / "canvas.csv")
    assert (roster.kind, roster.students, roster.numbers) == (
        "canvas",
        ("jane", "rick"),
        {"12345": "jane", "12346": "rick"},
    )
    (tmp_path / "moodle.csv").write_text(MOODLE)
    roster = read_roster(tmp_path / "moodle.csv")
    assert (roster.kind, roster.students) == ("moodle", ("jane@uni.edu",))
    collected = collect(
        zipped(tmp_path / "x.zip", "Jane Doe_12345_assignsubmission_file_/a.ipynb"), "hw1", ids=roster.numbers
    )
    assert list(found(collected)) == ["jane@uni.edu"]


def test_an_lms_gets_its_own_rows_back_with_marks(tmp_path, course):
    from lrcore.homework.grading import CellMark, Graded
    from lrcore.homework.reports import write_canvas, write_moodle

    graded = [Graded("jane", "ok", (CellMark("multiple-test", 3.5, 4.0),)), Graded("rick", "ok", ())]
    (tmp_path / "canvas.csv").write_text(CANVAS.replace("Homework 1: One sample", "Quiz"))
    write_canvas(tmp_path, course.assignment, graded, read_roster(tmp_path / "canvas.csv"))
    lines = (tmp_path / "marks_canvas.csv").read_text().splitlines()
    assert lines[0] == "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (77)"
    assert lines[2:] == ['"Doe, Jane",12345,u1,jane,A,3.5', '"Roe, =Rick",12346,u2,rick,A,0']
    (tmp_path / "moodle.csv").write_text(MOODLE)
    graded = [Graded("jane@uni.edu", "ok", (CellMark("multiple-test", 3.5, 4.0),))]
    write_moodle(tmp_path, course.assignment, graded, read_roster(tmp_path / "moodle.csv"))
    lines = (tmp_path / "marks_moodle.csv").read_text().splitlines()
    assert lines == [MOODLE.splitlines()[0], "Participant 12345,Jane Doe,jane@uni.edu,Submitted,3.5,20,"]
