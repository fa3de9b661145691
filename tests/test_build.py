"""The build says no when it should, runs only what changed, and its outputs follow lrcore; on books of a few lines.

Each tiny book is built by the book's own tools under its own ``_config.yml``.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAD = "---\n{1}---\n\n".format(*(ROOT / "book/n_samples.md").read_text().split("---\n")[:2])
CELL = "```{{code-cell}} ipython3\n{}\n```\n".format
SYMBOLS = "| Symbol | Shape | Meaning |\n|---|---|---|\n| $v$ | scalar | a number |\n\n"
PAGES = {
    "index": "# A tiny book\n\nSee {doc}`second`, {eq}`one` and {ref}`Notes <notes>`.\n",
    "second": f"{HEAD}(notes)=\n# Second\n\n{SYMBOLS}$$\nu := v\n$$ (one)\n\n{CELL('print(6 * 7)')}",
    "third": HEAD + "# Third\n\n" + CELL("import lrcore\n\nprint('lrcore says', lrcore.__version__)"),
}
FAULTS = {
    "a directive that does not exist": ("```{no-such-directive}\n```", "no-such-directive"),
    "a page that is not there": ("{doc}`nowhere`", "nowhere"),
    "an equation that is not there": ("{eq}`no-equation`", "no-equation"),
    "a place that is not there": ("{ref}`no-place`", "no-place"),
    "a link to a file that is not there": ("[gone](gone.md)", "gone.md"),
    "a link to a section that is not there": ("[gone](#gone-section)", "gone-section"),
    "a picture that is not there": ("![A picture](gone.png)", "gone.png"),
    "a formula that cannot be typeset": (r"$\frac{1$", "MathJax cannot typeset"),
    "an equation that is wrong": ("$$\nv = 2 v\n$$", "equation v = 2 v: REFUTED"),
    "an equation that does not end": ("$$ v = v", "not read: `$$` opens an equation"),
    "an equation in a fence of another kind": ("```math\nv = v\n```", "not read: a fence with `math`"),
    "a label given twice": ("(notes)=\n## Notes again", "Duplicate explicit target name"),
    "a heading that skips a level": ("#### Too deep", "Non-consecutive header"),
}
CELLS = {
    "raises": ("1 / 0", "ZeroDivisionError"),
    "warns": ("import warnings\n\nwarnings.warn('mind this')", "stderr"),
}


def write(book: Path, pages: dict[str, str]) -> None:
    for name, page in pages.items():
        (book / "book" / f"{name}.md").write_text(page)


def build(book: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "book/_tools/build.py"],
        cwd=book,
        env={**os.environ, "PYTHONPATH": str(book), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )


def html(book: Path, name: str) -> Path:
    return book / "_build" / "html" / "book" / f"{name}.html"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A tiny book, built."""
    book = tmp_path_factory.mktemp("sound") / "book"
    (book / "book").mkdir(parents=True)
    leave = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in ("book/_ext", "book/_tools", "book/_static", "book/_templates", "book/_front", "lrcore"):
        shutil.copytree(ROOT / name, book / name, ignore=leave)
    for name in ("_config.yml", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, book / name)
    if (ROOT / "_build/front").is_dir():
        shutil.copytree(ROOT / "_build/front", book / "_build/front")
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nchapters:\n  - file: book/second\n  - file: book/third\n"
    )
    write(book, PAGES)
    done = build(book)
    assert done.returncode == 0, done.stdout
    return book


@pytest.fixture
def book(sound, tmp_path):
    """A copy of the tiny book, at the same path as far as Sphinx can tell, to be spoiled."""
    kept = tmp_path / "kept"
    shutil.copytree(sound, kept, symlinks=True)
    yield sound
    shutil.rmtree(sound)
    shutil.copytree(kept, sound, symlinks=True)


def test_outputs_of_cells_stand_on_the_page(sound):
    assert "42" in html(sound, "second").read_text()


def test_nothing_changed_means_nothing_is_built(sound):
    before = html(sound, "index").stat().st_mtime_ns
    done = build(sound)
    assert done.returncode == 0
    assert done.stdout.strip() == "The book is up to date."
    assert html(sound, "index").stat().st_mtime_ns == before


def test_touching_a_file_without_changing_it_builds_nothing(sound):
    os.utime(sound / "book" / "second.md")
    assert build(sound).stdout.strip() == "The book is up to date."


def test_one_changed_page_is_the_only_one_built(book):
    times = {name: html(book, name).stat().st_mtime_ns for name in PAGES}
    write(book, {"second": PAGES["second"].replace("6 * 7", "6 * 7 + 1")})
    done = build(book)
    assert done.returncode == 0, done.stdout
    assert "43" in html(book, "second").read_text()
    changed = {name for name in PAGES if html(book, name).stat().st_mtime_ns != times[name]}
    assert changed == {"second", "index"}, "the page, and the one whose table of contents names it"
    assert re.findall(r"(\w+)\.md ran in", done.stdout) == ["second"]


def test_the_build_fails_on_every_kind_of_warning_and_names_each(book):
    write(book, {"second": PAGES["second"] + "".join(f"\n{written}\n" for written, _ in FAULTS.values())})
    done = build(book)
    assert done.returncode == 1, done.stdout
    warnings = [line for line in done.stdout.splitlines() if "WARNING" in line or "ERROR" in line]
    assert [fault for fault, (_, named) in FAULTS.items() if not any(named in line for line in warnings)] == []


@pytest.mark.parametrize("cell", CELLS)
def test_the_build_fails_on_a_cell_that(book, cell):
    code, named = CELLS[cell]
    write(book, {"third": PAGES["third"] + "\n" + CELL(code)})
    done = build(book)
    assert done.returncode == 1, done.stdout
    assert named in done.stdout
    assert "third.md" in done.stdout


def test_a_failed_build_fails_again_until_the_page_is_mended(book):
    write(book, {"index": PAGES["index"] + "\n{doc}`nowhere`\n"})
    assert build(book).returncode == 1
    again = build(book)
    assert again.returncode == 1
    assert "nowhere" in again.stdout
    write(book, {"index": PAGES["index"]})
    assert build(book).returncode == 0


def test_outputs_follow_an_edit_of_lrcore_and_the_old_cache_goes(book):
    caches = book / "_build" / ".jupyter_cache"
    (before,) = caches.iterdir()
    source = book / "lrcore" / "__init__.py"
    source.write_text(re.sub(r'__version__ = ".*"', '__version__ = "9.8.7"', source.read_text()))
    assert "9.8.7" not in html(book, "third").read_text()
    done = build(book)
    assert done.returncode == 0, done.stdout
    assert "lrcore says 9.8.7" in html(book, "third").read_text()
    (after,) = caches.iterdir()
    assert after != before


def test_a_page_that_is_not_in_the_table_of_contents_is_not_built(book):
    write(book, {"draft": "# A draft\n\n{doc}`nowhere`\n"})
    done = build(book)
    assert done.returncode == 0, done.stdout
    assert not html(book, "draft").exists()
