"""Sums of networks: multiply, collect, and cancel what an inverse or a reciprocal cancels."""

from __future__ import annotations

from fractions import Fraction

from lrcore.verify.prove.atoms import DELTA, Atom, Table
from lrcore.verify.prove.networks import Canon, match, order, pieces
from lrcore.verify.terms import effort
from lrcore.verify.terms.errors import Outside

Term = tuple  # (coefficient, powers, factors, bound)
ONE_TERM: Term = (1, (), (), ())


def legs_of(terms) -> list:
    """The labels of a polynomial that no sum binds."""
    found: dict = {}
    for _, _, factors, bound in terms:
        for _, labels in factors:
            for label in labels:
                if label not in bound:
                    found[label] = True
    return sorted(found, key=order)


class Algebra:
    """Polynomials over the atoms of one table, with a budget of terms."""

    def __init__(self, budget: int = 60_000):
        self.table = Table()
        self.canon = Canon(self.table.symmetric)
        self.dims: dict = {}
        self.next_label = 0
        self.work, self.budget = 0, budget
        self.rules: list[tuple[Term, list[Term]]] = []

    def spend(self, amount: int):
        self.work += amount
        if self.work > self.budget:
            raise Outside("The normal form needs more terms than its budget.")
        effort.spend(amount)

    def label(self, dim) -> int:
        self.next_label += 1
        self.dims[self.next_label] = dim
        return self.next_label

    # ------------------------------------------------------------------ arithmetic

    def mul(self, left, right):
        """The product of polynomials whose summed labels are already different."""
        self.spend(len(left) * len(right) + 1)
        if len(left) == 1 and left[0] == ONE_TERM:
            return right
        return [_product(a, b) for a in left for b in right]

    def scale(self, terms, by):
        return [(coefficient * by, *rest) for coefficient, *rest in terms] if by != 1 else terms

    def fresh(self, terms):
        """The same polynomial with new summed labels."""
        return [self._fresh(term) for term in terms]

    def _fresh(self, term):
        if not term[3]:
            return term
        new = {one: self.label(self.dims[one]) for one in term[3]}
        return _relabel(term, new)

    def replace_labels(self, terms, table):
        return [_relabel(term, table) for term in terms]

    def power_of(self, atom: int, exponent: int = 1):
        return [(1, ((atom, exponent),), (), ())]

    def size(self, dim):
        """A size as a polynomial in the named sizes."""
        out = []
        for mono, coefficient in dim.poly:
            powers = tuple(sorted((self.table.number(Atom("size", name)), power) for name, power in mono))
            out.append((coefficient, powers, (), ()))
        return out

    # ------------------------------------------------------------------ collecting

    def collect(self, terms) -> dict:
        """Like terms together: canonical key -> coefficient; equal polynomials give equal dictionaries."""
        total: dict = {}
        stack = list(terms)
        while stack:
            term = stack.pop()
            self.spend(1)
            for simple in self._contract(term):
                cancelled = self._cancel(simple)
                if cancelled is not None:
                    stack.extend(cancelled)
                    continue
                key = self._key(simple)
                value = total.get(key, 0) + simple[0]
                if value:
                    total[key] = value
                else:
                    total.pop(key, None)
        return total

    def terms(self, collected: dict):
        """The polynomial again, with new summed labels."""
        return [self._term(key, value) for key, value in collected.items()]

    def simplify(self, terms):
        return self.terms(self.collect(terms))

    def _key(self, term):
        _, powers, factors, bound = term
        keyed = (self.canon.piece(tuple(group), labels) for group, labels in pieces(factors, bound))
        return powers, tuple(sorted(keyed, key=_piece_key))

    def _term(self, key, coefficient):
        powers, keyed = key
        factors: list = []
        bound: list = []
        for piece in keyed:
            new: dict = {}
            for atom, labels in piece:
                for place, label in enumerate(labels):
                    if isinstance(label, int) and label < 0 and label not in new:
                        new[label] = self.label(self._slot_dim(atom, place))
                factors.append((atom, tuple(new.get(one, one) for one in labels)))
            bound.extend(new.values())
        return coefficient, powers, tuple(factors), tuple(bound)

    def _slot_dim(self, atom, place):
        return self.table.memo[("dim", atom, place)]

    def factor(self, atom, labels):
        """A factor; remembers the size of each slot."""
        for place, label in enumerate(labels):
            if label in self.dims:
                self.table.memo.setdefault(("dim", atom, place), self.dims[label])
        return (atom, tuple(labels))

    # ------------------------------------------------------------------ deltas and unused sums

    def _contract(self, term):
        """Deltas used up where they can be; a summed label that occurs nowhere becomes its size."""
        coefficient, powers, factors, bound = term
        if any(atom == DELTA for atom, _ in factors):
            term = self._use_deltas(term)
            if term is None:
                return []
            coefficient, powers, factors, bound = term
        used = {label for _, labels in factors for label in labels}
        idle = [label for label in bound if label not in used]
        if not idle:
            return [term]
        rest = [(coefficient, powers, factors, tuple(label for label in bound if label in used))]
        for label in idle:
            rest = self.mul(rest, self.size(self.dims[label]))
        return rest

    def _use_deltas(self, term):
        coefficient, powers, factors, bound = term
        kept: list = []
        factors, bound = list(factors), set(bound)
        while True:
            place = next((k for k, (atom, _) in enumerate(factors) if atom == DELTA), None)
            if place is None:
                break
            a, b = factors.pop(place)[1]
            if a == b:
                continue
            if a not in bound and b not in bound:
                if isinstance(a, str) and isinstance(b, str) and a[0] == b[0] == "#":
                    return None
                a, b = sorted((a, b), key=order, reverse=True)
                kept = [*_renamed(kept, a, b), (DELTA, (b, a))]
            else:
                a, b = (a, b) if a in bound else (b, a)
                bound.discard(a)
                kept = _renamed(kept, a, b)
            factors = _renamed(factors, a, b)
        kept = [(atom, tuple(sorted(labels, key=order))) for atom, labels in kept if labels[0] != labels[1]]
        return coefficient, powers, (*factors, *dict.fromkeys(kept)), tuple(bound)

    # ------------------------------------------------------------------ cancelling

    def add_rule(self, terms):
        """An equation ``terms = 0`` over the legs L0, L1, ..., to be used as a rule for its largest term."""
        if not terms:
            return
        terms = self._without_sizes(terms)
        best = next((k for k, term in enumerate(terms) if self._solved(terms, k)), None)
        if best is None:
            best = max(range(len(terms)), key=lambda k: (len(terms[k][2]), sum(abs(p) for _, p in terms[k][1])))
        self.rules.append((terms[best], terms[:best] + terms[best + 1 :]))

    def _without_sizes(self, terms):
        """The equation times what its terms share of the sizes, which are never zero."""
        powers = [dict(term[1]) for term in terms]
        sizes = {atom for one in powers for atom in one if self.table[atom].kind == "size"}
        shared = tuple((atom, -min(one.get(atom, 0) for one in powers)) for atom in sorted(sizes))
        return [(value, add_powers(own, shared), *rest) for value, own, *rest in terms]

    def _solved(self, terms, k):
        """Whether term k is a lone variable that the other terms do not hold: the equation is solved for it."""
        factors, powers = terms[k][2], terms[k][1]
        if len(factors) + len(powers) != 1:
            return False
        atom = factors[0][0] if factors else powers[0][0]
        plain = self.table[atom].kind == "var" and (not powers or powers[0][1] == 1)
        others = {one for m, term in enumerate(terms) if m != k for one, _ in (*term[2], *term[1])}
        return plain and atom not in others and (not factors or len(set(factors[0][1])) == len(factors[0][1]))

    def _apply_rules(self, term):
        for lead, rest in self.rules:
            powers = _powers_left(term[1], lead[1])
            if powers is None or not (lead[2] or lead[1]):
                continue
            for used, given in match(lead[2], lead[3], list(term[2]), term[3], {}, self.table.symmetric):
                inner = {given[one] for one in lead[3]}
                left = tuple(factor for k, factor in enumerate(term[2]) if k not in used)
                bound = tuple(one for one in term[3] if one not in inner)
                legs = {leg: label for leg, label in given.items() if isinstance(leg, str)}
                base = (-Fraction(term[0]) / lead[0], powers, left, bound)
                return self.mul([base], self.fresh(self.replace_labels(rest, legs)))
        return None

    def _cancel(self, term):
        """One step of A times its inverse, or None where there is nothing to cancel."""
        if self.rules:
            ruled = self._apply_rules(term)
            if ruled is not None:
                return ruled
        for atom, exponent in term[1]:
            new = self._cancel_power(term, atom, exponent)
            if new is not None:
                return new
        for place, (atom, _) in enumerate(term[2]):
            kind = self.table[atom].kind
            if kind == "inv":
                new = self._cancel_inverse(term, place)
            elif kind == "recip":
                new = self._cancel_reciprocal(term, place)
            elif kind == "over":
                new = self._cancel_over(term, place)
            elif kind == "sqrt":
                new = self._cancel_roots(term, place)
            else:
                continue
            if new is not None:
                return new
        return None

    def _cancel_power(self, term, atom, exponent):
        info = self.table[atom]
        if info.kind == "sqrt" and (exponent >= 2 or exponent < 0):
            steps = exponent // 2
            rest = [_with_power(term, atom, exponent - 2 * steps)]
            inner = self.instance(info, ())
            for _ in range(abs(steps)):
                rest = self.mul(rest, self.fresh(inner) if steps > 0 else self.reciprocal(inner))
            return rest
        if info.kind == "recip" and exponent < 0:
            rest = [_with_power(term, atom, 0)]
            for _ in range(-exponent):
                rest = self.mul(rest, self.instance(info, ()))
            return rest
        if info.kind == "recip":
            return self._lead_step(term, info, atom, None, ())
        return None

    def _cancel_reciprocal(self, term, place):
        atom, labels = term[2][place]
        return self._lead_step(term, self.table[atom], atom, place, labels)

    def _lead_step(self, term, info, atom, place, labels):
        """lead * R = 1 - rest * R for R = 1/(lead + rest)."""
        lead, rest = self.lead(atom)
        without = [factor for k, factor in enumerate(term[2]) if k != place]
        powers = _powers_left(term[1], lead[1])
        if powers is None:
            return None
        legs = {f"L{k}": label for k, label in enumerate(labels)}
        for used, _ in match(lead[2], lead[3], without, term[3], legs, self.table.symmetric):
            gone = {label for k in used for label in without[k][1]} & set(term[3])
            left = tuple(factor for k, factor in enumerate(without) if k not in used)
            still = {label for _, slots in left for label in slots} | set(labels)
            bound = tuple(one for one in term[3] if one not in gone or one in still)
            base = (Fraction(term[0]) / lead[0], powers, left, bound)
            one = [_with_power(base, atom, -1, relative=True)] if place is None else [base]
            again = base if place is None else (base[0], base[1], (*left, (atom, labels)), bound)
            inner = self.fresh(self.replace_labels(rest, legs))
            return one + self.scale(self.mul([again], inner), -1)
        return None

    def lead(self, atom):
        """The largest term of a reciprocal's polynomial, and the others."""
        key = ("lead", atom)
        if key not in self.table.memo:
            data = list(self.table[atom].data or ())
            best = max(range(len(data)), key=lambda k: (len(data[k][2]), sum(p for _, p in data[k][1]), -k))
            self.table.memo[key] = (data[best], data[:best] + data[best + 1 :])
        return self.table.memo[key]

    def _cancel_inverse(self, term, place):
        atom, labels = term[2][place]
        found = self.inverse_lead(atom)
        if found is None:
            return None
        lead, rest = found
        without = [factor for k, factor in enumerate(term[2]) if k != place]
        for slot in (0, 1):
            met, other = labels[slot], labels[1 - slot]
            if met not in term[3] or sum(one == met for _, slots in without for one in slots) != 1 or met == other:
                continue
            near, far = ("L1", "L0") if slot == 0 else ("L0", "L1")
            for used, given in match(lead[2], lead[3], without, term[3], {near: met}, self.table.symmetric):
                if _powers_left(term[1], lead[1]) is None:
                    continue
                return self._inverse_step(
                    term, (atom, labels), lead, rest, without, used, given, (met, other, near, far, slot)
                )
        return None

    def _inverse_step(self, term, factor, lead, rest, without, used, given, ends):
        met, other, near, far, _slot = ends
        left = tuple(one for k, one in enumerate(without) if k not in used)
        inner = {given[one] for one in lead[3]}
        bound = tuple(one for one in term[3] if one not in inner)
        base = Fraction(term[0]) / lead[0]
        powers = _powers_left(term[1], lead[1])
        unit = (base, powers, (*left, (DELTA, (given[far], other))), tuple(one for one in bound if one != met))
        again = (-base, powers, (*left, factor), bound)
        swapped = self.fresh(self.replace_labels(rest, {near: met, far: given[far]}))
        return [unit, *self.mul([again], swapped)]

    def inverse_lead(self, atom):
        """The largest term of a matrix under an inverse in which each leg stands once, and the others; None if there
        is none.
        """
        key = ("lead", atom)
        if key not in self.table.memo:
            data = list(self.table[atom].data or ())
            usable = [k for k in range(len(data)) if _legs_once(data[k])]
            joined = [k for k in usable if len(pieces(data[k][2], data[k][3])) == 1] or usable
            widest = max((len(data[k][2]) for k in joined), default=0)
            usable = [k for k in joined if len(data[k][2]) == widest]
            self.table.memo[key] = (data[usable[0]], data[: usable[0]] + data[usable[0] + 1 :]) if usable else None
        return self.table.memo[key]

    def _cancel_over(self, term, place):
        """x_i times 1/x_i."""
        atom, labels = term[2][place]
        inside = self.table[atom].data
        for k, factor in enumerate(term[2]):
            if factor == (inside, labels):
                factors = tuple(one for m, one in enumerate(term[2]) if m not in (k, place))
                return [(term[0], term[1], factors, term[3])]
        return None

    def _cancel_roots(self, term, place):
        factor = term[2][place]
        for k, other in enumerate(term[2]):
            if k != place and other == factor:
                factors = tuple(one for m, one in enumerate(term[2]) if m not in (k, place))
                return self.mul([(term[0], term[1], factors, term[3])], self.instance(self.table[factor[0]], factor[1]))
        return None

    def instance(self, info, labels):
        """The polynomial inside a compound atom, its legs at the given labels."""
        return self.fresh(self.replace_labels(info.data, {f"L{k}": label for k, label in enumerate(labels)}))

    def reciprocal(self, terms):
        raise NotImplementedError


