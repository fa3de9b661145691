"""The table of symbols is one line, and a symbol is explained where it stands in a formula."""

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
