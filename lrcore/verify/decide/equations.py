"""Whether an equation holds: everywhere, under the conditions so far, or not, with numbers that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from lrcore.verify.decide.assumptions import assumptions
from lrcore.verify.decide.claims import Decision, Disagreement, decide, decide_quickly
from lrcore.verify.decide.conditions import (
    contradicted,
    fails_under,
    is_condition,
    premises,
    unknowns,
)
from lrcore.verify.decide.inequality import decide_order
from lrcore.verify.decide.mistakes import named
from lrcore.verify.decide.readings import (
    derives,
    differentiated,
    manner_of,
    reader,
    typed,
    typed_some_way,
)
from lrcore.verify.decide.repair import change_of, repair
from lrcore.verify.decide.state import Decided, Judged, Line, Reading, State, in_one_line
from lrcore.verify.prove.normal import follows, prove
from lrcore.verify.refute.points import Point
from lrcore.verify.show.printing import to_latex, to_text
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Claim, Condition, joined
from lrcore.verify.terms.errors import Fault, Kind, Problem, Unreadable
from lrcore.verify.terms.indices import sum_repeated
from lrcore.verify.terms.names import latex, make_key, split_key
from lrcore.verify.terms.report import Counterexample, Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.type.derivatives import must_depend
from lrcore.verify.type.typist import PLAIN, typed_alone

DIFFER = "The two sides differ."
_FOLLOWING = ("implies", "iff", "hence")
_SIGNS = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne", "<": "<", ">": ">"}


@dataclass(frozen=True)
class Equation:
    """An equation of a line on its way to a verdict: its claim, what exact points say, what it takes for granted."""

    line: Line
    left: s.Node
    right: s.Node
    claim: Claim
    decision: Decision
    decided: Decided
    assumed: tuple[str, ...]
    implied_sum: bool

    @property
    def follows_by_its_words(self) -> bool:
        """Whether the text says that it follows from what stands before."""
        return self.line.chain.link in _FOLLOWING

    @property
    def opens(self) -> bool:
        return self.left is self.line.sides[0]

    def varied_before(self, context: Context) -> frozenset[str]:
        """The symbols that derivatives on earlier sides of the chain are taken by."""
        sides = self.line.sides[: self.line.sides.index(self.left)]
        written = (one for side in sides for one in s.walk(side) if isinstance(one, s.Deriv))
        named = {name for one in written for by in one.wrt for name in s.names(by)}
        return frozenset().union(*map(context.primitives, named))

    def judged(self, verdict: Verdict, message: str, **more: object) -> Judged:
        told = {"assumes": self.assumed, "implied_sum": self.implied_sum}
        return Judged(verdict, message, {**told, **more}, self.decided)


def order(line: Line, place: int, state: State) -> Judged:
    """An inequality."""
    left, right = line.sides[place], line.sides[place + 1]
    found = typed(left, right, state)
    shape = found.claim.left.shape
    if shape != c.SCALAR and shape[0] == shape[1]:
        raise Unreadable(
            "An order between matrices (positive definiteness) is not decided; write it for v^T A v.", left.span
        )
    assumed = assumptions([left, right], state.context) + found.notes
    relation = line.chain.relations[place]
    meant = line.premise or _bounds_a_symbol(left, right, state.context) or _is_a_case(found.claim, left, state)
    meant = meant or _bounds_an_entry(left, right, relation, state)
    meant = meant and line.chain.link not in _FOLLOWING and not state.options.follow
    if relation == "!=" and decide(found.claim).proved:
        return Judged(Verdict.REFUTED, "The two sides are equal.", {"assumes": assumed})
    if relation == "!=" and not meant:
        raise Unreadable("A line with this relation is no equation and is not decided: !=.")
    decided = Decided(found.claim, left, right, reader(state, PLAIN), relation=relation)
    judged = replace(Judged(*decide_order(found.claim, relation, assumed)), decided=decided)
    if judged.verdict is Verdict.PROVED or not meant:
        return judged
    said = f"{to_latex(left)} {_SIGNS[relation]} {to_latex(right)}"
    message = f"Taken as given: from here on only values with {said} are looked at."
    bound = replace(found.claim, within=())
    given = Condition(bound, said, len(state.steps), line.premise, relation=relation)
    return Judged(Verdict.CONDITION, message, {"assumes": assumed}, decided, given)


def _bounds_a_symbol(left: s.Node, right: s.Node, context: Context) -> bool:
    r"""``\lambda > 0`` or ``N \ge M``: what a symbol may be, which nobody claims of all its values."""
    named = [one for one in (left, right) if isinstance(one, s.Name)]
    if len(named) == 2:
        return all(context.is_size(one.id) for one in named)
    bound = right if isinstance(left, s.Name) else left
    bound = bound.arg if isinstance(bound, s.Neg) else bound
    symbol = context.lookup(named[0].id) if named else None
    return bool(named) and isinstance(bound, s.Num) and (symbol is None or symbol.definition is None)


def _is_a_case(claim: Claim, left: s.Node, state: State) -> bool:
    r"""``1 - y w^\top x > 0`` behind *where*: the values that the next line is about."""
    place = left.span[0] if left.span else -1
    return any(a <= place < b for a, b in state.options.assumed) and not derives(claim) and bool(claim.symbols)


def _bounds_an_entry(left: s.Node, right: s.Node, relation: str, state: State) -> bool:
    r"""``w_j > 0``, where the text says for which entries a line is written, and ``w_j \ne 0``, which nobody claims."""
    place = left.span[0] if left.span else -1
    if not isinstance(left, s.Entry) or not isinstance(left.base, s.Name) or not isinstance(right, s.Num):
        return False
    symbol = state.context.lookup(left.base.id)
    data = relation == "!=" and s.is_zero(right) and (symbol is None or symbol.definition is None)
    return data or any(start <= place < end for start, end in state.options.assumed)


def equation(line: Line, place: int, state: State) -> Judged:
    """An equation: as an identity first, then as a condition or a consequence; after an *if and only if* both ways."""
    found = _decided(line, line.sides[place], line.sides[place + 1], state)
    must_depend(found.left, found.right, state.context, found.decision.proved)
    judged = _one_way(found, state)
    if judged.verdict is Verdict.REFUTED and state.past:
        _must_not_rest_on(state.past, found, state)
    if line.bound and judged.verdict in (Verdict.REFUTED, Verdict.STATIONARY):
        judged = _in_a_case(found, judged)
    if line.chain.link != "iff" or place or judged.verdict is not Verdict.PROVED:
        return judged
    return _both_ways(found, judged, state)


def _must_not_rest_on(past: Sequence[Condition], found: Equation, state: State) -> None:
    """Ask about an equation that holds only with what was supposed in another sentence."""
    if _one_way(found, replace(state, taken=[*state.taken, *past], past=[])).verdict is Verdict.PROVED:
        said = " and ".join(one.said for one in past)
        raise Unreadable(f"This holds where ${said}$, which is supposed in a sentence before; say it here again.")


def _in_a_case(found: Equation, judged: Judged) -> Judged:
    """What is said to hold in a case alone, or is that case, is not refuted for want of it."""
    if found.line.chain.link == "under":
        return found.judged(Verdict.CONDITION, "The condition of the equation before it; nothing is claimed.")
    if found.follows_by_its_words or found.line.premise:
        return judged
    raise Unreadable("This is said to hold in a case alone; write the case first: If it is so, then this.")


def _one_way(found: Equation, state: State) -> Judged:
    if found.decision.proved:
        fixed = found.claim.at_given_sizes()
        said = "Holds at the sizes that are given." if fixed else "Holds for all sizes."
        return found.judged(Verdict.PROVED, said, engines=("normal form", "exact points"), at_given_sizes=fixed)
    if found.decision.point is None:
        return _undecided(found)
    return _as_condition(found, state) or _under_conditions(found, state) or _taken_as_given(found, state)


def _decided(line: Line, left: s.Node, right: s.Node, state: State) -> Equation:
    manner = manner_of(line, state)
    found = typed_some_way(line, left, right, state, manner)
    read = Decided(found.claim, left, right, reader(state, manner))
    if manner.einstein:
        both = sum_repeated([left, right], state.context, manner.chain)
        read = replace(read, summed=(both[0], both[1], reader(state, replace(manner, einstein=False))))
    assumed = assumptions([left, right], state.context) + found.notes + _taken_as_numbers(left, right, state)
    assumed += _held(left, right, found.claim, state) + line.notes
    return Equation(line, left, right, found.claim, decide(found.claim), read, assumed, manner.einstein)


def _held(left: s.Node, right: s.Node, claim: Claim, state: State) -> tuple[str, ...]:
    """What a differential such as ``d(st)`` does not vary, because no d of it is written."""
    inside = [one.arg for side in (left, right) for one in s.walk(side) if isinstance(one, s.Diff)]
    names = set().union(*(s.names(one) for one in inside if not isinstance(one, s.Name)))
    held = set().union(*map(state.context.primitives, names)) - claim.variables - state.context.sizes
    return tuple(f"{latex(name)} is constant" for name in sorted(held & set(claim.symbols)))


def _taken_as_numbers(left: s.Node, right: s.Node, state: State) -> tuple[str, ...]:
    """The letters that nothing declares and that are read as numbers."""
    context = state.context
    entries = (one for side in (left, right) for one in s.walk(side) if isinstance(one, s.Entry))
    letters = {index.id for one in entries for index in one.indices if isinstance(index, s.Name)}
    loose = (s.names(left) | s.names(right)) & context.numbers - letters
    bare = [name for name in sorted(loose) if context.lookup(name) is None and not context.is_size(name)]
    return tuple(f"{latex(name)} is a number" for name in bare)


# ---------------------------------------------------------------------- conditions


def _as_condition(found: Equation, state: State) -> Judged | None:
    """A derivative set to zero, or the model: taken as given, whatever stands before."""
    if _is_set_to_zero(found, state):
        return _given(found, state, "A derivative set to zero: a condition on the unknown.")
    if _sets_a_symbol(found, state):
        assert isinstance(found.left, s.Name)
        return _given(found, state, f"Taken as given: what {latex(found.left.id)} is here.")
    if _is_assumed(found, state, state.options.assumed):
        state.supposed.add(len(state.steps))
        return _given(found, state, "Taken as given: the text says so.")
    if _is_assumed(found, state, state.options.equations, True):
        return _given(found, state, "Taken as given: what follows rests on it.")
    premise = found.line.premise and not found.follows_by_its_words and not derives(found.claim)
    if premise and _first_of_line(found, state):
        return _given(found, state, "Taken as given.", premise=True)
    return None


def _is_assumed(found: Equation, state: State, places: tuple[tuple[int, int], ...], of_unknowns: bool = False) -> bool:
    """Whether an equation stands at one of these places, where the text calls it given: no derivative and, but for
    equations ``of_unknowns``, nothing that is defined, whose values are no matter of choice; and it can hold.
    """
    place = found.left.span[0] if found.left.span else -1
    if not any(start <= place < end for start, end in places) or found.line.chain.link:
        return False
    names = s.names(found.left) | s.names(found.right)
    known = [state.context.lookup(one) for one in names]
    defined = any(one is not None and one.definition is not None for one in known)
    if derives(found.claim) or (defined and not of_unknowns):
        return False
    impossible = Claim(c.Const(c.SCALAR, Fraction(0)), c.Const(c.SCALAR, Fraction(1)), [])
    return bool(found.claim.symbols) and fails_under(impossible, [*state.given, found.claim]) is not None


def _first_of_line(found: Equation, state: State) -> bool:
    """Whether nothing was taken as given before, but for what stands in the line, as in ``a = b, c = d => ...``."""
    said = [one for one in state.conditions if one.step >= 0]
    if not said:
        return True
    before, here = state.steps[said[0].step].span, found.left.span
    return before is not None and here is not None and in_one_line(state.text, before[1], here[0])


def _given(
    found: Equation, state: State, message: str, verdict: Verdict = Verdict.CONDITION, premise: bool = False
) -> Judged:
    said = f"{to_latex(found.left)} = {to_latex(found.right)}"
    condition = Condition(found.claim, said, len(state.steps), premise, (found.left, found.right))
    return replace(found.judged(verdict, message), condition=condition)


def _is_set_to_zero(found: Equation, state: State) -> bool:
    """``dS/db = ... = 0``: one more condition beside those before it, which nobody says follows from them."""
    if found.follows_by_its_words or state.options.follow or found.right is not found.line.sides[-1]:
        return False
    derived = any(s.holds(side, s.Deriv) for side in found.line.sides)
    return derived and s.is_zero(found.right) and _holds_an_unknown(found.claim, state)


def _holds_an_unknown(claim: Claim, state: State) -> bool:
    return bool(unknowns(state.context, state.trees) & set(claim.symbols))


def _sets_a_symbol(found: Equation, state: State) -> bool:
    """``y = X b + e`` with y declared and not spoken of before: the model, and no claim."""
    line, left = found.line, found.left
    if found.follows_by_its_words or state.options.follow or len(line.chain.relations) > 1:
        return False
    symbol = state.context.lookup(left.id) if isinstance(left, s.Name) else None
    if symbol is None or symbol.definition is not None or derives(found.claim):
        return False
    spoken = set().union(*(set(one.symbols) for one in state.given))
    used = spoken.union(*({one} | state.context.depends(one) for one in s.names(found.right)))
    return symbol.key not in used and _holds_an_unknown(found.claim, state)


def _taken_as_given(found: Equation, state: State) -> Judged:
    """What is no identity and follows from nothing: an equation to be solved, a premise, or a mistake."""
    if is_condition(found.claim, found.left, found.right, found.line.chain, state.context, state.trees):
        return _given(found, state, "No identity but a condition: it holds for some values of the unknown.")
    if not state.conditions and state.options.follow:
        return _given(found, state, "Taken as given.")
    if _is_assumed(found, state, state.options.constraints):
        return _given(found, state, "Taken as given: it holds for some values alone, and what follows is for these.")
    if _is_where_a_derivative_vanishes(found, state):
        return _given(found, state, "A condition on the unknown: it holds where the derivative before it is zero.")
    assert found.decision.point is not None
    example = counterexample(found.claim, found.decision.point)
    mended = mending(found.line, found.left, found.right, found.opens, found.decided.read, state)
    return found.judged(Verdict.REFUTED, DIFFER, counterexample=example, engines=("exact points",), **mended)


def _is_where_a_derivative_vanishes(found: Equation, state: State) -> bool:
    """Whether an equation such as ``S u = \\lambda u`` says no more than that a derivative of the text is zero."""
    if not found.opens or len(found.line.sides) != 2 or derives(found.claim) or state.options.follow:
        return False
    proved = (one for place, one in state.decided.items() if state.steps[place].verdict is Verdict.PROVED)
    earlier = [one.claim for one in proved if one.relation == "=" and derives(one.claim)]
    return any(follows(found.claim, [_vanishing(one)]) for one in earlier[-2:])


# ---------------------------------------------------------------------- consequences


def _under_conditions(found: Equation, state: State) -> Judged | None:
    """A line that is no identity, after equations that were taken as conditions: does it follow from them?"""
    if not state.conditions or found.decision.point is None:
        return None
    claim, given = found.claim, state.given
    if follows(claim, given):
        return _consequence(found, state)
    point = fails_under(claim, given, unknowns(state.context, state.trees))
    if point is not None:
        message = "Does not follow: here the equations before it hold, and this one does not."
        example = counterexample(joined(claim, given), point)
        mended = mending(found.line, found.left, found.right, found.opens, found.decided.read, state, given)
        engines = ("exact points",)
        return found.judged(
            Verdict.REFUTED, message, counterexample=example, engines=engines, against_given=True, **mended
        )
    if found.follows_by_its_words or state.options.follow or state.options.held:
        return found.judged(Verdict.CHECKED, "No proof was found that this follows from the equations before it.")
    return None


def _consequence(found: Equation, state: State) -> Judged:
    claim, given = found.claim, state.given
    zero = s.is_zero(found.left) or s.is_zero(found.right)
    if not zero and (_holds_at_the_optimum_alone(found, state) or follows(_vanishing(claim), given)):
        return _stationary(found, state)
    if (point := contradicted(claim, given)) is not None:
        raise Disagreement(f"The normal form derives what fails where the premises hold, at {point}.")
    said = tuple(one.sides for one in state.conditions if one.sides is not None)
    decided = replace(found.decided, given=tuple(given), said=said)
    found = replace(found, decided=decided, assumed=(*found.assumed, f"{_said_before(state)} holds"))
    needed = tuple(k for k in (state.conditions[k].step for k in premises(claim, given)) if k >= 0)
    if found.line.chain.link == "hence":
        message = "A condition again; it follows from the one before."
        return found.judged(Verdict.CONDITION, message, follows_from=needed)
    judged = _given(found, state, "Follows from the equations before it.", Verdict.PROVED)
    return judged.saying(engines=("normal form",), follows_from=needed)


def _said_before(state: State) -> str:
    return "; ".join(dict.fromkeys(one.said for one in state.conditions))


def _holds_at_the_optimum_alone(found: Equation, state: State) -> bool:
    """Whether a derivative, here or before in the chain, has the value that is claimed because of conditions on what
    it is taken by: at their solutions, and not for all values, as a derivative is meant.
    """
    claim, given = found.claim, state.given
    varied = differentiated(claim, state.context) | found.varied_before(state.context)
    rest = [one for one in given if not varied & set(one.symbols)]
    return bool(varied) and not (rest and follows(claim, rest))


def _vanishing(claim: Claim) -> Claim:
    """The claim that the left side is zero."""
    return Claim(claim.left, c.Zeros(claim.left.shape), claim.free, claim.variables)


def _stationary(found: Equation, state: State) -> Judged:
    claim, given = found.claim, state.given
    assert found.decision.point is not None
    vanish = follows(_vanishing(claim), given)
    named = "the gradient vanishes" if differentiated(claim, state.context) else "both sides vanish"
    where = named if vanish else f"{_said_before(state)} holds"
    return found.judged(
        Verdict.STATIONARY,
        f"Holds only where {where}; elsewhere the two sides differ, as here.",
        assumes=(*found.assumed, f"{_said_before(state)} holds"),
        counterexample=counterexample(claim, found.decision.point),
        engines=("normal form", "exact points"),
        follows_from=tuple(one.step for one in state.conditions),
        **{**mending(found.line, found.left, found.right, True, found.decided.read, state), "mistake": ""},
    )


def _both_ways(found: Equation, judged: Judged, state: State) -> Judged:
    """What follows from the equation before it is equivalent to it only where that follows from this one, too."""
    place = len(state.steps) - 1
    before = state.decided.get(place)
    if before is None or before.relation != "=" or decide(before.claim).proved:
        return judged
    given = [one.claim for one in state.conditions if one.step != place] + [found.claim]
    if follows(before.claim, given):
        return judged
    point = fails_under(before.claim, given, unknowns(state.context, state.trees))
    if point is None:
        said = "Follows from the equation before it; no proof was found that this one implies that one."
        return found.judged(Verdict.CHECKED, said)
    example = counterexample(joined(before.claim, given), point)
    said = (
        "Follows from the equation before it, but not the other way round: here this one holds and that one does not."
    )
    return found.judged(Verdict.REFUTED, said, counterexample=example, engines=("exact points",))


def as_solution(line: Line, place: int, state: State) -> Judged | None:
    r"""``w^* = ...`` or ``\hat w = ...`` behind equations for w: whether it solves them; None where these speak of
    other things, too, or where it is not decided.
    """
    left, body = line.sides[place], line.sides[place + 1]
    key = _unknown_meant(left, state)
    about = [one for one in state.conditions if key in one.claim.symbols and not one.premise]
    if not key or not about or key in s.names(body).union(*map(state.context.depends, s.names(body))):
        return None
    value = typed_alone(body, state.context)
    named = set().union(*(set(one.claim.symbols) for one in about)) - {key}
    written = {one.name for one in c.everything(value) if isinstance(one, c.Var) and not one.constant}
    if not written <= named:
        return None
    assumed = (*assumptions([body], state.context), f"{_said_before(state)} is solved for {latex(key)}")
    found = [(one.claim, decide(_at(one.claim, key, value))) for one in about]
    if all(decision.proved for _, decision in found):
        return Judged(
            Verdict.PROVED, "It solves the equations before it.", {"assumes": assumed, "engines": ("normal form",)}
        )
    claim, decision = next(one for one in found if not one[1].proved)
    if decision.point is None or written != named:
        return None

    def read(_: s.Node, other: s.Node) -> Claim:
        return _at(claim, key, typed_alone(other, state.context))

    mended = mending(line, left, body, False, read, state)
    example = counterexample(_at(claim, key, value), decision.point)
    message = "It does not solve the equations before it: here the two sides of one of them differ."
    more = {"assumes": assumed, "counterexample": example, "against_given": True, **mended}
    return Judged(Verdict.REFUTED, message, more)


def _unknown_meant(left: s.Node, state: State) -> str:
    r"""The w of ``\hat w`` and ``w^*``, where it is an unknown of the text; else nothing."""
    if not isinstance(left, s.Name):
        return ""
    base, accents, below, above = split_key(left.id)
    key = make_key(base, (), below, above)
    known = accents in (("hat",), ("star",)) and key in unknowns(state.context, state.trees)
    return key if known else ""


def _at(claim: Claim, key: str, value: c.Core) -> Claim:
    """The claim with a value in the place of an unknown."""
    left, right = (c.With(one.shape, one, ((key, value),)) for one in (claim.left, claim.right))
    return replace(claim, left=left, right=right)


# ---------------------------------------------------------------------- what is shown


def counterexample(claim: Claim, point: Point) -> Counterexample:
    """A point with the values that matter: of symbols that occur, and of differentials that vary."""
    named, sample = claim.symbols, point.sample
    values, along = (
        {name: one for name, one in ones.items() if name in named} for ones in (sample.values, sample.along)
    )
    return Counterexample(sample.sizes, values, point.places, point.left, point.right, along)


def _undecided(found: Equation) -> Judged:
    decision = found.decision
    if not decision.tried and (nothing := _divisor_that_is_zero(found)):
        said = f"This divides by {nothing}, which is zero for all values."
        return found.judged(Verdict.REFUTED, said, fault=Fault(Kind.BY_ZERO))
    message = (
        f"Agrees at {decision.tried} exact points; no proof was found."
        if decision.tried
        else "Gave up: no point could be evaluated."
    )
    said = f"{message} {decision.reason}" if decision.reason else message
    return found.judged(Verdict.CHECKED, said, engines=("exact points",), untried=not decision.tried)


def _divisor_that_is_zero(found: Equation) -> str:
    """What a side divides by though it is zero whatever its letters are; empty where there is no such thing."""
    for node in (one for side in (found.left, found.right) for one in s.walk(side)):
        if isinstance(node, s.Div):
            try:
                claim = found.decided.read(node.den, s.num(0))
            except (Problem, RecursionError):
                continue
            if decide_quickly(claim) and prove(claim)[0]:
                return to_latex(node.den)
    return ""


def mending(
    line: Line, left: s.Node, right: s.Node, opens: bool, read: Reading, state: State, given: Sequence[Claim] = ()
) -> dict[str, Any]:
    """The one change that mends the line, as a sentence and as text in the language of the line, and the name of the
    mistake.

    The left side is changed only where it ``opens`` its chain, or the step before does not hold: else that has proved
    it.
    """
    if sum(not one.verdict.holds for one in state.steps) >= state.options.repairs:
        return {}
    unproved = opens or not state.steps[-1].verdict.holds
    found = repair(left, right, state.context, read, both=unproved, given=given)
    if found is None:
        return {}
    write = to_latex if line.chain.latex else to_text
    where = "" if found.side == "right" else " (on the left)"
    says = f"Right with one change{where}: {found.what}."
    wrong = left if found.side == "left" else right
    mistake = named(wrong, found.node, line.sides, state.context)
    change = change_of(wrong, found.node, state.context)
    return {
        "repair": says, "mended": write(found.node), "mended_side": found.side, "mistake": mistake, "change": change,
    }  # fmt: skip
