"""What a text leaves open, decided as its writer would have it: the readings of :mod:`conventions` are tried, the one
under which most lines hold is taken and named, and nothing is refused for want of a definition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lrcore.verify import Change, Context, Examined, Report, Step, Verdict, to_latex
from lrcore.verify import names as spelling
from lrcore.verify import syntax as s

from .conventions import SQUARES, Choice, Question, Text, is_loss, is_target, questions, symmetry
from .table import Row
from .unknown_functions import ANY, DIFFERENTIATED, IN_PLACE, activations, any_functions, stood_for, written_out

MOST_RUNS, MOST_STEPS, MOST_PRUNED = 24, 80, 40
LAYOUT = 0.002  # what another layout has to be better by
LOST = 0.1  # what a step costs that can be read without a reading and not with it
_GIVEN = frozenset(("X", "x", "Y", "y", "Z", "z", "t"))  # data, in a text that solves for something else
_DATA_MATRICES = frozenset(("X", "Y", "Phi"))
_WEIGHTS = frozenset(("W", "B", "Theta", "U", "V"))
_NOT_SYMMETRIC = re.compile(r"(?:(?!symmetric).)*\bnot necessarily symmetric(?:(?!symmetric).)*", re.I | re.S)
OF_CHANCE = ("expectation", "variance")
FALSE = (Verdict.REFUTED, Verdict.ILL_TYPED, Verdict.STATIONARY)
_DATA = frozenset(("X", "x", "Y", "y", "w", "W", "b", "beta", "theta", "B", "Theta", "t", "z", "Z", "u", "v", "a", "c",
                   "d", "lambda", "alpha", "omega"))  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How a text is read: what open names mean (the number of the choice), the layout."""

    meanings: tuple[tuple[str, int], ...] = ()
    layout: str = ""

    def meaning(self, key: str, number: int) -> Reading:
        rest = tuple(one for one in self.meanings if one[0] != key)
        return replace(self, meanings=tuple(sorted(rest if number < 0 else (*rest, (key, number)))))


@dataclass
class Interpretation:
    """The reading that was taken, with the questions that stay, and what each reading tried says of each step."""

    reading: Reading
    found: Examined
    rows: list[Row]
    asked: list[Question] = field(default_factory=list)
    tried: list[tuple[Reading, list[Verdict]]] = field(default_factory=list)

    @property
    def taken(self) -> list[Question]:
        """The names whose meaning was taken, with the meaning that was taken first."""
        chosen = dict(self.reading.meanings)
        return [one.led_by(chosen[one.key]) for one in self.asked if one.key in chosen]


Run = Callable[[Sequence[Row], str], Examined]


@dataclass
class Search:
    """The readings of one text, tried one after the other with so much work."""

    run: Run
    asked: list[Question]
    plain: Examined
    tried: dict[Reading, Examined] = field(default_factory=dict)
    steps: int = 0

    def examined(self, reading: Reading) -> Examined | None:
        if reading not in self.tried:
            if len(self.tried) >= MOST_RUNS or self.steps > MOST_STEPS:
                return None
            self.tried[reading] = self.run(self.rows(reading), reading.layout)
            self.steps += len(self.plain.report.steps)
        return self.tried[reading]

    def rows(self, reading: Reading) -> list[Row]:
        return rows_of(reading, self.asked)

    def cost(self, reading: Reading) -> float:
        found = self.examined(reading)
        if found is None:
            return 1e9
        pairs = zip(found.report.steps, self.plain.report.steps)
        lost = sum(one.verdict is Verdict.UNREADABLE and plain.verdict in FALSE for one, plain in pairs)
        return failing(found) + LOST * lost + (LAYOUT if reading.layout else 0)


def rows_of(reading: Reading, asked: Sequence[Question]) -> list[Row]:
    """What a reading puts into the table."""
    chosen = dict(reading.meanings)
    taken = [one.choices[chosen[one.key]] for one in asked if one.key in chosen]
    return [row for one in taken for row in (one.row, *one.more)]


def failing(found: Examined) -> float:
    """How many steps do not hold, those that are refused above all."""
    return sum(map(_fault, found.report.steps))


def _fault(step: Step) -> float:
    if step.verdict in FALSE:
        return 1.05
    if step.verdict is Verdict.CHECKED:
        return 0.9 if step.untried else 0.3
    return 1.0 if step.verdict is Verdict.UNREADABLE else 0.0


