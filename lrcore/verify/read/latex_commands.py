"""Commands in LaTeX: fractions, roots, functions with a name, braces with a label."""

from __future__ import annotations

from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import superscript_kind
from lrcore.verify.read.tokens import argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import FUNCTIONS

_OPEN_FUNCTIONS = {"tr"}


class Commands(Stream):
    """The part of the reader that reads commands."""

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
        if self.peek().kind == "'" or superscript_kind(tokens, self.context) is not None:
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
