"""What a term of the checker's language is worth at numbers: numpy, dual numbers, and nothing of the checker's own.

Sizes are pairwise different, values small whole numbers. Inverses and determinants are numpy's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from lrcore.verify import statements as s

SIZES = ((3, 2, 4, 5), (2, 3, 4, 1), (4, 2, 3, 5), (5, 4, 3, 2))
TOLERANCE, WORK = 1e-6, 150_000


class Undefined(Exception):
    """A side does not exist at this point."""


@dataclass(frozen=True)
class Dual:
    """re + eps e with e^2 = 0; the parts may be dual numbers of a lower ``tag``, which are constants to this one."""

    re: object
    eps: object
    tag: int

    def raised(self, other):
        """Both as numbers of the higher tag."""
        tag = max(self.tag, other.tag if isinstance(other, Dual) else 0)
        return [x if isinstance(x, Dual) and x.tag == tag else Dual(x, 0.0, tag) for x in (self, other)]

    def __add__(self, other):
        a, b = self.raised(other)
        return Dual(a.re + b.re, a.eps + b.eps, a.tag)

    __radd__ = __add__

    def __mul__(self, other):
        a, b = self.raised(other)
        return Dual(a.re * b.re, a.re * b.eps + a.eps * b.re, a.tag)

    __rmul__ = __mul__


def function(name, x):
    if isinstance(x, Dual):
        inner = function(name, x.re)
        slope = {
            "exp": lambda: inner,
            "log": lambda: function("recip", x.re),
            "sqrt": lambda: 0.5 * function("recip", inner),
            "abs": lambda: 1.0 if plain(x.re) > 0 else -1.0,
            "recip": lambda: -1.0 * inner * inner,
        }[name]
        return Dual(inner, slope() * x.eps, x.tag)
    if (name == "log" and x <= 0) or (name == "sqrt" and x < 0) or (name == "recip" and abs(x) < 1e-9) or x > 300:
        raise Undefined(name)
    return {"exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs, "recip": lambda y: 1.0 / y}[name](x)


def plain(x):
    while isinstance(x, Dual):
        x = x.re
    return x


def split(cells):
    """The two parts of a matrix of dual numbers, and the highest tag in it."""
    tag = max(one.tag for row in cells for one in row if isinstance(one, Dual))
    high = [[one if isinstance(one, Dual) and one.tag == tag else Dual(one, 0.0, tag) for one in row] for row in cells]
    return [[one.re for one in row] for row in high], [[one.eps for one in row] for row in high], tag


def times(left, right):
    return [[sum((a * b for a, b in zip(row, column)), start=0.0) for column in zip(*right)] for row in left]


def joined(re, eps, tag):
    return [[Dual(a, b, tag) for a, b in zip(x, y)] for x, y in zip(re, eps)]


def inverse(cells):
    if any(isinstance(one, Dual) for row in cells for one in row):
        re, eps, tag = split(cells)
        above = inverse(re)
        below = times(times(above, eps), above)
        return joined(above, [[-1.0 * one for one in row] for row in below], tag)
    matrix = np.array(cells, dtype=float)
    if np.linalg.cond(matrix) > 1e7:
        raise Undefined("inverse")
    return np.linalg.inv(matrix).tolist()


def determinant(cells):
    if any(isinstance(one, Dual) for row in cells for one in row):
        re, eps, tag = split(cells)
        slope = times(inverse(re), eps)
        return Dual(determinant(re), determinant(re) * sum((slope[k][k] for k in range(len(slope))), start=0.0), tag)
    return float(np.linalg.det(np.array(cells, dtype=float)))


@dataclass
class At:
    """Terms at one choice of sizes and values; ``values`` maps (letter, places) to a number."""

    sizes: dict[str, int]
    seed: int = 0
    positive: bool = True
    values: dict = field(default_factory=dict)
    tag: int = 0
    work: int = 0

    def size(self, kind):
        return kind if isinstance(kind, int) else self.sizes[kind]

    def draw(self, letter):
        if letter not in self.values:
            shape = tuple(map(self.size, letter.kinds))
            rng = np.random.default_rng([self.seed, *letter.name.encode()])
            array = rng.integers(1 if self.positive else -4, 5, size=shape or (1,)).astype(float)
            if len(shape) == 2 and shape[0] == shape[1] and self.positive:
                array += 3 * shape[0] * np.eye(shape[0])
            array = array + array.T if letter.symmetric else array
            self.values[letter] = dict(zip(product(*map(range, shape)), array.ravel().tolist()))
        return self.values[letter]

    def places(self, at, env):
        return tuple(env[one] if isinstance(one, s.Index) else one for one in at)

    def value(self, term, env):
        self.work += 1
        if self.work > WORK:
            raise Undefined("too much work")
        match term:
            case s.Num(value):
                return float(value)
            case s.Size(name, power):
                return float(self.sizes[name]) ** power
            case s.Entry(letter, at):
                return self.entry(letter, self.places(at, env))
            case s.Delta(i, j):
                a, b = self.places((i, j), env)
                return float(a == b)
            case s.Add(terms):
                return sum((self.value(one, env) for one in terms), start=0.0)
            case s.Mul(factors):
                return self.product(self.value(one, env) for one in factors)
            case s.Pow(base, exponent):
                return self.product([self.value(base, env)] * exponent)
            case s.Sum(index, body):
                return sum((self.value(body, {**env, index: k}) for k in range(self.size(index.kind))), start=0.0)
            case s.Fn(name, body, rows, at) if rows:
                return self.matrix_function(name, body, rows, self.places(at, env), env)
            case s.Fn(name, body):
                return function(name, self.value(body, env))
            case s.Diff(body, letter, at):
                return self.slope(body, letter, self.places(at, env), env)
            case s.Put(body, values):
                return self.replaced(body, values, env)
        raise TypeError(term)

    def entry(self, letter, places):
        found = self.draw(letter)
        if places not in found:
            raise Undefined("a place outside its array")
        return found[places]

    def product(self, factors):
        out = 1.0
        for one in factors:
            out = out * one
        return out

    def matrix_function(self, name, body, rows, at, env):
        run = range(self.size(rows[0].kind))
        cells = [[self.value(body, {**env, rows[0]: r, rows[1]: c}) for c in run] for r in run]
        if name == "det":
            return determinant(cells)
        found = inverse(cells)[at[0]][at[1]]
        return found * determinant(cells) if name == "adj" else found

    def slope(self, body, letter, places, env):
        saved = self.draw(letter)
        if places not in saved:
            raise Undefined("a place outside its array")
        self.tag += 1
        tag = self.tag
        self.values[letter] = {**saved, places: Dual(saved[places], 1.0, tag)}
        try:
            found = self.value(body, env)
        finally:
            self.values[letter] = saved
        return found.eps if isinstance(found, Dual) and found.tag == tag else 0.0

    def replaced(self, body, values, env):
        saved, new = dict(self.values), {}
        for letter, slots, value in values:
            run = product(*(range(self.size(one.kind)) for one in slots))
            new[letter] = {k: self.value(value, {**env, **dict(zip(slots, k))}) for k in run}
        self.values.update(new)
        try:
            return self.value(body, env)
        finally:
            for letter in new:
                self.values.pop(letter)
            self.values.update({letter: saved[letter] for letter in new if letter in saved})


def close(a, b):
    return abs(a - b) <= TOLERANCE * max(1.0, abs(a), abs(b))


def sizes_of(statement):
    """The named sizes that a statement speaks of."""
    found = {}
    stack = [(one.left, one.right, *one.free) for one in (*statement.claims, *statement.given)]
    stack = [part for group in stack for part in group]
    while stack:
        one = stack.pop()
        if isinstance(one, s.Index):
            found[one.kind] = True
        elif isinstance(one, s.Letter):
            found.update(dict.fromkeys(one.kinds, True))
        elif isinstance(one, s.Size):
            found[one.name] = True
        elif isinstance(one, tuple):
            stack.extend(one)
        elif hasattr(one, "__dict__"):
            stack.extend(vars(one).values())
    return sorted(name for name in found if isinstance(name, str))


def sides(at, equation):
    """Left and right at each choice of the free indices."""
    for places in product(*(range(at.size(one.kind)) for one in equation.free)):
        env = dict(zip(equation.free, places))
        yield at.value(equation.left, env), at.value(equation.right, env)


def holds(statement, at):
    """Whether all claims hold at this point; Undefined where a side does not exist."""
    compare = close if statement.relation == "=" else (lambda a, b: a >= b - TOLERANCE * max(1.0, abs(a), abs(b)))
    return all(compare(a, b) for one in statement.claims for a, b in sides(at, one))


def points(statement, count=8):
    """Points at which the statement's premises hold."""
    names = sizes_of(statement)
    for k in range(count):
        sizes = {name: SIZES[k % len(SIZES)][n % 4] for n, name in enumerate(names)}
        at = At(sizes, seed=k, positive=k % 2 == 0)
        try:
            if not statement.given or solve(statement.given, at):
                yield at
        except Undefined:
            continue


def solve(given, at):
    """Gives one letter of the premises values at which all of them hold, if they are linear in one."""
    letters = {}
    for one in given:
        list(sides(at, one))
    letters = list(at.values)
    for letter in letters:
        if letter.symmetric:
            continue
        saved = at.draw(letter)

        def residual(values, letter=letter):
            at.values[letter] = values
            return np.array([a - b for one in given for a, b in sides(at, one)])

        zero = dict.fromkeys(saved, 0.0)
        try:
            base = residual(zero)
            columns = np.array([residual({**zero, place: 1.0}) - base for place in saved]).T
            found = np.linalg.lstsq(columns, -base, rcond=None)[0]
            values = dict(zip(saved, found.tolist()))
            if np.abs(residual(values)).max() < 1e-8 and any(abs(x) > 1e-6 for x in found):
                return True
        except Undefined:
            pass
        at.values[letter] = saved
    return False
