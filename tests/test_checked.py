"""What the Sphinx extension prints beside an equation, in a project of another author: seals for verdicts alone.

Each project is one page or two, built by ``sphinx-build`` itself, with nothing of the book but the extension.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

import lrcore.verify

ROOT = Path(__file__).resolve().parents[1]
EXTENSION = ROOT / "book" / "_ext"
CONF = f"""import sys

sys.path.insert(0, {str(EXTENSION)!r})
extensions = ["myst_parser", "checked"]
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
html_theme = "basic"
"""
TABLE = "# A page\n\n| Symbol | Shape | Meaning |\n|---|---|---|\n| $w$ | $M \\times 1$ | weights |\n\n"
RIGHT = TABLE + "$$\nw^\\top w = \\|w\\|^2\n$$ (right)\n"
WRONG = RIGHT.replace("= ", "= 2")
EVERYTHING = (
    RIGHT
    + r"""
$$
w^\top w = 2\|w\|^2
$$ (refuted)

```{eval-rst}
.. math:: w = 2 w
```

$$ w = w w $$

$$ w = v $$

```{math}
w + w = 2 w
```

\begin{align}
w + w + w &= 3 w
\end{align}

```{include} part.inc
```

```math
w = 3 w
```

$$ w = 4 w

```{checked-report}
```

