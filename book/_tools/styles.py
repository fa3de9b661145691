"""The style sheets of the theme and its extensions, cut to what the pages use: one for the screen, one for paper.

They bring 450 kB of rules; a page uses a tenth of them. A rule is kept where every class and id that it names stands in
some page or in a string of a script that dresses pages; a variable or an animation where something refers to it. What
holds on paper alone goes into a sheet of its own, which a screen does not wait for.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2
from files import ROOT

# In the order in which the pages had them; Sphinx's own basic.css is what theme.css asks for.
SHEETS = [
    "basic.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css", "togglebutton.css",
    "copybutton.css", "mystnb.*.css", "sphinx-design.min.css",
]  # fmt: skip
OWN = [
    "book.css",
    "opening.css",
    "print.css",
    "whole.css",
    "fonts/mathematics.css",
    "live/live.css",
    "lrcore-widgets/*.css",
]
CUT, PAPER = "styles/theme-cut.css", "styles/theme-print.css"

# Scripts that give a page classes of these sheets; those of cells that run are read before they are bundled.
SCRIPTS = [
    "*.js", "scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js", "lrcore-widgets/*.js",
]  # fmt: skip
LIVE = ROOT / "book" / "_front" / "live"
UNASKED = ("language_data.js", "sphinx-thebe.js", "clipboard.min.js")
BOOTSTRAP = {  # what of Bootstrap's parts the pages use
    "show", "showing", "hiding", "fade", "collapse", "collapsing", "collapsed", "tooltip", "tooltip-inner",
    "tooltip-arrow", "bs-tooltip-auto", "dropdown", "dropdown-menu", "dropdown-menu-end", "visually-hidden",
}  # fmt: skip

EMPTY = {  # what is for a book of several versions, for a bar above the page, for lists and alerts of other sites
    "#bd-header-version-warning", ".bd-header", ".list-group-item", ".list-group-item-action", ".dropdown-menu-dark",
    ".alert", ".toctree-wrapper",
}  # fmt: skip

QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
GIVEN = re.compile(r'\b(class|id)="([^"]*)"')
WORD = re.compile(r"[A-Za-z_][\w-]*")
SIGN = {"class": ".", "id": "#"}
DATASET = re.compile(r"dataset\.(\w+)")
VARIABLE = re.compile(r"--[\w-]+")
BLOCKS = {"media", "supports", "layer", "container"}
ON_PAPER = {"@media print", "@media only print"}

Kept = list[tuple[str, "list[str] | Kept"]]  # what stands before braces, and the declarations or rules in them


def write_cut(site: Path) -> Path:
    """The sheets of the built site as two, beside them, and the book's own without their comments."""
    static = site / "_static"
    sheets = [path.read_text(encoding="utf-8") for name in SHEETS for path in sorted(static.glob(name))]
    screen, paper = cut(sheets, *used(site))
    (static / CUT).write_text(screen, encoding="utf-8")
    (static / PAPER).write_text(paper, encoding="utf-8")
    for path in [path for name in OWN for path in static.glob(name)]:
        own = tinycss2.parse_component_value_list(path.read_text(encoding="utf-8"))
        path.write_text(short(own), encoding="utf-8")
    return static / CUT


def used(site: Path) -> tuple[set[str], str]:
    """The classes and ids of pages, the classes that scripts give; the texts in which a variable may be asked for."""
    static = site / "_static"
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html") if "_static" not in path.parts]
    paths = [*(path for name in SCRIPTS for path in static.glob(name) if path.name not in UNASKED), *LIVE.glob("*.js")]
    scripts = [path.read_text(encoding="utf-8") for path in paths]
    own = [path.read_text(encoding="utf-8") for path in static.rglob("*.css") if path.parent.name != "styles"]
    words = {f".{word}" for word in BOOTSTRAP}
    words |= {SIGN[kind] + word for text in pages for kind, given in GIVEN.findall(text) for word in given.split()}
    classes = {word for text in scripts for one in QUOTED.findall(text) if gives(one) for word in WORD.findall(one)}
    words |= {f".{word}" for word in classes}
    words -= EMPTY
    everything = "".join([*pages, *scripts])
    words |= {f"[{name}" for name in set(re.findall(r"data-[\w-]+", everything))}
    words |= {
        f"[data-{re.sub('[A-Z]', lambda one: '-' + one[0].lower(), name)}" for name in DATASET.findall(everything)
    }
    inline = (found for text in pages for found in re.findall(r'style="[^"]*"', text))
    return words, "".join([*scripts, *own, *inline])


