"""The backstop in seconds. Budgets count work, so that a verdict does not depend on the machine; what they let through
ends here, and says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import OutOfTime

SECONDS = 2.0
# Processor time where the system tells it: waiting for a turn on a busy machine is no work.
_now = getattr(time, "thread_time", time.perf_counter)


class Clock:
    """When the work on one step has to end, and whether it had to."""

    def __init__(self, seconds: float):
        self.end, self.struck = _now() + seconds, False


_running: ContextVar[Clock | None] = ContextVar("the clock of the step that is decided", default=None)


@contextmanager
def within(seconds: float) -> Iterator[Clock]:
    """Work that :func:`tick` ends after so many seconds."""
    clock = Clock(seconds)
    token = _running.set(clock)
    try:
        yield clock
    finally:
        _running.reset(token)


def tick() -> None:
    """Raise OutOfTime when the time is up; to be called every few hundred units of work."""
    clock = _running.get()
    if clock is not None and _now() > clock.end:
        clock.struck = True
        raise OutOfTime("The time for one step is up.")
