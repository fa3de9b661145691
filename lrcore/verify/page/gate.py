r"""A page, checked: its symbol table declares, its ``:=`` lines define, and every equation on it is decided.

A comment on the line above an equation says what cannot be seen from it::

    <!-- verify: wrong REFUTED -->       wrong on purpose, with the verdict it must get
    <!-- verify: condition -->           an equation to be solved
    <!-- verify: given -->               an equation that holds from here to the next heading
    <!-- verify: exempt because ... -->  not checked, and listed with its reason
    <!-- verify: told by cells because ... -->     formulas that cells print with their verdicts
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from lrcore.verify.confirm.identity import Confirmation
from lrcore.verify.confirm.second_opinion import second_opinion
from lrcore.verify.decide.pipeline import Examined, examine
from lrcore.verify.decide.state import Options
from lrcore.verify.page.items import items
from lrcore.verify.page.mutation_check import survivors
from lrcore.verify.page.running_text import contrary, is_setting, is_strict, symbol_of
from lrcore.verify.page.shown import HEADINGS, Equation, Item, Macros, Scope, Symbol, Told, Unread
from lrcore.verify.page.table_of import table_of
from lrcore.verify.read import macros
from lrcore.verify.read.clauses import says_symmetric
from lrcore.verify.show.report import Report
from lrcore.verify.terms.claim import Condition
from lrcore.verify.terms.errors import Problem
from lrcore.verify.terms.names import plain_key
from lrcore.verify.terms.report import Step, Verdict
from lrcore.verify.type.context import Context
from lrcore.verify.type.declared import shape_of
from lrcore.verify.why.explain import Why, explained

# What an equation may be said to be that passed, with the verdicts that its steps may have for it and no others.
EARNED = {
    "identity": {"PROVED", "DEFINITION"},
    "inequality": {"PROVED", "DEFINITION"},
    "implication": {"PROVED", "DEFINITION", "CONDITION"},
    "definition": {"DEFINITION", "CONDITION"},
    "condition": {"PROVED", "DEFINITION", "CONDITION"},
}
PROOFS = ("identity", "inequality", "implication")
MARKED = ("wrong", "condition")
# What it is said to be otherwise, by the first of these verdicts that a step has.
FAULTS = {"REFUTED": "refuted", "ILL_TYPED": "ill_typed", "UNREADABLE": "unread", "STATIONARY": "stationary"}


FORMULA = Options(repairs=0, formula=True)
PAGE = Options(repairs=0, formula=True, redefine=True)


@dataclass(frozen=True)
class Checked:
    """One equation of a page with its kind, its report and whether the gate lets it pass."""

    equation: Equation
    kind: str
    report: Report
    passes: bool
    reason: str = ""
    inline: bool = False
    milliseconds: float = field(default=0.0, compare=False)
    confirmations: tuple[Confirmation, ...] = ()
    mutants: int = 0
    survivors: int = 0
    reasons: dict[int, Why] = field(default_factory=dict, compare=False)
    table: list[list[str]] = field(default_factory=list, compare=False)

    @property
    def outcome(self) -> str:
        """What may be printed beside the equation, made from the verdicts: its kind only where they earn it."""
        verdicts = {step.verdict.value for step in self.report.steps}
        if self.passes and (self.kind in ("exempt", "setting", "macros") or self._as_marked):
            return self.kind
        if self.passes and self._confirmed and verdicts and verdicts <= EARNED.get(self.kind, set()):
            return self.kind if "PROVED" in verdicts or self.kind not in PROOFS else "undecided"
        fault = next((said for verdict, said in FAULTS.items() if verdict in verdicts), None)
        if fault or not verdicts:
            return fault or "unread"
        return "refused" if verdicts <= EARNED["implication"] else "undecided"

    @property
    def _as_marked(self) -> bool:
        """Whether the author said that it does not hold as it stands, and the gate found that so."""
        return self.kind in MARKED and (self.equation.mark or "").startswith(self.kind)

    @property
    def _confirmed(self) -> bool:
        return not self.survivors and all(one.agrees is True for one in self.confirmations)

    def to_dict(self) -> dict[str, Any]:
        return {
            "label": self.equation.label,
            "line": self.equation.line,
            "file": self.equation.file,
            "latex": self.equation.latex,
            "mark": self.equation.mark,
            "kind": self.kind,
            "outcome": self.outcome,
            "passes": self.passes,
            "reason": self.reason,
            "inline": self.inline,
            "milliseconds": round(self.milliseconds, 3),
            "confirmations": [one.how for one in self.confirmations if one.agrees is True],
            "mutants": self.mutants,
            "survivors": self.survivors,
            "table": self.table,
            "steps": [self._step(number) for number in range(len(self.report.steps))],
        }

    def _step(self, number: int) -> dict[str, Any]:
        """A step as plain values, with why it holds where that was asked for."""
        why = self.reasons.get(number)
        said = self.report.steps[number].to_dict()
        return said if why is None else {**said, "why": why.to_dict()}


@dataclass(frozen=True)
class PageReport:
    """Everything that was found on a page."""

    checked: tuple[Checked, ...]
    problems: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems and not self.unread and all(one.passes for one in self.checked)

    @property
    def failing(self) -> list[Checked]:
        return [one for one in self.checked if not one.passes]

    def counts(self) -> dict[str, int]:
        """How many equations there are of each kind, and how many steps of each verdict."""
        found: dict[str, int] = {}
        for one in self.checked:
            for key in (one.kind, *(step.verdict.value for step in one.report.steps)):
                found[key] = found.get(key, 0) + 1
        return dict(sorted(found.items()))

    def to_dict(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "problems": list(self.problems),
            "unread": [asdict(one) for one in self.unread],
            "told": " ".join(one.why for one in self.told),
            "counts": self.counts(),
            "equations": [one.to_dict() for one in self.checked],
        }


def check_page(
    text: str,
    context: Context | None = None,
    *,
    sympy: bool = False,
    mutants: bool = False,
    inline: bool = False,
    why: bool = False,
    file: Path | None = None,
    headings: Sequence[str] = HEADINGS,
) -> PageReport:
    """Every display equation of a page, decided in reading order; with ``inline`` those in running text that hold a
    relation too, with ``why`` the rules that each proved step rests on. ``file`` is where the text comes from, for what
    it includes, and ``headings`` are those of a table that declares; ``context`` holds what is declared elsewhere.
    """
    found = items(text, file, (), headings)
    context = with_macros(Context() if context is None else context.copy(), found)
    checked: list[Checked] = []
    problems: list[str] = []
    dims, outside, in_prose, lasting = _dims_in(found), None, set[str](), context.given
    for item in _events(found, inline):
        said: list[str | None] = []
        if isinstance(item, Scope):
            if item.whole:
                pass  # it belongs to the page itself
            elif item.is_end:
                context, outside = (outside or context).copy(), None
                context.given = lasting
            else:
                context, outside = context.copy(), context
            said = list(_enter(context, item))
            lasting = context.given if item.whole else lasting
        elif isinstance(item, Symbol):
            said = [_declare(context, item, dims)]
        elif item.inline:
            one, defined = _check_inline(item, _without(context, in_prose, item), sympy)
            in_prose |= _defined_anew(context, defined) if defined else set()
            context = defined or context
            checked.append(one)
        elif is_nothing_but_macros(item):
            checked.append(Checked(item, "macros", Report((), item.latex), True))
        else:
            one, context = _check(item, context, sympy, mutants, why)
            checked.append(one)
        problems += [f"{place(item)}: {one}" for one in said if one]
    problems += [f"line {one.line}: {one.why}" for one in found if isinstance(one, Unread) and one.declares]
    unread = tuple(item for item in found if isinstance(item, Unread) and not item.declares)
    told = tuple(item for item in found if isinstance(item, Told))
    return PageReport(tuple(checked), tuple(problems + _unused_marks(checked)), unread, told)


def check_shown(
    shown: Iterable[tuple[Symbol | Equation, bool]],
    context: Context | None = None,
    *,
    sympy: bool = False,
    mutants: bool = False,
    why: bool = False,
) -> PageReport:
    """What a page shows that is not written on it, such as the formulas of docstrings, decided in the places it has.

    ``shown`` is everything on the page in reading order, with whether it has a verdict already: what has one declares
    and defines. What a docstring or another ``file`` defines holds within it.
    """
    shown = list(shown)
    found = [item for item, _ in shown]
    dims = _dims_in(found)
    contexts = {"": with_macros(Context() if context is None else context.copy(), found)}
    checked: list[Checked] = []
    problems: list[str | None] = []
    for item, decided in shown:
        context = contexts.get(item.file) or contexts[""].copy()
        if isinstance(item, Symbol):
            problems.append(_declare(context, item, dims))
        elif is_nothing_but_macros(item):
            if not decided:
                checked.append(Checked(item, "macros", Report((), item.latex), True))
        elif not decided:
            one, context = _check(item, context, sympy, mutants, why)
            checked.append(one)
        elif item.is_definition:
            _, context = _check(item, context)
        contexts[item.file] = context
    return PageReport(tuple(checked), tuple(one for one in problems if one))


def place(item: Item) -> str:
    """Where something stands, for a sentence about it."""
    return f"line {item.line}" + (f" of {item.file}" if item.file else "")


def page_context(text: str) -> Context:
    """The context that a page's symbol tables and definitions give, for use in its cells."""
    found = items(text)
    context = with_macros(Context(), found)
    dims = _dims_in(found)
    for item in _events(found, False):
        if isinstance(item, Symbol):
            _declare(context, item, dims)
        elif isinstance(item, Scope):
            _enter(context, item)
        elif isinstance(item, Equation) and item.is_definition and not (item.mark or "").startswith("wrong"):
            _, context = _check(item, context)
    return context


