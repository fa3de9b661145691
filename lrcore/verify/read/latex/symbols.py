"""Names with scripts: which belong to the name, which are indices, samples, transposes or powers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import is_label, is_sample, looks_like_index, script_text, superscript_kind
from lrcore.verify.read.latex.indices import read_index, read_indices, read_shape
from lrcore.verify.read.latex.names import Base
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.read.latex.scripts import superscript
from lrcore.verify.read.tokens import Token
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.core import D1, SCALAR
from lrcore.verify.terms.names import make_key, swap_case


@dataclass(frozen=True, slots=True)
class Scripts:
    """The first subscript and the first superscript after a name (those inside its accent count), with their ends."""

    sub: Tokens | None
    sup: Tokens | None
    sub_end: int
    sup_end: int


def scripts_ahead(c: Cursor, base: Base) -> Scripts:
    """The scripts that may belong to the name; the cursor stays."""
    place, sub, sup = c.at, base.sub, base.sup
    sub_end = sup_end = c.tokens[place - 1].end
    while c.peek().kind in ("_", "^"):
        below, group = c.next().kind == "_", c.group()
        if (sub if below else sup) is not None:
            break
        if below:
            sub, sub_end = group, c.tokens[c.at - 1].end
        else:
            sup, sup_end = group, c.tokens[c.at - 1].end
    c.at = place
    return Scripts(sub, sup, sub_end, sup_end)


def read_symbol(c: Cursor, base: Base, start: int) -> s.Node:
    """The symbol that base and scripts name together; scripts that do not belong to it are indices or are left."""
    if base.sub is base.sup is None and c.peek().kind not in ("_", "^"):
        return s.Name(_key(c, base, None, None) or base.key(), dress=base.dress, span=c.since(start))
    written = scripts_ahead(c, base)
    if base.sup is None and written.sup is not None and _set_apart(c, base, written):
        written = scripts_ahead(c, base)
    if base.accents and base.sub is base.sup is None and (left_out := _left_out(c, base, written, start)) is not None:
        return left_out
    choices = product(*((True, False) if one is not None else (False,) for one in (written.sub, written.sup)))
    for with_sub, with_sup in choices:
        key = _key(c, base, written.sub if with_sub else None, written.sup if with_sup else None)
        if key is None:
            continue
        if written.sub is not None and base.sub is base.sup is None and not with_sub and is_label(written.sub):
            named = make_key(base.letters, base.accents, script_text(written.sub))
            return _finish(c, named, (True, False), base, written, start)
        if base.sub is base.sup is None and not with_sup and _is_worded(c, written.sup):
            return _undeclared(c, base, written, start)
        return _finish(c, key, (with_sub, with_sup), base, written, start)
    return _undeclared(c, base, written, start)


def _left_out(c: Cursor, base: Base, written: Scripts, start: int) -> s.Node | None:
    r"""``\hat w_{(-i)}`` and ``\hat y_i^{(-i)}``, estimates without sample i: what there is of them for each sample."""
    marks = [one for one in (written.sub, written.sup) if one is not None]
    power = written.sub is not None and c.peek().kind == "_" and _is_a_power(written.sup)
    marks = marks[:1] if power else marks
    without = [one[-1].text for one in map(_bare, marks) if [t.kind for t in one] == ["-", "letter"]]
    rest = [one for one in marks if [t.kind for t in _bare(one)] != ["-", "letter"]]
    if len(without) != 1 or any(script_text(one) != without[0] for one in rest):
        return None
    named = [written.sub is not None and _key(c, base, written.sub, None)]
    named += [written.sup is not None and _key(c, base, None, written.sup)]
    if any(named):
        return None
    for _ in marks:
        c.next()
        c.group()
    span = c.since(start)
    name = s.Name(make_key(base.letters, base.accents, "loo"), span=span)
    return s.Entry(name, (s.Name(without[0], span=span),), span=span)


def _is_a_power(tokens: Tokens | None) -> bool:
    return tokens is not None and [one.kind for one in tokens] == ["num"]


def _bare(tokens: Tokens) -> Tokens:
    """The tokens of a script without brackets around them."""
    return tokens[1:-1] if tokens and (tokens[0].kind, tokens[-1].kind) == ("(", ")") else tokens


def _set_apart(c: Cursor, base: Base, written: Scripts) -> bool:
    """``a^{(1)T}`` as ``a^{(1)} ^ T`` where ``a^{(1)}`` is a name."""
    tokens = written.sup or []
    first, rest = tokens[:3], tokens[4:] if [one.kind for one in tokens[3:4]] == ["^"] else tokens[3:]
    named = _key(c, base, None, first) or _key(c, base, written.sub, first)
    if not rest or named is None or superscript_kind(rest, c.context) is None:
        return False
    place = next(k for k in range(c.at, len(c.tokens)) if c.tokens[k] is first[0])
    opened, closed = c.tokens[place - 1], c.tokens[place + len(tokens)]
    caret = Token("^", "^", closed.start, closed.start)
    rest = [replace(opened, start=rest[0].start, end=rest[0].start), *rest, closed]
    c.tokens[place : place + len(tokens) + 1] = [*first, replace(closed, end=closed.start), caret, *rest]
    return True


def _key(c: Cursor, base: Base, sub: Tokens | None, sup: Tokens | None) -> str | None:
    """The declared key with these scripts."""
    if sub == [] or sup == []:
        return None
    if sup is not None and base.sup is None and "bar" in base.accents and _key(c, base, sub, None) is not None:
        return None  # the square of a mean is not the mean of squares
    key = make_key(base.letters, base.accents, script_text(sub), script_text(sup))
    key = c.context.resolve(key, base.font)
    if c.is_known(key) or key in c.context.named or (sub is sup is None and c.context.is_size(key)):
        return key
    return None


def _finish(c: Cursor, key: str, used: tuple[bool, bool], base: Base, written: Scripts, start: int) -> s.Node:
    """The name, then what is left of its scripts: those inside its accent, then those after it."""
    end = c.tokens[c.at - 1].end
    ends = [one for one, taken in zip((written.sub_end, written.sup_end), used) if taken]
    node: s.Node = s.Name(key, dress=base.dress, span=(start, max([end, *ends])))
    if base.sub is not None and not used[0]:
        node = s.Entry(node, read_indices(c, base.sub, key), span=c.since(start))
    if base.sup is not None and not used[1]:
        if base.accents and superscript_kind(base.sup, c.context) not in ("T", "'"):
            c.fail("An accent over a power is read only where it is declared as a name.", c.since(start))
        node = superscript(c, node, base.sup, start)
    skipped = {"_": used[0] and base.sub is None, "^": used[1] and base.sup is None}
    if base.sub is base.sup is None or any(skipped.values()):
        return _left_scripts(c, node, skipped, key, start)
    return node


def _left_scripts(c: Cursor, node: s.Node, skipped: dict[str, bool], key: str, start: int) -> s.Node:
    """One script of each kind in the order they stand; those that belong to the name are passed over, and a power is
    one of the entry.
    """
    seen: set[str] = set()
    powers: list[Tokens] = []
    while c.peek().kind in ("_", "^") and c.peek().kind not in seen:
        kind = c.next().kind
        seen.add(kind)
        tokens = c.group()
        if skipped[kind]:
            continue
        if kind == "_":
            node = _entry(c, node, tokens, key, start)
        elif is_sample(tokens[:3]):
            node = _sample(c, node, tokens[:3], start)
            rest = tokens[4:] if [one.kind for one in tokens[3:4]] == ["^"] else tokens[3:]
            node = superscript(c, node, rest, start) if rest else node
        elif c.peek().kind == "_" and superscript_kind(tokens, c.context) is not None:
            node = superscript(c, node, tokens, start)
        else:
            if c.peek().kind == "_" and _is_matrix(c, key):
                c.fail(
                    "Is this a power of the matrix or of its entry? Put brackets around what is raised.", c.since(start)
                )
            powers.append(tokens)
    for tokens in powers:
        of_an_entry = isinstance(node, s.Entry) and len(node.indices) == 2 and s.Slice() not in node.indices
        if of_an_entry and superscript_kind(tokens, c.context) == "T":
            c.fail(
                "Is this an entry of the transpose? Write (A^T)_{ij} for it, or A_{ij} for the entry.", c.since(start)
            )
        node = superscript(c, node, tokens, start)
    return node


def _is_matrix(c: Cursor, key: str) -> bool:
    symbol = c.context.lookup(key)
    return symbol is not None and symbol.shape is not None and D1 not in symbol.shape


def _entry(c: Cursor, node: s.Node, tokens: Tokens, key: str, start: int) -> s.Node:
    sizes = read_shape(c, tokens)
    if sizes:
        return s.Shaped(node, sizes, span=c.since(start))
    indices = read_indices(c, tokens, key)
    if isinstance(node, s.Entry):
        return s.Entry(node.base, (*node.indices, *indices), span=c.since(start))
    return s.Entry(node, indices, span=c.since(start))


def _sample(c: Cursor, node: s.Node, tokens: Tokens, start: int) -> s.Node:
    r"""``x^{(i)}`` is row i of X."""
    index, span = read_index(c, tokens[1:2]), (start, tokens[2].end)
    _must_be_array(c, node, tokens, index)
    if isinstance(node, s.Entry):
        return s.Entry(node.base, (index, *node.indices), span=span)
    return s.Entry(node, (index,), span=span)


def _must_be_array(c: Cursor, node: s.Node, tokens: Tokens, index: s.Node) -> None:
    """A number or a letter in brackets over a number is a layer, a step or part of a name, and not a sample."""
    name = node.base if isinstance(node, s.Entry) else node
    symbol = c.context.lookup(name.id) if isinstance(name, s.Name) else None
    unknown = isinstance(index, s.Num) and (symbol is None or symbol.shape is None)
    if unknown or (symbol is not None and symbol.shape == SCALAR):
        c.fail("This superscript is part of a name, and the name is not declared with it.", tokens[1].span)


# ---------------------------------------------------------------------- names that nothing declares


def _undeclared(c: Cursor, base: Base, written: Scripts, start: int) -> s.Node:
    """A name without a declaration: its subscript is part of it unless it looks like an index."""
    key, plain = make_key(base.letters, base.accents), base.sub is base.sup is None
    if plain and _is_worded(c, written.sup):  # L^{\text{ridge}}
        named = make_key(base.letters, base.accents, "", script_text(written.sup))
        return _finish(c, named, (False, True), base, written, start)
    if plain and _is_even_power(c, base, written):
        return _power_of_square(c, base, written, start)
    two = sum(one.kind in ("letter", "num", "cmd") for one in written.sub or ()) != 1
    if key == "delta" and plain and two and written.sub is not None and written.sup is None:
        return _kronecker(c, start)
    labelled = plain and written.sub is not None and c.peek().kind == "_" and not looks_like_index(written.sub)
    if labelled and not c.is_known(swap_case(key)):
        c.next()
        c.group()
        named = make_key(base.letters, base.accents, script_text(written.sub))
        return s.Name(named, dress=base.dress, span=c.since(start))
    return _finish(c, c.context.resolve(key, base.font), (False, False), base, written, start)


def _is_worded(c: Cursor, tokens: Tokens | None) -> bool:
    """Whether a superscript is a word, and no mark such as the T of a transpose."""
    if tokens is None or not is_label(tokens) or len(script_text(tokens)) < 2:
        return False
    return superscript_kind(tokens, c.context) is None


def _is_even_power(c: Cursor, base: Base, written: Scripts) -> bool:
    text = script_text(written.sup)
    square = make_key(base.letters, base.accents, script_text(written.sub), "2")
    return text.isdigit() and text[-1] in "02468" and c.is_known(square)


def _power_of_square(c: Cursor, base: Base, written: Scripts, start: int) -> s.Node:
    r"""``\sigma^4`` where ``\sigma^2`` alone is declared is its square."""
    for _ in range(2 if written.sub is not None else 1):
        c.next()
        c.group()
    square = make_key(base.letters, base.accents, script_text(written.sub), "2")
    power = read_group(c, written.sup or [], "exponent")
    half = s.Num(power.value / 2, span=power.span) if isinstance(power, s.Num) else s.Div(power, s.num(2))
    return s.Pow(s.Name(square, span=c.since(start)), half, span=c.since(start))


def _kronecker(c: Cursor, start: int) -> s.Node:
    c.next()
    indices = read_indices(c, c.group())
    if len(indices) != 2:
        c.fail("Kronecker's delta has two indices.", c.since(start))
    return s.Delta(*indices, span=c.since(start))