def _renamed(factors, old, new):
    return [(atom, tuple(new if one == old else one for one in labels)) for atom, labels in factors]


def _product(a, b):
    return a[0] * b[0], _join(a[1], b[1]), a[2] + b[2], a[3] + b[3]


def _join(left, right):
    if not left or not right:
        return left or right
    powers = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))


def _relabel(term, table):
    coefficient, powers, factors, bound = term
    factors = tuple((atom, tuple(table.get(one, one) for one in labels)) for atom, labels in factors)
    return coefficient, powers, factors, tuple(table.get(one, one) for one in bound)


def _with_power(term, atom, exponent, relative=False):
    powers = dict(term[1])
    powers[atom] = powers.get(atom, 0) + exponent if relative else exponent
    if not powers[atom]:
        del powers[atom]
    return term[0], tuple(sorted(powers.items())), term[2], term[3]


def _powers_left(powers, taken):
    left = dict(powers)
    for atom, exponent in taken:
        if left.get(atom, 0) < exponent:
            return None
        left[atom] = left.get(atom, 0) - exponent
    return tuple(sorted((atom, exponent) for atom, exponent in left.items() if exponent))


def _legs_once(term):
    labels = [label for _, slots in term[2] for label in slots]
    plain = all(atom != DELTA for atom, _ in term[2])
    return plain and labels.count("L0") == 1 and labels.count("L1") == 1


def _piece_key(piece):
    return tuple((atom, tuple(map(order, labels))) for atom, labels in piece)


def add_powers(left, right):
    powers = dict(left)
    for atom, exponent in right:
        powers[atom] = powers.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in powers.items() if exponent))
