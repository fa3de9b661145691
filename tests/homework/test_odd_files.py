# ruff: noqa: E501 (a file is quoted as one line)
"""A class in which everybody handed in something odd, graded once: each costs its own student a clear line, nobody else anything."""

import csv
import gzip
import json
import stat
import struct
import zipfile

import pytest

from homework import small
from lrcore.homework.__main__ import main

BIG = 10_000_000


def edited(change):
    """A right notebook, changed as JSON."""

    def make(data):
        found = json.loads(data)
        change(found)
        return json.dumps(found, ensure_ascii=False).encode("utf-8", errors="surrogatepass")

    return make


def answer(found, name):
    return next(one for one in found["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name)


def outputs(found, text):
    found["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]


def add(found, source, kind="code"):
    found["cells"].append({"cell_type": kind, "metadata": {}, "source": source})


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


# What each hands in: made from a right notebook; the total; what is said of it in status or feedback.
TEXTS = {
    "ten_megabytes_of_output": (edited(lambda f: outputs(f, "x" * BIG)), 12, ""),
    "ten_megabytes_in_lines": (edited(lambda f: outputs(f, ["0.1234567\n"] * (BIG // 10))), 12, ""),
    "ten_megabytes_of_brackets": (edited(lambda f: outputs(f, "[{" * (BIG // 2))), 12, ""),
    "ten_megabytes_printed": (edited(lambda f: add(f, f"print('x' * {BIG})\nimport sys\nsys.stderr.write('y' * {BIG})")), 12, ""),
    "ten_megabytes_answered": (edited(lambda f: answer(f, "length").update(source=f"length = '5 m' * {BIG // 3}")), 10, ""),
    "surrogates_as_bytes": (edited(lambda f: answer(f, "words").update(source="half \ud800 and \udfff")), 0, "not text"),
    "surrogates_escaped": (lambda data: data.replace(b"I think so.", rb"half \ud83d and whole \ud83d\ude00"), 12, ""),
    "nul_everywhere": (lambda data: data.replace(b"I think so.", rb"a\u0000b").replace(b'"quiz"', rb'"quiz"'), 12, ""),
    "turned_text": (edited(lambda f: answer(f, "words").update(source="\u202efdp.exe\u2066 \u200f")), 12, ""),
    "turned_code": (edited(lambda f: answer(f, "multiple").update(source="def multiple(x):\n    '''\u202e''' ; return factor * x")), 12, ""),
    "formula_for_a_spreadsheet": (edited(lambda f: answer(f, "words").update(source="=HYPERLINK('x';'y')")), 12, ""),
    "markup": (edited(lambda f: answer(f, "words").update(source="</pre><script>alert(1)</script>{{7*7}}{% raw %}")), 12, ""),
    "windows_lines": (lambda data: data.replace(rb"\n", rb"\r\n"), 12, ""),
    "byte_order_mark": (lambda data: b"\xef\xbb\xbf" + data, 12, ""),
    "utf16": (lambda data: data.decode().encode("utf-16"), 12, ""),
    "latin1": (edited(lambda f: None) and (lambda data: data.replace(b"I think so.", b"gr\xfc\xdfe")), 0, "not text"),
    "infinite_numbers": (lambda data: data.replace(b'"nbformat": 4', b'"nbformat": Infinity, "x": [NaN, -Infinity, 1e999]'), 12, ""),
    "number_of_many_digits": (lambda data: data.replace(b'"nbformat": 4', b'"nbformat": ' + b"9" * 5000), 0, "not JSON"),
    "nested_output": (edited(lambda f: f["cells"][1].update(outputs=nested(70))), 0, "nested more than 60 deep"),
    "key_twice": (lambda data: data.replace(b'"nbformat": 4', b'"nbformat": 4, "nbformat": 4'), 0, "a key comes twice"),
    "cells_of_nothing": (edited(lambda f: f.update(cells=[None, 1, "x", [], {}, {"cell_type": "code", "source": {"a": 1}, "metadata": []}, *f["cells"]])), 12, ""),
    "cells_by_name": (edited(lambda f: f.update(cells={"a": 1})), 0, "no cells"),
    "three_thousand_cells": (edited(lambda f: [add(f, "x = 1") for _ in range(3000)]), 0, "at most 2000 are read"),
    "odd_about": (edited(lambda f: f["metadata"].update(lrcore={"assignment": "quiz", "student": "\ud800\u202e" if False else "<b>", "checksum": {"x": [1]}}, kernelspec=["R"])), 12, "another student"),
    "long_names": (edited(lambda f: f["cells"].insert(0, {"cell_type": "code", "id": "x" * 100_000, "metadata": {"nbgrader": {"grade_id": "y" * 100_000}}, "source": ""})), 12, ""),
    "web_page": (lambda data: b"<!DOCTYPE html><title>Please log in</title>", 0, "no complete notebook"),
    "packed": (gzip.compress, 0, "not text"),
    "a_pdf": (lambda data: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", 0, "not text"),
    "first_half": (lambda data: data[: len(data) // 2], 0, "no complete notebook"),
    "only_outputs": (edited(lambda f: f.update(cells=[{"cell_type": "code", "metadata": {}, "outputs": [{"data": {"image/png": "x" * BIG}}]}])), 0, ""),
    "syntax_in_every_cell": (edited(lambda f: [one.update(source="def (") for one in f["cells"] if one["cell_type"] == "code"]), 0, "SyntaxError"),
    "cell_of_brackets": (edited(lambda f: add(f, "(" * 100_000)), 12, ""),
    "cell_of_minus_signs": (edited(lambda f: add(f, "x = " + "-" * 100_000 + "1")), 12, ""),
    "cell_of_many_lines": (edited(lambda f: add(f, "x = 1\n" * 40_000)), 12, ""),
}  # fmt: skip
HONEST = ("ada", "ben", "cleo")
ZIPPED = {  # members of the zip besides, with what is said of them
    "encrypted/quiz.ipynb": "it is encrypted",
    "linked/quiz.ipynb": "it is a link",
    "twice/quiz.ipynb": "several files of this name",
    "bomb/quiz.ipynb": "it would unpack to",
    "crc/quiz.ipynb": "Bad CRC-32",
    "unknown/quiz.ipynb": "compression",
    "../up/quiz.ipynb": "its name leaves the folder",
    "/etc/quiz.ipynb": "its name leaves the folder",
    "C:\\\\up\\quiz.ipynb": "cannot be a student's id",
    "=cmd/quiz.ipynb": "cannot be a student's id",
    "a b/quiz.ipynb": "cannot be a student's id",
    "\u202eevil/quiz.ipynb": "cannot be a student's id",
    "line\nbreak/quiz.ipynb": "cannot be a student's id",
    "é/quiz.ipynb": "cannot be a student's id",
    f"{'x' * 300}/quiz.ipynb": "cannot be a student's id",
    "inner/quiz.zip": "it is an archive",
    "inner2/quiz.tar.gz": "it is an archive",
}
LISTED = ("encrypted", "linked", "twice", "bomb", "crc", "unknown", "inner", "inner2")


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """Everybody's files in one zip, graded once."""
    folder = tmp_path_factory.mktemp("odd")
    everybody = [*HONEST, *TEXTS, *LISTED]
    (folder / "quiz.md").write_text(small.SOURCE, encoding="utf-8")
    (folder / "secret").write_bytes(small.SECRET)
    (folder / "class.csv").write_text("id\n" + "\n".join(everybody), encoding="utf-8")
    write_zip(folder / "in.zip", course)
    words = ["grade", str(folder / "quiz.md"), str(folder / "in.zip"), str(folder / "marks"), "--workers", "2"]
    assert main([*words, "--class", str(folder / "class.csv"), "--secret", str(folder / "secret")]) == 0
    return folder / "marks"


def write_zip(path, course):
    right = {student: small.hand_in(course, student) for student in (*HONEST, *TEXTS, "crc", "unknown")}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in HONEST:
            archive.writestr(f"{student}/quiz.ipynb", right[student])
        for student, (make, _, _) in TEXTS.items():
            archive.writestr(f"{student}/quiz.ipynb", make(right[student]))
        for name in ZIPPED:
            link = zipfile.ZipInfo(name)
            if name.startswith("linked"):
                link.external_attr = (stat.S_IFLNK | 0o777) << 16
            data = b"0" * 20_000_001 if name.startswith("bomb") else right.get(name.split("/")[0], b"{}")
            archive.writestr(link, data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice/quiz.ipynb", b"{}")
        places = {one.filename: one.header_offset for one in archive.infolist()}
    raw = bytearray(path.read_bytes())
    raw[places["crc/quiz.ipynb"] + 200] ^= 1
    for name, at, value in (("unknown", 10, 77), ("encrypted", 8, 1)):
        listed = raw.rindex(f"{name}/quiz.ipynb".encode()) - 46
        struct.pack_into("<H", raw, listed + at, value)
    path.write_bytes(raw)


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_honest_lose_nothing_and_everybody_has_a_row(graded):
    rows = {row["student"]: row for row in table(graded / "marks.csv")}
    assert set(rows) == {*HONEST, *TEXTS, *LISTED}
    assert {rows[one]["total"] for one in HONEST} == {"12"}
    assert {rows[one]["status"] for one in HONEST} == {"needs a person"}


@pytest.mark.parametrize("name", TEXTS)
def test_odd_file_costs_its_own_student_a_clear_line(name, graded):
    _, total, says = TEXTS[name]
    row = next(row for row in table(graded / "marks.csv") if row["student"] == name)
    page = (graded / "feedback" / f"{name}.html").read_text(encoding="utf-8")
    assert row["total"] == ("" if row["status"].startswith("not readable") else str(total))
    assert says in row["status"] + page
    assert not set(page + row["status"]) & set("\x00\u202e\u2066\u200f")
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ZIPPED)
def test_odd_member_of_a_zip_is_named_and_costs_its_own_student_no_zero(name, graded):
    student = name.split("/")[0]
    rows = {row["student"]: row for row in table(graded / "marks.csv")}
    said = {row["file"]: row["why"] for row in table(graded / "put_aside.csv")}
    shown = next((why for file, why in said.items() if student.strip("\u202e\n") in file or file.startswith("'=")), "")
    if student in LISTED:
        assert rows[student]["total"] == ""
        assert ZIPPED[name] in rows[student]["status"]
    else:
        assert ZIPPED[name] in " ".join(said.values())
        assert shown


def test_what_goes_to_spreadsheets_holds_no_formula(graded):
    for path in graded.glob("*.csv"):
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            assert not [cell for cell in row if cell[:1] in ("=", "@") or (cell[:1] in "+-" and cell[1:2].isalpha())], (
                path
            )
