"""The atoms of one check: what each small integer in a network stands for. A table lives as long as its check and no
longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

DELTA = 0


class Atom(NamedTuple):
    """``kind`` is delta, size, var, step, number, inv, det, recip, over, exp, log, sqrt or abs.

    ``data`` of the compound ones is the polynomial inside, over the legs L0, L1, ...; ``slots`` of a variable says
    how its two indices are put together from labels. A ``step`` is the differential of the variable of that name.
    """

    kind: str
    name: str
    data: Any = None
    slots: tuple[Any, ...] = ()


class Table:
    """Numbers atoms in the order of their first use."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = [Atom("delta", "delta")]
        self.numbers: dict[Atom, int] = {}
        self.symmetric: set[int] = {DELTA}

    def number(self, atom: Atom, symmetric: bool = False) -> int:
        found = self.numbers.get(atom)
        if found is None:
            found = self.numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
            if symmetric:
                self.symmetric.add(found)
        return found

    def __getitem__(self, number: int) -> Atom:
        return self.atoms[number]


# How an index is put together: None (size 1), a label, ("P", k, index) in block k, ("Q", a, b, dim, dim) a pair.


def flatten(index: object, labels: list[Any]) -> Any:
    """The structure of an index with its labels taken out, in order, into ``labels``."""
    if index is None:
        return None
    if isinstance(index, tuple):
        if index[0] == "P":
            return ("P", index[1], flatten(index[2], labels))
        return ("Q", flatten(index[1], labels), flatten(index[2], labels), *index[3:])
    labels.append(index)
    return "*"


def restore(structure: Any, labels: Iterator[Any]) -> Any:
    """The index again, from its structure and an iterator over labels."""
    if structure is None:
        return None
    if structure == "*":
        return next(labels)
    if structure[0] == "P":
        return ("P", structure[1], restore(structure[2], labels))
    return ("Q", restore(structure[1], labels), restore(structure[2], labels), *structure[3:])