def _events(found: list[Item], inline: bool) -> list[Equation | Symbol | Scope]:
    """What is to be declared and decided; running text and what is said for it alone only on request."""
    events = [one for one in found if isinstance(one, Equation | Symbol | Scope)]
    return [one for one in events if inline or isinstance(one, Symbol) or _is_for_all(one)]


def _is_for_all(item: Equation | Scope) -> bool:
    return item.whole if isinstance(item, Scope) else not item.inline


# ---------------------------------------------------------------------- declarations


def declared(
    symbols: Mapping[str, str], definitions: Mapping[str, str], own_macros: Mapping[str, str] | None = None
) -> Context:
    r"""What a project declares for all of its pages: ``{"X": "N x M", "S": "M x M, symmetric"}`` and definitions,
    ``{"L": r"\|Xw\|^2"}``.

    A ``ValueError`` says which of it is not understood.
    """
    context = Context(macros=dict(own_macros or {}))
    rows = tuple(symbol_of(name, about) for name, about in symbols.items())
    defined = tuple(f"{name} := {body}" for name, body in definitions.items())
    for said in _enter(context, Scope(0, rows, defined, whole=True)):
        raise ValueError(said)
    return context


def with_macros(context: Context, found: Iterable[Item]) -> Context:
    """The context with the macros that a page defines, each for all of it; two meanings of one name are none."""
    table: dict[str, tuple[macros.Macro, ...]] = {}
    for one in found:
        text = one.text if isinstance(one, Macros) else one.latex if isinstance(one, Equation) else ""
        for name, own in macros.without_definitions(text)[1].items() if "\\" in text else ():
            table[name] = (*table.get(name, ()), *(replace(each, place=-1) for each in own))
    for name, own in table.items():
        several = len({(each.body, each.count, each.default) for each in own}) > 1
        problem = "This page defines this macro in several ways." if several else own[-1].problem
        context.macros[name] = (replace(own[-1], problem=problem),)
    return context


