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


BEGUN = """fold => ({ focus: document.activeElement === fold.querySelector(".lr-derivation"),
    seen: [...fold.querySelectorAll("li")].filter((one) => one.checkVisibility({ checkVisibilityCSS: true })).length,
    marked: fold.querySelectorAll(".lr-now .lr-changed").length,
    said: fold.querySelector(".lr-unseen").textContent })"""


def test_a_derivation_of_a_chapter_is_played_by_keys_from_its_button_to_its_result(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP, reduced_motion="reduce")
    page.goto(f"{address}book/n_samples.html")
    settle(page)
    fold = page.locator("details.lr-played")
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    fold.locator(".lr-now").wait_for()
    assert not any(
        "pyodide" in one for one in page.evaluate("performance.getEntriesByType('resource').map((x) => x.name)")
    )
    began = fold.evaluate(BEGUN)
    assert (began["focus"], began["seen"], began["marked"]) == (True, 1, 0)
    assert began["said"].startswith("Line 1 of ") and ", by definition: L:=" in began["said"]
    whole = fold.locator("li").count()
    printed = fold.locator("li:not(.lr-between)").count()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    third = fold.evaluate(BEGUN)
    assert third["said"].startswith(f"Line 3 of {whole}, by linearity: =") and third["marked"] and third["seen"] == 3
    fold.get_by_label("lines between").focus()
    page.keyboard.press("Space")
    fourth = fold.evaluate(BEGUN)
    assert fourth["said"].startswith(f"Line 3 of {printed}, by linearity, sum rule: =") and fourth["marked"]
    page.keyboard.press("End")
    assert fold.evaluate(BEGUN)["seen"] == printed
    assert fold.locator(".lr-now a").get_attribute("href") == "#equation-n-gradient"
    fold.get_by_label("shapes").check()
    shapes = fold.locator(".lr-now .lr-shaped > small").all_inner_texts()
    assert shapes == ["M×1", "M×N", "N×1", "N×1"]  # w, X transposed, and two columns; not those of entries
    assert fold.locator("mjx-msub .lr-shaped").count() == 0
    fold.get_by_label("shapes").uncheck()
    assert fold.locator(".lr-shaped").count() == 0
    fold.locator(".lr-derivation").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= DESKTOP["width"]
    page.emulate_media(media="print")
    assert fold.evaluate(BEGUN)["seen"] == printed and fold.locator(".lr-playing").is_hidden()
    assert complaints == []


def test_a_derivation_of_a_chapter_is_played_by_a_finger(page_in, address):
    page, complaints = page_in(address, **TOUCHED)
    page.goto(f"{address}book/closed_form.html")
    settle(page)
    fold = page.locator("details.lr-played").first
    fold.locator("summary").tap()
    lines = fold.locator("li")
    fold.locator(".lr-now").wait_for()
    box = fold.locator(".lr-lines").bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + 20
    hand = Hand(page)
    hand.drag(at, (at[0] - 90, at[1]))
    assert lines.nth(1).get_attribute("aria-current") == "step"
    fold.get_by_role("button", name="next line").tap()
    assert lines.nth(2).get_attribute("aria-current") == "step" and lines.nth(2).locator(".lr-changed").count()
    lines.nth(1).tap(position={"x": 2, "y": 8})
    assert lines.nth(1).get_attribute("aria-current") == "step"
    fold.get_by_role("button", name="play the derivation").tap()
    fold.get_by_role("button", name="pause").tap()
    assert lines.nth(2).get_attribute("aria-current") == "step", "it has begun with the next line"
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert complaints == []
