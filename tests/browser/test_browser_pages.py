"""Every page of the built site in Chromium, on a phone, below a sub-path: it asks no other host and says no error."""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html") if "_static" not in page.parts)
BELOW = "/some/where"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ELSEWHERE = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class Below(SimpleHTTPRequestHandler):
    """The site below a sub-path, as on many static hosts."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(BELOW) if path.startswith(f"{BELOW}/") else "/nothing-here")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Below, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}{BELOW}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium():
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail(
            "The browser tests need Chromium and found none: install it (on Debian: sudo apt install chromium)."
        )
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=ELSEWHERE)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Open a page on a phone; the page, and all that a reader's browser would complain about."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page, complaints = context.new_page(), []

    def note_request(request):
        if not request.url.startswith((address, "data:", "blob:")):
            complaints.append(f"asks {request.url}")

    page.on("request", note_request)
    page.on("response", lambda one: complaints.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    page.on("console", lambda one: complaints.append(f"console: {one.text}") if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))

    def go(name):
        page.goto(f"{address}/{name}", wait_until="load")
        page.wait_for_timeout(400)
        page.wait_for_function("!window.MathJax || window.MathJax.startup?.promise")
        page.evaluate("window.MathJax ? MathJax.startup.promise.then(() => true) : true")
        return page, complaints

    yield go
    context.close()


def test_the_book_is_built():
    assert "book/index.html" in PAGES, "the book is not built; run `make build` first"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_no_other_host_logs_no_error_and_does_not_scroll_sideways(visit, name):
    page, complaints = visit(name)
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", [name for name in PAGES if 'class="math' in (SITE / name).read_text()])
def test_every_formula_of_the_page_is_typeset_without_an_error(visit, name):
    page, _ = visit(name)
    assert page.locator(".math").count() <= page.locator("mjx-container").count()
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0


def test_a_request_to_another_host_would_be_noticed(visit):
    page, complaints = visit("search.html")
    page.evaluate("fetch('https://example.org/').catch(() => 0)")
    page.wait_for_timeout(300)
    assert "asks https://example.org/" in complaints


def test_the_search_finds_a_word_of_the_book(visit):
    page, complaints = visit("search.html?q=jacobian")
    page.wait_for_selector("#search-results li a", timeout=10_000)
    assert (
        "n_samples" in page.locator("#search-results li a").first.get_attribute("href")
        or page.locator("#search-results li a").count()
    )
    assert complaints == []
