# ruff: noqa: E501  (a row of tasks a line)
"""How many proved steps are explained by named rules, and how many gradients of a list are derived.

    python benchmarks/reasons.py [--out benchmarks/results/reasons.json] [--shared FOLDER]

The steps are those of the book, of the corpus of the tests, and of the identities, and where a folder holds them, those
of other people's derivations (``derivations.json``, ``strangers.json``: see ``verify_corpus.py``); each path is replayed rule by rule.
Of the built book, where there is one, it is measured how much the reasons and the players weigh.
Each line of a derived gradient is proved by the prover before it is shown, and the gradient is compared with central
differences on random numbers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.central_differences import agrees  # noqa: E402
from lrcore.verify import Context, NotDerived, Problem, derive, explain  # noqa: E402
from lrcore.verify.why.replay import replayed  # noqa: E402
from tests.verify.proved import SOURCES, Proved, of_text  # noqa: E402

GIVEN: dict[str, Any] = {
    "shapes": {
        "X": ("N", "M"), "w": ("M",), "y": ("N",), "W": ("M", "D"), "Y": ("N", "D"), "A": ("M", "M"), "S": ("M", "M"),
        "B": ("N", "N"), "G": ("N", "N"), "H": ("M", "N"), "x": ("N",), "z": ("N",), "b": ("M",), "u": ("M",), "v": ("P",), "K": ("M", "P"), "V": ("N", "N"), "C": ("M", "D"), "F": ("D", "D"), "lambda": (), "t": (), "c": (),
    },
    "symmetric": ["S", "V"],
}  # fmt: skip
CONTEXT = Context(**GIVEN)
TASKS = [
    (r"\frac1N \|X w - y\|^2", "w"), (r"\frac12 \|y - X w\|^2", "w"), (r"\|X w - y\|^2 + \lambda \|w\|^2", "w"),
    (r"(y - X w)^\top B (y - X w)", "w"), (r"(X w - y)^\top (X w - y)", "w"), (r"\|X w - y\|^2", "y"),
    (r"\frac1N \|X W - Y\|_F^2", "W"), (r"\|X W - Y\|_F^2 + \lambda \|W\|_F^2", "W"), (r"\|X W - Y\|_F^2", "X"),
    (r"\operatorname{tr}((X W - Y)^\top (X W - Y))", "W"), (r"w^\top A w", "w"), (r"w^\top S w - b^\top w", "w"),
    (r"b^\top w", "w"), (r"X w", "w"), (r"X w - y", "w"), (r"x^\top G z", "G"), (r"x^\top G^\top z", "G"), (r"x^\top G x", "G"),
    (r"\operatorname{tr}(G)", "G"), (r"\operatorname{tr}(B G)", "G"), (r"\operatorname{tr}(B G^\top)", "G"),
    (r"\operatorname{tr}(G^2)", "G"), (r"\operatorname{tr}(W^\top A W)", "W"), (r"\operatorname{tr}(G^{-1})", "G"),
    (r"x^\top G^{-1} z", "G"), (r"\det G", "G"), (r"\log\det G", "G"), (r"\|G\|_F^2", "G"), (r"\|w\|", "w"),
    (r"\|x - z\|^2", "x"), (r"\frac{w^\top A w}{w^\top w}", "w"), (r"\log(1 + \exp(b^\top w))", "w"), (r"\sigma(b^\top w)", "w"),
    (r"\sum_{i=1}^N \log(1 + \exp(-y_i (X w)_i))", "w"), (r"\frac1N \sum_{i=1}^N (c x_i - z_i)^2", "c"),
    (r"\frac1N \sum_{i=1}^N (c x_i + t - z_i)^2", "t"), (r"t^3 + 2 t", "t"), (r"\exp(t^2)", "t"), (r"t \exp(t)", "t"),
    (r"\log(c t)", "t"),
    # ridge, weighted, generalised least squares
    (r"\frac1N \|X w - y\|^2 + \lambda \|w\|^2", "w"), (r"\frac{1}{2 N} \|X w - y\|^2", "w"), (r"\frac12 \|X w - y\|^2 + \frac{\lambda}{2} \|w\|^2", "w"),
    (r"(X w - y)^\top V (X w - y)", "w"), (r"(y - X w)^\top V^{-1} (y - X w)", "w"), (r"(X w - y)^\top B (X w - y) + \lambda w^\top w", "w"),
    (r"\|X w - y\|^2 + w^\top S w", "w"), (r"\|X w - y\|^2 - b^\top w", "w"), (r"\|X w + t \mathbf{1}_N - y\|^2", "w"),
    (r"\|X w + t \mathbf{1}_N - y\|^2", "t"), (r"\frac1N \|X w + t \mathbf{1}_N - y\|^2", "t"), (r"\|y - X w\|^2 + \lambda \|w - b\|^2", "w"),
    (r"\frac1N \|X W - Y\|_F^2 + \lambda \|W\|_F^2", "W"), (r"\frac{1}{2} \|Y - X W\|_F^2", "W"), (r"\|A W - C\|_F^2", "W"), (r"\|A W F - C\|_F^2", "W"),
    (r"\operatorname{tr}((Y - X W)^\top B (Y - X W))", "W"), (r"\|X W - Y\|_F^2", "Y"), (r"\|X w - y\|^2", "X"),
    # linear and quadratic forms
    (r"w^\top b", "w"), (r"w^\top b", "b"), (r"w^\top w", "w"), (r"\|w\|^2", "w"), (r"w^\top S w", "w"), (r"\frac12 w^\top S w", "w"), (r"w^\top A^\top A w", "w"),
    (r"w^\top (A + S) w", "w"), (r"b^\top A w", "w"), (r"w^\top A b", "w"), (r"b^\top A w", "b"), (r"(b^\top w)^2", "w"), (r"(w^\top A w)^2", "w"),
    (r"\|A w\|^2", "w"), (r"\|A w - b\|^2", "w"), (r"(w - b)^\top S (w - b)", "w"), (r"(w - b)^\top A (w - b)", "w"), (r"\frac12 w^\top S w - b^\top w + c", "w"),
    (r"A w", "w"), (r"A w + b", "w"), (r"c A w", "w"), (r"A S w - b", "w"), (r"w - b", "w"), (r"(w^\top w) b", "w"),
    # traces and determinants
    (r"\operatorname{tr}(G^\top B)", "G"), (r"\operatorname{tr}(B G B)", "G"), (r"\operatorname{tr}(G^\top G)", "G"), (r"\operatorname{tr}(G G^\top)", "G"),
    (r"\operatorname{tr}(G B G)", "G"), (r"\operatorname{tr}(G^\top B G)", "G"), (r"\operatorname{tr}(G B G^\top)", "G"), (r"\operatorname{tr}(B G^{-1})", "G"),
    (r"\operatorname{tr}(B G^{-1} B)", "G"), (r"x^\top G^{-1} x", "G"), (r"\log\det(G) + \operatorname{tr}(B G)", "G"), (r"\operatorname{tr}(B G) - \log\det G", "G"),
    (r"\log\det G + x^\top G^{-1} x", "G"), (r"\det(G^{-1})", "G"), (r"(\operatorname{tr} G)^2", "G"), (r"c \operatorname{tr}(B G)", "G"), (r"\|G - B\|_F^2", "G"),
    (r"\|B G\|_F^2", "G"), (r"x^\top G^\top G x", "G"), (r"x^\top G B G z", "G"), (r"\|G x - z\|^2", "G"), (r"\operatorname{tr}(W^\top S W)", "W"), (r"u^\top S u", "u"),
    # numbers, logistic regression, ratios, norms
    (r"t^2", "t"), (r"\frac{1}{t}", "t"), (r"\frac{c}{1 + t^2}", "t"), (r"\exp(-t)", "t"), (r"\log(1 + \exp(t))", "t"), (r"\sigma(t)", "t"), (r"\tanh(t)", "t"),
    (r"\sigma(c t)", "t"), (r"(t - c)^4", "t"), (r"\sqrt{t}", "t"), (r"\exp(b^\top w)", "w"), (r"\log(b^\top w)", "w"), (r"\frac{1}{1 + \exp(-b^\top w)}", "w"),
    (r"\log(1 + w^\top w)", "w"), (r"\exp(-\frac12 w^\top S w)", "w"), (r"\frac{b^\top w}{w^\top w}", "w"), (r"\|w - b\|", "w"), (r"\|X w - y\|", "w"),
    # logistic regression of 0 and 1, log-sum-exp, two layers, robust losses, PCA, GLS, Jacobians of functions
    (r"-\sum_{i=1}^N y_i \log\sigma((Xw)_i) - \sum_{i=1}^N (1-y_i)\log(1-\sigma((Xw)_i))", "w"),
    (r"\mathbf{1}_N^\top \log(\mathbf{1}_N + \exp(X w)) - y^\top X w", "w"), (r"\log\sum_{i=1}^N \exp(z_i)", "z"), (r"\log\sum_{i=1}^N \exp(z_i) - y^\top z", "z"),
    (r"\sum_{i=1}^N \exp(-y_i (X w)_i)", "w"), (r"\sum_{i=1}^N \log(c^2 + (y_i - (X w)_i)^2)", "w"), (r"\mathbf{1}_N^\top \sigma(X w)", "w"),
    (r"\|\sigma(X K) v - y\|^2", "v"), (r"\|\sigma(X K) v - y\|^2", "K"), (r"\|\tanh(X K) v - y\|^2", "K"), (r"\|X K v - y\|^2", "K"), (r"\|\sigma(X W) - Y\|_F^2", "W"),
    (r"\|X - X W W^\top\|_F^2", "W"), (r"w^\top S w - \lambda (w^\top w - 1)", "w"), (r"\|X - x w^\top\|_F^2", "w"), (r"\|X - x w^\top\|_F^2", "x"),
    (r"(y - X w)^\top V^{-1} (y - X w) + \lambda \|w\|^2", "w"), (r"\|\operatorname{diag}(x) (X w - y)\|^2", "w"), (r"\operatorname{tr}((X W - Y) F (X W - Y)^\top)", "W"),
    (r"\sigma(X w)", "w"), (r"\exp(X w)", "w"), (r"(X w) \odot (X w)", "w"), (r"\operatorname{tr}(G^3)", "G"), (r"\log\det(X^\top X + A)", "A"), (r"(x^\top G z)^2", "G"),
    (r"\|X W - Y\|_F", "W"), (r"x^\top (G^\top G)^{-1} x", "G"), (r"u^\top A^{-1} A^{-1} b", "A"),
    (r"\frac{u^\top S u}{u^\top u}", "u"), (r"\tanh(b^\top w)", "w"), (r"\sum_{i=1}^N (x_i - t)^2", "t"), (r"\frac1N \sum_{i=1}^N (x_i - t)^2", "t"),
]  # fmt: skip

# written after the list above was derived, of the same kinds
OTHERS = [
    (r"\operatorname{tr}(B G B^\top)", "G"), (r"\operatorname{tr}(B G^\top B)", "G"), (r"\operatorname{tr}(W^\top S W F)", "W"), (r"\operatorname{tr}(B G^2)", "G"),
    (r"\operatorname{tr}(G^4)", "G"), (r"\operatorname{tr}((G + B)^{-1})", "G"), (r"\log\det(G^\top G)", "G"), (r"\det(B G B)", "G"),
    (r"\log\det(B + G)", "G"), (r"x^\top G^\top B G z", "G"), (r"\operatorname{tr}(B \odot G)", "G"), (r"(X w - y)^\top V^{-1} (X w - y)", "w"),
    (r"-\frac{N}{2} \log t - \frac{1}{2 t} \|X w - y\|^2", "t"), (r"-\frac{N}{2} \log t - \frac{1}{2 t} \|X w - y\|^2", "w"), (r"-\frac12 \log\det G - \frac12 (x - z)^\top G^{-1} (x - z)", "G"), (r"-\frac12 (x - z)^\top V^{-1} (x - z)", "z"),
    (r"\|B x - z\|^2 + \lambda x^\top B x", "x"), (r"\frac12 x^\top B x - z^\top x", "x"), (r"\sum_{i=1}^N x_i \log(1 + \exp(-y_i (X w)_i))", "w"), (r"\sum_{i=1}^N x_i ((X w)_i - y_i)^2", "w"),
    (r"\sum_{i=1}^N t^2 (\sqrt{1 + ((X w)_i - y_i)^2 / t^2} - 1)", "w"), (r"\sum_{i=1}^N \sqrt{c^2 + (y_i - (X w)_i)^2}", "w"), (r"\log(\mathbf{1}_N^\top \exp(X w))", "w"), (r"\frac{\exp(z)}{\mathbf{1}_N^\top \exp(z)}", "z"),
    (r"-y^\top \log(\sigma(X w))", "w"), (r"\|\tanh(X W) F - Y\|_F^2", "W"), (r"\|\tanh(X W) F - Y\|_F^2", "F"), (r"\frac{1}{N} \|\sigma(X W) F - Y\|_F^2 + \lambda \|W\|_F^2", "W"),
    (r"\operatorname{tr}(W^\top S W (W^\top W)^{-1})", "W"), (r"\frac{u^\top A u}{u^\top S u}", "u"), (r"\|X - X u u^\top\|_F^2", "u"), (r"\sigma(A w + b)", "w"),
    (r"\tanh(A w)", "w"), (r"A \tanh(w)", "w"), (r"w w^\top b", "w"), (r"\frac{w}{\|w\|}", "w"),
    (r"\|w\|^4", "w"), (r"\exp(-\|x - z\|^2 / (2 c^2))", "x"), (r"(b^\top w) \log(b^\top w)", "w"), (r"\operatorname{tr}(B^\top \exp(G))", "G"),
]  # fmt: skip


# written after both were derived, in letters of other books: 23 of its 77 failed in one style or more when it was new
STRANGE: dict[str, Any] = {
    "shapes": {
        "X": ("N", "D"), "theta": ("D",), "beta": ("D",), "y": ("N",), "Y": ("N", "P"), "Theta": ("D", "P"), "Sigma": ("D", "D"), "Omega": ("N", "N"),
        "mu": ("D",), "a": ("D",), "b": ("D",), "c": ("N",), "r": ("N",), "A": ("D", "D"), "B": ("D", "D"), "C": ("D", "D"), "P": ("N", "N"), "Q": ("D", "P"),
        "K": ("D", "H"), "L": ("H", "P"), "h": ("H",), "q": ("P",), "lambda": (), "s": (), "tau": (), "U": ("N", "R"), "V": ("D", "R"), "M": ("N", "D"), "x": ("D",),
    },
    "symmetric": ["Sigma", "Omega", "B"],
}  # fmt: skip
STRANGERS = [
    (r"\frac{1}{2N}\|X\theta-y\|^2+\frac{\lambda}{2}\|\theta\|^2", "theta"), (r"(y-X\beta)^\top\Omega^{-1}(y-X\beta)", "beta"),
    (r"\|M-UV^\top\|_F^2", "U"), (r"\|M-UV^\top\|_F^2", "V"),
    (r"\|M-UV^\top\|_F^2+\lambda\|U\|_F^2+\lambda\|V\|_F^2", "V"), (r"\log\det(\Sigma)+(x-\mu)^\top\Sigma^{-1}(x-\mu)", "mu"),
    (r"\log\det(A)+\operatorname{tr}(A^{-1}C)", "A"), (r"a^\top A^{-1}b", "A"),
    (r"\operatorname{tr}(A^{-1}B)", "A"), (r"\det(A B)", "A"),
    (r"\det(A)^2", "A"), (r"a^\top A^2 b", "A"),
    (r"a^\top A^\top A b", "A"), (r"a^\top A C A^\top b", "A"),
    (r"(A a+b)^\top C (A a+b)", "A"), (r"(A a + b)^\top C (A a+b)", "a"),
    (r"\operatorname{tr}(A B A^\top C)", "A"), (r"\operatorname{tr}(A^\top B A C)", "A"),
    (r"\operatorname{tr}(A \odot A)", "A"), (r"\operatorname{tr}(A^5)", "A"),
    (r"\|\theta\|_2", "theta"), (r"\|X\theta-y\|_2", "theta"),
    (r"\frac{\|X\theta-y\|^2}{\|\theta\|^2+1}", "theta"), (r"\log(1+\theta^\top\Sigma\theta)", "theta"),
    (r"\sigma(\theta^\top x)(1-\sigma(\theta^\top x))", "theta"), (r"-y^\top\log\sigma(X\theta)-(1-y)^\top\log(1-\sigma(X\theta))", "theta"),
    (r"-\frac1N\sum_{i=1}^N\left(y_i\log\sigma((X\theta)_i)+(1-y_i)\log(1-\sigma((X\theta)_i))\right)", "theta"), (r"-\sum_{i=1}^N\sum_{k=1}^P Y_{ik}(X\Theta)_{ik}+\sum_{i=1}^N\log\sum_{k=1}^P\exp((X\Theta)_{ik})", "Theta"),
    (r"\frac1N\sum_{i=1}^N\left(\log\sum_{k=1}^P\exp((X\Theta)_{ik})-\sum_{k=1}^P Y_{ik}(X\Theta)_{ik}\right)", "Theta"), (r"\frac12\|\tanh(XK)L-Y\|_F^2", "K"),
    (r"\frac12\|\tanh(XK)L-Y\|_F^2", "L"), (r"\frac12\|\sigma(XK+\mathbf 1_N h^\top)L+\mathbf 1_N q^\top-Y\|_F^2", "h"),
    (r"\frac12\|\sigma(XK+\mathbf 1_N h^\top)L+\mathbf 1_N q^\top-Y\|_F^2", "K"), (r"\frac12\|\sigma(XK+\mathbf 1_N h^\top)L+\mathbf 1_N q^\top-Y\|_F^2", "q"),
    (r"\|X\Theta+\mathbf 1_N q^\top-Y\|_F^2", "q"), (r"\frac1N\|X\Theta+\mathbf 1_N q^\top-Y\|_F^2", "Theta"),
    (r"\sum_{i=1}^N r_i((X\theta)_i-y_i)^2", "theta"), (r"\sum_{i=1}^N r_i((X\theta)_i-y_i)^2", "r"),
    (r"\theta^\top\Sigma\theta-\lambda(\theta^\top\theta-1)", "theta"), (r"\frac{\theta^\top\Sigma\theta}{\theta^\top\theta}", "theta"),
    (r"N\log\tau+\frac{1}{2\tau^2}\|y-X\theta\|^2", "tau"), (r"N\log\tau+\frac{1}{2\tau^2}\|y-X\theta\|^2", "theta"),
    (r"-\frac N2\log(2\pi\tau^2)-\frac{1}{2\tau^2}(y-X\theta)^\top(y-X\theta)", "tau"), (r"\sum_{i=1}^N\log\cosh((X\theta)_i-y_i)", "theta"),
    (r"\sum_{i=1}^N\exp((X\theta)_i)-y^\top X\theta", "theta"), (r"\operatorname{tr}(X^\top\Omega X)", "X"),
    (r"\|X\theta-y\|^2", "X"), (r"y^\top X\theta", "X"),
    (r"\|P X - M\|_F^2", "P"), (r"\|PXQ-Y\|_F^2", "P"),
    (r"\|PXQ-Y\|_F^2", "Q"), (r"\|PXQ-Y\|_F^2", "X"),
    (r"\det(X^\top X)", "X"), (r"\log\det(X^\top X)", "X"),
    (r"\operatorname{tr}((X^\top X)^{-1})", "X"), (r"\log\det(A+\lambda I)", "A"),
    (r"y^\top(P+\lambda I)^{-1}y", "P"), (r"y^\top(P+\lambda I)^{-1}y", "lambda"),
    (r"\|(P+\lambda I)^{-1}y\|^2", "lambda"), (r"\log\det(P+\lambda I)", "lambda"),
    (r"\max(0,s)^2", "s"), (r"|s|", "s"),
    (r"\frac{1}{1+e^{-s}}", "s"), (r"\log(s+\sqrt{1+s^2})", "s"),
    (r"X^\top(X\theta-y)", "theta"), (r"\frac2N X^\top(X\theta-y)+2\lambda\theta", "theta"),
    (r"\theta\theta^\top a", "theta"), (r"\frac{\theta}{\theta^\top\theta}", "theta"),
    (r"\Sigma^{-1}\theta", "theta"), (r"\operatorname{softmax}(\theta)", "theta"),
    (r"\operatorname{softmax}(A\theta+b)", "theta"), (r"-a^\top\log\operatorname{softmax}(\theta)", "theta"),
    (r"-a^\top\log\operatorname{softmax}(A\theta)", "A"), (r"a^\top\operatorname{softmax}(\theta)", "theta"),
    (r"\log\sum_{j=1}^D\exp(\theta_j)-a^\top\theta", "theta"), (r"\sum_{i=1}^N \max(0,1-y_i(X\theta)_i)", "theta"),
    (r"\|X\theta - y\|_1", "theta"),
]  # fmt: skip


def of_others(file: Path) -> Iterator[Proved]:
    """The proved steps of other people's derivations."""
    sys.path.append(str(ROOT / "benchmarks"))  # a script beside this one, which finds its own parts there
    from verify_corpus import context_of

    for entry in json.loads(file.read_text(encoding="utf-8")):
        try:
            yield from of_text(entry["id"], entry["latex"], context_of(entry))
        except Problem:
            continue


