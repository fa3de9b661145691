"""The same derivation in another dress gets the same verdicts: transposes, brackets, accents, environments, Unicode."""

import re

import pytest

from lrcore.verify import Context, derivation
from tests.verify.corpus import CORPUS

EVERY = 7


def swapped(pattern, new):
    return lambda text: re.sub(pattern, new, text)


def around(before, after, unless):
    return lambda text: text if re.search(unless, text) or "\\" not in text else before + text + after


def split_at_relations(text):
    """Each side but the first in a row of its own."""
    plain = not re.search(r"\\sum|∑|\$|\\begin|,|\\\\|\\\(|\\i|\{=\}|=1\}|:=", text)
    return "\\begin{split}" + text.replace("=", "\\\\ =") + "\\end{split}" if plain and "\\" in text else text


STYLES = {
    "a top for the transpose": swapped(r"(?<=[A-Zw)])\^T(?=[A-Z(])", r"^\\top "),
    "a sans T for the transpose": swapped(r"(?<=[A-Zw)])\^T(?=[A-Z(])", r"^{\\mathsf{T}}"),
    "an intercal for the transpose": swapped(r"(?<=[A-Zw)])\^T(?=[A-Z(])", r"^{\\intercal}"),
    "a raised T for the transpose": swapped(r"(?<=[A-Zw)])\^T(?=[A-Z(])", "ᵀ"),
    "large fractions": swapped(r"\\frac", r"\\dfrac"),
    "a typographic minus": swapped(r"(?<![\\a-zA-Z{])-", "−"),
    "thin spaces": swapped(r"(?<=[A-Za-z0-9)}])(?=[(])", r"\\,"),
    "subscripts in braces": swapped(r"_([a-z0-9])(?![a-z0-9])", r"_{\1}"),
    "spaces around braces": swapped(r"([_^])\{", r"\1 { "),
    "bars by name": lambda text: text.replace("\\|", "\\Vert "),
    "limits": swapped(r"\\sum_", r"\\sum\\limits_"),
    "wide accents": lambda text: re.sub(r"\\hat(?![a-z])", r"\\widehat", text).replace("\\bar", "\\overline"),
    "a display in words": around("We have $$", "$$ as claimed.", r"\$|\n|\\\(|\\\["),
    "display brackets": around("\\[", "\\]", r"\$|\\\(|\\\["),
    "an environment with a label": around("\\begin{equation}\\label{e}", "\\end{equation}", r"\$|\\begin|\\\(|\\\["),
    "a box": around("\\boxed{", "}", r"\$|\\begin|\\\(|%|\n"),
    "a colour": around("{\\color{blue} ", "}", r"\$|\\begin|\\\(|\n|\\\\|,|\\q?quad|\\i|\\over|\\th|\\Ri|\\Le"),
    "signs in Unicode": lambda text: text.replace("\\sum", "∑").replace("\\partial", "∂").replace("\\nabla", "∇"),
    "a side in each row": split_at_relations,
}


def verdicts(given, text):
    return [step.verdict.value for step in derivation(text, Context(**given), repairs=False).steps]


@pytest.mark.parametrize("style", STYLES)
def test_a_derivation_in_another_dress_gets_the_same_verdicts(style):
    dressed = [(name, given, text, STYLES[style](text)) for name, given, text, _ in CORPUS if "numpy" not in name]
    changed = [one for one in dressed if one[2] != one[3]]
    assert len(changed) > 3 * EVERY
    for name, given, text, new in changed[sum(map(ord, style)) % EVERY :: EVERY]:
        assert verdicts(given, new) == verdicts(given, text), f"{name}: {new}"
