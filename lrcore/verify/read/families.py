r"""Numbers beside which a text has some of the same letter: L is a sum of the L_i, which are an array of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import make_key, split_key


def families(chains: Iterable[Sequence[s.Node]], is_number: Callable[[str], bool | None]) -> frozenset[str]:
    """The names of which a text defines entries, and which are numbers or, where nothing says what they are, the sum
    of these.
    """
    written = [sides for sides in chains if len(sides) > 1]
    heads = {name for sides in written if (name := _one_of(sides[0]))}
    if not heads:
        return frozenset()
    sums = {name for sides in written if (name := _called(sides[0])) in heads and any(map(_sums(name), sides[1:]))}
    used = Counter(name for sides in written for name in {_one_of(one) for side in sides for one in s.walk(side)})
    known = {name: is_number(name) for name in heads}
    return frozenset(
        name for name in heads if (known[name] and used[name] > 1) or (known[name] is None and name in sums)
    )


def told_apart(node: s.Node, names: Collection[str]) -> s.Node:
    """The tree with the entries of these names as those of an array with a name of its own."""
    if not names:
        return node
    node = s.rebuild(node, lambda child: told_apart(child, names))
    name = node.base.fn if isinstance(node, s.Entry) and isinstance(node.base, s.At) else getattr(node, "base", None)
    if not isinstance(node, s.Entry) or not isinstance(name, s.Name) or name.id not in names:
        return node
    base, accents, below, above = split_key(name.id)
    own = replace(name, id=make_key(base, accents, below, f"{above}each"))
    return replace(node, base=replace(node.base, fn=own) if isinstance(node.base, s.At) else own)


def _called(node: s.Node) -> str:
    """The name of L and of L(w)."""
    name = node.fn if isinstance(node, s.At) else node
    return name.id if isinstance(name, s.Name) else ""


def _one_of(side: s.Node) -> str:
    """The L of L_i, for an i that is a letter."""
    lettered = isinstance(side, s.Entry) and all(isinstance(one, s.Name) for one in side.indices)
    return _called(side.base) if isinstance(side, s.Entry) and lettered else ""


def _sums(name: str) -> Callable[[s.Node], bool]:
    """Whether a side has a sum of the entries of a name, or of a number times them."""

    def is_so(side: s.Node) -> bool:
        bodies = [one.body for one in s.walk(side) if isinstance(one, s.Sum)]
        parts = [[*one.factors] if isinstance(one, s.Mul) else [one] for one in bodies]
        rest = [[one for one in some if not isinstance(one, s.Num)] for some in parts]
        return any(len(some) == 1 and _one_of(some[0]) == name for some in rest)

    return is_so