def interpreted(run: Run, text: Text, plain: Examined, layout: str) -> Interpretation:
    """A text with open names, read as well as the list of readings allows; ``plain`` is what it says without them."""
    if not failing(plain):
        return Interpretation(Reading(), plain, [])
    asked, shapes = _with_first(questions(text), written_out(text)), text.shapes
    named = {one.key for one in asked}
    asked += [Question(key, (one,)) for key, one in stood_for(text).items() if key not in named]
    asked += [one for one in activations(text) if one.key not in named]
    asked += any_functions(text, {one.key: one for one in asked})
    named = {one.key for one in asked}
    squares = [
        key
        for key, shape in sorted(shapes.items())
        if _is_square(shape) and key not in named and not _varies(key, text)
    ]
    squares = [] if len(squares) == 1 and _NOT_SYMMETRIC.fullmatch(text.source) else squares
    symmetries = [symmetry(key, shapes[key]) for key in squares]
    search = Search(run, [*asked, *symmetries], plain, {Reading(): plain})
    best = Reading()
    every = Reading(tuple(sorted((one.key, 0) for one in asked)))
    if asked and search.cost(every) <= search.cost(best):
        best = every
    for one in asked if search.cost(best) else ():
        for number in range(-1, len(one.choices)):
            best = min(best, best.meaning(one.key, number), key=search.cost)
            if search.cost(best) < 0.1:
                break
    if layout == "gradient" and search.cost(best) > LAYOUT and _derives(text):
        mixed = [one.nabla for one in text.nodes() if isinstance(one, s.Deriv)]
        for other in ("jacobian", "denominator", "mixed")[: 2 + (len(set(mixed)) == 2)]:
            best = min(best, replace(best, layout=other), key=search.cost)
            if asked and search.cost(best) >= 1:
                best = min(best, replace(every, layout=other), key=search.cost)
    best = _pruned(best, search)
    if failing(search.tried[best]):
        symmetric = best
        for one in symmetries:
            symmetric = symmetric.meaning(one.key, 1)
        search.examined(symmetric)
    found = search.tried[best]
    tried = [(reading, [one.verdict for one in each.report.steps]) for reading, each in search.tried.items()]
    return Interpretation(best, found, search.rows(best), search.asked, tried)


def _varies(key: str, text: Text) -> bool:
    """Whether it is a matrix of data, or of weights by which the text differentiates: these may be any."""
    base = spelling.split_key(key)[0]
    return base in _DATA_MATRICES or (key in text.uses.varied and base in _WEIGHTS)


def _with_first(asked: list[Question], choices: dict[str, Choice]) -> list[Question]:
    """The questions, with these choices first where there are any."""
    known = {one.key for one in asked}
    new = [Question(key, (one,)) for key, one in choices.items() if key not in known]
    return [
        replace(one, choices=(choices[one.key], *one.choices)) if one.key in choices else one for one in asked
    ] + new


def _pruned(best: Reading, search: Search) -> Reading:
    """The reading without meanings that change nothing, in a text that is short enough to try it."""
    if len(best.meanings) * len(search.plain.report.steps) > MOST_PRUNED:
        return best
    false = any(one.verdict in FALSE for one in search.tried[best].report.steps)
    for key, _ in best.meanings:
        if false and "bar" in spelling.split_key(key)[1]:  # a mean has no value of its own
            continue
        best = min(best.meaning(key, -1), best, key=search.cost)
    return best


def _derives(text: Text) -> bool:
    """Whether a text has derivatives, so that the layout may matter."""
    known = [one.definition for one in text.context.symbols.values() if one.definition is not None]
    nodes = (*text.nodes(), *(node for one in known for node in s.walk(one)))
    return text.uses.unread or any(isinstance(one, s.Deriv | s.Prime | s.Diff) for one in nodes)


def _is_square(shape: str) -> bool:
    rows, _, cols = shape.partition(" x ")
    return bool(cols) and rows == cols


# ---------------------------------------------------------------------- the law


