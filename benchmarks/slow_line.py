"""When the first text of a page appears at 400 kbit/s with 300 ms to the host, packed and not.

Run it with ``python benchmarks/slow_line.py`` after ``make build``. Every page is opened by a browser that was never
here, once from a host that hands out the packed copies (as ``make`` does) and once from one that doesn't. Kilobytes are
what came over the line before the first paint. Figures go to ``benchmarks/results/slow_line.json``.
"""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "browser"))
from hosts import SITE, launched, static_host  # noqa: E402
from live import own_server  # noqa: E402

KILOBITS, MILLISECONDS = 400, 300
PAGES = ["book/index.html", "book/question.html", "book/n_samples.html", "book/check.html"]
READ = """(() => {
    const first = performance.getEntriesByName("first-contentful-paint")[0].startTime;
    const came = performance.getEntries().filter((one) => one.responseEnd > 0 && one.responseEnd <= first);
    return { seconds: first / 1000, kB: came.reduce((sum, one) => sum + (one.transferSize ?? 0), 0) / 1000 };
})()"""


def first_text(browser: Browser, address: str, name: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    speed = KILOBITS * 1000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": MILLISECONDS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    page.goto(address + name, wait_until="commit", timeout=90_000)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length", timeout=90_000)
    found = page.evaluate(READ)
    context.close()
    return {key: round(value, 1) for key, value in found.items()}


@contextmanager
def plain():
    with static_host(SITE) as address:
        yield address


def main() -> None:
    figures: dict[str, object] = {"kbit/s": KILOBITS, "ms": MILLISECONDS, "load average": round(os.getloadavg()[0], 1)}
    with launched() as browser:
        for kind, host in (("packed", lambda: own_server(SITE)), ("plain", plain)):
            with host() as address:
                figures[kind] = {name: first_text(browser, address, name) for name in PAGES}
            print(kind, figures[kind])
    (HERE / "results" / "slow_line.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
