# ruff: noqa: E501  (a rule a line, as a table)
r"""The elementary rules: how textbooks call each, what it says in the book's notation, the usual mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lrcore.verify.terms import syntax as s
from lrcore.verify.why import algebra as a
from lrcore.verify.why import arrays as r
from lrcore.verify.why import differentials as df
from lrcore.verify.why import differentiation as d
from lrcore.verify.why import equations as e
from lrcore.verify.why import number_rules as n
from lrcore.verify.why.shapes import Scope


@dataclass(frozen=True, eq=False)
class Rule:
    """``apply`` gives what the expression itself (no part of it) may be rewritten as, where it is one of the types
    ``on``; ``back`` is the name of the same rule used from right to left, ``place`` the page and label of the book that
    derives it, where one does.
    """

    name: str
    statement: str
    apply: Callable[[s.Node, Scope], Iterator[s.Node]]
    mistake: str
    condition: str = ""
    place: str = ""
    back: str = ""
    on: tuple[type[s.Node], ...] = (s.Node,)


def _rule(
    apply: Callable[[s.Node, Scope], Iterator[s.Node]], name: str, statement: str, mistake: str,
    condition: str = "", place: str = "", back: str = "", on: tuple[type[s.Node], ...] = (s.Node,),
) -> Rule:  # fmt: skip
    return Rule(name, statement, apply, mistake, condition, place, back or name, on)


_D, _DIFF, _CALL, _MUL, _ADD = (s.Deriv,), (s.Diff,), (s.Call,), (s.Mul,), (s.Add,)


RULES = (
    _rule(a.definition_unfolded, "definition unfolded", r"L = \frac1N \|Xw - y\|^2",
          "A factor such as 1/N of the definition is forgotten.", back="definition folded", on=(s.Name, s.Entry, s.At)),
    _rule(d.constant_vanishes, "derivative of a constant", r"\frac{\partial c}{\partial v} = 0",
          "A term without the variable is kept.", on=_D),
    _rule(d.sum_rule, "sum rule", r"\nabla_v (f + g) = \nabla_v f + \nabla_v g", "A term of the sum is forgotten.", on=_D),
    _rule(d.linearity, "linearity", r"\nabla_v (c f) = c \nabla_v f", "The number in front is dropped.", on=_D),
    _rule(d.derivative_of_the_variable, "derivative of the variable by itself",
          r"\frac{\partial v_l}{\partial v_k} = \delta_{lk}", "The two indices are taken for one.", place="book/refresher/ref-delta", on=_D),
    _rule(d.power_rule, "power rule", r"\frac{d}{dt} t^n = n t^{n-1}", "The exponent does not come down as a factor.",
          place="book/refresher/ref-square", on=_D),
    _rule(d.derivative_of_a_function, "derivative of an elementary function", r"\frac{d}{dt} e^t = e^t",
          "The function is taken for its derivative.", on=_D),
    _rule(d.derivative_of_softmax, "derivative of softmax",
          r"\frac{\partial \operatorname{softmax}(z)}{\partial z} = \operatorname{diag}(s) - s s^\top \text{ with } s = \operatorname{softmax}(z)",
          "The diagonal alone is kept, as if each output depended on its own input only.", on=_D),
    _rule(d.chain_rule, "chain rule", r"\nabla_v f(g(v)) = J_g^\top \nabla f",
          "A factor is forgotten: the 2 of a square, the inner derivative, or the transpose of its Jacobian.", on=_D),
    _rule(d.product_rule, "product rule", r"(f g)' = f' g + f g'", "One of the two terms is forgotten.", on=_D),
    _rule(d.derivative_of_a_linear_form, "derivative of a linear form",
          r"\frac{\partial}{\partial v} a^\top A v = A^\top a", "What stands before the variable is not transposed.",
          place="book/refresher/ref-linear", on=_D),
    _rule(d.derivative_of_an_affine_map, "derivative of an affine map", r"\frac{\partial (A v + b)}{\partial v} = A",
          "The constant column is kept.", on=_D),
    _rule(d.derivative_of_a_quadratic_form, "derivative of a quadratic form",
          r"\nabla_v (v^\top A v) = (A + A^\top) v", "2 A v is written although A is not symmetric.", on=_D),
    _rule(d.derivative_of_a_determinant, "derivative of a determinant", r"\nabla_A \log\det A = A^{-\top}",
          "The inverse is not transposed.", condition="A can be inverted", on=_D),
    _rule(d.derivative_of_an_inverse, "derivative of an inverse",
          r"\frac{\partial (A^{-1})_{ij}}{\partial A_{kl}} = -(A^{-1})_{ik} (A^{-1})_{lj}",
          "The minus is forgotten, or the two inverses stand on one side.", condition="A can be inverted", on=_D),
    _rule(d.repeated_derivative, "second derivative as a derivative of the first", r"\nabla^2 f = \nabla(\nabla f)",
          "The derivative is taken once.", on=_D),
    _rule(df.differential_of_a_sum, "differential of a linear expression", r"\mathrm d(A + B) = \mathrm dA + \mathrm dB",
          "A term is forgotten.", on=_DIFF),
    _rule(df.differential_of_a_constant, "differential of a constant", r"\mathrm dc = 0", "A constant is varied.", on=_DIFF),
    _rule(df.differential_of_a_product, "differential of a product", r"\mathrm d(A B) = (\mathrm dA) B + A\, \mathrm dB",
          "The order of the factors is changed.", on=_DIFF),
    _rule(df.differential_of_a_power, "differential of a square", r"\mathrm d\|r\|^2 = 2 r^\top \mathrm dr",
          "The 2 is forgotten.", on=_DIFF),
    _rule(df.differential_of_an_inverse, "differential of an inverse", r"\mathrm dA^{-1} = -A^{-1} (\mathrm dA) A^{-1}",
          "The minus is forgotten.", condition="A can be inverted", on=_DIFF),
    _rule(df.differential_of_a_determinant, "differential of a function",
          r"\mathrm d \log\det A = \operatorname{tr}(A^{-1} \mathrm dA)", "The inner differential is forgotten.", on=_DIFF),
    _rule(a.norm_as_product, "squared norm as a product", r"\|r\|^2 = r^\top r", "The transpose stands on the second factor.", on=_CALL),
    _rule(a.norm_as_sum, "squared norm as a sum", r"\|r\|^2 = \sum_i r_i^2", "The square is forgotten.",
          place="book/refresher/ref-inner", on=_CALL),
    _rule(a.frobenius_as_trace, "Frobenius norm as a trace", r"\|A\|_F^2 = \operatorname{tr}(A^\top A)",
          "A A is written instead of A^T A.", on=_CALL),
    _rule(a.transpose_of_a_product, "transpose of a product", r"(A B)^\top = B^\top A^\top",
          "The order turns round; it was kept.", place="book/refresher/ref-transpose", on=(s.T,)),
    _rule(a.transpose_of_a_sum, "transpose of a sum", r"(A + B)^\top = A^\top + B^\top", "One term is not transposed.", on=(s.T,)),
    _rule(a.symmetric_matrix, "symmetric matrix", r"A^\top = A", "The matrix is not symmetric.", condition="A is symmetric", on=(s.T, s.Mul)),
    _rule(a.expansion, "expansion", r"(a + b) c = a c + b c", "A term or its sign is lost.", back="factoring out", on=(s.Mul, s.Pow)),
    _rule(a.factoring_out, "factoring out", r"a c + b c = (a + b) c", "A term that is the factor alone leaves nothing behind instead of 1.",
          back="expansion", on=_ADD),
    _rule(a.square_of_a_sum, "square of a sum", r"(a + b)^2 = a^2 + 2 a b + b^2", "The term in the middle is forgotten.",
          back="square completed", on=(s.Pow,)),
    _rule(a.linearity_of_the_trace, "linearity of the trace",
          r"\operatorname{tr}(A + c B) = \operatorname{tr} A + c \operatorname{tr} B", "The trace of a product is split.", on=_CALL),
    _rule(a.trace_of_a_number, "trace of a number", r"\operatorname{tr} s = s", "The argument is no number.", on=_CALL),
    _rule(a.trace_of_a_transpose, "trace of a transpose", r"\operatorname{tr} A^\top = \operatorname{tr} A",
          "The order of the factors is kept.", on=_CALL),
    _rule(a.cyclic_trace, "cyclic trace", r"\operatorname{tr}(A B C) = \operatorname{tr}(C A B)",
          "Factors are swapped that are no neighbours round the ring.", on=_CALL),
    _rule(a.trace_as_a_sum, "trace as a sum", r"\operatorname{tr} A = \sum_i A_{ii}", "All entries are summed.", on=_CALL),
    _rule(a.entry_of_a_sum, "entry of a sum", r"(A + B)_{ij} = A_{ij} + B_{ij}", "A term is forgotten.", on=(s.Entry,)),
    _rule(a.entry_of_a_multiple, "entry of a multiple", r"(c A)_{ij} = c A_{ij}", "The number in front is dropped.", on=(s.Entry,)),
    _rule(a.entry_of_a_transpose, "entry of a transpose", r"(A^\top)_{ij} = A_{ji}", "The indices are not swapped.", on=(s.Entry,)),
    _rule(a.delta_picks_a_term, "delta picks a term", r"\sum_l \delta_{lk} v_l = v_k", "The sum is kept.",
          place="book/refresher/ref-delta", on=(s.Sum,)),
    _rule(a.delta_renames, "delta renames an index", r"\delta_{ij} v_j = \delta_{ij} v_i", "The delta is dropped.",
          on=(s.Mul, s.Pow)),
    _rule(a.sum_of_a_sum, "sum of a sum", r"\sum_i (a_i + u_i) = \sum_i a_i + \sum_i u_i", "The sum of a product is split.",
          place="book/refresher/ref-sum", back="sums put together", on=(s.Sum,)),
    _rule(a.term_taken_out, "term taken out of a sum", r"\sum_{i \neq k} a_i = \sum_i a_i - a_k", "The term is taken away twice, or not at all.",
          back="term put back into a sum", on=(s.Sum,)),
    _rule(a.swapping_sums, "swapping sums", r"\sum_i \sum_j a_{ij} = \sum_j \sum_i a_{ij}", "A range depends on the other index.", on=(s.Sum,)),
    _rule(a.constant_in_a_sum, "sum of a constant", r"\sum_{i=1}^N c = N c", "The number of terms is forgotten.", on=(s.Sum,)),
    _rule(a.constant_ones, "ones count", r"\mathbf 1^\top \mathbf 1 = N", "It is taken for 1.", on=_MUL),
    _rule(a.column_of_ones_sums, "a column of ones sums", r"\mathbf 1^\top a = \sum_i a_i", "Rows and columns are confused.", on=_MUL),
    _rule(a.sum_as_a_matrix_product, "product written as a sum", r"(A B)_{ij} = \sum_k A_{ik} B_{kj}",
          "The summed index does not stand inside.", place="book/refresher/ref-product", back="sum as a matrix product", on=(s.Entry, s.Mul)),
    _rule(a.inverse_cancels, "inverse cancels", r"A^{-1} A = I", "What stands between is skipped.", condition="A can be inverted", on=_MUL),
    _rule(a.inverse_of_a_product, "inverse of a product", r"(A B)^{-1} = B^{-1} A^{-1}", "The order is kept.",
          condition="A and B can be inverted", on=(s.Inv,)),
    _rule(a.inverse_of_a_transpose, "inverse of a transpose", r"(A^\top)^{-1} = (A^{-1})^\top", "The transpose is lost.",
          condition="A can be inverted", on=(s.Inv, s.T)),
    _rule(a.determinant_of_a_product, "determinant of a product", r"\det(A B) = \det A \det B", "The determinant of a sum is split.", on=_CALL),
    _rule(a.determinant_of_a_transpose, "determinant of a transpose", r"\det A^\top = \det A", "A sign is brought in.", on=_CALL),
    _rule(a.determinant_of_an_inverse, "determinant of an inverse", r"\det A^{-1} = \frac{1}{\det A}", "The reciprocal is forgotten.",
          condition="A can be inverted", on=_CALL),
    _rule(a.logarithm_of_a_product, "logarithm of a product", r"\log(a b) = \log a + \log b",
          "The logarithm of a sum is split.", condition="a and b are positive", on=_CALL),
    _rule(d.chain_through_a_name, "chain rule", r"\nabla_w f = J_u^\top \nabla_u f",
          "A factor is forgotten: the 2 of a square, the inner derivative, or the transpose of its Jacobian.", on=_D),
    _rule(d.derivative_entry_by_entry, "derivative entry by entry", r"\nabla_w f = [\partial f / \partial w_k]_k",
          "Rows and columns of the array of derivatives are swapped.", on=_D),
    _rule(df.differential_from_the_derivative, "differential from the derivative", r"\mathrm df = (\nabla_v f)^\top \mathrm dv",
          "The transpose is forgotten.", on=_DIFF),
    _rule(df.differential_through_a_name, "chain rule", r"\mathrm df = (\nabla_u f)^\top \mathrm du",
          "The inner differential is forgotten.", on=_DIFF),
    _rule(df.hadamard_in_a_trace, "entrywise product in a trace",
          r"\operatorname{tr}(A^\top (B \odot C)) = \operatorname{tr}((A \odot B)^\top C)", "A is transposed once too often.", on=_CALL),
    _rule(r.array_of_sums, "entries of a sum", r"[a_i + b_i]_i = a + b", "A term is forgotten.", on=(s.Build,)),
    _rule(r.array_as_a_matrix_product, "sum as a matrix product", r"[\sum_k A_{ik} v_k]_i = A v",
          "The summed index does not stand inside.", place="book/refresher/ref-product", back="product written as a sum", on=(s.Build,)),
    _rule(r.sum_put_together, "sum as a matrix product", r"\sum_i x_i x_i^\top = X^\top X", "The summed index does not stand inside.",
          place="book/refresher/ref-product", back="product written as a sum", on=(s.Sum,)),
    _rule(r.trace_trick, "trace trick", r"\sum_i x_i^\top A x_i = \operatorname{tr}\left(A \sum_i x_i x_i^\top\right)",
          "The matrix between is taken out of the trace.", on=(s.Sum,)),
    _rule(r.factor_out_of_a_sum, "factor taken out of a sum", r"\sum_i A x_i = A \sum_i x_i",
          "A factor that depends on the index is taken out.", back="factor taken into a sum", on=(s.Sum,)),
    _rule(r.entry_of_an_entrywise, "entry of an entrywise operation", r"(A \odot B)_{ij} = A_{ij} B_{ij}",
          "It is taken for a matrix product.", on=(s.Entry,)),
    _rule(r.row_of_a_product, "row of a product", r"(A B)_{i,:} = A_{i,:} B", "A row of the second factor is taken.", on=(s.Entry,)),
    _rule(r.total_as_product, "sum of all entries", r"\operatorname{sum}(A) = \mathbf 1^\top A \mathbf 1", "Only one index is summed.", on=_CALL),
    _rule(r.matrix_written_out, "entries written out", r"A = \begin{bmatrix} A_{11} & A_{12} \\ A_{21} & A_{22} \end{bmatrix}",
          "Rows and columns are swapped.", condition="the size is a small number", on=(s.Name, s.Special)),
    _rule(r.product_of_blocks, "product of blocks", r"\begin{bmatrix} A & B \end{bmatrix} \begin{bmatrix} C \\ D \end{bmatrix} = A C + B D",
          "The order of the blocks in a product is turned round.", on=_MUL),
    _rule(r.sum_of_blocks, "sum of blocks", r"\begin{bmatrix} A & B \end{bmatrix} + \begin{bmatrix} C & D \end{bmatrix} = \begin{bmatrix} A + C & B + D \end{bmatrix}",
          "Blocks of different places are added.", on=_ADD),
    _rule(r.number_times_block, "number times a block", r"c \begin{bmatrix} A & B \end{bmatrix} = \begin{bmatrix} c A & c B \end{bmatrix}",
          "One block is left as it was.", on=_MUL),
    _rule(r.transpose_of_blocks, "transpose of blocks", r"\begin{bmatrix} A & B \end{bmatrix}^\top = \begin{bmatrix} A^\top \\ B^\top \end{bmatrix}",
          "The blocks are moved and not transposed.", on=(s.T,)),
    _rule(r.of_a_two_by_two, "two by two", r"\det \begin{bmatrix} a & b \\ c & d \end{bmatrix} = a d - b c", "A sign is lost.",
          on=(s.Call, s.Inv)),
    _rule(r.diagonal_times_column, "diagonal matrix times a column", r"\operatorname{diag}(a) x = a \odot x", "It is taken for a number.", on=_MUL),
    _rule(r.transpose_entrywise, "transpose of an entrywise product", r"(A \odot B)^\top = A^\top \odot B^\top",
          "The order is turned round as for a matrix product.", on=(s.T,)),
    _rule(r.transpose_of_kronecker, "transpose of a Kronecker product", r"(A \otimes B)^\top = A^\top \otimes B^\top",
          "The order is turned round as for a matrix product.", on=(s.T,)),
    _rule(r.entrywise_linear, "expansion", r"A \odot (B + C) = A \odot B + A \odot C", "A term or its sign is lost.",
          back="factoring out", on=(s.Had, s.Kron)),
    _rule(r.entrywise_with_ones, "entrywise product with ones", r"A \odot \mathbf 1 \mathbf 1^\top = A",
          "The ones are taken for an identity matrix.", on=(s.Had,)),
    _rule(r.entrywise_reciprocal, "reciprocal entry by entry", r"a \odot a^{\odot -1} = \mathbf 1",
          "It is taken for the inverse of a matrix.", condition="no entry of a is zero", on=(s.Had,)),
    _rule(r.vec_of_a_product, "vec of a product", r"\operatorname{vec}(A X B) = (B^\top \otimes A) \operatorname{vec} X",
          "The factors of the Kronecker product are swapped, or B is not transposed.", on=_CALL),
    _rule(r.product_of_vecs, "trace as a product of vecs", r"\operatorname{vec}(A)^\top \operatorname{vec}(B) = \operatorname{tr}(A^\top B)",
          "A is not transposed.", on=_MUL),
    _rule(r.mixed_product, "mixed product", r"(A \otimes B)(C \otimes D) = (A C) \otimes (B D)", "The inner factors are multiplied.", on=_MUL),
    _rule(r.of_a_kronecker_product, "trace of a Kronecker product",
          r"\operatorname{tr}(A \otimes B) = \operatorname{tr} A \operatorname{tr} B", "The traces are added.", on=(s.Call, s.Inv)),
    _rule(r.trace_of_the_identity, "trace of the identity", r"\operatorname{tr} I_n = n", "It is taken for 1.", on=_CALL),
    _rule(n.common_denominator, "common denominator", r"\frac ab + c = \frac{a + b c}{b}", "A term is not extended.",
          back="fraction taken apart", on=_ADD),
    _rule(n.difference_of_squares, "difference of squares", r"a^2 - b^2 = (a - b)(a + b)", "A sign is lost.", on=_ADD),
    _rule(n.extended_fraction, "fraction extended", r"\frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1}",
          "Only the numerator is multiplied.", back="fraction reduced", on=(s.Mul, s.Pow)),
    _rule(n.exponential_of_a_sum, "exponential of a sum", r"e^{a + b} = e^a e^b", "The exponentials are added.", on=_CALL),
    _rule(n.square_of_a_root, "square of a root", r"(\sqrt a)^2 = a", "The root is dropped without the square.", on=(s.Pow,)),
    _rule(n.meaning_of_a_function, "meaning of the function", r"\sigma(z) = \frac{1}{1 + e^{-z}}", "The sign of the exponent is lost.", on=_CALL),
    _rule(n.logarithm_of_softmax, "logarithm of softmax", r"\log\operatorname{softmax}(z) = z - \log(\mathbf 1^\top e^z)\, \mathbf 1",
          "The logarithm is taken of the exponentials and not of their sum.", on=_CALL),
    _rule(n.softmax_folded, "meaning of the function", r"\frac{e^z}{\mathbf 1^\top e^z} = \operatorname{softmax}(z)",
          "It is divided by the largest exponential.", on=_MUL),
    _rule(n.hyperbolic_tangent, "meaning of the function", r"\frac{\sinh z}{\cosh z} = \tanh z", "The fraction is turned round.",
          on=(s.Mul, s.Had)),
    _rule(n.logistic_function, "meaning of the function", r"\frac{1}{1 + e^{-z}} = \sigma(z)", "The sign of the exponent is lost.",
          on=(s.Mul, s.Pow)),
    _rule(n.logistic_of_minus, "symmetry of the logistic function", r"\sigma(-z) = 1 - \sigma(z)", "It is taken for an odd function.", on=_CALL),
    _rule(e.moving_a_term, "moving a term to the other side", r"a + b = c \iff a = c - b", "The sign is kept.", on=_CALL),
    _rule(e.multiplying_by_a_number, "multiplying both sides by a number", r"a = b \iff c a = c b", "One term is left as it was.",
          condition="the number is not 0", on=_CALL),
    _rule(e.multiplying_by_an_inverse, "multiplying both sides by a matrix", r"A w = b \iff w = A^{-1} b",
          "One side is multiplied from the left and the other from the right.", condition="A can be inverted", on=_CALL),
    _rule(e.transposing_both_sides, "transposing both sides", r"A = B \iff A^\top = B^\top", "One side alone is transposed.", on=_CALL),
    _rule(df.taking_the_differential, "taking the differential", r"f \mapsto \mathrm df", "A constant is varied, too.", on=_D),
    _rule(df.reading_off, "reading the gradient off the differential",
          r"\mathrm df = \operatorname{tr}(G^\top \mathrm dV) \iff \nabla_V f = G", "The factor of the change is not transposed.", on=_DIFF),
    _rule(n.given_equation, "equation that was given", r"A w = b", "It is used where it was not given.",
          condition="the equation was taken as given"),
)  # fmt: skip
