# ruff: noqa: E501 (an attack is quoted as one line)
"""A class of twelve from the release to the marks: right, partly right and hostile submissions."""

import csv
import io
import json
import re
import shutil
import zipfile
from functools import partial

import pytest

from homework import small
from lrcore.homework.__main__ import _time, main
from lrcore.homework.grade.grade_submission import Course
from lrcore.homework.release.assignment import load
from lrcore.homework.release.dry_run import solved
from lrcore.homework.release.student_versions import secrets_of
from lrcore.homework.release.variants import prepare, read_secret
from lrcore.homework.sandbox import bubblewrap

CLASS = [f"s{k:02}" for k in range(1, 13)]
HOSTILE = "import os\nfor fd in range(3, 20):\n    try: os.write(fd, b'{}\\n')\n    except OSError: pass\ndef multiple(x): return x"
WRONG = {
    "s02": {"multiple": "def multiple(x): return -factor * x"},
    "s03": {"lines": r"lines = r'\frac{\partial L}{\partial w} = \frac2N X^\top r'"},
    "s04": {"length": "length = f'{factor / 10} s'"},
    "s05": {"multiple": "import time\ntime.sleep(100)"},
    "s06": {"multiple": HOSTILE},
    "s11": {
        "lines": r"lines = r'\frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = \frac1N X^\top r'"
    },
    "s07": {"words": "<script>alert('x')</script>"},
    "s08": {"words": ""},
}
EXPECTED = {
    "s01": 12,
    "s02": 8,
    "s03": 8.4,
    "s04": 11,
    "s05": 8,
    "s06": 8,
    "s07": 12,
    "s08": 12,
    "s09": None,
    "s10": 12,
    "s11": 8,
    "s12": 0,
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Release, hand in, grade: the folder with everything in it."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "quiz.md").write_text(small.SOURCE, encoding="utf-8")
    (folder / "class.csv").write_text("id\n" + "\n".join(CLASS) + "\n", encoding="utf-8")
    secret = ["--secret", str(folder / "secret")]
    assert (
        main(["release", str(folder / "quiz.md"), str(folder / "given"), "--class", str(folder / "class.csv"), *secret])
        == 0
    )
    hand_in(folder)
    with pytest.MonkeyPatch.context() as patch:  # limits short enough for a test
        patch.setattr(
            "lrcore.homework.course.Course", partial(Course, limits=bubblewrap.Limits(cpu=1, total_cpu=6, asleep=1.2))
        )
        assert main(grade_command(folder)) == 0
        yield folder


def grade_command(folder, command="grade"):
    words = [command, str(folder / "quiz.md"), str(folder / "handed_in.zip"), str(folder / "marks")]
    return [*words, "--class", str(folder / "class.csv"), "--secret", str(folder / "secret"), "--workers", "2"]


def hand_in(folder):
    """What the class handed in, in one zip: s09 a broken file, s12 nothing, s11 twice, and a few things that are no notebooks."""
    assignment, secret = load(folder / "quiz.md"), read_secret(folder / "secret")
    with zipfile.ZipFile(folder / "handed_in.zip", "w") as archive:
        for student in CLASS[:-1]:
            given = json.loads((folder / "given" / student / "quiz.ipynb").read_text(encoding="utf-8"))
            notebook = solved(prepare(assignment, secret, student), given)
            for cell in notebook["cells"]:
                name = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = WRONG.get(student, {}).get(name, "I think so." if name == "words" else cell["source"])
            data = json.dumps(notebook)
            put(archive, f"quiz_{student}.ipynb", data[:300] if student == "s09" else data, 10)
        put(archive, "quiz_s11 (2).ipynb", data, 11)
        put(archive, "quiz_=cmd.ipynb", data, 10)
        put(archive, "../../quiz_s01.ipynb", data, 12)
        put(archive, "notes.pdf", "%PDF", 10)


def put(archive, name, data, day):
    archive.writestr(zipfile.ZipInfo(name, (2026, 11, day, 12, 0, 0)), data)


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_marks_are_what_each_deserves(graded):
    totals = {row["student"]: row["total"] for row in table(graded / "marks" / "marks.csv")}
    assert {one: float(total) if total else None for one, total in totals.items()} == EXPECTED


def test_attacks_and_broken_files_are_named_in_the_status_column(graded):
    status = {row["student"]: row["status"] for row in table(graded / "marks" / "marks.csv")}
    assert "asleep" in status["s05"]
    assert "forged output" in status["s06"]
    assert "not readable" in status["s09"]
    assert status["s12"] == "handed in nothing"
    assert status["s01"] == "needs a person"
    assert status["s08"] == "ok"


def test_everything_put_aside_has_its_reason(graded):
    aside = {row["file"]: row["why"] for row in table(graded / "marks" / "put_aside.csv")}
    assert aside["../../quiz_s01.ipynb"] == "its name leaves the folder"
    assert "cannot be a student's id" in aside["quiz_=cmd.ipynb"]
    assert aside["notes.pdf"] == "it is no notebook (.ipynb)"
    assert "newer" in aside["quiz_s11.ipynb"]
    assert list(graded.parent.glob("quiz_s01.ipynb")) == []


def test_feedback_holds_no_hidden_case_and_no_solution(graded):
    assignment = load(graded / "quiz.md")
    secret = read_secret(graded / "secret")
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (graded / "marks" / "feedback").glob("*.html")}
    assert len(pages) == 11
    for student, page in pages.items():
        assert not [
            line for line in secrets_of(assignment) if line in page and "frac" not in line and line not in _own(student)
        ]
        hidden = prepare(assignment, secret, student).questions["multiple-test"][0].cases
        digits = {f"{abs(x):.6g}"[:6] for case in hidden if not case.shown for x in case.inputs[0].ravel()}
        assert not [one for one in digits if one in page]


