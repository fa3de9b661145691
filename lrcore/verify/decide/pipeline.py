"""A derivation, step by step: what each line is (a definition, a condition, a claim) and whether the claims hold.

The stages stand in :func:`examine`: the text is read into chains of equals signs, the whole of it is looked over, and
line after line is typed and decided with what the lines before it have established.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from lrcore.verify.certificate import Certified
from lrcore.verify.decide.claims import Disagreement
from lrcore.verify.decide.definitions import definition, is_definition, sides_of, with_heads
from lrcore.verify.decide.doubtful import ask
from lrcore.verify.decide.equations import DIFFER, as_solution, equation, mending, order
from lrcore.verify.decide.prepass import LARGEST, definitions_in, hoist, look_ahead, too_large
from lrcore.verify.decide.readings import manner_of, reader
from lrcore.verify.decide.renamed import renamed
from lrcore.verify.decide.state import Decided, Judged, Line, Options, State, in_one_line, joined
from lrcore.verify.prove.certify import Tried, certify
from lrcore.verify.read.document import Chain, is_latex, read_chains
from lrcore.verify.show.printing import to_latex
from lrcore.verify.show.report import Report
from lrcore.verify.terms import core as c
from lrcore.verify.terms import effort
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Condition
from lrcore.verify.terms.errors import IllTyped, OneSided, Problem, Undeclared, Unreadable
from lrcore.verify.terms.indices import sizes_as_indices
from lrcore.verify.terms.names import latex
from lrcore.verify.terms.report import Span, Step, Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.type.typist import PLAIN, typed_alone

# What is caught so that nobody meets a traceback; the tests demand that it never happens.
STUMBLED = "The checker stumbled over this line; that is its error and not yours"
STUMBLES = (
    TypeError, ValueError, AttributeError, KeyError, IndexError, ArithmeticError, NameError, AssertionError,
    Disagreement,
)  # fmt: skip
_SENTENCE_ENDS = re.compile(r"[.!?][$)\s\\\]]*\s")
_ORDER = ("<=", ">=", "<", ">", "!=")
_NO_CLAIM = ("<->", "~", "->", "approx")


@dataclass(frozen=True)
class Examined:
    """What a check found: the report, the claims of the decided steps by their numbers, the equations that were taken
    as given, the context after the text.
    """

    report: Report
    decided: dict[int, Decided]
    conditions: tuple[Condition, ...]
    context: Context

    @property
    def proved(self) -> list[Decided]:
        """What was decided of each equation that is proved, in reading order."""
        steps = self.report.steps
        found = [one for number, one in sorted(self.decided.items()) if steps[number].verdict is Verdict.PROVED]
        return [one for one in found if one.relation == "="]


def implies(text: str | Iterable[str], context: Context) -> Report:
    """Whether each equation follows from the ones before it: ``A W = B => W = A^{-1} B``, with what that assumes."""
    return examine(text, context, Options(follow=True)).report


def examine(text: str | Iterable[str], context: Context, options: Options | None = None) -> Examined:
    """A text, decided: read, looked over as a whole, and judged line by line."""
    options = options or Options()
    state = State(joined(text), context.copy(), options, taken=list(options.held))
    chains = _read(state)
    definitions = definitions_in(chains, state.context) if len(chains) > 1 else []
    premises, made = _premises(chains, state.text), [range(0)] * len(chains)
    for place in _in_order(chains, state.options.behind):
        chain, premise, first = chains[place], premises[place], len(state.steps)
        bound = any(one.link in ("iff", "under") for one in chains[place : place + 2] if one is not chains[0])
        if place and _begins_anew(chains[place - 1], chain, state):
            state.past_premises()
        if place and _is_general(chains[place - 1], chain, state):
            state.past_suppositions()
        if chain.spans:
            state.past_sentences(chain.spans[0][0])
        hoist(place, chain, definitions, state)
        _judge_chain(chain, premise, bound, state)
        made[place] = range(first, len(state.steps))
    _put_back([number for one in made for number in one], state)
    alike = chains and all(one.problem is None for one in chains)
    latex = any(one.latex for one in chains) if alike else is_latex(state.text, context)
    report = Report(tuple(state.steps), state.text, latex)
    return Examined(report, state.decided, tuple(state.conditions), state.context)


def _premises(chains: list[Chain], text: str) -> list[bool]:
    """Which chains the next one is said to follow from, alone or as one of ``a = b, c > 0 => ...``."""
    found = [False] * len(chains)
    for k in range(len(chains) - 2, -1, -1):
        chain, after = chains[k], chains[k + 1]
        listed = found[k + 1] and not after.link and chain.spans and after.spans
        found[k] = after.link in ("implies", "iff") or bool(
            listed and in_one_line(text, chain.spans[-1][1], after.spans[0][0])
        )
    return found


def _in_order(chains: list[Chain], behind: tuple[Span, ...]) -> list[int]:
    """The places of the chains, a condition that is said behind a formula before that formula."""
    order = list(range(len(chains)))
    for place in range(1, len(chains)):
        span = chains[place].spans[0] if chains[place].spans else (-1, -1)
        if any(start <= span[0] < end for start, end in behind) and order[place] == place:
            order[place - 1], order[place] = order[place], order[place - 1]
    return order


def _put_back(order: list[int], state: State) -> None:
    """The steps in reading order; ``order`` has the number of each as it was judged."""
    if order != sorted(order):
        new = {old: number for number, old in enumerate(order)}
        steps = [state.steps[old] for old in order]
        state.steps = [replace(one, follows_from=tuple(new[k] for k in one.follows_from)) for one in steps]
        state.decided = {new[old]: one for old, one in state.decided.items()}
        state.taken = [replace(one, step=new.get(one.step, -1)) for one in state.taken]


def _begins_anew(before: Chain, chain: Chain, state: State) -> bool:
    """Whether a chain is no part of the implication before it."""
    if chain.link or not before.spans or not chain.spans:
        return False
    end, start = before.spans[-1][1], chain.spans[0][0]
    ended = bool(before.link) and _SENTENCE_ENDS.search(state.text, end, start) is not None
    return ended or not in_one_line(state.text, end, start)


def _is_general(before: Chain, chain: Chain, state: State) -> bool:
    """Whether the prose between two chains goes back to the general case."""
    if not before.spans or not chain.spans:
        return False
    return any(before.spans[-1][1] <= place < chain.spans[0][0] for place in state.options.anew)


def _read(state: State) -> list[Chain]:
    """The chains of the text; none where it can't be read at all, which is a step of its own."""
    whole = (0, len(state.text))
    try:
        chains = read_chains(state.text, state.context, state.options.formula)
        for _ in range(2 if len(chains) > 1 else 1):  # what the end says may tell how the beginning is read
            look_ahead(chains, state)
    except Unreadable as error:
        state.steps.append(_not_read(error, whole, state))
    except STUMBLES as error:
        state.steps.append(_not_read(Unreadable(f"{STUMBLED} ({type(error).__name__})."), whole, state))
    except RecursionError:
        state.steps.append(_not_read(Unreadable("The text is nested too deeply to be read."), whole, state))
    else:
        return chains
    return []


