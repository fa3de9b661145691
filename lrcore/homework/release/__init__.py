"""Giving homework out: the assignment, its variants and questions, the student versions, the dry run.

Importing this loads nothing but this file.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_NAMES = {  # this was a file once, which held them
    "leaked": "release.student_versions",
    "leaked_into": "release.student_versions",
    "read_class": "grade.roster",
    "release": "release.student_versions",
    "safe_id": "submitting",
    "secrets_of": "release.student_versions",
    "student_version": "release.student_versions",
}


if not TYPE_CHECKING:  # or mypy takes every name for one that is there

    def __getattr__(name: str) -> Any:
        if name in _NAMES:
            return getattr(import_module(f"lrcore.homework.{_NAMES[name]}"), name)
        raise AttributeError(f"lrcore.homework.release has no {name!r}; it has: {', '.join(sorted(_NAMES))}")
