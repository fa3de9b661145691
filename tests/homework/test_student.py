# ruff: noqa: E501 (code is quoted as one line)
"""What a student has: a self-check that holds no answer, and one file to hand in."""

import json
import subprocess
import sys

import numpy as np
import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework import check, submit
from lrcore.homework.grade.grade_submission import grade
from lrcore.homework.release.student_versions import student_version
from lrcore.homework.release.variants import prepare
from lrcore.verify import Context

X, Y = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0]]), np.array([1.0, 2.0, -1.0])


def loss(w):
    return ((X @ w - Y) ** 2).mean()


@pytest.mark.parametrize(
    ("gradient", "says"),
    [
        (lambda w: 2 / 3 * X.T @ (X @ w - Y), "gradient agrees with central differences"),
        (lambda w: -2 / 3 * X.T @ (X @ w - Y), "the sign: times -1 it is right"),
        (lambda w: 2 * X.T @ (X @ w - Y), "the 1/N is lost"),
        (lambda w: X @ w - Y, "its shape is (3,)"),
        (lambda w: w / 0 if w is None else X.T @ X, "its shape is (2, 2)"),
        (lambda w: undefined_name, "your code stopped with NameError"),  # noqa: F821
    ],
)
def test_check_of_a_gradient_says_what_is_wrong_with_it(gradient, says):
    report = check("gradient", gradient, of=loss, at=np.zeros(2), sizes={"N": 3})
    assert says in str(report)
    assert bool(report) == ("agrees" in says)


def test_check_of_a_minimum_sees_whether_it_is_one():
    def zero(w):
        return X.T @ (X @ w - Y)

    assert check("fit", np.linalg.lstsq(X, Y, rcond=None)[0], zero=zero)
    assert not check("fit", np.ones(2), zero=zero)


def test_check_of_a_derivation_names_its_first_wrong_line():
    symbols = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"L": r"\|X w - y\|^2"})
    report = check("derivation", r"\nabla_w L = 2 X^\top (X w - y) = 2 X (X w - y)", context=symbols)
    assert not report
    assert "line 2 does not hold" in str(report)
    assert check("derivation", r"\nabla_w L = 2 X^\top (X w - y)", context=symbols)
    assert not check("derivation", " ", context=symbols)
    assert "lr-said-ill_typed" in report._repr_html_()


def test_check_of_a_quantity_reads_it_and_does_not_judge_it():
    assert "read as 12.5 USD / sqft" in str(check("price", "12.5 $ per square foot"))
    assert "does not begin with a number" in str(check("price", "twelve"))


def test_check_of_nothing_yet_says_so():
    def unfinished(w):
        raise NotImplementedError

    assert "there is no answer yet" in str(check("gradient", unfinished, of=loss, at=np.zeros(2)))


def test_check_of_a_derivation_needs_no_numpy():
    code = (
        "import sys; sys.modules['numpy'] = None\nfrom lrcore.homework import check\nfrom lrcore.verify import Context\n"
        "assert check('d', r'\\nabla_w L = 2 w', context=Context(shapes={'w': ('M',)}, definitions={'L': r'\\|w\\|^2'}))\n"
        "from lrcore.homework import mark, Task, Milestone"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def folder(tmp_path, course, monkeypatch):
    notebook = student_version(prepare(course.assignment, small.SECRET, "alice"), "alice")
    answers = small.right_answers(course)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    (tmp_path / "quiz.ipynb").write_text(json.dumps(notebook))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_submit_writes_one_file_that_the_grader_takes(folder, course, capsys):
    path = submit("alice", run=False)
    assert path.name == "quiz_alice.ipynb"
    graded = grade(path.read_bytes(), "alice", course)
    assert (graded.points, graded.remarks) == (12, ())
    assert submit("alice", run=False) == path, "what is handed in already is not taken for homework to do"


def test_submit_runs_the_notebook_from_a_clean_start_and_names_what_fails(folder, capsys, monkeypatch):
    found = json.loads((folder / "quiz.ipynb").read_text())
    found["cells"].append(
        {"cell_type": "code", "metadata": {}, "source": "print(not_defined)", "outputs": [], "execution_count": None}
    )
    (folder / "quiz.ipynb").write_text(json.dumps(found))
    from lrcore.homework import submitting

    monkeypatch.setattr(submitting.sys, "platform", "emscripten")  # as in the page, where no kernel can be started
    submit("alice")
    assert f"Cell {len(found['cells'])} fails: NameError" in capsys.readouterr().out


def test_file_that_changed_on_its_way_is_remarked(folder, course):
    path = submit("alice", run=False)
    changed = path.read_text().replace("return factor * x", "return factor * x  # changed")
    assert "changed after it was handed in" in " ".join(grade(changed.encode(), "alice", course).remarks)


@pytest.mark.parametrize(
    ("student", "notebook", "says"),
    [
        ("bob", None, "was given out to alice, not to bob"),
        ("=1", None, "cannot be a student's id"),
        ("alice", "other.ipynb", "is no homework notebook"),
    ],
)
def test_submit_refuses_in_one_sentence(folder, student, notebook, says):
    with pytest.raises(InputError, match=says):
        submit(student, notebook, run=False)


def test_submit_in_an_empty_folder_says_what_to_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="has none as homework"):
        submit("alice")


