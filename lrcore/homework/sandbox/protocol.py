"""Reading what came out of a sandbox. Nothing in it is trusted: sizes, depth, keys and types are checked.

The answers are plain values: numbers, texts, lists, arrays of numbers. Whoever forges one has to know the right value.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from lrcore.shapes import Array

_DEEPEST = 12
_TEXT = 20_000
_STRINGS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)  # also one that nobody closed
_AT_ONCE = 1_000_000
_ENTRIES = 10_000_000
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")  # halves of a character; alone they are no text
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_NUMBERS = {"nan", "inf", "-inf"}


class Forged(ValueError):
    """What came is not what the worker writes."""


@dataclass(frozen=True)
class Said:
    """One answer: a value, or why there is none. ``trouble`` is empty for a value."""

    value: Any = None
    trouble: str = ""


@dataclass
class Transcript:
    """What is known of a run: which cells failed and how, what was answered, where it stood when it ended."""

    cells: dict[int, str] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    answers: dict[str, tuple[Said, ...]] = field(default_factory=dict)
    at: int = -1
    asking: str = ""
    finished: bool = False
    forged: bool = False


def strict_json(text: str, most: int, deepest: int = _DEEPEST, *, nan: bool = False) -> Any:
    """JSON without surprises: bounded in size and depth, no key twice, no NaN (with ``nan``, None for it).

    Raises
    ------
    Forged
        in one sentence.
    """
    if len(text) > most:
        raise Forged(f"it is {len(text)} characters long, and at most {most} are read")
    _shallow(text, deepest)
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_nothing if nan else _refuse)
        return _as_text(found) if _HALVES.search(text) else found
    except (ValueError, RecursionError) as error:
        raise Forged(f"it is not JSON: {str(error)[:120]}") from error


def _shallow(text: str, deepest: int) -> None:
    depth, bare = 0, _STRINGS.sub("", text)
    for start in range(0, len(bare), _AT_ONCE):
        for bracket in re.findall(r"[\[\]{}]", bare[start : start + _AT_ONCE]):
            depth += 1 if bracket in "[{" else -1
            if depth > deepest:
                raise Forged(f"it is nested more than {deepest} deep")


def _as_text(found: object) -> Any:
    """The same with a mark in place of each half of a character, which no file could hold."""
    match found:
        case str():
            return re.sub("[\ud800-\udfff]", "\ufffd", found)
        case list():
            return [_as_text(one) for one in found]
        case dict():
            return {_as_text(key): _as_text(value) for key, value in found.items()}
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Forged("a key comes twice")
    return found


def _nothing(_: str) -> None:
    """NaN and infinity, which Python writes into JSON and JSON does not know, where they do not matter."""


def _refuse(word: str) -> Any:
    raise Forged(f"{word} is not a number in JSON")


def read(lines: tuple[bytes, ...], most: int) -> Transcript:
    """The transcript of a run; a line that the worker cannot have written marks it as forged and is left out."""
    transcript = Transcript()
    for line in lines:
        if line.strip():
            try:
                _note(strict_json(line.decode("utf-8", errors="replace"), 2 * most), transcript, most)
            except Forged:
                transcript.forged = True
    return transcript


def _note(record: object, transcript: Transcript, most: int) -> None:
    match record:
        case {"at": int(place), **rest} if not rest:
            transcript.at, transcript.asking = place, ""
        case {"cell": int(place), "error": error, "lacking": list(lacking), **rest} if (
            rest.keys() <= {"left"} and place not in transcript.cells
        ):
            transcript.cells[place] = "" if error is None else _complaint(error)
            left = rest.get("left")
            transcript.left += [one[:60] for one in left[:20] if isinstance(one, str)] if isinstance(left, list) else []
            transcript.lacking += [one for one in lacking[:20] if isinstance(one, str) and _MODULE.fullmatch(one)]
        case {"asking": str(name), **rest} if not rest:
            transcript.asking = name[:200]
        case {"answer": str(name), "said": str(said), **rest} if not rest and name not in transcript.answers:
            transcript.answers[name] = _answers(said, most)
            transcript.asking = ""
        case {"end": True, **rest} if not rest:
            transcript.finished = True
        case _:
            raise Forged("a record that nobody writes")


def _complaint(error: object) -> str:
    match error:
        case {"kind": str(kind), "message": str(message), "line": int() | None as line, **rest} if not rest:
            if kind == "NotImplementedError":
                return "NotImplementedError: there is no answer yet"
            place = f" in line {line} of the cell" if line is not None else ""
            return f"{kind[:80]}: {' '.join(message.split())[:300] or 'no message'}{place}"
    raise Forged("an error that nobody writes")


def _answers(said: str, most: int) -> tuple[Said, ...]:
    try:
        return _each(strict_json(said, most + 1))
    except Forged as error:
        return (Said(trouble=f"its answer cannot be read: {error}"),)


def _each(found: object) -> tuple[Said, ...]:
    match found:
        case {"died": str(why)}:
            return (Said(trouble=_DEATHS.get(why, _DEATHS["silent"])),)
        case list(items) if len(items) <= 1000:
            return tuple(_one(item) for item in items)
    raise Forged("it is no list of answers")


_DEATHS = {
    "cpu": "it used up its computing time (a loop that does not end?)",
    "output": "it answered with more than the grader reads",
    "silent": "it ended without an answer (did it leave Python, or run out of memory?)",
}


def _one(item: object) -> Said:
    match item:
        case {"value": value, **rest} if not rest:
            return Said(value_of(value))
        case {"missing": str(name), **rest} if not rest:
            return Said(trouble=f"the name {name[:80]} is not defined")
        case {"error": error, **rest} if not rest:
            return Said(trouble=f"it failed with {_complaint(error)}")
    raise Forged("it is no answer")


def value_of(item: object) -> Any:
    """A value from what stands for it: number, text, truth, None, tuple or array."""
    match item:
        case None | bool():
            return item
        case int() | float():
            return _number(item)
        case str():
            return float(item) if item in _NUMBERS else item[:_TEXT]
        case {"list": list(items), **rest} if not rest:
            return tuple(value_of(one) for one in items)
        case {"array": list() as rows, "shape": list(shape), **rest} if not rest:
            return _array(rows, shape)
        case {"type": str(name), **rest} if not rest:
            return Other(name[:80])
        case {"large": int(size), **rest} if not rest:
            return Other(f"array with {size} numbers")
    raise Forged("it is no value")


@dataclass(frozen=True)
class Other:
    """A value that is neither a number nor a text nor made of them; only the name of its type is known."""

    type: str


def _number(item: float) -> float:
    try:
        return float(item)
    except OverflowError as error:
        raise Forged("a number beyond all floats") from error


def _array(rows: list[Any], shape: list[Any]) -> Array:
    if not all(type(size) is int and size >= 0 for size in shape) or len(shape) > 6:
        raise Forged("it is no shape")
    if prod(size or 1 for size in shape) > _ENTRIES:
        raise Forged(f"an array of more than {_ENTRIES:,} numbers")
    flat = list(_flat(rows, len(shape)))
    if len(flat) != prod(shape):
        raise Forged("the array has not the shape it says")
    return np.array(flat, dtype=float).reshape(shape)


def _flat(rows: Any, depth: int) -> Iterator[float]:
    if depth > 0:
        if not isinstance(rows, list):
            raise Forged("an array that is no list")
        for row in rows:
            yield from _flat(row, depth - 1)
    elif isinstance(rows, str) and rows in _NUMBERS:
        yield float(rows)
    elif type(rows) in (int, float):
        yield _number(rows)
    else:
        raise Forged("an entry that is no number")
