"""What a line takes for granted: that every written inverse exists, that no denominator is zero, that logarithms are
of positive numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.type.context import Context
from lrcore.verify.type.powers import is_power


def assumptions(nodes: Sequence[s.Node], context: Context) -> tuple[str, ...]:
    """The assumptions of these trees and of the definitions they use, in words."""
    found: dict[str, bool] = {}
    derives = any(s.holds(node, s.Deriv, s.Diff) for node in nodes)
    for node in _with_definitions(nodes, context):
        for one in s.walk(node) if s.holds(node, s.Inv, s.Div, s.Call, s.Pow) else ():
            said = _said(one, context) or (_kink(one) if derives else None)
            if said:
                found[said] = True
    return tuple(found)


def _with_definitions(nodes: Sequence[s.Node], context: Context) -> list[s.Node]:
    names = set().union(*(s.names(node) for node in nodes)) if nodes else set()
    used = set(names)
    for name in names:
        used |= context.depends(name)
    found = [one for name in sorted(used) if (one := context.lookup(name)) is not None]
    bodies = [one.definition for one in found]
    return [*nodes, *(body for body in bodies if body is not None)]


def _said(node: s.Node, context: Context) -> str | None:
    if isinstance(node, s.Inv):
        return None if isinstance(node.arg, s.Num) else f"{to_latex(node.arg)} is invertible"
    if isinstance(node, s.Div):
        return None if _never_zero(node.den, context) else f"{to_latex(node.den)} is not zero"
    if isinstance(node, s.Call) and node.fn in ("log", "sqrt") and not _never_zero(node.args[0], context):
        return f"{to_latex(node.args[0])} is {'positive' if node.fn == 'log' else 'not negative'}"
    if isinstance(node, s.Call) and node.fn in ("sign", "step"):
        return f"{to_latex(node.args[0])} is not zero"
    if isinstance(node, s.Call) and node.fn == "logdet":
        return f"the determinant of {to_latex(node.args[0])} is positive"
    if isinstance(node, s.Pow) and is_power(node):
        return None if _never_zero(node.base, context) else f"{to_latex(node.base)} is positive"
    if isinstance(node, s.Pow) and isinstance(node.exponent, s.Neg):
        return None if _never_zero(node.base, context) else f"{to_latex(node.base)} is not zero"
    return None


def _kink(node: s.Node) -> str | None:
    """Where a function has no derivative."""
    if not isinstance(node, s.Call) or node.fn not in ("abs", "norml1", "relu", "larger"):
        return None
    arg = next((one for one in node.args if not s.is_zero(one)), node.args[0])
    return f"no entry of {to_latex(arg)} is zero" if node.fn == "norml1" else f"{to_latex(arg)} is not zero"


def _never_zero(node: s.Node, context: Context) -> bool:
    if isinstance(node, s.Num):
        return node.value != 0
    if isinstance(node, s.Name):
        return context.is_size(node.id)
    if isinstance(node, (s.Mul, s.Star)):
        return all(_never_zero(one, context) for one in s.children(node))
    return isinstance(node, s.Call) and node.fn == "exp"
