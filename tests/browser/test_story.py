"""Controls that go with the text as one reads on: the wheel, keys, a phone, no motion, no scripts, paper."""

import pytest
from hosts import DESKTOP, PHONE, frames, settle
from playwright.sync_api import expect

STILL = "() => getComputedStyle(document.querySelector('.cell:has(+ .story)')).position"
STEP = "() => document.querySelector('.cell:has(+ .story) lr-control').model.get('step')"
# Where a story is, and what the control says at its beginning and at its end.
STORIES = {
    "rows": ("n_samples", "#row-by-row", "Nothing is added yet", "Xᵀ times r is (1, 6)"),
    "standardising": (
        "descent",
        "#the-valley-turns-round",
        "As it was measured: mean 1.5",
        ": 1 step leaves a thousandth",
    ),
}


@pytest.fixture
def reading(page_in, address):
    def go(module="rows", **options):
        chapter, heading, *_ = STORIES[module]
        page, complaints = page_in(address, **options)
        page.goto(f"{address}book/{chapter}.html")
        page.locator(heading).evaluate("(one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 600)")
        page.wait_for_selector(f"lr-control[module={module}] .lr-said")
        settle(page)
        return page, complaints

    return go


def reads_on(page, turn):
    """The steps that are seen one after another until the story has passed; at each the control and its text are."""
    control, steps, seen = page.locator(".cell:has(+ .story) lr-control"), page.locator(".story > p"), []
    page.wait_for_function("document.querySelector('.story-moves')")
    for _ in range(80):
        step = page.evaluate(STEP)
        now = page.locator(".story-now")
        if seen[-1:] != [step]:
            seen.append(step)
        if step:
            box, text = control.bounding_box(), now.bounding_box()
            assert box["y"] > 0 and box["y"] + box["height"] < page.viewport_size["height"]
            beside = text["x"] + text["width"] <= box["x"] or text["y"] + text["height"] > box["y"] + box["height"]
            assert beside, "the text that is read lies behind the control"
        if step == steps.count() - 1:
            break
        before = page.evaluate("scrollY")
        for waited in range(200):
            if waited % 40 == 0:
                turn()
            frames(page, 4)
            if page.evaluate("scrollY") > before:
                break
    return seen


@pytest.mark.parametrize(("module", "view"), [("rows", DESKTOP), ("rows", PHONE), ("standardising", PHONE)])
def test_the_wheel_takes_it_step_by_step_and_the_control_stays_beside_its_text(reading, module, view):
    page, complaints = reading(module, viewport=view)
    said = page.locator(f"lr-control[module={module}] .lr-said")
    *_, first, last = STORIES[module]
    assert first in said.inner_text()
    page.mouse.move(330, 700)
    assert reads_on(page, lambda: page.mouse.wheel(0, 80)) == list(range(page.locator(".story > p").count()))
    expect(said).to_contain_text(last)
    assert complaints == []


def test_keys_take_it_step_by_step_and_it_goes_back_as_one_scrolls_back(reading):
    page, _ = reading("standardising", viewport={"width": 1280, "height": 800})
    assert reads_on(page, lambda: page.keyboard.press("ArrowDown")) == [0, 1, 2, 3, 4]
    page.locator(".story > p").first.evaluate("(one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 390)")
    expect(page.locator("lr-control[module=standardising] .lr-said")).to_contain_text("As it was measured: mean 1.5")


@pytest.mark.parametrize(("module", "last"), [("rows", 5), ("standardising", 4)])
def test_where_motion_is_unwelcome_it_stands_still_and_steps_by_hand(reading, module, last):
    page, _ = reading(module, viewport=DESKTOP, reduced_motion="reduce")
    assert page.evaluate(STEP) == last
    page.mouse.move(330, 700)
    page.mouse.wheel(0, 700)
    page.wait_for_function("document.querySelector('.story').getBoundingClientRect().top < 450")
    settle(page)
    assert page.evaluate(STEP) == last
    page.locator(f"lr-control[module={module}] [aria-label='one step back']").press("Enter")
    assert page.evaluate(STEP) == last - 1


@pytest.mark.parametrize(
    ("module", "last", "words"),
    [("rows", 5, "X^T r = (1, 6)"), ("standardising", 4, "condition number of the valley is 1.")],
)
def test_paper_has_the_last_state_and_a_page_without_scripts_says_it(reading, browser, address, module, last, words):
    page, _ = reading(module, viewport=DESKTOP)
    page.wait_for_function(f"({STEP})() === 0")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(STEP) == last  # at once: paper does not wait
    page.emulate_media(media="print")
    above, below = page.locator(".cell:has(+ .story)").bounding_box(), page.locator(".story").bounding_box()
    assert above["y"] + above["height"] <= below["y"] and page.evaluate(STILL) == "static"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(STEP) == 0
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}book/{STORIES[module][0]}.html")
    assert words in page.locator(f"lr-control[module={module}]").inner_text()
    context.close()
