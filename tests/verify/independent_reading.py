r"""The independent judge reads, second part: tokens become a tree, and what is not known is not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.verify.independent_tokens import ACCENTS, BOLD, END, GREEK, UPRIGHT, NotRead, Tok, group, tokens

FUNCTIONS = {
    "tr": "tr", "trace": "tr", "Tr": "tr", "det": "det", "log": "log", "ln": "log", "exp": "exp", "vec": "vec",
    "diag": "diag", "tanh": "tanh", "sigmoid": "sigmoid", "logdet": "logdet", "sum": "total",
}  # fmt: skip
MATRICES = {"bmatrix", "pmatrix", "vmatrix", "matrix", "smallmatrix"}
DUMMY = "ξ"  # the index of a sum that was written with dots
STOP_WORDS = {"cdot", "times", "odot", "otimes", "circ", "rangle", "quad", "mid", "|", "}", "\\", "end", "hadamard"}


@dataclass(frozen=True, eq=False)
class Node:
    """One node of the tree; two nodes are the same only if they stand at the same place."""

    kind: str
    parts: tuple[Any, ...] = ()

    def __iter__(self) -> Any:
        for part in self.parts:
            if isinstance(part, Node):
                yield part
            elif isinstance(part, tuple):
                yield from (one for one in part if isinstance(one, Node))


@dataclass
class Definition:
    """What a name is short for: ``params`` are those of a function, ``indices`` those of an entrywise definition."""

    toks: list[Tok]
    params: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    node: Node | None = None


@dataclass
class Table:
    """What is declared: shapes as pairs of sizes, definitions, letters that are sizes."""

    shapes: dict[str, tuple[str, str]] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    symmetric: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    macros: dict[str, str] = field(default_factory=dict)
    layout: str = "gradient"
    constants: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        return key in self.shapes or key in self.definitions


def flat(toks: list[Tok]) -> str:
    """A script as plain characters: ``_{\text{ridge}}`` is ``ridge``."""
    skipped = BOLD | UPRIGHT | {"text", "{", "}"}
    return "".join(one.text for one in toks if one.text not in skipped)


class Reader:
    """Recursive descent over the tokens of one side."""

    def __init__(self, toks: list[Tok], table: Table) -> None:
        self.toks, self.table, self.at = toks, table, 0
        self.single_bars = self.double_bars = 0
        self.bound: list[str] = []

    # ------------------------------------------------------------------ tokens

    def peek(self, ahead: int = 0) -> Tok:
        return self.toks[self.at + ahead] if self.at + ahead < len(self.toks) else END

    def take(self) -> Tok:
        one = self.peek()
        self.at += 1
        return one

    def is_op(self, *texts: str, ahead: int = 0) -> bool:
        one = self.peek(ahead)
        return one.kind == "op" and one.text in texts

    def is_cmd(self, *texts: str, ahead: int = 0) -> bool:
        one = self.peek(ahead)
        return one.kind == "cmd" and one.text in texts

    def expect(self, text: str) -> None:
        if self.take().text != text:
            raise NotRead(f"{text} is missing")

    def group(self) -> list[Tok]:
        inner, self.at = group(self.toks, self.at)
        return inner

    def inside(self, toks: list[Tok]) -> Node:
        if not toks:
            raise NotRead("an empty group")
        other = Reader(toks, self.table)
        other.bound = self.bound
        return other.whole()

    def whole(self) -> Node:
        node = self.expression()
        if self.peek() is not END:
            raise NotRead(f"{self.peek().text!r} is left over")
        return node

    # ------------------------------------------------------------------ sums and products

    def expression(self) -> Node:
        elided = self.elided()
        if elided is not None:
            return elided
        terms, signs = [], []
        sign = 1
        while self.is_op("+", "-"):
            sign *= -1 if self.take().text == "-" else 1
        while True:
            terms.append(self.term())
            signs.append(sign)
            if not self.is_op("+", "-"):
                break
            sign = -1 if self.take().text == "-" else 1
            while self.is_op("+", "-"):
                sign *= -1 if self.take().text == "-" else 1
        return Node("add", (tuple(signs), tuple(terms))) if len(terms) > 1 or signs[0] < 0 else terms[0]

    def elided(self) -> Node | None:
        r"""``x_1 + \dots + x_n`` as a sum: the terms at the dots differ in a number and a size alone."""
        end, depth, cuts, has_dots = self.at, 0, [self.at], False
        while end < len(self.toks):
            one = self.toks[end]
            depth += one.text in ("(", "[", "{", "begin", "langle")
            depth -= one.text in (")", "]", "}", "end", "rangle")
            if depth < 0 or (depth == 0 and one.kind == "op" and one.text in ",;|"):
                break
            if depth == 0 and one.kind == "op" and one.text in "+-":
                cuts.append(end)
            has_dots |= depth == 0 and one.kind == "cmd" and one.text == "dots"
            end += 1
        if not has_dots or self.single_bars or self.double_bars:
            return None
        signs, terms = [], []
        for start, stop in zip(cuts, [*cuts[1:], end], strict=True):
            sign = self.toks[start].text if self.toks[start].kind == "op" and self.toks[start].text in "+-" else ""
            toks = self.toks[start + bool(sign) : stop]
            if toks or sign:
                signs.append(-1 if sign == "-" else 1)
                terms.append(toks)
        at = next((k for k, one in enumerate(terms) if [t.text for t in one] == ["dots"]), 0)
        if not 0 < at < len(terms) - 1 or len({*signs[at - 1 : at + 2]}) > 1:
            raise NotRead("dots whose neighbours are not terms")
        sum_ = self.between(terms[at - 1], terms[at + 1])
        if at > 1:
            self.follows(terms[at - 2], terms[at - 1], sum_.parts[1].parts[0])
        self.at = end
        before, after = range(at - 1), range(at + 2, len(terms))
        nodes = [*(self.inside(terms[k]) for k in before), sum_, *(self.inside(terms[k]) for k in after)]
        kept = [*(signs[k] for k in before), signs[at], *(signs[k] for k in after)]
        return Node("add", (tuple(kept), tuple(nodes)))

    def between(self, first: list[Tok], last: list[Tok]) -> Node:
        differ = {(a.text, b.text) for a, b in zip(first, last) if a.text != b.text}
        if len(first) != len(last) or len(differ) != 1:
            raise NotRead("dots between terms that differ otherwise")
        ((low, high),) = differ
        if low not in ("1", "2") or high not in self.table.sizes:
            raise NotRead("dots between terms that differ otherwise")
        toks = [Tok("let", DUMMY, a.at) if a.text != b.text else a for a, b in zip(first, last, strict=True)]
        old = self.bound
        self.bound = [*old, DUMMY]
        body = self.inside(toks)
        self.bound = old
        return Node("sum", ((DUMMY,), Node("num", (float(low),)), Node("size", (high,)), body))

    def follows(self, before: list[Tok], first: list[Tok], low: float) -> None:
        """The term before the last one in front of the dots is the one with the number before."""
        differ = {(a.text, b.text) for a, b in zip(before, first) if a.text != b.text}
        if low == 2 and (len(before) != len(first) or differ != {("1", "2")}):
            raise NotRead("terms in front of the dots that follow another rule")

    def term(self) -> Node:
        left = self.product()
        mixed = set()
        while self.is_cmd("odot", "otimes", "circ", "hadamard") or self.is_op(":"):
            what = self.take().text
            mixed.add(what)
            if len(mixed) > 1:
                raise NotRead("two kinds of products without brackets")
            right = self.product()
            kind = {"otimes": "kron", ":": "frob"}.get(what, "had")
            left = Node(kind, (left, right))
        return left

    def product(self) -> Node:
        node = self.open_ended() or self.factor()
        slashed = False
        while True:
            if self.is_cmd("cdot", "times") or self.is_op("*"):
                what = self.take().text
                sign = bool(self.is_op("-")) and bool(self.take())
                right = self.open_ended() or self.factor()
                if sign:
                    raise NotRead("a sign after a product's dot")
                if right.kind == "num" and self.starts_factor():
                    right = Node("mul", (right, self.factor()))
                node = Node("dot" if what == "cdot" else "star", (node, right))
            elif self.is_op("/"):
                self.take()
                bracket = self.is_op("(", "[") or self.is_cmd("{")
                right = self.open_ended() or self.factor()
                node, slashed = Node("div", (node, right)), not bracket
            elif self.starts_factor():
                if slashed:
                    raise NotRead("how far does the slash reach")
                right = self.open_ended() or self.factor()
                node = Node("mul", (node, right))
            else:
                return node

    def starts_factor(self) -> bool:
        one = self.peek()
        if one.kind in ("let", "num"):
            return True
        if one.kind == "cmd":
            return one.text not in STOP_WORDS | {"le", "ge", "="} or (one.text == "|" and not self.double_bars)
        if one.kind == "op":
            if one.text == "|":
                return not (self.single_bars or self.double_bars)
            return one.text in "([{"
        return False

    def open_ended(self) -> Node | None:
        """What covers everything to its right in the same term: a sum, a derivative, a trace without brackets."""
        if self.is_cmd("sum"):
            return self.sum()
        if self.is_cmd("nabla"):
            return self.nabla()
        if self.is_cmd("partial") and self.is_op("_", ahead=1):
            self.at += 2
            return self.derivative_of(self.variables([self.group()], 1), 1)
        return self.slashed_derivative() or self.fraction_derivative()

    def rest(self) -> Node:
        if self.peek() is END or not (self.starts_factor() or self.is_op("-")):
            raise NotRead("nothing to take the sum or the derivative of")
        return self.term()

    def sum(self) -> Node:
        self.take()
        low: list[Tok] | None = None
        high: list[Tok] | None = None
        while self.is_op("_", "^"):
            if self.take().text == "_":
                if low is not None:
                    raise NotRead("two subscripts")
                low = self.group()
            else:
                high = self.group()
        if low is None:
            if high is not None:
                raise NotRead("a sum up to something and over nothing")
            return Node("sum", ((None,), None, None, self.rest()))
        letters, first, exclude = self.range(low)
        old = self.bound
        self.bound = [*old, *letters]
        body = self.rest()
        self.bound = old
        if (high is not None or first is not None) and len(letters) > 1:
            raise NotRead("a range for two indices")
        top = self.inside(high) if high is not None else None
        if exclude is not None:
            if exclude in letters:
                body = Node("unless", (letters[0], letters[1], body))
            else:
                body = Node("unless", (letters[0], exclude, body))
        return Node("sum", (tuple(letters), first, top, body))

    def range(self, toks: list[Tok]) -> tuple[list[str], Any, str | None]:
        toks = [one for k, one in enumerate(toks) if not (k and one.text == toks[k - 1].text == "=")]
        texts = [one.text for one in toks]
        letters = [one for one in texts if one != ","]
        if "=" in texts:
            if texts[1] != "=" or len(texts) < 3:
                raise NotRead("a range of another kind")
            return [texts[0]], self.inside(toks[2:]), None
        if len(texts) == 3 and texts[1] in ("neq", "\\neq"):
            letters = [texts[0]]
            if texts[2] not in self.bound:  # sum_{i != j}: over both, unless j is bound already
                letters = [texts[0], texts[2]]
            return letters, None, texts[2]
        if not all((one.kind == "let" and len(one.text) == 1) or one.text == "," for one in toks) or not letters:
            raise NotRead("a range of another kind")
        return letters, None, None

    # ------------------------------------------------------------------ derivatives

    def is_d(self, ahead: int = 0) -> bool:
        one = self.peek(ahead)
        if one.kind == "let" and one.text == "d":
            return not self.table.has("d") or self.in_fraction
        return one.kind == "cmd" and one.text == "partial"

    in_fraction = False

    def upright_d(self, toks: list[Tok]) -> list[Tok]:
        r"""``\mathrm d`` and ``\mathrm{d}`` as the letter."""
        out: list[Tok] = []
        at = 0
        while at < len(toks):
            if toks[at].kind == "cmd" and toks[at].text in ("mathrm", "rm", "operatorname"):
                try:
                    inner, after = group(toks, at + 1)
                except NotRead:
                    inner, after = [], at
                if [one.text for one in inner] == ["d"]:
                    out.append(inner[0])
                    at = after
                    continue
            out.append(toks[at])
            at += 1
        return out

    def fraction_derivative(self) -> Node | None:
        r"""``\frac{\partial}{\partial w} ...``: only where nothing stands above; else it is a factor."""
        if not self.is_cmd("frac"):
            return None
        before = self.at
        self.take()
        above, below = self.upright_d(self.group()), self.upright_d(self.group())
        parsed = self.derivative_parts(above, below)
        if parsed is None or parsed[0]:
            self.at = before
            return None
        return self.derivative_of(parsed[1], parsed[2])

    def derivative_parts(self, above: list[Tok], below: list[Tok]) -> tuple[list[Tok], list[Any], int] | None:
        if not above or not below or above[0].text not in ("d", "partial") or below[0].text != above[0].text:
            return None
        if above[0].kind not in ("let", "cmd") or len(below) < 2:
            return None
        mark, order, rest = above[0].text, 1, above[1:]
        if len(rest) > 1 and rest[0].text == "^" and rest[0].kind == "op":
            power, at = group(rest, 1)
            if [one.text for one in power] != ["2"]:
                raise NotRead("a derivative of another order")
            order, rest = 2, rest[at:]
        pieces: list[list[Tok]] = []
        depth = 0
        for one in below:
            depth += (one.text in "{(" and one.kind == "op") - (one.text in "})" and one.kind == "op")
            if one.text == mark and depth == 0:
                pieces.append([])
            else:
                pieces[-1].append(one)
        return rest, self.variables(pieces, order), order

    def variables(self, pieces: list[list[Tok]], order: int) -> list[Any]:
        """The variables of a derivative as (key, indices, by vec)."""
        found = []
        for piece in pieces:
            if order == 2 and len(pieces) == 1 and len(piece) > 2 and piece[-2].text == "^" and piece[-1].text == "2":
                found += [self.variable(piece[:-2])] * 2
            else:
                found.append(self.variable(piece))
        if order == 2 and len(found) == 1:
            found *= 2
        if len(found) != order:
            raise NotRead("a derivative of another order")
        return found

    def variable(self, toks: list[Tok]) -> Any:
        if not toks:
            raise NotRead("a derivative by nothing")
        node = Reader(toks, self.table).whole()
        while node.kind in ("T", "group"):
            node = node.parts[0]
        if node.kind == "call" and node.parts[0] == "vec":
            inner = node.parts[1].parts[0] if node.parts[1].kind == "group" else node.parts[1]
            if inner.kind == "name":
                return (inner.parts[0], (), True)
        if node.kind == "index" and node.parts[0].kind == "name":
            return (node.parts[0].parts[0], node.parts[1], False)
        if node.kind == "name":
            return (node.parts[0], (), False)
        raise NotRead("a derivative by something that is no name")

    def derivative_of(self, by: list[Any], order: int) -> Node:
        return Node("deriv", (tuple(by), self.rest()))

    def nabla(self) -> Node:
        self.take()
        order, by = 1, None
        while self.is_op("_", "^"):
            if self.take().text == "_":
                by = self.group()
            elif [one.text for one in self.group()] == ["2"]:
                order = 2
            else:
                raise NotRead("a power of nabla")
        if by is not None:
            return self.derivative_of(self.variables([by] * order, order), order)
        body = self.rest()
        if body.kind == "apply" and len(body.parts[1]) == 1 and body.parts[1][0].kind == "name":
            return Node("deriv", (((body.parts[1][0].parts[0], (), False),) * order, body))
        raise NotRead("a gradient by nothing")

    def slashed_derivative(self) -> Node | None:
        r"""``\partial L/\partial w``, ``dL/dw``, ``d/dx(...)``."""
        if not self.is_d():
            return None
        mark, end = self.peek().text, self.at + 1
        while end < len(self.toks) and not (self.toks[end].kind == "op" and self.toks[end].text in "/+-=()"):
            end += 1
        if not (end + 1 < len(self.toks) and self.toks[end].text == "/" and self.toks[end + 1].text == mark):
            return None
        above = self.toks[self.at + 1 : end]
        self.at = end + 2
        start = self.at
        self.factor()
        by = self.variables([self.toks[start : self.at]], 1)
        if not above:
            return self.derivative_of(by, 1)
        return Node("deriv", (tuple(by), self.inside(above)))

    # ------------------------------------------------------------------ factors and scripts

    def factor(self) -> Node:
        node = self.atom()
        while True:
            if self.is_op("^"):
                self.take()
                node = self.power(node, self.exponent())
            elif self.is_op("'"):
                self.take()
                node = Node("T", (node,))
            elif self.is_op("_"):
                self.take()
                node = self.subscript(node, self.group())
            elif self.is_op("!"):
                raise NotRead("a factorial")
            else:
                return node

    def exponent(self) -> list[Tok]:
        if self.is_op("-") and self.peek(1).kind == "num":  # (X^TX)^-1, which TeX sets otherwise
            return [self.take(), self.take()]
        one = self.peek()
        if one.kind == "cmd" and one.text in UPRIGHT | BOLD:
            self.take()
            return self.group()
        if one.kind == "cmd" and one.text in ("frac", "sqrt"):
            raise NotRead("an exponent without braces")
        return self.group()

    def power(self, node: Node, toks: list[Tok]) -> Node:
        text = flat(toks)
        if text in ("T", "top", "'", "prime"):
            return Node("T", (node,))
        if text in ("-T", "-top"):
            return Node("T", (Node("inv", (node,)),))
        if text == "-1":
            return Node("inv", (node,))
        if text.startswith("(") and text[-1:] in (")", "T") and len(text) <= 4 and text[1:2].isalpha():
            if text[2:] not in (")", ")T"):
                raise NotRead("an upper index of another kind")
            if node.kind == "index" and len(node.parts[1]) == 1:
                row = Node("index", (node.parts[0], (text[1], *node.parts[1])))  # x_j^{(i)}
            else:
                row = self.indexed(node, [text[1]])
            return Node("T", (row,)) if text.endswith("T") else row
        if text in ("*", "star", "+", "dagger"):
            raise NotRead(f"a name with {text} that nothing declares")
        if text.startswith("odot") and text[4:].lstrip("-").isdigit():  # entry by entry
            return Node("powers", (node, Node("num", (float(text[4:]),))))
        return Node("pow", (node, self.inside(toks)))

    def subscript(self, node: Node, toks: list[Tok]) -> Node:
        if toks and toks[0].text == "(" and toks[-1].text == ")":
            toks = toks[1:-1]
        if any(one.text == "times" for one in toks):
            at = [one.text for one in toks].index("times")
            return Node("shaped", (node, flat(toks[:at]), flat(toks[at + 1 :])))
        return self.indexed(node, self.indices(toks))

    def indices(self, toks: list[Tok]) -> list[str]:
        found: list[str] = []
        for one in toks:
            if one.kind == "num" and found and found[-1].isdigit() and "," not in [t.text for t in toks]:
                found.append(one.text)
            elif one.text == ",":
                continue
            elif one.text in (":", "cdot"):
                found.append(":")
            elif (one.kind == "num" and one.text.isdigit()) or (one.kind == "let" and len(one.text) == 1):
                found.append(one.text)
            else:
                raise NotRead(f"{one.text!r} in a subscript")
        for letter in found:
            if letter.isalpha() and letter not in self.bound and (letter in self.table.sizes or self.table.has(letter)):
                raise NotRead(f"the index {letter} is a name of the table")
        if not 1 <= len(found) <= 2:
            raise NotRead("a subscript of another kind")
        return found

    def indexed(self, node: Node, indices: list[str]) -> Node:
        if node.kind == "index" and len(node.parts[1]) == 1 and len(indices) == 1:
            return Node("index", (node.parts[0], (*node.parts[1], *indices)))  # x^{(i)}_j
        if node.kind in ("num", "add", "index") and node.kind != "add":
            raise NotRead("a subscript of another kind")
        return Node("index", (node, tuple(indices)))

    # ------------------------------------------------------------------ atoms

    def atom(self) -> Node:
        one = self.peek()
        if one.kind == "num":
            return self.number()
        if one.kind == "op":
            return self.bracketed(one)
        if one.kind == "let" and one.text == "d" and not self.table.has("d") and "d" not in self.table.sizes:
            return self.differential()
        if one.kind == "cmd":
            found = self.command(one)
            if found is not None:
                return found
        return self.named()

    def number(self) -> Node:
        script = self.at and self.toks[self.at - 1].kind == "op" and self.toks[self.at - 1].text in "_^"
        last = self.take()
        text = last.text
        while not script and self.peek().kind == "num":
            if self.peek().at > last.at + len(last.text):
                raise NotRead("digits apart: one number or two")
            last = self.take()
            text += last.text
        while not script and [one.text for one in self.toks[self.at : self.at + 3]] == ["{", ",", "}"]:  # 2{,}000
            self.at += 3
            digits = [self.take() for _ in range(3)]
            if any(one.kind != "num" for one in digits):
                raise NotRead("a comma in a number")
            text += "".join(one.text for one in digits)
        if text.count(".") > 1:
            raise NotRead("a number with two points")
        if self.is_op("_") and text in ("0", "1"):
            self.take()
            return self.constant(text, self.group())
        return Node("num", (float(text),))

    def constant(self, text: str, toks: list[Tok] | None) -> Node:
        size: tuple[str, ...] = ()
        if toks is not None:
            parts = flat(toks).split("times")
            if not all(part in self.table.sizes or part.isdigit() for part in parts):
                raise NotRead("a constant of a size that is not known")
            size = tuple(parts)
        return Node("const", (text, size))

    def bracketed(self, one: Tok) -> Node:
        closing = {"(": ")", "[": "]", "{": "}"}
        if one.text == "{":
            toks = self.group()
            if toks and toks[0].kind == "cmd" and toks[0].text in BOLD | UPRIGHT:
                if len(toks) > 2 or toks[0].text in UPRIGHT:
                    self.toks = [*self.toks[: self.at], toks[0], Tok("op", "{", one.at), *toks[1:],
                                 Tok("op", "}", one.at), *self.toks[self.at :]]  # fmt: skip
                else:
                    self.toks = [*self.toks[: self.at], *toks, *self.toks[self.at :]]
                return self.atom()
            if toks and toks[0].kind == "cmd" and toks[0].text == "color":
                toks = toks[1:]
            if not toks:
                return self.atom()
            return Node("group", (self.inside(toks),))
        if one.text in closing:
            self.take()
            bars, self.single_bars, self.double_bars = (self.single_bars, self.double_bars), 0, 0
            inner = self.expression()
            if self.is_cmd("mid") and one.text == "[":
                self.take()
                inner = Node("matrix", (((inner, self.expression()),), False))
            self.expect(closing[one.text])
            self.single_bars, self.double_bars = bars
            return Node("group", (inner,))
        if one.text == "|":
            if self.is_op("|", ahead=1):
                self.at += 2
                return self.norm("|")
            self.take()
            self.single_bars += 1
            inner = self.expression()
            self.single_bars -= 1
            self.expect("|")
            return Node("bar", (inner,))
        raise NotRead(f"{one.text!r} where a factor was expected")

    def norm(self, closing: str) -> Node:
        self.double_bars += 1
        singles, self.single_bars = self.single_bars, 0
        inner = self.expression()
        self.double_bars -= 1
        self.single_bars = singles
        if closing == "|":
            self.expect("|")
        self.expect("|")
        kind = ""
        power: list[Tok] | None = None
        for _ in range(2):
            if self.is_op("_") and not kind:
                self.take()
                kind = flat(self.group())
            elif self.is_op("^") and power is None:
                self.take()
                power = self.exponent()
        if kind not in ("", "2", "F", "1"):
            raise NotRead(f"a norm with the mark {kind}")
        node = Node("norm", (kind, inner))
        return self.power(node, power) if power is not None else node

    def differential(self) -> Node:
        self.take()
        inner = self.atom()
        if self.is_op("^") or self.is_op("_"):
            inner = self.after_d(inner)
        return Node("diff", (inner,))

    def after_d(self, inner: Node) -> Node:
        start = self.at
        while self.is_op("^", "_", "'"):
            mark = self.take().text
            toks = self.exponent() if mark == "^" else self.group() if mark == "_" else []
            if mark == "_":
                inner = self.subscript(inner, toks)
            elif mark == "'" or flat(toks) in ("T", "top", "prime"):
                inner = Node("T", (inner,))
            elif inner.kind == "norm":
                inner = self.power(inner, toks)
            else:
                raise NotRead("is the power below the d or above it")
        if self.at == start:
            raise NotRead("a script after d")
        return inner

    def command(self, one: Tok) -> Node | None:
        if one.text == "frac":
            self.take()
            above, below = self.upright_d(self.group()), self.upright_d(self.group())
            parsed = self.derivative_parts(above, below)
            if parsed is not None:
                if not parsed[0]:
                    raise NotRead("an operator without what it is applied to")
                return Node("deriv", (tuple(parsed[1]), self.inside(parsed[0])))
            return Node("div", (self.inside(above), self.inside(below)))
        if one.text == "sqrt":
            self.take()
            if self.is_op("["):
                raise NotRead("another root")
            return Node("call", ("sqrt", self.inside(self.group())))
        if one.text == "|":
            self.take()
            return self.norm("cmd")
        if one.text == "vert":
            self.take()
            toks: list[Tok] = []
            while True:
                if self.peek() is END:
                    raise NotRead("a bar is not closed")
                if self.is_cmd("vert"):
                    self.take()
                    break
                toks.append(self.take())
            return Node("bar", (self.inside(toks),))
        if one.text == "{":
            self.take()
            inner = self.expression()
            if not self.is_cmd("}"):
                raise NotRead("a brace is not closed")
            self.take()
            return Node("group", (inner,))
        if one.text == "langle":
            self.take()
            left = self.expression()
            self.expect(",")
            right = self.expression()
            self.expect("rangle")
            if self.is_op("_"):
                self.take()
                if flat(self.group()) != "F":
                    raise NotRead("an inner product with a mark")
            return Node("frob", (left, right))
        if one.text in ("mathrm", "rm", "operatorname", "mathop"):
            start = self.at
            self.take()
            if flat(self.peek_group()) == "d":
                self.group()
                self.at -= 1
                self.toks = [*self.toks[: self.at], Tok("let", "d", one.at), *self.toks[self.at + 1 :]]
                return self.differential()
            self.at = start
        if one.text == "partial":
            return self.differential()
        if one.text == "begin":
            return self.matrix()
        if one.text in ("cancel", "underbrace", "overbrace", "underset", "mathstrut"):
            self.take()
            if one.text == "underset":
                below = self.group()
                return self.subscript(Node("group", (self.inside(self.group()),)), below)
            inner = Node("group", (self.inside(self.group()),))
            if one.text == "underbrace" and self.is_op("_"):
                self.take()
                below = self.group()
                if any(t.text == "times" for t in below):
                    return self.subscript(inner, below)
            return inner
        return None

    def peek_group(self) -> list[Tok]:
        return group(self.toks, self.at)[0]

    def matrix(self) -> Node:
        self.take()
        name = flat(self.group())
        if name not in MATRICES:
            raise NotRead(f"the environment {name}")
        rows: list[list[list[Tok]]] = [[[]]]
        depth = 0
        while True:
            one = self.take()
            if one is END:
                raise NotRead("an environment is not closed")
            if one.kind == "cmd" and one.text == "begin":
                depth += 1
            if one.kind == "cmd" and one.text == "end":
                if not depth:
                    break
                depth -= 1
            if depth == 0 and one.kind == "cmd" and one.text == "\\":
                rows.append([[]])
            elif depth == 0 and one.kind == "op" and one.text == "&":
                rows[-1].append([])
            elif one.kind != "nl":
                rows[-1][-1].append(one)
        self.group()
        rows = [row for row in rows if row != [[]]]
        if len({len(row) for row in rows}) != 1:
            raise NotRead("rows of different lengths")
        built = tuple(tuple(self.inside(cell) for cell in row) for row in rows)
        return Node("matrix", (built, name == "vmatrix"))

    # ------------------------------------------------------------------ names

    def symbol(self) -> tuple[str, str] | None:
        """(font, base) of the name that begins here; nothing where none does."""
        one = self.peek()
        if one.kind == "let":
            self.take()
            return "", one.text
        if one.kind != "cmd":
            return None
        if one.text in GREEK:
            self.take()
            return "", one.text
        if one.text in ACCENTS:
            self.take()
            inner = Reader(self.group(), self.table)
            base = inner.symbol()
            if base is None:
                raise NotRead("an accent over more than a name")
            if inner.peek() is not END:
                if not inner.is_op("_") or len(inner.toks) - inner.at > 4:
                    raise NotRead("an accent over more than a name")
                self.toks = [*self.toks[: self.at], *inner.toks[inner.at :], *self.toks[self.at :]]
            return base[0], f"{ACCENTS[one.text]}({base[1]})"
        if one.text in BOLD | UPRIGHT:
            self.take()
            toks = self.group()
            if not toks:
                raise NotRead("an empty font")
            inner = Reader(toks, self.table)
            font = "b" if one.text in BOLD else ""
            if len(toks) == 1 and toks[0].kind == "num":
                return font, toks[0].text
            word = "".join(t.text for t in toks)
            if len(word) > 1 and word.isalpha() and one.text in UPRIGHT and toks[0].kind in ("let", "text"):
                return "", word
            base = inner.symbol()
            if base is None or inner.peek() is not END:
                return font, "\0"  # an expression in a font: the caller reads what is in it
            return font or base[0], base[1]
        if one.text in FUNCTIONS or one.text in ("sigma",):
            self.take()
            return "", one.text
        if one.kind == "text":
            self.take()
            return "", one.text
        return None

    def named(self) -> Node:
        start = self.at
        if self.peek().kind == "text" and self.peek().text in self.table.words:
            found: tuple[str, str] | None = ("", self.take().text)
        else:
            found = self.symbol()
        if found is None:
            raise NotRead(f"{self.peek().text!r} is not known")
        font, base = found
        if base == "\0":
            self.at = start + 1
            toks = self.group()
            return Node("group", (self.inside(toks),)) if len(toks) > 1 else self.inside(toks)
        key = self.known_key(font, base)
        if key is not None:
            return self.applied(key)
        square = self.table_key(font, base + "^2")
        if square is not None and self.is_op("^"):  # sigma^4 where sigma^2 is a name
            self.take()
            power = flat(self.exponent())
            if not power.isdigit() or int(power) % 2:
                raise NotRead("an odd power of a name that is a square")
            return Node("pow", (Node("name", (square,)), Node("num", (float(int(power) // 2),))))
        if base in FUNCTIONS:
            return self.function(FUNCTIONS[base])
        if base == "sigma" and self.is_op("(", "'"):
            return self.function("sigmoid")
        if base in self.table.sizes:
            return Node("size", (base,))
        if base in self.bound:
            return Node("indexnumber", (base,))
        if (base in ("1", "0") and font == "b") or base == "I":
            sub = None
            if self.is_op("_"):
                self.take()
                sub = self.group()
            return self.constant("I" if base == "I" else base, sub)
        if base == "e" and self.is_op("^"):
            self.take()
            return Node("call", ("exp", self.inside(self.exponent())))
        if base == "pi":
            return Node("num", (3.141592653589793,))
        if base == "delta" and self.is_op("_"):
            self.take()
            indices = self.indices(self.group())
            if len(indices) != 2:
                raise NotRead("a delta of another kind")
            return Node("delta", tuple(indices))
        other = base.swapcase() if len(base) == 1 else base.capitalize() if base in GREEK else base
        if other != base and (
            self.is_op("_")
            or (self.is_op("^") and self.peek(2).text == "(")
            or (self.is_op("^") and self.peek(1).text == "{")
        ):
            key = self.table_key(font, other)
            if key is not None:
                node = Node("name", (key,))
                after = self.factor_scripts(node)
                if after is not None:
                    return after
        raise NotRead(f"the name {base} is not declared")

    def factor_scripts(self, node: Node) -> Node | None:
        """x_{ij} and x^{(i)} of a declared X: a subscript has to follow."""
        mark = self.take().text
        toks = self.exponent() if mark == "^" else self.group()
        if mark == "_":
            return self.subscript(node, toks)
        node = self.power(node, toks)
        return node if "index" in (node.kind, node.parts[0].kind if isinstance(node.parts[0], Node) else "") else None

    def table_key(self, font: str, base: str) -> str | None:
        fonts = [f"{font}:{base}", base] if font else [base, f"b:{base}"]
        return next((one for one in fonts if self.table.has(one)), None)

    def known_key(self, font: str, base: str) -> str | None:
        """The longest declared name that begins with this base, scripts and all."""
        after = {0: self.at}
        sub = sup = ""
        start = self.at
        for _ in range(2):
            if self.is_op("_") and not sub:
                self.take()
                try:
                    sub = "_" + flat(self.group())
                except NotRead:
                    break
            elif self.is_op("^") and not sup:
                self.take()
                try:
                    sup = "^" + flat(self.exponent())
                except NotRead:
                    break
            elif self.is_op("'") and not sup:
                self.take()
                sup = "'"
            else:
                break
            after[len(after)] = self.at
        first_is_sub = bool(sub) and start < len(self.toks) and self.toks[start].text == "_"
        first, second = (sub, sup) if first_is_sub else (sup, sub)
        tries = [(base + sub + sup, len(after) - 1)] if sub and sup else []
        tries += [(base + first, 1)] if first and 1 in after else []
        tries += [(base, 0)]
        for name, scripts in tries:
            key = self.table_key(font, name)
            if key is not None and name.endswith("'") and self.table_key(font, name[:-1]):
                raise NotRead("a prime that is part of a name and a transpose as well")
            if key is not None:
                self.at = after[scripts]
                return key
        if second and len(after) == 3 and self.table_key(font, base + second):
            raise NotRead("a name whose mark stands after another script")
        self.at = start
        return None

    def applied(self, key: str) -> Node:
        definition = self.table.definitions.get(key)
        if definition is None:
            return Node("name", (key,))
        if definition.indices and key in self.table.shapes:
            return Node("name", (key,))
        if definition.indices:
            if not self.is_op("_"):
                raise NotRead("an entrywise name without its index")
            self.take()
            indices = self.indices(self.group())
            if len(indices) != len(definition.indices):
                raise NotRead("an entrywise name with other indices")
            return Node("entry", (key, tuple(indices)))
        primes = 0
        while definition.params and self.is_op("'"):
            self.take()
            primes += 1
        if self.is_op("(") and (definition.params or self.is_argument(key)):
            arguments = self.arguments()
            node = Node("apply", (key, arguments))
            if primes:
                return Node("fprime", (key, arguments, primes))
            return node
        if primes:
            raise NotRead("a prime without an argument")
        return Node("name", (key,))

    def is_argument(self, key: str) -> bool:
        r"""``J(\theta)`` of a definition without parameters: the brackets hold names alone."""
        start = self.at
        try:
            arguments = self.arguments()
        except NotRead:
            arguments = ()
        self.at = start
        return bool(arguments) and all(one.kind == "name" for one in arguments)

    def arguments(self) -> tuple[Node, ...]:
        self.take()
        found = [self.expression()]
        while self.is_op(",", ";"):
            self.take()
            found.append(self.expression())
        self.expect(")")
        return tuple(found)

    def function(self, name: str) -> Node:
        if name == "sigmoid" and self.is_op("'"):
            self.take()
            self.expect("(")
            inner = self.expression()
            self.expect(")")
            return Node("call", ("sigmoidprime", inner))
        power = None
        if self.is_op("^"):
            self.take()
            power = self.exponent()
            if flat(power) not in ("2", "3") or not self.is_op("("):
                raise NotRead("a power of a function")
        if self.is_op("(", "[", "{") or self.is_cmd("{"):
            argument = self.atom()
            if name == "tr" and self.is_op("^", "'") and not self.peek(1).text.isdigit():
                raise NotRead("is the power below the trace")
        elif name == "tr":
            argument = self.run()
        elif self.is_cmd("sum"):
            argument = self.sum()
        elif name == "log" and self.peek().kind == "num":
            argument = self.factor()
            while self.peek().kind == "let" or (self.peek().kind == "cmd" and self.peek().text in GREEK):
                argument = Node("mul", (argument, self.factor()))
        else:
            argument = self.factor()
            if self.starts_factor() and not self.is_cmd("sum") and self.peek().text not in FUNCTIONS:
                raise NotRead(f"how far does {name} reach")
        node = Node("call", (name, argument))
        return Node("pow", (node, self.inside(power))) if power is not None else node

    def run(self) -> Node:
        node = self.factor()
        while self.starts_factor() and not self.is_cmd("sum", "nabla"):
            node = Node("mul", (node, self.factor()))
        return node


def declared_key(name: str, table: Table) -> str:
    """The key of a name of the table, font and all."""
    plain = name.strip().strip("$").strip()
    plain = {"lam": "lambda"}.get(plain, plain)
    if plain in GREEK:
        plain = "\\" + plain
    if plain.isalpha() and len(plain) > 1 and plain.isascii():
        return plain
    toks = tokens(plain)
    while toks and toks[0].text == "{" and toks[-1].text == "}":
        toks = toks[1:-1]
    head = plain.split("_")[0]
    if head in GREEK or (len(head) > 1 and head.isalpha()):
        return plain.replace("{", "").replace("}", "")
    if len(toks) > 1 and toks[0].kind == "cmd" and toks[0].text in BOLD | UPRIGHT and toks[1].text != "{":
        toks = [toks[0], Tok("op", "{", 0), toks[1], Tok("op", "}", 0), *toks[2:]]
    reader = Reader(toks, table)
    found = reader.symbol()
    if found is None or found[1] == "\0":
        raise NotRead(f"the name {name}")
    font, base = found
    for one in reader.toks[reader.at :]:
        if (one.text in "_^'" and one.kind == "op") or one.text not in BOLD | UPRIGHT | {"{", "}", "text"}:
            base += one.text
    return f"{font}:{base}" if font else base