def lawful(
    step: Step,
    number: int,
    sides: tuple[s.Node, ...],
    typed: bool,
    text: Text,
    found: Interpretation,
    nearly: Callable[[], Step | None],
) -> tuple[Step, list[Question]]:
    """The step as it may be told, and what has to be asked about it: what is false under one reading alone, or speaks
    of what nobody explained, is not decided yet. Of what was not ``typed`` only how functions depend is asked. What
    speaks of names that nobody explained is refused all the same where it ``nearly`` holds.
    """
    unknown = {one.key for one in found.asked if one.choices and one.choices[0].says.startswith(ANY)}
    meant = {key for key, _ in found.reading.meanings} - unknown
    silent = silent_names(sides, text, meant)
    known = any(one.key in silent for one in found.asked)
    if silent and step.senseless and not {*silent} & {*step.senseless}:
        return step, []
    if silent and (step.verdict in FALSE or (known and step.verdict is Verdict.UNREADABLE)):
        slip = nearly()
        return _asked(step, silent, found) if slip is None else (slip, [])
    if step.verdict is Verdict.PROVED and (gone := _vanishing_by_loss(sides, text, found.found.context)):
        return opened(step, f"The definition of {spelling.latex(gone)} was not understood; this may rest on it."), []
    if step.verdict not in FALSE:
        return step, []
    mine = [one.verdict for one in found.found.report.steps]
    for reading, verdicts in found.tried:
        broken = sum(a is Verdict.PROVED and b in FALSE for a, b in zip(mine, verdicts))
        gained = sum(b is Verdict.PROVED and a in FALSE for a, b in zip(mine, verdicts))
        # Layouts are not mixed; of two lines that want another loss each, neither is known to be wrong.
        breaks = broken > (gained if reading.layout == found.reading.layout else 0)
        if len(verdicts) == len(mine) and verdicts[number] is Verdict.PROVED and not breaks:
            differences = _differences(found.reading, reading, found.asked)
            alone = len(mine) == 1  # what one line says word by word, is asked first
            chosen = dict(found.reading.meanings)  # the meaning that is taken meanwhile leads
            asked = [
                one if one.literal and alone else one.led_by(chosen.get(one.key, choice)) for one, choice in differences
            ]
            says = [f"{one.latex} as {one.choices[choice].says}" for one, choice in differences]
            says += (
                [f"the layout in which {LAYOUTS[reading.layout]}"]
                if reading.layout and reading.layout != found.reading.layout
                else []
            )
            with_ = ", ".join(says) or "nothing taken for granted"
            return opened(step, f"It holds with {with_}, and nothing says so."), asked
    # It nearly says what follows, or there are as many equations as unknowns.
    against = step.against_given or (step.verdict is Verdict.ILL_TYPED and step.repair)
    known_wrong = against and (step.repair or not may_be_independent(step, sides, found.found.report, text))
    if not known_wrong and (unknown_later := solved_later(step, sides, text)):
        name = spelling.latex(unknown_later)
        return opened(step, f"An equation for {name}, which is solved for further down; it is not decided."), []
    if hidden := _hidden(sides, found.found.context):
        return opened(step, hidden), []
    if not typed:
        strange = _strange(sides, text, meant)
        slip = nearly() if strange else step
        return _asked(step, strange, found) if slip is None else (slip, [])
    by = {
        name
        for side in sides
        for one in s.walk(side)
        if isinstance(one, s.Deriv)
        for w in one.wrt
        for name in s.names(w)
    }
    explained = {key for key, one in found.found.context.symbols.items() if one.definition is not None}
    lost = sorted((set().union(*map(s.names, sides)) & text.lost) - by - explained) if sides else []
    if lost:
        names = " and ".join(spelling.latex(one) for one in lost[:3])
        return opened(step, f"The definition of {names} was not understood, so that this is not decided yet."), []
    given = {name for one in found.found.conditions for name in one.claim.symbols}
    if rests := _random_by_condition(sides, text, given):
        return opened(step, f"What {spelling.latex(rests)} is, is said as a condition; define it before this line."), []
    unsaid = open_names(sides, text, meant | given, found.found.context)
    slip = nearly() if unsaid else step
    return _asked(step, unsaid, found) if slip is None else (slip, [])


def is_slip(step: Step, of_a_loss: bool = False) -> bool:
    """Whether one change makes a false step right, does more than to repeat the other side, and leaves nothing out that
    the writer may have meant. ``of_a_loss`` that is a guess neither signs nor factors are known.
    """
    other = step.understood[step.mended_side == "left"]
    if step.mended is None or "".join(step.mended.split()) == "".join(other.split()):
        return False
    if of_a_loss and step.verdict is not Verdict.ILL_TYPED:
        return False
    return step.change is not Change.LEAVES_OUT and not (of_a_loss and step.change is Change.SCALES)


