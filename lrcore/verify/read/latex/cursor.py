"""Where the reader stands in its tokens, and what every rule of the grammar asks of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from lrcore.verify.read.macros import Macros
from lrcore.verify.read.tokens import DEPTH_LIMIT, Token, argument
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.core import Shape
from lrcore.verify.terms.errors import Fault, Unreadable

END = Token("", "", -1, -1)
Tokens = list[Token]


class Symbol(Protocol):
    """What the reader asks about a declared name."""

    @property
    def key(self) -> str: ...
    @property
    def shape(self) -> Shape | None: ...
    @property
    def definition(self) -> s.Node | None: ...
    @property
    def params(self) -> tuple[str, ...]: ...


class Known(Protocol):
    """What the reader asks about the declared names, and the macros of their document."""

    @property
    def macros(self) -> Macros: ...
    @property
    def prime_variable(self) -> str | None: ...
    @property
    def named(self) -> Collection[str]: ...
    @property
    def random(self) -> Collection[str]: ...
    @property
    def families(self) -> Collection[str]: ...
    @property
    def fixed(self) -> Mapping[str, str]: ...
    @property
    def gradients(self) -> Mapping[str, tuple[str, str]]: ...
    def lookup(self, key: str) -> Symbol | None: ...
    def is_size(self, key: str) -> bool: ...
    def resolve(self, key: str, font: str) -> str: ...
    def begins(self, start: str) -> bool: ...
    def depends(self, key: str) -> Collection[str]: ...
    def primitives(self, key: str) -> Collection[str]: ...
    def words(self) -> Collection[str]: ...


Rule = Callable[["Cursor"], s.Node]


@dataclass(frozen=True)
class Grammar:
    """The rules at the top, which those below them need as well: a bracket may hold anything."""

    primary: Rule
    factor: Rule
    slash_derivative: Callable[[Cursor, s.Diff], s.Node]


@dataclass(slots=True)
class Cursor:
    """A place among tokens. ``bars`` are those that are open, and with ``wide`` a sum reaches over plus and minus."""

    tokens: Tokens
    context: Known
    grammar: Grammar
    wide: bool = False
    depth: int = 0
    at: int = 0
    bars: list[str] = field(default_factory=list)

    def within(self, tokens: Tokens) -> Cursor:
        """A cursor of its own for a group of tokens."""
        if self.depth >= DEPTH_LIMIT:
            self.fail("The expression is nested too deeply to be read.")
        return Cursor(list(tokens), self.context, self.grammar, self.wide, self.depth + 1)

    def peek(self, ahead: int = 0) -> Token:
        try:
            return self.tokens[self.at + ahead]
        except IndexError:
            return END

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def is_command(self, *texts: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token.kind == "cmd" and token.text in texts

    def is_known(self, key: str) -> bool:
        return self.context.lookup(key) is not None

    def here(self) -> s.Span:
        token = self.peek()
        if token is END:
            end = self.tokens[-1].end if self.tokens else 0
            return end, end
        return token.start, token.end

    def since(self, start: int) -> s.Span:
        """From ``start`` to the end of what was read last."""
        end = self.tokens[self.at - 1].end if 0 < self.at <= len(self.tokens) else start
        return start, max(end, start)

    def fail(self, message: str, span: s.Span | None = None, fault: Fault | None = None) -> NoReturn:
        raise Unreadable(message, span or self.here(), fault=fault)

    def group(self) -> Tokens:
        """The tokens of one argument."""
        if self.peek() is END:
            self.fail("An argument is missing at the end.")
        tokens, self.at = argument(self.tokens, self.at)
        return tokens
