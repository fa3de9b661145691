"""Every equation of the book through ``lrcore.verify`` while the book is built; there is no logic in here.

A page is checked when Sphinx reads it. What does not pass becomes a warning with its line, which fails the build. Each
display equation gets a mark behind it, and the directive ``checked-report`` makes the table of all of them.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
from files import digest

from lrcore.verify.deciding import AT_GIVEN_SIZES
from lrcore.verify.gate import check_page

logger = logging.getLogger(__name__)
Page = dict[str, Any]

SAID = {
    "definition": "definition",
    "identity": "proved for all sizes",
    "implication": "proved: the right side follows",
    "inequality": "proved for all sizes",
    "condition": "a condition to be solved",
    "wrong": "wrong on purpose",
    "exempt": "not checked",
}
GIVEN_SIZES = "proved for the sizes that it is about"
INLINE = {
    "identity": "proved for all sizes",
    "implication": "proved: the right side follows",
    "inequality": "proved for all sizes (inequalities)",
    "definition": "definitions",
    "condition": "conditions, which hold for some values",
    "setting": "settings such as N = 3, which claim nothing",
    "wrong": "wrong on purpose",
}
SIGNS = {"definition": ":=", "wrong": "✗", "condition": "?", "exempt": "–"}


class report_here(nodes.General, nodes.Element):
    """Where the report of all equations goes."""


class ReportHere(Directive):
    """``{checked-report}``: a table of every equation of the book with its verdict."""

    def run(self) -> list[nodes.Node]:
        return [report_here()]


def check(app: Sphinx, docname: str, source: list[str]) -> None:
    """Check a page as it is read; equal content was checked before and is looked up."""
    page = looked_up(app, source[0])
    pages(app.env)[docname] = page
    for problem in page["problems"]:
        logger.warning("%s", problem, location=docname)
    for one in page["equations"]:
        if not one["passes"]:
            logger.warning(
                "equation %s: %s", one["label"] or one["latex"], one["reason"], location=(docname, one["line"])
            )


def check_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check the pages that are about to be read, two at a time; reading looks the results up."""
    texts = [Path(env.doc2path(name)).read_text(encoding="utf-8") for name in docnames if name in env.found_docs]
    waiting = [(kept(app, text), text) for text in texts if not kept(app, text).is_file()]
    if waiting:
        print(f"checking the equations of {len(waiting)} pages ...", flush=True)
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(keep, *zip(*waiting, strict=True)))


def looked_up(app: Sphinx, text: str) -> Page:
    """What is known of a page with this text."""
    path = kept(app, text)
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]
    return keep(path, text)


def kept(app: Sphinx, text: str) -> Path:
    """Where the result for a text is kept, by the text and by the checker."""
    content = sha256(text.encode()).hexdigest()[:16]
    return Path(app.outdir).parent / ".checked" / f"{content}-{digest(Path(app.srcdir), ['lrcore/verify'])}.json"


def keep(path: Path, text: str) -> Page:
    """Check a page thoroughly and keep the result, unless the clock had a say in it."""
    found = check_page(text, sympy=True, mutants=True, inline=True)
    page = found.to_dict()
    if not any(step["out_of_time"] for one in page["equations"] for step in one["steps"]):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(page), encoding="utf-8")
    return page


def pages(env: BuildEnvironment) -> dict[str, Page]:
    if not hasattr(env, "lrcore_checked"):
        env.lrcore_checked = {}
    return env.lrcore_checked  # type: ignore[no-any-return]


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    pages(env).update({name: page for name, page in pages(other).items() if name in docnames})


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    pages(env).pop(docname, None)


