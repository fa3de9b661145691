"""A derivation is judged line by line: what each line is, whether it holds, and what is said where it does not."""

import json

import pytest

from lrcore.verify import Context, Verdict, derivation, implies
from tests.work import at_most

SHAPES = {"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D"), "w": ("M",), "y": ("N",), "b": (1, "D"), "lam": ()}


def context(**more):
    return Context(**{"shapes": SHAPES, "definitions": {"L": r"\frac1N \|XW - Y\|_F^2"}, **more})


def letters(text, ctx=None, **options):
    return [step.verdict.value for step in derivation(text, ctx or context(), **options).steps]


# ---------------------------------------------------------------------- the face


def test_the_example_of_the_documentation_holds_in_both_languages():
    for text in (r"\frac{\partial L}{\partial W} = \frac2N X^\top (XW - Y)", "grad(L, W) = 2/N * X.T @ (X@W - Y)"):
        report = derivation(text, context())
        assert report.steps[0].verdict is Verdict.PROVED
        assert report.first_wrong is None and report.ok


def test_a_lost_factor_is_refuted_with_the_smallest_numbers_and_the_repair():
    step = derivation(r"\nabla_W L = \frac1N X^\top (XW - Y)", context()).steps[0]
    assert step.verdict is Verdict.REFUTED
    assert step.counterexample.sizes == {"N": 1, "M": 1, "D": 1}
    assert step.counterexample.left != step.counterexample.right
    assert "a factor 2 is lost" in step.repair
    assert derivation(rf"\nabla_W L = {step.mended}", context()).ok


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (r"\nabla_W L = -\frac2N X^\top (XW - Y)", "sign"),
        (r"\nabla_W L = \frac2N X (XW - Y)", r"X^\top for X"),
        (r"\nabla_W L = \frac2N (XW - Y) X^\top", "order"),
        (r"\nabla_W L = \frac2D X^\top (XW - Y)", "N for D"),
        (r"L = \frac1N \|XW - Y\|_F", "square"),
        (r"\frac{\partial L}{\partial W_{kj}} = \frac2N \sum_i X_{ki} [XW - Y]_{ij}", r"X_{ik} for X_{ki}"),
        (r"\frac{\partial L}{W} = \frac2N X^\top (XW - Y)", "missing d"),
    ],
)
def test_a_usual_mistake_is_named_and_its_repair_is_proved(wrong, said):
    report = derivation(wrong, context())
    step = report.steps[0]
    assert step.verdict in (Verdict.REFUTED, Verdict.ILL_TYPED)
    assert step.repair is not None and said in step.repair, step.repair
    left, right = (step.mended, step.right) if step.mended_side == "left" else (step.left, step.mended)
    assert derivation(f"{left} = {right}", context()).ok


def test_the_first_wrong_line_is_named_and_errors_do_not_hide_later_ones():
    report = derivation(["L = norm2(X@W - Y)/N", "= tr((X@W - Y).T@(X@W - Y))", "= norm2(X@W - Y)"], context())
    assert [step.verdict.value for step in report.steps] == ["PROVED", "REFUTED", "PROVED"]
    assert report.first_wrong == 1


def test_the_span_of_a_step_is_its_text():
    text = r"\nabla_W L = \frac2N X^\top (XW - Y) = X"
    report = derivation(text, context())
    start, end = report.steps[0].span
    assert text[start:end] == r"\nabla_W L = \frac2N X^\top (XW - Y)"
    assert "^" in report.caret(report.steps[1])


# ---------------------------------------------------------------------- definitions, conditions, implications


def test_a_definition_is_no_claim_and_holds_from_there_on():
    report = derivation([r"r := Xw - y", r"\|r\|^2 = r^\top r", r"\nabla_w \|r\|^2 = 2 X^\top r"], context())
    assert [step.verdict.value for step in report.steps] == ["DEFINITION", "PROVED", "PROVED"]


def test_a_locked_context_refuses_to_be_redefined():
    assert letters("Y := X@W", locked=True) == ["ILL_TYPED"]
    assert letters("L := 0", locked=True) == ["ILL_TYPED"]
    assert letters("r := X@w - y", locked=True) == ["DEFINITION"]


def test_a_symbol_is_not_defined_twice_in_two_ways():
    assert letters(["r := X@w - y", "r := y - X@w"]) == ["DEFINITION", "ILL_TYPED"]


def test_a_definition_may_not_use_itself():
    report = derivation(["p := q + w", "q := p + w"], context())
    assert not report.ok


def test_the_normal_equations_follow_and_the_inverse_is_among_the_assumptions():
    report = implies(r"2X^TXW - 2X^TY = 0 \implies X^TXW = X^TY \implies W = (X^TX)^{-1}X^TY", context())
    assert [step.verdict.value for step in report.steps] == ["CONDITION", "PROVED", "PROVED"]
    assert any("invertible" in one for one in report.steps[2].assumes)


def test_what_does_not_follow_is_refuted_at_a_point_where_the_premise_holds():
    report = implies(r"X^TXw = X^Ty \implies Xw = y", context())
    assert report.steps[1].verdict is Verdict.REFUTED
    assert letters([r"X^\top X w - X^\top y = 0", r"w = -(X^\top X)^{-1} X^\top y"]) == ["CONDITION", "REFUTED"]


