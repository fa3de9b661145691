"""What people write by habit is read as they mean it, and its nearest wrong neighbour is refused."""

import pytest

from lrcore.verify import Context, derivation

SHAPES = {
    "X": ("n", "p"),
    "y": ("n",),
    "w": ("p",),
    "A": ("p", "p"),
    "B": ("p", "p"),
    "x": ("p",),
    "r": ("n",),
    "b": (),
}

# (what holds, its nearest wrong neighbour)
PAIRS = [
    (r"\triangledown_w \|Xw-y\|^2 = 2X^T(Xw-y)", r"\triangledown_w \|Xw-y\|^2 = X^T(Xw-y)"),
    (r"\bigtriangledown_w (w^T w) = 2w", r"\bigtriangledown_w (w^T w) = w"),
    ("Tr(AB) = Tr(BA)", "Tr(AB) = Tr(A B^T)"),
    (r"X^\top r = \sum_i r_i X_{i,:}^\top", r"A x = \sum_i x_i A_{i,:}^\top"),
    (r"\frac{\partial (AB)_{:,k}}{\partial B_{:,k}} = A", r"\frac{\partial (AB)_{:,k}}{\partial B_{:,k}} = B"),
    (r"\frac{\partial (AB)_{i,:}}{\partial A_{i,:}} = B^\top", r"\frac{\partial (AB)_{i,:}}{\partial A_{i,:}} = B"),
    (
        r"\frac{\partial}{\partial B_{:,k}} \|AB\|^2 = 2 A^\top (AB)_{:,k}",
        r"\frac{\partial}{\partial B_{:,k}} \|AB\|^2 = A^\top (AB)_{:,k}",
    ),
    (r"{\rm Tr}(A^T B) = {\rm Tr}(B^T A)", r"{\rm Tr}(A^T B) = {\rm Tr}(A B)"),
    (r"\mathrm{Tr}(AB) = \mathrm{Tr}(BA)", r"\mathrm{Tr}(AB) = \mathrm{Tr}(A)\mathrm{Tr}(B)"),
    (r"x_1 + .... + x_p = \sum_i x_i", r"x_1 + .... + x_p = \sum_i x_i^2"),
    (r"\dv{x}(x^T x) = 2x", r"\dv{x}(x^T x) = x"),
    (r"\dv{b^3}{b} = 3b^2", r"\dv{b^3}{b} = 3b"),
    (r"\dv[2]{b^3}{b} = 6b", r"\dv[2]{b^3}{b} = 3b^2"),
    (r"\pdv{x^T A x}{x} = (A + A^T)x", r"\pdv{x^T A x}{x} = 2Ax"),
    (r"\norm{x}^2 = x^T x", r"\norm{x} = x^T x"),
    (r"\norm{2x}\norm{x} = 2\norm{x}^2", r"\norm{2x}\norm{x} = 4\norm{x}^2"),
    (r"\qty(A + B)x = Ax + Bx", r"\qty(A + B)x = Ax - Bx"),
    (r"\qty{A + B}x = Ax + Bx", r"\qty{A + B}x = Ax + B"),
    (r"\grad_w \norm{Xw - y}^2 = 2X^T(Xw - y)", r"\grad_w \norm{Xw - y}^2 = 2X^T(Xw + y)"),
    (r"\newcommand{\grad}[1]{2#1} \grad{x} = x + x", r"\newcommand{\grad}[1]{2#1} \grad{x} = x"),
    (r"\bm{A}\boldsymbol{x} = Ax", r"\bm{A}\boldsymbol{x} = A^T x"),
    ("np.mean((X@w - y)**2) = norm2(X@w - y)/n", "np.mean((X@w - y)**2) = norm2(X@w - y)/p"),
    ("((X@w - y)**2).mean() = norm2(X@w - y)/n", "((X@w - y)**2).mean() = norm2(X@w - y)"),
    ("((X@w - y)**2).sum() = norm2(X@w - y)", "(X@w - y).sum() = norm2(X@w - y)"),
    ("X.T.dot(r) = X.T @ r", "X.T.dot(r) = 2 * X.T @ r"),
    ("X.T.dot(X.dot(w) - y) = X.T @ X @ w - X.T @ y", "X.T.dot(X.dot(w) - y) = X.T @ X @ w + X.T @ y"),
    ("np.dot(A, x) = A @ x", "np.dot(A, x) = A.T @ x"),
    ("np.transpose(X) @ r = X.T @ r", "np.transpose(A) @ x = A @ x"),
    ("X.transpose() @ r = X.T @ r", "A.transpose() @ x = A @ x"),
    ("np.sum(X, axis=0) = X.T @ ones(n)", "np.sum(A, axis=0) = A @ ones(p)"),
    ("X.sum(axis=1) = X @ ones(p)", "A.sum(axis=1) = A.T @ ones(p)"),
    (
        "grad(np.mean((X@w - y)**2), w) = 2/n * X.T @ (X @ w - y)",
        "grad(np.mean((X@w - y)**2), w) = 1/n * X.T @ (X @ w - y)",
    ),
]

# (text, what its first line is answered)
ASKED = [
    (r"w = \pm x", "two things at once"),
    (r"b = \mp 1", "two things at once"),
    (r"\frac{\delta}{\delta x} x^T A x = (A + A^T)x", r"\partial for \delta"),
    (r"\V x = Ax", r"`\V` is not known here; give its \newcommand"),
    (r"\hat{\V{x}} = x", r"`\V` is not known here; give its \newcommand"),
    (r"\dv = 2x", "function or the variable is missing"),
    ("X.sum(axis=2) = x", "Of the sum along an axis"),
]


def verdicts(text: str) -> list[str]:
    return [one.verdict.name for one in derivation(text, Context(SHAPES)).steps]


@pytest.mark.parametrize(("right", "wrong"), PAIRS)
def test_a_habit_is_read_and_its_wrong_neighbour_refused(right: str, wrong: str) -> None:
    assert verdicts(right) in (["PROVED"], ["CHECKED"])
    assert verdicts(wrong) in (["REFUTED"], ["ILL_TYPED"])


@pytest.mark.parametrize(("text", "said"), ASKED)
def test_what_is_not_read_is_said_and_costs_its_own_line(text: str, said: str) -> None:
    first, *_, last = derivation(
        f"{text}\n\nb + b = 2b" if "\\" in text else f"{text}\nb + b = 2*b", Context(SHAPES)
    ).steps
    assert first.verdict.name == "UNREADABLE"
    assert said in first.message
    assert last.verdict.name == "PROVED"


def test_a_declared_delta_is_a_symbol() -> None:
    context = Context({**SHAPES, "\\delta": ()})
    assert derivation(r"\frac{\delta}{\delta b} = \frac{1}{b}", context).steps[0].verdict.name in ("PROVED", "CHECKED")
