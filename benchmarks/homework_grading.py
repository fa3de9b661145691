"""How fast the homework grader is, and whether it is fair on a busy machine.

    python benchmarks/homework_grading.py --fair 200        correct submissions at three times as many workers as cores
    python benchmarks/homework_grading.py --against 12      the same submissions through nbgrader autograde, in one run

Both use homework 1. Nothing is written but into a temporary folder.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from lrcore.homework.assignment import load
from lrcore.homework.grading import Course
from lrcore.homework.release import student_version
from lrcore.homework.running import grade_all
from lrcore.homework.submissions import Submission, collect
from lrcore.homework.trying import solved
from lrcore.homework.variants import Prepared, prepare

SECRET = b"a secret for the benchmark alone"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fair", type=int, metavar="N", help="grade N correct submissions with many workers")
    parser.add_argument("--against", type=int, metavar="N", help="grade N submissions, then let nbgrader grade them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.fair:
            fairness(Path(folder) / "fair", options.fair)
        if options.against:
            against_nbgrader(Path(folder) / "against", options.against)
    if not options.fair and not options.against:
        parser.print_help()


def fairness(folder: Path, number: int) -> None:
    """Grade correct submissions while the machine is overloaded; every mark that is lost is an error."""
    workers = 3 * (os.cpu_count() or 1)
    submissions = hand_in(folder, number)
    seconds, graded = timed(submissions, folder, workers)
    lost = [one for one in graded if any(cell.points is not None and cell.points < cell.out_of for cell in one.cells)]
    print(
        f"{number} correct submissions, {workers} workers on {os.cpu_count()} cores: "
        f"{seconds:.1f} s, {len(lost)} lost a mark"
    )
    for one in lost:
        print(f"  {one.student}: {one.points} {one.status} {[cell.says for cell in one.cells if cell.says]}")
    if lost or len(graded) != number:
        sys.exit(1)


def hand_in(folder: Path, number: int) -> tuple[Submission, ...]:
    """The right notebook of everybody's version, as if handed in by so many students, in nbgrader's tree."""
    prepared = prepared_for_all()
    data = json.dumps(solved(prepared, student_version(prepared, None)))
    for k in range(number):
        path = folder / "submitted" / f"s{k:04}" / "hw1" / "hw1.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(data, encoding="utf-8")
    return collect(folder / "submitted", "hw1").submissions


def prepared_for_all() -> Prepared:
    return prepare(load("hw1"), SECRET, variants=False)


def timed(submissions: tuple[Submission, ...], folder: Path, workers: int) -> tuple[float, list]:
    began = time.monotonic()
    course = Course(load("hw1"), SECRET, variants=False)
    graded = grade_all(submissions, course, folder / "graded", workers=workers, progress=False)
    return time.monotonic() - began, graded


def against_nbgrader(folder: Path, number: int) -> None:
    """The same submissions through both, each from a cold start, one after the other."""
    submissions = hand_in(folder, number)
    ours, graded = timed(submissions, folder, os.cpu_count() or 1)
    print(
        f"this book: {number} submissions in {ours:.1f} s, {number / ours:.2f} a second, "
        f"points {sorted({one.points for one in graded})}"
    )
    theirs = nbgrader_seconds(folder)
    print(
        f"nbgrader:  {number} submissions in {theirs:.1f} s, {number / theirs:.2f} a second; "
        f"{theirs / ours:.1f} times as long"
    )


def nbgrader_seconds(folder: Path) -> float:
    source = folder / "source" / "hw1"
    source.mkdir(parents=True)
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    for cell in prepared_for_all().cells:
        make = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells.append(make(cell.source, metadata={"nbgrader": cell.metadata["nbgrader"]} if cell.id else {}))
    nbformat.write(notebook, source / "hw1.ipynb")
    nbgrader(folder, "generate_assignment", "hw1", "--create")
    began = time.monotonic()
    nbgrader(folder, "autograde", "hw1", "--create")
    return time.monotonic() - began


def nbgrader(folder: Path, *words: str) -> None:
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        *words,
        f"--CourseDirectory.root={folder}",
        "--ClearSolutions.enforce_metadata=False",
    ]
    here = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # it calls alembic by name
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=here)
    if done.returncode:
        sys.exit(f"nbgrader {words[0]} failed:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
