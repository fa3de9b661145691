# ruff: noqa: E501  (a rule a line, as a table)
"""Each rule of the catalogue: its use is proved and explained by its name, its usual mistake is refuted with numbers."""

import pytest

from lrcore.verify import RULES, Context, examine, explained
from lrcore.verify.terms import syntax as s
from lrcore.verify.why.canonical import canonical
from lrcore.verify.why.shapes import Scope

CONTEXT = Context(
    shapes={
        "X": ("N", "M"), "G": ("N", "M"), "w": ("M",), "b": ("M",), "v": ("M",), "y": ("N",), "u": ("N",), "A": ("M", "M"),
        "B": ("M", "M"), "C": ("M", "M"), "E": ("M", "M"), "S": ("M", "M"), "W": ("M", "D"), "K": (2, 2), "a": (2,), "t": (),
        "c": (), "s": (), "p": (), "q": (),
    },
    symmetric=["S"],
    definitions={"r": r"X w - y"},
)  # fmt: skip

# rule: its use, and the usual mistake with it
EXAMPLES = {
    "definition unfolded": (r"\|r\|^2 = \|X w - y\|^2", r"\|r\|^2 = \frac1N \|X w - y\|^2"),
    "derivative of a constant": (r"\nabla_w (y^\top y) = 0", r"\nabla_w (y^\top y) = w"),
    "sum rule": (r"\nabla_w (b^\top w + w^\top S w) = \nabla_w (b^\top w) + \nabla_w (w^\top S w)", r"\nabla_w (b^\top w + w^\top S w) = \nabla_w (w^\top S w)"),
    "linearity": (r"\nabla_w (c w^\top A w) = c \nabla_w (w^\top A w)", r"\nabla_w (c w^\top A w) = \nabla_w (w^\top A w)"),
    "derivative of the variable by itself": (r"\frac{\partial w_i}{\partial w_j} = \delta_{ij}", r"\frac{\partial w_i}{\partial w_j} = 2 \delta_{ij}"),
    "power rule": (r"\frac{d}{dt} t^3 = 3 t^2", r"\frac{d}{dt} t^3 = t^2"),
    "derivative of an elementary function": (r"\frac{d}{dt} \tanh(t) = 1 - \tanh(t)^2", r"\frac{d}{dt} \tanh(t) = \tanh(t)"),
    "chain rule": (r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)", r"\nabla_w \|X w - y\|^2 = X^\top (X w - y)"),
    "product rule": (r"\frac{d}{dt} (t \exp(t)) = \exp(t) + t \exp(t)", r"\frac{d}{dt} (t \exp(t)) = \exp(t)"),
    "derivative of a linear form": (r"\nabla_w (b^\top A w) = A^\top b", r"\nabla_w (b^\top A w) = A b"),
    "derivative of an affine map": (r"\frac{\partial (X w - y)}{\partial w} = X", r"\frac{\partial (A w - b)}{\partial w} = A - b b^\top"),
    "derivative of a quadratic form": (r"\nabla_w (w^\top A w) = A w + A^\top w", r"\nabla_w (w^\top A w) = 2 A w"),
    "derivative of a determinant": (r"\nabla_A \log\det A = A^{-\top}", r"\nabla_A \log\det A = A^{-1}"),
    "derivative of an inverse": (r"\frac{\partial (A^{-1})_{ij}}{\partial A_{kl}} = -(A^{-1})_{ik} (A^{-1})_{lj}", r"\frac{\partial (A^{-1})_{ij}}{\partial A_{kl}} = (A^{-1})_{ik} (A^{-1})_{lj}"),
    "second derivative as a derivative of the first": (r"\frac{d^2}{dt^2} t^3 = 6 t", r"\frac{d^2}{dt^2} t^3 = 3 t^2"),
    "differential of a linear expression": (r"\mathrm d(A + B) = \mathrm dA + \mathrm dB", r"\mathrm d(A + B) = \mathrm dA - \mathrm dB"),
    "differential of a product": (r"d(A B) = (dA) B + A\, dB", r"d(A B) = B\, dA + A\, dB"),
    "differential of a square": (r"d\|w\|^2 = 2 w^\top dw", r"d\|w\|^2 = w^\top dw"),
    "differential of an inverse": (r"d(A^{-1}) = -A^{-1} (dA) A^{-1}", r"d(A^{-1}) = A^{-1} (dA) A^{-1}"),
    "differential of a function": (r"d \log\det A = \operatorname{tr}(A^{-1} dA)", r"d \log\det A = \operatorname{tr}(A^{-1})"),
    "squared norm as a product": (r"\|w\|^2 = w^\top w", r"\|w\|^2 = \operatorname{tr}(w^\top w) + w^\top w"),
    "squared norm as a sum": (r"\|w\|^2 = \sum_{i=1}^M w_i^2", r"\|w\|^2 = \sum_{i=1}^M w_i"),
    "Frobenius norm as a trace": (r"\|A\|_F^2 = \operatorname{tr}(A^\top A)", r"\|A\|_F^2 = \operatorname{tr}(A A)"),
    "transpose of a product": (r"(A B)^\top = B^\top A^\top", r"(A B)^\top = A^\top B^\top"),
    "transpose of a sum": (r"(A + B)^\top = A^\top + B^\top", r"(A + B)^\top = A^\top + B"),
    "symmetric matrix": (r"S^\top = S", r"A^\top = A"),
    "expansion": (r"(A - B) C = A C - B C", r"(A - B) C = A C + B C"),
    "factoring out": (r"c p + c = c (p + 1)", r"c p + c = c p"),
    "square of a sum": (r"((p - c) + q)^2 = (p - c)^2 + 2 q (p - c) + q^2", r"((p - c) + q)^2 = (p - c)^2 + q^2"),
    "linearity of the trace": (r"\operatorname{tr}(A + c B) = \operatorname{tr} A + c \operatorname{tr} B", r"\operatorname{tr}(A B) = \operatorname{tr} A \operatorname{tr} B"),
    "trace of a number": (r"\operatorname{tr}(w^\top A w) = w^\top A w", r"\operatorname{tr}(w w^\top) = 1"),
    "trace of a transpose": (r"\operatorname{tr}(A^\top) = \operatorname{tr} A", r"\operatorname{tr}((A B C)^\top) = \operatorname{tr}(A^\top B^\top C^\top)"),
    "cyclic trace": (r"\operatorname{tr}(A B C) = \operatorname{tr}(C A B)", r"\operatorname{tr}(A B C) = \operatorname{tr}(B A C)"),
    "trace as a sum": (r"\operatorname{tr} A = \sum_{i=1}^M A_{ii}", r"\operatorname{tr} A = \sum_{i=1}^M \sum_{j=1}^M A_{ij}"),
    "entry of a sum": (r"(A + B)_{ij} = A_{ij} + B_{ij}", r"(A + B)_{ij} = A_{ij}"),
    "entry of a multiple": (r"(c A)_{ij} = c A_{ij}", r"(c A)_{ij} = A_{ij}"),
    "entry of a transpose": (r"(A^\top)_{ij} = A_{ji}", r"(A^\top)_{ij} = A_{ij}"),
    "delta picks a term": (r"\sum_{l=1}^M \delta_{lk} w_l = w_k", r"\sum_{k=1}^M \sum_{l=1}^M \delta_{lk} w_l = M \sum_{l=1}^M w_l"),
    "delta renames an index": (r"\delta_{ij} (w_j + 1) = \delta_{ij} (w_i + 1)", r"\delta_{ij} (w_j + 1) = w_j \delta_{ij} + 1"),
    "sum of a sum": (r"\sum_{i=1}^M (w_i + b_i) = \sum_{i=1}^M w_i + \sum_{i=1}^M b_i", r"\sum_{i=1}^M w_i b_i = \sum_{i=1}^M w_i \sum_{i=1}^M b_i"),
    "term taken out of a sum": (r"\sum_{i \neq k} w_i = \sum_{i=1}^M w_i - w_k", r"\sum_{i \neq k} w_i = \sum_{i=1}^M w_i"),
    "swapping sums": (r"\sum_{i=1}^N \sum_{j=1}^M X_{ij} = \sum_{j=1}^M \sum_{i=1}^N X_{ij}", r"\sum_{i=1}^M \sum_{j=1}^i A_{ij} = \sum_{j=1}^M \sum_{i=1}^j A_{ij}"),
    "sum of a constant": (r"\sum_{i=1}^N c = N c", r"\sum_{i=1}^N c = c"),
    "ones count": (r"\mathbf 1_N^\top \mathbf 1_N = N", r"\mathbf 1_N^\top \mathbf 1_N = 1"),
    "a column of ones sums": (r"\mathbf 1_N^\top y = \sum_{i=1}^N y_i", r"\mathbf 1_N^\top X w = \sum_{j=1}^M w_j"),
    "product written as a sum": (r"(X w)_i = \sum_{k=1}^M X_{ik} w_k", r"(A w)_i = \sum_{k=1}^M A_{ki} w_k"),
    "inverse cancels": (r"A^{-1} A w = w", r"A^{-1} B A = B"),
    "inverse of a product": (r"(A B)^{-1} = B^{-1} A^{-1}", r"(A B)^{-1} = A^{-1} B^{-1}"),
    "inverse of a transpose": (r"(A^\top)^{-1} = (A^{-1})^\top", r"(A^\top)^{-1} = A^{-1}"),
    "determinant of a product": (r"\det(A B) = \det A \det B", r"\det(A + B) = \det A + \det B"),
    "determinant of a transpose": (r"\det(A^\top) = \det A", r"\det(A^\top) = -\det A"),
    "determinant of an inverse": (r"\det(A^{-1}) = \frac{1}{\det A}", r"\det(A^{-1}) = \det A"),
    "logarithm of a product": (r"\log(p^2 q^2) = \log(p^2) + \log(q^2)", r"\log(p^2 + q^2) = \log(p^2) + \log(q^2)"),
    "derivative entry by entry": (r"(\nabla_w \|w\|^2)_k = \frac{\partial}{\partial w_k} \|w\|^2", r"(\nabla_A \operatorname{tr}(A B))_{ij} = \frac{\partial}{\partial A_{ji}} \operatorname{tr}(A B)"),
    "differential from the derivative": (r"d(w^\top A w) = (\nabla_w (w^\top A w))^\top dw", r"d(w^\top A w) = 2 (\nabla_w (w^\top A w))^\top dw"),
    "entrywise product in a trace": (r"\operatorname{tr}(A^\top (B \odot C)) = \operatorname{tr}((A \odot B)^\top C)", r"\operatorname{tr}(A^\top (B \odot C)) = \operatorname{tr}((A \odot B) C)"),
    "sum as a matrix product": (r"\sum_{i=1}^N x_i x_i^\top = X^\top X", r"\sum_{i=1}^M A_{ik} A_{kj} = (A A)_{kj}"),
    "trace trick": (r"\sum_{i=1}^N x_i^\top A x_i = \operatorname{tr}(A \sum_{i=1}^N x_i x_i^\top)", r"\sum_{i=1}^N x_i^\top A x_i = \operatorname{tr}(A) \operatorname{tr}(\sum_{i=1}^N x_i x_i^\top)"),
    "factor taken out of a sum": (r"\sum_{i=1}^N A x_i = A \sum_{i=1}^N x_i", r"\sum_{i=1}^N x_i x_i^\top = \sum_{i=1}^N x_i \sum_{i=1}^N x_i^\top"),
    "taking the differential": (r"\nabla_B \|\tanh(A B)\|_F^2 = 2 A^\top (\tanh(A B) \odot (\mathbf 1_M \mathbf 1_M^\top - \tanh(A B) \odot \tanh(A B)))", r"\nabla_B \|\tanh(A B)\|_F^2 = 2 A^\top (\tanh(A B) \odot (\mathbf 1_M \mathbf 1_M^\top - \tanh(A B) \odot \tanh(A B))) + B"),
    "reading the gradient off the differential": (r"\nabla_B \|\tanh(A B)\|_F^2 = 2 A^\top (\tanh(A B) \odot (\mathbf 1_M \mathbf 1_M^\top - \tanh(A B) \odot \tanh(A B)))", r"\nabla_B \|\tanh(A B)\|_F^2 = 2 A (\tanh(A B) \odot (\mathbf 1_M \mathbf 1_M^\top - \tanh(A B) \odot \tanh(A B)))"),
    "entry of an entrywise operation": (r"(A \odot B)_{ij} = A_{ij} B_{ij}", r"(A \odot B)_{ij} = (A B)_{ij}"),
    "row of a product": (r"(A B)_{i,:} = A_{i,:} B", r"(A B)_{i,:} = B_{i,:} A"),
    "sum of all entries": (r"\operatorname{sum}(X) = \mathbf 1_N^\top X \mathbf 1_M", r"\operatorname{sum}(A) = \operatorname{tr} A"),
    "product of blocks": (r"\begin{bmatrix} A & B \end{bmatrix} \begin{bmatrix} C \\ E \end{bmatrix} = A C + B E", r"\begin{bmatrix} A & B \end{bmatrix} \begin{bmatrix} C \\ E \end{bmatrix} = C A + E B"),
    "sum of blocks": (r"\begin{bmatrix} A & B \end{bmatrix} + \begin{bmatrix} C & E \end{bmatrix} = \begin{bmatrix} A + C & B + E \end{bmatrix}", r"\begin{bmatrix} A & B \end{bmatrix} + \begin{bmatrix} C & E \end{bmatrix} = \begin{bmatrix} A + E & B + C \end{bmatrix}"),
    "number times a block": (r"c \begin{bmatrix} A & B \end{bmatrix} = \begin{bmatrix} c A & c B \end{bmatrix}", r"c \begin{bmatrix} A & B \end{bmatrix} = \begin{bmatrix} c A & B \end{bmatrix}"),
    "transpose of blocks": (r"\begin{bmatrix} A & B \end{bmatrix}^\top = \begin{bmatrix} A^\top \\ B^\top \end{bmatrix}", r"\begin{bmatrix} A & B \end{bmatrix}^\top = \begin{bmatrix} A \\ B \end{bmatrix}"),
    "two by two": (r"\det \begin{bmatrix} s & t \\ p & q \end{bmatrix} = s q - t p", r"\det \begin{bmatrix} s & t \\ p & q \end{bmatrix} = s q + t p"),
    "entries written out": (r"K = \begin{bmatrix} K_{11} & K_{12} \\ K_{21} & K_{22} \end{bmatrix}", r"K = \begin{bmatrix} K_{11} & K_{21} \\ K_{12} & K_{22} \end{bmatrix}"),
    "diagonal matrix times a column": (r"\operatorname{diag}(w) b = w \odot b", r"\operatorname{diag}(w) b = (w^\top b) b"),
    "transpose of an entrywise product": (r"(A \odot B)^\top = A^\top \odot B^\top", r"(A \odot B)^\top = A^\top \odot B"),
    "transpose of a Kronecker product": (r"(A \otimes B)^\top = A^\top \otimes B^\top", r"(A \otimes B)^\top = B^\top \otimes A^\top"),
    "entrywise product with ones": (r"A \odot (\mathbf 1_M \mathbf 1_M^\top) = A", r"A \odot I_M = A"),
    "reciprocal entry by entry": (r"w \odot w^{\odot -1} = \mathbf 1_M", r"w \odot w^{\odot -1} = w"),
    "vec of a product": (r"\operatorname{vec}(A B C) = (C^\top \otimes A) \operatorname{vec}(B)", r"\operatorname{vec}(A B C) = (A \otimes C^\top) \operatorname{vec}(B)"),
    "trace as a product of vecs": (r"\operatorname{vec}(A)^\top \operatorname{vec}(B) = \operatorname{tr}(A^\top B)", r"\operatorname{vec}(A)^\top \operatorname{vec}(B) = \operatorname{tr}(A B)"),
    "mixed product": (r"(A \otimes B) (C \otimes E) = (A C) \otimes (B E)", r"(A \otimes B) (C \otimes E) = (A E) \otimes (B C)"),
    "trace of a Kronecker product": (r"\operatorname{tr}(A \otimes B) = \operatorname{tr} A \operatorname{tr} B", r"\operatorname{tr}(A \otimes B) = \operatorname{tr} A + \operatorname{tr} B"),
    "trace of the identity": (r"\operatorname{tr} I_M = M", r"\operatorname{tr} I_M = 1"),
    "common denominator": (r"\frac{p}{q} + c = \frac{p + q c}{q}", r"\frac{p}{q} + c = \frac{p + c}{q}"),
    "difference of squares": (r"p^2 - q^2 = (p - q) (p + q)", r"p^2 - q^2 = (p - q) (p - q)"),
    "fraction extended": (r"\frac{1}{1 + \exp(-t)} = \frac{\exp(t)}{\exp(t) + 1}", r"\frac{1}{1 + \exp(-t)} = \frac{\exp(t)}{1 + \exp(-t)}"),
    "exponential of a sum": (r"\exp(p + q) = \exp(p) \exp(q)", r"\exp(p + q) = \exp(p) + \exp(q)"),
    "square of a root": (r"\left(\sqrt{p^2 + 1}\right)^2 = p^2 + 1", r"\left(\sqrt{p^2 + 1}\right)^2 = \sqrt{p^2 + 1}"),
    "derivative of softmax": (
        r"\frac{\partial \operatorname{softmax}(w)}{\partial w} = \operatorname{diag}(\operatorname{softmax}(w)) - \operatorname{softmax}(w) \operatorname{softmax}(w)^\top",
        r"\frac{\partial \operatorname{softmax}(w)}{\partial w} = \operatorname{diag}(\operatorname{softmax}(w))",
    ),
    "logarithm of softmax": (
        r"\log\operatorname{softmax}(w) = w - \log(\mathbf 1^\top \exp(w)) \mathbf 1_M",
        r"\log\operatorname{softmax}(w) = w - \mathbf 1^\top w \mathbf 1_M",
    ),
    "meaning of the function": (r"\sigma(t) = \frac{1}{1 + \exp(-t)}", r"\sigma(t) = \frac{1}{1 + \exp(t)}"),
    "symmetry of the logistic function": (r"\sigma(-t) = 1 - \sigma(t)", r"\sigma(-t) = -\sigma(t)"),
    "moving a term to the other side": (r"A w + v = b \implies A w = b - v", r"A w + v = b \implies A w = b + v"),
    "multiplying both sides by a number": (r"2 A w = b \implies A w = \frac12 b", r"2 A w = b \implies A w = b"),
    "multiplying both sides by a matrix": (r"A w = b \implies w = A^{-1} b", r"A B = C \implies B = C A^{-1}"),
    "transposing both sides": (r"A w = b \implies w^\top A^\top = b^\top", r"A w = b \implies w^\top A = b^\top"),
    "equation that was given": (r"A w = b \implies v^\top A w = v^\top b", r"A w = b \implies A v = b"),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_use_of_a_rule_is_proved_by_its_name_and_its_usual_mistake_is_refuted(name):
    use, mistake = EXAMPLES[name]
    found = examine(use, CONTEXT)
    names = {one.name for one in RULES if name in (one.name, one.back)} | {
        one.back for one in RULES if name in (one.name, one.back)
    }
    assert found.report.steps[-1].verdict.value == "PROVED"
    reasons = explained(found)
    assert names & set(reasons[max(reasons)].rules), reasons
    assert examine(mistake, CONTEXT).report.steps[-1].verdict.value == "REFUTED"


# what no text needs alone: the part it is used on, what it gives, and the nearest part it says nothing of
AT = (s.Name("i"),)
ENTRIES = [s.Entry(s.Name(name), AT) for name in "wb"]
ALONE = {
    "differential of a constant": (s.Diff(s.Name("b")), s.ZERO, s.Diff(s.Name("w"))),
    "entries of a sum": (
        s.Build("i", s.Name("M"), "_", s.ONE, s.Add(tuple(ENTRIES))),
        s.Add((s.Name("b"), s.Name("w"))),
        s.Build("i", s.Name("M"), "_", s.ONE, s.Mul(tuple(ENTRIES))),
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_rule_that_no_text_needs_alone_gives_what_it_says_and_nothing_elsewhere(name):
    part, gives, elsewhere = ALONE[name]
    (rule,) = (one for one in RULES if one.name == name)
    scope = Scope(CONTEXT, frozenset({"w"}))
    assert [canonical(one, scope) for one in rule.apply(part, scope)] == [gives]
    assert list(rule.apply(elsewhere, scope)) == []


def test_no_rule_is_without_an_example():
    assert {one.name for one in RULES} == set(EXAMPLES) | set(ALONE)
