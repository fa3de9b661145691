"""Certificates that were found elsewhere, and what becomes of them here: each is checked before it counts.

Whoever searches writes a :class:`Book`: statement by statement, the certificate that was found, in plain values.
Whoever decides the same text again opens it. For a claim whose statement stands in the book no proof is searched: the
checker is given the certificate, and the claim is proved when the checker stamps it. A book that is wrong, or forged,
proves nothing: where it does not help, the proof is searched as if there were none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from typing import Any

from lrcore.verify import statements
from lrcore.verify.certificate import Certified, Refused, check
from lrcore.verify.statements import Index, Letter, Statement, Step

LARGEST = 20_000  # parts of a statement with its certificate; what is larger goes without one
_KINDS = {name: getattr(statements, name) for name in (
    "Num", "Size", "Entry", "Delta", "Add", "Mul", "Pow", "Sum", "Fn", "Diff", "Put", "Equation", "Statement", "Lemma",
    "Use", "Times", "Rest", "Letter",
)}  # fmt: skip

Certificate = tuple[tuple[Step, ...], ...]


@dataclass
class Book:
    """``pages`` holds certificates as text, by the digests of their statements."""

    pages: dict[str, str] = field(default_factory=dict)
    _stamps: dict[str, Certified] = field(default_factory=dict)

    def write(self, statement: Statement, certificate: Certificate) -> None:
        """Keep a certificate; one that is too large is left out."""
        numbers = dict[Index, int]()
        try:
            key = _digest(_text(statement, numbers))
            self.pages[key] = _text(certificate, numbers)
        except _TooLarge:
            return

    def stamped(self, statement: Statement) -> Certified | None:
        """The statement with the checker's stamp, by the certificate that stands there for it; None where there is
        none, or none that the checker takes.
        """
        numbers = dict[Index, int]()
        try:
            key = _digest(_text(statement, numbers))
            if key not in self._stamps and key in self.pages:
                known = {number: index for index, number in numbers.items()}
                self._stamps[key] = check(statement, _read(json.loads(self.pages[key]), known))
        except (_TooLarge, Refused, ValueError, TypeError, LookupError, RecursionError):
            return None
        return self._stamps.get(key)


_written: ContextVar[Book | None] = ContextVar("the book that certificates are written into", default=None)
_open: ContextVar[Book | None] = ContextVar("the book that certificates are taken from", default=None)


@contextmanager
def writing() -> Iterator[Book]:
    """Certificates found in here are kept."""
    book = Book()
    token = _written.set(book)
    try:
        yield book
    finally:
        _written.reset(token)


@contextmanager
def reading(pages: Mapping[str, str]) -> Iterator[Book]:
    """Certificates of a book are tried in here, before any proof is searched."""
    book = Book(dict(pages))
    token = _open.set(book)
    try:
        yield book
    finally:
        _open.reset(token)


def written() -> Book | None:
    """The book that is being written."""
    return _written.get()


def opened() -> Book | None:
    """The book that is open."""
    return _open.get()


# ---------------------------------------------------------------------- in plain values


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class _TooLarge(Exception):
    """More parts than are written down."""


def _text(value: object, numbers: dict[Index, int]) -> str:
    return json.dumps(_plain(value, numbers, [LARGEST]), separators=(",", ":"))


def _plain(value: object, numbers: dict[Index, int], left: list[int]) -> Any:
    """Lists of plain values; an index is a number, with its name and size where it comes first."""
    left[0] -= 1
    if left[0] < 0:
        raise _TooLarge
    if isinstance(value, Index):
        new = value not in numbers
        number = numbers.setdefault(value, len(numbers))
        return ["new", number, value.name, value.kind] if new else ["old", number]
    if isinstance(value, Fraction):
        return ["ratio", value.numerator, value.denominator]
    if isinstance(value, tuple):
        return ["list", *(_plain(one, numbers, left) for one in value)]
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, one.name), numbers, left) for one in fields(value))]
    return value


def _read(value: object, known: dict[int, Index]) -> Any:
    """The value again; what it means is for the checker to judge, who trusts nothing of it."""
    if not isinstance(value, list):
        return value
    tag, *parts = value
    match tag:
        case "old":
            return known[parts[0]]
        case "new":
            number, name, kind = parts
            known[number] = Index(str(name), kind)
            return known[number]
        case "ratio":
            return Fraction(int(parts[0]), int(parts[1]))
        case "list":
            return tuple([_read(one, known) for one in parts])
        case "Letter":
            name, kinds, symmetric, of = (_read(one, known) for one in parts)
            return Letter(name, kinds, symmetric, of)
    return _KINDS[tag](*[_read(one, known) for one in parts])
