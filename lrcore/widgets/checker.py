"""The checker of a derivation of one's own: checked line by line, with the first wrong line, why, and what mends it."""

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Any

import traitlets as t

from lrcore.checker.challenges import BY_NAME, CHALLENGES
from lrcore.checker.gallery import CASES
from lrcore.checker.service import answer, check
from lrcore.checker.starts import BY_ID, STARTS
from lrcore.checker.table import Refused, read_state
from lrcore.errors import InputError
from lrcore.losses import CONVENTIONS
from lrcore.shapes import one_of
from lrcore.widgets.control import Control, source


@cache
def library(everything: bool) -> dict[str, Any]:
    """The tables to start from; with ``everything`` the gallery and the challenges too."""
    found: dict[str, Any] = {
        "starts": [[one.id, one.title, [list(row) for row in one.rows], one.scaled] for one in STARTS],
        "conventions": [[one.name, one.loss_latex] for one in CONVENTIONS.values()],
        "cases": [],
        "challenges": [],
    }
    if everything:
        found["cases"] = [[one.id, one.title, [list(row) for row in one.rows], one.text, one.notice] for one in CASES]
        found["challenges"] = [
            [one.id, one.title, one.chapter, [list(row) for row in one.rows], one.first, one.last,
             [list(hints) for hints in one.hints], list(one.stages)]
            for one in CHALLENGES
        ]  # fmt: skip
    return found


def formulas(answer: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The formulas of an answer that is shown, and whether each is displayed."""
    for step in answer["steps"]:
        repair, example = step["repair"] or {"latex": "", "parts": []}, step["example"] or {"values": []}
        found = [(step["latex"], True), (repair["latex"], True)]
        found += [(latex, False) for _, latex in repair["parts"]]
        found += [(one["latex"], False) for one in [*example["values"], *step["assumes"]]]
        yield from (one for one in found if one[0])
    yield from ((one["latex"], False) for one in answer["hypotheses"] if one["latex"])


class DerivationChecker(Control):
    r"""Type a derivation and be told line by line what holds, where the first mistake is, why, and what would mend it.

    On a plain page Python runs in the reader's browser; with a kernel the same view talks to that kernel. The traits
    ``text``, ``rows``, ``layout`` and ``without`` (what is struck out) follow the page, and can be set.

    Parameters
    ----------
    text : the derivation, in LaTeX or as in numpy, with or without prose around it
    start : the table to begin with: blank (it is read from the text), one, samples, outputs, ridge, weighted
    symbols : name -> shape, such as ``{"X": "N x M", "w": "M"}``, in place of a start
    definitions : name -> expression, besides ``symbols``
    layout : gradient, jacobian or denominator, as in ``lrcore.verify.Context``
    challenge : the name of one of the book's challenges, to be derived
    page : whether it is the page *Check*, with gallery and challenges, whose address keeps what is typed

    Raises
    ------
    InputError
        a name is not one of those above, or the text is too long.

    Used in the chapter *Check*.
    """

    _module = "checker"
    _height = 44
    _css = source("widgets.css") + source("checker.css")
    text = t.Unicode("").tag(sync=True)
    rows: Any = t.List().tag(sync=True)
    layout_rule = t.Unicode("gradient").tag(sync=True)
    start = t.Unicode("blank").tag(sync=True)
    challenge = t.Unicode("").tag(sync=True)
    without = t.List(t.Unicode()).tag(sync=True)
    page = t.Bool(False).tag(sync=True)
    library = t.Dict().tag(sync=True)
    answer = t.Dict().tag(sync=True)

    def __init__(
        self,
        text: str = "",
        *,
        start: str = "blank",
        symbols: Mapping[str, str] | None = None,
        definitions: Mapping[str, str] | None = None,
        layout: str = "gradient",
        challenge: str = "",
        page: bool = False,
    ) -> None:
        start = one_of("start", start, BY_ID)
        if challenge:
            one_of("challenge", challenge, BY_NAME)
        rows = [list(row) for row in (BY_NAME[challenge].rows if challenge else BY_ID[start].rows)]
        if symbols is not None or definitions is not None:
            start, rows = "", [[name, shape, "", ""] for name, shape in (symbols or {}).items()]
            rows += [[name, "", "", body] for name, body in (definitions or {}).items()]
        super().__init__(
            text=text,
            rows=rows,
            layout_rule=layout,
            start=start,
            challenge=challenge,
            page=page,
            library=library(page or bool(challenge)),
        )
        self.answer = self.checked()
        self.on_msg(self._asked)

    def checked(self) -> dict[str, Any]:
        """What ``lrcore.checker.service.check`` says of the text as it stands: steps, verdicts, repairs, questions."""
        try:
            state = read_state(
                {"text": self.text, "rows": self.rows, "layout": self.layout_rule, "without": self.without}
            )
        except Refused as refused:
            raise InputError(str(refused)) from None
        return check(state, self.challenge)

    def said(self) -> str:
        """The verdict in a sentence."""
        return self.checked()["summary"] or "Write a derivation, a line each, and each line is checked."

    def _fallback(self) -> str:
        """The verdict, and, hidden, the formulas of the first view, which a build of the book typesets."""
        places = {
            (latex, display): f'<{tag} class="math notranslate nohighlight" data-latex="{escape(latex)}">'
            f"{opening}{escape(latex, quote=False)}{closing}</{tag}>"
            for latex, display in formulas(self.answer)
            for tag, opening, closing in [("div", r"\[", r"\]") if display else ("span", r"\(", r"\)")]
        }
        return f"{super()._fallback()}<div hidden>{''.join(places.values())}</div>"

    def _asked(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and isinstance(content.get("request"), str):
            self.send({"id": content.get("id"), "result": answer(content["request"])})
