r"""Shapes that nobody declared, solved for: each symbol is a number, a column, a row or a matrix with sizes of its own,
and two sizes are made one only where the text makes them one (``X w`` makes columns of X and entries of w the same).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise, zip_longest
from math import inf
from typing import Any

from lrcore.verify import Context
from lrcore.verify import syntax as s

Dims = tuple[str, str]
ONE: Dims = ("1", "1")
KINDS = ("scalar", "column", "matrix", "row")
MOST_SIDES, MOST_TRIES, MOST_LAST, MOST_PAIRED, ROUNDS = 60, 240, 6, 6, 4
MUCH = 3  # so many clashes fewer make a line the odd one out
OBLONG = frozenset("XYUZ")
WEIGHTS = frozenset(("w", "theta", "beta"))
TURNED = "'"  # an alias for the columns of a matrix, and not for its rows
SAMPLE = "'1"  # what a function is written of, where it is called with samples
_ANY, _TWO = ("", ""), s.num(2)
_ENTRYWISE = {"exp", "log", "sqrt", "sigmoid", "tanh", "abs", "relu", "softmax", "sin", "cos", "sign", "step"}
_TRACES = {"tr", "det", "logdet"}
_SAME = {"inner", "frobenius"}


@dataclass
class Sizes:
    """Sizes that are one: a union-find in which constants are ``1``, numbers and the names of sizes."""

    parent: dict[str, str] = field(default_factory=dict)
    clashes: int = 0
    fresh: int = 0
    oblong: list[Dims] = field(default_factory=list)
    long: list[str] = field(default_factory=list)

    def new(self, loose: bool = False) -> str:
        """A size of its own; ``loose`` where the symbol may still turn out to be a number."""
        self.fresh += 1
        return f"{'~' if loose else '?'}{self.fresh}"

    def find(self, one: str) -> str:
        parent = self.parent
        root = parent.get(one)
        if root is None:
            return one
        while (up := parent.get(root)) is not None:
            root = up
        parent[one] = root
        return root

    def join(self, one: str, other: str, sure: bool = False) -> None:
        """Make two sizes one; two different constants clash. Data are not made square by a slip: that has to be
        ``sure``, from an inverse or a trace; and no array becomes a number.
        """
        one, other = self.find(one), self.find(other)
        if one == other or not one or not other:
            return
        if not sure and self._are_sides(one, other):
            self.clashes += 1
            return
        if (one == "1" or other == "1") and self._is_long(one if other == "1" else other):
            self.clashes += 1
            return
        if one[0] == "~" or (one[0] == "?" and other[0] != "~"):
            self.parent[one] = other
        elif other[0] in "~?":
            self.parent[other] = one
        else:
            self.clashes += 1

    def _are_sides(self, one: str, other: str) -> bool:
        """Whether some array of data has these two sizes."""
        find = self.find
        for rows, cols in self.oblong:
            high = find(rows)
            if (high == one and find(cols) == other) or (high == other and find(cols) == one):
                return True
        return False

    def _is_long(self, one: str) -> bool:
        """Whether a size is that of an array, or ``1`` is."""
        find = self.find
        return any((root := find(dim)) == one or root == "1" for dim in self.long)

    def is_number(self, dims: Dims) -> bool:
        rows, cols = dims
        return (rows == "1" or self.find(rows) == "1") and (cols == "1" or self.find(cols) == "1")

    def is_open(self, dims: Dims) -> bool:
        """Whether it may still be a number or an array."""
        return dims == _ANY or (self.find(dims[0])[:1] == "~" and self.find(dims[1])[:1] == "~")


@dataclass
class Solver:
    """One attempt: the kinds of the undeclared symbols, and the sizes that the text then makes one; ``late`` are the
    lines that many others clash with, ``stacks`` the heights of matrices in blocks, ``doubts`` the squares of columns.
    """

    kinds: Mapping[str, str]
    declared: Mapping[str, Dims]
    aliases: Mapping[str, str]
    size_names: frozenset[str]
    sizes: Sizes = field(default_factory=Sizes)
    shapes: dict[str, Dims] = field(default_factory=dict)
    ranges: dict[str, str] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    sampled: frozenset[str] = frozenset()
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cost: float = 0.0
    late: list[int] = field(default_factory=list)
    stacks: list[tuple[str, int, list[Dims]]] = field(default_factory=list)
    slips: int = 0
    doubts: int = 0
    rules: dict[type[s.Node], Callable[[Any], Dims]] = field(default_factory=dict)
    seen: dict[str, Dims] = field(default_factory=dict)

    def symbol(self, key: str) -> Dims:
        found = self.seen.get(key)
        if found is None:
            found = self.seen[key] = self._symbol(key)
        return found

    def _symbol(self, key: str) -> Dims:
        alias = self.aliases.get(key, key)
        if alias.endswith(TURNED):
            rows, cols = self.symbol(alias.removesuffix(TURNED))
            return cols, rows
        key = alias
        if key in self.declared:
            return self.declared[key]
        if key not in self.shapes:
            new, kind = self.sizes.new, self.kinds.get(key, "")
            if key in self.size_names or key in self.bound or kind == "scalar":
                found = ONE
            elif kind == "column":
                found = (new(), "1")
            elif kind == "row":
                found = ("1", new())
            else:
                found = (new(not kind), new(not kind))
            self.shapes[key] = found
            if kind == "matrix" and (key[:1] in OBLONG or (key in self.sampled and key[:1].upper() in OBLONG)):
                self.sizes.oblong.append(found)
            if kind:
                self.sizes.long += [one for one in found if one != "1"]
        return self.shapes[key]

    def chain(self, sides: Iterable[s.Node]) -> None:
        """All sides of a chain have one shape, and each index one range in it."""
        self.ranges = {}
        shapes = []
        sides = list(sides)
        for side in sides:
            before = self.sizes.clashes
            shapes.append(self.shape(side))
            self.sizes.clashes = min(self.sizes.clashes, before + 1)  # one slip is one, whatever it makes clash
        for name, call in pairwise(sides):  # n = len(y)
            if isinstance(call, s.Call) and call.fn in ("rows", "cols") and isinstance(name, s.Name):
                self.sizes.join(self.shape(call.args[0])[call.fn == "cols"], name.id)
        for one, other in pairwise(shapes):
            before = self.sizes.clashes
            self.same(one, other)
            self.sizes.clashes = min(self.sizes.clashes, before + 1)

    def same(self, one: Dims, other: Dims) -> Dims:
        if one == _ANY:
            return other
        if other != _ANY and one is not other:
            self.sizes.join(one[0], other[0])
            self.sizes.join(one[1], other[1])
        return one

    def product(self, one: Dims, other: Dims) -> Dims:
        if one is ONE or self.sizes.is_number(one):
            return other
        if self.sizes.is_number(other):
            return one
        if self.sizes.is_open(one) or self.sizes.is_open(other):
            return self.sizes.new(True), self.sizes.new(True)
        self.sizes.join(one[1], other[0])
        return one[0], other[1]

    def index(self, node: s.Node, size: str) -> None:
        """An index in a slot of this size."""
        if isinstance(node, s.Name):
            found = self.ranges.get(node.id)
            if found is None:
                found = self.ranges[node.id] = self.sizes.new()
            self.sizes.join(found, size)

    def shape(self, node: s.Node) -> Dims:
        """The shape of a tree, with what it makes one on the way."""
        kind = type(node)
        rule = self.rules.get(kind)
        if rule is None:
            rule = self.rules[kind] = getattr(self, f"_{kind.__name__.lower()}", self._other)
        return rule(node)

    def _other(self, node: s.Node) -> Dims:
        for one in s.children(node):
            self.shape(one)
        return _ANY

    def _num(self, node: s.Num) -> Dims:
        return _ANY if node.value == 0 else ONE

    def _name(self, node: s.Name) -> Dims:
        return self.symbol(node.id)

    def _add(self, node: s.Add) -> Dims:
        found = _ANY
        code = any(isinstance(one, s.Mul) and one.code for one in node.terms)
        numbers = [one for one in node.terms if _is_number(one)]
        for one in (one for one in node.terms if not _is_number(one)):
            if code and isinstance(one, s.Name) and self._is_vector(found) and self.sizes.is_number(self.shape(one)):
                continue  # NumPy adds a number to every entry
            found = self.same(found, self.shape(one))
        for one in numbers:
            if not (self.sizes.find(found[0])[:1] in ("?", "~") and found[1] == "1"):
                found = self.same(found, self.shape(one))  # 1 - p of a column p is taken entry by entry
        return found

    def _neg(self, node: s.Neg) -> Dims:
        return self.shape(node.arg)

    def _mul(self, node: s.Mul) -> Dims:
        found, one_axis = ONE, node.code and _is_one_axis(node)
        for one in node.factors:
            right = self.shape(one)
            if one_axis and self._is_vector(found) and not self.sizes.is_number(right):  # x @ A, as NumPy reads it
                self.sizes.join(found[0], right[0])
                found = ONE if self._is_vector(right) else (right[1], "1")
            else:
                found = self.product(found, right)
        return found

    def _is_vector(self, dims: Dims) -> bool:
        rows, cols = map(self.sizes.find, dims)
        return cols == "1" != rows and rows[:1] != "~"

    def _star(self, node: s.Star) -> Dims:
        left, right = self.shape(node.left), self.shape(node.right)
        if self.sizes.is_number(left) or self.sizes.is_number(right):
            return right if self.sizes.is_number(left) else left
        return self.same(left, right)

    def _had(self, node: s.Had) -> Dims:
        return self.same(self.shape(node.left), self.shape(node.right))

    def _div(self, node: s.Div) -> Dims:
        above, below = self.shape(node.num), self.shape(node.den)
        if self._is_vector(below) and any(isinstance(one, s.Call) and one.fn in _ENTRYWISE for one in s.walk(node.den)):
            return below  # entry by entry
        self.same(below, ONE)
        return above

    def _pow(self, node: s.Pow) -> Dims:
        found = self.shape(node.base)
        column = self.sizes.find(found[1]) == "1" != self.sizes.find(found[0])[:1]
        if column and node.exponent == _TWO and _is_bare_sum(node.base):
            self.doubts += 1
            return _ANY  # v^2 is v^T v, or the squares of its entries
        if not node.entrywise and not self.sizes.is_open(found) and self.sizes.find(found[1]) != "1":
            self.sizes.join(*found, sure=True)
        return found

    def _t(self, node: s.T) -> Dims:
        rows, cols = self.shape(node.arg)
        return cols, rows

    def _prime(self, node: s.Prime) -> Dims:
        rows, cols = self.shape(node.arg)
        return cols, rows

    def _inv(self, node: s.Inv) -> Dims:
        found = self.shape(node.arg)
        self.sizes.join(*found, sure=True)
        return found

    def _call(self, node: s.Call) -> Dims:
        if node.fn == "overline":
            columns = [self.symbol(name) for name in sorted(s.names(node.args[0]))]
            for one, other in pairwise([*columns, (self.sizes.new(), "1")]):
                self.same(one, other)
            self.sizes.long += [one[0] for one in columns]
            return ONE
        shapes = [self.shape(one) for one in node.args]
        if node.fn == "bars" and isinstance(node.args[0], s.Name) and self._is_vector(shapes[0]):
            self.doubts += 1  # one bar on either side stands around a number
        if node.fn in _ENTRYWISE:
            return shapes[0]
        if node.fn in _TRACES:
            self.sizes.join(*shapes[0], sure=isinstance(node.args[0], s.Name))
        if node.fn in _SAME and len(shapes) == 2:
            self.same(*shapes)
        if node.fn == "larger":
            return self.same(*shapes)
        if node.fn == "vec":
            return self.sizes.new(), "1"
        if node.fn == "diag" and not self.sizes.is_open(shapes[0]):
            rows, cols = shapes[0]
            return (rows, rows) if self.sizes.find(cols) == "1" else (rows, "1")
        return _ANY if node.fn in ("diag", "rvec", "argmin", "argmax") else ONE

    def _at(self, node: s.At) -> Dims:
        names = self.params.get(node.fn.id, ()) if isinstance(node.fn, s.Name) else ()
        for one, name in zip_longest(node.args, names[: len(node.args)]):
            found = self.shape(one)
            if name and name.endswith(SAMPLE):
                self.same(self.symbol(name), found)
        return self.symbol(node.fn.id) if isinstance(node.fn, s.Name) else _ANY

    def _entry(self, node: s.Entry) -> Dims:
        found = rows, cols = self.shape(node.base)
        if self.sizes.is_number(found):
            self.sizes.clashes += 1  # a number has no entries
            return ONE
        if len(node.indices) == 2:
            for one, size in zip(node.indices, (rows, cols)):
                self.index(one, size)
            return ONE
        if len(node.indices) == 1 and self.sizes.is_open(found):
            self.sizes.join(cols, "1")
        if self.sizes.find(rows) == "1" != self.sizes.find(cols):
            rows, cols = cols, rows
        if node.indices:
            self.index(node.indices[0], rows)
        return cols, "1"

    def _sum(self, node: s.Sum) -> Dims:
        outer = self.ranges.pop(node.index, None)
        self.ranges[node.index] = _end(node) or self.sizes.new()
        found = self.shape(node.body)
        if outer is not None:
            self.ranges[node.index] = outer
        else:
            del self.ranges[node.index]
        return found

    def _deriv(self, node: s.Deriv) -> Dims:
        found = self.shape(node.f)
        for one in node.wrt:
            by = self.shape(one)
            if self.sizes.is_number(found):
                found = by
            elif not self.sizes.is_number(by):
                if (_ANY not in (found, by) and "1" not in map(self.sizes.find, found)) or "1" not in map(
                    self.sizes.find, by
                ):
                    self.sizes.clashes += not (self.sizes.is_open(found) or self.sizes.is_open(by))
                found = (found[0], by[0]) if self.sizes.find(found[1]) == "1" == self.sizes.find(by[1]) else _ANY
        return found if len(node.wrt) == 1 else _ANY

    def _diff(self, node: s.Diff) -> Dims:
        return self.shape(node.arg)

    def _special(self, node: s.Special) -> Dims:
        written = [_size(one) or self.sizes.new() for one in node.sizes]
        if node.kind == "eye":
            one = written[0] if written else self.sizes.new()
            self.sizes.long.append(one)
            return one, one
        if not written:
            return _ANY if node.kind == "zero" else (self.sizes.new(), "1")
        return (written[0], written[1]) if len(written) > 1 else (written[0], "1")

    def _block(self, node: s.Block) -> Dims:
        cells = [self.shape(one) for row in node.rows for one in row]
        if all(one == _ANY or self.sizes.is_number(one) for one in cells):
            return str(len(node.rows)), str(len(node.rows[0]))
        wide, high = len(node.rows[0]) == 1, len(node.rows) == 1
        shapes = [one for one in cells if one != _ANY and not self.sizes.is_number(one)]
        thin, flat = ({self.sizes.find(one[k]) for one in shapes} <= {"1"} for k in (1, 0))
        rows = str(len(node.rows)) if flat else self.sizes.new()
        cols = str(len(node.rows[0])) if thin else self.sizes.new()
        if not flat:
            self.stacks.append((rows, len(node.rows), shapes))
        for one in shapes:
            self.sizes.join(one[0], rows) if high else None
            self.sizes.join(one[1], cols) if wide else None
        return rows, cols

    def _build(self, node: s.Build) -> Dims:
        self.ranges |= {node.i: _size(node.rows) or self.sizes.new(), node.j: _size(node.cols) or self.sizes.new()}
        self.shape(node.body)
        return self.ranges.pop(node.i), self.ranges.pop(node.j)

    def _shaped(self, node: s.Shaped) -> Dims:
        found = self.shape(node.arg)
        for one, size in zip(node.sizes, found):
            self.sizes.join(_size(one) or self.sizes.new(), size)
        return found

    def _delta(self, node: s.Delta) -> Dims:
        return ONE


def _is_one_axis(node: s.Mul) -> bool:
    """Whether a product of NumPy begins with a small letter, which may be an array of one axis."""
    first = node.factors[0]
    while isinstance(first, s.Mul):
        first = first.factors[0]
    return (isinstance(first, s.Name) and first.id[:1].islower()) or isinstance(first, s.Special)


def _is_bare_sum(node: s.Node) -> bool:
    return isinstance(node, s.Add) and not any(isinstance(one, s.Entry) for one in s.walk(node))


def _is_number(node: s.Node) -> bool:
    return isinstance(node.arg if isinstance(node, s.Neg) else node, s.Num)


def _size(node: s.Node | None) -> str:
    """A size as a constant: a number or a name; empty where it is more than that, or not said."""
    if isinstance(node, s.Num):
        return str(node.value)
    if isinstance(node, s.Add) and len(node.terms) == 2 and isinstance(node.terms[0], s.Name):
        number = node.terms[1].arg if isinstance(node.terms[1], s.Neg) else node.terms[1]
        sign = "-" if isinstance(node.terms[1], s.Neg) else "+"
        return f"{node.terms[0].id}{sign}{number.value}" if isinstance(number, s.Num) else ""
    return node.id if isinstance(node, s.Name) else ""


def _end(node: s.Sum) -> str:
    """The range that a sum writes: n in 1..n and in 0..n-1."""
    hi = node.hi
    if hi is None:
        return ""
    if node.lo is None or (isinstance(node.lo, s.Num) and node.lo.value == 1):
        return _size(hi)
    if isinstance(hi, s.Add) and len(hi.terms) == 2 and hi.terms[1] in (s.Neg(s.ONE), s.Num(Fraction(-1))):
        return _size(hi.terms[0])
    return ""


# ---------------------------------------------------------------------- the kinds


def solved(
    kinds: Mapping[str, str], firm: Mapping[str, float], chains: list[list[s.Node]], context: Context,
    aliases: Mapping[str, str], size_names: frozenset[str], order: list[int], transposed: frozenset[str],
    params: Mapping[str, tuple[str, ...]],
) -> Solver:  # fmt: skip
    """The solver with the kinds under which fewest sizes clash; ``kinds`` are what the letters suggest, ``firm`` how
    much it costs to read a letter otherwise.
    """
    declared = {
        key: (str(one.shape[0]), str(one.shape[1])) for key, one in context.symbols.items() if one.shape is not None
    }
    tries = 0
    sampled = frozenset(key for key in kinds if kinds[key] == "matrix" and firm[key] >= 50)

    def attempt(chosen: Mapping[str, str], most: float = inf) -> tuple[float, Solver]:
        """The cost of these kinds; one that is sure to be above ``most`` is not worked out."""
        changed = sum(firm[key] * _oddity(key, chosen[key]) for key in chosen if chosen[key] != kinds[key])
        if changed > most:
            return inf, Solver({}, {}, {}, frozenset(), slips=1)
        one = Solver(chosen, declared, aliases, size_names | frozenset(context.sizes), sampled=sampled, params=params)
        for again in range(2):
            for number in order:
                one.chain(chains[number])
                if one.sizes.clashes + changed > most + (not again):
                    one.slips = one.sizes.clashes
                    return inf, one
            one.sizes.clashes += sum(bool(cells) and one.sizes.find(size) == str(n) for size, n, cells in one.stacks)
            one.stacks.clear()
            clashes = one.slips = one.sizes.clashes
            doubts, one.doubts = one.doubts, 0
            one.sizes.clashes = 0
        thin = 0.6 * sum(_is_thin(one, key, kind) for key, kind in chosen.items())
        flat = sum(0.5 for key in transposed if chosen.get(key) == "scalar")
        one.doubts = doubts
        return clashes + changed + thin + flat + 0.5 * bool(doubts), one

    chosen = dict(kinds)
    best, found = attempt(chosen)
    late: list[int] = []
    for first in order[:MOST_LAST] if best >= MUCH else ():  # a line that makes others clash is heard last
        before, order = order, [*(one for one in order if one != first), first]
        cost, one = attempt(chosen, best - MUCH)
        if cost <= best - MUCH:
            best, found = cost, one
            late.append(first)
        else:
            order = before
    numbers = {
        key: "scalar" if key[:1].islower() and key not in transposed and firm[key] < 0.5 else kind
        for key, kind in kinds.items()
    }
    if best >= 1 or found.doubts:  # one sample, one weight: everything is a number
        alone, plain = attempt(numbers)
        if plain.slips == plain.doubts == 0:
            best, found, chosen = min(alone, 0.05), plain, numbers
    counted = {key: "scalar" for key in numbers if numbers[key] == "scalar" and re.search(r"_\d$", key)}
    if best >= 1 and counted:  # beta_0 and beta_1 of a line through points
        cost, one = attempt({**kinds, **counted}, best)
        if cost < best:
            best, found, chosen = cost, one, {**kinds, **counted}
    for _ in range(ROUNDS):
        if best < 0.1:
            break
        changes, least = [], best
        for key in sorted(chosen, key=lambda one: firm[one]):
            for kind in KINDS:
                if kind != chosen[key] and tries < MOST_TRIES and firm[key] < 50 and _may_be(key, kind, transposed):
                    tries += 1
                    changes.append((*attempt({**chosen, key: kind}, least), {key: kind}))
                    least = min(least, changes[-1][0])
        cost, one, change = min(changes, key=lambda change: change[0], default=(best, found, {}))
        if cost >= best and found.doubts:  # a target and a prediction, both of one sample
            columns = [key for key in chosen if chosen[key] == "column" and _may_be(key, "scalar", transposed)]
            pairs = [dict.fromkeys(pair, "scalar") for pair in combinations(columns[:MOST_PAIRED], 2)]
            changes = [(*attempt({**chosen, **pair}, best), pair) for pair in pairs]
            cost, one, change = min(changes, key=lambda change: change[0], default=(best, found, {}))
        if cost >= best:
            break
        best, found, chosen = cost, one, {**chosen, **change}
    found.cost, found.late = best, late
    return found


def _is_thin(solver: Solver, key: str, kind: str) -> bool:
    """Whether an array turned out to have a size of 1 where its kind has another."""
    rows, cols = map(solver.sizes.find, solver.shapes.get(key, _ANY))
    return (kind in ("column", "matrix") and rows == "1") or (kind in ("row", "matrix") and cols == "1")


def _may_be(key: str, kind: str, transposed: frozenset[str]) -> bool:
    """Capital letters and what is transposed are no numbers, data matrices no rows: a slip must not make them so. The
    weights of ``w^T x_i`` are no row either.
    """
    if kind == "scalar":
        return not key[:1].isupper() and key not in transposed
    return kind != "row" or (key[:1] not in OBLONG and not (key in WEIGHTS and key in transposed))


def _oddity(key: str, kind: str) -> float:
    """How unusual a kind is for a letter."""
    capital = key[:1].isupper()
    if kind == "row":
        return 6.0 if capital else 1.5
    return 3.0 if kind == "matrix" and not capital else 1.0


def names_of(
    shapes: Mapping[str, Dims], sizes: Sizes, wished: Mapping[str, list[str]], taken: set[str]
) -> dict[str, str]:
    """A written shape for each symbol: sizes that are one have one name, those that are not have different ones."""
    called: dict[str, str] = {}
    spare = [one for one in ("N", "M", "D", "K", "P", "Q", "R", "S", "U", "V") if one not in taken]
    taken = set(taken) | {sizes.find(one) for dims in shapes.values() for one in dims}

    def name(one: str, wish: str) -> str:
        root = sizes.find(one)
        if root[:1] not in "~?":
            return root
        if root not in called:
            free = wish if wish and wish not in taken else next((k for k in spare if k not in taken), f"K{len(called)}")
            taken.add(free)
            called[root] = free
        return called[root]

    written = {}
    for key, (rows, cols) in shapes.items():
        wishes = [*wished.get(key, []), "", ""]
        if sizes.find(rows) == "1" == sizes.find(cols):
            written[key] = "scalar"
        elif sizes.find(cols) == "1":
            written[key] = name(rows, wishes[0])
        else:
            if wishes[0] == wishes[1] and sizes.find(rows) != sizes.find(cols):
                wishes = ["N", "M"]
            one = name(rows, wishes[0] if sizes.find(rows) != "1" else "")
            written[key] = f"{one} x {name(cols, wishes[1] if one != '1' else wishes[0])}"
    return written
