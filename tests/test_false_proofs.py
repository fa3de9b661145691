r"""Six ways in which something false was once called proved, and their kin, at page, notebook, terminal and library.

Each case is a text with the verdicts of its steps: P proved, R refuted, S right at the optimum alone, I ill typed,
U asked about or not read, D definition, C condition. A wrong text stands beside the true one that it is easily
taken for.
"""

import contextlib
import io
import json
import sys
from zlib import crc32

import pytest

from lrcore import check_derivation
from lrcore.checker.checked_text import CheckedText
from lrcore.checker.service import answer
from lrcore.notes.command import main
from lrcore.verify import Context, Verdict, derivation
from lrcore.widgets import DerivationChecker

SHAPES = {
    "X": "N x M", "w": "M x 1", "y": "N x 1", "A": "M x M", "x": "M x 1", "z": "M x 1", "b": "M x 1", "B": "M x M",
    "s": "scalar", "t": "scalar", "u": "scalar", "v": "scalar",
}  # fmt: skip
LETTERS = {one.value[0]: one.value for one in Verdict} | {"C": "CONDITION", "K": "CHECKED", "S": "STATIONARY"}
LOSS = "L := \\frac1N \\|Xw - y\\|^2\n"
FLAT = LOSS + "\\nabla_w L = 0\n"

