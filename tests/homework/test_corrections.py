# ruff: noqa: E501 (a table is quoted as one line)
"""What a person enters counts as it was meant, stays with its assignment, and is written down as theirs."""

import csv
import json
import os
import re
from dataclasses import replace

import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework.__main__ import main
from lrcore.homework.course import merge_course, write_all
from lrcore.homework.grade import grade_submission
from lrcore.homework.grade.grade_class import grade_all, keep_unclear
from lrcore.homework.grade.grade_submission import CellMark, Graded
from lrcore.homework.grade.roster import Roster, read_roster
from lrcore.homework.release.assignment import load
from lrcore.homework.report.summary import write_summary

CLASS = ("0012345", "Alice", "bob", "about")
EVERYBODY = Roster(CLASS)


@pytest.fixture(autouse=True)
def no_plots(monkeypatch):
    """The page with plots is drawn where it is looked at."""
    monkeypatch.setattr("lrcore.homework.course.write_summary", lambda *_: None)


@pytest.fixture
def quiz(tmp_path):
    (tmp_path / "quiz.md").write_text(small.SOURCE, encoding="utf-8")
    return load(tmp_path / "quiz.md")


@pytest.fixture
def exam(tmp_path):
    source = small.SOURCE.replace("assignment: quiz", "assignment: exam").replace('variant("quiz")', 'variant("exam")')
    (tmp_path / "exam.md").write_text(source, encoding="utf-8")
    return load(tmp_path / "exam.md")


def result(student):
    """A student's marks as the machine gives them: all but the words, which wait."""
    cells = (
        CellMark("multiple-test", 4.0, 4),
        CellMark("lines-test", 4.8, 6, ("a jump",), for_a_person=True),
        CellMark("length-test", 2.0, 2),
        CellMark("words", None, 3, given="so", for_a_person=True),
    )
    return Graded(student, "needs a person", cells)


def graded_into(out, assignment, students=CLASS, roster=EVERYBODY):
    results = [result(student) for student in sorted(students)]
    (out / "graded").mkdir(parents=True, exist_ok=True)
    keep_unclear(out / "graded", results)
    return write_all(assignment, out, results, roster)


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def marks(out):
    return {row["student"]: row for row in table(out / "marks.csv")}


@pytest.fixture
def out(tmp_path, quiz):
    graded_into(tmp_path / "marks", quiz)
    return tmp_path / "marks"


def merged(out, quiz, entered):
    """Enter rows, and merge: what was said."""
    text = entered if isinstance(entered, bytes) else entered.encode()
    (out / "written.csv").write_bytes(text)
    return merge_course(str(out.parent / "quiz.md"), out, None)


# ---------------------------------------------------------------------- whose marks these are


def test_marks_of_another_assignment_are_not_written_over_these(out, quiz, exam):
    merged(out, quiz, "student,question,points,comment\nbob,length-test,0,copied\nbob,words,2,\n")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    says = "holds the marks of quiz, not of exam; name another folder"
    with pytest.raises(InputError, match=says):
        write_all(exam, out, [result("bob")], None)
    with pytest.raises(InputError, match=says):
        merge_course(str(out.parent / "exam.md"), out, None)
    with pytest.raises(InputError, match=says):
        grade_all([], grade_submission.Course(exam, small.SECRET), out / "graded", progress=False)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    write_all(quiz, out, [result(one) for one in CLASS], Roster(CLASS))
    assert marks(out)["bob"]["total"] == "10.8"


