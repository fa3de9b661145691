"""Atoms with something inside: inverses, determinants, reciprocals, exp, log and roots, each in one form for equal
contents.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import isqrt
from typing import TYPE_CHECKING, Any

from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.polynomials import ONE_TERM, Algebra, add_powers, legs_of
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside

ROUNDS = 8


class Compound(Algebra):
    """Adds the compound atoms, and what multiplying through by them settles."""

    if TYPE_CHECKING:  # the normal form that this is a part of has the rest

        def __getattr__(self, name: str) -> Any: ...

    # ------------------------------------------------------------------ is it zero?

    def settle(self, terms) -> bool:
        """Whether the polynomial is zero, if need be after multiplying through by what stands below or under an
        inverse.
        """
        left = self.collect(terms)
        for _ in range(ROUNDS):
            if not left:
                return True
            through = self._through_number(left) or self._through_matrix(left)
            if through is None:
                return False
            left = self.collect(through)
        return not left

    def _through_number(self, collected):
        terms = self.terms(collected)
        found = self._denominator(terms)
        if found is None:
            return None
        atom, labels = found
        most = max(_count(term, atom, labels) for term in terms)
        out = []
        for term in terms:
            have = _count(term, atom, labels)
            piece = [_without(term, atom, labels)]
            for _ in range(most - have):
                piece = self.mul(piece, self._below(atom, labels))
            out += piece
        return out

    def _denominator(self, terms):
        """A reciprocal that can be multiplied away: of a number, or with free indices alone."""
        for _, powers, factors, bound in terms:
            for atom, exponent in powers:
                if exponent > 0 and self.table[atom].kind == "recip":
                    return atom, ()
            for atom, labels in factors:
                if self.table[atom].kind in ("recip", "over") and not set(labels) & set(bound):
                    return atom, labels
        return None

    def _below(self, atom, labels):
        info = self.table[atom]
        if info.kind == "recip":
            return self.instance(info, labels)
        if info.kind == "over":
            return [(1, (), ((info.data, labels),), ())]
        return self.power_of(atom)

    def _through_matrix(self, collected):
        """A times the whole, where the inverse of A carries a free index."""
        terms = self.terms(collected)
        for _, _, factors, bound in terms:
            for atom, labels in factors:
                if self.table[atom].kind != "inv":
                    continue
                for slot in (0, 1):
                    if labels[slot] not in bound and ("dim", atom, 0) in self.table.memo:
                        return self._multiplied(terms, atom, labels[slot], slot)
        return None

    def _multiplied(self, terms, atom, free, slot):
        if ("through", free, slot) in self.table.memo:
            return None
        dim = self.table.memo[("dim", atom, 0)]
        inner, outer = self.label(dim), self.label(dim)
        self.table.memo[("through", outer, slot)] = True
        moved = [(a, b, f, bound + (inner,)) for a, b, f, bound in self.replace_labels(terms, {free: inner})]
        legs = {"L0": outer, "L1": inner} if slot == 0 else {"L0": inner, "L1": outer}
        return self.mul(moved, self.replace_labels(self.fresh(list(self.table[atom].data or ())), legs))

    # ------------------------------------------------------------------ inverses

    def inverse(self, node: c.Core, i, j, env):
        """The entry (i, j) of the inverse of ``node``."""
        factors = _square_factors(node)
        if len(factors) > 1:
            return self._inverse_product(factors[::-1], i, j, env)
        if isinstance(node, c.Inverse):
            return self.entry(node.arg, i, j, env)
        if isinstance(node, c.Transposed):
            return self.inverse(node.arg, j, i, env)
        if isinstance(node, c.Defined) and node.name not in self.opaque and node.name not in self.over:
            return self.inverse(node.body, i, j, {})
        if isinstance(node, c.Scale):
            below = self.reciprocal(self.simplify(self.entry(node.by, None, None, env)))
            return self.mul(below, self.inverse(node.arg, i, j, env))
        dim = node.shape[0]
        if dim.constant() is not None:
            return self._small_inverse(node, dim.constant(), i, j, env)
        data = self._matrix(node, dim, env)
        return self.inverse_of(data, dim, i, j)

    def _inverse_product(self, factors, i, j, env):
        if len(factors) == 1:
            return self.inverse(factors[0], i, j, env)
        return self._summed(
            factors[0].shape[0],
            lambda k: self.mul(self.inverse(factors[0], i, k, env), self._inverse_product(factors[1:], k, j, env)),
        )

    def _matrix(self, node, dim, env):
        """A matrix over the legs L0 and L1."""
        index = self.run(dim)
        if len(index) != 1 or not isinstance(index[0][0], int):
            raise Outside("The inverse of a matrix in blocks is not part of the normal form.")
        self.dims["L0"] = self.dims["L1"] = dim
        return self._frozen(self.entry(node, "L0", "L1", env))

    def _frozen(self, terms):
        collected = self.collect(terms)
        return tuple(self._term(key, collected[key]) for key in sorted(collected, key=repr))

    def inverse_of(self, data, dim, i, j):
        """The inverse of a matrix given over the legs."""
        if set(legs_of(data)) - {"L0", "L1"}:
            raise Outside("The inverse of a matrix that changes with an index is not part of the normal form.")
        if not data:
            raise Outside("The inverse of zero does not exist.")
        diagonal = [_diagonal(term) for term in data]
        if None not in diagonal:
            below = self.reciprocal(self.simplify(self.replace_labels(diagonal, {"L0": "L0"})))
            return self.mul(self.same(i, j), self.replace_labels(below, {"L0": i}))
        content, data = self._content(data)
        flipped = self._frozen(self.replace_labels(data, {"L0": "L1", "L1": "L0"}))
        straight = self._frozen(data)
        key, other = self._matrix_key(straight), self._matrix_key(flipped)
        if other < key:
            straight, i, j = flipped, j, i
        atom = self._inverse_atom(min(key, other), straight, key == other)
        self.dims.setdefault("L0", dim)
        for place in (0, 1):
            self.table.memo.setdefault(("dim", atom, place), dim)
        return self.mul(content, [(1, (), ((atom, (i, j)),), ())])

    def _matrix_key(self, terms):
        return repr(sorted(self.collect(list(terms)).items(), key=repr))

    def _inverse_atom(self, key, data, symmetric):
        known = self.table.memo.get(("inverse", key))
        if known is None:
            known = self.table.memo[("inverse", key)] = self.table.number(Atom("inv", key, data), symmetric)
        return known

    def _content(self, data):
        """What can be taken out of every term; the reciprocal of it, and the rest."""
        lead = max(data, key=lambda term: (len(term[2]), repr(term[1:3])))
        coefficient = Fraction(lead[0])
        common = dict(lead[1])
        for _, powers, _, _ in data:
            here = dict(powers)
            for atom in set(common) | set(here):
                common[atom] = min(common.get(atom, 0), here.get(atom, 0))
        common = {atom: exponent for atom, exponent in common.items() if exponent}
        down = tuple(sorted((atom, -exponent) for atom, exponent in common.items()))
        rest = [(value / coefficient, add_powers(powers, down), f, bound) for value, powers, f, bound in data]
        return [(1 / coefficient, down, (), ())], rest

    def _small_inverse(self, node, size, i, j, env):
        """Cramer's rule, for a fixed small size."""
        if size > 3:
            raise Outside("The inverse of a fixed size above 3 is not written out.")
        cells = [
            [self.simplify(self.entry(node, ("P", r, None), ("P", k, None), env)) for k in range(size)]
            for r in range(size)
        ]
        if not isinstance(i, tuple) or not isinstance(j, tuple):
            raise Outside("An index of a small matrix has no fixed place.")
        minor = [[cells[r][k] for k in range(size) if k != i[1]] for r in range(size) if r != j[1]]
        above = self.scale(self._expand(minor), (-1) ** (i[1] + j[1]))
        return self.mul(above, self.reciprocal(self.simplify(self._expand(cells))))

    def _expand(self, cells):
        """A determinant, by permutations."""
        size, out = len(cells), []
        for order in permutations(range(size)):
            sign = (-1) ** sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
            product = [(sign, (), (), ())]
            for r, k in enumerate(order):
                product = self.mul(product, self.fresh(cells[r][k]))
            out += product
        return out

    # ------------------------------------------------------------------ determinants

    def determinant(self, node, env):
        factors = _square_factors(node)
        if len(factors) > 1:
            out = [ONE_TERM]
            for one in factors:
                out = self.mul(out, self.determinant(one, env))
            return out
        if isinstance(node, c.Transposed):
            return self.determinant(node.arg, env)
        if isinstance(node, c.Inverse):
            return self.reciprocal(self.simplify(self.determinant(node.arg, env)))
        if isinstance(node, c.Defined) and node.name not in self.opaque and node.name not in self.over:
            return self.determinant(node.body, {})
        if isinstance(node, c.Eye):
            return [ONE_TERM]
        size = node.shape[0].constant()
        if size is not None and size <= 4:
            rows = [[self.entry(node, ("P", r, None), ("P", k, None), env) for k in range(size)] for r in range(size)]
            return self._expand(rows)
        return self._det_atom(node, env)

    def _det_atom(self, node, env):
        dim = node.shape[0]
        data = self._matrix(node, dim, env)
        if not data:
            return []
        flipped = self._frozen(self.replace_labels(data, {"L0": "L1", "L1": "L0"}))
        best = min((self._matrix_key(one), k) for k, one in enumerate((data, flipped)))
        known = self.table.memo.get(("det", best[0]))
        if known is None:
            known = self.table.number(Atom("det", best[0], (data, flipped)[best[1]]))
            self.table.memo[("det", best[0])] = known
            self.table.memo[("det dim", known)] = dim
        return self.power_of(known)

    # ------------------------------------------------------------------ reciprocals

    def reciprocal(self, terms):
        """1 / polynomial, which is simplified already."""
        if not terms:
            raise Outside("This divides by zero.")
        if len(terms) == 1:
            return self._reciprocal_term(terms[0])
        below = self._over_inside(terms)
        if below is not None:
            up = [(1, (), (below,), ())]
            return self.mul(up, self.reciprocal(self.simplify(self.mul(up, self.fresh(terms)))))
        content, rest = self._content(terms)
        return self.mul(self._positive(content), self._with_legs("recip", rest))

    def _over_inside(self, terms):
        """A factor that stands below a line inside the polynomial, at open indices."""
        for _, _, factors, bound in terms:
            for atom, labels in factors:
                if self.table[atom].kind == "over" and not set(labels) & set(bound):
                    return (self.table[atom].data, labels)
        return None

    def _positive(self, content):
        """Reciprocals of reciprocals turned right side up."""
        return self.simplify(content)

    def _reciprocal_term(self, term):
        coefficient, powers, factors, bound = term
        out = [(1 / Fraction(coefficient), tuple((atom, -exponent) for atom, exponent in powers), (), ())]
        out = self._positive(out)
        if not bound:
            for atom, labels in factors:
                out = self.mul(out, self._over(atom, labels))
            return out
        return self.mul(out, self._with_legs("recip", [(1, (), factors, bound)]))

    def _over(self, atom, labels):
        info = self.table[atom]
        if atom == DELTA:
            raise Outside("This divides by a delta, which is zero off the diagonal.")
        if info.kind == "recip":
            return self.instance(info, labels)
        if info.kind == "over":
            return [(1, (), ((info.data, labels),), ())]
        new = self.table.number(Atom("over", f"over {atom}", atom))
        return [(1, (), (self.factor(new, labels),), ())]

    def _with_legs(self, kind, terms):
        """The atom for a function of this polynomial, with the open labels as its legs in an order of its own."""
        legs = legs_of(terms)
        if len(legs) > 4:
            raise Outside("A function of more than four indices is not part of the normal form.")
        best: Any = None
        for order in permutations(legs):
            data = self._frozen(self.replace_labels(terms, {label: f"L{k}" for k, label in enumerate(order)}))
            key = self._matrix_key(data)
            if best is None or key < best[0]:
                best = (key, data, order)
        key, data, order = best
        atom = self.table.memo.get((kind, key))
        if atom is None:
            atom = self.table.memo[(kind, key)] = self.table.number(Atom(kind, key, data))
        if not order:
            return self.power_of(atom)
        return [(1, (), (self.factor(atom, order),), ())]

    # ------------------------------------------------------------------ functions

    def function(self, fn, terms):
        return getattr(self, "_fn_" + fn)(terms)

    def _fn_exp(self, terms):
        out = [ONE_TERM]
        for coefficient, powers, factors, bound in terms:
            whole = Fraction(coefficient)
            base = [(Fraction(1, whole.denominator), powers, factors, bound)]
            out = self.mul(out, self._exp_power(base, whole.numerator))
        return out

    def _exp_power(self, base, exponent):
        logs = self._log_inside(base)
        if logs is not None:
            return logs if exponent == 1 else self._fallback_power(logs, exponent)
        atom = self._with_legs("exp", base)
        if exponent < 0:
            atom = self.reciprocal(atom)
        return self._fallback_power(atom, abs(exponent))

    def _fallback_power(self, terms, exponent):
        if exponent < 0:
            terms, exponent = self.reciprocal(self.simplify(terms)), -exponent
        if exponent > 8:
            raise Outside("A power above 8 under exp is not multiplied out.")
        out = [ONE_TERM]
        for _ in range(exponent):
            out = self.mul(out, self.fresh(terms))
        return out

    def _log_inside(self, base):
        """exp(log q) = q"""
        coefficient, powers, factors, bound = base[0]
        if coefficient != 1 or bound or len(powers) + len(factors) != 1:
            return None
        atom, labels = (powers[0][0], ()) if powers else factors[0]
        if self.table[atom].kind != "log" or (powers and powers[0][1] != 1):
            return None
        return self.instance(self.table[atom], labels)

    def _fn_log(self, terms):
        if not terms:
            raise Outside("The logarithm of zero does not exist.")
        if len(terms) > 1:
            content, rest = self._content(terms)
            inverse = self._log_term((1 / content[0][0], tuple((a, -e) for a, e in content[0][1]), (), ()))
            return inverse + self._with_legs("log", rest)
        return self._log_term(terms[0])

    def _log_term(self, term):
        coefficient, powers, factors, bound = term
        if coefficient < 0:
            return self._with_legs("log", [term])
        out = self._log_number(Fraction(coefficient))
        for atom, exponent in powers:
            out += self.scale(self._log_atom(atom, ()), exponent)
        if bound:
            return out + self._with_legs("log", [(1, (), factors, bound)])
        for atom, labels in factors:
            out += self._log_atom(atom, labels)
        return out

    def _log_atom(self, atom, labels):
        info = self.table[atom]
        if info.kind == "exp":
            return self.instance(info, labels)
        if info.kind == "recip":
            return self.scale(self._fn_log(self.instance(info, labels)), -1)
        if info.kind == "over":
            return self.scale(self._log_atom(info.data, labels), -1)
        if info.kind == "sqrt":
            return self.scale(self._fn_log(self.instance(info, labels)), Fraction(1, 2))
        return self._with_legs("log", self.power_of(atom) if not labels else [(1, (), ((atom, labels),), ())])

    def _log_number(self, value):
        out = []
        for part, sign in ((value.numerator, 1), (value.denominator, -1)):
            for prime, exponent in _primes(part).items():
                atom = self.table.number(Atom("number", f"log {prime}"))
                out += self.scale(self.power_of(atom), sign * exponent)
        return out

    def _fn_sqrt(self, terms):
        if not terms:
            return []
        common = _square_part([Fraction(term[0]) for term in terms])
        root = self._with_legs("sqrt", [(value / common**2, *rest) for value, *rest in terms])
        if terms and len(terms) == 1 and terms[0][0] == common**2 and terms[0][1:] == ((), (), ()):
            root = [ONE_TERM]
        return self.scale(root, common)

    def _fn_abs(self, terms):
        """|c q| = |c| |q| for a number c."""
        if not terms:
            return []
        first = Fraction(terms[0][0])
        if len(terms) == 1 and terms[0][1:] == ((), (), ()):
            return self.scale([ONE_TERM], abs(first))
        return self.scale(self._with_legs("abs", [(value / first, *rest) for value, *rest in terms]), abs(first))

    # ------------------------------------------------------------------ putting values in

    def substitute(self, terms, name, value):
        """Every variable of this name replaced by value(atom, labels), inside compounds as well."""
        out = []
        for coefficient, powers, factors, bound in terms:
            product = [(coefficient, (), (), bound)]
            for atom, exponent in powers:
                product = self.mul(product, self._power_put(atom, exponent, name, value))
            for atom, labels in factors:
                product = self.mul(product, self._put(atom, labels, name, value))
            out += product
        return out

    def _power_put(self, atom, exponent, name, value):
        if not self._mentions(atom, name):
            return self.power_of(atom, exponent)
        one = self.simplify(self._put(atom, (), name, value))
        if exponent < 0:
            one = self.reciprocal(one)
        out = one
        for _ in range(abs(exponent) - 1):
            out = self.mul(out, self.fresh(one))
        return out

    def _put(self, atom, labels, name, value):
        info = self.table[atom]
        if not self._mentions(atom, name):
            return [(1, (), ((atom, labels),), ())] if labels else self.power_of(atom)
        if info.kind == "var":
            return value(info, labels)
        if info.kind == "over":
            return self.reciprocal(self.simplify(self._put(info.data, labels, name, value)))
        if info.kind in ("inv", "det"):
            return self._put_matrix(atom, info, labels, name, value)
        inside = self.simplify(self.substitute(self.instance(info, labels), name, value))
        return self.reciprocal(inside) if info.kind == "recip" else self.function(info.kind, inside)

    def _put_matrix(self, atom, info, labels, name, value):
        if info.kind == "det":
            raise Outside("A determinant of a name that counted as independent is not put back.")
        inside = self._frozen(self.substitute(self.fresh(list(info.data)), name, value))
        return self.inverse_of(inside, self.table.memo[("dim", atom, 0)], *labels)

    def _mentions(self, atom, name):
        info = self.table[atom]
        if info.kind == "var":
            return info.name == name
        if info.kind == "over":
            return self._mentions(info.data, name)
        if not info.data:
            return False
        inner = {one for _, powers, factors, _ in info.data for one, _ in (*powers, *factors)}
        return any(self._mentions(one, name) for one in inner)


