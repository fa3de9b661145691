"""What the Sphinx extension prints beside an equation, in a project of another author: seals for verdicts alone.

Each project is one page or two, built by ``sphinx-build`` itself, with nothing of the book but the extension.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import urlsafe_b64decode
from pathlib import Path
from types import SimpleNamespace
from zlib import decompress

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

import lrcore
import lrcore.verify
from lrcore.checker.checked_text import CheckedText
from lrcore.checker.table import read_state
from lrcore.sphinx import checking, derivations, seals
from lrcore.sphinx.rule_pictures import PICTURES
from lrcore.sphinx.settings import DEFAULTS
from lrcore.verify import RULES, check_page

ROOT = Path(__file__).resolve().parents[1]
CONF = """import sys

extensions = ["myst_parser", "lrcore.sphinx"]
lrcore_strict = True
lrcore_sympy = lrcore_variants = True
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
    "other.rst": "Other\n=====\n\n.. math::\n\n   5 w = w\n",
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
        for reason in mark.summary.select(".lr-by"):
            reason.decompose()
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
        ("w=2w", "✗ refuted"),
        ("w=ww", "✗ shapes that do not fit"),
        ("w=v", "? not read"),
        ("w+w=2w", proved),
        ("w+w+w=3w", proved),
        ("w-w=0", proved),
        ("w-w=w", "✗ refuted"),
    ]
    assert marks(page(folder, "other")) == [("5w=w", "? not read")]


def test_a_mark_opens_to_the_rules_of_each_step_and_a_wrong_equation_has_none(permissive):
    html = page(permissive[0])
    whys = {formula: mark.select_one(".lr-why") for formula, mark in opened(html)}
    assert "squared norm as a product" in whys[r"w^\topw=\|w\|^2"].get_text()
    assert whys[r"w^\topw=2\|w\|^2"] is None
    report = html.select("table.lr-report td details.lr-why")
    assert any("squared norm as a product" in one.get_text() for one in report)


def opened(html: BeautifulSoup) -> list[tuple[str, BeautifulSoup]]:
    """Each display equation with the whole of the mark behind it."""
    found = html.select("div.math")
    return [(bare, formula.find_next_sibling()) for (bare, _), formula in zip(marks(html), found, strict=True)]


def test_the_table_of_the_rules_has_a_row_for_each_that_a_mark_leads_to():
    table = BeautifulSoup(seals.rule_table(lambda where: f"{where}.html"), "html.parser")
    rows = [row["id"] for row in table.select("tbody tr")]
    assert len(rows) == len(set(rows)) == len({frozenset((one.name, one.back)) for one in RULES})
    assert {seals.anchor(name) for one in RULES for name in (one.name, one.back)} == set(rows)
    assert all(row.select(".math, code") for row in table.select("tbody tr"))
    drawn = {row["id"]: row.svg for row in table.select("tbody tr") if row.svg}
    assert drawn and all(one["aria-label"] and one.select("rect, path") for one in drawn.values())
    assert set(map(seals.anchor, PICTURES)) == set(drawn)


LINES = (
    TABLE.replace("weights |", "weights |\n| $S$ | $M \\times M$ | symmetric |")
    + r"""
$$
q := w^\top S w
$$ (form)

$$
\frac{\partial q}{\partial w} = 2 S w = S w + w^\top S
$$ (slips)

$$
\begin{aligned}
\frac{\partial q}{\partial w} &= S w + S w \\
&= 2 S w
\end{aligned}
$$ (slope)

$$
2 S w = 0 \implies S w = 0
$$ (flat)

$$
S w = 0 \implies q = 0
$$ (least)
"""
)


