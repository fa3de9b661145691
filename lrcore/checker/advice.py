r"""What to do about a line that could not be read or has no meaning: a sentence, and where it is sure, the new text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from lrcore.verify import Context, Step
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
class _Fault:
    """A step that does not stand: its message, the line of the text, the part at fault, and where they begin."""

    message: str
    line: str
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
    fault = _Fault(step.message, text[whole[0] : whole[1]], text[start:end], whole[0], start, end, latex, context)
    attempts = (_bare, _no_variable, _quotient_in_numpy, _entrywise, _hat, _command, _scalar_added)
    return next((found for attempt in attempts if (found := attempt(fault)) is not None), None)


def _bare(fault: _Fault) -> Advice | None:
    match = _BARE.search(fault.line) if fault.latex else None
    if match is None:
        return None
    written = rf"\{match[1]}"
    if match[1] == "sum" and not fault.line[match.end() :].lstrip().startswith("_"):
        written = r"\sum_i"
    change = fault.change(f"Write {written}", match.span(1), written)
    return Advice(f"{match[1]} without a backslash is read letter by letter; write {written}.", change)


def _no_variable(fault: _Fault) -> Advice | None:
    if "variable is expected after this d" not in fault.message:
        return None
    return Advice(r"d/d has no variable here: write it below the line, as in \frac{\partial L}{\partial w}.")


def _quotient_in_numpy(fault: _Fault) -> Advice | None:
    match = _TOP.search(fault.line)
    if fault.latex or match is None or "has no shape" not in fault.message:
        return None
    if any(fault.context.lookup(f"d{name}") is not None for name in match.groups()):
        return None
    written = f"grad({match[1]}, {match[2]})"
    change = fault.change(f"Write {written}", match.span(), written)
    return Advice(f"In the NumPy-like form a derivative is written {written}.", change)


def _entrywise(fault: _Fault) -> Advice | None:
    if "entrywise product needs equal shapes" not in fault.message or "*" not in fault.part:
        return None
    sides = re.split(r"\s*(?<!\*)\*(?!\*)\s*", fault.part)
    left, right = sides[-2], sides[-1]
    star = fault.start - fault.begins + fault.part.rindex("*")
    product, entrywise = (
        (rf"{left} {right}", rf"{left} \odot {right}")
        if fault.latex
        else (f"{left} @ {right}", f"had({left}, {right})")
    )
    change = fault.change("Make it the matrix product", (star, star + 1), " " if fault.latex else "@")
    says = f"* between matrices: did you mean the product {product} or the entrywise {entrywise}?"
    return Advice(says, change)


def _hat(fault: _Fault) -> Advice | None:
    if "has no shape" not in fault.message:
        return None
    below = re.search(r"([A-Za-z])_hat(?![A-Za-z])", fault.line) if fault.latex else None
    if below is not None:
        change = fault.change(rf"Write \hat {below[1]}", below.span(), rf"\hat {below[1]}")
        return Advice(rf"{below[0]} is NumPy's way to write it, and this line is LaTeX; write \hat {below[1]}.", change)
    for word, written in _WITH_HAT.items():
        match = re.search(rf"(?<![A-Za-z\\]){word}(?![A-Za-z])", fault.line)
        if match is None:
            continue
        written = written if fault.latex else word.replace("hat", "_hat")
        change = fault.change(f"Write {written}", match.span(), written)
        return Advice(f"{word} is read letter by letter; write {written}.", change)
    return None


def _command(fault: _Fault) -> Advice | None:
    match = re.search(r"`\\([A-Za-z]+)` is not known", fault.message)
    if match is None:
        return None
    near = get_close_matches(match[1], [*COMMANDS, *vocabulary.GREEK, *vocabulary.FUNCTIONS], 1, 0.7)
    if not near:
        return Advice("This command is not one that the checker reads; leave it out, or write what it stands for.")
    written = rf"\{near[0]}"
    place = fault.line.find(rf"\{match[1]}")
    change = fault.change(f"Write {written}", (place, place + len(match[1]) + 1), written)
    return Advice(rf"Did you mean {written}?", change)


def _scalar_added(fault: _Fault) -> Advice | None:
    if "You can add equal shapes only" not in fault.message or "and a number" not in fault.message:
        return None
    name = fault.part.strip()
    size = re.search(r"these are (\w+) x 1 and a number", fault.message)
    if not re.fullmatch(r"[A-Za-z]\w*|\\[a-z]+", name) or size is None:
        return None
    written = rf"\mathbf 1_{size[1]} {name}" if fault.latex else f"ones({size[1]}) * {name}"
    change = fault.change(f"Write {written}", (fault.start - fault.begins, fault.end - fault.begins), written)
    return Advice(f"{name} is one number, and the column has {size[1]} entries: {written} puts it into each.", change)
