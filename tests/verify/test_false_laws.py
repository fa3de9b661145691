"""What is false is not proved, however much it looks like a law."""

import pytest

from lrcore.verify import Context, derivation

SHAPES = {
    "A": ("n", "n"), "B": ("n", "n"), "C": ("n", "n"), "X": ("N", "M"), "W": ("M", "D"),
    "Y": ("N", "D"), "w": ("M",), "y": ("N",),
    "x": ("n",), "u": ("n",), "t": (), "a": (), "b": (1, "D"),
}  # fmt: skip
FALSE = [
    r"AB = BA",
    r"(AB)^{-1} = A^{-1}B^{-1}",
    r"\det(A+B) = \det A + \det B",
    r"\operatorname{tr}(AB)=\operatorname{tr}A \operatorname{tr}B",
    r"\log(a+t) = \log a + \log t",
    r"\sqrt{a^2} = a",
    r"\sqrt{a+t}=\sqrt a+\sqrt t",
    r"\exp(a t) = \exp(a)\exp(t)",
    r"\operatorname{tr}(ABC)=\operatorname{tr}(ACB)",
    r"\sum_i x_i^2 = (\sum_i x_i)^2",
    r"\sum_{i}\sum_{j\neq i} x_i u_j = \sum_i x_i \sum_j u_j",
    r"A\otimes B = B \otimes A",
    r"\|x+u\|^2=\|x\|^2+\|u\|^2",
    r"(A+B)^2 = A^2+2AB+B^2",
    r"\frac{1}{a+t} = \frac1a+\frac1t",
    r"\nabla_x \|x\| = x",
    r"\nabla_A \operatorname{tr}(A^2)=2A",
    r"d(A^{-1}) = -A^{-2}dA",
    r"x_i u_j = x_j u_i",
    r"x_1 = x_2",
    r"x_i = x_1",
    r"\sum_{i=1}^N 1 = M",
    r"\frac{1}{N}\|Xw-y\|^2 = \frac1M\|Xw-y\|^2",
    r"A^{-1}=A^\top",
    r"(x u^\top)^{-1} = A^{-1} x u^\top",
    r"(A^\top)^{-1}=A^{-1}",
    r"x u^\top = u x^\top",
    r"\frac{\partial x_i}{\partial x_j} = 1",
    r"\delta_{ij} x_i u_j= x_i u_j",
    r"\frac{\partial \sum_k x_k^2}{\partial x_1} = 2x_2",
    r"\sigma(t)=\sigma(-t)",
    r"\log\det(A+B)=\log\det A+\log\det B",
    r"(A+xu^\top)^{-1}=A^{-1}-A^{-1}xu^\top A^{-1}",
    r"X(X^\top X)^{-1}X^\top = I_N",
    r"\det(A)=\operatorname{tr}(A)",
    r"|A^\top A| = |A|",
    r"\operatorname{vec}(AB)=(A\otimes I)\operatorname{vec}(B)",
    r"A \odot B = AB",
    r"a^2 = a",
    r"\frac{a}{a}=a",
    r"\operatorname{diag}(x)A = A\operatorname{diag}(x)",
    r"\mathbf 1_n^\top x \mathbf 1_n = x",
    r"\nabla_w \|Xw-y\|^2 = 2X^\top Xw",
    r"\log(a^2)=\log(a)",
    r"e^{a}e^{t}=e^{at}",
    r"A^{-1}B = BA^{-1}",
    r"\tanh(t)=\sigma(t)",
    r"\frac{d}{dt}\log(1+e^t)=\frac{1}{1+e^t}",
    r"\sum_{i=1}^{n} x_i = \sum_{i=2}^n x_i",
]


@pytest.mark.parametrize("text", FALSE)
def test_a_false_law_is_refuted_or_has_no_meaning(text):
    (step,) = derivation(text, Context(shapes=SHAPES), repairs=False).steps
    assert step.verdict.value in ("REFUTED", "ILL_TYPED"), step
