"""Which product, which sum: arithmetic between things of a shape."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Fault, IllTyped, Kind, Offer, Unreadable, Unsized
from lrcore.verify.type.blocks import adopts, column, ones, special_kind, unsized
from lrcore.verify.type.scope import Scope

Parts = list[c.Core | None]
_KEEP_AXES = (c.Defined, c.Plus, c.Entrywise, c.Power, c.Apply, c.Differential, c.Transposed)


def add(scope: Scope, node: s.Add, want: c.Shape | None) -> c.Core:
    """Terms of one shape; a zero beside them may have any."""
    typed = _with_ones(scope, node, _terms(scope, node, want))
    first = next((term for term in typed if not _is_zero(term)), typed[0])
    for term, written in zip(typed, node.terms):
        if term.shape != first.shape and not (_is_zero(term) and term.shape == c.SCALAR):
            raise _cannot_add(first.shape, term.shape, written.span or node.span)
    return c.Plus(first.shape, tuple(term for term in typed if term.shape == first.shape))


def _with_ones(scope: Scope, node: s.Add, typed: list[c.Core]) -> list[c.Core]:
    """``1 - p`` beside what is taken entry by entry: the 1 stands in every entry of the column p, and so does the b of
    ``X @ w + b`` in NumPy.
    """
    shape = next((one.shape for one in typed if one.shape != c.SCALAR and c.D1 in one.shape), None)
    bare = [one.arg if isinstance(one, s.Neg) else one for one in node.terms]
    code = any(isinstance(one, s.Mul) and one.code for one in bare)
    if not (scope.by_entries or code) or shape is None:
        return typed
    alone = [isinstance(one, (s.Num, s.Name) if code else s.Num) for one in bare]
    if any(one and term.shape == c.SCALAR and not _is_zero(term) for one, term in zip(alone, typed)):
        scope.notes["a number beside a column stands in each of its entries"] = None
    return [
        c.Scale(shape, term, ones(shape)) if one and term.shape == c.SCALAR and not _is_zero(term) else term
        for one, term in zip(alone, typed)
    ]


def _terms(scope: Scope, node: s.Add, want: c.Shape | None) -> list[c.Core]:
    """The typed terms; 0, I and 1 without a size take the shape of the first term that has one."""
    typed: Parts = []
    shape = want
    for place, term in enumerate(node.terms):
        try:
            found = None if adopts(term) and shape is None else scope.type(term, shape)
        except Unsized:
            if place == len(node.terms) - 1 and shape is not None:
                raise
            found = None
        if shape is None and found is not None and not _is_zero(found):
            shape = found.shape
        typed.append(found)
    return [scope.type(term, shape) if found is None else found for term, found in zip(node.terms, typed)]


def _is_zero(core: c.Core) -> bool:
    return isinstance(core, c.Zeros) or (isinstance(core, c.Const) and core.value == 0)


def neg(scope: Scope, node: s.Neg, want: c.Shape | None) -> c.Core:
    """Minus: times -1."""
    arg = scope.type(node.arg, want)
    return c.Scale(arg.shape, c.Const(c.SCALAR, Fraction(-1)), arg)


def mul(scope: Scope, node: s.Mul, want: c.Shape | None) -> c.Core:
    """A product from left to right; I, 1 and 0 without a size take what their neighbours leave."""
    typed: Parts = [None if unsized(factor) else scope.type(factor) for factor in node.factors]
    for place, factor in enumerate(node.factors):
        if typed[place] is None:
            typed[place] = scope.type(factor, _room(typed, place, want, factor))
    if node.columns:
        must_be_columns("outer", [one for one in typed if one is not None], node)
    result, *others = (factor for factor in typed if factor is not None)
    for before, right, written in zip(node.factors, others, node.factors[1:]):
        for sign in node.stars:
            if before.span and written.span and before.span[1] <= sign[0] < written.span[0]:
                _must_be_clear(scope, sign, result.shape, right.shape)
        dot = node.dot and not (node.code and result.shape == right.shape and _two_axes(scope, result))
        if node.code and _is_vector(scope, result) and c.D1 not in right.shape:
            turned = c.Transposed(right.shape[::-1], right)  # x @ A in NumPy, where x has one axis, and so has this
            result = _times(turned, result, False, written.span or node.span)
            continue
        result = _times(result, right, dot, written.span or node.span)
    return result


def _is_vector(scope: Scope, core: c.Core) -> bool:
    return core.shape[1] == c.D1 != core.shape[0] and not _two_axes(scope, core)


def must_be_columns(name: str, args: Sequence[c.Core], node: s.Node) -> None:
    """NumPy's inner and outer products are what books call so of vectors alone."""
    for one in args:
        if c.D1 not in one.shape:
            raise Unreadable(
                f"This is {c.shape_text(one.shape)}, and of a matrix np.{name} is another product; write it with @.",
                node.span,
            )


