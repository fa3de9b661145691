"""Rules of differentiation, each at one derivative: by a number, an entry, a column, a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import swap_case
from lrcore.verify.why.canonical import canonical, factors, power, product, terms, total, transposed
from lrcore.verify.why.shapes import Scope, size_node

Results = Iterator[s.Node]
TWO = s.num(2)
VECS = ("vec", "rvec")


def _about(node: s.Node) -> tuple[s.Node, s.Node] | None:
    """What is differentiated, and by what; None where it is no first derivative."""
    return (node.f, node.wrt[0]) if isinstance(node, s.Deriv) and len(node.wrt) == 1 else None


def _base(by: s.Node) -> str | None:
    one = by.arg if isinstance(by, s.T) else by
    one = one.base if isinstance(one, s.Entry) else one.args[0] if isinstance(one, s.Call) and one.fn in VECS else one
    one = one.arg if isinstance(one, s.T) else one
    return one.id if isinstance(one, s.Name) else None


def _free(node: s.Node, by: s.Node, scope: Scope) -> bool:
    """Whether a part does not depend on what is differentiated by."""
    return _base(by) not in scope.names(node)


def eye(node: s.Node, scope: Scope) -> s.Node:
    """The identity with as many rows as a part has."""
    return s.Special("eye", (size_node(scope.shape(node)[0]),))


def _turn(row: Sequence[s.Node], scope: Scope) -> list[s.Node]:
    """The factors of the transpose of a product."""
    return [transposed(one, scope) for one in reversed(row)]


def repeated_derivative(node: s.Node, scope: Scope) -> Results:
    """A second derivative is the derivative of the first."""
    if isinstance(node, s.Deriv) and len(node.wrt) == 2:
        first, second = node.wrt
        by = second.arg if isinstance(second, s.T) else second
        yield s.Deriv(s.Deriv(node.f, (first,)), (by,))


def constant_vanishes(node: s.Node, scope: Scope) -> Results:
    if (about := _about(node)) and _free(about[0], about[1], scope):
        yield s.ZERO


def derivative_entry_by_entry(node: s.Node, scope: Scope) -> Results:
    """A gradient by its entries, and a Jacobian by those of column and variable."""
    about = _about(node)
    if not about or not isinstance(about[1], s.Name):
        return
    f, by = about
    (n, d), (rows, cols) = scope.shape(f), scope.shape(by)
    if scope.number(f) and not scope.number(by):
        i, j = ("_" if one == c.D1 else letter for one, letter in ((rows, "i"), (cols, "j")))
        at = tuple(s.Name(one) for one in (i, j) if one != "_")
        body: s.Node = s.Deriv(f, (s.Entry(by, at),))
        yield canonical(s.Build(i, size_node(rows), j, size_node(cols), body), scope)
    elif d == c.D1 and n != c.D1 and scope.number(by):
        body = s.Deriv(canonical(s.Entry(f, (s.Name("i"),)), scope), (by,))
        yield canonical(s.Build("i", size_node(n), "_", s.ONE, body), scope)
    elif d == c.D1 == cols and n != c.D1:
        body = s.Deriv(canonical(s.Entry(f, (s.Name("i"),)), scope), (s.Entry(by, (s.Name("j"),)),))
        yield canonical(s.Build("i", size_node(n), "j", size_node(rows), body), scope)


def sum_rule(node: s.Node, scope: Scope) -> Results:
    if (about := _about(node)) and isinstance(about[0], s.Add):
        moving = [one for one in terms(about[0]) if not _free(one, about[1], scope)]
        if moving:
            yield total([s.Deriv(one, (about[1],)) for one in moving], scope)
        if len(moving) < len(terms(about[0])):
            yield total([s.Deriv(one, (about[1],)) for one in terms(about[0])], scope)
    if about and isinstance(about[0], s.Sum):
        yield canonical(_under(about[0], about[1]), scope)


def _under(node: s.Node, by: s.Node) -> s.Node:
    """The derivative under a sum, and under the sums in it."""
    return replace(node, body=_under(node.body, by)) if isinstance(node, s.Sum) else s.Deriv(node, (by,))


def linearity(node: s.Node, scope: Scope) -> Results:
    if (about := _about(node)) and isinstance(about[0], s.Mul):
        f, by = about
        out = [one for one in factors(f) if scope.number(one) and _free(one, by, scope)]
        rest = [one for one in factors(f) if one not in out]
        if out and rest:
            yield product([*out, s.Deriv(s.mul(rest), (by,))], scope)


def derivative_of_the_variable(node: s.Node, scope: Scope) -> Results:
    if not (about := _about(node)):
        return
    f, by = about
    if f == by:
        if scope.number(by):
            yield s.ONE
        elif scope.shape(by)[1] == c.D1:
            yield eye(by, scope)
    elif isinstance(f, s.Entry) and isinstance(by, s.Entry) and f.base == by.base and len(f.indices) == len(by.indices):
        yield product([canonical(s.Delta(a, b), scope) for a, b in zip(f.indices, by.indices)], scope)
    elif (row := _row_of(f)) and (other := _row_of(by)) and row[0] == other[0]:
        yield product([canonical(s.Delta(row[1], other[1]), scope), eye(by, scope)], scope)


def _row_of(node: s.Node) -> tuple[s.Node, s.Node] | None:
    """A matrix and the index of its row that stands here as a column."""
    match node:
        case s.T(arg=s.Entry(base=base, indices=(index, s.Slice()))) if not isinstance(index, s.Slice):
            return base, index
    return None


def power_rule(node: s.Node, scope: Scope) -> Results:
    if (
        (about := _about(node))
        and isinstance(about[0], s.Pow)
        and isinstance(about[0].exponent, s.Num)
        and about[0].base == about[1]
    ):
        yield product([about[0].exponent, power(about[0].base, int(about[0].exponent.value) - 1, scope)], scope)


OUTER: dict[str, Callable[[s.Node], s.Node]] = {
    "exp": lambda g: s.Call("exp", (g,)),
    "log": lambda g: s.Pow(g, s.num(-1)),
    "sqrt": lambda g: s.Mul((s.Num(Fraction(1, 2)), s.Pow(s.Call("sqrt", (g,)), s.num(-1)))),
    "sigmoid": lambda g: s.Mul((s.Call("sigmoid", (g,)), s.Add((s.ONE, s.Neg(s.Call("sigmoid", (g,))))))),
    "tanh": lambda g: s.Add((s.ONE, s.Neg(s.Pow(s.Call("tanh", (g,)), TWO)))),
    "sinh": lambda g: s.Call("cosh", (g,)),
    "cosh": lambda g: s.Call("sinh", (g,)),
    "abs": lambda g: s.Call("sign", (g,)),
    "relu": lambda g: s.Call("step", (g,)),
}


def function_of(node: s.Node) -> tuple[str, s.Node] | None:
    """A function of one argument with a derivative, and its argument; max(0, z) is the rectifier."""
    match node:
        case s.Call(fn=fn, args=(arg,)) if fn in OUTER:
            return fn, arg
        case s.Call(fn="larger", args=(first, second)):
            return "relu", second if s.is_zero(first) else first
    return None


def derivative_of_a_function(node: s.Node, scope: Scope) -> Results:
    if not (about := _about(node)):
        return
    f, by = about
    known = function_of(f)
    if known and known[1] == by and scope.number(by):
        yield canonical(OUTER[known[0]](by), scope)


def derivative_of_softmax(node: s.Node, scope: Scope) -> Results:
    """diag(s) - s s^T times the derivative of what softmax is taken of; of entry i, s_i (delta_ij - s_j)."""
    if not (about := _about(node)):
        return
    f, by = about
    match f:
        case s.Call(fn="softmax", args=(inner,)) if scope.shape(inner)[1] == c.D1 == scope.shape(by)[1]:
            yield product([softmax_jacobian(f, scope), *([] if inner == by else [s.Deriv(inner, (by,))])], scope)
        case s.Entry(base=s.Call(fn="softmax", args=(inner,)) as whole, indices=(i,)) if scope.number(by):
            if isinstance(by, s.Entry) and by.base == inner:
                other = s.Entry(whole, by.indices)
                yield product([f, total([canonical(s.Delta(i, by.indices[0]), scope), s.Neg(other)], scope)], scope)
            else:
                j = s.Name("free_j")
                weight = s.Mul((f, s.Add((s.Delta(i, j), s.Neg(s.Entry(whole, (j,)))))))
                body = s.Mul((weight, s.Deriv(canonical(s.Entry(inner, (j,)), scope), (by,))))
                yield canonical(s.Sum("free_j", body), scope)


def softmax_jacobian(node: s.Node, scope: Scope) -> s.Node:
    """diag(s) - s s^T for a column s = softmax(z)."""
    return canonical(s.Add((s.Call("diag", (node,)), s.Neg(s.Mul((node, s.T(node)))))), scope)


def chain_rule(node: s.Node, scope: Scope) -> Results:
    if not (about := _about(node)):
        return
    f, by = about
    if isinstance(f, s.Pow) and isinstance(f.exponent, s.Num) and f.base != by and scope.number(f.base):
        yield product([f.exponent, power(f.base, int(f.exponent.value) - 1, scope), s.Deriv(f.base, (by,))], scope)
    known = function_of(f)
    if known and known[1] != by and scope.number(known[1]):
        yield product([canonical(OUTER[known[0]](known[1]), scope), s.Deriv(known[1], (by,))], scope)
    inner = _squared_norm(f)
    if inner is not None and inner != by:
        if scope.number(by):
            if scope.shape(inner)[1] == c.D1:
                yield product([TWO, transposed(inner, scope), s.Deriv(inner, (by,))], scope)
        elif scope.shape(inner)[1] == c.D1 == scope.shape(by)[1]:
            yield product([TWO, s.T(s.Deriv(inner, (by,))), inner], scope)
        else:
            yield from _through_a_linear_map(inner, by, scope)

    if isinstance(f, s.Call) and f.fn == "norm" and scope.number(by):
        yield product([s.Num(Fraction(1, 2)), s.Pow(f, s.num(-1)), s.Deriv(s.Call("norm2", f.args), (by,))], scope)
    elif isinstance(f, s.Call) and f.fn == "norm" and scope.shape(f.args[0])[1] == c.D1 == scope.shape(by)[1]:
        inner = f.args[0]
        if inner == by:
            yield product([inner, s.Pow(f, s.num(-1))], scope)
        else:
            yield product([s.Pow(f, s.num(-1)), s.T(s.Deriv(inner, (by,))), inner], scope)
    yield from _quadratic_form(f, by, scope)
    yield from _entrywise(f, by, scope)


def _squared_norm(f: s.Node) -> s.Node | None:
    """R in the squared norm of R, or in tr(R^T R)."""
    match f:
        case s.Call(fn="norm2", args=(inner,)):
            return inner
        case s.Call(fn="tr", args=(s.Mul(factors=(s.T(arg=inner), other)),)) if inner == other:
            return inner
    return None


def _quadratic_form(f: s.Node, by: s.Node, scope: Scope) -> Results:
    """The gradient of r^T A r, with r a column that depends on the variable: J^T (A + A^T) r."""
    numbers = [one for one in factors(f) if scope.number(one)]
    parts = [one for one in factors(f) if not scope.number(one)]
    if not all(_free(one, by, scope) for one in numbers) or len(parts) < 3 or parts[-1] == by or scope.number(by):
        return
    inner, middle = parts[-1], parts[1:-1]
    if transposed(inner, scope) != parts[0] or not all(_free(one, by, scope) for one in middle):
        return
    if scope.shape(inner)[1] != c.D1 or scope.shape(by)[1] != c.D1:
        return
    turned = _turn(middle, scope)
    if turned == middle or (len(middle) == 1 and scope.symmetric(middle[0])):
        yield product([TWO, *numbers, s.T(s.Deriv(inner, (by,))), *middle, inner], scope)
    else:
        both = total([product(middle, scope), product(turned, scope)], scope)
        yield product([*numbers, s.T(s.Deriv(inner, (by,))), both, inner], scope)


def _entrywise(f: s.Node, by: s.Node, scope: Scope) -> Results:
    """The Jacobian of a function of each entry of a column: diag(f'(z)) J_z."""
    known = function_of(f)
    if not known or scope.number(f) or scope.number(by):
        return
    fn, inner = known
    if scope.shape(inner)[1] == c.D1 == scope.shape(by)[1]:
        outer = canonical(s.Call("diag", (entrywise_derivative(fn, inner, scope),)), scope)
        yield outer if inner == by else product([outer, s.Deriv(inner, (by,))], scope)


def entrywise_derivative(fn: str, inner: s.Node, scope: Scope) -> s.Node:
    """f'(z), entry by entry, for an array z."""
    rows, cols = scope.shape(inner)
    ones: s.Node = s.mul(
        [
            *([] if rows == c.D1 else [s.Special("ones", (size_node(rows),))]),
            *([] if cols == c.D1 else [s.T(s.Special("ones", (size_node(cols),)))]),
        ]
    )
    value = s.Call(fn, (inner,))
    match fn:
        case "exp":
            return value
        case "sigmoid":
            return s.Had(value, total([ones, product([s.num(-1), value], scope)], scope))
        case "tanh":
            return total([ones, product([s.num(-1), s.Had(value, value)], scope)], scope)
        case "log":
            return s.Pow(inner, s.num(-1), True)
        case "sqrt":
            return product([s.Num(Fraction(1, 2)), s.Pow(value, s.num(-1), True)], scope)
    return OUTER[fn](inner)


def chain_through_a_name(node: s.Node, scope: Scope) -> Results:
    """By way of a name that was given to a part: all that depends on the variable goes through it."""
    if not (about := _about(node)):
        return
    f, by = about
    base = _base(by)
    for name in sorted(scope.names(f)):
        symbol = scope.context.lookup(name)
        if symbol is None or symbol.definition is None or name == base or f == s.Name(name):
            continue
        if base not in scope.context.depends(name) or base in _leaves(f, name, scope):
            continue
        yield from _along(f, s.Name(name), by, scope)


def _leaves(node: s.Node, stop: str, scope: Scope) -> set[str]:
    """The names below a part, with definitions put in, but for that of ``stop``."""
    found: set[str] = set()
    waiting = list(s.occurring(node))
    while waiting:
        name = waiting.pop()
        if name in found or name == stop:
            continue
        found.add(name)
        symbol = scope.context.lookup(name) or scope.context.lookup(swap_case(name))
        if symbol is not None and symbol.definition is not None:
            waiting += s.occurring(symbol.definition)
    return found


def _along(f: s.Node, name: s.Node, by: s.Node, scope: Scope) -> Results:
    if isinstance(f, s.Entry):
        return
    if scope.number(name):
        if scope.number(f):
            yield product([s.Deriv(f, (name,)), s.Deriv(name, (by,))], scope)
        return
    column = scope.shape(name)[1] == c.D1
    if scope.number(f) and column and not scope.number(by) and scope.shape(by)[1] == c.D1:
        yield product([s.T(s.Deriv(name, (by,))), s.Deriv(f, (name,))], scope)
    if scope.number(f) and scope.number(by):
        letters = [letter for letter, one in zip("ij", scope.shape(name)) if one != c.D1]
        part = canonical(s.Entry(name, tuple(map(s.Name, letters))), scope)
        body: s.Node = s.Mul((s.Deriv(f, (part,)), s.Deriv(part, (by,))))
        for letter in reversed(letters):
            body = s.Sum(letter, body)
        yield canonical(body, scope)


def _through_a_linear_map(inner: s.Node, by: s.Node, scope: Scope) -> Results:
    """The gradient of the squared norm of A W B + C: 2 A^T (A W B + C) B^T."""
    linear = [one for one in (inner.terms if isinstance(inner, s.Add) else (inner,)) if not _free(one, by, scope)]
    if len(linear) == 1:
        parts = factors(linear[0])
        at = [k for k, one in enumerate(parts) if not _free(one, by, scope)]
        if len(at) == 1 and parts[at[0]] == by:
            numbers = [one for one in parts if scope.number(one)]
            before = [one for one in parts[: at[0]] if not scope.number(one)]
            after = parts[at[0] + 1 :]
            yield product([TWO, *numbers, *_turn(before, scope), inner, *_turn(after, scope)], scope)


def product_rule(node: s.Node, scope: Scope) -> Results:
    if not (about := _about(node)) or not isinstance(about[0], s.Mul):
        return
    f, by = about
    numbers = [one for one in factors(f) if scope.number(one)]
    chain = [one for one in factors(f) if not scope.number(one)]
    if not chain and len(numbers) > 1:
        yield total(
            [product([*numbers[:k], s.Deriv(one, (by,)), *numbers[k + 1 :]], scope) for k, one in enumerate(numbers)],
            scope,
        )
    elif not numbers and scope.number(f) and not scope.number(by) and scope.shape(by)[1] == c.D1:
        for cut in range(1, len(chain)):
            left = product([transposed(one, scope) for one in reversed(chain[:cut])], scope)
            right = s.mul(chain[cut:])
            if scope.shape(left)[1] == c.D1 == scope.shape(right)[1]:
                yield total(
                    [
                        product([s.T(s.Deriv(left, (by,))), right], scope),
                        product([s.T(s.Deriv(right, (by,))), left], scope),
                    ],
                    scope,
                )
    elif chain and not scope.number(f) and not scope.number(by) and scope.shape(f)[1] == c.D1 == scope.shape(by)[1]:
        moving = [one for one in numbers if not _free(one, by, scope)]
        still = [one for one in numbers if _free(one, by, scope)]
        if moving:
            number, u = product(moving, scope), s.mul(chain)
            first = product([*still, u, s.T(s.Deriv(number, (by,)))], scope)
            yield total([first, product([*numbers, s.Deriv(u, (by,))], scope)], scope)
    elif scope.number(by):
        yield total(
            [
                product([*factors(f)[:k], s.Deriv(one, (by,)), *factors(f)[k + 1 :]], scope)
                for k, one in enumerate(factors(f))
            ],
            scope,
        )


def derivative_of_a_linear_form(node: s.Node, scope: Scope) -> Results:
    """a^T x gives a; A x gives A; a^T W b gives a b^T; tr(A W) gives A^T."""
    if not (about := _about(node)):
        return
    f, by = about
    trace = isinstance(f, s.Call) and f.fn == "tr"
    if isinstance(by, s.Entry) and len(by.indices) == 1 and scope.number(by) and scope.number(f):
        inner = next(derivative_of_a_linear_form(s.Deriv(f, (by.base,)), scope), None)
        if inner is not None:
            yield canonical(s.Entry(inner, by.indices), scope)
        return
    parts = factors(f.args[0]) if isinstance(f, s.Call) and trace else factors(f)
    at = [k for k, one in enumerate(parts) if not _free(one, by, scope)]
    if len(at) != 1 or parts[at[0]] not in (by, s.T(by)):
        return
    numbers = [one for one in parts if scope.number(one)]
    before = [one for one in parts[: at[0]] if not scope.number(one)]
    after = list(parts[at[0] + 1 :])
    turned = isinstance(parts[at[0]], s.T)
    if scope.number(f) and not scope.number(by) and (trace or len(parts) > 1):
        row = [*after, *before] if turned else [*_turn(before, scope), *_turn(after, scope)]
        yield product([*numbers, *row], scope) if row else product([*numbers, eye(by, scope)], scope)
    elif scope.number(by) and len(parts) > 1 and not trace:
        yield product([one for one in parts if one != by], scope)
    elif not turned and not after and (before or numbers) and not trace and scope.shape(by)[1] == c.D1:
        yield product([*numbers, *(before or [eye(by, scope)])], scope)


def derivative_of_an_affine_map(node: s.Node, scope: Scope) -> Results:
    """A x + b gives A: of a sum with one term that is linear in the column and others without it."""
    if (about := _about(node)) and isinstance(about[0], s.Add):
        f, by = about
        moving = [one for one in terms(f) if not _free(one, by, scope)]
        if len(moving) == 1 and len(moving) < len(terms(f)):
            alone = derivative_of_the_variable if moving[0] == by else derivative_of_a_linear_form
            yield from alone(s.Deriv(moving[0], (by,)), scope)


def derivative_of_a_quadratic_form(node: s.Node, scope: Scope) -> Results:
    if not (about := _about(node)) or scope.number(about[1]):
        return
    f, by = about
    if isinstance(f, s.Call) and f.fn == "norm2" and f.args[0] == by:
        yield product([TWO, by], scope)
    parts = factors(f)
    if (
        len(parts) >= 2
        and parts[-1] == by
        and parts[0] == s.T(by)
        and all(_free(one, by, scope) for one in parts[1:-1])
    ):
        middle = list(parts[1:-1])
        if not middle:
            yield product([TWO, by], scope)
            return
        turned = _turn(middle, scope)
        if turned == middle or (len(middle) == 1 and scope.symmetric(middle[0])):
            yield product([TWO, *middle, by], scope)
        else:
            yield total([product([*middle, by], scope), product([*turned, by], scope)], scope)
    if isinstance(f, s.Call) and f.fn == "tr":
        parts = factors(f.args[0])
        at = [k for k, one in enumerate(parts) if not _free(one, by, scope)]
        if len(at) == 2 and all(parts[k] in (by, s.T(by)) for k in at):
            yield total([_in_the_trace(parts, k, scope) for k in at], scope)


def _in_the_trace(parts: tuple[s.Node, ...], k: int, scope: Scope) -> s.Node:
    """The gradient of a trace by the factor at a place, the others held still."""
    numbers = [one for one in parts if scope.number(one)]
    rest = [one for one in (*parts[k + 1 :], *parts[:k]) if not scope.number(one)]
    return product([*numbers, *(rest if isinstance(parts[k], s.T) else _turn(rest, scope))], scope)


def derivative_of_an_inverse(node: s.Node, scope: Scope) -> Results:
    """By a number: of A^-1, and of an entry of it."""
    if not (about := _about(node)) or not scope.number(about[1]):
        return
    f, by = about
    if isinstance(f, s.Inv):
        yield product([s.num(-1), f, s.Deriv(f.arg, (by,)), f], scope)
    if isinstance(f, s.Entry) and isinstance(f.base, s.Inv) and len(f.indices) == 2:
        (i, j), matrix = f.indices, f.base.arg
        if isinstance(by, s.Entry) and by.base == matrix:
            k, last = by.indices
            yield product([s.num(-1), s.Entry(f.base, (i, k)), s.Entry(f.base, (last, j))], scope)
        else:
            yield product([s.num(-1), _over_the_entries(f.base, matrix, by, (i, j), scope)], scope)


def _over_the_entries(inverse: s.Node, matrix: s.Node, by: s.Node, at: tuple[s.Node, s.Node], scope: Scope) -> s.Node:
    """The sum over m, n of [A^-1]_im [A^-1]_nj times the derivative of A_mn."""
    m, n = s.Name("free_m"), s.Name("free_n")
    change = s.Deriv(canonical(s.Entry(matrix, (m, n)), scope), (by,))
    parts = (s.Entry(inverse, (at[0], m)), s.Entry(inverse, (n, at[1])), change)
    return canonical(s.Sum("free_m", s.Sum("free_n", s.Mul(parts))), scope)


def _determinant_by_a_number(f: s.Call, by: s.Node, scope: Scope) -> s.Node:
    """det A times the sum over m, n of [A^-1]_nm times the derivative of A_mn; without det A for log det."""
    matrix = f.args[0]
    front = [f] if f.fn == "det" else []
    if isinstance(by, s.Entry) and by.base == matrix:
        return product([*front, s.Entry(s.Inv(matrix), by.indices[::-1])], scope)
    m, n = s.Name("free_m"), s.Name("free_n")
    change = s.Deriv(canonical(s.Entry(matrix, (m, n)), scope), (by,))
    body = s.Mul((s.Entry(s.Inv(matrix), (n, m)), change))
    return product([*front, canonical(s.Sum("free_m", s.Sum("free_n", body)), scope)], scope)


def derivative_of_a_determinant(node: s.Node, scope: Scope) -> Results:
    if (about := _about(node)) and scope.number(about[1]):
        f, by = about
        if isinstance(f, s.Call) and f.fn in ("det", "logdet"):
            yield _determinant_by_a_number(f, by, scope)
        return
    if about and isinstance(about[0], s.Call) and about[0].args == (about[1],):
        gradient = s.T(s.Inv(about[1]))
        if about[0].fn == "logdet":
            yield gradient
        elif about[0].fn == "det":
            yield product([about[0], gradient], scope)
    if (
        about
        and isinstance(about[0], s.Call)
        and about[0].fn == "log"
        and about[0].args == (s.Call("det", (about[1],)),)
    ):
        yield s.T(s.Inv(about[1]))
