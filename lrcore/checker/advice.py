r"""What to do about a line that could not be read or has no meaning: a sentence, and where it is sure, the new text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from lrcore.verify import Context, Fault, Kind, Step
from lrcore.verify import words as vocabulary

COMMANDS = vocabulary.words(
    "frac partial nabla sum top hat mathbf mathrm cdot odot otimes operatorname text left right begin end quad sqrt "
    "times implies bar tilde dfrac tfrac coloneqq"
)
_WITH_HAT = {"yhat": r"\hat y", "Yhat": r"\hat Y", "what": r"\hat w", "betahat": r"\hat\beta"}
_BARE = re.compile(r"(?<![\\A-Za-z])(sum|frac|partial|nabla|sqrt|cdot|mathbf|top)(?=[_^{\s(\d]|$)")
_TOP = re.compile(r"d(\w+)\s*/\s*d(\w+)")


@dataclass(frozen=True)
class Advice:
    """A sentence, and changes of the text that can be applied, each with what its button says."""

    says: str
    changes: tuple[tuple[str, int, int, str], ...] = ()


@dataclass(frozen=True)
class _Line:
    """A step that does not stand: what is wrong, the line of the text, the part at fault, and where they begin."""

    fault: Fault | None
    text: str
    part: str
    begins: int
    start: int
    end: int
    latex: bool
    context: Context

    def change(self, what: str, span: tuple[int, int], written: str) -> tuple[tuple[str, int, int, str], ...]:
        """The one change that puts ``written`` where ``span`` of the line is."""
        return ((what, self.begins + span[0], self.begins + span[1], written),)


def misspelt(line: str, latex: bool) -> set[str]:
    """The names in a line that advice will be about, so that nobody is asked for their shape."""
    if latex:
        words = [word for word in _WITH_HAT if re.search(rf"(?<![A-Za-z\\]){word}(?![A-Za-z])", line)]
        words += [match[1] for match in _BARE.finditer(line)]
        words += ["hat"] if "_hat" in line else []
        return {letter for word in words for letter in word}
    return {f"d{name}" for match in _TOP.finditer(line) for name in match.groups()} | set(_WITH_HAT)


def advise(step: Step, text: str, whole: tuple[int, int], latex: bool, context: Context) -> Advice | None:
    """What may help with this step; ``whole`` is where its piece of the text lies."""
    start, end = step.span or whole
    line = _Line(step.fault, text[whole[0] : whole[1]], text[start:end], whole[0], start, end, latex, context)
    attempts = (_bare, _no_variable, _quotient_in_numpy, _entrywise, _hat, _command, _scalar_added)
    return next((found for attempt in attempts if (found := attempt(line)) is not None), None)


def _is(line: _Line, kind: Kind) -> bool:
    return line.fault is not None and line.fault.kind is kind


def _bare(line: _Line) -> Advice | None:
    match = _BARE.search(line.text) if line.latex else None
    if match is None:
        return None
    written = rf"\{match[1]}"
    if match[1] == "sum" and not line.text[match.end() :].lstrip().startswith("_"):
        written = r"\sum_i"
    change = line.change(f"Write {written}", match.span(1), written)
    return Advice(f"{match[1]} without a backslash is read letter by letter; write {written}.", change)


def _no_variable(line: _Line) -> Advice | None:
    if not _is(line, Kind.NO_VARIABLE):
        return None
    return Advice(r"d/d has no variable here: write it below the line, as in \frac{\partial L}{\partial w}.")


def _quotient_in_numpy(line: _Line) -> Advice | None:
    match = _TOP.search(line.text)
    if line.latex or match is None or not _is(line, Kind.UNDECLARED):
        return None
    if any(line.context.lookup(f"d{name}") is not None for name in match.groups()):
        return None
    written = f"grad({match[1]}, {match[2]})"
    change = line.change(f"Write {written}", match.span(), written)
    return Advice(f"In the NumPy-like form a derivative is written {written}.", change)


def _entrywise(line: _Line) -> Advice | None:
    if not _is(line, Kind.UNEQUAL_FACTORS) or "*" not in line.part:
        return None
    sides = re.split(r"\s*(?<!\*)\*(?!\*)\s*", line.part)
    left, right = sides[-2], sides[-1]
    star = line.start - line.begins + line.part.rindex("*")
    product, entrywise = (
        (rf"{left} {right}", rf"{left} \odot {right}") if line.latex else (f"{left} @ {right}", f"had({left}, {right})")
    )
    change = line.change("Make it the matrix product", (star, star + 1), " " if line.latex else "@")
    says = f"* between matrices: did you mean the product {product} or the entrywise {entrywise}?"
    return Advice(says, change)


def _hat(line: _Line) -> Advice | None:
    if not _is(line, Kind.UNDECLARED):
        return None
    below = re.search(r"([A-Za-z])_hat(?![A-Za-z])", line.text) if line.latex else None
    if below is not None:
        change = line.change(rf"Write \hat {below[1]}", below.span(), rf"\hat {below[1]}")
        return Advice(rf"{below[0]} is NumPy's way to write it, and this line is LaTeX; write \hat {below[1]}.", change)
    for word, written in _WITH_HAT.items():
        match = re.search(rf"(?<![A-Za-z\\]){word}(?![A-Za-z])", line.text)
        if match is None:
            continue
        written = written if line.latex else word.replace("hat", "_hat")
        change = line.change(f"Write {written}", match.span(), written)
        return Advice(f"{word} is read letter by letter; write {written}.", change)
    return None


def _command(line: _Line) -> Advice | None:
    if line.fault is None or line.fault.kind is not Kind.UNKNOWN_COMMAND or not line.fault.about.isalpha():
        return None
    command = line.fault.about
    near = get_close_matches(command, [*COMMANDS, *vocabulary.GREEK, *vocabulary.FUNCTIONS], 1, 0.7)
    if not near:
        return Advice("This command is not one that the checker reads; leave it out, or write what it stands for.")
    written = rf"\{near[0]}"
    place = line.text.find(rf"\{command}")
    change = line.change(f"Write {written}", (place, place + len(command) + 1), written)
    return Advice(rf"Did you mean {written}?", change)


def _scalar_added(line: _Line) -> Advice | None:
    if line.fault is None or line.fault.kind is not Kind.NUMBER_ADDED:
        return None
    name, size = line.part.strip(), line.fault.about
    if not re.fullmatch(r"[A-Za-z]\w*|\\[a-z]+", name) or not re.fullmatch(r"\w+", size):
        return None
    written = rf"\mathbf 1_{size} {name}" if line.latex else f"ones({size}) * {name}"
    change = line.change(f"Write {written}", (line.start - line.begins, line.end - line.begins), written)
    return Advice(f"{name} is one number, and the column has {size} entries: {written} puts it into each.", change)
