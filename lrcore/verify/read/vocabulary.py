"""Words of prose by what they can do to a formula beside them: nothing, lead to it or away from it, operate on it, deny
it.
"""

from __future__ import annotations

import re

from lrcore.verify.terms.words import words

SHORT = frozenset(words("so we is be of to in it if as or an at on by do my no us up am say find call try a I"))
COMMON = frozenset(
    words(
        "the then that this there where with which when using use used gives give get got have has had from for and "
        "but because since hence thus therefore now first second next finally let define defined gradient derivative "
        "rule chain product are was all any each both same side sides left right line step put plug set setting "
        "obtain yields means equals equal here into also scalar constant know note not our out too via per its can "
        "iff see eq eqs one two will would should shape layer loss"
    )
)
# Short words of other languages, which stand between formulas as English ones do; "de" and "du" are differentials.
FOREIGN = frozenset(
    words(
        "si se le un et il es em os la el los las con una por que del sea sean entonces donde para est soit avec "
        "donc pour par les des une alors sur der die das dem den und ist mit sei seien dann gilt wir wie aus von vom "
        "zum ein eine eines sowie wobei auch bzw sia sono che della gli allora dove com uma seja então onde über für où"
    )
)
AFTER = frozenset(
    words(
        "and or but so where with since because for hence thus therefore as by when if which whose that then we is are "
        "iff holds follows means gives yields implies due using let here while whereas although qed "
        "i.e. e.g. q.e.d. w.l.o.g. wlog see"
    )
)
BEFORE = frozenset(
    words(
        "is are be get gets got give gives have has had obtain obtains so thus that then hence therefore since because "
        "let define set where with and for to into yields yield means implies becomes as by now also recall note write "
        "writes here if iff when or but call put say find finds compute see equation know assume suppose using use via "
        "from we finally first next again only namely denote read reads follows follow it we i.e. e.g. w.l.o.g. wlog "
        "given loss cost objective prediction predictions likelihood hypothesis gradient derivative residual residuals "
        "setting letting taking choosing noting recalling considering solving substituting inserting plugging "
        "expanding rearranging simplifying"
    )
)
ARTICLES = frozenset(words("the a an our my its this that each every his her their your"))
OPERATIONS = frozenset(
    words(
        "times plus minus over divided multiplied added subtracted transpose transposed inverse inverted squared "
        "square cubed twice thrice half double doubled halved negative negated root dot cross power modulo mod without"
    )
)
# What a word for an operation may stand before in a reason: then it speaks of a rule, and no operation is to be done.
_RULE = r"(?:rules?|laws?|identity|identities|property|formulas?|lemma|theorem)"
_OF_A_RULE = (
    r"(?:(?:multiplied|divided|added|subtracted|transposed|inverted|squared)\s+(?:out|through|(?:on )?both sides)"
    r"|without\s+(?:any |much |further |more )?(?:loss of|doubt|proof|ado|words|comment|restriction)"
    rf"|squared\s+(?:errors?|norms?|residuals?)|(?:dot|cross)\s+products?(?!\s+(?:with|by))|{{}}\s+{_RULE}"
    rf"|(?:power|root|inverse|transpose|square)\s+(?:functions?\s+{_RULE}|of (?:an? |the )?"
    r"(?:product|sum|difference|transpose|inverse|power|quotient|scalar|number)s?))\b"
)
_OPERATION = rf"(?:{'|'.join(sorted(OPERATIONS))})"
_DONE = re.compile(rf"(?<![A-Za-z])(?!{_OF_A_RULE.format(_OPERATION)}){_OPERATION}(?![A-Za-z])", re.I)
_AS_A_THING = re.compile(
    r"\b(?:an?|one|each|every) (?:\w+ )?(?:square|root|product|power|inverse|transpose)(?=\s*[:.,]\s*(?:\}|$))", re.I
)
_VERBS = frozenset(
    words(
        "is are was were comes come gives give takes take write does do changes change moves move has have multiply "
        "get use depends depend holds hold vanishes vanish assume suppose note we i"
    )
)
_OF_THE_LINE = frozenset(words("following follow follows next below this it what must should shall not here there"))
_BY_A_NUMBER = frozenset(
    words("times minus twice thrice half double doubled halved negative negated without mod modulo")
)
_WAITING = frozenset(words("of by or to and the a an with for than as is are be"))
_ROW = re.compile(r"(?:(?<=\\\\)|\A)(?:(?!\\\\).)*", re.S)
_WORDS = re.compile(r"\\text\{([^{}]*)\}")
# Words behind a formula that say the contrary of it.
_ENDS = r"(?=\s*(?:[.,;:!?)–—-]|$|\n|\b(?:in|of|by|here|as|because|since|and|but|for|to)\b))"
_NO_NAME_OF_A_LOSS = "".join(
    rf"(?<!{one} )" for one in ("be the", *words("squared square total mean training prediction"))
)
_UNTRUE = (
    r"(?:(?:impossible|absurd|nonsense|bogus|contradictory|contradict(?:s|ed)?|untrue|incorrect|nowhere|rarely|seldom"
    r"|hardly|scarcely|barely|doubtful|questionable|dubious|invalid|inconsistent|erroneous|inaccurate|fallacious|unsound"
    r"|unfounded|unjustified|violated|rejected|excluded|refuted|disproved|denied|disputed|mistaken|unknown|unproved"
    r"|unproven|untenable|inadmissible|illegitimate|rubbish|garbage|fake|wrong|off by"
    r"|false(?! (?:positive|negative))|out of the question|far from (?:true|it|so|correct|right)|breaks? down"
    r"|falls? apart|in error|beside the truth|no-go|never(?!\s+fails?\b)|fails?\b(?!\s+to be))\b"
    rf"|(?:lie|{_NO_NAME_OF_A_LOSS}error|mistake|fallacy|myth|hoax|typo|misprint|contradiction|open question"
    r"|open problem|open"
    r"|counter-?example|misconception|blunder|slip|non sequitur)\b" + _ENDS + ")"
)
_NOT = r"(?:not|cannot|\w*n['’]t)"
_OF_A_CLAIM = (
    r"(?:true|so|valid|right|correct|the case|always|generally|necessarily|in general|an? (?:equality|identity|fact)"
    r"|satisfied|given|hold|follow|imply|mean|apply|work|have"
    r"|be(?! (?:needed|used|required|necessary|confused|forgotten))|proved|proven|known|shown|established|assumed|on|ok"
    r"|okay|fine|sound|exact|accurate|legitimate|justified|permitted|possible|compute|do|stand|add up|make sense"
    r"|agree|convincing|consistent|equal|the same|what (?:we|i|one|you) (?:get|have|want|need|find|expect)|really|quite"
    r"|exactly|actually|even|yet|at all|ever|every|all|it|that)\b"
)
_INTERJECTION = (
    r"(?:no(?: way| chance| sir)?|nope|nah|not(?: so| really| quite| at all)?|never|hardly|barely|scarcely|as if"
    r"|wrong|false|n['’]t)\s*(?=[).,;:!?–—]|$|\n)"
)
# Words before a formula that operate on it.
OPERATES_BEFORE = re.compile(
    r"\b(?:negative|opposite|inverse|reciprocal|transpose|trace|square|root|half|double|twice) of"
    r"\s*(?:\$|\\\(|\\\[)?\s*$",
    re.I,
)
_IS = r"(?:is|are|was|were|be|seems?|looks?|sounds?|appears?|remains?|stays?|has|have|would be|must be)"
DENIED = re.compile(
    rf"(?:[\s(,;:–—-]*(?:but |and )?(?:which |that |it |this )?"
    r"|\.\s+(?:this|that|it) (?!is \w+ (?:that|to)\b)(?=[^.:\n]*[.!\n]|[^:\n]*$))"
    rf"(?:{_UNTRUE}|{_IS} (?:[a-z]+ ){{0,2}}?{_UNTRUE}"
    rf"|(?:is|are|was|were|does|do|did|can|may|need|must|will|would|could|should|has|have)?\s*{_NOT}\s+{_OF_A_CLAIM}"
    rf"|{_NOT}\s*(?:[).,;:!]|$))|[\s(,;:.!?–—-]+{_INTERJECTION}",
    re.I,
)
# Words behind a formula after which it holds but for something.
QUALIFIED = re.compile(
    r"\bup to (?!here\b|now\b|this\b|that\b|date\b|line\b|step\b|\(?\d)|\bmod(?:ulo)?\b|\bapart from\b|\bexcept\b"
    r"|\b(?:minus|negative|opposite|wrong|other) sign\b|\b(?:ignoring|neglecting|dropping|omitting)\b"
    r"|\b(?:to|in) (?:\w+ )?(?:leading|first|second) order\b|\bapprox",
    re.I,
)
# A word alone beside a formula that has one of these ends says what is done to it, or how far it holds ...
_CHANGING = re.compile(r"[a-z]{2,}(?:ed|ly|wise)", re.I)
# ... but for these, which speak of the derivation.
_OF_THE_DERIVATION = frozenset(
    words(
        "trivially clearly obviously evidently similarly equivalently analogously directly immediately finally simply "
        "merely precisely exactly namely consequently accordingly respectively identically easily readily explicitly "
        "specifically particularly additionally alternatively conversely firstly secondly thirdly lastly actually "
        "certainly surely naturally formally algebraically correspondingly subsequently ultimately initially "
        "originally previously apply imply multiply only likely family supply rely recently luckily fortunately "
        "interestingly needed required desired claimed asserted stated promised expected proved proven derived "
        "defined given simplified expanded rearranged substituted combined collected factored factorised factorized "
        "cancelled canceled obtained used applied repeated checked verified completed finished solved noted "
        "introduced inserted grouped gathered distributed rewritten regrouped reordered proceed indeed need speed"
    )
)
_SAY_NOTHING = frozenset(
    words(
        "trivial clear obvious linear linearity symmetry symmetric definition definitions distributivity "
        "associativity commutativity transposition trace cyclic cyclicity identity equation equations derivation "
        "derivatives function functions expression expressions term terms sum sums factor factors bracket brackets "
        "matrix matrices vector vectors column columns row rows number numbers sample samples data weights weight "
        "bias residual residuals prediction predictions target targets error errors squares mean model regression "
        "least ridge respect likewise about other others these those them they there after before above below between "
        "last third following previous same simplify expand rearrange substitute collect differentiate simplifying "
        "expanding rearranging substituting collecting differentiating applying writing setting taking recalling "
        "noting letting calling solving proof done qed theorem lemma formula formulas"
    )
)
HARMLESS = COMMON | AFTER | BEFORE | ARTICLES | SHORT | _OF_THE_DERIVATION | _SAY_NOTHING


