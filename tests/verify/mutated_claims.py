"""Refuted mutants of proved claims, and certificates of the proved ones, whole and damaged, offered for them."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from lrcore.verify.certificate import Refused, check
from lrcore.verify.decide.claims import decide
from lrcore.verify.decide.conditions import fails_under
from lrcore.verify.prove.certify import certificate_for
from lrcore.verify.prove.elaborate import elaborated
from lrcore.verify.refute.mutants import mutants
from lrcore.verify.relations import RELATIONS
from lrcore.verify.statements import MINUS, ONE, Index, Mul, Num, Rest, Times, Use, put
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.errors import Outside, Problem


def mutants_of(steps, limit=4, every=1):
    """(the proved step, a claim that is false, its premises): one change each, refuted by numbers."""
    for one in islice(steps, 0, None, every):
        decided = one.state.decided.get(one.number)
        if decided is None:
            continue
        names = any(isinstance(node, s.Name) for node in s.walk(decided.right))
        side, build = (
            (decided.right, lambda new, d=decided: d.read(d.left, new))
            if names
            else (decided.left, lambda new, d=decided: d.read(new, d.right))
        )
        found = 0
        for _, mutant in mutants(side, one.state.context):
            if found == limit:
                break
            try:
                claim = build(mutant)
            except (Problem, RecursionError):
                continue
            if refuted(claim, one.given):
                found += 1
                yield one, claim, one.given


def refuted(claim, given):
    try:
        return fails_under(claim, given, None) is not None if given else decide(claim).point is not None
    except Outside:
        return False


def moved(steps, places):
    """The steps with other indices for the free ones of the statement."""
    out = []
    for step in steps:
        if isinstance(step, Times):
            out.append(replace(step, factor=put(step.factor, places), index=places.get(step.index, step.index)))
        elif isinstance(step, Rest):
            out.append(Rest(put(step.term, places)))
        else:
            at = tuple(places.get(one, one) if isinstance(one, Index) else one for one in step.at)
            values = tuple((name, rows, put(term, places)) for name, rows, term in step.values)
            out.append(replace(step, cofactor=put(step.cofactor, places), at=at, values=values))
    return tuple(out)


def damaged(steps, rng):
    """A certificate with one thing changed."""
    steps = list(steps)
    kind = rng.randrange(6)
    place = rng.randrange(len(steps)) if steps else 0
    if not steps or kind == 0:
        extra = rng.choice([Times(Num(0)), Times(Num(2)), Rest(Num(1)), Use("exp of zero", Num(rng.randint(-3, 3)))])
        return (*steps[:place], extra, *steps[place:])
    if kind == 1:
        return (*steps[:place], *steps[place + 1 :])
    if kind == 2:
        return (*steps[: place + 1], *steps[place:])
    step = steps[place]
    if isinstance(step, Use) and kind == 3:
        step = replace(step, cofactor=Mul((rng.choice([MINUS, Num(2), Num(0)]), step.cofactor)))
    elif isinstance(step, Use) and kind == 4:
        step = replace(step, zero=rng.choice([*RELATIONS]))
    elif isinstance(step, Use):
        step = replace(step, at=step.at[::-1])
    elif isinstance(step, Times):
        step = replace(step, factor=rng.choice([ONE, Num(0), Mul((MINUS, step.factor))]))
    return (*steps[:place], step, *steps[place + 1 :])


def offer(steps, limit, every, rng, damages=2):
    """How many certificates were offered for false claims, and those that passed."""
    offered, passed = 0, []
    for one, claim, given in mutants_of(steps, limit, every):
        try:
            true, false = elaborated(one.claim, one.given), elaborated(claim, given)
            certificate = certificate_for(true)
        except (Outside, Refused, RecursionError, NotImplementedError):
            continue
        if len(true.claims) != len(false.claims):
            continue
        fitted = []
        for steps_of, old, new in zip(certificate, true.claims, false.claims):
            fitted.append(moved(steps_of, dict(zip(old.free, new.free))))
        for number in range(1 + damages):
            trial = tuple(damaged(part, rng) for part in fitted) if number else tuple(fitted)
            offered += 1
            try:
                check(false, trial)
            except Refused:
                continue
            passed.append((one.name, str(false)))
    return offered, passed
