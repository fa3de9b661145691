"""The search for a certificate: which relations, times which cofactors, make the difference of two sides vanish.

The difference is written as a sum of networks over the letters of the checker's table. Relations are used as rules
from their largest term to the others, and each use is noted down with what it was multiplied by. Where the rules end
short of zero, the difference is multiplied by a denominator, or by a matrix whose inverse carries a free index, and the
search starts again. Nobody has to trust any of this: the checker adds it all up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lrcore.verify.certificate import Refused, Table
from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.networks import match
from lrcore.verify.prove.polynomials import ONE_TERM, Algebra, add_powers
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside

# isort: off
from lrcore.verify.statements import (
    ONE,
    Add,
    Delta,
    Entry,
    Equation,
    Fn,
    Index,
    Letter,
    Mul,
    Num,
    Place,
    Pow,
    Rest,
    Size,
)
from lrcore.verify.statements import (
    Statement,
    Step,
    Sum,
    Term,
    Times,
    Use,
    add,
    below,
    free,
    free_indices,
    minus,
    mul,
    power,
    put,
)
from lrcore.verify.statements import total
# isort: on

STEPS, ROUNDS, TERMS = 400, 8, 60_000
Given = Callable[[dict[str, Place]], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """An expression that is zero, as networks over legs: ``lead`` is replaced by the rest. ``use`` says what it is."""

    lead: tuple[Any, ...]
    rest: list[Any]
    legs: tuple[str, ...]
    use: Given
    late: bool
    strict: bool  # the lead differs from another term in powers of sizes alone, which have to be there then


class Networks(Algebra):
    """Polynomials in the letters of a table, as sums of networks."""

    def __init__(self) -> None:
        super().__init__(TERMS)
        self.letter: dict[int, Letter] = {}
        self.split: set[int] = set()

    def atom(self, letter: Letter) -> int:
        found = self.table.number(Atom("var", letter.name), letter.symmetric)
        self.letter[found] = letter
        return found

    def _cancel(self, term: Any) -> None:
        return None

    def label_of(self, index: Index) -> int:
        kind = index.kind
        return self.label(c.size(kind) if isinstance(kind, str) else c.fixed(kind))

    def expand(self, term: Term, env: dict[Index, Any]) -> list[Any]:
        """The polynomial, with a label for each index."""
        self.spend(1)
        match term:
            case Num(value):
                return [(Fraction(value), (), (), ())] if value else []
            case Size(name, exponent):
                return self.power_of(self.table.number(Atom("size", name)), exponent)
            case Entry(letter, at):
                atom, labels = self.atom(letter), tuple(self.at(one, env) for one in at)
                for one, kind in zip(labels, letter.kinds):
                    if isinstance(one, str):
                        self.dims[one] = c.size(kind) if isinstance(kind, str) else c.fixed(kind)
                return [(1, (), (self.factor(atom, labels),), ())] if labels else self.power_of(atom)
            case Delta(i, j):
                a, b = self.at(i, env), self.at(j, env)
                return [ONE_TERM] if a == b else [(1, (), ((DELTA, (a, b)),), ())]
            case Add(parts):
                return [one for part in parts for one in self.expand(part, env)]
            case Mul(parts):
                return self.product([self.expand(part, env) for part in parts])
            case Pow(base, exponent):
                return self.product([self.expand(base, env) for _ in range(exponent)])
            case Sum(index, body):
                if index.kind in self.split:
                    return [
                        one
                        for place in range(int(index.kind))
                        for one in self.expand(body, {**env, index: f"#{place}"})
                    ]
                label = self.label_of(index)
                inner = self.expand(body, {**env, index: label})
                return [(value, powers, factors, (*bound, label)) for value, powers, factors, bound in inner]
        raise Outside("This is no polynomial.")

    def at(self, place: Place, env: dict[Index, Any]) -> Any:
        return env[place] if isinstance(place, Index) else f"#{place}"

    def product(self, parts: list[Any]) -> list[Any]:
        out: list[Any] = [ONE_TERM]
        for part in parts:
            out = self.mul(out, part)
        return out

    # ------------------------------------------------------------------ back to terms

    def written(self, term: tuple[Any, ...], places: dict[Any, Place]) -> Term:
        """A network as a term, its labels at these places (its sums are not written)."""
        value, powers, factors, _ = term
        out: list[Term] = [Num(value)] if value != 1 else []
        for atom, exponent in powers:
            info = self.table[atom]
            out.append(Size(info.name, exponent) if info.kind == "size" else power(Entry(self.letter[atom]), exponent))
        for atom, labels in factors:
            at = tuple(self.place(one, places) for one in labels)
            out.append(Delta(*at) if atom == DELTA else Entry(self.letter[atom], at))
        return mul(*out)

    def place(self, label: Any, places: dict[Any, Place]) -> Place:
        return int(label[1:]) if isinstance(label, str) and label.startswith("#") else places[label]

    def places_for(self, labels: Sequence[Any], places: dict[Any, Place]) -> dict[Any, Place]:
        """A new index for each of the labels."""
        new = dict(places)
        for one in labels:
            dim = self.dims[one]
            new[one] = Index("k", dim.constant() or str(dim))
        return new


class Search:
    """Looks for the steps that prove the equations of one statement."""

    def __init__(self, statement: Statement, apart: bool = False):
        self.statement, self.table, self.takes_apart = statement, Table(), apart
        equations = (*statement.claims, *statement.given)
        self.differences = {one: self.table.difference(one) for one in equations}
        self.table.facts, self.table.admission.closed = set(self.table.known), True
        self.networks = Networks()
        places = [one for term in self.differences.values() for one in _fixed(term)]
        self.networks.split = {kind for _, kind in places if isinstance(kind, int)}
        self.rules: list[Rule] = []
        self.seen: set[Letter] = set()

    def certificate(self) -> tuple[tuple[Step, ...], ...]:
        self.premises()
        return tuple(self.steps(one) for one in self.statement.claims)

    # ------------------------------------------------------------------ rules

    def premises(self) -> None:
        for number, equation in enumerate(self.statement.given):
            self.add_rule(self.differences[equation], equation.free, _premise(number, equation.free), solved=True)

    def add_rule(
        self, zero: Term, legs: tuple[Index, ...], use: Given, lead: Letter | None = None, solved: bool = False
    ) -> None:
        """A rule; those that turn denominators and inverses into 1 go first."""
        env = {index: f"L{k}" for k, index in enumerate(legs)}
        for index, label in env.items():
            self.networks.dims[label] = c.size(index.kind) if isinstance(index.kind, str) else c.fixed(index.kind)
        collected = self.networks.collect(self.networks.expand(zero, env))
        terms = [self.networks._term(key, value) for key, value in sorted(collected.items(), key=repr)]
        if not terms:
            return
        place = self.lead_of(terms, lead, solved)
        late = lead is None or lead.of not in ("recip", "inv")
        if lead is not None and lead.of == "recip":
            place = max(
                (k for k, one in enumerate(terms) if self.alike(one, terms[place])), key=lambda k: _degree(terms[k])
            )
        rest = terms[:place] + terms[place + 1 :]
        strict = any(self.alike(one, terms[place]) for one in rest)
        self.rules.append(Rule(terms[place], rest, tuple(env.values()), use, late, strict))
        self.rules.sort(key=lambda one: one.late)

    def alike(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
        """Whether two networks differ in powers of sizes at most."""
        table = self.networks.table
        bare = [tuple((a, p) for a, p in term[1] if table[a].kind != "size") for term in (one, other)]
        return bare[0] == bare[1] and one[2:] == other[2:]

    def lead_of(self, terms: list[Any], lead: Letter | None, solved: bool) -> int:
        """The term that a rule replaces: the one with the letter, or else the largest."""
        if solved:
            found = next((k for k, _ in enumerate(terms) if self.networks._solved(terms, k)), None)
            if found is not None:
                return found
        atoms = [{a for a, _ in one[2]} | {a for a, p in one[1] if p > 0} for one in terms]
        usable = [k for k, one in enumerate(atoms) if lead is None or self.networks.atom(lead) in one] or [
            *range(len(terms))
        ]
        return max(
            usable,
            key=lambda k: (
                len(terms[k][2]),
                sum(abs(p) for a, p in terms[k][1] if self.networks.table[a].kind != "size"),
                -k,
            ),
        )

    def learn(self) -> None:
        """The rules of all letters that have come up since the last time."""
        for _ in range(6):
            new = [one for one in self.table.known if one not in self.seen]
            for letter in new:
                self.seen.add(letter)
                try:
                    getattr(self, "_" + letter.of)(letter, *self.table.known[letter][:3])
                except Refused:
                    continue
            if not new:
                return

    def relation(
        self,
        name: str,
        values: tuple[Any, ...],
        legs: tuple[Index, ...],
        at: tuple[Index, ...] = (),
        lead: Letter | None = None,
    ) -> None:
        """A relation of the list[Any] as a rule; ``legs`` are its indices ``at`` and those that its values hold."""
        scope = frozenset(legs)
        zero = self.table.relation(name, at, values, scope)
        spelled = tuple((one, rows, self.spelled(term)) for one, rows, term in values)

        def use(places: dict[str, Place]) -> dict[str, Any]:
            env = {index: places[f"L{k}"] for k, index in enumerate(legs)}
            new = tuple((one, rows, put(term, env)) for one, rows, term in spelled)
            return {"zero": name, "at": tuple(env[one] for one in at), "values": new}

        self.add_rule(zero, legs, use, lead)

    def spelled(self, term: Term) -> Term:
        """The term with functions for the letters that the statement itself does not speak of."""
        if isinstance(term, Entry) and term.letter in self.table.known and term.letter not in self.table.facts:
            rows, loose, body, _ = self.table.known[term.letter]
            at = term.at[: len(term.at) - len(loose)]
            inner = put(body, dict(zip(loose, term.at[len(at) :])))
            return Fn(term.letter.of, self.spelled(inner), rows, at)
        return below(term, self.spelled)

    def _recip(self, letter: Letter, rows: Any, loose: tuple[Index, ...], body: Term) -> None:
        self.relation("reciprocal", (("t", (), body),), loose, lead=letter)

    def _sqrt(self, letter: Letter, rows: Any, loose: tuple[Index, ...], body: Term) -> None:
        self.relation("square of a root", (("t", (), body),), loose, lead=letter)

    def _abs(self, letter: Letter, rows: Any, loose: tuple[Index, ...], body: Term) -> None:
        number, rest = self.apart(body, loose)
        if number is not ONE:
            self.relation("absolute value of a product", (("a", (), number), ("b", (), rest)), loose, lead=letter)
        elif self.table.holds("nonnegative", body):
            self.relation("absolute value", (("t", (), body),), loose, lead=letter)
        else:
            self.relation("square of an absolute value", (("a", (), body),), loose, lead=letter)

    def _inv(self, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
        i, j = (Index(one.name, one.kind) for one in rows)
        for name in ("inverse on the right", "inverse on the left"):
            self.relation(name, (("A", rows, body),), (i, j, *loose), (i, j), lead=letter)

    def _adj(self, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
        i, j = (Index(one.name, one.kind) for one in rows)
        self.relation("adjugate", (("A", rows, body),), (i, j, *loose), (i, j), lead=letter)

    def _exp(self, letter: Letter, rows: Any, loose: tuple[Index, ...], body: Term) -> None:
        """exp of a sum as a product, until its arguments are networks without a number."""
        terms = self.terms(body, loose)
        if not terms:
            self.relation("exp of zero", (), (), lead=letter)
            return
        if not self.takes_apart:
            if self.table.find("exp", minus(body)) is not None:
                self.relation("exp of an opposite", (("a", (), body),), loose)
            return
        if len(terms) > 1:
            self.relation(
                "exp of a sum",
                (("a", (), terms[0][1]), ("b", (), add(*(one for _, one in terms[1:])))),
                loose,
                lead=letter,
            )
            return
        value, term = terms[0]
        unit = mul(Num(1 / abs(value)), term) if value > 0 else mul(Num(1 / value), term)
        unit = unit if value.denominator == 1 else mul(Num(Fraction(1, value.denominator)), unit)
        if value < 0:
            self.relation("exp of an opposite", (("a", (), minus(body)),), loose)
        elif value.numerator > 1:
            rest = mul(Num(Fraction(value.numerator - 1, value.numerator)), term)
            share = mul(Num(Fraction(1, value.numerator)), term)
            self.relation("exp of a sum", (("a", (), share), ("b", (), rest)), loose, lead=letter)
        elif isinstance(body, Entry) and body.letter.of == "log":
            self.relation("exp of a log", (("t", (), self.table.inside(body)),), loose, lead=letter)

    def _log(self, letter: Letter, rows: Any, loose: tuple[Index, ...], body: Term) -> None:
        """log of a product as a sum, until its arguments are letters."""
        if isinstance(body, Entry) and body.letter.of in ("exp", "recip", "sqrt"):
            name = {"exp": "log of an exp", "recip": "log of a reciprocal", "sqrt": "log of a root"}[body.letter.of]
            inner = self.table.inside(body)
            self.relation(name, (("a" if body.letter.of == "exp" else "t", (), inner),), loose, lead=letter)
            return
        if self.table.equal(body, ONE):
            self.relation("log of one", (), (), lead=letter)
            return
        factors = self.factors(body, loose)
        if len(factors) > 1:
            self.relation("log of a product", (("a", (), factors[0]), ("b", (), mul(*factors[1:]))), loose, lead=letter)

    def _det(self, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
        if isinstance(body, Entry) and body.letter.of == "inv":
            its_rows, _, inner, _ = self.table.known[body.letter]
            self.relation("determinant of an inverse", (("A", its_rows, inner),), (), lead=letter)
        elif isinstance(body, Delta):
            self.relation("determinant of one", (("A", rows, body),), (), lead=letter)
        else:
            parts = self.halves(body, rows)
            if parts is not None:
                self.relation(
                    "determinant of a product", (("A", rows, parts[0]), ("B", rows, parts[1])), (), lead=letter
                )

    # ------------------------------------------------------------------ taking arguments apart

    def terms(self, body: Term, loose: tuple[Index, ...]) -> list[tuple[Fraction, Term]]:
        """The networks of a term with their numbers, as terms."""
        networks = self.networks
        env = {index: f"f{k}" for k, index in enumerate(loose)}
        back: dict[Any, Place] = {label: index for index, label in env.items()}
        for index, label in env.items():
            networks.dims[label] = c.size(index.kind) if isinstance(index.kind, str) else c.fixed(index.kind)
        collected = networks.collect(networks.expand(body, env))
        out = []
        for key, value in sorted(collected.items(), key=repr):
            term = networks._term(key, value)
            places = networks.places_for(term[3], back)
            text = networks.written(term, places)
            for label in term[3]:
                text = total(places[label], text)  # type: ignore[arg-type]
            out.append((Fraction(value), text))
        return out

    def apart(self, body: Term, loose: tuple[Index, ...]) -> tuple[Term, Term]:
        """The number in front of the first network, and the rest."""
        terms = self.terms(body, loose)
        if not terms or terms[0][0] == 1:
            return ONE, body
        number = terms[0][0]
        return Num(number), add(*(mul(Num(1 / number), one) for _, one in terms))

    def factors(self, body: Term, loose: tuple[Index, ...]) -> list[Term]:
        """The factors of a product, powers written out."""
        terms = self.terms(body, loose)
        if len(terms) == 1 and not isinstance(terms[0][1], Sum):
            flat = terms[0][1].factors if isinstance(terms[0][1], Mul) else (terms[0][1],)
            return [one for part in flat for one in ([part.base] * part.exponent if isinstance(part, Pow) else [part])]
        number, rest = self.apart(body, loose)
        return [body] if number is ONE else [number, rest]

    def halves(self, body: Term, rows: tuple[Index, ...]) -> tuple[Term, Term] | None:
        """A matrix as a product of two square ones, if its term is a chain from the row to the column."""
        if not isinstance(body, Sum) or body.index.kind != rows[0].kind:
            return None
        middle, sums, inner = body.index, [body.index], body.body
        while isinstance(inner, Sum):
            sums.append(inner.index)
            inner = inner.body
        factors = inner.factors if isinstance(inner, Mul) else (inner,)
        for middle in sums:
            left = [one for one in factors if _reach(factors, rows[0], one, middle)]
            right = [one for one in factors if one not in left]
            ends = [free_indices(mul(*part)) for part in (left, right)]
            if middle.kind == rows[0].kind and middle in ends[0] and middle in ends[1] and rows[1] not in ends[0]:
                parts = (put(mul(*left), {middle: rows[1]}), put(mul(*right), {middle: rows[0]}))
                return self.closed(parts[0], sums), self.closed(parts[1], sums)
        return None

    def closed(self, term: Term, sums: list[Index]) -> Term:
        """The term, summed over those indices that are still in it."""
        for one in sums:
            if one in free_indices(term):
                term = total(one, term)
        return term

    # ------------------------------------------------------------------ the search

    def steps(self, equation: Equation) -> tuple[Step, ...]:
        if self.statement.relation != "=":
            return self.squares(equation)
        left, indices = self.differences[equation], equation.free
        found: list[Step] = []
        for _ in range(ROUNDS):
            self.learn()
            uses, rest = self.reduced(left, indices)
            if not rest:
                return (*found, *uses)
            step = self.multiplied(rest, indices)
            if step is None:
                break
            left, indices = self.after(step, left, indices)
            found.append(step)
        raise Outside("No certificate was found.")

    def squares(self, equation: Equation) -> tuple[Step, ...]:
        """What is left, if it is not negative as it is written, or term by term a square."""
        left = self.differences[equation]
        if self.table.holds("nonnegative", left):
            return (Rest(self.spelled(left)),)
        return (Rest(add(*(self.square(value, term) for value, term in self.terms(left, equation.free)))),)

    def square(self, value: Fraction, term: Term) -> Term:
        """A network of two equal factors as a sum of squares."""
        sums, inner = [], term
        while isinstance(inner, Sum):
            sums.append(inner.index)
            inner = inner.body
        factors = [one for one in (inner.factors if isinstance(inner, Mul) else (inner,)) if not isinstance(one, Num)]
        pairs = [one for one in factors if isinstance(one, Entry)]
        if len(pairs) == 2 and pairs[0].letter == pairs[1].letter and pairs[0].at == pairs[1].at:
            factors = [one for one in factors if one not in pairs] + [Pow(pairs[0], 2)]
        out = mul(Num(value), *factors)
        for index in sums:
            out = total(index, out)
        return self.spelled(out)

    def reduced(self, left: Term, indices: tuple[Index, ...]) -> tuple[list[Use], list[Any]]:
        """The uses of rules that take the difference as far as they can, and what is left."""
        networks = self.networks
        env: dict[Index, Any] = {index: f"f{k}" for k, index in enumerate(indices)}
        places: dict[Any, Place] = {label: index for index, label in env.items()}
        for index, label in env.items():
            networks.dims[label] = c.size(index.kind) if isinstance(index.kind, str) else c.fixed(index.kind)
        collected = networks.collect(networks.expand(left, env))
        uses: list[Use] = []
        for _ in range(STEPS):
            done = next(
                (
                    (key, use, new)
                    for key in sorted(collected, key=repr)
                    for use, new in self.once(key, collected[key], places)
                ),
                None,
            )
            if done is None:
                break
            key, use, new = done
            uses.append(use)
            del collected[key]
            for other, value in networks.collect(new).items():
                collected[other] = collected.get(other, 0) + value
                if not collected[other]:
                    del collected[other]
        return uses, networks.terms(collected)

    def once(self, key: tuple[Any, ...], value: Any, places: dict[Any, Place]) -> Iterator[tuple[Use, list[Any]]]:
        """A rule applied to a network."""
        networks = self.networks
        term = networks._term(key, value)
        for rule in self.rules:
            powers = _left(term[1], rule.lead[1], networks, rule.strict)
            if powers is None or not (rule.lead[2] or rule.lead[1]):
                continue
            for used, legs in match(rule.lead[2], rule.lead[3], list(term[2]), term[3], {}, networks.table.symmetric):
                inner = {legs[one] for one in rule.lead[3]}
                factors = tuple(one for k, one in enumerate(term[2]) if k not in used)
                bound = tuple(one for one in term[3] if one not in inner)
                base = (Fraction(term[0]) / rule.lead[0], powers, factors, bound)
                where = {leg: label for leg, label in legs.items() if isinstance(leg, str)}
                if any(leg not in where or where[leg] in inner for leg in rule.legs):
                    continue
                moved = networks.fresh(networks.replace_labels(rule.rest, where))
                new = networks.mul([(-base[0], *base[1:])], moved)
                at = networks.places_for(bound, places)
                cofactor = self.spelled(networks.written(base, at))
                legs_at = {leg: networks.place(label, at) for leg, label in where.items()}
                over = tuple(one for label in bound if isinstance(one := at[label], Index))
                yield Use(cofactor=cofactor, over=over, **rule.use(legs_at)), new
                break

    def multiplied(self, terms: list[Any], indices: tuple[Index, ...]) -> Times | None:
        """A denominator, or a matrix under an inverse with a free index, to multiply by."""
        networks = self.networks
        places: dict[Any, Place] = {f"f{k}": index for k, index in enumerate(indices)}
        if any(rule.strict for rule in self.rules):
            low = [(p, a) for one in terms for a, p in one[1] if p < 0 and networks.table[a].kind == "size"]
            if low:
                return Times(Size(networks.table[min(low)[1]].name, -min(low)[0]))
        for _, powers, factors, bound in terms:
            pairs = [(atom, ()) for atom, exponent in powers if exponent > 0] + [*factors]
            for atom, labels in pairs:
                letter = networks.letter.get(atom)
                if letter is not None and letter.of == "recip" and not set(labels) & set(bound):
                    at = tuple(networks.place(one, places) for one in labels)
                    return Times(self.spelled(self.table.inside(Entry(letter, at))))
        for _, _, factors, bound in terms:
            for atom, labels in factors:
                letter = networks.letter.get(atom)
                if letter is None or letter.of != "inv":
                    continue
                for slot in (0, 1):
                    if labels[slot] in places and self.fits(labels, slot, bound):
                        return self.matrix(letter, labels, slot, places)
        return None

    def fits(self, labels: tuple[Any, ...], slot: int, bound: tuple[Any, ...]) -> bool:
        return not set(labels[2:]) & {*bound, labels[slot]} and not str(labels[slot]).startswith("#")

    def matrix(self, letter: Letter, labels: tuple[Any, ...], slot: int, places: dict[Any, Place]) -> Times:
        rows, loose, body, _ = self.table.known[letter]
        at = tuple(self.networks.place(one, places) for one in labels[2:])
        body = self.spelled(put(body, dict(zip(loose, at))))
        new = tuple(Index(one.name, one.kind) for one in rows)
        body = put(body, dict(zip(rows, new)))
        index = places[labels[slot]]
        assert isinstance(index, Index)
        return Times(body, new if slot == 0 else new[::-1], index)

    def after(self, step: Times, left: Term, indices: tuple[Index, ...]) -> tuple[Term, tuple[Index, ...]]:
        factor = self.table.letters(step.factor)
        if step.index is None:
            return mul(factor, left), indices
        r, k = step.rows
        left = total(step.index, mul(put(factor, {k: step.index}), left))
        return left, tuple(r if one is step.index else one for one in indices)


def _premise(number: int, free: tuple[Index, ...]) -> Given:
    return lambda places: {"zero": number, "at": tuple(places[f"L{k}"] for k, _ in enumerate(free))}


def _fixed(term: Term) -> list[tuple[int, Any]]:
    return [one for one in free(term) if isinstance(one, tuple)]


def _left(powers: tuple[Any, ...], taken: tuple[Any, ...], networks: Networks, strict: bool) -> tuple[Any, ...] | None:
    """The powers that are left when those of a lead are taken; unless ``strict``, sizes may go below zero."""
    have = dict(powers)
    for atom, exponent in taken:
        if (strict or networks.table[atom].kind != "size") and have.get(atom, 0) < exponent:
            return None
    return add_powers(powers, tuple((atom, -exponent) for atom, exponent in taken))


def _degree(term: tuple[Any, ...]) -> int:
    return sum(exponent for _, exponent in term[1])


def _reach(factors: Sequence[Term], start: Index, goal: Term, stop: Index) -> bool:
    """Whether a factor hangs together with an index without going through another one."""
    known, grown = {start}, True
    while grown:
        grown = False
        for one in factors:
            here = {x for x in free_indices(one) if x is not stop}
            if here & known and not here <= known:
                known |= here
                grown = True
    return bool(known & {x for x in free_indices(goal) if x is not stop})


def steps_for(statement: Statement) -> tuple[tuple[Step, ...], ...]:
    """A certificate for the statement; raises Outside or Refused where none is found. Exponentials and logarithms are
    taken apart where it does not go without.
    """
    try:
        return Search(statement).certificate()
    except Outside:
        return Search(statement, True).certificate()


__all__ = ["Search", "steps_for"]
