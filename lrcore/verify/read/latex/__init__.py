r"""LaTeX as it stands in textbooks, read by precedence; the declared symbols decide what a letter, a bracket or a
``d`` means.

``cursor`` is the place among the tokens, ``precedence`` reads sums and products, and ``grammar`` says which of the
other files reads what begins with which token.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lrcore.verify.read.expansion import tokenize
from lrcore.verify.read.latex.cursor import Cursor, Known, Symbol, Tokens
from lrcore.verify.read.latex.grammar import GRAMMAR
from lrcore.verify.read.latex.indices import read_sizes as _sizes
from lrcore.verify.read.latex.names import base_inside
from lrcore.verify.read.latex.precedence import read_whole
from lrcore.verify.read.macros import Macros
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable


def read_expression(text: str, context: Known, wide: bool = False) -> s.Node:
    """The tree of one expression."""
    return read_tokens(tokenize(text, context.macros), context, wide)


def read_tokens(tokens: Tokens, context: Known, wide: bool = False) -> s.Node:
    """The tree of one side; with ``wide``, sums reach over plus and minus."""
    return read_whole(Cursor(list(tokens), context, GRAMMAR, wide))


def read_sizes(tokens: Tokens, context: Known) -> tuple[s.Node, ...]:
    r"""The sizes that ``N \times M`` names."""
    return _sizes(Cursor(list(tokens), context, GRAMMAR), tokens)


def read_name(text: str, macros: Macros) -> tuple[str, str]:
    """The key and the font of a name that stands by itself, with all its scripts."""
    tokens = tokenize(text, macros)
    if not tokens:
        raise Unreadable("A symbol without a name.")
    base = base_inside(Cursor(tokens, _Nothing(), GRAMMAR), tokens, tokens[0])
    return base.key(), base.font


@dataclass(frozen=True)
class _Nothing:
    """A context in which nothing is declared."""

    macros: Macros = field(default_factory=dict)
    prime_variable: str | None = None
    named: Collection[str] = ()
    random: Collection[str] = ()
    families: Collection[str] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    gradients: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def lookup(self, key: str) -> Symbol | None:
        return None

    def is_size(self, key: str) -> bool:
        return False

    def resolve(self, key: str, font: str) -> str:
        return key

    def begins(self, start: str) -> bool:
        return False

    def depends(self, key: str) -> Collection[str]:
        return ()

    primitives = depends

    def words(self) -> Collection[str]:
        return ()


__all__ = ["read_expression", "read_name", "read_sizes", "read_tokens"]
