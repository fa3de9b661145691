"""How fast the homework grader is, and whether it is fair on a busy machine.

    python benchmarks/homework_grading.py --against 40      the same submissions through nbgrader autograde, in turns
    python benchmarks/homework_grading.py --fair 200        correct submissions at three times as many workers as cores
    python benchmarks/homework_grading.py --hostile 300     a course of so many, ten of them hostile, to the last mark

Both use homework 1, answered in several ways, and the command line as a teacher types it, from a cold start. Ours also
writes feedback, marks and a summary; nbgrader's autograde writes none. Writes ``benchmarks/results/homework.json``.
"""

import argparse
import csv
import ctypes
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from itertools import cycle, islice, product
from pathlib import Path
from statistics import median
from typing import Any

import nbformat

from lrcore.homework.release.assignment import load
from lrcore.homework.release.dry_run import solved
from lrcore.homework.release.student_versions import student_version
from lrcore.homework.release.variants import Prepared, prepare

RESULT = Path(__file__).resolve().parent / "results" / "homework.json"
SECRET = "a secret for the benchmark alone"
CORES = os.cpu_count() or 1
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux
DERIVATIONS = (
    r"\frac{\partial L}{\partial w_k} = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial w_k} \\"
    r" = C (\hat y - y) x_k \\ \frac{\partial L}{\partial w} = C (\hat y - y) x",
    r"dL = C (\hat y - y) d\hat y = C (\hat y - y) x^\top dw \\ \nabla_w L = C (\hat y - y) x",
    r"\frac{\partial L}{\partial w_j} = C (\hat y - y) \frac{\partial \hat y}{\partial w_j} = C (\hat y - y) x_j \\"
    r" \frac{\partial L}{\partial w} = C (\hat y - y) x",
    r"\nabla_w L = C (w^\top x + b - y) \frac{\partial}{\partial w} (w^\top x + b - y) = C (\hat y - y) x",
)  # C is the factor of the variant
GRADIENTS = (
    "    r = w @ x + b - y\n    return 2 / factor * r * x, 2 / factor * r",
    "    error = np.dot(x, w) + b - y\n    db = 2 * error / factor\n    return db * x, db",
    "    r = sum(p * q for p, q in zip(x, w)) + b - y\n    return r * 2 / factor * x, r * 2 / factor",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fair", type=int, metavar="N", help="grade N correct submissions with many workers")
    parser.add_argument("--against", type=int, metavar="N", help="grade N submissions, then let nbgrader grade them")
    parser.add_argument("--hostile", type=int, metavar="N", help="grade N submissions, of which ten are attacks")
    parser.add_argument("--rounds", type=int, default=3, metavar="R", help="how often, in turns, for --against (3)")
    options = parser.parse_args()
    if not options.fair and not options.against and not options.hostile:
        parser.print_help()
    with tempfile.TemporaryDirectory() as folder:
        if options.against:
            keep("against nbgrader", against_nbgrader(Path(folder) / "against", options.against, options.rounds))
        if options.fair:
            keep("fair", fairness(Path(folder) / "fair", options.fair))
        if options.hostile:
            keep("hostile", with_hostile(Path(folder) / "hostile", options.hostile))


def keep(what: str, found: dict[str, Any]) -> None:
    """Put a measurement into the file of results, beside the others."""
    machine = {"cores": CORES, "system": platform.system(), "python": platform.python_version()}
    results = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    results[what] = {**found, "machine": machine, "load": round(os.getloadavg()[0], 1)}
    RESULT.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n")


# ---------------------------------------------------------------------- what is handed in


def hand_in(folder: Path, number: int) -> None:
    """Right notebooks of everybody's version, each answered in one of several ways, in nbgrader's tree."""
    prepared = prepared_for_all()
    factor = next(cell.source for cell in prepared.cells if cell.source.startswith("factor =")).split()[2]
    twice = rf"\frac{{2}}{{{factor}}}"
    given = solved(prepared, student_version(prepared, None))
    for k, (derivation, gradient) in enumerate(islice(cycle(product(DERIVATIONS, GRADIENTS)), number)):
        answers = {
            "derivation": f'derivation = r"{derivation.replace("C", twice)}"',
            "gradient": f"def gradient(x, y, w, b):\n{gradient}",
        }
        path = folder / "submitted" / f"s{k:04}" / "hw1" / "hw1.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(answered(given, answers)), encoding="utf-8")
    (folder / "secret").write_text(SECRET)


def answered(notebook: dict[str, Any], answers: dict[str, str]) -> dict[str, Any]:
    """The notebook with these answers in it."""
    cells = []
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cells.append({**cell, "source": answers.get(name, cell["source"])})
    return {**notebook, "cells": cells}


def prepared_for_all() -> Prepared:
    return prepare(load("hw1"), SECRET.encode(), variants=False)


HOSTILE = {  # in place of the function that was asked for, or of the derivation
    "a loop without end": {"gradient": "while True: pass"},
    "asleep for ten days": {"gradient": "import time\ntime.sleep(10 ** 6)"},
    "asleep in small pieces": {"gradient": "import time\nwhile True:\n    time.sleep(0.05)\n    sum(range(20_000))"},
    "a fork bomb": {"gradient": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"},
    "memory of many": {
        "gradient": "import os\nfor _ in range(20):\n    if os.fork() == 0:\n        held = b'x' * 400_000_000\n"
        "        while True: pass\nwhile True: pass"
    },
    "empty files": {"gradient": "for k in range(10 ** 7): open(f'/tmp/{k}', 'w').close()"},
    "a flood of output": {
        "gradient": "import os\nfor fd in range(3, 20):\n    try:\n        while True: os.write(fd, b'x' * 65536)\n"
        "    except OSError: pass"
    },
    "kills all it can": {"gradient": "import os\ndef gradient(*_): os.kill(-1, 9)"},
    "a definition doubled": {
        "derivation": 'lines = ["a0 := w", *(f"a{k + 1} := a{k} + a{k}" for k in range(60)), "a60 = w"]\n'
        'derivation = "\\n".join(lines)'
    },
    "powers and brackets": {"derivation": 'derivation = "(" * 2000 + "10^{999999999}" + ")" * 2000 + " = ones(10**9)"'},
}


def make_hostile(folder: Path) -> dict[str, str]:
    """Put an attack into the notebooks of the first ten; who has which."""
    who = {}
    for k, (what, answers) in enumerate(HOSTILE.items()):
        path = folder / "submitted" / f"s{k:04}" / "hw1" / "hw1.ipynb"
        path.write_text(json.dumps(answered(json.loads(path.read_text()), answers)), encoding="utf-8")
        who[f"s{k:04}"] = what
    return who


def with_hostile(folder: Path, number: int) -> dict[str, Any]:
    """What a course with ten attacks in it takes, who lost marks, and what is said of the ten."""
    folder.mkdir()
    hand_in(folder, number)
    hostile = make_hostile(folder)
    clock, processors = grade(folder, "out", CORES)
    lost = [row for row in lost_marks(folder, "out", number) if row.split(":")[0] not in hostile]
    with (folder / "out" / "marks.csv").open() as file:
        said = {hostile[row["student"]]: f"{row['total']} points, {row['status']}" for row in csv.DictReader(file)
                if row["student"] in hostile}  # fmt: skip
    return {
        "submissions": number,
        "hostile": said,
        "honest that lost marks": lost,
        "seconds": round(clock, 1),
        "CPU seconds": round(processors, 1),
    }


# ---------------------------------------------------------------------- the two graders


def grade(folder: Path, out: str, workers: int) -> tuple[float, float]:
    """Seconds that the book's grader takes, by the clock and of all processors."""
    words = ["hw1", folder / "submitted", folder / out, "--same", "--secret", folder / "secret", "--workers", workers]
    return seconds(folder, "lrcore.homework", "grade", *map(str, words))


def lost_marks(folder: Path, out: str, number: int) -> list[str]:
    """The rows of marks.csv with less than a right notebook earns, its words unmarked."""
    with (folder / out / "marks.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == number
    most = load("hw1").points - 2
    return [f"{row['student']}: {row['total']} {row['status']}" for row in rows if float(row["total"]) != most]


def nbgrader_source(folder: Path) -> None:
    """The teacher's version, as nbgrader wants it."""
    source = folder / "source" / "hw1"
    source.mkdir(parents=True)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    for cell in prepared_for_all().cells:
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells.append(make(cell.source, metadata={"nbgrader": cell.metadata["nbgrader"]} if cell.id else {}))
    nbformat.write(notebook, source / "hw1.ipynb")
    nbgrader(folder, "generate_assignment", "hw1", "--create")


def nbgrader(folder: Path, *words: str) -> tuple[float, float]:
    """The same of a command of nbgrader."""
    options = (f"--CourseDirectory.root={folder}", "--ClearSolutions.enforce_metadata=False")
    return seconds(folder, "nbgrader", *words, *options)


def seconds(folder: Path, module: str, *words: str) -> tuple[float, float]:
    """Seconds that a command and all that it started take, by the clock and of all processors."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by name
    command = [sys.executable, "-m", module, *words]
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # what a sandbox leaves comes to us, and its processor time with it
    began, spent = time.monotonic(), _spent()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path})
    took = time.monotonic() - began
    with suppress(ChildProcessError):
        while os.wait():
            pass
    if done.returncode:
        sys.exit(f"{module} {words[0]} failed:\n{done.stderr[-2000:]}")
    return took, _spent() - spent


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ---------------------------------------------------------------------- what is measured


def against_nbgrader(folder: Path, number: int, rounds: int) -> dict[str, Any]:
    """The same submissions through both, each from a cold start, in turns."""
    hand_in(folder, number)
    nbgrader_source(folder)
    times: dict[str, list[tuple[float, float]]] = {"this book": [], "nbgrader": []}
    for k in range(rounds):
        times["this book"].append(grade(folder, f"marks{k}", CORES))
        times["nbgrader"].append(nbgrader(folder, "autograde", "hw1", "--create", "--force"))
        if lost_marks(folder, f"marks{k}", number):
            sys.exit("A right submission lost a mark, so there is nothing to compare.")
        print({name: each[-1] for name, each in times.items()}, flush=True)
    found: dict[str, Any] = {"submissions": number, "nbgrader": version("nbgrader")}
    for place, kind in enumerate(("by the clock", "of all processors")):
        each = {name: [one[place] for one in pairs] for name, pairs in times.items()}
        ratio = median(theirs / ours for ours, theirs in zip(each["this book"], each["nbgrader"]))
        shown = {name: [round(one, 1) for one in values] for name, values in each.items()}
        found[f"seconds {kind}"] = {**shown, "nbgrader takes times as much": round(ratio, 1)}
        print(f"seconds {kind}: {shown}; nbgrader takes {ratio:.1f} times as much (median of {rounds} rounds)")
    return found


def fairness(folder: Path, number: int) -> dict[str, Any]:
    """Grade correct submissions while the machine is overloaded; every mark that is lost is an error."""
    workers = 3 * CORES
    hand_in(folder, number)
    took, _ = grade(folder, "marks", workers)
    lost = lost_marks(folder, "marks", number)
    print(f"{number} correct submissions, {workers} workers on {CORES} cores: {took:.1f} s, {len(lost)} lost a mark")
    for one in lost:
        print(f"  {one}")
    if lost:
        sys.exit(1)
    return {"submissions": number, "workers": workers, "seconds": round(took, 1), "lost a mark": len(lost)}


if __name__ == "__main__":
    main()
