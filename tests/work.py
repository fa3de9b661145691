"""Limits on work: how many functions of Python are called, the same on every machine; and an end for what hangs."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest


@contextmanager
def at_most(calls: int) -> Iterator[list[int]]:
    """Fail as soon as more functions are called than this; gives how many there were."""
    count = [0]

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        count[0] += event == "call"
        if count[0] > calls:
            sys.setprofile(None)
            pytest.fail(f"More than {calls} functions were called.")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        yield count
    finally:
        sys.setprofile(before)


@contextmanager
def ends(seconds: int = 60) -> Iterator[None]:
    """Fail what has not ended after so many seconds of the processor, many times what it needs anywhere.

    For work that calls no functions, such as one search by a regular expression.
    """

    def stop(*_: object) -> None:
        pytest.fail(f"It has not ended after {seconds} s of the processor.")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