CASES = {
    # an equation for one entry, used as if it were one for all
    "what is given of one entry": (r"x_1 = 0 \implies x^T x = 0", "CR"),
    "what is given of the first entry": (r"x_1 = 3 \implies x_2 + 1 = 4", "CR"),
    "what is given of that entry": (r"x_1 = 3 \implies x_1 + 1 = 4", "CP"),
    "what is given of each entry": (r"x_i = z_i \implies x_i + 1 = z_i + 1", "CP"),
    # a dash, a star or a number at the beginning of a line
    "a dash before an equation": ("- X^T(Xw - y) = X^T(Xw - y)", "U"),
    "a minus before an equation": ("-X^T(Xw - y) = X^T(Xw - y)", "R"),
    "a minus on both sides": ("-X^T(Xw - y) = X^T(y - Xw)", "P"),
    "a dash that goes on": ("(s+t)^2 = s^2+2st+t^2\n- s", "R"),
    "a dash that has to go on": ("(s-t)^2 = s^2+t^2\n- 2st", "P"),
    "a plus that goes on": ("(s+t)^2 = s^2+t^2\n+ 2st", "P"),
    "a star that goes on": ("s = s\n* t", "R"),
    "a star that has to go on": ("s*t = s\n* t", "P"),
    "a list": ("- s + t = t + s\n- s t = t s", "PP"),
    "a list with stars": ("* s + t = t + s\n* s t = s", "PR"),
    "a list of dollars": ("- $s + t = t + s$\n- $s t = t s$", "PP"),
    "a dash below an equation": ("s + t = t + s\n- s = s", "UU"),
    "a typographic minus": ("− s = s", "R"),
    "a number that may be a factor": ("(2) (s + t) = s + t", "U"),
    "numbers of lines": ("(1) s + t = t + s\n(2) s t = t s", "PP"),
    "a number and a full stop": ("2. s t = t s", "P"),
    "a quotation": ("> s t = t s\n> s + t = t", "PR"),
    "greater at the beginning of a line": ("s = t\n> u = 4", "RRR"),
    # identity first
    "a multiple of a gradient that vanishes": (FLAT + "\\nabla_w L = -7X^T(Xw - y)", "DCS"),
    "the gradient itself after it vanishes": (FLAT + "\\nabla_w L = \\frac2N X^T(Xw - y)", "DCP"),
    "a lost factor after it vanishes": (FLAT + "\\frac{\\partial L}{\\partial w} = X^T(Xw - y)", "DCS"),
    "a differential after it vanishes": (LOSS + "X^T(Xw - y) = 0\ndL = -7(Xw - y)^T X dw", "DCS"),
    "the differential itself": (LOSS + "X^T(Xw - y) = 0\ndL = \\frac2N(Xw - y)^T X dw", "DCP"),
    "a name for the gradient": (LOSS + "g := \\nabla_w L\ng = 0\ng = 5X^T(Xw - y)", "DDCS"),
    "normal equations after it vanishes": (FLAT + "X^TXw = X^Ty", "DCP"),
    "a closed form after it vanishes": (FLAT + "w = (X^TX)^{-1}X^Ty", "DCP"),
    "a part of a gradient that vanishes": (
        "J := \\|Xw - y\\|^2 + s\\|w\\|^2\nX^T(Xw - y) = 0\n\\nabla_w J = -7X^T(Xw - y) + 2sw", "DCS",
    ),
    "conditions on data": ("X^TX = I \\implies \\nabla_w \\|Xw - y\\|^2 = 2w - 2X^Ty", "CP"),
    # functions are functions
    "arguments in another order": ("k(x,z) := x^TAz\nk(z,x) = k(x,z)", "DR"),
    "arguments in another order, true": ("k(x,z) := x^TAz\nk(z,x) = z^TAx", "DP"),
    "numbers in another order": ("f(s,t) := s-t\nf(t,s) = s-t", "DR"),
    "numbers in another order, true": ("f(s,t) := s-t\nf(t,s) = t-s", "DP"),
    "said anew with turned letters": ("f(s,t) := s-t\nf(t,s) := s-t", "DI"),
    "said anew in other letters": ("f(s,t) := s-t\nf(u,v) := u-v", "DD"),
    "one argument twice": ("k(x,z) := x^TAz\n\\nabla_x k(x,x) = Az", "DR"),
    "one argument twice, true": ("k(x,z) := x^TAz\n\\nabla_x k(x,x) = Ax + A^Tx", "DP"),
    "an argument that holds the variable": ("f(s) := s^2\n\\frac{d}{ds} f(3s) = 2s", "DR"),
    "an argument that holds the variable, true": ("f(s) := s^2\n\\frac{d}{ds} f(3s) = 18s", "DP"),
    "a derivative at another place": ("f(x) := x^TAx\n\\nabla_x f(z) = Ax + A^Tx", "DR"),
    "a derivative at another place, true": ("f(x) := x^TAx\n\\nabla_x f(z) = Az + A^Tz", "DP"),
    "an argument within an argument": ("f(s,t) := s - t\nf(f(s,t),t) = s", "DR"),
    "an argument within an argument, true": ("f(s,t) := s - t\nf(f(s,t),t) = s - t - t", "DP"),
    "matrices as arguments": ("m(A,B) := AB\nm(B,A) = AB", "DR"),
    "matrices as arguments, true": ("m(A,B) := AB\nm(B,A) = BA", "DP"),
    "an index as an argument": ("p(i) := x_i\n\\sum_j p(j) = \\sum_j z_j", "DR"),
    "an index as an argument, true": ("p(i) := x_i\n\\sum_j p(j) = \\sum_i x_i", "DP"),
    "an index that a sum in the body binds": ("q(i) := \\sum_j A_{ij}\nq(j) = \\sum_j A_{jj}", "DR"),
    "an index that a sum in the body binds, true": ("q(i) := \\sum_j A_{ij}\nq(j) = \\sum_k A_{jk}", "DP"),
    "too few arguments": ("k(x,z) := x^TAz\nk(x) = x^TAx", "DI"),
    "an argument that nothing knows": ("h := x^Tx\nh(u) = x^Tx", "DU"),
    # sizes that nothing fixes
    "ones times ones": ("\\mathbf 1^T\\mathbf 1 = 1", "U"),
    "ones times ones with a size": ("\\mathbf 1_N^T\\mathbf 1_N = 1", "R"),
    "ones times ones, true": ("\\mathbf 1_N^T\\mathbf 1_N = N", "P"),
    "an identity without a size": ("I^TI = 1", "U"),
    "an identity with a size": ("I_M^TI_M = I_M", "P"),
    "ones alone": ("2\\,\\mathbf 1 = 2", "U"),
    "ones of two sizes": ("\\mathbf 1^TX\\mathbf 1 + \\mathbf 1^T\\mathbf 1 = \\mathbf 1^TX\\mathbf 1 + N", "U"),
    "zeros without a size": ("\\begin{bmatrix} X & 0 \\end{bmatrix}\\begin{bmatrix} w \\\\ 0 \\end{bmatrix} = Xw", "U"),
    "a derivative of a function that is one": (
        "p(s,t) := \\frac{\\partial}{\\partial s}(s^2 t)\n\\frac{\\partial}{\\partial s} p(s,s) = 6s", "DR",
    ),
    "a derivative of a function that is one, true": (
        "p(s,t) := \\frac{\\partial}{\\partial s}(s^2 t)\n\\frac{\\partial}{\\partial s} p(s,s) = 4s", "DP",
    ),
    # a place in blocks, which lies in one or the next as the sizes are
    "a place behind a block": ("\\frac{\\partial}{\\partial s}\\begin{bmatrix} x \\\\ s \\end{bmatrix}_{2} = 0", "K"),
    "a place behind a number": ("\\begin{bmatrix} s \\\\ x \\end{bmatrix}_{2} = x_1", "P"),
    # a letter that may be a mark
    "t as an exponent": ("s^t = s", "U"),
    "t as an exponent of e": ("e^s e^t = e^{s+t}", "P"),
    "t as an index of time": ("A^T = A^T", "P"),
    # words, and mathematics that looks like a word
    "a word behind a formula": ("A = A transpose", "U"),
    "words with a number": ("w = w times 2", "U"),
    "a product with a minus": ("X^TXw - X^Ty = X^T (Xw-y) Ax-b", "I"),
    "a norm of Ax-b": ("\\|Ax-b\\|^2 = x^TA^TAx - 2b^TAx + b^Tb", "P"),
    "a norm of Ax-b, wrong": ("\\|Ax-b\\|^2 = x^TA^TAx - b^TAx + b^Tb", "R"),
    "a word before a formula": ("half w = w", "U"),
    "a word in the middle": ("X^T doubled (Xw - y) = X^T(Xw - y)", "U"),
    "words on the next line": ("w = w\ntimes two", "U"),
    "words in text": ("w = w \\text{ times } 2", "U"),
    "a word in text": ("w = w \\text{ transpose}", "U"),
    "a reason in text": ("w = w \\quad\\text{(trivially)}", "P"),
    "a reason in words": ("w + w = 2w, because the terms are equal", "P"),
    "a reason in words for a wrong line": ("w + w = 3w, because the terms are equal", "R"),
    "words and dollars": ("So $w + w = 2w$ holds, and $w = w$, times 2 is another matter.", "PP"),
    "an operation behind dollars": ("So $w + w = 2w$ holds, and $w = w$ times 2.", "PU"),
    "an operation before an environment": ("inverse \\begin{align} w &= w \\end{align}", "U"),
    "an operation behind an environment": ("\\begin{align} w &= w \\end{align} inverse", "U"),
    "an operation before a bracket": ("twice (Xw - y) = Xw - y", "U"),
    "not before a bracket": ("not (Xw - y) = Xw - y", "U"),
    "a bracket before an environment": ("]\\begin{align} w &= w \\end{align}", "U"),
    "a word between dollars": ("$ half $\\|w\\|^2 = w^Tw", "U"),
    "a word in a norm": ("\\|w inverse\\|^2 = w^Tw", "U"),
    "a module that nobody knows": ("np2.linalg.inv(A) @ A = np.eye(M)", "U"),
    "a module": ("np.linalg.inv(A) @ A = np.eye(M)", "P"),
    "a sign on a line of its own": ("-\n(s+t)^2 = s^2+2st+t^2", "U"),
    "zeros of another shape": ("X = X + zeros(N)", "I"),
    "d as a letter beside derivatives": ("\\frac{sd}{dt} = \\frac{ds}{du}\\frac{du}{dt}", "U"),
    "a number beside dollars": ("2 $w = w$", "U"),
    "half outside of the dollars": ("$w$ = $w$", "U"),
    "mathematics behind a comma": ("w = w, 2", "U"),
    "mathematics behind a comma in dollars": ("$w = w, \\quad 2$", "U"),
    "two numbers side by side": ("2w = 1 2w", "U"),
    "before an environment": ("2\\begin{align} w &= w \\end{align}", "U"),
    "behind an environment": ("\\begin{align} w &= w \\end{align} - 2", "U"),
    "a per cent sign in plain text": ("w = w % 2", "U"),
    "a comment": ("w = w # by definition", "P"),
    # labels, dots, scripts, calls, links, derivatives: what could mean something else is asked
    "a number in text": ("\\text{2}s = s", "U"),
    "a word in text before a formula": ("\\text{so } s + t = t + s", "P"),
    "dots that end an equation": ("s = t, \\dots, t", "U"),
    "a range behind an equation": ("x_i = x_i, \\quad i = 1, \\dots, N", "P"),
    "for all with an equation": ("s = s \\quad \\forall u = 2u", "PU"),
    "for all i": ("x_i + z_i = z_i + x_i \\quad \\forall i = 1, \\dots, M", "P"),
    "for all in a set": ("s + t = t + s \\quad \\forall s, t \\in \\mathbb R", "P"),
    "a relation with a bar": ("s \\not= s", "U"),
    "a struck relation": ("s \\cancel{=} s + t", "U"),
    "a relation with a label": ("s + t \\overset{(1)}{=} t + s", "P"),
    "a relation with a star": ("s \\overset{*}{=} t", "U"),
    "a label that is a claim": ("\\underbrace{s + t}_{= u} = s + t", "U"),
    "a label of words": ("\\underbrace{s + t}_{\\text{sum}} = t + s", "P"),
    "a label that names": ("\\underbrace{s + t}_{p} = t + s", "P"),
    "a hat by overset": ("\\overset{\\wedge}{s} = s", "U"),
    "an index by underset": ("\\underset{i}{x} = x", "U"),
    "minus before dots": ("s - \\dots - t = s", "U"),
    "a mixed number": ("1\\frac12 s = \\frac12 s", "U"),
    "a mixed character": ("1½ s = ½ s", "U"),
    "a factor of one half": ("½ s = \\frac{s}{2}", "P"),
    "a power of a power": ("2^3^2 = 64", "U"),
    "a power of a power in brackets": ("(2^3)^2 = 64", "P"),
    "one with a transpose": ("1^Tx = x", "U"),
    "a slash before letters": ("s/tu = \\frac{s}{t}u", "U"),
    "a slash with a space": ("s/t = \\frac{s}{t}", "P"),
    "a number that begins with a full stop": (".5 s = 5 s", "R"),
    "a number that begins with a full stop, true": (".5 s = \\frac12 s", "P"),
    "an en dash": ("– s = s", "U"),
    "an em dash": ("— s = s", "U"),
    "an en dash for minus": ("s – t = t – s", "R"),
    "an en dash for minus, true": ("s – t = s - t", "P"),
    "an en dash that goes on": ("(s+t)^2 = s^2+2st+t^2\n– s", "R"),
    "a factorial": ("3 = 3!", "U"),
    "a factorial in the middle": ("3! = 3", "U"),
    "an exclamation": ("So we are done: s + t = t + s!", "U"),
    "about equal": ("s ~= t", "U"),
    "about equal, turned": ("s =~ t", "U"),
    "not equal": ("s != t", "U"),
    "a tilde": ("s ~ t = t s", "U"),
    "two digits as an exponent": ("s^10 = s", "U"),
    "two digits in braces": ("s^{10} = s^4 s^6", "P"),
    "two digits as an index": ("x_12 = x_1 x_2", "U"),
    "e to two letters": ("e^st = e^s t", "U"),
    "e to braces": ("e^{s+t} = e^s e^t", "P"),
    "one over two as a power": ("s^1/2 = s/2", "U"),
    "a square over two": ("s^2/2 = \\frac{s^2}{2}", "P"),
    "a power before an index": ("A^2_{ij} = (A_{ij})^2", "U"),
    "a power in brackets": ("(A^2)_{ij} = \\sum_k A_{ik} A_{kj}", "P"),
    "a transposed entry": ("A_{ij}^T = A_{ij}", "U"),
    "a transpose's entry": ("(A^T)_{ij} = A_{ji}", "P"),
    "a column's transpose": ("x_i^T = x_i", "P"),
    "a lone second order": ("\\frac{d^2}{ds} s^3 = 6s", "I"),
    "a second derivative": ("\\frac{d^2}{ds^2} s^3 = 6s", "P"),
    "a mixed derivative": ("\\frac{\\partial^2}{\\partial s\\partial t} s^2t = 2s", "P"),
    "a root without brackets": ("√st = \\sqrt{s}t", "U"),
    "a root of a power": ("√s^2 = s", "U"),
    "a root": ("√(s^2) = |s|", "K"),
    "a root of one letter": ("√s √s = s", "P"),
    "a value of a defined number": ("p := s^2\np(0) = 0", "DU"),
    "a value of a loss": (LOSS + "L(0) = 0", "DU"),
    "a loss times a bracket": ("p := s^2\np(s + t) = s^3 + s^2t", "DP"),
    "a loss times a bracket, with a dot": ("p := s^2\np \\cdot (s + t) = s^3 + s^2t", "DP"),
    "a product with a bracket": ("s(s + t) = s^2 + st", "P"),
    "a square of a function": ("f(s) := s + 1\nf^2(s) = (s+1)^2", "DU"),
    "an inverse of a function": ("f(s) := s + 1\nf^{-1}(s) = \\frac{1}{s+1}", "DU"),
    "square brackets of a function": ("f(s) := s + 1\nf[t] = (s+1)t", "DU"),
    "braces of a function": ("f(s) := s + 1\nf\\{t\\} = (s+1)t", "DU"),
    "a function in brackets": ("f(s) := s + 1\n(f)(t) = (s+1)t", "DU"),
    "a derivative of a function at a place": ("f(s) := s^2\n\\frac{df}{ds}(t) = 2st", "DU"),
    "a derivative of a function": ("f(s) := s^2\n\\frac{df}{ds} = 2s", "DP"),
    "two parameters of one name": ("f(s,s) := s\nf(s,t) = t", "UD"),
    "if and only if, one way": ("s = 2 \\iff s^2 = 4", "CR"),
    "if and only if, both ways": ("2s = 4 \\iff s = 2", "CP"),
    "implies": ("s = 2 \\implies s^2 = 4", "CP"),
    "a chain at the optimum": (FLAT + "\\nabla_w L = \\frac2N X^T(Xw - y) = -7X^T(Xw-y)", "DCPS"),
    "a chain of a gradient and zero": (FLAT + "\\nabla_w L = \\frac2N X^T(Xw - y) = 0", "DCPC"),
    "a derivative of an unknown letter": ("\\frac{dp}{ds} = 0", "U"),
    "a derivative of a defined letter": ("p := s^2\n\\frac{dp}{ds} = 2s", "DP"),
    "a derivative of a definition without it": ("p := t^2\n\\frac{dp}{ds} = 0", "DP"),
    "a repeated index, one way": ("x_i^2 = x_ix_i = x^Tx", "PI"),
    "a repeated index": ("x_iz_i = x^Tz", "P"),
    "a square and a product": ("x_i^2 = x_ix_i", "P"),
    "a sample of a number": ("s^{(t)} = s", "U"),
    "a coloured minus": ("\\color{red}{-s} = s", "R"),
    "if and only if before an identity": ("s = 2 \\iff s + t = t + s", "CR"),
    "if and only if behind an identity": ("s + t = t + s \\iff s = 2", "PR"),
    "implied by an identity": ("s + t = t + s \\implies s = 2", "PR"),
    "an identity by itself": ("s + t = t + s \\iff 2s = s + s", "PP"),
    "normal equations, both ways": ("X^T(Xw - y) = 0 \\iff X^TXw = X^Ty", "CP"),
    "both sides vanish": ("X^T(Xw - y) = 0\n2X^T(Xw - y) = 7X^T(Xw - y)", "CS"),
    "a chain at the optimum with more": (FLAT + "\\nabla_w L + w = \\frac2N X^T(Xw - y) + w = -7X^T(Xw-y) + w", "DCPS"),
    "an inverse of a column times a row": ("(xx^T)^{-1} xx^T = I_M", "K"),
    "an inverse of a row times a column": ("(x^Tx)^{-1} x^Tx = 1", "P"),
    "an inverse of a product": ("(X^TX)^{-1} X^TX = I_M", "P"),
    "an inverse of the other product": ("(XX^T)^{-1} XX^T = I_N", "P"),
    "both products": ("(XX^T)^{-1} XX^T X(X^TX)^{-1} = X(X^TX)^{-1}", "K"),
    "log of a negative": ("\\log(-s^2) = \\log(-s^2)", "K"),
    "root of a negative": ("\\sqrt{-s^2-1} = \\sqrt{-1-s^2}", "K"),
    "one over zero": ("\\frac{1}{s-s} = \\frac{1}{t-t}", "R"),
    "zero to the minus one": ("(A - A)^{-1} = 2(A-A)^{-1}", "K"),
    "a derivative of another number": ("\\frac{dt}{ds} = 0", "U"),
    "a chain in two languages": ("2 s\n\n = 2s", "P"),
    "a chain in two languages, wrong": ("I_M A\n\n = B", "R"),
    "a chain in two languages, turned": ("A\n\n = I_M A", "P"),
    "a number between dollars before an environment": ("Hence $-1$\\begin{align} w &= w \\end{align}", "U"),
    "a number between dollars above an environment": ("Hence $-1$\n\\begin{align} w &= w \\end{align}", "U"),
    "a number between dollars behind a formula": ("So $w = w$ $- 2$ holds.", "U"),
    "a symbol between dollars above an environment": ("With respect to $w$\n\\begin{align} w &= w \\end{align}", "P"),
    "an operation on a line above": ("negative\ns + t = t + s", "U"),
    "an operation in dollars above": ("twice\n\\begin{align} w &= w \\end{align}", "U"),
    "a heading above": ("Product\n\\begin{align} w &= w \\end{align}", "P"),
    "a relation behind a formula without one": ("$2s = s + s$ and since $st$ is a number $= 2s$", "PU"),
    "a relation behind a mention": ("$2s = s + s$ and since $s$ is a number $= 2s$", "PP"),
    "an operation behind a label below": ("s + t = t + s \\tag{1}\n\\label{eq:sq} squared", "U"),
    "pi as a number": ("\\pi = 3.14", "R"),
    "a letter as a number": ("p = 3.14", "D"),
    "a derivative of data": ("\\frac{\\partial y_i}{\\partial s} = 0", "P"),
    "a chain rule of letters that nothing connects": ("\\frac{dt}{ds} = 7 \\frac{dt}{du} \\frac{du}{ds}", "U"),
}  # fmt: skip


