"""What is wrong with one file costs its own student a clear line; nobody else loses anything, and marks are written."""

import csv
import zipfile

import pytest

from homework import small
from lrcore.homework.__main__ import main
from lrcore.homework.grade.submissions import collect
from lrcore.homework.report.mark_sheets import visible
from lrcore.homework.sandbox.protocol import strict_json

ODD = "half \ud800 nul \x00 turned \u202egnp.exe\u202c bell \x07"
CLASS = ("good", "halves", "crc", "packing", "dateless", "twice", "two", "deep", "nan", "zipped")


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
    data["deep"] = b"[" * 100_000
    data["nan"] = b'{"cells": [], "metadata": {}, "nbformat": NaN}'
    with zipfile.ZipFile(path, "w") as archive:
        for student in CLASS[:-1]:
            when = (1980, 0, 0, 0, 0, 0) if student == "dateless" else (2026, 11, 10, 12, 0, 0)
            names = ("work.ipynb", "again.ipynb") if student == "two" else ("quiz.ipynb",)
            for name in names:
                archive.writestr(zipfile.ZipInfo(f"{student}/{name}", when), data[student])
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
    assert [rows[one]["total"] for one in ("good", "dateless", "halves")] == ["12", "12", "10"]
    assert "Bad CRC-32" in rows["crc"]["status"]
    assert "compression" in rows["packing"]["status"]
    assert {rows[one]["multiple-test"] for one in ("crc", "packing", "two", "twice", "zipped")} == {
        ""
    }  # a person looks: no zero
    assert "two/again.ipynb and two/work.ipynb" in rows["two"]["status"]
    assert "zipped/quiz.zip was put aside: it is no notebook" in rows["zipped"]["status"]
    assert "nested" in rows["deep"]["status"]
    assert "NaN" in rows["nan"]["status"]


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
    words[1] = str(folder / "exam.md")
    assert main(words) == 2
    assert "the notebook is of quiz, not of exam" in capsys.readouterr().err


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
