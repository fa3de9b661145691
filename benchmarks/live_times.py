"""How long a reader waits for the first result of a cell, on both kernels, cold and warm, and what is loaded for it.

Run it with ``python benchmarks/live_times.py`` after ``make build``. Cold is a browser that has never been here; warm
is the same browser at its next visit, with what it kept. The site lies on this machine: elsewhere, add megabytes over
speed.
PYODIDE_WHEELS, or the folder beside the checkout that the tests use, adds numpy and matplotlib to Python in the page.
Figures go to ``benchmarks/results/live.json``.
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
from hosts import chromium, static_host  # noqa: E402
from live import ISOLATED, PYTHON, Live, own_server, python_with, small_site, wheels  # noqa: E402

CELLS = {
    "1 + 1": "1 + 1",
    "sympy": "import sympy as sp\nx = sp.symbols('x')\nsp.diff(sp.sin(x) ** 2, x)",
    "lrcore.verify": "from lrcore.verify import Context, derivation\n"
    "matrices = Context(shapes={'X': ('N', 'M'), 'w': ('M',)})\n"
    "derivation(r'(X w)^\\top = w^\\top X^\\top', matrices).steps[0].verdict.value",
    "numpy": "import numpy as np\nnp.ones((2, 3)) @ np.ones((3, 2))",
    "matplotlib": "import matplotlib.pyplot as plt\nplt.plot([1, 4, 9]);",
    "ipywidgets": "import ipywidgets\nipywidgets.IntSlider()",
}
SHOWN = {
    "matplotlib": ".run-output img",
    "sympy": ".run-output mjx-container",
    "ipywidgets": ".run-output [role=slider]",
}


def first_result(context: BrowserContext, site: Path, address: str, name: str) -> dict[str, float]:
    """Seconds from pressing the switch to the result of one cell on the page, and the files that it asked for."""
    live = Live(context, address)
    started = time.perf_counter()
    live.switch()
    live.start(list(CELLS).index(name))
    live.ended(list(CELLS).index(name))
    live.page.locator(SHOWN.get(name, ".run-output .output")).first.wait_for()
    seconds = time.perf_counter() - started
    files = {site / url.removeprefix(address) for url in live.asked if url.startswith(f"{address}_static/")}
    live.page.close()
    return {"seconds": round(seconds, 2), "MB": round(sum(file.stat().st_size for file in files) / 1e6, 1)}


def measured(site: Path, address: str, names: list[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Each cell on a page of its own, in a browser of its own: cold, then warm."""
    found = {}
    with sync_playwright() as driver:
        for name in names:
            with tempfile.TemporaryDirectory() as profile:
                context = driver.chromium.launch_persistent_context(
                    profile, executable_path=chromium(), args=["--no-sandbox"], headless=True
                )
                found[name] = {visit: first_result(context, site, address, name) for visit in ("cold", "warm")}
                context.close()
            print(f"  {name:14}", "   ".join(f"{visit} {one['seconds']:5.2f} s" for visit, one in found[name].items()))
    return found


def main() -> None:
    figures: dict[str, object] = {"cores": os.cpu_count(), "load average": round(os.getloadavg()[0], 1)}
    with tempfile.TemporaryDirectory() as place:
        folder, offered = Path(place), wheels()
        python = python_with(offered, folder / "python") if offered else PYTHON
        in_page = list(CELLS) if offered else ["1 + 1", "sympy", "lrcore.verify"]
        site = small_site(folder / "site", CELLS.values(), python)
        print("Python on this computer")
        with own_server(site) as address:
            figures["local"] = measured(site, address, list(CELLS))
        print("Python in the page")
        with static_host(site, ISOLATED) as address:
            figures["page"] = measured(site, address, in_page)
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "live.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
