r"""What is written over, under or beside a formula and says nothing: words, the number of an equation, an exclamation
mark. Anything else there may be mathematics, and is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lrcore.verify.read.vocabulary import AFTER, ARTICLES, BEFORE, COMMON, SHORT
from lrcore.verify.terms.words import FONTS

if TYPE_CHECKING:
    from lrcore.verify.read.tokens import Token

_WORDS = AFTER | ARTICLES | BEFORE | COMMON | {one for one in SHORT if len(one) > 1} | {"def", "iid", "wrt", "ie", "eg"}
_MARKS = frozenset(("!", "(", ")", "[", "]", "{", "}", ",", ".", "*"))


def holds_words(text: str) -> bool:
    """Whether a word is in it, and not only letters, digits and signs, which would be mathematics."""
    return any(len(one) > 3 or one.lower() in _WORDS for one in re.findall(r"[^\W\d_]+", text.replace(".", "")))


def is_remark(tokens: Sequence[Token], numbered: bool = True) -> bool:
    """Whether what stands over or under a formula is a remark: words, an exclamation mark; where it is ``numbered``,
    also a number or a letter that refers to an equation.
    """
    bare = [one for one in tokens if one.kind not in _MARKS and not (one.kind == "cmd" and one.text in FONTS)]
    if not bare:
        return "*" not in {one.kind for one in tokens}
    if all(one.kind == "text" for one in bare):
        return all(holds_words(one.text) or (numbered and re.fullmatch(r"\W*\w\W*", one.text)) for one in bare)
    if numbered and len(bare) == 1 and bare[0].kind in ("num", "letter"):
        return True
    return all(one.kind == "letter" for one in bare) and holds_words("".join(one.text for one in bare))
