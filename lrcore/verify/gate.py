"""The gate: every equation of a page, decided as the page itself declares its symbols.

A table ``Symbol | Shape | Meaning`` says what the letters are, from there on; a ``:=`` defines. A display equation may
carry a mark in a comment on the line above it::

    <!-- verify: wrong REFUTED -->              wrong on purpose: the verdict of each = in reading order
    <!-- verify: condition -->                  to be solved, not to be proved
    <!-- verify: exempt: the reason -->         not checked; listed in the report

Everything else must be proved, and confirmed by sympy at the proof sizes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from time import perf_counter

from .check import _Derivation
from .context import Context
from .errors import Outside, Problem
from .mutants import mutants
from .page import Equation, Symbol, equations, symbol_table
from .report import Step, Verdict

_HOLDS = (Verdict.PROVED, Verdict.DEFINITION)


@dataclass(frozen=True)
class Checked:
    """One equation of a page, its steps, and what is wrong with it as it stands there (empty if nothing is).

    ``confirmed`` says how sympy confirmed each proved step; ``killed`` of ``mutants`` one-change variants were refused,
    ``equal`` are certified to say the same.
    """

    equation: Equation
    kind: str
    steps: tuple[Step, ...]
    problem: str = ""
    milliseconds: float = 0.0
    confirmed: tuple[str, ...] = ()
    mutants: int = 0
    killed: int = 0
    equal: int = 0

    @property
    def assumes(self) -> tuple[str, ...]:
        """What its steps assume, each thing once."""
        return tuple(dict.fromkeys(said for step in self.steps for said in step.assumes))

    def to_dict(self) -> dict:
        return {
            "label": self.equation.label,
            "latex": self.equation.latex,
            "line": self.equation.line,
            "kind": self.kind,
            "mark": self.equation.mark,
            "problem": self.problem,
            "assumes": list(self.assumes),
            "milliseconds": round(self.milliseconds, 2),
            "confirmed": list(self.confirmed),
            "mutants": self.mutants,
            "killed": self.killed,
            "equal": self.equal,
            "steps": [step.to_dict() for step in self.steps],
        }


@dataclass
class _Page:
    """What has been declared and defined so far, and how thorough the check is."""

    thorough: bool
    context: Context = field(default_factory=Context)


def check_page(text: str, *, thorough: bool = False) -> list[Checked]:
    """Decide every display equation of a page, in reading order; ``thorough`` adds sympy and the mutants."""
    page, found = _Page(thorough), []
    tables = _tables(symbol_table(text))
    for equation in equations(text):
        while tables and tables[0][0] < equation.line:
            page.context = context_of(tables.pop(0)[1])
        found.append(_check(equation, page))
    return found


def _tables(rows: list[Symbol]) -> list[tuple[int, list[Symbol]]]:
    """The rows of each table, which stand on lines that follow one another, with the line of the last."""
    groups: list[list[Symbol]] = []
    for row in rows:
        if groups and row.line - groups[-1][-1].line <= 1:
            groups[-1].append(row)
        else:
            groups.append([row])
    return [(group[-1].line, group) for group in groups]


def context_of(rows: list[Symbol]) -> Context:
    r"""The context that a symbol table declares.

    A shape is ``scalar``, ``M \times 1`` or ``N \times (M+1)``; ``1, \dots, N`` makes an index. Sizes, all-ones, identities
    and ``x_i`` as a row of X need no declaration, they are in the table for the reader.
    """
    indices = {row.name for row in rows if r"\dots" in row.shape}
    shapes = {row.name: _shape(row.shape) for row in rows if row.name not in indices}
    sizes = {one for shape in shapes.values() for part in shape for one in re.findall("[A-Za-z]+", str(part))}
    kept = {name: shape for name, shape in shapes.items() if name not in sizes and not _built_in(name, indices)}
    symmetric = [row.name for row in rows if re.search(r"\bsymmetric matrix\b", row.meaning)]
    return Context(shapes=kept, symmetric=symmetric)


def _shape(text: str) -> tuple:
    if text.strip() in ("scalar", "number"):
        return ()
    parts = [part.replace(" ", "").strip("()") for part in text.split(r"\times")]
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _built_in(name: str, indices: set[str]) -> bool:
    """All-ones, identities, functions of a name (their definition says what they are) and rows of a matrix."""
    if re.fullmatch(r"\\mathbf\s*\{?1\}?_\{?\w\}?|I_\{?\w\}?", name) or name.endswith(")"):
        return True
    _, _, index = name.partition("_")
    return index.strip("{}") in indices


def _check(equation: Equation, page: _Page) -> Checked:
    mark = equation.mark or ""
    if mark.startswith("exempt"):
        return Checked(equation, "exempt", (), "" if ":" in mark else "An exempt equation must say why.")
    started = perf_counter()
    run = _Derivation(equation.latex, page.context, bool(mark))
    steps = run.report().steps
    elapsed = 1e3 * (perf_counter() - started)
    if not mark:
        page.context = run.context
    kind = _kind(equation, steps, mark)
    checked = Checked(equation, kind, steps, _problem(kind, steps, mark), elapsed)
    return _second_opinion(checked, run) if page.thorough and not checked.problem else checked


def _kind(equation: Equation, steps: tuple[Step, ...], mark: str) -> str:
    if mark.startswith("wrong"):
        return "wrong on purpose"
    if mark.startswith("condition"):
        return "condition"
    if re.search(r"\\(implies|iff|Rightarrow)(?![A-Za-z])", equation.latex):
        return "implication"
    if steps and all(step.verdict is Verdict.DEFINITION for step in steps):
        return "definition"
    if any(step.relation in ("<=", ">=", "<", ">") for step in steps):
        return "inequality"
    return "identity"


def _problem(kind: str, steps: tuple[Step, ...], mark: str) -> str:
    if not steps:
        return "No equation was found in it."
    if kind == "wrong on purpose":
        return _wrong_as_expected(steps, mark.split()[1:])
    allowed = (*_HOLDS, Verdict.CONDITION) if kind in ("implication", "condition") else _HOLDS
    for step in steps:
        if step.verdict not in allowed:
            return f"{step.verdict.value}: {step.left} {step.relation} {step.right}: {step.message}"
    if kind == "implication" and not any(step.verdict is Verdict.PROVED for step in steps):
        return "The implication was not proved."
    if kind == "condition" and not any(step.verdict is Verdict.CONDITION for step in steps):
        return "It is marked as a condition, and holds always."
    return ""


def _wrong_as_expected(steps: tuple[Step, ...], expected: list[str]) -> str:
    found = [step.verdict.value for step in steps]
    if found != expected:
        return f"It is marked {' '.join(expected) or 'wrong without a verdict'}, and the verdict is {' '.join(found)}."
    if not {"REFUTED", "ILL_TYPED"} & set(found):
        return "It is marked as wrong on purpose, and nothing in it is wrong."
    return ""


def _second_opinion(checked: Checked, run: _Derivation) -> Checked:
    """sympy on every proved step, and the step's mutants; a disagreement is a problem of the page."""
    from dataclasses import replace

    confirmed, problem, total, killed, equal = [], "", 0, 0, 0
    for claim, left, right in run.proved:
        said = _confirmation(claim)
        confirmed.append(said)
        if said.startswith("refuted"):
            problem = problem or f"The normal form proves a step that sympy refutes: {said}."
        for what, changed in mutants(right, run.context):
            verdict = _mutant(run, left, changed)
            total, killed, equal = total + 1, killed + (verdict == "killed"), equal + (verdict == "equal")
            if verdict == "survived":
                problem = problem or f"A wrong variant was accepted: {what}."
    return replace(checked, confirmed=tuple(confirmed), problem=problem, mutants=total, killed=killed, equal=equal)


def _confirmation(claim) -> str:
    from .symbolic import confirm

    found = confirm(claim)
    if found.agrees is False:
        return f"refuted by sympy ({found.how})"
    if found.how == "symbolic entries":
        sizes = ", ".join(f"{name} = {', '.join(map(str, values))}" for name, values in found.sizes.items())
        return f"symbolic entries, {sizes}" if sizes else "symbolic entries"
    return found.how


def _mutant(run: _Derivation, left, changed) -> str:
    from .claims import decide
    from .symbolic import confirm

    try:
        claim = run._typed(left, changed)[0]
        decision = decide(claim)
    except (Problem, Outside, RecursionError):
        return "killed"
    if decision.point is not None:
        return "killed"
    if not decision.proved:
        return "undecided"
    return "equal" if confirm(claim).agrees else "survived"
