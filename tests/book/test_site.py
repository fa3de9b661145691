"""The built site: every notebook executed, every picture described, every link leading somewhere."""

import re
from functools import cache
from urllib.parse import unquote, urlparse

import pytest
from bs4 import BeautifulSoup
from pages import SITE, cells, chapters, listed

from lrcore.verify import RULES
from lrcore.verify.why.reason import FREE

FORMULA = re.compile(r"<mjx-container.*?</mjx-container>", re.S)  # nine tenths of a page, without links or pictures


@cache
def soup(name: str) -> BeautifulSoup:
    page = SITE / f"{name}.html"
    assert page.exists(), f"{name}.html is not built; run `make build` first"
    text = page.read_text(encoding="utf-8")
    assert not any(re.search(r"<(?:a|img)\b", formula) for formula in FORMULA.findall(text))
    return BeautifulSoup(FORMULA.sub("", text), "html.parser")


@pytest.mark.parametrize("name", chapters())
def test_every_cell_of_the_page_was_executed(name):
    built = soup(name).select("div.cell")
    assert len(built) == len(cells(name))
    spoken = [cell for cell in cells(name) if "print(" in cell or "holds(" in cell]
    assert len(soup(name).select("div.cell div.cell_output")) >= len(spoken)
    assert not soup(name).select("div.cell_output .traceback, div.cell_output .stderr")


@pytest.mark.parametrize("name", chapters())
def test_what_a_cell_prints_stands_in_one_box(name):
    assert not soup(name).select("div.cell_output > .stream + .stream"), name


def test_the_first_page_has_a_door_to_every_other_one_and_a_picture_on_every_card():
    first = soup("book/index").select_one("article")
    doors = {f"book/{one['href'].removesuffix('.html')}" for one in first.select(".map-card a, .look-up a")}
    assert doors == {*listed()} - {"book/index"}
    assert all(card.select_one("svg.picture") for card in first.select(".map-card"))


@pytest.mark.parametrize("name", listed())
def test_every_picture_has_a_sentence_of_alt_text(name):
    for image in soup(name).select("main img"):
        alt = image.get("alt", "")
        assert len(alt.split()) >= 4, f"{name}: {image.get('src')} says only {alt!r}"
    for drawing in soup(name).select("main figure.lr-figure svg"):
        assert drawing["role"] == "img"
        assert len(drawing["aria-label"].split()) >= 4
        assert drawing["aria-label"].endswith(".")


PHONE = 346  # px for a figure in a view of 390; of two panels beside each other each has 45 %


@pytest.mark.parametrize("name", listed())
def test_no_letter_of_a_figure_is_smaller_than_ten_pixels_on_a_phone(name):
    small = []
    for drawing in soup(name).select("main figure svg[viewbox]"):
        room = 0.45 * PHONE if "grid" in drawing.parent.get("style", "") else PHONE
        drawn = float(drawing["viewbox"].split()[2])
        shrunk = min(room, float(drawing.get("width", room))) / drawn
        for text in drawing.select("text[style], text > tspan:first-child[style]"):  # what follows is an exponent
            size = float(re.search(r"font-size: ([\d.]+)px", text["style"])[1])
            if size * shrunk < 10:
                small.append((drawing["aria-label"], text.text, size * shrunk))
    assert not small


@pytest.mark.parametrize("name", listed())
def test_every_letter_of_a_formula_comes_from_a_font_that_the_site_has(name):
    used = set(re.findall(r'class="mjx-c\w+ (TEX-\w+)"', (SITE / f"{name}.html").read_text(encoding="utf-8")))
    style = (SITE / "_static/fonts/mathematics.css").read_text(encoding="utf-8")
    assert used <= {one.removeprefix("MJX") for one in re.findall(r"font-family: (MJXTEX[\w-]*);", style)}