def test_another_secret_or_class_is_refused_before_anything_is_graded(tmp_path, quiz, course, capsys):
    submissions, marks_of = tmp_path / "in", tmp_path / "marks"
    submissions.mkdir()
    (submissions / "bob.ipynb").write_bytes(small.hand_in(course, "bob"))
    (tmp_path / "secret").write_bytes(small.SECRET)
    (tmp_path / "class.csv").write_text("id\nbob\nann\n", encoding="utf-8")
    words = ["grade", str(tmp_path / "quiz.md"), str(submissions), str(marks_of), "--secret", str(tmp_path / "secret")]
    graded_into(marks_of, quiz, ("eve", "kim"), Roster(("eve", "kim")))
    assert main([*words, "--class", str(tmp_path / "class.csv")]) == 2
    assert "holds the marks of another class: of the 2 in this class list it has 0" in capsys.readouterr().err
    graded_into(tmp_path / "other", quiz, ("bob", "ann"), Roster(("BOB", "ann", "new")))
    grade_all([], grade_submission.Course(quiz, b"another secret of the course"), tmp_path / "other/graded")
    words[3] = str(tmp_path / "other")
    assert main([*words, "--class", str(tmp_path / "class.csv")]) == 2
    assert "were made with another secret; give --secret the file of the release" in capsys.readouterr().err
    assert not (tmp_path / "other" / "graded" / "late.csv").exists()
    assert small.SECRET.decode() not in (marks_of / "graded" / "_about.json").read_text(encoding="utf-8")


def test_merge_takes_the_students_of_the_last_run_and_its_class_list(out, quiz):
    graded_into(out, quiz, ("Alice", "bob"), Roster(("Alice", "bob", "nobody")))
    merge_course(str(out.parent / "quiz.md"), out, None)
    assert {one: row["status"] for one, row in marks(out).items()} == {
        "Alice": "needs a person",
        "bob": "needs a person",
        "nobody": "handed in nothing",
    }


def test_an_id_is_taken_for_no_record_of_the_folder(out, quiz):
    assert json.loads((out / "graded" / "about.json").read_text(encoding="utf-8"))["graded"]["student"] == "about"
    merge_course(str(out.parent / "quiz.md"), out, None)
    assert set(marks(out)) == set(CLASS)


# ---------------------------------------------------------------------- what is entered counts

HONEST = "student,question,points,comment\n0012345,words,2.5,ok\n"
SPREADSHEETS = {
    "as it is": HONEST.encode(),
    "zeros lost": b"student;question;points;comment\n12345;words;2,5;ok\n",
    "zeros kept by an apostrophe": b"student;question;points;comment\n'0012345;words;2,5;ok\n",
    "capitals": b"Student;Question;Points;Comment\n12345;Words;2,5;ok\n",
    "all capitals, with spaces": b" STUDENT ; QUESTION; POINTS ;COMMENT\n 0012345 ;words ; 2,5 ;ok\n",
    "told its separator": b"sep=;\r\nstudent;question;points;comment\r\n0012345;words;2,5;ok\r\n",
    "told a bar": b"sep=|\nstudent|question|points|comment\n0012345|words|2,5|ok\n",
    "UTF-16": HONEST.replace(",", "\t").encode("utf-16"),
    "UTF-16 without its mark": HONEST.encode("utf-16-le"),
    "the other UTF-16 without its mark": HONEST.encode("utf-16-be"),
    "UTF-8 with its mark": HONEST.encode("utf-8-sig"),
    "lines of old Macs": HONEST.replace("\n", "\r").encode(),
    "two columns of points": b"student,question,points,comment,points\n0012345,words,2.5,ok,\n",
    "two columns of points, the first empty": b"student,question,points,comment,points\n0012345,words,,ok,2.5\n",
    "two columns that say the same": b"student,question,points,comment,points\n0012345,words,2.5,ok,2.5\n",
    "a row of the grader's and one's own": b"student,question,points,comment\n0012345,words,,\n12345,words,2.5,ok\n",
    "bars, and two marks of its encoding": "\ufeff\ufeffstudent|question|points|comment\n0012345|words|2,5|ok\n".encode(),
    "spaces behind commas": b'student, question, points, comment\n0012345, words, "2,5", "ok"\n',
    "a line before the first": b"\n\nstudent,question,points,comment\n0012345,words,2.5,ok\n",
    "hard spaces, and one of no width": "student;question;points\xa0;comment\n’0012345\u200b;words;2,5\xa0;ok\n".encode(
        "cp1252", "replace"
    ).replace(b"?", b""),
    "empty rows and columns": b"student,question,points,comment,,\n,,,,,\n0012345,words,2.5,ok,,\n,,,,,\n",
}


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_a_mark_is_taken_however_a_spreadsheet_saves_it(name, out, quiz):
    for _ in range(2):  # what merge writes, it takes again
        assert "no student" not in merged(out, quiz, SPREADSHEETS[name])
        assert (marks(out)["0012345"]["words"], marks(out)["0012345"]["total"]) == ("2.5", "13.3")
    assert [row["reason"] for row in table(out / "audit.csv")] == ["ok"]
    kept = [row for row in table(out / "written.csv") if row["points"]]
    assert [(row["student"], row["question"]) for row in kept] == [("0012345", "words")]


