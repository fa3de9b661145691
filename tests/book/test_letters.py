"""A letter keeps its meaning through the book, or the table of the chapter that changes it says so."""

import re

from pages import listed, text

from lrcore.verify.page.items import symbol_table

#: Pages in other people's letters, and those that only list names.
FOREIGN = ("question", "errata", "api")
IDLE = set(
    re.findall(
        r"\w+",
        """a an any the of for in it its is to two each with and
    or not at from what that as by only row column i""",
    )
)
DECLARED = "elsewhere"


def rows():
    """Every row of a symbol table in the order of the book: page, name, meaning."""
    for page in listed():
        name = page.split("/")[-1]
        if name not in FOREIGN and "homework" not in page:
            for row in symbol_table(text(page)):
                yield name, row.name.strip(), row.meaning


def words(meaning):
    """What a meaning is about: its words without formulas, idle words and the plural's s."""
    own = re.sub(r"\$[^$]*\$|\(?" + DECLARED + ".*", " ", meaning)
    found = {word.rstrip("s") for word in re.findall(r"[a-z]+", own.lower())} - IDLE
    return {"matrix" if word == "matrice" else word for word in found}


def clashes(table):
    """Each row that gives a letter another meaning than an earlier page does, and does not say so."""
    known = {}
    for page, name, meaning in table:
        for earlier, words_there in known.get(name, []):
            if earlier != page and not words_there & words(meaning) and DECLARED not in meaning:
                yield page, name, meaning, earlier
                break
        known.setdefault(name, []).append((page, words(meaning)))


def test_no_letter_changes_its_meaning_without_saying_so():
    assert list(clashes(rows())) == []


def test_a_clash_is_found_and_a_declared_one_is_not():
    here = [("closed_form", "H", "hat matrix"), ("backprop", "H", "activations of the hidden layer")]
    assert [(page, name) for page, name, *_ in clashes(here)] == [("backprop", "H")]
    declared = [here[0], ("backprop", "H", here[1][2] + " (elsewhere the hat matrix)")]
    assert list(clashes(declared)) == []
    assert list(clashes([("one", "w", "weights"), ("two", "w", "weights for $X$")])) == []
