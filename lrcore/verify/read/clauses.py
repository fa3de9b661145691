r"""What the sentence around a formula does with it: states it, supposes it, or denies it, doubts it and asks whether it
holds. A formula is stated or supposed only where nothing in its clause says the contrary.
"""

from __future__ import annotations

import re

from lrcore.verify.read.delimiters import RELATION
from lrcore.verify.read.vocabulary import DENIED

_FAR, _NEAR = 600, 40
_FORMULA = re.compile(r"\{math\}`[^`]+`|\$`[^`]+`\$|\$\$.+?\$\$|\$[^$]+\$|\\\(.+?\\\)|\\\[.+?\\\]", re.S)
_OPENING = re.compile(r"(?:\{math\}`|\$`|\$\$?|\\\(|\\\[|\\begin\{[^{}]*\}|`{3}[ ]*\{?math\}?|[\s(&>*])+$")
_CLOSING = re.compile(r"(?:`\$?(?!`)|\$\$?|\\\)|\\\]|\\end\{[^{}]*\}|`{3})")
_NAME, _EQUATION = "□", "■"  # what stands for a formula in the words around it
_JOINED = re.compile(rf"{_EQUATION}\s*(?:,?\s*(?:and|or|nor)|,)\s*$", re.I)
_OF_ANOTHER = re.compile(rf"^{_EQUATION}(?!\s*,?\s*(?:and|or|nor|but)\b)(?:[^,.;:!?]*,)?|^{_EQUATION}")
_LEADING = re.compile(r"\W*(?:even )?(?:if|when|unless|whether|since|because|as|where|without|given|suppose)\b", re.I)
_END = re.compile(r"[.;!?](?=\s|$)|\n[ \t]*\n|^#.*\n", re.M)
_NOT = (
    r"(?:\b(?:not|never|cannot|neither|nor|none|nobody|nothing|nowhere|hardly|scarcely|barely|rarely|seldom|unless"
    r"|whether|false|falsely|untrue|wrong|wrongly|incorrect|incorrectly|impossible|absurd|nonsense|doubt\w*|ain['’]t|nope|nah"
    r"|den(?:y|ies|ied|ying)|refut\w+|disprov\w+|contrary|unlike|unlikely|mistaken?|mistakenly|fallacy|myth|fails?"
    r"|failed|either)\b|n['’]t\b|\b(?:far from|if only|no one|as if|not so|"
    r"little (?:suggests?|reason|evidence|proof)|without (?:assuming|supposing|having|knowing))\b"
    r"|\b(?:negation|opposite|contrary|converse|denial) of|\bexcept (?:if|when|where|that|for)\b"
    r"|\b(?:falsch|faux|fausse|falso|falsa|jamais|nicht(?=\W*$| (?:wahr|richtig|der fall))|no es|non è|não é)\b"
    r"|\bn['’]est pas\b"
    r"|\b(?:allegedly|supposedly|purportedly|imagine|pretend)\b"
    rf"|\b(?:at|in|by|for|is|are) no\b|\bno (?:way|longer|reason|guarantee|proof|evidence|{_NAME}))"
)
# What sounds like a denial and is none.
_AFFIRMED = re.compile(
    r"\b(?:(?:do |don['’]t |not )+(?:forget|worry|overlook|miss)|not (?:only|hard|difficult|surprising\w*|least)"
    r"|no doubt|little doubt|without doubt|nothing (?:but|other than|else than)|false (?:positive|negative)s?)\b",
    re.I,
)
_DENIES = re.compile(_NOT, re.I)
# Words behind which something new is said.
_BREAK = re.compile(r"\b(?:then|(?<!not )so(?! that)|hence|thus|therefore|but|because|since|instead|still|yet)\b", re.I)
_SUBJECT = (
    r"(?:we|one|i|you|they|it|this|which|the|its|our|so|then|hence|thus|therefore|and|but|let|since|because|where|now"
    r"|there|these|by|with|for|use|take|apply|write|recall|note)\b"
)
_ANEW = re.compile(
    rf"\b(?:we|one|i|you|they|it|this|which|(?:the|a|its|our) \w+(?: (?:of )?(?:\w+|{_NAME}))*?)\s+"
    r"(?:have|has|get|gets|obtain|find|use|write|is|are|becomes?|equals?|reads?|gives?|yields?|follows|simplif\w+)\b",
    re.I,
)
_ASIDE = re.compile(
    r"(?:to|if|when|since|as|because|for|with|where|although|though|while|given|in|by|now|after|even|unlikely|but|note"
    r"|without|once|here|so|and|provided|not (?:surprisingly|unexpectedly|\w+ing))\b",
    re.I,
)
_TURNED = re.compile(r"\s*(?:unless|whether|unlike|either)\b", re.I)
_OF_THE_FORMULA = re.compile(
    r"\b(?:following|true|holds?|claim\w*|assum\w+|suppos\w+|correct|right|valid|the case|so|have|get|believe|that"
    rf"|cannot be)\b|^\W*(?:{_NOT})\W*\w*\W*$",
    re.I,
)
_REST = (
    r"(?:\s+(?:that|the|we|have|by|so|each|all|every|columns?|rows?|weights?|data|condition|constraint|are|is|and))*"
    r"[\s,:(]*$"
)
_SUPPOSED = re.compile(
    r"\b(?:assum\w+|suppos\w+|let|given|if|provided|when|subject to|such that|s\.\s?t\.|constraint|hypothesis"
    rf"|orthonormal|normali[sz]ed|cent(?:ered|red)){_REST}",
    re.I,
)
_STATED = re.compile(rf"\b(?:where|since|because|as|with|under){_REST}", re.I)
_ANYTHING = re.compile("")
_HEDGED = re.compile(
    rf"{_NOT}|\b(?:or|could|might|would|perhaps|maybe|almost|nearly|why|what if|as if|part of|without|instead of"
    r"|rather than|no)\b",
    re.I,
)
_QUALITY = (
    r"(?:real|square|(?:positive|negative)|(?:semi-?)?definite|semi-?definite|positive-(?:semi-?)?definite|invertible"
    r"|regular|nonsingular|given|known|constant|fixed|full|dense|sparse|random|diagonal|spd|psd|always|also|and|again)"
)
_CALLED = (
    r"(?:an?|the|some|is|are|be|being|that|which|data|weights?|gram|kernel|covariance|correlation|hessian|penalty|metric"
    r"|distance|quadratic|form|matrix|matrices|inputs?|features?)"
)
_SYMMETRIC = re.compile(
    rf"\W*(?:(?:{_QUALITY}|{_CALLED})[\s-]+)*symmetric(?![\w-])(?:\s+{_QUALITY})*"
    r"(?:\s+(?!(?:parts?|hal(?:f|ves)|minus|plus|times|if|when|only|but|except|up to|unless)\b)[^\W\d]+)*\W*"
)
_OR_NOT = re.compile(rf"{DENIED.pattern}|\s*,?\s*or not\b", re.I)
_REJECTED = re.compile(
    r"\b(?:(?:reject|exclude|avoid|dismiss|dispute|contest|challenge|contradict|violate|disagree)(?:s|d|ed)?"
    r"|rul(?:e|es|ed) out|beware|counter-?examples?|objections?|argu(?:e|es|ed) against|anything but"
    r"|(?:common|frequent|usual) (?:misconception|mistake|error|fallacy))"
    r"(?:\s+(?:of|to|with|that|the|claim|statement|formula|equation))*[\s:,]*$"
    r"|^\W*(?:(?:oh|well|and|but|so)\W+)?(?:no|nope|nah|no way|not so|never|wrong|false)\W*$",
    re.I,
)
_QUESTION = re.compile(r"[^.;:!?$=(]*\?")
# A question of its own behind a formula, by which somebody asks for this check.
_ASKS_FOR_A_CHECK = re.compile(
    r"\s*(?:(?:So |And |But )?(?:Is|is) (?:this|that|it|my \w+|the \w+) (?:\w+ )?"
    r"(?:right|correct|ok|okay|fine|valid)\b[^.?]*|Am I [^.?]*|(?:Where|What) (?:is|did|do|am|have|went)\b[^.?]*"
    r"|Did I [^.?]*|Have I [^.?]*|(?:Any|Some)(?:body|one)\b[^.?]*|(?:Can|Could|Would) (?:some|any)(?:one|body)\b[^.?]*"
    r"|Any (?:ideas?|help|hints?)\b[^.?]*|Does (?:this|that) look [^.?]*)\?"
)
_ASKED_BEFORE = re.compile(r"\bis it (?:really |ever )?(?:true|so|the case|right|correct)\b", re.I)
_VERB = r"(?:is|are|was|has|gets?|does|did|can|could|would|should|may|might|must|seems?)"
_GRANTED = r"(?:given|assumed|supposed|true|known|satisfied|met|the case|valid|fulfilled|imposed|required|our|the|an?)"
_DROPPED = re.compile(rf"\s*,?\s*(?:were\b|{_VERB}\b(?!\s+(?:also\s+|now\s+)?{_GRANTED}\b))", re.I)
_ALTERNATIVE = re.compile(rf"\s*,?\s*or\s+{_EQUATION}", re.I)

