"""One browser for all tests of a file, the book and the controls on hosts, a page that keeps what its browser says."""

import controls as page_of_controls
import pytest
from hosts import SITE, complaints_of, launched, static_host


@pytest.fixture(scope="module")  # it keeps a loop of events running, which another file may want to have for itself
def browser():
    with launched() as one:
        yield one


@pytest.fixture(scope="session")
def address():
    """The built book on a static host, below a path of the host's own."""
    with static_host(SITE, below="/some/where") as one:
        yield one


@pytest.fixture(scope="session")
def controls(tmp_path_factory):
    """A page that holds every control, on a static host."""
    site = tmp_path_factory.mktemp("controls")
    page_of_controls.write(site)
    with static_host(site) as one:
        yield one


@pytest.fixture
def page_in(browser):
    """Open a context with these options; its page, and the list of all complaints about what is at ``address``."""
    contexts = []

    def opening(address, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        return page, complaints_of(page, address)

    yield opening
    for context in contexts:
        context.close()
