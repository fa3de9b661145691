"""A derivation, step by step: what each line is (a definition, a condition, a claim) and whether the claims hold."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from lrcore.verify.decide.deciding import Deciding
from lrcore.verify.decide.prepass import LARGEST, LookingAhead, too_large
from lrcore.verify.read.document import Chain, read_chains
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import core as c
from lrcore.verify.terms import effort
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Outside, Undeclared, Unreadable
from lrcore.verify.terms.report import Report, Step, Verdict
from lrcore.verify.type.typist import Typist

# What is caught so that nobody meets a traceback; the tests demand that it never happens.
STUMBLED = "The checker stumbled over this line; that is its error and not yours"
STUMBLES = (TypeError, ValueError, AttributeError, KeyError, IndexError, ArithmeticError)
_ORDER = ("<=", ">=", "<", ">")
_SENTENCES = {"<->": "read as no claim", "~": "read as no claim", "->": "read as no claim", "!=": "read as no claim"}


def derivation(text, context, repairs: bool = True, locked: bool = False) -> Report:
    """Each step of a derivation, decided.

    ``text`` is LaTeX or the NumPy-like language, one string or a list of lines; ``context`` declares its symbols. With
    ``locked`` the text may define names of its own, and none that the context declares.
    """
    return Derivation(text, context, repairs, locked=locked).report()


def implies(text, context) -> Report:
    """Whether each equation follows from the ones before it: ``A W = B => W = A^{-1} B``, with what that assumes."""
    return Derivation(text, context, True, follow=True).report()


class Derivation(LookingAhead, Deciding):
    """The state of one check: the definitions it has met, the conditions that hold.

    After :meth:`report`, ``context`` holds what the text defined and ``decided`` the claim of each decided step.
    """

    def report(self) -> Report:
        try:
            chains = read_chains(self.text, self.context, self.formula)
            self._look_ahead(chains)
        except Unreadable as error:
            return Report((self._unreadable(error, (0, len(self.text)), self.text),), self.text, self.latex)
        except STUMBLES as error:
            said = Unreadable(f"{STUMBLED} ({type(error).__name__}).")
            return Report((self._unreadable(said, (0, len(self.text)), self.text[:200]),), self.text, self.latex)
        except RecursionError:
            deep = Unreadable("The text is nested too deeply to be read.")
            return Report((self._unreadable(deep, (0, len(self.text)), self.text),), self.text, self.latex)
        if len(chains) > 1:
            self._look_ahead(chains)
        heads = self._heads(chains) if len(chains) > 1 else {}
        for place, (chain, after) in enumerate(zip(chains, [*chains[1:], None])):
            self.premise = after is not None and after.link in ("implies", "iff")
            if any(one[0] > place for one in heads.values()):
                self._hoist(place, chain, heads)
            self._chain(chain)
        return Report(tuple(self.steps), self.text, self.latex)

    def _chain(self, chain: Chain):
        span = (chain.spans[0][0], chain.spans[-1][1]) if chain.spans else (0, 0)
        started = perf_counter()
        try:
            sides = self._sides(chain)
        except Unreadable as error:
            self.steps += [self._unreadable(error, span, self._piece(span))] * max(1, len(chain.relations))
            return
        except RecursionError:
            self.steps.append(
                self._unreadable(Unreadable("The line is nested too deeply to be read."), span, self._piece(span))
            )
            return
        if any(too_large(side) for side in sides):
            large = Unreadable(f"The line has more than {LARGEST} parts; write it in shorter steps.", span)
            self.steps.append(self._unreadable(large, span, self._piece(span)[:200]))
            return
        if not chain.relations and isinstance(sides[0], s.Call) and sides[0].fn.startswith("arg"):
            self.steps.append(
                Step(self._piece(span), "", "", Verdict.DEFINITION, "Names a minimiser; nothing is claimed.", span)
            )
            return
        if not chain.relations:
            self.steps.append(
                self._unreadable(
                    Unreadable("This line holds no equation; write one with =.", span), span, self._piece(span)
                )
            )
            return
        self._define_heads(chain, sides)
        for place, relation in enumerate(chain.relations):
            self.steps.append(self._timed(chain, sides, place, relation, started))
            started = perf_counter()

    def _timed(self, chain, sides, place, relation, started):
        with effort.within(self.effort) as work:
            step = self._step(chain, sides, place, relation)
        step = replace(step, milliseconds=1e3 * (perf_counter() - started), out_of_work=work.exhausted)
        if work.exhausted and step.verdict is Verdict.CHECKED:
            return replace(step, message=f"Gave up: too much work for one step; write shorter ones. {step.message}")
        return step

    def _unreadable(self, error, span, piece):
        return Step(piece, "", "", Verdict.UNREADABLE, error.message, error.span or span, offers=error.offers)

    def _piece(self, span):
        return " ".join(self.text[span[0] : span[1]].split())

    def _step(self, chain, sides, place, relation) -> Step:
        left, right = sides[place], sides[place + 1]
        span = (chain.spans[place][0], chain.spans[place + 1][1])
        self.latex = chain.latex
        written = (self._piece(chain.spans[place]), self._piece(chain.spans[place + 1]), relation)
        try:
            verdict, message, more = self._judge(chain, sides, place, relation, left, right)
        except Undeclared as error:
            verdict, message, more = Verdict.UNREADABLE, error.message, {"span": error.span}
        except IllTyped as error:
            verdict, message, more = Verdict.ILL_TYPED, error.message, {"span": error.span}
            if relation == "=" and place not in self.heads:
                more.update(self._repaired(left, right, place == 0))
        except Unreadable as error:
            verdict, message, more = Verdict.UNREADABLE, error.message, {"span": error.span, "offers": error.offers}
        except RecursionError:
            verdict, message, more = Verdict.UNREADABLE, "The line is nested too deeply to be decided.", {}
        except STUMBLES as error:
            verdict, message, more = Verdict.UNREADABLE, f"{STUMBLED} ({type(error).__name__}).", {}
        more["span"] = more.get("span") or span
        sides_at = (chain.spans[place], chain.spans[place + 1])
        more["understood"] = _understood(left, right)
        return Step(*written, verdict, message, sides=sides_at, opens=place == 0, latex=chain.latex, **more)

    def _judge(self, chain, sides, place, relation, left, right):
        if isinstance(left, s.Name) and isinstance(right, s.Call) and right.fn in ("argmin", "argmax"):
            return Verdict.DEFINITION, "Names a minimiser; nothing is claimed.", {}
        if relation in (":=", "=") and self._is_definition(chain, sides, place, relation):
            return self._definition(sides, place, relation)
        if relation == "in":
            return self._membership(left, right)
        if relation == "->" and isinstance(left, s.Dots):
            return Verdict.DEFINITION, "Says from where to where this maps; nothing is claimed.", {}
        if relation in _SENTENCES or relation == "approx":
            raise Unreadable(f"A line with this relation is no equation and is not decided: {relation}.")
        if relation in _ORDER:
            return self._order(left, right, relation)
        return self._equation(chain, sides, left, right)

    def _membership(self, left, right):
        if not isinstance(right, s.Dots):
            typist = Typist(self.context)
            said, found = typist.type(right, c.SCALAR).shape, typist.type(left).shape
            if said != found:
                raise IllTyped(f"This is {c.shape_text(found)}, and it is said to be {c.shape_text(said)}.", left.span)
        return Verdict.DEFINITION, "Says where this lives; nothing is claimed.", {}


def _understood(left, right):
    """Both sides as they were read; empty where a side has no form of its own in LaTeX."""
    try:
        return to_latex(left), to_latex(right)
    except (RecursionError, *STUMBLES):
        return "", ""


__all__ = ["Outside", "derivation", "implies"]
