r"""What words around a formula make of it: a premise only where they say so plainly, nothing where they deny it."""

from __future__ import annotations

import json

import pytest
from test_false_proofs import in_turn, said

from lrcore import check_derivation
from lrcore.notes.command import main
from lrcore.verify import Context, says_symmetric

QUADRATIC = r"$\nabla_x (x^\top A x) = 2 A x$."
EQUAL = "$s + t = t + s$"


def verdicts(text, shapes=None):
    return in_turn(text, shapes or {})


@pytest.mark.parametrize(
    "words",
    [
        "For symmetric $A$,", "For a symmetric matrix $A$,", "Let $A$ be symmetric. Then", "Since $A$ is symmetric,",
        "Let $A$ be a real symmetric matrix. Then", "where $A$ is symmetric,", "Suppose the matrix $A$ is symmetric.",
        "If $A$ is symmetric, then", "with $A$ symmetric,", "Assume $A$ symmetric.", "As $A$ is symmetric we have",
        "Let $A$ be symmetric positive definite. Then", "For positive definite symmetric $A$ the gradient is",
        "Let $A$ be a symmetric $M \\times M$ matrix.", "Let $A$ be any matrix that is symmetric. Then",
        "$x$ is a column and $A$ is symmetric.", "where $A$ is a symmetric matrix and $x$ a vector,",
        "A covariance matrix $A$ is symmetric, so", "Let $A$ be a symmetric, invertible matrix.", "Symmetric $A$:",
        "Take symmetric matrices $A$ and $B$.", "Let $A$ and $B$ be symmetric.",
    ],
)  # fmt: skip
def test_a_matrix_is_symmetric_where_the_text_says_so(words):
    assert verdicts(f"{words} {QUADRATIC}") == ["PROVED"]


@pytest.mark.parametrize(
    "words",
    [
        "For an asymmetric matrix $A$,", "For an antisymmetric matrix $A$,", "For an unsymmetric matrix $A$,",
        "For a skew-symmetric matrix $A$,", "For a non-symmetric matrix $A$,", "For a nonsymmetric matrix $A$,",
        "Whether $A$ is symmetric or not,", "Unless $A$ is symmetric,", "The symmetric part of $A$ is $S$. Then",
        "If $A$ is symmetric this is easy; in general,", "If $A$ is symmetric, we know it. In general,",
        "If $A$ were symmetric,", "Is $A$ symmetric? Then", "$A$ need not be symmetric.", "$A$ is hardly symmetric.",
        "Neither $A$ nor $B$ is symmetric.", "$A$ is nowhere near symmetric.", "$A$ is almost symmetric.",
        "As long as $A$ is not symmetric,", "Let $A$ be symmetric or antisymmetric.", "Nobody says $A$ is symmetric.",
        "When $A$ fails to be symmetric,", "We cannot assume that $A$ is symmetric.", "$A$ isn't symmetric.",
        "It is not true that $A$ is symmetric.",
        "We do not, in general, suppose that $A$ is symmetric.", "$A$ is symmetric, or it is not.",
        "$A$ is symmetric only for small $t$.", "$A$ is symmetric, but only for small $t$.", "$A$ could be symmetric.",
        "$B$ is symmetric and $A$ is not.", "$B$ is symmetric and $A$ is a square matrix.", "Only if $A$ is symmetric,",
        "The product of symmetric $A$ and $B$ is not symmetric.", "$A$ is symmetric and this is false.",
        "Perhaps $A$ is symmetric.", "Half of $A$ is symmetric.", "The sum of $A$ and its transpose is symmetric.",
        "Let $A$ be symmetric. Now let $A$ be not symmetric.", "$A$ would be symmetric.", "$A^2$ is symmetric.",
    ],
)  # fmt: skip
def test_a_matrix_is_not_symmetric_where_the_words_say_anything_else(words):
    assert verdicts(f"{words} {QUADRATIC}")[-1] in ("OPEN", "UNREADABLE")


def test_where_a_matrix_is_said_to_be_any_what_needs_symmetry_is_false():
    assert verdicts(f"Let $A$ be any matrix, not necessarily symmetric. {QUADRATIC}") == ["REFUTED"]


