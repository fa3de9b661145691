"""A limit on work, which is the same on every machine: how many functions of Python are called."""

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