def _room(typed: Parts, place: int, want: c.Shape | None, factor: s.Node) -> c.Shape | None:
    """The shape that the neighbours leave for I, 1 or 0 without a size."""
    left = next((x.shape[1] for x in reversed(typed[:place]) if x is not None and x.shape != c.SCALAR), None)
    right = next((x.shape[0] for x in typed[place + 1 :] if x is not None and x.shape != c.SCALAR), None)
    kind, flipped = special_kind(factor)
    if kind == "ones":
        return column((right if flipped else left) or _end_of(typed, place, want, flipped), flipped)
    near = left or right
    return want if near is None else (near, right or near)


def _end_of(typed: Parts, place: int, want: c.Shape | None, flipped: bool) -> c.Dim | None:
    """The size that a column of ones at the left end of a product has from the whole, or a row at its right end."""
    others = typed[place + 1 :] if flipped else typed[:place]
    ends = all(x is not None and x.shape == c.SCALAR for x in others)
    if ends and want is not None and want != c.SCALAR:
        return want[1] if flipped else want[0]
    return None


def _two_axes(scope: Scope, column: c.Core) -> bool:
    """Whether a column has two axes in NumPy, because a column that it is made of was declared N x 1."""
    stack, seen = [column], set()
    while stack:
        one = stack.pop()
        if isinstance(one, c.Var):
            symbol = scope.context.lookup(one.name)
            if symbol is not None and symbol.axes == 2:
                return True
        elif isinstance(one, (c.Times, c.Scale)):
            stack.append(one.right if isinstance(one, c.Times) else one.arg)
        elif isinstance(one, _KEEP_AXES) and id(one) not in seen:
            seen.add(id(one))
            stack.extend(c.below(one))
    return False


def _times(left: c.Core, right: c.Core, dot: bool, span: s.Span | None) -> c.Core:
    """A number times anything, a product of matrices, or with a written dot the inner product of two columns."""
    if left.shape == c.SCALAR:
        return c.Scale(right.shape, left, right)
    if right.shape == c.SCALAR:
        return c.Scale(left.shape, right, left)
    if left.shape[1] == right.shape[0]:
        return c.Times((left.shape[0], right.shape[1]), left, right)
    if dot and left.shape == right.shape and left.shape[1] == c.D1:
        return c.Times(c.SCALAR, c.Transposed(left.shape[::-1], left), right)
    raise IllTyped(_cannot_multiply(left.shape, right.shape), span)


def star(scope: Scope, node: s.Star, want: c.Shape | None) -> c.Core:
    """A number times anything; else entry by entry in NumPy, and in other text the one product that exists."""
    left, right = scope.type(node.left), scope.type(node.right)
    if c.SCALAR in (left.shape, right.shape):
        return _times(left, right, False, node.right.span or node.span)
    if not node.code and node.sign is not None:
        _must_be_clear(scope, node.sign, left.shape, right.shape)
        return _times(left, right, False, node.right.span or node.span)
    return entrywise(left, right, node)


def _must_be_clear(scope: Scope, sign: s.Span, left: c.Shape, right: c.Shape) -> None:
    """A star between arrays of one shape may be either product; it is asked which. Of other shapes there is one."""
    if c.SCALAR in (left, right):
        return
    if left == right:
        told = "Is this star the product of matrices or of their entries? Leave it out, or write \\odot."
        offers = (
            Offer("The product of matrices", *sign, " "), Offer("The product of their entries", *sign, r"\odot "),
        )  # fmt: skip
        raise Unreadable(told, sign, offers)
    scope.notes["a star between matrices of different shapes is their product"] = None


