"""Homework: give it out, check it yourself, hand it in, grade it safely.

For students ``check`` and ``submit``; for teachers ``python -m lrcore.homework --help`` and the chapter *Teaching with
this book*. Importing this loads nothing but this file.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "check": "selfcheck",
    "submit": "submitting",
    "variant": "judging",
    "judge": "judging",
    "judge_value": "judging",
    "judge_quantity": "judging",
    "judge_expression": "judging",
    "judge_derivation": "judging",
    "Milestone": "derivations",
    "Task": "derivations",
    "mark": "derivations",
}
__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(import_module(f"lrcore.homework.{_NAMES[name]}"), name)
    raise AttributeError(f"lrcore.homework has no {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return list(__all__)
