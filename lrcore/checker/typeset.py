r"""What may be typeset of a reader's text: known commands of mathematics, and nothing that makes links or style.

MathJax has commands such as ``\href`` and ``\style``. A text with a command that is not in the list below is shown as
it was typed.
"""

from __future__ import annotations

import re

from lrcore.verify import Problem, read_numpy, to_latex
from lrcore.verify import words as vocabulary

LONGEST = 1_500
_ALLOWED = (
    set(vocabulary.GREEK) | set(vocabulary.ACCENTS) | set(vocabulary.FONTS)
    | set(vocabulary.FUNCTIONS) | set(vocabulary.RELATIONS)
    | set(vocabulary.words(
        "frac dfrac tfrac cfrac partial nabla sum prod int lim top intercal dagger prime mid parallel circ cdot cdots "
        "ldots dots vdots ddots dotsc dotsb dotsi dotsm times otimes odot oplus ast star left right middle big Big "
        "bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle limits nolimits quad qquad "
        "operatorname text textrm mathrm sqrt begin end langle rangle lVert rVert Vert vert lvert rvert leq geq ne "
        "implies iff Rightarrow Longrightarrow Leftrightarrow rightarrow therefore because forall infty colon "
        "overset underset stackrel underbrace overbrace boxed min max arg inf sup lbrack rbrack lbrace rbrace pm mp "
        "equiv triangleq coloneqq vcentcolon nonumber notag setminus cup cap subset mathbb R bullet lfloor rfloor"
    ))
)  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^}]*)\}")
_DRESS = re.compile(r"\\(?:label|tag|eqref|ref)\*?\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![A-Za-z])|(?<!\\)%.*")


def shown(written: str, latex: bool) -> str:
    """LaTeX that is safe to typeset, or nothing where the text has to be shown as it was typed."""
    if len(written) > LONGEST:
        return ""
    return _shown_latex(written) if latex else _shown_text(written)


def _shown_text(written: str) -> str:
    try:
        return to_latex(read_numpy(written)) if written.strip() else ""
    except (Problem, RecursionError, KeyError):
        return ""


def _shown_latex(written: str) -> str:
    bare = _DRESS.sub("", written)
    if not is_safe(bare):
        return ""
    if r"\begin" not in bare:
        bare = re.sub(r"(?<!\\)&|\\\\(?:\[[^\]]*\])?", " ", bare)
    return bare.replace("$", " ").strip()


def is_safe(written: str) -> bool:
    """Whether every command and environment is one of mathematics."""
    known = all(name in _ALLOWED for name in _COMMAND.findall(written))
    return known and all(name in vocabulary.ROWS | vocabulary.MATRICES for name in _ENVIRONMENT.findall(written))
