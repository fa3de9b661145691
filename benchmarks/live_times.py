"""How long a reader waits for the first result of a cell, on both kernels, cold and warm, and what is loaded for it.

Run it with ``python benchmarks/live_times.py`` after ``make build``. Cold is a browser that has never been here; warm
is the same browser at its next visit, with what it kept. The site lies on this machine: elsewhere, add megabytes over
speed.
PYODIDE_WHEELS, or the folder beside the checkout that the tests use, adds numpy and matplotlib to Python in the page.
Figures go to ``benchmarks/results/live.json``. With ``--reasons`` only the last of them are made anew: how long it
takes to explain each proved step of the book's numbered equations, and to write a derivation of every third task of
``reasons.py``, by Python here and by Python in the page, in turn.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "tests" / "browser")]
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

REASONS = """
import json
from importlib import resources
from time import perf_counter
from lrcore.verify import Context, NotDerived, Options, derive, examine, explain

def spread(times):
    times = sorted(1e3 * one for one in times)
    at = {"median ms": len(times) // 2, "99th ms": len(times) * 99 // 100}
    return {"steps": len(times), **{name: round(times[place], 1) for name, place in at.items()}}

def quickest(work):
    times = []
    for _ in range(2):  # others compute, too
        started = perf_counter()
        try:
            work()
        except NotDerived:
            pass
        times.append(perf_counter() - started)
    return min(times)

explaining, deriving = [], []
for page in json.loads(resources.files("lrcore").joinpath("datasets/equations.json").read_text()).values():
    shapes = {name: tuple(one for one in shape if one != "1") for name, shape in page["symbols"].items()}
    context = Context(shapes=shapes)
    for printed in page["equations"]:
        found = examine(printed["latex"], context, Options(repairs=0))
        context = found.context
        for number, step in found.decided.items():
            if found.report.steps[number].verdict.value == "PROVED" and step.relation == "=":
                explaining.append(quickest(lambda: explain(step, context)))
for loss, by in TASKS:
    for style in ("rules", "index", "differential"):
        deriving.append(quickest(lambda: derive(loss, by, Context(**GIVEN), style)))
print(json.dumps({"explain": spread(explaining), "derive": spread(deriving)}))
"""


def reasons(folder: Path, python: Path) -> dict[str, object]:
    """Milliseconds for a step that is explained and for a gradient that is derived: here, in the page, here again."""
    from benchmarks.reasons import GIVEN, TASKS

    code = f"GIVEN = {GIVEN!r}\nTASKS = {TASKS[::3]!r}\n{REASONS}"

    def here() -> dict[str, object]:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent)
        return dict(json.loads(done.stdout))

    before = here()
    site = small_site(folder / "reasons", [code], python)
    with static_host(site, ISOLATED) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        live = Live(browser.new_context(), address)
        live.switch()
        live.start(0)
        live.page.wait_for_function(
            "document.querySelector('.run-output').innerText.includes('derive')", timeout=900_000
        )
        in_page = json.loads(live.page.locator(".run-output").first.inner_text())
        browser.close()
    return {"before": before, "page": in_page, "after": here()}


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reasons", action="store_true")
    results = HERE / "results" / "live.json"
    if parser.parse_args().reasons:
        with tempfile.TemporaryDirectory() as place:
            figures = {**json.loads(results.read_text()), "reasons": reasons(Path(place), PYTHON)}
        results.write_text(json.dumps(figures, indent=2) + "\n")
        return
    figures = {"cores": os.cpu_count(), "load average": round(os.getloadavg()[0], 1)}
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
        figures["reasons"] = reasons(folder, python)
    results.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
