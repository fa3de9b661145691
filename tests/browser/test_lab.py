"""`make lab`: a chapter opens as a notebook in JupyterLab, runs, and its widget moves."""

import os
import shutil
import subprocess
import sys

import pytest
from hosts import ROOT
from live import TOOLS
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab with the settings of ``make lab`` on a copy of the chapters, and its address."""
    folder = tmp_path_factory.mktemp("lab")
    for page in ("index.md", "one_sample.md", "check.md"):
        shutil.copy(ROOT / "book" / page, folder)
    words = ["-m", "jupyter", "lab", "--no-browser", "--expose-app-in-browser", "--IdentityProvider.token=", "--port=0"]
    process = subprocess.Popen(
        [sys.executable, *words, f"--ServerApp.root_dir={folder}"],
        env={**os.environ, "JUPYTER_CONFIG_PATH": str(TOOLS / "lab")},
        stderr=subprocess.PIPE,
        text=True,
    )
    address = next(line.split()[-1] for line in process.stderr if "http://127.0.0.1" in line)
    yield address.split("?")[0].removesuffix("/lab")
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def chapter(lab, browser):
    """The chapter *One sample, one output*, opened as a reader does, and run to its end."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab}/lab/tree/one_sample.md")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60000)
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    return page


def test_the_chapter_is_a_notebook_whose_cells_all_run(chapter):
    last = "jupyterapp.shell.currentWidget.content.model.cells.get({}).executionCount"
    cells = "jupyterapp.shell.currentWidget.content.model.cells"
    code = chapter.evaluate(f"[...{cells}].flatMap((c, k) => c.type === 'code' ? [k] : [])")
    assert len(code) > 8
    chapter.wait_for_function(f"{last.format(code[-1])} !== null", timeout=90000)
    errors = chapter.evaluate(
        f"[...{cells}].filter(c => c.type === 'code' && c.outputs.toJSON().some(o => o.output_type === 'error')).length"
    )
    assert errors == 0


def test_the_widget_moves_when_it_is_stepped(chapter):
    chapter.evaluate(
        "for (let k = 0; k < jupyterapp.shell.currentWidget.content.widgets.length; k++)"
        " jupyterapp.shell.currentWidget.content.scrollToItem(k)"
    )
    player = chapter.locator(".lr-player").first
    expect(player).to_be_visible(timeout=60000)
    said = player.locator(".lr-said")
    before = said.inner_text()
    player.get_by_label("one step on").click()
    expect(said).not_to_have_text(before)


def test_the_checker_of_derivations_asks_the_kernel(chapter, lab):
    page = chapter.context.browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab}/lab/workspaces/checker/tree/check.md")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60000)
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    checker = page.locator(".lr-desk").first
    expect(checker).to_be_visible(timeout=60000)
    expect(checker.locator(".lr-step").last).to_have_attribute("data-verdict", "REFUTED")
    expect(checker.locator(".lr-step mjx-container").first).to_be_visible(timeout=30000)
    line = r"r = X w - y, \quad L = \frac1N \|r\|^2, \quad \frac{\partial L}{\partial w} = \frac{2}{N} X^\top r"
    checker.locator(".lr-area").fill(line)
    expect(checker.locator(".lr-summary")).to_contain_text("Every line holds", timeout=30000)
    page.get_by_role("link", name="A dropped transpose").click()
    expect(checker.locator(".lr-summary")).to_contain_text("has no meaning", timeout=30000)
