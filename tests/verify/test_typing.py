r"""Each rule of the types: what an expression means and of which shape it is, beside the slip that is usually made."""

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.read.document import read_chains, read_expression
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import IllTyped, OneSided, Problem, Undeclared, Unreadable, Unsized
from lrcore.verify.type.typist import RULES, Manner, typed_alone, typed_sides

SHAPES = {
    **{"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D"), "A": ("M", "M"), "B": ("M", "M"), "Z": ("M", "N")},
    **{"w": ("M",), "v": ("M",), "y": ("N",), "row": (1, "M"), "t": (), "u": ()},
}
CONTEXT = Context(shapes=SHAPES)


def meant(text, **more):
    context = Context(shapes=SHAPES, **more) if more else CONTEXT
    return typed_alone(read_expression(text, context), context)


def shape(text, **more):
    return c.shape_text(meant(text, **more).shape)


def refused(text, error=IllTyped, **more):
    with pytest.raises(error) as found:
        meant(text, **more)
    return found.value.message


def equation(text, context=CONTEXT, **more):
    left, right = read_chains(text, context)[0].read(context)
    return typed_sides(left, right, context, Manner(**more))


def not_equated(text, error=IllTyped, context=CONTEXT, **more):
    with pytest.raises(error) as found:
        equation(text, context, **more)
    return found.value.message


def test_every_kind_of_node_has_a_rule():
    assert set(RULES) == set(s.Node.__subclasses__())


def test_the_products_of_numpy_that_are_of_vectors_are_not_read_of_matrices():
    assert "is another product" in refused("np.inner(X, X)", Unreadable)
    assert "is another product" in refused("np.outer(X, X)", Unreadable)


@pytest.mark.parametrize("ends", [("1", "t"), ("t", "N"), ("1/2", "N")])
def test_a_sum_that_no_array_bounds_is_refused_where_its_terms_can_not_be_counted(ends):
    low, high = ends
    assert "How many terms" in refused(rf"\sum_{{k={low}}}^{{{high}}} t", Unreadable)
    assert shape(r"\sum_{k=1}^{N} t") == "a number"


# ------------------------------------------------------------------ names and numbers


def test_a_name_has_the_shape_it_is_declared_with_and_an_undeclared_one_is_asked_for():
    assert shape("X") == "N x M" and shape("t") == "a number"
    assert "q has no shape" in refused("q", Undeclared)


def test_a_size_is_a_number_and_so_are_pi_and_e_unless_they_are_declared():
    assert isinstance(meant("N"), c.SizeOf)
    assert shape("pi") == shape("e") == "a number"
    context = Context(shapes={"e": ("N",)})
    assert typed_alone(s.Name("e"), context).shape == (c.size("N"), c.D1)


def test_a_definition_has_the_shape_of_its_body_and_must_not_use_itself():
    assert shape("E", definitions={"E": "X@w - y"}) == "N x 1"
    assert "uses itself" in refused("E", definitions={"E": "F + y", "F": "2*E"})


def test_a_definition_must_have_its_declared_shape():
    context = Context(shapes={**SHAPES, "g": ("N",)}, definitions={"g": "X.T@y"})
    with pytest.raises(IllTyped, match="declared N x 1 and defined as M x 1"):
        typed_alone(s.Name("g"), context)


def test_a_definition_by_entries_gives_the_whole_array_and_its_entry_is_a_number():
    assert shape("p", definitions={"p_i": r"\sum_j X_{ij} w_j"}) == "N x 1"
    assert "an entry is a number" in refused("p", definitions={"p_i": "X[i, :]"})


def test_a_definition_leaves_no_index_open():
    assert shape("E", definitions={"E": r"\sum_i y_i"}) == "a number"
    assert "leaves the index i open" in refused("E", definitions={"E": "y_i t"})


# ------------------------------------------------------------------ sums, products, powers


