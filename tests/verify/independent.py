r"""An independent judge of equations in plain text: reads strictly, computes with numpy, and shares nothing.

``Reading(text, given)`` reads a whole text with the table that ``Context(**given)`` would get; ``verdict`` says of one
step whether its sides agree at random values and at sizes that all differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import numpy as np

from tests.verify.independent_dress import undressed
from tests.verify.independent_numpy import is_numpy, numpy_lines, read_numpy
from tests.verify.independent_reading import FUNCTIONS, MATRICES, Definition, Node, Reader, Table, declared_key, flat
from tests.verify.independent_tokens import (
    BOLD,
    GREEK,
    NEUTRAL,
    OPERATIONS,
    UPRIGHT,
    NotRead,
    Tok,
    group,
    tokens,
    words,
)
from tests.verify.independent_values import (
    Choices,
    Misfit,
    NeedsReal,
    Place,
    Point,
    Singular,
    free_letters,
    is_zero,
    names,
    tidy,
    value,
)  # fmt: skip

RELATIONS = {"=": "=", "le": "<=", "ge": ">=", "<": "<", ">": ">", "coloneqq": ":=", "leftarrow": ":="}
NO_CLAIM = {"neq", "approx", "in", "to", "sim", "propto", "mapsto", "simeq"}
IMPLIES = {"implies", "iff"}
ROWS = words(
    "aligned align split equation gathered gather eqnarray alignat alignedat multline displaymath flalign array"
)
OPERATORS = ("+", "-", "cdot", "times", "*", "/", "odot", "otimes")
INDEX_LETTERS = set("ijklmnt")
EDGE = "\0"  # where a formula ends for certain, whatever is open in it
ENOUGH, MOST_TRIES, MOST_READINGS = 2, 30, 3
TOLERANCE = 1e-6


# ---------------------------------------------------------------------- the table


def table_of(given: dict[str, Any]) -> Table:
    """The table that a context is made of."""
    table = Table(macros=dict(given.get("macros") or {}), layout=given.get("layout", "gradient"))
    if given.get("square_is_norm"):
        raise NotRead("a square that is a norm")
    for shape in given.get("shapes", {}).values():
        for dim in dims(shape):
            table.sizes |= set(re.findall(r"[^\W\d]\w*", dim))
    for name, shape in given.get("shapes", {}).items():
        key = declared_key(name, table)
        both = (*dims(shape), "1", "1")[:2]
        table.shapes[key] = (both[0], both[1])
        if key.isalpha() and len(key) > 1 and key not in GREEK:
            table.words.add(key)
    for key in [key for key, shape in table.shapes.items() if shape == ("1", "1") and key in table.sizes]:
        del table.shapes[key]
    table.symmetric = {declared_key(name, table) for name in given.get("symmetric", ())}
    table.constants = {declared_key(name, table) for name in given.get("constants", ())}
    for name, text in given.get("definitions", {}).items():
        define(name, text, table)
    return table


def dims(shape: Any) -> list[str]:
    if isinstance(shape, str):
        return [one for one in re.split(r"\\times|[x×,]", shape) if one.strip() not in ("", "scalar", "number")]
    return [str(one) for one in shape]


def define(name: str, text: str, table: Table) -> None:
    found = re.fullmatch(r"(.*[^\s^_(])\s*\(([^()]+)\)", name.strip())
    params = tuple(declared_key(one, table) for one in re.split(r"[,;]", found[2])) if found else ()
    name = found[1] if found else name
    entry = re.fullmatch(r"(.+)_\{?([a-z](?:,?[a-z])?)\}?", name.strip())
    indices: tuple[str, ...] = ()
    if entry and set(entry[2].replace(",", "")) <= INDEX_LETTERS and not found:
        name, indices = entry[1], tuple(entry[2].replace(",", ""))
    key = declared_key(name, table)
    if key.isalpha() and len(key) > 1 and key not in GREEK:
        table.words.add(key)
    table.definitions[key] = Definition(tokens(text, table.macros, known=frozenset(table.words)), params, indices)


# ---------------------------------------------------------------------- from a text to chains


@dataclass
class Chain:
    """Sides joined by relations, each relation with the place of its sign in the text."""

    sides: list[list[Tok]] = field(default_factory=lambda: [[]])
    relations: list[tuple[str, int]] = field(default_factory=list)
    problem: str = ""
    defines: bool = False
    before: str = ""
    breaks: dict[int, int] = field(default_factory=dict)  # side: where in it a line without a relation begins


def formula_tokens(text: str, table: Table) -> list[Tok]:
    """The tokens of a whole text; prose becomes tokens of kind text, and no mathematics is prose."""
    known = frozenset(table.words)
    if len(re.findall(r"(?<!\\)\$", text.replace("$$", "$"))) % 2:
        return stray_dollars(text, table)
    formulas = list(re.finditer(r"(?<!\\)\$\$(.+?)\$\$|(?<!\\)\$([^$]+?)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)", text, re.S))
    outside = re.sub(r"\\\\\[", "", text)
    if not formulas:
        if re.search(r"(?<!\\)\\[()\[\]]", outside):
            raise NotRead("a bracket of a display that is not closed")
        if "$" in text:
            return stray_dollars(text, table)
        return without_bullets(tokens(text, table.macros, known=known), text)
    outer, last = "", 0
    for one in formulas:
        outer, last = outer + text[last : one.start()], one.end()
    if "$" in outer + text[last:] or any("$" in (one[3] or one[4] or "") for one in formulas):
        return stray_dollars(text, table)
    found: list[Tok] = []
    end = 0
    for match in [*formulas, None]:
        start = match.start() if match else len(text)
        found += prose(text[end:start], end, table, text)
        if match:
            display = match[0].startswith(("$$", "\\["))
            inner = next(k for k in (1, 2, 3, 4) if match[k] is not None)
            boundary = [Tok("text", EDGE, match.start())] if display else []
            found += boundary + tokens(match[inner], table.macros, match.start(inner), known) + boundary
            end = match.end()
    return found


def stray_dollars(text: str, table: Table) -> list[Tok]:
    """Where a dollar has no partner, all of the text is mathematics; two dollars may still end a formula."""
    found: list[Tok] = []
    at = 0
    for part in re.split(r"(\${2,})", text):
        if part.startswith("$$"):
            found.append(Tok("text", "", at))
        else:
            found += formula_tokens(" " * at + part.replace("$", " "), table)
        at += len(part)
    return found


def prose(text: str, start: int, table: Table, whole: str) -> list[Tok]:
    """Text outside of dollars: a remark if it is words alone, else mathematics as well."""
    if re.search(r"(?<!\\)\$", text):
        raise NotRead("a dollar that is not closed")
    bare = re.sub(r"(?m)^\s*(?:\d+[.)](?=\s)|[-*•>#]+(?=\s|[A-Z][a-z]))", lambda one: " " * len(one[0]), text)
    bare = bare.replace("**", "  ").replace("__", "  ")
    found = re.findall(r"[^\s.,;:!?()]+", bare)
    if all(
        re.fullmatch(r"[A-Za-z]{2,}(?:['’-](?:[a-z]+|\d+))?|a|I|\(\d\)|\d", one) and one.lower() not in OPERATIONS
        for one in found
    ):
        return [Tok("text", EDGE + bare.strip(), start)] if bare.strip() else []
    return tokens(bare, table.macros, start, frozenset(table.words))


def without_bullets(toks: list[Tok], text: str) -> list[Tok]:
    """A line that begins with a bullet or a number and a point is an item of a list; a minus is a minus."""
    out: list[Tok] = []
    for k, one in enumerate(toks):
        opens = all(before.kind == "nl" for before in toks[:k]) or toks[k - 1].kind == "nl"
        line = text[one.at :].split("\n")[0]
        first = not text[: one.at].strip()
        if opens and ((one.text == "cdot" and line.startswith("•")) or line.strip() == "-"):
            out.append(Tok("text", "item", one.at))
            continue
        if (
            opens
            and (re.match(r"(?:•|\*|\d+\.)(?:\s|$)", line))
            and (first or not line[1:].strip(" .") or ("=" in line[2:] and not re.match(r"\S+\s+&?=", line)))
        ):
            out.append(Tok("text", "item", one.at))
        elif out and out[-1] == Tok("text", "item", out[-1].at) and one.text == "." and text[one.at - 1].isdigit():
            continue
        else:
            out.append(Tok("cmd", "cdot", one.at) if one.text == "•" else one)
    return out


def flattened(toks: list[Tok]) -> list[Tok]:
    """Environments of rows become rows; the ampersands of an alignment go."""
    out: list[Tok] = []
    inner: list[str] = []
    at = 0
    while at < len(toks):
        one = toks[at]
        at += 1
        if one.kind == "cmd" and one.text in ("begin", "end"):
            name, after = group(toks, at)
            bare = flat(name).rstrip("*")
            if bare in ROWS and not any(open_ in MATRICES for open_ in inner):
                at = after
                if bare in ("array", "alignat", "alignedat") and one.text == "begin":
                    _, at = group(toks, at)
                if one.text == "end":
                    out.append(Tok("cmd", "\\", one.at))
                continue
            if one.text == "begin":
                inner.append(bare)
            elif inner:
                inner.pop()
            out.append(one)
        elif one.kind == "cmd" and one.text == "eqalign":
            body, at = group(toks, at)
            out += [Tok("cmd", "\\", one.at), *flattened(body), Tok("cmd", "\\", one.at)]
        elif one.kind == "op" and one.text == "&" and not inner:
            continue
        else:
            out.append(one)
    return out


def pieces(toks: list[Tok]) -> Iterator[tuple[str, list[Tok]]]:
    """What stands between the separators, each with the kinds of separators before it."""
    depth, matrices = 0, 0
    now: list[Tok] = []
    before = ""
    at = 0
    while at < len(toks):
        one = toks[at]
        at += 1
        opens = (one.kind == "op" and one.text in "([{") or (one.kind == "cmd" and one.text in ("{", "langle", "begin"))
        closes = (one.kind == "op" and one.text in ")]}") or (one.kind == "cmd" and one.text in ("}", "rangle", "end"))
        depth += opens - closes
        matrices += (one.text == "begin" and one.kind == "cmd") - (one.text == "end" and one.kind == "cmd")
        if one.kind == "text" and one.text.startswith(EDGE):
            depth = matrices = 0
        if depth > 0 or closes:
            if one.kind != "nl" and not (one.kind == "cmd" and one.text == "\\" and matrices <= 0):
                now.append(one)
            continue
        kind = separator(one, toks[at] if at < len(toks) else None, now)
        if kind:
            if now:
                yield before, now
                now, before = [], ""
            before += kind
        else:
            now.append(one)
    if now:
        yield before, now


def separator(one: Tok, after: Tok | None, now: list[Tok]) -> str:
    if one.kind == "nl":
        return "n"
    if one.kind == "text":
        return EDGE if one.text.startswith(EDGE) else "t"
    if one.kind == "cmd":
        return "r" if one.text == "\\" else "q" if one.text == "quad" else "i" if one.text in IMPLIES else ""
    if one.kind == "op" and one.text in ",;.":
        return "c"
    if one.kind == "op" and one.text == ":" and not now and (after is None or after.text != "="):
        return "c"
    return ""


def chains_of(toks: list[Tok]) -> list[Chain]:
    """Chains of equations; what holds no relation belongs to a neighbour, or taints both."""
    chains: list[Chain] = []
    found = list(pieces(flattened(toks)))
    in_rows = any(one.text in ("\\", "&") for one in toks)  # there the end of a line is a space
    skip = 0
    for k, (before, piece) in enumerate(found):
        if skip:
            skip -= 1
            continue
        if is_remark(before, piece):
            continue
        dots = k + 1 < len(found) and found[k + 1][1][0].text == "dots"
        if dots and len(piece) == 3 and piece[0].text in INDEX_LETTERS and piece[1].text == "=":
            skip = 2
            continue
        following = found[k + 1] if k + 1 < len(found) else None
        if (
            all(one.text in OPERATORS for one in piece)
            and "r" in before
            and following
            and set(following[0]) <= {"n", "r"}
        ):
            found[k + 1] = (before + following[0], piece + following[1])
            continue
        sides, relations, problem = split(piece)
        last = chains[-1] if chains else None
        waiting = last is not None and (not last.sides[-1] or ends_open(last.sides[-1]))
        if relations and (before.count("n") > 1 or not set(before) <= {"n", "r"}):
            waiting = False
        if relations and waiting and last is not None and last.sides[-1] and "r" in before:
            waiting = False
        plain = set(before) <= {"n"}
        opens = starts_with_operator(piece)
        if last is not None and (
            waiting or not sides[0] or ((plain or opens) and not relations) or (plain and not last.relations)
        ):
            if last.relations and last.sides[-1] and not waiting and sides[0] and not in_rows:
                last.breaks[len(last.sides) - 1] = len(last.sides[-1])
            last.sides[-1] += sides[0]
            last.sides += sides[1:]
            last.relations += relations
            last.problem = last.problem or problem
            continue
        new = Chain(sides, relations, problem, before=before)
        if (
            last is not None
            and relations
            and last.sides[-1]
            and ends_open(last.sides[-1])
            and set(before) <= {"n", "r"}
        ):
            new.problem = "does the line go on with the one before, which ends with a sign"
        if last is not None and opens and set(before) <= {"n", "r"}:
            new.problem = last.problem = "does the line with a sign in front go on with the one before"
        chains.append(new)
    for k, one in enumerate(chains):
        if one.relations:
            continue
        alone = EDGE in one.before or not one.before
        if k and not alone:
            chains[k - 1].problem = chains[k - 1].problem or "mathematics without a relation after it"
        if k + 1 < len(chains) and EDGE not in chains[k + 1].before:
            chains[k + 1].problem = chains[k + 1].problem or "mathematics without a relation before it"
    return [one for one in chains if one.relations]


def told_of(chain: Chain, place: int, others: tuple[tuple[int, int], ...]) -> bool:
    """Whether a line at the end of a chain that holds no relation is a step of its own elsewhere."""
    if place + 1 not in chain.breaks or place + 2 < len(chain.sides):
        return True
    loose = chain.sides[place + 1][chain.breaks[place + 1] :]
    return any(start <= loose[0].at < end for start, end in others)


def line_by_line(chain: Chain, place: int) -> Chain:
    """The chain where each line stands for itself: a side ends with its line."""
    sides = list(chain.sides)
    if place in chain.breaks:
        sides[place] = sides[place][chain.breaks[place] :]
    if place + 1 in chain.breaks:
        sides[place + 1] = sides[place + 1][: chain.breaks[place + 1]]
    return replace(chain, sides=sides, defines=chain.defines and place > 0)


def is_remark(before: str, piece: list[Tok]) -> bool:
    texts = [one.text for one in piece]
    if (texts[0] == "forall" and len(texts) == 2) or set(texts) == {"dots"}:
        return True
    return (
        len(texts) == 3
        and texts[0] == "("
        and texts[1].isdigit()
        and texts[2] == ")"
        and bool(set(before) & set("qnrt"))
    )


def ends_open(side: list[Tok]) -> bool:
    return side[-1].text in OPERATORS


def starts_with_operator(piece: list[Tok]) -> bool:
    return piece[0].text in OPERATORS


def split(piece: list[Tok]) -> tuple[list[list[Tok]], list[tuple[str, int]], str]:
    """The sides and the relations of one piece."""
    sides: list[list[Tok]] = [[]]
    relations: list[tuple[str, int]] = []
    depth, problem, at = 0, "", 0
    while at < len(piece):
        one, after = piece[at], piece[at + 1] if at + 1 < len(piece) else None
        at += 1
        depth += (one.text in ("(", "[", "{", "langle", "begin")) - (one.text in (")", "]", "}", "rangle", "end"))
        if depth == 0 and one.kind in ("op", "cmd"):
            if one.kind == "cmd" and one.text in NO_CLAIM:
                problem = f"the relation {one.text}"
            if one.text == ":" and after is not None and after.text == "=" and after.kind == "op":
                relations.append((":=", one.at))
                sides.append([])
                at += 1
                continue
            if one.text in RELATIONS and (one.kind == "cmd" or one.text in "=<>"):
                relation = RELATIONS[one.text]
                if after is not None and after.kind == "op" and after.text == "=" and one.kind == "op":
                    relation = relation if relation == "=" else relation + "="
                    at += 1
                relations.append((relation, one.at))
                sides.append([])
                continue
        sides[-1].append(one)
    return sides, relations, problem


# ---------------------------------------------------------------------- names that the text defines


def name_of(toks: list[Tok], table: Table) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """(key, parameters, indices) where these tokens are a name and nothing else."""
    while toks and toks[0].text == "{" and toks[-1].text == "}" and len(group(toks, 0)[0]) == len(toks) - 2:
        toks = toks[1:-1]
    if toks and toks[0].text == "{" and toks[1].text in UPRIGHT | BOLD:
        inner, at = group(toks, 0)
        toks = [inner[0], Tok("op", "{", 0), *inner[1:], Tok("op", "}", 0), *toks[at:]]
    reader = Reader(list(toks), table)
    try:
        found = reader.symbol()
        if found is None or found[1] == "\0" or found[1] in FUNCTIONS or found[1] in ("d", "I", "0", "1", "pi", "e"):
            return None
        base = found[1]
        indices: tuple[str, ...] = ()
        params: tuple[str, ...] = ()
        while reader.is_op("_", "^"):
            mark = reader.take().text
            script = flat(reader.group())
            if mark == "_" and set(script.replace(",", "")) <= INDEX_LETTERS and base != "s":
                indices = tuple(script.replace(",", ""))
            elif mark == "^" and ((table.has(base) and script not in ("*", "star")) or script in ("T", "top", "-1")):
                return None
            else:
                base += mark + script
            if table.has(found[1]) and script.isdigit():
                return None  # x_1 of a declared x is an entry
        if reader.is_op("(") and found[1] == "sigma":
            return None
        if reader.is_op("("):
            params = tuple(one.parts[0] for one in _loose(reader, table))
        return (base, params, indices) if reader.at == len(reader.toks) else None
    except NotRead:
        return None


def _loose(reader: Reader, table: Table) -> tuple[Node, ...]:
    """The parameters of a definition: names, declared or not."""
    reader.take()
    found = []
    while True:
        one = reader.symbol()
        if one is None:
            raise NotRead("a parameter that is no name")
        base = one[1]
        while reader.is_op("_", "^"):
            base += reader.take().text + flat(reader.group())
        found.append(Node("name", (base,)))
        if not reader.is_op(",", ";"):
            break
        reader.take()
    reader.expect(")")
    return tuple(found)


def hoist(chains: list[Chain], table: Table, redefines: bool = False) -> None:
    """The names that the text itself defines; the pages of a book may define a name anew."""
    for chain in chains:
        if not chain.relations or chain.relations[0][0] not in ("=", ":="):
            continue
        found = name_of(chain.sides[0], table)
        if found is None:
            continue
        key, params, indices = found
        if table.has(key) or key in table.sizes or table.has(f"b:{key}"):
            if chain.relations[0][0] != ":=":
                continue
            if not redefines:
                chain.problem = "a name is defined anew"
                continue
            table.definitions.pop(key, None)
        if indices and (table.has(key.swapcase()) or table.has(key.capitalize())):
            continue
        for one in params:
            if not any(table.has(other) for other in (one, one.swapcase())) and one not in table.sizes:
                table.shapes[one] = ("1", "1")
        table.definitions[key] = Definition(chain.sides[1], params, indices)
        chain.defines = True


# ---------------------------------------------------------------------- verdicts


@dataclass
class Claim:
    """One relation with its two sides."""

    relation: str
    at: int
    left: Node
    right: Node


class Reading:
    """What an independent reader makes of a whole text."""

    def __init__(self, text: str, given: dict[str, Any], table: Table | None = None) -> None:
        self.table = table_of(given) if table is None else table
        self.table.words |= words_of(text, self.table)
        text = undressed(text, self.table)
        bare = re.sub(r"[•$]", " ", text)
        if is_numpy(bare):
            text = without_words(text.replace("$", " "))
        text = re.sub(r"(?m)^(\s*)(?:•|\*|-(?=\s*$)|\d+\.)(?=\s.*=|\s*$)", bulleted, text) if is_numpy(bare) else text
        if is_numpy(text):
            self.chains = [
                Chain([[one] for one in sides], relations, problem) for sides, relations, problem in numpy_lines(text)
            ]
        else:
            self.chains = chains_of(formula_tokens(text, self.table))
        hoist(self.chains, self.table, redefines=table is not None)
        self.varied = varied(self.chains, self.table)

    def find(self, span: tuple[int, int]) -> tuple[Chain, int]:
        """The relation whose sign stands last within a span of the text."""
        found = [
            (at, chain, k)
            for chain in self.chains
            for k, (_, at) in enumerate(chain.relations)
            if span[0] <= at < max(span[1], span[0] + 1)
        ]
        if not found:
            raise NotRead("no relation is read where the step stands")
        _, chain, place = max(found, key=lambda one: one[0])
        return chain, place

    def claim(self, chain: Chain, place: int) -> Claim:
        if chain.problem:
            raise NotRead(chain.problem)
        relation, at = chain.relations[place]
        if place == 0 and chain.defines:
            raise NotRead("a definition")
        return Claim(relation, at, self.side(chain, place), self.side(chain, place + 1))

    def side(self, chain: Chain, place: int) -> Node:
        toks = chain.sides[place]
        if not toks:
            raise NotRead("a side is empty")
        if toks[0].kind == "numpy":
            return read_numpy(toks[0].text, self.table)
        if place == 0 and chain.defines:
            found = name_of(toks, self.table)
            if found is not None and (found[1] or found[2]):
                definition = self.table.definitions[found[0]]
                reader = Reader(definition.toks, parameters(self.table, found[1]))
                reader.bound = list(found[2])
                return reader.whole()
        return Reader(toks, self.table).whole()

    def verdict(
        self, span: tuple[int, int], assumed: tuple[tuple[int, int], ...] = (), others: tuple[tuple[int, int], ...] = ()
    ) -> tuple[str, str]:
        """agrees, disagrees or not read, with a reason.

        ``assumed`` are the places of the conditions before, ``others`` those of all other steps: a line that holds no
        relation may be one of them, or else it goes on with the line before.
        """
        try:
            chain, place = self.find(span)
            holds, why = self.follows(self.claim(chain, place), assumed)
            if not holds and {place, place + 1} & set(chain.breaks) and told_of(chain, place, others):
                holds, _ = self.follows(self.claim(line_by_line(chain, place), place), assumed)
            return ("agrees" if holds else "disagrees"), why
        except (NotRead, NeedsReal) as problem:
            return "not read", str(problem) or "derivatives in derivatives"
        except RecursionError:
            return "not read", "nested too deeply"
        except (ArithmeticError, LookupError, ValueError) as error:
            return "not read", f"the reader stumbled ({type(error).__name__})"

    def follows(self, claim: Claim, assumed: tuple[tuple[int, int], ...]) -> tuple[bool, str]:
        """Whether a claim is an identity, or holds wherever the conditions do; a derivative has to be an identity."""
        holds, why = self.holds(claim)
        if not holds and (dummies := self.dummies(claim)):
            summed = replace(claim, left=einstein(claim.left, dummies), right=einstein(claim.right, dummies))
            holds, why = self.holds(summed)
        if not holds and assumed and (not has_derivative(claim) or is_zero(claim.left) or is_zero(claim.right)):
            holds, why = self.holds(claim, [self.claim(*self.find(one)) for one in assumed])
        return holds, why

    def dummies(self, claim: Claim) -> set[str]:
        """Letters that stand twice in each term of both sides where they stand at all."""
        both = free_letters(claim.left) & free_letters(claim.right)
        return {one for one in both if paired(claim.left, one) and paired(claim.right, one)}

    # ------------------------------------------------------------------ computing

    def holds(self, claim: Claim, premises: list[Claim] | None = None) -> tuple[bool, str]:
        premises = premises or []
        claims = [self.summed(one) for one in [*premises, claim]]
        names_of_sizes = sorted(self.table.sizes)
        fixed = {int(one) for shape in self.table.shapes.values() for one in shape if one.isdigit()}
        free = [one for one in (3, 2, 4, 5, 6, 7, 8, 9) if one not in fixed][: max(2, len(names_of_sizes))]
        orders = list(permutations(free[: len(names_of_sizes)])) if len(names_of_sizes) < 5 else [tuple(free)]
        done = singular = 0
        for tried in range(MOST_TRIES):
            rng = np.random.default_rng(tried)
            sizes = dict(zip(names_of_sizes, orders[tried % len(orders)], strict=True))
            try:
                found = self.at_one_point(claims, sizes, rng, positive=tried >= 12)
            except Singular:
                singular += 1
                continue
            if found:
                return False, found
            done += 1
            if done == ENOUGH:
                return True, ""
        raise NotRead("no values at which both sides have one")

    def at_one_point(self, claims: list[Claim], sizes: dict[str, int], rng: Any, positive: bool) -> str:
        values = self.draw(sizes, rng, positive)
        directions = {key: rng.uniform(-1, 1, np.shape(one)) if np.shape(one) else rng.uniform(-1, 1)
                      for key, one in values.items() if key in self.varied}  # fmt: skip
        fixed = tuple(
            sorted(
                {int(one) for shape in self.table.shapes.values() for one in shape if one.isdigit() and int(one) > 1}
            )
        )
        candidates = tuple(dict.fromkeys([*sizes.values(), *fixed])) or (3,)
        choices = Choices(candidates if len(candidates) > 1 else (*candidates, candidates[0] + 3))
        seed = int(rng.integers(1 << 30))
        said: list[str] = []
        unfit = ""
        while len(said) < MOST_READINGS:
            point = Point(self.table, sizes, values, choices, directions=directions)
            try:
                said.append(compared(claims, point, np.random.default_rng(seed), self))
            except Misfit as problem:
                unfit = str(problem)
            if not choices.next():
                break
        if not said:
            return unfit or "shapes do not fit"
        if len({bool(one) for one in said}) > 1:
            raise NotRead("a size that nothing fixes")
        return said[0]

    def draw(self, sizes: dict[str, int], rng: Any, positive: bool) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, shape in self.table.shapes.items():
            if key in self.table.definitions:
                continue
            rows, cols = (size_of(one, sizes) for one in shape)
            one = rng.uniform(0.4, 1.6, (rows, cols))
            if not positive:
                one = one * rng.choice([-1, 1], (rows, cols))
            if key in self.table.symmetric:
                one = (one + one.T) / 2
            values[key] = tidy(one) if shape == ("1", "1") else one
            if key.endswith(":1") or key == "1":
                values[key] = np.ones((rows, cols))
        return values

    def summed(self, claim: Claim) -> Claim:
        """Einstein's convention: an index that one side alone leaves free is summed over there."""
        left, right = free_letters(claim.left), free_letters(claim.right)
        return replace(claim, left=einstein(claim.left, left - right), right=einstein(claim.right, right - left))


