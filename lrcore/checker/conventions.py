r"""The readings that a text without a table may be given: a closed list.

What is here is tried where a line fails for want of a definition: names that the field uses for one thing
(``\bar x``, ``\hat\varepsilon``), losses with their factors, functions such as the sigmoid, symmetric matrices, the
other layout. A name that the text or the table defines is never read anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lrcore.verify import Context, to_latex
from lrcore.verify import names as spelling
from lrcore.verify import syntax as s

from .guesses import Uses, model
from .table import Row

LOSSES = {"L", "J", "E", "C", "Q", "S", "F", "f", "l", "ell", "R", "cost", "loss", "Loss", "Cost", "Err", "LL", "NLL"}
MEANS, SUMS, LIKELIHOODS = {"MSE"}, {"RSS", "SSE", "SSR", "TSS", "ESS"}, {"NLL", "CE", "BCE"}
SQUARES = {"RSS", "SSE"}  # of residuals, by their names
SIGMOIDS = {"sigma", "s", "g", "S", "h", "pi", "phi", "f", "p"}
_WEIGHTS = ("theta", "w", "beta")
_LOGISTIC = {"exp", "log", "sigmoid", "logistic"}


@dataclass(frozen=True)
class Choice:
    """One meaning of a name: what a button says, and the definition it puts into the table; ``more`` are symbols that
    the definition needs, where no button may put it there.
    """

    says: str
    row: Row
    more: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Question:
    """A name that the text leaves open, with its meanings, the most plausible first; ``literal`` where the first is
    what the text says word by word.
    """

    key: str
    choices: tuple[Choice, ...]
    literal: bool = False

    @property
    def latex(self) -> str:
        return spelling.latex(self.key)

    def led_by(self, number: int) -> Question:
        """The same question with one of its answers first."""
        return Question(self.key, (self.choices[number], *self.choices[:number], *self.choices[number + 1 :]))


@dataclass
class Text:
    """What the choices are made from: how names are used, their shapes, what is defined already; ``lost`` are names
    with a definition that was not understood, which is not to be replaced by another.
    """

    source: str
    uses: Uses
    shapes: Mapping[str, str]
    context: Context
    defined: frozenset[str] = field(default_factory=frozenset)
    lost: frozenset[str] = field(default_factory=frozenset)

    def is_open(self, key: str) -> bool:
        """Whether nothing explains a name that the text uses."""
        return key not in self.lost and self.is_unexplained(key)

    def is_unexplained(self, key: str) -> bool:
        """Whether nothing that was understood explains a name that the text uses."""
        symbol = self.context.lookup(key)
        used = key in self.uses.names or key in self.uses.places or key in self.uses.called
        return (
            used
            and key not in self.defined
            and (symbol is None or symbol.definition is None)
            and not (symbol is not None and key not in self.shapes)
        )

    def nodes(self) -> Iterator[s.Node]:
        for chain in self.uses.chains:
            for side in chain:
                yield from s.walk(side)

    def dims(self, key: str) -> list[str]:
        symbol = self.context.lookup(key)
        if key not in self.shapes and symbol is not None and symbol.shape is not None:
            rows, cols = map(str, symbol.shape)
            return [rows, cols] if cols != "1" else [rows] if rows != "1" else []
        found = self.shapes.get(key, "scalar")
        return [] if found == "scalar" else found.split(" x ")

    def has(self, *keys: str) -> bool:
        return all(key in self.uses.names or key in self.context.symbols for key in keys)


def questions(text: Text) -> list[Question]:
    """The names of a text that are open, each with the meanings of the list, in the order in which they rest on each
    other.
    """
    found: dict[str, Question] = {}
    for one in (*_densities(text), *_functions(text), *_statistics(text), *_models(text), *_losses(text)):
        if one.choices and one.key not in text.uses.varied:
            found.setdefault(one.key, one)
    return list(found.values())


def _question(key: str, *choices: tuple[str, str], shape: str = "", name: str = "") -> Question:
    written = name or spelling.latex(key)
    return Question(key, tuple(Choice(says, Row(written, shape, says, body, True)) for says, body in choices if body))


def is_loss(key: str) -> bool:
    """Whether a name is one that the field gives to losses."""
    return spelling.split_key(key)[0] in LOSSES | MEANS | SUMS | LIKELIHOODS


def is_target(key: str) -> bool:
    """Whether a name is that of data, which rest on nothing that is fitted."""
    base, accents, _, _ = spelling.split_key(key)
    return base in ("y", "Y", "t", "x", "X") and not accents


def symmetry(key: str, shape: str) -> Question:
    """Whether a square matrix is symmetric: asked, and never taken for granted."""
    name = spelling.latex(key)
    return Question(key, (Choice("any square matrix", Row(name, shape, "any square matrix", "", True)),
                          Choice("symmetric", Row(name, shape, "symmetric", "", True))), True)  # fmt: skip


# ---------------------------------------------------------------------- functions


def _functions(text: Text) -> Iterator[Question]:
    """The sigmoid by its usual names, h_theta of a course."""
    for key in sorted(text.uses.called | {one for one in text.uses.names if _is_written_as_one(one, text)}):
        base, _, sub, _ = spelling.split_key(key)
        if not text.is_open(key) or base not in SIGMOIDS or (key in text.uses.differentiated and base not in "gh"):
            continue
        if any(isinstance(one, s.At) and one.fn == s.Name(key) and len(one.args) > 1 for one in text.nodes()):
            continue  # as p(y | X, w)
        written = spelling.latex(key)
        weights = sub if sub in _WEIGHTS else next((one for one in _WEIGHTS if text.has(one)), "")
        if weights and not _takes_a_score(text, key, weights):
            product = rf"{spelling.latex(weights)}^\top x"
            sigmoid, linear = rf"\frac{{1}}{{1 + e^{{-{product}}}}}", product
            yield _question(
                key, ("the sigmoid of the score", sigmoid), ("a linear model", linear), name=f"{written}(x)"
            )
        else:
            yield _question(key, ("the sigmoid", r"\frac{1}{1 + e^{-z}}"), name=f"{written}(z)")


def _densities(text: Text) -> Iterator[Question]:
    r"""Probabilities that are called with what they are given, as ``p(y \mid a, b)`` and ``p_1(X; \beta)``, and the
    line or the samples that these speak of.
    """
    calls = {one.fn.id: one for one in text.nodes() if isinstance(one, s.At) and isinstance(one.fn, s.Name)}
    for key, call in sorted(calls.items()):
        args = [one.id for one in call.args if isinstance(one, s.Name)]
        if spelling.split_key(key)[0] not in ("p", "P", "f") or not text.is_open(key) or len(args) != len(call.args):
            continue
        if len(args) == 2 and len(text.dims(args[0])) == 2 and text.dims(args[0])[1:] == text.dims(args[1]):
            score = " ".join(map(spelling.latex, args))
            yield _question(key, ("the sigmoid of the scores", rf"\sigma({score})"))
        elif len(args) > 1 and is_target(args[0]) and text.has("sigma") and (of := _residual(text)) is not None:
            written, free = to_latex(of[2]), _free(text, of[2])
            if len(free) == 1:
                each = rf"\frac{{1}}{{\sqrt{{2\pi\sigma^2}}}} e^{{-\frac{{({written})^2}}{{2\sigma^2}}}}"
                yield _question(key, ("the density of Gaussian errors", rf"\prod_{{{free[0]}}} {each}"))
            lines = [one for one in calls if one in ("f", "h", "g") and len(calls[one].args) == 1 and text.is_open(one)]
            if set(args[1:]) == {"a", "b"}:
                yield from (_question(one, ("a line", "a z + b"), name=f"{one}(z)") for one in lines)
    if text.is_open("x_hat") and text.uses.places.get("x_hat") and len(text.dims("X")) == 2:
        yield _question("x_hat", ("the samples", "X"))


def _is_written_as_one(key: str, text: Text) -> bool:
    """Whether a letter stands before a bracket with a score in it, as in s(w^T x)."""
    return key in ("s", "g", "h", "sigma") and bool(
        re.search(rf"(?<![A-Za-z]){re.escape(spelling.latex(key))}\s*(?:\\left)?\s*\(", text.source)
    )


def _takes_a_score(text: Text, key: str, weights: str) -> bool:
    """Whether a function is written of a score, as in s(w^T x), and not of a sample."""
    calls = [one for one in text.nodes() if isinstance(one, s.At) and isinstance(one.fn, s.Name) and one.fn.id == key]
    return any(weights in s.names(arg) for one in calls for arg in one.args) or all(
        isinstance(arg, s.Name) and not text.dims(arg.id) for one in calls for arg in one.args
    )


# ---------------------------------------------------------------------- statistics


def _statistics(text: Text) -> Iterator[Question]:
    r"""Means and spreads: ``\bar x``, ``s_{xy}``, ``s_x^2``."""
    for key in sorted({*text.uses.names, *text.uses.places}):
        base, accents, sub, _ = spelling.split_key(key)
        if accents == ("bar",) and not sub and len(text.dims(base)) == 1 and text.is_open(key):
            mean = rf"\frac{{1}}{{{text.dims(base)[0]}}} \sum_{{i=1}}^{{{text.dims(base)[0]}}} {spelling.latex(base)}_i"
            yield _question(key, ("the mean", mean))
    for key in sorted(text.uses.names):
        base, accents, sub, _ = spelling.split_key(key)
        letters = list(sub)
        if base not in "sS" or accents or not 1 <= len(letters) <= 2 or not text.is_open(key):
            continue
        if any(len(text.dims(one)) != 1 or not text.has(f"{one}_bar") for one in letters):
            continue
        size = text.dims(letters[0])[0]
        pair = (letters * 2)[:2]
        product = " ".join(rf"({one}_i - \bar {one})" for one in pair)
        body = rf"\frac{{1}}{{{size} - 1}} \sum_{{i=1}}^{{{size}}} {product}"
        if len(letters) == 2:
            yield _question(key, ("the covariance", body))
        else:
            yield _question(key, ("the variance", body), name=rf"{base}_{sub}^2")


# ---------------------------------------------------------------------- models


def _models(text: Text) -> Iterator[Question]:
    """The least squares estimate, predictions, residuals, projections."""
    if of := model(text.uses):
        _, key, written, left = of
        yield _question(key, ("what the model leaves over", to_latex(left)), name=to_latex(written))
    data, weights, target = _parts(text)
    if text.has("x", "y", "beta_1_hat") or text.has("x", "y", "beta_0_hat"):
        yield from _line(text)
        return
    if data is None:
        yield from _remains(text)
        return
    big = spelling.latex(data)
    normal = rf"({big}^\top {big})^{{-1}} {big}^\top"
    rows = text.dims(data)[0]
    noise = next((spelling.latex(key) for key in ("V", "Omega", "Sigma") if text.dims(key) == [rows, rows]), "")
    general = rf"({big}^\top {noise}^{{-1}} {big})^{{-1}} {big}^\top {noise}^{{-1}}"
    heavy = rows and ("W" in text.uses.defined or text.dims("W") == [rows, rows]) and "W" not in text.uses.varied
    weighed = rf"({big}^\top W {big})^{{-1}} {big}^\top W" if heavy and data != "W" else ""
    for key in ("H", "P", "P_X", "P_{X}"):
        if text.is_open(key) and (len(text.dims(key)) == 2 or key == f"P_{data}"):
            more = [("the projection that the covariance weighs", rf"{big} {general}")] if noise else []
            yield _question(key, ("the projection on the columns", rf"{big} {normal}"), *more)
    for key in ("M_X",):
        if text.is_open(key):
            yield _question(key, ("the projection beside them", rf"I - {big} {normal}"))
    if target is None or weights is None:
        yield from _remains(text)
        return
    goal = spelling.latex(target)
    hat = f"{weights.removesuffix('_hat')}_hat"
    if text.is_open(hat):
        more = [("the generalised least squares estimate", rf"{general} {goal}")] if noise else []
        first = [("the weighted least squares estimate", rf"{weighed} {goal}")] if weighed else []
        yield _question(hat, *first, ("the least squares estimate", rf"{normal} {goal}"), *more)
    product = _product(text, data, weights)
    for key in (f"{target}_hat", "y_hat", "Y_hat"):
        if key != target and product and text.is_open(key):
            yield _question(key, ("the prediction", product))
            break
    for key in ("r", "e", "epsilon", "varepsilon", "epsilon_hat", "varepsilon_hat", "e_hat"):
        if text.is_open(key) and product and (key != "r" or text.dims(key)):
            hat = f"{target}_hat"
            named = text.has(hat) and (hat in text.uses.varied or hat not in text.uses.defined)
            fit = spelling.latex(hat) if named else product
            rest = f"{goal} - ({fit})", f"{fit} - {goal}"
            order = rest[::-1] if key == "r" else rest
            yield _question(key, ("the residual", order[0]), ("the residual with the other sign", order[1]))
            if not key.endswith("hat") and text.is_open(target):
                break


def _remains(text: Text) -> Iterator[Question]:
    """Predictions and residuals where the text speaks of one sample, or of targets and predictions alone."""
    weights = next((key for key in ("w", "theta", "beta") if key in text.uses.varied), "")
    features, samples = text.dims("x"), text.dims("y_hat")
    if weights and text.is_open("y_hat") and len(features) == len(samples) == 1 and text.dims(weights) == features:
        bias = rf" + \mathbf 1_{{{samples[0]}}} b" if text.has("b") and not text.dims("b") else ""
        row = Row(spelling.latex("y_hat"), "", "", rf"x {spelling.latex(weights)}{bias}", True)
        each = Row("x", f"{samples[0]} x {features[0]}", "inputs, one sample a row", "", True)
        yield Question("y_hat", (Choice("the linear model of each sample", row, (each,)),))
    for key in ("varepsilon_hat", "epsilon_hat", "e_hat", "varepsilon", "epsilon", "e", "r"):
        if text.is_open(key) and text.has("y", "y_hat"):
            yield _question(key, ("the residual", r"y - \hat y"), ("the residual with the other sign", r"\hat y - y"))


def _line(text: Text) -> Iterator[Question]:
    r"""A straight line through points: ``\hat\beta_1``, ``\hat\beta_0``, fits and residuals."""
    size = (text.dims("x") or ["n"])[0]
    top = rf"\sum_{{i=1}}^{{{size}}} (x_i - \bar x)(y_i - \bar y)"
    slope = rf"\frac{{{top}}}{{\sum_{{i=1}}^{{{size}}} (x_i - \bar x)^2}}"
    for name in ("x", "y"):  # what the slope is made of, where the text does not speak of it
        if not text.has(f"{name}_bar") and not text.is_open(f"{name}_bar"):
            mean = rf"\frac{{1}}{{{size}}} \sum_{{i=1}}^{{{size}}} {name}_i"
            yield _question(f"{name}_bar", ("the mean", mean))
    if text.is_open("beta_1_hat") or not text.has("beta_1_hat"):
        yield _question("beta_1_hat", ("the least squares slope", slope))
    if text.is_open("beta_0_hat") or not text.has("beta_0_hat"):
        yield _question("beta_0_hat", ("the least squares intercept", r"\bar y - \hat\beta_1 \bar x"))
    if text.is_open("y_hat"):
        yield _question("y_hat", ("the fitted values", rf"\hat\beta_0 \mathbf 1_{{{size}}} + \hat\beta_1 x"))
    for key in ("epsilon_hat", "varepsilon_hat", "e_hat", "e"):
        if text.is_open(key):
            yield _question(key, ("the residual", rf"y - \hat\beta_0 \mathbf 1_{{{size}}} - \hat\beta_1 x"))


def _parts(text: Text) -> tuple[str | None, str | None, str | None]:
    """The names of the data, of what is fitted, and of the targets."""
    matrices = [key for key in ("X", "A", "Phi", "Z", "x") if len(text.dims(key)) == 2]
    columns = ("w", "beta", "theta", "beta_hat", "w_hat", "theta_hat", "b_hat", "b", "W", "B", "x", "a", "alpha", "m")
    for data in matrices:
        rows, cols = text.dims(data)
        weights = next((k for k in columns if k != data and text.dims(k)[:1] == [cols]), None)
        turned = weights is None and next((k for k in columns if k != data and text.dims(k)[:1] == [rows]), None)
        weights = weights or turned or None
        if weights:
            targets = ("y", "Y", "t", "b", "T", "z")
            size = cols if turned else rows
            target = next((k for k in targets if k not in (data, weights) and size in text.dims(k)), None)
            return data, weights, target
    return (matrices[0] if matrices else None), None, None


def _product(text: Text, data: str, weights: str) -> str:
    """The prediction, by shapes: X w, or w^T X where samples are columns."""
    big, small = spelling.latex(data), spelling.latex(weights)
    rows, cols = text.dims(data)
    if text.dims(weights)[:1] == [cols]:
        bias = [key for key in ("b",) if key != weights and text.has(key) and not text.dims(key)]
        return rf"{big} {small} + \mathbf 1_{{{rows}}} b" if bias else f"{big} {small}"
    return rf"{small}^\top {big}" if text.dims(weights)[:1] == [rows] else ""


# ---------------------------------------------------------------------- losses


def _losses(text: Text) -> Iterator[Question]:
    """A loss that nobody defines: squares of the residual that the text itself writes, with the usual factors."""
    varied = {spelling.split_key(one)[0] for one in text.uses.varied}
    for key in sorted(text.uses.differentiated | text.uses.called):
        base = spelling.split_key(key)[0]
        if not is_loss(key) or base in varied or not text.is_open(key):
            continue
        found = list(_choices(text, base))
        if found:
            yield _question(key, *found)


def _choices(text: Text, base: str) -> Iterator[tuple[str, str]]:
    residual = _residual(text)
    if residual is None:
        return
    prediction, target, node = residual
    squares, size = _squared(text, node)
    penalty = _penalty(text)
    inside = [*s.walk(prediction)]
    logistic = any(isinstance(one, s.Call) and one.fn in _LOGISTIC for one in text.nodes()) or any(
        isinstance(one, s.At) for one in inside
    )
    if logistic or base in LIKELIHOODS:
        for likelihood in _likelihood(text, prediction, target, node):
            yield "the cross-entropy", likelihood
            if size:
                yield "the mean cross-entropy", rf"\frac{{1}}{{{size}}} \left({likelihood}\right)"
            if base in ("l", "ell", "LL"):
                yield "the log-likelihood", rf"-\left({likelihood}\right)"
        if base in LIKELIHOODS:
            return
    if not squares:
        return
    forms = {"sum": ("the sum of squares", ""), "half": ("half the sum of squares", r"\frac{1}{2}")}
    if size:
        forms["mean"] = ("the mean squared error", rf"\frac{{1}}{{{size}}}")
        forms["half mean"] = ("half the mean squared error", rf"\frac{{1}}{{2 {size}}}")
    order = (
        ("mean", "half mean") if base in MEANS else ("sum",) if base in SUMS else ("mean", "half mean", "half", "sum")
    )
    for one in order:
        if one in forms:
            says, factor = forms[one]
            yield says, f"{factor} {squares}"
            for extra, added in penalty:
                yield f"{says} {extra}", f"{factor} {squares} + {added}"


def _penalty(text: Text) -> list[tuple[str, str]]:
    weights = next((key for key in ("w", "beta", "theta", "W", "b") if key in text.uses.varied), None)
    if weights is None or not text.has("lambda") or not text.is_open("lambda"):
        return []
    square = rf"\lambda \|{spelling.latex(weights)}\|^2"
    return [("with a ridge penalty", square), ("with half a ridge penalty", rf"\frac{{1}}{{2}} {square}")]


def _residual(text: Text) -> tuple[s.Node, s.Node, s.Node] | None:
    """Prediction, target and residual, as the text writes their difference: ``X w - y``, ``y_i - h(x_i)``."""
    wanted = set(text.uses.varied)
    wanted |= {spelling.swap_case(one) for one in wanted}
    found: list[tuple[int, s.Node, s.Node, s.Node]] = []
    for node in text.nodes():
        if not isinstance(node, s.Add) or len(node.terms) < 2:
            continue
        bare = [one for one in node.terms if _is_bare(one, wanted)]
        rest = [one for one in node.terms if one not in bare]
        if len(bare) != 1 or not rest or not any(_speaks(one, wanted) for one in rest):
            continue
        target = bare[0]
        minus = isinstance(target, s.Neg)
        signs = {isinstance(one, s.Neg) for one in rest}
        if signs != {not minus}:
            continue
        prediction = s.add(rest if minus else [one.arg for one in rest if isinstance(one, s.Neg)])
        found.append(
            (sum(1 for _ in s.walk(node)), prediction, target.arg if isinstance(target, s.Neg) else target, node)
        )
    if not found:
        return _by_letters(text)
    _, prediction, target, node = min(found, key=lambda one: one[0])
    return prediction, target, node


def _by_letters(text: Text) -> tuple[s.Node, s.Node, s.Node] | None:
    """Where the text has no residual, as in X^T X w - X^T y: what the letters make of one."""
    data, weights, target = _parts(text)
    if data is None or weights is None or target is None or not text.dims(data):
        return None
    turned = text.dims(weights)[:1] != text.dims(data)[1:]
    product = (s.T(s.Name(weights)), s.Name(data)) if turned else (s.Name(data), s.Name(weights))
    goal = s.Name(target)
    return s.Mul(product), goal, s.Add((s.Mul(product), s.Neg(goal)))


def _is_bare(node: s.Node, wanted: set[str]) -> bool:
    inner = node.arg if isinstance(node, s.Neg) else node
    inner = inner.arg if isinstance(inner, s.T) else inner
    base = inner.base if isinstance(inner, s.Entry) else inner
    if not isinstance(base, s.Name) or base.id in wanted:
        return False
    _, accents, _, _ = spelling.split_key(base.id)
    return "hat" not in accents and base.id[:1].isalpha() and base.id not in ("b", "b_0", "beta_0", "theta_0")


def _speaks(node: s.Node, wanted: set[str]) -> bool:
    inside = s.names(node)
    return (
        bool(inside & wanted)
        or any("hat" in spelling.split_key(one)[1] for one in inside)
        or any(isinstance(one, s.At) for one in s.walk(node))
    )


def _free(text: Text, node: s.Node) -> list[str]:
    """The index that a residual of one sample carries."""
    sums = {one.index for one in s.walk(node) if isinstance(one, s.Sum)}
    found = [k.id for one in s.walk(node) if isinstance(one, s.Entry) for k in one.indices if isinstance(k, s.Name)]
    return [one for one in dict.fromkeys(found) if one not in sums and len(one) == 1]


def _range(text: Text, index: str) -> str:
    return text.uses.ends.get(index, "")


def _squared(text: Text, node: s.Node) -> tuple[str, str]:
    """The sum of the squares of a residual, and the number of samples."""
    node = _with_sums(node)
    free = _free(text, node)
    written = to_latex(node)
    if len(free) > 2:
        return "", ""
    if free:
        ends = [_range(text, one) or _size_of(text, node) for one in free]
        sums = "".join(rf"\sum_{{{one}=1}}^{{{end}}} " if end else rf"\sum_{{{one}}} " for one, end in zip(free, ends))
        return rf"{sums} \left({written}\right)^2", ends[0]
    dims: list[str] = []
    for term in node.terms if isinstance(node, s.Add) else ():
        plain = term.arg if isinstance(term, s.Neg) else term
        turned = isinstance(plain, s.T)
        name = plain.arg if isinstance(plain, s.T) else plain
        dims = dims or (_turned(text.dims(name.id), turned) if isinstance(name, s.Name) else [])
    if not dims:
        return rf"\left({written}\right)^2", ""
    size = dims[1] if dims[0] == "1" and len(dims) > 1 else dims[0]
    return (rf"\|{written}\|_F^2" if len(dims) == 2 and "1" not in dims else rf"\|{written}\|^2"), size


def _with_sums(node: s.Node) -> s.Node:
    """A residual with the sums that it leaves unwritten: over a letter that stands twice in one term alone."""
    if not isinstance(node, s.Add):
        return node
    held = [Counter(_letters(term)) for term in node.terms]
    terms = []
    for term, mine in zip(node.terms, held):
        for letter in sorted(
            one for one, times in mine.items() if times > 1 and sum(one in all_ for all_ in held) == 1
        ):
            inner = term.arg if isinstance(term, s.Neg) else term
            term = s.Neg(s.Sum(letter, inner)) if isinstance(term, s.Neg) else s.Sum(letter, inner)
        terms.append(term)
    return s.Add(tuple(terms))


def _letters(node: s.Node) -> list[str]:
    """The letters in the slots of entries that no sum binds."""
    sums = {one.index for one in s.walk(node) if isinstance(one, s.Sum)}
    entries = [one for one in s.walk(node) if isinstance(one, s.Entry)]
    found = [index.id for one in entries for index in one.indices if isinstance(index, s.Name)]
    return [one for one in found if one not in sums]


def _turned(dims: list[str], turned: bool) -> list[str]:
    """The dimensions of an array, or those of its transpose."""
    return (["1", *dims] if len(dims) == 1 else dims[::-1]) if turned and dims else dims


def _size_of(text: Text, node: s.Node) -> str:
    entries = [one for one in s.walk(node) if isinstance(one, s.Entry) and isinstance(one.base, s.Name)]
    return next((text.dims(one.base.id)[0] for one in entries if text.dims(one.base.id)), "")  # type: ignore[attr-defined]


def _likelihood(text: Text, prediction: s.Node, target: s.Node, node: s.Node) -> Iterator[str]:
    """The cross-entropy of a prediction between 0 and 1."""
    p, t = to_latex(prediction), to_latex(target)
    free = _free(text, node)
    if free:
        end = _range(text, free[0]) or _size_of(text, node)
        sums = rf"\sum_{{{free[0]}=1}}^{{{end}}}" if end else rf"\sum_{{{free[0]}}}"
        yield rf"-{sums} \left({t} \log({p}) + (1 - {t}) \log(1 - ({p}))\right)"
    elif isinstance(target, s.Name) and text.dims(target.id):
        one = rf"\mathbf 1_{{{text.dims(target.id)[0]}}}"
        yield rf"-\left({t}^\top \log({p}) + ({one} - {t})^\top \log({one} - {p})\right)"
    else:
        yield rf"-{t} \log({p}) - (1 - {t}) \log(1 - ({p}))"
