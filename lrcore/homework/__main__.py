"""``python -m lrcore.homework``: new, copy, compare, try, release, check, grade, regrade, merge, sandbox."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lrcore.errors import InputError

_DESCRIPTION = """Homework on the gradients of linear regression: give it out, grade it safely.

    python -m lrcore.homework release hw1 given --class students.csv
    python -m lrcore.homework grade hw1 submissions.zip marks --class students.csv

ASSIGNMENT is one of the book's (hw1 ... hw6) or the path of your own (.md or .ipynb)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; errors are one sentence on standard error, and status 2."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.do is None:
        parser.print_help()
        return 2
    try:
        options.do(options)
    except (InputError, OSError) as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; what was graded is kept: the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lrcore.homework", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(do=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    _command_new(commands)
    _command_copies(commands)
    _command_try(commands)
    _command_release(commands)
    look = commands.add_parser(
        "check", help="for students: what the grader will make of a notebook, before it is handed in"
    )
    look.add_argument("notebook", metavar="FILE", type=Path)
    look.set_defaults(do=_check)
    for name, does in (
        ("grade", "grade what was handed in"),
        ("regrade", "grade all again, and list whose marks changed"),
    ):
        _command_grade(commands, name, does)
    merge = commands.add_parser("merge", help="take the marks that a person entered in OUT/written.csv")
    merge.add_argument("assignment", metavar="ASSIGNMENT")
    merge.add_argument("out", metavar="OUT", type=Path, help="the folder that grade wrote")
    merge.add_argument("--class", dest="roster", type=Path, metavar="FILE", help="the class list that grade was given")
    merge.set_defaults(do=_merge)
    walls = commands.add_parser("sandbox", help="try the sandbox's walls here, and say what holds and by what")
    walls.set_defaults(do=_sandbox)
    return parser