def test_a_derivation_has_the_printed_lines_of_its_equations_and_the_lines_that_lead_to_each(checked):
    known = {one["label"]: one for one in check_page(LINES, why=True).to_dict()["equations"]}
    lines = derivations.lines_of(["form", "slope", "flat", "least"], known)
    gradient = r"\frac{\partial q}{\partial w}"
    assert [(one.latex.strip(), one.rule, one.label, one.after) for one in lines] == [
        (r"q := w^\top S w", "definition", "form", 0),
        (rf"{gradient} = \frac{{\partial}}{{\partial w}} (w^\top S w)", "definition unfolded", "", -1),
        (rf"{gradient} = S w + S w", "derivative of a quadratic form", "slope", None),
        ("= 2 S w", "order of terms and factors", "slope", None),
        ("2 S w = 0", "taken as given", "flat", 4),
        ("S w = 0", "multiplying both sides by a number", "flat", 4),
        ("q = 0", "equation that was given", "least", 0),
    ]  # what a line says already is not said again: neither the condition of the last one nor the definition in it
    assert lines[2].whole == "definition unfolded, derivative of a quadratic form"
    assert [one.whole for one in lines if not one.label] == [""]


def test_what_is_not_proved_or_not_there_is_no_derivation(checked):
    known = {one["label"]: one for one in check_page(LINES, why=True).to_dict()["equations"]}
    assert [one.label for one in derivations.lines_of(["slope:2"], known)] == ["slope"]
    for names, said in (
        (["form", "slips"], "'slips' is not proved"),
        (["form", "slop"], "no equation has the label 'slop'"),
        (["slope:3"], "'slope' has 2 equations, and '3' is none of them"),
        (["slope:0"], "'0' is none of them"),
    ):
        with pytest.raises(derivations.CannotBePlayed, match=said):
            derivations.lines_of(names, known)


NAMED = RIGHT.replace("# A page", "# A page\n\nThis is a {rule}`norm as a product <squared norm as a product>`.")


def test_a_rule_that_the_prose_names_is_one_that_an_equation_beside_it_rests_on(tmp_path):
    named = {"index.md": NAMED + "\n```{toctree}\nrules\n```\n", "rules.md": "# Rules\n\n```{checked-rules}\n```\n"}
    named["index.md"] += "\n<!-- derivation: right -->\n\n<!-- derivative: right -->\n"
    folder = project(tmp_path, named)
    built = build(folder, "-W")
    assert built.returncode == 0, built.stderr
    (played,) = page(folder).select("details.lr-played")
    assert played.summary.get_text() == "Play this derivation"
    assert [
        (one.select_one(".lr-rule").get_text(), one.a["href"], one.a.get_text()) for one in played.select("li")
    ] == [("squared norm as a product", "#equation-right", "(1)")]
    link = page(folder).select_one("a.lr-named")
    assert (link.get_text(), link["href"]) == ("norm as a product", "rules.html#rule-squared-norm-as-a-product")
    assert page(folder, "rules").select_one("#rule-squared-norm-as-a-product")
    project(tmp_path, {"index.md": named["index.md"].replace("<squared norm as a product>", "<chain rule>")})
    assert "no equation beside it rests on the rule 'chain rule'" in build(folder).stderr
    project(tmp_path, {"index.md": named["index.md"].replace("derivation: right", "derivation: right wrong")})
    assert "derivation: no equation has the label 'wrong'" in build(folder).stderr
    assert not page(folder).select("details.lr-played")
    project(tmp_path, {"index.md": named["index.md"].replace("<squared norm as a product>", "<common sense>")})
    assert "'common sense' is no rule of the catalogue" in build(folder).stderr


def test_a_mark_leads_to_its_equation_with_its_symbols_where_it_can_be_changed(checked):
    text = RIGHT.replace("weights |", "weights |\n| $S$ | $M \\times M$ | symmetric |", 1)
    text += "\n$$ K := 2 S $$\n\n$$\nw^\\top K^\\top w = 2 w^\\top S w\n$$ (further)\n\n$$ w = w w $$\n"
    right, further, wrong = (
        one for one in check_page(text, why=True).to_dict()["equations"] if one["kind"] != "definition"
    )
    assert seals.trial(further, None) == seals.trial(wrong, "check.html") == ""
    for one in (right, further):
        address = seals.trial(one, "check.html")
        packed = address.removeprefix("check.html#check=")
        state = json.loads(decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), wbits=-15))
        for change, verdict in ((("", ""), "PROVED"), (("= ", "= -"), "REFUTED")):
            found = CheckedText(read_state({**state, "text": state["text"].replace(*change)})).run()
            assert ([step.step.verdict.value for step in found.steps], found.problems) == ([verdict], {})