_IMPLIES = r"(?:⇒|⟹|→|⟶|=>|==>|(?:which |this |that )?implies(?: that)?|only if|only when)"
_IFF = (
    r"(?:⇔|⟺|↔|<=>|<==>|iff|if and only if|when and only when|(?:exactly|precisely|just) (?:if|when|in case)"
    r"|(?:which |this |that )?is (?:the same as|equivalent to(?: saying that)?)|is another way to say(?: that)?)"
)
_UNDER = (
    r"(?:if|when|whenever|wherever|in case|in the case(?: of)?|once|unless|assuming(?: that)?|provided(?: that)?"
    r"|given that|(?:so|as) long as|on condition that|under the condition|for the case)"
)
_LINKS = {name: re.compile(words, re.I) for name, words in (("iff", _IFF), ("implies", _IMPLIES), ("under", _UNDER))}
_BESIDE = re.compile(r"[$`\s,()\[\]\\*]+")


def linked(between: str) -> str:
    """How the second of two formulas follows from the first by the words between them: ``implies``, ``iff``, or
    ``under`` where it is the condition of the first.
    """
    said = _BESIDE.sub(" ", between).strip() if "\n\n" not in between else ""
    return next((name for name, words in _LINKS.items() if words.fullmatch(said)), "")


def before(text: str, start: int) -> str:
    """The words of the sentence before a formula, with a sign for each formula in them; what is said of one formula is
    said of those that *and* joins to it.
    """
    lead = _masked(text[max(start - _FAR, 0) : start])
    lead = _OPENING.sub(" ", lead)
    while (joined := _JOINED.search(lead, max(len(lead) - _NEAR, 0))) is not None:
        led = _END.split(lead[lead.rfind(_EQUATION, 0, joined.start()) + 1 : joined.start()])[-1]
        if joined[0].rstrip().endswith(",") and _LEADING.match(led):
            break
        lead = lead[: joined.start()]
    lead = _OF_ANOTHER.sub("", lead[max(lead.rfind(_EQUATION), 0) :])
    lines = lead.split("\n")
    bare = [k for k, line in enumerate(lines[:-1]) if RELATION.search(line)]
    lead = "\n".join(lines[bare[-1] + 1 :]) if bare else lead
    ends = [one.end() for one in _END.finditer(lead) if one[0] != "!" or lead[one.end() :].strip()]
    return " ".join(lead[ends[-1] if ends else 0 :].split())


