"""What was found, as plain values that a view draws: places, verdicts, formulas, repairs, questions."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from lrcore.verify import Context, Kind, Problem, Step, Verdict, names, syntax

from .advice import Advice, advise
from .checked_text import CheckedStep, CheckedText
from .conventions import Question
from .guesses import question
from .repairs import resized, tidied
from .struck_out import SAYS, SYMMETRIC, Hypothesis
from .table import Row
from .typeset import shown

WORDS = {
    "PROVED": "holds",
    "STATIONARY": "is no identity",
    "REFUTED": "does not hold",
    "ILL_TYPED": "has no meaning",
    "CHECKED": "is not proved",
    "OPEN": "is not decided yet",
    "UNREADABLE": "is not read",
    "DEFINITION": "definition",
    "CONDITION": "condition",
}
_ASSUMED = re.compile(
    r"(.*?) (is invertible|is not zero|is positive|is not negative|is a number|holds|is symmetric|is taken as .*)"
)
_FOR = re.compile(r"(Right with one change[^:]*: )(.+)( for )(.+)\.")
_ORDER = re.compile(r"(Right with one change[^:]*: the order of )(.+)( and )(.+)\.")
_FACTOR = re.compile(r"(Right with one change[^:]*: without the factor )(.+)()()\.")


def view(checked: CheckedText) -> dict[str, Any]:
    """All that a view draws, in values that JSON knows."""
    text = checked.state.text
    breaks = [match.start() for match in re.finditer("\n", text)]
    steps = [_step(one, checked, breaks) for one in checked.steps]
    wrong = next((k for k, one in enumerate(checked.steps) if not one.step.verdict.holds), None)
    return {
        "steps": steps,
        "first_wrong": wrong,
        "ok": bool(steps) and wrong is None and not checked.more,
        "summary": summary(steps, wrong, checked),
        "mathematics": [[piece.start, piece.end] for piece in checked.pieces],
        "questions": [*_choices(checked), *_guessed(checked)],
        "hypotheses": [_supposed(one, breaks) for one in checked.hypotheses()],
        "problems": {str(place): said for place, said in checked.problems.items()},
    }


def _supposed(one: Hypothesis, breaks: list[int]) -> dict[str, Any]:
    """What is taken from the words of the text, with the line where it stands."""
    name, words = (one.written.removesuffix(SAYS), SAYS.strip()) if one.kind == SYMMETRIC else (one.written, one.says)
    line = _line_at(one.place[0] + 1, breaks) if one.place else 0
    latex = shown(name, one.latex)
    return {"written": one.written, "latex": latex, "name": name, "says": words, "line": line, "struck": one.struck}


def _guessed(checked: CheckedText) -> list[dict[str, Any]]:
    """The shapes that were guessed, without those of names that a choice is about."""
    spoken = {row.name for one in _open(checked) for choice in one.choices for row in [choice.row]}
    return [_question(row) for row in checked.guesses if row.name not in spoken]


def _open(checked: CheckedText) -> list[Question]:
    return [*checked.asked.values(), *(one for one in checked.taken if one.key not in checked.asked)]


def _choices(checked: CheckedText) -> list[dict[str, Any]]:
    """What has to be asked, and what was taken meanwhile, each with buttons; a button puts a row into the table."""
    found = []
    for one in _open(checked):
        asked = one.key in checked.asked or not one.choices
        says = "what is it?" if asked else f"is taken as {one.choices[0].says}."
        buttons = [{"says": choice.says, "row": choice.row.to_list()} for choice in one.choices if not choice.more]
        found.append({
            "row": [one.latex, "", "", ""], "latex": shown(one.latex, True), "asks": says, "choices": buttons,
            "else": [one.latex, "", "", ""],
        })  # fmt: skip
    return found


def _question(row: Row) -> dict[str, Any]:
    return {"row": row.to_list(), "latex": shown(row.name, True), "asks": question(row)}


def _step(one: CheckedStep, checked: CheckedText, breaks: list[int]) -> dict[str, Any]:
    step, text = one.step, checked.state.text
    whole = (one.left[0], max(one.right[1], one.left[1]))
    mark = step.span or whole
    if step.verdict in (Verdict.REFUTED, Verdict.STATIONARY) and not one.first:
        mark = one.right  # the left side is the line above, which has its own verdict
    mark = (_within(mark[0], text), _within(max(mark), text))
    at = mark[0] if step.verdict in (Verdict.UNREADABLE, Verdict.ILL_TYPED) else one.right[0]
    found = (
        advise(step, text, (one.piece.start, one.piece.end), one.latex, checked.context)
        if not step.verdict.holds
        else None
    )
    if step.offers:
        found = Advice(step.message, tuple((one.says, one.start, one.end, one.text) for one in step.offers))
    adopted = _adopt(one, checked)
    return {
        "line": _line_at(at, breaks),
        "span": list(whole),
        "mark": list(mark),
        "verdict": step.verdict.value,
        "word": WORDS[step.verdict.value],
        "says": step.message if adopted is None else f"The table of symbols says otherwise of {adopted['name']}.",
        "written": as_written(one, text),
        "latex": understood(one) if one.step.reading else typeset(one, text),
        "example": _example(step),
        "mistake": step.mistake,
        "repair": _repair(one, checked),
        "advice": found and {"says": found.says, "changes": [list(change) for change in found.changes]},
        "adopt": adopted,
        "section": _section(one, checked),
        "assumes": [_assumed(said) for said in step.assumes],
        "remarks": list(step.remarks),
        "engines": list(step.engines),
        "assurance": step.assurance,
        "statement": step.statement,
        "needs": [_line_of(checked.steps[place], breaks) for place in step.follows_from],
    }


def _section(one: CheckedStep, checked: CheckedText) -> dict[str, str] | None:
    """The section of the book that a step about layout, or about a derivative with four indices, is answered in."""
    kind = one.step.fault.kind if one.step.fault else None
    if kind is Kind.FOUR_INDICES:
        return {"href": "many_outputs.html#the-tensor", "says": "How to write this derivative, entry by entry"}
    sides = () if one.decided is None else (one.decided.left, one.decided.right)
    derives = any(isinstance(node, syntax.Deriv) for side in sides for node in syntax.walk(side))
    if kind is Kind.LAYOUT or (checked.layout and derives):
        return {"href": "question.html#answer-jacobian", "says": "Is it the Jacobian, or its transpose? Two layouts"}
    return None


def _line_at(place: int, breaks: list[int]) -> int:
    return bisect_right(breaks, max(place - 1, 0)) + 1 if place else 1


def _line_of(one: CheckedStep, breaks: list[int]) -> int:
    return _line_at(one.right[0], breaks)


def _within(place: int, text: str) -> int:
    return min(max(place, 0), len(text))


def as_written(one: CheckedStep, text: str) -> str:
    start = one.left[0] if one.first else one.right[0]
    lead = "" if one.first or not one.step.relation else f"{one.step.relation} "
    return lead + " ".join(text[start : one.right[1]].split())[:300]


def understood(one: CheckedStep) -> str:
    """The step as it was read, typeset: whoever looks at it sees a misreading."""
    left, right = (shown(side, True) for side in one.step.understood)
    if not right or (one.first and not left):
        return ""
    return f"{left if one.first else ''} {one.step.sign} {right}"


def typeset(one: CheckedStep, text: str) -> str:
    """The step typeset: both sides where it opens a chain, and from the relation on where it goes on with one."""
    if one.left == one.right or not one.step.relation:
        return shown(text[one.piece.start : one.piece.end], one.latex) if one.latex else ""
    right = shown(text[slice(*one.right)], one.latex)
    left = shown(text[slice(*one.left)], one.latex) if one.first else ""
    return f"{left} {one.step.sign} {right}" if right and (left or not one.first) else ""


def _example(step: Step) -> dict[str, Any] | None:
    if step.counterexample is None:
        return None
    found = step.counterexample.to_dict()
    values = [_named(one, names.latex(one), rows) for one, rows in found["values"].items()]
    values += [_named(f"d {one}", f"d{names.latex(one)}", rows) for one, rows in found["differentials"].items()]
    sizes = [{"name": name, "value": value} for name, value in found["sizes"].items()]
    places = [{"name": name, "value": value} for name, value in found["places"].items()]
    return {"sizes": sizes, "values": values, "places": places, "left": found["left"], "right": found["right"]}


def _named(name: str, latex: str, rows: list[list[Any]]) -> dict[str, Any]:
    return {"name": name, "latex": shown(latex, True), "rows": rows}


def _repair(one: CheckedStep, checked: CheckedText) -> dict[str, Any] | None:
    step = one.step
    says, new = step.repair, step.mended
    if says is None and step.verdict is Verdict.REFUTED and checked.tries > 0:
        checked.tries -= 1
        says, new = resized(checked.state.text[slice(*one.left)], checked.state.text[slice(*one.right)], one.after)
    if not says or not new:
        return None
    start, end = one.left if step.mended_side == "left" else one.right
    new = tidied(new, one.latex, checked.context)
    return {
        "says": says,
        "parts": in_parts(says),
        "from": start,
        "to": end,
        "text": new,
        "latex": shown(new, one.latex),
    }


def in_parts(says: str) -> list[list[str]]:
    """A sentence about a repair as pairs of words and the formula after them, which may be empty."""
    match = _FOR.fullmatch(says) or _ORDER.fullmatch(says) or _FACTOR.fullmatch(says)
    if match is None:
        return [[says, ""]]
    lead, first, between, second = match.groups()
    return [[lead, shown(first, True) or first], [between, shown(second, True) or second], [".", ""]]


def _adopt(one: CheckedStep, checked: CheckedText) -> dict[str, Any] | None:
    """Where a line says what the table says differently, the table can take the line's word."""
    if checked.locked or not one.first or one.step.verdict is not Verdict.REFUTED:
        return None
    for place, row in enumerate(checked.state.rows):
        if row.definition and _same_name(row.name, one.step.left, checked.context):
            body = checked.state.text[slice(*one.right)].strip()
            return {
                "row": place,
                "name": row.name,
                "definition": body,
                "says": f"Take this line as the definition of {row.name}",
            }
    return None


