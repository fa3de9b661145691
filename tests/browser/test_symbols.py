"""The table of symbols is one line, and a symbol is explained where it stands in a formula."""

from fingers import TOUCHED, Hand
from hosts import DESKTOP


def test_the_table_unfolds_and_a_symbol_says_what_it_stands_for_under_the_mouse(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/n_samples.html")
    fold = page.locator("details.symbols")
    assert fold.locator("summary").inner_text().startswith("15 symbols")
    assert fold.bounding_box()["height"] < 60
    page.locator("#equation-n-model-index .mjx-c1D464").first.hover()
    tip = page.locator(".symbol-tip")
    assert "weights" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    fold.locator("summary").press("Enter")
    assert fold.locator("tbody tr").first.is_visible()
    assert complaints == []


def test_a_finger_on_a_symbol_says_what_it_stands_for_and_elsewhere_closes_it(page_in, address):
    page, complaints = page_in(address, **TOUCHED)
    page.goto(f"{address}book/n_samples.html")
    page.wait_for_selector(".symbol-tip", state="attached")
    hand, tip = Hand(page), page.locator(".symbol-tip")
    hand.tap(page.locator("#equation-n-jacobian .mjx-c1D464").first)
    assert "weights" in tip.inner_text()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    hand.tap(page.locator("#equation-n-jacobian .mjx-c1D44B").first)
    assert "inputs" in tip.inner_text()
    hand.tap(page.locator("#equation-n-jacobian .eqno"))
    assert tip.is_hidden()
    assert complaints == []


def test_the_arrow_keys_walk_through_the_symbols_of_an_equation_from_its_mark(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/n_samples.html")
    mark, tip = page.locator("#equation-n-jacobian + details > summary"), page.locator(".symbol-tip")
    said = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"):
        mark.press(key)
        said.append(tip.inner_text().split("\n")[0])
        assert page.locator(".symbol-here").count() == 1
    prediction, weights, inputs = said[:3]
    assert (weights, said[3:]) == ("weights", [inputs, weights, prediction])
    assert prediction.startswith("predictions")
    assert inputs.startswith("inputs")
    page.keyboard.press("Tab")
    assert tip.is_hidden()
    assert page.locator(".symbol-here").count() == 0
    page.locator("details.symbols > summary").press("ArrowRight")
    assert "samples" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    assert complaints == []
