# ruff: noqa: E501 (scripts and derivations are quoted as one line)
"""The page on which a reader checks a derivation: verdicts as one types, gallery, challenges, links, and no harm done."""

import json
import re
from random import Random

import pytest
from hosts import ROOT, complaints_of, settle

from lrcore.checker.challenges import CHALLENGES
from lrcore.checker.gallery import CASES
from tests.checker.test_hostile import MONSTERS, POOL
from tests.checker.worked_solutions import SOLUTIONS, WRONG
from tests.verify.damage import damaged

AXE = ROOT / "book" / "_front" / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """axe.run(".bd-article", { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.html.slice(0, 160)}`)))"""
HEAVY = re.compile(r"pyodide|live/|tex-chtml|sympy|numpy")
MISCHIEF = [
    "<img src=x onerror=\"document.title='broken'\"> = 1",
    "<script>document.title='broken'</script>",
    r"\text{<img src=x onerror=document.title='broken'>} = x",
    r"\href{javascript:document.title='broken'}{x} = \style{position:fixed}{x} = \unicode{x3c}img",
    "x = \"><svg onload=document.title='broken'>",
    "]]>-->*/</textarea><script>document.title='broken'</script> = 1",
]


class CheckPage:
    """The page, and what a reader does there."""

    def __init__(self, page, address):
        self.page, self.address, self.asked = page, address, []
        page.on("request", lambda request: self.asked.append(request.url))
        page.set_default_timeout(30_000)
        self.visit()

    def visit(self, fragment=""):
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}book/check.html{fragment}")
        self.page.wait_for_selector(".lr-desk")

    @property
    def area(self):
        return self.page.locator(".lr-area")

    def settled(self):
        """Nothing is on its way any more: the verdicts are those of the text."""
        self.page.evaluate("document.querySelector('lr-control').checker.rest()")
        self.page.wait_for_function("document.querySelector('lr-control').checker.settled", timeout=60_000)

    def write(self, text):
        self.area.fill(text)
        self.settled()

    def table(self, rows):
        self.page.evaluate("rows => document.querySelector('lr-control').checker.change({ rows })", rows)
        self.settled()

    def begin(self, start):
        self.page.evaluate("start => document.querySelector('lr-control').checker.begin(start)", start)
        self.settled()

    def go(self, fragment):
        self.page.evaluate("fragment => { location.hash = fragment }", fragment)
        self.page.wait_for_function("f => location.hash === f", arg=fragment)
        self.settled()

    def steps(self):
        return self.page.locator(".lr-step").evaluate_all(
            "steps => steps.map(s => [s.dataset.verdict, Number(s.querySelector('.lr-goto').textContent.slice(5))])"
        )

    def summary(self):
        return self.page.locator(".lr-summary").inner_text()

    def text(self):
        return self.area.input_value()


