"""A file, decided: what is printed of it, and its findings, one for each step, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import lrcore
from lrcore.checker.derivations import CheckedDerivation, check_derivation
from lrcore.verify import (
    HEADINGS,
    Change,
    Checked,
    Context,
    Equation,
    Kind,
    NoReader,
    PageReport,
    Problem,
    Step,
    Unread,
    Verdict,
    check_page,
    items,
    project_file,
    symbol_table,
)

from . import showing
from .sources import Source, Unusable, source

#: What a finding can be, with a sentence on it and whether it is an error, something left open ("note"), or neither.
RULES = {
    "refuted": ("The two sides differ, whatever the letters may mean.", "error"),
    "ill-typed": ("The shapes do not fit.", "error"),
    "contradicted": ("sympy contradicts the proof, or a wrong variant passes.", "error"),
    "mark": ("A mark of the author is not what was found.", "error"),
    "declaration": ("A declaration is not understood.", "error"),
    "unread": ("This is not read.", "note"),
    "open": ("This cannot be decided before somebody says what a name means.", "note"),
    "undecided": ("Neither a proof nor a counterexample was found.", "note"),
    "stationary": ("This holds only where the gradient vanishes.", "note"),
    "condition": ("This holds for some values: it is an equation to be solved, or a mistake.", "note"),
    "guessed": ("With what was taken for its letters this does not fit; nobody said what they are.", "note"),
    "taken": ("This was taken for want of a declaration, or from the words of the text.", "none"),
    "proved": ("Proved for all sizes.", "none"),
    "definition": ("A definition, which claims nothing.", "none"),
    "given": ("A condition or a setting, which claims nothing.", "none"),
    "wrong": ("Wrong on purpose, as the author says.", "none"),
    "exempt": ("Not checked, as the author says.", "none"),
}
_OF_VERDICT = {
    Verdict.PROVED: "proved",
    Verdict.DEFINITION: "definition",
    Verdict.CONDITION: "given",
    Verdict.REFUTED: "refuted",
    Verdict.ILL_TYPED: "ill-typed",
    Verdict.UNREADABLE: "unread",
    Verdict.OPEN: "open",
    Verdict.CHECKED: "undecided",
    Verdict.STATIONARY: "stationary",
}
_COMMAND = re.compile(r"\\(?:[dt]?frac|sqrt|left|right|cdot|times|q?quad|text|big[lr]?|displaystyle)(?![A-Za-z])")
_DRESS = re.compile(r"\\(?:math\w+|boldsymbol|bm|pmb|hat|bar|tilde|vec|dot|wide\w+|over\w+|under\w+)(?![A-Za-z])")
_ONE_NAME = re.compile(r"(?:\\[A-Za-z]+|[A-Za-z])'*(?:\([^()]*\))?")
_INDEXED = re.compile(r"(\\[A-Za-z]+(?:\s*\{\\?\w+\})?|[A-Za-z])\s*_\s*(\{[^{}]*\}|\w)")
_EIGEN = re.compile(
    r"\W*\w.*[^\w\\](?P<v>\\?\w+)\s*=\s*\\lambda(?:_(?:\w|\{[^{}]*\}))?\s*(?P=v)"
    r"|\s*[A-Z](?P<u>[a-z])\s*=\s*\\lambda\s*(?P=u)"
)
_WORD = re.compile(r"\\[A-Za-z]+")
_POWER = re.compile(r"\^(?!\s*(?:\*|\{\s*(?:-\s*1|\*)\s*\}))")
_BARS = re.compile(r"\\(?:left|right)\s*\|?|\\[lr]?[vV]ert(?![A-Za-z])|\||\\infty(?![A-Za-z])")
_DERIVATIVE = re.compile(r"\\partial(?![A-Za-z])|\\nabla|\\frac\s*\{\s*(?:d|\\mathrm\s*\{?d\}?)(?![a-z])")
MARKS = ("wrong", "condition", "given", "exempt")


@dataclass(frozen=True)
class Asked:
    """What is to be done to each file, in a form that another process can be given."""

    shapes: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    sympy: bool = False
    mutants: bool = False
    why: bool = False
    without: tuple[str, ...] = ()  # what the words of a text suppose and is struck out

    def context(self, folder: Path) -> Context:
        """What the project declares, and above it what the command was given."""
        given = Context(shapes=self.shapes, definitions=self.definitions)
        project = project_file(folder)
        if project.path is None:
            return given
        context = project.context
        context.symbols.update(given.symbols)
        context.sizes |= given.sizes
        return context


@dataclass(frozen=True)
class Finding:
    """One step of a file with its place, lines and columns counted from 1; ``rule`` is one of :data:`RULES`,
    ``verdict`` that of the prover, empty where the finding is about an equation as a whole.
    """

    file: str
    line: int
    column: int
    rule: str
    message: str
    verdict: str = ""
    latex: str = ""
    equation: str = ""  # the whole of what is displayed, where it is known
    label: str = ""
    end_line: int = 0
    end_column: int = 0
    repair: str = ""
    mistake: str = ""  # its name, where it is known
    mended: str = ""
    mended_at: tuple[int, int, int, int] | None = None  # the lines and columns that it takes the place of
    why: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """Whether it is an "error", a "note", or "none"."""
        return RULES[self.rule][1]

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "level": self.level, "version": lrcore.__version__}


@dataclass(frozen=True)
class Result:
    """What was found in one file, what a person is shown of it, and why nothing was where nothing could be."""

    name: str
    findings: tuple[Finding, ...] = ()
    shown: str = ""
    fault: str = ""  # the file cannot be used
    empty: str = ""  # it holds nothing to be checked


def result(name: str, asked: Asked) -> Result:
    """One file from its name to its findings; every file gets an answer."""
    try:
        return of(source(name), asked)
    except (Unusable, NoReader, Problem, ValueError) as fault:
        return Result(name, fault=str(fault))


def of(given: Source, asked: Asked) -> Result:
    """A text, decided: by what it declares, or else as on the page *Check your own derivation*."""
    context = asked.context(Path(given.name).parent)
    report, unread = decided(given, context, asked)
    if report is None:
        how = "write it between `$$`" if given.language == "markdown" else "write one with `=`"
        said = f"{given.name}: no equation was found here, so that nothing was checked; {how}."
        return Result(given.name, empty=said)
    findings = _of_page(report, given) if isinstance(report, PageReport) else _of_derivation(report, given)
    lost = (_lost(one, given) for one in unread)
    found = (*findings, *lost)
    shown = [*showing.lines(given, report, asked.why), *showing.no_alarms(sum(one.rule == "guessed" for one in found))]
    return Result(given.name, found, "\n".join(shown))


def decided(
    given: Source, context: Context, asked: Asked
) -> tuple[PageReport | CheckedDerivation | None, tuple[Unread, ...]]:
    """The report of a text and what else it shows that nobody read; no report where nothing is to be checked."""
    page = _page(given, context, asked) if given.language != "text" else None
    if page is not None and not asked.without and (asked.sympy or asked.mutants or declares(given)):
        return page, page.unread
    guessed = _in_its_file(check_derivation(given.prose, context, asked.why, asked.without), given)
    _all_struck(given.name, asked.without, guessed)
    if (
        page is not None
        and not asked.without
        and page.ok
        and _verdicts(page) == [step.verdict for step in guessed.steps]
    ):
        return page, page.unread
    unread = tuple(beyond(guessed, page.unread)) if page is not None else ()
    if not guessed.steps and not unread:
        return None, ()
    return replace(guessed, unread=tuple(f"{showing.place(given, one)}: not read: {one.why}" for one in unread)), unread


def _in_its_file(found: CheckedDerivation, given: Source) -> CheckedDerivation:
    """What is said of lines, with the lines of the files that they are from."""
    if not given.places:
        return found
    steps = tuple(
        replace(
            one,
            message=showing.placed(given, one.message),
            assumes=tuple(showing.placed(given, said) for said in one.assumes),
        )
        for one in found.steps
    )
    return replace(found, summary=showing.placed(given, found.summary), report=replace(found.report, steps=steps))


def _all_struck(name: str, without: Iterable[str], found: CheckedDerivation) -> None:
    """Refuse to strike out what the text does not suppose."""
    supposed = [one.written for one in found.hypotheses]
    for one in without:
        if one not in supposed:
            there = f"it supposes: {'; '.join(supposed)}" if supposed else "its words suppose nothing"
            raise Unusable(f"{name}: --without {one}: the text does not suppose this; {there}.")


def declares(given: Source, headings: Sequence[str] = HEADINGS) -> bool:
    """Whether a page says itself what its symbols are, or carries marks of the gate."""
    return "verify:" in given.text or bool(symbol_table(given.text, headings))


def _page(given: Source, context: Context, asked: Asked) -> PageReport | None:
    """A page by its equations; None where it has none."""
    if not any(isinstance(one, Unread | Equation) for one in items(given.text, given.file)):
        return None
    sympy, mutants, why = asked.sympy, asked.mutants, asked.why
    return check_page(given.text, context, sympy=sympy, mutants=mutants, inline=True, why=why, file=given.file)


def _verdicts(page: PageReport) -> list[Verdict]:
    return [step.verdict for one in page.checked for step in one.report.steps]


def beyond(found: CheckedDerivation, unread: Iterable[Unread]) -> Iterator[Unread]:
    """What a page does not read, without that which stands there bare and was read as a text that is pasted."""
    steps = [step for step in found.steps if step.verdict is not Verdict.UNREADABLE]
    read = {line for step in steps for line in _lines_of(step, found.report.text)}
    return (one for one in unread if not one.bare or not read & set(range(one.line, max(one.line, one.until) + 1)))


def _lines_of(step: Step, text: str) -> range:
    """The lines on which a step stands."""
    places = [*(step.span or ()), *(edge for side in step.sides or () for edge in side)]
    return range(text.count("\n", 0, min(places)) + 1, text.count("\n", 0, max(places)) + 2) if places else range(0)


# ---------------------------------------------------------------------- findings


def _of_derivation(found: CheckedDerivation, given: Source) -> Iterator[Finding]:
    for taken in found.guessed_and_supposed():
        yield Finding(given.name, 1, 1, "taken", taken)
    for number, (step, alarm) in enumerate(zip(found.steps, alarms(found))):
        why = found.reasons.get(number)
        one = _of_step(step, found.report.text, (1, 1), given, why=why.rules if why else ())
        yield replace(one, rule=told_as(step, alarm))


def told_as(step: Step, alarm: bool) -> str:
    """The rule of a step of a page that declares nothing."""
    rule = _OF_VERDICT[step.verdict]
    if (rule == "open" or RULES[rule][1] == "error") and not alarm:
        return "given" if says_where(step) else "guessed" if rule != "open" else rule
    return rule


def says_where(step: Step) -> bool:
    """Whether a step says where something is looked at, or how it goes on, and claims nothing: a name is set to a
    number or bounded by one, or by another name, as in ``n = 500`` and ``|a| < b``; a next state is made of those
    before it; an eigenvalue belongs to its vector.
    """
    if step.relation == "=" and (_is_law(step.left, step.right) or _EIGEN.fullmatch(f"{step.left} = {step.right}")):
        return True
    sides = [_BARS.sub(" ", side) for side in (step.left, step.right)]
    numbers = [not _lettered(side) for side in sides]
    if any(_is_compound(side) or _POWER.search(side) for side, number in zip(sides, numbers) if not number):
        return False
    if all(numbers) or "".join(step.left.split()) == "".join(step.right.split()):
        return False
    if sides != [step.left, step.right] and step.relation in ("<", "<=") and re.match(r"\s*(?:-|0\s*$)", step.right):
        return False  # no length is below zero
    return step.relation in ("<", ">", "<=", ">=", "!=") or (step.relation == "=" and any(numbers))


def alarms(found: CheckedDerivation) -> list[bool]:
    """Of each step whether it is called wrong where it does not hold."""
    steps, text, guessed = found.steps, found.report.text, guesses(found)
    return [
        is_alarm(step, guessed) or _between_proved(steps, number) or _is_said_beside(steps, number, text)
        for number, step in enumerate(steps)
    ]


def guesses(found: CheckedDerivation) -> tuple[str, ...]:
    """The letters that nobody declared, as they are written."""
    return tuple(re.split(r" :=? ", one, maxsplit=1)[0] for one in found.taken)


def is_alarm(step: Step, guessed: tuple[str, ...]) -> bool:
    """Whether a step that does not hold is called wrong, or may be an equation to be solved, a model, a condition.

    It is wrong where it is about numbers alone, where one change mends it or it divides by zero, and where a derivative
    is another than it says; all else is where every letter of it was declared, and is an equation and no setting such
    as ``n = 500``. Shapes of which some were guessed prove nothing.
    """
    lettered = [_lettered(side) for side in (step.left, step.right)]
    if not any(lettered):
        return True
    if step.verdict is Verdict.ILL_TYPED and _is_part_of(f"{step.left} {step.right}", guessed):
        return False
    if guessed and not all(_is_compound(side) for side in (step.left, step.right)):
        return False  # a name and what somebody takes it for
    by_zero = step.fault is not None and step.fault.kind is Kind.BY_ZERO
    if by_zero or (step.repair and not _says_the_same(step)):
        return True
    if step.relation != "=" or not all(lettered) or (step.verdict is Verdict.ILL_TYPED and guessed):
        return False
    whole = f"{step.left} {step.right}"
    derivative = step.verdict is Verdict.REFUTED and _DERIVATIVE.search(whole)
    return bool(derivative) or not any(stands_in(name, whole) for name in guessed)


def _is_part_of(whole: str, guessed: tuple[str, ...]) -> bool:
    r"""Whether a letter with an index is a row or a column of the matrix with the capital letter, as in ``A x = x_1 a_1
    + \cdots + x_n a_n``: nothing says which. Samples are rows.
    """
    return any(
        len(one) == 1
        and one.isupper()
        and one not in "XYZ"
        and re.search(rf"(?<![A-Za-z\\]){one.lower()}\s*_", whole)
        and _in_product(one, whole)
        for one in guessed
    )


def _in_product(letter: str, whole: str) -> bool:
    """Whether a letter stands in a formula without an index, or before another one."""
    return re.search(rf"(?<!\\){letter}(?!\s*_)(?![A-Z])", _WORD.sub(" ", whole)) is not None


def _is_law(left: str, right: str) -> bool:
    """Whether a name with an index is made of the same name with others, as ``x_{t+1} = A x_t + b``."""
    head = _INDEXED.fullmatch(left.strip())
    same = [one[2] for one in _INDEXED.finditer(right) if head and one[1] == head[1]]
    return head is not None and any(re.sub(r"[{}\s]", "", one) != re.sub(r"[{}\s]", "", head[2]) for one in same)


def _lettered(side: str) -> bool:
    return bool(re.search(r"[^\W\d_]", _COMMAND.sub("", side)))


def _between_proved(steps: Sequence[Step], number: int) -> bool:
    """Whether a step that is false stands in a chain ``a = b = c`` beside one that is proved, and rewrites a side that
    is no single name: nobody states a model, a condition or a value there.
    """
    step = steps[number]
    if step.verdict is not Verdict.REFUTED or step.relation != "=" or step.sides is None or step.against_given:
        return False
    before, after = steps[number - 1] if number else None, steps[number + 1] if number + 1 < len(steps) else None
    chained = [
        one is not None
        and one.sides is not None
        and one.verdict is Verdict.PROVED
        and one.sides[there] == step.sides[here]
        for one, there, here in ((before, 1, 0), (after, 0, 1))
    ]
    return any(chained) and all(_is_compound(side) and _lettered(side) for side in (step.left, step.right))


def _is_said_beside(steps: Sequence[Step], number: int, text: str) -> bool:
    """Whether a step that one change mends is said of a name that the same formula defines, or that the equations
    before it are solved for.
    """
    step = steps[number]
    if not step.repair or step.sides is None or step.change is Change.LEAVES_OUT:
        return False
    if step.against_given:  # it is said to solve the equations before it, or defines a name
        alone = {"".join(side.split()) for side in (step.left, step.right) if not _is_compound(side)}
        earlier = "".join(f"{one.left}={one.right}" for one in steps[:number])
        earlier = "".join((earlier if any("\\" in name for name in alone) else _WORD.sub("", earlier)).split())
        return not alone or any(name in earlier for name in alone)
    defined = [one for one in steps[:number] if one.verdict is Verdict.DEFINITION and one.sides is not None]
    same = [one.sides[1][1] for one in defined if one.sides and "".join(one.left.split()) == "".join(step.left.split())]
    return any(not re.search(r"\n\s*\n|\$\$|\\end|\\\]", text[end : step.sides[0][0]]) for end in same)


def _is_compound(side: str) -> bool:
    """Whether a side is more than one name, with its indices and arguments."""
    bare = re.sub(r"[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|\w)", " ", _DRESS.sub("", _COMMAND.sub("", side)))
    of_something = re.search(r"\\[A-Za-z]+\s*\{", bare)  # a command of the author's, as \norm{X w}
    return of_something is not None or _ONE_NAME.fullmatch(re.sub(r"[{}]", "", bare).strip()) is None


def _says_the_same(step: Step) -> bool:
    """Whether the mended step would only repeat one side, as ``A Q = Q A`` does when its factors are exchanged."""
    other = step.left if step.mended_side == "right" else step.right
    return "".join((step.mended or "").split()) == "".join(other.split())


def stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z\\]){re.escape(name)}(?![A-Za-z])", text) is not None


def _of_page(page: PageReport, given: Source) -> Iterator[Finding]:
    for problem in page.problems:
        at = re.match(r"line (\d+): ", problem)
        line = int(at[1]) if at else 1
        yield Finding(*given.place(line), 1, "declaration", problem[at.end() :] if at else problem)
    for one in page.checked:
        if one.kind != "macros":
            yield from _of_equation(one, given)


def _of_equation(one: Checked, given: Source) -> Iterator[Finding]:
    """Its steps; where it is the equation that does not pass, or is said to be wrong, that alone."""
    line, column = one.equation.line, _column(one.equation, given)
    bad = next((step for step in one.report.steps if not step.verdict.holds), None)
    whole = _whole(one, bad)
    if whole is None:
        for number, step in enumerate(one.report.steps):
            why = one.reasons.get(number)
            yield _of_step(step, one.report.text, (line, column), given, one.equation, why.rules if why else ())
        return
    rule, said = whole
    ends = line + one.equation.latex.count("\n"), column + len(one.equation.latex)
    yield replace(_placed((line, column), ends, given, one.equation), rule=rule, message=said)


def _whole(one: Checked, bad: Step | None) -> tuple[str, str] | None:
    """The rule and the words for an equation as a whole, where its steps alone do not say what it is worth."""
    if one.passes:
        rule = {"wrong": "wrong", "exempt": "exempt", "setting": "given"}.get(one.kind)
        rule = rule or ("given" if bad is not None and one.kind == "condition" else None)
        return None if rule is None else (rule, one.reason or RULES[rule][0])
    if (one.equation.mark or "").startswith(MARKS):
        return "mark", one.reason
    if bad is not None:
        return None
    if one.survivors or any(each.agrees is False for each in one.confirmations):
        return "contradicted", one.reason
    if one.kind == "inequality" and one.inline:
        return "refuted", one.reason
    return "condition" if one.kind == "condition" else "undecided", one.reason


def _of_step(
    step: Step,
    text: str,
    begins: tuple[int, int],
    given: Source,
    equation: Equation | None = None,
    why: tuple[str, ...] = (),
) -> Finding:
    """A step with its place; what is at fault, where something is, and the change that mends it."""
    said = " ".join(filter(None, (step.message, str(step.counterexample or ""), step.repair)))
    one = _placed(*_edges(step, text, *begins), given, equation)
    change = None
    if step.mended and step.sides and one.file == given.name and not given.name.endswith(".ipynb"):
        change = tuple(_edge(text, at, *begins) for at in step.sides[step.mended_side == "right"])
    return replace(
        one,
        mended_at=(*change[0], *change[1]) if change else None,
        rule=_OF_VERDICT[step.verdict],
        verdict=step.verdict.value,
        message=said,
        latex=f"{step.left} {step.sign} {step.right}",
        repair=step.repair or "",
        mistake=str(step.mistake),
        mended=step.mended or "",
        why=why,
    )


def _placed(start: tuple[int, int], end: tuple[int, int], given: Source, equation: Equation | None) -> Finding:
    """A finding without words, at its place in the file or in one that a page includes."""
    label, latex = (equation.label or "", equation.latex) if equation else ("", "")
    if equation and equation.file:
        file = str(Path(given.name).parent / equation.file)
        return Finding(file, start[0], start[1], "proved", "", "", latex, latex, label, end[0], end[1])
    (file, line), (_, last) = given.place(start[0]), given.place(end[0])
    return Finding(file, line, start[1], "proved", "", "", latex, latex, label, max(last, line), end[1])


def _lost(one: Unread, given: Source) -> Finding:
    file, line = (str(Path(given.name).parent / one.file), one.line) if one.file else given.place(one.line)
    return Finding(file, line, 1, "unread", one.why)


def _edges(step: Step, text: str, line: int, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the part at fault begins and ends, or all of the step, in a text that begins at this line and column."""
    own = (step.sides or ())[0 if step.opens else 1 :]  # the left side of a later one is the right of the one before
    sides = [edge for side in own for edge in side]
    start, end = step.span or ((min(sides), max(sides)) if sides else (0, 0))
    if step.sides and not step.opens and start == step.sides[0][0]:
        start = step.sides[1][0]  # the line on which the step is written
    return _edge(text, start, line, column), _edge(text, end, line, column)


def _edge(text: str, at: int, line: int, column: int) -> tuple[int, int]:
    down, before = text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)
    return line + down, before + (1 if down else column)


def _column(equation: Equation, given: Source) -> int:
    """The column where the LaTeX of an equation begins on its line; 1 where it is not found."""
    lines = given.text.split("\n")
    if equation.file or not 0 < equation.line <= len(lines):
        return 1
    return max(lines[equation.line - 1].find(equation.latex.split("\n")[0]) + 1, 1)


def failing(findings: Iterable[Finding], level: str) -> list[Finding]:
    return [one for one in findings if one.level == level]
