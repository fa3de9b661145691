"""Whether two sides are equal, entry by entry, and whether an equation follows from others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp

from lrcore._printed.refusals import Refused, Undecided

DIGITS, SMALL = 40, sp.Rational(1, 10**25)
SIGNS = ((1, 1), (-1, -1), (1, -1), (-1, 1))
LARGEST_SOLVED = 4


def is_zero(gap: Any, sides: tuple[Any, ...] = ()) -> bool:
    """Whether an expression, the difference of ``sides`` if they are given, is zero whatever its letters are."""
    if gap.has(sp.nan, sp.zoo, sp.oo):
        return False
    functions = {one: sp.Dummy() for one in gap.atoms(sp.Function)}
    if _is_zero_fraction(gap.xreplace(functions)):
        return True
    if (not functions and gap.is_rational_function(*gap.free_symbols)) or differing_point(gap):
        return False
    if sp.simplify(gap) == 0 or (sides and sp.simplify(sp.expand_log(_where_all_is_real(gap, sides))) == 0):
        return True
    raise Undecided(
        "Sympy can't tell whether its sides are equal: it finds neither a proof nor a point where they differ."
    )


def _where_all_is_real(gap: Any, sides: tuple[Any, ...]) -> Any:
    """The same with real letters, and positive ones where no side is real otherwise.

    That is so if each side that has the letter takes a root or a logarithm of it, or of a positive multiple of it.
    """
    needed = [_surely_positive(side) for side in sides]
    positive = {
        letter
        for letter in gap.free_symbols
        if all(letter in known for side, known in zip(sides, needed, strict=True) if letter in side.free_symbols)
    }
    return gap.xreplace({one: sp.Dummy(real=True, positive=one in positive or None) for one in gap.free_symbols})


def _surely_positive(side: Any) -> set[Any]:
    roots = [one.base for one in side.atoms(sp.Pow) if one.exp.is_Rational and one.exp.q == 2]
    factors = (one.as_independent(*one.free_symbols) for one in [*roots, *(one.args[0] for one in side.atoms(sp.log))])
    return {letter for number, letter in factors if number.is_positive and letter.is_Symbol}


def _is_zero_fraction(gap: Any) -> bool:
    """Whether polynomials over sums are zero: what stands below is a letter of its own until all is multiplied out."""
    below = {one.base for one in gap.atoms(sp.Pow) if one.exp.is_Integer and one.exp < 0 and not one.base.is_Symbol}
    if not below or any(one.has(other) for one in below for other in below - {one}):
        return _is_zero_polynomial(sp.fraction(sp.together(gap))[0] if below else gap)
    for base in below:
        u = sp.Dummy()
        powers = {one: u ** (-one.exp) for one in gap.atoms(sp.Pow) if one.base == base and one.exp.is_negative}
        known = gap.xreplace(powers).as_poly(u)
        if known is None:
            return False
        top = known.degree()
        gap = sp.Add(*(factor * base ** (top - power) for (power,), factor in known.terms()))
    return _is_zero_polynomial(gap)


def _is_zero_polynomial(gap: Any) -> bool:
    whole = gap.as_poly(*sorted(gap.free_symbols, key=str)) if gap.free_symbols else None
    return bool(sp.expand(gap) == 0) if whole is None else bool(whole.is_zero)


def differing_point(gap: Any) -> dict[Any, Any] | None:
    """Numbers of both signs for the letters, at which every part is real and the whole is not zero."""
    letters = sorted(gap.free_symbols, key=str)
    for first, signs in product((1, 5), SIGNS):
        at = {one: signs[k % 2] * sp.Rational(first + 2 * k, 7 + k) for k, one in enumerate(letters)}
        parts = {one: one.xreplace(at).evalf(DIGITS) for one in gap.atoms(sp.Function, sp.Pow)}
        value = gap.xreplace(parts).xreplace(at).evalf(DIGITS)
        if all(one.is_real for one in (*parts.values(), value)) and abs(value) > SMALL:
            return at
    return None


@dataclass(frozen=True)
class Given:
    """What an equation may follow from: left less right of the premises, entry by entry."""

    gaps: tuple[Any, ...]

    @property
    def letters(self) -> list[Any]:
        return sorted({one for gap in self.gaps for one in gap.free_symbols}, key=str)

    def names(self) -> list[list[Any]]:
        """The letters, those of one matrix together."""
        groups: dict[str, list[Any]] = {}
        for one in self.letters:
            groups.setdefault(one.name.rpartition("_{")[0] or one.name, []).append(one)
        return list(groups.values())


def follow(gaps: Iterable[Any], premises: Iterable[Any]) -> str:
    """How these gaps are zero wherever the premises are: by division or by solving, told in words.

    Raises
    ------
    Refused
        where sympy finds no way from the premises to the conclusion, with what is left of it.
    """
    known = [sp.expand(one) for one in premises]
    given = Given(tuple(one for one in known if one != 0))
    if not given.gaps:
        raise Undecided("What it is to follow from says nothing.")
    if any(one.is_number for one in given.gaps):
        raise Undecided("What it is to follow from is never true.")
    gaps = [one for one in gaps if not is_zero(one)]
    if not gaps:
        raise Undecided("It holds by itself; nothing of it follows from what stands before it.")
    if all(one.is_polynomial(*one.free_symbols) for one in (*gaps, *given.gaps)):
        return _by_division(gaps, given)
    return _by_solving(gaps, given)


def _by_division(gaps: list[Any], given: Given) -> str:
    """On division by the premises no remainder is left, with the letters of one name or another in front."""
    left = gaps
    for first in given.names():
        rest = sorted({one for gap in (*gaps, *given.gaps) for one in gap.free_symbols} - set(first), key=str)
        remainders = [sp.reduced(sp.expand(one), given.gaps, *first, *rest, order="lex")[1] for one in gaps]
        if all(one == 0 for one in remainders):
            return "divided by what it follows from, nothing is left over"
        left = [one for one in remainders if one != 0]
    raise Refused(f"It does not follow: on division by what stands before it, {_plain(left[0])} is left.")


def _by_solving(gaps: list[Any], given: Given) -> str:
    """The premises are solved for a matrix that they determine, and its value is put into the conclusion."""
    for unknown in given.names():
        for solution in _solved(unknown, given):
            left = [one for one in (gap.subs(solution, simultaneous=True) for gap in gaps) if not is_zero(one)]
            if left:
                raise Refused("It does not follow: the solution of what stands before it is another.")
            return "solved for " + ", ".join(map(_plain, unknown)) + " and put in"
    raise Undecided("What stands before it is not solved for any of its letters.")


def _solved(unknown: list[Any], given: Given) -> Iterator[dict[Any, Any]]:
    if len(unknown) > LARGEST_SOLVED or len(unknown) != len(given.gaps):
        return
    coefficients = sp.Matrix([[sp.diff(gap, one) for one in unknown] for gap in given.gaps])
    if coefficients.free_symbols & set(unknown):
        return
    right = -sp.Matrix(given.gaps).subs(dict.fromkeys(unknown, 0))
    determinant = coefficients.det()
    if sp.expand(determinant) != 0 and any(one != 0 for one in right):
        yield dict(zip(unknown, coefficients.adjugate() * right / determinant, strict=True))


def _plain(value: object) -> str:
    """An expression in a sentence."""
    return re.sub(r"[{}\\]", "", str(value))
