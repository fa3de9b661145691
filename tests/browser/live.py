"""What the tests of running cells need: a small site of the book's own parts, servers for it, and a page to drive."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from html import escape
from pathlib import Path

from hosts import ROOT, complaints_of

TOOLS = ROOT / "book" / "_tools"
sys.path += [str(ROOT / "book" / "_ext"), str(TOOLS)]
import browser_python  # noqa: E402
from run_code import with_switch  # noqa: E402

FRONT, PYTHON = ROOT / "_build" / "front" / "static", ROOT / "_build" / "pyodide" / "static"
AT_THE_ROOT = ROOT / "_build" / "front" / "root"
CELL = """<div class="cell docutils container"><div class="cell_input docutils container">
<div class="highlight-ipython3 notranslate"><div class="highlight"><pre>{}</pre></div></div></div>
<div class="cell_output docutils container"><div class="output">the book's output</div></div></div>"""
PAGE = """<!doctype html><html lang="en" data-content_root="./"><meta charset="utf-8"><title>cells</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<link rel="stylesheet" href="_static/live/live.css"><script defer src="_static/live/switch.js"></script>
<body><main class="bd-article">{}</main></body></html>"""
TITLE = "<h1>Cells</h1><p>What they are about.</p>"
DONE = ("ok", "error", "abandoned", "elsewhere")
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}


def small_site(folder, cells, python=PYTHON):
    """A page with these cells, marked up as MyST-NB does, and the parts of the built book that run them."""
    static = folder / "_static"
    static.mkdir(parents=True)
    for part in (FRONT, python):  # linked, to save time; not by symbolic links, which a careful server does not follow
        shutil.copytree(part, static, copy_function=link, dirs_exist_ok=True)
    shutil.copytree(AT_THE_ROOT, folder, dirs_exist_ok=True)
    body = TITLE + "".join(CELL.format(escape(code)) for code in cells)
    (folder / "index.html").write_text(PAGE.format(with_switch(body, browser_python.has_numbers(python))))
    return folder


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def python_with(wheels, target):
    """Python for the browser with the compiled packages of this folder, as ``make`` would put it together."""
    code = "import sys, pathlib, browser_python as b; b.TARGET = pathlib.Path(sys.argv[1]); b.install()"
    environment = {**os.environ, "PYODIDE_WHEELS": str(wheels), "PYTHONPATH": str(TOOLS)}
    subprocess.run([sys.executable, "-c", code, str(target)], env=environment, check=True)
    return target / "static"


def python_without(target):
    """Python for the browser as ``make`` puts it together where no compiled packages are to be had."""
    shutil.copytree(PYTHON, target, copy_function=link)
    folder = target / "pyodide"
    for name in ("contents.json", "pyodide-lock.json"):  # linked: what is written must not reach the original
        (folder / name).unlink()
    for name in (*browser_python.COMPILED, *browser_python.FOR_FIGURES):
        for wheel in folder.glob(f"{name.replace('-', '_')}-*.whl"):
            wheel.unlink()
    browser_python.write_lock(folder)
    return target


def wheels():
    """The folder of compiled packages for tests: PYODIDE_WHEELS, or the one beside the checkout, or None."""
    beside = ROOT.parent / "shared" / "pyodide-wheels"
    named = os.environ.get("PYODIDE_WHEELS") or (beside if beside.is_dir() else None)
    return named and Path(named).resolve()


def served(site):
    """The book's own server, as ``make`` starts it, and the address that it prints."""
    command = [sys.executable, str(TOOLS / "serve.py"), str(site)]
    quiet = {**os.environ, "BROWSER": "true"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet)
    for line in process.stdout:
        if "http://" in line:
            return process, line.split()[4]
    raise AssertionError("the server said no address")


@contextmanager
def own_server(site):
    process, address = served(site)
    yield address
    process.terminate()
    process.wait(20)
    process.stdout.close()


class Live:
    """A page whose cells run, and what a reader does with it."""

    def __init__(self, context, address, site=""):
        self.page, self.asked = context.new_page(), []
        self.troubles = complaints_of(self.page, site or address)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def switch(self):
        self.page.click(".run-code")
        self.page.wait_for_selector(".run-editor .cm-content")
        return self

    def ready(self):
        self.until_bar("idle")
        return self

    def until_bar(self, *states):
        state = "s => s.includes(document.querySelector('.run-bar').dataset.state)"
        self.page.wait_for_function(state, arg=states, timeout=60000)

    def cell(self, number):
        return self.page.locator(".cell").nth(number)

    def write(self, number, code):
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)

    def start(self, number):
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        state = (
            "n => ['running', 'ok', 'error', 'elsewhere'].includes(document.querySelectorAll('.cell')[n].dataset.run)"
        )
        self.page.wait_for_function(state, arg=number, timeout=60000)

    def ended(self, number):
        expression = "([n, done]) => done.includes(document.querySelectorAll('.cell')[n].dataset.run)"
        self.page.wait_for_function(expression, arg=[number, DONE], timeout=60000)
        return self.cell(number)

    def run(self, number, code=None):
        """Run a cell and give its text, when it has ended."""
        if code is not None:
            self.write(number, code)
        self.start(number)
        self.ended(number)
        return self.said(number)

    def said(self, number):
        return self.cell(number).locator(".run-output").inner_text()

    def bar(self):
        return self.page.locator(".run-said").inner_text()

    def press(self, name):
        self.page.click(f".run-bar button:text-is('{name}')")

    def until_said(self, number, text):
        output = "document.querySelectorAll('.cell')[n].querySelector('.run-output')"
        self.page.wait_for_function(f"([n, t]) => {output}?.innerText.includes(t)", arg=[number, text], timeout=30000)
