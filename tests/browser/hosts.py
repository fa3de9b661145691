"""Chromium, and web hosts for it: what every test with a browser needs, and the benchmark too."""

import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
PAGES = sorted(page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html") if "_static" not in page.parts)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Every other host is out of reach, whatever a page asks.
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


def chromium():
    """The path of an installed Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "the browser tests need Chromium and found none; install it (on Debian: sudo apt install chromium)"
    return found


@contextmanager
def launched():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


def complaints_of(page, address, kinds=("error",)):
    """A list of all that a reader's browser would complain about from now on, of what is at this address."""
    found = []
    own = (address, "data:", "blob:", "about:")
    page.on("request", lambda one: one.url.startswith(own) or found.append(f"asks {one.url}"))
    page.on("response", lambda one: one.status >= 400 and found.append(f"{one.status} {one.url}"))
    page.on("console", lambda one: one.type in kinds and found.append(f"console: {one.text}"))
    page.on("pageerror", lambda error: found.append(f"error: {error}"))
    return found


def settle(page):
    """Wait until nothing is on its way any more: files, fonts, widgets, and what they have set going."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        """[...document.querySelectorAll("lr-control")].every((one) =>
        one.querySelector("[role=group], form, textarea, svg"))"""
    )
    page.evaluate("document.fonts.ready.then(() => true)")
    frames(page, 2)


def frames(page, count):
    """Let the page draw so often."""
    page.evaluate(
        """(count) => new Promise((done) => {
          const frame = () => (count-- > 0 ? requestAnimationFrame(frame) : done());
          frame();
        })""",
        count,
    )


def places_while(page, act, moving, place, seconds):
    """Where something is, frame by frame, in the seconds after ``act``: the page's clock goes on by frames alone, so
    that a busy machine draws as many as an idle one.
    """
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    act()
    found = set()
    for _ in range(round(60 * seconds)):
        page.clock.run_for(17)
        found.add(page.locator(moving).first.get_attribute(place))
    return found


@contextmanager
def static_host(site, headers=(), below=""):
    """What any web host does, with these headers besides; ``below`` is a path before every page's."""

    class Host(SimpleHTTPRequestHandler):
        def translate_path(self, path):
            return super().translate_path(path.removeprefix(below) if path.startswith(f"{below}/") else "/nothing-here")

        def end_headers(self):
            for name, value in dict(headers).items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}{below}/"
    server.shutdown()
    server.server_close()