def takes_a_loss(other: Interpretation, found: Interpretation, sides: Sequence[s.Node]) -> bool:
    """Whether a step rests on a loss that a reading takes for something and the other one leaves open; a sum of squares
    that has its usual name is no guess.
    """
    known = dict(found.reading.meanings)
    taken = {key for key, _ in other.reading.meanings if is_loss(key) and key not in known}
    spoken_of = set().union(*map(s.names, sides))
    resting = spoken_of.union(*map(found.found.context.depends, spoken_of))
    return not taken.isdisjoint(resting - SQUARES)


def usual_readings(
    sides: Sequence[s.Node], found: Interpretation, context: Context, anyway: bool = False
) -> Iterator[Interpretation]:
    """The reading that was taken, with the usual meanings of those names of a step that it leaves open, and the other
    layouts where the text says nothing of them; the reading that was taken too, where it is wanted ``anyway``. What a
    name would have to be for a line to hold is no usual meaning of it.
    """
    if anyway:
        yield found
    names = set().union(*map(s.names, sides)) if sides else set()
    names = names.union(*map(context.depends, names))
    chosen = dict(found.reading.meanings)
    open_ = {one.key: one.choices for one in found.asked if not one.literal and one.key not in chosen}
    usual = {
        key: numbers for key, choices in open_.items()
        if (numbers := [k for k, one in enumerate(choices) if one.says not in (DIFFERENTIATED, IN_PLACE)])
    }  # fmt: skip
    reading = found.reading
    for key, numbers in usual.items():
        reading = reading.meaning(key, numbers[0])
    spoken_of = {key: numbers for key, numbers in usual.items() if key in names}
    for place in range(max(map(len, spoken_of.values()), default=0)):
        other = reading
        for key, numbers in spoken_of.items():
            other = other.meaning(key, numbers[min(place, len(numbers) - 1)])
        if other != found.reading:
            yield replace(found, reading=other, rows=rows_of(other, found.asked))
    derives = any(isinstance(node, s.Deriv) for side in sides for node in s.walk(side))
    for layout in ("jacobian", "denominator") if derives and context.layout == "gradient" else ():
        yield replace(found, reading=replace(reading, layout=layout), rows=rows_of(reading, found.asked))


def _vanishing_by_loss(sides: Sequence[s.Node], text: Text, context: Context) -> str:
    """A name whose definition was not understood, below a derivative that vanishes without it: nothing is proved."""
    for node in (one for side in sides for one in s.walk(side) if isinstance(one, s.Deriv)):
        inside = s.names(node.f)
        rests = inside.union(*map(context.depends, inside))
        by = set().union(*map(s.names, node.wrt))
        if rests & text.lost and not rests & {*by, *map(spelling.swap_case, by)}:
            return min(rests & text.lost)
    return ""


def _random_by_condition(sides: Sequence[s.Node], text: Text, given: set[str]) -> str:
    """A name under an expectation that a condition alone makes of what is random."""
    calls = [one for side in sides for one in s.walk(side) if isinstance(one, s.Call) and one.fn in OF_CHANCE]
    names = given.intersection(set().union(*map(s.names, calls))) - text.uses.random
    for chain in text.uses.chains:
        head, body = chain[0], chain[-1]
        plain = not any(isinstance(one, s.Call) and one.fn in OF_CHANCE for one in s.walk(body))
        if isinstance(head, s.Name) and head.id in names and plain and s.names(body) & text.uses.random:
            return head.id
    return ""


def _asked(step: Step, unknown: list[str], found: Interpretation) -> tuple[Step, list[Question]]:
    """The step, not decided yet, with what has to be asked about it."""
    names = " and ".join(spelling.latex(one) for one in unknown[:3])
    asked = [one for one in found.asked if one.key in unknown]
    asked += [Question(key, ()) for key in unknown if key not in {one.key for one in asked}]
    verb = "is" if len(unknown) == 1 else "are"
    return opened(step, f"Nothing says what {names} {verb}."), asked


def noted(step: Step, sides: Sequence[s.Node], context: Context, found: Interpretation) -> Step:
    """The step with what was taken for it: the meanings of the names it rests on, and the layout."""
    names: set[str] = set().union(*(s.names(side) for side in sides)) if sides else set()
    rests = names.union(*map(context.depends, names)) if names else names
    taken = dict(found.reading.meanings)
    said = tuple(
        f"{one.latex} is taken as {one.choices[taken[one.key]].says}"
        for one in found.asked
        if one.key in taken and one.key in rests
    )
    derives = any(isinstance(node, s.Deriv | s.Diff) for side in sides for node in s.walk(side))
    if found.reading.layout and derives:
        said += (f"{LAYOUTS[found.reading.layout]}",)
    return replace(step, assumes=(*step.assumes, *said)) if said else step


