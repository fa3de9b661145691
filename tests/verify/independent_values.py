"""The independent judge computes: a tree has a value at sizes that all differ, with numpy and nothing of the prover."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.verify.independent_reading import Definition, Node, Reader, Table
from tests.verify.independent_tokens import NotRead

STEP = 1e-20


class Misfit(Exception):
    """Shapes or ranges do not fit together."""


class Singular(Exception):
    """Something to be inverted has no inverse here, or a logarithm no value: other values are drawn."""


class NeedsReal(Exception):
    """A derivative inside of a derivative: the outer one is taken by differences of real values."""


@dataclass
class Choices:
    """Sizes that the text leaves open, tried one after the other: each is fixed when it is first asked for."""

    sizes: tuple[int, ...]
    order: list[Any] = field(default_factory=list)
    chosen: dict[Any, int] = field(default_factory=dict)

    def of(self, key: Any) -> int:
        if key not in self.chosen:
            self.order.append(key)
            self.chosen[key] = 0
        return self.sizes[self.chosen[key]]

    def next(self) -> bool:
        """The next combination, the last choice first; False after the last."""
        while self.order:
            last = self.order[-1]
            self.chosen[last] += 1
            if self.chosen[last] < len(self.sizes):
                return True
            self.order.pop()
            del self.chosen[last]
        return False


@dataclass(frozen=True)
class Place:
    """The value of an index: its position from 0, how far its range goes, and whether it is counted from 0."""

    at: int
    extent: int
    from_zero: bool = False


@dataclass(frozen=True)
class Point:
    """Where a tree is evaluated."""

    table: Table
    sizes: dict[str, int]
    values: dict[str, Any]
    choices: Choices
    places: dict[str, Place] = field(default_factory=dict)
    directions: dict[str, Any] = field(default_factory=dict)
    stepped: bool = False

    def at(self, **places: Place) -> Point:
        return replace(self, places={**self.places, **places})

    def with_value(self, key: str, value: Any, stepped: bool | None = None) -> Point:
        return replace(self, values={**self.values, key: value}, stepped=self.stepped if stepped is None else stepped)


def is_zero(node: Node) -> bool:
    if node.kind == "group":
        return is_zero(node.parts[0])
    if node.kind == "add":
        return all(is_zero(one) for one in node.parts[1])
    return (node.kind == "num" and node.parts[0] == 0) or (node.kind == "const" and node.parts == ("0", ()))


def tidy(value: Any) -> Any:
    return value.reshape(-1)[0] if isinstance(value, np.ndarray) and value.size == 1 else value


def is_scalar(value: Any) -> bool:
    return not isinstance(value, np.ndarray)


def value(node: Node, point: Point) -> Any:
    """The value of a tree: a number, or an array with rows and columns."""
    return tidy(globals()["_" + node.kind](node, point))


def free_letters(node: Node, bound: frozenset[str] = frozenset()) -> set[str]:
    """The index letters that a tree leaves free."""
    found: set[str] = set()
    if node.kind in ("index", "entry"):
        found |= {one for one in node.parts[1] if one.isalpha()}
    if node.kind == "delta":
        found |= {one for one in node.parts if one.isalpha()}
    if node.kind == "deriv":
        found |= {one for _, indices, _ in node.parts[0] for one in indices if one.isalpha()}
    if node.kind == "unless":
        found |= {one for one in node.parts[:2] if one.isalpha()}
    for one in node:
        found |= free_letters(one)
    if node.kind == "sum":
        letters = node.parts[0] if node.parts[0] != (None,) else bare_letter(node)
        found -= set(letters)
    return found - bound


def bare_letter(node: Node) -> tuple[str, ...]:
    letters = free_letters(node.parts[3])
    if len(letters) != 1:
        raise NotRead("a sum without an index, over terms with none or with several")
    return tuple(letters)


# ---------------------------------------------------------------------- leaves


def _num(node: Node, point: Point) -> Any:
    return node.parts[0]


def _size(node: Node, point: Point) -> Any:
    return float(point.sizes[node.parts[0]])


def _indexnumber(node: Node, point: Point) -> Any:
    place = point.places.get(node.parts[0])
    if place is None:
        raise NotRead("an index as a number")
    return float(place.at + (not place.from_zero))


def _const(node: Node, point: Point) -> Any:
    text, size = node.parts
    if size:
        dims = [int(one) if one.isdigit() else point.sizes[one] for one in size]
    elif text == "0":
        return 0.0
    else:
        dims = [point.choices.of(("const", id(node)))]
    if text == "I":
        if len(dims) > 1 and dims[0] != dims[1]:
            raise Misfit("an identity that is not square")
        return np.eye(dims[0])
    filled = np.ones if text == "1" else np.zeros
    return filled((dims[0], dims[1] if len(dims) > 1 else 1))


def _delta(node: Node, point: Point) -> Any:
    one, two = (place_of(letter, point) for letter in node.parts)
    if one.extent and two.extent and one.extent != two.extent:
        raise Misfit("a delta between different ranges")
    return float(one.at == two.at)


def place_of(letter: str, point: Point) -> Place:
    if letter.isdigit():
        if letter == "0":
            raise NotRead("an index 0")
        return Place(int(letter) - 1, 0)
    if letter not in point.places:
        raise NotRead(f"the index {letter} is bound nowhere")
    return point.places[letter]


def body_of(key: str, point: Point) -> tuple[Definition, Node]:
    definition = point.table.definitions[key]
    if definition.node is None:
        inner = Table(**{**point.table.__dict__, "shapes": dict(point.table.shapes)})
        for one in definition.params:
            inner.shapes.setdefault(one, ("?", "?"))
        reader = Reader(definition.toks, inner)
        reader.bound = list(definition.indices)
        definition.node = reader.whole()
    return definition, definition.node


def _name(node: Node, point: Point) -> Any:
    key = node.parts[0]
    if key in point.values:
        return point.values[key]
    if key not in point.table.definitions:
        raise NotRead(f"{key} has no value")
    definition, body = body_of(key, point)
    if definition.indices and key in point.table.shapes:
        return of_entries(key, definition, body, point)
    if definition.indices:
        raise NotRead("an entrywise name without its index")
    if any(one not in point.values and one not in point.table.definitions for one in definition.params):
        raise NotRead(f"{key} without its argument")
    return value(body, replace(point, places={}))


def of_entries(key: str, definition: Definition, body: Node, point: Point) -> Any:
    """An array that is defined entry by entry."""
    rows, cols = (int(one) if one.isdigit() else point.sizes[one] for one in point.table.shapes[key])
    if len(definition.indices) != (1 if 1 in (rows, cols) else 2):
        raise NotRead("an array defined by its rows")

    def entry(i: int, j: int) -> Any:
        both = (Place(i, rows), Place(j, cols)) if len(definition.indices) == 2 else (Place(i + j, rows * cols),)
        return value(body, replace(point, places=dict(zip(definition.indices, both, strict=True))))

    return np.array([[entry(i, j) for j in range(cols)] for i in range(rows)])


def _entry(node: Node, point: Point) -> Any:
    key, letters = node.parts
    definition, body = body_of(key, point)
    places = {name: place_of(letter, point) for name, letter in zip(definition.indices, letters, strict=True)}
    return value(body, replace(point, places=places))


def primitives(key: str, point: Point, seen: frozenset[str] = frozenset()) -> set[str]:
    """The undefined names below a name."""
    if key not in point.table.definitions or key in seen:
        return {key}
    _, body = body_of(key, point)
    return set().union(*[primitives(one, point, seen | {key}) | {one} for one in names(body)] or [set()])


def names(node: Node) -> Iterator[str]:
    if node.kind in ("name", "entry", "apply", "fprime"):
        yield node.parts[0]
    for one in node:
        yield from names(one)


def _apply(node: Node, point: Point) -> Any:
    key, arguments = node.parts
    definition, body = body_of(key, point)
    if not definition.params:
        below = primitives(key, point)
        for one in arguments:
            if one.kind != "name" or one.parts[0] not in below:
                raise NotRead(f"{key} of something that it does not rest on")
        return value(Node("name", (key,)), point)
    if len(arguments) != len(definition.params):
        raise NotRead(f"{key} with another number of arguments")
    if key in point.values:
        if all(one.kind == "name" and one.parts[0] == name for one, name in zip(arguments, definition.params)):
            return point.values[key]
        raise NotRead("a function that is varied, at another place")
    given = {name: value(one, point) for name, one in zip(definition.params, arguments, strict=True)}
    return value(body, replace(point, values={**point.values, **given}, places={}))


def _fprime(node: Node, point: Point) -> Any:
    key, arguments, order = node.parts
    definition, body = body_of(key, point)
    if len(arguments) != 1 or len(definition.params) != 1 or order > 2:
        raise NotRead("a prime at a function of several arguments")
    start = value(arguments[0], point)
    if not is_scalar(start):
        raise NotRead("a prime at a function of a vector")
    inner = replace(point, places={})
    name = definition.params[0]

    def at(shift: Any, stepped: bool) -> Any:
        return value(body, inner.with_value(name, start + shift, stepped))

    if point.stepped:
        raise NeedsReal
    if order == 1:
        return slope(at)
    far, near = (at(h, False) + at(-h, False) for h in (2e-3, 1e-3))
    return (16 * near - far - 30 * at(0, False)) / 12e-6


# ---------------------------------------------------------------------- arithmetic


def _group(node: Node, point: Point) -> Any:
    return value(node.parts[0], point)


def _add(node: Node, point: Point) -> Any:
    signs, terms = node.parts
    total = None
    for sign, term in zip(signs, terms, strict=True):
        if is_zero(term):
            continue
        one = sign * value(term, point)
        if total is not None and np.shape(one) != np.shape(total):
            if any(node.kind == "num" for node in terms) and 1 in (*np.shape(one), *np.shape(total)):
                raise NotRead("a number beside a column, which may stand in each entry")
            raise Misfit("terms of different shapes")
        total = one if total is None else total + one
    return 0.0 if total is None else total


def times(left: Any, right: Any) -> Any:
    if is_scalar(left) or is_scalar(right):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise Misfit("factors that do not fit")
    return tidy(left @ right)


def _mul(node: Node, point: Point) -> Any:
    return times(value(node.parts[0], point), value(node.parts[1], point))


_star = _mul


def _dot(node: Node, point: Point) -> Any:
    left, right = (value(one, point) for one in node.parts)
    if not is_scalar(left) and not is_scalar(right) and left.shape == right.shape and left.shape[1] == 1:
        return (left * right).sum()
    return times(left, right)


def _same(node: Node, point: Point) -> tuple[Any, Any]:
    left, right = (value(one, point) for one in node.parts)
    if np.shape(left) != np.shape(right):
        raise Misfit("an entrywise product of different shapes")
    return left, right


def _had(node: Node, point: Point) -> Any:
    left, right = _same(node, point)
    return left * right


def _entrywise(node: Node, point: Point) -> Any:
    """NumPy's star."""
    left, right = (value(one, point) for one in node.parts)
    if not is_scalar(left) and not is_scalar(right) and left.shape != right.shape:
        raise Misfit("an entrywise product of different shapes")
    return left * right


