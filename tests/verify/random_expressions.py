"""Random well-typed expressions of the polynomial fragment, as hypothesis strategies."""

from hypothesis import strategies as st

from lrcore.verify.terms import syntax as s

SHAPES = {
    "A": ("n", "n"),
    "S": ("n", "n"),
    "P": ("n", "m"),
    "Q": ("m", "n"),
    "x": ("n",),
    "u": ("n",),
    "z": ("m",),
    "a": (),
    "c": (),
}
_LEAVES: dict[tuple[str, str], list[str]] = {}
for _name, _shape in SHAPES.items():
    _LEAVES.setdefault((tuple(_shape) + ("1", "1"))[:2], []).append(_name)
DIMS = ["n", "m", "1"]


def expressions(rows="1", cols="1", depth=3):
    """Trees of this shape and at most this depth."""
    leaf = _leaf(rows, cols)
    if depth == 0:
        return leaf
    smaller = lambda r, k: expressions(r, k, depth - 1)  # noqa: E731
    options = [
        leaf,
        st.builds(lambda a, b: s.Add((a, b)), smaller(rows, cols), smaller(rows, cols)),
        st.builds(lambda a, b: s.Add((a, s.Neg(b))), smaller(rows, cols), smaller(rows, cols)),
        st.builds(s.T, smaller(cols, rows)),
        st.builds(lambda a, b: s.Mul((a, b)), smaller("1", "1"), smaller(rows, cols)),
        st.sampled_from(DIMS).flatmap(
            lambda k: st.builds(lambda a, b: s.Mul((a, b)), smaller(rows, k), smaller(k, cols))
        ),
        st.builds(s.Had, smaller(rows, cols), smaller(rows, cols)),
    ]
    if (rows, cols) == ("1", "1"):
        options += _numbers(smaller)
    return st.one_of(options)


def _numbers(smaller):
    square = st.sampled_from(["n", "m"])
    return [
        square.flatmap(lambda k: st.builds(lambda a: s.Call("tr", (a,)), smaller(k, k))),
        square.flatmap(lambda k: st.builds(lambda a: s.Call("norm2", (a,)), smaller(k, "1"))),
        st.builds(lambda a: s.Call("total", (a,)), smaller("n", "m")),
        st.builds(lambda a: s.Pow(a, s.num(2)), smaller("1", "1")),
        st.builds(lambda a: s.Div(a, s.Name("n")), smaller("1", "1")),
    ]


def _leaf(rows, cols):
    names = [s.Name(name) for name in _LEAVES.get((rows, cols), [])]
    names += [s.T(s.Name(name)) for name in _LEAVES.get((cols, rows), []) if rows != cols]
    if rows == cols == "1":
        names += [s.num(2), s.num(-1), s.Name("n"), s.Name("m")]
    elif rows == cols:
        names.append(s.Special("eye", (s.Name(rows),)))
    names.append(s.Special("ones", (_size(rows), _size(cols))) if (rows, cols) != ("1", "1") else s.num(3))
    return st.sampled_from(names)


def _size(name):
    return s.ONE if name == "1" else s.Name(name)


class Written:
    """Random expressions with inverses, determinants, logarithms, roots and absolute values, as NumPy-like text.

    ``numbers`` and ``matrices`` are what they are made from.
    """

    NUMBERS = ("a", "c", "2", "3", "n", "(x.T@x)", "(u.T@A@x)")
    MATRICES = ("A", "S", "P@Q", "eye(n)")

    def __init__(self, rng, numbers=NUMBERS, matrices=MATRICES):
        self.rng, self.numbers, self.matrices = rng, numbers, matrices

    def number(self, depth):
        if depth == 0:
            return self.rng.choice(self.numbers)
        one, two = (lambda: self.number(depth - 1)), (lambda: self.matrix(depth - 1))
        return self.rng.choice(
            [
                lambda: f"({one()} + {one()})",
                lambda: f"({one()} - {one()})",
                lambda: f"{one()}*{one()}",
                lambda: f"({one()})/({one()})",
                lambda: f"({one()})**2",
                lambda: f"log({one()})",
                lambda: f"log(abs({one()}))",
                lambda: f"sqrt({one()})",
                lambda: f"abs({one()})",
                lambda: f"exp(log({one()})/2)",
                lambda: f"exp(log(abs({one()})) + log({one()}))",
                lambda: f"tr({two()})",
                lambda: f"det({two()})",
                lambda: f"(u.T@({two()})@x)",
            ]
        )()

    def matrix(self, depth):
        if depth == 0:
            return self.rng.choice(self.matrices)
        one, two = (lambda: self.matrix(depth - 1)), (lambda: self.number(depth - 1))
        return self.rng.choice(
            [
                lambda: f"({one()} + {one()})",
                lambda: f"{one()}@{one()}",
                lambda: f"({one()}).T",
                lambda: f"inv({one()})",
                lambda: f"({two()})*{one()}",
            ]
        )()
