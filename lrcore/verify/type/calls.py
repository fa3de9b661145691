"""Functions that the text defines: their arguments, their primes, a value put in for a name."""

from __future__ import annotations

from collections.abc import Set

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Undeclared, Unreadable
from lrcore.verify.terms.names import latex
from lrcore.verify.type.context import Symbol
from lrcore.verify.type.scope import Scope


def prime(scope: Scope, node: s.Prime, want: c.Shape | None) -> c.Core:
    """The transpose of a matrix; of a number the derivative by the one variable of the text."""
    slope = _slope(scope, node)
    if slope is not None:
        return slope
    arg = scope.type(node.arg, want and want[::-1])
    if arg.shape != c.SCALAR:
        return c.Transposed(arg.shape[::-1], arg)
    return scope.type(s.Deriv(node.arg, (s.Name(_prime_variable(scope, node)),), span=node.span))


def _slope(scope: Scope, node: s.Prime) -> c.Core | None:
    """``g'(y - t)``: the derivative of a function of one number by that number, taken at the argument; None where the
    argument is a name that the function's own stands for, or anything else.
    """
    inner, order = node.arg, 1
    while isinstance(inner, s.Prime):
        inner, order = inner.arg, order + 1
    if not isinstance(inner, s.At) or len(inner.args) != 1 or not isinstance(inner.fn, s.Name):
        return None
    symbol, (value,) = called(scope, inner), inner.args
    if symbol.definition is None or len(symbol.params) != 1 or symbol.indices:
        return None
    (name,) = symbol.params
    known = scope.context.lookup(name)
    if value == s.Name(name) or (known is not None and (known.shape != c.SCALAR or known.definition is not None)):
        return None
    typed = scope.type(value)
    if symbol.key in scope.open or typed.shape != c.SCALAR or scope.type(inner).shape != c.SCALAR:
        return None
    body = symbol.definition
    for _ in range(order):
        body = s.Deriv(body, (s.Name(name),), span=node.span)
    inside = scope.inside(symbol.key, set())
    if known is None:
        inside.context, inside.bodies = scope.context.copy(), {}
        inside.context.declare(name, ())
    slope = inside.type(body)
    return None if inside.free else c.With(slope.shape, slope, ((name, typed),))


def _prime_variable(scope: Scope, node: s.Prime) -> str:
    inner = node.arg
    while isinstance(inner, s.Prime):
        inner = inner.arg
    if isinstance(inner, s.At) and len(inner.args) == 1 and isinstance(inner.args[0], s.Name):
        return inner.args[0].id
    variable = scope.context.prime_variable
    if variable is None:
        raise Unreadable(
            "A prime on a number is a derivative, and by which variable does not follow; write d/dx.", node.span
        )
    return variable


def at(scope: Scope, node: s.At, want: c.Shape | None) -> c.Core:
    """``f(x)``: the definition of f, with other values for its variables where the call gives them."""
    symbol = called(scope, node)
    put = _put_in(scope, node, symbol)
    if put is not None:
        return scope.type(put, want)
    values = tuple((name, _argument(scope, name, value)) for name, value in arguments(scope, node, symbol).items())
    body = scope.type(node.fn)
    return c.With(body.shape, body, values) if values else body


def called(scope: Scope, node: s.At) -> Symbol:
    """The function that is called, which has a name and a definition."""
    if not isinstance(node.fn, s.Name):
        raise IllTyped("Only a named function can be called.", node.span)
    symbol = scope.context.lookup(node.fn.id)
    if symbol is None:
        raise Undeclared(
            node.fn.id, f"The function {latex(node.fn.id)} is not defined; define it with :=.", node.fn.span
        )
    return symbol


def _argument(scope: Scope, name: str, value: s.Node) -> c.Core:
    """What stands in the place of a variable, which must have its shape."""
    symbol = scope.context.lookup(name)
    shape = None if symbol is None else symbol.shape
    typed = scope.type(value, shape)
    if shape not in (None, typed.shape):
        raise IllTyped(
            f"This is {c.shape_text(typed.shape)}, and it stands for {latex(name)}, which is {c.shape_text(shape)}.",
            value.span,
        )
    return typed


def _put_in(scope: Scope, node: s.At, symbol: Symbol) -> s.Node | None:
    """The body of a function of a placeholder, with the arguments in the places of its parameters, else None."""
    loose = symbol.placeholder or any(scope.context.lookup(one) is None for one in symbol.params)
    loose = loose or _takes_samples(scope, node, symbol)
    if symbol.definition is None or not loose or not symbol.params:
        return None
    return s.substitute(symbol.definition, _by_place(node, symbol))


def _takes_samples(scope: Scope, node: s.At, symbol: Symbol) -> bool:
    """Whether a function such as ``h(x) = theta^T x`` has no meaning for the table x of all samples, and is called for
    one of them: then its x is a sample, and no table.
    """
    tables = [scope.context.lookup(one) for one in symbol.params]
    if not any(one is not None and one.shape is not None and one.shape[1] != c.D1 for one in tables):
        return False
    try:
        scope.type(node.fn)
    except (IllTyped, Unreadable):
        return True
    return False


def arguments(scope: Scope, node: s.At, symbol: Symbol) -> dict[str, s.Node]:
    """Which variables of the function get other values: by place where its definition names its parameters, else
    by name.
    """
    if symbol.params:
        pairs = _by_place(node, symbol)
        return {name: arg for name, arg in pairs.items() if not (isinstance(arg, s.Name) and arg.id == name)}
    return _by_name(scope, node, symbol)


def _by_place(node: s.At, symbol: Symbol) -> dict[str, s.Node]:
    given, wanted = len(node.args), len(symbol.params)
    if given != wanted:
        raise IllTyped(
            f"{latex(symbol.key)} is a function of {', '.join(map(latex, symbol.params))}, and here it has {given} "
            f"argument{'s' if given > 1 else ''}.",
            node.span,
        )
    return dict(zip(symbol.params, node.args))


def _by_name(scope: Scope, node: s.At, symbol: Symbol) -> dict[str, s.Node]:
    """``RSS(beta)`` names what RSS rests on, ``RSS(beta_hat)`` has another value for beta."""
    depends = scope.context.depends(symbol.key)
    changed: dict[str, s.Node] = {}
    for arg in node.args:
        known = scope.context.lookup(arg.id) if isinstance(arg, s.Name) else None
        if known is None or known.key not in depends:
            changed[_parameter(symbol, depends, arg)] = arg
    return changed


def _parameter(symbol: Symbol, depends: Set[str], arg: s.Node) -> str:
    base = arg.id.split("_")[0] if isinstance(arg, s.Name) else None
    same = [name for name in depends if name.split("_")[0] == base]
    if len(same) == 1:
        return same[0]
    raise Unreadable(f"Which variable of {latex(symbol.key)} takes this value does not follow.", arg.span)
