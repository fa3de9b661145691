"""The checker of certificates: it alone can call a statement certified, and it trusts nobody.

Whoever hands over a statement with a certificate gets a :class:`Certified` back, or :class:`Refused` is raised. From
top to bottom:

1. what is admitted as a statement (the language is that of :mod:`.statements`), and what a certificate is made of;
2. derivatives, carried out by the rules of calculus;
3. functions, inverses and determinants become letters, one letter for equal arguments;
4. polynomials in all letters are compared on the grid of sizes that the theorem of the appendix demands;
5. what is known to be positive, not negative, not zero, invertible;
6. the steps of a certificate: take away what is zero, multiply by what is not;
7. the stamp.

Nothing here reads text. Nothing is imported but the standard library, the language, and the list of relations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import reduce
from itertools import permutations, product
from typing import Any, NoReturn, get_args
from weakref import WeakKeyDictionary

from .relations import MATRICES, NUMBERS, RELATIONS

# isort: off
from .statements import MINUS, ZERO, Add, Delta, Diff, Entry, Equation, Fn, Index, Kind, Lemma, Letter, Mul, Num
from .statements import Place, Pow, Put, Rest, Size, Statement, Step, Sum, Term, Times, Use
from .statements import add, below, delta, free, free_indices, minus, mul, power, put, total
# isort: on

WORK_LIMIT, HIGHEST = 200_000, 64  # of products of monomials; of powers and of sizes that are numbers


class Refused(Exception):
    """The certificate does not prove the statement, or checking it would take more work than the budget."""


def demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Refused(otherwise)


# ---------------------------------------------------------------------- 1. statements and certificates


class Admission:
    """Refuses terms that mean nothing: an index that is not bound, or bound twice, an array with other indices than
    its own.
    """

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.places: set[tuple[Place, Kind]] = set()
        self.closed = False  # the statement is in: a certificate may name values of functions, and no new fixed place

    def fit(self, at: tuple[Place, ...], kinds: Iterable[Kind], scope: frozenset[Index]) -> None:
        demand(type(at) is tuple, "The places of an entry do not change.")
        for one, kind in zip(at, kinds, strict=True):
            number = kind if type(kind) is int else 0
            demand(type(kind) is str or 0 < number <= HIGHEST, "A size is a name, or a small positive number.")
            if isinstance(one, Index):
                demand(type(one) is Index and one.kind == kind and one in scope, f"The index {one.name} does not fit.")
                continue
            demand(type(one) is int and one >= 0 and (not number or one < number), f"There is no place {one}.")
            demand(number > 0 or not self.closed or (one, kind) in self.places, "The statement has no such place.")
            self.places.add((one, kind))

    def bind(self, new: tuple[Index, ...], scope: frozenset[Index]) -> frozenset[Index]:
        demand(len({*new} - scope) == len(new) and all(type(one) is Index for one in new), "An index is bound twice.")
        self.fit(new, [one.kind for one in new], frozenset(new))
        return scope | {*new}

    def array(self, letter: Letter, at: tuple[Place, ...], scope: frozenset[Index]) -> None:
        demand(type(letter) is Letter and (self.closed or not letter.of), "This is no letter of a statement.")
        demand(self.letters.setdefault(letter.name, letter) == letter, f"{letter.name} stands for two arrays.")
        square = len(letter.kinds) == 2 and letter.kinds[0] == letter.kinds[1]
        demand(square or not letter.symmetric, f"The array {letter.name} cannot be symmetric.")
        self.fit(at, letter.kinds, scope)

    def term(self, term: Any, scope: frozenset[Index]) -> None:
        demand(type(term) in get_args(Term), "This is no term.")
        match term:
            case Num(value):
                demand(type(value) in (int, Fraction), "A number is a fraction.")
            case Size(name, exponent):
                demand(type(name) is str and type(exponent) is int and exponent != 0, "This is no size.")
            case Entry(letter, at):
                self.array(letter, at, scope)
            case Delta(i, j):
                kinds = [one.kind for one in (i, j) if isinstance(one, Index)]
                self.fit((i, j), kinds * (3 - len(kinds)), scope)
            case Pow(base, exponent):
                demand(type(exponent) is int and 0 <= exponent <= HIGHEST, "A power is a small natural number.")
                self.term(base, scope)
            case Add(parts) | Mul(parts):
                demand(type(parts) is tuple, "The parts of a term do not change.")
                for one in parts:
                    self.term(one, scope)
            case Sum(index, body):
                self.term(body, self.bind((index,), scope))
            case Diff(body, letter, at):
                self.array(letter, at, scope)
                self.term(body, scope)
            case Put(body, values):
                self.term(body, scope)
                for letter, slots, new in values:
                    self.array(letter, slots, self.bind(slots, scope))
                    self.term(new, scope | {*slots})
            case Fn(name, body, rows, at):
                demand((name, len(rows), len(at)) in FUNCTIONS, "This is no function.")
                demand(len({one.kind for one in rows}) < 2, "Only a square matrix has an inverse or a determinant.")
                self.fit(at, [one.kind for one in rows[: len(at)]], scope)
                self.term(body, self.bind(rows, scope))


# ---------------------------------------------------------------------- 2. derivatives


def flat(term: Term) -> Term:
    """The term without derivatives and replacements, from the inside out."""
    match term:
        case Put(body, values):
            return put(flat(body), {}, tuple((letter, slots, flat(value)) for letter, slots, value in values))
        case Diff(body, letter, at):
            return derive(flat(body), letter, at)
    return below(term, flat)


def derive(term: Term, letter: Letter, at: tuple[Place, ...]) -> Term:
    """The derivative with respect to an entry; every entry of the letter counts as a variable of its own."""
    match term:
        case Entry(name, places):
            return mul(*map(delta, places, at)) if name == letter else ZERO
        case Add(terms):
            return add(*(derive(one, letter, at) for one in terms))
        case Mul(factors):
            parts = ((*factors[:k], derive(one, letter, at), *factors[k + 1 :]) for k, one in enumerate(factors))
            return add(*(mul(*part) for part in parts))
        case Pow(base, exponent):
            return mul(Num(exponent), power(base, exponent - 1), derive(base, letter, at))
        case Sum(index, body):
            new = Index(index.name, index.kind)
            return total(new, derive(put(body, {index: new}), letter, at))
        case Fn(name, body, rows, _) if name != "adj":
            fresh = tuple(Index(one.name, one.kind) for one in rows)
            inner = derive(put(body, dict(zip(rows, fresh))), letter, at)
            return _CHAIN[name](term, inner) if not rows else _chain(term, inner, *fresh)
    demand(not isinstance(term, Fn), "The derivative of an adjugate is not part of the checker.")
    return ZERO


_CHAIN: dict[str, Callable[[Fn, Term], Term]] = {
    "exp": lambda term, inner: mul(term, inner),
    "log": lambda term, inner: mul(Fn("recip", term.body), inner),
    "sqrt": lambda term, inner: mul(Num(Fraction(1, 2)), Fn("recip", term), inner),
    "abs": lambda term, inner: mul(term, Fn("recip", term.body), inner),
    "recip": lambda term, inner: mul(MINUS, term, term, inner),
}


FUNCTIONS = {("det", 2, 0), ("inv", 2, 2), ("adj", 2, 2), *((name, 0, 0) for name in _CHAIN)}


def _chain(term: Fn, inner: Term, r: Index, c: Index) -> Term:
    """d det A = sum adj(A)_cr dA_rc, and d inv(A)_ij = - sum inv(A)_ir dA_rc inv(A)_cj."""
    if term.name == "det":
        return total(r, total(c, mul(Fn("adj", term.body, term.rows, (c, r)), inner)))
    left, right = (Fn("inv", term.body, term.rows, at) for at in ((term.at[0], r), (c, term.at[1])))
    return minus(total(r, total(c, mul(left, inner, right))))


# ---------------------------------------------------------------------- 3. functions as letters


class Table:
    """The letters that stand for values of functions in one statement, what is known of them, and the work spent."""

    def __init__(self) -> None:
        self.known: dict[Letter, tuple[tuple[Index, ...], tuple[Index, ...], Term, Fn]] = {}
        self.facts: set[Letter] = set()  # the letters that the statement itself speaks of: their values exist
        self.differences: dict[Equation, Term] = {}
        self.admission = Admission()
        self.open: dict[Term, tuple[Index, ...]] = {}
        self.work = 0

    def admitted(self, term: Term, scope: Iterable[Index]) -> Term:
        """A term from outside, with letters for its functions."""
        self.admission.term(term, frozenset(scope))
        return self.letters(flat(term))

    def letters(self, term: Term) -> Term:
        """The term with letters for values of functions, the innermost first."""
        if not isinstance(term, Fn):
            return below(term, self.letters)
        body = self.letters(term.body)
        return self.find(term.name, body, term.rows, term.at) or self.new(term, body)

    def new(self, term: Fn, body: Term) -> Entry:
        rows, at = term.rows, term.at
        loose = tuple(one for one in free_indices(body) if one not in rows)
        symmetric = bool(at) and not loose and self.equal(body, put(body, dict(zip(rows, rows[::-1]))))
        kinds = tuple(one.kind for one in (*rows[: len(at)], *loose))
        letter = Letter(f"{term.name} {len(self.known) + 1}", kinds, symmetric, of=term.name)
        self.known[letter] = (rows, loose, body, term)
        return Entry(letter, (*at, *loose))

    def find(self, name: str, body: Term, rows: tuple[Index, ...] = (), at: tuple[Place, ...] = ()) -> Entry | None:
        """The letter of the same function of an equal argument. The inverse (adjugate, determinant) of the transpose
        is that of the matrix, transposed.
        """
        loose = [one for one in free_indices(body) if one not in rows]
        for letter, (its_rows, its_loose, its_body, _) in self.known.items():
            if letter.of != name or len(loose) != len(its_loose) or len(loose) > 4:
                continue
            for order, turn in product(permutations(loose), (1, -1) if rows else (1,)):
                slots, new = (*its_rows, *its_loose), (*rows[::turn], *order)
                fits = all(one.kind == other.kind for one, other in zip(slots, new))
                if fits and self.equal(put(its_body, dict(zip(slots, new))), body):
                    return Entry(letter, (*at[::turn], *order))
        return None

    def inside(self, entry: Entry) -> Term:
        """The argument of the function of a number that a letter stands for."""
        return put(self.known[entry.letter][2], dict(zip(self.known[entry.letter][1], entry.at)))

    def equal(self, left: Term, right: Term) -> bool:
        return self.vanishes(add(left, minus(right)))

    # ------------------------------------------------------------------ 4. the grid

    def vanishes(self, term: Term, indices: tuple[Index, ...] = ()) -> bool:
        """Whether a polynomial is zero for all sizes: it is, at each point of the grid of the theorem."""
        (every, grid, width), fixed = grid_of(term, indices), [one for one in free(term) if isinstance(one, tuple)]
        for sizes in (dict(zip(grid, choice)) for choice in product(*grid.values())):
            point = Point(self, sizes, width)
            if any(point.value(term, env) for env in patterns(every, sizes, fixed)):
                return False
        return True

    def spend(self, amount: int) -> None:
        self.work += amount
        demand(self.work <= WORK_LIMIT, "The check would take more work than the budget.")

    # ------------------------------------------------------------------ 5. what is known

    def holds(self, what: str, term: Term, rows: tuple[Index, ...] = ()) -> bool:
        """Whether a number is positive, nonnegative or nonzero, or a matrix invertible: by the way it is written, or
        because without it the statement would speak of something that does not exist.
        """
        if what == "invertible":
            found = self.find("det", term, rows)
            return self.exists("inv", term, rows, rows) or (found is not None and self.holds("nonzero", found))
        if (what != "positive" and self.holds("positive", term)) or self.exists(_ASKED_BY[what], term):
            return True
        match term:
            case Num(value):
                return value != 0 if what == "nonzero" else value > 0 or (value == 0 and what == "nonnegative")
            case Size() | Entry(Letter(of="exp")):
                return True
            case Mul(parts):
                return all(self.holds(what, one) for one in parts)
            case Add(parts) if what != "nonzero":
                some = what == "nonnegative" or any(self.holds(what, one) for one in parts)
                return some and all(self.holds("nonnegative", one) for one in parts)
            case Sum(_, body) if what != "nonzero":
                return self.holds(what, body)
            case Pow(base, exponent):
                return (what == "nonnegative" and exponent % 2 == 0) or self.holds(what, base)
            case Entry(Letter(of="abs")):
                return what == "nonnegative" or self.holds("nonzero", self.inside(term))
            case Entry(Letter(of="sqrt")):
                return self.holds("nonnegative" if what == "nonnegative" else "positive", self.inside(term))
            case Entry(Letter(of="recip") as letter):
                return self.holds(what, self.inside(term)) and (what != "nonnegative" or letter in self.facts)
        return False

    def exists(self, name: str, body: Term, rows: tuple[Index, ...] = (), at: tuple[Place, ...] = ()) -> bool:
        """Whether the statement speaks of this function of this argument."""
        found = self.find(name, body, rows, at)
        return found is not None and found.letter in self.facts

    # ------------------------------------------------------------------ 6. the steps of a certificate

    def difference(self, equation: Equation) -> Term:
        if equation not in self.differences:
            scope = self.admission.bind(equation.free, frozenset())
            left, right = (self.admitted(side, scope) for side in (equation.left, equation.right))
            self.differences[equation] = add(left, minus(right))
        return self.differences[equation]

    def prove(self, equation: Equation, steps: tuple[Step, ...], given: tuple[Equation, ...], relation: str) -> None:
        """Refuses unless the difference of the sides, less what the steps take away, is zero."""
        left, indices = self.difference(equation), equation.free
        for step in steps:
            match step:
                case Times(factor, (), None) if relation == "=":
                    factor = self.admitted(factor, indices)
                    demand(self.holds("nonzero", factor), "Nothing says that the factor is not zero.")
                    left = mul(factor, left)
                case Times(matrix, (r, c), Index() as index) if relation == "=":
                    matrix = self.admitted(matrix, (*indices, r, c))
                    alone = index in indices and index not in free(matrix) and r not in indices and r is not c
                    demand(alone and r.kind == c.kind == index.kind, "The matrix does not fit the index.")
                    demand(self.holds("invertible", matrix, (r, c)), "Nothing says that the matrix is invertible.")
                    left = total(index, mul(put(matrix, {c: index}), put(left, {})))
                    indices = tuple(r if one is index else one for one in indices)
                case Rest(term) if relation == ">=":
                    term = self.admitted(term, indices)
                    demand(self.holds("nonnegative", term), "Nothing says that the rest is not negative.")
                    left = add(left, minus(term))
                case Use(zero, cofactor, at, over, values):
                    scope = frozenset((*indices, *over))
                    self.admission.bind(over, frozenset(indices))
                    expression = self.zero(zero, at, values, given, scope)
                    self.admission.term(expression, scope)
                    term = mul(self.admitted(cofactor, scope), expression)
                    left = add(left, minus(reduce(lambda body, index: total(index, body), over, term)))
                case _:
                    raise Refused("This is no step.")
        demand(self.vanishes(left, indices), "What is left is not zero.")

    def zero(self, zero: Any, at: Any, values: Any, given: tuple[Equation, ...], scope: frozenset[Index]) -> Term:
        """An expression that is zero, at these places."""
        if isinstance(zero, str):
            return self.relation(zero, at, values, scope)
        equation = zero.equation if isinstance(zero, Lemma) else given[zero]
        self.admission.fit(at, (one.kind for one in equation.free), scope)
        if isinstance(zero, Lemma):
            self.prove(equation, zero.steps, given, "=")
        return put(self.difference(equation), dict(zip(equation.free, at)))

    def relation(self, name: str, at: Any, values: Any, scope: frozenset[Index]) -> Term:
        """A relation of the list with these terms for its letters; what it needs must hold."""
        data, arrays = RELATIONS[name], NUMBERS | MATRICES
        new = tuple((arrays[one], rows, self.admitted(term, scope | {*rows})) for one, rows, term in values)
        kind = next((rows[0].kind for _, rows, _ in new if rows), 1)
        fits = all([kind] * len(one.kinds) == [index.kind for index in rows] for one, rows, _ in new)
        demand(fits, "The matrices of a relation have two indices and one size.")
        for what, term, old in data.needs:
            rows = tuple(Index(one.name, kind) for one in old)
            needed = self.letters(put(term, dict(zip(old, rows)), new, kind))
            demand(self.holds(what, needed, rows), f"Nothing says that what {name} is about is {what}.")
        self.admission.fit(at, [kind] * len(data.at), scope)
        return self.letters(put(data.zero, dict(zip(data.at, at)), new, kind))


_ASKED_BY = {"positive": "log", "nonnegative": "sqrt", "nonzero": "recip"}


def grid_of(term: Term, indices: tuple[Index, ...]) -> tuple[tuple[Index, ...], dict[str, range], int]:
    """The free indices; for each named size the values to be tried, as many as its degree asks for, each at least the
    number of indices of that size in a product, with the free ones and the fixed places; and bits for an exponent.
    """
    places = dict.fromkeys([*indices, *free(term)])
    kinds = [one.kind if isinstance(one, Index) else one[1] for one in places]
    need, grid = bounds(term) + Counter(("label", kind) for kind in kinds), {}
    for name in sorted({name for _, name in need if isinstance(name, str)} - {""}):
        least = max((one[0] + 1 for one in places if isinstance(one, tuple) and one[1] == name), default=1)
        start = max(need["label", name], least)
        grid[name] = range(start, start + need["high", name] + need["low", name] + 1)
    return tuple(one for one in places if isinstance(one, Index)), grid, need["degree", ""].bit_length() + 1


def bounds(term: Term) -> Counter[tuple[str, Kind]]:
    """At most, in one product: the indices summed over each size, the degree in each size (upward and downward), and
    the degree in the letters. An index that a letter carries in every product never turns into a factor of its size.
    """
    match term:
        case Size(name, exponent):
            return Counter({("high" if exponent > 0 else "low", name): abs(exponent)})
        case Entry():
            return Counter({("degree", ""): 1})
        case Add(terms):
            return reduce(Counter.__or__, map(bounds, terms), Counter())
        case Mul(factors):
            return sum(map(bounds, factors), Counter())
        case Pow(base, exponent):
            return Counter({key: exponent * most for key, most in bounds(base).items()})
        case Sum(index, body):
            own = {("label", index.kind): 1, ("high", index.kind): int(not carries(body, index))}
            return bounds(body) + Counter(own)
    return Counter()


def carries(term: Term, index: Index) -> bool:
    """Whether an entry of a letter holds the index in every product of the term."""
    match term:
        case Entry(_, at):
            return index in at
        case Add(parts):
            return all(carries(one, index) for one in parts)
        case Mul(parts):
            return any(carries(one, index) for one in parts)
        case Pow(base, exponent):
            return exponent > 0 and carries(base, index)
        case Sum(other, body):
            return other is not index and carries(body, index)
    return False


def patterns(indices: tuple[Index, ...], sizes: dict[str, int], fixed: list[Any]) -> Iterator[dict[Index, int]]:
    """Values for free indices, one choice for each way in which some of them agree, with each other or with a fixed
    place. Every other choice differs from one of these by a renaming of places, to which free letters are blind.
    """
    if not indices:
        yield {}
        return
    *rest, last = indices
    for env in patterns(tuple(rest), sizes, fixed):
        seen = {place for place, kind in fixed if kind == last.kind}
        seen |= {value for one, value in env.items() if one.kind == last.kind}
        size, few = (last.kind, None) if isinstance(last.kind, int) else (sizes[last.kind], 1)
        unseen = [value for value in range(size) if value not in seen]
        yield from ({**env, last: value} for value in (*sorted(seen), *unseen[:few]))


Poly = dict[int, Any]  # a monomial is one number: the exponents of all variables side by side, in so many bits each


class Point:
    """Sparse polynomials in the entries of all letters, at one choice of sizes. Whole numbers stay integers, which are
    added and multiplied much faster than fractions.
    """

    def __init__(self, table: Table, sizes: dict[str, int], width: int) -> None:
        self.table, self.sizes, self.width = table, sizes, width
        self.variables: dict[tuple[Letter, tuple[int, ...]], Poly] = {}
        self.memo: dict[Any, Poly] = {}

    def value(self, term: Term, env: dict[Any, Any]) -> Poly:
        open_indices = self.table.open.get(term) or self.table.open.setdefault(term, free_indices(term))
        key = (term, *[env[one] for one in open_indices])
        if key not in self.memo:
            self.memo[key] = self.new(term, env)
        return self.memo[key]

    def new(self, term: Term, env: dict[Any, Any]) -> Poly:
        match term:
            case Num(value):
                return {0: value.numerator if value.denominator == 1 else value} if value else {}
            case Size(name, exponent):
                return {0: self.sizes[name] ** exponent if exponent > 0 else Fraction(1, self.sizes[name] ** -exponent)}
            case Delta(i, j):
                return {0: 1} if env.get(i, i) == env.get(j, j) else {}
            case Entry(letter, at):
                return self.variable(letter, tuple([env.get(one, one) for one in at]))
            case Add(terms):
                return self.plus(self.value(one, env) for one in terms)
            case Mul(factors):
                return self.times(self.value(one, env) for one in factors)
            case Pow(base, exponent):
                return self.times([self.value(base, env)] * exponent)
            case Sum(index, body):
                size = index.kind if isinstance(index.kind, int) else self.sizes[index.kind]
                return self.plus(self.value(body, {**env, index: place}) for place in range(size))
        raise Refused("A derivative or a function is left.")

    def variable(self, letter: Letter, places: tuple[int, ...]) -> Poly:
        key = (letter, tuple(sorted(places)) if letter.symmetric else places)
        return self.variables.setdefault(key, {1 << (self.width * len(self.variables)): 1})

    def plus(self, found: Iterable[Poly]) -> Poly:
        out: Poly = {}
        for one in found:
            self.table.spend(len(one) + 1)
            for monomial, value in one.items():
                out[monomial] = out[monomial] + value if monomial in out else value
        return {monomial: value for monomial, value in out.items() if value}

    def times(self, found: Iterable[Poly]) -> Poly:
        result: Poly = {0: 1}
        for one in found:
            self.table.spend(len(one) * len(result) + 1)
            out: Poly = {}
            for (left, a), (right, b) in product(result.items(), one.items()):
                both, value = left + right, b if a == 1 else a * b
                out[both] = out[both] + value if both in out else value
            result = out
        return {monomial: value for monomial, value in result.items() if value}


# ---------------------------------------------------------------------- 7. the stamp


class Certified:
    """A statement that was checked: ``statement``, ``kind`` of certificate, and what it ``assumes`` to exist."""

    __slots__ = ("__weakref__",)

    def __init__(self) -> None:
        raise TypeError("Only the checker makes a certified statement: give it a statement and a certificate.")

    def __getattr__(self, name: str) -> Any:
        found = _contents(self)
        if found is None or name not in found:
            raise AttributeError(name)
        return found[name]

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A certified statement is not copied or stored; check it again.")


def _press() -> tuple[Any, Any]:
    made: WeakKeyDictionary[Certified, dict[str, Any]] = WeakKeyDictionary()

    def check(statement: Statement, certificate: tuple[tuple[Step, ...], ...]) -> Certified:
        """The statement with the stamp; ``certificate`` has the steps of each of its claims."""
        try:
            contents = _checked(statement, certificate)
        except (RecursionError, KeyError, IndexError, AttributeError, TypeError, ValueError) as error:
            raise Refused(f"The statement or its certificate is malformed ({type(error).__name__}).") from None
        stamped = object.__new__(Certified)
        made[stamped] = contents
        return stamped

    def contents(one: Certified) -> dict[str, Any] | None:
        return made.get(one) if type(one) is Certified else None

    return check, contents


def _checked(statement: Statement, certificate: tuple[tuple[Step, ...], ...]) -> dict[str, Any]:
    table = Table()
    demand(statement.relation in ("=", ">="), "The relation of a statement is = or >=.")
    for equation in (*statement.claims, *statement.given):
        table.difference(equation)
    table.facts, table.admission.closed = set(table.known), True
    for equation, steps in zip(statement.claims, certificate, strict=True):
        table.prove(equation, tuple(steps), statement.given, statement.relation)
    return {"statement": statement, "kind": _kind(statement, table), "assumes": _assumes(table)}


def _kind(statement: Statement, table: Table) -> str:
    names, given = {letter.of for letter in table.known}, bool(statement.given)
    kinds = {"inequality": statement.relation != "=", "premises": given, "determinant": names & {"det", "adj"},
             "functions": names - {"inv", "recip"}, "inverse": names}  # fmt: skip
    return next((name for name, found in kinds.items() if found), "polynomial")


def _assumes(table: Table) -> tuple[Fn, ...]:
    """The functions of the statement whose arguments have to be positive, not zero, ..., where that is not plain."""
    facts, table.facts = table.facts, set()
    asks = {"inv": "invertible", **{name: what for what, name in _ASKED_BY.items()}}
    asking = [(letter, *table.known[letter]) for letter in table.known if letter in facts and letter.of in asks]
    return tuple(term for letter, rows, _, body, term in asking if not table.holds(asks[letter.of], body, rows))


check, _contents = _press()


def is_certified(one: object) -> bool:
    """Whether the checker made this very object."""
    return isinstance(one, Certified) and _contents(one) is not None
