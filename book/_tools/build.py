"""Build the book into ``_build/html``, unless it stands there already, made from the very same files."""

import logging
import os
import sys
import time
from pathlib import Path

import browser_python
from files import ROOT, digest

SOURCES = ["_config.yml", "_toc.yml", "book", "lrcore", "requirements.lock"]


def build(root: Path) -> bool:
    """Build the book under ``root`` if any of its sources changed; tell whether it stands."""
    stamp = root / "_build" / "made-from"
    wanted = f"{digest(root, SOURCES)} {browser_python.given()}".strip()
    if stamp.is_file() and stamp.read_text() == wanted and (root / "_build/html/index.html").is_file():
        print("The book is up to date.")
        return True
    forget_failure(root, stamp)
    stamp.unlink(missing_ok=True)
    started = time.perf_counter()
    if run_sphinx(root):
        print("\nThe book was not built: see the warnings and errors above.", file=sys.stderr)
        return False
    stamp.write_text(wanted)
    print(f"\nBuilt in {time.perf_counter() - started:.1f} s.")
    return True


def forget_failure(root: Path, stamp: Path) -> None:
    """Make Sphinx read every page after a build that failed: it warns about a page only when it reads it."""
    if not stamp.is_file():
        (root / "_build/.doctrees/environment.pickle").unlink(missing_ok=True)


def run_sphinx(root: Path) -> int | Exception:
    """What ``jupyter-book build . -W --keep-going -n`` does."""
    from jupyter_book.sphinx import build_sphinx  # two seconds, and most calls have nothing to build

    for configuration_dump in ("myst_nb.sphinx_ext", "myst_parser.sphinx_ext.main"):
        logging.getLogger(f"sphinx.{configuration_dump}").setLevel(logging.WARNING)
    os.environ["IPYTHONDIR"] = str(plain_ipython(root / "_build" / "ipython"))
    return build_sphinx(
        root,
        root / "_build" / "html",
        path_config=root / "_config.yml",
        confoverrides={"external_toc_path": str(root / "_toc.yml"), "latex_individualpages": False},
        noconfig=True,
        warningiserror=True,
        keep_going=True,
    )


def plain_ipython(folder: Path) -> Path:
    """An IPython profile of the build's own: no start-up files of the person who builds, no history, no chatter."""
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(
        "c = get_config()\nc.Application.log_level = 'ERROR'\nc.HistoryManager.enabled = False\n"
    )
    return folder


if __name__ == "__main__":
    sys.exit(0 if build(ROOT) else 1)
