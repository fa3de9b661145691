r"""Sums, derivatives and differentials in LaTeX. ``d/dx`` and a sum cover everything to their right in the same
term.
"""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import superscript_kind
from lrcore.verify.read.tokens import Token, argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.terms.names import FONTS, UNKNOWN_LETTERS, split_key


class Calculus(Stream):
    """The part of the reader that makes sums and derivatives."""

    # ------------------------------------------------------------------ sums

    def cmd_sum(self, token):
        low, high = self.limits()
        letters, exclude, lo = self.sum_indices(low, token)
        hi = self.sub(high, "upper limit") if high else None
        body = self.sum_body()
        if not letters:
            letters = [self.implied_index(body, token)]
        span = self.span_from(token.start)
        for letter in reversed(letters):
            mine = tuple(one for name, one in exclude if name == letter)
            body = s.Sum(letter, body, lo if hi is not None else None, hi, mine, span=span)
        return body

    def cmd_prod(self, token):
        return self.fail("Products over an index are not read.", token.span)

    def limits(self):
        low = high = None
        while self.peek().kind in ("_", "^"):
            kind = self.next().kind
            group = self.group()
            low, high = (group, high) if kind == "_" else (low, group)
        return low, high

    def sum_indices(self, low, token):
        """The letters under a sum, what they stay away from, and the lower end."""
        if not low:
            return [], [], None
        parts = _parts(low)
        letters: list[str] = []
        exclude: list[tuple[str, str]] = []
        lo = None
        for part in parts:
            kinds = [one.kind for one in part]
            if "=" in kinds:
                place = kinds.index("=")
                letters += self.index_letters(part[:place])
                lo = self.sub(part[place + 1 :], "lower limit")
            elif any(one.kind == "cmd" and one.text == "neq" for one in part):
                letters += self.unequal(part, exclude)
            elif any((one.kind == "cmd" and one.text in ("in", "le")) or one.kind == "<" for one in part):
                self.fail(
                    "A sum over a named set is not read; write its first and last index.", (part[0].start, part[-1].end)
                )
            else:
                letters += self.index_letters(part)
        return letters, exclude, lo

    def index_letters(self, tokens):
        if not tokens or not all(
            one.kind == "letter" or (one.kind == "cmd" and one.text in ("ell", "alpha", "beta", "mu", "nu"))
            for one in tokens
        ):
            self.fail("The index of a sum is a letter.", (tokens[0].start, tokens[-1].end) if tokens else None)
        return [one.text for one in tokens]

    def unequal(self, part, exclude):
        place = next(k for k, one in enumerate(part) if one.kind == "cmd" and one.text == "neq")
        left, right = self.index_letters(part[:place]), self.index_letters(part[place + 1 :])
        exclude += [(left[0], right[0])]
        return left

    def sum_body(self):
        """To the end of the term; ``wide`` readings reach over + and - as well."""
        if self.wide:
            return self.sum()
        start = self.here()[0]
        if self.peek().kind in ("-", "+") and self.peek().text:
            return self.signed_term()
        body = self.term()
        return replace(body, span=self.span_from(start))

    def implied_index(self, body, token):
        """A bare sum runs over the one index that its terms carry."""
        letters = free_indices(body, self.context)
        if len(letters) != 1:
            self.fail("This sum has no index, and its terms do not carry exactly one.", token.span)
        return letters.pop()

    # ------------------------------------------------------------------ where a d begins

    def starts_d(self, ahead=0) -> bool:
        r"""Whether ``\partial``, an upright d, or a d that is no symbol stands here."""
        token = self.peek(ahead)
        if token.kind == "cmd" and token.text == "partial":
            return True
        if token.kind == "cmd" and token.text in ("mathrm", "operatorname", "rm", "text"):
            if self.peek(ahead + 1).kind == "{":
                return self.peek(ahead + 2).text == "d" and self.peek(ahead + 3).kind == "}"
            return self.peek(ahead + 1).text == "d" and self.peek(ahead + 1).kind == "letter"
        if token.kind == "text" and token.text.strip() == "d":
            return True
        return token.kind == "letter" and token.text == "d" and self.d_is_differential(ahead)

    def d_is_differential(self, ahead=0):
        """A letter d before a name or a bracket, where d is no declared symbol."""
        if self.context.lookup("d") is not None:
            return False
        follow = self.peek(ahead + 1)
        if self.context.is_size("d"):
            return self.starts_name(ahead + 1) and not self.context.is_size(follow.text)
        return (
            self.starts_name(ahead + 1)
            or follow.kind in ("(", "[", "{")
            or (follow.kind == "/" and self.starts_d(ahead + 2))
            or (follow.kind == "cmd" and follow.text in ("det", "log", "ln", "tr", "|", "exp"))
        )

    def take_d(self):
        """The d itself."""
        token = self.next()
        if token.kind == "cmd" and token.text != "partial":
            self.group()
        return token

    # ------------------------------------------------------------------ differentials

    def differential(self):
        if self.is_cmd("partial"):
            return self.cmd_partial(self.next())
        token = self.take_d()
        if self.peek().kind == "/":
            return self.inline_operator(token)
        return self.after_d(token)

    def after_d(self, token):
        """d binds to the next name or bracket; powers belong to it, a transpose does not."""
        start = self.here()[0]
        if not (self.starts_factor() or self.starts_name()):
            self.fail("After this d a symbol is missing.", token.span)
        arg = self.d_argument()
        while self.peek().kind in ("^", "_") and not self.is_transpose_ahead():
            apply = self.superscript if self.next().kind == "^" else self.subscript
            arg = apply(arg, self.group(), start)
        return s.Diff(arg, span=self.span_from(token.start))

    def d_argument(self):
        """A name without its transposes, so that ``dE^T`` is (dE)^T."""
        if not self.starts_name():
            return self.primary()
        stop = self.at
        node = self.primary()
        turned = 0
        while isinstance(node, (s.T, s.Prime)) and turned < 4:
            node, turned = node.arg, turned + 1
        if turned:
            self.at = self.transpose_places(stop)
        return node

    def transpose_places(self, start):
        """Where the first transposing script after ``start`` stands."""
        depth = 0
        for place in range(start, self.at):
            token = self.tokens[place]
            depth += (token.kind in ("{", "(", "[")) - (token.kind in ("}", ")", "]"))
            if depth == 0 and token.kind in ("^", "'"):
                saved, self.at = self.at, place
                if token.kind == "'" or self.is_transpose_ahead():
                    return place
                self.at = saved
        return self.at

    def is_transpose_ahead(self):
        if self.peek().kind != "^":
            return False
        tokens, _ = argument(list(self.tokens), self.at + 1)
        return superscript_kind(tokens, self.context) in ("T", "'", "-T")

    # ------------------------------------------------------------------ fractions

    def fraction(self, above, below, start):
        """A quotient, or a derivative where both begin with a d."""
        top, bottom = (type(self)(one, self.context, self.wide) for one in (above, below))
        if not above or not below:
            self.fail("A part of this fraction is empty.", self.span_from(start))
        top_d, bottom_d = top.fraction_d(), bottom.fraction_d()
        span = self.span_from(start)
        if top_d and bottom_d:
            return self.derivative(top, bottom, start)
        if (bottom_d and bottom.is_cmd("partial")) or (top_d and not bottom_d and not self.is_plain_d(top)):
            return s.Call("missing_d", self.without_d(top, bottom, top_d, bottom_d), span=span)
        return s.Div(self.sub(above, "numerator"), self.sub(below, "denominator"), span=span)

    def without_d(self, top, bottom, top_d, bottom_d):
        """The two parts of a derivative that lost a d."""
        if top_d:
            top.skip_d()
        if bottom_d:
            bottom.take_d()
        if not top.peek().kind or not bottom.peek().kind:
            return (s.Name("d"),)
        return top.whole(), bottom.whole()

    def is_plain_d(self, top):
        """A size d above the line is no derivative."""
        return top.peek().kind == "letter" and (
            self.context.lookup("d") is not None or (self.context.is_size("d") and len(top.tokens) == 1)
        )

    def fraction_d(self):
        r"""Whether a numerator or denominator is that of a derivative: ``d``, ``dL``, ``\partial^2 f``."""
        if self.peek().kind == "letter" and self.peek().text == "d" and self.context.lookup("d") is None:
            if len(self.tokens) == 1 or self.peek(1).kind == "^":
                return True
            return self.d_is_differential() or self.starts_name(1) or self.peek(1).kind in ("(", "[", "{")
        return self.starts_d()

    def derivative(self, top, bottom, start):
        order = top.skip_d()
        wrt = bottom.variables()
        span = self.span_from(start)
        if bottom.missing:
            return s.Call("missing_d", (s.Name("d"),), span=span)
        if order > 1 and len(wrt) == 1:
            wrt = wrt * order
        if len(wrt) != order:
            return s.Call("missing_d", (s.Name("d"),), span=span)
        if top.peek().kind:
            body = top.whole()
        else:
            body = self.operand(span)
        return s.Deriv(body, tuple(wrt), span=self.span_from(start))

    def operand(self, span):
        """What an operator d/dx stands before: the rest of the term."""
        if not self.starts_factor() and self.peek().kind not in ("-", "+"):
            self.fail("This derivative has nothing to its right.", span)
        return self.term()

    def skip_d(self):
        """Past the d above the line; the order of the derivative."""
        self.take_d()
        order = 1
        if self.peek().kind == "^":
            self.next()
            group = self.group()
            order = int(group[0].text) if group and group[0].kind == "num" and group[0].text in ("1", "2") else 0
            if not order:
                self.fail("First and second derivatives are read.")
        return order

    def variables(self):
        """The variables below the line, each as often as it is differentiated by."""
        found: list[s.Node] = []
        while self.peek().kind:
            if self.fraction_d():
                self.take_d()
                if self.peek().kind == "^":
                    self.next()
                    self.group()
            else:
                self.missing = bool(found)
            found += self.variable()
        if not found:
            self.fail("Below the line a variable is missing.")
        return found

    def variable(self):
        start = self.here()[0]
        if not (self.starts_name() or self.peek().kind in ("(", "{") or self.is_cmd("operatorname")):
            self.fail("A variable is expected after this d.")
        if self.peek().kind in ("{", "("):
            node = self.primary()
        else:
            node = self.word() if self.starts_name() else self.primary()
        while self.peek().kind in ("^", "'", "_"):
            node = self.scripts(node, start)
        if isinstance(node, s.Pow) and node.exponent == s.num(2):
            return [node.base, node.base]
        return [node]

    def slash_derivative(self, above):
        r"""``\partial y / \partial x``"""
        start = above.span[0]
        self.take_d()
        wrt = self.variable()
        return s.Deriv(above.arg, tuple(wrt), span=self.span_from(start))

    # ------------------------------------------------------------------ operators with a subscript

    def cmd_partial(self, token):
        if self.peek().kind == "_":
            return self.operator(token)
        if self.peek().kind == "/":
            return self.inline_operator(token)
        node = s.Diff(self.factor(), span=self.span_from(token.start))
        while self.starts_factor() and self.slash_follows():
            node = s.Diff(s.mul([node.arg, self.factor()]), span=self.span_from(token.start))
        if self.peek().kind != "/":
            return node
        self.next()
        if not self.starts_d():
            return s.Call("missing_d", (s.Name("d"),), span=self.span_from(token.start))
        return self.slash_derivative(node)

    def inline_operator(self, token):
        """``d/dx f`` and its kin, written in a line."""
        self.next()
        if not self.starts_d():
            self.fail("After this slash the d of a variable is expected, as in d/dx.")
        self.take_d()
        wrt = self.variable()
        return s.Deriv(self.operand(self.span_from(token.start)), tuple(wrt), span=self.span_from(token.start))

    def slash_follows(self):
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.kind in ("{", "(", "[")) - (token.kind in ("}", ")", "]"))
            if depth < 0 or (depth == 0 and token.kind in ("+", "-", "=")):
                return False
            if depth == 0 and token.kind == "/":
                return True
        return False

    def cmd_nabla(self, token):
        return self.operator(token)

    def operator(self, token):
        r"""``\nabla_w f``, ``\partial_w f``, ``\nabla_w^2 f``"""
        low, high = self.limits()
        order = 2 if high and high[0].text == "2" else 1
        if high and order == 1:
            self.fail("First and second derivatives are read.", token.span)
        body = None
        if low:
            wrt = type(self)(low, self.context, self.wide).operator_variables()
        else:
            body = self.operator_body()
            wrt = [s.Name(self.only_variable(body, token))]
        body = self.operator_body() if body is None else body
        wrt = wrt * order if len(wrt) == 1 else wrt
        return s.Deriv(body, tuple(wrt), span=self.span_from(token.start))

    def only_variable(self, body, token):
        """The variable of a bare nabla: the one that the function is written of, else the one unknown it rests on."""
        if isinstance(body, s.At) and isinstance(body.fn, s.Name) and len(body.args) == 1:
            symbol = self.context.lookup(body.fn.id)
            names = tuple(one.id for one in body.args if isinstance(one, s.Name))
            if symbol is not None and len(symbol.params) == 1:
                return symbol.params[0]
            if symbol is not None and set(names) & self.context.depends(symbol.key):
                return names[0]
        if self.context.prime_variable is not None:
            return self.context.prime_variable
        involved = set().union(*(self.context.primitives(name) for name in s.names(body)))
        unknown = [name for name in sorted(involved) if split_key(name)[0] in UNKNOWN_LETTERS]
        if len(unknown) != 1:
            self.fail(
                "By which variable this is the derivative does not follow; write it below, as in \\nabla_w.", token.span
            )
        return unknown[0]

    def operator_variables(self):
        found: list[s.Node] = []
        while self.peek().kind:
            if self.peek().kind == ",":
                self.next()
            found += self.variable()
        return found

    def operator_body(self):
        """A function's name alone, or the rest of the term."""
        if self.starts_name() and not self.starts_d():
            place = self.at
            node = self.primary()
            if isinstance(node, (s.At, s.Name)) or (isinstance(node, s.Entry) and isinstance(node.base, s.Name)):
                name = node if isinstance(node, s.Name) else node.fn if isinstance(node, s.At) else node.base
                key = name.id if isinstance(name, s.Name) else ""
                symbol = self.context.lookup(key)
                if isinstance(node, s.At) or symbol is None or symbol.definition is not None:
                    return node
            self.at = place
        return self.operand(self.here())


def _parts(tokens):
    """What stands under a sum, split at commas; ``i=1,j=1`` gives two parts."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "," or (token.kind == "cmd" and token.text == "\\"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


__all__ = ["FONTS", "Calculus", "Token"]