def without_words(text: str) -> str:
    """Words of prose before and after an equation of the NumPy-like language, blanked."""
    neutral = "|".join(sorted(NEUTRAL, key=len, reverse=True))
    for pattern in (rf"(?m)^\s*(?:(?:{neutral})\s+)+", rf"(?m)(?:\s+(?:{neutral}))+(?:\s+\(\d\))?\s*$"):
        text = re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def bulleted(found: re.Match[str]) -> str:
    """A list's mark in front of a line, blanked."""
    return found[1] + " " * (len(found[0]) - len(found[1]))


def parameters(table: Table, params: tuple[str, ...]) -> Table:
    inner = Table(**{**table.__dict__, "shapes": dict(table.shapes)})
    for one in params:
        inner.shapes.setdefault(one, ("?", "?"))
    return inner


def size_of(text: str, sizes: dict[str, int]) -> int:
    total = 0
    for sign, factor in re.findall(r"([+-]?)\s*([\w ]+)", text):
        one = int(np.prod([int(part) if part.isdigit() else sizes[part] for part in factor.split()]))
        total += -one if sign == "-" else one
    return total


def words_of(text: str, table: Table) -> set[str]:
    """Words of several letters that the text defines: ``MSE = ...``."""
    found = set(re.findall(r"\\(?:text|textrm|mbox)\{([a-zA-Z]{2,})\}\s*&?:?=", text))
    for word in re.findall(r"(?<![\\A-Za-z_^{])([A-Z]{2,}|[a-z]{4,})\s*(?:\([^()=]*\))?\s*&?:?=", text):
        alone = set(re.findall(r"(?<![A-Za-z\\])([A-Za-z])\s*&?:?=", text))
        if not all(
            table.has(one) or one in table.sizes or one in alone for one in word
        ) and word.lower() not in NEUTRAL | set(OPERATIONS):
            found.add(word)
    return found


