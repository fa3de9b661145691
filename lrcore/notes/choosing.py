"""Which files are meant: those that are named, all that can be read in a folder, or what git says has changed."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .sources import LANGUAGES, Unusable, source

#: Folders that hold what was built or installed, and no notes.
PASSED_OVER = {"_build", "build", "dist", "site", "_site", "node_modules", "venv", "__pycache__"}


def chosen(given: list[str], changed: str | None) -> list[str]:
    """The files behind these names, a folder by all of its pages; with ``changed`` those alone that differ from it.

    What a TeX document of the folder takes in is read with it, and not once more by itself.
    """
    names = dict.fromkeys(name for one in given or ["."] for name in _expanded(one))
    parts = {name: _parts(name) for name in names}
    within: set[Path] = set()
    for name in names:
        within |= parts[name] if Path(name).resolve() not in within else set()
    kept = [name for name in names if name in given or Path(name).resolve() not in within]
    if changed is None:
        return kept
    differing = _changed(changed)
    return [name for name in kept if not differing.isdisjoint({Path(name).resolve(), *parts[name]})]


def _parts(name: str) -> set[Path]:
    """The other files that a TeX document takes in."""
    if LANGUAGES.get(Path(name).suffix) != "tex":
        return set()
    try:
        found = source(name)
    except Unusable:
        return set()
    is_document = re.search(r"\\begin\s*\{document\}", found.text) is not None
    return {Path(file).resolve() for file, _ in found.places} - {Path(name).resolve()} if is_document else set()


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
