"""What a written derivative means: which entries by which, in which layout."""

from __future__ import annotations

from collections.abc import Iterable

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Fault, IllTyped, Kind, Unreadable
from lrcore.verify.terms.names import latex, split_key, swap_case
from lrcore.verify.terms.words import GREEK
from lrcore.verify.type.blocks import bound_index
from lrcore.verify.type.calls import arguments, called
from lrcore.verify.type.context import Context
from lrcore.verify.type.scope import Scope

Variable = c.Var | c.Defined


def differential(scope: Scope, node: s.Diff, want: c.Shape | None) -> c.Core:
    """The differential, of the shape of what it is taken of."""
    arg = scope.type(node.arg, want)
    return c.Differential(arg.shape, arg)


def derivative(scope: Scope, node: s.Deriv, want: c.Shape | None) -> c.Core:
    """The typed form of ``d f / d x`` (``d^2 f / d x d y`` one after the other)."""
    moved = _evaluated_elsewhere(scope, node)
    if moved is not None:
        return moved
    result, of_number = scope.type(node.f), True
    kind = "column" if node.nabla and node.kind == "auto" and scope.context.layout == "mixed" else node.kind
    for place, by in enumerate(node.wrt):
        if not of_number and isinstance(by, s.T):
            by = by.arg
        result = _by_one(scope, result, by, "jac" if place else kind, node)
        of_number = result.shape == c.SCALAR
    return result


def _evaluated_elsewhere(scope: Scope, node: s.Deriv) -> c.Core | None:
    """``d f(b_hat) / d b`` is the derivative of f, taken at b_hat."""
    if not isinstance(node.f, s.At):
        return None
    changed = arguments(scope, node.f, called(scope, node.f))
    by = {one.id for one in map(_bare, node.wrt) if isinstance(one, s.Name)}
    if not by & set(changed) or by & _rests_on(scope, changed.values()):
        return None  # by a variable that the arguments hold: f(2x) by x is the derivative of the whole
    body = scope.type(s.Deriv(node.f.fn, node.wrt, node.kind, nabla=node.nabla, span=node.span))
    return c.With(body.shape, body, tuple((name, scope.type(value)) for name, value in changed.items()))


def must_depend(left: s.Node, right: s.Node, context: Context, proved: bool) -> None:
    """A derivative of a name by another that nothing connects would be 0, which nobody means who multiplies by it.

    Entries of a declared array count as data, so that they refute; nothing is ``proved`` by them.
    """
    derivatives = s.holds(left, s.Deriv) or s.holds(right, s.Deriv)
    if context.independent or not derivatives:
        return
    for side, other in ((left, right), (right, left)):
        alone = [] if s.is_zero(other) else [side]
        for product in (one for one in s.walk(side) if isinstance(one, s.Mul)):
            alone += product.factors
        silent = next((one for one in alone if _is_silent(one, context)), None)
        loose = (one for one in s.walk(side) if _is_silent(one, context) and not _is_data(one, context))
        silent = silent or next(loose, None)
        if isinstance(silent, s.Deriv) and (proved or not isinstance(silent.f, s.Entry)):
            top, by = latex(_name(silent.f)), latex(_name(silent.wrt[0]))
            raise Unreadable(f"How {top} depends on {by} is not said; define {top} with :=.", silent.span)


def _is_silent(node: s.Node, context: Context) -> bool:
    """Whether a derivative is of a name without a definition, by another one."""
    if not isinstance(node, s.Deriv) or not _name(node.f):
        return False
    symbol = context.lookup(_name(node.f)) or context.lookup(swap_case(_name(node.f)))
    by = {_name(one) for one in node.wrt}
    defined = symbol is not None and (symbol.definition is not None or bool(symbol.params))
    return not defined and "" not in by and _name(node.f) not in by


def _is_data(node: s.Node, context: Context) -> bool:
    """Whether what is differentiated is a declared array, or a number that goes by a Greek letter, as constants do."""
    key = _name(node.f) if isinstance(node, s.Deriv) else ""
    symbol = context.lookup(key)
    return symbol is not None and (symbol.shape not in (None, c.SCALAR) or split_key(key)[0] in GREEK)


