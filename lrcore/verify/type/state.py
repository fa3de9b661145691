"""What one claim knows of its names, indices and sizes while it is typed."""

from __future__ import annotations

from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s


class State:
    """``free`` collects the free indices by name, ``scopes`` those that a sum binds, ``notes`` what is assumed."""

    def __init__(self, context, row_reading: bool = False, one_sided: bool = False):
        self.context, self.row_reading, self.one_sided = context, row_reading, one_sided
        self.free: dict[str, c.IVar] = {}
        self.scopes: list[dict[str, c.IVar]] = []
        self.bodies: dict[str, Any] = {}
        self.notes: dict[str, bool] = {}
        self.starts: dict[tuple[str, int], int] = {}
        self.derives = False
        self.claim_free: set[str] = set()
        self.ones_dims: set[c.Dim] = set()
        self.rows_read = False
        self.values: dict[str, c.Core] = {}

    def type(self, node: s.Node, want: c.Shape | None = None) -> c.Core:
        """The typed tree of ``node``; ``want`` is the shape the place asks for, for 0, 1 and I without a size."""
        return getattr(self, "_" + type(node).__name__.lower())(node, want)

    def _symbol(self, key):
        return self.context.lookup(key)

    def _bound(self, name):
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return self.free.get(name)

    def _dim(self, node) -> Any:
        """A size from what was written, as ``N``, ``n+1``, ``2``."""
        if isinstance(node, s.Num) and node.value.denominator == 1:
            return c.fixed(int(node.value))
        if isinstance(node, s.Name) and self.context.is_size(node.id):
            return c.size(node.id)
        if isinstance(node, s.Neg):
            inner = self._dim(node.arg)
            return inner and c.fixed(0) - inner
        if isinstance(node, (s.Add, s.Mul)):
            return self._dim_fold(node)
        return None

    def _dim_fold(self, node):
        dims = [self._dim(one) for one in s.children(node)]
        if None in dims:
            return None
        total = dims[0]
        for one in dims[1:]:
            total = total + one if isinstance(node, s.Add) else total * one
        return total


def is_zero(core):
    return isinstance(core, c.Zeros) or (isinstance(core, c.Const) and core.value == 0)
