"""What an eye sees on the built pages: boxes, stops, links into boxes, and what is said where no script runs."""

import re

import pytest
from bs4 import BeautifulSoup
from hosts import PAGES, PHONE, SITE, settle

BOOK = [name for name in PAGES if name.startswith("book/")]
# A full stop, comma or the like that begins a line of its own, with what stands before it; an opening mark that ends
# one.
STRAY = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) {
    const at = text.data.search(/\\S/);
    const block = text.parentElement.closest("p, li, td, dd");
    const formula = text.nextElementSibling?.matches(".math") && /[“‘(]$/.test(text.data) && text.nextElementSibling;
    if (!block || !(formula || ".,;:".includes(text.data[at] ?? " "))) continue;
    if (text.parentElement.closest("pre, code, mjx-container, svg, lr-control, details:not([open])")) continue;
    const range = document.createRange();
    if (formula) {
      range.setStart(text, text.data.length - 1);
      range.setEnd(text, text.data.length);
      const [mark, place] = [range.getBoundingClientRect(), formula.getBoundingClientRect()];
      if (mark.width && place.left < mark.left) found.push(block.textContent.trim().slice(0, 60));
      continue;
    }
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    const [place, edge] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
    if (place.width && place.left - edge.left < 3) found.push(block.textContent.trim().slice(-60));
  }
  return found;
}"""


# What is wider than its box, and has no sign that there is more or no way to it.
CUT = """() => [...document.querySelectorAll(".bd-article .cell_output pre, .bd-article .cell_input pre")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .filter((one) => {
    const style = getComputedStyle(one);
    return !["auto", "scroll"].includes(style.overflowX) || style.backgroundImage === "none";
  }).map((one) => one.textContent.slice(0, 80))"""


UNDER_THE_BUTTON = """() => {
    const button = document.querySelector(".run-code")?.getBoundingClientRect(), title = document.createRange();
    title.selectNode(document.querySelector(".bd-article h1").firstChild);
    return button && [...title.getClientRects()].some((line) =>
        line.right > button.left && line.left < button.right && line.bottom > button.top && line.top < button.bottom);
}"""


@pytest.fixture(scope="module")
def page(browser, address):
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    one = context.new_page()
    one.address = address
    yield one
    context.close()


@pytest.mark.parametrize("name", BOOK)
def test_no_line_is_a_full_stop_alone_and_titles_are_as_wide_as_their_boxes(page, name):
    page.goto(page.address + name)
    page.evaluate("document.fonts.ready.then(() => true)")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(STRAY) == []
        assert page.evaluate(CUT) == []
        short = page.evaluate(
            """[...document.querySelectorAll(".bd-article .admonition > .admonition-title")].filter((title) =>
            Math.abs(title.parentElement.clientWidth - title.offsetWidth) > 1).map((title) => title.textContent)"""
        )
        assert short == []
    for width in (390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 844})
        assert not page.evaluate(UNDER_THE_BUTTON), width


BOXED = [
    (name, equation["id"])
    for name in BOOK
    for equation in BeautifulSoup(
        re.sub(r"<mjx-container.*?</mjx-container>", "", (SITE / name).read_text()), "html.parser"
    ).select(".admonition div.math[id]")
]


@pytest.mark.parametrize(("name", "equation"), BOXED)
def test_a_link_to_an_equation_in_a_box_opens_it_and_shows_the_title_of_the_box_below_the_bar(page, name, equation):
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("about:blank")
        page.goto(f"{page.address}{name}#{equation}")
        settle(page)
        title, bar, shown = page.evaluate(
            """(id) => {
              const equation = document.getElementById(id);
              const title = equation.closest(".admonition").querySelector(".admonition-title");
              const top = (node) => node.getBoundingClientRect();
              return [top(title).top, top(document.querySelector(".bd-header-article")).bottom, top(equation).top];
            }""",
            equation,
        )
        assert bar <= title < shown < 844


@pytest.mark.parametrize("name", BOOK)
def test_marks_and_folds_say_what_they_hold_in_words_and_formulas(name):
    text = re.sub(r"<mjx-container.*?</mjx-container>", "", (SITE / name).read_text(), flags=re.S)
    page = BeautifulSoup(text, "html.parser")
    for formula in page.select(".math, script, pre, code"):
        formula.decompose()
    for said in page.find_all(string=re.compile("assumes: ")):
        assert "\\" not in said.parent.get_text()
    assert not page.find_all(string=re.compile("Show the content"))


def test_without_scripts_the_checker_shows_a_sentence_and_no_loose_letters(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}book/check.html")
    shown = page.locator("lr-control").inner_text()
    assert re.fullmatch(r"(?:Right up to l|L)ine \d+[^\n]*\.", shown.strip()), shown
    context.close()


def test_forced_colours_frame_boxes_and_leave_tall_brackets_thin(browser, address):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{address}book/one_sample.html")
    held = page.locator("mjx-ext").evaluate_all("(all) => all.map((one) => getComputedStyle(one).borderTopColor)")
    assert held
    assert set(held) == {"rgba(0, 0, 0, 0)"}
    frames = page.locator(".admonition").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).borderRightWidth)"
    )
    assert frames
    assert set(frames) == {"1px"}
    context.close()


def test_forced_colours_leave_a_sign_where_code_and_output_are_cut(browser, address):
    context = browser.new_context(forced_colors="active", viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}book/one_sample.html")
    masks = page.locator(".cell pre").evaluate_all(
        """(all) => all.filter((one) => one.scrollWidth > one.clientWidth)
        .map((one) => getComputedStyle(one).maskImage)"""
    )
    assert masks
    assert "none" not in masks
    context.close()


@pytest.mark.parametrize("name", ["book/graph.html", "book/backprop.html"])
def test_on_paper_the_arrows_between_matrices_are_as_small_as_on_the_screen(page, name):
    page.set_viewport_size({"width": 794, "height": 1123})
    page.goto(page.address + name)
    page.wait_for_selector("lr-control .lr-flow", state="attached")
    widest = "Math.max(...[...document.querySelectorAll('svg:has(> .lr-flow)')].map((one) => one.clientWidth))"
    on_screen = page.evaluate(widest)
    page.emulate_media(media="print")
    on_paper = page.evaluate(widest)
    page.emulate_media(media="screen")
    assert 0 < on_paper <= on_screen


@pytest.mark.parametrize("name", ["book/one_sample.html", "book/proof.html"])
def test_a_long_refusal_is_read_without_scrolling_where_there_is_room(page, name):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(page.address + name)
    refusals = page.locator(".bd-article .cell_output pre", has_text="It does not hold")
    assert refusals.count()
    assert refusals.evaluate_all("(all) => all.every((one) => one.scrollWidth <= one.clientWidth + 1)")


def test_notes_stand_in_the_margin_where_there_is_one_and_in_the_text_on_a_phone(page_in, address):
    page, _ = page_in(address, viewport={"width": 1280, "height": 900})
    page.goto(f"{address}book/notation.html")
    for width, aside in ((1280, True), (1920, True), (390, False)):
        page.set_viewport_size({"width": width, "height": 900})
        column = page.locator(".bd-article > section").bounding_box()
        right = column["x"] + column["width"]
        notes = [one.bounding_box() for one in page.locator("aside.margin, div.margin").all()]
        assert notes
        for note in notes:
            assert note["x"] + note["width"] <= width
            assert (note["x"] > right) is aside and (note["x"] + note["width"] <= right + 1) is not aside


def test_with_colours_of_the_readers_own_the_contents_mark_one_page(page_in, address):
    page, _ = page_in(address, viewport={"width": 1280, "height": 900}, forced_colors="active")
    page.goto(f"{address}book/notation.html")
    seen = page.evaluate("""() => [...document.querySelectorAll(".bd-sidebar-primary nav.bd-links li > a")]
        .filter((one) => getComputedStyle(one).borderLeftColor !== getComputedStyle(document.body).backgroundColor)
        .map((one) => one.textContent.trim())""")
    assert seen == ["Notation"]
