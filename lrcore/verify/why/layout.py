"""The reader's layout of derivatives, and the one in which rules are used: gradients as columns, Jacobians with a row
for each output. A derivative is turned on the way in, and turned back where it is written.
"""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.shapes import Scope, Unknown


def in_columns(node: s.Node, scope: Scope) -> s.Node:
    """An expression as the reader lays it out, in the layout of the rules."""
    node = s.rebuild(node, lambda child: in_columns(child, scope))
    if not isinstance(node, s.Deriv) or len(node.wrt) != 1:
        return node
    by, turns = node.wrt[0], _turned(node, scope)
    if isinstance(by, s.T) and isinstance(by.arg, s.Name):  # by a row: of a number the transpose, else the same
        node, turns = (
            replace(node, wrt=(by.arg,)),
            _number(node.f, scope) != _turned(replace(node, wrt=(by.arg,)), scope),
        )
    if turns:
        return s.T(replace(node, kind="auto"))
    return replace(node, kind="auto") if node.kind == "jac" else node


def laid_out(node: s.Node, scope: Scope) -> s.Node:
    """An expression in the layout of the rules, as the reader lays it out."""
    if scope.context.layout == "gradient":
        return node
    node = s.rebuild(node, lambda child: laid_out(child, scope))
    if isinstance(node, s.Deriv) and len(node.wrt) == 1 and _turned(node, scope):
        return s.T(node)
    if isinstance(node, s.T) and isinstance(node.arg, s.T) and isinstance(node.arg.arg, s.Deriv):
        return node.arg.arg
    return node


def _turned(node: s.Deriv, scope: Scope) -> bool:
    """Whether what is written so is the transpose of what the rules mean by it."""
    layout = scope.context.layout
    try:
        f, by = (scope.shape(canonical(one, scope)) for one in (node.f, node.wrt[0]))
    except (Unknown, Problem):
        return False
    if c.D1 not in by or by == c.SCALAR:
        return False
    if f == c.SCALAR:
        as_row = layout == "jacobian" or (layout == "mixed" and not node.nabla)
        return node.kind == "jac" or (node.kind == "auto" and as_row)
    return layout == "denominator" and c.D1 in f


def _number(node: s.Node, scope: Scope) -> bool:
    try:
        return scope.number(canonical(node, scope))
    except (Unknown, Problem):
        return False
