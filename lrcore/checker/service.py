"""The one function that a view calls: a request as JSON, an answer as JSON, whatever is asked."""

from __future__ import annotations

import json
from typing import Any

from lrcore.verify import STUMBLED, Verdict, second_opinion

from .challenges import BY_NAME, judge, verdict
from .checked_text import CheckedText
from .export import as_cell, as_latex, as_markdown, as_report, joined
from .table import Refused, State, read_state
from .view import view

_EXPORTS = {"latex": as_latex, "markdown": as_markdown, "cell": as_cell, "report": as_report}


def answer(request: str) -> str:
    """The answer to ``{"do": "check" | "judge" | "export" | "confirm", "state": ..., ...}``."""
    try:
        asked = json.loads(request)
        if not isinstance(asked, dict) or asked.get("do") not in _DOES:
            raise Refused("This request is not one of check, judge, export and confirm.")
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
        said = second_opinion(one.decided.claim, one.decided.given)
        found.append({"agrees": said.agrees, "how": said.how, "points": said.points})
    return {"confirmations": found}


_DOES = {"check": _check, "judge": _judge, "export": _export, "confirm": _confirm}
