r"""Labels as indices: ``f_{y_i}`` is the entry of f that the label y_i names, a sum over all of them with the matrix
that has a 1 at the label of each sample.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import label_key

_LETTERS = "cklmjpqrst"


def by_labels(node: s.Node, taken: frozenset[str]) -> s.Node:
    """The tree with such sums; ``taken`` are the letters that stand in it."""
    node = s.rebuild(node, lambda child: by_labels(child, taken))
    if not isinstance(node, s.Entry):
        return node
    labels = [k for k, one in enumerate(node.indices) if isinstance(one, s.Entry) and isinstance(one.base, s.Name)]
    if len(labels) != 1:
        return node
    (place,) = labels
    label = node.indices[place]
    assert isinstance(label, s.Entry) and isinstance(label.base, s.Name)
    letter = s.Name(next(one for one in _LETTERS if one not in taken), span=label.span)
    at_label = s.Entry(replace(label.base, id=label_key(label.base.id)), (*label.indices, letter), span=label.span)
    entry = replace(node, indices=(*node.indices[:place], letter, *node.indices[place + 1 :]))
    return s.Sum(letter.id, s.Mul((at_label, entry), span=node.span), span=node.span)


def at_fixed(node: s.Node, fixed: Mapping[str, str]) -> s.Node:
    r"""The tree with the index that the text fixes, as in *the right class is k*, on the names that rest on it; the
    features ``\phi(x_n)`` of a sample have its index.
    """
    called = node.fn if isinstance(node, s.At) else node
    if isinstance(called, s.Name) and called.id in fixed and not fixed[called.id]:
        sample = node.args[0] if isinstance(node, s.At) and len(node.args) == 1 else None
        if not isinstance(sample, s.Entry):
            return node
        return s.Entry(replace(called, span=node.span), sample.indices, span=node.span)
    if isinstance(called, s.Name) and called.id in fixed:
        return s.Entry(node, (s.Name(fixed[called.id], span=node.span),), span=node.span)
    return s.rebuild(node, lambda child: at_fixed(child, fixed))


def has_labels(node: s.Node) -> bool:
    """Whether an entry has an entry for an index."""
    return any(isinstance(one, s.Entry) and any(isinstance(k, s.Entry) for k in one.indices) for one in s.walk(node))
