# ruff: noqa: E501  (one rule a line)
"""Each rewrite rule of the prover, named: what it proves, and the nearest false statement, which no engine may prove.

The false neighbours are put to the normal form alone, so that a rule that proves too much is noticed here, and not
saved by exact points.
"""

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify.decide.inequality import not_negative
from lrcore.verify.prove.normal import follows, prove
from lrcore.verify.read.document import read_chains
from lrcore.verify.terms.claim import Claim
from lrcore.verify.type.typist import typed_sides

SHAPES = {
    "A": ("n", "n"), "B": ("n", "n"), "C": ("n", "n"), "S": ("n", "n"), "P": ("n", "m"), "Q": ("m", "n"), "K": ("p", "q"),
    "M": (2, 2), "x": ("n",), "u": ("n",), "w": ("n",), "z": ("m",), "y": ("n",), "d": ("n",), "a": (), "b": (), "t": (),
}  # fmt: skip
CONTEXT = Context(
    shapes=SHAPES,
    symmetric=["S"],
    definitions={"G": "A + B", "g": "a + b", "v": "A x - u", "p(a, b)": r"\frac{\partial}{\partial a} (a^2 b)"},
)

# rule: (true, the nearest false)
RULES = {
    # ---- contraction, transposes, traces
    "a product is associative": (r"(AB)C = A(BC)", r"(AB)C = A(CB)"),
    "a product does not commute": (r"(A + B)^2 = A^2 + AB + BA + B^2", r"(A + B)^2 = A^2 + 2AB + B^2"),
    "transpose of a product": (r"(AB)^\top = B^\top A^\top", r"(AB)^\top = A^\top B^\top"),
    "transpose twice": (r"(A^\top)^\top = A", r"A^\top = A"),
    "a symmetric matrix": (r"S^\top = S", r"S A = A S"),
    "trace of a cycle": (r"\operatorname{tr}(ABC) = \operatorname{tr}(CAB)", r"\operatorname{tr}(ABC) = \operatorname{tr}(BAC)"),
    "trace of a transpose": (r"\operatorname{tr}(A^\top B) = \operatorname{tr}(B^\top A)", r"\operatorname{tr}(A^\top B) = \operatorname{tr}(A B)"),
    "trace of one": (r"\operatorname{tr}(I_n) = n", r"\operatorname{tr}(I_n) = n^2"),
    "delta uses up an index": (r"\sum_{i=1}^n \delta_{ij} x_i = x_j", r"\sum_{i=1}^n \delta_{ij} x_i = n x_j"),
    "nothing is divided by a delta": (r"\delta_{ij} x_i = \delta_{ij} x_j", r"\frac{\delta_{ij} x_i u_j}{\delta_{ij}} = x_i u_j"),
    "a sum that nothing needs is its size": (r"\sum_{i=1}^n a = n a", r"\sum_{i=1}^n a = a"),
    "a sum without one index": (r"\sum_{i \ne j} x_i = \sum_{i=1}^n x_i - x_j", r"\sum_{i \ne j} x_i = \sum_{i=1}^n x_i + x_j"),
    "repeated factors": (r"(x^\top u)^2 = x^\top u \, u^\top x", r"(x^\top u)^2 = x^\top x \, u^\top u"),
    "a place in blocks": (r"\begin{bmatrix} a \\ b \\ x \end{bmatrix}_{3} = x_1", r"\frac{\partial}{\partial a} \begin{bmatrix} x \\ a \end{bmatrix}_{2} = 0"),
    "the first place in blocks": (r"\begin{bmatrix} x \\ z \end{bmatrix}_{1} = x_1", r"\frac{\partial}{\partial z_1} \begin{bmatrix} x \\ z \end{bmatrix}_{2} = 0"),
    "the identity of size one is 1": (r"a I_1 = a", r"a I_1 = 2a"),
    "all places of an array": (r"P_{:} = P", r"P_{:} = 2P"),
    "every block is compared": (r"\begin{bmatrix} x \\ 2z \end{bmatrix} = \begin{bmatrix} x \\ z + z \end{bmatrix}", r"\begin{bmatrix} x \\ 2z \end{bmatrix} = \begin{bmatrix} x \\ z \end{bmatrix}"),
    "an identity in blocks": (r"\begin{bmatrix} I_n & 0 \\ 0 & I_m \end{bmatrix} = I", r"\begin{bmatrix} I_n & 0 \\ 0 & 2I_m \end{bmatrix} = I"),
    "an entry by another": (r"\frac{\partial x_1}{\partial x_2} = 0", r"\frac{\partial x_1}{\partial x_2} = 1"),
    "an identity of pairs": (r"I_n \otimes I_m = I", r"I_n \otimes (2I_m) = I"),
    # ---- Kronecker products and vec
    "vec of a product": (r"\operatorname{vec}(ABC) = (C^\top \otimes A)\operatorname{vec}(B)", r"\operatorname{vec}(ABC) = (A \otimes C^\top)\operatorname{vec}(B)"),
    "product of Kronecker products": (r"(A \otimes K)(B \otimes K^\top) = (AB) \otimes (K K^\top)", r"(A \otimes K)(B \otimes K^\top) = (BA) \otimes (K K^\top)"),
    "transpose of a Kronecker product": (r"(A \otimes K)^\top = A^\top \otimes K^\top", r"(A \otimes K)^\top = A \otimes K^\top"),
    "trace of a Kronecker product": (r"\operatorname{tr}(A \otimes B) = \operatorname{tr}(A)\operatorname{tr}(B)", r"\operatorname{tr}(A \otimes B) = \operatorname{tr}(AB)"),
    "pairs of fixed places": (r"(M \otimes M)^\top = M^\top \otimes M^\top", r"(M \otimes M)^\top = M \otimes M"),
    # ---- inverses
    "an inverse cancels beside its matrix": (r"A^{-1} A B = B", r"A^{-1} B A = B"),
    "an inverse cancels on either side": (r"A A^{-1} = I_n", r"A A^{-1} = A^{-1}"),
    "an inverse cancels over a sum alone": (r"\sum_{j=1}^n A_{ij} (A^{-1})_{jk} = \delta_{ik}", r"A_{ij} (A^{-1})_{jk} = \delta_{ik} + 0 x_j"),
    "an inverse cancels a product that is summed": (r"\sum_{p=1}^n \sum_{j=1}^m P_{pi} P_{pj} ((P^\top P)^{-1})_{jk} = \delta_{ik}", r"P_{pi} \sum_{j=1}^m P_{pj} ((P^\top P)^{-1})_{jk} = \delta_{ik} + 0 x_p"),
    "inverse of a product with an inverse": (r"(A^{-1} B)^{-1} = B^{-1} A", r"(A^{-1} B)^{-1} = A B^{-1}"),
    "inverse of a product": (r"(AB)^{-1} = B^{-1} A^{-1}", r"(AB)^{-1} = A^{-1} B^{-1}"),
    "inverse of a transpose": (r"(A^\top)^{-1} = (A^{-1})^\top", r"(A^\top)^{-1} = A^{-1}"),
    "inverse of a multiple": (r"(2A)^{-1} = \tfrac12 A^{-1}", r"(2A)^{-1} = 2 A^{-1}"),
    "an inverse of a diagonal": (r"(2 \operatorname{diag}(x))^{-1} \operatorname{diag}(x) = \frac12 I_n", r"(2 \operatorname{diag}(x))^{-1} \operatorname{diag}(x) = 2 I_n"),
    "an inverse cancels a part of a sum": (r"(A + B)^{-1} A = I_n - (A + B)^{-1} B", r"(A + B)^{-1} A = I_n - A^{-1} B"),
    "an inverse that meets its matrix once": (r"\operatorname{tr}(A^{-1} A) = n", r"\operatorname{tr}(A^{-1} A^\top) = n"),
    "push through": (r"(I_n + P Q)^{-1} P = P (I_m + Q P)^{-1}", r"(I_n + P Q)^{-1} P = P (I_m - Q P)^{-1}"),
    "determinant of a transposed product": (r"\det((AB)^\top) = \det A \det B", r"\det((A + B)^\top) = \det A + \det B"),
    "inverse of a small matrix": (r"M^{-1} \det M = \begin{bmatrix} M_{22} & -M_{12} \\ -M_{21} & M_{11} \end{bmatrix}", r"M^{-1} \det M = \begin{bmatrix} M_{22} & -M_{21} \\ -M_{12} & M_{11} \end{bmatrix}"),
    # ---- determinants
    "determinant of a product": (r"\det(AB) = \det(A)\det(B)", r"\det(A + B) = \det(A) + \det(B)"),
    "determinant of a transpose": (r"\det(A^\top) = \det A", r"\det(A^\top) = -\det A"),
    "determinant of an inverse": (r"\det(A^{-1}) = 1/\det(A)", r"\det(A^{-1}) = \det(A)"),
    "determinant of a multiple": (r"\det(2M) = 4\det M", r"\det(2M) = 2\det M"),
    "determinant written out": (r"\det M = M_{11} M_{22} - M_{12} M_{21}", r"\det M = M_{11} M_{22} + M_{12} M_{21}"),
    # ---- reciprocals
    "a reciprocal cancels": (r"\frac{a}{a b} = \frac{1}{b}", r"\frac{a}{a + b} = \frac{1}{b}"),
    "a reciprocal cancels a part of a sum": (r"\frac{a}{a + b} = 1 - \frac{b}{a + b}", r"\frac{a}{a + b} = 1 + \frac{b}{a + b}"),
    "fractions with an index": (r"\frac{1}{x_i + 1} + \frac{1}{x_i - 1} = \frac{2x_i}{(x_i+1)(x_i-1)}", r"\frac{1}{x_i + 1} + \frac{1}{x_i - 1} = \frac{2}{(x_i+1)(x_i-1)}"),
    "partial fractions with an index": (r"\frac{u_i}{x_i^2 - 1} = \frac{u_i}{2(x_i-1)} - \frac{u_i}{2(x_i+1)}", r"\frac{u_i}{x_i^2 - 1} = \frac{w_i}{2(x_i-1)} - \frac{w_i}{2(x_i+1)}"),
    "reciprocal of a reciprocal": (r"\frac{1}{1/(a + b)} = a + b", r"\frac{1}{1/a + 1/b} = a + b"),
    "a negative power": (r"a^{-2} a^3 = a", r"a^{-2} a^3 = a^{-1}"),
    # ---- logarithms and exponentials
    "log of a product": (r"\log(a b) = \log a + \log b", r"\log(a + b) = \log a + \log b"),
    "log of a power": (r"\log(a^3) = 3\log a", r"\log(a^3) = \log(a)^3"),
    "log of a reciprocal": (r"\log(1/a) = -\log a", r"\log(1/a) = 1/\log a"),
    "log of a root": (r"\log\sqrt{a} = \tfrac12 \log a", r"\log\sqrt{a} = \sqrt{\log a}"),
    "log of a number": (r"\log 8 = 3 \log 2", r"\log 8 = 2 \log 3"),
    "log of a negative number is no number": (r"\log(2a + 2b) = \log 2 + \log(a + b)", r"\log(-2a - 2b) = \log 2 + \log(a + b)"),
    "log of a negative multiple is left alone": (r"\log(-2a - 2b) = \log(-2b - 2a)", r"\log(-2a) = \log(-a)"),
    "log of an absolute value": (r"\log(a^2) = 2\log|a|", r"\log(a^2) = \log|a|"),
    "log of a product of absolute values": (r"\log(|a| |b|) = \frac12 \log(a^2) + \frac12 \log(b^2)", r"\log(|a| |b|) = \log(a^2) + \log(b^2)"),
    "the larger of 0 and a number": (r"\max(0, a) = \frac{a + |a|}{2}", r"\max(0, a) = \frac{a + |a|}{3}"),
    "an indicator is half of 1 and a sign": (r"1[a > 0] = \frac{1 + a/|a|}{2}", r"1[a > 0] = \frac{1 + a/|a|}{3}"),
    "1 beside a function that is taken entry by entry": (r"1 - \exp(x) = -(\exp(x) - 1)", r"1 - \exp(x) = \exp(x) - 1"),
    "log of exp": (r"\log(\exp(a) b) = a + \log b", r"\log(\exp(a) + b) = a + \log b"),
    "exp of a log": (r"\exp(\log a + \log b) = a b", r"\exp(\log(a^2)/2 + \log b) = a b"),
    "exp of the log of an absolute value": (r"\exp(\log|a|) = |a|", r"\exp(\log|a|) = a"),
    "exp of an even multiple of a log": (r"\exp(2\log|a|) = a^2", r"\exp(3\log|a|) = a^3"),
    "exp of a log of a power": (r"\exp(\log(a^2)) = a^2", r"\exp(\tfrac12\log(a^2)) = a"),
    "exp of the log of a product of squares": (r"\exp(\tfrac12\log(a^2 b^2)) = |a| |b|", r"\exp(\tfrac12\log(a^2 b^2)) = a b"),
    "exp of the log of a root of a square": (r"\log\sqrt{a^2} = \log|a|", r"\exp(\log\sqrt{a^2} + \log b) = a b"),
    "exp of the log of a determinant": (r"\exp(\log\det A) = \det A", r"\exp(\tfrac12\log\det(A^2)) = \det A"),
    "exp of a log of a product": (r"\exp(\log(a b) + t) = a b\exp(t)", r"\exp(\log|a| + \log|b|) = a b"),
    "a product and one factor are positive, so is the other": (r"\exp(\log(a^2 + a b) - \log a) = a + b", r"\log(a b) + \exp(\log|a| + t) = \log(a b) + a\exp(t)"),
    "signs of three products": (r"\log(a b t) + \log(b t) + \exp(\log|a| + t) = \log(a b t) + \log(b t) + a\exp(t)", r"\log(a b t) + \log(b) + \exp(\log|a| + t) = \log(a b t) + \log(b) + a\exp(t)"),
    "an exponential hides the sign in its logarithm": (r"\log(\exp(\tfrac13\log|a|)^3) = \log|a|", r"\log(\exp(\tfrac13\log|a|)^3) + \exp(\log|a| + t) = \log|a| + a\exp(t)"),
    "one over a root hides it too": (r"\log\frac{1}{\sqrt{a^2 x_i + a^2}} = -\log|a| - \tfrac12\log(x_i + 1)", r"\log\frac{1}{\sqrt{a^2 x_i + a^2}} + \exp(\log|a| + t) = a\exp(t) - \log|a| - \tfrac12\log(x_i + 1)"),
    "log of a difference with a fraction": (r"\log(1 - \frac{1}{1+e^{-a}}) = -\log(1 + e^a)", r"\log(1 - \frac{1}{1+e^{-a}}) = -\log(1 + e^{-a})"),
    "log of a fraction with a sum below, by index": (r"\log\frac{1}{1+e^{-x_i}} = x_i - \log(1 + e^{x_i})", r"\log\frac{1}{1+e^{-x_i}} = -x_i - \log(1 + e^{x_i})"),
    "a fraction in a sum hides the sign, too": (r"\log(1 - \frac{1}{1+\sqrt{a^2}}) = \log|a| - \log(1+\sqrt{a^2})", r"\log(1 - \frac{1}{1+\sqrt{a^2}}) + \exp(\log|a| + t) = \log|a| - \log(1+\sqrt{a^2}) + a\exp(t)"),
    "log of a sum with a common factor": (r"\log(x_i u_i + x_i u_i^2) = \log x_i + \log u_i + \log(1 + u_i)", r"\log(x_i u_i + x_i u_i^2) = \log x_i + \log u_i"),
    "log of a power with a letter above": (r"\log((1 + a)^{b + x_i}) = (b + x_i)\log(1 + a)", r"\log((1 + a)^{b + x_i}) = (b + x_i)\log a"),
    "an absolute value hides the sign, too": (r"\log|a b| = \log|a| + \log|b|", r"\log|a| + \exp(\log|a| + t) = \log|a| + a\exp(t)"),
    "a product over an index": (r"\log\prod_{i=1}^n x_i = \sum_{i=1}^n \log x_i", r"\log\prod_{i=1}^n x_i = \log\sum_{i=1}^n x_i"),
    "one over a product taken apart": (r"\sum_i \frac{u_i}{x_i} \frac{1}{2 x_i + 3} = \frac13\sum_i \frac{u_i}{x_i} - \frac23\sum_i\frac{u_i}{2 x_i + 3}", r"\sum_i \frac{u_i}{x_i} \frac{1}{2 x_i + 3} = \frac13\sum_i \frac{u_i}{x_i} - \frac13\sum_i\frac{u_i}{2 x_i + 3}"),
    "a fraction of exponentials in a sum": (r"\sum_i \frac{e^{-x_i}}{e^{-x_i} + 1} u_i = \sum_i \frac{1}{e^{x_i} + 1} u_i", r"\sum_i \frac{e^{-x_i}}{e^{-x_i} + 1} u_i = \sum_i \frac{1}{e^{-x_i} + 1} u_i"),
    "exp of a log times a letter": (r"\exp(\log(b)\, t) = \exp(t\log b)", r"\exp(\log(b)\, t) = b"),
    "exp of a sum of logs over an index": (r"\exp(\sum_{i=1}^n \log|x_i|) = \exp(\sum_{j=1}^n \log|x_j|)", r"\exp(\sum_{i=1}^n \log|x_i|) = \exp(\sum_{j=1}^n \log|u_j|)"),
    "exp of a sum": (r"\exp(a + b) = \exp(a)\exp(b)", r"\exp(a b) = \exp(a)\exp(b)"),
    "exp of an opposite": (r"\exp(a - b) = \exp(a)/\exp(b)", r"\exp(a - b) = \exp(a) - \exp(b)"),
    "exp of a multiple": (r"\exp(3a) = \exp(a)^3", r"\exp(3a) = 3\exp(a)"),
    # ---- roots and absolute values
    "square of a root": (r"\sqrt{a + b}^2 = a + b", r"\sqrt{a^2} = a"),
    "a root takes out squares of numbers": (r"\sqrt{4a} = 2\sqrt{a}", r"\sqrt{2a} = 2\sqrt{a}"),
    "a root of a sum takes out a square of a number": (r"\sqrt{4a + 4b} = 2\sqrt{a + b}", r"\sqrt{4a + b} = 2\sqrt{a + b}"),
    "one over a root": (r"\frac{1}{\sqrt{a}} = \frac{\sqrt{a}}{a}", r"\frac{1}{\sqrt{a}} = \sqrt{a}"),
    "an absolute value takes out a number": (r"|{-2}a| = 2|a|", r"|{-2}a| = -2|a|"),
    "an absolute value of a sum takes out a number": (r"|2a + 2b| = 2|a + b|", r"|2a + 2b| = 2|a| + 2|b|"),
    "an absolute value keeps a letter": (r"|3a| = 3|a|", r"|a b| = a |b|"),
    # ---- derivatives
    "derivative of a bilinear form": (r"\nabla_x (u^\top A x) = A^\top u", r"\nabla_x (u^\top A x) = A u"),
    "derivative of a quadratic form": (r"\nabla_x (x^\top A x) = (A + A^\top) x", r"\nabla_x (x^\top A x) = 2 A x"),
    "derivative by a defined name": (r"\frac{\partial}{\partial v} v^\top v = 2 v", r"\frac{\partial}{\partial v} v^\top v = 2 x"),
    "derivative of a trace": (r"\nabla_A \operatorname{tr}(A B) = B^\top", r"\nabla_A \operatorname{tr}(A B) = B"),
    "derivative of a determinant": (r"\nabla_A \det A = \det(A) A^{-\top}", r"\nabla_A \det A = \det(A) A^{-1}"),
    "derivative of an inverse": (r"\nabla_A (u^\top A^{-1} x) = -A^{-\top} u x^\top A^{-\top}", r"\nabla_A (u^\top A^{-1} x) = A^{-\top} u x^\top A^{-\top}"),
    "derivative of a reciprocal": (r"\frac{\partial}{\partial a} \frac{1}{a + b} = -\frac{1}{(a + b)^2}", r"\frac{\partial}{\partial a} \frac{1}{a + b} = -\frac{1}{a + b}"),
    "derivative of a logarithm": (r"\frac{\partial}{\partial a} \log(a b) = \frac1a", r"\frac{\partial}{\partial a} \log(a b) = \frac{1}{a b}"),
    "derivative of an exponential": (r"\frac{\partial}{\partial a} \exp(a b) = b\exp(a b)", r"\frac{\partial}{\partial a} \exp(a b) = \exp(a b)"),
    "one over the root of an entry": (r"\sum_{i=1}^n \frac{x_i}{\sqrt{x_i}} = \sum_{i=1}^n \sqrt{x_i}", r"\sum_{i=1}^n \frac{1}{\sqrt{x_i}} = \sum_{i=1}^n \sqrt{x_i}"),
    "derivative of a sum of roots": (r"\frac{\partial}{\partial t} \sum_{i=1}^n \sqrt{a^2 + t x_i} = \frac12 \sum_{i=1}^n \frac{x_i}{\sqrt{a^2 + t x_i}}", r"\frac{\partial}{\partial t} \sum_{i=1}^n \sqrt{a^2 + t x_i} = \frac12 \sum_{i=1}^n \frac{x_i}{a^2 + t x_i}"),
    "derivative of a root": (r"\frac{\partial}{\partial a} \sqrt{a + b} = \frac{1}{2\sqrt{a + b}}", r"\frac{\partial}{\partial a} \sqrt{a + b} = \frac{1}{\sqrt{a + b}}"),
    "derivative of a power": (r"\frac{\partial}{\partial a} a^3 = 3a^2", r"\frac{\partial}{\partial a} a^3 = 3a^3"),
    "an inverse by a name that stands for a sum": (r"\nabla_G \operatorname{tr}(G^{-1}) = -((A + B)^{-2})^\top", r"\nabla_G \operatorname{tr}(G^{-1}) = -((A - B)^{-2})^\top"),
    "a determinant by a name that stands for a sum": (r"\nabla_G \log\det G = (A + B)^{-\top}", r"\nabla_G \log\det G = (A + B)^{-1}"),
    "a reciprocal by a name that stands for a sum": (r"\frac{\partial}{\partial g} \frac{1}{g} = -\frac{1}{(a + b)^2}", r"\frac{\partial}{\partial g} \frac{1}{g} = -\frac{1}{(a - b)^2}"),
    "a logarithm by a name that stands for a sum": (r"\frac{\partial}{\partial g} \log g = \frac{1}{a + b}", r"\frac{\partial}{\partial g} \log g = \frac{1}{a - b}"),
    "an exponential by a name that stands for a sum": (r"\frac{\partial}{\partial g} \exp(g) = \exp(a + b)", r"\frac{\partial}{\partial g} \exp(g) = \exp(a - b)"),
    "a root by a name that stands for a sum": (r"\frac{\partial}{\partial g} \sqrt{g} = \frac{1}{2\sqrt{a + b}}", r"\frac{\partial}{\partial g} \sqrt{g} = \frac{1}{2\sqrt{a - b}}"),
    "an entry over an entry by a name": (r"\frac{\partial}{\partial g} \frac{x_i}{g u_i} = -\frac{x_i}{(a + b)^2 u_i}", r"\frac{\partial}{\partial g} \frac{x_i}{g u_i} = -\frac{x_i}{(a + b) u_i}"),
    "a derivative within a function, its variable put in for another": (r"p(b, a) = 2 a b", r"p(b, a) = 3 b^2"),
    "a derivative of a function that is one": (r"\frac{\partial}{\partial a} p(a, a) = 4a", r"\frac{\partial}{\partial a} p(a, a) = 6a"),
    "a derivative of one at a multiple": (r"\frac{\partial}{\partial a} p(a, 2a) = 8a", r"\frac{\partial}{\partial a} p(a, 2a) = 12a"),
    "derivative of an absolute value": (r"\frac{\partial}{\partial a} |a| = \frac{|a|}{a}", r"\frac{\partial}{\partial a} |a| = 1"),
    "derivative of the logarithm of an absolute value": (r"\frac{\partial}{\partial a} \log|a| = \frac1a", r"\frac{\partial}{\partial a} \log|a| = \frac{1}{|a|}"),
    "square and reciprocal of an absolute value": (r"\frac{1}{|x_i|} = \frac{|x_i|}{x_i^2}", r"\frac{1}{|x_i|} = \frac{1}{x_i}"),
    "absolute value of a sum of exponentials": (r"|e^a + e^{x_i}| = e^a + e^{x_i}", r"|e^a - e^{x_i}| = e^a - e^{x_i}"),
    "exp of the log of a sum of exponentials": (r"\exp(-\log\sum_i e^{x_i}) = \frac{1}{\sum_j e^{x_j}}", r"\exp(-\log\sum_i e^{x_i}) = \sum_j e^{-x_j}"),
    "square of an absolute value": (r"|a|^3 = a^2 |a|", r"|a|^3 = a^3"),
}  # fmt: skip


