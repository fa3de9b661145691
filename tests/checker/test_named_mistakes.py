# ruff: noqa: E501 (a line is quoted as one line)
"""A mistake that one change mends is called by its name, the same on every surface; another mistake is not called so."""

import json

import pytest

from lrcore.checker.service import answer
from lrcore.verify import Context, derivation
from lrcore.verify.__main__ import main
from lrcore.widgets import DerivationChecker

SHAPES = {
    "X": ("N", "M"), "w": ("M",), "y": ("N",), "A": ("M", "M"), "B": ("M", "M"), "W": ("M", "D"), "Y": ("N", "D"),
    "c": (), "x": (), "a": ("M",), "b": ("M",),
}  # fmt: skip
LOSSES = {
    "L": r"\frac1N \|Xw - y\|^2",
    "J": r"\frac1N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i)^2",
    "Q": r"w^\top A w",
    "K": r"w^\top w + c",
    "F": r"\frac1N \|XW - Y\|_F^2",
}

# The line with its mistake; the same mistake is not found in the line beside it, which has another.
MISTAKES = {
    "a wrong sign": [
        (r"\nabla_w L = -\frac2N X^\top (Xw - y)", r"\nabla_w L = \frac1N X^\top (Xw - y)"),
        (r"\nabla_w L = \frac2N X^\top (Xw + y)", r"\nabla_w L = \frac2N X^\top (Xw - 2y)"),
        (r"\|a - b\|^2 = a^\top a + 2 a^\top b + b^\top b", r"\|a - b\|^2 = a^\top a - a^\top b + b^\top b"),
    ],
    "a wrong factor": [
        (r"\nabla_w L = \frac1N X^\top (Xw - y)", r"\nabla_w L = -\frac2N X^\top (Xw - y)"),
        (r"\nabla_w L = 2 X^\top (Xw - y)", r"\nabla_w L = \frac{2}{N^2} X^\top (Xw - y)"),
        (r"\|a + b\|^2 = a^\top a + a^\top b + b^\top b", r"\|a + b\|^2 = a^\top a - 2 a^\top b + b^\top b"),
        (r"\nabla_w L = \frac2M X^\top (Xw - y)", r"\nabla_w L = \frac2N X^\top (Xw + y)"),
    ],
    "a wrong transpose": [
        (r"\nabla_w L = \frac2N X (Xw - y)", r"\nabla_w L = \frac2N (Xw - y) X^\top"),
        (r"\nabla_W F = \frac2N (X^\top (XW - Y))^\top", r"\nabla_W F = \frac2N (XW - Y) X^\top"),
        (r"a^\top A b = b^\top A a", r"a^\top A b = 2 b^\top A^\top a"),
    ],
    "a wrong index": [
        (
            r"\frac{\partial J}{\partial w_k} = \frac2N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i) X_{ki}",
            r"\frac{\partial J}{\partial w_k} = \frac1N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i) X_{ik}",
        ),
        (
            r"\frac{\partial J}{\partial w_k} = \frac2N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i) X_{ij}",
            r"\frac{\partial J}{\partial w_k} = \frac2N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j + y_i) X_{ik}",
        ),
        (r"(A B)_{ij} = \sum_{k=1}^M A_{ik} B_{jk}", r"(A B)_{ij} = -\sum_{k=1}^M A_{ik} B_{kj}"),
    ],
    "a missing sum": [
        (
            r"\frac{\partial J}{\partial w_k} = \frac2N (\sum_{j=1}^M X_{ij} w_j - y_i) X_{ik}",
            r"\frac{\partial J}{\partial w_k} = \frac2N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i)",
        ),
        (
            r"\frac{\partial J}{\partial w_k} = \frac2N \sum_{i=1}^N (X_{ij} w_j - y_i) X_{ik}",
            r"\frac{\partial J}{\partial w_k} = \frac2N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i) X_{ki}",
        ),
    ],
    "a lost square": [
        (r"L = \frac1N \|Xw - y\|", r"L = \frac2N \|Xw - y\|^2"),
        (r"\|a\|^2 = \sum_{i=1}^M a_i", r"\|a\|^2 = -\sum_{i=1}^M a_i^2"),
        (r"J = \frac1N \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i)", r"J = \sum_{i=1}^N (\sum_{j=1}^M X_{ij} w_j - y_i)^2"),
    ],
    "factors in the wrong order": [
        (r"\nabla_w L = \frac2N (Xw - y) X^\top", r"\nabla_w L = \frac2N X (Xw - y)"),
        (r"(A B)^\top = A^\top B^\top", r"(A B)^\top = B^\top A"),
        (r"(A B)^{-1} = A^{-1} B^{-1}", r"(A B)^{-1} = B^{-1} A"),
    ],
    "divided by N twice": [
        (r"\nabla_w L = \frac{2}{N^2} X^\top (Xw - y)", r"\nabla_w L = \frac{2}{N M} X^\top (Xw - y)"),
        (r"\nabla_w L = \frac1N \frac2N X^\top (Xw - y)", r"\nabla_w L = \frac1N X^\top (Xw - y)"),
    ],
    "the derivative of a constant is 0": [
        (r"\frac{\partial}{\partial x} (x^2 + c) = 2 x + c", r"\frac{\partial}{\partial x} (x^2 + c x) = 2 x + c + 1"),
        (r"\frac{\partial}{\partial x} (x^2 + 5) = 2 x + 5", r"\frac{\partial}{\partial x} (x^2 + 5) = 2 x + 3"),
        (r"\nabla_w K = 2 w + c", r"\nabla_w K = 2 w + a"),
    ],
    "the product rule has one more term": [
        (r"\frac{\partial}{\partial x} (x^2 (x + c)) = 2 x (x + c)", r"\frac{\partial}{\partial x} (x^2 + 2 x c) = 2 x"),
        (r"\nabla_w Q = A w", r"\nabla_w (w^\top A w + b^\top w) = A w + A^\top w"),
        (r"\frac{\partial}{\partial x} (x \exp(x)) = \exp(x)", r"\frac{\partial}{\partial x} (x^3 + \exp(x)) = \exp(x)"),
    ],
    "the inner derivative is lost": [
        (r"\frac{\partial}{\partial x} (c x + 1)^2 = 2 (c x + 1)", r"\frac{\partial}{\partial x} (c x + 1)^2 = c (c x + 1)"),
        (r"\nabla_w L = \frac2N (Xw - y)", r"\nabla_w L = \frac1N X^\top (Xw - y)"),
    ],
}  # fmt: skip
PAIRS = [(name, wrong, other) for name, pairs in MISTAKES.items() for wrong, other in pairs]