def as_judged(equation: Equation, steps: Sequence[Step], reasons: Mapping[int, Why]) -> Checked:
    """An equation with steps that were decided elsewhere, and what the gate makes of them."""
    report = Report(tuple(steps), equation.latex)
    passes, said = _verdict(report, "")
    return Checked(
        equation, _kind(report, "", equation), report, passes, said, equation.inline,
        sum(one.milliseconds for one in steps), reasons=dict(reasons),
    )  # fmt: skip


def is_nothing_but_macros(item: Equation) -> bool:
    """Whether a displayed formula defines macros and shows nothing."""
    left, own = macros.without_definitions(item.latex)
    return bool(own) and not left.strip("$ \n")


def _declare(context: Context, symbol: Symbol, dims: frozenset[str]) -> str | None:
    """Puts one row of a symbol table into the context; a sentence where that is not possible."""
    if _is_notation(symbol):
        return None
    name = re.sub(r"(?<=.)\(.*\)$", "", symbol.name.strip())
    shape = shape_of(symbol.shape)
    try:
        key = context.key(name)
        context.symbols.pop(key, None)
        if shape is None or (shape == () and key in dims):
            context.sizes.add(key)
            return None
        context.sizes.discard(key)
        _add_sizes(context, shape)
        context.declare(name, shape)
        if says_symmetric(symbol.meaning):
            context.symbols[key] = replace(context.symbols[key], symmetric=True)
    except (Problem, ValueError) as problem:
        return f"the symbol {symbol.name} is not understood: {problem}"
    return None


