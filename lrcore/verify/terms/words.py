r"""The words of LaTeX that the reader knows, as tables: a line ``meaning: word word ...`` gives each word its
meaning.
"""

from __future__ import annotations


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


def table(text: str) -> dict[str, str]:
    """word -> meaning; the meaning ``-`` is the empty one."""
    found = {}
    for line in text.strip().splitlines():
        meaning, _, words = line.strip().partition(" : ")
        found.update(dict.fromkeys(words.split(), "" if meaning == "-" else meaning))
    return found


GREEK = words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi "
    "varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi "
    "Sigma Upsilon Phi Psi Omega ell hbar imath jmath"
)

_LETTERS = words(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell"
)
UNICODE = dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩℓ", _LETTERS, strict=True))

ACCENTS = table("""
hat : hat widehat
bar : bar overline
tilde : tilde widetilde
dot : dot
ddot : ddot
check : check
breve : breve
acute : acute
grave : grave
underline : underline
ring : mathring
""")

FONTS = table(r"""
b : mathbf boldsymbol bm bf textbf pmb symbf
c : mathcal cal mathscr
d : mathbb
f : mathfrak
- : mathrm rm text textrm mathit mathsf vec operatorname mathnormal it sf overrightarrow textit mathtt mbox textsf
textnormal
""")

FUNCTIONS = table("""
tr : tr trace Tr Trace TR
det : det Det
log : log ln
exp : exp
vec : vec Vec
rvec : rvec
diag : diag Diag
logdet : logdet
sigmoid : sigmoid sigm
softmax : softmax Softmax
relu : relu ReLU Relu
tanh : tanh
sinh : sinh
cosh : cosh
sign : sign sgn signum
inv : inv
abs : abs
norm : norm
""")

RELATIONS = table("""
= : =
:= : coloneqq
<= : le preceq
>= : ge succeq
< : < prec ll
> : > succ gg
!= : neq
approx : approx simeq cong
in : in
-> : to mapsto
~ : sim propto
<-> : leftrightarrow
""")

ROWS = set(
    words(
        "aligned align align* split equation equation* gathered gather gather* eqnarray eqnarray* alignat "
        "alignat* alignedat multline multline* displaymath math flalign flalign* subequations"
    )
)
MATRICES = set(words("matrix bmatrix pmatrix vmatrix Vmatrix Bmatrix smallmatrix array bsmallmatrix psmallmatrix"))

NO_FACTOR = set(
    words(
        "odot otimes circ cdot times rangle mid \\ quad } coloneqq dots implies iff approx le ge neq in to "
        "forall sim propto"
    )
) | {"rfloor"}

CHARACTERS = dict.fromkeys("−–—‒﹣－", "-") | table(r"""
\cdot : · ⋅ ∙ •
\times : ×
\otimes : ⊗
\odot : ⊙
\circ : ∘
\partial : ∂
\nabla : ∇
\sum : ∑
\top : ⊤
\| : ‖ ∥
\approx : ≈
\le : ≤
\ge : ≥
\neq : ≠
\equiv : ≡
\in : ∈
\implies : ⟹ ⇒
\iff : ⟺ ⇔
\sqrt : √
\langle : ⟨
\rangle : ⟩
' : ′ ’
\triangleq : ≜
\to : →
\mid : ∣
\infty : ∞
\therefore : ∴
\dots : ⋰
\frac{1}{2} : ½
\frac{1}{3} : ⅓
\frac{1}{4} : ¼
""")
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀⁱⁿᴺᴹᵐᵏᵗ⁽⁾", "0123456789+-TinNMmkt()", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌ᵢⱼₖₗₘₙₚₜₓ₍₎", "0123456789+-=ijklmnptx()", strict=True))

SIZES = set(words("left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr"))
IGNORED = (
    SIZES
    | set(
        words(
            "displaystyle textstyle scriptstyle limits nolimits nonumber notag hfill noindent centering mathstrut "
            "strut null relax allowbreak nobreak protect ensuremath mathop mathrel mathbin mathord mathopen mathclose "
            "mathpunct mathinner smash llap rlap checkmark qed qedsymbol blacksquare"
        )
    )
    | set(",;:!/ >")
)
WITH_ARGUMENT = set(
    words(
        "label tag tag* eqref ref hspace vspace hspace* vspace* phantom hphantom vphantom color cite footnote "
        "kern mkern hskip mspace class cssId"
    )
)

SAME = table(r"""
frac : tfrac dfrac cfrac
| : lVert rVert Vert
vert : lvert rvert
le : leq leqslant
ge : geq geqslant
neq : ne
dots : cdots ldots dotsc dotsb dotsi dotsm dotso vdots ddots hdots iddots
implies : Rightarrow Longrightarrow
iff : Leftrightarrow Longleftrightarrow
* : ast
times : times*
top : intercal
[ : lbrack
] : rbrack
{ : lbrace
} : rbrace
: : colon vcentcolon
cdot : bullet
quad : qquad enspace thinspace
= : equiv
tr : trace Tr
coloneqq : triangleq leftarrow gets coloneq defeq
\ : newline cr
operatorname : operatorname*
< : lt
> : gt
vec : overrightarrow
_ : sb
^ : sp
langle : lang
rangle : rang
odot : hadamard
nabla : triangledown bigtriangledown
""")
