# ruff: noqa: E501 (an attack is quoted as one line)
"""Each attack gains nothing, harms no other question, and is named where a teacher sees it."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from homework import small
from lrcore.homework.grade import grade_submission
from lrcore.homework.grade.grade_submission import grade
from lrcore.homework.release.variants import prepare
from lrcore.homework.sandbox import bubblewrap, watch
from lrcore.verify import Verdict
from tests.waiting import comes_true

RIGHT = {"multiple-test": 4.0, "lines-test": 6.0, "length-test": 2.0}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The small assignment; code has the second that has begun, since many of these use up all that they get.

    By the clock it has plenty: on a busy machine a loop takes long to use up its second, and is to end by that.
    """
    return small.course(tmp_path_factory.mktemp("attacked"), cpu=0, asleep=0.8, wall=120.0, total_wall=300.0)


@pytest.fixture(autouse=True)
def the_right_derivation_is_marked_once(monkeypatch, known={}):  # noqa: B006
    """It stands in each of these notebooks, and no code of theirs is where it is marked."""
    real = grade_submission.proved_apart

    def proved(question, said, *more):
        if question.kind != "derivation":
            return real(question, said, *more)
        if (question.name, said) not in known:
            known[question.name, said] = real(question, said, *more)
        return known[question.name, said]

    monkeypatch.setattr(grade_submission, "proved_apart", proved)


def points(graded):
    return {cell.id: cell.points for cell in graded.cells}


def told(graded):
    """Everything that a teacher or the student is told."""
    return " ".join([graded.status, *graded.remarks, *(one for cell in graded.cells for one in cell.says)])


