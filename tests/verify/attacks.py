"""False statements with certificates that try to get them past the checker, and the rule that each is stopped by."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.statements import (
    MINUS,
    ONE,
    ZERO,
    Add,
    Delta,
    Diff,
    Entry,
    Equation,
    Fn,
    Index,
    Letter,
    Mul,
    Num,
    Pow,
    Put,
    Rest,
    Size,
    Statement,
    Sum,
    Times,
    Use,
)

i, j, k, m = (Index(name, "N") for name in "ijkm")
p, q = Index("p", "M"), Index("q", "M")
x, y = (Letter(name, ("N",)) for name in "xy")
A, B = (Letter(name, ("N", "N")) for name in "AB")
a, b = (Entry(Letter(name)) for name in "ab")


def at(letter, *places):
    return Entry(letter, places)


def statement(left, right, *free, relation="="):
    return Statement((Equation(left, right, free),), (), relation)


def less(left, right):
    return Add((left, Mul((MINUS, right))))


_TRACES = Mul((Sum(i, at(A, i, i)), Sum(j, at(B, j, j))))
_PRODUCT = Sum(i, Sum(j, Mul((at(A, i, j), at(B, j, i)))))
_OPEN = Letter("exp 1", (), False, "exp")
_ROOT = Fn("sqrt", Pow(a, 2))

_TWO, _OTHER = Letter("v", (2,)), Letter("x", ("M",))
_ODD = Letter("C", ("N", "M"), True)
_CUBE = Letter("c", ("N", "N", "N"), True)
_R, _C = Index("r", "N"), Index("c", "N")
_A_OF = (("A", (_R, _C), at(A, _R, _C)),)


def _inverse(left, right):
    r, c = Index("r", "N"), Index("c", "N")
    return Fn("inv", at(A, r, c), (r, c), (left, right))


def _cancelled(number):
    """b = 0 wherever a number times b is 0, though the number may be 0 as well."""
    given = Equation(Mul((number, b)), ZERO)
    return Statement((Equation(b, ZERO),), (given,)), (Times(number), Use(0, ONE))


def _vanishing(sizes):
    """The coefficients, from the lowest, of the polynomial that is zero at these sizes."""
    out = [1]
    for size in sizes:
        out = [(out[n - 1] if n else 0) - (size * out[n] if n < len(out) else 0) for n in range(len(out) + 1)]
    return out


def _all_but_the_first(coefficients):
    """a times the polynomial in N, less its term of the highest degree."""
    return Add(
        tuple(Mul((Num(-value), a, *((Size("N", n),) if n else ()))) for n, value in enumerate(coefficients[:-1]))
    )


class Sly(Num):
    """A number that is none."""


_K = Index("k", "N")
_SKEW = less(at(B, k, j), at(B, j, k))
_ONE_SIZE = Statement((Equation(a, b),), (Equation(Delta(i, j), ONE, (i, j)),))

ATTACKS = {
    "cancelling a number": _cancelled(a),
    "cancelling a square": _cancelled(Pow(a, 2)),
    "cancelling an absolute value": _cancelled(Fn("abs", a)),
    "cancelling a root": _cancelled(Fn("sqrt", Pow(a, 2))),
    "cancelling a sum": _cancelled(Sum(i, at(x, i))),
    "cancelling a sum of two": _cancelled(Add((a, ONE))),
    "cancelling a sum of squares": _cancelled(Sum(i, Pow(at(x, i), 2))),
    "cancelling a logarithm": _cancelled(Fn("log", Add((ONE, Fn("exp", a))))),
    "cancelling zero": _cancelled(Num(0)),
    "a reciprocal that is not there": (
        Statement((Equation(b, ZERO),), (Equation(Mul((a, b)), ZERO),)),
        (
            Use(0, Fn("recip", a)),
            Use("reciprocal", Mul((MINUS, b)), values=(("t", (), a),)),
        ),
    ),
    "a reciprocal is not negative": (
        statement(Fn("recip", a), ZERO, relation=">="), (Rest(Fn("recip", a)),)),
    "a logarithm is not negative": (
        statement(Fn("log", a), ZERO, relation=">="), (Rest(Fn("log", a)),)),
    "a symmetric array that is not square": (
        statement(Entry(_ODD, (i, p)), Entry(_ODD, (i, p)), i, p), ()),
    "a square is another number": (statement(Pow(a, 2), b), ()),
    "a cube is another number": (statement(Pow(a, 3), Mul((a, b))), ()),
    "the degree of a power of a power": (
        statement(Mul((a, Pow(Size("N", 2), 3))), _all_but_the_first(_vanishing(range(1, 7)))), ()),
    "a sum that is carried in part": (
        statement(Sum(i, Mul((Add((at(x, i), a)), b))), Add((Mul((Sum(i, at(x, i)), b)), Mul((a, b))))), ()),
    "a sum over ones is one": (statement(Sum(i, ONE), ONE), ()),
    "a place beyond the sizes tried": (statement(Sum(i, Pow(Delta(i, 3), 2)), ZERO), ()),
    "a matrix summed into a free index": (
        statement(Sum(k, Mul((_inverse(i, k), _SKEW))), ZERO, i, j),
        (
            Times(at(A, j, _K), (j, _K), i),
            Use("inverse on the right", _SKEW, (j, k), (k,), _A_OF),
        ),
    ),
    "a premise at places that a size need not have": (_ONE_SIZE, (Use(0, less(b, a), (0, 1)),)),
    "a place outside its array": (statement(Entry(_TWO, (5,)), Entry(_TWO, (5,))), ()),
    "an entry without its place": (statement(Entry(x), Entry(x)), ()),
    "one name for two arrays": (
        statement(Mul((at(x, i), Entry(_OTHER, (p,)))), Mul((Entry(_OTHER, (p,)), at(x, i))), i, p), ()),
    "a symmetric array with three indices": (statement(at(_CUBE, i, j, k), at(_CUBE, k, j, i), i, j, k), ()),
    "a number of a class of its own": (statement(Sly(1), ONE), ()),
    "half a number with rounding": (statement(Num(0.5), Num(Fraction(1, 2))), ()),
    "the root of a size": (statement(Size("N", Fraction(1, 2)), Size("N", Fraction(1, 2))), ()),
    "a size to the power 0": (statement(Size("N", 0), ONE), ()),
    "a negative power": (statement(Pow(a, -1), ONE), ()),
    "an unknown function": (statement(Fn("sin", a), Fn("sin", a)), ()),
    "the inverse of a matrix that is not square": (
        statement(Fn("inv", Entry(Letter("C", ("N", "M")), (i, p)), (i, p), (j, q)),
                  Fn("inv", Entry(Letter("C", ("N", "M")), (i, p)), (i, p), (j, q)), j, q), ()),
    "the slope of an adjugate": (
        statement(Diff(Fn("adj", at(A, j, k), (j, k), (i, m)), A, (i, m)), ZERO, i, m), ()),
    "a third of the slope of a root": (
        statement(Diff(Fn("sqrt", a), Letter("a")), Mul((Num(Fraction(1, 3)), Fn("recip", Fn("sqrt", a))))), ()),
    "twice the slope of a root": (statement(Diff(Fn("sqrt", a), Letter("a")), Fn("recip", Fn("sqrt", a))), ()),
    "the absolute value of a cube": (
        statement(Fn("abs", Pow(a, 3)), Pow(a, 3)), (Use("absolute value", ONE, values=(("t", (), Pow(a, 3)),)),)),
    "less than itself": (statement(a, a, relation="<"), ()),
    "a size that is no number": (
        statement(Sum(Index("z", 0), a), ZERO), ()),
    "a sum over nothing is twice it": (statement(Sum(i, a), Mul((Num(1), a))), ()),
    "an inverse of a size is lost": (statement(Mul((Size("N", -1), a)), a), ()),
    "an inverse of a size is lost beside a sum": (
        statement(Mul((Size("N", -1), Sum(i, at(x, i)))), Sum(i, at(x, i))), ()),
    "all entries for those on the diagonal": (
        statement(Put(Sum(j, Sum(k, at(A, j, k))), ((A, (i, i), ZERO),)), ZERO), ()),
    "the power of a size is lost": (statement(Mul((Size("N", 2), a)), a), ()),
    "traces of products at size one": (statement(_PRODUCT, _TRACES), ()),
    "different indices are the same": (statement(Delta(i, j), ONE, i, j), ()),
    "the same indices are different": (statement(Delta(i, j), ZERO, i, j), ()),
    "every index is the first": (statement(Delta(i, 0), ONE, i), ()),
    "no index is the first": (statement(Mul((Delta(i, 0), at(x, i))), ZERO, i), ()),
    "the slope of a square": (statement(Diff(Pow(a, 2), Letter("a")), a), ()),
    "the slope of a product": (statement(Diff(Mul((a, b, a)), Letter("a")), Mul((a, b))), ()),
    "the slope of an inverse": (
        statement(Diff(Fn("inv", at(A, j, k), (j, k), (i, m)), A, (i, m)), ZERO, i, m), ()),
    "the root of a square without its sign": (
        statement(_ROOT, a),
        (
            Use("root of a product", ONE, values=(("a", (), a), ("b", (), a))),
            Use("square of a root", ONE, values=(("t", (), a),)),
        ),
    ),
    "times zero": (statement(ONE, ZERO), (Times(ZERO),)),
    "times a number that may be zero": (statement(Mul((a, Fn("recip", b))), ZERO), (Times(less(a, a)),)),
    "times a matrix of zeros": (statement(at(x, i), ZERO, i), (Times(ZERO, (j, k), i),)),
    "an inverse that nobody speaks of": (
        statement(at(x, i), ZERO, i), (Times(less(at(A, j, k), at(A, j, k)), (j, k), i),)),
    "an index bound twice": (statement(Sum(i, Sum(i, at(x, i))), Mul((Num(2), Sum(i, at(x, i))))), ()),
    "a letter that passes for an exponential": (
        statement(Entry(_OPEN), ZERO, relation=">="), (Rest(Entry(_OPEN)),)),
    "functions of different numbers": (statement(Fn("exp", a), Fn("exp", b)), ()),
    "functions that agree at one size": (
        statement(Fn("exp", Mul((Size("N"), a))), Fn("exp", Mul((Num(2), a)))), ()),
    "an inverse is symmetric": (
        statement(Fn("inv", at(A, j, k), (j, k), (i, m)), Fn("inv", at(A, j, k), (j, k), (m, i)), i, m), ()),
    "a number is not negative": (statement(a, ZERO, relation=">="), (Rest(a),)),
    "minus a square is not negative": (
        statement(Mul((MINUS, Pow(a, 2))), ZERO, relation=">="), (Rest(Mul((MINUS, Pow(a, 2)))),)),
    "ten t times a square and 10000": (
        statement(Add((Mul((Num(10), a, Pow(b, 2))), Num(10000))), ZERO, relation=">="),
        (Rest(Add((Mul((Num(10), a, Pow(b, 2))), Num(10000)))),)),
    "an inequality times minus one": (
        statement(Mul((MINUS, Pow(a, 2))), ZERO, relation=">="), (Times(MINUS), Rest(Pow(a, 2)))),
    "a rest in an equation": (statement(Pow(a, 2), ZERO), (Rest(Pow(a, 2)),)),
    "an index of another size": (
        statement(Sum(i, at(x, i)), Sum(p, Entry(x, (p,)))), ()),
    "a place that a size need not have": (
        statement(Sum(i, Delta(i, 1)), ONE), (Use("reciprocal", at(x, 7), values=(("t", (), at(x, 7)),)),)),
    "a power that is a fraction": (statement(Pow(a, Fraction(1, 2)), Pow(a, Fraction(1, 2))), ()),
    "a number with rounding": (statement(Num(0.1 + 0.2), Num(Fraction(3, 10))), ()),
    "a premise that is not there": (statement(a, b), (Use(0, ONE),)),
    "a relation that is not there": (statement(a, b), (Use("all numbers are equal", ONE),)),
    "log of a product of negative numbers": (
        statement(Fn("log", Mul((a, b))), Add((Fn("log", less(ZERO, a)), Fn("log", less(ZERO, b))))),
        (Use("log of a product", ONE, values=(("a", (), a), ("b", (), b))),)),
    "an absolute value is its number": (
        statement(Fn("abs", a), a), (Use("absolute value", ONE, values=(("t", (), a),)),)),
    "one over zero": (
        statement(ONE, ZERO), (Use("reciprocal", MINUS, values=(("t", (), ZERO),)),)),
}  # fmt: skip
