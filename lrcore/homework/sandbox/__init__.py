"""Where students' code runs: bubblewrap around a worker, what comes out of it, and whether its walls hold.

Importing this loads nothing but this file.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_NAMES = ("Limits", "Outcome", "command", "require", "run")


if not TYPE_CHECKING:  # or mypy takes every name for one that is there

    def __getattr__(name: str) -> Any:
        if name in _NAMES:
            return getattr(import_module("lrcore.homework.sandbox.bubblewrap"), name)
        raise AttributeError(f"lrcore.homework.sandbox has no {name!r}; it has: {', '.join(_NAMES)}")
