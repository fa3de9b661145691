"""What every control owes its reader: key, mouse and finger move it, words follow, it stands still and it prints."""

import re

import pytest
from controls import made, said, state
from fingers import TOUCHED, Hand, middle, with_all
from hosts import ROOT, frames

import lrcore.widgets
from lrcore.widgets.control import Control

ONE_OF_EACH = [
    name for name in made() if name not in ("parabola", "outputs", "features")
]  # these are players, like "line"
CELL = re.compile(r"(?s)((?:[^\n]+\n)+)\n```\{code-cell\}[^\n]*\n(.*?)\n```")  # and the paragraph before it
OWN_TESTS = {"DerivationChecker", "DerivationWriter"}  # test_check_page.py and test_derivations.py
PARTS = "[role=slider], input, [role=gridcell], select, button"
KINDS = """(all) => all.map((one) => {
    const pace = one.closest("label")?.textContent.startsWith("speed");
    return pace || one.matches(":disabled") || !one.checkVisibility() ? "" : one.getAttribute("role") ?? one.type;
})"""
# A state that a reader may leave behind, and what paper says instead.
ON_PAPER = {
    "line": ({"step": 0}, r"^Step (\d+) of \1:"),
    "samples": ({"step": 0}, r"All 5 are in: "),
    "rows": ({"step": 0}, r"^All together: "),
    "network": ({"step": 0}, r"^Step (\d+) of \1\."),
    "digits": ({"step": 0}, r"condition number 10⁸ .*normal equations 0\."),
    "intervals": ({"step": 0}, r"level of 95 %"),
    "conditioning": ({"scale": 0.5}, r"condition number [1-9]\d\b"),
    "standardising": ({"step": 1}, r"^Standardised: mean 0, deviation 1\. Condition number 1: 1 step leaves"),
    "columns": ({"angle": 90, "w": [-2.0, 1.0]}, r"the residual stands at a right angle to both columns"),
    "secant": ({"w": 1.5, "h": 0.0}, r"slope 2\(ŷ . y\)x = -[1-9].*greater by h x² = [1-9]"),
    "partials": ({"s": 0.0, "t": 0.0}, r"∂f/∂s = 2st = 1, ∂f/∂t = s² \+ 3 = 4\."),
    "houses": ({"chosen": [], "whole": False}, r"^rooms, size\. .*Without row 4, the weight of"),
}
STATE = "(node) => JSON.stringify(node.model.state)"
PLACES = "(node) => [...node.querySelectorAll('svg *, td')].map((one) => one.outerHTML).join()"
TRY = re.compile(
    r"(?i)\b(drag|slide|choose|turn|step|press|click|tap|move|type|change|play|scroll|open|take|pull|put|make|set|let|raise)"
)
SEE = re.compile(r"(?i)\b(see|watch|follow|look|find|notice|shows?|says?|grow|appear|tell)")


@pytest.fixture(scope="module")
def desk(browser, controls):
    with with_all(browser, controls, viewport={"width": 1000, "height": 900}, reduced_motion="reduce") as page:
        yield page


@pytest.fixture(scope="module")
def phone(browser, controls):
    with with_all(browser, controls, **TOUCHED) as page:
        yield page


def parts(page, name):
    """One part of each kind that a control has, in the middle of the view, with its kind."""
    control = page.locator(f"#{name} lr-control")
    kinds = {}
    for number, kind in enumerate(control.locator(PARTS).evaluate_all(KINDS)):
        kinds.setdefault(kind, number)
    kinds.pop("", None)
    assert kinds, f"{name} has nothing to move"
    for kind, number in kinds.items():
        part = control.locator(PARTS).nth(number)
        part.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        yield kind, part


def changed(page, name, act):
    """Whether the state is another one after this, and the words with it."""
    control, sentence = page.locator(f"#{name} lr-control"), page.locator(f"#{name} .lr-said").first
    texts = """(node) => {
        const spoken = [...node.closest("lr-control").querySelectorAll("[aria-valuetext]")];
        return node.closest("lr-control").innerText + spoken.map((one) => one.getAttribute("aria-valuetext"));
    }"""
    before, words = control.evaluate(STATE), sentence.evaluate(texts)
    act()
    return control.evaluate(STATE) != before and sentence.evaluate(texts) != words


