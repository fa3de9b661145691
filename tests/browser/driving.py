"""A reader who runs a whole page and then moves every control that it shows, by keyboard and by press."""

import shutil

from hosts import SITE
from live import DONE, link, python_with, python_without, wheels
from playwright.sync_api import TimeoutError as TooLong
from run_code import WITHOUT

CELL = ".cell:has(.run-editor)"
# What a cell shows, without what the hand itself changes: the value of the control that is moved.
SHOWS = """(output) => {
  const copy = output.cloneNode(true);
  for (const one of copy.querySelectorAll(".widget-readout, .noUi-base, input, select, textarea")) one.remove();
  return copy.innerHTML;
}"""
ACTS = {  # what is moved, and how
    "[role=slider]": ("ArrowRight", "ArrowLeft"),
    "input[type=range]": ("Home", "End"),
    "[role=gridcell][tabindex='0']": ("ArrowRight", "ArrowDown"),
    "select": (),
    "button": (),
    "textarea": (),
}
# The book's own controls compute in the page, but for the checker; what ipywidgets draws waits for Python.
ASKS_PYTHON = """(control) => !control.matches("button")
  && (!control.closest(".lr-widget") || !!control.closest(".lr-desk"))"""
SECONDS = 20


def carrying(folder, static):
    """The built book with this Python for the page."""
    site = folder / "site"
    shutil.copytree(SITE, site, copy_function=link, ignore=shutil.ignore_patterns("pyodide"))
    shutil.copytree(static, site / "_static", copy_function=link, dirs_exist_ok=True)
    return site


def without_numpy(folder):
    """The built book as it is where numpy is not to be had for Python in the page."""
    return carrying(folder, python_without(folder / "python"))


def complete(folder):
    """The built book as it is where numpy is given for Python in the page."""
    site = carrying(folder, python_with(wheels(), folder / "python"))
    for page in [one for one in site.rglob("*.html") if WITHOUT in one.read_text()]:
        text = page.read_text()
        page.unlink()  # linked: what is written must not reach the original
        page.write_text(text.replace(WITHOUT, ""))
    return site


def run_all(live):
    """Press "Run all", wait for the end, and give everything red."""
    live.press("Run all")
    live.page.wait_for_function(
        """() => {
          const runs = [...document.querySelectorAll(".cell:has(.run-editor)")].map((one) => one.dataset.run);
          const failed = runs.some((one) => one === "error" || one === "abandoned");
          return failed ? !runs.includes("running") : runs.every((one) => one === "ok" || one === "elsewhere");
        }""",
        timeout=300_000,
    )
    live.until_bar("idle")
    return wrong(live)


def run_again_from_the_last_to_the_first(live):
    """Run each cell by its own button, from the end of the page to its beginning, as one does who reads it again."""
    for number in reversed(range(live.page.locator(CELL).count())):
        live.page.locator(CELL).nth(number).locator(".run-tools button:text-is('Run')").click()
        live.page.wait_for_function(
            "([cell, number, ends]) => ends.includes(document.querySelectorAll(cell)[number].dataset.run)",
            arg=[CELL, number, DONE],
            timeout=300_000,
        )
    live.until_bar("idle")
    return wrong(live)


def wrong(live):
    """Everything red on the page, and what the browser complained about."""
    said = live.page.locator(f"{CELL}:not([data-run=elsewhere]) .run-output :is(.run-error, .run-sentence, .stderr)")
    stopped = live.page.locator(f"{CELL}:not(:is([data-run=ok], [data-run=elsewhere]))").count()
    return [*said.all_inner_texts(), *live.troubles, *([f"{stopped} cells did not end well"] if stopped else [])]


def elsewhere(live):
    """What cells said that this Python can't run by its nature."""
    return live.page.locator(f"{CELL}[data-run=elsewhere] .run-sentence").all_inner_texts()


def drive(live):
    """Move every control that the cells show: each one moved, with whether what the cell shows changed."""
    found = []
    outputs = live.page.locator(".run-output")
    for number in range(outputs.count()):
        output = outputs.nth(number)
        for kind, keys in ACTS.items():
            for which in range(output.locator(kind).count()):
                control = output.locator(kind).nth(which)
                if control.is_visible() and control.is_enabled():
                    found.append([name(control, kind), moved(live, output, control, kind, keys)])
    return found


def name(control, kind):
    label = control.get_attribute("aria-label") or control.inner_text() or kind
    return " ".join(label.split())[:60]


def moved(live, output, control, kind, keys):
    """Whether the cell shows something else after this control was moved."""
    before = output.evaluate(SHOWS)
    try:
        if kind == "button":
            control.click(timeout=5000)
        elif kind == "select":
            values = control.locator("option").evaluate_all("all => all.map((one) => one.value)")
            control.select_option(next((one for one in values if one != control.input_value()), values[0]))
        elif kind == "textarea":
            control.fill(control.input_value() + "\n\n1 = 2")
        else:
            control.focus()
            for key in keys:
                live.page.keyboard.press(key)
                if changed(live, output, before, 1):
                    return True
        return changed(live, output, before, SECONDS if control.evaluate(ASKS_PYTHON) else 1)
    except TooLong:
        return False


def changed(live, output, before, seconds):
    try:
        live.page.wait_for_function(
            f"([output, before]) => ({SHOWS})(output) !== before",
            arg=[output.element_handle(), before],
            timeout=1000 * seconds,
        )
    except TooLong:
        return False
    return True
