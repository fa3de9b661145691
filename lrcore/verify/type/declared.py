"""Shapes and names as they are written where a symbol is declared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lrcore.verify.terms import core as c
from lrcore.verify.terms.names import plain_key

Shape = str | Sequence[str | int]


def declared_shape(written: Shape) -> c.Shape:
    """A shape from how it was written: (), ("N",), (1, "D"), ("M", "M+1"), "N x M"."""
    rows, cols = (*map(_dim, sizes_of(written)), c.D1, c.D1)[:2]
    return rows, cols


def sizes_of(written: Shape) -> list[str]:
    """The sizes of a shape, each as it was written."""
    if isinstance(written, str):
        return [] if written.strip() in ("", "scalar", "number") else re.split(r"\\times|[x×,]", written)
    if len(written) > 2:
        raise ValueError(f"A shape has at most two sizes, and {written!r} has {len(written)}.")
    return [str(one) for one in written]


def _dim(text: str) -> c.Dim:
    """A size from how it was written: 3, ``N``, ``n+1``, ``N D``."""
    total, sign = c.fixed(0), 1
    for part in re.findall(r"[+-]|[^+-]+", text.replace(" ", "")):
        if part in "+-":
            sign = 1 if part == "+" else -1
            continue
        product = c.fixed(sign)
        for factor in re.findall(r"\d+|[^\W\d]\w*", part):
            product = product * (c.fixed(int(factor)) if factor.isdigit() else c.size(plain_key(factor)))
        total, sign = total + product, 1
    return total


def call_of(name: str) -> tuple[str, list[str]]:
    r"""``h_\theta(x)`` as the name of the function and those of its parameters."""
    found = re.fullmatch(r"(.*[^\s^_(])\s*\(([^()]+)\)", name.strip())
    return (found[1], re.split(r"[,;]", found[2])) if found else (name, [])


def base_of(name: str) -> str:
    """A name without its subscript."""
    return re.sub(r"_(\{[^{}]*\}|.)$", "", name.strip())