def _own(student):
    return json.dumps(WRONG.get(student, {})) + r'length = f"{factor / 10} m"'


def test_feedback_says_what_is_wrong_with_a_counterexample(graded):
    page = (graded / "marks" / "feedback" / "s02.html").read_text(encoding="utf-8")
    assert "the sign: times -1 it is right" in page
    assert "right is" in page
    page = (graded / "marks" / "feedback" / "s03.html").read_text(encoding="utf-8")
    assert "is a jump of" in page and "chain rule" in page


def test_feedback_says_what_was_asked_and_marks_each_line_and_stage(graded):
    given = json.loads((graded / "given" / "s11" / "quiz.ipynb").read_text(encoding="utf-8"))
    asked = re.search(r"Multiply by \d+", json.dumps(given))[0]
    page = (graded / "marks" / "feedback" / "s11.html").read_text(encoding="utf-8")
    assert f"<p>{asked}.</p>" in page
    assert [page.count(f'aria-label="{word}"') for word in ("yes", "no")] == [2, 3]  # two lines and three stages
    assert "<mfrac><mn>1</mn><mi>N</mi></mfrac><msup><mi>X</mi><mo>⊤</mo></msup>" in page  # drawn, and as it was typed
    assert '<code>= \\frac1N X^\\top r</code> <span class="soft">does not hold</span>' in page
    assert "carries it out" in page


