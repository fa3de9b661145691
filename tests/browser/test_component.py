# ruff: noqa: E501 (scripts and pages are quoted as one line)
"""``<derivation-checker>`` on somebody else's page, on a static host, beside styles that would spoil it."""

import re
import sys

import pytest
from hosts import ROOT, complaints_of, static_host

sys.path.append(str(ROOT / "book" / "_tools"))
import component

RIGHT, WRONG = r"\nabla_w L = 2 X^\top (Xw - y)", r"\nabla_w L = X^\top (Xw - y)"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Somebody's notes</title><link rel="icon" href="data:,">
<style>
  :root {{ color-scheme: light dark; --pst-color-text-base: yellow; --lr-paper: yellow }}
  * {{ letter-spacing: 3px; text-transform: uppercase; font-style: italic }}
  body {{ color: rgb(1, 2, 3); font: 30px/3 fantasy }}
  .lr-step, button, .lr-area, .lr-text {{ display: none !important }}
  mjx-container {{ color: red !important }}
</style>
<script>window.MathJax = {{ mine: true }}</script>
<script type="module" src="lr/derivation-checker.js"></script>
<h1>My page</h1> <p class="lr-summary lr-widget lr-desk">My paragraph <button>mine</button> <a href="#">a link</a></p>
<derivation-checker table="X : N x M; w : M; y : N; L := \\|Xw - y\\|^2" text="{text}"></derivation-checker>
<script>
  window.told = [];
  document.addEventListener("verdicts", ({{ detail, target }}) => told.push({{ ...detail, from: target.localName }}));
</script></html>"""
LOOK = """() => JSON.stringify([...document.querySelectorAll("html, body, h1, p, p *")].map((one) => {
    const style = getComputedStyle(one);
    return [...style].map((name) => [name, style[name]]).filter(([name]) => !/size|height|origin|inset|^(top|bottom)/.test(name));
  }))"""


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    site = tmp_path_factory.mktemp("notes")
    component.write(site / "lr")
    (site / "wrong.html").write_text(PAGE.format(text=WRONG), encoding="utf-8")
    (site / "right.html").write_text(PAGE.format(text=RIGHT), encoding="utf-8")
    (site / "without.html").write_text(PAGE.format(text="").replace('src="lr/', 'src="no/'), encoding="utf-8")
    with static_host(site) as address:
        yield address


@pytest.fixture(scope="module")
def opened(browser, host):
    """The page with the wrong line, after its first verdict; at the end nobody has complained or asked elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    troubles = complaints_of(page, host)
    page.goto(f"{host}wrong.html")
    told(page, 1)
    yield page
    context.close()
    assert not troubles


def told(page, number):
    """The last of so many events."""
    page.wait_for_function("number => told.length >= number", arg=number, timeout=60_000)
    return page.evaluate("told.at(-1)")


def inside(page, act):
    return page.evaluate(f"(({act}))(document.querySelector('derivation-checker').shadowRoot)")


def test_a_wrong_line_is_refused_where_it_stands_and_an_event_says_so(opened):
    said = told(opened, 1)
    assert (said["ok"], said["text"], said["from"]) == (False, WRONG, "derivation-checker")
    (step,) = said["steps"]
    assert (step["line"], step["verdict"]) == (1, "REFUTED") and "factor 2" in said["summary"]
    checker = opened.locator("derivation-checker")
    assert checker.locator(".lr-step").get_attribute("data-verdict") == "REFUTED"
    checker.locator(".lr-stepmath mjx-container").first.wait_for()


def test_the_right_line_is_accepted_and_its_neighbour_is_not(browser, host):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{host}right.html")
    said = told(page, 1)
    assert said["ok"] and [step["verdict"] for step in said["steps"]] == ["PROVED"]
    page.evaluate(
        "text => document.querySelector('derivation-checker').setAttribute('text', text)", RIGHT.replace("2 X", "3 X")
    )
    assert not told(page, 2)["ok"]
    page.evaluate(
        "document.querySelector('derivation-checker').setAttribute('table', 'X : N x M; w : M; y : N; L := 1.5 \\\\|Xw - y\\\\|^2')"
    )
    assert told(page, 3)["ok"], "another table, another verdict"
    assert page.evaluate("document.querySelector('derivation-checker').table").startswith("X : N x M; w : M")
    context.close()


