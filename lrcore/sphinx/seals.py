"""The mark beside an equation and the report of all of them, as HTML: made from what the gate says, and from no more.

An equation's ``outcome`` comes from its verdicts alone (:class:`lrcore.verify.PageReport`). Only what stands in
``SAID`` gets the words that it has there; anything else is "undecided".
"""

import json
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from zlib import compressobj

from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lrcore.sphinx.derivations import Line
from lrcore.sphinx.rule_pictures import picture
from lrcore.verify import RULES, assumption, formula

Found = dict[str, Any]

PROOFS = ("identity", "implication", "inequality")
SAID = {
    "definition": "definition",
    "identity": "proved for all sizes",
    "implication": "proved: the right side follows",
    "inequality": "proved for all sizes",
    "condition": "a condition to be solved",
    "wrong": "wrong on purpose",
    "exempt": "not checked",
    "told": "verdict printed by a cell of the page",
    "macros": "macros",
    "refuted": "refuted",
    "ill_typed": "shapes that do not fit",
    "unread": "not read",
    "stationary": "holds only where the gradient vanishes",
    "undecided": "undecided",
    "refused": "did not pass",
}
SIGNS = {
    **dict.fromkeys(PROOFS, "✓"),
    "definition": ":=",
    "exempt": "–",
    "told": "–",
    "wrong": "✗",
    "refuted": "✗",
    "ill_typed": "✗",
}
MOST_LINES = 8  # between the sides of a step, which a page shows; the report shows them all
MOST_NAMES = 3
ALWAYS = ("refuted", "unread", "undecided")
GIVEN_SIZES = "proved for the sizes that it is about"
INLINE = {
    **SAID,
    "inequality": "proved for all sizes (inequalities)",
    "definition": "definitions",
    "condition": "conditions, which hold for some values",
    "setting": "settings such as N = 3, which claim nothing",
}


def outcome(one: Found) -> str:
    """What is said of it; what nobody here knows is undecided."""
    return one["outcome"] if one["outcome"] in INLINE else "undecided"


def mark(one: Found, report: str | None, rules: str | None = None, checker: str | None = None) -> str:
    """What stands behind an equation: its verdict, and inside the rules that each step rests on, which lead to their
    table on the page ``rules`` where there is one; and a link to the page ``checker``, to change it there.
    """
    return str(_parts().mark(one, report, reasons(one), rules, trial(one, checker)))


def trial(one: Found, checker: str | None) -> str:
    """The address under which an equation can be changed by hand, with its symbols; empty where it has no table."""
    if checker is None or outcome(one) not in PROOFS or not one.get("table"):
        return ""
    state = {"text": one["latex"].strip(), "rows": one["table"], "layout": "gradient", "start": "", "challenge": ""}
    packing = compressobj(9, wbits=-15)  # as lrcore/widgets/front/sharing.js reads it
    packed = packing.compress(json.dumps(state, ensure_ascii=False).encode()) + packing.flush()
    return f"{checker}#check={urlsafe_b64encode(packed).decode().rstrip('=')}"


def reasons(one: Found) -> list[Found]:
    """For each proved step that is explained: what it is called, the names of its rules, the lines between; a long way
    is told in the report alone.
    """
    explained = [(number, step) for number, step in enumerate(one["steps"]) if step.get("why")]
    return [_reason(number if len(one["steps"]) > 1 else None, step["why"]) for number, step in explained]


def _reason(number: int | None, why: Found) -> Found:
    names = list(dict.fromkeys(why["rules"]))
    start = [{"latex": why["start"], "rule": ""}] if why["start"] else []
    lines = [{"formula": Markup(formula(one["latex"])), "rule": one["rule"]} for one in [*start, *why["lines"]]]
    return {
        "step": "" if number is None else f"Step {number + 1}: ",
        "names": names,
        "said": "" if names and why["size"] is not None else why["how"],
        "lines": lines if len(why["lines"]) > 1 else [],
        "long": len(why["lines"]) > MOST_LINES,
    }


def by(one: Found) -> str:
    """The rules of an equation in a few words, for its mark: none where it is not proved, the first two of many."""
    if outcome(one) not in PROOFS:
        return ""
    names = [name for step in one["steps"] for name in step.get("why", {}).get("rules", ())]
    few = list(dict.fromkeys(names))
    few = [name for name in few if not name.startswith("definition ")] or few
    return ", ".join(few) if len(few) < MOST_NAMES else f"{', '.join(few[: MOST_NAMES - 1])}\N{NO-BREAK SPACE}…"


def rules_of(one: Found) -> set[str]:
    """The names of all rules that the steps of an equation rest on."""
    return {name for step in one.get("steps", ()) for name in step.get("why", {}).get("rules", ())}


def played(lines: Iterable[Line], where: Callable[[str], tuple[str, str]]) -> str:
    """A derivation that can be played; ``where`` is the way to an equation, and what it is called there."""
    shown = []
    for one in lines:
        href, number = where(one.label) if one.label else ("", "")
        latex = Markup(formula(rf"\displaystyle {one.latex.strip()}"))
        shown.append({**asdict(one), "formula": latex, "href": href, "number": number})
    return str(_parts().derivation(shown))


def rule_table(link: Callable[[str], str]) -> str:
    """Every rule of the catalogue, a row each; ``link`` leads to a place of the book."""
    rows: dict[str, Any] = {}
    for one in RULES:
        row = rows.setdefault(
            anchor(one.name), {"name": one.name, "says": [], "mistakes": [], "condition": "", "place": ""}
        )
        row["says"].append(Markup(formula(one.statement)))
        row["mistakes"] += [one.mistake] if one.mistake not in row["mistakes"] else []
        row["condition"] = row["condition"] or one.condition
        row["picture"] = Markup(picture(one.name))
        row["back"] = next((name for name in (one.back, one.name) if name != row["name"]), "")
        row["place"] = row["place"] or (link(one.place) if one.place else "")
    return str(_parts().rules(rows.values()))