def test_check_of_a_lowest_place_measures_the_cost_and_tells_no_equation():
    def cost(w):
        return ((X @ w - Y) ** 2).sum()

    right = np.linalg.lstsq(X, Y, rcond=None)[0]
    assert check("fit", right, least=cost)
    assert check("a number", 3.0, least=lambda t: (t - 3) ** 2)
    for wrong in (right + [1e-4, 0], right + [1e-4, -1e-4], -right, 0 * right):
        assert "a step away from it makes the cost smaller" in str(check("fit", wrong, least=cost))


def test_what_the_grader_will_not_do_is_said_before_handing_in(folder, capsys):
    from lrcore.homework.__main__ import main

    assert main(["check", "quiz.ipynb"]) == 0
    assert capsys.readouterr().out == "Every answer is in its cell, and the grader reads all of them as they stand.\n"
    found = json.loads((folder / "quiz.ipynb").read_text())
    for cell in found["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name == "lines":
            cell["metadata"] = {}
        if name == "multiple":
            cell["source"] = "!ls data\nfrom lrcore.gradient import gradient\n" + cell["source"]
        if name == "words":
            cell["source"] = "YOUR ANSWER HERE"
    (folder / "quiz.ipynb").write_text(json.dumps(found))
    for say in (lambda: main(["check", "quiz.ipynb"]), lambda: submit("alice", run=False)):
        say()
        said = capsys.readouterr().out
        assert "The answer cell 'lines' has lost its name" in said
        assert "the grader leaves out the line '!ls data'" in said
        assert "the grader does not have lrcore.gradient, so that" in said
        assert "Not answered yet, or the line that says so is still there: words." in said
    assert main(["check", "nothing.ipynb"]) == 2
    assert "is no homework notebook" in capsys.readouterr().err


def test_a_notebook_with_magics_runs_from_a_clean_start_in_the_page(folder, capsys, monkeypatch):
    from lrcore.homework import submitting

    found = json.loads((folder / "quiz.ipynb").read_text())
    magic = {"cell_type": "code", "metadata": {}, "source": "%matplotlib inline\n!ls\nimport nowhere_\nawait_ = 1"}
    found["cells"].append({**magic, "outputs": [], "execution_count": None})
    (folder / "quiz.ipynb").write_text(json.dumps(found))
    monkeypatch.setattr(submitting.sys, "platform", "emscripten")
    submit("alice")
    assert "fails: SyntaxError" not in capsys.readouterr().out


def test_check_of_a_derivation_says_what_the_grader_says_and_praises_nothing_that_loses_marks():
    from lrcore.homework import Task, mark
    from lrcore.verify import Context

    task = Task(
        Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"r": "X w - y", "L": r"\|r\|^2"}),
        6,
    )
    jump, whole = r"\nabla_w L = 2 X^\top r", r"dL = 2 r^\top dr = 2 r^\top X\, dw \\ \nabla_w L = 2 X^\top r"
    for text in (jump, whole, r"\nabla_w L = \nabla_w L", r"\nabla_w L = X^\top r"):
        found, said = mark(text, task), check("lines", text, context=task)
        assert found.says in str(said)
        assert bool(said) is (found.points == 6)
    assert "chain rule" in str(check("lines", jump, context=task))
    assert "every line holds" not in str(check("lines", jump, context=task))
    assert check("lines", whole, context=task)
