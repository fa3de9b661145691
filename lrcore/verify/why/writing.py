"""A canonical form as people write it: letters for summed indices, a minus for a negative number, fractions."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.type.context import Context

_LETTERS = "ijlkmnpqrst"


def written(node: s.Node, context: Context) -> str:
    """The expression as LaTeX."""
    return to_latex(lettered(node))


def lettered(node: s.Node) -> s.Node:
    """The expression with letters that are free for its summed indices, and in the form in which it is printed."""
    return pretty(_lettered(node, frozenset(s.names(node))))


def _lettered(node: s.Node, taken: frozenset[str]) -> s.Node:
    if isinstance(node, s.Sum) and node.index.startswith("§"):
        letter = next((one for one in _LETTERS if one not in taken), node.index.replace("§", "i_"))
        body = s.substitute(node.body, {node.index: s.Name(letter)})
        return replace(node, index=letter, body=_lettered(body, taken | {letter}))
    return s.rebuild(node, lambda child: _lettered(child, taken))


def pretty(node: s.Node) -> s.Node:
    """The canonical form as it is printed."""
    if isinstance(node, s.Pow) and isinstance(node.exponent, s.Num) and node.exponent.value < 0:
        base, value = pretty(node.base), node.exponent.value
        return s.Div(s.ONE, base if value == -1 else s.Pow(base, s.num(-value)))
    node = s.rebuild(node, pretty)
    match node:
        case s.Mul(factors=factors):
            return _product(factors)
        case s.Num(value=value) if value < 0:
            return s.Neg(s.num(-value))
        case s.Add(terms=terms):
            return s.Add(tuple(sorted(terms, key=lambda one: isinstance(one, s.Neg))))
    return node


def _product(factors: tuple[s.Node, ...]) -> s.Node:
    """Numbers and sizes as one fraction in front, then the rest."""
    over, under, rest, sign = s.num(1).value, [], [], 1
    for one in factors:
        if isinstance(one, s.Neg) and isinstance(one.arg, (s.Num, s.Div)):
            sign, one = -sign, one.arg
        if isinstance(one, s.Num):
            over *= one.value
        elif isinstance(one, s.Div) and one.num == s.ONE:
            under.append(one.den)
        else:
            rest.append(one)
    below = [*([s.num(over.denominator)] if over.denominator != 1 else []), *under]
    front: list[s.Node] = []
    if below:
        front = [s.Div(s.num(over.numerator), s.mul(below))]
    elif over != 1 or not rest:
        front = [s.num(over)]
    body = s.mul([*front, *rest])
    return s.Neg(body) if sign < 0 else body
