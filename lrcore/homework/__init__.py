"""Homework: give it out, check it yourself, hand it in, grade it safely.

For students ``check`` and ``submit``; for teachers ``python -m lrcore.homework --help`` and the chapter *Teaching with
this book*. Importing this loads nothing but this file.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "check": "selfcheck",
    "submit": "submitting",
    "variant": "release.questions",
    "judge": "release.questions",
    "judge_value": "release.questions",
    "judge_quantity": "release.questions",
    "judge_expression": "release.questions",
    "judge_derivation": "release.questions",
    "Milestone": "grade.derivations",
    "Task": "grade.derivations",
    "mark": "grade.derivations",
}
__all__ = sorted(_NAMES)
__path__.append(f"{__path__[0]}/_former")  # modules under the names they had: notebooks and scripts import them


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(import_module(f"lrcore.homework.{_NAMES[name]}"), name)
    raise AttributeError(f"lrcore.homework has no {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return list(__all__)
