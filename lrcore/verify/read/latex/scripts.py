"""Scripts on what is no name: powers, transposes, inverses, indices of a bracket, the kind of a norm."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import extent, is_letter, names_a_number, script_text, superscript_kind
from lrcore.verify.read.latex.indices import read_indices, read_shape
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.indices import free_indices
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
    if isinstance(node, s.Build) and node.rows is None and node.j == "_" and _is_a_size(exponent, c):
        return replace(node, rows=exponent, span=span)
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
    if sizes:
        return s.Shaped(node, sizes, span=span)
    start_of_range = [one.text for one in tokens if one.kind not in ("{", "}")][1:] == ["=", "1"]
    indices = read_indices(c, [one for one in tokens if is_letter(one)] if start_of_range else tokens)
    array = _array_of_entries(c, node, indices, span)
    if array is None and start_of_range:
        c.fail("The letter of this range does not stand in what is before it.", span)
    return array or s.Entry(node, indices, span=span)


def _array_of_entries(c: Cursor, node: s.Node, indices: tuple[s.Node, ...], span: s.Span) -> s.Build | None:
    """[a_ij]_ij, the array of all a_ij: its letters stand in index slots of what is in the brackets."""
    letters = [one.id for one in indices if isinstance(one, s.Name)]
    if not letters or len(letters) != len(indices) or len(set(letters)) < len(letters) or len(letters) > 2:
        return None
    if isinstance(node, s.Name) or not set(letters) <= free_indices(node, c.context):
        return None
    first, second = (*letters, "_")[:2]
    return s.Build(first, None, second, s.ONE if second == "_" else None, node, span=span)


def _is_a_size(node: s.Node, c: Cursor) -> bool:
    return isinstance(node, s.Name) and c.context.is_size(node.id)


def norm_kind(c: Cursor, tokens: Tokens) -> str:
    """Which norm a mark below the bars names."""
    kind = _NORMS.get(script_text(tokens).lower())
    if kind is None:
        c.fail("Of norms, those with the mark 1, 2 or F are read.", extent(tokens))
    return kind


def _squared(norm: s.Call, span: s.Span) -> s.Node:
    square = s.NORMS.get(norm.fn)
    return replace(norm, fn=square, span=span) if square else s.Pow(norm, s.num(2), span=span)
