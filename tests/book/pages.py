"""The book's pages as the tests read them: what stands in ``book/``, and what the build made of it."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::\w[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def listed() -> list[str]:
    """Every file of the table of contents, in order, without its ending."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def chapters() -> list[str]:
    """The listed pages that hold code."""
    return [name for name in listed() if cells(name)]


def text(name: str) -> str:
    return (ROOT / f"{name}.md").read_text()


def cells(name: str) -> list[str]:
    """The code of each cell, without its options."""
    return [OPTIONS.sub("", cell) for cell in CELL.findall(text(name))]
