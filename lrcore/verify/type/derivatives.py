"""What a written derivative means: which entries by which, in which layout."""

from __future__ import annotations

from typing import Any

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped
from lrcore.verify.terms.names import latex


def differentiate(typist, node: s.Deriv) -> c.Core:
    """The typed form of ``d f / d x`` (``d^2 f / d x d y`` one after the other)."""
    moved = _evaluated_elsewhere(typist, node)
    if moved is not None:
        return moved
    result, scalar_before = typist.type(node.f), True
    for place, by in enumerate(node.wrt):
        top = result
        kind = node.kind if place == 0 else "jac"
        if place and not scalar_before and isinstance(by, s.T):
            by = by.arg
        result = _by_one(typist, top, by, kind, node)
        scalar_before = result.shape == c.SCALAR
    return result


def _evaluated_elsewhere(typist, node):
    """``d f(b_hat) / d b`` is the derivative of f, taken at b_hat."""
    if not isinstance(node.f, s.At):
        return None
    changed = typist._arguments(node.f)
    by = {one.id for one in map(_bare, node.wrt) if isinstance(one, s.Name)}
    if not by & set(changed) or by & _rests_on(typist, changed.values()):
        return None  # by a variable that the arguments hold: f(2x) by x is the derivative of the whole
    body = typist.type(s.Deriv(node.f.fn, node.wrt, node.kind, span=node.span))
    return c.With(body.shape, body, tuple((name, typist.type(value)) for name, value in changed.items()))


def _rests_on(typist, nodes):
    """The names in these nodes, and those that the definitions of these rest on."""
    found = set().union(*map(s.names, nodes))
    return found.union(*map(typist.context.depends, found))


def _bare(node):
    while isinstance(node, (s.T, s.Prime, s.Entry)):
        node = node.base if isinstance(node, s.Entry) else node.arg
    return node


def _by_one(typist, top, by, kind, node):
    if isinstance(by, (s.T, s.Prime)) and not isinstance(by.arg, s.Entry):
        flat = _by_one(typist, top, by.arg, kind, node)
        return c.Transposed(flat.shape[::-1], flat) if top.shape == c.SCALAR else flat
    if isinstance(by, s.Call) and by.fn in ("vec", "rvec"):
        return _by_vec(typist, top, by, node)
    if isinstance(by, s.Entry):
        return _by_entry(typist, top, by, node)
    if not isinstance(by, s.Name):
        raise IllTyped(
            "You can differentiate by a symbol or by an entry of one, and this is neither.", by.span or node.span
        )
    return _by_name(typist, top, typist.type(by), kind, by)


def _variable(typist, core, by):
    if not isinstance(core, (c.Var, c.Defined)) or core.name.startswith("the number"):
        raise IllTyped("You can differentiate by a symbol or by an entry of one, and this is neither.", by.span)
    return core


def _by_name(typist, top, variable, kind, by):
    _variable(typist, variable, by)
    shape = variable.shape
    if top.shape == c.SCALAR:
        return _gradient(typist, top, variable, kind)
    if shape == c.SCALAR:
        return _each_entry(top, variable)
    if kind == "grad":
        raise IllTyped(
            f"A gradient is taken of a number, and this is {c.shape_text(top.shape)}; for an array write jac.", by.span
        )
    if c.D1 in top.shape and c.D1 in shape:
        return _jacobian(typist, top, variable)
    raise IllTyped(
        f"The derivative of {_array(top.shape)} by {_array(shape)} has {_slots(top.shape) + _slots(shape)} indices "
        "and is no matrix; "
        f"write entries, as in \\partial Y_{{ij}} / \\partial {latex(variable.name)}_{{kl}}, or vec of both.",
        by.span,
    )


def _array(shape):
    return c.shape_text(shape) if shape == c.SCALAR else f"a {c.shape_text(shape)} array"


def _slots(shape):
    return sum(dim != c.D1 for dim in shape)