def mistake(line):
    (step,) = derivation(line, Context(shapes=SHAPES, definitions=LOSSES)).steps
    assert step.verdict.value in ("REFUTED", "ILL_TYPED"), (line, step.verdict)
    return step.mistake


@pytest.mark.parametrize(("name", "wrong", "other"), PAIRS)
def test_a_mistake_is_called_by_its_name_and_another_is_not(name, wrong, other):
    assert mistake(wrong) == name
    assert mistake(other) != name


def test_a_mistake_of_two_places_has_no_name():
    assert mistake(r"\nabla_w L = -\frac1N X (Xw - y)") == ""
    assert mistake(r"\nabla_w L = \frac2N X^\top (Xw + y + Xw)") == ""


LINE = r"\nabla_w L = \frac{2}{N^2} X^\top (Xw - y)"
TEXT = r"$$L = \frac1N \|Xw - y\|^2$$ and so $$" + LINE + "$$"
SAID = "The two sides differ: divided by N twice."


def test_page_notebook_terminal_and_json_say_the_same_name(tmp_path, capsys):
    step = json.loads(answer(json.dumps({"do": "check", "state": {"text": TEXT, "rows": []}})))["steps"][-1]
    assert (step["says"], step["mistake"]) == (SAID, "divided by N twice")
    notebook = DerivationChecker(TEXT)
    assert notebook.answer["steps"][-1]["says"] == SAID
    assert SAID[4:-1] in notebook.answer["summary"]
    file = tmp_path / "derivation.txt"
    file.write_text(TEXT)
    assert main([str(file)]) == 1 and SAID in capsys.readouterr().out
    assert main([str(file), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)[-1]
    assert (found["message"].startswith(SAID), found["mistake"]) == (True, "divided by N twice")
    state = {"text": TEXT.replace("N^2", "N"), "rows": []}
    fine = json.loads(answer(json.dumps({"do": "check", "state": state})))
    assert [one["mistake"] for one in fine["steps"]] == ["", ""] and fine["ok"]
