r"""What a derivation is asked to show, and what it earned: plain data."""

from dataclasses import dataclass, field, replace

from lrcore.verify import Context, Report


@dataclass(frozen=True)
class Milestone:
    """Part of an assignment of the first edition: its points count, and the ``forms`` of the last one are the end."""

    kind: str
    says: str
    points: float
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    r"""A derivation to be written.

    worth : the points of a complete derivation (an older assignment gives milestones here, which are added up)
    of, by : the name of what is differentiated, and by which name
    begins : where nothing is differentiated, the side that the derivation begins with
    given : the condition that may be assumed, as (left, right), such as that the gradient is 0; the answer then is
        ``by``, solved for
    ends : where nothing is differentiated, what stands in each term of the answer: a symbol, or the whole term
    matrix : whether the answer has to be free of sums and indices
    limit : how many elementary rules a step may take; if it is not said 2, and 1 where nothing is differentiated
    """

    context: Context
    worth: float | tuple[Milestone, ...]
    of: str = "L"
    by: str = "w"
    begins: str = ""
    given: tuple[str, str] | None = None
    matrix: bool = True
    ends: tuple[str, ...] = ()
    limit: int | None = None

    def __post_init__(self) -> None:
        context = self.context.copy()
        context.independent = True  # a task declares all that it knows: its data depend on nothing
        object.__setattr__(self, "context", context)
        if isinstance(self.worth, tuple) and self.worth and not self.ends:
            last = self.worth[-1]
            if last.kind in ("states", "terms"):
                object.__setattr__(self, "ends", last.forms)

    @property
    def points(self) -> float:
        """What a complete derivation earns."""
        return sum(one.points for one in self.worth) if isinstance(self.worth, tuple) else self.worth

    @property
    def kind(self) -> str:
        """``derivative``, ``solve`` where an equation is solved after it, ``rewrite`` without a derivative."""
        if self.given is not None:
            return "solve"
        return "rewrite" if self.ends else "derivative"

    @property
    def steps(self) -> int:
        """How many elementary rules a step may take."""
        return self.limit if self.limit is not None else 1 if self.kind == "rewrite" else 2

    def within(self, context: Context) -> "Task":
        """The task with the symbols that a derivation has defined on its way."""
        return replace(self, context=context)


@dataclass(frozen=True)
class Lost:
    """Points that a derivation loses, with the reason; ``line`` is the step that loses them."""

    share: float
    says: str
    line: int | None = None


@dataclass(frozen=True)
class DerivationMark:
    """What a derivation earned.

    ``shows`` are the stages of the way with whether a line that holds reached them; ``lines`` what each step of the
    report is, in words; ``lost`` what costs points; ``between`` the rules that a jump goes over; ``mistake`` the rule
    that the first wrong line missed; ``good`` whether each step holds.
    """

    points: float
    out_of: float
    says: str
    shows: tuple[tuple[str, bool], ...] = ()
    lines: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    between: tuple[str, ...] = ()
    first_wrong: int | None = None
    for_a_person: bool = False
    report: Report | None = field(default=None, compare=False)
    mistake: str = ""
    good: tuple[bool, ...] = ()