```{toctree}
other
```
"""
)
FILES = {
    "index.md": EVERYTHING,
    "part.inc": "Included.\n\n$$\nw - w = 0\n$$ (right-included)\n\n$$ w - w = w $$ (refuted-included)\n",
    "other.rst": "Other\n=====\n\n.. math::\n\n   w = 5 w\n",
}


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {"conf.py": CONF, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def build(folder: Path, *options: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", *options, ".", "_build/html"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def page(folder: Path, name: str = "index") -> BeautifulSoup:
    return BeautifulSoup((folder / "_build/html" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def marks(html: BeautifulSoup) -> list[tuple[str, str]]:
    """Each display equation without its spaces and brackets, and the words of the mark behind it."""
    found = []
    for formula in html.select("div.math"):
        mark = formula.find_next_sibling()
        assert "lr-verdict" in mark["class"], formula
        bare = re.sub(r"\\[\[\]]|\\(begin|end)\{align\}|\s|&", "", formula.find_all(string=True)[-1])
        found.append((bare, " ".join(mark.summary.get_text().split())))
    return found


@pytest.fixture(scope="module")
def permissive(tmp_path_factory):
    """A project with everything that can go wrong, built without ``-W``, and what its build said."""
    folder = project(tmp_path_factory.mktemp("permissive"), FILES)
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stderr


def test_the_mark_beside_each_equation_is_its_verdict_where_the_build_goes_on(permissive):
    folder, _ = permissive
    proved = "✓ proved for all sizes"
    assert marks(page(folder)) == [
        (r"w^\topw=\|w\|^2", proved),
        (r"w^\topw=2\|w\|^2", "✗ refuted"),
        ("w=2w", "? not read"),
        ("w=ww", "✗ shapes that do not fit"),
        ("w=v", "? not read"),
        ("w+w=2w", proved),
        ("w+w+w=3w", proved),
        ("w-w=0", proved),
        ("w-w=w", "✗ refuted"),
    ]
    assert marks(page(folder, "other")) == [("w=5w", "? not read")]


def test_the_report_has_a_row_for_everything_and_counts_what_failed(permissive):
    totals, *tables = page(permissive[0]).select("table.lr-report")
    counts = dict(tuple(cell.get_text() for cell in row.select("td")) for row in totals.select("tbody tr"))
    assert counts["display equations"] == "12"
    assert counts["of these: proved for all sizes (identity)"] == "4"
    assert counts["of these: refuted"] == "2"
    assert counts["of these: not read"] == "5"
    assert counts["of these: undecided"] == "0"
    assert counts["steps proved"] == "4"
    rows = [row for table in tables for row in table.select("tbody tr")]
    assert len(rows) == 12
    assert len({row["id"] for row in rows}) == 12
    assert sum("✓" in row.get_text() for row in rows) == 4


def test_a_mark_leads_to_its_row_of_the_report(permissive):
    html = page(permissive[0])
    links = [link["href"] for link in html.select("details.lr-verdict a")]
    assert links and all(html.find(id=link.partition("#")[2]) for link in links)


def test_each_thing_that_fails_is_a_warning_with_its_line(permissive):
    said = permissive[1]
    lines = EVERYTHING.splitlines()
    for sign, words in (
        (r"w^\top w = 2\|w\|^2", "REFUTED"),
        ("$$ w = w w $$", "ILL_TYPED"),
        ("$$ w = v $$", "UNREADABLE"),
        ("```math", "not read"),
        ("$$ w = 4 w", "not read"),
    ):
        assert re.search(rf"index\.md:{lines.index(sign) + 1}: WARNING: .*{words}", said), (sign, said)
    assert re.search(r"index\.md: WARNING: equation refuted-included \(line 7 of part\.inc\): REFUTED", said)
    assert "equation w = 2 w: not read" in said
    assert re.search(r"other\.rst:\d+: WARNING: equation w = 5 w: not read", said)


def test_a_build_that_takes_warnings_for_errors_fails_until_the_page_is_mended(tmp_path):
    folder = project(tmp_path, {"index.md": WRONG})
    first, again = (build(folder, "-W", "--keep-going") for _ in range(2))
    assert (first.returncode, again.returncode) == (1, 1)
    assert "equation right: REFUTED" in again.stderr
    assert build(folder).returncode == 0, "the build that goes on"
    assert build(folder, "-W").returncode != 0
    project(tmp_path, {"index.md": RIGHT})
    mended = build(folder, "-W")
    assert mended.returncode == 0, mended.stderr
    assert marks(page(folder)) == [(r"w^\topw=\|w\|^2", "✓ proved for all sizes")]
    assert not page(folder).select("details.lr-verdict a"), "there is no report to lead to"


def test_what_a_page_shows_from_elsewhere_may_be_exempt_and_is_listed_so(tmp_path):
    said = "<!-- verify: exempt elsewhere because the docstrings are derived in the chapters -->\n"
    folder = project(tmp_path, {"index.md": said + "# A page\n\n```{eval-rst}\n.. math:: a = b\n```\n"})
    done = build(folder, "-W")
    assert done.returncode == 0, done.stderr
    assert marks(page(folder)) == [("a=b", "– not checked")]


@pytest.fixture
def checked(monkeypatch):
    monkeypatch.syspath_prepend(str(EXTENSION))
    import checked

    checked.checker.cache_clear()
    yield checked
    checked.checker.cache_clear()


def test_the_key_of_the_cache_follows_the_installed_checker(checked, tmp_path, monkeypatch):
    before = checked.checker()
    folder = Path(lrcore.verify.__file__).parent
    copy = shutil.copytree(folder, tmp_path / "verify")
    monkeypatch.setattr(lrcore.verify, "__file__", str(copy / "__init__.py"))
    checked.checker.cache_clear()
    assert checked.checker() == before, "the same files elsewhere"
    (copy / "prove" / "normal.py").write_text("# a newer one\n")
    checked.checker.cache_clear()
    assert checked.checker() != before


def test_pages_that_another_version_of_the_checker_judged_are_read_again(checked):
    env = SimpleNamespace(found_docs={"index", "other"})
    assert checked.outdated(None, env, set(), set(), set()) == ["index", "other"]
    assert checked.outdated(None, env, set(), set(), set()) == []
    env.lrcore_checker = "an older one"
    assert checked.outdated(None, env, set(), set(), set()) == ["index", "other"]


def test_what_a_cell_prints_is_never_taken_for_what_the_page_says_and_is_told_by_cells_alone(checked):
    typed = nodes.math_block("", "a = b")
    printed = nodes.math_block("", "a = b")
    document = nodes.section("", nodes.container("", printed, classes=["cell_output"]), typed)
    written = {**checked.unread("", 1, latex="a = b"), "inline": False, "outcome": "identity"}
    page = {**checked.blank(), "equations": [written], "elsewhere": {"told": "because it is"}}
    env = SimpleNamespace(docname="index", lrcore_checked={"index": page}, doc2path=lambda name: "index.md")
    checked.compare(SimpleNamespace(env=env), document)
    assert typed["lr_place"] == written["place"]
    (told,) = page["unread"]
    assert (told["outcome"], told["place"]) == ("told", printed["lr_place"])
    assert checked.from_elsewhere(typed, page["elsewhere"])[0] == "unread"


def test_an_outcome_that_the_page_does_not_know_gets_no_seal(checked):
    one = {**checked.unread("why", 1), "outcome": "a later one", "place": "here"}
    assert checked.seals.signed(one) == '<span aria-hidden="true">?</span> undecided'
    assert "✓" not in checked.seals.mark(one, None)
