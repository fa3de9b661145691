"""Derivations as people type them get the verdicts they deserve, and none is read as something else."""

from functools import cache

import pytest

from lrcore.verify import Context, Verdict, derivation
from lrcore.verify.decide.claims import decide
from lrcore.verify.read.document import read_chains
from lrcore.verify.read.latex import read_expression as read_latex
from lrcore.verify.read.numpy_like import read as read_text
from lrcore.verify.show.printing import to_latex, to_text
from lrcore.verify.terms.claim import Claim
from lrcore.verify.terms.errors import Problem, Unreadable
from lrcore.verify.terms.syntax import Build, Call, Div, Dots, Num, Sum, names, num, rebuild, walk
from lrcore.verify.type.typist import typed_sides
from tests.verify.corpus import CORPUS

LETTERS = {verdict.value[0]: verdict.value for verdict in Verdict} | {"C": "CONDITION", "K": "CHECKED"}
NAMES = [name for name, *_ in CORPUS]


def test_there_are_more_than_200_of_them_and_a_third_holds_something_wrong():
    assert len(set(NAMES)) == len(CORPUS) > 200
    assert 3 * sum(any(one in "RIU" for one in verdicts) for *_, verdicts in CORPUS) > len(CORPUS)


@cache
def report_of(place):
    _, given, text, _ = CORPUS[place]
    return derivation(text, Context(**given), repairs=False)


@pytest.mark.parametrize("place", range(len(CORPUS)), ids=NAMES)
def test_a_derivation_as_people_type_it_gets_its_verdicts(place):
    report = report_of(place)
    assert [step.verdict.value for step in report.steps] == [LETTERS[one] for one in CORPUS[place][-1]], str(report)


NOT_READ = [place for place, (*_, verdicts) in enumerate(CORPUS) if set(verdicts) & set("UI")]


@pytest.mark.parametrize("place", NOT_READ, ids=[NAMES[place] for place in NOT_READ])
def test_what_is_refused_says_where_and_why(place):
    refused = [one for one in report_of(place).steps if one.verdict in (Verdict.UNREADABLE, Verdict.ILL_TYPED)]
    assert refused
    for step in refused:
        assert step.span and "stumbled" not in step.message and step.message.endswith(".")


def sides(latex):
    """Name -> (context, tree) of every side that is read: of those in LaTeX, or of those in the NumPy-like language."""
    found = {}
    for name, given, text, _ in CORPUS:
        context = Context(**given)
        for chain in read_chains(text, context):
            try:
                trees = chain.read(context)
            except Unreadable:
                continue
            if chain.latex == latex:
                found.setdefault(name, []).extend((context, tree) for tree in trees if not holds_dots(tree))
    return {name: read for name, read in found.items() if read}


def holds_dots(tree):
    """What holds dots or lost a d has no spelling of its own."""
    return any(
        isinstance(one, (Build, Dots)) or (isinstance(one, Call) and one.fn == "missing_d") for one in walk(tree)
    )


IN_LATEX, IN_NUMPY = sides(True), sides(False)


def with_fractions(tree):
    """A number with a point is printed as a fraction."""
    if isinstance(tree, Num) and tree.value.denominator != 1:
        return Div(num(tree.value.numerator), num(tree.value.denominator))
    return rebuild(tree, with_fractions)


@pytest.mark.parametrize("name", IN_LATEX)
def test_a_side_printed_as_latex_reads_back_as_the_same_tree(name):
    for context, tree in IN_LATEX[name]:
        assert read_latex(to_latex(tree), context) == with_fractions(tree), to_latex(tree)


def claims(found, read, write):
    """Name -> (what was printed, claim that it is what was read) of the sides that have a meaning by themselves."""
    made = {}
    for name, read_sides in found.items():
        for context, tree in read_sides:
            printed = write(tree)
            claim = typed(tree, read(printed, context), context)
            if claim is not None:
                made.setdefault(name, []).append((printed, claim))
    return made


def typed(left, right, context):
    """The claim that both are the same, where the left side has a meaning by itself."""
    try:
        typed_sides(left, left, context)
    except Problem:
        return None
    both = typed_sides(left, right, context)
    return Claim(both.left, both.right, list(both.free))


def spelled_in_numpy(tree):
    """Not sums over different indices, raised marks in a name, or the name 1."""
    plain = not any("^" in name or name[:1].isdigit() for name in names(tree))
    return plain and not any(isinstance(one, Sum) and one.exclude for one in walk(tree))


def for_numpy():
    every = {name: IN_LATEX.get(name, []) + IN_NUMPY.get(name, []) for name in NAMES}
    kept = {name: [one for one in found if spelled_in_numpy(one[1])] for name, found in every.items()}
    return claims(kept, lambda text, _: read_text(text), to_text)


# Nothing is proved of these yet, not even that they are what they are.
UNDECIDED = {
    "inv(kron(A, B))",
    "sum(i, 0, n - 1, i @ x[i]) + x.T @ y",
    "sum(i, 1, n, i @ x[i])",
    "sum(j, 1, n, j @ x[j])",
}
FOR_NUMPY, BACK_IN_LATEX = for_numpy(), claims(IN_NUMPY, read_latex, to_latex)


@pytest.mark.parametrize("name", FOR_NUMPY)
def test_a_side_printed_for_numpy_reads_back_as_the_same_mathematics(name):
    for printed, claim in FOR_NUMPY[name]:
        decision = decide(claim)
        assert decision.proved or (decision.point is None and printed in UNDECIDED), printed


@pytest.mark.parametrize("name", BACK_IN_LATEX)
def test_a_numpy_side_printed_as_latex_reads_back_as_the_same_mathematics(name):
    for printed, claim in BACK_IN_LATEX[name]:
        assert decide(claim).proved, printed


def test_most_sides_are_printed_and_read_back():
    assert len(IN_LATEX) > 500 and len(FOR_NUMPY) > 400 and len(BACK_IN_LATEX) > 10