def behind(text: str, end: int) -> str:
    """The words behind a formula, up to the end of their paragraph."""
    rest = _masked(text[end : end + _FAR], opened=bool(_CLOSING.match(text[end:].lstrip())))
    return rest.partition("\n\n")[0]


def _masked(text: str, opened: bool = False) -> str:
    if opened:
        text = _CLOSING.sub("", text, count=1)
    return _FORMULA.sub(lambda one: _EQUATION if RELATION.search(one[0]) else _NAME, text)


def denied(text: str, start: int, end: int) -> bool:
    """Whether the words around a formula deny it, doubt it, offer something in its place or ask whether it holds."""
    return _denied(before(text, start), behind(text, end))


def _denied(lead: str, rest: str) -> bool:
    if (
        denies(lead)
        or _REJECTED.search(lead)
        or _ASKED_BEFORE.search(lead)
        or _OR_NOT.match(rest)
        or ((asked := _QUESTION.match(rest)) and not _ASKS_FOR_A_CHECK.match(asked[0].rpartition(_EQUATION)[2]))
    ):
        return True
    return bool(_SUPPOSED.search(lead) and (_DROPPED.match(rest) or _ALTERNATIVE.match(rest)))


def denies(lead: str) -> bool:
    """Whether the words before something deny it."""
    said = _AFFIRMED.sub(" ", lead)
    if not _DENIES.search(said):
        return False
    head, colon, rest = said.rpartition(":")
    if colon and rest.strip():
        return denies(rest)
    if colon:
        return bool(_OF_THE_FORMULA.search(head)) and _reaches(head)
    pieces = said.split(",")
    last = len(pieces) - 1
    if last and not pieces[last].strip() and _ASIDE.match(pieces[last - 1].strip()) and not _TURNED.match(pieces[0]):
        return False
    while last and not re.match(rf"\s*{_SUBJECT}", pieces[last], re.I):
        last -= 1
    return _reaches(",".join(pieces[last:]))


def _reaches(piece: str) -> bool:
    """Whether a denial reaches the end of a piece of a sentence, and nothing new is said behind it."""
    breaks = list(_BREAK.finditer(piece))
    piece = piece[breaks[-1].end() :] if breaks else piece
    found = _DENIES.search(piece)
    if found is None:
        return False
    tail = piece[found.end() :]
    return bool(re.search(r"\bthat\b", tail)) or not _ANEW.search(tail)


def supposed(text: str, start: int, end: int) -> bool:
    """Whether the words before a formula say plainly that it is given."""
    return _plainly(_SUPPOSED, text, start, end)


def stated(text: str, start: int, end: int) -> bool:
    """Whether the words before a formula say plainly that it is a fact."""
    return _plainly(_STATED, text, start, end)


def unhedged(text: str, start: int, end: int) -> bool:
    """Whether the words around a formula say nothing against it."""
    return _plainly(_ANYTHING, text, start, end)


def _plainly(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    lead = before(text, start)
    if not words.search(lead) or _HEDGED.search(lead):
        return False
    rest = behind(text, end)
    clause = re.split(r"[.,;:!?]", rest)[0]
    return not _HEDGED.search(clause) and not _DROPPED.match(clause) and not _denied(lead, rest)


def says_symmetric(words: str) -> bool:
    """Whether the words that say what a matrix is call it symmetric, and nothing beside that."""
    for piece in re.split(r"[,;.()]", words.lower()):
        if re.search(r"(?<![\w-])symmetric", piece):
            return _SYMMETRIC.fullmatch(piece) is not None and "?" not in words and not _HEDGED.search(piece)
    return False
