"""A page passes the gate when each equation is what its kind says; the command line says where one is not."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from enum import StrEnum

import pytest

from lrcore.notes.command import main
from lrcore.verify import Report, Step, Verdict
from lrcore.verify.confirm.identity import Confirmation
from lrcore.verify.page import gate
from lrcore.verify.page.gate import EARNED, PROOFS, Checked, check_page, page_context, shape_of
from lrcore.verify.page.items import items
from lrcore.verify.page.running_text import is_setting
from lrcore.verify.page.shown import Equation

HEAD = r"""# A page

| Symbol | Shape | Meaning |
|---|---|---|
| $N$, $M$ | scalar | sizes |
| $X$ | $N \times M$ | inputs |
| $x_i$ | $M \times 1$ | row $i$ of $X$ as a column |
| $w$ | $M \times 1$ | weights |
| $y$, $\hat y$ | $N \times 1$ | targets, predictions |
| $b$ | scalar | bias |
| $S$ | $M \times M$ | a symmetric matrix |
| $L$ | scalar | loss |
| $\mathbf 1_N$ | $N \times 1$ | ones |
| $i$ | $1, \dots, N$ | index of a sample |

$$
\hat y_i := x_i^\top w + b
$$ (model)

$$
L := \frac1N \sum_{i=1}^N (\hat y_i - y_i)^2
$$ (loss)
"""
RIGHT = HEAD + "\n$$\n\\frac{\\partial L}{\\partial w} = \\frac2N X^\\top (\\hat y - y)\n$$ (gradient)\n"
WRONG = RIGHT.replace(r"\frac2N X", r"\frac1N X")
MARKED = WRONG.replace("\n$$\n\\frac{\\partial L}", "\n<!-- verify: wrong REFUTED -->\n$$\n\\frac{\\partial L}")


def test_a_right_page_passes_with_the_kinds_of_its_equations():
    report = check_page(RIGHT)
    assert report.ok, report.to_dict()
    assert [(one.equation.label, one.kind) for one in report.checked] == [
        ("model", "definition"),
        ("loss", "definition"),
        ("gradient", "identity"),
    ]


def test_a_wrong_equation_fails_the_page_and_is_named_with_its_line():
    (bad,) = check_page(WRONG).failing
    assert bad.equation.label == "gradient" and WRONG.splitlines()[bad.equation.line - 1].startswith(
        r"\frac{\partial L}"
    )
    assert "REFUTED" in bad.reason


def test_an_equation_that_is_wrong_on_purpose_must_be_wrong():
    assert check_page(MARKED).ok
    assert not check_page(MARKED.replace(r"\frac1N X", r"\frac2N X")).ok
    assert not check_page(MARKED.replace("wrong REFUTED", "wrong ILL_TYPED")).ok


def test_an_exempt_equation_is_listed_with_its_reason():
    text = RIGHT + "\n<!-- verify: exempt because it is a picture -->\n$$ \\spadesuit = \\heartsuit $$\n"
    report = check_page(text)
    assert report.ok and report.checked[-1].kind == "exempt" and "picture" in report.checked[-1].reason


@pytest.mark.parametrize("mark", ["exempt", "exempt because", "exempt because "])
def test_an_exempt_equation_without_a_reason_does_not_pass(mark):
    report = check_page(f"<!-- verify: {mark} -->\n$$ a = b $$\n")
    assert not report.ok and "needs its reason" in report.checked[-1].reason


def test_sympy_confirms_and_the_mutants_are_rejected():
    one = check_page(RIGHT, sympy=True, mutants=True).checked[-1]
    assert one.passes and one.mutants > 5 and one.survivors == 0
    assert [each.agrees for each in one.confirmations] == [True]


def test_symmetry_is_read_from_the_meaning():
    text = HEAD + "\n$$ S^\\top = S $$\n"
    assert check_page(text).ok
    assert not check_page(text.replace("a symmetric matrix", "a matrix")).ok


def test_equations_in_running_text_are_found_and_checked_on_request():
    text = RIGHT + "\nNote that $w^\\top w = \\|w\\|^2$ and `$a = b$` is code, $N$ a size.\n"
    assert [one.latex for one in items(text) if isinstance(one, Equation) and one.inline] == [r"w^\top w = \|w\|^2"]
    assert len(check_page(text, inline=True).checked) == len(check_page(text).checked) + 1
    assert not check_page(text.replace(r"\|w\|^2$", r"2\|w\|^2$"), inline=True).ok


def test_the_context_of_a_page_serves_its_cells():
    context = page_context(RIGHT)
    assert context.lookup("L").definition is not None and context.is_size("N")


def test_shapes_are_read_as_people_write_them():
    for written in (r"N \times M", "N x M", "N × M", "(N, M)", r"\mathbb{R}^{N \times M}"):
        assert shape_of(written) == ("N", "M"), written
    assert shape_of("scalar") == () and shape_of("size") is None
    assert shape_of(r"(M+1) \times 1") == ("M+1", "1")


# ---------------------------------------------------------------------- what a verdict earns


class Later(StrEnum):
    """A verdict that this gate does not know, and that claims to hold."""

    NEW = "NEW"
    STATIONARY = "STATIONARY"

    @property
    def holds(self):
        return True


def judged(verdicts, kind="identity", passes=True, **more):
    """An equation whose steps have these verdicts, whatever else the gate thinks of it."""
    steps = tuple(Step("a", "b", "=", verdict, "") for verdict in verdicts)
    return Checked(Equation("a = b", 1, **more), kind, Report(steps), passes)


@pytest.mark.parametrize("verdict", [one for one in Verdict if one is not Verdict.PROVED] + list(Later))
@pytest.mark.parametrize("kind", PROOFS)
def test_nothing_but_a_proof_is_ever_said_to_be_proved(verdict, kind):
    assert judged([verdict], kind).outcome not in PROOFS
    assert (judged([Verdict.PROVED, verdict], kind).outcome in PROOFS) is (verdict.value in EARNED[kind])
    assert judged([Verdict.PROVED, verdict], kind, passes=False).outcome not in EARNED


def test_what_failed_is_called_by_its_verdict():
    said = {"REFUTED": "refuted", "ILL_TYPED": "ill_typed", "UNREADABLE": "unread", "CHECKED": "undecided"}
    for verdict, outcome in said.items():
        assert judged([Verdict.PROVED, Verdict(verdict)], passes=False).outcome == outcome
    assert judged([Later.STATIONARY], passes=False).outcome == "stationary"
    assert judged([Later.NEW], passes=False).outcome == "undecided"
    assert judged([]).outcome == "unread"
    assert judged([Verdict.PROVED], passes=False).outcome == "refused"
    assert judged([Verdict.PROVED]).outcome == "identity"


def test_a_proof_that_sympy_contradicts_or_whose_variants_survive_earns_nothing():
    proved = judged([Verdict.PROVED])
    assert replace(proved, survivors=1).outcome == "refused"
    for agrees, outcome in ((True, "identity"), (False, "refused"), (None, "refused")):
        one = replace(proved, confirmations=(Confirmation(agrees, "by hand", 0, {}),))
        assert one.outcome == outcome and one.to_dict()["confirmations"] == ["by hand"] * (agrees is True)


def test_an_equation_is_wrong_on_purpose_or_a_condition_only_where_its_author_says_so():
    for kind in ("wrong", "condition"):
        assert judged([Verdict.REFUTED], kind, mark=kind).outcome == kind
        assert judged([Verdict.REFUTED], kind).outcome == "refuted"
        assert judged([Verdict.REFUTED], kind, passes=False, mark=kind).outcome == "refuted"


def test_what_is_not_read_keeps_a_page_from_passing():
    report = check_page(RIGHT + "\n$$ w = 2 w\n")
    assert not report.ok and not report.failing and len(report.unread) == 1


# ---------------------------------------------------------------------- the command


def test_the_command_exits_with_1_and_a_caret_on_anything_not_proved(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(WRONG, encoding="utf-8")
    assert main([str(page)]) == 1
    out = capsys.readouterr().out
    assert "page.md:" in out and "gradient" in out and "^^^" in out and "left = " in out
    page.write_text(RIGHT, encoding="utf-8")
    assert main([str(page)]) == 0
    assert "All of them hold." in capsys.readouterr().out


def test_the_command_reads_a_derivation_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("grad(norm2(X@w - y), w) = X.T@(X@w - y)"))
    assert main(["--shape", "X:NxM", "--shape", "w:M", "--shape", "y:N", "-"]) == 1
    assert "a factor 2" in capsys.readouterr().out


def test_the_command_prints_json_and_names_a_missing_file(tmp_path, capsys):
    page = tmp_path / "page.tex"
    page.write_text("\\begin{equation} x = x \\end{equation}", encoding="utf-8")
    assert main(["--json", "--define", "x:=1", str(page)]) in (0, 1)
    assert [one["line"] for one in json.loads(capsys.readouterr().out)] == [1]
    assert main([str(tmp_path / "none.md")]) == 2
    assert "can't be read" in capsys.readouterr().err


UNREAD = {
    "page.md": ("# A page\n\n$$\na = b\n\n```math\na = b\n```\n", [3, 6]),
    "page.tex": ("\\begin{dmath}\na = b\n\\end{dmath}\n", [1]),
}


@pytest.mark.parametrize("name", UNREAD)
def test_the_command_lists_what_it_did_not_read_with_its_lines(name, tmp_path, capsys):
    text, lines = UNREAD[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["--strict", str(tmp_path / name)]) == 3
    out = capsys.readouterr().out
    assert all(f"line {line}: not read: " in out for line in lines)
    assert f"{len(lines)} were not read." in out and "All of them hold" not in out


@pytest.mark.parametrize("name", ["page.md", "page.tex", "page"])
@pytest.mark.parametrize("text", ["", "no mathematics at all\n"])
def test_the_command_fails_where_there_is_nothing_to_read(name, text, tmp_path, capsys):
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    assert main([str(page)]) == 4 and main(["--allow-nothing", str(page)]) == 0
    said = capsys.readouterr()
    assert "All of them hold" not in said.out
    assert "no equation" in (said.err + said.out)


def test_two_files_are_one_document_of_json(tmp_path, capsys):
    for name, text in (("right.md", RIGHT), ("wrong.md", WRONG), ("empty.md", "")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["--json", *(str(tmp_path / name) for name in ("right.md", "wrong.md", "empty.md"))]) == 1
    found = json.loads(capsys.readouterr().out)
    levels = {name: {one["level"] for one in found if one["file"].endswith(name)} for name in ("right.md", "wrong.md")}
    assert levels["right.md"] == {"none"} and "error" in levels["wrong.md"]
    assert not any(one["file"].endswith("empty.md") for one in found)


BAD_OPTIONS = {
    "--shape X": "such as X:NxM",
    "--shape X:3xx4": "such as X:NxM",
    "--shape X:NxMxD": "such as X:NxM",
    "--shape X:@": "such as X:NxM",
    "--shape :N": "such as X:NxM",
    "--define L=3": "such as L:=",
    "--define L:=": "such as L:=",
    "--define L:=(((": "missing",
    "--define L:=eval('x')": "neither",
}


@pytest.mark.parametrize("given", BAD_OPTIONS)
def test_an_option_that_cannot_be_used_is_answered_with_one_sentence(given, tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text(RIGHT, encoding="utf-8")
    assert main([*given.split(" "), str(page)]) == 2
    said = capsys.readouterr()
    assert given in said.err and BAD_OPTIONS[given] in said.err and len(said.err.splitlines()) == 1
    assert not said.out


def test_sympy_asked_for_and_not_installed_is_said_in_a_sentence(tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text(RIGHT, encoding="utf-8")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["--sympy", str(page)]) == 2
    assert "pip install sympy" in capsys.readouterr().err


def test_importing_the_prover_loads_neither_numpy_nor_sympy_nor_the_parser_of_pages():
    heavy = "{'numpy', 'sympy', 'matplotlib', 'markdown_it', 'mdit_py_plugins'}"
    code = f"import lrcore.verify, lrcore.verify.page.gate, sys; print({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# ---------------------------------------------------------------------- running text


def inline(said):
    """The verdicts of the gate on the equations of one paragraph of running text."""
    return [(one.kind, one.passes) for one in check_page(f"{HEAD}\n{said}\n", inline=True).checked if one.inline]


def test_a_setting_claims_nothing_and_a_claim_is_no_setting():
    for setting in ("N = 3", "x = (2, 3)", r"\kappa = 100", r"N = 21{,}613", "i = j", r"\lambda \ge 0"):
        assert is_setting(setting), setting
    for claim in ("XW = 3", r"w^\top w = 4", "S = w", "a = b = 3", r"2 \cdot 3 = 6", "N = M"):
        assert not is_setting(claim), claim


def test_a_wrong_equation_in_running_text_fails_the_page_unless_its_paragraph_is_marked():
    wrong = r"Some write $w^\top w = 2 \|w\|^2$, and $w^\top w = \|w\|^2$ is right."
    assert inline(wrong) == [("identity", False), ("identity", True)]
    assert inline(f"<!-- verify: inline wrong REFUTED -->\n{wrong}") == [("wrong", True), ("identity", True)]
    assert inline(f"<!-- verify: inline wrong ILL_TYPED -->\n{wrong}")[0] == ("identity", False)


def test_a_mark_without_its_equation_is_a_problem_and_ends_with_its_paragraph():
    mark = "<!-- verify: inline wrong REFUTED -->\n"
    assert check_page(HEAD + f"\n{mark}Here $w^\\top w = \\|w\\|^2$.\n", inline=True).problems
    assert inline(f"{mark}Here.\n\nThere $w = 2 w$.") == [("identity", False)]


def test_symbols_of_an_exercise_hold_up_to_the_next_heading():
    said = "<!-- verify: with $A$ : M x M, symmetric; $f := w^\\top A w$ -->\nThen $\\partial f/\\partial w = 2 A w$.\n"
    assert inline(said) == [("identity", True)]
    assert inline(said.replace(", symmetric", "")) == [("identity", False)]
    assert inline(f"{said}\n## Later\n\nAnd $A^\\top = A$.") == [("identity", True), ("identity", False)]
    assert inline(f"{said}\nAnd $A^\\top = A$.\n\n<!-- verify: with $A$ : N x N -->\nNow $A^\\top = A$.") == [
        ("identity", True),
        ("identity", True),
        ("identity", False),
    ]


def test_a_shape_that_begins_with_a_sum_in_brackets_is_read_to_its_end():
    said = "<!-- verify: with $U$ : (M + 1) x (M + 1), symmetric; $p$ : (M + 1) x 1; $q$ : (M + 1) -->\n"
    assert inline(f"{said}Here $U^\\top U p = U U p$.") == [("identity", True)]
    assert inline(f"{said}Here $U^\\top q = U q$.") == [("identity", True)]
    assert inline(f"{said.replace(', symmetric', '')}Here $U^\\top q = U q$.") == [("identity", False)]
    assert inline(f"{said.replace(') x (M + 1)', ') x M')}Here $U q = q$.") == [("identity", False)]


def test_a_local_symbol_that_is_not_understood_is_a_problem_with_its_line():
    report = check_page(HEAD + "\n<!-- verify: with $g := w^\\top X$ -->\nText.\n", inline=True)
    assert report.problems and "line" in report.problems[0]


def test_sympy_confirms_what_running_text_claims_too(monkeypatch):
    page = RIGHT + "\n\nSo $2 x_1 - x_1 = x_1$.\n"
    one = check_page(page, sympy=True, inline=True).checked[-1]
    assert one.inline and one.passes and one.confirmations
    monkeypatch.setattr(gate, "second_opinion", lambda claim, given: Confirmation(False, "by hand", 0, {}))
    one = check_page(page, sympy=True, inline=True).checked[-1]
    assert not one.passes and one.reason == "sympy contradicts the proof."


def test_running_text_defines_what_had_no_meaning_and_may_define_it_anew():
    text = f"{HEAD}\nLet $q := w^\\top w$.\n\n$$ q = \\|w\\|^2 $$\n\n$$ q = 2\\|w\\|^2 $$\n\n"
    assert [one.passes for one in check_page(text, inline=True).checked][-3:] == [True, True, False]
    anew = text + "# Later\n\nLet $q := 2 w^\\top w$.\n\n$$ q = 2\\|w\\|^2 $$\n"
    assert [one.passes for one in check_page(anew, inline=True).checked][-5:] == [True, True, False, True, True]
    claimed = f"{HEAD}\n$$ q := w^\\top w $$\n\nThen $q = 2 w^\\top w$.\n"
    assert [one.passes for one in check_page(claimed, inline=True).checked][-2:] == [True, False], (
        "a claim, and no definition"
    )
