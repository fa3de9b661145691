"""Differentials among the equations of a text: which names they vary, and what follows from them."""

import json

import pytest

from lrcore.verify import STUMBLED, Context, derivation

CONTEXT = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",), "S": ("M", "M"), "lambda": ()}, symmetric=["S"])


@pytest.mark.parametrize("before", [r"dw = 0", r"w^T dw = 0", r"d(X^T(Xw - y) + \lambda w) = 0", r"d\lambda = 0"])
@pytest.mark.parametrize("after", [r"\lambda = 2", r"Sw = \lambda w", r"w^Tw = 1", r"X^TXw = \lambda w"])
def test_an_equation_without_differentials_is_judged_after_one_with_them(before, after):
    steps = derivation(before + r" \\ " + after, CONTEXT, repairs=False).steps
    assert len(steps) == 2 and not any(STUMBLED in step.message for step in steps)


def test_lambda_varies_where_its_differential_is_written_and_is_a_constant_where_it_is_not():
    both = r"d(\lambda w) = \lambda\, dw + w\, d\lambda"
    alone = r"d(\lambda w) = \lambda\, dw"
    assert derivation(both, CONTEXT).steps[0].verdict.value == "PROVED"
    assert derivation(alone, CONTEXT).steps[0].verdict.value == "PROVED"
    assert derivation(both + r" \\ " + alone, CONTEXT, repairs=False).steps[1].verdict.value == "REFUTED"


VARIED = Context(
    shapes={"X": ("N", "M"), "W": ("M", "D"), "Y": ("N", "D"), "b": (1, "D"), "r": ("N",)},
    definitions={"R": r"X W + \mathbf 1_N b - Y"},
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"dR_{nj} = \sum_m X_{nm} dW_{mj}", r"dR_{nj} = \sum_m X_{nm} dW_{jm}"),
        (r"d\operatorname{vec}(R) = (I_D \otimes X) d\operatorname{vec}(W)",
         r"d\operatorname{vec}(R) = 2 (I_D \otimes X) d\operatorname{vec}(W)"),
        ("d(R[n, j]) = sum(m, X[n, m] * d(W[m, j]))", "d(R[n, j]) = -sum(m, X[n, m] * d(W[m, j]))"),
        (r"d\langle r, r\rangle = 2\langle r, dr\rangle", r"d\langle r, r\rangle = \langle r, dr\rangle"),
        (r"d\lVert r\rVert^2 = 2 r^\top dr", r"d\lVert r\rVert^2 = r^\top dr"),
    ],
)  # fmt: skip
def test_a_differential_of_an_entry_of_a_vec_and_of_an_inner_product_varies_its_array(right, wrong):
    assert derivation(right, VARIED, repairs=False).steps[0].verdict.value == "PROVED"
    assert not derivation(wrong, VARIED, repairs=False).steps[0].verdict.holds


def test_what_is_declared_depends_on_nothing_only_where_that_is_said():
    said = Context(shapes={"w": ("M",), "b": (), "c": ()}, independent=True)
    open_ = Context(shapes={"w": ("M",), "b": (), "c": ()})
    line = r"\frac{\partial (w^\top w + b)}{\partial w} = 2 w + \frac{\partial b}{\partial w}"
    assert derivation(line, said).steps[0].verdict.value == "PROVED"
    assert derivation(line, open_).steps[0].verdict.value == "UNREADABLE"
    assert derivation(line.replace("2 w", "w"), said, repairs=False).steps[0].verdict.value == "REFUTED"


@pytest.mark.parametrize("do", ["check", "why", "confirm"])
def test_the_checker_goes_on_after_a_differential_in_which_lambda_varies(do):
    from lrcore.checker.service import answer

    text = r"""L := \lambda w^\top w
        dL = w^\top w\, d\lambda + 2\lambda w^\top dw
        \lambda w = w \lambda
        \frac{\partial L}{\partial \lambda} = w^\top w
        \nabla_w L = \lambda w"""
    rows = [["X", "N x M", "", ""], ["w", "M x 1", "", ""], ["lambda", "number", "", ""]]
    asked = {"do": do, "state": {"text": text, "rows": rows, "layout": "gradient"}}
    found = json.loads(answer(json.dumps(asked)))
    assert "stumbled" not in json.dumps(found)
    if do == "check":
        verdicts = [step["verdict"] for step in found["steps"]]
        assert verdicts == ["DEFINITION", "PROVED", "PROVED", "PROVED", "REFUTED"]
    else:
        (said,) = found.values()
        assert [one is not None for one in said[:4]] == [False, True, True, True]
