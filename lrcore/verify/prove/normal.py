r"""Engine 1: the normal form. An expression becomes a sum of coefficient times network; equal normal forms are a
proof for all sizes.

The entry (i, j) of each node is written down as a polynomial over atoms (Einstein notation), derivatives delete one
atom and free its indices, and :mod:`lrcore.verify.prove.polynomials` collects.
"""

from __future__ import annotations

from typing import Any

from lrcore.verify.prove.atoms import DELTA, Atom, flatten, restore
from lrcore.verify.prove.calculus import derive
from lrcore.verify.prove.compound import Compound
from lrcore.verify.prove.polynomials import ONE_TERM
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside

POWER_LIMIT = 12


class Normal(Compound):
    """Normal forms for one check. ``variables`` are the symbols that differentials vary."""

    def __init__(self, variables=frozenset(), budget: int = 60_000):
        super().__init__(budget)
        self.variables = variables
        self.opaque: dict[str, str] = {}
        self.aliases = 0
        self.over: dict[str, Any] = {}
        self.blocks: dict = {}
        self.mirrored: set[str] = set()

    # ------------------------------------------------------------------ the question

    def equal(self, left: c.Core, right: c.Core, free: list[c.IVar]) -> bool:
        """Whether both sides have one normal form, entry by entry, for all values of the free indices."""
        self.learn_blocks(left)
        self.learn_blocks(right)
        return all(self.settle(self.difference(left, right, *place)) for place in self.places(left.shape, free))

    def difference(self, left, right, i, j, env):
        return self.entry(left, i, j, env) + self.scale(self.entry(right, i, j, env), -1)

    def places(self, shape, free):
        """Every kind of place: one for an ordinary size, one for each block or entry of a split one."""
        envs: list[dict] = [{}]
        for one in free:
            envs = [{**env, one: index} for env in envs for index, _ in self.run(one.dim)]
        for env in envs:
            for i, _ in self.run(shape[0]):
                for j, _ in self.run(shape[1]):
                    yield i, j, env

    def learn_blocks(self, core):
        """How block matrices split their sizes; every index of such a size is split alike."""
        for node in c.everything(core):
            shifts = [x.whole for x in (getattr(node, "i", None), getattr(node, "j", None)) if isinstance(x, c.IShift)]
            for dim in (*node.shape, *(c.parts((c.D1, whole - c.D1)) for whole in shifts)):
                self._learn(dim)

    def _learn(self, dim):
        split = dim.made_of and dim.made_of[0] == "parts" and dim.constant() is None
        if split and self.blocks.setdefault(dim.poly, dim).made_of != dim.made_of:
            raise Outside("One size is split into blocks in two ways.")

    def run(self, dim):
        """The values of an index of this size, each with the labels that are summed over for it."""
        constant = dim.constant()
        if constant == 1:
            return [(None, ())]
        if constant is not None:
            if constant > 24:
                raise Outside("A fixed size above 24 is not written out.")
            return [(("P", k, None), ()) for k in range(constant)]
        if dim.made_of and dim.made_of[0] == "pair":
            first, second = dim.made_of[1:]
            return [(("Q", a, b, first, second), x + y) for a, x in self.run(first) for b, y in self.run(second)]
        if dim.poly in self.blocks:
            dims = self.blocks[dim.poly].made_of[1]
            return [(("P", k, index), labels) for k, one in enumerate(dims) for index, labels in self.run(one)]
        label = self.label(dim)
        return [(label, (label,))]

    # ------------------------------------------------------------------ entries

    def entry(self, node: c.Core, i, j, env):
        """The entry (i, j) as a polynomial."""
        self.spend(1)
        return getattr(self, "_" + type(node).__name__.lower())(node, i, j, env)

    def _summed(self, dim, make):
        """The sum of make(index) over an index of this size."""
        out: list = []
        for index, labels in self.run(dim):
            terms = make(index)
            out += [(a, b, f, bound + labels) for a, b, f, bound in terms] if labels else terms
        return out

    def _const(self, node, i, j, env):
        value = node.value
        value = value.numerator if value.denominator == 1 else value
        return [(value, (), (), ())] if value else []

    def _sizeof(self, node, i, j, env):
        return self.size(node.dim)

    def _indexvalue(self, node, i, j, env):
        raise Outside("An index stands as a number.")

    def _var(self, node, i, j, env):
        if self.over.get(node.name) is not None and node.name not in self.opaque:
            return self._replaced(node.name, i, j)
        name = self.opaque.get(node.name, node.name)
        return self.variable(name, i, j, node.symmetric or node.name in self.mirrored)

    def _replaced(self, name, i, j):
        body, over, opaque, env = self.over[name]
        saved = self.over, self.opaque
        self.over, self.opaque = over, opaque
        try:
            return self.entry(body, i, j, env)
        finally:
            self.over, self.opaque = saved

    def variable(self, name, i, j, symmetric=False):
        labels: list = []
        slots = (flatten(i, labels), flatten(j, labels))
        if symmetric and slots[0] != slots[1] and repr(slots[1]) < repr(slots[0]):
            return self.variable(name, j, i, True)
        both = symmetric and slots == ("*", "*")
        atom = self.table.number(Atom("var", name, None, slots), both)
        if not labels:
            return self.power_of(atom)
        return [(1, (), (self.factor(atom, labels),), ())]

    def _defined(self, node, i, j, env):
        if node.name in self.opaque:
            return self.variable(self.opaque[node.name], i, j)
        if self.over.get(node.name) is not None:
            return self._replaced(node.name, i, j)
        return self.entry(node.body, i, j, {})

    def _with(self, node, i, j, env):
        over, opaque = self.over, self.opaque
        names = {name for name, _ in node.values}
        self.over = {**over, **{name: (value, over, opaque, env) for name, value in node.values}}
        self.opaque = {
            name: alias for name, alias in opaque.items() if name not in names
        }  # what is differentiated by is the variable outside, not the one replaced here
        try:
            return self.entry(node.body, i, j, env)
        finally:
            self.over, self.opaque = over, opaque

    def _plus(self, node, i, j, env):
        return [term for one in node.terms for term in self.entry(one, i, j, env)]

    def _scale(self, node, i, j, env):
        return self.mul(self.entry(node.by, None, None, env), self.entry(node.arg, i, j, env))

    def _times(self, node, i, j, env):
        inner = node.left.shape[1] if node.left.shape[1].made_of else node.right.shape[0]
        return self._summed(
            inner, lambda k: self.mul(self.entry(node.left, i, k, env), self.entry(node.right, k, j, env))
        )

    def _entrywise(self, node, i, j, env):
        return self.mul(self.entry(node.left, i, j, env), self.entry(node.right, i, j, env))

    def _kronof(self, node, i, j, env):
        a, b = self._split(i, node.left.shape[0], node.right.shape[0])
        p, q = self._split(j, node.left.shape[1], node.right.shape[1])
        return self.mul(self.entry(node.left, a, p, env), self.entry(node.right, b, q, env))

    def _split(self, index, first, second):
        """A pair index as its two parts."""
        if first == c.D1:
            return None, index
        if second == c.D1:
            return index, None
        if isinstance(index, tuple) and index[0] == "Q" and index[3:] == (first, second):
            return index[1], index[2]
        if isinstance(index, tuple) and index[0] == "P" and index[2] is None and second.constant():
            a, b = divmod(index[1], second.constant())
            return ("P", a, None), ("P", b, None)
        raise Outside("Two orders of stacking meet in one index.")

    def _transposed(self, node, i, j, env):
        return self.entry(node.arg, j, i, env)

    def _inverse(self, node, i, j, env):
        return self.inverse(node.arg, i, j, env)

    def _power(self, node, i, j, env):
        if abs(node.exponent) > POWER_LIMIT:
            raise Outside("A power above 12 is not multiplied out.")
        if node.exponent < 0:
            base = self.simplify(self.entry(node.arg, i, j, env))
            below = self.reciprocal(base)
            out = below
            for _ in range(-node.exponent - 1):
                out = self.mul(out, self.fresh(below))
            return out
        out = [ONE_TERM]
        for _ in range(node.exponent):
            out = self.mul(out, self.entry(node.arg, i, j, env))
        return out

    def _apply(self, node, i, j, env):
        arg = node.arg
        if node.fn == "log" and isinstance(arg, c.Apply) and arg.fn == "abs":
            arg = arg.arg
        return self.function(node.fn, self.simplify(self.entry(arg, i, j, env)))

    def _trace(self, node, i, j, env):
        return self._summed(node.arg.shape[0], lambda k: self.entry(node.arg, k, k, env))

    def _det(self, node, i, j, env):
        return self.determinant(node.arg, env)

    def _vec(self, node, i, j, env):
        rows, cols = node.arg.shape
        if node.by_rows:
            r, k = self._split(i, rows, cols)
            return self.entry(node.arg, r, k, env)
        q, p = self._split(i, cols, rows)
        return self.entry(node.arg, p, q, env)

    def _diagof(self, node, i, j, env):
        if node.shape[1] == c.D1:
            return self.entry(node.arg, i, i, env)
        r, k = (i, None) if node.arg.shape[1] == c.D1 else (None, i)
        return self.mul(self.same(i, j), self.entry(node.arg, r, k, env))

    def _total(self, node, i, j, env):
        rows, cols = node.arg.shape
        return self._summed(rows, lambda p: self._summed(cols, lambda q: self.entry(node.arg, p, q, env)))

    def _pick(self, node, i, j, env):
        rows, cols = node.arg.shape
        return self.entry(node.arg, self._fixed(node.i, rows, env), self._fixed(node.j, cols, env), env)

    def place(self, index, env):
        """The value of an index variable, or a fixed place."""
        if index is None:
            return None
        if isinstance(index, c.IVar):
            if index not in env:
                raise Outside("An index has no value here.")
            return env[index]
        if isinstance(index, c.IShift):
            return self._shifted(self.place(index.index, env), index.whole)
        if index.end is not None:
            raise Outside("The last place of an open range is not part of the normal form.")
        return f"#{index.place}"

    def _shifted(self, value, whole):
        if whole.constant() is not None:
            return ("P", 1 + (value[1] if value else 0), None)
        return ("P", 1, value)

    def _fixed(self, index, dim, env):
        """A fixed place in an index that is split."""
        value = self.place(index, env)
        if isinstance(value, str) and value.startswith("#"):
            if dim.constant() is not None:
                return ("P", int(value[1:]), None)
            if dim.poly in self.blocks:
                return _into_block(int(value[1:]), self.blocks[dim.poly].made_of[1])
        return value

    def _sumover(self, node, i, j, env):
        if node.lo is not None or node.hi is not None:
            raise Outside("A sum over a part of a range is not part of the normal form.")

        def body(index):
            inner = {**env, node.index: index}
            terms = self.entry(node.body, i, j, inner)
            for other in node.skip:
                apart = [ONE_TERM] + self.scale(self.same(index, self.place(other, inner)), -1)
                terms = self.mul(terms, apart)
            return terms

        return self._summed(node.index.dim, body)

    def _same(self, node, i, j, env):
        dim = next((one.dim for one in (node.i, node.j) if isinstance(one, c.IVar)), c.D1)
        return self.same(self._fixed(node.i, dim, env), self._fixed(node.j, dim, env))

    def same(self, a, b):
        """The delta of two indices."""
        if a == b:
            return [ONE_TERM]
        if isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0]:
            if a[0] == "P":
                return self.same(a[2], b[2]) if a[1] == b[1] else []
            if a[3:] == b[3:]:
                return self.mul(self.same(a[1], b[1]), self.same(a[2], b[2]))
        if isinstance(a, tuple) or isinstance(b, tuple) or a is None or b is None:
            raise Outside("Two ways of splitting one index meet.")
        return [(1, (), ((DELTA, (a, b)),), ())]

    def _make(self, node, i, j, env):
        return self.entry(node.body, None, None, {**env, **self._bind(node.i, i), **self._bind(node.j, j)})

    def _bind(self, variable, value):
        if variable is None:
            return {}
        if not isinstance(variable, tuple):
            return {variable: value}
        parts = self._split(value, variable[0].dim, variable[1].dim)
        return dict(zip(variable, parts))

    def _ones(self, node, i, j, env):
        return [ONE_TERM]

    def _eye(self, node, i, j, env):
        return self.same(i, j)

    def _zeros(self, node, i, j, env):
        return []

    def _blocks(self, node, i, j, env):
        heights = tuple(row[0].shape[0] for row in node.rows)
        widths = tuple(cell.shape[1] for cell in node.rows[0])
        r, i = _block_of(i, heights)
        k, j = _block_of(j, widths)
        return self.entry(node.rows[r][k], i, j, env)

    # ------------------------------------------------------------------ derivatives

    def _partial(self, node, i, j, env):
        """Without the equations taken as given: they hold at a point, and a derivative looks beside it."""
        where = (self._fixed(node.i, node.by.shape[0], env), self._fixed(node.j, node.by.shape[1], env))
        opaque, fresh = self.opaque, node.name not in self.opaque
        name = self._alias(node.name)
        self.opaque = {**opaque, node.name: name}
        given, self.rules = self.rules, []
        saved, self.over = self.over, {name: value for name, value in self.over.items() if name != node.name}
        try:
            inside = self.simplify(self.entry(node.f, None, None, env))
            result = derive(self, inside, self._by_entry(name, where))
        finally:
            self.over, self.rules, self.opaque = saved, given, opaque
        if fresh and (isinstance(node.by, c.Defined) or name != node.name):
            result = self.put_back(self.simplify(result), name, node.by)
        return result

    def _alias(self, name):
        """The name that a variable has while a derivative is taken by it: one of its own inside a function at other
        arguments, where the variable outside may stand beside it.
        """
        if name in self.opaque or not self.over:
            return self.opaque.get(name, name)
        self.aliases += 1
        return f"{name}'{self.aliases}"

    def _by_entry(self, name, where):
        labels: list = []
        slots = (flatten(where[0], labels), flatten(where[1], labels))

        def leaf(info, here):
            if info.name != name:
                return []
            if info.slots != slots:
                if _shape_of(info.slots) != _shape_of(slots):
                    raise Outside("Two ways of splitting one index meet.")
                return []
            return [(1, (), tuple((DELTA, pair) for pair in zip(here, labels)), ())]

        return leaf

    def _differential(self, node, i, j, env):
        given, self.rules = self.rules, []
        inside = self.simplify(self.entry(node.arg, i, j, env))

        def leaf(info, here):
            if info.name not in self.variables:
                return []
            atom = self.table.number(Atom("var", "d " + info.name, None, info.slots))
            return [(1, (), (self.factor(atom, here),), ())] if here else self.power_of(atom)

        result = derive(self, inside, leaf)
        self.rules = given
        return result

    def put_back(self, terms, name, by):
        """The atoms of a name that counted as independent, replaced by what it stands for."""

        def value(info, labels):
            supply = iter(labels)
            return self.entry(by, restore(info.slots[0], supply), restore(info.slots[1], supply), {})

        return self.substitute(terms, name, value)


def _shape_of(slots):
    return tuple(one if one in (None, "*") else one[0] for one in slots)


def _block_of(index, dims):
    """Which block an index falls into, and the index inside."""
    if len(dims) == 1:
        return 0, index
    if not isinstance(index, tuple) or index[0] != "P":
        raise Outside("An index into a block matrix does not say which block.")
    if all(dim.constant() is not None for dim in dims):
        return _fixed_block(index[1], dims)
    return index[1], index[2]


def _fixed_block(place, dims):
    for k, dim in enumerate(dims):
        if place < dim.constant():
            return k, (None if dim == c.D1 else ("P", place, None))
        place -= dim.constant()
    raise Outside("An index lies outside its block matrix.")


def _into_block(place, dims):
    for k, dim in enumerate(dims):
        constant = dim.constant()
        if constant is None:
            return ("P", k, f"#{place}")
        if place < constant:
            return ("P", k, None if dim == c.D1 else ("P", place, None))
        place -= constant
    raise Outside("A fixed place lies outside its blocks.")
