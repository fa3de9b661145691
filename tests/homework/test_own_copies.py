"""A teacher's own copy of an assignment survives every update of the book, and what the update brings is shown."""

import pytest

from homework import small
from lrcore.homework.__main__ import main
from lrcore.homework.release import assignment, own_copies

EDITS = [("Multiply by {{factor}}.", "Multiply by {{factor}}, please."), ("points: 4", "points: 8")]


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book with one assignment, hw9, and the folder of a course beside it."""
    (tmp_path / "course").mkdir()
    path = tmp_path / "hw9_quiz.md"
    path.write_text(small.SOURCE, encoding="utf-8")
    real = assignment.book_file
    for module in (assignment, own_copies):
        monkeypatch.setattr(module, "book_file", lambda name: path if name == "hw9" else real(name))
    monkeypatch.chdir(tmp_path / "course")
    return path


def change(path, *pairs):
    text = path.read_text(encoding="utf-8")
    for before, now in pairs:
        assert before in text
        text = text.replace(before, now)
    path.write_text(text, encoding="utf-8")


def test_the_copy_goes_before_the_books_and_no_update_touches_it(book, capsys):
    assert assignment.find("hw9") == book
    assert main(["copy", "hw9"]) == 0
    mine = assignment.find("hw9")
    change(mine, *EDITS)
    before = mine.read_bytes()
    book.write_text(small.SOURCE.replace("# Quiz", "# A quiz of the new book"), encoding="utf-8")
    assert mine.read_bytes() == before
    assert assignment.load("hw9").points == 19
    assert main(["copy", "hw9"]) == 2
    assert "is there already, and it is yours" in capsys.readouterr().err
    assert mine.read_bytes() == before


def test_what_the_book_changed_is_shown_and_taken_where_the_teacher_changed_nothing(book, capsys):
    main(["copy", "hw9"])
    mine = assignment.find("hw9")
    assert main(["compare", "hw9"]) == 0
    assert "has changed nothing in hw9" in capsys.readouterr().out
    change(mine, *EDITS)
    change(
        book,
        ("Multiply by {{factor}}.", "Multiply each entry by {{factor}}."),
        ("## 3. A length", "## 3. A length with its unit"),
        ('judge_quantity("length", factor / 10, "m")', 'judge_quantity("length", factor / 10, "m", tolerance=0.001)'),
    )
    before = mine.read_bytes()
    assert main(["compare", "hw9"]) == 0
    said = capsys.readouterr().out
    assert "+## 3. A length with its unit" in said
    assert said.count("you did not change it: --take takes it") == 2
    assert said.count("you changed it, too: your text stays") == 1
    assert mine.read_bytes() == before
    assert main(["compare", "hw9", "--take"]) == 0
    assert "Took 2 of the book's changes; 1 stand where you changed" in capsys.readouterr().out
    text = mine.read_text(encoding="utf-8")
    for one in ("by {{factor}}, please.", "points: 8", "## 3. A length with its unit", "tolerance=0.001"):
        assert one in text
    assert "each entry" not in text
    assert mine.with_suffix(".before.md").read_bytes() == before
    assert assignment.load("hw9").points == 19
    assert main(["compare", "hw9"]) == 0
    assert "has changed nothing" in capsys.readouterr().out


def test_the_six_of_the_book_can_be_copied_and_are_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name in (f"hw{k}" for k in range(1, 7)):
        theirs = assignment.load(name)
        assert main(["copy", name]) == 0
        assert assignment.find(name) == assignment.COPIES / f"{name}.md"
        assert assignment.load(name) == theirs


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["copy", "hw77"], "There is no assignment hw77"),
        (["copy", "../hw1"], "There is no assignment ../hw1"),
        (["compare", "hw9"], "There is no copy of hw9 in assignments; make one with"),
    ],
)
def test_what_cannot_be_is_one_sentence(book, capsys, words, says):
    assert main(words) == 2
    assert says in capsys.readouterr().err


def test_a_copy_whose_origin_is_gone_is_not_guessed_at(book, capsys):
    main(["copy", "hw9"])
    (assignment.COPIES / "as_copied" / "hw9.md").unlink()
    assert main(["compare", "hw9"]) == 2
    assert "what is yours cannot be told" in capsys.readouterr().err