def _not_read(error: Unreadable, span: Span, state: State) -> Step:
    told = {**_told(error), "span": error.span or span}
    return Step(_written(span, state)[:300], "", "", Verdict.UNREADABLE, error.message, **told)


def _written(span: Span, state: State) -> str:
    return " ".join(state.text[span[0] : span[1]].split())


# ---------------------------------------------------------------------- one line


def _judge_chain(chain: Chain, premise: bool, bound: bool, state: State) -> None:
    started = perf_counter()
    span = (chain.spans[0][0], chain.spans[-1][1]) if chain.spans else (0, 0)
    try:
        line = _line(chain, span, premise, bound, state)
    except Unreadable as error:
        state.steps += [_not_read(error, span, state)] * max(1, len(chain.relations))
        return
    except RecursionError:
        state.steps.append(_not_read(Unreadable("The line is nested too deeply to be read."), span, state))
        return
    except STUMBLES as error:
        state.steps.append(_not_read(Unreadable(f"{STUMBLED} ({type(error).__name__})."), span, state))
        return
    if not chain.relations:
        said = "Names a minimum or a minimiser; nothing is claimed."
        state.steps.append(Step(_written(span, state), "", "", Verdict.DEFINITION, said, span))
        return
    for place in range(len(chain.relations)):
        state.steps.append(_step(line, place, started, state))
        started = perf_counter()


def _line(chain: Chain, span: Span, premise: bool, bound: bool, state: State) -> Line:
    """A chain with its sides read, where there is something to decide."""
    sides = sides_of(chain, state.context)
    if len(sides) <= len(chain.relations):
        raise IndexError("A side is missing.")
    if any(map(too_large, sides)):
        raise Unreadable(f"The line has more than {LARGEST} parts; write it in shorter steps.", span)
    if lost := chain.left_out(sides):
        raise Unreadable("This was not understood as a part of the line; write it another way.", lost[0])
    if not chain.relations and not (isinstance(sides[0], s.Call) and sides[0].fn.startswith(("arg", "min", "max"))):
        raise Unreadable("This line holds no equation; write one with =.", span)
    read, letters = sizes_as_indices(sides, state.context)
    notes = tuple(f"{latex(one)} is read as an index in an index's place" for one in letters)
    return with_heads(Line(chain, read, premise=premise, bound=bound, notes=notes), state)