def test_equal_shapes_are_added_and_a_number_to_a_matrix_is_not():
    assert shape("A + B") == "M x M"
    assert "times a matrix of ones" in refused("A + t")
    assert "needs a transpose" in refused("X + Z")
    assert r"write \mathbf 1_N times it" in refused("X + row")


def test_zero_and_the_identity_take_the_shape_of_the_term_beside_them():
    assert shape("X + 0") == "N x M" and shape("A - eye") == "M x M"
    assert "The identity is square" in refused("X + eye")


def test_the_identity_takes_its_size_in_a_product_from_its_neighbours_or_from_the_other_side():
    assert meant("X@eye").right.shape == meant("eye@Z").left.shape == (c.size("M"), c.size("M"))
    assert isinstance(equation(r"A = t\, \mathbf{I}").right.arg, c.Eye)
    assert "The identity is square" in not_equated(r"X = t\, \mathbf{I}")
    assert "The identity is square" in not_equated(r"X = I_{N \times M}")


def test_inner_sizes_of_a_product_agree():
    assert shape("X@W") == "N x D"
    assert "with the first factor transposed it would" in refused("X@y")
    assert "with the second factor transposed it would" in refused("W@Y")
    assert "in the other order it would" in refused("W@X")


def test_a_number_times_a_matrix_scales_it_wherever_the_number_stands():
    assert shape("t*X") == shape("X*t") == shape("t X") == "N x M"


def test_a_written_dot_between_columns_is_their_inner_product_and_nothing_between_them_is_none():
    assert shape(r"w \cdot v") == "a number"
    assert "does not exist" in refused("w v")


def test_in_code_a_column_declared_with_one_size_is_a_vector_and_one_declared_n_x_1_is_a_matrix():
    assert shape("y @ y") == shape("(X@w - y) @ (X@w - y)") == "a number"
    context = Context(shapes={"X": ("N", "M"), "w": ("M", 1), "y": ("N", 1)})
    for text in ("y @ y", "(X@w - y) @ (X@w - y)", "dot(2*y, y)"):
        assert "N x 1 times N x 1; with the first factor transposed it would" in typed_refusal(text, context)
    for text in ("y.T @ y", r"y \cdot y"):
        assert typed_alone(read_expression(text, context), context).shape == c.SCALAR


def test_the_star_and_the_circle_multiply_entries_of_equal_shapes():
    assert shape("A*B.T") == shape(r"A \odot B") == "M x M"
    assert "for the matrix product write @" in refused("(X*w).T")
    assert "Is this star" in refused(r"\lambda A*B", Unreadable, definitions={r"\lambda": "2"})
    assert shape("X*w") == "N x 1"
    assert "needs equal shapes" in refused(r"X \odot w")


def test_the_kronecker_product_multiplies_sizes_and_its_identity_needs_one():
    assert shape("kron(X, W)") == "M N x D M"
    assert "I needs its size" in refused("kron(eye, W)")


def test_you_divide_by_a_number_alone():
    assert shape("X/t") == "N x M"
    assert "write an inverse" in refused("w/A")


def test_a_power_is_of_a_number_or_a_square_matrix_and_a_written_one():
    assert shape("A^3") == "M x M" and shape("t^{-2}") == "a number"
    assert isinstance(meant("A^{-2}").left, c.Inverse) and isinstance(meant("A^2").left, c.Var)
    assert "A power needs a number or a square matrix" in refused("X^2")
    assert "this exponent is none" in refused("t^u", Unreadable)
    assert "this exponent is none" in refused("t^{u/2}", Unreadable)
    assert "up to 12" in refused("A^{13}", Unreadable)


def test_the_square_of_a_column_is_its_norm_only_where_the_text_says_so():
    assert shape("w^2", square_is_norm=True) == "a number"
    assert "for the sum of squares write" in refused("w^2")


def test_half_powers_are_roots_and_other_fractions_are_not_read():
    assert meant("t^{1/2}").fn == "sqrt"
    assert "Whole and half powers" in refused("t^{1/3}", Unreadable)


