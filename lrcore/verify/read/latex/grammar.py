"""What may stand where a factor does: the tables that say which rule reads what begins with which token."""

from __future__ import annotations

from collections.abc import Callable

from lrcore.verify.read.latex import braces, brackets, derivatives, functions, matrices, operators, sums, words
from lrcore.verify.read.latex.cursor import Cursor, Grammar, Rule
from lrcore.verify.read.latex.groups import shown_token
from lrcore.verify.read.latex.lookahead import at_end, starts_d, starts_name
from lrcore.verify.read.latex.names import fail_unknown
from lrcore.verify.read.latex.scripts import read_scripts
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
    return operators.read_d(c) if starts_d(c) else words.read_word(c)


def _read_command(c: Cursor) -> s.Node:
    token = c.peek()
    if token.text in ("|", "vert"):
        return brackets.read_bars(c)
    if token.text != "partial" and starts_d(c):
        return operators.read_d(c)
    rule = COMMANDS.get(token.text)
    if rule is not None:
        c.next()
        return rule(c, token)
    if token.text in FUNCTIONS and token.text != "vec" and not c.is_known(token.text):
        c.next()
        return functions.read_function(c, FUNCTIONS[token.text], token)
    return words.read_word(c) if starts_name(c) else fail_unknown(c, token)


def _read_operatorname(c: Cursor, token: Token) -> s.Node:
    place = c.at
    name = "".join(one.text for one in c.group()).strip("*")
    node = functions.read_named(c, name, token)
    if node is None:
        c.at = place - 1
        node = words.read_word(c)
    return node


def _refuse(message: str) -> Callable[[Cursor, Token], s.Node]:
    return lambda c, token: c.fail(message, token.span)


PRIMARIES: dict[str, Rule] = {
    "num": words.read_number,
    "(": brackets.read_bracket,
    "[": brackets.read_bracket,
    "{": braces.read_braces,
    "|": brackets.read_bars,
    "begin": matrices.read_environment,
    "letter": _read_letter,
    "text": _read_letter,
    "cmd": _read_command,
}
COMMANDS: dict[str, Callable[[Cursor, Token], s.Node]] = {
    "frac": derivatives.read_fraction,
    "sqrt": functions.read_root,
    "langle": functions.read_inner_product,
    "operatorname": _read_operatorname,
    "sum": sums.read_sum_sign,
    "prod": sums.read_product_sign,
    "infty": _refuse("Infinity is no number of this mathematics."),
    "dots": _refuse("What these dots leave out does not follow from the terms around them."),
    "partial": operators.read_partial,
    "nabla": operators.read_operator,
    "min": lambda c, token: functions.read_extremum(c, "min", token),
    "max": lambda c, token: functions.read_extremum(c, "max", token),
    "arg": functions.read_arg,
    "underbrace": braces.read_underbrace,
    "overbrace": braces.read_overbrace,
    "underset": braces.read_underset,
    "overset": braces.read_overset,
    "stackrel": braces.read_overset,
    "{": brackets.read_written_brace,
}
GRAMMAR = Grammar(read_primary, read_factor, derivatives.read_slash_derivative)
