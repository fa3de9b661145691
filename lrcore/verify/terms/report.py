"""What a check found: verdicts with sentences, for a terminal, a notebook and a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lrcore.verify.terms.errors import Fault, Offer
from lrcore.verify.terms.exact_numbers import Number, real

Span = tuple[int, int]
Matrix = list[list[Number]]


class Verdict(StrEnum):
    """What is known of one step. CHECKED is no proof; DEFINITION and CONDITION are no claims. STATIONARY is said of a
    derivative that is right only where the conditions on its variable hold: it follows from them, and is no identity.
    OPEN is what cannot be decided before somebody says what a name means.
    """

    PROVED = "PROVED"
    STATIONARY = "STATIONARY"
    REFUTED = "REFUTED"
    ILL_TYPED = "ILL_TYPED"
    CHECKED = "CHECKED"
    OPEN = "OPEN"
    UNREADABLE = "UNREADABLE"
    DEFINITION = "DEFINITION"
    CONDITION = "CONDITION"

    @property
    def holds(self) -> bool:
        """Whether a derivation may go on from here: proved, or no claim at all."""
        return self in (Verdict.PROVED, Verdict.DEFINITION, Verdict.CONDITION)


class Change(StrEnum):
    """What a repair does: it leaves something out, it takes a side or one of its numbers times another number or size,
    or something else.
    """

    LEAVES_OUT = "leaves out"
    SCALES = "scales"
    OTHER = ""


MARKS = {
    "PROVED": "✓",
    "STATIONARY": "≠",
    "REFUTED": "✗",
    "ILL_TYPED": "✗",
    "CHECKED": "?",
    "OPEN": "?",
    "UNREADABLE": "…",
    "DEFINITION": ":=",
    "CONDITION": "=",
}


@dataclass(frozen=True)
class Counterexample:
    """Sizes, values, the places of the free indices (counted from 1), and both sides there; ``along`` are the values
    of the differentials.
    """

    sizes: dict[str, int]
    values: dict[str, Matrix]
    places: dict[str, int]
    left: Matrix
    right: Matrix
    along: dict[str, Matrix] = field(default_factory=dict)

    def __str__(self) -> str:
        given = [f"{name} = {value}" for name, value in self.sizes.items()]
        given += [f"{name} = {matrix_text(value)}" for name, value in self.values.items()]
        given += [f"d{name} = {matrix_text(value)}" for name, value in self.along.items()]
        given += [f"{name} = {place + 1}" for name, place in self.places.items()]
        where = "At " + ", ".join(given) + ": " if given else ""
        return f"{where}left = {matrix_text(self.left)}, right = {matrix_text(self.right)}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "sizes": self.sizes,
            "values": {name: plain(value) for name, value in self.values.items()},
            "differentials": {name: plain(value) for name, value in self.along.items()},
            "places": {name: place + 1 for name, place in self.places.items()},
            "left": plain(self.left),
            "right": plain(self.right),
        }


SIGNS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "in": r"\in", "approx": r"\approx"}


@dataclass(frozen=True)
class Step:
    """One relation of one line: ``left = right``. ``span`` is the part of the text at fault, or all of the step.

    ``repair`` says in a sentence which one change mends the line; ``mended`` is the side ``mended_side`` after it, and
    ``mistake`` the name of what is wrong, where it has one, and ``change`` what the repair does.
    ``follows_from`` are the places of the earlier steps that it needs, counted from 0. ``sides`` are the places of both
    sides in the text, ``opens`` says whether the step is the first of its chain of equals signs, ``latex`` in which
    language it stands, ``understood`` how both sides were read, as LaTeX. ``offers`` are changes of the text that
    answer what is asked. ``certificate`` is the kind of certificate with
    which a proof was checked again, and ``statement`` what exactly was proved, in index notation; both are empty where
    no certificate was found. ``at_given_sizes`` where a proof is about
    fixed sizes alone. ``out_of_work`` where the step had all the work that one is given, and was left open;
    ``untried`` where no numbers were found at which both sides exist. ``implied_sum`` where an index that stands twice
    is summed over; ``against_given`` where it fails for values that solve the equations before it. ``fault`` is what
    is wrong with a text that has no meaning, where something may help.
    ``senseless`` are the names of a side that has no meaning by itself.
    ``remarks`` are the words beside it that were read as words, and are no part of what was decided.
    """

    left: str
    right: str
    relation: str
    verdict: Verdict
    message: str
    span: tuple[int, int] | None = None
    counterexample: Counterexample | None = None
    repair: str | None = None
    mended: str | None = None
    mended_side: str = "right"
    mistake: str = ""
    change: Change = Change.OTHER
    assumes: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    follows_from: tuple[int, ...] = ()
    sides: tuple[Span, Span] | None = None
    opens: bool = True
    latex: bool = True
    understood: tuple[str, str] = ("", "")
    offers: tuple[Offer, ...] = ()
    milliseconds: float = field(default=0.0, compare=False)
    certificate: str = ""
    statement: str = ""
    out_of_work: bool = False
    at_given_sizes: bool = False
    untried: bool = False
    implied_sum: bool = False
    against_given: bool = False
    fault: Fault | None = None
    senseless: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """The relation as LaTeX."""
        return SIGNS.get(self.relation, self.relation)

    @property
    def reading(self) -> str:
        """The step as it was understood, as LaTeX made from its tree; empty where nothing was."""
        left, right = self.understood
        return f"{left} {self.sign} {right}" if left and right else ""

    @property
    def assurance(self) -> str:
        """How far a proof was checked: by a certificate, or by the prover alone."""
        if self.verdict is not Verdict.PROVED:
            return ""
        return f"Certified ({self.certificate})." if self.certificate else "By the prover, not certified."

    def to_dict(self) -> dict[str, Any]:
        return {
            "left": self.left,
            "right": self.right,
            "relation": self.relation,
            "verdict": self.verdict.value,
            "message": self.message,
            "span": list(self.span) if self.span else None,
            "counterexample": self.counterexample.to_dict() if self.counterexample else None,
            "repair": self.repair,
            "mended": self.mended,
            "mended_side": self.mended_side,
            "mistake": self.mistake,
            "assumes": list(self.assumes),
            "engines": list(self.engines),
            "follows_from": list(self.follows_from),
            "understood": list(self.understood),
            "offers": [[one.says, one.start, one.end, one.text] for one in self.offers],
            "milliseconds": round(self.milliseconds, 3),
            "certificate": self.certificate,
            "statement": self.statement,
            "out_of_work": self.out_of_work,
            "at_given_sizes": self.at_given_sizes,
            "untried": self.untried,
            "implied_sum": self.implied_sum,
            "remarks": list(self.remarks),
        }


def plain(matrix: Matrix) -> list[list[Any]]:
    """The values of a matrix as plain numbers and short texts."""
    return [[_number(x) for x in row] for row in matrix]


def _number(value: Number) -> Any:
    value = real(value)
    if isinstance(value, Decimal):
        short = f"{value.normalize():.6g}"
        return short.rstrip("0").rstrip(".") if "." in short and "e" not in short else short
    if isinstance(value, Fraction) and value.denominator != 1:
        return str(value)
    return int(value)


def matrix_text(matrix: Matrix) -> str:
    """A matrix in one line: a number, (a, b) for a column's entries, rows separated by semicolons."""
    cells = [[str(_number(x)) for x in row] for row in matrix]
    if len(cells) == 1 and len(cells[0]) == 1:
        return cells[0][0]
    return "[" + "; ".join(" ".join(row) for row in cells) + "]"
