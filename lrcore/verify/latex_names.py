r"""Names in LaTeX: letters, accents, fonts, scripts that belong to a name and scripts that are indices, calls and
products.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import syntax as s
from .core import D1, SCALAR
from .names import ACCENTS, FONTS, GREEK, latex, make_key, split_key, swap_case
from .tokens import Token

_GREEK = set(GREEK)
_SAMPLE = re.compile(r"\((\w)\)")
LONGEST_WORD = 30
_QUANTITIES = set("abckpqrstuvwxyz")  # letters of values more often than of functions
_WORD_FUNCTIONS = ("trace", "logdet", "diag", "exp", "log", "det", "vec", "ln", "tr", "sigmoid", "tanh")


class Names:
    """The part of the reader that makes names."""

    if TYPE_CHECKING:  # the reader that this is a part of has the rest
        at: int
        tokens: list[Token]
        bars: list[str]

        def __init__(self, *given: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

    # ------------------------------------------------------------------ what begins a name

    def is_font(self, token) -> bool:
        return token.kind == "cmd" and token.text in FONTS

    def starts_name(self, ahead=0) -> bool:
        token = self.peek(ahead)
        if token.kind == "letter" or token.kind == "text":
            return True
        return token.kind == "cmd" and (token.text in _GREEK or token.text in ACCENTS or token.text in FONTS)

    def declared_command(self, token) -> bool:
        return self.known(token.text)

    def known(self, key) -> bool:
        """Whether a key is a declared symbol."""
        return self.context.lookup(key) is not None

    # ------------------------------------------------------------------ a word

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
            self.tokens[place : self.at] = _each_in_font(token, tokens)
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
        letters = [one for one in _without_scripts(tokens) if _is_letter(one)]
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

    # ------------------------------------------------------------------ the base of a name

    def base_name(self):
        """(base, accents, font, inner subscript tokens, inner superscript tokens)."""
        token = self.next()
        if token.kind == "text":
            return token.text.strip().replace(" ", ""), (), "", None, None
        if token.kind == "letter":
            return self.letters(token)
        if token.text in _GREEK:
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
        tokens = _unwrapped(tokens)
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

    # ------------------------------------------------------------------ scripts of a name

    def with_scripts(self, base, accents, font, sub, sup, start):
        """The symbol that base and scripts name together; scripts that do not belong to it are left or become
        indices.
        """
        inner = sub is not None or sup is not None
        place = self.at
        taken = [place]
        while self.peek().kind in ("_", "^"):
            kind = self.next().kind
            group = self.group()
            if (kind == "_" and sub is not None) or (kind == "^" and sup is not None):
                self.at = taken[-1]
                break
            sub, sup = (group, sup) if kind == "_" else (sub, group)
            taken.append(self.at)
        for use_sub, use_sup in ((True, True), (True, False), (False, True), (False, False)):
            key = self.key_of(base, accents, font, sub if use_sub else None, sup if use_sup else None)
            if key is not None and use_sub < (sub is not None) and self.is_label(sub) and not inner:
                return self.labelled(base, accents, sub, sup, place, start)
            if key is not None:
                return self.finish(key, sub, sup, use_sub, use_sup, place, inner, start)
        return self.undeclared(base, accents, sub, sup, place, inner, start)

    def is_label(self, sub):
        """``new`` in ``x_{new}``: three letters are no indices of a vector or a matrix."""
        tokens = [one for one in sub if one.kind not in ("{", "}") and not self.is_font(one)]
        words = len(tokens) == 1 and tokens[0].kind == "text"
        return words or (len(tokens) > 2 and all(one.kind == "letter" for one in tokens))

    def labelled(self, base, accents, sub, sup, place, start):
        """A name of its own, that nothing declares yet."""
        self.at = place
        node = s.Name(make_key(base, accents, _script_text(sub)), span=self.span_from(start))
        return self.left_scripts(node, {"_": True, "^": False}, sub, sup, start)

    def key_of(self, base, accents, font, sub, sup):
        if (sub is not None and not sub) or (sup is not None and not sup):
            return None
        key = make_key(base, accents, _script_text(sub), _script_text(sup))
        key = self.context.resolve(key, font)
        if self.known(key):
            return key
        if sub is None and sup is None and self.context.is_size(key):
            return key
        return None

    def finish(self, key, sub, sup, use_sub, use_sup, place, inner, start):
        """The name, then what is left of its scripts."""
        if not inner:
            self.at = place
            skipped = {"_": use_sub, "^": use_sup}
            return self.left_scripts(s.Name(key, span=self.span_from(start)), skipped, sub, sup, start)
        node: s.Node = s.Name(key, span=self.span_from(start))
        if sub is not None and not use_sub:
            node = s.Entry(node, self.indices(sub, key), span=self.span_from(start))
        if sup is not None and not use_sup and self.at == place:
            self.must_turn(key, sup, start)
            node = self.superscript(node, sup, start)
        return node

    def must_turn(self, key, sup, start):
        """A bar over a power is not the power of a bar."""
        from .latex import _superscript_kind

        if split_key(key)[1] and _superscript_kind(sup) not in ("T", "'"):
            self.fail("An accent over a power is read only where it is declared as a name.", self.span_from(start))

    def left_scripts(self, node, skipped, sub, sup, start):
        """Scripts in the order they stand; those that belong to the name are passed over."""
        key, seen = node.id, set()
        waiting = []
        while self.peek().kind in ("_", "^"):
            kind = self.peek().kind
            if kind in seen:
                break
            seen.add(kind)
            self.next()
            tokens = self.group()
            if skipped[kind]:
                node = replace(node, span=self.span_from(start)) if isinstance(node, s.Name) else node
            elif kind == "_":
                node = self.entry_of(node, tokens, key, start)
            elif _sample(tokens[:3]):
                node = self.sample_of(node, tokens[:3], start)
                rest = tokens[4:] if len(tokens) > 3 and tokens[3].kind == "^" else tokens[3:]
                node = self.superscript(node, rest, start) if rest else node
            elif self.turns(tokens):
                node = self.superscript(node, tokens, start)
            else:
                waiting.append(tokens)
        for tokens in waiting:
            node = self.superscript(node, tokens, start)
        return node

    def turns(self, tokens):
        """A transpose before a subscript: the entry is one of the transpose."""
        from .latex import _superscript_kind

        return self.peek().kind == "_" and _superscript_kind(tokens) is not None

    def entry_of(self, node, tokens, key, start):
        sizes = self.shape_label(tokens)
        if sizes:
            return s.Shaped(node, sizes, span=self.span_from(start))
        indices = self.indices(tokens, key)
        if isinstance(node, s.Entry):
            return s.Entry(node.base, (*node.indices, *indices), span=self.span_from(start))
        return s.Entry(node, indices, span=self.span_from(start))

    def sample_of(self, node, tokens, start):
        r"""``x^{(i)}`` is row i of X."""
        index: s.Node = s.Name(tokens[1].text, span=tokens[1].span)
        if tokens[1].kind == "num":
            index = s.num(int(float(tokens[1].text)))
            self.must_be_array(node, tokens)
        if isinstance(node, s.Entry):
            return s.Entry(node.base, (index, *node.indices), span=self.span_from(start))
        return s.Entry(node, (index,), span=self.span_from(start))

    def must_be_array(self, node, tokens):
        """A number in brackets over a number is a layer or part of a name, and not a sample."""
        name = node.base if isinstance(node, s.Entry) else node
        symbol = self.context.lookup(name.id) if isinstance(name, s.Name) else None
        if symbol is None or symbol.shape in (None, SCALAR):
            self.fail("This superscript is part of a name, and the name is not declared with it.", tokens[1].span)

    def undeclared(self, base, accents, sub, sup, place, inner, start):
        """A name without a declaration: its subscript is part of it unless it looks like an index."""
        self.at = place
        key = make_key(base, accents)
        square = self.power_of_square(base, accents, sub, sup, inner, start)
        if square is not None:
            return square
        if key == "delta" and sub is not None and sup is None:
            return self.kronecker(sub, start)
        if self.known(swap_case(key)):
            return self.finish_undeclared(key, sub, sup, inner, start)
        if sub is not None and not inner and self.peek().kind == "_" and not _looks_like_index(sub):
            self.next()
            self.group()
            return s.Name(make_key(base, accents, _script_text(sub)), span=self.span_from(start))
        return self.finish_undeclared(key, sub, sup, inner, start)

    def power_of_square(self, base, accents, sub, sup, inner, start):
        r"""``\sigma^4`` where ``\sigma^2`` alone is declared is its square."""
        text = _script_text(sup)
        key = make_key(base, accents, _script_text(sub), "2")
        if inner or not text.isdigit() or int(text) % 2 or not self.known(key):
            return None
        while self.peek().kind in ("_", "^"):
            self.next()
            self.group()
        return s.Pow(s.Name(key, span=self.span_from(start)), s.num(int(text) // 2), span=self.span_from(start))

    def kronecker(self, tokens, start):
        self.next()
        self.group()
        indices = self.indices(tokens)
        if len(indices) != 2:
            self.fail("Kronecker's delta has two indices.", self.span_from(start))
        return s.Delta(*indices, span=self.span_from(start))

    def finish_undeclared(self, key, sub, sup, inner, start):
        node: s.Node = s.Name(key, span=self.span_from(start))
        if not inner:
            return self.left_scripts(node, {"_": False, "^": False}, sub, sup, start)
        if sub is not None:
            node = s.Entry(node, self.indices(sub, key), span=self.span_from(start))
        if sup is None:
            return node
        self.must_turn(key, sup, start)
        return self.superscript(node, sup, start)

    # ------------------------------------------------------------------ indices

    def indices(self, tokens, key=None) -> tuple[s.Node, ...]:
        """``ij``, ``i,j``, ``i1``, ``11`` as indices."""
        if not tokens:
            self.fail("An index is missing here.")
        if any(one.kind == "," for one in tokens):
            return tuple(self.index(part) for part in _split(tokens))
        if all(one.kind in ("letter", "num", "{", "}") or self.is_index_command(one) for one in tokens):
            parts = [one for one in tokens if one.kind not in ("{", "}")]
            return tuple(node for one in parts for node in self.index_tokens(one, key, len(parts)))
        return (self.index(tokens),)

    def is_index_command(self, token):
        return token.kind == "cmd" and token.text in _GREEK | {"cdot"}

    def index_tokens(self, token, key, count):
        if token.kind == "num" and len(token.text) > 1 and count == 1 and self.is_matrix(key):
            return [s.Num(s.num(int(digit)).value, span=token.span) for digit in token.text]
        return [self.index([token])]

    def is_matrix(self, key):
        for one in (key, key and swap_case(key)):
            symbol = self.context.lookup(one) if one else None
            if symbol is not None and symbol.shape is not None and D1 not in symbol.shape:
                return True
        return False

    def index(self, tokens):
        tokens = _unwrapped(tokens)
        if len(tokens) == 1:
            token = tokens[0]
            if token.kind == "letter" or (token.kind == "cmd" and token.text in _GREEK):
                return s.Name(token.text, span=token.span)
            if token.kind == "num":
                return s.Num(s.num(int(float(token.text))).value, span=token.span)
            if token.kind in (":", "*") or (token.kind == "cmd" and token.text == "cdot"):
                return s.Slice(span=token.span)
        if not tokens:
            self.fail("An index is missing here.")
        return self.sub(tokens, "index")

    # ------------------------------------------------------------------ calls

    def called(self, node, start):
        """``J(W)``: a call where the name is a function and the brackets hold bare names, a product else."""
        if not isinstance(node, (s.Name, s.Entry)):
            return node
        if self.peek().kind == "'" and isinstance(node, s.Name):
            return self.primed_call(node, start)
        if self.peek().kind != "(":
            return node
        name = node if isinstance(node, s.Name) else node.base
        if not isinstance(name, s.Name) or not self.may_be_called(name.id):
            return node
        if isinstance(node, s.Entry) and not self.known(name.id) and self.known(swap_case(name.id)):
            return node
        place = self.at
        arguments = self.arguments()
        if arguments is None or not self.fits(name.id, arguments):
            self.at = place
            arguments = self.expressions(name.id)
        if arguments is not None:
            span = self.span_from(start)
            call = s.At(name, tuple(arguments), span=span)
            return call if isinstance(node, s.Name) else s.Entry(call, node.indices, node.zero, span=span)
        self.at = place
        return node

    def primed_call(self, node, start):
        """``C'(w)`` is the derivative of C by w."""
        place, primes = self.at, 0
        while self.peek().kind == "'":
            self.next()
            primes += 1
        call = self.called(node, start) if self.peek().kind == "(" and self.may_be_called(node.id) else node
        if not isinstance(call, s.At):
            self.at = place
            return node
        for _ in range(primes):
            call = s.Prime(call, span=self.span_from(start))
        return call

    def may_be_called(self, key):
        symbol = self.context.lookup(key)
        if symbol is None:
            return not self.context.is_size(key)
        if symbol.definition is not None or symbol.params or symbol.shape is None:
            return True
        return symbol.shape == SCALAR and key.split("_")[0] not in _GREEK

    def arguments(self):
        """Bare names in brackets, separated by commas, semicolons or bars; None for anything else."""
        self.next()
        found = []
        while True:
            if not self.starts_name():
                return None
            start = self.here()[0]
            if self.special_ahead():
                return None
            base, accents, font, sub, sup = self.base_name()
            found.append(self.with_scripts(base, accents, font, sub, sup, start))
            token = self.next()
            if token.kind == ")":
                return found
            if token.kind not in (",", ";", "|") and not (token.kind == "cmd" and token.text in ("mid", "vert")):
                return None

    def expressions(self, key):
        """The arguments of a function that is known to be one, such as x + h; ``g(1 - g)`` is a product."""
        symbol = self.context.lookup(key)
        if symbol is None or not symbol.params:
            return None
        place, saved = self.at, self.bars
        self.next()
        self.bars = []
        found = [self.sum()]
        while self.peek().kind in (",", ";"):
            self.next()
            found.append(self.sum())
        self.bars = saved
        own = any(isinstance(one, s.Name) and one.id == key for arg in found for one in s.walk(arg))
        if self.peek().kind == ")" and not own:
            self.must_be_call(key, symbol, found, self.tokens[place])
        if self.next().kind == ")" and len(found) == len(symbol.params) and not own:
            return found
        self.at = place
        return None

    def must_be_call(self, key, symbol, found, opened):
        """``a(1 - y)`` where ``a(z)`` was written: the value at 1 - y to one author and a product to another."""
        held = set().union(*(s.names(one) for one in found))
        bases = {split_key(one)[0] for one in held}
        plain = split_key(key)[0] in _QUANTITIES and not all(isinstance(one, s.Num) for one in found)
        if plain and not bases & {split_key(one)[0] for one in symbol.params}:
            self.fail(
                f"Is this {latex(key)} at what stands in the brackets, or {latex(key)} times it? Write \\cdot for the "
                "product.",
                (opened.start, self.peek().end),
            )

    def special_ahead(self):
        return self.peek().kind == "letter" and self.peek().text == "I" and not self.known("I")

    def fits(self, key, arguments):
        """Whether these can be arguments of the function, and not factors."""
        symbol = self.context.lookup(key)
        if symbol is None or symbol.definition is None:
            return True
        if len(symbol.params) == len(arguments):
            return True
        depends = self.context.depends(key)
        bases = {re.split("[_^]", name)[0] for name in depends}
        for arg in arguments:
            name = arg if isinstance(arg, s.Name) else getattr(arg, "base", None)
            if not isinstance(name, s.Name):
                return False
            if name.id not in depends and re.split("[_^]", name.id)[0] not in bases and name.id not in symbol.params:
                return symbol.shape is None and not self.known(name.id)
        return True


