"""Derivations in the page: written on demand, played by key and by finger, opened from an equation's mark."""

import pytest
from fingers import TOUCHED, Hand
from hosts import DESKTOP, complaints_of, settle

PARTS = """() => ({ now: [...document.querySelectorAll(".lr-lines > li")].findIndex((one) => one.matches(".lr-now")),
    marked: [...document.querySelectorAll(".lr-lines > li")].map((one) => one.querySelectorAll(".lr-changed").length),
    said: document.querySelector(".lr-derivation .lr-unseen").textContent })"""


@pytest.fixture(scope="module")
def writer(browser, address):
    """One page *Derive anything* for all of these tests, and what the browser complains about."""
    page = browser.new_context(viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"]).new_page()
    complaints = complaints_of(page, address)
    page.goto(f"{address}book/derive.html")
    settle(page)
    page.wait_for_selector(".lr-lines mjx-container")
    yield page, complaints
    page.context.close()
    assert complaints == []


def test_the_derivation_is_there_without_python_and_played_by_keys(writer):
    page, _ = writer
    assert not any(
        "pyodide" in one for one in page.evaluate("performance.getEntriesByType('resource').map((x) => x.name)")
    )
    page.locator(".lr-derivation").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    played = page.evaluate(PARTS)
    assert played["now"] == 2
    assert played["marked"][1] and played["marked"][2] and not played["marked"][0] and not played["marked"][3]
    assert played["said"].startswith("Line 3 of 4, by chain rule: ")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(PARTS)["now"] == 1
    page.keyboard.press("Escape")
    assert page.evaluate(PARTS) == {"now": -1, "marked": [0, 0, 0, 0], "said": ""}


def test_one_line_after_the_other_is_seen_and_on_paper_all_of_them(writer):
    page, _ = writer
    page.get_by_role("button", name="first line").click()
    page.get_by_role("button", name="next line").click()
    seen = "all => all.map((one) => getComputedStyle(one).visibility === 'visible')"
    lines = page.locator(".lr-lines > li")
    assert lines.evaluate_all(seen) == [True, True, False, False]
    page.emulate_media(media="print")
    assert lines.evaluate_all(seen) == [True] * 4
    assert page.locator(".lr-playing").is_hidden()
    page.emulate_media(media="screen")


def test_a_loss_that_is_typed_is_derived_and_its_link_leads_to_it(writer):
    page, _ = writer
    page.locator("textarea.lr-typed").fill(r"u^\top A w")
    page.get_by_label("by", exact=True).fill("A")
    page.get_by_role("button", name="Derive it").click()
    page.wait_for_function("document.querySelectorAll('.lr-lines > li').length === 2", timeout=90_000)
    assert page.locator(".lr-lines .lr-rule").all_inner_texts() == ["derivative of a linear form"]
    page.wait_for_function("location.hash.startsWith('#derive=')")
    page.get_by_role("button", name="Copy as Markdown").click()
    page.wait_for_function(
        "navigator.clipboard.readText().then((text) => text.includes('*derivative of a linear form*'))"
    )
    link = page.url
    page.locator("textarea.lr-typed").fill("w +")
    page.get_by_role("button", name="Derive it").click()
    page.locator(".lr-refused", has_text="not understood").wait_for()
    page.evaluate("link => { location.hash = new URL(link).hash }", link)
    page.wait_for_function("document.querySelector('textarea.lr-typed').value === 'u^\\\\top A w'")
    page.wait_for_selector(".lr-lines > li:nth-child(2)")
    page.evaluate("location.hash = '#derive=nothing'")
    page.locator(".lr-refused", has_text="does not hold a derivation").wait_for()


def test_the_mark_opens_into_the_proof_which_a_finger_plays_and_can_be_changed(page_in, address):
    page, complaints = page_in(address, **TOUCHED)
    page.goto(f"{address}book/many_outputs.html")
    settle(page)
    mark = page.locator("details.lr-verdict", has=page.locator("summary", has_text="entry of a sum")).first
    mark.locator("summary").tap()
    lines = mark.locator(".lr-lines > li")
    lines.first.wait_for()
    mark.get_by_role("button", name="first line").tap()
    box = lines.first.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    hand = Hand(page)
    hand.drag(at, (at[0] - 90, at[1]))
    assert lines.nth(1).get_attribute("aria-current") == "step"
    assert lines.nth(1).locator(".lr-changed").count()
    hand.drag(at, (at[0], at[1] + 60))
    assert lines.nth(1).get_attribute("aria-current") == "step", "a finger that scrolls the page plays nothing"
    lines.first.tap()
    assert lines.first.get_attribute("aria-current") == "step"
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    mark.get_by_role("link", name="try to break it").tap()
    page.wait_for_url("**/check.html#check=*")
    page.locator(".lr-step[data-verdict=PROVED]").first.wait_for(timeout=90_000)
    assert complaints == []
