"""What a check found, for a terminal, a notebook and a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lrcore.verify.show.html import report_html
from lrcore.verify.terms.report import MARKS, Step


@dataclass(frozen=True)
class Report:
    """The steps of a derivation in reading order, with the text they were read from and whether that is LaTeX."""

    steps: tuple[Step, ...]
    text: str = ""
    latex: bool = False

    @property
    def first_wrong(self) -> int | None:
        """The index of the first step that does not hold, or None."""
        return next((k for k, step in enumerate(self.steps) if not step.verdict.holds), None)

    @property
    def ok(self) -> bool:
        """Whether there is a step and every step holds."""
        return bool(self.steps) and self.first_wrong is None

    def to_dict(self) -> dict[str, Any]:
        return {"steps": [step.to_dict() for step in self.steps], "first_wrong": self.first_wrong, "text": self.text}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)

    def __str__(self) -> str:
        if not self.steps:
            return "No equation was found."
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for number, step in enumerate(self.steps, 1):
            yield f"{MARKS[step.verdict.value]:>2} {number}. {step.left} {step.relation} {step.right}"
            if step.reading:
                yield f"      understood: {step.reading}"
            needs = ", ".join(f"({place + 1})" for place in step.follows_from)
            said = [step.message, f"Needed: {needs}." if needs else "", step.assurance]
            yield f"      {step.verdict.value}: {' '.join(filter(None, said))}"
            if step.statement:
                yield f"      proved: {step.statement}"
            if step.counterexample:
                yield f"      {step.counterexample}"
            if step.repair:
                then = f" Then the {step.mended_side} side is {step.mended}." if step.mended else ""
                yield f"      {step.repair}{then}"
            if step.assumes:
                yield f"      assumes: {'; '.join(step.assumes)}"
            if step.remarks:
                yield f"      read as words alone: {'; '.join(step.remarks)}"

    def caret(self, step: Step) -> str:
        """The line of the text that a step is about, with carets below the part at fault."""
        if not step.span or not self.text:
            return ""
        start, end = step.span
        begin = self.text.rfind("\n", 0, start) + 1
        stop = self.text.find("\n", start)
        line = self.text[begin : stop if stop >= 0 else None]
        width = max(min(end, begin + len(line)) - start, 1)
        return line + "\n" + " " * (start - begin) + "^" * width

    def _repr_html_(self) -> str:
        return report_html(self)