# Each attacks question 1: (what is handed in, what is said of it).
IN_THE_CELL = {
    "patched allclose": (
        "import numpy\nnumpy.allclose = numpy.isclose = numpy.array_equal = lambda *a, **k: True\ndef multiple(x): return 0 * x",
        "it is zero",
    ),
    "patched sympy": (
        "import sympy\nsympy.simplify = sympy.expand = lambda *a: 0\ndef multiple(x): return x",
        "a constant factor",
    ),
    "patched builtins": (
        "import builtins\nbuiltins.abs = builtins.max = lambda *a, **k: 0\nbuiltins.all = lambda *a: True\ndef multiple(x): return x + 1",
        "no single sign",
    ),
    "patched comparison": (
        "class Yes(float):\n    __eq__ = __le__ = __lt__ = __ge__ = lambda *a: True\n    __sub__ = __rsub__ = lambda *a: 0.0\n"
        "def multiple(x): return Yes(1)",
        "its shape is ()",
    ),
    "object that equals everything": (
        "class Any:\n    def __eq__(self, other): return True\n    def __getattr__(self, name): return self\n"
        "    def __call__(self, *a): return self\ndef multiple(x): return Any()",
        "",
    ),
    "array that lies": (
        "class Liar(np.ndarray):\n    def __eq__(self, other): return np.True_\n    def __array_function__(self, *a, **k): return True\n"
        "def multiple(x): return np.zeros(x.shape).view(Liar)",
        "it is zero",
    ),
    "hunting on disk": (  # all but the system, Python and its packages, which hold nothing of a course and take minutes
        "import os\nfound = []\nfor root, folders, names in os.walk('/'):\n"
        "    if root == '/': folders[:] = set(folders) - {'proc', 'dev', 'usr', 'lib', 'lib64', 'bin', 'python', 'packages'}\n"
        "    for name in names:\n        try: text = open(os.path.join(root, name), errors='ignore').read()\n        except Exception: continue\n"
        "        if 'def hidden_cases' in text or 'return factor * x' in text and 'NAME' not in text: found.append(text)\n"
        "seen = len(os.listdir('/grader')) > 1\ndef multiple(x): return x if found or not seen else x * 0",
        "it is zero",
    ),
    "hunting on disk without end": ("import os\nwhile True: list(os.walk('/'))", "the cell stopped with"),
    "hunting in proc": (
        "import glob\nfound = ''\nfor name in glob.glob('/proc/[0-9]*/*'):\n    try: found += open(name, errors='ignore').read(100000)\n"
        "    except Exception: pass\ndef multiple(x): return x * (1 if 'hidden_cases' in found or 'expected' in found else 0)",
        "it is zero",
    ),
    "hunting in frames and gc": (
        "import gc, sys\ndef multiple(x):\n    found, frame = [], sys._getframe()\n    while frame: found.append(str(list(frame.f_locals))); frame = frame.f_back\n"
        "    texts = [str(one) for one in gc.get_objects() if isinstance(one, dict) and 'expected' in one]\n"
        "    return x * (1 if any('expected' in one for one in found + texts) else 0)",
        "",
    ),
    "forged lines": (
        "import os, json\nfor fd in range(3, 20):\n    try: os.write(fd, b'\\n' + json.dumps({'answer': 'multiple-test/0', 'said': '[{\"value\": true}]'}).encode() + b'\\n')\n"
        "    except OSError: pass\ndef multiple(x): return x",
        "forged output",
    ),
    "forged end": (
        'import os\nfor fd in range(3, 20):\n    try: os.write(fd, b\'{"end": true}\\n{"total": 100}\\n\')\n    except OSError: pass\nos._exit(0)',
        "forged output",
    ),
    "keys twice": (
        'import os\ndef multiple(x):\n    for fd in range(3, 30):\n        try: os.write(fd, b\'[{"value": 1, "value": 2}]\')\n        except OSError: pass\n    os._exit(0)',
        "",
    ),
    "giant value": ("def multiple(x): return np.zeros(3_000_000)", "array with 3000000 numbers"),
    "deeply nested value": (
        "def multiple(x):\n    deep = []\n    for _ in range(100_000): deep = [deep]\n    return deep",
        "",
    ),
    "nested text": (
        "import os\ndef multiple(x):\n    for fd in range(3, 30):\n        try: os.write(fd, b'[' * 5000)\n        except OSError: pass\n    os._exit(0)",
        "no answer came from it",
    ),
    "giant integer": ("def multiple(x): return 10 ** 5000", "OverflowError"),
    "NaN": ("def multiple(x): return x * float('nan')", "it holds NaN or infinity"),
    "infinity": ("def multiple(x): return x * float('inf')", "it holds NaN or infinity"),
    "infinite loop in the cell": ("while True: pass", "stopped"),
    "infinite loop in the function": ("def multiple(x):\n    while True: pass", "computing time"),
    "loop that ignores its limit": (
        "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\ndef multiple(x):\n    while True: pass",
        "",
    ),
    "raised limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 ** 62, 2 ** 62))\ndef multiple(x): return x",
        "not allowed to raise maximum limit",
    ),
    "sleep": ("import time\ntime.sleep(1000)", "asleep"),
    "sleep in small pieces": (
        "import time\nwhile True:\n    time.sleep(0.05)\n    sum(range(20_000))",
        "too long by the clock",
    ),
    "empty files without end": ("for k in range(10 ** 7): open(f'/tmp/{k}', 'w').close()", "more memory than it may"),
    "memory that no process holds": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nheld = [libc.shmget(k, 1 << 28, 0o1600) for k in range(1, 9)]\n"
        "def multiple(x): return x * (1 if max(held) >= 0 else 0)",
        "it is zero",
    ),
    "sleep in the function": ("import time\ndef multiple(x): time.sleep(1000)", "wait"),
    "fork bomb": ("import os\ndef multiple(x):\n    while True: os.fork()", ""),
    "fork bomb in the cell": (
        "import os\nfor _ in range(1000):\n    if os.fork() == 0:\n        while True: os.fork()",
        "",
    ),
    "processes that spin together": (
        "import os, time\ndef multiple(x):\n    for _ in range(8):\n        if os.fork() == 0:\n            while True: pass\n    time.sleep(1000)",
        "computing time",
    ),
    "four gigabytes": ("def multiple(x): return len(bytearray(4_000_000_000)) * x", "MemoryError"),
    "many processes with much memory": (
        "import os\nfor _ in range(20):\n    if os.fork() == 0:\n        held = bytearray(b'x' * 400_000_000)\n        while True: pass\nimport time\ntime.sleep(1000)",
        "",
    ),
    "disk full": (
        "for name in range(1000):\n    with open(f'/tmp/{name}', 'wb') as file: file.write(b'x' * 7_000_000)",
        "OSError",
    ),
    "one large file": ("open('/tmp/large', 'wb').write(b'x' * 100_000_000)", ""),
    "flood of prints": ("for _ in range(300_000): print('x' * 1000)\ndef multiple(x): return x", "a constant factor"),
    "flood of the channel": (
        "import os\nfor fd in range(3, 20):\n    try:\n        while True: os.write(fd, b'x' * 65536)\n    except OSError: pass",
        "",
    ),
    "exit": ("import os\nos._exit(0)", "ended early"),
    "exit in the function": ("import os\ndef multiple(x): os._exit(0)", "ended without an answer"),
    "sys.exit": ("import sys\nsys.exit()", "SystemExit"),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)", "ended early"),
    "kills its parent": ("import os\ndef multiple(x):\n    os.kill(os.getppid(), 9)\n    return x", "ended early"),
    "kills all": ("import os\ndef multiple(x):\n    os.kill(-1, 9)\n    return x", "ended early"),
    "stops its parent": (
        "import os, signal\ndef multiple(x):\n    os.kill(os.getppid(), signal.SIGSTOP)\n    return x",
        "asleep",
    ),
    "threads left running": (
        "import threading\ndef spin():\n    while True: pass\nfor _ in range(5): threading.Thread(target=spin, daemon=True).start()\ndef multiple(x): return x",
        "",
    ),
    "network": (
        "import socket\nsocket.create_connection(('1.1.1.1', 53), timeout=3)\ndef multiple(x): return x",
        "PermissionError: [Errno 1]",
    ),
    "others' files": ("open('/grader/worker.py', 'w').write('')", "Error"),
    "devices": ("open('/dev/zero').read(1)", "No such file"),
    "poisoned module": (
        "import sys, os\nopen('/tmp/json.py', 'w').write('loads = dumps = lambda *a, **k: None')\nsys.path.insert(0, '/tmp')\n"
        "for name in ('json', 'numpy', 'lrcore'): sys.modules.pop(name, None)\nimport json\ndef multiple(x): return x",
        "a constant factor",
    ),
    "reads its own seed": (
        "import os, sys\nfrom lrcore.homework.release import questions, variants\nfound = [questions._VARIANT.get(), questions._RECORDER.get(), dict(os.environ), sys.argv]\n"
        "def multiple(x): return x * (1 if any('secret' in str(one).lower() for one in found) else 0)",
        "it is zero",
    ),
    "a module it must not have": (
        "from lrcore.gradient import gradient\ndef multiple(x): return x",
        "The grader has no module lrcore.gradient",
    ),
    "a module it must not have, by its present name": (
        "from lrcore.gradients import gradient\ndef multiple(x): return x",
        "The grader has no module lrcore.gradients",
    ),
    "a function it must not have": (
        "import lrcore as lr\nlr.gradient\ndef multiple(x): return x",
        "No module named 'lrcore.gradients'",
    ),
    "error that is no error": (
        "class Odd(Exception):\n    def __str__(self): raise self\nraise Odd",
        "cannot be shown",
    ),
    "markup in an error": ("raise ValueError('<script>alert(1)</script>' * 100)", "ValueError"),
    "subinterpreter of shells": (
        "import os\nos.system('rm -rf / --no-preserve-root; :(){ :|:& };:')\ndef multiple(x): return x",
        "",
    ),
}


