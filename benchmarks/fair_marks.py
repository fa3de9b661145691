"""Marks of derivations: honest ones of all assignments and styles, and ones that show less than they seem to.

    python -m benchmarks.fair_marks            the four figures, and the time a derivation takes
    python -m benchmarks.fair_marks --each     what each of them gets

The derivations are those of tests/homework/data/derivations.txt, for three students with three variants each.
"""

import re
import statistics
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lrcore.homework.grade.marks import mark
from lrcore.homework.release.assignment import load
from lrcore.homework.release.tasks import DerivationMark, Task
from lrcore.homework.release.variants import prepare

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests/homework/data/derivations.txt"
STUDENTS = ("bob", "carol", "dora")
SECRET = b"a secret of the benchmark, and of nothing else"
LATEX = {
    "H": {"half_mean": r"\frac{1}{2N}", "sum": "1", "mean": r"\frac1N"},
    "C": {"half_mean": r"\frac1N", "sum": "2", "mean": r"\frac2N"},
}
TEXT = {"H": {"half_mean": "1/(2*N)", "sum": "1", "mean": "1/N"}, "C": {"half_mean": "1/N", "sum": "2", "mean": "2/N"}}


@dataclass(frozen=True)
class Sample:
    """A derivation with the letters C, H and P of its assignment; ``shows`` is the largest share that it may earn."""

    homework: str
    shows: float
    about: str
    text: str

    @property
    def honest(self) -> bool:
        """Whether it deserves full marks."""
        return self.shows == 1


def samples() -> list[Sample]:
    """What stands in the file: a headline, the lines, a blank line."""
    found = []
    for block in DATA.read_text(encoding="utf-8").split("\n\n"):
        head, _, text = block.strip().partition("\n")
        _, homework, kind, rest = head.split(" ", 3)
        share, about = ("1", rest) if kind == "honest" else rest.split(" ", 1)
        found.append(Sample(homework, float(share), about, text))
    return found


@cache
def task_of(homework: str, student: str) -> tuple[Task, dict[str, str], dict[str, str]]:
    """The task of a student's variant, and what C, H and P stand for in LaTeX and in the NumPy-like language."""
    prepared = prepare(load(homework), SECRET, student)
    source = next(cell.source for cell in prepared.cells if cell.id == "variant")
    convention, factor = re.search(r"convention = '(\w+)'", source), re.search(r"factor = (\d+)", source)
    latex = {key: table[convention[1]] for key, table in LATEX.items()} if convention else {}
    text = {key: table[convention[1]] for key, table in TEXT.items()} if convention else {}
    if factor:
        latex = {"C": rf"\frac{{2}}{{{factor[1]}}}", "H": rf"\frac{{1}}{{{factor[1]}}}", "P": rf"({factor[1]} \lambda)"}
        text = {"C": f"2/{factor[1]}", "H": f"1/{factor[1]}", "P": f"{factor[1]} * lam"}
    return prepared.questions["derivation-test"][0].context, latex, text


def marked(sample: Sample, student: str) -> tuple[DerivationMark, float]:
    """What a derivation earns in a student's variant, and the seconds it takes."""
    task, latex, text = task_of(sample.homework, student)
    numbers = latex if "\\" in sample.text else text
    times = r" \cdot " if numbers is latex else " * "

    def number(found: re.Match[str]) -> str:
        return f"{found[1]}{times if found[1] else ''}{numbers.get(found[2], found[2])}"

    written = re.sub(r"(\d?)\s*(?<![A-Za-z\\_])([CHP])(?![A-Za-z])", number, sample.text)
    began = time.perf_counter()
    return mark(written, task), time.perf_counter() - began


def main() -> None:
    """Print the four figures."""
    times, counts = list[float](), {True: [0, 0, 0], False: [0, 0, 0]}
    for sample in samples():
        for student in STUDENTS:
            found, seconds = marked(sample, student)
            times.append(seconds)
            share = found.points / found.out_of
            off = share < 0.999 if sample.honest else share > sample.shows + 0.01
            count = counts[sample.honest]
            count[0] += 1
            count[1] += off and not found.for_a_person
            count[2] += found.for_a_person
            if "--each" in sys.argv or off or found.for_a_person:
                kind = "honest" if sample.honest else "dishonest"
                person = " PERSON" if found.for_a_person else ""
                mistaken = " <<<" if off else ""
                print(f"{sample.homework} {student} {kind} {sample.about}: {share:.2f}{person}{mistaken} {found.says}")
    for honest, (number, off, person) in counts.items():
        kind, what = ("honest", "lose a mark without a person") if honest else ("dishonest", "earn more than they show")
        print(f"{number} {kind}: {off} {what} ({off / number:.1%}), {person} go to a person ({person / number:.1%})")
    print(f"median {statistics.median(times) * 1e3:.0f} ms a derivation, the slowest {max(times):.1f} s")


if __name__ == "__main__":
    main()