def test_a_transpose_turns_the_shape_and_an_inverse_wants_a_square():
    assert shape("X.T") == "M x N" and shape("inv(A)") == "M x M"
    assert "Only a square matrix has an inverse" in refused("inv(X)")


# ------------------------------------------------------------------ arrays that are written out


def test_ones_fit_the_product_they_stand_in_and_alone_they_are_asked_for():
    assert shape(r"X^T \mathbf 1") == "M x 1" and shape(r"\mathbf 1^T X") == "1 x M"
    assert equation(r"X = \mathbf 1 row").right.left.shape == (c.size("N"), c.D1)
    assert equation(r"X = y \mathbf 1^T").right.right.shape == (c.D1, c.size("M"))
    assert equation(r"X = \mathbf 1").notes == ("1 stands for the matrix of ones",)
    assert equation(r"y = \mathbf 1").notes == ()
    assert equation(r"\mathbf 1_N \mathbf 1^T = \mathbf 1_N \mathbf 1_N^T").left.shape == (c.size("N"), c.size("N"))
    assert "How many ones" in refused(r"\mathbf 1", Unsized)
    assert "is not a declared size" in refused(r"\mathbf 1_Q")


def test_the_identity_alone_is_asked_for_its_size_and_with_one_it_is_square():
    assert shape("eye(M)") == "M x M"
    assert "What size has this I" in refused("eye", Unsized)
    assert shape("A + 2 I") == shape("2 I A") == "M x M"
    assert "What size has this 0" in refused("zeros", Unsized)


def test_the_cells_of_a_block_matrix_fit_their_row_and_column():
    assert shape("block([[A, w], [w.T, t]])") == "M + 1 x M + 1"
    assert shape("block([[A, 0], [0, t]])") == "M + 1 x M + 1"
    assert shape("block([[0, A], [eye, X]])") == "M + N x M + N"
    assert "leave room for" in refused("block([[A, w], [w, t]])")
    assert "different numbers of cells" in refused("block([[A, w], [t]])")


def test_a_matrix_given_by_its_last_entry_is_of_declared_size():
    dotted = r"\begin{bmatrix} y_1 \\ \vdots \\ y_%s \end{bmatrix}"
    assert shape(dotted % "N") == "N x 1"
    assert refused(dotted % "Q", Problem)


def test_a_brace_that_says_a_shape_is_believed_only_where_it_is_right():
    assert shape(r"\underbrace{X w}_{N \times 1}") == "N x 1"
    assert "The brace says M x 1" in refused(r"\underbrace{X w}_{M \times 1}")


# ------------------------------------------------------------------ entries, sums, deltas


def test_an_entry_of_a_vector_has_one_index_and_one_of_a_matrix_two():
    assert shape("y_i") == shape("X_{ij}") == "a number"
    assert "two indices, and here are 3" in refused("X[i, j, k]")


def test_two_indices_on_the_small_letter_of_a_matrix_mean_its_entry():
    assert meant(r"2 y_{ij}").arg.arg.name == "Y"
    assert meant(r"2 a_{ij}").arg.arg.name == "A"
    both = Context(shapes={"a": ("M", "M"), "A": ("N", "N")})
    assert typed_alone(read_expression(r"2 a_{ij}", both), both).arg.arg.name == "a"


def test_one_index_has_one_range():
    assert shape(r"\sum_i y_i (X w)_i") == "a number"
    assert "The index i runs over N here and over M there" in refused(r"\sum_i y_i w_i")


def test_one_index_on_a_matrix_picks_a_row_as_a_column_or_where_told_as_a_row():
    assert shape(r"2\,x_i") == "M x 1"
    claim = equation("x_i w = X_{ij} w_j", einstein=True, rows=True)
    assert claim.left.shape == c.SCALAR
    assert "does not exist" in not_equated("x_i w = X_{ij} w_j", einstein=True)


def test_entries_are_counted_from_1_in_formulas_and_from_0_in_code():
    assert meant("y_1").i.place == meant("y[0]").i.place == 0
    assert "There is no entry 0" in refused("y_0")
    assert "There is no entry 2" in typed_refusal("y[2]", Context(shapes={"y": (2,)}))


