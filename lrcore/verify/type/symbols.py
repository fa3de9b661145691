"""What a name stands for: an index, a symbol with its shape, a definition, a size, a number."""

from __future__ import annotations

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Undeclared
from lrcore.verify.terms.indices import free_indices, sum_repeated, uses_einstein
from lrcore.verify.terms.names import NUMBER_LETTERS, latex
from lrcore.verify.type.context import Symbol
from lrcore.verify.type.scope import Scope


def number(scope: Scope, node: s.Num, want: c.Shape | None) -> c.Core:
    """A number; 0 is an array of zeros where the place asks for one."""
    if node.value == 0 and want is not None and want != c.SCALAR:
        return c.Zeros(want)
    return c.Const(c.SCALAR, node.value)


def name(scope: Scope, node: s.Name, want: c.Shape | None) -> c.Core:
    """A name: a letter that a sum binds hides a symbol, a symbol hides a size and the numbers pi and e."""
    index = scope.index(node.id)
    if index is not None:
        return c.IndexValue(c.SCALAR, index, 1 if index.start is None else index.start)
    symbol = scope.context.lookup(node.id)
    if symbol is not None:
        return _value(scope, symbol, node)
    if scope.context.is_size(node.id):
        return c.SizeOf(c.SCALAR, c.size(node.id))
    if node.id in ("pi", "e"):
        return c.Var(c.SCALAR, f"the number {node.id}", constant=node.id)
    if node.id in scope.context.numbers:
        if node.id not in NUMBER_LETTERS:
            scope.notes[f"{latex(node.id)} is taken as a number"] = None
        return c.Var(c.SCALAR, node.id)
    raise Undeclared(
        node.id,
        f"{latex(node.id)} has no shape: declare it, as in `{latex(node.id)} : N x 1`, or define it with :=.",
        node.span,
    )


def _value(scope: Scope, symbol: Symbol, node: s.Name) -> c.Core:
    if symbol.definition is None:
        if symbol.shape is None:
            raise Undeclared(node.id, f"{latex(node.id)} has no shape: declare it, or define it with :=.", node.span)
        return c.Var(symbol.shape, symbol.key, symbol.symmetric)
    if symbol.key in scope.open:
        raise IllTyped(f"The definition of {latex(symbol.key)} uses itself.")
    if symbol.key not in scope.bodies:
        scope.bodies[symbol.key] = _body(scope, symbol, symbol.definition, node)
    body = scope.bodies[symbol.key]
    return c.Defined(body.shape, symbol.key, body)


def _body(scope: Scope, symbol: Symbol, definition: s.Node, node: s.Name) -> c.Core:
    build = _by_entries if symbol.indices else _whole
    body = build(scope, symbol, definition, node)
    if symbol.shape is not None and symbol.shape != body.shape:
        raise IllTyped(
            f"{latex(symbol.key)} is declared {c.shape_text(symbol.shape)} and defined as {c.shape_text(body.shape)}.",
            definition.span,
        )
    return body


def _whole(scope: Scope, symbol: Symbol, definition: s.Node, node: s.Name) -> c.Core:
    context = scope.context
    if uses_einstein([definition, s.ZERO], context):
        (definition,) = sum_repeated([definition], context)
    inside = scope.inside(symbol.key, free_indices(definition, context))
    body = inside.type(definition, symbol.shape)
    if inside.free:
        raise IllTyped(
            f"The definition of {latex(symbol.key)} leaves the index {next(iter(inside.free))} open; sum over it.",
            node.span,
        )
    return body


def _by_entries(scope: Scope, symbol: Symbol, definition: s.Node, node: s.Name) -> c.Core:
    """``y_i := ...`` defines the whole vector (or matrix) entry by entry."""
    head = s.Entry(s.Name(symbol.key), tuple(map(s.Name, symbol.indices)))
    if free_indices(definition, scope.context) - {*symbol.indices}:  # y_i = x_{ij} w_j leaves a sum unwritten
        _, definition = sum_repeated([head, definition], scope.context)
    if left := sorted(free_indices(definition, scope.context) - {*symbol.indices}):
        raise IllTyped(
            f"The definition of {latex(symbol.key)} leaves the index {left[0]} open; sum over it.", definition.span
        )
    inside = scope.inside(symbol.key, free_indices(definition, scope.context))
    body = inside.type(definition)
    columns = len(symbol.indices) == 1 and body.shape[1] == c.D1 and body.shape != c.SCALAR
    if body.shape != c.SCALAR and len(symbol.indices) == 1 and not columns:
        raise IllTyped(f"The entry {latex(symbol.key)} is defined as {c.shape_text(body.shape)}; an entry is a number.")
    index, dims = [], []
    for letter in symbol.indices:
        one = inside.free.get(letter)
        if one is None or one.dim is None:
            raise IllTyped(f"The range of an index of {latex(symbol.key)} does not follow from its definition.")
        index.append(one)
        dims.append(one.dim)
    if columns:  # x_i = U z_i: a row for each of them
        across = c.IVar("c", body.shape[0])
        picked = c.Pick(c.SCALAR, body, across, None)
        return c.Make((dims[0], body.shape[0]), index[0], across, picked)
    rows, cols = (*dims, c.D1)[:2]
    return c.Make((rows, cols), index[0], index[1] if len(index) > 1 else None, body)