def rewrite_report(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The report speaks of all pages, so it is written whenever any page was read."""
    return [name for name in env.found_docs if name.endswith("reference/report")]


def place_marks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the mark behind each display equation, and the report where it goes."""
    found = {one["label"]: one for one in pages(app.env).get(docname, {}).get("equations", []) if one["label"]}
    home = app.builder.get_relative_uri(docname, "book/reference/report")
    for block in doctree.findall(nodes.math_block):
        one = found.get(block.get("label"))
        if one is not None:
            parent = block.parent
            parent.insert(parent.index(block) + 1, nodes.raw("", mark(one, home), format="html"))
    for place in doctree.findall(report_here):
        place.replace_self(nodes.raw("", report(app, docname), format="html"))


def mark(one: dict[str, Any], home: str) -> str:
    """A fold with a sign and a word; inside, what is known of the equation."""
    kind = one["kind"]
    lines = [escape(line) for line in facts(one)]
    items = "".join(f"<li>{line}</li>" for line in lines)
    return (
        f'<details class="lr-verdict lr-{kind}"><summary>{signed(one)}</summary><ul>{items}<li>'
        f'<a href="{home}#report-{one["label"]}">in the report</a></li></ul></details>'
    )


def signed(one: dict[str, Any]) -> str:
    """A sign for the eye and words for everybody."""
    kind, proved = one["kind"], [step["message"] for step in one["steps"] if step["verdict"] == "PROVED"]
    at_given = kind == "identity" and AT_GIVEN_SIZES in proved
    return f'<span aria-hidden="true">{SIGNS.get(kind, "✓")}</span> {GIVEN_SIZES if at_given else SAID[kind]}'


def facts(one: dict[str, Any]) -> list[str]:
    """What is known of an equation, in sentences."""
    steps = one["steps"]
    proved = sum(step["verdict"] == "PROVED" for step in steps)
    said = [f"{proved} step{'s' * (proved != 1)} proved by normal form"] if proved else []
    said += [f"confirmed by sympy: {how}" for how in dict.fromkeys(one["confirmations"])]
    said += [f"assumes: {what}" for what in dict.fromkeys(what for step in steps for what in step["assumes"])]
    if one["mutants"]:
        said.append(f"{one['mutants']} wrong variants tried, all refused or certified to say the same")
    said += [f"{step['verdict']}: {step['message']}" for step in steps if step["verdict"] in ("REFUTED", "ILL_TYPED")]
    return [*said, f"took {one['milliseconds']:.1f} ms"]


def report(app: Sphinx, docname: str) -> str:
    """Totals, then a table a page."""
    listed = [name for name in in_order(app.env) if shown(pages(app.env).get(name, {"equations": []}))]
    return totals([pages(app.env)[name] for name in listed]) + "".join(
        table(name, app.env.titles[name].astext(), pages(app.env)[name], app.builder.get_relative_uri(docname, name))
        for name in listed
    )


def in_order(env: BuildEnvironment) -> list[str]:
    """Pages in the order of the table of contents."""
    order = [env.config.root_doc]
    for name in order:
        order += [child for child in env.toctree_includes.get(name, []) if child not in order]
    return order


def shown(page: Page) -> list[dict[str, Any]]:
    """The display equations of a page."""
    return [one for one in page["equations"] if not one["inline"]]


def totals(found: list[Page]) -> str:
    displayed = [one for page in found for one in shown(page)]
    inline = [one for page in found for one in page["equations"] if one["inline"]]
    said_inline = {kind: sum(one["kind"] == kind for one in inline) for kind in INLINE}
    kinds = {kind: sum(one["kind"] == kind for one in displayed) for kind in SAID}
    steps = [step for one in displayed for step in one["steps"]]
    proved = sum(step["verdict"] == "PROVED" for step in steps)
    how: dict[str, int] = {}
    for one in displayed:
        for said in one["confirmations"]:
            how[said] = how.get(said, 0) + 1
    rows = {
        "display equations": len(displayed),
        **{f"of these: {SAID[kind]} ({kind})": count for kind, count in kinds.items() if count},
        "steps proved": proved,
        **{f"confirmed by sympy: {said}": count for said, count in how.items()},
        "wrong variants tried": sum(one["mutants"] for one in displayed),
        "wrong variants that survived": sum(one["survivors"] for one in displayed),
        "equations in running text": len(inline),
        **{f"of these: {INLINE[kind]}": count for kind, count in said_inline.items() if count},
        "equations not checked": sum(one["kind"] == "exempt" for one in displayed),
        "milliseconds, without sympy and variants": round(sum(one["milliseconds"] for one in displayed)),
    }
    cells = "".join(f"<tr><td>{escape(name)}</td><td>{value}</td></tr>" for name, value in rows.items())
    head = "<thead><tr><th>What</th><th>How many</th></tr></thead>"
    return f'<table class="table lr-report">{head}<tbody>{cells}</tbody></table>'


def table(name: str, title: str, page: Page, uri: str) -> str:
    rows = "".join(row(one, uri) for one in shown(page))
    return (
        f"<h2>{escape(title)}</h2>"
        '<div class="pst-scrollable-table-container" tabindex="0"><table class="table lr-report"><thead><tr>'
        f"<th>Equation</th><th>Verdict</th><th>What is known</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def row(one: dict[str, Any], uri: str) -> str:
    label = one["label"]
    place = nodes.make_id(f"equation-{label}")
    link = f'<a href="{uri}#{place}">{escape(label)}</a>'
    known = "<br>".join(escape(line) for line in facts(one))
    return f'<tr id="report-{label}"><td>{link}</td><td>{signed(one)}</td><td>{known}</td></tr>'


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(report_here)
    app.add_directive("checked-report", ReportHere)
    app.connect("env-before-read-docs", check_ahead)
    app.connect("source-read", check)
    app.connect("env-merge-info", merge)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", rewrite_report)
    app.connect("doctree-resolved", place_marks)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