# what stands beside a formula, entries of numbers, ranges, functions of nothing, brackets in scripts, words that deny
MORE = [
    ("$s +$ $t = t$", "U"),
    ("$s = s$ $+ t$", "U"),
    ("$s = s$$+ t$", "U"),
    ("$s = s$\n$+ t$", "U"),
    ("$$s = s$$ $$+t$$", "U"),
    ("\\(w = w\\)\\(+2\\)", "U"),
    ("$s = s$ + $t$", "U"),
    ("$s = s$ * $t$", "U"),
    ("$2$$s = s$", "U"),
    ("$2$ $s = s$", "U"),
    ("$-$ $s = s$", "U"),
    ("\\[2\\] \\[w = w\\]", "U"),
    ("$s = s$ $\\cdot 2$", "U"),
    ("$s=s$$^2$", "U"),
    ("$s = s$ $t$", "U"),
    ("$\\nabla_w$ $s = s$", "U"),
    ("$w = w$ $\\ne x$", "U"),
    ("$x = x$ ≠ $z$", "U"),
    ("$\\not$ $x = x$", "U"),
    ("s_1 t_1 = st", "U"),
    ("s_1 = s", "U"),
    ("s_i = s", "U"),
    ("\\sum_i s_i = s", "U"),
    ("s₁ = s", "U"),
    ("\\frac{d}{ds} s_1 t = t", "U"),
    ("\\sum_{i=1}^{2M-N}1 = 2M-N", "U"),
    ("\\sum_{i=1}^{M-3} 1 = M-3", "U"),
    ("\\sum_{i=1}^{M-1} 1 = M-1", "P"),
    ("\\sum_{i=1}^{M-N} 1 = M-N", "U"),
    ("\\mathbf 1_{M-N}^T\\mathbf 1_{M-N} = M-N", "U"),
    ("\\operatorname{rank}(A) = M\n\\operatorname{rank}(B) = M", "UU"),
    ("\\operatorname{Cov}(x, z) = A\n\\operatorname{Cov}(z, x) = A", "UU"),
    ("P(s) = u\nP(t) = u", "UU"),
    ("f(s) = s^2\nf(t) = t^2", "DP"),
    ("s^{[2]} = s^2", "U"),
    ("A^{[2]} = A^2", "U"),
    ("A^{\\{T\\}} = A^T", "U"),
    ("x_{[1]} = x_1", "U"),
    ("x_{(1)} = x_1", "U"),
    ("x_{\\{1\\}} = x_1", "U"),
    ("[s+t] = s+t", "P"),
    ("d(st) = s dt", "P"),
    ("H := X(X^TX)^{-1}X^T\nHH = H\nH^{-1}H = I", "DPK"),
    ("(X^TX)^{-1}X^T = X^T(XX^T)^{-1}", "K"),
    ("s = s \\text{ is false}", "U"),
    ("It is false that $s = s$.", "U"),
    ("$s = s$ is wrong", "U"),
    ("We never have $s = s$.", "U"),
    ("$w = w$ $\\iff$ $w = x$", "UU"),
    ("$\\{s\\} = s$", "U"),
    ("\\{s + t\\}u = su + tu", "P"),
    ("s = s \\text{ (never)}", "U"),
    ("s + t = t + s \\text{, which is false}", "U"),
    ("$s + t = t + s$ doesn't hold.", "U"),
    ("$s + t = t + s$ never fails.", "P"),
    ("$A^T(A+B) = A^TA + A^TB$ is not hard to see.", "P"),
    ("1e-3 s = s/1000", "U"),
    ("10^{-3} s = s/1000", "P"),
    ("s e - 3 s = 2 e", "R"),
    ("\\sum_{i=2}^M 1 = M - 1", "P"),
    ("\\sum_{i=2}^M 1 = M", "R"),
    ("\\sum_{i=1}^{M-1} x_i = \\sum_i x_i - x_M", "K"),
    ("\\sum_{i=1}^{M-1} x_i = \\sum_i x_i - x_1", "R"),
    ("\\sum_{i=1}^{M+1} x_i = \\sum_i x_i", "I"),
    # what is taken as given is no claim, and what follows is looked at where it holds
    ("$s > 0 \\implies |s| = s$", "CK"),
    ("$s < 0 \\implies |s| = s$", "CR"),
    ("$s > 0$\n$|s| = s$", "CK"),
    ("|s| = s", "R"),
    ("$s > 0 \\implies s + t > t$", "CK"),
    ("$s > 0 \\implies s^2 > t$", "CR"),
    ("$s > 0, t > 0 \\implies \\sqrt{s^2t^2} = st$", "CCK"),
    ("$s > 0, t < 0 \\implies \\sqrt{s^2t^2} = st$", "CCR"),
    ("$0 < s < 1 \\implies s^2 < s$", "CCK"),
    ("$t \\ne 0 \\implies t^2 > 0$", "CK"),
    ("t^2 > 0", "R"),
    ("$s = t, t = u \\implies s = u$", "CCP"),
    ("$s = t, t = u \\implies s = v$", "CCR"),
    ("$s > 0, s < 0 \\implies s = t$", "CCK"),
    ("s > t", "R"),
    ("$s = 0 \\implies s > 0$", "CR"),
    ("s = 2 \\iff 2s = 4", "CP"),
    ("s = 5 \\iff s^2 = 25", "CR"),
    ("$s = t \\implies u = u$\n$s = t$", "CPR"),
    ("$s = t \\implies s^2 = st$\n$\\implies s^3 = s^2t$", "CPP"),
    ("$A = A^T \\implies u = u$\n$\\nabla_x x^TAx = 2Ax$", "CPR"),
    ("$s > 0 \\implies u = u$\n$|s| = s$", "CPR"),
    ("the negative of s = s", "U"),
    ("the transpose of $A = A$", "U"),
    ("The derivative of $s^2 = s s$.", "P"),
    ("$s = s$ is impossible", "U"),
    ("It is a mistake to think that $s = s$.", "U"),
    ("It is easy to see that $s = s$.", "P"),
    # a star is NumPy's where the text is code, a product of numbers everywhere, and else asked about
    ("A * B = AB", "U"),
    ("$A * B = AB$", "U"),
    ("$A \\ast B = AB$", "U"),
    ("w * x = x * w", "U"),
    ("A * B = B * A", "U"),
    ("A*B.T = B.T*A", "P"),
    ("A*B = A @ B", "R"),
    ("A \\odot B = B \\odot A", "P"),
    ("X * w = Xw", "P"),
    ("X^T * (X * w - y) = X^TXw - X^Ty", "P"),
    ("2 * A = 2A", "P"),
    ("2 * A = 3A", "R"),
    ("s * w = w * s", "P"),
    ("s * t = t s", "P"),
    # a word alone beside a formula that may change it, and words that deny it or hold but for something
    ("s = s, tripled", "U"),
    ("s = s (tripled)", "U"),
    ("s = s (as needed)", "P"),
    ("s = s, trivially", "P"),
    ("s = s; hardly", "U"),
    ("hardly, s = s", "U"),
    ("not: s = s", "U"),
    ("s = s, bogus", "U"),
    ("Rarely $s = s$ holds.", "U"),
    ("Contrary to $s = s$, we go on.", "U"),
    ("$s = s$ is nowhere satisfied.", "U"),
    ("$s = s$ -- a mistake.", "U"),
    ("$s = s$ quadrupled", "U"),
    ("$A = A$, entrywise", "U"),
    ("$A = A$, obviously.", "P"),
    ("$A = A$ up to sign", "U"),
    ("$A = A$ up to here.", "P"),
    ("A = A with a minus sign", "U"),
    ("s = s \\text{, quadrupled}", "U"),
    ("s = s \\quad\\text{quadrupled}", "U"),
    ("s = s \\quad\\text{(up to sign)}", "U"),
    # what is struck out is read where it cancels, and else asked about
    ("s + \\cancel{t} - \\cancel{t} = s", "P"),
    ("s + \\cancel{t} - \\cancel{t} = s + t", "R"),
    ("\\frac{\\cancel{2} s}{\\cancel{2}} = s", "P"),
    ("s + \\cancel{t} = s + t", "U"),
    ("s \\bcancel{+ t} = s + t", "U"),
    ("\\sout{s} = s", "U"),
    ("\\cancelto{0}{t} + s = s + t", "U"),
    ("\\enclose{horizontalstrike}{t} + s = s + t", "U"),
    ("\\enclose{box}{t} + s = s + t", "P"),
    ("\\boxed{s + t = t + s}", "P"),
    # a word or an arrow between two formulas says how one follows from the other
    ("$s = 2$ ⇒ $s^2 = 4$", "CP"),
    ("$s = 2$ ⇒ $s^2 = 5$", "CR"),
    ("$s = 2$ implies $s^2 = 4$", "CP"),
    ("$s^2 = 4$ → $s = 2$", "CR"),
    ("$2 s = 4$ ⇔ $s = 2$", "CP"),
    ("$s^2 = 4$ ⇔ $s = 2$", "CR"),
    ("$s = 2$ if and only if $2 s = 4$", "CP"),
    ("$s = 2$ iff $s^2 = 4$", "CR"),
    ("s = 2 iff 2 s = 4", "CP"),
    ("$s = 2$ exactly when $s^2 = 4$", "CR"),
    ("$s = 2$ ⇒ $s^2 = 4$. So $s^3 = 8$.", "CPR"),
    ("$s = 2 \\implies s^2 = 4$. So $s^3 = 8$.", "CPR"),
    ("$s = 2$; $t = 3$ ⟹ $st = 6$", "CCP"),
    ("$s^2 = 4$ if $s = 2$", "UC"),
    ("$2 s = s + s$ whenever $s > 0$", "PC"),
    ("$X^TXw = X^Ty$ when $Xw = y$", "CC"),
    ("$p := 2$ if $s = 3$. $p = 2$", "UCD"),
    ("$p = 2$ unless $s = 3$. $p = 2$", "UUD"),
    # an order and an inequation of any look
    ("$s \\ne s$", "R"),
    ("$w \\neq 2w$", "U"),
    ("$s ≠ 0$", "C"),
    ("$s \\leqslant s - 1$", "R"),
    ("$s \\geqslant s$", "P"),
    ("$s \\lt s$", "R"),
    ("$s \\propto 2s$", "U"),
    ("for $i \\ne j$ we have $s = s$", "P"),
    ("It is - $s + t = t + s$.", "U"),
    ("- $s + t = t + s$.", "P"),
    ("-$s + t = t + s$.", "U"),
    ("-\\begin{align} s &= s \\end{align}", "U"),
    ("- \\begin{align} s &= s \\end{align}", "U"),
    ("$s = s$ 2 hence $t = t$.", "UP"),
    ("$s + t = t + s$ (1)", "P"),
    ("$s + t = t + s$ for $s$ and all t.", "P"),
    ("(a) s t = t s\n(c) t = t", "PP"),
    ("(b) s t = t s", "U"),
    ("a) s t = t s\nb) s + t = t + s", "PP"),
    ("tr(AB) = tr(BA)", "P"),
    ("tr(AB) = tr(A) tr(B)", "R"),
    ("f(s) := s + t\nf(t) = 2t", "DP"),
    ("f(s) := s + t\nf(t) = 3t", "DR"),
    ("\\frac.5 s = s", "U"),
    ("0.5.2 s = 0.1 s", "U"),
    ("s = s ...", "U"),
    ("s = s + t ... - t", "U"),
    ("```{math}\ns + t = t + s\n```", "P"),
    ("It is this — $s + t = t + s$.", "P"),
    ("Hence, by the chain rule, $s + t = t + s$.", "P"),
    ("Hence, by the chain rule, s + t = t + s.", "P"),
    # a reason at the end of a row that speaks of a rule, and one that asks for something
    ("s^2 t = s s t \\quad \\text{(power rule)}", "P"),
    ("s^2 t = s t \\quad \\text{(power rule)}", "R"),
    ("s t = t s \\quad\\text{(multiplied out)} \\\\\n= s t \\text{ (transpose of a product)}", "PP"),
    ("$s s = s^2 \\quad \\text{(multiplied out)}$", "P"),
    ("s t = t s \\quad\\text{(gathered)}", "P"),
    ("s t = t s \\quad\\text{(transposed product)}", "U"),
    ("s t = t s \\quad\\text{(half of a product)}", "U"),
    ("s t = t s \\quad\\text{(power rule, times 2)}", "U"),
    ("s t = t s \\quad\\text{(divided on both sides)}", "P"),
    ("s = s \\quad\\text{(power rule)} 2", "U"),
    ("s = s \\text{(power rule)} \\text{(doubled)}", "U"),
    ("s = s \\text{(power rule)} \\\\ + t", "R"),
    ("s = 2 s \\quad\\text{(times one half)}", "U"),
    ("B = B^\\top \\quad\\text{(transposed)}", "U"),
    ("B = B^\\top \\quad\\text{(the transpose)}", "U"),
    ("B = B^\\top \\quad\\text{(transpose of it)}", "U"),
    ("\\text{the transpose of } A = A", "U"),
    ("A \\text{ transposed} = A", "U"),
    ("s t = t s (chain rule) \\\\\nt = t", "PP"),
    # a dash behind the end of a row is a minus
    ("s t = t s \\\\\n- s = -s", "PP"),
    ("s t = t s \\\\\n- s = s", "PR"),
    ("s t = t s \\quad\\text{(by symmetry)} \\\\\n- s - t = -(s + t) \\\\", "PP"),
    ("(s-t)^2 = s^2+t^2 \\\\\n- 2st", "P"),
    ("- s t = t s \\\\\n- s = s \\\\", "U"),
    ("s t = t s\n- s = s", "UU"),
    # a letter before mathematics is a symbol, before a word it may be an article
    ("A x - b = -b + A x", "P"),
    ("A w = w", "R"),
    ("so A w = w", "R"),
    ("hence I w = w", "P"),
    ("hence I w = 2w", "R"),
    ("I w = w", "P"),
    ("- A w = w", "U"),
    ("A. s t = t s", "U"),
    ("A. s t = t s\nB. t = t", "PP"),
    ("A product commutes: s t = t s", "U"),
    ("so s $w = w$", "U"),
    ("hence A $w = w$", "U"),
    ("with A $w = w$", "U"),
    ("so F $w = w$", "U"),
    ("so I $w = w$", "U"),
    ("we get a $w = w$", "P"),
    ("for the weights w $s t = t s$", "P"),
    # the derivative of a function at an argument, and at its own letter
    ("f(a) := s a^2 \\\\ f'(t - u) = 2 s (t - u)", "DP"),
    ("f(a) := s a^2 \\\\ f'(t - u) = 2 s t - u", "DR"),
    ("f(a) := s a^2 \\\\ f'(2 t) = 4 s t \\\\ f'(2 t) = 8 s t", "DPR"),
    ("f(a) := s a^2 \\\\ f'(s) = 2 s^2 \\\\ f'(s) = 3 s^2", "DPR"),
    ("f(a) := s a^2 \\\\ f'(a) = 2 s a", "DP"),
    ("f(a) := s a^2 \\\\ f'(a) = s a", "DR"),
    ("f(a) := s a^2 \\\\ f''(t + u) = 2 s \\\\ f''(t + u) = 2 s t", "DPR"),
    ("f(a) := s a^2 \\\\ f'(a) = 2 s a \\\\ f'(t - u) = 2 s (t - u)", "DPP"),
    ("f(t) := s t^2 \\\\ f'(2 t) = 4 s t \\\\ f'(2 t) = 8 s t", "DPR"),
    ("f(a) := s a^2 \\\\ \\sum_i f'(x_i - s) = 2 s \\sum_i (x_i - s)", "DP"),
    ("f(a) := s a^2 \\\\ \\sum_i f'(x_i - s) = 2 s \\sum_i x_i - s", "DR"),
    ("f(a) := s a^2 \\\\ h(a) := f(2 a) \\\\ h'(t + u) = 8 s (t + u) \\\\ h'(t + u) = 4 s (t + u)", "DDPR"),
    ("f(a) := s a^2 \\\\ L := f(x^\\top w - t) \\\\ \\nabla_w L = f'(x^\\top w - t) x", "DDP"),
    ("f(a) := s a^2 \\\\ L := f(x^\\top w - t) \\\\ \\nabla_w L = f'(x^\\top w) x", "DDR"),
    # beta_0 beside an array beta is a name where it is defined, and no entry
    ("c := A^{-1} b \\\\ c_0 := s - x^\\top c \\\\ x^\\top c + c_0 = s", "DDP"),
    ("c := A^{-1} b \\\\ c_0 := s - x^\\top c \\\\ x^\\top c - c_0 = s", "DDR"),
    ("c = A^{-1} b \\\\ c_0 = s - x^\\top c \\\\ x^\\top c + c_0 = s", "DDP"),
    ("b_0 := s \\\\ b_0 b = s b \\\\ b_0 b = b", "DPR"),
    # braces around one symbol
    ("{ \\mathbf { 1 } } _ { N } s = s \\mathbf 1_N", "P"),
    ("{ \\mathbf { 1 } } _ { N } s = 2 s \\mathbf 1_N", "R"),
    ("{\\mathbf 1}_N^\\top y = \\sum_i y_i", "P"),
    ("{\\mathbf 1}_N^\\top y = \\sum_i y_i^2", "R"),
    ("{1}_N^\\top y = \\sum_i {y}_i", "P"),
    ("{A}_{ij} = A_{ij}", "P"),
    ("{A}_{ij} = A_{ji}", "R"),
    ("{A}_{ij}^T = A_{ij}", "U"),
    ("{w}^\\top {x} = {x}^\\top {w}", "P"),
    ("{w}^\\top {x} = {w}^\\top {w}", "R"),
    ("{I}_M A = A", "P"),
    ("{s}_0 = s", "U"),
]  # fmt: skip