def _square_factors(node):
    """The square factors of a product of square matrices, in order; just the node where there are none."""
    if isinstance(node, c.Times) and node.shape[0] == node.shape[1] == node.left.shape[1]:
        return _square_factors(node.left) + _square_factors(node.right)
    return [node]


def _diagonal(term):
    """A term delta(L0, L1) f(L0) without its delta, or None."""
    if not any(factor[0] == DELTA and set(factor[1]) == {"L0", "L1"} for factor in term[2]):
        return None
    factors = tuple((a, tuple("L0" if x == "L1" else x for x in labels)) for a, labels in term[2] if a != DELTA)
    return term[0], term[1], factors, term[3]


def _count(term, atom, labels):
    if not labels:
        return abs(dict(term[1]).get(atom, 0))
    return sum(factor == (atom, labels) for factor in term[2])


def _without(term, atom, labels):
    coefficient, powers, factors, bound = term
    if not labels:
        return coefficient, tuple(one for one in powers if one[0] != atom), factors, bound
    return coefficient, powers, tuple(one for one in factors if one != (atom, labels)), bound


def _primes(value):
    out: dict[int, int] = {}
    prime = 2
    while value > 1:
        if prime * prime > value:
            prime = value
        while value % prime == 0:
            out[prime] = out.get(prime, 0) + 1
            value //= prime
        prime += 1
        if prime > 10_000:
            out[value] = 1
            break
    return out


def _square_part(values):
    """The largest rational whose square can be taken out of all coefficients, from the first of them."""
    first = abs(values[0])
    top, below = isqrt(first.numerator), isqrt(first.denominator)
    if top * top == first.numerator and below * below == first.denominator and first:
        return Fraction(top, below)
    return Fraction(1)
