"""Scripts on what is no name: powers, transposes, inverses, indices of a bracket, the kind of a norm."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import extent, names_a_number, script_text, superscript_kind
from lrcore.verify.read.latex.indices import read_indices, read_shape
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import make_key, split_key
from lrcore.verify.terms.words import table

_MARKS = {"T": s.T, "'": s.Prime, "-1": s.Inv}
_NORMS = table("""
normf : f fro frob frobenius hs
norml1 : 1 ell1 ell_1 l1 l_1
norml2 : 2 ell2 ell_2 l2 l_2
""")


def read_scripts(c: Cursor, node: s.Node, start: int) -> s.Node:
    """The node with every script and prime that follows."""
    while True:
        kind = c.peek().kind
        if kind == "^":
            c.next()
            if isinstance(node, s.Pow) and c.at > 1 and node.span and node.span[1] == c.tokens[c.at - 2].end:
                _must_be_in_brackets(c, node)
            node = superscript(c, node, c.group(), start)
        elif kind == "_":
            c.next()
            node = subscript(c, node, c.group(), start)
        elif kind == "'":
            c.next()
            node = s.Prime(node, span=c.since(start))
        else:
            return node


def superscript(c: Cursor, node: s.Node, tokens: Tokens, start: int) -> s.Node:
    span, kind = c.since(start), superscript_kind(tokens, c.context)
    name = node.id if isinstance(node, s.Name) else ""
    if c.context.is_size("T") and script_text(tokens) == "T" and names_a_number(name, c.context):
        c.fail("Is this a transpose or a power? T is a size; write \\top for the transpose.", span)
    if kind == "T" and node == s.num(1):
        c.fail("Is this the number 1 or a column of ones? Write \\mathbf{1}_N for the column.", span)
    if kind is not None:
        return _marked(c, node, kind, span)
    if name == "e" and not c.is_known("e") and (not tokens or tokens[0].kind != "["):
        return s.Call("exp", (read_group(c, tokens, "exponent"),), span=span)
    if tokens and tokens[0].kind == "cmd" and tokens[0].text in ("odot", "circ"):
        return s.Pow(node, read_group(c, tokens[1:], "exponent"), True, span=span)
    if tokens and (tokens[0].kind in ("(", "[") or (tokens[0].kind, tokens[0].text) == ("cmd", "{")):
        c.fail(
            "A superscript in brackets is the number of a sample or part of a name, and neither is declared here.",
            span,
        )
    exponent = read_group(c, tokens, "exponent")
    if isinstance(node, s.Call) and node.fn in s.NORMS and exponent == s.num(2):
        return _squared(node, span)
    return s.Pow(node, exponent, span=span)


def _must_be_in_brackets(c: Cursor, power: s.Pow) -> None:
    """``2^3^2`` is two things to two authors; ``(2^3)^2`` is one."""
    if power.exponent.span and power.exponent.span[1] == power.span[1] if power.span else False:
        c.fail("Which power is taken first? Put brackets around it.", power.span)


def _marked(c: Cursor, node: s.Node, kind: str, span: s.Span) -> s.Node:
    """What a transpose, a prime, an inverse or a star makes of the node."""
    if kind in _MARKS:
        return _MARKS[kind](node, span=span)
    if kind == "-T":
        return s.T(s.Inv(node, span=span), span=span)
    if kind == "*" and isinstance(node, s.Name):
        base, accents, below, above = split_key(node.id)
        end = max(span[1], node.span[1]) if node.span else span[1]
        return s.Name(make_key(base, (*accents, "star"), below, above), span=(span[0], end))
    return c.fail("Pseudoinverses, adjoints and starred names are read only where they are declared as names.", span)


def subscript(c: Cursor, node: s.Node, tokens: Tokens, start: int) -> s.Node:
    span = c.since(start)
    if isinstance(node, s.Call) and node.fn in ("norm", "norm2"):
        marked = replace(node, fn=norm_kind(c, tokens), span=span)
        return marked if node.fn == "norm" else _squared(marked, span)
    sizes = read_shape(c, tokens)
    return s.Shaped(node, sizes, span=span) if sizes else s.Entry(node, read_indices(c, tokens), span=span)


def norm_kind(c: Cursor, tokens: Tokens) -> str:
    """Which norm a mark below the bars names."""
    kind = _NORMS.get(script_text(tokens).lower())
    if kind is None:
        c.fail("Of norms, those with the mark 1, 2 or F are read.", extent(tokens))
    return kind


def _squared(norm: s.Call, span: s.Span) -> s.Node:
    square = s.NORMS.get(norm.fn)
    return replace(norm, fn=square, span=span) if square else s.Pow(norm, s.num(2), span=span)