def _powers(node: Node, point: Point) -> Any:
    """NumPy's two stars: entry by entry."""
    base, power = (value(one, point) for one in node.parts)
    if not is_scalar(power) or power != int(power.real):
        raise NotRead("another power")
    return base ** int(power.real)


def _frob(node: Node, point: Point) -> Any:
    left, right = _same(node, point)
    return np.sum(left * right)


def _kron(node: Node, point: Point) -> Any:
    left, right = (value(one, point) for one in node.parts)
    return np.kron(left, right)


def _div(node: Node, point: Point) -> Any:
    above, below = (value(one, point) for one in node.parts)
    if not is_scalar(below):
        raise Misfit("a division by a matrix")
    if abs(below) < 1e-9:
        raise Singular
    return above / below


def _pow(node: Node, point: Point) -> Any:
    base, power = (value(one, point) for one in node.parts)
    if not is_scalar(power):
        raise Misfit("a power that is no number")
    if is_scalar(base):
        if isinstance(base, (complex, np.complexfloating)) or power == int(power.real):
            return base ** (int(power.real) if power == int(power.real) and power.imag == 0 else power)
        if base < 0:
            raise Singular
        return base**power
    if base.shape[0] != base.shape[1]:
        raise Misfit("a power of what is not square")
    if power != int(power.real):
        raise NotRead("a matrix to another power")
    if power.real < 0 and np.linalg.cond(base.real) > 1e5:
        raise Singular
    return np.linalg.matrix_power(base, int(power.real))


