r"""Every character of a text is part of a formula or of a remark that is shown, or a listed mark, or asked about.

A letter a step, as in tests/test_false_proofs.py: what is wrong or may be is never P, and its twin that is written
properly is.
"""

import pytest

from lrcore.verify import Context, derivation
from tests.test_false_proofs import SHAPES, everywhere, in_turn, said, strict

# signs that stand before, around or behind an equation, on a line of their own, or between it and other mathematics
SIGNS = "√¬∇∑∫∂±∞@∏∮∀∃~!^_≠&°†‡⋆⊕⊗∧∣‖⟨⌊△◇∆★¶✗❌👎‰"
BEHIND = "!'’′`\"‼°†*^_=≠≤&⊤⊗÷→↛✗❌|‖"
BETWEEN = "⊗∘⊙÷→×·*+-/^|∣∧⋆:.°≠=~_↦⟂"
AROUND = [("‖", "‖"), ("⟨", "⟩"), ("|", "|"), ("||", "||"), ("⌊", "⌋"), ("⌈", "⌉"), ("<", ">"), (r"\|", r"\|")]
DELIMITED = ("$w = w$", r"\[w = w\]", r"\begin{align} w &= w \end{align}", "$$w = w$$")

CASES = [
    # brackets, struck words, quotation marks
    ("$s = s$ ~~$+ t$~~", "U"),
    ("~~So~~ $s = s$", "U"),
    ("$s = s$ (t)", "U"),
    ("(t) $s = s$", "U"),
    ("$s = s$ (2)", "P"),
    ("$A$ (2) $B = B$", "U"),
    ("$A$ ($B = B$)", "U"),
    ("for $A$ ($B = B$)", "P"),
    ("($s = s$) $t$", "U"),
    ("'$w = w$'", "P"),
    ('He wrote "$w = w$".', "P"),
    ("So $w = w$!", "U"),
    ("Done! $w = w$", "P"),
    ("$w = w$ holds!", "P"),
    ("! s = s", "U"),
    ("We are done! s = s", "P"),
    ("so – s = s", "U"),
    ("so — s = s", "P"),
    ("hence – $s = s$", "U"),
    # bold type and powers
    ("**Claim:** s**2 = s*2", "R"),
    ("**Claim:** s**2 = s*s", "P"),
    ("**So** s**2 = 2*s", "R"),
    ("**So** s**2 = s*s", "P"),
    ("**So** 2**s = 2*s", "U"),
    ("**Proof.** (s+t)**2 = 2*(s+t)", "R"),
    ("**Proof.** (s+t)**2 = s**2 + 2*s*t + t**2", "P"),
    ("**So** s **2** t = 2*s*t", "U"),
    ("**s**2 = 2 s", "U"),
    ("** s ** 2 = 2 s", "U"),
    ("s = s\n**2", "R"),
    ("**s t = t s**", "P"),
    ("**s = s**\n**t = t**", "PP"),
    ("**w** = **w**", "P"),
    ("**X** **w** = X w", "P"),
    ("s t = t s **(they commute)**", "P"),
    ("**$s = s$**", "P"),
    ("**Claim** $s = s$", "P"),
    ("**Step 2** s = s", "P"),
    # letters and numbers of lines
    ("A. B = B", "U"),
    ("A. B = B\nB. A = A", "PP"),
    ("A) x = x", "U"),
    ("b. s = s", "U"),
    ("b) s = s", "U"),
    ("c) s = s", "P"),
    ("(b) s = s", "U"),
    ("a) s t = t s\nb) s = s", "PP"),
    ("b) we have s t = t s", "P"),
    ("b) $s = s$", "P"),
    ("line 2s = s", "U"),
    ("Step 2 s = s", "U"),
    ("Step 2: s = s", "P"),
    ("Step 2) s = s", "P"),
    ("Step 2.5 s = s", "U"),
    ("Step 2 - s = s", "U"),
    ("Step 2 (s + t) = s + t", "U"),
    ("Step 2 we get s = s", "P"),
    ("Line 2 A = A", "U"),
    ("Line 2, A = A", "P"),
    ("step 3A = A", "U"),
    ("Step 2 $s = s$", "P"),
    ("By step 2, $s = s$", "P"),
    # comments
    ("s = s # + t", "U"),
    ("s = s; # + t", "U"),
    ("s = s\n# + t", "U"),
    ("s = s # as we know", "P"),
    ("X@w = X@w  # (N, 1)", "P"),
    ("```python\nX@w = X@w\n```", "P"),
    ("**So we have\n$s t = t s$ and no more**", "P"),
    ("| $s t = t s$ | $s = s$ |\n|---|---|", "PP"),
    ("|$s = s$|$t$|", "U"),
    ("s t = (s\n(2) t)", "U"),
    ("s + t = s +\n2. t", "U"),
    ("s^2 = s s % 2", "U"),
    ("s^2 = s s % as we know", "P"),
    ("$s = s % + t$", "U"),
    ("$s = s$ % + t", "U"),
    ("$s = s$%", "U"),
    ("% $s = s$", "U"),
    ("% a remark\n$s = s$", "P"),
    ("\\begin{align} s &= s \\end{align}%", "P"),
    # plain prose
    ("s + t = t + s, QED", "P"),
    ("s + t = s, QED", "R"),
    ("s + t = t + s, Q.E.D.", "P"),
    ("s + t = t + s, i.e. they commute", "P"),
    ("WLOG, $s t = t s$", "P"),
    ("Using (2), $s t = t s$.", "P"),
    ("Using (2), $s t = s$.", "R"),
    ("By (2), s t = t s.", "P"),
    ("Using (2) s t = t s.", "P"),
    ("Using (2) st = ts.", "P"),
    ("From (1) and (2) we get $s t = t s$", "P"),
    ("half (2), $s = s$", "U"),
    ("$s t = t s$ (see [1]).", "P"),
    ("s t = t s (see [1])", "P"),
    ("s t = t s by (3)", "P"),
    ("$s t = t s$ by Theorem 2.1.", "P"),
    ("$s t = t s$ without loss of generality", "P"),
    ("$s t = t s$ without t", "U"),
    ("s + t = t + s [by commutativity]", "P"),
    ("s + t = t [by commutativity]", "R"),
    ("s + t = t + s [t]", "U"),
    ("s t = t s \\quad \\text{for all } s, t", "P"),
    ("s t = t \\quad \\text{for all } s, t", "R"),
    ("s t = t s \\quad \\text{for all } s, 2", "U"),
    # symbols that prose speaks of, without dollars
    ("s t = t s for all s, t", "P"),
    ("s t = t for all s, t", "R"),
    ("s t = t s for any s and t.", "P"),
    ("For all s, t we have s t = t s", "P"),
    ("s t = t s for all s, 2", "U"),
    ("s t = t s for all s, t + u", "U"),
    ("s t = t s, s, t", "U"),
    # formulas among words in a formula
    ("\\begin{align} s &= s \\\\ \\intertext{so $s = t$} t &= t \\end{align}", "PRP"),
    ("\\begin{align} s &= s \\\\ \\shortintertext{and, since $s t = t s$,} t &= t \\end{align}", "PPP"),
    ("\\begin{align} s &= s \\\\ \\intertext{with $p = 3$} 3 s &= p s \\end{align}", "PDP"),
    ("\\begin{align} s &= s \\\\ \\intertext{as $w$ is a column} &= s \\end{align}", "PP"),
    ("\\begin{align} s &= s \\\\ \\intertext{and so} &= t \\end{align}", "PR"),
    ("\\begin{align} s &= s \\\\ \\intertext{multiplying by $-1$} -s &= -s \\end{align}", "PP"),
    ("\\begin{align} s &= s \\\\ \\intertext{times 2} &= s \\end{align}", "U"),
    ("\\begin{align} s &= s \\\\ \\intertext{We do not have} t &= t \\end{align}", "U"),
    ("\\begin{align} s &= s \\\\ \\intertext{and $+ t$} &= s \\end{align}", "UU"),
    ("\\begin{align} s &= s && \\text{since $t = u$} \\end{align}", "PR"),
    ("\\begin{align} s &= s && \\text{since $t + u = u + t$} \\\\ &= s \\end{align}", "PPP"),
    ("\\begin{align} s &= s && \\text{since $X^TX$ is invertible} \\\\ &= s \\end{align}", "PP"),
    ("\\begin{align} x_i &= x_i && \\text{for $i = 1, \\dots, M$} \\end{align}", "P"),
    ("\\begin{align} s &= s && \\text{and $+ t$} \\end{align}", "U"),
    ("\\[s = s \\text{ since \\(t = u\\)}\\]", "PR"),
    ("\\underbrace{s}_{\\text{as \\(t = u\\)}} = s", "UUU"),
    ("s = s \\quad\\text{(where t = 2s)}", "U"),
    ("s = s \\quad\\text{(for t > 0)}", "P"),
    ("s = s \\text{ 50% of} + t", "U"),
    # end marks and layout
    ("s t = t s ✓", "P"),
    ("s t = t s. ∎", "P"),
    ("s t = t ✓", "R"),
    ("✓ s t = t s", "P"),
    ("$s t = t s$ □", "P"),
    ("□ $s t = t s$", "U"),
    ("∴ $s t = t s$", "P"),
    ("$s t = t s$ ⇒ $t s = s t$", "PP"),
    ("$s$ ⇒ $t = t$", "U"),
    ("s = s ✓\n+ t", "U"),
    ("s = s ✔\n- t", "U"),
    ("s = s □\n+ t", "U"),
    ("s = s ✓ + t", "U"),
    ("$s = s$ ✓ $+ t$", "U"),
    ("$s = s$ ✓\n$+ t$", "U"),
    ("$s = s$ ✓ $t = t$", "PP"),
    ("s t = t s ✓\n= s t ✓", "PP"),
    ("s t = t s ✓\nt = s ✓", "PR"),
    ("---\n$s t = t s$\n---", "P"),
    ("$s = s$ ... $t$", "U"),
    ("$s = s$ : $t$", "U"),
    ("$s = s$: $t = t$...", "PP"),
    ("We & they and/or others: $s t = t s$", "P"),
]  # fmt: skip