def claim_of(text, context=CONTEXT):
    left, right = read_chains(text, context)[0].read(context)
    both = typed_sides(left, right, context)
    return Claim(both.left, both.right, list(both.free))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_proves_what_it_says(rule):
    proved, reason = prove(claim_of(RULES[rule][0]))
    assert proved, reason


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_does_not_prove_its_nearest_false_neighbour(rule):
    assert not prove(claim_of(RULES[rule][1]))[0]
    report = derivation(RULES[rule][1], CONTEXT, repairs=False)
    assert next(step.verdict.value for step in report.steps) in ("REFUTED", "CHECKED", "ILL_TYPED")


def test_entries_counted_from_0_beside_others_counted_from_1_are_written_out():
    context = Context(shapes={"w": (3,), "x": (2,)})
    sides = {r"w_1 x_1 + w_2 x_2": "PROVED", r"w_1 x_2 + w_2 x_1": "REFUTED"}
    for side, verdict in sides.items():
        (step,) = derivation(rf"w_0 + \sum_{{k=1}}^2 w_k x_k = w_0 + {side}", context, repairs=False).steps
        assert step.verdict.value == verdict


def test_what_is_nested_too_deeply_for_the_normal_form_is_not_proved(monkeypatch):
    def too_deep(*_):
        raise RecursionError

    assert prove(claim_of("A = A"))[0]
    monkeypatch.setattr("lrcore.verify.prove.normal._equal", too_deep)
    assert not prove(claim_of("A = A"))[0] and not follows(claim_of("A = A"), [])


