"""How far the check of a text has come, and what was asked for: the values that the stages of a decision hand on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from lrcore.verify.prove.certify import Tried
from lrcore.verify.read.document import Chain
from lrcore.verify.terms import effort
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim, Condition
from lrcore.verify.terms.report import Step, Verdict
from lrcore.verify.type.context import Context

Sides = tuple[s.Node, s.Node]
Reading = Callable[[s.Node, s.Node], Claim]


@dataclass(frozen=True)
class Options:
    """What is asked of a check.

    ``repairs`` is for how many wrong lines a repair is looked for; with ``follow`` an equation that is no identity
    counts as given; ``locked`` names can't be defined anew; with ``redefine`` a ``:=`` may give a name a new
    meaning; a ``formula`` is text in which every character is mathematics; with ``certify`` each proof is checked
    again. ``assumed`` are the places of equations that the prose around them calls given, ``behind`` those of them
    that are said of the formula before, as in ``a = b since c = d``, ``constraints`` those that say what data add
    up to, and are no identity anybody would claim, ``equations`` those for an unknown that is solved for further
    down; ``anew`` are the places from which on it speaks of the general case again, ``ended`` where each of those
    that are given is said to hold no more; ``guessed`` are names that are declared for want of a declaration; with
    ``solutions`` it is asked of w^* whether it solves the equations for w, and with ``signs`` a letter that the
    text or its table sums over by a sign is never summed over without one; ``held`` are equations that were declared
    to hold elsewhere, as step -1. ``effort`` and ``certifying`` are the work
    for the proof of a step and for the search of its certificate.
    """

    repairs: int = 10**6
    follow: bool = False
    locked: frozenset[str] = frozenset()
    assumed: tuple[tuple[int, int], ...] = ()
    behind: tuple[tuple[int, int], ...] = ()
    constraints: tuple[tuple[int, int], ...] = ()
    equations: tuple[tuple[int, int], ...] = ()
    anew: tuple[int, ...] = ()
    ended: tuple[tuple[tuple[int, int], int], ...] = ()
    redefine: bool = False
    formula: bool = False
    certify: bool = True
    certifying: int = effort.LIMIT
    effort: int = effort.LIMIT
    guessed: frozenset[str] = frozenset()
    solutions: bool = False
    signs: bool = False
    held: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Decided:
    """A claim with the sides it was typed from; ``given`` are the equations that it follows from, where it needs any,
    and ``said`` their sides. ``read`` types other sides in the same way; where Einstein's convention leaves sums
    unwritten, ``summed`` are the sides with them, and what reads others that write their sums.
    """

    claim: Claim
    left: s.Node
    right: s.Node
    read: Reading
    given: tuple[Claim, ...] = ()
    relation: str = "="
    said: tuple[Sides, ...] = ()
    summed: tuple[s.Node, s.Node, Reading] | None = None

    def with_sums(self) -> Decided:
        """The same claim with every sum written."""
        if self.summed is None:
            return self
        left, right, read = self.summed
        return replace(self, left=left, right=right, read=read, summed=None)


@dataclass(frozen=True)
class Line:
    """One chain of equals signs with its sides read; ``heads`` are the places that define a name, ``premise`` where the
    next chain is said to follow from this one; it is ``bound`` to a condition where it is said to hold if and only if
    another does, or in the case of another; ``notes`` say how it is read.
    """

    chain: Chain
    sides: tuple[s.Node, ...]
    heads: frozenset[int] = frozenset()
    premise: bool = False
    bound: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A verdict with its sentence and what else a step says; ``decided`` and ``condition`` are for the lines after."""

    verdict: Verdict
    message: str
    more: dict[str, Any] = field(default_factory=dict)
    decided: Decided | None = None
    condition: Condition | None = None

    def saying(self, **more: object) -> Judged:
        return replace(self, more={**self.more, **more})


@dataclass
class State:
    """What a text has established so far. ``context`` grows by its definitions, ``varied`` are the symbols that its
    differentials vary, ``trees`` all that it says, ``summed`` the letters that its sums run over, ``taken`` what it
    takes as given, ``past`` what it took for a sentence, ``tried`` what certificates were too much work.
    """

    text: str
    context: Context
    options: Options
    trees: tuple[s.Node, ...] = ()
    varied: frozenset[str] | None = None
    doubtful: frozenset[str] = frozenset()
    looks: dict[str, frozenset[str]] = field(default_factory=dict)
    summed: frozenset[str] = frozenset()
    hoisted: set[int] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    decided: dict[int, Decided] = field(default_factory=dict)
    taken: list[Condition] = field(default_factory=list)
    supposed: set[int] = field(default_factory=set)
    past: list[Condition] = field(default_factory=list)
    tried: Tried = field(default_factory=Tried)

    def past_premises(self) -> None:
        """What was taken as given for one implication, and what follows from it, is given no more."""
        self._past({one.step for one in self.taken if one.premise})

    def past_suppositions(self) -> None:
        """What the prose supposed for a while, and what follows from it, is given no more."""
        self._past(self.supposed)

    def past_sentences(self, place: int) -> None:
        """What was supposed in sentences that ended before a place of the text, and what follows from it, is given no
        more, but kept in mind.
        """
        over = [span for span, end in self.options.ended if end <= place]
        starts = [one for one in self.supposed if over and self._stands_in(one, over)]
        kept = [one for one in self.taken if one.step < min(starts, default=len(self.steps))]
        self.past += self.taken[len(kept) :]
        self.supposed -= set(starts)
        self.taken = kept

    def _stands_in(self, step: int, spans: Iterable[tuple[int, int]]) -> bool:
        at = (self.steps[step].span or (-1, -1))[0]
        return any(start <= at < end for start, end in spans)

    def _past(self, steps: set[int]) -> None:
        first = min(steps, default=len(self.steps))
        self.taken = [one for one in self.taken if one.step < first]

    @property
    def conditions(self) -> list[Condition]:
        """The equations that were taken as given."""
        return [one for one in self.taken if one.relation == "="]

    @property
    def orders(self) -> tuple[Condition, ...]:
        """The inequalities that were taken as given."""
        return tuple(one for one in self.taken if one.relation != "=")

    @property
    def given(self) -> list[Claim]:
        """The equations that hold so far."""
        return [one.claim for one in self.conditions]


def in_one_line(text: str, start: int, end: int) -> bool:
    """Whether no row and no line ends between two places."""
    return not re.search(r"\n|\\\\", text[start:end])


def joined(text: str | Iterable[str]) -> str:
    """One text from a list of lines."""
    if isinstance(text, str):
        return text
    lines = [str(line) for line in text]
    latex = any("\\" in line or "{" in line or "^" in line for line in lines)
    return (" \\\\\n" if latex else "\n").join(lines)
