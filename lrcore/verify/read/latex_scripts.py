"""Scripts on what is no name: powers, transposes, inverses, indices of a bracket, the kind of a norm."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import names_a_number, script_text, superscript_kind
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import make_key, split_key


class Scripts(Stream):
    """The part of the reader that reads scripts."""

    def scripts(self, node, start):
        while True:
            token = self.peek()
            if token.kind == "^":
                self.next()
                node = self.superscript(node, self.group(), start)
            elif token.kind == "'":
                self.next()
                node = s.Prime(node, span=self.span_from(start))
            elif token.kind == "_":
                self.next()
                node = self.subscript(node, self.group(), start)
            else:
                return node

    def superscript(self, node, tokens, start):
        span = self.span_from(start)
        kind = superscript_kind(tokens, self.context)
        if node == s.Name("e") and self.context.lookup("e") is None and kind is None:
            return s.Call("exp", (self.sub(tokens, "exponent"),), span=span)
        named = node.id if isinstance(node, s.Name) else ""
        if self.context.is_size("T") and script_text(tokens) == "T" and names_a_number(named, self.context):
            self.fail("Is this a transpose or a power? T is a size; write \\top for the transpose.", span)
        if kind == "T":
            return s.T(node, span=span)
        if kind == "'":
            return s.Prime(node, span=span)
        if kind == "-1":
            return s.Inv(node, span=span)
        if kind == "-T":
            return s.T(s.Inv(node, span=span), span=span)
        if kind == "*" and isinstance(node, s.Name):
            base, accents, below, above = split_key(node.id)
            return s.Name(make_key(base, (*accents, "star"), below, above), span=span)
        if kind in ("dagger", "+", "*", "H"):
            self.fail(
                "Pseudoinverses, adjoints and starred names are read only where they are declared as names.", span
            )
        if tokens and tokens[0].kind == "cmd" and tokens[0].text in ("odot", "circ"):
            return s.Pow(node, self.sub(tokens[1:], "exponent"), True, span=span)
        if tokens and tokens[0].kind == "(":
            self.fail(
                "A superscript in brackets is the number of a sample or part of a name, and neither is declared here.",
                span,
            )
        exponent = self.sub(tokens, "exponent")
        if isinstance(node, s.Call) and node.fn in s.NORMS and exponent == s.num(2):
            return replace(squared_norm(node), span=span)
        return s.Pow(node, exponent, span=span)

    def subscript(self, node, tokens, start):
        if isinstance(node, s.Call) and node.fn in ("norm", "norm2"):
            marked = replace(node, fn=self.norm_kind(tokens), span=self.span_from(start))
            return marked if node.fn == "norm" else squared_norm(marked)
        sizes = self.shape_label(tokens)
        if sizes:
            return s.Shaped(node, sizes, span=self.span_from(start))
        return s.Entry(node, self.indices(tokens), span=self.span_from(start))

    def norm_kind(self, tokens):
        """Which norm a mark below the bars names."""
        text = script_text(tokens)
        if text.lower() in ("f", "fro", "frob", "frobenius", "hs"):
            return "normf"
        if text in ("1", "ell1", "ell_1", "L1", "L_1", "l1", "l_1"):
            return "norml1"
        if text not in ("2", "ell2", "ell_2", "L2", "L_2", "l2", "l_2"):
            self.fail(
                "Of norms, those with the mark 1, 2 or F are read.",
                (tokens[0].start, tokens[-1].end) if tokens else None,
            )
        return "norml2"


def squared_norm(norm):
    square = s.NORMS.get(norm.fn)
    return replace(norm, fn=square) if square else s.Pow(norm, s.num(2), span=norm.span)


def is_number(node):
    return isinstance(node, s.Num)