def _ivar(name, dim):
    return None if dim == c.D1 else c.IVar(name, dim, True)


def _gradient(typist, top, variable, kind):
    if variable.shape == c.SCALAR:
        return c.Partial(c.SCALAR, top, variable.name, variable, None, None)
    i, j = (_ivar(name, dim) for name, dim in zip("pq", variable.shape))
    flat = c.Make(variable.shape, i, j, c.Partial(c.SCALAR, top, variable.name, variable, i, j))
    as_row = kind == "jac" or (kind == "auto" and typist.context.layout == "jacobian")
    return c.Transposed(variable.shape[::-1], flat) if as_row and variable.shape[1] == c.D1 else flat


def _each_entry(top, variable, i=None, j=None):
    r, q = (_ivar(name, dim) for name, dim in zip("rc", top.shape))
    entry = top if top.shape == c.SCALAR else c.Pick(c.SCALAR, top, r, q)
    body = c.Partial(c.SCALAR, entry, variable.name, variable, i, j)
    return body if top.shape == c.SCALAR else c.Make(top.shape, r, q, body)


def _jacobian(typist, top, variable):
    tall, wide = top.shape[1] == c.D1, variable.shape[1] == c.D1
    rows, cols = top.shape[0 if tall else 1], variable.shape[0 if wide else 1]
    r, q = _ivar("r", rows), _ivar("q", cols)
    entry = c.Pick(c.SCALAR, top, *((r, None) if tall else (None, r)))
    body = c.Partial(c.SCALAR, entry, variable.name, variable, *((q, None) if wide else (None, q)))
    if typist.context.layout == "denominator":
        return c.Make((cols, rows), q, r, body)
    return c.Make((rows, cols), r, q, body)


def _by_entry(typist, top, by, node):
    entry = typist.type(by)
    if isinstance(entry, c.Pick):
        variable = _variable(typist, entry.arg, by)
        return _each_entry(top, variable, entry.i, entry.j)
    if isinstance(entry, c.Make) and isinstance(entry.body, c.Pick) and top.shape == c.SCALAR:
        variable = _variable(typist, entry.body.arg, by)
        body = c.Partial(c.SCALAR, top, variable.name, variable, entry.body.i, entry.body.j)
        return c.Make(entry.shape, entry.i, entry.j, body)
    raise IllTyped(
        "You can differentiate by a symbol or by an entry of one, and this is neither.", by.span or node.span
    )


def _by_vec(typist, top, by, node):
    """The Jacobian by the stacked columns (or rows) of a matrix."""
    if isinstance(by.args[0], s.T):
        by = s.Call("vec" if by.fn == "rvec" else "rvec", (by.args[0].arg,), span=by.span)
    variable = _variable(typist, typist.type(by.args[0]), by)
    rows, cols = variable.shape
    p, q = _ivar("p", rows), _ivar("q", cols)
    dim = c.pair(rows, cols) if by.fn == "rvec" else c.pair(cols, rows)
    pair = tuple(one for one in ((p, q) if by.fn == "rvec" else (q, p)) if one is not None)
    if c.D1 not in top.shape:
        raise IllTyped(
            "The derivative by vec is taken of a number or of a vec; write vec of the matrix above as well.", node.span
        )
    place: Any = pair[0] if len(pair) == 1 else pair or None
    if top.shape == c.SCALAR:
        return c.Make((dim, c.D1), place, None, c.Partial(c.SCALAR, top, variable.name, variable, p, q))
    tall = top.shape[1] == c.D1
    r = _ivar("r", top.shape[0 if tall else 1])
    entry = c.Pick(c.SCALAR, top, *((r, None) if tall else (None, r)))
    body = c.Partial(c.SCALAR, entry, variable.name, variable, p, q)
    if typist.context.layout == "denominator":
        return c.Make((dim, r.dim), place, r, body)
    return c.Make((r.dim, dim), r, place, body)
