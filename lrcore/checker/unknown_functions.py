r"""Names that a text differentiates and of which it never says how they depend on the variable: any function.

A formula that holds only values and first derivatives at one point holds for every differentiable function if it holds
for every affine one, for at a point some affine function has the same value and the same derivatives. So an unknown
``u`` of x is read as ``\Upsilon x + \Xi`` with symbols of its own; what is false for it is not refuted, but asked
about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lrcore.verify import names as spelling
from lrcore.verify import syntax as s

from .conventions import Choice, Question, Text, is_target
from .table import Row

ANY = "any function of"


def any_functions(text: Text, spoken: Mapping[str, object]) -> Iterator[Question]:
    """A question for each such name, with one answer; names that are ``spoken`` of already are left out."""
    by = _variables(text)
    for number, key in enumerate(sorted(by), start=1):
        called = re.search(rf"{re.escape(spelling.latex(key))}\s*(?:\\left)?\(", text.source)
        if key in spoken or not text.is_unexplained(key) or key in text.uses.called or called:
            continue
        terms, more = [], []
        for place, variable in enumerate(sorted(by[key])):
            slope = rf"\Upsilon_{{{number}{place}}}"
            found = _term(slope, text.dims(key), variable, text.dims(variable))
            if found is None:
                break
            terms.append(found[0])
            more.append(Row(slope, found[1], "", "", True))
        else:
            shape = text.shapes.get(key, "scalar")
            offset = Row(rf"\Xi_{{{number}}}", shape, "", "", True)
            says = f"{ANY} {' and '.join(map(spelling.latex, sorted(by[key])))}"
            row = Row(spelling.latex(key), "", says, " + ".join([*terms, offset.name]), True)
            yield Question(key, (Choice(says, row, (*more, offset)),))


def _variables(text: Text) -> dict[str, set[str]]:
    """Which open names are differentiated, by what; none that a second derivative is taken of."""
    found: dict[str, set[str]] = {}
    twice: set[str] = set()
    for node in text.nodes():
        if not isinstance(node, s.Deriv):
            continue
        if len(node.wrt) != 1 or any(isinstance(one, s.Deriv) for one in s.walk(node.f) if one is not node):
            twice |= s.names(node.f)
        variable = _base(node.wrt[0])
        inside = s.names(node.f)
        if not variable or variable in inside or spelling.swap_case(variable) in inside:
            continue
        for key in inside - text.uses.bound:
            if text.is_unexplained(key) and _stands_alone(node.f, key, text):
                found.setdefault(key, set()).add(variable)
    whole = {key: set(by) for key, by in found.items()}
    for by in found.values():  # what depends on another through a third depends on the third
        for middle in list(by):
            by -= whole.get(middle, set())
    return {
        key: by for key, by in found.items()
        if by and key not in twice and not any(key in whole.get(one, ()) for one in by)
    }  # fmt: skip


def _stands_alone(node: s.Node, key: str, text: Text) -> bool:
    """Whether what is differentiated is the name, an entry of it, or made of names that nothing explains."""
    if _base(node) == key:
        return True
    inside = s.names(node)
    return isinstance(node, s.Mul | s.T | s.Add) and all(
        text.is_unexplained(one) and one in text.shapes and not is_target(one) for one in inside
    )


def _base(node: s.Node) -> str:
    inner = node.base if isinstance(node, s.Entry) else node
    return inner.id if isinstance(inner, s.Name) else ""


def _term(slope: str, dims: list[str], variable: str, by: list[str]) -> tuple[str, str] | None:
    """A linear term of the right shape, and the shape of its slope."""
    name = spelling.latex(variable)
    if not by:
        return rf"{slope} {name}", " x ".join(dims) or "scalar"
    if len(by) == 1:
        if not dims:
            return rf"{slope}^\top {name}", by[0]
        return (rf"{slope} {name}", f"{dims[0]} x {by[0]}") if len(dims) == 1 else None
    return (rf"\operatorname{{tr}}({slope}^\top {name})", " x ".join(by)) if not dims else None
