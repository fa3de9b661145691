r"""Groups in braces, and expressions with a label: ``\underbrace{X}_{N \times M}``, ``\overset{!}{X}``."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.read.latex.calls import read_call
from lrcore.verify.read.latex.cursor import Cursor, Tokens
from lrcore.verify.read.latex.groups import extent, in_braces, is_font, is_letter, script_text, unwrapped
from lrcore.verify.read.latex.indices import read_shape
from lrcore.verify.read.latex.lookahead import starts_factor, starts_name
from lrcore.verify.read.latex.precedence import read_group
from lrcore.verify.read.latex.scripts import read_scripts
from lrcore.verify.read.latex.words import read_word
from lrcore.verify.read.remarks import is_remark
from lrcore.verify.read.tokens import Token, argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.words import ACCENTS

_TAKES_ARGUMENT = {"mathbf", "boldsymbol", "mathrm", "text", "vec", "mathcal", "mathbb", "bm", "operatorname"}

_OF_NAMES = frozenset(("letter", "text", "cmd", "{", "}", "num", "_", "="))


def read_braces(c: Cursor) -> s.Node:
    opened = c.peek()
    tokens = c.group()
    if not tokens:
        return c.grammar.primary(c) if starts_factor(c) else c.fail("This group is empty.", opened.span)
    if len(tokens) > 1 and is_font(tokens[0]) and tokens[0].text not in _TAKES_ARGUMENT:
        return _in_font(c, tokens[0], tokens[1:])
    bare = unwrapped(tokens)
    if c.peek().kind in ("_", "^") and _is_one_symbol(bare):
        c.tokens[c.at : c.at] = bare
        return c.grammar.primary(c)
    node = replace(read_group(c, tokens, "group"), span=c.since(opened.start))
    return read_call(c, node, opened.start) if isinstance(node, s.Name) else node


def _is_one_symbol(tokens: Tokens) -> bool:
    r"""A letter, or one in a font or under an accent, as in ``{\hat y}_i``: scripts behind the braces are its own.
    The same holds for the 1 and the 0 of ``{\mathbf 1}_N``.
    """
    if len(tokens) == 1:
        return is_letter(tokens[0]) or tokens[0].text in ("0", "1")
    around = tokens[:1]
    if not around or around[0].kind != "cmd" or around[0].text not in _TAKES_ARGUMENT | set(ACCENTS):
        return False
    inner, end = argument(list(tokens), 1)
    return end == len(tokens) and len(unwrapped(inner)) == 1


def _in_font(c: Cursor, font: Token, rest: Tokens) -> s.Node:
    r"""``{\bf A}``: a group that opens with a font."""
    kind = {"bf": "mathbf", "cal": "mathcal"}.get(font.text, "mathrm")
    braces = in_braces(rest, replace(font, start=font.end))
    braces[-1] = replace(braces[-1], start=rest[-1].end, end=rest[-1].end)
    c.tokens[c.at : c.at] = [replace(font, text=kind), *braces]
    return read_scripts(c, read_word(c), font.start) if starts_name(c) else c.grammar.primary(c)


def read_underbrace(c: Cursor, token: Token) -> s.Node:
    """What stands over the brace; a shape below it is an assertion, words or a new name there a remark."""
    return _braced(c, "_", token)


def read_overbrace(c: Cursor, token: Token) -> s.Node:
    """What stands under the brace, with a label above it."""
    return _braced(c, "^", token)


def _braced(c: Cursor, script: str, token: Token) -> s.Node:
    inner = read_group(c, c.group(), "group")
    sizes: tuple[s.Node, ...] = ()
    if c.peek().kind == script:
        c.next()
        label = c.group()
        sizes = read_shape(c, label)
        if not sizes and not _is_said(label) and not _is_new_name(c, label) and not _is_named(c, label, inner):
            c.fail("What stands at this brace may be a claim; write it as a line of its own.", extent(label))
    return _shaped(c, inner, sizes, token)


def _is_said(label: Tokens) -> bool:
    """Words, or the number of an equation; a number alone may be a power or a value."""
    numbered = [one.kind for one in label] in (["(", "num", ")"], ["(", "letter", ")"])
    return numbered or is_remark(label, numbered=False)


def _is_new_name(c: Cursor, label: Tokens) -> bool:
    """Whether a label is a name that nothing explains, so that it says nothing of what it stands at."""
    names = [one for one in label if is_letter(one) or one.kind == "text"]
    said = script_text([one for one in label if one.kind != "="])
    return len(names) == 1 and not c.is_known(said) and {one.kind for one in label} <= _OF_NAMES


def _is_named(c: Cursor, label: Tokens, inner: s.Node) -> bool:
    """Whether a label is the name that is defined as just what stands at the brace."""
    symbol = c.context.lookup(script_text(label))
    return symbol is not None and symbol.definition == inner


def read_overset(c: Cursor, token: Token) -> s.Node:
    """What has a label over it; an accent or an index there would make it another thing."""
    label = c.group()
    if not is_remark(label, numbered=False):
        c.fail("What stands over or under this may be part of its name; write it as an accent or an index.", c.here())
    return _shaped(c, read_group(c, c.group()), (), token)


def read_underset(c: Cursor, token: Token) -> s.Node:
    """What has a shape or a label under it."""
    place, sizes = c.at, read_shape(c, c.group())
    if not sizes:
        c.at = place
        return read_overset(c, token)
    return _shaped(c, read_group(c, c.group()), sizes, token)


def _shaped(c: Cursor, node: s.Node, sizes: tuple[s.Node, ...], token: Token) -> s.Node:
    span = c.since(token.start)
    return s.Shaped(node, sizes, span=span) if sizes else replace(node, span=span)
