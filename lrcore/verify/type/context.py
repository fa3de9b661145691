r"""What a derivation may use: symbols with their shapes, definitions, the layout, the macros of the document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lrcore.verify.read.document import name_key, read_expression
from lrcore.verify.read.macros import Macro, Macros, relations
from lrcore.verify.terms import core as c
from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.claim import Condition
from lrcore.verify.terms.errors import Unreadable
from lrcore.verify.terms.indices import free_indices
from lrcore.verify.terms.names import plain_key, swap_case
from lrcore.verify.type.declared import Shape, base_of, call_of, declared_shape, sizes_of

LAYOUTS = ("gradient", "jacobian", "denominator")  # and "mixed", in which nabla is a column and d/dw a row


@dataclass(frozen=True)
class Symbol:
    """A declared or defined name. ``indices`` are those of an entrywise definition, ``params`` those of a function;
    with ``placeholder`` they have a meaning inside it alone. The entries of a ``zero_based`` array count from 0. An
    array with two ``axes`` in code was declared with two sizes, as N x 1.
    """

    key: str
    shape: c.Shape | None
    symmetric: bool = False
    definition: s.Node | None = None
    indices: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    zero_based: bool = False
    axes: int | None = None
    placeholder: bool = False


class Context:
    r"""The symbols of a derivation.

    Parameters
    ----------
    shapes : name -> shape; ``()`` a number, ``("N",)`` a column, ``(1, "D")`` a row, ``("M", "M+1")``; names plain or
        LaTeX.
    definitions : name -> expression, in either language; the name may be that of a function, ``h(x)``, or of entries,
        ``p_i``.
    symmetric : names of symmetric matrices.
    layout : "gradient" (a gradient has the shape of its variable, a Jacobian a row per output), "jacobian" (gradients
        are rows) or "denominator" (Jacobians transposed).
    macros : the document's ``\newcommand`` table, ``{"\\tr": "\\mathrm{Tr}\\left[#1\\right]"}``.
    constants, variables : names that a differential leaves alone, and names that it varies.
    square_is_norm : whether the square of a column v is v^T v.
    unknowns : names that an equation may be solved for.
    independent : whether what is declared without a definition depends on nothing, so that its derivative by another
        name is 0; elsewhere that has to be said, since a definition may have been forgotten.
    """

    def __init__(
        self,
        shapes: Mapping[str, Shape] | None = None,
        definitions: Mapping[str, str] | None = None,
        symmetric: Iterable[str] = (),
        layout: str = "gradient",
        macros: Macros | None = None,
        constants: Iterable[str] = (),
        variables: Iterable[str] | None = None,
        square_is_norm: bool = False,
        unknowns: Iterable[str] | None = None,
        independent: bool = False,
    ) -> None:
        if layout not in LAYOUTS:
            raise ValueError(f"The layout is one of {', '.join(LAYOUTS)}, and not {layout!r}.")
        self.layout, self.square_is_norm = layout, square_is_norm
        self.macros: dict[str, str | tuple[Macro, ...]] = dict(macros or {})
        self.independent = independent
        self.symbols: dict[str, Symbol] = {}
        self.fonts: dict[str, str] = {}
        self.sizes: set[str] = set()
        self.prime_variable: str | None = None
        self.numbers: frozenset[str] = frozenset()
        self.named: frozenset[str] = frozenset()  # names with scripts that are no indices, declared or not
        self.random: frozenset[str] = frozenset()  # what an expectation is taken over
        self.by_entries: frozenset[str] = frozenset()
        self.families: frozenset[str] = frozenset()
        self.samples = ""  # whether the samples of a matrix are its "rows" or its "columns", where a text says so
        self.fixed: Mapping[
            str, str
        ] = {}  # names with an index that is not written on them; "" is that of the argument
        self.gradients: Mapping[str, tuple[str, str]] = {}  # names in code for derivatives: of what, by what
        self.given: tuple[Condition, ...] = ()  # what a page declares to hold
        self._depends: dict[str, frozenset[str]] = {}
        self._declare_all(shapes or {}, definitions or {})
        for name in symmetric:
            self._mark_symmetric(self.key(name))
        for name, text in (definitions or {}).items():
            self.define(name, text)
        self.constants = frozenset(map(self.key, constants))
        self.variables = None if variables is None else frozenset(map(self.key, variables))
        self.unknowns = None if unknowns is None else frozenset(map(self.key, unknowns))

    # ------------------------------------------------------------------ declaring

    def _declare_all(self, shapes: Mapping[str, Shape], definitions: Mapping[str, str]) -> None:
        for shape in shapes.values():
            for one in sizes_of(shape):
                self.sizes |= {plain_key(word) for word in re.findall(r"[^\W\d]\w*", one)}
        for name in self._plain_first([*shapes, *definitions]):
            if name in shapes:
                self.declare(name, shapes[name])
        for name, text in definitions.items():
            self.reserve(name, text)

    def reserve(self, name: str, text: str) -> str:
        """The key of a name that ``text`` will define: of a function, ``h(x)``, of entries, ``p_i``, or a plain one."""
        name, params = call_of(name)
        indices = () if params else self._entrywise(name, text)
        key = self._reserve(base_of(name) if indices else name)
        self.symbols[key] = replace(self.symbols[key], indices=indices, params=self._params(params))
        return key

    def _plain_first(self, names: Iterable[str]) -> list[str]:
        """Names in plain letters before those in a font, so that a bold letter beside its plain one is another name."""
        return sorted(names, key=lambda name: bool(name_key(call_of(name)[0], self.macros)[1]))

    def _params(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.key, names))

    def _entrywise(self, name: str, text: str) -> tuple[str, ...]:
        """The indices of a definition such as ``p_i := ...``, where its body leaves the same ones free."""
        found = re.fullmatch(r".+_\{?([a-z](?:,?[a-z])?)\}?", name.strip())
        if found is None or name_key(base_of(name), self.macros)[0] in self.symbols:
            return ()
        letters = tuple(found[1].replace(",", ""))
        try:
            free = free_indices(read_expression(text, self), self)
        except Unreadable:
            return ()
        return letters if set(letters) <= free else ()

    def declare(self, name: str, shape: Shape) -> None:
        """A symbol with its shape."""
        key = self._reserve(name)
        self.symbols[key] = Symbol(key, declared_shape(shape), axes=len(sizes_of(shape)))
        self._depends.clear()

    def _reserve(self, name: str) -> str:
        key = self.key(name)
        if key not in self.symbols:
            self.symbols[key] = Symbol(key, None)
        return key

    def _mark_symmetric(self, key: str) -> None:
        if key not in self.symbols:
            raise ValueError(f"{key} is said to be symmetric and is not declared.")
        self.symbols[key] = replace(self.symbols[key], symmetric=True)

    def define(self, name: str, text: str) -> None:
        """``name := text``, in either language."""
        name, params = call_of(name)
        key = self.key(name)
        if key not in self.symbols and self.key(base_of(name)) in self.symbols:
            key = self.key(base_of(name))
        old = self.symbols.get(key, Symbol(key, None))
        self.define_node(key, read_expression(text, self), old.indices, self._params(params) or old.params)

    def define_node(self, key: str, node: s.Node, indices: Iterable[str] = (), params: Iterable[str] = ()) -> None:
        """The definition of a key by what was read."""
        old = self.symbols.get(key, Symbol(key, None))
        self.symbols[key] = replace(old, definition=node, indices=tuple(indices), params=tuple(params))
        self._depends.clear()

    def words(self) -> frozenset[str]:
        """The names that may stand in a text between words: they are symbols and no prose, or macros for a relation."""
        return frozenset(name for name in (*self.symbols, *self.sizes) if name.isalpha()) | relations(self.macros)

    def copy(self) -> Context:
        """The same context, to which a derivation may add its own definitions."""
        new = object.__new__(Context)
        new.__dict__.update(self.__dict__)
        new.symbols, new.fonts, new.sizes = dict(self.symbols), dict(self.fonts), set(self.sizes)
        new._depends = {}
        return new

    # ------------------------------------------------------------------ asking

    def key(self, name: str) -> str:
        """The key of a name in LaTeX or plain; two declared names that differ in their font alone stay two."""
        key, font = name_key(name, self.macros)
        marked = f"{key}^font{font}" if font else key
        if marked in self.symbols or marked in self.sizes:
            return marked
        if self.fonts.setdefault(key, font) == font or key not in self.symbols:
            return key
        self.fonts.setdefault(marked, font)
        return marked

    def resolve(self, key: str, font: str) -> str:
        """The declared key that a written name means: font and all where that exists, else without the font. A bold e
        is no number.
        """
        marked = f"{key}^font{font}"
        number = key in ("e", "pi") and key not in self.symbols
        return marked if marked in self.symbols or (number and font) else key

    def lookup(self, key: str) -> Symbol | None:
        """What is known of a name."""
        return self.symbols.get(key)

    def begins(self, start: str) -> bool:
        """Whether the name of a symbol begins so, with scripts behind it."""
        return any(key.startswith((f"{start}_", f"{start}^")) for key in self.symbols)

    def is_size(self, key: str) -> bool:
        """Whether a name is that of a size."""
        return key in self.sizes

    def depends(self, key: str) -> frozenset[str]:
        """The names that a definition rests on, at any depth."""
        symbol = self.symbols.get(key)
        if symbol is None or symbol.definition is None:
            return frozenset()
        if key not in self._depends:
            self._depends[key] = frozenset()
            body = s.names(symbol.definition)
            written = {name if name in self.symbols else swap_case(name) for name in body} & self.symbols.keys()
            self._depends[key] = frozenset(written.union(*map(self.depends, written)))
        return self._depends[key]

    def primitives(self, key: str) -> frozenset[str]:
        """The undefined symbols below a name (itself, if it is one)."""
        symbol = self.symbols.get(key)
        if symbol is None:
            return frozenset()
        if symbol.definition is None:
            return frozenset([key])
        return frozenset(one for one in self.depends(key) if self.symbols[one].definition is None)
