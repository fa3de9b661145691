"""``python -m lrcore.verify FILE.md|FILE.tex|-``: every equation of a page, decided; exit status 1 on anything not
proved.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .check import derivation
from .context import Context
from .gate import PageReport, check_page
from .page import equations


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 when everything holds, 1 when something does not, 2 when there is nothing to read."""
    options = _parser().parse_args(arguments)
    status = 0
    for name in options.files:
        text = _read(name)
        status = max(status, 2 if text is None else _one(name, text, options))
    return status


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m lrcore.verify", description="Check every equation of a page or a derivation."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a Markdown or TeX page, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    parser.add_argument("--sympy", action="store_true", help="have sympy confirm each proof")
    parser.add_argument("--mutants", action="store_true", help="check that one-change variants are rejected")
    parser.add_argument("--inline", action="store_true", help="check equations in running text as well")
    parser.add_argument(
        "--shape", action="append", default=[], metavar="X:NxM", help="declare a symbol: X:NxM, w:M, lam:"
    )
    parser.add_argument(
        "--define", action="append", default=[], metavar="L:=...", help="define a symbol, in either language"
    )
    return parser


def _read(name):
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(
            f"{name}: this file can't be read ({error}); give a Markdown or TeX file, or - for standard input.",
            file=sys.stderr,
        )
        return None


def _context(options):
    shapes = dict(one.split(":", 1) for one in options.shape)
    definitions = dict(one.split(":=", 1) for one in options.define)
    return Context(
        shapes={key.strip(): value for key, value in shapes.items()},
        definitions={k.strip(): v for k, v in definitions.items()},
    )


def _one(name, text, options):
    context = _context(options)
    if not equations(text) and not name.endswith((".md", ".tex")):
        report = derivation(text, context)
        print(report.to_json() if options.json else report)
        return 0 if report.ok else 1
    page = check_page(text, context, sympy=options.sympy, mutants=options.mutants, inline=options.inline)
    print(json.dumps(page.to_dict(), ensure_ascii=False, indent=1) if options.json else _summary(name, page))
    return 0 if page.ok else 1


def _summary(name, page: PageReport) -> str:
    """One line of counts, then each failing line with a caret below the part at fault."""
    counts = ", ".join(f"{number} {what}" for what, number in page.counts().items())
    lines = [f"{name}: {len(page.checked)} equations ({counts})", *page.problems]
    for one in page.failing:
        lines += _failure(name, one)
    exempt = [one for one in page.checked if one.kind == "exempt"]
    lines += [f"{name}:{one.equation.line}: exempt {one.reason}" for one in exempt]
    lines.append("All of them hold." if page.ok else f"{len(page.failing)} do not pass.")
    return "\n".join(lines)


def _failure(name, one):
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