def _T(node: Node, point: Point) -> Any:
    inner = value(node.parts[0], point)
    return inner if is_scalar(inner) else inner.T


def _inv(node: Node, point: Point) -> Any:
    inner = value(node.parts[0], point)
    if is_scalar(inner):
        if abs(inner) < 1e-9:
            raise Singular
        return 1 / inner
    if inner.shape[0] != inner.shape[1]:
        raise Misfit("an inverse of what is not square")
    if np.linalg.cond(inner.real) > 1e5:
        raise Singular
    return np.linalg.inv(inner)


def _norm(node: Node, point: Point) -> Any:
    kind, inner = node.parts[0], value(node.parts[1], point)
    if kind == "1":
        return np.sum(inner * np.sign(np.real(inner)))
    if kind == "2" and not is_scalar(inner) and 1 not in inner.shape:
        raise NotRead("the spectral norm")
    return np.sqrt(np.sum(inner * inner))


def _bar(node: Node, point: Point) -> Any:
    inner = value(node.parts[0], point)
    if is_scalar(inner):
        return inner * np.sign(np.real(inner))
    return determinant(inner)


def determinant(inner: Any) -> Any:
    if is_scalar(inner):
        return inner
    if inner.shape[0] != inner.shape[1]:
        raise Misfit("a determinant of what is not square")
    return np.linalg.det(inner)


