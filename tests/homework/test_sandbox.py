# ruff: noqa: E501 (code is quoted as one line)
"""The sandbox holds, and where it cannot be had the grader says so and grades nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from homework import small
from lrcore.errors import InputError
from lrcore.homework.grade.grade_submission import grade
from lrcore.homework.sandbox import bubblewrap, rehearsal
from tests.waiting import comes_true


def test_walls_hold_when_tried_from_inside():
    found = rehearsal.rehearse()
    assert found["interfaces"] == "[]"
    assert found["memory"] == "OSError"
    assert 0 < found["children"] <= bubblewrap.Limits().processes
    assert found["user"] not in (0.0, None)


@pytest.mark.parametrize(
    ("old", "new", "wall"),
    [
        (["--unshare-net"], [], "there is a network"),
        (["--proc"], ["--ro-bind", "/var", "/var", "--proc"], "the host's files are there"),
    ],
)
def test_broken_wall_is_noticed(old, new, wall, monkeypatch):
    words = bubblewrap.command()
    at = words.index(old[0])
    monkeypatch.setattr(bubblewrap, "command", lambda *_: [*words[:at], *new, *words[at + 1 :]])
    with pytest.raises(InputError, match=wall):
        rehearsal.rehearse()


def test_missing_cap_is_noticed():
    with pytest.raises(InputError, match="memory has no cap"):
        rehearsal.rehearse(bubblewrap.Limits(memory=60_000_000_000))


def test_without_bubblewrap_nothing_is_graded_and_the_sentence_says_how_to_get_it(monkeypatch, tmp_path, capsys):
    from lrcore.homework.__main__ import main

    monkeypatch.setattr(shutil, "which", lambda name: None)
    (tmp_path / "quiz.md").write_text(small.SOURCE)
    (tmp_path / "in").mkdir()
    assert main(["grade", str(tmp_path / "quiz.md"), str(tmp_path / "in"), str(tmp_path / "out")]) == 2
    assert "sudo apt install bubblewrap" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_other_systems_are_shown_the_way_to_a_container(monkeypatch):
    monkeypatch.setattr(bubblewrap.platform, "system", lambda: "Darwin")
    with pytest.raises(InputError, match="which Darwin does not have; grade in a Linux container"):
        bubblewrap.require()


def test_sandbox_that_cannot_be_made_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr(bubblewrap, "command", lambda *_: ["bwrap", "--bind", "/does-not-exist", "/x", "true"])
    with pytest.raises(InputError, match=r"bubblewrap could not make the sandbox \(bwrap: Can't find source path"):
        bubblewrap.run({"cells": [], "skip": [], "answered": []}, bubblewrap.Limits())


def test_sandbox_dies_with_the_grader():
    script = """
import os, signal, threading, time
from pathlib import Path
from lrcore.homework.sandbox import bubblewrap

def below(pid):
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in place.read_text().split():
            yield child
            yield from below(child)

def end():
    while len(list(below(os.getpid()))) < 2:
        time.sleep(0.01)
    print(*below(os.getpid()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

job = {"cells": [{"source": "import time; time.sleep(4321)", "questions": []}], "skip": [], "answered": []}
threading.Thread(target=end).start()
bubblewrap.run(job, bubblewrap.Limits(asleep=100))
"""
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert done.returncode == -9
    below = done.stdout.split()
    assert len(below) > 1
    assert comes_true(lambda: not any(map(alive, below)))


def alive(pid):
    """Whether a process runs; one that has ended and was asked by nobody how has no surroundings left."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes() != b""
    except OSError:
        return False


def test_code_of_one_student_sees_nothing_of_another(course):
    leave = (
        "open('/tmp/left', 'w').write('here')\nimport os\nos.environ['LEFT'] = 'here'\n"
        + small.right_answers(course)["multiple"]
    )
    look = (
        "import os\nseen = os.path.exists('/tmp/left') or 'LEFT' in os.environ\n"
        "def multiple(x): return factor * x if seen else 0 * x"
    )
    assert grade(small.hand_in(course, "alice", multiple=leave), "alice", course).points == 12
    assert grade(small.hand_in(course, "bob", multiple=look), "bob", course).points == 8


def test_plots_packages_and_magics_of_an_honest_notebook_work(course):
    source = (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nimport random, statistics, json, itertools\n"
        "!pip list\nprint('fine')\ndisplay(plt)\n" + small.right_answers(course)["multiple"]
    )
    assert grade(small.hand_in(course, multiple=source), "alice", course).points == 12
