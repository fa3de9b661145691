"""The checker as a folder of static files that any page can include: ``python book/_tools/component.py FOLDER``.

What the book's own pages load lies in the folder as it lies in the site: the checker's modules, MathJax, and Python for
the browser with lrcore and sympy. ``derivation-checker.js`` at its top is the one file that a page names.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import browser_python
import front
from files import ROOT

MODULES = ROOT / "lrcore" / "widgets" / "front"
FIRST = "derivation-checker.js"
SHEETS = ("widgets.css", "checker.css", "derivation-checker.css")
PACKAGES = ("lrcore", "sympy", "mpmath")
IMPORTED = re.compile(r'^import .* from "\./([\w-]+\.js)";$', re.MULTILINE)
EXAMPLE = r"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A page with a checker</title>
<script type="module" src="derivation-checker.js"></script>
<h1>A page with a checker</h1>
<derivation-checker
  table="X : N x M; w : M; y : N; L := \|Xw - y\|^2"
  text="\nabla_w L = X^\top (Xw - y)"></derivation-checker>
<p id="told" role="status">Nothing was checked yet.</p>
<script>
  document.querySelector("derivation-checker").addEventListener("verdicts", ({ detail }) => {
    const lines = detail.steps.map(({ line, verdict }) => `line ${line}: ${verdict}`);
    document.querySelector("#told").textContent = lines.join(", ");
  });
</script>
</html>
"""


def write(folder: Path) -> None:
    """Put all of it into a folder, which is made anew."""
    parts, python = front.install(), browser_python.install() / "pyodide"
    if folder.exists() and any(folder.iterdir()) and not (folder / FIRST).is_file():
        raise SystemExit(f"{folder} holds other files: name a folder that is new, empty, or an older copy of this one.")
    shutil.rmtree(folder, ignore_errors=True)
    for name in [*imported(FIRST), *SHEETS]:
        front.copy(MODULES / name, folder / "checker" / name)
    for name in ("worker.js", "signal.js"):
        front.copy(parts / "live" / name, folder / "live" / name)
    front.copy(parts / "mathjax", folder / "mathjax")
    add_python(python, folder / "pyodide")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    (folder / FIRST).write_text(f'import "./checker/{FIRST}";\n')
    (folder / "index.html").write_text(EXAMPLE)


def imported(name: str, seen: tuple[str, ...] = ()) -> list[str]:
    """A module and all that it imports."""
    found = [*seen, name]
    for other in IMPORTED.findall((MODULES / name).read_text(encoding="utf-8")):
        if other not in found:
            found = imported(other, tuple(found))
    return found


def add_python(source: Path, folder: Path) -> None:
    """Python's core and the packages that the checker asks for."""
    lock = json.loads((source / "pyodide-lock.json").read_text())
    contents = json.loads((source / "contents.json").read_text())
    packages = {name: lock["packages"][name] for name in PACKAGES}
    for name in [*browser_python.CORE, *(one["file_name"] for one in packages.values())]:
        front.copy(source / name, folder / name)
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": packages}, indent=1))
    sizes = {name: contents["packages"][name] for name in PACKAGES}
    (folder / "contents.json").write_text(json.dumps({**contents, "packages": sizes}, indent=1))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Name the folder: python book/_tools/component.py FOLDER")
    write(Path(sys.argv[1]))
    print(f"{sys.argv[1]}: include {FIRST} as a module, as index.html there does.")
