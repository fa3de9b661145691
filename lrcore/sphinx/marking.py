"""What is put on the pages: a mark behind each equation, derivations to play, the report, the table of the rules.

Only HTML has them; a build of another kind, a PDF say, is checked all the same and shows the equations alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from lrcore.verify import RULES

from . import seals
from .checking import Page, blank, pages
from .derivations import CannotBePlayed, lines_of, named_in
from .displayed import without_verdict
from .settings import is_checked

logger = logging.getLogger(__name__)
NOT_READ = "the page shows it, and the checker found no equation in its place"
REPORT = "checked-equations"  # the page that is made where no page of the project holds the report
TITLE = "Checked equations"
STYLE = Path(__file__).with_name("lrcore-seals.css")


class report_here(nodes.General, nodes.Element):
    """Where the report of all equations goes."""


class rules_here(nodes.General, nodes.Element):
    """Where the table of the rules goes."""


class named_rule(nodes.Inline, nodes.TextElement):
    """A rule that the prose names, which leads to its row in the table of the rules."""


def rule_role(
    name: str, raw: str, text: str, line: int, inliner: Any, options: Any = None, content: Any = ()
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """``{rule}`product rule```, or, in other words, ``{rule}`the product rule <differential of a product>```: a rule
    that an equation beside it rests on, or the build warns.
    """
    said, _, target = text.rstrip(">").partition("<")
    rule = (target or said).strip()
    if not any(rule in (one.name, one.back) for one in RULES):
        problem = inliner.reporter.error(f"{rule!r} is no rule of the catalogue.", line=line)
        return [inliner.problematic(raw, raw, problem)], [problem]
    return [named_rule(raw, said.strip(), rule=rule)], []


class RulesHere(Directive):
    """``checked-rules``: a table of every rule that a step may rest on."""

    def run(self) -> list[nodes.Node]:
        env = self.state.document.settings.env
        pages(env).setdefault(env.docname, blank())["rules"] = True
        return [rules_here()]


class ReportHere(Directive):
    """``checked-report``: a table of every equation of the project with its verdict."""

    def run(self) -> list[nodes.Node]:
        env = self.state.document.settings.env
        pages(env).setdefault(env.docname, blank())["report"] = True
        return [report_here()]


def reports(env: BuildEnvironment) -> list[str]:
    return sorted(name for name, page in pages(env).items() if page.get("report"))


def rewrite_report(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The report speaks of all pages, so it is written whenever any page was read."""
    return reports(env)


def home_of_report(app: Sphinx) -> str | None:
    """The page that holds the report: the author's, the one that is made, or none."""
    return next(iter(reports(app.env)), REPORT if is_made(app) else None)


def is_made(app: Sphinx) -> bool:
    """Whether a page for the report is made: the author wants one, has none, and there is something to report."""
    wanted = app.config.lrcore_report and app.builder.format == "html" and not reports(app.env)
    return wanted and REPORT not in app.env.found_docs and any(listed(page) for page in pages(app.env).values())


def report_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The report as a page of its own."""
    if is_made(app):
        app.env.get_domain("math").data["has_equations"][REPORT] = True  # so that its formulas are typeset
        body = f"<h1>{TITLE}</h1>{report(app, REPORT)}"
        yield REPORT, {"title": TITLE, "body": body}, "page.html"


def place_marks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the mark behind each display equation, and the report where it goes."""
    html = app.builder.format == "html"
    place_rules(app, doctree, docname)
    place_derivations(app, doctree, docname)
    if html and app.config.lrcore_marks and is_checked(app.config, docname):
        mark_equations(app, doctree, docname)
    for place in list(doctree.findall(report_here)):
        place.replace_self(nodes.raw("", report(app, docname), format="html") if html else [])
    for place in list(doctree.findall(rules_here)):
        table = seals.rule_table(lambda where: target(app, docname, where)) if html else ""
        place.replace_self(nodes.raw("", table, format="html") if html else [])


def mark_equations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    places = {one["place"]: one for page in pages(app.env).values() for one in (*page["equations"], *page["unread"])}
    home = home_of_report(app)
    report = None if home is None else app.builder.get_relative_uri(docname, home)
    rules, checker = table_of_rules(app, docname), app.config.lrcore_checker
    trial = app.builder.get_relative_uri(docname, checker) if checker in app.env.found_docs else None
    for block in list(doctree.findall(nodes.math_block)):
        known = places.get(block.get("lr_place"))
        if known and known["outcome"] in ("told", "macros"):
            continue  # the cell's own words stand beside it, or it shows nothing
        if known:
            said = seals.mark(known, report, rules, trial)
        else:
            said = seals.mark({**without_verdict(NOT_READ, 0), "place": ""}, None)
            if app.config.lrcore_strict:
                logger.warning("not read: %s", NOT_READ, location=block, type="lrcore", subtype="unread")
        block.parent.insert(block.parent.index(block) + 1, nodes.raw("", said, format="html"))


