"""Edits of texts, from a seed: a token deleted, doubled, swapped, replaced, or something put before, after, between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from lrcore.verify import Context, Problem, Verdict, derivation, equations, shape_of, symbol_table
from tests.verify.corpus import CORPUS
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC

BOOK = Path(__file__).resolve().parents[2] / "book"
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d|\s+|.", re.S)
WORDS = (
    "hence", "so", "and", "where", "clearly", "we get", "note that", "transpose", "times", "minus", "plus", "squared",
    "inverse", "twice", "half", "not", "is", "negative", "the sum of", "Ax-b", "by (1)", "up to a factor",
)  # fmt: skip
OTHERS = (
    "+", "-", "2", "x", "w", "X", "A", r"\top", "^", "_", "=", "i", "j", "n", r"\frac", r"\cdot", "'", r"\lambda", "0",
    ",", ".", ";", r"\\", r"\quad", "&", "/", "*", "**", "!", "#", "⊗", "∘", "√", "′", "²", "ᵀ", "∑", "‖", "→", "÷",
)  # fmt: skip
SIGNS = "√¬∇∑∫∂±∞@∏!'’′⊗∘⊙÷→⇒†⋆‖⟨~^_&%²½✓□"


@dataclass(frozen=True)
class Entry:
    """A text with the table that it rests on."""

    name: str
    given: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Edit:
    """One edited text: what was done to which entry."""

    kind: str
    entry: Entry
    text: str


def _pieces(text: str) -> list[str]:
    return TOKEN.findall(text)


def _put(text: str, new: str, rng: Random) -> str:
    """Before the text or a line of it, after it, or between two tokens."""
    where = rng.choice(("before", "after", "between", "between", "line"))
    if where == "before":
        return new + text
    if where == "after":
        return text + new
    if where == "line" and "\n" in text:
        at = rng.choice([found.end() for found in re.finditer("\n", text)])
        return text[:at] + new + text[at:]
    pieces = _pieces(text)
    at = rng.randrange(1, len(pieces)) if len(pieces) > 1 else 1
    return "".join([*pieces[:at], new, *pieces[at:]])


def _solid(pieces: list[str]) -> list[int]:
    return [k for k, one in enumerate(pieces) if one.strip()]


def delete(text: str, rng: Random) -> str:
    pieces = _pieces(text)
    del pieces[rng.choice(_solid(pieces))]
    return "".join(pieces)


def double(text: str, rng: Random) -> str:
    pieces = _pieces(text)
    at = rng.choice(_solid(pieces))
    return "".join([*pieces[: at + 1], *pieces[at:]])


def swap(text: str, rng: Random) -> str:
    pieces = _pieces(text)
    solid = _solid(pieces)
    k = rng.randrange(len(solid))
    one, two = solid[k], solid[min(k + 1, len(solid) - 1)] if rng.random() < 0.6 else rng.choice(solid)
    pieces[one], pieces[two] = pieces[two], pieces[one]
    return "".join(pieces)


def replace(text: str, rng: Random) -> str:
    pieces = _pieces(text)
    solid = _solid(pieces)
    pieces[rng.choice(solid)] = rng.choice(OTHERS) if rng.random() < 0.5 else pieces[rng.choice(solid)]
    return "".join(pieces)


def minus(text: str, rng: Random) -> str:
    return _put(text, rng.choice(("-", "- ", " - ")), rng)


def bullet(text: str, rng: Random) -> str:
    new = rng.choice(("- ", "* ", "• "))
    return new + text if rng.random() < 0.5 else _put(text, rng.choice(("\n", "")) + new, rng)


def number(text: str, rng: Random) -> str:
    return _put(text, rng.choice(("2", " 2 ", "0", "1", " 3", "1. ", "-1")), rng)


def word(text: str, rng: Random) -> str:
    return _put(text, f" {rng.choice(WORDS)} ", rng)


def bracket(text: str, rng: Random) -> str:
    return _put(text, rng.choice(("(", ")", "[", "]", "{", "}", "|", r"\{", "()")), rng)


def dollar(text: str, rng: Random) -> str:
    once = _put(text, rng.choice(("$", "$", "$$")), rng)
    return _put(once, "$", rng) if rng.random() < 0.6 else once


def sign(text: str, rng: Random) -> str:
    return _put(text, rng.choice((" ", "", "\n")) + rng.choice(SIGNS) + rng.choice((" ", "", "\n")), rng)


def bold(text: str, rng: Random) -> str:
    once = _put(text, "**", rng)
    return f"**{rng.choice(('Claim', 'So', 'Step 2', 'w'))}** {text}" if rng.random() < 0.4 else _put(once, "**", rng)


def label(text: str, rng: Random) -> str:
    new = rng.choice(("A. ", "A) ", "b) ", "(b) ", "i. ", "Step 2 ", "line 2", "Step 2: ", "Claim 2 ", "(2) ", " [2] "))
    return new + text if rng.random() < 0.6 else _put(text, rng.choice(("\n", "")) + new, rng)


def comment(text: str, rng: Random) -> str:
    return _put(text, rng.choice((" # + x", " % + x", " # so", " % so", "#", "%")) + rng.choice(("", "\n")), rng)


def line_break(text: str, rng: Random) -> str:
    return _put(text, rng.choice(("\n", "\n", "\n\n", r" \\ ")), rng)


KINDS: dict[str, Callable[[str, Random], str]] = {
    "delete": delete, "double": double, "swap": swap, "replace": replace, "minus": minus, "bullet": bullet,
    "number": number, "word": word, "bracket": bracket, "dollar": dollar, "line break": line_break,
    "sign": sign, "bold": bold, "label": label, "comment": comment,
}  # fmt: skip


def pool() -> list[Entry]:
    """The texts of the corpora in which something is proved."""
    found = [Entry(name, given, text) for name, given, text, verdicts in CORPUS if "P" in verdicts]
    given: dict[str, Any] = {"shapes": SHAPES, "symmetric": SYMMETRIC}
    for latex, numpy in IDENTITIES:
        found += [Entry(latex, given, latex), Entry(numpy, given, numpy)]
    return found + list(of_book())


def of_book() -> Iterator[Entry]:
    """The displayed equations of the book that are proved by the symbols and definitions of their page alone."""
    for page in sorted(BOOK.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        shapes = {one.name: shape_of(one.shape) for one in symbol_table(text)}
        sizes = {name for name, shape in shapes.items() if shape is None}
        arrays = {name: shape for name, shape in shapes.items() if shape is not None and shape != ("identity",)}
        given = {"shapes": arrays, "definitions": {}}
        for number, one in enumerate(equations(text)):
            head, sign, body = one.latex.partition(":=")
            if sign and "=" not in body and "\\" not in body and head.strip() not in sizes:
                given["definitions"][head.strip()] = body.strip()
            elif _is_proved(one.latex, given):
                now = {**given, "definitions": dict(given["definitions"])}
                yield Entry(f"{page.stem} {number + 1}", now, one.latex)


def _is_proved(text: str, given: dict[str, Any]) -> bool:
    try:
        steps = derivation(text, Context(**given), repairs=False).steps
    except (Problem, ValueError):
        return False
    return bool(steps) and all(step.verdict is Verdict.PROVED for step in steps)


def edits(entries: list[Entry], count: int, seed: int) -> Iterator[Edit]:
    """As many edits, each kind as often as the others, of texts drawn at random."""
    rng, kinds, seen = Random(seed), list(KINDS), set()
    made = 0
    while made < count:
        kind, entry = kinds[made % len(kinds)], rng.choice(entries)
        text = KINDS[kind](entry.text, rng)
        if text == entry.text or (entry.name, text) in seen:
            continue
        seen.add((entry.name, text))
        made += 1
        yield Edit(kind, entry, text)
