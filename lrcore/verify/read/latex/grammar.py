"""What may stand where a factor does: the tables that say which rule reads what begins with which token."""

from __future__ import annotations

from collections.abc import Callable

from lrcore.verify.read.latex.braces import (
    read_braces,
    read_overbrace,
    read_overset,
    read_underbrace,
    read_underset,
)
from lrcore.verify.read.latex.brackets import read_bars, read_bracket, read_written_brace
from lrcore.verify.read.latex.cursor import Cursor, Grammar, Rule
from lrcore.verify.read.latex.derivatives import read_fraction, read_slash_derivative
from lrcore.verify.read.latex.functions import (
    read_arg,
    read_extremum,
    read_function,
    read_inner_product,
    read_named,
    read_root,
)
from lrcore.verify.read.latex.groups import shown_token
from lrcore.verify.read.latex.lookahead import at_end, starts_d, starts_name
from lrcore.verify.read.latex.matrices import read_environment
from lrcore.verify.read.latex.operators import read_d, read_operator, read_partial
from lrcore.verify.read.latex.scripts import read_scripts
from lrcore.verify.read.latex.sums import read_sum_sign
from lrcore.verify.read.latex.words import read_number, read_word
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import FUNCTIONS


def read_factor(c: Cursor) -> s.Node:
    """A primary with its scripts and primes."""
    start = c.here()[0]
    return read_scripts(c, read_primary(c), start)


def read_primary(c: Cursor) -> s.Node:
    if at_end(c):
        c.fail("Something is missing at the end.")
    rule = PRIMARIES.get(c.peek().kind)
    if rule is None:
        c.fail(f"`{shown_token(c.peek())}` is not expected here.")
    return rule(c)


def _read_letter(c: Cursor) -> s.Node:
    return read_d(c) if starts_d(c) else read_word(c)


def _read_command(c: Cursor) -> s.Node:
    token = c.peek()
    if token.text in ("|", "vert"):
        return read_bars(c)
    if token.text != "partial" and starts_d(c):
        return read_d(c)
    rule = COMMANDS.get(token.text)
    if rule is not None:
        c.next()
        return rule(c, token)
    if token.text in FUNCTIONS and token.text != "vec" and not c.is_known(token.text):
        c.next()
        return read_function(c, FUNCTIONS[token.text], token)
    return read_word(c) if starts_name(c) else c.fail(f"`\\{token.text}` is not known here.")


def _read_operatorname(c: Cursor, token: Token) -> s.Node:
    place = c.at
    name = "".join(one.text for one in c.group()).strip("*")
    node = read_named(c, name, token)
    if node is None:
        c.at = place - 1
        node = read_word(c)
    return node


def _refuse(message: str) -> Callable[[Cursor, Token], s.Node]:
    return lambda c, token: c.fail(message, token.span)


PRIMARIES: dict[str, Rule] = {
    "num": read_number,
    "(": read_bracket,
    "[": read_bracket,
    "{": read_braces,
    "|": read_bars,
    "begin": read_environment,
    "letter": _read_letter,
    "text": _read_letter,
    "cmd": _read_command,
}
COMMANDS: dict[str, Callable[[Cursor, Token], s.Node]] = {
    "frac": read_fraction,
    "sqrt": read_root,
    "langle": read_inner_product,
    "operatorname": _read_operatorname,
    "sum": read_sum_sign,
    "prod": _refuse("Products over an index are not read."),
    "infty": _refuse("Infinity is no number of this mathematics."),
    "dots": _refuse("What these dots leave out does not follow from the terms around them."),
    "partial": read_partial,
    "nabla": read_operator,
    "min": lambda c, token: read_extremum(c, "min", token),
    "max": lambda c, token: read_extremum(c, "max", token),
    "arg": read_arg,
    "underbrace": read_underbrace,
    "overbrace": read_overbrace,
    "underset": read_underset,
    "overset": read_overset,
    "stackrel": read_overset,
    "{": read_written_brace,
}
GRAMMAR = Grammar(read_primary, read_factor, read_slash_derivative)
