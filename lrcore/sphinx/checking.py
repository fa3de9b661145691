"""Pages through ``lrcore.verify`` as Sphinx reads them: what is checked, kept, compared with what is shown, and said.

A page of Markdown is checked as it is read; what stands on it besides, an equation of reStructuredText or of a
docstring, is decided from what Sphinx made of it, with the symbols that the page shows. A page that declares nothing is
read as the command reads it, with what its letters usually mean.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.display import status_iterator

import lrcore
from lrcore.notes.sources import Unusable, source
from lrcore.notes.undeclared import as_the_command_says
from lrcore.verify import Equation, PageReport, Unread, check_page, check_shown, items

from .displayed import everything, squeezed, without_verdict
from .settings import Checks, checks, is_checked, processes

logger = logging.getLogger(__name__)
Page = dict[str, Any]
MARKDOWN = (".md", ".markdown", ".myst")
OTHERS = (".rst", ".ipynb")  # of which Sphinx shows more than is read here; what declares nothing is read all the same
MARKS = ("wrong", "condition", "given", "exempt")  # of an author who says what the gate is to find
WRONG = ("refuted", "ill_typed", "stationary")


def check(app: Sphinx, docname: str, source: list[str]) -> None:
    """Check a page as it is read; equal content was checked before and is looked up."""
    pages(app.env)[docname] = looked_up(app, docname, source[0], Path(app.env.doc2path(docname)))


def check_ahead(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check the pages that are about to be read, several at a time; reading looks the results up."""
    wanted = [name for name in docnames if name in env.found_docs and is_checked(app.config, name)]
    files = [Path(env.doc2path(name)) for name in wanted]
    how = checks(app)
    texts = [(file.read_text(encoding="utf-8"), file) for file in files if is_read(file, how)]
    waiting = [(path, *one, how) for one in texts if not (path := kept(app, what_is_read(*one, how))).is_file()]
    names = [file.name for _, _, file, _ in waiting]
    several = processes(app.config, len(waiting))
    if several > 1:
        with ProcessPoolExecutor(several) as pool:
            done = pool.map(keep_page, *zip(*waiting, strict=True))
            each = zip(names, done)
            for _ in status_iterator(each, "checking equations... ", "purple", len(names), app.verbosity, _first):
                pass


def looked_up(app: Sphinx, docname: str, text: str, file: Path) -> Page:
    """What is known of a page with this text; of a page in another language only what it shows."""
    how = checks(app)
    if not is_read(file, how) or not is_checked(app.config, docname):
        return blank()
    path = kept(app, what_is_read(text, file, how))
    return found_in(path) or keep_page(path, text, file, how)


def is_read(file: Path, how: Checks) -> bool:
    """Whether something is decided of a page from its text."""
    return file.suffix in MARKDOWN or (how.guess and file.suffix in OTHERS)


def what_is_read(text: str, file: Path, how: Checks) -> list[Any]:
    """What the verdicts on a page depend on: its words too, where they are made from these."""
    read: list[Any] = items(text, file, (), how.headings) if file.suffix in MARKDOWN else []
    declared = any(not isinstance(one, Equation | Unread) for one in read)
    return read if declared or not how.guess else [*read, text]


def _first(pair: tuple[str, Page]) -> str:
    return pair[0]


def blank() -> Page:
    return {"problems": [], "equations": [], "unread": [], "told": ""}


def kept(app: Sphinx, read: list[Any]) -> Path:
    """Where a result is kept, by what the checker reads for it, included files too, by the checker and its settings."""
    content = sha256(repr((read, checks(app))).encode()).hexdigest()[:16]
    return Path(app.doctreedir) / "lrcore" / f"{content}-{checker()}.json"


@cache
def checker() -> str:
    """One hash of these files and of the installed checker's own, wherever they lie."""
    total = sha256()
    whole = Path(lrcore.__file__).parent
    for folder in (whole / name for name in ("sphinx", "verify", "checker", "notes")):
        for path in sorted(folder.rglob("*.py")):
            total.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