def opened(step: Step, message: str) -> Step:
    return replace(
        step, verdict=Verdict.OPEN, message=message, counterexample=None, repair=None, mended=None, mistake="",
        engines=(),
    )  # fmt: skip


def _differences(taken: Reading, other: Reading, asked: list[Question]) -> list[tuple[Question, int]]:
    """What another reading takes differently: the questions, with the number of that reading's answer."""
    mine, theirs = dict(taken.meanings), dict(other.meanings)
    return [(one, theirs[one.key]) for one in asked if one.key in theirs and theirs[one.key] != mine.get(one.key)]


LAYOUTS = {
    "jacobian": "gradients are rows", "denominator": "Jacobians are transposed",
    "mixed": r"a gradient with \nabla is a column and one with \partial a row",
}  # fmt: skip


def silent_names(sides: Sequence[s.Node], text: Text, meant: set[str]) -> list[str]:
    """The names that a step calls as functions or differentiates, and of which nothing says what they rest on."""
    found: dict[str, None] = {}
    for node in (one for side in sides for one in s.walk(side)):
        if isinstance(node, s.At) and isinstance(node.fn, s.Name):
            found[node.fn.id] = None
        elif isinstance(node, s.Deriv) and not _is_defined_call(node.f, text):
            by = set().union(*map(s.names, node.wrt))
            by |= set(map(spelling.swap_case, by))
            inside = s.names(node.f)
            if not by & inside.union(*map(text.context.depends, inside)) and not inside & meant:
                unsaid = (inside & text.shapes.keys()) - text.uses.bound
                found |= dict.fromkeys(sorted(one for one in unsaid if not is_target(one)))
    return [key for key in found if key not in meant and text.is_open(key)]


def _is_defined_call(node: s.Node, text: Text) -> bool:
    """Whether it is a function of the text at a value, as in the gradient of L at w_t."""
    return isinstance(node, s.At) and isinstance(node.fn, s.Name) and node.fn.id in text.defined


def solved_later(step: Step, sides: Sequence[s.Node], text: Text) -> str:
    """The unknown of a line that is linear in it and that the text solves for further down."""
    if not step.opens or not step.sides or len(sides) != 2:
        return ""
    later = {
        tree.id for place, tree in text.uses.trees.items() if isinstance(tree, s.Name) and place[0] > step.sides[1][1]
    }
    for key in sorted(set().union(*map(s.names, sides)) & later & text.shapes.keys()):
        if all(_is_linear(side, key) for side in sides) and _terms(sides[0], key) != _terms(sides[1], key):
            return key
    return ""


def _terms(node: s.Node, key: str) -> Counter[str]:
    """The terms of a side that hold a name; where both sides have the same, no value of it makes them equal."""
    terms = node.terms if isinstance(node, s.Add) else (node,)
    return Counter(to_latex(one) for one in terms if key in s.names(one))


def may_be_independent(step: Step, sides: Sequence[s.Node], report: Report, text: Text) -> bool:
    """Whether there are fewer conditions before an equation than unknowns in it."""
    bare = set().union(*map(s.names, sides)) & text.shapes.keys()
    unknown = [key for key in bare if key not in _GIVEN and not spelling.split_key(key)[1]]
    earlier = [one for one in report.steps if one.sides and step.sides and one.sides[0] < step.sides[0]]
    return sum(one.verdict is Verdict.CONDITION for one in earlier) < len(unknown)


def _strange(sides: Sequence[s.Node], text: Text, meant: set[str]) -> list[str]:
    """The names of a step without meaning that are made of others, as ``\\hat x`` is, and that nothing explains: how
    large they are was guessed.
    """
    found = set().union(*map(s.names, sides)) & text.shapes.keys() if len(sides) == 2 else set()
    return [key for key in sorted(found) if key not in meant | text.uses.varied and text.is_open(key) and _is_made(key)]


def _is_made(key: str) -> bool:
    base, accents, _, _ = spelling.split_key(key)
    return bool({"hat", "tilde", "star"} & set(accents)) and base.lower() not in ("y", "t")