def test_the_chain_rule_through_a_name_is_refuted_when_the_weights_enter_elsewhere_too():
    ridge = context(
        definitions={r"\hat y": "X w", "R": r"\|\hat y - y\|^2 + \lambda \|w\|^2", "Q": r"\|\hat y - y\|^2"}
    )
    jacobian = r"\left(\frac{\partial \hat y}{\partial w}\right)^\top"
    rule = r"\frac{\partial %s}{\partial w} = " + jacobian + r" \frac{\partial %s}{\partial \hat y}"
    assert letters(rule % ("Q", "Q"), ridge) == ["PROVED"]
    assert letters(rule % ("R", "R"), ridge) == ["REFUTED"]


def test_an_inequality_is_proved_by_a_sum_of_squares_and_refuted_by_a_point():
    assert letters(r"w^\top X^\top X w = \|Xw\|^2 \ge 0") == ["PROVED", "PROVED"]
    assert letters(r"w^\top w \le 0") == ["REFUTED"]
    assert letters(r"(w^\top w)^2 \ge w^\top w") == ["REFUTED"]


# ---------------------------------------------------------------------- what has no meaning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"L = X + Y", "equal shapes"),
        (r"L = \sum_i \sum_k X_{ki} y_i", "runs over"),
        (r"\frac{\partial L}{\partial W_{kj}} = \sum_{j=1}^D W_{kj}", "free as well"),
        (r"\frac{\partial (XW)}{\partial W} = X", "indices and is no matrix"),
        (r"\operatorname{tr}(X) = 0", "square"),
        (r"X^{-1} X = I_M", "inverse"),
        (r"\|y\|^2 = y^2", "number or a square matrix"),
        (r"\frac{1}{y} = y", "divide by a number"),
        (r"XW + b = Y", "row in every row"),
        (r"\underbrace{X^\top}_{N \times M} y = w", "brace"),
        (r"y_i = y_j", "free on the"),
        (r"X^\top Y = Y^\top X", "transpose"),
    ],
)
def test_what_has_no_meaning_is_ill_typed_with_a_sentence(text, said):
    step = derivation(text, context(), repairs=False).steps[0]
    assert step.verdict is Verdict.ILL_TYPED and said in step.message, step


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"q = q + 1", "q"),
        (r"L = \frac{X}{", "closed"),
        (r"L = (X W", "closed"),
        (r"1/2N \|w\|^2 = 0", "below the line"),
        (r"\log w y = 0", "brackets"),
        (r"\foo X = Y", "not known"),
        (r"X W", "no equation"),
        ("X ++* Y = 2", "not expected"),
        ("sum(2, 3, 4, X) = 1", ""),
        ("__import__('os').system('true') = 1", ""),
        ("(lambda: 1)() = 1", ""),
    ],
)
def test_what_cannot_be_read_says_so_and_evaluates_nothing(text, said):
    step = derivation(text, context(), repairs=False).steps[0]
    assert step.verdict in (Verdict.UNREADABLE, Verdict.ILL_TYPED) and said in step.message, step


def test_no_step_is_shown_as_proved_that_was_only_checked():
    step = derivation(r"\det(A + I_k) = \det(I_k + A^\top)^1", Context(shapes={"A": ("k", "k")})).steps[0]
    assert step.verdict in (Verdict.PROVED, Verdict.CHECKED)
    hard = derivation(r"\det(I_N + X X^\top) = \det(I_M + X^\top X)", context()).steps[0]
    assert (
        hard.verdict is Verdict.CHECKED
        and "no proof" in hard.message
        and not derivation(hard.left + "=" + hard.right, context()).ok
    )


def test_cayley_hamilton_at_size_two_is_no_law():
    small, any_size = (Context(shapes={"A": shape}) for shape in ((2, 2), ("n", "n")))
    text = r"A^2 - \operatorname{tr}(A) A + \frac12(\operatorname{tr}(A)^2 - \operatorname{tr}(A^2)) I = 0"
    assert letters(text, small) == ["PROVED"]
    assert letters(text, any_size) == ["REFUTED"]


def test_a_symmetric_flag_of_one_context_does_not_reach_another():
    text = r"\nabla_x (x^\top A x) = 2 A x"
    shapes = {"A": ("n", "n"), "x": ("n",)}
    assert letters(text, Context(shapes=shapes, symmetric=["A"])) == ["PROVED"]
    assert letters(text, Context(shapes=shapes)) == ["REFUTED"]


def test_repeated_factors_cost_nothing():
    with at_most(50_000):
        report = derivation(r"\operatorname{tr}(A)^8 = \operatorname{tr}(A^\top)^8", Context(shapes={"A": ("n", "n")}))
    assert report.ok


# ---------------------------------------------------------------------- the ways it is shown


