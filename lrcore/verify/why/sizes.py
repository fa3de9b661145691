"""A line of a derivation with the shape of each matrix and column written under it."""

from __future__ import annotations

from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.type.context import Context
from lrcore.verify.why.reason import Line
from lrcore.verify.why.rewriting import FAULTS
from lrcore.verify.why.shapes import Scope, size_node
from lrcore.verify.why.writing import lettered


def with_shapes(line: Line, context: Context, by: str) -> str:
    """The line as LaTeX with shapes under its factors; as it is where there are none to show."""
    if line.tree is None:
        return line.latex
    scope = Scope(context, frozenset([by]))
    parts = line.tree.args if isinstance(line.tree, s.Call) and line.tree.fn == "=" else (line.tree,)
    try:
        return " = ".join(to_latex(_shaped(lettered(one, scope), scope)) for one in parts)
    except (*FAULTS, RecursionError):
        return line.latex


def _shaped(node: s.Node, scope: Scope) -> s.Node:
    match node:
        case s.Entry() | s.Delta() | s.Special() | s.Sum(lo=s.Node()):
            return node
        case s.Deriv(f=f, wrt=wrt, kind=kind):
            return s.Deriv(_shaped(f, scope), wrt, kind)
        case s.Name() | s.T(arg=s.Name()) | s.Inv(arg=s.Name()) | s.Diff(arg=s.Name()):
            shape = scope.shape(node)
            return node if shape == c.SCALAR else s.Shaped(node, tuple(map(size_node, shape)))
    return s.rebuild(node, lambda child: _shaped(child, scope))
