"""When the first text of a page appears at 400 kbit/s with 300 ms to the host, packed and not.

Run it with ``python benchmarks/slow_line.py`` after ``make build``. Every page is opened by a browser that was never
here, once from a host that hands out the packed copies (as ``make`` does) and once from one that doesn't. Kilobytes are
what the browser had of styles, scripts and fonts by then; the page itself, which is what is painted, comes meanwhile.
Figures go to ``benchmarks/results/slow_line.json``.
"""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "browser"))
from hosts import PAGES, SITE, launched, static_host  # noqa: E402
from live import own_server  # noqa: E402

KILOBITS, MILLISECONDS = 400, 300


def first_text(browser: Browser, address: str, name: str) -> dict[str, float]:
    """Seconds to the first paint, and the kilobytes that had come by then besides the page itself."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    line = context.new_cdp_session(page)
    came: list[tuple[float, str, int]] = []  # when, of which request, how many bytes
    painted: list[float] = []
    line.on(
        "Network.dataReceived", lambda one: came.append((one["timestamp"], one["requestId"], one["encodedDataLength"]))
    )
    line.on(
        "Page.lifecycleEvent", lambda one: one["name"] == "firstContentfulPaint" and painted.append(one["timestamp"])
    )
    asked: dict[str, tuple[float, str]] = {}
    line.on(
        "Network.requestWillBeSent", lambda one: asked.setdefault(one["requestId"], (one["timestamp"], one["type"]))
    )
    line.send("Network.enable")
    line.send("Page.enable")
    line.send("Page.setLifecycleEventsEnabled", {"enabled": True})
    speed = KILOBITS * 1000 / 8
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": MILLISECONDS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    page.goto(address + name, wait_until="commit", timeout=90_000)
    while not painted:
        page.wait_for_timeout(50)
    context.close()
    started, text = min((when, request) for request, (when, kind) in asked.items() if kind == "Document")
    besides = sum(count for when, request, count in came if when <= painted[0] and request != text)
    return {"seconds": round(painted[0] - started, 1), "kB": round(besides / 1000, 1)}


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
            print(kind, *(f"{name}: {found}" for name, found in figures[kind].items()), sep="\n")
    (HERE / "results" / "slow_line.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