def changes(remark: str) -> bool:
    """Whether a remark is one word that may change the formula beside it, such as *tripled*, *hardly*, *entrywise*."""
    word = remark.strip(" \t,.;:!?()[]–—-").lower()
    return _CHANGING.fullmatch(word) is not None and word not in HARMLESS


def names_operation(remark: str) -> bool:
    """Whether a remark may ask for an operation, as *times two* and *transposed* do, and *power rule* does not."""
    if _DONE.search(remark) is None or is_sentence(remark):
        return False
    return _DONE.search(_AS_A_THING.sub(_blank, remark)) is not None


def is_sentence(remark: str) -> bool:
    """Whether words are a sentence about the derivation, such as *Both are numbers, each the transpose of the other*,
    which says nothing of the line that follows.
    """
    found = re.findall(r"[^\W\d_]+", re.sub(r"\b(number|matrix) times (?=the |an? )", r"\1 ", remark.lower()))
    supposed = bool({"assume", "suppose", "can"} & set(found))
    ends = len(found) > 4 and found[-1] not in _WAITING and (supposed or found[-1] not in OPERATIONS)
    return ends and not _VERBS.isdisjoint(found) and (_OF_THE_LINE | _BY_A_NUMBER).isdisjoint(found)


def without_prose(text: str) -> str:
    """With blanks for rows of words that are sentences or end in the name of a thing, *Derivative of a square:*."""
    return _AS_A_THING.sub(_blank, _ROW.sub(lambda one: _blank(one) if _is_row_of_words(one[0]) else one[0], text))


def _is_row_of_words(row: str) -> bool:
    """Whether a row is a sentence, with letters and products between its words and no relation."""
    pieces = _WORDS.split(row)  # mathematics and words in turn
    if len(pieces) == 1 or any(re.search(r"[=<>]|\\(?:le|ge|leq|geq|ne|approx|sim|to)\b", one) for one in pieces[::2]):
        return False
    return is_sentence(" ".join(one if k % 2 else " x " * bool(re.search(r"\w", one)) for k, one in enumerate(pieces)))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def says_something(remark: str) -> bool:
    """Whether a word of a remark is on no list of words that leave a formula as it is."""
    found = re.findall(r"[^\W\d_]+", remark)
    return any(len(one) > 1 and one.lower() not in HARMLESS for one in found)
