"""A state, checked: each step with its verdict and its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from lrcore.verify import (
    Condition,
    Context,
    Examined,
    Fault,
    Kind,
    Options,
    Passage,
    Problem,
    Report,
    Step,
    Verdict,
    decide_claim,
    examine,
    find,
    mended,
    names,
    remarked,
    remembering,
    stamped,
)
from lrcore.verify import macros as written
from lrcore.verify import syntax as s

from .conventions import Question, Text
from .documents import of_notebook, plain, shapes_in_code
from .guesses import Uses, missing, named, said_at_other_times, said_of_all_times, usual_shapes
from .held_data import held, named_in_differentials
from .hypotheses import (
    HELD_BY_A_BRACE,
    anew,
    assumed,
    behind,
    braced,
    constraints,
    ended,
    fixed_indices,
    moments,
    one_hot,
    samples,
    some_indices,
    with_symmetry,
)
from .interpret import (
    FALSE,
    Interpretation,
    Reading,
    failing,
    interpreted,
    is_slip,
    lawful,
    may_be_independent,
    noted,
    opened,
    solved_later,
    takes_a_loss,
    usual_readings,
)
from .one_mark import Mark, marks
from .parts import blanked, latest, paragraph, parts
from .python_code import gradients
from .struck_out import SYMMETRIC, Hypothesis, hypotheses, is_symmetric, without
from .suppositions import would_hold
from .table import Row, State, context_of
from .usual_macros import said, usual

MOST_REPAIRS, MOST_PIECES, MOST_EQUATIONS = 4, 200, 4
MOST_TRIED = 120  # steps in all readings that are tried for a slip
MOST_REREAD, LONGEST_REREAD = 100, 1_500  # steps in all texts with one mark changed, characters of one of them
SEARCHING = 200_000  # units of work for one reading that is tried
Span = tuple[int, int]
# What may stand before and behind a name that an equation says something of.
_BEFORE = r"(?:^|(?<!\\)[,;.:$&\n]|\\\\|quad|(?<![\\A-Za-z_^{}()])[A-Za-z]{2,}\s)(?:\s|\\[,;:! ])*"
_BEHIND = r"\s*(?:\\left)?(?:\([^()]*\)|\[[^\]]*\])?[\s&]*:?=(?!=)"


_BREAK = re.compile(r"(?:\\\\(?:\[[^\]]*\])?)?\s*&?\s*(?:\\q?quad\s*)*$")
_BINARY = re.compile(r"\b(?:binary|0 or 1|zero or one|0/1)(?!\w)", re.I)
GOES_ON = "it is read as going on in the line below"


@dataclass
class CheckedStep:
    """One step where it stands: ``left`` and ``right`` are the places of its sides, ``first`` says whether it opens a
    chain.
    """

    step: Step
    piece: Passage
    left: Span
    right: Span
    first: bool
    latex: bool
    after: Context
    decided: Any = None


@dataclass
class CheckedText:
    """A whole text, checked with its table: what stands in the text goes before a guess. Where it does not ``finish``,
    there are verdicts alone, without certificates and repairs.
    """

    state: State
    locked: bool = False
    finish: bool = True
    steps: list[CheckedStep] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    guesses: list[Row] = field(default_factory=list)
    pieces: list[Passage] = field(default_factory=list)
    tries: int = MOST_REPAIRS
    more: int = 0
    context: Context = field(default_factory=Context)
    base: Context | None = None
    taken: list[Question] = field(default_factory=list)
    layout: str = ""
    asked: dict[str, Question] = field(default_factory=dict)
    macros: written.Macros = field(default_factory=dict)
    usual: dict[str, str] = field(default_factory=dict)
    text: str = ""
    written: str = ""
    before: str = ""
    solved: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()
    constraints: tuple[Span, ...] = ()
    equations: tuple[Span, ...] = ()
    given: tuple[Span, ...] = ()
    mended: frozenset[int] = frozenset()
    resting: dict[int, frozenset[int]] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    random: frozenset[str] = frozenset()
    gradients: dict[str, tuple[str, str]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    squares: bool = False
    supposed: set[Span] = field(default_factory=set)
    symmetric: dict[str, bool] = field(default_factory=dict)
    struck: list[Hypothesis] = field(default_factory=list)
    readings: dict[tuple[Reading, bool], Examined] = field(default_factory=dict)
    reread: dict[str, list[CheckedStep]] = field(default_factory=dict)
    began: list[tuple[Examined, Context]] = field(default_factory=list)  # what was examined, and in which context

    def run(self) -> CheckedText:
        """Check it; every text gets an answer."""
        with remembering():
            self._run()
            if not self.locked and (joined := self._joined()):
                whole = CheckedText(replace(self.state, text=joined), finish=self.finish, base=self.base)
                whole.written = self.text
                vars(self).update({**vars(whole._run()), "state": self.state, "text": self.text})
                for one in (
                    one for one in self.steps if self.state.text[slice(*one.right)] != joined[slice(*one.right)]
                ):
                    one.step = replace(one.step, assumes=(*one.step.assumes, GOES_ON))
            return self

    def _joined(self) -> str:
        """The text with lines that may go on with the one above put there, as far as the step that this makes holds, or
        is false with them and without; empty where there are none.
        """
        broken = {one.step.span for one in self.steps if one.step.fault == Fault(Kind.BROKEN_OFF) and one.step.span}
        found = [(_BREAK.search(self.state.text, 0, span[0]), span) for span in broken]
        breaks = [(match.start(), span) for match, span in found if match is not None]
        if not breaks or self.before:
            return ""
        joins = [(start, span[0]) for start, span in breaks]
        with_, without_ = self._tried(joins), self._tried([(start, span[1]) for start, span in breaks])
        good = []
        for one in joins:
            held = {verdict for a, b, verdict in with_ if a < one[0] < b}
            bare = {verdict for a, b, verdict in without_ if a < one[0] <= b + 1}
            if held == {Verdict.PROVED} or (held and bare and held | bare <= {*FALSE}):
                good.append(one)
        return _blank(self.state.text, good) if good else ""

    def _tried(self, spans: Sequence[Span]) -> list[tuple[int, int, Verdict]]:
        """The steps of the text with blanks in these places, by where they stand."""
        text = _blank(self.state.text, spans)
        steps = CheckedText(replace(self.state, text=text), finish=False, base=self.base)._run().steps
        return [(one.left[0], one.right[1], one.step.verdict) for one in steps]

    def _run(self) -> CheckedText:
        if (notebook := of_notebook(self.state.text)) is not None:
            self.state = replace(self.state, text=notebook)
        rows = self.state.rows
        self.text, own = plain(self.state.text)
        if self.state.without and not self.locked:
            self._strike_out()
        self.usual = usual(self.text, own)
        self.macros = {**own, **self.usual}
        self.context, self.problems = context_of(rows, self.state.layout, self.base, self.macros)
        self.context.gradients = self.gradients = gradients(self.state.text)
        self.context.fixed = self.fixed = fixed_indices(self.text)
        self.unknown = frozenset(self._keys(rows[place].name for place in self.problems))
        found = find(self.text, self.context.words())
        self.pieces, self.more = found[:MOST_PIECES], max(0, len(found) - MOST_PIECES)
        if self.locked:
            self._place(self._examined((), "", True))
            return self
        spans = parts(self.text) if not self.more else []
        if len(spans) > 1:
            self._in_parts(spans)
        else:
            self._as_one()
        if self.finish:
            self._told_apart()
        return self

    def _strike_out(self) -> None:
        """Leave out the hypotheses that the reader does not want."""
        whole = CheckedText(replace(self.state, without=()), finish=False, base=self.base).run()
        struck = (one for one in whole.hypotheses() if one.place and one.written in self.state.without)
        self.struck = [replace(one, struck=True) for one in struck]
        self.text = without(self.text, self.struck)

    def hypotheses(self) -> list[Hypothesis]:
        """What is taken from the words of the text, and what is struck out of it, in its order."""
        if self.locked:
            return []
        found = [*self.struck, *hypotheses(self.steps, self.state.text, self.supposed)]
        found += [Hypothesis(is_symmetric(name), SYMMETRIC, struck=not kept) for name, kept in self.symmetric.items()]
        return sorted(found, key=lambda one: one.place or (-1, -1))

    def _in_parts(self, spans: Sequence[Span]) -> None:
        """A document with headings: each part by itself, with the definitions before it that it speaks of."""
        earlier: list[dict[str, Span]] = []
        entries: dict[Span, set[str]] = {}
        unknown: set[str] = set()  # what the text differentiates by, and may solve for further down
        guesses: dict[str, Row] = {}
        for span in spans:
            kept, uses = [span], Uses()
            for _ in range(3):  # what is carried over may speak of more
                text = blanked(self.text, kept)
                _, uses = missing(text, find(text, self.context.words()), self.context)
                used = {*uses.names, *uses.called} - uses.defined.keys() - uses.places.keys()
                carried = [where for key in sorted(used) if (where := latest(key, earlier)) is not None]
                carried = [one for one in carried if one not in entries or entries[one] & {*uses.names, *uses.places}]
                new = [one for one in (paragraph(self.text, where) for where in carried) if one not in kept]
                kept += new
                if not new:
                    break
            part = CheckedText(replace(self.state, text=text), finish=self.finish, base=self.base)
            part.context, part.text, part.macros, part.usual = self.context, text, self.macros, self.usual
            part.gradients, part.fixed = self.gradients, self.fixed
            part.unknown = self.unknown
            part.pieces, part.before = find(text, self.context.words()), self.text[: span[0]]
            solved = (key for key in uses.defined if key in unknown)
            part.solved = frozenset(key for key in solved if (latest(key, earlier) or span) in {span, *entries})
            part._as_one()
            unknown |= uses.varied & names.UNKNOWN_LETTERS
            earlier.append({key: where for key, where in uses.where.items() if span[0] <= where[0] < span[1]})
            entries |= {where: letters for key, where in uses.where.items() if (letters := _entries(key, uses))}
            self.steps += [one for one in part.steps if span[0] <= one.piece.start < span[1]]
            self.asked |= part.asked
            self.symmetric |= part.symmetric
            self.supposed |= part.supposed
            self.taken += [one for one in part.taken if one.key not in {other.key for other in self.taken}]
            for row in part.guesses:
                guesses.setdefault(row.name, row)
        self.guesses = list(guesses.values())

    def _as_one(self) -> None:
        """Read with one table of guesses, in the reading under which most lines hold."""
        table = self.context
        guesses, uses = self._guessed(table, self.solved)
        plain = self._examined((), "")
        if (
            any(one.verdict is Verdict.ILL_TYPED for one in plain.report.steps)
            and not self.state.rows
            and _squares(uses)
        ):
            self.squares = True
            squared = self._examined((), "")
            self.squares = failing(squared) < failing(plain)
            plain = squared if self.squares else plain
        if lost := _lost(uses, guesses, plain):
            guesses, uses = self._guessed(table, self.solved | lost)
            plain = self._examined((), "")
        whole = plain
        if constant := held(plain):
            self.held = constant
            plain = self._examined((), "")
            if failing(plain) >= failing(whole):
                plain, self.held = whole, frozenset()
        shapes = {key: row.shape for key, row in guesses.items()}
        opening = [one for one in plain.report.steps if one.span and one.opens]
        refused = {one.span[0] for one in opening if one.span and not one.verdict.holds}
        defined = frozenset(
            key for key, (start, end) in uses.where.items()
            if key not in guesses and not any(start <= place < end for place in refused)
        )  # fmt: skip
        defined |= {key for key, row in guesses.items() if row.meaning == HELD_BY_A_BRACE}
        written, lost = self._explained({*uses.where, *uses.names, *uses.called} - uses.bound, plain)
        said = Text(self.text, uses, shapes, table, defined | written, lost)
        reading = interpreted(self._examined, said, plain, self.state.layout)
        for _ in range(MOST_EQUATIONS):
            before = self.constraints, self.equations
            self._take_as_given(reading.found.report, uses, said)
            if before == (self.constraints, self.equations):
                break
            plain = self._examined((), "")
            reading = interpreted(self._examined, said, plain, self.state.layout)
        self.taken, self.layout = reading.taken, reading.reading.layout
        self._place(self._finished(reading))
        varied = whole.report.steps if self.held else ()
        for number, one in enumerate(self.steps):
            sides = _sides(one, uses)
            if odd := self.unknown & set().union(*map(s.names, sides)) - uses.defined.keys():
                row = " and ".join(map(names.latex, sorted(odd)))
                told = f"The row of {row} in the table is not understood; mend it first."
                one.step = replace(opened(one.step, told), certificate="", statement="")
                continue
            nearly = partial(self._nearly, number, one.step, sides, reading)
            raw = one.step
            one.step, asked = lawful(one.step, number, sides, one.decided is not None, said, reading, nearly)
            if one.step.verdict is Verdict.ILL_TYPED and not one.step.repair:
                one.step = nearly() or one.step
            if one.step.verdict is not Verdict.PROVED and not one.step.repair:
                one.step = self._with_one_mark(number, raw) or one.step
            if one.step.verdict is Verdict.REFUTED and (line := self._unread_premise(number, sides)):
                told = f"Your line {line} was not understood, and this may rest on it; it is not decided yet."
                one.step = opened(one.step, told)
            if one.step.verdict in FALSE and (moved := _at_another_time(one, sides, uses, said.defined)):
                told = f"What is said of {names.latex(moved)} at another time may decide this; it is not decided yet."
                one.step = opened(one.step, told)
            if one.step.verdict in FALSE and (said_of := self._of_some_indices(one, sides)):
                told = f"It is said for {said_of} alone, and decided for all indices only; write it with cases."
                one.step = opened(one.step, told)
            if one.step.verdict is Verdict.REFUTED and (told := self._would_hold(number, sides, reading)):
                one.step = opened(one.step, told)
            if len(varied) == len(self.steps) and any(
                isinstance(node, s.Diff) for side in sides for node in s.walk(side)
            ):
                one.step = self._with_data(one.step, varied[number], sides)
            if self.squares and any(map(_holds_a_square, sides)):
                one.step = replace(
                    one.step, assumes=(*one.step.assumes, "the square of a column is its length squared")
                )
            one.step = noted(one.step, sides, self.context, reading)
            said_symmetric = {self.context.key(name) for name, kept in self.symmetric.items() if kept}
            for question in (one for one in asked if one.key not in said_symmetric):
                self.asked.setdefault(question.key, question)

    def _nearly(self, number: int, step: Step, sides: Sequence[s.Node], reading: Interpretation) -> Step | None:
        """A false step that one change makes right, whatever the names mean that nothing explains, or with what they
        usually mean; none where it is right as it stands in one of the readings that are tried, or where these are too
        many.
        """
        if is_slip(step) or not self.finish:
            return step if is_slip(step) else None
        slip = None
        shapes = usual_shapes(self.guesses) if step.verdict is Verdict.ILL_TYPED else []
        for other in usual_readings(sides, reading, self.context, bool(shapes)):
            tried = self._tried_as(other, shapes)
            if tried is None or tried.report.steps[number].verdict is Verdict.PROVED:
                return None
            found = tried.report.steps[number]
            if slip is None and found.verdict in FALSE and is_slip(found, takes_a_loss(other, reading, sides)):
                slip = noted(found, sides, tried.context, other)
        return slip

    def _tried_as(self, other: Interpretation, shapes: Sequence[Row]) -> Examined | None:
        """The text in another reading; None where it has other steps then, or enough was tried."""
        key = (other.reading, bool(shapes))
        if key not in self.readings:
            if (len(self.readings) + 1) * len(self.steps) > MOST_TRIED:
                return None
            context, base = self.context, self.base
            try:
                self.readings[key] = self._examined([*shapes, *other.rows], other.reading.layout, True)
            finally:
                self.context, self.base = context, base
        found = self.readings[key]
        return found if len(found.report.steps) == len(self.steps) else None

    def _with_one_mark(self, number: int, step: Step) -> Step | None:
        """A step without meaning that holds once an index or a transpose is another, and the guesses with it."""
        no_index = step.fault is not None and step.fault.kind is Kind.NO_INDEX
        if not self.finish or self.state.rows or not (step.verdict is Verdict.ILL_TYPED or no_index):
            return None
        if step.span is None or self.more or len(self.text) > LONGEST_REREAD:
            return None
        piece = self._piece_at(step.span)
        sides = step.sides or ((piece.start, piece.end),)
        here = next((one for one in sides if one[0] <= step.span[0] and step.span[1] <= one[1]), sides[-1])
        new = (sides[0][0], sides[-1][1]) if step.opens else sides[-1]
        for mark in marks(self.text, new, here, step.span if step.sides else here):
            found = self._read_with(mark)
            if found and found[number].step.verdict is Verdict.PROVED and found[number].step.sides:
                return _wrong_by(mark, found[number].step, self.text)
        return None

    def _read_with(self, mark: Mark) -> list[CheckedStep]:
        """The steps of the text with one mark changed; none where it has others then, or enough was tried."""
        text = mark.put(self.text)
        if text not in self.reread:
            if (len(self.reread) + 1) * len(self.steps) > MOST_REREAD:
                return []
            other = CheckedText(replace(self.state, text=text), finish=False, base=self.base)
            self.reread[text] = other._run().steps
        found = self.reread[text]
        return found if len(found) == len(self.steps) else []

    def _finished(self, reading: Interpretation) -> Examined:
        """The text in the reading that was taken, with all that is told of it: examined again only where a mistake may
        be mended, or where more work may tell more.
        """
        found, as_written = reading.found, not reading.rows and not self.layout
        steps = found.report.steps
        self.context = next(context for one, context in self.began if one is found)
        out_of_work = not as_written and any(one.out_of_work for one in steps)
        is_refused = any(one.verdict in (*FALSE, Verdict.STATIONARY) for one in steps)
        if out_of_work or (self.finish and is_refused):
            return self._examined(reading.rows, self.layout, True)
        return stamped(found, self._work(True) // 200) if self.finish else found

    def _with_data(self, step: Step, varied: Step, sides: Sequence[s.Node]) -> Step:
        """The step with what is held constant for it; one that writes a differential of data is judged with it."""
        if varied.verdict is Verdict.REFUTED and named_in_differentials(sides[-1]) & self.held:
            return varied
        constant = (f"{names.latex(one)} is constant" for one in sorted(self.held))
        return replace(step, assumes=tuple(dict.fromkeys((*step.assumes, *constant))))

    def _of_some_indices(self, one: CheckedStep, sides: Sequence[s.Node]) -> str:
        """What the words around an entry say of its indices, as *for i = j*."""
        entries = [node for side in sides for node in s.walk(side) if isinstance(node, s.Entry)]
        letters = {index.id for node in entries for index in node.indices if isinstance(index, s.Name)}
        return some_indices(self.text, one.left[0], one.right[1], letters)

    def _would_hold(self, number: int, sides: Sequence[s.Node], reading: Interpretation) -> str:
        """Under what a refuted step would hold that nothing says."""
        context, base, random = self.context, self.base, self.random

        def trial(rows: Sequence[Row], names: frozenset[str]) -> Verdict:
            self.random = names
            if base is not None:
                self.base = base.copy()
                for row in rows:
                    self.base.symbols.pop(context.key(row.name), None)
            steps = self._examined((*reading.rows, *rows), self.layout).report.steps
            return steps[number].verdict if len(steps) == len(self.steps) else Verdict.REFUTED

        shapes = {key: one.shape for key, one in context.symbols.items() if one.shape and one.definition is None}
        dims = {key: tuple(str(each) for each in shape if str(each) != "1") for key, shape in shapes.items()}
        try:
            return would_hold(self.steps[number].step, sides, dims, random, trial)
        finally:
            self.context, self.base, self.random = context, base, random

    def _unread_premise(self, number: int, sides: Sequence[s.Node]) -> int:
        """The line of an equation before a step that says what is given about its names, and was not understood."""
        written = {names.split_key(key)[0] for side in sides for key in s.names(side)}
        for one in self.steps[:number]:
            if one.step.verdict is not Verdict.UNREADABLE or one.step.span is None:
                continue
            place = (one.left[0], max(one.left[1], one.right[1]))
            given = bool(constraints(self.text, [place])) or any(a <= place[0] < b for a, b in self.given)
            if given and written & set(re.findall(r"\\?([A-Za-z]+)", self.text[slice(*place)])):
                return self._line(one)
        return 0

    def _take_as_given(self, report: Report, uses: Uses, said: Text) -> None:
        """Notes which of the lines that are no identities say what data add up to, or are the next equation for
        unknowns that the text solves for further down: no more of these than there are unknowns.
        """
        false = [one for one in report.steps if one.opens and one.verdict is Verdict.REFUTED]
        spans = {(one.sides[0][0], one.sides[1][1]): one for one in false if one.sides}
        known = {*self.constraints, *self.equations}
        later = [
            span for span, one in spans.items() if span not in known and solved_later(one, _trees(one, uses), said)
        ]
        new = [span for span in spans if span not in known and span not in later]
        self.constraints = (*self.constraints, *constraints(self.text, new))
        self.equations = (*self.equations, *moments(self.text, new))
        for span in later:
            one = spans[span]
            if may_be_independent(one, _trees(one, uses), report, said):
                self.equations = (*self.equations, span)
            return

    def _told_apart(self) -> None:
        """Says of lines behind a false one that they follow from it, or hold with it mended."""
        false = [k for k, one in enumerate(self.steps) if one.step.verdict in (Verdict.REFUTED, Verdict.ILL_TYPED)]
        for number in false:
            wrong = f"follows from your line {self._line(self.steps[number])}, which is wrong"
            going_on = [k for k in false if k > number and _follows_as_written(self.steps[number], self.steps[k])]
            self.resting[number] = frozenset({*resting_on(self.steps, number), *going_on})
            for after in sorted(self.resting[number]):
                self._say(after, wrong)
        if len(false) > 1:
            self.mended = self._with_mended(false)
            for number in self.mended:
                self._say(number, f"holds with your line {self._line(self.steps[false[0]])} mended")

    def _with_mended(self, false: Sequence[int]) -> frozenset[int]:
        """Which of these steps hold once the first of them is mended."""
        first = self.steps[false[0]]
        if not first.step.mended or self.more:
            return frozenset()
        start, end = first.left if first.step.mended_side == "left" else first.right
        text = f"{self.text[:start]}{first.step.mended} {self.text[end:]}"
        rows = tuple(replace(one, guessed=True) for one in self.guesses)
        other = CheckedText(
            replace(self.state, text=text, rows=(*self.state.rows, *rows)), finish=False, base=self.base
        ).run()
        if len(other.steps) != len(self.steps):
            return frozenset()
        return frozenset(k for k in false[1:] if other.steps[k].step.verdict is Verdict.PROVED)

    def _line(self, one: CheckedStep) -> int:
        return (self.written or self.text).count("\n", 0, max(one.right[0] - 1, 0)) + 1

    def _say(self, number: int, words: str) -> None:
        step = self.steps[number].step
        self.steps[number].step = replace(step, assumes=(*step.assumes, words))

    def _guessed(self, table: Context, refused: frozenset[str]) -> tuple[dict[str, Row], Uses]:
        """What the symbols may be that the table does not declare; a row that was not understood is not made up for."""
        before = f"{self.before} {shapes_in_code(self.state.text)} "
        guesses, uses = missing(self.text, self.pieces, table, refused, before)
        called = with_symmetry(self.text, guesses)
        symmetric = {key for key, row in called.items() if row != guesses[key]}
        kept = {key for key in symmetric if is_symmetric(called[key].name) not in self.state.without}
        self.symmetric = {called[key].name: key in kept for key in symmetric}
        guesses = {key: called[key] if key in kept else row for key, row in guesses.items() if key not in self.unknown}
        for row in braced(self.text):
            key = table.key(row.name)
            if table.lookup(key) is None and key not in uses.defined and key not in self.unknown:
                guesses[key] = row
        self.random = uses.random
        self.guesses, self.guessed = list(guesses.values()), frozenset(guesses)
        return guesses, uses

    def _keys(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            with suppress(Problem, RecursionError):
                yield self.context.key(_bare_name(name)).partition("^font")[0]

    def _explained(self, keys: Iterable[str], plain: Examined) -> tuple[frozenset[str], frozenset[str]]:
        """The names that the text itself defines, as ``f(x) = ...``, and those whose definition was not understood."""
        found = {one.sides[0][0]: one.verdict for one in plain.report.steps if one.sides}
        defined, lost = set(), set()
        for key in keys:
            letters = r"[\s{}]*".join(map(re.escape, re.sub(r"[\s{}]", "", names.latex(key))))
            letters = rf"(?:{letters}|{re.escape(key)})" if self.gradients else letters
            head = re.compile(rf"{_BEFORE}(?P<name>{letters}[\s{{}}]*){_BEHIND}")
            for piece in self.pieces:
                for one in head.finditer(self.text[piece.start : piece.end]):
                    if one["name"].count("{") != one["name"].count("}"):
                        continue  # as the w of \frac{dL}{d w}
                    verdict = found.get(piece.start + one.start("name"), Verdict.UNREADABLE)
                    if verdict is Verdict.DEFINITION:
                        defined.add(key)
                    elif verdict in (Verdict.UNREADABLE, Verdict.ILL_TYPED):
                        lost.add(key)
        lost |= {*self._misread(plain), *self.unknown}
        return frozenset(defined), frozenset(lost - defined)

    def _misread(self, plain: Examined) -> Iterator[str]:
        """The names at the left of equations that were not understood, as in ``-h(x_i) = ...``."""
        for step in plain.report.steps:
            head, sign, _ = step.left.partition("=")
            if step.verdict is Verdict.UNREADABLE and (sign or step.right):
                head = re.sub(r"^[\s&+\-−\d.]*|\s*(?:\\left)?[(\[].*$|[\s&:]*$", "", head)
                yield from self._keys((head, re.sub(r"[_^](?:\{[^{}]*\}|\w)$", "", head)))

    def _examined(self, extra: Sequence[Row], layout: str, finally_: bool = False) -> Examined:
        """The text with the table, the guesses and what a reading adds to them."""
        names = {_bare_name(row.name) for row in extra}
        names |= {re.sub(r"_\{?[a-z]\}?$", "", row.name) for row in extra if row.definition}  # entries define the whole
        guesses = [row for row in self.guesses if _bare_name(row.name) not in names]
        context, _ = context_of((*self.state.rows, *guesses, *extra), self.state.layout, self.base, self.macros)
        if layout:
            context.layout = layout
        context.random, context.gradients, context.fixed = self.random, self.gradients, self.fixed
        context.square_is_norm |= self.squares
        context.constants |= self.held
        context.named |= named(self.pieces, context, self.text) if not self.locked else frozenset()
        context.samples = samples(self.text) if "softmax" in self.text else ""
        held = self._laws(context)
        text = self.text[: self.pieces[-1].end] if self.more else self.text
        given = self.given = assumed(text, self.pieces)
        self.supposed |= {*given, *self.constraints}
        self.context = context
        work = self._work(finally_ or not extra)
        options = Options(
            repairs=MOST_REPAIRS if finally_ and self.finish else 0,
            locked=frozenset(context.symbols) if self.locked else frozenset(),
            assumed=given,
            behind=behind(text, self.pieces, (*given, *self.equations)),
            constraints=self.constraints,
            equations=self.equations,
            anew=anew(text),
            ended=ended(text, self.pieces, given),
            certify=finally_ and self.finish,
            effort=work,
            certifying=work // 200,
            guessed=self.guessed,
            solutions=not self.locked,
            signs=not self.locked,
            held=held,
        )
        found = examine(text, context, options)
        self.began.append((found, context))
        return found

    def _work(self, much: bool) -> int:
        """The work for one step."""
        text = self.text[: self.pieces[-1].end] if self.more else self.text
        return (Options.effort if much else SEARCHING) // max(1, len(self.pieces), text.count("\\\\"))

    def _laws(self, context: Context) -> tuple[Condition, ...]:
        r"""What holds of ``\mathbf 1[y_i = k]`` and of one-hot targets, each of which has one label, and of symbols
        whose row of the table says that they are 0 or 1.
        """
        binary = {context.key(row.name) for row in self.state.rows if _BINARY.search(row.meaning)}
        called = {context.key(name) for name in one_hot(self.text)}
        found = list(context.given)
        for key, symbol in list(context.symbols.items()):
            label = key.endswith(names.LABEL)
            if not label and key not in binary | called:
                continue
            context.named |= {key} if label else set()
            several = symbol.shape is not None and "1" not in map(str, symbol.shape)
            index = ("ki" if context.samples == "columns" else "ik") if several else "k"
            entry = f"{names.latex(key)}_{{{index}}}"
            laws = [rf"({entry})^2 = {entry}"] + ([rf"\sum_k {entry} = 1"] if key not in binary else [])
            for law in laws:
                conditions = examine(law, context, Options(formula=True, assumed=((0, len(law)),))).conditions
                found += [replace(one, step=-1) for one in conditions]
        return tuple(found)

    def _place(self, check: Examined) -> None:
        steps = check.report.steps
        if self.finish:
            steps = remarked(mended(check), self.text, check.context.words())
        self.steps = [self._placed(step, check, number) for number, step in enumerate(steps)]

    def _placed(self, step: Step, check: Examined, number: int) -> CheckedStep:
        piece = self._piece_at(step.sides[0] if step.sides else step.span or (0, 0))
        left, right = step.sides or ((piece.start, piece.start), (piece.start, piece.end))
        left, right = (_dressed(self.text, one) for one in (left, right))
        decided = check.decided.get(number)
        if meant := said(self.text[left[0] : right[1]], self.usual):
            step = replace(step, assumes=(*step.assumes, *meant))
        return CheckedStep(step, piece, left, right, step.opens, step.latex, check.context, decided)

    def _piece_at(self, span: Span) -> Passage:
        """The passage that a place of the text belongs to."""
        before = [one for one in self.pieces if one.start <= span[0]]
        return before[-1] if before else Passage(0, len(self.text), self.text)


def _wrong_by(mark: Mark, mended: Step, text: str) -> Step | None:
    """The step as it stands, from what it is with one mark changed; none where that repeats the other side."""
    assert mended.sides is not None
    left, right = ((mark.before(start), mark.before(end)) for start, end in mended.sides)
    is_left = left[0] <= mark.start < left[1]
    if "".join(mended.left.split()) == "".join(mended.right.split()):
        return None
    return replace(
        mended, verdict=Verdict.ILL_TYPED, left=" ".join(text[slice(*left)].split()),
        right=" ".join(text[slice(*right)].split()), sides=(left, right), span=(mark.start, mark.end),
        message="The index fits nowhere." if len(mark.was) == len(mark.now) else "A transpose is missing.",
        repair=mark.says, mended=mended.left if is_left else mended.right, mended_side="left" if is_left else "right",
        engines=(), certificate="", statement="",
    )  # fmt: skip


def _blank(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def resting_on(steps: Sequence[CheckedStep], wrong: int) -> list[int]:
    """The steps that go on from a false one in its chain, and hold."""
    found = []
    for number in range(wrong + 1, len(steps)):
        if steps[number].first:
            break
        if steps[number].step.verdict is Verdict.PROVED:
            found.append(number)
    return found


def _follows_as_written(wrong: CheckedStep, after: CheckedStep) -> bool:
    """Whether a false step holds with the false one before it, as it is written, in the place of what that is of."""
    if wrong.decided is None or after.decided is None or wrong.decided.relation != "=":
        return False
    left, right = (_put_in(side, wrong.decided.left, wrong.decided.right) for side in _both(after))
    if (left, right) == _both(after):
        return False
    try:
        return decide_claim(after.decided.read(left, right)).proved
    except (Problem, RecursionError):
        return False


def _both(one: CheckedStep) -> tuple[s.Node, s.Node]:
    return one.decided.left, one.decided.right


def _put_in(node: s.Node, left: s.Node, right: s.Node) -> s.Node:
    """A tree with ``right`` for ``left``, also where a further derivative of that is taken."""
    if _plain(node) == _plain(left):
        return right
    if isinstance(node, s.Deriv) and isinstance(left, s.Deriv) and _plain(node.f) == _plain(left.f):
        more = node.wrt[len(left.wrt) :]
        if more and node.wrt[: len(left.wrt)] == left.wrt:
            return s.Deriv(right, tuple(one.arg if isinstance(one, s.T) else one for one in more), "jac")
    return s.rebuild(node, lambda child: _put_in(child, left, right))


def _plain(node: s.Node) -> s.Node:
    """The name of a function that is written at its own arguments."""
    if isinstance(node, s.At) and all(isinstance(one, s.Name) for one in node.args):
        return node.fn
    return replace(node, f=_plain(node.f)) if isinstance(node, s.Deriv) else node


def _entries(key: str, uses: Uses) -> set[str]:
    """The letters of the entries of a matrix that the text writes out; a part that does without them needs no more of
    it than its shape.
    """
    body = uses.chains[uses.defined[key][0]][1]
    body = body.arg if isinstance(body, s.T) else body
    return s.names(body) - uses.bound if isinstance(body, s.Block | s.Build) else set()


def _at_another_time(one: CheckedStep, sides: Sequence[s.Node], uses: Uses, explained: frozenset[str]) -> str:
    """A name that a step rests on, and of which the law of a sequence says something that was not used."""
    spoken_of = set().union(*map(s.names, sides))
    resting = spoken_of.union(*map(one.after.depends, spoken_of))
    return said_at_other_times(spoken_of, uses, explained) or said_of_all_times(resting, uses, explained)


def _lost(uses: Uses, guesses: Mapping[str, Row], plain: Examined) -> frozenset[str]:
    """The names whose definition in the text was refused."""
    steps = [one for one in plain.report.steps if not one.against_given]
    refused = [one.span[0] for one in steps if one.span and one.opens and one.verdict in FALSE]
    return frozenset(
        key for key, (start, end) in uses.where.items()
        if key not in guesses and key not in uses.called and any(start <= place < end for place in refused)
    )  # fmt: skip


def _sides(one: CheckedStep, uses: Uses) -> tuple[s.Node, ...]:
    """The sides of a step, decided or only read."""
    if one.decided is not None:
        return one.decided.left, one.decided.right
    return _trees(one.step, uses)


def _trees(step: Step, uses: Uses) -> tuple[s.Node, ...]:
    read = [uses.trees.get(place) for place in step.sides or ()]
    return tuple(side for side in read if side is not None)


def _bare_name(name: str) -> str:
    """The name of a row without the argument of a function and without its power."""
    return re.sub(r"\([^()]*\)$|\^2$", "", name.strip())


_DRESS = re.compile(r"\\(?:left|big|Big|bigg|Bigg|bigl|Bigl|biggl|Biggl)\s*$")


def _dressed(text: str, span: Span) -> Span:
    r"""A side's place with the ``\left`` that the reader passes over."""
    dress = _DRESS.search(text, 0, span[0])
    return (dress.start() if dress else span[0], span[1])


def _squares(uses: Uses) -> bool:
    """Whether a text works with entries (its columns are the units of a layer) and squares what is not summed over:
    elsewhere the square of a column is a slip, and in a sum an index may be lost.
    """
    sides = [side for sides in uses.chains for side in sides]
    nodes = [node for side in sides for node in s.walk(side)]
    summed = (node.body for node in nodes if isinstance(node, s.Sum))
    by_entries = any(isinstance(node, s.Had) for node in nodes)
    return by_entries and any(map(_holds_a_square, sides)) and not any(map(_holds_a_square, summed))


def _holds_a_square(side: s.Node) -> bool:
    return any(isinstance(one, s.Pow) and one.exponent == s.num(2) for one in s.walk(side))
