"""What a page owes its reader: a question, symbols, labels, checked derivatives, exercises, the whole story."""

import ast
import re

import pytest
from pages import CELL, OPTIONS, cells, chapters, listed, text

import lrcore.widgets
from lrcore.verify.page.items import equations, symbol_table

CHAPTERS = chapters()
DRAWN = '<div class="drawn"'  # a figure in the page's own hand
UNDERIVING = (
    "index", "question", "check", "notation", "refresher", "errata", "formulas", "proof", "teaching", "your_notes",
    "derive", "strangers",
)  # fmt: skip
DERIVING = [name for name in CHAPTERS if name.split("/")[-1] not in UNDERIVING]
DESCENDING = [name for name in DERIVING if not name.endswith("statistics")]  # which repeats an experiment instead


@pytest.mark.parametrize("name", listed())
def test_every_display_equation_has_a_label_of_its_own(name):
    labels = [equation.label for equation in equations(text(name))]
    assert None not in labels, (
        f"{name}: the equation on line {equations(text(name))[labels.index(None)].line} has no label"
    )
    assert len(labels) == len(set(labels))


def test_no_label_is_used_on_two_pages():
    labels = [equation.label for name in listed() for equation in equations(text(name))]
    assert sorted(labels) == sorted(set(labels))


OPENING = [
    name for name in CHAPTERS if not name.endswith(("index", "check", "derive", "strangers", "teaching", "your_notes"))
]


@pytest.mark.parametrize("name", OPENING)
def test_a_chapter_opens_with_its_question_and_its_symbols(name):
    body = text(name).split("\n# ", 1)[1].split("\n", 1)[1].strip()
    assert re.match(r"\*\*[^*]+\?\*\*", body), f"{name} does not open with a question in bold"
    symbols = symbol_table(text(name))
    assert symbols, f"{name} has no table Symbol | Shape | Meaning"
    first_equation = min((equation.line for equation in equations(text(name))), default=10**6)
    assert symbols[0].line < first_equation


@pytest.mark.parametrize("name", DERIVING)
def test_a_chapter_has_four_exercises_or_three_with_solutions_and_ends_with_the_whole_story(name):
    page = text(name)
    assert page.count(":class: exercise") >= 3
    assert page.count(":class: dropdown") + page.count("tags: [hide-cell]") >= page.count(":class: exercise")
    assert page.rstrip().endswith("```")
    assert page.rindex("## The whole story in one cell") < page.rindex("```{code-cell}")
    assert len(cells(name)[-1].strip().splitlines()) <= 22, f"{name}: the last cell does not fit a screen"


@pytest.mark.parametrize("name", DESCENDING)
def test_a_chapter_checks_numbers_and_descends(name):
    code = "\n".join(cells(name))
    assert "check_gradient(" in code or "descend(" in code
    assert "DescentPlayer(" in code or "layer_backward(" in code or "descend(" in code
    assert "plots." in code


@pytest.mark.parametrize("name", DESCENDING)
def test_a_chapter_has_a_control_that_plays_descent_or_its_own_gradient(name):
    network = name.endswith(("backprop", "graph"))
    assert ("Backpropagation(" if network else "DescentPlayer(") in "\n".join(cells(name))


def test_the_chapter_on_trust_has_intervals_to_touch_and_compares_its_numbers_with_other_ways():
    code = "\n".join(cells("book/statistics"))
    assert "ConfidenceIntervals(" in code and "plots." in code and code.count("assert np.") >= 4


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_cell_that_verifies_printed_equations_is_short_and_unfolded(name):
    """Folded in the one place where the reader judges first."""
    for cell in CELL.findall(text(name)):
        if 'holds("' in cell:
            code = OPTIONS.sub("", cell)
            lines = [line for line in code.splitlines() if line and not line.startswith(("import ", "from "))]
            assert len(lines) <= 7, f"{name}: {code}"
            assert "hide-" not in cell or name.endswith("question"), f"{name}: {code}"


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_line_of_code_is_wider_than_the_page(name):
    wide = [line for cell in cells(name) for line in cell.splitlines() if len(line) > 86]
    assert not wide, f"{name}: {wide[0]!r} has {len(wide[0])} characters; 86 fit"


DRAWING = re.compile(r"plots\.\w+|" + "|".join(lrcore.widgets.__all__))


def draws(code: str) -> bool:
    """Whether the value of a cell is a figure or a control."""
    last = ast.parse(code).body[-1:]
    call = last[0].value if last and isinstance(last[0], ast.Expr) else None
    return isinstance(call, ast.Call) and bool(DRAWING.fullmatch(ast.unparse(call.func)))


@pytest.mark.parametrize("name", DERIVING)
def test_a_figure_comes_first_the_first_formula_second_and_open_code_third(name):
    figures, opened = [text(name).index(DRAWN)] if DRAWN in text(name) else [], []
    for cell in CELL.finditer(text(name)):
        if draws(OPTIONS.sub("", cell[1])):
            figures.append(cell.start())
        elif "-input" not in cell[1]:
            opened.append(cell.start())
    formula = text(name).index("\n$$\n")
    assert min(figures) < min(formula, *opened)
    if not name.endswith(("housing", "trust")):  # these look at data first
        assert formula < min(opened)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_cell_that_only_draws_is_folded(name):
    for cell in CELL.findall(text(name)):
        code = OPTIONS.sub("", cell)
        if draws(code) and not re.search(r"\bprint\(|^(?:assert|def|class) ", code, re.MULTILINE):
            assert "hide-input" in cell or "remove-input" in cell, code


WAYS = ("For all sizes", "With symbols", "With numbers", "With PyTorch's numbers")


@pytest.mark.parametrize("name", listed())
def test_how_a_page_was_checked_stands_in_one_section_with_its_parts(name):
    heads = re.findall(r"^(##+) (.*)$", re.sub(CELL, "", text(name)), re.MULTILINE)
    assert not [head for level, head in heads if level == "##" and re.match(r"Checked (with|for|in)", head)]
    if ("##", "Checked") not in heads:
        return
    behind = heads[heads.index(("##", "Checked")) + 1 :]
    parts = [head for level, head in behind[: next(k for k, one in enumerate(behind) if one[0] == "##")]]
    assert parts and set(parts) <= set(WAYS) and len(parts) == len(set(parts)), parts
