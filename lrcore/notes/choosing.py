"""Which files are meant: those that are named, all that can be read in a folder, or what git says has changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .sources import LANGUAGES, Unusable

#: Folders that hold what was built or installed, and no notes.
PASSED_OVER = {"_build", "build", "dist", "site", "_site", "node_modules", "venv", "__pycache__"}


def chosen(given: list[str], changed: str | None) -> list[str]:
    """The files behind these names, a folder by all of its pages; with ``changed`` those alone that differ from it."""
    names = [name for one in given or ["."] for name in _expanded(one)]
    if changed is None:
        return list(dict.fromkeys(names))
    differing = _changed(changed)
    return [name for name in dict.fromkeys(names) if Path(name).resolve() in differing]


def _expanded(name: str) -> Iterator[str]:
    if name == "-" or not Path(name).is_dir():
        yield name
        return
    for folder, inner, files in os.walk(name):
        inner[:] = sorted(one for one in inner if one not in PASSED_OVER and not one.startswith("."))
        yield from (os.path.join(folder, one) for one in sorted(files) if Path(one).suffix in LANGUAGES)


def _changed(since: str) -> set[Path]:
    """The files that git finds different from a commit, and those that it does not know yet."""
    root = Path(_git("rev-parse", "--show-toplevel").strip())
    found = _git("diff", "--name-only", "--diff-filter=d", "-z", since, "--") + _git(
        "ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"
    )
    return {(root / one).resolve() for one in found.split("\0") if one}


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], capture_output=True, text=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        raise Unusable("--changed asks git, and git is not installed.") from None
    if done.returncode:
        raise Unusable(f"--changed asks git, and git says: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout
