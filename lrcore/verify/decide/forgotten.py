"""What people forget, put back in one place: a sum, a transpose, an inverse, a square, a term or a factor of a
derivative; and another number, as it stands on the other side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from lrcore.verify.decide.mistakes import derivative_in, spelt_out, varies
from lrcore.verify.show.printing import to_latex
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.type.context import Context

Change = tuple[str, s.Node]
MOST = 12  # of each kind


def forgotten(left: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """What the right side may be meant as, each with what is put back; the likeliest first."""
    kinds = (
        _sums(left, right, context), _transposes(right), _of_derivatives(left, right, context),
        _squares(right, context), _twos(right), inverses(right, context), _numbers(left, right),
    )  # fmt: skip
    return chain.from_iterable(islice(one, MOST) for one in kinds)


def _sums(left: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """A sum over an index that the right side alone leaves free, around all that holds it or around less."""
    for letter in sorted(free_indices(right, context) - free_indices(left, context)):
        for node in _around(right, letter, context):
            yield f"the sum over {letter} is missing", node
    for old in dict.fromkeys(one for one in s.walk(right) if isinstance(one, s.Sum)):
        inside = free_indices(old.body, context)
        if old.index not in inside:
            for letter in sorted(inside):
                yield f"the sum runs over {letter}", _in_place_of(right, old, replace(old, index=letter))


def _around(node: s.Node, letter: str, context: Context) -> Iterator[s.Node]:
    """The tree with a sum around one of its parts, each of which holds the letter wherever it stands."""
    yield s.Sum(letter, node)
    holding = [one for one in s.children(node) if letter in free_indices(one, context)]
    if len(holding) == 1 and not isinstance(node, s.Entry):
        for new in _around(holding[0], letter, context):
            yield _with(node, holding[0], new)


def _transposes(node: s.Node) -> Iterator[Change]:
    """The transpose of a factor that is more than a letter, as of a bracket or of a row."""
    for child in s.children(node):
        if isinstance(node, s.Mul) and isinstance(child, s.Add | s.Mul | s.Call | s.Entry | s.Deriv | s.Special):
            yield f"{to_latex(s.T(child))} for {to_latex(child)}", _with(node, child, s.T(child))
        for what, new in _transposes(child) if not isinstance(node, s.Pow | s.Entry) else ():
            yield what, _with(node, child, new)


def inverses(node: s.Node, context: Context) -> Iterator[Change]:
    """The inverse of a factor: of a bracket, or of a square matrix."""
    for child in s.children(node):
        square = isinstance(child, s.Name) and _is_square(child, context)
        if isinstance(node, s.Mul) and (square or isinstance(child, s.Add | s.Mul)):
            yield f"{to_latex(s.Inv(child))} for {to_latex(child)}", _with(node, child, s.Inv(child))
        for what, new in inverses(child, context) if not isinstance(node, s.Pow | s.Entry | s.Deriv) else ():
            yield what, _with(node, child, new)


def _numbers(left: s.Node, right: s.Node) -> Iterator[Change]:
    """A number that stands on the left, or a 2, in the place of one on the right."""
    known = dict.fromkeys((*(one for one in s.walk(left) if isinstance(one, s.Num)), s.num(2)))
    for old in dict.fromkeys(one for one in s.walk(right) if isinstance(one, s.Num) and one != s.ONE):
        for new in known:
            if new != old and new.value != 0:
                yield f"{to_latex(new)} for {to_latex(old)}", _in_place_of(right, old, new)


def _in_place_of(node: s.Node, old: s.Node, new: s.Node) -> s.Node:
    """The tree with another number in all places of one, but in exponents."""
    if node == old:
        return new
    if isinstance(node, s.Pow):
        return replace(node, base=_in_place_of(node.base, old, new))
    return s.rebuild(node, lambda child: _in_place_of(child, old, new))


def _squares(node: s.Node, context: Context) -> Iterator[Change]:
    """The square of a number that stands without it: what is summed, a factor, a term."""
    number = isinstance(node, (s.Add, s.Mul, s.Sum, s.Entry)) or (
        isinstance(node, s.Name) and not context.is_size(node.id)
    )
    if number or (isinstance(node, s.Call) and node.fn not in (*s.NORMS, *s.NORMS.values())):
        yield f"the square of {to_latex(node)} is lost", s.Pow(node, s.num(2))
    if isinstance(node, (s.Pow, s.Entry, s.Deriv)):
        return
    for child in s.children(node):
        for what, new in _squares(child, context):
            yield what, _with(node, child, new)


def _twos(node: s.Node) -> Iterator[Change]:
    """A factor 2 in one term of a bracket."""
    for child in s.children(node):
        terms = child.terms if isinstance(child, s.Add) else ()
        for place, term in enumerate(terms):
            twice = s.Add((*terms[:place], _doubled(term), *terms[place + 1 :]))
            yield "a factor 2 is lost in one term", _with(node, child, twice)
        for what, new in _twos(child) if not isinstance(child, (s.Pow, s.Entry, s.Deriv)) else ():
            yield what, _with(node, child, new)


def _doubled(term: s.Node) -> s.Node:
    if isinstance(term, s.Neg):
        return s.Neg(_doubled(term.arg))
    return s.Mul((s.num(2), *(term.factors if isinstance(term, s.Mul) else (term,))))


def _of_derivatives(left: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """What is lost on the way to a derivative: a term of a product, the transpose of a term, a factor from within."""
    derived = derivative_in([left], context)
    if derived is None or len(derived.wrt) != 1:
        return
    body, by = spelt_out(derived.f, context), derived.wrt[0]
    yield from _products(body, by, right, context)
    for matrix in (
        one for one in dict.fromkeys(s.children(right)) if isinstance(one, s.Name) and _is_square(one, context)
    ):
        turned = _with(right, matrix, s.T(matrix))
        if turned != right:
            yield f"the product rule has one more term, {to_latex(turned)}", s.Add((right, turned))
    yield from _within(body, by, right, context)


def _products(body: s.Node, by: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """The right side with one more term, for each factor of a product that depends on the variable."""
    for node in dict.fromkeys(one for one in s.walk(body) if isinstance(one, s.Mul)):
        varied = [k for k, one in enumerate(node.factors) if varies(one, by, context)]
        for place in varied if len(varied) > 1 else ():
            slope = s.Deriv(node.factors[place], (by,))
            term = s.Mul((*node.factors[:place], slope, *node.factors[place + 1 :]))
            yield f"the product rule has one more term, {to_latex(term)}", s.Add((right, term))


def _within(body: s.Node, by: s.Node, right: s.Node, context: Context) -> Iterator[Change]:
    """The right side times something that stands within what is differentiated."""
    atoms = [one for one in s.walk(body) if isinstance(one, (s.Entry, s.Name)) and one != by]
    bases = {id(one.base) for one in atoms if isinstance(one, s.Entry)}
    letters = {id(index) for one in atoms if isinstance(one, s.Entry) for index in one.indices}
    plain = [one for one in atoms if id(one) not in bases | letters]
    for atom in dict.fromkeys(one for one in plain if not (isinstance(one, s.Name) and context.is_size(one.id))):
        if isinstance(atom, s.Name):
            yield f"the factor {to_latex(s.T(atom))} from within is lost", s.Mul((s.T(atom), right))
        for factor in (atom, s.Neg(atom)):
            yield f"the factor {to_latex(factor)} from within is lost", _times(factor, right)


def _times(factor: s.Node, node: s.Node) -> s.Node:
    """A product with one more factor: inside the sum that stands at its end."""
    if isinstance(node, s.Sum):
        return replace(node, body=_times(factor, node.body))
    if isinstance(node, s.Neg):
        return replace(node, arg=_times(factor, node.arg))
    if isinstance(node, s.Mul) and isinstance(node.factors[-1], s.Sum):
        return replace(node, factors=(*node.factors[:-1], _times(factor, node.factors[-1])))
    return s.Mul((*(node.factors if isinstance(node, s.Mul) else (node,)), factor))


def _is_square(node: s.Name, context: Context) -> bool:
    symbol = context.lookup(node.id)
    shape = symbol.shape if symbol is not None else None
    return shape is not None and len(shape) == 2 and shape[0] == shape[1] and shape[0].constant() != 1


def _with(node: s.Node, child: s.Node, new: s.Node) -> s.Node:
    """The node with another in the place of a part directly below."""
    return s.rebuild(node, lambda one: new if one is child else one)
