r"""Macros that a text defines: what each is short for, how many arguments it takes, from which place on it holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Union

from lrcore.verify.read.delimiters import RELATION

_DEFINES = re.compile(
    r"(?:\\(?:global|long|protected|outer)\s*){0,3}"
    r"\\(?P<how>(?:re|provide)?newcommand|providecommand|DeclareMathOperator|DeclarePairedDelimiter|[gex]?def|let"
    r"|DeclareRobustCommand|newenvironment|newtheorem|(?:New|Renew|Provide|Declare)DocumentCommand)(?![A-Za-z])\*?\s*"
)
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z]+|[^A-Za-z\s])\s*\}|\\([A-Za-z]+|[^A-Za-z\s]))")
_OTHER_NAME = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")  # of an environment
_COUNT = re.compile(r"\s*\[\s*(\d)\s*\]")
_DEFAULT = re.compile(r"\s*\[([^\]]*)\]")
_PARAMETERS = re.compile(r"[^{}\n]*(?=\{)")
_TARGET = re.compile(r"\s*=?\s*(\\[A-Za-z]+|\\.|\S)")
_SPACES = re.compile(r"\\[,;:! ]|~")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\?.", re.S)
_FAR = 1000
_TWICE = "This macro is defined more than once, and which of them holds here does not follow."
_SPACE = re.compile(r"\s*")
_USE = re.compile(r"\\[A-Za-z]+")
_BRACE = re.compile(r"(?<!\\)[{}]")


@dataclass(frozen=True)
class Macro:
    """One definition. ``default`` is the first argument where none stands in brackets; ``names`` are those of arguments
    that stand in brackets; it holds from ``place`` on, and ``problem`` says why it can't be used. One that is
    ``starred`` means the same with a star behind its name.
    """

    body: str
    count: int = 0
    default: str | None = None
    names: tuple[str, ...] | None = None
    place: int = -1
    problem: str = ""
    starred: bool = False


# By name: a body as a table gives it, or the definitions of a text in their order.
Macros = Mapping[str, Union[str, "tuple[Macro, ...]"]]


def without_definitions(text: str) -> tuple[str, dict[str, tuple[Macro, ...]]]:
    """The text with blanks for the definitions of macros, every other character at its place, and the macros."""
    found: dict[str, tuple[Macro, ...]] = {}
    pieces, done, at = [], 0, 0
    while (match := _DEFINES.search(text, at)) is not None:
        end = None if _in_comment(text, match.start()) else _definition(text, match, found)
        at = match.end() if end is None else end
        if end is not None:
            pieces += [text[done : match.start()], blank(text[match.start() : end], 0, end)]
            done = end
    return "".join((*pieces, text[done:])), found


def _in_comment(text: str, at: int) -> bool:
    first = text.rfind("\n", 0, at) + 1
    while (at := text.rfind("%", first, at)) >= 0:
        if text[at - 1 : at] != "\\":
            return True
    return False


def blank(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def together(table: Macros, own: Mapping[str, tuple[Macro, ...]]) -> dict[str, str | tuple[Macro, ...]]:
    """A table, and the macros of a text, which go before it from their places on."""
    return {**table, **{name: (*_as_macros(name, table.get(name, ())), *more) for name, more in own.items()}}


def over(macros: Macros, table: Macros) -> dict[str, str | tuple[Macro, ...]]:
    """Usual macros below a table, and those of a text above both."""
    own = {name: one for name, one in macros.items() if not isinstance(one, str)}
    return together({**{name: one for name, one in macros.items() if isinstance(one, str)}, **table}, own)


def bodies(table: Macros) -> list[str]:
    return [one if isinstance(one, str) else macro.body for one in table.values() for macro in _as_macros("", one)]


def relations(table: Macros) -> frozenset[str]:
    """The macros that put a relation, so that a formula with one of them says something."""
    if not table:
        return frozenset()
    written = {name: " ".join(bodies({name: one})) for name, one in table.items() if "[" not in name}
    found = {name for name, body in written.items() if RELATION.search(body)}
    return frozenset(found | {name for name, body in written.items() if uses(body, found)})


def uses(text: str, macros: Collection[str]) -> bool:
    """Whether one of these macros stands in a text."""
    return any(one in macros for one in _USE.findall(text)) if macros else False


def by_name(table: Macros) -> dict[str, tuple[Macro, ...]]:
    r"""The macros of a table by their names without the backslash; ``\pd[v]`` takes its argument in brackets."""
    found: dict[str, tuple[Macro, ...]] = {}
    for key, one in table.items():
        found[key.lstrip("\\").partition("[")[0]] = _as_macros(key, one)
    return found


def in_force(macros: Mapping[str, tuple[Macro, ...]], name: str, place: int | None) -> Macro | None:
    """What a name is short for at a place; where that is not known there must be one meaning."""
    if place is None:
        known = macros.get(name, ())
        return replace(known[-1], problem=known[-1].problem or _TWICE if len(known) > 1 else "") if known else None
    return next((one for one in reversed(macros.get(name, ())) if one.place <= place), None)


def _as_macros(key: str, given: str | tuple[Macro, ...]) -> tuple[Macro, ...]:
    if not isinstance(given, str):
        return given
    if bracket := re.fullmatch(r"\\([A-Za-z]+)\[(.*)\]", key):
        return (Macro(given, names=tuple(one.strip() for one in bracket[2].split(","))),)
    return (Macro(given, max(map(int, re.findall(r"#(\d)", given)), default=0)),)


# ---------------------------------------------------------------------- one definition


def _definition(text: str, match: re.Match[str], found: dict[str, tuple[Macro, ...]]) -> int | None:
    """Take one definition into the table; where it ends, None where it is none."""
    how = match["how"]
    if how in ("newenvironment", "newtheorem"):
        return _of_environment(text, match.end(), 2 if how == "newenvironment" else 1)
    name = _NAME.match(text, match.end())
    if name is None:
        return None
    key = rf"\{name[1] or name[2]}"
    macro, end = _READERS.get(how, _command)(text, name.end(), how, found)
    if how.lower().startswith("provide") and key in found:
        return end
    macro = replace(macro, place=end, problem=macro.problem or _problem(macro, text, match.start()))
    found[key] = (*found.get(key, ()), macro)
    return end


def _problem(macro: Macro, text: str, start: int) -> str:
    begun = max(text.rfind("\n\n", 0, start), text.rfind("$", 0, start), start - _FAR, 0)
    braces = _BRACE.findall(text, begun, start)
    if braces.count("{") > braces.count("}"):
        return "This macro is defined inside braces, and holds in them alone; define it outside."
    if any(int(one) > macro.count for one in re.findall(r"#(\d)", macro.body)):
        return "This macro uses more arguments than it takes."
    return ""


def _command(text: str, at: int, how: str, found: Mapping[str, tuple[Macro, ...]]) -> tuple[Macro, int]:
    count = _COUNT.match(text, at)
    at = count.end() if count else at
    default = _DEFAULT.match(text, at)
    body, end = group(text, default.end() if default else at)
    if default and not count:
        return Macro(body, problem="How many arguments this macro takes is not understood."), end
    return Macro(body, int(count[1]) if count else 0, default[1] if default else None), end


def _by_def(text: str, at: int, how: str, found: Mapping[str, tuple[Macro, ...]]) -> tuple[Macro, int]:
    parameters = _PARAMETERS.match(text, at)
    written = parameters[0].replace(" ", "") if parameters else ""
    body, end = group(text, parameters.end() if parameters else at)
    count = len(written) // 2
    if written != "".join(f"#{k}" for k in range(1, count + 1)):
        return Macro(body, problem="The arguments of this macro are not understood; use \\newcommand."), end
    early = how in ("edef", "xdef") and "\\" in body
    return Macro(body, count, problem=f"\\{how} is not read; use \\newcommand." if early else ""), end


def _by_let(text: str, at: int, how: str, found: Mapping[str, tuple[Macro, ...]]) -> tuple[Macro, int]:
    target = _TARGET.match(text, at)
    if target is None:
        return Macro("", problem="This macro has no meaning; use \\newcommand."), at
    known = found.get(target[1])
    return (known[-1] if known else Macro(target[1])), target.end()


def _operator(text: str, at: int, how: str, found: Mapping[str, tuple[Macro, ...]]) -> tuple[Macro, int]:
    body, end = group(text, at)
    return Macro(rf"\operatorname{{{_SPACES.sub('', body)}}}"), end


def _delimiters(text: str, at: int, how: str, found: Mapping[str, tuple[Macro, ...]]) -> tuple[Macro, int]:
    r"""``\norm{x}``, ``\norm*{x}`` and ``\norm[\big]{x}``."""
    opened, at = group(text, at)
    closed, end = group(text, at)
    return Macro(rf"#1 \left{opened} #2 \right{closed}", 2, "", starred=True), end


def _by_document_command(text: str, at: int, how: str, found: Mapping[str, tuple[Macro, ...]]) -> tuple[Macro, int]:
    arguments, at = group(text, at)
    body, end = group(text, at)
    kinds = re.match(r"\s*(?:O\{([^{}]*)\})?([m\s]*)$", arguments)
    if kinds is None:
        return Macro(body, problem="The arguments of this macro are not understood; use \\newcommand."), end
    return Macro(body, (kinds[1] is not None) + kinds[2].count("m"), kinds[1]), end


_READERS = {
    **dict.fromkeys(("def", "gdef", "edef", "xdef"), _by_def),
    "let": _by_let,
    "DeclareMathOperator": _operator,
    "DeclarePairedDelimiter": _delimiters,
    **{f"{one}DocumentCommand": _by_document_command for one in ("New", "Renew", "Provide", "Declare")},
}


def _of_environment(text: str, at: int, groups: int) -> int | None:
    name = _OTHER_NAME.match(text, at)
    if name is None:
        return None
    at = name.end()
    for _ in range(2):
        option = _DEFAULT.match(text, at)
        at = option.end() if option else at
    for _ in range(groups):
        at = group(text, at)[1]
    option = _DEFAULT.match(text, at) if groups == 1 else None
    return option.end() if option else at


def group(text: str, at: int) -> tuple[str, int]:
    """The group that stands at a place, without its braces, and where it ends; one token where there is no brace."""
    start = _SPACE.match(text, at).end()  # type: ignore[union-attr]
    if text[start : start + 1] != "{":
        token = _TOKEN.match(text, start)
        return (token[0], token.end()) if token else ("", start)
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return text[start + 1 : brace.start()], brace.end()
    return text[start + 1 :], len(text)
