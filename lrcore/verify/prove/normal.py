r"""Engine 1: the normal form. An expression becomes a sum of coefficient times network; equal normal forms are a
proof for all sizes.

The entry (i, j) of each node is written down as a polynomial over atoms (:mod:`.entries`), derivatives delete one atom
and free its indices (:mod:`.calculus`), like terms are collected (:mod:`.collecting`), and what is left is multiplied
by what stands below (:mod:`.settling`).
"""

from __future__ import annotations

from collections.abc import Sequence

from lrcore.verify.prove.arithmetic import legs_of, replace_labels, scale
from lrcore.verify.prove.cancelling import cancelled
from lrcore.verify.prove.collecting import simplify
from lrcore.verify.prove.entries import entry, learn_blocks, places
from lrcore.verify.prove.memory import recalled
from lrcore.verify.prove.polynomials import Normal
from lrcore.verify.prove.rules import add_rule
from lrcore.verify.prove.settling import settle
from lrcore.verify.prove.state import Env, Poly, Slot, State
from lrcore.verify.terms import core as c
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Outside


def started(variables: frozenset[str] = frozenset()) -> Normal:
    """Who writes for a new check; ``variables`` are the symbols that differentials vary."""
    return Normal(State(cancelled), variables)


def prove(claim: Claim) -> tuple[bool, str]:
    """Whether the normal forms are equal; if that cannot be said, the reason."""
    found: tuple[bool, str] = recalled(claim, "normal form", _proved)
    return found


def _proved(claim: Claim) -> tuple[bool, str]:
    try:
        return _equal(started(claim.variables), claim), ""
    except Outside as outside:
        return False, str(outside)
    except RecursionError:
        return False, "The expression is nested too deeply for the normal form."


def follows(claim: Claim, given: Sequence[Claim]) -> bool:
    """Whether the claim follows from equations taken as given, by using them as rules from left to right."""
    try:
        w = started(claim.variables)
        for one in (claim, *given):
            learn_blocks(w.blocks, one.nodes)
        w.mirrored = {name for one in given if (name := _symmetric(one)) is not None} - _varied(claim)
        for hypothesis in given:
            add_rule(w.state, _zero(w, hypothesis))
        return _equal(w, claim)
    except (Outside, RecursionError):
        return False


def _varied(claim: Claim) -> set[str]:
    """The names that a derivative is taken by; half of the entries of a symmetric matrix are no variables."""
    by = {node.name for node in claim.nodes if isinstance(node, c.Partial)}
    return by | set(claim.variables)


def _symmetric(claim: Claim) -> str | None:
    """The matrix that the equation A = A^T says is symmetric."""
    for one, other in ((claim.left, claim.right), (claim.right, claim.left)):
        if isinstance(one, c.Transposed) and isinstance(one.arg, c.Var) and isinstance(other, c.Var):
            return one.arg.name if one.arg.name == other.name else None
    return None


def _zero(w: Normal, hypothesis: Claim) -> Poly:
    """The difference of both sides of an equation, over legs."""
    at = [place for *place, _ in places(w, hypothesis.left.shape, hypothesis.free)]
    if len(at) != 1:
        raise Outside("A condition on a matrix in blocks is not used as a rule.")
    terms = simplify(w.state, difference(w, hypothesis.left, hypothesis.right, *at[0]))
    open_labels = [label for label in legs_of(terms) if isinstance(label, int)]  # a fixed place stays where it is
    return replace_labels(terms, {label: f"L{k}" for k, label in enumerate(open_labels)})


def _equal(w: Normal, claim: Claim) -> bool:
    """Whether both sides have one normal form, entry by entry, for all values of the free indices."""
    learn_blocks(w.blocks, claim.nodes)
    at = places(w, claim.left.shape, claim.free)
    return all(settle(w.state, difference(w, claim.left, claim.right, *place)) for *place, _ in at)


def difference(w: Normal, left: c.Core, right: c.Core, i: Slot, j: Slot, env: Env) -> Poly:
    return [*entry(w, left, i, j, env), *scale(entry(w, right, i, j, env), -1)]
