"""The theme's parts made lighter: of its 1,900 icons a page shows two dozen.

The theme brings Font Awesome three times: as 1.5 MB of script, as a font of 156 kB, and as 86 kB of rules. The pages
go without the script (``_templates/static/webpack-macros.html``); of the font and the rules they get what they show.
"""

import re
from pathlib import Path

import fonts

ICONS = {
    "angle-left", "angle-right", "arrow-up", "bars", "circle-half-stroke", "download", "expand", "file", "file-pdf",
    "list", "magnifying-glass", "moon", "outdent", "print", "sun",
}  # fmt: skip
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:{1,2}before,?)+)\{content:"([^"]*)"\}')
# Icons that the styles of the theme and of the book name by themselves: of admonitions, links, folds.
NAMED = re.compile(r'--pst-icon-[a-z-]+:"([^"]*)"')
FOLD = "\uf107"


def add_style(target: Path) -> None:
    """The theme's style without the rules of other icons, and a font of the icons that are left."""
    style = (fonts.THEME / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    codes = {FOLD, *(decoded(code) for code in NAMED.findall(style))}
    codes |= {decoded(code) for names, code in RULE.findall(style) if shown(names)}
    light = RULE.sub(lambda rule: rule[0] if shown(rule[1]) else "", style)
    target.joinpath("styles").mkdir(parents=True, exist_ok=True)
    (target / "styles" / "pydata-sphinx-theme.css").write_text(light, encoding="utf-8")
    fonts.add_icons(codes, target / "vendor" / "fontawesome" / "webfonts")


def shown(names: str) -> bool:
    """Whether a rule, such as ``.fa-bars:before,.fa-navicon:before``, is for one of the icons of the pages."""
    return any(f".fa-{name}:" in names for name in ICONS)


def decoded(code: str) -> str:
    r"""The letter of a code, which a style may write as ``\f058``."""
    return chr(int(code[1:], 16)) if code.startswith("\\") else code
