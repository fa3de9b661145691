"""What is wrong with one file costs its own student a clear line; nobody else loses anything, and marks are written."""

import csv
import os
import zipfile

import pytest

from homework import small
from lrcore.homework.__main__ import main
from lrcore.homework.grade import grade_submission
from lrcore.homework.grade.grade_class import keep_unclear, kept_before, to_a_person
from lrcore.homework.grade.submissions import collect
from lrcore.homework.release.variants import prepare
from lrcore.homework.report import mark_sheets
from lrcore.homework.report.mark_sheets import visible
from lrcore.homework.sandbox.protocol import Said, strict_json

ODD = "half \ud800 nul \x00 turned \u202egnp.exe\u202c bell \x07"
CLASS = ("good", "halves", "crc", "packing", "dateless", "twice", "two", "deep", "nan", "other", "zipped")


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """A class in which all but two handed in something odd, graded once."""
    folder = tmp_path_factory.mktemp("borders")
    (folder / "quiz.md").write_text(small.SOURCE, encoding="utf-8")
    (folder / "secret").write_bytes(small.SECRET)
    (folder / "class.csv").write_text("id\n" + "\n".join(CLASS), encoding="utf-8")
    write_zip(folder / "in.zip", course)
    assert main(command(folder)) == 0
    return folder / "marks"


def command(folder, secret="secret", roster="class.csv"):
    words = ["grade", str(folder / "quiz.md"), str(folder / "in.zip"), str(folder / "marks")]
    return [*words, "--class", str(folder / roster), "--secret", str(folder / secret), "--workers", "2"]


def write_zip(path, course):
    data = {student: small.hand_in(course, student) for student in (*CLASS, "stranger")}
    data["halves"] = small.hand_in(course, "halves", words=ODD, length=f"length = {ODD!r}")
    data["other"] = small.hand_in(course, "other").replace(b'"assignment": "quiz"', b'"assignment": "exam"')
    data["deep"] = b"[" * 100_000
    plot = b'{"cells": [{"cell_type": "code", "source": "", "outputs": [{"data": {"y": [NaN, -Infinity]}}]}, '
    data["nan"] = small.hand_in(course, "nan").replace(b'{"cells": [', plot)  # as Python writes what a plot holds
    with zipfile.ZipFile(path, "w") as archive:
        for student in CLASS[:-1]:
            when = (1980, 0, 0, 0, 0, 0) if student == "dateless" else (2026, 11, 10, 12, 0, 0)
            names = ("work.ipynb", "again.ipynb") if student == "two" else ("quiz.ipynb",)
            for name in names:
                other = name == "again.ipynb"  # the same twice would be clear: what differs, a person decides
                file = small.hand_in(course, student, words="Or so.") if other else data[student]
                archive.writestr(zipfile.ZipInfo(f"{student}/{name}", when), file)
        archive.writestr("zipped/quiz.zip", b"PK")
        archive.writestr(zipfile.ZipInfo("stranger/quiz.ipynb"), data["stranger"])
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(zipfile.ZipInfo("twice/quiz.ipynb"), data["twice"])
        places = {one.filename: one.header_offset for one in archive.infolist()}
    raw = bytearray(path.read_bytes())
    raw[places["crc/quiz.ipynb"] + 200] ^= 1  # one bit of its contents
    listed = raw.rindex(b"packing/quiz.ipynb") - 46
    raw[listed + 10 : listed + 12] = (77).to_bytes(2, "little")
    path.write_bytes(raw)


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_odd_file_costs_its_own_student_and_nobody_else(graded):
    rows = {row["student"]: row for row in table(graded / "marks.csv")}
    assert set(rows) == set(CLASS)
    assert [rows[one]["total"] for one in ("good", "dateless", "nan", "halves")] == ["12", "12", "12", "10"]
    assert "Bad CRC-32" in rows["crc"]["status"]
    assert "compression" in rows["packing"]["status"]
    for column in ("multiple-test", "total"):  # a person looks: no zero
        assert {rows[one][column] for one in ("crc", "packing", "two", "twice", "other", "zipped")} == {""}
    assert "two/again.ipynb and two/work.ipynb" in rows["two"]["status"]
    assert "zipped/quiz.zip was put aside: it is an archive" in rows["zipped"]["status"]
    assert "the notebook is of exam, not of quiz" in rows["other"]["status"]
    assert "nested" in rows["deep"]["status"]


