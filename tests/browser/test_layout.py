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


def test_a_box_says_all_in_one_line_with_its_title_and_a_solution_belongs_to_its_exercise(page):
    page.goto(page.address + "book/one_sample.html")
    settle(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        starts = page.evaluate(
            """[...document.querySelectorAll(".bd-article .exercise.admonition")].map((box) => {
              const title = document.createRange(), said = document.createRange();
              title.selectNodeContents(box.querySelector(".admonition-title"));
              said.selectNodeContents(box.querySelector(".admonition-title + p"));
              return said.getBoundingClientRect().left - title.getBoundingClientRect().left;
            })"""
        )
        assert len(starts) > 15
        assert max(map(abs, starts)) < 2, width
        above, below = page.evaluate(
            """(() => {
              const pairs = [...document.querySelectorAll(".exercise + .dropdown")];
              const next = pairs.filter((one) => one.nextElementSibling?.matches(".exercise"));
              const [top, bottom] = ["top", "bottom"].map((side) => (one) => one.getBoundingClientRect()[side]);
              return [pairs.map((one) => top(one) - bottom(one.previousElementSibling)),
                next.map((one) => top(one.nextElementSibling) - bottom(one))];
            })()"""
        )
        assert len(above) > 15
        assert max(map(abs, above)) < 1
        assert min(below) > 24


def test_nothing_keeps_room_for_an_answer_that_is_not_there(page):
    page.set_viewport_size(PHONE)
    page.goto(page.address + "book/one_sample.html")
    settle(page)
    empty = page.locator(":is(.answer-here, .suspect) output:empty")
    assert empty.count() > 10
    assert set(empty.evaluate_all("(all) => all.map((one) => one.offsetHeight)")) == {0}


def test_controls_speak_in_the_face_of_the_page_and_name_their_matrices_in_ink(page):
    page.goto(page.address + "book/backprop.html")
    settle(page)
    face, *titles = page.evaluate(
        """[getComputedStyle(document.querySelector(".lr-widget")).fontFamily, ...[...document.querySelectorAll(
        ".lr-matrix > figcaption")].map((one) => [getComputedStyle(one).color === getComputedStyle(document.body).color,
        getComputedStyle(one).fontWeight].join(" "))]"""
    )
    assert face.startswith('"Book Sans"')
    assert set(titles) == {"true 600"}


def test_three_dots_never_begin_a_line_below_an_equation(page):
    for name in ("book/n_samples.html", "book/closed_form.html"):
        page.goto(page.address + name)
        for width in (350, 390, 430):
            page.set_viewport_size({"width": width, "height": 844})
            left = page.locator(".lr-by").evaluate_all(
                """(all) => all.filter((one) => one.textContent.endsWith("…")).map((one) => {
                  const [dots, word] = [1, 3].map((back) => {
                    const place = document.createRange();
                    place.setStart(one.firstChild, one.firstChild.length - back);
                    place.setEnd(one.firstChild, one.firstChild.length - back + 1);
                    return place.getBoundingClientRect();
                  });
                  return dots.bottom - word.bottom;
                })"""
            )
            assert left
            assert max(left) < 3, (name, width)


@pytest.mark.parametrize(("canvas", "theme"), [("dark", "dark"), ("dark", "light"), ("light", "dark")])
def test_forced_colours_keep_the_colours_of_objects_seen_whatever_theme_was_chosen(browser, address, canvas, theme):
    context = browser.new_context(forced_colors="active", color_scheme=canvas, viewport=PHONE)
    page = context.new_page()
    page.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
    page.goto(f"{address}book/n_samples.html")
    settle(page)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    brightest = page.evaluate(
        """["X", "w", "y", "r", "g"].map((of) => {
          const pen = document.createElement("canvas").getContext("2d");
          pen.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(`--of-${of}`).trim();
          return Math.max(...pen.fillStyle.match(/[0-9a-f]{2}/g).map((one) => parseInt(one, 16)));
        })"""
    )
    assert min(brightest) > 190 if canvas == "dark" else max(brightest) < 190
    grounds = page.locator(".lr-widget :is(button, select, input:not([type=range]))").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).backgroundColor)"
    )
    assert set(grounds) == {"rgb(0, 0, 0)" if canvas == "dark" else "rgb(255, 255, 255)"}
    context.close()