@pytest.mark.parametrize("name", IN_THE_CELL)
def test_attack_in_a_cell_gains_nothing_and_costs_only_its_question(name, course):
    source, says = IN_THE_CELL[name]
    if "by the clock" in says:
        course = replace(course, limits=replace(course.limits, wall=2.0))
    graded = grade(small.hand_in(course, multiple=source), "alice", course)
    marks = points(graded)
    assert marks["multiple-test"] == 0
    assert {key: marks[key] for key in ("lines-test", "length-test")} == {"lines-test": 6.0, "length-test": 2.0}
    assert says in told(graded)
    assert told(graded) != "needs a person", "nobody would learn of the attack"


def test_rewriting_the_worker_gains_nothing(course):
    source = (
        "import sys\nworker = next(f.f_globals for f in (sys._getframe(k) for k in range(1, 5)) if '_written' in f.f_globals)\n"
        "worker['_written'] = lambda value, depth=0: {'value': True, 'right': True, 'share': 1}\ndef multiple(x): return x"
    )
    graded = grade(small.hand_in(course, multiple=source), "alice", course)
    assert graded.points == 0
    assert "cannot be read" in told(graded)


def test_without_an_attack_everything_is_earned(course):
    graded = grade(small.hand_in(course), "alice", course)
    assert points(graded) == {**RIGHT, "words": None}
    assert graded.status == "needs a person"


