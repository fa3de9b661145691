"""The language in which it is said what exactly was proved: sums and products of entries, in index notation.

Everything is a number once its indices have values. A statement is meant for all sizes at which the places written in
it exist, and for all values of its letters at which both of its sides exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Kind = str | int  # what an index runs to: a named size, or a number


@dataclass(frozen=True, eq=False)
class Index:
    """An index letter. Two indices are the same object, or two indices."""

    name: str
    kind: Kind


Place = Index | int  # a fixed place is counted from 0


@dataclass(frozen=True)
class Letter:
    """An array of free numbers, with an index of each of ``kinds``; ``of`` marks the values of a function."""

    name: str
    kinds: tuple[Kind, ...] = ()
    symmetric: bool = False
    of: str = ""


@dataclass(frozen=True, eq=False)
class Num:
    value: Fraction | int


@dataclass(frozen=True, eq=False)
class Size:
    """A named size, which is a positive whole number, to a whole power."""

    name: str
    power: int = 1


@dataclass(frozen=True, eq=False)
class Entry:
    letter: Letter
    at: tuple[Place, ...] = ()


@dataclass(frozen=True, eq=False)
class Delta:
    """1 where two places of one size agree, else 0."""

    i: Place
    j: Place


@dataclass(frozen=True, eq=False)
class Add:
    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Mul:
    factors: tuple[Term, ...]


@dataclass(frozen=True, eq=False)
class Pow:
    base: Term
    exponent: int


@dataclass(frozen=True, eq=False)
class Sum:
    index: Index
    body: Term


@dataclass(frozen=True, eq=False)
class Fn:
    """exp, log, sqrt, abs or recip (one over it) of a number; or, of the square matrix with ``body`` at ``rows``, the
    determinant (det), or the entry ``at`` of the inverse (inv) or the adjugate (adj).
    """

    name: str
    body: Term
    rows: tuple[Index, ...] = ()
    at: tuple[Place, ...] = ()


@dataclass(frozen=True, eq=False)
class Diff:
    """The derivative of ``body``, as it is written, by one entry of a letter; every entry is a variable of its own."""

    body: Term
    letter: Letter
    at: tuple[Place, ...] = ()


@dataclass(frozen=True, eq=False)
class Put:
    """``body`` with letter[indices] replaced by a term, for each of ``values``."""

    body: Term
    values: tuple[tuple[Letter, tuple[Index, ...], Term], ...]


Term = Num | Size | Entry | Delta | Add | Mul | Pow | Sum | Fn | Diff | Put
ZERO, ONE, MINUS = Num(0), Num(1), Num(-1)


@dataclass(frozen=True, eq=False)
class Equation:
    """left = right for all values of the free indices."""

    left: Term
    right: Term
    free: tuple[Index, ...] = ()


@dataclass(frozen=True, eq=False)
class Statement:
    """All of ``claims`` hold wherever all of ``given`` do; ``relation`` (= or >=) is that of the claims."""

    claims: tuple[Equation, ...]
    given: tuple[Equation, ...] = ()
    relation: str = "="

    def __str__(self) -> str:
        return _statement(self, _TEXT)

    def latex(self, spell: Callable[[str], str] = str) -> str:
        """In index notation; ``spell`` gives the LaTeX of a letter or a size."""
        return _statement(self, _LATEX, spell)


# ---------------------------------------------------------------------- the steps of a certificate


@dataclass(frozen=True, eq=False)
class Lemma:
    """Another equation, with a certificate of its own."""

    equation: Equation
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Use:
    """Take away the sum over ``over`` of ``cofactor`` times an expression that is zero: a relation of the list for
    these ``values`` of its letters, a given equation by its number, or a lemma; ``at`` are the places of its indices.
    """

    zero: str | int | Lemma
    cofactor: Term
    at: tuple[Place, ...] = ()
    over: tuple[Index, ...] = ()
    values: tuple[tuple[str, tuple[Index, ...], Term], ...] = ()


@dataclass(frozen=True, eq=False)
class Times:
    """Multiply by a number that is not zero; or (with ``rows``) sum an invertible matrix against a free ``index``."""

    factor: Term
    rows: tuple[Index, ...] = ()
    index: Index | None = None


@dataclass(frozen=True, eq=False)
class Rest:
    """In an inequality, take away what is not negative by the way it is written."""

    term: Term


Step = Use | Times | Rest


# ---------------------------------------------------------------------- sums, products, substitution


def add(*terms: Term) -> Term:
    parts = [part for one in terms for part in (one.terms if isinstance(one, Add) else (one,)) if not is_zero(part)]
    return parts[0] if len(parts) == 1 else Add(tuple(parts)) if parts else ZERO


def mul(*factors: Term) -> Term:
    parts = [part for one in factors for part in (one.factors if isinstance(one, Mul) else (one,)) if part is not ONE]
    if any(map(is_zero, parts)):
        return ZERO
    return parts[0] if len(parts) == 1 else Mul(tuple(parts)) if parts else ONE


def minus(term: Term) -> Term:
    return mul(MINUS, term)


def is_zero(term: Term) -> bool:
    return type(term) is Num and term.value == 0


def power(base: Term, exponent: int) -> Term:
    return ONE if exponent == 0 else base if exponent == 1 else Pow(base, exponent)


def delta(i: Place, j: Place) -> Term:
    return ONE if i == j else ZERO if isinstance(i, int) and isinstance(j, int) else Delta(i, j)


def total(index: Index, body: Term) -> Term:
    """The sum over an index; a delta that holds the index is used up."""
    if isinstance(body, Add):
        return add(*(total(index, one) for one in body.terms))
    factors = body.factors if isinstance(body, Mul) else (body,)
    for k, one in enumerate(factors):
        if isinstance(one, Delta) and index in (one.i, one.j):
            return put(mul(*factors[:k], *factors[k + 1 :]), {index: one.j if one.i is index else one.i})
    return ZERO if is_zero(body) else Sum(index, body)


def below(term: Term, change: Callable[[Term], Term]) -> Term:
    """The term with each part directly below it changed."""
    match term:
        case Add(terms):
            return add(*map(change, terms))
        case Mul(factors):
            return mul(*map(change, factors))
        case Pow(base, exponent):
            return power(change(base), exponent)
        case Sum(index, body):
            return total(index, change(body))
        case Fn(name, body, rows, at):
            return Fn(name, change(body), rows, at)
        case Delta(i, j):
            return delta(i, j)
        case Diff() | Put():
            raise TypeError("Derivatives and replacements are carried out first.")
    return term


Values = tuple[tuple[Letter, tuple[Index, ...], Term], ...]


def put(term: Term, at: dict[Index, Any], values: Values = (), kind: Kind | None = None) -> Term:
    """A term without derivatives, with other places for its free indices and other terms for letters (which are not
    looked into again). Bound indices get new names, so that none is caught; their size is ``kind`` where it is given.
    """

    def places(old: Iterable[Place]) -> tuple[Place, ...]:
        return tuple([at.get(one, one) if isinstance(one, Index) else one for one in old])

    def bind(*old: Index) -> dict[Index, Index]:
        return {one: Index(one.name, one.kind if kind is None else kind) for one in old}

    match term:
        case Entry(letter, old):
            for name, slots, value in values:
                if name == letter:
                    return put(value, dict(zip(slots, places(old))))
            return Entry(letter, places(old))
        case Delta(i, j):
            return delta(*places((i, j)))
        case Sum(index, body):
            new = bind(index)
            return total(new[index], put(body, {**at, **new}, values, kind))
        case Fn(name, body, rows, old):
            new = bind(*rows)
            return Fn(name, put(body, {**at, **new}, values, kind), tuple(new.values()), places(old))
    return below(term, lambda one: put(one, at, values, kind))


def free(term: Term) -> dict[Any, Kind]:
    """The places that nothing inside the term binds, each with its size: indices, and fixed places as (place, size)."""
    match term:
        case Entry(letter, at):
            return {one if isinstance(one, Index) else (one, kind): kind for one, kind in zip(at, letter.kinds)}
        case Delta(i, j):
            kind = next(one.kind for one in (i, j) if isinstance(one, Index))
            return {one if isinstance(one, Index) else (one, kind): kind for one in (i, j)}
        case Add(parts) | Mul(parts):
            return {one: kind for part in parts for one, kind in free(part).items()}
        case Pow(base, _):
            return free(base)
        case Sum(index, body):
            return {one: kind for one, kind in free(body).items() if one is not index}
        case Fn(_, body, rows, at):
            inner = {one: kind for one, kind in free(body).items() if one not in rows}
            kind = rows[0].kind if rows else 1
            return {one if isinstance(one, Index) else (one, kind): kind for one in at} | inner
    return {}


def free_indices(term: Term) -> tuple[Index, ...]:
    return tuple(one for one in free(term) if isinstance(one, Index))


def has_functions(term: Term) -> bool:
    """Whether a function stands in the term, or comes in by a derivative of one."""
    match term:
        case Fn():
            return True
        case Add(parts) | Mul(parts):
            return any(map(has_functions, parts))
        case Pow(body, _) | Sum(_, body) | Diff(body):
            return has_functions(body)
        case Put(body, values):
            return has_functions(body) or any(has_functions(value) for *_, value in values)
    return False


# ---------------------------------------------------------------------- shown to a reader

_TEXT = {
    "entry": "{0}[{1}]", "size": "{0}^{1}", "delta": "delta({0}, {1})", "sum": "sum_{0} {1}", "pow": "({0})^{1}",
    "diff": "d/d{0} ({1})", "put": "({0} where {1})", "is": "{0} := {1}", "recip": "1/({0})", "fn": "{0}({1})",
    "det": "det({0})_({1}{2})", "inv": "inv({0})_({1}{2})[{3}]", "adj": "adj({0})_({1}{2})[{3}]", "ratio": "{0}/{1}",
    "all": " for all {0}", "run": "{0} = 1..{1}", "given": "if ", "and": "; ", "=": " = ", ">=": " >= ", "*": " ",
    ",": ",", "(": "(", ")": ")", "then": ", then ",
}  # fmt: skip
_LATEX = {
    "entry": "{{{0}}}_{{{1}}}", "size": "{0}^{{{1}}}", "delta": r"\delta_{{{0}{1}}}", "sum": r"\sum_{{{0}}} {1}",
    "pow": r"\left({0}\right)^{{{1}}}", "diff": r"\frac{{\partial}}{{\partial {0}}}\left({1}\right)",
    "put": r"\left.{0}\right|_{{{1}}}", "is": "{0} := {1}", "recip": r"\frac{{1}}{{{0}}}",
    "fn": r"\operatorname{{{0}}}\left({1}\right)", "det": r"\det\left[{0}\right]_{{{1}{2}}}",
    "inv": r"\left(\left[{0}\right]_{{{1}{2}}}^{{-1}}\right)_{{{3}}}",
    "adj": r"\left(\operatorname{{adj}}\left[{0}\right]_{{{1}{2}}}\right)_{{{3}}}", "ratio": r"\frac{{{0}}}{{{1}}}",
    "all": r"\quad\text{{for all }} {0}", "run": r"{0} = 1, \dots, {1}", "given": r"\text{if } ", "and": r";\quad ",
    "=": " = ", ">=": r" \ge ", "*": r"\,", ",": "", "(": r"\left(", ")": r"\right)", "then": r"\text{ then } ",
}  # fmt: skip


class _Names:
    """What each index is called: its name, with primes where two different indices of one name meet."""

    def __init__(self, style: dict[str, str], spell: Callable[[str], str] = str) -> None:
        self.style, self.spell = style, spell
        self.names: dict[Index, str] = {}

    def bind(self, index: Index) -> str:
        used = {name for one, name in self.names.items() if one is not index}
        self.names[index] = next(name for k in range(99) if (name := index.name + "'" * k) not in used)
        return self.names[index]

    def places(self, at: Iterable[Place]) -> str:
        return self.style[","].join(
            self.names.get(one, one.name) if isinstance(one, Index) else str(one + 1) for one in at
        )

    def entry(self, letter: Letter, at: tuple[Place, ...]) -> str:
        return self.style["entry"].format(self.spell(letter.name), self.places(at)) if at else self.spell(letter.name)

    def within(self, *indices: Index) -> list[str]:
        return [self.bind(one) for one in indices]

    def term(self, term: Term, inside: bool = False) -> str:
        """The term in index notation; ``inside`` a product, sums get brackets."""
        saved = dict(self.names)
        text = self.bare(term, inside)
        self.names = saved
        if inside and (isinstance(term, (Add, Sum)) or (isinstance(term, Num) and term.value < 0)):
            return self.style["("] + text + self.style[")"]
        return text

    def bare(self, term: Term, inside: bool) -> str:
        style = self.style
        match term:
            case Num(value):
                value = Fraction(value)
                whole = value.denominator == 1
                return str(value.numerator) if whole else style["ratio"].format(value.numerator, value.denominator)
            case Size(name, exponent):
                return self.spell(name) if exponent == 1 else style["size"].format(self.spell(name), exponent)
            case Entry(letter, at):
                return self.entry(letter, at)
            case Delta(i, j):
                return style["delta"].format(self.places((i,)), self.places((j,)))
            case Add(terms):
                return " + ".join(map(self.term, terms)).replace("+ -", "- ") or "0"
            case Mul(factors):
                return self.product(factors)
            case Pow(base, exponent):
                return style["pow"].format(self.term(base), exponent)
            case Sum(index, body):
                return style["sum"].format(self.bind(index), self.term(body, True))
            case Fn(name, body, rows, at) if rows:
                where = self.places(at)
                names = self.within(*rows)
                return style[name].format(self.term(body), *names, where)
            case Fn(name, body):
                return (
                    style["recip"].format(self.term(body))
                    if name == "recip"
                    else style["fn"].format(name, self.term(body))
                )
            case Diff(body, letter, at):
                return style["diff"].format(self.entry(letter, at), self.term(body))
            case Put(body, values):
                text = self.term(body, True)
                return style["put"].format(text, style["and"].join(map(self.value, values)))
        raise TypeError("This is no term.")

    def product(self, factors: tuple[Term, ...]) -> str:
        first, *rest = factors or (ONE,)
        if rest and isinstance(first, Num) and first.value == -1:
            return "-" + self.style["*"].join(self.term(one, True) for one in rest)
        parts = [self.term(first, not isinstance(first, Num)), *(self.term(one, True) for one in rest)]
        return self.style["*"].join(parts)

    def value(self, one: tuple[Letter, tuple[Index, ...], Term]) -> str:
        letter, slots, body = one
        self.within(*slots)
        return self.style["is"].format(self.entry(letter, slots), self.term(body))


def _statement(statement: Statement, style: dict[str, str], spell: Callable[[str], str] = str) -> str:
    def line(one: Equation, relation: str) -> str:
        names = _Names(style, spell)
        runs = [style["run"].format(names.bind(index), spell(str(index.kind))) for index in one.free]
        text = names.term(one.left) + style[relation] + names.term(one.right)
        return text + (style["all"].format(", ".join(runs)) if runs else "")

    claims = style["and"].join(line(one, statement.relation) for one in statement.claims)
    given = style["and"].join(line(one, "=") for one in statement.given)
    return (style["given"] + given + style["then"] if given else "") + claims


def assumption(one: Fn, latex: bool = False, spell: Callable[[str], str] = str) -> str:
    """What a function asks of its argument, in words."""
    said = {"inv": "is invertible", "recip": "is not zero", "log": "is positive", "sqrt": "is not negative"}[one.name]
    names = _Names(_LATEX if latex else _TEXT, spell)
    rows = names.within(*one.rows)
    matrix = f" (the matrix with this at {', '.join(rows)})" if rows else ""
    return f"{names.term(one.body)}{matrix} {said}"
