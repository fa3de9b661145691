r"""Marking a derivation: points stand on milestones, not on lines.

The prover of :mod:`lrcore.verify` says of every step whether it holds. Here is decided what a proved step is worth.

What a side of an equation still has to do is read off by crossing derivatives out. Multiply each derivative in it by 0:
what vanishes was all still to be done, what stays the same is finished. So no step can be padded past a milestone:
adding :math:`A - A`, or 0 times anything, changes nothing that counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from lrcore.verify import Context, Report, Step, Verdict, derivation, implies
from lrcore.verify import syntax as s
from lrcore.verify import text as plain
from lrcore.verify.errors import Problem
from lrcore.verify.latex import read_expression as read_latex
from lrcore.verify.printing import to_latex, to_text
from lrcore.verify.reading import is_latex, read_expression

LONGEST = 8_000
_FACTORS = ("-1", "2", r"\frac{1}{2}", "-2", r"-\frac{1}{2}", "N", r"\frac{1}{N}", r"\frac{2}{N}", r"\frac{N}{2}")
_INDEXED = (s.Sum, s.Entry, s.Delta)


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


def mark(text: str, task: Task) -> DerivationMark:
    """Mark a derivation typed by a student, in LaTeX or in the NumPy-like language."""
    if len(text) > LONGEST:
        return _nothing(
            task, f"It is {len(text)} characters long, and at most {LONGEST} are read: leave out what is not needed."
        )
    if not text.strip():
        return _nothing(task, "Nothing was written.")
    report = (implies if task.given else derivation)(text, task.context)
    if not report.steps:
        return _nothing(task, "No equation was found in it; write each line with an equals sign.")
    return _Marking(task, report).result()


def _nothing(task: Task, says: str) -> DerivationMark:
    return DerivationMark(0.0, task.points, (False,) * len(task.milestones), says)


def expression_is(text: str, expected: str, context: Context) -> tuple[bool, str]:
    """Whether a typed expression equals the expected one for all sizes, carried out; and why not."""
    if not text.strip():
        return False, "nothing was written"
    if len(text) > LONGEST:
        return False, f"it is {len(text)} characters long, and at most {LONGEST} are read"
    try:
        given, right = read_expression(text, context), read_expression(expected, context)
    except (Problem, RecursionError) as error:
        return False, f"it cannot be read: {error}"
    if any(isinstance(node, s.Deriv | s.Diff) for node in s.walk(given)):
        return False, "a derivative in it is not carried out"
    hidden = {name for name in s.names(given) if _is_loss(name, context)}
    if hidden:
        return False, f"it still holds {', '.join(sorted(hidden))}; write it with the symbols of the model"
    for write in (to_latex, to_text):
        step = derivation(f"{write(right)} = {write(given)}", context).steps[-1]
        if step.verdict is not Verdict.UNREADABLE:
            break
    return step.verdict is Verdict.PROVED, "" if step.verdict is Verdict.PROVED else step.message


def _is_loss(name: str, context: Context) -> bool:
    symbol = context.lookup(name)
    return symbol is not None and symbol.definition is not None and name in ("L", "J")


@dataclass
class _Side:
    """One side of one equation: its tree, and the chain that it stands in."""

    text: str
    tree: s.Node | None


class _Marking:
    """One derivation on its way through the milestones."""

    def __init__(self, task: Task, report: Report):
        self.task, self.report = task, report
        self.latex = is_latex(report.text, task.context)
        self.passed: set[int] = set()  # milestones that were reached, by a good step or a bad one
        self.earned: set[int] = set()  # those that count
        self.forgiven: set[int] = set()  # those that a bad step reached besides the one that it costs
        self.wrong: list[int] = []
        self.definitions: list[str] = []
        self.person = False
        self.notes: list[str] = []
        self.carried = ""
        self.asked: dict[tuple[str, ...], bool] = {}  # what the prover said; milestones ask the same again

    def result(self) -> DerivationMark:
        for chain in self._chains():
            if not self._walk(chain):
                break
        milestones = self.task.milestones
        if len(self.wrong) == 1:
            self.earned |= self.forgiven
        points = sum(milestones[k].points for k in self.earned)
        reached = tuple(k in self.earned for k in range(len(milestones)))
        first = self.wrong[0] if self.wrong else None
        return DerivationMark(points, self.task.points, reached, self._says(), first, self.person, self.report)

    def _chains(self) -> Iterator[list[int]]:
        """The steps of each chain of equals signs."""
        chain: list[int] = []
        for place, step in enumerate(self.report.steps):
            if chain and step.left != self.report.steps[chain[-1]].right:
                yield chain
                chain = []
            chain.append(place)
        yield chain

    # ------------------------------------------------------------------ one chain

    def _walk(self, chain: list[int]) -> bool:
        """Go through one chain; False where marking has to stop."""
        steps = [self.report.steps[place] for place in chain]
        head = self._side(steps[0].left)
        begins, listed = self._is_asked(head, whole=False), self._begins_as_told(head)
        sound = True
        for place, step in zip(chain, steps):
            if self._redefines(step):
                self.wrong.append(place)
                self.notes.append(f"Line {place + 1} gives a new meaning to a symbol that the task has given.")
                return False
            if step.verdict is Verdict.DEFINITION:
                self.definitions.append(f"{step.left} := {step.right}")
                continue
            holds, follows = self._judge(place, step, begins and step is steps[0])
            before, after = self._side(step.left), self._side(step.right)
            if begins and sound:
                self._differentiated(before, after, holds, head)
            if holds and sound:
                self._stated(step, after, listed)
            sound = sound and (holds or follows)
        return True

    def _judge(self, place: int, step: Step, from_head: bool) -> tuple[bool, bool]:
        """Whether a step holds, and whether what comes after it can still be followed."""
        if step.verdict is Verdict.PROVED:
            return not self._leans(step), True
        if step.verdict is Verdict.CONDITION:
            if self._is_given(step):
                return True, True
            self.wrong.append(place)
            self.notes.append(f"Line {place + 1} does not hold in general, and the task has not given it.")
            return False, False
        if step.verdict is Verdict.CHECKED:
            self.person = True
            self.notes.append(f"Line {place + 1} agrees with numbers but could not be proved; a person has to read it.")
            return False, True
        factor = self._factor(step) if step.verdict is Verdict.REFUTED else ""
        if from_head and factor and factor == self.carried:
            return True, True  # the same mistake as before, carried forward: it has cost its points already
        self.carried = self.carried or factor
        self.wrong.append(place)
        return False, bool(step.repair or factor)

    def _leans(self, step: Step) -> bool:
        """Whether a proof rests on a condition that the task does not give."""
        leaning = [one for one in step.assumes if one.endswith(" holds")]
        return bool(leaning) and self.task.given is None

    def _is_given(self, step: Step) -> bool:
        return self.task.given is not None and self._same_equation(step, self.task.given)

    def _redefines(self, step: Step) -> bool:
        if step.relation == ":=" and step.verdict is Verdict.ILL_TYPED:
            return True
        if step.verdict is not Verdict.DEFINITION:
            return False
        tree = self._side(step.left).tree
        name = tree.id if isinstance(tree, s.Name) else next(iter(s.names(tree)), "") if tree else ""
        symbol = self.task.context.lookup(name)
        return self.task.context.is_size(name) or (symbol is not None and symbol.definition is None)

    # ------------------------------------------------------------------ milestones of a derivative

    def _differentiated(self, before: _Side, after: _Side, holds: bool, head: _Side) -> None:
        """Milestones that the step from one side to the next passes."""
        whole, reached = self._is_asked(head, whole=True), list[int]()
        for k, milestone in enumerate(self.task.milestones):
            if (
                milestone.kind in ("apart", "done", "answer")
                and k not in self.passed
                and self._shows(milestone, after, head, whole)
            ):
                first = not any(one < k for one in self.passed) and k > 0 and self._needs_one_before(k)
                if first:
                    continue  # a jump: nothing was shown on the way
                self.passed.add(k)
                reached.append(k)
        if holds:
            self.earned.update(reached)
        elif self.carried:  # a lost factor costs one milestone, also where the step takes two at once
            self.forgiven.update(reached[1:])

    def _needs_one_before(self, k: int) -> bool:
        return any(one.kind in ("apart", "terms") for one in self.task.milestones[:k])

    def _shows(self, milestone: Milestone, side: _Side, head: _Side, whole: bool) -> bool:
        if side.tree is None:
            return False
        left = self._left_to_do(side.tree)
        if milestone.kind == "apart":
            split = left == "start" and bool(milestone.forms) and self._by_sum_rule(side.tree)
            partly = left == "some" and self._but_for_a_part(side.tree, head)
            return (left == "all" or split or partly) and not self._is_asked(side, whole=False)
        if left != "nothing" or self._mentions_loss(side.tree):
            return False
        return milestone.kind == "done" or (whole and self._in_form(side.tree))

    def _but_for_a_part(self, tree: s.Node, head: _Side) -> bool:
        """Whether what is carried out is the derivative of some terms of the loss, and the rest is still to be done."""
        terms = [(term, self._left_to_do(term)) for term in _terms(tree)]
        done = [term for term, left in terms if left == "nothing"]
        if not done or any(left not in ("nothing", "all") for _, left in terms):
            return False
        return any(self._equal(s.Add(tuple(done)), _derivative_of(part, head.tree)) for part in self._parts())

    def _parts(self) -> Iterator[s.Node]:
        """Some of the terms of what is differentiated, but not all of them."""
        symbol = self.task.context.lookup(self.task.of)
        terms = [] if symbol is None or symbol.definition is None else list(_terms(symbol.definition))
        for number in range(1, len(terms)):
            yield from (s.Add(some) for some in combinations(terms, number))

    def _by_sum_rule(self, tree: s.Node) -> bool:
        """Whether the derivatives are those of parts of the loss, and none is that of a multiple of it."""
        parts = [
            node.f if isinstance(node, s.Deriv) else node.arg
            for node in s.walk(tree)
            if isinstance(node, s.Deriv | s.Diff)
        ]
        whole = [self._mentions_loss(part) or self._is_multiple(part) for part in parts]
        return len(parts) > 1 and not any(whole)

    def _is_multiple(self, part: s.Node) -> bool:
        return any(self._equal(_times(one, part), self._form(self.task.of)) for one in self._factors())

    def _in_form(self, tree: s.Node) -> bool:
        return not self.task.matrix or not any(isinstance(node, _INDEXED) for node in s.walk(tree))

    def _left_to_do(self, tree: s.Node) -> str:
        """``all``: crossing the derivatives out leaves zero; ``nothing``: it changes nothing; else ``some``."""
        crossed, count = self._crossed(tree, big=True)
        if not count:
            return "nothing"
        if self._equal(crossed, _times(s.ZERO, tree)):
            small, _ = self._crossed(tree, big=False)
            return "start" if self._equal(small, tree) else "all"
        return "nothing" if self._equal(crossed, tree) else "some"

    def _crossed(self, tree: s.Node, big: bool) -> tuple[s.Node, int]:
        """The tree with derivatives times 0, and how many; without ``big``, only those of what is linear."""
        count = 0

        def cross(node: s.Node) -> s.Node:
            nonlocal count
            degree = self._degree_of(node)
            if degree == 1 or (degree > 1 and big):
                count += 1
                return _times(s.ZERO, node)
            return s.rebuild(node, cross)

        return cross(tree), count

    def _degree_of(self, node: s.Node) -> int:
        """The degree, in what it is taken by, of what a derivative is taken of; 0 for all that is no work."""
        if isinstance(node, s.Deriv):
            by = {name for name in self._symbols(node.wrt[0]) if self._rests(name)}
            return 0 if self._bare(node.f) else max((self._degree(node.f, name) for name in by), default=0)
        if isinstance(node, s.Diff):
            return 0 if self._bare(node.arg) and self._primitive(node.arg) else self._degree(node.arg, self.task.by)
        return 0

    def _bare(self, node: s.Node) -> bool:
        """Whether only one symbol stands there, so that differentiating it is no work: dw, or dw_l/dw_k."""
        return (isinstance(node, s.Name | s.Entry) and self._primitive(node)) or len(self._symbols(node)) == 0

    def _primitive(self, node: s.Node) -> bool:
        found = [self.task.context.lookup(name) for name in self._symbols(node)]
        return all(one is not None and one.definition is None for one in found)

    def _symbols(self, node: s.Node) -> set[str]:
        return {name for name in s.names(node) if self.task.context.lookup(name) is not None}

    def _rests(self, name: str) -> bool:
        """Whether a symbol is what the task differentiates by, or is defined through it."""
        return name == self.task.by or self.task.by in self.task.context.depends(name)

    def _degree(self, node: s.Node, name: str, depth: int = 0) -> int:
        """An upper bound of the degree of an expression in a name, through definitions."""
        if depth > 20:
            return 9
        if isinstance(node, s.Name):
            if node.id == name:
                return 1
            symbol = self.task.context.lookup(node.id)
            inside = symbol.definition if symbol is not None else None
            return self._degree(inside, name, depth + 1) if inside is not None else 0
        below = [self._degree(child, name, depth) for child in s.children(node)]
        if isinstance(node, s.Add | s.Block):
            return max(below, default=0)
        if isinstance(node, s.Pow) and isinstance(node.exponent, s.Num):
            return int(below[0] * node.exponent.value) if node.exponent.value > 0 else 9
        if isinstance(node, s.Call) and node.fn in ("norm2", "normf2"):
            return 2 * sum(below)
        return sum(below)

    # ------------------------------------------------------------------ milestones that are said

    def _stated(self, step: Step, after: _Side, listed: bool) -> None:
        for k, milestone in enumerate(self.task.milestones):
            if k in self.passed or not milestone.forms:
                continue
            if milestone.kind == "states":
                said = self._same_equation(step, (milestone.forms[0], milestone.forms[1]))
            else:
                said = listed and self._has_terms(after.tree, milestone.forms)
            if said:
                self._earn_stated(k)

    def _begins_as_told(self, head: _Side) -> bool:
        begins = self._form(self.task.begins) if self.task.begins else None
        return head.tree is not None and begins is not None and _plainly(head.tree) == _plainly(begins)

    def _earn_stated(self, k: int) -> None:
        last = k == len(self.task.milestones) - 1
        if last and k > 0 and not self.passed:
            return  # a jump to the end
        self.passed.add(k)
        self.earned.add(k)

    def _same_equation(self, step: Step, meant: tuple[str, str]) -> bool:
        """Whether both sides are the meant ones times the same factor; with a term moved it is another equation."""
        left, right = self._side(step.left).tree, self._side(step.right).tree
        if left is None or right is None:
            return False
        return any(
            self._equal(_times(one, left), self._form(meant[0]))
            and self._equal(_times(one, right), self._form(meant[1]))
            for one in self._factors()
        )

    def _has_terms(self, tree: s.Node | None, forms: tuple[str, ...]) -> bool:
        terms = list(_terms(tree)) if tree is not None else []
        wanted = [self._form(form) for form in forms]
        if len(terms) != len(wanted):
            return False
        for term in terms:
            match = next((form for form in wanted if self._equal(term, form)), None)
            if match is None:
                return False
            wanted.remove(match)
        return True

    # ------------------------------------------------------------------ asking the prover

    def _equal(self, left: s.Node, right: s.Node) -> bool:
        """Whether two trees are proved equal, asked in the language of the derivation, under its definitions."""
        write = to_latex if self.latex else _to_text
        lines = (*self.definitions, f"{write(left)} = {write(right)}")
        if lines not in self.asked:
            text = " \\\\\n".join(lines) + r" \," if self.latex else "\n".join(lines)
            steps = derivation(text, self.task.context, repairs=False).steps
            if steps and steps[-1].out_of_time:  # on a faster machine it might have been decided
                self.person = True
                self.notes.append("A comparison took too long; a person has to read it.")
            self.asked[lines] = (
                bool(steps)
                and steps[-1].verdict is Verdict.PROVED
                and not any(one.endswith(" holds") for one in steps[-1].assumes)
            )
        return self.asked[lines]

    def _side(self, text: str) -> _Side:
        try:
            return _Side(text, read_latex(text, self.task.context) if self.latex else plain.read(text))
        except (Problem, RecursionError):
            return _Side(text, None)

    def _form(self, text: str) -> s.Node:
        """The tree of what the task says, which is LaTeX."""
        return read_latex(text, self.task.context)

    def _factors(self) -> Iterator[s.Node]:
        yield from map(self._form, ("1", *_FACTORS))

    def _is_asked(self, side: _Side, whole: bool) -> bool:
        """Whether a side is what was asked for: the derivative, or (not ``whole``) an entry or the differential."""
        tree = side.tree
        if isinstance(tree, s.Entry):
            return not whole and self._is_asked(_Side(side.text, tree.base), whole=False)
        if isinstance(tree, s.Diff):
            return not whole and self._is_the_loss(tree.arg)
        if not isinstance(tree, s.Deriv) or len(tree.wrt) != 1 or not self._is_the_loss(tree.f):
            return False
        by = tree.wrt[0]
        names = s.names(by) & {self.task.by}
        return bool(names) and (not whole or isinstance(by, s.Name) or not self.task.matrix)

    def _is_the_loss(self, node: s.Node) -> bool:
        if isinstance(node, s.Name | s.At):
            return self.task.of in s.names(node)
        return self._degree(node, self.task.by) > 1 and self._equal(node, self._form(self.task.of))

    def _mentions_loss(self, tree: s.Node) -> bool:
        return self.task.of in s.names(tree)

    def _factor(self, step: Step) -> str:
        """The factor by which the right side has to be multiplied to hold; empty if none of the usual ones."""
        left, right = self._side(step.left).tree, self._side(step.right).tree
        if left is None or right is None:
            return ""
        return next((one for one in _FACTORS if self._equal(left, _times(self._form(one), right))), "")

    # ------------------------------------------------------------------ words

    def _says(self) -> str:
        said = []
        if self.wrong:
            said.append(f"The first line that does not hold is number {self.wrong[0] + 1}.")
        said += dict.fromkeys(self.notes)
        missing = [one.says for k, one in enumerate(self.task.milestones) if k not in self.earned]
        if missing and not self.wrong and self.report.ok and not self.notes:
            said.append(f"What you wrote is true, now show how: {'; '.join(missing)}.")
        elif missing:
            said.append(f"Not shown by a line that holds: {'; '.join(missing)}.")
        return " ".join(said) or "Complete, and every line holds."


def _terms(tree: s.Node) -> Iterator[s.Node]:
    if isinstance(tree, s.Add):
        for term in tree.terms:
            yield from _terms(term)
    elif isinstance(tree, s.Neg) and isinstance(tree.arg, s.Add):
        for term in _terms(tree.arg):
            yield s.neg(term)
    else:
        yield tree


def _times(factor: s.Node, node: s.Node) -> s.Node:
    return s.Mul((factor, node))


def _derivative_of(part: s.Node, head: s.Node | None) -> s.Node:
    """The derivative that a chain begins with, taken of something else."""
    if isinstance(head, s.Entry):
        return replace(head, base=_derivative_of(part, head.base))
    return replace(head, f=part) if isinstance(head, s.Deriv) else s.Diff(part)


def _plainly(node: s.Node) -> s.Node:
    """The tree with each product written as LaTeX does, so that one way of writing is compared with the other."""
    if isinstance(node, s.Star):
        return _times(_plainly(node.left), _plainly(node.right))
    if isinstance(node, s.Mul):
        return s.Mul(tuple(map(_plainly, node.factors)))
    return s.rebuild(node, _plainly)


def _to_text(node: s.Node) -> str:
    """In the NumPy-like language, in which ``lambda`` is no name."""
    return to_text(s.substitute(node, {"lambda": s.Name("lam")}))