def typed_refusal(text, context):
    with pytest.raises(IllTyped) as found:
        typed_alone(read_expression(text, context), context)
    return found.value.message


def test_the_last_entry_is_named_by_the_size_and_by_no_other_expression():
    longer = {"shapes": {"b": ("M+1",)}}
    last = typed_alone(read_expression("b_{M+1}", Context(**longer)), Context(**longer))
    assert last.i == c.IConst(-1, c.size("M") + c.D1)
    assert "Indices are letters or numbers" in refused("y_{M+1}", Unreadable)


def test_colons_pick_rows_and_columns():
    assert shape("X[:, j]") == "N x 1" and shape("X[i, :]") == "1 x M"


def test_a_sum_binds_its_letter_which_must_not_be_free_as_well():
    assert not equation(r"\sum_i y_i = \sum_j y_j").free
    assert "is summed over and is free as well" in not_equated(r"y_i = \sum_i y_i")


def test_a_sum_without_a_range_gets_it_from_a_slot_and_without_either_it_is_asked_for():
    assert shape(r"\sum_{i=1}^N t") == "a number"
    assert "it has no range" in refused(r"\sum_i t")


@pytest.mark.parametrize("summed", ["y_i", "x_i", "x_i x_i^T"])
def test_a_sum_over_a_part_of_a_range_keeps_its_ends_whether_numbers_or_arrays_are_summed(summed):
    part = meant(rf"\sum_{{i=2}}^N {summed}")
    assert part.lo.value == 2 and isinstance(part.hi, c.SizeOf)
    whole = meant(rf"\sum_{{i=1}}^N {summed}")
    assert whole.lo is whole.hi is None
    said = rf"\sum_{{i=2}}^N {summed} = \sum_{{i=1}}^N {summed}"
    assert derivation(said, CONTEXT, repairs=False).steps[0].verdict.value == "REFUTED"


def test_an_index_is_a_number_that_is_counted_from_where_its_sum_starts():
    assert meant(r"\sum_{i=1}^N i").body.first == 1 and meant(r"\sum_{i=0}^{N-1} i").body.first == 0


def test_sums_over_one_array_start_at_one_place():
    assert shape(r"\sum_{i=1}^{N} y_i + \sum_{j=1}^{N} y_j^2") == "a number"
    assert "are counted from 1 elsewhere" in refused(r"\sum_{i=1}^{N} y_i + \sum_{j=0}^{N-1} y_j^2")


def test_a_delta_compares_indices_of_one_range():
    assert equation(r"\delta_{ij} w_j = w_i", einstein=True).free[0].dim == c.size("M")
    assert "The index i runs over N here and over M there" in refused(r"\sum_{i=1}^N \sum_{j=1}^M \delta_{ij}")


def test_an_index_that_stands_in_no_slot_has_no_range():
    assert "does not follow from where it stands" in not_equated(r"\delta_{ij} = \delta_{ji}")


# ------------------------------------------------------------------ functions


def test_traces_and_determinants_are_of_square_matrices():
    assert shape("tr(A)") == shape("det(A)") == shape("logdet(A)") == "a number"
    assert "has a trace" in refused("tr(X)") and "has a determinant" in refused("det(X)")


def test_bars_are_an_absolute_value_a_determinant_or_a_norm():
    assert meant("bars(t)").fn == "abs" and isinstance(meant("bars(A)"), c.Det) and meant("bars(w)").fn == "sqrt"


def test_the_norm_of_a_matrix_is_frobenius_s_and_with_a_2_below_it_is_not_decided():
    assert equation(r"\|A\|^2 = \|A\|_F^2").notes == ("the norm of a matrix is Frobenius's",)
    assert equation(r"\|w\|^2 = w^T w").notes == ()
    assert "largest singular" in refused(r"\|A\|_2^2", Unreadable)
    assert "largest sum of a column" in refused(r"\|A\|_1", Unreadable)


