"""Real fingers, as the browser's protocol makes them, the wheel and the keyboard, on every control; forced colours."""

import io
import re

import numpy as np
import pytest
from controls import LINE, made, said, state
from fingers import TOUCHED, Hand, middle, with_all
from hosts import complaints_of, places_while
from matplotlib.image import imread

from lrcore.descent import rates

SLIDERS = [
    ("line", "step", "step"),
    ("line", "learning rate", "rate"),
    ("parabola", "learning rate", "rate"),
    ("features", "learning rate", "rate"),
    ("conditioning", "scale of x2", "scale"),
    ("digits", "condition number", "step"),
    ("intervals", "level", "step"),
    ("network", "step", "step"),
    ("samples", "samples added", "step"),
    ("columns", "angle between the columns", "angle"),
    ("secant", "distance h", "h"),
]


@pytest.fixture(scope="module")
def phone(browser, controls):
    with with_all(browser, controls, **TOUCHED) as page:
        yield page


@pytest.fixture(scope="module")
def hand(phone):
    return Hand(phone)


def put_in_the_middle(node):
    node.evaluate("(node) => node.scrollIntoView({ block: 'center' })")


@pytest.mark.parametrize("name", ["parabola", "line", "outputs"])
def test_a_finger_drags_the_start_all_the_way_and_the_page_stays(phone, hand, name):
    ring, plot = phone.locator(f"#{name} .lr-handle").first, phone.locator(f"#{name} svg:has(.lr-handle)").first
    put_in_the_middle(plot)
    before, at = state(phone, name, "start"), hand.scrolled()
    box = plot.bounding_box()
    goal = box["x"] + 0.7 * box["width"], box["y"] + 0.35 * box["height"]
    hand.drag(middle(ring), goal)
    assert hand.scrolled() == at
    assert state(phone, name, "start") != before
    x, y = middle(ring)
    assert x == pytest.approx(goal[0], abs=2)
    if name != "parabola":  # the ring of a parabola stays on it
        assert y == pytest.approx(goal[1], abs=2)


@pytest.mark.parametrize("name", ["parabola", "line", "outputs"])
def test_a_finger_beside_the_start_scrolls_the_page_and_leaves_it(phone, hand, name):
    ring, plot = phone.locator(f"#{name} .lr-handle").first, phone.locator(f"#{name} svg:has(.lr-handle)").first
    put_in_the_middle(plot)
    before, at = state(phone, name, "start"), hand.scrolled()
    box, (x, _) = plot.bounding_box(), middle(ring)
    beside = box["x"] + (0.9 if x < box["x"] + box["width"] / 2 else 0.2) * box["width"]
    hand.drag((beside, box["y"] + 0.6 * box["height"]), (beside, box["y"] + 0.6 * box["height"] - 150))
    assert hand.scrolled() > at + 50
    assert state(phone, name, "start") == before


@pytest.mark.parametrize(("name", "label", "key"), SLIDERS)
def test_a_finger_moves_each_slider_and_the_page_stays(phone, hand, name, label, key):
    slider = phone.locator(f"#{name} [aria-label='{label}']")
    put_in_the_middle(slider)
    slider.press("Home")
    before, at, box = state(phone, name, key), hand.scrolled(), slider.bounding_box()
    y = box["y"] + box["height"] / 2
    hand.drag((box["x"] + 9, y), (box["x"] + 0.6 * box["width"], y))
    share = slider.evaluate("(node) => (node.value - node.min) / (node.max - node.min)")
    assert share == pytest.approx(0.6, abs=0.06)
    assert state(phone, name, key) > before
    assert hand.scrolled() == at


@pytest.mark.parametrize(
    ("name", "key"), [("line", "step"), ("digits", "step"), ("network", "step"), ("samples", "step")]
)
def test_a_tap_takes_one_step_on(phone, hand, name, key):
    hand.tap(phone.locator(f"#{name} [aria-label='back to the start']"))
    hand.tap(phone.locator(f"#{name} [aria-label='one step on']"))
    assert state(phone, name, key) == 1


@pytest.mark.parametrize(
    ("name", "key", "cell"), [("dissector", "entry", 3), ("explorer", "index", 5), ("product", "entry", 3)]
)
def test_a_tap_chooses_an_entry(phone, hand, name, key, cell):
    before = state(phone, name, key)
    hand.tap(phone.locator(f"#{name} [role=gridcell]").nth(cell))
    assert state(phone, name, key) != before