def moved_by_key(page, name, kind, part):
    part.focus()
    keys = {"radio": ["ArrowRight"], "checkbox": ["Space"], "button": ["Enter"], "submit": ["Enter"]}
    return any(
        changed(page, name, lambda key=key: page.keyboard.press(key))
        for key in keys.get(kind, ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"])
    )


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_keys_move_every_kind_of_part_of_it_and_words_follow(desk, name):
    found = {kind: moved_by_key(desk, name, kind, part) for kind, part in parts(desk, name) if kind != "button"}
    assert found and all(found.values()), found


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_mouse_moves_every_kind_of_part_of_it_and_words_follow(desk, name):
    for kind, part in parts(desk, name):
        if kind in ("button", "select-one"):
            continue

        def drag(part=part, kind=kind):
            box, (x, y) = part.bounding_box(), middle(part)
            if kind == "slider":
                desk.mouse.move(x, y)
                desk.mouse.down()
                desk.mouse.move(x + 21, y - 12, steps=3)
                desk.mouse.up()
            elif kind == "range":
                share = part.evaluate("(node) => (node.value - node.min) / (node.max - node.min)")
                desk.mouse.click(box["x"] + (0.25 if share > 0.5 else 0.8) * box["width"], y)
            else:
                other = desk.locator(f"#{name} [role=gridcell]:not(.lr-chosen)").last if kind == "gridcell" else part
                other.click()

        assert changed(desk, name, drag), kind


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_finger_moves_every_kind_of_part_of_it_and_words_follow(phone, name):
    hand = Hand(phone)
    for kind, part in parts(phone, name):
        if kind in ("button", "select-one"):
            continue

        def touch(part=part, kind=kind):
            box, (x, y) = part.bounding_box(), middle(part)
            if kind == "slider":
                hand.drag((x, y), (x + 24, y - 18))
            elif kind == "range":
                share = part.evaluate("(node) => (node.value - node.min) / (node.max - node.min)")
                hand.drag(
                    (box["x"] + 9 + share * (box["width"] - 18), y),
                    (box["x"] + (0.3 if share > 0.5 else 0.8) * box["width"], y),
                )
            else:
                hand.tap(phone.locator(f"#{name} [role=gridcell]:not(.lr-chosen)").last if kind == "gridcell" else part)

        assert changed(phone, name, touch), kind


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_it_has_a_name_and_a_sentence_that_is_read_out_and_prints_without_its_sliders(desk, name):
    control = desk.locator(f"#{name} lr-control")
    assert control.locator("[role=group][aria-label]").count()
    assert control.locator("[aria-live=polite]").count()
    unnamed = control.locator(PARTS).evaluate_all("""(all) => all.filter((one) => !(one.getAttribute("aria-label")
        || one.closest("label")?.textContent || one.textContent.trim())).map((one) => one.outerHTML)""")
    assert unnamed == []
    desk.emulate_media(media="print")
    shown = control.locator("input[type=range], button").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility()).length"
    )
    drawn = control.locator("svg, table, .lr-bar, .lr-squares").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width).length"
    )
    desk.emulate_media(media="screen")
    assert shown == 0
    assert drawn > 0


@pytest.mark.parametrize("name", ON_PAPER)
def test_it_prints_as_its_most_telling_state_and_goes_back_to_where_it_was(desk, name):
    away, telling = ON_PAPER[name]
    model = f"document.querySelector('#{name} lr-control').model"
    desk.evaluate(f"(away) => Object.entries(away).forEach(([key, value]) => {model}.set(key, value))", away)
    assert not re.search(telling, said(desk, name))
    desk.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('beforeprint'))")
    assert re.search(telling, said(desk, name)), said(desk, name)
    desk.evaluate("dispatchEvent(new Event('afterprint'))")
    assert {key: state(desk, name, key) for key in away} == away
    assert not re.search(telling, said(desk, name))


def test_every_control_has_a_state_for_paper_or_shows_one_entry_of_a_matrix_wherever_it_stands(desk):
    by_entry = {name for name in ONE_OF_EACH if desk.locator(f"#{name} [role=gridcell]").count()}
    assert set(ONE_OF_EACH) - set(ON_PAPER) == by_entry


def test_where_motion_is_unwelcome_none_moves_by_itself(desk):
    for name in ONE_OF_EACH:
        control = desk.locator(f"#{name} lr-control")
        before = control.evaluate(PLACES)
        frames(desk, 8)
        assert control.evaluate(PLACES) == before, name


def test_no_control_is_without_these_tests_nor_without_its_numbers_and_each_chapter_says_what_to_try_and_see():
    public = {name for name in lrcore.widgets.__all__ if issubclass(getattr(lrcore.widgets, name), Control)}
    assert public >= OWN_TESTS
    assert {type(one).__name__ for one in made().values()} == public - OWN_TESTS
    numbers = (ROOT / "tests" / "test_widgets_numbers.py").read_text(encoding="utf-8")
    assert [name for name in public - OWN_TESTS if not re.search(rf"\b{name}\(", numbers)] == []
    asked = {}
    for page in sorted((ROOT / "book").glob("*.md")):
        for before, cell in CELL.findall(page.read_text(encoding="utf-8")):
            asked |= {(page.name, name): before for name in public - OWN_TESTS if re.search(rf"\b{name}\(", cell)}
    assert {name for _, name in asked} == public - OWN_TESTS
    assert [where for where, text in asked.items() if not (TRY.search(text) and SEE.search(text))] == []