def _is_notation(symbol: Symbol) -> bool:
    """Rows that explain a notation and declare nothing: ranges of indices, x_i, 1_N, I_M, differentials."""
    bare = re.sub(r"\\(mathbf|mathbb|boldsymbol|bm)\b|[\s{}]", "", symbol.name)
    if re.search(r"\\l?dots|…", symbol.shape) or re.match(r"^[10I]($|_)|^\\delta_", bare):
        return True
    return bool(re.match(r"^\\?[A-Za-z]+_\(?[ijklmpq](,?[ijklmpq])*\)?$", bare)) or (
        bare.startswith(("d", r"\\mathrmd")) and len(bare) > 1
    )


def _dims_in(items: Iterable[Item]) -> frozenset[str]:
    """The sizes that shapes of the tables are made of."""
    found: set[str] = set()
    for symbol in (one for one in items if isinstance(one, Symbol)):
        for one in shape_of(symbol.shape) or ():
            if not _is_notation(symbol):
                found |= {plain_key(word) for word in re.findall(r"[^\W\d]\w*", str(one))}
    return frozenset(found)


def _add_sizes(context: Context, shape: Iterable[str]) -> None:
    for one in shape:
        context.sizes |= {plain_key(word) for word in re.findall(r"[^\W\d]\w*", str(one))}


# ---------------------------------------------------------------------- one equation


def _without(context: Context, in_prose: set[str], equation: Equation) -> Context:
    """The context in which prose may define a name anew that only prose has defined."""
    left = re.split(r":=|\\coloneqq|=", equation.latex)[0].strip()
    try:
        key = context.key(left) if in_prose else ""
    except Problem:
        return context
    if key not in in_prose:
        return context
    context = context.copy()
    context.symbols.pop(key, None)
    return context


def _check_inline(equation: Equation, context: Context, sympy: bool) -> tuple[Checked, Context | None]:
    """An equation in running text: it holds, gives a value, or is marked in its paragraph for what it is; and the
    context that it leaves behind where it defines a name that had no meaning, or a shape alone.
    """
    started = perf_counter()
    if is_setting(equation.latex):
        return Checked(equation, "setting", Report((), equation.latex), True, inline=True), None
    if is_strict(equation.latex):
        return _bound(equation, context), None
    report = (found := _examined(equation.latex, context, FORMULA)).report
    verdicts = {step.verdict for step in report.steps}
    kind, (passes, reason) = _kind(report, "", equation), _verdict(report, "")
    mark = equation.mark or ""
    if mark.startswith("wrong") and _verdict(report, mark)[0]:
        kind, passes, reason = "wrong", True, ""
    elif mark.startswith("condition") and not passes and verdicts <= {Verdict.REFUTED, Verdict.CONDITION}:
        kind, passes, reason = "condition", True, ""
    one = Checked(equation, kind, report, passes, reason, True, 1e3 * (perf_counter() - started))
    one = _with_repair(one, context, FORMULA)
    confirmed = sympy and passes and kind not in ("wrong", "definition", "condition")
    new = kind == "definition" and passes and _defined_anew(context, found.context)
    return (_confirmed(one, found) if confirmed else one), (found.context if new else None)


