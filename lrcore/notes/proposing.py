"""``init``: a table of symbols for a page that has none, from what the checker infers, for its author to correct."""

from __future__ import annotations

from pathlib import Path

from lrcore.checker.derivations import check_derivation
from lrcore.verify import Verdict, symbol_table

from .sources import Source, Unusable, source

UNKNOWN = "?"  # the author has to say


def proposal(name: str) -> str:
    """The table for a page, in the page's own language."""
    given = source(name)
    if given.language == "markdown" and symbol_table(given.text):
        raise Unusable(f"{name}: this page has its table of symbols already.")
    found = check_derivation(given.prose)
    taken = [one.partition(" : ")[::2] for one in found.taken if " : " in one and " := " not in one]
    rows = dict(taken)
    if not rows and not found.steps:
        raise Unusable(f"{name}: no equation was found here, so that there is nothing to declare.")
    sizes = dict.fromkeys(size for shape in rows.values() for size in shape.split(" x ") if size.isalpha())
    lines = [(size, "size") for size in sizes if size not in rows and size != "scalar"]
    lines += rows.items()
    open_ones = sum(step.verdict in (Verdict.UNREADABLE, Verdict.OPEN) for step in found.steps)
    return _written(lines, given) + _rest(open_ones)


def _rest(open_ones: int) -> str:
    if not open_ones:
        return ""
    which = "step was" if open_ones == 1 else "steps were"
    return f"\n{open_ones} {which} not decided with it: correct the shapes, and add the symbols that are missing.\n"


def _written(lines: list[tuple[str, str]], given: Source) -> str:
    ending = Path(given.name).suffix
    if given.language == "tex":
        rows = "; ".join(f"${symbol}$ : {shape}" for symbol, shape in lines)
        return f"% <!-- verify: page with {rows} -->\n"
    if ending == ".rst":
        table = [".. list-table::", "   :header-rows: 1", "", *_rst("Symbol", "Shape", "Meaning")]
        return "\n".join([*table, *(row for one in lines for row in _rst(f":math:`{one[0]}`", one[1], ""))]) + "\n"
    rows = "".join(f"| ${symbol}$ | {_shape(shape)} | |\n" for symbol, shape in lines)
    return f"| Symbol | Shape | Meaning |\n|---|---|---|\n{rows}"


def _rst(*cells: str) -> list[str]:
    first, *rest = (cell or "" for cell in cells)
    return [f"   * - {first}", *(f"     - {cell}".rstrip() for cell in rest)]


def _shape(shape: str) -> str:
    return shape if shape in ("size", "scalar") else "$" + shape.replace(" x ", r" \times ") + "$"