SHOWN = [
    ("s = s # why not", ["why not"]),
    ("$s = s$ so t", ["so t"]),
    ("$s = s$ (2)", ["2"]),
    ("Using (2), $s t = t s$.", ["Using (2)"]),
    ("\\begin{align} s &= s % + t\n\\end{align}", ["+ t"]),
]


@pytest.mark.parametrize(("text", "letters"), CASES)
def test_every_surface_reads_every_character(text, letters):
    assert strict(text) == said(letters), derivation(text, Context(shapes=SHAPES))
    assert in_turn(text) == said(letters)


@pytest.mark.parametrize("formula", DELIMITED)
def test_no_sign_beside_an_equation_vanishes(formula):
    texts = [f"{sign}{gap}{formula}" for sign in SIGNS for gap in ("", " ", "\n")]
    texts += [f"{formula}{gap}{sign}" for sign in BEHIND for gap in ("", " ", "\n")]
    texts += [f"{formula} {sign} $x$" for sign in BETWEEN] + [f"$A$ {sign} {formula}" for sign in BETWEEN]
    texts += [f"{opened}{formula}{closed}" for opened, closed in AROUND]
    texts += [f"Hence {sign} we have {formula}" for sign in SIGNS if sign not in "!&=~"]
    assert strict(formula) == ["PROVED"]
    assert [text for text in texts if "PROVED" in strict(text)] == []


@pytest.mark.parametrize("sign", [*"√!'’†÷⊗"])
def test_no_sign_beside_an_equation_vanishes_at_any_surface(sign):
    for text in (f"{sign} $s = s$", f"$s = s${sign}", f"$s = s$\n{sign}", f"s = s\n{sign}"):
        assert in_turn(text) == ["UNREADABLE"], text
    assert everywhere(f"{sign} $s = s$") == ["UNREADABLE"]


def test_what_is_left_is_named():
    (step,) = derivation("Hence ± we have $s = s$", Context(shapes=SHAPES)).steps
    assert "`±`" in step.message and step.span == (6, 7)


@pytest.mark.parametrize(("text", "words"), SHOWN)
def test_what_is_set_aside_is_shown(text, words):
    (step,) = derivation(text, Context(shapes=SHAPES)).steps
    assert step.verdict.value == "PROVED" and list(step.remarks) == words
