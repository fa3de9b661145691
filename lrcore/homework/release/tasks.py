r"""What a derivation is asked to show, and what it earned: plain data."""

from dataclasses import dataclass, field

from lrcore.verify import Context, Report


@dataclass(frozen=True)
class Milestone:
    r"""Something that a derivation shows on its way.

    kind : what has to be seen, in a step that holds
        ``apart``   the derivative has been taken apart, by a chain, product or sum rule, and is not yet carried out,
                    but for whole terms of what is differentiated, such as a penalty; where there are ``forms``,
                    writing the differentiated thing out in these terms serves as well
        ``done``    every derivative has been carried out
        ``terms``   a side whose terms are these, in any order and each written in any way: ``forms`` lists them; it
                    stands in a chain that begins with the task's ``begins``
        ``states``  an equation that says the same as ``forms[0] = forms[1]``, up to a factor
        ``answer``  what was asked, carried out and in the form asked for
    """

    kind: str
    says: str
    points: float
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    r"""A derivation to be written.

    of, by : the name of what is differentiated, and by which name
    begins : the side that a chain has to begin with for its terms to count
    given : the condition that may be assumed, as (left, right); what follows from it holds
    matrix : whether the answer has to be free of sums and indices
    """

    context: Context
    milestones: tuple[Milestone, ...]
    of: str = "L"
    by: str = "w"
    begins: str = ""
    given: tuple[str, str] | None = None
    matrix: bool = True

    @property
    def points(self) -> float:
        """What a complete derivation earns."""
        return sum(milestone.points for milestone in self.milestones)


@dataclass(frozen=True)
class DerivationMark:
    """What a derivation earned, which milestones it passed, its first wrong line, and what a person should look at."""

    points: float
    out_of: float
    reached: tuple[bool, ...]
    says: str
    first_wrong: int | None = None
    for_a_person: bool = False
    report: Report | None = field(default=None, compare=False)
