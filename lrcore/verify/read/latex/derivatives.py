r"""Derivatives written as fractions: ``\frac{\partial f}{\partial x}``, ``\frac{d}{dx} f``, ``\partial f/\partial x``,
``d/dx f``. ``d/dx`` covers everything to its right in the same term.
"""

from __future__ import annotations

from lrcore.verify.read.latex.cursor import Cursor
from lrcore.verify.read.latex.differentials import past_d
from lrcore.verify.read.latex.groups import script_text
from lrcore.verify.read.latex.lookahead import at_end, starts_d, starts_factor, starts_fraction_d, starts_name
from lrcore.verify.read.latex.precedence import read_group, read_term, read_whole
from lrcore.verify.read.latex.scripts import read_scripts
from lrcore.verify.read.latex.words import read_word
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Fault, Kind


def missing_d(span: s.Span, *parts: s.Node) -> s.Node:
    """A derivative that lost a d: no meaning is given to it, and the reader is told."""
    return s.Call("missing_d", parts or (s.Name("d", span=span),), span=span)


def read_fraction(c: Cursor, token: Token) -> s.Node:
    """A quotient, or a derivative where both parts begin with a d."""
    above, below = c.group(), c.group()
    span = c.since(token.start)
    if not above or not below:
        c.fail("A part of this fraction is empty.", span)
    top, bottom = c.within(above), c.within(below)
    if _is_variation(top) and _is_variation(bottom) and len(below) > 1:
        c.fail("Is this a derivative? Write \\partial for \\delta, or declare \\delta.", span)
    top_d, bottom_d = starts_fraction_d(top), starts_fraction_d(bottom)
    if top_d and bottom_d:
        return _derivative(c, top, bottom, token)
    if (bottom_d and bottom.is_command("partial")) or (top_d and not _is_size_d(top)):
        return _without_d(top, bottom, top_d, bottom_d, span)
    return s.Div(read_group(c, above, "numerator"), read_group(c, below, "denominator"), span=span)


def _is_variation(part: Cursor) -> bool:
    r"""A ``\delta`` that is no symbol of the text begins this part, as people write ``\partial`` too."""
    return part.is_command("delta") and part.peek(1).kind != "_" and not part.is_known("delta")


def _is_size_d(top: Cursor) -> bool:
    """A size d above the line is no derivative."""
    if top.peek().kind != "letter":
        return False
    return top.is_known("d") or (top.context.is_size("d") and len(top.tokens) == 1)


def _without_d(top: Cursor, bottom: Cursor, top_d: bool, bottom_d: bool, span: s.Span) -> s.Node:
    """The two parts of a derivative that lost a d."""
    if top_d:
        _order(top)
    if bottom_d:
        past_d(bottom)
    if at_end(top) or at_end(bottom):
        return missing_d(span)
    return missing_d(span, read_whole(top), read_whole(bottom))


def _derivative(c: Cursor, top: Cursor, bottom: Cursor, token: Token) -> s.Node:
    order, span = _order(top), c.since(token.start)
    by = _variables(bottom, order)
    if len(by) != order:
        return missing_d(span)
    body = read_operand(c, span) if at_end(top) else read_whole(top)
    return s.Deriv(body, tuple(by), span=c.since(token.start))


def _order(c: Cursor) -> int:
    """Past the d above the line; the order of the derivative."""
    past_d(c)
    if c.peek().kind != "^":
        return 1
    c.next()
    order = script_text(c.group())
    if order not in ("1", "2"):
        c.fail("First and second derivatives are read.")
    return int(order)


def _variables(c: Cursor, order: int) -> list[s.Node]:
    """The variables below the line, each as often as it is differentiated by; none where a d is missing."""
    found: list[s.Node] = []
    complete = True
    while not at_end(c):
        times = 1
        if starts_fraction_d(c):
            times = _times(c, order)
        else:
            complete = not found
        found += read_variable(c) * times
    if not found:
        c.fail("Below the line a variable is missing.")
    return found if complete else []


def _times(c: Cursor, order: int) -> int:
    """Past the d below the line, whose power is the order, if it has one: how often its variable counts."""
    past_d(c)
    if c.peek().kind != "^":
        return 1
    c.next()
    if script_text(c.group()) != str(order):
        c.fail("The orders above and below the line of this derivative differ.")
    return order


def read_variable(c: Cursor) -> list[s.Node]:
    """What is differentiated by, twice if it is squared."""
    start = c.here()[0]
    named = starts_name(c)
    if not (named or c.peek().kind in ("(", "{") or c.is_command("operatorname")):
        c.fail("A variable is expected after this d.", fault=Fault(Kind.NO_VARIABLE))
    node = read_scripts(c, read_word(c) if named else c.grammar.primary(c), start)
    if isinstance(node, s.Pow) and node.exponent == s.num(2):
        return [node.base, node.base]
    return [node]


def read_operand(c: Cursor, span: s.Span) -> s.Node:
    """What an operator d/dx stands before: the rest of the term."""
    if not starts_factor(c) and c.peek().kind not in ("-", "+"):
        c.fail("This derivative has nothing to its right.", span)
    return read_term(c)


def read_slash_derivative(c: Cursor, above: s.Diff) -> s.Node:
    r"""``\partial y / \partial x``, from the slash on"""
    past_d(c)
    by = tuple(read_variable(c))
    return s.Deriv(above.arg, by, span=c.since(above.span[0] if above.span else 0))


def read_inline_operator(c: Cursor, token: Token) -> s.Node:
    """``d/dx f`` and its kin, written in a line."""
    c.next()
    if not starts_d(c):
        c.fail("After this slash the d of a variable is expected, as in d/dx.")
    past_d(c)
    by = tuple(read_variable(c))
    return s.Deriv(read_operand(c, c.since(token.start)), by, span=c.since(token.start))
