"""How long the book takes to build: from nothing, with nothing changed, with one page changed.

    python benchmarks/build_times.py

Builds a copy of the book in a temporary folder with the installed packages and the front-end parts at hand, so that
neither pip nor npm is timed. Writes ``benchmarks/results/build.json``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kept import keep, machine

ROOT = Path(__file__).resolve().parents[1]
PARTS = [
    "_config.yml",
    "_toc.yml",
    "requirements.lock",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "book",
    "lrcore",
    "_build/front",
]


def copy_book(target: Path) -> None:
    """Copy what the build reads."""
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copyfile(source, target / name)


def timed_build(book: Path) -> float:
    """Seconds that one call of the build takes, the start of Python included."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "book/_tools/build.py"],
        cwd=book,
        env={**os.environ, "PYTHONPATH": str(book)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"The build failed, so there is nothing to time:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - started


def measure() -> dict[str, float]:
    """Seconds of each kind of build."""
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder)
        copy_book(book)
        clean = timed_build(book)
        unchanged = min(timed_build(book) for _ in range(3))
        with (book / "book" / "n_samples.md").open("a") as page:
            page.write("\nOne more sentence.\n")
        return {"clean": clean, "nothing changed": unchanged, "one page changed": timed_build(book)}


def main() -> None:
    seconds = {kind: round(value, 2) for kind, value in measure().items()}
    keep("build", "seconds", seconds)
    for kind, value in seconds.items():
        print(f"{kind:<18} {value:7.2f} s")
    print(", ".join(f"{what} {value}" for what, value in machine().items()))


if __name__ == "__main__":
    main()
