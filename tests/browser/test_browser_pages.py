"""Every page of the built site in Chromium, on a phone, below a sub-path: it asks no other host and says no error."""

import gzip
from dataclasses import dataclass

import pytest
from hosts import PAGES, PHONE, SITE, settle

SHIFTS = """new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.shifted = (window.shifted ?? 0) + one.value
}).observe({ type: "layout-shift", buffered: true })"""

# Letters that are less than 10 px high on the screen, but for raised and lowered ones and formulas.
SMALL = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.querySelector(".bd-main"), NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) {
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest("mjx-container, script, style, sub, sup")) continue;
    const high = parseFloat(getComputedStyle(holder).fontSize);
    const beside = holder.matches("tspan") ? [...holder.parentNode.children] : [];
    if (beside.some((one) => parseFloat(one.style.fontSize) > high)) continue;
    const place = document.createRange();
    place.selectNodeContents(text);
    const box = place.getBoundingClientRect();
    if (!box.width || box.width < 2 || !holder.checkVisibility({ visibilityProperty: true })) continue;
    const scale = holder.getScreenCTM?.() ?? { a: 1, b: 0 };
    const size = high * Math.hypot(scale.a, scale.b);
    if (size < 9.95) found.push(`${size.toFixed(1)} px: ${text.data.trim().slice(0, 40)}`);
  }
  return found;
}"""


@pytest.fixture
def visit(page_in, address):
    """Open a page on a phone; the page, and all that a reader's browser would complain about."""

    def go(name):
        page, complaints = page_in(address, viewport=PHONE)
        page.add_init_script(SHIFTS)
        page.goto(address + name, wait_until="load")
        settle(page)
        return page, complaints

    return go


@dataclass(frozen=True)
class Visit:
    """What was seen of a page when it was opened for the first time."""

    complaints: list[str]
    width: int
    asked: list[str]
    shifted: float
    small: list[str]


@pytest.fixture(scope="module")
def seen():
    """What was seen of the pages that were opened before."""
    return {}


@pytest.fixture
def first_visit(visit, seen):
    """What is seen of a page, which is opened once for all tests that ask."""

    def of(name):
        if name not in seen:
            page, complaints = visit(name)
            asked = page.evaluate("performance.getEntries().map((one) => one.name)")
            width = page.evaluate("document.documentElement.scrollWidth")
            seen[name] = Visit(complaints, width, asked, page.evaluate("window.shifted ?? 0"), page.evaluate(SMALL))
        return seen[name]

    return of


def test_the_book_is_built():
    assert "book/index.html" in PAGES, "the book is not built; run `make build` first"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_no_other_host_logs_no_error_and_does_not_scroll_sideways(first_visit, name):
    assert first_visit(name).complaints == []
    assert first_visit(name).width <= 390


@pytest.mark.parametrize("name", PAGES)
def test_no_letter_is_less_than_10_px_high_on_a_phone(first_visit, name):
    assert first_visit(name).small == []


def weight(asked):
    """Of these files of the site, each compressed as a web host does it, in kilobytes."""
    files = {SITE / url.partition("/some/where/")[2].partition("?")[0] for url in asked}
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files if file.is_file()) / 1000


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("book/")])
def test_the_first_load_of_a_page_is_under_500_kB_compressed(first_visit, name):
    assert 100 < weight(first_visit(name).asked) < 500


WITH_FORMULAS = [name for name in PAGES if 'class="math' in (SITE / name).read_text()]


@pytest.mark.parametrize("name", ["book/n_samples.html"])  # tests/book/test_site.py reads all of them
def test_every_formula_is_there_before_any_script_and_a_screen_reader_can_read_it(browser, address, name):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(address + name)
    formulas = page.locator(".math").count()
    assert formulas == page.locator(".math > mjx-container mjx-assistive-mml > math").count()
    assert formulas == page.locator(".math > mjx-container > mjx-math[aria-hidden=true]").count()
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    context.close()


OUTER_ONES_OPENED = """(fold) => {
    for (let one = fold.parentElement; one; one = one.parentElement) if (one.localName === "details") one.open = true
}"""


def test_a_fold_waits_as_text_and_has_its_formulas_when_it_is_opened(visit):
    page, complaints = visit("book/n_samples.html")
    for kind in ("details.lr-sides", "details.lr-verdict"):
        fold = page.locator(kind).filter(has=page.locator("noscript")).first.element_handle()
        fold.evaluate(OUTER_ONES_OPENED)
        assert fold.query_selector("mjx-container") is None
        fold.query_selector("summary").click()
        page.wait_for_function(
            "(fold) => fold.querySelector('mjx-container') && !fold.querySelector('noscript')", arg=fold
        )
        assert fold.query_selector("mjx-container").bounding_box()["width"] > 5  # the width of a letter
    assert complaints == []


def test_a_wide_formula_of_a_fold_is_reached_by_the_keyboard(visit):
    page, _ = visit("book/n_samples.html")
    page.locator("details.lr-sides").first.evaluate(OUTER_ONES_OPENED)
    page.locator("details.lr-sides summary").first.click()
    wide = page.locator("details.lr-sides[open] mjx-container[tabindex]").first
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize("name", WITH_FORMULAS)
def test_nothing_moves_while_the_page_loads(first_visit, visit, name):
    # On a busy machine a font may come late once; what the page itself moves, it moves again.
    assert first_visit(name).shifted < 0.01 or any(
        visit(name)[0].evaluate("window.shifted ?? 0") < 0.01 for _ in range(4)
    )


def test_the_letters_of_formulas_come_from_the_book_s_own_fonts(visit):
    page, _ = visit("book/n_samples.html")
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate("[...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family)")
    assert {"MJXTEX", "MJXTEX-I", "MJXTEX-S2", "Book Serif"} <= set(loaded)


def test_a_request_to_another_host_would_be_noticed(visit):
    page, complaints = visit("search.html")
    with page.expect_request("https://example.org/"):
        page.evaluate("fetch('https://example.org/').catch(() => 0)")
    assert "asks https://example.org/" in complaints
