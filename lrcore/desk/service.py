"""The one function that a view calls: a request as JSON, an answer as JSON, whatever is asked."""

from __future__ import annotations

import json
from typing import Any

from .challenges import BY_NAME, judge, verdict
from .checking import Desk, view
from .exporting import as_cell, as_latex, as_markdown, joined
from .table import Refused, State, read_state

_EXPORTS = {"latex": as_latex, "markdown": as_markdown, "cell": as_cell}


def answer(request: str) -> str:
    """The answer to ``{"do": "check" | "judge" | "export" | "confirm", "state": ..., ...}``."""
    try:
        asked = json.loads(request)
        found = _DOES[asked["do"]](asked)
    except Refused as refused:
        found = {"refused": str(refused)}
    except (ValueError, KeyError, TypeError, RecursionError):
        found = {"refused": "This request is not understood; reload the page and try again."}
    return json.dumps(found, ensure_ascii=False)


def check(state: State, challenge: str = "") -> dict[str, Any]:
    """Every line of a state, for a view."""
    return view(Desk(state, locked=bool(challenge)).run())


def _check(asked: dict[str, Any]) -> dict[str, Any]:
    return check(read_state(asked["state"]), str(asked.get("challenge") or ""))


def _judge(asked: dict[str, Any]) -> dict[str, Any]:
    name = asked["challenge"]
    if name not in BY_NAME:
        raise Refused("This challenge is not one of the book's.")
    desk = Desk(read_state(asked["state"]), locked=True).run()
    return verdict(judge(joined(desk), name), name)


def _export(asked: dict[str, Any]) -> dict[str, Any]:
    return {"text": _EXPORTS[asked["as"]](Desk(read_state(asked["state"])).run())}


def _confirm(asked: dict[str, Any]) -> dict[str, Any]:
    """What sympy, the third engine, says of each proved step."""
    from lrcore.verify.symbolic import confirm

    desk = Desk(read_state(asked["state"]), locked=bool(asked.get("challenge"))).run()
    found: list[dict[str, Any] | None] = []
    for one in desk.steps:
        if one.claim is None or one.step.message != "Holds for all sizes.":
            found.append(None)
            continue
        said = confirm(one.claim)
        found.append({"agrees": said.agrees, "how": said.how, "points": said.points})
    return {"confirmations": found}


_DOES = {"check": _check, "judge": _judge, "export": _export, "confirm": _confirm}
