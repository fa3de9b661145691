"""Cells that run in place, on the kernel beside the site and on Python in the page."""

from contextlib import contextmanager

import pytest
from fingers import TOUCHED, Hand, middle
from hosts import static_host
from live import ISOLATED, Live, own_server, python_with, python_without, small_site, wheels

CELLS = [
    "import numpy as np\nA = np.array([[2.0, 1.0], [1.0, 3.0]])\nprint(A @ A)\nA.sum()",
    "import sympy as sp\nx = sp.symbols('x')\nsp.diff(sp.sin(x) ** 2, x)",
    "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9]);",
    """import ipywidgets
slider, label = ipywidgets.IntSlider(value=3, max=9), ipywidgets.Label()
def square(change):
    label.value = f'its square is {change.new ** 2}'
    print('moved to', change.new)
slider.observe(square, 'value')
ipywidgets.VBox([slider, label])""",
    "from ipywidgets import interact\n@interact(n=(1, 9))\ndef power(n=2):\n    print('n is', n)\n    return x ** n",
    "def below(a):\n    return 1 / a\nbelow(0)",
    r"""from lrcore.verify import Context, derivation
matrices = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)})
print(derivation(r"(X w)^\top = w^\top X^\top", matrices).steps[0].verdict.value)""",
]
NUMPY, SYMPY, FIGURE, WIDGET, INTERACT, ERROR, VERIFY = range(len(CELLS))
FRAMES_OF_A_SECOND = """new Promise(done => {
    let frames = 0
    const end = performance.now() + 1000
    const count = now => now < end ? (frames++, requestAnimationFrame(count)) : done(frames)
    requestAnimationFrame(count)
})"""
NO_WHEELS = "set PYODIDE_WHEELS to a folder of numpy, matplotlib, pillow and kiwisolver for Pyodide to run this test"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site without compiled packages, whatever the book was built with."""
    folder = tmp_path_factory.mktemp("live")
    return small_site(folder / "site", CELLS, python_without(folder / "python"))


@pytest.fixture(scope="module")
def local(site):
    with own_server(site) as address:
        yield address


@pytest.fixture(scope="module")
def hosted(site):
    """The site without compiled packages on a static host that isolates its pages."""
    with static_host(site, ISOLATED) as address:
        yield address


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """The site with compiled packages on a static host that isolates its pages."""
    if wheels() is None:
        pytest.skip(NO_WHEELS)
    folder = tmp_path_factory.mktemp("complete")
    python = python_with(wheels(), folder / "python")
    with static_host(small_site(folder / "site", CELLS, python), ISOLATED) as address:
        yield address


@contextmanager
def pages(browser):
    """A function that opens pages; at the end no browser has complained: no script failed, no other host was asked."""
    opened = []

    def opening(address, **options):
        opened.append(Live(browser.new_context(**options), address))
        return opened[-1]

    yield opening
    for live in opened:
        live.page.context.close()
        assert not live.troubles


@pytest.fixture
def opened(browser):
    with pages(browser) as opening:
        yield opening


@pytest.fixture(scope="module", params=["local", "complete"])
def everything(browser, request):
    """A page that has numpy and all, ready to run: with the Python beside the site, then with the one in the page."""
    address = request.getfixturevalue(request.param)
    with pages(browser) as opening:
        yield opening(address).switch().ready()


@pytest.fixture(scope="module")
def light(browser, hosted):
    """A page with Python in it and no compiled packages, ready to run."""
    with pages(browser) as opening:
        yield opening(hosted).switch().ready()


@pytest.fixture(scope="module", params=["local", "light"])
def running(request):
    """A page of either kernel, whether there are compiled packages or not."""
    if request.param == "light":
        yield request.getfixturevalue("light")
    else:
        with pages(request.getfixturevalue("browser")) as opening:
            yield opening(request.getfixturevalue("local")).switch().ready()


def test_a_page_loads_nothing_but_a_switch_of_a_few_kilobytes_before_it_is_pressed(opened, hosted, site):
    live = opened(hosted)
    live.page.wait_for_selector(".run-code")
    assert {url.removeprefix(hosted) for url in live.asked} == {"", "_static/live/live.css", "_static/live/switch.js"}
    assert sum((site / "_static/live" / name).stat().st_size for name in ("switch.js", "live.css")) < 8000


def test_numpy_sympy_figures_widgets_and_errors_run_in_place(everything):
    live = everything
    assert " ".join(live.run(NUMPY).split()).startswith("[[ 5. 5.] [ 5. 10.]]")
    assert "7.0" in live.said(NUMPY)
    assert not live.cell(NUMPY).locator("text=the book's output").is_visible()

    live.run(SYMPY)
    live.page.wait_for_selector(".run-output mjx-container")
    assert live.cell(SYMPY).locator(".run-output mjx-assistive-mml").inner_text().replace("\u2061", "").split() != []

    live.run(FIGURE)
    picture = live.cell(FIGURE).locator(".run-output img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert picture.get_attribute("alt")

    live.run(WIDGET)
    handle = live.cell(WIDGET).locator("[role=slider]")
    handle.focus()
    handle.press("ArrowRight")
    live.until_said(WIDGET, "its square is 16")
    live.until_said(WIDGET, "moved to 4")

    live.run(INTERACT)
    live.until_said(INTERACT, "n is 2")
    handle = live.cell(INTERACT).locator("[role=slider]")
    handle.focus()
    handle.press("ArrowRight")
    live.until_said(INTERACT, "n is 3")
    assert "n is 2" not in live.said(INTERACT)
    live.cell(INTERACT).locator("mjx-container").wait_for()

    said = live.run(ERROR)
    assert said.startswith("ZeroDivisionError: division by zero")
    assert "return 1 / a" in said and "below(0)" in said
    assert "\x1b" not in said and "page_kernel" not in said and "ipykernel" not in said


def test_sympy_and_the_prover_need_no_compiled_package_in_the_page(light):
    live = light
    assert live.run(VERIFY).strip() == "PROVED"
    assert not [url for url in live.asked if "numpy" in url or "matplotlib" in url]
    live.run(SYMPY)
    live.page.wait_for_selector(".run-output mjx-container")


BEYOND = {  # on a site without compiled packages
    CELLS[NUMPY]: "This cell needs numpy, which this copy of the book does not carry",
    CELLS[FIGURE]: "This cell needs matplotlib, which this copy of the book does not carry",
    "import pandas": "This cell needs pandas, which Python in your browser does not have",
    "%pip install pandas": "%pip installs nothing here",
    "!ls": "!ls asks for the command line of a computer",
    "%timeit 1": "%timeit is a command of IPython",
}


@pytest.mark.parametrize("code", BEYOND)
def test_what_python_in_the_page_cannot_do_is_a_sentence_and_no_error(light, code):
    said = light.run(NUMPY, code).strip()
    assert said.startswith(BEYOND[code]) and "make" in said
    assert "Error" not in said and "Where it happened" not in said and "\n" not in said
    assert light.cell(NUMPY).locator(".run-error").count() == 0


ICONS = """import ipywidgets
ipywidgets.VBox([ipywidgets.Button(icon="check"), ipywidgets.Play(), ipywidgets.Valid(value=True)])"""


def test_the_icons_of_ipywidgets_come_from_the_site_s_own_fonts(running):
    running.run(0, ICONS)
    running.cell(0).locator(".fa-check, .widget-valid").first.wait_for()
    running.page.evaluate("document.fonts.ready.then(() => true)")
    fonts = running.page.evaluate("[...document.fonts].map((one) => [one.family, one.status])")
    assert "loaded" in {status for family, status in fonts if family.startswith("Font Awesome")}
    assert not [family for family, status in fonts if status == "error"]  # a missing file is a trouble, too


def test_input_asks_below_the_cell_and_goes_on_with_the_answer_on_both_hosts(running):
    running.write(0, "name = input('Who? ')\nprint('Hello', name, len(input()))")
    running.start(0)
    for answer in ("Zoë", "four"):
        running.cell(0).locator(".run-input input").fill(answer)
        running.page.keyboard.press("Enter")
        running.cell(0).locator(f".run-output:has-text('{answer}')").wait_for()
    running.ended(0)
    assert running.said(0).split() == ["Who?", "Zoë", "four", "Hello", "Zoë", "4"]
    assert running.cell(0).locator(".run-input").count() == 0


def test_a_cell_that_waits_for_input_is_interrupted_on_both_hosts(running):
    running.write(0, "kept = 7\ninput('Who? ')")
    running.start(0)
    running.cell(0).locator(".run-input input").wait_for()
    running.press("Interrupt")
    running.ended(0)
    assert "KeyboardInterrupt" in running.said(0)
    assert running.cell(0).locator(".run-input").count() == 0
    assert running.run(1, "kept").strip() == "7"


def test_a_page_without_numpy_says_what_works_before_anyone_presses(opened, hosted):
    live = opened(hosted)
    notice = live.page.locator(".run-without")
    notice.wait_for(state="visible")
    for word in ("sympy", "checker", "widgets", "numpy", "make"):
        assert word in notice.inner_text()
    assert live.page.locator(".run-bar").count() == 0


def test_a_page_whose_server_runs_the_cells_says_nothing_of_that(opened, local):
    live = opened(local)
    live.page.wait_for_load_state("networkidle")
    assert not live.page.locator(".run-without").is_visible()


def test_a_page_with_numpy_says_nothing_of_that(opened, complete):
    assert opened(complete).page.locator(".run-without").count() == 0


def test_wide_output_stays_within_its_box_and_can_be_reached(light):
    light.run(0, "from IPython.display import HTML\nHTML('<div style=\"width: 4000px\">wide</div>')")
    light.run(1, "print('x ' * 600 + 'y' * 600)")
    inside = "box => box.scrollWidth > box.clientWidth && ['auto', 'scroll'].includes(getComputedStyle(box).overflowX)"
    assert light.cell(0).locator(".run-output").evaluate(inside)
    assert not light.cell(1).locator(".run-output").evaluate(inside)  # text goes on in the next line
    assert light.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


VERIFIED = "from lrcore.symbolic import holds\nholds('n-chain', 'closed-form')"


def test_what_is_verified_is_typeset_and_its_sides_when_they_are_unfolded(running):
    running.run(0, VERIFIED)
    for one in running.cell(0).locator(".lr-holds > summary").all():
        one.click()
    formulas = running.cell(0).locator(".lr-holds > .math")
    running.page.wait_for_function(
        "(count) => document.querySelectorAll('.run-output .lr-holds > .math > mjx-container').length === count",
        arg=formulas.count(),
    )
    assert formulas.count() >= 2
    sides = running.cell(0).locator("details.lr-sides").first
    assert sides.locator("mjx-container").count() == 0
    sides.locator("summary").click()
    sides.locator("mjx-container").nth(1).wait_for()
    assert "\\[" not in sides.inner_text()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("'n-chian'", "No equation of the book is called 'n-chian'"),
        ("'n-loss'", "n-loss: This is a definition"),
        (r"r'\nabla_w L = \frac1N X^\top r', page='n_samples'", "It does not hold"),
    ],
)
def test_what_is_not_verified_is_a_sentence(running, asked, said):
    assert said in running.run(0, f"from lrcore.symbolic import holds\nholds({asked})")
    assert running.cell(0).locator(".run-error").count() == 0
    assert running.cell(0).get_attribute("data-run") == "error"


def test_a_cell_that_needs_what_another_makes_says_so_before_that_has_run(opened, local):
    live = opened(local).switch().ready()
    live.write(0, "made = 1")
    said = live.run(1, "made + 1")
    assert said.strip().startswith(
        "This cell uses what cell 1 makes (name 'made' is not defined), and that has not run"
    )
    assert live.cell(1).locator(".run-error").count() == 0
    live.cell(1).locator("button:text-is('Run all to here')").click()
    live.until_said(1, "2")
    assert live.run(2, "never_made").startswith("NameError")


def test_a_package_that_this_computer_lacks_is_a_sentence(opened, local):
    said = opened(local).switch().ready().run(0, "import nobody_has_this")
    assert said.strip().startswith("This cell needs nobody_has_this, which is not installed here. %pip install")


def test_where_numpy_is_missing_its_cells_are_passed_over_and_what_they_import_besides_is_there(light):
    cells = ["import numpy as np\nimport math\nX = np.eye(2)", "X @ X", "math.sqrt(1764)", "never_made"]
    for number, code in enumerate(cells):
        light.write(number, code)
    light.cell(3).locator("button:text-is('Run all to here')").click()
    light.ended(3)
    states = [light.cell(number).get_attribute("data-run") for number in range(4)]
    assert states == ["elsewhere", "elsewhere", "ok", "error"]
    assert "uses what cell 1 makes (name 'X' is not defined), and that cell cannot run here" in light.said(1)
    assert light.said(2).strip() == "42.0"


def test_an_edit_survives_a_reload_and_reset_brings_back_the_book(opened, local):
    live = opened(local).switch().ready()
    live.run(NUMPY, "6 * 7")
    live.page.reload()
    live.switch()
    editor = live.cell(NUMPY).locator(".cm-content")
    assert editor.inner_text().strip() == "6 * 7"
    assert "the book's output" in live.cell(NUMPY).inner_text()
    live.ready()
    assert live.run(NUMPY).strip() == "42"

    live.cell(NUMPY).locator("button:text-is('Reset')").click()
    assert editor.inner_text().splitlines()[0] == "import numpy as np"
    assert live.cell(NUMPY).locator("text=the book's output").is_visible()
    live.page.reload()
    live.switch()
    assert editor.inner_text().splitlines()[0] == "import numpy as np"


def test_an_endless_loop_is_interrupted_and_what_was_computed_is_kept(running):
    running.write(0, "kept = 5\nprint('on and on')\nwhile True:\n    pass")
    running.start(0)
    running.until_said(0, "on and on")
    running.press("Interrupt")
    running.ended(0)
    assert running.said(0).removeprefix("on and on").lstrip().startswith("KeyboardInterrupt")
    assert running.run(1, "kept").strip() == "5"


def test_an_interrupt_is_not_lost_between_looking_and_clearing_and_waits_until_it_is_heeded(opened, hosted):
    seen = opened(hosted).page.evaluate(
        """async (address) => {
          const { interrupts } = await import(address);
          const given = new Uint8Array(1);
          const taken = interrupts(given);
          const look = () => { const seen = taken[0]; taken[0] = 0; return seen; }; // as Pyodide does
          const found = [];
          given[0] = 2;
          found.push(look()); // not heeded yet, and kept
          taken.heed(true);
          found.push(look(), look());
          const early = taken[0];
          given[0] = 2; // comes between looking and clearing
          taken[0] = 0;
          found.push(early, look());
          given[0] = 2;
          taken.heed(false); // too late
          taken.heed(true);
          return [...found, look()];
        }""",
        f"{hosted}_static/live/signal.js",
    )
    assert seen == [0, 2, 0, 0, 2, 0]


def test_on_a_host_without_headers_the_page_isolates_itself_and_an_interrupt_keeps_what_was_computed(opened, site):
    with static_host(site, below="/some/where") as address:
        live = opened(address).switch().ready()
        assert live.page.evaluate("crossOriginIsolated")
        live.write(0, "kept = 5\nwhile True:\n    pass")
        live.start(0)
        live.press("Interrupt")
        live.ended(0)
        assert live.said(0).startswith("KeyboardInterrupt")
        assert live.run(1, "kept").strip() == "5"


def test_where_the_browser_refuses_that_interrupt_and_input_say_why(opened, site):
    with static_host(site) as address:
        live = opened(address, service_workers="block").switch().ready()
        assert "Interrupt starts Python anew here, and input() cannot ask, because your browser" in live.bar()
        assert "write the value into the code" in live.run(0, "name = input('Who? ')")
        assert "Error" not in live.said(0)
        live.write(0, "while True:\n    pass")
        live.start(0)
        live.press("Interrupt")
        live.ended(0)
        assert "started anew" in live.said(0)
        assert live.run(1, "1 + 1").strip() == "2"


def test_a_script_of_the_site_can_call_python_through_the_same_worker(opened, hosted):
    asked = """new Promise(answer => {
        const worker = new Worker("_static/live/worker.js", { type: "module" })
        worker.onmessage = ({ data }) => {
            if (data.ready) worker.postMessage({ call: ["operator", "add", [2, 40]], id: 7 })
            if (data.failed || data.id === 7) answer(data)
        }
        worker.postMessage({ start: true })
    })"""
    assert opened(hosted).page.evaluate(asked) == {"id": 7, "result": 42}


def test_the_page_stays_smooth_while_python_in_it_computes(light):
    live = light
    live.write(0, "while True:\n    pass")
    live.start(0)
    assert live.page.evaluate(FRAMES_OF_A_SECOND) > 20
    live.press("Interrupt")
    live.ended(0)


def test_cells_run_in_order_up_to_the_one_that_fails(opened, local):
    live = opened(local).switch()
    for number, code in enumerate(["a = 1", "a += 1; a", "a / 0", "print('never')"]):
        live.write(number, code)
    live.cell(3).locator("button:text-is('Run all to here')").click()
    live.ended(2)
    live.until_bar("idle")
    assert live.said(1).strip() == "2"
    assert live.said(2).startswith("ZeroDivisionError")
    assert live.cell(3).get_attribute("data-run") is None
    assert live.cell(3).locator(".run-output").count() == 0


def test_a_cell_for_a_package_that_the_page_lacks_is_passed_over_and_the_rest_runs(light):
    for number, code in enumerate(["a = 1", "import pandas", "a + 41"]):
        light.write(number, code)
    light.cell(2).locator("button:text-is('Run all to here')").click()
    light.ended(2)
    light.until_bar("idle")
    assert light.cell(1).get_attribute("data-run") == "elsewhere"
    assert "needs pandas" in light.said(1)
    assert light.said(2).strip() == "42"


def test_a_restart_forgets_every_name(opened, local):
    live = opened(local).switch().ready()
    live.run(0, "secret = 1")
    live.press("Restart")
    live.page.wait_for_function("document.querySelector('.run-said').textContent.includes('was restarted')")
    assert live.run(0, "secret").startswith("NameError")


def test_python_that_ended_by_itself_is_started_anew_by_restart(opened, local):
    live = opened(local).switch().ready()
    assert "ended by itself" in live.run(0, "import os\nos._exit(1)")
    live.press("Restart")
    live.page.wait_for_function("document.querySelector('.run-said').textContent.includes('was restarted')")
    assert live.run(0, "6 * 7").strip() == "42"


def test_prints_appear_while_the_cell_still_runs(running):
    running.write(0, "import time\nprint('first', flush=True)\ntime.sleep(2)\nprint('second')")
    running.start(0)
    running.until_said(0, "first")
    assert "second" not in running.said(0)
    running.ended(0)
    assert "second" in running.said(0)


def test_what_a_cell_prints_and_raises_is_text_and_never_markup(running):
    live = running
    mischief = "<img src=x onerror=document.title='broken'>"
    assert mischief in live.run(0, f"print({mischief!r})")
    assert mischief in live.run(1, f"raise ValueError({mischief!r})")
    assert live.page.title() == "cells"


def test_the_book_s_own_widgets_talk_to_python(everything):
    live = everything
    live.run(0, "from lrcore.widgets import DescentPlayer\np = DescentPlayer([[2.0]], [3.0], rate=0.05)\np")
    live.page.wait_for_selector(".run-output svg, .run-output canvas")
    before = live.cell(0).locator(".run-output").inner_text()
    live.run(1, "p.rate = 0.01")
    live.page.wait_for_function(
        "t => document.querySelector('.run-output').innerText !== t", arg=before
    )  # Python moves it


def test_a_finger_drags_a_slider_of_ipywidgets_and_python_answers(opened, local):
    live = opened(local, **TOUCHED).switch().ready()
    live.run(WIDGET)
    handle = live.cell(WIDGET).locator("[role=slider]")
    handle.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    at, (x, y) = live.page.evaluate("scrollY"), middle(handle)
    Hand(live.page).drag((x, y), (x + 60, y))
    live.until_said(WIDGET, "its square is")
    assert live.page.evaluate("scrollY") == at


def test_the_keyboard_leaves_the_editor_with_escape_and_tab(running):
    live = running
    live.cell(0).locator(".cm-content").focus()
    live.page.keyboard.press("Escape")
    live.page.keyboard.press("Tab")
    assert live.page.evaluate("document.activeElement.textContent") == "Run"


def test_python_offers_the_names_it_knows(running):
    running.run(0, "import math")
    running.write(1, "math.fact")
    running.page.keyboard.press("Control+Space")
    running.page.wait_for_selector(".cm-tooltip-autocomplete >> text=factorial")
    running.page.keyboard.press("Escape")


def test_switching_off_gives_the_book_s_page_back(opened, local):
    live = opened(local).switch().ready()
    live.run(0, "print('mine')")
    live.page.click(".run-code")
    live.page.wait_for_selector(".run-code[aria-pressed=false]")
    assert live.page.locator(".run-editor, .run-bar, .run-output").count() == 0
    assert live.page.locator("text=the book's output").first.is_visible()
    assert live.page.locator(".cell pre").first.is_visible()