def logarithm(inner: Any) -> Any:
    if np.any(np.real(inner) <= 0):
        raise Singular
    return np.log(inner)


def diagonal(inner: Any) -> Any:
    if is_scalar(inner):
        return inner
    if inner.shape[1] == 1:
        return np.diag(inner[:, 0])
    if inner.shape[0] != inner.shape[1]:
        raise Misfit("the diagonal of what is not square")
    return np.diag(inner).reshape(-1, 1)


def trace(inner: Any) -> Any:
    if is_scalar(inner):
        return inner
    if inner.shape[0] != inner.shape[1]:
        raise Misfit("a trace of what is not square")
    return np.trace(inner)


def sigmoid(inner: Any) -> Any:
    return 1 / (1 + np.exp(-inner))


def root(inner: Any) -> Any:
    if np.any(np.real(inner) < 0):
        raise Singular
    return np.sqrt(inner)


_CALLS: dict[str, Callable[[Any], Any]] = {
    "tr": trace, "det": determinant, "log": logarithm, "exp": np.exp, "tanh": np.tanh, "sigmoid": sigmoid, "sqrt": root,
    "diag": diagonal, "logdet": lambda one: logarithm(determinant(one)),
    "vec": lambda one: one if is_scalar(one) else one.reshape(-1, 1, order="F"),
    "rvec": lambda one: one if is_scalar(one) else one.reshape(-1, 1), "total": np.sum, "mean": np.mean,
    "sigmoidprime": lambda one: sigmoid(one) * (1 - sigmoid(one)),
}  # fmt: skip