def test_a_finger_drags_one_sample_and_the_sum_follows(phone, hand):
    phone.locator("#samples [aria-label='samples added']").press("End")
    ring = phone.locator("#samples [aria-label='sample 2']")
    put_in_the_middle(ring)
    (X, Y), at, (x, y) = (state(phone, "samples", key) for key in "XY"), hand.scrolled(), middle(ring)
    hand.drag((x, y), (x + 30, y - 40))
    assert hand.scrolled() == at
    X_now, Y_now = (state(phone, "samples", key) for key in "XY")
    assert [i for i in range(5) if X[i] != X_now[i] or Y[i] != Y_now[i]] == [1]
    assert X_now[1][0] > X[1][0]
    assert Y_now[1] > Y[1]
    widget = made()["samples"]
    widget.X, widget.Y = X_now, Y_now
    dw, db = 2 / 5 * widget.sums[-1]
    assert f"∂L/∂w = {float(f'{dw:.4g}'):g}, ∂L/∂b = {float(f'{db:.4g}'):g}" in said(phone, "samples")


def test_samples_are_added_and_moved_by_the_keyboard_and_a_step_is_taken(phone):
    scrub = phone.locator("#samples [aria-label='samples added']")
    scrub.press("Home")
    assert "Nothing is added yet" in said(phone, "samples")
    for step in (1, 2):
        scrub.press("ArrowRight")
        assert phone.locator("#samples .lr-later").count() == 6 * (5 - step)
        assert said(phone, "samples").startswith(f"Sample {step} adds")
    ring = phone.locator("#samples [aria-label='w and b']")
    before = state(phone, "samples", "w")
    ring.press("ArrowRight")
    assert state(phone, "samples", "w") > before
    assert ring.get_attribute("aria-valuetext").startswith("w = ")
    widget = made()["samples"]
    widget.X, widget.Y, widget.w, widget.b = (state(phone, "samples", key) for key in ("X", "Y", "w", "b"))
    phone.locator("#samples button", has_text="take this step").press("Enter")
    wanted = np.array([widget.w, widget.b]) - widget.rate * 2 / 5 * widget.sums[-1]
    np.testing.assert_allclose([state(phone, "samples", key) for key in "wb"], wanted, rtol=1e-12)


def test_a_finger_drags_the_weights_and_the_minimum_leaves_a_right_angle(phone, hand):
    phone.locator("#columns [aria-label='angle between the columns']").fill("60")
    ring, plot = phone.locator("#columns .lr-handle"), phone.locator("#columns svg:has(.lr-handle)")
    put_in_the_middle(plot)
    x, y = middle(ring)
    at = hand.scrolled()
    hand.drag((x, y), (x + 25, y + 25))
    assert hand.scrolled() == at
    widget = made()["columns"]
    widget.angle, widget.w = 60, state(phone, "columns", "w")
    assert widget.w != made()["columns"].w
    cost = ((widget.X @ widget.w - widget.y) ** 2).sum()
    assert f"‖r‖² = {cost:.4g}; " in said(phone, "columns")
    assert "not at a right angle" in said(phone, "columns")
    hand.tap(phone.locator("#columns button", has_text="to the minimum"))
    np.testing.assert_allclose(state(phone, "columns", "w"), widget.best, rtol=1e-12)
    assert "stands at a right angle to both" in said(phone, "columns")


def test_columns_are_turned_into_one_by_the_keyboard_and_the_bowl_flattens(phone):
    slider = phone.locator("#columns [aria-label='angle between the columns']")
    deep = phone.locator("#columns .lr-depth").last
    length = {}
    for key, angle in (("End", 90), ("ArrowLeft", 89), ("Home", 0)):
        slider.press(key)
        assert state(phone, "columns", "angle") == angle
        box = deep.evaluate("(one) => { const { width, height } = one.getBBox(); return [width, height]; }")
        length[angle] = np.hypot(*box)
    assert length[0] > 8 * length[90]
    assert "The columns are one" in said(phone, "columns")
    assert slider.get_attribute("aria-valuetext") == "0°, condition number of XᵀX ∞"