def test_what_is_put_aside_is_named_with_its_reason(graded):
    aside = {row["file"]: row["why"] for row in table(graded / "put_aside.csv")}
    assert aside["stranger/quiz.ipynb"] == "stranger is not in the class list"
    assert aside["twice/quiz.ipynb"] == "the zip holds several files of this name"
    assert "a person has to choose" in aside["two/work.ipynb"]


def test_no_odd_character_reaches_a_page_or_a_table(graded):
    text = "".join(
        path.read_text(encoding="utf-8") for path in (graded / "written.csv", graded / "feedback/halves.html")
    )
    assert "half \ufffd nul" in text
    assert not set(text) & set("\x00\x07\u202e\u202c")


def test_machines_mark_is_corrected_with_a_reason_and_stays_so(graded, capsys):
    folder = graded.parent
    written = (graded / "written.csv").read_bytes()
    merge = ["merge", str(folder / "quiz.md"), str(graded), "--class", str(folder / "class.csv")]
    (graded / "written.csv").write_text("student;question;points;comment\ngood;length-test;1,5;\n", encoding="utf-8")
    assert main(merge) == 2
    assert "without a reason" in capsys.readouterr().err
    (graded / "written.csv").write_bytes(
        "student;question;points;comment\ngood;length-test;1,5;zu großzügig\n".encode("cp1252")
    )
    for _ in range(2):  # what merge writes, it takes again
        assert main(merge) == 0
        rows = {row["student"]: row for row in table(graded / "marks.csv")}
        assert (rows["good"]["length-test"], rows["dateless"]["length-test"]) == ("1.5", "2")
        assert {
            "student": "good",
            "question": "length-test",
            "machine": "2",
            "person": "1.5",
            "reason": "zu großzügig",
        } in table(graded / "corrected.csv")
    (graded / "written.csv").write_bytes(written)


def merge(graded):
    return main(["merge", str(graded.parent / "quiz.md"), str(graded), "--class", str(graded.parent / "class.csv")])


def test_what_the_machine_could_not_mark_comes_first_and_merging_gives_it_no_zero(graded):
    assert merge(graded) == 0
    rows = table(graded / "written.csv")
    stumbled = [bool(row["why"]) for row in rows]
    assert stumbled == sorted(stumbled, reverse=True)
    assert {row["student"] for row in rows if row["why"]} == {
        "crc",
        "packing",
        "two",
        "twice",
        "deep",
        "other",
        "zipped",
    }
    marks = {row["student"]: row for row in table(graded / "marks.csv")}
    assert (marks["two"]["total"], marks["zipped"]["total"], marks["good"]["total"]) == ("", "", "12")
    assert "two/again.ipynb" in marks["two"]["status"]


def test_the_audit_says_who_changed_which_mark_and_why_and_only_grows(graded):
    written, kept = graded / "written.csv", (graded / "written.csv").read_bytes()
    path = graded / "audit.csv"
    before = len(table(path)) if path.exists() else 0
    steps = [
        ("good,length-test,1,a slip,Ada", ["Ada", "2", "2", "1", "a slip"]),
        ("good,length-test,1.5,read again,Ben", ["Ben", "2", "1", "1.5", "read again"]),
        ("good,length-test,,,", None),
        ("crc,words,3,read by hand,Ada", ["Ada", "", "", "3", "read by hand"]),
    ]
    try:
        for place, (row, noted) in enumerate(steps, start=1):
            written.write_text(f"student,question,points,comment,by\n{row}\n", encoding="utf-8")
            for _ in range(2):
                assert merge(graded) == 0
            audit = table(path)[before:]
            assert len(audit) == place
            if noted is not None:
                assert [audit[-1][name] for name in ("by", "machine", "before", "now", "reason")] == noted
        assert audit[2]["reason"] == "the change was taken back"
        assert {row["student"]: row["total"] for row in table(graded / "marks.csv")}["crc"] == "3"
    finally:
        written.write_bytes(kept)
        assert merge(graded) == 0


