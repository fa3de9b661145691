"""A sum that becomes a product as one reads on: the wheel, keys, a phone, no motion, no scripts, paper."""

import pytest
from hosts import DESKTOP, PHONE, frames, settle

STILL = "() => getComputedStyle(document.querySelector('.cell:has(+ .story)')).position"
STEP = "() => document.querySelector('lr-control[module=rows]').model.get('step')"


@pytest.fixture
def reading(page_in, address):
    def go(**options):
        page, complaints = page_in(address, **options)
        page.goto(f"{address}book/n_samples.html")
        page.locator("#row-by-row").evaluate("(one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 600)")
        page.wait_for_selector("lr-control[module=rows] .lr-said")
        settle(page)
        return page, complaints

    return go


def reads_on(page, turn):
    """The steps that are seen one after another until the story has passed; at each the control and its text are."""
    control, steps, seen = page.locator("lr-control[module=rows]"), page.locator(".story > p"), []
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


@pytest.mark.parametrize("view", [DESKTOP, PHONE])
def test_the_wheel_adds_row_after_row_and_the_control_stays_beside_its_text(reading, view):
    page, complaints = reading(viewport=view)
    page.mouse.move(330, 700)
    assert reads_on(page, lambda: page.mouse.wheel(0, 80)) == [0, 1, 2, 3, 4, 5]
    assert "Xᵀ times r is (1, 6)" in page.locator("lr-control[module=rows] .lr-said").inner_text()
    assert complaints == []


def test_keys_add_row_after_row_too(reading):
    page, _ = reading(viewport=DESKTOP)
    assert reads_on(page, lambda: page.keyboard.press("ArrowDown")) == [0, 1, 2, 3, 4, 5]


def test_where_motion_is_unwelcome_it_stands_still_and_steps_by_hand(reading):
    page, _ = reading(viewport=DESKTOP, reduced_motion="reduce")
    assert page.evaluate(STEP) == 5
    page.mouse.move(330, 700)
    page.mouse.wheel(0, 700)
    page.wait_for_function("document.querySelector('.story').getBoundingClientRect().top < 450")
    settle(page)
    assert page.evaluate(STEP) == 5
    page.locator("lr-control[module=rows] [aria-label='one step back']").press("Enter")
    assert page.evaluate(STEP) == 4


def test_paper_has_the_product_and_a_page_without_scripts_says_it(reading, browser, address):
    page, _ = reading(viewport=DESKTOP)
    page.wait_for_function(f"({STEP})() === 0")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(STEP) == 5
    page.emulate_media(media="print")
    above, below = page.locator(".cell:has(+ .story)").bounding_box(), page.locator(".story").bounding_box()
    assert above["y"] + above["height"] <= below["y"] and page.evaluate(STILL) == "static"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(STEP) == 0
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}book/n_samples.html")
    assert "X^T r = (1, 6)" in page.locator("lr-control[module=rows]").inner_text()
    context.close()
