r"""Symbols that a text uses and no table declares: what they may be, asked as a question.

Three clues, the strongest first: the text says it (``X \in \mathbb R^{n \times m}``), the indices say it
(``\sum_{i=1}^n x_{ij}`` makes x a matrix of n rows), the letter says it, for X holds samples nearly everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from lrcore.verify import (
    OPERATIONS,
    Chain,
    Context,
    Problem,
    Symbol,
    families,
    is_code,
    is_density_alone,
    is_latex,
    read_chains,
    remembering,
)
from lrcore.verify import Passage as Piece
from lrcore.verify import names as spelling
from lrcore.verify import syntax as s

from .advice import misspelt
from .hypotheses import EXPECTS
from .shape_solving import MOST_SIDES, OBLONG, SAMPLE, TURNED, Solver, names_of, solved
from .table import Row, declare, is_shape

_LIVES = re.compile(
    r"([A-Za-z]|\\[A-Za-z]+(?:\{\\?[A-Za-z]+\}|\s*[a-z](?![a-z]))?)\s*\\in\s*\\(?:mathbb|mathbf)\s*\{?R\}?\s*\^\s*"
    r"(?:\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|([A-Za-z0-9]))"
)
_MEANINGS = {
    "X": "inputs, one sample a row", "x": "inputs", "W": "weights", "w": "weights", "y": "targets", "Y": "targets",
    "y_hat": "predictions", "Y_hat": "predictions", "b": "bias", "r": "residual", "R": "residual", "e": "errors",
    "E": "errors", "epsilon": "errors", "beta": "weights", "theta": "weights", "lambda": "strength of the penalty",
    "eta": "learning rate", "alpha": "learning rate",
}  # fmt: skip
_COLUMNS_OF_SAMPLES = {"y", "y_hat", "r", "e", "epsilon", "varepsilon", "t", "u", "z"}
_WEIGHTS = {"w", "beta", "theta", "beta_hat", "w_hat", "a", "v", "phi"}
_TARGETS, _NOISE = {"y", "Y", "t", "z", "Z"}, {"epsilon", "varepsilon", "e", "xi"}
_SQUARE = {"A", "H", "S", "P", "Q", "C", "V", "K", "G"}
_NUMBERS = {"c", "k", "lambda", "eta", "alpha", "gamma", "mu", "rho", "tau", "n", "m", "N", "M", "D", "d", "p", "b"}


_NO_NUMBER = re.compile(r"(?:\\partial|∂)\s*\{?\s*e(?![A-Za-z^])")
_DISTANCE = re.compile(r"(?<![A-Za-z\\}])d\s*\(\s*\\?[A-Za-z]+(?:_\w)?(?:\s*,\s*\\?[A-Za-z]+(?:_\w)?)*\s*\)\s*:?=")
_WORD = re.compile(r"(?<![A-Za-z\\])(?:R?MSE|[RST]SS|SS[ERT]|MAE|NLL|Loss|Cost|Err)(?![A-Za-z])")
_DERIVATIVE = re.compile(
    r"\\[dt]?frac\s*\{\s*d(?![a-z]{2})|(?<![A-Za-z])d[A-Za-z\\]*\s*/\s*d[A-Za-z\\]|(?<![A-Za-z\\])d\("
)
_SQUARE_OF = re.compile(
    r"(?:\\partial\s*\{?\(?|∂\s*\(?|(?<=[A-Za-z}])\s*\([^()=]*,\s*|\bd\s*)(\\(?:sigma|tau|nu)|σ|τ)\s*(?:\^\s*\{?2\}?|²)"
)
_LETTER = r"(\\(?:theta|beta|alpha|mu|phi|eta|delta)|(?<![A-Za-z\\])[A-Za-z])"
_NEXT = re.compile(
    r"(\\(?:theta|beta|alpha|mu|phi)|(?<![A-Za-z\\])[wWbvxzu])\s*([_^]\s*\{?\s*\(?)\s*([tkns])\s*\+\s*1\s*\)?\s*\}?\s*(?:=|:=|&|\\gets|\\leftarrow)"
)
_OVER_TIME = re.compile(
    r"(?:(\\(?:hat|widehat|bar|overline|tilde|widetilde)(?![A-Za-z]))\s*)?(\\[A-Za-z]+|(?<![A-Za-z\\])[A-Za-z])"
    r"\s*(\^\s*(?:\*|\{\s*\*\s*\}|\\ast|\\star))?\s*'?\s*_\s*(?:\{([^{}]*)\}|([A-Za-z0-9]))"
)
_TIME = re.compile(r"([tskn])(?:[+-]\d)?")
_BINDS = (
    r"\\(?:sum|prod|max|min|sup|inf|int|bigcup)(?:\\limits)?\s*_\s*\{{?\s*{0}(?![A-Za-z])|[ΣΠ]_?{0}"
    r"|(?<![A-Za-z\\])d\s?{0}(?![A-Za-z])|\\partial\s*\{{?\s*{0}(?![A-Za-z])"
)
_EMPLOYED = re.compile(r"(?<![A-Za-z\\])E\s*_\s*\{?\s*[tskn]\s*(?:\+\s*1\s*)?\}?\s*&?\s*:?=")
_LOOKS = re.compile(r"\\(?:math(?:bf|rm|cal|sf|it)|boldsymbol|bm|pmb)(?![A-Za-z])")
_BRACED = re.compile(r"\{\s*(\\?[A-Za-z]+)\s*\}(?=\s*[_^'])")
_BLACKBOARD = re.compile(r"\\mathbb\s*(?:\{[^{}]*\}|\s\w)\s*(?:_\s*(?:\{[^{}]*\}|\w))?")
_INDEPENDENT = re.compile(r"independ|uncorrelated|i\.i\.d|\biid\b", re.I)
_OF_CHANCE = ("expectation", "variance")
_PSEUDO = re.compile(r"(\\(?:Phi|Sigma|Lambda)|(?<![A-Za-z\\])[A-Z])\s*\^\s*\{?\s*(\+|\\dagger)(?=\s*\}|\s*[^\s\d}])")
_LAYER = re.compile(rf"{_LETTER}\s*(?:_\s*\{{?\w+\}}?\s*)?\^\s*\{{\s*([(\[]\d[)\]])\s*(?:\}}|\^?\s*(?:T|\\top)\b)")
MOST_LATER = 3  # how far laws are looked at before and after the time that they are written for
_USUAL = set("XWYRwyxbr")
_SIZES = {"N", "M", "D", "K"}
_NEVER_SIZES = set("abcefghijorstuvwxyz")


@dataclass
class Uses:
    """How the names of a text are used: with how many indices, over which ranges, and which sizes divide; ``trees`` are
    the sides of its lines by their places, ``samples`` the arguments of functions that stand for one sample each.
    """

    names: dict[str, int] = field(default_factory=dict)
    places: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    divisors: list[str] = field(default_factory=list)
    defined: dict[str, tuple[int, str]] = field(default_factory=dict)
    transposed: set[str] = field(default_factory=set)
    chains: list[list[s.Node]] = field(default_factory=list)
    varied: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    matrices: bool = False
    where: dict[str, tuple[int, int]] = field(default_factory=dict)
    sampled: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    differentiated: set[str] = field(default_factory=set)
    trees: dict[tuple[int, int], s.Node] = field(default_factory=dict)
    from_one: set[str] = field(default_factory=set)
    samples: dict[str, set[int]] = field(default_factory=dict)
    counts: set[str] = field(default_factory=set)
    normed: set[str] = field(default_factory=set)
    quadratic: set[str] = field(default_factory=set)
    multiplied: set[str] = field(default_factory=set)
    arrays: set[str] = field(default_factory=set)
    random: frozenset[str] = frozenset()
    code: bool = False
    unread: bool = False


@remembering()
def missing(
    text: str, pieces: list[Piece], context: Context, refused: frozenset[str] = frozenset(), before: str = ""
) -> tuple[dict[str, Row], Uses]:
    """A guess for each symbol that the pieces use and that neither the table nor the text itself explains; and how the
    text uses its names. What the text says of ``refused`` names is no explanation; what stands ``before`` it may say
    where its symbols live.
    """
    known = context.copy()
    words = [*_words(pieces, known), *_squares(pieces, known)]
    steps = _iterates(pieces, known)
    known.named |= named(pieces, context, text)
    number = _NO_NUMBER.search(text) and not re.search(r"(?<![A-Za-z\\])e\s*\^", text) and "e" not in known.symbols
    if number:  # differentiated by e, which is no 2.718...
        known.symbols["e"] = Symbol("e", None)
    known.random = frozenset("?") if EXPECTS.search(text) and not _INDEPENDENT.search(text) else frozenset()
    uses = _gathered(pieces, known)
    runs = {one for one in uses.names if _is_run(one, text, known) or _is_product(one, text, uses, known)}
    if runs:  # read again, as the products they are
        for letter in sorted(set("".join(runs))):
            known.symbols.setdefault(letter, Symbol(letter, None))
        uses = _gathered(pieces, known)
    if number:
        del known.symbols["e"]
    said = dict(_said(before + text, context))
    operators = {"d"} if _DERIVATIVE.search(text) else set()  # as a number it would turn derivatives into fractions
    sizes = _sizes(uses, context, said)
    squared = _named_squares(uses)
    loose = _placeholders(uses)
    while True:
        rows = {
            key: _guess(key, uses, said, sizes, context)
            for key in dict.fromkeys([*words, *uses.names])
            if key not in OPERATIONS | operators | squared
            and ((number and key == "e") or not _is_known(key, uses, context, said, refused))
        }
        of_shapes = {
            word for row in rows.values() if row.shape != "scalar" for word in re.findall(r"[A-Za-z]\w*", row.shape)
        }
        rows = {key: row for key, row in rows.items() if (key == "x" or key not in of_shapes) and key not in loose}
        found, odd = _solved(rows, uses, said, set(words), steps, context)
        if odd <= refused:
            return found, uses
        refused |= odd


def usual_shapes(rows: Iterable[Row]) -> list[Row]:
    """Data, weights and targets with the shapes that they usually have, where a text gave them none that fit: what is
    wrong with a line may have misled the guess.
    """
    keys = {row.name.strip("\\").replace("hat{\\", "hat{"): row for row in rows}
    weights = [row for key, row in keys.items() if re.fullmatch(r"(?:hat\{)?(?:w|beta|theta|b)\}?", key)]
    targets = [row for key, row in keys.items() if key in ("y", "Y", "t")]
    data = keys.get("X")
    if data is None or len(weights) != 1 or len(targets) != 1:
        return []
    samples = targets[0].shape if re.fullmatch(r"[A-Za-z]", targets[0].shape) else "N"
    features = "M" if samples != "M" else "D"
    if re.fullmatch(rf"{samples} x (?!{samples})\w+", data.shape):
        return []
    shapes = ((data, f"{samples} x {features}"), (weights[0], features), (targets[0], samples))
    return [replace(row, shape=shape) for row, shape in shapes]


def _named_squares(uses: Uses) -> set[str]:
    """The D of ``D^2 = ...`` in a text that speaks of its square alone."""
    heads = {name for sides in uses.chains if len(sides) > 1 and (name := _square(sides[0]))}
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    squares = [node.base for node in nodes if isinstance(node, s.Pow) and node.exponent == s.num(2)]
    return {one for one in heads if squares.count(s.Name(one)) == nodes.count(s.Name(one))}


def _gathered(pieces: list[Piece], context: Context) -> Uses:
    uses = Uses()
    for piece in pieces:
        if piece.problem is None:
            _gather(piece, context, uses)
    heads = dict(found for sides in uses.chains if (found := _function(sides[0])) is not None)
    doubtful = uses.unread or heads.keys() & _alone(uses)
    if doubtful and heads and not heads.keys() & context.symbols.keys():  # read again, as the functions they are
        context.symbols |= {key: Symbol(key, None, params=(arg,)) for key, arg in heads.items()}
        uses = _gathered(pieces, context)
        for key in heads:
            del context.symbols[key]
        return uses
    if new := families(uses.chains, lambda one: _is_number(one, context)) - context.families:
        context.families |= new
        return _gathered(pieces, context)
    for key, (place, _) in list(uses.defined.items()):
        head = uses.chains[place][0]
        if isinstance(head, s.Neg) and is_density_alone(head, [side for sides in uses.chains for side in sides]):
            del uses.defined[key], uses.where[key]
    uses.random = _random(uses) if context.random else frozenset()
    uses.samples = _samples(uses)
    uses.bare -= uses.samples.keys()
    return uses


def _is_number(key: str, context: Context) -> bool | None:
    """Whether the table declares a number; None where it says nothing of the shape."""
    symbol = context.lookup(key)
    return None if symbol is None or symbol.shape is None else all(str(one) == "1" for one in symbol.shape)


def _function(node: s.Node) -> tuple[str, str] | None:
    """The names of ``f(x)``."""
    if isinstance(node, s.At) and isinstance(node.fn, s.Name) and len(node.args) == 1:
        arg = node.args[0]
        return (node.fn.id, arg.id) if isinstance(arg, s.Name) else None
    return None


def _placeholders(uses: Uses) -> set[str]:
    """The z of ``s(z) = 1/(1 + e^{-z})`` where z stands in that line alone, and s is called with something else."""
    heads = [(found, sides) for sides in uses.chains if (found := _function(sides[0])) is not None]
    alone = _alone(uses)
    used = [set().union(*map(s.names, sides)) for sides in uses.chains]
    stems = {spelling.split_key(one)[0] for one in uses.names if spelling.split_key(one)[0] != one}
    return {
        arg for (fn, arg), sides in heads
        if fn not in alone and arg not in stems
        and all(arg in s.names(one) for one in sides) and sum(arg in names for names in used) == 1
        and any(fn in names and arg not in names for names in used)
    }  # fmt: skip


def _random(uses: Uses) -> frozenset[str]:
    """What the expectations of a text are taken over: its noise, where it has some; else what has a capital letter at
    the end of the alphabet, or a small one.
    """
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    inside = set().union(*(s.names(one) for one in nodes if isinstance(one, s.Call) and one.fn in _OF_CHANCE))
    for _ in range(3):  # with what its definitions speak of
        for sides in uses.chains:
            if _head(sides[0]) in inside and len(sides) > 1:
                inside |= s.names(sides[1])
    if moving := {key for key in inside if is_over_time(key) and key[:1].islower() and key not in uses.defined}:
        return frozenset(moving)
    of_model = [("y",)] if {"X", "y"} <= inside else []
    for letters in (("epsilon", "varepsilon", "xi"), *of_model, ("X", "Y", "Z"), ("x", "y", "z")):
        found = {key for key in inside if spelling.split_key(key)[0] in letters and key not in uses.defined}
        if found:
            return frozenset(found)
    return frozenset()


def _alone(uses: Uses) -> set[str]:
    """The names that stand somewhere and are not called there."""
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    called = {id(node.fn) for node in nodes if isinstance(node, s.At)}
    return {node.id for node in nodes if isinstance(node, s.Name) and id(node) not in called}


def _samples(uses: Uses) -> dict[str, set[int]]:
    r"""The x of ``h(x) = \theta^\top x`` in a text that else has samples ``x^{(i)}`` alone, with the lines in which it
    stands by itself.
    """
    alone: dict[str, set[int]] = {}
    heads: dict[str, set[int]] = {}
    for place, sides in enumerate(uses.chains):
        based = {id(node.base) for side in sides for node in s.walk(side) if isinstance(node, s.Entry)}
        for node in (one for side in sides for one in s.walk(side)):
            if isinstance(node, s.Name) and node.id in uses.places and id(node) not in based:
                alone.setdefault(node.id, set()).add(place)
        for arg in (arg for side in sides[:-1] if isinstance(side, s.At) for arg in side.args):
            if isinstance(arg, s.Name):
                heads.setdefault(arg.id, set()).add(place)
    return {key: places for key, places in alone.items() if places <= heads.get(key, set())}


def _with_arguments(uses: Uses) -> tuple[list[list[s.Node]], dict[str, tuple[str, ...]]]:
    """The lines with names of their own for the samples that functions are written of, and the names of the arguments
    of each function.
    """
    chains = list(uses.chains)
    for key, places in uses.samples.items():
        for place in places:
            chains[place] = [s.substitute(side, {key: s.Name(key + SAMPLE)}) for side in chains[place]]
    calls = [one for sides in chains for one in sides[:-1] if isinstance(one, s.At) and isinstance(one.fn, s.Name)]
    names = {one.fn.id: [arg.id for arg in one.args if isinstance(arg, s.Name)] for one in calls}  # type: ignore[attr-defined]
    return chains, {key: tuple(found) for key, found in names.items() if any(one.endswith(SAMPLE) for one in found)}


def _is_run(key: str, text: str, context: Context) -> bool:
    """Whether a name is a run of letters such as XB, which is a product and no word."""
    if not 1 < len(key) < 5 or not key.isalpha() or not key.isascii():
        return False
    if not any(one.isupper() for one in key) or context.lookup(key) is not None or _WORD.fullmatch(key):
        return False
    return not re.search(rf"\\(?:mathrm|text|operatorname|mathit|rm|textrm)\*?\s*\{{?\s*{key}(?![A-Za-z])", text)


def _is_product(key: str, text: str, uses: Uses, context: Context) -> bool:
    """Whether a name is a run of small letters that stand alone elsewhere, as the wx of a text about w and x."""
    letters = 1 < len(key) < 4 and key.isalpha() and key.isascii() and key.islower() and context.lookup(key) is None
    return letters and not is_code(text) and set(key) <= uses.names.keys()


def _solved(
    rows: dict[str, Row], uses: Uses, said: dict[str, str], words: set[str], steps: list[str], context: Context
) -> tuple[dict[str, Row], frozenset[str]]:
    """The rows with the shapes that the text makes of them, and the names whose definition the rest of the text speaks
    against; what the letters suggest is where the search begins.
    """
    aliases = {key: big for key in uses.places if (big := _table_of(key, uses, rows)) is not None}
    kinds, firm = {}, {}
    for key, row in rows.items():
        kinds[key] = _kind(key, row, uses)
        firm[key] = 100.0 if key in said or key in words else _firmness(key, uses)
    ends = frozenset(uses.ends.values()) | {
        key for key in uses.names if (_is_size(key, uses) or (key in _SIZES - rows.keys() - uses.defined.keys()))
        and key not in {*uses.places, *uses.transposed}
    }  # fmt: skip
    written = {word for chain in uses.chains for side in chain for node in s.walk(side) if isinstance(node, s.Special)
               for one in node.sizes for word in s.names(one)}  # fmt: skip
    order = sorted(range(len(uses.chains)), key=lambda k: not isinstance(uses.chains[k][0], s.Name))
    fixed = {key: Row(row.name, said[key]) for key, row in rows.items() if key in said}
    known = context.copy()
    for row in fixed.values():
        declare(known, row, set())
    open_rows = {key: row for key, row in rows.items() if key not in {**fixed, **aliases} and not _is_entry(key, uses)}

    chains, params = _with_arguments(uses)
    alike = {}  # all values of an unknown have one shape, and a pseudo-inverse that of the transpose
    for key in rows:
        base, accents, sub, sup = spelling.split_key(key)
        stem = spelling.make_key(base, accents, sub)
        if sup in ("+", "dagger") and stem in {**rows, **context.symbols}:
            alike[key] = stem + TURNED
    for key in steps:
        base, accents, _, _ = spelling.split_key(key)
        stem = spelling.make_key(base, accents)
        first = next((one for one in steps if one in rows and spelling.split_key(one)[:2] == (base, accents)), key)
        alike |= {key: stem} if stem in {**rows, **context.symbols} else {key: first} if first != key else {}

    def attempt(samples: dict[str, str]) -> Solver:
        return solved(
            {key: kinds[key] for key in open_rows}, firm, chains[:MOST_SIDES], known, {**samples, **alike},
            ends | written | words, [k for k in order if k < MOST_SIDES], frozenset(uses.transposed), params,
        )  # fmt: skip

    found = attempt(aliases)
    turned = attempt({key: big + TURNED for key, big in aliases.items()}) if aliases and found.cost else found
    columns = turned.cost < found.cost
    found = turned if columns else found
    shapes = {key: found.symbol(key) for key in sorted(open_rows, key=lambda one: (one not in _USUAL, one))}
    wished = {key: row.shape.split(" x ") for key, row in open_rows.items() if row.shape != "scalar"}
    taken = {*uses.names, *context.symbols, *context.sizes, *uses.bound} - ends
    texts = names_of(shapes, found.sizes, wished, taken)
    found_rows = {**fixed, **{key: replace(row, shape=texts[key]) for key, row in open_rows.items()}}
    if columns:
        found_rows |= _by_columns(aliases, found_rows)
    for key in uses.samples.keys() & open_rows.keys():
        big = spelling.swap_case(key)
        if " x " in found_rows[key].shape and big != key and big not in {*uses.names, *found_rows, *context.symbols}:
            row = found_rows.pop(key)  # a sample is a row of the matrix with the capital letter
            found_rows[big] = replace(row, name=spelling.latex(big), meaning=_MEANINGS.get(big, ""))
    sizes = {
        word
        for row in found_rows.values()
        if row.shape != "scalar"
        for part in row.shape.split(" x ")
        for word in re.findall(r"[^\W\d]\w*", part)
    }
    odd = frozenset(key for key, (place, _) in uses.defined.items() if place in found.late)
    return {key: row for key, row in found_rows.items() if row.shape != "scalar" or key not in sizes}, odd


def _by_columns(aliases: dict[str, str], rows: dict[str, Row]) -> dict[str, Row]:
    """X with its samples as columns: x has a sample in each row, and X is x transposed."""
    found = {}
    for small, big in aliases.items():
        high, _, wide = rows[big].shape.partition(" x ") if big in rows else ("", "", "")
        if wide:
            name = spelling.latex(small)
            found[small] = Row(name, f"{wide} x {high}", "samples, one a row", "", True)
            found[big] = Row(rows[big].name, "", "the samples as columns", rf"{name}^\top", True)
    return found


def _is_entry(key: str, uses: Uses) -> bool:
    """Whether x_1 is the first entry of an x that is written with indices elsewhere, which w_0 is not where the sums
    over w begin with w_1.
    """
    base, accents, sub, _ = spelling.split_key(key)
    stem = spelling.make_key(base, accents)
    if not sub.isdigit() or (int(sub) == 0 and stem in uses.from_one):
        return False
    return stem in uses.places or _stands_for_all(stem, uses)


def _stands_for_all(stem: str, uses: Uses) -> bool:
    r"""Whether a name is differentiated by and stands nowhere else, as the \theta of a text about \theta_0 and
    \theta_1: it is the column of these.
    """
    if stem not in uses.varied or not {f"{stem}_0", f"{stem}_1"} <= uses.names.keys():
        return False
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    named = sum(node == s.Name(stem) for node in nodes)
    by = [one for node in nodes if isinstance(node, s.Deriv) for one in node.wrt]
    by += [one for node in nodes if isinstance(node, s.At) for one in node.args]
    return named == sum(one == s.Name(stem) for one in by)


def _table_of(key: str, uses: Uses, rows: dict[str, Row]) -> str | None:
    """The matrix whose entries or rows a small letter names: x_ij and x_i beside X."""
    big = spelling.swap_case(key)
    if big == key or not key[:1].islower() or big not in uses.names or key in uses.bare or key not in rows:
        return None
    if big in uses.defined:
        return None
    return big


def _kind(key: str, row: Row, uses: Uses) -> str:
    """What a letter and its indices suggest: a number, a column, a row or a matrix."""
    most = max((len(one) for one in uses.places.get(key, ())), default=0)
    if most == 2 or key in uses.sampled | uses.multiplied or _is_layer(key):
        return "matrix"
    if key in uses.quadratic:
        return "column"
    if uses.code and ((key == "x" and key in uses.transposed) or re.fullmatch(r"W\d", key)):
        return "matrix"  # x.T @ (x @ w - y), as Python is written, and the W1 of a layer
    if key in uses.called and key[:1].isupper() and most == 0:
        return "scalar"
    if key in ("C", "K") and _is_added_alone(key, uses):
        return "scalar"
    if key in ("a", "b", "c", "m") and _is_argument_alone(key, uses):
        return "scalar"  # of a line, in p(y | a, b)
    if key in uses.random and most == 0 and key[:1].isupper():
        return "column" if key in uses.transposed else "scalar"
    base, accents, _, _ = spelling.split_key(key)
    if accents == ("bar",) and most == 0 and {len(one) for one in uses.places.get(spelling.make_key(base), ())} == {1}:
        return "scalar"  # the mean of what is written with one index
    if row.shape == "scalar":
        return (
            "column" if most == 1 or key in uses.arrays or (key in uses.transposed and key[:1].islower()) else "scalar"
        )
    if spelling.split_key(key)[0] in ("Y", "B") and most == 0 and not uses.matrices:
        return "column"
    return "matrix" if " x " in row.shape else "column"


def _is_added_alone(key: str, uses: Uses) -> bool:
    """Whether a name is a term of sums and nothing else, as the constant of a log-likelihood is."""
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    terms = [
        one.arg if isinstance(one, s.Neg) else one for node in nodes if isinstance(node, s.Add) for one in node.terms
    ]
    return 0 < terms.count(s.Name(key)) == sum(node == s.Name(key) for node in nodes)


def _is_argument_alone(key: str, uses: Uses) -> bool:
    """Whether a name stands nowhere but among the arguments of functions."""
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    inside = sum(node.args.count(s.Name(key)) for node in nodes if isinstance(node, s.At))
    return inside > 0 and inside == sum(node == s.Name(key) for node in nodes)


def _is_layer(key: str) -> bool:
    """Whether it is the matrix of a layer, as W^{(2)} is."""
    return re.match(r"W(?:\^[(\[]\d|\d$)", key) is not None


def _firmness(key: str, uses: Uses) -> float:
    """How much speaks against reading a letter otherwise."""
    most = max((len(one) for one in uses.places.get(key, ())), default=0)
    if most == 2 or key in uses.sampled | uses.quadratic | uses.multiplied | uses.arrays or _is_layer(key):
        return 100.0
    if key in uses.called or (
        key in uses.differentiated and key[:1].isupper() and spelling.split_key(key)[0] not in _USUAL
    ):
        return 2.0
    if (most == 0 and key in uses.varied and key[:1].islower()) or key in uses.normed:
        return 0.3
    if most and spelling.split_key(key)[0] in ("x", "phi", "varphi"):
        return 0.25  # the samples of a matrix that has no capital letter
    return 0.8 if most else 0.45 if key in _USUAL or key[:1].islower() else 0.2


def _words(pieces: list[Piece], context: Context) -> list[str]:
    """Names such as MSE, which nobody declares and LaTeX would read letter by letter."""
    found = dict.fromkeys(name for piece in pieces for name in _WORD.findall(piece.text))
    names = [name for name in found if context.lookup(name) is None]
    for name in names:
        context.declare(name, ())
    return names


def _squares(pieces: list[Piece], context: Context) -> list[str]:
    r"""The variances that a text differentiates by or has for an argument, as in ``\ell(\mu, \sigma^2)``, and of which
    it writes even powers alone: names of their own.
    """
    source = "\n".join(piece.text for piece in pieces)
    names = dict.fromkeys(_SQUARE_OF.findall(source))
    keys = [spelling.make_key(name.lstrip("\\"), (), "", "2") for name in names if not _has_odd_power(name, source)]
    found = [key for key in keys if context.lookup(key) is None and context.lookup(spelling.split_key(key)[0]) is None]
    for key in found:
        context.declare(spelling.latex(key), ())
    return found


def _iterates(pieces: list[Piece], context: Context) -> list[str]:
    r"""The values of an unknown from step to step, as in ``w_{t+1} = w_t - ...``: names of their own, no entries."""
    source = "\n".join(piece.text for piece in pieces)
    found = []
    for name, mark, letter in _NEXT.findall(source):
        index = f"({letter}" if "(" in mark else letter
        sums = re.search(rf"\\sum\s*_\s*\{{?\s*{letter}(?![A-Za-z])|Σ{letter}", source)
        if sums:
            continue
        close = ")" if "(" in mark else ""
        beside = re.findall(
            rf"{_LETTER}\s*{re.escape(mark[0])}\s*\{{?\s*{re.escape(index + close)}(?![A-Za-z0-9+])", source
        )
        found.append(context.key(f"{name}{mark[0]}{{{index}+1{close}}}"))
        found += [context.key(f"{one}{mark[0]}{{{index}{close}}}") for one in (name, *beside)]
    found += [key for key in _over_time(source, context) if key not in found]
    return [key for key in dict.fromkeys(found) if context.lookup(key) is None]


def _over_time(source: str, context: Context) -> list[str]:
    r"""The values of a sequence, as in ``x_{t+1} = A x_t + C w_{t+1}``: names of their own, whatever they are, where t
    is an index of nothing else: nothing is summed over it, nothing differentiated by it, and no other index stands at
    the same letters.
    """
    if not re.search(r"_\s*\{\s*[tskn]\s*[+-]\s*\d", source):
        return []
    plain = _BRACED.sub(r" \1", _BLACKBOARD.sub(" ? ", _LOOKS.sub(" ", source)))
    found = [(one, re.sub(r"[\s{}]", "", one[4] or one[5])) for one in _OVER_TIME.finditer(plain)]
    moving = {index[0] for _, index in found if len(index) > 1 and _TIME.fullmatch(index)}
    letters = {one for one in moving if not re.search(_BINDS.format(one), source)}
    others = {one[2] for one, index in found if re.search(r"(?<![A-Za-z])[a-z](?![A-Za-z])", index)
              and not ((match := _TIME.fullmatch(index)) and match[1] in letters)}  # fmt: skip
    others |= {"d"} if _EMPLOYED.search(plain) else {"d", "E"}  # E_t may be an expectation
    keys: dict[str, None] = {}
    for one, index in found:
        match = _TIME.fullmatch(index)
        if match and match[1] in letters and one[2] not in others:
            with suppress(Problem):  # a command that is no letter
                keys[context.key(f"{one[1] or ''} {one[2]}{'^*' if one[3] else ''}_{{{index}}}")] = None
    return list(keys)


def is_over_time(key: str) -> bool:
    """Whether a name is the value of a sequence at one time."""
    return _TIME.fullmatch(spelling.split_key(key)[2]) is not None


def said_at_other_times(names: Iterable[str], uses: Uses, explained: Collection[str]) -> str:
    r"""A name, not ``explained`` itself, of which the law of a sequence says something when it is read at another
    time, as ``x_{t+1} = A x_t`` of ``x_{t+2}`` where ``x_{t+1}`` stands in the text as well.
    """
    known, asked = {*uses.names, *uses.defined}, {*names}
    for head, (place, _) in uses.defined.items():
        if not is_over_time(head):
            continue
        law = {head} | {key for side in uses.chains[place][1:] for key in s.names(side) if is_over_time(key)}
        for later in (one for one in range(-MOST_LATER, MOST_LATER + 1) if one):
            moved = {_at(key, later) for key in law}
            if moved <= known and _at(head, later) not in explained and asked & moved:
                return min(asked & moved)
    return ""


def said_of_all_times(names: Iterable[str], uses: Uses, explained: Collection[str]) -> str:
    """A name, not ``explained`` itself, that is the value of a sequence at a time with a number, as c_0 is beside a
    law ``c_t = b y_{t-1}``.
    """
    laws = {_sequence(key) for key in uses.defined if is_over_time(key)}
    numbered = (key for key in sorted(names) if re.fullmatch(r"[+-]?\d+", spelling.split_key(key)[2]))
    return next((key for key in numbered if key not in explained and _sequence(key) in laws), "")


def _sequence(key: str) -> tuple[str, tuple[str, ...], str]:
    """What the values of a sequence have in common."""
    base, accents, _, sup = spelling.split_key(key)
    return base, accents, sup


def _moment(key: str) -> tuple[str, int]:
    """The letter of the time of a name, and how much later it is; no letter where it has no time."""
    found = _TIME.fullmatch(spelling.split_key(key)[2])
    return (found[1], int(found[0][1:] or 0)) if found else ("", 0)


def _at(key: str, later: int) -> str:
    """The name of a sequence so much later."""
    base, accents, sub, sup = spelling.split_key(key)
    letter, time = _moment(key)
    return spelling.make_key(base, accents, letter + (f"{time + later:+}" if time + later else ""), sup) if sub else key


def named(pieces: list[Piece], context: Context, text: str) -> frozenset[str]:
    r"""The names of a text whose scripts are part of them: values from step to step, and pseudo-inverses ``A^+``; and
    the d of ``d(x) = ...`` where the words speak of a distance.
    """
    source = "\n".join(piece.text for piece in pieces)
    inverses = {context.key(f"{name}^{{{mark}}}") for name, mark in _PSEUDO.findall(source)}
    found = set(_LAYER.findall(source)) if "^{(i" not in source else set()
    layers = {context.key(f"{name}^{{{mark}}}") for name, mark in found if len(found) > 1}
    distance = {"d"} if _DISTANCE.search(source) and re.search(r"\bdistances?\b", text, re.I) else set()
    return frozenset({*_iterates(pieces, context), *inverses, *layers, *distance})


def _has_odd_power(name: str, source: str) -> bool:
    """Whether a letter stands somewhere without an even power behind it."""
    return re.search(rf"{re.escape(name)}(?![A-Za-z])(?!\s*(?:\^\s*\{{?[2468]\}}?|²|⁴))", source) is not None


def _is_known(key: str, uses: Uses, context: Context, said: dict[str, str], refused: frozenset[str]) -> bool:
    if context.lookup(key) is not None or context.is_size(key) or key in uses.bound:
        return True
    if key in ("pi", "e", "I"):
        return not (key == "e" and _squares_errors(uses) and key not in uses.defined)
    if key in uses.places and context.lookup(spelling.swap_case(key)) is not None:
        return True  # x_ij where the table has X
    if key in refused:
        return False
    if key in uses.defined and not _is_solved_for(key, uses) and key not in model(uses):
        return True  # the text says what it is, here or further down
    return key not in said and key not in uses.places and key not in uses.transposed and _is_size(key, uses)


def _squares_errors(uses: Uses) -> bool:
    """Whether e_i is squared somewhere, as errors are and unit vectors never, and e is no number that is raised."""
    nodes = [node for sides in uses.chains for side in sides for node in s.walk(side)]
    squared = [one.base for one in nodes if isinstance(one, s.Pow) and isinstance(one.base, s.Entry)]
    raised = any(isinstance(one, s.Call) and one.fn == "exp" for one in nodes)
    return not raised and any(one.base == s.Name("e") for one in squared)


def _is_solved_for(key: str, uses: Uses) -> bool:
    """Whether the text gives a name a value only after it was used as an unknown."""
    base, accents, _, _ = spelling.split_key(key)
    if base in ("y", "Y") and "hat" in accents:
        return False  # a prediction is what the model says, whatever is differentiated by it
    if isinstance(uses.chains[uses.defined[key][0]][1], s.Block | s.Build):
        return False  # its entries are written out
    if isinstance(uses.chains[uses.defined[key][0]][0], s.Entry) and key not in uses.varied:
        return False  # a_n = w^T x_n says what each of them is
    unknown = key in uses.varied or spelling.split_key(key)[0] in spelling.UNKNOWN_LETTERS
    place = uses.defined[key][0]
    return unknown and place > uses.names[key] and not _is_between(key, place, uses)


def model(uses: Uses) -> tuple[str, str, s.Node, s.Node] | tuple[()]:
    r"""The targets and the noise of a model, ``y_i = \beta x_i + \epsilon_i``, in a text that differentiates by what
    it fits: then the targets are data, and the noise is what they leave over. With them the noise as it is written,
    and what it is.
    """
    for sides in () if uses.random or not uses.varied else uses.chains:
        target, body = sides[0], sides[-1]
        if _head(target) not in _TARGETS or not isinstance(body, s.Add) or isinstance(target, s.At):
            continue
        noise = [one for one in body.terms if isinstance(one, s.Name | s.Entry) and _head(one) in _NOISE]
        rest = [one for one in body.terms if one not in noise]
        fitted = uses.varied & s.names(s.Add(tuple(rest)))
        if len(noise) == 1 and fitted and _is_left_over(_head(target), _head(noise[0]), sides, uses):
            left = s.Add((target, *(one.arg if isinstance(one, s.Neg) else s.Neg(one) for one in rest)))
            return _head(target), _head(noise[0]), noise[0], left
    return ()


def _is_left_over(target: str, noise: str, model: list[s.Node], uses: Uses) -> bool:
    """Whether the rest of a text speaks of the noise, or of what the targets differ by, and never differentiates the
    targets themselves.
    """
    if noise in uses.defined or target in uses.differentiated:
        return False
    others = [side for sides in uses.chains if sides is not model for side in sides]
    sums = [node for side in others for node in s.walk(side) if isinstance(node, s.Add)]
    apart = any(_head(one.arg if isinstance(one, s.Neg) else one) == target for node in sums for one in node.terms)
    return apart or any(noise in s.names(side) for side in others)


def _is_between(key: str, place: int, uses: Uses) -> bool:
    """Whether a name is said to be made of others before anything is differentiated by it, as the y of
    ``E = (t - y)^2, y = s(a)`` is.
    """
    later = {name for name, (where, _) in uses.defined.items() if where > place}
    if s.names(uses.chains[place][1]) & later and key not in uses.varied:
        return True  # what it is made of is explained in turn
    return key in uses.varied and all(
        number > place
        for number, sides in enumerate(uses.chains)
        for node in (one for side in sides for one in s.walk(side))
        if isinstance(node, s.Deriv) and any(key in s.names(by) for by in node.wrt)
    )


def _is_size(key: str, uses: Uses) -> bool:
    return key in {*uses.ends.values(), *uses.counts} or (
        key in uses.divisors and len(key) == 1 and key not in _NEVER_SIZES and key not in uses.varied
    )


def _said(text: str, context: Context) -> Iterator[tuple[str, str]]:
    r"""The shapes that a text gives by ``X \in \mathbb R^{n \times m}``."""
    for match in _LIVES.finditer(text):
        shape = (match[2] or match[3]).replace(r"\times", " x ").replace("{", "").replace("}", "")
        written = " ".join(re.sub(r"[()]", "", shape).split())
        try:
            key = context.key(match[1])
        except Problem:
            continue
        if is_shape(written):
            yield key, written


# ---------------------------------------------------------------------- gathering


def _gather(piece: Piece, context: Context, uses: Uses) -> None:
    try:
        chains = read_chains(piece.reads, context, formula=True, start=piece.start)
    except (Problem, RecursionError):
        return
    for chain in chains:
        try:
            sides = chain.read(context)
        except (Problem, RecursionError):
            uses.unread = True
            continue
        _gather_chain(chain, sides, piece, context, uses)


def _gather_chain(chain: Chain, sides: list[s.Node], piece: Piece, context: Context, uses: Uses) -> None:
    place, where = len(uses.chains), (piece.start + chain.spans[0][0], piece.start + chain.spans[-1][1])
    uses.code = uses.code or not chain.latex
    head = _head(sides[0]) if chain.relations and chain.relations[0] in ("=", ":=") else ""
    square = _square(sides[0]) if head == "" and chain.relations[:1] in (["="], [":="]) else ""
    skipped = misspelt(piece.text, is_latex(piece.reads, context))
    plain_head = isinstance(sides[0], s.Name)
    uses.chains.append(sides)
    uses.trees |= {(piece.start + start, piece.start + end): side for (start, end), side in zip(chain.spans, sides)}
    for number, side in enumerate(sides):
        based = {id(node.base) for node in s.walk(side) if isinstance(node, s.Entry)}
        for node in s.walk(side):
            _use(node, uses)
            if isinstance(node, s.Name) and id(node) not in based:
                uses.bare.add(node.id)
            heads = number == 0 and isinstance(node, s.Name) and node.id in (head, square)
            if isinstance(node, s.Name) and not heads and spelling.split_key(node.id)[0] not in skipped:
                uses.names.setdefault(node.id, place)
    if len(sides) > 2 and isinstance(sides[1], s.At) and set(chain.relations) <= {"=", ":="}:  # y = f(x) = body
        uses.defined.setdefault(_head(sides[1]), (place, ""))
        uses.where.setdefault(_head(sides[1]), where)
    for call, name in zip(sides[1:], sides):
        if isinstance(call, s.Call) and call.fn in ("rows", "cols") and isinstance(name, s.Name):
            uses.counts.add(name.id)
            head = "" if head == name.id else head
    if head:
        body = piece.text[slice(*chain.spans[1])] if plain_head else ""
        uses.defined.setdefault(head, (place, body.strip().rstrip(",.")))
        uses.where.setdefault(head, where)
        uses.names.setdefault(head, place)


def _head(node: s.Node) -> str:
    if isinstance(node, s.Name):
        return str(node.id)
    if isinstance(node, s.Call) and node.fn == "log":
        return _head(node.args[0])
    if isinstance(node, s.Neg) and isinstance(node.arg, s.Call):
        return _head(node.arg)
    return _head(node.fn) if isinstance(node, s.At) else _head(node.base) if isinstance(node, s.Entry) else ""


def _square(node: s.Node) -> str:
    r"""The name in ``s^2 = ...``, which defines the square."""
    if isinstance(node, s.Pow) and isinstance(node.base, s.Name) and node.exponent == s.num(2):
        return str(node.base.id)
    return ""


def _use(node: s.Node, uses: Uses) -> None:
    if isinstance(node, s.Sum):
        uses.bound.add(node.index)
        if isinstance(node.hi, s.Name):
            uses.ends[node.index] = node.hi.id
            if node.lo in (None, s.ONE):
                uses.from_one |= {one.base.id for one in s.walk(node.body) if isinstance(one, s.Entry)
                                  and isinstance(one.base, s.Name) and s.Name(node.index) in one.indices}  # fmt: skip
    elif isinstance(node, s.Entry) and isinstance(node.base, s.Name):
        indices = tuple(one.id if isinstance(one, s.Name) else "" for one in node.indices)
        uses.places.setdefault(node.base.id, []).append(indices)
        uses.bound |= {one for one in indices if len(one) == 1}
    elif isinstance(node, s.Call) and node.fn in ("norm", "norm2"):
        entries = [one for one in s.walk(node) if isinstance(one, s.Entry) and isinstance(one.base, s.Name)]
        uses.normed |= {one.base.id for one in entries if len(one.indices) == 1}  # type: ignore[attr-defined]
    elif isinstance(node, s.Call) and node.fn in ("tr", "normf", "normf2", "frobenius", "vec", "det", "logdet"):
        uses.matrices = True
        if node.fn in ("det", "logdet") and isinstance(node.args[0], s.Name):
            uses.multiplied.add(node.args[0].id)
        if node.fn == "frobenius":
            inside = [one.arg if isinstance(one, s.Diff | s.T) else one for one in node.args]
            uses.multiplied |= {one.id for one in inside if isinstance(one, s.Name) and one.id[:1].isupper()}
    elif isinstance(node, s.Mul) and not node.code and any(map(_is_mean, node.factors)):
        uses.counts |= {one.id for one in node.factors if isinstance(one, s.Name) and one.id in ("n", "N", "m")}
    elif isinstance(node, s.Mul) and node.code:
        uses.arrays |= {one.id for one in node.factors if isinstance(one, s.Name)}
        uses.quadratic |= {name} if (name := _quadratic(node)) else set()
    elif isinstance(node, s.Call) and node.fn == "overline":
        for name in s.names(node.args[0]):
            uses.places.setdefault(name, []).append(("",))  # a column
    elif isinstance(node, s.At) and isinstance(node.fn, s.Name):
        uses.called.add(node.fn.id)
    elif isinstance(node, s.Diff):
        uses.differentiated |= _named(node.arg)
    elif isinstance(node, s.Deriv):
        uses.differentiated |= _named(node.f)
        uses.varied |= {name for by in node.wrt for name in s.names(by)}
    elif isinstance(node, s.Div):
        uses.divisors += [one for one in _divisors(node.den) if one not in uses.divisors]
    elif isinstance(node, s.Prime) and isinstance(node.arg, s.At):
        uses.differentiated |= _named(node.arg)
        uses.varied |= {name for one in node.arg.args for name in s.names(one)}
    elif isinstance(node, s.T | s.Prime) and isinstance(node.arg, s.Name):
        uses.transposed.add(node.arg.id)
    elif isinstance(node, s.T | s.Prime) and isinstance(node.arg, s.Entry) and isinstance(node.arg.base, s.Name):
        uses.sampled.add(node.arg.base.id)
    elif isinstance(node, s.T | s.Prime) and isinstance(node.arg, s.Add):  # (x_i - m)^T: a difference of samples
        terms = [one.arg if isinstance(one, s.Neg) else one for one in node.arg.terms]
        uses.transposed |= {one.id for one in terms if isinstance(one, s.Name) and one.id[:1].islower()}
        entries = [one for one in terms if isinstance(one, s.Entry) and len(one.indices) == 1]
        samples = {one.base.id for one in entries if isinstance(one.base, s.Name)}
        uses.sampled |= samples
        uses.quadratic |= {one.id for one in terms if samples and isinstance(one, s.Name) and one.id[:1].islower()}


def _is_mean(node: s.Node) -> bool:
    r"""Whether it is ``\bar y`` or a power of it: what stands before it counts the samples."""
    base = node.base if isinstance(node, s.Pow) else node
    return isinstance(base, s.Name) and "bar" in spelling.split_key(base.id)[1]


def _quadratic(node: s.Mul) -> str:
    """The x of ``x @ A @ x`` and of ``x.T @ A @ x``, which is a column."""
    factors = [*node.factors]
    while isinstance(factors[0], s.Mul):
        factors = [*factors[0].factors, *factors[1:]]
    first = factors[0].arg if isinstance(factors[0], s.T) else factors[0]
    last, inside = factors[-1], factors[1:-1]
    if not node.code or not inside or first != last or not isinstance(last, s.Name) or not last.id[:1].islower():
        return ""
    return last.id if all(last.id not in s.names(one) for one in inside) else ""


def _divisors(node: s.Node) -> list[str]:
    """The names that a denominator is made of by products and sums, as 2n and n - 1 are."""
    if isinstance(node, s.Name):
        return [node.id]
    if isinstance(node, s.Mul | s.Add | s.Neg):
        return [name for one in s.children(node) for name in _divisors(one)]
    return []


def _named(node: s.Node) -> set[str]:
    """The name that is differentiated, where it is one: L or J(theta)."""
    inner = node.fn if isinstance(node, s.At) else node.base if isinstance(node, s.Entry) else node
    return {inner.id} if isinstance(inner, s.Name) else set()


# ---------------------------------------------------------------------- guessing


def _sizes(uses: Uses, context: Context, said: dict[str, str]) -> tuple[str, str, str]:
    """The letters for samples, features and outputs in this text."""
    declared = context.lookup("X")
    if declared is not None and declared.shape is not None:
        rows, columns = (dim.names() for dim in declared.shape)
        if len(rows) == len(columns) == 1:
            return next(iter(rows)), next(iter(columns)), "D"
    if "x" in said.get("X", ""):
        rows_said, columns_said = (part.strip() for part in said["X"].split("x", 1))
        return rows_said, columns_said, "D"
    ends = (
        list(uses.ends.values())
        + sorted(uses.counts & {"n", "N", "m"})
        + [one for one in uses.divisors if one in ("n", "m", "N", "T")]
    )
    samples = next((one for one in ends if len(one) == 1), "N")
    features = {"n": "m", "m": "n", "N": "M"}.get(samples, "M")
    return samples, features, "d" if samples.islower() else "D"


def _guess(key: str, uses: Uses, said: dict[str, str], sizes: tuple[str, str, str], context: Context) -> Row:
    shape = said.get(key) or _by_indices(key, uses, sizes) or _by_letter(key, uses, sizes, context)
    return Row(spelling.latex(key), shape, _MEANINGS.get(key, ""), "", True)


def _by_indices(key: str, uses: Uses, sizes: tuple[str, str, str]) -> str:
    places = uses.places.get(key)
    if not places:
        return ""
    most = max(places, key=len)
    alike = [one for one in places if len(one) == len(most)]
    dims = []
    for slot in range(min(len(most), 2)):  # what has three is no matrix, and its line says so
        end = next((uses.ends[one[slot]] for one in alike if one[slot] in uses.ends), None)
        dims.append(end or _default(key, slot, len(most), sizes))
    return " x ".join(dims)


def _default(key: str, slot: int, count: int, sizes: tuple[str, str, str]) -> str:
    samples, features, outputs = sizes
    base = spelling.split_key(key)[0]
    if base in ("W", "w", "theta", "beta") or (count == 1 and base == "b"):
        return (features, outputs)[slot] if base != "b" else outputs
    second = features if base in ("X", "x") else outputs
    return (samples, second)[slot] if count > 1 else samples


def _by_letter(key: str, uses: Uses, sizes: tuple[str, str, str], context: Context) -> str:
    samples, features, outputs = sizes
    base = spelling.split_key(key)[0]
    known = {*uses.names, *context.symbols}
    array = base in OBLONG or key in uses.transposed or key in uses.places
    if key in uses.differentiated - uses.varied and base.isupper() and not array:
        return "scalar"
    many = "Y" in known or "D" in context.sizes
    layer = {"W", "x"} <= known and "X" not in known  # W x + b: one sample, a column
    if layer and (base == "W" or base in _COLUMNS_OF_SAMPLES or base == "b"):
        return f"{outputs} x {features}" if base == "W" else outputs
    if key in _WEIGHTS or base in _WEIGHTS:
        return features
    if key in _COLUMNS_OF_SAMPLES or base in _COLUMNS_OF_SAMPLES:
        return samples
    if base == "X":
        return f"{samples} x {features}"
    if base in ("W", "B", "Theta"):
        return f"{features} x {outputs}" if many else features
    if base in ("Y", "R", "E", "F", "Z"):
        return f"{samples} x {outputs}"
    if base == "x":
        return features if {"w", "theta", "beta"} & known or "X" not in known else samples
    if base in _SQUARE or (base.isupper() and len(base) == 1 and base not in _NUMBERS):
        return f"{features} x {features}"
    return "scalar"


def question(row: Row) -> str:
    """The guess as a question."""
    shown = "a number" if row.shape == "scalar" else row.shape.replace(" x ", " × ")
    if row.shape != "scalar" and "x" not in row.shape:
        shown = f"a column of {row.shape}"
    return f"appears without a shape: is it {shown}?"