def test_a_row_that_fits_nobody_or_contradicts_another_is_said(graded, capsys):
    written, kept = graded / "written.csv", (graded / "written.csv").read_bytes()
    try:
        written.write_text("student\tquestion\tpoints\tcomment\ngoood\twords\t1\tx\n", encoding="utf-16")
        assert merge(graded) == 0
        assert "In written.csv no student of this class has the question: goood words." in capsys.readouterr().out
        written.write_text("student,question,points,comment\ngood,words,1,\ngood,words,2,\n", encoding="utf-8")
        assert merge(graded) == 2
        assert "row 3: words of good has 1 points in a row above and 2 here" in capsys.readouterr().err
        written.write_text("student,question,points,comment\ngood,words,1,\ngood,words,,\n", encoding="utf-8")
        assert merge(graded) == 0
        assert {row["student"]: row["total"] for row in table(graded / "marks.csv")}["good"] == "13"
    finally:
        written.write_bytes(kept)
        assert merge(graded) == 0


def test_answer_over_which_the_grader_stumbles_is_left_to_a_person(course, monkeypatch):
    questions = prepare(course.assignment, small.SECRET, "good").questions
    said = (Said("some formula"),)
    assert not grade_submission._graded(questions["lines-test"][0], said).person

    def stumble(*_):
        raise RecursionError

    monkeypatch.setattr(grade_submission, "proved_apart", stumble)
    mark = grade_submission._graded(questions["lines-test"][0], said)
    assert (mark.person, mark.given) == (True, "some formula")
    assert "stumbled" in mark.says[0]


def test_file_name_that_is_no_text_costs_its_own_student_only(course, tmp_path):
    for name in (b"jane/\xff1.ipynb", b"jane/\xff2.ipynb", b"good/quiz.ipynb", b"\xfe\xfe/quiz.ipynb"):
        path = os.fsencode(tmp_path / "in") + b"/" + name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(name)
    collected = collect(tmp_path / "in", "quiz")
    assert [one.student for one in collected.submissions] == ["good"]
    (tmp_path / "graded").mkdir()
    keep_unclear(tmp_path / "graded", [to_a_person(student, course, why) for student, why in collected.unclear])
    kept = kept_before(tmp_path / "graded")
    assert list(kept) == ["jane"]
    mark_sheets.write_marks(tmp_path, course.assignment, kept.values(), set())
    mark_sheets.write_aside(tmp_path, collected.aside)
    assert "jane/\ufffd1.ipynb" in table(tmp_path / "marks.csv")[0]["status"]
    assert "\ufffd\ufffd/quiz.ipynb" in {row["file"] for row in table(tmp_path / "put_aside.csv")}


def test_name_in_a_zip_that_is_no_text_costs_its_own_student_only(tmp_path):
    names = ("jané_1_2_hw1.ipynb", "bob_3_4_hw1.ipynb", "é_x.ipynb", "zoë_5_6_hw1.ipynb")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in names:
            archive.writestr(name, name[-8:])
    raw = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(raw.replace("é".encode(), b"\xff\xfe"))
    collected = collect(tmp_path / "x.zip", "hw1")
    assert [one.student for one in collected.submissions] == ["1", "3", "5"]
    assert {one.read() for one in collected.submissions} == {b"w1.ipynb"}
    assert "cannot be a student's id" in collected.aside[0][1]


