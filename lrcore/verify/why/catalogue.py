# ruff: noqa: E501  (a rule a line, as a table)
r"""The elementary rules: how textbooks call each, what it says in the book's notation, the usual mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lrcore.verify.terms import syntax as s
from lrcore.verify.why import algebra as a
from lrcore.verify.why import differentiation as d
from lrcore.verify.why.shapes import Scope


@dataclass(frozen=True)
class Rule:
    """``apply`` gives what the expression itself (no part of it) may be rewritten as; ``back`` is the name of the same
    rule used from right to left, ``place`` the page and label of the book that derives it, where one does.
    """

    name: str
    statement: str
    apply: Callable[[s.Node, Scope], Iterator[s.Node]]
    mistake: str
    condition: str = ""
    place: str = ""
    back: str = ""


def _rule(
    apply: Callable[[s.Node, Scope], Iterator[s.Node]], name: str, statement: str, mistake: str,
    condition: str = "", place: str = "", back: str = "",
) -> Rule:  # fmt: skip
    return Rule(name, statement, apply, mistake, condition, place, back or name)


RULES = (
    _rule(a.definition_unfolded, "definition unfolded", r"L = \frac1N \|Xw - y\|^2",
          "A factor such as 1/N of the definition is forgotten.", back="definition folded"),
    _rule(d.constant_vanishes, "derivative of a constant", r"\frac{\partial c}{\partial v} = 0",
          "A term without the variable is kept."),
    _rule(d.sum_rule, "sum rule", r"\nabla_v (f + g) = \nabla_v f + \nabla_v g", "A term of the sum is forgotten."),
    _rule(d.linearity, "linearity", r"\nabla_v (c f) = c \nabla_v f", "The number in front is dropped."),
    _rule(d.derivative_of_the_variable, "derivative of the variable by itself",
          r"\frac{\partial v_l}{\partial v_k} = \delta_{lk}", "The two indices are taken for one.", place="refresher/ref-delta"),
    _rule(d.power_rule, "power rule", r"\frac{d}{dt} t^n = n t^{n-1}", "The exponent does not come down as a factor.",
          place="refresher/ref-square"),
    _rule(d.derivative_of_a_function, "derivative of an elementary function", r"\frac{d}{dt} e^t = e^t",
          "The function is taken for its derivative."),
    _rule(d.chain_rule, "chain rule", r"\nabla_v f(g(v)) = J_g^\top \nabla f",
          "The inner derivative is forgotten, or its Jacobian is not transposed."),
    _rule(d.product_rule, "product rule", r"(f g)' = f' g + f g'", "One of the two terms is forgotten."),
    _rule(d.derivative_of_a_linear_form, "derivative of a linear form",
          r"\frac{\partial}{\partial v} a^\top A v = A^\top a", "What stands before the variable is not transposed.",
          place="refresher/ref-linear"),
    _rule(d.derivative_of_an_affine_map, "derivative of an affine map", r"\frac{\partial (A v + b)}{\partial v} = A",
          "The constant column is kept."),
    _rule(d.derivative_of_a_quadratic_form, "derivative of a quadratic form",
          r"\nabla_v (v^\top A v) = (A + A^\top) v", "2 A v is written although A is not symmetric."),
    _rule(d.derivative_of_a_determinant, "derivative of a determinant", r"\nabla_A \log\det A = A^{-\top}",
          "The inverse is not transposed.", condition="A can be inverted"),
    _rule(d.repeated_derivative, "second derivative as a derivative of the first", r"\nabla^2 f = \nabla(\nabla f)",
          "The derivative is taken once."),
    _rule(d.differential_of_a_sum, "differential of a linear expression", r"\mathrm d(A + B) = \mathrm dA + \mathrm dB",
          "A term is forgotten."),
    _rule(d.differential_of_a_constant, "differential of a constant", r"\mathrm dc = 0", "A constant is varied."),
    _rule(d.differential_of_a_product, "differential of a product", r"\mathrm d(A B) = (\mathrm dA) B + A\, \mathrm dB",
          "The order of the factors is changed."),
    _rule(d.differential_of_a_power, "differential of a square", r"\mathrm d\|r\|^2 = 2 r^\top \mathrm dr",
          "The 2 is forgotten."),
    _rule(d.differential_of_an_inverse, "differential of an inverse", r"\mathrm dA^{-1} = -A^{-1} (\mathrm dA) A^{-1}",
          "The minus is forgotten.", condition="A can be inverted"),
    _rule(d.differential_of_a_determinant, "differential of a function",
          r"\mathrm d \log\det A = \operatorname{tr}(A^{-1} \mathrm dA)", "The inner differential is forgotten."),
    _rule(a.norm_as_product, "squared norm as a product", r"\|r\|^2 = r^\top r", "The transpose stands on the second factor."),
    _rule(a.norm_as_sum, "squared norm as a sum", r"\|r\|^2 = \sum_i r_i^2", "The square is forgotten.",
          place="refresher/ref-inner"),
    _rule(a.frobenius_as_trace, "Frobenius norm as a trace", r"\|A\|_F^2 = \operatorname{tr}(A^\top A)",
          "A A is written instead of A^T A."),
    _rule(a.transpose_of_a_product, "transpose of a product", r"(A B)^\top = B^\top A^\top",
          "The order turns round; it was kept.", place="refresher/ref-transpose"),
    _rule(a.transpose_of_a_sum, "transpose of a sum", r"(A + B)^\top = A^\top + B^\top", "One term is not transposed."),
    _rule(a.symmetric_matrix, "symmetric matrix", r"A^\top = A", "The matrix is not symmetric.", condition="A is symmetric"),
    _rule(a.expansion, "expansion", r"(a + b) c = a c + b c", "A term or its sign is lost.", back="factoring out"),
    _rule(a.linearity_of_the_trace, "linearity of the trace",
          r"\operatorname{tr}(A + c B) = \operatorname{tr} A + c \operatorname{tr} B", "The trace of a product is split."),
    _rule(a.trace_of_a_number, "trace of a number", r"\operatorname{tr} s = s", "The argument is no number."),
    _rule(a.trace_of_a_transpose, "trace of a transpose", r"\operatorname{tr} A^\top = \operatorname{tr} A",
          "The order of the factors is kept."),
    _rule(a.cyclic_trace, "cyclic trace", r"\operatorname{tr}(A B C) = \operatorname{tr}(C A B)",
          "Factors are swapped that are no neighbours round the ring."),
    _rule(a.trace_as_a_sum, "trace as a sum", r"\operatorname{tr} A = \sum_i A_{ii}", "All entries are summed."),
    _rule(a.entry_of_a_sum, "entry of a sum", r"(A + B)_{ij} = A_{ij} + B_{ij}", "A term is forgotten."),
    _rule(a.entry_of_a_transpose, "entry of a transpose", r"(A^\top)_{ij} = A_{ji}", "The indices are not swapped."),
    _rule(a.delta_picks_a_term, "delta picks a term", r"\sum_l \delta_{lk} v_l = v_k", "The sum is kept.",
          place="refresher/ref-delta"),
    _rule(a.sum_of_a_sum, "sum of a sum", r"\sum_i (a_i + u_i) = \sum_i a_i + \sum_i u_i", "The sum of a product is split.",
          place="refresher/ref-sum", back="sums put together"),
    _rule(a.swapping_sums, "swapping sums", r"\sum_i \sum_j a_{ij} = \sum_j \sum_i a_{ij}", "A range depends on the other index."),
    _rule(a.constant_in_a_sum, "sum of a constant", r"\sum_{i=1}^N c = N c", "The number of terms is forgotten."),
    _rule(a.column_of_ones_sums, "a column of ones sums", r"\mathbf 1^\top a = \sum_i a_i", "Rows and columns are confused."),
    _rule(a.sum_as_a_matrix_product, "product written as a sum", r"(A B)_{ij} = \sum_k A_{ik} B_{kj}",
          "The summed index does not stand inside.", place="refresher/ref-product", back="sum as a matrix product"),
    _rule(a.inverse_cancels, "inverse cancels", r"A^{-1} A = I", "What stands between is skipped.", condition="A can be inverted"),
    _rule(a.inverse_of_a_product, "inverse of a product", r"(A B)^{-1} = B^{-1} A^{-1}", "The order is kept.",
          condition="A and B can be inverted"),
    _rule(a.inverse_of_a_transpose, "inverse of a transpose", r"(A^\top)^{-1} = (A^{-1})^\top", "The transpose is lost.",
          condition="A can be inverted"),
    _rule(a.determinant_of_a_product, "determinant of a product", r"\det(A B) = \det A \det B", "The determinant of a sum is split."),
    _rule(a.logarithm_of_a_product, "logarithm of a product", r"\log(a b) = \log a + \log b",
          "The logarithm of a sum is split.", condition="a and b are positive"),
)  # fmt: skip
