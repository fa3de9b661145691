# ruff: noqa: E501  (a derivation a line)
"""Why a step holds: named rules that lead from side to side, each line proved; and derivations written by the book."""

import json
from dataclasses import replace

import pytest

from benchmarks.central_differences import agrees
from benchmarks.reasons import CONTEXT, TASKS
from benchmarks.replays import judged
from lrcore.notes.command import main
from lrcore.verify import (
    Context,
    NotDerived,
    Options,
    closed_form,
    derivation,
    derive,
    examine,
    explain,
    explained,
    fill,
    hints,
    meant,
)
from lrcore.verify.why.catalogue import RULES
from lrcore.verify.why.explain import FALLBACK
from lrcore.verify.why.gap import hints_after
from lrcore.verify.why.replay import replayed

SHAPES = {
    "X": ("N", "M"), "w": ("M",), "y": ("N",), "W": ("M", "D"), "Y": ("N", "D"), "S": ("M", "M"), "A": ("M", "M"),
    "B": ("M", "M"), "G": ("N", "N"), "b": ("M",), "u": ("N",), "lambda": (), "t": (),
}  # fmt: skip
GIVEN = {"shapes": SHAPES, "symmetric": ["S"], "definitions": {"r": "X w - y"}}


def found(text):
    return examine(text, Context(**GIVEN), Options(repairs=0, certify=False))


def why(text):
    (one,) = explained(found(text)).values()
    return one


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (r"(A B)^\top = B^\top A^\top", ["transpose of a product"]),
        (r"(A + B)^\top = A^\top + B^\top", ["transpose of a sum"]),
        (r"\operatorname{tr}(A B S) = \operatorname{tr}(S A B)", ["cyclic trace"]),
        (r"\|X w\|^2 = (X w)^\top X w", ["squared norm as a product"]),
        (r"\|W\|_F^2 = \operatorname{tr}(W^\top W)", ["Frobenius norm as a trace"]),
        (r"A^{-1} A w = w", ["inverse cancels"]),
        (r"S^\top w = S w", ["symmetric matrix"]),
        (r"\nabla_w (b^\top w) = b", ["derivative of a linear form"]),
        (r"\nabla_w (w^\top A w) = (A + A^\top) w", ["derivative of a quadratic form", "factoring out"]),
        (r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)", ["chain rule", "derivative of an affine map"]),
        (r"\frac{d}{dt} t^3 = 3 t^2", ["power rule"]),
        (r"(X w)_i = \sum_{k=1}^M X_{ik} w_k", ["product written as a sum"]),
        (r"X w - y = r", ["definition folded"]),
    ],
)
def test_a_step_names_its_rules(text, rules):
    assert list(why(text).rules) == rules
    assert why(text).size == len(rules) == len(why(text).lines)


@pytest.mark.parametrize(
    "text",
    [
        r"A + B = B + A", r"u^\top y = y^\top u", r"(w^\top b)^\top = w^\top b", r"w + w = 2 w", r"A (\lambda B) = \lambda A B",
        r"\sum_{i=1}^N u_i y_i = \sum_{k=1}^N y_k u_k", r"(A B) S = A (B S)",
    ],
)  # fmt: skip
def test_the_free_moves_have_no_size(text):
    assert (why(text).size, why(text).rules) == (0, ())


