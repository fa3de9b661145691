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


def shape_of(text: str) -> tuple[str, ...] | None:
    r"""A shape from a table's cell: ``N \times M``, ``M x 1``, ``(N, D)``, ``scalar``; None for a size."""
    bare = re.sub(r"\\mathbb\s*\{?R\}?\s*\^?|[\s{}$()\[\]]|\\[,;]", "", text)
    if bare.lower() in ("size", "count", "-", "–", "—", "naturalnumber", "integer", "wholenumber"):
        return None
    if bare.lower() in ("scalar", "number", "1", "", "1×1", r"1\times1", "1x1"):
        return ()
    parts = [part for part in re.split(r"\\times|×|,|(?<=[\w)])x(?=[\w(])|\\cdot|·", bare) if part]
    return tuple(parts)


def sizes_of(written: Shape) -> list[str]:
    """The sizes of a shape, each as it was written; ValueError where there are more than two."""
    sizes = [str(one) for one in written] if not isinstance(written, str) else _listed(written)
    if len(sizes) > 2:
        raise ValueError(f"A shape has at most two sizes, and {' x '.join(sizes)} has {len(sizes)}.")
    return sizes


def _listed(written: str) -> list[str]:
    """``N x M``, ``(N, M)`` or ``(N,)``."""
    bare = re.sub(r"^\((.*?),?\s*\)$", r"\1", written.strip())
    return [] if bare in ("", "scalar", "number") else re.split(r"\\times|[x×,]", bare)


def _dim(text: str) -> c.Dim:
    """A size from how it was written: 3, ``N``, ``n+1``, ``N D``; ValueError where it is anything else."""
    total, product, sign = c.fixed(0), None, 1
    for token in [*re.findall(r"\d+|[^\W\d]\w*|[^*]", text.replace(" ", "")), "+"]:
        if token.isdigit() or token.isidentifier():
            factor = c.fixed(int(token)) if token.isdigit() else c.size(plain_key(token))
            product = (c.fixed(sign) if product is None else product) * factor
        elif token in "+-" and product is not None:
            total, product, sign = total + product, None, 1 if token == "+" else -1
        else:
            raise ValueError(f"{text!r} is no size; write a number, a name, or a sum such as n+1 or N D.")
    if (total.constant() or 0) < 1 and total.constant() is not None:
        raise ValueError(f"A size is at least 1, and {text!r} is not.")
    return total


def call_of(name: str) -> tuple[str, list[str]]:
    r"""``h_\theta(x)`` as the name of the function and those of its parameters."""
    found = re.fullmatch(r"(.*[^\s^_(])\s*\(([^()]+)\)", name.strip())
    return (found[1], re.split(r"[,;]", found[2])) if found else (name, [])


def base_of(name: str) -> str:
    """A name without its subscript."""
    return re.sub(r"_(\{[^{}]*\}|.)$", "", name.strip())
