"""Tables of what the benchmarks measured, from ``benchmarks/results``: the page that shows them says nothing else."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"
Row = tuple[str, ...]
KINDS = ("sign", "factor", "transpose", "index", "lost sum", "lost square", "order")
GIVEN = {"raw": "the text alone", "with its table": "with a table"}
NAMES = {"strangers": "first", "derivations": "second"}
SHARE = re.compile(r"(\d+) of ([1-9]\d*)")
ABOUT = {"linear": "linear models", "beyond": "other models"}


def result(subject: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESULTS / f"{subject}.json").read_text(encoding="utf-8"))
    return found


def share(part: int, whole: int) -> str:
    """Which ``line`` draws as a bar, too."""
    return f"{part} of {whole}"


def strangers() -> Iterator[Row]:
    """What became of the derivations, by collection, by what is given, by what they are about."""
    yield "texts", "given", "as expected", "steps left open", "right, refused", "wrong, proved"
    own = result("own")
    for name, said in NAMES.items():
        for scope, about in ABOUT.items():
            for given, read in GIVEN.items():
                one = own[f"{name}, {given}"][scope]
                left = (one[key] for key in ("steps left open", "right and refused", "wrong and proved"))
                yield f"{said}, {about}", read, share(one["as expected"], one["derivations"]), *map(str, left)


def documents() -> Iterator[Row]:
    """The three documents of the Errata page, pasted whole."""
    yield "formulas", "as the Errata say", "a claim there, a definition here", "right, refused", "wrong, proved"
    one = result("own")["documents"]
    defined = "defined by the text, and by the table of the Errata"
    keys = ("formulas", "as the Errata say", defined, "right and refused", "wrong and proved")
    yield tuple(str(one.get(key, 0)) for key in keys)


def mutants() -> Iterator[Row]:
    """One mistake in a right derivation, by its kind."""
    read, undone = "right in a reading of its sums that is named", "the repair is the mistake undone"
    yield "mistake", "refused", "right in another reading", "mended as it was"
    found = result("derivation_mutants")["with all definitions"]
    for kind, one in [*((kind, found["by kind"][kind]) for kind in KINDS), ("all", found)]:
        count = one["mutants"]
        yield kind, share(one["refused"], count), str(one.get(read, 0)), share(one[undone], count)


def undefined() -> Iterator[Row]:
    """The same where nothing says what the loss is."""
    keys = {
        "refused": "refused", "asked about": "asked about, or not decided",
        "right in a convention, which is named": "right in a convention that is named",
        "taken as a definition or a condition": "taken as a definition or condition",
    }  # fmt: skip
    found = result("derivation_mutants")["without the definitions of the table"]
    yield "texts", *keys
    yield str(found["mutants"]), *(str(found.get(key, 0)) for key in keys.values())


def work() -> Iterator[Row]:
    """How long it takes the processor, and what damaged texts do."""
    own, damaged = result("own"), result("damaged_posts")["damaged texts"]
    yield "what", "measured", "aim"
    parts = [own[f"{name}, {given}"] for name in NAMES for given in GIVEN]
    for name, said in NAMES.items():
        took = own[f"{name}, raw"]["median ms a step"]
        yield f"a step of the {said} collection, the text alone, median", f"{took} ms", "10 ms"
    yield "guessing the table of a page, median", f"{own['documents']['inference, median ms a page']} ms", "50 ms"
    yield "the slowest text of all", f"{max(one['slowest text, ms'] for one in parts) / 1000:.1f} s", "2 s"
    yield "damaged texts that got an answer", f"{damaged['texts']:,}", "100,000"
    yield "of these, the checker stumbled over", str(damaged["stumbled"]), "0"
    yield "of these, above 2 s", str(damaged["over 2 s"]), "0"


TABLES: dict[str, Callable[[], Iterator[Row]]] = {
    one.__name__: one for one in (strangers, documents, mutants, undefined, work)
}


class Measured(Directive):
    """``{measured} strangers``: one of the tables by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        env = self.state.document.settings.env
        env.note_dependency(__file__)
        for name in ("own", "derivation_mutants", "verify"):
            env.note_dependency(str(RESULTS / f"{name}.json"))
        head, *rows = TABLES[self.arguments[0]]()
        return [table(head, rows)]


def table(head: Row, rows: list[Row]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", line(head))
    group += nodes.tbody("", *map(line, rows))
    return nodes.table("", group)


def line(cells: Row) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph(text=one), *bar(one)) for one in cells))


def bar(cell: str) -> Iterator[nodes.raw]:
    """A share as a length, for the eye: 3 of 4 is three quarters of a line."""
    if found := SHARE.fullmatch(cell):
        long = 100 * int(found[1]) / int(found[2])
        box = 'viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"'
        drawn = f'<svg class="share" {box}><path d="M0 2H{long:.1f}"/></svg>'
        yield nodes.raw("", drawn, format="html")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("measured", Measured)
    return {"parallel_read_safe": True}
