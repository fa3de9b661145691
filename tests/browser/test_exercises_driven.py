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


# ---------------------------------------------------------------------- derivations with blank lines


def derivation(page, number):
    """The derivation that is number ``number`` of its page, when it is drawn."""
    found = page.locator("lr-control[module=blanks]").nth(number)
    found.locator("[role=group]").first.wait_for()
    return found


def right(exercise, place):
    exercise.locator(".lr-blanks > li").nth(place).locator("output .lr-right").wait_for(timeout=90_000)


def test_blank_lines_are_proved_by_keyboard_and_kept(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/one_sample.html")
    exercise = derivation(page, 1)
    fields, said = exercise.locator("input"), exercise.locator("output")
    assert fields.count() == 2
    assert exercise.locator(".lr-blanks > li").count() == 4
    fields.nth(0).focus()
    page.keyboard.type(r"2 (y - \hat y) \frac{\partial \hat y}{\partial b}")
    page.keyboard.press("Enter")
    said.nth(0).locator("p", has_text="a wrong sign").wait_for(timeout=90_000)
    assert said.nth(0).locator("summary").all_inner_texts() == ["Numbers that show it", "What would mend it"]
    fields.nth(0).fill("-2 * (y - y_hat) * jac(y_hat, b)")
    right(exercise, 2)  # as one types: no key and no button
    fields.nth(0).press("Enter")
    page.wait_for_function("document.activeElement.getAttribute('aria-label') === 'line 4, blank'")
    page.keyboard.type(r"\frac{\partial \hat y}{\partial b} (2 \hat y - 2 y)")
    page.keyboard.press("Enter")
    said.nth(1).locator("p", has_text="there is a derivative in it").wait_for()
    fields.nth(1).fill(r"2 (\hat y - y)")
    fields.nth(1).press("Enter")
    exercise.locator(".lr-progress", has_text="Every line is proved.").wait_for()
    assert page.locator(".answers-kept").inner_text().startswith("1 of the ")
    page.reload()
    exercise = derivation(page, 1)
    assert exercise.locator("input").nth(0).input_value() == "-2 * (y - y_hat) * jac(y_hat, b)"
    assert exercise.locator(".lr-blanks > li[data-right]").count() == 2
    assert page.locator(".answers-kept").inner_text().startswith("1 of the ")
    exercise.get_by_role("button", name="Begin again").click()
    assert exercise.locator("input").nth(0).input_value() == ""
    assert complaints == []


def test_hints_of_a_blank_grow_stronger_and_the_first_gives_no_formula(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/one_sample.html")
    exercise = derivation(page, 2)
    hints = exercise.locator(".lr-next-hint")
    hint = exercise.get_by_role("button", name="A hint")
    hint.click()
    hints.first.wait_for(timeout=90_000)
    assert hints.count() == 1
    assert hints.nth(0).inner_text().startswith("The next rule: ")
    assert hints.nth(0).locator(".lr-formula").count() == 0
    hint.click()
    hint.click()
    assert hints.last.locator(".lr-formula").count() == 1
    exercise.locator("input").first.fill("x")
    assert hints.count() == 0
    jump = r"(w^\top x - y) x + \lambda w"
    exercise.locator("input").first.fill(jump)
    exercise.locator("input").first.press("Enter")
    exercise.locator("output p", has_text="a jump of").wait_for()
    assert complaints == []


def test_a_derivation_is_done_by_thumb_on_a_phone(page_in, address):
    page, complaints = page_in(address, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{address}book/one_sample.html")
    exercise = derivation(page, 1)
    field = exercise.locator("input").first
    field.tap()
    keys = exercise.locator(".lr-keys")
    assert keys.is_visible()
    keys.get_by_role("button", name="put in \\frac{}{}").tap()
    assert field.input_value() == r"\frac{}{}"
    page.keyboard.type("x")
    assert field.input_value() == r"\frac{x}{}"
    field.fill(r"2 (\hat y - y)")
    exercise.get_by_role("button", name="Check").first.tap()
    right(exercise, 2)
    right(exercise, 3)  # it says the next line, too
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_a_derivation_to_follow_is_played_and_the_lines_are_there_without_python(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/one_sample.html")
    exercise = derivation(page, 0)
    assert (
        exercise.locator(".lr-rule").all_inner_texts()[-1]
        == "the bias is a constant here, and the rest is linear in the weights"
    )
    exercise.locator(".lr-derivation").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert exercise.locator("li.lr-now").count() == 1
    assert page.evaluate("performance.getEntriesByType('resource').every((one) => !one.name.includes('pyodide'))")
    solution = derivation(page, 1).locator("details.lr-fold")
    solution.locator("summary").click()
    assert solution.locator("li").count() == 4
    assert complaints == []
