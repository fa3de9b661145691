"""A claim: two typed sides that are said to be equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s


@dataclass
class Claim:
    """Two typed sides, said to be equal for all values of the free indices.

    ``variables`` are the symbols that differentials vary, ``nodes`` all nodes of both sides, ``decimal`` says whether
    roots, logarithms or pi leave no exact fractions. ``within`` are the inequalities that were taken as given: points
    where one of them fails are not looked at. Nothing is proved by them.
    """

    left: c.Core
    right: c.Core
    free: list[c.IVar]
    variables: frozenset[str] = frozenset()
    nodes: list[c.Core] = field(default_factory=list)
    decimal: bool = False
    within: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        if not self.nodes:
            self.nodes = c.everything(self.left, self.right)
            self.decimal = any(map(_leaves_fractions, self.nodes))

    @cached_property
    def symbols(self) -> dict[str, c.Var]:
        """The variables of the claim, and those whose differentials are taken."""
        found = {one.name: one for one in self.nodes if isinstance(one, c.Var) and not one.constant}
        for bound in self.within:
            found = bound.claim.symbols | found
        return dict(sorted(found.items()))

    @cached_property
    def sizes(self) -> list[str]:
        """The named sizes that occur."""
        dims = {id(dim): dim for one in self.nodes for dim in one.shape}
        names = frozenset().union(*(dim.names() for dim in (*dims.values(), *self._own_dims())))
        names = names.union(*(index.dim.names() for index in self.free if index.dim))
        return sorted(names.union(*(bound.claim.sizes for bound in self.within)))

    def at_given_sizes(self) -> bool:
        """Whether all sizes of its arrays are numbers, such as 2 x 2: then it says nothing of other sizes."""
        dims = [*(dim for one in self.nodes for dim in one.shape), *self._own_dims()]
        return not self.sizes and any((dim.constant() or 1) > 1 for dim in dims)

    def _own_dims(self) -> list[c.Dim]:
        """The sizes that nodes speak of besides their shapes."""
        found = [one.index.dim for one in self.nodes if isinstance(one, c.SumOver)]
        return [*filter(None, found), *(one.dim for one in self.nodes if isinstance(one, c.SizeOf))]

    def fixed_places(self) -> set[int]:
        """The places that are named by a number."""
        return {x.place for one in self.nodes for x in c.indices(one) if isinstance(x, c.IConst)}

    @cached_property
    def least_size(self) -> int:
        """The smallest size at which every fixed place exists."""
        return max({0} | self.fixed_places()) + 1


@dataclass(frozen=True)
class Condition:
    """An equation, or an inequality with its ``relation``, that holds from here on: as it was ``said``, and in which
    step. A ``premise`` of an implication holds for what is said to follow from it, and no longer.
    """

    claim: Claim
    said: str = ""
    step: int = 0
    premise: bool = False
    sides: tuple[s.Node, s.Node] | None = None
    relation: str = "="


def joined(claim: Claim, given: Sequence[Claim]) -> Claim:
    """The claim with the symbols, sizes and bounds of the equations in ``given``: a point has values for all."""
    together = (claim, *given)
    variables = claim.variables.union(*(one.variables for one in given))
    nodes = list({id(node): node for one in together for node in one.nodes}.values())
    within = {id(bound): bound for one in together for bound in one.within}
    decimal = any(one.decimal for one in together)
    return Claim(claim.left, claim.right, claim.free, variables, nodes, decimal, tuple(within.values()))


def _leaves_fractions(node: c.Core) -> bool:
    """Whether it is a root, a logarithm, an exponential, pi or e."""
    return (isinstance(node, c.Apply) and node.fn != "abs") or (isinstance(node, c.Var) and bool(node.constant))
