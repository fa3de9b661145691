"""A mouse on what is dragged, slid and pressed: it moves while the button is down, and not before or after."""

import numpy as np
import pytest
from controls import made, said, state
from fingers import middle, with_all

RINGS = [
    ("samples", "sample 2", "XY"),
    ("samples", "w and b", "wb"),
    ("columns", None, "w"),
    ("secant", None, "w"),
    ("partials", None, "st"),
]
SLIDERS = [
    ("samples", "samples added", "step"),
    ("columns", "angle between the columns", "angle"),
    ("secant", "distance h", "h"),
]


@pytest.fixture(scope="module")
def desk(browser, controls):
    with with_all(browser, controls, viewport={"width": 1000, "height": 900}) as page:
        yield page


def at_hand(node):
    node.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    return middle(node)


@pytest.mark.parametrize(("name", "label", "keys"), RINGS)
def test_a_mouse_drags_a_ring_while_its_button_is_down(desk, name, label, keys):
    ring = desk.locator(f"#{name} " + (f"[aria-label='{label}']" if label else ".lr-handle"))

    def places():
        return [state(desk, name, key) for key in keys]

    x, y = at_hand(ring)
    before = places()
    desk.mouse.move(x, y)
    desk.mouse.move(x + 15, y + 10)
    assert places() == before
    desk.mouse.move(x, y)
    desk.mouse.down()
    desk.mouse.move(x + 15, y - 10, steps=3)
    during = places()
    assert during != before
    desk.mouse.move(x + 24, y - 16)
    assert places() != during
    desk.mouse.up()
    after, words = places(), said(desk, name)
    desk.mouse.move(x - 40, y + 30, steps=3)
    assert (places(), said(desk, name)) == (after, words)
    assert middle(ring)[0] == pytest.approx(x + 24, abs=2)


@pytest.mark.parametrize(("name", "label", "key"), SLIDERS)
def test_a_mouse_slides_to_where_it_goes(desk, name, label, key):
    slider = desk.locator(f"#{name} [aria-label='{label}']")
    slider.press("Home")
    before, words = state(desk, name, key), said(desk, name)
    at_hand(slider)
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    desk.mouse.move(box["x"] + 9, y)
    desk.mouse.down()
    desk.mouse.move(box["x"] + 0.6 * box["width"], y, steps=3)
    desk.mouse.up()
    share = slider.evaluate("(node) => (node.value - node.min) / (node.max - node.min)")
    assert share == pytest.approx(0.6, abs=0.11)  # the samples added are five
    assert state(desk, name, key) > before and said(desk, name) != words


def test_a_mouse_takes_the_step_that_all_samples_ask_for(desk):
    desk.locator("#samples [aria-label='samples added']").press("End")
    widget = made()["samples"]
    widget.X, widget.Y, widget.w, widget.b = (state(desk, "samples", key) for key in ("X", "Y", "w", "b"))
    wanted = np.array([widget.w, widget.b]) - widget.rate * 2 / 5 * widget.sums[-1]
    desk.locator("#samples button", has_text="take this step").click()
    np.testing.assert_allclose([state(desk, "samples", key) for key in "wb"], wanted, rtol=1e-12)


def test_a_mouse_goes_to_the_minimum_of_the_columns(desk):
    desk.locator("#columns [aria-label='angle between the columns']").fill("40")
    desk.locator("#columns button", has_text="to the minimum").click()
    widget = made()["columns"]
    widget.angle = 40
    np.testing.assert_allclose(state(desk, "columns", "w"), widget.best, rtol=1e-12)


def test_a_mouse_chooses_features_and_the_row(desk):
    boxes = desk.locator("#houses input")
    for box, key, value in ((1, "chosen", [0]), (2, "whole", False), (1, "chosen", [0, 1]), (2, "whole", True)):
        words = said(desk, "houses")
        boxes.nth(box).click()
        assert state(desk, "houses", key) == value and said(desk, "houses") != words


def test_a_mouse_chooses_an_entry_of_the_product_and_passing_over_chooses_none(desk):
    cells = desk.locator("#product [role=gridcell]")
    cells.nth(3).hover()
    before = state(desk, "product", "entry")
    cells.nth(2).hover()
    assert state(desk, "product", "entry") == before
    cells.nth(3).click()
    assert state(desk, "product", "entry") == [1, 1]
