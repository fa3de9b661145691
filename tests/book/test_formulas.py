"""The table of all formulas of the documents says of the book's equations what is so."""

import re

from pages import cells, listed

from lrcore._printed import book
from lrcore.data import errata
from lrcore.verify import read_chains

TABLE = cells("book/reference/formulas")
EQUATIONS = {one.label: one for one in book.all_printed()}


def lines():
    block = re.search(r'DERIVED = """\n(.*?)"""', "\n".join(TABLE), re.DOTALL)[1]
    return [line.split(" | ")[0].split() for line in block.splitlines()]


def is_definition(label):
    one = EQUATIONS[label]
    return all(c.relations == [":="] for c in read_chains(one.latex, book.context_of(one), formula=True))


def test_every_formula_is_derived_somewhere():
    numbers = [number for number, *_ in lines()]
    assert numbers == [formula["number"] for document in errata() for formula in document["formulas"]]
    assert all(label in EQUATIONS for _, *labels in lines() for label in labels)


def test_the_table_tells_definitions_from_what_sympy_verifies():
    names = {}
    code = "\n".join(cell for cell in TABLE if "def by_sympy" in cell).split("formulas = {")[0]
    exec(code, names)  # noqa: S102  our own page
    for _, *labels in lines():
        for label in labels:
            said = "definition" if is_definition(label) else "holds"
            assert names["by_sympy"](label) == said, label


def test_what_the_table_says_sympy_verifies_is_named_in_a_cell_that_does():
    code = "\n".join(cell for page in listed() for cell in cells(page))
    calls = re.findall(r"holds\((.*?)\)", code, re.DOTALL)
    verified = {label for call in calls for label in re.findall(r'"([\w-]+)"', call)}
    told = {label for _, *labels in lines() for label in labels if not is_definition(label)}
    assert sorted(told - verified) == []
    assert told - (verified - {"n-gradient"}) == {"n-gradient"}