@pytest.fixture(scope="module")
def checker(browser, address):
    """One page for all tests that may share it; at the end no script has failed and no other host was asked."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    troubles = complaints_of(page, address)
    yield CheckPage(page, address)
    assert page.title().startswith("Check your own derivation")
    context.close()
    assert not troubles


@pytest.fixture
def first(checker):
    """The page as it is for who comes first."""
    checker.page.evaluate("localStorage.clear()")
    checker.asked.clear()
    checker.visit()
    return checker


@pytest.fixture
def fresh(checker):
    """The example on the page, with the Python that it has and the table of N samples."""
    if not checker.page.url.startswith(f"{checker.address}book/check.html"):
        checker.visit()
    checker.page.evaluate("localStorage.clear()")
    checker.page.evaluate(
        "document.querySelector('lr-control').checker.open(document.querySelector('lr-control').checker.initial)"
    )
    checker.begin("samples")
    checker.asked.clear()
    return checker


def test_the_page_shows_its_example_with_verdicts_before_any_python_is_loaded(first):
    assert first.steps() == [["DEFINITION", 1], ["DEFINITION", 2], ["PROVED", 5], ["PROVED", 6], ["REFUTED", 7]]
    assert "a wrong factor" in first.summary() and "a factor 2 is lost" in first.summary()
    assert first.page.locator(".lr-symbols tbody tr").count() == 0
    assert first.page.locator(".lr-step mjx-container").count() >= 4
    settle(first.page)
    assert not [url for url in first.asked if HEAVY.search(url)]


def test_other_pages_load_nothing_of_it(checker):
    checker.asked.clear()
    checker.page.goto(f"{checker.address}book/one_sample.html")
    settle(checker.page)
    assert not [url for url in checker.asked if re.search(r"checker|connection|field\.js|worker|pyodide", url)]


def test_a_verdict_comes_as_one_types_and_the_first_wrong_line_is_marked_in_the_text(first):
    first.begin("samples")
    first.area.fill("")
    first.area.press_sequentially(r"\frac{\partial L}{\partial r} = \frac{2}{N} r")
    first.area.press("Enter")
    first.area.press_sequentially(r"\frac{\partial L}{\partial w} = \frac{2}{N} X r")
    first.settled()
    assert first.steps() == [["PROVED", 1], ["ILL_TYPED", 2]]
    signs = first.page.locator(".lr-textline").evaluate_all("lines => lines.map(l => l.dataset.sign)")
    assert signs == ["✓", "✗"]
    assert first.page.locator(".lr-back mark").inner_text().strip() == "r"
    first.page.click("text=Apply this change")
    first.settled()
    assert first.steps() == [["PROVED", 1], ["PROVED", 2]] and "Every line holds" in first.summary()
    first.area.press("Control+z")
    first.settled()
    assert first.text().endswith("X r")
    names = {url.rpartition("/")[2] for url in first.asked}
    assert not [name for name in names if re.match(r"sympy|numpy|mpmath|page_kernel", name)]


def test_verdicts_of_an_older_text_are_never_set_beside_a_new_one(first):
    first.page.route("**/pyodide.asm.wasm", lambda route: None)  # Python is on its way, and stays there
    with first.page.expect_request("**/pyodide.asm.wasm"):
        first.area.fill("1 = 1\n2 = 2\n3 = 3\n4 = 4\n5 = 5")
    first.page.wait_for_function("!document.querySelector('lr-control').checker.typing")
    assert first.page.locator(".lr-textline[data-sign]").count() == 0
    assert first.page.locator(".lr-waits .lr-steps").count() == 1
    first.page.unroute("**/pyodide.asm.wasm")
    first.visit()  # with Python for the tests that follow


def test_a_counterexample_is_laid_out_as_matrices(checker):
    checker.go("#case=frobenius")
    tables = checker.page.locator(".lr-example table.lr-matrix")
    labels = tables.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert labels[-2:] == ["left side, 1 by 1", "right side, 1 by 1"]
    assert all(re.fullmatch(r".+, \d by \d", label) for label in labels)


@pytest.mark.parametrize("case", CASES[::3], ids=lambda one: one.id)  # all of them in tests/checker/test_checker.py
def test_a_gallery_case_is_a_click_away_and_gets_its_verdict_line_and_repair(checker, case):
    checker.go("#case=none")
    checker.page.click(f'a[href="#case={case.id}"]')
    checker.page.wait_for_selector(f".lr-notice >> text={case.title}")
    checker.settled()
    assert checker.text() == case.text
    wrong = checker.page.locator(".lr-step.lr-first")
    assert wrong.get_attribute("data-verdict") == case.verdict
    assert checker.steps()[case.step][0] == case.verdict
    assert case.notice in checker.page.locator(".lr-notice").inner_text()
    repair = wrong.get_by_role("button", name="Apply this change")
    assert repair.count() == bool(case.mended)
    if case.mended:
        repair.click()
        checker.settled()
        assert checker.steps()[case.step][0] == "PROVED" and case.mended in checker.text()


@pytest.mark.parametrize("one", CHALLENGES[::4], ids=lambda one: one.id)  # all of them in test_challenges.py
def test_a_challenge_is_refused_on_a_wrong_way_solved_on_a_right_one_and_remembered(checker, one):
    checker.go("#case=none")
    checker.page.click(f'a[href="#challenge={one.id}"]')
    checker.page.wait_for_selector(f".lr-challenge >> text={one.title}")
    marked = checker.page.locator(".lr-marked-as")
    checker.write(WRONG[one.id])
    assert marked.get_attribute("data-solved") == "false"
    checker.write(SOLUTIONS[one.id][1])
    assert marked.get_attribute("data-solved") == "true", marked.inner_text()
    assert checker.page.locator('.lr-milestones li[data-reached="false"]').count() == 0
    assert "✓ solved" in checker.page.locator(f'a[href="#challenge={one.id}"]').inner_text()


def test_a_jump_to_the_end_of_a_challenge_is_named_and_hints_come_one_by_one(checker):
    checker.go("#challenge=weighted")
    checker.write(r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top C r")
    assert "is a jump of" in checker.page.locator(".lr-marked-as").inner_text()
    for count in (1, 2, 2):
        checker.page.get_by_role("button", name="A hint", exact=True).click()
        assert checker.page.locator(".lr-hint").count() == count


def test_hints_for_the_next_line_grow_stronger_by_keyboard_and_go_when_one_types(checker):
    checker.go("#challenge=ridge")
    checker.write(
        r"\nabla_w L = \frac1N \frac{\partial}{\partial w} \|r\|^2 + \lambda \frac{\partial}{\partial w} \|w\|^2"
    )
    hints = checker.page.locator(".lr-next-hint")
    checker.page.get_by_role("button", name="A hint for the next line").focus()
    for count in (1, 2, 3):
        checker.page.keyboard.press("Enter")
        hints.nth(count - 1).wait_for()
        assert hints.count() == count
    assert hints.nth(0).inner_text() == "The next rule: chain rule."
    checker.write("L = L")
    assert hints.count() == 0


def test_a_link_that_is_followed_while_the_address_is_being_written_stays(checker):
    checker.go("#challenge=weighted")
    checker.write("w = w")
    found = checker.page.evaluate(
        """async () => {
            const { checker } = document.querySelector("lr-control");
            checker.changed();
            const writing = checker.remember();
            location.hash = "#case=none";
            await writing;
            return location.hash;
        }"""
    )
    assert found == "#case=none"
    checker.write("w = w + 0")
    checker.page.wait_for_function("location.hash.startsWith('#check=')")


def test_a_link_opens_to_the_same_state_and_what_is_written_is_kept(first):
    text = "An attempt: é ∂ \\frac{\\partial L}{\\partial w} = \\frac{2}{N} X^\\top r\n  = \\frac{1}{N} X^\\top r"
    first.page.select_option("select >> nth=0", "ridge")
    first.write(text)
    before = first.steps(), first.summary()
    first.page.get_by_role("button", name="Copy a link to this").click()
    first.page.wait_for_selector("text=Copied.")
    link = first.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{first.address}book/check.html#check=") and len(link) < 900
    first.page.evaluate("localStorage.clear()")
    first.visit(link[link.index("#") :])
    first.settled()
    assert (first.text(), (first.steps(), first.summary())) == (text, before)
    names = first.page.locator(".lr-symbols td[data-name=symbol] input").evaluate_all("all => all.map(i => i.value)")
    assert names == ["X", "w", "y", "r", "\\lambda", "L"]

    first.area.fill("L = 3")
    first.page.wait_for_function("location.hash && localStorage.getItem('lrcore-desk')?.includes('L = 3')")
    first.visit()
    first.page.wait_for_selector("text=This is what you wrote last time")
    assert first.text() == "L = 3"


@pytest.mark.parametrize(
    "fragment", ["#check=", "#check=AAAA", "#check=%%%", "#check=" + "A" * 90_000, "#case=../../x", "#challenge=<b>"]
)
def test_a_link_that_was_tampered_with_opens_nothing_and_says_so(fresh, fragment):
    follow = """fragment => new Promise(done => {
        addEventListener("hashchange", () => setTimeout(done), { once: true });
        location.hash = fragment;
    })"""
    fresh.page.evaluate(follow, fragment)
    if fragment.startswith("#check="):
        fresh.page.wait_for_selector(".lr-told:has-text('does not hold a derivation')")
    assert fresh.text().startswith("The residual is r")


def test_a_missing_symbol_is_asked_for_and_a_click_keeps_the_guess(fresh):
    fresh.page.get_by_role("button", name="Clear").click()
    fresh.write(r"(X w)^\top = w^\top X^\top")
    asked = fresh.page.locator(".lr-questions li")
    assert asked.count() == 2
    assert "appears without a shape: is it N × M?" in asked.first.inner_text()
    asked.first.locator("input").fill("p x q")
    asked.first.get_by_role("button").click()
    fresh.settled()
    assert asked.count() == 1
    assert fresh.page.locator(".lr-symbols tbody tr").count() == 1


def test_a_post_that_is_pasted_into_an_empty_field_brings_its_own_symbols(fresh):
    post = "My loss is $J = \\frac{1}{n} \\|A \\theta - t\\|^2$, so\n$$\\nabla_\\theta J = \\frac{2}{n} A^T (A\\theta - t)$$ I think."
    fresh.area.fill("")
    fresh.page.evaluate("text => navigator.clipboard.writeText(text)", post)
    fresh.area.press("Control+v")
    fresh.page.wait_for_selector("text=The symbols are read from your text")
    fresh.settled()
    assert [verdict for verdict, _ in fresh.steps()] == ["DEFINITION", "PROVED"]
    fresh.page.get_by_role("button", name="Take the table back").click()
    fresh.settled()
    assert fresh.page.locator(".lr-symbols tbody tr").count() == 7


def test_what_the_words_suppose_is_listed_and_can_be_struck_out_and_taken_again(fresh):
    fresh.begin("blank")
    fresh.write(r"Let $A = A^\top$. Then $\nabla_w (w^\top A w) = 2 A w$.")
    assert fresh.steps() == [["CONDITION", 1], ["PROVED", 1]]
    fresh.page.get_by_role("button", name="strike out").click()
    fresh.settled()
    assert fresh.steps() == [["OPEN", 1]] and fresh.page.locator(".lr-supposed del").count() == 1
    assert fresh.page.locator(".lr-supposed").inner_text().count("is struck out") == 1
    fresh.page.get_by_role("button", name="take again").click()
    fresh.settled()
    assert fresh.steps() == [["CONDITION", 1], ["PROVED", 1]] and fresh.page.locator(".lr-supposed del").count() == 0


def test_the_convention_of_the_loss_and_the_layout_change_what_holds(fresh):
    fresh.write(r"\frac{\partial L}{\partial w} = \frac{1}{N} X^\top r")
    assert fresh.steps() == [["REFUTED", 1]]
    fresh.page.select_option("select >> nth=1", "half_mean")
    fresh.settled()
    assert fresh.steps() == [["PROVED", 1]]
    fresh.page.select_option("select >> nth=2", "jacobian")
    fresh.settled()
    assert fresh.steps() == [["ILL_TYPED", 1]]


@pytest.mark.parametrize(
    ("button", "has"), [("LaTeX", "\\begin{align*}"), ("Markdown", "$$"), ("a notebook cell", "derivation(")]
)
def test_a_derivation_is_copied(checker, button, has):
    checker.go("#case=factor")
    checker.page.evaluate("navigator.clipboard.writeText('')")
    checker.page.get_by_role("button", name=f"Copy as {button}").click()
    checker.page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('\\n'))")
    checker.page.wait_for_selector("text=Copied.")
    assert has in checker.page.evaluate("navigator.clipboard.readText()")


def test_sympy_is_loaded_when_it_is_asked_for(fresh):
    fresh.write(r"\frac{\partial L}{\partial w} = \frac{2}{N} X^\top r")
    assert not [url for url in fresh.asked if "sympy" in url]
    fresh.page.get_by_role("button", name="Ask sympy as well").click()
    fresh.page.wait_for_selector("text=sympy agrees", timeout=120_000)
    assert [url for url in fresh.asked if "sympy" in url]


def test_whatever_is_pasted_is_text_and_nothing_hangs(fresh):
    checker = fresh
    rng = Random(1)
    texts = [
        *MISCHIEF,
        *(text for text in MONSTERS if len(text) < 9000),
        *(damaged(rng.choice(POOL), rng) for _ in range(10)),
    ]
    for text in texts:
        checker.write(text)
        assert checker.page.locator(".lr-desk :is(script, img, iframe, object, a[href^=javascript])").count() == 0, text
        if rng.random() < 0.2:
            assert checker.summary() or not text.strip()
    assert checker.page.title().startswith("Check your own derivation")


def test_symbols_and_links_of_a_stranger_are_text_too(fresh):
    checker = fresh
    for mischief in MISCHIEF:
        checker.table([[mischief, mischief, mischief, mischief], ["X", "N x M", mischief, ""]])
        state = {
            "text": mischief,
            "rows": [[mischief, "N", mischief, mischief]],
            "start": mischief,
            "challenge": mischief,
        }
        hash_ = checker.page.evaluate(
            "async state => (await import(document.baseURI.replace(/book\\/.*/, '_static/lrcore-widgets/sharing.js'))).toHash(state)",
            json.loads(json.dumps(state)),
        )
        checker.go(hash_)
        assert checker.text() == mischief
        assert checker.page.locator(".lr-desk :is(script, img, iframe, object, a[href^=javascript])").count() == 0
    assert checker.page.title().startswith("Check your own derivation")


def test_a_check_that_takes_too_long_is_stopped_and_the_page_goes_on(fresh):
    fresh.write("1 = 1")
    fresh.page.evaluate("document.querySelector('lr-control').checker.python.patience = 1")
    fresh.area.fill("2 = 2")
    fresh.page.wait_for_function("document.querySelector('.lr-summary').textContent.includes('was stopped')")
    fresh.page.evaluate("document.querySelector('lr-control').checker.python.patience = 15000")
    fresh.write("3 = 3")
    assert fresh.steps() == [["PROVED", 1]]


def test_the_keyboard_alone_is_enough(fresh):
    fresh.area.focus()
    fresh.page.keyboard.press("Control+a")
    fresh.page.keyboard.type(r"\frac{\partial L}{\partial w} = \frac{1}{N} X^\top r")
    fresh.settled()
    fresh.page.keyboard.press("Tab")
    assert fresh.page.evaluate("document.activeElement.className") == "lr-goto"
    fresh.page.keyboard.press("Tab")
    assert fresh.page.evaluate("document.activeElement.textContent") == "Apply this change"
    fresh.page.keyboard.press("Enter")
    fresh.settled()
    assert fresh.steps() == [["PROVED", 1]]
    assert fresh.page.locator(".lr-summary").get_attribute("role") == "status"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(browser, address, width, scheme):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{address}book/check.html")
    page.wait_for_selector(".lr-step mjx-container")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.evaluate("document.querySelector('lr-control').checker.challenge.tell('ridge')")
    page.get_by_role("button", name="A hint", exact=True).click()
    page.evaluate(
        "document.querySelector('lr-control').checker.symbols.questions([{ row: ['X', 'N x M', '', ''], latex: '', asks: 'is it N × M?' }])"
    )
    page.add_script_tag(path=AXE)
    assert page.evaluate(FOUND) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    context.close()


def test_back_from_a_gallery_case_brings_back_what_stood_there(first):
    example = first.text()
    first.page.click('a[href="#case=frobenius"]')
    first.page.wait_for_function("text => document.querySelector('.lr-area').value !== text", arg=example)
    first.settled()
    first.page.go_back()
    first.page.wait_for_function("text => document.querySelector('.lr-area').value === text", arg=example)
    first.settled()
    first.area.fill("w = w + 0")  # and the reader's own, even when the address has not been written yet
    first.page.click('a[href="#case=frobenius"]')
    first.page.wait_for_function("document.querySelector('.lr-area').value !== 'w = w + 0'")
    first.settled()
    first.page.go_back()
    first.page.wait_for_function("document.querySelector('.lr-area').value === 'w = w + 0'")
    first.page.go_forward()
    first.page.wait_for_function("document.querySelector('.lr-area').value !== 'w = w + 0'")
    first.settled()