def _defined_anew(before: Context, after: Context) -> set[str]:
    """The names that have a definition now, and had none before."""
    had = {key for key, one in before.symbols.items() if one.definition is not None}
    return {key for key, one in after.symbols.items() if one.definition is not None} - had


def _bound(equation: Equation, context: Context) -> Checked:
    """A strict order or an inequation says where something is looked at, unless it holds nowhere."""
    report = examine(contrary(equation.latex), context, FORMULA).report
    if not any(step.verdict is Verdict.PROVED for step in report.steps):
        return Checked(equation, "setting", Report((), equation.latex), True, inline=True)
    report = examine(equation.latex, context, FORMULA).report
    return Checked(equation, "inequality", report, False, "REFUTED: this holds nowhere.", inline=True)


def _unused_marks(checked: Iterable[Checked]) -> list[str]:
    """A mark on a paragraph in which nothing is what it says hides a mistake."""
    marked = {(one.equation.mark, one.kind) for one in checked if one.inline and one.equation.mark}
    return [
        f"the mark `inline {mark}` stands over a paragraph in which no equation is one"
        for mark in sorted({mark for mark, _ in marked})
        if not any(kind == mark.split()[0] for found, kind in marked if found == mark)
    ]


def _enter(context: Context, scope: Scope) -> list[str]:
    """Declares and defines what a scope brings; sentences where that is not possible."""
    said = [_declare(context, symbol, _dims_in(scope.symbols)) for symbol in scope.symbols]
    for one in scope.definitions:
        context.symbols.pop(context.key(one.partition(":=")[0]), None)
        found = examine(one, context, PAGE)
        context.symbols.update(found.context.symbols)
        context.sizes |= found.context.sizes
        said += [f"{one}: {step.message}" for step in found.report.steps if step.verdict is not Verdict.DEFINITION]
    for one in scope.given:
        held, why, _ = _given(one, context)
        context.given += held
        said.append(why and f"{one}: {why}")
    return [one for one in said if one]


def _given(latex: str, context: Context) -> tuple[tuple[Condition, ...], str, Report]:
    """What an equation says that is declared to hold, with its report; nothing, and a sentence, where it says nothing
    that can hold.
    """
    found = examine(latex, context, Options(formula=True, assumed=((0, len(latex)),), held=context.given))
    if found.report.steps and all(step.verdict is Verdict.CONDITION for step in found.report.steps):
        return tuple(replace(one, step=-1) for one in found.conditions if one.step >= 0), "", found.report
    bad = next((step for step in found.report.steps if not step.verdict.holds), None)
    return (), f"This cannot be given: {bad.message if bad else 'it is no condition.'}", found.report


def _examined(latex: str, context: Context, options: Options) -> Examined:
    """An equation, decided; one that is false without what is given about its names, with that."""
    found = examine(latex, context, options)
    if not context.given or not any(step.verdict is Verdict.REFUTED for step in found.report.steps):
        return found
    held: list[Condition] = []
    names = {name for one in found.decided.values() for name in one.claim.symbols}
    while more := [one for one in context.given if one not in held and names & set(one.claim.symbols)]:
        held += more
        names |= {name for one in more for name in one.claim.symbols}
    return examine(latex, context, replace(options, held=tuple(held))) if held else found


