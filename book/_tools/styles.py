"""One style sheet of the theme and its extensions, cut to what the pages use.

They bring 450 kB of rules; a page uses a tenth of them. A rule is kept where every class and id that it names stands in
some page or is a word of some script; a variable where something refers to it.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# In the order in which the pages had them; Sphinx's own basic.css is what theme.css asks for.
SHEETS = [
    "basic.css", "styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css", "togglebutton.css",
    "copybutton.css", "mystnb.*.css", "sphinx-design.min.css",
]  # fmt: skip
CUT = "styles/theme-cut.css"

# Scripts whose words say nothing of what the pages show, and what of Bootstrap's parts the pages do use.
UNASKED = ("fontawesome.js", "language_data.js", "searchtools.js", "bootstrap.js")
BOOTSTRAP = {
    "show", "showing", "hiding", "fade", "collapse", "collapsing", "collapsed", "tooltip", "tooltip-inner",
    "tooltip-arrow", "bs-tooltip-auto", "dropdown", "dropdown-menu", "dropdown-menu-end", "visually-hidden",
}  # fmt: skip

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
SKIPPED = re.compile(rf"{QUOTED}|\((?:[^()\"']|{QUOTED}|\([^()]*\))*\)", re.DOTALL)
DECLARED = re.compile(rf"(--[\w-]+)\s*:((?:{QUOTED}|[^;{{}}\"'])*)(?:;|(?=}}))", re.DOTALL)
EMPTY = re.compile(r"[^{}]*\{\s*\}")
NAMED = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
LOOSE = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]")
GIVEN = re.compile(r'\b(?:class|id|data-theme)="([^"]*)"')
WORD = re.compile(r"[A-Za-z_][\w-]*")
VARIABLE = re.compile(r"--[\w-]+")
BLOCKS = ("@media", "@supports", "@layer", "@container")


def write_cut(site: Path) -> Path:
    """The sheets of the built site as one, beside them."""
    static = site / "_static"
    sheets = [path for name in SHEETS for path in sorted(static.glob(name))]
    target = static / CUT
    target.write_text(cut([path.read_text(encoding="utf-8") for path in sheets], *used(site)), encoding="utf-8")
    return target


def used(site: Path) -> tuple[set[str], str]:
    """Every class and id of a page and every word of a script; and all texts in which a variable may be asked for."""
    static = site / "_static"
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html") if "_static" not in path.parts]
    scripts = [
        path.read_text(encoding="utf-8")
        for path in static.rglob("*.js")
        if not {"mathjax", "pyodide", "widgets", "locales", "vendor"} & set(path.relative_to(static).parts)
        and path.name not in UNASKED
    ]
    own = [
        path.read_text(encoding="utf-8")
        for path in static.rglob("*.css")
        if path.relative_to(static).parts[0] != "styles"
    ]
    words = BOOTSTRAP | {word for text in pages for given in GIVEN.findall(text) for word in given.split()}
    words |= {word for text in scripts for word in WORD.findall(text)}
    inline = (found for text in pages for found in re.findall(r'style="[^"]*"', text))
    return words, "".join([*scripts, *own, *inline])


def cut(sheets: Iterable[str], words: set[str], texts: str) -> str:
    """These sheets without what nothing here can meet."""
    kept = "".join(rules(COMMENT.sub("", sheet), words) for sheet in sheets)
    before = ""
    while kept != before:
        before = kept
        kept = without_others(kept, set(re.findall(r"var\(\s*(--[\w-]+)", kept)) | set(VARIABLE.findall(texts)))
    return re.sub(r"\s+", " ", EMPTY.sub("", kept))


def without_others(css: str, asked: set[str]) -> str:
    """The rules without variables that nothing asks for."""
    return DECLARED.sub(lambda one: one[0] if one[1] in asked else "", css)


def rules(css: str, words: set[str]) -> str:
    """The rules of a sheet, or of a block, that may apply."""
    found = []
    for prelude, body in blocks(css):
        if body is None:
            found.append("" if prelude.startswith(("@import", "@charset")) else f"{prelude};")
        elif prelude.startswith(BLOCKS):
            inside = rules(body, words)
            found.append(f"{prelude}{{{inside}}}" if inside.strip() else "")
        elif prelude.startswith("@"):
            found.append(f"{prelude}{{{body}}}")
        elif chosen := [one for one in parts(prelude) if meets(one, words)]:
            found.append(f"{','.join(chosen)}{{{body}}}")
    return "".join(found)


def blocks(css: str) -> Iterator[tuple[str, str | None]]:
    """What stands before each pair of braces, and what is in it; None where a semicolon ends it."""
    at = start = depth = 0
    opened = 0
    while at < len(css):
        skipped = SKIPPED.match(css, at)
        if skipped:
            at = skipped.end()
            continue
        sign = css[at]
        if sign == "{":
            depth += 1
            opened = at if depth == 1 else opened
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : at]
                start = at + 1
        elif sign == ";" and depth == 0:
            yield css[start:at].strip(), None
            start = at + 1
        at += 1


def parts(prelude: str) -> list[str]:
    """The selectors of a list; a comma in brackets is none between them."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            found.append(prelude[start:at].strip())
            start = at + 1
    return [*found, prelude[start:].strip()]


def meets(selector: str, words: set[str]) -> bool:
    """Whether all that a selector demands is there; escapes are not looked into."""
    return "\\" in selector or words.issuperset(NAMED.findall(LOOSE.sub("", selector)))