STRICT = [
    ("f(a) := a^\\top a \\\\ f'(x - w) = 2 (x - w)", "DU"),
    ("c := A^{-1} b \\\\ x^\\top c + c_0 = s", "DI"),
    ("c := A^{-1} b \\\\ c_0 := s \\\\ c_1 = c_0", "DII"),
    ("c := b \\\\ c_0 := s \\\\ \\sum_i c_i = \\sum_i b_i", "DIP"),
    ("\\beta := b \\\\ 2 \\beta_0 = s", "DI"),
    ("\\beta := b \\\\ s = \\beta_0", "DI"),
    ("b_0 = s", "R"),
    ("s_0 := t", "U"),
]  # fmt: skip


def said(letters):
    return [LETTERS[one] for one in letters]


def strict(text, shapes=SHAPES):
    """What is said where nothing is guessed."""
    return [step.verdict.value for step in derivation(text, Context(shapes=shapes)).steps]


def library(text, shapes=SHAPES):
    return [step.verdict.value for step in check_derivation(text, Context(shapes=shapes)).steps]


def checked(text, shapes=SHAPES):
    """The answer of the page's own function."""
    state = {"text": text, "rows": [[name, shape] for name, shape in shapes.items()], "layout": "gradient"}
    return json.loads(answer(json.dumps({"do": "check", "state": state})))