def place_derivations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lines of a derivation in the place of the comment that names its equations."""
    known = {one["label"]: one for page in pages(app.env).values() for one in page["equations"] if one["label"]}
    asked = app.env, docname, app.builder, "eq"

    def where(label: str) -> tuple[str, str]:
        link = app.env.get_domain("math").resolve_xref(*asked, label, pending_xref(), nodes.inline())
        return (link.get("refuri") or f"#{link['refid']}", link.astext()) if link is not None else ("", "")

    for comment in list(doctree.findall(lambda node: isinstance(node, nodes.comment | nodes.raw))):
        if (names := named_in(comment.astext())) is None:
            continue
        try:
            html = seals.played(lines_of(names, known), where)
        except CannotBePlayed as problem:
            logger.warning("derivation: %s", problem, location=comment, type="lrcore", subtype="derivation")
            continue
        shown = app.builder.format == "html" and app.config.lrcore_marks
        comment.replace_self(nodes.raw("", html, format="html") if shown else [])


def table_of_rules(app: Sphinx, docname: str) -> str | None:
    """The way to the page with the table of the rules, where there is one."""
    with_rules = (name for name, page in sorted(pages(app.env).items()) if page.get("rules"))
    return next((app.builder.get_relative_uri(docname, name) for name in with_rules), None)


def place_rules(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Lead each rule that the prose names to its row; the equation before it, or after it, has to rest on it."""
    row: list[nodes.Node] = [one for one in doctree.findall() if isinstance(one, nodes.math_block | named_rule)]
    places = {one["place"]: one for page in pages(app.env).values() for one in page["equations"]}
    table = table_of_rules(app, docname) if app.builder.format == "html" else None
    for number, one in enumerate(row):
        if not isinstance(one, named_rule):
            continue
        before = next((x for x in reversed(row[:number]) if isinstance(x, nodes.math_block)), None)
        after = next((x for x in row[number:] if isinstance(x, nodes.math_block)), None)
        beside = [places.get(x.get("lr_place"), {}) for x in (before, after) if isinstance(x, nodes.math_block)]
        if one["rule"] not in {rule for known in beside for rule in seals.rules_of(known)}:
            said = "no equation beside it rests on the rule %r, which the prose names"
            logger.warning(said, one["rule"], location=one, type="lrcore", subtype="rule")
        link = f"{table}#{seals.anchor(one['rule'])}" if table is not None else ""
        words = nodes.Text(one.astext())
        one.replace_self(nodes.reference("", "", words, refuri=link, classes=["lr-named"]) if link else words)


def target(app: Sphinx, docname: str, where: str) -> str:
    """The way to an equation, said as its page and label; empty where the project has no such page."""
    name, _, label = where.rpartition("/")
    known = name in app.env.found_docs
    return f"{app.builder.get_relative_uri(docname, name)}#{nodes.make_id('equation-' + label)}" if known else ""


def listed(page: Page) -> list[dict[str, Any]]:
    """The display equations of a page: those that were decided, and those that were not read."""
    shown = (one for one in page["equations"] if not one["inline"] and one["outcome"] != "macros")
    return [*shown, *page["unread"]]


def report(app: Sphinx, docname: str) -> str:
    """Totals, then a table a page."""
    known = [(name, pages(app.env)[name]) for name in in_order(app.env) if name in pages(app.env)]
    inline = [one for _, page in known for one in page["equations"] if one["inline"]]
    tables = [
        seals.table(app.env.titles[name].astext(), listed(page), app.builder.get_relative_uri(docname, name))
        for name, page in known
        if listed(page)
    ]
    return seals.totals([one for _, page in known for one in listed(page)], inline) + "".join(tables)


def in_order(env: BuildEnvironment) -> Iterator[str]:
    """Pages in the order of the table of contents, then those that are not in it."""
    order = [env.config.root_doc]
    for name in order:
        order += [child for child in env.toctree_includes.get(name, []) if child not in order]
    return iter([*order, *sorted(set(env.found_docs) - set(order))])


def bring_style(app: Sphinx) -> None:
    """The style sheet of the marks, among the files that a page loads."""
    if app.config.lrcore_style and app.builder.format == "html":
        app.add_css_file(STYLE.name)


def copy_style(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.config.lrcore_style and app.builder.format == "html":
        there = Path(app.outdir) / "_static"
        there.mkdir(exist_ok=True)
        (there / STYLE.name).write_bytes(STYLE.read_bytes())
