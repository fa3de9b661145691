"""Names with scripts in LaTeX: which belong to the name, which are indices, samples, transposes or powers."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex_stream import Stream
from lrcore.verify.read.latex_tokens import (
    GREEK_LETTERS,
    is_sample,
    looks_like_index,
    script_text,
    split_at_commas,
    superscript_kind,
    unwrapped,
)
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.core import D1, SCALAR
from lrcore.verify.terms.names import make_key, split_key, swap_case


class Scripted(Stream):
    """The part of the reader that gives a name its scripts."""

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
        node = s.Name(make_key(base, accents, script_text(sub)), span=self.span_from(start))
        return self.left_scripts(node, {"_": True, "^": False}, sub, sup, start)

    def key_of(self, base, accents, font, sub, sup):
        if (sub is not None and not sub) or (sup is not None and not sup):
            return None
        key = make_key(base, accents, script_text(sub), script_text(sup))
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
        if split_key(key)[1] and superscript_kind(sup, self.context) not in ("T", "'"):
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
            elif is_sample(tokens[:3]):
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
        return self.peek().kind == "_" and superscript_kind(tokens, self.context) is not None

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
        if sub is not None and not inner and self.peek().kind == "_" and not looks_like_index(sub):
            self.next()
            self.group()
            return s.Name(make_key(base, accents, script_text(sub)), span=self.span_from(start))
        return self.finish_undeclared(key, sub, sup, inner, start)

    def power_of_square(self, base, accents, sub, sup, inner, start):
        r"""``\sigma^4`` where ``\sigma^2`` alone is declared is its square."""
        text = script_text(sup)
        key = make_key(base, accents, script_text(sub), "2")
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

    def indices(self, tokens, key=None) -> tuple[s.Node, ...]:
        """``ij``, ``i,j``, ``i1``, ``11`` as indices."""
        if not tokens:
            self.fail("An index is missing here.")
        if any(one.kind == "," for one in tokens):
            return tuple(self.index(part) for part in split_at_commas(tokens))
        if all(one.kind in ("letter", "num", "{", "}") or self.is_index_command(one) for one in tokens):
            parts = [one for one in tokens if one.kind not in ("{", "}")]
            return tuple(node for one in parts for node in self.index_tokens(one, key, len(parts)))
        return (self.index(tokens),)

    def is_index_command(self, token):
        return token.kind == "cmd" and token.text in GREEK_LETTERS | {"cdot"}

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
        tokens = unwrapped(tokens)
        if len(tokens) == 1:
            token = tokens[0]
            if token.kind == "letter" or (token.kind == "cmd" and token.text in GREEK_LETTERS):
                return s.Name(token.text, span=token.span)
            if token.kind == "num":
                return s.Num(s.num(int(float(token.text))).value, span=token.span)
            if token.kind in (":", "*") or (token.kind == "cmd" and token.text == "cdot"):
                return s.Slice(span=token.span)
        if not tokens:
            self.fail("An index is missing here.")
        return self.sub(tokens, "index")
