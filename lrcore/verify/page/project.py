r"""What a project declares for all of its pages, in a file ``verify.toml`` beside them or further up::

    [symbols]
    X = "N x M"
    '\beta' = "M"

    [definitions]
    L = '\frac1N \|X\beta - y\|^2'

    [macros]
    '\R' = '\mathbb{R}'

What a page declares itself goes before it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from lrcore.verify.page.gate import declared
from lrcore.verify.terms.errors import Problem
from lrcore.verify.type.context import Context

NAME = "verify.toml"
PARTS = ("symbols", "definitions", "macros")


@dataclass(frozen=True)
class Project:
    """The tables of a project file, and where it lies; empty where there is none."""

    symbols: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    macros: dict[str, str] = field(default_factory=dict)
    path: Path | None = None

    @property
    def context(self) -> Context:
        """What it declares; a ``ValueError`` says what of it is not understood."""
        try:
            return declared(self.symbols, self.definitions, self.macros)
        except (Problem, ValueError) as problem:
            raise ValueError(f"{self.path}: {problem}") from None


def project_file(folder: Path) -> Project:
    """The nearest project file, in this folder or above it, up to the root of its repository."""
    for place in (folder.resolve(), *folder.resolve().parents):
        if (place / NAME).is_file():
            return _read(place / NAME)
        if (place / ".git").exists():
            break
    return Project()


def _read(path: Path) -> Project:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ValueError(f"{path}: this file can't be read: {problem}") from None
    strange = [name for name in found if name not in PARTS or not isinstance(found[name], dict)]
    if strange:
        raise ValueError(f"{path}: {', '.join(strange)}: tables of the names {', '.join(PARTS)} are expected.")
    symbols, definitions, macros = ({k: str(v) for k, v in found.get(part, {}).items()} for part in PARTS)
    return Project(symbols, definitions, macros, path)
