"""The tokens that a reader of LaTeX goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrcore.verify.read.latex_tokens import END
from lrcore.verify.read.tokens import Token, argument
from lrcore.verify.terms.errors import Unreadable


class Stream:
    """What every part of the reader stands on: the tokens, where it is, and how it fails."""

    if TYPE_CHECKING:  # the reader that a part belongs to has the rest

        def __getattr__(self, name: str) -> Any: ...

    def __init__(self, tokens, context, wide: bool = False):
        self.tokens, self.context, self.wide = list(tokens), context, wide
        self.at, self.depth = 0, 0
        self.bars: list[str] = []
        self.missing = False

    def peek(self, ahead=0) -> Token:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else END

    def next(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def is_cmd(self, *texts, ahead=0) -> bool:
        token = self.peek(ahead)
        return token.kind == "cmd" and token.text in texts

    def here(self):
        token = self.peek()
        if token is END:
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
        if self.peek() is END:
            self.fail("An argument is missing at the end.")
        tokens, self.at = argument(self.tokens, self.at)
        return tokens