def found_in(path: Path) -> Page | None:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def keep_page(path: Path, text: str, file: Path, how: Checks) -> Page:
    """Check what is written on a page and keep the result."""
    if how.guess:
        try:
            guessed = as_the_command_says(source(str(file), text), how.context, how.headings, how.why)
        except Unusable:  # a notebook that cannot be read, which Sphinx will say
            guessed = None
        if guessed is not None:
            return keep(path, guessed)
    if file.suffix not in MARKDOWN:
        return keep(path, PageReport(()))
    asked = {"sympy": how.sympy, "mutants": how.mutants, "why": how.why}
    return keep(path, check_page(text, how.context, inline=True, file=file, headings=how.headings, **asked))


def keep(path: Path, report: PageReport) -> Page:
    page = report.to_dict()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(page), encoding="utf-8")
    return page


def compare(app: Sphinx, doctree: nodes.document) -> None:
    """Tie each display equation that the page shows to its verdict; decide those that are not written on it."""
    docname = app.env.docname
    if not is_checked(app.config, docname):
        return
    page = pages(app.env).setdefault(docname, blank())
    lost = [one for one in page["unread"] if not one["shown"]]
    page["unread"] = [{**without_verdict(one["why"], one["line"]), **one} for one in lost]
    for number, one in enumerate([*page["equations"], *page["unread"]]):
        one["place"] = f"{docname}-{number}"
    how = checks(app)
    shown, blocks = everything(page, doctree, docname, str(app.env.doc2path(docname)), how.headings)
    if not blocks:
        return
    path = kept(app, shown)
    more = found_in(path) or keep(
        path, check_shown(shown, how.context, sympy=how.sympy, mutants=how.mutants, why=how.why)
    )
    page["problems"] += [one for one in more["problems"] if one not in page["problems"]]
    for number, (block, one) in enumerate(zip(blocks, more["equations"], strict=True)):
        block["lr_place"] = one["place"] = f"{docname}-shown-{number}"
        page["equations"].append(one)


# ---------------------------------------------------------------------- warning


def warn(app: Sphinx, env: BuildEnvironment) -> None:
    """Name whatever does not pass, on every page and at every build: Sphinx itself warns of a page it reads alone.

    Where the project is not strict, only what is wrong: an equation that no table declares is none.
    """
    strict = app.config.lrcore_strict
    for docname, page in sorted(pages(env).items()):
        for problem in page["problems"]:
            logger.warning("%s", problem, location=docname, type="lrcore", subtype="declaration")
        for one in page["equations"]:
            marked = (one["mark"] or "").startswith(MARKS)
            if not one["passes"] and (strict or marked or one["outcome"] in WRONG):
                complain(docname, one, " ".join(filter(None, (one["reason"], mends(one)))))
        for one in page["unread"]:
            if one["outcome"] == "unread" and strict:
                complain(docname, one, f"not read: {one['reason']}")


def mends(one: dict[str, Any]) -> str:
    """The change that makes an equation right, where one does."""
    return next((step["repair"] for step in one["steps"] if step["repair"]), "")


def complain(docname: str, one: dict[str, Any], said: str) -> None:
    name = one["label"] or squeezed(one["latex"])
    where = f" (line {one['line']} of {one['file']})" if one["file"] else ""
    location = docname if where else (docname, one["line"])
    words = f"equation {name}{where}: " if name else where
    logger.warning("%s%s", words, said, location=location, type="lrcore", subtype=one["outcome"])


def outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Every page, where another version of the checker or other declarations of the project made the verdicts."""
    now = f"{checker()} {checks(app)}"
    made_by, env.lrcore_checker = getattr(env, "lrcore_checker", None), now  # type: ignore[attr-defined]
    return [] if made_by == now else sorted(env.found_docs)


# ---------------------------------------------------------------------- what is kept of the pages


def pages(env: BuildEnvironment) -> dict[str, Page]:
    found: dict[str, Page] = env.__dict__.setdefault("lrcore_checked", {})
    return found


def merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    pages(env).update({name: page for name, page in pages(other).items() if name in docnames})


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    pages(env).pop(docname, None)