def test_a_long_way_is_told_in_the_report_alone(checked):
    lines = [{"latex": "a", "rule": "chain rule"}] * (seals.MOST_LINES + 1)
    why = {"rules": ["chain rule"] * len(lines), "size": len(lines), "how": "", "start": "", "lines": lines}
    plain = {"certificate": "polynomial", "statement": "", "at_given_sizes": False, "assumes": []}
    step = {"verdict": "PROVED", **plain, "why": why}
    one = {**checking.without_verdict("", 1), "outcome": "identity", "steps": [step], "place": "here"}
    mark = BeautifulSoup(seals.mark(one, "report.html", "rules.html"), "html.parser")
    assert mark.select_one(".lr-why a")["href"] == "rules.html#rule-chain-rule"
    assert not mark.select("ol") and "all lines in the report" in mark.get_text()
    row = BeautifulSoup(seals.table("Page", [one], "page.html"), "html.parser")
    assert len(row.select("ol li")) == len(lines)


def test_the_report_counts_the_certificates_by_kind_and_names_what_has_none(checked):
    def proved(*kinds):
        plain = {"verdict": "PROVED", "statement": "", "at_given_sizes": False, "assumes": []}
        steps = [{**plain, "certificate": kind} for kind in kinds]
        return {**checking.without_verdict("", 1), "outcome": "identity", "steps": steps, "place": "here"}

    found = [proved("polynomial", "inverse"), proved("polynomial"), proved("polynomial", "")]
    wrong = {**proved("functions"), "outcome": "refuted"}
    totals = BeautifulSoup(seals.totals([*found, wrong], []), "html.parser")
    counts = dict(tuple(cell.get_text() for cell in row.select("td")) for row in totals.select("tbody tr"))
    assert {key: value for key, value in counts.items() if "certified" in key} == {
        "certified: polynomial": "3",
        "certified: inverse": "1",
        "steps proved by the prover, not certified": "1",
    }
    shown = [BeautifulSoup(seals.mark(one, None), "html.parser").summary.get_text() for one in found]
    assert ["not certified" in one for one in shown] == [False, False, True]
    assert len(set(shown[:2])) == 1 and "(✓)" in shown[2] and "(✓)" not in shown[0]


def test_the_report_has_a_row_for_everything_and_counts_what_failed(permissive):
    totals, *tables = page(permissive[0]).select("table.lr-report")
    counts = dict(tuple(cell.get_text() for cell in row.select("td")) for row in totals.select("tbody tr"))
    assert counts["display equations"] == "12"
    assert counts["of these: proved for all sizes (identity)"] == "4"
    assert counts["of these: refuted"] == "3"
    assert counts["of these: not read"] == "4"
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
    assert re.search(r"index\.md:\d+: WARNING: equation w = 2 w: REFUTED", said)
    assert re.search(r"other\.rst:\d+: WARNING: equation 5 w = w: UNREADABLE: w has no shape", said)


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
    (link,) = page(folder).select("details.lr-verdict a")
    name, _, row = link["href"].partition("#")
    assert page(folder, name.removesuffix(".html")).find(id=row).select_one("td").get_text() == "right"


MODULE = r"""r'A module.

.. math:: v := 2 w, \\qquad v^\top v = 4 \|w\|^2
'


def f():
    r'The definition of another docstring does not hold here.

    .. math:: 2 w = v

    .. <!-- verify: wrong REFUTED -->

    .. math:: w = 3 w
    '
""".replace("'", 3 * '"').replace("\\\\", "\\")
RST = """
========= ===== =======
Symbol    Shape Meaning
========= ===== =======
:math:`w` N     weights
========= ===== =======

.. math:: v := 2 w

.. math:: v + v = 4 w

.. math:: v = 3 w
"""


