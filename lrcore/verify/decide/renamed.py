"""Names that one text writes in two fonts, of which nothing says that they are two: they are read as one, and told."""

from __future__ import annotations

from collections.abc import Iterable

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import latex


def looks(nodes: Iterable[s.Node]) -> dict[str, frozenset[str]]:
    """The fonts in which a text writes its names, of those that it writes in several."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, s.Name):
            found.setdefault(node.id, set()).add(node.dress)
    return {key: frozenset(fonts) for key, fonts in found.items() if len(fonts) > 1}


def renamed(sides: Iterable[s.Node], several: dict[str, frozenset[str]]) -> tuple[str, ...]:
    """What is said of the names of a line that the text writes in several fonts."""
    names = (node for side in sides for node in s.walk(side) if isinstance(node, s.Name))
    found = dict.fromkeys((one.id, one.dress) for one in names if one.dress and one.id in several)
    return tuple(rf"\{dress}{{{latex(key)}}} is read as {latex(key)}" for key, dress in found)
