"""A finger on the glass, as the browser's protocol makes it: what it touches, and what the page does then."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from controls import made
from hosts import PHONE, complaints_of, frames

TOUCHED = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


class Hand:
    def __init__(self, page):
        self.page, self.protocol = page, page.context.new_cdp_session(page)

    def send(self, kind, *points):
        touched = [{"x": x, "y": y} for x, y in points]
        self.protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    def tap(self, node):
        node.scroll_into_view_if_needed()
        self.send("touchStart", middle(node))
        self.send("touchEnd")
        frames(self.page, 2)

    def drag(self, start, end, moves=12):
        self.send("touchStart", start)
        for share in np.linspace(0, 1, moves + 1)[1:]:
            self.send("touchMove", tuple(a + share * (b - a) for a, b in zip(start, end, strict=True)))
            frames(self.page, 1)
        self.send("touchEnd")
        frames(self.page, 2)

    def wheel(self, x, y, down):
        self.page.mouse.move(x, y)
        turned = {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": down}
        self.protocol.send("Input.dispatchMouseEvent", turned)

    def scrolled(self):
        return self.page.evaluate("scrollY")


def middle(node):
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def with_all(browser, address, **options) -> Iterator:
    """A page with every control, for all tests of a file; at the end nothing has been complained of."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(10_000)
    # Chromium warns of a touch that came too late to be refused: a page must not try.
    troubles = complaints_of(page, address, ("error", "warning"))
    page.goto(address)
    page.wait_for_function("(count) => document.querySelectorAll('.lr-said').length === count", arg=len(made()))
    yield page
    context.close()
    assert not troubles
