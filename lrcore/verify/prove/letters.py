"""Terms of the checker's language as sums of networks, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lrcore.verify import statements as t
from lrcore.verify.prove.arithmetic import delta, mul, new_label, power_of, spend, standing
from lrcore.verify.prove.atoms import DELTA, Atom
from lrcore.verify.prove.networks import Label
from lrcore.verify.prove.state import ONE_TERM, Poly, State
from lrcore.verify.prove.state import Term as Network
from lrcore.verify.statements import Index, Letter, Place, Term
from lrcore.verify.terms import core as c
from lrcore.verify.terms.errors import Outside


@dataclass
class Letters:
    """The letter of each atom, and the fixed sizes whose sums are written out, because a place in them is named."""

    state: State = field(default_factory=State)
    letter: dict[int, Letter] = field(default_factory=dict)
    split: set[Any] = field(default_factory=set)


def dim_of(index: Index) -> c.Dim:
    return size_of(index.kind)


def size_of(kind: Any) -> c.Dim:
    """The size that an index letter runs over."""
    return c.size(kind) if isinstance(kind, str) else c.fixed(kind)


def atom_of(letters: Letters, letter: Letter) -> int:
    found = letters.state.table.number(Atom("var", letter.name), letter.symmetric)
    letters.letter[found] = letter
    return found


def expand(letters: Letters, term: Term, env: Mapping[Index, Label]) -> Poly:
    """The polynomial, with a label for each index."""
    spend(letters.state, 1)
    match term:
        case t.Num(value):
            return [(Fraction(value), (), (), ())] if value else []
        case t.Size(name, exponent):
            return power_of(letters.state.table.number(Atom("size", name)), exponent)
        case t.Entry(letter, at):
            atom, labels = atom_of(letters, letter), tuple(_at(letters, one, env) for one in at)
            for one, kind in zip(labels, letter.kinds):
                if isinstance(one, str):
                    letters.state.dims[one] = size_of(kind)
            return [(1, (), (standing(letters.state, atom, labels),), ())] if labels else power_of(atom)
        case t.Delta(i, j):
            return delta(_at(letters, i, env), _at(letters, j, env))
        case t.Add(parts):
            return [one for part in parts for one in expand(letters, part, env)]
        case t.Mul(parts):
            return _product(letters, [expand(letters, part, env) for part in parts])
        case t.Pow(base, exponent):
            return _product(letters, [expand(letters, base, env) for _ in range(exponent)])
        case t.Sum(index, body):
            if index.kind in letters.split:
                return [
                    one
                    for place in range(int(index.kind))
                    for one in expand(letters, body, {**env, index: f"#{place}"})
                ]
            label = new_label(letters.state, dim_of(index))
            inner = expand(letters, body, {**env, index: label})
            return [(value, powers, factors, (*bound, label)) for value, powers, factors, bound in inner]
    raise Outside("This is no polynomial.")


def _at(letters: Letters, place: Place, env: Mapping[Index, Label]) -> Label:
    return env[place] if isinstance(place, Index) else f"#{place}"


def _product(letters: Letters, parts: list[Poly]) -> Poly:
    out: Poly = [ONE_TERM]
    for part in parts:
        out = mul(letters.state, out, part)
    return out


def written(letters: Letters, term: Network, places: dict[Label, Place]) -> Term:
    """A network as a term, its labels at these places (its sums are not written)."""
    value, powers, factors, _ = term
    out: list[Term] = [t.Num(value)] if value != 1 else []
    for atom, exponent in powers:
        info = letters.state.table[atom]
        out.append(
            t.Size(info.name, exponent) if info.kind == "size" else t.power(t.Entry(letters.letter[atom]), exponent)
        )
    for atom, labels in factors:
        at = tuple(place_at(letters, one, places) for one in labels)
        out.append(t.Delta(*at) if atom == DELTA else t.Entry(letters.letter[atom], at))
    return t.mul(*out)


def place_at(letters: Letters, label: Label, places: dict[Label, Place]) -> Place:
    return int(label[1:]) if isinstance(label, str) and label.startswith("#") else places[label]


def places_for(letters: Letters, labels: Sequence[Label], places: dict[Label, Place]) -> dict[Label, Place]:
    """A new index for each of the labels."""
    new = dict(places)
    for one in labels:
        dim = letters.state.dims[one]
        new[one] = Index("k", dim.constant() or str(dim))
    return new