SHIFTED = "student,question,points,out_of,comment,answer,key,why,machine,by\nbob,words,2,5,3,,so,key,,,\n"
NOT_TAKEN = {
    "a decimal comma that shifts the row": (SHIFTED.encode(), "row 2: it says out of 5, and the comment is 3; put 2,5 into quotation marks"),
    "a quotation mark that is not closed": (b'student,question,points,comment\nbob,words,1,"ok\nAlice,words,2,ok\n', "is a quotation mark not closed"),
    "a spreadsheet's own file": (b"PK\x03\x04" + bytes(200), r"a spreadsheet's own file \(.xlsx, .ods, .xls\); save it as CSV"),
    "other columns": (b"Studentin;Frage;Punkte\n", "needs the columns student, question and points in its first row"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_cannot_be_meant_is_said_and_stays_as_it_was_saved(name, out, quiz):
    saved, says = NOT_TAKEN[name]
    with pytest.raises(InputError, match=says):
        merged(out, quiz, saved)
    assert (out / "written.csv").read_bytes() == saved


def test_what_a_spreadsheet_saves_beside_the_table_is_not_left_out_in_silence(out, quiz):
    (out / "written.xlsx").write_bytes(b"PK")
    os.utime(out / "written.csv", (1, 1))
    with pytest.raises(InputError, match=r"written.xlsx is newer than written.csv; save what counts as written.csv"):
        merge_course(str(out.parent / "quiz.md"), out, None)
    os.utime(out / "written.csv")
    merge_course(str(out.parent / "quiz.md"), out, None)


def test_columns_of_ones_own_stay(out, quiz):
    for _ in range(2):
        merged(out, quiz, "student,question,points,comment,To do\nbob,words,2,,ask him\nAlice,length-test,,,look\n")
        own = {(row["student"], row["question"]): row["to_do"] for row in table(out / "written.csv") if row["to_do"]}
        assert own == {("bob", "words"): "ask him", ("Alice", "length-test"): "look"}


def test_a_mark_that_waits_is_a_floor_and_no_lms_gets_it(out, quiz):
    row = marks(out)["bob"]
    assert (row["lines-test"], row["total"], row["total_is"], row["waits"]) == (
        "4.8",
        "10.8",
        "at least",
        "lines-test words",
    )
    waiting = {row["question"]: row["machine"] for row in table(out / "written.csv") if row["student"] == "bob"}
    assert waiting == {"lines-test": "4.8", "words": ""}
    with pytest.raises(InputError, match=r"lines-test of bob from 4.8 to 2 without a reason"):
        merged(out, quiz, "student,question,points,comment\nbob,lines-test,2,\nbob,words,1,\n")
    assert marks(out)["bob"]["waits"] == "lines-test"
    assert {row["Quiz"] for row in table(out / "marks_canvas.csv")[1:]} == {""}
    merged(out, quiz, "student,question,points,comment\nbob,lines-test,5,\nbob,words,1,\n")
    assert (marks(out)["bob"]["total_is"], marks(out)["bob"]["waits"]) == ("", "")
    given = {row["SIS Login ID"]: row["Quiz"] for row in table(out / "marks_canvas.csv")[1:]}
    assert (given["bob"], given["Alice"]) == ("12", "")
    moodle = {row["username"]: row["Quiz"] for row in table(out / "marks_moodle.csv")}
    assert (moodle["bob"], moodle["Alice"]) == ("12", "")


def test_a_class_list_may_tell_its_separator_too(tmp_path):
    (tmp_path / "class.csv").write_bytes("sep=;\nid;name\n007;Bond\n".encode("utf-16-le"))
    assert read_roster(tmp_path / "class.csv").students == ("007",)


def test_a_name_in_another_case_is_the_students_unless_it_may_be_two(out, quiz):
    merged(out, quiz, "student,question,points,comment\nalice,words,1,ok\nBOB,length-test,1,a slip\n")
    assert (marks(out)["Alice"]["words"], marks(out)["bob"]["length-test"]) == ("1", "1")
    graded_into(out, quiz, (*CLASS, "alice"), Roster((*CLASS, "alice")))
    said = merged(out, quiz, "student,question,points,comment\nALICE,words,2,ok\nalice,words,1,ok\n")
    assert "no student of this class has the question: ALICE words." in said
    assert (marks(out)["Alice"]["words"], marks(out)["alice"]["words"]) == ("", "1")


def test_a_comment_without_points_is_kept_and_said(out, quiz):
    said = merged(
        out, quiz, "student,question,points,comment,by\nbob,length-test,,-1 for the unit,Ada\nbob,words,,hm,\n"
    )
    assert "a comment without points changes no mark: bob length-test." in said
    for _ in range(2):
        kept = {row["question"]: row for row in table(out / "written.csv") if row["student"] == "bob"}
        assert (kept["length-test"]["comment"], kept["length-test"]["by"]) == ("'-1 for the unit", "Ada")
        assert kept["words"]["comment"] == "hm"
        merge_course(str(out.parent / "quiz.md"), out, None)
    assert marks(out)["bob"]["length-test"] == "2"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("bob,words,2,ok,3", "row 2: two columns are named points, with '2' and '3'; leave one"),
        ("bob,words,2,ok,, but late", "row 2: 'but late' stands in no column that has a name"),
        ("bob,words,3.5,ok,", "row 2: points are '3.5', but a number from 0 to 3 is expected"),
        ("bob,words,two,ok,", "row 2: points are 'two', but a number from 0 to 3 is expected"),
    ],
)
def test_a_slip_is_said_before_anything_is_graded(row, says, tmp_path, quiz, course, capsys, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bob.ipynb").write_bytes(small.hand_in(course, "bob"))
    (tmp_path / "secret").write_bytes(small.SECRET)
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "written.csv").write_text(f"student,question,points,comment,points\n{row}\n")
    monkeypatch.setattr("lrcore.homework.course.grade_all", lambda *_, **__: pytest.fail("it was graded"))
    words = [str(tmp_path / one) for one in ("quiz.md", "in", "marks")]
    assert main(["grade", *words, "--secret", str(tmp_path / "secret")]) == 2
    assert says in capsys.readouterr().err