@pytest.mark.parametrize("name", listed())
def test_every_formula_is_there_before_any_script_and_a_screen_reader_can_read_it(name):
    text = (SITE / f"{name}.html").read_text(encoding="utf-8")
    number = r'(?:<span class="eqno">.*?</span>\s*)?'
    formula_of = rf'class="[^"]*\bmath\b[^"]*"[^>]*>\s*{number}(<mjx-container.*?</mjx-container>)'
    formulas = re.findall(formula_of, text, re.S)
    assert len(formulas) == len(re.findall(r'class="[^"]*\bmath\b', text))
    for formula in formulas:
        assert re.search(r'<mjx-math [^>]*aria-hidden="true"', formula)
        assert re.search(r"<mjx-assistive-mml[^>]*><math ", formula)
    assert not re.search(r"<mjx-merror|data-mjx-error", text)


@pytest.mark.parametrize("name", listed())
def test_no_link_leads_nowhere(name):
    here = SITE / f"{name}.html"
    for link in soup(name).select("a[href]"):
        target = urlparse(link["href"])
        if target.scheme or target.netloc:
            continue
        file = (here.parent / unquote(target.path)).resolve() if target.path else here
        assert file.exists(), f"{name} links to {link['href']}, which is not there"
        if target.fragment.startswith("check="):
            continue  # an equation that the checker's page takes out of the address
        if target.fragment and file.suffix == ".html" and file.relative_to(SITE).as_posix()[:-5] in listed():
            other = soup(file.relative_to(SITE).as_posix()[:-5])
            assert other.find(id=unquote(target.fragment)), f"{name} links to {link['href']}, which has no such place"


@pytest.mark.parametrize("name", listed())
def test_a_browser_goes_through_no_formula_of_a_closed_fold(name):
    text = (SITE / f"{name}.html").read_text(encoding="utf-8")
    seen = re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.S)
    for fold in re.findall(r'<details class="lr-(?:sides|why|verdict|played).*?</details>', seen, re.S):
        assert "<mjx-" not in fold.partition("</summary>")[2]
    assert len(re.findall(r"<[a-z]", seen)) < 22_000


PLAYED = {  # the derivations of each chapter, by the equation that they end with
    "one_sample": ["one-gradient"],
    "n_samples": ["n-gradient"],
    "many_outputs": ["many-gradient", "many-read-off"],
    "closed_form": ["closed-form", "closed-first-term"],
    "descent": ["descent-eigen"],
    "backprop": ["back-layer-gradients"],
    "graph": ["graph-neuron-blame", "graph-softmax-gradient", "graph-recursion"],
    "trust": ["trust-variance", "trust-left-out-error"],
    "statistics": ["stat-covariance", "stat-freedom", "stat-left-out"],
}
REASONS = {name for one in RULES for name in (one.name, one.back)} | {"definition", "taken as given", FREE}


@pytest.mark.parametrize("name", PLAYED)
def test_the_derivations_of_a_chapter_are_played_to_their_results_and_each_line_is_proved(name):
    page = soup(f"book/{name}")
    played = page.select("details.lr-played")
    assert [one.select("li")[-1].a["href"] for one in played] == [f"#equation-{one}" for one in PLAYED[name]]
    for one in played:
        lines = one.select("li")
        assert len({line.a["href"] for line in lines if line.a}) >= 2 and len(lines) >= 4
        assert all("lr-between" in line.get("class", []) or line.a for line in lines)
        for line in lines:
            rule = line.select_one(".lr-rule")
            assert line.select_one(".math"), rule
            for said in (rule.get_text(), rule.get("data-whole", FREE)):
                assert set(said.removesuffix(", ...").split(", ")) <= REASONS, said
            if line.a:
                mark = page.find(id=line.a["href"][1:]).find_next("details", class_="lr-verdict")
                assert {*mark["class"]} & {"lr-identity", "lr-implication", "lr-definition"}, line.a["href"]


def test_how_a_chapter_was_checked_is_one_block_of_closed_folds():
    page = soup("book/one_sample")
    folds = page.select("#checked details.checked")
    assert [one.summary.get_text(strip=True) for one in folds] == ["With symbols", "For all sizes", "With numbers"]
    assert not [one for one in folds if one.has_attr("open")]
    assert all(one.select(".cell") for one in folds), "the cells of a part stand in its fold"
    assert not [cell for cell in page.select("#checked .cell") if cell.find_parent("details", class_="checked") is None]
    assert page.select_one("#with-numbers details.checked"), "the name of a part still leads there"
