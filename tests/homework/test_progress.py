"""The bar names who is being graded and for how long: a teacher sees at once over whom a run hangs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from lrcore.homework.grade import grade_class
from lrcore.homework.grade.progress import Progress


def test_longest_at_work_comes_first_with_its_seconds():
    now = [0.0]
    bar = Progress(9, shown=False, clock=lambda: now[0])
    assert bar.at_work(["mallory", "ann"]) == "ann 0 s, mallory 0 s"
    now[0] = 12.0
    assert bar.at_work(["mallory", "bob"]) == "mallory 12 s, bob 0 s"
    now[0] = 15.0
    assert bar.at_work(["mallory", *"cdefg"]) == "mallory 15 s, c 0 s, d 0 s, e 0 s, and 2 more"


def test_bar_on_the_screen_names_who_is_being_graded(capsys):
    bar = Progress(2, shown=True)
    bar.bar.delay = 0
    bar.at_work(["mallory"])
    bar.one_is_done()
    bar.bar.refresh()
    bar.close()
    said = capsys.readouterr().err
    assert "grading" in said
    assert "mallory 0 s" in said


def test_those_at_work_are_named_until_they_land(course, tmp_path, monkeypatch):
    said, seen = list[list[str]](), threading.Event()

    def at_work(self, students):
        said.append(list(students))
        if said[-1] == ["mallory"]:
            seen.set()

    def grade(data, student, course):
        if student == "mallory":
            assert seen.wait(timeout=60), "the others have landed, and she is not named alone"
        return grade_class.Graded(student, "ok", ())

    monkeypatch.setattr(Progress, "at_work", at_work)
    monkeypatch.setattr(grade_class, "grade", grade)
    files = [SimpleNamespace(student=name, read=lambda: b"{}") for name in ("ann", "mallory", "bob", "cyd")]
    with ThreadPoolExecutor(2) as pool:
        graded = grade_class.grade_all(files, course, tmp_path, executor=pool, progress=False)
    assert [one.student for one in graded] == ["ann", "bob", "cyd", "mallory"]
    assert said[0] == ["ann", "mallory"], "as many as there are workers"
    assert ["mallory"] in said
