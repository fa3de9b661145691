# ruff: noqa: E501 (a derivation is quoted as one line)
"""Every derivation of the six assignments can be earned in several honest ways, in LaTeX and typed as in numpy."""

import re
from functools import cache

import pytest

from homework import small
from lrcore.homework.grade.derivations import mark
from lrcore.homework.release.assignment import load
from lrcore.homework.release.variants import prepare

# C stands for the factor of the gradient, H for that of the loss, P for that of the penalty.
SOLUTIONS = {
    "hw1": {
        "chain rule by index": r"\frac{\partial L}{\partial w_k} = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial w_k} \\ = C (\hat y - y) x_k \\ \frac{\partial L}{\partial w} = C (\hat y - y) x",
        "differentials": r"dL = C (\hat y - y)\, d\hat y = C (\hat y - y)\, x^\top dw \\ \nabla_w L = C (\hat y - y) x",
        "power rule on the written square": r"\frac{\partial L}{\partial w} = H \frac{\partial}{\partial w} (w^\top x + b - y)^2 \\ = C (w^\top x + b - y) \frac{\partial}{\partial w} (w^\top x + b - y) \\ = C (w^\top x + b - y) x",
        "numpy: chain rule": "grad(L, w) = grad(L, y_hat) * grad(y_hat, w) = C * (y_hat - y) * x",
        "numpy: differentials": "d(L) = C * (y_hat - y) * d(y_hat)\n= C * (y_hat - y) * x.T @ d(w)\ngrad(L, w) = C * (y_hat - y) * x",
        "numpy: by index": "grad(L, w)[k] = C * (y_hat - y) * grad(y_hat, w[k]) = C * (y_hat - y) * x[k]\ngrad(L, w) = C * (y_hat - y) * x",
    },
    "hw2": {
        "chain rule by index": r"\frac{\partial L}{\partial w_k} = \sum_i \frac{\partial L}{\partial \hat y_i} \frac{\partial \hat y_i}{\partial w_k} = C \sum_i (\hat y_i - y_i) X_{ik} \\ \frac{\partial L}{\partial w} = C X^\top (\hat y - y)",
        "Jacobian transposed": r"\nabla_w L = \left(\frac{\partial r}{\partial w}\right)^\top \nabla_r L = C X^\top r",
        "differentials": r"dL = C\, r^\top dr = C\, r^\top X\, dw \\ \nabla_w L = C X^\top r",
        "square by square": r"\frac{\partial L}{\partial w_k} = H \sum_i \frac{\partial}{\partial w_k} r_i^2 = C \sum_i r_i \frac{\partial r_i}{\partial w_k} = C \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = C X^\top r",
        "numpy: Jacobian transposed": "grad(L, w) = jac(y_hat, w).T @ grad(L, y_hat) = C * X.T @ (y_hat - y)",
        "numpy: differentials": "d(L) = C * r.T @ d(r)\n= C * r.T @ X @ d(w)\ngrad(L, w) = C * X.T @ r",
        "numpy: by index": "grad(L, w[k]) = sum(i, grad(L, r[i]) * grad(r[i], w[k]))\n= C * sum(i, r[i] * X[i, k])\ngrad(L, w) = C * X.T @ r",
    },
    "hw3": {
        "differentials under a trace": r"dL = C \operatorname{tr}(R^\top dR) = C \operatorname{tr}(R^\top X\, dW) \\ \frac{\partial L}{\partial W} = C X^\top R",
        "chain rule by index": r"\frac{\partial L}{\partial W_{kl}} = \sum_i \sum_j \frac{\partial L}{\partial R_{ij}} \frac{\partial R_{ij}}{\partial W_{kl}} = C \sum_i R_{il} X_{ik} \\ \frac{\partial L}{\partial W} = C X^\top R",
        "square by square": r"\frac{\partial L}{\partial W_{kl}} = H \sum_i \sum_j \frac{\partial}{\partial W_{kl}} R_{ij}^2 = C \sum_i \sum_j R_{ij} \frac{\partial R_{ij}}{\partial W_{kl}} = C \sum_i R_{il} X_{ik} \\ \frac{\partial L}{\partial W} = C X^\top R",
        "numpy: differentials": "d(L) = C * trace(R.T @ d(R))\n= C * trace(R.T @ X @ d(W))\ngrad(L, W) = C * X.T @ R",
        "numpy: by index": "grad(L, W[k, l]) = sum(i, sum(j, grad(L, R[i, j]) * grad(R[i, j], W[k, l])))\n= C * sum(i, R[i, l] * X[i, k])\ngrad(L, W) = C * X.T @ R",
    },
    "hw4": {
        "expanded": r"J = w^\top X^\top X w - 2 y^\top X w + y^\top y + P w^\top w \\ \nabla_w J = 2 X^\top X w - 2 X^\top y + 2 P w \\ 2 X^\top X w - 2 X^\top y + 2 P w = 0 \\ (X^\top X + P I) w = X^\top y \\ w = (X^\top X + P I)^{-1} X^\top y",
        "differentials": r"dJ = 2 (X w - y)^\top d(X w - y) + 2 P w^\top dw \\ = 2 (X w - y)^\top X\, dw + 2 P w^\top dw \\ \nabla_w J = 2 X^\top (X w - y) + 2 P w \\ 2 X^\top (X w - y) + 2 P w = 0 \\ X^\top X w + P w = X^\top y \\ w = (X^\top X + P I)^{-1} X^\top y",
        "sum rule": r"\nabla_w J = \nabla_w \|X w - y\|^2 + P \nabla_w \|w\|^2 \\ = 2 X^\top (X w - y) + 2 P w \\ 2 X^\top (X w - y) + 2 P w = 0 \\ (X^\top X + P I) w = X^\top y \\ w = (X^\top X + P I)^{-1} X^\top y",
        "numpy: expanded": "J = w.T @ X.T @ X @ w - 2 * y.T @ X @ w + y.T @ y + P * w.T @ w\ngrad(J, w) = 2 * X.T @ X @ w - 2 * X.T @ y + 2 * P * w\n2 * X.T @ X @ w - 2 * X.T @ y + 2 * P * w = 0\n(X.T @ X + P * eye(M)) @ w = X.T @ y\nw = inv(X.T @ X + P * eye(M)) @ X.T @ y",
        "numpy: differentials": "d(J) = 2 * (X @ w - y).T @ d(X @ w - y) + 2 * P * w.T @ d(w)\n= 2 * (X @ w - y).T @ X @ d(w) + 2 * P * w.T @ d(w)\ngrad(J, w) = 2 * X.T @ (X @ w - y) + 2 * P * w\n2 * X.T @ (X @ w - y) + 2 * P * w = 0\nX.T @ X @ w + P * w = X.T @ y\nw = inv(X.T @ X + P * eye(M)) @ X.T @ y",
    },
    "hw5": {
        "chain rule by index": r"\frac{\partial f}{\partial \eta} = \sum_i \frac{\partial f}{\partial r_i} \frac{\partial r_i}{\partial \eta} \\ = -C \sum_i r_i (X g)_i \\ = -C r^\top X g",
        "differentials": r"df = C\, r^\top dr = -C\, r^\top X g\, d\eta \\ \frac{\partial f}{\partial \eta} = -C r^\top X g",
        "Jacobian transposed": r"\frac{\partial f}{\partial \eta} = \left(\frac{\partial r}{\partial \eta}\right)^\top \frac{\partial f}{\partial r} = -C (X g)^\top r",
        "expanded": r"f = H \|X w - y\|^2 - C \eta (X w - y)^\top X g + H \eta^2 g^\top X^\top X g \\ \frac{\partial f}{\partial \eta} = -C (X w - y)^\top X g + C \eta g^\top X^\top X g \\ = -C r^\top X g",
        "numpy: chain rule": "grad(f, eta) = jac(r, eta).T @ grad(f, r) = -C * (X @ g).T @ r",
        "numpy: by index": "grad(f, eta) = sum(i, grad(f, r[i]) * grad(r[i], eta))\n= -C * sum(i, r[i] * (X @ g)[i])\n= -C * r.T @ X @ g",
        "numpy: differentials": "d(f) = C * r.T @ d(r) = -C * r.T @ X @ g * d(eta)\ngrad(f, eta) = -C * r.T @ X @ g",
    },
    "hw6": {
        "bracket after bracket": r"Z v + \mathbf 1_N c = (X - \mathbf 1_N \mu) S^{-1} v + \mathbf 1_N c \\ = X S^{-1} v - \mathbf 1_N \mu S^{-1} v + \mathbf 1_N c \\ = X (S^{-1} v) + \mathbf 1_N (c - \mu S^{-1} v)",
        "the terms in another order": r"Z v + \mathbf 1_N c = \mathbf 1_N c - \mathbf 1_N \mu S^{-1} v + X S^{-1} v \\ = \mathbf 1_N (c - \mu S^{-1} v) + X S^{-1} v",
        "numpy: bracket after bracket": "Z @ v + ones(N) * c = (X - ones(N) @ mu) @ inv(S) @ v + ones(N) * c\n= X @ inv(S) @ v - ones(N) @ mu @ inv(S) @ v + ones(N) * c\n= X @ (inv(S) @ v) + ones(N) * (c - mu @ inv(S) @ v)",
        "numpy: in one go": "Z @ v + ones(N) * c = X @ inv(S) @ v + ones(N) * c - ones(N) @ mu @ inv(S) @ v = X @ inv(S) @ v + ones(N) * (c - mu @ inv(S) @ v)",
    },
}
LATEX = {
    "H": {"half_mean": r"\frac{1}{2N}", "sum": "", "mean": r"\frac1N"},
    "C": {"half_mean": r"\frac1N", "sum": "2", "mean": r"\frac2N"},
}
TEXT = {"H": {"half_mean": "1/(2*N)", "sum": "1", "mean": "1/N"}, "C": {"half_mean": "1/N", "sum": "2", "mean": "2/N"}}


