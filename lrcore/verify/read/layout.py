"""What the arguments of layout commands may hold: labels, colours, lengths, words. Anything else may be mathematics."""

from __future__ import annotations

import re

from lrcore.verify.read.remarks import holds_words
from lrcore.verify.read.vocabulary import DENIED, QUALIFIED, changes, names_operation

_NUMBERED = r"[A-Za-z]{0,4}[ .~-]{0,2}\d{1,4}(?:[.:–-]\d{1,3})*[a-z]?"
_LABEL = rf"[({{\[]?\s*(?:{_NUMBERED}|[A-Za-z]{{1,4}}|\W{{0,3}}[*†‡]+)['*†‡]{{0,3}}\s*[)}}\]]?"
_COLOUR = r"\s*(?:#[0-9A-Fa-f]{3,8}|-?[A-Za-z][A-Za-z0-9_-]{2,}(?:!\d{1,3}(?:!-?[A-Za-z][A-Za-z0-9_-]{2,})?)*)\s*"
_UNIT = r"(?:true)?(?:pt|em|ex|mm|cm|in|mu|bp|pc|sp|px|dd|cc)|\\(?:[a-z]+width|fill|[a-z]+skip)"
_LENGTH = rf"\s*-?(?:\d+\.?\d*|\.\d+)?\s*(?:{_UNIT})\s*"
_FORMS = {
    **dict.fromkeys(("tag", "tag*"), _LABEL),
    **dict.fromkeys(("color", "textcolor", "colorbox"), _COLOUR),
    **dict.fromkeys(("hspace", "vspace", "hspace*", "vspace*", "kern", "mkern", "hskip", "mspace"), _LENGTH),
    "href": r"\S*[:/.#]\S*",
    "enclose": r"[a-z][a-z ,-]{2,}",
    "footnote": r"\s*",
}
_WORDED = {"tag", "tag*", "footnote"}
_DRESS = re.compile(r"\\(?:text(?:rm|bf|it|normal)?|mathrm|mbox|ast|star|dagger)(?![A-Za-z])|[$]")


def may_be_mathematics(command: str, argument: str) -> bool:
    """Whether what stands in the argument of a command that is set aside may say something."""
    form = _FORMS.get(command)
    if form is None or re.fullmatch(form, argument):
        return False
    if command not in _WORDED:
        return True
    bare = _DRESS.sub(lambda one: "*" if one[0] in (r"\ast", r"\star", r"\dagger") else " ", argument)
    bare = re.sub(r"[{}]", " ", bare)
    if re.fullmatch(form, bare.strip()):
        return False
    words = not re.search(r"[+*/=<>^_\\|−·×]", bare) and holds_words(bare)
    return not words or any(one(bare) for one in (changes, names_operation, DENIED.match, QUALIFIED.search))