def anchor(rule: str) -> str:
    """The name of a rule's row in their table; a rule used from right to left has that of the rule."""
    named = next((one.name for one in RULES if rule in (one.name, one.back)), rule)
    return nodes.make_id(f"rule-{named}")


def words(one: Found) -> str:
    said = outcome(one)
    if by_prover(one):
        return f"{SAID[said]}, by the prover, not certified"
    at_given = said == "identity" and any(step["at_given_sizes"] for step in one["steps"])
    return GIVEN_SIZES if at_given else SAID[said]


def sign(one: Found) -> str:
    """A sign for the eye, beside words for everybody."""
    return "(✓)" if by_prover(one) else SIGNS.get(outcome(one), "?")


def by_prover(one: Found) -> bool:
    """Whether a step of it is proved and no certificate covers that."""
    proved = (step for step in one["steps"] if step["verdict"] == "PROVED")
    return outcome(one) in PROOFS and not all(step["certificate"] for step in proved)


def facts(one: Found) -> list[str]:
    """What is known of an equation, in sentences; where there are formulas in one, as HTML."""
    steps, passed = one["steps"], outcome(one) in PROOFS
    proved = sum(step["verdict"] == "PROVED" for step in steps) if passed else 0
    said = [f"{proved} step{'s' * (proved != 1)} proved by normal form"] if proved else []
    said += certified(steps) if passed else []
    if not passed and one["reason"]:
        said.append(one["reason"])
    said += [f"confirmed by sympy: {how}" for how in dict.fromkeys(one["confirmations"])]
    said += [
        Markup(f"assumes: {assumption(what)}")
        for what in dict.fromkeys(what for step in steps for what in step["assumes"])
    ]
    if one["mutants"] and passed:
        said.append(f"{one['mutants']} wrong variants tried, all refused or certified to say the same")
    failing = [step for step in steps if step["verdict"] not in ("PROVED", "DEFINITION", "CONDITION")]
    said += [line for step in failing if (line := f"{step['verdict']}: {step['message']}") not in said]
    return [*said, f"took {one['milliseconds']:.1f} ms"] if steps else said


def certified(steps: list[dict[str, Any]]) -> list[str]:
    """What exactly was proved, in index notation, with the kind of its certificate."""
    proved = [step for step in steps if step["verdict"] == "PROVED"]
    open_ones = sum(not step["certificate"] for step in proved)
    said = [f"certified ({step['certificate']}): {step['statement']}" for step in proved if step["certificate"]]
    return said + ([f"{open_ones} by the prover, not certified"] if open_ones else [])


def place(one: Found) -> str:
    """The name of its row in the report."""
    return nodes.make_id(f"report-{one['label'] or one['place']}")


def totals(displayed: list[Found], inline: list[Found]) -> str:
    """How many there are of each outcome."""
    proofs = [one for one in displayed if outcome(one) in PROOFS]
    steps = [step for one in proofs for step in one["steps"] if step["verdict"] == "PROVED"]
    kinds = Counter(step["certificate"] for step in steps)
    how: dict[str, int] = {}
    for said in (said for one in proofs for said in one["confirmations"]):
        how[said] = how.get(said, 0) + 1
    rows = {
        "display equations": len(displayed),
        **{f"of these: {said_of(kind)}": count for kind, count in counted(displayed, SAID) if count or kind in ALWAYS},
        "steps proved": len(steps),
        **{f"certified: {kind}": count for kind, count in sorted(kinds.items()) if kind},
        "steps proved by the prover, not certified": kinds[""],
        **{f"confirmed by sympy: {said}": count for said, count in how.items()},
        "wrong variants tried": sum(one["mutants"] for one in displayed),
        "wrong variants that survived": sum(one["survivors"] for one in displayed),
        "equations in running text": len(inline),
        **{f"of these: {INLINE[kind]}": count for kind, count in counted(inline, INLINE) if count},
        "equations not checked": sum(outcome(one) == "exempt" for one in displayed),
        "milliseconds, without sympy and variants": round(sum(one["milliseconds"] for one in displayed)),
    }
    return str(_parts().totals(rows))


def said_of(kind: str) -> str:
    """Its words, with the kind where these words are those of several."""
    return SAID[kind] + f" ({kind})" * (list(SAID.values()).count(SAID[kind]) > 1)


def counted(found: list[Found], kinds: Iterable[str]) -> list[tuple[str, int]]:
    return [(kind, sum(outcome(one) == kind for one in found)) for kind in kinds]


def table(title: str, found: list[Found], uri: str) -> str:
    """The equations of a page, a row each."""
    return str(_parts().table(title, found, uri))


def target(one: Found, uri: str) -> str:
    """Where the equation stands."""
    return f"{uri}#{nodes.make_id('equation-' + one['label'])}" if one["label"] else uri


def name(one: Found) -> str:
    return one["label"] or f"line {one['line']}" + (f" of {one['file']}" if one["file"] else "")


@cache
def _parts() -> Any:
    """The macros of ``seals.html.jinja``."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = (anchor, by, facts, name, outcome, place, reasons, sign, target, words)
    found.filters.update({one.__name__: one for one in shown})
    return found.get_template("seals.html.jinja").module