def _command_new(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    new = commands.add_parser("new", help="start an assignment of your own from a template")
    new.add_argument("path", metavar="FILE", type=Path, help="where to write it, for example private/quiz1.md")
    new.set_defaults(do=_new)


def _command_copies(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    copy = commands.add_parser("copy", help="make a copy of one of the book's, to edit; it goes before the book's")
    compare = commands.add_parser("compare", help="what the book has changed since you made your copy")
    for one in (copy, compare):
        one.add_argument("assignment", metavar="ASSIGNMENT", help="hw1 ... hw6")
    compare.add_argument(
        "--take", action="store_true", help="put it into your copy, where you changed nothing yourself"
    )
    copy.set_defaults(do=_copy)
    compare.set_defaults(do=_compare)


def _command_try(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    trial = commands.add_parser("try", help="hand in the teacher's own solution, and see that it gets full marks")
    trial.add_argument("assignment", metavar="ASSIGNMENT")
    trial.add_argument("--students", type=_count, default=3, metavar="N", help="how many variants to try (3)")
    trial.set_defaults(do=_try)


def _command_release(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    release = commands.add_parser("release", help="make the student version, without solutions and hidden cases")
    release.add_argument("assignment", metavar="ASSIGNMENT")
    release.add_argument(
        "out", metavar="OUT", type=Path, help="folder for OUT/<id>/<assignment>.ipynb, or OUT/<assignment>.ipynb"
    )
    release.add_argument(
        "--class",
        dest="roster",
        type=Path,
        metavar="FILE",
        help="ids, one a line, or an LMS's list; without it, one version for all",
    )
    _add_secret(release)
    release.set_defaults(do=_release)


def _command_grade(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, does: str) -> None:
    grade = commands.add_parser(name, help=does)
    grade.add_argument("assignment", metavar="ASSIGNMENT")
    grade.add_argument(
        "submissions", metavar="SUBMISSIONS", type=Path, help="a folder, an LMS's .zip, or nbgrader's submitted/"
    )
    grade.add_argument("out", metavar="OUT", type=Path, help="folder for marks.csv, feedback/ and summary.html")
    grade.add_argument(
        "--class", dest="roster", type=Path, metavar="FILE", help="who is in the class; who handed in nothing is listed"
    )
    grade.add_argument("--same", action="store_true", help="everybody had the same version (released without --class)")
    grade.add_argument(
        "--due",
        type=_time,
        metavar="TIME",
        help="what comes later is called late: 2026-03-01T23:59, or 2026-03-01 for the end of that day",
    )
    grade.add_argument(
        "--workers", type=_count, metavar="N", help="how many to grade at once (as many as there are cores)"
    )
    _add_secret(grade)
    grade.set_defaults(do=_grade, again=name == "regrade")


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write it as 2026-03-01T23:59") from None
    return found.replace(hour=23, minute=59, second=59) if len(text) <= 10 else found


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def _add_secret(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--secret", type=Path, default=Path("homework.secret"), metavar="FILE",
        help="what variants and hidden cases are drawn from; release makes it, keep it to yourself (homework.secret)",
    )  # fmt: skip


# ---------------------------------------------------------------------- the commands


def _new(options: argparse.Namespace) -> None:
    from lrcore.homework.release.template import TEMPLATE

    if options.path.exists():
        raise InputError(f"{options.path} is there already; give another name.")
    if options.path.suffix != ".md":
        raise InputError(f"{options.path} should end in .md: assignments are MyST notebooks.")
    options.path.parent.mkdir(parents=True, exist_ok=True)
    options.path.write_text(TEMPLATE.replace("NAME", options.path.stem), encoding="utf-8")
    print(
        f"Wrote {options.path}. Edit it (jupytext opens it as a notebook), then:  "
        f"python -m lrcore.homework try {options.path}"
    )


def _copy(options: argparse.Namespace) -> None:
    from lrcore.homework.release.own_copies import copy

    print(
        f"Wrote {copy(options.assignment)}. Edit it: in this folder, {options.assignment} now means your copy, and an "
        "update of the book leaves it alone."
    )


def _compare(options: argparse.Namespace) -> None:
    from lrcore.homework.release import own_copies

    found = own_copies.changes(options.assignment)
    if not found:
        print(f"The book has changed nothing in {options.assignment} since you made your copy.")
    elif options.take:
        taken, left = own_copies.take(options.assignment)
        print(f"Took {taken} of the book's changes; {left} stand where you changed the text yourself, which stays.")
    else:
        print(own_copies.difference(options.assignment))
        for one in found:
            who = "you changed it, too: your text stays" if one.yours_too else "you did not change it: --take takes it"
            print(f"Line {one.line} of your copy: {who}.")


def _check(options: argparse.Namespace) -> None:
    from lrcore.homework.submitting import reviewed

    print("\n".join(reviewed(options.notebook)))


def _release(options: argparse.Namespace) -> None:
    from lrcore.homework.grade.roster import read_roster
    from lrcore.homework.release.assignment import load
    from lrcore.homework.release.student_versions import release
    from lrcore.homework.release.variants import read_secret

    assignment = load(options.assignment)
    fresh = not options.secret.exists()
    students = None if options.roster is None else read_roster(options.roster).students
    files = list(release(assignment, read_secret(options.secret, make=True), options.out, students))
    if fresh:
        print(f"Made the secret {options.secret}: keep it, grading needs it, and show it to nobody.")
    print(
        f"Wrote {len(files)} student version{'s' if len(files) > 1 else ''} of {assignment.title} under {options.out}; "
        "no solution or hidden case is in them."
    )


def _try(options: argparse.Namespace) -> None:
    from lrcore.homework.release.assignment import load
    from lrcore.homework.release.dry_run import try_solution

    assignment = load(options.assignment)
    for student, graded in try_solution(assignment, options.students):
        lost = [one for one in graded.cells if (one.says if one.points is None else one.points < one.out_of)]
        if lost or graded.remarks or graded.status not in ("ok", "needs a person"):
            why = "; ".join([*graded.remarks, *(f"{mark.id}: {' '.join(mark.says)}" for mark in lost)]) or graded.status
            raise InputError(f"The solution of {assignment.name} does not get full marks for {student}: {why}")
    print(f"The solution of {assignment.name} gets full marks in {options.students} variants.")


def _grade(options: argparse.Namespace) -> None:
    from lrcore.homework.course import grade_course

    print(grade_course(options))


def _merge(options: argparse.Namespace) -> None:
    from lrcore.homework.course import merge_course

    print(merge_course(options.assignment, options.out, options.roster))


def _sandbox(options: argparse.Namespace) -> None:
    from lrcore.homework.sandbox.rehearsal import walls

    print(walls())


if __name__ == "__main__":
    sys.exit(main())
