"""How long a reader waits for a verdict on the page *Check your own derivation*, cold and warm, and for each line more.

Run it with ``python benchmarks/check_times.py`` after ``make build``. Cold is a browser that has never been here, warm
is the same browser at its next visit. The clock runs from the moment the cursor is put into the field to the verdict.
The site lies on this machine: elsewhere, add megabytes over speed. Figures go to ``benchmarks/results/check.json``.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "tests" / "browser"))
from hosts import SITE, chromium, static_host  # noqa: E402

LINES = 12
LINE = r"\frac{\partial L}{\partial w} = \frac{1}{N} X^\top r"
ASK = """async ([text, rows]) => {
    const checker = document.querySelector("lr-control").checker
    const started = performance.now()
    await checker.python.answer({ do: "check", state: { text, rows, layout: "gradient" }, challenge: "" })
    return performance.now() - started
}"""


def visit(context: BrowserContext, address: str) -> dict[str, object]:
    """Seconds to the first verdict, milliseconds for each line more, and what was loaded for it."""
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}book/check.html")
    page.wait_for_selector(".lr-area")
    page.wait_for_timeout(500)
    before = len(asked)
    started = time.perf_counter()
    page.locator(".lr-area").click()
    page.locator(".lr-area").fill("1 = 1")
    page.wait_for_function("document.querySelector('.lr-summary').textContent.startsWith('Every line holds')")
    seconds = time.perf_counter() - started
    files = {SITE / url.removeprefix(address) for url in asked[before:] if url.startswith(address)}
    rows = page.evaluate("document.querySelector('lr-control').checker.state.rows")
    texts = ["\n".join([LINE] * count) for count in (1, LINES)]
    one, many = (min(page.evaluate(ASK, [text, rows]) for _ in range(5)) for text in texts)
    page.close()
    return {
        "first verdict, s": round(seconds, 2),
        "one line, ms": round(one, 1),
        "each line more, ms": round((many - one) / (LINES - 1), 1),
        "MB": round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1),
    }


def main() -> None:
    figures: dict[str, object] = {"cores": os.cpu_count(), "load average": round(os.getloadavg()[0], 1)}
    with static_host(SITE) as address, sync_playwright() as driver, tempfile.TemporaryDirectory() as profile:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=chromium(), args=["--no-sandbox"], headless=True
        )
        for name in ("cold", "warm"):
            figures[name] = visit(context, address)
            print(f"{name}: {figures[name]}")
        context.close()
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "check.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
