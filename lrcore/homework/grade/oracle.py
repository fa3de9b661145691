"""Trees, and what the prover says of them: asked in the language of the derivation, each thing once."""

from collections.abc import Iterator

from lrcore.verify import (
    Context,
    Options,
    Problem,
    Verdict,
    examine,
    is_latex,
    read_latex,
    read_numpy,
    to_latex,
    to_text,
)
from lrcore.verify import syntax as s

QUESTION = Options(repairs=0, certify=False)
_FACTORS = ("-1", "2", r"\frac{1}{2}", "-2", r"-\frac{1}{2}", "N", r"\frac{1}{N}", r"\frac{2}{N}", r"\frac{N}{2}")


class Oracle:
    """Reads the sides of one derivation, and asks the prover about them."""

    def __init__(self, context: Context, text: str):
        self.context, self.latex = context, is_latex(text, context)
        self.out_of_work = False
        self.asked: dict[str, bool] = {}

    def equal(self, left: s.Node, right: s.Node) -> bool:
        """Whether two trees are proved equal, asked in the language of the derivation."""
        if plainly(left) == plainly(right):
            return True
        write = to_latex if self.latex else _to_text
        line = f"{write(left)} = {write(right)}" + (r" \," if self.latex else "")
        if line not in self.asked:
            steps = examine(line, self.context, QUESTION).report.steps
            self.out_of_work = self.out_of_work or any(step.out_of_work for step in steps)
            self.asked[line] = [step.verdict for step in steps] == [Verdict.PROVED]
        return self.asked[line]

    def tree(self, text: str) -> s.Node | None:
        """The tree of a side as the student wrote it; None where it cannot be read."""
        try:
            return read_latex(text, self.context) if self.latex else read_numpy(text)
        except (Problem, RecursionError):
            return None

    def form(self, text: str) -> s.Node:
        """The tree of what the task says, which is LaTeX."""
        return read_latex(text, self.context)

    def factors(self, signs: bool = False) -> Iterator[s.Node]:
        """1, and the factors that are lost most often; with ``signs`` their opposites too."""
        for one in ("1", *_FACTORS):
            yield self.form(one)
            if signs:
                yield s.neg(self.form(one))

    def factor(self, left: s.Node | None, right: s.Node | None) -> str:
        """The factor by which the right side has to be multiplied to hold; empty if none of the usual ones."""
        if left is None or right is None:
            return ""
        return next((one for one in _FACTORS if self.equal(left, times(self.form(one), right))), "")

    def same_equation(self, left: s.Node | None, right: s.Node | None, meant: tuple[str, str]) -> bool:
        """Whether both sides are the meant ones times the same factor; with a term moved it is another equation."""
        if left is None or right is None:
            return False
        return any(
            self.equal(times(one, left), self.form(meant[0])) and self.equal(times(one, right), self.form(meant[1]))
            for one in self.factors()
        )

    def has_terms(self, tree: s.Node | None, forms: tuple[str, ...]) -> bool:
        """Whether a sum has these terms, in any order, each written in any way."""
        found = list(terms(tree)) if tree is not None else []
        wanted = [self.form(form) for form in forms]
        if len(found) != len(wanted):
            return False
        for term in found:
            match = next((form for form in wanted if self.equal(term, form)), None)
            if match is None:
                return False
            wanted.remove(match)
        return True


def terms(tree: s.Node) -> Iterator[s.Node]:
    """The terms of a sum, or the one that it is."""
    if isinstance(tree, s.Add):
        for term in tree.terms:
            yield from terms(term)
    elif isinstance(tree, s.Neg) and isinstance(tree.arg, s.Add):
        for term in terms(tree.arg):
            yield s.neg(term)
    else:
        yield tree


def times(factor: s.Node, node: s.Node) -> s.Node:
    """The product."""
    return s.Mul((factor, node))


def plainly(node: s.Node) -> s.Node:
    """The tree with each product written as LaTeX does, so that one way of writing is compared with the other."""
    if isinstance(node, s.Star):
        return times(plainly(node.left), plainly(node.right))
    if isinstance(node, s.Mul):
        return s.Mul(tuple(map(plainly, node.factors)))
    return s.rebuild(node, plainly)


def _to_text(node: s.Node) -> str:
    """In the NumPy-like language, in which ``lambda`` is no name."""
    return to_text(s.substitute(node, {"lambda": s.Name("lam")}))
