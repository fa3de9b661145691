"""The progress bar: how many are graded, who is being graded now, and for how long."""

import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any

_NAMED, _DELAY = 4, 0.5  # what is done sooner shows no bar


class Progress:
    """A bar over ``total`` notebooks; without ``shown``, or without tqdm, nothing is drawn."""

    def __init__(self, total: int, shown: bool, clock: Callable[[], float] = time.monotonic, *, does: str = "grading"):
        self.clock, self.began, self.since = clock, clock(), dict[str, float]()
        self.bar: Any = None
        if shown and find_spec("tqdm") is not None:
            from tqdm.auto import tqdm

            self.bar = tqdm(total=total, desc=does, unit="notebook", delay=_DELAY, leave=False)

    def at_work(self, students: Iterable[str]) -> str:
        """Say who is being graded now; returns what is said: ``ann 12 s, bob 3 s``, the longest first."""
        now = self.clock()
        self.since = {student: self.since.get(student, now) for student in students}
        longest = sorted(self.since, key=lambda student: (self.since[student], student))
        said = [f"{student} {now - self.since[student]:.0f} s" for student in longest[:_NAMED]]
        said += [f"and {len(longest) - _NAMED} more"] if len(longest) > _NAMED else []
        if self.bar is not None:
            self.bar.set_postfix_str(", ".join(said), refresh=now - self.began >= _DELAY)
        return ", ".join(said)

    def one_is_done(self) -> None:
        """Move on by one notebook."""
        if self.bar is not None:
            self.bar.update()

    def close(self) -> None:
        """Take the bar away."""
        if self.bar is not None:
            self.bar.close()