def _name(node: s.Node) -> str:
    """The name that is differentiated, or an entry of which is; empty where it is something else."""
    bare = _bare(node)
    return bare.id if isinstance(bare, s.Name) else ""


def _rests_on(scope: Scope, nodes: Iterable[s.Node]) -> set[str]:
    """The names in these nodes, and those that the definitions of these rest on."""
    found = {name for node in nodes for name in s.names(node)}
    return found.union(*map(scope.context.depends, found))


def _bare(node: s.Node) -> s.Node:
    while isinstance(node, (s.T, s.Prime, s.Entry)):
        node = node.base if isinstance(node, s.Entry) else node.arg
    return node


def _by_one(scope: Scope, top: c.Core, by: s.Node, kind: str, node: s.Deriv) -> c.Core:
    if isinstance(by, (s.T, s.Prime)) and not isinstance(by.arg, s.Entry):
        flat = _by_one(scope, top, by.arg, kind, node)
        return c.Transposed(flat.shape[::-1], flat) if top.shape == c.SCALAR else flat
    if isinstance(by, s.Call) and by.fn in ("vec", "rvec"):
        return _by_vec(scope, top, by, node)
    span = by.span or node.span
    if isinstance(by, s.Entry):
        return _by_entry(scope, top, scope.type(by), kind, span)
    if not isinstance(by, s.Name):
        raise _no_variable(span)
    return _by_name(scope, top, _variable(scope.type(by), span), kind, by)


def _no_variable(span: s.Span | None) -> Unreadable:
    return Unreadable("You can differentiate with respect to a symbol or an entry of one, and this is neither.", span)


def _variable(core: c.Core, span: s.Span | None) -> Variable:
    if not isinstance(core, (c.Var, c.Defined)) or (isinstance(core, c.Var) and core.constant):
        raise _no_variable(span)
    return core


def _by_name(scope: Scope, top: c.Core, variable: Variable, kind: str, by: s.Name) -> c.Core:
    shape = variable.shape
    if top.shape == c.SCALAR:
        return _gradient(scope, top, variable, kind)
    if shape == c.SCALAR:
        return _each_entry(top, variable)
    if kind == "grad":
        raise IllTyped(
            f"A gradient is taken of a number, and this is {c.shape_text(top.shape)}; for an array write jac.", by.span
        )
    if c.D1 in top.shape and c.D1 in shape:
        return _jacobian(scope, top, variable)
    raise IllTyped(
        f"The derivative of {_array(top.shape)} by {_array(shape)} has {_slots(top.shape) + _slots(shape)} indices "
        "and is no matrix; "
        f"write entries, as in \\partial Y_{{ij}} / \\partial {latex(variable.name)}_{{kl}}, or vec of both.",
        by.span,
        fault=Fault(Kind.FOUR_INDICES),
    )


def _array(shape: c.Shape) -> str:
    return c.shape_text(shape) if shape == c.SCALAR else f"a {c.shape_text(shape)} array"


def _slots(shape: c.Shape) -> int:
    return sum(dim != c.D1 for dim in shape)


def _partial(f: c.Core, variable: Variable, i: c.Index = None, j: c.Index = None) -> c.Core:
    return c.Partial(c.SCALAR, f, variable.name, variable, i, j)


def _along(core: c.Core, name: str) -> tuple[c.Dim, c.IVar | None, tuple[c.IVar | None, c.IVar | None]]:
    """The length of a row or column, an index that runs through it, and its place as (i, j)."""
    tall = core.shape[1] == c.D1
    dim = core.shape[0] if tall else core.shape[1]
    index = bound_index(name, dim)
    return dim, index, (index, None) if tall else (None, index)


def _gradient(scope: Scope, top: c.Core, variable: Variable, kind: str) -> c.Core:
    if variable.shape == c.SCALAR:
        return _partial(top, variable)
    i, j = (bound_index(name, dim) for name, dim in zip("pq", variable.shape))
    flat = c.Make(variable.shape, i, j, _partial(top, variable, i, j))
    return _laid_out(scope, flat, kind)