def test_wrong_secret_and_wrong_class_are_refused_before_grading(graded, capsys):
    folder = graded.parent
    (folder / "other").write_bytes(b"a secret of another course")
    assert main(command(folder, secret="other")) == 2
    assert "The secret or the assignment is not that of the release" in capsys.readouterr().err
    (folder / "others.csv").write_text("id\nann\nbob\n", encoding="utf-8")
    assert main(command(folder, roster="others.csv")) == 2
    assert "is not in the class list" in capsys.readouterr().err
    (folder / "exam.md").write_text(small.SOURCE.replace("assignment: quiz", "assignment: exam"), encoding="utf-8")
    words = command(folder)
    words[1], words[3] = str(folder / "exam.md"), str(folder / "exam")
    assert main(words) == 0  # one file is of the exam, so that it may be what was meant: the others go to a person
    rows = {row["student"]: row for row in table(folder / "exam" / "marks.csv")}
    assert rows["good"]["total"] == ""
    assert "the notebook is of quiz, not of exam" in rows["good"]["status"]


@pytest.mark.parametrize(
    ("attack", "honest"),
    [  # mallory is number 500; the honest file is number 1, or alice
        ("mallory_500_600_x_1_assignsubmission_file_.ipynb", "alice_1_601_hw1.ipynb"),
        ("mallory_500_600_1_602_hw1.ipynb", "alice_1_601_hw1.ipynb"),
        ("Mal_500_assignsubmission_file_x_1_assignsubmission_file_hw1.ipynb", "A_1_assignsubmission_file_hw1.ipynb"),
        ("Mal_500_assignsubmission_file_/alice_1_999_hw1.ipynb", "A_1_assignsubmission_file_/hw1.ipynb"),
        ("submitted/500/hw1/1/hw1/hw1.ipynb", "submitted/1/hw1/hw1.ipynb"),
        ("submitted/500/hw1/hw1_1.ipynb", "submitted/1/hw1/hw1.ipynb"),
        ("500/1/hw1.ipynb", "1/hw1.ipynb"),
        ("500/alice_1_999_hw1.ipynb", "1/hw1.ipynb"),
        ("500/B_1_assignsubmission_file_/hw1.ipynb", "1/hw1.ipynb"),
    ],
)
def test_nobody_can_hand_in_for_somebody_else(tmp_path, attack, honest):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in (attack, honest):
            archive.writestr(name, "{}")
    found = {one.student: one.member for one in collect(tmp_path / "x.zip", "hw1").submissions}
    assert found["1"] == honest
    assert found.get("500", attack) == attack


def test_who_calls_himself_by_anothers_number_replaces_nothing(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in ("alice_1_601_hw1.ipynb", "mallory_1_999_hw1_500_700_hw1.ipynb", "bob_2_3_hw1.ipynb"):
            archive.writestr(name, "{}")
    collected = collect(tmp_path / "x.zip", "hw1")
    assert [one.member for one in collected.submissions] == ["bob_2_3_hw1.ipynb"]
    assert [student for student, _ in collected.unclear] == ["1"]
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:  # her own second file, late, counts
        for name in ("alice_1_601_hw1.ipynb", "alice_LATE_1_999_hw1-1.ipynb"):
            archive.writestr(name, "{}")
    assert [one.member for one in collect(tmp_path / "y.zip", "hw1").submissions] == ["alice_LATE_1_999_hw1-1.ipynb"]


def test_newer_scratch_file_does_not_take_the_homeworks_place(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("jane/hw1.ipynb", (2026, 1, 1, 0, 0, 0)), "{}")
        archive.writestr(zipfile.ZipInfo("jane/scratch.ipynb", (2026, 2, 1, 0, 0, 0)), "{}")
    collected = collect(tmp_path / "x.zip", "hw1")
    assert [one.member for one in collected.submissions] == ["jane/hw1.ipynb"]
    assert [name for name, _ in collected.aside] == ["jane/scratch.ipynb"]


def test_text_stays_text():
    assert strict_json(r'{"a": ["\ud800", "\ud83d\ude00"]}', 100) == {"a": ["\ufffd", "😀"]}
    assert visible("grüße 张 😀\tx\n") == "grüße 张 😀\tx\n"
