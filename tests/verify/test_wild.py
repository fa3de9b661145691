"""Derivations as people type them get the verdicts they deserve, and none is read as something else."""

from functools import cache

import pytest

from lrcore.verify import Context, Verdict, derivation
from lrcore.verify.decide.claims import Claim, decide
from lrcore.verify.read.document import read_chains
from lrcore.verify.read.latex import read_expression as read_latex
from lrcore.verify.read.numpy_like import read as read_text
from lrcore.verify.show.printing import to_latex, to_text
from lrcore.verify.terms.errors import Problem, Unreadable
from lrcore.verify.terms.syntax import Build, Call, Dots, Sum, names, walk
from lrcore.verify.type.typist import Typist
from tests.verify.wild import WILD

LETTERS = {verdict.value[0]: verdict.value for verdict in Verdict} | {"C": "CONDITION", "K": "CHECKED"}
NAMES = [name for name, *_ in WILD]


def test_there_are_more_than_200_of_them_and_a_third_holds_something_wrong():
    assert len(set(NAMES)) == len(WILD) > 200
    assert 3 * sum(any(one in "RIU" for one in verdicts) for *_, verdicts in WILD) > len(WILD)


@cache
def report_of(place):
    _, given, text, _ = WILD[place]
    return derivation(text, Context(**given), repairs=False)


@pytest.mark.parametrize("place", range(len(WILD)), ids=NAMES)
def test_a_derivation_as_people_type_it_gets_its_verdicts(place):
    report = report_of(place)
    assert [step.verdict.value for step in report.steps] == [LETTERS[one] for one in WILD[place][-1]], str(report)


@pytest.mark.parametrize("place", range(len(WILD)), ids=NAMES)
def test_what_is_refused_says_where_and_why(place):
    for step in report_of(place).steps:
        if step.verdict in (Verdict.UNREADABLE, Verdict.ILL_TYPED):
            assert step.span and "stumbled" not in step.message and step.message.endswith(".")


def sides(given, text):
    """(context, tree) of every side that is read."""
    context = Context(**given)
    for chain in read_chains(text, context):
        try:
            trees = chain.read(context)
        except Unreadable:
            continue
        yield from ((context, tree) for tree in trees)


def is_elided(tree):
    """What holds dots or lost a d has no spelling of its own, and no sum over different indices in NumPy."""
    return any(
        isinstance(one, (Build, Dots))
        or (isinstance(one, Sum) and one.exclude)
        or (isinstance(one, Call) and one.fn == "missing_d")
        for one in walk(tree)
    )


@pytest.mark.parametrize(("given", "text", "verdicts"), [entry[1:] for entry in WILD], ids=NAMES)
def test_a_side_printed_as_latex_reads_back_as_the_same_side(given, text, verdicts):
    for context, tree in sides(given, text):
        if not is_elided(tree):
            assert to_latex(read_latex(to_latex(tree), context)) == to_latex(tree)


@pytest.mark.parametrize(("given", "text", "verdicts"), [entry[1:] for entry in WILD], ids=NAMES)
def test_a_side_printed_for_numpy_reads_back_as_the_same_mathematics(given, text, verdicts):
    for context, tree in sides(given, text):
        if not is_elided(tree) and has_plain_names(tree):
            claim = typed(tree, read_text(to_text(tree)), context)
            assert claim is None or decide(claim).point is None, to_text(tree)


def has_plain_names(tree):
    """A raised mark that is part of a name has no spelling in the NumPy-like language, nor has the name 1."""
    return not any("^" in name or name[:1].isdigit() for name in names(tree))


def typed(left, right, context):
    """The claim that both are the same, where the left side has a meaning by itself."""
    try:
        Typist(context).sides(left, left)
    except Problem:
        return None
    typist = Typist(context)
    sides = typist.sides(left, right)
    free = list(typist.free.values())
    return Claim(*sides, free) if all(one.dim is not None for one in free) else None
