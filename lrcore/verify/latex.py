r"""LaTeX as it stands in textbooks, read by precedence; the declared symbols decide what a letter, a bracket or a
``d`` means.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from . import syntax as s
from .dots import elide_matrix, elide_sum
from .errors import Unreadable
from .latex_calculus import Calculus
from .latex_names import _GREEK, Names, _script_text
from .names import make_key, split_key
from .tokens import Token, argument, tokenize
from .words import FUNCTIONS, MATRICES, NO_FACTOR, ROWS

DEPTH_LIMIT, LONGEST = 60, 300
_CLOSE = {"(": ")", "[": "]"}
_END = Token("", "", -1, -1)
_TRANSPOSES = {"T", "top", "t", "prime", "intercal", "transpose", "mathsf{T}", "tp"}
_OPEN_FUNCTIONS = {"tr"}


class Reader(Names, Calculus):
    """Reads one piece of mathematics from a list of tokens."""

    def __init__(self, tokens, context, wide: bool = False):
        self.tokens, self.context, self.wide = list(tokens), context, wide
        self.at, self.depth = 0, 0
        self.bars: list[str] = []
        self.missing = False

    # ------------------------------------------------------------------ tokens

    def peek(self, ahead=0) -> Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else _END

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def is_cmd(self, *texts, ahead=0) -> bool:
        token = self.peek(ahead)
        return token.kind == "cmd" and token.text in texts

    def here(self):
        token = self.peek()
        if token is _END:
            end = self.tokens[-1].end if self.tokens else 0
            return end, end
        return token.span

    def fail(self, message, span=None):
        raise Unreadable(message, span or self.here())

    def span_from(self, start):
        end = self.tokens[self.at - 1].end if 0 < self.at <= len(self.tokens) else start
        return start, max(end, start)

    def group(self):
        """The tokens of one argument."""
        if self.peek() is _END:
            self.fail("An argument is missing at the end.")
        tokens, self.at = argument(self.tokens, self.at)
        return tokens

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
        if self.peek() is not _END:
            self.fail(f"`{_shown(self.peek())}` is not expected here.")
        return node

    # ------------------------------------------------------------------ sums and terms

    def sum(self) -> s.Node:
        """Terms joined by + and -."""
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            self.fail("The expression is nested too deeply to be read.")
        start = self.here()[0]
        terms = [self.signed_term()]
        while self.peek().kind in "+-" and self.peek() is not _END:
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
        while self.peek().kind in ("+", "-") and self.peek() is not _END:
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
                if self.peek() is _END:
                    self.fail(f"After `{_shown(sign)}` a factor is missing.")
                factors.append(self.factor(signed=True))
            elif self.starts_factor():
                factors.append(self.factor())
            else:
                break
        return s.mul(factors, signs == {"cdot"}, span=self.span_from(start))

    def slash(self, factors, start):
        slash = self.next()
        if isinstance(factors[-1], s.Diff) and self.starts_d():
            last = self.slash_derivative(factors.pop())
            return s.mul([*factors, last], span=self.span_from(start)) if factors else last
        below = self.factor()
        follows = self.peek()
        named = follows.kind == "letter" or (follows.kind == "cmd" and follows.text in _GREEK)
        if _is_number(below) and named and follows.start == self.tokens[self.at - 1].end:
            self.fail(
                "Is this a number times the letter, or is the letter below the line? Write \\frac.",
                (slash.start, follows.end),
            )
        return s.Div(s.mul(factors), below, span=self.span_from(start))

    def starts_factor(self) -> bool:
        """Whether a factor can begin here."""
        token = self.peek()
        if token is _END or token.kind in (
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

    # ------------------------------------------------------------------ factors

    def factor(self, signed=False) -> s.Node:
        """A primary with its scripts and primes."""
        start = self.here()[0]
        if signed and self.peek().kind in ("+", "-"):
            return self.signed_term()
        node = self.primary()
        return self.scripts(node, start)

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
        kind = _superscript_kind(tokens)
        if node == s.Name("e") and self.context.lookup("e") is None and kind is None:
            return s.Call("exp", (self.sub(tokens, "exponent"),), span=span)
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
            return replace(_squared_norm(node), span=span)
        return s.Pow(node, exponent, span=span)

    def subscript(self, node, tokens, start):
        if isinstance(node, s.Call) and node.fn in ("norm", "norm2"):
            marked = replace(node, fn=self.norm_kind(tokens), span=self.span_from(start))
            return marked if node.fn == "norm" else _squared_norm(marked)
        sizes = self.shape_label(tokens)
        if sizes:
            return s.Shaped(node, sizes, span=self.span_from(start))
        return s.Entry(node, self.indices(tokens), span=self.span_from(start))

    def norm_kind(self, tokens):
        """Which norm a mark below the bars names."""
        text = _script_text(tokens)
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

    def primary(self) -> s.Node:
        token = self.peek()
        if token is _END:
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
        return self.fail(f"`{_shown(token)}` is not expected here.")

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
            if self.peek() is _END:
                self.fail("This bracket is never closed.", opened.span)
            self.fail(f"`{kind}` was expected here, and not `{_shown(self.peek())}`.")
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

    # ------------------------------------------------------------------ commands

    def command(self):
        token = self.peek()
        text = token.text
        method = getattr(self, "cmd_" + text, None) if text.isalpha() else None
        if method is not None:
            self.next()
            return method(token)
        if text in FUNCTIONS and not self.declared_command(token) and text != "vec":
            self.next()
            return self.function(FUNCTIONS[text], token)
        if self.starts_name():
            return self.word()
        if text == "{":
            return self.curly()
        if text == "dots":
            self.fail("What these dots leave out does not follow from the terms around them.")
        return self.fail(f"`\\{text}` is not known here.")

    def curly(self):
        opened = self.next()
        node = self.sum()
        if not self.is_cmd("}"):
            self.fail("This brace is never closed.", opened.span)
        self.next()
        return node

    def cmd_frac(self, token):
        above, below = self.group(), self.group()
        return self.fraction(above, below, token.start)

    def cmd_sqrt(self, token):
        if self.peek().kind == "[":
            self.fail("Square roots are read, and no others.")
        if self.peek().kind == "(":
            return s.Call("sqrt", (self.bracket(),), span=self.span_from(token.start))
        return s.Call("sqrt", (self.sub(self.group(), "root"),), span=self.span_from(token.start))

    def cmd_langle(self, token):
        left = self.sum()
        if self.peek().kind != "," and not self.is_cmd("mid", "vert") and self.peek().kind != "|":
            self.fail("Inside \\langle two arguments are expected, with a comma.")
        self.next()
        right = self.sum()
        if not self.is_cmd("rangle"):
            self.fail("\\rangle is missing.")
        self.next()
        if self.peek().kind == "_":
            self.next()
            self.norm_kind(self.group())
        return s.Call("inner", (left, right), span=self.span_from(token.start))

    def cmd_operatorname(self, token):
        name = "".join(one.text for one in self.group()).strip("*")
        return self.named(name, token)

    def named(self, name, token):
        if name in FUNCTIONS:
            return self.function(FUNCTIONS[name], token)
        if name in ("sum", "mean"):
            return self.function("total" if name == "sum" else name, token)
        if name in ("d",):
            return self.after_d(token)
        if name in ("argmin", "argmax", "min", "max"):
            return self.extremum(name, token)
        if token.kind == "cmd" and token.text == "operatorname":
            self.at = self.tokens.index(token)
            return self.word()
        return self.fail(f"The operation \\operatorname{{{name}}} is not known here.", token.span)

    def extremum(self, name, token):
        """``argmin_W f``: an expression that names a set or a value; nothing is claimed by it alone."""
        self.limits()
        return s.Call(name, (self.term(),), span=self.span_from(token.start))

    def cmd_min(self, token):
        return self.extremum("min", token)

    def cmd_max(self, token):
        return self.extremum("max", token)

    def cmd_arg(self, token):
        if not self.is_cmd("min", "max"):
            self.fail("After \\arg, \\min or \\max is expected.")
        return self.extremum("arg" + self.next().text, token)

    def cmd_underbrace(self, token):
        inner = self.sub(self.group(), "group")
        if self.peek().kind != "_":
            return inner
        self.next()
        sizes = self.shape_label(self.group())
        return s.Shaped(inner, sizes, span=self.span_from(token.start)) if sizes else inner

    def cmd_overbrace(self, token):
        inner = self.sub(self.group(), "group")
        if self.peek().kind == "^":
            self.next()
            self.group()
        return inner

    def shape_label(self, tokens):
        r"""``M \times N`` under a brace asserts a shape; anything else is a remark."""
        if sum(one.kind == "cmd" and one.text == "times" for one in tokens) != 1 or any(
            one.kind == "text" for one in tokens
        ):
            return None
        tokens = [one for one in tokens if one.kind not in ("(", ")")]
        return self.sizes(tokens)

    def cmd_overset(self, token):
        self.group()
        return self.sub(self.group())

    cmd_stackrel = cmd_overset

    def cmd_underset(self, token):
        sizes = self.shape_label(self.group())
        node = self.sub(self.group())
        return s.Shaped(node, sizes, span=self.span_from(token.start)) if sizes else node

    def cmd_infty(self, token):
        return self.fail("Infinity is no number of this mathematics.", token.span)

    def function(self, fn, token):
        """A named operation; without brackets it takes the next factor, a trace the whole product."""
        if self.peek().kind == "^":
            return self.function_power(fn, token)
        if self.peek().kind in ("(", "[", "{") or self.is_cmd("{"):
            arg = self.primary()
            if fn == "tr" and self.peek().kind in ("^", "'"):
                self.must_be_power(token)
        elif fn in _OPEN_FUNCTIONS:
            arg = self.run()
        elif fn == "log" and self.peek().kind == "num":
            arg = self.number_product()
        else:
            arg = self.factor()
            if self.starts_sum_or_bracket():
                return s.Call(fn, (arg,), span=self.span_from(token.start))
            if self.starts_factor() and not (self.peek().kind == "cmd" and self.peek().text in FUNCTIONS):
                self.fail(
                    f"Put the argument of {fn} in brackets: it is not clear how far it reaches.",
                    self.span_from(token.start),
                )
        span = self.span_from(token.start)
        return s.Inv(arg, span=span) if fn == "inv" else s.Call(fn, (arg,), span=span)

    def number_product(self):
        r"""``2\pi\sigma^2`` below a logarithm: a number and the letters after it."""
        factors = [self.factor()]
        while self.starts_name():
            factors.append(self.factor())
        if self.starts_factor():
            self.fail("Put the argument of log in brackets: it is not clear how far it reaches.")
        return s.mul(factors)

    def starts_sum_or_bracket(self):
        """A sum that follows begins a new factor: nobody takes the logarithm of it together with what precedes."""
        return self.is_cmd("sum")

    def must_be_power(self, token):
        """``tr(A)^T B`` and ``tr(A)^{-1}`` are the trace of a product to one author and a power to another."""
        tokens = argument(list(self.tokens), self.at + 1)[0] if self.peek().kind == "^" else []
        if self.peek().kind == "'" or _superscript_kind(tokens) is not None:
            self.fail(
                "Does this stand inside the trace, as in tr((A)^T B), or is it of the trace's value, as in "
                "(tr(A))^{-1}? Put brackets around what is meant.",
                self.span_from(token.start),
            )

    def function_power(self, fn, token):
        r"""``\tanh^2(z)`` is the square of the value; ``\tanh^{-1}`` may be two things."""
        self.next()
        power = self.sub(self.group(), "power")
        if not isinstance(power, s.Num) or power.value < 2 or self.peek().kind not in ("(", "[", "{"):
            self.fail("A power of a function is written behind its brackets.", self.span_from(token.start))
        return s.Pow(self.function(fn, token), power, span=self.span_from(token.start))

    def cmd_vec(self, token):
        """An arrow over a name, or the operation."""
        if self.is_operation_vec():
            return self.function("vec", token)
        self.at -= 1
        return self.word()

    def is_operation_vec(self):
        return self.peek().kind == "("

    # ------------------------------------------------------------------ matrices

    def environment(self):
        opened = self.next()
        if opened.text in ROWS:
            self.fail("An environment of equations stands inside a formula.", opened.span)
        if opened.text not in MATRICES:
            self.fail(f"The environment {opened.text} is not read inside a formula.", opened.span)
        if opened.text == "array" and self.peek().kind == "{":
            self.group()
        if self.peek().kind == "[":
            while self.peek().kind != "]" and self.peek() is not _END:
                self.next()
            self.next()
        rows = self.cells(opened)
        node = self.matrix(rows, opened)
        if opened.text == "vmatrix":
            return s.Call("det", (node,), span=node.span)
        if opened.text == "Vmatrix":
            return s.Call("norm", (node,), span=node.span)
        return node

    def cells(self, opened):
        """Rows of cells, each a list of tokens."""
        rows: list[list[list[Token]]] = [[[]]]
        depth = 0
        while True:
            token = self.next()
            if token is _END:
                self.fail("This matrix is never closed.", opened.span)
            depth += (token.kind in ("begin", "{", "(", "[")) - (token.kind in ("end", "}", ")", "]"))
            if token.kind == "end" and depth < 0:
                break
            if depth == 0 and token.kind == "&":
                rows[-1].append([])
            elif depth == 0 and token.kind == "cmd" and token.text == "\\":
                rows.append([[]])
            elif not (token.kind == "cmd" and token.text in ("hline", "cline")):
                rows[-1][-1].append(token)
        return [row for row in rows if any(row)]

    def matrix(self, rows, opened):
        span = self.span_from(opened.start)
        if not rows:
            self.fail("This matrix is empty.", span)
        grid = [[self.cell(tokens, span) for tokens in row] for row in rows]
        if any(isinstance(cell, s.Dots) for row in grid for cell in row):
            return replace(elide_matrix(grid, span), span=span)
        wide = max(map(len, grid))
        if any(len(row) != wide for row in grid):
            self.fail("The rows of this matrix have different numbers of cells.", span)
        return s.Block(tuple(map(tuple, grid)), span=span)

    def cell(self, tokens, span):
        if len(tokens) == 1 and tokens[0].kind == "cmd" and tokens[0].text == "dots":
            return s.Dots(span=tokens[0].span)
        if not tokens:
            self.fail("A cell of this matrix is empty.", span)
        return self.sub(tokens, "cell")


def _superscript_kind(tokens):
    """T, -1, -T, ' and the like, or None."""
    words = [one.text for one in tokens if one.kind not in ("{", "}")]
    words = [
        one
        for one in words
        if one not in ("mathsf", "mathrm", "rm", "sf", "text", "mathbf", "mathit", "boldsymbol", "mathtt", "bf")
    ]
    text = "".join(words)
    if text in _TRANSPOSES:
        return "'" if text == "prime" else "T"
    if set(text) == {"'"} or set(words) == {"prime"}:
        return "'"
    if text in ("-1", "-1"):
        return "-1"
    if text in ("-T", "-top", "-1T", "T-1", "top-1", "-t"):
        return "-T"
    text = "*" if text == "star" else text
    return text if text in ("dagger", "+", "*", "H") else None


def _squared_norm(norm):
    square = s.NORMS.get(norm.fn)
    return replace(norm, fn=square) if square else s.Pow(norm, s.num(2), span=norm.span)


def _is_number(node):
    return isinstance(node, s.Num)


def _shown(token):
    return ("\\" if token.kind == "cmd" and token.text.isalpha() else "") + (token.text or "the end")


def read_expression(text: str, context, wide=False) -> s.Node:
    """The tree of one expression in LaTeX."""
    tokens = tokenize(text, context.macros)
    reader = Reader(tokens, context, wide)
    return reader.whole()


__all__ = ["Reader", "read_expression"]
