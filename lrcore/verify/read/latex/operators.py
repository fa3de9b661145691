r"""Operators with a subscript, ``\nabla_w f`` and ``\partial_w f``, and what else begins with a d."""

from __future__ import annotations

from lrcore.verify.read.latex import derivatives
from lrcore.verify.read.latex.cursor import Cursor
from lrcore.verify.read.latex.differentials import past_d, read_differential
from lrcore.verify.read.latex.functions import read_limits
from lrcore.verify.read.latex.groups import script_text, turn
from lrcore.verify.read.latex.lookahead import at_end, starts_d, starts_factor, starts_name
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import UNKNOWN_LETTERS, split_key


def read_d(c: Cursor) -> s.Node:
    """A letter d or an upright one: ``dX``, ``d/dx f``."""
    token = past_d(c)
    return derivatives.read_inline_operator(c, token) if c.peek().kind == "/" else read_differential(c, token)


def read_partial(c: Cursor, token: Token) -> s.Node:
    if c.peek().kind == "_":
        return read_operator(c, token)
    if c.peek().kind == "/":
        return derivatives.read_inline_operator(c, token)
    start = c.here()[0]
    factors = [c.grammar.factor(c)]
    while starts_factor(c) and _slash_follows(c):
        factors.append(c.grammar.factor(c))
    node = s.Diff(s.mul(factors, span=c.since(start)), span=c.since(token.start))
    if c.peek().kind != "/":
        return node
    c.next()
    return derivatives.read_slash_derivative(c, node) if starts_d(c) else derivatives.missing_d(c.since(token.start))


def _slash_follows(c: Cursor) -> bool:
    """Whether a slash stands in the rest of the term."""
    depth = 0
    for token in c.tokens[c.at :]:
        depth += turn(token)
        if depth < 0 or (depth == 0 and token.kind in ("+", "-", "=")):
            return False
        if depth == 0 and token.kind == "/":
            return True
    return False


def read_operator(c: Cursor, token: Token) -> s.Node:
    r"""``\nabla_w f``, ``\partial_w f``, ``\nabla_w^2 f``"""
    low, high = read_limits(c)
    if high and script_text(high) != "2":
        c.fail("First and second derivatives are read.", token.span)
    if low:
        by = _variables(c.within(low))
        body = _body(c)
    else:
        body = _body(c)
        by = [s.Name(_only_variable(c, body, token), span=token.span)]
    by = by * 2 if high and len(by) == 1 else by
    return s.Deriv(body, tuple(by), nabla=token.text == "nabla", span=c.since(token.start))


def _variables(c: Cursor) -> list[s.Node]:
    found: list[s.Node] = []
    while not at_end(c):
        if c.peek().kind == ",":
            c.next()
        found += derivatives.read_variable(c)
    return found


def _only_variable(c: Cursor, body: s.Node, token: Token) -> str:
    """The variable of a bare nabla: the one that the function is written of, else the one unknown it rests on."""
    if isinstance(body, s.At) and isinstance(body.fn, s.Name) and len(body.args) == 1:
        symbol = c.context.lookup(body.fn.id)
        arg = body.args[0]
        if symbol is not None and len(symbol.params) == 1:
            return symbol.params[0]
        if symbol is None and isinstance(arg, s.Name):
            return arg.id
        depends = c.context.depends(symbol.key) if symbol is not None else frozenset()
        if isinstance(arg, s.Name) and arg.id in depends:
            return arg.id
        named = split_key(arg.id)[0] if isinstance(arg, s.Name) else ""
        same = [one for one in depends if split_key(one)[0] == named]
        if len(same) == 1:  # as in the gradient of L at w_t, where L rests on w
            return same[0]
    if c.context.prime_variable is not None:
        return c.context.prime_variable
    called = c.context.lookup(body.id) if isinstance(body, s.Name) else None
    if called is not None and len(called.params) == 1:  # written f(w) where it is defined
        return called.params[0]
    involved = set().union(*(c.context.primitives(name) for name in s.names(body)))
    unknown = [name for name in sorted(involved) if split_key(name)[0] in UNKNOWN_LETTERS]
    if len(unknown) != 1:
        c.fail("By which variable this is the derivative does not follow; write it below, as in \\nabla_w.", token.span)
    return unknown[0]


def _body(c: Cursor) -> s.Node:
    """A function's name alone, or the rest of the term."""
    if starts_name(c) and not starts_d(c):
        place = c.at
        node = c.grammar.primary(c)
        if _is_function(c, node):
            return node
        c.at = place
    return derivatives.read_operand(c, c.here())


def _is_function(c: Cursor, node: s.Node) -> bool:
    if isinstance(node, s.At):
        return True
    name = node.base if isinstance(node, s.Entry) else node
    if not isinstance(name, s.Name):
        return False
    symbol = c.context.lookup(name.id)
    return symbol is None or symbol.definition is not None