@cache
def variant(name, student):
    """The task of a student's variant, and the text of its numbers."""
    prepared = prepare(load(name), small.SECRET, student)
    source = next(cell.source for cell in prepared.cells if cell.id == "variant")
    convention, factor = re.search(r"convention = '(\w+)'", source), re.search(r"factor = (\d+)", source)
    latex = {key: convention and table[convention[1]] for key, table in LATEX.items()}
    text = {key: convention and table[convention[1]] for key, table in TEXT.items()}
    if factor:
        latex = {"C": rf"\frac{{2}}{{{factor[1]}}}", "H": rf"\frac{{1}}{{{factor[1]}}}", "P": rf"({factor[1]} \lambda)"}
        text = {"C": f"2/{factor[1]}", "H": f"1/{factor[1]}", "P": f"{factor[1]} * lam"}
    return prepared.questions["derivation-test"][0].context, latex, text


def written(way, name, latex, text):
    numbers = text if way.startswith("numpy") else latex
    return re.sub(r"\b[CHP]\b", lambda found: numbers[found[0]], SOLUTIONS[name][way])


@pytest.mark.parametrize(("name", "way"), [(name, way) for name, ways in SOLUTIONS.items() for way in ways])
def test_every_honest_way_earns_everything(name, way):
    for student in ("bob", "carol", "dora"):
        task, latex, text = variant(name, student)
        found = mark(written(way, name, latex, text), task)
        assert (found.points, found.first_wrong, found.for_a_person) == (found.out_of, None, False), found.says


def test_the_three_students_have_three_conventions_of_the_loss():
    assert len({str(variant("hw2", student)[1]) for student in ("bob", "carol", "dora")}) == 3