def _laid_out(scope: Scope, flat: c.Core, kind: str) -> c.Core:
    """A gradient by a column as the row that it is in the layout of Jacobians."""
    as_row = kind == "jac" or (kind == "auto" and scope.context.layout in ("jacobian", "mixed"))
    return c.Transposed(flat.shape[::-1], flat) if as_row and flat.shape[1] == c.D1 else flat


def _each_entry(top: c.Core, variable: Variable, i: c.Index = None, j: c.Index = None) -> c.Core:
    """An array by a number: entry by entry."""
    r, q = (bound_index(name, dim) for name, dim in zip("rc", top.shape))
    return c.Make(top.shape, r, q, _partial(c.Pick(c.SCALAR, top, r, q), variable, i, j))


def _jacobian(scope: Scope, top: c.Core, variable: Variable) -> c.Core:
    cols, q, below = _along(variable, "q")
    return _jacobian_by(scope, top, variable, (cols, q, *below))


def _jacobian_by(
    scope: Scope,
    top: c.Core,
    variable: Variable,
    by: tuple[c.Dim, c.IVar | tuple[c.IVar, c.IVar] | None, c.Index, c.Index],
) -> c.Core:
    """An array of one dimension by the entries (i, j) of a variable, of which an index runs through a length."""
    rows, r, above = _along(top, "r")
    cols, q, i, j = by
    body = _partial(c.Pick(c.SCALAR, top, *above), variable, i, j)
    if scope.context.layout == "denominator":
        return c.Make((cols, rows), q, r, body)
    return c.Make((rows, cols), r, q, body)


def _by_entry(scope: Scope, top: c.Core, entry: c.Core, kind: str, span: s.Span | None) -> c.Core:
    if isinstance(entry, c.Pick):
        return _each_entry(top, _variable(entry.arg, span), entry.i, entry.j)
    if isinstance(entry, c.Make) and isinstance(entry.body, c.Pick):
        pick = entry.body
        if c.D1 in top.shape and c.D1 in entry.shape and top.shape != c.SCALAR and kind != "grad":
            tall = entry.shape[1] == c.D1
            length = (entry.shape[0], entry.i) if tall else (entry.shape[1], entry.j)
            return _jacobian_by(scope, top, _variable(pick.arg, span), (*length, pick.i, pick.j))
        if top.shape != c.SCALAR:
            raise _no_variable(span)
        flat = c.Make(entry.shape, entry.i, entry.j, _partial(top, _variable(pick.arg, span), pick.i, pick.j))
        return _laid_out(scope, flat, kind)
    raise _no_variable(span)


def _by_vec(scope: Scope, top: c.Core, by: s.Call, node: s.Deriv) -> c.Core:
    """The Jacobian by the stacked columns (or rows) of a matrix."""
    by_rows, inner = by.fn == "rvec", by.args[0]
    if isinstance(inner, s.T):
        by_rows, inner = not by_rows, inner.arg
    variable = _variable(scope.type(inner), by.span)
    if c.D1 not in top.shape:
        raise IllTyped(
            "The derivative by vec is taken of a number or of a vec; write vec of the matrix above as well.", node.span
        )
    p, q = (bound_index(name, dim) for name, dim in zip("pq", variable.shape))
    dim = c.pair(*(variable.shape if by_rows else variable.shape[::-1]))
    place = _joined(p, q) if by_rows else _joined(q, p)
    if top.shape == c.SCALAR:
        return c.Make((dim, c.D1), place, None, _partial(top, variable, p, q))
    rows, r, above = _along(top, "r")
    body = _partial(c.Pick(c.SCALAR, top, *above), variable, p, q)
    if scope.context.layout == "denominator":
        return c.Make((dim, rows), place, r, body)
    return c.Make((rows, dim), r, place, body)


def _joined(first: c.IVar | None, second: c.IVar | None) -> c.IVar | tuple[c.IVar, c.IVar] | None:
    """Two indices as one, the first of them slower."""
    return (first, second) if first is not None and second is not None else first or second
