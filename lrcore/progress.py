"""The bars over what takes longer than a second: the steps of a descent, the passes of a fit over its data."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from typing import Any

_DELAY, _SECOND = 1.0, 5e10  # seconds before a bar is drawn; operations that take longer than that
_clock = time.monotonic


def bar(numbered: range, does: str, shown: bool) -> Iterable[int]:
    """These numbers, with a bar over them after a second; without ``shown``, or without tqdm, nothing is drawn."""
    if not shown or find_spec("tqdm") is None:
        return numbered
    from tqdm.auto import tqdm

    with_bar: Iterable[int] = tqdm(numbered, total=len(numbered), desc=does, unit="step", delay=_DELAY, leave=False)
    return with_bar


class Passes:
    """One bar for all passes of a fit, which is drawn from the first sign of life after a second on."""

    def __init__(self) -> None:
        self.begin, self.drawn = _clock(), None

    def show(self, does: str, done: int, total: int, work: float = 0.0) -> None:
        """``done`` of ``total`` rows of this pass; or a step of so much work that nothing is heard of it meanwhile."""
        if self.drawn is None and (work > _SECOND or _clock() - self.begin > _DELAY):
            self.drawn = _drawn()
        if self.drawn is not None:
            self.drawn.set_description_str(f"fit, {does}", refresh=False)
            self.drawn.total, self.drawn.n = total, done
            self.drawn.refresh()


_passes: ContextVar[Passes | None] = ContextVar("passes", default=None)


@contextmanager
def passes(shown: bool) -> Iterator[None]:
    """Meanwhile passes are told of on a terminal or in a notebook; elsewhere, and without ``shown``, nothing is."""
    if not (shown and _seen() and find_spec("tqdm")):
        yield
        return
    told = Passes()
    token = _passes.set(told)
    try:
        yield
    finally:
        _passes.reset(token)
        if told.drawn is not None:
            told.drawn.close()


def told(spans: Iterator[slice], does: str, stop: int) -> Iterator[slice]:
    """These spans of rows, and after each of them how far this pass has come; other threads than the first are mute."""
    active = _passes.get()
    if active is None:
        return spans
    return _telling(spans, lambda rows: active.show(does, rows.stop, stop))


def step(does: str, work: float) -> None:
    """A step that one call of the linear algebra takes, of so many operations."""
    if (active := _passes.get()) is not None:
        active.show(does, 0, 1, work)


def _telling(spans: Iterator[slice], tell: Callable[[slice], None]) -> Iterator[slice]:
    for rows in spans:
        yield rows
        tell(rows)


def _seen() -> bool:
    """Does somebody look: is this a terminal, or the kernel of a notebook?"""
    return "ipykernel" in sys.modules or bool(getattr(sys.stderr, "isatty", bool)())


def _drawn() -> Any:
    from tqdm.auto import tqdm

    return tqdm(total=1, leave=False, bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed}")
