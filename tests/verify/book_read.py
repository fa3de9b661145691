"""The book's equations, read once by the independent judge, beside what the gate says of them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrcore.verify.page.gate import Checked, check_page
from lrcore.verify.page.items import items
from lrcore.verify.page.shown import Equation, Scope, Symbol
from tests.verify.independent import Reading, define, table_of
from tests.verify.independent_reading import Table
from tests.verify.independent_tokens import NotRead

BOOK = Path(__file__).resolve().parents[2] / "book"
# "1" marks a notation, as do indices: 1_N, I_M, x_i
_NOTATION = re.compile(r"[10I](_.*)?|\\delta_.*|\\?[A-Za-z]+_[ijklmpq,]+|d.+")


@dataclass(frozen=True)
class Read:
    """One step of one equation of the book: what the gate says of it, and what the judge says."""

    page: str
    line: int
    kind: str
    verdict: str
    step: str
    said: str
    why: str
    latex: str
    given: dict[str, Any]


def pages() -> Iterator[tuple[str, str]]:
    """(name, text) of each page with equations."""
    for path in sorted(BOOK.glob("**/*.md")):
        text = path.read_text(encoding="utf-8")
        if "$" in text and "_" not in path.parts[-2][:1]:
            yield str(path.relative_to(BOOK)), text


def read_page(name: str, text: str) -> Iterator[Read]:
    """Each decided step of a page, in the page's order."""
    given: dict[str, Any] = {"shapes": {}, "symmetric": [], "definitions": {}}
    table = table_of(given)
    outer: Table | None = None
    checked = iter(check_page(text, inline=True).checked)
    for item in items(text):
        if isinstance(item, Symbol):
            note(given, item)
            declare(table, item)
        elif isinstance(item, Scope):
            if not item.symbols and not item.definitions:
                table, outer = outer or table, None
            else:
                outer, table = table, copied(table)
                for symbol in item.symbols:
                    declare(table, symbol)
                for one in item.definitions:
                    left, _, right = re.sub(r"\\coloneqq", ":=", one).partition(":=")
                    define(left.strip(), right, table)
        elif isinstance(item, Equation):
            decided = next(checked)
            assert decided.equation == item  # the gate decides each of them, in this order
            yield from read_equation(name, decided, table, noted(given))
            left, sign, right = item.latex.partition(":=")
            if sign and not item.inline and "=" not in right:
                given["definitions"][left.strip()] = right.strip()


def note(given: dict[str, Any], symbol: Symbol) -> None:
    """A row of a symbol table as a reader would declare it."""
    alone = table_of({})
    declare(alone, symbol)
    for name in symbol.name.replace("$", "").split(", "):
        if len(alone.shapes) == 1:
            (dims,) = alone.shapes.values()
            given["shapes"][name.strip()] = () if dims == ("1", "1") else dims
            given["symmetric"] += [name.strip()] if alone.symmetric else []


def noted(given: dict[str, Any]) -> dict[str, Any]:
    return {key: dict(one) if isinstance(one, dict) else list(one) for key, one in given.items()}


def read_equation(name: str, item: Checked, table: Table, given: dict[str, Any]) -> Iterator[Read]:
    latex, line = item.equation.latex, item.equation.line
    try:
        reading: Reading | str = Reading(
            latex, {}, table if not item.inline and item.kind != "wrong" else copied(table)
        )
    except NotRead as problem:
        reading = str(problem)
    assumed: tuple[tuple[int, int], ...] = ()
    for step in item.report.steps:
        span = step.span or (0, 0)
        if step.verdict.value == "CONDITION":
            assumed += (span,)
        if step.verdict.value in ("PROVED", "REFUTED", "ILL_TYPED"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                said = ("not read", reading) if isinstance(reading, str) else reading.verdict(span, assumed)
            yield Read(name, line, item.kind, step.verdict.value, latex[span[0] : span[1]], *said, latex, given)


def declare(table: Table, symbol: Symbol) -> None:
    """One row of a symbol table."""
    shape = re.sub(r"[$\s]", "", symbol.shape).replace(r"\times", "x").replace("×", "x")
    for one in symbol.name.replace("$", "").split(", "):
        bare = re.sub(r"\\(mathbf|mathrm|boldsymbol)\b|[\s{}]", "", one)
        if _NOTATION.fullmatch(bare) or "dots" in shape or not bare:
            continue
        dims = () if shape in ("scalar", "number", "1", "") else tuple(shape.split("x"))
        more = table_of({"shapes": {one.strip(): dims}})
        table.sizes |= more.sizes
        table.definitions = {key: old for key, old in table.definitions.items() if key not in more.shapes}
        table.shapes |= more.shapes
        table.words |= more.words
        if re.search(r"(?<!any )\bsymmetric\b(?! or not)", symbol.meaning.lower()):
            table.symmetric |= set(more.shapes)
    for key in [key for key, dims in table.shapes.items() if dims == ("1", "1") and key in table.sizes]:
        del table.shapes[key]


def copied(table: Table) -> Table:
    """A table to which something may be added for a while."""
    return Table(
        dict(table.shapes), dict(table.definitions), set(table.symmetric), set(table.sizes), dict(table.macros),
        table.layout, set(table.constants), set(table.words),
    )  # fmt: skip