def test_a_right_answer_before_a_hang_keeps_its_marks(course):
    data = small.hand_in(course, lines="while True: pass")
    assert points(grade(data, "alice", course)) == {
        "multiple-test": 4.0,
        "lines-test": 0.0,
        "length-test": 2.0,
        "words": None,
    }


DERIVATIONS = {
    "L = L repeated": r"L = L \\ L = L \\ L = L \\ \frac{\partial L}{\partial w} = \frac{\partial L}{\partial w}",
    "two lines": r"\frac{\partial L}{\partial w} = \frac2N X^\top r",
    "the end twice": r"\frac{\partial L}{\partial w} = \frac2N X^\top r = \frac2N X^\top r \\ \frac{\partial L}{\partial w} = \frac2N X^\top r",
    "padded with zero": r"\frac{\partial L}{\partial w} = \frac2N X^\top r + 0 \frac{\partial L}{\partial w} = \frac2N X^\top r",
    "padded with a difference": r"\frac{\partial L}{\partial w} = \frac2N X^\top r + \frac{\partial L}{\partial w} - \frac{\partial L}{\partial w}"
    r" = \frac2N X^\top r",
    "padded with one": r"\frac{\partial L}{\partial w} = 1 \cdot \frac{\partial L}{\partial w} = \frac2N X^\top r",
    "halves": r"\frac{\partial L}{\partial w} = \frac12 \frac{\partial L}{\partial w} + \frac12 \frac{\partial L}{\partial w} = \frac2N X^\top r",
    "an entry of itself": r"\frac{\partial L}{\partial w_k} = \left[\frac{\partial L}{\partial w}\right]_k = \sum_l \delta_{kl} \frac{\partial L}{\partial w_l}"
    r" = \frac2N \sum_i r_i X_{ik} \\ \frac{\partial L}{\partial w} = \frac2N X^\top r",
    "a derivative put beside the end": r"\frac{\partial L}{\partial w} = \frac2N X^\top r + \left(\frac{\partial r}{\partial w}\right)^\top r - X^\top r"
    r" = \frac2N X^\top r",
    "typed: two lines": "grad(L, w) = 2/N * X.T @ r",
    "typed: padded": "grad(L, w) = 2/N * X.T @ r + 0 * grad(L, w) = 1 * grad(L, w) = 2/N * X.T @ r + grad(L, w) - grad(L, w) = 2/N * X.T @ r",
    "typed: halves": "grad(L, w) = 1/2 * grad(L, w) + 1/N * X.T @ r = 2/N * X.T @ r",
    "typed: an entry of itself": "grad(L, w[k]) = grad(L, w)[k] = 2/N * sum(i, r[i] * X[i, k])\ngrad(L, w) = 2/N * X.T @ r",
    "typed: redefined": "y := X @ w\ngrad(L, w) = jac(r, w).T @ grad(L, r) = 0 * w",
    "redefined symbol": r"y := X w \\ \frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = 0",
    "redefined loss": r"L := 0 \\ \frac{\partial L}{\partial w} = \left(\frac{\partial r}{\partial w}\right)^\top \frac{\partial L}{\partial r} = 0",
    "redefined size": r"N := 2 \\ \frac{\partial L}{\partial w} = X^\top r",
    "assumed away": r"X w = y \\ \frac{\partial L}{\partial w} = 0",
    "unreadable": "\\frac{" * 500,
    "very long": r"L = L \\ " * 5000,
    "code": "__import__('os').system('true')",
}