@pytest.mark.parametrize("name", ["book/reference/rosetta.html", "book/reference/rules.html"])
def test_rows_of_a_table_that_became_paragraphs_are_kept_apart_by_a_rule(page, name):
    page.set_viewport_size(PHONE)
    page.goto(page.address + name)
    rows = page.locator(":is(#books, .lr-rules) tbody > tr + tr")
    assert rows.count() > 5
    assert set(rows.evaluate_all("(all) => all.map((one) => getComputedStyle(one).borderTopWidth)")) == {"1px"}


# Kinds of things that the keyboard reaches and that look with the focus as they do without it.
UNSEEN_FOCUS = """() => {
  const look = (one) => {
    const style = getComputedStyle(one);
    return ["outline", "boxShadow", "borderColor", "backgroundColor", "textDecoration", "stroke", "strokeWidth"]
      .map((name) => style[name]).join();
  };
  const kinds = new Map();
  for (const one of document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']"))
    if (one.checkVisibility()) kinds.set(`${one.localName} ${[...one.classList].sort()} ${one.type ?? ""}`, one);
  return [...kinds].filter(([, one]) => {
    const holders = [one, one.closest(".lr-text")].filter(Boolean);
    const before = holders.map(look).join();
    one.focus({ focusVisible: true, preventScroll: true });
    return document.activeElement === one && holders.map(look).join() === before;
  }).map(([kind]) => kind);
}"""


@pytest.mark.parametrize("name", ["book/n_samples.html", "book/check.html"])
def test_whatever_has_the_focus_shows_it(page, name):
    page.goto(page.address + name)
    settle(page)
    page.keyboard.press("Tab")
    assert page.evaluate(UNSEEN_FOCUS) == []


COVERED = """() => [...document.querySelectorAll(".admonition.dropdown")].filter((box) => {
  const button = box.querySelector(".toggle-button")?.getBoundingClientRect();
  const parts = [...box.querySelector(".admonition-title").childNodes].filter((one) => !one.matches?.("button"));
  return button?.width && parts.flatMap((part) => {
    const words = document.createRange();
    words.selectNodeContents(part);
    return [...words.getClientRects()];
  }).some((one) =>
    one.right > button.left && one.left < button.right && one.bottom > button.top && one.top < button.bottom);
}).map((box) => box.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize("name", ["book/refresher.html", "book/question.html"])
def test_a_title_does_not_run_under_the_button_that_opens_its_box(page, name):
    page.goto(page.address + name)
    settle(page)
    page.wait_for_selector(".toggle-button", state="attached")
    for width in (390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(COVERED) == [], width


def test_names_of_modules_stay_whole_in_their_index(page):
    page.set_viewport_size(PHONE)
    page.goto(page.address + "py-modindex.html")
    names = page.locator(".modindextable a code")
    assert names.count() > 10
    assert set(names.evaluate_all("(all) => all.map((one) => one.getClientRects().length)")) == {1}


def test_a_table_of_six_columns_becomes_paragraphs_on_a_phone_and_names_its_columns(page):
    page.set_viewport_size(PHONE)
    page.goto(page.address + "book/trust.html")
    table = page.locator("#in-three-lines-by-others table")
    holder = table.locator("xpath=..")
    assert holder.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")
    said = (
        table.locator("tbody tr")
        .first.locator("td + td")
        .evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').content)")
    )
    headings = table.locator("thead th + th").all_inner_texts()
    assert said == [f'"{one}: "' for one in headings]


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
