"""The numbered equations of the book as data of the package: ``lrcore/datasets/equations.json``, made from the pages.

``python book/_tools/equations.py`` writes the file; the build does so too. A test compares it with the pages.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from lrcore.verify import Problem, equations, page_context, shape_of, symbol_table

ROOT = Path(__file__).resolve().parents[2]


def target(root: Path) -> Path:
    return root / "lrcore" / "datasets" / "equations.json"


def listed(root: Path) -> list[str]:
    """Every page in the order of the table of contents, which is that of the numbers."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def collected(root: Path) -> dict[str, Any]:
    """Each page that has numbered equations, with its symbols; readers see the numbers counted through the book."""
    found: dict[str, Any] = {}
    number = 0
    for name in listed(root):
        text = (root / f"{name}.md").read_text(encoding="utf-8")
        shown = []
        for one in equations(text):
            if one.label:
                number += 1
                wrong = {"wrong": True} if (one.mark or "").startswith("wrong") else {}
                shown.append({"label": one.label, "number": number, "latex": one.latex, **wrong})
        if shown:
            sizes, symbols = declared(text)
            found[Path(name).name] = {"sizes": sizes, "symbols": symbols, "equations": shown}
    return found


def declared(text: str) -> tuple[list[str], dict[str, list[str]]]:
    """The sizes of a page, and its symbols with their shapes."""
    context = page_context(text)
    symbols = {}
    for row in symbol_table(text):
        name = re.sub(r"(?<=.)\(.*\)$", "", row.name.strip())
        try:
            known = context.lookup(context.key(name))
        except Problem:
            continue  # a row that explains a notation
        if known is not None:
            symbols[name] = [str(one) for one in shape_of(row.shape) or ()]
    return sorted(context.sizes), symbols


def written(root: Path) -> str:
    return json.dumps(collected(root), ensure_ascii=False, indent=1) + "\n"


def update(root: Path) -> None:
    """Write the file where it is not up to date."""
    text = written(root)
    if not target(root).is_file() or target(root).read_text(encoding="utf-8") != text:
        target(root).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    update(ROOT)
    sys.exit(0)
