"""Exercises are answered on the page, and what was solved stays on the reader's machine."""

from hosts import DESKTOP, PHONE


def test_a_number_is_judged_with_its_unit_and_kept(page_in, address):
    page, complaints = page_in(address, viewport=PHONE)
    page.goto(f"{address}book/one_sample.html")
    count = page.locator(".answers-kept")
    assert count.inner_text().startswith("0 of the ")
    ask = page.locator(".exercise", has_text="A weight is measured in USD per square foot")
    field, said = ask.get_by_role("textbox"), ask.locator("output")
    for typed, words in (
        ("-6000000 USD sqft", "The size is right, the sign is not."),
        ("3e6 USD sqft", "Half of what it should be. Where did a 2 go?"),
        ("12,000,000", "Twice too large. Is there a 2 or a half that should not be there?"),
        ("6000000", "The number is right. What is its unit?"),
        ("6000000 USD", "The number is right, the unit is not."),
        ("about six", "That is not a number. Write one, such as -1.5 or 3/2."),
        ("6 000 000 $ · square feet", "Right."),
    ):
        field.fill(typed)
        field.press("Enter")
        assert said.inner_text() == words, typed
    assert count.inner_text().startswith("1 of the ")
    page.reload()
    assert ask.locator("output").inner_text() == "You have solved this one."
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_a_choice_is_made_by_mouse_or_keys_and_only_the_right_one_counts(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/graph.html")
    ask = page.locator(".exercise", has_text="gradient of the cross-entropy with respect to the scores")
    choices, said = ask.get_by_role("radio"), ask.locator("output")
    assert choices.count() == 3
    choices.nth(0).check()
    assert said.inner_text() == "Not this one."
    assert page.locator(".answers-kept").inner_text().startswith("0 of the ")
    choices.nth(0).press("ArrowDown")
    assert said.inner_text() == "Right."
    assert page.locator(".answers-kept").inner_text().startswith("1 of the ")
    assert complaints == []
