r"""``\operatorname{diag}(p_i(1 - p_i))``: a diagonal whose general entry is written, as the column of these entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce

from lrcore.verify.terms import syntax as s


def with_columns(node: s.Node, is_matrix: Callable[[str], bool], bound: frozenset[str] = frozenset()) -> s.Node:
    """The tree with the diagonals that are written by a general entry, in an index that no sum binds, as columns."""
    inside = bound | ({node.index} if isinstance(node, s.Sum) else set())
    node = s.rebuild(node, lambda child: with_columns(child, is_matrix, inside))
    if not isinstance(node, s.Call) or node.fn != "diag" or len(node.args) != 1:
        return node
    entries = [one for one in s.walk(node.args[0]) if isinstance(one, s.Entry)]
    letters = {one.indices for one in entries}
    plain = all(isinstance(one.base, s.Name) and not is_matrix(one.base.id) for one in entries)
    if len(letters) != 1 or not plain:
        return node
    (indices,) = letters
    letter = indices[0].id if len(indices) == 1 and isinstance(indices[0], s.Name) else ""
    if not letter or letter in bound or any(isinstance(one, s.Sum | s.Build) for one in s.walk(node.args[0])):
        return node
    return replace(node, args=(_whole(node.args[0]),))


def _whole(node: s.Node) -> s.Node:
    """Columns for their entries, with products entry by entry."""
    if isinstance(node, s.Entry):
        return replace(node.base, span=node.span)
    node = s.rebuild(node, _whole)
    if isinstance(node, s.Mul):
        numbers = [one for one in node.factors if isinstance(one, s.Num)]
        columns = [one for one in node.factors if not isinstance(one, s.Num)]
        product = reduce(lambda left, right: s.Had(left, right, span=node.span), columns)
        return s.Mul((*numbers, product), span=node.span) if numbers else product
    return replace(node, entrywise=True) if isinstance(node, s.Pow) else node