# ---------------------------------------------------------------------- equations taken as given

GIVEN = {
    "an equation is used from its lone letter": (r"x = A u", r"B x = B A u", r"B x = A u"),
    "an equation is used inside a product": (r"A B = B A", r"A A B = B A A", r"A B C = C B A"),
    "symmetry by a premise": (r"A = A^\top", r"x^\top A u = u^\top A x", r"A B = B A"),
    "an equation times a size": (r"n a = n b", r"a = b", r"a^2 = -b^2"),
    "an equation for one entry": (r"x_1 = 3", r"x_1 + 1 = 4", r"x_2 + 1 = 4"),
}


@pytest.mark.parametrize("rule", GIVEN)
def test_a_premise_proves_what_follows_and_not_its_neighbour(rule):
    premise, true, false = GIVEN[rule]
    assert follows(claim_of(true), [claim_of(premise)])
    assert not follows(claim_of(false), [claim_of(premise)])


def test_two_equations_are_each_used_from_their_lone_letter():
    """Used the other way they prove nothing here, since neither product stands in what follows."""
    given = [claim_of(r"x = u \odot w"), claim_of(r"y = d \odot w")]
    assert follows(claim_of(r"x \odot d = u \odot y"), given)
    assert not follows(claim_of(r"x \odot u = d \odot y"), given)


