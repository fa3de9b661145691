"""Every equation of the book through ``lrcore.verify`` while the book is built; there is no logic in here.

A page is checked when Sphinx reads it, and what it shows is compared with what was checked: a display equation without
a verdict, from a docstring, say, is decided with the symbols that the page shows. Whatever does not pass becomes a
warning with its line, at every build until it does, which fails the build. Each display equation gets a mark behind it,
and the directive ``checked-report`` makes the table of all of them. The extension works in any project, with
``displayed.py``, ``seals.py`` and ``seals.html.jinja`` beside it.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import displayed
import seals
from displayed import everything, squeezed, without_verdict
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

import lrcore.verify
from lrcore.verify import RULES, PageReport, check_page, check_shown, items

logger = logging.getLogger(__name__)
Page = dict[str, Any]
MARKDOWN = (".md", ".markdown", ".myst")
CHECKER = "book/check"  # where a reader may change an equation, in a project that has such a page
NOT_READ = "the page shows it, and the checker found no equation in its place"


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
    """``{checked-rules}``: a table of every rule that a step may rest on."""

    def run(self) -> list[nodes.Node]:
        env = self.state.document.settings.env
        pages(env).setdefault(env.docname, blank())["rules"] = True
        return [rules_here()]


class ReportHere(Directive):
    """``{checked-report}``: a table of every equation of the book with its verdict."""

    def run(self) -> list[nodes.Node]:
        env = self.state.document.settings.env
        pages(env).setdefault(env.docname, blank())["report"] = True
        return [report_here()]


# ---------------------------------------------------------------------- checking


def check(app: Sphinx, docname: str, source: list[str]) -> None:
    """Check a page as it is read; equal content was checked before and is looked up."""
    pages(app.env)[docname] = looked_up(app, source[0], Path(app.env.doc2path(docname)))


def check_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check the pages that are about to be read, two at a time; reading looks the results up."""
    files = [Path(env.doc2path(name)) for name in docnames if name in env.found_docs]
    texts = [(file.read_text(encoding="utf-8"), file) for file in files if file.suffix in MARKDOWN]
    waiting = [(path, *one) for one in texts if not (path := kept(app, items(*one))).is_file()]
    if waiting:
        print(f"checking the equations of {len(waiting)} pages ...", flush=True)
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(keep_page, *zip(*waiting, strict=True)))


def looked_up(app: Sphinx, text: str, file: Path) -> Page:
    """What is known of a page with this text; of a page in another language only what it shows."""
    if file.suffix not in MARKDOWN:
        return blank()
    path = kept(app, items(text, file))
    return found_in(path) or keep_page(path, text, file)


def blank() -> Page:
    return {"problems": [], "equations": [], "unread": [], "told": ""}


def kept(app: Sphinx, read: list[Any]) -> Path:
    """Where a result is kept, by what the checker reads for it, included files too, and by the checker."""
    content = sha256(repr(read).encode()).hexdigest()[:16]
    return Path(app.outdir).parent / ".checked" / f"{content}-{checker()}.json"


@cache
def checker() -> str:
    """One hash of this file and of the installed checker's own, wherever they lie."""
    total = sha256()
    for path in [Path(__file__), Path(displayed.__file__), *sorted(Path(lrcore.verify.__file__).parent.rglob("*.py"))]:
        total.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


def found_in(path: Path) -> Page | None:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def keep_page(path: Path, text: str, file: Path) -> Page:
    """Check what is written on a page thoroughly and keep the result."""
    return keep(path, check_page(text, sympy=True, mutants=True, inline=True, why=True, file=file))


def keep(path: Path, report: PageReport) -> Page:
    page = report.to_dict()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(page), encoding="utf-8")
    return page


def compare(app: Sphinx, doctree: nodes.document) -> None:
    """Tie each display equation that the page shows to its verdict; decide those that are not written on it."""
    docname = app.env.docname
    page = pages(app.env).setdefault(docname, blank())
    lost = [one for one in page["unread"] if not one["shown"]]
    page["unread"] = [{**without_verdict(one["why"], one["line"]), **one} for one in lost]
    for number, one in enumerate([*page["equations"], *page["unread"]]):
        one["place"] = f"{docname}-{number}"
    shown, blocks = everything(page, doctree, app.env.doc2path(docname))
    if not blocks:
        return
    path = kept(app, shown)
    more = found_in(path) or keep(path, check_shown(shown, sympy=True, mutants=True, why=True))
    page["problems"] += [one for one in more["problems"] if one not in page["problems"]]
    for number, (block, one) in enumerate(zip(blocks, more["equations"], strict=True)):
        block["lr_place"] = one["place"] = f"{docname}-shown-{number}"
        page["equations"].append(one)


