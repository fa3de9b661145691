"""A class in parallel: fair on a busy machine, whole when a worker is killed, the same through any executor."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from homework import small
from lrcore.homework.grade.grade_class import grade_all
from lrcore.homework.grade.grade_submission import Graded
from lrcore.homework.grade.submissions import collect
from tests.waiting import comes_true

SPIN = "end = __import__('time').process_time() + 0.3\nwhile __import__('time').process_time() < end: pass\n"


def handed_in(folder, course, students, **answers):
    folder.mkdir()
    for student in students:
        (folder / f"quiz_{student}.ipynb").write_bytes(small.hand_in(course, student, **answers))
    return collect(folder, "quiz").submissions


def test_correct_submissions_lose_nothing_at_three_times_as_many_workers_as_cores(course, tmp_path):
    right = small.right_answers(course)["multiple"]
    workers = 3 * len(os.sched_getaffinity(0))
    students = [f"s{k}" for k in range(workers)]
    submissions = handed_in(tmp_path / "in", course, students, multiple=SPIN + right)
    graded = grade_all(submissions, course, tmp_path / "keep", workers=workers, progress=False)
    assert [(one.student, one.points) for one in graded] == [(student, 12.0) for student in sorted(students)]


def test_killed_worker_costs_no_submission_and_none_comes_twice(course, tmp_path):
    submissions = handed_in(tmp_path / "in", course, [f"s{k}" for k in range(4)])
    killer = threading.Thread(target=kill_one_worker)
    killer.start()
    graded = grade_all(submissions, course, tmp_path / "keep", workers=2, progress=False)
    killer.join()
    assert [(one.student, one.points) for one in graded] == [(f"s{k}", 12.0) for k in range(4)]


def kill_one_worker():
    """Kill the first process that grades: one that has a sandbox below it."""
    assert comes_true(_killed_one), "no worker was found to kill"


def _killed_one():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().split(b"\0")[0].endswith(b"bwrap"):
                worker = int(path.with_name("stat").read_text().rpartition(")")[2].split()[1])
                if _ancestor(worker, os.getpid()) and worker != os.getpid():
                    os.kill(worker, signal.SIGKILL)
                    return True
        except (OSError, ValueError):
            continue
    return False


def _ancestor(pid, wanted):
    while pid > 1:
        if pid == wanted:
            return True
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return False


def test_submission_that_kills_its_worker_each_time_is_left_to_a_person(course, tmp_path, monkeypatch):
    submissions = handed_in(tmp_path / "in", course, ["good", "other"])
    deadly = replace(submissions[0], student="deadly")
    from lrcore.homework.grade import grade_class

    monkeypatch.setattr(grade_class, "grade", small.die_on_deadly)
    graded = grade_all([*submissions, deadly], course, tmp_path / "keep", workers=2, progress=False)
    found = {one.student: one for one in graded}
    assert found["good"].status == found["other"].status == "graded here"
    assert "could not be graded" in found["deadly"].status
    assert {cell.points for cell in found["deadly"].cells} == {None}


def test_workers_end_with_a_grader_that_was_killed():
    script = (
        "import os, time\nfrom lrcore.homework.grade import grade_class\nwith grade_class._pool(1) as pool:\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n    time.sleep(100)"
    )
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    worker = int(grader.stdout.readline())
    assert Path(f"/proc/{worker}").exists()
    grader.kill()
    assert comes_true(lambda: not Path(f"/proc/{worker}").exists())
    grader.communicate()


def test_any_executor_gives_the_same_results(course, tmp_path):
    submissions = handed_in(tmp_path / "in", course, ["a", "b"], length="length = '1 m'")
    by_default = grade_all(submissions, course, tmp_path / "one", workers=1, progress=False)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert grade_all(submissions, course, tmp_path / "two", executor=pool, progress=False) == by_default
    with ThreadPoolExecutor(2) as pool:
        assert grade_all(submissions, course, tmp_path / "three", executor=pool, progress=False) == by_default
    kept = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two", "three")]
    assert kept[0] == kept[1] == kept[2]


def test_changed_submission_or_assignment_is_graded_again(course, tmp_path, monkeypatch):
    submissions = handed_in(tmp_path / "in", course, ["a", "b"])
    from lrcore.homework.grade import grade_class

    asked = []

    def noted(data, student, course):
        asked.append(student)
        return Graded(student, "ok", ())

    monkeypatch.setattr(grade_class, "grade", noted)
    with ThreadPoolExecutor(1) as pool:
        for changed in ("nothing", "nothing", "a submission", "the assignment", "the secret", "a limit"):
            if changed == "a submission":
                (tmp_path / "in" / "quiz_a.ipynb").write_bytes(small.hand_in(course, "a", words="other"))
            if changed == "the assignment":
                course = replace(course, assignment=replace(course.assignment, title="Quiz, mended"))
            if changed == "the secret":
                course = replace(course, secret=b"another secret that is long")
                (tmp_path / "keep" / "_about.json").unlink()  # else the folder is refused as another course's
            if changed == "a limit":
                course = replace(course, limits=replace(course.limits, cpu=3))
            grade_all(submissions, course, tmp_path / "keep", executor=pool, progress=False)
            asked.append("|")
    assert "".join(sorted_parts("".join(asked))) == "ab||a|ab|ab|ab|"


def sorted_parts(text):
    return ["".join(sorted(part)) + "|" for part in text.split("|")[:-1]]


def test_dask_cluster_loses_nothing_when_a_worker_is_killed(course, tmp_path):
    distributed = pytest.importorskip(
        "distributed", reason="dask and distributed are not installed: pip install distributed"
    )
    submissions = handed_in(tmp_path / "in", course, [f"s{k}" for k in range(6)])
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        killer = threading.Timer(1.0, os.kill, (victim, signal.SIGKILL))
        killer.start()
        graded = grade_all(submissions, course, tmp_path / "keep", executor=client.get_executor(), progress=False)
        killer.join()
    assert [(one.student, one.points) for one in graded] == [(f"s{k}", 12.0) for k in range(6)]


def test_a_course_is_plain_values_that_a_worker_loads_at_once(course):
    sent = pickle.dumps(course)
    assert b"lrcore" in sent
    assert b"nbformat" not in sent
