"""What can be wrong with a text before it is a matter of true or false."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What is wrong, where something is known that may help."""

    UNDECLARED = auto()
    UNKNOWN_COMMAND = auto()
    NO_VARIABLE = auto()
    UNEQUAL_FACTORS = auto()
    NUMBER_ADDED = auto()
    FOUR_INDICES = auto()  # a derivative of an array by an array that is no matrix
    LAYOUT = auto()  # a Jacobian beside its transpose
    NO_INDEX = auto()  # a bare sum of terms that do not carry exactly one
    BY_ZERO = auto()  # a division by what is zero whatever its letters are
    BROKEN_OFF = auto()  # a line that may go on with the one above


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text, as a value; ``about`` is the name of the command, or the size of the column."""

    kind: Kind
    about: str = ""


@dataclass(frozen=True)
class Offer:
    """A change of the text that answers a question: what its button says, and what stands from ``start`` to ``end``
    after it.
    """

    says: str
    start: int
    end: int
    text: str


class Problem(Exception):
    """A sentence for the reader, the part of the text it is about, and the answers that can be given."""

    def __init__(
        self,
        message: str,
        span: tuple[int, int] | None = None,
        offers: tuple[Offer, ...] = (),
        fault: Fault | None = None,
    ):
        super().__init__(message)
        self.message, self.span, self.offers, self.fault = message, span, offers, fault


class Unreadable(Problem):
    """The text is not mathematics that the grammar knows."""


class IllTyped(Problem):
    """The text is read, and has no meaning: shapes, index ranges, a bound index that is also free, a missing d."""


class OneSided(IllTyped):
    """An index that is free on one side alone: a lost index, unless the side that has it does not depend on it."""


class Unsized(Unreadable):
    """A constant array whose size nothing fixes: it is asked for."""


class Undeclared(IllTyped):
    """A symbol without a shape."""

    def __init__(self, name: str, message: str, span: tuple[int, int] | None = None):
        super().__init__(message, span, fault=Fault(Kind.UNDECLARED))
        self.name = name


class Outside(Exception):
    """An engine does not cover this expression, or would need more work than its budget."""


class OutOfWork(Outside):
    """One step has had all the work that it is given."""


class Undefined(Exception):
    """A value that does not exist: a division by zero, an inverse of a singular matrix."""