def _same_name(name: str, written: str, context: Context) -> bool:
    try:
        return len(written) < 60 and context.key(written) == context.key(name)
    except Problem:  # a left side that is no name
        return False


def _assumed(said: str) -> dict[str, str]:
    match = _ASSUMED.fullmatch(said)
    if match is None:
        return {"latex": "", "says": said}
    return {"latex": shown(match[1], True), "says": match[2] if shown(match[1], True) else said}


def summary(steps: list[dict[str, Any]], wrong: int | None, checked: CheckedText) -> str:
    """The whole in a sentence, for the eye and for the ear."""
    if not steps:
        return "No equation was found yet. Write one with =, a line each." if checked.state.text.strip() else ""
    if wrong is not None:
        found = steps[wrong]
        advised = within_a_sentence(found["advice"]["says"] if found["advice"] else found["says"], checked)
        said = f"{_right_before(steps, wrong)}ine {found['line']} {found['word']}: {advised}"
        said += f" {found['repair']['says']}" if found["repair"] else ""
        return said + _resting_on(steps, wrong, checked)
    count = sum(1 for one in steps if one["verdict"] == "PROVED")
    if count == 0:
        return "Nothing is claimed yet: definitions and conditions alone."
    every = "Every line that was looked at holds" if checked.more else "Every line holds"
    parts = [f"{every}: {_steps(count)} proved for all sizes{_others(len(steps) - count)}."]
    parts += ["Some shapes are guessed."] if checked.guesses else []
    parts += (
        [f"The last {checked.more} equations were not looked at: check them by themselves."] if checked.more else []
    )
    return " ".join(parts)


