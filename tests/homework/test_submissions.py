# ruff: noqa: E501 (a row is quoted as one line)
"""What was handed in is found, whatever the LMS calls it; what is dangerous is put aside and harms nothing."""

import csv
import os
import stat
import zipfile
from datetime import datetime

import pytest

from lrcore.errors import InputError
from lrcore.homework.grade.notebooks import LARGEST
from lrcore.homework.grade.roster import read_roster
from lrcore.homework.grade.submissions import collect


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
        ("doe_jane_12345_67890_hw1.ipynb", "12345"),
        ("müllerÖzgür_12345_67890_hw1_jürgen (final).ipynb", "12345"),
        ("LATE_anon_a1B2c_67890_hw1.ipynb", "anon_a1B2c"),
        ("anon_a1B2c_67890_hw1.ipynb", "anon_a1B2c"),
        ("doejane_10000000012345_67890_hw1_10000000012345-1.ipynb", "10000000012345"),
        ("Jane Doe_12345_assignsubmission_file_/hw1.ipynb", "12345"),
        ("Zoë O'Néill-Łuk_12345_assignsubmission_file/my work/hw1 (1).ipynb", "12345"),
        ("张 伟_12345_assignsubmission_file_hw1_张伟.ipynb", "12345"),
        ("Participant_12345_assignsubmission_file_/hw1.ipynb", "12345"),
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


def test_late_is_what_canvas_calls_so_and_what_comes_after_the_hour_in_a_zip_of_ones_own(tmp_path):
    names = ["a_LATE_1_2_hw1.ipynb", "b_3_4_hw1.ipynb", "C D_5_assignsubmission_file/hw1.ipynb", "hw1_jane.ipynb"]
    path = zipped(tmp_path / "x.zip", *names)
    late = {"1": True, "3": False, "5": False, "jane": False}
    assert {one.student: one.late for one in collect(path, "hw1").submissions} == late
    after = collect(path, "hw1", due=datetime(2026, 11, 10, 11, 0))  # the times in an LMS's zip are the download's
    assert {one.student: one.late for one in after.submissions} == {**late, "jane": True}


def test_late_is_what_moodles_worksheet_calls_so(tmp_path):
    rows = "Participant 1,A B,a@uni.edu,Submitted for grading2 hours 5 mins lateGraded,,20,Yes,-,\nParticipant 2,C Latell,c@uni.edu,Submitted for grading,,20,Yes,-,\n"
    (tmp_path / "moodle.csv").write_text(MOODLE.splitlines()[0] + "\n" + rows)
    assert read_roster(tmp_path / "moodle.csv").late == {"a@uni.edu"}


def test_nbgraders_timestamp_decides_what_is_late(tmp_path):
    folder = tmp_path / "submitted" / "jane" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text("2026-11-12 09:00:00.000000 UTC")
    assert collect(tmp_path / "submitted", "hw1", due=datetime(2026, 11, 11)).submissions[0].late
    assert not collect(tmp_path / "submitted", "hw1", due=datetime(2026, 11, 14)).submissions[0].late


def test_of_several_the_newest_counts(tmp_path):
    names = ["j_1_9_hw1-1.ipynb", "j_1_10_hw1-2.ipynb", "j_1_8_hw1.ipynb", "j_1_11_scratch.ipynb"]
    collected = collect(zipped(tmp_path / "x.zip", *names), "hw1")
    assert found(collected) == {"1": "j_1_10_hw1-2.ipynb"}
    assert len(collected.aside) == 3
    folder = "Jane Doe_7_assignsubmission_file/"
    assert found(collect(zipped(tmp_path / "y.zip", folder + "hw1.ipynb", folder + "x.ipynb"), "hw1")) == {
        "7": folder + "hw1.ipynb"
    }
    assert found(collect(zipped(tmp_path / "z.zip", "hw1_j.ipynb", "hw1_j (2).ipynb", "hw1_j (10).ipynb"), "hw1")) == {
        "j": "hw1_j (10).ipynb"
    }


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
        "loop": "it is a link, and links are not followed",
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
    with pytest.raises(InputError, match="symbolic links"):
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
MOODLE = (  # its importer asks for Identifier, Grade and Last modified (grade), and skips what was changed since
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments\n"
    "Participant 12345,Jane Doe,jane@uni.edu,Submitted for grading,,20,Yes,-,\n"
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


def test_canvas_may_split_names_and_separate_by_semicolons(tmp_path):
    rows = "LastName;FirstName;ID;SIS User ID;SIS Login ID;Section;Quiz (77)\nPoints Possible;;;;;;20\nDoe;Jane;12345;u1;jane;A;\n"
    (tmp_path / "canvas.csv").write_text(rows, encoding="utf-8-sig")
    roster = read_roster(tmp_path / "canvas.csv")
    assert (roster.kind, roster.numbers) == ("canvas", {"12345": "jane"})


def test_column_of_another_assignment_is_not_taken_for_this_one(tmp_path, course):
    from lrcore.homework.report.mark_sheets import _canvas_column

    for there, taken in (("Quiz 10 (88)", "Quiz"), ("Quiz (77)", "Quiz (77)"), ("Quiz", "Quiz")):
        (tmp_path / "canvas.csv").write_text(CANVAS.replace("Homework 1: One sample (77)", there))
        assert _canvas_column(course.assignment, read_roster(tmp_path / "canvas.csv")) == taken


def test_canvas_finds_the_columns_that_its_importer_asks_for(tmp_path, course):
    """As its gradebook_importer.rb does: Student and ID first, Section the last about a student, then the assignment."""
    from lrcore.homework.grade.grade_submission import Graded
    from lrcore.homework.report.mark_sheets import write_canvas

    write_canvas(tmp_path, course.assignment, [Graded("jane", "ok", ())], None)
    with (tmp_path / "marks_canvas.csv").open(newline="", encoding="utf-8") as file:
        header, possible, row = csv.reader(file)
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz"]
    assert (possible[0].strip(), possible[5]) == ("Points Possible", "15")
    assert row == ["", "", "", "jane", "", "0"]


def test_an_lms_gets_its_own_rows_back_with_marks(tmp_path, course):
    from lrcore.homework.grade.grade_submission import CellMark, Graded
    from lrcore.homework.report.mark_sheets import write_canvas, write_moodle

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
    row = "Participant 12345,Jane Doe,jane@uni.edu,Submitted for grading,3.5,20,Yes,-,"
    assert lines == [MOODLE.splitlines()[0], row]
