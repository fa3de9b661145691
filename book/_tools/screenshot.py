"""Take the README's picture of the first page as it is built: ``python book/_tools/screenshot.py``."""

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from files import ROOT
from playwright.sync_api import sync_playwright

PAGE = "book/index.html"
PICTURE = ROOT / "book" / "_static" / "screenshot.png"


class Pages(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(ROOT / "_build/html")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce")
        page.goto(f"http://127.0.0.1:{server.server_address[1]}/{PAGE}", wait_until="networkidle")
        page.reload(wait_until="networkidle")  # fonts that came too late for the first view are there for the second
        page.screenshot(path=PICTURE)
        browser.close()
    server.shutdown()
    print(f"Wrote {PICTURE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
