"""LaTeX, Markdown and a notebook cell say the same as the page; nothing but mathematics is typeset."""

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell

from lrcore.checker.gallery import CASES
from lrcore.checker.service import answer
from lrcore.checker.starts import BY_ID
from lrcore.checker.typeset import LONGEST, is_safe, shown

FACTOR = next(case for case in CASES if case.id == "factor")
SAMPLES = [list(row) for row in BY_ID["samples"].rows]


def exported(text, how, rows=SAMPLES):
    return json.loads(answer(json.dumps({"do": "export", "as": how, "state": {"text": text, "rows": rows}})))["text"]


def run(cell):
    """The report of a cell, run as a notebook runs it."""
    shell = InteractiveShell.instance()
    done = shell.run_cell(cell, store_history=False)
    assert done.success
    return done.result


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.id)
def test_the_notebook_cell_finds_the_same_first_mistake(case):
    report = run(exported(case.text, "cell", [list(row) for row in case.rows])).report
    assert report.first_wrong == case.step
    assert report.steps[case.step].verdict.value == case.verdict


def test_what_a_reader_typed_stands_in_the_cell_as_a_string():
    mischief = "\"\"\" + __import__('os').getcwd() + r'''\nx = 1"
    cell = exported(mischief, "cell", [["x\"'", "N"], ["y", "N", "'); print('''", "z'"]])
    compiled = compile(cell, "cell", "exec")
    assert not {"__import__", "os", "getcwd", "print"} & set(compiled.co_names)


def test_markdown_has_the_verdict_of_every_line():
    text = exported(FACTOR.text, "markdown")
    assert text.count("$$") == 4
    assert "✓ holds for all sizes" in text and "✗ does not hold: the two sides differ: a wrong factor." in text
    assert "a factor 2 is lost" in text and "left =" in text


def test_latex_is_an_align_with_verdicts_as_comments():
    text = exported(FACTOR.text, "latex")
    assert "\\begin{align*}" in text and text.count("% ✓") == 1 and text.count("% ✗") == 1


@pytest.mark.parametrize(("form", "said"), [("markdown", "`{}`"), ("latex", "% with {}\n"), ("report", "{}\n")])
def test_what_was_taken_goes_along_with_the_verdicts(form, said):
    text = exported(r"\nabla_w \|Xw - y\|^2 = 2 X^\top (Xw - y)", form, [["c", "K", ""]])
    assert said.format("X : N x M") in text
    assert "c : K" in text or form == "report"  # the report has the table as it was typed


def test_numpy_like_lines_become_latex_where_others_are():
    text = "grad(L, w) = 2/N * X.T @ r\n\n\\frac{\\partial L}{\\partial b} = \\frac{2}{N} \\mathbf 1_N^\\top r"
    assert run(exported(text, "cell")).ok
    assert len(run(exported(text, "cell")).steps) == 2


@pytest.mark.parametrize(
    "written",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{a}{x}",
        r"\cssId{a}{x}",
        r"\require{html}x",
        r"\def\a{b}",
        r"\newcommand{\a}{\href}",
        r"\unicode{x41}",
        r"\begin{html}x\end{html}",
        r"\bbox[border:1px]{x}",
        r"\mmlToken{mi}[href=javascript:alert(1)]{x}",
        r"\url{x}",
        r"\htmlData{a=b}{x}",
    ],
)
def test_what_is_more_than_mathematics_is_shown_as_it_was_typed(written):
    assert not is_safe(written) and shown(written, True) == ""


def test_mathematics_is_typeset():
    assert (
        shown(r"\frac{\partial L}{\partial w} &= \left\|r\right\|^2 \label{a}", True)
        == r"\frac{\partial L}{\partial w}  = \left\|r\right\|^2"
    )
    assert shown("2/N * X.T @ r", False) == r"\left(\frac{2}{N} X^\top\right) \cdot r"
    assert shown("x" * (LONGEST + 1), True) == ""
