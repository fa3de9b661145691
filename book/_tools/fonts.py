"""The fonts of the pages, each with the letters alone that the pages use: together they weigh like one of them.

Text is set in Source Serif 4, headings and controls in Source Sans 3, mathematics in MathJax's TeX fonts, icons in the
theme's Font Awesome.
"""

from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

LATIN = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), 0x2212)]
# Of the italic one weight is enough: bold italics are rare, and a browser makes them of it.
TEXT = {
    "serif.woff2": ("source-serif-4/files/source-serif-4-latin-wght-normal.woff2", None),
    "serif-italic.woff2": ("source-serif-4/files/source-serif-4-latin-wght-italic.woff2", 400),
    "sans.woff2": ("source-sans-3/files/source-sans-3-latin-wght-normal.woff2", None),
}
MATHEMATICS = {
    "MJXZERO": "Zero",
    "MJXTEX": "Main-Regular",
    "MJXTEX-B": "Main-Bold",
    "MJXTEX-I": "Math-Italic",
    "MJXTEX-MI": "Main-Italic",
    "MJXTEX-BI": "Math-BoldItalic",
    "MJXTEX-S1": "Size1-Regular",
    "MJXTEX-S2": "Size2-Regular",
    "MJXTEX-S3": "Size3-Regular",
    "MJXTEX-S4": "Size4-Regular",
    "MJXTEX-A": "AMS-Regular",
    "MJXTEX-C": "Calligraphic-Regular",
    "MJXTEX-SS": "SansSerif-Regular",
    "MJXTEX-T": "Typewriter-Regular",
    "MJXTEX-V": "Vector-Regular",
}
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp"]
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"


def add_text(modules: Path, target: Path) -> None:
    """Text and headings."""
    for name, (source, weight) in TEXT.items():
        font = TTFont(modules / "@fontsource-variable" / source)
        if weight is not None:
            font = instantiateVariableFont(font, {"wght": weight})
        write(font, LATIN, target / name)


def add_icons(codes: Iterable[str], target: Path) -> None:
    """These icons, where the theme's style looks for all of them."""
    write(TTFont(THEME / "vendor/fontawesome/webfonts/fa-solid-900.ttf"), codes, target / "fa-solid-900.woff2")


def add_mathematics(originals: Path, letters: set[str], target: Path) -> None:
    """These letters in each of MathJax's fonts, and the style that names them; nothing to do where they are there."""
    style = target / "mathematics.css"
    codes = " ".join(f"{ord(one):x}" for one in sorted(letters))
    wanted = f"/* {len(letters)} letters: {codes}; of {len(MATHEMATICS)} fonts */\n"
    if style.is_file() and style.read_text(encoding="utf-8").startswith(wanted):
        return
    for name in MATHEMATICS.values():
        font = TTFont(originals / f"MathJax_{name}.woff")
        write(font, letters if name != "Zero" else map(chr, font.getBestCmap()), target / f"{name}.woff2")
    style.write_text(wanted + "".join(rule(family, target / f"{name}.woff2") for family, name in MATHEMATICS.items()))


def rule(family: str, font: Path) -> str:
    """Until a font is here its letters are blank and as wide as they will be: nothing moves.

    The empty font, MJXZERO, gives every line its height: it comes with the rule itself, so that no line grows later.
    """
    source = font.name
    if family == "MJXZERO":
        source = f"data:font/woff2;base64,{b64encode(font.read_bytes()).decode()}"
    return f'@font-face {{ font-family: {family}; font-display: block; src: url("{source}") format("woff2"); }}\n'


def write(font: TTFont, letters: Iterable[str], target: Path) -> None:
    """A font with these letters alone."""
    options = subset.Options(hinting=False, layout_features=FEATURES, drop_tables=["FFTM"], notdef_outline=True)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=[ord(one) for one in letters])
    chosen.subset(font)
    font.flavor = "woff2"
    content = BytesIO()
    font.save(content)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.getvalue())