def had(scope: Scope, node: s.Had, want: c.Shape | None) -> c.Core:
    """The product with a circle, entry by entry; beside a column f'(z) is the column of derivatives."""
    left, right = scope.type(node.left), scope.type(node.right)
    return entrywise(_slopes(node.left, left, right), _slopes(node.right, right, left), node)


def _slopes(node: s.Node, typed: c.Core, beside: c.Core) -> c.Core:
    """The diagonal of a Jacobian of what works by entries, where a column stands beside it."""
    by_entries = isinstance(node, s.Deriv) and isinstance(node.f, s.Call) and node.f.args == node.wrt
    rows, cols = beside.shape
    return c.DiagOf(beside.shape, typed) if by_entries and cols == c.D1 and typed.shape == (rows, rows) else typed


def entrywise(left: c.Core, right: c.Core, node: s.Node) -> c.Core:
    """The product of entries, of equal shapes alone."""
    if left.shape != right.shape:
        raise IllTyped(
            f"An entrywise product needs equal shapes, and these are {c.shape_text(left.shape)} "
            f"and {c.shape_text(right.shape)}"
            + ("; for the matrix product write @." if isinstance(node, s.Star) else "."),
            node.span,
            fault=Fault(Kind.UNEQUAL_FACTORS),
        )
    return c.Entrywise(left.shape, left, right)


def kron(scope: Scope, node: s.Kron, want: c.Shape | None) -> c.Core:
    """The Kronecker product, whose rows and columns are pairs."""
    for one in (node.left, node.right):
        if unsized(one):
            raise IllTyped("I needs its size here, as in I_D.", one.span)
    left, right = scope.type(node.left), scope.type(node.right)
    shape = (c.pair(left.shape[0], right.shape[0]), c.pair(left.shape[1], right.shape[1]))
    return c.KronOf(shape, left, right)


def div(scope: Scope, node: s.Div, want: c.Shape | None) -> c.Core:
    """Anything divided by a number; beside a function that is taken entry by entry a column divides so, too."""
    below = scope.type(node.den)
    if scope.by_entries and below.shape != c.SCALAR and c.D1 in below.shape:
        above, reciprocal = scope.type(node.num, want), c.Power(below.shape, below, -1)
        if above.shape in (c.SCALAR, below.shape):
            scope.notes["a quotient of columns is taken entry by entry"] = None
            kind = c.Scale if above.shape == c.SCALAR else c.Entrywise
            return kind(below.shape, above, reciprocal)
    if below.shape != c.SCALAR:
        raise IllTyped(
            f"You can divide by a number only, and this is {c.shape_text(below.shape)}; write an inverse.",
            node.den.span,
        )
    above = scope.type(node.num, want)
    return c.Scale(above.shape, c.Power(c.SCALAR, below, -1), above)


def _cannot_add(first: c.Shape, other: c.Shape, span: s.Span | None) -> IllTyped:
    text = f"You can add equal shapes only, and these are {c.shape_text(first)} and {c.shape_text(other)}"
    if c.SCALAR in (first, other):
        text += "; for the same number in every entry write it times a matrix of ones"
    elif first == other[::-1]:
        text += "; one of them needs a transpose"
    elif c.D1 in (other[0], first[0]) and first[1] == other[1]:
        text += "; for the same row in every row write \\mathbf 1_N times it"
    to_a_column = other == c.SCALAR and first[1] == c.D1
    return IllTyped(f"{text}.", span, fault=Fault(Kind.NUMBER_ADDED, str(first[0])) if to_a_column else None)


def _cannot_multiply(left: c.Shape, right: c.Shape) -> str:
    text = f"The product does not exist: {c.shape_text(left)} times {c.shape_text(right)}"
    if left[0] == right[0]:
        return text + "; with the first factor transposed it would."
    if left[1] == right[1]:
        return text + "; with the second factor transposed it would."
    if right[1] == left[0]:
        return text + "; in the other order it would."
    return text + "."
