"""The one function that a view calls: a request as JSON, an answer as JSON, whatever is asked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from lrcore import verify  # what explains, derives and asks sympy is loaded when it is first asked for
from lrcore.verify import STUMBLED, Verdict

from .blanks import judge as judge_blank
from .blanks import lines_so_far
from .challenges import BY_NAME, judge, verdict
from .checked_text import CheckedStep, CheckedText
from .export import as_cell, as_latex, as_markdown, as_report, joined
from .table import LONGEST_CELL, Refused, State, read_state
from .typeset import shown
from .view import view

_EXPORTS = {"latex": as_latex, "markdown": as_markdown, "cell": as_cell, "report": as_report}


def answer(request: str) -> str:
    """The answer to ``{"do": "check" | "judge" | "blank" | "export" | "confirm" | "why" | "hint", "state": ..., ...}``,
    and to ``{"do": "derive", "loss": ..., "by": ..., "style": ..., "rows": ...}``.
    """
    try:
        asked = json.loads(request)
        if not isinstance(asked, dict) or asked.get("do") not in _DOES:
            raise Refused("This request is not one of check, judge, blank, export, confirm, why, hint and derive.")
        found = _DOES[asked["do"]](asked)
    except json.JSONDecodeError:
        found = {"refused": "This request is no JSON."}
    except Refused as refused:
        found = {"refused": str(refused)}
    except Exception as error:  # whatever is asked, an answer: the tests demand that this one is never given
        found = {"refused": f"{STUMBLED} ({type(error).__name__})."}
    return json.dumps(found, ensure_ascii=False)


def check(state: State, challenge: str = "") -> dict[str, Any]:
    """Every line of a state, for a view."""
    return view(CheckedText(state, locked=bool(challenge)).run())


def _check(asked: dict[str, Any]) -> dict[str, Any]:
    return check(read_state(asked.get("state")), str(asked.get("challenge") or ""))


def _judge(asked: dict[str, Any]) -> dict[str, Any]:
    name = asked.get("challenge")
    if not isinstance(name, str) or name not in BY_NAME:
        raise Refused("This challenge is not one of the book's.")
    checked = CheckedText(read_state(asked.get("state")), locked=True).run()
    return verdict(judge(joined(checked), name), name)


def _export(asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("as") not in _EXPORTS:
        raise Refused("A derivation is copied as latex, markdown, cell or report.")
    return {"text": _EXPORTS[asked["as"]](CheckedText(read_state(asked.get("state"))).run())}


def _confirm(asked: dict[str, Any]) -> dict[str, Any]:
    """What sympy, the third engine, says of each proved step."""
    checked = CheckedText(read_state(asked.get("state")), locked=bool(asked.get("challenge"))).run()
    found: list[dict[str, Any] | None] = []
    for one in checked.steps:
        if one.decided is None or one.step.verdict is not Verdict.PROVED:
            found.append(None)
            continue
        said = verify.second_opinion(one.decided.claim, one.decided.given)
        found.append({"agrees": said.agrees, "how": said.how, "points": said.points})
    return {"confirmations": found}


def derive(asked: dict[str, Any]) -> dict[str, Any]:
    """A derivation, or a sentence that says what is in its way."""
    from .deriving import derived

    try:
        return derived(asked)
    except Refused as refused:
        return {"refused": str(refused)}


def _why(asked: dict[str, Any]) -> dict[str, Any]:
    """Why each proved step holds, rule by rule; of a refuted step with a repair, the rule that was probably meant."""
    checked = CheckedText(read_state(asked.get("state")), locked=bool(asked.get("challenge"))).run()
    return {"reasons": [_reason(one) for one in checked.steps]}


def _reason(one: CheckedStep) -> dict[str, Any] | None:
    step = one.step
    if one.decided is None or one.decided.relation != "=":
        return None
    if step.verdict is Verdict.PROVED:
        return _shown(verify.explain(one.decided, one.after))
    if step.verdict is Verdict.REFUTED and step.mended and step.latex:
        found = verify.meant(one.decided, step.mended, step.mended_side, one.after)
        return None if found is None else {**_shown(found.why), "meant": str(found)}
    return None


def _shown(why: verify.Why) -> dict[str, Any]:
    """An explanation with formulas that are safe to draw."""
    lines = [{"latex": shown(one.latex, True), "written": one.latex, "rule": one.rule} for one in why.lines]
    if why.start and len(lines) > 1:
        lines = [{"latex": shown(why.start, True), "written": why.start, "rule": ""}, *lines]
    return {"rules": list(why.rules), "size": why.size, "how": why.how, "lines": lines, "meant": ""}


def _on_the_way(last: CheckedStep, wanted: str) -> tuple[tuple[str, str], ...]:
    """Hints towards the line that is wanted; where the last line is not yet equal to it, such as a differential, for
    the derivatives that the last line has left.
    """
    try:
        return verify.hints_after(last.decided, last.after, wanted)
    except verify.NotDerived:
        if not wanted:
            raise
    try:
        return verify.hints_after(last.decided, last.after)
    except verify.NotDerived:
        raise verify.NotDerived(
            "From your last line no rule is known that leads on. The hints of the task go further."
        ) from None


def _hint(asked: dict[str, Any]) -> dict[str, Any]:
    """What comes after the last line that holds, each hint stronger than the one before: on the way to the last line
    of a challenge, to the line that an exercise has left out (``wanted``), or where derivatives are left.
    """
    name, wanted = asked.get("challenge") or "", asked.get("wanted") or ""
    if name and (not isinstance(name, str) or name not in BY_NAME):
        raise Refused("This challenge is not one of the book's.")
    if not isinstance(wanted, str) or len(wanted) > LONGEST_CELL:
        raise Refused("The line that is wanted has to be a short text.")
    state = read_state(asked.get("state"))
    if wanted:
        state = replace(state, text=lines_so_far(state))
    checked = CheckedText(state, locked=bool(name or wanted)).run()
    holding = [one for one in checked.steps if one.step.verdict is Verdict.PROVED and one.decided is not None]
    holding = [one for one in holding if one.decided.relation == "="]
    if not holding:
        raise Refused("Write a first line that holds, an equation; then there is a hint for the next one.")
    last = holding[-1]
    try:
        found = _on_the_way(last, BY_NAME[name].last if name else wanted.removeprefix("="))
    except verify.NotDerived as fault:
        raise Refused(str(fault)) from None
    return {"hints": [{"says": says, "latex": shown(latex, True), "written": latex} for says, latex in found]}


_DOES = {
    "check": _check, "judge": _judge, "export": _export, "confirm": _confirm, "why": _why, "hint": _hint,
    "derive": derive, "blank": judge_blank,
}  # fmt: skip