def test_an_inverse_of_which_no_term_can_be_cancelled_is_kept():
    assert prove(claim_of(r"(A \odot B)^{-1} (A \odot B) = I_n")) == (False, "")


# ---------------------------------------------------------------------- what is not negative as it is written

NOT_NEGATIVE = {
    "an even power": (r"a^2 = 0", r"a^3 = 0"),
    "a product of what is not negative": (r"a^2 b^2 = 0", r"a b^2 = 0"),
    "a sum of what is not negative": (r"a^2 + b^2 = 0", r"a^2 + b = 0"),
    "a sum over an index": (r"\sum_{i=1}^n x_i^2 = 0", r"\sum_{i=1}^n x_i = 0"),
    "a number": (r"3 = 0", r"-3 = 0"),
    "a size": (r"n a^2 = 0", r"n a = 0"),
    "a norm": (r"\|x\|^2 = 0", r"x^\top u = 0"),
    "an odd power of what is not negative": (r"(\|x\|^2)^3 = 0", r"(x^\top u)^3 = 0"),
    "an exponential": (r"\exp(a) = 0", r"\log(a) = 0"),
    "an absolute value": (r"|a| = 0", r"a = 0"),
    "a root": (r"\sqrt{a} = 0", r"\sqrt{a} - 1 = 0"),
}


@pytest.mark.parametrize("rule", NOT_NEGATIVE)
def test_not_negative_holds_of_what_is_not_negative_and_not_of_its_neighbour(rule):
    true, false = NOT_NEGATIVE[rule]
    assert not_negative(claim_of(true).left)
    assert not not_negative(claim_of(false).left)


def test_a_letter_beside_a_norm_may_be_negative():
    (step,) = derivation(r"10\,t\,\|x\|^2 + 10000 \ge 0", CONTEXT).steps
    assert step.verdict.value != "PROVED"


@pytest.mark.parametrize(
    "text", [r"I + P \otimes Q = P \otimes Q + I", r"\operatorname{tr}(P \otimes Q) = \operatorname{tr}(P \otimes Q)"]
)
def test_where_two_orders_of_pairs_meet_the_normal_form_gives_up(text):
    proved, reason = prove(claim_of(text))
    assert not proved
    assert reason in ("Two ways of splitting one index meet.", "Two orders of stacking meet in one index.")