def test_summary_shows_marks_questions_stages_and_the_lines_that_are_lost(graded):
    page = (graded / "marks" / "summary.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "10 students; marks from 8 to 12 of 15" in page
    assert "forged output" in page
    stages = "takes the derivative apart", "carries it out", "writes it as was asked"
    assert [int(re.search(rf"{one} (\d+) %", page)[1]) for one in stages] == [90, 90, 90]
    assert r"= \frac1N X^\top r</code>" in page


def test_feedback_runs_nothing_that_a_student_wrote(graded):
    page = (graded / "marks" / "feedback" / "s07.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_forms_for_canvas_and_moodle_have_their_documented_shape(graded):
    canvas = table(graded / "marks" / "marks_canvas.csv")
    assert list(canvas[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz"]
    assert canvas[0]["Student"].strip() == "Points Possible"
    in_canvas = {row["SIS Login ID"]: row["Quiz"] for row in canvas[1:]}
    moodle = table(graded / "marks" / "marks_moodle.csv")
    in_moodle = {row["username"]: row["Quiz"] for row in moodle}
    for given in (in_canvas, in_moodle):  # the words of s04 wait for a person
        assert (given["s04"], given["s08"], given["s12"]) == ("", "12", "0")


def test_same_submissions_give_the_same_bytes(graded):
    before = snapshot(graded / "marks")
    assert main(grade_command(graded, "regrade")) == 0
    changes = (graded / "marks" / "changes.csv").read_text(encoding="utf-8")
    assert changes == "student,question,before,now\n"
    (graded / "marks" / "changes.csv").unlink()
    assert snapshot(graded / "marks") == before


def snapshot(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_interrupted_run_goes_on_where_it_stopped(graded, monkeypatch):
    (graded / "marks" / "graded" / "s02.json").unlink()
    asked = []
    from lrcore.homework.grade import grade_class

    real = grade_class._finished
    monkeypatch.setattr(grade_class, "_finished", lambda left, *more: (asked.extend(left), real(left, *more))[1])
    before = snapshot(graded / "marks")
    assert main(grade_command(graded)) == 0
    assert [one.student for one in asked] == ["s02"]
    after = snapshot(graded / "marks")
    assert {**before, "graded/s02.json": after["graded/s02.json"]} == after


def test_marks_of_a_person_are_merged_and_kept(graded, tmp_path):
    written = graded / "marks" / "written.csv"
    rows = table(written)
    assert {row["student"] for row in rows} == {"s01", "s02", "s03", "s04", "s05", "s06", "s07", "s09", "s10", "s11"}
    text = written.read_text(encoding="utf-8")
    try:
        written.write_text(text.replace("s01,words,,3,,", "s01,words,2.5,3,well said,"), encoding="utf-8")
        assert (
            main(["merge", str(graded / "quiz.md"), str(graded / "marks"), "--class", str(graded / "class.csv")]) == 0
        )
        marks = {row["student"]: row for row in table(graded / "marks" / "marks.csv")}
        assert (marks["s01"]["total"], marks["s01"]["status"], marks["s01"]["words"]) == ("14.5", "ok", "2.5")
        assert "well said" in (graded / "marks" / "feedback" / "s01.html").read_text(encoding="utf-8")
        assert "s01,words,2.5,3,well said," in written.read_text(encoding="utf-8")
    finally:
        written.write_text(text, encoding="utf-8")
        main(["merge", str(graded / "quiz.md"), str(graded / "marks"), "--class", str(graded / "class.csv")])


@pytest.mark.parametrize("points", ["4", "-1", "many", "nan"])
def test_points_that_cannot_be_are_refused_with_their_row(graded, points, capsys):
    written = graded / "marks" / "written.csv"
    text = written.read_text(encoding="utf-8")
    try:
        written.write_text(text.replace("s01,words,,3,,", f"s01,words,{points},3,,"), encoding="utf-8")
        assert main(["merge", str(graded / "quiz.md"), str(graded / "marks")]) == 2
        assert re.search(r"row 6: points are '.+', but a number from 0 to 3 is expected", capsys.readouterr().err)
    finally:
        written.write_text(text, encoding="utf-8")


def test_variants_are_not_graded_as_everybodys_version(graded, capsys):
    assert main([*grade_command(graded), "--same"]) == 2
    assert (
        capsys.readouterr().err == "These notebooks are variants, released with --class: grade them without --same.\n"
    )


def test_numbers_of_an_lms_without_its_class_list_are_not_graded_against_wrong_variants(graded, tmp_path, capsys):
    with zipfile.ZipFile(tmp_path / "canvas.zip", "w") as archive:
        for k, student in enumerate(CLASS[:3]):
            archive.write(graded / "given" / student / "quiz.ipynb", f"doe_{100 + k}_{k}_quiz.ipynb")
    words = ["grade", str(graded / "quiz.md"), str(tmp_path / "canvas.zip"), str(tmp_path / "marks")]
    assert main([*words, "--secret", str(graded / "secret")]) == 2
    assert "100 for s01: give the class list of the release" in capsys.readouterr().err
    assert not (tmp_path / "marks").exists()


def mixed_up(folder, tmp_path):
    """What a teacher types in haste: the words after grade, and what is said."""
    (tmp_path / "deep" / "a" / "b").mkdir(parents=True)
    for student in ("s01", "s02"):
        shutil.copy(folder / "given" / student / "quiz.ipynb", tmp_path / "deep" / "a" / "b" / f"quiz_{student}.ipynb")
    quiz, given, out = folder / "quiz.md", folder / "given", tmp_path / "marks"
    return [
        ((quiz, given, given), "lies in the folder of the submissions"),
        ((quiz, given, given / "marks"), "lies in the folder of the submissions"),
        ((quiz, given, quiz), "is there, and it is no folder"),
        ((quiz, given, out), "all 12 notebooks of quiz are as they were given out"),
        ((given / "s01" / "quiz.ipynb", given, out), "of the assignment fails with NotImplementedError"),
        ((quiz, tmp_path / "deep", out), "a is not in the class list"),
        ((quiz, given, out, "--secret", given), "is a folder; give --secret the file that release made"),
        (
            (quiz, given, out, "--class", folder / "in_words.csv"),
            "has its ids in the first column, and 'Ada L' cannot be",
        ),
    ]


def test_what_a_teacher_mixes_up_is_said_before_anything_is_written(graded, tmp_path, capsys):
    (graded / "in_words.csv").write_text("name,id\nAda L,s01\n", encoding="utf-8")
    common = ["--class", str(graded / "class.csv"), "--secret", str(graded / "secret")]
    for (assignment, given, out, *more), says in mixed_up(graded, tmp_path):
        assert main(["grade", str(assignment), str(given), str(out), *common, *map(str, more)]) == 2
        assert says in capsys.readouterr().err
        assert not (out / "marks.csv").exists()
    for words, says in (("--workers 0", "is no number from 1 on"), ("--due tomorrow", "is no time; write it as")):
        with pytest.raises(SystemExit):
            main(["grade", "a", "b", "c", *words.split()])
        assert says in capsys.readouterr().err
    assert [str(_time(one)) for one in ("2026-03-01", "2026-03-01T12:00")] == [
        "2026-03-01 23:59:59",
        "2026-03-01 12:00:00",
    ]


def test_release_writes_over_nothing_that_says_something_else(graded, capsys):
    words = ["release", str(graded / "quiz.md"), str(graded / "given"), "--class", str(graded / "class.csv")]
    assert main([*words, "--secret", str(graded / "secret")]) == 0
    before = {path: path.read_bytes() for path in (graded / "given").rglob("*.ipynb")}
    assert main([*words, "--secret", str(graded / "another_secret")]) == 2
    assert "is there and says something else" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in before} == before


def test_a_result_that_is_gone_is_no_zero(graded, capsys):
    path, command = graded / "marks" / "graded" / "s01.json", ["merge", str(graded / "quiz.md"), str(graded / "marks")]
    kept = path.read_bytes()
    for left in (b"{", None):
        path.unlink() if left is None else path.write_bytes(left)
        assert main([*command, "--class", str(graded / "class.csv")]) == 2
        assert "s01.json is gone or cannot be read; grade again" in capsys.readouterr().err
    path.write_bytes(kept)
    assert main([*command, "--class", str(graded / "class.csv")]) == 0


def test_everybodys_version_is_graded_with_same_and_not_without(graded, tmp_path, capsys):
    common = ["--secret", str(graded / "secret")]
    assert main(["release", str(graded / "quiz.md"), str(tmp_path / "given"), *common]) == 0
    (tmp_path / "in").mkdir()
    for student in ("s01", "s02"):  # the word of one alone would leave it to a person
        (tmp_path / "in" / f"{student}.ipynb").write_bytes((tmp_path / "given" / "quiz.ipynb").read_bytes())
    words = ["grade", str(graded / "quiz.md"), str(tmp_path / "in"), str(tmp_path / "marks"), *common]
    assert main(words) == 2
    assert "grade them with --same" in capsys.readouterr().err
    assert main([*words, "--same", "--workers", "1"]) == 0
    assert [row["student"] for row in table(tmp_path / "marks" / "marks.csv")] == ["s01", "s02"]


def test_mended_question_is_graded_again_and_changed_marks_are_listed(graded, tmp_path):
    common = ["--class", str(graded / "class.csv"), "--secret", str(graded / "secret"), "--workers", "1"]
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(graded / "handed_in.zip") as archive:
        for name in ("quiz_s01.ipynb", "quiz_s08.ipynb"):
            (tmp_path / "in" / name).write_bytes(archive.read(name))
    source = (graded / "quiz.md").read_text(encoding="utf-8")
    path, out = tmp_path / "quiz.md", tmp_path / "marks"
    path.write_text(
        source.replace('judge_quantity("length", factor / 10, "m")', 'judge_quantity("length", factor, "m")')
    )
    assert main(["grade", str(path), str(tmp_path / "in"), str(out), *common]) == 0
    path.write_text(source, encoding="utf-8")
    assert main(["regrade", str(path), str(tmp_path / "in"), str(out), *common]) == 0
    changes = (out / "changes.csv").read_text(encoding="utf-8").splitlines()
    assert changes == ["student,question,before,now", "s01,length-test,0,2", "s08,length-test,0,2"]


def test_new_writes_an_assignment_whose_solution_earns_everything(tmp_path, capsys):
    assert main(["new", str(tmp_path / "private" / "exam.md")]) == 0
    assert main(["try", str(tmp_path / "private" / "exam.md"), "--students", "2"]) == 0
    assert "gets full marks in 2 variants" in capsys.readouterr().out
    assert main(["new", str(tmp_path / "private" / "exam.md")]) == 2
    assert "is there already" in capsys.readouterr().err


def test_command_without_words_shows_what_there_is(capsys):
    assert main([]) == 2
    assert "release" in capsys.readouterr().out


def test_tables_hold_no_formula(tmp_path):
    from lrcore.homework.report.mark_sheets import write_table

    write_table(tmp_path / "t.csv", ["a"], [["=1+1"], ["@x"], ["+1"], ["-1"], [-1], ["fine"]])
    cells = [row[0] for row in csv.reader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8")))]
    assert cells == ["a", "'=1+1", "'@x", "'+1", "'-1", "-1", "fine"]