SPELLINGS = [
    (r"\nabla_w (b^\top w) = b", r"\nabla_w (w^\top b) = b"),
    (r"\|X w - y\|^2 = w^\top X^\top X w - 2 y^\top X w + y^\top y", r"\|X w - y\|^2 = w^\top X^\top X w - 2 w^\top X^\top y + y^\top y"),
    (r"\|X w - y\|^2 = w^\top X^\top X w - 2 y^\top X w + y^\top y",
     r"\|X w - y\|^2 = w^\top X^\top X w - y^\top X w - w^\top X^\top y + y^\top y"),
    (r"\nabla_w (w^\top S w) = 2 S w", r"\nabla_w (w^\top S w) = S w \cdot 2"),
    (r"\nabla_w (w^\top S w) = 2 S w", r"\nabla_w (w^\top S w) = (S + S^\top) w"),
    (r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)", r"\nabla_w \|y - X w\|^2 = -2 X^\top (y - X w)"),
    (r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)", r"\nabla_w (X w - y)^\top (X w - y) = 2 X^\top (X w - y)"),
    (r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)", r"\nabla_w \|X w - y\|^2 = 2 X^\top X w - 2 X^\top y"),
    (r"\|X w - y\|^2 = w^\top X^\top X w - 2 y^\top X w + y^\top y",
     r"(X w - y)^\top (X w - y) = w^\top X^\top X w - 2 w^\top X^\top y + y^\top y"),
    (r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", r"\operatorname{tr}(B^\top A^\top) = \operatorname{tr}(A B)"),
    (r"\frac{\partial}{\partial w_k} (b^\top w) = b_k", r"\frac{\partial}{\partial w_k} \sum_{i=1}^M b_i w_i = b_k"),
    (r"\|W\|_F^2 = \operatorname{tr}(W^\top W)", r"\|W\|_F^2 = \operatorname{tr}(W W^\top)"),
    (r"\nabla_w (\tfrac12 \|X w - y\|^2) = X^\top (X w - y)", r"\nabla_w \frac{\|X w - y\|^2}{2} = X^\top (X w - y)"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_spellings_of_the_same_cost_the_same_or_one_more(one, other):
    sizes = why(one).size, why(other).size
    assert None not in sizes
    assert abs(sizes[0] - sizes[1]) <= 1


def test_multiplying_out_both_sides_until_they_agree_is_no_reason():
    one = why(r"(A + B) (A + S) - A S = A (A + B) + B (A + S) - A B")
    assert (one.size, one.how) == (None, FALLBACK)
    assert one.lines


def test_what_is_zero_is_explained_too():
    assert why(r"\operatorname{vec}(A)^\top \operatorname{vec}(B - B) = \operatorname{tr}(A^\top (B - B))").how != "?"


def test_a_step_that_is_not_proved_has_no_reason():
    assert explained(found(r"(A B)^\top = A^\top B^\top")) == {}


def test_no_reason_is_invented_for_matrices_that_are_not_square():
    """The inverse of a product is turned round for square factors alone."""
    text = r"X (X^\top X)^{-1} X^\top X (X^\top X)^{-1} X^\top = X (X^\top X)^{-1} X^\top"
    assert why(text).rules == ("inverse cancels",)


REPLAYED = [
    r"\|X w - y\|^2 = w^\top X^\top X w - 2 y^\top X w + y^\top y",
    r"\nabla_w (\|X w - y\|^2 + \lambda \|w\|^2) = 2 X^\top (X w - y) + 2 \lambda w",
    r"\frac{\partial}{\partial w_k} \sum_{i=1}^N (\sum_{m=1}^M X_{im} w_m - y_i)^2 = 2 \sum_{i=1}^N (\sum_{m=1}^M X_{im} w_m - y_i) X_{ik}",
]


@pytest.mark.parametrize("text", REPLAYED)
def test_replaying_the_rules_gives_each_line_and_ends_at_the_step(text):
    """Each line is one rule at one place away from the line before, forward or back, and the prover proves it."""
    checked = found(text)
    (step,) = checked.decided.values()
    one = explain(step, checked.context)
    assert one.size
    assert replayed(one, step, checked.context) == ""
    for line in one.lines:
        report = derivation(f"{text.split(' = ')[0]} = {line.latex}", Context(**GIVEN))
        assert [step.verdict.value for step in report.steps] == ["PROVED"]


@pytest.mark.parametrize("change", ["rule", "line", "end", "place"])
def test_a_replay_notices_a_path_that_is_not_one(change):
    checked = found(REPLAYED[0])
    (step,) = checked.decided.values()
    one = explain(step, checked.context)
    lines = list(one.lines)
    match change:
        case "rule":
            lines[0] = replace(lines[0], rule="transpose of a product")
        case "line":
            del lines[1]
        case "end":
            del lines[-1]
        case "place":
            lines[1] = replace(lines[1], place=(0, 0, 0))
    assert replayed(replace(one, lines=tuple(lines)), step, checked.context)


@pytest.mark.parametrize("change", ["", "sign", "line", "end"])
def test_a_judge_that_shares_nothing_reads_the_lines_and_notices_a_wrong_one(change):
    checked = found(REPLAYED[1])
    (step,) = checked.decided.values()
    one = explain(step, checked.context)
    lines, right = list(one.lines), one.lines[-1].latex
    match change:
        case "sign":
            lines[-1] = replace(lines[-1], latex=(right := "-" + right))
        case "line":
            lines[1] = replace(lines[1], latex=rf"{lines[1].latex} + \lambda w")
        case "end":
            del lines[-1]
    said = judged(replace(one, lines=tuple(lines)), right, GIVEN)
    assert said.startswith("WRONG") if change else said == "right"


DERIVED = [
    (r"\frac1N \|X W - Y\|_F^2", "W", r"\frac{2}{N} X^\top (X W - Y)"),
    (r"\|X w - y\|^2 + \lambda \|w\|^2", "w", r"2 \lambda w + 2 X^\top (X w - y)"),
    (r"w^\top S w - b^\top w", "w", r"2 S w - b"),
    (r"u^\top G y", "G", r"u y^\top"),
    (r"\|X w - y\|^2", "y", r"-2 (X w - y)"),
    (r"\frac1N \sum_{i=1}^N (t + u_i - y_i)^2", "t", r"\frac2N \sum_{i=1}^N (t + u_i - y_i)"),
    (r"\operatorname{tr}(W^\top A W)", "W", r"(A + A^\top) W"),
    (r"\log\det G", "G", r"G^{-\top}"),
    (r"\frac12 \exp(t^2)", "t", r"t \exp(t^2)"),
]


@pytest.mark.parametrize(("loss", "by", "gradient"), DERIVED)
def test_a_gradient_is_derived_with_a_reason_for_each_line(loss, by, gradient):
    one = derive(loss, by, Context(**GIVEN))
    assert all(line.rule for line in one.lines[1:])
    report = derivation(f"{one.result} = {gradient}", Context(**GIVEN))
    assert [step.verdict.value for step in report.steps] == ["PROVED"]


def test_a_derivation_reads_as_one_writes_it():
    context = Context(shapes=SHAPES, definitions={"L": r"\frac1N \|X w - y\|^2"})
    one = derive("L", "w", context)
    assert one.result == r"\frac{2}{N} X^\top (X w - y)"
    assert one.rules == ("definition unfolded", "linearity", "chain rule", "derivative of an affine map")


@pytest.mark.parametrize("style", ["rules", "differential"])
@pytest.mark.parametrize(
    ("loss", "by", "result"),
    [
        (r"-y^\top \log\sigma(X w) - (1 - y)^\top \log(1 - \sigma(X w))", "w", r"X^\top (\sigma\left(X w\right) - y)"),
        (r"w^\top A w", "w", r"(A + A^\top) w"),
        (r"\log\det(X^\top X)", "X", r"2 X (X^\top X)^{-1}"),
        (r"y^\top (V + \lambda I)^{-1} y", "lambda", r"-y^\top (\lambda I_{N} + V)^{-1} (\lambda I_{N} + V)^{-1} y"),
        (r"\sum_{i=1}^N \log\cosh((X w)_i - y_i)", "w", r"X^\top \tanh\left(X w - y\right)"),
        (r"\log\sum_{j=1}^M \exp(w_j) - b^\top w", "w", r"\operatorname{softmax}\left(w\right) - b"),
        (
            r"-b^\top \log\operatorname{softmax}(w)",
            "w",
            r"(b^\top \mathbf{1}_{M}) \operatorname{softmax}\left(w\right) - b",
        ),
        (r"\operatorname{tr}(A^6)", "A", r"6 (A^\top)^{5}"),
        (r"\|X w - y\|_1", "w", r"X^\top \operatorname{sign}\left(X w - y\right)"),
        (r"|t|", "t", r"\operatorname{sign}\left(t\right)"),
        (r"\max(0, t)^2", "t", r"2 \max(0, t) \mathbf{1}[t > 0]"),
    ],
)
def test_a_result_is_as_short_as_one_writes_it(style, loss, by, result):
    assert derive(loss, by, Context(shapes=SHAPES | {"V": ("N", "N")}), style).result == result


def test_a_gradient_is_derived_entry_by_entry():
    one = derive(r"\frac1N \|X w - y\|^2", "w", Context(shapes=SHAPES), style="index")
    assert one.lines[0].latex.startswith(r"\frac{\partial}{\partial w_{k}}")
    assert one.result == r"\frac{2}{N} \sum_{i} \left(\sum_{j} X_{ij} w_{j} - y_{i}\right) X_{ik}"
    assert one.rules[-1] == "delta picks a term"


@pytest.mark.parametrize(
    ("loss", "by", "said"),
    [
        ("w +", "w", "not understood"),
        ("b^T w", "q", "not declared"),
        (r"A \otimes A", "A", "No rule of the catalogue leads on"),
        (r"t^\lambda", "t", "Powers with a number in the exponent are read"),
        (r"\sum_{i=1}^N (y_i - w^\top X_{i,:})^2", "w", "The product does not exist: 1 x M times 1 x M"),
        ("", "w", "not said what is differentiated"),
        ("b^T w", " ", "not said the variable"),
        ("b^T w", "w + b", "a symbol or an entry"),
    ],
)
def test_what_cannot_be_derived_is_said(loss, by, said):
    with pytest.raises(NotDerived, match=said):
        derive(loss, by, Context(**GIVEN))


def test_the_terminal_derives_and_says_what_it_cannot(capsys):
    shapes = ["--shape", "X:NxM", "--shape", "w:M", "--shape", "y:N"]
    assert main(["derive", r"\|X w - y\|^2", "--by", "w", *shapes]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == r"= 2 X^\top (X w - y)    [derivative of an affine map]"
    assert main(["derive", r"\|X w - y\|^2", "--by", "w", "--closed", *shapes]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        r"  w = (X^\top X)^{-1} X^\top y    [multiplying both sides by a matrix]", r"  where X^\top X is invertible"
    ]  # fmt: skip
    assert main(["derive", "w +", "--by", "w", *shapes]) == 2
    assert "not understood" in capsys.readouterr().err


def test_the_terminal_names_the_rules_of_a_derivation(tmp_path, capsys):
    file = tmp_path / "mine.txt"
    file.write_text(r"(A B)^\top = B^\top A^\top", encoding="utf-8")
    assert main([str(file), "--why", "--shape", "A:NxN", "--shape", "B:NxN"]) == 0
    assert "Step 1: transpose of a product" in capsys.readouterr().out


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.name)
def test_each_rule_says_what_it_is(rule):
    assert rule.name and rule.statement and rule.mistake.endswith(".")
    assert not {"simplify", "by algebra", "expand all"} & {rule.name, rule.back}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (r"(A B)^\top = A^\top B^\top", "transpose of a product"),
        (r"\nabla_w (w^\top A w) = (A + A) w", "derivative of a quadratic form"),
        (r"\operatorname{tr}(A B S) = \operatorname{tr}(A S B)", "cyclic trace"),
        (r"\nabla_w \|X w - y\|^2 = X^\top (X w - y)", "chain rule"),
    ],
)
def test_a_wrong_step_names_the_rule_that_was_probably_meant(text, rule):
    checked = examine(text, Context(**GIVEN))
    (step,) = checked.report.steps
    assert step.verdict.value == "REFUTED" and step.mended
    said = meant(checked.decided[0], step.mended, step.mended_side, checked.context)
    assert said.rule == rule
    assert str(said).startswith(f"Probably meant: {rule}. The usual mistake: ")


def test_nothing_is_said_to_be_meant_that_does_not_hold():
    checked = examine(r"(A B)^\top = A^\top B^\top", Context(**GIVEN))
    assert meant(checked.decided[0], r"A^\top B", "right", checked.context) is None


@pytest.mark.parametrize(
    ("loss", "by", "gradient"),
    [
        (r"\frac1N \|X W - Y\|_F^2", "W", r"\frac2N X^\top (X W - Y)"),
        (r"u^\top G^{-1} y", "G", r"-G^{-\top} u y^\top G^{-\top}"),
        (r"w^\top S w - b^\top w", "w", r"2 S w - b"),
        (r"\operatorname{tr}(G^{-1})", "G", r"-(G^{-1} G^{-1})^\top"),
        (r"\frac12 t^4", "t", r"2 t^3"),
    ],
)
def test_a_gradient_is_read_off_a_differential(loss, by, gradient):
    one = derive(loss, by, Context(**GIVEN), style="differential")
    assert one.lines[0].latex.startswith(r"\mathrm{d}")
    assert "reading the gradient off the differential" in one.rules
    report = derivation(f"{one.result} = {gradient}", Context(**GIVEN))
    assert [step.verdict.value for step in report.steps] == ["PROVED"]


FOLLOWS = [
    (r"X^\top (X w - y) = 0 \implies X^\top X w = X^\top y", "moving a term to the other side"),
    (r"X^\top X w = X^\top y \implies w = (X^\top X)^{-1} X^\top y", "multiplying both sides by a matrix"),
    (r"\frac2N X^\top (X w - y) = 0 \implies X^\top X w = X^\top y", "multiplying both sides by a number"),
]


@pytest.mark.parametrize(("text", "rule"), FOLLOWS)
def test_what_follows_from_an_equation_says_what_was_done_to_it(text, rule):
    checked = found(text)
    (why,) = explained(checked).values()
    assert why.rules[0] == "equation that was given" and rule in why.rules
    (number,) = explained(checked)
    assert replayed(why, checked.decided[number], checked.context) == ""


ARRAYS = [
    (r"\begin{bmatrix} A & B \end{bmatrix} \begin{bmatrix} S \\ A \end{bmatrix} = A S + B A", "product of blocks"),
    (r"\operatorname{vec}(X W) = (I_D \otimes X) \operatorname{vec}(W)", "vec of a product"),
    (r"\sum_{i=1}^N x_i x_i^\top = X^\top X", "sum as a matrix product"),
    (r"(A \odot B)^\top = A^\top \odot B^\top", "transpose of an entrywise product"),
    (r"\mathrm{d}(A B) = (\mathrm{d}A) B + A\, \mathrm{d}B", "differential of a product"),
    (r"\operatorname{tr}(I_M) = M", "trace of the identity"),
]


@pytest.mark.parametrize(("text", "rule"), ARRAYS)
def test_rules_of_arrays(text, rule):
    checked = found(text)
    (step,) = checked.decided.values()
    one = explain(step, checked.context)
    assert one.rules == (rule,)
    assert replayed(one, step, checked.context) == ""


def test_the_terminal_names_the_rules_of_a_page_and_in_json(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(
        "| symbol | shape |\n|---|---|\n| $w$ | $M \\times 1$ |\n\n$$\nw^\\top w = \\|w\\|^2\n$$ (norm)\n",
        encoding="utf-8",
    )
    assert main([str(page), "--why"]) == 0
    assert "norm, step 1: squared norm as a product" in capsys.readouterr().out
    assert main([str(page), "--why", "--json"]) == 0
    (step,) = json.loads(capsys.readouterr().out)
    assert (step["label"], step["why"]) == ("norm", ["squared norm as a product"])


def test_a_gap_is_filled_and_hints_grow_stronger():
    context = Context(**GIVEN)
    why = fill(r"\nabla_w \|X w - y\|^2", r"2 X^\top (X w - y)", context)
    assert why.rules == ("chain rule", "derivative of an affine map")
    rule, line = hints(r"\nabla_w \|X w - y\|^2", r"2 X^\top (X w - y)", context)
    assert rule == "The next rule: chain rule."
    assert line == f"The next line: {why.lines[0].latex}."
    _, part, _ = hints(r"\operatorname{tr}((A B)^\top) + t", r"\operatorname{tr}(B^\top A^\top) + t", context)
    assert "(A B)^\\top" in part
    with pytest.raises(NotDerived, match="does not lead to the other"):
        fill("A B", "B A", context)


@pytest.mark.parametrize(
    ("f", "entry"),
    [("X w", r"X_{ik}"), ("A w - b", r"A_{ik}"), (r"(w^\top w) b", r"2 b_i w_k")],
)
def test_a_jacobian_is_derived_entry_by_entry(f, entry):
    one = derive(f, "w", Context(**GIVEN), style="index")
    report = derivation(f"{one.lines[0].latex} = {one.result} = {entry}", Context(**GIVEN))
    assert [step.verdict.value for step in report.steps] == ["PROVED", "PROVED"]


@pytest.mark.parametrize(
    ("loss", "by", "form", "rules", "assumes"),
    [
        (r"\frac1N \|X w - y\|^2", "w", r"(X^\top X)^{-1} X^\top y",
         ["setting the gradient to zero", "definition unfolded", "multiplying both sides by a number", "expansion", "moving a term to the other side",
          "multiplying both sides by a matrix"], (r"X^\top X is invertible",)),
        (r"\|X W - Y\|_F^2", "W", r"(X^\top X)^{-1} X^\top Y", None, (r"X^\top X is invertible",)),
        (r"\|X w - y\|^2 + \lambda \|w\|^2", "w", r"(X^\top X + \lambda I_M)^{-1} X^\top y", None,
         (r"\lambda I_{M} + X^\top X is invertible",)),
        (r"w^\top S w - b^\top w", "w", r"\frac12 S^{-1} b", None, ("S is invertible",)),
        (r"\sum_{i=1}^N (u_i - t)^2", "t", r"\frac1N \sum_{i=1}^N u_i", None, ()),
    ],
)  # fmt: skip
def test_a_gradient_is_set_to_zero_and_solved_with_its_condition(loss, by, form, rules, assumes):
    one = closed_form(loss, by, Context(**GIVEN))
    assert one.assumes == assumes
    assert rules is None or list(one.rules[-len(rules) :]) == rules
    for claim, verdict in ((form, "PROVED"), (f"2 {form}", "REFUTED")):
        report = derivation(f"{one.result} = {claim}", Context(**GIVEN))
        assert [step.verdict.value for step in report.steps] == [verdict]


@pytest.mark.parametrize(
    ("loss", "by", "said"),
    [
        (r"b^\top w", "w", "does not depend on w"),
        (r"\exp(b^\top w)", "w", "not solved for w"),
        (r"\|A W - A W S^{-1}\|_F^2", "W", "not solved|not derived|No rule"),
        (r"\|X w - y\|^2", "w_k", "whole symbol"),
    ],
)
def test_what_is_not_solved_is_said(loss, by, said):
    shapes = {**SHAPES, "W": ("M", "M")}
    with pytest.raises(NotDerived, match=said):
        closed_form(loss, by, Context(shapes=shapes, symmetric=["S"]))


FUNCTIONS = {"X": ("N", "M"), "w": ("M",), "y": ("N",), "z": ("N",), "K": ("M", "P"), "v": ("P",), "G": ("N", "N")}


@pytest.mark.parametrize(
    ("f", "by", "derivative"),
    [
        (r"\log\sum_{i=1}^N \exp(z_i) - y^\top z", "z", r"\frac{1}{\mathbf{1}_N^\top \exp(z)} \exp(z) - y"),
        (r"\|\sigma(X K) v - y\|^2", "K",
         r"2 X^\top (((\sigma(X K) v - y) v^\top) \odot \sigma(X K) \odot (\mathbf{1}_N \mathbf{1}_P^\top - \sigma(X K)))"),
        (r"\exp(X w)", "w", r"\operatorname{diag}(\exp(X w)) X"),
        (r"(w^\top w) X w", "w", r"2 X w w^\top + (w^\top w) X"),
        (r"y^\top G^{-1} z", "G", r"-G^{-\top} y z^\top G^{-\top}"),
    ],
)  # fmt: skip
def test_a_derivative_is_read_off_where_functions_of_entries_stand_between(f, by, derivative):
    context = Context(shapes=FUNCTIONS)
    one = derive(f, by, context, style="differential")
    for claim, verdict in ((derivative, "PROVED"), (f"2 ({derivative})", "REFUTED")):
        report = derivation(f"{one.result} = {claim}", context)
        assert [step.verdict.value for step in report.steps] == [verdict]


@pytest.mark.parametrize("loss", [r"\det G", r"\log\det(G)", r"y^\top G^{-1} z", r"\|G\|_F"])
def test_what_matrices_alone_tell_is_derived_by_entries_too(loss):
    one = derive(loss, "G", Context(shapes=FUNCTIONS), style="index")
    context = Context(shapes=FUNCTIONS)
    whole = derive(loss, "G", context, style="differential").result
    report = derivation(f"{one.result} = \\left[{whole}\\right]_{{kl}}", context)
    assert [step.verdict.value for step in report.steps] == ["PROVED"]


@pytest.mark.parametrize("style", ["rules", "index", "differential"])
@pytest.mark.parametrize("task", TASKS[::32], ids=lambda task: task[0])
def test_what_is_derived_has_the_values_of_central_differences(task, style):
    loss, by = task
    one = derive(loss, by, CONTEXT, style)
    assert agrees(loss, by if style != "index" or by in "tc" else f"{by}_k", one.result, CONTEXT)
    assert not agrees(loss, by if style != "index" or by in "tc" else f"{by}_k", f"2 ({one.result})", CONTEXT)


@pytest.mark.parametrize(
    ("given", "text", "rule"),
    [
        ({"shapes": {"X": ("n", "d"), "w": ("d",), "y": ("n",)}}, r"\frac{\partial}{\partial w_k} (X_{ij} w_j - y_i) (X_{il} w_l - y_i) = 2 X_{ik} (X_{ij} w_j - y_i)", "chain rule"),
        ({"shapes": {"A": ("n", "m"), "x": ("m",)}, "layout": "denominator"}, r"\frac{\partial (A x)}{\partial x} = A^\top", "derivative of a linear form"),
        ({"shapes": {"A": ("n", "n"), "x": ("n",)}, "layout": "jacobian"}, r"\frac{\partial (x^\top A x)}{\partial x} = x^\top (A + A^\top)", "transpose of a sum"),
        ({"shapes": {"x": ("n",), "y": ("n",)}}, r"\sum_{i=0}^{n-1} x_i y_i = x^\top y", "sum as a matrix product"),
        ({"shapes": {"X": ("N", "D"), "Z": ("N", "D")}}, r"\frac{\partial}{\partial z_n} \sum_{i=1}^N \|x_i - z_i\|^2 = -2 (x_n - z_n)", "derivative of the variable by itself"),
        ({"shapes": {"X": ("N", "D"), "m": ("D",), "S": ("D", "D")}, "symmetric": ["S"]}, r"\nabla_m \sum_{i=1}^N (x_i - m)^\top S (x_i - m) = -2 S \sum_{i=1}^N (x_i - m)", "factor taken out of a sum"),
        ({"shapes": {"X": ("N", "D"), "y": ("N",), "w": ("D",)}, "definitions": {"h(z)": r"\frac{1}{1 + e^{-z}}"}}, r"\frac{\partial}{\partial w} \sum_{i=1}^N \log(1 + e^{w^\top x_i}) = \sum_{i=1}^N h(w^\top x_i) x_i", "chain rule"),
    ],
)  # fmt: skip
def test_a_step_as_others_write_it_has_its_rules(given, text, rule):
    """Without signs of sums, in other layouts, counted from zero, over rows, with a logistic function of one's own."""
    state = examine(text, Context(**given), Options(repairs=0, certify=False))
    (reason,) = explained(state).values()
    (step,) = state.decided.values()
    assert rule in reason.rules
    assert replayed(reason, step, state.context) == ""
    wrong = replace(reason, lines=(replace(reason.lines[0], rule="transpose of blocks"), *reason.lines[1:]))
    assert "does not give it" in replayed(wrong, step, state.context)


def test_a_gradient_of_two_layers_is_read_off_its_differential():
    text = r"\nabla_B \|\tanh(A B) S\|_F^2 = 2 A^\top ((\tanh(A B) S S) \odot (\mathbf 1_M \mathbf 1_M^\top - \tanh(A B) \odot \tanh(A B)))"
    state = found(text)
    (step,) = state.decided.values()
    reason = explain(step, state.context)
    first, last = (
        reason.rules.index("taking the differential"),
        reason.rules.index("reading the gradient off the differential"),
    )
    assert first == 0 < last
    assert all(one.startswith("differential") or one == "definition unfolded" for one in reason.rules[1:last])
    broken = list(reason.lines)
    broken[last] = replace(broken[last], tree=broken[-1].tree and broken[0].tree)
    assert "does not give it" in replayed(replace(reason, lines=tuple(broken)), step, state.context)


@pytest.mark.parametrize(
    ("line", "rule", "next_line"),
    [
        (r"d \|X w - y\|^2 = 2 (X w - y)^\top d(X w - y)", "differential of a linear expression", ""),
        (r"d \|X w - y\|^2 = 2 (X w - y)^\top X\, dw", "reading the gradient off the differential", r"= 2 X^\top (X w - y)"),
        (r"d \|X W - Y\|_F^2 = 2 \operatorname{tr}((X W - Y)^\top X\, dW)", "reading the gradient off the differential", r"= 2 X^\top (X W - Y)"),
        (r"d \log\det A = \operatorname{tr}(A^{-1} dA)", "reading the gradient off the differential", r"= (A^{-1})^\top"),
    ],
)  # fmt: skip
def test_after_a_differential_a_hint_carries_it_on_or_reads_it_off(line, rule, next_line):
    state = found(line)
    hinted = hints_after(state.decided[0], state.context)
    assert hinted[0] == (f"The next rule: {rule}.", "")
    assert hinted[-1][1].endswith(next_line)


@pytest.mark.parametrize("style", ["rules", "differential"])
@pytest.mark.parametrize(
    ("layout", "loss", "result"),
    [
        ("jacobian", r"w^\top A w", r"w^\top (A + A^\top)"),
        ("denominator", r"w^\top A w", r"(A + A^\top) w"),
        ("denominator", "X w", r"X^\top"),
        ("jacobian", "X w", "X"),
    ],
)
def test_the_result_is_in_the_layout_of_the_reader(style, layout, loss, result):
    assert derive(loss, "w", Context(shapes=SHAPES, layout=layout), style).result == result