def page(text, shapes=SHAPES):
    return [step["verdict"] for step in checked(text, shapes)["steps"]]


def notebook(text, shapes=SHAPES):
    return [step["verdict"] for step in DerivationChecker(text, symbols=shapes).answer["steps"]]


def terminal(text, shapes=SHAPES):
    given, shown = sys.stdin, io.StringIO()
    sys.stdin = io.StringIO(text)
    try:
        with contextlib.redirect_stdout(shown):
            main(["--json", "-", *(f"--shape={name}:{shape.replace(' x ', 'x')}" for name, shape in shapes.items())])
    finally:
        sys.stdin = given
    return [one["verdict"] for one in json.loads(shown.getvalue()) if one["verdict"]]


SURFACES = (page, notebook, terminal, library)
NAMES = [surface.__name__ for surface in SURFACES]


def in_turn(text, shapes=SHAPES):
    """The verdicts of one surface; the text says which, so that each of them gets texts of every kind."""
    return SURFACES[crc32(text.encode()) % len(SURFACES)](text, shapes)


def everywhere(text, shapes=SHAPES):
    """The verdicts of every surface, which are the same."""
    found = {surface.__name__: surface(text, shapes) for surface in SURFACES}
    assert found == dict.fromkeys(NAMES, found["page"])
    return found["page"]