def explained(proved: Iterator[Proved]) -> dict[str, object]:
    """How many of the proved steps of a source have a path of named rules, of what size, in what time."""
    sizes, times, opened, missing, wrong = [], [], [], [], []
    for one in proved:
        if one.relation != "=":
            continue
        step = one.state.decided[one.number]
        started = process_time()
        why = explain(step, one.state.context)
        times.append(1e3 * (process_time() - started))
        if why.size is not None:
            sizes.append(why.size)
        else:
            (opened if why.lines else missing).append(one.name)
        if why.lines and (fault := replayed(why, step, one.state.context)):
            wrong.append(f"{one.name}: {fault}")
    times.sort()
    return {
        "steps": len(times),
        "explained by named rules": len(sizes),
        "opened in index notation": len(opened),
        "median size": sorted(sizes)[len(sizes) // 2],
        "median ms": round(times[len(times) // 2], 2),
        "99th percentile ms": round(times[len(times) * 99 // 100], 1),
        "not replayed": wrong,
        "opened": opened,
        "without a path": missing,
    }


def derived(tasks: list[tuple[str, str]], context: Context = CONTEXT) -> dict[str, object]:
    """How many tasks are derived in each style, with every line proved and the result as central differences say."""
    found: dict[str, object] = {}
    for style in ("rules", "index", "differential"):
        missing, times, wrong = [], [], []
        for loss, by in tasks:
            started = process_time()
            try:
                one = derive(loss, by, context, style)
            except NotDerived as fault:
                missing.append(f"{loss} by {by}: {fault}")
                continue
            finally:
                times.append(1e3 * (process_time() - started))
            asked = f"{by}_k" if style == "index" else by
            try:
                agreed = agrees(loss, asked, one.result, context)
            except (NotImplementedError, KeyError, ValueError, IndexError) as fault:
                wrong.append(f"{loss} by {by}: {one.result}: not evaluated: {type(fault).__name__} {fault}")
                continue
            if not agreed:
                wrong.append(f"{loss} by {by}: {one.result}")
        found[style] = {
            "tasks": len(tasks), "derived": len(tasks) - len(missing), "median ms": round(sorted(times)[len(times) // 2], 1),
            "not derived": missing, "not as central differences": wrong,
        }  # fmt: skip
    return found


FOLDED = {
    "players": re.compile(r'<details class="lr-played">.*?</details>', re.DOTALL),
    "reasons": re.compile(r'<div class="lr-why">(?:(?!</div>).)*</div>|<span class="lr-by">.*?</span>', re.DOTALL),
}


def weights() -> dict[str, object]:
    """What reasons and players add to each built chapter that has any, in bytes of the compressed page."""
    found: dict[str, object] = {}
    for file in sorted((ROOT / "_build" / "html" / "book").glob("*.html")):
        text = file.read_text(encoding="utf-8")
        sizes = [len(gzip.compress(text.encode(), 9))]
        for part in FOLDED.values():
            text = part.sub("", text)
            sizes.append(len(gzip.compress(text.encode(), 9)))
        if sizes[-1] < sizes[0]:
            added = {name: sizes[n] - sizes[n + 1] for n, name in enumerate(FOLDED)}
            found[file.stem] = {"page": sizes[0], **added, "both": sizes[0] - sizes[-1]}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "reasons.json")
    parser.add_argument(
        "--only", choices=("explain", "derive", "pages"), help="measure one part, and keep what is known of the others"
    )
    parser.add_argument("--shared", type=Path, help="the folder with derivations.json and strangers.json")
    options = parser.parse_args()
    measured = json.loads(options.out.read_text(encoding="utf-8")) if options.out.is_file() else {}
    if options.only in (None, "explain"):
        sources = {name: make() for name, make in SOURCES.items()}
        if options.shared:
            sources |= {name: of_others(options.shared / f"{name}.json") for name in ("derivations", "strangers")}
        measured["explain"] = measured.get("explain", {}) | {name: explained(one) for name, one in sources.items()}
    if options.only in (None, "derive"):
        measured["derive"] = derived(TASKS)
        measured["derive, others"] = derived(OTHERS)
        measured["derive, strangers"] = derived(STRANGERS, Context(**STRANGE))
    if options.only in (None, "pages"):
        measured["bytes of a compressed page"] = weights()
    options.out.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for part in measured.values():
        for name, numbers in part.items():
            short = {key: value for key, value in numbers.items() if not isinstance(value, list)}
            print(name, short, *(f"{key}: {len(value)}" for key, value in numbers.items() if isinstance(value, list)))


if __name__ == "__main__":
    main()