def _call(node: Node, point: Point) -> Any:
    return _CALLS[node.parts[0]](value(node.parts[1], point))


def _shaped(node: Node, point: Point) -> Any:
    inner = value(node.parts[0], point)
    said = []
    for text in node.parts[1:]:
        if not text.isdigit() and text not in point.sizes:
            raise NotRead("a label of another kind")
        said.append(int(text) if text.isdigit() else point.sizes[text])
    if (np.shape(inner) or (1, 1)) != tuple(said):
        raise Misfit("a shape that is said to be another")
    return inner


def _matrix(node: Node, point: Point) -> Any:
    rows, is_determinant = node.parts
    cells: list[list[Any]] = [
        [None if is_zero(one) else np.atleast_2d(value(one, point)) for one in row] for row in rows
    ]
    heights = [next((one.shape[0] for one in row if one is not None), 1) for row in cells]
    widths = [next((row[k].shape[1] for row in cells if row[k] is not None), 1) for k in range(len(cells[0]))]
    for row, height in zip(cells, heights, strict=True):
        for k, width in enumerate(widths):
            if row[k] is None:
                row[k] = np.zeros((height, width))
            elif row[k].shape != (height, width):
                raise Misfit("blocks that do not fit")
    whole: Any = np.block(cells)
    return determinant(whole) if is_determinant else whole


# ---------------------------------------------------------------------- indices and sums


def _index(node: Node, point: Point) -> Any:
    inner = value(node.parts[0], point)
    if is_scalar(inner):
        raise Misfit("an index at a number")
    letters = node.parts[1]
    if len(letters) == 1:
        if 1 in inner.shape:
            return inner.reshape(-1)[within(letters[0], inner.size, point)]
        return inner[within(letters[0], inner.shape[0], point), :].reshape(-1, 1)
    if 1 in inner.shape and ":" not in letters:
        raise Misfit("two indices at a vector")
    rows, cols = (
        slice(None) if letter == ":" else within(letter, inner.shape[k], point) for k, letter in enumerate(letters)
    )
    if isinstance(rows, slice) and isinstance(cols, slice):
        return inner
    part = inner[rows, cols]
    if isinstance(cols, slice):
        return part.reshape(1, -1)
    return part.reshape(-1, 1) if isinstance(rows, slice) else part


def within(letter: str, extent: int, point: Point) -> int:
    place = place_of(letter, point)
    if (place.extent and place.extent != extent) or place.at >= extent:
        raise Misfit(f"the index {letter} runs over something else")
    return place.at


def whole_number(node: Node, point: Point) -> int:
    found = value(node, point)
    if not is_scalar(found) or found != int(found.real):
        raise NotRead("a range that is no number")
    return int(found.real)


def _sum(node: Node, point: Point) -> Any:
    letters, first, top, body = node.parts
    if letters == (None,):
        letters = bare_letter(node)
    return total(list(letters), first, top, body, node, point)


def total(letters: list[str], first: Any, top: Any, body: Node, node: Node, point: Point) -> Any:
    if not letters:
        return value(body, point)
    letter = letters[0]
    start = whole_number(first, point) if first is not None else 1
    if start not in (0, 1, 2):
        raise NotRead("a range that begins elsewhere")
    if top is None:
        if start != 1:
            raise NotRead("a range without an end")
        extent = point.choices.of(("sum", id(node), letter))
    else:
        extent = whole_number(top, point) + (start == 0)
    found = None
    for at in range(1 if start == 2 else 0, extent):
        one = total(letters[1:], None, None, body, node, point.at(**{letter: Place(at, extent, start == 0)}))
        if found is not None and np.shape(found) != np.shape(one):
            raise Misfit("terms of different shapes")
        found = one if found is None else found + one
    if found is None:
        raise NotRead("an empty sum")
    return found


def _unless(node: Node, point: Point) -> Any:
    one, two, body = node.parts
    inner = value(body, point)
    return inner * 0 if place_of(one, point).at == place_of(two, point).at else inner