def test_it_is_used_with_the_keyboard_alone(opened):
    opened.locator("a").focus()
    before = opened.evaluate("told.length")
    at = "document.activeElement.shadowRoot?.activeElement?.className ?? ''"
    for _ in range(8):
        opened.keyboard.press("Tab")
        if "lr-area" in opened.evaluate(at):
            break
    assert "lr-area" in opened.evaluate(at)
    opened.keyboard.press("Control+a")
    opened.keyboard.type(RIGHT)
    assert told(opened, before + 1)["text"]
    opened.wait_for_function("told.at(-1).ok && told.at(-1).text.endsWith('(Xw - y)')", timeout=30_000)
    opened.keyboard.press("Control+a")
    opened.keyboard.type(WRONG)
    opened.wait_for_function(
        "!told.at(-1).ok && told.at(-1).steps.length === 1 && told.at(-1).steps[0].verdict === 'REFUTED'"
    )
    for _ in range(12):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.shadowRoot?.activeElement?.textContent === 'Apply this change'"):
            break
    opened.keyboard.press("Enter")
    opened.wait_for_function("told.at(-1).ok")
    assert opened.evaluate("document.querySelector('derivation-checker').text").replace(" ", "") == RIGHT.replace(
        " ", ""
    )


def test_no_style_and_no_script_of_the_page_gets_in_and_none_gets_out(opened, host, browser):
    style = "getComputedStyle(root.querySelector('{}'))"
    words = inside(
        opened,
        f"root => {{ const s = {style.format('.lr-summary')}; return [s.letterSpacing, s.textTransform, s.fontStyle, s.fontFamily] }}",
    )
    assert words == ["normal", "none", "normal", "system-ui, sans-serif"]
    for name in (".lr-area", ".lr-step", "button"):
        assert inside(opened, f"root => {style.format(name)}.display") != "none"
    opened.locator("derivation-checker mjx-container").first.wait_for()
    red = inside(opened, f"root => {style.format('mjx-container')}.color")
    assert red != "rgb(255, 0, 0)"
    assert opened.evaluate("JSON.stringify(MathJax)") == '{"mine":true}', "the page's own MathJax is its own"
    assert opened.evaluate("document.querySelectorAll('head style, head link, body > style').length") == 2
    font = "[...document.fonts].some((one) => one.family.includes('MJX') && one.status === 'loaded')"
    opened.wait_for_function(font)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    bare = context.new_page()
    bare.goto(f"{host}without.html")
    opened.evaluate("document.activeElement.blur()")
    assert bare.evaluate(LOOK) == opened.evaluate(LOOK), "the page looks as it does without"
    context.close()


def test_it_is_dark_where_the_page_is_and_where_its_author_says_so(opened):
    def paper():
        ground, ink = inside(
            opened,
            "root => { const s = getComputedStyle(root.querySelector('.lr-embedded')); return [s.backgroundColor, s.color] }",
        )
        return tuple(sum(map(int, re.findall(r"\d+", one)[:3])) // 3 for one in (ground, ink))

    def wrong():
        return inside(opened, "root => getComputedStyle(root.querySelector('.lr-step[data-verdict] .lr-word')).color")

    light, colour = paper(), wrong()
    assert light == (255, 0)
    opened.emulate_media(color_scheme="dark")
    assert paper()[0] < 40 and paper()[1] == 255 and wrong() != colour
    opened.evaluate("document.querySelector('derivation-checker').setAttribute('theme', 'light')")
    assert (paper(), wrong()) == (light, colour)
    opened.emulate_media(color_scheme="light")
    opened.evaluate("document.querySelector('derivation-checker').setAttribute('theme', 'dark')")
    assert paper()[0] < 40 and wrong() != colour
    opened.evaluate("document.querySelector('derivation-checker').removeAttribute('theme')")
    opened.evaluate("document.documentElement.style.colorScheme = 'normal'")
    opened.emulate_media(color_scheme="dark")
    assert paper() == light, "a page that is light alone"


def test_a_checker_that_is_taken_off_the_page_ends_its_python_and_one_that_is_moved_keeps_it(opened):
    assert len(opened.workers) == 1
    opened.evaluate("document.body.prepend(document.querySelector('derivation-checker'))")
    assert len(opened.workers) == 1
    with opened.workers[0].expect_event("close"):
        opened.evaluate("{ window.gone = document.querySelector('derivation-checker'); gone.remove() }")
    opened.evaluate("document.body.append(gone)")
    assert inside(opened, "root => root.querySelectorAll('.lr-area').length") == 1


def test_the_tutorial_tells_every_attribute_and_shows_the_page_that_lies_in_the_folder():
    text = (ROOT / "book" / "your_notes.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| .*\|$", text[text.index("| Attribute |") :], re.MULTILINE)
    source = (component.MODULES / component.FIRST).read_text(encoding="utf-8")
    assert told == [*re.findall(r'"(\w+)"', re.search(r"observedAttributes = (.*);", source)[1]), "theme"]
    (shown,) = re.findall(r"(<derivation-checker\n.*?</derivation-checker>)", text, re.DOTALL)
    assert shown in component.EXAMPLE


def test_the_folder_never_takes_the_place_of_other_files(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(SystemExit, match="other files"):
        component.write(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "mine"
