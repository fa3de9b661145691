"""The theme's styles cut to what the pages use, and packed copies of what the site holds."""

import gzip
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "book" / "_tools"))
import packing  # noqa: E402
import styles  # noqa: E402

SHEET = """/* .gone{} */ @charset "utf-8"; .used{color:var(--a)} .used .gone{top:0} .gone,.used:not(.gone)>p{left:0}
@media (min-width: 3px){.gone{top:1px} #here[data-x=".gone"]{content:"}.x{"}} :root{--a:var(--b);--b:red;--c:"\\f058;"}
@media print{.gone{top:2px}} @font-face{font-family:F} .a\\:b{top:3px}"""


def test_a_rule_is_kept_where_all_that_it_names_is_there():
    assert styles.cut([SHEET], {"used", "here"}, "") == (
        '.used{color:var(--a)}.used:not(.gone)>p{left:0}@media (min-width: 3px){#here[data-x=".gone"]{content:"}.x{"}}'
        ":root{--a:var(--b);--b:red;}@font-face{font-family:F}.a\\:b{top:3px}"
    )


def test_a_variable_that_a_script_or_a_page_asks_for_is_kept():
    assert "--c" in styles.cut([SHEET], set(), 'style="top:var(--c)"')


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
