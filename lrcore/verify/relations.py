"""What the checker of certificates takes for true about functions, inverses and determinants: data, and nothing else.

A relation says that ``zero`` is 0 for all numbers a, b, t and all square matrices A, B of one size that meet its
conditions, and at all indices in ``at``. ``proof`` says why; the tests try each one on numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from .statements import MINUS, ONE, ZERO, Add, Delta, Entry, Fn, Index, Letter, Mul, Num, Pow, Sum, Term


@dataclass(frozen=True)
class Relation:
    """``needs``: what must hold (positive, nonnegative, nonzero, invertible) of which number, or matrix over rows."""

    zero: Term
    proof: str
    needs: tuple[tuple[str, Term, tuple[Index, ...]], ...] = ()
    at: tuple[Index, ...] = ()


NUMBERS = {name: Letter(name) for name in ("a", "b", "t")}
MATRICES = {name: Letter(name, ("n", "n")) for name in ("A", "B")}
_a, _b, _t = (Entry(NUMBERS[name]) for name in "abt")
_i, _j, _k, _r, _c = (Index(name, "n") for name in "ijkrc")
_A, _B = (Entry(MATRICES[name], (_r, _c)) for name in "AB")
_AB = Sum(_k, Mul((Entry(MATRICES["A"], (_r, _k)), Entry(MATRICES["B"], (_k, _c)))))


def _less(left: Term, right: Term) -> Term:
    return Add((left, Mul((MINUS, right))))


def _inverse(i: Index, j: Index) -> Fn:
    return Fn("inv", _A, (_r, _c), (i, j))


def _det(body: Term) -> Fn:
    return Fn("det", body, (_r, _c))


_SQUARE = (("invertible", _A, (_r, _c)),)
_POSITIVE = (("positive", _t, ()),)
_NONNEGATIVE = (("nonnegative", _t, ()),)

RELATIONS = {
    "reciprocal": Relation(_less(Mul((_t, Fn("recip", _t))), ONE), "This is what 1/t means.", (("nonzero", _t, ()),)),
    "exp of a sum": Relation(
        _less(Fn("exp", Add((_a, _b))), Mul((Fn("exp", _a), Fn("exp", _b)))),
        "Both sides solve y' = y in a, and agree at a = 0.",
    ),
    "exp of an opposite": Relation(
        _less(Mul((Fn("exp", _a), Fn("exp", Mul((MINUS, _a))))), ONE), "exp(a - a) = exp(0) = 1."
    ),
    "exp of zero": Relation(_less(Fn("exp", ZERO), ONE), "Only the first term of the series is not zero."),
    "exp of a log": Relation(
        _less(Fn("exp", Fn("log", _t)), _t), "log is the inverse function of exp on the positive numbers.", _POSITIVE
    ),
    "log of an exp": Relation(
        _less(Fn("log", Fn("exp", _a)), _a), "log is the inverse function of exp, whose values are positive."
    ),
    "log of a product": Relation(
        _less(Fn("log", Mul((_a, _b))), Add((Fn("log", _a), Fn("log", _b)))),
        "exp of both sides is a b, and exp takes no value twice.",
        (("positive", _a, ()), ("positive", _b, ())),
    ),
    "log of one": Relation(Fn("log", ONE), "exp(0) = 1."),
    "log of a reciprocal": Relation(
        Add((Fn("log", Fn("recip", _t)), Fn("log", _t))), "log t + log 1/t = log 1 = 0.", _POSITIVE
    ),
    "log of a root": Relation(
        _less(Mul((Num(2), Fn("log", Fn("sqrt", _t)))), Fn("log", _t)), "2 log s = log s^2 for s > 0.", _POSITIVE
    ),
    "square of a root": Relation(_less(Pow(Fn("sqrt", _t), 2), _t), "This is what the root means.", _NONNEGATIVE),
    "root of a product": Relation(
        _less(Fn("sqrt", Mul((_a, _b))), Mul((Fn("sqrt", _a), Fn("sqrt", _b)))),
        "Both sides are not negative, and their squares are a b.",
        (("nonnegative", _a, ()), ("nonnegative", _b, ())),
    ),
    "root of a square": Relation(
        _less(Fn("sqrt", Pow(_a, 2)), Fn("abs", _a)), "Both sides are not negative, and their squares are a^2."
    ),
    "square of an absolute value": Relation(_less(Pow(Fn("abs", _a), 2), Pow(_a, 2)), "|a| is a or -a."),
    "absolute value of a product": Relation(
        _less(Fn("abs", Mul((_a, _b))), Mul((Fn("abs", _a), Fn("abs", _b)))),
        "Both sides are not negative, and their squares are (a b)^2.",
    ),
    "absolute value": Relation(_less(Fn("abs", _t), _t), "This is what |t| means for t >= 0.", _NONNEGATIVE),
    "inverse on the right": Relation(
        _less(Sum(_k, Mul((Entry(MATRICES["A"], (_i, _k)), _inverse(_k, _j)))), Delta(_i, _j)),
        "This is what the inverse means: A inv(A) = I.",
        _SQUARE,
        (_i, _j),
    ),
    "inverse on the left": Relation(
        _less(Sum(_k, Mul((_inverse(_i, _k), Entry(MATRICES["A"], (_k, _j))))), Delta(_i, _j)),
        "A right inverse of a square matrix is a left inverse: inv(A) A = I.",
        _SQUARE,
        (_i, _j),
    ),
    "adjugate": Relation(
        _less(Fn("adj", _A, (_r, _c), (_i, _j)), Mul((_det(_A), _inverse(_i, _j)))),
        "Cramer's rule: A adj(A) = det(A) I.",
        _SQUARE,
        (_i, _j),
    ),
    "determinant of a product": Relation(
        _less(_det(_AB), Mul((_det(_A), _det(_B)))), "Binet and Cauchy; any book of linear algebra."
    ),
    "determinant of an inverse": Relation(
        _less(Mul((_det(_A), _det(_inverse(_r, _c)))), ONE), "The determinant of A inv(A) = I.", _SQUARE
    ),
    "determinant of one": Relation(_less(_det(Delta(_r, _c)), ONE), "One permutation remains."),
}