@pytest.mark.parametrize("text", [*(text for text, _ in [*CASES.values(), *MORE][::11]), " s = s\r\n\t+ t ✓ % x\n\n"])
def test_every_surface_hands_the_same_text_and_table_to_one_function(text, monkeypatch):
    run, seen = CheckedText.run, []

    def noted(self):
        found = run(self)
        shapes = {key: str(one.shape) for key, one in found.context.symbols.items()}
        seen.append((self.state.text, shapes, found.context.layout))
        return found

    monkeypatch.setattr(CheckedText, "run", noted)
    everywhere(text)
    assert len(seen) == len(SURFACES) and seen == [seen[0]] * len(SURFACES) and seen[0][0] == text


@pytest.mark.parametrize(("text", "letters"), STRICT)
def test_an_entry_stays_an_entry_and_an_array_no_number_where_nothing_is_guessed(text, letters):
    assert strict(text) == said(letters), derivation(text, Context(shapes=SHAPES))


@pytest.mark.parametrize(("text", "letters"), MORE)
def test_nothing_beside_a_formula_or_in_its_scripts_vanishes(text, letters):
    assert strict(text) == said(letters), derivation(text, Context(shapes=SHAPES))
    assert in_turn(text) == said(letters)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("w + w = 2w, because the summands are equal", [["because the summands are equal"]]),
        ("By Leibniz $st = ts$ and $s = s$, quite so.", [["By Leibniz"], ["quite so"]]),
        (r"s = s \quad\text{(by homoscedasticity)}", [["by homoscedasticity"]]),
        ("So we have $s = s$ by the chain rule.", [[]]),
        ("Some words.\n\n$s = s$", [[]]),
    ],
)
def test_words_beside_a_formula_are_shown_as_words(text, words):
    report = derivation(text, Context(shapes=SHAPES))
    assert [list(step.remarks) for step in report.steps] == words
    assert [step["remarks"] for step in checked(text)["steps"]] == words
    assert all(one in str(report) and one in report._repr_html_() for step in words for one in step)