def varied(chains: list[Chain], table: Table) -> set[str]:
    """What a differential varies: the names whose own differential stands in the text, or all of them."""
    found: set[str] = set()
    for chain in chains:
        for side in chain.sides:
            try:
                numpy = bool(side) and side[0].kind == "numpy"
                found |= set(differentials(read_numpy(side[0].text, table) if numpy else Reader(side, table).whole()))
            except NotRead:
                continue
    primitive = {key for key in table.shapes if key not in table.definitions} - table.constants
    return found & primitive or primitive


def differentials(node: Node) -> Iterator[str]:
    if node.kind == "diff":
        inner = node.parts[0]
        while inner.kind in ("T", "group"):
            inner = inner.parts[0]
        if inner.kind == "name":
            yield inner.parts[0]
    for one in node:
        yield from differentials(one)


def has_derivative(claim: Claim) -> bool:
    def walk(node: Node) -> bool:
        return node.kind in ("deriv", "fprime") or any(walk(one) for one in node)

    return walk(claim.left) or walk(claim.right)


def einstein(node: Node, letters: set[str]) -> Node:
    if not letters:
        return node
    if node.kind in ("mul", "dot", "star"):
        factors = list(factors_of(node))
        here = {one for one in letters if sum(one in free_letters(factor) for factor in factors) > 1}
        here |= {one for one in letters if any(twice(factor, one) for factor in factors)}
        kind = node.kind
        new = None
        for factor in factors:
            inner = einstein(factor, letters - here)
            new = inner if new is None else Node(kind, (new, inner))
        assert new is not None
        for one in sorted(here):
            new = Node("sum", ((one,), None, None, new))
        return new
    if node.kind == "add":
        return Node("add", (node.parts[0], tuple(einstein(one, letters) for one in node.parts[1])))
    if node.kind in ("group", "deriv", "div", "pow", "sum"):
        parts = tuple(einstein(one, letters) if isinstance(one, Node) else one for one in node.parts)
        return Node(node.kind, parts)
    for one in sorted(letters):
        if twice(node, one):
            node = Node("sum", ((one,), None, None, node))
    return node


