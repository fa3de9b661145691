"""What is found while one text is read in one way after another, and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

Found = TypeVar("Found")


@dataclass
class Memory:
    """The numbers of the typed trees that were seen, and what was found of each text and claim."""

    trees: dict[Any, int] = field(default_factory=dict)
    found: dict[Any, Any] = field(default_factory=dict)


_running: ContextVar[Memory | None] = ContextVar("what was found of one text", default=None)
running = _running.get


@contextmanager
def remembering() -> Iterator[None]:
    """Texts are read and claims decided once, also where the text is read again inside."""
    if running() is not None:
        yield
        return
    token = _running.set(Memory())
    try:
        yield
    finally:
        _running.reset(token)


def once(find: Callable[..., Found], *given: Hashable) -> Found:
    """What a function finds of these values, or found of them before."""
    kept = running()
    if kept is None:
        return find(*given)
    key = find, given
    if key not in kept.found:
        kept.found[key] = find(*given)
    found: Found = kept.found[key]
    return found