@pytest.mark.parametrize("name", CASES)
def test_no_surface_calls_it_proved_unless_it_is(name):
    text, letters = CASES[name]
    assert strict(text) == said(letters), derivation(text, Context(shapes=SHAPES))
    assert in_turn(text) == said(letters)


UNDECLARED = [
    ("\\mathbf e^T\\mathbf e = 1", "O"),
    # a definition that was not understood is not replaced by the custom of the field
    ("\\mathcal{L}(w) = \\|Xw - y\\|^2 \\sharp 2 \\\\ \\nabla_w \\mathcal{L} = 2X^T(Xw - y)", "UU"),
    ("\\nabla_w L = 2X^T(Xw - y)", "P"),
    ("\\nabla_w L = 7X^T(Xw - y)", "O"),
    ("L = \\|Xw - y\\|^2\n\\nabla_w L = X^T(Xw - y)", "DR"),
    ("q + 1 = 3", "O"),
    ("\\hat y = Xw", "D"),
    ("\\nabla_x x^TAx = 2Ax", "O"),
    ("\\nabla_x x^TAx = Ax + A^Tx", "P"),
    ("\\nabla_x x^TAx = Ax", "R"),
    ("Xw - y = y - Xw", "R"),
    ("$p = 2$ if and only if $q = 3$. So $p + q = 5$.", "COO"),
    ("$p = 2$ in case $q = 3$. So $p + q = 5$.", "UCO"),
    ("p = 2 iff q = 3\np + q = 5", "COO"),
    ("$p = 2$ and $q = 3$. So $p + q = 5$.", "DDP"),
    ("f(s) = f(t)", "U"),
    ("g(s) = g(s) + 1", "U"),
    ("A * B = AB", "P"),
    ("y = w * x + b", "D"),
    ("2 * (a + b) = 2*a + 2*b", "P"),
    ("2 * (a + b) = 2*a + b", "R"),
]


@pytest.mark.parametrize(("text", "letters"), UNDECLARED)
def test_without_a_table_every_surface_says_the_same_and_nothing_unknown_is_refuted(text, letters):
    assert in_turn(text, {}) == said(letters), check_derivation(text)
    for mine, theirs in zip(strict(text, {}), said(letters)):
        assert mine == theirs or mine in ("UNREADABLE", "OPEN"), derivation(text, Context())


def test_what_is_taken_for_want_of_a_declaration_is_said():
    found = check_derivation("\\nabla_w L = 2X^T(Xw - y)")
    assert "the sum of squares" in found.taken[-1] and str(found).count("taking") == 4
    assert "X : N x M" in found.taken and found.ok
    assert check_derivation("\\nabla_w L = 7X^T(Xw - y)").asked
    step = derivation("2q = q + q", Context()).steps[0]
    assert step.verdict is Verdict.PROVED and step.assumes == ("q is a number",)
