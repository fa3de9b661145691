"""Student versions hold no solution and no hidden case; neither do the built site and the wheel."""

import json
import zipfile
from pathlib import Path

import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework.grade.roster import read_class
from lrcore.homework.release.assignment import find, load, pieces
from lrcore.homework.release.student_versions import leaked, leaked_into, release, secrets_of, student_version
from lrcore.homework.release.variants import prepare, random_for, read_secret
from lrcore.homework.submitting import safe_id

ROOT = Path(__file__).resolve().parents[2]
SIX = [f"hw{k}" for k in range(1, 7)]


@pytest.fixture(scope="module")
def version(course):
    return student_version(prepare(course.assignment, small.SECRET, "alice"), "alice")


def by_name(notebook):
    return {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}


def test_student_version_has_stubs_and_no_hidden_case(version, course):
    cells = by_name(version)
    assert (
        "".join(cells["multiple"]["source"])
        == "def multiple(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert "".join(cells["multiple-test"]["source"]) == 'check("multiple", multiple(np.ones(3)))'
    assert "".join(cells["words"]["source"]) == "YOUR ANSWER HERE"
    assert leaked(course.assignment, version) == []


def test_student_version_is_one_that_nbgrader_accepts(version):
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    notebook = nbformat.from_dict(version)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        MetadataValidator().validate_cell(cell)
    assert by_name(version)["multiple-test"]["metadata"]["nbgrader"]["checksum"]
    assert by_name(version)["multiple-test"]["metadata"]["editable"] is False


def test_scan_finds_each_line_of_a_solution_or_hidden_case_that_is_left(version, course):
    assert len(secrets_of(course.assignment)) > 10
    for line in secrets_of(course.assignment):
        broken = json.loads(json.dumps(version))
        broken["cells"].append({"cell_type": "markdown", "source": f"see\n    {line}\nthere"})
        assert line in leaked(course.assignment, broken)


def test_release_refuses_to_write_what_would_leak(course, tmp_path, monkeypatch):
    from nbgrader import preprocessors

    monkeypatch.setattr(
        preprocessors.ClearHiddenTests, "preprocess", lambda self, notebook, resources: (notebook, resources)
    )
    with pytest.raises(InputError, match="the student version would show"):
        list(release(course.assignment, small.SECRET, tmp_path, ["alice"]))
    assert list(tmp_path.rglob("*.ipynb")) == []


def test_same_id_always_gets_the_same_variant_and_others_get_others(course):
    factors = {}
    for student in ("alice", "bob", "carol", "alice"):
        cells = prepare(course.assignment, small.SECRET, student).cells
        factors.setdefault(student, set()).add(
            next(cell.source for cell in cells if cell.source.startswith("factor ="))
        )
    assert [len(one) for one in factors.values()] == [1, 1, 1]
    assert len(set.union(*factors.values())) == 3


def test_hidden_cases_come_from_the_secret_and_shown_ones_do_not(course):
    def cases(secret, shown):
        found = prepare(course.assignment, secret, "alice").questions["multiple-test"][0].cases
        return [case.inputs[0].tolist() for case in found if case.shown is shown]

    other = b"another secret of another teacher"
    assert cases(small.SECRET, False) == cases(small.SECRET, False) != cases(other, False)
    assert cases(small.SECRET, True) == cases(other, True) != cases(other, False)


def test_seed_hangs_on_every_word():
    drawn = [
        random_for(*words).integers(0, 2**60)
        for words in ((b"a" * 16, "x", "y"), (b"a" * 16, "xy", ""), (b"b" * 16, "x", "y"))
    ]
    assert len(set(drawn)) == 3


def test_secret_is_made_once_for_the_teacher_alone(tmp_path):
    with pytest.raises(InputError, match="There is no secret at"):
        read_secret(tmp_path / "secret")
    made = read_secret(tmp_path / "secret", make=True)
    assert read_secret(tmp_path / "secret", make=True) == made
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    (tmp_path / "short").write_text("1234")
    with pytest.raises(InputError, match="only 4 characters long"):
        read_secret(tmp_path / "short")


@pytest.mark.parametrize("name", ["../x", "a/b", "=1+1", "", " ", "-a", "a..b", "a\nb", "x" * 65, "@sum", "ä"])
def test_id_that_could_be_a_path_or_a_formula_is_refused(name):
    with pytest.raises(InputError, match="cannot be a student's id"):
        safe_id(name)


def test_class_list_without_names_or_with_one_twice_is_refused(tmp_path):
    (tmp_path / "list").write_text("id\nalice\nbob\nalice\n")
    with pytest.raises(InputError, match="names alice twice"):
        read_class(tmp_path / "list")
    (tmp_path / "list").write_text("id\n")
    with pytest.raises(InputError, match="names nobody"):
        read_class(tmp_path / "list")


@pytest.mark.parametrize(
    "source",
    ["### BEGIN SOLUTION\nx", "x\n### END SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"],
)
def test_mark_without_a_partner_is_refused(source):
    with pytest.raises(InputError, match="BEGIN SOLUTION"):
        pieces(source, "SOLUTION")


def test_assignment_with_two_cells_of_one_name_is_refused(tmp_path):
    (tmp_path / "quiz.md").write_text(small.SOURCE.replace("grade_id: length-test", "grade_id: lines-test"))
    with pytest.raises(InputError, match="two cells with the grade_id lines-test"):
        load(tmp_path / "quiz.md")


def test_assignment_whose_own_cell_fails_names_it(tmp_path):
    (tmp_path / "quiz.md").write_text(
        small.SOURCE.replace("return factor * x", "return 1 / 0").replace("lambda x: factor * x", "multiple")
    )
    with pytest.raises(InputError, match="the cell 'multiple-test' of the assignment fails with ZeroDivisionError"):
        prepare(load(tmp_path / "quiz.md"), small.SECRET)


def test_assignment_that_is_not_there_is_said_to_be_not_there():
    with pytest.raises(InputError, match="the book has hw1, hw2, hw3, hw4, hw5, hw6"):
        load("hw7")


# ---------------------------------------------------------------------- the six of the book


@pytest.mark.parametrize("name", SIX)
def test_the_books_assignments_leak_nothing_into_their_student_versions(name):
    assignment = load(name)
    assert len(secrets_of(assignment)) > 20
    assert leaked(assignment, student_version(prepare(assignment, small.SECRET, "alice"), "alice")) == []


def public():
    """What everybody may read: the chapters and the library."""
    return [*(ROOT / "book").glob("*.md"), *(ROOT / "lrcore").rglob("*.py")]


def test_the_built_site_holds_no_solution_and_no_hidden_case():
    site = ROOT / "_build" / "html"
    if not (site / "index.html").exists():
        pytest.fail("There is no built site to scan; run make build first.")
    files = [
        path for path in site.rglob("*") if path.suffix in (".html", ".md", ".js", ".json", ".txt", ".ipynb", ".inv")
    ]
    assert any(path.name == "searchindex.js" for path in files)
    assert leaked_into([load(name) for name in SIX], files, public()) == []
    assert [
        path for path in site.rglob("*") if path.name.startswith("hw") and path.suffix in (".md", ".html", ".ipynb")
    ] == []


def test_scan_of_a_site_sees_through_markup(tmp_path):
    (tmp_path / "page.html").write_text(
        "<pre><span>return</span> <b>2</b> / factor * r * x, 2 / factor * r &amp;</pre>"
    )
    assert [line for _, line in leaked_into([load("hw1")], [tmp_path / "page.html"], public())] == [
        "return 2 / factor * r * x, 2 / factor * r"
    ]


def test_every_assignment_would_be_noticed_on_the_site():
    for name in SIX:
        assert len(leaked_into([load(name)], [find(name)], public())) > 15


def test_the_wheel_holds_no_assignment(tmp_path):
    names = wheel_names(tmp_path)
    assert "lrcore/homework/sandbox/worker.py" in names
    assert [name for name in names if "hw1" in name or name.startswith("book")] == []
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "unpacked")
    files = [
        path
        for path in (tmp_path / "unpacked").rglob("*")
        if path.is_file() and path.suffix in (".py", ".json", ".md", ".js")
    ]
    assert leaked_into([load(name) for name in SIX], files, public()) == []


def wheel_names(out):
    import shutil
    import subprocess
    import sys

    copy = out / "source"
    ignore = shutil.ignore_patterns("__pycache__", "node_modules", ".*", "_build", "tests")
    copy.mkdir()
    for name in ("lrcore", "book"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignore)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    if not (copy / "README.md").exists():
        (copy / "README.md").write_text("lrcore")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(out),
        str(copy),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        return wheel.namelist()
