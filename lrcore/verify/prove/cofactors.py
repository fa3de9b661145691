"""The search for a certificate: which relations, times which cofactors, make the difference of two sides vanish.

The difference is written as a sum of networks over the letters of the checker's table. Relations are used as rules
from their largest term to the others, and each use is noted down with what it was multiplied by. Where the rules end
short of zero, the difference is multiplied by a denominator, or by a matrix whose inverse carries a free index, and the
search starts again. Nobody has to trust any of this: the checker adds it all up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lrcore.verify import statements as t
from lrcore.verify.certificate import Refused, Table
from lrcore.verify.prove.arithmetic import fresh, powers_left, replace_labels
from lrcore.verify.prove.arithmetic import mul as multiplied_out
from lrcore.verify.prove.collecting import collect, spelled, spelled_term
from lrcore.verify.prove.letters import Letters, atom_of, dim_of, expand, place_at, places_for, written
from lrcore.verify.prove.networks import Label, Labels, match
from lrcore.verify.prove.rules import solved as is_solved
from lrcore.verify.prove.state import Coefficient, Key, Poly
from lrcore.verify.prove.state import Term as Network
from lrcore.verify.statements import ONE, Equation, Index, Letter, Place, Statement, Step, Term, Times, Use
from lrcore.verify.terms.errors import Outside

STEPS, ROUNDS, TERMS = 400, 8, 60_000
Given = Callable[[dict[Label, Place]], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """An expression that is zero, as networks over legs: ``lead`` is replaced by the rest. ``use`` says what it is."""

    lead: Network
    rest: Poly
    legs: tuple[str, ...]
    use: Given
    late: bool
    strict: bool  # the lead differs from another term in powers of sizes alone, which have to be there then


@dataclass
class Search:
    """What the search for one statement's certificate knows: the checker's table with the differences of both sides,
    the rules so far, and the letters that rules were learnt for. ``takes_apart`` exponentials and logarithms.
    """

    statement: Statement
    takes_apart: bool
    table: Table
    differences: dict[Equation, Term]
    networks: Letters = field(default_factory=Letters)
    rules: list[Rule] = field(default_factory=list)
    seen: set[Letter] = field(default_factory=set)


def searching(statement: Statement, apart: bool = False) -> Search:
    """A new search."""
    table = Table()
    differences = {one: table.difference(one) for one in (*statement.claims, *statement.given)}
    table.facts, table.admission.closed = set(table.known), True
    search = Search(statement, apart, table, differences)
    places = [one for term in differences.values() for one in t.free(term) if isinstance(one, tuple)]
    search.networks.split = {kind for _, kind in places if isinstance(kind, int)}
    search.networks.state.budget = TERMS
    return search


def certificate(search: Search) -> tuple[tuple[Step, ...], ...]:
    _premises(search)
    return tuple(_steps(search, one) for one in search.statement.claims)


def _premises(search: Search) -> None:
    for number, equation in enumerate(search.statement.given):
        _add_rule(search, search.differences[equation], equation.free, _premise(number, equation.free), solved=True)


def _add_rule(
    search: Search, zero: Term, legs: tuple[Index, ...], use: Given, lead: Letter | None = None, solved: bool = False
) -> None:
    """A rule; those that turn denominators and inverses into 1 go first."""
    env = {index: f"L{k}" for k, index in enumerate(legs)}
    for index, label in env.items():
        search.networks.state.dims[label] = dim_of(index)
    collected = collect(search.networks.state, expand(search.networks, zero, env))
    terms = [spelled_term(search.networks.state, key, value) for key, value in sorted(collected.items(), key=repr)]
    if not terms:
        return
    place = _lead_of(search, terms, lead, solved)
    late = lead is None or lead.of not in ("recip", "inv")
    if lead is not None and lead.of == "recip":
        place = max(
            (k for k, one in enumerate(terms) if _alike(search, one, terms[place])),
            key=lambda k: sum(exponent for _, exponent in terms[k][1]),
        )
    rest = terms[:place] + terms[place + 1 :]
    strict = any(_alike(search, one, terms[place]) for one in rest)
    search.rules.append(Rule(terms[place], rest, tuple(env.values()), use, late, strict))
    search.rules.sort(key=lambda one: one.late)


def _alike(search: Search, one: Network, other: Network) -> bool:
    """Whether two networks differ in powers of sizes at most."""
    table = search.networks.state.table
    bare = [tuple((a, p) for a, p in term[1] if table[a].kind != "size") for term in (one, other)]
    return bare[0] == bare[1] and one[2:] == other[2:]


def _lead_of(search: Search, terms: Poly, lead: Letter | None, solved: bool) -> int:
    """The term that a rule replaces: the one with the letter, or else the largest."""
    if solved:
        found = next((k for k, _ in enumerate(terms) if is_solved(search.networks.state, terms, k)), None)
        if found is not None:
            return found
    atoms = [{a for a, _ in one[2]} | {a for a, p in one[1] if p > 0} for one in terms]
    usable = [k for k, one in enumerate(atoms) if lead is None or atom_of(search.networks, lead) in one] or [
        *range(len(terms))
    ]
    return max(
        usable,
        key=lambda k: (
            len(terms[k][2]),
            sum(abs(p) for a, p in terms[k][1] if search.networks.state.table[a].kind != "size"),
            -k,
        ),
    )


def _learn(search: Search) -> None:
    """The rules of all letters that have come up since the last time."""
    for _ in range(6):
        new = [one for one in search.table.known if one not in search.seen]
        for letter in new:
            search.seen.add(letter)
            try:
                _FUNCTIONS[letter.of](search, letter, *search.table.known[letter][:3])
            except Refused:
                continue
        if not new:
            return


def _relation(
    search: Search,
    name: str,
    values: tuple[Any, ...],
    legs: tuple[Index, ...],
    at: tuple[Index, ...] = (),
    lead: Letter | None = None,
) -> None:
    """A relation of the list as a rule; ``legs`` are its indices ``at`` and those that its values hold."""
    scope = frozenset(legs)
    zero = search.table.relation(name, at, values, scope)
    spelled = tuple((one, rows, _spelled(search, term)) for one, rows, term in values)

    def use(places: dict[Label, Place]) -> dict[str, Any]:
        env = {index: places[f"L{k}"] for k, index in enumerate(legs)}
        new = tuple((one, rows, t.put(term, env)) for one, rows, term in spelled)
        return {"zero": name, "at": tuple(env[one] for one in at), "values": new}

    _add_rule(search, zero, legs, use, lead)


def _spelled(search: Search, term: Term) -> Term:
    """The term with functions for the letters that the statement itself does not speak of."""
    if isinstance(term, t.Entry) and term.letter in search.table.known and term.letter not in search.table.facts:
        rows, loose, body, _ = search.table.known[term.letter]
        at = term.at[: len(term.at) - len(loose)]
        inner = t.put(body, dict(zip(loose, term.at[len(at) :])))
        return t.Fn(term.letter.of, _spelled(search, inner), rows, at)
    return t.below(term, lambda one: _spelled(search, one))


def _plain(search: Search, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
    name = {"recip": "reciprocal", "sqrt": "square of a root"}[letter.of]
    _relation(search, name, (("t", (), body),), loose, lead=letter)


def _abs(search: Search, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
    number, rest = _apart(search, body, loose)
    if number is not ONE:
        _relation(search, "absolute value of a product", (("a", (), number), ("b", (), rest)), loose, lead=letter)
    elif search.table.holds("nonnegative", body):
        _relation(search, "absolute value", (("t", (), body),), loose, lead=letter)
    else:
        _relation(search, "square of an absolute value", (("a", (), body),), loose, lead=letter)


def _inv(search: Search, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
    i, j = (Index(one.name, one.kind) for one in rows)
    for name in ("inverse on the right", "inverse on the left") if letter.of == "inv" else ("adjugate",):
        _relation(search, name, (("A", rows, body),), (i, j, *loose), (i, j), lead=letter)


def _exp(search: Search, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
    """exp of a sum as a product, until its arguments are networks without a number."""
    terms = networks_of(search, body, loose)
    if not terms:
        _relation(search, "exp of zero", (), (), lead=letter)
        return
    if not search.takes_apart:
        if search.table.find("exp", t.minus(body)) is not None:
            _relation(search, "exp of an opposite", (("a", (), body),), loose)
        return
    if len(terms) > 1:
        _relation(
            search,
            "exp of a sum",
            (("a", (), terms[0][1]), ("b", (), t.add(*(one for _, one in terms[1:])))),
            loose,
            lead=letter,
        )
        return
    value, term = terms[0]
    if value < 0:
        _relation(search, "exp of an opposite", (("a", (), t.minus(body)),), loose)
    elif value.numerator > 1:
        rest = t.mul(t.Num(Fraction(value.numerator - 1, value.numerator)), term)
        share = t.mul(t.Num(Fraction(1, value.numerator)), term)
        _relation(search, "exp of a sum", (("a", (), share), ("b", (), rest)), loose, lead=letter)
    elif isinstance(body, t.Entry) and body.letter.of == "log":
        _relation(search, "exp of a log", (("t", (), search.table.inside(body)),), loose, lead=letter)


def _log(search: Search, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
    """log of a product as a sum, until its arguments are letters."""
    if isinstance(body, t.Entry) and body.letter.of in ("exp", "recip", "sqrt"):
        name = {"exp": "log of an exp", "recip": "log of a reciprocal", "sqrt": "log of a root"}[body.letter.of]
        inner = search.table.inside(body)
        _relation(search, name, (("a" if body.letter.of == "exp" else "t", (), inner),), loose, lead=letter)
        return
    if search.table.equal(body, ONE):
        _relation(search, "log of one", (), (), lead=letter)
        return
    factors = _factors(search, body, loose)
    if len(factors) > 1:
        _relation(
            search, "log of a product", (("a", (), factors[0]), ("b", (), t.mul(*factors[1:]))), loose, lead=letter
        )


def _det(search: Search, letter: Letter, rows: tuple[Index, ...], loose: tuple[Index, ...], body: Term) -> None:
    if isinstance(body, t.Entry) and body.letter.of == "inv":
        its_rows, _, inner, _ = search.table.known[body.letter]
        _relation(search, "determinant of an inverse", (("A", its_rows, inner),), (), lead=letter)
    elif isinstance(body, t.Delta):
        _relation(search, "determinant of one", (("A", rows, body),), (), lead=letter)
    else:
        parts = _halves(search, body, rows)
        if parts is not None:
            _relation(
                search, "determinant of a product", (("A", rows, parts[0]), ("B", rows, parts[1])), (), lead=letter
            )


def networks_of(search: Search, body: Term, loose: tuple[Index, ...]) -> list[tuple[Fraction, Term]]:
    """The networks of a term with their numbers, as terms."""
    networks = search.networks
    env: dict[Index, Label] = {index: f"f{k}" for k, index in enumerate(loose)}
    back: dict[Label, Place] = {label: index for index, label in env.items()}
    for index, label in env.items():
        networks.state.dims[label] = dim_of(index)
    collected = collect(networks.state, expand(networks, body, env))
    out = []
    for key, value in sorted(collected.items(), key=repr):
        term = spelled_term(networks.state, key, value)
        places = places_for(networks, term[3], back)
        text = written(networks, term, places)
        for label in term[3]:
            text = t.total(places[label], text)  # type: ignore[arg-type]
        out.append((Fraction(value), text))
    return out


def _apart(search: Search, body: Term, loose: tuple[Index, ...]) -> tuple[Term, Term]:
    """The number in front of the first network, and the rest."""
    terms = networks_of(search, body, loose)
    if not terms or terms[0][0] == 1:
        return ONE, body
    number = terms[0][0]
    return t.Num(number), t.add(*(t.mul(t.Num(1 / number), one) for _, one in terms))


def _factors(search: Search, body: Term, loose: tuple[Index, ...]) -> list[Term]:
    """The factors of a product, powers written out."""
    terms = networks_of(search, body, loose)
    if len(terms) == 1 and not isinstance(terms[0][1], t.Sum):
        flat = terms[0][1].factors if isinstance(terms[0][1], t.Mul) else (terms[0][1],)
        return [one for part in flat for one in ([part.base] * part.exponent if isinstance(part, t.Pow) else [part])]
    number, rest = _apart(search, body, loose)
    return [body] if number is ONE else [number, rest]


def _halves(search: Search, body: Term, rows: tuple[Index, ...]) -> tuple[Term, Term] | None:
    """A matrix as a product of two square ones, if its term is a chain from the row to the column."""
    sums, factors = _product_in(body)
    if not sums or sums[0].kind != rows[0].kind:
        return None
    for middle in sums:
        left = [one for one in factors if _reach(factors, rows[0], one, middle)]
        right = [one for one in factors if one not in left]
        ends = [t.free_indices(t.mul(*part)) for part in (left, right)]
        if middle.kind == rows[0].kind and middle in ends[0] and middle in ends[1] and rows[1] not in ends[0]:
            parts = (t.put(t.mul(*left), {middle: rows[1]}), t.put(t.mul(*right), {middle: rows[0]}))
            return _closed(parts[0], sums), _closed(parts[1], sums)
    return None


def _product_in(term: Term) -> tuple[list[Index], tuple[Term, ...]]:
    """The indices that a term is summed over, and the factors under its sums."""
    sums = []
    while isinstance(term, t.Sum):
        sums.append(term.index)
        term = term.body
    return sums, term.factors if isinstance(term, t.Mul) else (term,)


def _closed(term: Term, sums: list[Index]) -> Term:
    """The term, summed over those indices that are still in it."""
    for one in sums:
        if one in t.free_indices(term):
            term = t.total(one, term)
    return term


def _steps(search: Search, equation: Equation) -> tuple[Step, ...]:
    if search.statement.relation != "=":
        return _squares(search, equation)
    left, indices = search.differences[equation], equation.free
    found: list[Step] = []
    for _ in range(ROUNDS):
        _learn(search)
        uses, rest = _reduced(search, left, indices)
        if not rest:
            return (*found, *uses)
        step = _multiplied(search, rest, indices)
        if step is None:
            break
        left, indices = _after(search, step, left, indices)
        found.append(step)
    raise Outside("No certificate was found.")


def _squares(search: Search, equation: Equation) -> tuple[Step, ...]:
    """What is left, if it is not negative as it is written, or term by term a square."""
    left = search.differences[equation]
    if search.table.holds("nonnegative", left):
        return (t.Rest(_spelled(search, left)),)
    return (t.Rest(t.add(*(_square(search, value, term) for value, term in networks_of(search, left, equation.free)))),)


def _square(search: Search, value: Fraction, term: Term) -> Term:
    """A network of two equal factors as a sum of squares."""
    sums, found = _product_in(term)
    factors = [one for one in found if not isinstance(one, t.Num)]
    pairs = [one for one in factors if isinstance(one, t.Entry)]
    if len(pairs) == 2 and pairs[0].letter == pairs[1].letter and pairs[0].at == pairs[1].at:
        factors = [one for one in factors if one not in pairs] + [t.Pow(pairs[0], 2)]
    out = t.mul(t.Num(value), *factors)
    for index in sums:
        out = t.total(index, out)
    return _spelled(search, out)


def _reduced(search: Search, left: Term, indices: tuple[Index, ...]) -> tuple[list[Use], Poly]:
    """The uses of rules that take the difference as far as they can, and what is left."""
    networks = search.networks
    env: dict[Index, Label] = {index: f"f{k}" for k, index in enumerate(indices)}
    places: dict[Label, Place] = {label: index for index, label in env.items()}
    for index, label in env.items():
        networks.state.dims[label] = dim_of(index)
    collected = collect(networks.state, expand(networks, left, env))
    uses: list[Use] = []
    for _ in range(STEPS):
        done = next(
            (
                (key, use, new)
                for key in sorted(collected, key=repr)
                for use, new in _once(search, key, collected[key], places)
            ),
            None,
        )
        if done is None:
            break
        key, use, new = done
        uses.append(use)
        del collected[key]
        for other, value in collect(networks.state, new).items():
            collected[other] = collected.get(other, 0) + value
            if not collected[other]:
                del collected[other]
    return uses, spelled(networks.state, collected)


def _once(search: Search, key: Key, value: Coefficient, places: dict[Label, Place]) -> Iterator[tuple[Use, Poly]]:
    """A rule applied to a network."""
    networks = search.networks
    term = spelled_term(networks.state, key, value)
    for rule in search.rules:
        sizes = [atom for atom, _ in rule.lead[1] if networks.state.table[atom].kind == "size"]
        powers = powers_left(term[1], rule.lead[1], () if rule.strict else sizes)
        if powers is None or not (rule.lead[2] or rule.lead[1]):
            continue
        for used, legs in match(rule.lead[2], rule.lead[3], list(term[2]), term[3], {}, networks.state.table.symmetric):
            inner = {legs[one] for one in rule.lead[3]}
            factors = tuple(one for k, one in enumerate(term[2]) if k not in used)
            bound = tuple(one for one in term[3] if one not in inner)
            base = (Fraction(term[0]) / rule.lead[0], powers, factors, bound)
            where: dict[Label, Label] = {leg: label for leg, label in legs.items() if isinstance(leg, str)}
            if any(leg not in where or where[leg] in inner for leg in rule.legs):
                continue
            moved = fresh(networks.state, replace_labels(rule.rest, where))
            new = multiplied_out(networks.state, [(-base[0], *base[1:])], moved)
            at = places_for(networks, bound, places)
            cofactor = _spelled(search, written(networks, base, at))
            legs_at = {leg: place_at(networks, label, at) for leg, label in where.items()}
            over = tuple(one for label in bound if isinstance(one := at[label], Index))
            yield Use(cofactor=cofactor, over=over, **rule.use(legs_at)), new
            break


def _multiplied(search: Search, terms: Poly, indices: tuple[Index, ...]) -> Times | None:
    """A denominator, or a matrix under an inverse with a free index, to multiply by."""
    networks = search.networks
    places: dict[Label, Place] = {f"f{k}": index for k, index in enumerate(indices)}
    if any(rule.strict for rule in search.rules):
        low = [(p, a) for one in terms for a, p in one[1] if p < 0 and networks.state.table[a].kind == "size"]
        if low:
            return Times(t.Size(networks.state.table[min(low)[1]].name, -min(low)[0]))
    for _, powers, factors, bound in terms:
        pairs = [(atom, ()) for atom, exponent in powers if exponent > 0] + [*factors]
        for atom, labels in pairs:
            letter = networks.letter.get(atom)
            if letter is not None and letter.of == "recip" and not set(labels) & set(bound):
                at = tuple(place_at(networks, one, places) for one in labels)
                return Times(_spelled(search, search.table.inside(t.Entry(letter, at))))
    for _, _, factors, bound in terms:
        for atom, labels in factors:
            letter = networks.letter.get(atom)
            if letter is None or letter.of != "inv":
                continue
            for slot in (0, 1):
                if labels[slot] in places and _fits(labels, slot, bound):
                    return _matrix(search, letter, labels, slot, places)
    return None


def _fits(labels: Labels, slot: int, bound: Labels) -> bool:
    return not set(labels[2:]) & {*bound, labels[slot]} and not str(labels[slot]).startswith("#")


def _matrix(search: Search, letter: Letter, labels: Labels, slot: int, places: dict[Label, Place]) -> Times:
    rows, loose, body, _ = search.table.known[letter]
    at = tuple(place_at(search.networks, one, places) for one in labels[2:])
    body = _spelled(search, t.put(body, dict(zip(loose, at))))
    new = tuple(Index(one.name, one.kind) for one in rows)
    body = t.put(body, dict(zip(rows, new)))
    index = places[labels[slot]]
    assert isinstance(index, Index)
    return Times(body, new if slot == 0 else new[::-1], index)


def _after(search: Search, step: Times, left: Term, indices: tuple[Index, ...]) -> tuple[Term, tuple[Index, ...]]:
    factor = search.table.letters(step.factor)
    if step.index is None:
        return t.mul(factor, left), indices
    r, k = step.rows
    left = t.total(step.index, t.mul(t.put(factor, {k: step.index}), left))
    return left, tuple(r if one is step.index else one for one in indices)


def _premise(number: int, free: tuple[Index, ...]) -> Given:
    return lambda places: {"zero": number, "at": tuple(places[f"L{k}"] for k, _ in enumerate(free))}


def _reach(factors: Sequence[Term], start: Index, goal: Term, stop: Index) -> bool:
    """Whether a factor hangs together with an index without going through another one."""
    known, grown = {start}, True
    while grown:
        grown = False
        for one in factors:
            here = {x for x in t.free_indices(one) if x is not stop}
            if here & known and not here <= known:
                known |= here
                grown = True
    return bool(known & {x for x in t.free_indices(goal) if x is not stop})


def steps_for(statement: Statement) -> tuple[tuple[Step, ...], ...]:
    """A certificate for the statement; raises Outside or Refused where none is found. Exponentials and logarithms are
    taken apart where it does not go without.
    """
    try:
        return certificate(searching(statement))
    except Outside:
        return certificate(searching(statement, True))


_FUNCTIONS: dict[str, Callable[[Search, Letter, tuple[Index, ...], tuple[Index, ...], Term], None]] = {
    **dict.fromkeys(("recip", "sqrt"), _plain),
    **dict.fromkeys(("inv", "adj"), _inv),
    "abs": _abs,
    "exp": _exp,
    "log": _log,
    "det": _det,
}
