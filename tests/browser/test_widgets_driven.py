"""Every control driven on a plain page, without a kernel, by mouse, finger and keyboard; its numbers are lrcore's."""

import re
from functools import partial

import numpy as np
import pytest
from controls import LINE, made, said, state
from hosts import complaints_of, frames, places_while

from lrcore.descent import rates
from lrcore.gradients import jacobian_tensor


@pytest.fixture
def opened(browser, controls):
    """Open the page, with one control or all; at the end no script has failed, no other host was asked for anything."""
    contexts, said_of_all = [], []

    def opening(name="", **options):
        contexts.append(browser.new_context(**{"viewport": {"width": 1000, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        said_of_all.append(complaints_of(page, controls, ("error", "warning")))
        page.goto(f"{controls}#{name}" if name else controls)
        page.wait_for_function(
            "(count) => document.querySelectorAll('.lr-said').length === count", arg=1 if name else len(made())
        )
        return page

    yield opening
    for context in contexts:
        context.close()
    assert not any(said_of_all)


@pytest.fixture
def calm(opened):
    """Open the page for a reader who wants no motion: every step is there at once."""
    return partial(opened, reduced_motion="reduce")


def follow(page, name):
    """The control of that name in Python, under the settings that the page has now."""
    widget = made()[name]
    for key in ("rate", "convention", "batch", "momentum", "start"):
        setattr(widget, key, state(page, name, key))
    return widget


def agrees(page, name):
    """The sentence of a player says the step, the loss and the gradient that lrcore finds under the same settings."""
    path, step = follow(page, name).path, state(page, name, "step")
    numbers = re.match(r"Step (\d+) of (\d+): .*; loss ([\d.]+)(?:·10(\S+))?, gradient of length", said(page, name))
    assert numbers, said(page, name)
    assert (int(numbers[1]), int(numbers[2])) == (step, path.steps)
    if not numbers[4]:
        assert float(numbers[3]) == pytest.approx(path.losses[step], rel=1e-3)
    return path


PLAYERS = ("parabola", "line", "outputs", "features")


@pytest.mark.parametrize("name", PLAYERS)
def test_step_back_and_scrub_show_the_iterate_that_lrcore_has_there(calm, name):
    page = calm(name)
    on, back = (page.locator(f"#{name} [aria-label='{label}']") for label in ("one step on", "one step back"))
    agrees(page, name)
    for _ in range(3):
        on.click()
    back.click()
    assert state(page, name, "step") == 2
    agrees(page, name)
    page.locator(f"#{name} [aria-label='step']").fill("11")
    assert state(page, name, "step") == 11
    agrees(page, name)
    page.locator(f"#{name} [aria-label='back to the start']").click()
    assert state(page, name, "step") == 0


@pytest.mark.parametrize("name", PLAYERS)
def test_play_walks_to_the_end_and_stops_there(opened, name):
    page = opened(name)
    page.locator(f"#{name} .lr-field:has-text('speed') select").select_option("30")
    page.locator(f"#{name} [aria-label='play']").click()
    page.locator(f"#{name} [aria-label='pause']").wait_for()
    assert page.locator(f"#{name} .lr-said").get_attribute("aria-live") == "off"
    page.locator(f"#{name} [aria-label='play']").wait_for(timeout=10_000)
    path = agrees(page, name)
    assert state(page, name, "step") == path.steps
    assert page.locator(f"#{name} .lr-said").get_attribute("aria-live") == "polite"


def test_pause_stops_at_a_whole_step(opened):
    page = opened("line")
    page.locator("#line [aria-label='play']").click()
    page.wait_for_function("document.querySelector('#line lr-control').model.get('step') >= 1")
    page.locator("#line [aria-label='pause']").click()
    agrees(page, "line")
    x = page.locator("#line .lr-here").last.get_attribute("cx")
    before = state(page, "line", "step")
    frames(page, 30)
    assert (state(page, "line", "step"), page.locator("#line .lr-here").last.get_attribute("cx")) == (before, x)


def places(page):
    """Where the point of the parabola is while it plays."""
    play = page.locator("#parabola [aria-label='play']")
    return places_while(page, play.click, "#parabola .lr-here", "cx", 0.8)


def test_the_point_glides_from_step_to_step_unless_motion_is_unwelcome(opened):
    assert len(places(opened("parabola"))) > 12
    assert 2 <= len(places(opened("parabola", reduced_motion="reduce"))) <= 4


def test_the_rate_goes_past_the_limit_by_keyboard_and_descent_diverges(calm):
    page = calm("line")
    slider = page.locator("#line [aria-label='learning rate']")
    assert slider.get_attribute("aria-valuetext").endswith(", stable")
    slider.press("End")
    limit = rates(LINE.X).largest
    assert state(page, "line", "rate") == pytest.approx(1.3 * limit, rel=1e-2)
    assert slider.get_attribute("aria-valuetext").endswith("past the limit: unstable")
    path = agrees(page, "line")
    assert path.losses[-1] > path.losses[0]
    page.locator("#line [aria-label='step']").press("End")
    agrees(page, "line")


def test_the_marks_are_lrcores_best_rate_and_limit(calm):
    page = calm("line")
    limit = rates(LINE.X)
    for name, value in (("best", limit.best), ("limit", limit.largest)):
        mark = page.locator("#line .lr-mark", has_text=name)
        assert mark.inner_text() == f"{name} {value:.3g}"
        mark.click()
        assert state(page, "line", "rate") == pytest.approx(value, rel=1e-14)
        agrees(page, "line")


@pytest.mark.parametrize(
    ("name", "field", "key", "value"),
    [
        ("line", "loss", "convention", "sum"),
        ("outputs", "loss", "convention", "mean_all"),
        ("line", "batch", "batch", 4),
        ("features", "batch", "batch", 1),
        ("line", "momentum", "momentum", 0.7),
    ],
)
def test_a_setting_changes_the_path_as_in_lrcore(calm, name, field, key, value):
    page = calm(name)
    page.locator(f"#{name} .lr-field:has-text('{field}') select").select_option(str(value))
    assert state(page, name, key) == value
    page.locator(f"#{name} [aria-label='step']").fill("7")
    agrees(page, name)


def test_a_convention_moves_the_limit_and_leaves_the_rate(calm):
    page = calm("line")
    before = state(page, "line", "rate")
    page.locator("#line .lr-field:has-text('loss') select").select_option("sum")
    assert state(page, "line", "rate") == before
    limit = rates(LINE.X, convention="sum").largest
    assert f"limit {limit:.3g}" in page.locator("#line .lr-marks").inner_text()
    assert "unstable" in page.locator("#line .lr-ratetext").inner_text()


def drag(page, name, to, which=0):
    """Drag the ring of a plot to a point of that plot, given in shares of its size."""
    ring = page.locator(f"#{name} .lr-handle").nth(which)
    ring.scroll_into_view_if_needed()
    here, plot = ring.bounding_box(), page.locator(f"#{name} svg:has(.lr-handle)").nth(which).bounding_box()
    page.mouse.move(here["x"] + here["width"] / 2, here["y"] + here["height"] / 2)
    page.mouse.down()
    page.mouse.move(plot["x"] + to[0] * plot["width"], plot["y"] + to[1] * plot["height"], steps=4)
    page.mouse.up()


@pytest.mark.parametrize("name", ["parabola", "line", "outputs"])
def test_the_start_is_dragged_and_the_path_begins_there(calm, name):
    page = calm(name)
    page.locator(f"#{name} [aria-label='one step on']").click()
    before = state(page, name, "start")
    drag(page, name, (0.8, 0.3))
    after = state(page, name, "start")
    assert after[-1][0] != before[-1][0]
    assert [row[1:] for row in after] == [row[1:] for row in before]
    assert state(page, name, "step") == 0
    agrees(page, name)
    ring, point = page.locator(f"#{name} .lr-handle").first, page.locator(f"#{name} .lr-here").first
    assert ring.get_attribute("cx") == point.get_attribute("cx")


@pytest.mark.parametrize("name", ["parabola", "line"])
def test_what_is_dragged_lies_under_the_pointer(calm, name):
    page = calm(name)
    drag(page, name, (0.7, 0.4))
    ring = page.locator(f"#{name} .lr-handle").bounding_box()
    plot = page.locator(f"#{name} svg:has(.lr-handle)").bounding_box()
    assert ring["x"] + ring["width"] / 2 == pytest.approx(plot["x"] + 0.7 * plot["width"], abs=1.5)
    if name == "line":  # the ring of a parabola stays on it
        assert ring["y"] + ring["height"] / 2 == pytest.approx(plot["y"] + 0.4 * plot["height"], abs=1.5)


def test_the_start_is_moved_by_arrow_keys(calm):
    page = calm("line")
    ring = page.locator("#line .lr-handle")
    ring.focus()
    (b, w) = (row[0] for row in state(page, "line", "start"))
    ring.press("ArrowRight")
    ring.press("Shift+ArrowUp")
    ring.press("Enter")
    (up, right) = (row[0] for row in state(page, "line", "start"))
    assert right > w
    assert up > b
    assert float(ring.get_attribute("aria-valuenow")) == right
    agrees(page, "line")


def test_the_sentence_names_the_closed_form_where_it_is_marked(calm):
    page = calm()
    best = np.array(made()["line"].problem["best"])[:, 0]
    assert f"Closed form: b = {best[0]:.4g}, w = {best[1]:.4g}." in said(page, "line")
    assert "Closed form" not in said(page, "features")
    cross, point = page.locator("#line .lr-minimum"), page.locator("#line .lr-panel .lr-here")
    page.locator("#line .lr-mark", has_text="best").click()
    page.locator("#line [aria-label='step']").press("End")  # descent has arrived at the cross
    centres = [box["x"] + box["width"] / 2 for box in (cross.bounding_box(), point.bounding_box())]
    assert centres[0] == pytest.approx(centres[1], abs=1)
    assert page.locator("#features .lr-minimum").count() == 0


def test_the_dissector_shows_the_row_and_the_column_of_the_chosen_entry(calm):
    page = calm("dissector")
    cells = page.locator("#dissector [role=gridcell]")
    cells.nth(0).click()
    cells.nth(0).press("ArrowRight")
    page.locator("#dissector [role=gridcell]:focus").press("ArrowDown")
    assert state(page, "dissector", "entry") == [1, 1]
    widget = made()["dissector"]
    for convention in ("mean", "mean_all"):
        page.locator("#dissector select").select_option(convention)
        widget.convention = convention
        entry = re.search(r"∂L/∂W₂₂ = (\S+)\.$", said(page, "dissector"))[1]
        assert float(entry) == pytest.approx(widget.gradient[1, 1], rel=1e-3)
    chosen = page.locator("#dissector .lr-grid").evaluate_all(
        "(grids) => grids.map((grid) => [...grid.rows].flatMap((row, r) => [...row.cells].flatMap((cell, c) =>"
        " cell.classList.contains('lr-chosen') ? [[r, c]] : [])))"
    )
    assert chosen == [[[1, i] for i in range(5)], [[i, 1] for i in range(5)], [[1, 1]]]
    bars = page.locator("#dissector svg rect.lr-plus, #dissector svg rect.lr-minus")
    assert bars.count() == 5


def test_the_explorer_finds_the_same_number_in_every_view(calm):
    page = calm("explorer")
    tensor = jacobian_tensor(np.arange(1.0, 13.0).reshape(4, 3), 2)
    for view, at in ((1, (9, 3)), (2, (2, 1)), (3, (5, 1))):
        grid = page.locator("#explorer .lr-grid").nth(view)
        grid.locator("tr").nth(at[0]).locator("td").nth(at[1]).click()
        i, j, k, l = state(page, "explorer", "index")  # noqa: E741
        value = tensor[i, j, k, l]
        chosen = page.locator("#explorer .lr-chosen").all_inner_texts()
        assert [float(text) for text in chosen[1:]] == [value] * 3
        assert f" = {value:g}: " in said(page, "explorer")
        assert f"T[{i}, {j}, {k}, {l}]" in said(page, "explorer")
        places = page.locator("#explorer .lr-grid").evaluate_all(
            "(grids) => grids.slice(2).map((grid) => { const cell = grid.querySelector('.lr-chosen');"
            " return `row ${cell.parentNode.rowIndex + 1}, column ${cell.cellIndex + 1}`; })"
        )
        assert f"in I ⊗ X {places[0]}; in X ⊗ I {places[1]}." in said(page, "explorer")
    assert state(page, "explorer", "index") == [2, 1, 0, 1]
    page.locator("#explorer .lr-grid").nth(3).locator(".lr-chosen").press("ArrowLeft")
    assert state(page, "explorer", "index") == [2, 1, 0, 0]
    assert "belongs to another output" in said(page, "explorer")


def test_the_explorers_flat_views_are_the_kronecker_products(calm):
    page = calm("explorer")
    X = np.arange(1.0, 13.0).reshape(4, 3)
    texts = [
        [
            [float(cell) for cell in row.split("\t")]
            for row in page.locator("#explorer .lr-grid").nth(n).inner_text().split("\n")
        ]
        for n in (2, 3)
    ]
    np.testing.assert_array_equal(texts[0], np.kron(np.eye(2), X))
    np.testing.assert_array_equal(texts[1], np.kron(X, np.eye(2)))


def test_scaling_a_feature_reports_lrcores_condition_and_rate(calm):
    page = calm("conditioning")
    widget = made()["conditioning"]
    slider = page.locator("#conditioning [type=range]")
    for press in ("ArrowRight", "End", "Home"):
        slider.press(press)
        widget.scale = state(page, "conditioning", "scale")
        wanted = widget.rates
        numbers = re.search(r"condition number (\S+), best rate (\S+);", said(page, "conditioning"))
        assert float(numbers[1]) == pytest.approx(wanted.condition, rel=1e-3)
        if "·" not in numbers[2]:
            assert float(numbers[2]) == pytest.approx(wanted.best, rel=1e-3)
    assert widget.scale == pytest.approx(1 / 32, rel=1e-2)
    page.locator("#conditioning .lr-mark", has_text="equally long").click()
    assert state(page, "conditioning", "scale") == widget.equal


@pytest.mark.parametrize("width", [390, 1000])
def test_no_control_is_wider_than_the_page(opened, width):
    page = opened(viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ends = page.locator(".lr-button, .lr-select, .lr-range, .lr-plot").evaluate_all(
        "(nodes) => nodes.map((node) => node.getBoundingClientRect().right)"
    )
    assert len(ends) > 40
    assert max(ends) <= width


def test_everything_that_can_be_used_has_a_name(calm):
    page = calm()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, [role=slider], [role=img], table, [role=group]")]
          .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length))
          .map((node) => node.outerHTML.slice(0, 90))"""
    )
    assert not nameless
    assert page.locator("lr-control > p, lr-control > script").count() == 0  # what stood there before


def test_two_copies_of_a_module_do_not_clip_each_others_plots(opened):
    page = opened("line")  # in a notebook every widget brings its own copy
    clips = page.evaluate(
        """async () => {
          const copies = await Promise.all(["a", "b"].map((name) => import(`./front/draw.js?${name}`)));
          const made = copies.map(({ Plot }) => new Plot(document.body, { label: "a plot" }));
          return made.map((plot) => plot.root.querySelector("clipPath").id);
        }"""
    )
    assert len(set(clips)) == 2


def test_without_scripts_the_page_says_the_numbers(browser, controls):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(controls)
    for name, widget in made().items():
        assert page.locator(f"#{name} lr-control p").inner_text() == widget.said()
    context.close()
