"""Functions that the text defines: their arguments, their primes, a value put in for a name."""

from __future__ import annotations

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Undeclared, Unreadable
from lrcore.verify.terms.names import latex
from lrcore.verify.type.state import State


class Calls(State):
    """Types f(x), its derivative by a prime, and an expression at a place."""

    def _prime(self, node, want):
        arg = self.type(node.arg, want and want[::-1])
        if arg.shape != c.SCALAR:
            return c.Transposed(arg.shape[::-1], arg)
        return self.type(s.Deriv(node.arg, (s.Name(self._prime_variable(node)),), span=node.span))

    def _prime_variable(self, node):
        inner = node.arg
        while isinstance(inner, s.Prime):
            inner = inner.arg
        if isinstance(inner, s.At) and len(inner.args) == 1 and isinstance(inner.args[0], s.Name):
            return inner.args[0].id
        variable = self.context.prime_variable
        if variable is None:
            raise Unreadable(
                "A prime on a number is a derivative, and by which variable does not follow; write d/dx.", node.span
            )
        return variable

    def _at(self, node, want):
        if not isinstance(node.fn, s.Name):
            raise IllTyped("Only a named function can be called.", node.span)
        fn = self._function(node)
        put = self._put_in(node)
        if put is not None:
            return self.type(put, want)
        values = self._arguments(node)
        if not values:
            return self.type(fn)
        typed = tuple((name, self._argument(name, value)) for name, value in values.items())
        body = self.type(fn)
        return c.With(body.shape, body, typed)

    def _argument(self, name, value):
        """What stands in the place of a variable, which must have its shape."""
        symbol = self._symbol(name)
        typed = self.type(value, symbol.shape if symbol is not None else None)
        if symbol is not None and symbol.shape not in (None, typed.shape):
            raise IllTyped(
                f"This is {c.shape_text(typed.shape)}, and it stands for {latex(name)}, which is "
                f"{c.shape_text(symbol.shape)}.",
                value.span,
            )
        return typed

    def _put_in(self, node):
        """The body of a function of a placeholder, with the arguments in the places of its parameters, else None."""
        symbol = self._symbol(node.fn.id)
        loose = symbol.placeholder or any(self._symbol(one) is None for one in symbol.params)
        body = symbol.definition
        if body is None or not loose or not symbol.params:
            return None
        _same_count(node, symbol)
        return s.substitute(body, dict(zip(symbol.params, node.args)))

    def _function(self, node):
        if isinstance(node.fn, s.Name) and self._symbol(node.fn.id) is None:
            raise Undeclared(
                node.fn.id, f"The function {latex(node.fn.id)} is not defined; define it with :=.", node.fn.span
            )
        return node.fn

    def _arguments(self, node):
        """Which variables of the function get other values: by place where its definition names its parameters, else
        by name.
        """
        symbol = self._symbol(node.fn.id)
        if symbol is None:
            return {}
        if symbol.params:
            _same_count(node, symbol)
            pairs = zip(symbol.params, node.args)
            return {name: arg for name, arg in pairs if not (isinstance(arg, s.Name) and arg.id == name)}
        return self._by_name(node)

    def _by_name(self, node):
        """``RSS(beta)`` names what RSS rests on, ``RSS(beta_hat)`` has another value for beta."""
        depends = self.context.depends(node.fn.id)
        changed: dict[str, s.Node] = {}
        for arg in node.args:
            known = self._symbol(arg.id) if isinstance(arg, s.Name) else None
            if known is None or known.key not in depends:
                changed[self._parameter(node, depends, arg)] = arg
        return changed

    def _parameter(self, node, depends, arg):
        base = arg.id.split("_")[0] if isinstance(arg, s.Name) else None
        same = [name for name in depends if name.split("_")[0] == base]
        if len(same) == 1:
            return same[0]
        raise Unreadable(f"Which variable of {latex(node.fn.id)} takes this value does not follow.", arg.span)


def _same_count(node, symbol):
    given, wanted = len(node.args), len(symbol.params)
    if given != wanted:
        raise IllTyped(
            f"{latex(symbol.key)} is a function of {', '.join(map(latex, symbol.params))}, and here it has {given} "
            f"argument{'s' if given > 1 else ''}.",
            node.span,
        )