# ---------------------------------------------------------------------- warning


def warn(app: Sphinx, env: BuildEnvironment) -> None:
    """Name whatever does not pass, on every page and at every build: Sphinx itself warns of a page it reads alone."""
    for docname, page in sorted(pages(env).items()):
        for problem in page["problems"]:
            logger.warning("%s", problem, location=docname)
        for one in page["equations"]:
            if not one["passes"]:
                complain(docname, one, one["reason"])
        for one in page["unread"]:
            if one["outcome"] == "unread":
                complain(docname, one, f"not read: {one['reason']}")


def complain(docname: str, one: dict[str, Any], said: str) -> None:
    name = one["label"] or squeezed(one["latex"])
    where = f" (line {one['line']} of {one['file']})" if one["file"] else ""
    location = docname if where else (docname, one["line"])
    logger.warning("%s%s", f"equation {name}{where}: " if name else where, said, location=location)


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Every page, where another version of the checker made the verdicts."""
    made_by, env.lrcore_checker = getattr(env, "lrcore_checker", None), checker()  # type: ignore[attr-defined]
    return [] if made_by == checker() else sorted(env.found_docs)


# ---------------------------------------------------------------------- what is kept of the pages


def pages(env: BuildEnvironment) -> dict[str, Page]:
    if not hasattr(env, "lrcore_checked"):
        env.lrcore_checked = {}
    return env.lrcore_checked  # type: ignore[no-any-return]


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    pages(env).update({name: page for name, page in pages(other).items() if name in docnames})


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    pages(env).pop(docname, None)


def reports(env: BuildEnvironment) -> list[str]:
    return sorted(name for name, page in pages(env).items() if page.get("report"))


def rewrite_report(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The report speaks of all pages, so it is written whenever any page was read."""
    return reports(env)


# ---------------------------------------------------------------------- showing


def place_marks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the mark behind each display equation, and the report where it goes."""
    places = {one["place"]: one for page in pages(app.env).values() for one in listed(page)}
    home = next((app.builder.get_relative_uri(docname, name) for name in reports(app.env)), None)
    with_rules = (name for name, page in sorted(pages(app.env).items()) if page.get("rules"))
    rules = next((app.builder.get_relative_uri(docname, name) for name in with_rules), None)
    checker_page = app.builder.get_relative_uri(docname, CHECKER) if CHECKER in app.env.found_docs else None
    for block in list(doctree.findall(nodes.math_block)):
        known = places.get(block.get("lr_place"))
        if known and known["outcome"] == "told":
            continue  # the cell's own words stand beside it
        said = (
            seals.mark(known, home, rules, checker_page)
            if known
            else seals.mark({**without_verdict(NOT_READ, 0), "place": ""}, None)
        )
        if known is None:
            logger.warning("not read: %s", NOT_READ, location=block)
        block.parent.insert(block.parent.index(block) + 1, nodes.raw("", said, format="html"))
    place_rules(doctree, places, rules)
    for place in list(doctree.findall(report_here)):
        place.replace_self(nodes.raw("", report(app, docname), format="html"))
    for place in list(doctree.findall(rules_here)):
        table = seals.rule_table(lambda where: target(app, docname, where))
        place.replace_self(nodes.raw("", table, format="html"))


def place_rules(doctree: nodes.document, places: dict[str, Page], table: str | None) -> None:
    """Lead each rule that the prose names to its row; the equation before it, or after it, has to rest on it."""
    row: list[nodes.Node] = [one for one in doctree.findall() if isinstance(one, nodes.math_block | named_rule)]
    for number, one in enumerate(row):
        if not isinstance(one, named_rule):
            continue
        before = next((x for x in reversed(row[:number]) if isinstance(x, nodes.math_block)), None)
        after = next((x for x in row[number:] if isinstance(x, nodes.math_block)), None)
        beside = [places.get(x.get("lr_place"), {}) for x in (before, after) if isinstance(x, nodes.math_block)]
        if one["rule"] not in {rule for known in beside for rule in seals.rules_of(known)}:
            logger.warning(
                "no equation beside it rests on the rule %r, which the prose names", one["rule"], location=one
            )
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
    return [*(one for one in page["equations"] if not one["inline"]), *page["unread"]]


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


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(report_here)
    app.add_node(rules_here)
    app.add_node(named_rule)
    app.add_role("rule", rule_role)
    app.add_directive("checked-report", ReportHere)
    app.add_directive("checked-rules", RulesHere)
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", check_ahead)
    app.connect("source-read", check)
    app.connect("doctree-read", compare)
    app.connect("env-merge-info", merge)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", warn)
    app.connect("env-updated", rewrite_report)
    app.connect("doctree-resolved", place_marks)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 2}