def test_a_change_without_a_reason_stops_no_marks(out, quiz):
    (out / "marks.csv").unlink()
    with pytest.raises(InputError, match="length-test of bob from 2 to 1 without a reason, so that mark is left"):
        merged(out, quiz, "student,question,points,comment\nbob,length-test,1,\nAlice,words,3,\n")
    assert (marks(out)["bob"]["length-test"], marks(out)["Alice"]["words"]) == ("2", "3")
    assert [row["points"] for row in table(out / "written.csv") if row["question"] == "length-test"] == ["1"]


# ---------------------------------------------------------------------- what is written down


def test_every_mark_that_a_person_gives_is_a_row(out, quiz):
    results = [replace(result("bob"), cells=tuple(replace(c, points=c.points or 0.0) for c in result("bob").cells))]
    keep_unclear(out / "graded", results)
    rows = "bob,words,0,nothing right,Ada\nbob,lines-test,4.8,,Ada\nbob,length-test,2,,Ben\n"
    for _ in range(2):
        merged(out, quiz, f"student,question,points,comment,by\n{rows}")
        noted = [
            [row[name] for name in ("student", "question", "now", "reason", "by")] for row in table(out / "audit.csv")
        ]
        assert noted == [
            ["bob", "length-test", "2", "", "Ben"],
            ["bob", "lines-test", "4.8", "", "Ada"],
            ["bob", "words", "0", "nothing right", "Ada"],
        ]
    assert len(table(out / "corrected.csv")) == 3
    assert marks(out)["bob"]["status"] == "ok"
    for _ in range(2):
        merged(out, quiz, "student,question,points,comment,by\nbob,words,0,nothing right,Ben\n")
        noted = [(row["question"], row["reason"], row["by"]) for row in table(out / "audit.csv")[3:]]
        assert [one[:2] for one in noted[:2]] == [
            ("length-test", "the change was taken back"),
            ("lines-test", "the change was taken back"),
        ]
        assert noted[2:] == [("words", "nothing right", "Ben")]


