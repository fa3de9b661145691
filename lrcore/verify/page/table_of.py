"""The table of symbols that an equation rests on, in rows such as the page *Check your own derivation* keeps."""

from __future__ import annotations

from collections.abc import Iterator

from lrcore.verify.decide.pipeline import Examined
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import core as c
from lrcore.verify.terms import names
from lrcore.verify.terms import syntax as s
from lrcore.verify.type.context import Context, Symbol


def table_of(found: Examined, before: Context) -> list[list[str]]:
    """A row for each symbol of the proved steps, with those that its definition rests on; nothing where one of them is
    counted from 0 or stands for an argument, which no row says.
    """
    used = {name for one in found.decided.values() for side in (one.left, one.right) for name in s.occurring(side)}
    used |= {key for name in used for key in before.depends(name)}
    symbols = [before.symbols[key] for key in sorted(used) if key in before.symbols]
    if any(one.zero_based or one.placeholder for one in symbols):
        return []
    return list(map(_row, _in_order(symbols, before)))


def _in_order(symbols: list[Symbol], context: Context) -> Iterator[Symbol]:
    """What is declared first, then each definition after those that it rests on."""
    yield from sorted(symbols, key=lambda one: (one.definition is not None, len(context.depends(one.key)), one.key))


def _row(symbol: Symbol) -> list[str]:
    shape = "" if symbol.shape is None or symbol.definition is not None else _shape(symbol.shape)
    meaning = "symmetric" if symbol.symmetric and symbol.definition is None else ""
    name = names.latex(symbol.key)
    name += f"_{{{' '.join(symbol.indices)}}}" if symbol.indices else ""
    name += f"({', '.join(map(names.latex, symbol.params))})" if symbol.params else ""
    return [name, shape, meaning, "" if symbol.definition is None else to_latex(symbol.definition)]


def _shape(shape: c.Shape) -> str:
    rows, cols = shape
    if shape == c.SCALAR:
        return "scalar"
    return str(rows) if cols == c.D1 else f"{rows} x {cols}"
