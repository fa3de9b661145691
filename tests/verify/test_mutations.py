# ruff: noqa: E501  (one change a line)
"""A broken prover is noticed: a dozen changes of its source, each in a process of its own.

``benchmarks/prover_mutants.py`` makes all of them; these are a few that the tests of the rules notice at once.
"""

import sys
from pathlib import Path

import pytest

from tests.verify.test_rules import GIVEN, NOT_NEGATIVE, RULES, claim_of, follows, not_negative, prove

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import mutation

from lrcore.verify import Verdict
from lrcore.verify.decide.inequality import decide_order

BROKEN = [
    ("prove/functions.py", "exponent % 2 and (not signed) and (not _is_positive(state, frozenset({log}))) -> exponent % 2 or"),
    ("prove/functions.py", "bool(logs) and (not _less_what_is_known(state, logs)) -> bool(logs) or"),
    ("prove/functions.py", "info.kind == 'over' and _hides_signs(state, info.data) -> info.kind == 'over' or"),
    ("prove/functions.py", "without: if coefficient < 0:"),
    ("prove/functions.py", "info.kind == 'sqrt' -> info.kind != 'sqrt'"),
    ("prove/functions.py", "sign * exponent -> sign + exponent"),
    ("prove/calculus.py", "exponent - 1 -> exponent + 1"),
    ("prove/cancelling.py", "without: if powers is None:"),
    ("prove/cancelling.py", "one != met -> one == met"),
    ("prove/collecting.py", "a == b -> a != b"),
    ("prove/polynomials.py", "arg.fn == 'abs' -> arg.fn != 'abs'"),
    ("prove/polynomials.py", "k != i[1] -> k == i[1]"),
    ("prove/rules.py", "k not in used -> k in used"),
    ("prove/settling.py", "through is None -> through is not None"),
    ("decide/inequality.py", "relation in ('<=', '>=') and not_negative(large) and _is_zero(small) -> relation in ('<=', '>=') or"),
    ("decide/inequality.py", "relation in ('<=', '>=') and _squares(small, large) -> relation in ('<=', '>=') or"),
    ("decide/inequality.py", "relation in ('<=', '<') -> relation not in ('<=', '<')"),
    ("decide/inequality.py", "isinstance(core, c.Const) and core.value == 0 -> isinstance(core, c.Const) or core.value == 0"),
    ("decide/inequality.py", "not_negative(core.by) and not_negative(core.arg) -> not_negative(core.by) or"),
    ("decide/inequality.py", "all(map(not_negative, core.terms)) -> any(map(not_negative, core.terms))"),
    ("decide/inequality.py", "core.exponent % 2 == 0 -> core.exponent % 2 != 0"),
    ("decide/inequality.py", "core.arg.left is core.arg.right -> core.arg.left is not core.arg.right"),
    ("decide/inequality.py", "all((_is_square(w.state, key, value) for key, value in collected.items())) -> any("),
    ("decide/inequality.py", "value > 0 and even and all((_mirrors(piece) for piece in pieces)) -> value > 0 or"),
    ("decide/inequality.py", "len(piece) == 2 and piece[0] == piece[1] -> len(piece) == 2 or"),
    ("decide/inequality.py", "piece[0] == piece[1] -> piece[0] != piece[1]"),
]  # fmt: skip


# order: (relation, proved, the nearest that is not; sides as in an equation)
ORDERS = {
    "a sum of squares": ("<=", r"0 = \|x\|^2 + a^2", r"0 = \|x\|^2 + a"),
    "a sum of squares on the left": (">=", r"\|x\|^2 = 0", r"-\|x\|^2 = 0"),
    "a difference of squares": (">=", r"x^\top x + a^2 = x^\top x", r"x^\top x + a = x^\top x"),
    "a multiple": ("<=", r"\|x\|^2 = 3\|x\|^2", r"3\|x\|^2 = \|x\|^2"),
    "squares of two columns": ("<=", r"x^\top x = x^\top x + u^\top u", r"2 x^\top u = x^\top x + u^\top u"),
    "a square that is not multiplied out": ("<=", r"a = a + (a - b)^2 - a^2 + 2ab", r"2ab = a^2 + b^2"),
    "a mixed term": ("<=", r"0 = x^\top x + u^\top u", r"0 = x^\top x + x^\top u + u^\top u"),
    "a number": ("<=", r"0 = 3", r"0 = -3"),
    "a number beside squares": ("<=", r"0 = \|x\|^2 + 1", r"1 = \|x\|^2 + \exp(a^2)"),
}


def broken_order():
    """The first order that is proved where it should not be, or is not where it should."""
    for rule, (relation, true, false) in ORDERS.items():
        said = [decide_order(claim_of(one), relation, ())[0] is Verdict.PROVED for one in (true, false)]
        if said != [True, False]:
            return rule
    return ""


def broken_rule():
    """The first rewrite rule that proves too little or too much, or nothing."""
    if rule := broken_order():
        return rule
    for rule, (true, false) in RULES.items():
        if not prove(claim_of(true))[0] or prove(claim_of(false))[0]:
            return rule
    for rule, (premise, true, false) in GIVEN.items():
        if not follows(claim_of(true), [claim_of(premise)]) or follows(claim_of(false), [claim_of(premise)]):
            return rule
    for rule, (true, false) in NOT_NEGATIVE.items():
        if not not_negative(claim_of(true).left) or not_negative(claim_of(false).left):
            return rule
    return ""


@pytest.mark.parametrize(("file", "what"), BROKEN, ids=[f"{file}: {what[:50]}" for file, what in BROKEN])
def test_a_broken_prover_is_noticed(file, what):
    mutant = next(one for one in mutation.mutants(mutation.VERIFY / file) if one.what.startswith(what[:80]))
    assert mutation.in_a_fork(mutant, broken_rule)


def test_the_prover_as_it_is_breaks_no_rule():
    assert mutation.in_a_fork(None, broken_rule) == ""