@pytest.mark.parametrize(("name", "keys"), [("secant", "w"), ("partials", "st")])
def test_a_finger_drags_a_point_and_its_slopes_are_lrcores(phone, hand, name, keys):
    ring = phone.locator(f"#{name} .lr-handle")
    put_in_the_middle(ring)
    before, at, (x, y) = [state(phone, name, key) for key in keys], hand.scrolled(), middle(ring)
    hand.drag((x, y), (x + 30, y - 20))
    assert hand.scrolled() == at
    widget = made()[name]
    for key in keys:
        setattr(widget, key, state(phone, name, key))
    assert [getattr(widget, key) for key in keys] != before
    for slope in [widget.slope] if name == "secant" else widget.gradient:
        assert f"= {float(f'{slope:.4g}'):g}" in said(phone, name)


def test_the_secant_becomes_the_tangent_by_the_keyboard(phone):
    slider, ring = phone.locator("#secant [aria-label='distance h']"), phone.locator("#secant .lr-handle")
    slider.press("Home")
    assert "what is left is the tangent" in said(phone, "secant")
    tangent, secant = (phone.locator(f"#secant {kind}").get_attribute("d") for kind in (".lr-slope", ".lr-rest"))
    assert tangent == secant
    slider.press("ArrowRight")
    assert "greater by h x² = 0.04." in said(phone, "secant")
    assert phone.locator("#secant .lr-rest").get_attribute("d") != secant
    w = state(phone, "secant", "w")
    ring.press("ArrowLeft")
    assert state(phone, "secant", "w") < w


def test_a_point_of_the_plane_is_moved_by_the_keyboard(phone):
    ring = phone.locator("#partials .lr-handle")
    s, t = (state(phone, "partials", key) for key in "st")
    ring.press("ArrowUp")
    assert (state(phone, "partials", "s"), state(phone, "partials", "t") > t) == (s, True)
    assert ring.get_attribute("aria-valuetext").startswith("s = ")


def test_an_entry_of_the_product_is_marked_in_the_transposed_one_too(phone):
    phone.locator("#product [role=gridcell]").nth(1).click()
    assert state(phone, "product", "entry") == [0, 1]
    chosen = phone.locator("#product .lr-chosen").evaluate_all("(all) => all.map((one) => one.textContent)")
    assert chosen == ["1", "2", "0", "0", "1", "4", "2", "0", "1", "4", "1", "2", "0", "2"]
    phone.locator("#product [role=gridcell][tabindex='0']").last.press("ArrowDown")
    assert state(phone, "product", "entry") == [0, 1]
    phone.locator("#product [role=gridcell][tabindex='0']").last.press("ArrowRight")
    assert state(phone, "product", "entry") == [1, 1]
    assert "2 · 0 + 1 · 1 + 3 · 4 = 13" not in said(phone, "product")
    assert "0 · 0 + 1 · 1 + 3 · 4 = 13" in said(phone, "product")


def test_features_are_chosen_and_the_row_is_taken_out_by_finger_and_by_key(phone, hand):
    boxes, widget = phone.locator("#houses input"), made()["houses"]
    hand.tap(boxes.nth(0))
    assert state(phone, "houses", "chosen") == [1]
    boxes.nth(2).press("Space")
    assert state(phone, "houses", "whole") is False
    widget.chosen, widget.whole = [1], False
    spoken = said(phone, "houses")
    assert spoken.startswith(f"size. It explains {100 * widget.model['share']:.3g} % of the variance")
    with_it = widget.fits["1"]["theta"][1]
    assert f"With row 4, the weight of size would be {with_it:.4g} USD" in spoken
    assert phone.locator("#houses .lr-weight").first.inner_text() == ""
    hand.tap(boxes.nth(0))
    boxes.nth(2).press("Space")
    assert state(phone, "houses", "chosen") == [0, 1]


def test_a_tap_on_the_mark_of_the_limit_sets_the_rate_there(phone, hand):
    hand.tap(phone.locator("#line .lr-mark", has_text="limit"))
    assert state(phone, "line", "rate") == pytest.approx(rates(LINE.X).largest)
    phone.evaluate("(rate) => document.querySelector('#line lr-control').model.set('rate', rate)", made()["line"].rate)


