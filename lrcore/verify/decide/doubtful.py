"""Names that may be functions: what nothing declares and what stands before brackets alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.names import latex
from lrcore.verify.type.context import Context


def may_be_functions(nodes: Iterable[s.Node], context: Context, guessed: Set[str]) -> frozenset[str]:
    """Those names before a bracket that neither the table nor the text explains; what is ``guessed`` explains nothing.

    A name that stands as a factor elsewhere is one, and so is a letter before nothing but sums, such as a rate.
    """
    asked: set[str] = set()
    sure: set[str] = set()
    inside: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for node in nodes:
        written.update(_named(node))
        for key, doubtful, surely in _before_brackets(node):
            inside[key] += 1
            asked |= {key} if doubtful else set()
            sure |= {key} if surely else set()
    found = sure | {key for key in asked if written[key] <= inside[key]}
    return frozenset(key for key in found if not _is_explained(key, context, guessed))


def ask(sides: Iterable[s.Node], names: Set[str]) -> None:
    """Ask what such a name in a line is."""
    for node in (node for side in sides for node in s.walk(side)):
        for one in node.called if isinstance(node, s.Mul) else ():
            if one.key in names:
                raise Unreadable(
                    f"Is this {latex(one.key)} a function of what stands in the brackets, or a factor? Write \\cdot "
                    "for the product, or say what it is: declare it, or define it with :=.",
                    one.place,
                )


def _named(node: s.Node) -> Iterator[str]:
    if isinstance(node, s.Name):
        yield node.id


def _before_brackets(node: s.Node) -> Iterator[tuple[str, bool, bool]]:
    """The names that this node has before brackets, or differentiates, which tells no factor from a function."""
    if isinstance(node, s.Mul):
        for one in node.called:
            yield one.key, one.argument or one.worded, one.surely
    elif isinstance(node, s.At) and isinstance(node.fn, s.Name):
        yield node.fn.id, True, False
    elif isinstance(node, s.Deriv | s.Diff | s.Prime):
        inner = node.f if isinstance(node, s.Deriv) else node.arg
        if isinstance(inner, s.Name):
            yield inner.id, False, False


def _is_explained(key: str, context: Context, guessed: Set[str]) -> bool:
    symbol = context.lookup(key)
    if symbol is None:
        return context.is_size(key)
    return symbol.definition is not None or key not in guessed