def paired(node: Node, letter: str) -> bool:
    """Whether summing over the letter leaves it nowhere free."""
    return letter not in free_letters(einstein(node, {letter}))


def twice(node: Node, letter: str) -> bool:
    return node.kind == "index" and list(node.parts[1]).count(letter) > 1


def factors_of(node: Node) -> Iterator[Node]:
    if node.kind in ("mul", "dot", "star"):
        for one in node.parts:
            yield from factors_of(one)
    else:
        yield node


def compared(claims: list[Claim], point: Point, rng: Any, reading: Reading) -> str:
    """What speaks against the last claim at a point, where those before it are made to hold; empty if nothing does."""
    if len(claims) > 1:
        point = solved(claims[:-1], point)
    for at in free_places(claims[-1], point, rng):
        left, right = value(claims[-1].left, at), value(claims[-1].right, at)
        said = difference(claims[-1], left, right)
        if said:
            return said
    return ""


def free_places(claim: Claim, point: Point, rng: Any) -> Iterator[Point]:
    """Points with values for the free indices."""
    letters = sorted(free_letters(claim.left) | free_letters(claim.right))
    if not letters:
        yield point
        return
    extents = {one: point.choices.of(("free", one)) for one in letters}
    for k in range(5):
        at = {one: int(rng.integers(extents[one])) for one in letters}
        if k == 0:
            at = dict.fromkeys(letters, 0)
        yield point.at(**{one: Place(at[one], extents[one]) for one in letters})