@pytest.mark.parametrize(
    ("words", "symmetric"),
    [
        ("symmetric", True), ("a symmetric matrix, the weights of it", True), ("covariance (symmetric)", True),
        ("real symmetric matrix", True), ("symmetric and positive definite", True), ("Symmetric weights", True),
        ("not symmetric", False), ("any square matrix, symmetric or not", False), ("non-symmetric", False),
        ("skew-symmetric", False), ("asymmetric", False), ("antisymmetric", False), ("the symmetric part of A", False),
        ("need not be symmetric", False), ("symmetric only at the start", False), ("isn't symmetric", False),
        ("never symmetric", False), ("hardly symmetric", False), ("a matrix", False), ("", False),
        ("positive-definite, symmetric", True), ("the symmetric matrix of the penalty", True), ("symmetric-ish", False),
        ("the inverse of a symmetric matrix", False), ("Cholesky factor of symmetric A", False), ("symmetric?", False),
        ("makes A symmetric", False), ("symmetric minus its diagonal", False), ("symmetric if t > 0", False),
        ("upper triangle of the symmetric Gram matrix", False), ("from a symmetric distribution", False),
    ],
)  # fmt: skip
def test_a_table_calls_a_matrix_symmetric_where_it_says_so(words, symmetric):
    assert says_symmetric(words) is symmetric


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("Suppose $X^TX = I$. Then $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("Assume that $X^TX = I$. So $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("The columns of $X$ are orthonormal: $X^TX = I$. So $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("If $X^TX = I$ holds, then $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("If $X^TX = I$ is given, then $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("Since $X^TX = I$, $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("Suppose $X^TX = I$. Then for any $w$, $\\|Xw\\|^2 = \\|w\\|^2$.", "CP"),
        ("Suppose $s = t$. Then $2s = 2t$.", "DP"),
        ("Suppose we have $s = t$. Then $2s = 2t$.", "DP"),
        ("If $X^TX = I$, then $\\|Xw\\|^2 = \\|w\\|^2$. In general, $\\|Xw\\|^2 = \\|w\\|^2$.", "CPR"),
        ("Suppose $X^TX = I$. Then $\\|Xw\\|^2 = \\|w\\|^2$. Otherwise $\\|Xw\\|^2 = \\|w\\|^2$.", "CPR"),
        ("Do not assume $X^TX = I$. Then $\\|Xw\\|^2 = \\|w\\|^2$.", "UR"),
        ("Without assuming $X^TX = I$, $\\|Xw\\|^2 = \\|w\\|^2$.", "UR"),
        ("Since $X^TX = I$ is not assumed, $\\|Xw\\|^2 = \\|w\\|^2$.", "UR"),
        ("If $X^TX = I$ is dropped, $\\|Xw\\|^2 = \\|w\\|^2$.", "UR"),
        ("When we can't assume $X^TX = I$, $\\|Xw\\|^2 = \\|w\\|^2$.", "UR"),
        ("The columns of $X$ are not orthonormal: $X^TX = I$. So $\\|Xw\\|^2 = \\|w\\|^2$.", "RR"),
        # a sentence that begins with if supposes for itself and for those that go on with it
        ("If $X^TX = I$, then $\\|Xw\\|^2 = \\|w\\|^2$. So $2\\|Xw\\|^2 = 2\\|w\\|^2$.", "CPP"),
        ("If $X^TX = I$, then $\\|Xw\\|^2 = \\|w\\|^2$. Also $2\\|Xw\\|^2 = 2\\|w\\|^2$.", "CPU"),
        ("If $X^TX = I$, then $\\|Xw\\|^2 = \\|w\\|^2$.\n\nWe have $2\\|Xw\\|^2 = 2\\|w\\|^2$.", "CPU"),
        ("If $X^TX = I$, then $\\|Xw\\|^2 = \\|w\\|^2$. Also $\\|w\\|^2 = w^Tw$.", "CPP"),
        ("Suppose $X^TX = I$. Then $\\|Xw\\|^2 = \\|w\\|^2$.\n\n$2\\|Xw\\|^2 = 2\\|w\\|^2$", "CPP"),
        ("Suppose $X^TX = I$. Then $\\|Xw\\|^2 = \\|w\\|^2$. In all cases $\\|Xw\\|^2 = \\|w\\|^2$.", "CPR"),
        ("Suppose $X^TX = I$. Now drop this assumption. $\\|Xw\\|^2 = \\|w\\|^2$.", "CR"),
        ("It is nonsense to assume $X^TX = I$. So $\\|Xw\\|^2 = \\|w\\|^2$.", "UR"),
    ],
)
def test_a_premise_is_taken_where_the_clause_says_so_plainly(words, letters):
    found = [one.value for one in (step.verdict for step in check_derivation(words).steps)]
    assert found == said(letters) == verdicts(words)


@pytest.mark.parametrize(
    "words",
    [
        "Suppose that we do not have $s = t$. Then", "If we did not have $s = t$, then", "Suppose not: $s = t$. Then",
        "Assume it is not the case that $s = t$. So", "Suppose $s = t$ fails. Then", "Suppose $s = t$ or not. Then",
        "Suppose either $s = t$ or $u = v$. Then", "If $s = t$ or $u = v$, then", "Whether or not $s = t$,",
        "Unless $s = t$,", "Suppose, contrary to fact, that $s = t$. Then", "If $s = t$ were true,",
        "Suppose the negation of $s = t$. Then", "Except when $s = t$,", "Imagine $s = t$ were wrong. Then",
        "Let us not assume $s = t$.", "But what if $s = t$? Then", "Assuming the opposite of $s = t$,",
        "We don't know that $s = t$. But", "Suppose we do not, as before, have $s = t$. Then", "If only $s = t$! Then",
    ],
)  # fmt: skip
def test_what_is_not_said_to_hold_is_no_premise(words):
    found = verdicts(f"{words} $2s = 2t$.")
    assert found[0] == "UNREADABLE" and "PROVED" not in found


@pytest.mark.parametrize(
    "words",
    [
        "We do not have {}.", "It is false that {}.", "Nowhere is {}.", "Hardly ever {}.", "It isn't the case that {}.",
        "We don't get {}.", "There is no reason for {}.", "I doubt that {}.", "Is it true that {}?", "Is {}?",
        "Why would {} hold?", "Nobody says {}", "If only {}!", "We cannot conclude that {}.", "At no point {}.",
        "Not every $s$ has {}.", "No $s$ has {}.", "We did not find {}.", "Never {}.", "We do not,\nin fact,\nhave {}.",
        "It is, alas, not so that {}.", "We have neither {} nor $s = s$.", "The following is wrong: {}.",
        "It is not true that\n\\[s + t = t + s\\]", "It is not true that {} and {}.", "{} is false.", "{}, or not.",
        "There are $s$ for which {} does not hold.", "It would be a mistake to write {}.", "Refute: {}.",
        "Disprove {}.",
        "Students often write {}, which is wrong.", "The claim {} is not proved.", "{} is an open question.",
        "One might think that {}. This is false.", "One might think that {}, but this is false.", "{}? No.",
        "We do not have\n\n{}", "This cannot be: {}.", "Allegedly {}.", "$\\text{We do not have } s = s$",
        "So {}, right?", "I never said {}.", "Far from {}, we have more.", "This does not give {}.", "Wrong: {}.",
        "{} ain't so.", "{}: no way.", "No way: {}.", "{}: not so.", "{}. Nope.", "Nope: {}.", "{}. Hardly!",
        "{}: NOT!",
        "{}, as if.", "As if {}.", "{} (no)", "No, {}.", "{} is rubbish.", "{} is dead wrong.", "{} couldn't be true.",
        "{} won't do.", "{} is not what we get.", "{} is invalid.", "{} breaks down.", "{} is off by a sign.",
        "I disagree that {}.", "We rule out {}.", "Beware of {}.", "Counterexample to {}.", "We get anything but {}.",
    ],
)  # fmt: skip
def test_a_formula_that_is_denied_or_asked_about_is_not_decided(words):
    found = verdicts(words.replace("{}", EQUAL))
    assert found and set(found) == {"UNREADABLE"}


@pytest.mark.parametrize("words", ["We do not have {}", "it is not true that {}", "we don't have {}", "not {}"])
def test_a_formula_without_dollars_that_is_denied_is_not_decided(words):
    assert verdicts(words.replace("{}", "s + t = t + s")) == ["UNREADABLE"]


@pytest.mark.parametrize(
    "words",
    [
        "So {}.", "Since $A$ is not symmetric, {}.", "If $A$ is not square then {}.", "$A$ is not symmetric, so {}.",
        "Not only that, {}.", "It does not matter which we take: {}.", "There is no bias here, hence {}.",
        "We do not need the bias; {}.", "We cannot invert $X$. However, {}.", "Nothing else changes and we have {}.",
        "With no penalty the sum is {}.", "The matrix is not square, but {}.", "No doubt, {}.",
        "As $X$ is not square we have {}.", "Don't forget that {}.", "Note that {} does not depend on $u$.",
        "Is $A$ symmetric? No matter, {}.", "Although this looks wrong, {}.", "The error is not zero; {}",
        "It is not surprising that {}.", "Nonetheless {}.", "Nothing is lost: {}", "First, not using calculus, {}.",
        "If this fails to converge, use {}.", "{}, not $2s$.", "{} never fails.", "{} is nothing but commutativity.",
        "the false positive rate is {}", "Neither $s$ nor $t$ is zero, and {}.", "{} is not hard to see.",
        "To avoid overfitting, {}.", "{}. Nothing else changes.", "{}: no surprise.", "There is little doubt that {}.",
        "{} does not depend on $u$.", "The mean squared error is {}.", "{}, which is not surprising.", "The error: {}",
        "We avoid an inverse: {}.", "No matter what, {}.", "{}. Hardly any work was needed.", "{} would not be needed.",
    ],
)  # fmt: skip
def test_a_denial_of_something_else_leaves_a_formula_as_it_is(words):
    assert verdicts(words.replace("{}", EQUAL)) == ["PROVED"]


def test_a_symmetric_matrix_of_the_text_is_none_of_another_text():
    said_so = f"Let $A$ be symmetric. {QUADRATIC}"
    assert check_derivation(said_so).steps[0].verdict.value == "PROVED"
    assert check_derivation(QUADRATIC).steps[0].verdict.value == "OPEN"
    shapes = Context(shapes={"A": ("M", "M"), "x": ("M",)})
    assert check_derivation(QUADRATIC, shapes).steps[0].verdict.value == "REFUTED"


# ---------------------------------------------------------------------- the command on files

RIGHT = "$$\n\\|Xw\\|^2 = w^T X^T X w\n$$\n\n"
TABLE = "| Symbol | Shape |\n|---|---|\n| $X$ | $N \\times M$ |\n| $w$ | $M \\times 1$ |\n\n"
WAYS = {
    ".md": [
        "Hence ${}$.", "Hence {math}`{}`.", "{}", "Hence {}", "Hence $`{}`$.", "```latex\n{}\n```", "```math\n{}\n```",
        "<math>{}</math>", "so <math><mi>w</mi><mo>=</mo></math> {}",
        "```{raw} latex\n\\begin{equation}{}\\end{equation}\n```",
        "```tex\n{}\n```", "Hence \\({}\\).", "\\[{}\\]", "> ${}$", "- ${}$", "*{}*", "```{note}\nHence ${}$.\n```",
        "| a |\n|---|\n| ${}$ |", "# Heading {}", "```{code-block} latex\n{}\n```", "term\n: ${}$", "<span>{}</span>",
        "$w \\equiv 2w$", "$w ≡ 2w$",
        "![{}](a.png)", "![so ${}$](a.png)", "<img alt='{}'>", "[a link](b.html '{}')",
        "| a |\n|---|\n| ![{}](a.png) |",
        "$w \\ne w$", "$w ≠ w$", "w ≠ w", "w \\ne w", "$w^Tw < w^Tw$", "$w^Tw < 0$",
    ],
    ".tex": [
        "\\begin{numcases}{w} {}\\end{numcases}", "\\begin{multlined} {}\\end{multlined}", "\\beq {} \\eeq",
        "\\begin{dcases} {}\\end{dcases}", "\\begin{mathpar}\n{}\n\\end{mathpar}", "Hence ${}$.",
        "\\begin{myalign}\n{}\n\\end{myalign}",
        "\\begin{tcolorbox}[ams equation] {}\\end{tcolorbox}", "\\ensuremath{{}}", "{}", "$w$ = $2w$",
        "Hence \\({}\\).",
        "\\begin{theorem}\nHence {}\n\\end{theorem}", "\\begin{IEEEeqnarray}{rCl} {} \\end{IEEEeqnarray}",
        "\\newcommand{\\mine}{{}}\n\\mine", "\\begin{math} {} \\end{math}", "\\begin{foo}\nw &\\approx 2w\n\\end{foo}",
    ],
}  # fmt: skip


def command(capsys, path, text, *options):
    """The exit status of the command for a file, and what it prints."""
    path.write_text(text, encoding="utf-8")
    status = main(["--strict", *options, str(path)])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("table", ["", TABLE], ids=["no table", "with a table"])
@pytest.mark.parametrize(("ending", "way"), [(ending, way) for ending, ways in WAYS.items() for way in ways])
def test_a_file_holds_only_where_all_that_it_shows_was_decided(ending, way, table, tmp_path, capsys):
    if table and ending == ".tex":
        table = "% <!-- verify: with $X$ : N x M; $w$ : M x 1 -->\n"
    status, said_of_it = command(capsys, tmp_path / f"notes{ending}", table + RIGHT + way.replace("{}", "w = 2w"))
    assert status in (1, 3) and "All of them hold" not in said_of_it and "Every line holds" not in said_of_it


@pytest.mark.parametrize("way", ["\\input{part}", "\\include{part}", "\\input part", "\\subfile{part}"])
@pytest.mark.parametrize("mark", ["", "% <!-- verify: with $X$ : N x M; $w$ : M x 1 -->\n"])
def test_an_included_file_of_tex_is_listed(way, mark, tmp_path, capsys):
    status, told = command(capsys, tmp_path / "notes.tex", f"{mark}{RIGHT}\n{way}\n")
    assert status == 3 and "line" in told and way in told and "1 were not read." in told


@pytest.mark.parametrize("ending", [".md", ".tex"])
@pytest.mark.parametrize(
    "way",
    [
        "",
        "Hence $w + w = 2w$.",
        "$s > 0$",
        "for $i \\ne j$",
        "![a plot](a.png)",
        "With $s = 4$ it is large.",
        "Some words, and $w$.",
    ],
)
def test_a_file_of_which_all_is_right_holds(ending, way, tmp_path, capsys):
    status, told = command(capsys, tmp_path / f"notes{ending}", f"{RIGHT}{way}\n", "--shape=X:NxM", "--shape=w:M")
    assert status == 0 and ("All of them hold." in told or "Every line holds" in told)


@pytest.mark.parametrize("way", ["Hence {math}`w + w = 2w`.", "Hence $`w + w = 2w`$.", "```math\nw + w = 2w\n```"])
def test_other_ways_to_write_a_formula_are_read(way):
    assert verdicts(RIGHT + way, {"X": "N x M", "w": "M x 1"}) == ["PROVED", "PROVED"]


FILES = [
    "Hence $w = 2w$.", "w = 2w", "We do not have $w = w$.", f"Let $A$ be symmetric. {QUADRATIC}", "$$\nw = 2w\n$$\n",
    f"For an asymmetric matrix $A$, {QUADRATIC}", RIGHT + "Hence $w + w = 2w$.", "Suppose $s = t$. Then $2s = 2t$.",
    "$$\n\\nabla_w \\|Xw - y\\|^2 = 2X^T(Xw - y)\n$$\n", "```latex\nw = w\n```", "$$\ns + t = t + s\n$$\n\ns = 2s",
    "- s + t = t + s\n- s t = t s", "$L = \\|Xw - y\\|^2$ and $\\nabla_w L = X^T(Xw - y)$", "Is $s = s$?",
]  # fmt: skip


@pytest.mark.parametrize("text", FILES)
@pytest.mark.parametrize("ending", [".md", ".markdown", ".tex"])
def test_a_file_and_the_same_text_pasted_get_the_same_verdicts(text, ending, tmp_path, capsys):
    _, told = command(capsys, tmp_path / f"notes{ending}", text, "--json")
    assert [one["verdict"] for one in json.loads(told) if one["verdict"]] == verdicts(text)
