r"""What is shown beside a line: how it was understood, what it needs, the gradient where one holds at the optimum."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pytest
from test_false_proofs import SHAPES, checked

from lrcore import check_derivation
from lrcore.notes.command import main
from lrcore.verify import Context, Verdict, check_page, derivation, examine, to_latex
from lrcore.widgets import DerivationChecker
from tests.verify.corpus import CORPUS

BOOK = Path(__file__).resolve().parents[2] / "book"
LOSS = "L := \\frac1N \\|Xw - y\\|^2\n"
FLAT = LOSS + "\\nabla_w L = 0\n"
DECIDED = {"PROVED", "REFUTED", "STATIONARY", "CHECKED", "CONDITION"}


def terminal(text, tmp_path):
    """What the terminal prints of a text in a file, with the symbols of the table."""
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        main([str(file), *(f"--shape={name}:{shape.replace(' x ', 'x')}" for name, shape in SHAPES.items())])
    return shown.getvalue()


def notebook(text):
    return DerivationChecker(text, symbols=SHAPES).checked()["steps"]


# ---------------------------------------------------------------------- what was understood

SPELLINGS = {
    r"w^\top w = \|w\|^2": [
        "w^T w = ||w||^2", r"{w}^{\mathsf T}w = \lVert w \rVert^{2}", "wᵀw = ‖w‖²",
        "w.T @ w = norm2(w)", r"\mathbf{w}^\intercal \mathbf w = \left\| \mathbf w \right\|^2",
        "so we get $w^T w = ||w||^2$.",
        r"\color{red}{w^T} w \;=\; \|w\|^2 \tag{3}",
    ],
    r"\frac{s}{2} + \frac{s}{2} = s": [r"\tfrac s2+\dfrac{s}{2}=s", "s/2 + s/2 = s"],
    r"s t = t s": [r"s \cdot t = t \times s", "$s t = t s$ (as numbers commute)", "(1) s t = t s"],
}  # fmt: skip


def bare(latex):
    """Without what is no part of the tree: space, dots, signs of multiplication."""
    return re.sub(r"\\(?:cdot|times|left|right|[,;!])|[\s{}]|\\mathbf|\\boldsymbol", "", latex)


@pytest.mark.parametrize(("latex", "text"), [(one, text) for one, texts in SPELLINGS.items() for text in texts])
def test_one_formula_is_shown_in_one_way_however_it_is_written(latex, text, tmp_path):
    (step,) = derivation(text, Context(shapes=SHAPES)).steps
    assert bare(step.reading) == bare(latex), text
    (of_page,), (of_notebook,) = checked(text)["steps"], notebook(text)
    assert bare(of_page["latex"]) == bare(of_notebook["latex"]) == bare(latex)
    assert f"understood: {step.reading}" in terminal(text, tmp_path)
    assert step.reading in derivation(text, Context(shapes=SHAPES))._repr_html_()
    assert step.reading in check_derivation(text, Context(shapes=SHAPES))._repr_html_()


def test_what_is_shown_is_made_from_the_tree_of_every_line_that_is_decided():
    count = 0
    for _, given, text, *_ in CORPUS[::4]:
        found = examine(text, Context(**given))
        for number, decided in found.decided.items():
            step = found.report.steps[number]
            assert step.understood == (to_latex(decided.left), to_latex(decided.right)), text
            assert step.reading, text
            count += 1
    assert count > 150


def test_a_misreading_would_be_seen():
    """A dot that is read as a product, a power of a product, a fraction that ends early: each shows what was taken."""
    for text, latex in (("s^2t = s^2 t", "s^{2} t"), ("s/2 t = s t/2", r"\frac{s}{2} t"), ("2^3 s = 8s", "2^{3} s")):
        (step,) = derivation(text, Context(shapes=SHAPES)).steps
        assert bare(latex) in bare(step.reading), step.reading
        assert bare(latex) in bare(checked(text)["steps"][0]["latex"])


def test_what_is_not_read_is_not_said_to_be_understood(tmp_path):
    assert "understood" not in terminal("s ~ t", tmp_path)
    assert "understood" not in derivation("s ~ t", Context(shapes=SHAPES))._repr_html_()


# ---------------------------------------------------------------------- the gradient itself

GRADIENT = r"\frac{2}{N} X^\top (X w - y)"
STATIONARY = {
    "another factor": (FLAT + "\\nabla_w L = -7X^T(Xw - y)", GRADIENT),
    "half of it": (FLAT + "\\nabla_w L = X^T(Xw - y)", GRADIENT),
    "the sign": (FLAT + "\\nabla_w L = -\\frac2N X^T(Xw - y)", GRADIENT),
    "multiplied out": (FLAT + "\\nabla_w L = 5X^TXw - 5X^Ty", GRADIENT),
    "nothing": (FLAT + "\\nabla_w L = 0 w", GRADIENT),
    "a name for it": (LOSS + "g := \\nabla_w L\ng = 0\ng = 5X^T(Xw - y)", GRADIENT),
    "in a chain": (FLAT + "\\nabla_w L = \\frac2N X^T(Xw - y) = -7X^T(Xw - y)", GRADIENT),
    "implied": (LOSS.strip() + " \\\\ \\frac{dL}{dw} = 0 \\implies \\frac{dL}{dw} = X^T(Xw-y)", GRADIENT),
    "a part of it": (
        "J := \\|Xw - y\\|^2 + s\\|w\\|^2\nX^T(Xw - y) = 0\n\\nabla_w J = -7X^T(Xw - y) + 2sw",
        r"2 s w + 2 X^\top (X w - y)",
    ),
    "both sides": ("X^T(Xw - y) = 0\n2X^T(Xw - y) = 7X^T(Xw - y)", r"2 X^\top (X w - y)"),
}


@pytest.mark.parametrize("name", STATIONARY)
def test_what_holds_at_the_optimum_alone_is_shown_with_the_gradient_itself(name, tmp_path):
    text, latex = STATIONARY[name]
    of_library = check_derivation(text, Context(shapes=SHAPES)).steps[-1]
    of_prover = derivation(text, Context(shapes=SHAPES)).steps[-1]
    for step in (of_library, of_prover):
        assert step.verdict is Verdict.STATIONARY and step.repair and bare(step.mended) == bare(latex)
    for step in (checked(text)["steps"][-1], notebook(text)[-1]):
        assert step["verdict"] == "STATIONARY" and step["repair"]["says"] == of_library.repair
        assert bare(step["repair"]["text"]) == bare(latex) and step["repair"]["latex"]
    assert f"{of_library.repair} Then the right side is {of_library.mended}." in terminal(text, tmp_path)


@pytest.mark.parametrize("name", STATIONARY)
def test_the_gradient_that_is_offered_is_an_identity(name):
    text, _ = STATIONARY[name]
    step = derivation(text, Context(shapes=SHAPES)).steps[-1]
    start, end = step.sides[1]
    after = derivation(text[:start] + step.mended + text[end:], Context(shapes=SHAPES)).steps[-1]
    assert after.verdict is Verdict.PROVED and not after.follows_from


def test_the_repair_is_in_the_language_of_its_line():
    text = "grad(norm2(X@w - y), w) = 0\ngrad(norm2(X@w - y), w) = 7*X.T@(X@w - y)"
    step = derivation(text, Context(shapes=SHAPES)).steps[-1]
    assert step.verdict is Verdict.STATIONARY and "\\" not in step.mended and "X.T" in step.mended


@pytest.mark.parametrize("shapes", [SHAPES, {"X": "N x M", "w": "M x 1", "y": "N x 1"}, {}])
@pytest.mark.parametrize("link", ["\\implies", "\\\\", "\n"])
@pytest.mark.parametrize("sign", ["=", ":="])
def test_a_loss_that_the_text_defines_is_known_wherever_its_gradient_stands(shapes, link, sign):
    text = f"L {sign} \\frac1N\\|Xw-y\\|^2 \\\\ \\frac{{dL}}{{dw}} = 0 {link} \\frac{{dL}}{{dw}} = X^T(Xw-y)"
    found = [step["verdict"] for step in checked(text, shapes)["steps"]]
    assert found == ["DEFINITION", "CONDITION", "STATIONARY"]
    if shapes:
        assert found == [step.verdict.value for step in derivation(text, Context(shapes=shapes)).steps]


# ---------------------------------------------------------------------- what a step needs

FROM = {
    "closed-normal", "closed-form", "closed-gap", "closed-orthogonal", "closed-many-normal", "closed-ridge-normal",
    "costs-stretch", "costs-triangle", "costs-refine", "costs-ridge", "descent-error", "descent-eigen",
    "ref-definite", "ref-eigen", "ref-perpendicular", "stat-covariance", "stat-error", "stat-freedom", "stat-left-out",
    "stat-mean", "stat-projection", "stat-residual", "stat-residuals", "stat-robust", "stat-together", "stat-unbiased",
    "stat-uncorrelated", "stat-without", "stat-without-leverage", "trust-left-out", "trust-left-out-change",
    "trust-left-out-error", "trust-perpendicular", "trust-ridge-gap", "trust-ridge-path", "trust-sgd-step",
}  # fmt: skip


def test_steps_of_the_book_that_are_proved_from_a_line_before_them_say_so():
    found = {}
    for path in sorted(BOOK.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if "$$" not in text:
            continue
        for one in check_page(text, file=path).checked:
            needing = [step for step in one.report.steps if step.follows_from and step.verdict is Verdict.PROVED]
            found |= {(path.name, one.equation.label, k): (one, step) for k, step in enumerate(needing)}
    assert {label for _, label, _ in found} == FROM and len(found) == 36
    for one, step in found.values():
        premises = [one.report.steps[place] for place in step.follows_from]
        assert premises and all(each.verdict is Verdict.CONDITION for each in premises)
        assert any(said.endswith(" holds") and premises[0].understood[0] in said for said in step.assumes)
        needed = ", ".join(f"({place + 1})" for place in step.follows_from)
        assert f"Needed: {needed}." in str(one.report) and "Follows from the equations before it." in step.message


def test_a_page_names_the_line_that_a_step_needs():
    steps = checked(FLAT + "X^TXw = X^Ty")["steps"]
    assert steps[-1]["verdict"] == "PROVED" and steps[-1]["needs"] == [2]
    assert any("holds" in one["says"] for one in steps[-1]["assumes"])
    assert json.dumps(steps)
