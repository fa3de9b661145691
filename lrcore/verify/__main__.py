"""``python -m lrcore.verify FILE.md|FILE.tex|-``: every equation of a page, decided.

The exit status is 0 where all of them hold, 1 where one does not or was not read, 2 where there was nothing to do.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrcore.verify.page.gate import Checked, PageReport, check_page, place
from lrcore.verify.page.items import items, symbol_table
from lrcore.verify.page.shown import Equation, NoReader, Unread
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.report import Step, Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.why.closed import closed_form
from lrcore.verify.why.derive import STYLES, NotDerived, derive
from lrcore.verify.why.explain import Why

if TYPE_CHECKING:
    from lrcore.checker.derivations import CheckedDerivation

_NAME = re.compile(r"[\\{]*[^\W\d]")
_SIZE = re.compile(r"[\s\\{}()]*\w[\w\s\\{}()+-]*")
PAGES = (".md", ".markdown", ".myst", ".tex", ".rst")


class _Unusable(Exception):
    """What was given cannot be worked with; the sentence says why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 when everything holds, 1 when something does not, 2 when there is nothing to read."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["derive"]:
        return _derive(given[1:])
    options = _parser().parse_args(given)
    try:
        context = _context(options)
    except _Unusable as fault:
        print(fault, file=sys.stderr)
        return 2
    results = [_one(name, context, options) for name in options.files]
    if options.json:
        found = [result for _, result in results]
        print(json.dumps(found if len(found) > 1 else found[0], ensure_ascii=False, indent=1))
    return max(status for status, _ in results)


def _one(name: str, context: Context, options: argparse.Namespace) -> tuple[int, dict[str, object]]:
    """The exit status for one file and what JSON says of it; for a person it is printed here."""
    try:
        report = _checked(name, _read(name), context, options)
    except (_Unusable, NoReader) as fault:
        print(fault, file=sys.stderr)
        return 2, {"file": name, "ok": False, "error": str(fault)}
    if not options.json:
        print(_summary(name, report) if isinstance(report, PageReport) else report)
        if options.why:
            print("\n".join(_reasons(report)))
    return 0 if report.ok else 1, {"file": name, **report.to_dict()}


def _reasons(report: PageReport | CheckedDerivation) -> Iterator[str]:
    """Why each proved step holds, a line for each of its rules."""
    if isinstance(report, PageReport):
        for one in report.checked:
            named = one.equation.label or f"line {one.equation.line}"
            yield from _because({f"{named}, step {number + 1}": why for number, why in one.reasons.items()})
    else:
        yield from _because({f"Step {number + 1}": why for number, why in report.reasons.items()})


def _because(reasons: dict[str, Why]) -> Iterator[str]:
    for named, why in reasons.items():
        said = ", ".join(why.rules) if why.named and why.rules else why.how
        yield f"{named}: {said}"
        yield from (f"    = {line.latex}    [{line.rule}]" for line in why.lines if len(why.lines) > 1)


def _derive(arguments: list[str]) -> int:
    """``derive "LOSS" --by w``: the derivative, line by line, with the rule that leads to each."""
    parser = argparse.ArgumentParser(
        prog="python -m lrcore.verify derive", description="Derive a gradient, line by line."
    )
    parser.add_argument("loss", help="what is differentiated, in LaTeX or the NumPy-like form")
    parser.add_argument("--by", required=True, help="the variable, such as w, or an entry, w_k")
    parser.add_argument("--style", default="rules", choices=STYLES, help="by known rules, or by indices")
    parser.add_argument("--closed", action="store_true", help="set the gradient to zero, and solve for the variable")
    _declaring(parser)
    options = parser.parse_args(arguments)
    try:
        found = (closed_form if options.closed else derive)(options.loss, options.by, _context(options), options.style)
    except (_Unusable, NotDerived) as fault:
        print(fault, file=sys.stderr)
        return 2
    for line in found.lines:
        sign = "= " if line.rule and " = " not in line.latex else "  "
        print(f"{sign}{line.latex}{'    [' + line.rule + ']' if line.rule else ''}")
    print(*(f"  where {one}" for one in found.assumes), sep="\n", end="\n" if found.assumes else "")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m lrcore.verify", description="Check every equation of a page or a derivation."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a Markdown or TeX page, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--sympy", action="store_true", help="have sympy confirm each proof")
    parser.add_argument("--mutants", action="store_true", help="check that one-change variants are rejected")
    parser.add_argument("--inline", action="store_true", help=argparse.SUPPRESS)  # it is always done
    parser.add_argument("--why", action="store_true", help="name the rules that each proved step rests on")
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


