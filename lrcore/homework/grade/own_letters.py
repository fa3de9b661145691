r"""A student's own letters: what they define on the way is put into the definitions of the task where it stands there.

With :math:`e := \hat y - y` the loss is a function of e as well, so that :math:`\partial L/\partial e` has a meaning.
"""

from dataclasses import replace

from lrcore.homework.grade.oracle import Oracle, plainly
from lrcore.verify import Context
from lrcore.verify import syntax as s


def own(context: Context, given: Context) -> list[str]:
    """The names that a derivation has defined, in order."""
    return [
        name
        for name, symbol in context.symbols.items()
        if symbol.definition is not None and not symbol.params and given.lookup(name) is None
    ]


def linked(context: Context, given: Context, ask: Oracle) -> Context | None:
    """The context of a task in which definitions go by way of the student's letters; None where none does."""
    result, changed = context.copy(), False
    for letter in own(context, given):
        body = context.symbols[letter].definition
        if body is None or any(isinstance(one, s.Deriv | s.Diff) for one in s.walk(body)):
            continue
        for name, symbol in given.symbols.items():
            if symbol.definition is None or symbol.params or name in s.names(body) | context.depends(letter):
                continue
            now = result.symbols[name].definition
            if now is None or letter in s.names(now):
                continue
            new = _put_in(now, body, s.Name(letter), ask)
            if new != now:
                result.symbols[name] = replace(symbol, definition=new)
                changed = True
    return _fresh(result) if changed else None


def _fresh(context: Context) -> Context:
    context._depends.clear()
    return context


def _put_in(node: s.Node, body: s.Node, letter: s.Node, ask: Oracle) -> s.Node:
    if plainly(node) == plainly(body) or (isinstance(node, s.Add) and ask.equal(node, body)):
        return letter
    if isinstance(node, s.Add) and ask.equal(node, s.neg(body)):  # the residual the other way round
        return s.neg(letter)
    return s.rebuild(node, lambda child: _put_in(child, body, letter, ask))
