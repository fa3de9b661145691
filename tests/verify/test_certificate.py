"""The checker of certificates stamps what is true and nothing else, and each of its rules is needed for that."""

import ast
import copy
import io
import pickle
import re
import sys
import tokenize
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from lrcore.verify import Context, derivation
from lrcore.verify import certificate as checker
from lrcore.verify.certificate import Certified, Refused, check, is_certified
from lrcore.verify.prove.certify import certificate_for, certify
from lrcore.verify.prove.elaborate import elaborated
from lrcore.verify.relations import MATRICES, NUMBERS, RELATIONS
from lrcore.verify.statements import (
    ONE,
    ZERO,
    Add,
    Entry,
    Equation,
    Fn,
    Index,
    Letter,
    Mul,
    Num,
    Pow,
    Statement,
    Sum,
    assumption,
)
from lrcore.verify.terms.errors import Outside
from tests.verify import mutated_claims, terms_at_numbers
from tests.verify.attacks import ATTACKS, at, i, j, statement, x, y
from tests.verify.changed_terms import changed
from tests.verify.proved import of_book, of_corpus, of_identities
from tests.verify.terms_at_numbers import At, Undefined, holds, points

SOURCE = Path(checker.__file__)
TRUE = statement(Sum(i, Mul((at(x, i), at(y, i)))), Sum(j, Mul((at(y, j), at(x, j)))))


def code_lines(source: str) -> int:
    """Lines that hold code: no docstrings, comments or blank lines."""
    documented = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            documented.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in layout:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - documented)


# ---------------------------------------------------------------------- the file


def test_the_checker_has_at_most_400_lines_of_code():
    assert 200 < code_lines(SOURCE.read_text(encoding="utf-8")) <= 400


