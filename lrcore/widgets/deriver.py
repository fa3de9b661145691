"""The writer of derivations: what is differentiated, by what, in which style; each line with its reason."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import traitlets as t

from lrcore.checker.deriving import EXAMPLES, STYLES
from lrcore.checker.service import answer
from lrcore.checker.service import derive as derived
from lrcore.errors import InputError
from lrcore.shapes import one_of
from lrcore.widgets.control import Control, source


class DerivationWriter(Control):
    r"""Type what is differentiated, and with respect to what: each line you get is proved, and names its rule.

    On a plain page Python runs in the reader's browser; with a kernel the same view talks to that kernel.

    Parameters
    ----------
    loss : what is differentiated, in LaTeX or as in numpy; a head such as ``L =`` may stand before it
    by : the symbol, such as ``w``, or an entry of it, such as ``w_k``
    style : rules, differential or index
    closed : whether the gradient is set to zero and solved for the variable
    symbols : name -> shape, such as ``{"X": "N x M", "w": "M"}``; what is not named is guessed from its use
    page : whether it is the page *Derive anything*, whose address keeps what is typed

    Raises
    ------
    InputError
        the style is none of the three, or no rule leads on; the sentence says which part is left.

    Used in the chapter *Derive anything*.
    """

    _module = "deriver"
    _height = 40
    _css = source("widgets.css") + source("checker.css")
    loss = t.Unicode("").tag(sync=True)
    by = t.Unicode("").tag(sync=True)
    style = t.Unicode("rules").tag(sync=True)
    closed = t.Bool(False).tag(sync=True)
    rows: Any = t.List().tag(sync=True)
    examples: Any = t.List().tag(sync=True)
    page = t.Bool(False).tag(sync=True)
    answer = t.Dict().tag(sync=True)

    def __init__(
        self,
        loss: str = EXAMPLES[0].loss,
        by: str = EXAMPLES[0].by,
        style: str = "rules",
        *,
        closed: bool = False,
        symbols: Mapping[str, str] | None = None,
        page: bool = False,
    ) -> None:
        rows = [[name, shape, "", ""] for name, shape in (symbols or {}).items()]
        examples = [one.to_list() for one in EXAMPLES]
        super().__init__(
            loss=loss,
            by=by,
            style=one_of("style", style, STYLES),
            closed=closed,
            rows=rows,
            examples=examples,
            page=page,
        )
        self.answer = self.derivation()
        self.on_msg(self._asked)

    def derivation(self) -> dict[str, Any]:
        """The lines with their rules, as ``lrcore.verify.derive`` writes them, and the texts to take away."""
        asked = {"loss": self.loss, "by": self.by, "style": self.style, "closed": self.closed, "rows": self.rows}
        found = derived(asked)
        if "refused" in found:
            raise InputError(found["refused"])
        return found

    def said(self) -> str:
        """The result in a sentence."""
        return f"The derivative by {self.by} is {self.answer['result']['written']}."

    def _fallback(self) -> str:
        """The derivation as a list, which a build of the book typesets."""
        lines = "".join(f"<li>{one}</li>" for one in self._lines())
        return f"<ol>{lines}</ol>"

    def _lines(self) -> Iterator[str]:
        for one in self.answer["lines"]:
            latex = escape(one["latex"])
            shown = f'<span class="math notranslate nohighlight" data-latex="{latex}">\\({latex}\\)</span>'
            yield f"{shown} <em>{escape(one['rule'])}</em>"

    def _asked(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and isinstance(content.get("request"), str):
            self.send({"id": content.get("id"), "result": answer(content["request"])})
