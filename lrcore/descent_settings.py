"""The settings of :class:`lrcore.Rule` for type checkers and editors, which offer them for :func:`lrcore.descend`."""

from typing import TypedDict


class Settings(TypedDict, total=False):
    """Those of :class:`lrcore.Rule`, each of which may be left out."""

    rate: float | None
    momentum: float
    batch: int | None
    seed: int
    intercept: bool
    convention: str
