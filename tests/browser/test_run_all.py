"""A chapter on each kind of host: its cells run, its controls move (benchmarks/run_all.py has all chapters)."""

import pytest
from driving import CELL, complete, drive, elsewhere, run_again_from_the_last_to_the_first, run_all, without_numpy
from hosts import SITE, static_host
from live import Live, own_server, wheels

PLAYER = {"play", "learning rate", "step"}
MOVED = {  # "[role=slider]" is the chapter's own ipywidgets slider, which Python answers
    "book/one_sample.html": PLAYER,
    "book/descent.html": PLAYER | {"scale of x2", "[role=slider]"},
}


@pytest.fixture
def local():
    with own_server(SITE) as address:
        yield address


@pytest.fixture
def page(tmp_path):
    if wheels() is None:
        pytest.skip("set PYODIDE_WHEELS to a folder of numpy, matplotlib, pillow and kiwisolver for Pyodide")
    with static_host(complete(tmp_path)) as address:
        yield address


@pytest.mark.parametrize(("host", "name"), [("local", "book/descent.html"), ("page", "book/one_sample.html")])
def test_all_cells_of_a_chapter_run_and_every_control_moves_afterwards(browser, request, host, name):
    address = request.getfixturevalue(host)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    live = Live(context, address + name, site=address)
    live.switch().ready()
    assert run_all(live) == []
    assert {control for control, changed in drive(live) if changed} >= MOVED[name]
    if host == "local":  # a second time takes as long again
        assert run_again_from_the_last_to_the_first(live) == []
    assert elsewhere(live) == []
    context.close()


def test_without_numpy_every_cell_of_a_chapter_that_verifies_runs_and_the_others_say_why_not(browser, tmp_path):
    with static_host(without_numpy(tmp_path)) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        live = Live(context, f"{address}book/question.html", site=address)
        live.switch().ready()
        assert run_all(live) == []
        cells = live.page.locator(CELL)
        verifying = cells.filter(has=live.page.locator(".cm-content", has_text="holds("))
        assert verifying.count() > 3
        assert set(verifying.evaluate_all("(all) => all.map((one) => one.dataset.run)")) == {"ok"}
        assert verifying.locator(".lr-holds > summary").count() >= verifying.count()
        assert all("numpy" in one or "cannot run here" in one for one in elsewhere(live))
        context.close()
