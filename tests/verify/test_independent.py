"""The independent judge can be trusted: it refuses what is wrong, sees each damage, reads strictly."""

import ast
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from tests.verify.book_read import pages, read_page
from tests.verify.corpus import CORPUS
from tests.verify.edits_judged import in_library
from tests.verify.identities import IDENTITIES, SHAPES, SYMMETRIC
from tests.verify.independent import Reading
from tests.verify.independent_tokens import NotRead
from tests.verify.test_false_laws import FALSE
from tests.verify.test_false_laws import SHAPES as FALSE_SHAPES

HERE = Path(__file__).parent
MODULES = sorted(HERE.glob("independent*.py"))
TABLE = {"shapes": SHAPES, "symmetric": SYMMETRIC}
FIT = {"shapes": {"X": ("N", "M"), "w": ("M",), "y": ("N",)}, "definitions": {"L": r"\frac1N\|Xw-y\|^2"}}


def said(text, given=FIT, step=0):
    """The judge's word on the step-th relation of a text, and its reason."""
    reading = Reading(text, given)
    signs = [at for chain in reading.chains for _, at in chain.relations]
    return reading.verdict((signs[step], signs[step] + 1))


def word(text, given=FIT, step=0):
    return said(text, given, step)[0]


def test_the_judge_imports_nothing_of_the_prover():
    assert len(MODULES) == 6
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        found += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
        assert not [name for name in found if name.startswith("lrcore")], path.name
    code = "import sys, tests.verify.independent; assert not [m for m in sys.modules if m.startswith('lrcore')]"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE.parents[1])


@pytest.mark.parametrize("text", FALSE, ids=str)
def test_a_false_law_is_refused(text):
    without_a_value = r"(x u^\top)^{-1}" in text  # it has no inverse anywhere
    assert word(text, {"shapes": FALSE_SHAPES}) == ("not read" if without_a_value else "disagrees")


RIGHT = r"\nabla_w L = \frac2N X^\top (Xw - y)"


@pytest.mark.parametrize(
    "damaged",
    [
        r"\nabla_w L = -\frac2N X^\top (Xw - y)",
        r"\nabla_w L = \frac1N X^\top (Xw - y)",
        r"\nabla_w L = \frac2N X (Xw - y)",
        r"\nabla_w L = \frac2N X^\top (Xw + y)",
        r"\nabla_w L = \frac2N X^\top Xw - y",
        r"\nabla_w L = \frac2N (Xw - y)^\top X",
        r"\nabla_w L = 2 X^\top (Xw - y)",
        r"-\nabla_w L = \frac2N X^\top (Xw - y)",
        "- " + RIGHT,
        RIGHT + " transpose",
        RIGHT + "\n- w",
        RIGHT + r" \\ + w",
        RIGHT + "$ - w$",
    ],
)
def test_a_sign_a_factor_or_a_transpose_is_seen(damaged):
    assert word(RIGHT) == "agrees"
    assert word(damaged) == "disagrees"


@pytest.mark.parametrize(
    "text",
    [
        r"\nabla_w L = \frac2N X^\top (Xw - y) \heartsuit",
        r"\nabla_w L = \frac2N X^\top (Xw - y",
        r"\nabla_w L = \frac2N X^\top (Xw - t)",
        r"\nabla_w L = \frac2N X^\top (Xw - y), w",
        r"w not = w",
        r"w = w ?",
        r"\log w^\top w X = 0",
        r"1/2w = \frac12 w",
    ],
)
def test_what_is_not_known_is_not_read_and_never_passed_over(text):
    with suppress(NotRead):  # of some the whole text has no reading
        assert word(text) == "not read"


@pytest.mark.parametrize(
    ("text", "given", "verdict"),
    [
        (r"\mathbf 1^T\mathbf 1 = 1", FIT, "disagrees"),
        (r"\mathbf 1_N^T\mathbf 1_N = N", FIT, "agrees"),
        (r"I^TI = 1", FIT, "disagrees"),
        (r"I^TI = I", FIT, "agrees"),
        (r"f(b,a) = a-b", {"shapes": {"a": (), "b": ()}, "definitions": {"f(a,b)": "a-b"}}, "disagrees"),
        (r"f(b,a) = b-a", {"shapes": {"a": (), "b": ()}, "definitions": {"f(a,b)": "a-b"}}, "agrees"),
        (r"\sum_i x_i\sum_i y_i = \sum_i\sum_j x_iy_j", {"shapes": {"x": ("n",), "y": ("n",)}}, "agrees"),
        (r"w^Tw \ge 0", FIT, "agrees"),
        (r"w^Tw \le 0", FIT, "disagrees"),
    ],
)
def test_names_sizes_and_scopes_are_read_as_a_mathematician_reads_them(text, given, verdict):
    assert word(text, given) == verdict


def test_what_follows_from_a_condition_is_judged_where_the_condition_holds():
    given = {"shapes": {"X": ("N", "M"), "w": ("M",), "y": ("N",)}}
    text = r"X^TXw = X^Ty \implies w = (X^TX)^{-1}X^Ty"
    reading = Reading(text, given)
    condition, claim = (0, 10), (text.index("w ="), len(text))
    assert reading.verdict(claim)[0] == "disagrees"
    assert reading.verdict(claim, (condition,))[0] == "agrees"
    wrong = Reading(text.replace("X^TX)", "XX^T)"), given)
    assert wrong.verdict(claim, (condition,))[0] == "disagrees"


def test_a_multiple_of_a_gradient_does_not_follow_from_its_being_zero():
    text = r"\nabla_w L = 0 \implies \nabla_w L = -7X^T(Xw - y)"
    assert Reading(text, FIT).verdict((text.index("implies") + 7, len(text)), ((0, 14),))[0] == "disagrees"


@cache
def corpus():
    """(verdict expected, verdict of the judge, text) of each proved or refuted step of the corpora, unedited."""
    found = []
    entries = [(given, text) for _, given, text, _ in CORPUS]
    entries += [(TABLE, text) for pair in IDENTITIES for text in pair]
    for given, text in entries:
        try:
            reading = Reading(text, given)
        except NotRead:
            reading = None
        assumed = ()
        for verdict, span in in_library(text, given):
            if verdict == "CONDITION":
                assumed += (span,)
            if verdict in ("PROVED", "REFUTED"):
                one = reading.verdict(span, assumed) if reading else ("not read", "")
                found.append((verdict, *one, text[span[0] : span[1]]))
    return found


def test_the_judge_agrees_with_every_verdict_of_the_corpora_that_it_reads():
    assert len(corpus()) > 900
    against = [one for one in corpus() if one[1] == {"PROVED": "disagrees", "REFUTED": "agrees"}[one[0]]]
    assert against == []
    assert sum(one[1] != "not read" for one in corpus()) >= 0.97 * len(corpus())


@cache
def book():
    return [one for name, text in pages() for one in read_page(name, text)]


def test_the_judge_agrees_with_every_proved_step_of_the_book():
    proved = [one for one in book() if one.verdict == "PROVED"]
    assert len(proved) > 150
    assert [one for one in proved if one.said == "disagrees"] == []
    unread = [one for one in proved if one.said == "not read"]
    assert len(unread) <= 6, "\n".join(f"{one.page}:{one.line} {one.step} ({one.why})" for one in unread)


def test_the_judge_disagrees_with_what_the_book_marks_as_wrong():
    wrong = [one for one in book() if one.kind == "wrong" and one.verdict == "REFUTED"]
    assert len(wrong) >= 4
    assert [one for one in wrong if one.said != "disagrees"] == []
