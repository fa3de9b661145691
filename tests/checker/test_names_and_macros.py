r"""Macros with their arguments and places, NumPy's arguments, unknown functions, arguments of asides, and names in
fonts: a wrong text beside its true twin, at page, notebook, terminal and library.

The letters are those of ``tests/test_false_proofs.py``.
"""

import pytest

from tests.test_false_proofs import NAMES, SHAPES, SURFACES, said, strict

MACROS = [
    # arguments count, also those that the body leaves out
    ("\\newcommand{\\foo}[1]{s}\n\\foo{t} = st", "R"),
    ("\\newcommand{\\foo}[1]{s}\n\\foo{t} = s", "P"),
    ("\\newcommand{\\foo}[2]{#1}\n$\\foo{s}{t} = s t$", "R"),
    ("\\newcommand{\\foo}[2]{#1}\n$\\foo{s}{t} = s$", "P"),
    ("\\newcommand{\\foo}[2]{#2 - #1}\n$\\foo{s}{t} = s - t$", "R"),
    ("\\newcommand{\\foo}[2]{#2 - #1}\n$\\foo{s}{t} = t - s$", "P"),
    ("\\def\\foo#1{s}\n$\\foo{t} = st$", "R"),
    ("\\def\\foo#1{s}\n$\\foo{t} = s$", "P"),
    ("\\newcommand\\foo[1]{2#1}\n$\\foo s = 2s$\n$\\foo s = s$", "PR"),
    ("\\NewDocumentCommand{\\foo}{m m}{#2}\n$\\foo{s}{t} = t$\n$\\foo{s}{t} = s$", "PR"),
    ("\\newcommand{\\foo}[2][s]{#1 + #2}\n$\\foo{t} = s + t$\n$\\foo[u]{t} = u + t$\n$\\foo[u]{t} = s + t$", "PPR"),
    ("\\newcommand{\\foo}[1]{s}\n$\\foo = s$", "U"),
    ("\\newcommand{\\foo}[1]{#2}\n$\\foo{s} = s$", "U"),
    ("\\def\\foo#1,#2;{#1}\n$\\foo s,t; = s$", "U"),
    ("\\newcommand{\\foo}[1]{\\goo{#1}{s}}\\newcommand{\\goo}[2]{#1#2}\n$\\foo{t} = ts$\n$\\foo{t} = t$", "PR"),
    # a macro holds from its place on
    ("\\newcommand{\\c}{2}\n$\\c s = 3s$\n\\renewcommand{\\c}{3}\n$\\c s = 3s$", "RP"),
    ("\\newcommand{\\c}{2}\n$\\c s = 2s$\n\\renewcommand{\\c}{3}\n$\\c s = 2s$", "PR"),
    ("$\\c s = 3s$\n\\newcommand{\\c}{3}", "U"),
    ("\\newcommand{\\c}{3}\n$\\c s = 3s$", "P"),
    ("\\providecommand{\\c}{2}\\providecommand{\\c}{3}\n$\\c s = 2s$\n$\\c s = 3s$", "PR"),
    ("\\newcommand{\\c}{2}\\let\\d\\c\\renewcommand{\\c}{3}\n$\\d s = 2s$\n$\\d s = 3s$", "PR"),
    ("\\newcommand{\\a}{\\b s}\\newcommand{\\b}{2}\n$\\a = 2s$\n\\renewcommand{\\b}{3}\n$\\a = 2s$\n$\\a = 3s$", "PRP"),
    ("$\\def\\c{3} \\c s = 3s$\n$\\c s = 3s$\n$\\c s = s$", "PPR"),
    ("% \\newcommand{\\c}{3}\n$\\c s = 3s$", "U"),
    ("{\\def\\c{3}}\n$\\c s = 3s$", "U"),
    ("\\def\\d{3}\\edef\\c{\\d}\n$\\c s = 3s$", "U"),
    # operators and delimiters
    ("\\DeclareMathOperator{\\Tr}{Tr}\n$\\Tr(AB) = \\Tr(BA)$\n$\\Tr(AB) = \\Tr(A)$", "PR"),
    ("\\DeclareMathOperator{\\E}{E}\n$\\E(2s) = 2\\E(s)$", "U"),
    ("\\DeclarePairedDelimiter{\\n}{\\lVert}{\\rVert}\n$\\n*{x}^2 = x^Tx$\n$\\n[\\big]{x}^2 = x^Tx$", "PP"),
    ("\\DeclarePairedDelimiter{\\n}{\\lVert}{\\rVert}\n$\\n{x}^2 = x^Tx$\n$\\n[2]{x}^2 = x^Tx$", "PR"),
    # what a macro puts beside something
    ("\\newcommand{\\c}{2}\n$2\\c s = 4s$", "U"),
    ("\\newcommand{\\c}{2}\n$2\\cdot\\c s = 4s$", "P"),
    ("\\newcommand{\\c}{12}\n$\\frac\\c s = \\frac12 s$", "R"),
    ("\\newcommand{\\c}{12}\n$\\frac\\c s = \\frac{12}{s}$", "P"),
    ("\\newcommand{\\c}{s+t}\n$\\c u = s + tu$\n$\\c u = su + tu$\n$(\\c) u = su + tu$", "PRP"),
    ("\\newcommand{\\c}{3}\n$\\c* s = 3s$\n$\\c* s = s$", "PR"),
]  # fmt: skip


def agrees(text, letters, shapes=SHAPES):
    """Every surface says so; nothing that is asked about elsewhere is decided where nothing is guessed."""
    assert {surface.__name__: surface(text, shapes) for surface in SURFACES} == dict.fromkeys(NAMES, said(letters))
    for mine, theirs in zip(strict(text, shapes), said(letters), strict=True):
        assert mine == theirs or mine in ("UNREADABLE", "OPEN", "ILL_TYPED"), text


@pytest.mark.parametrize(("text", "letters"), MACROS)
def test_a_macro_has_its_arguments_and_holds_from_its_place_on(text, letters):
    agrees(text, letters)
