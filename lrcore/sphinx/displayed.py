"""What Sphinx shows on a page: its symbols and display equations, each tied to the verdict that it has already."""

from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes

from lrcore.verify import HEADINGS, Equation, mark_in, table_symbols

Found = dict[str, Any]
Shown = list[tuple[Any, bool]]


def everything(
    page: Found, doctree: nodes.document, docname: str, file: str, headings: Sequence[str] = HEADINGS
) -> tuple[Shown, list[nodes.math_block]]:
    """All of it in reading order, with whether it has a verdict, and the equations that have none yet.

    What cells print with their own verdicts is listed as that, where the page says so.
    """
    waiting = [one for one in page["equations"] if not one["inline"]]
    shown: Shown = []
    blocks: list[nodes.math_block] = []
    for node in doctree.findall(lambda node: isinstance(node, nodes.table | nodes.math_block)):
        if isinstance(node, nodes.table):
            shown += [(symbol, True) for symbol in symbols(node, headings)]
        elif one := written(node, waiting, source_of(node, file)):
            waiting.remove(one)
            node["lr_place"] = one["place"]
            shown.append((Equation(one["latex"], one["line"], one["label"], one["mark"]), True))
        elif page["told"] and in_output(node):
            node["lr_place"] = f"{docname}-told-{len(page['unread'])}"
            told = without_verdict(page["told"], node.line or 0, node.get("label"), node.astext())
            page["unread"].append({**told, "outcome": "told", "place": node["lr_place"]})
        else:
            blocks.append(node)
            place = (node.line or 0, node.get("label"), mark(node))
            shown.append((Equation(node.astext().strip(), *place, file=source_of(node, file)), False))
    return shown, blocks


def written(block: nodes.math_block, waiting: list[Found], source: str) -> Found | None:
    """The equation of the page's text, or of a file that it includes, that Sphinx made this of."""
    here = [] if in_output(block) else [one for one in waiting if one["file"].rpartition("/")[2] == source]
    same = [one for one in here if squeezed(one["latex"]) == squeezed(block.astext())]
    return next((one for one in same if one["label"] == block.get("label")), same[0] if same else None)


def squeezed(latex: str) -> str:
    return " ".join(latex.split())


def in_output(block: nodes.Node | None) -> bool:
    """Whether a cell printed it."""
    while block is not None and "cell_output" not in getattr(block, "attributes", {}).get("classes", []):
        block = block.parent
    return block is not None


def symbols(table: nodes.table, headings: Sequence[str] = HEADINGS) -> Iterator[Any]:
    """What a table of symbols declares."""
    rows = [(row.line or 0, [cell(one) for one in row.findall(nodes.entry)]) for row in table.findall(nodes.row)]
    return table_symbols(rows[0][1], rows[1:], headings) if rows and not in_output(table) else iter(())


def cell(entry: nodes.entry) -> tuple[str, list[str]]:
    return entry.astext(), [formula.astext() for formula in entry.findall(nodes.math)]


def mark(block: nodes.math_block) -> str | None:
    """What a comment right before it says of it."""
    at = block.parent.index(block)
    before = block.parent[at - 1] if at else None
    return mark_in(before.astext()) if isinstance(before, nodes.comment | nodes.raw) else None


def source_of(block: nodes.math_block, page: str) -> str:
    """The included file or the docstring that an equation comes from; empty where it is the page itself."""
    source = str(block.source or page)
    return "" if source == page else source.rpartition(":")[2].rpartition("/")[2]


def without_verdict(why: str, line: int, label: str | None = None, latex: str = "") -> Found:
    """What is listed of an equation without a verdict, in the form of one that has some."""
    known = {"label": label, "line": line, "file": "", "latex": latex, "reason": why, "outcome": "unread"}
    return {**known, "steps": [], "confirmations": [], "mutants": 0, "survivors": 0, "milliseconds": 0.0}
