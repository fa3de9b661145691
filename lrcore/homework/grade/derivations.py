r"""What was typed: a derivation with its marks, and a formula that is compared with the one that was asked for."""

from lrcore.homework.grade.marks import LONGEST, mark
from lrcore.homework.release.tasks import DerivationMark, Milestone, Task
from lrcore.verify import Context, Problem, Verdict, derivation, read_expression, to_latex, to_text
from lrcore.verify import syntax as s

__all__ = ["DerivationMark", "Milestone", "Task", "expression_is", "mark"]


def expression_is(text: str, expected: str, context: Context) -> tuple[bool, str]:
    """Whether a typed expression equals the expected one for all sizes, carried out; and why not."""
    if not text.strip():
        return False, "nothing was written"
    if len(text) > LONGEST:
        return False, f"it is {len(text)} characters long, and at most {LONGEST} are read"
    try:
        given, right = read_expression(text, context), read_expression(expected, context)
    except (Problem, RecursionError) as error:
        return False, f"it cannot be read: {error}"
    if any(isinstance(node, s.Deriv | s.Diff) for node in s.walk(given)):
        return False, "a derivative in it is not carried out"
    hidden = {name for name in s.names(given) if _is_loss(name, context)}
    if hidden:
        return False, f"it still holds {', '.join(sorted(hidden))}; write it with the symbols of the model"
    for write in (to_latex, to_text):
        step = derivation(f"{write(right)} = {write(given)}", context).steps[-1]
        if step.verdict is not Verdict.UNREADABLE:
            break
    return step.verdict is Verdict.PROVED, "" if step.verdict is Verdict.PROVED else step.message


def _is_loss(name: str, context: Context) -> bool:
    symbol = context.lookup(name)
    return symbol is not None and symbol.definition is not None and name in ("L", "J")
