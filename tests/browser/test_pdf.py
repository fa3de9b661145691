"""Two chapters printed as the whole book is: a title page, true numbers, nothing of the screen, nothing cut."""

import subprocess
import sys
from io import BytesIO

import pytest
from hosts import ROOT, SITE, chromium, frames, static_host
from pypdf import PdfReader

CODE = """import sys, pdf
listed = [one for one in pdf.contents() if one[0] in ("book/check", "book/notation", "book/n_samples")]
sys.stdout.buffer.write(pdf.book(listed, sys.argv[1]))"""


@pytest.fixture(scope="module")
def pdf():
    """Printed by a process of its own, for only one Playwright goes into a process."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, chromium()], cwd=ROOT / "book" / "_tools", capture_output=True, check=True
    )
    return PdfReader(BytesIO(done.stdout))


@pytest.fixture(scope="module")
def texts(pdf):
    return [page.extract_text() for page in pdf.pages]


def test_it_opens_with_a_title_page_and_a_table_of_contents_whose_numbers_are_true(pdf, texts):
    assert "Gradients you can check" in texts[0]
    assert texts[1].lstrip("2\n ").startswith("Contents")
    for title in ("Notation", "N samples", "Halves and N’s", "The conventions of the loss"):
        said = next(word for word in texts[1].split(title)[1].split() if word.isdigit())
        assert title in texts[int(said) - 1], f"{title} is not on page {said}"


def test_no_page_is_left_nearly_empty_before_a_control_that_is_longer_than_a_page(texts):
    checker = [text for text in texts[2:] if text.startswith("Check your own derivation")]
    assert len(checker) > 3
    assert [text for text in checker[:-1] if len(text) < 500] == []


def test_each_chapter_begins_a_page_and_every_page_has_its_number(texts):
    numbers = [text.split("\n")[1].strip() for text in texts[2:]]
    assert numbers == [str(number) for number in range(3, len(texts) + 1)]
    heads = {text.split("\n")[0] for text in texts[2:]}
    assert heads == {"Check your own derivation", "Notation", "N samples"}


def test_links_between_chapters_lead_within_the_document_and_the_outline_names_the_chapters(pdf):
    places = set(pdf.named_destinations)
    assert {"/book-notation", "/book-n_samples", "/book-n_samples--equation-n-chain"} <= places
    outline = [one.title for one in pdf.outline if not isinstance(one, list)]
    assert {"Notation", "N samples"} <= set(outline)


def test_nothing_of_the_screen_is_printed_and_solutions_are_unfolded(texts):
    whole = "\n".join(texts)
    for word in ("Run code", "Search", "Skip to main", "Previous", "Click to show"):
        assert word not in whole
    assert "it is mean_all" in " ".join(whole.split())


@pytest.mark.parametrize("name", ["book/n_samples.html", "book/closed_form.html"])
def test_a_page_printed_by_itself_shows_nothing_of_the_screen_and_cuts_no_equation(page_in, name):
    with static_host(SITE) as address:
        page, _ = page_in(address, viewport={"width": 642, "height": 900})
        page.goto(address + name, wait_until="load")
        page.emulate_media(media="print")
        frames(page, 2)
        shown = page.evaluate(
            """[".bd-sidebar-primary", ".run-code", ".bd-header-article", ".prev-next-footer", "#jb-print-docs-body",
                ".answers-kept", ".exercise button", ".toggle-hidden", "details.checked", "#checked"]
            .filter((one) => document.querySelector(one)?.checkVisibility())"""
        )
        assert shown == []
        assert page.locator("article h1").is_visible() and page.locator(".exercise input").first.is_visible()
        cut = page.evaluate(
            """[...document.querySelectorAll("article div.math > mjx-container")]
            .filter((box) => box.checkVisibility())
            .filter((box) => box.querySelector("mjx-math").getBoundingClientRect().right > innerWidth)
            .map((box) => box.parentNode.id)"""
        )
        assert cut == []
