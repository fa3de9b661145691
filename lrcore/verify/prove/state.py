"""What one check keeps: its atoms, the sizes of its labels, how much work is left, what names stand for.

It is made for one claim, handed to every function, and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lrcore.verify.prove.atoms import Atom, Table
from lrcore.verify.prove.networks import Canon, Factor, Label, Labels, Piece
from lrcore.verify.terms import core as c

Coefficient = int | Fraction
Powers = tuple[tuple[int, int], ...]
Term = tuple[Coefficient, Powers, tuple[Factor, ...], Labels]  # the last are the labels that are summed over
Poly = list[Term]
Frozen = Sequence[Term]  # a polynomial inside an atom, over the legs
Key = tuple[Powers, tuple[Piece, ...]]
Collected = dict[Key, Coefficient]
Relabelling = Mapping[Label, Label]
Slot = Any  # of an array: None (size 1), a label, ("P", k, slot) in block k, ("Q", slot, slot, dim, dim) a pair
Log = tuple[int, Labels]  # an atom log|q| with its labels
Env = dict[c.IVar, Slot]
Blocks = dict[tuple[tuple[c.Mono, int], ...], c.Dim]  # how blocks split a size
Leaf = Callable[[Atom, Labels], Poly]
Value = Callable[[Atom, Labels], Poly]

ONE_TERM: Term = (1, (), (), ())
BUDGET = 60_000


@dataclass
class State:
    """``cancel`` is one step of cancelling, or None where there is nothing to cancel; ``rules`` are equations taken as
    given. ``slot_dims`` are the sizes of an atom's slots, ``leads`` the largest term under each inverse or reciprocal,
    ``named`` the atom of each compound thing, ``det_dims`` the size of the matrix under a determinant, ``multiplied``
    the free labels that a matrix was multiplied on to.

    ``positive`` are sets of logarithms log|q| with a positive product of their q, because a logarithm of it is written,
    each under one of them that stands in no set after it; ``terms`` are the terms by their keys, ``simpler`` what one
    step of cancelling makes of them under so many rules.
    """

    cancel: Callable[[State, Term], Poly | None] | None = None
    budget: int = BUDGET
    work: int = 0
    table: Table = field(default_factory=Table)
    dims: dict[Label, c.Dim] = field(default_factory=dict)
    next_label: int = 0
    rules: list[tuple[Term, Poly]] = field(default_factory=list)
    slot_dims: dict[tuple[int, int], c.Dim] = field(default_factory=dict)
    leads: dict[int, tuple[Term, Poly] | None] = field(default_factory=dict)
    named: dict[tuple[str, str], int] = field(default_factory=dict)
    det_dims: dict[int, c.Dim] = field(default_factory=dict)
    multiplied: set[tuple[Label, int]] = field(default_factory=set)
    positive: dict[Log, frozenset[Log]] = field(default_factory=dict)
    terms: dict[Key, Term] = field(default_factory=dict)
    simpler: dict[tuple[int, Key], list[tuple[Key, Coefficient]] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.canon = Canon(self.table.symmetric)
