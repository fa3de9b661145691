"""Names that one text writes in two fonts, or in another than its table: they are read as one, and told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import latex
from lrcore.verify.type.context import Context

_OTHER = {"c": "mathcal", "d": "mathbb", "f": "mathfrak"}  # fonts in which a letter is another one, as bold is not


def looks(names: Iterable[s.Name], context: Context, guessed: Collection[str]) -> dict[str, frozenset[str]]:
    """The fonts in which a text and its table write names, of those that they write in several."""
    found: dict[str, set[str]] = {}
    for node in names:
        found.setdefault(node.id, set()).add(node.dress)
    for key in found.keys() & context.symbols.keys() - set(guessed):
        declared = _OTHER.get(context.fonts.get(key, ""), "")
        if declared or found[key] & set(_OTHER.values()):
            found[key].add(declared)
    return {key: frozenset(fonts) for key, fonts in found.items() if len(fonts) > 1}


def renamed(sides: Iterable[s.Node], several: Mapping[str, frozenset[str]], context: Context) -> tuple[str, ...]:
    """What is said of the names of a line that stand in several fonts."""
    names = (node for side in sides for node in s.walk(side) if isinstance(node, s.Name))
    found = dict.fromkeys((one.id, one.dress) for one in names if one.id in several)
    said = []
    for key, dress in found:
        declared = _OTHER.get(context.fonts.get(key, ""), "")
        if dress != declared:
            said.append(f"{_dressed(key, dress)} is read as {_dressed(key, declared)}")
    return tuple(said)


def _dressed(key: str, dress: str) -> str:
    return rf"\{dress}{{{latex(key)}}}" if dress else latex(key)
