"""Marks of derivations: honest ones of all assignments and styles, and ones that show less than they seem to.

    python -m benchmarks.fair_marks [FILE ...]   the four figures of each file and the time a derivation takes,
                                                 kept in results/fair_marks.json where no file is named
    python -m benchmarks.fair_marks --each       what each of them gets

The files are those in tests/homework/data: ``derivations.txt`` by the author of the marking, on which it was tuned,
``strangers_1.txt`` to ``strangers_7.txt`` by nine people who had not seen it; the head of each says what was measured
first, before the marking was mended after it. Each derivation is marked for three students with three variants.
"""

import json
import re
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from lrcore.homework.grade.marks import mark
from lrcore.homework.release.assignment import load
from lrcore.homework.release.tasks import DerivationMark, Task
from lrcore.homework.release.variants import prepare

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests/homework/data"
FILES = tuple(sorted(DATA.glob("*.txt")))
RESULTS = ROOT / "benchmarks/results/fair_marks.json"
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


def samples(*files: Path) -> list[Sample]:
    """What stands in the files: a headline, the lines, a blank line; a line with two crosses is a remark."""
    found = []
    written = "\n\n".join(file.read_text(encoding="utf-8") for file in files or FILES)
    for block in re.sub(r"^##.*\n", "", written, flags=re.M).split("\n\n"):
        head, _, text = block.strip().partition("\n")
        if not head:
            continue
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
        return f"{found[1]}{times}{numbers[found[2]]}" if found[1] else numbers.get(found[2], found[2])

    written = re.sub(r"(?:(\d) *)?(?<![A-Za-z\\_])([CHP])(?![A-Za-z])", number, sample.text)
    began = time.perf_counter()
    return mark(written, task), time.perf_counter() - began


@dataclass(frozen=True)
class Figures:
    """How many derivations of a kind were marked, how many of them unfairly, how many go to a person."""

    number: int
    unfair: int
    person: int


def figures(
    file: Path, say: bool = False, students: tuple[str, ...] = STUDENTS, each: int = 1
) -> tuple[Figures, Figures, list[float]]:
    """Of the honest and of the dishonest ones of a file, every ``each``-th of them, with the seconds that they take."""
    times, counts = list[float](), {True: [0, 0, 0], False: [0, 0, 0]}
    for sample in samples(file)[::each]:
        for student in students:
            found, seconds = marked(sample, student)
            times.append(seconds)
            share = found.points / found.out_of
            off = share < 0.999 if sample.honest else share > sample.shows + 0.01
            count = counts[sample.honest]
            count[0] += 1
            count[1] += off and not found.for_a_person
            count[2] += found.for_a_person
            if say or off or found.for_a_person:
                kind = "honest" if sample.honest else "dishonest"
                person = " PERSON" if found.for_a_person else ""
                mistaken = " <<<" if off else ""
                print(f"{sample.homework} {student} {kind} {sample.about}: {share:.2f}{person}{mistaken} {found.says}")
    return Figures(*counts[True]), Figures(*counts[False]), times


def main() -> None:
    """Print the four figures of each file."""
    named = [Path(one) for one in sys.argv[1:] if not one.startswith("--")]
    kept = {}
    for file in named or FILES:
        honest, dishonest, times = figures(file, "--each" in sys.argv)
        median, slowest = statistics.median(times) * 1e3, max(times)
        print(f"{file.stem}:")
        for kind, one, what in (
            ("honest", honest, "lose a mark without a person"),
            ("dishonest", dishonest, "earn more than they show"),
        ):
            print(
                f"  {one.number} {kind}: {one.unfair} {what} ({one.unfair / one.number:.1%}), "
                f"{one.person} go to a person ({one.person / one.number:.1%})"
            )
        print(f"  median {median:.0f} ms a derivation, the slowest {slowest:.1f} s")
        kept[file.stem] = {
            "honest": asdict(honest), "dishonest": asdict(dishonest),
            "median ms": round(median), "slowest s": round(slowest, 1),
        }  # fmt: skip
    if not named:
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
