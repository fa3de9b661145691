"""How much work one step may take: counted and never timed, so that a verdict is the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from lrcore.verify.terms.errors import OutOfWork

LIMIT = 3_000_000  # of the units that the engines count; the slowest kind of work is at about two seconds then
LEAF = 40  # what one way of naming a network costs


class Effort:
    """What was spent on one step, and whether that was all there was."""

    def __init__(self, limit: int):
        self.limit, self.spent, self.exhausted = limit, 0, False


_running: ContextVar[Effort | None] = ContextVar("the effort on the step that is decided", default=None)


@contextmanager
def within(limit: int) -> Iterator[Effort]:
    """Work that :func:`spend` ends after so many units."""
    effort = Effort(limit)
    token = _running.set(effort)
    try:
        yield effort
    finally:
        _running.reset(token)


def spend(amount: int = 1) -> None:
    """Count some work; raise OutOfWork where the step has had its share."""
    effort = _running.get()
    if effort is None:
        return
    effort.spent += amount
    if effort.spent > effort.limit:
        effort.exhausted = True
        raise OutOfWork("This step needs more work than one step is given.")


def is_exhausted() -> bool:
    """Whether the step that is decided has had all its work."""
    effort = _running.get()
    return effort is not None and effort.exhausted