@pytest.mark.parametrize("name", made())
def test_the_wheel_scrolls_the_page_and_changes_no_control(phone, hand, name):
    control = phone.locator(f"#{name} lr-control")
    phone.evaluate("scrollTo(0, 0)")
    put_in_the_middle(control)
    before, at = control.evaluate("(node) => JSON.stringify(node.model.state)"), hand.scrolled()
    down = at < phone.evaluate("document.documentElement.scrollHeight - innerHeight - 200")
    hand.wheel(195, 400, 120 if down else -120)
    phone.wait_for_function("(at) => scrollY !== at", arg=at)
    assert control.evaluate("(node) => JSON.stringify(node.model.state)") == before


def test_the_graph_of_the_network_is_walked_by_the_keyboard_and_says_lrcores_gradients(phone):
    scrub, values = phone.locator("#network [aria-label='step']"), made()["network"].values
    scrub.press("Home")
    late = phone.locator("#network .lr-late")
    assert late.count() == len(values)
    names = [("A",), ("H",), ("Y_hat",), ("L",), ("G",), ("dW2", "db2"), ("dH",), ("dA",), ("dW1", "db1"), ("dX",)]
    for step, here in enumerate(names, start=1):
        scrub.press("ArrowRight")
        assert state(phone, "network", "step") == step
        wanted = [float(f"{one:.3g}") for name in here for one in np.ravel(values[name])]
        spoken = re.findall(r" = ([-\d. ;]+)(?:, |\.$)", said(phone, "network"))[-len(here) :]
        assert [float(one.rstrip(".")) for part in spoken for one in re.split("[; ]+", part)] == wanted
    assert late.count() == 0


def test_the_intervals_follow_the_level_and_both_choices_and_say_what_python_says(phone):
    slider, widget = phone.locator("#intervals [aria-label='level']"), made()["intervals"]
    for key, step in (("Home", 0), ("ArrowRight", 1), ("End", len(widget.levels) - 1)):
        slider.press(key)
        widget.step = step
        assert state(phone, "intervals", "step") == step and said(phone, "intervals") == widget.said()
    assert slider.get_attribute("aria-valuetext") == "level 99 %"
    for number, name, value in ((0, "scatter", "growing"), (1, "errors", "HC3")):
        before = phone.locator("#intervals path.lr-curve").nth(1).get_attribute("d")
        phone.locator("#intervals select").nth(number).select_option(value)
        widget.set_trait(name, value)
        assert state(phone, "intervals", name) == value and said(phone, "intervals") == widget.said()
        assert phone.locator("#intervals path.lr-curve").nth(1).get_attribute("d") != before


def test_the_digits_are_slid_by_the_keyboard_and_are_lrcores(phone):
    slider, widget = phone.locator("#digits [aria-label='condition number']"), made()["digits"]
    for key, step in (("Home", 0), ("ArrowRight", 1), ("End", len(widget.powers) - 1)):
        slider.press(key)
        assert state(phone, "digits", "step") == step
        wanted = [f"{values[step]:.1f}" for values in widget.left.values()]
        names = phone.locator("#digits .lr-digitname").all_inner_texts()
        assert [name.rpartition(": ")[2] for name in names] == wanted
        assert all(f" {one}" in said(phone, "digits") for one in wanted)
    assert slider.get_attribute("aria-valuetext") == "condition number 10¹⁴"


