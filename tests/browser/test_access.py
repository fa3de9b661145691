"""Readers who hear the page, use no mouse, or see it in the dark: axe finds nothing to object to on any page."""

import re

import pytest
from hosts import DESKTOP, PAGES, PHONE, ROOT, SITE, settle

AXE = ROOT / "book" / "_front" / "node_modules" / "axe-core" / "axe.min.js"
SETTINGS = [(size, scheme) for size in (DESKTOP, PHONE) for scheme in ("light", "dark")]
KINDS = ["book/index.html", "book/n_samples.html"]  # each setting for the front page and a chapter with controls
VISITS = [(name, *setting) for name in KINDS for setting in SETTINGS]
VISITS += [(name, *SETTINGS[number % 4]) for number, name in enumerate(PAGES) if name not in KINDS]
UNFOLD = """for (const fold of document.querySelectorAll("details")) fold.open = true
    for (const fold of document.querySelectorAll(".toggle-hidden")) fold.classList.remove("toggle-hidden")"""
# Each formula is made by one function, in two forms: on one page axe looks into them, elsewhere at what stands around
# them. They are nine tenths of a page, so that it comes with a letter inside each.
INSIDES = re.compile(r"(<mjx-math[^>]*>).*?(?=</mjx-math>)", re.S)
SPOKEN = re.compile(r"(<mjx-assistive-mml[^>]*><math[^>]*>).*?(?=</math>)", re.S)
WHOLE = [("book/n_samples.html", DESKTOP, "light"), ("book/n_samples.html", PHONE, "dark")]
GREY = "<p style=color:#aaa>pale<img src=a.png>"
FOUND = """axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.html.slice(0, 120)}`)))"""


def without_insides(page, url, name):
    """Let the page come with a letter for what is inside each formula."""
    body = SPOKEN.sub(r"\1<mi>f</mi>", INSIDES.sub(r"\1f", (SITE / name).read_text(encoding="utf-8")))
    page.route(url, lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))


@pytest.fixture
def looked_at(page_in, address):
    def go(name, size, scheme, whole=False):
        page, _ = page_in(address, viewport=size, color_scheme=scheme, reduced_motion="reduce")
        if not whole and (name, size, scheme) not in WHOLE:
            without_insides(page, address + name, name)
        page.goto(address + name, wait_until="load")
        settle(page)
        page.evaluate(UNFOLD)
        page.add_script_tag(path=AXE)
        return page

    return go


@pytest.mark.parametrize(
    ("name", "size", "scheme"), VISITS, ids=[f"{name} {size['width']} {scheme}" for name, size, scheme in VISITS]
)
def test_axe_finds_no_violation(looked_at, name, size, scheme):
    assert looked_at(name, size, scheme).evaluate(FOUND) == []


def test_axe_would_find_a_grey_word_and_a_picture_without_words(looked_at):
    page = looked_at("book/index.html", DESKTOP, "light")
    page.evaluate(f"document.querySelector('article h2').insertAdjacentHTML('afterend', '{GREY}')")
    assert {one.partition(":")[0] for one in page.evaluate(FOUND)} == {"color-contrast", "image-alt"}


def test_a_wide_equation_is_reached_by_the_keyboard_and_a_narrow_one_is_no_stop(looked_at):
    page = looked_at("book/n_samples.html", PHONE, "light", whole=True)
    wide, narrow = page.locator("#equation-n-chain > mjx-container"), page.locator("#equation-n-model > mjx-container")
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert wide.get_attribute("aria-label")
    assert narrow.get_attribute("tabindex") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_where_cells_can_be_edited(page_in, address, scheme):
    page, _ = page_in(address, viewport=DESKTOP, color_scheme=scheme, reduced_motion="reduce", service_workers="block")
    without_insides(page, f"{address}book/n_samples.html", "book/n_samples.html")
    page.goto(f"{address}book/n_samples.html")
    page.click(".run-code")
    page.wait_for_selector(".run-editor .cm-content")
    page.wait_for_selector(".run-bar")
    page.add_script_tag(path=AXE)
    assert page.evaluate(FOUND) == []
