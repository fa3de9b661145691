"""Press "Run all" on every page, on each kind of host, then run each cell again from the last to the first, and after
each of the two move every control.

``python benchmarks/run_all.py [PAGE ...] [--host page]`` after ``make build``; PYODIDE_WHEELS, or the folder beside the
checkout that the tests use, gives Python in the page its numpy. ``benchmarks/results/run_all.json`` gets for each host
and page the cells, what runs elsewhere alone, the controls that were moved, those that changed nothing, and everything
red. It ends with 1 if anything was.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kept import RESULTS, keep

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests" / "browser"))
from driving import CELL, complete, drive, elsewhere, run_again_from_the_last_to_the_first, run_all, without_numpy  # noqa: E402
from hosts import SITE, launched, static_host  # noqa: E402
from live import Live, own_server, wheels  # noqa: E402

BOOK = sorted((SITE / "book").rglob("*.html"))
PAGES = [page.relative_to(SITE).as_posix() for page in BOOK if "run-code" in page.read_text()]

WHERE = {
    "computer": "Python on this computer",
    "page": "Python in the page",
    "bare": "Python in the page, without numpy",
}


def visited(browser: Any, address: str, name: str) -> dict[str, Any]:
    """What came of one page: seconds to the end of all cells, controls, and what went wrong."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    live = Live(context, address + name, site=address)
    live.page.set_default_timeout(60_000)
    started = time.perf_counter()
    live.switch().ready()
    troubles = run_all(live)
    seconds = time.perf_counter() - started
    moved = drive(live)
    troubles += run_again_from_the_last_to_the_first(live)
    moved += drive(live)
    found: dict[str, Any] = {
        "cells": live.page.locator(CELL).count(),
        "elsewhere": elsewhere(live),
        "seconds": round(seconds, 1),
        "controls moved": len(moved),
        "changed nothing": sorted({one for one, changed in moved if not changed}),
        "troubles": sorted(set(troubles)),
    }
    context.close()
    return found


def served_by(host: str, folder: Path) -> Any:
    if host == "computer":
        return own_server(SITE)
    return static_host((complete if host == "page" else without_numpy)(folder))


def known(host: str) -> dict[str, Any]:
    """What was found before, for the pages that are not asked for now."""
    path = RESULTS / "run_all.json"
    return dict(json.loads(path.read_text(encoding="utf-8")).get(host, {})) if path.is_file() else {}


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("pages", nargs="*", default=PAGES, help="parts of their names; all where none is given")
    reader.add_argument("--host", choices=list(WHERE), help="where Python runs; everywhere where none is given")
    asked = reader.parse_args()
    if wheels() is None:
        raise SystemExit("Set PYODIDE_WHEELS to a folder of numpy, matplotlib, pillow and kiwisolver for Pyodide.")
    failed = 0
    with tempfile.TemporaryDirectory() as place, launched() as browser:
        for host in [asked.host] if asked.host else list(WHERE):
            with served_by(host, Path(place) / host) as address:
                for name in [one for one in PAGES if any(part in one for part in asked.pages)]:
                    found = visited(browser, address, name)
                    failed += bool(found["troubles"])
                    print(f"{host:9} {name:28} {found}", flush=True)
                    keep("run_all", WHERE[host], known(WHERE[host]) | {name: found})
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
