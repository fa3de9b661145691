"""The search finds words, equations by their names, and symbols as one writes them."""

import pytest

HREFS = "links => links.map((link) => link.href)"


@pytest.fixture
def found(page_in, address):
    """Search for something: the page of results, when they have come."""

    def go(query, wait_for="#places li mjx-container"):
        page, complaints = page_in(address)
        page.goto(address + "search.html")
        page.locator("main input[name=q]").fill(query)
        page.keyboard.press("Enter")
        page.wait_for_selector(wait_for, state="attached", timeout=20_000)
        assert complaints == []
        return page

    return go


def targets(page):
    return page.locator("#places li > a").evaluate_all(HREFS)


FOUND = {
    "normal equations": "closed_form.html#equation-closed-normal",
    "X^T r": "n_samples.html#equation-n-sum-to-product",
    "X.T @ r": "n_samples.html#equation-n-sum-to-product",
    r"X^\top r": "n_samples.html#equation-n-sum-to-product",
    "∂L/∂W": "many_outputs.html#equation-many-gradient",
    "residual": "n_samples.html#equation-n-residual",
    "delta": "n_samples.html#equation-n-delta",
    "W": "many_outputs.html",
}


@pytest.mark.parametrize("query", FOUND)
def test_an_equation_or_a_symbol_is_found_by(found, query):
    places = targets(found(query))
    assert any(place.endswith(FOUND[query]) for place in places), places


def test_the_first_place_for_the_normal_equations_is_where_they_stand(found):
    page = found("normal equations")
    link = page.locator("#places li > a").first
    link.click()
    page.wait_for_load_state()
    place = page.url.partition("#")[2]
    assert page.locator(f"#{place}").is_visible()
    assert place == "equation-closed-normal"


def test_words_are_found_as_well(found):
    page = found("jacobian", wait_for="#search-results li a")
    links = page.locator("#search-results li a").evaluate_all(HREFS)
    assert any("n_samples" in one for one in links)


def test_what_one_searches_for_is_never_markup(found):
    page = found("<img src=x onerror=document.title='broken'> residual", wait_for="#search-results > *")
    assert page.title() != "broken"
    assert page.locator("main img").count() == 0
