"""Whether a claim holds: everywhere, under the conditions so far, or not, with numbers that show it."""

from __future__ import annotations

from dataclasses import replace

from lrcore.verify.decide.assumptions import assumptions
from lrcore.verify.decide.claiming import Claiming, derives, matters
from lrcore.verify.decide.claims import Claim, Decision, Disagreement, decide, joined
from lrcore.verify.decide.conditions import (
    contradicted,
    fails_under,
    follows,
    is_condition,
    is_zero,
    premises,
    unknowns,
)
from lrcore.verify.decide.inequality import decide_order
from lrcore.verify.decide.progress import Decided
from lrcore.verify.show.printing import to_latex, to_text
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.indices import uses_einstein
from lrcore.verify.terms.names import latex
from lrcore.verify.terms.report import Counterexample, Verdict

AT_GIVEN_SIZES = "Holds at the sizes that are given."
_FOLLOWING = ("implies", "iff", "hence")


class Deciding(Claiming):
    """Decides a claim and words the verdict."""

    def _order(self, left, right, relation):
        self.einstein, self.hint = False, None
        claim, typist = self._typed(left, right)
        if claim.left.shape != c.SCALAR and claim.left.shape[0] == claim.left.shape[1]:
            raise Unreadable(
                "An order between matrices (positive definiteness) is not decided; write it for v^T A v.", left.span
            )
        return decide_order(claim, relation, assumptions([left, right], self.context) + tuple(typist.notes))

    def _equation(self, chain, sides, left, right):
        self.einstein = uses_einstein(sides, self.context)
        self.hint = self._chain_shape(sides) if len(sides) > 2 else None
        claim, note = self._typed_some_way(chain, left, right)
        self.decided[len(self.steps)] = Decided(claim, left, right, self._reader(self.einstein, self.hint))
        decision = decide(claim)
        assumed = assumptions([left, right], self.context) + note + self._taken_as_numbers(left, right)
        if decision.proved:
            return (
                Verdict.PROVED,
                AT_GIVEN_SIZES if claim.at_given_sizes() else "Holds for all sizes.",
                {"assumes": assumed, "engines": ("normal form", "exact points")},
            )
        if decision.point is not None and self._is_set_to_zero(chain, sides, claim, right):
            self._given(claim, left, right)
            return Verdict.CONDITION, "A derivative set to zero: a condition on the unknown.", {"assumes": assumed}
        if decision.point is not None and self._sets_a_symbol(chain, claim, left, right):
            self._given(claim, left, right)
            return Verdict.CONDITION, f"Taken as given: what {latex(left.id)} is here.", {"assumes": assumed}
        if self.conditions and decision.point is not None:
            judged = self._under_conditions(chain, claim, decision, left, right, assumed)
            if judged is not None:
                return judged
        if decision.point is None:
            return self._undecided(decision, assumed)
        if is_condition(claim, left, right, chain, self.context, self.text_trees):
            self._given(claim, left, right)
            return (
                Verdict.CONDITION,
                "No identity but a condition: it holds for some values of the unknown.",
                {"assumes": assumed},
            )
        if not self.conditions and (self.follow or (self.premise and not derives(claim))):
            self._given(claim, left, right)
            return Verdict.CONDITION, "Taken as given.", {"assumes": assumed}
        return self._refuted(claim, decision, left, right, assumed, left is sides[0])

    def _is_set_to_zero(self, chain, sides, claim, right):
        """``dS/db = ... = 0``: one more condition beside those before it, which nobody says follows from them."""
        if chain.link in _FOLLOWING or self.follow or right is not sides[-1]:
            return False
        derived = any(isinstance(one, s.Deriv) for side in sides for one in s.walk(side))
        return derived and is_zero(right) and bool(unknowns(self.context, self.text_trees) & set(claim.symbols()))

    def _sets_a_symbol(self, chain, claim, left, right):
        """``y = X b + e`` with y declared and not spoken of before: the model, and no claim."""
        if chain.link in _FOLLOWING or self.follow or len(chain.relations) > 1 or not isinstance(left, s.Name):
            return False
        symbol = self.context.lookup(left.id)
        if symbol is None or symbol.definition is not None or derives(claim):
            return False
        spoken = set().union(*(set(one.symbols()) for one, _, _ in self.conditions))
        used = {left.id} & (spoken | set().union(*({one} | self.context.depends(one) for one in s.names(right))))
        return not used and bool(unknowns(self.context, self.text_trees) & set(claim.symbols()))

    def _under_conditions(self, chain, claim, decision, left, right, assumed):
        """A line that is no identity, after equations that were taken as conditions: does it follow from them?"""
        given = [one for one, _, _ in self.conditions]
        before = "; ".join(dict.fromkeys(said for _, said, _ in self.conditions))
        if follows(claim, given):
            if not is_zero(left) and not is_zero(right) and self._at_the_optimum_alone(claim, given):
                return self._stationary(claim, given, decision, left, right, assumed, before)
            if (point := contradicted(claim, given)) is not None:
                raise Disagreement(f"The normal form derives what fails where the premises hold, at {point}.")
            self.decided[len(self.steps)] = replace(self.decided[len(self.steps)], given=tuple(given))
            if chain.link == "hence":
                return Verdict.CONDITION, "A condition again; it follows from the one before.", {"assumes": assumed}
            numbers = tuple(self.conditions[k][2] for k in premises(claim, given))
            more = {"assumes": (*assumed, f"{before} holds"), "engines": ("normal form",), "follows_from": numbers}
            self._given(claim, left, right)
            return Verdict.PROVED, "Follows from the equations before it.", more
        point = fails_under(claim, given, unknowns(self.context, self.text_trees))
        if point is not None:
            more = {
                "counterexample": self._example(joined(claim, given), point),
                "assumes": assumed,
                "engines": ("exact points",),
            }
            return Verdict.REFUTED, "Does not follow: here the equations before it hold, and this one does not.", more
        if chain.link in _FOLLOWING or self.follow:
            return (
                Verdict.CHECKED,
                "No proof was found that this follows from the equations before it.",
                {"assumes": assumed},
            )
        return None

    def _at_the_optimum_alone(self, claim, given):
        """Whether a derivative has the value that is claimed because of conditions on what it is taken by: at their
        solutions, and not for all values, as a derivative is meant.
        """
        varied = self._differentiated(claim)
        if not varied:
            return False
        rest = [one for one in given if not varied & set(one.symbols())]
        return not (rest and follows(claim, rest))

    def _differentiated(self, claim):
        """The undefined symbols that the derivatives of a claim are taken by."""
        by = {one.name for one in claim.nodes if isinstance(one, c.Partial)}
        if any(isinstance(one, c.Differential) for one in claim.nodes):
            by |= claim.variables
        return by.union(*map(self.context.primitives, by))

    def _stationary(self, claim, given, decision, left, right, assumed, before):
        nothing = Claim(claim.left, c.Zeros(claim.left.shape), claim.free, claim.variables)
        where = "the gradient vanishes" if follows(nothing, given) else f"{before} holds"
        more = {
            "counterexample": self._example(claim, decision.point),
            "assumes": (*assumed, f"{before} holds"),
            "engines": ("normal form", "exact points"),
            "follows_from": tuple(number for _, _, number in self.conditions),
            **self._repaired(left, right, True),
        }
        return Verdict.STATIONARY, f"Holds only where {where}; elsewhere the two sides differ, as here.", more

    def _given(self, claim, left, right):
        """From here on the line is one that others may follow from."""
        self.conditions.append((claim, self._said(left, right), len(self.steps)))

    def _example(self, claim, point):
        named = claim.symbols()
        shown = {name: value for name, value in point.values.items() if matters(named, claim.variables, name)}
        return Counterexample(point.sizes, shown, point.places, point.left, point.right)

    def _taken_as_numbers(self, left, right):
        """The letters that nothing declares and that are read as numbers."""
        loose = (s.names(left) | s.names(right)) & self.context.numbers
        bare = [name for name in sorted(loose) if self.context.lookup(name) is None and not self.context.is_size(name)]
        return tuple(f"{latex(name)} is a number" for name in bare)

    def _undecided(self, decision: Decision, assumed):
        if decision.tried:
            message = f"Agrees at {decision.tried} exact points; no proof was found."
        else:
            message = "Gave up: no point could be evaluated, and no proof was found."
        return (
            Verdict.CHECKED,
            message + (f" {decision.reason}" if decision.reason else ""),
            {"assumes": assumed, "engines": ("exact points",)},
        )

    def _refuted(self, claim, decision, left, right, assumed, first):
        more = {
            "counterexample": self._example(claim, decision.point),
            "assumes": assumed,
            "engines": ("exact points",),
            **self._repaired(left, right, first),
        }
        return Verdict.REFUTED, "The two sides differ.", more

    def _repaired(self, left, right, first):
        """The one change that mends the line, as a sentence and as text in the language of the line.

        The left side is changed only where it is the ``first`` of its chain: else the step before has proved it.
        """
        if not self.repairs or (self.most and sum(not one.verdict.holds for one in self.steps) >= self.most):
            return {}
        from lrcore.verify.refute.repair import repair

        found = repair(left, right, self.context, self._claim_of, both=first)
        if found is None:
            return {}
        mended = (to_latex if self.latex else to_text)(found.node)
        where = "" if found.side == "right" else " (on the left)"
        return {"repair": f"Right with one change{where}: {found.what}.", "mended": mended, "mended_side": found.side}
