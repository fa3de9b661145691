"""Names that may be functions: what nothing declares and what stands before brackets alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from typing import Any

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.names import latex
from lrcore.verify.type.context import Context

Kinds = dict[type[s.Node], list[Any]]  # the nodes of a text, by their types
_BEFORE_BRACKETS = (s.Mul, s.At, s.Deriv, s.Diff, s.Prime)


def may_be_functions(kinds: Kinds, context: Context, guessed: Set[str]) -> frozenset[str]:
    """Those names before a bracket that neither the table nor the text explains; what is ``guessed`` explains nothing.

    A name that stands as a factor elsewhere is one, and so is a letter before nothing but sums, such as a rate.
    """
    before = [one for kind in _BEFORE_BRACKETS for node in kinds[kind] for one in _before_brackets(node)]
    if not before:
        return frozenset()
    inside = Counter(key for key, _, _ in before)
    written = Counter(node.id for node in kinds[s.Name])
    asked = {key for key, doubtful, _ in before if doubtful and written[key] <= inside[key]}
    found = asked | {key for key, _, surely in before if surely}
    return frozenset(key for key in found if not _is_explained(key, context, guessed))


def ask(sides: Iterable[s.Node], names: Set[str]) -> None:
    """Ask what such a name in a line is."""
    for node in (node for side in sides if names for node in s.walk(side)):
        for one in node.called if isinstance(node, s.Mul) else ():
            if one.key in names:
                raise Unreadable(
                    f"Is this {latex(one.key)} a function of what stands in the brackets, or a factor? Write \\cdot "
                    "for the product, or say what it is: declare it, or define it with :=.",
                    one.place,
                )


def _before_brackets(node: s.Node) -> list[tuple[str, bool, bool]]:
    """The names that this node has before brackets, or differentiates, which tells no factor from a function."""
    if isinstance(node, s.Mul):
        return [(one.key, one.argument or one.worded, one.surely) for one in node.called]
    if isinstance(node, s.At):
        return [(node.fn.id, True, False)] if isinstance(node.fn, s.Name) else []
    if isinstance(node, (s.Deriv, s.Diff, s.Prime)):
        inner = node.f if isinstance(node, s.Deriv) else node.arg
        return [(inner.id, False, False)] if isinstance(inner, s.Name) else []
    return []


def _is_explained(key: str, context: Context, guessed: Set[str]) -> bool:
    symbol = context.lookup(key)
    if symbol is None:
        return context.is_size(key)
    return symbol.definition is not None or key not in guessed
