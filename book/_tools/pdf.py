"""The whole book as a PDF, printed by Chromium from the built pages: ``make pdf`` writes ``_build/gradients.pdf``.

The pages become one long page, so that links between chapters are links within the document. It is printed twice:
Chromium cannot tell a page which page it is on, so the table of contents gets its numbers from the first printing.
"""

import shutil
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from posixpath import dirname, normpath

import yaml
from bs4 import BeautifulSoup, Tag
from files import ROOT
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader
from templates import filled

SITE, TARGET = ROOT / "_build" / "html", ROOT / "_build" / "gradients.pdf"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
STYLES = [
    "styles/theme.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css", "basic.css",
    "fonts/mathematics.css", "book.css", "print.css", "whole.css",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRAWN = """[...document.querySelectorAll('lr-control')].every((one) =>
    one.querySelector('[role=group], form, textarea, svg'))"""
LEFT_OUT = "script:not([type='application/json']), .headerlink, .run-code, .onlyprint, .lr-played"


@dataclass(frozen=True)
class Chapter:
    """A page of the book, made fit to stand beside the others."""

    name: str
    part: str
    title: str
    sections: tuple[tuple[str, str], ...]  # the place and the title of each
    body: str
    style: str

    @property
    def place(self) -> str:
        return place(self.name)


def place(name: str, anchor: str = "") -> str:
    """The anchor in the book of an anchor on a page."""
    slug = name.replace("/", "-")
    return f"{slug}--{anchor}" if anchor else slug


def contents() -> list[tuple[str, str]]:
    """Each page's name and the part it belongs to."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [(toc["root"], ""), *((one["file"], part["caption"]) for part in toc["parts"] for one in part["chapters"])]


def chapter(name: str, part: str, names: set[str]) -> Chapter:
    soup = BeautifulSoup((SITE / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.select_one("article.bd-article")
    for one in article.select(LEFT_OUT):
        one.decompose()
    for fold in article.select("details:not(.lr-verdict)"):
        fold["open"] = ""
    for waiting in article.select("details[open] > noscript"):
        waiting.unwrap()
    for one in article.find_all(id=True):
        if not one.find_parent("svg") and one.name != "svg":  # a drawing refers to its own parts
            one["id"] = place(name, one["id"])
    for link in article.select("a[href]"):
        link["href"] = target(name, link["href"], names)
    for image in article.select("img[src]"):
        image["src"] = normpath(f"{dirname(name)}/{image['src']}")
    sections = tuple((one.parent["id"], one.decode_contents()) for one in article.select("section > h2"))
    style = "".join(one.decode_contents() for one in soup.select("head > style"))
    return Chapter(name, part, title(article), sections, article.decode_contents(), style)


def title(article: Tag) -> str:
    return article.select_one("h1").get_text()


def target(name: str, href: str, names: set[str]) -> str:
    """Where a link of a page leads in the book: to a place in it, where there is one."""
    if "://" in href or href.startswith("mailto:"):
        return href
    path, _, anchor = href.partition("#")
    page = normpath(f"{dirname(name)}/{path}").removesuffix(".html") if path else name
    return f"#{place(page, anchor)}" if page in names else f"#{place(name)}"


def whole(chapters: list[Chapter], numbers: dict[str, int]) -> str:
    """The page that is printed."""
    said = {"title": CONFIG["title"], "author": CONFIG["author"], "footer": CONFIG["html"]["extra_footer"]}
    return filled(
        Path(__file__).with_name("pdf.html.jinja"),
        styles=STYLES,
        chapters=chapters,
        numbers=defaultdict(str, numbers),
        **said,
    )


def printed(page: Page, address: str, html: str) -> bytes:
    page.unroute_all()
    page.route(f"{address}whole.html", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{address}whole.html", wait_until="load")
    page.emulate_media(media="print", color_scheme="light")
    page.wait_for_function(DRAWN)
    page.evaluate("document.fonts.ready.then(() => true)")
    return page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)


def numbered(pdf: bytes) -> dict[str, int]:
    """The page, from 1, of every place that a link leads to."""
    reader = PdfReader(BytesIO(pdf))
    return {
        name.removeprefix("/"): reader.get_destination_page_number(one) + 1
        for name, one in reader.named_destinations.items()
    }


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def book(listed: list[tuple[str, str]], chromium: str) -> bytes:
    """These pages as a PDF with a title page and a table of contents."""
    chapters = [chapter(name, part, {name for name, _ in listed}) for name, part in listed]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 642, "height": 900})  # as wide as the text on paper
        pdf = with_numbers(page, f"http://127.0.0.1:{server.server_address[1]}/", chapters)
        browser.close()
    server.shutdown()
    server.server_close()
    return pdf


def with_numbers(page: Page, address: str, chapters: list[Chapter]) -> bytes:
    """Print until the table of contents says what is so; its numbers may move what they count."""
    numbers: dict[str, int] = {}
    while True:
        pdf = printed(page, address, whole(chapters, numbers))
        if numbers == (found := numbered(pdf)):
            return pdf
        numbers = found


def main() -> None:
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        sys.exit("A PDF is printed by Chromium, and there is none: install it (on Debian: sudo apt install chromium).")
    if not (SITE / "book/index.html").is_file():
        sys.exit("There is no built book yet: run  make build  first.")
    pdf = book(contents(), chromium)
    TARGET.write_bytes(pdf)
    print(f"Wrote {TARGET.relative_to(ROOT)}: {len(PdfReader(BytesIO(pdf)).pages)} pages.")


if __name__ == "__main__":
    main()
