"""The first screen: a derivation that is mended and a descent that walks, and the real ones where a hand takes hold."""

import itertools
import re

import numpy as np
import pytest
from hosts import DESKTOP, PHONE

from lrcore import descend
from lrcore.descent import rates

STATE = "JSON.parse(document.querySelector('.descent script').textContent)"
SEEN = (
    """() => [...document.querySelectorAll(".lines > li")].map((line) => Math.floor(getComputedStyle(line).opacity))"""
)


@pytest.fixture
def opened(page_in, address):
    def go(**options):
        page, complaints = page_in(address, **options)
        page.clock.install()
        page.goto(f"{address}book/index.html")
        page.wait_for_selector(".views .lr-handle")
        return page, complaints

    return go


def test_without_scripts_every_line_stands_and_three_doors_lead_on(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{address}book/index.html")
    assert page.evaluate(SEEN) == [1] * 5
    assert "a factor 2 is lost" in page.locator(".ln-numbers").inner_text()
    assert page.locator(".doors a").count() == 3
    drawn = page.locator(".gradient").get_attribute("d")
    for one in drawn[1:].replace("M", "L").split("L"):  # the arrow at the start, head and all
        x, y = map(float, one.split())
        assert 0 < x < 320 and 0 < y < 172
    assert page.locator(".view span").all_inner_texts() == ["input →", "target ↑", "weight →", "bias ↑"]
    context.close()


@pytest.mark.parametrize("view", [{"width": 1280, "height": 800}, PHONE])
def test_three_doors_the_mended_line_and_both_drawings_are_on_the_first_screen(browser, address, view):
    context = browser.new_context(java_script_enabled=False, viewport=view)
    page = context.new_page()
    page.goto(f"{address}book/index.html")
    parts = page.locator(".opening .lead, .doors a, .ln-wrong, .ln-numbers, .ln-mended, .view, .legend")
    boxes = [one.bounding_box() for one in parts.all()]
    assert len(boxes) == 10
    for box in boxes:
        assert box["x"] >= 0 and box["x"] + box["width"] <= view["width"]
        assert box["y"] > 0 and box["y"] + box["height"] <= view["height"]
    drawn = [one.bounding_box() for one in page.locator(".view svg").all()]
    assert all(box["width"] >= 150 and box["height"] >= 80 for box in drawn)  # still to be read, and to be dragged in
    doors = [one.bounding_box() for one in page.locator(".doors a").all()]
    assert all(box["height"] >= 44 for box in doors)  # a thumb's
    assert all(a["x"] + a["width"] + 8 <= b["x"] for a, b in itertools.pairwise(doors))
    read = page.locator(".opening").evaluate(
        """(one) => [...one.querySelectorAll("p, a b, .said, li")].filter((part) => part.checkVisibility())
        .map((part) => parseFloat(getComputedStyle(part).fontSize))"""
    )
    assert len(read) > 12 and min(read) >= 12
    context.close()


def test_the_mistake_is_shown_before_it_is_mended_and_pause_stops_it(opened):
    page, complaints = opened(viewport=DESKTOP)
    while not page.locator("[data-phase=typed]").count():
        page.clock.run_for(100)
    page.click(".pause")
    step = page.locator(".now").inner_text()
    page.clock.run_for(5000)
    page.wait_for_function(f"String(({SEEN})()) === '1,1,1,0,0'")
    assert page.locator(".now").inner_text() == step
    assert complaints == []


def test_where_motion_is_unwelcome_nothing_moves_and_the_ring_walks_by_keyboard(opened):
    page, _ = opened(viewport=PHONE, reduced_motion="reduce")
    before = page.locator(".opening").evaluate("(one) => one.outerHTML")
    page.clock.run_for(5000)  # longer than the last state is held where motion is welcome
    assert page.locator(".opening").evaluate("(one) => one.outerHTML") == before
    page.locator(".lr-handle").press("ArrowUp")
    state = page.evaluate(STATE)
    X, Y = state["problem"]["X"], state["problem"]["Y"]
    low, high = state["bowl"][1]
    start = ([[state["start"][1][0]]], [state["start"][0][0] + 0.02 * (high - low)])
    rate = state["setting"]["rate"]
    assert rate < rates(X).largest
    path = descend(X, Y, rate=rate, steps=state["setting"]["steps"], start=start, progress=False)
    said = page.locator(".descent [role=status]").inner_text()
    assert f"from {path.losses[0]:.3g} to {path.losses[-1]:.3g} in" in said


def test_the_arrow_leads_downhill_and_is_as_long_as_the_gradient_is(opened):
    page, _ = opened(viewport=DESKTOP)
    page.wait_for_function("document.querySelector('.now').textContent.startsWith('step 1,')")
    page.click(".pause")
    drawn, step = (
        page.locator(".gradient").get_attribute("d"),
        int(page.locator(".now").inner_text().split()[1].strip(",")),
    )
    (x, y), (a, b) = (np.array(one.split()[:2], dtype=float) for one in drawn[1:].replace("M", "L").split("L")[:2])
    state = page.evaluate(STATE)
    start = ([state["start"][1][0]], state["start"][0][0])
    X, Y = np.array(state["problem"]["X"]), np.array(state["problem"]["Y"])[:, 0]
    path = descend(X, Y, rate=state["setting"]["rate"], steps=step + 1, start=start, progress=False)
    norms = path.gradient_norms
    assert np.hypot(a - x, b - y) == pytest.approx(80 * norms[step] / norms[0], rel=1e-6)
    (left, right), (low, high) = state["bowl"]
    downhill = np.array(
        [np.diff(path.W[-2:, 0])[0] / (right - left) * 320, -np.diff(path.b[-2:])[0] / (high - low) * 172]
    )
    assert np.array([a - x, b - y]) @ downhill > 0.999 * np.hypot(a - x, b - y) * np.linalg.norm(downhill)


def test_an_arrow_is_seen_where_the_gradient_is_too_short_to_be(opened):
    page, _ = opened(viewport=DESKTOP, reduced_motion="reduce")
    written = page.evaluate("fetch(location.href).then((one) => one.text())")
    drawn = page.locator(".gradient").get_attribute("d")
    numbers = [float(one) for one in re.findall(r"-?[\d.]+", drawn)]
    assert page.locator(".now").inner_text().startswith("step 30")
    built = re.search(r'class="gradient" d="([^"]+)"', written)[1]
    assert numbers == pytest.approx([float(one) for one in re.findall(r"-?[\d.]+", built)], abs=0.02)


def test_a_line_that_is_touched_becomes_the_real_checker_with_the_same_verdicts(opened):
    page, complaints = opened(viewport=DESKTOP)
    page.click(".take")
    page.wait_for_selector(".derivation textarea")
    verdicts = page.locator(".lr-step").evaluate_all("(all) => all.map((one) => one.dataset.verdict)")
    assert verdicts == ["PROVED", "PROVED", "REFUTED"]
    assert page.locator(".lr-repair").first.is_visible()
    assert complaints == []