def test_what_waits_for_a_person_is_no_zero_and_the_total_is_at_least(course, monkeypatch, tmp_path, quiz):
    def stumbles(question, *more):
        if question.kind == "derivation":
            raise RuntimeError
        return real(question, *more)

    real = grade_submission.proved_apart
    monkeypatch.setattr(grade_submission, "proved_apart", stumbles)
    graded = grade_submission.grade(small.hand_in(course, words=""), "alice", course)
    assert {cell.id: cell.points for cell in graded.cells}["lines-test"] is None
    out = tmp_path / "marks"
    (out / "graded").mkdir(parents=True)
    keep_unclear(out / "graded", [graded])
    write_all(quiz, out, [graded], None)
    row = marks(out)["alice"]
    assert (row["lines-test"], row["total"], row["total_is"]) == ("", "6", "at least")
    assert table(out / "marks_moodle.csv")[0]["feedback"] == "at least: 1 answer waits for a person"
    write_summary(out, quiz, [graded])
    assert "That is at least: 1 answer waits for a person" in (out / "summary.html").read_text(encoding="utf-8")
    page = (out / "feedback" / "alice.html").read_text(encoding="utf-8")
    assert re.search(r"<small>at least</small> 6 <small>of 15", page)
    merged(out, quiz, "student,question,points,comment\nalice,lines-test,0,nothing is shown\n")
    row = marks(out)["alice"]
    assert (row["lines-test"], row["total"], row["total_is"], row["status"]) == ("0", "6", "", "ok")
    assert table(out / "marks_moodle.csv")[0]["feedback"] == ""


def test_a_corrected_mark_its_reason_and_the_audit_outlive_grading_again(tmp_path, quiz, course):
    (tmp_path / "in").mkdir()
    for student in ("bob", "eve"):
        (tmp_path / "in" / f"{student}.ipynb").write_bytes(small.hand_in(course, student))
    (tmp_path / "secret").write_bytes(small.SECRET)
    words = [str(tmp_path / one) for one in ("quiz.md", "in", "marks")]
    command, out = [*words, "--secret", str(tmp_path / "secret"), "--workers", "1"], tmp_path / "marks"
    assert main(["grade", *command]) == 0
    assert marks(out)["bob"]["length-test"] == "2"
    merged(out, quiz, "student;question;points;comment;by\nBob;length-test;0,5;copied from eve;Ada\nbob;words;3;;Ada\n")
    expected = ("0.5", "3", "13.5"), ("2", "", "12")
    for again in ("regrade", "grade"):
        assert main([again, *command]) == 0
        found = tuple((row["length-test"], row["words"], row["total"]) for row in marks(out).values())
        assert found == expected
        assert "copied from eve" in (out / "feedback" / "bob.html").read_text(encoding="utf-8")
        noted = [(row["by"], row["machine"], row["now"], row["reason"]) for row in table(out / "audit.csv")]
        assert noted == [("Ada", "2", "0.5", "copied from eve"), ("Ada", "", "3", "")]
        assert len(table(out / "corrected.csv")) == 2
