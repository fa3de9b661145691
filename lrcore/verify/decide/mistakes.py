"""Which mistake a line has, by its name: told from the side as it is written and the same side as it should be.

A name is given where the two differ in one place, and in no other way than the name says; else there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import latex
from lrcore.verify.type.context import Context


class Mistake(StrEnum):
    """The mistakes that have a name, as they are said behind a colon."""

    SIGN = "a wrong sign"
    FACTOR = "a wrong factor"
    TRANSPOSE = "a wrong transpose"
    INDEX = "a wrong index"
    SUM = "a missing sum"
    SQUARE = "a lost square"
    ORDER = "factors in the wrong order"
    TWICE = "divided by {} twice"
    CONSTANT = "the derivative of a constant is 0"
    PRODUCT = "the product rule has one more term"
    INNER = "the inner derivative is lost"


@dataclass(frozen=True)
class Term:
    """A product: its number, the powers of sizes in it, and all other factors in their order."""

    number: Fraction
    sizes: tuple[tuple[str, int], ...]
    factors: tuple[s.Node, ...]


def named(wrong: s.Node, right: s.Node, sides: Sequence[s.Node], context: Context) -> str:
    """The mistake that makes ``wrong`` of ``right``, in a chain with these ``sides``; empty where it has no name."""
    if right == s.T(wrong) or wrong == s.T(right):
        return Mistake.TRANSPOSE
    return _of_sums(wrong, right, derivative_in(sides, context), context)


def derivative_in(sides: Sequence[s.Node], context: Context) -> s.Deriv | None:
    """The first derivative on these sides, also one that is written with a prime."""
    for one in (part for side in sides for part in s.walk(side)):
        if isinstance(one, s.Deriv):
            return one
        called = one.arg if isinstance(one, s.Prime) else None
        if isinstance(called, s.At) and len(called.args) == 1:
            return s.Deriv(called, called.args)
    return None


def _of_sums(wrong: s.Node, right: s.Node, derived: s.Deriv | None, context: Context) -> str:
    """Of two sums, that differ in one term."""
    if right == s.Pow(wrong, s.num(2)):
        return Mistake.SQUARE
    before, after = Counter(terms(wrong, context)), Counter(terms(right, context))
    lost, new = list((before - after).elements()), list((after - before).elements())
    if len(lost) == len(new) == 1:
        return _of_terms(lost[0], new[0], derived, context)
    if not lost and len(new) == 1:
        return Mistake.PRODUCT if derived is not None and _is_of_a_product(new[0], before) else ""
    if not new and len(lost) == 1 and derived is not None and _is_constant(lost[0], derived, context):
        return Mistake.CONSTANT
    return _of_one_more(
        _product_of(wrong, context), _product_of(right, context), derived
    )  # a bracket and what is missing beside it


def _of_terms(wrong: Term, right: Term, derived: s.Deriv | None, context: Context) -> str:
    """Of two products: their numbers, the order of their factors, one of these, or one that is missing."""
    if wrong.factors == right.factors:
        return _of_numbers(wrong, right)
    if summed := _is_summed(wrong, right, context):
        return summed
    if _others(wrong) != _others(right):
        return ""
    if Counter(wrong.factors) == Counter(right.factors):
        return Mistake.ORDER
    if len(wrong.factors) == len(right.factors):
        pairs = [(a, b) for a, b in zip(wrong.factors, right.factors) if a != b]
        return _of_factors(*pairs[0], derived, context) if len(pairs) == 1 else ""
    return _of_one_more(wrong, right, derived)


def _of_numbers(wrong: Term, right: Term) -> str:
    if wrong.sizes == right.sizes:
        return Mistake.SIGN if wrong.number == -right.number else Mistake.FACTOR
    before, after = dict(wrong.sizes), dict(right.sizes)
    changed = {name: after.get(name, 0) - before.get(name, 0) for name in {*before, *after}}
    name, by = max(changed.items(), key=lambda one: one[1])
    alone = wrong.number == right.number and sum(map(abs, changed.values())) == 1
    return str(Mistake.TWICE).format(latex(name)) if alone and by == 1 and before.get(name, 0) < -1 else Mistake.FACTOR


def _is_summed(wrong: Term, right: Term, context: Context) -> str:
    """Whether one of the right factors is a sum, of which the wrong side is one term."""
    for place, one in enumerate(right.factors):
        if isinstance(one, s.Sum):
            inside = s.Mul((*right.factors[:place], one.body, *right.factors[place + 1 :]))
            (plain, *more) = terms(inside, context)
            scaled = _times(plain, Term(right.number, right.sizes, ()))
            if not more and scaled == wrong:
                return Mistake.SUM
    return ""


def _of_one_more(wrong: Term, right: Term, derived: s.Deriv | None) -> str:
    """A factor that is missing: the same once more, or one from within what is differentiated."""
    places = range(len(right.factors))
    missing = [k for k in places if right.factors[:k] + right.factors[k + 1 :] == wrong.factors]
    if len(right.factors) != len(wrong.factors) + 1 or not missing or _others(wrong) != _others(right):
        return ""
    if right.factors[missing[0]] in wrong.factors:
        return Mistake.SQUARE
    return Mistake.INNER if derived is not None else ""


def _others(term: Term) -> tuple[object, ...]:
    return term.number, term.sizes


def _of_factors(wrong: s.Node, right: s.Node, derived: s.Deriv | None, context: Context) -> str:
    """Of two factors, or of what stands in them."""
    if right == s.T(wrong) or wrong == s.T(right):
        return Mistake.TRANSPOSE
    if right == s.Pow(wrong, s.num(2)):
        return Mistake.SQUARE
    if isinstance(right, s.Call) and isinstance(wrong, s.Call) and s.NORMS.get(wrong.fn) == right.fn:
        return Mistake.SQUARE if wrong.args == right.args else ""
    if isinstance(right, s.Sum) and right.body == wrong:
        return Mistake.SUM
    if isinstance(right, s.Entry) and isinstance(wrong, s.Entry) and right.base == wrong.base:
        return Mistake.INDEX if len(right.indices) == len(wrong.indices) else ""
    if isinstance(wrong, (s.Add, s.Mul, s.Neg)) or isinstance(right, (s.Add, s.Mul, s.Neg)):
        return _of_sums(wrong, right, derived, context)
    if isinstance(right, (s.Kron, s.Had, s.Star)) and s.children(right) == s.children(wrong)[::-1]:
        return Mistake.ORDER if type(right) is type(wrong) else ""
    return _inside(wrong, right, derived, context)


def _inside(wrong: s.Node, right: s.Node, derived: s.Deriv | None, context: Context) -> str:
    """Of what stands in two nodes of one kind, which are the same otherwise."""
    below = s.children(wrong), s.children(right)
    if type(wrong) is not type(right) or len(below[0]) != len(below[1]):
        return ""
    pairs = [(a, b) for a, b in zip(*below) if a != b]
    if len(pairs) != 1 or s.rebuild(wrong, lambda one: pairs[0][1] if one is pairs[0][0] else one) != right:
        return ""
    if pairs[0][0] in (getattr(wrong, name, None) for name in ("lo", "hi", "exponent")):
        return ""  # another range or power
    return _of_sums(*pairs[0], derived, context)


# ---------------------------------------------------------------------- derivatives


def _is_of_a_product(term: Term, others: Iterable[Term]) -> bool:
    """Whether a term of a derivative holds the derivative of a factor, or is one of the others but for transposes."""
    if any(s.holds(factor, s.Deriv) for factor in term.factors):
        return True
    same = [one.factors for one in others if _others(one) == _others(term)]
    return any(
        len(one) == len(term.factors) and all(b in (a, s.T(a)) for a, b in zip(one, term.factors)) for one in same
    )


def _is_constant(term: Term, derived: s.Deriv, context: Context) -> bool:
    """Whether a term stands, but for its number, in what is differentiated, and does not depend on the variable."""
    if any(varies(one, by, context) for one in term.factors for by in derived.wrt):
        return False
    sums = [one for one in s.walk(spelt_out(derived.f, context)) if isinstance(one, s.Add)]
    found = [one for node in sums for one in terms(node, context) if one.factors == term.factors]
    return any(one.factors or abs(one.number) == abs(term.number) for one in found)


def varies(node: s.Node, by: s.Node, context: Context) -> bool:
    """Whether a part may vary with what is differentiated by."""
    own = s.occurring(node)
    return bool(_bare(by) & own.union(*map(context.depends, own)))


def _bare(by: s.Node) -> frozenset[str]:
    """The name of a variable, without the index of an entry."""
    return s.occurring(by.base) if isinstance(by, s.Entry) else s.occurring(by)


def spelt_out(node: s.Node, context: Context) -> s.Node:
    """A function by its definition, and what that speaks of by its own."""
    if isinstance(node, s.At) and isinstance(node.fn, s.Name):
        node = node.fn
    for _ in range(2):
        known = {one: context.lookup(one) for one in s.names(node)}
        table = {
            name: symbol.definition for name, symbol in known.items()
            if symbol is not None and symbol.definition is not None and not symbol.indices
        }  # fmt: skip
        node = s.substitute(node, table)
    return node


# ---------------------------------------------------------------------- sums of products


def terms(node: s.Node, context: Context) -> tuple[Term, ...]:
    """An expression as a sum of products, with the numbers and the sizes of each apart; no bracket is expanded."""
    if isinstance(node, s.Add):
        return tuple(one for term in node.terms for one in terms(term, context))
    if isinstance(node, s.Neg):
        return tuple(_times(Term(Fraction(-1), (), ()), one) for one in terms(node.arg, context))
    return (_product_of(node, context),)


def _product_of(node: s.Node, context: Context) -> Term:
    if isinstance(node, s.Num):
        return Term(node.value, (), ())
    if isinstance(node, s.Name) and context.is_size(node.id):
        return Term(Fraction(1), ((node.id, 1),), ())
    if isinstance(node, s.Neg):
        return _times(Term(Fraction(-1), (), ()), _product_of(node.arg, context))
    if isinstance(node, (s.Mul, s.Star)):
        return _product([_product_of(one, context) for one in s.children(node)])
    if isinstance(node, s.Div):
        below = _product_of(node.den, context)
        if not below.factors and below.number:
            return _times(_product_of(node.num, context), _inverse(below))
        return _times(_product_of(node.num, context), Term(Fraction(1), (), (s.Div(s.ONE, node.den),)))
    if isinstance(node, s.Pow) and isinstance(node.exponent, s.Num) and node.exponent.value in (1, 2, 3):
        base = _product_of(node.base, context)
        if not base.factors:
            return _product([base] * int(node.exponent.value))
    if isinstance(node, s.Sum):
        inside = terms(node.body, context)
        if len(inside) == 1:
            whole = Term(inside[0].number, inside[0].sizes, ())
            return _times(whole, Term(Fraction(1), (), (_as_sum(node, inside[0]),)))
    return Term(Fraction(1), (), (node,))


def _as_sum(node: s.Sum, inside: Term) -> s.Node:
    return s.Sum(node.index, s.mul(inside.factors or (s.ONE,)), node.lo, node.hi, node.exclude, node.zero)


def _product(terms: Sequence[Term]) -> Term:
    whole = Term(Fraction(1), (), ())
    for one in terms:
        whole = _times(whole, one)
    return whole


def _times(a: Term, b: Term) -> Term:
    powers = Counter(dict(a.sizes))
    powers.update(dict(b.sizes))
    sizes = tuple(sorted((name, power) for name, power in powers.items() if power))
    return Term(a.number * b.number, sizes, a.factors + b.factors)


def _inverse(term: Term) -> Term:
    return Term(1 / term.number, tuple((name, -power) for name, power in term.sizes), ())