@pytest.mark.parametrize("name", DERIVATIONS)
def test_derivation_that_shows_nothing_earns_nothing_and_a_padded_answer_no_more_than_the_bare_one(name, course):
    task = prepare(course.assignment, small.SECRET, "alice").questions["lines-test"][0].context
    from lrcore.homework.grade.derivations import mark

    found = mark(DERIVATIONS[name], task)
    bare = mark(DERIVATIONS["two lines"], task).points
    assert 0 < bare < task.points / 2
    assert found.points == (bare if "is a jump of" in found.says else 0)
    assert found.says


TOO_MUCH = {
    "a power": ("10^{999999999} = w", "10^{3} w = 1000 w", "Powers up to 1000 are read"),
    "a typed power": ("10**999999999 = 0", "10**3 * w = 1000 * w", "Powers up to 1000 are read"),
    "powers of powers": ("9^{9^{9^{9}}} = w^\\top w", "9^{2} w = 81 w", "A power above 8"),
    "a number": ("w = " + "9" * 5000, "w = 1 w", "more than 300 digits"),
    "a matrix": ("ones(10**9) = 0", "ones(N).T @ y = sum(i, y[i])", "not a declared size"),
    "a definition doubled 25 times": (
        "a0 := w\n" + "\n".join(f"a{k + 1} := a{k} + a{k}" for k in range(25)) + "\na25 = 0 * w",
        "a0 := w\n" + "\n".join(f"a{k + 1} := a{k} + a{k}" for k in range(3)) + "\na3 = 8 * w",
        "too long to be decided",
    ),
    "brackets": ("(" * 3000 + "w" + ")" * 3000 + " = w", "((((w)))) = w", "nested too deeply"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_formula_that_is_too_much_gets_a_sentence_and_its_small_neighbour_is_proved(name, course):
    task = prepare(course.assignment, small.SECRET, "alice").questions["lines-test"][0].context
    from lrcore.homework.grade.derivations import mark

    too_much, small_one, says = TOO_MUCH[name]
    assert says in mark(too_much, task).report.steps[-1].message
    assert mark(small_one, task).report.steps[-1].verdict == "PROVED"


def test_a_jump_over_the_way_is_named_and_what_was_not_decided_goes_to_a_person(course, monkeypatch):
    task = prepare(course.assignment, small.SECRET, "alice").questions["lines-test"][0].context
    from lrcore.homework.grade import marks

    jump = marks.mark(DERIVATIONS["two lines"], task)
    assert "is a jump of" in jump.says and jump.points < jump.out_of
    wrong = r"\frac{\partial L}{\partial w} = X^\top r"
    assert not marks.mark(wrong, task).for_a_person
    examined = marks.examine(wrong, task.context)
    for lost in ({"out_of_work": True}, {"verdict": Verdict.OPEN}, {"verdict": Verdict.UNREADABLE}):
        step = replace(examined.report.steps[0], **lost)
        undecided = replace(examined, report=replace(examined.report, steps=(step,)))
        monkeypatch.setattr(marks, "examine", lambda *_, found=undecided: found)
        found = marks.mark(wrong, task)
        assert found.for_a_person
        assert found.first_wrong is None


def test_cells_deleted_reordered_doubled_or_renamed_cost_nothing_that_was_right(course):
    made = small.cells(course, small.right_answers(course))
    by_name = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in made}
    answers = [by_name[name] for name in ("multiple", "lines", "length", "words")]
    renamed = json.loads(json.dumps(made).replace('"multiple"', '"renamed"'))
    variants = {
        "deleted": (answers, "deleted"),
        "reordered": (made[::-1], ""),
        "doubled": (made + made, "twice"),
        "renamed": (renamed, "missing"),
    }
    for what, (cells, says) in variants.items():
        graded = grade(small.notebook(cells), "alice", course)
        assert points(graded) == {**RIGHT, "words": None}, what
        assert says in told(graded), what


def test_a_copied_cell_with_another_answer_does_not_count_twice(course):
    made = small.cells(course, {**small.right_answers(course), "length": "length = '1 m'"})
    made.append({**next(cell for cell in made if "length =" in cell["source"]), "source": f"length = '{10**3} m'"})
    assert points(grade(small.notebook(made), "alice", course))["length-test"] == 0


def test_changed_locked_cells_change_nothing(course):
    made = small.cells(course, {**small.right_answers(course), "multiple": "def multiple(x): return 7 * x"})
    for cell in made:
        if cell["source"].startswith("factor ="):
            cell["source"] = "factor = 7"
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "pass"
    assert points(grade(small.notebook(made), "alice", course))["multiple-test"] == 0


UNREADABLE = {
    "empty": b"",
    "blank": b"  \n",
    "binary": os.urandom(2000),
    "no notebook": b'{"hello": 1}',
    "a list": b"[1, 2]",
    "truncated": None,
    "nested": b"[" * 200_000,
    "keys twice": b'{"cells": [], "cells": []}',
    "a number": b"1e999999",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_file_that_is_no_notebook_is_said_to_be_none(name, course):
    data = UNREADABLE[name] if UNREADABLE[name] is not None else small.hand_in(course)[:-500]
    graded = grade(data, "alice", course)
    assert graded.points == 0
    assert graded.status.startswith("not readable: The ")
    assert len(graded.cells) == 4


def test_odd_but_harmless_parts_of_a_notebook_are_read_over(course):
    found = json.loads(small.hand_in(course))
    found["cells"] += [
        1,
        None,
        {"cell_type": "code"},
        {"cell_type": "raw", "source": 3},
        {"cell_type": "code", "source": [1, "x = 1"]},
    ]
    found["metadata"]["lrcore"] = "nothing"
    assert grade(json.dumps(found).encode(), "alice", course).points == 12


def test_kernel_of_another_language_is_named(course):
    data = small.notebook(small.cells(course, small.right_answers(course)), kernelspec={"language": "R", "name": "ir"})
    graded = grade(data, "alice", course)
    assert graded.points == 12
    assert "kernel is for R" in told(graded)


def factor_of(course, student):
    source = next(
        cell.source
        for cell in prepare(course.assignment, small.SECRET, student).cells
        if cell.source.startswith("factor =")
    )
    return int(source.split("=")[1])


def test_notebook_of_another_student_is_marked_against_ones_own_variant(course):
    data = small.hand_in(
        course,
        "bob",
        length=small.right_answers(course, "bob")["length"].replace("factor", str(factor_of(course, "bob"))),
    )
    assert grade(data, "bob", course).points == 12
    graded = grade(data, "alice", course)
    assert points(graded)["length-test"] == 0
    assert "another student" in told(graded)


def test_no_process_of_an_attack_survives_it(course, tmp_path, monkeypatch):
    source = "import os, time\nfor _ in range(5):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(987654)\ntime.sleep(987654)"
    mark, seen, real = str(tmp_path), [0], watch.look
    monkeypatch.setitem(bubblewrap._ENVIRONMENT, "MARK", mark)  # what is born inside carries it, whoever adopts it

    def alive():
        return sum(mark.encode() in _bytes(path) for path in Path("/proc").glob("[0-9]*/environ"))

    monkeypatch.setattr(watch, "look", lambda *given: seen.append(alive()) or real(*given))
    grade(small.hand_in(course, multiple=source), "alice", course)
    assert max(seen) >= 6
    assert comes_true(lambda: alive() == 0)


def _bytes(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""
