"""What a first visit to each page costs in kilobytes, milliseconds and movement; and how smoothly widgets move.

Run it with ``python benchmarks/page_times.py`` after ``make build``. Every page is opened by a browser that was never
here. Weight is of all that it asks for, each file compressed with gzip, as web hosts do. The site lies on this machine:
elsewhere, add kilobytes over speed. Figures go to ``benchmarks/results/pages.json``.
"""

import gzip
import json
import os
import statistics
import sys
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "browser"))
from hosts import PAGES, SITE, launched, static_host  # noqa: E402

WATCH = """new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.shifted = (window.shifted ?? 0) + one.value
}).observe({ type: "layout-shift", buffered: true })
new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1).startTime })
    .observe({ type: "largest-contentful-paint", buffered: true })
const drawn = () => { window.drawn = performance.now() }
document.addEventListener("DOMContentLoaded", () => document.fonts.ready.then(drawn))"""
READ = """({
    first: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    largest: window.largest, drawn: window.drawn, shifted: window.shifted ?? 0,
})"""
FRAMES = """new Promise((done) => {
    const times = []
    const frame = (now) => { times.push(now); times.length < 181 ? requestAnimationFrame(frame) : done(times) }
    requestAnimationFrame(frame)
})"""
PLAYER = "book/n_samples.html"


def first_visit(browser: Browser, address: str, name: str) -> dict[str, float]:
    """Weight in kB; milliseconds until the first text, the largest text and all letters are painted; layout shift."""
    page, asked = browser.new_page(viewport={"width": 1280, "height": 900}), []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto(address + name, wait_until="load")
    page.wait_for_timeout(1500)
    times = page.evaluate(READ)
    page.close()
    files = {SITE / url.removeprefix(address).partition("?")[0] for url in asked if url.startswith(address)}
    weight = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files if file.is_file())
    shift = round(times.pop("shifted"), 4)
    return {"kB": round(weight / 1000), **{key: round(value) for key, value in times.items()}, "shift": shift}


def frames(page: Page, address: str) -> dict[str, float]:
    """Frames a second while the descent player plays, over three seconds, and of the slowest tenth."""
    page.goto(address + PLAYER)
    page.locator("lr-control [aria-label='play']").first.scroll_into_view_if_needed()
    page.locator("lr-control [aria-label='play']").first.click()
    times = page.evaluate(FRAMES)
    steps = sorted(after - before for before, after in pairwise(times))
    return {
        "median": round(1000 / statistics.median(steps), 1),
        "slowest tenth": round(1000 / statistics.mean(steps[-len(steps) // 10 :]), 1),
    }


def main() -> None:
    figures: dict[str, object] = {"cores": os.cpu_count(), "load average": round(os.getloadavg()[0], 1)}
    with static_host(SITE) as address, launched() as browser:
        figures["pages"] = pages = {name: first_visit(browser, address, name) for name in PAGES}
        figures["frames a second"] = frames(browser.new_page(viewport={"width": 1280, "height": 900}), address)
    for name, one in pages.items():
        print(f"{name:32}", "  ".join(f"{key} {value:g}" for key, value in one.items()))
    print("frames a second:", figures["frames a second"])
    (HERE / "results" / "pages.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
