"""Formulas of the feedback as MathML, which browsers draw without a script.

What a student typed goes through two gates: only known commands are converted, and of what comes out only elements and
attributes of mathematics go into the page. Whatever fails at a gate is shown as it was typed.
"""

import re
from functools import lru_cache
from xml.etree import ElementTree

from markupsafe import Markup

from lrcore.checker.typeset import shown
from lrcore.verify import words as vocabulary

_SPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENTS = set(vocabulary.words(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msup msub msubsup mover munder munderover mtable mtr mtd mstyle "
    "mpadded mphantom"
))  # fmt: skip
_ATTRIBUTES = set(vocabulary.words(
    "display displaystyle scriptlevel stretchy fence form accent accentunder mathvariant width linebreak columnalign "
    "rowspacing columnspacing separator lspace rspace movablelimits minsize maxsize"
))  # fmt: skip


@lru_cache(4096)  # a class is asked the same questions, and writes many of the same lines
def typeset(written: str) -> Markup:
    """The formula as MathML, or nothing where it has to be shown as it was typed."""
    formula = shown(written, "\\" in written or "{" in written)
    if not formula or r"\begin{align" in formula:
        return Markup("")
    try:
        from latex2mathml.converter import convert

        found = convert(re.sub("[<>]", lambda sign: r"\lt " if sign[0] == "<" else r"\gt ", formula))
        tree = ElementTree.fromstring(found)
    except Exception:  # no such package, or whatever a converter raises at what a student typed
        return Markup("")
    if not all(map(_is_mathematics, tree.iter())):
        return Markup("")
    for node in tree.iter():
        node.tag = _name(node)
    return Markup(ElementTree.tostring(tree, encoding="unicode", short_empty_elements=False))


def _is_mathematics(node: ElementTree.Element) -> bool:
    return _name(node) in _ELEMENTS and set(node.attrib) <= _ATTRIBUTES


def _name(node: ElementTree.Element) -> str:
    return node.tag.removeprefix(f"{{{_SPACE}}}")
