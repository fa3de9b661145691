"""The command on other people's notes: files of every kind, folders, what linters answer, what an editor is shown."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lrcore.notes import command
from lrcore.notes.checking import Asked, Result, is_alarm, of
from lrcore.notes.command import HOLDS, NOTHING, UNDECIDED, USAGE, WRONG, main
from lrcore.notes.restructured import as_markdown
from lrcore.notes.sources import source
from lrcore.verify import Step, Verdict, equations

ROOT = Path(__file__).resolve().parents[1]
READY = ROOT / "lrcore" / "notes" / "ready"
TABLE = "| Symbol | Shape |\n|---|---|\n| $A$, $B$ | $N \\times N$ |\n\n"
RIGHT, BAD = "$$\nA + B = B + A\n$$\n", "$$\nA B = B A\n$$\n"


def cells(*sources, indent=1):
    """A notebook as Jupyter writes it."""
    made = [{"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)} for kind, text in sources]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)


# A file of each kind that holds one wrong equation, with a right one before it, and what stands on the line of it.
KINDS = {
    "a.md": (TABLE + RIGHT + BAD, "A B = B A"),
    "a.qmd": (
        "---\ntitle: Notes\n---\n\n::: {.callout-note}\n" + TABLE + ":::\n"
        "\n```{python}\n#| echo: false\nx = '$A = 2 A$'\n```\n\n"
        "$$\nA + B = B + A\n$$ {#eq-sum}\n\n::: {#thm-line}\n" + BAD + ":::\n",
        "A B = B A",
    ),
    "a.Rmd": (TABLE + "```{r, echo=FALSE}\ny <- 3 # $A = 2 A$\n```\n\n" + RIGHT + BAD, "A B = B A"),
    "a.rst": (
        "Notes\n=====\n\n========= =====\nSymbol    Shape\n========= =====\n:math:`A` N x N\n========= =====\n\n"
        "Code::\n\n   A = 2 A\n\n.. math:: A + A = 2 A\n\n.. math::\n   :label: wrong\n\n   A = 2 A\n",
        "   A = 2 A",
    ),
    "a.tex": (
        "\\documentclass{article}\n\\newcommand{\\tr}{^\\top}\n\\begin{document}\n"
        "% <!-- verify: page with $A$ : N x N; $B$ : N x N -->\n% $A = 3 A$\n"
        "\\begin{verbatim}\n$$A = 4 A$$\n\\end{verbatim}\n"
        "\\[ (A B)\\tr = B\\tr A\\tr \\]\n\\begin{align}\n(A B)\\tr = A\\tr B\\tr\n\\end{align}\n\\end{document}\n",
        "(A B)\\tr = A\\tr B\\tr",
    ),
    "a.ipynb": (
        cells(("markdown", TABLE + RIGHT), ("code", "A = 2  # $$ A = 3 A $$"), ("markdown", "Hence\n\n" + BAD)),
        "A B = B A",
    ),
}  # fmt: skip


def run(capsys, *given):
    status = main(list(given))
    return status, capsys.readouterr()


def found(capsys, *given):
    return json.loads(run(capsys, "--json", *given)[1].out)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_file_is_read_with_the_line_and_column_of_what_is_wrong(name, tmp_path, capsys):
    text, at = KINDS[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    status, said = run(capsys, "--json", str(path))
    steps = json.loads(said.out)
    assert status == WRONG and [one["rule"] for one in steps] == ["proved", "refuted"], steps
    line = text.split("\n")[steps[1]["line"] - 1]
    assert at in line and (name == "a.ipynb" or line[steps[1]["column"] - 1 :].startswith(at.strip()))
    assert steps[1]["file"] == str(path) and steps[1]["version"] and steps[1]["level"] == "error"
    wrong = re.escape(steps[1]["latex"].split("=")[1].strip())
    path.write_text(
        re.sub(rf"= *{wrong}(?!\s*\+)(?![\s\S]*{wrong})", "= " + steps[1]["latex"].split("=")[0], text),
        encoding="utf-8",
    )
    assert main([str(path)]) == HOLDS, "and mended it holds"


def test_a_notebook_in_one_line_and_one_that_is_none(tmp_path, capsys):
    (tmp_path / "a.ipynb").write_text(cells(("markdown", TABLE + BAD), indent=None), encoding="utf-8")
    assert [one["line"] for one in found(capsys, str(tmp_path / "a.ipynb"))] == [1]
    (tmp_path / "b.ipynb").write_text("{}", encoding="utf-8")
    status, said = run(capsys, str(tmp_path / "b.ipynb"))
    assert status == USAGE and "no notebook" in said.err


def test_what_a_tex_file_takes_in_is_read_with_its_own_lines_once(tmp_path, capsys):
    (tmp_path / "parts").mkdir()
    (tmp_path / "macros.tex").write_text("\\newcommand{\\n}[1]{\\|#1\\|}\n", encoding="utf-8")
    (tmp_path / "parts" / "one.tex").write_text(
        "Text.\n\n\\[ \\n{Xw}^2 = 2 w^\\top X^\\top X w \\]\n\\input{main}\n", encoding="utf-8"
    )
    main_file = tmp_path / "main.tex"
    main_file.write_text(
        "\\documentclass{book}\n\\input{macros}\n\\begin{document}\n% \\input{none}\nText \\input{parts/one} text\n"
        "\\include{missing}\n\\[ \\n{Xw}^2 = w^\\top X^\\top X w \\]\n\\end{document}\n",
        encoding="utf-8",
    )  # fmt: skip
    steps = [(Path(one["file"]).name, one["line"], one["rule"]) for one in found(capsys, str(main_file))]
    assert ("one.tex", 3, "refuted") in steps and ("main.tex", 7, "proved") in steps
    assert ("main.tex", 6, "unread") in steps, steps
    assert len([one for one in steps if one[2] != "taken"]) == 3, "a circle is not followed"
    whole = found(capsys, str(tmp_path))
    assert [one for one in whole if one["rule"] != "taken"] == found(capsys, str(main_file))[-3:], "no part once more"
    assert "Line 3 of" in run(capsys, str(main_file))[1].out.split("one.tex")[0], "a person is told its place too"


def test_the_exit_status_is_that_of_a_linter(tmp_path, capsys):
    for name, text in {
        "right": TABLE + RIGHT,
        "bad": TABLE + BAD,
        "open": TABLE + "$$ A = C $$\n",
        "none": "Prose.\n",
    }.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")

    def status(*given):
        return main([one if one.startswith("-") else str(tmp_path / one) for one in given])

    assert [status("right.md"), status("bad.md"), status("open.md"), status("none.md")] == [
        HOLDS,
        WRONG,
        HOLDS,
        NOTHING,
    ]
    assert [status("--strict", one) for one in ("right.md", "open.md", "bad.md")] == [HOLDS, UNDECIDED, WRONG]
    assert [status("gone.md"), status("none.md", "--allow-nothing"), status("")] == [USAGE, HOLDS, WRONG]
    with pytest.raises(SystemExit, match="2"):
        main(["--no-such-option"])
    capsys.readouterr()


class Screen(io.StringIO):
    """What a terminal is sent; ``shows`` is what stands on its last line."""

    def __init__(self, watched):
        super().__init__()
        self.watched = watched

    def isatty(self):
        return self.watched

    @property
    def shows(self):
        line = ""
        for part in self.getvalue().split("\r"):
            line = part + line[len(part) :]
        return line.rstrip()


def test_the_bar_says_how_far_the_files_are_and_is_gone_at_the_end(monkeypatch):
    names = [f"{'folder/' * 12}page{k}.md" for k in range(4)]
    seconds = iter((0.0, 0.0, 0.05, 0.2, 0.2))
    monkeypatch.setattr(sys, "stderr", screen := Screen(True))
    seen = []
    for _ in command._with_bar(map(Result, names), 4, lambda: next(seconds)):
        seen.append(screen.shows)
    assert seen[0] == f"[{'#' * 7}{'.' * 23}] 1/4 {names[0]}"[:78] and all(len(one) <= 78 for one in seen)
    assert seen[1] == seen[0], "not drawn again within a tenth of a second"
    assert seen[2].startswith(f"[{'#' * 22}{'.' * 8}] 3/4 folder/") and seen[3] == ""


@pytest.mark.parametrize(("watched", "number"), [(False, 3), (True, 1)])
def test_no_bar_is_drawn_for_a_file_or_where_nobody_looks_on(watched, number, monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Screen(watched))
    assert len(list(command._with_bar([Result("a.md")] * number, number))) == number
    assert screen.getvalue() == ""


def test_a_folder_is_all_of_its_pages_and_nothing_that_was_built(tmp_path, capsys):
    for place in ("a.md", "part/b.rst", "_build/c.md", ".hidden/d.md", "node_modules/e.md", "part/f.txt"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(".. math:: 1 = 2\n\n$$ 1 = 2 $$\n", encoding="utf-8")
    files = {Path(one["file"]).relative_to(tmp_path).as_posix() for one in found(capsys, str(tmp_path), "--jobs", "2")}
    assert files == {"a.md", "part/b.rst"}


def test_sarif_names_rules_files_and_regions(tmp_path, capsys):
    (tmp_path / "a.md").write_text(TABLE + RIGHT + BAD, encoding="utf-8")
    status, said = run(capsys, "--sarif", str(tmp_path / "a.md"))
    (one,) = (made := json.loads(said.out))["runs"]
    (result,) = one["results"]
    assert (
        status == WRONG and made["version"] == "2.1.0" and result["ruleId"] == "refuted" and result["level"] == "error"
    )
    assert result["ruleId"] in [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"].endswith("a.md")
    assert where["region"] == {"startLine": 9, "startColumn": 1, "endLine": 9, "endColumn": 10}


def test_an_old_book_is_asked_about_new_mistakes_alone(tmp_path, capsys):
    page, baseline = tmp_path / "a.md", str(tmp_path / "baseline.json")
    page.write_text(TABLE + BAD, encoding="utf-8")
    status, said = run(capsys, "--write-baseline", baseline, str(page))
    assert (status, said.out) == (HOLDS, ""), "what is wrong now is not what is asked for"
    assert main(["--baseline", baseline, str(page)]) == HOLDS
    page.write_text("# Moved\n\n" + TABLE + BAD, encoding="utf-8")
    assert main(["--baseline", baseline, str(page)]) == HOLDS, "lines move"
    page.write_text(TABLE + BAD + BAD, encoding="utf-8")
    assert main(["--baseline", baseline, str(page)]) == WRONG, "the same mistake once more is a new one"
    capsys.readouterr()
    page.write_text(TABLE + BAD + "$$ A = 2 A $$\n", encoding="utf-8")
    status, said = run(capsys, "--baseline", baseline, str(page))
    assert status == WRONG and "A = 2 A" in said.out and "A B" not in said.out
    assert main(["--baseline", str(tmp_path / "none.json"), str(page)]) == USAGE


def git(folder, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_only_what_git_finds_changed_is_looked_at(tmp_path, monkeypatch, capsys):
    for name in ("old.md", "edited.md"):
        (tmp_path / name).write_text(TABLE + BAD, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    monkeypatch.chdir(tmp_path)
    assert found(capsys, "--changed", "--", ".") == []
    (tmp_path / "edited.md").write_text(TABLE + BAD + "\nMore.\n", encoding="utf-8")
    (tmp_path / "new.md").write_text(TABLE + BAD, encoding="utf-8")
    assert {one["file"] for one in found(capsys, "--changed", "--", ".")} == {"./edited.md", "./new.md"}
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "second")
    assert {one["file"] for one in found(capsys, "--changed=HEAD~1", ".")} == {"./edited.md", "./new.md"}
    git(tmp_path, "commit", "--allow-empty", "-qm", "third")
    status, said = run(capsys, "--changed", "--", ".")
    assert status == HOLDS and "No page has changed since HEAD" in said.err
    (tmp_path / "main.tex").write_text("\\begin{document}\n\\input{part}\n\\end{document}\n", encoding="utf-8")
    (tmp_path / "part.tex").write_text("$ 1 + 1 = 2 $\n", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "fourth")
    (tmp_path / "part.tex").write_text("$ 1 + 1 = 3 $\n", encoding="utf-8")
    assert [one["file"] for one in found(capsys, "--changed", "--", ".")] == ["part.tex"], "a part of what is checked"
    status, said = run(capsys, "--changed=nowhere", ".")
    assert status == USAGE and "git says" in said.err


DECLARING = {
    "front matter": "---\nverify:\n  symbols:\n    A: N x N\n    B: N x N  # square\n---\n",
    "front matter in a line": "---\nverify:\n  symbols: {A: N x N, B: N x N}\n---\n",
    "comment": "<!-- verify: page with $A$ : N x N; $B$ : N x N -->\n",
    "table": TABLE,
}  # fmt: skip


def test_a_page_that_declares_is_told_what_mends_a_line_too(tmp_path, capsys):
    page = tmp_path / "a.md"
    page.write_text(TABLE + "$$ (A + B)^\\top = A^\\top - B^\\top $$\n\n$$ A B = B A $$\n", encoding="utf-8")
    slip, other = found(capsys, str(page))
    assert "sign of B" in slip["repair"] and slip["mended_at"][0] == slip["line"] and slip["mistake"]
    assert slip["rule"] == other["rule"] == "refuted" and slip["repair"] != other["repair"]


FAULTY = {
    "latin.md": ("Über\n".encode("latin-1"), USAGE, "line 1 is no text in UTF-8"),
    "binary.md": (b"# A page\n\n\xff\xfe", USAGE, "line 3 is no text in UTF-8"),
    "empty.md": (b"", NOTHING, "no equation was found"),
    "mark.md": (b"\xef\xbb\xbfText.\r\n\r\n$$\r\n1 + 1 = 3\r\n$$\r\n", WRONG, ":4:1: refuted"),
    "unclosed.md": (b"Text.\n\n$$\n1 + 1 = 3\n", UNDECIDED, "`$$` opens an equation here"),
    "deep.md": (b"$$ " + b"{" * 5000 + b"1" + b"}" * 5000 + b" = 1 $$\n", UNDECIDED, "nested too deeply"),
    "long.md": (b"word " * 200_001, USAGE, "up to 1,000,000 are read; divide it"),
    "self.tex": (b"\\begin{document}\n\\input{self}\n$ 1 + 1 = 2 $\n\\end{document}\n", HOLDS, ""),
    "empty.rst": (b".. math:: 1 + 1 = 2\n\n.. math::\n", HOLDS, ""),
    "macros.md": (b"Text.\n\n$\\newcommand{\\t}{^\\top}$\n\n$$ (x\\t)\\t = x $$\n", HOLDS, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_a_file_that_is_faulty_gets_one_sentence_and_its_status(name, tmp_path, capsys):
    text, status, sentence = FAULTY[name]
    (tmp_path / name).write_bytes(text)
    given, said = run(capsys, "--quiet", "--strict", str(tmp_path / name))
    assert (given, bool(sentence)) == (status, bool(said.out + said.err)), said
    assert sentence in said.out + said.err


@pytest.mark.parametrize("how", DECLARING)
def test_declarations_stand_where_authors_have_them_and_hold_on_the_whole_page(how, tmp_path, capsys):
    page = tmp_path / "a.md"
    page.write_text(DECLARING[how] + "# One\n\nText.\n\n# Two\n\n" + RIGHT + BAD, encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(page))] == ["proved", "refuted"]


def test_definitions_and_macros_of_the_front_matter_are_taken(tmp_path, capsys):
    page = tmp_path / "a.md"
    head = "---\nverify:\n  symbols: {X: N x M, w: M, y: N}\n  define:\n    L: \\|X w - y\\|^2\n"
    head += "math:\n  '\\t': '^\\top'\n---\n"
    page.write_text(head + "$$ \\nabla_w L = 2 X\\t (X w - y) $$\n", encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(page))] == ["proved"]
    page.write_text(head.replace("symbols", "symbol") + "$$ w = w $$\n", encoding="utf-8")
    assert main([str(page)]) == WRONG and "symbols:" in capsys.readouterr().out
    page.write_text(head.replace("{X: N x M, w: M, y: N}", "[") + "$$ w = w $$\n", encoding="utf-8")
    assert found(capsys, str(page))[0]["rule"] == "declaration" and found(capsys, str(page))[0]["line"] == 2


def test_a_project_file_declares_for_all_pages_below_it_and_a_page_goes_before_it(tmp_path, capsys):
    (tmp_path / "verify.toml").write_text(
        '[symbols]\nA = "N x N"\nB = "N x N"\n[macros]\n"\\\\p" = "+"\n', encoding="utf-8"
    )
    (tmp_path / "part").mkdir()
    page = tmp_path / "part" / "a.md"
    page.write_text("$$ A \\p B = B \\p A $$\n\n" + BAD, encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(page))] == ["proved", "refuted"]
    page.write_text("<!-- verify: page with $A$ : scalar -->\n\n" + BAD, encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(page))] == ["proved"]
    for wrong in ("[symbol]\nA = 1\n", "[symbols]\n'A B' = 'N'\n", "no toml"):
        (tmp_path / "verify.toml").write_text(wrong, encoding="utf-8")
        status, said = run(capsys, str(page))
        assert status == USAGE and "verify.toml" in said.err and len(said.err.splitlines()) == 1


def test_a_macro_that_a_page_defines_is_read_and_one_of_two_meanings_is_not(tmp_path, capsys):
    page = tmp_path / "a.md"
    one = TABLE + "$$\n\\newcommand{\\t}{^\\top}\n$$\n\n$$ (A B)\\t = B\\t A\\t $$\n"
    page.write_text(one, encoding="utf-8")
    assert [step["rule"] for step in found(capsys, str(page), "--strict")] == ["proved"]
    page.write_text(one + "\n$$ \\renewcommand{\\t}{^{-1}} $$\n", encoding="utf-8")
    assert [step["rule"] for step in found(capsys, str(page))] == ["unread"]


@pytest.mark.parametrize("name", ["a.md", "a.rst", "a.tex"])
def test_a_table_that_is_proposed_makes_the_page_hold_by_declaration(name, tmp_path, capsys):
    steps = {"a.md": "$$\n{}\n$$\n", "a.rst": ".. math::\n\n   {}\n", "a.tex": "\\[ {} \\]\n"}[name]
    text = steps.format(r"\nabla_w \|X w - y\|^2 = 2 X^\top (X w - y)")
    (tmp_path / name).write_text(text, encoding="utf-8")
    status, said = run(capsys, "init", str(tmp_path / name))
    assert status == HOLDS and "X" in said.out
    (tmp_path / name).write_text(said.out + "\n" + text, encoding="utf-8")
    status, said = run(capsys, "--strict", str(tmp_path / name))
    assert status == HOLDS and "taking" not in said.out, "nothing is guessed any more"
    (tmp_path / name).write_text("Prose.\n", encoding="utf-8")
    assert main(["init", str(tmp_path / name)]) == USAGE


def test_restructured_text_keeps_its_lines_and_what_it_shows_as_it_stands_is_code():
    text = (
        "Title\n~~~~~\n\nA role :math:`a = b` and code ``c = d``.\n\nText::\n\n  e = f\n\n"
        ".. code-block:: python\n\n   g = h\n\n"
        ".. note::\n   :class: x\n\n   Inside:\n\n   .. math:: i = j\n      :label: k\n\n"
        "+--------+-------+\n| Symbol | Shape |\n+========+=======+\n| x      | N     |\n+--------+-------+\n\n"
        ".. <!-- verify: wrong -->\n\n.. math::\n\n   l &= m\n\n   n &= o\n"
    )  # fmt: skip
    written = as_markdown(text)
    assert written.count("\n") == text.count("\n")
    shown = [(one.latex, one.line, one.label, one.mark) for one in equations(written)]
    lines = text.split("\n")
    assert [one[0] for one in shown] == ["i = j", "l &= m\n\\\\\n   n &= o"]
    assert shown[0][2] == "k" and shown[1][3] == "wrong"
    assert all(latex.split("\n")[0] in lines[line - 1] for latex, line, _, _ in shown)


def test_the_hook_stops_what_is_wrong_and_lets_pass_what_is_not(tmp_path):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repo,) = yaml.safe_load((READY / "pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repo["hooks"][0]["entry"] == hook["entry"] and repo["hooks"][0]["files"] == hook["files"]
    for name, text, status in (("a.md", TABLE + RIGHT, 0), ("b.rst", ".. math:: 1 = 2\n", 1), ("c.md", "Prose.\n", 0)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert re.search(hook["files"], name) and not re.search(hook["files"], f"{name}.py")
        done = subprocess.run([*entry(hook["entry"]), name], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr


def entry(command):
    """A command line with the console script, which may not be installed here, as the function that it calls."""
    name, *words = command.split()
    assert name == "lrcore-verify"
    return [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from lrcore.notes.command import main; sys.exit(main())",
        *words,
    ]


def test_the_workflow_checks_what_was_pushed_and_leaves_its_findings(tmp_path):
    flow = yaml.safe_load((READY / "workflow.yml").read_text(encoding="utf-8"))
    (check,) = (step["run"] for step in flow["jobs"]["check"]["steps"] if step.get("name") == "check")
    script = tmp_path / "lrcore-verify"
    script.write_text(f"#!{sys.executable}\n{entry('lrcore-verify')[2]}\n", encoding="utf-8")
    script.chmod(0o755)
    notes = tmp_path / "notes"
    notes.mkdir()

    def pushed(text):
        (notes / "a.md").write_text(text, encoding="utf-8")
        env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        done = subprocess.run(
            ["bash", "-e", "-c", check], cwd=notes, env=env, capture_output=True, text=True, check=False
        )
        assert not done.stderr
        return done.returncode, len(json.loads((notes / "equations.sarif").read_text())["runs"][0]["results"])

    assert pushed(TABLE + BAD) == (1, 1) and pushed(TABLE + RIGHT) == (0, 0)


def test_the_tutorial_names_every_setting_with_its_default_and_every_exit_status():
    from lrcore.sphinx.settings import DEFAULTS

    text = (ROOT / "book" / "your_notes.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(lrcore_\w+)` \| `([^`]+)` \|", text, re.M))
    assert {name: yaml.safe_load(value) for name, value in rows.items()} == DEFAULTS
    said = {int(row) for row in re.findall(r"^\| (\d) \| ", text, re.M)}
    assert said == {command.HOLDS, command.WRONG, command.USAGE, command.UNDECIDED, command.NOTHING}


def test_the_tutorial_does_what_it_says(tmp_path, capsys):
    text = (ROOT / "book" / "your_notes.md").read_text(encoding="utf-8")
    page, table, *_ = re.findall(r"````markdown\n(.*?)````", text, re.S)
    (tmp_path / "ridge.md").write_text(page, encoding="utf-8")
    status, said = run(capsys, "--quiet", str(tmp_path / "ridge.md"))
    assert status == WRONG and re.search(r"ridge\.md:6:\d+: refuted: .*a factor 2 is lost in one term", said.out)
    proposed = run(capsys, "init", str(tmp_path / "ridge.md"))[1].out
    assert all(f"| ${name}$ | " in proposed for name in ("X", "w", "y", r"\lambda"))
    (tmp_path / "ridge.md").write_text(table + "\n" + page.replace("L =", "L :=", 1), encoding="utf-8")
    assert run(capsys, "--quiet", str(tmp_path / "ridge.md"))[0] == WRONG
    (tmp_path / "ridge.md").write_text(table + "\n" + page.replace(r"+ \lambda w", r"+ 2\lambda w"), encoding="utf-8")
    assert run(capsys, "--strict", str(tmp_path / "ridge.md"))[0] == HOLDS


NO_ALARM = [
    "A v = \\lambda v",
    "|a| < 1",
    "U^\\top U = I",
    "(z - a)(z - b) = 0",
    "x_{t+1} = A x_t + b",
    "A Q = Q A",
    "n = 500",
    "α = 0.01, \\quad α = 0.03",
    "B = \\frac{\\beta}{1 - \\alpha}, \\quad B = \\frac{\\beta}{1 - \\alpha} = 0.105",
    "x_{t+1} = A x_t, \\quad y_t = G x_t, \\quad y_{t+1} = x_{t+1} G",
]
ALARM = {
    "L = \\|Xw - y\\|^2, \\quad \\nabla_w L = X^\\top (Xw - y)":
    "L = \\|Xw - y\\|^2, \\quad \\nabla_w L = 2 X^\\top (Xw - y)",
    "(A B)^\\top = A^\\top B^\\top": "(A B)^\\top = B^\\top A^\\top",
    "(a + b)^2 = a^2 + a b + b^2": "(a + b)^2 = a^2 + 2 a b + b^2",
    "\\sum_{i=1}^n (y_i - \\beta x_i) x_i = \\sum_{i=1}^n y_i x_i + \\beta \\sum_{i=1}^n x_i^2":
    "\\sum_{i=1}^n (y_i - \\beta x_i) x_i = \\sum_{i=1}^n y_i x_i - \\beta \\sum_{i=1}^n x_i^2",
    "2 + 2 = 5": "2 + 2 = 4",
    "B = \\beta (1 - \\alpha), \\quad B = \\beta (1 - \\alpha) = \\beta + \\alpha \\beta":
    "B = \\beta (1 - \\alpha), \\quad B = \\beta (1 - \\alpha) = \\beta - \\alpha \\beta",
    "x_{t+1} = A x_t, \\quad \\|x_{t+1}\\|^2 = 2 x_t^\\top A^\\top A x_t":
    "x_{t+1} = A x_t, \\quad \\|x_{t+1}\\|^2 = x_t^\\top A^\\top A x_t",
}  # fmt: skip


@pytest.mark.parametrize("latex", NO_ALARM)
def test_what_may_be_a_condition_or_a_model_is_no_alarm_on_a_page_that_declares_nothing(latex, tmp_path, capsys):
    (tmp_path / "a.md").write_text(f"$$\n{latex}\n$$\n", encoding="utf-8")
    assert run(capsys, str(tmp_path / "a.md"))[0] == HOLDS


CHAIN = "(a - b)(c - d) = a c - a d - b c + b d = a (c - d) - {}"
ALARM[CHAIN.format("2 b c + 3 b d")] = CHAIN.format(
    "b (c - d)"
)  # no single change mends it, and its neighbour is proved


@pytest.mark.parametrize("latex", ["a c - a d = a (c - d), \\quad a (c - d) = b (c - d)", "A x = A x + 0 = \\lambda x"])
def test_what_stands_in_no_chain_with_a_proof_or_is_a_condition_is_no_alarm(latex, tmp_path, capsys):
    (tmp_path / "a.md").write_text(f"$$\n{latex}\n$$\n", encoding="utf-8")
    assert run(capsys, str(tmp_path / "a.md"))[0] == HOLDS


def test_a_name_that_is_defined_where_it_first_stands_solves_nothing(tmp_path, capsys):
    text = "Let $x_j = c_j / d$ denote the ratio, and define $u_{ij} = x_j^\\alpha r_{ij}$ where $r$ is a return.\n\n"
    text += "Define $X_j = \\log x_j$, $R_{ij} = \\log r_{ij}$, and $U_{ij} = \\log u_{ij}$.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert run(capsys, str(tmp_path / "a.md"))[0] == HOLDS


@pytest.mark.parametrize(("letter", "alarm"), [("a", False), ("x", True)])
def test_whether_an_indexed_letter_is_a_row_or_a_column_is_not_known_but_for_samples(letter, alarm):
    big = letter.upper()
    sides = f"{big} w", f"w_1 {letter}_1 + \\cdots + w_k {letter}_k"
    step = Step(*sides, "=", Verdict.ILL_TYPED, "", repair="one", mended="another")
    assert is_alarm(step, (big, letter, "w")) is alarm
    assert is_alarm(step, (letter, "w")), "the matrix was declared"


@pytest.mark.parametrize("wrong", ALARM)
def test_a_slip_is_refused_on_a_page_that_declares_nothing_and_the_right_one_is_not(wrong, tmp_path, capsys):
    for latex, status in ((wrong, WRONG), (ALARM[wrong], HOLDS)):
        (tmp_path / "a.md").write_text(f"$$\n{latex}\n$$\n", encoding="utf-8")
        assert run(capsys, str(tmp_path / "a.md"))[0] == status


@pytest.mark.parametrize(
    ("latex", "status"),
    [
        ("f = (a + b)^2, \\quad f = a^2 + a b + b^2", WRONG),  # said of a name that the formula itself defines
        ("f = (a + b)^2, \\quad f = a^2 + 2 a b + b^2", HOLDS),
        ("f = (a + b)^2\n$$\n\nAnother one is\n\n$$\nf = a^2 + a b + b^2", HOLDS),  # another model, it may be
        ("X^\\top X w = X^\\top y, \\quad w = (X^\\top X) X^\\top y", WRONG),  # what the equation before is solved for
        ("X^\\top X w = X^\\top y, \\quad w = (X^\\top X)^{-1} X^\\top y", HOLDS),
        ("\\nabla_w E = 2 X (X w - y)", WRONG),
        ("\\nabla_w E = 2 X^\\top (X w - y)", HOLDS),
    ],
)
def test_a_name_alone_is_judged_by_what_the_same_formula_says_of_it(latex, status, tmp_path, capsys):
    (tmp_path / "a.md").write_text(f"$$\n{latex}\n$$\n", encoding="utf-8")
    assert run(capsys, str(tmp_path / "a.md"))[0] == status


@pytest.mark.parametrize("where", ["With $S := X^\\top X$ it is short.", "$$S := X^\\top X$$"])
def test_a_definition_in_running_text_binds_a_symbol_of_the_table_as_one_on_its_own_line_does(where, tmp_path, capsys):
    table = "| Symbol | Shape |\n|---|---|\n| $X$ | $N \\times M$ |\n| $w$ | $M$ |\n| $S$ | $M \\times M$ |\n\n"
    for side, status in (("", HOLDS), ("2", WRONG)):
        text = f"{table}{where}\n\n$$S w = {side} X^\\top X w$$\n"
        (tmp_path / "a.md").write_text(text, encoding="utf-8")
        assert run(capsys, str(tmp_path / "a.md"))[0] == status


@pytest.mark.parametrize(
    ("latex", "rule"),
    [
        ("|a| < 1", "given"), ("S_n > K", "given"), ("\\lambda_n = 1", "given"), ("n = 4, \\quad n = 500", "given"),
        ("x_{t+1} = A x_t, \\quad x_{t+1} = A x_t + b", "given"), ("A^\\top w = \\lambda w", "given"),
        ("Av = \\lambda v", "given"),
        ("x_{t+1} = A z_t, \\quad x_{t+1} = A z_t + b", "guessed"), ("A Q = Q A", "guessed"),
        ("\\|A x\\| > \\|B x\\|", "open"), ("A B v = \\lambda B v + v", "open"), ("2 > 3", "refuted"),
        ("x^\\top x = x^\\top x", "proved"),
    ],
)  # fmt: skip
def test_what_says_where_something_is_looked_at_is_no_claim(latex, rule, tmp_path):
    found = of(source(str(tmp_path / "a.md"), f"$$ {latex} $$\n"), Asked()).findings
    assert found[-1].rule == rule


def test_the_same_condition_is_refused_where_its_letters_are_declared(tmp_path, capsys):
    (tmp_path / "a.md").write_text("$$ A Q = Q A $$\n", encoding="utf-8")
    status, said = run(capsys, str(tmp_path / "a.md"), "--shape", "A:NxN", "--shape", "Q:NxN")
    assert status == WRONG and "no alarm" not in said.out
    assert "no alarm" in run(capsys, str(tmp_path / "a.md"))[1].out


def test_code_in_a_page_is_no_mathematics(tmp_path, capsys):
    text = "```{code-cell} python\nw = 2 * w\n```\n\n```python\na = 3\n```\n\n:::{note}\n$$ 1 = 1 $$\n:::\n\n(here)=\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert [(one["rule"], one["line"]) for one in found(capsys, str(tmp_path / "a.md"))] == [("proved", 10)]


SQUARE = "<!-- verify: page with $U$ : N x N; $A$ : N x N{} -->\n\n"
KEPT = "$$ (U A)^\\top (U A) = A^\\top A $$\n\n"
GIVEN = {
    "above": (SQUARE.format(""), "<!-- verify: given -->\n$$ U^\\top U = I $$\n\n"),
    "with": (SQUARE.format(""), "<!-- verify: with given $U^\\top U = I$ -->\n\n"),
    "page": (SQUARE.format("; given $U^\\top U = I$"), ""),
}  # fmt: skip


@pytest.mark.parametrize("how", GIVEN)
@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.rst"])
def test_what_is_given_holds_up_to_the_next_heading_or_on_the_page_and_nothing_else_does(how, name, tmp_path, capsys):
    top, said = GIVEN[how]
    text = f"{top}# One\n\n{said}{KEPT}$$ (U A)^\\top (U A) = A A^\\top $$\n\n$$ A U = U A $$\n\n# Two\n\n{KEPT}"
    if name == "a.tex":
        text = (
            re.sub(r"(<!--.*-->)", r"% \1", text).replace("# One", "\\section{One}").replace("# Two", "\\section{Two}")
        )
    if name == "a.rst":
        text = re.sub(r"\$\$ (.*) \$\$", r".. math:: \1\n", text)
        text = re.sub(r"# (.*)", r"\1\n===", re.sub(r"(<!--.*-->)\n*", r".. \1\n\n", text))
    (tmp_path / name).write_text(text, encoding="utf-8")
    rules = [one["rule"] for one in found(capsys, str(tmp_path / name))]
    last = "proved" if how == "page" else "refuted"
    assert rules == ["given"] * (how == "above") + ["proved", "refuted", "refuted", last]


@pytest.mark.parametrize("latex", ["1 = 2", "A = A + I", "U ^\\top U", "A ( = B"])
def test_what_cannot_hold_is_not_taken_as_given(latex, tmp_path, capsys):
    (tmp_path / "a.md").write_text(SQUARE.format(f"; given ${latex}$") + KEPT, encoding="utf-8")
    assert {one["rule"] for one in found(capsys, str(tmp_path / "a.md"))} == {"declaration", "refuted"}
    marked = SQUARE.format("") + f"<!-- verify: given -->\n$$\n{latex}\n$$\n\n" + KEPT
    (tmp_path / "a.md").write_text(marked, encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(tmp_path / "a.md"))] == ["mark", "refuted"]


def test_an_equation_that_its_author_calls_a_condition_is_no_mistake_and_no_premise(tmp_path, capsys):
    text = SQUARE.format("") + "<!-- verify: condition -->\n$$ U^\\top U = I $$\n\n" + KEPT
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(tmp_path / "a.md"))] == ["given", "refuted"]


@pytest.mark.parametrize("top", ["", "| Symbol | Shape |\n|---|---|\n| $x$ | $N$ |\n\n"])
def test_a_notation_that_a_page_defines_is_not_read_and_no_mistake(top, tmp_path, capsys):
    (tmp_path / "a.md").write_text(top + "The norm is $\\|x\\| := \\sqrt{x^\\top x}$.\n", encoding="utf-8")
    assert [one["rule"] for one in found(capsys, str(tmp_path / "a.md")) if one["rule"] != "taken"] == ["unread"]
    assert main([str(tmp_path / "a.md")]) == HOLDS and main(["--strict", str(tmp_path / "a.md")]) == UNDECIDED
    (tmp_path / "a.md").write_text(top + "The norm is $\\|x\\| = 2 \\sqrt{x^\\top x}$.\n", encoding="utf-8")
    assert main([str(tmp_path / "a.md")]) == WRONG


WRONG_OPTIONS = [
    ("--shape", "X:NxM:y"),
    ("--shape", "XNxM"),
    ("--shape", "X:N-"),
    ("--define", "L"),
    ("--define", "L:=("),
]


@pytest.mark.parametrize(("option", "value"), WRONG_OPTIONS)
def test_an_option_that_is_not_understood_is_one_sentence(option, value, tmp_path, capsys):
    (tmp_path / "a.md").write_text(RIGHT, encoding="utf-8")
    status, said = run(capsys, option, value, str(tmp_path / "a.md"))
    assert status == USAGE and len(said.err.splitlines()) == 1 and value.split(":")[0] in said.err


def test_without_sympy_the_option_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sympy", None)
    (tmp_path / "a.md").write_text(TABLE + RIGHT, encoding="utf-8")
    status, said = run(capsys, "--sympy", str(tmp_path / "a.md"))
    assert status == USAGE and said.err.strip() == (
        "--sympy needs sympy, and it is not installed: `pip install sympy`, or leave the option out."
    )


@pytest.mark.parametrize("times", [1, 60])
def test_a_reader_that_has_read_enough_is_no_crash(times, tmp_path):
    (tmp_path / "a.md").write_text(TABLE + RIGHT + BAD * times, encoding="utf-8")
    command = [*entry("lrcore-verify"), str(tmp_path / "a.md")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        running.stdout.close()
        assert running.stderr.read() == "" and running.wait() == WRONG
