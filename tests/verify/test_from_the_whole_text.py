"""What a line needs and the rest of the text says: definitions behind definitions, the range of an index, sentences."""

import itertools

import pytest

from lrcore.verify import Context, derivation

DATA = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)})
MATRICES = Context(shapes={"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D")}, definitions={"R": "X W - Y"})


def verdicts(text, context):
    return [step.verdict.value for step in derivation(text, context).steps]


@pytest.mark.parametrize(
    "order", list(itertools.permutations([r"L = \frac1N r^\top r", r"r = \hat y - y", r"\hat y = Xw"]))
)
def test_definitions_may_stand_in_any_order(order):
    start = r" \\ ".join(order) + r" \\ \nabla_w L = "
    assert verdicts(start + r"\frac2N X^\top r", DATA) == ["DEFINITION"] * 3 + ["PROVED"]
    assert verdicts(start + r"\frac1N X^\top r", DATA)[-1] == "REFUTED"


def test_definitions_in_a_circle_define_nothing():
    assert verdicts(r"L = r^\top r \\ r = 2 u \\ u = 3 r \\ L = 5 u^\top u", DATA)[-1] != "PROVED"


@pytest.mark.parametrize(
    ("end", "verdict"),
    [(r"X_{np} \delta_{dq}", "PROVED"), (r"X_{nq} \delta_{dp}", "REFUTED"), (r"X_{np}", "ILL_TYPED")],
)
def test_an_index_runs_as_in_the_rest_of_its_chain(end, verdict):
    chain = r"\frac{\partial R_{nd}}{\partial W_{pq}} = \sum_m X_{nm} \delta_{mp} \delta_{dq} \\ = "
    assert verdicts(chain + end, MATRICES) == ["PROVED", verdict]


def test_an_index_runs_as_in_the_lines_before():
    lines = r"W_{md} = W_{md} \\ \delta_{ad} \delta_{db} = \delta_{ad} \delta_{ab} \\ "
    assert verdicts(lines + r"\delta_{ed} = 2 \delta_{ed}", MATRICES)[-1] == "REFUTED"


@pytest.mark.parametrize(
    "words",
    [
        "Derivative of a single square:",
        "both summands are numbers, the second is the transpose of the first",
        "We assume that the matrix on the left can be inverted",
        "Write the squared norm as a trace and take the differential.",
    ],
)
def test_a_sentence_between_rows_asks_for_no_operation(words):
    assert _between(words)[-1] == "PROVED"


@pytest.mark.parametrize(
    "words",
    [
        "the transpose of",
        "the whole thing is then squared",
        "The next line is multiplied by two",
        "we get twice the sum of them",
    ],
)
def test_words_that_may_change_the_next_row_are_asked_about(words):
    assert _between(words)[-1] == "UNREADABLE"


def _between(words):
    rows = r"\text{Loss:} \\ r = X w - y \\ L = \|r\|^2 \\ \text{%s} \\ \frac{\partial L}{\partial r_n} = 2 r_n"
    return verdicts(rows % words, DATA)


@pytest.mark.parametrize(("last", "verdict"), [(r"2 k + 2 k", "PROVED"), (r"2 k + k", "REFUTED")])
def test_a_row_behind_the_definition_of_its_letter_goes_on_with_the_chain_before(last, verdict):
    data = Context(shapes={"x": ("M",), "y": ("M",)})
    assert (
        verdicts(rf"2 x^\top y + 2 x^\top y = 4 x^\top y \\ k := x^\top y \\ = {last} \\ = 4 y^\top x", data)[1]
        == verdict
    )
    assert verdicts(r"2 x^\top y = 2 y^\top x \\ k := x^\top y \\ = y^\top x", data)[-1] == "PROVED"


@pytest.mark.parametrize(("factor", "verdict"), [("2", "PROVED"), ("", "REFUTED")])
def test_a_number_and_its_parts_may_share_a_letter(factor, verdict):
    context = MATRICES.copy()
    context.define("L", r"\|R\|_F^2")
    parts = r"L = \sum_l L_l \\ L_l := \sum_i R_{il}^2 \\ \frac{\partial L}{\partial W_{jl}}"
    parts += r" = \frac{\partial L_l}{\partial W_{jl}}"
    assert verdicts(rf"{parts} = {factor} \sum_i R_{{il}} X_{{ij}}", context) == [
        "PROVED",
        "DEFINITION",
        "PROVED",
        verdict,
    ]


def test_entries_of_a_column_are_no_numbers_of_their_own():
    assert verdicts(r"w = \sum_i w_i \\ w_i = 2", DATA)[0] == "ILL_TYPED"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (r"\text{So the weights are } w \text{ and the data are } X", True),
        (r"\text{but for the transpose of } w", False),
    ],
)
def test_what_is_told_behind_an_equation_is_unread_by_itself_unless_it_may_change_it(told, kept):
    found = verdicts(rf"y^\top X w = w^\top X^\top y \\ {told}", DATA)
    assert (found[0] == "PROVED") is kept and "UNREADABLE" in found