def test_a_report_prints_serialises_and_shows_itself_without_the_readers_html():
    report = derivation(r"\nabla_W L = <script>alert(1)</script>", context())
    assert "<script>" not in report._repr_html_()
    data = json.loads(derivation(r"\nabla_W L = X", context()).to_json())
    assert data["steps"][0]["verdict"] == "ILL_TYPED" and data["first_wrong"] == 0
    assert "REFUTED" in str(derivation(r"\|w\|^2 = 2\|w\|^2", context()))


def test_the_layout_decides_which_way_a_derivative_lies():
    text = r"\frac{\partial (Xw)}{\partial w} = X"
    assert letters(text) == ["PROVED"]
    assert letters(text, context(layout="denominator")) == ["ILL_TYPED"]
    assert letters(text.replace("= X", "= X^T"), context(layout="denominator")) == ["PROVED"]
    assert letters(r"\frac{\partial \|w\|^2}{\partial w} = 2 w^\top", context(layout="jacobian")) == ["PROVED"]


def test_a_letter_that_is_used_as_a_number_is_taken_as_one_and_that_is_said():
    step = derivation(r"\nabla_w (\|w\|^2 \eta) = 2 \eta w", Context(shapes={"w": ("M",)})).steps[0]
    assert step.verdict is Verdict.PROVED and r"\eta is a number" in step.assumes
    assert letters(r"q^\top w = w^\top q", Context(shapes={"w": ("M",)})) == ["UNREADABLE"]


def test_the_name_of_a_function_is_not_mended():
    report = derivation(r"f(w) := \|w\|^2 \\ f(y) = 2 \|y\|^2", Context(shapes={"w": ("M",), "y": ("M",)}))
    assert [step.verdict.value for step in report.steps] == ["DEFINITION", "REFUTED"]


def test_an_equation_that_holds_at_a_point_is_not_used_below_a_derivative():
    declared = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)})
    false = derivation(r"X^TXw = X^Ty \Rightarrow \nabla_w (w^TX^TXw) = X^Ty", declared).steps[1]
    right = derivation(r"X^TXw = X^Ty \Rightarrow \nabla_w (w^TX^TXw) = 2X^Ty", declared).steps[1]
    varied = derivation(r"X^TXw = X^Ty \Rightarrow d(w^TX^TXw) = dw^TX^Ty", declared).steps[1]
    assert [one.verdict for one in (false, right, varied)] == [Verdict.REFUTED, Verdict.STATIONARY, Verdict.REFUTED]


def test_an_inequality_with_roots_and_logarithms_is_tried_at_decimal_points():
    declared = Context(shapes={"w": ("M",), "v": ("M",)})
    report = derivation(r"\|w + v\| \le \|w\| + \|v\| \\ \|w\| + \|v\| \le \|w + v\|", declared)
    assert [step.verdict for step in report.steps] == [Verdict.CHECKED, Verdict.REFUTED]


@pytest.mark.parametrize(
    "line",
    [
        r"\left(X w\right)^\top = w^\top X^\top",
        r"\bigl\lVert X w \bigr\rVert^2 = w^\top X^\top X w",
        r"X w = \left[ X w \right]",
        r"\Big( X \Big) w = X w",
    ],
)
def test_a_step_is_shown_as_it_was_written_with_the_size_of_its_brackets(line):
    step = derivation(line, context()).steps[0]
    assert step.verdict is Verdict.PROVED and f"{step.left} = {step.right}" == line


def test_a_repair_leaves_alone_what_the_step_before_has_proved():
    lines = [r"J = w^\top X^\top X w - 2\, y^\top X w + y^\top y", r"= w^\top X^\top X w - y^\top X w + y^\top y"]
    wrong = derivation(lines, context(definitions={"J": r"(X w - y)^\top (X w - y)"})).steps[1]
    assert wrong.repair == "Right with one change: a factor 2 is lost in one term." and wrong.mended_side == "right"
    assert "2 y" in wrong.mended.replace("\\,", " ")
    alone = derivation(r"\|X w - y\|^2 = w^\top X^\top X w", context()).steps[0]
    assert alone.mended_side == "left"  # of a line that stands alone either side may be mended


def test_an_identity_of_small_matrices_is_not_said_to_hold_for_all_sizes():
    hall = r"(A B - B A)^2 C = C (A B - B A)^2"
    said = {
        size: derivation(hall, Context(shapes=dict.fromkeys("ABC", (size, size)))).steps[0].message for size in (2, "n")
    }
    assert said == {
        2: "Holds at the sizes that are given.",
        "n": "The two sides differ: factors in the wrong order.",
    }
    for shapes in ({"a": ()}, {"a": ("n",)}):
        assert derivation("a + a = 2 a", Context(shapes=shapes)).steps[0].message == "Holds for all sizes."


def test_a_size_that_only_the_definition_names_may_be_the_factor_that_is_lost():
    shapes = {"X": ("N", "M"), "w": ("M",), "y": ("N",), "A": ("B", "C"), "E": ("D", "G"), "P": ("H", "J")}
    context = Context(shapes=shapes, definitions={"L": r"\frac1N \|Xw - y\|^2"})
    (step,) = derivation(r"\nabla_w L = 2 X^\top (Xw - y)", context).steps
    assert step.verdict is Verdict.REFUTED and step.repair == "Right with one change: a factor 1/N is lost."
