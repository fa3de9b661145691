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
    ("prove/entries.py", "arg.fn == 'abs' -> arg.fn != 'abs'"),
    ("prove/entries.py", "k != i[1] -> k == i[1]"),
    ("prove/rules.py", "k not in used -> k in used"),
    ("prove/settling.py", "through is None -> through is not None"),
]  # fmt: skip


def broken_rule():
    """The first rewrite rule that proves too little or too much, or nothing."""
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