def difference(claim: Claim, left: Any, right: Any) -> str:
    if is_zero(claim.left) and not is_zero(claim.right):
        left = np.zeros(np.shape(right))
    if is_zero(claim.right):
        right = np.zeros(np.shape(left))
    if np.shape(left) != np.shape(right):
        raise Misfit(f"the sides have the shapes {np.shape(left)} and {np.shape(right)}")
    left, right = np.asarray(left), np.asarray(right)
    if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
        raise Singular
    scale = TOLERANCE * (1 + max(np.abs(left).max(), np.abs(right).max()))
    if claim.relation in ("=", ":="):
        fits = np.abs(left - right).max() < scale
    elif claim.relation in ("<=", "<"):
        fits = np.all(left <= right + scale)
    else:
        fits = np.all(left + scale >= right)
    return "" if fits else f"left {left.reshape(-1)[:3]}, right {right.reshape(-1)[:3]}"


def solved(premises: list[Claim], point: Point) -> Point:
    """A point near a random one at which all premises hold: Gauss-Newton over every name in them."""
    if any(one.relation != "=" for one in premises):
        raise NotRead("a condition that is no equation")
    if any(free_letters(one.left) | free_letters(one.right) for one in premises):
        raise NotRead("a condition with free indices")
    keys = sorted(key for key in point.values if key in below(premises, point))
    if not keys:
        raise NotRead("a condition without a name")

    def residual(at: Point) -> Any:
        parts = []
        for one in premises:
            left, right = value(one.left, at), value(one.right, at)
            left = np.zeros(np.shape(right)) if is_zero(one.left) else left
            right = np.zeros(np.shape(left)) if is_zero(one.right) else right
            if np.shape(left) != np.shape(right):
                raise Misfit("a condition whose sides do not fit")
            parts.append(np.ravel(np.asarray(left) - np.asarray(right)))
        return np.concatenate(parts)

    def moved(at: Point, step: Any) -> Point:
        values, start = dict(at.values), 0
        for key in keys:
            count = int(np.size(values[key]))
            part = step[start : start + count].reshape(np.shape(values[key]))
            values[key] = values[key] + (part if np.shape(values[key]) else float(part))
            start += count
        return replace(at, values=values)

    count = sum(int(np.size(point.values[key])) for key in keys)
    for _ in range(40):
        now = residual(point)
        if np.abs(now).max() < 1e-11:
            return point
        columns = [
            (residual(moved(point, step)) - residual(moved(point, -step))) / 2e-5 for step in 1e-5 * np.eye(count)
        ]
        step = -np.linalg.pinv(np.array(columns).T, rcond=1e-7) @ now
        point = moved(point, step)
    if np.abs(residual(point)).max() > 1e-8:
        raise Singular
    return point


def below(premises: list[Claim], point: Point) -> set[str]:
    from tests.verify.independent_values import primitives

    found: set[str] = set()
    for one in premises:
        for name in [*names(one.left), *names(one.right), *varied_in(one.left), *varied_in(one.right)]:
            found |= primitives(name, point)
    return found


def varied_in(node: Node) -> Iterator[str]:
    if node.kind == "deriv":
        yield from (key for key, _, _ in node.parts[0])
    for one in node:
        yield from varied_in(one)