def _each_in_font(font, tokens):
    """The tokens with the font over each of their letters; scripts keep theirs."""
    out = []
    outside = {id(one) for one in _without_scripts(tokens)}
    for one in tokens:
        if _is_letter(one) and id(one) in outside:
            brace = [replace(one, kind=kind, text=kind) for kind in "{}"]
            out += [font, brace[0], one, brace[1]]
        else:
            out.append(one)
    return out


def _is_letter(token):
    return token.kind == "letter" or (token.kind == "cmd" and token.text in _GREEK)


def _without_scripts(tokens):
    from .tokens import argument

    tokens, out, at = list(tokens), [], 0
    while at < len(tokens):
        if tokens[at].kind in ("_", "^"):
            at = argument(tokens, at + 1)[1]
        else:
            out.append(tokens[at])
            at += 1
    return out


def _unwrapped(tokens):
    from .tokens import closing

    while tokens and tokens[0].kind == "{" and closing(tokens, 0) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def _script_text(tokens):
    if tokens is None:
        return ""
    return "".join(
        one.text.strip().replace(" ", "")
        for one in tokens
        if one.kind not in ("{", "}") and not (one.kind == "cmd" and one.text in FONTS)
    )


def _sample(tokens):
    return len(tokens) == 3 and tokens[0].kind == "(" and tokens[2].kind == ")" and tokens[1].kind in ("letter", "num")


def _looks_like_index(tokens):
    """One or two small letters from the middle of the alphabet, or numbers, or anything with a comma."""
    if any(one.kind == "," for one in tokens):
        return True
    if all(one.kind == "num" for one in tokens):
        return False
    return (
        all(one.kind == "num" or (one.kind == "letter" and one.text in "abcdijklmnpqrst") for one in tokens)
        and len(tokens) <= 2
    )


def _split(tokens):
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.kind in "({[") - (token.kind in ")}]") if len(token.kind) == 1 else 0
        if token.kind == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
