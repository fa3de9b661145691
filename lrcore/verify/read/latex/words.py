"""What begins with a letter or a word: a symbol, an entry, a call, a constant matrix or an operation."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from lrcore.verify.read.latex.brackets import read_bracket
from lrcore.verify.read.latex.calls import read_call
from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.differentials import read_differential
from lrcore.verify.read.latex.functions import read_function, read_named
from lrcore.verify.read.latex.groups import (
    each_in_font,
    is_font,
    is_letter,
    superscript_kind,
    unwrapped,
    without_scripts,
)
from lrcore.verify.read.latex.indices import read_sizes
from lrcore.verify.read.latex.lookahead import letter_run
from lrcore.verify.read.latex.names import are_known, is_declared_letter, read_base
from lrcore.verify.read.latex.precedence import read_group, read_whole
from lrcore.verify.read.latex.sums import read_product_sign, read_sum_sign
from lrcore.verify.read.latex.symbols import read_symbol
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import label_key, make_key
from lrcore.verify.terms.words import FONTS

_FUNCTIONS = (
    "trace",
    "logdet",
    "diag",
    "exp",
    "log",
    "det",
    "vec",
    "ln",
    "tr",
    "sigmoid",
    "tanh",
    "sinh",
    "cosh",
    "softmax",
    "sign",
    "sgn",
)
_UPRIGHT_FUNCTIONS = (*_FUNCTIONS, "Tr", "Trace", "TR", "Diag", "Vec", "Det", "relu", "ReLU")
LONGEST_NUMBER = 300
_INDICATORS, _ORDERS = ("1", "I", "1I"), ("le", "ge", "neq")
_OPENS, _CLOSES = ("(", "[", "{"), (")", "]", "}")
_CONSTANTS = {"1": "ones", "0": "zero"}
_SIGNS_IN_WORDS = {"sum": read_sum_sign, "prod": read_product_sign}
_SIGNS = ("nabla", "partial")
_OF_CHANCE = {"E": "expectation", "Var": "variance", "V": "variance"}


def read_word(c: Cursor) -> s.Node:
    """A name with the scripts that belong to it, and its arguments; or a word that is no name."""
    start = c.here()[0]
    special = _special_word(c, start)
    if special is not None:
        return special
    return read_call(c, read_symbol(c, read_base(c), start), start)


def _special_word(c: Cursor, start: int) -> s.Node | None:
    """Words that are no names: I, bold 1 and 0, functions in upright letters, an upright d."""
    token = c.peek()
    if token.kind == "letter":
        return _letter(c, token, start)
    if token.kind == "text":
        return _text(c, token)
    if token.text == "vec":
        return _arrow(c, token, start)
    if token.text in ("overline", "bar"):
        return _mean(c, start)
    if is_font(token):
        return _font(c, token, start)
    if token.text == "sigma" and not c.is_known("sigma"):
        return _sigmoid(c, start)
    return None


def _is_of_chance(c: Cursor, text: str, opens: Token) -> bool:
    """Whether it is an expectation or a variance, in a text that has something random."""
    return bool(c.context.random) and not c.is_known(text) and (opens.kind in ("(", "[") or opens.text == "{")


def _letter(c: Cursor, token: Token, start: int) -> s.Node | None:
    if token.text == "E" and c.peek(1).kind == "[" and _is_of_chance(c, "E", c.peek(1)):
        c.next()
        return read_function(c, "expectation", token)
    if token.text == "I" and not c.is_known("I") and not c.context.is_size("I"):
        c.next()
        return _constant(c, "eye", start)
    run = letter_run(c)
    if run in _SIGNS_IN_WORDS and c.peek(len(run)).kind == "_" and not are_known(c, run):
        c.at += len(run)
        return _SIGNS_IN_WORDS[run](c, replace(token, end=c.tokens[c.at - 1].end))
    for name in (*_FUNCTIONS, *(("Tr",) if c.peek(2).kind == "(" else ())):
        if run.startswith(name) and not are_known(c, name):
            if run == name and c.peek(len(name)).kind in ("(", "["):
                c.at += len(name)
                return read_named(c, name, token)
            if any(c.is_known(run[: k + 1]) for k in range(len(run))):
                return None
            c.at += len(name)
            return read_named(c, name, token)
    return None


def _text(c: Cursor, token: Token) -> s.Node | None:
    name = token.text.strip()
    if name in _FUNCTIONS and not c.is_known(name):
        c.next()
        return read_named(c, name, token)
    if not re.fullmatch(r"[A-Za-z][\w-]*", name):
        c.fail(f"The words `{name[:40]}` stand inside a formula.", token.span)
    return None


def _font(c: Cursor, token: Token, start: int) -> s.Node | None:
    place = c.at
    c.next()
    tokens = c.group()
    text, upright = "".join(one.text for one in tokens), FONTS[token.text] == ""
    if text in _OF_CHANCE and _is_of_chance(c, text, c.peek()):
        return read_function(c, _OF_CHANCE[text], token)
    if len(tokens) == 1 and tokens[0].kind == "cmd" and tokens[0].text in _SIGNS:  # \mathbf{\nabla}
        c.tokens[place : c.at] = tokens
        c.at = place
        return c.grammar.primary(c)
    if not upright and _are_several(c, tokens, text):
        c.tokens[place : c.at] = each_in_font(token, tokens)
        c.at = place
        return c.grammar.primary(c)
    if not c.is_known(text):
        if text in _INDICATORS and (case := read_indicator(c, start)) is not None:
            return case
        if text in _CONSTANTS:
            return _constant(c, _CONSTANTS[text], start)
        if upright and text in _UPRIGHT_FUNCTIONS:
            return read_named(c, text, token)
    if text in ("I", "1I") and not c.is_known("I") and not c.is_known(f"I^font{FONTS[token.text]}"):
        return _constant(c, "eye", start)
    if upright and text == "d":
        return read_differential(c, token)
    c.at = place
    return None


def _are_several(c: Cursor, tokens: Tokens, text: str) -> bool:
    r"""``\mathbf{Xw}``: a product of declared symbols in one font, and no name of its own."""
    letters = [one for one in without_scripts(tokens) if is_letter(one)]
    if len(letters) < 2 or c.is_known(text):
        return False
    return all(is_declared_letter(c, one.text) or one.text == "I" for one in letters)


def _arrow(c: Cursor, token: Token, start: int) -> s.Node | None:
    r"""``\vec{1}``, and the operation in ``\vec(A)``; an arrow over a name is a font."""
    if c.peek(1).kind == "(":
        c.next()
        return read_function(c, "vec", token)
    place = c.at
    c.next()
    text = "".join(one.text for one in c.group())
    if text in _CONSTANTS:
        return _constant(c, _CONSTANTS[text], start)
    c.at = place
    return None


def _mean(c: Cursor, start: int) -> s.Node | None:
    r"""``\overline{xy}`` and ``\overline{x^2}``, the mean of products of entries; a bar over one name is an accent."""
    place = c.at
    c.next()
    tokens = unwrapped(c.group())
    bare = [one for one in tokens if one.kind not in ("{", "}")]
    letters, rest = [one.text for one in bare if is_letter(one)], [one.text for one in bare if not is_letter(one)]
    squared = len(letters) == 1 and rest == ["^", "2"]
    declared = c.is_known(make_key("".join(letters + rest), ("bar",)))
    if not declared and (squared or (len(letters) == 2 and not rest)):
        return s.Call("overline", (read_whole(c.within(tokens)),), span=c.since(start))
    c.at = place
    return None


def _constant(c: Cursor, kind: str, start: int) -> s.Node:
    """A constant array with the sizes below it."""
    sizes: tuple[s.Node, ...] = ()
    turned = _turned(c)
    if c.peek().kind == "_":
        c.next()
        sizes = read_sizes(c, c.group())
    node = s.Special(kind, sizes, span=c.since(start))
    return s.T(node, span=node.span) if turned else node


def _turned(c: Cursor) -> bool:
    r"""Past the transpose in ``\mathbf{1}^\top_N``, whose size stands behind it."""
    place = c.at
    if c.peek().kind == "^":
        c.next()
        if superscript_kind(c.group(), c.context) == "T" and c.peek().kind == "_":
            return True
    c.at = place
    return False


def read_indicator(c: Cursor, start: int) -> s.Node | None:
    r"""``\mathbf{1}[z > 0]``, ``1_{\{i = j\}}``: 1 where the condition holds, else 0; None where no condition stands
    there.
    """
    place = c.at
    if c.peek().kind == "_":
        c.next()
        tokens = unwrapped(c.group())
        tokens = tokens[1:-1] if tokens and tokens[0].text == "{" and tokens[0].kind == "cmd" else tokens
    elif c.peek().kind in ("[", "(") or c.is_command("{"):
        depth = 0
        while c.peek().kind:
            token = c.next()
            depth += (token.kind in _OPENS or token.text == "{") - (token.kind in _CLOSES or token.text == "}")
            if not depth:
                break
        tokens = c.tokens[place + 1 : c.at - 1]
    else:
        return None
    signs = [k for k, one in enumerate(tokens) if one.kind in ("=", "<", ">") or one.text in _ORDERS]
    if len(signs) != 1 or not 0 < signs[0] < len(tokens) - 1:
        c.at = place
        return None
    left, right = read_group(c, tokens[: signs[0]]), read_group(c, tokens[signs[0] + 1 :])
    sign, span = tokens[signs[0]].text, c.since(start)
    if sign in ("=", "neq"):
        label, other = (left, right) if isinstance(left, s.Entry) else (right, left)
        same: s.Node = s.Delta(left, right, span=span)
        if isinstance(label, s.Entry):
            if not isinstance(label.base, s.Name) or not isinstance(other, s.Name) or len(label.indices) != 1:
                c.fail(r"A label is compared here; write y_{ik} for it, and say that \sum_k y_{ik} = 1.", span)
            same = s.Entry(replace(label.base, id=label_key(label.base.id)), (*label.indices, other), span=span)
        return same if sign == "=" else s.Add((s.ONE, s.Neg(same, span=span)), span=span)
    more, less = (right, left) if sign in ("<", "le") else (left, right)
    by = more if s.is_zero(less) else s.Add((more, s.Neg(less, span=less.span)), span=span)
    return s.Call("step", (s.Neg(less, span=less.span) if s.is_zero(more) else by,), span=span)


def read_number(c: Cursor) -> s.Node:
    """A number, or ``1_N`` and ``0_N``."""
    token = c.next()
    if token.text == "1" and c.peek().kind != "(" and (case := read_indicator(c, token.start)) is not None:
        return case
    if token.text in _CONSTANTS and c.peek().kind == "_":
        return _constant(c, _CONSTANTS[token.text], token.start)
    if len(token.text) > LONGEST_NUMBER:
        c.fail(f"This number has more than {LONGEST_NUMBER} digits.", token.span)
    return s.Num(Fraction(token.text), span=token.span)


def _sigmoid(c: Cursor, start: int) -> s.Node | None:
    r"""``\sigma(z)`` where no sigma is declared, and ``\sigma'(z)`` for a bare z."""
    primed = c.peek(1).kind == "'"
    if c.peek(1 + primed).kind not in ("(", "["):
        return None
    c.at += 1 + primed
    arg = read_bracket(c)
    node = s.Call("sigmoid", (arg,), span=c.since(start))
    if primed and not isinstance(arg, s.Name):
        c.fail("The derivative of sigma is read at a bare symbol; write d/dz.", c.since(start))
    return s.Deriv(node, (arg,), span=c.since(start)) if primed else node
