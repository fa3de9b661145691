"""The order in which a teacher uses the rules: how a derivative is carried out, one rule at one place a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.why import algebra as a
from lrcore.verify.why import arrays as r
from lrcore.verify.why import differentials as df
from lrcore.verify.why import differentiation as d
from lrcore.verify.why import number_rules as n
from lrcore.verify.why.catalogue import RULES, Rule
from lrcore.verify.why.rewriting import Place, rewrites
from lrcore.verify.why.shapes import Scope

MOST_LINES = 40
Taken = tuple[Rule, Place, s.Node]
_Apply = Callable[[s.Node, Scope], Iterator[s.Node]]


def named(*functions: _Apply) -> tuple[Rule, ...]:
    """The rules of the catalogue that are made of these functions."""
    return tuple(one for one in RULES if one.apply in functions)


FINISHING = (
    n.logarithm_of_softmax,
    d.constant_vanishes, d.derivative_of_the_variable, d.power_rule, d.derivative_of_a_function,
    d.derivative_of_softmax,
    d.derivative_of_a_quadratic_form, d.derivative_of_a_linear_form, d.derivative_of_an_affine_map,
    d.derivative_of_a_determinant, d.derivative_of_an_inverse,
    d.linearity, d.chain_rule, d.sum_rule, d.product_rule, d.repeated_derivative,
    df.differential_of_a_constant, df.differential_of_a_sum, df.differential_of_a_product, df.differential_of_a_power,
    df.differential_of_an_inverse, df.differential_of_a_determinant,
)  # fmt: skip
_OPENING = (
    a.definition_unfolded, r.vec_of_a_product, r.total_as_product, r.sum_put_together, r.array_of_sums,
    r.array_as_a_matrix_product, r.row_of_a_product, n.meaning_of_a_function, a.linearity_of_the_trace,
    a.norm_as_product, a.frobenius_as_trace, a.expansion, a.cyclic_trace,
)  # fmt: skip
_INDEX = (
    d.derivative_entry_by_entry, a.norm_as_sum, r.total_as_product, a.trace_as_a_sum,
    a.entry_of_a_sum, a.entry_of_a_transpose, r.entry_of_an_entrywise, a.entry_of_a_multiple, a.sum_as_a_matrix_product,
)  # fmt: skip
_TIDYING = (
    a.transpose_of_a_product, a.transpose_of_a_sum, a.symmetric_matrix, a.delta_picks_a_term,
    r.entrywise_with_ones, r.entrywise_reciprocal, r.diagonal_times_column,
)  # fmt: skip
_STEPS: dict[str, tuple[_Apply, ...]] = {
    "matrix": (r.sum_put_together, r.array_of_sums, r.array_as_a_matrix_product, *FINISHING, *_OPENING),
    "rules": (*FINISHING, *_OPENING),
    "index": (*_INDEX, *FINISHING, a.definition_unfolded, n.meaning_of_a_function),
    "differential": (
        r.sum_put_together,
        *FINISHING,
        a.frobenius_as_trace,
        *_OPENING,
        df.hadamard_in_a_trace,
    ),
}
_BLOCKS = (
    a.definition_unfolded, r.matrix_written_out, r.transpose_of_blocks, r.product_of_blocks, r.of_a_two_by_two,
    r.number_times_block, r.sum_of_blocks, a.expansion,
)  # fmt: skip
_ALGEBRA = (
    a.norm_as_product, a.frobenius_as_trace, a.transpose_of_a_sum, a.transpose_of_a_product, a.symmetric_matrix,
    a.inverse_of_a_transpose, a.linearity_of_the_trace, a.inverse_cancels, a.expansion, r.entrywise_linear,
    r.entrywise_with_ones, a.delta_picks_a_term, a.sum_of_a_sum, a.constant_in_a_sum, a.constant_ones,
    r.trace_of_the_identity, n.exponential_of_a_sum, n.square_of_a_root, a.delta_renames, a.definition_unfolded,
    r.sum_put_together,
)  # fmt: skip
_ENTRIES = (
    a.definition_unfolded, d.derivative_entry_by_entry, a.norm_as_sum, r.total_as_product, a.trace_as_a_sum,
    a.entry_of_a_sum, a.entry_of_a_transpose, r.entry_of_an_entrywise, a.entry_of_a_multiple, a.sum_as_a_matrix_product,
    a.column_of_ones_sums, *FINISHING, a.expansion, a.sum_of_a_sum, a.constant_in_a_sum, a.delta_picks_a_term,
)  # fmt: skip
_COLLECTED = tuple(one for one in _ALGEBRA if one not in (a.definition_unfolded, r.sum_put_together))
_LOGISTIC = (n.logistic_function, n.logistic_of_minus, a.definition_unfolded, *FINISHING)
_TABLES = (r.trace_trick, r.sum_put_together, a.definition_unfolded)
_LOGARITHMS = (a.definition_unfolded, a.logarithm_of_a_product, a.sum_of_a_sum, a.constant_in_a_sum)
_STEPS |= {"logarithms": _LOGARITHMS, "blocks": _BLOCKS, "algebra": _ALGEBRA, "entries": _ENTRIES, "tables": _TABLES}
_STEPS |= {
    "unfolded": (a.definition_unfolded,),
    "collected": _COLLECTED,
    "logistic": _LOGISTIC,
    "numbers": (n.logistic_function, n.logistic_of_minus, *_ALGEBRA),
}
ORDER = {style: tuple(named(one) for one in steps) for style, steps in _STEPS.items()}
PLAIN = (
    "logarithms",
    "blocks",
    "algebra",
    "entries",
    "tables",
    "logistic",
    "numbers",
    "collected",
    "unfolded",
)  # styles of what holds no derivative
TIDYING = named(*_TIDYING)
_FINISHING_RULES = set(named(*FINISHING))


def manners(node: s.Node, scope: Scope) -> tuple[str, ...]:
    """The styles that are tried for an expression, in order: by matrices where it is differentiated by an array; where
    nothing is differentiated, matrices of small fixed sizes are written out.
    """
    if unfinished(node, scope) is None:
        found = ["logarithms"] if any(isinstance(one, s.Call) and one.fn == "log" for one in s.walk(node)) else []
        found += ["tables"] if any(isinstance(one, s.Sum) for one in s.walk(node)) else []
        found += ["blocks"] if _has_blocks(node, scope) else []
        return *found, *_of_exponentials(node, scope), "algebra"
    by = [one for part in s.walk(node) if isinstance(part, s.Deriv) for one in part.wrt]
    arrays = not by or any(isinstance(one, s.Name) and not scope.number(one) for one in by)
    of_exponentials = _of_exponentials(node, scope)
    return ("matrix", "rules", *of_exponentials, "index") if arrays else ("rules", *of_exponentials, "index")


def _of_exponentials(node: s.Node, scope: Scope) -> tuple[str, ...]:
    """The style for what is made of exponentials, where there are any."""
    named = (scope.context.lookup(name) for name in scope.names(node))
    inside = [one.definition for one in named if one is not None and one.definition is not None]
    found = any(
        isinstance(one, s.Call) and one.fn in ("exp", "sigmoid") for part in (node, *inside) for one in s.walk(part)
    )
    return ("logistic",) if found else ()


def _has_blocks(node: s.Node, scope: Scope) -> bool:
    for one in s.walk(node):
        if isinstance(one, s.Block):
            return True
        symbol = scope.context.lookup(one.id) if isinstance(one, s.Name) else None
        if symbol is None or symbol.shape is None or symbol.definition is not None:
            continue
        if all(dim.constant() for dim in symbol.shape) and symbol.shape != c.SCALAR:
            return True
    return False


def carried_out(node: s.Node, scope: Scope, style: str, tidy: bool = True) -> list[Taken]:
    """The rules with the lines after them until no derivative stands in the expression, or none leads on."""
    lines: list[Taken] = []
    seen = {node}
    while len(lines) < MOST_LINES:
        found = next((one for one in steps(node, scope, style, tidy) if one[2] not in seen), None)
        if found is None:
            break
        lines.append(found)
        node = found[2]
        seen.add(node)
    return lines


def steps(node: s.Node, scope: Scope, style: str, tidy: bool = True) -> Iterator[Taken]:
    """What the next line may be, best first: by a rule that applies inside a derivative or to one; then tidying."""
    if style in PLAIN:
        yield from (one for rules in ORDER[style] for one in rewrites(node, scope, rules))
    elif unfinished(node, scope):
        for rules in ORDER[style]:
            for one in rewrites(node, scope, rules):
                if one[0] in _FINISHING_RULES or _inside_a_derivative(node, one[1]):
                    yield one
    elif tidy and style != "differential":
        yield from rewrites(node, scope, TIDYING)


def part_at(node: s.Node, place: Place) -> s.Node:
    """The part of an expression at a place."""
    for number in place:
        node = list(s.children(node))[number]
    return node


def unfinished(node: s.Node, scope: Scope) -> s.Node | None:
    """A derivative, or the differential of more than a variable, that stands in an expression."""
    for one in s.walk(node):
        if isinstance(one, s.Deriv):
            return one
        if isinstance(one, s.Diff) and not (isinstance(one.arg, s.Name) and scope.definition(one.arg.id) is None):
            return one
    return None


def _inside_a_derivative(node: s.Node, place: Place) -> bool:
    for number in place:
        if isinstance(node, s.Deriv | s.Diff):
            return True
        node = list(s.children(node))[number]
    return isinstance(node, s.Deriv | s.Diff)