def _step(line: Line, place: int, started: float, state: State) -> Step:
    """One relation of a line, decided with the work that one step is given."""
    chain, left, right = line.chain, line.sides[place], line.sides[place + 1]
    with effort.within(state.options.effort) as work:
        judged = _unless_open(_caught(line, place, state), left, right, state)
    if judged.decided is not None:
        state.decided[len(state.steps)] = judged.decided
    if judged.condition is not None:
        state.taken.append(judged.condition)
    options = state.options
    stamp = _certified(judged.verdict, judged.decided, options.certifying, state.tried) if options.certify else None
    message = judged.message
    if work.exhausted and judged.verdict is Verdict.CHECKED:
        message = f"Gave up: too much work for one step; write shorter ones. {message}"
    spans = (chain.spans[place], chain.spans[place + 1])
    if mistake := judged.more.get("mistake"):
        message = (
            f"{message[:-1]}: {mistake}." if message == DIFFER else f"{message} {mistake[0].upper()}{mistake[1:]}."
        )
    more = {**judged.more, "span": judged.more.get("span") or (spans[0][0], spans[1][1])}
    more["assumes"] = (*more.get("assumes", ()), *renamed((left, right), state.looks, state.context))
    return Step(
        _written(spans[0], state), _written(spans[1], state), chain.relations[place], judged.verdict, message,
        sides=spans, opens=place == 0, latex=chain.latex, understood=_understood(left, right),
        certificate=stamp.kind if stamp else "", statement=str(stamp.statement) if stamp else "",
        out_of_work=work.exhausted, milliseconds=1e3 * (perf_counter() - started), **more,
    )  # fmt: skip


def stamped(found: Examined, work: int) -> Examined:
    """What was examined without certificates, with them: each found with so much ``work``."""
    tried, steps = Tried(), []
    for number, step in enumerate(found.report.steps):
        stamp = _certified(step.verdict, found.decided.get(number), work, tried)
        steps.append(replace(step, certificate=stamp.kind, statement=str(stamp.statement)) if stamp else step)
    return replace(found, report=replace(found.report, steps=tuple(steps)))


def _certified(verdict: Verdict, decided: Decided | None, work: int, tried: Tried) -> Certified | None:
    """The stamp of the checker on what was proved, where a certificate is found."""
    if verdict is not Verdict.PROVED or decided is None:
        return None
    try:
        with effort.within(work):
            return certify(decided.claim, decided.given, decided.relation, tried)
    except STUMBLES:  # the search's own error: the step is proved without a stamp
        return None


def _caught(line: Line, place: int, state: State) -> Judged:
    """The verdict on one relation; every problem is one, too."""
    try:
        return _judged(line, place, state)
    except Undeclared as error:
        return _beside(line, place, error, state)
    except IllTyped as error:
        alone = _without_meaning(line, place, state)
        return Judged(Verdict.ILL_TYPED, error.message, {**_told(error), **_mended(line, place, state), **alone})
    except Unreadable as error:
        return _beside(line, place, error, state)
    except RecursionError:
        return Judged(Verdict.UNREADABLE, "The line is nested too deeply to be decided.")
    except STUMBLES as error:
        return Judged(Verdict.UNREADABLE, f"{STUMBLED} ({type(error).__name__}).")


def _beside(line: Line, place: int, error: Problem, state: State) -> Judged:
    """What is not understood, unless the other side has no meaning whatever this one says."""
    if (other := _senseless(line, place, error, state)) is not None:
        return Judged(Verdict.ILL_TYPED, other.message, {**_told(other), **_without_meaning(line, place, state)})
    return Judged(Verdict.UNREADABLE, error.message, _told(error))


def _without_meaning(line: Line, place: int, state: State) -> dict[str, Any]:
    """Which names stand in a side that has no meaning by itself, whatever the other one says."""
    for side in line.sides[place : place + 2]:
        if not _has_lost_a_d(side) and s.holds(side, s.Sum, s.Entry):
            continue
        try:
            typed_alone(side, state.context)
        except (Undeclared, OneSided):
            continue
        except IllTyped:
            return {"senseless": tuple(sorted(s.names(side)))}
        except (Problem, RecursionError, *STUMBLES):
            continue
    return {}


def _has_lost_a_d(side: s.Node) -> bool:
    return any(isinstance(one, s.Call) and one.fn == "missing_d" for one in s.walk(side))


