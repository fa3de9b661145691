"""A derivation, step by step: what each line is (a definition, a condition, a claim) and whether the claims hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter

from . import clock
from . import core as c
from . import syntax as s
from .assumptions import assumptions
from .claims import Claim, Decision, Disagreement, decide, joined, prove
from .conditions import contradicted, fails_under, follows, is_condition, is_zero, unknowns
from .context import Symbol
from .errors import IllTyped, OneSided, Outside, Problem, Undeclared, Unreadable
from .indices import free_indices, uses_einstein
from .inequality import decide_order
from .names import NUMBER_LETTERS, latex, make_key, split_key, swap_case
from .printing import to_latex, to_text
from .reading import Chain, is_latex, read_chains
from .report import Counterexample, Report, Step, Verdict
from .typing import Typist

LARGEST = 2000
# What is caught so that nobody meets a traceback; the tests demand that it never happens.
STUMBLED = "The checker stumbled over this line; that is its error and not yours"
STUMBLES = (TypeError, ValueError, AttributeError, KeyError, IndexError, ArithmeticError)
_ORDER = ("<=", ">=", "<", ">")
_FOLLOWING = ("implies", "iff", "hence")
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


@dataclass(frozen=True)
class Decided:
    """A claim with the sides it was typed from; ``given`` are the equations that it follows from, where it needs any.

    ``read`` types other sides in the same way.
    """

    claim: Claim
    left: s.Node
    right: s.Node
    read: Callable[[s.Node, s.Node], Claim]
    given: tuple[Claim, ...] = ()


class Derivation:
    """The state of one check: the definitions it has met, the conditions that hold.

    After :meth:`report`, ``context`` holds what the text defined and ``decided`` the claim of each decided step.
    """

    def __init__(self, text, context, repairs=True, follow=False, locked=False, redefine=False):
        self.text = _joined(text)
        self.latex = is_latex(self.text, context)
        self.context = context.copy()
        self.locked = frozenset(context.symbols) if locked else frozenset()
        self.repairs, self.follow, self.redefine = repairs, follow, redefine
        self.seconds = clock.SECONDS
        self.steps: list[Step] = []
        self.decided: dict[int, Decided] = {}
        self.conditions: list[tuple] = []
        self.varied: frozenset[str] | None = None
        self.einstein, self.hint = False, None
        self.heads: set[int] = set()
        self.premise = False
        self.hoisted: set[int] = set()

    @property
    def claims(self) -> dict[int, Claim]:
        """The typed claim of each decided step, by its number."""
        return {number: one.claim for number, one in self.decided.items()}

    def report(self) -> Report:
        try:
            chains = read_chains(self.text, self.context)
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

    # ------------------------------------------------------------------ reading

    def _look_ahead(self, chains):
        """What the whole text tells about each line: which names differentials vary, which count from 0."""
        trees = []
        scratch, self.context = self.context, self.context.copy()
        for chain in chains:
            try:
                sides = self._sides(chain)
            except (Problem, RecursionError):
                continue
            if any(_too_large(side) for side in sides):
                continue
            trees += sides
            self._declare_head(chain, sides)
        self.context = scratch
        self.text_trees = trees
        self.context.prime_variable = self._prime_variable(trees)
        self._count_from_zero(trees)
        self._functions(trees)
        self.context.numbers = _plain_numbers(trees)

    def _sides(self, chain):
        r"""The sides of a chain; ``s^2 = ...`` with no s known defines the square as a name of its own."""
        sides = chain.read(self.context)
        square = sides[0]
        if not (isinstance(square, s.Pow) and isinstance(square.base, s.Name) and square.exponent == s.num(2)):
            return sides
        base, accents, below, above = split_key(square.base.id)
        if above or not chain.relations or square.entrywise or not self._is_new(square.base):
            return sides
        return [s.Name(make_key(base, accents, below, "2"), span=square.span), *sides[1:]]

    def _heads(self, chains):
        """(place, head, body, chain) of the chains that begin with a name that nothing explains yet, once each."""
        found: dict[str, tuple] = {}
        for place, chain in enumerate(chains):
            try:
                sides = self._sides(chain)
            except (Problem, RecursionError):
                continue
            if chain.relations[:1] in (["="], [":="]) and self._is_new(sides[0]):
                head = _head(sides[0])
                found.setdefault(head[0], (place, head, sides[1], chain))
        return found

    def _hoist(self, place, chain, heads):
        """What a text says after ``where``, and what it uses before it is explained, holds for this line already."""
        try:
            used = set().union(*map(s.names, self._sides(chain)))
        except (Problem, RecursionError):
            return
        late = [one for key, one in heads.items() if one[0] > place and (key in used or one[3].link == "where")]
        for _, head, body, origin in [*late, *late]:
            if id(origin) in self.hoisted or head[0] in self.context.numbers:
                continue
            try:
                self._define(head, body)
                self.hoisted.add(id(origin))
            except (Problem, RecursionError):
                continue

    def _functions(self, trees):
        """A definition that the text writes as a function of declared names is one: ``f(x)``, and then ``f(x + h)``."""
        calls = (one for tree in trees for one in s.walk(tree) if isinstance(one, s.At))
        for call in calls:
            names = tuple(one.id for one in call.args if isinstance(one, s.Name))
            symbol = self.context.lookup(call.fn.id) if isinstance(call.fn, s.Name) else None
            if symbol is None or symbol.definition is None or symbol.params or len(names) != len(call.args):
                continue
            if set(names) <= self.context.depends(symbol.key):
                self.context.symbols[symbol.key] = replace(symbol, params=names)

    def _declare_head(self, chain, sides):
        head = _head(sides[0]) if chain.relations else None
        if head is not None and self.context.lookup(head[0]) is None and not self.context.is_size(head[0]):
            try:
                self._define(head, sides[1])
            except (Problem, RecursionError, IndexError):
                return

    def _prime_variable(self, trees):
        for tree in trees:
            for one in s.walk(tree):
                if isinstance(one, s.Prime) and isinstance(one.arg, s.At) and isinstance(one.arg.args[0], s.Name):
                    return one.arg.args[0].id
        return self.context.prime_variable

    def _count_from_zero(self, trees):
        for tree in trees:
            for one in s.walk(tree):
                if isinstance(one, s.Entry) and not one.zero and isinstance(one.base, s.Name) and s.ZERO in one.indices:
                    symbol = self.context.lookup(one.base.id)
                    if symbol is not None:
                        self.context.symbols[symbol.key] = replace(symbol, zero_based=True)

    # ------------------------------------------------------------------ one chain

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
        if any(_too_large(side) for side in sides):
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

    def _define_heads(self, chain, sides):
        """``y = f(x) = body`` defines both, f first."""
        self.heads = set()
        unknown = [k for k in range(len(sides) - 1) if self._is_new(sides[k]) and chain.relations[k] in ("=", ":=")]
        if len(unknown) < 2 or unknown != list(range(len(unknown))):
            return
        try:
            for k in reversed(unknown):
                self._define(_head(sides[k]), sides[k + 1])
                self.heads.add(k)
        except (Problem, RecursionError):
            self.heads.clear()

    def _is_new(self, side):
        head = _head(side)
        return head is not None and self.context.lookup(head[0]) is None and not self.context.is_size(head[0])

    def _timed(self, chain, sides, place, relation, started):
        with clock.within(self.seconds) as time:
            step = self._step(chain, sides, place, relation)
        step = replace(step, milliseconds=1e3 * (perf_counter() - started), out_of_time=time.struck)
        if time.struck and step.verdict is Verdict.CHECKED:
            said = f"Gave up after {self.seconds:g} s; write it in shorter steps. {step.message}"
            return replace(step, message=said)
        return step

    def _unreadable(self, error, span, piece):
        return Step(piece, "", "", Verdict.UNREADABLE, error.message, error.span or span)

    def _piece(self, span):
        return " ".join(self.text[span[0] : span[1]].split())

    def _step(self, chain, sides, place, relation) -> Step:
        left, right = sides[place], sides[place + 1]
        span = (chain.spans[place][0], chain.spans[place + 1][1])
        written = (self._piece(chain.spans[place]), self._piece(chain.spans[place + 1]), relation)
        try:
            verdict, message, more = self._judge(chain, sides, place, relation, left, right)
        except Undeclared as error:
            verdict, message, more = Verdict.UNREADABLE, error.message, {"span": error.span}
        except IllTyped as error:
            verdict, message, more = Verdict.ILL_TYPED, error.message, {"span": error.span}
            if relation == "=" and place not in self.heads:
                more.update(self._repaired(left, right))
        except Unreadable as error:
            verdict, message, more = Verdict.UNREADABLE, error.message, {"span": error.span}
        except RecursionError:
            verdict, message, more = Verdict.UNREADABLE, "The line is nested too deeply to be decided.", {}
        except STUMBLES as error:
            verdict, message, more = Verdict.UNREADABLE, f"{STUMBLED} ({type(error).__name__}).", {}
        more["span"] = more.get("span") or span
        return Step(*written, verdict, message, **more)

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

    # ------------------------------------------------------------------ definitions

    def _is_definition(self, chain, sides, place, relation):
        head = _head(sides[place])
        if relation == ":=" or place in self.heads or (place == 0 and id(chain) in self.hoisted):
            return True
        if place == 0 and self._is_square(sides[0], sides[1]):
            return True
        if place or head is None:
            return False
        key = head[0]
        if self.context.is_size(key):
            return False
        symbol = self.context.lookup(key)
        if symbol is None:
            return self.context.lookup(swap_case(key)) is None or not head[1]
        return not self.steps and _same_tree(symbol.definition, sides[1])

    def _is_square(self, left, right):
        """``v^2 = v^T v`` for a column is a convention, and no claim."""
        if not (isinstance(left, s.Pow) and isinstance(left.base, s.Name) and left.exponent == s.num(2)):
            return False
        symbol = self.context.lookup(left.base.id)
        column = symbol is not None and symbol.shape is not None and symbol.shape[0] != symbol.shape[1]
        return column and right == s.Mul((s.T(left.base), left.base))

    def _definition(self, sides, place, relation):
        head, body = _head(sides[place]), sides[place + 1]
        if head is None and relation == ":=":
            head, body = _head(sides[place + 1]), sides[place]
        if head is None:
            square = self._square_convention(sides[place], body)
            if square:
                return square
            raise IllTyped("Only a name, an entry of one or a function of names can be defined.", sides[place].span)
        symbol = self.context.lookup(head[0])
        if head[0] in self.locked and not (symbol is not None and _same_tree(symbol.definition, body)):
            raise IllTyped("This symbol is given and can't be defined anew; use another letter.", sides[place].span)
        if symbol is not None and symbol.definition is not None and self.redefine and relation == ":=":
            self.context.symbols[head[0]] = replace(symbol, definition=None)
            symbol = self.context.lookup(head[0])
        if symbol is not None and symbol.definition is not None and not _same_tree(symbol.definition, body):
            return self._redefinition(symbol, sides[place], body)
        if symbol is not None and symbol.definition is None and head[0] in s.names(body):
            Typist(self.context).sides(sides[place], body)
            return Verdict.DEFINITION, "An update: the new value stands on the left.", {}
        if symbol is not None and symbol.definition is not None:
            Typist(self.context).type(body)
        self._define(head, body)
        more = {"assumes": assumptions([body], self.context) + self._placeholders(head[0])}
        return Verdict.DEFINITION, "A definition; nothing is claimed.", more

    def _square_convention(self, left, right):
        """``v^2 := v^T v``"""
        if isinstance(left, s.Pow) and isinstance(left.base, s.Name) and left.exponent == s.num(2):
            self.context.square_is_norm = True
            return Verdict.DEFINITION, "A convention: from here on the square of a column is v^T v.", {}
        return None

    def _redefinition(self, symbol, left, body):
        claim, _ = self._typed(s.Name(symbol.key, span=left.span), body)
        decision = decide(claim)
        if decision.proved:
            return Verdict.DEFINITION, "This is defined already, and says the same.", {}
        raise IllTyped("This symbol is defined already, and differently; use another letter.", left.span)

    def _define(self, head, body):
        key, indices, params = head
        old = self.context.lookup(key)
        self.context.define_node(key, body, indices, params)
        try:
            typist = Typist(self.context)
            shape = typist.type(s.Name(key)).shape
        except Problem:
            if params and old is None and self._has_placeholders(key, params):
                self.context.symbols[key] = replace(self.context.lookup(key), placeholder=True)
                return
            if old is None:
                del self.context.symbols[key]
            else:
                self.context.symbols[key] = old
            raise
        if indices or old is None:
            symbol = self.context.lookup(key)
            self.context.symbols[key] = replace(symbol, shape=shape)

    def _placeholders(self, key):
        symbol = self.context.lookup(key)
        return tuple(f"{latex(one)} is a placeholder" for one in symbol.params) if symbol.placeholder else ()

    def _has_placeholders(self, key, params):
        """Whether a function makes sense for numbers in the place of its parameters, or for rows of the matrix that
        has the capital letter: ``h(x) = a + b x``, and then ``h(x_i)``.
        """
        for rows in (False, True):
            trial = self.context.copy()
            for one in params:
                table = trial.lookup(swap_case(one))
                row = rows and trial.lookup(one) is None and table is not None and table.shape is not None
                trial.symbols[one] = Symbol(one, (table.shape[1], c.D1) if row else c.SCALAR)
            try:
                Typist(trial).type(s.Name(key))
                return True
            except Problem:
                continue
        return False

    # ------------------------------------------------------------------ claims

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
                "Holds for all sizes.",
                {"assumes": assumed, "engines": ("normal form", "exact points")},
            )
        if decision.point is not None and self._is_set_to_zero(chain, sides, claim, right):
            self.conditions.append((claim, self._said(left, right)))
            return Verdict.CONDITION, "A derivative set to zero: a condition on the unknown.", {"assumes": assumed}
        if decision.point is not None and self._sets_a_symbol(chain, claim, left, right):
            self.conditions.append((claim, self._said(left, right)))
            return Verdict.CONDITION, f"Taken as given: what {latex(left.id)} is here.", {"assumes": assumed}
        if self.conditions and decision.point is not None:
            judged = self._under_conditions(chain, claim, decision, left, right, assumed)
            if judged is not None:
                return judged
        if decision.point is None:
            return self._undecided(decision, assumed)
        if is_condition(claim, left, right, chain, self.context, self.text_trees):
            self.conditions.append((claim, self._said(left, right)))
            return (
                Verdict.CONDITION,
                "No identity but a condition: it holds for some values of the unknown.",
                {"assumes": assumed},
            )
        if not self.conditions and (self.follow or (self.premise and not _derives(claim))):
            self.conditions.append((claim, self._said(left, right)))
            return Verdict.CONDITION, "Taken as given.", {"assumes": assumed}
        return self._refuted(claim, decision, left, right, assumed)

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
        if symbol is None or symbol.definition is not None or _derives(claim):
            return False
        spoken = set().union(*(set(one.symbols()) for one, _ in self.conditions))
        used = {left.id} & (spoken | set().union(*({one} | self.context.depends(one) for one in s.names(right))))
        return not used and bool(unknowns(self.context, self.text_trees) & set(claim.symbols()))

    def _under_conditions(self, chain, claim, decision, left, right, assumed):
        """A line that is no identity, after equations that were taken as conditions: does it follow from them?"""
        given = [one for one, _ in self.conditions]
        before = "; ".join(dict.fromkeys(said for _, said in self.conditions))
        if follows(claim, given):
            if (point := contradicted(claim, given)) is not None:
                raise Disagreement(f"The normal form derives what fails where the premises hold, at {point}.")
            self.decided[len(self.steps)] = replace(self.decided[len(self.steps)], given=tuple(given))
            if chain.link == "hence":
                return Verdict.CONDITION, "A condition again; it follows from the one before.", {"assumes": assumed}
            self.conditions.append((claim, self._said(left, right)))
            more = {"assumes": (*assumed, f"{before} holds"), "engines": ("normal form",)}
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

    def _example(self, claim, point):
        named = claim.symbols()
        shown = {name: value for name, value in point.values.items() if _matters(named, claim.variables, name)}
        return Counterexample(point.sizes, shown, point.places, point.left, point.right)

    def _taken_as_numbers(self, left, right):
        """The letters that nothing declares and that are read as numbers."""
        loose = (s.names(left) | s.names(right)) & self.context.numbers
        bare = [name for name in sorted(loose) if self.context.lookup(name) is None and not self.context.is_size(name)]
        return tuple(f"{latex(name)} is a number" for name in bare)

    def _chain_shape(self, sides):
        """The shape of the first side of the chain that has one of its own."""
        for side in sides:
            try:
                return Typist(self.context).type(side).shape
            except (IllTyped, Unreadable):
                continue
        return None

    def _said(self, left, right):
        return f"{to_latex(left)} = {to_latex(right)}"

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

    def _refuted(self, claim, decision, left, right, assumed):
        more = {
            "counterexample": self._example(claim, decision.point),
            "assumes": assumed,
            "engines": ("exact points",),
            **self._repaired(left, right),
        }
        return Verdict.REFUTED, "The two sides differ.", more

    def _repaired(self, left, right):
        """The one change that mends the line, as a sentence and as text in the language of the line."""
        if not self.repairs:
            return {}
        from .repair import repair

        found = repair(left, right, self.context, self._claim_of)
        if found is None:
            return {}
        mended = (to_latex if self.latex else to_text)(found.node)
        where = "" if found.side == "right" else " (on the left)"
        return {"repair": f"Right with one change{where}: {found.what}.", "mended": mended, "mended_side": found.side}

    def _reader(self, einstein, hint):
        def read(left, right):
            self.einstein, self.hint = einstein, hint
            return self._claim_of(left, right)

        return read

    def _claim_of(self, left, right):
        return self._typed(left, right)[0]

    def _typed(self, left, right, row_reading=False, one_sided=False):
        typist = Typist(self.context, row_reading, one_sided)
        typed = typist.sides(left, right, self.einstein, self.hint)
        free = list(typist.free.values())
        for one in free:
            if one.dim is None:
                raise IllTyped(f"The range of the index {one.name} does not follow from where it stands.", left.span)
        return Claim(*typed, free, self._variables(left, right, typed)), typist

    def _typed_some_way(self, chain, left, right):
        """The plain reading; where it has no meaning, rows for x_i or sums that reach over a minus, and that is
        said.
        """
        try:
            claim, typist = self._typed(left, right)
            return claim, tuple(typist.notes)
        except OneSided as error:
            doubled = self._attempt(*(_doubled(side, self.context) for side in (left, right)))
            if doubled is not None:
                return doubled[0], ("a sum with two different indices runs over both", *doubled[1].notes)
            claim, typist = self._typed(left, right, one_sided=True)
            if prove(claim)[0]:
                return claim, ("an index on one side alone: it holds for every value of it", *typist.notes)
            raise error
        except IllTyped as error:
            if _has_row(left, right):
                read = self._attempt(left, right, True)
                if read is not None:
                    return read[0], ("x_i is read as a row", *read[1].notes)
            other = self._wide(chain, left, right)
            if other is not None:
                return other[0], ("the sum is read as reaching over the sign", *other[1].notes)
            raise error

    def _attempt(self, left, right, row_reading=False):
        try:
            return self._typed(left, right, row_reading)
        except Problem:
            return None

    def _wide(self, chain, left, right):
        if not any(isinstance(one, s.Sum) for side in (left, right) for one in s.walk(side)):
            return None
        try:
            narrow, wide = chain.read(self.context), chain.read(self.context, True)
        except Problem:
            return None
        if wide == narrow or left not in narrow or right not in narrow:
            return None
        return self._attempt(wide[narrow.index(left)], wide[narrow.index(right)])

    # ------------------------------------------------------------------ differentials

    def _variables(self, left, right, typed):
        """The symbols that differentials vary: declared, or those whose d is written, or what the innermost d'd
        names rest on.
        """
        if not any(isinstance(one, c.Differential) for side in typed for one in c.everything(side)):
            return frozenset()
        if self.context.variables is not None:
            return self.context.variables
        if self.varied is None:
            self.varied = self._written_differentials()
        return self.varied

    def _written_differentials(self):
        named = {
            one.id
            for tree in self.text_trees
            for node in s.walk(tree)
            if isinstance(node, s.Diff)
            for one in [node.arg]
            if isinstance(one, s.Name) and self.context.lookup(one.id) is not None
        }
        primitive = {name for name in named if self.context.lookup(name).definition is None}
        if not primitive:
            deepest = [
                name for name in named if not any(self.context.depends(name) & {other} for other in named - {name})
            ]
            primitive = (
                set().union(*(self.context.primitives(name) for name in deepest)) if deepest else self._all_primitives()
            )
        return frozenset(primitive) - self.context.constants

    def _all_primitives(self):
        names = set().union(*(s.names(tree) for tree in self.text_trees)) if self.text_trees else set()
        return set().union(*(self.context.primitives(name) for name in names)) if names else set()


def _matters(named, variables, name) -> bool:
    return name.removeprefix("d ") in named and not (name.startswith("d ") and name[2:] not in variables)


def _derives(claim) -> bool:
    return any(isinstance(one, (c.Partial, c.Differential)) for one in claim.nodes)


def _joined(text) -> str:
    """One text from a list of lines."""
    if isinstance(text, str):
        return text
    lines = [str(line) for line in text]
    latex = any("\\" in line or "{" in line or "^" in line for line in lines)
    return (" \\\\\n" if latex else "\n").join(lines)


def _plain_numbers(trees) -> frozenset[str]:
    """Letters such as n and lambda that stand as numbers throughout: taken as numbers where nothing declares them."""
    arrays: set[str] = set()
    for tree in trees:
        for one in s.walk(tree):
            if isinstance(one, (s.T, s.Prime, s.Inv, s.Diff)):
                arrays |= s.names(one.arg)
            elif isinstance(one, s.Entry):
                arrays |= s.names(one.base)
            elif isinstance(one, (s.Call, s.Had, s.Kron)):
                arrays |= {name.id for name in s.children(one) if isinstance(name, s.Name)}
            elif isinstance(one, s.Deriv):
                arrays |= set().union(*(s.names(by) for by in one.wrt)) - {"lambda"}
    return frozenset(NUMBER_LETTERS - arrays)


def _too_large(side):
    return sum(1 for _ in islice(s.walk(side), LARGEST + 1)) > LARGEST


def _doubled(node, context):
    """Sums over i that stays away from a j which nothing binds, as sums over both."""
    node = s.rebuild(node, lambda child: _doubled(child, context))
    if isinstance(node, s.Sum) and len(node.exclude) == 1 and node.exclude[0] in free_indices(node, context):
        return s.Sum(node.exclude[0], node, span=node.span)
    return node


def _head(node):
    """(key, indices, parameters) of what can be defined: a name, an entry, a function of names."""
    if isinstance(node, s.Name):
        return node.id, (), ()
    if (
        isinstance(node, s.At)
        and isinstance(node.fn, s.Name)
        and all(isinstance(a, (s.Name, s.Entry)) for a in node.args)
    ):
        return node.fn.id, (), tuple(arg.id for arg in node.args if isinstance(arg, s.Name))
    if isinstance(node, s.Entry) and isinstance(node.base, s.Name):
        letters = tuple(one.id for one in node.indices if isinstance(one, s.Name))
        return (node.base.id, letters, ()) if len(letters) == len(node.indices) else None
    return None


def _same_tree(a, b):
    return a is not None and (a == b or _bare(a) == _bare(b))


def _bare(node):
    """The tree without what only the two languages write differently."""
    node = s.rebuild(node, _bare)
    if isinstance(node, s.Entry) and node.zero:
        return s.Entry(
            node.base, tuple(s.num(one.value + 1) if isinstance(one, s.Num) else one for one in node.indices)
        )
    if isinstance(node, s.Sum):
        whole = node.lo is None or node.lo == s.ONE
        return s.Sum(node.index, node.body, None if whole else node.lo, None if whole else node.hi, node.exclude)
    if isinstance(node, s.Pow):
        return s.Pow(node.base, node.exponent)
    if isinstance(node, s.Call) and node.fn.startswith("norm"):
        return replace(node, fn="norm2" if node.fn in s.NORMS.values() else "norm")
    if isinstance(node, (s.Mul, s.Star)):
        factors = [part for one in s.children(node) for part in (one.factors if isinstance(one, s.Mul) else (one,))]
        return s.Mul(tuple(factors))
    return node


def _has_row(*nodes):
    """Whether x_i of a matrix stands somewhere, and nowhere with a transpose, which would settle what it is."""
    rows = [one for node in nodes for one in s.walk(node) if isinstance(one, s.Entry) and len(one.indices) == 1]
    turned = [
        one
        for node in nodes
        for one in s.walk(node)
        if isinstance(one, (s.T, s.Prime)) and isinstance(one.arg, s.Entry)
    ]
    return bool(rows) and not turned


__all__ = ["Outside", "derivation", "implies"]