def test_vec_stacks_and_diag_turns_a_vector_into_a_matrix_and_back():
    assert meant("vec(X)").shape[0].made_of == ("pair", c.size("M"), c.size("N"))
    assert meant("rvec(X)").shape[0].made_of == ("pair", c.size("N"), c.size("M"))
    assert shape("diag(w)") == "M x M" and shape("diag(A)") == "M x 1"
    assert "diag takes a vector or a square matrix" in refused("diag(X)")


def test_functions_of_a_number_work_entry_by_entry():
    for name in ("exp", "log", "sqrt", "abs", "sigmoid", "tanh"):
        assert shape(f"{name}(X)") == "N x M"


def test_an_inner_product_needs_equal_shapes_and_a_colon_no_numbers():
    assert shape("inner(A, B)") == shape("A : B") == shape("mean(X)") == shape("sum(X)") == "a number"
    assert "needs equal shapes" in refused("inner(X, A)")
    assert "a ratio" in refused("t : u", Unreadable)


def test_a_function_that_the_text_defines_takes_as_many_arguments_as_it_has_and_of_their_shape():
    given = {"definitions": {"f(w)": "norm2(X@w - y)"}}
    assert shape("f(2*v)", **given) == "a number"
    assert "here it has 2 arguments" in refused("f(v, w)", **given)
    assert "and it stands for w, which is M x 1" in refused("f(y)", **given)
    assert "is not defined" in refused("g(y)", Undeclared)
    assert shape(r"h(X_i)", definitions={"h(X)": r"w^\top X"}) == "a number"  # of one sample, beside the table of all


def test_a_name_with_an_index_is_defined_beside_its_letter_and_not_for_it():
    context = Context(shapes=SHAPES, definitions={"L": "norm2(v)", "L_2": "norm2(w)"})
    assert [s.names(context.lookup(one).definition) for one in ("L", "L_2")] == [{"v"}, {"w"}]


def test_an_argument_without_a_parameter_of_its_name_replaces_the_variable_that_it_resembles():
    given = {"definitions": {"L": "norm2(X@w - y)"}}
    context = Context(shapes={**SHAPES, "w_0": ("M",)}, **given)
    assert typed_alone(s.At(s.Name("L"), (s.Name("w_0"),)), context).values[0][0] == "w"
    assert isinstance(meant("L(w)", **given), c.Defined)
    assert "does not follow" in refused("L(t)", Unreadable, **given)


# ------------------------------------------------------------------ derivatives


def test_a_gradient_has_the_shape_of_its_variable_and_is_taken_of_a_number():
    assert shape("grad(norm2(Y - X@W), W)") == "M x D"
    assert "for an array write jac" in refused("grad(X@w, w)")


def test_in_the_mixed_layout_a_gradient_is_a_column_with_nabla_and_else_a_row():
    context = Context(shapes=SHAPES)
    context.layout = "mixed"
    written = (r"\nabla_w w^\top v", r"\frac{\partial}{\partial w} w^\top v")
    assert [str(typed_alone(read_expression(one, context), context).shape[0]) for one in written] == ["M", "1"]


def test_a_jacobian_has_a_row_for_each_output_and_in_the_other_layout_a_column():
    assert (
        shape("jac(X@w, w)") == shape("jac((X@w).T, w)") == "N x M"
        and shape("jac(X@w, w)", layout="denominator") == "M x N"
    )
    assert shape("deriv(t, w)") == "M x 1" and shape("deriv(t, w)", layout="jacobian") == "1 x M"
    assert shape("deriv(t, w.T)") == "1 x M" and shape("deriv(X@w, w.T)") == "N x M"