# ---------------------------------------------------------------------- derivatives


def slope(at: Callable[[Any, bool], Any]) -> Any:
    """The derivative at 0 of ``at``: by a complex step, or by differences where a derivative stands inside."""
    try:
        return np.imag(at(1j * STEP, True)) / STEP
    except NeedsReal:
        h = 1e-3
        return (at(-2 * h, False) - 8 * at(-h, False) + 8 * at(h, False) - at(2 * h, False)) / (12 * h)


def _diff(node: Node, point: Point) -> Any:
    if not point.directions:
        raise NotRead("a differential of nothing that varies")
    if point.stepped:
        raise NeedsReal

    def at(shift: Any, stepped: bool) -> Any:
        moved = {key: point.values[key] + shift * one for key, one in point.directions.items()}
        return value(node.parts[0], replace(point, values={**point.values, **moved}, stepped=stepped))

    return slope(at)


def _deriv(node: Node, point: Point) -> Any:
    variables, body = node.parts
    if len(variables) == 2:
        return second(variables, body, point)
    if point.stepped:
        raise NeedsReal
    key, indices, by_vec = variables[0]
    start = value(Node("name", (key,)), point) if key not in point.values else point.values[key]
    if key in point.table.symmetric:
        raise NotRead("a derivative by a symmetric matrix")

    def along(direction: Any) -> Any:
        return slope(lambda shift, stepped: value(body, point.with_value(key, start + shift * direction, stepped)))

    if is_scalar(start):
        if indices:
            raise Misfit("an index at a number")
        return along(1.0)
    if indices:
        return along(unit(start, indices, point))
    parts = [along(one) for one in units(start)]
    return gathered(parts, start, by_vec, point)


def unit(start: Any, letters: Any, point: Point) -> Any:
    direction = np.zeros(start.shape)
    if ":" in letters:
        raise NotRead("a derivative by a row or a column")
    if len(letters) == 1:
        if 1 not in start.shape:
            raise NotRead("a derivative by a row")
        direction.reshape(-1)[within(letters[0], start.size, point)] = 1
    else:
        if 1 in start.shape:
            raise Misfit("two indices at a vector")
        direction[within(letters[0], start.shape[0], point), within(letters[1], start.shape[1], point)] = 1
    return direction


def units(start: Any) -> Iterator[Any]:
    """The directions of the entries, column by column."""
    for k in range(start.size):
        direction = np.zeros(start.size)
        direction[k] = 1
        yield direction.reshape(start.shape, order="F")


def gathered(parts: list[Any], start: Any, by_vec: bool, point: Point) -> Any:
    layout = point.table.layout
    if all(is_scalar(one) for one in parts):
        gradient = np.array(parts).reshape(start.shape, order="F")
        if by_vec:
            return gradient.reshape(-1, 1, order="F")
        return gradient.T if layout == "jacobian" and start.shape[1] == 1 else gradient
    if parts[0].shape[1] != 1 or (start.shape[1] != 1 and not by_vec):
        raise NotRead("a derivative of a matrix or by one")
    jacobian = np.hstack(parts)
    return jacobian.T if layout == "denominator" else jacobian


def second(variables: Any, body: Node, point: Point) -> Any:
    """A Hessian, or a second derivative by numbers or entries."""
    (one, first, _), (two, other, _) = variables
    if bool(first) != bool(other):
        raise NotRead("a second derivative by an entry and a whole")
    if one != two and not first:
        start, last = point.values.get(one), point.values.get(two)
        if start is not None and last is not None and not (is_scalar(start) and is_scalar(last)):
            raise NotRead("a mixed second derivative by vectors")
    inner = Node("deriv", ((variables[1],), body))
    outer = Node("deriv", ((variables[0],), inner))
    if point.table.layout != "gradient":
        outer = Node("deriv", ((variables[0],), Node("T", (inner,))))
    return value(outer, point)
