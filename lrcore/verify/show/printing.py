"""The tree written back: as LaTeX, and in the NumPy-like language. What is printed reads back as the same tree."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lrcore.verify.terms import syntax as s
from lrcore.verify.terms.names import latex as latex_name
from lrcore.verify.terms.names import python

Written = tuple[str, int]  # a text, and how tightly it holds together

# How tightly a node holds together: a sum 1, a product 2, a sign 2, a power 4, a bracket or name 5.
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 4, 5


def to_latex(node: s.Node) -> str:
    """The expression as LaTeX."""
    return _latex(node)[0]


def to_text(node: s.Node) -> str:
    """The expression in the NumPy-like language."""
    return _text(node)[0]


def _base(node: s.Node) -> str:
    """What a raised sign stands at; a name that has one of its own, such as a star, in braces."""
    text = _l(node)
    return f"{{{text}}}" if isinstance(node, s.Name) and "^" in text else text


def _wrap(pair: Written, least: int, brackets: tuple[str, str] = ("(", ")")) -> str:
    text, tight = pair
    return text if tight >= least else brackets[0] + text + brackets[1]


def _latex(node: s.Node) -> Written:
    return _LATEX[type(node)](node)


def _l(node: s.Node, least: int = _ATOM) -> str:
    text, tight = _latex(node)
    if tight >= least:
        return text
    return rf"\left({text}\right)" if s.holds(node, s.Sum, s.Div, s.Block, s.Deriv) else f"({text})"


def _number(value: Fraction, frac: Callable[[Fraction], str]) -> Written:
    if value.denominator == 1:
        return str(value), (_ATOM if value >= 0 else _SUM)
    if value < 0:
        return "-" + frac(-value), _SUM
    return frac(value), _PRODUCT


def _latex_num(node: s.Num) -> Written:
    text, tight = _number(node.value, lambda v: rf"\frac{{{v.numerator}}}{{{v.denominator}}}")
    return text, tight


def _signed(terms: tuple[s.Node, ...], write: Callable[[s.Node, int], str]) -> Written:
    out = ""
    for term in terms:
        body, sign = (write(term.arg, _PRODUCT), "-") if isinstance(term, s.Neg) else (write(term, _PRODUCT), "+")
        out += f" {sign} {body}" if out else sign.strip("+") + body
    return out, _SUM


def _latex_mul(node: s.Mul) -> Written:
    parts: list[str] = []
    for place, factor in enumerate(node.factors):
        last = place == len(node.factors) - 1
        loose = isinstance(factor, (s.Sum, s.Deriv)) and not last
        kron = isinstance(factor, (s.Kron, s.Had))
        text = _l(
            factor, _POWER if loose or kron or not isinstance(factor, (s.Sum, s.Div, s.Deriv, s.Num)) else _PRODUCT
        )
        if parts and text[:1].isdigit() and not node.dot:
            text = r"\times " + text  # a dot would say that columns beside it are a dot product
        parts.append(text)
    return (r" \cdot " if node.dot else " ").join(parts), _PRODUCT


def _latex_pow(node: s.Pow) -> Written:
    if isinstance(node.base, s.Call) and node.base.fn in s.NORMS and node.exponent == s.num(2):
        return _latex(s.Call(s.NORMS[node.base.fn], node.base.args))
    if isinstance(node.base, s.Call) and node.base.fn in s.NORMS.values():
        return rf"\left({_latex(node.base)[0]}\right)^{{{to_latex(node.exponent)}}}", _POWER
    sign = r"\odot " if node.entrywise and not _scalar_looking(node.base) else ""
    return f"{_base(node.base)}^{{{sign}{to_latex(node.exponent)}}}", _POWER


_MARKS = {"norm": "", "norm2": "^2", "normf": "_F", "normf2": "_F^2", "norml2": "_2", "norml22": "_2^2", "norml1": "_1"}
_FORMS = {
    "bars": r"\left|{}\right|", "sqrt": r"\sqrt{{{}}}", "inner": r"\left\langle {}, {} \right\rangle",
    "overline": r"\overline{{{}}}", "larger": r"\max({}, {})", "expectation": r"\mathbb{{E}}\left[{}\right]",
    "variance": r"\operatorname{{Var}}\left[{}\right]", "step": r"\mathbf{{1}}[{} > 0]",
}  # fmt: skip
_WORDS = {
    "exp": r"\exp", "log": r"\log", "tanh": r"\tanh", "sinh": r"\sinh", "cosh": r"\cosh",
    "det": r"\det", "sigmoid": r"\sigma", "logdet": r"\log\det",
    "total": r"\operatorname{sum}",
}  # fmt: skip
_NUMBERS = {"tr", "det", "total", "logdet", *_MARKS}


def _scalar_looking(node: s.Node) -> bool:
    if isinstance(node, (s.Entry, s.Num)) or (isinstance(node, s.Call) and node.fn in _NUMBERS):
        return True
    return isinstance(node, (s.Add, s.Neg, s.Sum)) and all(
        _scalar_looking(one) for one in s.children(node) if not isinstance(one, s.Name)
    )


def _latex_call(node: s.Call) -> Written:
    args = [to_latex(arg) for arg in node.args]
    fn = node.fn
    if fn in _MARKS:
        return rf"\left\|{args[0]}\right\|{_MARKS[fn]}", _POWER if fn in s.NORMS.values() else _ATOM
    if fn == "frobenius":
        return rf"{_l(node.args[0], _PRODUCT)} : {_l(node.args[1], _PRODUCT)}", _SUM
    if fn == "exp" and (product := _product_over(node.args[0])) is not None:
        return product, _PRODUCT
    if fn in _FORMS:
        return _FORMS[fn].format(*args), _ATOM
    name = _WORDS.get(fn, rf"\operatorname{{{fn}}}")
    return rf"{name}\left({args[0]}\right)", _POWER if fn == "tr" else _ATOM


def _latex_entry(node: s.Entry) -> Written:
    base = node.base
    if isinstance(base, s.Name):
        text = latex_name(base.id)
        if "_{" in text:
            text = rf"\left({text}\right)"
    else:
        text = rf"\left[{to_latex(base)}\right]"
    parts = [_index(one, node.zero) for one in node.indices]
    joined = "".join(parts) if all(len(one) == 1 and one != ":" for one in parts) else ",".join(parts)
    return f"{text}_{{{joined}}}", _ATOM


def _index(node: s.Node, zero: bool) -> str:
    if isinstance(node, s.Slice):
        return ":"
    if isinstance(node, s.Num) and zero:
        return str(node.value + 1)
    return to_latex(node)


def _product_over(node: s.Node) -> str | None:
    """A product over an index, which is read as exp of the sum of the logarithms."""
    signs = ""
    while isinstance(node, s.Sum):
        signs, node = signs + rf"\prod{_ends(node)} ", node.body
    return signs + _l(node.args[0], _PRODUCT) if signs and isinstance(node, s.Call) and node.fn == "log" else None


def _latex_sum(node: s.Sum) -> Written:
    return rf"\sum{_ends(node)} {_l(node.body, _PRODUCT)}", _PRODUCT


def _ends(node: s.Sum) -> str:
    low = node.index if node.lo is None else f"{node.index}={to_latex(node.lo)}"
    low += "".join(rf" \neq {one}" for one in node.exclude)
    high = f"^{{{to_latex(node.hi)}}}" if node.hi is not None else ""
    return f"_{{{low}}}{high}"


def _latex_deriv(node: s.Deriv) -> Written:
    order = len(node.wrt)
    power = f"^{order}" if order > 1 else ""
    below = " ".join(rf"\partial {_l(one, _POWER)}" for one in node.wrt)
    if isinstance(node.f, (s.Name, s.Entry, s.At)):
        return rf"\frac{{\partial{power} {to_latex(node.f)}}}{{{below}}}", _POWER
    return rf"\frac{{\partial{power}}}{{{below}}} {_l(node.f, _POWER)}", _PRODUCT


def _latex_special(node: s.Special) -> Written:
    sizes = r" \times ".join(to_latex(one) for one in node.sizes)
    symbol = {"ones": r"\mathbf{1}", "eye": "I", "zero": r"\mathbf{0}"}[node.kind]
    return symbol + (f"_{{{sizes}}}" if sizes else ""), _ATOM


def _latex_block(node: s.Block) -> Written:
    rows = r" \\ ".join(" & ".join(to_latex(cell) for cell in row) for row in node.rows)
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}", _ATOM


def _latex_build(node: s.Build) -> Written:
    letters = ",".join(one for one in (node.i, node.j) if one != "_")
    return rf"\left[{to_latex(node.body)}\right]_{{{letters}}}", _ATOM


_LATEX: dict[type[s.Node], Callable[[Any], Written]] = {
    s.Num: _latex_num,
    s.Name: lambda n: (latex_name(n.id), _ATOM),
    s.Add: lambda n: _signed(n.terms, _l),
    s.Neg: lambda n: ("-" + _l(n.arg, _PRODUCT), _SUM),
    s.Mul: _latex_mul,
    s.Star: lambda n: (
        rf"{_l(n.left, _POWER)} \odot {_l(n.right, _POWER)}"
        if not _plain_star(n)
        else _latex_mul(s.Mul((n.left, n.right)))[0],
        _PRODUCT,
    ),
    s.Had: lambda n: (
        rf"{_l(n.left, _PRODUCT if isinstance(n.left, s.Had) else _POWER)} \odot {_l(n.right, _POWER)}",
        _PRODUCT,
    ),
    s.Kron: lambda n: (rf"{_l(n.left, _POWER)} \otimes {_l(n.right, _POWER)}", _PRODUCT),
    s.Div: lambda n: (rf"\frac{{{to_latex(n.num)}}}{{{to_latex(n.den)}}}", _PRODUCT),
    s.Pow: _latex_pow,
    s.T: lambda n: (_base(n.arg) + r"^\top", _POWER),
    s.Inv: lambda n: (_base(n.arg) + "^{-1}", _POWER),
    s.Prime: lambda n: (_base(n.arg) + "'", _POWER),
    s.Call: _latex_call,
    s.At: lambda n: (to_latex(n.fn) + "(" + ", ".join(map(to_latex, n.args)) + ")", _ATOM),
    s.Slice: lambda n: (":", _ATOM),
    s.Entry: _latex_entry,
    s.Sum: _latex_sum,
    s.Delta: lambda n: (rf"\delta_{{{to_latex(n.i)}{to_latex(n.j)}}}", _ATOM),
    s.Deriv: _latex_deriv,
    s.Diff: lambda n: (
        r"\mathrm{d}" + (to_latex(n.arg) if isinstance(n.arg, s.Name) else f"({to_latex(n.arg)})"),
        _ATOM,
    ),
    s.Special: _latex_special,
    s.Block: _latex_block,
    s.Build: _latex_build,
    s.Shaped: lambda n: _latex_shaped(n),
    s.Dots: lambda n: (r"\dots", _ATOM),
}


def _plain_star(node: s.Star) -> bool:
    return any(isinstance(one, (s.Num, s.Div, s.Call, s.Entry)) for one in (node.left, node.right))


def _latex_shaped(node: s.Shaped) -> Written:
    sizes = r" \times ".join(map(to_latex, node.sizes))
    return rf"\underbrace{{{to_latex(node.arg)}}}_{{{sizes}}}", _ATOM


# ---------------------------------------------------------------------- NumPy-like text


def _text(node: s.Node) -> Written:
    return _TEXT[type(node)](node)


def _t(node: s.Node, least: int = _ATOM) -> str:
    return _wrap(_text(node), least)


def _text_num(node: s.Num) -> Written:
    return _number(node.value, lambda v: f"{v.numerator}/{v.denominator}")


def _text_mul(node: s.Mul) -> Written:
    return " @ ".join(_t(one, _POWER if k else _PRODUCT) for k, one in enumerate(node.factors)), _PRODUCT


def _text_entry(node: s.Entry) -> Written:
    parts = []
    for one in node.indices:
        if isinstance(one, s.Slice):
            parts.append(":")
        elif isinstance(one, s.Num) and not node.zero:
            parts.append(str(one.value - 1))
        else:
            parts.append(to_text(one))
    return f"{_t(node.base)}[{', '.join(parts)}]", _ATOM


def _text_sum(node: s.Sum) -> Written:
    if node.lo is not None or node.exclude:
        ends = "" if node.lo is None or node.hi is None else f"{to_text(node.lo)}, {to_text(node.hi)}, "
        return f"sum({node.index}, {ends}{to_text(node.body)})", _ATOM
    return f"sum({node.index}, {to_text(node.body)})", _ATOM


def _text_special(node: s.Special) -> Written:
    name = {"ones": "ones", "eye": "eye", "zero": "zeros"}[node.kind]
    return (f"{name}({', '.join(map(to_text, node.sizes))})" if node.sizes else name), _ATOM


def _text_deriv(node: s.Deriv) -> Written:
    """``hess(f, w)`` is by w and by its transpose; where nobody said grad or jac, the layout of the context decides."""
    by = ", ".join(map(to_text, node.wrt))
    if len(node.wrt) == 2 and node.wrt[1] == s.T(node.wrt[0]):
        return f"hess({to_text(node.f)}, {to_text(node.wrt[0])})", _ATOM
    return f"{'deriv' if node.kind == 'auto' else node.kind}({to_text(node.f)}, {by})", _ATOM


def _text_pow(node: s.Pow) -> Written:
    """``**`` is entrywise in NumPy; what may be a matrix gets the name of its own power."""
    number = _scalar_looking(node.base) or (isinstance(node.base, s.Name) and not node.base.id[:1].isupper())
    if node.entrywise or number:
        return f"{_t(node.base)}**{_t(node.exponent)}", _POWER
    return f"matrix_power({to_text(node.base)}, {to_text(node.exponent)})", _ATOM


def _text_prime(node: s.Prime) -> Written:
    """A derivative of a function of one name, else a transpose."""
    call: s.Node = node.arg
    while isinstance(call, s.Prime):
        call = call.arg
    if isinstance(call, s.At) and len(call.args) == 1:
        return f"deriv({to_text(node.arg)}, {to_text(call.args[0])})", _ATOM
    return _t(node.arg) + ".T", _ATOM


def _text_call(node: Any) -> Written:
    if node.fn == "overline" and isinstance(node.args[0], s.Mul):
        return f"mean({' * '.join(map(to_text, node.args[0].factors))})", _ATOM
    if node.fn in ("rows", "cols"):
        return f"{_t(node.args[0])}.shape[{int(node.fn == 'cols')}]", _ATOM
    fn = _CALLS.get(node.fn, node.fn)
    return f"{fn}({', '.join(map(to_text, node.args))}{_MARK.get(node.fn, '')})", _ATOM


_CALLS = {
    "total": "sum",
    "overline": "mean",
    "larger": "maximum",
    "frobenius": "inner",
    "norml2": "norm",
    "norml22": "norm2",
    "norml1": "norm",
}
_MARK = {"norml2": ", 2", "norml22": ", 2", "norml1": ", 1"}
_TEXT: dict[type[s.Node], Callable[[Any], Written]] = {
    s.Num: _text_num,
    s.Name: lambda n: (python(n.id), _ATOM),
    s.Add: lambda n: _signed(n.terms, _t),
    s.Neg: lambda n: ("-" + _t(n.arg, _PRODUCT), _SUM),
    s.Mul: _text_mul,
    s.Star: lambda n: (f"{_t(n.left, _PRODUCT)} * {_t(n.right, _POWER)}", _PRODUCT),
    s.Had: lambda n: (f"had({to_text(n.left)}, {to_text(n.right)})", _ATOM),
    s.Kron: lambda n: (f"kron({to_text(n.left)}, {to_text(n.right)})", _ATOM),
    s.Div: lambda n: (f"{_t(n.num, _PRODUCT)}/{_t(n.den, _POWER)}", _PRODUCT),
    s.Pow: _text_pow,
    s.T: lambda n: (_t(n.arg) + ".T", _ATOM),
    s.Inv: lambda n: (f"inv({to_text(n.arg)})", _ATOM),
    s.Prime: _text_prime,
    s.Call: _text_call,
    s.At: lambda n: (f"{to_text(n.fn)}({', '.join(map(to_text, n.args))})", _ATOM),
    s.Slice: lambda n: (":", _ATOM),
    s.Entry: _text_entry,
    s.Sum: _text_sum,
    s.Delta: lambda n: (f"delta({to_text(n.i)}, {to_text(n.j)})", _ATOM),
    s.Deriv: _text_deriv,
    s.Diff: lambda n: (f"d({to_text(n.arg)})", _ATOM),
    s.Special: _text_special,
    s.Block: lambda n: ("[" + ", ".join("[" + ", ".join(map(to_text, row)) + "]" for row in n.rows) + "]", _ATOM),
    s.Build: lambda n: (to_text(n.body), _ATOM),
    s.Shaped: lambda n: _text(n.arg),
    s.Dots: lambda n: ("...", _ATOM),
}