MOVES = {  # what glides while a control plays, and how to see where it is
    "network": ("one step on", "#network .lr-flow", "stroke-dashoffset"),
    "digits": ("play", "#digits .lr-here", "cx"),
    "samples": ("one step on", "#samples .lr-slope", "d"),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_control_glides_unless_motion_is_unwelcome(browser, controls, name):
    button, moving, place = MOVES[name]
    seen = {}
    for wish in ("no-preference", "reduce"):
        context = browser.new_context(reduced_motion=wish)
        page = context.new_page()
        page.goto(f"{controls}#{name}")
        page.locator(f"#{name} [aria-label='back to the start']").click()
        act = page.locator(f"#{name} [aria-label='{button}']").click
        seen[wish] = places_while(page, act, moving, place, 0.7)
        context.close()
    assert len(seen["reduce"]) <= 4
    assert len(seen["no-preference"]) > 2 * len(seen["reduce"])


@pytest.fixture
def printed(phone):
    """The page as it is printed, with the network at its start."""
    phone.locator("#network [aria-label='step']").press("Home")
    yield phone
    phone.emulate_media(media="screen")


def test_the_graph_prints_with_all_its_matrices(printed):
    tables, gone = "[...document.querySelectorAll('#network table')]", "getComputedStyle(one).visibility === 'hidden'"
    hidden = f"{tables}.filter((one) => {gone})"
    assert printed.evaluate(f"{hidden}.length") == len(made()["network"].values)
    printed.emulate_media(media="print")
    assert printed.evaluate(f"{hidden}.length") == 0


def test_the_digits_print_with_their_numbers_and_filled_squares_and_without_buttons(printed):
    printed.emulate_media(media="print")
    squares = printed.locator("#digits .lr-squares > i")
    assert squares.evaluate_all("(all) => all.map((one) => getComputedStyle(one).printColorAdjust)") == ["exact"] * 48
    assert all(name.is_visible() for name in printed.locator("#digits .lr-digitname").all())
    assert not printed.locator("#digits button").first.is_visible()


def test_samples_print_with_the_whole_sum_and_no_control_prints_its_sliders(printed):
    printed.locator("#samples [aria-label='samples added']").press("Home")
    printed.emulate_media(media="print")
    faint = printed.locator("#samples td").evaluate_all(
        "(all) => all.filter((one) => getComputedStyle(one).opacity !== '1').length"
    )
    assert faint == 0
    for name in ("samples", "columns", "secant"):
        assert not printed.locator(f"#{name} input").first.is_visible()
        assert printed.locator(f"#{name} .lr-plot").first.is_visible()
    bar = printed.locator("#houses .lr-bar > i").first
    assert bar.evaluate("(one) => getComputedStyle(one).printColorAdjust") == "exact"


@pytest.mark.parametrize("convention", ["mean", "sum"])
def test_the_rate_slider_says_the_same_at_the_limit_however_it_is_reached(phone, convention):
    limit = rates(LINE.X, convention=convention).largest
    slider, spoken = phone.locator("#line [aria-label='learning rate']"), phone.locator("#line .lr-ratetext")
    phone.locator("#line .lr-field:has-text('loss') select").select_option(convention)
    put = "(rate) => { document.querySelector('#line lr-control').model.set('rate', rate); }"

    def says():
        assert slider.get_attribute("aria-valuetext").endswith("100 % of the limit, at the limit")
        return spoken.inner_text()

    phone.locator("#line .lr-mark", has_text="limit").click()
    at, place = says(), int(slider.input_value())
    slider.fill(str(place - 1))
    assert spoken.inner_text().endswith("(stable)")
    slider.press("ArrowRight")
    assert says() == at
    assert state(phone, "line", "rate") == pytest.approx(limit, rel=1e-14)
    slider.fill(str(place + 1))
    assert "unstable" in spoken.inner_text()
    slider.press("ArrowLeft")
    assert says() == at
    for near in (limit, np.nextafter(limit, 0), np.nextafter(limit, 9)):
        phone.evaluate(put, float(near))
        assert says() == at
    phone.evaluate(put, 0.9999 * limit)
    assert spoken.inner_text().endswith("99.99 % of the limit (stable)")
    phone.locator("#line .lr-field:has-text('loss') select").select_option("mean")
    phone.evaluate(put, made()["line"].rate)


def test_what_is_chosen_on_a_phone_has_letters_of_16_px(phone):
    sizes = phone.locator("select, input").evaluate_all("(all) => all.map((one) => getComputedStyle(one).fontSize)")
    assert len(sizes) > 10
    assert set(sizes) == {"16px"}


def brightness(picture):
    """Of every pixel, as contrast is measured."""
    levels = imread(io.BytesIO(picture))[..., :3]
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_keep_frames_and_slider_tracks(browser, controls, scheme):
    context = browser.new_context(forced_colors="active", color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(controls)
    page.wait_for_function("(count) => document.querySelectorAll('.lr-said').length === count", arg=len(made()))
    for name, label, _ in SLIDERS:
        seen = brightness(page.locator(f"#{name} [aria-label='{label}']").screenshot())
        rows = seen[len(seen) // 2 - 3 : len(seen) // 2 + 3, 12:-12]
        assert (contrast(rows, seen[1, 1]).max(axis=0) >= 3).mean() > 0.8, (name, label)  # hatched past the limit
    paper = brightness(page.locator("#line .lr-said").screenshot())[0, -1]
    for frame in ("#line .lr-button", "#line .lr-select", "#line .lr-mark", "#digits i >> nth=10", "#dissector table"):
        seen = brightness(page.locator(frame).first.screenshot())
        assert contrast(seen[len(seen) // 2, :3], paper).max() >= 3, frame
    for line in ("#line .lr-axis", "#digits .lr-axis", "#network .lr-arrow path"):
        ink = page.locator(line).first.evaluate("(node) => getComputedStyle(node).stroke")
        paper = page.evaluate("getComputedStyle(document.querySelector('.lr-widget')).backgroundColor")
        assert ink != paper
    context.close()


def test_forced_colours_keep_the_frames_of_the_checker_and_of_cells_that_run(browser, address):
    context = browser.new_context(forced_colors="active", reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    page.goto(f"{address}book/check.html")
    page.wait_for_selector(".lr-area")
    framed(page, ".lr-text, .lr-step")
    page.goto(f"{address}book/one_sample.html")
    page.click(".run-code")
    page.wait_for_selector(".run-editor .cm-content")
    framed(page, ".run-editor .cm-editor, .run-tools button, .run-bar, .run-bar button")
    context.close()


def framed(page, parts):
    """Each of these parts of a page has a frame, or a line at its top, that is seen on what is behind it."""
    bare = page.locator(parts).evaluate_all(
        """(all) => all.filter((one) => one.checkVisibility()).map((one) => {
          const style = getComputedStyle(one);
          const drawn = ["Top", "Left"].some((side) => style[`border${side}Style`] !== "none"
            && parseFloat(style[`border${side}Width`]) > 0 && style[`border${side}Color`] !== style.backgroundColor);
          return [one.className, drawn || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)];
        })"""
    )
    assert len(bare) > 2
    assert [name for name, drawn in bare if not drawn] == []


@pytest.fixture(scope="module")
def book(browser, address):
    """A phone that opens pages of the book, and does not load them anew when cells are to run."""
    context = browser.new_context(**TOUCHED, service_workers="block")
    page = context.new_page()
    troubles = complaints_of(page, address)
    yield page
    context.close()
    assert not troubles


def test_the_checker_is_typed_into_by_finger_in_letters_of_16_px(book, address):
    book.goto(f"{address}book/check.html")
    book.wait_for_selector(".lr-area")
    book.locator("summary", has_text="Symbols").first.evaluate("(one) => { one.parentElement.open = true; }")
    sizes = book.locator(".lr-desk :is(textarea, input, select), .lr-back").evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one).fontSize)"
    )
    assert len(sizes) > 2
    assert set(sizes) == {"16px"}
    hand, area = Hand(book), book.locator(".lr-area")
    hand.tap(book.locator(".lr-goto").first)
    assert book.evaluate("document.activeElement.className") == "lr-area"
    book.evaluate("document.activeElement.blur()")
    hand.tap(area)
    assert book.evaluate("document.activeElement.className") == "lr-area"
    book.keyboard.press("Control+End")
    hand.protocol.send("Input.insertText", {"text": "\n1 = 2"})  # as a phone's keyboard gives it
    assert area.input_value().endswith("\n1 = 2")
    at, (x, y) = hand.scrolled(), middle(area)
    hand.drag((x, y), (x, y - 150))  # a finger on the text scrolls the page
    assert hand.scrolled() > at + 50
    assert area.input_value().endswith("\n1 = 2")
    at = hand.scrolled()
    hand.wheel(*middle(area), 120)
    book.wait_for_function("(at) => scrollY !== at", arg=at)
    assert area.input_value().endswith("\n1 = 2")


def test_a_cell_is_opened_and_typed_into_by_finger_in_letters_of_16_px(book, address):
    book.goto(f"{address}book/one_sample.html")
    hand = Hand(book)
    hand.tap(book.locator(".run-code"))
    editor = book.locator(".run-editor .cm-content").first
    editor.wait_for()
    hand.tap(editor)
    book.wait_for_function("document.activeElement.classList.contains('cm-content')")
    assert editor.evaluate("(one) => getComputedStyle(one).fontSize") == "16px"
    hand.protocol.send("Input.insertText", {"text": "written = 1; "})
    assert "written = 1; " in editor.inner_text()
