"""The theme's styles cut to what the pages use, and packed copies of what the site holds."""

import gzip
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "book" / "_tools"))
import packing  # noqa: E402
import styles  # noqa: E402

SHEET = """/* .gone{} */ @charset "utf-8"; .used{color:var(--a)} .used .gone{top:0} .gone,.used:not(.gone)>p{left:0}
@media (min-width: 3px){.gone{top:1px} #here[data-x=".gone"]{content:"}.x{"}} :root{--a:var(--b);--b:red;--c:"\\f058;"}
@media print{.gone{top:2px} .used{top:3px!important}} @font-face{font-family:F} .a\\:b{top:3px}
@keyframes still{to{top:0}} @keyframes turns{to{top:0}} p{animation:1s turns}
.here,#used{top:4px} [data-y=z]>p{top:5px}"""


def test_a_rule_is_kept_where_all_that_it_names_is_there_and_paper_has_a_sheet_of_its_own():
    assert styles.cut([SHEET], {".used", "#here", "[data-x"}, "") == (
        '.used{color:var(--a)}.used:not(.gone)>p{left:0}@media (min-width: 3px){#here[data-x=".gone"]{content:"}.x{"}}'
        ":root{--a:var(--b);--b:red}@font-face{font-family:F}@keyframes turns{to{top:0}}p{animation:1s turns}",
        "@media print{.used{top:3px!important}}",
    )


def test_a_variable_that_a_script_or_a_page_asks_for_is_kept():
    assert "--c" in styles.cut([SHEET], set(), 'style="top:var(--c)"')[0]
    assert "--c" not in styles.cut([SHEET], set(), 'style="top:var(--d)"')[0]


def test_a_script_gives_the_classes_of_its_names_and_its_html_and_not_those_that_it_looks_for(tmp_path):
    static = tmp_path / "_static"
    static.mkdir()
    (tmp_path / "page.html").write_text('<p id="one" class="two three">')
    script = """a.className = "four five"; b.innerHTML = `<i class="six">${x}`; c.closest(".seven"); d = eight"""
    (static / "own.js").write_text(f"{script}; e.dataset.ofNine = 1")
    words, _ = styles.used(tmp_path)
    assert "[data-of-nine" in words
    assert words >= {"#one", ".two", ".three", ".four", ".five", ".six"}
    assert not words & {"#four", ".one", ".seven", ".eight"}


def test_what_stands_before_the_first_text_is_less_than_30_kb_packed():
    site = ROOT / "_build" / "html"
    for page in (site / "book").glob("*.html"):
        head = page.read_text(encoding="utf-8").partition("</head>")[0]
        awaited = re.findall(r'<link(?![^>]*media="print")[^>]*href="([^"?]*)[^>]*rel="stylesheet"', head)
        awaited += re.findall(r'<link(?![^>]*media="print")[^>]*rel="stylesheet"[^>]*href="([^"?]*)', head)
        awaited += re.findall(r'<script(?![^>]*(?:defer|module))[^>]*src="([^"?]*)', head)
        texts = [head.encode(), *((page.parent / name).read_bytes() for name in awaited)]
        assert len(awaited) >= 4, page.name
        assert sum(len(gzip.compress(text, 9)) for text in texts) < 30_000, page.name


def test_no_module_is_asked_for_before_the_first_paint_and_no_font_on_a_slow_line():
    for page in (ROOT / "_build" / "html" / "book").rglob("*.html"):
        head = page.read_text(encoding="utf-8").partition("</head>")[0]
        assert not re.search(r'<script[^>]*type="module"[^>]*src=|rel="(?:module)?preload"', head), page.name
        fonts, _, sheets = head.partition('rel="stylesheet"')
        assert "effectiveType" in fonts and "effectiveType" not in sheets, page.name
        assert re.search(r"requestAnimationFrame\(\(\) => setTimeout\(\(\) => \[.*mount\.js", head), page.name


def test_the_built_sheet_is_a_third_of_what_it_stands_for_and_keeps_what_pages_show():
    static = ROOT / "_build" / "html" / "_static"
    cut = (static / styles.CUT).read_text(encoding="utf-8")
    whole = sum(path.stat().st_size for name in styles.SHEETS for path in static.glob(name))
    assert len(cut) < whole / 3
    for kept in (
        ".bd-sidebar-primary",
        ".admonition",
        ".sd-card",
        ".highlight .k",
        ".visually-hidden",
    ):
        assert kept in cut, kept


def test_packed_copies_unpack_to_their_files_and_follow_them(tmp_path):
    page, gone = tmp_path / "page.html", tmp_path / "gone.html.gz"
    page.write_text("a word " * 200)
    gone.write_bytes(b"")
    assert packing.pack(tmp_path) == 1
    assert not gone.exists()
    page.write_text("another " * 200)
    os.utime(page, ns=(2**62, 2**62))
    packing.pack(tmp_path)
    assert gzip.decompress((tmp_path / "page.html.gz").read_bytes()) == page.read_bytes()
    stale = gzip.compress(b"of a site that was copied", mtime=0)
    (page := next(tmp_path.rglob("*.gz"))).write_bytes(stale)  # newer than its file, and not made of it
    packing.pack(tmp_path)
    assert page.read_bytes() != stale
