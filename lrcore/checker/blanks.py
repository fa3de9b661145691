r"""A derivation with blank lines: what is written into one is judged as it is typed.

A derivation is written a line each, and a line that begins with ``?`` is left to the reader::

    \frac{\partial L}{\partial b}
    = \frac{\partial L}{\partial \hat y} \frac{\partial \hat y}{\partial b}
    ? = 2 (\hat y - y) \frac{\partial \hat y}{\partial b}  % the derivative of a square

Behind ``%`` stands the reason in words; where it is missing, the engine's rules are named if they are few.
A blank takes any line that holds and does what its own line does: it may be another form of it, but not the line above
once more, nor one with more left to differentiate, nor a jump to the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from lrcore import verify
from lrcore.verify import Verdict

from .checked_text import CheckedStep, CheckedText
from .table import Refused, Row, State, read_state
from .typeset import shown
from .view import view

MOST_AT_ONCE = 3  # rules that a line may use beyond those of the line that is left out
MOST_LINES = 30
MOST_SIGNS = 4
FEW = 3  # rules that are named one by one
_TYPED_AS_CODE = re.compile(r"[@*\[]|\.T\b|[a-z]\(")
_OPEN = re.compile(r"\\partial|\\nabla|\\operatorname\{(?:grad|jac)\}")


class NotALine(ValueError):
    """A line of an exercise that does not hold, with the reason."""


@dataclass(frozen=True)
class Line:
    """One line of a derivation: as it is written, whether it is blank, by which rules it follows, and how far it goes.

    ``head`` is what a line of its own begins with, and empty where the line goes on with the one above.
    """

    written: str
    blank: bool
    rules: tuple[str, ...]
    size: int | None
    left: int
    head: str
    reason: str = ""

    @property
    def by(self) -> str:
        """Why it follows from the line above, in a few words."""
        named = list(dict.fromkeys(self.rules))
        return self.reason or (", ".join(named) if len(named) <= FEW else "")

    def to_dict(self) -> dict[str, Any]:
        """For the page, with a formula that is safe to draw."""
        return {
            "written": self.written, "latex": shown(self.written, True), "blank": self.blank, "left": self.left,
            "by": self.by, "size": self.size, "head": self.head,
        }  # fmt: skip


def given(text: str) -> tuple[Row, ...]:
    r"""A table of symbols from ``X : N x M; S : M x M, symmetric; r := X w - y``."""
    rows = []
    for one in filter(None, (part.strip() for part in text.split(";"))):
        name, sign, rest = (part.strip() for part in re.split(r"(:=|:)", one, maxsplit=1))
        shape, _, meaning = (part.strip() for part in rest.partition(","))
        rows.append(Row(name, definition=rest) if sign == ":=" else Row(name, shape, meaning))
    return tuple(rows)


def lines(text: str, rows: tuple[Row, ...]) -> tuple[Line, ...]:
    """The lines of an exercise; raises :class:`NotALine` where one is not proved, or repeats the one above."""
    found: list[Line] = []
    for one in filter(None, (part.strip() for part in text.splitlines())):
        blank, (written, _, reason) = one.startswith("?"), one.lstrip("? ").partition("%")
        written, reason = written.strip(), reason.strip()
        head = written[: _equals(written)].strip()
        if not found and head == written:
            found.append(Line(written, blank, (), 0, 1, head, reason))
            continue
        steps = _steps(rows, [before.written for before in found], written, head)
        if not steps or not all(step.step.verdict is Verdict.PROVED for step in steps):
            said = steps[-1].step.message if steps else "it is no equation"
            raise NotALine(f"{written} is not proved: {said}")
        rules, size = _way(steps) if blank or not reason else ((), None)
        if size == 0 and blank:
            raise NotALine(f"{written} repeats the line above")
        found.append(Line(written, blank, rules, size, _left(steps[-1]), head, reason))
    return tuple(found)


def judge(asked: dict[str, Any]) -> dict[str, Any]:
    """What a page says of a line: ``{"state": ..., "line": ..., "blank": ..., "after": [...]}``.

    The text of the state are the lines above, ``blank`` is the line that was left out (:meth:`Line.to_dict`), ``after``
    the blank lines that follow it. The answer has ``right``, what is ``said``, and how many of the blanks that follow
    are done ``also``; a right one is ``written`` as the lines below it want it.
    """
    state, typed, wanted, after = _read(asked)
    if not typed.strip("= "):
        return {"right": False, "says": "", "also": 0}
    before, typed = state.text.splitlines(), _as_latex(state.rows, typed)
    steps, found = _seen(state.rows, before, typed, wanted["head"])
    wrong = [one for one in found if one["verdict"] != "PROVED"]
    if not steps or wrong:
        return {"right": False, "also": 0, **_reason(wrong)}
    rules, size = _way(steps)
    latex = found[-1]["latex"]
    says = _lacks(size, _left(steps[-1]), wanted)
    if says:
        return {"right": False, "says": says, "latex": latex, "also": 0}
    done = _also(state.rows, [*before, _line(typed, wanted["head"])], after)
    named = list(dict.fromkeys(rules))
    by = f", by {', '.join(named)}" if 0 < len(named) <= FEW else ""
    line = _line(typed, wanted["head"])
    return {"right": True, "says": f"Right{by}.", "latex": latex, "also": done, "written": line}


def _read(asked: dict[str, Any]) -> tuple[State, str, dict[str, Any], list[str]]:
    typed, wanted, after = asked.get("line"), asked.get("blank"), asked.get("after", [])
    if not isinstance(typed, str) or not isinstance(wanted, dict) or not isinstance(wanted.get("head"), str):
        raise Refused("A blank line is asked about with what was typed and with the line that was left out.")
    sizes = [wanted.get("left"), wanted.get("size")]
    if not isinstance(sizes[0], int) or not (sizes[1] is None or isinstance(sizes[1], int)):
        raise Refused("How far the line that was left out goes has to be a number.")
    if not isinstance(after, list) or len(after) > MOST_LINES or not all(isinstance(one, str) for one in after):
        raise Refused("The blank lines that follow have to be a list of lines.")
    state = read_state(asked.get("state"))
    read_state({"text": "\n".join([state.text, typed, *after])})  # no longer than a text may be
    return state, " ".join(typed.split()), wanted, after


def _as_latex(rows: tuple[Row, ...], typed: str) -> str:
    """What was typed as in NumPy, in LaTeX as the lines above it are; all else as it is."""
    if "\\" in typed or not _TYPED_AS_CODE.search(typed):
        return typed
    side = typed.split("=")[-1].strip()
    read = _understood(rows, f"{side} == {side}")
    return next((one for one in _without_signs(read) if _understood(rows, f"{one} = {one}")), typed)


def _without_signs(read: str) -> Iterator[str]:
    r"""A text with fewer and fewer of its signs for entrywise products: that of a number and an array is printed with
    one, and LaTeX has none there. As few as possible, for between two arrays it has to stay.
    """
    parts = read.split(r"\odot")
    signs = range(1, min(len(parts), MOST_SIGNS + 1))
    for count in range(len(signs) + 1):
        for gone in combinations(signs, count):
            yield "".join(("" if k in gone or not k else r"\odot") + part for k, part in enumerate(parts))


def _understood(rows: tuple[Row, ...], text: str) -> str:
    """The right side of the one step of a text that is proved, as it is understood; empty where there is none."""
    steps = CheckedText(State(text, rows), locked=True).run().steps
    return steps[0].step.understood[1] if [one.step.verdict for one in steps] == [Verdict.PROVED] else ""


def _line(typed: str, head: str) -> str:
    """What was typed as a line that goes on with the one above, or with a head of its own."""
    return f"{head} = {typed.strip().lstrip('=').strip()}"


def _seen(rows: tuple[Row, ...], before: list[str], typed: str, head: str) -> tuple[list[CheckedStep], list[Any]]:
    """The steps that a line makes, and how they look to a view."""
    text = "\n".join([*before, ""])
    checked = CheckedText(State(text + _line(typed, head), rows), locked=True).run()
    drawn = view(checked)["steps"]
    own = [place for place, one in enumerate(checked.steps) if max(one.right[1], one.left[1]) > len(text)]
    return [checked.steps[place] for place in own], [drawn[place] for place in own]


def _steps(rows: tuple[Row, ...], before: list[str], typed: str, head: str) -> list[CheckedStep]:
    return _seen(rows, before, typed.removeprefix(head) if head else typed, head)[0]


def _way(steps: Iterable[CheckedStep]) -> tuple[tuple[str, ...], int | None]:
    """The rules of the steps of a line, and how many they are; None where no way was found."""
    found = [verify.explain(one.decided, one.after) for one in steps if one.decided is not None]
    sizes = [one.size for one in found if one.size is not None]
    return tuple(rule for one in found for rule in one.rules), sum(sizes) if len(sizes) == len(found) else None


def _left(step: CheckedStep) -> int:
    """How much is left to differentiate at the end of a step."""
    return len(_OPEN.findall(step.step.understood[1]))


def _lacks(size: int | None, left: int, wanted: dict[str, Any]) -> str:
    """What a line that holds still lacks to be the one that was left out; empty where it lacks nothing."""
    if size == 0:
        return "It holds, but it is the line above with its terms and factors in another order. Which step comes next?"
    if left > wanted["left"]:
        return "It holds, but there is a derivative in it that this line carries out. Go on with it."
    if size is not None and wanted["size"] is not None and size > wanted["size"] + MOST_AT_ONCE:
        return f"It holds, but it is a jump of {size} rules. Write the line that comes first on the way."
    return ""


def _also(rows: tuple[Row, ...], before: list[str], after: Sequence[str]) -> int:
    """How many of the blank lines that follow say what the last line says already."""
    for place, one in enumerate(after):
        steps = _steps(rows, before, one, "") if one.startswith("=") else []
        if not steps or _way(steps)[1] != 0:
            return place
        before = [*before, one]
    return len(after)


def _reason(wrong: list[dict[str, Any]]) -> dict[str, Any]:
    """Why a line does not stand: its verdict with the reason, numbers that show it, a change that mends it."""
    if not wrong:
        return {"says": "This is no equation yet: write what comes behind the =.", "verdict": "UNREADABLE"}
    one = wrong[0]
    advised = one["advice"]["says"] if one["advice"] else one["says"]
    kept = {key: one[key] for key in ("verdict", "example", "repair")}
    return {"says": advised, "latex": "" if one["verdict"] == "UNREADABLE" else one["latex"], **kept}


def lines_so_far(state: State) -> str:
    """The lines above a blank as a text with at least one step, from which hints can lead on."""
    found = state.text.splitlines()
    return f"{state.text} = {found[0]}" if len(found) == 1 and _equals(found[0]) == len(found[0]) else state.text


def _equals(line: str) -> int:
    """The place of the first = that is not inside of braces, as in a sum from i = 1; the end where there is none."""
    depth = 0
    for place, sign in enumerate(line):
        depth += (sign == "{") - (sign == "}")
        if sign == "=" and not depth:
            return place
    return len(line)
