r"""Names in LaTeX: letters, accents, fonts, scripts that belong to a name and scripts that are indices, calls and
products.
"""

from __future__ import annotations

import re

from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import GREEK_LETTERS, each_in_font, is_letter, unwrapped, without_scripts
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import ACCENTS, FONTS, swap_case

_SAMPLE = re.compile(r"\((\w)\)")
LONGEST_WORD = 30
_WORD_FUNCTIONS = ("trace", "logdet", "diag", "exp", "log", "det", "vec", "ln", "tr", "sigmoid", "tanh")


class Names(Stream):
    """The part of the reader that makes names."""

    def is_font(self, token) -> bool:
        return token.kind == "cmd" and token.text in FONTS

    def starts_name(self, ahead=0) -> bool:
        token = self.peek(ahead)
        if token.kind == "letter" or token.kind == "text":
            return True
        return token.kind == "cmd" and (token.text in GREEK_LETTERS or token.text in ACCENTS or token.text in FONTS)

    def declared_command(self, token) -> bool:
        return self.known(token.text)

    def known(self, key) -> bool:
        """Whether a key is a declared symbol."""
        return self.context.lookup(key) is not None

    def word(self) -> s.Node:
        """A name with the scripts that belong to it, as a symbol, an entry, a call or a constant matrix."""
        start = self.here()[0]
        special = self.special_word(start)
        if special is not None:
            return special
        base, accents, font, sub, sup = self.base_name()
        node = self.with_scripts(base, accents, font, sub, sup, start)
        return self.called(node, start)

    def special_word(self, start):
        """Words that are no names: I, bold 1 and 0, functions in upright letters, an upright d."""
        token = self.peek()
        if token.kind == "text":
            return self.text_word(token)
        if token.kind == "cmd" and token.text in FONTS and token.text != "vec":
            return self.font_special(token, start)
        if token.kind == "cmd" and token.text == "vec":
            return self.vec_special(token, start)
        if token.kind == "letter":
            return self.letter_special(token, start)
        if token.kind == "cmd" and token.text == "sigma" and not self.known("sigma"):
            return self.sigmoid(start)
        return None

    def sigmoid(self, start):
        r"""``\sigma(z)`` where no sigma is declared, and ``\sigma'(z)`` for a bare z."""
        primed = self.peek(1).kind == "'"
        if self.peek(2 if primed else 1).kind not in ("(", "["):
            return None
        self.at += 2 if primed else 1
        arg = self.bracket()
        node = s.Call("sigmoid", (arg,), span=self.span_from(start))
        if primed and not isinstance(arg, s.Name):
            self.fail("The derivative of sigma is read at a bare symbol; write d/dz.", self.span_from(start))
        return s.Deriv(node, (arg,), span=self.span_from(start)) if primed else node

    def text_word(self, token):
        name = token.text.strip()
        if name in _WORD_FUNCTIONS and not self.known(name):
            self.next()
            return self.named(name, token)
        if not re.fullmatch(r"[A-Za-z][\w-]*", name):
            self.fail(f"The words `{name[:40]}` stand inside a formula.", token.span)
        return None

    def font_special(self, token, start):
        place = self.at
        self.next()
        tokens = self.group()
        text = "".join(one.text for one in tokens)
        if self.is_several(token, tokens, text):
            self.tokens[place : self.at] = each_in_font(token, tokens)
            self.at = place
            return self.primary()
        if text in ("1", "0") and not self.known(text):
            kind = "ones" if text == "1" else "zero"
            return s.Special(kind, self.special_sizes(), span=self.span_from(start))
        if text in ("I", "1I") and not self.known("I") and not self.known(f"I^font{FONTS[token.text]}"):
            return s.Special("eye", self.special_sizes(), span=self.span_from(start))
        upright = FONTS[token.text] == ""
        if upright and text == "d":
            return self.after_d(token)
        if upright and text in _WORD_FUNCTIONS + ("Tr", "Trace", "TR", "Diag", "Vec", "Det") and not self.known(text):
            return self.named(text, token)
        self.at = place
        return None

    def is_several(self, token, tokens, text):
        r"""``\mathbf{Xw}``: a product of declared symbols in one font, and no name of its own."""
        letters = [one for one in without_scripts(tokens) if is_letter(one)]
        if len(letters) < 2 or FONTS[token.text] == "" or self.context.lookup(text) is not None:
            return False
        return all(self.declared_letter(one.text) or one.text == "I" for one in letters)

    def special_sizes(self):
        if self.peek().kind != "_":
            return ()
        self.next()
        return self.sizes(self.group())

    def vec_special(self, token, start):
        if self.peek(1).kind == "(":
            self.next()
            return self.function("vec", token)
        place = self.at
        self.next()
        tokens = self.group()
        if "".join(one.text for one in tokens) in ("1", "0"):
            return s.Special(
                "ones" if tokens[0].text == "1" else "zero", self.special_sizes(), span=self.span_from(start)
            )
        self.at = place
        return None

    def letter_special(self, token, start):
        if token.text == "I" and not self.known("I") and not self.context.is_size("I"):
            self.next()
            return s.Special("eye", self.special_sizes(), span=self.span_from(start))
        run = self.letter_run()
        for name in _WORD_FUNCTIONS:
            if (
                run.startswith(name)
                and not any(self.known(run[: k + 1]) for k in range(len(run)))
                and not self.all_known(name)
            ):
                self.at += len(name)
                return self.named(name, token)
        return None

    def all_known(self, letters):
        return all(self.known(one) or self.context.is_size(one) for one in letters)

    def letter_run(self):
        """The letters that stand here side by side, with nothing between."""
        text, ahead = "", 0
        while self.peek(ahead).kind == "letter" and ahead < LONGEST_WORD:
            if ahead and self.peek(ahead).start != self.peek(ahead - 1).end:
                break
            text += self.peek(ahead).text
            ahead += 1
        return text

    def base_name(self):
        """(base, accents, font, inner subscript tokens, inner superscript tokens)."""
        token = self.next()
        if token.kind == "text":
            return token.text.strip().replace(" ", ""), (), "", None, None
        if token.kind == "letter":
            return self.letters(token)
        if token.text in GREEK_LETTERS:
            return token.text, (), "", None, None
        if token.text in ACCENTS:
            base, accents, font, sub, sup = self.inside(self.group(), token)
            return base, (*accents, ACCENTS[token.text]), font, sub, sup
        base, accents, font, sub, sup = self.inside(self.group(), token, joined=True)
        return base, accents, FONTS[token.text] or font, sub, sup

    def letters(self, token):
        """One letter, or the longest declared word that begins here."""
        self.at -= 1
        run = self.letter_run()
        for length in range(len(run), 1, -1):
            if self.known(run[:length]) or (length == len(run) and self.known_with_scripts(run, length)):
                self.at += length
                return run[:length], (), "", None, None
        length, strange = 1, [one for one in run if one != "I" and not self.declared_letter(one)]
        if run.isupper() and (len(strange) == len(run) > 1 or (strange and len(run) > 2)):
            length = len(run)
        self.at += length
        return run[:length], (), "", None, None

    def known_with_scripts(self, run, length):
        return any(key.startswith((run + "_", run + "^")) for key in self.context.symbols) and not self.all_known(run)

    def declared_letter(self, letter):
        return self.known(letter) or self.known(swap_case(letter)) or self.context.is_size(letter)

    def inside(self, tokens, around, joined=False):
        """The name inside an accent or a font; ``joined`` takes several letters as one word."""
        tokens = unwrapped(tokens)
        if not tokens:
            self.fail("A name is missing here.", around.span)
        word = "".join(one.text for one in tokens)
        if joined and len(tokens) > 1 and all(one.kind in ("letter", "num") for one in tokens):
            return word, (), "", None, None
        inner = type(self)(tokens, self.context, self.wide)
        if inner.peek().kind == "num" and len(tokens) == 1:
            return tokens[0].text, (), "", None, None
        if not inner.starts_name():
            self.fail("A name is expected here.", (tokens[0].start, tokens[-1].end))
        base, accents, font, sub, sup = inner.base_name()
        while inner.peek().kind in ("_", "^"):
            kind = inner.next().kind
            group = inner.group()
            sub, sup = (group, sup) if kind == "_" else (sub, group)
        if inner.at < len(tokens):
            self.fail("An accent stands over one name only.", (tokens[0].start, tokens[-1].end))
        return base, accents, font, sub, sup

    def font_group(self, tokens):
        r"""``{\bf A}``: a group that opens with a font."""
        font, rest = tokens[0], tokens[1:]
        if (
            font.text in ("mathbf", "boldsymbol", "mathrm", "text", "vec", "mathcal", "mathbb", "bm", "operatorname")
            or not rest
        ):
            return None
        kind = {"bf": "mathbf", "cal": "mathcal"}.get(font.text, "mathrm")
        start, end = font.end, rest[-1].end
        wrapped = [
            Token("cmd", kind, font.start, start),
            Token("{", "{", start, start),
            *rest,
            Token("}", "}", end, end),
        ]
        follow = self.tokens[self.at :]
        self.tokens = [*self.tokens[: self.at], *wrapped, *follow]
        return self.scripts(self.word(), font.start) if self.starts_name() else self.primary()
