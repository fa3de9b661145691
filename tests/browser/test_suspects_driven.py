"""Lines are suspected by keyboard and finger, and print open; counterexamples are typed and computed."""

from hosts import DESKTOP, PHONE


def test_a_right_suspicion_opens_what_is_so_a_wrong_one_does_not_and_the_mark_is_kept(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/n_samples.html")
    box = page.locator("#line-a8")
    fold, said = box.locator("details"), box.locator(":scope > output")
    box.get_by_role("radio", name="a sign").focus()
    page.keyboard.press("Space")
    assert said.inner_text() == "That is not it. Look again, or read on."
    assert not fold.evaluate("fold => fold.open")
    page.keyboard.press("ArrowDown")
    assert said.inner_text() == "That is it. Here is why."
    assert fold.evaluate("fold => fold.open")
    fold.get_by_text("✓ proved, then ✗ makes no sense").wait_for()
    assert "As printed: 2.5, 5.5. Measured: 3.5, 5." in fold.inner_text()
    assert fold.locator("mjx-container").last.is_visible()
    page.reload()
    assert box.get_by_role("radio", name="an index").is_checked()
    assert page.locator("#line-a9").get_by_role("radio", checked=True).count() == 0
    assert complaints == []


def test_lines_are_suspected_by_finger_on_a_phone_read_without_scripts_and_print_open(page_in, address):
    page, complaints = page_in(address, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{address}book/many_outputs.html")
    box = page.locator("#line-b10")
    box.get_by_text("a sign").tap()
    assert box.locator("details").evaluate("fold => fold.open")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".suspect details[open]").count() == page.locator(".suspect").count()
    assert page.locator(".suspect noscript").count() == 0
    plain, _ = page_in(address, viewport=PHONE, java_script_enabled=False)
    plain.goto(f"{address}book/one_sample.html")
    plain.locator("#line-a2 summary").click()
    assert plain.locator("#line-a2 details").get_by_text("-1", exact=True).is_visible()


def test_a_counterexample_is_computed_and_only_one_that_refutes_counts(page_in, address):
    page, complaints = page_in(address, viewport=PHONE)
    page.goto(f"{address}book/many_outputs.html")
    ask = page.locator(".exercise", has_text="does not depend on the order of its factors")
    fields, said = ask.get_by_role("textbox"), ask.locator("output")
    assert fields.count() == 12
    assert fields.nth(5).get_attribute("aria-label") == "B, row 1, column 2"
    fields.nth(0).fill("1")
    fields.nth(0).press("Enter")
    said.filter(has_text="A wants a number in each field").wait_for()
    for place, number in enumerate((1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1)):
        fields.nth(place).fill(str(number))
    fields.nth(11).press("Enter")
    said.filter(has_text="Both orders give 0.").wait_for()
    assert page.locator(".answers-kept").inner_text().startswith("0 of the ")
    fields.nth(11).fill("0")
    fields.nth(10).fill("1")
    fields.nth(10).press("Enter")
    said.filter(has_text="These numbers refute it.").wait_for()
    assert page.locator(".answers-kept").inner_text().startswith("1 of the ")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_of_an_exercise_in_two_parts_each_is_solved_by_itself(page_in, address):
    page, complaints = page_in(address, viewport=DESKTOP)
    page.goto(f"{address}book/descent.html")
    ask = page.locator(".exercise", has_text="so the best rate is a hundredth of")
    ask.get_by_role("radio").nth(2).check()
    said = ask.locator("output")
    assert said.all_inner_texts() == ["Right.", ""]
    page.reload()
    assert said.all_inner_texts() == ["You have solved this one.", ""]
    ask.get_by_role("textbox").fill("2/101")
    ask.get_by_role("textbox").press("Enter")
    assert said.all_inner_texts()[1] == "Right."
    assert complaints == []
