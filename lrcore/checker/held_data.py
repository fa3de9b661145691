r"""Data whose differentials a text writes only to drop them, as in ``dr = d(X w) - dy = X\,dw``, or sets to zero."""

from __future__ import annotations

from lrcore.verify import Examined, Verdict
from lrcore.verify import syntax as s

from .conventions import is_target


def held(found: Examined) -> frozenset[str]:
    """The names that are constant if a text is right: targets in a difference, of which a refused line has lost the d,
    and what a line says does not vary; none where nothing would be left to vary.
    """
    said, lost, varied = set[str](), set[str](), set[str]()
    for number, one in found.decided.items():
        if found.report.steps[number].verdict is Verdict.REFUTED and one.claim.variables:
            varied |= one.claim.variables
            if isinstance(one.left, s.Diff) and isinstance(one.left.arg, s.Name) and one.right == s.ZERO:
                said.add(one.left.arg.id)
            else:
                lost |= one.claim.variables - named_in_differentials(one.right)
    lost = {name for name in lost & _terms(found) if is_target(name)}
    constant = (lost | said) & varied
    return frozenset(constant) if varied - constant else frozenset()


def named_in_differentials(side: s.Node) -> frozenset[str]:
    """The names whose own differential stands in a side."""
    nodes = (one.arg for one in s.walk(side) if isinstance(one, s.Diff))
    return frozenset(one.id for one in nodes if isinstance(one, s.Name))


def _terms(found: Examined) -> set[str]:
    """The names that stand as a term of a sum in what the text defines."""
    bodies = (one.definition for one in found.context.symbols.values() if one.definition is not None)
    sums = (one for body in bodies for one in s.walk(body) if isinstance(one, s.Add))
    bare = (term.arg if isinstance(term, s.Neg) else term for one in sums for term in one.terms)
    return {one.id for one in bare if isinstance(one, s.Name)}
