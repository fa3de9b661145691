"""Comparing values: what a student's code answered with what is right. Plain numbers only; nothing here can be patched.

A :class:`Mark` says how much of a question is right, and a sentence about what is wrong that holds no hidden case.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrcore.check import agrees, likely_cause
from lrcore.homework.grade.quantities import quantity
from lrcore.homework.sandbox.protocol import Other, Said
from lrcore.shapes import Array


@dataclass(frozen=True)
class Finding:
    """One comparison: the part that is right, from 0 to 1, and what is wrong with the rest."""

    share: float
    says: str = ""


def compare(expected: object, said: Said, tolerance: float) -> Finding:
    """What an answer is worth; a tuple of answers is worth the mean of its parts."""
    if said.trouble:
        return Finding(0.0, said.trouble)
    if isinstance(expected, tuple | list):
        return _tuple(tuple(expected), said.value, tolerance)
    return _value(expected, said.value, tolerance)


def _tuple(expected: tuple[Any, ...], given: object, tolerance: float) -> Finding:
    if not isinstance(given, tuple):
        return Finding(0.0, f"it gives {kind(given)}, but {len(expected)} values are asked for")
    if len(given) != len(expected):
        return Finding(0.0, f"it gives {len(given)} values, but {len(expected)} are asked for")
    parts = [_value(right, value, tolerance) for right, value in zip(expected, given)]
    wrong = [f"value {k}: {part.says}" for k, part in enumerate(parts, start=1) if part.says]
    return Finding(sum(part.share for part in parts) / len(parts), "; ".join(wrong))


def _value(expected: object, given: object, tolerance: float) -> Finding:
    if isinstance(expected, str | bool) or expected is None:
        same = type(given) is type(expected) and given == expected
        return Finding(1.0) if same else Finding(0.0, f"it gives {kind(given)}, which is not right")
    right = np.asarray(expected, dtype=float)
    if isinstance(given, bool | str | tuple | Other) or given is None:
        return Finding(0.0, f"it gives {kind(given)}, but {_asked(right)} is asked for")
    value: Array = np.asarray(given, dtype=float)
    if value.shape != right.shape:
        turned = value.ndim == 2 and value.T.shape == right.shape and _near(value.T, right, tolerance)
        more = "; it is right when transposed" if turned else ""
        return Finding(0.0, f"its shape is {value.shape}, but {right.shape} is asked for{more}")
    if not np.isfinite(value).all():
        return Finding(0.0, "it holds NaN or infinity")
    if _near(value, right, tolerance):
        return Finding(1.0)
    return Finding(0.0, _cause(value, right, tolerance))


def _near(value: Array, right: Array, tolerance: float) -> bool:
    if not np.isfinite(value).all() or not value.size:
        return not value.size
    if not right.any():
        return bool(np.abs(value).max() <= tolerance)
    return agrees(value, right, tolerance)


def _cause(value: Array, right: Array, tolerance: float) -> str:
    if not value.any():
        return "it is zero"
    return likely_cause(np.atleast_1d(value), np.atleast_1d(right), tolerance, {})


def _asked(right: Array) -> str:
    return "a number" if right.shape == () else f"an array of shape {right.shape}"


def kind(value: object) -> str:
    """What a value is, in words."""
    if value is None:
        return "None (is there a return?)"
    if isinstance(value, bool):
        return f"the truth value {value}"
    if isinstance(value, str):
        return "a text"
    if isinstance(value, tuple):
        return f"{len(value)} values"
    if isinstance(value, Other):
        return f"an object of type {value.type}"
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else "a number"


def compare_quantity(value: float, unit: str, said: Said, tolerance: float) -> Finding:
    """A number with its unit; the right number in a wrong unit is worth half."""
    right = quantity(f"{value!r} {unit}")
    if said.trouble:
        return Finding(0.0, said.trouble)
    given = quantity(said.value) if isinstance(said.value, str) else None
    if given is None or right is None:
        if isinstance(said.value, str):
            return Finding(
                0.0,
                f"'{said.value[:60]}' does not begin with a number; a number and its unit are asked for, as '3.5 USD'",
            )
        return Finding(
            0.0, f"it gives {kind(said.value)}, but a text of a number and its unit is asked for, as '3.5 USD'"
        )
    close = abs(given.value - right.value) <= tolerance * abs(right.value)
    if given.unit != right.unit:
        return Finding(0.5 if close else 0.0, f"the unit does not fit: '{said.value[:80]}'")
    if close:
        return Finding(1.0)
    if abs(given.value + right.value) <= tolerance * abs(right.value):
        return Finding(0.0, "the sign is wrong")
    return Finding(0.0, f"the unit fits, but the number {given.value:.6g} is not right")