def _is_linear(node: s.Node, key: str) -> bool:
    """Whether a tree is plainly linear in a name: no power, no function and no product of it with itself."""
    if key not in s.names(node) or isinstance(node, s.Name):
        return True
    if isinstance(node, s.Mul):
        inside = [one for one in node.factors if key in s.names(one)]
        return len(inside) == 1 and _is_linear(inside[0], key)
    return isinstance(node, s.Add | s.Neg | s.Sum) and all(_is_linear(one, key) for one in s.children(node))


def _hidden(sides: Sequence[s.Node], context: Context) -> str:
    """What is said of a derivative by a name that the text defines, of something that is not written in that name."""
    for node in (one for side in sides for one in s.walk(side) if isinstance(one, s.Deriv)):
        inside = s.names(node.f)
        for by in (one for one in node.wrt if isinstance(one, s.Name)):
            symbol = context.lookup(by.id)
            if symbol is None or symbol.definition is None or by.id in inside.union(*map(context.depends, inside)):
                continue
            if context.primitives(by.id) & set().union(*map(context.primitives, inside)):
                of, name = " and ".join(map(spelling.latex, sorted(inside)[:2])), spelling.latex(by.id)
                return f"How {of} depends on {name} is not written; write it in terms of {name}."
    return ""


def _is_added_to_targets(key: str, text: Text) -> bool:
    r"""Whether the targets are said to be made with a name, as with the noise of ``y = X\beta + \epsilon``."""
    return not text.uses.random and any(
        key in s.names(sides[1]) for sides in text.uses.chains if len(sides) > 1 and isinstance(sides[1], s.Add)
        for one in (sides[0].base if isinstance(sides[0], s.Entry) else sides[0],)
        if isinstance(one, s.Name) and is_target(one.id)
    )  # fmt: skip


def _is_added(key: str, text: Text) -> bool:
    """Whether a name stands in sums alone, as the constant of a log-likelihood does."""
    added = [one for node in text.nodes() if isinstance(node, s.Add) for one in node.terms]
    return added.count(s.Name(key)) == sum(node == s.Name(key) for node in text.nodes())


def _is_free(key: str, text: Text, context: Context) -> bool:
    r"""Whether a text says of a matrix that it is symmetric, or writes it as an argument, as in ``f(\Lambda) = ...``:
    what holds is to hold for all of these.
    """
    if key in ("const", "C") and _is_added(key, text):
        return True
    symbol = context.lookup(key)
    heads = (sides[0] for sides in text.uses.chains if isinstance(sides[0], s.At))
    return (symbol is not None and symbol.symmetric) or any(s.Name(key) in one.args for one in heads)


def open_names(sides: tuple[s.Node, ...], text: Text, meant: set[str], context: Context) -> list[str]:
    """The names of a step that nothing explains and that are no data: a loss, a mean, a hat, also where a definition
    of the text speaks of it, and what stands on one side alone and is neither a letter for data nor for what is fitted.
    """
    if len(sides) != 2:
        return []
    left, right = map(s.names, sides)
    said = [
        one.union(*map(context.depends, one)) for one in (left, right)
    ]  # with what definitions of the text speak of
    found = []
    for key in sorted(said[0] | said[1]):
        if key in meant or key not in text.shapes or not text.is_open(key) or _is_free(key, text, context):
            continue
        base, accents, _, _ = spelling.split_key(key)
        noise = base in ("r", "e", "epsilon", "varepsilon") and not _is_added_to_targets(key, text)
        noise = noise and key not in text.uses.varied
        derived = bool({"hat", "bar", "tilde"} & set(accents)) or noise
        alone = (key in left) != (key in right)
        other = spelling.swap_case(key)  # X beside x, and nothing says how one is made of the other
        entries = alone and other != key and other in (left | right) & text.uses.bare
        entries = entries and not _is_square(text.shapes.get(other, ""))  # weights W beside the unknown w
        other_data = base not in _DATA and not _is_added_to_targets(key, text) and (key in said[0]) != (key in said[1])
        if other_data and base in ("n", "N", "m", "M"):  # a count is one wherever a definition speaks of it
            other_data = (key in left) != (key in right)
        if (derived and alone) or other_data or entries:
            found.append(key)
    letters = [one & text.shapes.keys() for one in said]
    if not found and all(letters) and not letters[0] & letters[1]:  # nothing says what one has to do with the other
        return [key for key in sorted(left & text.shapes.keys()) if key not in meant and text.is_open(key)]
    return found
