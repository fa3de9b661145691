"""One browser for all tests of a file, and a page that keeps what a reader's browser would complain about."""

import pytest
from hosts import launched


@pytest.fixture(scope="module")  # it keeps a loop of events running, which another file may want to have for itself
def browser():
    with launched() as one:
        yield one


@pytest.fixture
def page_in(browser):
    """Open a context with these options; its page, and the list of all complaints about what is at ``address``."""
    contexts = []

    def opening(address, **options):
        contexts.append(browser.new_context(**options))
        page, complaints = contexts[-1].new_page(), []

        def note_request(request):
            if not request.url.startswith((address, "data:", "blob:")):
                complaints.append(f"asks {request.url}")

        page.on("request", note_request)
        page.on("response", lambda one: complaints.append(f"{one.status} {one.url}") if one.status >= 400 else None)
        page.on("console", lambda one: complaints.append(f"console: {one.text}") if one.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        return page, complaints

    yield opening
    for context in contexts:
        context.close()
