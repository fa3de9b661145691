"""The tables of the page *What strangers wrote* say what the files of the benchmarks say."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "book" / "_ext"))
import measured  # noqa: E402


@pytest.mark.parametrize("name", measured.TABLES)
def test_a_table_has_rows_as_wide_as_its_head(name):
    head, *rows = measured.TABLES[name]()
    assert rows and all(len(row) == len(head) for row in rows)
    assert f"```{{measured}} {name}\n" in (ROOT / "book" / "strangers.md").read_text(encoding="utf-8")


def test_a_table_follows_its_file(tmp_path, monkeypatch):
    kept = json.loads((measured.RESULTS / "own.json").read_text(encoding="utf-8"))
    kept["documents"]["right and refused"] = 7
    kept["strangers, raw"]["linear"]["wrong and proved"] = 3
    (tmp_path / "own.json").write_text(json.dumps(kept))
    damaged = json.loads((measured.RESULTS / "damaged_posts.json").read_text(encoding="utf-8"))
    damaged["damaged texts"]["stumbled"] = 11
    (tmp_path / "damaged_posts.json").write_text(json.dumps(damaged))
    before = list(measured.documents()), list(measured.strangers())
    monkeypatch.setattr(measured, "RESULTS", tmp_path)
    assert list(measured.documents())[1][3] == "7" != before[0][1][3]
    assert list(measured.strangers())[1][-1] == "3" != before[1][1][-1]
    assert ("of these, the checker stumbled over", "11", "0") in list(measured.work())


def test_a_share_is_drawn_as_long_as_it_is_and_nothing_else_is_drawn():
    (drawn,) = measured.bar("3 of 4")
    assert "M0 2H75.0" in drawn.astext()
    for cell in ("3", "3 of 0", "damaged texts", "1 of these, above 2 s"):
        assert not list(measured.bar(cell)), cell


def test_no_text_of_the_collections_is_in_the_files_of_results():
    for name in ("own", "derivation_mutants"):
        assert not {"\\", "$"} & set((measured.RESULTS / f"{name}.json").read_text(encoding="utf-8")), name