def _check(
    equation: Equation, context: Context, sympy: bool = False, mutants: bool = False, why: bool = False
) -> tuple[Checked, Context]:
    started = perf_counter()
    mark = equation.mark or ""
    if mark.startswith("exempt"):
        given = mark.removeprefix("exempt").strip()
        told = bool(given.removeprefix("because").strip())
        reason = given if told else "An equation that is not checked needs its reason: `exempt because ...`."
        return Checked(equation, "exempt", Report((), equation.latex), told, reason), context
    if mark == "given":
        held, reason, report = _given(equation.latex, context)
        context = context.copy()
        context.given += held
        return Checked(equation, "condition", report, bool(held), reason), context
    report = (found := _examined(equation.latex, context, PAGE)).report
    kind = _kind(report, mark, equation)
    passes, reason = _verdict(report, mark)
    if mark.startswith("condition") and {step.verdict for step in report.steps} == {Verdict.REFUTED}:
        return Checked(equation, "condition", report, True), context
    if passes and kind == "condition" and not mark.startswith("condition"):
        passes, reason = False, "It holds for some values alone; if it is meant to be solved, mark it as a condition."
    one = Checked(equation, kind, report, passes, reason, milliseconds=1e3 * (perf_counter() - started))
    one = _with_repair(one, context, PAGE)
    if sympy and passes and kind not in ("wrong", "definition"):
        one = _confirmed(one, found)
    if mutants and passes and kind not in ("wrong", "definition"):
        one = _mutated(one, found)
    if why and passes and kind not in ("wrong", "definition"):
        one = replace(one, reasons=explained(found), table=table_of(found, context))
    return one, (context if kind == "wrong" else found.context)


def _with_repair(one: Checked, context: Context, options: Options) -> Checked:
    """An equation that is wrong, with the change that mends it, which is looked for only there."""
    if one.passes or not any(step.verdict in (Verdict.REFUTED, Verdict.ILL_TYPED) for step in one.report.steps):
        return one
    report = _examined(one.equation.latex, context, replace(options, repairs=1)).report
    return replace(one, report=report, reason=_verdict(report, "" if one.inline else one.equation.mark or "")[1])


def _kind(report: Report, mark: str, equation: Equation) -> str:
    verdicts = {step.verdict for step in report.steps}
    if mark.startswith("wrong"):
        return "wrong"
    if verdicts == {Verdict.DEFINITION} or (equation.is_definition and Verdict.PROVED not in verdicts):
        return "definition"
    if re.search(r"\\implies|\\iff|\\Rightarrow", equation.latex):
        return "implication"
    if Verdict.CONDITION in verdicts:
        return "condition"
    if any(step.relation in ("<=", ">=", "<", ">") for step in report.steps):
        return "inequality"
    return "identity"


def _verdict(report: Report, mark: str) -> tuple[bool, str]:
    """Whether the gate lets an equation pass, and the reason if not."""
    if mark.startswith("wrong"):
        wanted = mark.split()[1] if len(mark.split()) > 1 else "REFUTED"
        found = [step.verdict.value for step in report.steps if not step.verdict.holds]
        if wanted in found:
            return True, ""
        return False, f"It is marked as wrong ({wanted}), and the verdict is {', '.join(found) or 'that it holds'}."
    if not report.steps:
        return False, "No equation was found in it."
    bad = next((step for step in report.steps if not step.verdict.holds), None)
    if bad is not None:
        return False, f"{bad.verdict.value}: {bad.message}"
    return True, ""


def _confirmed(one: Checked, examined: Examined) -> Checked:
    """sympy's word on each proved step; without it the equation does not pass."""
    found = tuple(second_opinion(one.claim, one.given) for one in examined.proved)
    if any(each.agrees is False for each in found):
        return replace(one, passes=False, reason="sympy contradicts the proof.", confirmations=found)
    if any(each.agrees is None for each in found):
        return replace(one, passes=False, reason="sympy could not confirm the proof.", confirmations=found)
    return replace(one, confirmations=found)


def _mutated(one: Checked, examined: Examined) -> Checked:
    """How many one-change variants there are, and how many were neither rejected nor certified equal."""
    total, left = survivors(examined)
    reason = "" if not left else f"{left} of {total} mutants survive."
    return replace(one, mutants=total, survivors=left, passes=one.passes and not left, reason=one.reason or reason)
