"""One-change variants of an expression: the mistakes people make, and, read backwards, their repairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.type.context import Context

Change = tuple[str, s.Node]


def mutants(node: s.Node, context: Context, beside: s.Node | None = None) -> Iterator[Change]:
    """(what was changed, the changed tree), each with one change; never the tree itself, none twice. The index letters
    of what stands ``beside`` it may stand in it, too.
    """
    seen = {node}
    for what, new in _all(node, _Scene(node, context, beside)):
        if new not in seen:
            seen.add(new)
            yield what, new


class _Scene:
    """What may stand in for what: the index letters, the sizes and the array names of the whole expression."""

    def __init__(self, node: s.Node, context: Context, beside: s.Node | None = None) -> None:
        self.context = context
        self.sizes = sorted(
            {one.id for one in s.walk(node) if isinstance(one, s.Name) and context.is_size(one.id)}
            | set(sorted(context.sizes)[:4])
        )
        known = (_letters(one) for side in (node, beside) if side is not None for one in s.walk(side))
        self.letters = sorted(set().union(*known))

    def is_array(self, name: str) -> bool:
        symbol = self.context.lookup(name)
        return symbol is not None and symbol.shape is not None and any(dim.constant() != 1 for dim in symbol.shape)


def _letters(node: s.Node) -> set[str]:
    """The letters of indices in a node itself."""
    if isinstance(node, s.Sum):
        return {node.index}
    slots = node.indices if isinstance(node, s.Entry) else (node.i, node.j) if isinstance(node, s.Delta) else ()
    return {one.id for one in slots if isinstance(one, s.Name)}


def _all(node: s.Node, scene: _Scene) -> Iterator[Change]:
    yield from _here(node, scene)
    yield from _in_children(node, scene)


def _in_children(node: Any, scene: _Scene) -> Iterator[Change]:
    for name in s.parts(node):
        if name in ("wrt", "sizes", "lo", "hi", "exponent", "indices", "fn"):
            continue
        value = getattr(node, name)
        if isinstance(value, s.Node):
            for what, new in _all(value, scene):
                yield what, replace(node, **{name: new})
        elif isinstance(value, tuple):
            yield from _in_tuple(node, name, value, scene)


def _in_tuple(node: s.Node, name: str, value: tuple[Any, ...], scene: _Scene) -> Iterator[Change]:
    for place, item in enumerate(value):
        if isinstance(item, s.Node):
            for what, new in _all(item, scene):
                yield what, replace(node, **{name: (*value[:place], new, *value[place + 1 :])})
        elif isinstance(item, tuple):
            for k, cell in enumerate(item):
                for what, new in _all(cell, scene):
                    row = (*item[:k], new, *item[k + 1 :])
                    yield what, replace(node, **{name: (*value[:place], row, *value[place + 1 :])})


def _here(node: s.Node, scene: _Scene) -> Iterator[Change]:
    rule = _RULES.get(type(node))
    if rule is not None:
        yield from rule(node, scene)


def _in_add(node: s.Add, scene: _Scene) -> Iterator[Change]:
    for place, term in enumerate(node.terms):
        rest = (*node.terms[:place], *node.terms[place + 1 :])
        flipped = (*node.terms[:place], s.neg(term), *node.terms[place + 1 :])
        yield f"the sign of {to_latex(_bare(term))}", replace(node, terms=flipped)
        if rest:
            yield f"without the term {to_latex(_bare(term))}", s.add(rest)


def _bare(term: s.Node) -> s.Node:
    return term.arg if isinstance(term, s.Neg) else term


def _in_neg(node: s.Neg, scene: _Scene) -> Iterator[Change]:
    yield "the sign", node.arg


def _in_num(node: s.Num, scene: _Scene) -> Iterator[Change]:
    if node.value in (0,):
        return
    for value, what in ((node.value * 2, "a factor 2"), (node.value / 2, "a factor 1/2")):
        yield f"{what}: {to_latex(s.Num(value))} for {to_latex(node)}", s.Num(value, span=node.span)


def _in_name(node: s.Name, scene: _Scene) -> Iterator[Change]:
    if scene.is_array(node.id):
        yield f"{to_latex(node)}^\\top for {to_latex(node)}", s.T(node, span=node.span)
    elif scene.context.is_size(node.id):
        for other in scene.sizes:
            if other != node.id:
                yield f"{other} for {node.id}", replace(node, id=other)


def _in_t(node: s.T, scene: _Scene) -> Iterator[Change]:
    yield f"{to_latex(node.arg)} for {to_latex(node)}", node.arg


def _in_inv(node: s.Inv, scene: _Scene) -> Iterator[Change]:
    yield f"{to_latex(node.arg)} for {to_latex(node)}", node.arg


def _in_mul(node: s.Mul, scene: _Scene) -> Iterator[Change]:
    for place in range(len(node.factors) - 1):
        a, b = node.factors[place : place + 2]
        if a != b:
            factors = (*node.factors[:place], b, a, *node.factors[place + 2 :])
            yield f"the order of {to_latex(a)} and {to_latex(b)}", replace(node, factors=factors)
    for place, factor in enumerate(node.factors):
        yield (
            f"without the factor {to_latex(factor)}",
            s.mul((*node.factors[:place], *node.factors[place + 1 :]), node.dot),
        )


def _in_pair(node: s.Star | s.Kron, scene: _Scene) -> Iterator[Change]:
    if node.left != node.right:
        yield (
            f"the order of {to_latex(node.left)} and {to_latex(node.right)}",
            replace(node, left=node.right, right=node.left),
        )


def _in_div(node: s.Div, scene: _Scene) -> Iterator[Change]:
    yield "without the denominator", node.num


def _in_pow(node: s.Pow, scene: _Scene) -> Iterator[Change]:
    if node.exponent == s.num(2):
        yield "without the square", node.base
    if isinstance(node.exponent, s.Num):
        yield "the power", replace(node, exponent=s.num(node.exponent.value + 1))


def _in_call(node: s.Call, scene: _Scene) -> Iterator[Change]:
    for root, square in s.NORMS.items():
        if node.fn == square:
            yield "without the square", replace(node, fn=root)
        if node.fn == root:
            yield "the square of the norm", replace(node, fn=square)
    if node.fn in ("exp", "log", "sqrt", "sigmoid"):
        yield f"without {node.fn}", node.args[0]
    if node.fn == "missing_d" and len(node.args) == 2:
        yield "the missing d", s.Deriv(node.args[0], (node.args[1],), span=node.span)


def _in_entry(node: s.Entry, scene: _Scene) -> Iterator[Change]:
    if len(node.indices) == 2 and node.indices[0] != node.indices[1]:
        turned = replace(node, indices=node.indices[::-1])
        yield f"{to_latex(turned)} for {to_latex(node)}", turned
    for place, index in enumerate(node.indices):
        for letter in scene.letters:
            if isinstance(index, s.Name) and letter != index.id:
                other = replace(node, indices=(*node.indices[:place], s.Name(letter), *node.indices[place + 1 :]))
                yield f"{to_latex(other)} for {to_latex(node)}", other


def _in_sum(node: s.Sum, scene: _Scene) -> Iterator[Change]:
    yield "without the sum", node.body
    if isinstance(node.hi, s.Name):
        for size in scene.sizes:
            if size != node.hi.id:
                yield f"the range: {size} for {node.hi.id}", replace(node, hi=s.Name(size))


_RULES: dict[type[s.Node], Callable[[Any, _Scene], Iterator[Change]]] = {
    s.Add: _in_add,
    s.Neg: _in_neg,
    s.Num: _in_num,
    s.Name: _in_name,
    s.T: _in_t,
    s.Inv: _in_inv,
    s.Mul: _in_mul,
    s.Star: _in_pair,
    s.Kron: _in_pair,
    s.Div: _in_div,
    s.Pow: _in_pow,
    s.Call: _in_call,
    s.Entry: _in_entry,
    s.Sum: _in_sum,
}
