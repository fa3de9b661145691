"""Equations that are no identities: conditions on an unknown, and what follows from them."""

from __future__ import annotations

from . import core as c
from . import syntax as s
from .errors import Outside
from .names import split_key
from .normal import Normal
from .polynomials import legs_of

_UNKNOWN_LETTERS = {"w", "W", "beta", "theta", "b", "a", "alpha", "B", "Theta", "v", "c", "mu"}


def unknowns(context, trees) -> frozenset[str]:
    """The symbols an equation may be solved for: declared, differentiated by, or called as parameters are."""
    if context.unknowns is not None:
        return context.unknowns
    by = {one.id for tree in trees for node in s.walk(tree) if isinstance(node, s.Deriv) for w in node.wrt for one in s.walk(w) if isinstance(one, s.Name)}
    named = {key for key in context.symbols if split_key(key)[0] in _UNKNOWN_LETTERS}
    return frozenset(key for key in by | named if context.lookup(key) is not None and context.lookup(key).definition is None)


def is_condition(claim, left, right, chain, context, trees) -> bool:
    """Whether a false identity is meant as an equation to be solved."""
    wanted = unknowns(context, trees)
    names = set(claim.symbols())
    if not wanted & names:
        return False
    if _zero(left) or _zero(right):
        return True
    if any(isinstance(one, (c.Partial, c.Differential)) for one in claim.nodes):
        return False
    mine, other = (set(_names(side)) & wanted for side in (claim.left, claim.right))
    if len(chain.relations) > 1 and ":=" not in chain.relations:
        return False
    if isinstance(left, s.Name) and left.id in wanted and left.id not in other:
        return True
    return bool(mine) != bool(other) and _linear(left if mine else right, mine or other)


def _zero(node):
    return (isinstance(node, s.Num) and node.value == 0) or (isinstance(node, s.Special) and node.kind == "zero")


def _names(core):
    return [one.name for one in c.everything(core) if isinstance(one, c.Var)]


def _linear(node, wanted):
    """A product that ends in an unknown, as A w."""
    return isinstance(node, s.Mul) and isinstance(node.factors[-1], s.Name) and node.factors[-1].id in wanted


def follows(claim, given) -> bool:
    """Whether the claim follows from equations taken as given, by using them as rules from left to right."""
    try:
        normal = Normal(claim.variables)
        for side in (claim.left, claim.right, *(one for hypothesis in given for one in (hypothesis.left, hypothesis.right))):
            normal.learn_blocks(side)
        for hypothesis in given:
            normal.add_rule(_difference(normal, hypothesis))
        return normal.equal(claim.left, claim.right, claim.free)
    except (Outside, RecursionError):
        return False


def _difference(normal, hypothesis):
    places = list(normal.places(hypothesis.left.shape, hypothesis.free))
    if len(places) != 1:
        raise Outside("A condition on a matrix in blocks is not used as a rule.")
    i, j, env = places[0]
    terms = normal.simplify(normal.difference(hypothesis.left, hypothesis.right, i, j, env))
    legs = {label: f"L{k}" for k, label in enumerate(legs_of(terms))}
    return normal.replace_labels(terms, legs)