def gives(text: str) -> bool:
    """Whether a string of a script may give a class: names alone, or HTML. A selector only looks for one."""
    return "class=" in text or re.fullmatch(r"[\w\s-]*", text[1:-1]) is not None


def cut(sheets: Iterable[str], words: set[str], texts: str) -> tuple[str, str]:
    """These sheets without what nothing here can meet: for the screen, and for paper alone."""
    kept: Kept = []
    for sheet in sheets:
        kept += rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), words)
    before, asked = "", set(VARIABLE.findall(texts))
    while (text := written(kept)) != before:
        before = text
        moved = {word for one in re.findall(r"animation(?:-name)?:([^;}]*)", text) for word in WORD.findall(one)}
        kept = without_others(kept, asked | set(re.findall(r"var\(\s*(--[\w-]+)", text)), moved)
    apart = [one[0] in ON_PAPER for one in kept]
    return written([one for one, paper in zip(kept, apart) if not paper]), written(
        [one for one, paper in zip(kept, apart) if paper]
    )


def rules(parsed: Iterable[Any], words: set[str]) -> Kept:
    """The rules of a sheet, or of a block, that may apply."""
    found: Kept = []
    for rule in parsed:
        if rule.type == "qualified-rule":
            chosen = [one for one in selectors(rule.prelude) if words.issuperset(named(one))]
            if chosen:
                found.append((",".join(map(short, chosen)), declarations(rule.content)))
        elif rule.type == "at-rule" and rule.content is not None:
            before = short([*tinycss2.parse_component_value_list(f"@{rule.at_keyword} "), *rule.prelude])
            if rule.lower_at_keyword in BLOCKS:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                found.append((before, rules(inner, words)))
            elif rule.lower_at_keyword == "font-face":
                found.append((before, declarations(rule.content)))
            else:
                found.append((before, [short(rule.content)]))
    return found


def selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    """The selectors of a list."""
    one: list[Any] = []
    for token in prelude:
        if token == ",":
            yield one
            one = []
        else:
            one.append(token)
    yield one


def named(selector: list[Any]) -> Iterator[str]:
    """The classes, ids and data-attributes that a selector demands; not what stands in :not(), :is() and their like."""
    for before, token in zip([None, *selector], selector):
        if token.type == "hash" or (token.type == "ident" and before == "."):
            yield ("." if token.type == "ident" else "#") + token.value
        elif token.type == "[] block" and (name := token.content[0].value).startswith("data-"):
            yield f"[{name}"


def declarations(content: list[Any]) -> list[str]:
    parsed = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    return [
        f"{one.name}:{short(one.value)}{'!important' * one.important}" for one in parsed if one.type == "declaration"
    ]


def short(tokens: list[Any]) -> str:
    """CSS in as few letters as it takes without being understood."""
    return re.sub(r"\s+", " ", tinycss2.serialize([one for one in tokens if one.type != "comment"])).strip()


def without_others(kept: Kept, asked: set[str], moved: set[str]) -> Kept:
    """The rules without variables and animations that nothing asks for, and without blocks in which nothing is left."""
    found: Kept = []
    for before, body in kept:
        if before.startswith("@keyframes ") and before.split()[1] not in moved:
            continue
        if body and isinstance(body[0], tuple):
            body = without_others(body, asked, moved)
        else:
            body = [one for one in body if not one.startswith("--") or one.partition(":")[0] in asked]
        if body:
            found.append((before, body))
    return found


def written(kept: Kept) -> str:
    return "".join(
        f"{before}{{{written(body) if body and isinstance(body[0], tuple) else ';'.join(body)}}}"
        for before, body in kept
    )
