"""A statement with one thing changed in its terms, whatever it then says: for trying the checker, not the prover."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from lrcore.verify import statements as s

FUNCTIONS = ("exp", "log", "sqrt", "abs", "recip")


def changed(statement, rng):
    """One claim with one node of one side changed."""
    place = rng.randrange(len(statement.claims))
    claim = statement.claims[place]
    side = rng.choice(["left", "right"])
    term = getattr(claim, side)
    target = rng.randrange(count(term))
    new = replace(claim, **{side: walk(term, [target], rng, tuple(claim.free))})
    return replace(statement, claims=(*statement.claims[:place], new, *statement.claims[place + 1 :]))


def parts(term):
    match term:
        case s.Add(inner) | s.Mul(inner):
            return list(inner)
        case s.Pow(body, _) | s.Sum(_, body) | s.Fn(_, body) | s.Diff(body):
            return [body]
        case s.Put(body, values):
            return [body, *(value for *_, value in values)]
    return []


def count(term):
    return 1 + sum(map(count, parts(term)))


def walk(term, left, rng, scope):
    """The term with its node number ``left[0]`` changed."""
    left[0] -= 1
    if left[0] == -1:
        return change(term, rng, scope)
    go = lambda one, more=(): walk(one, left, rng, (*scope, *more))  # noqa: E731
    match term:
        case s.Add(inner):
            return s.Add(tuple(go(one) for one in inner))
        case s.Mul(inner):
            return s.Mul(tuple(go(one) for one in inner))
        case s.Pow(body, exponent):
            return s.Pow(go(body), exponent)
        case s.Sum(index, body):
            return s.Sum(index, go(body, (index,)))
        case s.Fn(name, body, rows, at):
            return s.Fn(name, go(body, rows), rows, at)
        case s.Diff(body, letter, at):
            return s.Diff(go(body), letter, at)
        case s.Put(body, values):
            return s.Put(go(body), tuple((letter, slots, go(value, slots)) for letter, slots, value in values))
    return term


def change(term, rng, scope):
    def another(place):
        fitting = [one for one in scope if isinstance(place, s.Index) and one.kind == place.kind and one is not place]
        return rng.choice(fitting) if fitting else place

    match term:
        case s.Num(value):
            return s.Num(value + rng.choice([1, -1, Fraction(1, 2)]))
        case s.Size(name, power):
            return rng.choice([s.ONE, s.Size(name, -power), s.Mul((term, term))])
        case s.Entry(letter, at) if len(at) == 2 and letter.kinds[0] == letter.kinds[1] and rng.random() < 0.5:
            return s.Entry(letter, at[::-1])
        case s.Entry(letter, at):
            new = tuple(another(one) if rng.random() < 0.7 else one for one in at)
            return s.Entry(letter, new) if new != at else s.Mul((term, rng.choice([s.MINUS, s.Num(2), term])))
        case s.Delta(i, j):
            return rng.choice([s.ONE, s.ZERO, s.Delta(another(i), j)])
        case s.Add(inner) | s.Mul(inner) if len(inner) > 1:
            gone = rng.randrange(len(inner))
            return type(term)(inner[:gone] + inner[gone + 1 :])
        case s.Pow(body, exponent):
            return s.Pow(body, exponent + rng.choice([1, -1]))
        case s.Sum(index, body):
            return rng.choice([s.Sum(s.Index("z", index.kind), term), s.Mul((s.Size(index.kind), term))
                               if isinstance(index.kind, str) else s.Mul((s.Num(2), term))])  # fmt: skip
        case s.Fn(name, body, rows, at) if len(at) == 2:
            return s.Fn(name, body, rows, rng.choice([at[::-1], (another(at[0]), at[1])]))
        case s.Fn(name, body) if name in FUNCTIONS:
            return rng.choice([s.Fn(rng.choice(FUNCTIONS), body), s.Fn(name, s.Mul((s.Num(2), body)))])
    return s.Mul((s.MINUS, term))