def test_a_matrix_by_a_matrix_is_no_matrix_but_vec_by_vec_is():
    assert shape("jac(vec(X@W), vec(W))") == "D N x D M" and shape("jac(t, vec(W))") == "D M x 1"
    assert meant("jac(t, vec(W))").shape[0].made_of == ("pair", c.size("D"), c.size("M"))
    slower = {text: [one.name for one in meant(text).i] for text in ("jac(t, vec(W))", "jac(t, rvec(W))")}
    assert slower == {"jac(t, vec(W))": ["q", "p"], "jac(t, rvec(W))": ["p", "q"]}
    assert meant("jac(t, vec(w))").i.name == "p"
    assert meant("jac(t, vec(W.T))").shape[0].made_of == ("pair", c.size("M"), c.size("D"))
    assert "has 4 indices" in refused("jac(X@W, W)")
    assert "write vec of the matrix above as well" in refused("jac(X@W, vec(W))")


def test_an_array_by_a_number_has_the_shape_of_the_array():
    assert shape("deriv(t*X, t)") == "N x M"


def test_a_derivative_is_by_a_symbol_or_an_entry_and_by_nothing_else():
    assert shape(r"\frac{\partial \|X w\|^2}{\partial w_j}") == "a number"
    assert "with respect to a symbol or an entry" in refused("deriv(t, w + v)", Unreadable)
    assert "with respect to a symbol or an entry" in refused("deriv(t, pi)", Unreadable)
    assert "with respect to a symbol or an entry" in refused(r"\frac{\partial (X A)}{\partial X_i}", Unreadable)


def test_a_hessian_is_the_derivative_by_a_column_and_then_by_its_transpose():
    assert shape("hess(norm2(X@w), w)") == "M x M"


def test_four_indices_belong_to_a_derivative():
    assert equation(r"\left(\frac{\partial A}{\partial B}\right)_{ijkl} = 0").left.shape == c.SCALAR
    assert "Four indices belong" in refused("A[i, j, k, l]")


def test_a_prime_transposes_a_matrix_and_derives_a_function_of_one_number():
    assert shape("X'") == "M x N"
    assert isinstance(meant("f'(t)", definitions={"f(t)": "t^2"}), c.Partial)
    assert "by which variable does not follow" in refused("t'", Unreadable)
    cube = Context(shapes=SHAPES, definitions={"f(t)": "t^3"})
    for true, false in (("f'(2u) = 12u^2", "f'(2u) = 12u"), ("f''(2u) = 12u", "f''(2u) = 12u^2")):
        assert derivation(true, cube).ok and not derivation(false, cube).ok


def test_a_differential_has_the_shape_of_what_it_is_taken_of():
    assert shape("d(X@w)") == "N x 1"


# ------------------------------------------------------------------ the two sides together


def test_both_sides_have_one_shape_and_the_message_says_what_is_amiss():
    assert equation("X@w = X@w").right.shape == (c.size("N"), c.D1)
    assert "one side needs a transpose" in not_equated("w = w.T")
    assert "depends on the layout" in not_equated("jac(X@w, w) = X.T")
    assert "must have the same shape" in not_equated("X@w = w")


def test_zero_takes_the_shape_of_the_other_side_or_of_the_hint():
    assert isinstance(equation("w = 0").right, c.Zeros) and isinstance(equation("0 = w").left, c.Zeros)
    assert equation("0 = 0", hint=(c.size("N"), c.D1)).left.shape == (c.size("N"), c.D1)


def test_an_index_is_free_on_both_sides_or_on_one_where_that_is_allowed():
    assert [one.name for one in equation(r"(Xw)_i = X_{ij} w_j", einstein=True).free] == ["i"]
    assert "The index i is free on the left side alone" in not_equated("y_i = t", OneSided)
    assert equation("y_i = t", one_sided=True).free[0].name == "i"
    assert equation("y_i = 0").free[0].name == "i"


def test_what_was_taken_to_be_meant_stands_beside_the_verdict():
    step = derivation(r"x_i w = (Xw)_i", CONTEXT).steps[0]
    assert step.verdict.holds and "x_i is read as a row" in step.assumes


