"""A canonical form as people write it: letters for summed indices, a minus for a negative number, fractions."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import groupby

from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Problem
from lrcore.verify.why.canonical import entrywise_factors
from lrcore.verify.why.layout import laid_out
from lrcore.verify.why.shapes import Scope, Unknown

_LETTERS = "ijlkmnpqrst"


def written(node: s.Node, scope: Scope, reciprocals_first: bool = False) -> str:
    """The expression as LaTeX; an entrywise product as it stands, or with what is below a fraction in front."""
    if isinstance(node, s.Call) and node.fn == "=":
        return " = ".join(written(one, scope) for one in node.args)
    return to_latex(lettered(_reciprocals_first(node) if reciprocals_first else node, scope))


def as_typed(node: s.Node, scope: Scope) -> str:
    """A reader's own expression as LaTeX; a star beside a number is no entrywise product, and its power a plain one."""
    return to_latex(_numbers_multiply(node, scope))


def _numbers_multiply(node: s.Node, scope: Scope) -> s.Node:
    node = s.rebuild(node, lambda child: _numbers_multiply(child, scope))
    if isinstance(node, s.Star) and (_is_number(node.left, scope) or _is_number(node.right, scope)):
        return s.Mul((node.left, node.right))
    if isinstance(node, s.Pow) and node.entrywise and _is_number(node.base, scope):
        return replace(node, entrywise=False)
    return node


def _is_number(node: s.Node, scope: Scope) -> bool:
    try:
        return scope.number(node)
    except (Unknown, Problem):
        return False


def lettered(node: s.Node, scope: Scope) -> s.Node:
    """The expression with letters that are free for its summed indices, and in the form in which it is printed."""
    return pretty(_respelled(_lettered(laid_out(node, scope), frozenset(s.occurring(node)), scope), scope))


def _respelled(node: s.Node, scope: Scope) -> s.Node:
    """Rows and entries of X as x_i and x_ij, where the reader writes them so."""
    if not scope.rows:
        return node
    match node:
        case s.T(arg=s.Entry(base=s.Name(id=key), indices=(row, s.Slice()))) if key in scope.rows:
            return s.Entry(s.Name(scope.rows[key]), (row,))
        case s.Entry(base=s.Name(id=key), indices=(row, s.Slice())) if key in scope.rows:
            return s.T(s.Entry(s.Name(scope.rows[key]), (row,)))
        case s.Entry(base=s.Name(id=key), indices=(_, _) as at) if key in scope.rows and s.Slice() not in at:
            return s.Entry(s.Name(scope.rows[key]), at)
    return s.rebuild(node, lambda child: _respelled(child, scope))


def _lettered(node: s.Node, taken: frozenset[str], scope: Scope) -> s.Node:
    if isinstance(node, s.Sum) and node.index.startswith("§"):
        own = _readers_own(node, taken, scope)
        letter = (
            own.index if own else next((one for one in _LETTERS if one not in taken), node.index.replace("§", "i_"))
        )
        body = _lettered(s.substitute(node.body, {node.index: s.Name(letter)}), taken | {letter}, scope)
        return (
            replace(node, index=letter, body=body, lo=own.lo, hi=own.hi)
            if own
            else replace(node, index=letter, body=body)
        )
    if isinstance(node, s.Build):
        body, letters = node.body, [node.i, node.j]
        for place, old in enumerate(letters):
            if old.startswith("§"):
                letters[place] = next(one for one in _LETTERS if one not in taken and one not in letters)
                body = s.substitute(body, {old: s.Name(letters[place])})
        return s.Build(letters[0], node.rows, letters[1], node.cols, _lettered(body, taken | set(letters), scope))
    return s.rebuild(node, lambda child: _lettered(child, taken, scope))


def _readers_own(node: s.Sum, taken: frozenset[str], scope: Scope) -> s.Sum | None:
    """The reader's own sum over as many terms, whose letter is free here."""
    if node.lo is not None or node.exclude or node.zero or not scope.sums:
        return None
    size = scope.summed_over(node)
    free = (one for one in scope.sums if one.index not in taken and not one.exclude and not one.zero)
    return next((one for one in free if size is not None and scope.summed_over(one) == size), None)


def pretty(node: s.Node) -> s.Node:
    """The canonical form as it is printed."""
    if isinstance(node, s.Pow) and isinstance(node.exponent, s.Num) and node.exponent.value < 0 and not node.entrywise:
        base, value = pretty(node.base), node.exponent.value
        return s.Div(s.ONE, base if value == -1 else s.Pow(base, s.num(-value)))
    node = s.rebuild(node, pretty)
    match node:
        case s.Mul(factors=factors):
            return _product(factors)
        case s.Had():
            return reduce(s.Had, entrywise_factors(node))
        case s.Num(value=value) if value < 0:
            return s.Neg(s.num(-value))
        case s.Add(terms=terms):
            return s.Add(tuple(sorted(terms, key=lambda one: isinstance(one, s.Neg))))
    return node


def _reciprocals_first(node: s.Node) -> s.Node:
    node = s.rebuild(node, _reciprocals_first)
    if not isinstance(node, s.Had):
        return node
    return reduce(s.Had, sorted(entrywise_factors(node), key=lambda one: not _reciprocal(one)))


def _reciprocal(node: s.Node) -> bool:
    node = node.arg if isinstance(node, s.T) else node
    return isinstance(node, s.Pow) and isinstance(node.exponent, s.Num) and node.exponent.value < 0


def _power(node: s.Node, times: int) -> list[s.Node]:
    """Three equal matrices or more, one behind the other, are a power."""
    return [s.Pow(node, s.num(times))] if times > 2 else [node] * times


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
    rest = [one for same, many in groupby(rest) for one in _power(same, len(list(many)))]
    below = [*([s.num(over.denominator)] if over.denominator != 1 else []), *under]
    front: list[s.Node] = []
    if below:
        front = [s.Div(s.num(over.numerator), s.mul(below))]
    elif over != 1 or not rest:
        front = [s.num(over)]
    body = s.mul([*front, *rest])
    return s.Neg(body) if sign < 0 else body
