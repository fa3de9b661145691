"""Lines that define: what is new, what a text may say again, functions and placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lrcore.verify.decide.assumptions import assumptions
from lrcore.verify.decide.claims import decide
from lrcore.verify.decide.readings import reaching_over_the_sign, same_tree, typed
from lrcore.verify.decide.state import Judged, Line, State
from lrcore.verify.read.document import Chain
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, Problem, Unreadable
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.terms.names import latex, make_key, split_key, swap_case
from lrcore.verify.terms.report import Verdict
from lrcore.verify.type.context import Context, Symbol
from lrcore.verify.type.powers import constant
from lrcore.verify.type.typist import typed_alone


@dataclass(frozen=True)
class Head:
    """What can be defined: a name, an entry of one (with its indices), a function of names (with its parameters)."""

    key: str
    indices: tuple[str, ...] = ()
    params: tuple[str, ...] = ()


def head_of(node: s.Node) -> Head | None:
    """The head of a definition, where a side is one."""
    if isinstance(node, s.Name):
        return Head(node.id)
    if isinstance(node, s.At) and isinstance(node.fn, s.Name):
        if all(isinstance(one, (s.Name, s.Entry)) for one in node.args):
            return Head(node.fn.id, (), tuple(one.id for one in node.args if isinstance(one, s.Name)))
        return None
    if isinstance(node, s.Entry):
        called = node.base.fn if isinstance(node.base, s.At) else node.base  # L_i(w) is entry i, whatever it rests on
        letters = tuple(one.id for one in node.indices if isinstance(one, s.Name))
        if isinstance(called, s.Name) and len(letters) == len(node.indices):
            return Head(called.id, letters)
    return None


def unlogged(left: s.Node, body: s.Node, context: Context) -> tuple[s.Node, s.Node]:
    r"""``\log p(y) = ...`` says what p(y) is, where nothing explains that yet, and so does ``-\log p(y) = ...``."""
    minus = isinstance(left, s.Neg)
    log = left.arg if isinstance(left, s.Neg) else left
    inner = log.args[0] if isinstance(log, s.Call) and log.fn == "log" else None
    if inner is None or not is_new(inner, context):
        return left, body
    return inner, s.Call("exp", (s.Neg(body, span=body.span) if minus else body,), span=body.span)


def is_density_alone(side: s.Node, trees: Iterable[s.Node]) -> bool:
    r"""Whether it is the ``-\log p(y \mid a, b)`` of targets in a text that speaks of p nowhere else: a claim about
    the model, and no name for what follows.
    """
    calls = [one for one in s.walk(side) if isinstance(one, s.At) and isinstance(one.fn, s.Name)]
    of_targets = len(calls) == 1 and len(calls[0].args) > 1 and calls[0].args[0] in (s.Name("y"), s.Name("t"))
    return of_targets and sum(node == calls[0].fn for tree in trees for node in s.walk(tree)) < 2


def is_new(side: s.Node, context: Context) -> bool:
    """Whether a side is a head that nothing explains yet."""
    head = head_of(side)
    return head is not None and context.lookup(head.key) is None and not context.is_size(head.key)


def sides_of(chain: Chain, context: Context) -> tuple[s.Node, ...]:
    r"""The sides of a chain; ``s^2 = ...`` with no s known defines the square as a name of its own, and
    ``\beta_0 := ...`` a name beside the array beta.
    """
    sides = tuple(chain.read(context))
    own = own_name(sides[0], chain.relations[:1], context)
    if own is not None:
        return (own, *sides[1:])
    name = _squared(sides[0])
    if name is None or not chain.relations or getattr(sides[0], "entrywise", False) or not is_new(name, context):
        return sides
    base, accents, below, above = split_key(name.id)
    if above:
        return sides
    return (s.Name(make_key(base, accents, below, "2"), span=sides[0].span), *sides[1:])


def _is_a_mark(letter: str, context: Context) -> bool:
    """Whether a letter below a name is one that is declared as a number and is no usual index, as in ``X_c``."""
    symbol = context.lookup(letter)
    return symbol is not None and symbol.shape == c.SCALAR and letter not in _INDICES and not context.is_size(letter)


_INDICES = frozenset("ijklmnpqrst")


def own_name(side: s.Node, relations: Sequence[str], context: Context) -> s.Name | None:
    r"""The name in ``\beta_0 := ...``, or in ``\beta_0 = ...`` where the text defines beta: entries count from 1, and
    no other entry of beta stands in the text, so that this one is none either.
    """
    if not isinstance(side, s.Entry) or side.zero or not isinstance(side.base, s.Name) or len(side.indices) != 1:
        return None
    key, index = side.base.id, side.indices[0]
    base, accents, below, above = split_key(key)
    symbol = context.lookup(key)
    array = symbol is not None and symbol.shape != c.SCALAR and not symbol.zero_based
    if (
        isinstance(index, s.Name)
        and array
        and not below
        and _is_a_mark(index.id, context)
        and relations in ([":="], ["="])
    ):
        return s.Name(make_key(base, accents, index.id, above), span=side.span)
    if index != s.ZERO:
        return None
    defined = symbol is not None and symbol.definition is not None
    if not array or below or key in context.by_entries or not (relations == [":="] or (relations == ["="] and defined)):
        return None
    return s.Name(make_key(base, accents, "0", above), span=side.span)


def _squared(node: s.Node) -> s.Name | None:
    """The name in ``s^2``."""
    if isinstance(node, s.Pow) and isinstance(node.base, s.Name) and node.exponent == s.num(2):
        return node.base
    return None


def with_heads(line: Line, state: State) -> Line:
    """``y = f(x) = body`` defines both, f first."""
    sides, relations = line.sides, line.chain.relations
    places = range(len(sides) - 1)
    if line.bound:
        return line
    unknown = [k for k in places if is_new(sides[k], state.context) and relations[k] in ("=", ":=")]
    if len(unknown) < 2 or unknown != list(range(len(unknown))):
        return line
    heads = set()
    try:
        for k in reversed(unknown):
            head = head_of(sides[k])
            if head is not None:
                define(head, sides[k + 1], state.context)
                heads.add(k)
    except (Problem, RecursionError):
        return line
    return replace(line, heads=frozenset(heads))


# ---------------------------------------------------------------------- whether a line defines


def is_definition(line: Line, place: int, state: State) -> bool:
    """Whether the equation at a place of a line says what a name means, and claims nothing."""
    sides, relation = line.sides, line.chain.relations[place]
    if relation == ":=" or place in line.heads or (place == 0 and id(line.chain) in state.hoisted):
        return True
    if place == 0 and _is_convention(sides[0], sides[1], state.context):
        return True
    head = head_of(unlogged(sides[place], sides[place + 1], state.context)[0])
    if isinstance(sides[place], s.Neg) and is_density_alone(sides[place], state.trees):
        return False
    if place or head is None or state.context.is_size(head.key) or line.bound:
        return False
    if head.key == "pi" and constant(sides[1]) is not None:  # pi = 3.14 is no definition of pi
        return False
    symbol = state.context.lookup(head.key)
    if symbol is None:
        return state.context.lookup(swap_case(head.key)) is None or not head.indices
    return not state.steps and same_tree(as_called(symbol, head), sides[1])


def _is_convention(left: s.Node, right: s.Node, context: Context) -> bool:
    """``v^2 = v^T v`` for a column is a convention, and no claim."""
    name = _squared(left)
    symbol = context.lookup(name.id) if name is not None else None
    if name is None or symbol is None or symbol.shape is None or symbol.shape[0] == symbol.shape[1]:
        return False
    return right == s.Mul((s.T(name), name))


# ---------------------------------------------------------------------- defining


def definition(line: Line, place: int, state: State) -> Judged:
    """Take a definition into the context, or say why it is none."""
    left, body, relation = line.sides[place], line.sides[place + 1], line.chain.relations[place]
    left, body = unlogged(left, body, state.context)
    head = head_of(left)
    if line.bound and relation == ":=":
        raise Unreadable("This is defined for a case alone; leave the case out, or write it as a condition.", left.span)
    if head is None and relation == ":=":
        head, body = head_of(line.sides[place + 1]), line.sides[place]
    if head is None:
        if _squared(left) is not None:
            state.context.square_is_norm = True
            return Judged(Verdict.DEFINITION, "A convention: from here on the square of a column is v^T v.")
        raise Unreadable("A notation is no name, an entry of one or a function of names; it is not defined.", left.span)
    try:
        return _named(head, left, body, relation, state)
    except IllTyped:
        wide = None if place else reaching_over_the_sign(line, left, body, state.context)
        if wide is None:
            raise
        found = _named(head, wide[0], wide[1], relation, state)
        return found.saying(assumes=(*found.more.get("assumes", ()), "the sum is read as reaching over the sign"))


def _named(head: Head, left: s.Node, body: s.Node, relation: str, state: State) -> Judged:
    context = state.context
    if len(set(head.params)) < len(head.params):
        raise Unreadable("Two arguments have one name here; give each its own.", left.span)
    symbol = context.lookup(head.key)
    known = as_called(symbol, head)
    if head.key in state.options.locked and not same_tree(known, body):
        raise IllTyped("This symbol is given and can't be defined anew; use another letter.", left.span)
    if symbol is not None and symbol.definition is not None and state.options.redefine and relation == ":=":
        symbol = context.symbols[head.key] = replace(symbol, definition=None)
    if symbol is not None and symbol.definition is not None and not same_tree(known, body):
        return _said_again(symbol, left, body, state)
    if symbol is not None and symbol.definition is None and head.key in s.names(body):
        typed(left, body, state)
        return Judged(Verdict.DEFINITION, "An update: the new value stands on the left.")
    if symbol is not None and symbol.definition is not None and not symbol.placeholder:
        typed_alone(body, context)
    define(head, body, context)
    assumed = assumptions([body], context) + _placeholders(head.key, context) + _beside(head.key, context)
    return Judged(Verdict.DEFINITION, "A definition; nothing is claimed.", {"assumes": assumed})


def _said_again(symbol: Symbol, left: s.Node, body: s.Node, state: State) -> Judged:
    said = left if symbol.params and isinstance(left, s.At) else s.Name(symbol.key, span=left.span)
    if decide(typed(said, body, state).claim).proved:
        return Judged(Verdict.DEFINITION, "This is defined already, and says the same.")
    raise IllTyped("This symbol is defined already, and differently; use another letter.", left.span)


def define(head: Head, body: s.Node, context: Context) -> None:
    """A definition into the context, which stays as it was where the definition has no meaning."""
    if head.params and head.key in s.names(body) and context.lookup(head.key) is None:
        raise Unreadable(f"{latex(head.key)} stands on both sides, and nothing says what it is; define it.", body.span)
    if head.params and not _speaks_of(head.params, body, context):
        raise Unreadable(
            f"Is this the meaning of {latex(head.key)} for every argument? No argument stands on the right.", body.span
        )
    old = context.lookup(head.key)
    context.define_node(head.key, body, head.indices, head.params)
    try:
        shape = typed_alone(s.Name(head.key), context).shape
    except Problem:
        if head.params and (old is None or old.placeholder) and _has_placeholders(head, body, context):
            context.symbols[head.key] = replace(context.symbols[head.key], placeholder=True)
            return
        if old is None:
            del context.symbols[head.key]
        else:
            context.symbols[head.key] = old
        raise
    if head.indices or old is None:
        context.symbols[head.key] = replace(context.symbols[head.key], shape=shape)


def _speaks_of(params: tuple[str, ...], body: s.Node, context: Context) -> bool:
    """Whether a body may rest on a parameter: it is more than a known name or a number, or holds one."""
    if not isinstance(body, (s.Name, s.Num)):
        return True
    names = s.names(body)
    known = all(context.lookup(one) is not None or context.is_size(one) for one in names)
    return not known or bool(set(params) & names.union(*map(context.depends, names)))


def _placeholders(key: str, context: Context) -> tuple[str, ...]:
    symbol = context.symbols[key]
    return tuple(f"{latex(one)} is a placeholder" for one in symbol.params) if symbol.placeholder else ()


def _beside(key: str, context: Context) -> tuple[str, ...]:
    """What is said of a name such as beta_0 beside an array beta."""
    base, accents, below, above = split_key(key)
    array = context.lookup(make_key(base, accents, "", above)) if below == "0" else None
    if array is None or array.shape == c.SCALAR:
        return ()
    return (f"{latex(key)} is a name of its own, and no entry of {latex(array.key)}",)


def _has_placeholders(head: Head, body: s.Node, context: Context) -> bool:
    """Whether a function makes sense for numbers in the place of its parameters, for indices, or for rows of the
    matrix that has the capital letter: ``h(x) = a + b x``, and then ``h(x_i)``.
    """
    if set(head.params) <= free_indices(body, context):
        return True
    return any(_has_meaning_for(head, context, rows) for rows in (False, True))


def takes_numbers(head: Head, context: Context) -> bool:
    """Whether a function makes sense for a number in the place of each of its parameters."""
    return _has_meaning_for(head, context, rows=False)


def _has_meaning_for(head: Head, context: Context, rows: bool) -> bool:
    trial = context.copy()
    for one in head.params:
        table = trial.lookup(swap_case(one))
        of_rows = table.shape if rows and trial.lookup(one) is None and table is not None else None
        trial.symbols[one] = Symbol(one, (of_rows[1], c.D1) if of_rows else c.SCALAR)
    try:
        typed_alone(s.Name(head.key), trial)
    except Problem:
        return False
    return True


def as_called(symbol: Symbol | None, head: Head) -> s.Node | None:
    """The definition of a symbol with the parameters that a head such as ``f(s)`` gives it, or None."""
    if symbol is None or symbol.definition is None:
        return None
    if not head.params or head.params == symbol.params or not symbol.params:
        return symbol.definition
    if len(head.params) != len(symbol.params):
        return None
    return s.substitute(symbol.definition, {old: s.Name(new) for old, new in zip(symbol.params, head.params)})
