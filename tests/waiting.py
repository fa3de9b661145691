"""Waiting for what another process or thread does: until it is so, and not for a time that somebody guessed."""

import time
from collections.abc import Callable

LONGEST = 60  # seconds: only what hangs takes them


def comes_true(asked: Callable[[], object]) -> bool:
    """Whether it is so before long; it is asked again and again."""
    end = time.monotonic() + LONGEST
    while not asked():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
