r"""LaTeX as it stands in textbooks, read by precedence; the declared symbols decide what a letter, a bracket or a
``d`` means.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from lrcore.verify.read.ellipsis import elide_sum
from lrcore.verify.read.latex_calculus import Calculus
from lrcore.verify.read.latex_calls import Calls
from lrcore.verify.read.latex_commands import Commands
from lrcore.verify.read.latex_matrices import Matrices
from lrcore.verify.read.latex_names import Names
from lrcore.verify.read.latex_scripted import Scripted
from lrcore.verify.read.latex_scripts import Scripts, is_number
from lrcore.verify.read.latex_tokens import END, GREEK_LETTERS, shown_token
from lrcore.verify.read.tokens import Token, tokenize
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import NO_FACTOR

DEPTH_LIMIT, LONGEST = 60, 300
_CLOSE = {"(": ")", "[": "]"}


class Reader(Scripts, Commands, Matrices, Scripted, Calls, Names, Calculus):
    """Reads one piece of mathematics from a list of tokens."""

    def sub(self, tokens, what="expression"):
        """A reader's answer for a group of tokens, all of them."""
        if not tokens:
            self.fail(f"The {what} is empty here.", self.tokens[self.at - 1].span if self.tokens else None)
        inner = Reader(tokens, self.context, self.wide)
        inner.depth = self.depth + 1
        if inner.depth > DEPTH_LIMIT:
            self.fail("The expression is nested too deeply to be read.")
        return inner.whole()

    def whole(self):
        node = self.sum()
        if self.peek() is not END:
            self.fail(f"`{shown_token(self.peek())}` is not expected here.")
        return node

    def sum(self) -> s.Node:
        """Terms joined by + and -."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            self.fail("The expression is nested too deeply to be read.")
        start = self.here()[0]
        terms = [self.signed_term()]
        while self.peek().kind in "+-" and self.peek() is not END:
            if self.is_dots(1) and self.peek(2).kind in ("+", "-"):
                self.next()
                terms.append(s.Dots(span=self.next().span))
                continue
            terms.append(self.signed_term())
        self.depth -= 1
        if any(isinstance(one, s.Dots) for one in terms):
            terms = elide_sum(terms)
        return s.add(terms, span=self.span_from(start))

    def is_dots(self, ahead=0):
        return self.is_cmd("dots", ahead=ahead)

    def signed_term(self):
        start, sign = self.here()[0], 1
        while self.peek().kind in ("+", "-") and self.peek() is not END:
            sign = -sign if self.next().kind == "-" else sign
        node = self.term()
        return node if sign > 0 else s.Neg(node, span=self.span_from(start))

    def term(self) -> s.Node:
        """Runs of factors joined by the signs of the Hadamard and Kronecker products, or Frobenius's colon."""
        start = self.here()[0]
        node = self.run()
        while self.is_cmd("odot", "otimes", "circ") or self.peek().kind == ":":
            sign = self.next().text
            right = self.run()
            span = self.span_from(start)
            if sign == ":":
                node = s.Call("frobenius", (node, right), span=span)
            else:
                node = (s.Kron if sign == "otimes" else s.Had)(node, right, span=span)
        return node

    def run(self) -> s.Node:
        """A product of factors; ``2/N X`` is (2/N) X."""
        start = self.here()[0]
        factors, signs = [self.factor()], set()
        while True:
            if len(factors) > LONGEST:
                self.fail(f"This product has more than {LONGEST} factors.")
            if self.peek().kind == "/":
                factors = [self.slash(factors, start)]
            elif self.is_cmd("cdot", "times") or self.peek().kind == "*":
                sign = self.next()
                signs.add(sign.text)
                if self.peek() is END:
                    self.fail(f"After `{shown_token(sign)}` a factor is missing.")
                factors.append(self.factor(signed=True))
            elif self.starts_factor():
                self.not_two_numbers()
                factors.append(self.factor())
            else:
                break
        return s.mul(factors, signs == {"cdot"}, span=self.span_from(start))

    def not_two_numbers(self):
        """``1 2`` is typeset as 12, and may be meant as a product."""
        before, here = self.tokens[self.at - 1], self.peek()
        if before.kind == here.kind == "num" and before.end < here.start:
            self.fail(
                "Two numbers stand side by side; write them as one, or a dot between them.", (before.start, here.end)
            )

    def slash(self, factors, start):
        slash = self.next()
        if isinstance(factors[-1], s.Diff) and self.starts_d():
            last = self.slash_derivative(factors.pop())
            return s.mul([*factors, last], span=self.span_from(start)) if factors else last
        below = self.factor()
        follows = self.peek()
        named = follows.kind == "letter" or (follows.kind == "cmd" and follows.text in GREEK_LETTERS)
        if is_number(below) and named and follows.start == self.tokens[self.at - 1].end:
            self.fail(
                "Is this a number times the letter, or is the letter below the line? Write \\frac.",
                (slash.start, follows.end),
            )
        return s.Div(s.mul(factors), below, span=self.span_from(start))

    def starts_factor(self) -> bool:
        """Whether a factor can begin here."""
        token = self.peek()
        if token is END or token.kind in (
            "+",
            "-",
            "=",
            ")",
            "]",
            "}",
            "&",
            ",",
            ";",
            ":",
            "/",
            "*",
            "<",
            ">",
            "end",
            ".",
            "!",
            "?",
        ):
            return False
        if token.kind == "|" or (token.kind == "cmd" and token.text in ("|", "vert")):
            return not self.closes_bars()
        if token.kind == "cmd":
            return token.text not in NO_FACTOR
        return token.kind in ("letter", "num", "(", "[", "{", "begin", "text")

    def closes_bars(self):
        """Whether what stands here closes the innermost bars; of two bars in ``|A||B|`` the first does."""
        if not self.bars:
            return False
        if self.bars[-1] == "|":
            return self.peek().kind == "|" or self.is_cmd("vert")
        return self.double_bar()

    def double_bar(self):
        return self.is_cmd("|") or (self.peek().kind == "|" and self.peek(1).kind == "|")

    def factor(self, signed=False) -> s.Node:
        """A primary with its scripts and primes."""
        start = self.here()[0]
        if signed and self.peek().kind in ("+", "-"):
            return self.signed_term()
        node = self.primary()
        return self.scripts(node, start)

    def primary(self) -> s.Node:
        token = self.peek()
        if token is END:
            self.fail("Something is missing at the end.")
        if token.kind == "num":
            return self.number()
        if token.kind in ("(", "["):
            return self.bracket()
        if token.kind == "{":
            return self.braces()
        if token.kind == "|" or (token.kind == "cmd" and token.text in ("|", "vert")):
            return self.between_bars()
        if token.kind == "begin":
            return self.environment()
        if self.starts_d():
            return self.differential()
        if token.kind in ("letter", "text"):
            return self.word()
        if token.kind == "cmd":
            return self.command()
        return self.fail(f"`{shown_token(token)}` is not expected here.")

    def number(self):
        token = self.next()
        if token.text in ("1", "0") and self.peek().kind == "_":
            self.next()
            return s.Special(
                "ones" if token.text == "1" else "zero", self.sizes(self.group()), span=self.span_from(token.start)
            )
        return s.Num(Fraction(token.text), span=token.span)

    def sizes(self, tokens):
        """The sizes written under a constant matrix: N, or N \\times D."""
        parts: list[list[Token]] = []
        current: list[Token] = []
        for token in tokens:
            if (token.kind == "cmd" and token.text == "times") or token.kind == ",":
                parts.append(current)
                current = []
            else:
                current.append(token)
        return tuple(self.sub(part, "size") for part in [*parts, current])

    def bracket(self):
        opened = self.next()
        saved, self.bars = self.bars, []
        node = self.sum()
        cells = [node]
        while opened.kind == "[" and (self.is_cmd("mid", "vert") or self.peek().kind in ("|", "&", ",", ";")):
            if self.peek().kind in (",", ";") and not cells:
                break
            self.next()
            cells.append(self.sum())
        self.bars = saved
        self.close(opened, _CLOSE[opened.kind])
        if len(cells) > 1:
            return s.Block((tuple(cells),), span=self.span_from(opened.start))
        return replace(node, span=self.span_from(opened.start))

    def close(self, opened, kind):
        """The closing bracket; half-open pairs such as ``[0, 1)`` are not read."""
        if self.peek().kind != kind:
            if self.peek() is END:
                self.fail("This bracket is never closed.", opened.span)
            self.fail(f"`{kind}` was expected here, and not `{shown_token(self.peek())}`.")
        self.next()

    def braces(self):
        opened = self.peek()
        tokens = self.group()
        if tokens and tokens[0].kind == "cmd" and self.is_font(tokens[0]):
            inner = self.font_group(tokens)
            if inner is not None:
                return inner
        if not tokens:
            return self.primary() if self.starts_factor() else self.fail("This group is empty.", opened.span)
        node = replace(self.sub(tokens, "group"), span=self.span_from(opened.start))
        return self.called(node, opened.start) if isinstance(node, s.Name) else node

    def between_bars(self):
        opened = self.peek()
        double = self.double_bar()
        self.next()
        if double and opened.kind == "|":
            self.next()
        self.bars.append("||" if double else "|")
        node = self.sum()
        if not self.closes_bars():
            self.fail("These bars are never closed.", opened.span)
        self.bars.pop()
        closer = self.next()
        if double and closer.kind == "|":
            self.next()
        return s.Call("norm" if double else "bars", (node,), span=self.span_from(opened.start))


def read_expression(text: str, context, wide=False) -> s.Node:
    """The tree of one expression in LaTeX."""
    tokens = tokenize(text, context.macros)
    reader = Reader(tokens, context, wide)
    return reader.whole()


__all__ = ["Reader", "read_expression"]
