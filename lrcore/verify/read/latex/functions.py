"""Operations with a name: ``\\log x``, ``tr(AB)``, ``\\sqrt{x}``, ``\\langle x, y \\rangle``, ``\\min_w f``."""

from __future__ import annotations

from lrcore.verify.read.latex.brackets import read_bracket
from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import superscript_kind
from lrcore.verify.read.latex.lookahead import starts_factor, starts_name
from lrcore.verify.read.latex.precedence import read_group, read_product, read_sum, read_term
from lrcore.verify.read.latex.scripts import norm_kind
from lrcore.verify.read.tokens import Token, argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import FUNCTIONS

_NAMES = FUNCTIONS | {"sum": "total", "mean": "mean"}
_EXTREMA = ("argmin", "argmax", "min", "max")
_NEW_FACTOR = {"sum", *FUNCTIONS}  # nobody takes the logarithm of a sum together with what stands before it
_OPENING = ("(", "[", "{")


def read_named(c: Cursor, name: str, token: Token) -> s.Node | None:
    """The operation of that name, whose name is read; None where there is none."""
    if name in _NAMES:
        return read_function(c, _NAMES[name], token)
    return read_extremum(c, name, token) if name in _EXTREMA else None


def read_function(c: Cursor, fn: str, token: Token) -> s.Node:
    """A named operation; without brackets it takes the next factor, a trace the whole product."""
    if c.peek().kind == "^":
        return _power_of_function(c, fn, token)
    arg = _argument(c, fn, token)
    span = c.since(token.start)
    return s.Inv(arg, span=span) if fn == "inv" else s.Call(fn, (arg,), span=span)


def _argument(c: Cursor, fn: str, token: Token) -> s.Node:
    if c.peek().kind in _OPENING or c.is_command("{"):
        arg = c.grammar.primary(c)
        if fn == "tr" and c.peek().kind in ("^", "'"):
            _must_be_power(c, token)
        return arg
    if fn == "tr":
        return read_product(c)
    if fn == "log" and c.peek().kind == "num":
        return _number_product(c)
    arg = c.grammar.factor(c)
    if starts_factor(c) and not (c.peek().kind == "cmd" and c.peek().text in _NEW_FACTOR):
        c.fail(f"Put the argument of {fn} in brackets: it is not clear how far it reaches.", c.since(token.start))
    return arg


def _number_product(c: Cursor) -> s.Node:
    r"""``2\pi\sigma^2`` below a logarithm: a number and the letters after it."""
    start = c.here()[0]
    factors = [c.grammar.factor(c)]
    while starts_name(c):
        factors.append(c.grammar.factor(c))
    if starts_factor(c):
        c.fail("Put the argument of log in brackets: it is not clear how far it reaches.")
    return s.mul(factors, span=c.since(start))


def _must_be_power(c: Cursor, token: Token) -> None:
    """``tr(A)^T B`` and ``tr(A)^{-1}`` are the trace of a product to one author and a power to another."""
    script = argument(list(c.tokens), c.at + 1)[0]
    if c.peek().kind == "'" or superscript_kind(script, c.context) is not None:
        c.fail(
            "Does this stand inside the trace, as in tr((A)^T B), or is it of the trace's value, as in "
            "(tr(A))^{-1}? Put brackets around what is meant.",
            c.since(token.start),
        )


def _power_of_function(c: Cursor, fn: str, token: Token) -> s.Node:
    r"""``\tanh^2(z)`` is the square of the value; ``\tanh^{-1}`` may be two things."""
    c.next()
    power = read_group(c, c.group(), "power")
    if not isinstance(power, s.Num) or power.value < 2 or c.peek().kind not in _OPENING:
        c.fail("A power of a function is written behind its brackets.", c.since(token.start))
    return s.Pow(read_function(c, fn, token), power, span=c.since(token.start))


def read_root(c: Cursor, token: Token) -> s.Node:
    if c.peek().kind == "[":
        c.fail("Square roots are read, and no others.")
    bracket = c.peek().kind == "("
    arg = read_bracket(c) if bracket else read_group(c, c.group(), "root")
    sign, after = token.end - token.start == 1, c.peek()
    if sign and (after.kind == "^" or (not bracket and starts_factor(c) and after.start == c.tokens[c.at - 1].end)):
        c.fail("How far does this root reach? Put brackets around what is below it.", c.since(token.start))
    return s.Call("sqrt", (arg,), span=c.since(token.start))


def read_inner_product(c: Cursor, token: Token) -> s.Node:
    left = read_sum(c)
    if c.peek().kind not in (",", "|") and not c.is_command("mid", "vert"):
        c.fail("Inside \\langle two arguments are expected, with a comma.")
    c.next()
    right = read_sum(c)
    if not c.is_command("rangle"):
        c.fail("\\rangle is missing.")
    c.next()
    if c.peek().kind == "_":
        c.next()
        norm_kind(c, c.group())
    return s.Call("inner", (left, right), span=c.since(token.start))


def read_limits(c: Cursor) -> tuple[Tokens, Tokens]:
    """What stands below and above an operator."""
    found: dict[str, Tokens] = {}
    while c.peek().kind in ("_", "^"):
        kind = c.next().kind
        if kind in found:
            c.fail("Two scripts stand at one place of this operator.")
        found[kind] = c.group()
    return found.get("_", []), found.get("^", [])


def read_extremum(c: Cursor, name: str, token: Token) -> s.Node:
    """``argmin_W f``: an expression that names a set or a value; nothing is claimed by it alone. The larger of 0 and a
    number is a value.
    """
    if name == "max" and c.peek().kind in _OPENING and (larger := _larger_of_zero(c, token)) is not None:
        return larger
    read_limits(c)
    return s.Call(name, (read_term(c),), span=c.since(token.start))


def _larger_of_zero(c: Cursor, token: Token) -> s.Node | None:
    r"""``\max(0, z)``; None where the brackets hold anything else."""
    place = c.at
    c.next()
    first = read_sum(c)
    if c.peek().kind == ",":
        c.next()
        pair = (first, read_sum(c))
        if sum(map(s.is_zero, pair)) == 1 and c.peek().kind in (")", "]"):
            c.next()
            return s.Call("larger", pair, span=c.since(token.start))
    c.at = place
    return None


def read_arg(c: Cursor, token: Token) -> s.Node:
    if not c.is_command("min", "max"):
        c.fail("After \\arg, \\min or \\max is expected.")
    return read_extremum(c, "arg" + c.next().text, token)