def test_the_formulas_of_docstrings_are_decided_with_the_symbols_of_the_page_that_shows_them(tmp_path):
    conf = CONF.replace('"lrcore.sphinx"]', '"lrcore.sphinx", "sphinx.ext.autodoc"]\nsys.path.insert(0, ".")')
    text = TABLE + "```{eval-rst}\n.. automodule:: a_module\n   :members:\n```\n\n$$ 2 w = v $$\n"
    folder = project(tmp_path, {"conf.py": conf, "a_module.py": MODULE, "index.md": text})
    said = build(folder).stderr
    proved, unread, wrong = "✓ proved for all sizes", "? not read", "✗ wrong on purpose"
    assert [words for _, words in marks(page(folder))] == [proved, unread, wrong, unread]
    assert re.search(r"equation 2 w = v \(line \d+ of docstring of a_module\.f\): UNREADABLE: v has no shape", said)


def test_the_equations_of_restructured_text_are_decided_with_its_own_table_and_definitions(tmp_path):
    folder = project(tmp_path, {"index.rst": "A page\n======\n" + RST})
    build(folder)
    assert [words for _, words in marks(page(folder))] == [":= definition", "✓ proved for all sizes", "✗ refuted"]


def test_a_part_of_a_file_is_decided_where_it_is_included(tmp_path):
    include = "$$ v := 2 w $$\n\n```{include} part.inc\n:start-line: 1\n```\n"
    part = "Not this.\n\n$$ v + v = 4 w $$\n\n$$ v + v = 5 w $$\n"
    folder = project(tmp_path, {"index.md": TABLE + include, "part.inc": part})
    build(folder)
    assert marks(page(folder))[1:] == [("v+v=4w", "✓ proved for all sizes"), ("v+v=5w", "✗ refuted")]


@pytest.fixture
def checked():
    checking.checker.cache_clear()
    yield checking
    checking.checker.cache_clear()


def test_the_key_of_the_cache_follows_the_installed_checker(checked, tmp_path, monkeypatch):
    before = checked.checker()
    folder = Path(lrcore.__file__).parent
    copy = shutil.copytree(folder, tmp_path / "lrcore", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(lrcore, "__file__", str(copy / "__init__.py"))
    checked.checker.cache_clear()
    assert checked.checker() == before, "the same files elsewhere"
    (copy / "verify" / "prove" / "normal.py").write_text("# a newer one\n")
    checked.checker.cache_clear()
    assert checked.checker() != before


def test_pages_that_another_version_of_the_checker_judged_are_read_again(checked, tmp_path):
    env, app = SimpleNamespace(found_docs={"index", "other"}), an_app(tmp_path)
    assert checked.outdated(app, env, set(), set(), set()) == ["index", "other"]
    assert checked.outdated(app, env, set(), set(), set()) == []
    env.lrcore_checker = "an older one"
    assert checked.outdated(app, env, set(), set(), set()) == ["index", "other"]
    (tmp_path / "verify.toml").write_text('[symbols]\nw = "M"\n', encoding="utf-8")
    assert checked.outdated(app, env, set(), set(), set()) == ["index", "other"], "the project declares more"


def an_app(folder, **given):
    return SimpleNamespace(srcdir=folder, config=SimpleNamespace(**DEFAULTS), **given)


def test_what_a_cell_prints_is_never_taken_for_what_the_page_says_and_is_told_by_cells_alone(checked, tmp_path):
    typed = nodes.math_block("", "a = b")
    printed = nodes.math_block("", "a = b")
    document = nodes.section("", nodes.container("", printed, classes=["cell_output"]), typed)
    written = {**checking.without_verdict("", 1, latex="a = b"), "inline": False, "outcome": "identity", "mark": None}
    page = {**checked.blank(), "equations": [written], "told": "because it is"}
    env = SimpleNamespace(docname="index", lrcore_checked={"index": page}, doc2path=lambda name: "index.md")
    checked.compare(an_app(tmp_path, env=env), document)
    assert typed["lr_place"] == written["place"]
    (told,) = page["unread"]
    assert (told["outcome"], told["place"]) == ("told", printed["lr_place"])


def test_an_outcome_that_the_page_does_not_know_gets_no_seal(checked):
    one = {**checking.without_verdict("why", 1), "outcome": "a later one", "place": "here"}
    mark = BeautifulSoup(seals.mark(one, None), "html.parser")
    assert mark.summary.get_text().split() == ["?", "undecided"]
    assert "✓" not in mark.get_text()