@pytest.mark.parametrize("name", ["certificate", "statements", "relations"])
def test_the_checker_imports_the_standard_library_its_language_and_its_relations_alone(name):
    tree = ast.parse((SOURCE.parent / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(one.name in sys.stdlib_module_names for one in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module.partition(".")[0] in sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.module in ("statements", "relations")


# ---------------------------------------------------------------------- the stamp


def test_a_true_statement_gets_the_stamp_and_can_be_read():
    certified = check(TRUE, ((),))
    assert is_certified(certified) and certified.kind == "polynomial" and certified.assumes == ()
    assert str(certified.statement) == "sum_i x[i] y[i] = sum_j y[j] x[j]"
    assert r"\sum_{i} {x}_{i}\,{y}_{i}" in certified.statement.latex()


def test_the_places_of_a_numbered_size_and_a_fixed_place_of_a_named_one_are_read():
    """Three entries of a column of three are its sum, and its first entry is no more than itself."""
    three, k = Letter("t", (3,)), Index("k", 3)
    entries = tuple(Entry(three, (place,)) for place in range(3))
    assert check(statement(Sum(k, Entry(three, (k,))), Add(entries)), ((),)).kind == "polynomial"
    assert check(statement(at(x, 0), at(x, 0)), ((),)).kind == "polynomial"
    with pytest.raises(Refused):
        check(statement(Sum(k, Entry(three, (k,))), Add(entries[:2])), ((),))


def test_a_statement_spells_its_letters_and_names_its_premises():
    mu = Entry(Letter("mu"))
    claim = Statement(statement(mu, ONE).claims, statement(ONE, mu).claims)
    assert str(claim) == "if 1 = mu, then mu = 1"
    assert claim.latex({"mu": r"\mu"}.get) == r"\text{if } 1 = \mu\text{ then } \mu = 1"


def test_two_indices_of_one_name_are_told_apart():
    other = Index("i", "N")
    inner = Sum(other, Mul((at(x, other), at(y, i))))
    assert str(statement(Sum(i, inner), ZERO)) == "sum_i (sum_i' x[i'] y[i]) = 0"


def test_nobody_else_makes_a_stamp():
    real = check(TRUE, ((),))
    with pytest.raises(TypeError):
        Certified()
    assert not is_certified(object.__new__(Certified))
    for copied in (copy.copy, copy.deepcopy, pickle.dumps, replace):
        with pytest.raises(TypeError):
            copied(real)
    other = type("Certified", (Certified,), {"__init__": lambda self: None})()
    assert not is_certified(other)
    bare = type("Bare", (), {"__slots__": ("__weakref__",)})()
    bare.__class__ = Certified
    assert type(bare) is Certified and not is_certified(bare)
    assert not is_certified(None) and not is_certified(TRUE) and is_certified(real)


def test_a_stamp_keeps_its_statement():
    real = check(TRUE, ((),))
    with pytest.raises(AttributeError):
        object.__setattr__(real, "statement", statement(ONE, ZERO))
    assert real.statement is TRUE
    with pytest.raises(AttributeError):
        object.__new__(Certified).statement  # noqa: B018


def test_assumptions_are_part_of_the_stamp():
    a = Entry(Letter("a"))
    certified = check(statement(Fn("recip", a), Fn("recip", a)), ((),))
    assert [assumption(one) for one in certified.assumes] == ["a is not zero"]
    plain = Fn("recip", Add((ONE, Fn("exp", a))))
    assert check(statement(plain, plain), ((),)).assumes == ()


# ---------------------------------------------------------------------- false statements


@pytest.mark.parametrize("name", ATTACKS)
def test_a_false_statement_is_refused(name):
    claim, steps = ATTACKS[name]
    with pytest.raises(Refused):
        check(claim, (tuple(steps),))


def certified_attacks():
    """The attacks that get through."""
    through = set()
    for name, (claim, steps) in ATTACKS.items():
        try:
            check(claim, (tuple(steps),))
        except Refused:
            continue
        except Exception:  # a broken rule may break more than it lets through
            continue
        through.add(name)
    return through


def without_degrees(real):
    return lambda term: Counter({key: most for key, most in real(term).items() if key[0] not in ("high", "low")})


def without_labels(real):
    return lambda term: Counter({key: 1 if key[0] == "label" else most for key, most in real(term).items()})


def downward_only_up(real):
    return lambda term: Counter({key: most for key, most in real(term).items() if key[0] != "low"})


def one_pattern(real):
    return lambda *given: list(real(*given))[-1:]


def first_pattern(real):
    return lambda *given: list(real(*given))[:1]


def always(real):
    return lambda *given, **named: True


def nothing(real):
    return lambda *given, **named: None


def wrong_slope(real):
    return lambda term, letter, places: (
        Mul((term.base, real(term.base, letter, places)))
        if isinstance(term, checker.Pow)
        else real(term.factors[0], letter, places) and Mul((*term.factors[1:],))
        if isinstance(term, Mul)
        else real(term, letter, places)
    )


MUTATIONS = {
    "degrees in the sizes are not counted": ("bounds", without_degrees),
    "indices are not counted up": ("bounds", without_labels),
    "negative powers of sizes are not counted": ("bounds", downward_only_up),
    "every index is carried": ("carries", always),
    "free indices are tried all different alone": ("patterns", one_pattern),
    "free indices are tried all equal alone": ("patterns", first_pattern),
    "derivatives of powers and products are wrong": ("derive", wrong_slope),
    "what a step needs is taken for granted": ("Table.holds", always),
    "functions of any arguments are one letter": ("Table.equal", always),
    "indices of any size fit": ("Admission.fit", nothing),
    "indices may be bound twice": ("Admission.bind", lambda real: lambda self, new, scope: scope | {*new}),
    "letters may be anything": ("Admission.array", nothing),
    "the inverse of any matrix exists": (
        "Table.holds",
        lambda real: lambda self, what, *rest: what == "invertible" or real(self, what, *rest),
    ),
    "any number is not zero": (
        "Table.holds",
        lambda real: lambda self, what, *rest: what == "nonzero" or real(self, what, *rest),
    ),
    "any number is positive": (
        "Table.holds",
        lambda real: lambda self, what, *rest: what in ("positive", "nonnegative") or real(self, what, *rest),
    ),
    "a polynomial is zero if it is at the first point": (
        "grid_of",
        lambda real: lambda *given: _first_point(real(*given)),
    ),
}


def _first_point(found):
    every, grid, width = found
    return every, {name: run[:1] for name, run in grid.items()}, width


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_each_rule_something_false_gets_through(name, monkeypatch):
    where, change = MUTATIONS[name]
    owner = getattr(checker, where.partition(".")[0]) if "." in where else checker
    attribute = where.rpartition(".")[2]
    assert not certified_attacks()
    monkeypatch.setattr(owner, attribute, change(getattr(owner, attribute)))
    assert certified_attacks(), "This rule could be left out, and no test would see it."


# ---------------------------------------------------------------------- relations


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_holds_at_numbers_that_meet_its_conditions(name):
    data, tried = RELATIONS[name], 0
    for seed in range(12):
        point = At({"n": 2 + seed % 3}, seed=seed, positive=bool(data.needs) or seed % 2 == 0)
        for letter in (*NUMBERS.values(), *MATRICES.values()):
            point.draw(letter)
        try:
            values = [left for left, _ in terms_at_numbers.sides(point, Equation(data.zero, ZERO, data.at))]
        except Undefined:
            continue
        tried += 1
        assert all(abs(value) < 1e-6 * max(1, *map(abs, point_scale(point))) for value in values), (name, seed)
    assert tried >= 3


def point_scale(point):
    return [
        1e3 if letter in MATRICES.values() else abs(v) for letter, all_ in point.values.items() for v in all_.values()
    ]


@pytest.mark.parametrize("name", [name for name, data in RELATIONS.items() if data.needs])
def test_the_checker_asks_for_the_conditions_of_a_relation(name):
    data = RELATIONS[name]
    rows = tuple(Index(one, "n") for one in "rc")
    values = [(one, (), Entry(letter)) for one, letter in NUMBERS.items()]
    values += [(one, rows, Entry(letter, rows)) for one, letter in MATRICES.items()]
    free = tuple(Index(one.name, "n") for one in data.at)
    table = checker.Table()
    table.admission.closed = True
    with pytest.raises(Refused, match="Nothing says"):
        table.relation(name, free, tuple(values), frozenset(free))


@pytest.mark.parametrize("rows", [(), (Index("r", "n"),), (Index("r", "n"), Index("c", "m"))])
def test_the_matrices_of_a_relation_have_two_indices_of_one_size(rows):
    table = checker.Table()
    values = tuple((one, rows, ZERO) for one in MATRICES)
    with pytest.raises(Refused, match="two indices and one size"):
        table.relation(next(iter(RELATIONS)), (), values, frozenset())


def test_every_relation_says_why_it_is_true():
    assert all(data.proof.endswith(".") for data in RELATIONS.values())


# ---------------------------------------------------------------------- what the prover proves


def assert_true_at_numbers(one, certified):
    tried = 0
    for point in points(certified.statement, 4):
        try:
            assert holds(certified.statement, point), (one.name, point.sizes)
        except Undefined:
            continue
        tried += 1
    return tried


def test_certified_identities_are_true_at_numbers_of_unequal_sizes():
    certified = [(one, found) for one in of_identities() if (found := certify(one.claim, one.given)) is not None]
    assert len(certified) >= 138
    assert all(assert_true_at_numbers(*pair) for pair in certified)


def test_every_proved_step_of_the_book_is_certified_and_true_at_numbers():
    steps = list(of_book())
    found = [certify(one.claim, one.given, one.relation) for one in steps]
    assert len(steps) > 100 and 20 * found.count(None) <= len(steps)
    pairs = [(one, got) for one, got in zip(steps, found) if got is not None]
    untried = [one for one, got in pairs if not assert_true_at_numbers(one, got)]
    assert 10 * len(untried) <= len(steps)  # premises that no random numbers satisfy
    assert len([one for one in untried if not one.given]) <= 1


def test_nine_of_ten_steps_of_the_corpus_are_certified_and_a_sample_is_true_at_numbers():
    proved = list(of_corpus())
    bare = [one.name for one in proved if not one.state.report.steps[one.number].certificate]
    assert len(proved) > 500 and 10 * len(bare) <= len(proved)
    found = [(one, certify(one.claim, one.given, one.relation)) for one in proved[::8]]
    tried = [assert_true_at_numbers(one, got) for one, got in found if got is not None]
    assert len(tried) > 50 and tried.count(0) <= 2


def test_certify_never_raises_and_does_not_certify_what_is_false():
    false = list(mutated_claims.mutants_of(of_identities(), limit=4, every=6))
    assert len(false) > 60
    for _, claim, given in false:
        assert certify(claim, given) is None


def test_no_certificate_of_a_proved_claim_passes_for_a_refuted_mutant_of_it():
    offered, passed = mutated_claims.offer(of_corpus(), limit=3, every=7, rng=Random(1))
    assert offered > 300 and not passed


def test_what_is_certified_of_changed_statements_is_true_at_numbers():
    """Statements with one node changed are offered with the certificate of the unchanged one and with their own."""
    rng, certified, refused = Random(5), 0, 0
    for one in list(of_identities())[::3]:
        original = elaborated(one.claim, one.given)
        for new in (changed(original, rng) for _ in range(4)):
            for certificate in (certificate_for, lambda new, original=original: certificate_for(original)):
                try:
                    found = check(new, certificate(new))
                except (Refused, Outside):
                    refused += 1
                    continue
                certified += 1
                assert_true_at_numbers(one, found)
    assert certified > 20 and refused > 200


SQUARES = [Pow(Entry(Letter(name)), 2) for name in "ab"]


@pytest.mark.parametrize(
    ("term", "known"),
    [
        (Num(0), ["nonnegative"]),
        (Num(2), ["nonnegative", "positive", "nonzero"]),
        (SQUARES[0], ["nonnegative"]),
        (Add((*SQUARES,)), ["nonnegative"]),
        (Add((SQUARES[0], Num(1))), ["nonnegative", "positive", "nonzero"]),
        (Fn("abs", Entry(Letter("a"))), ["nonnegative"]),
    ],
    ids=["0", "2", "a^2", "a^2 + b^2", "a^2 + 1", "|a|"],
)
def test_a_number_and_its_root_are_known_to_be_positive_or_not_zero_where_they_are(term, known):
    table = checker.Table()
    for one in (term, Fn("sqrt", term)):
        inside = table.admitted(one, ())
        assert [what for what in ("nonnegative", "positive", "nonzero") if table.holds(what, inside)] == known


def test_no_number_is_a_float():
    with pytest.raises(Refused):
        check(statement(Num(0.5), Num(Fraction(1, 2))), ((),))


def test_a_statement_with_no_claims_left_out_is_refused():
    two = Statement((*TRUE.claims, *statement(ONE, ZERO).claims))
    for certificate in ((), ((),), ((), ())):
        with pytest.raises(Refused):
            check(two, certificate)


# ---------------------------------------------------------------------- what the appendix says of the files


def test_the_appendix_says_how_long_the_files_are():
    said = (SOURCE.parents[2] / "book/proof.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)\.py` \| ([\w ]+) \|", said, re.M))
    lines = {name: code_lines((SOURCE.parent / f"{name}.py").read_text(encoding="utf-8")) for name in rows}
    assert rows["certificate"] == str(lines["certificate"])
    assert lines.keys() == {"certificate", "statements", "relations"}
    for name in ("statements", "relations"):
        assert lines[name] < int(rows[name].removeprefix("under ")), (name, lines[name])


def test_the_appendix_shows_the_file_and_the_statement_of_the_gradient_as_it_is_made():
    said = (SOURCE.parents[2] / "book/proof.md").read_text(encoding="utf-8")
    assert "```{literalinclude} ../lrcore/verify/certificate.py\n" in said
    context = Context(shapes={"X": ("N", "M"), "w": ("M",), "y": ("N",)}, definitions={"L": r"\frac1N \|Xw - y\|^2"})
    (step,) = derivation(r"\nabla_w L = \frac{2}{N} X^\top (Xw - y)", context).steps
    assert step.statement and step.statement in " ".join(said.split())