def within_a_sentence(said: str, checked: CheckedText) -> str:
    """A sentence behind a colon: with a small letter, but for names and formulas."""
    first = re.match(r"[A-Z][a-z]*(?= )", said)
    named = first is None or len(first[0]) == 1 or first[0] in checked.context.words()
    return said if named else said[0].lower() + said[1:]


def _right_before(steps: list[dict[str, Any]], wrong: int) -> str:
    """How far it is right, and the beginning of the word line."""
    before = [one["line"] for one in steps[:wrong] if one["line"] < steps[wrong]["line"]]
    return f"Right up to line {before[-1]}; l" if before else "L"


def _resting_on(steps: list[dict[str, Any]], wrong: int, checked: CheckedText) -> str:
    """What becomes of the lines behind the first that does not hold."""
    if steps[wrong]["verdict"] not in ("REFUTED", "ILL_TYPED"):
        return ""
    rest = checked.resting.get(wrong, frozenset())
    false = {k for k in range(wrong + 1, len(steps)) if steps[k]["verdict"] in ("REFUTED", "ILL_TYPED")}
    said = ((rest, "follow{} from it, as it is written"), (checked.mended - rest, "hold{} with that mended"),
            (false - checked.mended - rest, "do{} not hold either"))  # fmt: skip
    told = [(sorted({steps[k]["line"] for k in which} - {steps[wrong]["line"]}), what) for which, what in said]
    return "".join(_of_lines(lines, what) for lines, what in told if lines)


def _of_lines(lines: list[int], what: str) -> str:
    which = f"Line {lines[0]}" if len(lines) == 1 else f"Lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
    ending = "" if len(lines) > 1 else "es" if what.startswith("do") else "s"
    return f" {which} {what.format(ending)}."


def _steps(count: int) -> str:
    return "1 step is" if count == 1 else f"{count} steps are"


def _others(count: int) -> str:
    return "" if not count else f"; {count} more {'is' if count == 1 else 'are'} no claim"