@pytest.mark.parametrize(
    ("written", "means"),
    [("n+1", "n + 1"), ("1+n", "n + 1"), ("n-1", "n - 1"), ("2n", "2 n"), ("2n-1", "2 n - 1"), ("N D", "ND")],
)
def test_a_size_is_declared_as_a_sum_of_products(written, means):
    given = Context(shapes={"v": (written,)})
    assert c.shape_text(typed_alone(read_expression("v", given), given).shape) == f"{means} x 1"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("N x M x K", "at most two sizes"),
        (("N", "M", "K"), "at most two sizes"),
        ("N/2", "'N/2' is no size"),
        ("N^2", "is no size"),
        ("N ? M", "is no size"),
        ("N x", "'' is no size"),
        ("N x M+", "is no size"),
        (("N", ""), "is no size"),
        ("0", "at least 1"),
        ("N x 0", "at least 1"),
    ],
)
def test_what_is_no_shape_is_refused_and_not_read_in_part(written, said):
    with pytest.raises(ValueError, match=said):
        Context(shapes={"X": written})


def test_a_shape_may_stand_in_brackets():
    given = Context(shapes={"X": "(N, M)", "y": "(N,)"})
    assert c.shape_text(typed_alone(read_expression("X^T y", given), given).shape) == "M x 1"


def test_a_layout_that_is_none_is_refused():
    with pytest.raises(ValueError, match="The layout is one of"):
        Context(layout="sideways")


@pytest.mark.parametrize(
    ("product", "advice"),
    [
        ("Y Y", "with the first factor transposed it would."),
        ("X W'", "with the second factor transposed it would."),
        ("W X", "in the other order it would."),
    ],
)
def test_a_product_that_does_not_exist_says_what_would(product, advice):
    with pytest.raises(IllTyped, match=f"; {advice}$"):
        meant(product)


def test_the_same_row_in_every_row_is_advised_for_a_row_of_the_same_length_alone():
    ones = "for the same row in every row write"
    with pytest.raises(IllTyped, match=ones):
        meant("X + row")
    for other in ("W + v", "Y + row"):
        with pytest.raises(IllTyped) as found:
            meant(other)
        assert ones not in found.value.message


def test_a_sum_of_columns_with_two_axes_has_two_axes():
    for rows, dot in ((("N", 1), False), (("N",), True)):
        given = Context(shapes={"y": rows})
        for text in ("y @ y = y.T @ y", "(y + y) @ y = 2*y.T @ y", "(-y) @ (y - 3*y) = 2*y.T @ y"):
            (step,) = derivation(text, given).steps
            assert step.verdict.value == ("PROVED" if dot else "ILL_TYPED"), text


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (r"\sum_{i=1}^n A_{i1} = \sum_{i=1}^n (A^\top)_{1i}", "PROVED"),
        (r"\sum_{i=1}^n A_{i1} = \sum_{i=0}^{n-1} (A^\top)_{1i}", "ILL_TYPED"),
        (r"\sum_{i=0}^{n-1} A_{1i} = \sum_{i=0}^{n-1} (A^\top)_{i1}", "PROVED"),
        (r"\sum_{i=1}^n A_{1i} = \sum_{i=0}^{n-1} (A^\top)_{i1}", "ILL_TYPED"),
        (r"\sum_{i=1}^{n-1} x_i = \sum_{i=1}^n x_i - x_n", "CHECKED"),
        (r"\sum_{i=1}^{n-1} x_i = \sum_{i=1}^n x_i", "REFUTED"),
        (r"\sum_{i=1}^{n+1} x_i = \sum_{j=1}^{n+1} x_j", "ILL_TYPED"),
        (r"\sum_{i=1}^{n-1} a = (n - 1) a", "PROVED"),
        (r"\sum_{i=1}^{n-1} a = n a", "REFUTED"),
    ],
)
def test_a_sum_runs_over_the_entries_that_its_ends_say(text, verdict):
    context = Context(shapes={"A": ("n", "n"), "x": ("n",), "a": ()})
    assert [step.verdict.value for step in derivation(text, context, repairs=False).steps] == [verdict]