def _senseless(line: Line, place: int, error: Problem, state: State) -> IllTyped | None:
    """Why the side beside one that is not understood has no meaning, whatever that one says."""
    if error.span is None or line.chain.relations[place] != "=" or place in line.heads:
        return None
    sides = line.sides[place : place + 2]
    others = [one for one in sides if one.span and not one.span[0] <= error.span[0] < one.span[1]]
    for side in others if len(others) == 1 else ():
        if not _has_lost_a_d(side) and s.holds(side, s.Sum, s.Entry):
            continue  # with sums and rows there is more than one way to read it
        try:
            ask((side,), state.doubtful)
            typed_alone(side, state.context)
        except (Undeclared, OneSided):
            return None
        except IllTyped as found:
            return found
        except (Problem, RecursionError, *STUMBLES):
            return None
    return None


def _told(problem: Problem) -> dict[str, Any]:
    return {"span": problem.span, "offers": problem.offers, "fault": problem.fault}


def _unless_open(judged: Judged, left: s.Node, right: s.Node, state: State) -> Judged:
    """The verdict; what is refuted only because a letter that nothing declares was taken as a number of any value is
    not decided before somebody says what it is.
    """
    if judged.decided is None or judged.verdict not in (Verdict.REFUTED, Verdict.STATIONARY):
        return judged
    taken = [one for one in judged.decided.claim.symbols if state.context.lookup(one) is None]
    alone = _with_definitions(left, state) ^ _with_definitions(right, state)
    unknown = [latex(one) for one in taken if one in alone and one != "lambda"]
    if unknown:
        verb = "is" if len(unknown) == 1 else "are"
        return Judged(
            Verdict.OPEN, f"Nothing says what {' and '.join(unknown)} {verb}; declare it, or define it with :=."
        )
    return judged


def _with_definitions(side: s.Node, state: State) -> set[str]:
    """The names of a side, and those of the definitions that it rests on."""
    names = s.names(side)
    known = [state.context.lookup(one) for one in names.union(*map(state.context.depends, names))]
    found = (one for one in known if one is not None and one.definition is not None)
    return names.union(*(s.names(one.definition) - {*one.params} for one in found if one.definition is not None))


def _mended(line: Line, place: int, state: State) -> dict[str, Any]:
    """The one change after which an equation without a meaning has one, and holds, or follows from those before it."""
    if line.chain.relations[place] != "=" or place in line.heads:
        return {}
    try:
        read = reader(state, manner_of(line, state))
    except STUMBLES:
        read = reader(state, PLAIN)
    sides = line.sides[place], line.sides[place + 1]
    mended = mending(line, *sides, place == 0, read, state)
    if mended or not state.given:
        return mended
    mended = mending(line, *sides, place == 0, read, state, state.given)
    return {**mended, "against_given": True} if mended else {}


def _judged(line: Line, place: int, state: State) -> Judged:
    left, right, relation = line.sides[place], line.sides[place + 1], line.chain.relations[place]
    ask((left, right), state.doubtful)
    if isinstance(left, s.Name) and isinstance(right, s.Call) and right.fn in ("argmin", "argmax"):
        return Judged(Verdict.DEFINITION, "Names a minimiser; nothing is claimed.")
    if relation in (":=", "=") and is_definition(line, place, state):
        solved = as_solution(line, place, state) if state.options.solutions and relation == "=" else None
        defined = definition(line, place, state)
        return solved or defined
    if relation == "in":
        return _membership(left, right, state)
    if relation == "->" and isinstance(left, s.Dots):
        return Judged(Verdict.DEFINITION, "Says from where to where this maps; nothing is claimed.")
    if relation in _NO_CLAIM:
        raise Unreadable(f"A line with this relation is no equation and is not decided: {relation}.")
    return (order if relation in _ORDER else equation)(line, place, state)


def _membership(left: s.Node, right: s.Node, state: State) -> Judged:
    if not isinstance(right, s.Dots):
        said, found = typed_alone(right, state.context, c.SCALAR).shape, typed_alone(left, state.context).shape
        if said != found:
            raise IllTyped(f"This is {c.shape_text(found)}, and it is said to be {c.shape_text(said)}.", left.span)
    return Judged(Verdict.DEFINITION, "Says where this lives; nothing is claimed.")


def _understood(left: s.Node, right: s.Node) -> tuple[str, str]:
    """Both sides as they were read; empty where a side has no form of its own in LaTeX."""
    try:
        return to_latex(left), to_latex(right)
    except (RecursionError, *STUMBLES):
        return "", ""
