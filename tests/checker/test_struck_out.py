"""What the words of a text suppose is shown, and can be struck out: the check goes on as if it were not written."""

import json

import pytest

from lrcore import check_derivation
from lrcore.checker.service import answer
from lrcore.verify.__main__ import main
from lrcore.widgets import DerivationChecker

TRANSPOSE = r"Let $A = A^\top$. Then $\nabla_w (w^\top A w) = 2 A w$."
SYMMETRIC = r"Suppose $A$ is symmetric. Then $\nabla_w (w^\top A w) = 2 A w$."
ORTHONORMAL = r"$L = \|Xw - y\|^2$. Since $X^\top X = I$, we get $\nabla_w L = 2 w - 2 X^\top y$."
NAMED = r"Let $e = y - Xw$. Then $\nabla_w (e^\top e) = -2 X^\top e$."
MODEL = r"Assume $y = X w$. Then $X^\top y = X^\top X w$."


def asked(text, without=()):
    state = {"text": text, "rows": [], "without": list(without)}
    return json.loads(answer(json.dumps({"do": "check", "state": state})))


@pytest.mark.parametrize(
    ("text", "written", "kind", "after"),
    [
        (TRANSPOSE, r"A = A^\top", "condition", "OPEN"),
        (SYMMETRIC, "A is symmetric", "symmetric", "OPEN"),
        (ORTHONORMAL, r"X^\top X = I", "condition", "REFUTED"),
        (MODEL, "y = X w", "definition", "CONDITION"),
    ],
)
def test_what_is_supposed_is_shown_and_the_check_goes_on_without_it(text, written, kind, after):
    whole = check_derivation(text)
    assert [(one.written, one.kind, one.struck) for one in whole.hypotheses] == [(written, kind, False)]
    assert whole.ok and whole.steps[-1].verdict.value == "PROVED"
    struck = check_derivation(text, without=[written])
    assert [(one.written, one.struck) for one in struck.hypotheses] == [(written, True)]
    assert struck.steps[-1].verdict.value == after
    assert len(struck.steps) == len(whole.steps) - (kind != "symmetric")


def test_a_name_that_is_struck_out_is_asked_about_or_guessed():
    assert [one.written for one in check_derivation(NAMED).hypotheses] == ["e = y - Xw"]
    struck = check_derivation(NAMED, without=["e = y - Xw"])
    assert all(step.left != "e" for step in struck.steps) and not struck.ok


def test_what_the_text_claims_or_solves_is_no_hypothesis():
    text = r"""$L = \|Xw - y\|^2$ has $\nabla_w L = 2 X^\top (Xw - y)$.
    Setting it to zero, $2 X^\top (X w - y) = 0$, so $X^\top X w = X^\top y$."""
    assert [one.kind for one in check_derivation(text).hypotheses] == []
    claimed = check_derivation(text, without=[r"\nabla_w L = 2 X^\top (Xw - y)"])  # which changes nothing
    assert [one.verdict for one in claimed.steps] == [one.verdict for one in check_derivation(text).steps]


def test_the_page_shows_it_with_its_line_and_places_stay():
    text = "Some words.\n" + ORTHONORMAL
    (shown,) = asked(text)["hypotheses"]
    assert (shown["written"], shown["line"], shown["struck"]) == (r"X^\top X = I", 2, False)
    assert shown["says"] == "is taken as given" and shown["latex"]
    before, after = asked(text), asked(text, [r"X^\top X = I"])
    assert after["hypotheses"][0]["struck"] and before["steps"][-1]["span"] == after["steps"][-1]["span"]
    assert after["steps"][-1]["verdict"] == "REFUTED"


def test_a_notebook_strikes_out_too():
    checker = DerivationChecker(ORTHONORMAL)
    assert checker.checked()["ok"]
    checker.without = [r"X^\top X = I"]
    assert not checker.checked()["ok"] and checker.checked()["hypotheses"][0]["struck"]


def test_the_terminal_shows_and_strikes_out(tmp_path, capsys):
    file = tmp_path / "post.txt"
    file.write_text(ORTHONORMAL)
    assert main([str(file)]) == 0 and r"taking from the text X^\top X = I" in capsys.readouterr().out
    assert main([str(file), "--without", r"X^\top X = I"]) == 1
    assert r"without X^\top X = I" in capsys.readouterr().out
    assert main([str(file), "--json", "--without", r"X^\top X = I"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert r"without X^\top X = I" in [one["message"] for one in found if one["rule"] == "taken"]
    assert main([str(file), "--without", "X = 0"]) == 2
    assert r"it supposes: X^\top X = I" in capsys.readouterr().err


@pytest.mark.parametrize("without", ["X = I", [1], ["x"] * 61, ["x" * 2001]])
def test_what_is_struck_out_is_bounded(without):
    request = {"do": "check", "state": {"text": TRANSPOSE, "rows": [], "without": without}}
    assert "refused" in json.loads(answer(json.dumps(request)))


def test_the_report_of_a_doubted_verdict_says_what_is_struck_out():
    state = {"text": TRANSPOSE, "rows": [], "without": [r"A = A^\top"]}
    said = json.loads(answer(json.dumps({"do": "export", "as": "report", "state": state})))["text"]
    assert "Struck out:\nA = A^\\top" in said
    state["without"] = []
    assert "Struck out" not in json.loads(answer(json.dumps({"do": "export", "as": "report", "state": state})))["text"]
