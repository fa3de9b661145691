r"""``python -m lrcore.verify FILE|FOLDER|-``: every equation of some notes, decided; also ``lrcore-verify``.

The exit status is that of a linter:

    0   nothing is wrong
    1   something is: refuted, of shapes that do not fit, a mark or a declaration that is not understood
    2   the command was not understood, or a file cannot be read
    3   with --strict: nothing is wrong, and not everything was decided
    4   there was no equation in any file (0 with --allow-nothing)
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import monotonic

import lrcore
from lrcore.verify import STYLES, Context, NotDerived, Problem, closed_form, derive

from . import known
from .checking import Asked, Finding, Result, failing, result
from .choosing import chosen
from .forms import as_json, as_sarif
from .proposing import proposal
from .sources import Unusable

HOLDS, WRONG, USAGE, UNDECIDED, NOTHING = range(5)
_NAME = re.compile(r"[\\{]*[^\W\d]")
_SIZE = re.compile(r"[\s\\{}()]*\w[\w\s\\{}()+-]*")
EVERY, WIDTH = 0.1, 78  # seconds between two drawings of the bar, and its columns
_FEW = 4  # files, for which other processes are not worth their start


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status is one of those above."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["derive"]:
        return _derive(given[1:])
    if given[:1] == ["init"]:
        return _init(given[1:])
    options = _parser().parse_args(given)
    try:
        asked = _asked(options)
        names = chosen(options.files, options.changed)
        results = list(_results(names, asked, options.jobs))
        _show(results, options)
        status = _status(results, _counted(results, options), options)
        sys.stdout.flush()
        return status
    except Unusable as fault:
        print(fault, file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # whoever reads has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG


def _results(names: list[str], asked: Asked, jobs: int) -> Iterator[Result]:
    """The files one after the other, several at a time where there are many, with a bar where somebody looks on."""
    several = min(len(names), jobs or os.cpu_count() or 1)
    if several > 1 and (jobs or len(names) > _FEW):
        with ProcessPoolExecutor(several) as pool:
            yield from _with_bar(pool.map(result, names, [asked] * len(names)), len(names))
    else:
        yield from _with_bar((result(name, asked) for name in names), len(names))


def _with_bar(results: Iterable[Result], total: int, clock: Callable[[], float] = monotonic) -> Iterator[Result]:
    """The results as they come; where a person looks on, a line says how far this is, ten times a second at most."""
    shown, drawn = total > 1 and sys.stderr.isatty(), -EVERY
    for number, one in enumerate(results, 1):
        if shown and number < total and clock() - drawn >= EVERY:
            drawn, done = clock(), 30 * number // total
            bar = f"[{'#' * done}{'.' * (30 - done)}] {number}/{total} {one.name}"
            print(f"\r{bar[:WIDTH]:{WIDTH}}", end="", file=sys.stderr, flush=True)
        elif shown and number == total:
            print(f"\r{' ' * WIDTH}\r", end="", file=sys.stderr, flush=True)
        yield one


def _show(results: list[Result], options: argparse.Namespace) -> None:
    """What each file is told of: for a person here, for a program when the findings are counted."""
    brief = (options.json, options.sarif, options.quiet, options.baseline)
    for one in results:
        if one.fault:
            print(one.fault, file=sys.stderr)
        elif one.empty and len(results) == 1:
            print(one.empty, file=sys.stderr)
        elif one.shown and not any((*brief, options.write_baseline)):
            print(one.shown)


def _counted(results: list[Result], options: argparse.Namespace) -> list[Finding]:
    """The findings that count, written in the form that was asked for."""
    findings = [finding for one in results for finding in one.findings]
    if options.write_baseline:
        number = known.written(findings, Path(options.write_baseline))
        print(f"{options.write_baseline}: {number} findings, which are not asked about again.", file=sys.stderr)
        return []
    if options.baseline:
        findings = known.new(findings, Path(options.baseline))
    if options.json:
        print(as_json(findings))
    elif options.sarif:
        print(as_sarif(findings))
    elif options.quiet or options.baseline:
        wanted = ("error", "note") if options.strict else ("error",)
        for one in (one for one in findings if one.level in wanted):
            print(f"{one.file}:{one.line}:{one.column}: {one.rule}: {one.message} {one.latex}".strip())
    return findings


def _status(results: list[Result], findings: list[Finding], options: argparse.Namespace) -> int:
    if any(one.fault for one in results):
        return USAGE
    if failing(findings, "error"):
        return WRONG
    if options.strict and failing(findings, "note"):
        return UNDECIDED
    if any(one.findings for one in results) or options.allow_nothing:
        return HOLDS
    if options.changed and not results:
        print(f"No page has changed since {options.changed}.", file=sys.stderr)
        return HOLDS
    if len(results) != 1:
        print("No equation was found in these files, so that nothing was checked.", file=sys.stderr)
    return NOTHING


def _init(arguments: list[str]) -> int:
    """``init PAGE``: a table of symbols to correct and to put at the top of the page."""
    parser = argparse.ArgumentParser(prog=f"{_called()} init", description="Propose a table of symbols.")
    parser.add_argument("page", metavar="PAGE", help="a page that declares nothing yet")
    try:
        print(proposal(parser.parse_args(arguments).page), end="")
    except Unusable as fault:
        print(fault, file=sys.stderr)
        return USAGE
    return HOLDS


def _derive(arguments: list[str]) -> int:
    """``derive "LOSS" --by w``: the derivative, line by line, with the rule that leads to each."""
    parser = argparse.ArgumentParser(prog=f"{_called()} derive", description="Derive a gradient, line by line.")
    parser.add_argument("loss", help="what is differentiated, in LaTeX or the NumPy-like form")
    parser.add_argument("--by", required=True, help="the variable, such as w, or an entry, w_k")
    parser.add_argument("--style", default="rules", choices=STYLES, help="by known rules, or by indices")
    parser.add_argument("--closed", action="store_true", help="set the gradient to zero, and solve for the variable")
    _declaring(parser)
    options = parser.parse_args(arguments)
    try:
        asked = _asked(options)
        context = Context(shapes=asked.shapes, definitions=asked.definitions)
        found = (closed_form if options.closed else derive)(options.loss, options.by, context, options.style)
    except (Unusable, NotDerived) as fault:
        print(fault, file=sys.stderr)
        return USAGE
    for line in found.lines:
        sign = "= " if line.rule and " = " not in line.latex else "  "
        print(f"{sign}{line.latex}{'    [' + line.rule + ']' if line.rule else ''}")
    print(*(f"  where {one}" for one in found.assumes), sep="\n", end="\n" if found.assumes else "")
    return HOLDS


def _called() -> str:
    """The name by which the command was called, for its help."""
    name = Path(sys.argv[0]).stem
    return name if name == "lrcore-verify" else "python -m lrcore.verify"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_called(),
        description="Check every equation of your notes.",
        epilog=(__doc__ or "").partition("\n\n")[2] + "\nAlso: init PAGE, derive LOSS --by w.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="*", metavar="FILE",
        help="a page (.md, .rst, .tex, .ipynb, .qmd), a folder, or - for standard input; the folder here if none",
    )  # fmt: skip
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one array, a step each, with file, line, column, rule")
    form.add_argument("--sarif", action="store_true", help="print SARIF, for annotations in a code review")
    form.add_argument("--quiet", action="store_true", help="print what fails alone, a line each")
    parser.add_argument("--strict", action="store_true", help="fail where something was not read or not decided")
    parser.add_argument("--allow-nothing", action="store_true", help="succeed where there is no equation")
    parser.add_argument(
        "--changed", nargs="?", const="HEAD", metavar="COMMIT", help="only files that git finds changed since a commit"
    )
    parser.add_argument("--baseline", metavar="FILE", help="count only what this baseline does not hold")
    parser.add_argument("--write-baseline", metavar="FILE", help="write a baseline of all that fails now")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="how many files at a time")
    parser.add_argument("--sympy", action="store_true", help="have sympy confirm each proof")
    parser.add_argument("--mutants", action="store_true", help="check that one-change variants are rejected")
    parser.add_argument("--inline", action="store_true", help=argparse.SUPPRESS)  # it is always done
    parser.add_argument(
        "--without", action="append", default=[], metavar="A = A^T",
        help="strike out what the words of the text suppose, as it is written in the line that begins with taking",
    )  # fmt: skip
    parser.add_argument("--why", action="store_true", help="name the rules that each proved step rests on")
    parser.add_argument("--version", action="version", version=f"lrcore {lrcore.__version__}")
    _declaring(parser)
    return parser


def _declaring(parser: argparse.ArgumentParser) -> None:
    """The options that declare symbols."""
    parser.add_argument(
        "--shape", action="append", default=[], metavar="X:NxM", help="declare a symbol: X:NxM, w:M, lam:"
    )
    parser.add_argument(
        "--define", "--assume", action="append", default=[], metavar="L:=...",
        help="define a symbol, in either language; what is guessed otherwise gives way to it",
    )  # fmt: skip


def _asked(options: argparse.Namespace) -> Asked:
    """What the options declare and ask for; a sentence for the one that cannot be understood."""
    if getattr(options, "sympy", False) and not importlib.util.find_spec("sympy"):
        raise Unusable("--sympy needs sympy, and it is not installed: `pip install sympy`, or leave the option out.")
    shapes = dict(_pair("--shape", one, ":", _is_shape, "X:NxM, w:M or lam:") for one in options.shape)
    definitions = dict(_pair("--define", one, ":=", bool, "L:=(1/N)*norm2(X@w - y)") for one in options.define)
    try:
        Context(shapes=shapes, definitions=definitions)
    except (Problem, ValueError) as problem:
        given = [f"--shape {one}" for one in options.shape] + [f"--define {one}" for one in options.define]
        raise Unusable(f"{' '.join(given)}: this is not understood: {problem}") from None
    chosen = {name: getattr(options, name, False) for name in ("sympy", "mutants", "why")}
    return Asked(shapes, definitions, without=tuple(getattr(options, "without", ())), **chosen)


def _pair(option: str, given: str, sign: str, fits: Callable[[str], bool], example: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in given.partition(sign))
    if sign in given and _NAME.match(name) and fits(value):
        return name, value
    raise Unusable(f"{option} {given}: a name, `{sign}` and what it is are expected, such as {example}.")


def _is_shape(text: str) -> bool:
    """Whether it gives at most two sizes, each made of letters, digits and sums."""
    sizes = re.split(r"\\times|[x×,]", text)
    return text in ("", "scalar", "number") or (len(sizes) <= 2 and all(map(_SIZE.fullmatch, sizes)))