def _read(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _Unusable(
            f"{name}: this file can't be read ({error}); give a Markdown or TeX file, or - for standard input."
        ) from None


def _context(options: argparse.Namespace) -> Context:
    """What the options declare and define; a sentence for the one that cannot be understood."""
    if getattr(options, "sympy", False) and not importlib.util.find_spec("sympy"):
        raise _Unusable("--sympy needs sympy, and it is not installed: `pip install sympy`, or leave the option out.")
    shapes = dict(_pair("--shape", one, ":", _is_shape, "X:NxM, w:M or lam:") for one in options.shape)
    definitions = dict(_pair("--define", one, ":=", bool, "L:=(1/N)*norm2(X@w - y)") for one in options.define)
    try:
        return Context(shapes=shapes, definitions=definitions)
    except (Problem, ValueError) as problem:
        given = [f"--shape {one}" for one in options.shape] + [f"--define {one}" for one in options.define]
        raise _Unusable(f"{' '.join(given)}: this is not understood: {problem}") from None


def _pair(option: str, given: str, sign: str, fits: Callable[[str], bool], example: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in given.partition(sign))
    if sign in given and _NAME.match(name) and fits(value):
        return name, value
    raise _Unusable(f"{option} {given}: a name, `{sign}` and what it is are expected, such as {example}.")


def _is_shape(text: str) -> bool:
    """Whether it gives at most two sizes, each made of letters, digits and sums."""
    sizes = re.split(r"\\times|[x×,]", text)
    return text in ("", "scalar", "number") or (len(sizes) <= 2 and all(map(_SIZE.fullmatch, sizes)))


def _declares(text: str) -> bool:
    """Whether a page says itself what its symbols are, or carries marks of the gate."""
    return "verify:" in text or bool(symbol_table(text))


def _checked(name: str, text: str, context: Context, options: argparse.Namespace) -> PageReport | CheckedDerivation:
    """A page that says what its symbols are by that; any other text as on the page *Check your own derivation*."""
    page = _page(name, text, context, options) if name.endswith(PAGES) else None
    if page is not None and (options.sympy or options.mutants or _declares(text)):
        return page
    from lrcore.checker.derivations import check_derivation

    guessed = check_derivation(text, context, options.why)
    if page is not None and page.ok and _verdicts(page) == [step.verdict for step in guessed.steps]:
        return page
    unread = _beyond(guessed, page.unread) if page is not None else ()
    if guessed.steps or unread:
        return replace(guessed, unread=unread)
    how = "write it between `$$`" if name.endswith(PAGES) else "write one with `=`"
    raise _Unusable(f"{name}: no equation was found here, so that nothing was checked; {how}.")


def _page(name: str, text: str, context: Context, options: argparse.Namespace) -> PageReport | None:
    """A page by its equations; None where it has none."""
    file = Path(name)
    if not any(isinstance(one, Unread | Equation) for one in items(text, file)):
        return None
    return check_page(
        text, context, sympy=options.sympy, mutants=options.mutants, inline=True, why=options.why, file=file
    )


def _verdicts(page: PageReport) -> list[Verdict]:
    return [step.verdict for one in page.checked for step in one.report.steps]


def _beyond(found: CheckedDerivation, unread: Iterable[Unread]) -> tuple[str, ...]:
    """What a page does not read, without that which stands there bare and was read as a text that is pasted."""
    steps = [step for step in found.steps if step.verdict is not Verdict.UNREADABLE]
    read = {line for step in steps for line in _lines_of(step, found.report.text)}
    lost = (one for one in unread if not one.bare or not read & set(range(one.line, max(one.line, one.until) + 1)))
    return tuple(f"{place(one)}: not read: {one.why}" for one in lost)


def _lines_of(step: Step, text: str) -> range:
    """The lines on which a step stands."""
    places = [*(step.span or ()), *(edge for side in step.sides or () for edge in side)]
    return range(text.count("\n", 0, min(places)) + 1, text.count("\n", 0, max(places)) + 2) if places else range(0)


def _summary(name: str, page: PageReport) -> str:
    """One line of counts, then each failing line with a caret below the part at fault."""
    counts = ", ".join(f"{number} {what}" for what, number in page.counts().items())
    lines = [f"{name}: {len(page.checked)} equations ({counts})", *page.problems]
    for one in page.failing:
        lines += _failure(name, one)
    exempt = [one for one in page.checked if one.kind == "exempt"]
    lines += [f"{name}:{one.equation.line}: exempt {one.reason}" for one in exempt]
    lines += [f"{name}: {place(one)}: not read: {one.why}" for one in page.unread]
    lines.append("All of them hold." if page.ok else _left(page))
    return "\n".join(lines)


def _left(page: PageReport) -> str:
    """What keeps a page from passing, counted."""
    counts = {
        "do not pass": len(page.failing),
        "were not read": len(page.unread),
        "of the declarations are not understood": len(page.problems),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) + "."


def _failure(name: str, one: Checked) -> Iterator[str]:
    label = f" ({one.equation.label})" if one.equation.label else ""
    yield f"{name}:{one.equation.line}{label}: {one.reason}"
    step = next((step for step in one.report.steps if not step.verdict.holds), None)
    if step is None:
        return
    yield from ("    " + line for line in one.report.caret(step).splitlines())
    if step.counterexample:
        yield f"    {step.counterexample}"
    if step.repair:
        yield f"    {step.repair}"


if __name__ == "__main__":
    sys.exit(main())
