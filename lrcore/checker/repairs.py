r"""Repairs as a person would write them: ``2 (1/N X^T r)`` becomes ``2/N X^T r``; and one more of them: 1/m for 1/n."""

from __future__ import annotations

from collections.abc import Iterator

from lrcore.verify import Context, Problem, Verdict, derivation, is_latex, names, read_expression, to_latex, to_text
from lrcore.verify import syntax as s


def tidied(written: str, latex: bool, context: Context) -> str:
    """The same expression with the numbers in front of it multiplied out, in the language it was written in."""
    try:
        node = _tidy(read_expression(written, context))
        return (to_latex if latex else to_text)(node)
    except (Problem, RecursionError):
        return written


def _tidy(node: s.Node) -> s.Node:
    if isinstance(node, s.Mul) and len(node.factors) == 2:
        return _times(*node.factors, whole=node)
    return node


def _times(front: s.Node, rest: s.Node, whole: s.Node) -> s.Node:
    first, others = _first(rest)
    number, bottom = _fraction(front)
    value, below = _fraction(first)
    if number is None or value is None or (bottom is not None and below is not None):
        return whole
    top = s.Num(number.value * value.value)
    under = bottom if bottom is not None else below
    if under is not None and top.value.denominator != 1:
        return whole
    merged = top if under is None else s.Div(top, under)
    if not others:
        return merged
    return s.Mul((merged, *others)) if merged != s.ONE else others[0] if len(others) == 1 else s.Mul(others)


def _first(node: s.Node) -> tuple[s.Node, tuple[s.Node, ...]]:
    if isinstance(node, s.Mul):
        head, more = _first(node.factors[0])
        return head, (*more, *node.factors[1:])
    if isinstance(node, s.Star):
        head, more = _first(node.left)
        return head, (*more, node.right)
    return (node, ()) if _fraction(node)[0] is not None else (s.ONE, (node,))


def _fraction(node: s.Node) -> tuple[s.Num | None, s.Node | None]:
    """Number and denominator of 2, of 2/N and of 1/(2N); (None, None) of anything else."""
    if isinstance(node, s.Num):
        return node, None
    if isinstance(node, s.Div) and isinstance(node.num, s.Num):
        if isinstance(node.den, s.Num) and node.den.value:
            return s.Num(node.num.value / node.den.value), None
        if isinstance(node.den, s.Name):
            return node.num, node.den
    return None, None


# ---------------------------------------------------------------------- one size for another


def resized(left: str, right: str, context: Context) -> tuple[str, str]:
    """What to say, and the right side with one size for another where that mends the line; else two empty texts."""
    try:
        node, latex = read_expression(right, context), is_latex(right, context)
    except (Problem, RecursionError):
        return "", ""
    write = to_latex if latex else to_text
    for old, new, changed in list(_resizings(node, sorted(context.sizes)))[:12]:
        written = write(changed)
        steps = derivation(f"{left} = {written}", context, repairs=False).steps
        if steps and steps[-1].verdict is Verdict.PROVED:
            return f"Right with one change: {names.latex(new)} for {names.latex(old)}.", written
    return "", ""


def _resizings(node: s.Node, sizes: list[str]) -> Iterator[tuple[str, str, s.Node]]:
    """Every tree that has another size in one place where it divides or multiplies."""
    if isinstance(node, s.Div) and isinstance(node.den, s.Name) and node.den.id in sizes:
        for size in sizes:
            if size != node.den.id:
                yield node.den.id, size, s.Div(node.num, s.Name(size))
    for child in s.children(node):
        for old, new, changed in _resizings(child, sizes):
            yield old, new, _with(node, child, changed)


def _with(node: s.Node, child: s.Node, changed: s.Node) -> s.Node:
    return s.rebuild(node, lambda one: changed if one is child else one)
